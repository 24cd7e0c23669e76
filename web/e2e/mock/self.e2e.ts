// Tests the harness and the shell against the stand-in server; the product's own stories lie one folder up.
import { resolve } from 'node:path'
import { build } from 'vite'
import type { Page } from 'playwright-core'
import { accessible, check, clean, equal, login, openPage, shot, test } from '../lib'
import { startMock } from './server'

const gallery = resolve('../build/e2e-gallery')
await build({ logLevel: 'error', base: '/gallery/', build: {
  outDir: gallery, emptyOutDir: true, rolldownOptions: { input: resolve('e2e/mock/gallery.html') } } })
const url = await startMock({ '/': resolve('dist'), '/gallery/': gallery })
let page: Page

test('a stranger meets the door, and a wrong password is answered in words', async () => {
  page = await openPage(url, '/reports?x=1')
  equal(new URL(page.url()).pathname, '/login')
  await page.getByLabel('工号或账号').fill('demo')
  await page.getByLabel('密码', { exact: true }).fill('wrong')
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByText('工号、账号或密码不对').waitFor()
  await shot(page, 'self-login')
})

test('log-in leads to what waits', async () => {
  await page.goto(url)
  await login(page, 'demo', 'right')
  await page.getByRole('heading', { name: '林晓，您好' }).waitFor()
  await page.getByText('书面述职还有 2 人没有交').waitFor()
  equal(await page.title(), '首页 · 述评')
  await shot(page, 'self-home')
})

test('English and traditional are a press away and remembered', async () => {
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Hello, 林晓' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Waiting for you' }).waitFor()
  equal(await page.title(), 'Home · Shuping')
  await shot(page, 'self-home-en')
  await page.getByRole('button', { name: '繁體中文' }).click()
  await page.getByRole('link', { name: '投訴與建議' }).waitFor()
  await page.getByRole('button', { name: '简体中文' }).click()
})

test('elder mode makes every target at least 60 pixels high', async () => {
  await page.getByRole('button', { name: '大字' }).click()
  await page.goto(url + '/complaint')
  await page.locator('main h1').waitFor()
  for (const target of await page.locator('header button:visible, main button:visible, nav a:visible').all()) {
    const box = await target.boundingBox()
    check(box && box.height >= 59.5, `${await target.innerText()} is ${box?.height} pixels high`)
  }
  await shot(page, 'self-elder')
  await page.getByRole('button', { name: '大字' }).click()
})

test('after navigation the heading has the focus, and the skip link leads past the menu', async () => {
  await page.goto(url)
  await page.getByRole('link', { name: '投诉与建议' }).click()
  await page.getByRole('heading', { name: '投诉与建议' }).waitFor()
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1')
  await page.reload()
  await page.locator('main h1').waitFor()
  await page.keyboard.press('Tab')
  equal(await page.evaluate(() => document.activeElement?.textContent), '跳到正文')
  await page.keyboard.press('Enter')
  equal(await page.evaluate(() => document.activeElement?.id), 'main')
})

test('on a phone the menu comes down from the top', async () => {
  await page.setViewportSize({ width: 360, height: 740 })
  await page.getByRole('button', { name: '菜单', exact: true }).click()
  await page.getByRole('dialog').getByRole('link', { name: '首页' }).waitFor()
  await page.waitForTimeout(400)
  await page.screenshot({ path: resolve('../build/shots/self-menu-360.png') })
  await accessible(page, 'menu')
  await page.getByRole('dialog').getByRole('link', { name: '首页' }).click()
  await page.getByRole('heading', { name: '林晓，您好' }).waitFor()
  await page.setViewportSize({ width: 1366, height: 768 })
})

test('a complaint needs no account', async () => {
  const stranger = await openPage(url, '/complaint')
  await stranger.getByRole('button', { name: '提交' }).click()
  await stranger.getByText('请写下要说的事').waitFor()
  await stranger.getByLabel('要说的事').fill('同一张表要填三遍。')
  await stranger.getByRole('button', { name: '提交' }).click()
  await stranger.getByText('受理号是 20260017').waitFor()
  clean(stranger)
})

test('an activation code leaves the address bar at once', async () => {
  const stranger = await openPage(url, '/activate#K7QX-2M')
  equal(new URL(stranger.url()).hash, '')
  equal(await stranger.getByLabel('激活码').inputValue(), 'K7QX-2M')
  await stranger.getByLabel('新密码').fill('短')
  await stranger.getByRole('button', { name: '激活并登录' }).click()
  await stranger.getByText('密码至少 8 个字符').waitFor()
  await shot(stranger, 'self-activate')
  for (const name of ['新密码', '再填一次']) await stranger.getByLabel(name).fill('江山如画 青山不老 一')
  await stranger.getByRole('button', { name: '激活并登录' }).click()
  await stranger.getByRole('heading', { name: '林晓，您好' }).waitFor()
})

test('logging out leaves nothing behind', async () => {
  await page.evaluate(() => sessionStorage.setItem('shuping.draft.x', '1'))
  await page.getByRole('button', { name: '退出' }).click()
  await page.getByRole('heading', { name: '登录' }).waitFor()
  equal(await page.evaluate(() => sessionStorage.length), 0)
  clean(page)
})

test('the shared parts look right and are accessible', async () => {
  const parts = await openPage(url, '/gallery/e2e/mock/gallery.html')
  await parts.locator('.el-table__row').first().waitFor()
  await shot(parts, 'self-gallery')
  await parts.getByRole('button', { name: '87.50' }).click()
  await parts.getByText('平时考核 × 0.3').waitFor()
  await parts.waitForTimeout(400)
  await parts.screenshot({ path: resolve('../build/shots/self-why-1366.png') })
  await accessible(parts, 'why')
  await parts.keyboard.press('Escape')
  for (const [button, text] of [['冲突', '谈心谈话记录不全'], ['退回', '退回后，书记']] as const) {
    await parts.getByRole('button', { name: button }).first().click()
    await parts.getByText(text).waitFor()
    await parts.waitForTimeout(400)
    await parts.screenshot({ path: resolve(`../build/shots/self-${button === '冲突' ? 'conflict' : 'reason'}-1366.png`) })
    await accessible(parts, button)
    await parts.keyboard.press('Escape')
    await parts.getByText(text).waitFor({ state: 'hidden' })
  }
})

test('a form is filled in with the keyboard alone', async () => {
  const parts = await openPage(url, '/gallery/e2e/mock/gallery.html')
  await parts.getByLabel('题目').focus()
  await parts.keyboard.type('走访')
  await parts.keyboard.press('Tab')
  await parts.keyboard.type('到会 12 人')
  await parts.keyboard.press('Tab')
  await parts.keyboard.type('１２')
  await parts.keyboard.press('Tab')
  await parts.keyboard.type('2026-11-23')
  await parts.keyboard.press('Enter')
  await parts.keyboard.press('Tab')
  await parts.getByRole('radio', { name: '成绩' }).focus()
  await parts.keyboard.press('Space')
  await parts.getByLabel('题目').focus()
  await parts.keyboard.press('Enter')
  await parts.locator('#sent').getByText('走访').waitFor()
  equal(JSON.parse((await parts.locator('#sent').textContent())!),
    { title: '走访', body: '到会 12 人', n: 12, day: '2026-11-23', kind: 'a', told: false, org: 2 })
  await parts.evaluate(() => fetch('/api/login', { method: 'POST', body: '{"password":"right"}' }))
  await parts.getByRole('combobox', { name: '核实人' }).fill('lx')
  await parts.getByRole('option', { name: /林晓/ }).click()
  await parts.getByRole('button', { name: '从组织树选' }).click()
  await parts.getByRole('treeitem', { name: /区教育局/ }).waitFor()
  await parts.waitForTimeout(400)
  await parts.screenshot({ path: resolve('../build/shots/self-tree-1366.png') })
  await accessible(parts, 'tree')
  clean(parts)
})

test('the harness fails a page that is not accessible or calls elsewhere', async () => {
  const bad = await openPage(url, '/complaint')
  await bad.evaluate(() => { document.querySelector('main')!.innerHTML = '<img src="/x.png"><h1>x</h1>' })
  const refused = await accessible(bad, 'bad').then(() => '', (e: Error) => e.message)
  check(refused.includes('image-alt'), `axe let a picture without words pass: ${refused}`)
  await bad.evaluate(() => fetch('http://127.0.0.1:9/').catch(() => 0))
  const called = (() => { try { clean(bad); return '' } catch (e) { return (e as Error).message } })()
  check(called.includes('Content Security Policy'), `a request to another host passed: ${called}`)
})
