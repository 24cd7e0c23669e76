// A test ballot that is opened: the link another device checks it with. It holds the seed and the
// marks, never the slip: whoever reads it sees one ballot that is not cast.
import { type Choice, type Opening } from '../crypto.ts'
import { bigEndian } from '../group.ts'

const url64 = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

function bytes32(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9_-]{43}$/.test(text)) return null
  const raw = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(raw, (c) => c.charCodeAt(0))
}

function bytesOf(n: bigint): Uint8Array {
  const out = new Uint8Array(32)
  for (let i = 31; i >= 0; i--, n >>= 8n) out[i] = Number(n & 255n)
  return out
}

const letter = (c: Choice): string => (c === 'blank' ? 'b' : c === 'none' ? 'n' : String(c))
const choice = (c: string): Choice => (c === 'b' ? 'blank' : c === 'n' ? 'none' : Number(c))

export function writeOpening(uuid: string, o: Opening): string {
  return [uuid, o.choices.map(letter).join(''), url64(o.seed), url64(bytesOf(BigInt(`0x${o.credential}`))),
    url64(bytesOf(o.signature.challenge)), url64(bytesOf(o.signature.response))].join('.')
}

export function readOpening(text: string): { uuid: string; opening: Opening } | null {
  const part = text.split('.')
  const [seed, credential, challenge, response] = part.slice(2).map(bytes32)
  if (part.length !== 6 || !/^[0-9bn]{1,200}$/.test(part[1]!) || !seed || !credential || !challenge || !response) return null
  return {
    uuid: part[0]!,
    opening: {
      seed,
      choices: Array.from(part[1]!, choice),
      credential: bigEndian(credential).toString(16).padStart(64, '0'),
      signature: { challenge: bigEndian(challenge), response: bigEndian(response) },
    },
  }
}
