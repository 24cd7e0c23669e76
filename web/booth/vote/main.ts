// vote.html. The secret stands behind the # of the address: it is read and removed before anything
// else happens, and never reaches the server or the history.
import { h } from '../kit/dom.ts'
import { t } from '../kit/lang.ts'
import { App } from './app.ts'
import { check } from './check.ts'
import { enter, entry } from './entry.ts'
import { after } from './receipts.ts'
import '../kit/page.css'

const LOOK_AGAIN_MS = 15000
const secret = decodeURIComponent(location.hash.slice(1))
history.replaceState(null, '', location.pathname + location.search)
const app = new App()
const checking = /[?&]check\b/.test(location.search)
if (!checking) app.typed = secret

function waiting(a: App): void {
  const cancelled = a.info!.state === 'cancelled'
  a.add(h('h1', null, cancelled ? t('本次投票已取消') : t('还没有开始投票')),
    h('p', null, cancelled ? t('请听从会场安排；票不用了，请交回监票人。') : t('请留着票等主持人宣布开始；开始后本页会自己打开。')),
    h('button', { class: 'big', onclick: open }, t('现在看一下')))
  if (!cancelled) setTimeout(() => { if (document.contains(a.main) && a.main.dataset.at === 'waiting') open() }, LOOK_AGAIN_MS)
  a.main.dataset.at = 'waiting'
}

function opened(): void {
  const { state } = app.info!
  delete app.main.dataset.at
  if (checking && secret) check(app, secret)
  else if (state === 'closed' || state === 'counted') app.show(after)
  else if (state !== 'open') app.show(waiting)
  else if (app.typed && !app.kiosk) {
    const typed = app.typed
    app.typed = ''
    enter(app, typed)
  } else app.show(entry)
}

function open(): void {
  app.load().then(opened, (e: unknown) => app.fail(e, open))
}

app.start((a) => {
  a.add(h('h1', null, t('正在打开')), h('p', { role: 'status' }, t('请稍候')))
  open()
})
// The same page scanned again in the same tab: the new slip counts.
addEventListener('hashchange', () => location.reload())
