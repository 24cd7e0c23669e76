// What the screens of rectification share: the shapes of the replies, tones of states, and the form of a
// finding as the pack declares it.
import { ask, client } from '../../api/client'
import type { DeclaredField } from '../../api/pack'
import type { components } from '../../api/schema'
import { t } from '../../base/lang'
import { fieldOf } from '../../form/declared'
import type { Entries, Form } from '../../form/form'
import type { Named } from '../../kit/named'
import type { Tone } from '../../kit/tone'

type Schemas = components['schemas']
export type FindingRow = Schemas['FindingRow']
export type Finding = Schemas['Finding']
export type Move = Schemas['FindingMove']

export interface Milestone { due: string; text: string; done?: boolean }
export interface Extension { was: string; due: string; reason: string; on: string }
/** The free part of a finding: what its pack lets be filled in. */
export interface Body {
  milestones?: Milestone[]
  extensions?: Extension[]
  owner?: number
  leader?: number
  [field: string]: unknown
}

const TONES: Record<string, Tone> = {
  listed: 'off', committed: 'now', in_progress: 'now', close_out_applied: 'warn', returned: 'bad', verified: 'good',
  closed: 'good', rechecked: 'good', reopened: 'bad',
}
export const toneOf = (state: string): Tone => TONES[state] ?? 'off'

/** What a row's deadline says, in words: a colour alone would not tell. */
export function dueWords(row: FindingRow, day: string): string {
  if (row.overdue) return t('{day}，逾期 {n} 天', { day, n: row.days_over ?? 0 })
  return row.extensions ? t('{day}（已延期 {n} 次）', { day, n: row.extensions }) : day
}

/** Fields of a pack's form as FormView draws them; rows and objects have screens of their own. */
export async function formOf(form: string, names: readonly string[], title: string): Promise<Form> {
  const got = await ask(client.GET('/api/forms/{form}', { params: { path: { form } } }))
  const declared = (got.form as { fields: DeclaredField[] }).fields
  const fields = names.map((n) => declared.find((f) => f.name === n)).filter((f) => f !== undefined)
  return { name: form, title, help: '', minutes: 0, fields: fields.map((f) => ({ ...fieldOf(f), required: undefined })) }
}

/** What the fields hold now, people with their names. */
export function entriesOf(form: Form, one: Finding): Entries {
  const body = one.body as Body
  const people: Record<string, string | undefined> = { owner: one.finding.owner_name, leader: one.leader_name }
  const entries: Entries = {}
  for (const f of form.fields) {
    const value = body[f.name]
    if (value === undefined) continue
    entries[f.name] = f.type === 'person'
      ? ({ id: value as number, name: people[f.name] ?? '' } satisfies Named)
      : (value as string)
  }
  return entries
}

/** Only what was changed; what was emptied becomes null. */
export function changed(form: Form, body: Body, sent: Record<string, unknown>): Record<string, unknown> {
  const patch: Record<string, unknown> = {}
  for (const f of form.fields) {
    const [was, now] = [body[f.name], sent[f.name]]
    if (now !== undefined && now !== was) patch[f.name] = now
    else if (now === undefined && was !== undefined) patch[f.name] = null
  }
  return patch
}
