/* thesis: what one ballot asserts, proof by proof, in the order of its text. The three verifiers
 * and the maker differ only in how they get the commitments; what is hashed, and over which
 * ciphertexts, stands here once (version 1 of the format: "prove", "bproof0", "bproof1").
 *
 * Nouns of this face: thesis_ */
#ifndef BALLOT_THESIS_H
#define BALLOT_THESIS_H

#include "ballot/canon.h"
#include "ballot/vote.h"

enum { THESIS_SUM = -1, THESIS_BRANCH_MAX = ELECTION_ANSWERS_MAX + 2 };

typedef enum ThesisKind {
    THESIS_CHOICE, THESIS_TOTAL, THESIS_TOTAL_OR_BLANK, THESIS_BLANK
} ThesisKind;

/* "The ciphertext `cell` holds `message`": one branch of a thesis, of which one is true. */
typedef struct ThesisBranch {
    int cell;                       /* of the question; THESIS_SUM: the product of its answers */
    uint64_t message;
} ThesisBranch;

typedef struct Thesis {
    ThesisKind kind;
    size_t question, choice;        /* choice: of THESIS_CHOICE */
    size_t n;                       /* branches, at most THESIS_BRANCH_MAX */
    const Proof *proofs;
} Thesis;

typedef struct ThesisCommit { Point a, b; } ThesisCommit;

/* Thesiss of a question: one a choice, the total, and the blank. */
size_t thesis_count(const ElectionQuestion *q);
Thesis thesis_at(const ElectionQuestion *q, const VoteAnswer *answer, size_t question, size_t i);
ThesisBranch thesis_branch(const ElectionQuestion *q, const Thesis *c, size_t j);
/* What is hashed. `room` is emptied first; `sum` is read for THESIS_TOTAL only. */
Scalar thesis_challenge(Buf *room, const Election *el, Str credential_hex,
                       const VoteCipher *choices, VoteCipher sum, const Thesis *c,
                       const ThesisCommit *commits);
/* Does the sum of the branches' challenges equal it? */
bool thesis_sums(const Thesis *c, Scalar challenge);
Scalar thesis_signature(Buf *room, Hash content, Point commit);
/* The bytes that a thesis's text may take at most. */
size_t thesis_room(const Election *el);

/* Pieces of a ballot's text, in vote.c. */
void vote_put_head(Buf *out, const Election *el, Str credential_hex);
void vote_put_answer(Buf *out, const ElectionQuestion *q, const VoteAnswer *answer);

bool thesis_fail(Err *e, ErrCode code, const Thesis *c);   /* names question and choice; false */
bool thesis_fail_choice(Err *e, ErrCode code, size_t question, size_t choice);
bool thesis_fail_signature(Err *e, ErrCode code);

#endif
