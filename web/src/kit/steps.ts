import type { Tone } from './tone'
import { mark } from '../base/lang'

/** One step of a course of work; `missing` says in finished sentences what it still needs. */
export interface Step {
  title: string
  state: 'done' | 'now' | 'missing' | 'later'
  from?: string | undefined
  to?: string | undefined
  missing?: string[] | undefined
  link?: string | undefined
}

export const STEP_TONE: Record<Step['state'], [Tone, string]> = {
  done: ['good', mark('已完成')],
  now: ['now', mark('进行中')],
  missing: ['warn', mark('有缺项')],
  later: ['off', mark('未开始')],
}
