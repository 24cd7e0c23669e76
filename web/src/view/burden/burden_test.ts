import { expect, test } from 'vitest'
import { hours } from './hours'

test.each([['720', '12.0'], ['645', '10.8'], [0, '0.0'], ['29', '0.5']])('%s minutes are %s hours', (m, want) => expect(hours(m)).toBe(want))
