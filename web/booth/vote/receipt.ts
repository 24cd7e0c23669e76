// Receipts in plain words, and where they are found after close.
import { base64, hash } from '../group.ts'
import { lettersOfWords, wordsOfTracker } from '../slip.ts'
import type { TrackersReply } from './types.ts'

export const short = (tracker: string): string => wordsOfTracker(tracker).join(' ')

/** Whole trackers, or their first ten letters, in whatever was pasted or typed. */
export function readReceipts(text: string): string[] {
  const found: string[] = []
  const rest = text.replace(/[A-Za-z0-9+/]{43}/g, (tracker) => (found.push(tracker), ' '))
  const whole = [...found]
  const add = (start: string): void => {
    if (start && !whole.some((one) => one.startsWith(start))) found.push(start)
  }
  for (const line of rest.split(/[\n;；,，。]/)) {
    // Five words, whatever else stands in the line, a name for instance.
    const han = line.replace(/[ \t\u3000、]/g, '').match(/[\u4e00-\u9fff]{10,}/g) ?? []
    for (const run of han) add(lettersOfWords(run) || lettersOfWords(run.slice(-10)))
    for (const code of line.match(/(^|\s)[A-Za-z0-9+/]{10}(?=\s|$)/g) ?? []) add(code.trim())
  }
  return [...new Set(found)]
}

export interface Found { asked: string; state: 'counted' | 'replaced' | 'none'; title: string; tracker: string }

export function findReceipt(reply: TrackersReply, asked: string): Found {
  for (const e of reply.elections)
    for (const tracker of e.trackers)
      if (tracker.startsWith(asked)) return { asked, state: 'counted', title: e.title, tracker }
  // The list of replaced ballots holds hashes of whole trackers: the words alone do not reach it.
  const gone = asked.length === 43 && reply.replaced.includes(base64(hash(`replaced|${asked}`)))
  return { asked, state: gone ? 'replaced' : 'none', title: '', tracker: '' }
}
