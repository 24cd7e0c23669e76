// Every page of the app, one line each. The router, the menu and the page titles are made from this table.
import type { Component } from 'vue'
import { Avatar, Collection, DataAnalysis, Document, Finished, House, Key, Lock, Microphone,
  OfficeBuilding, Search, Tickets, Timer } from '@element-plus/icons-vue'
import type { Role } from '../api/session'
import { mark } from '../base/lang'

/** The year's work in the order in which it is done: the groups of the menu. */
export const AREAS = [
  { name: 'home', title: mark('首页'), icon: House },
  { name: 'org', title: mark('组织与人员'), icon: OfficeBuilding },
  { name: 'cycle', title: mark('年度周期'), icon: Timer },
  { name: 'survey', title: mark('会前调研'), icon: Search },
  { name: 'report', title: mark('述职报告'), icon: Document },
  { name: 'meeting', title: mark('述职会'), icon: Avatar },
  { name: 'ballot', title: mark('民主测评'), icon: Tickets },
  { name: 'result', title: mark('综合评价'), icon: DataAnalysis },
  { name: 'rectify', title: mark('反馈与整改'), icon: Finished },
  { name: 'speech', title: mark('讲话与任务'), icon: Microphone },
  { name: 'ledger', title: mark('台账'), icon: Collection },
  { name: 'account', title: mark('账号与权限'), icon: Key },
  { name: 'safety', title: mark('安全与备份'), icon: Lock },
] as const

export interface Page {
  path: string
  title: string
  view: () => Promise<{ default: Component }>
  /** The menu group it stands in; without one it is reached from other pages only. */
  area?: (typeof AREAS)[number]['name']
  /** Who sees it; without roles everybody who is logged in. */
  roles?: readonly Role[]
  /** Also for people who are not logged in. */
  open?: true
}

export const PAGES: Page[] = [
  { path: '/', title: mark('首页'), area: 'home', view: () => import('../view/home/HomeView.vue') },
  { path: '/login', title: mark('登录'), open: true, view: () => import('../view/door/LoginView.vue') },
  { path: '/activate', title: mark('激活账号'), open: true, view: () => import('../view/door/ActivateView.vue') },
  { path: '/complaint', title: mark('投诉与建议'), open: true, view: () => import('../view/complaint/ComplaintView.vue') },
]

export const NOT_FOUND: Page = {
  path: '/:rest(.*)*', title: mark('没有这个页面'), view: () => import('../view/home/NotFoundView.vue'),
}

export interface MenuGroup { name: string; title: string; icon: Component; pages: Page[] }

/** The menu of a person who `may` see certain pages; empty groups do not show. */
export function menuOf(pages: Page[], may: (roles: readonly Role[] | undefined) => boolean): MenuGroup[] {
  return AREAS.map((area) => ({ ...area, pages: pages.filter((p) => p.area === area.name && may(p.roles)) }))
    .filter((group) => group.pages.length > 0)
}
