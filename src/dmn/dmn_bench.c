/* bench: evaluations a second of one formula (by row and by column) and of one decision model with
 * a table, on inputs that tool/bench-feel.mjs makes too for the engines it compares with. */
#include "dmn/dmn.h"
#include "feel/column.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROWS = 200000, FIRST = 2000, TERMS = 6 };

#define FORMULA "x0 * 0.15 + x1 * 0.2 + x2 * 0.25 + x3 * 0.1 + x4 * 0.2 + x5 * 0.1"
#define RULE(test, grade)                                                                          \
    "<rule><inputEntry><text>" test "</text></inputEntry><outputEntry><text>\"" grade              \
    "\"</text></outputEntry></rule>"
#define INPUT(n)                                                                                   \
    "<inputData id='x" n "' name='x" n "'><variable name='x" n "' typeRef='number'/></inputData>"
#define NEED(n)                                                                                    \
    "<informationRequirement><requiredInput href='#x" n "'/></informationRequirement>"

static const char model[] =
    "<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' namespace='urn:b' name='b'>"
    INPUT("0") INPUT("1") INPUT("2") INPUT("3") INPUT("4") INPUT("5")
    "<decision id='t' name='total'>" NEED("0") NEED("1") NEED("2") NEED("3") NEED("4") NEED("5")
    "<literalExpression><text>" FORMULA "</text></literalExpression></decision>"
    "<decision id='g' name='grade'><informationRequirement><requiredDecision href='#t'/>"
    "</informationRequirement><decisionTable hitPolicy='FIRST'><input><inputExpression>"
    "<text>total</text></inputExpression></input><output/>" RULE("&gt;= 70", "A")
    RULE("[55..70)", "B") RULE("[40..55)", "C") RULE("&lt; 40", "D")
    "</decisionTable></decision></definitions>";

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void stop(const char *what)
{
    fprintf(stderr, "dmn_bench: %s\n", what);
    exit(1);
}

static void fill(FeelColumn *cols, Arena *a)
{
    uint64_t s = 20261123;
    for (int c = 0; c < TERMS; c++) {
        int64_t *v = ARENA_ARRAY(a, int64_t, ROWS);
        cols[c] = (FeelColumn){ .name = arena_text(a, "x%d", c), .kind = FEEL_NUMBER, .scale = 1,
                                .values = v };
        for (size_t i = 0; i < ROWS; i++) {
            s ^= s << 13;
            s ^= s >> 7;
            s ^= s << 17;
            v[i] = (int64_t)(s % 1001);
        }
    }
}

static void row_of(FeelEntry *entries, const FeelColumn *cols, size_t i)
{
    for (int c = 0; c < TERMS; c++)
        entries[c] = (FeelEntry){ cols[c].name, feel_number(dec_scaled(cols[c].values[i], 1)) };
}

/* The sum of the first totals, in thousandths: what the engines are compared by. */
static void formula(Arena *a, const FeelColumn *cols)
{
    Arena *scratch = arena_open(16 << 20);
    FeelExpr *x;
    FeelColumnPlan *p;
    FeelColumnOut out;
    FeelEntry entries[TERMS];
    FeelScope scope = { NULL, entries, TERMS };
    Err e = { 0 };
    int64_t sum = 0;
    if (!feel_parse(&x, a, STRC(FORMULA), NULL, &e) ||
        !feel_column_plan(&p, a, x, cols, TERMS, FEEL_NUMBER, 3, &e))
        stop("the formula");
    double from = seconds();
    if (!feel_column_run(&out, a, p, cols, ROWS, &e))
        stop("memory");
    double by_column = seconds() - from;
    from = seconds();
    for (size_t i = 0; i < ROWS; i++) {
        FeelValue v;
        arena_reset(scratch);
        FeelRun run = feel_run(scratch, 0);
        row_of(entries, cols, i);
        if (!feel_eval(&v, scratch, x, &scope, &run, &e) ||
            !dec_eq(v.number, dec_scaled(out.values[i], 3)))
            stop("the two ways differ");
    }
    double by_row = seconds() - from;
    for (size_t i = 0; i < FIRST; i++)
        sum += out.values[i];
    printf("formula %.0f\ncolumn %.0f\nsum %lld\n", ROWS / by_row, ROWS / by_column,
           (long long)sum);
    arena_close(scratch);
}

static void table(Arena *a, const FeelColumn *cols)
{
    Arena *scratch = arena_open(16 << 20);
    DmnSource source = { STRC("bench.dmn"), str_of(model) };
    const DmnModel *m;
    FeelEntry entries[TERMS];
    Err e = { 0 };
    size_t count[4] = { 0 };
    if (!dmn_read(&m, a, &source, 1, &e))
        stop("the model");
    double from = seconds();
    for (size_t i = 0; i < ROWS; i++) {
        DmnRun *r;
        FeelValue v;
        arena_reset(scratch);
        FeelRun run = feel_run(scratch, 0);
        row_of(entries, cols, i);
        if (!dmn_run(&r, scratch, m, feel_context(entries, TERMS), &run, &e) ||
            !dmn_eval(&v, r, STRC("grade"), &e) || v.kind != FEEL_STRING)
            stop("the table");
        count[(v.string.p[0] - 'A') & 3] += i < FIRST;
    }
    printf("table %.0f\ngrades %zu %zu %zu %zu\n", ROWS / (seconds() - from), count[0], count[1],
           count[2], count[3]);
    arena_close(scratch);
}

int main(void)
{
    Arena *a = arena_open(256 << 20);
    FeelColumn cols[TERMS];
    if (!a)
        stop("memory");
    fill(cols, a);
    formula(a, cols);
    table(a, cols);
    arena_close(a);
    return 0;
}
