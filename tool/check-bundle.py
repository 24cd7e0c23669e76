#!/usr/bin/env python3
"""Recomputes score bundles with exact fractions, from the bundle alone and nothing of ours.

    check-bundle.py FILE...      a bundle (JSON), or a log (JSON Lines) whose results hold bundles

Every printed value, grade, step, rank and quota must agree digit for digit."""
import hashlib
import json
import math
import re
import sys
from fractions import Fraction as F

RAW = {"value", "when", "class", "choices", "given", "want"}
TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[0-9]+(?:\.[0-9]+)?|[\w]+(?:\.[A-Za-z_]\w*)*|'
                   r'!=|<=|>=|\*\*|[-+*/(),=<>\[\]])')


def block(text, at=0):
    """The statements of a block: lists of words, the block below a statement as its last word."""
    out, words, i = [], [], at
    while i < len(text):
        c = text[i]
        if c.isspace():
            i += 1
        elif c == '"':
            m = re.compile(r'"((?:[^"\\]|\\.)*)"').match(text, i)
            words.append(m.group(1))
            i = m.end()
        elif c == ';':
            out.append(words)
            words, i = [], i + 1
        elif c == '{':
            below, i = block(text, i + 1)
            out.append(words + [below])
            words = []
        elif c == '}':
            return out, i + 1
        else:
            m = re.compile(r'[^\s;{}"]+').match(text, i)
            words.append(m.group(0))
            i = m.end()
            if len(words) == 1 and words[0] in RAW:
                raw, i = raw_text(text, i)
                out.append([words[0], raw])
                words = []
    return out, i


def raw_text(text, i):
    depth, quoted, start = 0, False, i
    while quoted or depth or text[i] != ';':
        if text[i] == '\\' and quoted:
            i += 1
        elif text[i] == '"':
            quoted = not quoted
        elif not quoted:
            depth += (text[i] in '([{') - (text[i] in ')]}')
        i += 1
    return text[start:i].strip(), i + 1


def rows(items, word):
    return [x[1:] for x in items if x[0] == word]


def one(items, word, default=None):
    return next((x[1] for x in items if x[0] == word), default)


# --- formulas: the part of FEEL that schemes use, over fractions and None ----------------------
BINARY = {'or': 1, 'and': 2, '=': 3, '!=': 3, '<': 3, '<=': 3, '>': 3, '>=': 3, '+': 4, '-': 4,
          '*': 5, '/': 5, '**': 6}


def apply(op, a, b):
    if op in ('and', 'or'):
        settles = op == 'or'
        if a is settles or b is settles:
            return settles
        return None if None in (a, b) else not settles
    if op in ('=', '!='):
        return (a == b) == (op == '=')
    if None in (a, b):
        return None
    return {'<': lambda: a < b, '<=': lambda: a <= b, '>': lambda: a > b, '>=': lambda: a >= b,
            '+': lambda: a + b, '-': lambda: a - b, '*': lambda: a * b,
            '/': lambda: a / b if b else None, '**': lambda: a ** int(b)}[op]()


def spread(args):
    return args[0] if len(args) == 1 and isinstance(args[0], list) else args


CALLS = {'sum': lambda *a: sum(spread(a)) if spread(a) else None, 'min': lambda *a: min(spread(a)),
         'max': lambda *a: max(spread(a)), 'count': lambda a: F(len(a)),
         'append': lambda a, *b: a + list(b), 'floor': lambda a: F(math.floor(a)),
         'ceiling': lambda a: F(math.ceil(a)), 'abs': abs,
         'not': lambda a: None if a is None else not a,
         'mean': lambda *a: sum(spread(a)) / len(spread(a))}


class Formula:
    def __init__(self, text, scope):
        self.t, self.i, self.scope = [m.group(1) for m in TOKEN.finditer(text)], 0, scope

    def take(self, want=None):
        token = self.t[self.i]
        assert want in (None, token), (want, token)
        self.i += 1
        return token

    def run(self, least=0):
        left = self.unary()
        while self.i < len(self.t) and BINARY.get(self.t[self.i], -1) > least:
            op = self.take()
            left = apply(op, left, self.run(BINARY[op]))
        return left

    def unary(self):
        token = self.take()
        if token == '-':
            return -self.unary()
        if token == '(':
            value = self.run()
            self.take(')')
            return value
        if token == 'if':
            test = self.run()
            self.take('then')
            yes = self.run()
            self.take('else')
            no = self.run()
            return yes if test is True else no
        if token[0].isdigit():
            return F(token)
        if token in CALLS and self.t[self.i:self.i + 1] == ['(']:
            args, _ = [], self.take('(')
            while self.t[self.i] != ')':
                args.append(self.run())
                if self.t[self.i] == ',':
                    self.take()
            self.take(')')
            return CALLS[token](*args)
        return {'true': True, 'false': False, 'null': None}[token] if token in (
            'true', 'false', 'null') else self.scope[token]


def rounded(x, places, mode):
    y = x * 10 ** places
    low, sign = math.floor(abs(y)), (1 if y >= 0 else -1)
    rest = abs(y) - low
    up = {'down': False, 'up': rest > 0, 'half_up': rest >= F(1, 2), 'nearest': rest >= F(1, 2),
          'half_even': rest > F(1, 2) or (rest == F(1, 2) and low % 2 == 1)}[mode]
    return F(sign * (low + up), 10 ** places)


def printed(x, places):
    n = abs(x) * 10 ** places
    digits = str(n.numerator // n.denominator).rjust(places + 1, '0')
    return ('-' if x < 0 else '') + (digits[:-places] + '.' + digits[-places:] if places else digits)


class Run:
    def __init__(self, bundle):
        items = block(bundle['scheme']['text'])[0][0][-1]
        self.items, self.c, self.in_ = items, bundle['choices'], bundle['inputs']
        self.groups = rows(items, 'group')
        self.ins = {x[0]: x[1] for x in rows(items, 'instrument')}
        self.parts = {x[0]: x for x in rows(items, 'part')}
        self.people = self.in_['debriefers']
        self.v, self.r = {d['id']: {} for d in self.people}, {d['id']: {} for d in self.people}
        bands = sorted(rows(items, 'band'), key=lambda b: F(b[3]), reverse=True)
        self.bands, self.names = bands, [b[0] for b in bands]

    # --- values ---
    def put(self, i, name, exact):
        mode, places = self.c['rounding']['mode'], self.c['rounding']['places']
        self.v[i][name] = exact
        self.r[i][name] = None if exact is None else rounded(exact, places, mode)

    def carried(self, i, name):
        return (self.r if name in self.c['rounding']['nodes'] else self.v)[i][name]

    def points(self, ins, group, item):
        table = {x[0]: (None if x[2] == 'excluded' else F(x[2])) for x in rows(ins, 'option')}
        rest = [(x, dict(zip(x[2::2], x[3::2]))) for x in rows(ins, 'points')]
        for rank in (1, 2, 3):
            for x, at in rest:
                if (('item' in at) * 2 + ('group' in at) == rank and
                        at.get('group', group) == group and at.get('item', item) == item):
                    table[x[0]] = F(x[1])
        return table

    def tally(self, ins, group, row):
        """sum(n * points), sum(n * highest)"""
        marks = next(iter(rows(ins, 'marks')), None)
        ranking = next(iter(rows(ins, 'ranking')), None)
        if not marks and not ranking:
            table = self.points(ins, group, row['item'])
            pairs = [(p, n) for p, n in zip(table.values(), row['n']) if p is not None]
            best = max(p for p in table.values() if p is not None)
        elif marks:
            flat = sorted(F(v) for v, n in row['n'] for _ in range(n))
            drop = next(iter(rows(ins, 'drop')), None)
            if drop and len(flat) >= int(drop[5]):
                flat = flat[int(drop[3]):len(flat) - int(drop[1])]
            pairs, best = [(x, 1) for x in flat], F(marks[3])
        else:
            count = len(self.people)
            table = ([F(count - k) for k in range(count)] if ranking[0] == 'borda'
                     else [F(x) for x in ranking[1:]] + [F(0)] * count)
            pairs, best = [(table[int(v) - 1], n) for v, n in row['n']], table[0]
        return sum(p * n for p, n in pairs), best * sum(n for _, n in pairs)

    def ballots(self, i):
        total = {k: F(0) for k in self.ins}
        for box in self.in_['boxes']:
            ins, over, under = self.ins[box['instrument']], F(0), F(0)
            for row in (x for x in box['marks'] if x['debriefer'] == i):
                a, b = self.tally(ins, box['groups'][0], row)
                over, under = over + a, under + b
                for g in box['groups']:
                    self.put(i, f"{box['instrument']}.{g}.{row['item']}", 100 * a / b if b else None)
            for g in box['groups']:
                self.put(i, f"{box['instrument']}.{g}.score", 100 * over / under)
            weight = sum(F(x[3]) for x in self.groups if x[0] in box['groups'])
            total[box['instrument']] += weight * 100 * over / under
        for k, x in total.items():
            self.put(i, f'{k}.score', x)

    def scope(self, d, exact):
        i = d['id']
        out = {k: (self.carried(i, k) if exact else self.r[i][k]) for k in self.v[i]}
        for x in rows(self.items, 'event'):
            out[x[0]] = [None if v['value'] is None else F(v['value']) if exact else
                         rounded(F(v['value']), self.c['rounding']['places'],
                                 self.c['rounding']['mode'])
                         for v in d['events'] if v['name'] == x[0]]
        return out

    def node(self, d, body):
        i, kind = d['id'], body[0][0]
        if kind == 'value':
            return Formula(body[0][1], self.scope(d, True)).run()
        if kind == 'sum':
            given = [(self.carried(i, x[1]), F(x[2])) for x in body]
            left = [(v, w) for v, w in given if v is not None]
            return sum(v * w for v, w in left) * sum(w for _, w in given) / sum(w for _, w in left)
        name, points = body[0][1], body[0][3:]
        mates = [x['id'] for x in self.people if x['class'] == d['class']]
        if kind == 'first':
            best = max(self.carried(k, name) for k in mates)
            return F(points[0]) * self.carried(i, name) / best if best > 0 else F(0)
        beyond = F(0)
        if 'beyond' in points:
            points, beyond = points[:points.index('beyond')], F(points[-1])
        place = sum(self.r[k][name] > self.r[i][name] for k in mates)
        return F(points[place]) if place < len(points) else beyond

    def values(self):
        for d in self.people:
            self.ballots(d['id'])
            have = {p['name']: p['value'] for p in d['parts']}
            for name, x in self.parts.items():
                got = have.get(name)
                self.put(d['id'], name, F(got) if got is not None else
                         F(0) if x[-1] == 'zero' else None)
        for name, _, body in rows(self.items, 'node'):
            for d in self.people:
                self.put(d['id'], name, self.node(d, body))

    # --- grades ---
    def break_tie(self, group):
        """Keys that order a tie, the better one lower; None: undecided."""
        rule, seed = self.c['ties']['rule'], bytes.fromhex(self.in_['lot_seed'])
        if rule == 'measure':
            return {i: -self.r[i][self.c['ties']['measure']] for i in group}
        if rule == 'lot' and len(group) > 1:
            return {i: hashlib.sha256(seed + str(i).encode()).digest()
                    for i in group} if seed else None
        if rule == 'committee' and len(group) > 1:
            fits = [x for x in self.in_['ties'] if set(group) <= set(x['order'])]
            return {i: fits[0]['order'].index(i) for i in group} if fits else None
        return {i: 0 for i in group}

    def places(self, ids):
        """id -> (how many are better, how many are not worse, the tie's bounds, is it open)"""
        total, out = {i: self.r[i][one(self.items, 'total')] for i in ids}, {}
        for x in set(total.values()):
            group = [i for i in ids if total[i] == x]
            before, keys = sum(t > x for t in total.values()), self.break_tie(group)
            same = keys or {i: 0 for i in group}
            for i in group:
                out[i] = (before + sum(same[k] < same[i] for k in group),
                          before + sum(same[k] <= same[i] for k in group),
                          before, before + len(group), keys is None)
        return out

    def grades(self):
        total, n, self.g, self.steps = one(self.items, 'total'), len(self.people), {}, {}
        self.open = set()
        for d in self.people:
            i, x = d['id'], self.r[d['id']][total]
            low = next(k for k, b in enumerate(self.bands)
                       if x > F(b[3]) or (x == F(b[3]) and b[4] == 'closed'))
            self.g[i], self.steps[i] = low, [('band', low)]
            for kind, extra in (('veto', 0), ('gate', 1)):
                for name, _, body in rows(self.items, kind):
                    holds = Formula(one(body, 'when'), self.scope(d, False)).run()
                    limit = self.names.index(one(body, 'gives' if kind == 'veto' else 'bars'))
                    if holds is not False:
                        self.g[i] = max(self.g[i], limit + extra) if holds else self.g[i]
                        self.steps[i].append((kind, self.g[i]))
        self.computed = {i: s[0][1] for i, s in self.steps.items()}
        share = lambda x: rounded(F(x) * n, 0, self.c['rounding']['quota']).numerator
        most = {x[0]: share(x[2]) for x in rows(self.items, 'share')}
        floor = next((n - share(x[1]) for x in rows(self.items, 'non_top')), n)
        cap = next((share(x[1]) for x in rows(self.items, 'top_share')),
                   most.get(self.names[0], n))
        for b, name in enumerate(self.names):
            room = min(floor, cap) if b == 0 else most.get(name, n)
            field = self.places([i for i in self.g if self.g[i] == b])
            for i, (_, not_worse, start, end, tie_open) in field.items():
                if len(field) <= room or (tie_open and start < room < end):
                    self.open |= {i} if len(field) > room else set()
                elif not_worse > room:
                    self.g[i] = b + 1
                    kind = 'share' if b else 'non_top' if floor <= cap else 'top_share'
                    self.steps[i].append((kind, b + 1))

    def result(self):
        self.values()
        self.grades()
        out, decided = [], 'decides' in [x[0] for x in self.items]
        for d in self.people:
            i, mates = d['id'], [x['id'] for x in self.people if x['class'] == d['class']]
            better, _, _, _, tie_open = self.places(mates)[i]
            final, chosen = self.g[i], d.get('override')
            if chosen:
                final = self.names.index(chosen['grade'])
                self.steps[i].append(('override', final))
            silent = decided and not chosen
            out.append({'id': i, 'computed': self.names[self.computed[i]],
                        'proposed': self.names[self.g[i]], 'final': self.names[final],
                        'rank': better + 1, 'class_size': len(mates),
                        'undecided': tie_open or i in self.open or silent,
                        'steps': [[k, self.names[g]] for k, g in self.steps[i]],
                        'values': {k: None if x is None else
                                   printed(x, self.c['rounding']['places'])
                                   for k, x in self.r[i].items()}})
        return out


def refused(run):
    parts = any(x[-1] == 'refuse' and not any(p['name'] == name and p['value'] is not None
                                              for p in d['parts'])
                for d in run.people for name, x in run.parts.items())
    boxes, q = run.in_['boxes'], run.c['quorum']
    if q['scope'] == 'whole':
        boxes = [{f: sum(b[f] for b in boxes if b['instrument'] == k)
                  for f in ('issued', 'returned', 'valid')} for k in run.ins]
    short = any(not b['issued'] or not b['returned'] or
                F(b['returned'], b['issued']) < F(q['returned']) or
                F(b['valid'], b['returned']) < F(q['valid']) for b in boxes)
    return parts or (short and (q['on_failure'] == 'revote' or not run.in_['accepts']))


def check(bundle, where):
    if hashlib.sha256(bundle['scheme']['text'].encode()).hexdigest() != bundle['scheme']['hash']:
        sys.exit(f'{where}: the scheme is not what its hash says')
    run, result = Run(bundle), bundle['result']
    if refused(run) or result['status'] == 'refused':
        if not (refused(run) and result['status'] == 'refused'):
            sys.exit(f"{where}: {result['status']}, but the quorum or parts say otherwise")
        return 0
    mine, digits = run.result(), 0
    status = 'undecided' if any(x['undecided'] for x in mine) else 'done'
    if status != result['status'] or len(mine) != len(result['debriefers']):
        sys.exit(f"{where}: status {result['status']}, recomputed {status}")
    for got, stored in zip(mine, result['debriefers']):
        theirs = {k: stored[k] for k in got if k not in ('values', 'steps')}
        theirs['steps'] = [[x['kind'], x['grade']] for x in stored['steps']]
        theirs['values'] = {k: x and x['value'] for k, x in stored['values'].items()}
        for key in got:
            if got[key] != theirs[key]:
                sys.exit(f"{where}: debriefer {got['id']}, {key}: stored {theirs[key]}, "
                         f"recomputed {got[key]}")
        digits += len(got['values'])
    return digits


def main():
    n = values = 0
    for path in sys.argv[1:]:
        with open(path, encoding='utf-8') as f:
            text = f.read()
        if not text.startswith('{"format"') and '\n{' in text:
            facts = [json.loads(line) for line in text.splitlines()]
            bundles = [b for x in facts if x.get('kind') == 'result'
                       for b in x['body'].get('bundle', {}).values()]
        else:
            bundles = [json.loads(text)]
        for b in bundles:
            values += check(b, path)
            n += 1
    print(f'check-bundle: {n} bundles, {values} values, all digits equal')
    if n == 0:
        sys.exit('no bundle was found')


main()
