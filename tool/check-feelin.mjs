// check-feelin.mjs FILE...: recomputes score bundles with an independent FEEL interpreter (npm feelin, doubles).
//
// A file is a bundle (JSON), or a log (JSON Lines) whose results hold bundles. Every exact value agrees within
// 1e-9; rounded values, grades, steps and ranks are equal wherever a value lies at least 1e-6 from an edge of
// rounding (the printed value is taken where it lies nearer: doubles cannot tell there).
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const { evaluate } = await import(pathToFileURL(createRequire(new URL('../web/package.json', import.meta.url)).resolve('feelin')))
const CLOSE = 1e-9
const EDGE = 1e-6
const RAW = ['value', 'when', 'class', 'choices', 'given', 'want']

function must(holds, say) {
  if (!holds) throw new Error(say)
}

// --- the text of a scheme: lists of words, the block below a statement as its last word ---
function rawText(text, at) {
  let depth = 0
  let quoted = false
  let i = at
  for (; quoted || depth || text[i] !== ';'; i++) {
    const c = text[i]
    if (c === '\\' && quoted) i++
    else if (c === '"') quoted = !quoted
    else if (!quoted) depth += '([{'.includes(c) - ')]}'.includes(c)
  }
  return [text.slice(at, i).trim(), i + 1]
}

function block(text, at = 0) {
  const out = []
  let words = []
  for (let i = at; i < text.length; ) {
    const c = text[i]
    if (/\s/.test(c)) i++
    else if (c === ';') out.push(words), (words = []), i++
    else if (c === '}') return [out, i + 1]
    else if (c === '{') {
      const [below, next] = block(text, i + 1)
      out.push([...words, below]), (words = []), (i = next)
    } else if (c === '"') {
      const m = /"((?:[^"\\]|\\.)*)"/y
      m.lastIndex = i
      const found = m.exec(text)
      words.push(found[1]), (i = m.lastIndex)
    } else {
      const m = /[^\s;{}"]+/y
      m.lastIndex = i
      words.push(m.exec(text)[0]), (i = m.lastIndex)
      if (words.length === 1 && RAW.includes(words[0])) {
        const [raw, next] = rawText(text, i)
        out.push([words[0], raw]), (words = []), (i = next)
      }
    }
  }
  return [out, text.length]
}

const rows = (items, word) => items.filter((x) => x[0] === word).map((x) => x.slice(1))
const one = (items, word) => items.find((x) => x[0] === word)?.[1]
const sum = (list) => list.reduce((a, b) => a + b, 0)

class Run {
  constructor(bundle) {
    const items = block(bundle.scheme.text)[0][0].at(-1)
    Object.assign(this, { items, c: bundle.choices, in: bundle.inputs, people: bundle.inputs.debriefers, edges: 0, compared: 0 })
    this.groups = rows(items, 'group')
    this.instruments = Object.fromEntries(rows(items, 'instrument').map((x) => [x[0], x[1]]))
    this.bands = rows(items, 'band').sort((a, b) => b[2] - a[2])
    this.names = this.bands.map((b) => b[0])
    this.stored = new Map(bundle.result.debriefers.map((d) => [d.id, d]))
    this.exact = new Map(this.people.map((d) => [d.id, {}]))
    this.printed = new Map(this.people.map((d) => [d.id, {}]))
  }

  /** Rounded as chosen; null where doubles cannot tell. */
  rounded(x) {
    const { mode, places } = this.c.rounding
    const y = Math.abs(x) * 10 ** places
    const edge = mode === 'down' ? Math.round(y) : Math.floor(y) + 0.5
    if (Math.abs(y - edge) < EDGE * 10 ** places) return null
    return (Math.sign(x) * (mode === 'down' ? Math.floor(y) : Math.round(y))) / 10 ** places
  }

  put(id, name, x) {
    const stored = this.stored.get(id).values[name]
    const at = `debriefer ${id}, ${name}`
    this.compared++
    must((x === null) === (stored === null), `${at}: stored ${JSON.stringify(stored)}, recomputed ${x}`)
    this.exact.get(id)[name] = x
    this.printed.get(id)[name] = stored && Number(stored.value)
    if (x === null) return
    must(typeof x === 'number' && Math.abs(x - Number(stored.exact)) < CLOSE, `${at}: stored ${stored.exact}, recomputed ${x}`)
    const mine = this.rounded(x)
    this.edges += mine === null
    must(mine === null || Math.abs(mine - Number(stored.value)) < CLOSE, `${at}: printed ${stored.value}, recomputed ${mine}`)
  }

  carried(id, name) {
    return (this.c.rounding.nodes.includes(name) ? this.printed : this.exact).get(id)[name]
  }

  // --- ballots ---
  points(ins, group, item) {
    const table = new Map(rows(ins, 'option').map((x) => [x[0], x[2] === 'excluded' ? null : Number(x[2])]))
    const rest = rows(ins, 'points').map((x) => {
      const at = {}
      for (let k = 2; k < x.length; k += 2) at[x[k]] = x[k + 1]
      return [x, at]
    })
    for (const rank of [1, 2, 3])
      for (const [x, at] of rest)
        if (('item' in at) * 2 + ('group' in at) === rank && (at.group ?? group) === group && (at.item ?? item) === item)
          table.set(x[0], Number(x[1]))
    return [...table.values()]
  }

  /** sum(n * points), sum(n * highest) */
  tally(ins, group, row) {
    const [marks, ranking, drop] = ['marks', 'ranking', 'drop'].map((w) => rows(ins, w)[0])
    let pairs
    let best
    if (marks) {
      let flat = row.n.flatMap(([v, n]) => Array(n).fill(Number(v))).sort((a, b) => a - b)
      if (drop && flat.length >= Number(drop[5])) flat = flat.slice(Number(drop[3]), flat.length - Number(drop[1]))
      pairs = flat.map((v) => [v, 1])
      best = Number(marks[3])
    } else if (ranking) {
      const count = this.people.length
      const table = ranking[0] === 'borda' ? this.people.map((_, k) => count - k) : ranking.slice(1).map(Number)
      pairs = row.n.map(([v, n]) => [table[v - 1] ?? 0, n])
      best = table[0]
    } else {
      const table = this.points(ins, group, row.item)
      pairs = table.map((p, k) => [p, row.n[k]]).filter(([p]) => p !== null)
      best = Math.max(...table.filter((p) => p !== null))
    }
    return [sum(pairs.map(([p, n]) => p * n)), best * sum(pairs.map(([, n]) => n))]
  }

  ballots(id) {
    const total = Object.fromEntries(Object.keys(this.instruments).map((k) => [k, 0]))
    for (const box of this.in.boxes) {
      const ins = this.instruments[box.instrument]
      let over = 0
      let under = 0
      for (const row of box.marks.filter((x) => x.debriefer === id)) {
        const [a, b] = this.tally(ins, box.groups[0], row)
        over += a
        under += b
        for (const g of box.groups) this.put(id, `${box.instrument}.${g}.${row.item}`, b ? (100 * a) / b : null)
      }
      for (const g of box.groups) this.put(id, `${box.instrument}.${g}.score`, (100 * over) / under)
      const weight = sum(this.groups.filter((x) => box.groups.includes(x[0])).map((x) => Number(x[3])))
      total[box.instrument] += (weight * 100 * over) / under
    }
    for (const [k, x] of Object.entries(total)) this.put(id, `${k}.score`, x)
  }

  // --- formulas: all of them by feelin ---
  scope(d, exact) {
    const out = {}
    for (const name of Object.keys(this.exact.get(d.id))) {
      const path = name.split('.')
      const last = path.pop()
      let to = out
      for (const step of path) to = to[step] ??= {}
      to[last] = exact ? this.carried(d.id, name) : this.printed.get(d.id)[name]
    }
    for (const [name] of rows(this.items, 'event'))
      out[name] = d.events.filter((v) => v.name === name).map((v) => (v.value === null ? null : exact ? Number(v.value) : this.rounded(Number(v.value)) ?? Number(v.value)))
    return out
  }

  feel(text, d, exact) {
    return evaluate(text, this.scope(d, exact)).value ?? null
  }

  node(d, body) {
    const kind = body[0][0]
    if (kind === 'value') return this.feel(body[0][1], d, true)
    if (kind === 'sum') {
      const given = body.filter((x) => this.carried(d.id, x[1]) !== null)
      const weights = (list) => list.map((x) => x[2]).join(' + ')
      return this.feel(`(${given.map((x) => `${x[1]} * ${x[2]}`).join(' + ')}) * (${weights(body)}) / (${weights(given)})`, d, true)
    }
    const [name, , ...points] = body[0].slice(1)
    const mates = this.people.filter((x) => x.class === d.class).map((x) => x.id)
    if (kind === 'first') {
      const best = Math.max(...mates.map((k) => this.carried(k, name)))
      return best > 0 ? (Number(points[0]) * this.carried(d.id, name)) / best : 0
    }
    const at = points.indexOf('beyond')
    const place = mates.filter((k) => this.printed.get(k)[name] > this.printed.get(d.id)[name]).length
    return Number((at < 0 ? points : points.slice(0, at))[place] ?? (at < 0 ? 0 : points.at(-1)))
  }

  values() {
    for (const d of this.people) {
      this.ballots(d.id)
      const have = new Map(d.parts.map((p) => [p.name, p.value]))
      for (const part of rows(this.items, 'part')) {
        const got = have.get(part[0]) ?? null
        this.put(d.id, part[0], got !== null ? Number(got) : part.at(-1) === 'zero' ? 0 : null)
      }
    }
    for (const [name, , body] of rows(this.items, 'node')) for (const d of this.people) this.put(d.id, name, this.node(d, body))
  }

  // --- grades and ranks: on printed values ---
  /** Keys that order a tie, the better one lower; null: undecided. */
  tie(group) {
    const { rule, measure } = this.c.ties
    if (rule === 'measure') return new Map(group.map((i) => [i, -this.printed.get(i)[measure]]))
    if (rule === 'share' || group.length < 2) return new Map(group.map((i) => [i, 0]))
    if (rule === 'lot') {
      const seed = Buffer.from(this.in.lot_seed, 'hex')
      const lot = (i) => createHash('sha256').update(seed).update(String(i)).digest('hex')
      return seed.length ? new Map(group.map((i) => [i, lot(i)])) : null
    }
    const found = this.in.ties.find((x) => group.every((i) => x.order.includes(i)))
    return found ? new Map(group.map((i) => [i, found.order.indexOf(i)])) : null
  }

  places(ids) {
    const total = (i) => this.printed.get(i)[one(this.items, 'total')]
    return new Map(ids.map((i) => {
      const group = ids.filter((k) => total(k) === total(i))
      const from = ids.filter((k) => total(k) > total(i)).length
      const keys = this.tie(group)
      const count = (test) => group.filter((k) => test(keys?.get(k) ?? 0, keys?.get(i) ?? 0)).length
      return [i, { better: from + count((a, b) => a < b), notWorse: from + count((a, b) => a <= b), from, to: from + group.length, open: keys === null }]
    }))
  }

  alone(d) {
    const x = this.printed.get(d.id)[one(this.items, 'total')]
    let grade = this.bands.findIndex((b) => x > Number(b[3]) || (x === Number(b[3]) && b[4] === 'closed'))
    const steps = [['band', grade]]
    for (const [kind, extra] of [['veto', 0], ['gate', 1]])
      for (const [, , body] of rows(this.items, kind)) {
        const holds = this.feel(one(body, 'when'), d, false)
        const limit = this.names.indexOf(one(body, kind === 'veto' ? 'gives' : 'bars')) + extra
        if (holds === false) continue
        if (holds === true) grade = Math.max(grade, limit)
        steps.push([kind, grade])
      }
    return { grade, steps }
  }

  share(text) {
    const x = Number(text) * this.people.length
    const how = this.c.rounding.quota
    return how === 'up' ? Math.ceil(x - CLOSE) : how === 'down' ? Math.floor(x + CLOSE) : Math.floor(x + 0.5 + CLOSE)
  }

  grades() {
    const n = this.people.length
    const at = new Map(this.people.map((d) => [d.id, this.alone(d)]))
    const most = Object.fromEntries(rows(this.items, 'share').map((x) => [x[0], this.share(x[2])]))
    const floor = n - this.share(rows(this.items, 'non_top')[0]?.[1] ?? 0)
    const cap = rows(this.items, 'top_share').map((x) => this.share(x[1]))[0] ?? most[this.names[0]] ?? n
    this.names.forEach((name, b) => {
      const room = b === 0 ? Math.min(floor, cap) : most[name] ?? n
      const field = this.places([...at.keys()].filter((i) => at.get(i).grade === b))
      for (const [i, p] of field) {
        if (field.size <= room || (p.open && p.from < room && room < p.to) || p.notWorse <= room) continue
        at.get(i).grade = b + 1
        at.get(i).steps.push([b ? 'share' : floor <= cap ? 'non_top' : 'top_share', b + 1])
      }
    })
    for (const d of this.people) {
      const x = at.get(d.id)
      const proposed = this.names[x.grade]
      if (d.override) x.steps.push(['override', this.names.indexOf(d.override.grade)])
      const rank = this.places(this.people.filter((k) => k.class === d.class).map((k) => k.id)).get(d.id).better + 1
      const mine = { computed: this.names[x.steps[0][1]], proposed, final: d.override?.grade ?? proposed, rank,
        steps: x.steps.map(([kind, g]) => `${kind} ${this.names[g]}`).join(', ') }
      const stored = this.stored.get(d.id)
      const theirs = { ...stored, steps: stored.steps.map((s) => `${s.kind} ${s.grade}`).join(', ') }
      for (const key of Object.keys(mine)) must(mine[key] === theirs[key], `debriefer ${d.id}, ${key}: stored ${theirs[key]}, recomputed ${mine[key]}`)
    }
  }
}

function bundlesOf(path) {
  const text = readFileSync(path, 'utf8')
  if (text.trimEnd().includes('\n{')) {
    const facts = text.trimEnd().split('\n').map((line) => JSON.parse(line))
    return facts.filter((x) => x.kind === 'result').flatMap((x) => Object.values(x.body.bundle ?? {}))
  }
  return [JSON.parse(text)]
}

let bundles = 0
let values = 0
let edges = 0
for (const path of process.argv.slice(2))
  for (const bundle of bundlesOf(path)) {
    bundles++
    if (bundle.result.status === 'refused') continue
    const run = new Run(bundle)
    try {
      run.values()
      run.grades()
    } catch (wrong) {
      console.error(`${path}: ${wrong.message}`)
      process.exit(1)
    }
    values += run.compared
    edges += run.edges
  }
console.log(`check-feelin: ${bundles} bundles, ${values} values within 1e-9, grades and ranks equal (${edges} values at an edge of rounding)`)
process.exit(bundles ? 0 : 1)
