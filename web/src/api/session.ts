// Who is logged in, and what they may see.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { ask, client, setBehalf, setCsrf } from './client'
import { ApiError } from './error'
import type { paths } from './schema'

export type Me = paths['/api/me']['get']['responses'][200]['content']['application/json']

export const ROLES = [
  'sys_admin', 'sec_admin', 'audit_admin', 'organiser_clerk', 'organiser_head', 'committee',
  'superior', 'secretary', 'party_staff', 'surveyor', 'teller', 'scrutineer', 'commentator',
  'member', 'inspector', 'public',
] as const
export type Role = (typeof ROLES)[number]

/** Someone without access whom a clerk serves; what is done then is stored as done for him. */
export type Served = { id: number; name: string }
const SERVED = 'shuping-served'

export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  const known = ref(false) // whether the server has been asked at all
  const served = ref<Served | null>(null)
  const roles = computed(() => new Set<string>(me.value?.roles.map((r) => r.role) ?? []))

  /** Asks the server once per page load who this is; nobody is a fine answer. */
  async function load(): Promise<void> {
    try {
      take(await ask(client.GET('/api/me')))
    } catch (thrown) {
      if (!(thrown instanceof ApiError) || thrown.status !== 401) throw thrown
      take(null)
    }
  }

  function take(next: Me | null): void {
    me.value = next
    known.value = true
    setCsrf(next?.csrf ?? '')
    const kept = next ? sessionStorage.getItem(SERVED) : null
    serve(kept ? (JSON.parse(kept) as Served) : null)
  }

  /** From now on everything is done for this person, until it is said that it is over. */
  function serve(person: Served | null): void {
    served.value = person
    setBehalf(person?.id ?? 0)
    if (person) sessionStorage.setItem(SERVED, JSON.stringify({ id: person.id, name: person.name }))
    else sessionStorage.removeItem(SERVED)
  }

  async function login(name: string, password: string): Promise<void> {
    await ask(client.POST('/api/login', { body: { login: name, password } }))
    await load()
  }

  /** Gives the login that the slip was for. */
  async function activate(code: string, password: string): Promise<string> {
    const { login: name } = await ask(client.POST('/api/activate', { body: { code, password } }))
    await load()
    return name
  }

  async function logout(): Promise<void> {
    await ask(client.POST('/api/logout'))
    forget()
  }

  /** Leaves nothing of this person on a computer that others use. */
  function forget(): void {
    sessionStorage.clear()
    take(null)
  }

  /** Whether one of these roles is held; no roles named means everybody logged in. */
  function holds(wanted: readonly Role[] | undefined): boolean {
    return !wanted || wanted.some((r) => roles.value.has(r))
  }

  return { me, known, served, roles, load, serve, login, activate, logout, forget, holds }
})
