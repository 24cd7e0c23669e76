import { expect, test } from 'vitest'
import type { Heat } from '../../api/pack'
import { keyOf, tellingColumns, withPage } from './heat'

const column = (duty: string): Heat['columns'][number] => ({ duty, title: duty, pack: 'p' })
const page = (duties: string[], orgs: { org: number; cells: Heat['orgs'][number]['cells'] }[]): Heat =>
  ({ columns: duties.map(column), orgs: orgs.map((o) => ({ ...o, name: `${o.org}`, kind: 'branch', kind_title: '', level: 1, missed: 0, due: 0, met: 0 })) } as unknown as Heat)

const table = withPage(withPage({ columns: [], rows: [] },
  page(['a', 'b'], [{ org: 1, cells: [{ state: 'met' }, { state: 'missed', met: 3, missed: 1 }] }])),
page(['b', 'c'], [{ org: 2, cells: [{ state: 'due' }, { state: 'not_applicable' }] }]))

test('pages with different columns become one table, each cell under its own column', () => {
  expect(table.columns.map(keyOf)).toEqual(['a ', 'b ', 'c '])
  expect(table.rows.map((r) => table.columns.map((c) => r.cells.get(keyOf(c))?.state))).toEqual([['met', 'missed', undefined], [undefined, 'due', 'not_applicable']])
})

test('columns that apply to nobody, or hold nothing of the chosen state, are left out', () => {
  expect(tellingColumns(table, '').map((c) => c.duty)).toEqual(['a', 'b'])
  expect(tellingColumns(table, 'met').map((c) => c.duty)).toEqual(['a', 'b'])
  expect(tellingColumns(table, 'missed').map((c) => c.duty)).toEqual(['b'])
  expect(tellingColumns(table, 'not_applicable').map((c) => c.duty)).toEqual(['c'])
})
