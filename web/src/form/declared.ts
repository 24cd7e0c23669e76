// A form as the server describes it → the form as it is drawn, and the record's values as entries.
import type { DeclaredField, DeclaredForm } from '../api/pack'
import type { Named } from '../kit/named'
import type { Entries, Entry, Field, FieldType, Form } from './form'

const OF: Record<string, [one: FieldType, many: FieldType]> = { person: ['person', 'people'], org: ['org', 'orgs'] }

export function fieldOf(d: DeclaredField): Field {
  const base = { name: d.name, title: d.title, required: d.required, help: d.help, min: d.min, max: d.max, choices: d.choices, of: d.of }
  if (d.type === 'ref' || d.type === 'refs') {
    const kinds = OF[d.of ?? ''] ?? ['record', 'records']
    return { ...base, type: d.type === 'ref' ? kinds[0] : kinds[1] }
  }
  if (d.type === 'words') return { ...base, type: d.choices?.length ? 'words' : 'list' }
  if (d.type === 'rows') return { ...base, type: 'rows', fields: (d.fields ?? []).map(fieldOf) }
  return { ...base, type: d.type as FieldType }
}

/** The part of a declared form that a person fills in; what the program itself keeps is left out. */
export function formOf(d: DeclaredForm, hidden: readonly string[] = []): Form {
  const shown = d.fields.filter((f) => !f.built_in && f.type !== 'object' && !hidden.includes(f.name))
  return { name: d.name, title: d.title, help: d.help ?? '', minutes: d.minutes ?? 0, fields: shown.map(fieldOf) }
}

/** What the record holds, with the names the server shows beside its ids. */
export function entriesFrom(form: Form, values: Record<string, unknown>, shown: Record<string, unknown> = {}): Entries {
  const entries: Entries = {}
  for (const f of form.fields) {
    const entry = entryFrom(f, values[f.name], shown[f.name])
    if (entry !== undefined) entries[f.name] = entry
  }
  return entries
}

function entryFrom(f: Field, value: unknown, shown: unknown): Entry | undefined {
  if (value === undefined || value === null) return undefined
  switch (f.type) {
    case 'person': case 'org': case 'record':
      return named(value, shown)
    case 'people': case 'orgs': case 'records': {
      const names = Array.isArray(shown) ? shown : typeof shown === 'string' ? shown.split('、') : []
      return (value as unknown[]).map((v, i) => named(v, names[i]))
    }
    case 'rows': {
      const rows = value as Record<string, unknown>[]
      const names = Array.isArray(shown) ? (shown as Record<string, unknown>[]) : []
      return rows.map((r, i) => entriesFrom({ name: '', title: '', help: '', minutes: 0, fields: f.fields ?? [] }, r, names[i] ?? {}))
    }
    case 'words': case 'list':
      return (value as unknown[]).map(String)
    case 'flag':
      return value === true
    case 'file':
      return { hash: String(value), name: typeof shown === 'string' && shown ? shown : String(value).slice(0, 12) }
    default:
      return String(value)
  }
}

function named(value: unknown, shown: unknown): Named {
  if (typeof value === 'object' && value !== null) return value as Named
  return { id: Number(value), name: typeof shown === 'string' && shown ? shown : `#${String(value)}` }
}
