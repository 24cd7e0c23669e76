import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ask, client, setOnLogout } from './client'
import { ApiError, asError } from './error'
import { useSession } from './session'

const ME = { account: 5, person: 7, name: '李某', roles: [{ role: 'secretary', title: '书记', org: 3, org_name: '某局' }], csrf: 'c1', demo: true, today: '2026-11-23' }
const sent: Request[] = []
let answer: (r: Request) => Response

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
const error = (status: number, message: string, place?: string) => json(status, { error: { name: 'X', message, place } })

beforeEach(() => {
  setActivePinia(createPinia())
  vi.stubGlobal('location', new URL('http://meeting.test/'))
  vi.stubGlobal('fetch', async (r: Request) => {
    sent.push(r)
    return answer(r)
  })
})
afterEach(() => {
  sent.length = 0
  setOnLogout(() => {})
  vi.unstubAllGlobals()
})

describe('a call', () => {
  test('gives the data', async () => {
    answer = () => json(200, { items: [], total: 0 })
    expect(await ask(client.GET('/api/tasks'))).toEqual({ items: [], total: 0 })
    expect(sent[0]!.headers.get('Accept-Language')).toBe('zh-Hans')
    expect(sent[0]!.headers.get('X-Csrf')).toBeNull()
  })
  test('throws the server’s own sentence and place', async () => {
    answer = () => error(409, '别人先改了', 'org')
    const e = await ask(client.GET('/api/tasks')).catch((x: unknown) => x)
    expect(e).toBeInstanceOf(ApiError)
    expect(e).toMatchObject({ status: 409, message: '别人先改了', place: 'org', isConflict: true })
  })
  test('throws a sentence of ours when a stranger answers', async () => {
    answer = () => new Response('<h1>502</h1>', { status: 502 })
    await expect(ask(client.GET('/api/tasks'))).rejects.toThrow('（502）')
  })
  test('ends the session on 401', async () => {
    const ended = vi.fn()
    setOnLogout(ended)
    answer = () => error(401, '请登录')
    await expect(ask(client.GET('/api/tasks'))).rejects.toThrow('请登录')
    expect(ended).toHaveBeenCalledOnce()
  })
})

test('a lost connection is told, a mistake of ours is not hidden', () => {
  expect(asError(new TypeError('Failed to fetch')).code).toBe('OFFLINE')
  expect(() => asError(new RangeError('ours'))).toThrow('ours')
})

describe('the session', () => {
  test('sends the token on writes once it is known, and forgets it', async () => {
    const session = useSession()
    answer = (r) => (r.method === 'GET' ? json(200, ME) : json(200, {}))
    await session.login('li', 'a long password')
    expect(session.me?.name).toBe('李某')
    expect(sent[0]!.headers.get('X-Csrf')).toBeNull()
    sessionStorage.setItem('shuping.draft.x', 'secret')
    await session.logout()
    expect(sent.at(-1)!.headers.get('X-Csrf')).toBe('c1')
    expect([session.me, sessionStorage.length]).toEqual([null, 0])
  })
  test('knows that nobody is logged in', async () => {
    const session = useSession()
    answer = () => error(401, '请登录')
    await session.load()
    expect([session.known, session.me]).toEqual([true, null])
  })
  test('shows pages by role', async () => {
    const session = useSession()
    answer = () => json(200, ME)
    await session.load()
    expect([session.holds(['secretary', 'teller']), session.holds(['sys_admin']), session.holds(undefined)])
      .toEqual([true, false, true])
  })
})
