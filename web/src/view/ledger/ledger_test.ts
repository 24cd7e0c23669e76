import { expect, test } from 'vitest'
import { lateBy, shownValue, stateTone, workingDays } from './record'

test.each([
  ['2026-11-23', '2026-11-23', 0], ['2026-11-20', '2026-11-23', 1], ['2026-11-20', '2026-11-22', 0],
  ['2026-11-18', '2026-11-23', 3], ['2026-12-01', '2026-11-23', 0], ['', '2026-11-23', 0],
])('working days from %s to %s: %i', (on, today, want) => expect(workingDays(on, today)).toBe(want))

test('a record is late only past its days, and only where a form has such', () => {
  const form = { dated: 'on', on_time: 3 }
  expect(lateBy(form, { on: '2026-11-18' }, '2026-11-23')).toBe(0)
  expect(lateBy(form, { on: '2026-11-17' }, '2026-11-23')).toBe(1)
  expect(lateBy({ dated: 'on' }, { on: '2020-01-01' }, '2026-11-23')).toBe(0)
  expect(lateBy(form, {}, '2026-11-23')).toBe(0)
})

test('a value is shown in the server’s words, else as people write it', () => {
  const form = { name: 'f', title: '表', minutes: 1, fields: [
    { name: 'on', title: '日期', type: 'day' }, { name: 'sum', title: '金额', type: 'decimal' }, { name: 'seen', title: '已看', type: 'flag' }] }
  const item = { values: { on: '2026-03-05', sum: '12345.6', seen: true, heads: [1, 2], kind: 'a' }, shown: { kind: '甲', heads: ['张某', '李某'] } }
  expect(['on', 'sum', 'seen', 'heads', 'kind', 'none'].map((n) => shownValue(form, n, item)))
    .toEqual(['2026年3月5日', '12,345.6', '是', '张某、李某', '甲', ''])
})

test('an unknown state is simply where a thing stands', () => {
  expect([stateTone('done'), stateTone('returned'), stateTone('claimed')]).toEqual(['good', 'bad', 'now'])
})
