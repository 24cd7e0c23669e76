// What the screens of duties share: the words, shapes and tones of states, and periods as people say them.
import type { DutyState } from '../../api/pack'
import { mark, t } from '../../base/lang'
import type { Tone } from '../../kit/tone'

export const STATES: readonly DutyState[] = ['met', 'due', 'missed', 'waived', 'not_applicable', 'later']
const WORD: Record<string, string> = {
  met: mark('已做到'), due: mark('待完成'), missed: mark('没做到'), waived: mark('已免除'), not_applicable: mark('不适用'), later: mark('未到期'),
}
/** Two characters, where a table has no room for more. */
const SHORT: Record<string, string> = {
  met: mark('做到'), due: mark('待办'), missed: mark('未做'), waived: mark('免除'), not_applicable: mark('不涉'), later: mark('未到'),
}
const TONE: Record<string, Tone> = {
  met: 'good', due: 'now', missed: 'bad', waived: 'off', not_applicable: 'off', later: 'off',
}
/** The server names states in words; one that this page does not know is shown as it came. */
export const toneOf = (s: string): Tone => TONE[s] ?? 'off'
export const stateWord = (s: string): string => t(WORD[s] ?? s)
export const stateShort = (s: string): string => t(SHORT[s] ?? s)

const QUARTERS = [mark('一季度'), mark('二季度'), mark('三季度'), mark('四季度')]

/** "2026-03" → "3月", "2026-Q1" → "一季度", "2026-H2" → "下半年", "2026" → "全年"; with `year` the year stands before it. */
export function showPeriod(period: string, year = true): string {
  const m = /^(\d{4})(?:-(?:Q([1-4])|H([12])|(\d\d)))?$/.exec(period)
  if (!m) return period.includes('/') ? t('{from} 至 {to}', { from: period.split('/')[0]!, to: period.split('/')[1]! }) : period
  const part = m[2] ? t(QUARTERS[Number(m[2]) - 1]!) : m[3] ? (m[3] === '1' ? t('上半年') : t('下半年')) : m[4] ? t('{n}月', { n: Number(m[4]) }) : t('全年')
  return year ? t('{year}年{part}', { year: m[1]!, part: m[2] || m[3] || m[4] ? part : '' }) : part
}

const EVERY: Record<string, string> = {
  month: mark('每月'), quarter: mark('每季度'), half: mark('每半年'), year: mark('每年'), standing: mark('随时'), rolling: mark('滚动'), by_thing: mark('逐件'),
}
export const everyWord = (every: string): string => t(EVERY[every] ?? every)
export const EVERY_ORDER = ['month', 'quarter', 'half', 'year', 'rolling', 'standing', 'by_thing']


/** Which cell a person asks about. */
export interface Asked { duty: string; title: string; org: number; org_name?: string; period?: string; person?: number; thing?: number; form?: string }
