// A server that keeps everything in memory and answers /api/booth as the real one does, for tests of
// the pages alone. Its elections are real: the program judges what is cast.
import { readFileSync } from 'node:fs'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { join } from 'node:path'
import { publicCredential } from '../crypto.ts'
import { base64, hash, hexOf } from '../group.ts'
import { credentialOf, makeSlip, writeSlip } from '../slip.ts'
import { type Role, makeCert, makeDeal, makeSet, makeSingle, readTrustees, takeShares, trusteesText } from '../trustee.ts'

export interface Setting { voters: number; persons: string[]; items: string[]; options: string[]; blank: boolean; complete: boolean; strict: boolean }
export interface Box { uuid: string; text: string; creds: string; name: string; debriefer: string; object: string; cast: Map<string, { ballot: string; hints: string }> }

const hexText = (text: string): string => Array.from(hash(text), (b) => b.toString(16).padStart(2, '0')).join('')
const UUID = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const uuidOf = (): string => Array.from(crypto.getRandomValues(new Uint8Array(14)), (b) => UUID[b % 58]).join('')

export class Mock {
  readonly evote = 'E7x2'
  state = 'open'
  readonly slips: { code: string; words: string[] }[] = []
  readonly boxes: Box[] = []
  readonly trustees: string
  readonly seeds: Uint8Array[]
  readonly replaced: string[] = []
  readonly opened = new Set<string>()
  readonly asked: string[] = []
  /** Requests of casting that are answered by silence. */
  drop = 0
  desk: (body: Record<string, unknown>) => unknown = () => ({})
  archives = new Map<string, Uint8Array>()
  readonly said: Record<string, unknown>[] = []
  private server: Server

  constructor(readonly setting: Setting, private readonly dist: string) {
    const role = (i: number): Role => ({ index: i + 1, threshold: 2, size: 3 })
    this.seeds = [0, 1, 2].map(() => crypto.getRandomValues(new Uint8Array(32)))
    const certs = this.seeds.map((s, i) => makeCert(s, role(i)))
    const deals = this.seeds.map((s, i) => makeDeal(s, role(i), certs))
    const keys = this.seeds.map((s, i) => takeShares(s, role(i), certs, deals, `持钥人${i + 1}`).text)
    this.trustees = trusteesText([makeSingle(crypto.getRandomValues(new Uint8Array(32)), '服务器').text], [makeSet(role(0), certs, deals, keys)])
    const key = hexOf(readTrustees(this.trustees).key)
    const slips = Array.from({ length: setting.voters }, makeSlip)
    this.slips = slips.map(writeSlip)
    setting.persons.forEach((name, i) => {
      const uuid = uuidOf()
      const creds = JSON.stringify(slips.map((s) => publicCredential({ uuid }, credentialOf(s))).sort())
      const text = JSON.stringify({
        version: 1, description: '', name: `${name} 综合评价 第一组`, group: 'Ed25519', public_key: key,
        questions: setting.items.map((question) => ({ answers: setting.options, ...(setting.blank ? { blank: true } : {}), min: 1, max: 1, question })),
        uuid, shuping: { floor: 2, credentials: hexText(creds), trustees: hexText(this.trustees) },
      })
      this.boxes.push({ uuid, text, creds, name, debriefer: `d${i}`, object: 'overall', cast: new Map() })
    })
    this.server = createServer((q, r) => { this.handle(q, r).catch((e: unknown) => { r.statusCode = 500; r.end(String(e)) }) })
  }

  async listen(): Promise<string> {
    await new Promise<void>((done) => { this.server.listen(0, '127.0.0.1', done) })
    const at = this.server.address()
    return `http://127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`
  }

  close(): void {
    this.server.closeAllConnections()
    this.server.close()
  }

  info(): unknown {
    const s = this.setting
    const named = (titles: string[], kind: string): unknown => titles.map((title, i) => ({ name: `${kind}${i}`, title }))
    return {
      id: this.evote, title: '2026年度述职评议', state: this.state, round: 0, site: '', strict: s.strict, complete: s.complete, floor: 2,
      objects: [{ name: 'overall', title: '综合评价' }], items: named(s.items, 'i'), options: named(s.options, 'o'),
      groups: [{ name: 'A', title: '第一组', first: this.boxes[0]!.uuid }], elections: this.boxes.length, in: 0, issued: s.voters,
    }
  }

  cast(body: { ballots: { uuid: string; ballot: string; hints: string }[] }): unknown {
    return { cast: body.ballots.map(({ uuid, ballot, hints }) => {
      const box = this.boxes.find((b) => b.uuid === uuid)!
      const tracker = base64(hash(ballot))
      const { credential } = JSON.parse(ballot) as { credential: string }
      if (!box.creds.includes(credential) || this.opened.has(tracker)) return { uuid, tracker, state: 'refused', name: 'x', message: '这张票不收' }
      const before = box.cast.get(credential)
      if (before?.ballot === ballot) return { uuid, tracker, state: 'same' }
      if (before) this.replaced.push(base64(hash(`replaced|${base64(hash(before.ballot))}`)))
      box.cast.set(credential, { ballot, hints })
      return { uuid, tracker, state: before ? 'replaced' : 'new' }
    }) }
  }

  private api(path: string, query: URLSearchParams, body: never): unknown {
    if (path === '') return this.info()
    if (path === '/group') return { elections: this.boxes.map((b) => ({ text: b.text, object: b.object, debriefer: b.debriefer, name: b.name, org: '某单位党委书记' })) }
    if (path === '/creds' && query.get('uuid')) return JSON.parse(this.boxes.find((b) => b.uuid === query.get('uuid'))!.creds) as unknown
    if (path === '/cast') return this.cast(body)
    if (path === '/opened') { this.opened.add((body as { tracker: string }).tracker); return {} }
    if (path === '/trackers') return {
      elections: this.boxes.map((b) => ({ uuid: b.uuid, title: `${b.name} 第一组`, group: 'A', object: b.object, trackers: [...b.cast.values()].map((c) => base64(hash(c.ballot))) })),
      replaced: [...this.replaced].sort(),
    }
    if (path === '/desk') return this.desk(body)
    this.said.push({ path, ...(body as object) })
    return {}
  }

  private async handle(q: IncomingMessage, r: ServerResponse): Promise<void> {
    const url = new URL(q.url!, 'http://x')
    let text = ''
    for await (const part of q) text += String(part)
    const api = /^\/api\/booth\/[^/]+(.*)$/.exec(url.pathname)
    if (api) {
      this.asked.push(`${q.method} ${api[1]}`)
      if (api[1] === '/cast' && this.drop > 0) { this.drop--; q.socket.destroy(); return }
      r.setHeader('Access-Control-Allow-Origin', '*')
      const file = api[1] === '/archive' ? this.archives.get(url.searchParams.get('uuid')!) : undefined
      if (api[1] === '/archive') {
        r.statusCode = file && url.searchParams.get('part') === 'bel' ? 200 : 404
        r.end(r.statusCode === 200 ? file : '')
        return
      }
      r.setHeader('Content-Type', 'application/json')
      r.end(JSON.stringify(this.api(api[1]!, url.searchParams, (text ? JSON.parse(text) : {}) as never)))
      return
    }
    const file = url.pathname.startsWith('/v/') ? '/vote.html' : url.pathname
    // The policy the real server sends with every page.
    r.setHeader('Content-Security-Policy', "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
    r.setHeader('Content-Type', file.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8')
    try {
      r.end(readFileSync(join(this.dist, file)))
    } catch {
      r.statusCode = 404
      r.end()
    }
  }
}
