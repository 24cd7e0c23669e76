// The reader's language. Chinese sentences are the keys: see README.md.
import { ref, shallowRef } from 'vue'

export type Lang = 'zh-Hans' | 'zh-Hant' | 'en'
type Words = Record<string, string>
type WordsFile = { default: Words }

/** The choices, each written in its own language whatever language is shown. */
export const LANGS: { name: Lang; tag: string; short: string; full: string }[] = [
  { name: 'zh-Hans', tag: 'zh-CN', short: '简', full: '简体中文' },
  { name: 'zh-Hant', tag: 'zh-HK', short: '繁', full: '繁體中文' },
  { name: 'en', tag: 'en', short: 'EN', full: 'English' },
]

const KEPT_UNDER = 'shuping.lang'
const english = import.meta.glob<WordsFile>(['./en.ts', '../view/*/en.ts'])

export const lang = ref<Lang>('zh-Hans')
const words = shallowRef<Words>({})

/** The sentence in the reader's language, its {holes} filled. */
export function t(sentence: string, holes?: Record<string, string | number>): string {
  const text = words.value[sentence] ?? sentence
  return holes ? text.replace(/\{(\w+)\}/g, (hole, name) => String(holes[name] ?? hole)) : text
}

/** Marks a sentence that stands in a table and is given to t() where it is shown. */
export function mark(sentence: string): string {
  return sentence
}

async function load(next: Lang): Promise<Words> {
  if (next === 'zh-Hant') return (await import('virtual:traditional')).default
  if (next === 'zh-Hans') return {}
  const files = await Promise.all(Object.values(english).map((open) => open()))
  return Object.assign({}, ...files.map((f) => f.default))
}

/** Shows everything in `next` from now on, and remembers it on this computer. */
export async function setLang(next: Lang): Promise<void> {
  words.value = await load(next)
  lang.value = next
  document.documentElement.lang = LANGS.find((l) => l.name === next)?.tag ?? 'zh-CN'
  localStorage.setItem(KEPT_UNDER, next)
}

/** The language chosen on this computer before, or none. */
export function keptLang(): Lang | undefined {
  const kept = localStorage.getItem(KEPT_UNDER)
  return LANGS.find((l) => l.name === kept)?.name
}
