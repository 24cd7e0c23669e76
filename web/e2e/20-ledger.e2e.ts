// A record is filed once: by a branch's clerk, from the menu, with what is held already filled in; it counts where it
// counts, may be late with a reason, corrected, struck, attached to, imported in bulk and taken out again.
import { readFileSync } from 'node:fs'
import { check, equal, shot, test } from './lib'
import { day, district, putDay } from './year-scene'
import type { Page } from 'playwright-core'

const it = await district()
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
let staff: Page

test('the menu leads to a pack, and the empty ledger says what to do', async () => {
  staff = await it.as('staff', '/')
  await staff.getByText('业务板块').click()
  await staff.getByText('支部和党员').click()
  await staff.getByRole('link', { name: '组织生活', exact: true }).click()
  await staff.getByRole('heading', { name: '组织生活', exact: true }).waitFor()
  await staff.getByText('这里还没有').waitFor()
  await shot(staff, '20-pack-empty')
})

test('a meeting is filed with its people ticked, not typed', async () => {
  await button(staff, '登记一条').first().click()
  await staff.getByRole('heading', { name: '登记：', exact: false }).waitFor()
  await putDay(staff, '日期', day(0))
  await staff.getByText('党员大会', { exact: true }).click()
  await staff.getByText('已召开', { exact: true }).click()
  await staff.getByLabel('主题或议题').fill('审议支部半年工作报告')
  await button(staff, '全选').click()
  await staff.getByText('已选 10 人').waitFor()
  await shot(staff, '20-record-new')
  await button(staff, '登记').click()
  await staff.getByRole('heading', { name: '已登记' }).waitFor()
  await staff.getByRole('region', { name: '这条记录同时算作' }).getByText('党员大会').waitFor()
  await shot(staff, '20-record-filed')
  await staff.getByRole('link', { name: '查看这条记录' }).click()
  await staff.getByText('审议支部半年工作报告').waitFor()
  await staff.getByText('王一').first().waitFor()
  await shot(staff, '20-record')
})

test('what is missing is said at its field, and what was typed survives leaving the page', async () => {
  await staff.goto(`${it.url}/ledgers/meeting/new?org=${it.org.branch}`)
  await staff.getByLabel('主题或议题').fill('写了一半')
  await staff.goto(`${it.url}/`)
  await staff.goto(`${it.url}/ledgers/meeting/new?org=${it.org.branch}`)
  equal(await staff.getByLabel('主题或议题').inputValue(), '写了一半', 'the text kept in the tab')
  await button(staff, '登记').click()
  await staff.getByText('请选择类型').waitFor()
})

test('a late record asks for its reason and for whose delay it was, and only then', async () => {
  await putDay(staff, '日期', day(-30))
  await staff.getByText('党课', { exact: true }).click()
  await staff.getByText('已召开', { exact: true }).click()
  await staff.getByText('已过按时登记的期限').waitFor()
  await button(staff, '登记').click()
  await staff.getByText('请写明为什么迟了').waitFor()
  await shot(staff, '20-late')
  await staff.getByLabel('迟登记的原因').fill('网络中断，次周才恢复。')
  await staff.getByText('系统或网络').click()
  await button(staff, '登记').click()
  await staff.getByText('迟登记').first().waitFor()
  await staff.getByRole('link', { name: '查看这条记录' }).click()
  await staff.getByText('网络中断，次周才恢复。').waitFor()
})

test('a correction keeps what was said before; a struck record stays to be seen', async () => {
  await button(staff, '更正').click()
  await staff.getByLabel('主题或议题').fill('改正后的题目')
  await button(staff, '保存更正').click()
  await staff.getByText('已更正；', { exact: false }).waitFor()
  await staff.getByText('改正后的题目').waitFor()
  equal(await staff.locator('.history li').count(), 2, 'entries of its history')
  await button(staff, '作废').click()
  await staff.getByRole('dialog').getByLabel('理由').fill('登记错了支部。')
  await staff.getByRole('dialog').getByRole('button', { name: '作废' }).click()
  await staff.getByText('已作废').first().waitFor()
})

test('a file is attached, and the same file elsewhere is said as a fact', async () => {
  const file = { name: '签到表.txt', mimeType: 'text/plain', buffer: Buffer.from('到会名单', 'utf8') }
  for (const topic of ['第一次', '第二次']) {
    const made = await it.scene.call<{ id: number }>('record_file', { form: 'meeting', org: it.org.branch,
      values: { on: day(topic === '第一次' ? -1 : 0), kind: 'theme_day', stage: 'held', topic } })
    await staff.goto(`${it.url}/ledgers/meeting/${made.id}`)
    await button(staff, '附上文件').click()
    await staff.locator('input[type=file]').setInputFiles(file)
    await staff.getByRole('link', { name: '附件1.txt' }).waitFor()
  }
  await staff.getByText('同一个文件还附在：').waitFor()
  await shot(staff, '20-record-files')
})

test('the list is searched, narrowed to what is late, and taken out as a file', async () => {
  await staff.goto(`${it.url}/ledgers/meeting?org=${it.org.branch}`)
  await staff.getByRole('link', { name: '党员大会' }).waitFor()
  await shot(staff, '20-ledger')
  const [saved] = await Promise.all([staff.waitForEvent('download'), staff.getByRole('link', { name: '导出 CSV' }).click()])
  check(readFileSync(await saved.path(), 'utf8').includes('审议支部半年工作报告'), 'the export does not hold the record')
  await staff.getByLabel('在表中查找').fill('半年工作报告')
  await staff.getByText('共 1 条').waitFor()
})

test('a whole table is looked at before it is stored, and storing it twice changes nothing', async () => {
  await staff.goto(`${it.url}/ledgers/meeting/import?org=${it.org.branch}`)
  const [template] = await Promise.all([staff.waitForEvent('download'), staff.getByRole('link', { name: '下载模板' }).click()])
  equal(readFileSync(await template.path()).subarray(0, 2).toString('latin1'), 'PK', 'the template')
  const table = ['日期,类型,阶段,主题或议题', `${day(-1)},支委会,已召开,研究月度工作`, `${day(-2)},主题党日,已召开,志愿服务`, '2026-02-30,党课,已召开,没有的日子'].join('\n')
  const file = { name: '会议.csv', mimeType: 'text/csv', buffer: Buffer.from(table, 'utf8') }
  await staff.locator('input[type=file]').setInputFiles(file)
  await staff.getByRole('heading', { name: '没有接受的行' }).waitFor()
  await shot(staff, '20-import')
  await button(staff, '保存 2 条').click()
  await staff.getByText('保存 2 条', { exact: false }).waitFor()
  await button(staff, '再导入一份').click()
  await staff.locator('input[type=file]').setInputFiles(file)
  await staff.getByText('没有要保存的：', { exact: false }).waitFor()
})

test('a flow is drawn and told as a table, with how many stand in each state', async () => {
  const clerk = await it.as('clerk', '/packs/org_life?tab=flow')
  await clerk.locator('svg[role=img]').first().waitFor()
  await shot(clerk, '20-flow')
})
