// A table as csv that spreadsheets open rightly: UTF-8 with its mark, CRLF, and no cell that runs.
import { readDecimal } from './dec'

const STARTS_FORMULA = /^[=+\-@\t\r]/

export function csvCell(text: string): string {
  const safe = STARTS_FORMULA.test(text) && readDecimal(text) === undefined ? "'" + text : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function csvText(rows: string[][]): string {
  return '\ufeff' + rows.map((r) => r.map(csvCell).join(',') + '\r\n').join('')
}
