// One ballot in the format of Belenios, version 1, group Ed25519: byte for byte what the program
// accepts. Runs without crypto.subtle, which plain-http pages do not have.
import {
  BASE, type Coin, IDENTITY, type Pt, Q, base64, bigEndian, challengeOf, eighth, hash, modQ,
  randomScalars, readPoint, seededScalars, tableOf, write,
} from './group.ts'
import { type Proof, proofText } from './proof.ts'
import { refuse } from './refuse.ts'
import { type Credential, deriveWide } from './slip.ts'

export interface Question { text: string; answers: string[]; blank: boolean; min: number }

export interface Election {
  uuid: string
  name: string
  /** base64(SHA-256) of the exact bytes; every ballot names it. */
  phi: string
  key: Pt
  questions: Question[]
}

/** The answer's place from 0; `blank`: the abstention the form prints; `none`: nothing at all. */
export type Choice = number | 'blank' | 'none'

export interface Ballot {
  text: string
  /** base64(SHA-256) of the text: what the voter keeps. */
  tracker: string
  hints: Uint8Array
}

export const ELECTION_BYTES_MAX = 256 << 10
const QUESTIONS_MAX = 200
const ANSWERS_MAX = 10

// --- the election -----------------------------------------------------------------------------

function readQuestion(v: unknown): Question {
  const q = v as Record<string, unknown> | null
  if (typeof q !== 'object' || q === null || typeof q.question !== 'string') refuse('election_form')
  const answers = q.answers
  if (q.type !== undefined || q.max !== 1 || (q.min !== 0 && q.min !== 1)) refuse('election_kind')
  if (!Array.isArray(answers) || answers.length < 1 || answers.length > ANSWERS_MAX) refuse('election_kind')
  if (!answers.every((a) => typeof a === 'string')) refuse('election_form')
  return { text: q.question, answers, blank: q.blank === true, min: q.min }
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  try {
    const v: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    if (typeof v === 'object' && v !== null) return v as Record<string, unknown>
  } catch {
    // The sentence is the same whether it is no UTF-8 or no JSON.
  }
  return refuse('election_form')
}

/** Reads the exact bytes of election.json; takes choose-one questions of at most ten answers. */
export function readElection(bytes: Uint8Array): Election {
  if (bytes.length > ELECTION_BYTES_MAX) refuse('election_form')
  const v = parse(bytes)
  if (v.version !== 1 || v.group !== 'Ed25519') refuse('election_kind')
  if (typeof v.uuid !== 'string' || !/^[1-9A-HJ-NP-Za-km-z]{14,64}$/.test(v.uuid)) refuse('election_form')
  if (typeof v.name !== 'string' || !Array.isArray(v.questions)) refuse('election_form')
  if (v.questions.length < 1 || v.questions.length > QUESTIONS_MAX) refuse('election_form')
  const key = readPoint(v.public_key) ?? refuse('election_key')
  return { uuid: v.uuid, name: v.name, phi: base64(hash(bytes)), key, questions: v.questions.map(readQuestion) }
}

/** All boxes of a meeting have one key: elections that share it share its table of multiples. */
export function prepare(elections: Election[]): void {
  const keys = new Map<string, Pt>()
  for (const el of elections) {
    const hex = el.key.toHex()
    if (!keys.has(hex)) keys.set(hex, tableOf(el.key))
    el.key = keys.get(hex)!
  }
}

const secretOf = (el: Pick<Election, 'uuid'>, credential: Credential): bigint => {
  const wide = deriveWide(credential, el.uuid)
  const secret = bigEndian(wide) % Q
  wide.fill(0)
  return secret
}

/** What the list of this election must hold if the slip belongs to it. */
export function publicCredential(el: Pick<Election, 'uuid'>, credential: Credential): string {
  return write([eighth(BASE, secretOf(el, credential))]).hex[0]!
}

// --- the proofs of one question -----------------------------------------------------------------

/** 0 and 1 for every ciphertext, the blank flag first when there is one. */
export function marksOf(q: Question, choice: Choice, question: number): number[] {
  const marks = new Array<number>(q.answers.length + (q.blank ? 1 : 0)).fill(0)
  if (choice === 'blank' && q.blank) marks[0] = 1
  else if (typeof choice === 'number' && Number.isInteger(choice) && choice >= 0 && choice < q.answers.length)
    marks[choice + (q.blank ? 1 : 0)] = 1
  else if (choice !== 'none' || q.min !== 0) refuse('choice', { question: question + 1 })
  return marks
}

/** A ciphertext, or the product of some, of which the voter knows what is in it. */
interface Cell { message: number; r: bigint }
/** "One of these is so": `cell` holds `message`. `head` is what is hashed before the commitments. */
interface Thesis { head: string; branches: { cell: Cell; message: number }[] }

const proofsText = (p: Proof[]): string => `[${p.map(proofText).join(',')}]`

/** The commitments of one branch, divided by eight. The exponent of a simulated one is known, so it
 *  needs no multiplication of a ciphertext: y^response (y^r g^(m-M))^challenge in two. */
function commit(key: Pt, branch: Thesis['branches'][number], p: Proof, isTrue: boolean): [Pt, Pt] {
  if (isTrue) return [eighth(BASE, p.response), eighth(key, p.response)]
  const s = p.response + branch.cell.r * p.challenge
  const off = BigInt(branch.cell.message - branch.message)
  const shift = eighth(BASE, p.challenge * (off || 1n))
  return [eighth(BASE, s), eighth(key, s).add(off ? shift : IDENTITY)]
}

/** The true branch's response is its random exponent until the challenge is known. */
function prove(key: Pt, theses: Thesis[], hints: Uint8Array[], draw: Coin): Proof[][] {
  const truths = theses.map((t) => t.branches.findIndex((b) => b.cell.message === b.message))
  const coin = draw(theses.reduce((n, t) => n + 2 * t.branches.length, 0))
  const proofs = theses.map((t) => t.branches.map((): Proof => ({ challenge: coin.pop()!, response: coin.pop()! })))
  const written = write(theses.flatMap((t, i) =>
    t.branches.flatMap((b, j) => commit(key, b, proofs[i]![j]!, j === truths[i]))))
  hints.push(written.hints)
  let at = 0
  theses.forEach((t, i) => {
    const hex = written.hex.slice(at, at += 2 * t.branches.length)
    const whole = challengeOf(t.head + hex.join(','))
    const own = proofs[i]![truths[i]!]!
    own.challenge = modQ(proofs[i]!.reduce((left, p) => (p === own ? left : left - p.challenge), whole))
    own.response = modQ(own.response - t.branches[truths[i]!]!.cell.r * own.challenge)
  })
  return proofs
}

interface Answered { text: string; cellHints: Uint8Array; proofHints: Uint8Array }

function answer(el: Election, q: Question, marks: number[], head: string, draw: Coin): Answered {
  const r = draw(marks.length)
  const one = eighth(BASE, 1n)
  const points = marks.flatMap((mark, i) => {
    const plain = eighth(el.key, r[i]!)
    return [eighth(BASE, r[i]!), [plain, plain.add(one)][mark]!]
  })
  const written = write(points)
  const pairs = marks.map((_, i) => [written.hex[2 * i]!, written.hex[2 * i + 1]!] as const)
  const all = `${head}${written.hex.join(',')}|`
  const cells = marks.map((message, i): Cell => ({ message, r: r[i]! }))
  const first = q.blank ? 1 : 0
  const sum = cells.slice(first).reduce((s, c): Cell => ({ message: s.message + c.message, r: modQ(s.r + c.r) }))
  const range = Array.from({ length: 2 - q.min }, (_, j) => ({ cell: sum, message: q.min + j }))
  const theses = cells.map((cell, i): Thesis => ({
    head: `prove|${head}${pairs[i]!.join(',')}|`, branches: [0, 1].map((message) => ({ cell, message })),
  }))
  if (q.blank) {
    const flag = cells[0]!
    theses.push({ head: `bproof1|${all}`, branches: [{ cell: flag, message: 1 }, ...range] })
    theses.push({ head: `bproof0|${all}`, branches: [{ cell: flag, message: 0 }, { cell: sum, message: 0 }] })
  } else {
    const product = [0, 1].map((side) => points.filter((_, i) => i % 2 === side).reduce((a, b) => a.add(b)))
    theses.push({ head: `prove|${all}${write(product).hex.join(',')}|`, branches: range })
  }
  const hints: Uint8Array[] = []
  const proofs = prove(el.key, theses, hints, draw)
  r.fill(0n)
  const n = marks.length
  const text = `{"choices":[${pairs.map(([a, b]) => `{"alpha":"${a}","beta":"${b}"}`).join(',')}]` +
    `,"individual_proofs":[${proofs.slice(0, n).map(proofsText).join(',')}]` +
    `,"overall_proof":${proofsText(proofs[n]!)}` +
    `${q.blank ? `,"blank_proof":${proofsText(proofs[n + 1]!)}` : ''}}`
  return { text, cellHints: written.hints, proofHints: hints[0]! }
}

// --- the ballot ---------------------------------------------------------------------------------

function join(parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const p of parts) {
    out.set(p, at)
    at += p.length
  }
  return out
}

/** Lets the page draw and answer to the hand. */
const breathe = (): Promise<void> => new Promise((done) => { setTimeout(done, 0) })

const bodyOf = (el: Election, credential: string, answers: Answered[]): string =>
  `{"election_uuid":"${el.uuid}","election_hash":"${el.phi}","credential":"${credential}"` +
  `,"answers":[${answers.map((a) => a.text).join(',')}]`
const contentOf = (body: string): string => base64(hash(`${body}}`))
const textOf = (body: string, content: string, proof: string): string =>
  `${body},"signature":{"hash":"${content}","proof":${proof}}}`

export interface Making {
  /** Told how many questions are done. */
  onQuestion?: (done: number) => void
  /** 32 bytes that decide everything but the signature: whoever has them sees what was chosen. */
  seed?: Uint8Array
}

async function answerAll(el: Election, choices: Choice[], credential: string, making: Making): Promise<Answered[]> {
  if (choices.length !== el.questions.length) refuse('choice', { question: choices.length + 1 })
  const marks = el.questions.map((q, i) => marksOf(q, choices[i]!, i))
  const draw = making.seed ? seededScalars(making.seed) : randomScalars
  const answers: Answered[] = []
  for (const [i, q] of el.questions.entries()) {
    answers.push(answer(el, q, marks[i]!, `${el.phi}|${credential}|`, draw))
    marks[i]!.fill(0)
    making.onQuestion?.(i + 1)
    await breathe()
  }
  return answers
}

/** Makes a ballot, one question at a time. The signature is never drawn from the seed, or showing
 *  the seed would show the secret. */
export async function makeBallot(
  el: Election, credential: Credential, choices: Choice[], making: Making = {},
): Promise<Ballot> {
  let secret = secretOf(el, credential)
  const own = write([eighth(BASE, secret)])
  const answers = await answerAll(el, choices, own.hex[0]!, making)
  const body = bodyOf(el, own.hex[0]!, answers)
  const content = contentOf(body)
  const w = randomScalars(1)
  const commitment = write([eighth(BASE, w[0]!)])
  const challenge = challengeOf(`sig|${content}|${commitment.hex[0]}`)
  const proof = proofText({ challenge, response: modQ(w[0]! - secret * challenge) })
  w.fill(0n)
  secret = 0n
  const text = textOf(body, content, proof)
  const hints = join([own.hints, ...answers.map((a) => a.cellHints), commitment.hints,
    ...answers.map((a) => a.proofHints)])
  return { text, tracker: base64(hash(text)), hints }
}

/** What opens a test ballot: everything but the secret of the slip. */
export interface Opening {
  seed: Uint8Array
  choices: Choice[]
  credential: string
  signature: Proof
}

/** The signature at the end of a ballot that was made here. */
export function signatureOf(text: string): Proof {
  const v = JSON.parse(text) as { signature: { proof: Record<keyof Proof, string> } }
  return { challenge: BigInt(v.signature.proof.challenge), response: BigInt(v.signature.proof.response) }
}

/** The tracker of the ballot that these answers and this seed make: on a device that the voter
 *  trusts, it is the one that the first device showed before it knew it would be asked. */
export async function rebuild(el: Election, o: Opening): Promise<string> {
  const body = bodyOf(el, o.credential, await answerAll(el, o.choices, o.credential, { seed: o.seed }))
  return base64(hash(textOf(body, contentOf(body), proofText(o.signature))))
}
