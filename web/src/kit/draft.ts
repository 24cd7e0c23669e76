// A draft that saves itself. What is not yet on the server is also kept in this tab, so that neither a
// failed save nor a reload loses a word. (The tab's store, not the computer's: offices share computers.)
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { asError, type ApiError } from '../api/error'

export type Saved = 'empty' | 'saved' | 'waiting' | 'saving' | 'conflict' | 'failed'
const PAUSE_MS = 1200 // after the last key
const RETRY_MS = 8000

export interface Draft<T> {
  value: Ref<T>
  state: Ref<Saved>
  at: Ref<string | undefined>
  error: Ref<ApiError | null>
  /** Starts from what the server holds; gives back true if unsaved text of this tab was restored. */
  open: (value: T, version: number | undefined) => boolean
  /** Saves now what is not yet saved; true when all of it is stored. */
  flush: () => Promise<boolean>
  /** After a conflict: goes on with this text on top of the version the other person stored. */
  keepMine: (theirVersion: number) => Promise<boolean>
}

/** `key` names the record within the tab; `save` stores a value over a version and gives the new one. */
export function useDraft<T>(
  key: string,
  empty: T,
  save: (value: T, version: number | undefined) => Promise<number>,
  now: () => string = () => new Date().toISOString(),
): Draft<T> {
  const store = `shuping.draft.${key}`
  const value = ref(empty) as Ref<T>
  const state = ref<Saved>('empty')
  const at = ref<string>()
  const error = shallowRef<ApiError | null>(null)
  let version: number | undefined
  let stored = JSON.stringify(empty) // the value the server is known to hold
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<boolean> | undefined

  const stop = watch(value, changed, { deep: true, flush: 'sync' })

  function changed(): void {
    const text = JSON.stringify(value.value)
    if (text === stored) return
    sessionStorage.setItem(store, text)
    if (state.value === 'conflict') return
    state.value = 'waiting'
    later(PAUSE_MS)
  }

  function later(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), ms)
  }

  function open(fresh: T, freshVersion: number | undefined): boolean {
    version = freshVersion
    stored = JSON.stringify(fresh)
    const kept = sessionStorage.getItem(store)
    state.value = freshVersion === undefined ? 'empty' : 'saved'
    value.value = kept === null ? fresh : (JSON.parse(kept) as T)
    return kept !== null && kept !== stored
  }

  async function flush(): Promise<boolean> {
    clearTimeout(timer)
    if (running) await running
    running = attempt()
    const ok = await running
    running = undefined
    return ok
  }

  async function attempt(): Promise<boolean> {
    if (state.value === 'conflict') return false
    const text = JSON.stringify(value.value)
    if (text === stored) return true
    state.value = 'saving'
    try {
      version = await save(JSON.parse(text) as T, version)
    } catch (thrown) {
      return refused(asError(thrown))
    }
    stored = text
    at.value = now()
    error.value = null
    if (JSON.stringify(value.value) === stored) {
      sessionStorage.removeItem(store)
      state.value = 'saved'
      return true
    }
    state.value = 'waiting' // more was typed meanwhile
    later(PAUSE_MS)
    return false
  }

  function refused(e: ApiError): false {
    error.value = e
    state.value = e.isConflict ? 'conflict' : 'failed'
    // A refusal of the content waits for the reader to change it; a lost connection is tried again.
    if (e.status === 0 || e.status >= 500) later(RETRY_MS)
    return false
  }

  function keepMine(theirVersion: number): Promise<boolean> {
    version = theirVersion
    state.value = 'waiting'
    return flush()
  }

  onScopeDispose(() => {
    stop()
    if (state.value === 'waiting') void flush()
    else clearTimeout(timer)
  })
  return { value, state, at, error, open, flush, keepMine }
}
