// What the server says, as vote.html asks it.
export interface Named { name: string; title: string }
export type State = 'ceremony' | 'slips' | 'ready' | 'open' | 'closed' | 'counted' | 'cancelled'

export interface Info {
  id: string
  title: string
  state: State
  round: number
  site: string
  /** A second slip is asked. */
  strict: boolean
  /** Every item must be marked. */
  complete: boolean
  floor: number
  objects: Named[]
  items: Named[]
  options: Named[]
  groups: (Named & { first: string })[]
  elections: number
  in: number
  issued: number
}

export interface GroupReply {
  elections: { text: string; object: string; debriefer: string; name: string; org: string }[]
}

export interface CastReply {
  cast: { uuid: string; tracker: string; state: 'new' | 'same' | 'replaced' | 'refused'; name?: string; message?: string }[]
}

export interface TrackersReply {
  elections: { uuid: string; title: string; group: string; object: string; trackers: string[] }[]
  /** base64(SHA-256("replaced|" tracker)) */
  replaced: string[]
}
