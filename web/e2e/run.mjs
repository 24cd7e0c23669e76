// Runs browser tests: node e2e/run.mjs FILE… [-- NAME-PART]. TypeScript is read through Vite's own loader,
// which closes as soon as the module has run: so run.ts does all its work while it is loaded.
import { resolve } from 'node:path'
import { runnerImport } from 'vite'

const { module } = await runnerImport(resolve('e2e/run.ts'), { configFile: false, logLevel: 'error' })
process.exit(module.status)
