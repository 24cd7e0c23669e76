/* field: numbers modulo p = 2^255 - 19 as five limbs of 51 bits, for curve*.c only. Variable time.
 *
 * "Reduced" means limbs below 2^51 + 2^13, which field_mul, field_square and field_carry give. A
 * product takes factors with limbs up to 2^54: a sum of up to four reduced numbers, or the
 * difference (which adds 2^53) of a sum of two and a reduced one, or that plus two more. */
#ifndef BALLOT_FIELD_H
#define BALLOT_FIELD_H

#include "ballot/curve.h"

#include <string.h>

#define FIELD_MASK ((UINT64_C(1) << 51) - 1)
typedef unsigned __int128 FieldWide;
/* Left to itself gcc calls these and passes the limbs through memory, which doubles an addition. */
#define FIELD_INLINE static inline __attribute__((always_inline))

static inline CurveField field_int(uint64_t v)
{
    return (CurveField){ { v } };
}

FIELD_INLINE CurveField field_add(const CurveField *a, const CurveField *b)
{
    CurveField r;
    for (int i = 0; i < 5; i++)
        r.v[i] = a->v[i] + b->v[i];
    return r;
}

/* a - b + 4p: b's limbs must be below 2^53 - 76. */
FIELD_INLINE CurveField field_sub(const CurveField *a, const CurveField *b)
{
    CurveField r;
    r.v[0] = a->v[0] + 4 * (FIELD_MASK - 18) - b->v[0];
    for (int i = 1; i < 5; i++)
        r.v[i] = a->v[i] + 4 * FIELD_MASK - b->v[i];
    return r;
}

FIELD_INLINE CurveField field_carry(CurveField a)
{
    uint64_t c = 0;
    for (int i = 0; i < 5; i++) {
        a.v[i] += c;
        c = a.v[i] >> 51;
        a.v[i] &= FIELD_MASK;
    }
    a.v[0] += 19 * c;
    return a;
}

FIELD_INLINE CurveField field_fold(FieldWide r0, FieldWide r1, FieldWide r2, FieldWide r3,
                                    FieldWide r4)
{
    CurveField r;
    uint64_t c;
    r1 += (uint64_t)(r0 >> 51);
    r2 += (uint64_t)(r1 >> 51);
    r3 += (uint64_t)(r2 >> 51);
    r4 += (uint64_t)(r3 >> 51);
    c = (uint64_t)(r4 >> 51);
    r.v[0] = ((uint64_t)r0 & FIELD_MASK);
    FieldWide low = (FieldWide)c * 19 + r.v[0];
    r.v[0] = (uint64_t)low & FIELD_MASK;
    r.v[1] = ((uint64_t)r1 & FIELD_MASK) + (uint64_t)(low >> 51);
    r.v[2] = (uint64_t)r2 & FIELD_MASK;
    r.v[3] = (uint64_t)r3 & FIELD_MASK;
    r.v[4] = (uint64_t)r4 & FIELD_MASK;
    return r;
}

#define FIELD_M(x, y) ((FieldWide)(x) * (y))

FIELD_INLINE CurveField field_mul(const CurveField *f, const CurveField *g)
{
    const uint64_t *a = f->v, *b = g->v;
    uint64_t b1 = 19 * b[1], b2 = 19 * b[2], b3 = 19 * b[3], b4 = 19 * b[4];
    return field_fold(
        FIELD_M(a[0], b[0]) + FIELD_M(a[1], b4) + FIELD_M(a[2], b3) + FIELD_M(a[3], b2) +
            FIELD_M(a[4], b1),
        FIELD_M(a[0], b[1]) + FIELD_M(a[1], b[0]) + FIELD_M(a[2], b4) + FIELD_M(a[3], b3) +
            FIELD_M(a[4], b2),
        FIELD_M(a[0], b[2]) + FIELD_M(a[1], b[1]) + FIELD_M(a[2], b[0]) + FIELD_M(a[3], b4) +
            FIELD_M(a[4], b3),
        FIELD_M(a[0], b[3]) + FIELD_M(a[1], b[2]) + FIELD_M(a[2], b[1]) + FIELD_M(a[3], b[0]) +
            FIELD_M(a[4], b4),
        FIELD_M(a[0], b[4]) + FIELD_M(a[1], b[3]) + FIELD_M(a[2], b[2]) + FIELD_M(a[3], b[1]) +
            FIELD_M(a[4], b[0]));
}

FIELD_INLINE CurveField field_square(const CurveField *f)
{
    const uint64_t *a = f->v;
    uint64_t d0 = 2 * a[0], d1 = 2 * a[1], d2 = 2 * a[2], n3 = 19 * a[3], n4 = 19 * a[4];
    return field_fold(FIELD_M(a[0], a[0]) + FIELD_M(d1, n4) + FIELD_M(d2, n3),
                      FIELD_M(d0, a[1]) + FIELD_M(d2, n4) + FIELD_M(a[3], n3),
                      FIELD_M(d0, a[2]) + FIELD_M(a[1], a[1]) + FIELD_M(2 * a[3], n4),
                      FIELD_M(d0, a[3]) + FIELD_M(d1, a[2]) + FIELD_M(a[4], n4),
                      FIELD_M(d0, a[4]) + FIELD_M(d1, a[3]) + FIELD_M(a[2], a[2]));
}

/* The least value, as 32 little-endian bytes. */
static inline void field_bytes(unsigned char out[32], const CurveField *f)
{
    CurveField r = field_carry(field_carry(*f));
    uint64_t c = (r.v[0] + 19) >> 51; /* does adding 19 reach 2^255? then the value is p or more */
    for (int i = 1; i < 5; i++)
        c = (r.v[i] + c) >> 51;
    r.v[0] += 19 * c;
    for (int i = 0; i < 4; i++) {
        r.v[i + 1] += r.v[i] >> 51;
        r.v[i] &= FIELD_MASK;
    }
    r.v[4] &= FIELD_MASK;
    uint64_t w[4] = { r.v[0] | r.v[1] << 51, r.v[1] >> 13 | r.v[2] << 38,
                      r.v[2] >> 26 | r.v[3] << 25, r.v[3] >> 39 | r.v[4] << 12 };
    for (int i = 0; i < 32; i++)
        out[i] = (unsigned char)(w[i / 8] >> 8 * (i % 8));
}

/* Bit 255 is ignored; the caller looks at it. */
static inline CurveField field_of(const unsigned char b[32])
{
    uint64_t w[4];
    for (int i = 0; i < 4; i++) {
        w[i] = 0;
        for (int j = 7; j >= 0; j--)
            w[i] = w[i] << 8 | b[8 * i + j];
    }
    return (CurveField){ { w[0] & FIELD_MASK, (w[0] >> 51 | w[1] << 13) & FIELD_MASK,
                           (w[1] >> 38 | w[2] << 26) & FIELD_MASK,
                           (w[2] >> 25 | w[3] << 39) & FIELD_MASK, w[3] >> 12 & FIELD_MASK } };
}

static inline bool field_eq(const CurveField *a, const CurveField *b)
{
    unsigned char x[32], y[32];
    field_bytes(x, a);
    field_bytes(y, b);
    return memcmp(x, y, 32) == 0;
}

static inline bool field_is_zero(const CurveField *a)
{
    CurveField zero = field_int(0);
    return field_eq(a, &zero);
}

static inline bool field_is_odd(const CurveField *a)
{
    unsigned char b[32];
    field_bytes(b, a);
    return b[0] & 1;
}

static inline CurveField field_negate(const CurveField *a)
{
    CurveField zero = field_int(0), r = field_sub(&zero, a);
    return field_carry(r);
}

CurveField curve_field_invert(const CurveField *a);

#endif
