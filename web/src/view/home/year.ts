// The steps of a year as the timeline shows them.
import type { components } from '../../api/schema'
import type { Step } from '../../kit/steps'

const STATE: Record<components['schemas']['CycleStep']['state'], Step['state']> = {
  done: 'done', now: 'now', overdue: 'missing', later: 'later',
}

export function timeline(steps: components['schemas']['CycleStep'][]): Step[] {
  return steps.map((s) => ({ title: s.title, state: STATE[s.state], to: s.due, missing: s.missing }))
}
