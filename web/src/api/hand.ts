// Routes whose description the server does not print yet.
import type * as P from './pack'

type Reply<R> = { responses: { 200: { headers: Record<string, unknown>; content: { 'application/json': R } } } }
type Path<A> = [A] extends [never] ? { path?: never } : { path: A }
type Get<R, Q = never, A = never> = { get: { parameters: { query?: Q } & Path<A> } & Reply<R> }
type Send<M extends string, R, B, A = never> = { [m in M]: { parameters: Path<A>; requestBody: { content: { 'application/json': B } } } & Reply<R> }
type List<T> = { items: T[]; total: number }

export interface HandPaths {
  '/api/disclosures': Get<List<P.Disclosure>> & Send<'post', { id: number }, {
    form: string; subject: number; fields: string[]; scope: string; from: string; to?: string; decision: string }>
  '/api/disclosures/{disclosure}/end': Send<'post', object, { reason?: string }, { disclosure: number }>
  '/api/open': Get<List<P.OpenItem> & { next?: number }, { q?: string; after?: number }>
  '/api/open/{disclosure}': Get<P.OpenPage, never, { disclosure: number }>
  '/api/burden': Get<P.Burden, { org?: number }>
  '/api/pattern': Get<P.Pattern, { org?: number }>
}
