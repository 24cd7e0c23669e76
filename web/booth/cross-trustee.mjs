// cross-trustee.mjs PEER: a ceremony of one trustee of the page and two of the program, in every order,
// and the same words from the same seeds on both sides.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from './size.mjs'

const peer = process.argv[2]
const home = mkdtempSync(join(tmpdir(), 'booth-trustee-'))
const page = new Function(`${await bundle('tools.ts')};return booth`)()
let passed = 0, failed = 0

function check(what, ok, more = '') {
  if (ok) passed++
  else failed++
  console.log(`${ok ? 'ok' : 'FAIL'}  ${what}${ok ? '' : ` ${more}`}`)
}

let files = 0
function file(text) {
  const name = join(home, String(files++))
  writeFileSync(name, text)
  return name
}
const hex = (seed) => Buffer.from(seed).toString('hex')
function program(what, seed, role, texts) {
  const r = spawnSync(peer, [what, hex(seed), `${role.index}`, `${role.threshold}`, `${role.size}`, ...texts.map(file)], { encoding: 'utf8' })
  return r.status === 0 ? r.stdout : null
}
const refused = (work) => { try { work(); return false } catch (e) { return e.kind !== undefined } }

const SIZE = 3, THRESHOLD = 2, NAME = '监票人'
const seeds = Array.from({ length: SIZE }, () => crypto.getRandomValues(new Uint8Array(32)))
const role = (i) => ({ index: i + 1, threshold: THRESHOLD, size: SIZE })
const certs = seeds.map((s, i) => page.makeCert(s, role(i)))
check('a certificate is the program\'s, byte for byte', seeds.every((s, i) => program('cert', s, role(i), []) === certs[i]))
const deals = seeds.map((s, i) => page.makeDeal(s, role(i), certs))
check('so is a deal, sealed shares and all', seeds.every((s, i) => program('deal', s, role(i), certs) === deals[i]))
const keys = seeds.map((s, i) => page.takeShares(s, role(i), certs, deals, NAME))
check('so is what one holds in the end', seeds.every((s, i) => program('take', s, role(i), [...certs, ...deals]) === keys[i].text))
const set = page.makeSet(role(0), certs, deals, keys.map((k) => k.text))
check('and so is the set', program('set', seeds[0], role(0), [...certs, ...deals, ...keys.map((k) => k.text)]) === set)
const single = page.makeSingle(seeds[0], '服务器')
check('and a single key', program('single', seeds[0], role(0), []) === single.text)
const whole = page.trusteesText([single.text], [set])
check('the program reads the page\'s trustees.json', program('trustees', seeds[0], role(0), [whole]) !== null)
check('the page reads it too, and finds everyone', page.readTrustees(whole).members.map((m) => m.name).join() === ['服务器', NAME, NAME, NAME].join())

// One trustee at the page, two at the program: what they say is the same, so they may mix freely.
const mixed = certs.map((c, i) => (i === 1 ? c : program('cert', seeds[i], role(i), [])))
const dealt = mixed.map((_, i) => (i === 1 ? page.makeDeal(seeds[1], role(1), mixed) : program('deal', seeds[i], role(i), mixed)))
const held = dealt.map((_, i) => (i === 1 ? page.takeShares(seeds[1], role(1), mixed, dealt, NAME).text : program('take', seeds[i], role(i), [...mixed, ...dealt])))
check('one of the page and two of the program make a set that both accept',
  program('set', seeds[0], role(0), [...mixed, ...dealt, ...held]) === page.makeSet(role(0), mixed, dealt, held))

// A byte changed anywhere is refused by both, but for the names: no signature of the format covers
// them (the election's trail binds the whole file), so the draws leave them out.
const named = [...whole.matchAll(/"name":"([^"]*)"/g)].map((m) => [m.index + 8, m.index + 8 + m[1].length])
const places = Array.from(whole, (_, i) => i).filter((i) => !named.some(([from, end]) => i >= from && i < end))
const wrong = Array.from({ length: 40 }, () => {
  const at = places[crypto.getRandomValues(new Uint32Array(1))[0] % places.length]
  return `${whole.slice(0, at)}${whole[at] === '1' ? '2' : '1'}${whole.slice(at + 1)}`
})
check('four names stand in the file', named.length === 4)
check('neither takes trustees.json with a byte changed', wrong.every((text) => refused(() => page.readTrustees(text)) && program('trustees', seeds[0], role(0), [text]) === null))
const other = page.makeCert(seeds[2], role(0))
check('a certificate of another index is refused', refused(() => page.makeDeal(seeds[1], role(1), [certs[0], certs[1], other])))
const foreign = [...deals]
foreign[2] = page.makeDeal(seeds[2], role(2), [page.makeCert(seeds[1], role(0)), certs[1], certs[2]])
check('a deal made for other certificates is refused', refused(() => page.takeShares(seeds[0], role(0), certs, foreign, NAME)))
const torn = deals[2].replace(/"shares":\["(.)/, (all, c) => `"shares":["${c === 'A' ? 'B' : 'A'}`)
check('a share that does not open is refused', refused(() => page.takeShares(seeds[0], role(0), certs, [deals[0], deals[1], torn], NAME)))
check('a seed that is not this trustee\'s is refused', refused(() => page.makeDeal(seeds[2], role(0), certs)))

rmSync(home, { recursive: true })
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
