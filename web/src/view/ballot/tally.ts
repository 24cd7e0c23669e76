// The figures of one box as they are typed: sums, what does not add up, and where Enter and the arrows lead.
import { t } from '../../base/lang'
import type { components } from '../../api/schema'

export type Ballot = components['schemas']['Ballot']
export type Body = components['schemas']['TallyBody']

/** Figures stay text while they are typed; an empty one is 0 when it counts. */
export interface Entry {
  returned: string
  valid: string
  invalid: Record<string, string>
  cells: Record<string, string>
}

export const cellKey = (debriefer: number, item: string, option: string) => `${debriefer}.${item}.${option}`
export const emptyEntry = (): Entry => ({ returned: '', valid: '', invalid: {}, cells: {} })

/** Digits only, full-width ones too; at most eight. */
export function digits(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '').replace(/^0+(?=\d)/, '').slice(0, 8)
}

export const num = (text: string | undefined): number => (text ? Number(text) : 0)

export function toBody(entry: Entry): Body {
  return {
    returned: num(entry.returned),
    valid: num(entry.valid),
    invalid: Object.entries(entry.invalid).filter(([, n]) => n).map(([reason, n]) => ({ reason, n: num(n) })),
    cells: Object.entries(entry.cells).filter(([, n]) => n).map(([key, n]) => {
      const [debriefer, item, option] = key.split('.') as [string, string, string]
      return { debriefer: Number(debriefer), item, option, n: num(n) }
    }),
  }
}

export function fromBody(body: Body): Entry {
  return {
    returned: String(body.returned),
    valid: String(body.valid),
    invalid: Object.fromEntries(body.invalid.map((v) => [v.reason, String(v.n)])),
    cells: Object.fromEntries(body.cells.map((c) => [cellKey(c.debriefer, c.item, c.option), String(c.n)])),
  }
}

export interface Sum { n: number; ok: boolean; says: string }

/** One row of the sheet: a debriefer's item over all options, against the valid papers. */
export function rowSum(entry: Entry, ballot: Pick<Ballot, 'options' | 'complete_all'>, debriefer: number, item: string): Sum {
  const n = ballot.options.reduce((sum, o) => sum + num(entry.cells[cellKey(debriefer, item, o.name)]), 0)
  const valid = num(entry.valid)
  if (n === valid || (n < valid && !ballot.complete_all)) return { n, ok: true, says: t('相符') }
  const says = n < valid ? t('少 {n}', { n: valid - n }) : t('多 {n}', { n: n - valid })
  return { n, ok: false, says }
}

/** The papers themselves: handed out, returned, valid and invalid. */
export function papersSum(entry: Entry, issued: number): Sum {
  const invalid = Object.values(entry.invalid).reduce((sum, n) => sum + num(n), 0)
  const [returned, valid] = [num(entry.returned), num(entry.valid)]
  if (entry.returned === '') return { n: invalid, ok: false, says: t('请先填收回票数') }
  if (returned > issued) return { n: invalid, ok: false, says: t('收回多于发出（{issued}）', { issued }) }
  if (valid + invalid !== returned)
    return { n: invalid, ok: false, says: t('有效 {valid} + 无效 {invalid} ≠ 收回 {returned}', { valid, invalid, returned }) }
  return { n: invalid, ok: true, says: t('有效 + 无效 = 收回') }
}

/** Where a key leads from field `at` of `count`, laid out `across` to a row; undefined: it stays. */
export function moveTo(key: string, at: number, count: number, across: number): number | undefined {
  const to = { Enter: at + 1, ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + across, ArrowUp: at - across }[key]
  return to === undefined || to < 0 || to >= count ? undefined : to
}
