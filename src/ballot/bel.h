/* bel: the archive, FILE.bel. Old-style tar, one timestamp, records named by the hash of their
 * body, a chain of events. Written once at close, ballots sorted by credential; shares and result
 * are appended. Reading accepts exactly what would be written.
 *
 * ERR_BEL_UNSUPPORTED means "sound perhaps, but not for us": other groups, shuffles, weights. */
#ifndef BALLOT_BEL_H
#define BALLOT_BEL_H

#include "ballot/tally.h"

enum { BEL_RECORD = 512, BEL_EVENTS_MAX = 1000000, BEL_HINTS_HEAD = 40 };
#define BEL_BYTES_MAX (INT64_C(1) << 30)

/* Writing: into a Buf that the caller stores. A failure is remembered; bel_close reports it. */
typedef struct BelWriter {
    Buf *out;
    int64_t timestamp, height;
    Hash parent;
} BelWriter;

BelWriter bel_open(Buf *out, int64_t timestamp);    /* seconds since 1970, the same everywhere */
void bel_setup(BelWriter *w, Str election, Str trustees, Str creds);
void bel_ballot(BelWriter *w, Str ballot);
void bel_end(BelWriter *w);                         /* no more ballots */
void bel_tally(BelWriter *w, Str tally, int64_t ballots);
void bel_share(BelWriter *w, int64_t owner, Str share);
void bel_result(BelWriter *w, Str result);
bool bel_close(const BelWriter *w, Err *e) MUST_USE;

/* A box at its close: every ballot is verified once more, they are sorted by credential, and the
 * tally is added; without ballots there is none. */
typedef struct BelBox {
    Str election, trustees, creds; /* as published when the box was opened */
    const Str *ballots;            /* in any order, at most one of a credential */
    const Str *hints;              /* one each, or NULL */
    size_t n;
    int64_t timestamp;
    unsigned char seed[32];        /* for batch_verify */
} BelBox;
/* hints, when not NULL and the box has them, gets the file of hints that belongs to it. */
bool bel_seal(Buf *out, Buf *hints, const BelBox *box, Err *e) MUST_USE;

typedef enum BelStage { BEL_VOTING, BEL_CLOSED, BEL_TALLIED, BEL_DONE } BelStage;

typedef struct BelBallot {
    Str text;
    Hash hash;                     /* of the text: the tracker is its base64 */
    bool counts;                   /* the last of its credential */
} BelBallot;

typedef struct Bel {
    Str bytes;
    int64_t timestamp, height;     /* of the last event */
    Hash head;                     /* the last event's hash */
    BelStage stage;
    Election election;
    Trustees trustees;
    Creds creds;
    BelBallot *ballots;            /* in the order of the archive */
    size_t n_ballots, n_counted;   /* all; distinct credentials */
    Hash closed;                   /* SHA-256 of the bytes up to the tally (or the end of voting) */
    Tally tally;
    Hash tally_hash;               /* of its text */
    TallyShare *shares;
    size_t n_shares;
    int64_t *counts;               /* election_cells, when done */
} Bel;

typedef struct BelCheck {
    unsigned char seed[32];        /* for the weights of batches; random */
    Str hints;                     /* of bel_hints_write, or empty */
} BelCheck;

/* Everything: structure, chain, trustees, every ballot, tally, shares, result, and the floor when
 * anything was decrypted. Names the first fault and its place. Stops soundly at any stage: the
 * caller looks at `stage`. A box without ballots is BEL_DONE once closed. */
bool bel_verify(Bel *out, Arena *a, Str bytes, const BelCheck *check, Err *e) MUST_USE;
/* The result's text, once the shares are enough. */
bool bel_count(Buf *out, const Bel *bel, Err *e) MUST_USE;
/* To append shares and the result to a verified archive. */
BelWriter bel_resume(const Bel *bel, Buf *out);

/* The same archive with hints: a file beside it that saves a verifier most of the work and binds
 * nobody. One vote_hints_size per ballot, in the order of the archive. */
bool bel_hints_write(Buf *out, const Bel *bel, Err *e) MUST_USE;
void bel_hints_open(Buf *out, Hash closed);         /* its head alone, for hints that were kept */
bool bel_unfinished(const Bel *bel, Err *e);        /* names the stage; false */

/* What a trustee's tool does: verifies the whole archive, counts distinct credentials against the
 * floor, and gives the share of trustee `owner`. `given` is the tally's hash remembered from an
 * earlier share for this election, or NULL: another tally is refused. */
typedef struct BelGive {
    const BelCheck *check;
    const Scalar *secret;
    int64_t owner;
    const Hash *given;
} BelGive;
bool bel_give(Buf *share, Hash *tally, Bel *bel, Arena *a, Str bytes, const BelGive *give,
              Coin *coin, Err *e) MUST_USE;

#endif
