import { describe, expect, test } from 'vitest'
import { partsOf, spans } from './markdown'

describe('the help of a pack', () => {
  test('becomes heads, texts, lists, tables and code', () => {
    const parts = partsOf('# 组织生活\n\n第一行\n接着写\n\n- 一\n- 二\n  续\n\n1. 甲\n\n| 项 | 值 |\n|-|-|\n| a | `b` |\n\n```\nx  y\n```\n')
    expect(parts.map((p) => p.kind)).toEqual(['head', 'text', 'list', 'list', 'table', 'code'])
    expect(parts[1]).toEqual({ kind: 'text', text: [{ text: '第一行接着写', as: 'plain' }] })
    expect(parts[2]).toMatchObject({ ordered: false, items: [[{ text: '一' }], [{ text: '二续' }]] })
    expect(parts[3]).toMatchObject({ ordered: true })
    expect(parts[4]).toMatchObject({ head: [[{ text: '项' }], [{ text: '值' }]], rows: [[[{ text: 'a' }], [{ text: 'b', as: 'code' }]]] })
    expect(parts[5]).toEqual({ kind: 'code', text: 'x  y' })
  })
  test('keeps stars and angle brackets that mean nothing, and drops addresses', () => {
    expect(spans('2 * 3 <b> **要** [名](http://x)')).toEqual([
      { text: '2 ', as: 'plain' }, { text: '*', as: 'plain' }, { text: ' 3 <b> ', as: 'plain' }, { text: '要', as: 'bold' }, { text: ' 名', as: 'plain' }])
  })
  test('ends when its last line is reached, whatever is left open', () => {
    expect(partsOf('```\nab')).toEqual([{ kind: 'code', text: 'ab' }])
    expect(partsOf('- \n#\n|')).toHaveLength(2)
  })
})
