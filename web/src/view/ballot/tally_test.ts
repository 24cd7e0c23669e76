import { describe, expect, it } from 'vitest'
import { digits, emptyEntry, fromBody, moveTo, papersSum, rowSum, toBody } from './tally'

const ballot = { complete_all: true, options: [{ name: 'good', title: '好' }, { name: 'fair', title: '一般' }] }

describe('a teller’s figures', () => {
  it('are digits, full-width ones too', () => {
    expect(digits('１２a')).toBe('12')
    expect(digits('007')).toBe('7')
    expect(digits('0')).toBe('0')
    expect(digits('-3.5')).toBe('35')
  })

  it('go to the server and come back the same', () => {
    const entry = { ...emptyEntry(), returned: '10', valid: '9', invalid: { double: '1' }, cells: { '7.duty.good': '9' } }
    expect(toBody(entry)).toEqual({
      returned: 10, valid: 9, invalid: [{ reason: 'double', n: 1 }],
      cells: [{ debriefer: 7, item: 'duty', option: 'good', n: 9 }],
    })
    expect(fromBody(toBody(entry))).toEqual(entry)
  })

  it('say what a row lacks or has too many', () => {
    const entry = { ...emptyEntry(), valid: '9', cells: { '7.duty.good': '5', '7.duty.fair': '3' } }
    expect(rowSum(entry, ballot, 7, 'duty')).toMatchObject({ n: 8, ok: false, says: '少 1' })
    entry.cells['7.duty.fair'] = '4'
    expect(rowSum(entry, ballot, 7, 'duty').ok).toBe(true)
    entry.cells['7.duty.fair'] = '5'
    expect(rowSum(entry, ballot, 7, 'duty').says).toBe('多 1')
    expect(rowSum({ ...entry, cells: {} }, { ...ballot, complete_all: false }, 7, 'duty').ok).toBe(true)
  })

  it('hold the papers against each other', () => {
    const entry = { ...emptyEntry(), returned: '10', valid: '9' }
    expect(papersSum(entry, 12).says).toContain('≠')
    entry.invalid = { double: '1' }
    expect(papersSum(entry, 12).ok).toBe(true)
    expect(papersSum(entry, 9).says).toContain('多于发出')
  })

  it('are walked with Enter and the arrows, never over the edge', () => {
    expect(moveTo('Enter', 3, 8, 4)).toBe(4)
    expect(moveTo('ArrowDown', 3, 8, 4)).toBe(7)
    expect(moveTo('ArrowDown', 5, 8, 4)).toBeUndefined()
    expect(moveTo('ArrowUp', 1, 8, 4)).toBeUndefined()
    expect(moveTo('Enter', 7, 8, 4)).toBeUndefined()
    expect(moveTo('a', 1, 8, 4)).toBeUndefined()
  })
})
