// The reader's language. The Chinese sentence is the key; at build time its English is put behind it
// (maker/words.ts), so that no sentence is shipped twice. Traditional is made sign by sign, with the
// sentences for which that is not enough kept whole.
import { MARK, hant } from 'virtual:booth-words'

export type Lang = 'zh-Hans' | 'zh-Hant' | 'en'
export const LANGS: { name: Lang; tag: string; short: string; full: string }[] = [
  { name: 'zh-Hans', tag: 'zh-CN', short: '简', full: '简体中文' },
  { name: 'zh-Hant', tag: 'zh-HK', short: '繁', full: '繁體中文' },
  { name: 'en', tag: 'en', short: 'EN', full: 'English' },
]
const KEPT_UNDER = 'shuping.lang' // the screens' own: who chose a language there finds it here

let lang: Lang = 'zh-Hans'
export const langNow = (): Lang => lang
export const langTag = (): string => LANGS.find((l) => l.name === lang)!.tag

const signs = new Map<string, string>()
for (let i = 0; i + 1 < hant.signs.length; i += 2) signs.set(hant.signs[i]!, hant.signs[i + 1]!)
const traditional = (text: string): string =>
  hant.whole[text] ?? Array.from(text, (c) => signs.get(c) ?? c).join('')

/** The sentence in the reader's language, its {holes} filled. */
export function t(sentence: string, holes?: Record<string, string | number>): string {
  const [zh, en] = sentence.split(MARK) as [string, string?]
  const text = lang === 'en' ? en ?? zh : lang === 'zh-Hant' ? traditional(zh) : zh
  return holes ? text.replace(/\{(\w+)\}/g, (hole, name: string) => String(holes[name] ?? hole)) : text
}

/** Marks a sentence that stands in a table and is given to t() where it is shown. */
export const mark = (sentence: string): string => sentence

export function setLang(next: Lang): void {
  lang = next
  document.documentElement.lang = langTag()
}

/** Chosen on the screens before, or what the browser says; Chinese if it says neither. */
export function firstLang(): Lang {
  let kept: string | null = null
  try {
    kept = localStorage.getItem(KEPT_UNDER)
  } catch {
    // A browser that keeps nothing is asked for its language.
  }
  const known = LANGS.find((l) => l.name === kept)
  if (known) return known.name
  return /^zh-(hant|tw|hk|mo)/i.test(navigator.language) ? 'zh-Hant' : 'zh-Hans'
}

export function keepLang(): void {
  try {
    localStorage.setItem(KEPT_UNDER, lang)
  } catch {
    // It is asked again next time.
  }
}
