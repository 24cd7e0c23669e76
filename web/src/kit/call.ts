// One call to the server as a screen lives through it: busy, then data or a refusal to show.
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { ApiError, asError } from '../api/error'

export interface Call<T, A extends unknown[]> {
  data: ShallowRef<T | undefined>
  error: ShallowRef<ApiError | null>
  busy: Ref<boolean>
  /** Gives the data, or undefined after a refusal that `error` now holds. */
  run: (...args: A) => Promise<T | undefined>
}

/** A later run wins over an earlier one that is still under way. */
export function useCall<T, A extends unknown[]>(f: (...args: A) => Promise<T>): Call<T, A> {
  const data = shallowRef<T>()
  const error = shallowRef<ApiError | null>(null)
  const busy = ref(false)
  let latest = 0

  async function run(...args: A): Promise<T | undefined> {
    const mine = ++latest
    busy.value = true
    error.value = null
    try {
      const got = await f(...args)
      if (mine === latest) data.value = got
      return got
    } catch (thrown) {
      const e = asError(thrown)
      if (mine === latest) error.value = e
      return undefined
    } finally {
      if (mine === latest) busy.value = false
    }
  }
  return { data, error, busy, run }
}
