// The free parts of the meeting's records, narrowed in one place.
import type { components } from '../../api/schema'

export type Speaker = components['schemas']['Speaker']
export type Step = components['schemas']['AgendaStep']

export interface MeetingBody {
  day: string
  place?: string
  present?: number
  limit?: number
  ordering: 'lot' | 'fixed'
  order?: number[]
  lot?: { seed: string; rule: string }
}

export interface Point {
  kind: 'achievement' | 'problem' | 'direction'
  text: string
  cites?: number[]
  owner?: number
  due?: string
}
