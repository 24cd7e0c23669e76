// Loads test files, runs their tests in order, prints one line each and a closing line.
import { resolve } from 'node:path'
import { closeAll, tests } from './lib'

/** Gives the exit status: 0 when at least one test ran and none failed. */
async function main(files: string[], only: string): Promise<number> {
  let [passed, failed] = [0, 0]
  for (const file of files) {
    tests.length = 0
    const broken = await import(/* @vite-ignore */ file).then(() => null, (thrown: unknown) => thrown)
    if (broken !== null) {
      failed++
      console.log(`FAIL ${file} could not begin\n${indent(broken)}`)
      tests.length = 0
    }
    for (const { name, body } of tests.filter((t) => t.name.includes(only))) {
      const began = performance.now()
      const wrong = await body().then(() => null, (thrown: unknown) => thrown)
      const ms = Math.round(performance.now() - began)
      if (wrong === null) passed++
      else failed++
      console.log(wrong === null ? `ok   ${name} (${ms} ms)` : `FAIL ${name} (${ms} ms)\n${indent(wrong)}`)
    }
    await closeAll()
  }
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0 ? 0 : 1
}

function indent(thrown: unknown): string {
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  const lines = text.split('\n').filter((line) => !/module-runner|run\.m?[jt]s|chunks\/node/.test(line))
  return lines.slice(0, 14).map((line) => '     ' + line).join('\n')
}

const split = process.argv.indexOf('--')
const files = process.argv.slice(2, split < 0 ? undefined : split).map((f) => resolve(f))
export const status = await main(files, split < 0 ? '' : process.argv.slice(split + 1).join(' '))
