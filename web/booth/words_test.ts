// @vitest-environment node
// The words of the booth's pages as a whole.
import { describe, expect, test } from 'vitest'
import { unmarked, wordsOf } from '../tool/words.ts'
import { hantOf, sources } from './maker/words.ts'
import { english } from './kit/en.ts'

// The signs of the slips are no words, and the languages stand in their own.
const files = sources().filter((s) => s.file !== 'slip.ts' && s.file !== 'kit/lang.ts')
const all = [...new Set(files.flatMap((s) => wordsOf(s.text)))]
const holes = (s: string): string[] => (s.match(/\{\w+\}/g) ?? []).sort()

describe('the pages', () => {
  test('show no Chinese outside t() and mark()', () => {
    expect(files.flatMap((s) => unmarked(s.text.replace(/\/[^/\n]+\/[gimu]*/g, '')).map((line) => `${s.file}: ${line}`))).toEqual([])
  })
  test('have English for every word, with the same holes, and none that is gone', () => {
    expect(all.length).toBeGreaterThan(80)
    expect(all.filter((w) => !(w in english))).toEqual([])
    expect(Object.keys(english).filter((w) => !all.includes(w))).toEqual([])
    expect(all.filter((w) => holes(w).join() !== holes(english[w]!).join())).toEqual([])
  })
  test('become traditional sign by sign, or whole where that is not enough', () => {
    const { signs, whole } = hantOf(["t('票箱里没有') t('发票') t('头发')"])
    expect(signs).toContain('没沒')
    expect(Object.values(whole).join()).toContain('髮')
  })
})
