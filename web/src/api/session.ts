// Who is logged in, and what they may see.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { ask, client, setCsrf } from './client'
import { ApiError } from './error'
import type { paths } from './schema'

export type Me = paths['/api/me']['get']['responses'][200]['content']['application/json']

export const ROLES = [
  'sys_admin', 'sec_admin', 'audit_admin', 'organiser_clerk', 'organiser_head', 'committee',
  'superior', 'secretary', 'party_staff', 'surveyor', 'teller', 'scrutineer', 'commentator',
  'member', 'inspector', 'public',
] as const
export type Role = (typeof ROLES)[number]

export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  const known = ref(false) // whether the server has been asked at all
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

  return { me, known, roles, load, login, activate, logout, forget, holds }
})
