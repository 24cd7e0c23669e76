/* The nation scored: 5.25 million organisations, 60 item scores and two parts each, by the weights
 * of the shipped scheme "district" with twenty items a group instead of six; then summed up the
 * tree and ranked within classes, on two threads. The figures are made by arithmetic that a
 * database can repeat: tool/bench-national.mjs does, and compares the sums printed here.
 *
 * It measures from columns in memory to results in memory, without reading them from a store. */
#include "base/bench.h"
#include "feel/column.h"
#include "pack/pack.h"
#include "pack/scheme.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { ITEMS = 20, GROUPS = 3, COLUMNS = GROUPS * ITEMS + 2, CLASSES = 41, ROUNDS = 3,
       SAMPLE = 5000 };
static const size_t orgs = 5250000;

typedef struct Nation {
    int64_t *values[COLUMNS];
    FeelColumn cols[COLUMNS];
    uint32_t *parents, *classes;
    const FeelExpr *x;
    FeelColumnPlan *plan;
    FeelColumnOut out;
    int64_t *sums;
    uint32_t *ranks;
    Arena *scratch[2];
} Nation;

typedef struct Part {             /* of the rows, for one thread */
    Nation *n;
    int which;
    size_t from, to, exact;
    int64_t sum;
} Part;

static void stop(const char *what)
{
    fprintf(stderr, "national_bench: %s\n", what);
    exit(1);
}

static double now(void)
{
    return bench_clock(CLOCK_MONOTONIC);
}

static void by_two(void *(*work)(void *part), Nation *n, Part parts[2])
{
    pthread_t beside;
    size_t half = orgs / 2 / 512 * 512;
    parts[0] = (Part){ n, 0, 0, half, 0, 0 };
    parts[1] = (Part){ n, 1, half, orgs, 0, 0 };
    if (pthread_create(&beside, NULL, work, &parts[1]) != 0)
        stop("thread");
    work(&parts[0]);
    pthread_join(beside, NULL);
}

/* --- the data ------------------------------------------------------------------------------- */
static void *fill(void *arg)
{
    Part *p = arg;
    for (size_t c = 0; c < COLUMNS; c++)
        for (size_t i = p->from; i < p->to; i++)
            p->n->values[c][i] =
                (int64_t)((i * (c * 7919 + 1009) + c * 104729) % 1000003 % 10001);
    for (size_t i = p->from; i < p->to; i++) {
        size_t block = 16;        /* sixteen to a township, sixteen of these to a county ... */
        while (block < 1 << 20 && i % block == 0)
            block *= 16;
        p->n->parents[i] = (uint32_t)(block >= 1 << 20 ? 0 : i - i % block);
        p->n->classes[i] = (uint32_t)(i * 7919 % CLASSES);
    }
    return NULL;
}

/* Scores of 0 to 100 with two digits after the point. */
static void open_columns(Nation *n, Arena *a)
{
    n->parents = ARENA_ARRAY(a, uint32_t, orgs);
    n->classes = ARENA_ARRAY(a, uint32_t, orgs);
    n->ranks = ARENA_ARRAY(a, uint32_t, orgs);
    n->sums = ARENA_ARRAY(a, int64_t, orgs);
    for (int c = 0; c < COLUMNS; c++) {
        n->values[c] = malloc(orgs * sizeof(int64_t));
        n->cols[c] = (FeelColumn){ .name = arena_text(a, "x%d", c), .kind = FEEL_NUMBER,
                                   .scale = 2, .values = n->values[c] };
        if (!n->values[c])
            stop("memory");
    }
    if (arena_refused(a))
        stop("memory");
}

static Dec weight_of(const Scheme *s, const char *node, const char *term)
{
    for (size_t i = 0; i < s->n_nodes; i++)
        for (size_t k = 0; str_is(s->nodes[i].name, node) && k < s->nodes[i].n_terms; k++)
            if (str_is(s->nodes[i].terms[k].name, term))
                return s->nodes[i].terms[k].weight;
    stop("the scheme has changed");
    return dec_int(0);
}

/* The scheme's base score, between 0 and 100, as one formula. */
static void read_formula(Nation *n, Arena *a)
{
    const PackSource *sources;
    size_t n_sources;
    Rulebook *rb;
    Err e = { 0 };
    if (!pack_builtin(&sources, &n_sources, a, &e) || !pack_load(&rb, a, sources, n_sources, &e))
        stop("packs");
    const Scheme *s = pack_scheme(rb, STRC("district"));
    if (!s || s->n_groups != GROUPS)
        stop("the scheme has changed");
    Dec ballot = weight_of(s, "base", "ballot"), w;
    Str text = STRC("round half up(max(0, min(100, ");
    for (int c = 0; c < GROUPS * ITEMS; c++) {
        if (!dec_mul(&w, ballot, s->groups[c / ITEMS].weight) ||
            !dec_div(&w, w, dec_int(ITEMS)))
            stop("weights");
        text = arena_text(a, "%.*sx%d * %.*s + ", STR(text), c, STR(dec_print_short(a, w)));
    }
    text = arena_text(a, "%.*sx60 * %.*s + x61 * %.*s)), 2)", STR(text),
                      STR(dec_print_short(a, weight_of(s, "base", "routine"))),
                      STR(dec_print_short(a, weight_of(s, "base", "superior"))));
    if (!feel_parse((FeelExpr **)&n->x, a, text, NULL, &e) ||
        !feel_column_plan(&n->plan, a, n->x, n->cols, COLUMNS, FEEL_NUMBER, 2, &e) ||
        feel_column_why(n->plan).n || !feel_column_out(&n->out, a, orgs, &e))
        stop("the formula");
}

/* --- what is measured ----------------------------------------------------------------------- */
static void *read_all(void *arg)
{
    Part *p = arg;
    for (size_t c = 0; c < COLUMNS; c++)
        for (size_t i = p->from; i < p->to; i++)
            p->sum += p->n->values[c][i];
    return NULL;
}

static void *score(void *arg)
{
    Part *p = arg;
    Err e = { 0 };
    FeelColumnOut out = p->n->out;
    arena_reset(p->n->scratch[p->which]);
    if (!feel_column_run_rows(&out, p->n->scratch[p->which], p->n->plan, p->n->cols, p->from,
                              p->to, &e))
        stop("memory");
    p->exact = out.row_path;
    return NULL;
}

/* One goes up the tree, the other ranks: both only read the scores. */
static void *aggregate(void *arg)
{
    Part *p = arg;
    Nation *n = p->n;
    Err e = { 0 };
    arena_reset(n->scratch[p->which]);
    if (p->which == 1) {
        memcpy(n->sums, n->out.values, orgs * sizeof *n->sums);
        if (!feel_column_roll_up(n->sums, n->parents, orgs, &e))
            stop("no preorder");
    } else if (!feel_column_rank(n->ranks, n->scratch[0], n->out.values, n->out.states, n->classes,
                                 orgs, &e)) {
        stop("memory");
    }
    return NULL;
}

/* The first rows again, one by one. */
static void check(const Nation *n)
{
    Arena *a = arena_open(64 << 20);
    for (size_t i = 0; i < SAMPLE; i++) {
        FeelEntry entries[COLUMNS];
        FeelScope scope = { NULL, entries, COLUMNS };
        FeelValue v;
        Err e = { 0 };
        arena_reset(a);
        FeelRun run = feel_run(a, 0);
        for (int c = 0; c < COLUMNS; c++)
            entries[c] = (FeelEntry){ n->cols[c].name,
                                      feel_number(dec_scaled(n->values[c][i], 2)) };
        if (!feel_eval(&v, a, n->x, &scope, &run, &e) || v.kind != FEEL_NUMBER ||
            !dec_eq(v.number, dec_scaled(n->out.values[i], 2)))
            stop("columns and rows differ");
    }
    arena_close(a);
}

/* For the other program: it must find the same. */
static void print_sums(const Nation *n, double seconds, double cpu)
{
    int64_t scores = 0, tree = 0, ranks = 0;
    for (size_t i = 0; i < orgs; i++) {
        scores += n->out.values[i] * (int64_t)(i % 89);
        tree += i % 16 == 0 ? n->sums[i] : 0;
        ranks += (int64_t)n->ranks[i] * (int64_t)(i % 97);
    }
    printf("orgs %zu\nscores %lld\ntree %lld\nranks %lld\nseconds %.4f\ncpu %.4f\n",
           orgs, (long long)scores,
           (long long)tree, (long long)ranks, seconds,
           cpu);
}

int main(void)
{
    static Nation n;
    Arena *a = arena_open(1u << 30);
    Part parts[2];
    struct rusage used;
    double read = 1e9, scored = 1e9, all = 1e9, cpu = 1e9;
    for (int i = 0; i < 2; i++)
        n.scratch[i] = arena_open(512 << 20);
    if (!a || !n.scratch[0] || !n.scratch[1])
        stop("memory");
    open_columns(&n, a);
    read_formula(&n, a);
    by_two(fill, &n, parts);
    for (int i = 0; i < ROUNDS; i++) {
        double from = now();
        by_two(read_all, &n, parts);
        double took = now() - from;
        read = took < read ? took : read;
        double busy = bench_clock(CLOCK_PROCESS_CPUTIME_ID);
        from = now();
        by_two(score, &n, parts);
        took = now() - from;
        scored = took < scored ? took : scored;
        by_two(aggregate, &n, parts);
        took = now() - from;
        all = took < all ? took : all;
        took = bench_clock(CLOCK_PROCESS_CPUTIME_ID) - busy;
        cpu = took < cpu ? took : cpu;
    }
    getrusage(RUSAGE_SELF, &used);
    check(&n);
    printf("plain reading %.3f s, scores %.3f s, with sums up the tree and ranks %.3f s (%.3f s of "
           "processors); best of %d\n", read, scored, all, cpu, ROUNDS);
    bench_limit("nation: scores, sums up the tree and ranks, two threads", all, true, 1, "s");
    bench_limit("nation: share of the read rate of a plain sum", 100 * read / scored, false, 40,
                "%");
    bench_limit("nation: memory at its most", (double)used.ru_maxrss / (1 << 20), true, 3, "GB");
    print_sums(&n, all, cpu);
    return 0;
}
