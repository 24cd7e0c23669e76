import { describe, expect, test } from 'vitest'
import type { Form } from '../../form/form'
import { changed, dueWords, entriesOf, toneOf, type Finding, type FindingRow } from './finding'

const form: Form = {
  name: 'finding', title: '', help: '', minutes: 0, fields: [
    { name: 'measure', title: '措施', type: 'long' }, { name: 'owner', title: '责任人', type: 'person' },
    { name: 'due', title: '时限', type: 'day' },
  ],
}
const one = { finding: { owner_name: '甲一' }, body: { measure: '补齐', owner: 7 } } as unknown as Finding

describe('a finding', () => {
  test('is filled in with names beside ids', () => {
    expect(entriesOf(form, one)).toEqual({ measure: '补齐', owner: { id: 7, name: '甲一' } })
  })
  test('sends only what was changed, and null for what was emptied', () => {
    expect(changed(form, { measure: '补齐', owner: 7 }, { measure: '补齐', owner: 8, due: '2026-12-31' }))
      .toEqual({ owner: 8, due: '2026-12-31' })
    expect(changed(form, { measure: '补齐', owner: 7 }, { owner: 7 })).toEqual({ measure: null })
  })
  test('says in words that it is overdue or was extended', () => {
    const row = (over: Partial<FindingRow>) => dueWords({ overdue: false, extensions: 0, ...over } as FindingRow, '12月1日')
    expect(row({})).toBe('12月1日')
    expect(row({ overdue: true, days_over: 3 })).toBe('12月1日，逾期 3 天')
    expect(row({ extensions: 2 })).toBe('12月1日（已延期 2 次）')
  })
  test('has a tone for every state, and a quiet one for states it does not know', () => {
    expect([toneOf('returned'), toneOf('closed'), toneOf('new_state')]).toEqual(['bad', 'good', 'off'])
  })
})
