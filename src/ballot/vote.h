/* vote: one ballot of an election. Text in canonical form only: what is read is byte for byte what
 * would be written. Making touches secrets (libsodium); verifying does not.
 *
 * Three ways to verify, which agree on every ballot (tested): plain (libsodium alone), one by one
 * (curve.h), and many at once with hints. A hint is an uncompressed point divided by eight that the
 * sender adds to each point and each commitment; it is not trusted: a wrong hint costs time, never
 * changes a verdict. */
#ifndef BALLOT_VOTE_H
#define BALLOT_VOTE_H

#include "ballot/curve.h"
#include "ballot/election.h"

enum { VOTE_BYTES_MAX = 4 << 20, VOTE_TRACKER = 43, BATCH_MAX = 1024 };

typedef struct VoteCipher { Point alpha, beta; } VoteCipher;

typedef struct VoteAnswer {
    VoteCipher *choices;           /* election_choices */
    Proof (*individual)[2];    /* one pair a choice */
    Proof *overall;            /* election_overall */
    Proof blank[2];            /* when the question has a blank */
} VoteAnswer;

typedef struct Vote {
    Str text;                      /* as read, not copied */
    Str credential_hex;            /* within text */
    Point credential;              /* decoded, not validated: creds_read has validated the listed */
    VoteAnswer *answers;
    Hash content;                  /* what is signed */
    Proof signature;
} Vote;

/* marks: for each question election_choices bytes, 0 or 1, the blank flag first when there is one.
 * hints, when not NULL, gets vote_hints_size bytes. */
bool vote_make(Buf *out, Buf *hints, const Election *el, const Scalar *secret,
               const unsigned char *const *marks, Coin *coin, Err *e) MUST_USE;

/* Structure, canonical form, scalars below q, for this election (uuid and hash). Points are
 * decoded only; verifying looks at them. */
bool vote_read(Vote *out, Arena *a, const Election *el, Str text, Err *e) MUST_USE;
size_t vote_bytes_max(const Election *el);          /* no canonical ballot is longer */
VoteAnswer *vote_answers(Arena *a, const Election *el);   /* room for them; NULL: refused */
/* Its hexadecimal digits, found without reading the ballot; "" if there are none. */
Str vote_credential(const Election *el, Str text);
void vote_tracker(char out[VOTE_TRACKER], Str text);/* base64(SHA-256), what a voter keeps */

/* The peer of the bench and of the tests: libsodium alone, nothing shared. */
bool vote_verify_plain(const Vote *v, const Election *el, Err *e) MUST_USE;
/* Multiples of g and of the election's key. The key comes from election_read. */
typedef struct VoteTables { CurveTable g, key; } VoteTables;
bool vote_tables(VoteTables *out, const Election *el);
/* By curve.h. tables NULL: made for this call; hints as for vote_make. */
bool vote_verify(Buf *hints, const Vote *v, const Election *el, const VoteTables *tables,
                 Err *e) MUST_USE;

/* Hints of one ballot: x and y, 32 bytes little-endian each, for the credential, each ciphertext's
 * alpha and beta, the commitment of the signature, and A and B of each branch, in their order. */
size_t vote_hints_size(const Election *el);

/* Many ballots of one election. Weights come from `seed` and everything that was added, so they are
 * fixed only after the ballots are. `sum` takes the ciphertexts of those that hold. */
typedef struct BatchItem {
    const Vote *vote;
    Str hints;                     /* empty: none were sent */
    bool counts;                   /* add to the sum: not superseded */
    bool sound;                    /* out */
} BatchItem;
/* Sets `sound` of each; false only for lack of memory. At most BATCH_MAX items. The first unsound
 * one's fault is put into *fault, its index in *bad (n when all are sound). */
bool batch_verify(BatchItem *items, size_t n, const Election *el, const VoteTables *tables,
                  const unsigned char seed[32], CurvePoint *sum, size_t *bad, Err *fault,
                  Err *e) MUST_USE;

#endif
