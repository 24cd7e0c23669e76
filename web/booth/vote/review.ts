// Before sending: what is missing is named, everything is shown once more, and meanwhile the ballots
// are made. Any of them may be opened for checking until they are sent: the trackers stand on the
// screen before this page knows which.
import { encodeQR } from 'qr'
import { rebuild } from '../crypto.ts'
import { ask } from '../kit/ask.ts'
import { Progress, empty, h, put } from '../kit/dom.ts'
import { t } from '../kit/lang.ts'
import { svgOf } from '../kit/qr.ts'
import { type App, type Screen, reasonOf } from './app.ts'
import { fill, stepsOf, toGap } from './fill.ts'
import { writeOpening } from './opening.ts'
import { receipt } from './receipts.ts'
import { short } from './receipt.ts'
import { send } from './send.ts'
import type { Gap, Paper, Sheet } from './sheet.ts'
import { claim } from './words.ts'

const NAMED_MAX = 12

function gapList(app: App, gaps: Gap[]): HTMLElement {
  const rest = gaps.length - NAMED_MAX
  return h('ul', { class: 'gaps' },
    gaps.slice(0, NAMED_MAX).map((g) => h('li', null, h('button', { class: 'link', onclick: () => app.show(toGap(g)) },
      `${g.paper.name}：${g.paper.el.questions[g.question]!.text}`))),
    rest > 0 && h('li', null, t('还有{n}项', { n: rest })))
}

function marked(s: Sheet, p: Paper, i: number): string {
  const m = s.mark(p, i)
  if (m === 'blank' || m === null) return t('弃权')
  return p.el.questions[i]!.answers[m]!
}

function summary(app: App): HTMLElement {
  const s = app.sheet!
  return h('details', { class: 'summary', open: s.papers.length <= 4 }, h('summary', null, t('看一遍我选的')),
    s.persons.map((one) => h('section', null, h('h2', null, one.name),
      s.self.has(one.id) ? h('p', null, t('本人回避，不投'))
        : h('dl', null, one.papers.reduce<HTMLElement[]>((all, p) => all.concat(p.el.questions.map((q, i) => h('div', null, h('dt', null, q.text), h('dd', null, marked(s, p, i))))), [])))))
}

/** The scheme asks for more than is there. */
function missing(app: App, gaps: Gap[]): void {
  app.add(h('h1', null, t('还有{n}项没有选', { n: gaps.length })),
    h('p', null, t('下面这些选好了才能投票，点一下就到那里：')), gapList(app, gaps),
    h('button', { class: 'big', onclick: () => app.show(toGap(gaps[0]!)) }, t('去补第一项')))
}

export const review: Screen = (app) => {
  const s = app.sheet!
  const gaps = s.gaps()
  const must = gaps.filter((g) => !s.mayLeave(g))
  if (must.length) return missing(app, must)
  if (!s.due().length) {
    app.add(h('h1', null, t('没有要投的票')), h('p', null, t('您在每一位处都选了本人回避；如果选错了，请返回修改。')),
      h('button', { class: 'big', onclick: () => app.show(fill(0)) }, t('返回修改')))
    return
  }
  const bar = new Progress()
  const tests = h('div')
  let ready = false, wanted = false
  const go = h('button', { class: 'big', onclick: () => {
    wanted = true
    go.disabled = true
    if (ready) app.show(sending)
  } }, gaps.length ? t('未选的按弃权，投票') : t('投票'))
  app.add(h('h1', null, t('核对')),
    gaps.length > 0 && [h('p', { class: 'note' }, t('下面{n}项没有选，投出后按弃权计：', { n: gaps.length })), gapList(app, gaps)],
    summary(app), bar.el, go,
    h('button', { onclick: () => {
      app.press.stop()
      app.show(fill(stepsOf(s).length - 1))
    } }, t('返回修改')),
    tests, h('p', { class: 'claim' }, claim()))
  bar.set(0, 1, t('正在加密选票'))
  app.press.make(s, app.credential!, (done, all) => {
    app.stir()
    bar.set(done, all, t('正在加密选票：{done}/{all}题', { done, all }))
  }).then((all) => {
    if (!all) return
    ready = true
    bar.set(1, 1, t('{n}张选票已加密好，还没有投出', { n: s.due().length }))
    put(tests, testList(app))
    if (wanted) app.show(sending)
  }, (e: unknown) => app.fail(e, review))
}

// --- test ballots ---------------------------------------------------------------------------------

function testList(app: App): HTMLElement {
  return h('details', null, h('summary', null, t('验票：检查手机有没有做手脚')),
    h('p', null, t('每张选票已经有了回执。任挑一张拆开，在另一台设备上核对：回执相同，说明本页照您选的做了票。拆开的那张作废，会重新做一张。')),
    h('ul', { class: 'tests' }, app.sheet!.due().map((p) => h('li', null, h('span', null, p.name, h('small', null, short(app.press.get(p)!.ballot.tracker))),
      h('button', { class: 'small', onclick: () => app.show(asked(p)) }, t('拆开'))))))
}

const asked = (p: Paper): Screen => (app) => {
  const made = app.press.get(p)!
  const fault = h('p', { class: 'bad', role: 'alert' })
  app.add(h('h1', null, t('拆开这张票？')), h('p', null, p.name),
    h('p', null, t('先记下它的回执：')), h('p', { class: 'tracker' }, short(made.ballot.tracker)), h('p', { class: 'code' }, made.ballot.tracker),
    h('p', null, t('拆开后这张票不能再投；选的内容不变，会另做一张。')), fault,
    h('button', { class: 'big', onclick: () => {
      ask(app.url('/opened'), { uuid: p.el.uuid, tracker: made.ballot.tracker }).then(
        () => app.show(opened(p)), (e: unknown) => { fault.textContent = reasonOf(e) })
    } }, t('拆开检查')),
    h('button', { onclick: () => app.show(review) }, t('不拆，回去投票')))
}

const opened = (p: Paper): Screen => (app) => {
  const made = app.press.get(p)
  if (!made) return review(app)
  const link = `${app.info!.site || location.origin}/v/${app.evote}?check#${writeOpening(p.el.uuid, made.opening)}`
  const { tracker } = made.ballot
  const own = h('p', { class: 'hint', role: 'status' })
  app.add(h('h1', null, t('在另一台设备上核对')), h('p', { class: 'tracker' }, short(tracker)), h('p', { class: 'code' }, tracker),
    h('p', null, t('用另一台设备扫这个码，看它算出的回执与上面是否一字不差，选项是否是您选的。')),
    svgOf(encodeQR(link, 'raw', { ecc: 'low' }), t('核对用的二维码')),
    h('details', null, h('summary', null, t('看链接')), h('p', { class: 'code' }, link)), own,
    h('button', { class: 'big', onclick: () => {
      app.press.drop(p)
      app.show(review)
    } }, t('核对完了，重新做这张票')))
  rebuild(p.el, made.opening).then((again) => {
    own.textContent = again === tracker ? '' : t('本机自查不符；请不要投票，马上告诉监票人')
  }, () => undefined)
}

// --- sending --------------------------------------------------------------------------------------

const sending: Screen = (app) => {
  const due = app.sheet!.due()
  const bar = new Progress()
  const trouble = h('p', { class: 'note', role: 'alert' })
  app.add(h('h1', null, t('正在投出')), bar.el, trouble, h('p', null, t('请不要关掉本页。')))
  const made = due.map((p) => app.press.get(p)!)
  bar.set(0, made.length, t('已送达 {done}/{all}', { done: 0, all: made.length }))
  send(app.url('/cast'), made, app.door, (done, failed) => {
    app.stir()
    bar.set(done, made.length, t('已送达 {done}/{all}', { done, all: made.length }))
    empty(trouble)
    if (failed) put(trouble, t('网络断了，正在重试（第{n}次）；重复发送没有关系', { n: failed }))
  }).then((sent) => receipt(app, made, sent), (e: unknown) => app.fail(e, sending))
}
