// The table of a report as a chart's series. Pure.
import type { FigurePage } from '../../api/pack'

const BARS_MAX = 30 // more rows than these say nothing in a picture
export interface ChartData { kind: 'bar' | 'line' | 'pie'; names: string[]; series: { title: string; values: (number | null)[] }[]; cut: number }

export function chartData(page: FigurePage): ChartData | null {
  const chart = page.chart
  if (!chart || !page.rows.length) return null
  const at = chart.columns.map((name) => page.columns.findIndex((c) => c.name === name)).filter((i) => i >= 0)
  if (!at.length) return null
  const rows = page.rows.slice(0, BARS_MAX)
  // The picture may round; the table beside it holds the digits.
  const number = (text: string | null | undefined): number | null => (text === null || text === undefined || text === '' || Number.isNaN(Number(text)) ? null : Number(text))
  return {
    kind: chart.kind, names: rows.map((r) => r.title), cut: page.rows.length - rows.length,
    series: at.map((i) => ({ title: page.columns[i]!.title, values: rows.map((r) => number(r.cells[i]?.value)) })),
  }
}

const INK = '#22262b'
const COLOURS = ['#9c1c1c', '#1a4f9c', '#855000', '#1d6a3c', '#5b3a8c', '#4c5562']

export function option(data: ChartData, title: string, elder: boolean): Record<string, unknown> {
  const font = elder ? 22 : 14
  const text = { color: INK, fontSize: font }
  const common = {
    aria: { enabled: true, label: { description: title }, decal: { show: true } }, color: COLOURS, textStyle: { fontSize: font },
    tooltip: { trigger: data.kind === 'pie' ? 'item' : 'axis', textStyle: { fontSize: font } }, legend: { top: 0, textStyle: text }, animation: false,
  }
  if (data.kind === 'pie') {
    const s = data.series[0]!
    return { ...common, series: [{ type: 'pie', radius: '60%', top: 30, name: s.title, label: text, data: s.values.map((value, i) => ({ value, name: data.names[i] })) }] }
  }
  return {
    ...common, grid: { left: 8, right: 16, top: 48, bottom: 8, containLabel: true },
    xAxis: { type: 'category', data: data.names, axisLabel: { ...text, interval: 0, rotate: data.names.length > 6 ? 35 : 0, width: 130, overflow: 'truncate' } },
    yAxis: { type: 'value', axisLabel: text, minInterval: 1 },
    series: data.series.map((s) => ({ type: data.kind, name: s.title, data: s.values, barMaxWidth: 40 })),
  }
}
