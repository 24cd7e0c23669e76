// Duties: a branch sees what is due and why, files what was missing from there, and the superior sees the whole subtree,
// waives with a reason, switches a local duty on, and sends a friendly reminder.
import { readFileSync } from 'node:fs'
import { check, equal, shot, test } from './lib'
import { day, district, pick } from './year-scene'
import type { Page } from 'playwright-core'

const it = await district()
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const dialog = (page: Page) => page.getByRole('dialog')
let secretary: Page
let clerk: Page

test('the board says in shape and word what is done, due and missed', async () => {
  secretary = await it.as('secretary', '/board')
  await secretary.getByRole('heading', { name: '最近要完成的' }).waitFor()
  await secretary.getByText('没做到', { exact: false }).first().waitFor()
  await shot(secretary, '21-board')
})

test('the board is narrowed to one state, by its select or by its sums, and taken out as a file', async () => {
  await secretary.getByRole('button', { name: /^.*没做到 \d+ 项次$/ }).click()
  await secretary.waitForURL(/state=missed/)
  equal(await secretary.locator('table button.met').count(), 0, 'duties met among those missed')
  check(await secretary.locator('table button.missed').count() > 0, 'no duty missed')
  const [file] = await Promise.all([secretary.waitForEvent('download'), secretary.getByRole('button', { name: '导出 CSV' }).first().click()])
  const lines = readFileSync(await file.path(), 'utf8').trim().split('\r\n').slice(1)
  check(lines.length > 0 && lines.every((l) => l.includes('没做到')), `not only what was missed:\n${lines.join('\n')}`)
  await secretary.getByRole('button', { name: /没做到 \d+ 项次$/ }).click()
  await secretary.locator('table button.due').first().waitFor()
})

test('a cell explains itself: clause, records, what would meet it, and leads there', async () => {
  await secretary.locator('table button.due').filter({ hasText: '主题党日' }).click()
  await dialog(secretary).getByText('规定（', { exact: false }).waitFor()
  await dialog(secretary).getByText('算进来的记录（0 条）').waitFor()
  await shot(secretary, '21-why')
  await dialog(secretary).getByRole('button', { name: /去登记|补登一条/ }).click()
  await secretary.getByRole('heading', { name: '登记：三会一课和主题党日' }).waitFor()
  await secretary.getByText('主题党日', { exact: true }).click()
  await secretary.getByLabel('主题或议题').fill('志愿服务进小区')
  await button(secretary, '全选').click()
  await button(secretary, '登记').click()
  await secretary.getByRole('heading', { name: '已登记' }).waitFor()
  await secretary.goto(`${it.url}/board`)
  await secretary.locator('table button.met').filter({ hasText: '主题党日' }).first().click()
  await dialog(secretary).getByText('算进来的记录（1 条）').waitFor()
})

test('the superior sees every organisation below, and what is rolled up', async () => {
  clerk = await it.as('clerk', '/heat')
  await clerk.getByRole('link', { name: '第一医院党支部' }).waitFor()
  await clerk.getByText('哪一级没有人落实').click()
  await shot(clerk, '21-heat')
  await clerk.getByRole('button', { name: '按领域' }).click()
  await clerk.getByRole('row', { name: /医院/ }).first().waitFor()
  await clerk.getByRole('button', { name: /^医院，没做到 \d+，看是哪些组织$/ }).click()
  await clerk.getByRole('button', { name: '取消“医院”的筛选' }).waitFor()
  await clerk.getByRole('link', { name: '第一医院党支部' }).waitFor()
  equal(await clerk.getByRole('link', { name: '疾控党支部', exact: true }).count(), 0, 'organisations of another sector')
  await shot(clerk, '21-heat-narrowed')
})

test('a duty is waived for a time, with a reason that stands in its place', async () => {
  await clerk.goto(`${it.url}/board?org=${it.org.second}`)
  await clerk.locator('table button.missed').filter({ hasText: '党课' }).first().click()
  await button(clerk, '免除这一项').click()
  const box = dialog(clerk).filter({ hasText: '免除只影响怎样判断' })
  await box.getByLabel('自哪一天').fill('2026-01-01')
  await box.getByLabel('自哪一天').press('Tab')
  await box.getByLabel('理由').fill('全员参加疫情处置。')
  await shot(clerk, '21-waive')
  await box.getByRole('button', { name: '免除', exact: true }).click()
  await box.waitFor({ state: 'hidden' })
  await clerk.locator('button.waived').first().waitFor()
})

test('a local duty is switched on with a reason, and its history stays', async () => {
  await clerk.goto(`${it.url}/duty-settings`)
  await clerk.getByRole('row').filter({ hasText: '未开启' }).first().getByRole('button', { name: /^设置/ }).click()
  await dialog(clerk).getByText('判断这一项').click()
  await dialog(clerk).getByLabel('理由').fill('工委会议研究决定。')
  await button(clerk, '保存').click()
  await dialog(clerk).waitFor({ state: 'hidden' })
  await shot(clerk, '21-settings')
})

test('a friendly reminder reaches the branch, and is no mark against it', async () => {
  await clerk.goto(`${it.url}/reminders`)
  await button(clerk, '发一条提示').click()
  await pick(clerk, '发给', '第一医院党支部')
  await dialog(clerk).getByLabel('内容').fill('本季度党员大会请在月底前召开。')
  await button(clerk, '发出').click()
  await dialog(clerk).waitFor({ state: 'hidden' })
  await secretary.goto(`${it.url}/reminders`)
  await secretary.getByText('本季度党员大会请在月底前召开。').waitFor()
  await shot(secretary, '21-reminders')
  await secretary.getByRole('button', { name: /看过了/ }).first().click()
  await secretary.getByText('也看看过和做到的').click()
  await secretary.getByText('已看过').first().waitFor()
})

test('the calendar shows deadlines of the month', async () => {
  await secretary.goto(`${it.url}/calendar?month=${day(0).slice(0, 7)}`)
  await secretary.getByRole('heading', { name: '日历' }).waitFor()
  await shot(secretary, '21-calendar')
})

test('how records came in is shown as facts', async () => {
  await it.scene.call('record_file', { form: 'meeting', org: it.org.branch, late_reason: '工作交接', late_by: 'handover',
    values: { on: day(-60), kind: 'party_lecture', stage: 'held', topic: '把党章学深悟透' } })
  await clerk.goto(`${it.url}/pattern`)
  await clerk.getByRole('heading', { name: '迟登记' }).waitFor()
  await clerk.locator('main summary').first().click()
  await clerk.getByText('原因：工作交接').first().waitFor()
  await shot(clerk, '21-pattern')
})

test('points are off until switched on, and only the branch sees them', async () => {
  await secretary.goto(`${it.url}/points`)
  await secretary.getByText('未开启', { exact: true }).first().waitFor()
  await shot(secretary, '21-points')
  check(await secretary.locator('main').getByText('排名榜').count() === 0, 'a ranking')
  equal(await clerk.getByRole('link', { name: '党员积分', exact: true }).count() > 1, false, 'the organiser sees member points')
})

test('the burden is told in hours, by who asks', async () => {
  await clerk.goto(`${it.url}/burden`)
  await clerk.getByText('小时一年').first().waitFor()
  await shot(clerk, '21-burden')
})
