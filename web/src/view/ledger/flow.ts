// Where the states of a flow stand in its picture. Pure. It reads from the top: what a thing goes through stands below
// each other, so that long names of steps have room beside their arrows, on a phone too.
import type { FlowPage } from '../../api/pack'

export const NODE = { width: 176, height: 58 }
export const LETTER = 13 // width of one character of a step's name
const GAP = { x: 44, y: 56 }
const EDGE = 16
const LANE = 22
const LINE_MAX = 10 // characters of a state's name on one line

export interface Node { value: string; lines: string[]; x: number; y: number; count: number | undefined }
export interface Arrow { key: string; title: string; path: string; x: number; y: number; anchor: 'start' | 'middle'; back: boolean }
interface Place { x: number; y: number; row: number; column: number; last: boolean }

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

function linesOf(title: string): string[] {
  return title.length <= LINE_MAX ? [title] : [title.slice(0, LINE_MAX), title.slice(LINE_MAX, LINE_MAX * 2)]
}

export function layout(flow: FlowPage): { nodes: Node[]; arrows: Arrow[]; width: number; height: number } {
  const rows = new Map<number, string[]>()
  for (const [state, d] of depths(flow)) rows.set(d, [...(rows.get(d) ?? []), state])
  const place = new Map<string, Place>()
  for (const [row, states] of rows)
    states.forEach((s, column) => place.set(s, {
      x: EDGE + column * (NODE.width + GAP.x), y: EDGE + row * (NODE.height + GAP.y), row, column, last: column === states.length - 1,
    }))
  const nodes = flow.states.map((s) => ({ value: s.value, lines: linesOf(s.title), x: place.get(s.value)!.x, y: place.get(s.value)!.y, count: flow.counts[s.value] }))
  const right = Math.max(...nodes.map((n) => n.x + NODE.width))

  // Moves between the same two states share one arrow.
  const pairs = new Map<string, { a: Place; b: Place; titles: string[] }>()
  for (const m of flow.moves) {
    const [a, b] = [place.get(m.from), place.get(m.to)]
    if (!a || !b) continue
    const pair = pairs.get(`${m.from}>${m.to}`) ?? { a, b, titles: [] }
    pair.titles.push(m.title)
    pairs.set(`${m.from}>${m.to}`, pair)
  }
  const lanes = [...pairs].filter(([, p]) => !near(p.a, p.b)).map(([key]) => key)
  // The names of moves that take a lane stand between the boxes and the lanes.
  const room = Math.max(0, ...lanes.map((key) => pairs.get(key)!.titles.join('／').length * LETTER)) + 18
  const arrows = [...pairs].map(([key, { a, b, titles }]): Arrow => {
    const title = titles.join('／')
    const lane = lanes.indexOf(key)
    return { key, title, back: b.row < a.row || (b.row === a.row && b.column < a.column), ...(lane < 0 ? short(a, b) : long(a, b, right + room + lane * LANE, lane)) }
  })
  const far = arrows.map((r) => r.x + (r.anchor === 'start' ? 1 : 0.5) * r.title.length * LETTER)
  const width = Math.max(right, ...far, lanes.length ? right + room + lanes.length * LANE : 0) + EDGE
  return { nodes, arrows, width, height: Math.max(...nodes.map((n) => n.y + NODE.height)) + EDGE + 8 }
}

const near = (a: Place, b: Place): boolean => b.row === a.row + 1 || (a.row === b.row && b.column === a.column + 1)

/** One row down, or to the neighbour on the right. */
function short(a: Place, b: Place): Pick<Arrow, 'path' | 'x' | 'y' | 'anchor'> {
  if (a.row === b.row) {
    const [x1, x2, y] = [a.x + NODE.width, b.x, a.y + NODE.height / 2]
    return { path: `M${x1} ${y}L${x2} ${y}`, x: (x1 + x2) / 2, y: y - 8, anchor: 'middle' }
  }
  const [x1, y1, x2, y2] = [a.x + NODE.width / 2, a.y + NODE.height, b.x + NODE.width / 2, b.y]
  const bend = (y1 + y2) / 2
  return { path: `M${x1} ${y1}C${x1} ${bend} ${x2} ${bend} ${x2} ${y2}`, x: x1 + (x2 - x1) * 0.6 + 8, y: bend + (x2 === x1 ? 4 : 12), anchor: 'start' }
}

/** Along a lane on the right; past a neighbour below its box, or above the one it comes to. */
function long(a: Place, b: Place, lane: number, n: number): Pick<Arrow, 'path' | 'x' | 'y' | 'anchor'> {
  const step = 8 + (n % 4) * 9
  const out = a.last
    ? { path: `M${a.x + NODE.width} ${a.y + 10 + step}`, x: a.x + NODE.width + 8, y: a.y + 10 + step }
    : { path: `M${a.x + NODE.width - 20} ${a.y + NODE.height}L${a.x + NODE.width - 20} ${a.y + NODE.height + 6 + step}`, x: a.x + NODE.width - 12, y: a.y + NODE.height + 6 + step }
  const end = b.last
    ? `L${lane} ${b.y + 6 + step}L${b.x + NODE.width} ${b.y + 6 + step}`
    : `L${lane} ${b.y - 4 - step}L${b.x + NODE.width - 12} ${b.y - 4 - step}L${b.x + NODE.width - 12} ${b.y}`
  return { path: `${out.path}L${lane} ${out.y}${end}`, x: out.x, y: out.y - 4, anchor: 'start' }
}
