// What packs, records, duties, figures and the public pages send, as the screens know it.
import type { components } from './schema'

type S = components['schemas']
/** An item of a list. */
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
export type CountsFor = S['RecordCounts']
export type StoredFile = S['FileStored']
export type FlowPage = Omit<S['Flow'], 'counts'> & { counts: Record<string, number> }
export type ImportPreview = S['RecordPreview']
export type Imported = S['RecordImported']

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
export type Pattern = S['Pattern']
export type PatternRecord = S['PatternRecord']

// --- public pages and doors -----------------------------------------------------------------------------------
export type Disclosure = S['Disclosure']
export type OpenItem = S['OpenItem']
export type Token = S['Token']
