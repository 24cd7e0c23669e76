/* Making a ballot. Everything here touches secrets: libsodium only, and which branch is true shows
 * only in the order of a few multiplications of equal cost. */
#include "ballot/thesis.h"

#include <sodium.h>

typedef struct Maker {
    const Election *el;
    const Scalar *secret;
    Coin *coin;
    Buf room;
    char hex[POINT_HEX];
    Scalar *r;                     /* of each choice of the question at hand */
} Maker;

static bool marks_fit(const ElectionQuestion *q, const unsigned char *marks)
{
    int64_t sum = 0;
    size_t n = election_choices(q), first = q->blank ? 1 : 0;
    for (size_t i = 0; i < n; i++)
        if (marks[i] > 1)
            return false;
    for (size_t i = first; i < n; i++)
        sum += marks[i];
    if (q->blank && marks[0])
        return sum == 0;
    return sum >= q->min && sum <= q->max;
}

static VoteCipher encrypt(const Maker *m, Scalar r, unsigned char mark)
{
    Point yr = point_mul(m->el->key, r);
    return (VoteCipher){ point_base(r), mark ? point_add(yr, point_base(scalar_int(1))) : yr };
}

static VoteCipher sum_of(const ElectionQuestion *q, const VoteCipher *choices)
{
    VoteCipher sum = { point_identity(), point_identity() };
    for (size_t i = q->blank ? 1 : 0; i < election_choices(q); i++) {
        sum.alpha = point_add(sum.alpha, choices[i].alpha);
        sum.beta = point_add(sum.beta, choices[i].beta);
    }
    return sum;
}

/* A = g^resp alpha^ch, B = y^resp (beta / g^message)^ch */
static ThesisCommit simulated(const Election *el, VoteCipher c, uint64_t message, Proof p)
{
    Point without = point_sub(c.beta, point_base(scalar_int(message)));
    return (ThesisCommit){
        point_add(point_base(p.response), point_mul(c.alpha, p.challenge)),
        point_add(point_mul(el->key, p.response), point_mul(without, p.challenge))
    };
}

/* Fills the thesis's proofs; branch `truth` is the true one, r the randomness of its ciphertext. */
static void prove(Maker *m, const ElectionQuestion *q, const VoteAnswer *answer, const Thesis *c,
                  VoteCipher sum, size_t truth, Scalar r)
{
    ThesisCommit commits[THESIS_BRANCH_MAX];
    Proof *proofs = (Proof *)c->proofs;
    Scalar w = coin_scalar(m->coin), others = scalar_int(0);
    for (size_t j = 0; j < c->n; j++) {
        ThesisBranch b = thesis_branch(q, c, j);
        VoteCipher cipher = b.cell == THESIS_SUM ? sum : answer->choices[b.cell];
        if (j == truth) {
            commits[j] = (ThesisCommit){ point_base(w), point_mul(m->el->key, w) };
            continue;
        }
        proofs[j] = (Proof){ coin_scalar(m->coin), coin_scalar(m->coin) };
        commits[j] = simulated(m->el, cipher, b.message, proofs[j]);
        others = scalar_add(others, proofs[j].challenge);
    }
    Str hex = { m->hex, POINT_HEX };
    Scalar h = thesis_challenge(&m->room, m->el, hex, answer->choices, sum, c, commits);
    proofs[truth].challenge = scalar_sub(h, others);
    proofs[truth].response = scalar_sub(w, scalar_mul(r, proofs[truth].challenge));
    scalar_close(&w);
}

static void make_answer(Maker *m, size_t question, VoteAnswer *answer, const unsigned char *marks)
{
    const ElectionQuestion *q = &m->el->questions[question];
    size_t n = election_choices(q), first = q->blank ? 1 : 0, total = 0;
    Scalar sum_r = scalar_int(0);
    for (size_t i = 0; i < n; i++) {
        m->r[i] = coin_scalar(m->coin);
        answer->choices[i] = encrypt(m, m->r[i], marks[i]);
        if (i >= first) {
            sum_r = scalar_add(sum_r, m->r[i]);
            total += marks[i];
        }
    }
    VoteCipher sum = sum_of(q, answer->choices);
    bool blank = q->blank && marks[0];
    for (size_t i = 0; i < thesis_count(q); i++) {
        Thesis c = thesis_at(q, answer, question, i);
        size_t in_range = total - (size_t)q->min;
        if (c.kind == THESIS_CHOICE)
            prove(m, q, answer, &c, sum, marks[i], m->r[i]);
        else if (c.kind == THESIS_TOTAL)
            prove(m, q, answer, &c, sum, in_range, sum_r);
        else if (c.kind == THESIS_TOTAL_OR_BLANK)
            prove(m, q, answer, &c, sum, blank ? 0 : in_range + 1, blank ? m->r[0] : sum_r);
        else
            prove(m, q, answer, &c, sum, blank ? 1 : 0, blank ? sum_r : m->r[0]);
    }
    scalar_close(&sum_r);
}

static void sign(Maker *m, Buf *out, size_t start)
{
    Scalar w = coin_scalar(m->coin);
    Str text = buf_str(out);
    Hash content = hash_of2(str_sub(text, start, text.n), STRC("}"));
    char b64[CANON_B64];
    Proof p;
    p.challenge = thesis_signature(&m->room, content, point_base(w));
    p.response = scalar_sub(w, scalar_mul(*m->secret, p.challenge));
    canon_b64(b64, content);
    canon_put_z(out, ",\"signature\":{\"hash\":\"");
    buf_put(out, (Str){ b64, sizeof b64 });
    canon_put_z(out, "\",\"proof\":");
    canon_put_proof(out, p);
    canon_put_z(out, "}}");
    scalar_close(&w);
}

static bool make(Maker *m, Buf *out, Arena *a, const unsigned char *const *marks, Err *e)
{
    size_t start = out->n, most = 0;
    VoteAnswer *answers = vote_answers(a, m->el);
    for (size_t i = 0; i < m->el->n_questions; i++)
        most = election_choices(&m->el->questions[i]) > most ?
                   election_choices(&m->el->questions[i]) : most;
    m->r = ARENA_ARRAY(a, Scalar, most);
    if (!answers || !m->r)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "选票"));
    point_hex(m->hex, point_base(*m->secret));
    vote_put_head(out, m->el, (Str){ m->hex, POINT_HEX });
    for (size_t i = 0; i < m->el->n_questions; i++) {
        make_answer(m, i, &answers[i], marks[i]);
        if (i)
            buf_putc(out, ',');
        vote_put_answer(out, &m->el->questions[i], &answers[i]);
    }
    buf_putc(out, ']');
    sign(m, out, start);
    sodium_memzero(m->r, most * sizeof *m->r);
    return (!out->failed && !m->room.failed) ||
           err_fail(e, ERR_NO_MEMORY, err_hole("what", "选票"));
}

bool vote_make(Buf *out, Buf *hints, const Election *el, const Scalar *secret,
               const unsigned char *const *marks, Coin *coin, Err *e)
{
    for (size_t i = 0; i < el->n_questions; i++)
        if (!marks_fit(&el->questions[i], marks[i]))
            return err_fail(e, ERR_BEL_MARKS, err_hole("question", i + 1));
    size_t start = out->n;
    Arena *a = arena_open(4 * vote_bytes_max(el) + (1 << 16));
    Maker m = { .el = el, .secret = secret, .coin = coin, .room = buf_open(thesis_room(el)) };
    bool ok = a ? make(&m, out, a, marks, e) :
                  err_fail(e, ERR_NO_MEMORY, err_hole("what", "选票"));
    Vote v;
    Str text = str_sub(buf_str(out), start, out->n);
    ok = ok && (!hints || (vote_read(&v, a, el, text, e) && vote_verify(hints, &v, el, NULL, e)));
    buf_close(&m.room);
    arena_close(a);
    return ok;
}
