/* Every fast path against libsodium: the same answer on the same bytes, torsion included. */
#include "ballot/ballot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sodium.h>
#include <string.h>

enum { ROUNDS = 200 };

static Coin coin_for(unsigned char n)
{
    unsigned char seed[32] = { n };
    return coin_open(seed);
}

static Point random_point(Coin *coin)
{
    return point_base(coin_scalar(coin));
}

static CurvePoint decoded(Point p)
{
    CurvePoint c;
    assert_true(curve_decode(&c, p));
    return c;
}

static Point encoded(CurvePoint p)
{
    Point out;
    curve_encode(&out, &p, 1);
    return out;
}

/* A point of order eight, found by clearing the prime part of a point of the whole curve. */
static CurvePoint torsion(void)
{
    Coin coin = coin_for(77);
    CurvePoint p, t;
    Scalar q8;
    for (;;) {
        Point bytes;
        coin_bytes(&coin, bytes.b, sizeof bytes.b);
        if (!curve_decode(&p, bytes) || curve_in_group(&p))
            continue;
        /* q * p: the part of small order; wanted is one whose order is eight. */
        q8 = (Scalar){ { 0xec, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2,
                         0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                         0x10 } };
        CurveTerm term = { &p, q8 };
        t = curve_straus(NULL, q8, NULL, q8, &term, 1);
        t = curve_add(&t, &p);
        CurvePoint four = curve_double(&t);
        four = curve_double(&four);
        if (!curve_is_identity(&four))
            return t;
    }
}

static void decoding_agrees_with_libsodium(void **state)
{
    (void)state;
    Coin coin = coin_for(1);
    int on = 0, in = 0;
    for (int i = 0; i < ROUNDS; i++) {
        Point p;
        CurvePoint c;
        coin_bytes(&coin, p.b, sizeof p.b);
        if (i % 3 == 0)
            p = random_point(&coin);
        bool ok = curve_decode(&c, p);
        unsigned char sum[32];
        Point o = point_identity();
        assert_int_equal(ok, crypto_core_ed25519_add(sum, p.b, o.b) == 0);
        if (!ok)
            continue;
        on++;
        assert_true(point_eq(encoded(c), p));
        assert_int_equal(curve_in_group(&c) && !curve_is_identity(&c), point_valid(p));
        in += curve_in_group(&c);
    }
    assert_true(on > in && in >= ROUNDS / 3);
}

static void encodings_outside_are_refused(void **state)
{
    (void)state;
    CurvePoint c;
    Point p = { { 0 } };
    memset(p.b, 0xff, sizeof p.b);
    p.b[31] = 0x7f; /* y = 2^255 - 1, above p */
    assert_false(curve_decode(&c, p));
    p.b[0] = 0xed; /* y = p, a second way to write 0 */
    assert_false(curve_decode(&c, p));
    p.b[0] = 0xec; /* y = -1: order two */
    assert_true(curve_decode(&c, p));
    assert_false(curve_in_group(&c));
    p.b[31] |= 0x80; /* x = 0 has no sign */
    assert_false(curve_decode(&c, p));
    assert_false(point_valid(p));
    CurvePoint t = torsion();
    assert_false(curve_in_group(&t));
    assert_false(point_valid(encoded(t)));
    CurvePoint o = curve_identity();
    assert_true(point_is_identity(encoded(o)));
    assert_false(point_valid(point_identity()));
}

static void addition_agrees_with_libsodium(void **state)
{
    (void)state;
    Coin coin = coin_for(2);
    for (int i = 0; i < ROUNDS; i++) {
        Point p = random_point(&coin), q = i % 5 ? random_point(&coin) : p;
        CurvePoint a = decoded(p), b = decoded(q), sum = curve_add(&a, &b);
        CurvePoint less = curve_sub(&a, &b), twice = curve_double(&a);
        CurveAffine affine;
        curve_normalise(NULL, &affine, &b, 1);
        CurvePoint plus = a, minus = a;
        curve_add_affine(&plus, &affine);
        curve_sub_affine(&minus, &affine);
        assert_true(point_eq(encoded(sum), point_add(p, q)));
        assert_true(point_eq(encoded(plus), point_add(p, q)));
        assert_true(point_eq(encoded(less), point_sub(p, q)));
        assert_true(point_eq(encoded(minus), point_sub(p, q)));
        assert_true(point_eq(encoded(twice), point_add(p, p)));
    }
}

static void many_are_encoded_like_one(void **state)
{
    (void)state;
    Coin coin = coin_for(3);
    CurvePoint p[130];
    Point want[130], got[130];
    for (size_t i = 0; i < 130; i++) {
        want[i] = i == 64 ? point_identity() : random_point(&coin);
        p[i] = decoded(want[i]);
        CurvePoint o = decoded(random_point(&coin));
        p[i] = curve_add(&p[i], &o);
        p[i] = curve_sub(&p[i], &o);
    }
    curve_encode(got, p, 130);
    assert_memory_equal(got, want, sizeof want);
}

static Scalar odd_scalar(Coin *coin, int i)
{
    switch (i % 6) {
    case 0: return scalar_int(0);
    case 1: return scalar_int(1);
    case 2: return scalar_sub(scalar_int(0), scalar_int(1)); /* q - 1 */
    case 3: return scalar_int(UINT64_MAX);
    default: return coin_scalar(coin);
    }
}

static void straus_agrees_with_libsodium(void **state)
{
    (void)state;
    Coin coin = coin_for(4);
    static CurveTable g, key;
    curve_base_table(&g);
    for (int i = 0; i < ROUNDS; i++) {
        Point y = random_point(&coin), p[2] = { random_point(&coin), random_point(&coin) };
        Scalar a = odd_scalar(&coin, i), b = odd_scalar(&coin, i / 6);
        CurvePoint cy = decoded(y), cp[2] = { decoded(p[0]), decoded(p[1]) };
        CurveTerm terms[2] = { { &cp[0], coin_scalar(&coin) },
                               { &cp[1], odd_scalar(&coin, i / 36) } };
        curve_table(&key, &cy);
        Point want = point_add(point_base(a), point_mul(y, b));
        want = point_add(want, point_mul(p[0], terms[0].s));
        want = point_add(want, point_mul(p[1], terms[1].s));
        CurvePoint got = curve_straus(&g, a, &key, b, terms, 2);
        assert_true(point_eq(encoded(got), want));
        got = curve_straus(&g, a, NULL, b, terms, 0);
        assert_true(point_eq(encoded(got), point_base(a)));
    }
}

static void sums_agree_with_straus(void **state)
{
    (void)state;
    static const size_t sizes[] = { 0, 1, 2, 3, 17, 130, 700 };
    Coin coin = coin_for(5);
    Arena *a = arena_open(64 << 20);
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        for (int bits = 128; bits <= 253; bits += 125) {
            size_t n = sizes[k];
            CurveAffine *p = ARENA_ARRAY(a, CurveAffine, n);
            Scalar *s = ARENA_ARRAY(a, Scalar, n);
            CurvePoint want = curve_identity(), got;
            for (size_t i = 0; i < n; i++) {
                CurvePoint c = decoded(random_point(&coin));
                s[i] = odd_scalar(&coin, (int)i);
                if (bits == 128)
                    memset(s[i].b + 16, 0, 16);
                CurveTerm term = { &c, s[i] };
                CurvePoint one = curve_straus(NULL, s[i], NULL, s[i], &term, 1);
                want = curve_add(&want, &one);
                curve_normalise(NULL, &p[i], &c, 1);
            }
            assert_true(curve_sum(&got, a, p, s, n, bits));
            assert_true(curve_eq(&got, &want));
        }
    }
    arena_close(a);
}

static void hints_exclude_torsion(void **state)
{
    (void)state;
    Coin coin = coin_for(6);
    CurvePoint t = torsion(), got;
    unsigned char hint[CURVE_HINT];
    for (int i = 0; i < ROUNDS; i++) {
        Scalar s = coin_scalar(&coin);
        CurvePoint p = decoded(point_base(curve_eighth(s)));
        curve_hint_write(hint, &p, 1);
        assert_true(curve_hint_read(&got, hint));
        assert_true(point_eq(encoded(got), point_base(s)));
        p = curve_add(&p, &t); /* eight times it is the same point */
        t = curve_add(&t, &t);
        if (curve_is_identity(&t))
            t = torsion();
        curve_hint_write(hint, &p, 1);
        assert_true(curve_hint_read(&got, hint));
        assert_true(curve_in_group(&got));
        assert_true(point_eq(encoded(got), point_base(s)));
        hint[i % 63] ^= 1;
        assert_false(curve_hint_read(&got, hint));
    }
}

static void scalars_as_text(void **state)
{
    (void)state;
    Coin coin = coin_for(7);
    char text[SCALAR_DIGITS];
    Scalar back;
    for (int i = 0; i < 2000; i++) {
        Scalar s = odd_scalar(&coin, i);
        if (i % 7 == 0)
            memset(s.b + i % 32, 0, 32 - (size_t)i % 32);
        size_t n = scalar_digits(text, s);
        assert_true(scalar_read(&back, (Str){ text, n }));
        assert_true(scalar_eq(s, back));
    }
    static const char *const bad[] = {
        "", "00", "01", "-1", "+1", " 1", "1 ", "1e3", "0x1", "1.0",
        "7237005577332262213973186563042994240857116359379907606001950938285454250989", /* q */
        "115792089237316195423570985008687907853269984665640564039457584007913129639936",
        "99999999999999999999999999999999999999999999999999999999999999999999999999999999",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(scalar_read(&back, str_of(bad[i])));
    assert_true(scalar_read(&back, STRC("7237005577332262213973186563042994240857116359379907606001"
                                        "950938285454250988")));
    assert_true(scalar_is_zero(scalar_add(back, scalar_int(1))));
    assert_true(scalar_read(&back, STRC("0")) && scalar_is_zero(back));
}

static void points_as_text(void **state)
{
    (void)state;
    char hex[POINT_HEX];
    Point p;
    point_hex(hex, point_base(scalar_int(1)));
    assert_memory_equal(hex, "6666666666666666666666666666666666666666666666666666666666666658",
                        64);
    assert_true(point_read(&p, (Str){ hex, 64 }));
    assert_true(point_eq(p, point_base(scalar_int(1))));
    assert_false(point_read(&p, (Str){ hex, 63 }));
    point_hex(hex, point_identity());
    assert_memory_equal(hex, "0000000000000000000000000000000000000000000000000000000000000001",
                        64);
    assert_false(point_read(&p, (Str){ hex, 64 }));
    assert_false(point_read(&p, STRC("666666666666666666666666666666666666666666666666666666666666"
                                     "665g")));
    assert_false(point_read(&p, STRC("0BF9504945F7D4526135D5FB1727DB406AB247CB3BD4C1DD2C317A07488E"
                                     "B89C")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decoding_agrees_with_libsodium),
        cmocka_unit_test(encodings_outside_are_refused),
        cmocka_unit_test(addition_agrees_with_libsodium),
        cmocka_unit_test(many_are_encoded_like_one),
        cmocka_unit_test(straus_agrees_with_libsodium),
        cmocka_unit_test(sums_agree_with_straus),
        cmocka_unit_test(hints_exclude_torsion),
        cmocka_unit_test(scalars_as_text),
        cmocka_unit_test(points_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
