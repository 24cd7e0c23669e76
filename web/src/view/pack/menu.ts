// The packs as the menu shows them: under their headings, found by a word, the last used first.
import type { Pack } from '../../api/pack'
import { mark } from '../../base/lang'

export interface Heading { title: string; packs: Pack[] }
/** What a word was found in: a pack by its own name or sentence, or ledgers and reports inside it. */
export interface Found { pack: Pack; parts: { title: string; kind: string; to: string }[] }

export const RECENT_MAX = 4 // the one that is open is not named again
const PARTS_MAX = 4 // of one pack; who wants more opens the pack

/** Headings in the order of their first packs; packs without one stand last, under none. */
export function headings(packs: readonly Pack[]): Heading[] {
  const found = new Map<string, Pack[]>()
  for (const p of packs) found.set(p.under ?? '', [...(found.get(p.under ?? '') ?? []), p])
  const all = [...found].map(([title, under]) => ({ title, packs: under }))
  return [...all.filter((h) => h.title), ...all.filter((h) => !h.title)]
}

const plain = (text: string): string => text.normalize('NFKC').toLowerCase()

export function findPacks(packs: readonly Pack[], text: string): Found[] {
  const words = plain(text).split(/\s+/).filter(Boolean)
  const holds = (what: string): boolean => words.every((w) => plain(what).includes(w))
  return packs.flatMap((pack) => {
    const parts = [
      ...pack.forms.map((f) => ({ title: f.title, kind: mark('台账'), to: `/packs/${pack.name}?tab=ledger&form=${f.name}` })),
      ...pack.reports.map((r) => ({ title: r.title, kind: mark('报表'), to: `/packs/${pack.name}?tab=report&report=${r.name}` })),
      ...pack.flows.map((f) => ({ title: f.title, kind: mark('流程'), to: `/packs/${pack.name}?tab=flow&flow=${f.name}` })),
    ].filter((p) => holds(p.title)).slice(0, PARTS_MAX)
    return parts.length || holds(`${pack.menu ?? pack.title} ${pack.shows ?? ''}`) ? [{ pack, parts }] : []
  })
}

/** The newest first, each once, a few. */
export function recentWith(recent: readonly string[], name: string): string[] {
  return [name, ...recent.filter((r) => r !== name)].slice(0, RECENT_MAX)
}
