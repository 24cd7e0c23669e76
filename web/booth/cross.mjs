// cross.mjs SHUPING: the program opens a box, the booth as built votes in it, the program judges.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from './size.mjs'

const shuping = process.argv[2]
const VOTERS = 12
const CHANGED_EACH = 20
const home = mkdtempSync(join(tmpdir(), 'booth-'))
const booth = new Function(`${await bundle()};return booth`)()
let passed = 0, failed = 0

function check(what, ok, more = '') {
  if (ok) passed++
  else failed++
  console.log(`${ok ? 'ok' : 'FAIL'}  ${what}${ok ? '' : ` ${more}`}`)
}

function open(name, questions) {
  const dir = join(home, name)
  execFileSync(shuping, ['ballot', 'open', '--voters', `${VOTERS}`, '--questions', `${questions}`, '--trustees', '2/3', '--out', dir])
  const slips = readFileSync(join(dir, 'slips.txt'), 'utf8').trim().split('\n').map((line) => line.split('\t'))
  const el = booth.readElection(new Uint8Array(readFileSync(join(dir, 'election.json'))))
  booth.prepare([el])
  return { dir, slips, el, listed: JSON.parse(readFileSync(join(dir, 'public_creds.json'), 'utf8')) }
}

const judge = (dir, files) => spawnSync(shuping, ['ballot', 'check', '--in', dir, ...files], { encoding: 'utf8', maxBuffer: 1 << 26 })
const random = (n) => crypto.getRandomValues(new Uint32Array(1))[0] % n

const box = open('box', 6), other = open('other', 6)
const ascii = (bytes) => String.fromCharCode(...bytes)
const wrongSlips = box.slips.filter(([code, credential, words]) =>
  ascii(booth.credentialOf(booth.readSlip(code))) !== credential || ascii(booth.credentialOf(booth.readSlip(words))) !== credential)
check(`${VOTERS} slips, as codes and as words, give the program's credentials`, wrongSlips.length === 0)
const keys = box.slips.map(([code]) => booth.publicCredential(box.el, booth.credentialOf(booth.readSlip(code))))
check('their public parts are the list', JSON.stringify([...keys].sort()) === JSON.stringify(box.listed))

const ballots = []
for (const [i, [code]] of box.slips.entries()) {
  const choices = box.el.questions.map((q, k) => {
    const n = (i + k) % (q.answers.length + (q.blank ? 1 : 0))
    return n === q.answers.length ? 'blank' : n
  })
  const ballot = await booth.makeBallot(box.el, booth.credentialOf(booth.readSlip(code)), choices)
  const file = join(home, `${i}.json`)
  writeFileSync(file, ballot.text)
  writeFileSync(`${file}.hints`, ballot.hints)
  ballots.push({ ...ballot, file })
}
const verdict = judge(box.dir, ballots.map((b) => b.file))
const lines = verdict.stdout.trim().split('\n').map((line) => line.split('\t'))
check(`the program accepts ${VOTERS} ballots of ${box.el.questions.length} questions`, verdict.status === 0, verdict.stderr)
check('reads the same trackers', ballots.every((b, i) => lines[i]?.[0] === b.tracker))
check('finds the hints it would have made itself', lines.every((line) => line[1] === '提示相符'))

// Any byte: the text with another one in its place, judged without hints and with them.
const changed = ballots.flatMap((b, i) => Array.from({ length: CHANGED_EACH }, (_, k) => {
  const bytes = new TextEncoder().encode(b.text)
  const at = random(bytes.length)
  bytes[at] = bytes[at] === 0x31 ? 0x32 : 0x31
  const file = join(home, `${i}-${k}.json`)
  writeFileSync(file, bytes)
  if (k % 2) writeFileSync(`${file}.hints`, b.hints)
  return file
}))
const refused = judge(box.dir, changed)
const named = new Set(refused.stderr.split('\n').map((line) => line.split('\t')[0]))
check(`refuses all ${changed.length} with one byte changed`, refused.status === 1 && refused.stdout === '' && changed.every((f) => named.has(f)), refused.stdout)

const torn = join(home, 'torn.json')
writeFileSync(torn, ballots[0].text)
const wrong = ballots[0].hints.slice()
wrong[3] ^= 1
writeFileSync(`${torn}.hints`, wrong)
const slow = judge(box.dir, [torn])
check('accepts a ballot whose hints are wrong, and says they are', slow.status === 0 && slow.stdout.includes('提示不符'), slow.stderr)
const stray = judge(other.dir, [ballots[0].file])
check('refuses it in another box', stray.status === 1 && stray.stderr.includes('另一场投票'), stray.stderr)
const guest = join(home, 'guest.json')
writeFileSync(guest, (await booth.makeBallot(box.el, booth.credentialOf(booth.readSlip(other.slips[0][0])), box.el.questions.map(() => 0))).text)
const unknown = judge(box.dir, [guest])
check("refuses another box's slip", unknown.status === 1 && unknown.stderr.includes('不在本票箱的名单上'), unknown.stderr)

rmSync(home, { recursive: true })
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
