// What packs, records, duties, figures and the public pages send, as the screens know it.
import type { components } from './schema'

type S = components['schemas']
export interface Titled { name: string; title: string }
export interface Choice { value: string; title: string }

/** A field as a pack declares it. */
export interface DeclaredField {
  name: string; title: string; type: string; required?: boolean; max?: number | string; min?: number | string
  of?: string; help?: string; choices?: Choice[]; fields?: DeclaredField[]; given?: boolean; built_in?: boolean
}
export interface DeclaredForm {
  name: string; title: string; help?: string; minutes: number; fields: DeclaredField[]; ledger?: boolean; pack?: string
  who?: string[]; personal?: string; dated?: string; on_time?: number; key?: string[]; public?: string[]; asked_by?: string
}

export type Pack = S['PackItem']
export type PackPage = S['Pack']

// --- records ------------------------------------------------------------------------------------------------
type Body = { values: Record<string, unknown>; shown: Record<string, unknown> }
export type LedgerItem = Omit<S['LedgerItem'], keyof Body> & Body
export type Ledger = Omit<S['Records'], 'form' | 'items'> & { form: DeclaredForm; items: LedgerItem[] }
export type RecordNew = Omit<S['RecordNew'], 'form' | 'values'> & { form: DeclaredForm; values: Record<string, unknown>; shown?: Record<string, unknown> }
export type RecordMove = S['RecordWay']
export type RecordPage = Omit<S['Record'], keyof Body | 'form' | 'flow'> & Body & { form: DeclaredForm; flow?: FlowPage }
export interface CountsFor { duty: string; title: string; period: string; period_title?: string; state: DutyState }
export type StoredFile = S['FileStored']
export type FlowPage = Omit<S['Flow'], 'counts'> & { counts: Record<string, number> }
export interface ImportPreview {
  digest?: string; rows: number; good: number; bad: { row: number; column?: string; message: string }[]
  new: number; same: number; changed: number
}

/* What a form says is the pack's business, so the server describes it as free JSON; here it is given its shape, once. */
export const asLedger = (r: S['Records']): Ledger => r as Ledger
export const asNew = (r: S['RecordNew']): RecordNew => r as RecordNew
export const asRecord = (r: S['Record']): RecordPage => r as RecordPage
export const asFlow = (r: S['Flow']): FlowPage => r as FlowPage

// --- duties -------------------------------------------------------------------------------------------------
export type DutyState = 'met' | 'due' | 'missed' | 'waived' | 'not_applicable' | 'later'
export type Duty = S['DutyItem']
export type DutyCell = S['DutyCell']
export type Board = S['Board']
export type BoardDuty = S['BoardDuty']
export type Heat = S['Heat']
export type CalendarItem = S['CalendarItem']
export type Reminder = S['Reminder']

// --- figures ------------------------------------------------------------------------------------------------
export type FigurePage = S['ReportFigures']
export type FigureCell = S['FigureCell']
export type PointsOf = S['PointsOf']
export interface Burden {
  org?: number; org_name?: string
  kinds: {
    kind: string; title: string; orgs: number; minutes: string; hours?: string; fields: number; papers: number; visits: number; meetings: number
    cap_minutes?: string
    askers: { by: string; minutes: string; forms: number }[]
    forms: { form: string; title: string; minutes: string; times: string; by?: string }[]
  }[]
  caps: { title: string; value: string; cap: string; over: boolean; cite?: string }[]
  again?: { form: string; field?: string; title: string; why: string }[]
}
export interface Pattern {
  org: number; org_name?: string
  late: PatternList[]; bulk: PatternList[]; backdated: PatternList[]; same_file: PatternList[]
}
export interface PatternList {
  title: string; org?: number; org_name?: string; n: number
  records: { form: string; subject: number; title: string; on: string; received: string; reason?: string; late_by?: string }[]
}

// --- public pages and doors -----------------------------------------------------------------------------------
export interface Disclosure {
  id: number; form: string; form_title?: string; subject: number; title: string; org_name?: string; scope: string; scope_title?: string
  from: string; to?: string; decision: string; ended?: boolean; fields?: { title: string; text: string }[]; by?: string
}
export interface OpenItem { id: number; title: string; org_name: string; form_title: string; from: string; to?: string; state_title?: string }
export interface OpenPage extends OpenItem { fields: { title: string; text: string }[]; decision?: string; days_left?: number; steps?: { title: string; day: string }[] }
export type Token = S['Token']
