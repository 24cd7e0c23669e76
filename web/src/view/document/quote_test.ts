import { expect, test } from 'vitest'
import { pieces } from './quote'

test('the text is cut at byte offsets, not at characters', () => {
  const text = '讲话：一是抓实。𠮷祥。'
  expect(pieces(text, [{ from: 9, to: 24 }])).toEqual([
    { text: '讲话：', at: 0 }, { text: '一是抓实。', at: 9, span: 0 }, { text: '𠮷祥。', at: 24 },
  ])
})
test('overlapping and impossible spans are left out, no text is lost', () => {
  const got = pieces('一二三四', [{ from: 6, to: 9 }, { from: 0, to: 6 }, { from: 3, to: 9 }, { from: 9, to: 99 }, { from: 9, to: 9 }])
  expect(got.map((p) => [p.text, p.span])).toEqual([['一二', 1], ['三', 0], ['四', undefined]])
})
test('no spans leave one piece, no text leaves none', () => {
  expect(pieces('一', [])).toEqual([{ text: '一', at: 0 }])
  expect(pieces('', [])).toEqual([])
})
