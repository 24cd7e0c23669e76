/* dec: exact decimal arithmetic, IEEE 754 decimal128 (34 digits), round-half-even unless told.
 * No value is ever infinite or NaN: an operation that would give one returns false.
 * Source: libintelrdfpmath (BID encoding). Scores never use double. */
#ifndef BASE_DEC_H
#define BASE_DEC_H

#include "base/arena.h"
#include "base/err.h"

typedef struct Dec {
    _Alignas(16) uint64_t w[2];
} Dec;

typedef enum DecRound { DEC_HALF_EVEN, DEC_HALF_UP, DEC_HALF_DOWN, DEC_DOWN, DEC_UP, DEC_FLOOR,
                        DEC_CEILING } DecRound; /* HALF_UP, HALF_DOWN, UP: away from zero sense */

enum { DEC_TEXT_MAX = 100 }; /* bytes of accepted text */

bool dec_read(Dec *out, Str s, Err *e) MUST_USE; /* -12.50, .5, 1e3; no blanks; <= 34 digits kept */
bool dec_parse(Dec *out, Str s) MUST_USE;        /* the same, silent */
Str dec_print(Arena *a, Dec d);  /* plain notation with the value's own scale: 12.50; never 1E+2
                                    unless the exponent passes 40 digits */
Str dec_print_short(Arena *a, Dec d);            /* the same without trailing zeros: 12.5 */

Dec dec_int(int64_t v);
Dec dec_scaled(int64_t units, int places);       /* units * 10^-places */
bool dec_to_int(int64_t *out, Dec d) MUST_USE;   /* false unless whole and in range */
bool dec_is_whole(Dec d);
int dec_sign(Dec d);                             /* -1 0 1 */
int dec_cmp(Dec a, Dec b);
bool dec_eq(Dec a, Dec b);
uint64_t dec_hash(Dec d);                        /* equal values hash alike: 1.0 and 1.00 */

bool dec_add(Dec *out, Dec a, Dec b) MUST_USE;   /* false: out of range (10^6145) */
bool dec_sub(Dec *out, Dec a, Dec b) MUST_USE;
bool dec_mul(Dec *out, Dec a, Dec b) MUST_USE;
bool dec_div(Dec *out, Dec a, Dec b) MUST_USE;   /* false also for b = 0 */
bool dec_pow(Dec *out, Dec a, Dec b) MUST_USE;   /* whole b exactly rounded by repeated product */
bool dec_sqrt(Dec *out, Dec a) MUST_USE;
bool dec_exp(Dec *out, Dec a) MUST_USE;
bool dec_log(Dec *out, Dec a) MUST_USE;
Dec dec_neg(Dec d);
Dec dec_abs(Dec d);
/* To `places` digits after the point (-6111..6176); the result carries that scale: 2.5 -> 2.50.
 * When 34 digits cannot carry the scale the value is returned unchanged. */
Dec dec_round(Dec d, int places, DecRound how);

#endif
