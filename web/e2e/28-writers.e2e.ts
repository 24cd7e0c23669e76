// Many write at once, through the server and beside it: fifty requests together, while the command line files on the same
// folder. Whatever was acknowledged is there afterwards, once, and the log is whole.
import { check, equal, runBinary, test } from './lib'
import { day, district } from './year-scene'

const WRITERS = 50
const BESIDE = 8 // processes of their own, one after the other
const it = await district()
interface Filed { id: number; version: number }
interface Listed { items: { id: number; shown: Record<string, string> }[]; total: number }

test('fifty writers through the server and others beside it lose nothing', async () => {
  const staff = await it.as('staff', '/')
  const me = (await (await staff.request.get(`${it.url}/api/me`)).json()) as { csrf: string }
  const values = (title: string): Record<string, unknown> => ({ on: day(0), title, kind: 'reading', venue: 'organ' })
  const through = async (i: number): Promise<Filed> => {
    const reply = await staff.request.post(`${it.url}/api/ledgers/activity`, {
      headers: { 'X-Csrf': me.csrf }, data: { org: it.org.branch, values: values(`服务器 ${i}`) }, timeout: 60_000,
    })
    check(reply.ok(), `writer ${i}: ${reply.status()} ${await reply.text()}`)
    return (await reply.json()) as Filed
  }
  const beside = async (): Promise<Filed[]> => {
    const done: Filed[] = []
    for (let i = 0; i < BESIDE; i++)
      done.push(await it.scene.call<Filed>('record_file', { form: 'activity', org: it.org.branch, values: values(`命令行 ${i}`) }))
    return done
  }
  const began = performance.now()
  const [served, own] = await Promise.all([Promise.all(Array.from({ length: WRITERS }, (_, i) => through(i))), beside()])
  console.log(`     ${WRITERS} requests at once and ${BESIDE} processes: ${Math.round(performance.now() - began)} ms`)
  const ids = new Set([...served, ...own].map((f) => f.id))
  equal(ids.size, WRITERS + BESIDE, 'different records acknowledged')

  const list = (await (await staff.request.get(`${it.url}/api/ledgers/activity?org=${it.org.branch}&limit=500`)).json()) as Listed
  equal(list.total, WRITERS + BESIDE, 'records listed')
  check(list.items.every((r) => ids.has(r.id)), 'a record is listed that nobody filed')
  equal(new Set(list.items.map((r) => r.shown.title)).size, WRITERS + BESIDE, 'titles')
})

test('two who correct the same version do not both succeed', async () => {
  const staff = await it.as('staff', '/')
  const me = (await (await staff.request.get(`${it.url}/api/me`)).json()) as { csrf: string }
  const one = await it.scene.call<Filed>('record_file', { form: 'activity', org: it.org.branch, values: { on: day(0), title: '一条', kind: 'reading', venue: 'organ' } })
  const replies = await Promise.all(Array.from({ length: 10 }, (_, i) => staff.request.patch(`${it.url}/api/ledgers/activity/${one.id}`, {
    headers: { 'X-Csrf': me.csrf }, data: { version: one.version, values: { title: `改 ${i}` } },
  })))
  equal(replies.filter((r) => r.ok()).length, 1, 'corrections accepted')
  equal(replies.filter((r) => r.status() === 409).length, 9, 'corrections refused because somebody else was first')
})

test('what the views hold is what the log says', async () => {
  const printed = await runBinary(['rebuild', '--dir', it.dir, '--check'])
  check(printed.length > 0, 'rebuild said nothing')
})
