/* tally: the encrypted sum, the shares of the trustees, and the counts. All of it is public. */
#ifndef BALLOT_TALLY_H
#define BALLOT_TALLY_H

#include "ballot/trustee.h"
#include "ballot/vote.h"

typedef struct Tally {
    VoteCipher *cells;             /* election_cells, question after question */
    size_t n;
} Tally;

bool tally_write(Buf *out, const Election *el, const Tally *t, Err *e) MUST_USE;
bool tally_read(Tally *out, Arena *a, const Election *el, Str text, Err *e) MUST_USE;
/* From sums that batch_verify or tally_add made: 2 * election_cells points, alpha before beta. */
bool tally_of(Tally *out, Arena *a, const Election *el, const CurvePoint *sum, Err *e) MUST_USE;
bool tally_add(CurvePoint *sum, const Election *el, const Vote *v) MUST_USE; /* points on curve */

/* One trustee's factors: alpha^x for every cell, with proofs. `key` is the trustee's public key. */
bool tally_share(Buf *out, const Election *el, const Tally *t, const Scalar *secret, Coin *coin,
                 Err *e) MUST_USE;
typedef struct TallyShare {
    int64_t owner;                 /* 1-based over the flattened trustees */
    Point *factors;                /* election_cells */
} TallyShare;
/* Reads and verifies. Refuses a wrong owner, identity, points outside the group, a false proof. */
bool tally_share_read(TallyShare *out, Arena *a, const Election *el, const Tally *t,
                      const Trustees *tr, int64_t owner, Str text, Err *e) MUST_USE;

/* Are these owners enough? Every single one and k of each threshold set. */
bool tally_enough(const Trustees *tr, const TallyShare *shares, size_t n);
/* g^count of each cell; the shares are verified and enough. */
bool tally_combine(Point *out, const Election *el, const Tally *t, const Trustees *tr,
                   const TallyShare *shares, size_t n, Err *e) MUST_USE;
/* counts: election_cells numbers, each at most `most` (the ballots counted). */
bool tally_counts(int64_t *counts, const Election *el, const Point *powers, int64_t most,
                  Err *e) MUST_USE;
bool tally_result_write(Buf *out, const Election *el, const int64_t *counts, Err *e) MUST_USE;
bool tally_result_read(int64_t **counts, Arena *a, const Election *el, Str text, Err *e) MUST_USE;

#endif
