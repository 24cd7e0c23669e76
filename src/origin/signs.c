/* A text as the characters that carry meaning, their grams, and the traces that are kept. */
#include "origin/inside.h"

#include <string.h>

enum { FAR_SIGN = 0xE000 }; /* characters beyond the first plane fall into the private area */

bool origin_refused(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "原创比对"));
}

static inline size_t put_sign(uint16_t *c, uint32_t *at, size_t n, uint16_t sign, size_t i)
{
    if (at)
        at[n] = (uint32_t)i;
    c[n] = sign;
    return n + (sign != 0);
}

/* Three bytes from 0xE1 to 0xEC are nearly all of a Chinese text and cannot be overlong or a
 * surrogate; whatever else stands there is decoded with care. */
static inline size_t signs_of(uint16_t *c, uint32_t *at, const uint16_t *alphabet, Str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t n = 0, i = 0;
    while (i < s.n) {
        if (i + 2 < s.n && p[i] - 0xE1u <= 0xECu - 0xE1u && (p[i + 1] & 0xC0) == 0x80 &&
            (p[i + 2] & 0xC0) == 0x80) {
            uint32_t cp = (p[i] & 0xFu) << 12 | (p[i + 1] & 0x3Fu) << 6 | (p[i + 2] & 0x3Fu);
            n = put_sign(c, at, n, alphabet[cp], i);
            i += 3;
            continue;
        }
        uint32_t cp;
        size_t k = str_next(s, i, &cp);
        if (cp == 0 || (cp == 0xFFFD && k == 1))
            return BAD_SIGNS;
        uint16_t far = (uint16_t)(FAR_SIGN | ((cp ^ cp >> 12) & 0xFFF));
        n = put_sign(c, at, n, cp < TEXT_SINGLES ? alphabet[cp] : far, i);
        i += k;
    }
    return n;
}

size_t origin_signs(uint16_t *c, uint32_t *at, const uint16_t *alphabet, Str s)
{
    return at ? signs_of(c, at, alphabet, s) : signs_of(c, NULL, alphabet, s);
}

static inline uint64_t mixed(uint64_t h)
{
    h ^= h >> 32;
    h *= 0xD6E8FEB86659FD93u;
    h ^= h >> 32;
    return h * 0xD6E8FEB86659FD93u;
}

/* A polynomial over the characters, rolled along and mixed, so that its order is no order of the
 * alphabet. */
size_t origin_grams(uint64_t *h, const uint16_t *c, size_t n, size_t gram)
{
    const uint64_t base = 0x9E3779B97F4A7C15u;
    uint64_t roll = 0, top = 1;
    if (n < gram)
        return 0;
    for (size_t i = 0; i < gram; i++) {
        roll = roll * base + c[i];
        top *= base;
    }
    h[0] = mixed(roll);
    for (size_t i = gram; i < n; i++) {
        roll = roll * base + c[i] - top * c[i - gram];
        h[i - gram + 1] = mixed(roll);
    }
    return n - gram + 1;
}

/* The rightmost least of h[from, to]. */
static inline size_t least_of(const uint64_t *h, size_t from, size_t to)
{
    size_t best = from;
    for (size_t i = from + 1; i <= to; i++)
        best = h[i] <= h[best] ? i : best;
    return best;
}

/* A gram stays the trace until it leaves the window or a smaller one comes in; an equal one does
 * not replace it, so that a text of one character gives few. */
size_t origin_traces(Trace *out, const uint64_t *h, size_t m)
{
    size_t n = 0;
    if (m == 0)
        return 0;
    size_t first = m < ORIGIN_WINDOW ? m - 1 : ORIGIN_WINDOW - 1;
    size_t best = least_of(h, 0, first);
    out[n++] = (Trace){ h[best], (uint32_t)best };
    for (size_t i = first + 1; i < m; i++) {
        if (h[i] < h[best])
            best = i;
        else if (best + ORIGIN_WINDOW <= i)
            best = least_of(h, best + 1, i);
        else
            continue;
        out[n++] = (Trace){ h[best], (uint32_t)best };
    }
    return n;
}

uint64_t origin_chain(const Trace *t)
{
    uint64_t h = 0;
    for (int i = 0; i < CHAIN; i++)
        h = (h ^ t[i].hash) * 0x9E3779B97F4A7C15u;
    h = mixed(h);
    return h & 3 ? 0 : h;
}

bool origin_is_exempt(const Origin *o, uint64_t hash)
{
    uint64_t bit = hash >> (64 - SIEVE_BITS);
    if (o->n_exempt == 0 || !(o->sieve[bit >> 6] >> (bit & 63) & 1))
        return false;
    size_t mask = o->exempt_size - 1;
    for (size_t i = (size_t)hash & mask; o->exempt[i]; i = (i + 1) & mask)
        if (o->exempt[i] == hash)
            return true;
    return false;
}

size_t origin_keep_own(const Origin *o, Trace *t, size_t n)
{
    size_t kept = 0;
    if (o->n_exempt == 0)
        return n;
    for (size_t i = 0; i < n; i++)
        if (!origin_is_exempt(o, t[i].hash))
            t[kept++] = t[i];
    return kept;
}

size_t origin_own(const Origin *o, const uint64_t *h, size_t m, size_t n, uint8_t *exempt)
{
    size_t taken = 0, until = 0; /* characters before `until` have been looked at */
    if (o->n_exempt == 0)
        return n;
    for (size_t i = 0; i < m; i++) {
        if (!origin_is_exempt(o, h[i]))
            continue;
        size_t from = i > until ? i : until;
        until = i + o->gram;
        taken += until - from;
        if (exempt)
            memset(exempt + from, 1, until - from);
    }
    return n - taken;
}
