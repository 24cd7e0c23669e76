// What one trustee says at the ceremony, and what he checks of the others: the texts are those the
// program writes, byte for byte, from the same 32 bytes.
import { chacha20 } from '@noble/ciphers/chacha.js'
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { BASE, IDENTITY, type Pt, Q, bigEndian, challengeOf, hash, hexBytes, hexOf, modQ, readPoint } from './group.ts'
import { fault } from './fault.ts'
import { type Proof, proofText, readScalar } from './proof.ts'

export interface Role { index: number; threshold: number; size: number }
export type Seed = Uint8Array
export const SET_MAX = 32
const MESSAGE_MAX = 16 << 10
const NAME_MAX = 100
const utf8 = new TextEncoder()

// --- secrets from the seed --------------------------------------------------------------------------

const derive = (seed: Seed, label: string): bigint => bigEndian(hmac(sha512, seed, utf8.encode(label))) % Q

function littleEndian(bytes: Uint8Array): bigint {
  return bigEndian(Uint8Array.from(bytes).reverse())
}

function bytesOf(n: bigint): Uint8Array {
  const out = new Uint8Array(32)
  for (let i = 0; i < 32; i++, n >>= 8n) out[i] = Number(n & 255n)
  return out
}

/** The first exponent of the program's deterministic generator (libsodium's: ChaCha20 under the seed). */
function firstScalar(seed: Uint8Array): bigint {
  const stream = chacha20(seed, utf8.encode('LibsodiumDRG'), new Uint8Array(96))
  return littleEndian(stream.subarray(32)) % Q
}

/** The nonce comes from the seed and from what is proved: two statements never share one. */
function prove(seed: Seed, prefix: string, secret: bigint): Proof {
  const head = utf8.encode(`shuping nonce|${prefix}`)
  const w = firstScalar(hmac(sha256, seed, head))
  const challenge = challengeOf(prefix + hexOf(BASE.multiply(w)))
  return { challenge, response: modQ(w - secret * challenge) }
}

const proves = (prefix: string, key: Pt, p: Proof): boolean =>
  challengeOf(prefix + hexOf(key.multiplyUnsafe(p.challenge).add(BASE.multiplyUnsafe(p.response)))) === p.challenge
const signed = (message: string, key: Pt, p: Proof): boolean => proves(`sigmsg|${message}|`, key, p)

// --- texts ----------------------------------------------------------------------------------------

export interface Signed { message: string; signature: Proof }
export interface Key { pok: Proof; key: Pt; signature: Proof | null; name: string }
const signedText = (s: Signed): string => `{"message":${JSON.stringify(s.message)},"signature":${proofText(s.signature)}}`
const sign = (seed: Seed, message: string, secret: bigint): Signed =>
  ({ message, signature: prove(seed, `sigmsg|${message}|`, secret) })

export function keyText(k: Key): string {
  return `{"pok":${proofText(k.pok)},"public_key":"${hexOf(k.key)}"` +
    `${k.signature ? `,"signature":${proofText(k.signature)}` : ''}${k.name ? `,"name":${JSON.stringify(k.name)}` : ''}}`
}

const contextOf = (r: Role): string => `{"context":{"group":"Ed25519","size":${r.size},"threshold":${r.threshold},"index":${r.index}}`
const signText = (certs: Signed[], coefs: string[]): string =>
  `certs_sig|{"certs":[${certs.map(signedText).join(',')}],"coefexps":[${coefs.map((c) => `"${c}"`).join(',')}]}`

// --- reading --------------------------------------------------------------------------------------

type Json = Record<string, unknown>
function parse(text: string, where: string): Json {
  try {
    const v: unknown = JSON.parse(text)
    if (typeof v === 'object' && v !== null) return v as Json
  } catch {
    // Said below.
  }
  return fault('trustee', where)
}

function readProof(v: unknown, where: string): Proof {
  const p = (v ?? {}) as Json
  const challenge = readScalar(p.challenge), response = readScalar(p.response)
  if (challenge === null || response === null || Object.keys(p).length !== 2) return fault('trustee', where)
  return { challenge, response }
}

export interface Cert extends Signed { role: Role; verification: Pt; encryption: Pt }

function readCert(v: unknown, index: number): Cert {
  const where = `cert ${index}`
  const one = (v ?? {}) as Json
  const message = one.message
  if (typeof message !== 'string' || message.length > MESSAGE_MAX) return fault('trustee', where)
  const m = /^\{"context":\{"group":"Ed25519","size":(\d{1,2}),"threshold":(\d{1,2}),"index":(\d{1,2})\},"verification":"([0-9a-f]{64})","encryption":"([0-9a-f]{64})"\}$/.exec(message)
  if (!m) return fault('trustee', where)
  const role = { size: Number(m[1]), threshold: Number(m[2]), index: Number(m[3]) }
  const verification = readPoint(m[4]), encryption = readPoint(m[5])
  if (!verification || !encryption || role.index !== index || !message.startsWith(contextOf(role))) return fault('trustee', where)
  const cert = { message, signature: readProof(one.signature, where), role, verification, encryption }
  return signed(message, verification, cert.signature) ? cert : fault('trustee', where)
}

export interface Coefs extends Signed { points: Pt[]; hex: string[] }

function readCoefs(v: unknown, cert: Cert): Coefs {
  const where = `polynomial ${cert.role.index}`
  const one = (v ?? {}) as Json
  const message = one.message
  const k = cert.role.threshold
  if (typeof message !== 'string' || message.length > MESSAGE_MAX) return fault('trustee', where)
  const hex = message.match(/[0-9a-f]{64}/g) ?? []
  const points = hex.map(readPoint)
  if (message !== `{"coefexps":[${hex.map((h) => `"${h}"`).join(',')}]}` || hex.length !== k || points.some((p) => !p)) return fault('trustee', where)
  const coefs = { message, signature: readProof(one.signature, where), points: points as Pt[], hex }
  return signed(message, cert.verification, coefs.signature) ? coefs : fault('trustee', where)
}

export function readKey(v: unknown, withSignature: boolean, where: string): Key {
  const k = (v ?? {}) as Json
  const key = readPoint(k.public_key)
  if (!key || (k.name !== undefined && typeof k.name !== 'string')) return fault('trustee', where)
  const pok = readProof(k.pok, where)
  if (!proves(`pok|Ed25519|${hexOf(key)}|`, key, pok)) return fault('trustee', where)
  return { pok, key, signature: withSignature ? readProof(k.signature, where) : null, name: (k.name as string | undefined) ?? '' }
}

// --- the ceremony, step by step ---------------------------------------------------------------------

export function roleFits(r: Role): boolean {
  return r.size >= 1 && r.size <= SET_MAX && 2 * r.threshold > r.size && r.threshold <= r.size && r.index >= 1 && r.index <= r.size
}

/** Step 1: who I am. */
export function makeCert(seed: Seed, role: Role): string {
  if (!roleFits(role)) fault('trustee', 'role')
  const own = derive(seed, 'shuping sign')
  const message = `${contextOf(role)},"verification":"${hexOf(BASE.multiply(own))}",` +
    `"encryption":"${hexOf(BASE.multiply(derive(seed, 'shuping open')))}"}`
  return signedText(sign(seed, message, own))
}

/** All must say the same of it aloud before anyone deals. */
export const fingerprint = (certs: string[]): string => hexBytes(hash(certs.map((c) => `${c}\n`).join('')))

export function readCerts(role: Role, texts: string[]): Cert[] {
  if (texts.length !== role.size || !roleFits(role)) fault('trustee', 'certs')
  return texts.map((text, i) => {
    const cert = readCert(parse(text, `cert ${i + 1}`), i + 1)
    return cert.role.size === role.size && cert.role.threshold === role.threshold ? cert : fault('trustee', `cert ${i + 1}`)
  })
}

function own(seed: Seed, role: Role, certs: Cert[]): bigint {
  const secret = derive(seed, 'shuping sign')
  return BASE.multiply(secret).equals(certs[role.index - 1]!.verification) ? secret : fault('key', String(role.index))
}

/** SHA-256("shuping share|" recipient "|" ephemeral "|" common) */
const sealKey = (recipient: Pt, ephemeral: Pt, common: Pt): Uint8Array =>
  hash(`shuping share|${hexOf(recipient)}|${hexOf(ephemeral)}|${hexOf(common)}`)
const NONCE = new Uint8Array(24) // a fresh key for every share

function seal(seed: Seed, all: string, j: number, recipient: Pt, share: bigint): string {
  const e = derive(seed, `shuping seal|${all}|${j}`)
  const ephemeral = BASE.multiply(e)
  const key = sealKey(recipient, ephemeral, recipient.multiply(e))
  const box = xsalsa20poly1305(key, NONCE).encrypt(bytesOf(share))
  key.fill(0)
  return btoa(String.fromCharCode(...ephemeral.toBytes(), ...box))
}

function unseal(text: unknown, ours: Pt, open: bigint): bigint | null {
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/]{106}[A-Za-z0-9+/=]{0,2}$/.test(text)) return null
  const raw = Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
  if (raw.length !== 80) return null
  const ephemeral = readPoint(hexBytes(raw.slice(0, 32).reverse()))
  if (!ephemeral) return null
  const key = sealKey(ours, ephemeral, ephemeral.multiply(open))
  try {
    return littleEndian(xsalsa20poly1305(key, NONCE).decrypt(raw.slice(32)))
  } catch {
    return null
  } finally {
    key.fill(0)
  }
}

/** Step 2: my polynomial and everyone's sealed share of it. */
export function makeDeal(seed: Seed, role: Role, certTexts: string[]): string {
  const certs = readCerts(role, certTexts)
  const secret = own(seed, role, certs)
  const all = fingerprint(certTexts)
  const coefficients = Array.from({ length: role.threshold }, (_, k) => derive(seed, `shuping coefficient|${all}|${k}`))
  const hex = coefficients.map((c) => hexOf(BASE.multiply(c)))
  const coefs = sign(seed, `{"coefexps":[${hex.map((c) => `"${c}"`).join(',')}]}`, secret)
  const proof = sign(seed, signText(certs, hex), secret).signature
  const shares = certs.map((cert, i) => {
    const share = coefficients.reduceRight((sum, c) => modQ(sum * BigInt(i + 1) + c), 0n)
    return `"${seal(seed, all, i + 1, cert.encryption, share)}"`
  })
  return `{"coefexps":${signedText(coefs)},"signature":${proofText(proof)},"shares":[${shares.join(',')}]}`
}

const at = (points: Pt[], j: number): Pt =>
  points.reduceRight((sum, p) => sum.multiplyUnsafe(BigInt(j)).add(p), IDENTITY)

interface Deal { coefs: Coefs; signature: Proof; shares: unknown[] }

function readDeals(certs: Cert[], texts: string[]): Deal[] {
  if (texts.length !== certs.length) fault('trustee', 'deals')
  return texts.map((text, i) => {
    const v = parse(text, `polynomial ${i + 1}`)
    const coefs = readCoefs(v.coefexps, certs[i]!)
    const signature = readProof(v.signature, `signature ${i + 1}`)
    if (!signed(signText(certs, coefs.hex), certs[i]!.verification, signature)) fault('trustee', `signature ${i + 1}`)
    return { coefs, signature, shares: Array.isArray(v.shares) ? v.shares : [] }
  })
}

export interface Taken { text: string; secret: bigint; key: Pt }

/** Step 3: opens and checks the shares; what I hold from now on, and its public part. */
export function takeShares(seed: Seed, role: Role, certTexts: string[], dealTexts: string[], name: string): Taken {
  if (Array.from(name).length > NAME_MAX) fault('trustee', 'name')
  const certs = readCerts(role, certTexts)
  const sign1 = own(seed, role, certs)
  const open = derive(seed, 'shuping open')
  let secret = 0n
  readDeals(certs, dealTexts).forEach((deal, i) => {
    const share = unseal(deal.shares[role.index - 1], certs[role.index - 1]!.encryption, open)
    if (share === null || share >= Q || !BASE.multiply(share).equals(at(deal.coefs.points, role.index))) return fault('trustee', `share ${i + 1}`)
    secret = modQ(secret + share)
  })
  const key = BASE.multiply(secret)
  const k: Key = {
    key, name, pok: prove(seed, `pok|Ed25519|${hexOf(key)}|`, secret),
    signature: prove(seed, `sigmsg|${hexOf(key)}|`, sign1),
  }
  return { text: keyText(k), secret, key }
}

/** A single key: nobody else is needed for it. */
export function makeSingle(seed: Seed, name: string): Taken {
  const secret = derive(seed, 'shuping single')
  const key = BASE.multiply(secret)
  return { secret, key, text: keyText({ key, name, pok: prove(seed, `pok|Ed25519|${hexOf(key)}|`, secret), signature: null }) }
}

// --- the whole set ---------------------------------------------------------------------------------

interface Set { threshold: number; certs: Cert[]; coefs: Coefs[]; signatures: Proof[]; keys: Key[] }

function checkSet(s: Set): Pt {
  s.certs.forEach((cert, i) => {
    if (!signed(signText(s.certs, s.coefs[i]!.hex), cert.verification, s.signatures[i]!)) fault('trustee', `signature ${i + 1}`)
    const key = s.coefs.reduce((sum, c) => sum.add(at(c.points, i + 1)), IDENTITY)
    if (!key.equals(s.keys[i]!.key)) fault('trustee', `key ${i + 1}`)
    if (!signed(hexOf(key), cert.verification, s.keys[i]!.signature!)) fault('trustee', `key signature ${i + 1}`)
  })
  return s.coefs.reduce((sum, c) => sum.add(c.points[0]!), IDENTITY)
}

const setText = (s: Set): string => `{"threshold":${s.threshold},"certs":[${s.certs.map(signedText).join(',')}]` +
  `,"coefexps":[${s.coefs.map(signedText).join(',')}],"signatures":[${s.signatures.map(proofText).join(',')}]` +
  `,"verification_keys":[${s.keys.map(keyText).join(',')}]}`

/** Step 4: all that was said, checked against each other. */
export function makeSet(role: Role, certTexts: string[], dealTexts: string[], keyTexts: string[]): string {
  const certs = readCerts({ ...role, index: 1 }, certTexts)
  const deals = readDeals(certs, dealTexts)
  const keys = keyTexts.map((text, i) => readKey(parse(text, `key ${i + 1}`), true, `key ${i + 1}`))
  if (keys.length !== certs.length) fault('trustee', 'keys')
  const s = { threshold: role.threshold, certs, coefs: deals.map((d) => d.coefs), signatures: deals.map((d) => d.signature), keys }
  checkSet(s)
  return setText(s)
}

export interface Trustees { key: Pt; members: { key: Pt; name: string }[]; sets: { from: number; n: number; threshold: number }[] }

function readSet(v: Json): Set {
  const lists = ['certs', 'coefexps', 'signatures', 'verification_keys'].map((name) => v[name])
  const n = Array.isArray(lists[0]) ? lists[0].length : 0
  if (!v.signatures) return fault('unsupported', 'older threshold keys')
  if (n < 1 || n > SET_MAX || !lists.every((list) => Array.isArray(list) && list.length === n)) return fault('trustee', 'set')
  const [certs, coefs, signatures, keys] = lists as unknown[][]
  const read = certs!.map((c, i) => readCert(c, i + 1))
  if (read.some((c) => c.role.size !== n || c.role.threshold !== v.threshold || c.role.threshold < 1)) return fault('trustee', 'set')
  return {
    threshold: v.threshold as number, certs: read, coefs: coefs!.map((c, i) => readCoefs(c, read[i]!)),
    signatures: signatures!.map((s, i) => readProof(s, `signature ${i + 1}`)), keys: keys!.map((k, i) => readKey(k, true, `key ${i + 1}`)),
  }
}

/** Every proof and signature of trustees.json, which must be byte for byte what would be written. */
export function readTrustees(text: string): Trustees {
  const v = parse(text, 'trustees') as unknown
  if (!Array.isArray(v) || !v.length) return fault('trustee', 'trustees')
  const out: Trustees = { key: IDENTITY, members: [], sets: [] }
  const again = v.map((item: unknown) => {
    const [kind, body] = (Array.isArray(item) ? item : []) as [unknown, Json]
    if (!Array.isArray(item) || item.length !== 2 || typeof body !== 'object' || body === null) return fault('trustee', 'trustees')
    if (kind === 'Single') {
      const k = readKey(body, false, 'single')
      out.sets.push({ from: out.members.length, n: 1, threshold: 0 })
      out.members.push({ key: k.key, name: k.name })
      out.key = out.key.add(k.key)
      return `["Single",${keyText(k)}]`
    }
    if (kind !== 'Pedersen') return fault('unsupported', 'trustees')
    const s = readSet(body)
    out.key = out.key.add(checkSet(s))
    out.sets.push({ from: out.members.length, n: s.keys.length, threshold: s.threshold })
    out.members.push(...s.keys.map((k) => ({ key: k.key, name: k.name })))
    return `["Pedersen",${setText(s)}]`
  })
  if (`[${again.join(',')}]` !== text) return fault('trustee', 'trustees')
  return out
}

/** trustees.json of ours: the server's key and the trustees' set. */
export const trusteesText = (singles: string[], sets: string[]): string =>
  `[${[...singles.map((s) => `["Single",${s}]`), ...sets.map((s) => `["Pedersen",${s}]`)].join(',')}]`

/** Lagrange's factors at 0 for these indexes. */
export function weights(indexes: number[]): bigint[] {
  return indexes.map((i) => indexes.reduce((w, k) => (k === i ? w : modQ(w * modQ(BigInt(k)) * inverse(BigInt(k - i)))), 1n))
}

const inverse = (n: bigint): bigint => {
  let [a, b, x, y] = [modQ(n), Q, 1n, 0n]
  while (b) [a, b, x, y] = [b, a % b, y, x - (a / b) * y]
  return modQ(x)
}
