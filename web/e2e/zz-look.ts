// throwaway
import { login, openPage, shot, startServer, test, SHOTS } from './lib'
const server = await startServer('/tmp/web/demo')
const [who, pass, ...paths] = (process.env.LOOK ?? '').split(' ')
const page = await openPage(server.url, '/login')
await login(page, who!, pass!)
for (const p of paths) test(p, async () => {
  await page.goto(server.url + p)
  await page.locator('main h1').first().waitFor()
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(400)
  await shot(page, 'look' + p.replace(/[/?=&]/g, '_'))
})
void SHOTS
