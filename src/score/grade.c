/* From rounded totals to grades and ranks: bands, vetoes, gates, quota, ties, the committee. */
#include "score/score_in.h"

#include <stdlib.h>
#include <string.h>

static Dec total_of(const ScoreRun *r, size_t i)
{
    return r->out->debriefers[i].values[score_def_node(r, r->s->total)].value;
}

/* --- one debriefer alone -------------------------------------------------------------------- */
static void step_add(ScoreScored *d, ScoreStep step)
{
    d->steps[d->n_steps++] = step;
}

static bool judge_rules(ScoreRun *r, size_t i, const SchemeRule *rules, size_t n,
                        ScoreStepKind kind, Err *e)
{
    ScoreScored *d = &r->out->debriefers[i];
    for (size_t k = 0; k < n; k++) {
        size_t limit = kind == SCORE_VETO ? rules[k].band : rules[k].band + 1;
        int holds;
        if (!score_rule_holds(&holds, r, i, &rules[k], e))
            return false;
        if (holds == 0)
            continue;
        if (holds > 0 && d->proposed < limit)
            d->proposed = limit;
        step_add(d, (ScoreStep){ .kind = kind, .name = rules[k].name, .title = rules[k].title,
                                 .grade = d->proposed, .unjudged = holds < 0 });
    }
    return true;
}

static bool judge_alone(ScoreRun *r, size_t i, Err *e)
{
    ScoreScored *d = &r->out->debriefers[i];
    Dec total = total_of(r, i);
    ptrdiff_t band = pack_scheme_grade(r->s, total);
    d->steps = ARENA_ARRAY(r->a, ScoreStep, r->s->n_vetoes + r->s->n_gates +
                                              r->s->n_bands + 3);
    if (!d->steps)
        return score_no_memory(e);
    if (band < 0)
        return err_fail(e, ERR_SCORE_NO_BAND, err_hole("debriefer", d->id),
                        err_hole("value", dec_print(r->a, total)));
    d->computed = d->proposed = (size_t)band;
    step_add(d, (ScoreStep){ .kind = SCORE_BAND, .name = r->s->bands[band].name,
                             .title = r->s->bands[band].title, .grade = d->computed });
    return judge_rules(r, i, r->s->vetoes, r->s->n_vetoes, SCORE_VETO, e) &&
           judge_rules(r, i, r->s->gates, r->s->n_gates, SCORE_GATE, e);
}

/* --- ties ---------------------------------------------------------------------------------------
 * A field is a set of debriefers compared with each other: a class, or all that stand in the top
 * grade. Each gets how many are better than he and how many are not worse, himself included. */
typedef struct Place {
    size_t i;            /* index of the debriefer */
    Dec total;
    size_t better, not_worse;
    size_t from, to;     /* his tie group in the field: places from..to-1 */
    bool open;           /* the tie is not broken yet */
} Place;

typedef struct Field {
    const ScoreRun *r;
    Place *places;
    size_t n;
} Field;

static int by_total(const void *x, const void *y)
{
    const Place *a = x, *b = y;
    int c = dec_cmp(b->total, a->total);
    return c ? c : (a->i > b->i) - (a->i < b->i);
}

/* The latest decision that orders all of the group; NULL when there is none. */
static const ScoreDecision *decision_on(const ScoreRun *r, const Place *group, size_t n)
{
    for (size_t k = 0; k < r->in->ties.n; k++) {
        const int64_t *order = r->ties[k]->order.items;
        size_t found = 0;
        for (size_t m = 0; m < n; m++)
            for (size_t j = 0; j < r->ties[k]->order.n; j++)
                found += order[j] == r->people[group[m].i]->id;
        if (found == n)
            return r->ties[k];
    }
    return NULL;
}

static size_t order_in(const ScoreDecision *d, int64_t id)
{
    const int64_t *order = d->order.items;
    size_t k = 0;
    while (k < d->order.n && order[k] != id)
        k++;
    return k;
}

static Hash lot_of(const ScoreRun *r, size_t i)
{
    return hash_of2(r->in->lot_seed,
                    arena_text(r->a, "%lld", (long long)r->people[i]->id));
}

/* <0: a comes before b within their tie. */
static int break_tie(const ScoreRun *r, const ScoreDecision *decision, size_t a, size_t b)
{
    if (r->c->ties == SCORE_MEASURE) {
        size_t def = score_def_node(r, (size_t)pack_scheme_node(r->s, r->c->measure));
        return dec_cmp(r->out->debriefers[b].values[def].value,
                       r->out->debriefers[a].values[def].value);
    }
    if (r->c->ties == SCORE_COMMITTEE && decision) {
        size_t x = order_in(decision, r->people[a]->id), y = order_in(decision, r->people[b]->id);
        return (x > y) - (x < y);
    }
    if (r->c->ties == SCORE_LOT && r->in->lot_seed.n > 0) {
        Hash x = lot_of(r, a), y = lot_of(r, b);
        return memcmp(x.b, y.b, sizeof x.b);
    }
    return 0;
}

static void place_group(Field *f, size_t from, size_t to)
{
    Place *group = f->places + from;
    size_t n = to - from;
    const ScoreDecision *d =
        f->r->c->ties == SCORE_COMMITTEE && n > 1 ? decision_on(f->r, group, n) : NULL;
    bool open = n > 1 && ((f->r->c->ties == SCORE_COMMITTEE && !d) ||
                          (f->r->c->ties == SCORE_LOT && f->r->in->lot_seed.n == 0));
    for (size_t k = 0; k < n; k++) {
        Place *p = &group[k];
        p->from = from;
        p->to = to;
        p->open = open;
        p->better = p->not_worse = from;
        for (size_t m = 0; m < n; m++) {
            int c = break_tie(f->r, d, group[m].i, p->i);
            p->better += c < 0;
            p->not_worse += c <= 0;
        }
    }
}

static void place_all(Field *f)
{
    qsort(f->places, f->n, sizeof *f->places, by_total);
    for (size_t from = 0, to; from < f->n; from = to) {
        to = from + 1;
        while (to < f->n && dec_eq(f->places[to].total, f->places[from].total))
            to++;
        place_group(f, from, to);
    }
}

static bool tie_tell(ScoreRun *r, const Field *f, size_t from, size_t to, bool quota, Err *e)
{
    ScoreTie *t = &r->out->ties[r->out->n_ties];
    *t = (ScoreTie){ .quota = quota, .n_ids = to - from,
                     .ids = ARENA_ARRAY(r->a, int64_t, to - from) };
    if (!t->ids)
        return score_no_memory(e);
    if (!quota)
        t->klass = r->out->debriefers[f->places[from].i].klass;
    for (size_t k = from; k < to; k++) {
        t->ids[k - from] = r->people[f->places[k].i]->id;
        r->out->debriefers[f->places[k].i].undecided = true;
    }
    r->out->n_ties++;
    return true;
}

static bool field_open(Field *f, const ScoreRun *r, Err *e)
{
    *f = (Field){ .r = r, .places = ARENA_ARRAY(r->a, Place, r->n_people) };
    return f->places || score_no_memory(e);
}

/* --- quota ---------------------------------------------------------------------------------- */
static size_t share_count(const ScoreRun *r, Dec share)
{
    Dec x;
    int64_t n = 0;
    if (!dec_mul(&x, share, dec_int((int64_t)r->n_people)) ||
        !dec_to_int(&n, dec_round(x, 0, r->c->quota)) || n < 0)
        return 0;
    return (size_t)n;
}

/* How many may be in the top grade: what the floor below it and the cap on it both leave. */
static size_t room_at_top(const ScoreQuota *q)
{
    size_t left = q->n - q->non_top_need;
    return left < q->top_most ? left : q->top_most;
}

/* Those of a field that have no room in their grade get the one below. */
static bool fall(ScoreRun *r, Field *f, size_t room, ScoreStepKind kind, Err *e)
{
    for (size_t k = 0; k < f->n; k++) {
        Place *p = &f->places[k];
        ScoreScored *d = &r->out->debriefers[p->i];
        if (p->open && p->from < room && p->to > room) {
            if (k == p->from && !tie_tell(r, f, p->from, p->to, true, e))
                return false;
            continue;
        }
        if (p->not_worse <= room)
            continue;
        r->out->quota.fallen += d->proposed == 0;
        d->proposed++;
        step_add(d, (ScoreStep){ .kind = kind, .name = str_of(score_step_name(kind)),
                                 .title = r->s->bands[d->proposed].title, .grade = d->proposed });
    }
    return true;
}

/* All that stand in a grade, the best first. */
static bool field_of_grade(Field *f, const ScoreRun *r, size_t grade, Err *e)
{
    if (!field_open(f, r, e))
        return false;
    for (size_t i = 0; i < r->n_people; i++)
        if (r->out->debriefers[i].proposed == grade)
            f->places[f->n++] = (Place){ .i = i, .total = total_of(r, i) };
    return true;
}

static bool top_apply(ScoreRun *r, Err *e)
{
    ScoreQuota *q = &r->out->quota;
    Field f;
    *q = (ScoreQuota){ .n = r->n_people, .top_most = r->n_people };
    if (r->s->has_non_top)
        q->non_top_need = share_count(r, r->s->non_top);
    if (r->s->has_top_share)
        q->top_most = share_count(r, r->s->top_share);
    if (r->s->bands[0].has_most)
        q->top_most = share_count(r, r->s->bands[0].most);
    if (!field_of_grade(&f, r, 0, e))
        return false;
    q->top = f.n;
    if (q->top <= room_at_top(q))
        return true;
    place_all(&f);
    return fall(r, &f, room_at_top(q), q->n - q->non_top_need <= q->top_most ?
                                       SCORE_NON_TOP : SCORE_TOP_SHARE, e);
}

/* The top first, then the caps below it from the highest down: who falls joins the next grade. */
static bool quota_apply(ScoreRun *r, Err *e)
{
    if (!top_apply(r, e))
        return false;
    for (size_t b = 1; b < r->s->n_bands; b++) {
        Field f;
        size_t room = r->s->bands[b].has_most ? share_count(r, r->s->bands[b].most) : r->n_people;
        if (!field_of_grade(&f, r, b, e))
            return false;
        if (f.n <= room)
            continue;
        place_all(&f);
        if (!fall(r, &f, room, SCORE_BAND_SHARE, e))
            return false;
    }
    return true;
}

/* Do the final grades keep all shares? */
static bool shares_held(const ScoreRun *r)
{
    bool held = r->out->quota.top_final <= room_at_top(&r->out->quota);
    for (size_t b = 1; b < r->s->n_bands; b++) {
        size_t n = 0;
        for (size_t i = 0; i < r->n_people; i++)
            n += r->out->debriefers[i].final == b;
        held = held && (!r->s->bands[b].has_most || n <= share_count(r, r->s->bands[b].most));
    }
    return held;
}

/* --- ranks ---------------------------------------------------------------------------------- */
static bool rank_class(ScoreRun *r, size_t first, Err *e)
{
    Field f;
    if (!field_open(&f, r, e))
        return false;
    for (size_t i = first; i < r->n_people; i++)
        if (str_eq(r->out->debriefers[i].klass, r->out->debriefers[first].klass))
            f.places[f.n++] = (Place){ .i = i, .total = total_of(r, i) };
    place_all(&f);
    for (size_t k = 0; k < f.n; k++) {
        Place *p = &f.places[k];
        r->out->debriefers[p->i].rank = p->better + 1;
        r->out->debriefers[p->i].class_size = f.n;
        if (p->open && k == p->from && !tie_tell(r, &f, p->from, p->to, false, e))
            return false;
    }
    return true;
}

static bool rank_all(ScoreRun *r, Err *e)
{
    for (size_t i = 0; i < r->n_people; i++)
        if (r->out->debriefers[i].class_size == 0 && !rank_class(r, i, e))
            return false;
    return true;
}

/* --- the committee -------------------------------------------------------------------------- */
static void override_apply(ScoreRun *r, size_t i)
{
    ScoreScored *d = &r->out->debriefers[i];
    const ScoreOverride *o = &d->input->override;
    d->final = d->proposed;
    if (o->grade.n == 0) {
        d->undecided = d->undecided || r->s->committee;
        return;
    }
    d->final = (size_t)pack_scheme_band(r->s, o->grade);
    step_add(d, (ScoreStep){ .kind = SCORE_OVERRIDE, .name = o->grade,
                             .title = str_trim(o->reason), .grade = d->final, .fact = o->fact });
}

bool score_grades_make(ScoreRun *r, Err *e)
{
    ScoreResult *out = r->out;
    bool silent = false;
    out->ties = ARENA_ARRAY(r->a, ScoreTie, r->n_people + 1);
    if (!out->ties)
        return score_no_memory(e);
    for (size_t i = 0; i < r->n_people; i++)
        if (!judge_alone(r, i, e))
            return false;
    if (!quota_apply(r, e) || !rank_all(r, e))
        return false;
    for (size_t i = 0; i < r->n_people; i++) {
        override_apply(r, i);
        out->quota.top_final += out->debriefers[i].final == 0;
        silent = silent || (r->s->committee && out->debriefers[i].undecided);
    }
    out->quota.held_final = shares_held(r);
    out->status = out->n_ties > 0 || silent ? SCORE_UNDECIDED : SCORE_DONE;
    return true;
}
