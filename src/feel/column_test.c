/* The column path: the same digits as feel_eval on random formulas and data, limits, the tree, the
 * ranks. */
#include "feel/column.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 2500, COLUMNS = 7, MEMBER = 6 };

typedef struct Random {
    uint64_t state;
} Random;

static uint64_t next(Random *r)
{
    r->state ^= r->state << 13;
    r->state ^= r->state >> 7;
    r->state ^= r->state << 17;
    return r->state;
}

static unsigned pick(Random *r, unsigned n)
{
    return (unsigned)(next(r) % n);
}

/* --- data ----------------------------------------------------------------------------------- */
typedef struct Data {
    int64_t values[COLUMNS][ROWS];
    uint8_t nulls[COLUMNS][ROWS];
    FeelColumn cols[COLUMNS];
} Data;

/* Scores, counts, shares; one column of large numbers that overflow; two of booleans; one that is a
 * member of a context. */
static void fill(Data *d, Random *r)
{
    static const Str names[] = { S("a"), S("b"), S("c"), S("big"), S("yes"), S("ok"),
                                 S("s.n") };
    static const int scales[] = { 0, 2, 4, 1, 0, 0, 1 };
    static const int64_t most[] = { 100, 100000, 20000, INT64_MAX, 2, 2, 1000 };
    for (int c = 0; c < COLUMNS; c++) {
        bool boolean = c == 4 || c == 5, nulls = c == 1 || c == 3 || c == 5;
        for (int i = 0; i < ROWS; i++) {
            int64_t v = (int64_t)(next(r) >> 1) % most[c];
            d->values[c][i] = boolean || pick(r, 2) ? v : -v;
            d->nulls[c][i] = nulls && pick(r, 10) == 0;
            if (c == 2 && pick(r, 8) == 0)
                d->values[c][i] = 0;
        }
        d->cols[c] = (FeelColumn){ .name = names[c], .scale = scales[c],
                                   .kind = boolean ? FEEL_BOOLEAN : FEEL_NUMBER,
                                   .values = d->values[c], .nulls = nulls ? d->nulls[c] : NULL };
    }
    d->values[3][0] = INT64_MIN;
    d->values[3][1] = INT64_MAX;
}

/* --- formulas ------------------------------------------------------------------------------- */
static void number(Buf *b, Random *r, int depth);

static void boolean(Buf *b, Random *r, int depth)
{
    static const char *const ops[] = { "<", "<=", ">", ">=", "=", "!=" };
    switch (depth <= 0 ? pick(r, 2) : pick(r, 9)) {
    case 0:
        buf_put(b, pick(r, 2) ? STRC("yes") : STRC("ok"));
        break;
    case 1:
        buf_put(b, pick(r, 2) ? STRC("b = null") : STRC("true"));
        break;
    case 2:
        buf_put(b, STRC("not("));
        boolean(b, r, depth - 1);
        buf_putc(b, ')');
        break;
    case 3:
    case 4:
        buf_putc(b, '(');
        boolean(b, r, depth - 1);
        buf_put(b, pick(r, 2) ? STRC(" and ") : STRC(" or "));
        boolean(b, r, depth - 1);
        buf_putc(b, ')');
        break;
    case 5:
        buf_putc(b, '(');
        number(b, r, depth - 1);
        buf_put(b, STRC(" between "));
        number(b, r, depth - 2);
        buf_put(b, STRC(" and "));
        number(b, r, depth - 2);
        buf_putc(b, ')');
        break;
    case 6:
        buf_putc(b, '(');
        number(b, r, depth - 1);
        buf_put(b, pick(r, 2) ? STRC(" in [60..90)") : STRC(" in (< -5, 0, (1..2.5], >= 1000)"));
        buf_putc(b, ')');
        break;
    default:
        buf_putc(b, '(');
        number(b, r, depth - 1);
        buf_fmt(b, " %s ", ops[pick(r, 6)]);
        number(b, r, depth - 1);
        buf_putc(b, ')');
        break;
    }
}

static void rounding(Buf *b, Random *r, int depth)
{
    static const char *const names[] = { "decimal", "round up", "round down", "round half up",
                                         "round half down", "floor", "ceiling" };
    buf_fmt(b, "%s(", names[pick(r, 7)]);
    number(b, r, depth - 1);
    if (pick(r, 3)) {
        buf_put(b, STRC(" / "));
        number(b, r, depth - 2);
    }
    buf_fmt(b, ", %u)", pick(r, 5));
}

/* A weighted sum, as schemes have them: mostly of columns without nulls and large numbers. */
static void chain(Buf *b, Random *r)
{
    static const char *const columns[] = { "a", "s.n", "c", "b", "big" };
    buf_putc(b, '(');
    for (unsigned i = 0, n = 3 + pick(r, 8); i < n; i++) {
        buf_put(b, i == 0 ? STRC("") : pick(r, 4) ? STRC(" + ") : STRC(" - "));
        buf_put(b, str_of(columns[pick(r, pick(r, 6) ? 3 : 5)]));
        if (pick(r, 3))
            buf_fmt(b, " * %u.%02u", pick(r, 4), pick(r, 100));
    }
    buf_putc(b, ')');
}

static void number(Buf *b, Random *r, int depth)
{
    static const char *const leaves[] = { "a", "b", "c", "big", "0.6", "100", "-7.25", "s.n",
                                          "null" };
    static const char *const ops[] = { " + ", " - ", " * ", " * ", " / " };
    switch (depth <= 0 ? 0 : pick(r, 14)) {
    case 0:
    case 1:
        buf_put(b, str_of(leaves[pick(r, pick(r, 6) ? 8 : 9)]));
        break;
    case 2:
        buf_put(b, STRC("abs("));
        number(b, r, depth - 1);
        buf_putc(b, ')');
        break;
    case 3:
        buf_put(b, STRC("(if "));
        boolean(b, r, depth - 1);
        buf_put(b, STRC(" then "));
        number(b, r, depth - 1);
        buf_put(b, STRC(" else "));
        number(b, r, depth - 1);
        buf_putc(b, ')');
        break;
    case 4:
    case 5:
        rounding(b, r, depth);
        break;
    case 6:
        buf_put(b, pick(r, 2) ? STRC("min(") : STRC("max("));
        number(b, r, depth - 1);
        buf_put(b, STRC(", "));
        number(b, r, depth - 1);
        buf_putc(b, ')');
        break;
    case 7:
        buf_put(b, STRC("-("));
        number(b, r, depth - 1);
        buf_putc(b, ')');
        break;
    case 8:
        chain(b, r);
        break;
    default:
        buf_putc(b, '(');
        number(b, r, depth - 1);
        buf_put(b, str_of(ops[pick(r, pick(r, 8) ? 4 : 5)]));
        number(b, r, depth - 1);
        buf_putc(b, ')');
        break;
    }
}

/* --- the same digits ------------------------------------------------------------------------ */
static FeelValue by_row(Arena *a, const FeelExpr *x, const Data *d, int i)
{
    FeelEntry entries[COLUMNS], member;
    FeelScope scope = { NULL, entries, COLUMNS };
    FeelRun run = feel_run(a, 0);
    FeelValue v;
    Err e = { 0 };
    for (int c = 0; c < COLUMNS; c++) {
        const FeelColumn *col = &d->cols[c];
        bool null = col->nulls && col->nulls[i];
        entries[c].name = col->name;
        entries[c].value = null ? feel_null()
                         : col->kind == FEEL_BOOLEAN
                             ? feel_boolean(col->values[i])
                             : feel_number(dec_scaled(col->values[i], col->scale));
    }
    member = (FeelEntry){ STRC("n"), entries[MEMBER].value };
    entries[MEMBER] = (FeelEntry){ STRC("s"), feel_context(&member, 1) };
    assert_true(feel_eval(&v, a, x, &scope, &run, &e));
    return v;
}

static bool same(const FeelColumnOut *out, size_t *exact, FeelValue want, FeelKind kind, int scale,
                 size_t i)
{
    if (out->states[i] == FEEL_COLUMN_NULL)
        return want.kind != kind;
    if (want.kind != kind)
        return false;
    if (kind == FEEL_BOOLEAN)
        return out->values[i] == want.boolean;
    Dec got = dec_scaled(out->values[i], scale);
    if (out->states[i] == FEEL_COLUMN_EXACT) {
        assert_int_equal(out->exact[*exact].row, i);
        got = out->exact[(*exact)++].value;
    }
    return dec_eq(got, want.number);
}

/* Where sums and products run over, and quotients lie on a half. */
static const char *const edges[] = {
    "big + a * 7 - b * 3000000000", "big * 10 + a", "a * 0.5 + big * 1", "big - -9.5",
    "-(big) + abs(big)", "decimal(a / 8, 2)", "round half down(a / 8, 2)", "floor(-a / 8, 1)",
    "decimal(big / c, 4)", "round up(b / 3, 0)", "decimal(big / 3, 0)", "decimal(c, 2)",
    "min(big, a) + max(c, b)", "if b = null then a else b",
    "a + c * 0.5 - s.n * 2 + a * 2147483647",
    "a * 3 + c - big - s.n", "decimal(a * 0.25 + s.n * 0.5 + c * 0.125, 1)",
    "abs(a) + s.n * 0.1 + c + a * -1 + s.n", "round half up(s.n * 0.5 - a * 0.5 + a * 2, 0)",
};
enum { N_EDGES = sizeof edges / sizeof *edges };

static void same_digits(void **state)
{
    static Data d;
    Random r = { 20261123 };
    size_t on_columns = 0, mixed = 0, exacts = 0;
    const char *seed = getenv("SEED");
    (void)state;
    if (seed)
        r.state = strtoull(seed, NULL, 10) * 2 + 1;
    fill(&d, &r);
    for (int k = 0; k < 400; k++) {
        Arena *a = arena_open(64 << 20), *scratch = arena_open(4 << 20);
        Buf b = buf_open(1 << 20);
        FeelKind kind = pick(&r, 4) ? FEEL_NUMBER : FEEL_BOOLEAN;
        int scale = (int)pick(&r, 5);
        FeelExpr *x;
        FeelColumnPlan *p;
        FeelColumnOut out;
        Err e = { 0 };
        size_t exact = 0;
        if (k < N_EDGES) {
            buf_put(&b, str_of(edges[k]));
            kind = FEEL_NUMBER;
        } else {
            (kind == FEEL_NUMBER ? number : boolean)(&b, &r, 1 + (int)pick(&r, 4));
        }
        assert_true(feel_parse(&x, a, buf_str(&b), NULL, &e));
        assert_true(feel_column_plan(&p, a, x, d.cols, COLUMNS, kind, scale, &e));
        if (k % 2) {
            assert_true(feel_column_run(&out, a, p, d.cols, ROWS, &e));
        } else { /* in parts, as threads do */
            assert_true(feel_column_out(&out, a, ROWS, &e));
            assert_true(feel_column_run_rows(&out, a, p, d.cols, 0, ROWS / 3, &e));
            assert_true(feel_column_run_rows(&out, a, p, d.cols, ROWS / 3, ROWS, &e));
        }
        bool columns = feel_column_why(p).n == 0;
        on_columns += columns;
        mixed += columns && out.row_path > 0 && out.row_path < ROWS;
        exacts += out.n_exact;
        assert_true(columns || out.row_path == ROWS);
        for (int i = 0; i < ROWS; i += columns ? 1 : 50) {
            arena_reset(scratch);
            FeelValue want = by_row(scratch, x, &d, i);
            if (!columns && out.states[i] == FEEL_COLUMN_EXACT)
                continue; /* listed by row; the walk skips rows */
            if (!same(&out, &exact, want, kind, scale, (size_t)i))
                fail_msg("%.*s, row %d: want %.*s, got state %d value %lld", STR(buf_str(&b)), i,
                         STR(feel_print(scratch, want)), out.states[i], (long long)out.values[i]);
        }
        buf_close(&b);
        arena_close(scratch);
        arena_close(a);
    }
    assert_true(on_columns > 150);
    assert_true(mixed > 20);
    assert_true(exacts > 100);
}

/* --- what has a column form ----------------------------------------------------------------- */
static void forms(void **state)
{
    static const struct {
        const char *text, *why; /* "": on columns */
    } rows[] = {
        { "a * 0.6 + b * 0.4", "" }, { "decimal(a / b, 2)", "" },
        { "if a between 1 and 2 then 1 else 0", "" },
        { "if a in [60..90) then 1 else null", "" }, { "floor(c)", "" }, { "min(a, b, c)", "" },
        { "a / b", "1:3 a division outside of a rounding" },
        { "decimal(a, b)", "1:12 a scale that is no constant" },
        { "decimal(a)", "1:8 arguments by name, or too few" },
        { "decimal(n: a, scale: 2)", "1:8 arguments by name, or too few" },
        { "nothing + 1", "1:1 no column of that name" }, { "s.n + s.n * 2", "" },
        { "s.m", "1:3 no column of that name" }, { "a ** 2", "1:3 this operator" },
        { "sqrt(a)", "1:5 this function" }, { "yes + 1", "1:1 number" },
        { "\"x\"", "1:1 a constant of its kind" }, { "[a]", "1:1 an expression of its kind" },
        { "a in (b)", "1:7 a test that is no constant" },
        { "c * c * c * c", "1:11 too many digits after the point" },
        { "yes", "1:1 a result of another kind" },
        { "if yes then a else ok", "1:1 branches of two kinds" },
        { "max([a, b])", "1:4 min or max of a list" },
        { "1e-20 + a", "1:1 a number too long for a column" },
    };
    static Data d;
    Random r = { 7 };
    (void)state;
    fill(&d, &r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *a = arena_open(4 << 20);
        FeelExpr *x;
        FeelColumnPlan *p;
        Err e = { 0 };
        assert_true(feel_parse(&x, a, str_of(rows[i].text), NULL, &e));
        assert_true(feel_column_plan(&p, a, x, d.cols, COLUMNS, FEEL_NUMBER, 2, &e) ||
                    rows[i].why[0]);
        assert_string_equal(arena_z(a, feel_column_why(p)), rows[i].why);
        arena_close(a);
    }
}

static void limits(void **state)
{
    static const int64_t one[] = { 1, 2, 3 };
    const FeelColumn col = { .name = S("a"), .kind = FEEL_NUMBER, .values = one };
    (void)state;
    /* a chain nests deep, so a wide min() makes the many steps: n arguments are 2n - 1 of them */
    for (int n = FEEL_COLUMN_STEPS_MAX / 2; n <= FEEL_COLUMN_STEPS_MAX / 2 + 1; n++) {
        Arena *a = arena_open(64 << 20);
        Buf b = buf_open(1 << 20);
        FeelExpr *x;
        FeelColumnPlan *p;
        FeelColumnOut out;
        Err e = { 0 };
        buf_put(&b, STRC("min(a"));
        for (int i = 1; i < n; i++)
            buf_put(&b, STRC(", a"));
        buf_putc(&b, ')');
        assert_true(feel_parse(&x, a, buf_str(&b), NULL, &e));
        assert_true(feel_column_plan(&p, a, x, &col, 1, FEEL_NUMBER, 0, &e));
        assert_int_equal(feel_column_why(p).n == 0, n <= FEEL_COLUMN_STEPS_MAX / 2);
        assert_true(feel_column_run(&out, a, p, &col, 3, &e));
        assert_int_equal(out.values[2], 3);
        assert_int_equal(out.row_path, n <= FEEL_COLUMN_STEPS_MAX / 2 ? 0 : 3);
        buf_close(&b);
        arena_close(a);
    }
}

static void memory_refused(void **state)
{
    static Data d;
    Random r = { 3 };
    size_t refused = 0, done = 0;
    (void)state;
    fill(&d, &r);
    for (size_t cap = 2048; cap < 1 << 20; cap += cap / 5) {
        Arena *a = arena_open(cap);
        FeelExpr *x;
        FeelColumnPlan *p;
        FeelColumnOut out;
        Err e = { 0 };
        if (!a || !feel_parse(&x, a, STRC("decimal(big / c, 2) + a"), NULL, &e) ||
            !feel_column_plan(&p, a, x, d.cols, COLUMNS, FEEL_NUMBER, 2, &e) ||
            !feel_column_run(&out, a, p, d.cols, ROWS, &e)) {
            assert_true(!a || e.code == ERR_NO_MEMORY);
            refused++;
        } else {
            done++;
        }
        arena_close(a);
    }
    assert_true(refused > 3 && done > 3);
}

/* --- the tree and the ranks ----------------------------------------------------------------- */
static void roll_up(void **state)
{
    (void)state;
    int64_t v[] = { 1, 2, 3, 4, 5, 6 };
    const uint32_t parents[] = { 0, 0, 1, 1, 0, 5 };
    Err e = { 0 };
    assert_true(feel_column_roll_up(v, parents, 6, &e));
    const int64_t want[] = { 15, 9, 3, 4, 5, 6 };
    assert_memory_equal(v, want, sizeof want);
    const uint32_t wrong[] = { 1, 1 };
    assert_false(feel_column_roll_up(v, wrong, 2, &e));
    assert_int_equal(e.code, ERR_BAD_TEXT);
    int64_t large[] = { INT64_MAX, 1 };
    const uint32_t chain[] = { 0, 0 };
    assert_false(feel_column_roll_up(large, chain, 2, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
}

static void ranks(void **state)
{
    enum { N = 3000 };
    static int64_t values[N];
    static uint32_t classes[N], got[N];
    static uint8_t states[N];
    Random r = { 99 };
    Err e = { 0 };
    (void)state;
    for (int round = 0; round < 7; round++) { /* sorted, and from 4 on counted */
        Arena *a = arena_open(round < 4 ? 4 << 20 : 64 << 10);
        for (int i = 0; i < N; i++) {
            values[i] = round == 0 ? (int64_t)next(&r) : (int64_t)(next(&r) % 500) - 250;
            classes[i] = round == 2 ? (uint32_t)next(&r) : pick(&r, 5);
            states[i] = round != 6 && pick(&r, 20) ? FEEL_COLUMN_VALUE : FEEL_COLUMN_NULL;
        }
        if (round < 4) {
            values[0] = INT64_MIN;
            values[1] = INT64_MAX;
        }
        const uint32_t *by = round == 3 || round == 5 ? NULL : classes;
        assert_true(feel_column_rank(got, a, values, states, by, N, &e));
        for (int i = 0; i < N; i++) {
            uint32_t want = states[i] == FEEL_COLUMN_VALUE;
            for (int k = 0; want && k < N; k++)
                want += states[k] == FEEL_COLUMN_VALUE && (!by || by[k] == by[i]) &&
                        values[k] > values[i];
            assert_int_equal(got[i], want);
        }
        arena_close(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_digits), cmocka_unit_test(forms),
        cmocka_unit_test(limits),      cmocka_unit_test(memory_refused),
        cmocka_unit_test(roll_up),     cmocka_unit_test(ranks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
