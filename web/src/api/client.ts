// The typed client over the server's route table.
import createClient, { type Middleware } from 'openapi-fetch'
import { lang } from '../base/lang'
import { ApiError, readError } from './error'
import type { paths } from './schema'

export const client = createClient<paths>({ baseUrl: '', fetch: (r: Request) => fetch(r) })

let csrf = ''
let behalf = 0
let onLogout = () => {}

/** The token that writes carry, from the latest /api/me. */
export function setCsrf(token: string): void {
  csrf = token
}

/** The person whom this clerk is serving just now; 0 for nobody. */
export function setBehalf(person: number): void {
  behalf = person
}

/** What to do when the server says that nobody is logged in any more. */
export function setOnLogout(f: () => void): void {
  onLogout = f
}

/** The headers that every request carries; uploads and downloads use them too. */
export function headers(writes: boolean): Record<string, string> {
  const h: Record<string, string> = { 'Accept-Language': lang.value }
  if (writes && csrf) h['X-Csrf'] = csrf
  if (behalf) h['X-Behalf'] = String(behalf)
  return h
}

const house: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(headers(request.method !== 'GET')))
      request.headers.set(name, value)
    return request
  },
}
client.use(house)

/** The reply's data, or an ApiError thrown. */
export async function ask<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<NonNullable<T>> {
  const { data, error, response } = await call
  if (response.ok) return (data ?? {}) as NonNullable<T>
  const e: ApiError = readError(response.status, error)
  if (e.status === 401) onLogout()
  throw e
}
