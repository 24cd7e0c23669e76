// The operator makes a safety copy and takes it away, it is restored; the auditor sees who came in; anybody sees
// the log's head.
import { mkdirSync, writeFileSync } from 'node:fs'
import { check, clean, equal, login, openPage, runBinary, shot, startServer, tempDir, test } from './lib'
import { PASSWORD, Scene } from './scene'

const ORGS = '组织编号,名称,类别,领域,上级组织编号\nQ,某区直属机关工委,工委,机关,\nQ1,卫健系统机关党委,系统机关党委,医院,Q\n'
const PEOPLE = '姓名,工号,所在组织编号,出生年月,职务,任职日期\n曾小明,A1,Q1,1975-03,书记,2023-03-01\n孙立,A5,Q,1985-02,党务工作者,2021-02-01\n'
const WORDS = '东街的银杏树今年落叶比去年早了整整九天'

const home = tempDir()
const dir = `${home}/data`
await runBinary(['init', '--dir', dir])
const server = await startServer(dir)
const scene = new Scene(dir)
await scene.roster(ORGS, PEOPLE)

async function administrator(name: string, role: string): Promise<string> {
  const made = await scene.call<{ id: number; login: string }>('account_open', { person: await scene.person(name) })
  await scene.call('grant_add', { account: made.id, role })
  const slip = await scene.call<{ code: string }>('account_slip', { account: made.id })
  const reply = await fetch(`${server.url}/api/activate`, {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: slip.code, password: PASSWORD }),
  })
  check(reply.ok, `${name} was not let in: ${reply.status}`)
  return made.login
}
const operator = await administrator('曾小明', 'sys_admin')
const auditor = await administrator('孙立', 'audit_admin')
const page = await openPage(server.url, '/login')
const copy = `${home}/taken.copy`

test('the operator makes a safety copy under a passphrase typed twice', async () => {
  await login(page, operator, PASSWORD)
  await page.goto(`${server.url}/safety`)
  await page.getByText('还没有安全副本').waitFor()
  await page.getByLabel('口令', { exact: false }).first().fill('太短了')
  await page.getByText('太短：还差 9 个字').waitFor()
  await page.getByRole('button', { name: '做一份安全副本' }).click()
  await page.getByText('两次填写的口令不一样').waitFor()
  await shot(page, 'safety-empty')
  await page.getByLabel('口令', { exact: false }).first().fill(WORDS)
  await page.getByLabel('再填一次').fill(WORDS)
  await page.getByText('很牢').waitFor()
  await page.getByRole('button', { name: '做一份安全副本' }).click()
  await page.getByText('已做好并核验').waitFor({ timeout: 30_000 })
  await page.getByText('共 1 条').waitFor()
  await shot(page, 'safety-made')
})

test('the copy is taken away and restored elsewhere', async () => {
  const [taken] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /^下载/ }).first().click()])
  check(taken.suggestedFilename().endsWith('.copy'), `it is called ${taken.suggestedFilename()}`)
  await taken.saveAs(copy)
  writeFileSync(`${home}/words`, WORDS)
  const printed = await runBinary(['restore', '--from', copy, '--dir', `${home}/again`, '--passphrase-file', `${home}/words`])
  check(printed.includes('已恢复'), printed)
  const again = new Scene(`${home}/again`)
  equal((await again.call<{ items: { name: string }[] }>('person_list', { q: '曾小明' })).items.length, 1, 'people restored')
})

test('the auditor sees log-ins and refusals, the operator does not', async () => {
  const stranger = await openPage(server.url, '/login')
  await stranger.getByLabel('工号或账号').fill('my-password-by-mistake')
  await stranger.getByLabel('密码', { exact: true }).fill('x')
  await stranger.getByRole('button', { name: '登录' }).click()
  await stranger.getByText('账号或密码不正确').waitFor()
  equal((await page.request.get(`${server.url}/api/audit`)).status(), 403, 'the operator asking')
  await page.goto(server.url)
  await page.getByRole('button', { name: '退出' }).click()
  await login(page, auditor, PASSWORD)
  await page.goto(`${server.url}/audit`)
  await page.getByText('账号或密码不对').first().waitFor()
  await page.getByText('没有权限').first().waitFor()
  check(!(await page.content()).includes('by-mistake'), 'what was mistyped is shown')
  await shot(page, 'audit')
  await page.getByText('只看没有成功的').click()
  await page.getByText('退出登录').first().waitFor({ state: 'detached' })
  equal(await page.getByText('成功', { exact: true }).count(), 0, 'rows that succeeded')
})

test('the head of the log, in groups as on paper', async () => {
  await page.goto(`${server.url}/log`)
  const root = (await page.locator('.root').textContent()) ?? ''
  equal(root.split(' ').length, 8, 'groups of the root')
  await shot(page, 'log')
  mkdirSync(`${home}/log`)
  await runBinary(['export-log', '--dir', dir, '--out', `${home}/log/log.jsonl`])
  clean(page)
})
