// The trustee's desk at the server.
import { ask, askBytes } from '../kit/ask.ts'

export interface Desk {
  role: string
  index: number
  threshold: number
  size: number
  title: string
  state: string
  names: string[]
  certs: string[]
  deals: string[]
  keys: string[]
  piece: string
  archives: { uuid: string; title: string; closed: string; ballots: number; shared: boolean }[]
  settled: boolean
}

export class Server {
  constructor(readonly site: string, readonly evote: string, private readonly pass: string) {}
  private url = (path: string): string => `${this.site}/api/booth/${this.evote}${path}`
  desk = (): Promise<Desk> => ask<Desk>(this.url('/desk'), { pass: this.pass })
  say = (step: 'cert' | 'deal' | 'key', text: string): Promise<unknown> => ask(this.url('/say'), { pass: this.pass, step, text })
  share = (uuid: string, share: string): Promise<{ enough: boolean }> => ask(this.url('/share'), { pass: this.pass, uuid, share })
  archive = (uuid: string, part: 'bel' | 'hints'): Promise<Uint8Array | null> =>
    askBytes(this.url(`/archive?uuid=${encodeURIComponent(uuid)}&part=${part}`))
}
