/* Which combinations of inputs no rule of a table covers, and which two rules cover. The literals
 * of a column's tests cut its values into pieces inside which no test can tell one value from
 * another; values that all tests of the column answer alike are one class. The classes of all
 * columns are combined, and a branch that no or only one rule can still match is cut off. */
#include "dmn/dmn_in.h"

enum { CANDIDATES_MAX = 4000, CHECK_WORK_MAX = 200000000 };

typedef struct Class {
    FeelValue value;          /* one of the class */
    uint64_t *rules;          /* bits: which rules' tests it passes */
} Class;

typedef struct Column {
    Class *classes;
    size_t n, cap;
} Column;

typedef struct Check {
    const DmnElement *el;
    const DmnTable *t;
    Arena *a;
    Err *e;
    FeelRun run;
    Column *columns;
    size_t words, visits;
    bool gaps, overlaps;
    FeelValue *path;          /* the class taken of each column so far */
    DmnFinding *found;
    size_t n, cap;
} Check;

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "DMN"));
}

static bool cannot(Check *c, Str clause)
{
    return err_fail(c->e, ERR_DMN_CHECK, err_hole("name", c->el->name),
                    err_hole("clause", clause));
}

/* --- candidates ----------------------------------------------------------------------------- */
typedef struct Values {
    FeelValue *items;
    size_t n, cap;
} Values;

static bool add_value(Check *c, Values *v, FeelValue one)
{
    for (size_t i = 0; i < v->n; i++)
        if (feel_equal(v->items[i], one) == 1)
            return true;
    if (v->n >= CANDIDATES_MAX)
        return err_fail(c->e, ERR_TOO_BIG, err_hole("what", c->el->name),
                        err_hole("max", CANDIDATES_MAX));
    if (!ARENA_PUSH(c->a, v->items, v->n, v->cap))
        return no_memory(c->e);
    v->items[v->n++] = one;
    return true;
}

/* Tests must speak of the input and of constants only. */
static bool add_literals(Check *c, Values *v, const FeelExpr *x, Str clause)
{
    FeelUse *uses;
    FeelValue *literals;
    size_t n;
    if (!feel_names_used(&uses, &n, c->a, x, c->e))
        return false;
    if (n > 0)
        return cannot(c, clause);
    if (!feel_literals(&literals, &n, c->a, x, c->e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!add_value(c, v, literals[i]))
            return false;
    return true;
}

static void sort(Values *v)
{
    for (size_t i = 1; i < v->n; i++) {
        FeelValue x = v->items[i];
        size_t k = i;
        int order;
        for (; k > 0 && feel_compare(&order, x, v->items[k - 1]) && order < 0; k--)
            v->items[k] = v->items[k - 1];
        v->items[k] = x;
    }
}

static bool step(FeelValue v, int by, FeelValue *out)
{
    *out = v;
    switch (v.kind) {
    case FEEL_NUMBER:
        return dec_add(&out->number, v.number, dec_int(by));
    case FEEL_DATE:
    case FEEL_DATE_TIME:
        out->day += by;
        return true;
    case FEEL_MONTHS:
        out->months += by;
        return true;
    case FEEL_DURATION:
        return dec_add(&out->seconds, v.seconds, dec_int(by));
    case FEEL_TIME:
        out->nanos += by * INT64_C(1000000000);
        return out->nanos >= 0 && out->nanos < INT64_C(86400000000000);
    default:
        return false;
    }
}

static bool halve(Dec a, Dec b, Dec *out)
{
    return dec_add(out, a, b) && dec_mul(out, *out, dec_scaled(5, 1));
}

static bool between(FeelValue a, FeelValue b, FeelValue *out)
{
    *out = a;
    switch (a.kind) {
    case FEEL_NUMBER:
        return halve(a.number, b.number, &out->number);
    case FEEL_DURATION:
        return halve(a.seconds, b.seconds, &out->seconds);
    case FEEL_DATE:
        out->day = a.day + (b.day - a.day) / 2;
        return true;
    case FEEL_MONTHS:
        out->months = a.months + (b.months - a.months) / 2;
        return true;
    case FEEL_TIME:
        out->nanos = a.nanos + (b.nanos - a.nanos) / 2;
        return true;
    default:
        return step(a, 1, out);
    }
}

/* Between the literals, below the first and above the last; a text that is none of them. */
static bool add_between(Check *c, Values *v, const FeelType *type)
{
    size_t n = v->n;
    FeelKind kind = type && type->form == FEEL_TYPE_PLAIN ? type->kind
                  : n ? v->items[0].kind : FEEL_KINDS;
    FeelValue x;
    sort(v);
    for (size_t i = 0; i < n; i++) {
        bool same = i + 1 < n && v->items[i].kind == v->items[i + 1].kind;
        if ((same && between(v->items[i], v->items[i + 1], &x) && !add_value(c, v, x)) ||
            (i == 0 && step(v->items[i], -1, &x) && !add_value(c, v, x)) ||
            (!same && step(v->items[i], 1, &x) && !add_value(c, v, x)))
            return false;
    }
    if (kind == FEEL_BOOLEAN)
        return add_value(c, v, feel_boolean(true)) && add_value(c, v, feel_boolean(false));
    if (kind == FEEL_STRING)
        return add_value(c, v, feel_z("(other)"));
    return kind != FEEL_NUMBER || n || add_value(c, v, feel_int(0));
}

/* --- classes -------------------------------------------------------------------------------- */
static bool same_bits(const uint64_t *a, const uint64_t *b, size_t words)
{
    for (size_t i = 0; i < words; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

static bool classify(Check *c, size_t i, FeelValue v)
{
    const DmnTable *t = c->t;
    Column *col = &c->columns[i];
    uint64_t *bits = ARENA_ARRAY(c->a, uint64_t, c->words);
    int one = 1;
    if (!bits)
        return no_memory(c->e);
    if (t->ins[i].allowed)
        one = dmn_table_test(t->ins[i].allowed, v, c->a, NULL, &c->run, c->e);
    if (one == 1 && t->ins[i].type && !feel_type_is(t->ins[i].type, v))
        one = 0;
    if (one != 1)
        return one == 0;
    for (size_t r = 0; r < t->n_rules; r++) {
        one = dmn_table_test(t->tests[r * t->n_ins + i], v, c->a, NULL, &c->run, c->e);
        if (one < 0)
            return false;
        bits[r / 64] |= (uint64_t)one << (r % 64);
    }
    for (size_t k = 0; k < col->n; k++)
        if (same_bits(col->classes[k].rules, bits, c->words))
            return true;
    if (!ARENA_PUSH(c->a, col->classes, col->n, col->cap))
        return no_memory(c->e);
    col->classes[col->n++] = (Class){ v, bits };
    return true;
}

static bool read_column(Check *c, size_t i)
{
    const DmnTable *t = c->t;
    Values v = { 0 };
    Str clause = t->ins[i].label;
    for (size_t r = 0; r < t->n_rules; r++)
        if (!add_literals(c, &v, t->tests[r * t->n_ins + i], clause))
            return false;
    if (t->ins[i].allowed && !add_literals(c, &v, t->ins[i].allowed, clause))
        return false;
    if (t->ins[i].type && t->ins[i].type->allowed &&
        !add_literals(c, &v, t->ins[i].type->allowed, clause))
        return false;
    if (!add_between(c, &v, t->ins[i].type))
        return false;
    for (size_t k = 0; k < v.n; k++)
        if (!classify(c, i, v.items[k]))
            return false;
    /* Only `-` and a type without values to try: anything passes all. */
    if (!c->columns[i].n && !classify(c, i, feel_null()))
        return cannot(c, clause);
    return c->columns[i].n > 0 || cannot(c, clause); /* its allowed values let none of ours in */
}

/* --- combining ------------------------------------------------------------------------------ */
static bool add_finding(Check *c, bool gap, size_t first, size_t second, size_t depth)
{
    FeelValue *inputs = ARENA_ARRAY(c->a, FeelValue, c->t->n_ins);
    if (c->n >= DMN_FINDINGS_MAX)
        return true;
    if (!inputs || !ARENA_PUSH(c->a, c->found, c->n, c->cap))
        return no_memory(c->e);
    for (size_t i = 0; i < c->t->n_ins; i++)
        inputs[i] = i < depth ? c->path[i] : c->columns[i].classes[0].value;
    c->found[c->n++] = (DmnFinding){ gap, first, second, inputs, c->t->n_ins };
    return true;
}

static size_t count_bits(const uint64_t *bits, size_t words)
{
    size_t n = 0;
    for (size_t i = 0; i < words; i++)
        n += (size_t)__builtin_popcountll(bits[i]);
    return n;
}

static size_t next_bit(const uint64_t *bits, size_t words, size_t from)
{
    for (; from < words * 64; from++)
        if ((bits[from / 64] >> (from % 64)) & 1)
            return from;
    return SIZE_MAX;
}

static bool outputs_agree(const Check *c, size_t a, size_t b)
{
    for (size_t i = 0; i < c->t->n_outs; i++)
        if (!str_eq(c->t->texts[a * c->t->n_outs + i], c->t->texts[b * c->t->n_outs + i]))
            return false;
    return true;
}

/* One finding for each pair of rules is enough. */
static bool told(const Check *c, size_t a, size_t b)
{
    for (size_t i = 0; i < c->n; i++)
        if (!c->found[i].gap && c->found[i].first == a + 1 && c->found[i].second == b + 1)
            return true;
    return false;
}

static bool add_overlaps(Check *c, const uint64_t *bits)
{
    for (size_t a = next_bit(bits, c->words, 0); a != SIZE_MAX; a = next_bit(bits, c->words, a + 1))
        for (size_t b = next_bit(bits, c->words, a + 1); b != SIZE_MAX;
             b = next_bit(bits, c->words, b + 1))
            if (!told(c, a, b) && !(c->t->hit == HIT_ANY && outputs_agree(c, a, b)) &&
                !add_finding(c, false, a + 1, b + 1, c->t->n_ins))
                return false;
    return true;
}

static bool combine(Check *c, size_t depth, const uint64_t *bits)
{
    size_t left = count_bits(bits, c->words);
    if (c->n >= DMN_FINDINGS_MAX)
        return true;
    if (++c->visits > DMN_CELLS_MAX)
        return cannot(c, c->t->ins[depth < c->t->n_ins ? depth : depth - 1].label);
    if (left == 0)
        return !c->gaps || add_finding(c, true, 0, 0, depth);
    if (depth == c->t->n_ins)
        return !c->overlaps || left < 2 || add_overlaps(c, bits);
    uint64_t *next = ARENA_ARRAY(c->a, uint64_t, c->words);
    if (!next)
        return no_memory(c->e);
    const Column *col = &c->columns[depth];
    for (size_t k = 0; k < col->n; k++) {
        c->path[depth] = col->classes[k].value;
        for (size_t w = 0; w < c->words; w++)
            next[w] = bits[w] & col->classes[k].rules[w];
        if (!combine(c, depth + 1, next))
            return false;
    }
    return true;
}

/* --- the doors ------------------------------------------------------------------------------ */
static bool has_defaults(const DmnTable *t)
{
    for (size_t i = 0; i < t->n_outs; i++)
        if (t->outs[i].fallback)
            return true;
    return false;
}

static bool run_check(Check *c)
{
    const DmnTable *t = c->t;
    uint64_t *all = ARENA_ARRAY(c->a, uint64_t, c->words);
    c->columns = ARENA_ARRAY(c->a, Column, t->n_ins);
    c->path = ARENA_ARRAY(c->a, FeelValue, t->n_ins);
    if (!all || !c->columns || !c->path)
        return no_memory(c->e);
    for (size_t i = 0; i < t->n_ins; i++)
        if (!read_column(c, i))
            return false;
    for (size_t r = 0; r < t->n_rules; r++)
        all[r / 64] |= UINT64_C(1) << (r % 64);
    return combine(c, 0, all);
}

bool dmn_check(DmnFinding **out, size_t *n, Arena *a, const DmnModel *m, Str decision, Err *e)
{
    const DmnElement *el = dmn_find(m, decision);
    if (!el || !el->table)
        return err_fail(e, ERR_DMN_NONE, err_hole("name", decision));
    const DmnTable *t = el->table;
    Check c = { .el = el, .t = t, .a = a, .e = e, .run = feel_run(a, 0),
                .words = (t->n_rules + 63) / 64,
                .gaps = t->hit != HIT_COLLECT && !has_defaults(t),
                .overlaps = t->hit == HIT_UNIQUE || t->hit == HIT_ANY };
    c.run.work = CHECK_WORK_MAX;
    if (!run_check(&c))
        return false;
    *out = c.found;
    *n = c.n;
    return true;
}

Str dmn_finding_print(Arena *a, const DmnModel *m, Str decision, const DmnFinding *f)
{
    const DmnElement *el = dmn_find(m, decision);
    Str all = { "", 0 };
    for (size_t i = 0; el && el->table && i < f->n_inputs && i < el->table->n_ins; i++)
        all = arena_text(a, "%.*s%s%.*s = %.*s", STR(all), i ? ", " : "",
                         STR(el->table->ins[i].label), STR(feel_print(a, f->inputs[i])));
    return all;
}
