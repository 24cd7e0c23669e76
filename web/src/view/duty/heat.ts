// The heat map as one table, though it comes page by page and each page brings only the columns its rows need.
import type { Heat } from '../../api/pack'

export type HeatColumn = Heat['columns'][number]
export type HeatOrg = Heat['orgs'][number]
export type HeatCell = HeatOrg['cells'][number]
export interface HeatTable { columns: HeatColumn[]; rows: { org: HeatOrg; cells: Map<string, HeatCell> }[] }

export const keyOf = (c: HeatColumn): string => `${c.duty} ${c.period ?? ''}`

export function withPage(table: HeatTable, page: Heat): HeatTable {
  const known = new Set(table.columns.map(keyOf))
  return {
    columns: [...table.columns, ...page.columns.filter((c) => !known.has(keyOf(c)))],
    rows: [...table.rows, ...page.orgs.map((org) => ({
      org, cells: new Map(page.columns.flatMap((c, i) => (org.cells[i]?.state ? [[keyOf(c), org.cells[i]!] as const] : []))),
    }))],
  }
}

const COUNTED: readonly string[] = ['met', 'due', 'missed']
const has = (c: HeatCell, state: string): boolean => c.state === state || (COUNTED.includes(state) && (c[state as 'met' | 'due' | 'missed'] ?? 0) > 0)

/** The columns that say something: of one state, or of any but "does not apply". */
export function tellingColumns(table: HeatTable, state: string): HeatColumn[] {
  const says = (c: HeatCell | undefined): boolean => !!c && (state ? has(c, state) : c.state !== 'not_applicable')
  return table.columns.filter((column) => table.rows.some((r) => says(r.cells.get(keyOf(column)))))
}
