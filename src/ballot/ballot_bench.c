/* One-question ballots (four answers and a blank) verified three ways in one run, on one core: with
 * libsodium alone, one by one with curve.h, in batches with hints. Seconds are of
 * the processor, so that a busy machine shows the same ratios. */
#include "ballot/ballot.h"
#include "base/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MADE = 64, MANY = 1000, PLAIN = 16 };

typedef struct Bench {
    Arena *a;
    Election el;
    VoteTables tables;
    Str ballots[MADE], hints[MADE];
    Vote votes[MADE];
    Coin coin;
} Bench;

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool open_bench(Bench *b, Err *e)
{
    static Str answers[] = { S("a"), S("b"), S("c"), S("d") };
    static const unsigned char seed[32] = { 1 };
    ElectionQuestion q = { STRC("q"), answers, 4, 1, 1, true };
    b->a = arena_open((size_t)1 << 30);
    b->coin = coin_open(seed);
    Election el = { .name = STRC("n"), .uuid = STRC("AbCdEfGh234567"), .questions = &q,
                    .n_questions = 1, .key = point_base(coin_scalar(&b->coin)) };
    Buf text = buf_open(1 << 16);
    return election_write(&text, &el, e) && election_read(&b->el, b->a, buf_str(&text), e) &&
           vote_tables(&b->tables, &b->el);
}

static bool make(Bench *b, Err *e)
{
    double start = seconds(), hints = 0;
    for (int i = 0; i < MADE; i++) {
        unsigned char marks[5] = { 0 };
        const unsigned char *all[] = { marks };
        Scalar s = coin_scalar(&b->coin);
        Buf t = buf_open(1 << 16), h = buf_open(1 << 16);
        marks[coin_below(&b->coin, 5)] = 1;
        if (!vote_make(&t, NULL, &b->el, &s, all, &b->coin, e))
            return false;
        b->ballots[i] = arena_str(b->a, buf_str(&t));
        if (!vote_read(&b->votes[i], b->a, &b->el, b->ballots[i], e))
            return false;
        double before = seconds();
        if (!vote_verify(&h, &b->votes[i], &b->el, &b->tables, e))
            return false;
        hints += seconds() - before;
        b->hints[i] = arena_str(b->a, buf_str(&h));
        buf_close(&t);
        buf_close(&h);
    }
    double each = (seconds() - start - hints) / MADE;
    printf("made     %8.0f us a ballot of %zu bytes, hints %zu bytes\n", 1e6 * each,
           b->ballots[0].n, b->hints[0].n);
    return true;
}

static double plain(const Bench *b, Err *e)
{
    double start = seconds();
    for (int i = 0; i < PLAIN; i++)
        if (!vote_verify_plain(&b->votes[i], &b->el, e))
            return 0;
    return (seconds() - start) / PLAIN;
}

static double alone(const Bench *b, Err *e)
{
    double start = seconds();
    for (int i = 0; i < MADE; i++)
        if (!vote_verify(NULL, &b->votes[i], &b->el, &b->tables, e))
            return 0;
    return (seconds() - start) / MADE;
}

/* n ballots read and verified, n of the MADE ones in turn; the sum is kept as for a tally. */
static double batch(const Bench *b, size_t n, Err *e)
{
    static const unsigned char seed[32] = { 2 };
    Arena *a = arena_open((size_t)1 << 30);
    BatchItem *items = ARENA_ARRAY(a, BatchItem, n);
    Vote *votes = ARENA_ARRAY(a, Vote, n);
    CurvePoint sum[10];
    Err fault;
    size_t bad = 0;
    for (int i = 0; i < 10; i++)
        sum[i] = curve_identity();
    double start = seconds();
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        ok = vote_read(&votes[i], a, &b->el, b->ballots[i % MADE], e);
        items[i] = (BatchItem){ .vote = &votes[i], .hints = b->hints[i % MADE], .counts = true };
    }
    ok = ok && batch_verify(items, n, &b->el, &b->tables, seed, sum, &bad, &fault, e) && bad == n;
    double took = seconds() - start;
    arena_close(a);
    return ok ? took / (double)n : 0;
}

int main(void)
{
    static Bench b;
    Err e = { 0 };
    if (!open_bench(&b, &e) || !make(&b, &e))
        return 1;
    double naive = plain(&b, &e), one = alone(&b, &e);
    if (naive == 0 || one == 0)
        return 1;
    printf("verified %8.0f us a ballot by libsodium alone\n", 1e6 * naive);
    printf("         %8.0f us one by one, without hints: %5.1f x libsodium\n", 1e6 * one,
           naive / one);
    static const size_t sizes[] = { 8, 64, 256, MANY };
    double each = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        each = batch(&b, sizes[i], &e);
        if (each == 0)
            return 1;
        printf("         %8.0f us in batches of %4zu with hints, reading and adding up included:"
               " %5.1f x libsodium\n", 1e6 * each, sizes[i], naive / each);
    }
    bench_limit("ballots verified against libsodium alone", naive / each, false, 10, "x");
    bench_limit("1,000 ballots read, verified and added up", each * MANY, true, 0.5, "s");
    bench_limit("100,000 ballots at that rate", each * 100000, true, 40, "s");
    arena_close(b.a);
    return 0;
}
