/* point: elements of the prime-order group of Ed25519, its exponents, and randomness from a seed.
 * A Point is the 32-byte encoding of RFC 8032; as text it is the 64 hexadecimal digits of the
 * *number*, that is of the bytes in reverse. q = 2^252 + 27742317777372353535851937790883648493.
 *
 * Everything here is libsodium and may touch secrets, except reading and writing of text. */
#ifndef BALLOT_POINT_H
#define BALLOT_POINT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

enum { POINT_HEX = 64, SCALAR_DIGITS = 77 };

typedef struct Point { unsigned char b[32]; } Point;
typedef struct Scalar { unsigned char b[32]; } Scalar; /* little-endian, below q */
typedef struct Proof { Scalar challenge, response; } Proof; /* response = w - x * challenge */

/* A stream made of 32 random bytes (libsodium's deterministic generator); each draw replaces the
 * seed, so what was drawn cannot be found again from what is left. */
typedef struct Coin { unsigned char seed[32]; } Coin;
Coin coin_open(const unsigned char seed[32]);
Coin coin_split(Coin *coin);                    /* an independent stream */
void coin_bytes(Coin *coin, void *out, size_t n);
Scalar coin_scalar(Coin *coin);                 /* uniform below q */
uint32_t coin_below(Coin *coin, uint32_t n);    /* uniform in 0..n-1; n >= 1 */
void coin_close(Coin *coin);                    /* wipes */

bool point_eq(Point a, Point b);
bool point_is_identity(Point p);
Point point_identity(void);
/* In the prime-order subgroup, canonical, not the identity. */
bool point_valid(Point p);
bool point_read(Point *out, Str hex) MUST_USE;  /* 64 lower-case digits of a valid point */
bool point_unhex(Point *out, Str hex) MUST_USE; /* the digits alone; validity is not looked at */
void point_hex(char out[POINT_HEX], Point p);
/* Points must be valid or the identity; the result may be the identity. */
Point point_base(Scalar s);                     /* g^s */
Point point_mul(Point p, Scalar s);
Point point_add(Point a, Point b);
Point point_sub(Point a, Point b);

Scalar scalar_int(uint64_t v);
bool scalar_is_zero(Scalar s);
bool scalar_eq(Scalar a, Scalar b);
Scalar scalar_add(Scalar a, Scalar b);
Scalar scalar_sub(Scalar a, Scalar b);
Scalar scalar_mul(Scalar a, Scalar b);
Scalar scalar_invert(Scalar s);                 /* s must not be 0 */
Scalar scalar_hash(Hash h);                     /* 256 bits big-endian, mod q */
Scalar scalar_wide(const unsigned char big_endian[64]);
bool scalar_read(Scalar *out, Str decimal) MUST_USE; /* no sign, no leading zeros, below q */
size_t scalar_digits(char out[SCALAR_DIGITS], Scalar s); /* bytes written */
void scalar_close(Scalar *s);                   /* wipes */

#endif
