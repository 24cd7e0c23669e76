#include "ballot/thesis.h"

#include <string.h>

/* --- what is written ---------------------------------------------------------------------------*/

void vote_put_head(Buf *out, const Election *el, Str credential_hex)
{
    canon_put_z(out, "{\"election_uuid\":\"");
    buf_put(out, el->uuid);
    canon_put_z(out, "\",\"election_hash\":\"");
    buf_put(out, el->phi);
    canon_put_z(out, "\",\"credential\":\"");
    buf_put(out, credential_hex);
    canon_put_z(out, "\",\"answers\":[");
}

static void put_proofs(Buf *out, const Proof *p, size_t n)
{
    buf_putc(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_putc(out, ',');
        canon_put_proof(out, p[i]);
    }
    buf_putc(out, ']');
}

void vote_put_answer(Buf *out, const ElectionQuestion *q, const VoteAnswer *answer)
{
    size_t n = election_choices(q);
    canon_put_z(out, "{\"choices\":[");
    for (size_t i = 0; i < n; i++) {
        canon_put_z(out, i ? ",{\"alpha\":" : "{\"alpha\":");
        canon_put_point(out, answer->choices[i].alpha);
        canon_put_z(out, ",\"beta\":");
        canon_put_point(out, answer->choices[i].beta);
        buf_putc(out, '}');
    }
    canon_put_z(out, "],\"individual_proofs\":[");
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_putc(out, ',');
        put_proofs(out, answer->individual[i], 2);
    }
    canon_put_z(out, "],\"overall_proof\":");
    put_proofs(out, answer->overall, election_overall(q));
    if (q->blank) {
        canon_put_z(out, ",\"blank_proof\":");
        put_proofs(out, answer->blank, 2);
    }
    buf_putc(out, '}');
}

size_t vote_bytes_max(const Election *el)
{
    static const char proof[] = "{\"challenge\":\"\",\"response\":\"\"},";
    size_t cells = election_cells(el), proofs = election_proofs(el);
    size_t per_cell = 2 * POINT_HEX + sizeof "{\"alpha\":\"\",\"beta\":\"\"},[]," ;
    size_t per_proof = sizeof proof - 1 + 2 * SCALAR_DIGITS;
    return 400 + el->uuid.n + cells * per_cell + proofs * per_proof + 80 * el->n_questions;
}

/* --- what is read ----------------------------------------------------------------------------- */

static void read_proofs(Canon *c, Proof *p, size_t n)
{
    canon_lit(c, "[");
    for (size_t i = 0; i < n && !c->bad; i++) {
        if (i)
            canon_lit(c, ",");
        p[i] = canon_proof(c);
    }
    canon_lit(c, "]");
}

static void read_answer(Canon *c, const ElectionQuestion *q, VoteAnswer *answer)
{
    size_t n = election_choices(q);
    canon_lit(c, "{\"choices\":[");
    for (size_t i = 0; i < n && !c->bad; i++) {
        canon_lit(c, i ? ",{\"alpha\":" : "{\"alpha\":");
        answer->choices[i].alpha = canon_point(c);
        canon_lit(c, ",\"beta\":");
        answer->choices[i].beta = canon_point(c);
        canon_lit(c, "}");
    }
    canon_lit(c, "],\"individual_proofs\":[");
    for (size_t i = 0; i < n && !c->bad; i++) {
        if (i)
            canon_lit(c, ",");
        read_proofs(c, answer->individual[i], 2);
    }
    canon_lit(c, "],\"overall_proof\":");
    read_proofs(c, answer->overall, election_overall(q));
    if (q->blank) {
        canon_lit(c, ",\"blank_proof\":");
        read_proofs(c, answer->blank, 2);
    }
    canon_lit(c, "}");
}

VoteAnswer *vote_answers(Arena *a, const Election *el)
{
    VoteAnswer *v = ARENA_ARRAY(a, VoteAnswer, el->n_questions);
    for (size_t i = 0; v && i < el->n_questions; i++) {
        size_t n = election_choices(&el->questions[i]);
        v[i].choices = ARENA_ARRAY(a, VoteCipher, n);
        v[i].individual = arena_alloc(a, n * sizeof *v[i].individual);
        v[i].overall = ARENA_ARRAY(a, Proof, election_overall(&el->questions[i]));
    }
    return arena_refused(a) ? NULL : v;
}

/* Is it a ballot of another election, of this form? Then the voter has the wrong page or slip. */
static bool other(const Election *el, Str text)
{
    Str head = STRC("{\"election_uuid\":\""), hash = STRC("\",\"election_hash\":\"");
    if (!str_starts(text, head))
        return false;
    Str rest = str_sub(text, head.n, text.n);
    ptrdiff_t n = str_find(rest, STRC("\""));
    if (n < 0 || !election_uuid_valid(str_sub(rest, 0, (size_t)n)))
        return false;
    if (!str_eq(str_sub(rest, 0, (size_t)n), el->uuid))
        return true;
    rest = str_sub(rest, (size_t)n, rest.n);
    return str_starts(rest, hash) && rest.n > hash.n + ELECTION_HASH &&
           rest.p[hash.n + ELECTION_HASH] == '"' &&
           !str_eq(str_sub(rest, hash.n, ELECTION_HASH), el->phi);
}

static bool bad_form(Err *e, ErrCode code, size_t at)
{
    return err_fail(e, code, err_hole("where", "选票"), err_hole("where_en", "the ballot"),
                    err_hole("at", at));
}

static void read_all(Vote *v, Canon *c, const Election *el)
{
    canon_lit(c, "{\"election_uuid\":\"");
    if (!str_eq(canon_take(c, el->uuid.n), el->uuid))
        c->bad = true;
    canon_lit(c, "\",\"election_hash\":\"");
    if (!str_eq(canon_take(c, el->phi.n), el->phi))
        c->bad = true;
    canon_lit(c, "\",\"credential\":");
    v->credential = canon_point(c);
    if (!c->bad)
        v->credential_hex = (Str){ c->s.p + c->at - 1 - POINT_HEX, POINT_HEX };
    canon_lit(c, ",\"answers\":[");
    for (size_t i = 0; i < el->n_questions && !c->bad; i++) {
        if (i)
            canon_lit(c, ",");
        read_answer(c, &el->questions[i], &v->answers[i]);
    }
    canon_lit(c, "]");
}

bool vote_read(Vote *out, Arena *a, const Election *el, Str text, Err *e)
{
    Vote v = { .text = text };
    char hash[CANON_B64];
    Canon c = canon_open(text);
    if (text.n > VOTE_BYTES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "选票"),
                        err_hole("max", VOTE_BYTES_MAX));
    v.answers = vote_answers(a, el);
    if (!v.answers)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "选票"));
    read_all(&v, &c, el);
    if (!c.bad)
        v.content = hash_of2((Str){ text.p, c.at }, STRC("}"));
    canon_lit(&c, ",\"signature\":{\"hash\":\"");
    canon_b64(hash, v.content);
    Str said = canon_take(&c, CANON_B64);
    if (!c.bad && memcmp(said.p, hash, CANON_B64) != 0)
        return thesis_fail_signature(e, ERR_BEL_PROOF);
    canon_lit(&c, "\",\"proof\":");
    v.signature = canon_proof(&c);
    canon_lit(&c, "}}");
    if (!canon_end(&c))
        return bad_form(e, other(el, text) ? ERR_BEL_OTHER : ERR_BEL_FORM, c.at);
    *out = v;
    return true;
}

Str vote_credential(const Election *el, Str text)
{
    size_t at = sizeof "{\"election_uuid\":\"\",\"election_hash\":\"\",\"credential\":\"" - 1 +
                el->uuid.n + el->phi.n;
    return str_sub(text, at, text.n > at + POINT_HEX ? POINT_HEX : 0);
}

void vote_tracker(char out[VOTE_TRACKER], Str text)
{
    canon_b64(out, hash_of(text));
}

size_t vote_hints_size(const Election *el)
{
    return CURVE_HINT * (2 + 2 * election_cells(el) + 2 * election_proofs(el));
}
