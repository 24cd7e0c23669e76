// A Vite plugin: after the screens, the booth's three pages. vote.html is what the phone loads: its
// style inside, its script beside it with an integrity that the page names, so that the hash of
// vote.html says what the whole page is. The two tools are one file each and open from disk.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Plugin, type Rolldown, build } from 'vite'
import { words } from './words.ts'

export const VOTE_BYTES_MAX = 100 * 1024
const TARGET = ['chrome67', 'firefox68', 'safari14'] // the first with BigInt

const hashOf = (kind: string, text: string): string => `${kind}-${createHash(kind).update(text).digest('base64')}`

async function compile(root: string, page: string, define: Record<string, string>): Promise<{ script: string; style: string }> {
  const out = await build({
    configFile: false, logLevel: 'error', define,
    plugins: [words((file) => file.startsWith('kit/') || file.startsWith(`${page}/`) || !file.includes('/'))],
    build: {
      write: false, target: TARGET, modulePreload: false,
      lib: { entry: join(root, page, 'main.ts'), formats: ['iife'], name: 'page', cssFileName: 'style' },
    },
  }) as Rolldown.RolldownOutput[]
  const files = out[0]!.output
  const script = files.find((f) => f.type === 'chunk')!.code.replace(/<\/script/gi, '<\\/script').trim()
  const css = files.find((f) => f.type === 'asset')?.source ?? ''
  return { script, style: typeof css === 'string' ? css.trim() : new TextDecoder().decode(css).trim() }
}

const fill = (template: string, parts: Record<string, string>): string =>
  template.replace(/<!--(\w+)-->/g, (_, name: string) => parts[name]!)

export interface Built { file: string; text: string }

export async function vote(root: string): Promise<Built[]> {
  const { script, style } = await compile(root, 'vote', {})
  const name = `assets/vote-${createHash('sha256').update(script).digest('hex').slice(0, 10)}.js`
  const html = fill(readFileSync(join(root, 'vote/page.html'), 'utf8'), {
    style: `<style>${style}</style>`,
    script: `<script defer src="/${name}" integrity="${hashOf('sha384', script)}"></script>`,
  })
  const bytes = Buffer.byteLength(html) + Buffer.byteLength(script)
  if (bytes > VOTE_BYTES_MAX) throw new Error(`vote.html and its script are ${bytes} bytes; at most ${VOTE_BYTES_MAX}`)
  return [{ file: 'vote.html', text: html }, { file: name, text: script }]
}

async function tool(root: string, page: string, define: Record<string, string>): Promise<Built> {
  const { script, style } = await compile(root, page, define)
  return {
    file: `tools/${page}.html`,
    text: fill(readFileSync(join(root, page, 'page.html'), 'utf8'), {
      policy: `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '${hashOf('sha256', script)}'; ` +
        `style-src 'unsafe-inline'; img-src data:; connect-src http: https:; base-uri 'none'; form-action 'none'">`,
      style: `<style>${style}</style>`,
      script: `<script>${script}</script>`,
    }),
  }
}

export async function pages(root: string): Promise<Built[]> {
  const phone = await vote(root)
  const hash = createHash('sha256').update(phone[0]!.text).digest('hex')
  return [...phone, await tool(root, 'trustee', {}), await tool(root, 'slips', { VOTE_HASH: JSON.stringify(hash) })]
}

export function booth(): Plugin {
  let root = '', out = ''
  return {
    name: 'booth',
    apply: 'build',
    configResolved(config) {
      root = join(config.root, 'booth')
      out = resolve(config.root, config.build.outDir)
    },
    async closeBundle() {
      for (const { file, text } of await pages(root)) {
        mkdirSync(dirname(join(out, file)), { recursive: true })
        writeFileSync(join(out, file), text)
      }
    },
  }
}
