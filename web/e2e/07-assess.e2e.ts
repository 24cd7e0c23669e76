// From a counted ballot to the end of the year: inputs, a tie, a result that explains itself, its correction,
// letters, use, closing and the next year. The scene before it is set from the console.
import type { Page } from 'playwright-core'
import { check, equal, login, openPage, runBinary, shot, startServer, tempDir, test } from './lib'
import { PASSWORD, Scene } from './scene'

const dir = `${tempDir()}/data`
await runBinary(['init', '--dir', dir])
const server = await startServer(dir)
const scene = new Scene(dir)

const NAMES = ['甲一', '乙二', '丙三', '丁四']
await scene.roster(
  ['组织编号,名称,类别,领域,上级组织编号', 'D,例区机关工委,工委,机关,',
    ...NAMES.map((_, i) => `B${i},第${i + 1}系统机关党委,系统机关党委,机关,D`)].join('\n'),
  ['姓名,工号,所在组织编号,出生年月,中共党员,职务,任职日期,离任日期',
    ...NAMES.map((n, i) => `${n},S${i},B${i},,是,书记,2024-03-01,`),
    ...['文书记', '主任', '计一', '计二', '委员甲', '上级乙'].map((n, i) => `${n},H${i},D,,是,委员,2023-01-01,`)].join('\n'),
)
const organ = await scene.org('例区机关工委')
const logins = {
  clerk: await scene.account(server.url, '文书记', 'organiser_clerk', organ),
  head: await scene.account(server.url, '主任', 'organiser_head', organ),
  teller1: await scene.account(server.url, '计一', 'teller', organ),
  teller2: await scene.account(server.url, '计二', 'teller', organ),
  committee: await scene.account(server.url, '委员甲', 'committee', organ),
  superior: await scene.account(server.url, '上级乙', 'superior', organ),
  secretary: await scene.account(server.url, '甲一', 'secretary', await scene.org('第1系统机关党委')),
}
const ISSUED = { leaders: 10, peers: 12, staff: 20 }
const cycle = (await scene.call<{ id: number }>('cycle_open', { body: {
  year: 2026, title: '2026年度机关党建述职评议', organiser: organ, scheme: 'district', survey_mode: 'open',
  classes: [{ name: 'duty', title: '履行第一责任人职责' }], objects: ['party_building'],
  dates: [{ step: 'rectification', due: '2027-01-20' }],
  groups: [{ name: 'leaders', title: '区领导', issued: ISSUED.leaders }, { name: 'peers', title: '述职人互评', issued: ISSUED.peers },
    { name: 'staff', title: '机关党员代表', issued: ISSUED.staff }],
} })).id
const version = async (): Promise<number> => (await scene.call<{ version: number }>('cycle_show', { cycle })).version
const debriefers: number[] = []
for (const [i, name] of NAMES.entries()) {
  const body = { org: await scene.org(`第${i + 1}系统机关党委`), person: await scene.person(name), form: i < 3 ? 'live' : 'written' }
  debriefers.push((await scene.call<{ id: number }>('debriefer_add', { cycle, body })).id)
}
await scene.call('choices_set', { cycle, version: await version(), floor: 8, choices: {
  rounding: { mode: 'half_up', places: 2, nodes: ['ballot'], quota: 'up' }, ties: { rule: 'committee' },
  quorum: { returned: '0.8', valid: '0.9', scope: 'per_group', on_failure: 'revote' } } })
await scene.call('meeting_open', { cycle, body: { day: '2026-12-20', place: '区机关礼堂', ordering: 'fixed' } })
for (const [i, debriefer] of debriefers.entries()) {
  await scene.call('report_file', { debriefer, sections: [{ class: 'duty', achievements: '我抓了换届。', problems: '我抓得不深。', causes: '我认识不够。', measures: '我每月到支部。' }] })
  const report = await scene.call<{ version: number }>('report_show', { debriefer })
  await scene.call('report_judge', { debriefer, version: report.version, accept: true })
  if (i < 3)
    await scene.call('commentary_file', { debriefer, body: { by: '区领导', points: [
      { kind: 'achievement', text: '换届按期完成，班子配得齐。' }, { kind: 'problem', text: '主题党日形式单一，参加率不高。' },
      { kind: 'direction', text: '把功夫下在支部。' }] } })
}
await scene.call('voting_open', { cycle, version: await version() }, ['--as', logins.head])
const ITEMS = ['overall', 'understanding', 'duty', 'key_tasks', 'finding', 'next_steps']
const OPTIONS = ['good', 'good', 'fairly_good', 'fair']
for (const [group, n] of Object.entries(ISSUED))
  for (const teller of [logins.teller1, logins.teller2])
    await scene.call('tally_save', { cycle, object: 'party_building', group, round: 1, submit: true, body: {
      returned: n, valid: n, invalid: [],
      cells: debriefers.flatMap((debriefer, d) => ITEMS.map((item) => ({ debriefer, item, option: OPTIONS[d], n }))) } }, ['--as', teller])
await scene.call('tally_close', { cycle, object: 'party_building' }, ['--as', logins.clerk])

const as = async (who: keyof typeof logins, path: string): Promise<Page> => {
  const page = await openPage(server.url, '/login')
  await login(page, logins[who], PASSWORD)
  await page.goto(server.url + path)
  await page.locator('main h1').first().waitFor()
  return page
}
let clerk: Page
let head: Page
let committee: Page

test('the clerk types down a column; what is missing is counted and the tie not decided yet', async () => {
  clerk = await as('clerk', '/assess')
  await clerk.getByText('还有 8 格').waitFor()
  await shot(clerk, 'assess-empty')
  await clerk.getByRole('textbox', { name: '甲一 平时考核' }).focus()
  for (const value of ['90', '９０', '85', '70']) {
    await clerk.keyboard.type(value)
    await clerk.keyboard.press('Enter')
  }
  await clerk.getByText('还有 4 格').waitFor()
  equal(await clerk.getByRole('textbox', { name: '乙二 平时考核' }).inputValue(), '90', 'full-width digits')
  await clerk.getByRole('textbox', { name: '甲一 平时考核' }).fill('101')
  await clerk.keyboard.press('Tab')
  await clerk.getByText('应在0到100之间').waitFor()
  await clerk.reload()
})

test('the superior sees and fills his own part alone', async () => {
  const superior = await as('superior', '/assess')
  await superior.getByRole('textbox', { name: '甲一 上级评价' }).fill('95')
  await superior.keyboard.press('Enter')
  await superior.keyboard.type('95')
  await superior.keyboard.press('Enter')
  await superior.keyboard.type('80')
  await superior.keyboard.press('Enter')
  await superior.getByRole('button', { name: '声明缺项：丁四 上级评价' }).click()
  await superior.getByLabel('理由').fill('到任不足三个月')
  await superior.getByRole('dialog').getByRole('button', { name: '声明缺项' }).click()
  await superior.getByText('评分项已齐').waitFor()
  equal(await superior.getByRole('textbox', { name: '甲一 平时考核' }).count(), 0, 'columns of others')
  await shot(superior, 'assess-superior')
  await superior.context().close()
})

test('a tie shows to all and is decided by the committee, then the clerk computes', async () => {
  await clerk.reload()
  await clerk.getByText('并列待定：甲一、乙二').waitFor()
  check(await clerk.getByRole('button', { name: '测算' }).isDisabled(), 'computing is offered')
  committee = await as('committee', '/assess')
  await committee.getByRole('button', { name: '提前：乙二' }).click()
  await committee.getByLabel('理由').fill('基层评价更高')
  await shot(committee, 'assess-tie')
  await committee.getByRole('button', { name: '裁定先后' }).click()
  await committee.getByText('齐了，可以测算').waitFor()
  await clerk.reload()
  await clerk.getByRole('button', { name: '测算' }).click()
  await clerk.getByText('第 1 版已测算').waitFor()
  await shot(clerk, 'assess-done')
})

test('every number of the result opens its why, down to who filed it when', async () => {
  await clerk.goto(server.url + '/result')
  await clerk.getByText('已测算，待审定').waitFor()
  await clerk.getByText('并列第1名“甲一”与并列第1名“乙二”分不出先后：总分相同').waitFor()
  await shot(clerk, 'result-computed')
  await clerk.getByRole('button', { name: '57.50' }).first().click()
  const drawer = clerk.getByRole('dialog')
  await drawer.getByText('加减分后').first().waitFor()
  await drawer.locator('summary').filter({ hasText: '上级评价' }).click()
  await drawer.getByText('缺项，其余各项按权重折算').first().waitFor()
  await drawer.locator('li span.soft:visible').filter({ hasText: '上级乙' }).first().waitFor()
  await shot(clerk, 'result-why')
  await clerk.keyboard.press('Escape')
})

test('the committee overrides with a reason and approves, the head publishes', async () => {
  await committee.goto(server.url + '/result')
  await committee.getByRole('button', { name: '改定：丁四' }).click()
  await committee.getByLabel('审定等次').click({ force: true })
  await committee.getByRole('option', { name: '一般' }).click()
  await committee.getByRole('dialog').getByLabel('理由').fill('承担抢险任务，表现突出')
  await shot(committee, 'result-override')
  await committee.getByRole('dialog').getByRole('button', { name: '改定', exact: true }).click()
  await committee.getByText('丁四：审定为“一般”：承担抢险任务，表现突出').waitFor()
  await committee.getByRole('button', { name: '审定等次' }).click()
  await committee.getByLabel('审定会议').fill('工委会议')
  await shot(committee, 'result-approve')
  await committee.getByRole('dialog').getByRole('button', { name: '审定等次' }).click()
  await committee.getByText('等次经工委会议').waitFor()
  head = await as('head', '/result')
  await head.getByRole('button', { name: '反馈结果' }).click()
  await head.getByRole('dialog').getByRole('button', { name: '反馈结果' }).click()
  await head.getByText('第 1 版：已反馈').waitFor()
})

test('opinions take what is recorded; letters come out; the debriefer reads his own', async () => {
  await clerk.goto(server.url + '/feedback')
  for (const name of NAMES) {
    await clerk.getByRole('button', { name: `写意见：${name}` }).click()
    const dialog = clerk.getByRole('dialog')
    if (name !== '丁四') {
      for (const button of await dialog.getByRole('button', { name: '采用' }).all()) await button.click()
      if (name === '甲一') await shot(clerk, 'feedback-opinion')
    } else {
      for (const part of ['肯定的成绩', '指出的问题', '努力方向']) await dialog.getByLabel(part).fill('书面述职，详见报告。')
    }
    await dialog.getByRole('button', { name: '保存意见' }).click()
    await dialog.waitFor({ state: 'hidden' })
  }
  await clerk.getByRole('button', { name: '出反馈函' }).click()
  await clerk.getByText('有效反馈函 4 份').waitFor()
  await shot(clerk, 'feedback')
  const secretary = await as('secretary', '/my/results')
  await secretary.getByText('96.00 分').waitFor()
  await secretary.getByText('换届按期完成').waitFor()
  equal(await secretary.getByText('乙二').count(), 0, 'others on my page')
  await shot(secretary, 'my-results')
  await secretary.context().close()
})

test('a correction makes a new version and marks the old letters', async () => {
  await head.getByRole('button', { name: '更正结果' }).click()
  await head.getByLabel('更正理由').fill('平时考核录入有误')
  await head.getByLabel('批准更正的会议或领导').fill('工委会议')
  await head.getByRole('dialog').getByRole('button', { name: '更正结果' }).click()
  await head.getByText('本版已作废').waitFor()
  await shot(head, 'result-superseded')
  await clerk.reload()
  await clerk.getByText('已作废').first().waitFor()
  await clerk.goto(server.url + '/assess')
  await clerk.getByRole('textbox', { name: '丙三 平时考核' }).fill('88')
  await Promise.all([clerk.waitForResponse(/\/inputs$/), clerk.keyboard.press('Enter')])
  await clerk.getByRole('button', { name: '测算' }).click()
  await clerk.getByText('第 2 版已测算').waitFor()
  await scene.call('result_approve', { cycle, meeting: '工委会议', day: '2026-11-25' }, ['--as', logins.committee])
  await scene.call('result_publish', { cycle }, ['--as', logins.head])
  await clerk.goto(server.url + '/feedback')
  await clerk.getByRole('button', { name: '出反馈函' }).click()
  await clerk.getByText('有效反馈函 4 份').waitFor()
  await head.goto(server.url + '/result')
  await head.getByText('第 2 版：已反馈').waitFor()
  await head.getByRole('button', { name: '第 1 版' }).click()
  await head.getByText('第 1 版：已被更正').waitFor()
})

test('uses are recorded for many at once, the year closes with a carry-over, the next one opens', async () => {
  await clerk.goto(server.url + '/use')
  await clerk.getByRole('button', { name: '选中还没有登记的 4 名' }).click()
  await clerk.getByLabel('运用方式').click({ force: true })
  await clerk.getByRole('option', { name: '纳入班子和领导人员考核' }).click()
  await clerk.getByLabel('决定', { exact: false }).nth(0).fill('纳入年度考核')
  await clerk.getByLabel('决定单位').fill('区委组织部')
  await clerk.getByRole('button', { name: '登记', exact: true }).click()
  await clerk.getByText('都已登记').waitFor()
  await shot(clerk, 'use')
  await head.goto(server.url + '/close')
  await head.getByText('各环节都齐了').waitFor()
  await shot(head, 'close')
  await head.getByRole('button', { name: '结转并结束年度' }).click()
  await head.getByLabel('理由').fill('主题党日要跨年推进')
  await head.getByRole('button', { name: '结转并结束', exact: true }).click()
  await head.getByRole('button', { name: '开启 2027 年度' }).click()
  await head.getByText('提出述职人 4 名，结转问题 3 个。').waitFor()
  await shot(head, 'close-next')
})
