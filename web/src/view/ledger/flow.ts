// Where the states of a flow stand in its picture. Pure.
import type { FlowPage } from '../../api/pack'

export const NODE = { width: 132, height: 52 }
const GAP = { x: 118, y: 46 }
const EDGE = 14

export interface Node { value: string; title: string; x: number; y: number; count: number | undefined }
export interface Arrow { key: string; title: string; path: string; x: number; y: number; back: boolean }

/** How many moves from the start a state is reached by; what is never reached stands at the end. */
function depths(flow: FlowPage): Map<string, number> {
  const depth = new Map([[flow.start, 0]])
  const open = [flow.start]
  for (let state = open.shift(); state !== undefined; state = open.shift())
    for (const m of flow.moves)
      if (m.from === state && !depth.has(m.to)) {
        depth.set(m.to, depth.get(state)! + 1)
        open.push(m.to)
      }
  const last = Math.max(0, ...depth.values())
  for (const s of flow.states) if (!depth.has(s.value)) depth.set(s.value, last + 1)
  return depth
}

export function layout(flow: FlowPage): { nodes: Node[]; arrows: Arrow[]; width: number; height: number } {
  const depth = depths(flow)
  const columns = new Map<number, string[]>()
  for (const s of flow.states) {
    const d = depth.get(s.value)!
    columns.set(d, [...(columns.get(d) ?? []), s.value])
  }
  const place = new Map<string, { x: number; y: number; row: number; column: number }>()
  for (const [d, states] of columns)
    states.forEach((s, row) => place.set(s, { x: EDGE + d * (NODE.width + GAP.x), y: EDGE + 34 + row * (NODE.height + GAP.y), row, column: d }))

  const nodes = flow.states.map((s) => ({ value: s.value, title: s.title, x: place.get(s.value)!.x, y: place.get(s.value)!.y, count: flow.counts[s.value] }))
  // Moves between the same two states share one arrow.
  const pairs = new Map<string, { from: string; to: string; titles: string[] }>()
  for (const m of flow.moves) {
    if (!place.has(m.from) || !place.has(m.to)) continue
    const key = `${m.from}>${m.to}`
    const pair = pairs.get(key) ?? { from: m.from, to: m.to, titles: [] }
    pair.titles.push(m.title)
    pairs.set(key, pair)
  }
  const lowest = (p: { row: number; column: number }): boolean => p.row === columns.get(p.column)!.length - 1
  let floor = Math.max(...nodes.map((n) => n.y + NODE.height))
  const arrows: Arrow[] = []
  for (const [key, { from, to, titles }] of pairs) {
    const [a, b] = [place.get(from)!, place.get(to)!]
    const title = titles.join('／')
    const middle = NODE.height / 2
    if (b.column === a.column + 1) {
      const [x1, y1, x2, y2] = [a.x + NODE.width, a.y + middle, b.x, b.y + middle]
      const bend = (x1 + x2) / 2
      arrows.push({ key, title, back: false, path: `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`, x: bend, y: (y1 + y2) / 2 - 7 })
    } else if (from === to) {
      const [x, y] = [a.x + NODE.width / 2, a.y]
      arrows.push({ key, title, back: true, path: `M${x - 18} ${y}C${x - 30} ${y - 34} ${x + 30} ${y - 34} ${x + 18} ${y}`, x, y: y - 22 })
    } else if (a.column === b.column && Math.abs(a.row - b.row) === 1) {
      const down = b.y > a.y
      const [x, y1, y2] = [a.x + NODE.width / 2 + (down ? 20 : -20), down ? a.y + NODE.height : a.y, down ? b.y : b.y + NODE.height]
      arrows.push({ key, title, back: !down, path: `M${x} ${y1}L${x} ${y2}`, x: x + (down ? 34 : -34), y: (y1 + y2) / 2 + 4 })
    } else if (a.column === b.column) {
      const [x, y1, y2] = [a.x + NODE.width, a.y + middle + 12, b.y + middle + 12]
      arrows.push({ key, title, back: b.y < a.y, path: `M${x} ${y1}C${x + 44} ${y1} ${x + 44} ${y2} ${x} ${y2}`, x: x + 36, y: (y1 + y2) / 2 + 4 })
    } else {
      // Longer ways and ways back run below everything, each on a line of its own; past a box below by its side.
      floor += 30
      const way = arrows.length * 3
      const [low1, low2] = [lowest(a), lowest(b)]
      const [x1, x2] = [low1 ? a.x + NODE.width / 2 - 12 : a.x + NODE.width + 16 + (way % 12), low2 ? b.x + NODE.width / 2 + 12 : b.x - 16 - (way % 12)]
      const out = low1 ? `M${x1} ${a.y + NODE.height}` : `M${a.x + NODE.width} ${a.y + middle + 16}L${x1} ${a.y + middle + 16}`
      const back = low2 ? `L${x2} ${b.y + NODE.height}` : `L${x2} ${b.y + middle + 16}L${b.x} ${b.y + middle + 16}`
      arrows.push({ key, title, back: b.column < a.column, path: `${out}L${x1} ${floor}L${x2} ${floor}${back}`, x: (x1 + x2) / 2, y: floor - 5 })
    }
  }
  return { nodes, arrows, width: Math.max(...nodes.map((n) => n.x)) + NODE.width + EDGE, height: floor + EDGE + 8 }
}
