// Marking the papers: one debriefer a screen, or everyone on one long screen per object.
import { h } from '../kit/dom.ts'
import { newId } from '../kit/dom.ts'
import { t } from '../kit/lang.ts'
import type { App, Screen } from './app.ts'
import { review } from './review.ts'
import type { Gap, Mark, Paper, Person, Sheet } from './sheet.ts'

interface Step { title: string; persons: Person[]; papers: Paper[] }

export function stepsOf(s: Sheet): Step[] {
  if (s.mode === 'each') return s.persons.map((one) => ({ title: one.name, persons: [one], papers: one.papers }))
  return s.info.objects.map((o) => {
    const papers = s.papers.filter((p) => p.object === o.name)
    return { title: o.title, persons: s.persons.filter((one) => one.papers.some((p) => papers.includes(p))), papers }
  }).filter((step) => step.papers.length > 0)
}

const idOf = (p: Paper, question: number): string => `q${p.el.uuid}${question}`

/** The screen on which a gap is, with the reader put there. */
export const toGap = (g: Gap): Screen => (app) => {
  const at = stepsOf(app.sheet!).findIndex((s) => s.papers.includes(g.paper))
  fill(at)(app)
  setTimeout(() => {
    const el = document.getElementById(idOf(g.paper, g.question))
    el?.scrollIntoView({ block: 'center' })
    el?.querySelector('input')?.focus({ preventScroll: true })
  }, 0)
}

function question(app: App, p: Paper, i: number, changed: () => void): HTMLElement {
  const s = app.sheet!
  const q = p.el.questions[i]!
  const name = newId()
  const radio = (label: string, value: Mark): HTMLElement => h('label', { class: 'pick' },
    h('input', { type: 'radio', name, checked: s.mark(p, i) === value, onchange: () => {
      s.setMark(p, i, value)
      app.keep()
      changed()
    } }), h('span', null, label))
  return h('fieldset', { class: 'item', id: idOf(p, i), disabled: s.self.has(p.debriefer) },
    h('legend', null, q.text, h('span', { class: 'unseen' }, ` ${p.name}`)),
    h('div', { class: 'picks' }, q.answers.map((a, k) => radio(a, k)), q.blank && radio(t('弃权'), 'blank')))
}

function person(app: App, one: Person, papers: Paper[], many: boolean, changed: () => void): HTMLElement {
  const s = app.sheet!
  const titles = new Map(s.info.objects.map((o) => [o.name, o.title]))
  const mine = papers.filter((p) => p.debriefer === one.id)
  const box = h('section', { class: 'person' })
  const self = h('input', { type: 'checkbox', checked: s.self.has(one.id), onchange: () => {
    if (self.checked) s.self.add(one.id)
    else s.self.delete(one.id)
    box.querySelectorAll('fieldset').forEach((f) => { f.disabled = self.checked })
    app.keep()
    changed()
  } })
  if (many) box.appendChild(h('h2', null, one.name, ' ', h('small', null, one.org)))
  for (const p of mine) {
    if (!many && mine.length > 1) box.appendChild(h('h2', null, titles.get(p.object) ?? p.object))
    p.el.questions.forEach((_, i) => box.appendChild(question(app, p, i, changed)))
  }
  box.appendChild(h('label', { class: 'self' }, self, h('span', null, t('这是我本人，按规定回避'))))
  return box
}

function contents(app: App, steps: Step[], at: number): HTMLElement {
  const s = app.sheet!
  return h('details', { class: 'contents' }, h('summary', null, t('目录')), h('ol', null, steps.map((step, i) => {
    const left = s.gaps(step.papers).length
    const state = step.persons.every((one) => s.self.has(one.id)) ? t('回避') : left ? t('还有{n}项', { n: left }) : t('已填好')
    return h('li', null, h('button', { class: 'row', 'aria-current': i === at ? 'step' : false, onclick: () => app.show(fill(i)) },
      h('span', null, step.title), h('small', null, state)))
  })))
}

export const fill = (at: number): Screen => (app) => {
  const s = app.sheet!
  const steps = stepsOf(s)
  const step = steps[at]!
  const last = at === steps.length - 1
  const left = h('p', { class: 'left', role: 'status' })
  const changed = (): void => {
    const n = s.gaps(step.papers).length
    left.textContent = n ? t('本页还有{n}项没有选', { n }) : t('本页已填好')
  }
  changed()
  const other = s.mode === 'each' ? t('改为一张表填') : t('改为一人一屏')
  app.add(h('p', { class: 'step' }, t('第{i}/{n}', { i: at + 1, n: steps.length })),
    h('h1', null, step.title, s.mode === 'each' && h('small', null, step.persons[0]!.org)),
    step.persons.map((one) => person(app, one, step.papers, s.mode === 'all', changed)),
    left,
    h('nav', { class: 'way', 'aria-label': t('翻页') },
      at > 0 && h('button', { onclick: () => app.show(fill(at - 1)) }, t('上一页')),
      h('button', { class: 'big', onclick: () => app.show(last ? review : fill(at + 1)) }, last ? t('核对') : t('下一页')),
      !last && s.gaps().length === 0 && h('button', { onclick: () => app.show(review) }, t('直接去核对'))),
    contents(app, steps, at),
    h('button', { class: 'link', onclick: () => {
      s.mode = s.mode === 'each' ? 'all' : 'each'
      app.keep()
      app.show(fill(0))
    } }, other))
}
