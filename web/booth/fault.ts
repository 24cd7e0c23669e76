// What is wrong with a file or with what another trustee said: a kind and its place.
export type FaultKind =
  | 'chain' // the archive's structure
  | 'form' // a text that is not what would be written
  | 'point' | 'proof' | 'credential' | 'twice' | 'tally' | 'counted' | 'floor' | 'result' | 'frozen'
  | 'trustee' // trustees.json or what was said at the ceremony
  | 'key' // not the key that belongs there
  | 'given' // another tally than before
  | 'unfinished'
  | 'unsupported'

export class Fault extends Error {
  constructor(readonly kind: FaultKind, readonly where: string) {
    super(`${kind}: ${where}`)
  }
}

export function fault(kind: FaultKind, where: string): never {
  throw new Fault(kind, where)
}
