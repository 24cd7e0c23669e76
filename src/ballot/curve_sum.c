#include "ballot/field.h"

enum { NAF = 257, WIDE = 8, NARROW = 5, ODD = 8, LIMBS = 5, WINDOW_MIN = 3, WINDOW_MAX = 13 };

/* --- a few points (Straus) -------------------------------------------------------------------- */

/* Up to 8 bits from bit `from` on; beyond the last there are zeros. */
static unsigned bits_at(const Scalar *s, int from, int n)
{
    int at = from / 8;
    unsigned v = (at < 32 ? s->b[at] : 0u) | (at < 31 ? s->b[at + 1] : 0u) << 8;
    return v >> from % 8 & ((1u << n) - 1);
}

/* Signed digits, each zero or odd below 2^(w-1), at most one in w places. Any 256-bit value. */
static void digits_of(signed char out[NAF], const Scalar *s, int w)
{
    unsigned carry = 0;
    memset(out, 0, NAF);
    for (int i = 0; i < NAF;) {
        if (bits_at(s, i, 1) == carry) {
            i++;
            continue;
        }
        unsigned window = bits_at(s, i, w) + carry;
        carry = window >> (w - 1) & 1;
        out[i] = (signed char)((int)window - (int)(carry << w));
        i += w;
    }
}

static void odd_multiples(CurvePoint *out, size_t n, const CurvePoint *p)
{
    CurvePoint twice = curve_double(p);
    out[0] = *p;
    for (size_t i = 1; i < n; i++)
        out[i] = curve_add(&out[i - 1], &twice);
}

void curve_table(CurveTable *out, const CurvePoint *p)
{
    CurvePoint odd[CURVE_TABLE];
    odd_multiples(odd, CURVE_TABLE, p);
    curve_normalise(NULL, out->odd, odd, CURVE_TABLE);
}

void curve_base_table(CurveTable *out)
{
    CurvePoint g;
    Point base;
    memset(base.b, 0x66, sizeof base.b); /* RFC 8032 section 5.1: y = 4/5, x even */
    base.b[0] = 0x58;
    if (curve_decode(&g, base))
        curve_table(out, &g);
}

static void add_wide(CurvePoint *sum, const CurveTable *table, int digit)
{
    if (digit > 0)
        curve_add_affine(sum, &table->odd[digit / 2]);
    else if (digit < 0)
        curve_sub_affine(sum, &table->odd[-digit / 2]);
}

static void add_narrow(CurvePoint *sum, const CurvePoint odd[ODD], int digit)
{
    if (digit > 0)
        *sum = curve_add(sum, &odd[digit / 2]);
    else if (digit < 0)
        *sum = curve_sub(sum, &odd[-digit / 2]);
}

CurvePoint curve_straus(const CurveTable *g, Scalar a, const CurveTable *key, Scalar b,
                        const CurveTerm *terms, size_t n)
{
    signed char wide[2][NAF], narrow[CURVE_STRAUS_MAX][NAF];
    CurvePoint odd[CURVE_STRAUS_MAX][ODD], sum = curve_identity();
    bool begun = false;
    if (g)
        digits_of(wide[0], &a, WIDE);
    if (key)
        digits_of(wide[1], &b, WIDE);
    for (size_t t = 0; t < n; t++) {
        odd_multiples(odd[t], ODD, terms[t].p);
        digits_of(narrow[t], &terms[t].s, NARROW);
    }
    for (int i = NAF - 1; i >= 0; i--) {
        int any = (g ? wide[0][i] : 0) | (key ? wide[1][i] : 0);
        for (size_t t = 0; t < n; t++)
            any |= narrow[t][i];
        if (begun)
            sum = curve_double(&sum);
        if (!any)
            continue;
        begun = true;
        if (g)
            add_wide(&sum, g, wide[0][i]);
        if (key)
            add_wide(&sum, key, wide[1][i]);
        for (size_t t = 0; t < n; t++)
            add_narrow(&sum, odd[t], narrow[t][i]);
    }
    return sum;
}

bool curve_in_group(const CurvePoint *p)
{
    static const Scalar q = { { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                0, 0, 0, 0x10 } };
    CurveTerm term = { p, q };
    CurvePoint r = curve_straus(NULL, q, NULL, q, &term, 1);
    return curve_is_identity(&r);
}

/* --- many points (Pippenger) ------------------------------------------------------------------ */

/* Signed windows of c bits: with 2^(c-1) added in every window, digit i of s is window i of the sum
 * less 2^(c-1), and no carry runs. */
typedef struct Lifted { uint64_t v[LIMBS]; } Lifted;

static Lifted lift(const Scalar *s, int c, int windows)
{
    Lifted r = { { 0 } };
    for (int i = 0; i < windows; i++) {
        int at = i * c + c - 1;
        r.v[at / 64] |= UINT64_C(1) << at % 64;
    }
    FieldWide carry = 0;
    for (int i = 0; i < LIMBS; i++) {
        uint64_t limb = 0;
        for (int j = 7; i < 4 && j >= 0; j--)
            limb = limb << 8 | s->b[8 * i + j];
        carry += (FieldWide)r.v[i] + limb;
        r.v[i] = (uint64_t)carry;
        carry >>= 64;
    }
    return r;
}

static int lifted_digit(const Lifted *s, int window, int c)
{
    int at = window * c, limb = at / 64, shift = at % 64;
    uint64_t v = s->v[limb] >> shift;
    if (shift + c > 64 && limb + 1 < LIMBS)
        v |= s->v[limb + 1] << (64 - shift);
    return (int)(v & ((UINT64_C(1) << c) - 1)) - (1 << (c - 1));
}

static int window_for(size_t n, int bits)
{
    int best = WINDOW_MIN;
    double least = 0;
    for (int c = WINDOW_MIN; c <= WINDOW_MAX; c++) {
        double cost = (double)(bits / c + 1) * ((double)n + 2.4 * (double)(1 << (c - 1)));
        if (c == WINDOW_MIN || cost < least) {
            least = cost;
            best = c;
        }
    }
    return best;
}

static void drop_into(CurvePoint *buckets, bool *used, const CurveAffine *p, int digit)
{
    size_t at = (size_t)(digit > 0 ? digit : -digit) - 1;
    if (!used[at])
        buckets[at] = curve_identity();
    used[at] = true;
    if (digit > 0)
        curve_add_affine(&buckets[at], p);
    else
        curve_sub_affine(&buckets[at], p);
}

/* The sum of (i + 1) times bucket i. */
static CurvePoint sweep(const CurvePoint *buckets, const bool *used, size_t n)
{
    CurvePoint run = curve_identity(), sum = curve_identity();
    bool begun = false;
    for (size_t i = n; i-- > 0;) {
        if (used[i])
            run = curve_add(&run, &buckets[i]);
        begun = begun || used[i];
        if (begun)
            sum = curve_add(&sum, &run);
    }
    return sum;
}

bool curve_sum(CurvePoint *out, Arena *a, const CurveAffine *p, const Scalar *s, size_t n,
               int bits)
{
    int c = window_for(n, bits), windows = (bits + 2 + c - 1) / c;
    size_t n_buckets = (size_t)1 << (c - 1);
    Lifted *lifted = ARENA_ARRAY(a, Lifted, n);
    CurvePoint *buckets = ARENA_ARRAY(a, CurvePoint, n_buckets), sum = curve_identity();
    bool *used = ARENA_ARRAY(a, bool, n_buckets);
    if (!lifted || !buckets || !used)
        return false;
    for (size_t i = 0; i < n; i++)
        lifted[i] = lift(&s[i], c, windows);
    for (int w = windows - 1; w >= 0; w--) {
        for (int k = 0; k < c && w < windows - 1; k++)
            sum = curve_double(&sum);
        memset(used, 0, n_buckets * sizeof *used);
        for (size_t i = 0; i < n; i++) {
            int digit = lifted_digit(&lifted[i], w, c);
            if (digit)
                drop_into(buckets, used, &p[i], digit);
        }
        CurvePoint part = sweep(buckets, used, n_buckets);
        sum = curve_add(&sum, &part);
    }
    *out = sum;
    return true;
}
