/* Many ballots at once. Hints give the commitments; what is left is one linear equation for each,
 * and a random combination of all of them is one sum over many points. An item whose hints do not
 * serve, and every item of a combination that does not hold, is verified by itself: hints and
 * batches decide how long it takes, never what the answer is. */
#include "ballot/thesis.h"
#include "ballot/tally.h"

#include <string.h>

enum { POINTS_MAX = 48 << 10, WEIGHT = 16, ARENA_CAP = 256 << 20 };

typedef struct Lot {
    const Election *el;
    const VoteTables *tables;
    const unsigned char *seed;
    Arena *a;
    Buf room;
    BatchItem *items;
    size_t n, n_points, n_cells;   /* points of one ballot's hints, ciphertexts */
    Point *coded;                  /* n_points of each item */
    CurveAffine *affine;
    bool *hinted;                  /* the hints fit and the hashes agree */
    Err *fault;
    size_t bad;
} Lot;

/* --- hints ------------------------------------------------------------------------------------ */

/* The points of an item: its credential, alpha and beta of its cells, the signature's commitment,
 * A and B of each branch. */
static const Point *commits_of(const Lot *l, size_t item)
{
    return l->coded + item * l->n_points + 2 + 2 * l->n_cells;
}

static bool read_hints(const Lot *l, size_t item, CurvePoint *room)
{
    Str hints = l->items[item].hints;
    if (hints.n != l->n_points * CURVE_HINT)
        return false;
    for (size_t i = 0; i < l->n_points; i++)
        if (!curve_hint_read(&room[i], (const unsigned char *)hints.p + CURVE_HINT * i))
            return false;
    curve_normalise(l->coded + item * l->n_points, l->affine + item * l->n_points, room,
                    l->n_points);
    return true;
}

/* Are the ballot's points those of the hints, so in the group, and not its identity? */
static bool points_agree(const Lot *l, size_t item)
{
    const Vote *v = l->items[item].vote;
    const Point *p = l->coded + item * l->n_points;
    if (!point_eq(*p++, v->credential) || point_is_identity(v->credential))
        return false;
    for (size_t i = 0; i < l->el->n_questions; i++)
        for (size_t k = 0; k < election_choices(&l->el->questions[i]); k++, p += 2) {
            VoteCipher c = v->answers[i].choices[k];
            if (!point_eq(p[0], c.alpha) || !point_eq(p[1], c.beta) || point_is_identity(p[0]) ||
                point_is_identity(p[1]))
                return false;
        }
    return true;
}

static VoteCipher coded_sum(const ElectionQuestion *q, const CurveAffine *cells)
{
    CurvePoint sum[2] = { curve_identity(), curve_identity() };
    VoteCipher out;
    for (size_t i = q->blank ? 1 : 0; i < election_choices(q); i++) {
        curve_add_affine(&sum[0], &cells[2 * i]);
        curve_add_affine(&sum[1], &cells[2 * i + 1]);
    }
    curve_encode(&out.alpha, sum, 2);
    return out;
}

/* Do the hashes over the hinted commitments give the challenges? */
static bool hashes_agree(Lot *l, size_t item)
{
    const Vote *v = l->items[item].vote;
    const Point *p = commits_of(l, item);
    const CurveAffine *cells = l->affine + item * l->n_points + 1;
    if (!scalar_eq(thesis_signature(&l->room, v->content, p[-1]), v->signature.challenge))
        return false;
    for (size_t i = 0; i < l->el->n_questions; i++) {
        const ElectionQuestion *q = &l->el->questions[i];
        VoteCipher sum = { { { 0 } }, { { 0 } } };
        if (!q->blank)
            sum = coded_sum(q, cells);
        for (size_t k = 0; k < thesis_count(q); k++) {
            Thesis c = thesis_at(q, &v->answers[i], i, k);
            ThesisCommit commits[THESIS_BRANCH_MAX];
            memcpy(commits, p, c.n * sizeof *commits); /* two Points each */
            p += 2 * c.n;
            if (!thesis_sums(&c, thesis_challenge(&l->room, l->el, v->credential_hex,
                                                v->answers[i].choices, sum, &c, commits)))
                return false;
        }
        cells += 2 * election_choices(q);
    }
    return !l->room.failed;
}
_Static_assert(sizeof(ThesisCommit) == 2 * sizeof(Point), "two points in a row");

/* --- the combination -------------------------------------------------------------------------- */

typedef struct Sums {
    CurveAffine *half, *full;      /* points with weights, points with whole scalars */
    Scalar *half_s, *full_s;
    size_t n_half, n_full;
    Scalar g, key;
    Coin coin;
    unsigned char weights[64];
    size_t left;
} Sums;

static Scalar weight(Sums *s)
{
    Scalar w = { { 0 } };
    if (s->left == 0) {
        coin_bytes(&s->coin, s->weights, sizeof s->weights);
        s->left = sizeof s->weights;
    }
    s->left -= WEIGHT;
    memcpy(w.b, s->weights + s->left, WEIGHT);
    return w;
}

static void put_half(Sums *s, const CurveAffine *p, Scalar w)
{
    s->half[s->n_half] = *p;
    s->half_s[s->n_half++] = w;
}

static void put_full(Sums *s, const CurveAffine *p, Scalar k)
{
    s->full[s->n_full] = *p;
    s->full_s[s->n_full++] = k;
}

/* w1 A = w1 resp G + w1 ch alpha;  w2 B = w2 resp Y + w2 ch beta - w2 ch message G */
static void add_branch(Sums *s, Scalar coefficient[2], const CurveAffine *ab, Proof p,
                       uint64_t message)
{
    Scalar w1 = weight(s), w2 = weight(s), w2c = scalar_mul(w2, p.challenge);
    put_half(s, &ab[0], w1);
    put_half(s, &ab[1], w2);
    s->g = scalar_add(s->g, scalar_mul(w1, p.response));
    s->key = scalar_add(s->key, scalar_mul(w2, p.response));
    if (message)
        s->g = scalar_sub(s->g, message == 1 ? w2c : scalar_mul(w2c, scalar_int(message)));
    coefficient[0] = scalar_add(coefficient[0], scalar_mul(w1, p.challenge));
    coefficient[1] = scalar_add(coefficient[1], w2c);
}

static const CurveAffine *add_question(Sums *s, const ElectionQuestion *q, const VoteAnswer *answer,
                                       const CurveAffine *cells, const CurveAffine *ab)
{
    Scalar of[ELECTION_ANSWERS_MAX + 1][2], sum[2];
    memset(of, 0, sizeof of);
    memset(sum, 0, sizeof sum);
    for (size_t k = 0; k < thesis_count(q); k++) {
        Thesis c = thesis_at(q, answer, 0, k);
        for (size_t j = 0; j < c.n; j++, ab += 2) {
            ThesisBranch b = thesis_branch(q, &c, j);
            add_branch(s, b.cell == THESIS_SUM ? sum : of[b.cell], ab, c.proofs[j], b.message);
        }
    }
    for (size_t i = 0; i < election_choices(q); i++) {
        bool in_sum = !q->blank || i > 0;
        for (size_t k = 0; k < 2; k++)
            put_full(s, &cells[2 * i + k], in_sum ? scalar_add(of[i][k], sum[k]) : of[i][k]);
    }
    return ab;
}

static void add_item(Sums *s, const Lot *l, size_t item)
{
    const Vote *v = l->items[item].vote;
    const CurveAffine *p = l->affine + item * l->n_points, *cells = p + 1;
    const CurveAffine *ab = cells + 2 * l->n_cells;
    Scalar w = weight(s);
    put_half(s, ab++, w);
    s->g = scalar_add(s->g, scalar_mul(w, v->signature.response));
    put_full(s, p, scalar_mul(w, v->signature.challenge));
    for (size_t i = 0; i < l->el->n_questions; i++) {
        const ElectionQuestion *q = &l->el->questions[i];
        ab = add_question(s, q, &v->answers[i], cells, ab);
        cells += 2 * election_choices(q);
    }
}

/* The weights depend on the caller's seed and on every byte that was sent. */
static Coin coin_of(const Lot *l, size_t from, size_t to)
{
    HashRun *run = hash_open();
    Hash h = { { 0 } };
    if (run) {
        hash_add(run, (Str){ (const char *)l->seed, 32 });
        for (size_t i = from; i < to; i++) {
            hash_add(run, l->items[i].vote->text);
            hash_add(run, l->items[i].hints);
        }
        h = hash_end(run);
        hash_close(run);
    } else {
        memcpy(h.b, l->seed, sizeof h.b);
    }
    return coin_open(h.b);
}

static bool equation_holds(Lot *l, size_t from, size_t to, bool *holds)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        n += l->hinted[i];
    Arena *a = arena_open(ARENA_CAP);
    Sums s = { .g = scalar_int(0), .key = scalar_int(0), .coin = coin_of(l, from, to) };
    CurvePoint half, full;
    bool ok = a != NULL;
    if (ok) {
        s.half = ARENA_ARRAY(a, CurveAffine, n * l->n_points);
        s.full = ARENA_ARRAY(a, CurveAffine, n * (1 + 2 * l->n_cells));
        s.half_s = ARENA_ARRAY(a, Scalar, n * l->n_points);
        s.full_s = ARENA_ARRAY(a, Scalar, n * (1 + 2 * l->n_cells));
        ok = !arena_refused(a);
    }
    for (size_t i = from; ok && i < to; i++)
        if (l->hinted[i])
            add_item(&s, l, i);
    ok = ok && curve_sum(&half, a, s.half, s.half_s, s.n_half, 8 * WEIGHT) &&
         curve_sum(&full, a, s.full, s.full_s, s.n_full, 253);
    if (ok) {
        CurvePoint fixed = curve_straus(&l->tables->g, s.g, &l->tables->key, s.key, NULL, 0);
        full = curve_add(&full, &fixed);
        *holds = curve_eq(&half, &full);
    }
    arena_close(a);
    return ok;
}

/* --- verdicts --------------------------------------------------------------------------------- */

static void one_by_one(Lot *l, size_t item)
{
    Err fault;
    l->items[item].sound = vote_verify(NULL, l->items[item].vote, l->el, l->tables, &fault);
    if (!l->items[item].sound && item < l->bad) {
        l->bad = item;
        *l->fault = fault;
    }
}

/* Hinted items of [from, to): all at once, else in halves; the depth is log2 of BATCH_MAX. */
static bool decide(Lot *l, size_t from, size_t to)
{
    bool holds;
    if (to - from == 1) {
        if (l->hinted[from])
            one_by_one(l, from);
        return true;
    }
    if (!equation_holds(l, from, to, &holds))
        return false;
    if (!holds) {
        size_t middle = from + (to - from) / 2;
        return decide(l, from, middle) && decide(l, middle, to);
    }
    for (size_t i = from; i < to; i++)
        l->items[i].sound = l->items[i].sound || l->hinted[i];
    return true;
}

static bool add_sums(const Lot *l, CurvePoint *sum)
{
    for (size_t i = 0; i < l->n; i++) {
        const BatchItem *item = &l->items[i];
        if (!item->sound || !item->counts)
            continue;
        if (!l->hinted[i]) {
            if (!tally_add(sum, l->el, item->vote))
                return false;
            continue;
        }
        const CurveAffine *cells = l->affine + i * l->n_points + 1;
        for (size_t k = 0; k < 2 * l->n_cells; k++)
            curve_add_affine(&sum[k], &cells[k]);
    }
    return true;
}

static bool run(Lot *l, CurvePoint *sum)
{
    CurvePoint *room = ARENA_ARRAY(l->a, CurvePoint, l->n_points);
    l->coded = ARENA_ARRAY(l->a, Point, l->n * l->n_points);
    l->affine = ARENA_ARRAY(l->a, CurveAffine, l->n * l->n_points);
    l->hinted = ARENA_ARRAY(l->a, bool, l->n);
    if (arena_refused(l->a))
        return false;
    l->bad = l->n;
    for (size_t i = 0; i < l->n; i++) {
        l->items[i].sound = false;
        l->hinted[i] = read_hints(l, i, room) && points_agree(l, i) && hashes_agree(l, i);
        if (!l->hinted[i])
            one_by_one(l, i);
    }
    return decide(l, 0, l->n) && (!sum || add_sums(l, sum));
}

bool batch_verify(BatchItem *items, size_t n, const Election *el, const VoteTables *tables,
                  const unsigned char seed[32], CurvePoint *sum, size_t *bad, Err *fault, Err *e)
{
    size_t n_points = vote_hints_size(el) / CURVE_HINT, per = POINTS_MAX / n_points + 1;
    bool ok = true;
    *bad = n;
    for (size_t from = 0; ok && from < n; from += per) {
        Err first;
        Lot l = { .el = el, .tables = tables, .seed = seed, .a = arena_open(ARENA_CAP),
                  .room = buf_open(thesis_room(el)), .items = items + from,
                  .n = n - from < per ? n - from : per, .n_points = n_points,
                  .n_cells = election_cells(el), .fault = &first };
        ok = l.a && run(&l, sum);
        if (ok && l.bad < l.n && *bad == n) {
            *bad = from + l.bad;
            *fault = first;
        }
        buf_close(&l.room);
        arena_close(l.a);
    }
    return ok || err_fail(e, ERR_NO_MEMORY, err_hole("what", "选票"));
}
