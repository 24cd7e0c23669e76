// The frame of the two tools: a head with the languages, one screen at a time, and what went wrong.
import { Fault, type FaultKind } from '../fault.ts'
import { AskError } from './ask.ts'
import { empty, h, put } from './dom.ts'
import { LANGS, firstLang, langNow, mark, setLang, t } from './lang.ts'

export type Draw = () => void

export class Shell {
  readonly main = h('main', { tabindex: '-1' })
  private readonly top = h('header')
  private draw: Draw = () => undefined

  constructor(private readonly title: () => string) {
    setLang(firstLang())
    document.body.appendChild(h('div', { class: 'page' }, this.top, this.main))
  }

  /** Draws a screen; it is drawn again when the language changes. */
  show(draw: Draw): void {
    this.draw = draw
    empty(this.top)
    put(this.top, h('span', { class: 'name' }, this.title()), h('span', { class: 'tools' }, LANGS.map((l) =>
      h('button', { class: 'small', title: l.full, 'aria-pressed': String(l.name === langNow()), onclick: () => {
        setLang(l.name)
        this.show(this.draw)
      } }, l.short))))
    empty(this.main)
    draw()
    const head = this.main.querySelector('h1')
    if (!head) return
    document.title = `${head.textContent} ${this.title()}`
    head.setAttribute('tabindex', '-1')
    head.focus()
  }

  add(...kids: Parameters<typeof put>[1][]): void {
    put(this.main, ...kids)
  }
}

const faults: Record<FaultKind, string> = {
  chain: mark('存档结构不对（{where}）'),
  form: mark('文字与规定写法不符（{where}）'),
  point: mark('有不属于本群的点（{where}）'),
  proof: mark('证明不成立（{where}）'),
  credential: mark('凭证不在名单上（{where}）'),
  twice: mark('同一样东西出现两次（{where}）'),
  tally: mark('加密合计与选票不符（{where}）'),
  counted: mark('计入张数与实有张数不符（{where}）'),
  floor: mark('人数低于下限，不得开箱（{where}）'),
  result: mark('结果与份额不符（{where}）'),
  frozen: mark('名单或公钥文件不是开箱前定下的那份（{where}）'),
  trustee: mark('持钥人送来的内容有误（{where}）'),
  key: mark('钥匙与本场票箱不符（{where}）'),
  given: mark('先前为这个票箱交过另一份合计的份额，不能再交（{where}）'),
  unfinished: mark('票箱还没有封好（{where}）'),
  unsupported: mark('本页不支持这种存档（{where}）；请用程序核验'),
}

const places: [RegExp, string][] = [
  [/^ballot (\d+), question (\d+)$/, mark('第{a}张票第{b}题')], [/^ballot (\d+)$/, mark('第{a}张票')], [/^record (\d+)$/, mark('第{a}条记录')],
  [/^share (\d+)$/, mark('第{a}位的份额')], [/^cell (\d+)$/, mark('第{a}格')], [/^cert (\d+)$/, mark('第{a}位的证书')],
  [/^polynomial (\d+)$/, mark('第{a}位的多项式')], [/^(?:key )?signature (\d+)$/, mark('第{a}位的签名')], [/^key (\d+)$/, mark('第{a}位的公钥')],
]

function placeOf(where: string): string {
  for (const [shape, text] of places) {
    const m = shape.exec(where)
    if (m) return t(text, { a: m[1]!, b: m[2] ?? '' })
  }
  return where
}

export function faultOf(e: unknown): string {
  if (e instanceof Fault) return t(faults[e.kind], { where: placeOf(e.where) })
  if (e instanceof AskError) return e.message
  return t('本页出了问题（{why}）；请重新打开', { why: e instanceof Error ? e.message : String(e) })
}

/** Where the server is and which vote it is, from the address that its screen shows. */
export function readAddress(text: string): { site: string; evote: string } | null {
  const m = /^(https?:\/\/[^/\s]+)\/(?:v|e)\/([A-Za-z0-9_-]+)/.exec(text.trim())
  return m ? { site: m[1]!, evote: m[2]! } : null
}

/** What the address field begins with: the server that served this page, if one did. */
export function addressHere(): string {
  const evote = new URLSearchParams(location.search).get('evote')
  return /^http/.test(location.protocol) ? `${location.origin}/v/${evote ?? ''}` : ''
}

/** 64 digits as sixteen groups: what is read aloud. */
export const groups = (hex: string): HTMLElement => h('p', { class: 'groups' }, (hex.match(/.{1,4}/g) ?? []).map((four) => h('span', null, four)))

/** What the person's own screen shows him, as far as its shape goes. */
export const okPass = (text: string): boolean => /^[A-Za-z0-9+/_-]{20,64}$/.test(text.trim())
