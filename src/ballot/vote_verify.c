/* One ballot at a time: with libsodium alone, and with curve.h. */
#include "ballot/thesis.h"

/* --- libsodium alone -------------------------------------------------------------------------- */

static bool plain_points(const Vote *v, const Election *el, Err *e)
{
    for (size_t i = 0; i < el->n_questions; i++)
        for (size_t k = 0; k < election_choices(&el->questions[i]); k++)
            if (!point_valid(v->answers[i].choices[k].alpha) ||
                !point_valid(v->answers[i].choices[k].beta))
                return thesis_fail_choice(e, ERR_BEL_POINT, i, k);
    return point_valid(v->credential) || thesis_fail_signature(e, ERR_BEL_POINT);
}

static VoteCipher plain_sum(const ElectionQuestion *q, const VoteCipher *choices)
{
    VoteCipher sum = { point_identity(), point_identity() };
    for (size_t i = q->blank ? 1 : 0; i < election_choices(q); i++) {
        sum.alpha = point_add(sum.alpha, choices[i].alpha);
        sum.beta = point_add(sum.beta, choices[i].beta);
    }
    return sum;
}

static bool plain_thesis(Buf *room, const Vote *v, const Election *el, const Thesis *c,
                        VoteCipher sum)
{
    const ElectionQuestion *q = &el->questions[c->question];
    const VoteCipher *choices = v->answers[c->question].choices;
    ThesisCommit commits[THESIS_BRANCH_MAX];
    for (size_t j = 0; j < c->n; j++) {
        ThesisBranch b = thesis_branch(q, c, j);
        VoteCipher x = b.cell == THESIS_SUM ? sum : choices[b.cell];
        Point without = point_sub(x.beta, point_base(scalar_int(b.message)));
        commits[j].a = point_add(point_base(c->proofs[j].response),
                                 point_mul(x.alpha, c->proofs[j].challenge));
        commits[j].b = point_add(point_mul(el->key, c->proofs[j].response),
                                 point_mul(without, c->proofs[j].challenge));
    }
    return thesis_sums(c, thesis_challenge(room, el, v->credential_hex, choices, sum, c, commits));
}

static bool plain_signature(Buf *room, const Vote *v)
{
    Point commit = point_add(point_base(v->signature.response),
                             point_mul(v->credential, v->signature.challenge));
    return scalar_eq(thesis_signature(room, v->content, commit), v->signature.challenge);
}

bool vote_verify_plain(const Vote *v, const Election *el, Err *e)
{
    Buf room = buf_open(thesis_room(el));
    bool ok = plain_points(v, el, e);
    for (size_t i = 0; ok && i < el->n_questions; i++) {
        const ElectionQuestion *q = &el->questions[i];
        VoteCipher sum = plain_sum(q, v->answers[i].choices);
        for (size_t k = 0; ok && k < thesis_count(q); k++) {
            Thesis c = thesis_at(q, &v->answers[i], i, k);
            ok = plain_thesis(&room, v, el, &c, sum) || thesis_fail(e, ERR_BEL_PROOF, &c);
        }
    }
    ok = ok && (plain_signature(&room, v) || thesis_fail_signature(e, ERR_BEL_PROOF));
    if (ok && room.failed)
        ok = err_fail(e, ERR_NO_MEMORY, err_hole("what", "选票"));
    buf_close(&room);
    return ok;
}

/* --- curve.h ---------------------------------------------------------------------------------- */

/* Everything is computed divided by eight and doubled three times: the eighth is the hint, and a
 * point with a torsion part does not come back. */
typedef struct Run {
    const Vote *v;
    const Election *el;
    const CurveTable *g, *key;
    Buf room;
    CurvePoint *cells;             /* alpha, beta of each ciphertext of the question at hand */
    CurvePoint *hints;             /* of the whole ballot */
    size_t n_hints;
} Run;

static CurvePoint eightfold(CurvePoint p)
{
    for (int i = 0; i < 3; i++)
        p = curve_double(&p);
    return p;
}

/* Is p in the group and not its identity? Keeps its eighth as a hint. */
static bool take_point(Run *r, CurvePoint *out, Point p)
{
    CurvePoint c, whole;
    if (!curve_decode(&c, p))
        return false;
    CurveTerm term = { &c, curve_eighth(scalar_int(1)) };
    CurvePoint eighth = curve_straus(NULL, term.s, NULL, term.s, &term, 1);
    r->hints[r->n_hints++] = eighth;
    whole = eightfold(eighth);
    *out = c;
    return curve_eq(&whole, &c) && !curve_is_identity(&c);
}

/* (g^a key^b p^s) / 8, kept as a hint, and the whole. */
static CurvePoint commit_of(Run *r, Scalar a, Scalar b, bool with_key, const CurvePoint *p,
                            Scalar s)
{
    CurveTerm term = { p, curve_eighth(s) };
    CurvePoint eighth = curve_straus(r->g, curve_eighth(a), with_key ? r->key : NULL,
                                     curve_eighth(b), &term, 1);
    r->hints[r->n_hints++] = eighth;
    return eightfold(eighth);
}

static void sum_cells(CurvePoint sum[2], const ElectionQuestion *q, const CurvePoint *cells)
{
    sum[0] = sum[1] = curve_identity();
    for (size_t i = q->blank ? 1 : 0; i < election_choices(q); i++) {
        sum[0] = curve_add(&sum[0], &cells[2 * i]);
        sum[1] = curve_add(&sum[1], &cells[2 * i + 1]);
    }
}

static bool check_thesis(Run *r, const Thesis *c, const CurvePoint sum[2], VoteCipher coded_sum)
{
    const ElectionQuestion *q = &r->el->questions[c->question];
    CurvePoint whole[2 * THESIS_BRANCH_MAX];
    Point coded[2 * THESIS_BRANCH_MAX];
    ThesisCommit commits[THESIS_BRANCH_MAX];
    Scalar zero = scalar_int(0);
    for (size_t j = 0; j < c->n; j++) {
        ThesisBranch b = thesis_branch(q, c, j);
        const CurvePoint *x = b.cell == THESIS_SUM ? sum : &r->cells[2 * b.cell];
        Proof p = c->proofs[j];
        Scalar off = scalar_sub(zero, scalar_mul(p.challenge, scalar_int(b.message)));
        whole[2 * j] = commit_of(r, p.response, zero, false, &x[0], p.challenge);
        whole[2 * j + 1] = commit_of(r, off, p.response, true, &x[1], p.challenge);
    }
    curve_encode(coded, whole, 2 * c->n);
    for (size_t j = 0; j < c->n; j++)
        commits[j] = (ThesisCommit){ coded[2 * j], coded[2 * j + 1] };
    return thesis_sums(c, thesis_challenge(&r->room, r->el, r->v->credential_hex,
                                         r->v->answers[c->question].choices, coded_sum, c,
                                         commits));
}

static bool check_question(Run *r, size_t question, Err *e)
{
    const ElectionQuestion *q = &r->el->questions[question];
    CurvePoint sum[2];
    Point coded[2];
    sum_cells(sum, q, r->cells);
    curve_encode(coded, sum, 2);
    for (size_t k = 0; k < thesis_count(q); k++) {
        Thesis c = thesis_at(q, &r->v->answers[question], question, k);
        if (!check_thesis(r, &c, sum, (VoteCipher){ coded[0], coded[1] }))
            return thesis_fail(e, ERR_BEL_PROOF, &c);
    }
    return true;
}

static bool check_signature(Run *r, const CurvePoint *credential, Err *e)
{
    Scalar zero = scalar_int(0);
    Point coded;
    CurvePoint commit = commit_of(r, r->v->signature.response, zero, false, credential,
                                  r->v->signature.challenge);
    curve_encode(&coded, &commit, 1);
    return scalar_eq(thesis_signature(&r->room, r->v->content, coded),
                     r->v->signature.challenge) ||
           thesis_fail_signature(e, ERR_BEL_PROOF);
}

static bool take_cells(Run *r, Err *e)
{
    CurvePoint *cell = r->cells;
    for (size_t i = 0; i < r->el->n_questions; i++)
        for (size_t k = 0; k < election_choices(&r->el->questions[i]); k++, cell += 2)
            if (!take_point(r, &cell[0], r->v->answers[i].choices[k].alpha) ||
                !take_point(r, &cell[1], r->v->answers[i].choices[k].beta))
                return thesis_fail_choice(e, ERR_BEL_POINT, i, k);
    return true;
}

static bool check_all(Run *r, Err *e)
{
    CurvePoint credential, *cells = r->cells;
    if (!take_point(r, &credential, r->v->credential))
        return thesis_fail_signature(e, ERR_BEL_POINT);
    if (!take_cells(r, e) || !check_signature(r, &credential, e))
        return false;
    for (size_t i = 0; i < r->el->n_questions; i++) {
        if (!check_question(r, i, e))
            return false;
        r->cells += 2 * election_choices(&r->el->questions[i]);
    }
    r->cells = cells;
    return !r->room.failed || err_fail(e, ERR_NO_MEMORY, err_hole("what", "选票"));
}

static bool write_hints(Buf *out, Arena *a, const Run *r, Err *e)
{
    unsigned char *bytes = arena_alloc(a, CURVE_HINT * r->n_hints);
    if (bytes) {
        curve_hint_write(bytes, r->hints, r->n_hints);
        buf_put(out, (Str){ (const char *)bytes, CURVE_HINT * r->n_hints });
    }
    return (bytes && !out->failed) || err_fail(e, ERR_NO_MEMORY, err_hole("what", "选票"));
}

bool vote_tables(VoteTables *out, const Election *el)
{
    CurvePoint key;
    if (!curve_decode(&key, el->key))
        return false;
    curve_base_table(&out->g);
    curve_table(&out->key, &key);
    return true;
}

bool vote_verify(Buf *hints, const Vote *v, const Election *el, const VoteTables *tables, Err *e)
{
    size_t n = vote_hints_size(el) / CURVE_HINT, cells = election_cells(el);
    Arena *a = arena_open(sizeof(VoteTables) + (n + 2 * cells) * sizeof(CurvePoint) +
                          n * CURVE_HINT + (1 << 18));
    VoteTables *own = !tables && a ? ARENA_NEW(a, VoteTables) : NULL;
    if (own && vote_tables(own, el))
        tables = own;
    Run r = { .v = v, .el = el, .room = buf_open(thesis_room(el)) };
    r.hints = a ? ARENA_ARRAY(a, CurvePoint, n) : NULL;
    r.cells = a ? ARENA_ARRAY(a, CurvePoint, 2 * cells) : NULL;
    bool ok = tables && r.hints && r.cells;
    if (!ok)
        err_fail(e, ERR_NO_MEMORY, err_hole("what", "选票"));
    else {
        r.g = &tables->g;
        r.key = &tables->key;
        ok = check_all(&r, e) && (!hints || write_hints(hints, a, &r, e));
    }
    buf_close(&r.room);
    arena_close(a);
    return ok;
}
