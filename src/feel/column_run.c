/* A plan over rows, block by block, and the two passes that work on whole columns: up the tree, and
 * ranks. */
#include "feel/column_in.h"

#include <string.h>

typedef struct Slot {
    int64_t v[FEEL_BLOCK];
    uint8_t nulls[FEEL_BLOCK];
} Slot;

typedef struct Block {
    const FeelColumnPlan *p;
    const FeelColumn *cols;
    Slot *slots;
    Slot *constants;          /* of steps that are constants, filled once */
    FeelLane *lanes;          /* of every step */
    uint8_t bad[FEEL_BLOCK];
    int64_t spare[FEEL_BLOCK];
    bool any_bad;
    size_t from, n;
} Block;

typedef struct RowPath {
    const FeelColumnPlan *p;
    const FeelColumn *cols;
    Arena *scratch;
    FeelEntry *names;         /* the scope: columns, and a context for each head of dotted names */
    size_t n_names;
    FeelEntry **cells;        /* where the value of each column goes */
} RowPath;

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "公式"));
}

/* --- steps ---------------------------------------------------------------------------------- */
/* Nulls of both: NULL when neither has any, else written to where. */
static const uint8_t *nulls_of(Block *b, FeelLane x, FeelLane y, uint8_t *where)
{
    if (!x.nulls && !y.nulls)
        return NULL;
    feel_lane_or_nulls(where, x.nulls, y.nulls, b->n);
    return where;
}

/* Equality is the one operator that knows null: null = null, and null = 1 is false. */
static const uint8_t *compare(Block *b, const FeelStep *s, FeelLane x, FeelLane y, Slot *to)
{
    feel_lane_compare(to->v, x.v, y.v, s->op, b->n);
    if (s->op != T_EQ && s->op != T_NE)
        return nulls_of(b, x, y, to->nulls);
    for (size_t i = 0; (x.nulls || y.nulls) && i < b->n; i++) {
        bool xn = x.nulls && x.nulls[i], yn = y.nulls && y.nulls[i];
        if (xn || yn)
            to->v[i] = (xn == yn) == (s->op == T_EQ);
    }
    return NULL;
}

/* One side that decides is enough; else a null on either side is null. */
static const uint8_t *logic(Block *b, const FeelStep *s, FeelLane x, FeelLane y, Slot *to)
{
    int64_t decides = s->kind == STEP_OR;
    for (size_t i = 0; i < b->n; i++) {
        bool xn = x.nulls && x.nulls[i], yn = y.nulls && y.nulls[i];
        bool done = (!xn && x.v[i] == decides) || (!yn && y.v[i] == decides);
        to->v[i] = done ? decides : !decides;
        to->nulls[i] = !done && (xn || yn);
    }
    return x.nulls || y.nulls ? to->nulls : NULL;
}

static const uint8_t *both(Block *b, FeelLane x, FeelLane y, Slot *to)
{
    for (size_t i = 0; i < b->n; i++)
        to->v[i] = x.v[i] & y.v[i];
    return nulls_of(b, x, y, to->nulls);
}

static const uint8_t *negation(Block *b, FeelLane x, Slot *to)
{
    for (size_t i = 0; i < b->n; i++)
        to->v[i] = !x.v[i];
    return nulls_of(b, x, (FeelLane){ 0 }, to->nulls);
}

/* What is null holds zero, so that nothing overflows for the sake of a value that is not there. */
static void clear_nulls(Slot *to, const uint8_t *nulls, size_t n)
{
    for (size_t i = 0; nulls && i < n; i++)
        if (nulls[i])
            to->v[i] = 0;
}

static const uint8_t *arith(Block *b, const FeelStep *s, FeelLane x, FeelLane y, Slot *to)
{
    bool over = false;
    switch (s->kind) {
    case STEP_ADD:
        over = feel_lane_add(to->v, x.v, y.v, b->n, b->bad);
        break;
    case STEP_SUB:
        over = feel_lane_sub(to->v, x.v, y.v, b->n, b->bad);
        break;
    case STEP_MUL:
        over = feel_lane_mul(to->v, x.v, y.v, b->n, b->bad);
        break;
    case STEP_MIN:
    case STEP_MAX:
        feel_lane_extreme(to->v, x.v, y.v, s->kind == STEP_MAX, b->n);
        break;
    case STEP_NEG:
    case STEP_ABS:
        over = feel_lane_negate(to->v, x.v, s->kind == STEP_ABS, b->n, b->bad);
        break;
    case STEP_UP:
        over = feel_lane_up(to->v, x.v, s->k, b->n, b->bad);
        break;
    case STEP_MORE:
        over = feel_lane_more(to->v, x.v, y.v, s->k, b->n, b->bad);
        break;
    case STEP_DOWN:
        over = feel_lane_down(to->v, x.v, s->k, b->n, b->bad);
        break;
    default:
        over = feel_lane_round(to->v, x.v, s->k, s->how, b->n);
        break;
    }
    b->any_bad |= over;
    const uint8_t *nulls = nulls_of(b, x, y, to->nulls);
    clear_nulls(to, nulls, b->n);
    return nulls;
}

/* Term by term, where something is null or too large to add all of them at once. */
static const uint8_t *sum_slowly(Block *b, const FeelStep *s, FeelLane x, Slot *to)
{
    const FeelTerm *t = &b->p->terms[s->k];
    bool any = x.nulls != NULL;
    feel_lane_or_nulls(to->nulls, x.nulls, NULL, b->n);
    if (x.v)
        memcpy(to->v, x.v, b->n * sizeof *to->v);
    else
        memset(to->v, 0, b->n * sizeof *to->v);
    for (int64_t k = 0; k < s->k2; k++) {
        FeelLane y = b->lanes[t[k].step];
        memcpy(b->spare, to->v, b->n * sizeof *to->v);
        b->any_bad |= feel_lane_more(to->v, b->spare, y.v, t[k].k, b->n, b->bad);
        for (size_t i = 0; y.nulls && i < b->n; i++)
            to->nulls[i] |= y.nulls[i];
        any |= y.nulls != NULL;
        clear_nulls(to, any ? to->nulls : NULL, b->n);
    }
    return any ? to->nulls : NULL;
}

static const uint8_t *sum(Block *b, const FeelStep *s, FeelLane x, Slot *to)
{
    const FeelTerm *t = &b->p->terms[s->k];
    bool nulls = x.nulls != NULL;
    for (int64_t k = 0; k < s->k2; k++)
        nulls |= b->lanes[t[k].step].nulls != NULL;
    if (!nulls && feel_lane_sum(to->v, x.v, t, (size_t)s->k2, b->lanes, b->n))
        return NULL;
    return sum_slowly(b, s, x, to);
}

static void run_step(Block *b, size_t i)
{
    const FeelStep *s = &b->p->steps[i];
    FeelLane none = { 0 }, x = s->a >= 0 ? b->lanes[s->a] : none;
    FeelLane y = s->b >= 0 ? b->lanes[s->b] : none;
    Slot *to = s->slot >= 0 ? &b->slots[s->slot] : NULL;
    const uint8_t *nulls = NULL;
    switch (s->kind) {
    case STEP_CONST:
    case STEP_GONE:
        return;
    case STEP_COLUMN:
        b->lanes[i].v = b->cols[s->k].values + b->from;
        b->lanes[i].nulls = b->cols[s->k].nulls ? b->cols[s->k].nulls + b->from : NULL;
        return;
    case STEP_SUM:
        nulls = sum(b, s, x, to);
        break;
    case STEP_COMPARE:
        nulls = compare(b, s, x, y, to);
        break;
    case STEP_AND:
    case STEP_OR:
        nulls = logic(b, s, x, y, to);
        break;
    case STEP_BOTH:
        nulls = both(b, x, y, to);
        break;
    case STEP_NOT:
        nulls = negation(b, x, to);
        break;
    case STEP_IF:
        feel_lane_choose(to->v, to->nulls, x, y, b->lanes[s->c], b->n);
        nulls = to->nulls;
        break;
    case STEP_DIVIDE:
        b->any_bad |= feel_lane_divide(to->v, to->nulls, x, y, s, b->n, b->bad);
        nulls = to->nulls;
        break;
    default:
        nulls = arith(b, s, x, y, to);
        break;
    }
    b->lanes[i] = (FeelLane){ to->v, nulls };
}

static bool open_block(Block *b, Arena *a, const FeelColumnPlan *p, const FeelColumn *cols, Err *e)
{
    size_t constants = 0;
    b->p = p;
    b->cols = cols;
    for (size_t i = 0; i < p->n_steps; i++)
        constants += p->steps[i].kind == STEP_CONST;
    b->slots = ARENA_ARRAY(a, Slot, p->n_slots);
    b->constants = ARENA_ARRAY(a, Slot, constants);
    b->lanes = ARENA_ARRAY(a, FeelLane, p->n_steps);
    if (!b->slots || !b->constants || !b->lanes)
        return no_memory(e);
    constants = 0;
    for (size_t i = 0; i < p->n_steps; i++) {
        const FeelStep *s = &p->steps[i];
        if (s->kind != STEP_CONST)
            continue;
        Slot *c = &b->constants[constants++];
        for (size_t k = 0; k < FEEL_BLOCK; k++)
            c->v[k] = s->k;
        memset(c->nulls, s->is_null, sizeof c->nulls);
        b->lanes[i] = (FeelLane){ c->v, s->is_null ? c->nulls : NULL };
    }
    return true;
}

/* --- the row path --------------------------------------------------------------------------- */
static FeelValue cell(const FeelColumn *c, size_t row)
{
    if (c->nulls && c->nulls[row])
        return feel_null();
    return c->kind == FEEL_BOOLEAN ? feel_boolean(c->values[row] != 0)
                                   : feel_number(dec_scaled(c->values[row], c->scale));
}

static bool keep(FeelColumnOut *out, Arena *a, const FeelColumnPlan *p, size_t row, FeelValue v,
                 Err *e)
{
    Dec units;
    out->states[row] = FEEL_COLUMN_NULL;
    out->values[row] = 0;
    if (v.kind != p->kind)
        return true;
    out->states[row] = FEEL_COLUMN_VALUE;
    if (v.kind == FEEL_BOOLEAN) {
        out->values[row] = v.boolean;
        return true;
    }
    Dec scaled = dec_scaled(1, p->scale);
    if (dec_div(&units, v.number, scaled) && dec_to_int(&out->values[row], units) &&
        dec_eq(dec_scaled(out->values[row], p->scale), v.number))
        return true;
    out->states[row] = FEEL_COLUMN_EXACT;
    out->values[row] = 0;
    if (!ARENA_PUSH(a, out->exact, out->n_exact, out->cap_exact))
        return no_memory(e);
    out->exact[out->n_exact++] = (FeelColumnExact){ row, v.number };
    return true;
}

/* What work or depth ends is null here, as what goes wrong is: one row does not stop the others. */
static bool run_row(RowPath *r, FeelColumnOut *out, Arena *a, size_t row, Err *e)
{
    FeelScope scope = { NULL, r->names, r->n_names };
    Err scrap = { 0 };
    FeelValue v = feel_null();
    arena_reset(r->scratch);
    FeelRun run = feel_run(r->scratch, 0);
    run.work = FEEL_COLUMN_ROW_WORK;
    for (size_t i = 0; i < r->p->n_cols; i++)
        r->cells[i]->value = cell(&r->cols[i], row);
    if (!feel_eval(&v, r->scratch, r->p->x, &scope, &run, &scrap))
        v = feel_null();
    out->row_path++;
    return keep(out, a, r->p, row, v, e);
}

/* The entry of a name; a new one when it is new. */
static FeelEntry *entry(FeelEntry *items, size_t *n, Str name)
{
    for (size_t i = 0; i < *n; i++)
        if (str_eq(items[i].name, name))
            return &items[i];
    items[*n].name = name;
    return &items[(*n)++];
}

/* The column "c.n" is the member n of a context c. */
static bool open_cell(RowPath *r, Arena *a, size_t i)
{
    Str head, member;
    if (!str_cut(r->cols[i].name, STRC("."), &head, &member)) {
        r->cells[i] = entry(r->names, &r->n_names, r->cols[i].name);
        return true;
    }
    FeelEntry *of = entry(r->names, &r->n_names, head);
    FeelEntry *items = of->value.kind == FEEL_CONTEXT ? (FeelEntry *)of->value.context.entries
                                                      : ARENA_ARRAY(a, FeelEntry, r->p->n_cols);
    size_t n = of->value.kind == FEEL_CONTEXT ? of->value.context.n : 0;
    if (!items)
        return false;
    r->cells[i] = entry(items, &n, member);
    of->value = feel_context(items, n);
    return true;
}

static bool open_rows(RowPath *r, Arena *a, const FeelColumnPlan *p, const FeelColumn *cols, Err *e)
{
    *r = (RowPath){ .p = p, .cols = cols, .scratch = arena_open(16 << 20),
                    .names = ARENA_ARRAY(a, FeelEntry, p->n_cols),
                    .cells = ARENA_ARRAY(a, FeelEntry *, p->n_cols) };
    bool ok = r->scratch && r->names && r->cells;
    for (size_t i = 0; ok && i < p->n_cols; i++)
        ok = open_cell(r, a, i);
    if (!ok)
        arena_close(r->scratch);
    return ok || no_memory(e);
}

static bool run_block(Block *b, RowPath *r, FeelColumnOut *out, Arena *a, Err *e)
{
    memset(b->bad, 0, sizeof b->bad);
    b->any_bad = false;
    for (size_t i = 0; i < b->p->n_steps; i++)
        run_step(b, i);
    FeelLane got = b->lanes[b->p->last];
    memcpy(out->values + b->from, got.v, b->n * sizeof *got.v);
    if (got.nulls)
        memcpy(out->states + b->from, got.nulls, b->n);
    for (size_t i = 0; b->any_bad && i < b->n; i++)
        if (b->bad[i] && !run_row(r, out, a, b->from + i, e))
            return false;
    return true;
}

bool feel_column_out(FeelColumnOut *out, Arena *a, size_t rows, Err *e)
{
    *out = (FeelColumnOut){ .values = ARENA_ARRAY(a, int64_t, rows),
                            .states = ARENA_ARRAY(a, uint8_t, rows) };
    return (out->values && out->states) || no_memory(e);
}

bool feel_column_run_rows(FeelColumnOut *out, Arena *a, const FeelColumnPlan *p,
                          const FeelColumn *cols, size_t from, size_t to, Err *e)
{
    Block *b = ARENA_NEW(a, Block);
    RowPath r;
    bool ok = true;
    if (!b)
        return no_memory(e);
    if ((p->last >= 0 && !open_block(b, a, p, cols, e)) || !open_rows(&r, a, p, cols, e))
        return false;
    for (size_t i = from; p->last < 0 && ok && i < to; i++)
        ok = run_row(&r, out, a, i, e);
    for (size_t i = from; p->last >= 0 && ok && i < to; i += FEEL_BLOCK) {
        b->from = i;
        b->n = to - i < FEEL_BLOCK ? to - i : FEEL_BLOCK;
        ok = run_block(b, &r, out, a, e);
    }
    arena_close(r.scratch);
    return ok;
}

bool feel_column_run(FeelColumnOut *out, Arena *a, const FeelColumnPlan *p, const FeelColumn *cols,
                     size_t rows, Err *e)
{
    FeelColumnOut got;
    if (!feel_column_out(&got, a, rows, e) || !feel_column_run_rows(&got, a, p, cols, 0, rows, e))
        return false;
    *out = got;
    return true;
}

/* --- up the tree ---------------------------------------------------------------------------- */
bool feel_column_roll_up(int64_t *values, const uint32_t *parents, size_t n, Err *e)
{
    for (size_t i = 0; i < n; i++)
        if (parents[i] > i)
            return err_fail(e, ERR_BAD_TEXT, err_hole("what", "parents"));
    for (size_t i = n; i-- > 0;)
        if (parents[i] != i &&
            __builtin_add_overflow(values[parents[i]], values[i], &values[parents[i]]))
            return err_fail(e, ERR_TOO_BIG, err_hole("what", "sum"), err_hole("max", INT64_MAX));
    return true;
}

/* --- ranks ---------------------------------------------------------------------------------- */
enum { DIGIT = 11, BUCKETS = 1 << DIGIT };

typedef struct Ranked {
    uint64_t key;             /* the highest value has the least */
    uint32_t row, class;
} Ranked;

/* One stable pass by the digit at shift, of the key or of the class. */
static void radix(Ranked *restrict to, const Ranked *restrict from, size_t n, int shift,
                  bool by_class, size_t *count)
{
    memset(count, 0, BUCKETS * sizeof *count);
    for (size_t i = 0; i < n; i++)
        count[((by_class ? from[i].class : from[i].key) >> shift) & (BUCKETS - 1)]++;
    for (size_t i = 0, at = 0; i < BUCKETS; i++) {
        size_t here = count[i];
        count[i] = at;
        at += here;
    }
    for (size_t i = 0; i < n; i++)
        to[count[((by_class ? from[i].class : from[i].key) >> shift) & (BUCKETS - 1)]++] = from[i];
}

static void sort_by(Ranked **rows, Ranked **spare, size_t n, uint64_t most, bool by_class,
                    size_t *count)
{
    for (int shift = 0; shift < 64 && (most >> shift); shift += DIGIT) {
        radix(*spare, *rows, n, shift, by_class, count);
        Ranked *was = *rows;
        *rows = *spare;
        *spare = was;
    }
}

/* What is to be ranked, and how far its values and classes reach. */
typedef struct Ranking {
    const int64_t *values;
    const uint8_t *states;
    const uint32_t *classes;
    size_t n;
    int64_t top;
    uint64_t range;           /* from the lowest to the highest value, as bits */
    uint32_t classes_used;    /* as bits */
} Ranking;

static bool is_ranked(const Ranking *g, size_t i)
{
    return !g->states || g->states[i] == FEEL_COLUMN_VALUE;
}

static uint64_t key_of(const Ranking *g, size_t i)
{
    return (uint64_t)g->top - (uint64_t)g->values[i];
}

static void survey(Ranking *g)
{
    int64_t low = INT64_MAX;
    g->top = INT64_MIN;
    for (size_t i = 0; i < g->n; i++) {
        if (!is_ranked(g, i))
            continue;
        g->top = g->values[i] > g->top ? g->values[i] : g->top;
        low = g->values[i] < low ? g->values[i] : low;
        g->classes_used |= g->classes ? g->classes[i] : 0;
    }
    g->range = g->top < low ? 0 : (uint64_t)g->top - (uint64_t)low;
}

static int bits_in(uint64_t most)
{
    return most ? 64 - __builtin_clzll(most) : 0;
}

/* Where values are few, as points are: how many rows have each value of each class is the place of
 * the next value. */
enum { COUNT_BITS_MAX = 22 };

static void rank_by_counting(uint32_t *ranks, uint32_t *count, const Ranking *g)
{
    int bits = bits_in(g->range);
    size_t width = (size_t)1 << bits, classes = (size_t)1 << bits_in(g->classes_used);
    for (size_t i = 0; i < g->n; i++)
        if (is_ranked(g, i))
            count[(g->classes ? (size_t)g->classes[i] << bits : 0) + key_of(g, i)]++;
    for (size_t c = 0; c < classes; c++)
        for (size_t k = 0, place = 1; k < width; k++) {
            uint32_t here = count[(c << bits) + k];
            count[(c << bits) + k] = (uint32_t)place;
            place += here;
        }
    for (size_t i = 0; i < g->n; i++)
        ranks[i] = is_ranked(g, i)
                       ? count[(g->classes ? (size_t)g->classes[i] << bits : 0) + key_of(g, i)]
                       : 0;
}

static bool rank_by_sorting(uint32_t *ranks, Arena *scratch, const Ranking *g, Err *e)
{
    Ranked *rows = ARENA_ARRAY(scratch, Ranked, g->n), *spare = ARENA_ARRAY(scratch, Ranked, g->n);
    size_t *count = ARENA_ARRAY(scratch, size_t, BUCKETS), used = 0;
    if (!rows || !spare || !count)
        return no_memory(e);
    for (size_t i = 0; i < g->n; i++) {
        ranks[i] = 0;
        if (is_ranked(g, i))
            rows[used++] = (Ranked){ key_of(g, i), (uint32_t)i, g->classes ? g->classes[i] : 0 };
    }
    sort_by(&rows, &spare, used, g->range, false, count);
    sort_by(&rows, &spare, used, g->classes_used, true, count);
    for (size_t i = 0, first = 0; i < used; i++) {
        if (i == 0 || rows[i].class != rows[i - 1].class)
            first = i;
        bool tie = i > first && rows[i].key == rows[i - 1].key;
        ranks[rows[i].row] = tie ? ranks[rows[i - 1].row] : (uint32_t)(i - first + 1);
    }
    return true;
}

bool feel_column_rank(uint32_t *ranks, Arena *scratch, const int64_t *values,
                      const uint8_t *states, const uint32_t *classes, size_t n, Err *e)
{
    Ranking g = { .values = values, .states = states, .classes = classes, .n = n };
    if (n > UINT32_MAX)
        return no_memory(e);
    survey(&g);
    int bits = bits_in(g.range) + bits_in(g.classes_used);
    if (bits > COUNT_BITS_MAX || ((size_t)1 << bits) / 8 > n)
        return rank_by_sorting(ranks, scratch, &g, e);
    uint32_t *count = ARENA_ARRAY(scratch, uint32_t, (size_t)1 << bits);
    if (!count)
        return no_memory(e);
    rank_by_counting(ranks, count, &g);
    return true;
}
