// One question to the server. Nothing is kept by the browser, no cookie is sent; a body goes as plain
// text, so that a page opened from disk needs no permission first.
import { langTag, mark, t } from './lang.ts'

/** `name` of the server's refusal; `offline` when no answer came, `bad` when it was no answer. */
export class AskError extends Error {
  constructor(readonly name: string, message: string) {
    super(message)
  }
}

const OFFLINE = mark('没有连上服务器；请看网络是否连着，再试一次')
const STRANGE = mark('服务器的答复读不懂（{status}）；请现场工作人员看一下')
const WAIT_MS = 30000

async function fetchIt(url: string, body: unknown): Promise<Response> {
  const stop = typeof AbortController === 'function' ? new AbortController() : null
  const timer = setTimeout(() => stop?.abort(), WAIT_MS)
  const init: RequestInit = { credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', headers: { 'Accept-Language': langTag() } }
  if (stop) init.signal = stop.signal
  if (body !== undefined) {
    init.method = 'POST'
    init.headers = { ...init.headers, 'Content-Type': 'text/plain' }
    init.body = JSON.stringify(body)
  }
  try {
    return await fetch(url, init)
  } catch {
    throw new AskError('offline', t(OFFLINE))
  } finally {
    clearTimeout(timer)
  }
}

async function refused(r: Response): Promise<AskError> {
  try {
    const v = (await r.json()) as { error?: { name?: string; message?: string } }
    if (v.error?.message) return new AskError(v.error.name ?? 'refused', v.error.message)
  } catch {
    // Whatever stood there was no refusal of ours.
  }
  return new AskError(r.status >= 500 ? 'offline' : 'bad', t(STRANGE, { status: r.status }))
}

export async function ask<T>(url: string, body?: unknown): Promise<T> {
  const r = await fetchIt(url, body)
  if (!r.ok) throw await refused(r)
  try {
    return (await r.json()) as T
  } catch {
    throw new AskError('offline', t(OFFLINE))
  }
}

/** A file as it is. Null: there is none. */
export async function askBytes(url: string): Promise<Uint8Array | null> {
  const r = await fetchIt(url, undefined)
  if (r.status === 404) return null
  if (!r.ok) throw await refused(r)
  try {
    return new Uint8Array(await r.arrayBuffer())
  } catch {
    throw new AskError('offline', t(OFFLINE))
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((done) => { setTimeout(done, ms) })

/** Asks again while the net is away, each time a little later; `waiting` is told how often it failed. */
export async function askOn<T>(url: string, body: unknown, waiting: (failed: number) => void): Promise<T> {
  for (let failed = 0; ; failed++) {
    try {
      return await ask<T>(url, body)
    } catch (e) {
      if (!(e instanceof AskError) || e.name !== 'offline') throw e
      waiting(failed + 1)
      await sleep(Math.min(1000 * 2 ** failed, 10000))
    }
  }
}
