// From nothing to people who can log in: an empty installation, its first administrator, the roster, accounts,
// printed slips, and the first secretary in a browser of his own.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { check, equal, openPage, runBinary, shot, startServer, tempDir, test } from './lib'
import { xlsx } from './xlsx'

const PASSWORD = '青山不老 绿水长流'
const folder = tempDir()
const dir = join(folder, 'data')
const link = /\/activate#\S+/.exec(await runBinary(['init', '--dir', dir]))?.[0]
check(link, '`shuping init` printed no activation link')
const server = await startServer(dir)
const page = await openPage(server.url, link)

const ORGS = [
  ['组织编号', '名称', '类别', '领域', '上级组织编号', '本届任期届满'],
  ['Q', '某区直属机关工委', '工委', '机关', '', '2027-06-30'],
  ['Q1', '卫健系统机关党委', '系统机关党委', '医院', 'Q', '2027年6月30日'],
  ['Q2', '东街街道党委', '党委', '城市社区', 'Q', ''],
  ['Q21', '东街社区党支部', '党支部', '城市社区', 'Q2', ''],
  ['Q3', '日期写错的党委', '党委', '机关', 'Q', '2026.2.30'],
]
const PEOPLE = [
  ['姓名', '工号', '所在组织编号', '出生年月', '中共党员', '职务', '任职日期', '离任日期'],
  ['曾小明', 'A1', 'Q1', '1975-03', '是', '书记', '2023-03-01', ''],
  ['李思源', 'A2', 'Q2', '1978-05', '是', '书记', '2022-01-05', ''],
  ['赵一鸣', 'A3', 'Q21', '1980-09', '是', '书记', '2024-05-01', ''],
  ['钱满仓', 'A4', 'Q21', '1979-11', '是', '书记', '2019-05-01', '2024-04-30'],
  ['孙立', 'A5', 'Q', '1985-02', '是', '党务工作者', '2021-02-01', ''],
  ['周全', '', 'Q1', '1986-04', '是', '委员', '2022-06-01', ''],
  ['周全', '', 'Q2', '1986-04', '是', '委员', '2022-06-01', ''],
]
const file = (name: string, sheets: Parameters<typeof xlsx>[0]) =>
  ({ name, mimeType: 'application/octet-stream', buffer: xlsx(sheets) })
const roster = file('名册.xlsx', [{ name: '组织', rows: ORGS }, { name: '人员', rows: PEOPLE }])

test('the first administrator is told what to do first', async () => {
  for (const name of ['新密码', '再填一次']) await page.getByLabel(name).fill(PASSWORD)
  await page.getByRole('button', { name: '激活并登录' }).click()
  await page.getByText('系统里还没有组织').waitFor()
  await shot(page, '01-first-task')
  await page.getByRole('link', { name: '导入组织和人员名册' }).click()
  await page.getByRole('heading', { name: '导入名册' }).waitFor()
  await shot(page, '01-import-choose')
})

test('a file with identity-card numbers is refused in words', async () => {
  await page.locator('input[type=file]').setInputFiles(file('带证件号.xlsx', [{ name: '人员',
    rows: [['姓名', '身份证号', '所在组织编号'], ['某甲', '110101198002281234', 'Q']] }]))
  await page.getByText('疑似身份证号码').waitFor()
})

test('a roster is shown row by row before anything is stored', async () => {
  await page.locator('input[type=file]').setInputFiles(roster)
  await page.getByRole('heading', { name: '没有接受的行' }).waitFor()
  await page.getByText('“2026.2.30”不是有效日期').first().waitFor()
  await page.getByText('就是卫健系统机关党委的周全').waitFor()
  await shot(page, '01-import-check')
  await page.getByText('就是卫健系统机关党委的周全').click()
  await page.getByRole('button', { name: '导入 11 行' }).click()
  await page.getByText('还有 1 行没有导入').waitFor()
  await shot(page, '01-import-done')
})

test('the tree is browsed, and searched by pinyin initials', async () => {
  await page.getByRole('link', { name: '查看组织树' }).click()
  await page.getByRole('treeitem').first().waitFor()
  await page.locator('.el-tree-node__expand-icon').first().click()
  await page.getByRole('link', { name: '卫健系统机关党委' }).waitFor()
  await shot(page, '01-org-tree')
  await page.getByLabel('查找组织').fill('djsq')
  await page.getByRole('link', { name: '东街社区党支部' }).click()
  await page.getByRole('heading', { name: '东街社区党支部' }).waitFor()
})

test('an organisation is seen as of an earlier day', async () => {
  await page.locator('.secretary').getByText('赵一鸣').waitFor()
  await shot(page, '01-org')
  await page.getByLabel('看哪一天的情况').fill('2024-04-30')
  await page.getByLabel('看哪一天的情况').press('Enter')
  await page.locator('.secretary').getByText('钱满仓').waitFor()
  await shot(page, '01-org-as-of')
})

let slips = ''

test('accounts are opened for all secretaries and their slips printed', async () => {
  await page.goto(`${server.url}/accounts`)
  await page.getByRole('button', { name: '开通账号' }).click()
  await page.getByRole('button', { name: '开通', exact: true }).click()
  await page.getByText('新开通 3 个账号，新授 3 个角色').waitFor()
  await shot(page, '01-accounts-opened')
  await page.getByRole('button', { name: '好', exact: true }).click()
  await page.getByRole('button', { name: '打印激活条（3 人未激活）' }).click()
  const [got] = await Promise.all([
    page.waitForEvent('download'), page.getByRole('button', { name: '制作并下载' }).click()])
  equal(got.suggestedFilename(), '账号激活条.pdf', 'the file')
  await got.saveAs(join(folder, 'slips.pdf'))
  slips = execFileSync('pdftotext', ['-raw', join(folder, 'slips.pdf'), '-'], { encoding: 'utf8' })
  for (const name of ['曾小明', '李思源', '赵一鸣']) check(slips.includes(name), `${name} has no slip:\n${slips}`)
  check(!slips.includes('钱满仓'), 'one who has left got a slip')
  await shot(page, '01-accounts')
})

test('a role is granted for a subtree and a slip made for one account', async () => {
  await page.getByRole('button', { name: '开通账号' }).click()
  await page.getByText('一个人', { exact: true }).click()
  await page.getByRole('combobox', { name: '人员' }).fill('sl')
  await page.getByRole('option', { name: /孙立/ }).click()
  await page.getByRole('button', { name: '开通', exact: true }).click()
  await page.getByRole('button', { name: '查看孙立的账号' }).click()
  const box = page.getByRole('dialog', { name: '孙立的账号' })
  await box.getByRole('combobox', { name: '授予的角色' }).click({ force: true })
  await page.getByRole('option', { name: '组织单位经办人' }).click()
  await box.getByRole('combobox', { name: '范围' }).fill('gw')
  await page.getByRole('option', { name: /直属机关工委/ }).click()
  await box.getByRole('button', { name: '授予', exact: true }).click()
  await box.getByText('某区直属机关工委及下级').waitFor()
  await box.getByRole('button', { name: '发新的激活条' }).click()
  await box.locator('.code').waitFor()
  await shot(page, '01-account')
})

test('the clerk activates, is asked to open the year, and answers a complaint', async () => {
  const code = (await page.locator('.code').innerText()).trim()
  const clerk = await openPage(server.url, `/activate#${code}`)
  for (const name of ['新密码', '再填一次']) await clerk.getByLabel(name).fill(PASSWORD)
  await clerk.getByRole('button', { name: '激活并登录' }).click()
  await clerk.getByText('开启本年度的述职评议').waitFor()
  const stranger = await openPage(server.url, '/complaint')
  await stranger.getByLabel('要说的事').fill('同一张表要填三遍。')
  await stranger.getByRole('button', { name: '提交' }).click()
  await stranger.getByText('受理号是').waitFor()
  await clerk.reload()
  await clerk.getByRole('link', { name: '答复1件意见与投诉' }).click()
  await clerk.getByText('同一张表要填三遍。').waitFor()
  await shot(clerk, '01-complaints')
  await clerk.getByRole('textbox', { name: '答复' }).fill('已合并为一张表。')
  await clerk.getByRole('button', { name: '保存答复' }).click()
  await clerk.getByRole('heading', { name: '已经答复' }).waitFor()
})

test('a secretary comes in with the printed slip, in a browser of his own', async () => {
  const codes = [...slips.matchAll(/((?:[0-9A-Z]{4}-){3})\s*([0-9A-Z]{4}-[0-9A-Z]{4})/g)].map((m) => m[1]! + m[2])
  check(codes.length === 3, `three codes on the sheet:\n${slips}`)
  const his = await openPage(server.url, '/activate')
  await his.getByLabel('激活码').fill(codes[0]!.toLowerCase())
  for (const name of ['新密码', '再填一次']) await his.getByLabel(name).fill(PASSWORD)
  await his.getByRole('button', { name: '激活并登录' }).click()
  await his.getByRole('heading', { name: '等您办的事' }).waitFor()
  await shot(his, '01-secretary-home')
  equal(await his.getByRole('link', { name: '账号与权限' }).count(), 0, 'menu entries for accounts')
  await his.goto(`${server.url}/accounts`)
  await his.getByRole('heading', { name: '没有这个页面' }).waitFor()
})
