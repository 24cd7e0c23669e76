// A Vite plugin: the module `virtual:traditional` is the dictionary simplified → traditional of all
// words the screens use. The converter itself (1.1 MB of tables) stays on the build machine.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Converter } from 'opencc-js/cn2t'
import type { Plugin } from 'vite'
import { wordsOf } from './words.ts'

const ID = 'virtual:traditional'
const root = fileURLToPath(new URL('../src', import.meta.url))

/** The screens' own source files, in a fixed order, without tests and dictionaries. */
export function sources(): { file: string; text: string }[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((f) => /\.(ts|vue)$/.test(f) && !/(_test|\ben|\.d)\.ts$/.test(f))
    .sort()
    .map((file) => ({ file, text: readFileSync(`${root}/${file}`, 'utf8') }))
}

/** Hong Kong forms, as on the paper side of the product; 群 is the form readers expect. */
export function traditionalWords(sources: string[]): Record<string, string> {
  const convert = Converter({ from: 'cn', to: 'hk' })
  const words: Record<string, string> = {}
  for (const word of sources.flatMap(wordsOf)) {
    const other = convert(word).replaceAll('羣', '群')
    if (other !== word) words[word] = other
  }
  return words
}

export function traditional(): Plugin {
  return {
    name: 'traditional',
    resolveId: (id) => (id === ID ? '\0' + ID : undefined),
    load(id) {
      if (id !== '\0' + ID) return
      return `export default ${JSON.stringify(traditionalWords(sources().map((s) => s.text)))}`
    },
  }
}
