// One voter's papers and what he marked on them. Nothing here draws or asks.
import { type Choice, type Election, type Question, prepare, publicCredential, readElection } from '../crypto.ts'
import type { Credential } from '../slip.ts'
import type { GroupReply, Info } from './types.ts'

export interface Paper { el: Election; object: string; debriefer: string; name: string; org: string }
export interface Person { id: string; name: string; org: string; papers: Paper[] }
export type Mark = number | 'blank' | null
export type Mode = 'each' | 'all'
export interface Gap { paper: Paper; question: number }

/** Which group's list holds the slip: exactly one must. */
export function groupOf(info: Info, lists: string[][], credential: Credential): Info['groups'][number] | null {
  const held = info.groups.filter((g, i) => lists[i]!.includes(publicCredential({ uuid: g.first }, credential)))
  return held.length === 1 ? held[0]! : null
}

export class Sheet {
  readonly papers: Paper[]
  readonly persons: Person[] = []
  readonly marks = new Map<string, Mark[]>()
  readonly self = new Set<string>()
  mode: Mode = 'each'

  constructor(readonly info: Info, readonly group: Info['groups'][number], reply: GroupReply) {
    const utf8 = new TextEncoder()
    this.papers = reply.elections.map((e) => ({ ...e, el: readElection(utf8.encode(e.text)) }))
    prepare(this.papers.map((p) => p.el))
    for (const p of this.papers) {
      this.marks.set(p.el.uuid, p.el.questions.map(() => null))
      const known = this.persons.find((one) => one.id === p.debriefer)
      if (known) known.papers.push(p)
      else this.persons.push({ id: p.debriefer, name: p.name, org: p.org, papers: [p] })
    }
  }

  mark(p: Paper, question: number): Mark {
    return this.marks.get(p.el.uuid)![question]!
  }

  setMark(p: Paper, question: number, mark: Mark): void {
    this.marks.get(p.el.uuid)![question] = mark
  }

  /** The papers to be sent: nobody votes on himself. */
  due(): Paper[] {
    return this.papers.filter((p) => !this.self.has(p.debriefer))
  }

  /** What is not marked, in order. */
  gaps(papers = this.due()): Gap[] {
    return papers.filter((p) => !this.self.has(p.debriefer)).flatMap((paper) =>
      paper.el.questions.map((_, question) => ({ paper, question })).filter((g) => this.mark(g.paper, g.question) === null))
  }

  /** May the sheet go with these gaps? Where the form prints no abstention, or the scheme asks for
   *  every item, it may not. */
  mayLeave = (g: Gap): boolean => !this.info.complete && leaves(g.paper.el.questions[g.question]!)

  choices(p: Paper): Choice[] {
    return p.el.questions.map((q, i) => this.mark(p, i) ?? (q.blank ? 'blank' : 'none'))
  }

  wipe(): void {
    for (const list of this.marks.values()) list.fill(null)
    this.self.clear()
  }
}

const leaves = (q: Question): boolean => q.blank || q.min === 0

// --- the draft: marks without the slip, in this tab only -------------------------------------------

interface Kept { group: string; mode: Mode; self: string[]; marks: Record<string, Mark[]> }
const keyOf = (evote: string): string => `shuping.booth.${evote}`

export function keepDraft(s: Sheet): void {
  const kept: Kept = { group: s.group.name, mode: s.mode, self: [...s.self], marks: {} }
  s.marks.forEach((list, uuid) => { kept.marks[uuid] = list })
  try {
    sessionStorage.setItem(keyOf(s.info.id), JSON.stringify(kept))
  } catch {
    // A browser that keeps nothing has no draft; voting goes on.
  }
}

export function hasDraft(evote: string): boolean {
  try {
    return sessionStorage.getItem(keyOf(evote)) !== null
  } catch {
    return false
  }
}

export function dropDraft(evote: string): void {
  try {
    sessionStorage.removeItem(keyOf(evote))
  } catch {
    // Nothing was kept.
  }
}

const fits = (q: Question, m: unknown): m is Mark =>
  m === null || (m === 'blank' && q.blank) || (typeof m === 'number' && Number.isInteger(m) && m >= 0 && m < q.answers.length)

/** Takes what still fits: another group's draft, or a form that changed, is left. */
export function takeDraft(s: Sheet): boolean {
  let kept: Kept | null
  try {
    kept = JSON.parse(sessionStorage.getItem(keyOf(s.info.id)) ?? 'null') as Kept | null
  } catch {
    return false
  }
  if (!kept || kept.group !== s.group.name) return false
  for (const p of s.papers) {
    const list = kept.marks[p.el.uuid]
    p.el.questions.forEach((q, i) => { if (list && fits(q, list[i])) s.setMark(p, i, list[i]!) })
  }
  s.persons.forEach((one) => { if (kept.self.includes(one.id)) s.self.add(one.id) })
  s.mode = kept.mode === 'all' ? 'all' : 'each'
  return true
}
