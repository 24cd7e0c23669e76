/* What every debriefer has values of: for each instrument each group's items and its score, the
 * score over all groups; then the parts; then the nodes. */
#include "score/score_in.h"

static size_t per_instrument(const ScoreRun *r, size_t k)
{
    return r->s->n_groups * (r->s->instruments[k].n_items + 1) + 1;
}

static size_t instrument_at(const ScoreRun *r, size_t instrument)
{
    size_t at = 0;
    for (size_t k = 0; k < instrument; k++)
        at += per_instrument(r, k);
    return at;
}

size_t score_def_item(const ScoreRun *r, size_t instrument, size_t group, size_t item)
{
    return instrument_at(r, instrument) +
           group * (r->s->instruments[instrument].n_items + 1) + item;
}

size_t score_def_group(const ScoreRun *r, size_t instrument, size_t group)
{
    return score_def_item(r, instrument, group, r->s->instruments[instrument].n_items);
}

size_t score_def_ballot(const ScoreRun *r, size_t instrument)
{
    return instrument_at(r, instrument + 1) - 1;
}

size_t score_def_part(const ScoreRun *r, size_t part)
{
    return instrument_at(r, r->s->n_instruments) + part;
}

size_t score_def_node(const ScoreRun *r, size_t node)
{
    return score_def_part(r, r->s->n_parts) + node;
}

ptrdiff_t score_def_named(const ScoreRun *r, Str name)
{
    for (size_t i = 0; i < r->out->n_defs; i++)
        if (str_eq(r->out->defs[i].name, name))
            return (ptrdiff_t)i;
    return -1;
}

/* --- formulas as text ----------------------------------------------------------------------- */
/* 100 * (good * 4 + fair * 2) / ((good + fair) * 4) */
static Str item_formula(const ScoreRun *r, const SchemeInstrument *ins, size_t g, size_t i)
{
    Str over = STRC(""), under = STRC("");
    const ScoreHeap *h = &r->heaps[r->heap_of[(size_t)(ins - r->s->instruments) *
                                              r->s->n_groups + g]];
    if (ins->form != SCHEME_GRADES)
        return arena_text(r->a, "100 * sum(n * %s) / (sum(n) * %.*s)",
                          ins->form == SCHEME_MARKS ? "mark" : "points",
                          STR(dec_print_short(r->a, score_best(r, h, i))));
    for (size_t o = 0; o < ins->n_options; o++) {
        const SchemeOption *x = &ins->options[o];
        const char *plus = over.n > 0 ? " + " : "";
        if (x->excluded)
            continue;
        Str points = dec_print_short(r->a, pack_scheme_points(ins, g, i, o));
        over = arena_text(r->a, "%.*s%s%.*s * %.*s", STR(over), plus, STR(x->name), STR(points));
        under = arena_text(r->a, "%.*s%s%.*s", STR(under), plus, STR(x->name));
    }
    return arena_text(r->a, "100 * (%.*s) / ((%.*s) * %.*s)", STR(over), STR(under),
                      STR(dec_print_short(r->a, pack_scheme_highest(ins, g, i))));
}

static Str ballot_formula(const ScoreRun *r, const ScoreDef *d)
{
    Str text = STRC("");
    for (size_t i = 0; i < d->n_inputs; i++)
        text = arena_text(r->a, "%.*s%s%.*s * %.*s", STR(text), i ? " + " : "",
                          STR(d->inputs[i].name),
                          STR(dec_print_short(r->a, d->inputs[i].weight)));
    return text;
}

/* --- definitions ---------------------------------------------------------------------------- */
static void item_def(const ScoreRun *r, size_t k, size_t g, size_t i)
{
    const SchemeInstrument *ins = &r->s->instruments[k];
    const ScoreHeap *h = &r->heaps[r->heap_of[k * r->s->n_groups + g]];
    SchemeTerm *terms = ARENA_ARRAY(r->a, SchemeTerm, ins->n_options);
    size_t n = 0;
    for (size_t o = 0; terms && o < ins->n_options; o++)
        if (!ins->options[o].excluded)
            terms[n++] = (SchemeTerm){ ins->options[o].name, pack_scheme_points(ins, g, i, o) };
    r->out->defs[score_def_item(r, k, g, i)] = (ScoreDef){
        .kind = SCORE_ITEM, .inputs = terms, .n_inputs = n, .formula = item_formula(r, ins, g, i),
        .name = arena_text(r->a, "%.*s.%.*s.%.*s", STR(ins->name), STR(r->s->groups[g].name),
                           STR(ins->items[i].name)),
        .title = arena_text(r->a, "%.*s·%.*s·%.*s", STR(ins->title), STR(h->title),
                            STR(ins->items[i].title)) };
}

static void group_def(const ScoreRun *r, size_t k, size_t g)
{
    const SchemeInstrument *ins = &r->s->instruments[k];
    const ScoreHeap *h = &r->heaps[r->heap_of[k * r->s->n_groups + g]];
    SchemeTerm *terms = ARENA_ARRAY(r->a, SchemeTerm, ins->n_items);
    for (size_t i = 0; i < ins->n_items; i++) {
        item_def(r, k, g, i);
        if (terms)
            terms[i] = (SchemeTerm){ r->out->defs[score_def_item(r, k, g, i)].name, dec_int(0) };
    }
    r->out->defs[score_def_group(r, k, g)] = (ScoreDef){
        .kind = SCORE_GROUP, .inputs = terms, .n_inputs = ins->n_items,
        .formula = STRC("100 * sum(n * points) / sum(n * highest)"),
        .name = arena_text(r->a, "%.*s.%.*s.score", STR(ins->name), STR(r->s->groups[g].name)),
        .title = arena_text(r->a, "%.*s·%.*s", STR(ins->title), STR(h->title)) };
}

static void ballot_def(const ScoreRun *r, size_t k)
{
    const SchemeInstrument *ins = &r->s->instruments[k];
    SchemeTerm *terms = ARENA_ARRAY(r->a, SchemeTerm, r->n_heaps);
    ScoreDef d = { .kind = SCORE_BALLOT, .inputs = terms, .sum = true, .title = ins->title,
                   .name = arena_text(r->a, "%.*s.score", STR(ins->name)) };
    for (size_t i = 0; terms && i < r->n_heaps; i++) {
        const ScoreHeap *h = &r->heaps[i];
        if (h->instrument == k)
            terms[d.n_inputs++] = (SchemeTerm){ r->out->defs[score_def_group(r, k, h->first)].name,
                                                h->weight };
    }
    d.formula = ballot_formula(r, &d);
    r->out->defs[score_def_ballot(r, k)] = d;
}

static bool goes_on_rounded(const ScoreRun *r, Str node)
{
    for (size_t i = 0; i < r->c->n_rounded; i++)
        if (str_eq(r->c->rounded[i], node))
            return true;
    return false;
}

bool score_defs_make(ScoreRun *r, Err *e)
{
    const Scheme *s = r->s;
    r->out->n_defs = score_def_node(r, s->n_nodes);
    r->out->defs = ARENA_ARRAY(r->a, ScoreDef, r->out->n_defs);
    if (!r->out->defs)
        return score_no_memory(e);
    for (size_t k = 0; k < s->n_instruments; k++) {
        for (size_t g = 0; g < s->n_groups; g++)
            group_def(r, k, g);
        ballot_def(r, k);
    }
    for (size_t i = 0; i < s->n_parts; i++)
        r->out->defs[score_def_part(r, i)] = (ScoreDef){
            .kind = SCORE_PART, .name = s->parts[i].name, .title = s->parts[i].title };
    for (size_t i = 0; i < s->n_nodes; i++) {
        const SchemeNode *x = &s->nodes[i];
        r->out->defs[score_def_node(r, i)] = (ScoreDef){
            .kind = SCORE_NODE, .name = x->name, .title = x->title, .formula = x->source,
            .inputs = x->terms, .n_inputs = x->n_terms, .sum = x->kind == SCHEME_SUM,
            .rounded = goes_on_rounded(r, x->name) };
    }
    return !arena_refused(r->a) || score_no_memory(e);
}
