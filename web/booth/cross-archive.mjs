// cross-archive.mjs SHUPING PEER VERIFIER: archives of the program in the page's verifier, the page's share
// in the program, and archives that somebody changed, chain and hashes made anew so that only what they
// say is wrong.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from './size.mjs'

const [shuping, peer, verify] = process.argv.slice(2)
const home = mkdtempSync(join(tmpdir(), 'booth-archive-'))
const page = new Function(`${await bundle('tools.ts')};return booth`)()
let passed = 0, failed = 0

function check(what, ok, more = '') {
  if (ok) passed++
  else failed++
  console.log(`${ok ? 'ok' : 'FAIL'}  ${what}${ok ? '' : ` ${more}`}`)
}

// --- an archive as a list of things, written with whatever they say -------------------------------------

const sha = (b) => createHash('sha256').update(b).digest('hex')

function record(name, body, time) {
  const head = Buffer.alloc(512)
  head.write(name, 0)
  head.write('0000644', 100)
  head.write('0000000', 108)
  head.write('0000000', 116)
  head.write(body.length.toString(8).padStart(11, '0'), 124)
  head.write(time.toString(8).padStart(11, '0'), 136)
  head.write('        ', 148)
  head.write('0', 156)
  head.write(head.reduce((n, b) => n + b, 0).toString(8).padStart(6, '0'), 148)
  head[154] = 0
  return Buffer.concat([head, body, Buffer.alloc((512 - (body.length % 512)) % 512)])
}

function archive(a) {
  const out = [record('BELENIOS', Buffer.from(`{"version":1,"timestamp":"${a.time}"}`), a.time)]
  let parent = '', height = 0
  const data = (text) => { const b = Buffer.from(text); out.push(record(`${sha(b)}.data.json`, b, a.time)); return sha(b) }
  const event = (type, payload) => {
    const text = Buffer.from(`{${height ? `"parent":"${parent}",` : ''}"height":${height},"type":"${type}"${payload ? `,"payload":"${payload}"` : ''}}`)
    out.push(record(`${sha(text)}.event.json`, text, a.time))
    parent = sha(text)
    height++
  }
  const [e, t, c] = [data(a.election), data(a.trustees), data(a.creds)]
  event('Setup', data(`{"election":"${e}","trustees":"${t}","credentials":"${c}"}`))
  for (const b of a.ballots) event('Ballot', data(b))
  if (a.open) return Buffer.concat(out)
  event('EndBallots')
  if (a.tally) {
    const tally = data(a.tally)
    event('EncryptedTally', data(`{"num_tallied":${a.counted},"total_weight":${a.weight ?? a.counted},"encrypted_tally":"${tally}"}`))
  }
  for (const s of a.shares) {
    const share = data(s.text)
    event('PartialDecryption', data(`{"owner":${s.owner},"payload":"${share}"}`))
  }
  if (a.result) event('Result', data(a.result))
  return Buffer.concat(out)
}

/** The list of things again, from bytes. */
function parts(bytes) {
  const bodies = []
  for (let at = 0; at < bytes.length;) {
    const size = parseInt(bytes.toString('latin1', at + 124, at + 135), 8)
    bodies.push({ text: bytes.toString('utf8', at + 512, at + 512 + size), event: bytes.toString('latin1', at + 64, at + 75) === '.event.json' })
    at += 512 + Math.ceil(size / 512) * 512
  }
  const a = { time: Number(JSON.parse(bodies[0].text).timestamp), ballots: [], shares: [] }
  ;[a.election, a.trustees, a.creds] = bodies.slice(1, 4).map((b) => b.text)
  let held = []
  for (const b of bodies.slice(6)) {
    if (!b.event) { held.push(b.text); continue }
    const { type } = JSON.parse(b.text)
    if (type === 'Ballot') a.ballots.push(held[0])
    if (type === 'EncryptedTally') { a.tally = held[0]; a.counted = JSON.parse(held[1]).num_tallied }
    if (type === 'PartialDecryption') a.shares.push({ text: held[0], owner: JSON.parse(held[1]).owner })
    if (type === 'Result') a.result = held[0]
    held = []
  }
  return a
}

const look = (bytes, hints = null) => page.verifyArchive(new Uint8Array(bytes), hints).then((a) => a, (e) => e)
const wrong = (got) => got instanceof Error && got.kind !== undefined

// --- archives of the program ---------------------------------------------------------------------------

execFileSync(shuping, ['ballot', 'demo', '--voters', '8', '--questions', '2', '--trustees', '2/3', '--out', home])
const name = readdirSync(home).find((f) => f.endsWith('.bel'))
const bytes = readFileSync(join(home, name)), hints = new Uint8Array(readFileSync(join(home, `${name}.hints`)))
let from = performance.now()
const slow = await look(bytes)
const plainMs = performance.now() - from
from = performance.now()
const quick = await look(bytes, hints)
const hintMs = performance.now() - from
check('the page accepts an archive of the program, without hints', slow.stage === 'done', slow)
check('and with them', quick.stage === 'done' && quick.closed === slow.closed && quick.tallyHash === slow.tallyHash, quick)
console.log(`    8 ballots of 2 questions: ${plainMs.toFixed(0)} ms without hints, ${hintMs.toFixed(0)} ms with them`)
check('the counts are the result\'s', JSON.stringify([slow.counts]).length > 10 && parts(bytes).result.replace(/[^\d,]/g, '') === slow.counts.join())
const falseHints = hints.slice()
falseHints[40 + 64 * 7] ^= 1
check('false hints change nothing', (await look(bytes, falseHints)).closed === slow.closed)
check('the parts give the same bytes again', archive(parts(bytes)).equals(bytes))
for (const n of [0, 1, 511, bytes.length / 2, bytes.length - 512]) check(`cut after ${n} bytes it is refused`, wrong(await look(bytes.subarray(0, n - (n % 2 ? 0 : 1)))))

// --- changed archives ------------------------------------------------------------------------------------

const flips = []
for (let i = 0; i < 40; i++) {
  const torn = Buffer.from(bytes)
  torn[crypto.getRandomValues(new Uint32Array(1))[0] % torn.length] ^= 1 << (i % 7)
  flips.push(await look(torn))
}
check('40 archives with one bit changed are refused', flips.every(wrong))

const swapText = (text, a, b) => { const p = JSON.parse(text); [a(p), b(p)]; return JSON.stringify(p) }
const changes = {
  'a ballot left out of the tally': (a) => { a.ballots.pop() },
  'a ballot left out and the number lowered': (a) => { a.ballots.pop(); a.counted-- },
  'a false number of ballots': (a) => { a.counted++ },
  'a false total weight': (a) => { a.weight = a.counted + 1 },
  'a ballot twice': (a) => { a.ballots.push(a.ballots[0]) },
  'no tally at all but shares': (a) => { a.tally = null },
  'two choices of a ballot swapped': (a) => { a.ballots[0] = swapText(a.ballots[0], (b) => b.answers[0].choices.reverse(), () => 0) },
  'two proofs swapped': (a) => { a.ballots[1] = swapText(a.ballots[1], (b) => b.answers[0].individual_proofs.reverse(), () => 0) },
  'another ballot\'s signature': (a) => { a.ballots[2] = swapText(a.ballots[2], (b) => { b.signature = JSON.parse(a.ballots[3]).signature }, () => 0) },
  'another ballot\'s credential': (a) => { a.ballots[2] = a.ballots[2].replace(JSON.parse(a.ballots[2]).credential, JSON.parse(a.ballots[3]).credential) },
  'a blank in a ballot': (a) => { a.ballots[0] = a.ballots[0].replace('{"election_uuid"', '{ "election_uuid"') },
  'a challenge q higher': (a) => { a.ballots[0] = a.ballots[0].replace(/"challenge":"(\d+)"/, (_, n) => `"challenge":"${BigInt(n) + (1n << 252n) + 27742317777372353535851937790883648493n}"`) },
  'a member nobody knows': (a) => { a.ballots[0] = a.ballots[0].replace(/}$/, ',"more":1}') },
  'the identity as ciphertext': (a) => { a.ballots[0] = a.ballots[0].replace(/"alpha":"[0-9a-f]{64}"/, `"alpha":"${'1'.padStart(64, '0')}"`) },
  'a point of order eight as ciphertext': (a) => { a.ballots[0] = a.ballots[0].replace(/"beta":"[0-9a-f]{64}"/, '"beta":"7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7"') },
  'a credential taken off the list': (a) => { a.creds = JSON.stringify(JSON.parse(a.creds).slice(1)) },
  'a credential added to the list': (a) => { a.creds = JSON.stringify([...JSON.parse(a.creds), JSON.parse(a.ballots[0]).answers[0].choices[0].alpha].sort()) },
  'the floor lowered': (a) => { a.election = a.election.replace(/"floor":\d+/, '"floor":1') },
  'a question renamed': (a) => { a.election = a.election.replace('"question":"', '"question":"不') },
  'another key in the election': (a) => { a.election = a.election.replace(/"public_key":"[0-9a-f]{64}"/, `"public_key":"${JSON.parse(a.creds)[0]}"`) },
  'a trustee given a name': (a) => { a.trustees = a.trustees.replace(/("public_key":"[0-9a-f]{64}")}]/, '$1,"name":"某"}]') },
  'two cells of the tally swapped': (a) => { a.tally = swapText(a.tally, (t) => t[0].reverse(), () => 0) },
  'a share of another owner': (a) => { a.shares[1].owner = a.shares[1].owner === 2 ? 3 : 2 },
  'a share twice': (a) => { a.shares.push(a.shares[0]) },
  'a share missing': (a) => { a.shares.pop() },
  'a false factor': (a) => { a.shares[0].text = swapText(a.shares[0].text, (s) => s.decryption_factors[0].reverse(), () => 0) },
  'a false decryption proof': (a) => { a.shares[0].text = swapText(a.shares[0].text, (s) => s.decryption_proofs[1].reverse(), () => 0) },
  'a vote moved in the result': (a) => { a.result = a.result.replace(/\[\[(\d+),(\d+)/, (_, x, y) => `[[${Number(x) + 1},${Number(y) - 1}`) },
  'the result before the shares': (a) => { a.shares = [] },
}
for (const [what, change] of Object.entries(changes)) {
  const a = parts(bytes)
  change(a)
  const made = archive(a)
  const file = join(home, 'changed.bel')
  writeFileSync(file, made)
  const program = spawnSync(verify, [file]).status
  const got = [await look(made), await look(made, hints)]
  check(`refused: ${what}`, !made.equals(bytes) && got.every(wrong) && program === 1, `${got} program ${program}`)
}

// --- a whole election of the page, judged by the program ----------------------------------------------------

const seeds = [0, 1, 2, 3].map(() => crypto.getRandomValues(new Uint8Array(32)))
const role = (i) => ({ index: i + 1, threshold: 2, size: 3 })
const certs = seeds.slice(0, 3).map((s, i) => page.makeCert(s, role(i)))
const deals = seeds.slice(0, 3).map((s, i) => page.makeDeal(s, role(i), certs))
const keys = seeds.slice(0, 3).map((s, i) => page.takeShares(s, role(i), certs, deals, `持钥人${i}`))
const single = page.makeSingle(seeds[3], '服务器')
const own = { time: 1790000000, trustees: page.trusteesText([single.text], [page.makeSet(role(0), certs, deals, keys.map((k) => k.text))]), ballots: [], shares: [] }
const slips = Array.from({ length: 4 }, page.makeSlip).map(page.credentialOf)
const uuid = 'BoothKwnBoxAbc1'
own.creds = JSON.stringify(slips.map((s) => page.publicCredential({ uuid }, s)).sort())
const hexOf = (p) => [...p.toBytes()].reverse().map((b) => b.toString(16).padStart(2, '0')).join('')
own.election = JSON.stringify({
  version: 1, description: '', name: '甲书记', group: 'Ed25519', public_key: hexOf(page.readTrustees(own.trustees).key),
  questions: [{ answers: ['好', '较好', '差'], blank: true, min: 1, max: 1, question: '抓党建' }, { answers: ['同意', '不同意'], min: 0, max: 1, question: '意见' }],
  uuid, shuping: { floor: 3, credentials: sha(own.creds), trustees: sha(own.trustees) },
})
const el = page.readElection(new TextEncoder().encode(own.election))
const chosen = [[0, 0], [0, 1], ['blank', 'none'], [2, 0]]
for (const [i, s] of slips.entries()) own.ballots.push((await page.makeBallot(el, s, chosen[i])).text)
own.ballots.sort()
const shut = await look(archive(own))
own.tally = page.tallyText(shut)
own.counted = 4
const tallied = await look(archive(own))
check('the page closes a box of its own', tallied.stage === 'tallied' && tallied.counted === 4 && tallied.floor === 3, tallied)
for (const k of [single, keys[2], keys[0]]) own.shares.push({ owner: page.ownerOf(tallied, k.secret), text: page.makeShare(tallied, k.secret, tallied.tallyHash) })
own.shares.sort((a, b) => a.owner - b.owner)
check('shares are the owners\'', own.shares.map((s) => s.owner).join() === '1,2,4')
let files = 0
const put = (text) => { const f = join(home, `f${files++}`); writeFileSync(f, text); return f }
check('the program takes each share', own.shares.every((s) => spawnSync(peer, ['share', '0'.repeat(64), `${s.owner}`, '2', '3', put(own.election), put(own.trustees), put(own.tally), put(s.text)]).status === 0))
check('and not as another\'s', spawnSync(peer, ['share', '0'.repeat(64), '3', '2', '3', put(own.election), put(own.trustees), put(own.tally), put(own.shares[1].text)]).status === 1)
own.result = '{"result":[[1,2,0,1],[2,1]]}'
const done = await look(archive(own))
check('the result is what was chosen', done.stage === 'done' && done.counts.join() === '1,2,0,1,2,1', done)
writeFileSync(join(home, 'own.bel'), archive(own))
check('shuping-verify accepts the page\'s archive', spawnSync(verify, [join(home, 'own.bel')]).status === 0)
const refusedShare = (secret, given) => { try { page.makeShare(tallied, secret, given); return '' } catch (e) { return e.kind } }
check('no share of another tally than before', refusedShare(single.secret, 'f'.repeat(64)) === 'given')
check('no share with a stranger\'s key', refusedShare(5n, '') === 'key')
const lowFloor = { ...tallied, floor: 5 }
let floor = ''
try { page.makeShare(lowFloor, single.secret, '') } catch (e) { floor = e.kind }
check('no share below the floor', floor === 'floor')

rmSync(home, { recursive: true })
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
