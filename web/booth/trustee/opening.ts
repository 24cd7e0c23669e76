// After close: the whole of every archive is verified here, its hash is compared with the big screen,
// and only then a share is given, one tally an election, remembered in the key file before it is sent.
import { type Archive, makeShare, ownerOf, verifyArchive } from '../bel.ts'
import { fault } from '../fault.ts'
import { hash, hexBytes } from '../group.ts'
import { Progress, download, h, put } from '../kit/dom.ts'
import { t } from '../kit/lang.ts'
import { type Shell, groups } from '../kit/shell.ts'
import { fingerprint, takeShares } from '../trustee.ts'
import type { Desk, Server } from './desk.ts'
import { type KeyFile, keyFileText, roleOf, seedOf } from './keyfile.ts'

type Failed = (e: unknown, again: () => void) => void
interface Seen { uuid: string; title: string; archive: Archive; shared: boolean; share?: string }
const LONG_MIN = 3

/** One hash for all: of "uuid|closed" and a line's end, sorted. */
export const wholeOf = (seen: { uuid: string; closed: string }[]): string =>
  hexBytes(hash(seen.map((s) => `${s.uuid}|${s.closed}\n`).sort().join('')))

function secretOf(k: KeyFile, d: Desk): bigint {
  if (fingerprint(d.certs) !== k.fingerprint) fault('trustee', `cert ${k.index}`)
  return takeShares(seedOf(k), roleOf(k), d.certs, d.deals, d.names[k.index - 1] ?? k.name).secret
}

export function opening(shell: Shell, server: Server, k: KeyFile, d: Desk, failed: Failed): void {
  let secret: bigint
  try {
    secret = secretOf(k, d)
  } catch (e) {
    return failed(e, () => opening(shell, server, k, d, failed))
  }
  const ballots = d.archives.reduce((n, a) => n + a.ballots, 0)
  const bar = new Progress()
  const guess = h('p', { class: 'note' })
  const go = h('button', { class: 'big', onclick: () => {
    go.disabled = true
    verify(server, d, secret, bar, guess, ballots).then((seen) => compare(shell, server, k, d, secret, seen, failed), (e: unknown) => failed(e, () => opening(shell, server, k, d, failed)))
  } }, t('取回存档，逐张核验'))
  shell.show(() => shell.add(h('h1', null, t('开箱前核验')),
    h('p', null, t('{title}：{n}个票箱，{k}张票。本页会核验每一张票的证明，重算加密合计，再让您与大屏幕比对。', { title: d.title, n: d.archives.length, k: ballots })), go, bar.el, guess))
}

function estimate(guess: HTMLElement, from: number, done: number, all: number): void {
  const minutes = ((performance.now() - from) / 60000) * (all / done - 1)
  if (done < 4) return
  guess.textContent = minutes > LONG_MIN ? t('约还需{n}分钟。票多时用程序快得多：shuping trustee 钥匙文件', { n: Math.ceil(minutes) }) : t('约还需{n}分钟', { n: Math.ceil(minutes) })
}

async function verify(server: Server, d: Desk, secret: bigint, bar: Progress, guess: HTMLElement, all: number): Promise<Seen[]> {
  const seen: Seen[] = []
  const from = performance.now()
  let before = 0
  for (const one of d.archives) {
    const bytes = await server.archive(one.uuid, 'bel') ?? fault('chain', one.title)
    const hints = await server.archive(one.uuid, 'hints')
    const archive = await verifyArchive(bytes, hints, (done) => {
      bar.set(before + done, all, t('已核验 {done}/{all} 张票：{title}', { done: before + done, all, title: one.title }))
      estimate(guess, from, before + done, all)
    })
    if (archive.election.uuid !== one.uuid || archive.closed !== one.closed) fault('chain', one.title)
    if (!ownerOf(archive, secret)) fault('key', one.title)
    before += archive.ballots
    seen.push({ uuid: one.uuid, title: one.title, archive, shared: one.shared })
  }
  guess.textContent = ''
  return seen
}

function compare(shell: Shell, server: Server, k: KeyFile, d: Desk, secret: bigint, seen: Seen[], failed: Failed): void {
  const whole = wholeOf(seen.map((s) => ({ uuid: s.uuid, closed: s.archive.closed })))
  const again = (): void => { server.desk().then((next) => compare(shell, server, k, next, secret, seen, failed), (e: unknown) => failed(e, again)) }
  shell.show(() => shell.add(h('h1', null, t('与大屏幕比对')),
    h('p', null, t('全部存档核验无误。下面是各票箱封箱时的哈希，请与大屏幕逐组比对。')),
    seen.length > 1 && [h('h2', null, t('全部票箱合在一起')), groups(whole)],
    h('details', { open: seen.length === 1 }, h('summary', null, t('逐个票箱')), seen.map((s) => h('section', { class: 'person' }, h('h2', null, s.title),
      h('p', null, t('{n}张有效票，下限{floor}', { n: s.archive.counted, floor: s.archive.floor })), groups(s.archive.closed)))),
    d.settled ? h('button', { class: 'big', onclick: () => prepare(shell, server, k, secret, seen, failed) }, t('一致，准备份额'))
      : [h('p', { class: 'note' }, t('监票人还没有登记完未发出的票，或票数不合，现在不能交份额。')), h('button', { class: 'big', onclick: again }, t('再看一下'))],
    h('button', { onclick: () => failed(new Error(t('哈希不一致')), () => compare(shell, server, k, d, secret, seen, failed)) }, t('不一致，停下'))))
}

/** Shares are made, the file that remembers their tallies is saved, and only then they are sent. */
function prepare(shell: Shell, server: Server, k: KeyFile, secret: bigint, seen: Seen[], failed: Failed): void {
  const due = seen.filter((s) => !s.shared && s.archive.counted > 0 && s.archive.counted >= s.archive.floor)
  const shut = seen.filter((s) => s.archive.counted < Math.max(s.archive.floor, 1))
  try {
    for (const s of due) s.share = s.share ?? makeShare(s.archive, secret, k.tallies[s.uuid] ?? '')
  } catch (e) {
    return failed(e, () => prepare(shell, server, k, secret, seen, failed))
  }
  due.forEach((s) => { k.tallies[s.uuid] = s.archive.tallyHash })
  const bar = new Progress()
  const out = h('div', { role: 'status' })
  const go = h('button', { class: 'big', disabled: true, onclick: () => {
    go.disabled = true
    give(server, due, bar).then(() => put(out, h('p', { class: 'note' }, t('{n}份已交。可以关掉本页；请把新的钥匙文件封存，申诉期过后当众销毁并记录。', { n: due.length }))),
      (e: unknown) => failed(e, () => prepare(shell, server, k, secret, seen, failed)))
  } }, t('交出{n}份', { n: due.length }))
  shell.show(() => shell.add(h('h1', null, t('交出份额')),
    h('p', null, t('一个票箱只为一份合计交份额。请先保存记下了合计的新钥匙文件，替换旧的。')),
    shut.length > 0 && h('p', { class: 'note' }, t('人数不到下限、保持不开的：{list}', { list: shut.map((s) => s.title).join('、') })),
    h('button', { class: 'big', onclick: () => {
      download(`${t('钥匙')}-${k.evote}-${k.index}.json`, keyFileText(k))
      go.disabled = false
    } }, t('保存钥匙文件')), go, bar.el, out))
}

async function give(server: Server, due: Seen[], bar: Progress): Promise<void> {
  for (const [i, s] of due.entries()) {
    await server.share(s.uuid, s.share!)
    s.shared = true
    bar.set(i + 1, due.length, t('已交 {done}/{all}', { done: i + 1, all: due.length }))
  }
}
