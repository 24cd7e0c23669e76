/* How firm ranks are: the same input under other weights, and who cannot be told from whom. */
#include "score/firm_in.h"

#include <stdlib.h>

/* --- totals as whole numbers, places, spans ------------------------------------------------- */
bool score_firm_key(int64_t *out, const Firm *f, size_t i, Err *e)
{
    size_t def = score_def_node(&f->r, f->r.s->total);
    Dec x, scale = dec_int(1);
    bool fits = true;
    for (int p = 0; p < f->r.c->places && fits; p++)
        fits = dec_mul(&scale, scale, dec_int(10));
    fits = fits && dec_mul(&x, f->result.debriefers[i].values[def].value, scale) &&
           dec_to_int(out, x);
    return fits || err_fail(e, ERR_SCORE_NO_VALUE, err_hole("debriefer", f->r.people[i]->id),
                            err_hole("node", f->r.out->defs[def].title),
                            err_hole("why", "数值过大"), err_hole("why_en", "out of range"));
}

bool score_firm_void(const Err *e)
{
    return e->code == ERR_SCORE_NO_VALUE || e->code == ERR_SCORE_NO_VOTES;
}

void score_firm_widen(ScoreSpan *s, ScoreSpan by)
{
    s->best = by.best < s->best ? by.best : s->best;
    s->worst = by.worst > s->worst ? by.worst : s->worst;
}

bool score_firm_meet(ScoreSpan a, ScoreSpan b)
{
    return a.best <= b.worst && b.best <= a.worst;
}

static ScoreSpan span_by(const Firm *f, const int64_t *keys, size_t i)
{
    ScoreSpan s = { 1, 0 };
    for (size_t k = 0; k < f->n; k++) {
        if (f->klass[k] != f->klass[i])
            continue;
        s.best += keys[k] > keys[i];
        s.worst += keys[k] >= keys[i];
    }
    return s;
}

typedef struct Seat {
    size_t i, klass;
    int64_t key;
} Seat;

static int by_seat(const void *x, const void *y)
{
    const Seat *a = x, *b = y;
    if (a->klass != b->klass)
        return a->klass < b->klass ? -1 : 1;
    if (a->key != b->key)
        return a->key > b->key ? -1 : 1;
    return (a->i > b->i) - (a->i < b->i);
}

static bool seats_make(Firm *f, Err *e)
{
    Seat *seats = ARENA_ARRAY(f->work, Seat, f->n);
    if (!seats)
        return score_no_memory(e);
    for (size_t i = 0; i < f->n; i++) {
        f->klass[i] = i;
        for (size_t k = 0; k < i && f->klass[i] == i; k++)
            if (str_eq(f->result.debriefers[k].klass, f->result.debriefers[i].klass))
                f->klass[i] = f->klass[k];
        if (!score_firm_key(&f->keys[i], f, i, e))
            return false;
        seats[i] = (Seat){ i, f->klass[i], f->keys[i] };
    }
    qsort(seats, f->n, sizeof *seats, by_seat);
    for (size_t i = 0; i < f->n; i++)
        f->order[i] = seats[i].i;
    for (size_t i = 0; i < f->n; i++) {
        ScoreSpan now = span_by(f, f->keys, i);
        const ScoreScored *d = &f->result.debriefers[i];
        f->out->debriefers[i] = (ScoreFirm){ .id = d->id, .klass = d->klass, .now = now,
                                             .weights = now, .votes = now, .chain = SIZE_MAX };
    }
    return true;
}

/* --- weights -------------------------------------------------------------------------------- */
/* The t-th weight a tenth up or down, but not beyond the sum; the others scaled to keep the sum. */
static bool vary(Dec *out, const Dec *w, size_t n, size_t t, int tenths)
{
    Dec sum = dec_int(0), rest, left, part;
    for (size_t k = 0; k < n; k++)
        if (!dec_add(&sum, sum, w[k]))
            return false;
    if (!dec_mul(&out[t], w[t], dec_int(SCORE_FIRM_PARTS + tenths)) ||
        !dec_div(&out[t], out[t], dec_int(SCORE_FIRM_PARTS)))
        return false;
    if (dec_cmp(out[t], sum) > 0)
        out[t] = sum;
    if (!dec_sub(&rest, sum, w[t]) || !dec_sub(&left, sum, out[t]))
        return false;
    for (size_t k = 0; k < n; k++)
        if (k != t && (!dec_mul(&part, w[k], left) || !dec_div(&out[k], part, rest)))
            return false;
    return true;
}

static void turned_round(Firm *f, const int64_t *keys, size_t weight)
{
    for (size_t x = 0; x < f->n; x++)
        for (size_t y = x + 1; y < f->n; y++) {
            size_t i = f->order[x], k = f->order[y];
            if (f->klass[i] == f->klass[k] && f->keys[i] > f->keys[k] && keys[i] <= keys[k] &&
                f->flips[i * f->n + k] == 0)
                f->flips[i * f->n + k] = (uint16_t)(weight + 1);
        }
}

/* Everybody under the weights that the definitions hold now. */
static bool weights_try(Firm *f, size_t weight, Err *e)
{
    int64_t *keys;
    Err why = { .code = ERR_NONE };
    arena_reset(f->spare);
    keys = ARENA_ARRAY(f->spare, int64_t, f->n);
    if (!keys)
        return score_no_memory(e);
    bool ok = score_values_make(&f->r, &why);
    for (size_t i = 0; ok && i < f->n; i++)
        ok = score_firm_key(&keys[i], f, i, &why);
    if (!ok) {
        *e = score_firm_void(&why) ? *e : why;
        return score_firm_void(&why);
    }
    for (size_t i = 0; i < f->n; i++)
        score_firm_widen(&f->out->debriefers[i].weights, span_by(f, keys, i));
    turned_round(f, keys, weight);
    return true;
}

/* What a definition's weights are while one of its own, or of the groups, is moved. */
static bool terms_set(Firm *f, size_t def, const SchemeTerm *from, const Dec *w, Err *e)
{
    ScoreDef *d = &f->result.defs[def];
    SchemeTerm *terms = ARENA_ARRAY(f->work, SchemeTerm, d->n_inputs);
    if (!terms)
        return score_no_memory(e);
    for (size_t t = 0; t < d->n_inputs; t++)
        terms[t] = (SchemeTerm){ from[t].name, w[t] };
    d->inputs = terms;
    return true;
}

static bool sum_vary(Firm *f, size_t def, Err *e)
{
    ScoreDef *d = &f->result.defs[def];
    const SchemeTerm *was = d->inputs;
    Dec w[SCHEME_TERMS_MAX], now[SCHEME_TERMS_MAX];
    size_t n = d->n_inputs;
    for (size_t t = 0; t < n; t++)
        w[t] = was[t].weight;
    for (size_t t = 0; t < n; t++) {
        ptrdiff_t term = score_def_named(&f->r, was[t].name);
        size_t weight = f->out->n_weights++;
        f->weights[weight] = arena_text(f->a, "%.*s·%.*s", STR(d->title),
                                        STR(term < 0 ? was[t].name : f->result.defs[term].title));
        for (int tenths = -1; tenths <= 1; tenths += 2)
            if (vary(now, w, n, t, tenths) &&
                (!terms_set(f, def, was, now, e) || !weights_try(f, weight, e)))
                return false;
    }
    d->inputs = was;
    return true;
}

/* A box of several groups carries the weights of them all. */
static bool groups_set(Firm *f, const Dec *w, Err *e)
{
    const Scheme *s = f->r.s;
    for (size_t k = 0; k < s->n_instruments; k++) {
        size_t def = score_def_ballot(&f->r, k), t = 0;
        Dec sums[SCHEME_GROUPS_MAX];
        for (size_t h = 0; h < f->r.n_heaps; h++) {
            if (f->r.heaps[h].instrument != k)
                continue;
            sums[t] = dec_int(0);
            for (size_t g = 0; g < s->n_groups; g++)
                if (f->r.heaps[h].has[g] && !dec_add(&sums[t], sums[t], w[g]))
                    return score_no_memory(e);
            t++;
        }
        if (!terms_set(f, def, f->result.defs[def].inputs, sums, e))
            return false;
    }
    return true;
}

static bool groups_vary(Firm *f, Err *e)
{
    const Scheme *s = f->r.s;
    Dec w[SCHEME_GROUPS_MAX], now[SCHEME_GROUPS_MAX];
    for (size_t g = 0; g < s->n_groups; g++)
        w[g] = s->groups[g].weight;
    for (size_t g = 0; g < s->n_groups; g++) {
        size_t weight = f->out->n_weights++;
        f->weights[weight] = s->groups[g].title;
        for (int tenths = -1; tenths <= 1; tenths += 2)
            if (vary(now, w, s->n_groups, g, tenths) &&
                (!groups_set(f, now, e) || !weights_try(f, weight, e)))
                return false;
    }
    return groups_set(f, w, e);
}

/* One group, or one term, has nothing to be weighed against. */
static bool weights_make(Firm *f, Err *e)
{
    const Scheme *s = f->r.s;
    bool groups = s->n_instruments > 0 && s->n_groups > 1;
    size_t n = groups ? s->n_groups : 0;
    for (size_t k = 0; k < s->n_nodes; k++)
        n += s->nodes[k].kind == SCHEME_SUM && s->nodes[k].n_terms > 1 ? s->nodes[k].n_terms : 0;
    f->weights = ARENA_ARRAY(f->work, Str, n);
    if (!f->weights)
        return score_no_memory(e);
    f->out->weights_done = 2 * n * f->n <= SCORE_TRIES_MAX;
    if (!f->out->weights_done)
        return true;
    if (groups && !groups_vary(f, e))
        return false;
    for (size_t k = 0; k < s->n_nodes; k++)
        if (s->nodes[k].kind == SCHEME_SUM && s->nodes[k].n_terms > 1 &&
            !sum_vary(f, score_def_node(&f->r, k), e))
            return false;
    arena_reset(f->spare);
    return score_values_make(&f->r, e); /* as they were */
}

/* --- pairs and chains ----------------------------------------------------------------------- */
static bool pair_of(ScorePair *p, const Firm *f, size_t i, size_t k)
{
    const ScoreFirm *all = f->out->debriefers;
    uint16_t flip = f->flips[i * f->n + k];
    *p = (ScorePair){ .a = i, .b = k, .tied = f->keys[i] == f->keys[k],
                      .weights = score_firm_meet(all[i].weights, all[k].weights),
                      .votes = f->votes[i * f->n + k] };
    if (flip)
        p->weight = f->weights[flip - 1];
    return p->tied || p->weights || p->votes > 0;
}

static bool pairs_make(Firm *f, Err *e)
{
    size_t cap = 0;
    for (size_t x = 0; x < f->n; x++)
        for (size_t y = x + 1; y < f->n; y++) {
            ScorePair p;
            size_t i = f->order[x], k = f->order[y];
            if (f->klass[i] != f->klass[k] || !pair_of(&p, f, i, k))
                continue;
            p.neighbours = y == x + 1;
            if (!ARENA_PUSH(f->a, f->out->pairs, f->out->n_pairs, cap))
                return score_no_memory(e);
            f->out->pairs[f->out->n_pairs++] = p;
        }
    return true;
}

static size_t root_of(size_t *up, size_t i)
{
    while (up[i] != i)
        i = up[i] = up[up[i]];
    return i;
}

static bool chain_make(Firm *f, size_t *up, size_t root, Err *e)
{
    ScoreChain *c = &f->out->chains[f->out->n_chains];
    c->members = ARENA_ARRAY(f->a, size_t, f->n);
    c->klass = f->out->debriefers[root].klass;
    if (!c->members)
        return score_no_memory(e);
    for (size_t x = 0; x < f->n; x++)
        if (root_of(up, f->order[x]) == root) {
            c->members[c->n++] = f->order[x];
            f->out->debriefers[f->order[x]].chain = f->out->n_chains;
        }
    f->out->n_chains++;
    return true;
}

static bool chains_make(Firm *f, Err *e)
{
    size_t *up = ARENA_ARRAY(f->work, size_t, f->n);
    f->out->chains = ARENA_ARRAY(f->a, ScoreChain, f->n);
    if (!up || !f->out->chains)
        return score_no_memory(e);
    for (size_t i = 0; i < f->n; i++)
        up[i] = i;
    for (size_t p = 0; p < f->out->n_pairs; p++)
        up[root_of(up, f->out->pairs[p].b)] = root_of(up, f->out->pairs[p].a);
    for (size_t p = 0; p < f->out->n_pairs; p++)
        if (f->out->debriefers[f->out->pairs[p].a].chain == SIZE_MAX &&
            !chain_make(f, up, root_of(up, f->out->pairs[p].a), e))
            return false;
    return true;
}

/* --- all of it ------------------------------------------------------------------------------ */
static bool tables_make(Firm *f, Err *e)
{
    f->n = f->result.n_debriefers;
    f->klass = ARENA_ARRAY(f->work, size_t, f->n);
    f->keys = ARENA_ARRAY(f->work, int64_t, f->n);
    f->order = ARENA_ARRAY(f->work, size_t, f->n);
    f->flips = ARENA_ARRAY(f->work, uint16_t, f->n * f->n);
    f->votes = ARENA_ARRAY(f->work, uint8_t, f->n * f->n);
    f->out->debriefers = ARENA_ARRAY(f->a, ScoreFirm, f->n);
    f->out->n = f->n;
    return (f->klass && f->keys && f->order && f->flips && f->votes && f->out->debriefers) ||
           score_no_memory(e);
}

static bool firm_make(Firm *f, const Scheme *s, const ScoreChoices *c, const ScoreInput *in, Err *e)
{
    if (!score_start(&f->r, f->work, s, c, in, &f->result, e))
        return false;
    if (f->result.status == SCORE_REFUSED)
        return true;
    f->r.a = f->spare;
    return tables_make(f, e) && seats_make(f, e) && weights_make(f, e) &&
           score_firm_votes(f, e) && pairs_make(f, e) && chains_make(f, e) &&
           (!arena_refused(f->a) || score_no_memory(e));
}

bool score_firm(ScoreFirmness *out, Arena *a, const Scheme *s, const ScoreChoices *c,
                const ScoreInput *in, Err *e)
{
    ScoreFirmness made = { .n = 0 };
    Firm f = { .a = a, .out = &made, .work = arena_open(SCORE_MEMORY_MAX),
               .spare = arena_open(SCORE_MEMORY_MAX) };
    bool ok = f.work && f.spare ? firm_make(&f, s, c, in, e) : score_no_memory(e);
    arena_close(f.work);
    arena_close(f.spare);
    if (!ok)
        return err_note(e, "while asking how firm the ranks of scheme \"%.*s\" are", STR(s->name));
    *out = made;
    return true;
}
