import { expect, test } from 'vitest'
import { layout, LETTER, NODE } from './flow'
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

test('the picture of a flow has every state once and every pair of moves once, within its edges', () => {
  const move = (from: string, to: string) => ({ event: `${from}_${to}`, title: '步', from, to, who: [] })
  const flow = {
    name: 'f', title: '流', form: 'f', start: 'a', states: ['a', 'b', 'c', 'd', 'e'].map((value) => ({ value, title: value })),
    moves: [move('a', 'b'), move('a', 'c'), move('b', 'd'), move('b', 'd'), move('d', 'a'), move('b', 'a'), move('c', 'c'), move('b', 'c'), move('a', 'd')],
    counts: { a: 2 },
  }
  const { nodes, arrows, width, height } = layout(flow)
  expect(nodes.map((n) => [n.value, n.count])).toEqual([['a', 2], ['b', undefined], ['c', undefined], ['d', undefined], ['e', undefined]])
  expect(arrows).toHaveLength(8)
  expect(arrows.find((a) => a.key === 'b>d')!.title).toBe('步／步')
  expect(nodes.every((n) => n.x >= 0 && n.x + NODE.width <= width && n.y + NODE.height <= height)).toBe(true)
  expect(new Set(nodes.map((n) => `${n.x},${n.y}`)).size).toBe(5)
  expect(arrows.every((a) => a.y <= height && a.y > 0)).toBe(true)
  expect(arrows.filter((a) => a.back).map((a) => a.key).sort()).toEqual(['b>a', 'd>a'])
  expect(arrows.every((a) => a.x + a.title.length * LETTER <= width)).toBe(true)
})
