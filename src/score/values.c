/* The values of one debriefer, from counts and parts up to the last node. */
#include "score/score_in.h"

Dec score_round(Dec d, int places, DecRound how)
{
    return dec_round(dec_round(d, SCORE_GUARD, DEC_HALF_EVEN), places, how);
}

static ScoreValue value_of(const ScoreRun *r, Dec exact)
{
    return (ScoreValue){ true, exact, score_round(exact, r->c->places, r->c->mode) };
}

static bool no_value(const ScoreRun *r, size_t i, Str node, const char *zh, const char *en, Err *e)
{
    return err_fail(e, ERR_SCORE_NO_VALUE, err_hole("debriefer", r->people[i]->id),
                    err_hole("node", node), err_hole("why", zh), err_hole("why_en", en));
}

/* --- ballots -------------------------------------------------------------------------------- */
typedef struct Tally {
    Dec over, under;   /* sum of n * points, sum of n * highest */
} Tally;

static bool tally_item(Tally *t, const ScoreRun *r, const ScoreHeap *h, size_t person, size_t item)
{
    const SchemeInstrument *ins = &r->s->instruments[h->instrument];
    int64_t counted = 0;
    Dec x;
    const ScoreRow *row = score_row(r, h, person, item);
    *t = (Tally){ dec_int(0), dec_int(0) };
    for (size_t k = 0; row && k < row->n; k++) {
        int64_t n = score_row_counted(ins, row, k);
        counted += n;
        if (!dec_mul(&x, dec_int(n), row->given[k].points) || !dec_add(&t->over, t->over, x))
            return false;
    }
    for (size_t o = 0; o < ins->n_options; o++) {
        int64_t n = score_marks(r, h, person, item, o);
        if (ins->options[o].excluded)
            continue;
        counted += n;
        if (!dec_mul(&x, dec_int(n), pack_scheme_points(ins, h->first, item, o)) ||
            !dec_add(&t->over, t->over, x))
            return false;
    }
    return dec_mul(&t->under, dec_int(counted), score_best(r, h, item));
}

static bool share_of(Dec *out, Tally t)
{
    return dec_mul(&t.over, t.over, dec_int(100)) && dec_div(out, t.over, t.under);
}

/* Fills the values of every group counted in this box. */
static bool heap_values(const ScoreRun *r, const ScoreHeap *h, size_t i, Err *e)
{
    ScoreValue *values = r->out->debriefers[i].values;
    const SchemeInstrument *ins = &r->s->instruments[h->instrument];
    Tally all = { dec_int(0), dec_int(0) }, t;
    Dec exact;
    for (size_t k = 0; k < ins->n_items; k++) {
        ScoreValue v = { .given = false };
        if (!tally_item(&t, r, h, i, k) || !dec_add(&all.over, all.over, t.over) ||
            !dec_add(&all.under, all.under, t.under))
            return no_value(r, i, h->title, "数值过大", "out of range", e);
        if (dec_sign(t.under) > 0 && share_of(&exact, t))
            v = value_of(r, exact);
        for (size_t g = 0; g < r->s->n_groups; g++)
            if (h->has[g])
                values[score_def_item(r, h->instrument, g, k)] = v;
    }
    if (dec_sign(all.under) == 0 || !share_of(&exact, all))
        return err_fail(e, ERR_SCORE_NO_VOTES, err_hole("group", h->title),
                        err_hole("debriefer", r->people[i]->id));
    for (size_t g = 0; g < r->s->n_groups; g++)
        if (h->has[g])
            values[score_def_group(r, h->instrument, g)] = value_of(r, exact);
    return true;
}

/* --- sums ----------------------------------------------------------------------------------- */
/* What later nodes read: the rounded value where the organiser said so. */
static Dec carried(const ScoreRun *r, size_t def, const ScoreValue *v)
{
    return r->out->defs[def].rounded ? v[def].value : v[def].exact;
}

static bool sum_value(Dec *out, const ScoreRun *r, size_t i, size_t def, Err *e)
{
    const ScoreDef *d = &r->out->defs[def];
    const ScoreValue *values = r->out->debriefers[i].values;
    Dec sum = dec_int(0), all = dec_int(0), given = dec_int(0), x;
    bool fits = true, lacks = false;
    for (size_t k = 0; k < d->n_inputs && fits; k++) {
        ptrdiff_t at = score_def_named(r, d->inputs[k].name);
        Dec w = d->inputs[k].weight;
        fits = at >= 0 && dec_add(&all, all, w);
        if (fits && !values[at].given) {
            if (r->out->defs[at].kind != SCORE_PART)
                return no_value(r, i, d->title, "有项目没有计分的票", "an item has no counted vote",
                                e);
            lacks = true;
        } else if (fits) {
            fits = dec_mul(&x, carried(r, (size_t)at, values), w) && dec_add(&sum, sum, x) &&
                   dec_add(&given, given, w);
        }
    }
    if (fits && dec_sign(given) == 0)
        return no_value(r, i, d->title, "所有加项都缺", "all its terms are missing", e);
    if (fits && lacks)
        fits = dec_mul(&sum, sum, all) && dec_div(&sum, sum, given);
    if (!fits)
        return no_value(r, i, d->title, "数值过大", "out of range", e);
    *out = sum;
    return true;
}

/* --- the scope of expressions --------------------------------------------------------------- */
static FeelValue shown(const ScoreRun *r, size_t i, size_t def, bool rounded)
{
    const ScoreValue *v = r->out->debriefers[i].values;
    if (!v[def].given)
        return feel_null();
    return feel_number(rounded ? v[def].value : carried(r, def, v));
}

static FeelValue event_list(const ScoreRun *r, size_t i, Str name, bool rounded)
{
    FeelValue *items = ARENA_ARRAY(r->a, FeelValue, r->n_events[i]);
    size_t n = 0;
    for (size_t k = 0; items && k < r->n_events[i]; k++) {
        const ScoreEvent *v = &r->events[i][k];
        if (!str_eq(v->name, name))
            continue;
        items[n++] = !v->value.given ? feel_null() :
                     feel_number(rounded ? score_round(v->value.value, r->c->places, r->c->mode) :
                                           v->value.value);
    }
    return feel_list(items, n);
}

static FeelValue group_scope(const ScoreRun *r, size_t i, size_t k, size_t g, bool rounded)
{
    const SchemeInstrument *ins = &r->s->instruments[k];
    FeelEntry *entries = ARENA_ARRAY(r->a, FeelEntry, ins->n_items + 1);
    if (!entries)
        return feel_null();
    entries[0] = (FeelEntry){ STRC("score"), shown(r, i, score_def_group(r, k, g), rounded) };
    for (size_t m = 0; m < ins->n_items; m++)
        entries[m + 1] = (FeelEntry){ ins->items[m].name,
                                      shown(r, i, score_def_item(r, k, g, m), rounded) };
    return feel_context(entries, ins->n_items + 1);
}

static FeelValue instrument_scope(const ScoreRun *r, size_t i, size_t k, bool rounded)
{
    FeelEntry *entries = ARENA_ARRAY(r->a, FeelEntry, r->s->n_groups + 1);
    if (!entries)
        return feel_null();
    entries[0] = (FeelEntry){ STRC("score"), shown(r, i, score_def_ballot(r, k), rounded) };
    for (size_t g = 0; g < r->s->n_groups; g++)
        entries[g + 1] = (FeelEntry){ r->s->groups[g].name, group_scope(r, i, k, g, rounded) };
    return feel_context(entries, r->s->n_groups + 1);
}

/* All names but those of the nodes from n_nodes on, in the order of the scheme's own scope. */
static bool scope_make(FeelScope *out, const ScoreRun *r, size_t i, size_t n_nodes, bool rounded,
                       Err *e)
{
    const Scheme *s = r->s;
    size_t n = 0;
    FeelEntry *all = ARENA_ARRAY(r->a, FeelEntry,
                                 s->n_instruments + s->n_parts + s->n_events + n_nodes);
    if (!all)
        return score_no_memory(e);
    for (size_t k = 0; k < s->n_instruments; k++)
        all[n++] = (FeelEntry){ s->instruments[k].name, instrument_scope(r, i, k, rounded) };
    for (size_t k = 0; k < s->n_parts; k++)
        all[n++] = (FeelEntry){ s->parts[k].name, shown(r, i, score_def_part(r, k), rounded) };
    for (size_t k = 0; k < s->n_events; k++)
        all[n++] = (FeelEntry){ s->events[k].name, event_list(r, i, s->events[k].name, rounded) };
    for (size_t k = 0; k < n_nodes; k++)
        all[n++] = (FeelEntry){ s->nodes[k].name, shown(r, i, score_def_node(r, k), rounded) };
    *out = (FeelScope){ .entries = all, .n = n };
    return !arena_refused(r->a) || score_no_memory(e);
}

static bool evaluate(FeelValue *out, FeelRun *run, const ScoreRun *r, size_t i, size_t n_nodes,
                     const FeelExpr *x, bool rounded, Err *e)
{
    FeelScope scope;
    *run = feel_run(r->a, 0); /* a scheme reads no clock: its reading refuses now() and today() */
    return scope_make(&scope, r, i, n_nodes, rounded, e) &&
           feel_eval(out, r->a, x, &scope, run, e);
}

bool score_rule_holds(int *out, ScoreRun *r, size_t i, const SchemeRule *rule, Err *e)
{
    FeelRun run;
    FeelValue v;
    if (!evaluate(&v, &run, r, i, r->s->n_nodes, rule->when, true, e))
        return err_note(e, "while judging rule \"%.*s\"", STR(rule->name));
    *out = v.kind == FEEL_BOOLEAN ? v.boolean : -1;
    return true;
}

static bool formula_value(Dec *out, const ScoreRun *r, size_t i, size_t k, Err *e)
{
    const SchemeNode *node = &r->s->nodes[k];
    char zh[ERR_HOLE_MAX] = "结果不是数", en[ERR_HOLE_MAX] = "its result is no number";
    FeelRun run;
    FeelValue v;
    Err why = { .code = ERR_NONE };
    if (!evaluate(&v, &run, r, i, k, node->value, false, e))
        return err_note(e, "while working out node \"%.*s\"", STR(node->name));
    if (v.kind == FEEL_NUMBER)
        return *out = v.number, true;
    if (run.n_diags > 0) {
        feel_diag_err(&run.diags[0], &why);
        err_print(&why, LANG_HANS, zh, sizeof zh);
        err_print(&why, LANG_EN, en, sizeof en);
    }
    return no_value(r, i, node->title, zh, en, e);
}

/* --- among a class -------------------------------------------------------------------------- */
static bool classmates(const ScoreRun *r, size_t i, size_t k)
{
    return str_eq(r->out->debriefers[i].klass, r->out->debriefers[k].klass);
}

/* Equal rounded values share a place. */
size_t score_place(const ScoreRun *r, size_t i, size_t def)
{
    size_t place = 1;
    for (size_t k = 0; k < r->n_people; k++)
        place += classmates(r, i, k) && dec_cmp(r->out->debriefers[k].values[def].value,
                                                r->out->debriefers[i].values[def].value) > 0;
    return place;
}

Dec score_first(const ScoreRun *r, size_t i, size_t def)
{
    Dec best = carried(r, def, r->out->debriefers[i].values);
    for (size_t k = 0; k < r->n_people; k++) {
        Dec x = carried(r, def, r->out->debriefers[k].values);
        if (classmates(r, i, k) && dec_cmp(x, best) > 0)
            best = x;
    }
    return best;
}

/* Nobody who got nothing is first: then all get 0. */
static bool among_value(Dec *out, const ScoreRun *r, size_t i, size_t k, Err *e)
{
    const SchemeNode *node = &r->s->nodes[k];
    ptrdiff_t def = score_def_named(r, node->terms[0].name);
    if (def < 0 || !r->out->debriefers[i].values[def].given)
        return no_value(r, i, node->title, "所比的值没有", "the compared value is missing", e);
    if (node->kind == SCHEME_PLACES) {
        size_t place = score_place(r, i, (size_t)def);
        *out = place <= node->n_points ? node->points[place - 1] : node->beyond;
        return true;
    }
    Dec best = score_first(r, i, (size_t)def);
    *out = dec_int(0);
    if (dec_sign(best) <= 0)
        return true;
    return (dec_mul(out, node->points[0], carried(r, (size_t)def, r->out->debriefers[i].values)) &&
            dec_div(out, *out, best)) ||
           no_value(r, i, node->title, "数值过大", "out of range", e);
}

/* --- all of one debriefer ------------------------------------------------------------------- */
static bool part_values(const ScoreRun *r, size_t i, Err *e)
{
    ScoreScored *d = &r->out->debriefers[i];
    d->missing = ARENA_ARRAY(r->a, ptrdiff_t, r->s->n_parts);
    d->n_missing = 0;
    if (!d->missing)
        return score_no_memory(e);
    for (size_t k = 0; k < r->s->n_parts; k++) {
        const ScorePart *p = score_part_of(r->people[i], r->s->parts[k].name);
        ScoreValue *v = &d->values[score_def_part(r, k)];
        if (p && p->value.given) {
            *v = value_of(r, p->value.value);
            continue;
        }
        d->missing[d->n_missing++] = (ptrdiff_t)k;
        if (r->s->parts[k].missing == SCHEME_ZERO)
            *v = value_of(r, dec_int(0));
    }
    return true;
}

bool score_inputs_of(ScoreRun *r, size_t i, Err *e)
{
    ScoreScored *d = &r->out->debriefers[i];
    Dec exact;
    for (size_t k = 0; k < r->n_heaps; k++)
        if (!heap_values(r, &r->heaps[k], i, e))
            return false;
    for (size_t k = 0; k < r->s->n_instruments; k++) {
        size_t def = score_def_ballot(r, k);
        if (!sum_value(&exact, r, i, def, e))
            return false;
        d->values[def] = value_of(r, exact);
    }
    return part_values(r, i, e);
}

static bool node_value(Dec *out, const ScoreRun *r, size_t i, size_t k, Err *e)
{
    switch (r->s->nodes[k].kind) {
    case SCHEME_SUM:
        return sum_value(out, r, i, score_def_node(r, k), e);
    case SCHEME_VALUE:
        return formula_value(out, r, i, k, e);
    case SCHEME_PLACES:
    case SCHEME_FIRST:
        break;
    }
    return among_value(out, r, i, k, e);
}

static bool node_put(ScoreRun *r, size_t i, size_t k, Err *e)
{
    Dec exact;
    if (!node_value(&exact, r, i, k, e))
        return false;
    r->out->debriefers[i].values[score_def_node(r, k)] = value_of(r, exact);
    return true;
}

bool score_values_of(ScoreRun *r, size_t i, Err *e)
{
    if (!score_inputs_of(r, i, e))
        return false;
    for (size_t k = 0; k < r->s->n_nodes; k++) {
        SchemeNodeKind kind = r->s->nodes[k].kind;
        if (kind != SCHEME_PLACES && kind != SCHEME_FIRST && !node_put(r, i, k, e))
            return false;
    }
    return true;
}

/* A node that compares debriefers reads the node before it of all of them: node by node. */
bool score_nodes_make(ScoreRun *r, Err *e)
{
    for (size_t k = 0; k < r->s->n_nodes; k++)
        for (size_t i = 0; i < r->n_people; i++)
            if (!node_put(r, i, k, e))
                return false;
    return true;
}

bool score_values_make(ScoreRun *r, Err *e)
{
    for (size_t i = 0; i < r->n_people; i++)
        if (!score_inputs_of(r, i, e))
            return false;
    return score_nodes_make(r, e);
}
