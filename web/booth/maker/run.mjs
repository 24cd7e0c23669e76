// run.mjs OUT: builds the booth's pages alone and prints their sizes and hashes.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { runnerImport } from 'vite'

const out = resolve(process.argv[2])
const { module } = await runnerImport(resolve('booth/maker/pages.ts'), { configFile: false, logLevel: 'error' })
for (const { file, text } of await module.pages(resolve('booth'))) {
  mkdirSync(dirname(join(out, file)), { recursive: true })
  writeFileSync(join(out, file), text)
  const hash = createHash('sha256').update(text).digest('hex')
  console.log(`${file}: ${Buffer.byteLength(text)} bytes, ${gzipSync(text).length} compressed, sha256 ${hash}`)
}
process.exit(0)
