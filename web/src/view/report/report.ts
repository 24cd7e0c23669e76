// A debrief report as its screens know it.
import type { components } from '../../api/schema'
import { mark, t } from '../../base/lang'
import type { Answer, ReportBody, Section } from '../survey/survey'

export type Report = components['schemas']['Report']
export type Advice = components['schemas']['Advice']
export type Note = components['schemas']['AdviceNote']
export type Alike = components['schemas']['ReportAlike']
export type AlikeSource = components['schemas']['AlikeSource']
export type { Answer, ReportBody, Section }

export const PARTS = [
  { name: 'achievements', title: mark('成绩'), about: mark('做了什么、成效怎样，用事实和数字。'), required: true },
  { name: 'problems', title: mark('问题'), about: mark('自己抓得不够的地方，不写别人。'), required: true },
  { name: 'causes', title: mark('原因'), about: mark('从自己身上找。'), required: false },
  { name: 'measures', title: mark('措施'), about: mark('谁、到什么时候、做到什么程度。'), required: false },
] as const
export type Part = (typeof PARTS)[number]['name']

export const ANSWERS = [
  { value: 'cured', title: mark('已整改') },
  { value: 'under_way', title: mark('正在整改') },
  { value: 'not_begun', title: mark('尚未整改') },
]

/** What is being written: kept as a draft as it stands. */
export interface Draft { sections: Section[]; answers: Answer[]; source?: string }

/** One section for each class of the year, with what was written so far. */
export function draftOf(classes: { name: string }[], carried: { finding: number }[], body: ReportBody | undefined): Draft {
  return {
    sections: classes.map((c) => ({ ...body?.sections?.find((s) => s.class === c.name), class: c.name })),
    answers: carried.map((f) => body?.answers?.find((a) => a.finding === f.finding) ?? { finding: f.finding, answer: '', text: '' }),
    ...(body?.source ? { source: body.source } : {}),
  }
}

/** Sections without empty parts, as they are filed. */
export function filled(sections: Section[]): Section[] {
  return sections.map((s) => {
    const parts = PARTS.map((p) => [p.name, s[p.name]?.trim()] as const).filter(([, text]) => text)
    return { class: s.class, ...Object.fromEntries(parts) } as Section
  })
}

/** Characters that are no blanks: the way the server counts. */
export const points = (text: string | undefined): number => [...(text ?? '').replace(/[\s\u3000]/g, '')].length

/** 85.0 % of own text is 850 from the server. */
export const percentOf = (permille: number): string => `${Math.floor(permille / 10)}%`

/** The class and part that a passage stands in. */
export const whereOf = (p: { part: string; class?: string | undefined }, classes: { name: string; title: string }[]): string =>
  [classes.find((c) => c.name === p.class)?.title, t(PARTS.find((x) => x.name === p.part)?.title ?? mark('全文'))].filter(Boolean).join(' · ')

export const CHANGES: Record<string, string> = { year: mark('年份'), number: mark('数字'), place: mark('地名'), words: mark('文字') }
export const CLAIMS: Record<string, { tone: 'good' | 'warn'; title: string }> = {
  equal: { tone: 'good', title: mark('与记录一致') }, fits: { tone: 'good', title: mark('与记录相符') },
  more: { tone: 'warn', title: mark('报告多于记录') }, less: { tone: 'warn', title: mark('报告少于记录') },
}
export const BESIDE: Record<string, { tone: 'good' | 'warn'; title: string }> = {
  answered: { tone: 'good', title: mark('有答复') }, empty: { tone: 'warn', title: mark('答复没有实际内容') },
  redeclared: { tone: 'warn', title: mark('没有答复，又列为问题') }, dropped: { tone: 'warn', title: mark('报告没有提到') },
}

export const TONE: Record<string, 'now' | 'warn' | 'good'> = { filed: 'now', returned: 'warn', accepted: 'good' }

export interface Piece { text: string; mark: 'same' | 'gone' | 'new' }
const SENTENCE = /[^。！？；\n]*[。！？；\n]?/g

/** What changed between two versions, sentence by sentence (longest common subsequence). */
export function compare(before: string, after: string): Piece[] {
  const [a, b] = [before.match(SENTENCE)!.filter(Boolean), after.match(SENTENCE)!.filter(Boolean)]
  const best = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--)
    for (let k = b.length - 1; k >= 0; k--)
      best[i]![k] = a[i] === b[k] ? best[i + 1]![k + 1]! + 1 : Math.max(best[i + 1]![k]!, best[i]![k + 1]!)
  const out: Piece[] = []
  let [i, k] = [0, 0]
  while (i < a.length || k < b.length) {
    if (i < a.length && k < b.length && a[i] === b[k]) out.push({ text: a[i++]!, mark: 'same' }), k++
    else if (k >= b.length || (i < a.length && best[i + 1]![k]! >= best[i]![k + 1]!)) out.push({ text: a[i++]!, mark: 'gone' })
    else out.push({ text: b[k++]!, mark: 'new' })
  }
  return out
}
