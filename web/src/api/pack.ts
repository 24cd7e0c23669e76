// What packs, records, duties, figures and the public pages send, as the screens know it.
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

export interface Pack {
  name: string; title: string; menu?: string; order?: number; shows?: string; version: string; from: string; cite?: string
  hash: string
  forms: (Titled & { minutes: number; personal?: string; ledger?: boolean })[]
  duties: string[]; reports: Titled[]; points: Titled[]; flows: Titled[]
}
export interface PackPage extends Pack { readme: string; lists: (Titled & { items: Choice[] })[] }

// --- records ------------------------------------------------------------------------------------------------
export interface LedgerItem {
  id: number; version: number; org: number; org_name: string; on: string; received: string
  late?: number; late_reason?: string; late_by?: string; state?: string; state_title?: string
  values: Record<string, unknown>; shown: Record<string, unknown>; filed_by?: string; struck?: boolean
}
export interface Ledger { form: DeclaredForm; columns: string[]; items: LedgerItem[]; total: number; next?: number; may_file?: boolean }
export interface RecordNew {
  form: DeclaredForm; values: Record<string, unknown>; shown?: Record<string, unknown>; org?: number; org_name?: string; may: boolean
}
export interface CountsFor { duty: string; title: string; period?: string; state: DutyState }
export interface Filed { id: number; version: number; late: number; counts_for: CountsFor[] }
export interface RecordMove {
  event: string; title: string; may: boolean; open: boolean; needs?: string; fields?: string[]; to?: string; to_title?: string
}
export interface RecordPage extends LedgerItem {
  form: DeclaredForm
  history: { id: number; on: string; received: string; who: string; behalf?: string; changed: string[]; struck?: boolean; reason?: string }[]
  files: { hash: string; name: string; type: string; size: number; also: { form: string; subject: number; title?: string }[] }[]
  moves: RecordMove[]
  flow?: string
  counts_for?: CountsFor[]
  disclosures?: { id: number; from: string; to?: string }[]
  may: { revise: boolean; strike: boolean; disclose: boolean }
}
export interface StoredFile { hash: string; name?: string; size: number; type: string; held: { form: string; subject: number; title?: string }[] }
export interface ImportPreview {
  digest?: string; rows: number; good: number; bad: { row: number; column?: string; message: string }[]
  new: number; same: number; changed: number; listed?: number
}
export interface FlowPage {
  name: string; title: string; form?: string; states: Choice[]; start: string; cite?: string
  moves: {
    event: string; title: string; from: string; to: string; who: string[]; needs?: string; within?: number; remind?: number
    escalate?: number
  }[]
  counts: Record<string, number>
}

// --- duties -------------------------------------------------------------------------------------------------
export type DutyState = 'met' | 'due' | 'missed' | 'waived' | 'not_applicable' | 'later'
export interface Duty {
  name: string; title: string; pack: string; for: string; every: string; months?: number; kind: 'hard' | 'soft'; off: boolean
  on?: boolean; draft?: boolean; cite: string; text: string; would?: string; form?: string; at_least?: string; at_most?: string
  exempt?: string[]; parts?: (Choice & { list: string })[]; lacks?: string[]; setting?: DutySetting
}
export interface DutySetting { on?: boolean; kind?: 'hard' | 'soft'; at_least?: string; reason?: string; from?: string }
export interface DutyCell {
  period: string; from?: string; to?: string; state: DutyState; value?: string; want?: string; due?: string; days_left?: number
  late?: number
}
export interface Board {
  org: number; org_name?: string; today: string; year?: number
  duties: { name: string; title: string; kind: 'hard' | 'soft'; every: string; pack?: string; form?: string; cells: DutyCell[] }[]
  people: { duty: string; title?: string; met: number; due: number; missed: number }[]
  responsible: { name: string; from: string; to?: string }[]
}
export interface HeatColumn { name: string; title: string }
export interface Heat {
  orgs: { org: number; name: string; sector?: string; cells: (DutyCell & { duty?: string; met?: number; of?: number })[] }[]
  columns: HeatColumn[]; total: number; next?: number
}
export interface HeatRoll {
  rows: { key: string; title: string; counts: Partial<Record<DutyState, number>>; href?: string }[]
}
export interface DutyWhy {
  duty: string; title: string; clause: string; kind: 'hard' | 'soft'; state: DutyState; sentence: string; org?: number
  counted: { form: string; subject: number; id: number; on: string; title: string }[]
  would?: string; exempt?: string; waiver?: string; responsible?: string; days_left?: number; form?: string; cite?: string
}
export interface CalendarItem {
  day: string; what: string; title: string; duty?: string; form?: string; subject?: number; state?: string; org?: number; org_name?: string
}
export interface Reminder {
  id: number; kind: string; org: number; org_name: string; title?: string; text: string; day: string; duty?: string; by?: string
}

// --- figures ------------------------------------------------------------------------------------------------
export interface ReportCell { value: string | null; exact?: string; drill?: boolean }
export interface FigurePage {
  report: {
    name: string; title: string; pack?: string; help?: string; cite?: string; rows: string; every: string
    columns: (Titled & { unit?: string; measure?: string; back?: number })[]
    total: boolean; chart?: { kind: 'bar' | 'line' | 'pie'; columns: string[] }
  }
  period: string; org?: number; org_name?: string
  columns: (Titled & { unit?: string })[]
  rows: { key: string; title: string; cells: ReportCell[] }[]
  totals?: ReportCell[]
}
export interface PointsPage {
  items: {
    name: string; title: string; on: boolean; cite?: string; every?: string
    people: {
      person: number; name: string; points: string; exempt?: boolean
      postings: { day: string; title: string; points: string; form?: string; subject?: number; reversed?: boolean }[]
    }[]
  }[]
  may_switch: boolean
}
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
export interface Token { id: number; name: string; org: number; org_name: string; forms: string[]; to: string; used?: string; ended?: boolean }
