// slips.html: one file, opened from disk at the supervision office. Slips are drawn here, printed here and
// forgotten here; only the public lists go to the server.
import { encodeQR } from 'qr'
import { ask } from '../kit/ask.ts'
import { Progress, empty, field, h, put } from '../kit/dom.ts'
import { t } from '../kit/lang.ts'
import { svgOf } from '../kit/qr.ts'
import { Shell, addressHere, faultOf, okPass, readAddress } from '../kit/shell.ts'
import { type Slip, writeSlip } from '../slip.ts'
import { type List, makeLists, makeSlips } from './make.ts'
import '../kit/page.css'
import './slips.css'

interface Group { name: string; title: string; slips: number; done: boolean; uuids: string[] }
interface Desk { role: string; title: string; state: string; site: string; groups: Group[] }
interface Batch { group: Group; slips: Slip[]; lists: List[] }
const LISTS_AT_ONCE = 16

const shell = new Shell(() => t('制票'))
let at = { site: '', evote: '' }
let pass = ''
const url = (path: string): string => `${at.site}/api/booth/${at.evote}${path}`

function failed(e: unknown, again: () => void): void {
  shell.show(() => shell.add(h('h1', null, t('停下')), h('p', { class: 'bad', role: 'alert' }, faultOf(e)),
    h('button', { class: 'big', onclick: again }, t('再试一次'))))
}

function start(): void {
  const address = h('input', { type: 'url', class: 'slip', autocomplete: 'off', value: addressHere() })
  const code = h('input', { type: 'text', class: 'slip', autocomplete: 'off', spellcheck: 'false', autocapitalize: 'none' })
  const bad = h('p', { class: 'bad', role: 'alert' })
  const go = (): void => {
    const got = readAddress(address.value)
    if (!got) { bad.textContent = t('地址应像 https://主机/v/编号，登录后的本人页面上有'); return }
    if (!okPass(code.value)) { bad.textContent = t('口令是32个字符，登录后的本人页面上有'); return }
    at = got
    pass = code.value.trim()
    look()
  }
  shell.add(h('h1', null, t('制票')),
    h('p', null, t('票在本机随机产生、在本机打印，秘密不离开这里；送给服务器的只是公开名单。请在断开其他人的电脑上做，至少两人在场。')),
    field(t('投票地址'), address), field(t('口令'), code), bad, h('button', { class: 'big', onclick: go }, t('进入')))
}

function look(): void {
  ask<Desk>(url('/desk'), { pass }).then((d) => shell.show(() => choose(d)), (e: unknown) => failed(e, () => shell.show(start)))
}

function choose(d: Desk): void {
  const due = d.groups.filter((g) => !g.done)
  const keys = due.reduce((n, g) => n + g.slips * g.uuids.length, 0)
  shell.add(h('h1', null, d.title), h('ul', { class: 'who' }, d.groups.map((g) => h('li', null, g.title,
    h('strong', null, g.done ? t('名单已交') : t('要印{n}张', { n: g.slips }))))))
  if (!due.length) return shell.add(h('p', { class: 'note' }, t('各组名单都已交齐，不用再印。')))
  const bar = new Progress()
  const go = h('button', { class: 'big', onclick: () => {
    go.disabled = true
    make(due, bar, keys).then((batches) => shell.show(() => print(d, batches)), (e: unknown) => failed(e, look))
  } }, t('制票'))
  shell.add(h('p', null, t('共{n}张票、{k}把公钥，一般一分钟以内做好。', { n: due.reduce((n, g) => n + g.slips, 0), k: keys })), go, bar.el)
}

async function make(due: Group[], bar: Progress, keys: number): Promise<Batch[]> {
  const batches: Batch[] = []
  let before = 0
  for (const group of due) {
    const slips = makeSlips(group.slips)
    const lists = await makeLists(slips, group.uuids, (done) => {
      const now = before + done * group.slips
      bar.set(now, keys, t('{title}：{done}/{all}把公钥', { title: group.title, done: now, all: keys }))
    })
    before += group.slips * group.uuids.length
    batches.push({ group, slips, lists })
  }
  return batches
}

// --- paper ----------------------------------------------------------------------------------------

const fours = (hex: string): string => (hex.match(/.{1,8}/g) ?? []).join(' ')

/** Folded along its middle the secret is inside. Printed in Chinese whatever the screen shows. */
function paper(d: Desk, g: Group, slip: Slip): HTMLElement {
  const { code, words } = writeSlip(slip)
  const site = (d.site || at.site).replace(/\/$/, '')
  return h('article', { class: 'ticket', lang: 'zh-CN' },
    h('div', { class: 'outside' }, h('strong', null, d.title), h('span', { class: 'group' }, g.title), h('span', null, t('一人一票　凭票投票'))),
    h('div', { class: 'inside' }, svgOf(encodeQR(`${site}/v/${at.evote}#${code}`, 'raw', { ecc: 'medium', border: 1 }), t('投票二维码')),
      h('div', { class: 'say' }, h('span', null, t('手机扫码投票；或在投票机输入十个词：')),
        h('span', { class: 'ten' }, words.map((w) => h('b', null, w))),
        h('span', { class: 'fine' }, t('封箱前可用本票重投，以最后一次为准。遗失不补。')))),
    h('div', { class: 'fine hash' }, t('投票网页 vote.html 的SHA-256：'), h('br'), fours(VOTE_HASH)))
}

function print(d: Desk, batches: Batch[]): void {
  const sheets = h('div', { class: 'sheets' }, batches.map((b) => h('section', { class: 'stack' }, b.slips.map((s) => paper(d, b.group, s)))))
  const go = h('button', { class: 'big', disabled: true, onclick: () => {
    go.disabled = true
    sheets.remove()
    hand(d, batches)
  } }, t('已印好，份数和清晰度都查过，交公开名单'))
  shell.add(h('div', { class: 'screen' }, h('h1', null, t('打印')),
    h('p', null, t('A4纸，每页八张，沿虚线裁开，沿中线对折，密码在里面。每组一摞，当场封好。不要另存为文件，印完清空打印队列。')),
    h('button', { class: 'big', onclick: () => { window.print(); go.disabled = false } }, t('打印{n}张', { n: batches.reduce((n, b) => n + b.slips.length, 0) })),
    go, h('h2', null, t('预览'))), sheets)
}

// --- the public lists -------------------------------------------------------------------------------

async function upload(b: Batch, bar: Progress): Promise<void> {
  for (let i = 0; i < b.lists.length; i += LISTS_AT_ONCE) {
    const some = b.lists.slice(i, i + LISTS_AT_ONCE)
    await ask(url('/creds'), { pass, group: b.group.name, lists: some })
    bar.set(i + some.length, b.lists.length, t('{title}：已交{done}/{all}份名单', { title: b.group.title, done: i + some.length, all: b.lists.length }))
  }
}

function hand(d: Desk, batches: Batch[]): void {
  const bar = new Progress()
  const out = h('div', { role: 'status' })
  const bad = h('div', { role: 'alert' })
  const run = (): void => {
    empty(bad)
    const all = async (): Promise<void> => { for (const b of batches) await upload(b, bar) }
    all().then(() => {
      batches.forEach((b) => b.slips.forEach((s) => s.fill(0)))
      batches.length = 0
      put(out, h('p', { class: 'note' }, t('名单已交，本页已忘掉全部票。可以关掉本页；请清空打印队列。')))
    }, (e: unknown) => put(bad, h('p', { class: 'bad' }, faultOf(e)), h('button', { class: 'big', onclick: run }, t('再试一次'))))
  }
  shell.show(() => shell.add(h('h1', null, t('交公开名单')), h('p', null, d.title), bar.el, bad, out))
  run()
}

// What is not printed and handed in is worthless: leaving by mistake wastes a stack.
addEventListener('beforeunload', (e) => { if (document.querySelector('.ticket')) e.preventDefault() })
shell.show(start)
