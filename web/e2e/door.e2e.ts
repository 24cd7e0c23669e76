// The first minutes of an empty installation: the one-time link, a password, out and in again.
import { check, equal, login, openPage, runBinary, shot, startServer, tempDir, test } from './lib'

const PASSWORD = '江山如画 青山不老 一'
const dir = `${tempDir()}/data`
const link = /\/activate#(\S+)/.exec(await runBinary(['init', '--dir', dir]))?.[0]
check(link, '`shuping init` printed no activation link')
const server = await startServer(dir)
const page = await openPage(server.url, link)

test('the first administrator activates the account with the one-time link', async () => {
  equal(new URL(page.url()).hash, '', 'what is left of the code in the address')
  for (const name of ['新密码', '再填一次']) await page.getByLabel(name).fill(PASSWORD)
  await shot(page, 'activate')
  await page.getByRole('button', { name: '激活并登录' }).click()
  await page.getByRole('heading', { name: '等您办的事' }).waitFor()
  await shot(page, 'home-first')
})

test('a used link is refused in words', async () => {
  const stranger = await openPage(server.url, link)
  for (const name of ['新密码', '再填一次']) await stranger.getByLabel(name).fill(PASSWORD)
  await stranger.getByRole('button', { name: '激活并登录' }).click()
  await stranger.locator('main [role=alert] p').first().waitFor()
  equal(new URL(stranger.url()).pathname, '/activate')
})

test('after logging out, the account and the password lead in again', async () => {
  await page.getByRole('button', { name: '退出' }).click()
  await page.getByRole('heading', { name: '登录' }).waitFor()
  await shot(page, 'login')
  await login(page, 'admin', PASSWORD)
  await page.getByRole('heading', { name: '等您办的事' }).waitFor()
})

test('a stranger can complain from the foot of the door', async () => {
  const stranger = await openPage(server.url, '/login')
  await stranger.getByRole('link', { name: '投诉与建议' }).click()
  await stranger.getByLabel('要说的事').fill('同一张表要填三遍。')
  await stranger.getByRole('button', { name: '提交' }).click()
  await stranger.getByText('受理号是').waitFor()
  await shot(stranger, 'complaint')
})
