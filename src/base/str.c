#include "base/str.h"

#include <string.h>

Str str_of(const char *z)
{
    return z ? (Str){ z, strlen(z) } : (Str){ "", 0 };
}

bool str_eq(Str a, Str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_is(Str a, const char *z)
{
    return str_eq(a, str_of(z));
}

int str_cmp(Str a, Str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    if (c != 0)
        return c;
    return a.n < b.n ? -1 : a.n > b.n;
}

bool str_starts(Str s, Str head)
{
    return s.n >= head.n && str_eq(str_sub(s, 0, head.n), head);
}

bool str_ends(Str s, Str tail)
{
    return s.n >= tail.n && str_eq(str_sub(s, s.n - tail.n, tail.n), tail);
}

Str str_sub(Str s, size_t from, size_t n)
{
    if (from >= s.n)
        return (Str){ s.p ? s.p + s.n : "", 0 };
    if (n > s.n - from)
        n = s.n - from;
    return (Str){ s.p + from, n };
}

/* Bytes of the blank that starts (or, backwards, ends) at p; 0 when there is none. */
static size_t blank_at(const char *p, size_t n)
{
    if (n == 0)
        return 0;
    if (*p == ' ' || (*p >= '\t' && *p <= '\r'))
        return 1;
    if (n >= 2 && memcmp(p, "\xC2\xA0", 2) == 0)
        return 2;
    if (n >= 3 && (memcmp(p, "\xE3\x80\x80", 3) == 0 || memcmp(p, "\xEF\xBB\xBF", 3) == 0))
        return 3;
    return 0;
}

static size_t blank_before(Str s)
{
    for (size_t k = 1; k <= 3 && k <= s.n; k++)
        if (blank_at(s.p + s.n - k, k) == k)
            return k;
    return 0;
}

Str str_trim(Str s)
{
    size_t k;
    while ((k = blank_at(s.p, s.n)) > 0)
        s = str_sub(s, k, s.n);
    while ((k = blank_before(s)) > 0)
        s.n -= k;
    return s;
}

ptrdiff_t str_find(Str s, Str what)
{
    if (what.n == 0)
        return 0;
    if (s.n < what.n)
        return -1;
    /* Chinese characters share their first byte with a quarter of all others, the third is rare. */
    size_t rare = what.n > 2 && (unsigned char)what.p[0] >= 0xE0 ? 2 : 0;
    const char *p = s.p + rare, *end = s.p + s.n - what.n + 1 + rare;
    while (p < end && (p = memchr(p, what.p[rare], (size_t)(end - p)))) {
        if (memcmp(p - rare, what.p, what.n) == 0)
            return p - rare - s.p;
        p++;
    }
    return -1;
}

bool str_has(Str s, Str what)
{
    return str_find(s, what) >= 0;
}

bool str_cut(Str s, Str sep, Str *head, Str *tail)
{
    ptrdiff_t at = str_find(s, sep);
    if (at < 0) {
        *head = s;
        *tail = str_sub(s, s.n, 0);
        return false;
    }
    *head = str_sub(s, 0, (size_t)at);
    *tail = str_sub(s, (size_t)at + sep.n, s.n);
    return true;
}

uint64_t str_hash(Str s)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
    return h;
}

size_t str_next(Str s, size_t at, uint32_t *cp)
{
    if (at >= s.n)
        return 0;
    const unsigned char *p = (const unsigned char *)s.p + at;
    size_t left = s.n - at, need;
    uint32_t c = p[0], least;
    if (c < 0x80) {
        *cp = c;
        return 1;
    }
    if (c >= 0xC2 && c <= 0xDF)
        need = 1, c &= 0x1F, least = 0x80;
    else if (c >= 0xE0 && c <= 0xEF)
        need = 2, c &= 0x0F, least = 0x800;
    else if (c >= 0xF0 && c <= 0xF4)
        need = 3, c &= 0x07, least = 0x10000;
    else
        return *cp = 0xFFFD, 1;
    if (left < need + 1)
        return *cp = 0xFFFD, 1;
    for (size_t i = 1; i <= need; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return *cp = 0xFFFD, 1;
        c = c << 6 | (p[i] & 0x3F);
    }
    if (c < least || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return *cp = 0xFFFD, 1;
    *cp = c;
    return need + 1;
}

size_t str_put(char out[4], uint32_t cp)
{
    if (cp < 0x80)
        return out[0] = (char)cp, 1;
    if (cp < 0x800)
        return out[0] = (char)(0xC0 | cp >> 6), out[1] = (char)(0x80 | (cp & 0x3F)), 2;
    if (cp >= 0xD800 && cp <= 0xDFFF)
        return 0;
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    if (cp > 0x10FFFF)
        return 0;
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

size_t str_points(Str s)
{
    size_t n = 0;
    uint32_t cp;
    for (size_t i = 0; i < s.n; n++) {
        for (size_t to = i + str_plain(s, i); i < to; i++) /* well-formed: count first bytes */
            n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
        size_t k = str_next(s, i, &cp);
        if (k == 0)
            return n;
        i += k;
    }
    return n;
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

size_t str_plain(Str s, size_t at)
{
    if (at >= s.n)
        return 0;
    const unsigned char *from = (const unsigned char *)s.p + at, *p = from,
                        *end = (const unsigned char *)s.p + s.n;
    for (;;) {
        while (p < end && is_plain(*p))
            p++;
        if (end - p < 3 || p[0] < 0xE1 || p[0] > 0xEC || (p[1] & 0xC0) != 0x80
            || (p[2] & 0xC0) != 0x80)
            return (size_t)(p - from);
        p += 3;
    }
}

bool str_valid(Str s)
{
    size_t k;
    uint32_t cp;
    for (size_t i = 0; i < s.n; i += k) {
        if ((k = str_plain(s, i)) > 0)
            continue;
        k = str_next(s, i, &cp);
        if (cp == 0 || (cp == 0xFFFD && k == 1))
            return false;
    }
    return true;
}

bool str_int(Str s, int64_t *out)
{
    size_t i = s.n > 0 && s.p[0] == '-';
    bool minus = i == 1;
    int64_t v = 0;
    if (i == s.n)
        return false;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, s.p[i] - '0', &v))
            return false; /* counted downwards so that INT64_MIN fits */
    }
    if (!minus && v == INT64_MIN)
        return false;
    *out = minus ? v : -v;
    return true;
}

Str str_digits(char out[STR_DIGITS], int64_t v)
{
    size_t at = STR_DIGITS;
    uint64_t n = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do {
        out[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n);
    if (v < 0)
        out[--at] = '-';
    return (Str){ out + at, STR_DIGITS - at };
}
