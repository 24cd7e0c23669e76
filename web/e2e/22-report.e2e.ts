// Figures: a report of a pack counts records that were filed once; every figure opens the records behind it, year on
// year, as a chart, a file and on paper.
import { readFileSync } from 'node:fs'
import { check, equal, shot, test } from './lib'
import { day, district } from './year-scene'
import type { Page } from 'playwright-core'

const it = await district()
const quarter = (d: string): string => `${d.slice(0, 4)}-Q${Math.ceil(Number(d.slice(5, 7)) / 3)}`
const meeting = (org: number, values: object, more: object = {}) => it.scene.call('record_file', { form: 'meeting', org, values: { stage: 'held', ...values }, ...more })
const late = { late_reason: '补录', late_by: 'own' }
for (const [i, kind] of ['theme_day', 'branch_congress', 'party_lecture'].entries())
  await meeting(it.org.branch, { on: day(0), kind, topic: `题目${i}` })
await meeting(it.org.second, { on: day(0), kind: 'theme_day', topic: '清洁家园' })
await meeting(it.org.branch, { on: day(-92), kind: 'theme_day', topic: '上一季度的' }, late)
let clerk: Page

test('a report counts what was filed, and every figure opens its records', async () => {
  clerk = await it.as('clerk', `/packs/org_life?tab=report&report=org_life&period=${quarter(day(0))}`)
  await clerk.getByRole('heading', { name: '组织生活情况', exact: false }).waitFor()
  await clerk.getByRole('button', { name: '合计，主题党日：2，看记录' }).waitFor()
  await shot(clerk, '22-report')
  await clerk.getByRole('button', { name: '合计，主题党日：2，看记录' }).click()
  const drawer = clerk.getByRole('dialog')
  await drawer.getByText('共 2 条').waitFor()
  await shot(clerk, '22-drill')
  await drawer.getByRole('link').first().click()
  await clerk.getByRole('heading', { name: '三会一课和主题党日' }).waitFor()
})

test('a chart stands beside its table, and tells series apart by pattern', async () => {
  await clerk.goto(`${it.url}/figures/org_life_below?org=${it.org.system}&period=${quarter(day(0))}`)
  await clerk.locator('.chart svg').waitFor()
  await clerk.getByRole('row', { name: /第一医院党支部/ }).first().waitFor()
  check(await clerk.locator('.chart svg pattern').count() > 0, 'no patterns in the chart')
  await shot(clerk, '22-chart')
})

test('it is exported as a workbook', async () => {
  const [file] = await Promise.all([clerk.waitForEvent('download'), clerk.getByRole('link', { name: '导出 Excel' }).click()])
  equal(readFileSync(await file.path()).subarray(0, 2).toString('latin1'), 'PK', 'the workbook')
})

test('an earlier period shows its own figures', async () => {
  await clerk.goto(`${it.url}/figures/org_life?org=${it.org.system}&period=${quarter(day(-92))}`)
  await clerk.getByRole('button', { name: '合计，主题党日：1，看记录' }).waitFor()
  await clerk.getByRole('button', { name: '合计，迟报：1，看记录' }).waitFor()
})
