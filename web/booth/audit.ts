// One ballot, judged. Two ways that agree: multiplication by multiplication, and, when the sender's
// hints are there, all commitments of many ballots in one sum with random weights. A hint is a point
// divided by eight: on the curve and doubled three times it is in the group, and its encoding must be
// the point's, so a wrong one costs time and never changes a verdict.
import { mulAddUnsafe, normalizeZ, pippenger } from '@noble/curves/abstract/curve.js'
import { type Election, type Question } from './crypto.ts'
import { fault } from './fault.ts'
import { BASE, HINT, IDENTITY, Point, type Pt, base64, bigEndian, challengeOf, hash, hexOf, modQ, readPoint } from './group.ts'
import { type Proof, proofText, readScalar } from './proof.ts'

interface Cipher { alpha: string; beta: string }
interface Answer { choices: Cipher[]; individual: Proof[][]; overall: Proof[]; blank: Proof[] | null }
export interface Vote { credential: string; answers: Answer[]; content: string; signature: Proof }

export const cellsOf = (q: Question): number => q.answers.length + (q.blank ? 1 : 0)
const overallOf = (q: Question): number => 2 - q.min + (q.blank ? 1 : 0)
const branchesOf = (q: Question): number => 2 * cellsOf(q) + overallOf(q) + (q.blank ? 2 : 0)
/** Bytes of one ballot's hints. */
export const hintsOf = (el: Election): number =>
  HINT * (2 + el.questions.reduce((n, q) => n + 2 * cellsOf(q) + 2 * branchesOf(q), 0))

// --- reading --------------------------------------------------------------------------------------

const ciphersText = (list: Cipher[]): string => `[${list.map((c) => `{"alpha":"${c.alpha}","beta":"${c.beta}"}`).join(',')}]`
const proofsText = (p: Proof[]): string => `[${p.map(proofText).join(',')}]`
const answerText = (a: Answer): string => `{"choices":${ciphersText(a.choices)}` +
  `,"individual_proofs":[${a.individual.map(proofsText).join(',')}],"overall_proof":${proofsText(a.overall)}` +
  `${a.blank ? `,"blank_proof":${proofsText(a.blank)}` : ''}}`

type Json = Record<string, unknown>
const isHex = (v: unknown): v is string => typeof v === 'string' && /^[0-9a-f]{64}$/.test(v)

/** n proofs, or a fault; what else stands in the objects shows when the text is written again. */
export function readProofs(v: unknown, n: number, where: string): Proof[] {
  if (!Array.isArray(v) || v.length !== n) return fault('form', where)
  return v.map((one: unknown) => {
    const p = (one ?? {}) as Json
    const challenge = readScalar(p.challenge), response = readScalar(p.response)
    return challenge === null || response === null ? fault('form', where) : { challenge, response }
  })
}

function readAnswer(v: unknown, q: Question, where: string): Answer {
  const a = (v ?? {}) as Json
  const n = cellsOf(q)
  if (!Array.isArray(a.choices) || a.choices.length !== n || !Array.isArray(a.individual_proofs) || a.individual_proofs.length !== n) return fault('form', where)
  const choices = a.choices.map((one: unknown) => {
    const { alpha, beta } = (one ?? {}) as Json
    return isHex(alpha) && isHex(beta) ? { alpha, beta } : fault('form', where)
  })
  return {
    choices, individual: a.individual_proofs.map((p: unknown) => readProofs(p, 2, where)),
    overall: readProofs(a.overall_proof, overallOf(q), where), blank: q.blank ? readProofs(a.blank_proof, 2, where) : null,
  }
}

/** Takes exactly the bytes that would be written. */
export function readVote(el: Election, text: string, where: string): Vote {
  let v: Json
  try {
    v = JSON.parse(text) as Json
  } catch {
    return fault('form', where)
  }
  if (!isHex(v?.credential) || !Array.isArray(v.answers) || v.answers.length !== el.questions.length) return fault('form', where)
  const answers = el.questions.map((q, i) => readAnswer((v.answers as unknown[])[i], q, where))
  const body = `{"election_uuid":"${el.uuid}","election_hash":"${el.phi}","credential":"${v.credential}","answers":[${answers.map(answerText).join(',')}]`
  const content = base64(hash(`${body}}`))
  const proof = ((v.signature ?? {}) as Json).proof
  const signature = readProofs([proof], 1, where)[0]!
  if (text !== `${body},"signature":{"hash":"${content}","proof":${proofText(signature)}}}`) return fault('form', where)
  return { credential: v.credential, answers, content, signature }
}

// --- where points come from ---------------------------------------------------------------------------

/** base^g key^k p^s */
interface Term { g: bigint; k: bigint; p: Pt; s: bigint }
interface Source {
  point(hex: string, where: string): Pt
  /** The 64 digits of a commitment. */
  commit(t: Term): string
}

class Plain implements Source {
  constructor(private readonly key: Pt) {}
  point(hex: string, where: string): Pt {
    return readPoint(hex) ?? fault('point', where)
  }
  commit(t: Term): string {
    return hexOf(mulAddUnsafe(Point, [BASE, this.key, t.p], [modQ(t.g), modQ(t.k), modQ(t.s)]))
  }
}

const littleEndian = (bytes: Uint8Array): bigint => bigEndian(Uint8Array.from(bytes).reverse())

/** Points of hints, and the sum that says whether the commitments were those of the proofs. */
class Hinted implements Source {
  private whole: Pt[] = []
  private at = 0
  private readonly points: Pt[] = []
  private readonly scalars: bigint[] = []
  private readonly other = new Map<Pt, bigint>()
  private g = 0n
  private k = 0n
  constructor(private readonly key: Pt) {}

  /** False: they are no points of the curve. */
  take(hints: Uint8Array): boolean {
    const eighths: Pt[] = []
    for (let i = 0; i < hints.length; i += HINT) {
      const x = littleEndian(hints.subarray(i, i + 32)), y = littleEndian(hints.subarray(i + 32, i + 64))
      try {
        const p = Point.fromAffine({ x, y })
        p.assertValidity()
        eighths.push(p)
      } catch {
        return false
      }
    }
    this.whole = normalizeZ(Point, eighths.map((p) => p.double().double().double()))
    this.at = 0
    return true
  }

  point(hex: string): Pt {
    const p = this.whole[this.at++]!
    if (hexOf(p) !== hex || p.is0()) throw new Doubt()
    return p
  }

  commit(t: Term): string {
    const c = this.whole[this.at++]!
    const w = bigEndian(crypto.getRandomValues(new Uint8Array(16)))
    this.points.push(c)
    this.scalars.push(w)
    this.other.set(t.p, (this.other.get(t.p) ?? 0n) - w * t.s)
    this.g -= w * t.g
    this.k -= w * t.k
    return hexOf(c)
  }

  holds(): boolean {
    const points = [...this.points, BASE, this.key], scalars = [...this.scalars, modQ(this.g), modQ(this.k)]
    this.other.forEach((s, p) => {
      points.push(p)
      scalars.push(modQ(s))
    })
    return pippenger(Point, points, scalars).is0()
  }
}

/** The hints do not show it: look without them. */
class Doubt extends Error {}

// --- what a ballot asserts ---------------------------------------------------------------------------

interface Branch { cell: [Pt, Pt]; message: number }

function thesis(source: Source, head: string, branches: Branch[], proofs: Proof[]): boolean {
  const hex = branches.map((b, j) => {
    const p = proofs[j]!
    const a = source.commit({ g: p.response, k: 0n, p: b.cell[0], s: p.challenge })
    const c = source.commit({ g: -p.challenge * BigInt(b.message), k: p.response, p: b.cell[1], s: p.challenge })
    return `${a},${c}`
  })
  return challengeOf(head + hex.join(',')) === modQ(proofs.reduce((n, p) => n + p.challenge, 0n))
}

function question(source: Source, q: Question, a: Answer, cells: [Pt, Pt][], start: string, where: string): void {
  const hex = a.choices.map((c) => `${c.alpha},${c.beta}`)
  const all = `${start}${hex.join(',')}|`
  const sum = cells.slice(q.blank ? 1 : 0).reduce<[Pt, Pt]>((s, c) => [s[0].add(c[0]), s[1].add(c[1])], [IDENTITY, IDENTITY])
  const range = [0, 1].filter((m) => m >= q.min).map((message): Branch => ({ cell: sum, message }))
  let ok = cells.every((cell, i) => thesis(source, `prove|${start}${hex[i]}|`, [{ cell, message: 0 }, { cell, message: 1 }], a.individual[i]!))
  if (q.blank) {
    ok = ok && thesis(source, `bproof1|${all}`, [{ cell: cells[0]!, message: 1 }, ...range], a.overall)
    ok = ok && thesis(source, `bproof0|${all}`, [{ cell: cells[0]!, message: 0 }, { cell: sum, message: 0 }], a.blank!)
  } else ok = ok && thesis(source, `prove|${all}${hexOf(sum[0])},${hexOf(sum[1])}|`, range, a.overall)
  if (!ok) fault('proof', where)
}

/** Every ciphertext of the ballot, question after question. Throws the first fault. */
function judge(source: Source, el: Election, v: Vote, where: string): [Pt, Pt][] {
  const credential = source.point(v.credential, where)
  const cells = v.answers.map((a) => a.choices.map((c): [Pt, Pt] => [source.point(c.alpha, where), source.point(c.beta, where)]))
  const commit = source.commit({ g: v.signature.response, k: 0n, p: credential, s: v.signature.challenge })
  if (challengeOf(`sig|${v.content}|${commit}`) !== v.signature.challenge) fault('proof', where)
  el.questions.forEach((q, i) => question(source, q, v.answers[i]!, cells[i]!, `${el.phi}|${v.credential}|`, `${where}, question ${i + 1}`))
  return cells.reduce((all, some) => all.concat(some), [])
}

export interface Given { vote: Vote; hints: Uint8Array | null; where: string }

/** The ciphertexts of each, all of them sound; the first fault is thrown. */
export function judgeAll(el: Election, given: Given[]): [Pt, Pt][][] {
  const quick = quickly(el, given)
  return quick ?? given.map((g) => judge(new Plain(el.key), el, g.vote, g.where))
}

function quickly(el: Election, given: Given[]): [Pt, Pt][][] | null {
  const source = new Hinted(el.key)
  try {
    const out = given.map((g) => {
      if (!g.hints || !source.take(g.hints)) throw new Doubt()
      return judge(source, el, g.vote, g.where)
    })
    return source.holds() ? out : null
  } catch {
    // Whatever it was, it is named without hints.
    return null
  }
}
