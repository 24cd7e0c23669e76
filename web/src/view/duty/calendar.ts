// Months as text, like days: no time zone can shift them.
import type { CalendarItem } from '../../api/pack'

const DAY_MS = 86_400_000

export const monthOf = (day: string): string => day.slice(0, 7)

/** The month `by` months away. */
export function nextMonth(month: string, by: number): string {
  const n = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + by
  return `${String(Math.floor(n / 12)).padStart(4, '0')}-${String((n % 12) + 1).padStart(2, '0')}`
}

/** Where an entry leads: to the thing itself, else to what asks for it. */
export function linkOf(i: Pick<CalendarItem, 'what' | 'form' | 'subject' | 'duty'>, org: number): string | undefined {
  if (i.what === 'finding' && i.subject) return `/findings/${i.subject}`
  if (i.what === 'task') return '/duties'
  if (i.what === 'term') return `/orgs/${org}`
  if (i.form && i.subject) return `/ledgers/${i.form}/${i.subject}`
  return i.duty ? `/board?org=${org}` : undefined
}

/** The weeks of a month from Monday to Sunday, filled up with days of its neighbours. */
export function monthGrid(month: string): string[][] {
  const first = Date.parse(`${month}-01`)
  const start = first - ((new Date(first).getUTCDay() + 6) % 7) * DAY_MS
  const after = Date.parse(`${nextMonth(month, 1)}-01`)
  const weeks: string[][] = []
  for (let week = start; week < after; week += 7 * DAY_MS)
    weeks.push(Array.from({ length: 7 }, (_, i) => new Date(week + i * DAY_MS).toISOString().slice(0, 10)))
  return weeks
}
