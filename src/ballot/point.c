#include "ballot/point.h"

#include <sodium.h>
#include <string.h>

enum { DRAW = 64, LIMBS = 4, CHUNK_DIGITS = 18 };
#define CHUNK UINT64_C(1000000000000000000) /* 10^CHUNK_DIGITS */

typedef unsigned __int128 Wide;

/* --- randomness ------------------------------------------------------------------------------- */

Coin coin_open(const unsigned char seed[32])
{
    Coin c;
    memcpy(c.seed, seed, sizeof c.seed);
    return c;
}

static void draw(Coin *coin, unsigned char out[DRAW])
{
    unsigned char both[32 + DRAW];
    randombytes_buf_deterministic(both, sizeof both, coin->seed);
    memcpy(coin->seed, both, 32);
    memcpy(out, both + 32, DRAW);
    sodium_memzero(both, sizeof both);
}

void coin_bytes(Coin *coin, void *out, size_t n)
{
    unsigned char some[DRAW], *p = out;
    while (n) {
        size_t now = n < DRAW ? n : DRAW;
        draw(coin, some);
        memcpy(p, some, now);
        p += now;
        n -= now;
    }
    sodium_memzero(some, sizeof some);
}

Coin coin_split(Coin *coin)
{
    Coin c;
    coin_bytes(coin, c.seed, sizeof c.seed);
    return c;
}

Scalar coin_scalar(Coin *coin)
{
    unsigned char wide[DRAW];
    Scalar s;
    draw(coin, wide);
    crypto_core_ed25519_scalar_reduce(s.b, wide);
    sodium_memzero(wide, sizeof wide);
    return s;
}

uint32_t coin_below(Coin *coin, uint32_t n)
{
    uint32_t v, limit = (uint32_t)-n % n; /* values below it would favour the small remainders */
    do
        coin_bytes(coin, &v, sizeof v);
    while (v < limit);
    return v % n;
}

void coin_close(Coin *coin)
{
    sodium_memzero(coin, sizeof *coin);
}

/* --- points ----------------------------------------------------------------------------------- */

bool point_eq(Point a, Point b)
{
    return memcmp(a.b, b.b, sizeof a.b) == 0;
}

Point point_identity(void)
{
    return (Point){ { 1 } };
}

bool point_is_identity(Point p)
{
    return point_eq(p, point_identity());
}

bool point_valid(Point p)
{
    return crypto_core_ed25519_is_valid_point(p.b) == 1;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool point_unhex(Point *out, Str hex)
{
    Point p;
    if (hex.n != POINT_HEX)
        return false;
    for (size_t i = 0; i < 32; i++) {
        int hi = digit(hex.p[2 * i]), lo = digit(hex.p[2 * i + 1]);
        if (hi < 0 || lo < 0)
            return false;
        p.b[31 - i] = (unsigned char)(hi << 4 | lo);
    }
    *out = p;
    return true;
}

bool point_read(Point *out, Str hex)
{
    Point p;
    if (!point_unhex(&p, hex) || !point_valid(p))
        return false;
    *out = p;
    return true;
}

void point_hex(char out[POINT_HEX], Point p)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < 32; i++) {
        out[2 * i] = digits[p.b[31 - i] >> 4];
        out[2 * i + 1] = digits[p.b[31 - i] & 15];
    }
}

/* What no reader takes: the answer to a point that should not have been given. */
static Point point_none(void)
{
    Point p;
    memset(p.b, 0xff, sizeof p.b);
    return p;
}

/* libsodium refuses the scalar 0 and the identity, which are lawful here. */
Point point_base(Scalar s)
{
    Point p;
    if (scalar_is_zero(s))
        return point_identity();
    return crypto_scalarmult_ed25519_base_noclamp(p.b, s.b) == 0 ? p : point_none();
}

Point point_mul(Point p, Scalar s)
{
    Point r;
    if (scalar_is_zero(s) || point_is_identity(p))
        return point_identity();
    return crypto_scalarmult_ed25519_noclamp(r.b, s.b, p.b) == 0 ? r : point_none();
}

Point point_add(Point a, Point b)
{
    Point r;
    return crypto_core_ed25519_add(r.b, a.b, b.b) == 0 ? r : point_none();
}

Point point_sub(Point a, Point b)
{
    Point r;
    return crypto_core_ed25519_sub(r.b, a.b, b.b) == 0 ? r : point_none();
}

/* --- scalars ---------------------------------------------------------------------------------- */

Scalar scalar_int(uint64_t v)
{
    Scalar s = { { 0 } };
    for (int i = 0; i < 8; i++)
        s.b[i] = (unsigned char)(v >> 8 * i);
    return s;
}

bool scalar_is_zero(Scalar s)
{
    return sodium_is_zero(s.b, sizeof s.b) == 1;
}

bool scalar_eq(Scalar a, Scalar b)
{
    return sodium_memcmp(a.b, b.b, sizeof a.b) == 0;
}

Scalar scalar_add(Scalar a, Scalar b)
{
    Scalar r;
    crypto_core_ed25519_scalar_add(r.b, a.b, b.b);
    return r;
}

Scalar scalar_sub(Scalar a, Scalar b)
{
    Scalar r;
    crypto_core_ed25519_scalar_sub(r.b, a.b, b.b);
    return r;
}

Scalar scalar_mul(Scalar a, Scalar b)
{
    Scalar r;
    crypto_core_ed25519_scalar_mul(r.b, a.b, b.b);
    return r;
}

Scalar scalar_invert(Scalar s)
{
    Scalar r;
    if (crypto_core_ed25519_scalar_invert(r.b, s.b) != 0)
        return scalar_int(0);
    return r;
}

Scalar scalar_wide(const unsigned char big_endian[64])
{
    unsigned char little[64];
    Scalar s;
    for (size_t i = 0; i < 64; i++)
        little[i] = big_endian[63 - i];
    crypto_core_ed25519_scalar_reduce(s.b, little);
    sodium_memzero(little, sizeof little);
    return s;
}

Scalar scalar_hash(Hash h)
{
    unsigned char wide[64] = { 0 };
    memcpy(wide + 32, h.b, sizeof h.b);
    return scalar_wide(wide);
}

void scalar_close(Scalar *s)
{
    sodium_memzero(s, sizeof *s);
}

static void limbs_of(uint64_t out[LIMBS], const Scalar *s)
{
    for (int i = 0; i < LIMBS; i++) {
        out[i] = 0;
        for (int j = 7; j >= 0; j--)
            out[i] = out[i] << 8 | s->b[8 * i + j];
    }
}

static bool below_q(const uint64_t v[LIMBS])
{
    static const uint64_t q[LIMBS] = { UINT64_C(0x5812631a5cf5d3ed), UINT64_C(0x14def9dea2f79cd6),
                                       0, UINT64_C(0x1000000000000000) };
    for (int i = LIMBS - 1; i >= 0; i--)
        if (v[i] != q[i])
            return v[i] < q[i];
    return false;
}

/* v = v * factor + add; v stays below 2^256 as long as there are at most 77 digits. */
static void limbs_scale(uint64_t v[LIMBS], uint64_t factor, uint64_t add)
{
    Wide carry = add;
    for (int i = 0; i < LIMBS; i++) {
        carry += (Wide)v[i] * factor;
        v[i] = (uint64_t)carry;
        carry >>= 64;
    }
}

bool scalar_read(Scalar *out, Str decimal)
{
    uint64_t v[LIMBS] = { 0 };
    if (decimal.n == 0 || decimal.n > SCALAR_DIGITS || (decimal.n > 1 && decimal.p[0] == '0'))
        return false;
    for (size_t i = 0; i < decimal.n;) {
        uint64_t part = 0, factor = 1;
        for (int k = 0; k < CHUNK_DIGITS && i < decimal.n; k++, i++, factor *= 10) {
            if (decimal.p[i] < '0' || decimal.p[i] > '9')
                return false;
            part = part * 10 + (uint64_t)(decimal.p[i] - '0');
        }
        limbs_scale(v, factor, part);
    }
    if (!below_q(v))
        return false;
    for (size_t i = 0; i < 32; i++)
        out->b[i] = (unsigned char)(v[i / 8] >> 8 * (i % 8));
    return true;
}

size_t scalar_digits(char out[SCALAR_DIGITS], Scalar s)
{
    uint64_t v[LIMBS];
    char back[5 * CHUNK_DIGITS];
    size_t n = 0;
    limbs_of(v, &s);
    for (int chunk = 0; chunk < 5; chunk++) {
        Wide rest = 0;
        for (int i = LIMBS - 1; i >= 0; i--) {
            rest = rest << 64 | v[i];
            v[i] = (uint64_t)(rest / CHUNK);
            rest %= CHUNK;
        }
        uint64_t part = (uint64_t)rest;
        for (int k = 0; k < CHUNK_DIGITS; k++, part /= 10)
            back[n++] = (char)('0' + part % 10);
    }
    while (n > 1 && back[n - 1] == '0')
        n--;
    for (size_t i = 0; i < n; i++)
        out[i] = back[n - 1 - i];
    return n;
}
