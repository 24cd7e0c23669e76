// Takes the README's pictures: see pictures.ts.
import { resolve } from 'node:path'
import { runnerImport } from 'vite'

const { module } = await runnerImport(resolve('e2e/pictures.ts'), { configFile: false, logLevel: 'error' })
process.exit(module.status)
