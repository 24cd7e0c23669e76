// The other device of a test ballot: it makes the same ballot again and says its tracker.
import { readElection, rebuild } from '../crypto.ts'
import { ask } from '../kit/ask.ts'
import { h } from '../kit/dom.ts'
import { t } from '../kit/lang.ts'
import type { App } from './app.ts'
import { readOpening } from './opening.ts'
import { short } from './receipt.ts'
import type { GroupReply, Info } from './types.ts'

async function findText(app: App, info: Info, uuid: string): Promise<{ text: string; name: string } | null> {
  for (const g of info.groups) {
    const reply = await ask<GroupReply>(app.url(`/group?group=${encodeURIComponent(g.name)}`))
    for (const e of reply.elections) if ((JSON.parse(e.text) as { uuid: string }).uuid === uuid) return e
  }
  return null
}

export function check(app: App, payload: string): void {
  const got = readOpening(payload)
  const bad = (why: string): void => app.show((a) => a.add(h('h1', null, t('验票')), h('p', { class: 'bad', role: 'alert' }, why)))
  if (!got) return bad(t('链接不完整；请重新扫第一台设备上的码'))
  app.show((a) => a.add(h('h1', null, t('验票')), h('p', { role: 'status' }, t('正在重做这张票'))))
  const run = async (): Promise<void> => {
    const found = await findText(app, app.info!, got.uuid)
    if (!found) return bad(t('本次投票里没有这个票箱'))
    const el = readElection(new TextEncoder().encode(found.text))
    const tracker = await rebuild(el, got.opening)
    app.show((a) => a.add(h('h1', null, t('这张票的回执应为')), h('p', { class: 'tracker' }, short(tracker)), h('p', { class: 'code' }, tracker),
      h('p', null, t('与第一台设备上先前显示的比对，要一字不差。下面是这张票里的选择，应与您选的一样：')),
      h('h2', null, found.name), h('dl', null, el.questions.map((q, i) => {
        const c = got.opening.choices[i]
        return h('div', null, h('dt', null, q.text), h('dd', null, typeof c === 'number' ? q.answers[c] ?? '' : t('弃权')))
      })),
      h('p', { class: 'note' }, t('两样有一样不符，请不要投票，把两台设备都给监票人看。这张拆开的票不会计入。'))))
  }
  run().catch((e: unknown) => app.fail(e, () => check(app, payload)))
}
