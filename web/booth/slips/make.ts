// Slips and the public lists of all their elections. Secrets stay in the arrays of this page.
import { publicCredential } from '../crypto.ts'
import { type Slip, credentialOf, makeSlip } from '../slip.ts'

export interface List { uuid: string; creds: string[] }

/** A fair order: every one as likely. */
export function shuffled<T>(list: T[]): T[] {
  const out = list.slice()
  for (let i = out.length - 1; i > 0; i--) {
    const limit = Math.floor(2 ** 32 / (i + 1)) * (i + 1) // above it small places would come more often
    let n: number
    do n = crypto.getRandomValues(new Uint32Array(1))[0]!
    while (n >= limit)
    const at = n % (i + 1)
    ;[out[i], out[at]] = [out[at]!, out[i]!]
  }
  return out
}

export const makeSlips = (n: number): Slip[] => shuffled(Array.from({ length: n }, makeSlip))

/** The list of each election, sorted, so that its order says nothing. */
export async function makeLists(slips: Slip[], uuids: string[], progress: (done: number) => void): Promise<List[]> {
  const credentials = slips.map(credentialOf)
  const lists: List[] = []
  for (const uuid of uuids) {
    lists.push({ uuid, creds: credentials.map((c) => publicCredential({ uuid }, c)).sort() })
    progress(lists.length)
    await new Promise((done) => { setTimeout(done, 0) })
  }
  credentials.forEach((c) => c.fill(0))
  return lists
}
