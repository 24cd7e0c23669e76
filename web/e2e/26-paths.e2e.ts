// One path through every pack, walked as the people who use it walk it: found in the menu, a record filed by the one
// who files it, moved on by the one whose turn it is, and counted in a report whose figure opens the record again.
// A pack that no row of the table walks fails the last test.
import { check, clean, login, openPage, test } from './lib'
import { PASSWORD } from './scene'
import { day, district } from './year-scene'
import type { Locator, Page } from 'playwright-core'

type Who = 'staff' | 'secretary' | 'village' | 'clerk' | 'head'
/** What stands in a field: a text, a choice's title, a name; true ticks a box, or everybody. */
type Values = Record<string, string | true>
interface Move { who: Who; title: string; fill?: Values; then: string }
interface Walk {
  pack: string
  who: Who
  form: string
  fill: Values
  /** A record about an organisation below one's own. */
  about?: 'branch'
  moves?: Move[]
  /** Report, the row and column of the figure, and what it says. */
  counted: { report: string; row: string; column: string; value: string; hidden?: true }
}

const MONTH = day(0).slice(0, 7)
const WALKS: Walk[] = [
  { pack: '组织生活', who: 'staff', form: '三会一课和主题党日', fill: { on: day(0), kind: '党课', stage: '已召开', topic: '学党章', heads: true },
    counted: { report: '组织生活情况', row: '合计', column: '党课', value: '1' } },
  { pack: '支部标准化', who: 'staff', form: '标准化示范单位', fill: { year_of: MONTH, merit: '难题当场议，事事有回音。' },
    moves: [{ who: 'clerk', title: '验收', fill: { review: '现场查看，与记录一致。', gaps: '1' }, then: '已验收' }],
    counted: { report: '示范单位创建', row: '合计', column: '申报', value: '1' } },
  { pack: '责任落实', who: 'staff', form: '研究部署记录', fill: { on: day(0), kind: '专题研究党建', topic: '年度党建重点' },
    counted: { report: '部署、调度、督促与听取', row: '合计', column: '研究部署', value: '1' } },
  { pack: '党员管理', who: 'staff', form: '组织关系转接', fill: { person: '王三', on: day(0), reason: '工作调动', to_name: '外地某支部' },
    moves: [{ who: 'staff', title: '接收', fill: { received_on: day(0) }, then: '已接收' }],
    counted: { report: '党员管理情况', row: '合计', column: '转接', value: '1', hidden: true } },
  { pack: '教育培训', who: 'staff', form: '培训和宣讲', fill: { on: day(0), title: '党规专题', kind: '集中轮训', hours: '8', heads: true },
    counted: { report: '教育培训情况', row: '合计', column: '课次', value: '1' } },
  { pack: '党务干部', who: 'staff', form: '单位情况', fill: { employees: '68', staff_full: '1', staff_part: '3' },
    counted: { report: '党务干部配备与培训', row: '合计', column: '职工', value: '68' } },
  { pack: '专项行动', who: 'staff', form: '活动记录', fill: { on: day(0), title: '进企业问需', kind: '调研走访', venue: '企业', people: '12' },
    counted: { report: '四下基层与主题教育', row: '合计', column: '参加人次', value: '12' } },
  { pack: '组织设置', who: 'staff', form: '组织设置变动', fill: { on: day(0), kind: '更名', reason: '单位改名' },
    moves: [{ who: 'clerk', title: '批复同意', fill: { approved_on: day(0) }, then: '已批复' }, { who: 'staff', title: '办结', fill: { done_on: day(0) }, then: '已完成' }],
    counted: { report: '组织设置变动', row: '合计', column: '办结', value: '1' } },
  { pack: '换届选举', who: 'staff', form: '换届选举', fill: {},
    moves: [{ who: 'staff', title: '请示', fill: { applied_on: day(0) }, then: '已请示' }, { who: 'clerk', title: '批复', fill: { approved_on: day(0) }, then: '已批复' }],
    counted: { report: '任期一览', row: '合计', column: '办理中', value: '1' } },
  { pack: '小微权力', who: 'village', form: '权力事项办理', fill: { area: '工程项目', power: '工程项目立项', title: '村道硬化', on: day(0), by: '村党组织', amount: '90000' },
    moves: [{ who: 'village', title: '两委商议，公示方案', fill: { plan: '分两段施工，先做东段。', posted_on: day(0) }, then: '已商议，方案公示' }],
    counted: { report: '小微权力运行', row: '合计', column: '金额（元）', value: '90,000' } },
  { pack: '领域覆盖', who: 'village', form: '两新组织和驻区单位', fill: { name: '柳湾农产品合作社', kind: '社会组织', place: '沿街', coverage: '挂靠兜底组织' },
    counted: { report: '单位类别与所在地', row: '社会组织', column: '沿街', value: '1' } },
  { pack: '双报到', who: 'village', form: '社区需求与岗位', fill: { title: '雨后清沟', class: '环境卫生', on: day(0), people: '6' },
    moves: [{ who: 'village', title: '认领', fill: { claimed_by: '柳湾村党支部' }, then: '已认领' }],
    counted: { report: '需求类别与进度', row: '环境卫生', column: '已认领', value: '1' } },
  { pack: '评星晋级', who: 'staff', form: '评星晋级', fill: { year_of: MONTH, stars: '三星' },
    moves: [{ who: 'staff', title: '自评', fill: { self_score: '86.5' }, then: '已自评' }, { who: 'clerk', title: '复核', fill: { review_score: '82' }, then: '已复核' }],
    counted: { report: '星级分布', row: '合计', column: '申报', value: '1' } },
  { pack: '流动红黄旗', who: 'clerk', about: 'branch', form: '流动红黄旗', fill: { kind: '红旗', rule: '服务群众', reason: '三天办结十二件求助，记录在案。' },
    moves: [{ who: 'head', title: '授旗', then: '授旗中' }],
    counted: { report: '红黄旗', row: '合计', column: '红旗', value: '1' } },
  { pack: '党群服务', who: 'village', form: '群众诉求', fill: { on: day(0), kind: '水电气暖', text: '晚上水压低。' },
    moves: [{ who: 'village', title: '讲解政策', fill: { policy: '二次供水改造的安排。' }, then: '已讲解政策' }, { who: 'village', title: '开始办理', then: '办理中' }],
    counted: { report: '诉求类别与进度', row: '水电气暖', column: '办理中', value: '1' } },
  { pack: '选派干部', who: 'village', form: '选派', fill: { person: '村文书', kind: '第一书记', from: day(-5), until: day(700) },
    counted: { report: '选派情况', row: '合计', column: '第一书记', value: '1' } },
  { pack: '基础保障', who: 'staff', form: '专项经费', fill: { name: '党员教育经费', source: '县级专项', year_of: MONTH, budget: '8.5' },
    counted: { report: '专项经费', row: '合计', column: '预算', value: '8.5' } },
  { pack: '荣誉表彰', who: 'staff', form: '荣誉', fill: { title: '先进基层党组织', kind: '先进基层党组织', level: '区县', on: day(0) },
    counted: { report: '荣誉表彰', row: '合计', column: '荣誉', value: '1' } },
  { pack: '提醒约谈', who: 'clerk', form: '提醒与约谈', fill: { person: '张书记', step: '提醒谈话', on: day(0), matter: '连续两季度没有专题研究。' },
    moves: [{ who: 'head', title: '批准', fill: { approver: '主任' }, then: '已批准' }],
    counted: { report: '方式与进度', row: '提醒谈话', column: '已批准', value: '1' } },
  { pack: '经验交流', who: 'staff', form: '经验做法', fill: { title: '窗口前移到病房', on: day(0), problem: '跑腿多。', method: '护士站代办。', effect: '少跑三百次。' },
    moves: [{ who: 'staff', title: '报送', then: '已报送' }, { who: 'clerk', title: '选用', then: '已选用' }],
    counted: { report: '经验交流', row: '合计', column: '选用', value: '1' } },
]
const BY_POINTS = '党员积分' // has no ledger of its own: walked by the last but one test

const it = await district()
await it.scene.roster('组织编号,名称,类别,领域,上级组织编号,成立日期,本届任期届满\nV1,柳湾村党支部,党支部,农村,B0,2016-01-01,2027-06-30',
  '姓名,工号,所在组织编号,出生年月,中共党员,职务,任职日期,离任日期\n村文书,V10,V1,1985-01,是,党务工作者,2024-03-01,')
const village = await it.scene.account(it.url, '村文书', 'party_staff', await it.scene.org('柳湾村党支部'))
const pages = new Map<Who, Page>()
async function as(who: Who): Promise<Page> {
  const known = pages.get(who)
  if (known) return known
  const page = who === 'village' ? await openPage(it.url, '/login') : await it.as(who, '/')
  if (who === 'village') await login(page, village, PASSWORD)
  pages.set(who, page)
  return page
}

/** Finds a pack or one of its parts by typing in the menu, as somebody does who does not know where it stands. */
async function find(page: Page, what: string, kind = ''): Promise<void> {
  const box = page.getByRole('textbox', { name: '找板块、台账' }).first()
  if (!(await box.isVisible())) await page.getByText('业务板块').click()
  await box.fill(what)
  await page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name: `${what} ${kind}`.trim(), exact: true }).last().click()
  await box.fill('')
}

async function chooseIn(page: Page, box: Locator, text: string): Promise<void> {
  const field = box.getByRole('combobox').first()
  await field.focus()
  if (await field.isEditable()) await field.pressSequentially(text)
  else await page.keyboard.press('Enter')
  await page.getByRole('option', { name: text }).filter({ visible: true }).first().click()
}

async function fill(page: Page, within: Locator, values: Values): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    const box = within.locator(`[data-field="${name}"]`).first()
    if (!(await box.isVisible())) await within.locator('summary').first().click() // what is rarely filled in is folded away
    if (value === true) await box.getByRole('button', { name: '全选', exact: true }).click()
    else if (await box.locator('.el-radio').count()) await box.locator('.el-radio').filter({ hasText: value }).first().click()
    else if (await box.locator('.el-date-editor').count()) {
      await box.locator('input').first().fill(value)
      await box.locator('input').first().press('Tab')
    } else if (await box.locator('.el-select').count()) await chooseIn(page, box, value)
    else await box.locator('input, textarea').first().fill(value)
  }
}

async function move(at: string, m: Move): Promise<void> {
  const page = await as(m.who)
  await page.goto(at) // somebody else may have moved it since
  await page.getByRole('region', { name: '下一步' }).getByRole('button', { name: m.title, exact: true }).click()
  if (m.fill) {
    const box = page.getByRole('dialog').filter({ visible: true })
    await fill(page, box, m.fill)
    await box.getByRole('button', { name: m.title, exact: true }).click()
  }
  await page.locator('main .state').filter({ hasText: m.then }).first().waitFor()
}

for (const w of WALKS)
  test(`${w.pack}: filed, moved on, counted`, async () => {
    const page = await as(w.who)
    await find(page, w.pack)
    await page.getByRole('heading', { name: w.pack, exact: true, level: 1 }).waitFor()
    await find(page, w.form, '台账')
    await page.getByRole('button', { name: '登记一条' }).first().click()
    await page.getByRole('heading', { name: `登记：${w.form}` }).waitFor()
    if (w.about) await page.goto(`${page.url().split('?')[0]}?org=${it.org[w.about]}`)
    const form = page.locator('main form')
    await form.locator('[data-field]').first().waitFor()
    await fill(page, form, w.fill)
    await page.getByRole('button', { name: '登记', exact: true }).click()
    await page.getByRole('heading', { name: '已登记' }).waitFor()
    await page.getByRole('link', { name: '查看这条记录' }).click()
    await page.getByRole('heading', { name: '历史' }).waitFor()
    const record = page.url()
    for (const m of w.moves ?? []) await move(record, m)

    const clerk = await as('clerk')
    await find(clerk, w.pack)
    await find(clerk, w.counted.report, '报表')
    const { row, column, value } = w.counted
    const figure = clerk.getByRole('button', { name: `${row}，${column}：${value}，看记录` })
    await figure.waitFor()
    await figure.click()
    const drawer = clerk.getByRole('dialog')
    if (w.counted.hidden) await drawer.getByText('只有本人和本支部看得到').first().waitFor()
    else {
      await drawer.getByRole('link').first().click()
      await clerk.waitForURL((at) => at.href.split('?')[0] === record.split('?')[0])
    }
    if (w.counted.hidden) await clerk.keyboard.press('Escape')
    for (const p of pages.values()) clean(p)
  })

test(`${BY_POINTS}: switched on by the branch, counted from what was attended, and off again`, async () => {
  const page = await as('secretary')
  await find(page, BY_POINTS)
  await page.getByRole('button', { name: '开启', exact: true }).click()
  await page.getByRole('dialog').getByLabel('理由').fill('党员大会通过。')
  await page.getByRole('dialog').getByRole('button', { name: '开启', exact: true }).click()
  const one = page.locator('details').filter({ hasText: '王一' })
  await one.locator('summary').click()
  await one.getByRole('link', { name: '听党课' }).waitFor() // filed above, as organisation life
  await one.getByRole('link', { name: '参加培训' }).waitFor()
  await page.getByRole('button', { name: '关闭', exact: true }).click()
  await page.getByRole('dialog').getByLabel('理由').fill('试行结束。')
  await page.getByRole('dialog').getByRole('button', { name: '关闭', exact: true }).click()
  await page.getByText('未开启', { exact: true }).waitFor()
  clean(page)
})

test('no pack with a screen is left out', async () => {
  const { items } = await it.scene.call<{ items: { menu?: string }[] }>('pack_list')
  const walked = new Set([...WALKS.map((w) => w.pack), BY_POINTS])
  const left = items.flatMap((p) => (p.menu && !walked.has(p.menu) ? [p.menu] : []))
  check(left.length === 0, `no path through: ${left.join('、')}; add a row to the table of this file`)
})
