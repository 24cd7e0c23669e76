// A form as a pack declares it, and what may be put into it. Pure: the screen is FormView.vue.
import { readDecimal, compareDecimal } from '../base/dec'
import { t } from '../base/lang'
import type { Named } from '../kit/named'

export type FieldType =
  | 'text' | 'long' | 'number' | 'decimal' | 'day' | 'month' | 'choice' | 'flag' | 'file'
  | 'person' | 'org' | 'record' // one thing held elsewhere
  | 'people' | 'orgs' | 'records' // several
  | 'words' // several of `choices`
  | 'list' // several free lines
  | 'rows' // several rows of `fields`

export interface Field {
  name: string
  title: string
  type: FieldType
  required?: boolean | undefined
  /** Of a text its length, of a number its value, of a list its entries, of a file its bytes. */
  min?: number | string | undefined
  max?: number | string | undefined
  choices?: { value: string; title: string }[] | undefined
  help?: string | undefined
  prefilled?: unknown
  /** The form whose records are referred to. */
  of?: string | undefined
  fields?: Field[] | undefined
}

export interface Form {
  name: string
  title: string
  help: string
  /** What filling it in costs a person; the product counts it against itself. */
  minutes: number
  fields: Field[]
}

/** A stored file: its hash is its name in the store. */
export interface FileRef { hash: string; name: string }
export type Entry = string | boolean | string[] | Named | Named[] | FileRef | Entries[] | null
export interface Entries { [name: string]: Entry }

export const TEXT_MAX = 500
export const LONG_MAX = 20_000
export const LIST_MAX = 50

const ONE = ['person', 'org', 'record', 'file'] as readonly FieldType[]
const MANY = ['people', 'orgs', 'records', 'words', 'rows'] as readonly FieldType[]
const CHOSEN = ['choice', 'day', 'month', 'person', 'org', 'record', 'people', 'orgs', 'records', 'words'] as readonly FieldType[]

export function emptyEntry(f: Field): Entry {
  if (f.type === 'flag') return false
  if (f.type === 'list') return ['']
  if (MANY.includes(f.type)) return []
  return ONE.includes(f.type) ? null : ''
}

/** What the form shows at first: kept entries, else what the server already holds, else nothing. */
export function startEntries(form: { fields: Field[] }, kept: Entries = {}): Entries {
  const start: Entries = {}
  for (const f of form.fields) start[f.name] = kept[f.name] ?? (f.prefilled as Entry) ?? emptyEntry(f)
  return start
}

export function isEmpty(e: Entry | undefined): boolean {
  if (e === undefined || e === null || e === false) return true
  if (typeof e === 'string') return e.trim() === ''
  return Array.isArray(e) && (e as unknown[]).every((line) => typeof line === 'string' && line.trim() === '')
}

/** What is wrong with one entry, in a sentence that says what to do; or nothing. */
export function checkEntry(f: Field, e: Entry | undefined): string | undefined {
  if (isEmpty(e)) return f.required ? missing(f) : undefined
  if (typeof e === 'string') return checkText(f, e)
  if (f.type === 'rows') return checkCount(f, (e as Entries[]).length) ?? checkRows(f, e as Entries[])
  if (Array.isArray(e)) return checkCount(f, (e as unknown[]).filter((line) => line !== '').length)
  return undefined
}

function missing(f: Field): string {
  const holes = { title: f.title }
  if (CHOSEN.includes(f.type)) return t('请选择{title}', holes)
  if (f.type === 'file') return t('请选择{title}的文件', holes)
  return f.type === 'flag' ? t('请确认{title}', holes) : t('请填写{title}', holes)
}

function checkText(f: Field, e: string): string | undefined {
  if (f.type === 'number' || f.type === 'decimal') return checkNumber(f, e)
  if (f.type !== 'text' && f.type !== 'long') return undefined
  const n = [...e].length
  const [min, max] = [Number(f.min ?? 0), Number(f.max ?? (f.type === 'text' ? TEXT_MAX : LONG_MAX))]
  if (n > max) return t('最多 {max} 字，现在有 {n} 字；请删去 {more} 字', { max, n, more: n - max })
  return n < min ? t('至少 {min} 字，现在只有 {n} 字', { min, n }) : undefined
}

function checkNumber(f: Field, e: string): string | undefined {
  const value = readDecimal(e)
  if (value === undefined) return t('“{typed}”不是数；请只填数字，例如 12 或 12.5', { typed: e })
  if (f.type === 'number' && value.includes('.')) return t('“{typed}”不是整数；请填整数，例如 12', { typed: e })
  if (f.min !== undefined && compareDecimal(value, String(f.min)) < 0) return t('不能小于 {min}', { min: f.min })
  if (f.max !== undefined && compareDecimal(value, String(f.max)) > 0) return t('不能大于 {max}', { max: f.max })
  return undefined
}

function checkCount(f: Field, n: number): string | undefined {
  const [min, max] = [Number(f.min ?? 0), Number(f.max ?? (f.type === 'list' ? LIST_MAX : n))]
  if (n > max) return t('最多 {max} 条，现在有 {n} 条', { max, n })
  return n < min ? t('至少 {min} 条，现在只有 {n} 条', { min, n }) : undefined
}

function checkRows(f: Field, rows: Entries[]): string | undefined {
  for (const [i, row] of rows.entries())
    for (const g of f.fields ?? []) {
      const sentence = checkEntry(g, row[g.name])
      if (sentence) return t('第 {row} 行：{what}', { row: i + 1, what: sentence })
    }
  return undefined
}

/** All that is wrong, by field name. */
export function checkForm(form: Form, entries: Entries): Record<string, string> {
  const wrong: Record<string, string> = {}
  for (const f of form.fields) {
    const sentence = checkEntry(f, entries[f.name])
    if (sentence) wrong[f.name] = sentence
  }
  return wrong
}

/** What is sent: ids instead of names, plain digits, no empty lines, nothing for what was left empty. */
export function bare(form: { fields: Field[] }, entries: Entries): Record<string, unknown> {
  const sent: Record<string, unknown> = {}
  for (const f of form.fields) {
    const e = entries[f.name]
    if (f.type === 'flag') sent[f.name] = e === true
    else if (e !== undefined && e !== null && !isEmpty(e)) sent[f.name] = bareEntry(f, e)
  }
  return sent
}

function bareEntry(f: Field, e: NonNullable<Entry>): unknown {
  switch (f.type) {
    case 'number': return Number(readDecimal(e as string))
    case 'decimal': return readDecimal(e as string)
    case 'person': case 'org': case 'record': return (e as Named).id
    case 'file': return (e as FileRef).hash
    case 'people': case 'orgs': case 'records': return (e as Named[]).map((n) => n.id)
    case 'rows': return (e as Entries[]).map((row) => bare({ fields: f.fields ?? [] }, row))
    case 'words': return e
    case 'list': return (e as string[]).map((line) => line.trim()).filter(Boolean)
    default: return (e as string).trim()
  }
}

/** Only what was changed against what was sent before; what was emptied becomes null. */
export function changedValues(form: { fields: Field[] }, was: Record<string, unknown>, now: Record<string, unknown>): Record<string, unknown> {
  const patch: Record<string, unknown> = {}
  for (const f of form.fields) {
    const [a, b] = [was[f.name], now[f.name]]
    if (JSON.stringify(a ?? null) !== JSON.stringify(b ?? null) && !(f.type === 'flag' && !a && !b)) patch[f.name] = b ?? null
  }
  return patch
}
