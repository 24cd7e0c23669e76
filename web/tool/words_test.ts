// @vitest-environment node
// The screens' words as a whole: everything Chinese is marked, and everything marked has English.
import { describe, expect, test } from 'vitest'
import { sources, traditionalWords } from './traditional.ts'
import { unmarked, wordsOf } from './words.ts'

// The names of the languages, each in its own, are not translated.
const files = sources().filter((s) => s.file !== 'base/lang.ts')
const english = Object.assign({}, ...Object.values(
  import.meta.glob<Record<string, string>>(['../src/base/en.ts', '../src/view/*/en.ts'], { eager: true, import: 'default' }),
)) as Record<string, string>
const holes = (s: string): string[] => [...new Set(s.match(/\{\w+\}/g) ?? [])]

describe('the finder', () => {
  test('sees words in scripts and templates, each once', () => {
    expect(wordsOf(`t('一') {{ t('二', { n: 1 }) }} :a="mark('三')" at('四') t('一')`)).toEqual(['一', '二', '三'])
  })
  test('sees Chinese that nothing holds, but not comments', () => {
    expect(unmarked(`<p>漏了</p> // 注\n{{ t('有') }} <!-- 注 -->\n/* 注 */ 'https://例.cn'`))
      .toEqual(['<p>漏了</p>', "'https://例.cn'"])
  })
})

describe('the screens', () => {
  test('show no Chinese outside t() and mark()', () => {
    const found = files.flatMap((s) => unmarked(s.text).map((line) => `${s.file}: ${line}`))
    expect(found).toEqual([])
  })
  test('have English for every word, with the same holes', () => {
    const all = [...new Set(files.flatMap((s) => wordsOf(s.text)))]
    expect(all.length).toBeGreaterThan(100)
    expect(all.filter((w) => !(w in english))).toEqual([])
    // A day may name its month; otherwise English fills no hole that the Chinese does not give.
    const strange = all.filter((w) => holes(english[w]!).some((h) => !w.includes(h) && h !== '{mon}'))
    expect(strange).toEqual([])
  })
  test('keep no English for words that are gone', () => {
    const all = new Set(files.flatMap((s) => wordsOf(s.text)))
    expect(Object.keys(english).filter((w) => !all.has(w))).toEqual([])
  })
  test('become traditional', () => {
    const words = traditionalWords(["t('述职报告') t('为了群众') t('日')"])
    expect(words).toEqual({ 述职报告: '述職報告', 为了群众: '為了群眾' })
  })
})
