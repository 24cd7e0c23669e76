// Navigation: who may go where, the title, and the focus afterwards.
import { nextTick } from 'vue'
import { createRouter, createWebHistory, type Router } from 'vue-router'
import { setOnLogout } from '../api/client'
import { useSession } from '../api/session'
import { t } from '../base/lang'
import { NOT_FOUND, PAGES, type Page } from './routes'

export function makeRouter(): Router {
  const session = useSession()
  const router = createRouter({
    history: createWebHistory(),
    routes: [...PAGES, NOT_FOUND].map((page) => ({ path: page.path, component: page.view, meta: { page } })),
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })

  router.beforeEach(async (to) => {
    const page = to.meta.page as Page
    if (!session.known) await session.load()
    if (page.open) return true
    if (!session.me) return { path: '/login', query: to.path === '/' ? {} : { to: to.fullPath } }
    // A page that a role may not see looks like one that does not exist.
    return session.holds(page.roles) || { name: undefined, path: '/not-here', replace: true }
  })

  router.afterEach((to, from, failure) => {
    if (failure) return
    document.title = pageTitle(to.meta.page as Page)
    if (from.matched.length && from.path !== to.path) void nextTick(focusHead)
  })

  setOnLogout(() => {
    if (!session.me) return // a stranger was refused; nothing has ended
    session.forget()
    const { path, fullPath } = router.currentRoute.value
    if (path !== '/login') void router.replace({ path: '/login', query: { to: fullPath } })
  })
  return router
}

export function pageTitle(page: Page): string {
  return `${t(page.title)} · ${t('述评')}`
}

function focusHead(): void {
  const main = document.querySelector<HTMLElement>('main')
  const head = main?.querySelector<HTMLElement>('h1') ?? main
  head?.focus({ preventScroll: true })
}
