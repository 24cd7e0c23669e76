import { describe, expect, test } from 'vitest'
import { compare, draftOf, filled, points } from './report'

test('a draft has every class of the year and every finding to answer, in their order', () => {
  const d = draftOf([{ name: 'a' }, { name: 'b' }], [{ finding: 7 }], { sections: [{ class: 'b', problems: '少' }], answers: [] })
  expect(d.sections).toEqual([{ class: 'a' }, { class: 'b', problems: '少' }])
  expect(d.answers).toEqual([{ finding: 7, answer: '', text: '' }])
})

test('what is filed has no empty parts', () =>
  expect(filled([{ class: 'a', achievements: ' 做了 ', causes: '  ' }])).toEqual([{ class: 'a', achievements: '做了' }]))

test('blanks do not count as characters', () => expect(points('我 抓\n　党建𠮷')).toBe(5))

describe('two versions', () => {
  test('are compared sentence by sentence', () => {
    expect(compare('甲。乙。丙。', '甲。丁。丙。')).toEqual([
      { text: '甲。', mark: 'same' }, { text: '乙。', mark: 'gone' }, { text: '丁。', mark: 'new' }, { text: '丙。', mark: 'same' },
    ])
  })
  test('put together again give both texts', () => {
    const [a, b] = ['一；二；三', '二；四；三；五']
    const all = compare(a, b)
    expect(all.filter((p) => p.mark !== 'new').map((p) => p.text).join('')).toBe(a)
    expect(all.filter((p) => p.mark !== 'gone').map((p) => p.text).join('')).toBe(b)
  })
  test('without a common sentence are all gone and all new', () =>
    expect(compare('', '新。').map((p) => p.mark)).toEqual(['new']))
})
