// Finds the Chinese words of the screens: every t('…') and mark('…') in a source text. The
// traditional dictionary, the test for missing English and the test for unmarked Chinese share it.
const CALL = /\b(?:t|mark)\(\s*'((?:[^'\\\n]|\\.)*)'/g
const COMMENT = /<!--[\s\S]*?-->|\/\*[\s\S]*?\*\/|(?<![:'"])\/\/[^\n]*/g
const HAN = /\p{Script=Han}+/u

/** The words a source text shows, each once, in order of appearance. */
export function wordsOf(source: string): string[] {
  const found = new Set<string>()
  for (const m of source.matchAll(CALL)) found.add(m[1]!.replace(/\\'/g, "'"))
  return [...found]
}

/** Chinese that no t('…') or mark('…') holds: it could never be shown in English. */
export function unmarked(source: string): string[] {
  return source
    .replace(COMMENT, '')
    .replace(CALL, '')
    .split('\n')
    .filter((line) => HAN.test(line))
    .map((line) => line.trim())
}
