/* bench: one scheme formula over many orgs: columns against feel_eval row by row on the same data,
 * checked equal first, and the bytes read each second against a plain sum of the same columns. */
#include "base/bench.h"
#include "feel/column.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 1 << 20, INDICATORS = 60, SAMPLE = 20000, ROUNDS = 5 };

/* Of the processor, not of the wall: others may work beside us. */
static double seconds(void)
{
    return bench_clock(CLOCK_PROCESS_CPUTIME_ID);
}

static void stop(const char *what)
{
    fprintf(stderr, "column_bench: %s\n", what);
    exit(1);
}

static uint64_t next(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

/* Scores of 0..100 at one digit after the point. */
static void fill(FeelColumn *cols, Arena *a)
{
    uint64_t state = 20261123;
    for (int c = 0; c < INDICATORS; c++) {
        int64_t *v = ARENA_ARRAY(a, int64_t, ROWS);
        if (!v)
            stop("memory");
        for (size_t i = 0; i < ROWS; i++)
            v[i] = (int64_t)(next(&state) % 1001);
        cols[c] = (FeelColumn){ .name = arena_text(a, "x%d", c), .kind = FEEL_NUMBER, .scale = 1,
                                .values = v };
    }
}

static FeelExpr *formula(Arena *a, int terms)
{
    FeelExpr *x;
    Err e = { 0 };
    Str text = STRC("decimal(x0 * 0.5");
    for (int c = 1; c < terms; c++)
        text = arena_text(a, "%.*s + x%d * %d.%02d", STR(text), c, c % 3, 1 + c % 50);
    text = arena_text(a, "%.*s, 2)", STR(text));
    if (!feel_parse(&x, a, text, NULL, &e))
        stop("the formula");
    return x;
}

static double by_rows(Arena *a, const FeelExpr *x, const FeelColumn *cols, int terms,
                      const FeelColumnOut *out)
{
    FeelEntry entries[INDICATORS];
    FeelScope scope = { NULL, entries, (size_t)terms };
    Err e = { 0 };
    double from = seconds();
    for (size_t i = 0; i < SAMPLE; i++) {
        FeelValue v;
        arena_reset(a);
        FeelRun run = feel_run(a, 0);
        for (int c = 0; c < terms; c++)
            entries[c] = (FeelEntry){ cols[c].name, feel_number(dec_scaled(cols[c].values[i], 1)) };
        if (!feel_eval(&v, a, x, &scope, &run, &e) ||
            !dec_eq(v.number, dec_scaled(out->values[i], 2)))
            stop("the two ways differ");
    }
    return (seconds() - from) / SAMPLE;
}

static double plain_sum(const FeelColumn *cols, int terms)
{
    int64_t sum = 0;
    double from = seconds();
    for (int c = 0; c < terms; c++)
        for (size_t i = 0; i < ROWS; i++)
            sum += cols[c].values[i];
    double took = seconds() - from;
    if (sum == 42)
        puts("");
    return took;
}

static void measure(const FeelColumn *cols, int terms)
{
    Arena *a = arena_open(1u << 30), *scratch = arena_open(16 << 20);
    FeelColumnPlan *p;
    FeelColumnOut out;
    Err e = { 0 };
    double best = 1e9, sum = 1e9;
    FeelExpr *x = formula(a, terms);
    if (!feel_column_plan(&p, a, x, cols, (size_t)terms, FEEL_NUMBER, 2, &e) ||
        feel_column_why(p).n)
        stop("no column form");
    for (int i = 0; i < ROUNDS; i++) {
        double from = seconds();
        if (!feel_column_run(&out, a, p, cols, ROWS, &e))
            stop("memory");
        double took = seconds() - from;
        best = took < best ? took : best;
        took = plain_sum(cols, terms);
        sum = took < sum ? took : sum;
    }
    double rows = by_rows(scratch, x, cols, terms, &out), each = best / ROWS;
    printf("%d terms: %.0f x feel_eval row by row; %.0f %% of the read rate of a plain sum; "
           "%.1f million rows a second\n",
           terms, rows / each, 100 * sum / best, 1e-6 / each);
    if (terms == INDICATORS)
        bench_limit("60 columns: share of the read rate of a plain sum", 100 * sum / best, false,
                    40, "%");
    arena_close(scratch);
    arena_close(a);
}

static void whole_columns(const FeelColumn *cols)
{
    Arena *a = arena_open(256 << 20);
    uint32_t *parents = ARENA_ARRAY(a, uint32_t, ROWS), *ranks = ARENA_ARRAY(a, uint32_t, ROWS);
    int64_t *v = ARENA_ARRAY(a, int64_t, ROWS);
    Err e = { 0 };
    if (!parents || !ranks || !v)
        stop("memory");
    for (size_t i = 0; i < ROWS; i++)
        parents[i] = (uint32_t)(i - i % 16 == i ? i / 256 * 256 : i - i % 16);
    memcpy(v, cols[0].values, ROWS * sizeof *v);
    double sum = plain_sum(cols, 1), from = seconds();
    if (!feel_column_roll_up(v, parents, ROWS, &e))
        stop("no preorder");
    double up = seconds() - from;
    from = seconds();
    if (!feel_column_rank(ranks, a, cols[0].values, NULL, parents, ROWS, &e))
        stop("memory");
    printf("up the tree: %.1f x a plain sum; ranks in classes: %.0f x a plain sum\n", up / sum,
           (seconds() - from) / sum);
    arena_close(a);
}

int main(void)
{
    static FeelColumn cols[INDICATORS];
    Arena *a = arena_open(1u << 30);
    if (!a)
        stop("memory");
    fill(cols, a);
    measure(cols, 6);
    measure(cols, INDICATORS);
    whole_columns(cols);
    arena_close(a);
    return 0;
}
