// A stand-in for the server, only for the harness's own test: the built app, and just enough of the API.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { extname, join, normalize } from 'node:path'
import type { AddressInfo } from 'node:net'
import { atEnd } from '../lib'

const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml',
}
const ME = {
  account: 'demo', person: 7, name: '林晓', csrf: 'token-1', lang: 'zh-Hans', demo: true,
  roles: [{ role: 'organiser_clerk', org: 1, org_name: '青河区委区直机关工委' }],
}
const TASKS = [
  { title: '核对 3 份述职报告', why: '书记已提交，等您审核；逾期会耽误述职会', link: '/reports', due: '2099-12-05' },
  { title: '登记区住建局机关党委的会前调研事实', why: '调研组已走访，事实尚未登记', link: '/survey', due: '2020-11-20' },
  { title: '选定并列名次的处理办法', why: '开票前必须选定，会印在结果单上', link: '/cycle' },
]
const step = (name: string, title: string, due: string, state: string, missing: string[] = []) =>
  ({ step: name, title, due, state, done: 0, of: 1, missing })
const YEAR = { id: 5, version: 5, year: 2026, title: '2026年度述职评议考核', organiser: 1, organiser_name: '区直机关工委',
  state: 'preparing', state_title: '筹备' }
const STEPS = [
  step('pre_survey', '会前调研', '2026-11-27', 'done'),
  step('report', '提交述职报告', '2026-12-04', 'overdue', ['书面述职还有 2 人没有交', '现场述职有 1 份退回后没有再交']),
  step('debrief_meeting', '述职会', '2026-12-10', 'now'),
  step('composite_evaluation', '综合评价', '2026-12-25', 'later'),
]
const ORGS = [
  { id: 2, name: '区住房和城乡建设局机关党委', kind: 'system_committee', path: '区直机关工委', children: 1 },
  { id: 3, name: '区教育局机关党委', kind: 'system_committee', path: '区直机关工委', children: 1 },
]

export async function startMock(dirs: Record<string, string>): Promise<string> {
  const server = createServer((q, s) => {
    const url = new URL(q.url ?? '/', 'http://x')
    if (url.pathname.startsWith('/api/')) void api(q, s, url)
    else file(s, url.pathname, dirs)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  atEnd(() => new Promise<void>((done) => { server.closeAllConnections(); server.close(() => done()) }))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function file(s: ServerResponse, path: string, dirs: Record<string, string>): void {
  const prefix = Object.keys(dirs).filter((p) => path.startsWith(p)).sort((a, b) => b.length - a.length)[0]!
  const within = normalize('/' + path.slice(prefix.length))
  let at = join(dirs[prefix]!, within)
  if (!existsSync(at) || statSync(at).isDirectory()) at = join(dirs[prefix]!, 'index.html')
  s.writeHead(200, { 'Content-Type': TYPES[extname(at)] ?? 'application/octet-stream', 'Content-Security-Policy': POLICY })
  s.end(readFileSync(at))
}

function json(s: ServerResponse, status: number, body: unknown, cookie?: string): void {
  s.writeHead(status, { 'Content-Type': 'application/json', ...(cookie ? { 'Set-Cookie': cookie } : {}) })
  s.end(JSON.stringify(body))
}

async function api(q: IncomingMessage, s: ServerResponse, url: URL): Promise<void> {
  const refuse = (status: number, message: string, place?: string) => json(s, status, { error: { name: 'MOCK', message, place } })
  const parts: Buffer[] = []
  for await (const part of q) parts.push(part as Buffer)
  const body = Buffer.concat(parts).toString()
  const inside = q.headers.cookie?.includes('session=1') ?? false
  const door = ['/api/login', '/api/activate', '/api/complaints'].includes(url.pathname)
  if (!inside && !door) return refuse(401, '请先登录')
  if (inside && q.method !== 'GET' && q.headers['x-csrf'] !== ME.csrf) return refuse(403, '页面已过期；请刷新后再试')
  const list = (items: unknown[]) => json(s, 200, { items, total: items.length })
  const cookie = 'session=1; HttpOnly; SameSite=Strict; Path=/'
  switch (`${q.method} ${url.pathname}`) {
    case 'GET /api/me': return json(s, 200, ME)
    case 'POST /api/login':
      return JSON.parse(body).password === 'right' ? json(s, 200, {}, cookie) : refuse(401, '工号、账号或密码不对；忘记密码请领取新的激活条')
    case 'POST /api/activate':
      return JSON.parse(body).code === 'K7QX-2M' ? json(s, 200, { login: 'linxiao' }, cookie) : refuse(422, '激活码不对或已用过；请领取新的激活条')
    case 'POST /api/logout': return json(s, 200, {}, 'session=; Max-Age=0; Path=/')
    case 'POST /api/complaints': return json(s, 200, { id: 20260017 })
    case 'GET /api/tasks': return list(TASKS)
    case 'GET /api/cycles': return list([YEAR])
    case 'GET /api/cycles/5': return json(s, 200, { ...YEAR, body: {}, steps: STEPS, before_voting: [] })
    case 'GET /api/people': return list([{ id: 8, name: '林晓', org_name: '区教育局机关党委' }])
    case 'GET /api/orgs': return list(url.searchParams.has('parent') ? [{ ...ORGS[0], id: 9, name: '第一党支部', children: 0 }] : ORGS)
    case 'POST /api/files': return json(s, 200, { id: 77 })
  }
  return refuse(404, '没有这个地址')
}
