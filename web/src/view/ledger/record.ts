// What the screens of records share.
import type { DeclaredForm, LedgerItem } from '../../api/pack'
import { showDay } from '../../base/day'
import { showDecimal } from '../../base/dec'
import { t } from '../../base/lang'
import type { Tone } from '../../kit/tone'

/** One value of a record as text: the server's words for it, else the value itself as people write it. */
export function shownValue(form: DeclaredForm, name: string, item: Pick<LedgerItem, 'values' | 'shown'>): string {
  const [shown, value] = [item.shown[name], item.values[name]]
  if (typeof shown === 'string' || typeof shown === 'number') return dayOr(form, name, String(shown))
  if (Array.isArray(shown)) return shown.map((s) => (typeof s === 'object' ? rowText(s) : String(s))).join('、')
  if (value === undefined || value === null) return ''
  if (typeof value === 'boolean') return value ? t('是') : t('否')
  if (Array.isArray(value)) return value.map((s) => (typeof s === 'object' ? rowText(s) : String(s))).join('、')
  return dayOr(form, name, String(value))
}

function dayOr(form: DeclaredForm, name: string, text: string): string {
  const type = form.fields.find((f) => f.name === name)?.type
  if (type === 'day') return showDay(text)
  return type === 'number' || type === 'decimal' ? showDecimal(text) : text
}

/** Under this name the tab keeps what was typed and not yet filed. */
export const draftKey = (form: string, org: number | undefined): string => `shuping.draft.record.${form}.${org ?? 0}`

const rowText = (row: unknown): string => Object.values((row ?? {}) as Record<string, unknown>).map(String).join(' ')

const GOOD = /^(done|closed|finished|adopted|published|met|passed|approved|verified|accepted|granted|signed|elected|notice)$/
const BAD = /^(returned|refused|rejected|withdrawn|failed|lapsed|revoked)$/
/** States are a pack's own words; a few common ones have a tone, the others are simply where the thing stands. */
export const stateTone = (state: string): Tone => (GOOD.test(state) ? 'good' : BAD.test(state) ? 'bad' : 'now')

/** Monday to Friday from the day after `on` up to and with `today`. */
export function workingDays(on: string, today: string): number {
  const [from, to] = [Date.parse(on), Date.parse(today)]
  if (Number.isNaN(from) || Number.isNaN(to)) return 0
  let n = 0
  for (let day = from + 86_400_000; day <= to; day += 86_400_000) {
    const week = new Date(day).getUTCDay()
    if (week > 0 && week < 6) n++
  }
  return n
}

/** Working days that a record filed today is late; 0: in time, or the form has no such limit. */
export function lateBy(form: Pick<DeclaredForm, 'dated' | 'on_time'>, values: Record<string, unknown>, today: string): number {
  const on = form.dated ? values[form.dated] : undefined
  if (form.on_time === undefined || typeof on !== 'string') return 0
  return Math.max(0, workingDays(on, today) - form.on_time)
}
