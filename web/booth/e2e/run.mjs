// run.mjs SHUPING [SHOTS]: builds the pages, walks them in Chromium, takes pictures.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runnerImport } from 'vite'

process.env.SHUPING = resolve(process.argv[2])
process.env.BOOTH_SHOTS = resolve(process.argv[3] ?? '../build/shots/booth')
process.env.BOOTH_DIST = mkdtempSync(join(tmpdir(), 'booth-dist-'))
execFileSync(process.execPath, ['booth/maker/run.mjs', process.env.BOOTH_DIST], { stdio: 'inherit' })
const { module } = await runnerImport(resolve('booth/e2e/hall.ts'), { configFile: false, logLevel: 'error' })
rmSync(process.env.BOOTH_DIST, { recursive: true })
process.exit(module.failed ? 1 : 0)
