// A form as a pack declares it, and what may be put into it. Pure: the screen is FormView.vue.
import { readDecimal, compareDecimal } from '../base/dec'
import { t } from '../base/lang'
import type { Named } from '../kit/named'

export type FieldType = 'text' | 'long' | 'number' | 'day' | 'choice' | 'flag' | 'person' | 'org' | 'file' | 'list'

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
}

export interface Form {
  name: string
  title: string
  help: string
  /** What filling it in costs a person; the product counts it against itself. */
  minutes: number
  fields: Field[]
}

export type Entry = string | boolean | string[] | Named | null
export type Entries = Record<string, Entry>

export const TEXT_MAX = 500
export const LONG_MAX = 20_000
export const LIST_MAX = 50
export const FILE_MAX = 20 * 1024 * 1024

export function emptyEntry(f: Field): Entry {
  if (f.type === 'flag') return false
  if (f.type === 'list') return ['']
  return f.type === 'person' || f.type === 'org' || f.type === 'file' ? null : ''
}

/** What the form shows at first: kept entries, else what the server already holds, else nothing. */
export function startEntries(form: Form, kept: Entries = {}): Entries {
  const start: Entries = {}
  for (const f of form.fields) start[f.name] = kept[f.name] ?? (f.prefilled as Entry) ?? emptyEntry(f)
  return start
}

export function isEmpty(e: Entry | undefined): boolean {
  if (e === undefined || e === null || e === false) return true
  if (typeof e === 'string') return e.trim() === ''
  return Array.isArray(e) && e.every((line) => line.trim() === '')
}

/** What is wrong with one entry, in a sentence that says what to do; or nothing. */
export function checkEntry(f: Field, e: Entry | undefined): string | undefined {
  if (isEmpty(e)) return f.required ? missing(f) : undefined
  if (typeof e === 'string') return checkText(f, e)
  if (Array.isArray(e)) return checkList(f, e.filter((line) => line.trim() !== ''))
  return undefined
}

function missing(f: Field): string {
  const holes = { title: f.title }
  if (f.type === 'choice' || f.type === 'person' || f.type === 'org' || f.type === 'day') return t('请选择{title}', holes)
  if (f.type === 'file') return t('请选择{title}的文件', holes)
  return f.type === 'flag' ? t('请确认{title}', holes) : t('请填写{title}', holes)
}

function checkText(f: Field, e: string): string | undefined {
  if (f.type === 'number') return checkNumber(f, e)
  if (f.type !== 'text' && f.type !== 'long') return undefined
  const n = [...e].length
  const [min, max] = [Number(f.min ?? 0), Number(f.max ?? (f.type === 'text' ? TEXT_MAX : LONG_MAX))]
  if (n > max) return t('最多 {max} 字，现在有 {n} 字；请删去 {more} 字', { max, n, more: n - max })
  return n < min ? t('至少 {min} 字，现在只有 {n} 字', { min, n }) : undefined
}

function checkNumber(f: Field, e: string): string | undefined {
  const value = readDecimal(e)
  if (value === undefined) return t('“{typed}”不是数；请只填数字，例如 12 或 12.5', { typed: e })
  if (f.min !== undefined && compareDecimal(value, String(f.min)) < 0) return t('不能小于 {min}', { min: f.min })
  if (f.max !== undefined && compareDecimal(value, String(f.max)) > 0) return t('不能大于 {max}', { max: f.max })
  return undefined
}

function checkList(f: Field, lines: string[]): string | undefined {
  const [min, max] = [Number(f.min ?? 0), Number(f.max ?? LIST_MAX)]
  if (lines.length > max) return t('最多 {max} 条，现在有 {n} 条', { max, n: lines.length })
  return lines.length < min ? t('至少 {min} 条，现在只有 {n} 条', { min, n: lines.length }) : undefined
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
export function bare(form: Form, entries: Entries): Record<string, unknown> {
  const sent: Record<string, unknown> = {}
  for (const f of form.fields) {
    const e = entries[f.name]
    if (f.type === 'flag') sent[f.name] = e === true
    else if (e === undefined || isEmpty(e)) continue
    else if (f.type === 'number') sent[f.name] = readDecimal(e as string)
    else if (Array.isArray(e)) sent[f.name] = e.map((line) => line.trim()).filter(Boolean)
    else sent[f.name] = typeof e === 'string' ? e.trim() : (e as Named).id
  }
  return sent
}
