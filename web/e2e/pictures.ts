// The two pictures of the README, taken from the demonstration district: `npm run pictures`.
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { check, clean, closeAll, login, openPage, ROOT, runBinary, startServer, tempDir } from './lib'
import type { Page } from 'playwright-core'

const SMALL = 200_000 // bytes: they travel with every clone
const folder = join(ROOT, 'doc/shots')

async function picture(page: Page, name: string, height: number): Promise<void> {
  await page.setViewportSize({ width: 1366, height })
  await page.evaluate(() => window.scrollTo(0, 0))
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(300)
  const path = join(folder, `${name}.png`)
  await page.screenshot({ path })
  clean(page)
  const { size } = statSync(path)
  check(size < SMALL, `${path} has ${size} bytes`)
  console.log(`${path} (${size} bytes)`)
}

async function main(): Promise<number> {
  mkdirSync(folder, { recursive: true })
  const dir = join(tempDir(), 'demo')
  const printed = await runBinary(['demo', '--dir', dir])
  const clerk = /^ +(\S+) +(\S+) +组织单位经办人$/m.exec(printed)
  check(clerk, `the demonstration printed no account of a clerk:\n${printed}`)
  const server = await startServer(dir)
  const page = await openPage(server.url, '/login')
  await login(page, clerk[1]!, clerk[2]!)
  await page.getByRole('heading', { name: '本年度进展' }).waitFor()
  await page.getByText('述职会').first().waitFor()
  await picture(page, 'home', 1160)

  const years = (await (await page.request.get(`${server.url}/api/cycles`)).json()) as { items: { id: number; state: string }[] }
  const last = years.items.find((y) => y.state === 'closed')
  check(last, 'no year of the demonstration is closed')
  await page.goto(`${server.url}/result?cycle=${last.id}`)
  // The one whose grade the committee set apart from the computed one: its reason belongs to the why.
  const row = page.getByRole('row').filter({ hasText: '改定' })
  await row.getByRole('button', { name: /好|一般|差/ }).first().click()
  const drawer = page.getByRole('dialog')
  for (const name of ['加减分后', '基础分']) await drawer.locator('summary:visible').filter({ hasText: name }).first().click()
  await drawer.getByText('民主测评分').first().waitFor()
  await picture(page, 'why', 800)
  return 0
}

export const status = await main().finally(closeAll)
