// A debrief meeting and its paper ballot, from the draw to the confirmed count, with two tellers in two browsers.
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { check, equal, login, openPage, runBinary, shot, SHOTS, startServer, tempDir, test } from './lib'
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
    ...['文书记', '主任', '计一', '计二', '监票'].map((n, i) => `${n},H${i},D,,是,委员,2023-01-01,`)].join('\n'),
)
const organ = await scene.org('例区机关工委')
const logins = {
  clerk: await scene.account(server.url, '文书记', 'organiser_clerk', organ),
  head: await scene.account(server.url, '主任', 'organiser_head', organ),
  teller1: await scene.account(server.url, '计一', 'teller', organ),
  teller2: await scene.account(server.url, '计二', 'teller', organ),
  scrutineer: await scene.account(server.url, '监票', 'scrutineer', organ),
}
const cycle = (await scene.call<{ id: number; version: number }>('cycle_open', { body: {
  year: 2026, title: '2026年度机关党建述职评议', organiser: organ, scheme: 'district', survey_mode: 'open',
  classes: [{ name: 'duty', title: '履行第一责任人职责' }], objects: ['party_building'],
  groups: [{ name: 'leaders', title: '区领导', issued: 7 }, { name: 'peers', title: '述职人互评', issued: 12 },
    { name: 'staff', title: '机关党员代表', issued: 20 }],
} })).id
const debriefers: number[] = []
for (const [i, name] of NAMES.entries()) {
  const body = { org: await scene.org(`第${i + 1}系统机关党委`), person: await scene.person(name), form: i < 3 ? 'live' : 'written' }
  debriefers.push((await scene.call<{ id: number }>('debriefer_add', { cycle, body })).id)
}
await scene.call('survey_file', { debriefer: debriefers[0], body: {
  class: 'duty', text: '三个支部到期未换届，委员缺额两人。', source: 'visit', negative: true, claim: '所属支部全部按期换届' } })

const as = async (who: keyof typeof logins, path: string): Promise<Page> => {
  const page = await openPage(server.url, '/login')
  await login(page, logins[who], PASSWORD)
  await page.goto(server.url + path)
  await page.locator('main h1').first().waitFor()
  return page
}
let clerk: Page
let head: Page
let teller1: Page
let teller2: Page
let scrutineer: Page

test('the meeting is arranged and its order drawn by lot, with the seed to check it', async () => {
  clerk = await as('clerk', '/meeting')
  await clerk.getByLabel('日期', { exact: false }).first().fill('2026-12-20')
  await clerk.keyboard.press('Enter')
  await clerk.getByLabel('地点').fill('区机关礼堂')
  await clerk.getByLabel('到会人数').fill('42')
  await clerk.getByLabel('每人述职时限（分钟）').fill('5')
  await shot(clerk, 'meeting-plan')
  await clerk.getByRole('button', { name: '安排述职会' }).click()
  await clerk.getByText('区机关礼堂').waitFor()
  await clerk.getByRole('button', { name: '抽签' }).click()
  await clerk.getByRole('button', { name: '现在抽签' }).click()
  await clerk.getByText('种子公开').waitFor()
  equal((await clerk.locator('code.seed').innerText()).length, 64, 'length of the seed')
  check(!(await clerk.getByRole('button', { name: '抽签', exact: true }).isVisible()), 'a second draw is offered')
  await clerk.getByText('怎样自己核对').click()
  await shot(clerk, 'meeting-order')
})

test('steps are logged with one press, speakers are timed', async () => {
  await clerk.getByRole('button', { name: '宣布规则、清点人数' }).click()
  await clerk.getByText('会议开始后').waitFor({ state: 'hidden' })
  await clerk.getByRole('button', { name: '甲一' }).first().click()
  await clerk.getByRole('timer').getByText('甲一').waitFor()
  await clerk.waitForTimeout(1200)
  await clerk.reload() // the watch goes on
  await clerk.getByRole('timer').getByText('甲一').waitFor()
  await shot(clerk, 'meeting-speech')
  await clerk.getByRole('button', { name: '述职结束' }).click()
  await clerk.getByText('述职 · 甲一').waitFor()
})

test('a commentary beside the survey fact becomes a finding', async () => {
  await clerk.goto(`${server.url}/commentary/${debriefers[0]}`)
  await clerk.getByText('三个支部到期未换届').first().waitFor()
  await clerk.getByText('不在名册里').click()
  await clerk.getByLabel('点评人 必填').fill('分管领导')
  await clerk.getByLabel('要点 1 的内容').fill('换届不及时，报告与实际不符。')
  await clerk.getByRole('button', { name: '再加一个要点' }).click()
  await clerk.getByLabel('要点 2 的内容').fill('主题党日抓得实。')
  await clerk.getByRole('group', { name: '要点 2' }).getByText('肯定').click()
  await shot(clerk, 'commentary')
  await clerk.getByRole('button', { name: '保存点评' }).click()
  await clerk.getByText('1 个问题转入整改').waitFor()
  await clerk.getByText('记录：文书记').waitFor()
})

test('voting opens only when everything is settled, and by the head alone', async () => {
  await clerk.goto(`${server.url}/ballot`)
  await clerk.getByText('由组织单位负责人开始测评').waitFor()
  await clerk.getByText('还没有选定取整、并列和票数效力').waitFor()
  await shot(clerk, 'ballot-before')
  const c = await scene.call<{ version: number }>('cycle_show', { cycle })
  await scene.call('choices_set', { cycle, version: c.version, floor: 8, choices: {
    rounding: { mode: 'half_up', places: 2, nodes: [], quota: 'up' }, ties: { rule: 'share' },
    quorum: { returned: '0.8', valid: '0.8', scope: 'per_group', on_failure: 'revote' } } })
  head = await as('head', '/ballot')
  await head.getByRole('button', { name: '开始测评' }).click()
  await head.getByRole('dialog').getByRole('button', { name: '开始测评' }).click()
  await head.getByText('每个票类一份').waitFor()
})

test('papers download as PDF', async () => {
  const link = head.getByRole('link', { name: '下载测评票 党建 机关党员代表' })
  const [got] = await Promise.all([head.waitForEvent('download'), link.click()])
  await got.saveAs(`${SHOTS}/ballot-paper.pdf`) // to be looked at
  check(got.suggestedFilename().endsWith('.pdf'), `the file is called ${got.suggestedFilename()}`)
  equal(readFileSync((await got.path())!).subarray(0, 5).toString(), '%PDF-')
})

/** Types a whole box with the keyboard alone: papers, then every row from its first cell. */
async function enter(page: Page, group: string, [returned, valid, unfilled]: number[], row: (at: number) => number[]): Promise<void> {
  await page.goto(`${server.url}/ballot/${cycle}/party_building/${group}`)
  await page.getByLabel('收回').fill(String(returned))
  await page.getByLabel('有效').fill(String(valid))
  if (unfilled) await page.getByLabel('无效：漏填').fill(String(unfilled))
  await page.locator('input.cell').first().focus()
  for (let at = 0; at < 24; at++)
    for (const n of row(at)) {
      if (n) await page.keyboard.type(String(n))
      await page.keyboard.press('Enter')
    }
}
const send = (page: Page) => page.getByRole('button', { name: '提交这一箱' }).click()

test('a teller types with the number pad and sees what does not add up', async () => {
  teller1 = await as('teller1', '/ballot')
  await teller1.getByRole('link', { name: '开始录入' }).first().click()
  await enter(teller1, 'leaders', [7, 6, 1], (at) => (at === 7 ? [4, 1, 0, 0] : [4, 2, 0, 0]))
  await teller1.getByText('还有 1 行与有效票数不符').waitFor()
  await teller1.getByText('少 1').waitFor()
  await send(teller1)
  await teller1.getByText('共5票').waitFor() // the server names the cell
  await teller1.getByText('已保存').waitFor()
  await shot(teller1, 'tally-wrong')
  await teller1.reload() // what was typed is still there
  await teller1.locator('input.cell').nth(29).fill('2')
  await teller1.getByText('全部相符').waitFor()
  await shot(teller1, 'tally-right')
  await send(teller1)
  await teller1.getByText('您已提交这一箱').waitFor()
})

test('the other teller sees none of it, differs in one row, and both see where', async () => {
  teller2 = await as('teller2', '/ballot')
  await teller2.getByText('一人已提交').waitFor()
  await enter(teller2, 'leaders', [7, 6, 1], (at) => (at === 23 ? [3, 3, 0, 0] : [4, 2, 0, 0]))
  check(!(await teller2.content()).includes('您已提交'), 'the first entry shows')
  await teller2.getByText('全部相符').waitFor()
  await send(teller2)
  await teller2.getByText('有 2 处不一致').waitFor()
  await shot(teller2, 'tally-differences')
  await teller1.goto(`${server.url}/ballot/${cycle}/party_building/leaders/differences`)
  await teller1.getByText('有 2 处不一致').waitFor()
})

test('he corrects his own and they agree', async () => {
  await teller2.getByRole('button', { name: '撤回我的数字，更正' }).click()
  await teller2.locator('input.marked').first().fill('4')
  await teller2.locator('input.marked').nth(1).fill('2')
  await send(teller2)
  await teller2.getByText('两人数字完全一致').waitFor()
})

test('the count is confirmed once every box agrees; the small group is merged', async () => {
  const items = ['overall', 'understanding', 'duty', 'key_tasks', 'finding', 'next_steps']
  for (const teller of [logins.teller1, logins.teller2])
    for (const [group, n] of [['peers', 12], ['staff', 20]] as const) {
      const cells = debriefers.flatMap((debriefer) => items.flatMap((item) =>
        [{ debriefer, item, option: 'good', n: n - 2 }, { debriefer, item, option: 'fairly_good', n: 2 }]))
      await scene.call('tally_save', { cycle, object: 'party_building', group, round: 1, submit: true,
        body: { returned: n, valid: n, invalid: [], cells } }, ['--as', teller])
    }
  scrutineer = await as('scrutineer', '/ballot')
  await scrutineer.getByText('区领导、述职人互评').waitFor() // 6 valid papers lie below the floor of 8
  await shot(scrutineer, 'ballot-close')
  await scrutineer.getByRole('button', { name: '确认计票' }).click()
  await scrutineer.getByText('已完成计票').waitFor()
  await clerk.goto(`${server.url}/ballot`)
  await clerk.getByRole('link', { name: '查看计票结果' }).click()
  await clerk.getByRole('heading', { name: '区领导、述职人互评' }).waitFor()
  await clerk.getByText('发出 19 张，收回 19 张，有效 18 张').waitFor()
  await shot(clerk, 'ballot-result')
  const c = await scene.call<{ state: string }>('cycle_show', { cycle })
  equal(c.state, 'counted', 'state of the cycle')
})
