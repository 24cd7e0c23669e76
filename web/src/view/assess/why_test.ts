import { expect, test } from 'vitest'
import { formulaWords, whyOf, type WhyTree } from './why'

const leaf = (name: string, title: string): WhyTree => ({ name, title, kind: 'part', value: '90.00' })

test('a formula shows titles, whole names only, the longest first', () => {
  const inputs = [leaf('ballot', '测评'), leaf('ballot_two', '二次测评'), leaf('review.leaders.score', '区领导')]
  expect(formulaWords('ballot * 0.5 + ballot_two * 0.3 + ballots', inputs)).toBe('测评 * 0.5 + 二次测评 * 0.3 + ballots')
  expect(formulaWords('review.leaders.score * 0.4', inputs)).toBe('区领导 * 0.4')
  expect(formulaWords('a + b', [])).toBe('a + b')
})

test('a value says how it was rounded, its weight and who filed it', () => {
  const tree: WhyTree = {
    name: 'base', title: '基础分', kind: 'node', value: '91.63', exact: '91.625', formula: 'routine * 0.3',
    rounding: 'half_up 2', goes_on_rounded: true,
    inputs: [{ ...leaf('routine', '平时考核'), weight: '0.3', fact: 7 }, { name: 'superior', title: '上级评价', kind: 'part', value: null, missing: 'renormalise' }],
  }
  const why = whyOf(tree, [{ id: 7, what: '评分项', who: '某人', when: '2026-11-23T08:00:00Z' }])
  expect(why.note).toBe('取整前 91.625，四舍五入到 2 位小数；取整后参与后面的计算')
  expect(why.formula).toBe('平时考核 * 0.3')
  expect(why.inputs?.[0]?.facts?.[0]).toMatchObject({ who: '某人', link: '/facts/7' })
  expect(why.inputs?.[1]).toMatchObject({ value: '缺项', note: '缺项，其余各项按权重折算' })
})

test('a value that rounding left as it was says nothing of rounding', () => {
  expect(whyOf({ ...leaf('routine', '平时考核'), exact: '90', rounding: 'half_up 2', weight: '0.3' }, []).note).toBe('权重 0.3')
})
