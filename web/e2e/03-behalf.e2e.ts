// Someone without access is served by a clerk: said on every page while it lasts, stored with both names.
import { equal, login, openPage, runBinary, shot, startServer, tempDir, test } from './lib'
import { PASSWORD, Scene } from './scene'

const dir = `${tempDir()}/data`
await runBinary(['init', '--dir', dir])
const server = await startServer(dir)
const scene = new Scene(dir)
await scene.roster(
  ['组织编号,名称,类别,领域,上级组织编号', 'D,例区机关工委,工委,机关,', 'B,第1系统机关党委,系统机关党委,机关,D'].join('\n'),
  ['姓名,工号,所在组织编号,出生年月,中共党员,职务,任职日期,离任日期',
    '甲一,S1,B,,是,书记,2023-03-01,', '文书记,H1,D,,是,委员,2023-01-01,'].join('\n'),
)
const organ = await scene.org('例区机关工委')
const clerk = await scene.account(server.url, '文书记', 'organiser_clerk', organ)
const year = await scene.call<{ id: number }>('cycle_open', { body: {
  year: 2026, title: '2026年度述职评议考核', organiser: organ, scheme: 'district', survey_mode: 'open',
  classes: [{ name: 'duty', title: '履行职责' }], objects: ['party_building'] } })
const debriefer = await scene.call<{ id: number }>('debriefer_add', { cycle: year.id, body: {
  person: await scene.person('甲一'), org: await scene.org('第1系统机关党委'), form: 'written' } })
const page = await openPage(server.url, '/login')

test('a clerk begins to serve somebody, and every page says so', async () => {
  await login(page, clerk, PASSWORD)
  await page.getByRole('button', { name: '代办' }).click()
  const box = page.getByRole('combobox', { name: '为谁代办' })
  await box.pressSequentially('甲一')
  await page.getByRole('option', { name: /甲一/ }).first().click()
  await shot(page, '03-behalf-choose')
  await page.getByRole('button', { name: '开始代办' }).click()
  await page.getByText('正在为甲一代办').waitFor()
  await page.goto(`${server.url}/reports/${debriefer.id}`)
  await page.getByText('正在为甲一代办').waitFor()
  await shot(page, '03-behalf-report')
})

test('a report is filed for somebody', async () => {
  const { csrf } = await page.evaluate(async () => (await (await fetch('/api/me')).json()) as { csrf: string })
  const status = await page.evaluate(async ([token, path, person]) => (await fetch(path!, {
    method: 'POST', headers: { 'X-Csrf': token!, 'X-Behalf': person!, 'content-type': 'application/json' },
    body: JSON.stringify({ zero: true }),
  })).status, [csrf, `/api/debriefers/${debriefer.id}/report`, String(await scene.person('甲一'))])
  equal(status, 200)
})

test('serving ends with one press', async () => {
  await page.getByRole('button', { name: '结束代办' }).click()
  await page.getByRole('button', { name: '代办' }).waitFor()
  equal(await page.getByText('正在为甲一代办').count(), 0)
})

test('the report shows for whom and by whom it was filed', async () => {
  await page.goto(`${server.url}/reports/${debriefer.id}`)
  await page.getByText('甲一（由文书记代办）').first().waitFor()
  await shot(page, '03-behalf-filed')
})
