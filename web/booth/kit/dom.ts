// Elements without a framework: h('button', { onclick: go, class: 'big' }, t('投票')).
type Kid = Node | string | number | null | undefined | false
type Props = Record<string, unknown>

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, props?: Props | null, ...kids: (Kid | Kid[])[]
): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag)
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === false || value === null || value === undefined) continue
    if (name.startsWith('on')) el.addEventListener(name.slice(2), value as EventListener)
    else if (name === 'value' || name === 'checked') (el as unknown as Props)[name] = value
    else el.setAttribute(name, value === true ? '' : String(value))
  }
  put(el, ...kids)
  return el
}

/** Adds what is there; texts become text nodes, so nothing that a server sent is read as HTML. */
export function put(el: Element, ...kids: (Kid | Kid[])[]): void {
  for (const kid of kids.reduce<Kid[]>((all, k) => all.concat(k), []))
    if (kid !== null && kid !== undefined && kid !== false)
      el.appendChild(typeof kid === 'object' ? kid : document.createTextNode(String(kid)))
}

export function empty(el: Element): void {
  while (el.firstChild) el.removeChild(el.firstChild)
}

let ids = 0
/** An id that no other element of the page has. */
export const newId = (): string => `i${++ids}`

/** A labelled control with its hint, told together by a screen reader. */
export function field(label: string, control: HTMLElement, hint = ''): HTMLElement {
  const id = newId()
  control.id = id
  if (hint) control.setAttribute('aria-describedby', `${id}h`)
  return h('div', { class: 'field' }, h('label', { for: id }, label), control,
    hint && h('p', { id: `${id}h`, class: 'hint' }, hint))
}

/** A bar and the sentence beside it. A screen reader is told every fifth, not every step. */
export class Progress {
  private readonly bar = h('progress', { max: 1, value: 0 })
  private readonly words = h('p', { class: 'hint' })
  private readonly told = h('p', { class: 'unseen', role: 'status' })
  private fifth = -1
  readonly el = h('div', { class: 'progress' }, this.words, this.bar, this.told)

  set(done: number, all: number, sentence: string): void {
    this.bar.max = Math.max(all, 1)
    this.bar.value = done
    this.words.textContent = sentence
    this.bar.setAttribute('aria-label', sentence)
    const now = Math.floor((5 * done) / Math.max(all, 1))
    if (now === this.fifth) return
    this.fifth = now
    this.told.textContent = sentence
  }
}

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }))
  const a = h('a', { href: url, download: name })
  document.body.appendChild(a)
  a.click()
  a.remove()
  setTimeout(() => URL.revokeObjectURL(url), 60000)
}
