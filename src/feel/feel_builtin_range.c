/* Built-ins on ranges and points (DMN 1.5, table 78). A point stands as the range that holds only
 * it. An end that is open lies just inside its value; a missing one lies at infinity. */
#include "feel/feel_in.h"

/* An end of a range as something that can be ordered: its value, and -1 or +1 when the end lies
 * just below or above it; far: -1 or +1 at infinity. */
typedef struct End {
    FeelValue at;
    int nudge, far;
} End;

typedef struct Span {
    End low, high;
} Span;

static Span span_of(FeelValue v)
{
    if (v.kind != FEEL_RANGE)
        return (Span){ { v, 0, 0 }, { v, 0, 0 } };
    const FeelRange *r = v.range;
    return (Span){
        { r->low, r->low_in ? 0 : 1, r->low.kind == FEEL_NULL ? -1 : 0 },
        { r->high, r->high_in ? 0 : -1, r->high.kind == FEEL_NULL ? 1 : 0 },
    };
}

/* Order of two ends; false when their values have none. */
static bool ends(int *out, End a, End b)
{
    if (a.far || b.far) {
        *out = a.far - b.far;
        return true;
    }
    if (!feel_compare(out, a.at, b.at))
        return false;
    if (*out == 0)
        *out = (a.nudge > b.nudge) - (a.nudge < b.nudge);
    return true;
}

/* Where b's ends lie as a sees them: ll = a.low ? b.low, lh = a.low ? b.high ... */
typedef struct Ends {
    int ll, lh, hl, hh;
    bool ok;
} Ends;

static Ends compare(FeelValue x, FeelValue y)
{
    Span a = span_of(x), b = span_of(y);
    Ends e = { 0 };
    e.ok = ends(&e.ll, a.low, b.low) && ends(&e.lh, a.low, b.high) &&
           ends(&e.hl, a.high, b.low) && ends(&e.hh, a.high, b.high);
    return e;
}

/* a.high and b.low are the same value and both included. */
static bool touch(FeelValue x, FeelValue y)
{
    End high = span_of(x).high, low = span_of(y).low;
    return !high.far && !low.far && !high.nudge && !low.nudge && feel_equal(high.at, low.at) == 1;
}

static bool answer(FeelCall *c, FeelValue *out, Ends e, bool yes)
{
    if (!e.ok)
        return feel_fail(c, out, "两个参数不能比较");
    *out = feel_boolean(yes);
    return true;
}

/* An open end and the same value beyond it do not meet: before([1..5), 5) holds. */
#define RELATION(name, first, second, test)                                                        \
    static bool name(FeelCall *c, FeelValue *out)                                                  \
    {                                                                                              \
        FeelValue x = first, y = second;                                                           \
        Ends e = compare(x, y);                                                                    \
        return answer(c, out, e, test);                                                            \
    }
#define A c->args[0]
#define B c->args[1]
RELATION(run_before, A, B, e.hl < 0)
RELATION(run_after, A, B, e.lh > 0)
RELATION(run_meets, A, B, touch(x, y))
RELATION(run_met_by, B, A, touch(x, y))
RELATION(run_overlaps, A, B, e.lh <= 0 && e.hl >= 0)
RELATION(run_overlaps_before, A, B, e.ll < 0 && e.hl >= 0 && e.hh <= 0)
RELATION(run_overlaps_after, B, A, e.ll < 0 && e.hl >= 0 && e.hh <= 0)
RELATION(run_finishes, A, B, e.hh == 0 && e.ll >= 0)
RELATION(run_finished_by, B, A, e.hh == 0 && e.ll >= 0)
RELATION(run_includes, A, B, e.ll <= 0 && e.hh >= 0)
RELATION(run_during, B, A, e.ll <= 0 && e.hh >= 0)
RELATION(run_starts, A, B, e.ll == 0 && e.hh <= 0)
RELATION(run_started_by, B, A, e.ll == 0 && e.hh <= 0)
RELATION(run_coincides, A, B, e.ll == 0 && e.hh == 0)
#undef A
#undef B
#undef RELATION

/* --- range("[1..3]") ------------------------------------------------------------------------ */
/* Only literals and the four functions that make points of a literal string may be endpoints. */
static bool is_literal_end(const FeelNode *n)
{
    if (n->kind == NODE_LITERAL)
        return true;
    if (n->kind == NODE_NEGATE)
        return n->kids[0]->kind == NODE_LITERAL;
    if (n->kind != NODE_CALL || n->kids[0]->kind != NODE_NAME)
        return false;
    Str f = n->kids[0]->name;
    if (!str_is(f, "date") && !str_is(f, "time") && !str_is(f, "date and time") &&
        !str_is(f, "duration"))
        return false;
    for (size_t i = 1; i < n->n; i++)
        if (n->kids[i]->kind != NODE_LITERAL)
            return false;
    return true;
}

static bool run_range(FeelCall *c, FeelValue *out)
{
    FeelExpr *x;
    Err e = { 0 };
    const char *why = "应写成如 [1..3] 的范围";
    if (!feel_parse(&x, c->v->a, c->args[0].string, NULL, &e) || x->root->kind != NODE_RANGE ||
        !is_literal_end(x->root->kids[0]) || !is_literal_end(x->root->kids[1]))
        return feel_fail(c, out, why);
    if (!feel_eval_node(c->v, x->root, NULL, out))
        return false;
    return out->kind == FEEL_RANGE || feel_fail(c, out, why);
}

#define POINT(name) { name, M_POINT, 0 }
#define RANGE(name) { name, M_RANGE, 0 }
#define RANGES(name, run) { name, "boolean", run, false, { RANGE("range1"), RANGE("range2") } }
#define POINT_RANGE(name, run) { name, "boolean", run, false, { POINT("point"), RANGE("range") } }
#define RANGE_POINT(name, run) { name, "boolean", run, false, { RANGE("range"), POINT("point") } }
#define POINTS(name, run) { name, "boolean", run, false, { POINT("point1"), POINT("point2") } }

static const FeelBuiltin rows[] = {
    POINTS("before", run_before),
    POINT_RANGE("before", run_before),
    RANGE_POINT("before", run_before),
    RANGES("before", run_before),
    POINTS("after", run_after),
    POINT_RANGE("after", run_after),
    RANGE_POINT("after", run_after),
    RANGES("after", run_after),
    RANGES("meets", run_meets),
    RANGES("met by", run_met_by),
    RANGES("overlaps", run_overlaps),
    RANGES("overlaps before", run_overlaps_before),
    RANGES("overlaps after", run_overlaps_after),
    POINT_RANGE("finishes", run_finishes),
    RANGES("finishes", run_finishes),
    RANGE_POINT("finished by", run_finished_by),
    RANGES("finished by", run_finished_by),
    RANGE_POINT("includes", run_includes),
    RANGES("includes", run_includes),
    POINT_RANGE("during", run_during),
    RANGES("during", run_during),
    POINT_RANGE("starts", run_starts),
    RANGES("starts", run_starts),
    RANGE_POINT("started by", run_started_by),
    RANGES("started by", run_started_by),
    POINTS("coincides", run_coincides),
    RANGES("coincides", run_coincides),
    { "range", "range", run_range, false, { { "from", M_STR, 0 } } },
    { NULL, NULL, NULL, false, { { NULL, 0, 0 } } }, /* the end, for feel_builtin_next */
};

FeelBuiltinGroup feel_builtin_ranges(void)
{
    return (FeelBuiltinGroup){ rows, sizeof rows / sizeof *rows - 1 };
}
