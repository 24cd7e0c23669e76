// How long it takes to fill in the forms that the packs ask for, against the minutes they declare: every form is opened
// and filled in as a clerk does, and what was pressed is turned into time by fixed seconds.
//
// The seconds are those of the keystroke-level model (Card, Moran, Newell 1980): a key of a fair typist, pointing at
// something and pressing it, and a moment to think before each field. Chinese is typed by pinyin.
import { check, test } from './lib'
import { district } from './year-scene'
import type { Locator, Page } from 'playwright-core'

const KEY = 0.28
const POINT = 1.3
const THINK = 1.35
const OPEN = 20 // the way through the menu, reading the page, pressing the button
const KEYS_PER_CHARACTER = 2.5
const TEXT = '研究部署本季度重点工作'
const LONG = '会议听取了工作汇报，分析了存在的问题，明确了责任人和完成时限，要求每月调度一次。'

interface Declared { name: string; title: string; type: string; required?: boolean; max?: number; min?: string; of?: string; choices?: { value: string; title: string }[]; fields?: Declared[]; built_in?: boolean }
interface New { form: { name: string; title: string; minutes: number; fields: Declared[] }; values: Record<string, unknown> }
interface Pack { name: string; menu?: string; forms: { name: string }[] }

const it = await district()
const packs = (await it.scene.call<{ items: Pack[] }>('pack_list')).items.filter((p) => p.menu)
interface Spent { fields: number; keys: number; points: number }
const seconds = (s: Spent): number => OPEN + s.fields * THINK + s.keys * KEY + s.points * POINT
const lines: { pack: string; title: string; declared: number; measured: number; spent: Spent }[] = []

/** Fills in one field of the page and says what it took. What cannot be chosen in an empty installation is counted alike. */
async function fill(page: Page, box: Locator, f: Declared): Promise<Spent> {
  const typed = async (text: string, keys: number): Promise<Spent> => {
    await box.locator('input, textarea').first().fill(text)
    return { fields: 1, keys, points: 1 }
  }
  switch (f.type) {
    case 'text': return typed(TEXT.slice(0, f.max ?? TEXT.length), Math.min(TEXT.length, f.max ?? TEXT.length) * KEYS_PER_CHARACTER)
    case 'long': return typed(LONG, LONG.length * KEYS_PER_CHARACTER)
    case 'number': case 'decimal': return typed(f.min && Number(f.min) > 12 ? f.min : '12', 2)
    case 'day': await box.locator('input').first().fill('2026-11-20'); await page.keyboard.press('Escape'); return { fields: 1, keys: 10, points: 1 }
    case 'month': await box.locator('input').first().fill('2026-11'); await page.keyboard.press('Escape'); return { fields: 1, keys: 7, points: 1 }
    case 'choice': {
      const radio = box.locator('.el-radio').first()
      if (await radio.count()) await radio.click()
      else {
        await box.locator('.el-select__wrapper').click()
        await page.getByRole('option', { name: f.choices![0]!.title, exact: true }).last().click()
      }
      return { fields: 1, keys: 0, points: (await radio.count()) ? 1 : 2 }
    }
    case 'words':
      if (await box.locator('.el-checkbox').count()) await box.locator('.el-checkbox').first().click()
      return { fields: 1, keys: 0, points: 2 }
    case 'refs':
      if (await box.getByRole('button', { name: '全选', exact: true }).count()) await box.getByRole('button', { name: '全选', exact: true }).click()
      return { fields: 1, keys: 0, points: 2 }
    case 'ref': return { fields: 1, keys: 4, points: 2 }
    case 'rows': {
      await box.getByRole('button', { name: '加一行' }).click()
      const n = f.fields?.length ?? 1
      return { fields: n, keys: 8 * n, points: n + 1 }
    }
    default: return { fields: 1, keys: 0, points: 1 }
  }
}

let staff: Page
let clerk: Page

test('those who file come in', async () => {
  staff = await it.as('staff', '/')
  clerk = await it.as('clerk', '/')
})

for (const p of packs)
  test(`${p.name} is keyed in`, async () => {
    for (const { name } of p.forms) {
      let page = staff
      let org = it.org.branch
      let got: New | undefined
      // The branch's clerk where he may, else the organiser's.
      for (const [who, where] of [[staff, it.org.branch], [clerk, it.org.branch], [clerk, it.org.organ]] as const) {
        const reply = await who.request.get(`${it.url}/api/ledgers/${name}/new?org=${where}`)
        const body = (await reply.json()) as New & { may: boolean }
        if (reply.ok() && body.may) { [page, org, got] = [who, where, body]; break }
      }
      if (!got) continue
      await page.goto(`${it.url}/ledgers/${name}/new?org=${org}`)
      await page.locator('form [data-field]').first().waitFor()
      const spent: Spent = { fields: 0, keys: 0, points: 0 }
      for (const box of await page.locator('form > [data-field]').all()) {
        const at = await box.getAttribute('data-field')
        const field = got.form.fields.find((f) => f.name === at)!
        if (got.values[field.name] !== undefined) { spent.fields += 0.5; continue } // held already: a glance
        if (field.type === 'flag') { spent.fields += 0.5; continue }
        const took = await fill(page, box, field)
        spent.fields += took.fields
        spent.keys += took.keys
        spent.points += took.points
      }
      lines.push({ pack: p.menu!, title: got.form.title, declared: got.form.minutes, measured: seconds(spent) / 60, spent })
    }
  })

test('no form takes longer to key in than it declares', async () => {
  for (const l of [...lines].sort((a, b) => b.measured / b.declared - a.measured / a.declared))
    console.log(`     ${l.measured.toFixed(1).padStart(5)} of ${String(l.declared).padStart(2)} minutes  ${l.pack} · ${l.title}  (${l.spent.fields} fields, ${Math.round(l.spent.keys)} keys, ${l.spent.points} presses)`)
  const sum = (f: (l: (typeof lines)[number]) => number): string => lines.reduce((n, l) => n + f(l), 0).toFixed(1)
  console.log(`     all ${lines.length} forms once: ${sum((l) => l.measured)} minutes measured, ${sum((l) => l.declared)} declared`)
  check(lines.length > 0, 'no form was filled in')
  const over = lines.filter((l) => l.measured > l.declared)
  check(over.length === 0, over.map((l) => `${l.title} declares ${l.declared} minutes and takes ${l.measured.toFixed(1)}`).join('\n'))
})
