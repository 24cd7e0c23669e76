import { describe, expect, test } from 'vitest'
import { percentOf, shareOf } from './choices'

describe('a percentage', () => {
  test.each([
    ['80', '0.8'], ['100', '1'], ['0', '0'], ['66.7', '0.667'], ['５０％', '0.5'], ['5', '0.05'], ['100.0', '1'],
    ['100.1', undefined], ['101', undefined], ['', undefined], ['-1', undefined], ['八十', undefined],
  ])('%j becomes the share %j', (typed, want) => expect(shareOf(typed)).toBe(want))
  test.each([['0.8', '80'], ['1', '100'], ['0', '0'], ['0.667', '66.7'], ['0.05', '5'], ['0.005', '0.5']])(
    'the share %j reads %j', (share, want) => expect(percentOf(share)).toBe(want))
})
