// Getting in: the slip from the address, a scanner that types, or ten words; and the second slip.
import { ask } from '../kit/ask.ts'
import { empty, field, h, put } from '../kit/dom.ts'
import { t } from '../kit/lang.ts'
import { Refusal } from '../refuse.ts'
import { CODE, SIGNS, WORDS, codeOf, credentialOf, readSlip } from '../slip.ts'
import { type App, reasonOf } from './app.ts'
import { fill } from './fill.ts'
import { isSign, pinyinOf } from './pinyin.ts'
import { Sheet, groupOf, takeDraft } from './sheet.ts'
import type { GroupReply, Info } from './types.ts'
import { claim } from './words.ts'

/** A scanned picture is typed as the whole address: what counts stands behind its #. */
export const behindHash = (typed: string): string => typed.slice(typed.indexOf('#') + 1).trim()
const isCode = (text: string): boolean => new RegExp(`^[A-Za-z0-9_-]{${CODE}}$`).test(text)

/** What a person has typed so far: signs in their order, and letters that look for the next one. */
function split(typed: string): { signs: string[]; letters: string } {
  const letters = (/[a-z]{1,6}$/i.exec(typed) ?? [''])[0].toLowerCase()
  return { signs: Array.from(typed).filter(isSign), letters }
}

/** A field that takes a code or ten words, with the 64 signs that may come next to tap on. */
function slipPad(app: App, label: string, done: (typed: string) => void): HTMLElement {
  const input = h('input', { type: 'text', autocomplete: 'off', autocapitalize: 'none', autocorrect: 'off', spellcheck: 'false', class: 'slip' })
  const words = h('ol', { class: 'words', 'aria-label': t('已输入的词') })
  const fault = h('p', { class: 'bad', role: 'alert' })
  const signs = h('div', { class: 'signs' })
  const back = h('button', { type: 'button', onclick: () => {
    input.value = split(input.value).signs.slice(0, -1).join('')
    look()
    input.focus()
  } }, t('退一字'))
  const all = h('details', { open: app.kiosk }, h('summary', null, t('点字输入')), signs, back)

  const tap = (sign: string): void => {
    input.value = split(input.value).signs.join('') + sign
    look()
  }
  const finish = (): void => {
    const typed = behindHash(input.value)
    try {
      readSlip(typed).fill(0)
    } catch (e) {
      fault.textContent = reasonOf(e)
      input.focus()
      return
    }
    input.value = ''
    done(typed)
  }
  const drawSigns = (at: number, letters: string): void => {
    empty(signs)
    if (at < 2 * WORDS) put(signs, Array.from(SIGNS[at % 2]!).filter((s) => pinyinOf(s).startsWith(letters)).map((s) =>
      h('button', { type: 'button', title: pinyinOf(s), onclick: () => tap(s) }, s)))
  }
  const drawWords = (got: string[]): void => {
    empty(words)
    for (let i = 0; i < WORDS; i++)
      put(words, h('li', { class: got.length === 2 * i || got.length === 2 * i + 1 ? 'next' : '' }, (got[2 * i] ?? '') + (got[2 * i + 1] ?? '')))
  }
  // A sign that stands in neither place's list, or in the other's, is named at once.
  const faultOf = (got: string[]): string => {
    const at = got.findIndex((s, i) => !SIGNS[i % 2]!.includes(s))
    return at < 0 ? '' : reasonOf(new Refusal('slip_word', { n: (at >> 1) + 1, text: got[at]! }))
  }
  function look(): void {
    const typed = behindHash(input.value)
    if (isCode(typed)) return finish()
    const { signs: got, letters } = split(typed)
    fault.textContent = faultOf(got)
    drawWords(got)
    drawSigns(got.length, typed.length <= 2 * WORDS + 6 && got.length + letters.length === Array.from(typed.replace(/[\s、，,]/g, '')).length ? letters : '')
    if (got.length === 2 * WORDS && !fault.textContent) finish()
  }
  let composing = false
  input.addEventListener('compositionstart', () => { composing = true })
  input.addEventListener('compositionend', () => { composing = false; look() })
  input.addEventListener('input', () => { if (!composing) look() })
  input.addEventListener('keydown', (e) => {
    if (e.key !== 'Enter' || composing) return
    const found = signs.querySelectorAll('button')
    if (found.length === 1 && split(input.value).letters) tap(found[0]!.textContent!)
    else if (input.value) finish()
  })
  drawWords([])
  drawSigns(0, '')
  setTimeout(() => { if (app.kiosk) input.focus({ preventScroll: true }) }, 0)
  return h('div', null, field(label, input, t('十个词或20个字符；也可以打拼音挑字')), words, fault, all)
}

async function find(app: App, info: Info, typed: string): Promise<void> {
  const slip = readSlip(typed)
  const credential = credentialOf(slip)
  slip.fill(0)
  const lists = await Promise.all(info.groups.map((g) => ask<string[]>(app.url(`/creds?uuid=${encodeURIComponent(g.first)}`))))
  const group = groupOf(info, lists, credential)
  if (!group) {
    credential.fill(0)
    throw new Error('slip')
  }
  const reply = await ask<GroupReply>(app.url(`/group?group=${encodeURIComponent(group.name)}`))
  app.credential = credential
  app.sheet = new Sheet(info, group, reply)
  if (!app.kiosk) takeDraft(app.sheet)
}

/** Reads the slip, finds its group and goes on to the papers. */
export function enter(app: App, typed: string): void {
  app.show((a) => a.add(h('h1', null, t('正在打开票箱')), h('p', { role: 'status' }, t('请稍候'))))
  find(app, app.info!, typed).then(
    () => app.show(app.info!.strict ? second : welcome),
    (e: unknown) => {
      if (e instanceof Error && e.message === 'slip') app.show(stranger)
      else app.fail(e, () => enter(app, typed))
    })
}

function stranger(app: App): void {
  app.add(h('h1', null, t('这张票不在本次名单上')),
    h('p', null, t('可能是别的会议的票、拿错了组别，或者这张票已经作废。')),
    h('p', null, t('请把票交给监票人，换一张再投。')),
    h('button', { class: 'big', onclick: () => app.forget() }, t('换一张票')))
}

/** Strict mode: who printed the slips must not be able to vote with copies. */
function second(app: App): void {
  app.add(h('h1', null, t('请输入第二张票')),
    h('p', null, t('本次投票要两张票：一张由监督部门印制，一张在门口由会务发放。请扫描或输入门口发的那张。')),
    slipPad(app, t('门口发的票'), (typed) => {
      app.door = codeOf(typed)
      app.show(welcome)
    }))
}

function welcome(app: App): void {
  const s = app.sheet!
  const begin = (mode: 'each' | 'all') => () => {
    s.mode = mode
    app.keep()
    app.show(fill(0))
  }
  app.add(h('h1', null, t('您在{group}投票', { group: s.group.title })),
    h('p', null, t('共评{n}人，{k}张选票。投出前可以随时改；投出后到封箱前，可以用同一张票重投，以最后一次为准。', { n: s.persons.length, k: s.papers.length })),
    s.gaps().length < s.papers.reduce((n, p) => n + p.el.questions.length, 0) && h('p', { class: 'note' }, t('上次填到一半的内容还在。')),
    h('button', { class: 'big', onclick: begin('each') }, t('一人一屏，逐个填')),
    h('button', { class: 'big plain', onclick: begin('all') }, t('全部排在一张表上填')),
    h('p', { class: 'claim' }, claim()))
}

/** Nobody gave a slip yet. */
export function entry(app: App): void {
  app.add(h('h1', null, app.kiosk ? t('请扫票或输入票上的十个词') : t('请扫票上的二维码')),
    app.draft && h('p', { class: 'note' }, t('填到一半的内容还在；为了保密，本页不保存票，请重新扫票。')),
    !app.kiosk && h('p', null, t('用手机相机扫票上的二维码就能进入；扫不了，就在下面输入票上的十个词。')),
    slipPad(app, t('票上的词'), (typed) => enter(app, typed)),
    h('p', { class: 'claim' }, claim()))
}
