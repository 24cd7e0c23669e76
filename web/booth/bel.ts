// The archive, FILE.bel: read byte for byte as it would be written, every ballot judged, the tally
// made again, shares and result checked; and a trustee's share of its tally.
import { mulAddUnsafe } from '@noble/curves/abstract/curve.js'
import { type Given, cellsOf, hintsOf, judgeAll, readProofs, readVote } from './audit.ts'
import { type Election, prepare, readElection } from './crypto.ts'
import { fault } from './fault.ts'
import { BASE, IDENTITY, Point, type Pt, challengeOf, hash, hexBytes, hexOf, modQ, randomScalars, readPoint } from './group.ts'
import { type Proof, proofText } from './proof.ts'
import { type Trustees, readTrustees, weights } from './trustee.ts'

const RECORD = 512
const HINTS_HEAD = 40
const AT_ONCE = 24 // ballots of one sum
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const hexHash = (b: Uint8Array | string): string => hexBytes(hash(b))

// --- records --------------------------------------------------------------------------------------

function headOf(name: string, size: number, timestamp: number): Uint8Array {
  const head = new Uint8Array(RECORD)
  const put = (at: number, text: string): void => { for (let i = 0; i < text.length; i++) head[at + i] = text.charCodeAt(i) }
  put(0, name)
  put(100, '0000644')
  put(108, '0000000')
  put(116, '0000000')
  put(124, size.toString(8).padStart(11, '0'))
  put(136, timestamp.toString(8).padStart(11, '0'))
  put(148, '        ')
  put(156, '0')
  put(148, head.reduce((n, b) => n + b, 0).toString(8).padStart(6, '0'))
  head[154] = 0
  return head
}

interface Entry { text: string; hash: string; event: boolean; n: number }

class Reader {
  at = 0
  n = 0
  timestamp = 0
  parent = ''
  height = 0
  constructor(readonly bytes: Uint8Array) {}

  private bad(): never {
    return fault('chain', `record ${this.n + 1}`)
  }

  /** A record whose header is the one that would be written for its name. */
  private body(nameOf: (body: Uint8Array, head: Uint8Array) => string): Uint8Array {
    const head = this.bytes.subarray(this.at, this.at + RECORD)
    if (head.length < RECORD) return this.bad()
    const digits = String.fromCharCode(...head.subarray(124, 135))
    if (!/^[0-7]{11}$/.test(digits)) return this.bad()
    const size = parseInt(digits, 8)
    const padded = Math.ceil(size / RECORD) * RECORD
    if (this.at + RECORD + padded > this.bytes.length) return this.bad()
    const body = this.bytes.subarray(this.at + RECORD, this.at + RECORD + size)
    const name = nameOf(body, head)
    const want = headOf(name, size, this.timestamp)
    if (!head.every((b, i) => b === want[i])) return this.bad()
    if (this.bytes.subarray(this.at + RECORD + size, this.at + RECORD + padded).some((b) => b !== 0)) return this.bad()
    this.at += RECORD + padded
    this.n++
    return body
  }

  private text(body: Uint8Array): string {
    try {
      return utf8.decode(body)
    } catch {
      return fault('form', `record ${this.n}`)
    }
  }

  first(): void {
    this.text(this.body((body) => {
      const m = /^\{"version":(\d+),"timestamp":"(0|[1-9]\d{0,10})"\}$/.exec(String.fromCharCode(...body.subarray(0, 80)))
      if (!m || body.length > 80) return this.bad()
      if (m[1] !== '1') return fault('unsupported', 'version')
      this.timestamp = Number(m[2])
      return this.timestamp < 2 ** 33 ? 'BELENIOS' : this.bad()
    }))
  }

  take(): Entry {
    let event = false, name = ''
    const body = this.body((b, head) => {
      event = String.fromCharCode(...head.subarray(64, 75)) === '.event.json'
      name = hexHash(b)
      return `${name}.${event ? 'event' : 'data'}.json`
    })
    return { text: this.text(body), hash: name, event, n: this.n }
  }

  /** Is it the chain's next event, of this type, about this payload? */
  isEvent(e: Entry, type: string, payload: string | null): boolean {
    const want = `{${this.height ? `"parent":"${this.parent}",` : ''}"height":${this.height},"type":"${type}"${payload ? `,"payload":"${payload}"` : ''}}`
    if (!e.event || e.text !== want) return false
    this.parent = e.hash
    this.height++
    return true
  }

  get end(): boolean {
    return this.at === this.bytes.length
  }
}

// --- structure --------------------------------------------------------------------------------------

interface Parts {
  election: string; trustees: string; creds: string
  ballots: Entry[]
  ended: boolean
  tally: { text: string; hash: string; counted: number; weight: number } | null
  shares: { owner: number; text: string }[]
  result: string | null
  /** Bytes up to the tally, or the end of voting where there is none. */
  closedAt: number
}

function setup(r: Reader): Parts {
  r.first()
  const [election, trustees, creds, bound, event] = [r.take(), r.take(), r.take(), r.take(), r.take()]
  if ([election, trustees, creds, bound].some((e) => e.event) ||
      bound.text !== `{"election":"${election.hash}","trustees":"${trustees.hash}","credentials":"${creds.hash}"}` ||
      !r.isEvent(event, 'Setup', bound.hash)) fault('chain', 'setup')
  return { election: election.text, trustees: trustees.text, creds: creds.text, ballots: [], ended: false, tally: null, shares: [], result: null, closedAt: 0 }
}

function step(r: Reader, p: Parts): void {
  const got = [r.take()]
  while (!got[got.length - 1]!.event && got.length < 3) got.push(r.take())
  const event = got[got.length - 1]!
  const place = `record ${got[0]!.n}`
  const open = !p.ended, tallied = p.tally !== null, done = p.result !== null
  if (!event.event) fault('chain', place)
  const [one, bound] = got as [Entry, Entry]
  if (got.length === 1) {
    if (!open || !r.isEvent(event, 'EndBallots', null)) fault('chain', place)
    p.ended = true
    p.closedAt = r.at
  } else if (got.length === 2 && open && r.isEvent(event, 'Ballot', one.hash)) p.ballots.push(one)
  else if (got.length === 2 && tallied && !done && r.isEvent(event, 'Result', one.hash)) p.result = one.text
  else if (got.length === 3 && !open && !tallied && r.isEvent(event, 'EncryptedTally', bound.hash)) {
    const m = /^\{"num_tallied":(\d+),"total_weight":(\d+),"encrypted_tally":"([0-9a-f]{64})"\}$/.exec(bound.text)
    if (!m || m[3] !== one.hash) return fault('chain', place)
    p.tally = { text: one.text, hash: one.hash, counted: Number(m[1]), weight: Number(m[2]) }
    p.closedAt = r.at
    if (String(p.tally.counted) !== m[1] || String(p.tally.weight) !== m[2]) fault('form', place)
  } else if (got.length === 3 && tallied && !done && r.isEvent(event, 'PartialDecryption', bound.hash)) {
    const m = /^\{"owner":([1-9]\d{0,8}),"payload":"([0-9a-f]{64})"\}$/.exec(bound.text)
    if (!m || m[2] !== one.hash) return fault('chain', place)
    p.shares.push({ owner: Number(m[1]), text: one.text })
  } else if (/"type":"(Shuffle|EndShuffles)"/.test(event.text)) fault('unsupported', place)
  else fault('chain', place)
}

// --- what the parts say ------------------------------------------------------------------------------

interface Ours { floor: number; credentials?: string; trustees?: string }

function readOurs(text: string): Ours {
  const ours = (JSON.parse(text) as { shuping?: Record<string, unknown> }).shuping
  const floor = ours?.floor ?? 0
  if (typeof floor !== 'number' || !Number.isInteger(floor) || floor < 0) return fault('form', 'floor')
  return { floor, credentials: ours?.credentials as string | undefined, trustees: ours?.trustees as string | undefined }
}

export function readCreds(text: string): Set<string> {
  const list = text.match(/[0-9a-f]{64}/g) ?? []
  if (text !== `[${list.map((c) => `"${c}"`).join(',')}]`) fault('form', 'credentials')
  const out = new Set(list)
  if (out.size !== list.length) fault('twice', 'credentials')
  return out
}

/** Lists of lists of what stands for the cells, as the format writes them. */
function nested(el: Election, items: string[]): string {
  let at = 0
  return `[${el.questions.map((q) => `[${items.slice(at, at += cellsOf(q)).join(',')}]`).join(',')}]`
}

export interface Archive {
  election: Election
  trustees: Trustees
  text: string
  stage: 'voting' | 'closed' | 'tallied' | 'done'
  floor: number
  ballots: number
  counted: number
  /** SHA-256 of the bytes up to the tally: what the big screen shows. */
  closed: string
  tally: [Pt, Pt][]
  tallyHash: string
  shares: number[]
  counts: number[] | null
}

interface Share { owner: number; factors: Pt[] }

function shareHead(el: Election, key: Pt): string {
  return `decrypt|${el.phi}|${hexOf(key)}|`
}

export function readShare(el: Election, tally: [Pt, Pt][], tr: Trustees, owner: number, text: string): Share {
  const where = `share ${owner}`
  const key = tr.members[owner - 1]?.key ?? fault('key', where)
  let v: { decryption_factors?: unknown[][]; decryption_proofs?: unknown[][] }
  try {
    v = JSON.parse(text) as typeof v
  } catch {
    return fault('form', where)
  }
  const flat = (list: unknown): unknown[] => (Array.isArray(list) ? list.reduce<unknown[]>((all, one) => all.concat(one), []) : [])
  const hex = flat(v.decryption_factors), proofs = readProofs(flat(v.decryption_proofs), tally.length, where)
  if (hex.length !== tally.length || text !== `{"decryption_factors":${nested(el, hex.map((one) => `"${String(one)}"`))},"decryption_proofs":${nested(el, proofs.map(proofText))}}`) return fault('form', where)
  const factors = hex.map((one, i) => {
    const f = readPoint(one) ?? fault('point', where)
    const p = proofs[i]!
    const a = mulAddUnsafe(Point, [BASE, key], [p.response, p.challenge]), b = mulAddUnsafe(Point, [tally[i]![0], f], [p.response, p.challenge])
    return challengeOf(`${shareHead(el, key)}${hexOf(a)},${hexOf(b)}`) === p.challenge ? f : fault('proof', where)
  })
  return { owner, factors }
}

/** g^count of each cell; null when the shares are not enough. */
function combine(tally: [Pt, Pt][], tr: Trustees, shares: Share[]): Pt[] | null {
  const sums = tally.map(() => IDENTITY)
  for (const set of tr.sets) {
    const want = set.threshold || 1
    const used = Array.from({ length: set.n }, (_, i) => i + 1).filter((i) => shares.some((s) => s.owner === set.from + i)).slice(0, want)
    if (used.length < want) return null
    weights(used).forEach((w, i) => {
      const share = shares.find((s) => s.owner === set.from + used[i]!)!
      share.factors.forEach((f, k) => { sums[k] = sums[k]!.add(set.threshold ? f.multiplyUnsafe(w) : f) })
    })
  }
  return tally.map((c, k) => c[1].subtract(sums[k]!))
}

function checkResult(el: Election, text: string, powers: Pt[], counted: number): number[] {
  let v: { result?: number[][] }
  try {
    v = JSON.parse(text) as typeof v
  } catch {
    return fault('form', 'result')
  }
  const counts = (v.result ?? []).reduce<number[]>((all, one) => all.concat(one), [])
  if (counts.length !== powers.length || text !== `{"result":${nested(el, counts.map(String))}}`) return fault('form', 'result')
  counts.forEach((n, i) => {
    if (!Number.isInteger(n) || n < 0 || n > counted || !BASE.multiplyUnsafe(BigInt(n)).equals(powers[i]!)) fault('result', `cell ${i + 1}`)
  })
  return counts
}

// --- all of it ------------------------------------------------------------------------------------

const breathe = (): Promise<void> => new Promise((done) => { setTimeout(done, 0) })
const MAGIC = 'SPHINT1\0'

/** Hints that belong to this archive, one piece a ballot; null: none. */
function hintsFor(el: Election, closed: string, n: number, hints: Uint8Array | null): ((i: number) => Uint8Array) | null {
  const each = hintsOf(el)
  if (!hints || hints.length !== HINTS_HEAD + n * each) return null
  if (String.fromCharCode(...hints.subarray(0, 8)) !== MAGIC || hexBytes(hints.subarray(8, HINTS_HEAD)) !== closed) return null
  return (i) => hints.subarray(HINTS_HEAD + i * each, HINTS_HEAD + (i + 1) * each)
}

function lastOf(p: Parts, votes: Given[], creds: Set<string>): Set<number> {
  const last = new Map<string, number>()
  const seen = new Set<string>()
  votes.forEach((g, i) => {
    if (seen.has(p.ballots[i]!.hash)) fault('twice', g.where)
    seen.add(p.ballots[i]!.hash)
    if (!creds.has(g.vote.credential)) fault('credential', g.where)
    last.set(g.vote.credential, i)
  })
  return new Set(last.values())
}

/** Verifies everything. `progress` is told how many ballots are judged. */
export async function verifyArchive(bytes: Uint8Array, hints: Uint8Array | null, progress: (done: number, all: number) => void = () => undefined): Promise<Archive> {
  const r = new Reader(bytes)
  const p = setup(r)
  while (!r.end) step(r, p)
  const election = readElection(new TextEncoder().encode(p.election))
  const ours = readOurs(p.election)
  if (ours.credentials !== undefined && ours.credentials !== hexHash(p.creds)) fault('frozen', 'credentials')
  if (ours.trustees !== undefined && ours.trustees !== hexHash(p.trustees)) fault('frozen', 'trustees')
  const trustees = readTrustees(p.trustees)
  if (!trustees.key.equals(election.key)) fault('proof', 'key')
  prepare([election])
  const closed = p.ended ? hexHash(bytes.subarray(0, p.closedAt)) : ''
  const given: Given[] = p.ballots.map((b, i) => ({ vote: readVote(election, b.text, `ballot ${i + 1}`), hints: null, where: `ballot ${i + 1}` }))
  const counts = lastOf(p, given, readCreds(p.creds))
  const piece = hintsFor(election, closed, given.length, hints)
  if (piece) given.forEach((g, i) => { g.hints = piece(i) })
  const cells = election.questions.reduce((n, q) => n + cellsOf(q), 0)
  const tally = Array.from({ length: cells }, (): [Pt, Pt] => [IDENTITY, IDENTITY])
  const some = piece ? AT_ONCE : 1
  for (let at = 0; at < given.length; at += some) {
    judgeAll(election, given.slice(at, at + some)).forEach((own, i) => {
      if (counts.has(at + i)) own.forEach((c, k) => { tally[k] = [tally[k]![0].add(c[0]), tally[k]![1].add(c[1])] })
    })
    progress(Math.min(at + some, given.length), given.length)
    await breathe()
  }
  const out: Archive = {
    election, trustees, text: p.election, floor: ours.floor, ballots: given.length, counted: counts.size, closed, tally,
    stage: p.result ? 'done' : p.tally ? 'tallied' : p.ended ? 'closed' : 'voting', tallyHash: p.tally?.hash ?? '', shares: [], counts: null,
  }
  checkTally(p, out)
  return out
}

/** The encrypted sum as the archive writes it. */
export const tallyText = (a: Archive): string =>
  nested(a.election, a.tally.map(([alpha, beta]) => `{"alpha":"${hexOf(alpha)}","beta":"${hexOf(beta)}"}`))

function checkTally(p: Parts, a: Archive): void {
  if (!p.tally) return
  if (!a.ballots) fault('chain', 'tally')
  if (tallyText(a) !== p.tally.text) fault('tally', 'tally')
  if (p.tally.counted !== a.counted || p.tally.weight !== a.counted) fault('counted', `${p.tally.counted} / ${a.counted}`)
  const shares = p.shares.map((s) => readShare(a.election, a.tally, a.trustees, s.owner, s.text))
  a.shares = shares.map((s) => s.owner)
  if (new Set(a.shares).size !== shares.length) fault('twice', 'share')
  if (shares.length && a.counted < a.floor) fault('floor', `${a.counted} < ${a.floor}`)
  if (p.result === null) return
  const powers = combine(a.tally, a.trustees, shares) ?? fault('result', 'shares')
  a.counts = checkResult(a.election, p.result, powers, a.counted)
}

/** Which of the trustees has this secret; 0: none. */
export function ownerOf(a: Archive, secret: bigint): number {
  const key = BASE.multiply(secret)
  return a.trustees.members.findIndex((m) => m.key.equals(key)) + 1
}

/** One trustee's share of a verified archive. `given`: the tally of an earlier share, or ''. */
export function makeShare(a: Archive, secret: bigint, given: string): string {
  if (a.stage !== 'tallied' || !a.counted) fault('unfinished', a.stage)
  if (a.counted < a.floor) fault('floor', `${a.counted} < ${a.floor}`)
  if (given && given !== a.tallyHash) fault('given', a.election.uuid)
  const owner = ownerOf(a, secret)
  if (!owner) fault('key', a.election.uuid)
  const head = shareHead(a.election, a.trustees.members[owner - 1]!.key)
  const factors = a.tally.map(([alpha]) => `"${hexOf(alpha.multiply(secret))}"`)
  const proofs = a.tally.map(([alpha]): Proof => {
    const w = randomScalars(1)[0]!
    const challenge = challengeOf(`${head}${hexOf(BASE.multiply(w))},${hexOf(alpha.multiply(w))}`)
    return { challenge, response: modQ(w - secret * challenge) }
  })
  return `{"decryption_factors":${nested(a.election, factors)},"decryption_proofs":${nested(a.election, proofs.map(proofText))}}`
}
