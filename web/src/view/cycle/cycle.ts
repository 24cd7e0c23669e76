// A year as its screens know it: the body the pack's form describes, its steps, and what can be chosen.
import type { components } from '../../api/schema'
import { ask, client } from '../../api/client'
import { mark } from '../../base/lang'
import type { Step } from '../../kit/steps'

export type Cycle = components['schemas']['Cycle']
export type CycleStep = components['schemas']['CycleStep']
export type Scheme = components['schemas']['Scheme']
export type Debriefer = components['schemas']['Debriefer']
export interface Named { name: string; title: string }
export interface Group { name: string; title: string; issued?: number }
export interface StepDate { step: string; due: string }

export interface Choices {
  rounding: { mode: string; places: number; nodes: string[]; quota: string }
  ties: { rule: string; measure?: string }
  quorum: { returned: string; valid: string; scope: string; on_failure: string }
}

/** The free part of a cycle; the pack's form `cycle` checks it on the server. */
export interface CycleBody {
  year: number
  title: string
  organiser: number
  classes: Named[]
  objects: string[]
  scheme: string
  survey_mode: 'open' | 'sealed'
  report_min?: number
  report_max?: number
  dates?: StepDate[]
  groups?: Group[]
  choices?: Choices
  floor?: number
  reason?: string
}

export const bodyOf = (c: Cycle): CycleBody => c.body as unknown as CycleBody

/** A list of the packs, such as `content_class`. */
export async function listOf(list: string): Promise<Named[]> {
  return (await ask(client.GET('/api/lists/{list}', { params: { path: { list } } }))).items
}

const LINK: Record<string, (c: number) => string> = {
  pre_survey: (c) => `/survey?cycle=${c}`,
  report: (c) => `/reports?cycle=${c}`,
  debrief_meeting: (c) => `/meeting?cycle=${c}`,
  ballot: (c) => `/ballot?cycle=${c}`,
}

const STATE: Record<CycleStep['state'], Step['state']> = { done: 'done', now: 'now', overdue: 'missing', later: 'later' }

export function stepsOf(c: Cycle): Step[] {
  return c.steps.map((s) => ({
    title: s.title, state: STATE[s.state], to: s.due, missing: s.state === 'later' ? [] : s.missing,
    link: LINK[s.step]?.(c.id),
  }))
}

/** The day a month after which nobody is new in a post any more: guidance only, never a score. */
export const NEW_MONTHS = 12

export const MODES = [
  { name: 'open', title: mark('述职人撰写时可见'), about: mark('述职人写报告时就看得到核实的情况，便于对照着写。') },
  { name: 'sealed', title: mark('会上揭晓前仅调研组可见'), about: mark('先封存，到述职会“揭晓调研情况”时才公开；日志能证明它在报告之前登记。') },
] as const
