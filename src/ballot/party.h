/* party: one trustee's public statements and the messages of a threshold set, read, signed and
 * checked. Used by trustees.json and by the ceremony alike.
 *
 * Nouns of this face: party_ */
#ifndef BALLOT_PARTY_H
#define BALLOT_PARTY_H

#include "ballot/canon.h"
#include "ballot/trustee.h"
#include "base/json.h"

typedef struct Party {             /* {"pok":…,"public_key":…[,"signature":…][,"name":…]} */
    Point key;
    Proof pok, signature;
    Str name;                      /* points into the JSON value */
} Party;

typedef struct Signed {            /* {"message":"…","signature":…} */
    Str message;
    Proof signature;
} Signed;

typedef struct PartyCert {
    Signed said;
    TrusteeRole role;
    Point verification, encryption;
} PartyCert;

typedef struct PartyCoefs {
    Signed said;
    Point *items;                  /* threshold of them */
} PartyCoefs;

typedef struct PartySet {
    size_t n;
    int64_t threshold;
    PartyCert *certs;
    PartyCoefs *coefs;
    Proof *signatures;
    Party *keys;
    Point key;                     /* of the set, by party_set_check */
} PartySet;

/* Schnorr: a proof that whoever knows log(key) said `prefix`. */
Proof party_prove(Str prefix, const Scalar *secret, Coin *coin);
bool party_proves(Str prefix, Point key, Proof p);
bool party_signed(Str message, Point key, Proof p);     /* the prefix is "sigmsg|MESSAGE|" */
bool party_proof_read(Proof *out, const json_t *v) MUST_USE;

void party_put(Buf *out, const Party *p, bool with_signature);
/* Point valid and proof of knowledge true; `owner` is for the message. */
bool party_read(Party *out, const json_t *v, bool with_signature, int64_t owner,
                Err *e) MUST_USE;
void party_put_signed(Buf *out, Str message, Proof signature);
bool party_cert_read(PartyCert *out, Arena *a, const json_t *v, int64_t index, Err *e) MUST_USE;
bool party_coefs_read(PartyCoefs *out, Arena *a, const json_t *v, const PartyCert *cert,
                      Err *e) MUST_USE;
/* What member `index` (from 1) signs at the end: all certs and its own coefficients. */
bool party_sign_text(Buf *out, const PartySet *s, size_t index);
/* g to the share of member j: the product over all members i and powers k of A_{i,k}^(j^k). */
Point party_share_key(const PartySet *s, size_t j);
Point party_coefs_at(const PartyCoefs *c, int64_t threshold, size_t j);

bool party_set_read(PartySet *out, Arena *a, const json_t *v, Err *e) MUST_USE;
bool party_set_check(PartySet *s, Err *e) MUST_USE;
void party_set_put(Buf *out, const PartySet *s);        /* what trustees.json holds of it */
bool party_fail(Err *e, int64_t index, const char *what, const char *what_en);
bool party_no_memory(Err *e);

#endif
