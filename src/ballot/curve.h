/* curve: variable-time arithmetic on the twisted Edwards curve of Ed25519 for PUBLIC points and
 * scalars only (verification). Held to libsodium by curve_test.c. Formulas: Hisil, Wong, Carter,
 * Dawson 2008 (extended coordinates, a = -1); field elements are five limbs of 51 bits.
 *
 * A CurvePoint may be any point of the curve, torsion included, unless said otherwise. */
#ifndef BALLOT_CURVE_H
#define BALLOT_CURVE_H

#include "ballot/point.h"

typedef struct CurveField { uint64_t v[5]; } CurveField;
typedef struct CurvePoint { CurveField x, y, z, t; } CurvePoint;
typedef struct CurveAffine { CurveField plus, minus, t2d; } CurveAffine; /* y+x, y-x, 2dxy */

enum { CURVE_TABLE = 64, CURVE_HINT = 64 };
typedef struct CurveTable { CurveAffine odd[CURVE_TABLE]; } CurveTable; /* 1, 3, 5 … times */

CurvePoint curve_identity(void);
bool curve_decode(CurvePoint *out, Point p) MUST_USE;   /* canonical and on the curve */
bool curve_in_group(const CurvePoint *p);               /* q times p is the identity */
bool curve_eq(const CurvePoint *a, const CurvePoint *b);
bool curve_is_identity(const CurvePoint *p);
CurvePoint curve_add(const CurvePoint *a, const CurvePoint *b);
CurvePoint curve_sub(const CurvePoint *a, const CurvePoint *b);
CurvePoint curve_double(const CurvePoint *p);
void curve_add_affine(CurvePoint *p, const CurveAffine *q);
void curve_sub_affine(CurvePoint *p, const CurveAffine *q);
/* n points, one inversion for every 64. */
void curve_encode(Point *out, const CurvePoint *p, size_t n);
/* The same, and the affine form of each (for curve_sum). out or affine may be NULL. */
void curve_normalise(Point *out, CurveAffine *affine, const CurvePoint *p, size_t n);

void curve_table(CurveTable *out, const CurvePoint *p);
void curve_base_table(CurveTable *out);                 /* of g */

/* g times a + key times b + the sum of the terms (Straus, shared doublings). A table may be NULL:
 * its part is left out. */
typedef struct CurveTerm { const CurvePoint *p; Scalar s; } CurveTerm;
CurvePoint curve_straus(const CurveTable *g, Scalar a, const CurveTable *key, Scalar b,
                        const CurveTerm *terms, size_t n);   /* n <= CURVE_STRAUS_MAX */
enum { CURVE_STRAUS_MAX = 4 };

/* The sum of s_i times p_i over many affine points (Pippenger's buckets). `bits` bounds every
 * scalar: 1..253. Takes its buckets from `a`; false when it refuses. */
bool curve_sum(CurvePoint *out, Arena *a, const CurveAffine *p, const Scalar *s, size_t n,
               int bits) MUST_USE;

/* A hint: x and y of a point, little-endian. Reads it, checks the curve equation and multiplies by
 * eight: the result lies in the prime-order subgroup whatever the hint was. */
bool curve_hint_read(CurvePoint *eightfold, const unsigned char hint[CURVE_HINT]) MUST_USE;
/* n hints of points given already divided by eight. */
void curve_hint_write(unsigned char *out, const CurvePoint *p, size_t n);
Scalar curve_eighth(Scalar s);                          /* s / 8 mod q */

#endif
