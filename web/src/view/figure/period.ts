// The periods a report offers, newest first.
const BACK: Record<string, number> = { month: 24, quarter: 12, half: 8, year: 6 }

export function periodsOf(every: string, today: string): string[] {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))]
  const n = BACK[every] ?? BACK.year!
  const size = every === 'month' ? 1 : every === 'quarter' ? 3 : every === 'half' ? 6 : 12
  return Array.from({ length: n }, (_, i) => {
    const at = Math.floor((year * 12 + month - 1) / size) - i // whole periods since year 0
    const [y, k] = [Math.floor((at * size) / 12), (at % (12 / size)) + 1]
    return every === 'month' ? `${y}-${String(k).padStart(2, '0')}` : every === 'quarter' ? `${y}-Q${k}` : every === 'half' ? `${y}-H${k}` : String(y)
  })
}
