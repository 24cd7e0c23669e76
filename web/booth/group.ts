// The group of the format: Ed25519's prime-order subgroup, points written as 64 digits of a number.
// Every point is made divided by eight and doubled three times, because the eighth is the hint that
// spares the server its slowest check.
import { normalizeZ } from '@noble/curves/abstract/curve.js'
import { edwards } from '@noble/curves/abstract/edwards.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'

// The curve of RFC 8032, section 5.1, from the library's general form: signatures, Montgomery's form
// and Ristretto would be a tenth of the page.
export const Point = edwards({
  p: (1n << 255n) - 19n,
  n: (1n << 252n) + 27742317777372353535851937790883648493n,
  h: 8n,
  a: (1n << 255n) - 20n,
  d: 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n,
  Gx: 0x216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51an,
  Gy: 0x6666666666666666666666666666666666666666666666666666666666666658n,
})
export type Pt = InstanceType<typeof Point>
export const Q: bigint = Point.Fn.ORDER
export const HINT = 64
const WINDOW = 8
const EIGHTH = Point.Fn.inv(8n)
const HALF: bigint = 1n << 255n
const utf8 = new TextEncoder()

// A random number is 64 bytes modulo q; getRandomValues gives at most 65,536 at once.
const WIDE = 64

export const modQ = (n: bigint): bigint => ((n % Q) + Q) % Q

export function bigEndian(bytes: Uint8Array): bigint {
  let n = 0n
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let i = 0; i < bytes.length; i += 8) n = n << 64n | view.getBigUint64(i)
  return n
}

/** Exponents nobody can guess, drawn at once. Needs no secure context. */
export function randomScalars(n: number): bigint[] {
  const bytes = new Uint8Array(n * WIDE)
  for (let at = 0; at < bytes.length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536))
  const out = Array.from({ length: n }, (_, i) => bigEndian(bytes.subarray(i * WIDE, (i + 1) * WIDE)) % Q)
  bytes.fill(0)
  return out
}

/** Where exponents come from. */
export type Coin = (n: number) => bigint[]

/** Exponents that 32 bytes decide: a test ballot is opened by showing them. */
export function seededScalars(seed: Uint8Array): Coin {
  const head = utf8.encode('shuping test ballot|')
  let drawn = 0
  return (n) => Array.from({ length: n }, () => {
    const bytes = new Uint8Array(head.length + seed.length + 4)
    bytes.set(head)
    bytes.set(seed, head.length)
    new DataView(bytes.buffer).setUint32(bytes.length - 4, drawn++)
    return bigEndian(sha512(bytes)) % Q
  })
}

export function hash(text: string | Uint8Array): Uint8Array {
  return sha256(typeof text === 'string' ? utf8.encode(text) : text)
}

export function challengeOf(text: string): bigint {
  return bigEndian(hash(text)) % Q
}

/** Base64 without padding. */
export function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/=+$/, '')
}

/** The point that 64 digits stand for, of whatever order, or null. */
export function decodePoint(hex: unknown): Pt | null {
  if (typeof hex !== 'string' || !/^[0-9a-f]{64}$/.test(hex)) return null
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => parseInt(hex.slice(62 - 2 * i, 64 - 2 * i), 16))
  try {
    return Point.fromBytes(bytes, false)
  } catch {
    return null
  }
}

export const hexBytes = (b: Uint8Array): string => Array.from(b, (n) => n.toString(16).padStart(2, '0')).join('')

/** A point of the prime-order subgroup that is not its identity, or null. */
export function readPoint(hex: unknown): Pt | null {
  const p = decodePoint(hex)
  return !p || p.isSmallOrder() || !p.isTorsionFree() ? null : p
}

const numberOf = (p: Pt): bigint => {
  const { x, y } = p.toAffine()
  return y + (x & 1n ? HALF : 0n)
}
/** 64 digits of the number that the encoding is. */
export const hexOf = (p: Pt): string => numberOf(p).toString(16).padStart(64, '0')

/** Multiples of a point that is used thousands of times: the table costs a few hundredths of a second. */
export function tableOf(p: Pt): Pt {
  return p.precompute(WINDOW, false)
}

/** The generator; its table is made when it is first multiplied. */
export const BASE: Pt = Point.BASE.precompute(WINDOW)

/** One eighth of p to the power of s. The library's multiplication that hides its exponent. */
export const eighth = (p: Pt, s: bigint): Pt => p.multiply(modQ(s * EIGHTH))

export const IDENTITY: Pt = Point.ZERO

export interface Written { hex: string[]; hints: Uint8Array }

/** Texts and hints of points given divided by eight, with one inversion for each of the two. */
export function write(eighths: Pt[]): Written {
  const whole = normalizeZ(Point, eighths.map((p) => p.double().double().double()))
  const hints = new Uint8Array(HINT * eighths.length)
  normalizeZ(Point, eighths).forEach((p, i) => {
    putLittleEndian(hints, HINT * i, p.x)
    putLittleEndian(hints, HINT * i + 32, p.y)
  })
  return { hex: whole.map((p) => (p.y + (p.x & 1n ? HALF : 0n)).toString(16).padStart(64, '0')), hints }
}

function putLittleEndian(out: Uint8Array, at: number, n: bigint): void {
  const view = new DataView(out.buffer, out.byteOffset)
  for (let i = 0; i < 4; i++) view.setBigUint64(at + 8 * i, BigInt.asUintN(64, n >> BigInt(64 * i)), true)
}
