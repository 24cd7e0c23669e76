/* election: election.json (its exact bytes are hashed) and public_creds.json.
 *
 * One election is one box: a voter group × an object × a debriefer; its items are the questions. An
 * extra member {"shuping":{"floor":5,"credentials":H,"trustees":H}} says how many distinct
 * credentials the box needs to be opened, and freezes the two other files by their SHA-256: every
 * ballot names the hash of election.json, so nobody can add a credential later. Other programs skip
 * it. */
#ifndef BALLOT_ELECTION_H
#define BALLOT_ELECTION_H

#include "ballot/point.h"
#include "base/map.h"

enum {
    ELECTION_BYTES_MAX = 256 << 10,
    ELECTION_QUESTIONS_MAX = 200,
    ELECTION_ANSWERS_MAX = 100,     /* of one question that is read */
    ELECTION_MAKE_ANSWERS_MAX = 10, /* of one that is made here: choose one of at most ten */
    ELECTION_UUID_MIN = 14, ELECTION_UUID_MAX = 64,
    ELECTION_FLOOR_MAX = 1000,
    ELECTION_HASH = 43,             /* base64 digits of SHA-256, no padding */
    CREDS_MAX = 200000
};

typedef struct ElectionQuestion {
    Str text;
    Str *answers;
    size_t n_answers;
    int64_t min, max;               /* 0 <= min <= max <= n_answers */
    bool blank;
} ElectionQuestion;

typedef struct Election {
    Str text;                       /* the exact bytes; election_write leaves it to election_read */
    Str phi;                        /* base64(SHA-256(text)) without padding */
    Str description, name, uuid, administrator, authority;
    Point key;
    ElectionQuestion *questions;
    size_t n_questions;
    int64_t floor;                  /* 0: none is written */
    bool frozen;                    /* the two hashes are given */
    Hash creds, trustees;           /* of public_creds.json and trustees.json */
} Election;

/* A choose-one election of ours. Refuses more than ten answers, a false uuid, empty titles. */
bool election_write(Buf *out, const Election *el, Err *e) MUST_USE;
/* Refuses what is not version 1; ERR_BEL_UNSUPPORTED for other groups and kinds of questions. */
bool election_read(Election *out, Arena *a, Str text, Err *e) MUST_USE;
/* Are these the files that election.json froze? Always true when it froze none. */
bool election_holds(const Election *el, Str trustees, Str creds, Err *e) MUST_USE;
Str election_uuid(Arena *a, Coin *coin);        /* 14 base58 digits */
bool election_uuid_valid(Str uuid);
size_t election_choices(const ElectionQuestion *q);  /* ciphertexts: answers, and the blank flag */
size_t election_overall(const ElectionQuestion *q);  /* branches of the overall proof */
size_t election_cells(const Election *el);           /* ciphertexts of a ballot */
size_t election_proofs(const Election *el);          /* branches of all its proofs */

/* The public credentials of an election, sorted by their text so that their order says nothing. */
typedef struct Creds {
    Point *items;
    size_t n;
    Str text;                       /* public_creds.json */
    Map by_hex;                     /* text of the point -> its place in items */
} Creds;
bool creds_write(Buf *out, const Point *items, size_t n, Err *e) MUST_USE;
/* Distinct valid points. Weights are not supported (ERR_BEL_UNSUPPORTED). */
bool creds_read(Creds *out, Arena *a, Str text, Err *e) MUST_USE;
bool creds_find(size_t *at, const Creds *creds, Str hex) MUST_USE;

#endif
