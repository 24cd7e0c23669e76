// trustee.html: one file, opened from disk. The ceremony, and later the shares.
import { Fault, fault } from '../fault.ts'
import { sleep } from '../kit/ask.ts'
import { download, field, h, put } from '../kit/dom.ts'
import { t } from '../kit/lang.ts'
import { hexBytes } from '../group.ts'
import { Shell, addressHere, faultOf, groups, okPass, readAddress } from '../kit/shell.ts'
import { fingerprint, makeCert, makeDeal, makeSet, takeShares } from '../trustee.ts'
import { type Desk, Server } from './desk.ts'
import { type KeyFile, keyFileText, readKeyFile, roleOf, seedOf } from './keyfile.ts'
import { opening } from './opening.ts'
import '../kit/page.css'
import './trustee.css'

const LOOK_MS = 3000

const shell = new Shell(() => t('密钥保管人'))
let server: Server
let key: KeyFile | null = null

/** Keeps the file in hand; the browser asks where, or puts it among the downloads. */
function save(k: KeyFile): void {
  download(`${t('钥匙')}-${k.evote}-${k.index}.json`, keyFileText(k))
}

function failed(e: unknown, again: () => void): void {
  shell.show(() => shell.add(h('h1', null, t('停下')), h('p', { class: 'bad', role: 'alert' }, faultOf(e)),
    e instanceof Fault && h('p', null, t('请不要继续，把这句话念给主持人和监票人听。')),
    h('button', { class: 'big', onclick: again }, t('再试一次'))))
}

// --- the start ------------------------------------------------------------------------------------

function start(): void {
  const address = h('input', { type: 'url', class: 'slip', autocomplete: 'off', value: addressHere() })
  const pass = h('input', { type: 'text', class: 'slip', autocomplete: 'off', spellcheck: 'false', autocapitalize: 'none' })
  const file = h('input', { type: 'file', accept: '.json' })
  const bad = h('p', { class: 'bad', role: 'alert' })
  file.addEventListener('change', () => {
    const one = file.files?.[0]
    if (!one) return
    one.text().then((text) => {
      key = readKeyFile(text)
      address.value = `${key.site}/v/${key.evote}`
      bad.textContent = ''
    }).catch((e: unknown) => { key = null; bad.textContent = faultOf(e) })
  })
  const go = (): void => {
    const at = readAddress(address.value)
    if (!at) { bad.textContent = t('地址应像 https://主机/v/编号，登录后的本人页面上有'); return }
    if (!okPass(pass.value)) { bad.textContent = t('口令是32个字符，登录后的本人页面上有'); return }
    if (key && key.evote !== at.evote) { bad.textContent = t('这份钥匙文件是另一场投票的'); return }
    server = new Server(at.site, at.evote, pass.value.trim())
    look(at)
  }
  shell.add(h('h1', null, t('密钥保管人')),
    h('p', null, t('本页只在您的电脑上运行：秘密不离开这里，送给服务器的都是可以公开的。打开前请核对本文件的SHA-256与会议规则所印的一致。')),
    field(t('钥匙文件（第一次参加仪式时没有，不用选）'), file), field(t('投票地址'), address), field(t('口令'), pass), bad,
    h('button', { class: 'big', onclick: go }, t('进入')))
}

function look(at: { site: string; evote: string }): void {
  shell.show(() => shell.add(h('h1', null, t('请稍候')), h('p', { role: 'status' }, t('正在问服务器'))))
  server.desk().then((d) => {
    if (d.role !== 'trustee') fault('key', d.role)
    if (key && (key.index !== d.index || key.threshold !== d.threshold || key.size !== d.size)) fault('key', String(d.index))
    if (d.state === 'closed' || d.state === 'counted') {
      if (!key) return shell.show(() => shell.add(h('h1', null, t('需要钥匙文件')), h('p', null, t('票箱已封，请返回选好仪式时保存的钥匙文件。')),
        h('button', { class: 'big', onclick: () => shell.show(start) }, t('返回'))))
      return opening(shell, server, key, d, failed)
    }
    if (d.certs[d.index - 1] && !key) return shell.show(() => shell.add(h('h1', null, t('需要钥匙文件')),
      h('p', null, t('您已经交过证书。请返回选好当时保存的钥匙文件，再往下走；文件丢了，仪式要重新开始。')),
      h('button', { class: 'big', onclick: () => shell.show(start) }, t('返回'))))
    if (key) return follow(d)
    begin(at, d)
  }).catch((e: unknown) => failed(e, () => shell.show(start)))
}

// --- the ceremony -----------------------------------------------------------------------------------

/** First the file, then the certificate: who loses the file after it cannot go on. */
function begin(at: { site: string; evote: string }, d: Desk): void {
  const seed = crypto.getRandomValues(new Uint8Array(32))
  const k: KeyFile = { evote: at.evote, site: at.site, title: d.title, index: d.index, threshold: d.threshold, size: d.size, name: d.names[d.index - 1] ?? '',
    seed: hexBytes(seed), fingerprint: '', piece: '', tallies: {} }
  seed.fill(0)
  key = k
  shell.show(() => {
    const on = h('button', { class: 'big', disabled: true, onclick: () => say(k, 'cert', makeCert(seedOf(k), roleOf(k))) }, t('存好了，交出证书'))
    shell.add(h('h1', null, t('第一步：存好钥匙文件')), h('p', null, t('{title}。您是第{index}位密钥保管人“{name}”，共{size}位，{threshold}位到场才能开箱。', { title: d.title, index: d.index, name: k.name, size: d.size, threshold: d.threshold })),
      h('p', null, t('文件里是您的秘密。请存在自己的U盘上，不要留在公用电脑，不要给任何人看。仪式结束时会再存一次，以最后一次为准。')),
      h('button', { class: 'big', onclick: () => { save(k); on.disabled = false } }, t('保存钥匙文件')), on)
  })
}

function say(k: KeyFile, step: 'cert' | 'deal' | 'key', text: string): void {
  server.say(step, text).then(() => server.desk()).then(follow, (e: unknown) => failed(e, () => say(k, step, text)))
}

function waiting(d: Desk, said: string[], what: string): void {
  shell.show(() => shell.add(h('h1', null, t('等其他人')), h('p', { role: 'status' }, what),
    h('ul', { class: 'who' }, d.names.map((name, i) => h('li', null, `${i + 1}　${name}`, h('strong', null, said[i] ? t('已交') : t('还没有')))))))
  sleep(LOOK_MS).then(() => server.desk()).then(follow, (e: unknown) => failed(e, () => { server.desk().then(follow, () => waiting(d, said, what)) }))
}

const all = (said: string[], d: Desk): boolean => said.length === d.size && said.every((s) => s !== '')

/** Wherever the ceremony stands: the next thing for this trustee to do. */
function follow(d: Desk): void {
  const k = key!
  try {
    const own = makeCert(seedOf(k), roleOf(k))
    const mine = d.certs[k.index - 1]
    if (mine && mine !== own) fault('key', String(k.index))
    if (!mine) return say(k, 'cert', own)
    if (!all(d.certs, d)) return waiting(d, d.certs, t('正在等各位交证书'))
    if (!k.fingerprint) return readAloud(k, d)
    if (fingerprint(d.certs) !== k.fingerprint) fault('trustee', `cert ${k.index}`)
    const deal = makeDeal(seedOf(k), roleOf(k), d.certs)
    if (!d.deals[k.index - 1]) return say(k, 'deal', deal)
    if (!all(d.deals, d)) return waiting(d, d.deals, t('正在等各位交多项式'))
    const taken = takeShares(seedOf(k), roleOf(k), d.certs, d.deals, d.names[k.index - 1] ?? k.name)
    if (!d.keys[k.index - 1]) return say(k, 'key', taken.text)
    if (d.keys[k.index - 1] !== taken.text) fault('key', String(k.index))
    if (!all(d.keys, d)) return waiting(d, d.keys, t('正在等各位交公钥'))
    makeSet(roleOf(k), d.certs, d.deals, d.keys)
    if (!d.piece) return waiting(d, d.keys, t('正在等服务器分出它的钥匙'))
    k.piece = d.piece
    done(k)
  } catch (e) {
    failed(e, () => { server.desk().then(follow, (again: unknown) => failed(again, () => shell.show(start))) })
  }
}

function readAloud(k: KeyFile, d: Desk): void {
  const code = fingerprint(d.certs)
  shell.show(() => shell.add(h('h1', null, t('第二步：念指纹')),
    h('p', null, t('各位的屏幕上应是同一串指纹。请一人念、其他人对，全部一致才点“一致”。不一致说明有人在中间换了证书。')),
    groups(code), h('ul', { class: 'who' }, d.names.map((name, i) => h('li', null, `${i + 1}　${name}`))),
    h('button', { class: 'big', onclick: () => {
      k.fingerprint = code
      server.desk().then(follow, (e: unknown) => failed(e, () => follow(d)))
    } }, t('一致')),
    h('button', { onclick: () => failed(new Fault('trustee', t('指纹不一致')), () => readAloud(k, d)) }, t('不一致，停下'))))
}

function done(k: KeyFile): void {
  shell.show(() => {
    const end = h('div', { role: 'status' })
    shell.add(h('h1', null, t('第三步：再存一次钥匙文件')), h('p', null, t('各位的公钥都已核对，全部成立。现在的文件才是完整的，请存好它，删掉第一次的。')),
      h('button', { class: 'big', onclick: () => {
        save(k)
        end.textContent = ''
        put(end, h('p', { class: 'note' }, t('仪式完成，可以关掉本页。请把文件封存，封箱后带来开箱；申诉期过后当众销毁并记录。')))
      } }, t('保存钥匙文件')), end)
  })
}

shell.show(start)
