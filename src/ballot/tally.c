#include "ballot/canon.h"
#include "ballot/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "合计"));
}

static bool bad_form(Err *e, const char *where, const char *where_en, size_t at)
{
    return err_fail(e, ERR_BEL_FORM, err_hole("where", where), err_hole("where_en", where_en),
                    err_hole("at", at));
}

/* --- the encrypted sum ------------------------------------------------------------------------ */

bool tally_add(CurvePoint *sum, const Election *el, const Vote *v)
{
    for (size_t i = 0; i < el->n_questions; i++) {
        for (size_t k = 0; k < election_choices(&el->questions[i]); k++, sum += 2) {
            CurvePoint a, b;
            if (!curve_decode(&a, v->answers[i].choices[k].alpha) ||
                !curve_decode(&b, v->answers[i].choices[k].beta))
                return false;
            sum[0] = curve_add(&sum[0], &a);
            sum[1] = curve_add(&sum[1], &b);
        }
    }
    return true;
}

bool tally_of(Tally *out, Arena *a, const Election *el, const CurvePoint *sum, Err *e)
{
    Tally t = { .n = election_cells(el) };
    t.cells = ARENA_ARRAY(a, VoteCipher, t.n);
    if (!t.cells)
        return no_memory(e);
    curve_encode(&t.cells[0].alpha, sum, 2 * t.n); /* a VoteCipher is two Points */
    *out = t;
    return true;
}
_Static_assert(sizeof(VoteCipher) == 2 * sizeof(Point), "two points in a row");

/* What stands before a cell in [[x,x],[x]]. */
static const char *before_cell(const Election *el, size_t cell)
{
    size_t first = 0;
    for (size_t i = 0; i < el->n_questions; i++) {
        if (cell == first)
            return i ? "],[" : "[[";
        first += election_choices(&el->questions[i]);
    }
    return ",";
}

bool tally_write(Buf *out, const Election *el, const Tally *t, Err *e)
{
    for (size_t i = 0; i < t->n; i++) {
        canon_put_z(out, before_cell(el, i));
        canon_put_z(out, "{\"alpha\":");
        canon_put_point(out, t->cells[i].alpha);
        canon_put_z(out, ",\"beta\":");
        canon_put_point(out, t->cells[i].beta);
        buf_putc(out, '}');
    }
    canon_put_z(out, "]]");
    return !out->failed || no_memory(e);
}

bool tally_read(Tally *out, Arena *a, const Election *el, Str text, Err *e)
{
    Tally t = { .n = election_cells(el) };
    Canon c = canon_open(text);
    t.cells = ARENA_ARRAY(a, VoteCipher, t.n);
    if (!t.cells)
        return no_memory(e);
    for (size_t i = 0; i < t.n && !c.bad; i++) {
        canon_lit(&c, before_cell(el, i));
        canon_lit(&c, "{\"alpha\":");
        t.cells[i].alpha = canon_point(&c);
        canon_lit(&c, ",\"beta\":");
        t.cells[i].beta = canon_point(&c);
        canon_lit(&c, "}");
    }
    canon_lit(&c, "]]");
    if (!canon_end(&c))
        return bad_form(e, "合计", "the tally", c.at);
    *out = t;
    return true;
}

/* --- shares ----------------------------------------------------------------------------------- */

static Scalar share_challenge(Buf *room, const Election *el, Point key, Point a, Point b)
{
    buf_reset(room);
    canon_put_z(room, "decrypt|");
    buf_put(room, el->phi);
    buf_putc(room, '|');
    canon_put_hex(room, key);
    buf_putc(room, '|');
    canon_put_hex(room, a);
    buf_putc(room, ',');
    canon_put_hex(room, b);
    return canon_challenge(room);
}

bool tally_share(Buf *out, const Election *el, const Tally *t, const Scalar *secret, Coin *coin,
                 Err *e)
{
    Buf room = buf_open(1000);
    Point key = point_base(*secret);
    canon_put_z(out, "{\"decryption_factors\":");
    for (size_t i = 0; i < t->n; i++) {
        canon_put_z(out, before_cell(el, i));
        canon_put_point(out, point_mul(t->cells[i].alpha, *secret));
    }
    canon_put_z(out, "]],\"decryption_proofs\":");
    for (size_t i = 0; i < t->n; i++) {
        Scalar w = coin_scalar(coin);
        Proof p;
        p.challenge = share_challenge(&room, el, key, point_base(w),
                                      point_mul(t->cells[i].alpha, w));
        p.response = scalar_sub(w, scalar_mul(*secret, p.challenge));
        scalar_close(&w);
        canon_put_z(out, before_cell(el, i));
        canon_put_proof(out, p);
    }
    canon_put_z(out, "]]}");
    bool ok = !out->failed && !room.failed;
    buf_close(&room);
    return ok || no_memory(e);
}

static bool fail_share(Err *e, ErrCode code, int64_t owner, size_t cell)
{
    char where[100], where_en[100];
    snprintf(where, sizeof where, "第%lld名持钥人份额的第%zu格", (long long)owner, cell + 1);
    snprintf(where_en, sizeof where_en, "trustee %lld's share, cell %zu", (long long)owner,
             cell + 1);
    return err_fail(e, code, err_hole("where", where), err_hole("where_en", where_en));
}

static bool check_factor(Buf *room, const Election *el, Point key, Point alpha, Point factor,
                         Proof p)
{
    Point a = point_add(point_base(p.response), point_mul(key, p.challenge));
    Point b = point_add(point_mul(alpha, p.response), point_mul(factor, p.challenge));
    return scalar_eq(share_challenge(room, el, key, a, b), p.challenge);
}

static bool read_factors(Canon *c, const Election *el, Point *factors, Proof *proofs, size_t n)
{
    canon_lit(c, "{\"decryption_factors\":");
    for (size_t i = 0; i < n && !c->bad; i++) {
        canon_lit(c, before_cell(el, i));
        factors[i] = canon_point(c);
    }
    canon_lit(c, "]],\"decryption_proofs\":");
    for (size_t i = 0; i < n && !c->bad; i++) {
        canon_lit(c, before_cell(el, i));
        proofs[i] = canon_proof(c);
    }
    canon_lit(c, "]]}");
    return canon_end(c);
}

static bool check_factors(const Election *el, const Tally *t, Point key, const TallyShare *s,
                          const Proof *proofs, Err *e)
{
    Buf room = buf_open(1000);
    bool ok = true;
    for (size_t i = 0; ok && i < t->n; i++) {
        if (!point_valid(s->factors[i]))
            ok = fail_share(e, ERR_BEL_POINT, s->owner, i);
        else if (!check_factor(&room, el, key, t->cells[i].alpha, s->factors[i], proofs[i]))
            ok = fail_share(e, ERR_BEL_PROOF, s->owner, i);
    }
    buf_close(&room);
    return ok;
}

bool tally_share_read(TallyShare *out, Arena *a, const Election *el, const Tally *t,
                      const Trustees *tr, int64_t owner, Str text, Err *e)
{
    TallyShare s = { .owner = owner, .factors = ARENA_ARRAY(a, Point, t->n) };
    Proof *proofs = ARENA_ARRAY(a, Proof, t->n);
    Canon c = canon_open(text);
    if (!s.factors || !proofs)
        return no_memory(e);
    if (owner < 1 || owner > (int64_t)tr->n_members)
        return err_fail(e, ERR_TRUSTEE_KEY, err_hole("owner", owner));
    if (!read_factors(&c, el, s.factors, proofs, t->n))
        return bad_form(e, "持钥人份额", "a trustee's share", c.at);
    if (!check_factors(el, t, tr->members[owner - 1].key, &s, proofs, e))
        return false;
    *out = s;
    return true;
}

static const TallyShare *share_of(const TallyShare *shares, size_t n, size_t member)
{
    for (size_t i = 0; i < n; i++)
        if (shares[i].owner == (int64_t)member + 1)
            return &shares[i];
    return NULL;
}

/* The shares of a set that are used: the first `threshold` of it in order of index. */
static size_t chosen(const TallyShare *out[], int64_t *indexes, const TrusteeSet *set,
                     const TallyShare *shares, size_t n)
{
    size_t want = set->threshold ? (size_t)set->threshold : 1, got = 0;
    for (size_t i = 0; i < set->n && got < want; i++) {
        out[got] = share_of(shares, n, set->from + i);
        indexes[got] = (int64_t)i + 1;
        got += out[got] != NULL;
    }
    return got;
}

bool tally_enough(const Trustees *tr, const TallyShare *shares, size_t n)
{
    const TallyShare *used[TRUSTEE_SET_MAX];
    int64_t indexes[TRUSTEE_SET_MAX];
    for (size_t i = 0; i < tr->n_sets; i++) {
        const TrusteeSet *set = &tr->sets[i];
        if (chosen(used, indexes, set, shares, n) < (set->threshold ? (size_t)set->threshold : 1))
            return false;
    }
    return true;
}

static void take_set(Point *factors, size_t cells, const TrusteeSet *set, const TallyShare *shares,
                     size_t n)
{
    const TallyShare *used[TRUSTEE_SET_MAX];
    int64_t indexes[TRUSTEE_SET_MAX];
    Scalar weights[TRUSTEE_SET_MAX];
    size_t got = chosen(used, indexes, set, shares, n);
    trustee_weights(weights, indexes, got);
    for (size_t i = 0; i < got; i++)
        for (size_t k = 0; k < cells; k++) {
            Point f = set->threshold ? point_mul(used[i]->factors[k], weights[i])
                                     : used[i]->factors[k];
            factors[k] = point_add(factors[k], f);
        }
}

bool tally_combine(Point *out, const Election *el, const Tally *t, const Trustees *tr,
                   const TallyShare *shares, size_t n, Err *e)
{
    size_t cells = election_cells(el);
    if (!tally_enough(tr, shares, n))
        return err_fail(e, ERR_BEL_SHARES);
    for (size_t k = 0; k < cells; k++)
        out[k] = point_identity();
    for (size_t i = 0; i < tr->n_sets; i++)
        take_set(out, cells, &tr->sets[i], shares, n);
    for (size_t k = 0; k < cells; k++)
        out[k] = point_sub(t->cells[k].beta, out[k]);
    return true;
}

/* --- counts ----------------------------------------------------------------------------------- */

typedef struct Step { Point p; int64_t i; } Step;

static int step_cmp(const void *a, const void *b)
{
    return memcmp(((const Step *)a)->p.b, ((const Step *)b)->p.b, 32);
}

/* Baby steps and giant steps: g^0 .. g^(m-1) sorted, then p / g^(km). */
static bool log_of(int64_t *out, Point p, const Step *steps, int64_t m, int64_t most)
{
    Point giant = point_base(scalar_int((uint64_t)m));
    for (int64_t k = 0; k * m <= most; k++) {
        Step want = { .p = p };
        const Step *found = bsearch(&want, steps, (size_t)m, sizeof *steps, step_cmp);
        if (found && k * m + found->i <= most) {
            *out = k * m + found->i;
            return true;
        }
        p = point_sub(p, giant);
    }
    return false;
}

bool tally_counts(int64_t *counts, const Election *el, const Point *powers, int64_t most, Err *e)
{
    int64_t m = 1;
    while (m * m <= most)
        m++;
    Step *steps = malloc((size_t)m * sizeof *steps);
    if (!steps)
        return no_memory(e);
    steps[0] = (Step){ point_identity(), 0 };
    Point g = point_base(scalar_int(1));
    for (int64_t i = 1; i < m; i++)
        steps[i] = (Step){ point_add(steps[i - 1].p, g), i };
    qsort(steps, (size_t)m, sizeof *steps, step_cmp);
    bool ok = true;
    for (size_t k = 0; ok && k < election_cells(el); k++)
        ok = log_of(&counts[k], powers[k], steps, m, most);
    free(steps);
    return ok || err_fail(e, ERR_BEL_RESULT, err_hole("where", "结果"),
                          err_hole("where_en", "the result"));
}

bool tally_result_write(Buf *out, const Election *el, const int64_t *counts, Err *e)
{
    canon_put_z(out, "{\"result\":");
    for (size_t i = 0; i < election_cells(el); i++) {
        canon_put_z(out, before_cell(el, i));
        canon_put_int(out, counts[i]);
    }
    canon_put_z(out, "]]}");
    return !out->failed || no_memory(e);
}

bool tally_result_read(int64_t **counts, Arena *a, const Election *el, Str text, Err *e)
{
    size_t n = election_cells(el);
    int64_t *got = ARENA_ARRAY(a, int64_t, n);
    Canon c = canon_open(text);
    if (!got)
        return no_memory(e);
    canon_lit(&c, "{\"result\":");
    for (size_t i = 0; i < n && !c.bad; i++) {
        canon_lit(&c, before_cell(el, i));
        got[i] = canon_int(&c);
    }
    canon_lit(&c, "]]}");
    if (!canon_end(&c))
        return bad_form(e, "结果", "the result", c.at);
    *counts = got;
    return true;
}
