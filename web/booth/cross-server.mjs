// cross-server.mjs PROGRAM: the pages' own code against the real server, from the key ceremony to the
// result. PROGRAM --serve is a small hall with its server; here are three trustees, who makes the slips,
// and nine phones.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'
import { bundle } from './size.mjs'

const page = new Function(`${await bundle('tools.ts')};return booth`)()
const hall = spawn(process.argv[2], ['--serve'], { stdio: ['pipe', 'pipe', 'inherit'] })
const lines = createInterface({ input: hall.stdout })[Symbol.asyncIterator]()
let passed = 0, failed = 0

function check(what, ok, more = '') {
  if (ok) passed++
  else failed++
  console.log(`${ok ? 'ok' : 'FAIL'}  ${what}${ok ? '' : ` ${more}`}`)
}

async function said() {
  for (;;) {
    const { value, done } = await lines.next()
    if (done) throw new Error('the hall has gone')
    if (value.startsWith('{') || value === 'done') return value
  }
}
async function hallDoes(what) {
  hall.stdin.write(`${what}\n`)
  await said()
}

const { url, evote, slips: slipsPass, passes } = JSON.parse(await said())
async function ask(path, body) {
  const r = await fetch(`${url}/api/booth/${evote}${path}`, body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: JSON.stringify(body) })
  const v = await r.json()
  if (!r.ok) throw new Error(`${path}: ${v.error.name} ${v.error.message}`)
  return v
}
const bytes = async (uuid, part) => new Uint8Array(await (await fetch(`${url}/api/booth/${evote}/archive?uuid=${uuid}&part=${part}`)).arrayBuffer())
const sha = (text) => createHash('sha256').update(text).digest('hex')

// --- the ceremony ---------------------------------------------------------------------------------------

const SIZE = 3, THRESHOLD = 2
const seeds = passes.map(() => crypto.getRandomValues(new Uint8Array(32)))
const role = (i) => ({ index: i + 1, threshold: THRESHOLD, size: SIZE })
const desk = (i) => ask('/desk', { pass: passes[i] })
const everybody = async (step, make) => {
  for (const i of seeds.keys()) {
    const d = await desk(i)
    await ask('/say', { pass: passes[i], step, text: make(i, d) })
  }
}
await everybody('cert', (i) => page.makeCert(seeds[i], role(i)))
await everybody('deal', (i, d) => page.makeDeal(seeds[i], role(i), d.certs))
await everybody('key', (i, d) => page.takeShares(seeds[i], role(i), d.certs, d.deals, d.names[i]).text)
const dealt = await desk(1)
check('the server takes the pages\' ceremony', dealt.state === 'slips' && dealt.index === 2 && dealt.threshold === THRESHOLD && /^[0-9a-f]{64}$/.test(dealt.piece) && dealt.key)

// --- slips ------------------------------------------------------------------------------------------------

const slips = new Map()
for (const g of (await ask('/desk', { pass: slipsPass })).groups) {
  const made = Array.from({ length: g.slips }, page.makeSlip).map(page.credentialOf)
  slips.set(g.name, { made, uuids: g.uuids })
  const lists = g.uuids.map((uuid) => ({ uuid, creds: made.map((c) => page.publicCredential({ uuid }, c)).sort() }))
  await ask('/creds', { pass: slipsPass, group: g.name, lists })
}
check('the server has its public lists', (await ask('/desk', { pass: slipsPass })).state === 'ready')
const torn = slips.get('staff').made.pop()
await ask('/torn', { pass: slipsPass, group: 'staff', reason: '破损', slip: slips.get('staff').uuids.map((uuid) => ({ uuid, hex: page.publicCredential({ uuid }, torn) })) })
check('a torn slip is on the published list', (await ask('/torn')).torn.length === 1)
await hallDoes('open')

// --- phones -----------------------------------------------------------------------------------------------

const info = await ask('')
check('the pages that are served are those of the rules', info.state === 'open' && info.pages.vote === info.served.vote && info.pages.trustee.length === 64)
const VOTERS = 9
const credentials = slips.get('staff').made.slice(0, VOTERS)
const held = []
for (const g of info.groups) {
  const list = await ask(`/creds?uuid=${g.first}`)
  if (list.includes(page.publicCredential({ uuid: g.first }, credentials[0]))) held.push(g.name)
}
check('a slip finds its one group', held.join() === 'staff', held.join())
const elections = (await ask('/group?group=staff')).elections.slice(0, 2).map((e) => page.readElection(new TextEncoder().encode(e.text)))
page.prepare(elections)
const counts = elections.map((el) => el.questions.map((q) => q.answers.map(() => 0)))
const trackers = []
async function vote(who, el, choices, hints = true) {
  const b = await page.makeBallot(el, who, choices)
  const { cast } = await ask('/cast', { ballots: [{ uuid: el.uuid, ballot: b.text, ...(hints ? { hints: Buffer.from(b.hints).toString('base64') } : {}) }] })
  return { ...cast[0], own: b.tracker }
}
let fine = true
for (const [v, who] of credentials.entries())
  for (const [e, el] of elections.entries()) {
    const choices = el.questions.map((q, i) => (v + i + e) % q.answers.length)
    choices.forEach((c, i) => counts[e][i][c]++)
    const r = await vote(who, el, choices, e === 0 || v !== 3) // one phone sends no hints into the second box
    fine &&= r.state === 'new' && r.tracker === r.own
    trackers.push(r.tracker)
  }
check('ballots of the page are taken, trackers agree', fine)
const refused = await vote(torn, elections[0], elections[0].questions.map(() => 0))
check('the torn slip votes no more', refused.state === 'refused' && refused.name === 'URN_VOID' && refused.tracker === '')
const before = trackers[0], other = elections[0].questions.map(() => 1)
elections[0].questions.forEach((_, i) => { counts[0][i][i % 4]--; counts[0][i][1]++ })
const redo = await vote(credentials[0], elections[0], other)
trackers[0] = redo.tracker
check('a second vote replaces the first', redo.state === 'replaced')
const test = await page.makeBallot(elections[0], credentials[1], other)
await ask('/opened', { uuid: elections[0].uuid, tracker: test.tracker })
const late = await ask('/cast', { ballots: [{ uuid: elections[0].uuid, ballot: test.text }] })
check('a test ballot that was opened is not cast', late.cast[0].name === 'URN_OPENED')

// --- afterwards ---------------------------------------------------------------------------------------------

await hallDoes(`close ${slips.get('staff').made.length - VOTERS}`)
const list = await ask('/trackers')
const all = list.elections.flatMap((e) => e.trackers)
check('every tracker is on the list, the replaced one apart', trackers.every((t) => all.includes(t)) && !all.includes(before) &&
  list.replaced.join() === createHash('sha256').update(`replaced|${before}`).digest('base64').replace(/=+$/, ''))
const seen = []
for (const i of [0, 2]) {
  const d = await desk(i)
  const { secret } = page.takeShares(seeds[i], role(i), d.certs, d.deals, d.names[i])
  for (const one of d.archives) {
    const a = await page.verifyArchive(await bytes(one.uuid, 'bel'), await bytes(one.uuid, 'hints'))
    if (i === 0) seen.push({ uuid: one.uuid, closed: a.closed })
    check(`trustee ${i + 1}: the archive is whole and the one that was closed`, a.closed === one.closed && a.counted === VOTERS && page.ownerOf(a, secret) === i + 2)
    await ask('/share', { pass: passes[i], uuid: one.uuid, share: page.makeShare(a, secret, '') })
  }
}
const end = await ask('')
check('one hash for all boxes is the same on the big screen', end.whole === sha(seen.map((s) => `${s.uuid}|${s.closed}\n`).sort().join('')) && seen.length === 2)
check('the result is there', end.state === 'counted')
for (const [e, el] of elections.entries()) {
  const done = await page.verifyArchive(await bytes(el.uuid, 'bel'), await bytes(el.uuid, 'hints'))
  let at = 0
  check('and is what was chosen', done.stage === 'done' && el.questions.every((q, i) => {
    at += q.blank ? 1 : 0
    const got = done.counts.slice(at, at += q.answers.length)
    return got.join() === counts[e][i].join()
  }), JSON.stringify(done.counts))
}
const third = await desk(1)
check('who comes later compares the same hashes', third.archives.every((a) => seen.find((s) => s.uuid === a.uuid).closed === a.closed))

hall.stdin.end()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
