// Makes src/api/schema.d.ts from the server's own description of its routes.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const server = at('../../build/shuping')
const given = process.env.SHUPING_OPENAPI
const out = at('../src/api/schema.d.ts')

function describe() {
  if (given) return readFileSync(given, 'utf8')
  if (existsSync(server)) return execFileSync(server, ['openapi'], { encoding: 'utf8' })
  console.error('gen: build/shuping is not built, so the routes of the server are unknown; run ' +
    '`make` first, or name a description: SHUPING_OPENAPI=FILE npm run gen')
  process.exit(1)
}

const text = describe()
const types = astToString(await openapiTS(JSON.parse(text)))
// An unchanged file keeps its time, so that nothing is checked again for nothing.
if (!existsSync(out) || readFileSync(out, 'utf8') !== types) writeFileSync(out, types)
