// The bytes that crypto.ts adds to the page with all it needs, as built for a phone.
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { fileURLToPath } from 'node:url'

export async function bundle(entry = 'whole.ts') {
  const out = await build({
    configFile: false, logLevel: 'error',
    build: {
      write: false, target: 'es2020', modulePreload: false,
      lib: { entry: fileURLToPath(new URL(entry, import.meta.url)), formats: ['iife'], name: 'booth' },
    },
  })
  return out[0].output[0].code
}

if (import.meta.main ?? process.argv[1] === fileURLToPath(import.meta.url)) {
  const code = await bundle()
  console.log(`${code.length} bytes, ${gzipSync(code, { level: 9 }).length} compressed`)
}
