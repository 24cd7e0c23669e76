import { expect, test } from 'vitest'
import type { Pack } from '../../api/pack'
import { findPacks, headings, recentWith } from './menu'

const pack = (name: string, menu: string, under?: string, forms: string[] = []): Pack => ({
  name, title: menu, menu, order: 0, version: '1', from: '2026-01-01', hash: '', duties: [], points: [], flows: [], reports: [],
  forms: forms.map((title, i) => ({ name: `${name}${i}`, title, minutes: 1, personal: false })), ...(under ? { under } : {}),
})
const packs = [pack('a', '组织生活', '支部', ['三会一课']), pack('b', '例外'), pack('c', '责任', '干部'), pack('d', '党员', '支部', ['党费收缴', '在外党员'])]

test('headings come where their first pack comes; what has none stands last', () => {
  expect(headings(packs).map((h) => [h.title, h.packs.map((p) => p.name)])).toEqual([['支部', ['a', 'd']], ['干部', ['c']], ['', ['b']]])
})

test('a word finds a pack by its name or by what lies in it', () => {
  expect(findPacks(packs, ' 党费 ')).toMatchObject([{ pack: { name: 'd' }, parts: [{ title: '党费收缴', to: '/packs/d?tab=ledger&form=d0' }] }])
  expect(findPacks(packs, '责任').map((f) => [f.pack.name, f.parts.length])).toEqual([['c', 0]])
  expect(findPacks(packs, '党员 在外').map((f) => f.parts.map((p) => p.title))).toEqual([['在外党员']])
  expect(findPacks(packs, '没有的')).toEqual([])
})

test('the last used come first, each once, a few of them', () => {
  expect(recentWith(['a', 'b', 'c'], 'c')).toEqual(['c', 'a', 'b'])
  expect(recentWith(['a', 'b', 'c', 'e'], 'd')).toEqual(['d', 'a', 'b', 'c'])
})
