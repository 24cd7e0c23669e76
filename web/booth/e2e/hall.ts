// The pages in a real browser against the mock server: what a voter does on a phone and at a kiosk.
// DIST, SHUPING and SHOTS come from run.mjs.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core'
import { readShare, verifyArchive } from '../bel.ts'
import { makeBallot, publicCredential, readElection } from '../crypto.ts'
import { hexOf } from '../group.ts'
import { credentialOf, makeSlip, readSlip } from '../slip.ts'
import { type Role, makeCert, makeDeal, makeSet, makeSingle, readTrustees, takeShares, trusteesText } from '../trustee.ts'
import { sha, writeArchive } from './archive.ts'
import { Mock, type Setting } from './mock.ts'

const DIST = process.env.BOOTH_DIST!, SHOTS = process.env.BOOTH_SHOTS!
const PHONE = { width: 360, height: 740 }, WIDE = { width: 1366, height: 768 }
export let failed = 0
let passed = 0
const axe = readFileSync(resolve('node_modules/axe-core/axe.min.js'), 'utf8')
mkdirSync(SHOTS, { recursive: true })

function check(what: string, ok: boolean, more: unknown = ''): void {
  if (ok) passed++
  else failed++
  console.log(`${ok ? 'ok' : 'FAIL'}  ${what}${ok ? '' : ` ${String(more)}`}`)
}

/** A picture, whether axe finds anything serious, and whether anything sticks out sideways. */
async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true })
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const run = (window as unknown as { axe: { run: () => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> } }).axe.run
    return (await run()).violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id} ${v.nodes[0]!.html}`)
  })
  check(`${name}: axe finds nothing serious`, found.length === 0, found.join(' | '))
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  check(`${name}: nothing sticks out`, over <= 0, over)
}

const setting = (more: Partial<Setting> = {}): Setting => ({
  voters: 6, persons: ['甲书记', '乙书记', '丙书记'], items: ['抓党建工作', '带队伍情况'], options: ['好', '较好', '一般', '差'],
  blank: true, complete: true, strict: false, ...more,
})

async function context(browser: Browser, viewport = PHONE): Promise<BrowserContext> {
  const c = await browser.newContext({ viewport, locale: 'zh-CN', acceptDownloads: true })
  return c
}

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click()
const head = (page: Page, text: string): Promise<void> => page.getByRole('heading', { level: 1, name: text }).waitFor({ timeout: 20000 })
async function markAll(page: Page, option: string): Promise<void> {
  for (const one of await page.locator('fieldset:not([disabled])').all()) await one.getByText(option, { exact: true }).click()
}

/** Judged by the program: every ballot that was cast, with its hints. */
function judge(mock: Mock): string {
  const home = mkdtempSync(join(tmpdir(), 'booth-judge-'))
  try {
    for (const [i, box] of mock.boxes.entries()) {
      if (!box.cast.size) continue
      writeFileSync(join(home, 'election.json'), box.text)
      writeFileSync(join(home, 'trustees.json'), mock.trustees)
      writeFileSync(join(home, 'public_creds.json'), box.creds)
      const files = [...box.cast.values()].map((c, k) => {
        const file = join(home, `${i}-${k}`)
        writeFileSync(file, c.ballot)
        writeFileSync(`${file}.hints`, Buffer.from(c.hints, 'base64'))
        return file
      })
      const out = execFileSync(process.env.SHUPING!, ['ballot', 'check', '--in', home, ...files], { encoding: 'utf8' })
      if (out.trim().split('\n').filter((line) => line.includes('提示相符')).length !== files.length) return out
    }
    return ''
  } catch (e) {
    return String((e as { stderr?: string }).stderr ?? e)
  } finally {
    rmSync(home, { recursive: true })
  }
}

async function phone(browser: Browser): Promise<void> {
  const mock = new Mock(setting(), DIST)
  const url = await mock.listen()
  const c = await context(browser)
  const page = await c.newPage()
  const noise: string[] = []
  page.on('console', (m) => { if (m.type() === 'error') noise.push(m.text()) })
  page.on('pageerror', (e) => noise.push(String(e)))
  mock.state = 'ready'
  await page.goto(`${url}/v/${mock.evote}#${mock.slips[0]!.code}`)
  await head(page, '还没有开始投票')
  await shot(page, 'vote-before-360')
  check('the secret has left the address', !page.url().includes('#') && !page.url().includes(mock.slips[0]!.code), page.url())
  mock.state = 'open'
  await press(page, '现在看一下')
  await head(page, '您在第一组投票')
  await shot(page, 'vote-welcome-360')
  await press(page, '一人一屏，逐个填')
  await shot(page, 'vote-each-360')
  await markAll(page, '好')
  await shot(page, 'vote-each-marked-360')
  await press(page, '下一页')
  await page.getByLabel('这是我本人，按规定回避').check()
  await press(page, '下一页')
  await press(page, '核对')
  await head(page, '还有2项没有选')
  await shot(page, 'vote-missing-360')
  const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage }) + JSON.stringify({ ...localStorage }))
  check('the draft holds marks and no slip', kept.includes('d1') && !kept.includes(mock.slips[0]!.code), kept)
  await page.reload()
  await head(page, '请扫票上的二维码')
  await shot(page, 'vote-entry-360')
  await page.getByLabel('票上的词').fill(mock.slips[0]!.words.join(' '))
  await head(page, '您在第一组投票')
  await page.getByText('上次填到一半的内容还在').waitFor()
  await press(page, '全部排在一张表上填')
  await shot(page, 'vote-all-360')
  check('what was marked before is marked', await page.locator('input[type=radio]:checked').count() === 2)
  await page.locator('section').nth(2).getByText('较好', { exact: true }).first().click()
  await page.locator('section').nth(2).getByText('弃权', { exact: true }).last().click()
  await press(page, '核对')
  await page.getByText('2张选票已加密好').waitFor({ timeout: 30000 })
  await shot(page, 'vote-review-360')
  await testBallot(page, c, mock)
  mock.drop = 2
  await press(page, '投票')
  await page.getByText('网络断了').waitFor()
  await shot(page, 'vote-lost-360')
  await head(page, '2张票已投出')
  await page.getByText('您的回执（每人五个词）').click()
  await shot(page, 'vote-receipt-360')
  check('no ballot for oneself', mock.boxes[1]!.cast.size === 0 && mock.boxes[0]!.cast.size === 1 && mock.boxes[2]!.cast.size === 1)
  const after = await page.evaluate(() => JSON.stringify({ ...sessionStorage }))
  check('the draft is gone with the receipt', after === '{}', after)
  const [file] = await Promise.all([page.waitForEvent('download'), press(page, '保存回执')])
  const first = readFileSync(await file.path(), 'utf8')
  // Again with the same slip: the later vote replaces the earlier.
  await page.goto('about:blank')
  await page.goto(`${url}/v/${mock.evote}#${mock.slips[0]!.code}`)
  await press(page, '全部排在一张表上填')
  await markAll(page, '差')
  await press(page, '核对')
  await press(page, '投票')
  await head(page, '3张票已投出')
  const [second] = await Promise.all([page.waitForEvent('download'), press(page, '保存回执')])
  const later = readFileSync(await second.path(), 'utf8')
  check('two earlier ballots were replaced', mock.replaced.length === 2, mock.replaced.length)
  mock.state = 'closed'
  await page.goto('about:blank')
  await page.goto(`${url}/v/${mock.evote}`)
  await head(page, '查回执')
  await page.getByLabel('回执').fill(first)
  await press(page, '查')
  check('the first receipt says replaced, twice', await page.getByText('被同一张票后来的一次投票替换了').count() === 2)
  await page.getByLabel('回执').fill(later)
  await press(page, '查')
  check('the later one is counted, three times', await page.getByText('在票箱里，已计票').count() === 3)
  await page.getByLabel('回执').fill(later.split('\n').filter((l) => /^[\u4e00-\u9fff]{2}( [\u4e00-\u9fff]{2}){4}$/.test(l))[0]!)
  await press(page, '查')
  check('five words are enough to find it', await page.getByText('在票箱里，已计票').count() === 1)
  await shot(page, 'vote-found-360')
  check('the program accepts all that was cast', judge(mock) === '', judge(mock))
  check('nothing went wrong in the console', noise.filter((n) => !/ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ERR_SOCKET/.test(n)).length === 0, noise.join(' | '))
  await c.close()
  mock.close()
}

async function testBallot(page: Page, c: BrowserContext, mock: Mock): Promise<void> {
  await page.getByText('验票：检查手机有没有做手脚').click()
  await page.getByRole('button', { name: '拆开' }).first().click()
  await head(page, '拆开这张票？')
  await shot(page, 'vote-open-360')
  const words = await page.locator('.tracker').textContent()
  await press(page, '拆开检查')
  await head(page, '在另一台设备上核对')
  await page.getByText('看链接').click()
  await shot(page, 'vote-opened-360')
  const link = (await page.locator('details .code').textContent())!
  const other = await c.newPage()
  await other.goto(link)
  await head(other, '这张票的回执应为')
  check('another device finds the same receipt', await other.locator('.tracker').textContent() === words)
  check('and the same marks', (await other.locator('dd').allTextContents()).join() === '好,好', await other.locator('dd').allTextContents())
  check('the link holds no slip', !link.includes(mock.slips[0]!.code))
  await shot(other, 'vote-check-360')
  await other.close()
  check('the server knows that it is not to be cast', mock.opened.size === 1)
  await press(page, '核对完了，重新做这张票')
  await page.getByText('2张选票已加密好').waitFor({ timeout: 30000 })
}

async function kiosk(browser: Browser): Promise<void> {
  const mock = new Mock(setting({ strict: true, complete: false, voters: 3 }), DIST)
  const url = await mock.listen()
  const c = await context(browser, WIDE)
  const page = await c.newPage()
  await page.clock.install()
  await page.goto(`${url}/v/${mock.evote}?kiosk`)
  await head(page, '请扫票或输入票上的十个词')
  await shot(page, 'kiosk-entry-1366')
  const [a, b] = mock.slips as [Mock['slips'][number], Mock['slips'][number]]
  const field = page.getByLabel('票上的词')
  const wrong = [...a.words]
  wrong[3] = wrong[3] === '大山' ? '小山' : '大山'
  await field.fill(wrong.join(''))
  await page.getByText('校验不符').waitFor()
  await field.fill('大山木')
  await shot(page, 'kiosk-typing-1366')
  await field.fill('山大')
  await page.getByText('第1个“山”不在用字表里').waitFor()
  await field.fill('')
  await field.pressSequentially(`${url}/v/${mock.evote}#${a.code}`)
  await field.press('Enter').catch(() => undefined)
  await head(page, '请输入第二张票')
  await shot(page, 'kiosk-second-1366')
  await page.getByLabel('门口发的票').fill(b.code)
  await head(page, '您在第一组投票')
  await press(page, '全部排在一张表上填')
  await shot(page, 'kiosk-all-1366')
  await page.locator('section').first().getByText('好', { exact: true }).first().click()
  const kept = await page.evaluate(() => sessionStorage.length + localStorage.length)
  check('a kiosk keeps no draft', kept === 0, kept)
  await page.clock.runFor(50000)
  await page.getByText('秒后清空本页').waitFor()
  await shot(page, 'kiosk-warning-1366')
  await page.clock.runFor(15000)
  await head(page, '请扫票或输入票上的十个词')
  check('after a minute it is cleared', await page.locator('input[type=radio]').count() === 0)
  await page.clock.resume()
  await page.getByLabel('票上的词').fill(b.code)
  await head(page, '请输入第二张票')
  await page.getByLabel('门口发的票').fill(a.words.join('、'))
  await press(page, '一人一屏，逐个填')
  await shot(page, 'kiosk-each-1366')
  await markAll(page, '一般')
  await press(page, '下一页')
  await press(page, '下一页')
  await press(page, '核对')
  await page.getByText('下面4项没有选').waitFor()
  await shot(page, 'kiosk-review-1366')
  await press(page, '未选的按弃权，投票')
  await head(page, '3张票已投出')
  await shot(page, 'kiosk-receipt-1366')
  await press(page, '完成，清空')
  await head(page, '请扫票或输入票上的十个词')
  await press(page, 'EN')
  await shot(page, 'kiosk-english-1366')
  await press(page, '繁')
  await head(page, '請掃票或輸入票上的十個詞')
  check('the program accepts what the kiosk cast', judge(mock) === '', judge(mock))
  await page.getByLabel('票上的詞').fill(new Mock(setting({ persons: ['x'], voters: 1 }), DIST).slips[0]!.code)
  await head(page, '這張票不在本次名單上')
  await shot(page, 'kiosk-stranger-1366')
  await c.close()
  mock.close()
}

// --- the tools, opened from disk ----------------------------------------------------------------------

const PASS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ01+/ab'

async function saved(page: Page, button: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), press(page, button)])
  return readFileSync(await file.path(), 'utf8')
}

async function enterTool(page: Page, tool: string, url: string, mock: Mock, keyFile = ''): Promise<void> {
  await page.goto(`file://${DIST}/tools/${tool}.html`)
  if (keyFile) await page.getByLabel('钥匙文件').setInputFiles({ name: 'key.json', mimeType: 'application/json', buffer: Buffer.from(keyFile) })
  await page.getByLabel('投票地址').fill(`${url}/v/${mock.evote}`)
  await page.getByLabel('口令').fill(PASS)
  if (keyFile) await page.waitForTimeout(100)
  await press(page, '进入')
}

/** One trustee at the page, two played by the mock; then the boxes are opened. */
async function trustee(browser: Browser): Promise<void> {
  const mock = new Mock(setting({ persons: ['甲书记', '乙书记'] }), DIST)
  const url = await mock.listen()
  const names = ['组织部', '纪检监察机关', '监票人']
  const said = { cert: ['', '', ''], deal: ['', '', ''], key: ['', '', ''] }
  const role = (i: number): Role => ({ index: i + 1, threshold: 2, size: 3 })
  let piece = '', archives: unknown[] = [], settled = false
  mock.desk = () => {
    const mine = mock.said.filter((s) => s.path === '/say')
    mine.forEach((s) => { said[s.step as keyof typeof said][1] = s.text as string })
    if (said.cert[1]) [0, 2].forEach((i) => { said.cert[i] = makeCert(mock.seeds[i]!, role(i)) })
    if (said.deal[1]) [0, 2].forEach((i) => { said.deal[i] = makeDeal(mock.seeds[i]!, role(i), said.cert) })
    if (said.key[1]) [0, 2].forEach((i) => { said.key[i] = takeShares(mock.seeds[i]!, role(i), said.cert, said.deal, names[i]!).text })
    return { role: 'trustee', index: 2, threshold: 2, size: 3, title: '2026年度述职评议', state: mock.state, names, certs: said.cert, deals: said.deal, keys: said.key, piece, archives, settled }
  }
  mock.state = 'ceremony'
  const c = await context(browser, WIDE)
  const page = await c.newPage()
  await enterTool(page, 'trustee', url, mock)
  await head(page, '第一步：存好钥匙文件')
  await shot(page, 'trustee-save-1366')
  const first = await saved(page, '保存钥匙文件')
  await press(page, '存好了，交出证书')
  await head(page, '第二步：念指纹')
  await shot(page, 'trustee-aloud-1366')
  await page.setViewportSize(PHONE)
  await shot(page, 'trustee-aloud-360')
  await page.setViewportSize(WIDE)
  await press(page, '一致')
  await head(page, '等其他人')
  await page.getByText('正在等服务器分出它的钥匙').waitFor()
  await shot(page, 'trustee-waiting-1366')
  piece = '12'.repeat(32)
  await head(page, '第三步：再存一次钥匙文件')
  const last = await saved(page, '保存钥匙文件')
  await page.getByText('仪式完成').waitFor()
  const file = JSON.parse(last) as Record<string, unknown>
  check('the key file holds seed, fingerprint and piece', file.seed === (JSON.parse(first) as typeof file).seed && file.fingerprint !== '' && file.piece === piece)
  const set = makeSet(role(0), said.cert, said.deal, said.key)
  check('what was said makes a set', set.length > 1000)
  // Archives under the keys of this ceremony.
  const boxes = await closeBoxes(trusteesText([makeSingle(new Uint8Array(32).fill(3), '服务器').text], [set]))
  mock.archives = new Map(boxes.map((b) => [b.uuid, b.bytes]))
  mock.state = 'closed'
  archives = boxes.map((b) => ({ uuid: b.uuid, title: b.title, closed: b.closed, ballots: 4, shared: false }))
  await enterTool(page, 'trustee', url, mock, last)
  await head(page, '开箱前核验')
  await press(page, '取回存档，逐张核验')
  await head(page, '与大屏幕比对')
  await page.getByText('现在不能交份额').waitFor()
  await page.getByText('逐个票箱').click()
  await shot(page, 'trustee-compare-1366')
  check('the hash is the archive\'s', (await page.locator('section .groups').first().textContent()) === boxes[0]!.closed)
  settled = true
  await press(page, '再看一下')
  await press(page, '一致，准备份额')
  const remembered = JSON.parse(await saved(page, '保存钥匙文件')) as { tallies: Record<string, string> }
  check('the tallies are remembered before anything is sent', Object.keys(remembered.tallies).length === 2 && mock.said.every((s) => s.path !== '/share'))
  await press(page, '交出2份')
  await page.getByText('2份已交').waitFor()
  await shot(page, 'trustee-given-1366')
  const shares = mock.said.filter((s) => s.path === '/share')
  const good = await Promise.all(shares.map(async (s) => {
    const a = await verifyArchive(boxes.find((b) => b.uuid === s.uuid)!.bytes, null)
    return readShare(a.election, a.tally, a.trustees, 3, s.share as string).owner === 3
  }))
  check('both shares hold', good.length === 2 && good.every((g) => g))
  // Another tally under the same election.
  const other = await closeBoxes(trusteesText([makeSingle(new Uint8Array(32).fill(3), '服务器').text], [set]), boxes)
  mock.archives = new Map(other.map((b) => [b.uuid, b.bytes]))
  archives = other.map((b) => ({ uuid: b.uuid, title: b.title, closed: b.closed, ballots: 4, shared: false }))
  await enterTool(page, 'trustee', url, mock, JSON.stringify({ ...file, tallies: remembered.tallies }))
  await press(page, '取回存档，逐张核验')
  await press(page, '一致，准备份额')
  await head(page, '停下')
  check('a share for another tally is refused', (await page.locator('.bad').textContent())!.includes('先前为这个票箱交过'))
  await shot(page, 'trustee-refused-1366')
  await c.close()
  mock.close()
}

interface Closed { uuid: string; title: string; bytes: Uint8Array; closed: string; election: string; creds: string; slips: Uint8Array[] }

/** Two boxes of four ballots each, closed; of `like`, the same elections with other votes. */
async function closeBoxes(trustees: string, like: Closed[] = []): Promise<Closed[]> {
  const out: Closed[] = []
  for (const [i, title] of ['甲书记', '乙书记'].entries()) {
    const slips = like[i]?.slips ?? Array.from({ length: 4 }, () => credentialOf(makeSlip()))
    const uuid = `Trusteebox1234${i + 1}`
    const creds = like[i]?.creds ?? JSON.stringify(slips.map((s) => publicCredential({ uuid }, s)).sort())
    const election = like[i]?.election ?? JSON.stringify({ version: 1, description: '', name: title, group: 'Ed25519', public_key: hexOf(readTrustees(trustees).key),
      questions: [{ answers: ['好', '差'], blank: true, min: 1, max: 1, question: '抓党建' }], uuid, shuping: { floor: 3, credentials: sha(creds), trustees: sha(trustees) } })
    const el = readElection(new TextEncoder().encode(election))
    const ballots = await Promise.all(slips.map((s, k) => makeBallot(el, s, [(k + like.length) % 2])))
    const bytes = await writeArchive({ election, trustees, creds, ballots: ballots.map((b) => b.text).sort() })
    out.push({ uuid, title, bytes, closed: sha(Buffer.from(bytes)), election, creds, slips })
  }
  return out
}

async function slips(browser: Browser): Promise<void> {
  const mock = new Mock(setting(), DIST)
  const url = await mock.listen()
  const many = Number(process.env.BOOTH_SLIPS ?? 20), elections = Number(process.env.BOOTH_ELECTIONS ?? 24)
  const uuids = Array.from({ length: elections }, (_, i) => `Slipbox${String(i).padStart(7, '1')}`)
  mock.state = 'slips'
  mock.desk = () => ({ role: 'slips', title: '2026年度党组织书记抓基层党建述职评议', state: 'slips', site: 'https://pingyi.example.cn:8443',
    groups: [{ name: 'A', title: '领导班子成员', slips: many, done: false, uuids }, { name: 'B', title: '基层党员代表', slips: 11, done: false, uuids: uuids.slice(0, 4) }] })
  const c = await context(browser, WIDE)
  const page = await c.newPage()
  await page.addInitScript(() => { window.print = () => undefined })
  await enterTool(page, 'slips', url, mock)
  await head(page, '2026年度党组织书记抓基层党建述职评议')
  await shot(page, 'slips-choose-1366')
  const from = performance.now()
  await press(page, '制票')
  await page.getByRole('heading', { name: '打印', exact: true }).waitFor({ timeout: 600000 })
  console.log(`    ${many} slips of ${elections} elections: ${((performance.now() - from) / 1000).toFixed(1)} s`)
  await page.setViewportSize({ width: 1366, height: 900 })
  await page.screenshot({ path: join(SHOTS, 'slips-print-1366.png') })
  await page.pdf({ path: join(SHOTS, 'slips.pdf'), preferCSSPageSize: true, printBackground: true })
  const words = await page.locator('.ticket').evaluateAll((all) => all.map((el) => el.querySelector('.ten')!.textContent!))
  const list = page.locator('.stack').first().locator('.ticket')
  check('every slip is on paper', await list.count() === many && words.length === many + 11)
  check('the page\'s hash is on it', (await list.first().locator('.hash').textContent())!.replace(/[^0-9a-f]/g, '').endsWith(sha(readFileSync(join(DIST, 'vote.html')))))
  await press(page, `打印${many + 11}张`)
  await press(page, '已印好，份数和清晰度都查过，交公开名单')
  await page.getByText('本页已忘掉全部票').waitFor({ timeout: 60000 })
  await shot(page, 'slips-done-1366')
  const got = mock.said.filter((s) => s.path === '/creds').map((s) => ({ group: s.group, lists: s.lists as { uuid: string; creds: string[] }[] }))
  const of = (group: string): { uuid: string; creds: string[] }[] => got.filter((g) => g.group === group).reduce<{ uuid: string; creds: string[] }[]>((a, g) => a.concat(g.lists), [])
  check('each election has its list, sorted', of('A').length === elections && of('B').length === 4 && of('A').every((l) => l.creds.length === many && l.creds.join() === [...l.creds].sort().join()))
  const want = words.slice(0, many).map((w) => publicCredential({ uuid: uuids[3]! }, credentialOf(readSlip(w)))).sort()
  check('the lists are those of the printed words', of('A').find((l) => l.uuid === uuids[3])!.creds.join() === want.join())
  check('no secret was sent', !JSON.stringify(mock.said).match(new RegExp(words.slice(0, 3).join('|'))))
  await c.close()
  mock.close()
}

const browser = await chromium.launch({ executablePath: process.env.SHUPING_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
const stories: Record<string, (b: Browser) => Promise<void>> = { phone, kiosk, trustee, slips }
const only = process.env.BOOTH_ONLY
for (const [name, story] of Object.entries(stories)) {
  if (only && only !== name) continue
  try {
    await story(browser)
  } catch (e) {
    check(`${name} to its end`, false, e instanceof Error ? e.stack : e)
  }
}
await browser.close()
console.log(`${passed} passed, ${failed} failed`)
