// The organisations for which this person holds a role, the first of them being the one meant when none is named.
import { computed, type ComputedRef } from 'vue'
import { useSession } from '../api/session'
import type { Named } from './named'

export function useOwnOrgs(): ComputedRef<Named[]> {
  const session = useSession()
  return computed(() => {
    const found = new Map<number, string>()
    for (const r of session.me?.roles ?? []) if (r.org !== undefined && !found.has(r.org)) found.set(r.org, r.org_name ?? '')
    return [...found].map(([id, name]) => ({ id, name }))
  })
}
