// The watch of one speaker: survives a reload of the page, and knows the limit.
import { computed, onScopeDispose, ref, type ComputedRef, type Ref } from 'vue'

export interface Running { debriefer: number; name: string; from: number }

const KEPT_UNDER = 'shuping.speech'

export interface Watch {
  running: Ref<Running | null>
  seconds: ComputedRef<number>
  start: (debriefer: number, name: string) => void
  /** Stops and gives the seconds it ran. */
  stop: () => number
}

/** "5:07" */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

export function useWatch(now: () => number = Date.now): Watch {
  const kept = sessionStorage.getItem(KEPT_UNDER)
  const running = ref<Running | null>(kept ? (JSON.parse(kept) as Running) : null)
  const tick = ref(now())
  const beat = setInterval(() => (tick.value = now()), 500)
  onScopeDispose(() => clearInterval(beat))
  const seconds = computed(() => (running.value ? Math.max(0, Math.floor((tick.value - running.value.from) / 1000)) : 0))

  function start(debriefer: number, name: string): void {
    tick.value = now()
    running.value = { debriefer, name, from: tick.value }
    sessionStorage.setItem(KEPT_UNDER, JSON.stringify(running.value))
  }
  function stop(): number {
    tick.value = now()
    const ran = seconds.value
    running.value = null
    sessionStorage.removeItem(KEPT_UNDER)
    return ran
  }
  return { running, seconds, start, stop }
}
