/* What the counts of the boxes show about voters, not about debriefers: who marks high or low, who
 * gives every item the same, how much stands at the top of the scale. Counts only, never papers. */
#include "score/firm.h"
#include "score/score_in.h"

typedef struct Lean {
    ScoreRun r;
    Arena *a;
    ScoreResult result;
    ScoreLeaning *out;
} Lean;

static Dec printed(const Lean *l, Dec d)
{
    return score_round(d, l->r.c->places, l->r.c->mode);
}

static const ScoreValue *value_at(const Lean *l, size_t i, size_t def)
{
    return &l->result.debriefers[i].values[def];
}

/* The best option, the top tenth of a scale of marks, the first place. */
static bool is_top(const SchemeInstrument *ins, Dec value)
{
    Dec width, edge;
    if (ins->form == SCHEME_RANKING)
        return dec_eq(value, dec_int(1));
    return dec_sub(&width, ins->to, ins->from) && dec_mul(&edge, width, dec_scaled(1, 1)) &&
           dec_sub(&edge, ins->to, edge) && dec_cmp(value, edge) >= 0;
}

static void count_top(int64_t *top, int64_t *all, const Lean *l, const ScoreHeap *h, size_t i,
                      size_t item)
{
    const SchemeInstrument *ins = &l->r.s->instruments[h->instrument];
    const ScoreRow *row = score_row(&l->r, h, i, item);
    Dec best = score_best(&l->r, h, item);
    for (size_t k = 0; row && k < row->n; k++) {
        *all += row->given[k].n;
        *top += is_top(ins, row->given[k].value) ? row->given[k].n : 0;
    }
    for (size_t o = 0; o < ins->n_options; o++) {
        int64_t n = ins->options[o].excluded ? 0 : score_marks(&l->r, h, i, item, o);
        *all += n;
        *top += dec_eq(pack_scheme_points(ins, h->first, item, o), best) ? n : 0;
    }
}

/* Exact values; the caller rounds. */
static bool lean_of(ScoreLean *out, const Lean *l, const ScoreHeap *h, size_t i)
{
    const SchemeInstrument *ins = &l->r.s->instruments[h->instrument];
    int64_t top = 0, all = 0;
    size_t given = 0;
    Dec low = dec_int(0), high = low, share;
    for (size_t t = 0; t < ins->n_items; t++) {
        const ScoreValue *v = value_at(l, i, score_def_item(&l->r, h->instrument, h->first, t));
        count_top(&top, &all, l, h, i, t);
        if (!v->given)
            continue;
        low = given == 0 || dec_cmp(v->exact, low) < 0 ? v->exact : low;
        high = given == 0 || dec_cmp(v->exact, high) > 0 ? v->exact : high;
        given++;
    }
    out->given = given == ins->n_items;
    return dec_sub(&out->lenience,
                   value_at(l, i, score_def_group(&l->r, h->instrument, h->first))->exact,
                   value_at(l, i, score_def_ballot(&l->r, h->instrument))->exact) &&
           dec_sub(&out->spread, high, low) && dec_mul(&share, dec_int(100), dec_int(top)) &&
           (all == 0 ? dec_mul(&out->top, share, dec_int(0)) :
                       dec_div(&out->top, share, dec_int(all)));
}

static bool add(ScoreLean *sum, ScoreLean x)
{
    return dec_add(&sum->lenience, sum->lenience, x.lenience) &&
           dec_add(&sum->spread, sum->spread, x.spread) && dec_add(&sum->top, sum->top, x.top);
}

static bool mean(ScoreLean *sum, size_t n)
{
    Dec by = dec_int((int64_t)n);
    return dec_div(&sum->lenience, sum->lenience, by) && dec_div(&sum->spread, sum->spread, by) &&
           dec_div(&sum->top, sum->top, by);
}

static void print(const Lean *l, ScoreLean *x)
{
    x->lenience = printed(l, x->lenience);
    x->spread = printed(l, x->spread);
    x->top = printed(l, x->top);
}

static bool box_lean(ScoreLeanBox *out, const Lean *l, const ScoreHeap *h, Err *e)
{
    size_t n = l->result.n_debriefers;
    size_t def = score_def_group(&l->r, h->instrument, h->first);
    ScoreLean all = { true, dec_int(0), dec_int(0), dec_int(0) };
    Dec low = value_at(l, 0, def)->exact, high = low;
    out->each = ARENA_ARRAY(l->a, ScoreLean, n);
    out->title = arena_text(l->a, "%.*s·%.*s", STR(l->r.s->instruments[h->instrument].title),
                            STR(h->title));
    if (!out->each)
        return score_no_memory(e);
    bool fits = true;
    for (size_t i = 0; i < n && fits; i++) {
        Dec x = value_at(l, i, def)->exact;
        low = dec_cmp(x, low) < 0 ? x : low;
        high = dec_cmp(x, high) > 0 ? x : high;
        fits = lean_of(&out->each[i], l, h, i) && add(&all, out->each[i]);
        all.given = all.given && out->each[i].given;
        print(l, &out->each[i]);
    }
    if (!fits || !mean(&all, n) || !dec_sub(&out->range, high, low))
        return err_fail(e, ERR_SCORE_NO_VALUE, err_hole("debriefer", l->result.debriefers[0].id),
                        err_hole("node", out->title), err_hole("why", "数值过大"),
                        err_hole("why_en", "out of range"));
    print(l, &all);
    out->all = all;
    out->range = printed(l, out->range);
    return true;
}

static bool lean_make(Lean *l, const Scheme *s, const ScoreChoices *c, const ScoreInput *in, Err *e)
{
    if (!score_start(&l->r, l->a, s, c, in, &l->result, e))
        return false;
    if (l->result.status == SCORE_REFUSED)
        return true;
    int64_t *ids = ARENA_ARRAY(l->a, int64_t, l->result.n_debriefers);
    l->out->boxes = ARENA_ARRAY(l->a, ScoreLeanBox, l->r.n_heaps);
    if (!ids || !l->out->boxes)
        return score_no_memory(e);
    for (size_t i = 0; i < l->result.n_debriefers; i++)
        ids[i] = l->result.debriefers[i].id;
    l->out->ids = ids;
    l->out->n_debriefers = l->result.n_debriefers;
    for (size_t h = 0; h < l->r.n_heaps; h++)
        if (!box_lean(&l->out->boxes[l->out->n_boxes++], l, &l->r.heaps[h], e))
            return false;
    return !arena_refused(l->a) || score_no_memory(e);
}

bool score_lean(ScoreLeaning *out, Arena *a, const Scheme *s, const ScoreChoices *c,
                const ScoreInput *in, Err *e)
{
    ScoreLeaning made = { .n_boxes = 0 };
    Lean l = { .a = a, .out = &made };
    if (!lean_make(&l, s, c, in, e))
        return err_note(e, "while looking at the counts of scheme \"%.*s\"", STR(s->name));
    *out = made;
    return true;
}
