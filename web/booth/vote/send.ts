// Making the ballots and sending them: one by one, eight a request, again and again until the server
// has answered for each. A ballot once made stays the same text, so sending it twice is harmless.
import { type Ballot, type Opening, makeBallot, signatureOf } from '../crypto.ts'
import { askOn } from '../kit/ask.ts'
import type { Credential } from '../slip.ts'
import type { Paper, Sheet } from './sheet.ts'
import type { CastReply } from './types.ts'

const AT_ONCE = 8

export interface Made { paper: Paper; marks: string; ballot: Ballot; opening: Opening }
export type Sent = CastReply['cast'][number]

/** Ballots made so far; a changed mark makes that one again. */
export class Press {
  private readonly made = new Map<string, Made>()
  private run = 0

  get(p: Paper): Made | undefined {
    return this.made.get(p.el.uuid)
  }

  /** True when all are made; false when stopped by `stop` or a later `make`. */
  async make(sheet: Sheet, credential: Credential, progress: (done: number, all: number) => void): Promise<boolean> {
    const run = ++this.run
    const due = sheet.due()
    const all = due.reduce((n, p) => n + p.el.questions.length, 0)
    let done = 0
    for (const paper of due) {
      const choices = sheet.choices(paper)
      const marks = JSON.stringify(choices)
      const before = done
      if (this.made.get(paper.el.uuid)?.marks !== marks) {
        const seed = crypto.getRandomValues(new Uint8Array(32))
        const ballot = await makeBallot(paper.el, credential, choices, {
          seed, onQuestion: (n) => { if (run === this.run) progress(before + n, all) },
        })
        if (run !== this.run) return false
        const v = JSON.parse(ballot.text) as { credential: string }
        const opening = { seed, choices, credential: v.credential, signature: signatureOf(ballot.text) }
        this.made.set(paper.el.uuid, { paper, marks, ballot, opening })
      }
      done = before + paper.el.questions.length
      progress(done, all)
    }
    return run === this.run
  }

  stop(): void {
    this.run++
  }

  /** Forgets one ballot: it was opened, the next one is another. */
  drop(p: Paper): void {
    this.made.get(p.el.uuid)?.opening.seed.fill(0)
    this.made.delete(p.el.uuid)
  }

  wipe(): void {
    this.stop()
    this.made.forEach((m) => m.opening.seed.fill(0))
    this.made.clear()
  }
}

const base64 = (bytes: Uint8Array): string => {
  let text = ''
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096))
  return btoa(text)
}

export async function send(
  url: string, made: Made[], door: string, progress: (done: number, failed: number) => void,
): Promise<Sent[]> {
  const sent: Sent[] = []
  for (let at = 0; at < made.length; at += AT_ONCE) {
    const some = made.slice(at, at + AT_ONCE)
    const body: Record<string, unknown> = {
      ballots: some.map((m) => ({ uuid: m.paper.el.uuid, ballot: m.ballot.text, hints: base64(m.ballot.hints) })),
    }
    if (door) body.door = door
    const reply = await askOn<CastReply>(url, body, (failed) => progress(at, failed))
    sent.push(...reply.cast)
    progress(at + some.length, 0)
  }
  return sent
}
