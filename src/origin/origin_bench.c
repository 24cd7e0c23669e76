/* All-pairs originality over synthetic reports with planted copies.
 *
 *     origin_bench [DOCS] [--dump N FILE]
 *
 * Reports are sentences of random two-character words; 30 % of the characters are set phrases of
 * 12 to 28 characters from a pool of 20,000, the r-th of them r times rarer than the first. Four
 * in a hundred are copies, of the kinds below, each of a source of its own; a pair is reported
 * when one of both shares at least THRESHOLD permille after exact alignment. --dump writes N
 * reports, one a line, for tool/bench-origin.sh, which times another program on them. */
#include "base/bench.h"
#include "origin/origin.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { FULL = 100000, MOST = 1000000 }; /* reports that the limits are said of */
enum { POINTS = 3000, BATCH = 500, PHRASES = 20000, WORDS = 8000, SENTENCES_MAX = 400,
       THRESHOLD = 100, CANDIDATE = 60, QUERIES = 200, ROOM = 16 << 10 };

typedef enum Kind { REPLACED_5, REPLACED_20, REPLACED_40, SHUFFLED, BLOCK_30, PATCHWORK, CHARS_5,
                    CHARS_20, KINDS } Kind;
static const char *const names[KINDS] = {
    "sentences replaced 5 %", "sentences replaced 20 %", "sentences replaced 40 %",
    "sentences shuffled", "one block of 30 %", "patchwork, 3 blocks of 20 %",
    "characters replaced 5 %", "characters replaced 20 %"
};

typedef struct Rng { uint64_t s; } Rng;
static uint64_t next(Rng *r)
{
    uint64_t z = (r->s += 0x9E3779B97F4A7C15u);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}
static uint32_t below(Rng *r, uint32_t n)
{
    return (uint32_t)((next(r) >> 32) * n >> 32);
}

/* A text as code points and the ends of its sentences. */
typedef struct Draft {
    uint16_t c[POINTS * 2];
    int n, ends[SENTENCES_MAX], n_ends;
} Draft;

typedef struct World {
    uint16_t words[WORDS][2];
    uint16_t phrases[PHRASES][28];
    int phrase_n[PHRASES];
    double reach[PHRASES];       /* sum of 1/r */
    size_t docs, plain;
} World;

static void open_world(World *w, size_t docs)
{
    Rng r = { 1 };
    double sum = 0;
    w->docs = docs;
    w->plain = docs - docs / 25;
    for (int i = 0; i < WORDS; i++)
        for (int k = 0; k < 2; k++)
            w->words[i][k] = (uint16_t)(0x4E00 + below(&r, 2500) * 8);
    for (int i = 0; i < PHRASES; i++) {
        w->phrase_n[i] = 12 + (int)below(&r, 9) * 2;
        for (int k = 0; k < w->phrase_n[i]; k += 2)
            memcpy(&w->phrases[i][k], w->words[below(&r, WORDS)], 4);
        w->reach[i] = sum += 1.0 / (i + 1);
    }
}

static int a_phrase(const World *w, Rng *r)
{
    double at = (double)(next(r) >> 11) / 9007199254740992.0 * w->reach[PHRASES - 1];
    int low = 0, high = PHRASES - 1;
    while (low < high) {
        int mid = (low + high) / 2;
        if (w->reach[mid] < at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* One more sentence: 30 % of its characters from set phrases. */
static void write_sentence(const World *w, Draft *d, Rng *r)
{
    int words = 10 + (int)below(r, 16), from = d->n;
    for (int i = 0; i < words; i++) {
        if (below(r, 1000) < 41) {
            int p = a_phrase(w, r);
            memcpy(d->c + d->n, w->phrases[p], (size_t)w->phrase_n[p] * 2);
            d->n += w->phrase_n[p];
        } else {
            memcpy(d->c + d->n, w->words[below(r, WORDS)], 4);
            d->n += 2;
        }
    }
    d->n -= (d->n - from) & 1;
    d->ends[d->n_ends++] = d->n;
}

static void write_until(const World *w, Draft *d, Rng *r, int points)
{
    while (d->n < points && d->n_ends < SENTENCES_MAX)
        write_sentence(w, d, r);
}

static void write_plain(const World *w, Draft *d, size_t i)
{
    Rng r = { i * 7919 + 13 };
    d->n = d->n_ends = 0;
    write_until(w, d, &r, POINTS);
}

/* Copies have sources of their own: three each, of which most kinds use the first. */
static size_t source_of(const World *w, size_t doc, int k)
{
    return ((doc - w->plain) * 3 + (size_t)k) * 7 % w->plain;
}
static Kind kind_of(const World *w, size_t doc)
{
    return (Kind)((doc - w->plain) % KINDS);
}

static void add_sentence(Draft *d, const Draft *s, int i)
{
    int from = i ? s->ends[i - 1] : 0, n = s->ends[i] - from;
    memcpy(d->c + d->n, s->c + from, (size_t)n * 2);
    d->n += n;
    d->ends[d->n_ends++] = d->n;
}

static void copy_sentences(const World *w, Draft *d, const Draft *s, Rng *r, Kind kind)
{
    int order[SENTENCES_MAX], replaced = kind == REPLACED_5 ? 5 : kind == REPLACED_20 ? 20 : 40;
    for (int i = 0; i < s->n_ends; i++)
        order[i] = i;
    for (int i = s->n_ends - 1; kind == SHUFFLED && i > 0; i--) {
        int k = (int)below(r, (uint32_t)i + 1), swap = order[i];
        order[i] = order[k];
        order[k] = swap;
    }
    for (int i = 0; i < s->n_ends; i++)
        if (kind != SHUFFLED && (int)below(r, 100) < replaced)
            write_sentence(w, d, r);
        else
            add_sentence(d, s, order[i]);
}

/* A block of `points` characters from a random place, cut where it falls. */
static void copy_block(Draft *d, const Draft *s, Rng *r, int points)
{
    int from = (int)below(r, (uint32_t)(s->n - points));
    memcpy(d->c + d->n, s->c + from, (size_t)points * 2);
    d->n += points;
    d->ends[d->n_ends++] = d->n;
}

static void write_copy(const World *w, Draft *d, size_t doc)
{
    Rng r = { doc * 104729 + 7 };
    static Draft s;
    Kind kind = kind_of(w, doc);
    d->n = d->n_ends = 0;
    write_plain(w, &s, source_of(w, doc, 0));
    switch (kind) {
    case BLOCK_30:
        write_until(w, d, &r, POINTS / 3);
        copy_block(d, &s, &r, POINTS * 3 / 10);
        break;
    case PATCHWORK:
        for (int k = 0; k < 3; k++) {
            write_plain(w, &s, source_of(w, doc, k));
            write_until(w, d, &r, d->n + POINTS / 8);
            copy_block(d, &s, &r, POINTS / 5);
        }
        break;
    case CHARS_5: case CHARS_20:
        *d = s;
        for (int i = 0; i < d->n; i++)
            if (below(&r, 100) < (kind == CHARS_5 ? 5 : 20))
                d->c[i] = (uint16_t)(0x4E00 + below(&r, 20000));
        break;
    default:
        copy_sentences(w, d, &s, &r, kind);
    }
    write_until(w, d, &r, POINTS);
}

static Str write_doc(const World *w, size_t doc, char *out)
{
    static Draft d;
    size_t n = 0;
    int sentence = 0;
    if (doc < w->plain)
        write_plain(w, &d, doc);
    else
        write_copy(w, &d, doc);
    for (int i = 0; i < d.n; i++) {
        n += str_put(out + n, d.c[i]);
        if (i + 1 == d.ends[sentence]) {
            n += str_put(out + n, 0x3002);
            sentence++;
        }
    }
    return (Str){ out, n };
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double megabytes(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_maxrss / 1024;
}

/* Seconds of adding and settling; the texts are made outside of the time. */
static double add_all(Origin *o, const World *w, Err *e)
{
    char *room = malloc((size_t)BATCH * ROOM);
    double taken = 0;
    for (size_t i = 0; i < w->docs; i += BATCH) {
        Str s[BATCH];
        size_t n = w->docs - i < BATCH ? w->docs - i : BATCH;
        for (size_t k = 0; k < n; k++)
            s[k] = write_doc(w, i + k, room + k * ROOM);
        double start = seconds();
        for (size_t k = 0; k < n; k++)
            if (!origin_add(o, &(OriginDoc){ (int64_t)(i + k), (int64_t)(i + k), 2026 }, s[k], e))
                exit(1);
        taken += seconds() - start;
    }
    free(room);
    double start = seconds();
    if (!origin_settle(o, e))
        exit(1);
    return taken + seconds() - start;
}

static bool is_planted(const World *w, const OriginPair *p, Kind *kind)
{
    if (p->a >= w->plain || p->b < w->plain)
        return false;
    *kind = kind_of(w, p->b);
    for (int k = 0; k < (*kind == PATCHWORK ? 3 : 1); k++)
        if (source_of(w, p->b, k) == p->a)
            return true;
    return false;
}

typedef struct Score {
    size_t found[KINDS], planted[KINDS], reported, right;
    double aligning;
} Score;

static void align_all(Score *out, Arena *a, const Origin *o, const World *w,
                      const OriginPairs *pairs, Err *e)
{
    static char one[ROOM], two[ROOM];
    for (size_t i = 0; i < pairs->n; i++) {
        const OriginPair *p = &pairs->items[i];
        Str x = write_doc(w, p->b, one), y = write_doc(w, p->a, two);
        OriginBeside b;
        Kind kind;
        arena_reset(a);
        double start = seconds();
        if (!origin_beside(&b, a, o, x, y, e))
            exit(1);
        out->aligning += seconds() - start;
        if (b.permille < THRESHOLD && b.other_permille < THRESHOLD)
            continue;
        out->reported++;
        if (is_planted(w, p, &kind)) {
            out->right++;
            out->found[kind]++;
        }
    }
    for (size_t d = w->plain; d < w->docs; d++)
        out->planted[kind_of(w, d)] += kind_of(w, d) == PATCHWORK ? 3 : 1;
}

static void show(const Score *s, const World *w)
{
    size_t all = 0;
    double least = 1, precision = s->reported ? (double)s->right / (double)s->reported : 0;
    for (int k = 0; k < KINDS; k++) {
        if (k < CHARS_5 && s->planted[k])
            least = fmin(least, (double)s->found[k] / (double)s->planted[k]);
        printf("  %-28s recall %.4f  (%zu of %zu pairs)\n", names[k],
               s->planted[k] ? (double)s->found[k] / (double)s->planted[k] : 0, s->found[k],
               s->planted[k]);
        all += s->planted[k];
    }
    printf("  precision %.4f (%zu of %zu reported); threshold %d permille of either own text; base "
           "rate %.1e\n", precision, s->right, s->reported, THRESHOLD,
           (double)all / ((double)w->docs * (double)(w->docs - 1) / 2));
    if (w->docs == FULL) {
        bench_limit("originality: recall, the worst sentence-level kind", 100 * least, false, 99,
                    "%");
        bench_limit("originality: precision", 100 * precision, false, 98, "%");
    }
}

static bool fetch(Str *out, Arena *a, void *ctx, const OriginDoc *d, Err *e)
{
    char *room = arena_alloc(a, ROOM);
    (void)e;
    *out = write_doc(ctx, (size_t)d->id, room);
    return true;
}

/* Copies as if they came in now: the index without them would answer alike. */
static void ask_some(Arena *a, const Origin *o, World *w, Err *e)
{
    double ask = 0, whole = 0, slowest = 0;
    static char room[ROOM];
    size_t sources = 0;
    for (size_t i = 0; i < QUERIES; i++) {
        size_t doc = w->plain + i * (w->docs - w->plain) / QUERIES;
        Str s = write_doc(w, doc, room);
        OriginDoc self = { (int64_t)doc, -1, 2026 };
        OriginHits hits;
        OriginFound found;
        arena_reset(a);
        double start = seconds();
        if (!origin_ask(&hits, a, o, &self, s, e))
            exit(1);
        double asked = seconds();
        if (!origin_report(&found, a, o, &self, s, fetch, w, e))
            exit(1);
        double took = seconds() - asked;
        ask += asked - start;
        whole += took;
        slowest = took > slowest ? took : slowest;
        sources += found.n;
    }
    printf("  one new report: sources named in %.2f ms, laid side by side in %.2f ms (slowest "
           "%.2f); %zu sources\n", ask * 1e3 / QUERIES, whole * 1e3 / QUERIES, slowest * 1e3,
           sources);
    if (w->docs == FULL)
        bench_limit("one new report against 100,000", (ask + whole) * 1e3 / QUERIES, true, 20,
                    "ms");
}

static int dump(const World *w, size_t n, const char *path)
{
    static char room[ROOM];
    FILE *f = fopen(path, "wb");
    if (!f)
        return 1;
    for (size_t i = 0; i < n; i++) {
        Str s = write_doc(w, i, room);
        fwrite(s.p, 1, s.n, f);
        fputc('\n', f);
    }
    return fclose(f) != 0;
}

int main(int argc, char **argv)
{
    static World w;
    static Score score;
    Err e = { 0 };
    Text *t;
    Origin *o;
    OriginPairs pairs;
    Arena *all = arena_open((size_t)1 << 30), *one = arena_open(64u << 20);
    size_t docs = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : FULL;
    open_world(&w, docs);
    if (argc > 4 && strcmp(argv[2], "--dump") == 0)
        return dump(&w, (size_t)strtoull(argv[3], NULL, 10), argv[4]);
    if (!all || !one || !text_open(&t, TEXT_TO_HANS, &e) ||
        !origin_open(&o, t, ORIGIN_NORMAL, &e))
        return 1;
    double adding = add_all(o, &w, &e), start = seconds();
    if (!origin_pairs(&pairs, all, o, CANDIDATE, &e))
        return 1;
    double pairing = seconds() - start;
    align_all(&score, one, o, &w, &pairs, &e);
    double sum = adding + pairing + score.aligning;
    printf("%zu reports of %d characters: %.2f s = %.0f reports/s (reading %.2f, pairs %.2f, "
           "aligning %zu pairs %.2f), %.0f MB\n", docs, POINTS, sum, (double)docs / sum, adding,
           pairing, pairs.n, score.aligning, megabytes());
    if (docs == FULL)
        bench_limit("originality of 100,000 reports", sum, true, 6, "s");
    if (docs == MOST)
        bench_limit("originality of 1,000,000 reports, memory", megabytes() / 1e3, true, 6, "GB");
    show(&score, &w);
    ask_some(one, o, &w, &e);
    origin_close(o);
    text_close(t);
    arena_close(all);
    arena_close(one);
    return 0;
}
