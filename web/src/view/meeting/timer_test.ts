import { effectScope } from 'vue'
import { beforeEach, describe, expect, it } from 'vitest'
import { clock, useWatch } from './timer'

describe('the watch of a speaker', () => {
  beforeEach(() => sessionStorage.clear())

  it('shows minutes and seconds', () => {
    expect(clock(0)).toBe('0:00')
    expect(clock(307)).toBe('5:07')
    expect(clock(3600)).toBe('60:00')
  })

  it('goes on over a reload and counts from the first press', () => {
    let now = 1_000_000
    const scope = effectScope()
    scope.run(() => useWatch(() => now).start(7, '甲'))
    scope.stop()
    now += 65_400
    const again = effectScope()
    again.run(() => {
      const watch = useWatch(() => now)
      expect(watch.running.value).toMatchObject({ debriefer: 7, name: '甲' })
      expect(watch.stop()).toBe(65)
      expect(watch.running.value).toBeNull()
    })
    again.stop()
    expect(sessionStorage.getItem('shuping.speech')).toBeNull()
  })
})
