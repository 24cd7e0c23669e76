// Routes whose description the server does not print yet.
import type * as P from './pack'

type Reply<R> = { responses: { 200: { headers: Record<string, unknown>; content: { 'application/json': R } } } }
type Path<A> = [A] extends [never] ? { path?: never } : { path: A }
type Get<R, Q = never, A = never> = { get: { parameters: { query?: Q } & Path<A> } & Reply<R> }
type Send<M extends string, R, B, A = never> = { [m in M]: { parameters: Path<A>; requestBody: { content: { 'application/json': B } } } & Reply<R> }
type List<T> = { items: T[]; total: number }
type Of = { form: string; subject: number }
type Values = Record<string, unknown>

export interface HandPaths {
  '/api/packs': Get<List<P.Pack>>
  '/api/packs/{pack}': Get<P.PackPage, never, { pack: string }>
  '/api/ledgers/{form}': Get<P.Ledger, {
    org?: number; below?: boolean; from?: string; to?: string; state?: string; q?: string; late?: boolean; field?: string; value?: string
    after?: number; limit?: number
  }, { form: string }> & Send<'post', P.Filed, { org: number; values: Values; late_reason?: string; late_by?: string }, { form: string }>
  '/api/ledgers/{form}/new': Get<P.RecordNew, { org?: number }, { form: string }>
  '/api/ledgers/{form}/{subject}': Get<P.RecordPage, never, Of> & Send<'patch', P.Filed, { version: number; values: Values; reason?: string; late_reason?: string; late_by?: string }, Of>
  '/api/ledgers/{form}/{subject}/strike': Send<'post', object, { version: number; reason: string }, Of>
  '/api/ledgers/{form}/{subject}/move': Send<'post', object, { version: number; move: string; values?: Values }, Of>
  '/api/flows/{flow}': Get<P.FlowPage, { org?: number }, { flow: string }>
  '/api/disclosures': Get<List<P.Disclosure>> & Send<'post', { id: number }, {
    form: string; subject: number; fields: string[]; scope: string; from: string; to?: string; decision: string }>
  '/api/disclosures/{disclosure}/end': Send<'post', object, { reason?: string }, { disclosure: number }>
  '/api/open': Get<List<P.OpenItem> & { next?: number }, { q?: string; after?: number }>
  '/api/open/{disclosure}': Get<P.OpenPage, never, { disclosure: number }>
  '/api/tokens': Get<List<P.Token>> & Send<'post', { id: number; token: string }, { name: string; org: number; forms: string[]; days: number }>
  '/api/tokens/{token}': { delete: { parameters: { path: { token: number } } } & Reply<object> }
  '/api/duties': Get<List<P.Duty>, { org?: number }>
  '/api/duties/{duty}/setting': Send<'post', object, {
    org: number; on: boolean; at_least?: string; kind?: string; reason: string; from: string }, { duty: string }>
  '/api/waivers': Send<'post', object, { duty: string; org: number; person?: number; from: string; to: string; reason: string }>
  '/api/board': Get<P.Board, { org?: number; year?: number }>
  '/api/heat': Get<P.Heat, { org?: number; year?: number; duty?: string; part?: string; after?: number; limit?: number; level?: number }>
  '/api/heat/roll': Get<P.HeatRoll, { org?: number; year?: number; by: string }>
  '/api/why': Get<P.DutyWhy, { duty: string; org: number; period?: string; person?: number; thing?: number }>
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
