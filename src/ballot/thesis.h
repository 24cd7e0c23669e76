/* claim: what one ballot asserts, proof by proof, in the order of its text. The three verifiers and
 * the maker differ only in how they get the commitments; what is hashed, and over which ciphertexts,
 * stands here once (FORMAT of version 1: "prove", "bproof0", "bproof1").
 *
 * Nouns of this face: claim_ */
#ifndef BALLOT_CLAIM_H
#define BALLOT_CLAIM_H

#include "ballot/canon.h"
#include "ballot/vote.h"

enum { CLAIM_SUM = -1, CLAIM_BRANCH_MAX = ELECTION_ANSWERS_MAX + 2 };

typedef enum ClaimKind { CLAIM_CHOICE, CLAIM_TOTAL, CLAIM_TOTAL_OR_BLANK, CLAIM_BLANK } ClaimKind;

/* "The ciphertext `cell` holds `message`": one branch of a claim, of which one is true. */
typedef struct ClaimBranch {
    int cell;                       /* of the question; CLAIM_SUM: the product of its answers */
    uint64_t message;
} ClaimBranch;

typedef struct Claim {
    ClaimKind kind;
    size_t question, choice;        /* choice: of CLAIM_CHOICE */
    size_t n;                       /* branches, at most CLAIM_BRANCH_MAX */
    const Proof *proofs;
} Claim;

typedef struct ClaimCommit { Point a, b; } ClaimCommit;

/* Claims of a question: one a choice, the total, and the blank. */
size_t claim_count(const ElectionQuestion *q);
Claim claim_at(const ElectionQuestion *q, const VoteAnswer *answer, size_t question, size_t i);
ClaimBranch claim_branch(const ElectionQuestion *q, const Claim *c, size_t j);
/* What is hashed. `room` is emptied first; `sum` is read for CLAIM_TOTAL only. */
Scalar claim_challenge(Buf *room, const Election *el, Str credential_hex,
                       const VoteCipher *choices, VoteCipher sum, const Claim *c,
                       const ClaimCommit *commits);
/* Does the sum of the branches' challenges equal it? */
bool claim_sums(const Claim *c, Scalar challenge);
Scalar claim_signature(Buf *room, Hash content, Point commit);
/* The bytes that a claim's text may take at most. */
size_t claim_room(const Election *el);

/* Pieces of a ballot's text, in vote.c. */
void vote_put_head(Buf *out, const Election *el, Str credential_hex);
void vote_put_answer(Buf *out, const ElectionQuestion *q, const VoteAnswer *answer);

bool claim_fail(Err *e, ErrCode code, const Claim *c);   /* names question and choice; false */
bool claim_fail_choice(Err *e, ErrCode code, size_t question, size_t choice);
bool claim_fail_signature(Err *e, ErrCode code);

#endif
