import { expect, test } from 'vitest'
import type { FigurePage } from '../../api/pack'
import { chartData, option } from './chart'
import { periodsOf } from './period'

test.each([
  ['year', ['2026', '2025']], ['half', ['2026-H2', '2026-H1', '2025-H2']], ['quarter', ['2026-Q4', '2026-Q3', '2026-Q2', '2026-Q1', '2025-Q4']],
  ['month', ['2026-11', '2026-10']],
])('every %s the newest period comes first', (every, want) => expect(periodsOf(every, '2026-11-23').slice(0, want.length)).toEqual(want))
test('January is the first of all periods of its year', () => {
  expect(['month', 'quarter', 'half', 'year'].map((e) => periodsOf(e, '2026-01-01')[0])).toEqual(['2026-01', '2026-Q1', '2026-H1', '2026'])
})

const page = (n: number): FigurePage => ({
  report: 'r', title: '表', pack: 'p', org: 1, org_name: '某', from: '2026-01-01', to: '2026-12-31', every: 'year', rows_of: 'children',
  chart: { kind: 'bar', columns: ['b', 'gone'] }, period: '2026', columns: [{ name: 'a', title: '甲' }, { name: 'b', title: '乙' }],
  rows: Array.from({ length: n }, (_, i) => ({ key: String(i), title: `第${i}行`, cells: [{ value: '1', records: 1 }, { value: i === 0 ? '' : '2.5', records: 0 }] })),
})

test('a chart holds the columns it names, and says how many rows it leaves out', () => {
  const data = chartData(page(32))!
  expect([data.series.map((s) => s.title), data.series[0]!.values.slice(0, 2), data.names.length, data.cut]).toEqual([['乙'], [null, 2.5], 30, 2])
  expect(chartData({ ...page(0) })).toBeNull()
})
test('series are told apart by pattern as well as colour', () => {
  expect(option(chartData(page(3))!, '表', false)).toMatchObject({ aria: { enabled: true, decal: { show: true } }, legend: { top: 0 } })
})
