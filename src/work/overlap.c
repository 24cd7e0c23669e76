#include "work/overlap.h"

#include <stdlib.h>

static bool counts(uint32_t cp)
{
    static const uint32_t signs[] = { 0x00B7, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026 };
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (cp == signs[i])
            return false;
    bool ascii_sign = cp < 0x80 && !((cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') ||
                                     (cp >= 'a' && cp <= 'z'));
    bool cjk_sign = cp >= 0x3000 && cp <= 0x303F;
    bool wide_sign = cp >= 0xFF00 && cp <= 0xFFEF && !(cp >= 0xFF10 && cp <= 0xFF19);
    return !ascii_sign && !cjk_sign && !wide_sign;
}

typedef struct Points {
    uint32_t *cp;
    size_t n;
} Points;

static bool points_of(Points *out, Arena *a, Str s)
{
    uint32_t cp;
    out->n = 0;
    out->cp = ARENA_ARRAY(a, uint32_t, s.n + 1);
    for (size_t at = 0, k; out->cp && (k = str_next(s, at, &cp)) > 0; at += k)
        if (counts(cp))
            out->cp[out->n++] = cp;
    return out->cp != NULL;
}

static uint64_t passage(const uint32_t *cp, size_t n)
{
    return str_hash((Str){ (const char *)cp, n * sizeof *cp });
}

static int by_hash(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

bool work_overlap(Overlap *out, Arena *a, Str first, Str second)
{
    Points x, y;
    *out = (Overlap){ 0, 0 };
    if (!points_of(&x, a, first) || !points_of(&y, a, second))
        return false;
    out->all = x.n;
    size_t w = x.n < OVERLAP_WINDOW ? x.n : OVERLAP_WINDOW;
    if (w == 0 || y.n < w)
        return true;
    size_t n = y.n - w + 1;
    uint64_t *known = ARENA_ARRAY(a, uint64_t, n);
    if (!known)
        return false;
    for (size_t i = 0; i < n; i++)
        known[i] = passage(y.cp + i, w);
    qsort(known, n, sizeof *known, by_hash);
    size_t end = 0; /* characters before it are counted already */
    for (size_t i = 0; i + w <= x.n; i++) {
        uint64_t key = passage(x.cp + i, w);
        if (!bsearch(&key, known, n, sizeof *known, by_hash))
            continue;
        out->same += i + w - (end > i ? end : i);
        end = i + w;
    }
    return true;
}

bool work_overlap_over(const Overlap *o, size_t num, size_t den)
{
    return o->all > 0 && o->same * den >= o->all * num;
}
