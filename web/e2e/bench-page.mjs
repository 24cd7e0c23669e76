// How long a browser with an empty cache takes until the first page answers: its heading stands, its controls
// take input and the main thread is free. Against a page of the same browser that holds only a heading and a field.
// bench-page.mjs SHUPING (from web/)
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const LIMIT_MS = 1500
const ROUNDS = 5
const BARE = 'data:text/html,<main><h1>x</h1><input></main>'
const home = mkdtempSync(join(tmpdir(), 'bench-page-'))
const dir = join(home, 'data')
const shuping = process.argv[2]

function served() {
  return new Promise((done, failed) => {
    const child = spawn(shuping, ['serve', '--dir', dir], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.on('exit', () => failed(new Error(text)))
    child.stdout.on('data', (part) => {
      text += part
      const url = /https?:\/\/[\w.:[\]-]+:\d+/.exec(text)?.[0]
      if (url) done({ child, url })
    })
  })
}

/** From leaving for the page until a key pressed in its first field has been shown and drawn. */
async function answers(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN' })
  const page = await context.newPage()
  const at = performance.now()
  await page.goto(url, { waitUntil: 'commit' })
  await page.locator('main h1').first().waitFor()
  await page.locator('main input').first().press('a')
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))))
  const ms = performance.now() - at
  await context.close()
  return ms
}

async function best(browser, url) {
  let least = Infinity
  for (let i = 0; i < ROUNDS; i++) least = Math.min(least, await answers(browser, url))
  return least
}

execFileSync(shuping, ['init', '--dir', dir], { stdio: 'ignore' })
const { child, url } = await served()
const browser = await chromium.launch({
  executablePath: process.env.SHUPING_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
try {
  const bare = await best(browser, BARE)
  const ours = await best(browser, `${url}/login`)
  console.log(`first page to interactive in Chromium: ${ours.toFixed(0)} ms / an empty page ${bare.toFixed(0)} ms = `
    + `${(ours / bare).toFixed(2)}`)
  console.log(`= first page to interactive in Chromium\t${ours.toFixed(0)}\t<=\t${LIMIT_MS}\tms`)
} finally {
  await browser.close()
  child.removeAllListeners('exit')
  child.kill('SIGTERM')
  rmSync(home, { recursive: true, force: true })
}
