/* The tree to one value. What goes wrong is null and a diagnostic; only the end of work, depth or
 * memory stops an evaluation.
 *
 * Frames of scope are made in the arena where a function made below may capture them, else on the
 * stack. */
#include "feel/feel_in.h"

#include <string.h>

/* --- what stops, what is noted -------------------------------------------------------------- */
bool feel_eval_memory(FeelEval *v)
{
    return err_fail(v->e, ERR_NO_MEMORY, err_hole("what", "公式"));
}

bool feel_eval_stop(FeelEval *v, const FeelNode *n, ErrCode code)
{
    uint32_t line = 1, column = 1;
    if (n)
        feel_lex_place(*n->src, n->at, &line, &column);
    return err_fail(v->e, code, err_hole("line", line), err_hole("column", column),
                    err_hole("max", FEEL_EVAL_DEPTH_MAX));
}

bool feel_eval_work(FeelEval *v, const FeelNode *at, size_t steps)
{
    if ((uint64_t)v->run->work < steps || v->run->work < 0)
        return feel_eval_stop(v, at, ERR_FEEL_WORK);
    v->run->work -= (int64_t)steps;
    return true;
}

size_t feel_eval_cost(FeelValue v)
{
    switch (v.kind) {
    case FEEL_STRING:
        return v.string.n / 64;
    case FEEL_LIST:
        return v.list.n / 16;
    case FEEL_CONTEXT:
        return v.context.n / 16;
    default:
        return 0;
    }
}

static Str places(Arena *a, const FeelWhere *w, int depth)
{
    if (!w->above || depth > 20)
        return w->label;
    Str above = places(a, w->above, depth + 1);
    return w->label.n ? arena_text(a, "%.*s > %.*s", STR(above), STR(w->label)) : above;
}

bool feel_diag_n(FeelEval *v, const FeelNode *at, FeelValue *out, ErrCode code, const Hole *holes,
                 size_t n)
{
    FeelRun *run = v->run;
    *out = feel_null();
    if (run->n_diags >= FEEL_DIAGS_MAX)
        return true;
    if (!ARENA_PUSH(run->a, run->diags, run->n_diags, run->cap_diags))
        return feel_eval_memory(v);
    FeelDiag *d = &run->diags[run->n_diags++];
    *d = (FeelDiag){ .code = code, .line = 1, .column = 1 };
    if (at)
        feel_lex_place(*at->src, at->at, &d->line, &d->column);
    if (run->where) {
        d->where = places(run->a, run->where, 0);
        d->file_line = run->where->line;
    }
    for (size_t i = 0; i < n && i < 4; i++) {
        d->holes[i] = holes[i];
        if (!holes[i].is_number)
            d->holes[i].text = arena_str(run->a, holes[i].text);
        d->n_holes++;
    }
    return true;
}

static Str hole_of(const FeelDiag *d, const char *name)
{
    for (size_t i = 0; i < d->n_holes; i++)
        if (strcmp(d->holes[i].name, name) == 0)
            return d->holes[i].text;
    return (Str){ "", 0 };
}

void feel_diag_err(const FeelDiag *d, Err *e)
{
    FeelHint hint = { STRC(""), STRC("") };
    if (d->whole) {
        *e = *d->whole;
        return;
    }
    if (d->code == ERR_FEEL_OPERANDS)
        hint = feel_say_hint(hole_of(d, "op"), hole_of(d, "left"), hole_of(d, "right"));
    Hole holes[9] = { err_hole("line", d->line), err_hole("column", d->column),
                      err_hole("hint", hint.zh), err_hole("hint_en", hint.en) };
    size_t n = d->code == ERR_FEEL_NAME || d->code == ERR_FEEL_OPERANDS ? 4 : 2;
    for (size_t i = 0; i < d->n_holes; i++) {
        holes[n++] = d->holes[i];
        if (strcmp(d->holes[i].name, "why") == 0)
            holes[n++] = err_hole("why_en", feel_say_en(d->holes[i].text));
    }
    err_fail_n(e, d->code, holes, n);
}

static bool clash(FeelEval *v, const FeelNode *n, Str op, FeelValue l, FeelValue r, FeelValue *out)
{
    return feel_diag(v, n, out, ERR_FEEL_OPERANDS, err_hole("op", op),
                     err_hole("left", feel_kind_name(l.kind)),
                     err_hole("right", feel_kind_name(r.kind)));
}

static bool kid(FeelEval *v, const FeelNode *n, size_t i, const FeelScope *s, FeelValue *out)
{
    return feel_eval_node(v, n->kids[i], s, out);
}

/* --- names and paths ------------------------------------------------------------------------ */
const FeelValue *feel_lookup(const FeelScope *s, Str name)
{
    for (; s; s = s->parent)
        for (size_t i = 0; i < s->n; i++)
            if (str_eq(s->entries[i].name, name))
                return &s->entries[i].value;
    return NULL;
}

static bool eval_name(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    const FeelValue *found = feel_lookup(s, n->name);
    for (const FeelScope *big = s; big; big = big->parent)
        if (big->n >= 64 && !feel_eval_work(v, n, big->n / 16))
            return false;
    if (found) {
        *out = *found;
        return true;
    }
    if (!n->row)
        return feel_diag(v, n, out, ERR_FEEL_NAME, err_hole("name", n->name));
    FeelFunction *f = ARENA_NEW(v->a, FeelFunction);
    if (!f)
        return feel_eval_memory(v);
    f->name = n->name;
    f->row = n->row;
    *out = (FeelValue){ .kind = FEEL_FUNCTION };
    out->function = f;
    return true;
}

static bool path_of(FeelEval *v, const FeelNode *n, FeelValue from, FeelValue *out)
{
    if (!feel_eval_work(v, n, feel_eval_cost(from)))
        return false;
    if (from.kind == FEEL_CONTEXT) {
        const FeelValue *m = feel_member(&from, n->name);
        if (m) {
            *out = *m;
            return true;
        }
    } else if (from.kind == FEEL_NULL) {
        return feel_diag(v, n, out, ERR_FEEL_VALUE, err_hole("what", n->text),
                         err_hole("why", "空值没有成员"));
    } else if (feel_property(from, n->name, out)) {
        return true;
    }
    return feel_diag(v, n, out, ERR_FEEL_NAME, err_hole("name", n->name));
}

static bool eval_path(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    FeelValue from;
    if (!kid(v, n, 0, s, &from))
        return false;
    if (from.kind != FEEL_LIST)
        return path_of(v, n, from, out);
    FeelValue *items = ARENA_ARRAY(v->a, FeelValue, from.list.n);
    if (!items)
        return feel_eval_memory(v);
    if (!feel_eval_work(v, n, from.list.n))
        return false;
    for (size_t i = 0; i < from.list.n; i++) {
        const FeelValue *m = feel_member(&from.list.items[i], n->name);
        if (m)
            items[i] = *m;
        else if (from.list.items[i].kind != FEEL_CONTEXT &&
                 !path_of(v, n, from.list.items[i], &items[i]))
            return false;
    }
    *out = feel_list(items, from.list.n);
    return true;
}

static bool eval_literal(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    (void)v;
    (void)s;
    *out = n->value;
    return true;
}

/* --- operators ------------------------------------------------------------------------------ */
static bool eval_negate(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    FeelValue x;
    if (!kid(v, n, 0, s, &x))
        return false;
    *out = x;
    switch (x.kind) {
    case FEEL_NUMBER:
        out->number = dec_neg(x.number);
        return true;
    case FEEL_MONTHS:
        out->months = -x.months;
        return true;
    case FEEL_DURATION:
        out->seconds = dec_neg(x.seconds);
        return true;
    default:
        return feel_diag(v, n, out, ERR_FEEL_OPERAND, err_hole("want", "number"),
                         err_hole("found", feel_kind_name(x.kind)));
    }
}

/* 1 true, 0 false, -1 neither. */
static int truth(FeelValue x)
{
    return x.kind == FEEL_BOOLEAN ? x.boolean : -1;
}

static FeelValue of_truth(int t)
{
    return t < 0 ? feel_null() : feel_boolean(t);
}

static bool eval_logic(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    FeelValue l, r;
    int decides = n->op == T_OR;
    if (!kid(v, n, 0, s, &l))
        return false;
    if (truth(l) == decides) {
        *out = l;
        return true;
    }
    if (!kid(v, n, 1, s, &r))
        return false;
    if (truth(r) == decides) {
        *out = r;
        return true;
    }
    *out = of_truth(truth(l) < 0 || truth(r) < 0 ? -1 : !decides);
    bool odd = (l.kind != FEEL_BOOLEAN && l.kind != FEEL_NULL) ||
               (r.kind != FEEL_BOOLEAN && r.kind != FEEL_NULL);
    return !odd || clash(v, n, str_of(feel_token_text(n->op)), l, r, out);
}

static bool ordered(FeelToken op, int order)
{
    switch (op) {
    case T_LT:
        return order < 0;
    case T_LE:
        return order <= 0;
    case T_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

static bool eval_compare(FeelEval *v, const FeelNode *n, FeelValue l, FeelValue r, FeelValue *out)
{
    int order;
    if (n->op == T_EQ || n->op == T_NE) {
        int same = feel_equal_within(l, r, &v->run->work);
        if (same < 0)
            return clash(v, n, str_of(feel_token_text(n->op)), l, r, out);
        *out = feel_boolean(same == (n->op == T_EQ));
        return true;
    }
    if (!feel_compare(&order, l, r))
        return clash(v, n, str_of(feel_token_text(n->op)), l, r, out);
    *out = feel_boolean(ordered(n->op, order));
    return true;
}

static bool eval_binary(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    FeelValue l, r;
    const char *why;
    if (n->op == T_AND || n->op == T_OR)
        return eval_logic(v, n, s, out);
    if (!kid(v, n, 0, s, &l) || !kid(v, n, 1, s, &r))
        return false;
    if (l.kind == FEEL_STRING && !feel_eval_work(v, n, feel_eval_cost(l) + feel_eval_cost(r)))
        return false;
    if (n->op >= T_EQ && n->op <= T_GE)
        return eval_compare(v, n, l, r, out);
    if (feel_arith(v->a, n->op, l, r, out, &why))
        return true;
    if (!why)
        return clash(v, n, str_of(feel_token_text(n->op)), l, r, out);
    if (arena_refused(v->a))
        return feel_eval_memory(v);
    return feel_diag(v, n, out, ERR_FEEL_VALUE, err_hole("what", n->text), err_hole("why", why));
}

static bool eval_between(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    FeelValue x, low, high;
    int l, h;
    if (!kid(v, n, 0, s, &x) || !kid(v, n, 1, s, &low) || !kid(v, n, 2, s, &high))
        return false;
    if (!feel_compare(&l, x, low))
        return clash(v, n, STRC("between"), x, low, out);
    if (!feel_compare(&h, x, high))
        return clash(v, n, STRC("between"), x, high, out);
    *out = feel_boolean(l >= 0 && h <= 0);
    return true;
}

/* --- ranges and tests ----------------------------------------------------------------------- */
static bool make_range(FeelEval *v, FeelRange r, FeelValue *out)
{
    FeelRange *kept = ARENA_NEW(v->a, FeelRange);
    if (!kept)
        return feel_eval_memory(v);
    *kept = r;
    *out = (FeelValue){ .kind = FEEL_RANGE };
    out->range = kept;
    return true;
}

static bool has_order(FeelKind k)
{
    return (M_POINT & FEEL_BIT(k)) != 0;
}

static bool eval_range(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    FeelRange r = { .form = FEEL_BETWEEN, .low_in = n->low_in, .high_in = n->high_in };
    int order = 0;
    if (!kid(v, n, 0, s, &r.low) || !kid(v, n, 1, s, &r.high))
        return false;
    if (!feel_compare(&order, r.low, r.high))
        return clash(v, n, STRC(".."), r.low, r.high, out);
    if (order > 0)
        return feel_diag(v, n, out, ERR_FEEL_VALUE, err_hole("what", n->text),
                         err_hole("why", "起点大于终点"));
    return make_range(v, r, out);
}

static bool eval_compared(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    static const FeelRangeForm forms[] = { FEEL_EQ, FEEL_NE, FEEL_LT, FEEL_LE, FEEL_GT, FEEL_GE };
    FeelRange r = { .form = forms[n->op - T_EQ] };
    FeelValue end;
    if (!kid(v, n, 0, s, &end))
        return false;
    if (r.form != FEEL_EQ && r.form != FEEL_NE && !has_order(end.kind))
        return feel_diag(v, n, out, ERR_FEEL_OPERAND, err_hole("want", "number"),
                         err_hole("found", feel_kind_name(end.kind)));
    if (r.form != FEEL_GT && r.form != FEEL_GE)
        r.high = end;
    if (r.form != FEEL_LT && r.form != FEEL_LE)
        r.low = end;
    r.high_in = r.form == FEEL_LE || r.form == FEEL_EQ;
    r.low_in = r.form == FEEL_GE || r.form == FEEL_EQ;
    return make_range(v, r, out);
}

static int range_has(const FeelRange *r, FeelValue v, int64_t *work)
{
    int l = 1, h = -1;
    if (r->form == FEEL_EQ || r->form == FEEL_NE) {
        int same = feel_equal_within(v, r->low, work);
        return same < 0 ? -1 : same == (r->form == FEEL_EQ);
    }
    if ((r->low.kind != FEEL_NULL && !feel_compare(&l, v, r->low)) ||
        (r->high.kind != FEEL_NULL && !feel_compare(&h, v, r->high)))
        return -1;
    bool low = r->low_in ? l >= 0 : l > 0, high = r->high_in ? h <= 0 : h < 0;
    return low && high;
}

/* 1 yes, 0 no, -1 cannot be said. A list holds what equals it, an item of it, or what one of
 * its ranges holds. */
static int value_in(FeelValue v, FeelValue test, int64_t *work)
{
    if (test.kind == FEEL_RANGE && v.kind != FEEL_RANGE)
        return range_has(test.range, v, work);
    int same = feel_equal_within(v, test, work);
    if (test.kind != FEEL_LIST || same == 1)
        return same;
    for (size_t i = 0; i < test.list.n; i++) {
        FeelValue item = test.list.items[i];
        if (feel_equal_within(v, item, work) == 1 ||
            (item.kind == FEEL_RANGE && range_has(item.range, v, work) == 1))
            return 1;
    }
    return 0;
}

static bool eval_in(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    FeelValue x, test;
    int answer = 0;
    if (!kid(v, n, 0, s, &x))
        return false;
    for (size_t i = 1; i < n->n && answer != 1; i++) {
        if (!kid(v, n, i, s, &test))
            return false;
        bool lost = test.kind == FEEL_NULL && n->kids[i]->kind == NODE_RANGE;
        int one = lost ? -1 : value_in(x, test, &v->run->work); /* a range without an end */
        if (one < 0 && !clash(v, n, STRC("in"), x, test, out))
            return false;
        answer = one == 1 ? 1 : one < 0 ? -1 : answer;
    }
    *out = of_truth(answer);
    return true;
}

/* A unary test is a range, a value to equal, or a condition on `?`. */
static int test_passes(FeelEval *v, const FeelNode *test, FeelValue input, FeelValue got)
{
    if (got.kind == FEEL_BOOLEAN && (test->asks_input || input.kind != FEEL_BOOLEAN))
        return got.boolean;
    return value_in(input, got, &v->run->work);
}

static bool eval_tests(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    const FeelValue *input = feel_lookup(s, STRC("?"));
    int answer = n->n == 0;
    for (size_t i = 0; i < n->n && answer != 1; i++) {
        FeelValue got;
        if (!kid(v, n, i, s, &got))
            return false;
        int one = test_passes(v, n->kids[i], input ? *input : feel_null(), got);
        answer = one == 1 ? 1 : one < 0 ? -1 : answer;
    }
    *out = of_truth(answer < 0 ? -1 : answer != n->low_in);
    return true;
}

/* Says so when a condition is neither boolean nor null. Text goes on as if it were not true; a box
 * is null then, as the standard's cases have it. */
static bool want_truth(FeelEval *v, const FeelNode *at, FeelValue got, FeelValue *out, bool *odd)
{
    *odd = got.kind != FEEL_BOOLEAN && got.kind != FEEL_NULL;
    return !*odd || feel_diag(v, at, out, ERR_FEEL_OPERAND, err_hole("want", "boolean"),
                              err_hole("found", feel_kind_name(got.kind)));
}

/* --- conditions and loops ------------------------------------------------------------------- */
static bool eval_if(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    FeelValue c;
    bool odd;
    if (!kid(v, n, 0, s, &c) || !want_truth(v, n->kids[0], c, out, &odd))
        return false;
    if (odd && n->box)
        return true;
    return kid(v, n, truth(c) == 1 ? 1 : 2, s, out);
}

/* What one iterator runs over: a list, or whole numbers or days from one to another. */
typedef struct Domain {
    const FeelValue *items;
    int64_t first, n;
    bool down, days;
} Domain;

static bool whole_point(FeelValue v, int64_t *out, bool *days)
{
    *days = v.kind == FEEL_DATE;
    if (v.kind == FEEL_NUMBER)
        return dec_to_int(out, v.number);
    *out = v.day;
    return *days;
}

static bool span_domain(Domain *d, FeelValue low, FeelValue high)
{
    int64_t a, b, n;
    bool days;
    if (low.kind != high.kind || !whole_point(low, &a, &d->days) ||
        !whole_point(high, &b, &days))
        return false;
    d->down = b < a;
    if (__builtin_sub_overflow(d->down ? a : b, d->down ? b : a, &n) || n == INT64_MAX)
        n = INT64_MAX - 1; /* more than any budget of work lets through */
    d->first = a;
    d->n = n + 1;
    return true;
}

static bool domain_of(FeelEval *v, const FeelNode *n, size_t i, const FeelScope *s, Domain *d,
                      bool *ok)
{
    FeelValue low, high, scrap;
    const FeelNode *at = n->kids[2 * i];
    *d = (Domain){ 0 };
    *ok = true;
    if (!feel_eval_node(v, at, s, &low))
        return false;
    if (n->kids[2 * i + 1]) {
        if (!feel_eval_node(v, n->kids[2 * i + 1], s, &high))
            return false;
        *ok = span_domain(d, low, high);
    } else if (low.kind == FEEL_LIST) {
        d->items = low.list.items;
        d->n = (int64_t)low.list.n;
    } else if (low.kind == FEEL_RANGE && low.range->form == FEEL_BETWEEN) {
        *ok = span_domain(d, low.range->low, low.range->high);
        if (*ok && !low.range->low_in) {
            d->first += d->n > 1;
            d->n--;
        }
        d->n -= *ok && !low.range->high_in; /* below zero: empty */
    } else if (low.kind == FEEL_NULL || low.kind == FEEL_RANGE) {
        *ok = false;
    } else {
        FeelValue *one = ARENA_NEW(v->a, FeelValue);
        if (!one)
            return feel_eval_memory(v);
        *one = low;
        d->items = one;
        d->n = 1;
    }
    return *ok || feel_diag(v, at, &scrap, ERR_FEEL_OPERAND, err_hole("want", "list"),
                            err_hole("found", feel_kind_name(low.kind)));
}

static FeelValue domain_at(const Domain *d, int64_t i)
{
    if (d->items)
        return d->items[i];
    int64_t at = d->down ? d->first - i : d->first + i;
    return d->days ? feel_date_value(at) : feel_int(at);
}

typedef struct Loop {
    FeelEval *v;
    const FeelNode *n;
    FeelValue *items;   /* results of `for` */
    size_t used, cap;
    int truth;          /* of some and every: what stands so far */
    bool failed;        /* a domain was no list: all is null */
    FeelEntry *partial;
} Loop;

static bool loop_body(Loop *l, const FeelScope *s)
{
    FeelValue got;
    const FeelNode *body = l->n->kids[l->n->n - 1];
    if (l->n->kind == NODE_FOR && l->used >= FEEL_LIST_MAX)
        return err_fail(l->v->e, ERR_TOO_BIG, err_hole("what", "列表"),
                        err_hole("max", FEEL_LIST_MAX));
    if (!feel_eval_node(l->v, body, s, &got))
        return false;
    if (l->n->kind == NODE_FOR) {
        if (!ARENA_PUSH(l->v->a, l->items, l->used, l->cap))
            return feel_eval_memory(l->v);
        l->items[l->used++] = got;
        l->partial->value = feel_list(l->items, l->used);
        return true;
    }
    int one = truth(got), decides = l->n->kind == NODE_SOME;
    FeelValue scrap;
    bool odd;
    if (!want_truth(l->v, body, got, &scrap, &odd))
        return false;
    l->failed |= odd && l->n->box;
    l->truth = one == decides ? decides : one < 0 && l->truth != decides ? -1 : l->truth;
    return true;
}

static bool loop_over(Loop *l, size_t i, const FeelScope *s)
{
    Domain d;
    bool ok, keep = l->n->has_lambda;
    FeelEntry own = { l->n->names[i], feel_null() };
    FeelScope frame = { s, &own, 1 };
    if (!domain_of(l->v, l->n, i, s, &d, &ok))
        return false;
    l->failed |= !ok;
    for (int64_t k = 0; ok && k < d.n && !l->failed; k++) {
        FeelScope *f = &frame;
        FeelEntry *entry = &own;
        if (keep) {
            f = ARENA_NEW(l->v->a, FeelScope);
            entry = ARENA_NEW(l->v->a, FeelEntry);
            if (!f || !entry)
                return feel_eval_memory(l->v);
            *f = (FeelScope){ s, entry, 1 };
            entry->name = own.name;
        }
        entry->value = domain_at(&d, k);
        if (!feel_eval_work(l->v, l->n, 1))
            return false;
        if (!(i + 1 < l->n->n_names ? loop_over(l, i + 1, f) : loop_body(l, f)))
            return false;
        if (l->n->kind != NODE_FOR && l->truth == (l->n->kind == NODE_SOME))
            break;
    }
    return true;
}

static bool eval_loop(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    Loop l = { .v = v, .n = n, .truth = n->kind == NODE_EVERY };
    FeelScope *frame = ARENA_NEW(v->a, FeelScope);
    l.partial = ARENA_NEW(v->a, FeelEntry);
    if (!frame || !l.partial)
        return feel_eval_memory(v);
    *l.partial = (FeelEntry){ S("partial"), feel_list(NULL, 0) };
    *frame = (FeelScope){ s, l.partial, n->kind == NODE_FOR };
    if (n->n_names + v->run->depth > FEEL_EVAL_DEPTH_MAX)
        return feel_eval_stop(v, n, ERR_FEEL_DEPTH);
    if (!loop_over(&l, 0, frame))
        return false;
    if (l.failed)
        *out = feel_null();
    else
        *out = n->kind == NODE_FOR ? feel_list(l.items, l.used) : of_truth(l.truth);
    return true;
}

/* --- filters -------------------------------------------------------------------------------- */
static bool pick(FeelEval *v, const FeelNode *n, FeelValue list, FeelValue index, FeelValue *out)
{
    int64_t i, len = (int64_t)list.list.n;
    if (!dec_to_int(&i, dec_round(index.number, 0, DEC_DOWN)) || i == 0 || i > len || i < -len)
        return feel_diag(v, n, out, ERR_FEEL_VALUE, err_hole("what", n->text),
                         err_hole("why", "序号超出列表"));
    *out = list.list.items[i > 0 ? i - 1 : len + i];
    return true;
}

/* The test sees the members of an item that is a context, and the item itself as `item`. */
static bool filter_one(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue item,
                       FeelValue *out)
{
    FeelEntry own = { S("item"), item }, *entry = &own;
    FeelScope frames[2], *f = frames;
    if (n->has_lambda) {
        entry = ARENA_NEW(v->a, FeelEntry);
        f = ARENA_ARRAY(v->a, FeelScope, 2);
        if (!entry || !f)
            return feel_eval_memory(v);
        *entry = own;
    }
    f[0] = (FeelScope){ s, entry, 1 };
    if (item.kind != FEEL_CONTEXT)
        return kid(v, n, 1, f, out);
    f[1] = (FeelScope){ f, item.context.entries, item.context.n };
    return kid(v, n, 1, &f[1], out);
}

static bool is_index(const FeelNode *test)
{
    if (test->kind == NODE_NEGATE)
        test = test->kids[0];
    return test->kind == NODE_LITERAL && test->value.kind == FEEL_NUMBER;
}

/* Of an empty list: null when the test is a number, for no index is in it; else nothing is kept.
 * What the test says of members that no item has is not a fault of the expression. */
static bool filter_none(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue list,
                        FeelValue *out)
{
    size_t before = v->run->n_diags;
    FeelValue got;
    if (!filter_one(v, n, s, feel_null(), &got))
        return false;
    v->run->n_diags = before;
    if (got.kind == FEEL_NUMBER)
        return pick(v, n, list, got, out);
    *out = list;
    return true;
}

static bool filter_items(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue list,
                         FeelValue *out)
{
    FeelValue *kept = ARENA_ARRAY(v->a, FeelValue, list.list.n), got;
    size_t used = 0;
    if (!kept)
        return feel_eval_memory(v);
    if (list.list.n == 0 && !n->box)
        return filter_none(v, n, s, list, out);
    for (size_t i = 0; i < list.list.n; i++) {
        if (!feel_eval_work(v, n, 1) || !filter_one(v, n, s, list.list.items[i], &got))
            return false;
        if (i == 0 && got.kind == FEEL_NUMBER)
            return pick(v, n, list, got, out);
        bool odd = false;
        if (n->box && !want_truth(v, n->kids[1], got, out, &odd))
            return false;
        if (odd)
            return true;
        if (truth(got) == 1)
            kept[used++] = list.list.items[i];
    }
    *out = feel_list(kept, used);
    return true;
}

static bool eval_filter(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    FeelValue list, index;
    if (!kid(v, n, 0, s, &list))
        return false;
    if (list.kind != FEEL_LIST) {
        FeelValue *one = ARENA_NEW(v->a, FeelValue);
        if (!one)
            return feel_eval_memory(v);
        *one = list;
        list = feel_list(one, list.kind != FEEL_NULL);
    }
    if (!is_index(n->kids[1]))
        return filter_items(v, n, s, list, out);
    return kid(v, n, 1, s, &index) && pick(v, n, list, index, out);
}

/* --- lists, contexts, functions ------------------------------------------------------------- */
static bool eval_list(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    FeelValue *items = ARENA_ARRAY(v->a, FeelValue, n->n);
    if (!items)
        return feel_eval_memory(v);
    for (size_t i = 0; i < n->n; i++)
        if (!kid(v, n, i, s, &items[i]))
            return false;
    *out = feel_list(items, n->n);
    return true;
}

static bool name_twice(const FeelNode *n, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (str_eq(n->names[k], n->names[i]))
            return true;
    return false;
}

/* Entries one after the other, each seeing those before it. A name that stands twice: *twice. */
bool feel_eval_entries(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelScope **frame,
                       FeelValue *out, bool *twice)
{
    FeelEntry *entries = ARENA_ARRAY(v->a, FeelEntry, n->n_names);
    FeelScope *f = *frame = ARENA_NEW(v->a, FeelScope);
    *twice = false;
    if (!entries || !f)
        return feel_eval_memory(v);
    *f = (FeelScope){ s, entries, 0 };
    for (size_t i = 0; i < n->n_names; i++) {
        FeelValue value;
        if (name_twice(n, i)) {
            *twice = true;
            return feel_diag(v, n->kids[i], out, ERR_FEEL_VALUE, err_hole("what", n->names[i]),
                             err_hole("why", "名称重复"));
        }
        if (!feel_eval_work(v, n, i) || !kid(v, n, i, f, &value))
            return false;
        entries[i] = (FeelEntry){ n->names[i], value };
        f->n = i + 1;
    }
    return true;
}

static bool eval_context(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    FeelScope *frame;
    bool twice;
    if (!feel_eval_entries(v, n, s, &frame, out, &twice))
        return false;
    if (!twice)
        *out = feel_context(frame->entries, frame->n);
    return true;
}

static bool eval_lambda(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    FeelFunction *f = ARENA_NEW(v->a, FeelFunction);
    if (!f)
        return feel_eval_memory(v);
    *f = (FeelFunction){ .params = n->names, .types = n->types, .n = n->n_names,
                         .body = n->kids[0], .scope = s };
    *out = (FeelValue){ .kind = FEEL_FUNCTION };
    out->function = f;
    return true;
}

static bool eval_instance(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    FeelValue x;
    if (!kid(v, n, 0, s, &x))
        return false;
    *out = feel_boolean(feel_type_is(n->type, x));
    return true;
}

/* --- one node ------------------------------------------------------------------------------- */
static const FeelEvaluate evaluate[] = {
    [NODE_LITERAL] = eval_literal,   [NODE_NAME] = eval_name,       [NODE_PATH] = eval_path,
    [NODE_NEGATE] = eval_negate,     [NODE_BINARY] = eval_binary,   [NODE_BETWEEN] = eval_between,
    [NODE_IN] = eval_in,             [NODE_RANGE] = eval_range,     [NODE_COMPARED] = eval_compared,
    [NODE_IF] = eval_if,             [NODE_FOR] = eval_loop,        [NODE_SOME] = eval_loop,
    [NODE_EVERY] = eval_loop,        [NODE_INSTANCE] = eval_instance, [NODE_FILTER] = eval_filter,
    [NODE_CALL] = feel_eval_invocation,                             [NODE_LIST] = eval_list,
    [NODE_CONTEXT] = eval_context,
    [NODE_LAMBDA] = eval_lambda,     [NODE_TESTS] = eval_tests,
    [NODE_RESULT] = feel_eval_result, [NODE_TYPED] = feel_eval_typed,
    [NODE_FAULT] = feel_eval_fault,  [NODE_OUTSIDE] = feel_eval_outside,
};

/* What ended silently in a null in the middle must not be taken for an answer. */
bool feel_eval_spent(FeelEval *v, bool was_refused)
{
    if (v->run->work < 0)
        return !feel_eval_stop(v, NULL, ERR_FEEL_WORK);
    return arena_refused(v->a) && !was_refused && !feel_eval_memory(v);
}

bool feel_eval_node(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    FeelRun *run = v->run;
    if (run->depth >= FEEL_EVAL_DEPTH_MAX)
        return feel_eval_stop(v, n, ERR_FEEL_DEPTH);
    if (run->work <= 0)
        return feel_eval_stop(v, n, ERR_FEEL_WORK);
    run->work--;
    run->depth++;
    bool ok = run->explain ? feel_traced(v, n, s, evaluate[n->kind], out)
                           : evaluate[n->kind](v, n, s, out);
    run->depth--;
    return ok;
}

FeelRun feel_run(Arena *a, Moment now)
{
    return (FeelRun){ .now = now, .work = FEEL_WORK_MAX, .a = a };
}

bool feel_eval(FeelValue *out, Arena *a, const FeelExpr *x, const FeelScope *scope, FeelRun *run,
               Err *e)
{
    FeelEval v = { a, run, e };
    FeelValue got;
    bool was_refused = arena_refused(a);
    if (!feel_eval_node(&v, x->root, scope, &got) || feel_eval_spent(&v, was_refused))
        return false;
    *out = got;
    return true;
}

bool feel_note(FeelRun *run, ErrCode code, const Hole *holes, size_t n, Err *e)
{
    FeelEval v = { run->a, run, e };
    FeelValue scrap;
    return feel_diag_n(&v, NULL, &scrap, code, holes, n);
}
