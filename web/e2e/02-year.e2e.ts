// A year from its opening to an accepted report: six steps, the choices without defaults, debriefers, a survey,
// a report written with hints, returned with remarks, filed again from a file and accepted.
import { writeFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { check, equal, login, openPage, runBinary, shot, startServer, tempDir, test } from './lib'
import { PASSWORD, Scene } from './scene'

const dir = `${tempDir()}/data`
await runBinary(['init', '--dir', dir])
const server = await startServer(dir)
const scene = new Scene(dir)

const NAMES = ['甲一', '乙二', '丙三']
await scene.roster(
  ['组织编号,名称,类别,领域,上级组织编号', 'D,例区机关工委,工委,机关,',
    ...NAMES.map((_, i) => `B${i},第${i + 1}系统机关党委,系统机关党委,机关,D`)].join('\n'),
  ['姓名,工号,所在组织编号,出生年月,中共党员,职务,任职日期,离任日期',
    ...NAMES.map((n, i) => `${n},S${i},B${i},,是,书记,${i === 1 ? '2026-08-01' : '2023-03-01'},`),
    ...['文书记', '调研员', '分管领导'].map((n, i) => `${n},H${i},D,,是,委员,2023-01-01,`)].join('\n'),
)
const organ = await scene.org('例区机关工委')
const logins = {
  clerk: await scene.account(server.url, '文书记', 'organiser_clerk', organ),
  surveyor: await scene.account(server.url, '调研员', 'surveyor', organ),
  author: await scene.account(server.url, '甲一', 'secretary', await scene.org('第1系统机关党委')),
}
const YEAR = 2026
// The year before, with a finding that is still open.
const before = await scene.call<{ id: number }>('cycle_open', { body: {
  year: YEAR - 1, title: `${YEAR - 1}年度述职评议考核`, organiser: organ, scheme: 'district', survey_mode: 'open',
  classes: [{ name: 'duty', title: '履行职责' }], objects: ['party_building'] } })
const past = await scene.call<{ id: number }>('debriefer_add', { cycle: before.id, body: {
  person: await scene.person('甲一'), org: await scene.org('第1系统机关党委'), form: 'written' } })
await scene.call('commentary_file', { debriefer: past.id, body: {
  by: '例区领导', points: [{ kind: 'problem', text: '到支部指导偏少，组织生活质量不高' }] } })

const as = async (who: keyof typeof logins, path: string): Promise<Page> => {
  const page = await openPage(server.url, '/login')
  await login(page, logins[who], PASSWORD)
  await page.goto(server.url + path)
  await page.locator('main h1').first().waitFor()
  return page
}
/** Chooses in a drop-down, typing first where it searches. */
async function pick(page: Page, label: string, name: string): Promise<void> {
  const box = page.getByRole('combobox', { name: label, exact: true })
  await box.focus()
  if (await box.isEditable()) await box.pressSequentially(name)
  else await page.keyboard.press('Enter')
  await page.getByRole('option', { name: new RegExp(name) }).first().click()
}
let clerk: Page
let author: Page
let reports = ''

test('a year is opened in six steps', async () => {
  clerk = await as('clerk', '/cycles')
  await shot(clerk, '02-cycles')
  await clerk.getByRole('button', { name: '开启年度' }).click()
  await clerk.getByRole('textbox', { name: /^年度/ }).fill(String(YEAR))
  await shot(clerk, '02-new-1')
  const next = clerk.getByRole('button', { name: '下一步' })
  await next.click()
  await clerk.getByRole('heading', { name: '述职内容类别' }).waitFor()
  for (let i = 0; i < 3; i++) await clerk.getByRole('button', { name: '删去第 3 类' }).click()
  await shot(clerk, '02-new-2')
  await next.click()
  await clerk.locator('main').getByText('党风廉政', { exact: true }).click()
  await next.click()
  await clerk.locator('main').getByText('区直系统机关党委书记综合评价', { exact: true }).click()
  await clerk.getByText('民主测评分 × 0.5 + 平时考核 × 0.3 + 上级评价 × 0.2').waitFor()
  await shot(clerk, '02-new-4')
  await next.click()
  await clerk.getByLabel('提交述职报告的完成日期').fill('2026-11-30')
  await clerk.keyboard.press('Enter')
  await clerk.getByLabel('会前调研的完成日期').fill('2026-10-31')
  await clerk.keyboard.press('Enter')
  await shot(clerk, '02-new-5')
  await next.click()
  await clerk.getByLabel('报告最多字数').fill('2000')
  await shot(clerk, '02-new-6')
  await clerk.getByRole('button', { name: '开启', exact: true }).click()
  await clerk.getByRole('heading', { name: `${YEAR}年度述职评议考核` }).waitFor()
  await clerk.getByText('还没有选定取整、并列和票数效力').waitFor()
})

test('debriefers come from the roster, with past turns and a gentle word for new ones', async () => {
  for (const [name, form] of [['甲一', '现场述职'], ['乙二', '书面述职']] as const) {
    await clerk.getByRole('button', { name: '增加述职人' }).click()
    const dialog = clerk.getByRole('dialog', { name: '增加述职人' })
    await pick(clerk, '述职人', name)
    await dialog.getByText(new RegExp(`第${name === '甲一' ? 1 : 2}系统机关党委`)).first().waitFor()
    await dialog.getByText(form, { exact: true }).click()
    if (name === '甲一') await shot(clerk, '02-debriefer')
    await dialog.getByRole('button', { name: '增加', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
  }
  await clerk.getByText('现场 1 名，书面 1 名').waitFor()
  await clerk.getByText('2025 书面述职').first().waitFor()
  await clerk.getByText('新任，可多帮一把').first().waitFor()
  await clerk.getByRole('button', { name: '变更乙二' }).click()
  const dialog = clerk.getByRole('dialog', { name: '变更述职安排' })
  await dialog.getByText('听取述职的领导、多个条线').click()
  await pick(clerk, '听取述职的领导', '分管领导')
  await dialog.getByRole('button', { name: '保存变更' }).click()
  await dialog.getByText('请写明理由').waitFor()
  await dialog.getByLabel('理由').fill('分工调整')
  await dialog.getByRole('button', { name: '保存变更' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await shot(clerk, '02-cycle')
})

test('nothing is chosen for the organiser, and what is missing is named', async () => {
  await clerk.getByRole('link', { name: '取整、并列、票数效力和发票数' }).click()
  await clerk.getByRole('heading', { name: '一、取整' }).waitFor()
  equal(await clerk.locator('input[type=radio]:checked').count(), 0, 'preselected options')
  await shot(clerk, '02-choices-empty')
  await clerk.getByRole('button', { name: '选定' }).click()
  await clerk.getByText('还有 12 项没有选定或填写').waitFor()
  for (const [group, option] of [['取整方式', '四舍五入'], ['小数位数', '2 位小数'], ['哪些中间得分先取整再往下算', '都不取整'],
    ['比例名额不是整数时', '进一'], ['总分相同的怎么排', '名次相同'], ['怎样算达到', '每个票类各自达到'], ['没有达到时', '重新投票']] as const)
    await clerk.getByRole('radiogroup', { name: group }).getByText(option, { exact: true }).click()
  await clerk.getByLabel('收回的票至少占发出的百分之几').fill('80')
  await clerk.getByLabel('有效票至少占收回的百分之几').fill('90')
  for (const [group, n] of [['区领导', '9'], ['述职人互评', '12'], ['机关党员代表', '30']] as const)
    await clerk.getByLabel(`${group}：发出票数`).fill(n)
  await shot(clerk, '02-choices')
  await clerk.getByRole('button', { name: '选定' }).click()
  await clerk.getByText('该选定的都已选定').waitFor()
})

test('the survey team records what it found', async () => {
  const surveyor = await as('surveyor', '/survey')
  await surveyor.getByLabel('核实的情况').fill('全年到支部两次，其中一次是陪同检查。')
  await pick(surveyor, '内容类别', '思想政治建设')
  await pick(surveyor, '了解途径', '谈话')
  await surveyor.getByRole('button', { name: '登记', exact: true }).click()
  await surveyor.locator('.facts').getByText('全年到支部两次').waitFor()
  await shot(surveyor, '02-survey')
})

test('the author writes with hints beside, answers last year, and files', async () => {
  author = await as('author', '/reports')
  await shot(author, '02-reports-own')
  await author.getByRole('link', { name: '去写' }).click()
  await author.getByRole('heading', { name: '撰写提示' }).waitFor()
  reports = new URL(author.url()).pathname
  const write = (label: string, text: string) => author.getByLabel(label, { exact: true }).fill(text)
  await write('思想政治建设 成绩', '单位组织学习XX次，2024年以来各项工作全面推进。')
  await author.getByRole('button', { name: /XX/ }).waitFor()
  await author.getByText('已保存').waitFor()
  await author.getByRole('button', { name: /XX/ }).click()
  equal(await author.evaluate(() => {
    const box = document.activeElement as HTMLTextAreaElement
    return box.value.slice(box.selectionStart, box.selectionEnd).slice(0, 2)
  }), 'XX', 'the marked passage')
  await author.getByRole('button', { name: '提交', exact: true }).click()
  await author.getByText('请选择整改到哪一步').waitFor()
  await shot(author, '02-editor')
  await author.reload()
  await author.getByLabel('思想政治建设 成绩', { exact: true }).waitFor()
  check((await author.getByLabel('思想政治建设 成绩', { exact: true }).inputValue()).startsWith('单位组织学习'), 'the draft is gone')
  await write('思想政治建设 成绩', '我带头学习十二次，给支部讲党课四次。')
  await write('思想政治建设 问题', '我到支部少，多数是陪同检查，没有蹲下来听意见。')
  await write('思想政治建设 原因', '我把精力放在会议和材料上。')
  await write('履行第一责任人职责 成绩', '我每季度研究一次党建。')
  await write('履行第一责任人职责 问题', '我对委员一岗双责督促不够。')
  await author.getByRole('radiogroup', { name: '第 1 个问题整改到哪一步' }).getByText('已整改').click()
  await author.getByLabel('第 1 个问题的说明').fill('少')
  await author.getByText('已保存').waitFor()
  await author.getByText('达到三分之一').waitFor()
  await author.getByRole('button', { name: '现在对照' }).click()
  await author.getByText('没有发现与其他报告相同的段落').waitFor()
  await shot(author, '02-editor-full')
  await author.getByRole('button', { name: '提交', exact: true }).click()
  await author.getByText('述职报告已提交').waitFor()
})

test('the reviewer sees an answer that says nothing, and returns the report', async () => {
  await clerk.goto(server.url + reports)
  await clerk.getByRole('heading', { name: '报告与记录对照' }).waitFor()
  await clerk.getByRole('heading', { name: '相同的文字' }).waitFor()
  await clerk.getByText('答复很短或只是重复问题').waitFor()
  await shot(clerk, '02-reader')
  await clerk.getByRole('button', { name: '退回修改' }).click()
  await clerk.getByLabel('理由').fill('上年问题的答复没有写做了什么。')
  await clerk.getByRole('button', { name: '退回', exact: true }).click()
  await clerk.getByText('已退回', { exact: true }).first().waitFor()
})

test('the author mends it from a file, and the versions can be compared', async () => {
  await author.goto(server.url + reports)
  await author.getByText('上年问题的答复没有写做了什么。').waitFor()
  const file = `${dir}-report.txt`
  writeFileSync(file, '述职报告\n一、思想政治建设\n我带头学习十二次，给支部讲党课四次。\n问题：我到支部少，只有两次。\n'
    + '原因：我把精力放在会议和材料上。\n下一步打算\n我每月到一个支部。\n二、履行第一责任人职责\n我每季度研究一次党建。\n存在的不足\n我对委员督促不够。\n')
  await author.getByText('从文件读入').click()
  await author.locator('input[type=file]').setInputFiles(file)
  await author.getByText('有 1 行没有放进去').waitFor()
  equal(await author.getByLabel('思想政治建设 措施', { exact: true }).inputValue(), '我每月到一个支部。')
  await author.getByLabel('第 1 个问题的说明').fill('今年改为每月到一个支部，现场参加组织生活并当场反馈。')
  await shot(author, '02-editor-file')
  await author.getByRole('button', { name: '再次提交' }).click()
  await author.getByText('述职报告已提交').waitFor()
  await clerk.goto(server.url + reports)
  await clerk.getByRole('button', { name: /比较 3 个版本/ }).click()
  await clerk.locator('ins', { hasText: '只有两次' }).waitFor()
  await shot(clerk, '02-versions')
  await clerk.getByRole('button', { name: '审核通过' }).click()
  await clerk.getByText('已审核', { exact: true }).first().waitFor()
  await clerk.goto(`${server.url}/reports`)
  await clerk.getByText('待审核 0 份，已审核 1 份，没有提交 1 份').waitFor()
  await shot(clerk, '02-reports')
})
