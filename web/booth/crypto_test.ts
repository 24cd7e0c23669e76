// @vitest-environment node
// What can be known without the program: the page's own key opens what it closed, and every proof
// holds by the formulas of the verifier, written here a second time with plain multiplications.
import { ed25519 } from '@noble/curves/ed25519.js'
import { describe, expect, test } from 'vitest'
import { type Choice, type Election, makeBallot, marksOf, prepare, publicCredential, readElection, rebuild, signatureOf } from './crypto.ts'
import { Point, Q, base64, challengeOf, hash, modQ, randomScalars, readPoint } from './group.ts'
import { Refusal } from './refuse.ts'
import { SIGNS, codeOf, credentialOf, lettersOfWords, makeSlip, readSlip, wordsOfTracker, writeSlip } from './slip.ts'
import { readOpening, writeOpening } from './vote/opening.ts'
import { pinyinOf } from './vote/pinyin.ts'
import { findReceipt, readReceipts, short } from './vote/receipt.ts'

type P = InstanceType<typeof Point>
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const hexOf = (p: P): string => p.toHex().match(/../g)!.reverse().join('')
const reasonOf = (work: () => unknown): string => {
  try { work() } catch (e) { return e instanceof Refusal ? [e.reason, ...Object.values(e.holes)].join(' ') : String(e) }
  return 'taken'
}

// The first eighteen letters: a slip that opens nothing.
const CODE = 'ABCDEFGHIJKLMNOPQR'
function withCheck(symbols: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const h = hash(`shuping slip|${symbols}`)
  return symbols + letters[h[0]! >> 2] + letters[(h[0]! & 3) << 4 | h[1]! >> 4]
}

interface Form { blank?: boolean; min?: number; max?: number; answers?: unknown; type?: string }
function electionOf(key: P | string, forms: Form[], more: Record<string, unknown> = {}): Uint8Array {
  return bytes(JSON.stringify({
    version: 1, description: '', name: '综合评价：甲书记', group: 'Ed25519',
    public_key: typeof key === 'string' ? key : hexOf(key),
    questions: forms.map((f) => ({ answers: ['好', '较好', '一般', '差'], min: 1, max: 1, question: '综合评价', ...f })),
    uuid: 'ABCDEFGHJKLMNP', ...more,
  }))
}

interface Proof { challenge: string; response: string }
interface Cipher { alpha: string; beta: string }
interface Answer { choices: Cipher[]; individual_proofs: Proof[][]; overall_proof: Proof[]; blank_proof?: Proof[] }

const point = (hex: string): P => readPoint(hex)!
const times = (p: P, n: bigint): P => p.multiplyUnsafe(modQ(n))

function commitments(key: P, c: { alpha: P; beta: P }, message: number, p: Proof): string {
  const without = c.beta.subtract(times(Point.BASE, BigInt(message)))
  return `${hexOf(times(Point.BASE, BigInt(p.response)).add(times(c.alpha, BigInt(p.challenge))))},` +
    hexOf(times(key, BigInt(p.response)).add(times(without, BigInt(p.challenge))))
}

function holds(key: P, head: string, branches: [{ alpha: P; beta: P }, number][], proofs: Proof[]): boolean {
  const text = head + branches.map(([c, m], j) => commitments(key, c, m, proofs[j]!)).join(',')
  return proofs.length === branches.length &&
    modQ(proofs.reduce((n, p) => n + BigInt(p.challenge), 0n)) === challengeOf(text)
}

function sound(el: Election, key: P, a: Answer, i: number, credential: string): boolean {
  const q = el.questions[i]!
  const cells = a.choices.map((c) => ({ alpha: point(c.alpha), beta: point(c.beta) }))
  const head = `${el.phi}|${credential}|`
  const all = `${head}${a.choices.map((c) => `${c.alpha},${c.beta}`).join(',')}|`
  const sum = cells.slice(q.blank ? 1 : 0).reduce((s, c) => ({ alpha: s.alpha.add(c.alpha), beta: s.beta.add(c.beta) }))
  const range = (q.min ? [1] : [0, 1]).map((m): [typeof sum, number] => [sum, m])
  const each = cells.every((c, k) =>
    holds(key, `prove|${head}${a.choices[k]!.alpha},${a.choices[k]!.beta}|`, [[c, 0], [c, 1]], a.individual_proofs[k]!))
  const total = q.blank
    ? holds(key, `bproof1|${all}`, [[cells[0]!, 1], ...range], a.overall_proof) &&
      holds(key, `bproof0|${all}`, [[cells[0]!, 0], [sum, 0]], a.blank_proof!)
    : holds(key, `prove|${all}${hexOf(sum.alpha)},${hexOf(sum.beta)}|`, range, a.overall_proof)
  return each && total
}

describe('a slip', () => {
  const code = withCheck(CODE)
  test('is read with gaps, and its credential has the shape of the official tool', () => {
    expect([...readSlip(` ${code.slice(0, 5)}, ${code.slice(5)}\n`)]).toEqual([...Array(18).keys()])
    expect(String.fromCharCode(...credentialOf(readSlip(code)))).toMatch(/^[1-9A-HJ-NP-Za-km-z]{5}(-\w{6}){1}-\w{5}-\w{6}$/)
  })
  test('is refused with the place of the fault', () => {
    expect(reasonOf(() => readSlip(code.slice(0, 19)))).toBe('slip_length 20')
    expect(reasonOf(() => readSlip(`${code}A`))).toBe('slip_length 20')
    expect(reasonOf(() => readSlip(`${code.slice(0, 3)}!${code.slice(4)}`))).toBe('slip_word 4 !')
    expect(reasonOf(() => readSlip(`B${code.slice(1)}`))).toBe('slip_check')
    expect(reasonOf(() => readSlip('大山 小马 大大'))).toBe('slip_word 3 大')
    expect(reasonOf(() => readSlip('大山'))).toBe('slip_length 10')
    expect(reasonOf(() => readSlip(''))).toBe('slip_length 20')
    expect(reasonOf(() => readSlip(' '.repeat(400)))).toBe('slip_length 20')
    expect(reasonOf(() => readSlip(' '.repeat(401)))).toBe('slip_long 400')
  })
})

describe('an election', () => {
  const key = Point.BASE.multiply(12345n)
  test('is read, and its hash is that of the bytes', () => {
    const text = electionOf(key, [{ blank: true }, { min: 0 }])
    const el = readElection(text)
    expect([el.uuid, el.questions[0]!.blank, el.questions[1]!.min]).toEqual(['ABCDEFGHJKLMNP', true, 0])
    expect(el.phi).toBe(base64(hash(text)))
    expect(readElection(new Uint8Array([...text, 10])).phi).not.toBe(el.phi)
  })
  test.each([
    ['election_kind', electionOf(key, [{}], { version: 2 })],
    ['election_kind', electionOf(key, [{}], { group: 'BELENIOS-2048' })],
    ['election_kind', electionOf(key, [{ max: 2 }])],
    ['election_kind', electionOf(key, [{ type: 'Lists' }])],
    ['election_kind', electionOf(key, [{ answers: Array(11).fill('好') }])],
    ['election_form', electionOf(key, [])],
    ['election_form', electionOf(key, [{ answers: [1] }])],
    ['election_form', electionOf(key, [{}], { uuid: 'ABCDEFGHJKLMN"' })],
    ['election_form', bytes('{')],
    ['election_form', bytes('null')],
    ['election_form', new Uint8Array([0x22, 0xff, 0x22])],
    ['election_key', electionOf('0'.repeat(63) + '1', [{}])],
    ['election_key', electionOf(hexOf(key).toUpperCase(), [{}])],
    ['election_key', electionOf(hexOf(key.add(Point.fromAffine({ x: 0n, y: Point.Fp.ORDER - 1n }))), [{}])],
  ])('is refused: %s', (reason, text) => {
    expect(reasonOf(() => readElection(text))).toBe(reason)
  })
})

describe('the curve', () => {
  test('is the one the library calls Ed25519', () => {
    const s = randomScalars(1)[0]!
    expect(Point.BASE.multiply(s).toHex()).toBe(ed25519.Point.BASE.multiply(s).toHex())
  })
})

describe('a test ballot', () => {
  const credential = credentialOf(readSlip(withCheck(CODE)))
  const choices: Choice[] = [1, 'blank', 0]
  test('is made again from what opens it, and from nothing else', async () => {
    const el = readElection(electionOf(Point.BASE.multiply(7n), [{}, { blank: true }, {}]))
    const seed = new Uint8Array(32).fill(9)
    const ballot = await makeBallot(el, credential, choices, { seed })
    const opening = { seed, choices, credential: publicCredential(el, credential), signature: signatureOf(ballot.text) }
    expect(await rebuild(el, opening)).toBe(ballot.tracker)
    expect(await rebuild(el, { ...opening, choices: [1, 'blank', 1] })).not.toBe(ballot.tracker)
    expect(await rebuild(el, { ...opening, seed: new Uint8Array(32).fill(8) })).not.toBe(ballot.tracker)
    const link = readOpening(writeOpening(el.uuid, opening))
    expect(link).toEqual({ uuid: el.uuid, opening })
    expect(await makeBallot(el, credential, choices, { seed })).not.toEqual(ballot)
  })
  test.each(['', 'a.b', 'u.01.x.y.z.w'])('is not read from %s', (text) => expect(readOpening(text)).toBe(null))
})

describe('a receipt', () => {
  const trackers = Array.from({ length: 50 }, (_, i) => base64(hash(`ballot ${i}`)))
  test('in words is the tracker\'s first ten letters', () => {
    for (const tracker of trackers) expect(lettersOfWords(wordsOfTracker(tracker).join(''))).toBe(tracker.slice(0, 10))
    expect(lettersOfWords('大大大大大大大大大大')).toBe('')
  })
  test('is found in whatever was pasted', () => {
    const [a, b, c] = trackers as [string, string, string]
    expect(readReceipts(`张某\n${short(a)}\n${a}\n\n${short(b)}\n 总码：${c.slice(0, 10)}`)).toEqual([a, b.slice(0, 10)])
    expect(readReceipts(`${c.slice(0, 10)}\n大山`)).toEqual([c.slice(0, 10)])
    expect(readReceipts('没有')).toEqual([])
  })
  test('counted, replaced and missing are told apart', () => {
    const [a, b, c] = trackers as [string, string, string]
    const reply = { elections: [{ uuid: 'u', title: '甲', group: 'A', object: 'x', trackers: [a] }], replaced: [base64(hash(`replaced|${b}`))] }
    expect(findReceipt(reply, a.slice(0, 10))).toMatchObject({ state: 'counted', title: '甲', tracker: a })
    expect(findReceipt(reply, b).state).toBe('replaced')
    expect(findReceipt(reply, c).state).toBe('none')
  })
})

describe('a slip', () => {
  test('is written as it is read', () => {
    for (let i = 0; i < 20; i++) {
      const slip = makeSlip()
      const { code, words } = writeSlip(slip)
      expect(readSlip(code)).toEqual(slip)
      expect(readSlip(words.join(' '))).toEqual(slip)
      expect(codeOf(words.join('、'))).toBe(code)
    }
  })
  test('has a sound for every sign, and no sign twice', () => {
    for (const list of SIGNS) {
      expect(new Set(list).size).toBe(64)
      for (const sign of list) expect(pinyinOf(sign)).toMatch(/^[a-z]+$/)
    }
    expect(pinyinOf('凉')).toBe('liang')
    expect(pinyinOf('九')).toBe('jiu')
    expect(pinyinOf('琴')).toBe('qin')
    expect(pinyinOf('光')).toBe('guang')
  })
})

describe('a ballot', () => {
  const x = randomScalars(1)[0]!
  const key = Point.BASE.multiply(x)
  const credential = credentialOf(readSlip(withCheck(CODE)))
  const forms: Form[] = [{ blank: true }, {}, { blank: true }, { min: 0 }, { min: 0, blank: true }, { min: 0 }]
  const choices: Choice[] = [2, 3, 'blank', 'none', 'none', 0]

  test('holds what was chosen and proves it, in the order it was told', async () => {
    const el = readElection(electionOf(key, forms))
    const told: number[] = []
    prepare([el])
    const ballot = await makeBallot(el, credential, choices, { onQuestion: (n) => told.push(n) })
    const v = JSON.parse(ballot.text) as { credential: string; answers: Answer[]; signature: { hash: string; proof: Proof } }
    expect(told).toEqual([1, 2, 3, 4, 5, 6])
    expect(v.credential).toBe(publicCredential(el, credential))
    v.answers.forEach((a, i) => {
      const opened = a.choices.map((c) => {
        const left = point(c.beta).subtract(times(point(c.alpha), x))
        return left.is0() ? 0 : left.equals(Point.BASE) ? 1 : -1
      })
      expect(opened).toEqual(marksOf(readElection(electionOf(key, forms)).questions[i]!, choices[i]!, i))
      expect(sound(el, key, a, i, v.credential)).toBe(true)
      const swapped = { ...a, individual_proofs: [...a.individual_proofs].reverse() }
      expect(sound(el, key, swapped, i, v.credential)).toBe(false)
    })
    const p = v.signature.proof
    const w = times(Point.BASE, BigInt(p.response)).add(times(point(v.credential), BigInt(p.challenge)))
    expect(challengeOf(`sig|${v.signature.hash}|${hexOf(w)}`)).toBe(BigInt(p.challenge))
    expect(ballot.tracker).toBe(base64(hash(ballot.text)))
    expect(JSON.stringify(v)).toBe(ballot.text)
  })
  test('is new every time, and no scalar reaches q', async () => {
    const el = readElection(electionOf(key, [{}]))
    const [a, b] = [await makeBallot(el, credential, [1]), await makeBallot(el, credential, [1])]
    expect(a.text).not.toBe(b.text)
    expect(a.text.match(/"\d+"/g)!.every((n) => BigInt(n.slice(1, -1)) < Q)).toBe(true)
  })
  test.each<[Choice, Form]>([[4, {}], [-1, {}], [0.5, {}], ['blank', {}], ['none', {}], ['none', { blank: true }]])(
    'is not made of %s', async (choice, form) => {
      const el = readElection(electionOf(key, [form]))
      await expect(makeBallot(el, credential, [choice])).rejects.toThrow('choice')
    })
  test('answers every question', async () => {
    await expect(makeBallot(readElection(electionOf(key, [{}, {}])), credential, [0])).rejects.toThrow('choice')
  })
})
