import { expect, test } from 'vitest'
import { insidePath } from '../view/door/inside'
import { AREAS, menuOf, PAGES, type Page } from './routes'

const page = (over: Partial<Page>): Page => ({ path: '/x', title: 'x', view: async () => ({ default: {} }), ...over })

test('the menu holds the pages of one’s roles in the order of the year', () => {
  const pages = [
    page({ path: '/safety', area: 'safety', roles: ['sys_admin'] }),
    page({ path: '/reports', area: 'report' }),
    page({ path: '/', area: 'home' }),
    page({ path: '/login', open: true }),
  ]
  const secretary = menuOf(pages, (roles) => !roles || roles.includes('secretary'))
  expect(secretary.map((g) => g.pages.map((p) => p.path))).toEqual([['/'], ['/reports']])
  expect(menuOf(pages, () => true).map((g) => g.name)).toEqual(['home', 'report', 'safety'])
})

test('every page has an address of its own and a known area', () => {
  const paths = PAGES.map((p) => p.path)
  expect(new Set(paths).size).toBe(paths.length)
  for (const p of PAGES) if (p.area) expect(AREAS.map((a) => a.name)).toContain(p.area)
})

test.each([
  ['/org/3?tab=a', '/org/3?tab=a'], [undefined, '/'], ['https://evil.test', '/'], ['//evil.test', '/'],
  ['/\\evil.test', '/'], [['/a'], '/'],
])('after login %j leads to %j', (asked, want) => expect(insidePath(asked)).toBe(want))
