/* The kernels: plain loops that a compiler turns into vectors, in a copy for each kind of
 * processor. Overflow is looked for once in a block; only a block that has it is gone through row
 * by row. */
#include "feel/column_in.h"

#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(SANITIZED)
#define SANITIZED 1
#endif
/* Sanitizers instrument the choice of a copy before they have started. */
#if defined(__x86_64__) && !defined(SANITIZED)
#define CLONES __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define CLONES
#endif

/* A column is read in blocks, so the processor's own prefetching starts anew on every page: what
 * is read next is asked for by hand. Beyond the column's end it is a hint without effect. */
enum { CHUNK = 64, LINE = 8, AHEAD = 512, SUM_WIDTH = 4 };

/* 10^33: below it a quotient of 34 digits cannot be rounded across a boundary of the scale. */
static __int128 numerator_max(void)
{
    return (__int128)1000000000000000 * 1000000000000000000;
}

CLONES static int64_t add_all(int64_t *restrict r, const int64_t *restrict a,
                              const int64_t *restrict b, size_t n)
{
    int64_t any = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t sum = (int64_t)((uint64_t)a[i] + (uint64_t)b[i]);
        any |= (a[i] ^ sum) & (b[i] ^ sum);
        r[i] = sum;
    }
    return any;
}

CLONES static int64_t sub_all(int64_t *restrict r, const int64_t *restrict a,
                              const int64_t *restrict b, size_t n)
{
    int64_t any = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t rest = (int64_t)((uint64_t)a[i] - (uint64_t)b[i]);
        any |= (a[i] ^ b[i]) & (a[i] ^ rest);
        r[i] = rest;
    }
    return any;
}

/* Bits used by any of the values, signs folded away. */
CLONES static uint64_t bits_of(const int64_t *restrict a, size_t n)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < n; i++)
        bits |= (uint64_t)(a[i] ^ (a[i] >> 63));
    return bits;
}

CLONES static void mul_small(int64_t *restrict r, const int64_t *restrict a,
                             const int64_t *restrict b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        r[i] = (int64_t)(int32_t)a[i] * (int32_t)b[i];
}

/* Products of numbers below 2^31; the bits used tell afterwards whether all were. */
CLONES static uint64_t mul_small_by(int64_t *restrict r, const int64_t *restrict a, int32_t k,
                                    size_t n)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < n; i++) {
        bits |= (uint64_t)(a[i] ^ (a[i] >> 63));
        r[i] = (int64_t)(int32_t)a[i] * k;
    }
    return bits;
}

/* a + b * k in one pass: below zero when a sum overflowed or a part was not small. */
CLONES static int64_t more_small(int64_t *restrict r, const int64_t *restrict a,
                                 const int64_t *restrict b, int32_t k, size_t n)
{
    int64_t any = 0;
    uint64_t bits = 0;
    for (size_t from = 0; from < n; from += CHUNK) {
        size_t to = from + CHUNK < n ? from + CHUNK : n;
        for (size_t i = 0; i < CHUNK; i += LINE)
            __builtin_prefetch((const void *)((uintptr_t)b + (from + AHEAD + i) * sizeof *b));
        for (size_t i = from; i < to; i++) {
            int64_t part = (int64_t)(int32_t)b[i] * k;
            int64_t sum = (int64_t)((uint64_t)a[i] + (uint64_t)part);
            bits |= (uint64_t)(b[i] ^ (b[i] >> 63));
            any |= (a[i] ^ sum) & (part ^ sum);
            r[i] = sum;
        }
    }
    return bits >> 31 ? -1 : any;
}

/* Four columns at a time, so that r is not read and written for each. Every number is below 2^31
 * when the bits that come back have none above the 32nd: 2^31 is added to each. */
CLONES static uint64_t sum_four(int64_t *restrict r, const int64_t *const v[SUM_WIDTH],
                                const int32_t k[SUM_WIDTH], size_t n)
{
    const uint64_t half = UINT64_C(1) << 31;
    const int64_t *restrict a = v[0], *restrict b = v[1], *restrict c = v[2], *restrict d = v[3];
    int64_t ka = k[0], kb = k[1], kc = k[2], kd = k[3];
    uint64_t bits = 0;
    for (size_t from = 0; from < n; from += CHUNK) {
        size_t to = from + CHUNK < n ? from + CHUNK : n;
        for (size_t i = from + AHEAD; i < from + AHEAD + CHUNK; i += LINE)
            for (int t = 0; t < SUM_WIDTH; t++)
                __builtin_prefetch((const void *)((uintptr_t)v[t] + i * sizeof *r));
        for (size_t i = from; i < to; i++) {
            bits |= ((uint64_t)a[i] + half) | ((uint64_t)b[i] + half) |
                    ((uint64_t)c[i] + half) | ((uint64_t)d[i] + half);
            r[i] = (int64_t)((uint64_t)r[i] + (uint64_t)((int32_t)a[i] * ka) +
                             (uint64_t)((int32_t)b[i] * kb) + (uint64_t)((int32_t)c[i] * kc) +
                             (uint64_t)((int32_t)d[i] * kd));
        }
    }
    return bits;
}

CLONES static void mul_by(int64_t *restrict r, const int64_t *restrict a, int64_t k, size_t n)
{
    for (size_t i = 0; i < n; i++)
        r[i] = (int64_t)((uint64_t)a[i] * (uint64_t)k);
}

bool feel_lane_add(int64_t *r, const int64_t *a, const int64_t *b, size_t n, uint8_t *bad)
{
    if (add_all(r, a, b, n) >= 0)
        return false;
    for (size_t i = 0; i < n; i++)
        bad[i] |= __builtin_add_overflow(a[i], b[i], &r[i]);
    return true;
}

bool feel_lane_sub(int64_t *r, const int64_t *a, const int64_t *b, size_t n, uint8_t *bad)
{
    if (sub_all(r, a, b, n) >= 0)
        return false;
    for (size_t i = 0; i < n; i++)
        bad[i] |= __builtin_sub_overflow(a[i], b[i], &r[i]);
    return true;
}

bool feel_lane_mul(int64_t *r, const int64_t *a, const int64_t *b, size_t n, uint8_t *bad)
{
    bool any = false;
    if (((bits_of(a, n) | bits_of(b, n)) >> 31) == 0) {
        mul_small(r, a, b, n);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        bool over = __builtin_mul_overflow(a[i], b[i], &r[i]);
        bad[i] |= over;
        any |= over;
    }
    return any;
}

bool feel_lane_up(int64_t *r, const int64_t *a, int64_t k, size_t n, uint8_t *bad)
{
    bool any = false;
    uint64_t most = k < 0 ? 0 - (uint64_t)k : (uint64_t)k;
    uint64_t bits = most >> 31 ? bits_of(a, n) : mul_small_by(r, a, (int32_t)k, n);
    if ((bits | most) >> 31 == 0)
        return false;
    if (most && bits < INT64_MAX / most) {
        mul_by(r, a, k, n);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        bool over = __builtin_mul_overflow(a[i], k, &r[i]);
        bad[i] |= over;
        any |= over;
    }
    return any;
}

bool feel_lane_more(int64_t *r, const int64_t *a, const int64_t *b, int64_t k, size_t n,
                    uint8_t *bad)
{
    bool any = false;
    if (k > INT32_MIN && k <= INT32_MAX && more_small(r, a, b, (int32_t)k, n) >= 0)
        return false;
    for (size_t i = 0; i < n; i++) {
        int64_t part;
        bool over = __builtin_mul_overflow(b[i], k, &part);
        over |= __builtin_add_overflow(a[i], part, &r[i]);
        bad[i] |= over;
        any |= over;
    }
    return any;
}

/* The factors of a sum add up to less than 2^31 (column_plan.c), so parts of numbers below 2^31
 * stay below 2^62, and so must a. */
bool feel_lane_sum(int64_t *r, const int64_t *a, const FeelTerm *terms, size_t n_terms,
                   const FeelLane *lanes, size_t n)
{
    uint64_t bits = 0;
    if (a && bits_of(a, n) >> 62)
        return false;
    if (a)
        memcpy(r, a, n * sizeof *r);
    else
        memset(r, 0, n * sizeof *r);
    for (size_t i = 0; i < n_terms; i += SUM_WIDTH) {
        const int64_t *v[SUM_WIDTH];
        int32_t k[SUM_WIDTH];
        for (size_t t = 0; t < SUM_WIDTH; t++) { /* what is missing to four is nothing, added */
            bool there = i + t < n_terms;
            v[t] = lanes[terms[there ? i + t : i].step].v;
            k[t] = there ? terms[i + t].k : 0;
        }
        bits |= sum_four(r, v, k, n);
    }
    return bits >> 32 == 0;
}

bool feel_lane_down(int64_t *r, const int64_t *a, int64_t k, size_t n, uint8_t *bad)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        bool rest = a[i] % k != 0;
        r[i] = a[i] / k;
        bad[i] |= rest;
        any |= rest;
    }
    return any;
}

/* Which way a quotient goes: its sign, its last digit, and where the rest lies against a half. */
static inline int64_t nudge(DecRound how, bool negative, bool odd, int half, bool rest)
{
    switch (how) {
    case DEC_HALF_EVEN:
        return half > 0 || (half == 0 && odd);
    case DEC_HALF_UP:
        return half >= 0;
    case DEC_HALF_DOWN:
        return half > 0;
    case DEC_UP:
        return rest;
    case DEC_FLOOR:
        return rest && negative;
    case DEC_CEILING:
        return rest && !negative;
    default:
        return 0;
    }
}

/* Written out for each power of ten, for a division by a constant is a multiplication. */
static inline __attribute__((always_inline)) void round_by(int64_t *restrict r,
                                                           const int64_t *restrict a, int64_t k,
                                                           DecRound how, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t q = a[i] / k, rest = a[i] % k, most = rest < 0 ? -rest : rest;
        int half = (most > k - most) - (most < k - most);
        int64_t by = nudge(how, a[i] < 0, q & 1, half, rest != 0);
        r[i] = a[i] < 0 ? q - by : q + by;
    }
}

#define ROUND_BY(power)                                                                            \
    case power:                                                                                    \
        if (how == DEC_HALF_EVEN)                                                                  \
            round_by(r, a, power, DEC_HALF_EVEN, n);                                               \
        else if (how == DEC_HALF_UP)                                                               \
            round_by(r, a, power, DEC_HALF_UP, n);                                                 \
        else                                                                                       \
            round_by(r, a, power, how, n);                                                         \
        break;

/* Numbers below 2^31: a quotient is the upper part of a product with the reciprocal m / 2^shift,
 * where shift is 31 and the bits of k; exact for them (Granlund and Montgomery 1994). */
static inline __attribute__((always_inline)) uint64_t
round_small(int64_t *restrict r, const int64_t *restrict a, uint32_t k, DecRound how, size_t n)
{
    int shift = 31 + 32 - __builtin_clz(k - 1);
    uint64_t m = (UINT64_C(1) << shift) / k + 1, bits = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t sign = (uint64_t)(a[i] >> 63), most = ((uint64_t)a[i] ^ sign) - sign;
        uint64_t q = (uint64_t)(uint32_t)most * (uint32_t)m >> shift;
        uint64_t twice = 2 * (most - (uint64_t)(uint32_t)q * k);
        bits |= most;
        q += how == DEC_HALF_UP ? twice >= k : twice + (q & 1) > k;
        r[i] = (int64_t)((q ^ sign) - sign);
    }
    return bits;
}

CLONES static uint64_t half_even_small(int64_t *r, const int64_t *a, uint32_t k, size_t n)
{
    return round_small(r, a, k, DEC_HALF_EVEN, n);
}

CLONES static uint64_t half_up_small(int64_t *r, const int64_t *a, uint32_t k, size_t n)
{
    return round_small(r, a, k, DEC_HALF_UP, n);
}

bool feel_lane_round(int64_t *r, const int64_t *a, int64_t k, DecRound how, size_t n)
{
    bool half = how == DEC_HALF_EVEN || how == DEC_HALF_UP;
    if (half && k <= 1000000000 &&
        (how == DEC_HALF_UP ? half_up_small(r, a, (uint32_t)k, n)
                            : half_even_small(r, a, (uint32_t)k, n)) >> 31 == 0)
        return false;
    switch (k) {
        ROUND_BY(10)
        ROUND_BY(100)
        ROUND_BY(1000)
        ROUND_BY(10000)
        ROUND_BY(100000)
        ROUND_BY(1000000)
    default:
        round_by(r, a, k, how, n);
        break;
    }
    return false;
}
#undef ROUND_BY

/* One exact quotient. False: too long for the row path to have the same digits, or too large. */
static bool divide_one(int64_t *r, int64_t x, int64_t y, const FeelStep *s)
{
    __int128 num = (__int128)x * s->k, den = (__int128)y * s->k2;
    bool negative = (num < 0) != (den < 0);
    if (num < 0)
        num = -num;
    if (den < 0)
        den = -den;
    if (num >= numerator_max() || den >= numerator_max())
        return false;
    unsigned __int128 q, rest;
    if (num <= INT64_MAX && den <= INT64_MAX) {
        q = (uint64_t)num / (uint64_t)den;
        rest = (uint64_t)num % (uint64_t)den;
    } else {
        q = (unsigned __int128)num / (unsigned __int128)den;
        rest = (unsigned __int128)num % (unsigned __int128)den;
    }
    unsigned __int128 left = (unsigned __int128)den - rest;
    int half = (rest > left) - (rest < left);
    q += (uint64_t)nudge(s->how, negative, (bool)(q & 1), half, rest != 0);
    if (q > INT64_MAX)
        return false;
    *r = negative ? -(int64_t)q : (int64_t)q;
    return true;
}

bool feel_lane_divide(int64_t *r, uint8_t *nulls, FeelLane a, FeelLane b, const FeelStep *s,
                      size_t n, uint8_t *bad)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        bool none = (a.nulls && a.nulls[i]) || (b.nulls && b.nulls[i]) || b.v[i] == 0;
        nulls[i] = none;
        r[i] = 0;
        if (!none && !divide_one(&r[i], a.v[i], b.v[i], s))
            bad[i] = any = true;
    }
    return any;
}

bool feel_lane_negate(int64_t *r, const int64_t *a, bool only_negative, size_t n, uint8_t *bad)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        bool least = a[i] == INT64_MIN;
        r[i] = least || (only_negative && a[i] >= 0) ? a[i] : -a[i];
        bad[i] |= least;
        any |= least;
    }
    return any;
}

void feel_lane_extreme(int64_t *r, const int64_t *a, const int64_t *b, bool most, size_t n)
{
    for (size_t i = 0; i < n; i++)
        r[i] = (a[i] > b[i]) == most ? a[i] : b[i];
}

#define COMPARE(name, op)                                                                          \
    CLONES static void name(int64_t *restrict r, const int64_t *restrict a,                        \
                            const int64_t *restrict b, size_t n)                                   \
    {                                                                                              \
        for (size_t i = 0; i < n; i++)                                                             \
            r[i] = a[i] op b[i];                                                                   \
    }
COMPARE(is_eq, ==)
COMPARE(is_ne, !=)
COMPARE(is_lt, <)
COMPARE(is_le, <=)
COMPARE(is_gt, >)
COMPARE(is_ge, >=)
#undef COMPARE

void feel_lane_compare(int64_t *r, const int64_t *a, const int64_t *b, FeelToken op, size_t n)
{
    switch (op) {
    case T_EQ:
        is_eq(r, a, b, n);
        break;
    case T_NE:
        is_ne(r, a, b, n);
        break;
    case T_LT:
        is_lt(r, a, b, n);
        break;
    case T_LE:
        is_le(r, a, b, n);
        break;
    case T_GT:
        is_gt(r, a, b, n);
        break;
    default:
        is_ge(r, a, b, n);
        break;
    }
}

void feel_lane_or_nulls(uint8_t *r, const uint8_t *a, const uint8_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        r[i] = (uint8_t)((a ? a[i] : 0) | (b ? b[i] : 0));
}

void feel_lane_choose(int64_t *r, uint8_t *nulls, FeelLane test, FeelLane yes, FeelLane no,
                      size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool take = test.v[i] && !(test.nulls && test.nulls[i]);
        r[i] = take ? yes.v[i] : no.v[i];
        nulls[i] = take ? yes.nulls && yes.nulls[i] : no.nulls && no.nulls[i];
    }
}
