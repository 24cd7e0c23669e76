// Findings to close-out by three people in three browsers, the lists as files; a speech into findings and tasks.
import { readFileSync, writeFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { check, equal, login, openPage, ROOT, runBinary, shot, startServer, tempDir, test } from './lib'
import { PASSWORD, Scene } from './scene'

const dir = `${tempDir()}/data`
await runBinary(['init', '--dir', dir])
const server = await startServer(dir)
const scene = new Scene(dir)
const day = (after: number): string => new Date(Date.now() + 8 * 3600_000 + after * 86_400_000).toISOString().slice(0, 10)

await scene.roster(
  ['组织编号,名称,类别,领域,上级组织编号', 'D,例区机关工委,工委,机关,', 'B0,卫健系统机关党委,系统机关党委,医院,D',
    'B1,教育系统机关党委,系统机关党委,学校,D'].join('\n'),
  ['姓名,工号,所在组织编号,出生年月,中共党员,职务,任职日期,离任日期', '甲一,S0,B0,,是,书记,2024-03-01,', '乙二,S1,B1,,是,书记,2024-03-01,',
    '文书记,H0,D,,是,委员,2023-01-01,', '主任,H1,D,,是,委员,2023-01-01,', '张办,H2,B0,,是,党务工作者,2023-01-01,'].join('\n'),
)
const organ = await scene.org('例区机关工委')
const health = await scene.org('卫健系统机关党委')
const logins = {
  clerk: await scene.account(server.url, '文书记', 'organiser_clerk', organ),
  head: await scene.account(server.url, '主任', 'organiser_head', organ),
  secretary: await scene.account(server.url, '甲一', 'secretary', health),
}
const cycle = (await scene.call<{ id: number }>('cycle_open', { body: {
  year: 2026, title: '2026年度机关党建述职评议', organiser: organ, scheme: 'district', survey_mode: 'open',
  classes: [{ name: 'duty', title: '履行第一责任人职责' }], objects: ['party_building'],
} })).id
const debriefer = (await scene.call<{ id: number }>('debriefer_add', {
  cycle, body: { org: health, person: await scene.person('甲一'), form: 'live' } })).id
await scene.call('survey_file', { debriefer, body: {
  class: 'duty', text: '三个支部到期未换届，委员缺额两人。', source: 'visit', negative: true } })
await scene.call('meeting_open', { cycle, body: { day: day(-3), ordering: 'fixed' } })
const add = (body: object) => scene.call<{ id: number }>('finding_add', { body: { debriefer, source: 'inspection', by: '督查组', ...body } })
await add({ text: '党建与业务“两张皮”，年度计划没有把党建任务排进去', category: 'two_skins', due: day(-5) })
await add({ text: '专职党务干部长期缺编，培训没有跟上', deadline_class: 'long_term', due: day(200),
  milestones: [{ due: day(60), text: '配齐两名专职干部' }, { due: day(180), text: '全员轮训一遍' }] })
const main_ = (await add({ text: '所属支部组织生活记录不全，有三个月缺失', category: 'loose_rules', due: day(20) })).id

const as = async (who: keyof typeof logins, path: string): Promise<Page> => {
  const page = await openPage(server.url, '/login')
  await login(page, logins[who], PASSWORD)
  await page.goto(server.url + path)
  await page.locator('main h1').first().waitFor()
  return page
}
const button = (page: Page | Locator, name: string) => page.getByRole('button', { name, exact: true })
const dialog = (page: Page) => page.getByRole('dialog')
const tick = (page: Page, name: string) => page.locator('.el-checkbox', { hasText: name }).first().click()
let clerk: Page
let secretary: Page

test('the list shows what is overdue and what has not moved since the meeting', async () => {
  clerk = await as('clerk', '/findings')
  await clerk.getByText('还有 3 个问题没有任何进展', { exact: false }).waitFor()
  await clerk.getByText('逾期 5 天').first().waitFor()
  await shot(clerk, 'findings-list')
  await button(clerk, '逾期 1').click()
  await clerk.getByText('共 1 条').waitFor()
  await button(clerk, '逾期 1').click()
})

test('sources are ticked into the list, not typed again', async () => {
  await clerk.getByRole('link', { name: '合并各来源的问题' }).click()
  await clerk.getByText('三个支部到期未换届').waitFor()
  await shot(clerk, 'findings-merge')
  await tick(clerk, '三个支部到期未换届')
  await button(clerk, '列入 1 个问题并编号').click()
  await clerk.getByText('没有还没列入的问题').waitFor()
})

test('a secretary commits, begins and applies; each step says what it needs', async () => {
  secretary = await as('secretary', `/findings/${main_}`)
  await secretary.getByText('请先填写整改措施和责任人').waitFor()
  await shot(secretary, 'finding-listed')
  await button(secretary, '认领').click()
  await dialog(secretary).getByLabel('整改措施').fill('按月补齐记录，每季度抽查一次。')
  await button(dialog(secretary), '认领').click()
  await dialog(secretary).getByText('还不能办理“认领”；请先填写整改措施和责任人').waitFor()
  await dialog(secretary).getByRole('combobox', { name: '责任人' }).fill('张办')
  await secretary.getByRole('option', { name: '张办', exact: false }).click()
  await shot(secretary, 'finding-commit')
  await button(dialog(secretary), '认领').click()
  await button(secretary, '开始整改').click()
  await button(dialog(secretary), '开始整改').click()
  await button(secretary, '申请销号').click()
  await dialog(secretary).getByLabel('佐证').fill('十二个支部的组织生活记录本，1至11月。')
  await button(dialog(secretary), '申请销号').click()
  await secretary.getByText('等别的人办理：验收通过').waitFor()
})

test('a clerk verifies and closes; the course names who did what', async () => {
  await clerk.goto(`${server.url}/findings/${main_}`)
  for (const [step, field, text] of [['验收通过', '验收意见', '抽查五个支部，属实。'], ['销号', '建立的制度机制', '组织生活按月抽查制度']] as const) {
    await button(clerk, step).click()
    await dialog(clerk).getByLabel(field).fill(text)
    if (step === '验收通过') { // nothing is closed that names neither its target nor its kind
      await dialog(clerk).getByLabel('整改目标（可核验）').fill('逐个支部有议题、有记录。')
      await dialog(clerk).getByRole('combobox', { name: '类别' }).pressSequentially('制度')
      await clerk.getByRole('option', { name: '制度落实不严' }).click()
    }
    await button(dialog(clerk), step).click()
    await dialog(clerk).waitFor({ state: 'hidden' })
  }
  await clerk.getByText('已销号').first().waitFor()
  equal(await clerk.locator('.history li').count(), 6, 'entries of the course')
  await shot(clerk, 'finding-closed')
})

test('a head approves an extension with a reason', async () => {
  const head = await as('head', '/findings')
  await head.getByRole('link', { name: '党建与业务“两张皮”', exact: false }).click()
  await button(head, '批准延期').click()
  await dialog(head).getByLabel('延至').fill(day(30))
  await dialog(head).getByLabel('理由').fill('与机构改革时间冲突。')
  await button(dialog(head), '批准').click()
  await head.getByText('与机构改革时间冲突。').waitFor()
  await head.getByText('（已延期 1 次）', { exact: false }).waitFor()
})

test('milestones of a long-term finding stand with it', async () => {
  await secretary.goto(`${server.url}/findings`)
  await secretary.getByRole('link', { name: '专职党务干部长期缺编', exact: false }).click()
  await secretary.getByRole('heading', { name: '阶段目标' }).waitFor()
  await button(secretary, '填写阶段目标').click()
  await tick(secretary, '已完成')
  await shot(secretary, 'finding-milestones')
  await button(secretary, '保存').click()
  await secretary.getByText('配齐两名专职干部').waitFor()
})

test('the three lists come as files', async () => {
  await clerk.goto(`${server.url}/findings`)
  for (const [name, head_] of [['三张清单，PDF', '%PDF-'], ['三张清单，Excel', 'PK']] as const) {
    const [file] = await Promise.all([clerk.waitForEvent('download'), clerk.getByRole('link', { name }).click()])
    check(readFileSync(await file.path()).subarray(0, head_.length).toString('latin1') === head_, `${name} is no such file`)
  }
})

test('a speech is loaded, a differing count is flagged, items are ticked and confirmed', async () => {
  const path = `${dir}-speech.txt`
  writeFileSync(path, readFileSync(`${ROOT}/src/text/testdata/traditional.txt`, 'utf8')
    .replace('我再強調兩點意見', '我再強調三點意見'))
  await clerk.goto(`${server.url}/documents`)
  await clerk.getByRole('heading', { name: '读入讲话' }).waitFor()
  await clerk.getByLabel('讲话人或发文单位').fill('某区领导')
  await clerk.getByLabel('日期', { exact: true }).fill(day(0))
  await clerk.keyboard.press('Enter')
  await shot(clerk, 'documents-load')
  await clerk.locator('input[type=file]').setInputFiles(path)
  await clerk.getByText('说有 3 个，实有 2 个', { exact: false }).waitFor()
  await tick(clerk, '有的支部组织生活质量不高')
  await button(clerk, '确认：1 个问题、0 项任务').click()
  await clerk.getByText('请选择整改单位').waitFor()
  await clerk.getByRole('combobox', { name: '整改单位' }).fill('卫健')
  await clerk.getByRole('option', { name: '卫健系统机关党委', exact: false }).click()
  await tick(clerk, '突出重点，把问题改到位')
  await button(clerk, '看原句：有的支部组织生活质量不高').click()
  check((await clerk.locator('mark.here').textContent())?.includes('組織生活質量不高'), 'the sentence is not shown')
  await shot(clerk, 'document-confirm')
  await button(clerk, '确认：1 个问题、1 项任务').click()
  await clerk.getByRole('heading', { name: '已转出' }).waitFor()
})

test('the task is reported on and done', async () => {
  await clerk.goto(`${server.url}/duties`)
  await clerk.getByText('还缺：进展').waitFor()
  await button(clerk, '填写进展、调整').click()
  await clerk.getByLabel('进展').fill('已逐条列出整改清单。')
  await button(clerk, '保存').click()
  await clerk.getByText('进展：已逐条列出整改清单。').waitFor()
  await shot(clerk, 'duties')
  await button(clerk, '办结').click()
  await button(clerk, '重新办理').waitFor()
})
