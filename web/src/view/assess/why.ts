// The tree the server works out, in words: names become titles, rounding and weights become notes.
import type { components } from '../../api/schema'
import { ask, client } from '../../api/client'
import { compareDecimal } from '../../base/dec'
import { mark, t } from '../../base/lang'
import type { Why, WhyFact } from '../../kit/why'

export interface WhyTree {
  name: string
  title: string
  kind: string
  value?: string | null
  exact?: string | null
  formula?: string
  rounding?: string
  goes_on_rounded?: boolean
  weight?: string
  missing?: 'refuse' | 'renormalise' | 'zero'
  excluded?: boolean
  unjudged?: boolean
  fact?: number
  inputs?: WhyTree[]
}
type Facts = components['schemas']['WhyFact'][]

const MODES: Record<string, string> = { half_up: mark('四舍五入'), half_even: mark('四舍六入五成双'), down: mark('舍去尾数') }
const MISSING = { refuse: mark('缺项，不得出结果'), renormalise: mark('缺项，其余各项按权重折算'), zero: mark('缺项，计零分') }

/** "ballot * 0.5 + routine * 0.3" → "民主测评分 * 0.5 + 平时考核 * 0.3": the longest names first. */
export function formulaWords(formula: string, inputs: WhyTree[]): string {
  const names = [...inputs].filter((i) => i.name && i.title).sort((a, b) => b.name.length - a.name.length)
  const known = new Map(names.map((i) => [i.name, i.title]))
  const parts = names.map((i) => i.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  if (!parts.length) return formula
  return formula.replace(new RegExp(`(?<![\\w.])(?:${parts.join('|')})(?![\\w.])`, 'g'), (name) => known.get(name) ?? name)
}

function notes(node: WhyTree): string {
  const [mode = '', places = ''] = (node.rounding ?? '').split(' ')
  const all: string[] = []
  if (node.missing) all.push(t(MISSING[node.missing]))
  if (node.excluded) all.push(t('不计分'))
  if (node.unjudged) all.push(t('因缺项无法判断，请审定机构注意'))
  if (node.weight) all.push(node.kind === 'count' ? t('每票 {n} 分', { n: node.weight }) : t('权重 {n}', { n: node.weight }))
  if (node.exact && compareDecimal(node.exact, node.value ?? '') !== 0 && Number(places) >= 0)
    all.push(t('取整前 {exact}，{mode}到 {places} 位小数', { exact: node.exact, mode: t(MODES[mode] ?? mode), places }))
  if (node.goes_on_rounded) all.push(t('取整后参与后面的计算'))
  return all.join(t('；'))
}

export function whyOf(node: WhyTree, facts: Facts): Why {
  const inputs = node.inputs ?? []
  const fact = facts.find((f) => f.id === node.fact)
  const found: WhyFact[] = fact ? [{ ...fact, link: `/facts/${fact.id}` }] : []
  return {
    title: node.title || node.name,
    value: node.value ?? (node.kind === 'events' ? t('{n} 项', { n: inputs.length }) : t('缺项')),
    formula: node.formula ? formulaWords(node.formula, inputs) : undefined,
    note: notes(node) || undefined,
    inputs: inputs.length ? inputs.map((i) => whyOf(i, facts)) : undefined,
    facts: found.length ? found : undefined,
  }
}

export async function loadWhy(cycle: number, number: number, object: string, debriefer: number, node: string): Promise<Why> {
  const got = await ask(client.GET('/api/cycles/{cycle}/result/why', {
    params: { path: { cycle }, query: { number, object, debriefer, node } },
  }))
  return whyOf(got.why as unknown as WhyTree, got.facts)
}
