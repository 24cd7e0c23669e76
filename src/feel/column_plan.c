/* A formula to steps over columns. Whatever has no column form ends the planning with the reason;
 * the plan then goes row by row. */
#include "feel/column_in.h"

typedef struct Planner {
    FeelColumnPlan *p;
    const FeelColumn *cols;
    size_t n_cols;
    Arena *a;
    uint8_t *free;            /* slots not in use */
    bool memory;              /* it ended */
} Planner;

enum { POWERS = 19 };

static int64_t power(int n)
{
    int64_t k = 1;
    while (n-- > 0)
        k *= 10;
    return k;
}

/* --- steps ---------------------------------------------------------------------------------- */
static int no_form(Planner *pl, const FeelNode *at, const char *why)
{
    uint32_t line, column;
    if (pl->p->why.n)
        return -1;
    feel_lex_place(*at->src, at->at, &line, &column);
    pl->p->why = arena_text(pl->a, "%u:%u %s", line, column, why);
    pl->memory |= pl->p->why.n == 0;
    return -1;
}

static int take_slot(Planner *pl)
{
    for (size_t i = 0; i < pl->p->n_slots; i++)
        if (pl->free[i]) {
            pl->free[i] = 0;
            return (int)i;
        }
    return (int)pl->p->n_slots++;
}

static void give_slot(Planner *pl, int step)
{
    if (step >= 0 && pl->p->steps[step].slot >= 0)
        pl->free[pl->p->steps[step].slot] = 1;
}

/* Adds a step; the slots of what it reads are free afterwards, but never its own. */
static int add_step(Planner *pl, const FeelNode *at, FeelStep s)
{
    FeelColumnPlan *p = pl->p;
    if (p->n_steps >= FEEL_COLUMN_STEPS_MAX)
        return no_form(pl, at, "too long");
    if (!ARENA_PUSH(pl->a, p->steps, p->n_steps, p->cap_steps)) {
        pl->memory = true;
        return -1;
    }
    bool leaf = s.kind == STEP_COLUMN || s.kind == STEP_CONST;
    s.slot = leaf ? -1 : take_slot(pl);
    if (!leaf) {
        give_slot(pl, s.a);
        give_slot(pl, s.b);
        give_slot(pl, s.c);
    }
    p->steps[p->n_steps] = s;
    return (int)p->n_steps++;
}

static FeelStep step_of(FeelStepKind kind, int a, int b)
{
    return (FeelStep){ .kind = kind, .a = a, .b = b, .c = -1 };
}

static FeelStep *at_step(Planner *pl, int i)
{
    return &pl->p->steps[i];
}

static int compile(Planner *pl, const FeelNode *n);

static int number(Planner *pl, const FeelNode *n)
{
    int i = compile(pl, n);
    return i >= 0 && at_step(pl, i)->boolean ? no_form(pl, n, "number") : i;
}

static int boolean(Planner *pl, const FeelNode *n)
{
    int i = compile(pl, n);
    bool fits = i >= 0 && (at_step(pl, i)->boolean || at_step(pl, i)->is_null);
    return i >= 0 && !fits ? no_form(pl, n, "boolean") : i;
}

static int to_scale(Planner *pl, const FeelNode *at, int i, int scale)
{
    if (i < 0 || at_step(pl, i)->scale >= scale)
        return i;
    FeelStep s = step_of(STEP_UP, i, -1), *was = at_step(pl, i);
    s.k = power(scale - was->scale);
    /* A constant or a product takes the power of ten into itself: each is read once. */
    int64_t k;
    if ((was->kind == STEP_CONST || was->kind == STEP_UP) &&
        !__builtin_mul_overflow(was->k, s.k, &k)) {
        was->k = k;
        was->scale = scale;
        return i;
    }
    s.scale = scale;
    return add_step(pl, at, s);
}

/* Both at the larger of their scales. */
static bool align(Planner *pl, const FeelNode *at, int *a, int *b)
{
    int sa = at_step(pl, *a)->scale, sb = at_step(pl, *b)->scale, most = sa > sb ? sa : sb;
    *a = to_scale(pl, at, *a, most);
    *b = to_scale(pl, at, *b, most);
    return *a >= 0 && *b >= 0;
}

/* --- leaves --------------------------------------------------------------------------------- */
static int constant(Planner *pl, const FeelNode *at, Dec d)
{
    FeelStep s = step_of(STEP_CONST, -1, -1);
    Dec units;
    for (s.scale = 0; s.scale <= FEEL_COLUMN_SCALE_MAX; s.scale++)
        if (dec_mul(&units, d, dec_int(power(s.scale))) && dec_to_int(&s.k, units))
            return add_step(pl, at, s);
    return no_form(pl, at, "a number too long for a column");
}

static int compile_literal(Planner *pl, const FeelNode *n)
{
    FeelStep s = step_of(STEP_CONST, -1, -1);
    if (n->value.kind == FEEL_NUMBER)
        return constant(pl, n, n->value.number);
    s.is_null = n->value.kind == FEEL_NULL;
    s.boolean = n->value.kind == FEEL_BOOLEAN;
    s.k = s.boolean && n->value.boolean;
    return s.is_null || s.boolean ? add_step(pl, n, s) : no_form(pl, n, "a constant of its kind");
}

/* c.n is the column "c.n". */
static bool is_column(const FeelNode *n, Str column)
{
    Str head, member;
    if (n->kind == NODE_NAME)
        return str_eq(column, n->name);
    return n->kids[0]->kind == NODE_NAME && str_cut(column, STRC("."), &head, &member) &&
           str_eq(head, n->kids[0]->name) && str_eq(member, n->name);
}

static int compile_name(Planner *pl, const FeelNode *n)
{
    for (size_t i = 0; i < pl->n_cols; i++) {
        if (!is_column(n, pl->cols[i].name))
            continue;
        FeelStep s = step_of(STEP_COLUMN, -1, -1);
        s.k = (int64_t)i;
        s.scale = pl->cols[i].scale;
        s.boolean = pl->cols[i].kind == FEEL_BOOLEAN;
        return add_step(pl, n, s);
    }
    return no_form(pl, n, "no column of that name");
}

/* --- arithmetic ----------------------------------------------------------------------------- */
static bool is_factor(const FeelStep *s)
{
    return s->kind == STEP_CONST && !s->is_null;
}

static int multiply(Planner *pl, const FeelNode *n, int a, int b)
{
    FeelStep s = step_of(STEP_MUL, a, b);
    s.scale = at_step(pl, a)->scale + at_step(pl, b)->scale;
    if (s.scale > FEEL_COLUMN_SCALE_MAX)
        return no_form(pl, n, "too many digits after the point");
    if (is_factor(at_step(pl, a)) || is_factor(at_step(pl, b))) {
        bool first = is_factor(at_step(pl, a));
        s.kind = STEP_UP;
        s.k = at_step(pl, first ? a : b)->k;
        s.a = first ? b : a;
        s.b = -1;
    }
    return add_step(pl, n, s);
}

static int compile_arith(Planner *pl, const FeelNode *n)
{
    int a = number(pl, n->kids[0]), b = a < 0 ? -1 : number(pl, n->kids[1]);
    if (b < 0)
        return -1;
    if (n->op == T_TIMES)
        return multiply(pl, n, a, b);
    if (!align(pl, n, &a, &b))
        return -1;
    FeelStep s = step_of(n->op == T_PLUS ? STEP_ADD : STEP_SUB, a, b), last = *at_step(pl, b);
    s.scale = last.scale;
    if (last.kind == STEP_COLUMN) {
        s.kind = STEP_MORE;
        s.k = n->op == T_PLUS ? 1 : -1;
    }
    /* The product just made need not be kept: it is added as it is formed. */
    if (last.kind == STEP_UP && b == (int)pl->p->n_steps - 1 && last.k != INT64_MIN) {
        s.kind = STEP_MORE;
        s.b = last.a;
        s.k = n->op == T_PLUS ? last.k : -last.k;
        pl->free[last.slot] = 1;
        if (at_step(pl, last.a)->slot >= 0)
            pl->free[at_step(pl, last.a)->slot] = 0;
        pl->p->n_steps--;
    }
    return add_step(pl, n, s);
}

static int compile_one(Planner *pl, const FeelNode *n, const FeelNode *kid, FeelStepKind kind)
{
    int a = number(pl, kid);
    if (a < 0)
        return -1;
    FeelStep s = step_of(kind, a, -1);
    s.scale = at_step(pl, a)->scale;
    return add_step(pl, n, s);
}

/* --- comparisons ---------------------------------------------------------------------------- */
static int compare(Planner *pl, const FeelNode *n, FeelToken op, int a, int b)
{
    if (a < 0 || b < 0)
        return -1;
    bool nulls = at_step(pl, a)->is_null || at_step(pl, b)->is_null;
    bool kinds = at_step(pl, a)->boolean == at_step(pl, b)->boolean;
    bool ordered = op != T_EQ && op != T_NE;
    if ((!kinds && !nulls) || (ordered && (at_step(pl, a)->boolean || at_step(pl, b)->boolean)))
        return no_form(pl, n, "a comparison of its kinds");
    if (!align(pl, n, &a, &b))
        return -1;
    FeelStep s = step_of(STEP_COMPARE, a, b);
    s.op = op;
    s.boolean = true;
    return add_step(pl, n, s);
}

static int two(Planner *pl, const FeelNode *n, FeelStepKind kind, int a, int b)
{
    FeelStep s = step_of(kind, a, b);
    s.boolean = true;
    return a < 0 || b < 0 ? -1 : add_step(pl, n, s);
}

/* x between low and high; x is compiled anew for each side, for a step is read once. */
static int both_sides(Planner *pl, const FeelNode *n, const FeelNode *x, const FeelNode *low,
                      FeelToken above, const FeelNode *high, FeelToken below)
{
    int l = number(pl, x), lb = l < 0 ? -1 : number(pl, low);
    int first = compare(pl, n, above, l, lb);
    int h = first < 0 ? -1 : number(pl, x), hb = h < 0 ? -1 : number(pl, high);
    int second = compare(pl, n, below, h, hb);
    return two(pl, n, STEP_BOTH, first, second);
}

static bool number_of(const FeelNode *n, Dec *d)
{
    bool minus = n->kind == NODE_NEGATE;
    const FeelNode *l = minus ? n->kids[0] : n;
    if (l->kind != NODE_LITERAL || l->value.kind != FEEL_NUMBER)
        return false;
    *d = minus ? dec_neg(l->value.number) : l->value.number;
    return true;
}

static int compile_test(Planner *pl, const FeelNode *x, const FeelNode *test)
{
    Dec low, high;
    if (test->kind == NODE_RANGE && number_of(test->kids[0], &low) &&
        number_of(test->kids[1], &high) && dec_cmp(low, high) <= 0)
        return both_sides(pl, test, x, test->kids[0], test->low_in ? T_GE : T_GT, test->kids[1],
                          test->high_in ? T_LE : T_LT);
    const FeelNode *end = test->kind == NODE_COMPARED ? test->kids[0] : test;
    if (!number_of(end, &low))
        return no_form(pl, test, "a test that is no constant");
    int a = number(pl, x), b = a < 0 ? -1 : number(pl, end);
    return compare(pl, test, test->kind == NODE_COMPARED ? test->op : T_EQ, a, b);
}

static int compile_in(Planner *pl, const FeelNode *n)
{
    int all = compile_test(pl, n->kids[0], n->kids[1]);
    for (size_t i = 2; i < n->n && all >= 0; i++) {
        int one = compile_test(pl, n->kids[0], n->kids[i]);
        all = two(pl, n, STEP_OR, all, one);
    }
    return all;
}

static int compile_binary(Planner *pl, const FeelNode *n)
{
    if (n->op == T_PLUS || n->op == T_MINUS || n->op == T_TIMES)
        return compile_arith(pl, n);
    if (n->op == T_AND || n->op == T_OR) {
        int a = boolean(pl, n->kids[0]), b = a < 0 ? -1 : boolean(pl, n->kids[1]);
        return two(pl, n, n->op == T_AND ? STEP_AND : STEP_OR, a, b);
    }
    if (n->op == T_DIVIDE)
        return no_form(pl, n, "a division outside of a rounding");
    if (n->op < T_EQ || n->op > T_GE)
        return no_form(pl, n, "this operator");
    int a = compile(pl, n->kids[0]), b = a < 0 ? -1 : compile(pl, n->kids[1]);
    return compare(pl, n, n->op, a, b);
}

static int compile_if(Planner *pl, const FeelNode *n)
{
    int test = boolean(pl, n->kids[0]), yes = test < 0 ? -1 : compile(pl, n->kids[1]);
    int no = yes < 0 ? -1 : compile(pl, n->kids[2]);
    if (no < 0)
        return -1;
    FeelStep *y = at_step(pl, yes), *z = at_step(pl, no);
    if (y->boolean != z->boolean && !y->is_null && !z->is_null)
        return no_form(pl, n, "branches of two kinds");
    bool is_boolean = y->boolean || z->boolean, is_null = y->is_null && z->is_null;
    if (!is_boolean && !align(pl, n, &yes, &no))
        return -1;
    FeelStep s = step_of(STEP_IF, test, yes);
    s.c = no;
    s.boolean = is_boolean;
    s.is_null = is_null;
    s.scale = is_boolean ? 0 : at_step(pl, yes)->scale;
    return add_step(pl, n, s);
}

/* --- built-ins ------------------------------------------------------------------------------ */
static const struct {
    Str name;
    DecRound how;
} roundings[] = {
    { S("decimal"), DEC_HALF_EVEN },      { S("floor"), DEC_FLOOR },
    { S("ceiling"), DEC_CEILING },        { S("round up"), DEC_UP },
    { S("round down"), DEC_DOWN },        { S("round half up"), DEC_HALF_UP },
    { S("round half down"), DEC_HALF_DOWN },
};

static int divide(Planner *pl, const FeelNode *n, DecRound how, int scale)
{
    int a = number(pl, n->kids[0]), b = a < 0 ? -1 : number(pl, n->kids[1]);
    if (b < 0)
        return -1;
    /* a / 10^sa over b / 10^sb, in units of 10^-scale */
    int up = scale + at_step(pl, b)->scale - at_step(pl, a)->scale;
    FeelStep s = step_of(STEP_DIVIDE, a, b);
    s.how = how;
    s.scale = scale;
    if (up >= POWERS || -up >= POWERS)
        return no_form(pl, n, "too many digits after the point");
    s.k = up > 0 ? power(up) : 1;
    s.k2 = up < 0 ? power(-up) : 1;
    return add_step(pl, n, s);
}

static int compile_rounding(Planner *pl, const FeelNode *n, DecRound how)
{
    int64_t scale = 0;
    Dec d;
    bool alone = how == DEC_FLOOR || how == DEC_CEILING;
    if (n->n_names || n->n > 3 || n->n < (alone ? 2u : 3u))
        return no_form(pl, n, "arguments by name, or too few");
    if (n->n == 3 && (!number_of(n->kids[2], &d) || !dec_to_int(&scale, d) || scale < 0 ||
                      scale > FEEL_COLUMN_SCALE_MAX))
        return no_form(pl, n->kids[2], "a scale that is no constant");
    if (n->kids[1]->kind == NODE_BINARY && n->kids[1]->op == T_DIVIDE)
        return divide(pl, n->kids[1], how, (int)scale);
    int a = number(pl, n->kids[1]);
    if (a < 0 || at_step(pl, a)->scale <= scale)
        return a;
    FeelStep s = step_of(STEP_ROUND, a, -1);
    s.how = how;
    s.k = power(at_step(pl, a)->scale - (int)scale);
    s.scale = (int)scale;
    return add_step(pl, n, s);
}

static int compile_extreme(Planner *pl, const FeelNode *n, FeelStepKind kind)
{
    if (n->n_names || n->n < 3)
        return no_form(pl, n, "min or max of a list");
    int all = number(pl, n->kids[1]);
    for (size_t i = 2; i < n->n && all >= 0; i++) {
        int one = number(pl, n->kids[i]);
        if (one < 0 || !align(pl, n, &all, &one))
            return -1;
        FeelStep s = step_of(kind, all, one);
        s.scale = at_step(pl, all)->scale;
        all = add_step(pl, n, s);
    }
    return all;
}

static int compile_call(Planner *pl, const FeelNode *n)
{
    const FeelNode *f = n->kids[0];
    if (f->kind != NODE_NAME || !f->row)
        return no_form(pl, n, "a function of the formula's own");
    for (size_t i = 0; i < pl->n_cols; i++)
        if (str_eq(pl->cols[i].name, f->name))
            return no_form(pl, n, "a column that is called");
    for (size_t i = 0; i < sizeof roundings / sizeof *roundings; i++)
        if (str_eq(f->name, roundings[i].name))
            return compile_rounding(pl, n, roundings[i].how);
    if (str_is(f->name, "abs") && n->n == 2 && !n->n_names)
        return compile_one(pl, n, n->kids[1], STEP_ABS);
    if (str_is(f->name, "not") && n->n == 2 && !n->n_names) {
        int a = boolean(pl, n->kids[1]);
        FeelStep s = step_of(STEP_NOT, a, -1);
        s.boolean = true;
        return a < 0 ? -1 : add_step(pl, n, s);
    }
    if (str_is(f->name, "min") || str_is(f->name, "max"))
        return compile_extreme(pl, n, str_is(f->name, "min") ? STEP_MIN : STEP_MAX);
    return no_form(pl, n, "this function");
}

static int compile(Planner *pl, const FeelNode *n)
{
    Dec minus;
    switch (n->kind) {
    case NODE_LITERAL:
        return compile_literal(pl, n);
    case NODE_NAME:
    case NODE_PATH:
        return compile_name(pl, n);
    case NODE_NEGATE:
        if (number_of(n, &minus))
            return constant(pl, n, minus);
        return compile_one(pl, n, n->kids[0], STEP_NEG);
    case NODE_BINARY:
        return compile_binary(pl, n);
    case NODE_BETWEEN:
        return both_sides(pl, n, n->kids[0], n->kids[1], T_GE, n->kids[2], T_LE);
    case NODE_IN:
        return compile_in(pl, n);
    case NODE_IF:
        return compile_if(pl, n);
    case NODE_CALL:
        return compile_call(pl, n);
    default:
        return no_form(pl, n, "an expression of its kind");
    }
}

/* --- the door ------------------------------------------------------------------------------- */
/* The answer at the scale asked for. */
static int finish(Planner *pl, const FeelNode *root, int i)
{
    FeelColumnPlan *p = pl->p;
    if (i < 0)
        return -1;
    FeelStep *last = at_step(pl, i);
    if (!last->is_null && last->boolean != (p->kind == FEEL_BOOLEAN))
        return no_form(pl, root, "a result of another kind");
    if (last->boolean || last->scale == p->scale)
        return i;
    if (last->scale < p->scale)
        return to_scale(pl, root, i, p->scale);
    FeelStep s = step_of(STEP_DOWN, i, -1);
    s.k = power(last->scale - p->scale);
    s.scale = p->scale;
    return add_step(pl, root, s);
}

/* --- sums ----------------------------------------------------------------------------------- */
static int64_t factor(const FeelStep *s)
{
    return s->k < 0 ? -s->k : s->k;
}

static bool is_term(const FeelColumnPlan *p, const FeelStep *s, int column)
{
    return column >= 0 && p->steps[column].kind == STEP_COLUMN && s->k > INT32_MIN &&
           s->k <= INT32_MAX;
}

/* From the last of a chain of additions, back to where it starts: how many terms it has. The step
 * before them, if it is no term itself, is what they are added to. */
static size_t chain(const FeelColumnPlan *p, int last, int *before)
{
    size_t n = 0;
    int64_t all = 0;
    int at = last;
    for (; p->steps[at].kind == STEP_MORE && is_term(p, &p->steps[at], p->steps[at].b); n++) {
        if ((all += factor(&p->steps[at])) > INT32_MAX)
            return 0;
        at = p->steps[at].a;
    }
    *before = at;
    const FeelStep *first = &p->steps[at];
    if (n > 0 && first->kind == STEP_UP && is_term(p, first, first->a) &&
        all + factor(first) <= INT32_MAX) {
        *before = -1;
        n++;
    }
    return n;
}

static void take_term(FeelColumnPlan *p, int step, int column)
{
    p->terms[p->n_terms++] = (FeelTerm){ column, (int32_t)p->steps[step].k };
    p->steps[step].kind = STEP_GONE;
}

/* Chains of three terms and more become one step each; only leaves stand between their links, so
 * what they read is still there at the end. */
static bool gather(FeelColumnPlan *p, Arena *a)
{
    p->terms = ARENA_ARRAY(a, FeelTerm, p->n_steps);
    for (int i = p->last; p->terms && i >= 0; i--) {
        FeelStep s = p->steps[i];
        size_t from = p->n_terms, n;
        int before = -1, at = i;
        if (s.kind != STEP_MORE || (n = chain(p, i, &before)) < 3)
            continue;
        for (; p->n_terms - from < n && p->steps[at].kind == STEP_MORE;) {
            int next = p->steps[at].a;
            take_term(p, at, p->steps[at].b);
            at = next;
        }
        if (before < 0)
            take_term(p, at, p->steps[at].a);
        s.kind = STEP_SUM;
        s.a = before;
        s.b = -1;
        s.k = (int64_t)from;
        s.k2 = (int64_t)n;
        s.slot = (int)p->n_slots++;
        p->steps[i] = s;
    }
    return p->terms != NULL;
}

bool feel_column_plan(FeelColumnPlan **out, Arena *a, const FeelExpr *x, const FeelColumn *cols,
                      size_t n, FeelKind kind, int scale, Err *e)
{
    FeelColumnPlan *p = ARENA_NEW(a, FeelColumnPlan);
    Planner pl = { .p = p, .cols = cols, .n_cols = n, .a = a };
    pl.free = ARENA_ARRAY(a, uint8_t, FEEL_COLUMN_STEPS_MAX + 1);
    if (!p || !pl.free)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "公式"));
    *p = (FeelColumnPlan){ .x = x, .kind = kind, .scale = kind == FEEL_BOOLEAN ? 0 : scale,
                           .n_cols = n };
    p->last = finish(&pl, x->root, compile(&pl, x->root));
    if (pl.memory || (p->last < 0 && p->why.n == 0) || !gather(p, a))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "公式"));
    *out = p;
    return true;
}

Str feel_column_why(const FeelColumnPlan *p)
{
    return p->why;
}
