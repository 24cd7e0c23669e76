// speed.mjs SHUPING: seconds for 23 ballots of 6 questions in Node and in Chromium slowed down six
// times, on an address without TLS.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { bundle } from './size.mjs'

const ELECTIONS = 23, QUESTIONS = 6, SLOWER = 6, LIMIT_S = 15
const dir = mkdtempSync(join(tmpdir(), 'booth-speed-'))
execFileSync(process.argv[2], ['ballot', 'open', '--voters', '1', '--questions', `${QUESTIONS}`, '--trustees', '2/3', '--out', dir])
const election = [...readFileSync(join(dir, 'election.json'))]
const slip = readFileSync(join(dir, 'slips.txt'), 'utf8').split('\t')[0]
rmSync(dir, { recursive: true })

/** Runs in the browser too: everything it needs comes as arguments. */
async function vote({ election, slip, n }) {
  const from = performance.now()
  const elections = Array.from({ length: n }, () => booth.readElection(new Uint8Array(election)))
  booth.prepare(elections)
  const credential = booth.credentialOf(booth.readSlip(slip))
  let done = 0, longest = 0, last = performance.now()
  for (const el of elections)
    await booth.makeBallot(el, credential, el.questions.map((_, i) => i % 4), { onQuestion: () => {
      done++
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    } })
  return { done, seconds: (performance.now() - from) / 1000, longest, secure: globalThis.isSecureContext, subtle: typeof crypto.subtle }
}

const code = await bundle()
const show = (where, r) => console.log(`${where}: ${r.done} questions in ${r.seconds.toFixed(1)} s, at most ${r.longest.toFixed(0)} ms between signs of progress`)
const input = { election, slip, n: ELECTIONS }
globalThis.booth = new Function(`${code};return booth`)()
show('Node', await vote(input))
const browser = await chromium.launch({ executablePath: process.env.SHUPING_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
const page = await browser.newPage()
await page.route('http://meeting.test/**', (r) => r.fulfill({ contentType: 'text/html', body: '<!doctype html><title>booth</title>' }))
await page.goto('http://meeting.test/')
await page.evaluate(`${code};globalThis.booth = booth`)
const cdp = await page.context().newCDPSession(page)
await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
const r = await page.evaluate(vote, input)
await browser.close()
show(`Chromium ${browser.version()}, ${SLOWER} times slower, secure context ${r.secure}, crypto.subtle ${r.subtle}`, r)
process.exit(r.seconds <= LIMIT_S ? 0 : 1)
