import { describe, expect, it } from 'vitest'
import { copyTime, strength } from './passphrase'

describe('a passphrase', () => {
  it.each([
    ['', false, '太短：还差 12 个字'],
    ['一句自己记得住的长话', false, '太短：还差 2 个字'],
    ['啊啊啊啊啊啊啊啊啊啊啊啊', false, '重复的字太多，容易猜到'],
    ['138001380001', false, '重复的字太多，容易猜到'],
    ['138502746911', true, '可以用；换成一句话会更牢'],
    ['一句自己记得住的话不告人', true, '可以用；再长几个字更牢'],
    ['东街的银杏树今年落叶比去年早了九天', true, '可以用；再长几个字更牢'],
    ['东街的银杏树今年落叶比去年早了整整九天', true, '很牢'],
    ['           x', false, '太短：还差 11 个字'],
  ])('%s', (text, fine, said) => {
    expect(strength(text)).toMatchObject({ fine, text: said })
  })

  it('counts signs, not bytes', () => {
    expect(strength('𠮷'.repeat(12)).text).toBe('重复的字太多，容易猜到')
  })
})

it('reads the time from the name of a copy', () => {
  expect(copyTime('述评-20261123-174205-118.copy')).toBe('2026-11-23 17:42')
  expect(copyTime('别的文件.copy')).toBe('')
})
