// What a trustee keeps: one small text file. It holds his secret; nothing else does.
import { fault } from '../fault.ts'
import type { Role, Seed } from '../trustee.ts'

export interface KeyFile {
  evote: string
  site: string
  title: string
  index: number
  threshold: number
  size: number
  name: string
  seed: string
  /** Of all certificates, once they were read aloud. */
  fingerprint: string
  /** This trustee's piece of the server's key. */
  piece: string
  /** The tally's hash of every election a share was given for. */
  tallies: Record<string, string>
}

export const roleOf = (k: KeyFile): Role => ({ index: k.index, threshold: k.threshold, size: k.size })
export const seedOf = (k: KeyFile): Seed => Uint8Array.from(k.seed.match(/../g)!, (two) => parseInt(two, 16))
export const keyFileText = (k: KeyFile): string => `${JSON.stringify(k, null, 2)}\n`

export function readKeyFile(text: string): KeyFile {
  let v: Partial<KeyFile>
  try {
    v = JSON.parse(text) as Partial<KeyFile>
  } catch {
    return fault('key', 'JSON')
  }
  const texts = [v.evote, v.site, v.title, v.name, v.seed, v.fingerprint, v.piece]
  const numbers = [v.index, v.threshold, v.size]
  if (!texts.every((s) => typeof s === 'string') || !numbers.every((n) => Number.isInteger(n)) || !/^[0-9a-f]{64}$/.test(v.seed!) ||
      typeof v.tallies !== 'object' || v.tallies === null) return fault('key', 'JSON')
  return v as KeyFile
}
