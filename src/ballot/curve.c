#include "ballot/field.h"

/* d = -121665/121666, 2d and the square root of -1, little-endian limbs of 51 bits. */
static const CurveField curve_d = { { 0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029,
                                      0x739c663a03cbb, 0x52036cee2b6ff } };
static const CurveField curve_2d = { { 0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052,
                                       0x6738cc7407977, 0x2406d9dc56dff } };
static const CurveField curve_i = { { 0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60,
                                      0x78595a6804c9e, 0x2b8324804fc1d } };

CurvePoint curve_identity(void)
{
    return (CurvePoint){ .y = { { 1 } }, .z = { { 1 } } };
}

/* --- powers ----------------------------------------------------------------------------------- */

static CurveField square_times(const CurveField *a, int n)
{
    CurveField r = field_square(a);
    while (--n > 0)
        r = field_square(&r);
    return r;
}

/* a^(2^250 - 1), and a^11 on the way. */
static CurveField power_250(const CurveField *a, CurveField *a11)
{
    CurveField a2 = field_square(a), t = square_times(&a2, 2);
    CurveField a9 = field_mul(&t, a);
    *a11 = field_mul(&a9, &a2);
    t = field_square(a11);
    CurveField p5 = field_mul(&t, &a9); /* 2^5 - 1 */
    t = square_times(&p5, 5);
    CurveField p10 = field_mul(&t, &p5);
    t = square_times(&p10, 10);
    CurveField p20 = field_mul(&t, &p10);
    t = square_times(&p20, 20);
    CurveField p40 = field_mul(&t, &p20);
    t = square_times(&p40, 10);
    CurveField p50 = field_mul(&t, &p10);
    t = square_times(&p50, 50);
    CurveField p100 = field_mul(&t, &p50);
    t = square_times(&p100, 100);
    CurveField p200 = field_mul(&t, &p100);
    t = square_times(&p200, 50);
    return field_mul(&t, &p50);
}

CurveField curve_field_invert(const CurveField *a) /* a^(p - 2) = a^(2^255 - 21) */
{
    CurveField a11, t = power_250(a, &a11);
    t = square_times(&t, 5);
    return field_mul(&t, &a11);
}

static CurveField power_root(const CurveField *a) /* a^((p - 5) / 8) = a^(2^252 - 3) */
{
    CurveField a11, t = power_250(a, &a11);
    t = square_times(&t, 2);
    return field_mul(&t, a);
}

/* --- decoding --------------------------------------------------------------------------------- */

/* x with x^2 = u / v: RFC 8032 section 5.1.3. */
static bool root_of_ratio(CurveField *x, const CurveField *u, const CurveField *v)
{
    CurveField v2 = field_square(v), v3 = field_mul(&v2, v), v6 = field_square(&v3);
    CurveField v7 = field_mul(&v6, v), uv3 = field_mul(u, &v3), uv7 = field_mul(u, &v7);
    CurveField power = power_root(&uv7), r = field_mul(&uv3, &power);
    CurveField square = field_square(&r), check = field_mul(&square, v);
    CurveField minus = field_negate(u);
    if (field_eq(&check, &minus))
        r = field_mul(&r, &curve_i);
    else if (!field_eq(&check, u))
        return false;
    *x = r;
    return true;
}

/* -x^2 + y^2 = 1 + d x^2 y^2 */
static bool on_curve(const CurveField *x, const CurveField *y)
{
    CurveField x2 = field_square(x), y2 = field_square(y), xy = field_mul(&x2, &y2);
    CurveField left = field_sub(&y2, &x2), right = field_mul(&curve_d, &xy), one = field_int(1);
    right = field_add(&right, &one);
    return field_eq(&left, &right);
}

static bool below_p(const unsigned char b[32], unsigned char top)
{
    CurveField f = field_of(b);
    unsigned char back[32], want[32];
    field_bytes(back, &f);
    memcpy(want, b, 32);
    want[31] = top;
    return memcmp(back, want, 32) == 0;
}

bool curve_decode(CurvePoint *out, Point p)
{
    CurveField y = field_of(p.b), y2, u, v, x, one = field_int(1);
    bool odd = p.b[31] >> 7;
    if (!below_p(p.b, p.b[31] & 0x7f))
        return false;
    y2 = field_square(&y);
    u = field_sub(&y2, &one);
    u = field_carry(u);
    v = field_mul(&curve_d, &y2);
    v = field_carry(field_add(&v, &one));
    if (!root_of_ratio(&x, &u, &v) || (odd && field_is_zero(&x)))
        return false;
    if (field_is_odd(&x) != odd)
        x = field_negate(&x);
    *out = (CurvePoint){ x, y, one, field_mul(&x, &y) };
    return true;
}

/* --- addition --------------------------------------------------------------------------------- */

/* The common end: from E, F, G, H. */
static CurvePoint finish(const CurveField *e, const CurveField *f, const CurveField *g,
                         const CurveField *h)
{
    return (CurvePoint){ field_mul(e, f), field_mul(g, h), field_mul(f, g), field_mul(e, h) };
}

CurvePoint curve_add(const CurvePoint *p, const CurvePoint *q)
{
    CurveField pm = field_sub(&p->y, &p->x), pp = field_add(&p->y, &p->x);
    CurveField qm = field_sub(&q->y, &q->x), qp = field_add(&q->y, &q->x);
    CurveField a = field_mul(&pm, &qm), b = field_mul(&pp, &qp);
    CurveField tt = field_mul(&p->t, &q->t), c = field_mul(&tt, &curve_2d);
    CurveField zz = field_mul(&p->z, &q->z), d = field_add(&zz, &zz);
    CurveField e = field_sub(&b, &a), f = field_sub(&d, &c);
    CurveField g = field_add(&d, &c), h = field_add(&b, &a);
    return finish(&e, &f, &g, &h);
}

static CurvePoint negated(const CurvePoint *p)
{
    return (CurvePoint){ field_negate(&p->x), p->y, p->z, field_negate(&p->t) };
}

CurvePoint curve_sub(const CurvePoint *p, const CurvePoint *q)
{
    CurvePoint minus = negated(q);
    return curve_add(p, &minus);
}

CurvePoint curve_double(const CurvePoint *p)
{
    CurveField a = field_square(&p->x), b = field_square(&p->y), zz = field_square(&p->z);
    CurveField c = field_add(&zz, &zz), sum = field_add(&p->x, &p->y);
    CurveField both = field_square(&sum), h = field_add(&a, &b);
    CurveField e = field_sub(&h, &both), g = field_sub(&a, &b), f = field_add(&c, &g);
    return finish(&e, &f, &g, &h);
}

void curve_add_affine(CurvePoint *p, const CurveAffine *q)
{
    CurveField pm = field_sub(&p->y, &p->x), pp = field_add(&p->y, &p->x);
    CurveField a = field_mul(&pm, &q->minus), b = field_mul(&pp, &q->plus);
    CurveField c = field_mul(&p->t, &q->t2d), d = field_add(&p->z, &p->z);
    CurveField e = field_sub(&b, &a), f = field_sub(&d, &c);
    CurveField g = field_add(&d, &c), h = field_add(&b, &a);
    *p = finish(&e, &f, &g, &h);
}

void curve_sub_affine(CurvePoint *p, const CurveAffine *q)
{
    CurveField pm = field_sub(&p->y, &p->x), pp = field_add(&p->y, &p->x);
    CurveField a = field_mul(&pm, &q->plus), b = field_mul(&pp, &q->minus);
    CurveField c = field_mul(&p->t, &q->t2d), d = field_add(&p->z, &p->z);
    CurveField e = field_sub(&b, &a), f = field_add(&d, &c);
    CurveField g = field_sub(&d, &c), h = field_add(&b, &a);
    *p = finish(&e, &f, &g, &h);
}

bool curve_eq(const CurvePoint *p, const CurvePoint *q)
{
    CurveField a = field_mul(&p->x, &q->z), b = field_mul(&q->x, &p->z);
    CurveField c = field_mul(&p->y, &q->z), d = field_mul(&q->y, &p->z);
    return field_eq(&a, &b) && field_eq(&c, &d);
}

bool curve_is_identity(const CurvePoint *p)
{
    CurvePoint o = curve_identity();
    return curve_eq(p, &o);
}

/* --- affine forms ----------------------------------------------------------------------------- */

enum { MANY = 64 };

/* 1/z of up to MANY points with one inversion (Montgomery). */
static void invert_z(CurveField *inverse, const CurvePoint *p, size_t n)
{
    CurveField run[MANY], all = field_int(1);
    for (size_t i = 0; i < n; i++) {
        run[i] = all;
        all = field_mul(&all, &p[i].z);
    }
    all = curve_field_invert(&all);
    for (size_t i = n; i-- > 0;) {
        inverse[i] = field_mul(&all, &run[i]);
        all = field_mul(&all, &p[i].z);
    }
}

void curve_normalise(Point *out, CurveAffine *affine, const CurvePoint *p, size_t n)
{
    CurveField inverse[MANY];
    for (size_t from = 0; from < n; from += MANY) {
        size_t now = n - from < MANY ? n - from : MANY;
        invert_z(inverse, p + from, now);
        for (size_t i = 0; i < now; i++) {
            CurveField x = field_mul(&p[from + i].x, &inverse[i]);
            CurveField y = field_mul(&p[from + i].y, &inverse[i]);
            if (out) {
                field_bytes(out[from + i].b, &y);
                out[from + i].b[31] |= (unsigned char)(field_is_odd(&x) << 7);
            }
            if (affine) {
                CurveField xy = field_mul(&x, &y), minus = field_sub(&y, &x);
                affine[from + i] = (CurveAffine){ field_add(&y, &x), field_carry(minus),
                                                  field_mul(&xy, &curve_2d) };
            }
        }
    }
}

void curve_encode(Point *out, const CurvePoint *p, size_t n)
{
    curve_normalise(out, NULL, p, n);
}

/* --- hints ------------------------------------------------------------------------------------ */

bool curve_hint_read(CurvePoint *eightfold, const unsigned char hint[CURVE_HINT])
{
    CurvePoint p;
    CurveField x = field_of(hint), y = field_of(hint + 32);
    if (hint[31] >> 7 || hint[63] >> 7 || !on_curve(&x, &y))
        return false;
    p = (CurvePoint){ x, y, field_int(1), field_mul(&x, &y) };
    p = curve_double(&p);
    p = curve_double(&p);
    *eightfold = curve_double(&p);
    return true;
}

void curve_hint_write(unsigned char *out, const CurvePoint *p, size_t n)
{
    CurveField inverse[MANY];
    for (size_t from = 0; from < n; from += MANY) {
        size_t now = n - from < MANY ? n - from : MANY;
        invert_z(inverse, p + from, now);
        for (size_t i = 0; i < now; i++) {
            CurveField x = field_mul(&p[from + i].x, &inverse[i]);
            CurveField y = field_mul(&p[from + i].y, &inverse[i]);
            field_bytes(out + CURVE_HINT * (from + i), &x);
            field_bytes(out + CURVE_HINT * (from + i) + 32, &y);
        }
    }
}

Scalar curve_eighth(Scalar s)
{
    static const Scalar eighth = { { 0x79, 0x2f, 0xdc, 0xe2, 0x29, 0xe5, 0x06, 0x61, 0xd0, 0xda,
                                     0x1c, 0x7d, 0xb3, 0x9d, 0xd3, 0x07, 0, 0, 0, 0, 0, 0, 0, 0,
                                     0, 0, 0, 0, 0, 0, 0, 0x06 } };
    return scalar_mul(s, eighth);
}
