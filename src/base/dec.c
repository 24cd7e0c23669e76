#include "base/dec.h"

#include <bid_conf.h>
#include <bid_functions.h>
#include <stdlib.h>
#include <string.h>

/* The Debian library is built with arguments by value, rounding passed, flags by pointer
 * (libbidgcc000). Dec has the layout of BID_UINT128. */

enum { DIGITS = 34, FLAG_BAD = 0x01 | 0x04 | 0x08 }; /* invalid, zero divide, overflow */

static BID_UINT128 bid(Dec d)
{
    BID_UINT128 b;
    memcpy(&b, &d, sizeof b);
    return b;
}

static Dec undo(BID_UINT128 b)
{
    Dec d;
    memcpy(&d, &b, sizeof d);
    return d;
}

static bool keep(Dec *out, BID_UINT128 r, unsigned flags)
{
    if ((flags & FLAG_BAD) || !bid128_isFinite(r))
        return false;
    if (bid128_isZero(r)) /* no negative zero: it would print and hash apart */
        r = bid128_abs(r);
    *out = undo(r);
    return true;
}

/* [-+]digits[.digits][e[-+]digits] and at least one digit. */
static bool well_formed(Str s)
{
    size_t i = 0, digits = 0;
    if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
        i++;
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
        digits++;
    if (i < s.n && s.p[i] == '.')
        for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
            digits++;
    if (digits == 0)
        return false;
    if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
        i++;
        if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
            i++;
        size_t from = i;
        while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
            i++;
        if (i == from || i - from > 4)
            return false;
    }
    return i == s.n;
}

bool dec_parse(Dec *out, Str s)
{
    char z[DEC_TEXT_MAX + 1];
    if (s.n > DEC_TEXT_MAX || !well_formed(s))
        return false;
    memcpy(z, s.p, s.n);
    z[s.n] = 0;
    unsigned flags = 0;
    BID_UINT128 r = bid128_from_string(z, BID_ROUNDING_TO_NEAREST, &flags);
    return keep(out, r, flags);
}

bool dec_read(Dec *out, Str s, Err *e)
{
    return dec_parse(out, s) || err_fail(e, ERR_BAD_NUMBER, err_hole("text", s));
}

/* Coefficient digits and exponent of d: value = sign digits * 10^exp. Returns the digit count. */
static int digits_of(Dec d, char digits[DIGITS + 1], int *exp, bool *minus)
{
    char z[64];
    unsigned flags = 0;
    bid128_to_string(z, bid(d), &flags); /* "+1250E-2" */
    *minus = z[0] == '-';
    char *mark = strchr(z, 'E');
    *exp = mark ? atoi(mark + 1) : 0;
    int n = mark ? (int)(mark - z) - 1 : 0;
    memcpy(digits, z + 1, (size_t)n);
    digits[n] = 0;
    return n;
}

static Str print_scaled(Arena *a, Dec d, bool trim)
{
    char digits[DIGITS + 1], out[160];
    int exp, n, at = 0;
    bool minus;
    n = digits_of(d, digits, &exp, &minus);
    while (trim && n > 1 && digits[n - 1] == '0' && exp < 0)
        n--, exp++;
    if (trim && n == 1 && digits[0] == '0')
        exp = 0;
    if (exp > 40 || exp < -80 || n + exp > 80)
        return arena_text(a, "%s%.*sE%+d", minus ? "-" : "", n, digits, exp);
    if (minus)
        out[at++] = '-';
    int whole = n + exp; /* digits before the point */
    if (whole <= 0)
        out[at++] = '0';
    for (int i = 0; i < whole; i++)
        out[at++] = i < n ? digits[i] : '0';
    if (exp < 0) {
        out[at++] = '.';
        for (int i = whole; i < n; i++)
            out[at++] = i < 0 ? '0' : digits[i];
    }
    return arena_str(a, (Str){ out, (size_t)at });
}

Str dec_print(Arena *a, Dec d)
{
    return print_scaled(a, d, false);
}

Str dec_print_short(Arena *a, Dec d)
{
    return print_scaled(a, d, true);
}

Dec dec_int(int64_t v)
{
    return undo(bid128_from_int64(v));
}

Dec dec_scaled(int64_t units, int places)
{
    unsigned flags = 0;
    return undo(bid128_scalbn(bid128_from_int64(units), -places, BID_ROUNDING_TO_NEAREST, &flags));
}

bool dec_is_whole(Dec d)
{
    unsigned flags = 0;
    return bid128_quiet_equal(bid(d), bid128_round_integral_zero(bid(d), &flags), &flags) != 0;
}

bool dec_to_int(int64_t *out, Dec d)
{
    unsigned flags = 0;
    if (!dec_is_whole(d))
        return false;
    int64_t v = bid128_to_int64_int(bid(d), &flags);
    if (flags & FLAG_BAD)
        return false;
    *out = v;
    return true;
}

int dec_sign(Dec d)
{
    BID_UINT128 b = bid(d);
    return bid128_isZero(b) ? 0 : bid128_isSigned(b) ? -1 : 1;
}

int dec_cmp(Dec a, Dec b)
{
    unsigned flags = 0;
    if (bid128_quiet_less(bid(a), bid(b), &flags))
        return -1;
    return bid128_quiet_greater(bid(a), bid(b), &flags) ? 1 : 0;
}

bool dec_eq(Dec a, Dec b)
{
    return dec_cmp(a, b) == 0;
}

uint64_t dec_hash(Dec d)
{
    char digits[DIGITS + 1];
    int exp, n;
    bool minus;
    n = digits_of(d, digits, &exp, &minus);
    while (n > 1 && digits[n - 1] == '0')
        n--, exp++;
    if (n == 1 && digits[0] == '0')
        return 1;
    uint64_t h = str_hash((Str){ digits, (size_t)n });
    return h * 31 + (uint64_t)(int64_t)exp * 7 + minus;
}

#define OP2(name, call)                                                                            \
    bool name(Dec *out, Dec a, Dec b)                                                              \
    {                                                                                              \
        unsigned flags = 0;                                                                        \
        BID_UINT128 r = call(bid(a), bid(b), BID_ROUNDING_TO_NEAREST, &flags);                     \
        return keep(out, r, flags);                                                                \
    }
OP2(dec_add, bid128_add)
OP2(dec_sub, bid128_sub)
OP2(dec_mul, bid128_mul)
OP2(dec_div, bid128_div)

#define OP1(name, call)                                                                            \
    bool name(Dec *out, Dec a)                                                                     \
    {                                                                                              \
        unsigned flags = 0;                                                                        \
        BID_UINT128 r = call(bid(a), BID_ROUNDING_TO_NEAREST, &flags);                             \
        return keep(out, r, flags);                                                                \
    }
OP1(dec_sqrt, bid128_sqrt)
OP1(dec_exp, bid128_exp)
OP1(dec_log, bid128_log)

bool dec_pow(Dec *out, Dec a, Dec b)
{
    int64_t k;
    unsigned flags = 0;
    if (!dec_to_int(&k, b) || k > 9999 || k < -9999)
        return keep(out, bid128_pow(bid(a), bid(b), BID_ROUNDING_TO_NEAREST, &flags), flags);
    Dec r = dec_int(1), base = a;
    for (int64_t left = k < 0 ? -k : k; left > 0; left >>= 1) {
        if ((left & 1) && !dec_mul(&r, r, base))
            return false;
        if (left > 1 && !dec_mul(&base, base, base))
            return false;
    }
    if (k < 0)
        return dec_div(out, dec_int(1), r);
    *out = r;
    return true;
}

Dec dec_neg(Dec d)
{
    return dec_sign(d) == 0 ? d : undo(bid128_negate(bid(d)));
}

Dec dec_abs(Dec d)
{
    return undo(bid128_abs(bid(d)));
}

static unsigned mode_of(DecRound how, bool minus)
{
    switch (how) {
    case DEC_HALF_EVEN:
    case DEC_HALF_DOWN:
        return BID_ROUNDING_TO_NEAREST;
    case DEC_HALF_UP:
        return BID_ROUNDING_TIES_AWAY;
    case DEC_DOWN:
        return BID_ROUNDING_TO_ZERO;
    case DEC_UP:
        return minus ? BID_ROUNDING_DOWN : BID_ROUNDING_UP;
    case DEC_FLOOR:
        return BID_ROUNDING_DOWN;
    case DEC_CEILING:
        return BID_ROUNDING_UP;
    }
    return BID_ROUNDING_TO_NEAREST;
}

Dec dec_round(Dec d, int places, DecRound how)
{
    unsigned flags = 0;
    BID_UINT128 one = bid128_from_int64(1);
    BID_UINT128 unit = bid128_scalbn(one, -places, BID_ROUNDING_TO_NEAREST, &flags);
    BID_UINT128 x = bid(d);
    BID_UINT128 r = bid128_quantize(x, unit, mode_of(how, bid128_isSigned(x)), &flags);
    if ((flags & FLAG_BAD) || !bid128_isFinite(r))
        return d;
    if (how == DEC_HALF_DOWN) { /* nearest rounded a half away from zero: take one unit back */
        unsigned quiet = 0;
        BID_UINT128 diff = bid128_abs(bid128_sub(x, r, BID_ROUNDING_TO_NEAREST, &quiet));
        BID_UINT128 twice = bid128_add(diff, diff, BID_ROUNDING_TO_NEAREST, &quiet);
        if (bid128_quiet_equal(twice, unit, &quiet))
            r = bid128_quantize(x, unit, BID_ROUNDING_TO_ZERO, &quiet);
    }
    if (bid128_isZero(r))
        r = bid128_abs(r);
    return undo(r);
}
