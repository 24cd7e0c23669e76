// Days are text like "2026-11-23" and stay text; moments are ISO 8601 text in UTC.
import { t } from './lang'

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const BEIJING_MS = 8 * 3600 * 1000 // one zone in the whole country, no summer time

/** "2026-11-23" → "2026年11月23日" or "23 Nov 2026"; anything else is shown as it came. */
export function showDay(day: string | null | undefined): string {
  const m = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? '')
  if (!m) return day ?? ''
  const [year, month, date] = [m[1]!, Number(m[2]), Number(m[3])]
  return t('{year}年{month}月{date}日', { year, month, mon: MONTHS[month - 1] ?? '', date })
}

/** A moment in Beijing time, to the minute. */
export function showMoment(moment: string | null | undefined): string {
  const ms = Date.parse(moment ?? '')
  if (Number.isNaN(ms)) return moment ?? ''
  const text = new Date(ms + BEIJING_MS).toISOString()
  return `${showDay(text.slice(0, 10))} ${text.slice(11, 16)}`
}

/** Today in Beijing, for a picker's default; the server decides what day a record gets. */
export function today(now = new Date()): string {
  return new Date(now.getTime() + BEIJING_MS).toISOString().slice(0, 10)
}
