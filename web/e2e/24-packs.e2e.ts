// Every pack of the installation, whatever it holds: its main screen opens at two widths without anything broken, and
// each of its tabs opens too. No pack is named here.
import { check, clean, shot, test } from './lib'
import { district } from './year-scene'
import type { Page } from 'playwright-core'

interface PackItem { name: string; menu?: string }
const it = await district()
const packs = (await it.scene.call<{ items: PackItem[] }>('pack_list')).items.filter((p) => p.menu)
check(packs.length > 0, 'no pack has a screen')
let clerk: Page

test('the clerk comes in', async () => {
  clerk = await it.as('clerk', '/')
})
for (const p of packs) {
  test(`${p.name}: ${p.menu}`, async () => {
    await clerk.goto(`${it.url}/packs/${p.name}?org=${it.org.system}`)
    await clerk.getByRole('heading', { name: p.menu!, exact: true }).waitFor()
    await shot(clerk, `24-${p.name}`)
    const tabs = clerk.getByRole('navigation', { name: '这个板块的内容' }).getByRole('button')
    for (let i = 1; i < (await tabs.count()); i++) {
      await tabs.nth(i).click()
      await clerk.waitForLoadState('networkidle')
      const said = await clerk.locator('[role=alert]').allInnerTexts()
      check(said.every((s) => !s.trim()), `${p.name}, tab ${i + 1}: ${said.join(' ')}`)
      clean(clerk)
    }
  })
}
