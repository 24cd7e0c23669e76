import { expect, test } from 'vitest'
import { linkOf, monthGrid, nextMonth } from './calendar'
import { showPeriod, STATES, stateShort, stateWord, toneOf } from './duty'

test.each([
  ['2026-03', '2026年3月', '3月'], ['2026-Q1', '2026年一季度', '一季度'], ['2026-H2', '2026年下半年', '下半年'], ['2026', '2026年', '全年'],
  ['2026-01-01/2026-06-30', '2026-01-01 至 2026-06-30', '2026-01-01 至 2026-06-30'], ['?', '?', '?'],
])('the period %s is said as %s, and short as %s', (p, long, short) => {
  expect(showPeriod(p)).toBe(long)
  expect(showPeriod(p, false)).toBe(short)
})

test('every state has a word, a short word and a tone, and no two share their words', () => {
  expect(new Set(STATES.map(stateWord)).size).toBe(STATES.length)
  expect(new Set(STATES.map(stateShort)).size).toBe(STATES.length)
  expect([toneOf('missed'), toneOf('met'), toneOf('strange'), stateWord('strange')]).toEqual(['bad', 'good', 'off', 'strange'])
})

test('months begin on Monday and hold every day once', () => {
  const weeks = monthGrid('2026-11')
  expect([weeks[0]![0], weeks.at(-1)!.at(-1), weeks.length]).toEqual(['2026-10-26', '2026-12-06', 6])
  expect(monthGrid('2021-02')).toHaveLength(4) // February from Monday to Sunday
  expect(weeks.flat().filter((d) => d.startsWith('2026-11'))).toHaveLength(30)
  expect([nextMonth('2026-12', 1), nextMonth('2026-01', -1)]).toEqual(['2027-01', '2025-12'])
})

test('an entry of the calendar leads to the thing itself, else to what asks for it', () => {
  expect([
    linkOf({ what: 'finding', subject: 5 }, 1), linkOf({ what: 'task', subject: 5 }, 1), linkOf({ what: 'term' }, 1),
    linkOf({ what: 'flow', form: 'venue', subject: 9 }, 1), linkOf({ what: 'duty', duty: 'd' }, 1), linkOf({ what: 'duty' }, 1),
  ]).toEqual(['/findings/5', '/duties', '/orgs/1', '/ledgers/venue/9', '/board?org=1', undefined])
})
