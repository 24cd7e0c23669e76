/* What the screens are told of the kinds: members of an object that the caller has opened. */
#include "pack/pack_in.h"

#include <stdio.h>

/* --- parts several kinds have --------------------------------------------------------------- */
static void head(Jw *w, Str name, Str title, const Pack *pack)
{
    jw_kstr(w, "name", name);
    jw_kstr(w, "title", title);
    jw_kstr(w, "pack", pack->name);
}

static void expr(Jw *w, const char *key, const FeelExpr *x)
{
    if (x)
        jw_kstr(w, key, feel_source(x));
}

static void field(Jw *w, const char *key, const FormField *f)
{
    if (f)
        jw_kstr(w, key, f->name);
}

static void records(Jw *w, const Of *of)
{
    if (of->form)
        jw_kstr(w, "form", of->form->name);
    expr(w, "where", of->where);
}

/* --- flow ----------------------------------------------------------------------------------- */
static void describe_move(Jw *w, const FlowMove *m)
{
    jw_obj(w);
    jw_kstr(w, "event", m->event);
    jw_kstr(w, "title", m->title);
    jw_kstr(w, "from", m->from);
    jw_kstr(w, "to", m->to);
    pack_describe_roles(w, "who", m->who);
    jw_kstr_some(w, "needs", m->needs);
    jw_kint_some(w, "within", m->within);
    jw_kint_some(w, "remind", m->remind);
    if (m->escalates)
        jw_kint(w, "escalate", m->escalate);
    jw_end(w);
}

void flow_describe(Jw *w, const Flow *flow)
{
    head(w, flow->name, flow->title, flow->pack);
    jw_kstr_some(w, "cite", flow->cite);
    jw_kstr(w, "form", flow->form->name);
    jw_kstr(w, "start", flow->start);
    jw_key(w, "states");
    jw_arr(w);
    for (size_t i = 0; i < flow->states->n_items; i++) {
        jw_obj(w);
        jw_kstr(w, "value", flow->states->items[i].value);
        jw_kstr(w, "title", flow->states->items[i].title);
        jw_end(w);
    }
    jw_end(w);
    jw_key(w, "moves");
    jw_arr(w);
    for (size_t i = 0; i < flow->n_moves; i++)
        describe_move(w, &flow->moves[i]);
    jw_end(w);
}

/* --- measure -------------------------------------------------------------------------------- */
void measure_describe(Jw *w, const Measure *m)
{
    head(w, m->name, m->title, m->pack);
    jw_kstr(w, "how", measure_how_name(m->how));
    jw_kstr_some(w, "unit", m->unit);
    jw_kstr_some(w, "help", m->help);
    jw_kstr_some(w, "cite", m->cite);
    records(w, &m->of);
    field(w, "field", m->field);
    expr(w, "share", m->share);
    expr(w, "value", m->value);
    field(w, "by", m->by);
}

/* --- duty ----------------------------------------------------------------------------------- */
static void duty_demand(Jw *w, const Duty *d)
{
    records(w, &d->of);
    field(w, "by", d->by);
    field(w, "sum", d->sum);
    if (d->has_least)
        jw_kdec(w, "at_least", d->at_least);
    if (d->has_most)
        jw_kdec(w, "at_most", d->at_most);
    expr(w, "holds", d->holds);
    expr(w, "due", d->due);
    expr(w, "who", d->who);
    jw_kint_some(w, "grace", d->grace);
    jw_kint(w, "remind", d->remind);
}

static void duty_lists(Jw *w, const Duty *d)
{
    Str lacks[DUTY_LACKS_MAX];
    size_t n = duty_lacks(lacks, d);
    jw_key(w, "exempt");
    jw_arr(w);
    for (size_t i = 0; i < d->n_exempt; i++)
        jw_str(w, d->exempt[i].reason);
    jw_end(w);
    jw_key(w, "parts");
    jw_arr(w);
    for (size_t i = 0; i < d->n_parts; i++) {
        jw_obj(w);
        jw_kstr(w, "list", d->parts[i].list->name);
        jw_kstr(w, "value", d->parts[i].item->value);
        jw_kstr(w, "title", d->parts[i].item->title);
        jw_end(w);
    }
    jw_end(w);
    jw_key(w, "lacks");
    jw_arr(w);
    for (size_t i = 0; i < n; i++)
        jw_str(w, lacks[i]);
    jw_end(w);
}

void duty_describe(Jw *w, const Duty *d)
{
    head(w, d->name, d->title, d->pack);
    jw_kstr(w, "for", d->whom == DUTY_FOR_ORG ? STRC("org")
                      : d->whom == DUTY_FOR_PERSON ? STRC("person") : d->thing->name);
    jw_kstr(w, "every", duty_every_name(d->every));
    jw_kint_some(w, "months", d->months);
    jw_kstr(w, "kind", d->hard ? STRC("hard") : STRC("soft"));
    jw_kbool(w, "off", d->off);
    jw_kbool(w, "draft", d->draft);
    if (d->cap)
        jw_kbool(w, "cap", true);
    jw_kstr(w, "cite", d->cite);
    jw_kstr(w, "text", d->text);
    jw_kstr(w, "would", d->would);
    duty_demand(w, d);
    duty_lists(w, d);
}

/* --- points --------------------------------------------------------------------------------- */
void points_describe(Jw *w, const Points *p)
{
    head(w, p->name, p->title, p->pack);
    jw_kstr(w, "cite", p->cite);
    jw_kstr(w, "every", pack_period_name(p->every));
    jw_kdec(w, "base", p->base);
    if (p->has_cap)
        jw_kdec(w, "cap", p->cap);
    jw_key(w, "awards");
    jw_arr(w);
    for (size_t i = 0; i < p->n_awards; i++) {
        const PointsAward *a = &p->awards[i];
        jw_obj(w);
        jw_kstr(w, "name", a->name);
        jw_kstr(w, "title", a->title);
        jw_kdec(w, "each", a->each);
        if (a->has_cap)
            jw_kdec(w, "cap", a->cap);
        records(w, &a->of);
        field(w, "to", a->to);
        jw_end(w);
    }
    jw_end(w);
}

/* --- report --------------------------------------------------------------------------------- */
static void describe_column(Jw *w, const ReportColumn *c)
{
    jw_obj(w);
    jw_kstr(w, "name", c->name);
    jw_kstr(w, "title", c->title);
    jw_kbool(w, "number", c->number);
    if (c->measure) {
        jw_kstr_some(w, "unit", c->measure->unit);
        jw_kstr(w, "measure", c->measure->name);
    }
    jw_kint_some(w, "back", c->back);
    expr(w, "value", c->value);
    jw_end(w);
}

static void describe_chart(Jw *w, const Report *r)
{
    if (r->chart == REPORT_NO_CHART)
        return;
    jw_key(w, "chart");
    jw_obj(w);
    jw_kstr(w, "kind", r->chart == REPORT_BAR ? STRC("bar")
                       : r->chart == REPORT_LINE ? STRC("line") : STRC("pie"));
    jw_key(w, "columns");
    jw_arr(w);
    for (size_t i = 0; i < r->n_charted; i++)
        jw_str(w, r->charted[i]->name);
    jw_end(w);
    jw_end(w);
}

void report_describe(Jw *w, const Report *r)
{
    head(w, r->name, r->title, r->pack);
    jw_kstr_some(w, "help", r->help);
    jw_kstr_some(w, "cite", r->cite);
    jw_kstr(w, "rows", report_rows_name(r->rows));
    jw_kstr(w, "every", pack_period_name(r->every));
    records(w, &r->of);
    field(w, "down", r->down);
    field(w, "across", r->across);
    jw_kbool(w, "total", r->total);
    jw_key(w, "columns");
    jw_arr(w);
    for (size_t i = 0; i < r->n_columns; i++)
        describe_column(w, &r->columns[i]);
    jw_end(w);
    describe_chart(w, r);
}

/* --- template ------------------------------------------------------------------------------- */
void template_describe(Jw *w, const Template *t)
{
    head(w, t->name, t->title, t->pack);
    jw_kstr_some(w, "help", t->help);
    jw_kstr(w, "cite", t->cite);
    jw_kstr(w, "form", t->form->name);
    pack_describe_roles(w, "who", t->who);
    jw_key(w, "asks");
    jw_arr(w);
    for (size_t i = 0; i < t->n_asks; i++) {
        jw_obj(w);
        jw_kstr(w, "name", t->asks[i].name);
        jw_kstr(w, "title", t->asks[i].title);
        jw_kstr(w, "type", form_type_name(t->asks[i].type));
        jw_kbool(w, "required", t->asks[i].required);
        jw_end(w);
    }
    jw_end(w);
}

/* --- packs ---------------------------------------------------------------------------------- */
/* Writes under `label` the names of the things in `map` that this pack declared. */
#define NAMES(label, map, type)                                                                    \
    do {                                                                                           \
        jw_key(w, label);                                                                          \
        jw_arr(w);                                                                                 \
        for (size_t i = 0; i < (map).n; i++)                                                       \
            if (((const type *)(map).entries[i].value)->pack == p)                                 \
                jw_str(w, (map).entries[i].key);                                                   \
        jw_end(w);                                                                                 \
    } while (0)

static void describe_names(Jw *w, const Rulebook *rb, const Pack *p)
{
    NAMES("lists", rb->lists, List);
    NAMES("forms", rb->forms, Form);
    NAMES("flows", rb->flows, Flow);
    NAMES("schemes", rb->scheme_owners, PackOwner);
    NAMES("measures", rb->measures, Measure);
    NAMES("duties", rb->duties, Duty);
    NAMES("points", rb->points, Points);
    NAMES("reports", rb->reports, Report);
    NAMES("templates", rb->templates, Template);
}

void pack_describe(Jw *w, const Rulebook *rb)
{
    jw_arr(w);
    for (size_t i = 0; i < rb->packs.n; i++) {
        const Pack *p = rb->packs.entries[i].value;
        jw_obj(w);
        jw_kstr(w, "name", p->name);
        jw_kstr(w, "title", p->title);
        jw_kstr(w, "version", p->version);
        jw_kday(w, "from", p->from);
        jw_kstr_some(w, "cite", p->cite);
        jw_kstr(w, "hash", p->hash_hex);
        if (p->menu.n > 0) {
            jw_kstr(w, "menu", p->menu);
            jw_kstr_some(w, "under", p->under);
            jw_kint(w, "order", p->order);
            jw_kstr_some(w, "shows", p->shows);
        }
        describe_names(w, rb, p);
        jw_end(w);
    }
    jw_end(w);
}
