// How long a server takes from being started to saying where it listens, and what it holds in memory before any
// document is made, on the demonstration district. bench-start.mjs SHUPING
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const START_MS = 50
const PSS_MB = 20
const ROUNDS = 7
const shuping = process.argv[2]
const home = mkdtempSync(join(tmpdir(), 'bench-start-'))
const dir = join(home, 'demo')

function started() {
  return new Promise((done, failed) => {
    const at = process.hrtime.bigint()
    const child = spawn(shuping, ['serve', '--dir', dir], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.on('exit', (code) => failed(new Error(`the server ended with ${code}: ${text}`)))
    child.stdout.on('data', (part) => {
      const ms = Number(process.hrtime.bigint() - at) / 1e6
      text += part
      const url = /https?:\/\/[\w.:[\]-]+:\d+/.exec(text)?.[0]
      if (url) done({ child, ms, url })
    })
  })
}

const ended = (child) => new Promise((done) => {
  child.removeAllListeners('exit')
  child.once('exit', done)
  child.kill('SIGTERM')
})

/** Resident memory in MB: proportional to who shares it, and what is this process's alone. */
function memory(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const kb = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)[1])
  return { pss: kb('Pss') / 1024, own: (kb('Private_Dirty') + kb('Private_Clean')) / 1024 }
}

function loaded() {
  const at = process.hrtime.bigint()
  execFileSync(shuping, ['version'])
  return Number(process.hrtime.bigint() - at) / 1e6
}

try {
  execFileSync(shuping, ['demo', '--dir', dir, '--seed', '7'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const size = statSync(join(dir, 'shuping.db')).size / (1 << 20)
  let best = Infinity
  let bare = Infinity
  let idle
  for (let i = 0; i < ROUNDS; i++) {
    bare = Math.min(bare, loaded())
    const { child, ms, url } = await started()
    best = Math.min(best, ms)
    if (i === ROUNDS - 1) {
      await (await fetch(`${url}/`)).text()
      await (await fetch(`${url}/api/me`)).text()
      await new Promise((again) => setTimeout(again, 300))
      idle = memory(child.pid)
    }
    await ended(child)
  }
  console.log(`start on the demonstration (${size.toFixed(1)} MB): ${best.toFixed(1)} ms / loading the program alone `
    + `${bare.toFixed(1)} ms = ${(best / bare).toFixed(2)}`)
  console.log(`= start on the demonstration\t${best.toFixed(1)}\t<=\t${START_MS}\tms`)
  console.log(`idle after the first page: ${idle.pss.toFixed(1)} MB PSS, ${idle.own.toFixed(1)} MB of its own `
    + `before any document`)
  console.log(`= idle after the first page\t${idle.pss.toFixed(1)}\t<=\t${PSS_MB}\tMB`)
} finally {
  rmSync(home, { recursive: true, force: true })
}
