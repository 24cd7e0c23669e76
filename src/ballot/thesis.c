#include "ballot/thesis.h"

#include <stdio.h>

size_t thesis_count(const ElectionQuestion *q)
{
    return election_choices(q) + 1 + (q->blank ? 1 : 0);
}

Thesis thesis_at(const ElectionQuestion *q, const VoteAnswer *answer, size_t question, size_t i)
{
    size_t choices = election_choices(q);
    if (i < choices)
        return (Thesis){ THESIS_CHOICE, question, i, 2, answer->individual[i] };
    if (i == choices)
        return (Thesis){ q->blank ? THESIS_TOTAL_OR_BLANK : THESIS_TOTAL, question, 0,
                        election_overall(q), answer->overall };
    return (Thesis){ THESIS_BLANK, question, 0, 2, answer->blank };
}

ThesisBranch thesis_branch(const ElectionQuestion *q, const Thesis *c, size_t j)
{
    switch (c->kind) {
    case THESIS_CHOICE:
        return (ThesisBranch){ (int)c->choice, j };
    case THESIS_TOTAL:
        return (ThesisBranch){ THESIS_SUM, (uint64_t)q->min + j };
    case THESIS_TOTAL_OR_BLANK:
        return j == 0 ? (ThesisBranch){ 0, 1 }
                      : (ThesisBranch){ THESIS_SUM, (uint64_t)q->min + j - 1 };
    default:
        return j == 0 ? (ThesisBranch){ 0, 0 } : (ThesisBranch){ THESIS_SUM, 0 };
    }
}

static void put_pair(Buf *b, Point x, Point y)
{
    canon_put_hex(b, x);
    buf_putc(b, ',');
    canon_put_hex(b, y);
}

Scalar thesis_challenge(Buf *room, const Election *el, Str credential_hex,
                       const VoteCipher *choices, VoteCipher sum, const Thesis *c,
                       const ThesisCommit *commits)
{
    const ElectionQuestion *q = &el->questions[c->question];
    static const char *const prefix[] = { "prove|", "prove|", "bproof1|", "bproof0|" };
    buf_reset(room);
    canon_put_z(room, prefix[c->kind]);
    buf_put(room, el->phi);
    buf_putc(room, '|');
    buf_put(room, credential_hex);
    buf_putc(room, '|');
    if (c->kind == THESIS_CHOICE) {
        put_pair(room, choices[c->choice].alpha, choices[c->choice].beta);
        buf_putc(room, '|');
    } else {
        for (size_t i = 0; i < election_choices(q); i++) {
            if (i)
                buf_putc(room, ',');
            put_pair(room, choices[i].alpha, choices[i].beta);
        }
        buf_putc(room, '|');
    }
    if (c->kind == THESIS_TOTAL) {
        put_pair(room, sum.alpha, sum.beta);
        buf_putc(room, '|');
    }
    for (size_t j = 0; j < c->n; j++) {
        if (j)
            buf_putc(room, ',');
        put_pair(room, commits[j].a, commits[j].b);
    }
    return canon_challenge(room);
}

bool thesis_sums(const Thesis *c, Scalar challenge)
{
    Scalar sum = c->proofs[0].challenge;
    for (size_t j = 1; j < c->n; j++)
        sum = scalar_add(sum, c->proofs[j].challenge);
    return scalar_eq(sum, challenge);
}

Scalar thesis_signature(Buf *room, Hash content, Point commit)
{
    char b64[CANON_B64];
    canon_b64(b64, content);
    buf_reset(room);
    canon_put_z(room, "sig|");
    buf_put(room, (Str){ b64, sizeof b64 });
    buf_putc(room, '|');
    canon_put_hex(room, commit);
    return canon_challenge(room);
}

size_t thesis_room(const Election *el)
{
    size_t most = 0;
    for (size_t i = 0; i < el->n_questions; i++) {
        size_t n = 2 * (election_choices(&el->questions[i]) + THESIS_BRANCH_MAX);
        most = n > most ? n : most;
    }
    return 300 + most * (POINT_HEX + 1);
}

static bool fail_at(Err *e, ErrCode code, const char *where, const char *where_en)
{
    return err_fail(e, code, err_hole("where", where), err_hole("where_en", where_en));
}

bool thesis_fail_choice(Err *e, ErrCode code, size_t question, size_t choice)
{
    char where[80], where_en[80];
    snprintf(where, sizeof where, "第%zu题第%zu个密文", question + 1, choice + 1);
    snprintf(where_en, sizeof where_en, "question %zu, ciphertext %zu", question + 1, choice + 1);
    return fail_at(e, code, where, where_en);
}

bool thesis_fail(Err *e, ErrCode code, const Thesis *c)
{
    char where[80], where_en[80];
    if (c->kind == THESIS_CHOICE)
        return thesis_fail_choice(e, code, c->question, c->choice);
    snprintf(where, sizeof where, "第%zu题%s", c->question + 1,
             c->kind == THESIS_BLANK ? "弃权" : "选项合计");
    snprintf(where_en, sizeof where_en, "question %zu, %s", c->question + 1,
             c->kind == THESIS_BLANK ? "the blank" : "the total");
    return fail_at(e, code, where, where_en);
}

bool thesis_fail_signature(Err *e, ErrCode code)
{
    return fail_at(e, code, "签名", "the signature");
}
