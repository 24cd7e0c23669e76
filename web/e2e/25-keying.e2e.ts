// How long it takes to fill in the forms that the packs ask for. Every form is opened, filled in and filed as a clerk
// does, what was pressed is turned into time by fixed seconds, and each form's time is multiplied by how often a year a
// branch is asked for it (shuping burden --forms). The minutes a year are held to packs/keying.txt: a change that makes
// them rise fails until it raises the number there. KEYING=write writes the numbers.
//
// The seconds are those of the keystroke-level model (Card, Moran, Newell 1980): a key of a fair typist, pointing at
// something and pressing it, and a moment to think before each field. Chinese is typed by pinyin.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { check, ROOT, runBinary, test } from './lib'
import { day, district } from './year-scene'
import type { Locator, Page } from 'playwright-core'

const KEY = 0.28
const POINT = 1.3
const THINK = 1.35
const OPEN = 20 // the way through the menu, reading the page, pressing the button
const KEYS_PER_CHARACTER = 2.5
const TEXT = '研究部署本季度重点工作'
const LONG = '会议听取了工作汇报，分析了存在的问题，明确了责任人和完成时限，要求每月调度一次。'
const CAP = 12 * 60 // minutes a year
const KEPT = join(ROOT, 'packs/keying.txt')

interface Declared { name: string; title: string; type: string; required?: boolean; max?: number; min?: string; of?: string; choices?: { value: string; title: string }[]; fields?: Declared[]; built_in?: boolean }
interface New { form: { name: string; title: string; minutes: number; fields: Declared[] }; values: Record<string, unknown> }
interface Pack { name: string; menu?: string; forms: { name: string }[] }

const it = await district()
const packs = (await it.scene.call<{ items: Pack[] }>('pack_list')).items.filter((p) => p.menu)
interface Spent { fields: number; keys: number; points: number }
const seconds = (s: Spent): number => OPEN + s.fields * THINK + s.keys * KEY + s.points * POINT
interface Line { pack: string; form: string; title: string; declared: number; measured: number; spent: Spent; refused: string }
const lines: Line[] = []

/** Chooses the first that is offered after typing; says whether there was any. */
async function choose(page: Page, box: Locator, typed: string): Promise<boolean> {
  const input = box.locator('input').first()
  await input.click()
  if (typed) await input.pressSequentially(typed)
  const first = page.locator('.el-select-dropdown:visible .el-select-dropdown__item:visible').first()
  const found = await first.waitFor({ timeout: 1500 }).then(() => true, () => false)
  if (found) await first.click()
  else await page.keyboard.press('Escape')
  return found
}

/** Fills in one field of the page and says what it took. What there is nothing to choose from is counted alike. */
async function fill(page: Page, box: Locator, f: Declared): Promise<Spent> {
  const typed = async (text: string, keys: number): Promise<Spent> => {
    await box.locator('input, textarea').first().fill(text)
    return { fields: 1, keys, points: 1 }
  }
  switch (f.type) {
    case 'text': return typed(TEXT.slice(0, f.max ?? TEXT.length), Math.min(TEXT.length, f.max ?? TEXT.length) * KEYS_PER_CHARACTER)
    case 'long': return typed(LONG.slice(0, f.max ?? LONG.length), Math.min(LONG.length, f.max ?? LONG.length) * KEYS_PER_CHARACTER)
    case 'number': case 'decimal': {
      const text = f.min && Number(f.min) > 12 ? f.min : f.max !== undefined && Number(f.max) < 12 ? String(f.max) : '12'
      return typed(text, text.length)
    }
    case 'day': await box.locator('input').first().fill(day(0)); await page.keyboard.press('Tab'); return { fields: 1, keys: 10, points: 1 }
    case 'month': await box.locator('input').first().fill(day(0).slice(0, 7)); await page.keyboard.press('Tab'); return { fields: 1, keys: 7, points: 1 }
    case 'choice': {
      const radio = box.locator('.el-radio').first()
      const few = (await radio.count()) > 0
      if (few) await radio.click()
      else {
        await box.locator('.el-select__wrapper').click()
        await page.getByRole('option', { name: f.choices![0]!.title, exact: true }).last().click()
      }
      return { fields: 1, keys: 0, points: few ? 1 : 2 }
    }
    case 'words':
      if (await box.locator('.el-checkbox').count()) await box.locator('.el-checkbox').first().click()
      return { fields: 1, keys: 0, points: 2 }
    case 'refs':
      if (await box.getByRole('button', { name: '全选', exact: true }).count()) await box.getByRole('button', { name: '全选', exact: true }).click()
      else await choose(page, box, f.of === 'org' ? '第一' : '')
      return { fields: 1, keys: 0, points: 2 }
    case 'ref': { // a person by his initials, an organisation by two characters of its name
      await choose(page, box, f.of === 'person' ? 'wy' : f.of === 'org' ? '第一' : '')
      return { fields: 1, keys: f.of === 'org' ? 2 * KEYS_PER_CHARACTER : 2, points: 2 }
    }
    case 'rows': {
      await box.getByRole('button', { name: '加一行' }).click()
      const spent: Spent = { fields: 0, keys: 0, points: 1 }
      const cells = await box.locator('fieldset .cell').all()
      for (const [i, inner] of (f.fields ?? []).entries())
        if (cells[i] && inner.type !== 'flag') add(spent, await fill(page, cells[i], inner))
      return spent
    }
    case 'flag': await box.locator('.el-checkbox, .el-switch').first().click(); return { fields: 1, keys: 0, points: 1 }
    default: return { fields: 1, keys: 0, points: 1 }
  }
}

function add(to: Spent, more: Spent): void {
  to.fields += more.fields
  to.keys += more.keys
  to.points += more.points
}

/** Files what was filled in; empty when it is stored and shown, else why not. */
async function file(page: Page): Promise<string> {
  await page.getByRole('button', { name: '登记', exact: true }).click()
  const done = page.getByRole('heading', { name: '已登记' })
  const wrong = page.locator('[role=alert]:visible, .el-form-item__error:visible, .wrong:visible').first()
  await done.or(wrong).first().waitFor({ timeout: 5000 }).catch(() => undefined)
  if (!(await done.count())) return ((await wrong.count()) ? await wrong.innerText() : 'nothing happened').split('\n')[0]!
  await page.getByRole('link', { name: '查看这条记录' }).click()
  await page.getByRole('heading', { name: '历史' }).waitFor()
  return ''
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
        if (field.type === 'flag' && !field.required) { spent.fields += 0.5; continue }
        add(spent, await fill(page, box, field))
      }
      const refused = await file(page)
      lines.push({ pack: p.menu!, form: name, title: got.form.title, declared: got.form.minutes, measured: seconds(spent) / 60, spent, refused })
    }
  })

test('no form takes longer to key in than it declares, and what was keyed in is stored', async () => {
  for (const l of [...lines].sort((a, b) => b.measured / b.declared - a.measured / a.declared))
    console.log(`     ${l.measured.toFixed(1).padStart(5)} of ${String(l.declared).padStart(2)} minutes  ${l.pack} · ${l.title}  (${l.spent.fields} fields, ${Math.round(l.spent.keys)} keys, ${l.spent.points} presses)${l.refused ? `  not filed: ${l.refused}` : ''}`)
  const sum = (f: (l: Line) => number): string => lines.reduce((n, l) => n + f(l), 0).toFixed(1)
  const filed = lines.filter((l) => !l.refused).length
  console.log(`     all ${lines.length} forms once: ${sum((l) => l.measured)} minutes measured, ${sum((l) => l.declared)} declared; ${filed} filed and seen again`)
  check(lines.length > 0, 'no form was filled in')
  const over = lines.filter((l) => l.measured > l.declared)
  check(over.length === 0, over.map((l) => `${l.title} declares ${l.declared} minutes and takes ${l.measured.toFixed(1)}`).join('\n'))
  check(filed === lines.length, `only ${filed} of ${lines.length} forms were filed`)
})

test('a branch is asked no more keying a year than is kept', async () => {
  const took = new Map(lines.map((l) => [l.form, l.measured]))
  const year = new Map<string, { measured: number; declared: number }>()
  for (const line of (await runBinary(['burden', '--forms'])).trim().split('\n')) {
    const [sector, form, times, minutes] = line.split(' ') as [string, string, string, string]
    const at = year.get(sector) ?? { measured: 0, declared: 0 }
    at.measured += Number(times) * (took.get(form) ?? Number(minutes)) // a form that nobody here may open: as declared
    at.declared += Number(times) * Number(minutes)
    year.set(sector, at)
  }
  for (const [sector, at] of year)
    console.log(`     ${sector.padEnd(15)} ${at.measured.toFixed(0).padStart(4)} minutes a year measured (${(at.measured / 60).toFixed(1)} hours), ${at.declared} declared, ${CAP} allowed`)
  if (process.env.KEYING === 'write')
    writeFileSync(KEPT, '# Minutes a year that keying in takes a branch, by sector, measured in the browser (web/e2e/25-keying.e2e.ts).\n'
      + '# The test refuses a rise: whoever asks for more says why in the commit that raises the number (KEYING=write).\n'
      + [...year].map(([s, at]) => `${s} ${Math.ceil(at.measured)}\n`).join(''))
  const kept = new Map(readFileSync(KEPT, 'utf8').split('\n').filter((l) => l && !l.startsWith('#')).map((l) => [l.split(' ')[0]!, Number(l.split(' ')[1])]))
  for (const [sector, at] of year) {
    check(at.measured <= CAP, `${sector}: ${at.measured.toFixed(0)} minutes a year, over ${CAP}`)
    check(kept.has(sector) && at.measured <= kept.get(sector)!, `${sector}: keying takes ${at.measured.toFixed(1)} minutes a year, more than the ${kept.get(sector)} kept in packs/keying.txt; ask for less, or raise the number in the same change`)
  }
})
