// bench-feel.mjs DMN_BENCH PEERS: evaluations a second of ours against npm feelin (a formula) and npm
// @gorules/zen-engine (the formula, and formula and table), which stand in the folder PEERS, else
// nothing is measured. Results are compared first.
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const ROWS = 200000
const FIRST = 2000
const TERMS = 6
const formula = 'x0 * 0.15 + x1 * 0.2 + x2 * 0.25 + x3 * 0.1 + x4 * 0.2 + x5 * 0.1'

function inputs() {
  const mask = (1n << 64n) - 1n
  const rows = Array.from({ length: FIRST }, () => ({}))
  let s = 20261123n
  for (let c = 0; c < TERMS; c++)
    for (let i = 0; i < ROWS; i++) {
      s ^= (s << 13n) & mask
      s ^= s >> 7n
      s ^= (s << 17n) & mask
      if (i < FIRST) rows[i]['x' + c] = Number(s % 1001n) / 10
    }
  return rows
}

// Evaluations a second of processor time, one thread; the best of three rounds.
async function rate(rows, one) {
  let best = 0
  for (let round = 0; round < 3; round++) {
    const from = process.cpuUsage()
    for (const row of rows) await one(row)
    const took = process.cpuUsage(from)
    best = Math.max(best, (rows.length * 1e6) / (took.user + took.system))
  }
  return best
}

function graph() {
  const rule = (id, i1, o1) => ({ _id: id, i1, o1: `"${o1}"` })
  const edge = (sourceId, targetId) => ({ id: sourceId + targetId, type: 'edge', sourceId, targetId })
  return {
    nodes: [
      { id: 'a', name: 'a', type: 'inputNode' },
      { id: 'b', name: 'b', type: 'expressionNode',
        content: { expressions: [{ id: '1', key: 'total', value: formula }] } },
      { id: 'c', name: 'c', type: 'decisionTableNode',
        content: {
          hitPolicy: 'first',
          inputs: [{ id: 'i1', name: 'total', field: 'total' }],
          outputs: [{ id: 'o1', name: 'grade', field: 'grade' }],
          rules: [rule('1', '>= 70', 'A'), rule('2', '[55..70)', 'B'), rule('3', '[40..55)', 'C'),
            rule('4', '< 40', 'D')],
        } },
      { id: 'd', name: 'd', type: 'outputNode' },
    ],
    edges: [edge('a', 'b'), edge('b', 'c'), edge('c', 'd')],
  }
}

function must(fits, what) {
  if (fits) return
  console.error('bench-feel: ' + what + ' differ')
  process.exit(1)
}

const ours = Object.fromEntries(
  execFileSync(process.argv[2], { encoding: 'utf8' }).trim().split('\n')
    .map((line) => [line.split(' ')[0], line.split(' ').slice(1).map(Number)]))
const row = (what, ours, theirs, least) =>
  console.log(`= ${what}\t${theirs ? (ours / theirs).toFixed(1) : '-'}\t>=\t${least}\tx`)
const need = createRequire(join(process.argv[3], 'x.js'))
let feelin
let zen
try {
  feelin = await import(pathToFileURL(need.resolve('feelin')))
  zen = need('@gorules/zen-engine')
} catch {
  row('formula row by row against feelin', 0, 0, 500)
  row('formula row by row against zen-engine', 0, 0, 10)
  row('formula and table against zen-engine', 0, 0, 10)
  process.exit(0)
}
const rows = inputs()
const sum = (one) => rows.reduce((all, row) => all + one(row), 0)
const viaFeelin = (row) => feelin.evaluate(formula, row).value ?? feelin.evaluate(formula, row)
const viaZen = (row) => zen.evaluateExpressionSync(formula, row)
must(Math.abs(sum(viaFeelin) - ours.sum[0] / 1000) < 1e-6, 'totals of feelin')
must(Math.abs(sum(viaZen) - ours.sum[0] / 1000) < 1e-6, 'totals of zen-engine')
const decision = new zen.ZenEngine().createDecision(graph())
const grades = [0, 0, 0, 0]
for (const row of rows) grades['ABCD'.indexOf((await decision.evaluate(row)).result.grade)]++
must(grades.join() === ours.grades.join(), 'grades of zen-engine')
const f = await rate(rows, viaFeelin)
const z = await rate(rows, viaZen)
const t = await rate(rows, (row) => decision.evaluate(row))
const ratio = (a, b) => Math.round(a / b).toLocaleString('en')
console.log(`formula of six terms, row by row: ${ratio(ours.formula[0], f)} x feelin, ${ratio(ours.formula[0], z)} x zen-engine`)
console.log(`formula of six terms, by column: ${ratio(ours.column[0], f)} x feelin, ${ratio(ours.column[0], z)} x zen-engine`)
console.log(`formula and table of four rules: ${ratio(ours.table[0], t)} x zen-engine`)
row('formula row by row against feelin', ours.formula[0], f, 500)
row('formula row by row against zen-engine', ours.formula[0], z, 10)
row('formula by column against feelin', ours.column[0], f, 500)
row('formula by column against zen-engine', ours.column[0], z, 10)
row('formula and table against zen-engine', ours.table[0], t, 10)
console.log(`(a second: feelin ${ratio(f, 1)}, zen-engine ${ratio(z, 1)} and ${ratio(t, 1)}, ours ${ratio(ours.formula[0], 1)}, ${ratio(ours.column[0], 1)} and ${ratio(ours.table[0], 1)})`)
