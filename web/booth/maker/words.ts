// Puts the English behind every t('…') and mark('…') of the booth's pages, and makes the table of
// traditional signs of what they say.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import type { Plugin } from 'vite'
import { traditionalWords } from '../../tool/traditional.ts'
import { wordsOf } from '../../tool/words.ts'
import { english } from '../kit/en.ts'

const ID = 'virtual:booth-words'
export const MARK = '\u0001'
const CALL = /\b(t|mark)\(\s*'((?:[^'\\\n]|\\.)*)'/g
const root = [new URL('..', import.meta.url).pathname, `${process.cwd()}/booth`, `${process.cwd()}/web/booth`]
  .find((at) => existsSync(`${at}/whole.ts`))!

/** The pages' own source files, in a fixed order, without tests, dictionary and tools. */
export function sources(): { file: string; text: string }[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((f) => /\.ts$/.test(f) && !/(_test|\ben|\.d)\.ts$/.test(f) && !/^(maker|e2e)\//.test(f))
    .sort()
    .map((file) => ({ file, text: readFileSync(`${root}/${file}`, 'utf8') }))
}

/** Signs that always become the same other sign, as one text of pairs; the rest whole. */
export function hantOf(texts: string[]): { signs: string; whole: Record<string, string> } {
  const said = [...new Set(texts.flatMap(wordsOf))]
  const words = traditionalWords(texts)
  const seen = new Map<string, Set<string>>()
  for (const zh of said) {
    const to = Array.from(words[zh] ?? zh)
    Array.from(zh).forEach((c, i) => {
      if (!seen.has(c)) seen.set(c, new Set())
      seen.get(c)!.add(to[i]!)
    })
  }
  const one = new Map([...seen].filter(([c, to]) => to.size === 1 && !to.has(c)).map(([c, to]) => [c, [...to][0]!]))
  const plain = (zh: string): string => Array.from(zh, (c) => one.get(c) ?? c).join('')
  return {
    signs: [...one].sort().map(([a, b]) => a + b).join(''),
    whole: Object.fromEntries(said.filter((zh) => plain(zh) !== (words[zh] ?? zh)).map((zh) => [zh, words[zh] ?? zh])),
  }
}

/** `only`: the files whose words the page needs, so that no page carries another's. */
export function words(only: (file: string) => boolean): Plugin {
  return {
    name: 'booth-words',
    enforce: 'pre',
    resolveId: (id) => (id === ID ? '\0' + ID : undefined),
    load(id) {
      if (id !== '\0' + ID) return
      const hant = hantOf(sources().filter((s) => only(s.file)).map((s) => s.text))
      return `export const MARK = ${JSON.stringify(MARK)}\nexport const hant = ${JSON.stringify(hant)}`
    },
    transform(code, id) {
      if (!id.includes('/booth/') || !/\.ts$/.test(id)) return
      return code.replace(CALL, (whole, fn: string, zh: string) => {
        const en = english[zh.replace(/\\'/g, "'")]
        return en === undefined ? whole : `${fn}('${zh}\\u0001${en.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`
      })
    },
  }
}
