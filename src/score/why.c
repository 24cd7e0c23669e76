/* Why this value? The tree from a value or a grade down to counts and records, each with its fact.
 * The bundle is run again, so the tree shows what the figures in it give, not what it claims. */
#include "score/score_in.h"

typedef struct Why {
    ScoreRun *r;
    Jw *w;
    size_t i;          /* the debriefer */
    size_t n;          /* nodes written */
} Why;

static const ScoreScored *scored(const Why *y)
{
    return &y->r->out->debriefers[y->i];
}

static void head(Why *y, Str name, Str title, const char *kind)
{
    jw_obj(y->w);
    jw_kstr(y->w, "name", name);
    jw_kstr(y->w, "title", title);
    jw_kstr(y->w, "kind", str_of(kind));
    y->n++;
}

static void weight(const Why *y, const SchemeTerm *t)
{
    if (t && dec_sign(t->weight) != 0)
        jw_kstr(y->w, "weight", dec_print_short(y->r->a, t->weight));
}

static void fact(const Why *y, int64_t id)
{
    if (id > 0)
        jw_kint(y->w, "fact", id);
}

static void no_inputs(const Why *y)
{
    jw_key(y->w, "inputs");
    jw_arr(y->w);
    jw_end(y->w);
    jw_end(y->w);
}

/* --- leaves --------------------------------------------------------------------------------- */
static void put_marks(Why *y, size_t instrument, size_t g, size_t item)
{
    const ScoreRun *r = y->r;
    const SchemeInstrument *ins = &r->s->instruments[instrument];
    const ScoreHeap *h = &r->heaps[r->heap_of[instrument * r->s->n_groups + g]];
    const ScoreRow *row = score_row(r, h, y->i, item);
    for (size_t k = 0; row && k < row->n; k++) {
        Str mark = dec_print_short(r->a, row->given[k].value);
        int64_t n = row->given[k].n, counted = score_row_counted(ins, row, k);
        head(y, mark, arena_text(r->a, ins->form == SCHEME_MARKS ? "%.*s分" : "第%.*s名",
                                 STR(mark)), "count");
        jw_key(y->w, "value");
        jw_str(y->w, arena_text(r->a, "%lld", (long long)counted));
        jw_kstr(y->w, "weight", dec_print_short(r->a, row->given[k].points));
        if (counted < n)
            jw_kstr(y->w, "formula", arena_text(r->a, "%lld - %lld", (long long)n,
                                                (long long)(n - counted)));
        fact(y, h->in->fact);
        no_inputs(y);
    }
    for (size_t o = 0; o < ins->n_options; o++) {
        const SchemeOption *x = &ins->options[o];
        head(y, x->name, x->title, "count");
        jw_key(y->w, "value");
        jw_str(y->w, arena_text(r->a, "%lld", (long long)score_marks(r, h, y->i, item, o)));
        if (x->excluded)
            jw_kbool(y->w, "excluded", true);
        else
            jw_kstr(y->w, "weight", dec_print_short(r->a, pack_scheme_points(ins, g, item, o)));
        fact(y, h->in->fact);
        no_inputs(y);
    }
}

static void put_events(Why *y, size_t k)
{
    const SchemeEvent *event = &y->r->s->events[k];
    head(y, event->name, event->title, "events");
    jw_key(y->w, "inputs");
    jw_arr(y->w);
    for (size_t m = 0; m < y->r->n_events[y->i]; m++) {
        const ScoreEvent *v = &y->r->events[y->i][m];
        if (!str_eq(v->name, event->name))
            continue;
        head(y, event->name, event->title, "event");
        jw_key(y->w, "value");
        if (v->value.given)
            jw_str(y->w, dec_print_short(y->r->a, v->value.value));
        else
            jw_null(y->w);
        fact(y, v->fact);
        no_inputs(y);
    }
    jw_end(y->w);
    jw_end(y->w);
}

/* --- values --------------------------------------------------------------------------------- */
static void put_value(Why *y, size_t def, const SchemeTerm *as, int depth);

static void put_inputs(Why *y, const SchemeTerm *terms, size_t n, int depth)
{
    for (size_t k = 0; k < n; k++) {
        ptrdiff_t def = score_def_named(y->r, terms[k].name);
        ptrdiff_t event = pack_scheme_event(y->r->s, terms[k].name);
        if (def >= 0)
            put_value(y, (size_t)def, &terms[k], depth - 1);
        else if (event >= 0)
            put_events(y, (size_t)event);
    }
}

/* A sum some of whose terms are missing: (ballot * 0.5 + routine * 0.3) * 1 / 0.8 */
static Str formula_of(const Why *y, size_t def)
{
    const ScoreDef *d = &y->r->out->defs[def];
    Arena *a = y->r->a;
    Str text = STRC("");
    Dec all = dec_int(0), given = dec_int(0);
    bool fits = true;
    for (size_t k = 0; d->sum && k < d->n_inputs; k++) {
        ptrdiff_t at = score_def_named(y->r, d->inputs[k].name);
        fits = fits && dec_add(&all, all, d->inputs[k].weight);
        if (at < 0 || !scored(y)->values[at].given)
            continue;
        fits = fits && dec_add(&given, given, d->inputs[k].weight);
        text = arena_text(a, "%.*s%s%.*s * %.*s", STR(text), text.n > 0 ? " + " : "",
                          STR(d->inputs[k].name), STR(dec_print_short(a, d->inputs[k].weight)));
    }
    if (!d->sum || !fits || dec_eq(all, given))
        return d->formula;
    return arena_text(a, "(%.*s) * %.*s / %.*s", STR(text), STR(dec_print_short(a, all)),
                      STR(dec_print_short(a, given)));
}

static void put_part(const Why *y, size_t def)
{
    size_t k = def - score_def_part(y->r, 0);
    const SchemePart *part = &y->r->s->parts[k];
    const ScorePart *p = score_part_of(y->r->people[y->i], part->name);
    if (!p || !p->value.given)
        jw_kstr(y->w, "missing", str_of(pack_scheme_missing_name(part->missing)));
    if (p)
        fact(y, p->fact);
}

/* What a node that compares debriefers found: his place, or the value of the first. */
static void put_among(Why *y, const SchemeNode *node)
{
    ptrdiff_t def = score_def_named(y->r, node->terms[0].name);
    bool places = node->kind == SCHEME_PLACES;
    if (def < 0)
        return;
    head(y, places ? STRC("place") : STRC("first"), places ? STRC("名次") : STRC("第一名的值"),
         "count");
    jw_key(y->w, "value");
    if (places)
        jw_str(y->w, arena_text(y->r->a, "%zu", score_place(y->r, y->i, (size_t)def)));
    else
        jw_str(y->w, dec_print_short(y->r->a, score_first(y->r, y->i, (size_t)def)));
    no_inputs(y);
}

static bool find_item(const Why *y, size_t def, size_t *instrument, size_t *g, size_t *item)
{
    const Scheme *s = y->r->s;
    for (*instrument = 0; *instrument < s->n_instruments; ++*instrument)
        for (*g = 0; *g < s->n_groups; ++*g)
            for (*item = 0; *item < s->instruments[*instrument].n_items; ++*item)
                if (score_def_item(y->r, *instrument, *g, *item) == def)
                    return true;
    return false;
}

static void put_below(Why *y, size_t def, int depth)
{
    const ScoreDef *d = &y->r->out->defs[def];
    size_t instrument, g, item;
    bool more = d->kind != SCORE_PART && (depth <= 0 || y->n > SCORE_WHY_NODES_MAX);
    if (more)
        jw_kbool(y->w, "more", true);
    jw_key(y->w, "inputs");
    jw_arr(y->w);
    if (!more && d->kind == SCORE_ITEM && find_item(y, def, &instrument, &g, &item))
        put_marks(y, instrument, g, item);
    else if (!more)
        put_inputs(y, d->inputs, d->n_inputs, depth);
    if (!more && d->kind == SCORE_NODE) {
        const SchemeNode *node = &y->r->s->nodes[def - score_def_node(y->r, 0)];
        if (node->kind == SCHEME_PLACES || node->kind == SCHEME_FIRST)
            put_among(y, node);
    }
    jw_end(y->w);
}

static void put_value(Why *y, size_t def, const SchemeTerm *as, int depth)
{
    const ScoreDef *d = &y->r->out->defs[def];
    const ScoreValue *v = &scored(y)->values[def];
    head(y, d->name, d->title, score_kind_name(d->kind));
    jw_key(y->w, "value");
    if (v->given)
        jw_str(y->w, dec_print(y->r->a, v->value));
    else
        jw_null(y->w);
    jw_key(y->w, "exact");
    if (v->given)
        jw_str(y->w, dec_print_short(y->r->a, v->exact));
    else
        jw_null(y->w);
    jw_kstr(y->w, "formula", formula_of(y, def));
    jw_kstr(y->w, "rounding", arena_text(y->r->a, "%s %d", score_mode_name(y->r->c->mode),
                                         y->r->c->places));
    jw_kbool(y->w, "goes_on_rounded", d->rounded);
    weight(y, as);
    if (d->kind == SCORE_PART)
        put_part(y, def);
    put_below(y, def, depth);
    jw_end(y->w);
}

/* --- the grade ------------------------------------------------------------------------------ */
static const SchemeRule *rule_of(const Scheme *s, const ScoreStep *x)
{
    const SchemeRule *rules = x->kind == SCORE_VETO ? s->vetoes : s->gates;
    size_t n = x->kind == SCORE_VETO ? s->n_vetoes : x->kind == SCORE_GATE ? s->n_gates : 0;
    for (size_t i = 0; i < n; i++)
        if (str_eq(rules[i].name, x->name))
            return &rules[i];
    return NULL;
}

/* 75 <= adjusted < 90 */
static Str band_text(const Why *y, const SchemeBand *b)
{
    Arena *a = y->r->a;
    return arena_text(a, "%.*s %s %.*s %s %.*s", STR(dec_print_short(a, b->from)),
                      b->from_in ? "<=" : "<", STR(y->r->s->nodes[y->r->s->total].name),
                      b->to_in ? "<=" : "<", STR(dec_print_short(a, b->to)));
}

static Str step_formula(const Why *y, const ScoreStep *x)
{
    const ScoreQuota *q = &y->r->out->quota;
    const Scheme *s = y->r->s;
    const SchemeRule *rule = rule_of(s, x);
    if (rule)
        return rule->source;
    if (x->kind == SCORE_BAND)
        return band_text(y, &s->bands[x->grade]);
    if (x->kind == SCORE_NON_TOP)
        return arena_text(y->r->a, "%.*s * %zu -> %zu", STR(dec_print_short(y->r->a, s->non_top)),
                          q->n, q->non_top_need);
    if (x->kind == SCORE_TOP_SHARE)
        return arena_text(y->r->a, "%.*s * %zu -> %zu",
                          STR(dec_print_short(y->r->a, s->has_top_share ? s->top_share :
                                                       s->bands[0].most)), q->n, q->top_most);
    if (x->kind == SCORE_BAND_SHARE)
        return arena_text(y->r->a, "%.*s * %zu", STR(dec_print_short(y->r->a,
                          s->bands[x->grade - 1].most)), q->n);
    return STRC("");
}

static void put_step(Why *y, const ScoreStep *x)
{
    const SchemeRule *rule = rule_of(y->r->s, x);
    const SchemeTerm total = { y->r->s->nodes[y->r->s->total].name, dec_int(0) };
    head(y, x->name, x->title, score_step_name(x->kind));
    jw_kstr(y->w, "value", y->r->s->bands[x->grade].title);
    jw_kstr(y->w, "formula", step_formula(y, x));
    if (x->unjudged)
        jw_kbool(y->w, "unjudged", true);
    fact(y, x->fact);
    jw_key(y->w, "inputs");
    jw_arr(y->w);
    if (rule)
        put_inputs(y, rule->terms, rule->n_terms, SCORE_WHY_DEPTH_MAX);
    else if (x->kind == SCORE_BAND)
        put_inputs(y, &total, 1, SCORE_WHY_DEPTH_MAX);
    jw_end(y->w);
    jw_end(y->w);
}

static void put_grade(Why *y)
{
    const ScoreScored *d = scored(y);
    head(y, STRC("grade"), y->r->s->title, "grade");
    jw_kstr(y->w, "value", y->r->s->bands[d->final].title);
    jw_kbool(y->w, "undecided", d->undecided);
    jw_key(y->w, "inputs");
    jw_arr(y->w);
    for (size_t k = 0; k < d->n_steps; k++)
        put_step(y, &d->steps[k]);
    jw_end(y->w);
    jw_end(y->w);
}

/* --- the door ------------------------------------------------------------------------------- */
static bool find_person(Why *y, int64_t debriefer)
{
    if (y->r->out->status == SCORE_REFUSED)
        return false;
    for (y->i = 0; y->i < y->r->n_people; y->i++)
        if (y->r->people[y->i]->id == debriefer)
            return true;
    return false;
}

bool score_why(Jw *w, Arena *a, const json_t *bundle, int64_t debriefer, Str node, Err *e)
{
    Scheme s;
    ScoreChoices c;
    ScoreInput in;
    ScoreRun r;
    ScoreResult result;
    Why y = { .r = &r, .w = w };
    if (!score_bundle_read(&s, &c, &in, a, bundle, e) ||
        !score_start(&r, a, &s, &c, &in, &result, e))
        return false;
    ptrdiff_t def = score_def_named(&r, node);
    if (!find_person(&y, debriefer) || (def < 0 && !str_is(node, "grade")))
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", node));
    if (def >= 0)
        put_value(&y, (size_t)def, NULL, SCORE_WHY_DEPTH_MAX);
    else
        put_grade(&y);
    return !arena_refused(a) || score_no_memory(e);
}
