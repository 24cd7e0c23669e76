// What is disclosed: by a decision, chosen fields only, for its days; read without an account, taken down early, printed
// for the wall. The large-print edition is reached from the first page.
import { readFileSync } from 'node:fs'
import { check, equal, openPage, shot, test } from './lib'
import { day, district } from './year-scene'
import type { Page } from 'playwright-core'

const it = await district()
const made = await it.scene.call<{ id: number }>('record_file', { form: 'meeting', org: it.org.branch,
  values: { on: day(0), kind: 'branch_congress', stage: 'held', topic: '通报党费收支', decisions: '内部讨论的内容' } })
let secretary: Page
let visitor: Page

test('a record is disclosed with a decision, and only the fields that are ticked', async () => {
  secretary = await it.as('secretary', `/ledgers/meeting/${made.id}`)
  await secretary.getByRole('button', { name: '公开', exact: true }).click()
  const box = secretary.getByRole('dialog')
  await box.getByText('社会公开').click()
  await box.getByLabel('依据的决定').fill('支委会研究同意')
  await shot(secretary, '23-disclose')
  await box.getByRole('button', { name: '公开', exact: true }).click()
  await box.waitFor({ state: 'hidden' })
})

test('a stranger finds it from the login page, and nothing that was not decided', async () => {
  visitor = await openPage(it.url, '/login')
  await visitor.getByRole('link', { name: '公开栏（不用登录）' }).click()
  await visitor.getByRole('heading', { name: '公开栏' }).waitFor()
  await visitor.locator('.items a').first().waitFor()
  await shot(visitor, '23-open')
  await visitor.getByLabel('查找公开的内容').fill('党费')
  await visitor.getByRole('button', { name: '查找' }).click()
  await visitor.locator('.items a').first().click()
  await visitor.getByText('依据：支委会研究同意').waitFor()
  await visitor.getByText('通报党费收支').first().waitFor()
  equal(await visitor.getByText('内部讨论的内容').count(), 0, 'what was not decided')
  await shot(visitor, '23-open-one')
})

test('the notice is a paper for the wall, and the list can be followed', async () => {
  const [file] = await Promise.all([visitor.waitForEvent('download'), visitor.getByRole('link', { name: '下载公示单', exact: false }).click()])
  equal(readFileSync(await file.path()).subarray(0, 5).toString('latin1'), '%PDF-', 'the notice')
  const feed = await (await fetch(`${it.url}/api/open/feed`)).text()
  check(feed.includes('<feed') && feed.includes('http://www.w3.org/2005/Atom'), `no feed: ${feed.slice(0, 200)}`)
})

test('it is taken down early, with a reason', async () => {
  await secretary.goto(`${it.url}/disclosures`)
  await secretary.getByRole('button', { name: /^撤下/ }).click()
  await shot(secretary, '23-disclosures')
  await secretary.getByRole('dialog').getByLabel('理由').fill('公示期提前结束。')
  await secretary.getByRole('dialog').getByRole('button', { name: '撤下', exact: true }).click()
  await secretary.getByText('已撤下').first().waitFor()
  await visitor.goto(`${it.url}/open`)
  await visitor.getByText('现在没有公开的内容').waitFor()
})

test('the large-print edition: nothing below 18 pt, nothing to press below 60 px', async () => {
  await visitor.goto(`${it.url}/login`)
  await visitor.getByRole('link', { name: '大字版', exact: true }).click()
  await visitor.getByRole('button', { name: '大字版' }).click()
  await shot(visitor, '23-elder-settings')
  for (const path of ['/login', '/open', '/complaint']) {
    await visitor.goto(it.url + path)
    await visitor.locator('main h1').waitFor()
    const small = await visitor.evaluate(() => {
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      const found: string[] = []
      for (let n = texts.nextNode(); n; n = texts.nextNode()) {
        const box = n.parentElement!
        if (n.textContent!.trim() && box.getClientRects().length && parseFloat(getComputedStyle(box).fontSize) < 24) found.push(n.textContent!.trim())
      }
      const low = [...document.querySelectorAll('main button, main input')].filter((b) => b.getClientRects().length && b.closest('.el-input__suffix') === null)
        .filter((b) => (b.closest('.el-input__wrapper, .el-select__wrapper') ?? b).getBoundingClientRect().height < 59.5).map((b) => b.outerHTML.slice(0, 80))
      return { found, low }
    })
    equal(small, { found: [], low: [] }, `${path} in large print`)
  }
  await shot(visitor, '23-elder')
  const staff = await it.as('staff', '/')
  await staff.getByRole('link', { name: '大字版', exact: true }).waitFor()
  await staff.getByRole('button', { name: '大字' }).click()
  for (const path of ['/board', '/ledgers/meeting', '/ledgers/meeting/new']) {
    await staff.goto(it.url + path)
    await staff.locator('main h1').waitFor()
    await shot(staff, `23-elder-${path.replaceAll('/', '-').slice(1)}`)
  }
})
