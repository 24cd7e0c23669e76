/* Documents that share traces: all pairs of the index, and the likely sources of one text.
 *
 * A trace held by more documents than the cap makes no pairs; that alone keeps the work in step
 * with the text. Copies so frequent that all their traces are above the cap are found by their
 * chains, each holder with a few neighbours when there are many. */
#include "origin/inside.h"

#include <stdlib.h>
#include <string.h>

/* How much two documents share: a table by (a, b), a < b. */
typedef struct Tie {
    uint64_t key;                /* a << DOC_BITS | b; b > 0, so 0 is empty */
    uint32_t traces, chains;
} Tie;

typedef struct Ties {
    Tie *items;
    size_t n, size;
    bool refused;
} Ties;

static size_t tie_slot(const Ties *t, uint64_t key)
{
    size_t mask = t->size - 1, i = (size_t)(key * 0x9E3779B97F4A7C15u >> 20) & mask;
    while (t->items[i].key && t->items[i].key != key)
        i = (i + 1) & mask;
    return i;
}

static bool grow_ties(Ties *t)
{
    Ties more = { calloc(t->size ? t->size * 2 : 1 << 12, sizeof *t->items), t->n,
                  t->size ? t->size * 2 : 1 << 12, false };
    if (!more.items)
        return false;
    for (size_t i = 0; i < t->size; i++)
        if (t->items[i].key)
            more.items[tie_slot(&more, t->items[i].key)] = t->items[i];
    free(t->items);
    *t = more;
    return true;
}

static Tie *tie_of(Ties *t, uint32_t a, uint32_t b)
{
    uint64_t key = (uint64_t)a << DOC_BITS | b;
    if (t->n * 2 >= t->size && !grow_ties(t)) {
        t->refused = true;
        return NULL;
    }
    Tie *tie = &t->items[tie_slot(t, key)];
    t->n += tie->key == 0;
    tie->key = key;
    return tie;
}

/* Distinct documents of the entries [from, to). */
static size_t distinct(uint32_t *docs, const uint64_t *items, size_t from, size_t to, size_t most)
{
    size_t n = 0;
    for (size_t i = from; i < to && n < most; i++) {
        uint32_t d = origin_entry_doc(items[i]);
        if (n == 0 || docs[n - 1] != d)
            docs[n++] = d;
    }
    return n;
}

/* Ties of the first documents [from, to) only: an index of a million reports is gone through
 * several times, because the ties of one go are what costs memory. */
typedef struct Go {
    uint32_t from, to;
} Go;

static bool is_in(const Go *g, uint32_t doc)
{
    return doc >= g->from && doc < g->to;
}

static void tie_traces(Ties *t, const Go *g, const uint32_t *docs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; is_in(g, docs[i]) && k < n; k++) {
            Tie *tie = tie_of(t, docs[i], docs[k]);
            if (tie)
                tie->traces++;
        }
}

static void tie_chains(Ties *t, const Go *g, const uint64_t *items, size_t from, size_t to)
{
    size_t near = to - from <= CHAIN_ALL ? CHAIN_ALL : CHAIN_NEAR;
    for (size_t i = from; i < to; i++) {
        uint32_t a = origin_entry_doc(items[i]);
        for (size_t k = i + 1; is_in(g, a) && k < to && k <= i + near; k++) {
            uint32_t b = origin_entry_doc(items[k]);
            Tie *tie = a != b ? tie_of(t, a, b) : NULL;
            if (tie)
                tie->chains++;
        }
    }
}

static size_t group_end(const Shelf *s, size_t from)
{
    size_t i = from + 1;
    while (i < s->sorted && s->items[i] >> DOC_BITS == s->items[from] >> DOC_BITS)
        i++;
    return i;
}

static void tie_shelf(Ties *t, const Go *g, const Shelf *traces, const Shelf *chains, size_t cap)
{
    uint32_t docs[ORIGIN_CAP_MOST + 1];
    for (size_t i = 0, end; i < traces->sorted; i = end) {
        end = group_end(traces, i);
        size_t n = end - i > 1 ? distinct(docs, traces->items, i, end, cap + 1) : 0;
        if (n > 1 && n <= cap)
            tie_traces(t, g, docs, n);
    }
    for (size_t i = 0, end; i < chains->sorted; i = end) {
        end = group_end(chains, i);
        tie_chains(t, g, chains->items, i, end);
    }
}

static int share_of(uint32_t part, uint32_t whole)
{
    uint64_t p = whole ? (uint64_t)part * 1000 / whole : 0;
    return p > 1000 ? 1000 : (int)p;
}

/* Permille of d that the other holds. One chain alone is chance or a quotation. */
static int guess_of(const Stored *d, uint32_t traces, uint32_t chains)
{
    int fine = share_of(traces, d->traces), wide = chains > 1 ? share_of(chains, d->chains) : 0;
    return fine > wide ? fine : wide;
}

static int by_docs(const void *x, const void *y)
{
    const OriginPair *a = x, *b = y;
    return a->a != b->a ? (a->a > b->a) - (a->a < b->a) : (a->b > b->b) - (a->b < b->b);
}

static bool take_pairs(OriginPairs *all, Arena *m, const Origin *o, const Ties *t, int permille,
                       Err *e)
{
    for (size_t i = 0; i < t->size; i++) {
        const Tie *tie = &t->items[i];
        if (!tie->key)
            continue;
        uint32_t a = (uint32_t)(tie->key >> DOC_BITS), b = origin_entry_doc(tie->key);
        int ga = guess_of(&o->docs[a], tie->traces, tie->chains);
        int gb = guess_of(&o->docs[b], tie->traces, tie->chains);
        int guess = ga > gb ? ga : gb;
        if (guess < permille)
            continue;
        if (all->n >= ORIGIN_PAIRS_MAX)
            return err_fail(e, ERR_TOO_BIG, err_hole("what", "相似的报告对"),
                            err_hole("max", (int64_t)ORIGIN_PAIRS_MAX));
        if (!ARENA_PUSH(m, all->items, all->n, all->cap))
            return origin_refused(e);
        all->items[all->n++] = (OriginPair){ a, b, guess };
    }
    return true;
}

/* The pairs whose first document lies within one go. */
static bool pairs_of(OriginPairs *all, Arena *m, const Origin *o, const Go *g, int permille,
                     Err *e)
{
    Ties t = { 0 };
    size_t cap = (size_t)origin_cap(o);
    for (size_t i = 0; i < SHELVES && !t.refused; i++)
        tie_shelf(&t, g, &o->traces[i], &o->chains[i], cap);
    bool ok = t.refused ? origin_refused(e) : take_pairs(all, m, o, &t, permille, e);
    free(t.items);
    return ok;
}

bool origin_pairs(OriginPairs *out, Arena *a, const Origin *o, int permille, Err *e)
{
    enum { DOCS_A_GO = 150000 };
    OriginPairs made = { 0 };
    for (size_t from = 0; from < o->settled; from += DOCS_A_GO) {
        Go g = { (uint32_t)from, (uint32_t)from + DOCS_A_GO };
        if (!pairs_of(&made, a, o, &g, permille > 0 ? permille : 1, e))
            return false;
    }
    if (made.n > 0)
        qsort(made.items, made.n, sizeof *made.items, by_docs);
    *out = made;
    return true;
}

/* --- one text against all ------------------------------------------------------------------- */

/* The newest holders of a chain: what everybody quotes has thousands. */
static void ask_chain(Ties *t, const Origin *o, uint64_t hash)
{
    const Shelf *s = &o->chains[hash >> 54];
    size_t end, from = origin_find(s, hash, &end);
    uint32_t last = UINT32_MAX;
    if (end - from > CHAIN_ALL)
        from = end - CHAIN_ALL;
    for (size_t i = from; i < end; i++) {
        uint32_t d = origin_entry_doc(s->items[i]);
        Tie *tie = d != last ? tie_of(t, 0, d + 1) : NULL;
        if (tie)
            tie->chains++;
        last = d;
    }
}

static void ask_trace(Ties *t, const Origin *o, uint64_t hash, size_t cap)
{
    const Shelf *s = &o->traces[hash >> 54];
    uint32_t docs[ORIGIN_CAP_MOST + 1];
    size_t end, from = origin_find(s, hash, &end);
    size_t n = distinct(docs, s->items, from, end, cap + 1);
    for (size_t i = 0; n <= cap && i < n; i++) {
        Tie *tie = tie_of(t, 0, docs[i] + 1);
        if (tie)
            tie->traces++;
    }
}

static int by_guess(const void *x, const void *y)
{
    const OriginHit *a = x, *b = y;
    return a->guess != b->guess ? (a->guess < b->guess) - (a->guess > b->guess)
                                : (a->doc.id > b->doc.id) - (a->doc.id < b->doc.id);
}

static bool take_hits(OriginHits *out, Arena *m, const Origin *o, const OriginDoc *self,
                      const Stored *mine, const Ties *t, Err *e)
{
    OriginHits made = { 0 };
    for (size_t i = 0; i < t->size; i++) {
        const Tie *tie = &t->items[i];
        if (!tie->key)
            continue;
        const Stored *d = &o->docs[origin_entry_doc(tie->key) - 1];
        int guess = guess_of(mine, tie->traces, tie->chains);
        if (d->doc.id == self->id || guess < ORIGIN_SUSPECT)
            continue;
        if (!ARENA_PUSH(m, made.items, made.n, made.cap))
            return origin_refused(e);
        made.items[made.n++] = (OriginHit){ d->doc, d->doc.owner == self->owner, guess };
    }
    if (made.n > 0)
        qsort(made.items, made.n, sizeof *made.items, by_guess);
    if (made.n > ORIGIN_HITS_MAX)
        made.n = ORIGIN_HITS_MAX;
    *out = made;
    return true;
}

bool origin_ask(OriginHits *out, Arena *a, const Origin *o, const OriginDoc *self, Str text,
                Err *e)
{
    Side side;
    Ties t = { 0 };
    Stored mine = { 0 };
    size_t cap = (size_t)origin_cap(o);
    if (!origin_side(&side, a, o, text, e))
        return false;
    size_t n = origin_keep_own(o, side.t, side.n_t);
    mine.traces = (uint32_t)n;
    for (size_t i = 0; i < n; i++)
        ask_trace(&t, o, side.t[i].hash, cap);
    for (size_t i = 0; i + CHAIN <= n; i++) {
        uint64_t chain = origin_chain(side.t + i);
        if (chain) {
            mine.chains++;
            ask_chain(&t, o, chain);
        }
    }
    bool ok = t.refused ? origin_refused(e) : take_hits(out, a, o, self, &mine, &t, e);
    free(t.items);
    return ok;
}
