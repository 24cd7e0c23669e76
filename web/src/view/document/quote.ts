// Where the outline's items stand in the text. Offsets are bytes of UTF-8, as the server counts them; the screen
// needs pieces of text.
export interface Span { from: number; to: number }
/** A piece of the text, and the number of the span it belongs to. */
export interface Piece { text: string; span?: number; at: number }

/** The text cut at the spans; spans that overlap an earlier one are left out. */
export function pieces(text: string, spans: Span[]): Piece[] {
  const bytes = new TextEncoder().encode(text)
  const read = new TextDecoder()
  const out: Piece[] = []
  let at = 0
  const sorted = spans.map((s, i) => ({ ...s, i })).sort((a, b) => a.from - b.from)
  const cut = (to: number, span?: number): void => {
    if (to > at) out.push({ text: read.decode(bytes.subarray(at, to)), at, ...(span === undefined ? {} : { span }) })
    at = Math.max(at, to)
  }
  for (const s of sorted) {
    if (s.from < at || s.to > bytes.length || s.to <= s.from) continue
    cut(s.from)
    cut(s.to, s.i)
  }
  cut(bytes.length)
  return out
}
