// The help of a pack is written in a small part of Markdown. It becomes plain parts that the screen draws itself:
// no HTML of a text ever reaches the page.
export type Part =
  | { kind: 'head'; level: number; text: Span[] }
  | { kind: 'text'; text: Span[] }
  | { kind: 'list'; ordered: boolean; items: Span[][] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; head: Span[][]; rows: Span[][][] }
export interface Span { text: string; as: 'plain' | 'bold' | 'code' }

const HEAD = /^(#{1,4}) +(.*)$/
const ITEM = /^ {0,3}(?:[-*]|(\d+)[.、)]) +(.*)$/
const FENCE = /^```/
const ROW = /^\|(.*)\|\s*$/
const RULE = /^\|[\s:|-]+\|\s*$/

export function spans(text: string): Span[] {
  const found: Span[] = []
  const plain = text.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
  for (const m of plain.matchAll(/\*\*([^*]+)\*\*|`([^`]+)`|([^*`]+|[*`])/g)) {
    if (m[1] !== undefined) found.push({ text: m[1], as: 'bold' })
    else if (m[2] !== undefined) found.push({ text: m[2], as: 'code' })
    else found.push({ text: m[3]!, as: 'plain' })
  }
  return found
}

/** A line's words go on in the next without a space where Chinese meets Chinese. */
function joined(lines: string[]): string {
  return lines.reduce((all, line) => (all && /[\x21-\x7e]$/.test(all) && /^[\x21-\x7e]/.test(line) ? `${all} ${line}` : all + line), '')
}

export function partsOf(markdown: string): Part[] {
  const lines = markdown.split(/\r?\n/)
  const parts: Part[] = []
  for (let i = 0; i < lines.length;) {
    const line = lines[i]!
    if (!line.trim()) i++
    else if (FENCE.test(line)) {
      const end = lines.findIndex((l, k) => k > i && FENCE.test(l))
      const stop = end < 0 ? lines.length : end
      parts.push({ kind: 'code', text: lines.slice(i + 1, stop).join('\n') })
      i = stop + 1
    } else if (HEAD.test(line)) {
      const m = HEAD.exec(line)!
      parts.push({ kind: 'head', level: m[1]!.length, text: spans(m[2]!) })
      i++
    } else if (ROW.test(line)) {
      const rows: Span[][][] = []
      for (; i < lines.length && ROW.test(lines[i]!); i++)
        if (!RULE.test(lines[i]!)) rows.push(ROW.exec(lines[i]!)![1]!.split('|').map((c) => spans(c.trim())))
      parts.push({ kind: 'table', head: rows[0] ?? [], rows: rows.slice(1) })
    } else if (ITEM.test(line)) {
      const items: string[][] = []
      const ordered = ITEM.exec(line)![1] !== undefined
      for (; i < lines.length && lines[i]!.trim(); i++) {
        const m = ITEM.exec(lines[i]!)
        if (m) items.push([m[2]!])
        else if (/^\s/.test(lines[i]!) && items.length) items.at(-1)!.push(lines[i]!.trim())
        else break
      }
      parts.push({ kind: 'list', ordered, items: items.map((l) => spans(joined(l))) })
    } else {
      const from = i
      while (i < lines.length && lines[i]!.trim() && (i === from || ![HEAD, ITEM, FENCE, ROW].some((r) => r.test(lines[i]!)))) i++
      parts.push({ kind: 'text', text: spans(joined(lines.slice(from, i).map((l) => l.trim()))) })
    }
  }
  return parts
}
