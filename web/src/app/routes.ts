// Every page of the app, one line each. The router, the menu and the page titles are made from this table.
import type { Component } from 'vue'
import { Avatar, Calendar, Collection, DataAnalysis, Document, Finished, House, Key, Lock, Microphone,
  OfficeBuilding, Reading, Search, Tickets, Timer } from '@element-plus/icons-vue'
import { ROLES, type Role } from '../api/session'
import { mark } from '../base/lang'
import { KEEPERS } from '../view/org/keepers'

/** The year's work in the order in which it is done: the groups of the menu. */
export const AREAS = [
  { name: 'home', title: mark('首页'), icon: House },
  { name: 'org', title: mark('组织与人员'), icon: OfficeBuilding },
  { name: 'duty', title: mark('日常履职'), icon: Calendar },
  { name: 'pack', title: mark('业务板块'), icon: Collection },
  { name: 'cycle', title: mark('年度周期'), icon: Timer },
  { name: 'survey', title: mark('会前调研'), icon: Search },
  { name: 'report', title: mark('述职报告'), icon: Document },
  { name: 'meeting', title: mark('述职会'), icon: Avatar },
  { name: 'ballot', title: mark('民主测评'), icon: Tickets },
  { name: 'result', title: mark('综合评价'), icon: DataAnalysis },
  { name: 'rectify', title: mark('反馈与整改'), icon: Finished },
  { name: 'speech', title: mark('讲话与任务'), icon: Microphone },
  { name: 'open', title: mark('减负与公开'), icon: Reading },
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

const MEETING: Role[] = ['organiser_clerk', 'organiser_head', 'committee', 'superior', 'secretary', 'commentator', 'teller', 'scrutineer']
const BALLOT: Role[] = ['organiser_clerk', 'organiser_head', 'committee', 'superior', 'teller', 'scrutineer']

const SPEECHES: Role[] = ['organiser_clerk', 'organiser_head', 'committee', 'superior', 'inspector', 'commentator']
const DUTIES: Role[] = ['organiser_clerk', 'organiser_head', 'committee', 'superior', 'inspector', 'secretary', 'party_staff', 'member']
const FINDINGS: Role[] = [...DUTIES, 'commentator', 'surveyor']

/** Everyone who works with content: the operator of the installation does not. */
const CONTENT = ROLES.filter((r) => r !== 'sys_admin' && r !== 'public')

const JUDGES: Role[] = ['organiser_clerk', 'organiser_head', 'committee']

const YEAR: Role[] = ['organiser_clerk', 'organiser_head', 'committee', 'superior', 'secretary', 'party_staff', 'surveyor', 'teller', 'scrutineer', 'commentator', 'inspector']
const ORGANISER: Role[] = ['organiser_clerk', 'organiser_head']
const ABOVE: Role[] = [...ORGANISER, 'committee', 'superior', 'inspector']
const BRANCH: Role[] = [...ABOVE, 'secretary', 'party_staff']
const REPORT: Role[] = [...ORGANISER, 'committee', 'superior', 'secretary', 'party_staff', 'surveyor', 'commentator']

export const PAGES: Page[] = [
  { path: '/', title: mark('首页'), area: 'home', view: () => import('../view/home/HomeView.vue') },
  { path: '/eyes', title: mark('显示设置'), open: true, view: () => import('../view/home/EyesView.vue') },
  { path: '/board', title: mark('履职情况'), area: 'duty', roles: CONTENT, view: () => import('../view/duty/BoardView.vue') },
  { path: '/heat', title: mark('履职一览'), area: 'duty', roles: BRANCH, view: () => import('../view/duty/HeatView.vue') },
  { path: '/calendar', title: mark('日历'), area: 'duty', roles: CONTENT, view: () => import('../view/duty/CalendarView.vue') },
  { path: '/reminders', title: mark('温馨提示'), area: 'duty', roles: BRANCH, view: () => import('../view/duty/RemindersView.vue') },
  { path: '/points', title: mark('党员积分'), area: 'duty', roles: ['member', 'secretary', 'party_staff'], view: () => import('../view/points/PointsView.vue') },
  { path: '/pattern', title: mark('登记情况'), area: 'duty', roles: BRANCH, view: () => import('../view/figure/PatternView.vue') },
  { path: '/duty-settings', title: mark('责任设置'), area: 'duty', roles: BRANCH, view: () => import('../view/duty/SettingsView.vue') },
  { path: '/packs/:pack', title: mark('业务板块'), roles: CONTENT, view: () => import('../view/pack/PackView.vue') },
  { path: '/ledgers/:form', title: mark('台账'), roles: CONTENT, view: () => import('../view/ledger/LedgerView.vue') },
  { path: '/ledgers/:form/new', title: mark('登记'), roles: CONTENT, view: () => import('../view/ledger/RecordNewView.vue') },
  { path: '/ledgers/:form/import', title: mark('导入'), roles: CONTENT, view: () => import('../view/ledger/ImportView.vue') },
  { path: '/ledgers/:form/:subject', title: mark('记录'), roles: CONTENT, view: () => import('../view/ledger/RecordView.vue') },
  { path: '/figures/:report', title: mark('报表'), roles: CONTENT, view: () => import('../view/figure/ReportView.vue') },
  { path: '/burden', title: mark('负担'), area: 'open', roles: CONTENT, view: () => import('../view/burden/BurdenView.vue') },
  { path: '/disclosures', title: mark('公开管理'), area: 'open', roles: BRANCH, view: () => import('../view/open/DisclosuresView.vue') },
  { path: '/open', title: mark('公开栏'), area: 'open', open: true, view: () => import('../view/open/OpenView.vue') },
  { path: '/open/:disclosure', title: mark('公开的内容'), open: true, view: () => import('../view/open/OpenOneView.vue') },
  { path: '/tokens', title: mark('接口令牌'), area: 'account', roles: ['sec_admin', 'organiser_head'], view: () => import('../view/open/TokensView.vue') },
  { path: '/cycles', title: mark('各年度'), area: 'cycle', roles: YEAR, view: () => import('../view/cycle/CyclesView.vue') },
  { path: '/cycles/new', title: mark('开启年度'), roles: ORGANISER, view: () => import('../view/cycle/CycleNewView.vue') },
  { path: '/cycles/:cycle', title: mark('年度'), roles: YEAR, view: () => import('../view/cycle/CycleView.vue') },
  { path: '/cycles/:cycle/choices', title: mark('取整、并列和票数效力'), roles: YEAR, view: () => import('../view/cycle/ChoicesView.vue') },
  { path: '/survey', title: mark('会前调研'), area: 'survey', roles: REPORT, view: () => import('../view/survey/SurveyView.vue') },
  { path: '/reports', title: mark('述职报告'), area: 'report', roles: REPORT, view: () => import('../view/report/ReportsView.vue') },
  { path: '/reports/:debriefer', title: mark('述职报告'), roles: REPORT, view: () => import('../view/report/ReportView.vue') },
  { path: '/meeting', title: mark('述职会'), area: 'meeting', roles: MEETING, view: () => import('../view/meeting/MeetingView.vue') },
  { path: '/commentary/:debriefer', title: mark('点评'), roles: MEETING, view: () => import('../view/meeting/CommentaryView.vue') },
  { path: '/ballot', title: mark('民主测评（纸质）'), area: 'ballot', roles: BALLOT, view: () => import('../view/ballot/BallotView.vue') },
  { path: '/ballot/:cycle/:object/result', title: mark('计票结果'), roles: BALLOT, view: () => import('../view/ballot/ResultView.vue') },
  { path: '/ballot/:cycle/:object/:group', title: mark('录入票数'), roles: ['teller'], view: () => import('../view/ballot/TallyView.vue') },
  { path: '/ballot/:cycle/:object/:group/differences', title: mark('核对票数'), roles: ['teller', 'scrutineer'], view: () => import('../view/ballot/DifferencesView.vue') },
  { path: '/debriefers/:debriefer/ballot', title: mark('我的测评结果'), view: () => import('../view/ballot/OwnBallotView.vue') },
  { path: '/assess', title: mark('评分与测算'), area: 'result', roles: [...JUDGES, 'superior'], view: () => import('../view/assess/AssessView.vue') },
  { path: '/result', title: mark('综合评价结果'), area: 'result', roles: JUDGES, view: () => import('../view/assess/ResultView.vue') },
  { path: '/my/results', title: mark('我的结果'), area: 'result', roles: ['secretary'], view: () => import('../view/feedback/MineView.vue') },
  { path: '/feedback', title: mark('综合评价意见和反馈函'), area: 'rectify', roles: JUDGES, view: () => import('../view/feedback/FeedbackView.vue') },
  { path: '/use', title: mark('结果运用'), area: 'result', roles: JUDGES, view: () => import('../view/use/UseView.vue') },
  { path: '/close', title: mark('结束年度'), area: 'cycle', roles: JUDGES, view: () => import('../view/use/CloseView.vue') },
  { path: '/findings', title: mark('问题与整改'), area: 'rectify', roles: FINDINGS, view: () => import('../view/finding/FindingsView.vue') },
  { path: '/findings/merge', title: mark('合并各来源的问题'), roles: ['organiser_clerk', 'organiser_head'], view: () => import('../view/finding/MergeView.vue') },
  { path: '/findings/:finding', title: mark('问题'), roles: FINDINGS, view: () => import('../view/finding/FindingView.vue') },
  { path: '/documents', title: mark('讲话与文件'), area: 'speech', roles: SPEECHES, view: () => import('../view/document/DocumentsView.vue') },
  { path: '/documents/:document', title: mark('讲话'), roles: SPEECHES, view: () => import('../view/document/DocumentView.vue') },
  { path: '/duties', title: mark('讲话转办的任务'), area: 'speech', roles: DUTIES, view: () => import('../view/document/DutiesView.vue') },
  { path: '/login', title: mark('登录'), open: true, view: () => import('../view/door/LoginView.vue') },
  { path: '/activate', title: mark('激活账号'), open: true, view: () => import('../view/door/ActivateView.vue') },
  { path: '/orgs', title: mark('组织树'), area: 'org', roles: CONTENT, view: () => import('../view/org/OrgsView.vue') },
  { path: '/orgs/import', title: mark('导入名册'), area: 'org', roles: KEEPERS, view: () => import('../view/org/ImportView.vue') },
  { path: '/orgs/:org', title: mark('组织'), roles: CONTENT, view: () => import('../view/org/OrgView.vue') },
  { path: '/search', title: mark('查找'), roles: CONTENT, view: () => import('../view/search/SearchView.vue') },
  { path: '/facts/:fact', title: mark('记录'), roles: CONTENT, view: () => import('../view/record/FactView.vue') },
  {
    path: '/accounts', title: mark('账号与权限'), area: 'account', roles: ['sec_admin', 'audit_admin'],
    view: () => import('../view/account/AccountsView.vue'),
  },
  {
    path: '/complaints', title: mark('意见与投诉'), roles: ['organiser_clerk', 'organiser_head'],
    view: () => import('../view/complaint/ComplaintsView.vue'),
  },
  { path: '/safety', title: mark('安全副本'), area: 'safety', roles: ['sys_admin'], view: () => import('../view/safety/CopiesView.vue') },
  { path: '/audit', title: mark('登录与被拒记录'), area: 'safety', roles: ['audit_admin'], view: () => import('../view/safety/AuditView.vue') },
  { path: '/log', title: mark('日志与核验'), area: 'safety', view: () => import('../view/safety/LogView.vue') },
  { path: '/complaint', title: mark('投诉与建议'), open: true, view: () => import('../view/complaint/ComplaintView.vue') },
]

export const NOT_FOUND: Page = {
  path: '/:rest(.*)*', title: mark('没有这个页面'), view: () => import('../view/home/NotFoundView.vue'),
}

export interface MenuGroup { name: string; title: string; icon: Component; pages: Page[] }

/** A pack with a screen stands in the menu under its own name; no line of this table knows it. */
export function packPages(packs: readonly { name: string; menu?: string | undefined }[]): Page[] {
  return packs.filter((p) => p.menu).map((p) => ({
    path: `/packs/${p.name}`, title: p.menu!, area: 'pack', view: () => import('../view/pack/PackView.vue'),
  }))
}

/** The menu of a person who `may` see certain pages; empty groups do not show. */
export function menuOf(pages: Page[], may: (roles: readonly Role[] | undefined) => boolean): MenuGroup[] {
  return AREAS.map((area) => ({ ...area, pages: pages.filter((p) => p.area === area.name && may(p.roles)) }))
    .filter((group) => group.pages.length > 0)
}
