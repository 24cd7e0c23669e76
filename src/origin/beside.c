/* Two texts character by character: the longest common runs, from left to right, and what of them
 * counts. */
#include "origin/inside.h"

#include <string.h>

enum { TRIES = 16 }; /* places of the other text that one gram is compared with */

int origin_permille(int part, int whole)
{
    return whole > 0 ? (int)((int64_t)part * 1000 / whole) : 0;
}

size_t origin_behind(const Side *s, size_t i)
{
    uint32_t cp;
    return i == 0 ? 0 : s->at[i - 1] + str_next(s->text, s->at[i - 1], &cp);
}

bool origin_side(Side *out, Arena *a, const Origin *o, Str text, Err *e)
{
    Side s = { .text = text };
    if (text.n > TEXT_BYTES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "文字"), err_hole("max", "4 MB"));
    s.c = ARENA_ARRAY(a, uint16_t, text.n + 1);
    s.at = ARENA_ARRAY(a, uint32_t, text.n + 1);
    if (!s.c || !s.at)
        return origin_refused(e);
    s.n = origin_signs(s.c, s.at, o->alphabet, text);
    if (s.n == BAD_SIGNS)
        return err_fail(e, ERR_BAD_TEXT, err_hole("what", "文字"));
    s.h = ARENA_ARRAY(a, uint64_t, s.n + 1);
    s.exempt = ARENA_ARRAY(a, uint8_t, s.n + 1);
    s.t = ARENA_ARRAY(a, Trace, s.n + 1);
    s.common = ARENA_ARRAY(a, int8_t, s.n + 1);
    if (!s.h || !s.exempt || !s.t || !s.common)
        return origin_refused(e);
    s.m = origin_grams(s.h, s.c, s.n, o->gram);
    s.n_t = origin_traces(s.t, s.h, s.m);
    memset(s.common, -1, s.n + 1);
    s.own = (int)origin_own(o, s.h, s.m, s.n, s.exempt);
    *out = s;
    return true;
}

/* --- finding runs --------------------------------------------------------------------------- */

/* The grams of the other text by hash; those of one slot are linked from left to right. */
typedef struct Places {
    uint32_t *first, *next;  /* place + 1, 0 none */
    size_t mask;
} Places;

static bool place_grams(Places *out, Arena *a, const Side *b, Err *e)
{
    size_t size = 16;
    while (size < 2 * b->m)
        size *= 2;
    Places p = { ARENA_ARRAY(a, uint32_t, size), ARENA_ARRAY(a, uint32_t, b->m + 1), size - 1 };
    if (!p.first || !p.next)
        return origin_refused(e);
    for (size_t i = b->m; i-- > 0;) {
        size_t slot = (size_t)(b->h[i] >> 16) & p.mask;
        p.next[i] = p.first[slot];
        p.first[slot] = (uint32_t)i + 1;
    }
    *out = p;
    return true;
}

static size_t common_length(const Side *a, size_t i, const Side *b, size_t k)
{
    size_t n = 0;
    while (i + n < a->n && k + n < b->n && a->c[i + n] == b->c[k + n])
        n++;
    return n;
}

static Run longest_at(const Side *a, size_t i, const Side *b, const Places *p, size_t gram)
{
    Run best = { .a = (uint32_t)i };
    int tries = 0;
    for (uint32_t k = p->first[(size_t)(a->h[i] >> 16) & p->mask]; k && tries < TRIES;
         k = p->next[k - 1]) {
        if (b->h[k - 1] != a->h[i])
            continue;
        size_t n = common_length(a, i, b, k - 1);
        tries++;
        if (n >= gram && n > best.n) {
            best.n = (uint32_t)n;
            best.b = k - 1;
        }
    }
    return best;
}

/* --- what counts ---------------------------------------------------------------------------- */

/* Is trace t of the side in more documents than the cap? Asked once each. */
static bool is_common(const Origin *o, Side *s, size_t t, int cap)
{
    if (s->common[t] < 0)
        s->common[t] = origin_holders(o, s->t[t].hash, cap) > cap;
    return s->common[t] > 0;
}

static size_t first_trace_from(const Side *s, size_t at)
{
    size_t low = 0, high = s->n_t;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->t[mid].at < at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static uint32_t count_all(uint8_t *counted, size_t from, size_t to)
{
    memset(counted + from, 1, to - from);
    return (uint32_t)(to - from);
}

/* Own characters [from, to) of a run, less than ORIGIN_RUN of them. Each trace speaks for the
 * characters up to the next one; a stretch of common ones shorter than ORIGIN_PHRASE is a set
 * phrase. Without a trace it cannot be shown to be anything else. */
static uint32_t count_short(uint8_t *counted, const Origin *o, Side *s, size_t from, size_t to)
{
    int cap = origin_cap(o);
    uint32_t n = 0;
    size_t t = first_trace_from(s, from), start = from;
    while (start < to && t < s->n_t && s->t[t].at + o->gram <= to) {
        bool common = is_common(o, s, t, cap);
        while (t < s->n_t && s->t[t].at + o->gram <= to && is_common(o, s, t, cap) == common)
            t++;
        size_t end = t < s->n_t && s->t[t].at + o->gram <= to ? s->t[t].at : to;
        if (!common || end - start >= ORIGIN_PHRASE)
            n += count_all(counted, start, end);
        start = end;
    }
    return n;
}

static uint32_t count_run(uint8_t *counted, const Origin *o, Side *s, const Run *r)
{
    uint32_t n = 0;
    size_t to = (size_t)r->a + r->n;
    for (size_t from = r->a, end; from < to; from = end) {
        end = from + 1;
        if (s->exempt[from])
            continue;
        while (end < to && !s->exempt[end])
            end++;
        if (end - from < o->gram)
            continue;
        n += end - from >= ORIGIN_RUN ? count_all(counted, from, end)
                                      : count_short(counted, o, s, from, end);
    }
    return n;
}

/* Texts that are the same: all own text counts, unless the template's gaps are all there is. */
static uint32_t count_whole(uint8_t *counted, const Origin *o, const Side *s)
{
    size_t run = 0, longest = 0;
    for (size_t i = 0; i < s->n; i++) {
        run = s->exempt[i] ? 0 : run + 1;
        longest = run > longest ? run : longest;
        counted[i] = !s->exempt[i];
    }
    if (longest >= o->gram)
        return (uint32_t)s->own;
    memset(counted, 0, s->n);
    return 0;
}

bool origin_lay(Runs *out, uint8_t *counted, Arena *m, const Origin *o, Side *a, const Side *b,
                Err *e)
{
    Places p = { 0 };
    Runs made = { 0 };
    bool whole = a->n == b->n && memcmp(a->c, b->c, a->n * sizeof *a->c) == 0;
    if (!place_grams(&p, m, b, e))
        return false;
    for (size_t i = 0; i < a->m;) {
        Run r = longest_at(a, i, b, &p, o->gram);
        if (r.n == 0) {
            i++;
            continue;
        }
        r.counted = whole ? count_whole(counted, o, a) : count_run(counted, o, a, &r);
        if (!ARENA_PUSH(m, made.items, made.n, made.cap))
            return origin_refused(e);
        made.items[made.n++] = r;
        i += r.n;
    }
    *out = made;
    return true;
}

static int sum_of(const uint8_t *flags, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += flags[i];
    return sum;
}

static bool show_runs(OriginBeside *out, Arena *m, const Runs *runs, const Side *a, const Side *b,
                      Err *e)
{
    OriginPassage *items = ARENA_ARRAY(m, OriginPassage, runs->n + 1);
    if (!items)
        return origin_refused(e);
    for (size_t i = 0; i < runs->n; i++) {
        const Run *r = &runs->items[i];
        items[i] = (OriginPassage){ a->at[r->a], origin_behind(a, (size_t)r->a + r->n),
                                    b->at[r->b], origin_behind(b, (size_t)r->b + r->n),
                                    (int)r->n, (int)r->counted };
    }
    out->items = items;
    out->n = out->cap = runs->n;
    return true;
}

/* `counted` has room for a->n characters and is set to zero here. */
bool origin_lay_both(OriginBeside *out, uint8_t *counted, Arena *m, const Origin *o, Side *a,
                     Side *b, Err *e)
{
    Runs there = { 0 }, back = { 0 };
    OriginBeside made = { .own = a->own, .other_own = b->own };
    uint8_t *others = ARENA_ARRAY(m, uint8_t, b->n + 1);
    if (!others)
        return origin_refused(e);
    memset(counted, 0, a->n);
    if (!origin_lay(&there, counted, m, o, a, b, e) || !origin_lay(&back, others, m, o, b, a, e) ||
        !show_runs(&made, m, &there, a, b, e))
        return false;
    made.shared = sum_of(counted, a->n);
    made.other_shared = sum_of(others, b->n);
    made.permille = origin_permille(made.shared, made.own);
    made.other_permille = origin_permille(made.other_shared, made.other_own);
    *out = made;
    return true;
}

bool origin_beside(OriginBeside *out, Arena *a, const Origin *o, Str text, Str other, Err *e)
{
    Side one, two;
    if (!origin_side(&one, a, o, text, e) || !origin_side(&two, a, o, other, e))
        return false;
    uint8_t *counted = ARENA_ARRAY(a, uint8_t, one.n + 1);
    if (!counted)
        return origin_refused(e);
    return origin_lay_both(out, counted, a, o, &one, &two, e);
}
