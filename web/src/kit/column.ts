// What a table column shows and how its rows are told apart, as text: one rule for screen and export.
import { showDay, showMoment } from '../base/day'
import { compareDecimal, showDecimal } from '../base/dec'
import { compareText } from '../base/sort'

export type Row = Record<string, unknown>

export interface Column {
  /** The row's member, and the name of the slot that may draw the cell. */
  key: string
  title: string
  /** Days and moments are shown in the reader's language; numbers stand right and compare as decimals. */
  kind?: 'text' | 'number' | 'day' | 'moment'
  width?: number
  sort?: boolean
  /** Holds sentences, so it gets the room the others leave. */
  wide?: boolean
  /** The text for filter, export and sorting where the cell holds more than text. */
  text?: (row: Row) => string
}

export function cellText(column: Column, row: Row): string {
  if (column.text) return column.text(row)
  const value = row[column.key]
  return value === null || value === undefined ? '' : String(value)
}

export function cellShown(column: Column, row: Row): string {
  const text = cellText(column, row)
  switch (column.kind) {
    case 'day': return showDay(text)
    case 'moment': return showMoment(text)
    case 'number': return showDecimal(text)
    default: return text
  }
}

export function compareRows(column: Column, a: Row, b: Row): number {
  const [x, y] = [cellText(column, a), cellText(column, b)]
  return column.kind === 'number' ? compareDecimal(x, y) : compareText(x, y)
}

/** Rows in which every word of the filter occurs in some column. */
export function filterRows<R extends Row>(rows: R[], columns: Column[], filter: string): R[] {
  const words = filter.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean)
  if (!words.length) return rows
  return rows.filter((row) => {
    const all = columns.map((c) => cellShown(c, row)).join('\n').normalize('NFKC').toLowerCase()
    return words.every((w) => all.includes(w))
  })
}
