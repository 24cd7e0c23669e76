// The page as a whole: one screen at a time, the language and size of type on top, and what must be
// forgotten in one place.
import { AskError, ask } from '../kit/ask.ts'
import { empty, h, put } from '../kit/dom.ts'
import { LANGS, firstLang, keepLang, langNow, setLang, t } from '../kit/lang.ts'
import { Refusal } from '../refuse.ts'
import type { Credential } from '../slip.ts'
import { Press } from './send.ts'
import { type Sheet, dropDraft, hasDraft, keepDraft } from './sheet.ts'
import type { Info } from './types.ts'
import { reasonText } from './words.ts'

export type Screen = (app: App) => void
const SIZES = [100, 125, 150]
const IDLE_S = 60
const WARN_S = 15

export class App {
  readonly evote = (/^\/v\/([^/]+)\/?$/.exec(location.pathname) ?? [])[1] ?? ''
  readonly kiosk = /[?&]kiosk\b/.test(location.search)
  readonly main = h('main', { id: 'main', tabindex: '-1' })
  info: Info | null = null
  /** What stood in the address, until it is read. */
  typed = ''
  credential: Credential | null = null
  sheet: Sheet | null = null
  door = ''
  press = new Press()
  private screen: Screen = () => undefined
  private first: Screen = () => undefined
  private size = 0
  private idle = 0
  private readonly warning = h('div', { class: 'warning', role: 'alert', hidden: true })
  private readonly top = h('header')

  constructor() {
    setLang(firstLang())
    document.body.appendChild(h('div', { class: 'page' }, this.top, this.warning, this.main))
    if (this.kiosk) {
      for (const event of ['pointerdown', 'keydown', 'input', 'scroll']) addEventListener(event, this.stir, { capture: true, passive: true })
      setInterval(this.tick, 1000)
    }
  }

  url(path = ''): string {
    return `/api/booth/${this.evote}${path}`
  }

  start(first: Screen): void {
    this.first = first
    this.show(first)
  }

  /** Draws a screen and puts the reader at its head. */
  show(screen: Screen): void {
    this.screen = screen
    this.stir()
    this.drawTop()
    empty(this.main)
    screen(this)
    scrollTo(0, 0)
    const head = this.main.querySelector('h1')
    if (head) {
      head.setAttribute('tabindex', '-1')
      head.focus({ preventScroll: true })
      document.title = `${head.textContent} ${this.info?.title ?? ''}`
    }
  }

  add(...kids: Parameters<typeof put>[1][]): void {
    put(this.main, ...kids)
  }

  /** What went wrong, in place of the screen, with the way on. */
  fail(e: unknown, again: Screen): void {
    this.show((app) => app.add(h('h1', null, t('没有成功')), h('p', { class: 'bad', role: 'alert' }, reasonOf(e)),
      h('button', { class: 'big', onclick: () => app.show(again) }, t('再试一次')),
      h('button', { onclick: () => app.forget() }, t('从头开始'))))
  }

  keep(): void {
    if (!this.kiosk && this.sheet) keepDraft(this.sheet)
  }

  get draft(): boolean {
    return !this.kiosk && hasDraft(this.evote)
  }

  /** Overwrites what can be overwritten and drops the rest. */
  wipe(): void {
    this.credential?.fill(0)
    this.credential = null
    this.sheet?.wipe()
    this.sheet = null
    this.press.wipe()
    this.press = new Press()
    this.door = ''
    this.typed = ''
    dropDraft(this.evote)
  }

  forget(): void {
    this.wipe()
    if (this.kiosk) setLang(firstLang())
    this.show(this.first)
  }

  async load(): Promise<Info> {
    if (!this.evote) throw new AskError('address', t('网址不完整；请重新扫票上的二维码'))
    this.info = await ask<Info>(this.url())
    return this.info
  }

  /** Somebody is there, or work is under way. */
  stir = (): void => {
    this.idle = 0
    this.warning.hidden = true
  }

  private tick = (): void => {
    if (this.screen === this.first && !this.typed) return
    this.idle++
    if (this.idle >= IDLE_S) this.forget()
    else if (this.idle >= IDLE_S - WARN_S) {
      this.warning.hidden = false
      this.warning.textContent = t('{n} 秒后清空本页；继续填写请碰一下屏幕', { n: IDLE_S - this.idle })
    }
  }

  private drawTop(): void {
    const button = (label: string, name: string, on: boolean, act: () => void): HTMLElement =>
      h('button', { class: 'small', 'aria-pressed': String(on), title: name, onclick: act }, label)
    empty(this.top)
    put(this.top, h('span', { class: 'name' }, this.info?.title ?? ''), h('span', { class: 'tools' },
      LANGS.map((l) => button(l.short, l.full, l.name === langNow(), () => {
        setLang(l.name)
        if (!this.kiosk) keepLang()
        this.show(this.screen)
      })),
      button(t('大字'), t('大字'), this.size > 0, () => {
        this.size = (this.size + 1) % SIZES.length
        document.documentElement.style.fontSize = `${SIZES[this.size]!}%`
        this.drawTop()
      })))
  }
}

export function reasonOf(e: unknown): string {
  if (e instanceof Refusal) return reasonText(e)
  if (e instanceof AskError) return e.message
  return t('本页出了问题（{why}）；请刷新后重新扫票，已投出的票不受影响', { why: e instanceof Error ? e.message : String(e) })
}
