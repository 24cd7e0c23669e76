// A proof as the format writes it: two numbers below q.
import { Q } from './group.ts'

export interface Proof { challenge: bigint; response: bigint }
export const proofText = (p: Proof): string => `{"challenge":"${p.challenge}","response":"${p.response}"}`

/** A decimal below q without leading zeros, or null. */
export function readScalar(v: unknown): bigint | null {
  if (typeof v !== 'string' || !/^(0|[1-9][0-9]{0,76})$/.test(v)) return null
  const n = BigInt(v)
  return n < Q ? n : null
}
