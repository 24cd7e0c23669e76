import { afterEach, describe, expect, test } from 'vitest'
import { csvText } from './csv'
import { showDay, showMoment, today } from './day'
import { compareDecimal, readDecimal, showDecimal } from './dec'
import { keptLang, setLang, t } from './lang'
import { compareText } from './sort'

afterEach(() => setLang('zh-Hans'))

describe('words', () => {
  test('are shown in the chosen language, and the choice is kept', async () => {
    expect(t('共 {n} 条', { n: 3 })).toBe('共 3 条')
    await setLang('en')
    expect(t('共 {n} 条', { n: 3 })).toBe('3 in all')
    expect(t('取消')).toBe('Cancel')
    expect([keptLang(), document.documentElement.lang]).toEqual(['en', 'en'])
    await setLang('zh-Hant')
    expect(t('述职报告')).toBe('述職報告')
  })
  test('without a translation stay readable, and an unfilled hole stays visible', async () => {
    await setLang('en')
    expect(t('没有译文 {x}')).toBe('没有译文 {x}')
    expect(t('没有译文 {x}', { y: 1 })).toBe('没有译文 {x}')
  })
  test('ignore a kept language that is none', () => {
    localStorage.setItem('shuping.lang', 'fr')
    expect(keptLang()).toBeUndefined()
  })
})

describe('days', () => {
  test('are shown whatever zone the computer is in', async () => {
    expect(showDay('2026-11-03')).toBe('2026年11月3日')
    await setLang('en')
    expect(showDay('2026-11-03')).toBe('3 Nov 2026')
  })
  test('that are none are shown as they came', () => {
    expect([showDay('2026.2.30'), showDay(undefined), showMoment('soon')]).toEqual(['2026.2.30', '', 'soon'])
  })
  test('of a moment are Beijing days', () => {
    expect(showMoment('2026-12-31T16:05:00Z')).toBe('2027年1月1日 00:05')
    expect(today(new Date('2026-12-31T16:05:00Z'))).toBe('2027-01-01')
  })
})

describe('decimals', () => {
  test.each([
    ['１２．５', '12.5'], [' 1,234 ', '1234'], ['.5', '0.5'], ['+3', '3'], ['－2', '-2'], ['−2', '-2'],
    ['1e3', undefined], ['', undefined], ['1.2.3', undefined], ['十', undefined], ['5.', undefined],
  ])('%j is read as %j', (typed, want) => expect(readDecimal(typed)).toBe(want))
  test.each([
    ['-12345.60', '−12,345.60'], ['1234', '1234'], ['0.10', '0.10'], [7, '7'], ['优秀', '优秀'], [null, ''],
    ['12345678901234567890.1', '12,345,678,901,234,567,890.1'],
  ])('%j is shown as %j', (text, want) => expect(showDecimal(text)).toBe(want))
  test.each([
    ['9', '10', -1], ['0.30', '0.3', 0], ['-2', '-10', 1], ['-0', '0.0', 0], ['-1', '1', -1], ['x', '-99', -1],
    ['12345678901234567890.1', '12345678901234567890.2', -1], ['1.05', '1.5', -1],
  ])('%j against %j is %j', (a, b, want) => {
    expect(compareDecimal(a, b)).toBe(want)
    expect(compareDecimal(b, a)).toBe(want === 0 ? 0 : -want)
  })
})

test('csv keeps quotes and lines, marks its encoding, and runs nothing', () => {
  expect(csvText([['名', '值'], ['=1+1', '-5'], ['a"b', 'c\nd']]))
    .toBe('\ufeff名,值\r\n\'=1+1,-5\r\n"a""b","c\nd"\r\n')
})

test('names sort by pinyin and digits by number', () => {
  expect(['第10支部', '张', '第2支部', '白'].sort(compareText)).toEqual(['白', '第2支部', '第10支部', '张'])
})
