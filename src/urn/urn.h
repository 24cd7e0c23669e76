/* urn: an electronic ballot box while it is open. Ballots lie in one file of fixed size with a
 * place made for every credential before the first voter comes; nothing in it says when or in which
 * order they came, and no account, address or name is known here.
 *
 * One urn holds all elections of a round (voter group × object × debriefer). Arrivals of a few
 * moments are verified as one batch and written with one flush; a caller has his answer after that.
 * It refuses to know who votes, when a vote opens and closes, and how an archive looks.
 *
 * Ownership: texts of UrnSetup stay the caller's and outlive the Urn. Thread-safe but for
 * urn_open and urn_close. Source: DESIGN of this room in README.md; format of ballots: ballot/.
 *
 *     if (!urn_make(sys, &setup, &e) || !urn_open(&u, sys, &setup, &e)) ...
 *     UrnItem one = { .uuid = uuid, .ballot = text, .hints = hints };
 *     if (!urn_cast(u, &one, 1, NULL, &e)) ...     // the disk failed: nothing may be said
 *     if (one.state == URN_REFUSED) say(&one.why); else show(one.tracker);
 *
 * Nouns of this face: urn_ */
#ifndef URN_H
#define URN_H

#include "ballot/ballot.h"
#include "sys/sys.h"

enum {
    URN_ELECTIONS_MAX = 2000,   /* of one round */
    URN_CAST_MAX = 8,           /* ballots of one urn_cast */
    URN_WAIT_MS = 50,           /* arrivals within, or until a quiet moment, are one batch */
    URN_PRINTS_MAX = 16,        /* replaced ballots remembered of one credential */
    URN_OPENED_MAX = 4096       /* test ballots that were opened for checking */
};
#define URN_BYTES_MAX (INT64_C(16) << 30)

typedef struct Urn Urn;

typedef struct UrnElection {
    Str election, creds;        /* election.json, public_creds.json */
} UrnElection;

typedef struct UrnSetup {
    const char *path;
    const UrnElection *elections;
    size_t n;
    const Hash *doors;          /* SHA-256 of every door token; strict mode only */
    size_t n_doors;             /* 0: no second slip is asked */
    int wait_ms;                /* URN_WAIT_MS at most; 0 answers each call at once */
} UrnSetup;

int64_t urn_size(Arena *a, const UrnSetup *s, Err *e); /* bytes it will take; < 0: refused */
bool urn_make(Sys *sys, const UrnSetup *s, Err *e) MUST_USE; /* ERR when it is there already */
/* Finds what was acknowledged, whenever the last process stopped. */
bool urn_open(Urn **out, Sys *sys, const UrnSetup *s, Err *e) MUST_USE;
void urn_close(Urn *u);                              /* accepts NULL */
bool urn_drop(Sys *sys, const char *path, Err *e) MUST_USE; /* the archive has taken its place */

typedef enum UrnState { URN_REFUSED, URN_NEW, URN_SAME, URN_REPLACED } UrnState;

typedef struct UrnItem {
    Str uuid, ballot, hints;    /* hints may be empty: verifying then takes longer */
    UrnState state;             /* out */
    char tracker[VOTE_TRACKER]; /* out */
    Err why;                    /* out: URN_REFUSED */
} UrnItem;
/* Verified, stored, durable. Sending again is harmless. door: SHA-256 of the second slip, or NULL.
 * False only when nothing may be promised (disk, memory, closing). */
bool urn_cast(Urn *u, UrnItem *items, size_t n, const Hash *door, Err *e) MUST_USE;

/* A test ballot that was opened for checking is never taken; refused if it is in the urn. */
bool urn_opened(Urn *u, Str uuid, const char tracker[VOTE_TRACKER], Err *e) MUST_USE;
/* A slip handed in: its credentials (by election) take no ballot from now on; refused, and nothing
 * changed, if one of them has voted. */
typedef struct UrnCredential { Str uuid, hex; } UrnCredential;
bool urn_void(Urn *u, const UrnCredential *c, size_t n, Err *e) MUST_USE;

/* By election, in the order of the setup. */
typedef struct UrnCount {
    int64_t ballots;            /* credentials that voted */
    int64_t replaced;           /* times one of them voted again */
    int64_t voided;
} UrnCount;
void urn_counts(Urn *u, UrnCount *out);

/* No more is taken; waits for what is under way. urn_reopen undoes it. */
void urn_shut(Urn *u);
void urn_reopen(Urn *u);
/* What a shut urn holds of one election. */
typedef struct UrnBox {
    Str *ballots, *hints;       /* by place of the credential, hints all of full size or NULL */
    size_t n;
    Hash *replaced;             /* SHA-256("replaced|" tracker), unsorted */
    size_t n_replaced;
} UrnBox;
bool urn_take(UrnBox *out, Arena *a, Urn *u, size_t election, Err *e) MUST_USE;

Hash urn_print(const char tracker[VOTE_TRACKER]); /* what is kept of a replaced ballot */

#endif
