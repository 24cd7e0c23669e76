// bench-national.mjs NATIONAL_BENCH PEERS: the same scores, sums up the tree and ranks in DuckDB, npm
// @duckdb/node-api, on as many threads and the same rows. It stands in the folder PEERS, else it is
// left out. The sums over all results are compared first.
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const ITEMS = 20
const ROUNDS = 3
// Weights of the scheme "district" times 10,000: an item of each of three groups, and two parts.
const weights = [...[100, 75, 75].flatMap((w) => Array(ITEMS).fill(w)), 3000, 2000]

function must(fits, what) {
  if (fits) return
  console.error('bench-national: ' + what + ' differ')
  process.exit(1)
}

const text = execFileSync(process.argv[2], { encoding: 'utf8' })
console.log(text.split('\n').filter((line) => /^(=|plain)/.test(line)).join('\n'))
const ours = Object.fromEntries(text.trim().split('\n').map((line) => line.split(' ')))
const row = (what, theirs, mine) =>
  console.log(`= nation against DuckDB, ${what}\t${theirs ? (theirs / Number(mine)).toFixed(1) : '-'}\t>=\t10\tx`)
let DuckDBInstance
try {
  const need = createRequire(join(process.argv[3], 'x.js'))
  DuckDBInstance = (await import(pathToFileURL(need.resolve('@duckdb/node-api')))).DuckDBInstance
} catch {
  row('waiting time', 0, 1)
  row('processor time', 0, 1)
  process.exit(0)
}
let db
try {
  db = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect()
  const one = async (sql) => (await (await db.runAndReadAll(sql)).getRows())[0]
  const value = (c) => `((i * ${c * 7919 + 1009} + ${c * 104729}) % 1000003 % 10001)::bigint as x${c}`
  await db.run(`create table orgs as select i, (i * 7919) % 41 as class,
    ${weights.map((_, c) => value(c)).join(', ')} from range(${ours.orgs}) t(i)`)
  const sum = weights.map((w, c) => `x${c} * ${w}`).join(' + ')
  const steps = [
    `create or replace temp table scored as select i, class,
       greatest(0, least(10000, (${sum} + 5000) // 10000)) as score from orgs`,
    `create or replace temp table up1 as select i // 16 as n, sum(score)::bigint as s from scored group by 1`,
    ...[2, 3, 4, 5].map((k) => `create or replace temp table up${k} as
       select n // 16 as n, sum(s)::bigint as s from up${k - 1} group by 1`),
    `create or replace temp table ranked as
       select i, rank() over (partition by class order by score desc) as r from scored`,
  ]
  let best = Infinity
  let busy = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const from = process.hrtime.bigint()
    const cpu = process.cpuUsage()
    for (const sql of steps) await db.run(sql)
    best = Math.min(best, Number(process.hrtime.bigint() - from) / 1e9)
    const took = process.cpuUsage(cpu)
    busy = Math.min(busy, (took.user + took.system) / 1e6)
  }
  const heads = [1, 2, 3].map((k) => `(select coalesce(sum(s), 0) from up${k} where n % 16 <> 0)`)
  // Sixteen provinces would make one more level; the root stands above all of them.
  const tree = [...heads, '(select sum(s) from up4 where n > 0)', '(select sum(s) from up5)'].join(' + ')
  const got = [
    ['scores', await one('select sum(score * (i % 89)) from scored')],
    ['tree', await one(`select ${tree}`)],
    ['ranks', await one('select sum(r * (i % 97)) from ranked')],
  ]
  for (const [name, row] of got) must(String(row[0]) === ours[name], `${name} (${row[0]} and ${ours[name]})`)
  console.log(`5.25 million organisations: DuckDB ${best.toFixed(2)} s, ours ${Number(ours.seconds).toFixed(2)} s on two threads each`)
  row('waiting time', best, ours.seconds)
  row('processor time', busy, ours.cpu) // the same where nobody else is at work
} finally {
  db?.closeSync?.()
}
