/* Figures: what is counted, and the records that were. */
#include "rule/rule_in.h"

#include <stdlib.h>

/* --- counting ------------------------------------------------------------------------------- */
static bool add_distinct(RuleTally *t, Arena *keep, Str raw)
{
    size_t at = 0;
    Str item;
    if (!t->distinct) {
        if (!(t->distinct = ARENA_NEW(keep, Map)))
            return false;
        *t->distinct = map_open(keep);
    }
    while (rule_body_item(raw, &at, &item))
        if (!map_get(t->distinct, item) &&
            !map_put(t->distinct, arena_str(keep, item), t->distinct))
            return false;
    return true;
}

static bool add_number(RuleTally *t, FeelValue v, size_t weight)
{
    Dec part;
    if (v.kind != FEEL_NUMBER)
        return true;
    t->known += weight;
    return dec_mul(&part, v.number, dec_int((int64_t)weight)) && dec_add(&t->sum, t->sum, part);
}

static void add_greatest(RuleTally *t, Arena *keep, FeelValue v)
{
    int order;
    if (v.kind == FEEL_NULL)
        return;
    if (v.kind == FEEL_STRING)
        v.string = arena_str(keep, v.string);
    if (t->greatest.kind == FEEL_NULL || (feel_compare(&order, v, t->greatest) && order > 0))
        t->greatest = v;
}

bool rule_tally_row(RuleTally *t, Arena *keep, RuleRun *r, const RuleFigureRule *m, RuleRow *row,
                    size_t weight)
{
    const FormField *field = m->m->field;
    FeelValue v = feel_null();
    int holds = 0;
    if (weight == 0)
        return true;
    if (t->n == 0)
        t->sum = dec_int(0);
    t->n += weight;
    t->records++;
    if (field)
        v = rule_body_value(r->a, field, row->raw[m->field]);
    switch (m->m->how) {
    case MEASURE_SUM:
    case MEASURE_AVERAGE:
        if (!add_number(t, v, weight))
            return err_fail(r->e, ERR_TOO_BIG, err_hole("what", m->m->title),
                            err_hole("max", "10^6144"));
        return true;
    case MEASURE_GREATEST:
        add_greatest(t, keep, v);
        return true;
    case MEASURE_DISTINCT:
        return add_distinct(t, keep, row->raw[m->field]) || rule_run_memory(r);
    case MEASURE_SHARE: {
        RuleOn on = { .day = row->r->on, .person = -1, .row = row };
        if (!rule_run_truth(&holds, r, &m->share, &on))
            return false;
        t->held += holds == 1 ? weight : 0;
        return true;
    }
    default:
        return true;
    }
}

size_t rule_tally_weight(const RuleFigureRule *m, const RuleRow *row)
{
    size_t at = 0, n = 0;
    int64_t id;
    if (!m->m->by)
        return 1;
    while (rule_body_ref(row->raw[m->by], &at, &id))
        n++;
    return n;
}

static bool rows_of(const RuleRows **out, RuleRun *r, const RuleFigureRule *m, ptrdiff_t person)
{
    return m->m->by && person >= 0 ? rule_run_named(out, r, m->sel, m->by, (size_t)person)
                                   : rule_run_rows(out, r, m->sel);
}

bool rule_tally_add(RuleTally *t, Arena *keep, RuleRun *r, const RuleFigureRule *m,
                    ptrdiff_t person, Period p)
{
    const RuleRows *rows;
    bool anyones = m->m->by && person >= 0;
    if (!rows_of(&rows, r, m, person))
        return false;
    for (size_t i = rule_rows_from(rows, p.from); i < rows->n && rows->items[i]->r->on <= p.to;
         i++) {
        RuleRow *row = rows->items[i];
        if (!row->own && !anyones)
            continue;
        size_t weight = person >= 0 ? 1 : rule_tally_weight(m, row);
        if ((weight > 0 && !rule_run_note(r, row)) ||
            !rule_tally_row(t, keep, r, m, row, weight))
            return false;
    }
    return true;
}

static FeelValue quotient(Dec a, size_t b)
{
    Dec q;
    return b > 0 && dec_div(&q, a, dec_int((int64_t)b)) ? feel_number(q) : feel_null();
}

bool rule_tally_read(FeelValue *out, const RuleTally *t, const RuleFigureRule *m)
{
    switch (m->m->how) {
    case MEASURE_COUNT:
        *out = feel_int((int64_t)t->n);
        return true;
    case MEASURE_SUM:
        *out = feel_number(t->n ? t->sum : dec_int(0));
        return true;
    case MEASURE_AVERAGE:
        *out = quotient(t->sum, t->known);
        return true;
    case MEASURE_GREATEST:
        *out = t->greatest;
        return true;
    case MEASURE_DISTINCT:
        *out = feel_int(t->distinct ? (int64_t)t->distinct->n : 0);
        return true;
    case MEASURE_SHARE:
        *out = quotient(dec_int((int64_t)t->held), t->n);
        return true;
    default:
        return false; /* made of other measures */
    }
}

bool rule_run_measure(FeelValue *out, RuleRun *r, const RuleFigureRule *m, ptrdiff_t person,
                      Period p, Day day)
{
    RuleTally t = { 0 };
    Period until = { p.from, p.to < day ? p.to : day };
    if (m->m->how != MEASURE_VALUE) {
        if (r->tallies)
            t = r->tallies[m - r->s->measures];
        else if (!rule_tally_add(&t, r->a, r, m, person, until))
            return false;
        rule_tally_read(out, &t, m);
        return true;
    }
    RuleOn on = { .day = day, .period = p, .person = person };
    if (r->depth >= RULE_MEASURE_DEPTH_MAX)
        return err_fail(r->e, ERR_TOO_BIG, err_hole("what", m->m->title),
                        err_hole("max", RULE_MEASURE_DEPTH_MAX));
    r->depth++;
    bool ok = rule_run_value(out, r, &m->value, &on, NULL);
    r->depth--;
    return ok;
}

/* --- one unit ------------------------------------------------------------------------------- */
static bool find_rule(const RuleFigureRule **out, const RuleSet *rules, const Measure *measure,
                      Err *e)
{
    *out = rule_figure_rule(rules, measure);
    return *out || err_fail(e, ERR_NOT_FOUND, err_hole("what", measure->title));
}

static bool open_for(RuleRun *r, const RuleFigureRule **m, ptrdiff_t *who, Arena *a,
                     const RuleSet *rules, const Measure *measure, const RuleUnit *unit,
                     int64_t person, Day today, Err *e)
{
    if (!find_rule(m, rules, measure, e) || !rule_run_open(r, a, rules, unit, today, e))
        return false;
    *who = person ? rule_run_person(r, person) : -1;
    return !person || *who >= 0 || err_fail(e, ERR_NOT_FOUND, err_hole("what", "人员"));
}

void rule_measure_closure(bool *used, const RuleSet *s, size_t at, int depth)
{
    const RuleExpr *x = &s->measures[at].value;
    if (used[at] || depth > RULE_MEASURE_DEPTH_MAX)
        return;
    used[at] = true;
    for (size_t i = 0; i < x->n_measures; i++)
        rule_measure_closure(used, s, x->measures[i], depth + 1);
}

static int by_day(const void *x, const void *y)
{
    const RuleRecord *a = *(const RuleRecord *const *)x, *b = *(const RuleRecord *const *)y;
    if (a->on != b->on)
        return (a->on > b->on) - (a->on < b->on);
    return (a->subject > b->subject) - (a->subject < b->subject);
}

bool rule_records_of(RuleRecords *out, RuleRun *r, const RuleRows *rows)
{
    const RuleRecord **items = ARENA_ARRAY(r->a, const RuleRecord *, rows->n + 1);
    size_t n = 0;
    if (!items)
        return rule_run_memory(r);
    for (size_t i = 0; i < rows->n; i++)
        items[i] = rows->items[i]->r;
    qsort(items, rows->n, sizeof *items, by_day);
    for (size_t i = 0; i < rows->n; i++)
        if (n == 0 || items[n - 1] != items[i])
            items[n++] = items[i];
    *out = (RuleRecords){ items, n };
    return true;
}

static bool collect(RuleRows *rows, RuleRun *r, const RuleFigureRule *m, ptrdiff_t who, Period p)
{
    bool *used = ARENA_ARRAY(r->a, bool, r->s->n_measures);
    if (!used)
        return rule_run_memory(r);
    rule_measure_closure(used, r->s, (size_t)(m - r->s->measures), 0);
    rule_run_collect(r, rows);
    for (size_t i = 0; i < r->s->n_measures; i++) {
        RuleTally t = { 0 };
        const RuleFigureRule *part = &r->s->measures[i];
        if (used[i] && part->m->how != MEASURE_VALUE &&
            !rule_tally_add(&t, r->a, r, part, who, p))
            return false;
    }
    rule_run_collect(r, NULL);
    return true;
}

bool rule_measure(RuleFigure *out, Arena *a, const RuleSet *rules, const Measure *measure,
                  const RuleUnit *unit, int64_t person, Period p, Day today, Err *e)
{
    RuleRun r = { 0 };
    const RuleFigureRule *m;
    ptrdiff_t who;
    RuleTally t = { 0 };
    RuleFigure f = { 0 };
    Day day = today < p.to ? today : p.to;
    if (!open_for(&r, &m, &who, a, rules, measure, unit, person, today, e))
        return false;
    if (m->m->how == MEASURE_VALUE) {
        if (!rule_run_measure(&f.value, &r, m, who, p, day))
            return false;
    } else {
        if (!rule_tally_add(&t, a, &r, m, who, (Period){ p.from, day }))
            return false;
        rule_tally_read(&f.value, &t, m);
        f.records = t.records;
    }
    *out = f;
    return true;
}

bool rule_measure_records(RuleRecords *out, Arena *a, const RuleSet *rules, const Measure *measure,
                          const RuleUnit *unit, int64_t person, Period p, Err *e)
{
    RuleRun r = { 0 };
    const RuleFigureRule *m;
    ptrdiff_t who;
    RuleRows rows = { 0 };
    return open_for(&r, &m, &who, a, rules, measure, unit, person, p.to, e) &&
           collect(&rows, &r, m, who, p) && rule_records_of(out, &r, &rows);
}

Str rule_figure_print(Arena *a, FeelValue v)
{
    if (v.kind == FEEL_NULL)
        return (Str){ 0 };
    return v.kind == FEEL_NUMBER ? dec_print_short(a, dec_round(v.number, 2, DEC_HALF_UP))
                                 : feel_text(a, v);
}

/* --- many units ----------------------------------------------------------------------------- */
struct RuleSum {
    Arena *a;
    const RuleSet *s;
    const RuleFigureRule *m;
    Period p;
    bool *used;
    RuleTally *tallies;
};

RuleSum *rule_sum_open(Arena *a, const RuleSet *rules, const Measure *measure, Period p)
{
    RuleSum *sum = ARENA_NEW(a, RuleSum);
    const RuleFigureRule *m = rule_figure_rule(rules, measure);
    if (!sum || !m)
        return NULL;
    *sum = (RuleSum){ .a = a, .s = rules, .m = m, .p = p };
    sum->used = ARENA_ARRAY(a, bool, rules->n_measures);
    sum->tallies = ARENA_ARRAY(a, RuleTally, rules->n_measures);
    if (!sum->used || !sum->tallies)
        return NULL;
    rule_measure_closure(sum->used, rules, (size_t)(m - rules->measures), 0);
    return sum;
}

bool rule_sum_add(RuleSum *sum, Arena *scratch, const RuleUnit *unit, Day today, Err *e)
{
    RuleRun r = { 0 };
    Period until = { sum->p.from, sum->p.to < today ? sum->p.to : today };
    if (!rule_run_open(&r, scratch, sum->s, unit, today, e))
        return false;
    for (size_t i = 0; i < sum->s->n_measures; i++) {
        const RuleFigureRule *m = &sum->s->measures[i];
        if (sum->used[i] && m->m->how != MEASURE_VALUE &&
            !rule_tally_add(&sum->tallies[i], sum->a, &r, m, -1, until))
            return false;
    }
    return true;
}

bool rule_sum_read(RuleFigure *out, Arena *a, const RuleSum *sum, const RuleUnit *top, Day today,
                   Err *e)
{
    static const RuleGiven nothing = { NULL, NULL, NULL, NULL, 0 };
    static const RuleUnit nobody = { .org = 0 };
    RuleRun r = { .given = top ? NULL : &nothing };
    RuleFigure f = { .records = sum->tallies[sum->m - sum->s->measures].records };
    Day day = today < sum->p.to ? today : sum->p.to;
    if (!rule_run_open(&r, a, sum->s, top ? top : &nobody, today, e))
        return false;
    r.tallies = sum->tallies;
    if (!rule_run_measure(&f.value, &r, sum->m, -1, sum->p, day))
        return false;
    *out = f;
    return true;
}
