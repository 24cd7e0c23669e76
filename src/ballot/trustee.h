/* trustee: keys held by several offices. Single keys (all of them are needed) and threshold sets
 * (Pedersen: k of n, 2k > n when made here), as trustees.json lists them; the ceremony that makes a
 * set without anyone ever holding its key; and the split of a single key into envelopes.
 *
 * A trustee of a set keeps 32 random bytes, nothing else: all he sends is made of them and of
 * what the others sent before, so a step may be repeated.
 *
 *     1  each  trustee_cert      who I am                        -> certs, in order of index
 *     2  each  trustee_deal      my polynomial, sealed shares    -> deals (all read out the
 *                                 fingerprint of the certs first: trustee_fingerprint)
 *     3  each  trustee_take      opens and checks the shares     -> verification keys
 *     4        trustee_set_write, trustees_write                 -> trustees.json */
#ifndef BALLOT_TRUSTEE_H
#define BALLOT_TRUSTEE_H

#include "ballot/point.h"

enum { TRUSTEE_SET_MAX = 32, TRUSTEES_MAX = 64, TRUSTEES_BYTES_MAX = 1 << 20,
       TRUSTEE_MESSAGE_MAX = 16 << 10 };

typedef struct TrusteeSeed { unsigned char b[32]; } TrusteeSeed;
typedef struct TrusteeRole { int64_t index, threshold, size; } TrusteeRole; /* index from 1 */

/* A single key: writes its public part ({"pok":…,"public_key":…}). name may be empty. */
bool trustee_single(Buf *out, Scalar *secret, const TrusteeSeed *seed, Str name,
                    Err *e) MUST_USE;

bool trustee_cert(Buf *out, const TrusteeSeed *seed, TrusteeRole role, Err *e) MUST_USE;
/* All certs must be of this ceremony, in order, and one of them ours. */
bool trustee_deal(Buf *out, const TrusteeSeed *seed, TrusteeRole role, const Str *certs,
                  Err *e) MUST_USE;
bool trustee_take(Buf *out, Scalar *secret, const TrusteeSeed *seed, TrusteeRole role,
                  const Str *certs, const Str *deals, Str name, Err *e) MUST_USE;
bool trustee_set_write(Buf *out, TrusteeRole role, const Str *certs, const Str *deals,
                       const Str *keys, Err *e) MUST_USE;   /* role.index is not read */
Hash trustee_fingerprint(const Str *certs, size_t n);

/* A single key in envelopes: any k of n give it back (Shamir). Pieces carry their index. */
typedef struct TrusteePiece { int64_t index; Scalar value; } TrusteePiece;
bool trustee_split(TrusteePiece *out, const Scalar *secret, int64_t threshold, int64_t size,
                   Coin *coin, Err *e) MUST_USE;
/* Refuses unless g^secret is `key`: a wrong or repeated piece shows. */
bool trustee_join(Scalar *out, const TrusteePiece *pieces, size_t n, Point key, Err *e) MUST_USE;

typedef struct TrusteeMember { Point key; Str name; } TrusteeMember;
typedef struct TrusteeSet {
    size_t from, n;                /* members[from .. from + n) */
    int64_t threshold;             /* 0: a single key */
} TrusteeSet;
typedef struct Trustees {
    Str text;
    TrusteeMember *members;        /* flattened: owner 1 is members[0] */
    size_t n_members;
    TrusteeSet *sets;
    size_t n_sets;
    Point key;                     /* what election.json must say */
} Trustees;

/* items: public parts of single keys and sets, in their order. */
bool trustees_write(Buf *out, const Str *singles, size_t n_singles, const Str *sets, size_t n_sets,
                    Err *e) MUST_USE;
/* Every proof and signature is verified; the older layout without contexts: ERR_BEL_UNSUPPORTED. */
bool trustees_read(Trustees *out, Arena *a, Str text, Err *e) MUST_USE;
/* lambda of each index at 0, for Lagrange interpolation; indexes distinct, from 1. */
void trustee_weights(Scalar *out, const int64_t *indexes, size_t n);

#endif
