// What browser tests need: the real server on a folder of its own, a page that fails on anything the reader
// would call broken, log-in, and pictures at two widths with an accessibility check.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

export const ROOT = resolve('..')
export const BINARY = process.env.SHUPING_BIN ?? process.env.SHUPING_BINARY ?? join(ROOT, 'build/shuping')
export const SHOTS = join(ROOT, 'build/shots')
const BROWSER = process.env.SHUPING_CHROMIUM ?? '/usr/bin/chromium'
const READY_MS = 15_000
const WIDTHS = [1366, 360] as const
const HEIGHT = { 1366: 768, 360: 740 }

export const tests: { name: string; body: () => Promise<void> }[] = []
const closing: (() => Promise<unknown> | void)[] = []

/** Registers a test; tests of a file run in order and may build on each other. */
export function test(name: string, body: () => Promise<void>): void {
  tests.push({ name, body })
}

/** Something to end when the file's tests are over, last opened first. */
export function atEnd(end: () => Promise<unknown> | void): void {
  closing.push(end)
}

export async function closeAll(): Promise<void> {
  while (closing.length) await closing.pop()!()
}

export function check(holds: unknown, what: string): asserts holds {
  if (!holds) throw new Error(what)
}

export function equal<T>(got: T, want: T, what = 'value'): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)]
  check(a === b, `${what}: got ${a}, wanted ${b}`)
}

/** A folder that goes away with the tests. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'shuping-e2e-'))
  atEnd(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Runs the binary to its end and gives what it printed. */
export async function runBinary(args: string[]): Promise<string> {
  const child = startBinary(args)
  const code = await new Promise<number | null>((done) => child.process.on('close', done))
  check(code === 0, `shuping ${args.join(' ')} ended with ${code}:\n${child.printed()}`)
  return child.printed()
}

export interface Server {
  url: string
  /** All it has printed so far: one-time links and demonstration passwords among it. */
  printed: () => string
  stop: () => Promise<void>
}

/** Serves `dir` on a free port of this machine and waits until it says where. */
export async function startServer(dir: string, args: string[] = []): Promise<Server> {
  const { process: child, printed } = startBinary(['serve', '--dir', dir, ...args])
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((done) => child.once('close', done))
    child.kill('SIGTERM')
    await ended
  }
  atEnd(stop)
  const until = Date.now() + READY_MS
  for (;;) {
    const url = /https?:\/\/[\w.:[\]-]+:\d+/.exec(printed())?.[0]
    if (url) return { url, printed, stop }
    check(child.exitCode === null, `the server ended with ${child.exitCode}:\n${printed()}`)
    check(Date.now() < until, `the server did not say where it listens within ${READY_MS} ms:\n${printed()}`)
    await new Promise((again) => setTimeout(again, 20))
  }
}

function startBinary(args: string[]): { process: ChildProcess; printed: () => string } {
  check(existsSync(BINARY), `${BINARY} is not built; run \`make\` first`)
  const child = spawn(BINARY, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  child.stdout.on('data', (part: Buffer) => (text += part.toString()))
  child.stderr.on('data', (part: Buffer) => (text += part.toString()))
  return { process: child, printed: () => text }
}

let browser: Promise<Browser> | undefined

async function launch(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: BROWSER,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  const started = await browser
  atEnd(async () => {
    browser = undefined
    await started.close()
  })
  return started
}

const faults = new WeakMap<Page, string[]>()

/** A fresh visitor's page at `path`: no cookies, nothing remembered, a desk's screen, Beijing time. */
export async function openPage(url: string, path = '/', context?: BrowserContext): Promise<Page> {
  const visitor = context ?? (await (await launch()).newContext({
    viewport: { width: 1366, height: HEIGHT[1366] }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai',
    ignoreHTTPSErrors: true, acceptDownloads: true, reducedMotion: 'reduce',
  }))
  visitor.setDefaultTimeout(8000)
  const page = await visitor.newPage()
  const wrong: string[] = []
  faults.set(page, wrong)
  const origin = new URL(url).origin
  page.on('pageerror', (e) => wrong.push(`script error: ${e.message}`))
  page.on('console', (m) => {
    // The browser also reports every 4xx here; refusals are part of what tests do.
    if (m.type() === 'error' && !m.text().startsWith('Failed to load resource')) wrong.push(`console: ${m.text()}`)
  })
  page.on('request', (r) => {
    if (/^https?:/.test(r.url()) && new URL(r.url()).origin !== origin) wrong.push(`request to elsewhere: ${r.url()}`)
  })
  page.on('response', (r) => {
    if (r.status() >= 500) wrong.push(`${r.status()} from ${r.url()}`)
  })
  await page.goto(url + path)
  await page.locator('main h1').first().waitFor()
  return page
}

/** Fails if the page met a script error, a broken policy, a 5xx or a request to another host. */
export function clean(page: Page): void {
  const wrong = faults.get(page) ?? []
  check(wrong.length === 0, wrong.join('\n'))
}

/** Logs in through the form, as a person does, and waits for the first page. */
export async function login(page: Page, account: string, password: string): Promise<void> {
  if (!page.url().includes('/login')) await page.goto(new URL('/login', page.url()).href)
  await page.getByLabel('工号或账号').fill(account)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录' }).click()
  await page.waitForURL((at) => at.pathname !== '/login')
}

/** Pictures of the whole page as NAME-1366.png and NAME-360.png in build/shots, each checked by axe. */
export async function shot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true })
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT[width] })
    await page.waitForLoadState('networkidle')
    await page.waitForTimeout(150) // layout after the new width
    await page.screenshot({ path: join(SHOTS, `${name}-${width}.png`), fullPage: true })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    check(wide <= 0, `${name} at ${width}: the page is ${wide} pixels wider than the screen`)
    await accessible(page, `${name} at ${width}`)
  }
  await page.setViewportSize({ width: 1366, height: HEIGHT[1366] })
  clean(page)
}

interface Finding { id: string; impact: string; help: string; nodes: { target: string[]; failureSummary: string }[] }

/** Fails on what axe calls serious or critical. */
export async function accessible(page: Page, where: string): Promise<void> {
  const axe = readFileSync(resolve('node_modules/axe-core/axe.min.js'), 'utf8')
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const run = (window as unknown as { axe: { run: () => Promise<{ violations: unknown[] }> } }).axe.run
    return (await run()).violations
  }) as Finding[]
  const bad = found.filter((f) => f.impact === 'serious' || f.impact === 'critical')
  const lines = bad.flatMap((f) => [`${f.impact} ${f.id}: ${f.help}`, ...f.nodes.slice(0, 4).map((n) =>
    `  ${n.target.join(' ')}: ${n.failureSummary.replace(/\s+/g, ' ')}`)])
  check(bad.length === 0, `${where}\n${lines.join('\n')}`)
}
