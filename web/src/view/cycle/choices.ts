// What no scheme states and every year must choose, with what each option means. Nothing is preselected.
import { mark } from '../../base/lang'

export interface Option { value: string; title: string; about: string }

export const ROUNDING: Option[] = [
  { value: 'half_up', title: mark('四舍五入'), about: mark('89.995 取两位小数是 90.00。') },
  { value: 'half_even', title: mark('四舍六入五成双'), about: mark('恰在一半时取偶数：89.985 是 89.98，89.995 是 90.00。') },
  { value: 'down', title: mark('舍去尾数'), about: mark('89.999 取两位小数是 89.99，只舍不进。') },
]
export const PLACES: Option[] = [0, 1, 2, 3, 4].map((n) => ({
  value: String(n), title: n ? mark('{n} 位小数') : mark('取整数'), about: '',
}))
export const SETTLE: Option[] = [
  { value: 'none', title: mark('都不取整'), about: mark('只在最后印出时取整，误差最小。') },
  { value: 'some', title: mark('勾选的先取整'), about: mark('印出来的中间得分，手工也能接着往下算。') },
]
export const QUOTA: Option[] = [
  { value: 'up', title: mark('进一'), about: mark('23 人的 15% 是 3.45 人，按 4 人算。') },
  { value: 'nearest', title: mark('四舍五入'), about: mark('3.45 人按 3 人算，3.5 人按 4 人算。') },
  { value: 'down', title: mark('舍去'), about: mark('3.45 人、3.9 人都按 3 人算。') },
]
export const TIES: Option[] = [
  { value: 'share', title: mark('名次相同'), about: mark('两人都是第 3 名，下一名是第 5 名。') },
  { value: 'measure', title: mark('再比一项得分'), about: mark('例如总分相同的，民主测评分高者在前；仍相同则名次相同。') },
  { value: 'committee', title: mark('由委员会决定'), about: mark('委员会排出先后，写明理由，随结果单印出。') },
  { value: 'lot', title: mark('抽签'), about: mark('系统随机产生种子并公开，谁都可以重算一遍。') },
]
export const SCOPE: Option[] = [
  { value: 'per_group', title: mark('每个票类各自达到'), about: mark('有一个票类没有达到，就算没有达到。') },
  { value: 'whole', title: mark('全部票合起来达到'), about: mark('个别票类少一些不要紧，合计达到即可。') },
]
export const FAILURE: Option[] = [
  { value: 'revote', title: mark('重新投票'), about: mark('原来的票作废，另定时间再投。') },
  { value: 'committee', title: mark('由委员会决定'), about: mark('委员会可以写明理由认可本次票数，也可以决定重投。') },
]

/** "80" → "0.8", "66.7" → "0.667"; undefined when it is no percentage from 0 to 100. */
export function shareOf(percent: string): string | undefined {
  const m = /^(\d{1,3})(?:\.(\d{1,4}))?$/.exec(percent.normalize('NFKC').trim().replace(/%$/, ''))
  if (!m) return undefined
  const digits = m[1]!.padStart(3, '0') + (m[2] ?? '')
  const share = `${Number(digits.slice(0, 1))}.${digits.slice(1)}`.replace(/0+$/, '').replace(/\.$/, '')
  const over = Number(m[1]) > 100 || (Number(m[1]) === 100 && /[1-9]/.test(m[2] ?? ''))
  return over ? undefined : share
}

/** "0.8" → "80", the other way round. */
export function percentOf(share: string): string {
  const [whole = '0', part = ''] = share.split('.')
  const digits = whole + part.padEnd(2, '0')
  const head = digits.slice(0, whole.length + 2).replace(/^0+(?=\d)/, '')
  const tail = digits.slice(whole.length + 2).replace(/0+$/, '')
  return tail ? `${head}.${tail}` : head
}
