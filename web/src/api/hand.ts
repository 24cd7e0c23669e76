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
  '/api/calendar': Get<{ items: P.CalendarItem[] }, { org?: number; from: string; to: string }>
  '/api/reminders': Get<List<P.Reminder>>
  '/api/reminders/send': Send<'post', { sent: number }, { orgs: number[]; text: string }>
  '/api/reports/{report}': Get<P.FigurePage, { org?: number; period?: string }, { report: string }>
  '/api/reports/{report}/records': Get<List<P.LedgerItem> & { form?: P.DeclaredForm }, { org?: number; period?: string; column: string; row: string }, { report: string }>
  '/api/points': Get<P.PointsPage, { person?: number; org?: number }>
  '/api/points/{points}/switch': Send<'post', object, { org: number; on: boolean; reason: string }, { points: string }>
  '/api/burden': Get<P.Burden, { org?: number }>
  '/api/pattern': Get<P.Pattern, { org?: number }>
}
