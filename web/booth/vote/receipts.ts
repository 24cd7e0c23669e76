// The receipt after sending, and finding it again after close.
import { ask, askBytes } from '../kit/ask.ts'
import { download, empty, field, h, put } from '../kit/dom.ts'
import { langTag, t } from '../kit/lang.ts'
import { base64, hash } from '../group.ts'
import { type App, type Screen, reasonOf } from './app.ts'
import { findReceipt, readReceipts, short } from './receipt.ts'
import type { Made, Sent } from './send.ts'
import type { TrackersReply } from './types.ts'
import { claim } from './words.ts'

interface Line { name: string; tracker: string }

/** One code for all of them, to compare two copies of a receipt. */
const wholeOf = (lines: Line[]): string => short(base64(hash(lines.map((l) => l.tracker).sort().join('|'))))

function textOf(title: string, lines: Line[], site: string): string {
  return [t('{title} 回执', { title }), new Date().toLocaleString(langTag()), t('总码：{code}', { code: wholeOf(lines) }), '',
    ...lines.map((l) => `${l.name}\n${short(l.tracker)}\n${l.tracker}`), '',
    t('封箱后在 {site} 查：整段粘贴即可。', { site }), ''].join('\n')
}

/** All answers are there: secrets are forgotten before anything is shown. */
export function receipt(app: App, made: Made[], sent: Sent[]): void {
  const names = new Map(made.map((m) => [m.paper.el.uuid, m.paper.name]))
  const lines = sent.filter((c) => c.state !== 'refused').map((c) => ({ name: names.get(c.uuid) ?? '', tracker: c.tracker }))
  const own = new Map(made.map((m) => [m.paper.el.uuid, m.ballot.tracker]))
  const strange = sent.filter((c) => c.state !== 'refused' && own.get(c.uuid) !== c.tracker)
  const refused = sent.filter((c) => c.state === 'refused').map((c) => `${names.get(c.uuid) ?? ''}：${c.message ?? c.name ?? ''}`)
  if (refused.length) {
    app.show((a) => a.add(h('h1', null, t('{n}张没有收下', { n: refused.length })),
      h('ul', { role: 'alert' }, refused.map((r) => h('li', { class: 'bad' }, r))),
      lines.length > 0 && h('p', null, t('其余{n}张已经投出。', { n: lines.length })),
      lines.length > 0 && h('button', { class: 'big', onclick: () => finish(a, lines) }, t('看回执')),
      h('button', { onclick: () => a.forget() }, t('从头开始'))))
  } else if (strange.length || sent.length !== made.length) {
    app.show((a) => a.add(h('h1', null, t('服务器记的回执不符')), h('p', { class: 'bad', role: 'alert' },
      t('服务器记下的与本页投出的不是同一张；请不要离开，马上告诉监票人')), h('button', { onclick: () => finish(a, lines) }, t('看回执'))))
  } else finish(app, lines)
}

function finish(app: App, lines: Line[]): void {
  app.wipe()
  app.typed = app.kiosk ? ' ' : '' // a receipt on a kiosk is cleared like anything else
  app.show(app.kiosk ? kioskReceipt(lines) : phoneReceipt(lines))
}

const list = (lines: Line[], whole: boolean): HTMLElement => h('ol', { class: 'receipt' }, lines.map((l) =>
  h('li', null, h('strong', null, l.name), h('span', { class: 'tracker' }, short(l.tracker)), whole && h('span', { class: 'code' }, l.tracker))))

const kioskReceipt = (lines: Line[]): Screen => (app) => {
  app.add(h('h1', null, t('{n}张票已投出', { n: lines.length })), h('p', null, t('要留回执，请现在抄下或拍下；本机不保存，一分钟后自动清空。')),
    h('p', { class: 'tracker' }, t('总码：{code}', { code: wholeOf(lines) })), list(lines, true),
    h('button', { class: 'big', onclick: () => app.forget() }, t('完成，清空')))
}

const phoneReceipt = (lines: Line[]): Screen => (app) => {
  const site = `${app.info!.site || location.origin}/v/${app.evote}`
  app.add(h('h1', null, t('{n}张票已投出', { n: lines.length })),
    h('p', null, t('本页已忘掉您的票和选择。下面是您的回执，封箱后凭它查到自己的票在不在票箱里；回执上没有您选的内容。')),
    h('p', { class: 'tracker' }, t('总码：{code}', { code: wholeOf(lines) })),
    h('button', { class: 'big', onclick: () => download(`${t('回执')}.txt`, textOf(app.info!.title, lines, site)) }, t('保存回执')),
    h('details', null, h('summary', null, t('您的回执（每人五个词）')), list(lines, true)),
    h('p', null, t('封箱前想改，用同一张票再扫一次，以最后一次为准。没有封箱时，少了票只有回执能证明，请保存。')),
    h('p', { class: 'claim' }, claim()))
}

// --- after close ------------------------------------------------------------------------------------

function answers(reply: TrackersReply, typed: string): HTMLElement {
  const asked = readReceipts(typed)
  if (!asked.length) return h('p', { class: 'bad' }, t('没有认出回执；请输入一个人的五个词，或粘贴保存的整段回执'))
  return h('ul', { class: 'found' }, asked.map((one) => {
    const f = findReceipt(reply, one)
    const words = f.tracker ? short(f.tracker) : one.length === 43 ? short(one) : one
    if (f.state === 'counted') return h('li', { class: 'good' }, h('strong', null, t('在票箱里，已计票')), h('span', null, f.title), h('span', { class: 'tracker' }, words))
    if (f.state === 'replaced') return h('li', { class: 'note' }, h('strong', null, t('被同一张票后来的一次投票替换了')), h('span', { class: 'tracker' }, words))
    return h('li', { class: 'bad' }, h('strong', null, t('票箱里没有')), h('span', { class: 'tracker' }, words), h('span', null,
      one.length === 43 ? t('如果您没有重投过，请带着回执找监票人') : t('如果重投过，用43个字符的完整回执可以查到是否被替换；没有重投过，请找监票人')))
  }))
}

function archives(app: App, reply: TrackersReply): HTMLElement {
  const get = (uuid: string) => (): void => {
    askBytes(app.url(`/archive?uuid=${encodeURIComponent(uuid)}&part=bel`)).then((bytes) => {
      if (!bytes) return
      const a = h('a', { href: URL.createObjectURL(new Blob([bytes as BlobPart])), download: `${uuid}.bel` })
      a.click()
    }, () => undefined)
  }
  return h('details', null, h('summary', null, t('下载存档，自己复核')), h('ul', null, reply.elections.map((e) =>
    h('li', null, h('button', { class: 'link', onclick: get(e.uuid) }, `${e.title}（${t('{n}张', { n: e.trackers.length })}）`)))))
}

/** The box is shut: this is the page on which a tracker is found. */
export const after: Screen = (app) => {
  const typed = h('textarea', { rows: '5', autocomplete: 'off', spellcheck: 'false' })
  const out = h('div', { role: 'status' })
  const more = h('div')
  let reply: TrackersReply | null = null
  app.add(h('h1', null, t('查回执')), h('p', null, app.info!.state === 'closed' ? t('投票已经封箱，正在等密钥保管人开箱。') : t('投票已经结束，结果已计出。')),
    field(t('回执'), typed, t('输入一个人的五个词，或粘贴保存的整段回执')),
    h('button', { class: 'big', onclick: () => {
      empty(out)
      if (reply) put(out, answers(reply, typed.value))
    } }, t('查')), out, more)
  ask<TrackersReply>(app.url('/trackers')).then((got) => {
    reply = got
    put(more, h('p', null, t('共{n}个票箱，{k}张有效票，{r}张被本人重投替换。', { n: got.elections.length, k: got.elections.reduce((n, e) => n + e.trackers.length, 0), r: got.replaced.length })), archives(app, got))
  }, (e: unknown) => put(out, h('p', { class: 'bad' }, reasonOf(e))))
}
