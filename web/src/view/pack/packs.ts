// The packs of this installation, asked for once: the menu, the titles of forms and the pages share them.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { ask, client } from '../../api/client'
import { ApiError } from '../../api/error'
import type { Pack } from '../../api/pack'
import { useSession } from '../../api/session'
import { recentWith } from './menu'

export const usePacks = defineStore('packs', () => {
  const items = ref<Pack[]>([])
  let asked: Promise<void> | undefined
  const session = useSession()
  /** Names of the packs this account opened last; kept on this computer, for there is nothing personal in them. */
  const recent = ref<string[]>([])
  const keptUnder = (): string => `shuping.packs.${session.me?.account ?? 0}`

  /** Whoever sees no content has no packs; that is no mistake. */
  function load(): Promise<void> {
    recent.value = (localStorage.getItem(keptUnder()) ?? '').split(' ').filter(Boolean)
    asked ??= ask(client.GET('/api/packs')).then((list) => { items.value = list.items }, (thrown) => {
      asked = undefined
      if (!(thrown instanceof ApiError)) throw thrown
    })
    return asked
  }

  function forget(): void {
    items.value = []
    recent.value = []
    asked = undefined
  }

  function opened(name: string): void {
    recent.value = recentWith(recent.value, name)
    localStorage.setItem(keptUnder(), recent.value.join(' '))
  }

  /** Those with a screen of their own, in the order of the menu. */
  const shown = computed(() => items.value.filter((p) => p.menu).sort((a, b) => a.order - b.order))
  const ofForm = (form: string): Pack | undefined => items.value.find((p) => p.forms.some((f) => f.name === form))
  const reportPack = (report: string): Pack | undefined => items.value.find((p) => p.reports.some((r) => r.name === report))
  const formTitle = (form: string): string => ofForm(form)?.forms.find((f) => f.name === form)?.title ?? form

  return { items, shown, recent, opened, load, forget, ofForm, reportPack, formTitle }
})
