/* Reports: rows are opened and filled while organisations come by, then turned into a table. */
#include "feel/column.h"
#include "rule/rule_in.h"

#include <stdlib.h>

/* A base measure over the period of a column: several columns may share it. */
typedef struct Counter {
    size_t measure;
    int64_t back;
    Period p;
} Counter;

typedef struct Row {
    Str key, title;
    int64_t org, thing, level;
    FeelValue about, last;        /* org.* and last.* of the row's own org */
    RuleTally *tallies;           /* by counter */
    FeelValue *values;            /* of a row of a thing: worked out at once */
} Row;

struct RuleReport {
    Arena *a;
    const RuleSet *s;
    const RuleTableRule *rule;
    const Report *r;
    Period p;
    Day today;
    bool begun;
    int64_t top, top_level;
    Counter *counters;
    size_t n_counters, cap_counters;
    Row **rows;
    size_t n_rows, cap_rows;
    Row **open;                   /* rows of orgs that the present unit lies in */
    size_t n_open, cap_open;
    Row total;
    Str *across;                  /* raw values of the columns of a cross table */
    size_t n_across, cap_across;
    Map by_key;                   /* rows of items and cross tables by raw value */
    Map cells;                    /* of cross tables: "row column" -> RuleTally */
};

static bool memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "报表"));
}

static Period back_by(const Report *r, Period p, int64_t back)
{
    for (; back > 0; back--)
        p = period_of(r->every, p.from - 1);
    return p;
}

Day rule_report_from(const Report *report, Period p)
{
    int64_t most = 0;
    for (size_t i = 0; i < report->n_columns; i++)
        most = report->columns[i].back > most ? report->columns[i].back : most;
    return back_by(report, p, most).from;
}

static Period until_today(Period p, Day today)
{
    return (Period){ p.from, p.to < today ? p.to : today };
}

/* --- opening -------------------------------------------------------------------------------- */
static bool add_counter(RuleReport *t, size_t measure, int64_t back, Err *e)
{
    for (size_t i = 0; i < t->n_counters; i++)
        if (t->counters[i].measure == measure && t->counters[i].back == back)
            return true;
    if (!ARENA_PUSH(t->a, t->counters, t->n_counters, t->cap_counters))
        return memory(e);
    t->counters[t->n_counters++] = (Counter){
        measure, back, until_today(back_by(t->r, t->p, back), t->today) };
    return true;
}

static bool add_counters(RuleReport *t, const ReportColumn *c, Err *e)
{
    const RuleFigureRule *m = rule_figure_rule(t->s, c->measure);
    bool *used = ARENA_ARRAY(t->a, bool, t->s->n_measures);
    if (!used || !m)
        return memory(e);
    rule_measure_closure(used, t->s, (size_t)(m - t->s->measures), 0);
    for (size_t i = 0; i < t->s->n_measures; i++)
        if (used[i] && t->s->measures[i].m->how != MEASURE_VALUE &&
            !add_counter(t, i, c->back, e))
            return false;
    return true;
}

static bool open_row(Row *row, RuleReport *t, Str key, Str title, Err *e)
{
    *row = (Row){ .key = arena_str(t->a, key), .title = arena_str(t->a, title) };
    row->tallies = ARENA_ARRAY(t->a, RuleTally, t->n_counters);
    return row->tallies != NULL || memory(e);
}

static Row *new_row(RuleReport *t, Str key, Str title, Err *e)
{
    Row *row = ARENA_NEW(t->a, Row);
    if (t->n_rows >= RULE_ROWS_MAX) {
        err_fail(e, ERR_TOO_BIG, err_hole("what", t->r->title), err_hole("max", RULE_ROWS_MAX));
        return NULL;
    }
    if (!row || !ARENA_PUSH(t->a, t->rows, t->n_rows, t->cap_rows)) {
        memory(e);
        return NULL;
    }
    t->rows[t->n_rows++] = row;
    return open_row(row, t, key, title, e) ? row : NULL;
}

static Str quoted(Arena *a, Str value)
{
    return arena_text(a, "\"%.*s\"", STR(value));
}

/* A row for each value of the list, whether or not anything has it. */
static bool open_items(RuleReport *t, const List *list, Err *e)
{
    for (size_t i = 0; list && i < list->n_items; i++) {
        Row *row = new_row(t, list->items[i].value, list->items[i].title, e);
        if (!row)
            return false;
        if (!map_put(&t->by_key, quoted(t->a, list->items[i].value), row))
            return memory(e);
    }
    return true;
}

static bool add_across(RuleReport *t, Str raw, Err *e)
{
    for (size_t i = 0; i < t->n_across; i++)
        if (str_eq(t->across[i], raw))
            return true;
    if (t->n_across >= RULE_ROWS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", t->r->title),
                        err_hole("max", RULE_ROWS_MAX));
    if (!ARENA_PUSH(t->a, t->across, t->n_across, t->cap_across))
        return memory(e);
    t->across[t->n_across++] = arena_str(t->a, raw);
    return true;
}

static bool open_kind(RuleReport *t, Err *e)
{
    const Report *r = t->r;
    if (r->rows == REPORT_ITEMS)
        return open_items(t, r->items, e);
    if (r->rows != REPORT_CROSS)
        return true;
    const List *list = r->across->list;
    for (size_t i = 0; list && i < list->n_items; i++)
        if (!add_across(t, quoted(t->a, list->items[i].value), e))
            return false;
    return open_items(t, r->down->list, e);
}

static const RuleTableRule *find_rule(const RuleSet *rules, const Report *report)
{
    for (size_t i = 0; i < rules->n_reports; i++)
        if (rules->reports[i].r == report)
            return &rules->reports[i];
    return NULL;
}

bool rule_report_open(RuleReport **out, Arena *a, const RuleSet *rules, const Report *report,
                      Period p, Day today, Err *e)
{
    RuleReport *t = ARENA_NEW(a, RuleReport);
    const RuleTableRule *rule = find_rule(rules, report);
    if (!rule)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", report->title));
    if (!t)
        return memory(e);
    *t = (RuleReport){ .a = a, .s = rules, .rule = rule, .r = report, .p = p, .today = today,
                       .by_key = map_open(a), .cells = map_open(a) };
    for (size_t i = 0; i < report->n_columns; i++)
        if (report->columns[i].measure && !add_counters(t, &report->columns[i], e))
            return false;
    if (!open_row(&t->total, t, (Str){ 0 }, STRC("合计"), e) || !open_kind(t, e))
        return false;
    *out = t;
    return true;
}

/* --- filling -------------------------------------------------------------------------------- */
/* Copies what a row must still know when its unit is gone. */
static FeelValue kept(Arena *a, FeelValue v, int depth)
{
    if (v.kind == FEEL_STRING)
        v.string = arena_str(a, v.string);
    if (v.kind == FEEL_CONTEXT && depth < 4) {
        FeelEntry *items = ARENA_ARRAY(a, FeelEntry, v.context.n);
        for (size_t i = 0; items && i < v.context.n; i++)
            items[i] = (FeelEntry){ arena_str(a, v.context.entries[i].name),
                                    kept(a, v.context.entries[i].value, depth + 1) };
        return items ? feel_context(items, v.context.n) : feel_null();
    }
    return v.kind == FEEL_LIST || v.kind == FEEL_RANGE || v.kind == FEEL_FUNCTION ? feel_null()
                                                                                  : v;
}

/* What the formulas of the report ask of a row's own org, in one expression's shape. */
static RuleExpr asked(const RuleReport *t, uint32_t *lasts, size_t room)
{
    RuleExpr all = { .lasts = lasts };
    for (size_t i = 0; i < t->r->n_columns; i++)
        all.org |= t->rule->columns[i].org;
    for (size_t i = 0; i < t->s->n_measures; i++) {
        const RuleExpr *x = &t->s->measures[i].value;
        all.org |= x->org;
        for (size_t k = 0; k < x->n_lasts; k++) {
            bool had = false;
            for (size_t m = 0; m < all.n_lasts; m++)
                had = had || lasts[m] == x->lasts[k];
            if (!had && all.n_lasts < room)
                lasts[all.n_lasts++] = x->lasts[k];
        }
    }
    return all;
}

static bool know_org(Row *row, RuleReport *t, RuleRun *r, Day day)
{
    FeelScope scope;
    RuleOn on = { .day = day, .period = t->p, .person = -1 };
    uint32_t *lasts = ARENA_ARRAY(r->a, uint32_t, t->s->n_lasts);
    if (!lasts)
        return rule_run_memory(r);
    RuleExpr all = asked(t, lasts, t->s->n_lasts);
    if (!rule_run_scope(&scope, r, &all, &on))
        return false;
    for (size_t i = 0; i < scope.n; i++) {
        FeelValue v = kept(t->a, scope.entries[i].value, 0);
        if (str_is(scope.entries[i].name, "org"))
            row->about = v;
        else if (str_is(scope.entries[i].name, "last"))
            row->last = v;
    }
    return true;
}

static bool is_row(bool *out, RuleReport *t, RuleRun *r, const RuleOrg *org, Day day)
{
    RuleOn on = { .day = day, .period = t->p, .person = -1 };
    int holds;
    if (t->r->rows == REPORT_CHILDREN)
        return *out = org->parent == t->top && r->u->org != t->top, true;
    if (!rule_run_truth(&holds, r, &t->rule->orgs, &on))
        return false;
    *out = holds == 1;
    return true;
}

static bool count_unit(RuleReport *t, Row *row, RuleRun *r)
{
    for (size_t i = 0; i < t->n_counters; i++)
        if (!rule_tally_add(&row->tallies[i], t->a, r, &t->s->measures[t->counters[i].measure], -1,
                            t->counters[i].p))
            return false;
    return true;
}

static bool add_orgs(RuleReport *t, RuleRun *r)
{
    Day day = t->today < t->p.to ? t->today : t->p.to;
    const RuleOrg *org = rule_org_on(r->u, day);
    char digits[STR_DIGITS];
    bool yes;
    while (t->n_open > 0 && t->open[t->n_open - 1]->level >= org->level)
        t->n_open--;
    if (!is_row(&yes, t, r, org, day))
        return false;
    if (yes) {
        Row *row = new_row(t, str_digits(digits, r->u->org), org->name, r->e);
        if (!row || !know_org(row, t, r, day))
            return false;
        row->org = r->u->org;
        row->level = org->level;
        if (!ARENA_PUSH(t->a, t->open, t->n_open, t->cap_open))
            return memory(r->e);
        t->open[t->n_open++] = row;
    }
    for (size_t i = 0; i < t->n_open; i++)
        if (!count_unit(t, t->open[i], r))
            return false;
    return t->n_open == 0 || count_unit(t, &t->total, r);
}

/* Is the record one of the report's own rows, or counted by its cross table? */
static bool in_time(const RuleReport *t, const RuleRow *row)
{
    Period p = until_today(t->p, t->today);
    return row->own && (t->r->of.form->dated || t->r->rows == REPORT_CROSS
                            ? period_has(p, row->r->on) : row->r->on <= p.to);
}

static bool add_item(RuleReport *t, RuleRun *r, size_t counter, RuleRow *row)
{
    const Counter *c = &t->counters[counter];
    const RuleFigureRule *m = &t->s->measures[c->measure];
    Row *to = row->raw[t->rule->down].n ? map_get(&t->by_key, row->raw[t->rule->down]) : NULL;
    if (!to || !row->own || !period_has(c->p, row->r->on))
        return true;
    return rule_tally_row(&to->tallies[counter], t->a, r, m, row, rule_tally_weight(m, row)) &&
           rule_tally_row(&t->total.tallies[counter], t->a, r, m, row, rule_tally_weight(m, row));
}

static bool add_items(RuleReport *t, RuleRun *r)
{
    for (size_t i = 0; i < t->n_counters; i++) {
        const RuleRows *rows;
        if (!rule_run_rows(&rows, r, t->s->measures[t->counters[i].measure].sel))
            return false;
        for (size_t k = 0; k < rows->n; k++)
            if (!add_item(t, r, i, rows->items[k]))
                return false;
    }
    return true;
}

/* A list value without its quotes, an id as it stands. */
static Str bare(Str raw)
{
    return raw.n >= 2 && raw.p[0] == '"' ? str_sub(raw, 1, raw.n - 2) : raw;
}

static bool add_cell(RuleReport *t, RuleRow *row, Err *e)
{
    Str down = row->raw[t->rule->down], across = row->raw[t->rule->across];
    if (down.n == 0 || across.n == 0)
        return true;
    if (!map_get(&t->by_key, down)) {
        Row *made = new_row(t, bare(down), bare(down), e);
        if (!made || !map_put(&t->by_key, arena_str(t->a, down), made))
            return made ? memory(e) : false;
    }
    if (!add_across(t, across, e))
        return false;
    Str key = arena_text(t->a, "%.*s %.*s", STR(down), STR(across));
    RuleTally *cell = map_get(&t->cells, key);
    if (!cell && (!(cell = ARENA_NEW(t->a, RuleTally)) || !map_put(&t->cells, key, cell)))
        return memory(e);
    cell->records++;
    return true;
}

static bool row_values(RuleReport *t, Row *row, RuleRun *r, RuleRow *thing, Arena *a);

static bool add_thing(RuleReport *t, RuleRun *r, RuleRow *thing)
{
    char digits[STR_DIGITS];
    Str key = str_digits(digits, thing->r->subject);
    Row *row = new_row(t, key, (Str){ 0 }, r->e);
    if (!row || !know_org(row, t, r, t->today < t->p.to ? t->today : t->p.to))
        return false;
    row->org = thing->r->org;
    row->thing = thing->r->subject;
    return row_values(t, row, r, thing, r->a);
}

static bool add_records(RuleReport *t, RuleRun *r)
{
    const RuleRows *rows;
    if (!rule_run_rows(&rows, r, t->rule->sel))
        return false;
    for (size_t i = 0; i < rows->n; i++) {
        if (!in_time(t, rows->items[i]))
            continue;
        if (t->r->rows == REPORT_CROSS ? !add_cell(t, rows->items[i], r->e)
                                       : !add_thing(t, r, rows->items[i]))
            return false;
    }
    return true;
}

bool rule_report_add(RuleReport *t, Arena *scratch, const RuleUnit *unit, Err *e)
{
    RuleRun r = { 0 };
    if (!rule_run_open(&r, scratch, t->s, unit, t->today, e))
        return false;
    if (!t->begun)
        t->top = unit->org;
    t->begun = true;
    switch (t->r->rows) {
    case REPORT_ORGS:
    case REPORT_CHILDREN:
        return add_orgs(t, &r);
    case REPORT_ITEMS:
        return add_items(t, &r);
    default:
        return add_records(t, &r);
    }
}

/* --- reading -------------------------------------------------------------------------------- */
static bool column_measure(FeelValue *out, RuleReport *t, const Row *row, const ReportColumn *c,
                           Arena *a, Err *e)
{
    static const RuleUnit nobody = { .org = 0 };
    const RuleFigureRule *m = rule_figure_rule(t->s, c->measure);
    RuleGiven given = { .org = row->about.kind == FEEL_CONTEXT ? &row->about : NULL,
                        .last = row->last.kind == FEEL_CONTEXT ? &row->last : NULL };
    RuleRun r = { .given = &given };
    RuleTally *tallies = ARENA_ARRAY(a, RuleTally, t->s->n_measures);
    Period p = back_by(t->r, t->p, c->back);
    if (!tallies)
        return memory(e);
    for (size_t i = 0; i < t->n_counters; i++)
        if (t->counters[i].back == c->back)
            tallies[t->counters[i].measure] = row->tallies[i];
    if (!rule_run_open(&r, a, t->s, &nobody, t->today, e))
        return false;
    r.tallies = tallies;
    return rule_run_measure(out, &r, m, -1, p, until_today(p, t->today).to);
}

static size_t column_records(const RuleReport *t, const Row *row, const ReportColumn *c)
{
    for (size_t i = 0; c->measure && i < t->n_counters; i++)
        if (t->counters[i].back == c->back &&
            t->s->measures[t->counters[i].measure].m == c->measure)
            return row->tallies[i].records;
    return 0;
}

/* The formula of a column over those before it. */
static bool column_formula(FeelValue *out, RuleReport *t, const Row *row, size_t at, RuleRun *r,
                           RuleRow *thing, Arena *a, Err *e)
{
    static const RuleUnit nobody = { .org = 0 };
    FeelEntry *c = ARENA_ARRAY(a, FeelEntry, at);
    RuleGiven given = { .org = row->about.kind == FEEL_CONTEXT ? &row->about : NULL };
    RuleRun own = { .given = &given };
    RuleOn on = { .day = until_today(t->p, t->today).to, .period = t->p, .person = -1,
                  .row = thing };
    if (!c)
        return memory(e);
    for (size_t i = 0; i < at; i++)
        c[i] = (FeelEntry){ t->r->columns[i].name, row->values[i] };
    FeelEntry names[2] = { { STRC("c"), feel_context(c, at) },
                           { STRC("item"), feel_string(row->key) } };
    FeelScope more = { .entries = names, .n = t->r->rows == REPORT_ITEMS ? 2 : 1 };
    if (!r && !rule_run_open(&own, a, t->s, &nobody, t->today, e))
        return false;
    return rule_run_value(out, r ? r : &own, &t->rule->columns[at], &on, &more);
}

/* Of a thing, at once: its unit is gone later. */
static bool row_values(RuleReport *t, Row *row, RuleRun *r, RuleRow *thing, Arena *a)
{
    Err *e = r->e;
    if (!(row->values = ARENA_ARRAY(t->a, FeelValue, t->r->n_columns)))
        return memory(e);
    for (size_t i = 0; i < t->r->n_columns; i++) {
        const ReportColumn *c = &t->r->columns[i];
        FeelValue v = feel_null();
        if (c->measure ? !column_measure(&v, t, row, c, a, e)
                       : !column_formula(&v, t, row, i, r, thing, a, e))
            return false;
        row->values[i] = v.kind == FEEL_LIST ? v : kept(t->a, v, 0);
    }
    return true;
}

/* --- a column at a time --------------------------------------------------------------------- */
enum { COLUMN_PLACES = 6, RULE_SCRATCH_MAX = 256 << 20 };

static bool scaled(int64_t *out, Dec d, int scale)
{
    Dec units;
    return dec_div(&units, d, dec_scaled(1, scale)) && dec_to_int(out, units);
}

/* An earlier column as whole numbers of one scale; false: its values are not such. */
static bool number_column(FeelColumn *out, Arena *a, Row *const *rows, size_t n, size_t at)
{
    int64_t *values = ARENA_ARRAY(a, int64_t, n);
    uint8_t *nulls = ARENA_ARRAY(a, uint8_t, n);
    int scale = 0;
    for (size_t i = 0; values && nulls && i < n; i++) {
        const FeelValue *v = &rows[i]->values[at];
        nulls[i] = v->kind == FEEL_NULL;
        if (v->kind != FEEL_NUMBER && v->kind != FEEL_NULL)
            return false;
        while (!nulls[i] && !scaled(&values[i], v->number, scale))
            if (scale++ == COLUMN_PLACES)
                return false;
    }
    for (size_t i = 0; scale > 0 && values && nulls && i < n; i++)
        if (!nulls[i] && !scaled(&values[i], rows[i]->values[at].number, scale))
            return false;
    *out = (FeelColumn){ .kind = FEEL_NUMBER, .scale = scale, .values = values, .nulls = nulls };
    return values && nulls;
}

/* Formulas of numbers, and most are, go over all rows at once; *done: this one did. */
static bool formula_at_once(bool *done, RuleReport *t, Row *const *rows, size_t n, size_t at,
                            Arena *a, Err *e)
{
    FeelColumn *cols = ARENA_ARRAY(a, FeelColumn, at);
    FeelColumnPlan *plan;
    FeelColumnOut out;
    size_t n_cols = 0, exact = 0;
    if (!cols)
        return memory(e);
    for (size_t i = 0; i < at; i++)
        if (number_column(&cols[n_cols], a, rows, n, i))
            cols[n_cols++].name = arena_text(a, "c.%.*s", STR(t->r->columns[i].name));
    if (arena_refused(a))
        return memory(e);
    if (!feel_column_plan(&plan, a, t->rule->columns[at].x, cols, n_cols, FEEL_NUMBER,
                          COLUMN_PLACES, e))
        return false;
    *done = feel_column_why(plan).n == 0;
    if (!*done)
        return true;
    if (!feel_column_run(&out, a, plan, cols, n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        rows[i]->values[at] =
            out.states[i] == FEEL_COLUMN_VALUE   ? feel_number(dec_scaled(out.values[i],
                                                                          COLUMN_PLACES))
            : out.states[i] == FEEL_COLUMN_EXACT ? feel_number(out.exact[exact++].value)
                                                 : feel_null();
    return true;
}

static bool column_values(RuleReport *t, Row *const *rows, size_t n, size_t at, Arena *a, Err *e)
{
    const ReportColumn *c = &t->r->columns[at];
    bool done = false;
    if (!c->measure && !formula_at_once(&done, t, rows, n, at, a, e))
        return false;
    for (size_t i = 0; !done && i < n; i++) {
        FeelValue v = feel_null();
        if (c->measure ? !column_measure(&v, t, rows[i], c, t->a, e)
                       : !column_formula(&v, t, rows[i], at, NULL, NULL, t->a, e))
            return false;
        rows[i]->values[at] = v.kind == FEEL_LIST ? v : kept(t->a, v, 0);
    }
    return true;
}

/* All rows of orgs or items, and the sum row, which is made as they are. */
static bool rows_values(RuleReport *t, Err *e)
{
    Row **all = ARENA_ARRAY(t->a, Row *, t->n_rows + 1);
    Arena *scratch = arena_open(RULE_SCRATCH_MAX);
    bool ok = all && scratch;
    for (size_t i = 0; ok && i <= t->n_rows; i++) {
        all[i] = i < t->n_rows ? t->rows[i] : &t->total;
        ok = (all[i]->values = ARENA_ARRAY(t->a, FeelValue, t->r->n_columns)) != NULL;
    }
    if (!ok)
        memory(e);
    for (size_t i = 0; ok && i < t->r->n_columns; i++) {
        arena_reset(scratch);
        ok = column_values(t, all, t->n_rows + 1, i, scratch, e);
    }
    arena_close(scratch);
    return ok;
}

/* The sum row of things: number columns added up. */
static bool sum_things(RuleReport *t, Row *total)
{
    if (!(total->values = ARENA_ARRAY(t->a, FeelValue, t->r->n_columns)))
        return false;
    for (size_t i = 0; i < t->r->n_columns; i++) {
        Dec sum = dec_int(0);
        total->values[i] = feel_null();
        for (size_t k = 0; t->r->columns[i].number && k < t->n_rows; k++)
            if (t->rows[k]->values[i].kind == FEEL_NUMBER &&
                dec_add(&sum, sum, t->rows[k]->values[i].number))
                total->values[i] = feel_number(sum);
    }
    return true;
}

/* The list by which people read a column that says nothing but one choice of its thing or org. */
static const List *column_list(const RuleReport *t, const ReportColumn *c)
{
    Str head, name;
    if (!c->value || !str_cut(str_trim(feel_source(c->value)), STRC("."), &head, &name))
        return NULL;
    const Form *form = str_is(head, "org") ? pack_form(t->s->rb, STRC("org"))
                       : str_is(head, "thing") && t->r->rows == REPORT_THINGS ? t->r->of.form
                                                                             : NULL;
    const FormField *field = form ? form_field(form, name) : NULL;
    return field && field->type == FIELD_CHOICE ? field->list : NULL;
}

/* Formulas of later columns compare the value itself; only the finished table has the title. */
static FeelValue titled(const RuleReport *t, const ReportColumn *c, FeelValue v)
{
    const List *list = v.kind == FEEL_STRING ? column_list(t, c) : NULL;
    return list ? feel_string(list_title(list, v.string)) : v;
}

static bool finish_row(RuleTableRow *out, RuleReport *t, Row *row, Err *e)
{
    bool things = t->r->rows == REPORT_THINGS;
    if (!row->values && !sum_things(t, row))
        return memory(e);
    *out = (RuleTableRow){ .key = row->key, .title = row->title, .org = row->org,
                           .thing = row->thing };
    if (!(out->cells = ARENA_ARRAY(t->a, RuleTableCell, t->r->n_columns)))
        return memory(e);
    for (size_t i = 0; i < t->r->n_columns; i++) {
        const ReportColumn *c = &t->r->columns[i];
        bool shown = row != &t->total || c->number;
        out->cells[i] = (RuleTableCell){ shown ? titled(t, c, row->values[i]) : feel_null(),
                                         things && row->thing ? 1 : column_records(t, row, c),
                                         back_by(t->r, t->p, c->back) };
    }
    return true;
}

static bool read_columns(RuleTable *out, RuleReport *t, Err *e)
{
    out->n_columns = t->r->n_columns;
    if (!(out->columns = ARENA_ARRAY(t->a, RuleTableColumn, out->n_columns)))
        return memory(e);
    for (size_t i = 0; i < out->n_columns; i++) {
        const ReportColumn *c = &t->r->columns[i];
        out->columns[i] = (RuleTableColumn){ c->name, c->title,
                                             c->measure ? c->measure->unit : (Str){ 0 } };
    }
    return true;
}

static RuleTableCell cross_cell(size_t records, Period p)
{
    return (RuleTableCell){ feel_int((int64_t)records), records, p };
}

/* Rows by columns, the number of records in each cell. */
static bool read_cross(RuleTable *out, RuleReport *t, Err *e)
{
    Arena *a = t->a;
    const List *list = t->r->across->list;
    out->n_columns = t->n_across;
    out->columns = ARENA_ARRAY(a, RuleTableColumn, t->n_across);
    size_t *sums = ARENA_ARRAY(a, size_t, t->n_across);
    if (!out->columns || !sums)
        return memory(e);
    for (size_t i = 0; i < t->n_across; i++) {
        Str value = bare(t->across[i]);
        out->columns[i] = (RuleTableColumn){ value, list ? list_title(list, value) : value,
                                             (Str){ 0 } };
    }
    for (size_t k = 0; k < t->n_rows; k++) {
        Row *row = t->rows[k];
        Str raw = t->r->down->list ? quoted(a, row->key) : row->key;
        RuleTableCell *cells = ARENA_ARRAY(a, RuleTableCell, t->n_across);
        if (!cells)
            return memory(e);
        for (size_t i = 0; i < t->n_across; i++) {
            const RuleTally *n = map_get(&t->cells, arena_text(a, "%.*s %.*s", STR(raw),
                                                               STR(t->across[i])));
            cells[i] = cross_cell(n ? n->records : 0, t->p);
            sums[i] += n ? n->records : 0;
        }
        out->rows[k] = (RuleTableRow){ .key = row->key, .title = row->title, .cells = cells };
    }
    out->n_rows = t->n_rows;
    if (!out->total)
        return true;
    *out->total = (RuleTableRow){ .title = t->total.title };
    if (!(out->total->cells = ARENA_ARRAY(a, RuleTableCell, t->n_across)))
        return memory(e);
    for (size_t i = 0; i < t->n_across; i++)
        out->total->cells[i] = cross_cell(sums[i], t->p);
    return true;
}

bool rule_report_read(RuleTable *out, RuleReport *t, Err *e)
{
    RuleTable made = { .rows = ARENA_ARRAY(t->a, RuleTableRow, t->n_rows) };
    if (!made.rows || (t->r->total && !(made.total = ARENA_NEW(t->a, RuleTableRow))))
        return memory(e);
    if (t->r->rows == REPORT_CROSS) {
        if (!read_cross(&made, t, e))
            return false;
        *out = made;
        return true;
    }
    if (!read_columns(&made, t, e) || (t->r->rows != REPORT_THINGS && !rows_values(t, e)))
        return false;
    for (; made.n_rows < t->n_rows; made.n_rows++)
        if (!finish_row(&made.rows[made.n_rows], t, t->rows[made.n_rows], e))
            return false;
    if (made.total && !finish_row(made.total, t, &t->total, e))
        return false;
    *out = made;
    return true;
}

/* --- drilling down -------------------------------------------------------------------------- */
static bool note_matching(RuleRun *r, uint32_t sel, const size_t *columns, const Str *values,
                          size_t n, bool (*fits)(const RuleReport *, const RuleRow *),
                          const RuleReport *t)
{
    const RuleRows *rows;
    if (!rule_run_rows(&rows, r, sel))
        return false;
    for (size_t i = 0; i < rows->n; i++) {
        bool all = fits(t, rows->items[i]);
        for (size_t k = 0; k < n; k++)
            all = all && (values[k].n == 0 || str_eq(bare(rows->items[i]->raw[columns[k]]),
                                                     values[k]));
        if (all && !rule_run_note(r, rows->items[i]))
            return false;
    }
    return true;
}

static bool counted_fits(const RuleReport *t, const RuleRow *row)
{
    return row->own && period_has(t->p, row->r->on);
}

static bool is_thing(const RuleReport *t, const RuleRow *row)
{
    return row->r->subject == t->top && in_time(t, row);
}

static bool note_column(RuleRun *r, RuleReport *t, const ReportColumn *c, Str row)
{
    const RuleFigureRule *m = rule_figure_rule(t->s, c->measure);
    bool *used = ARENA_ARRAY(r->a, bool, t->s->n_measures);
    if (!used)
        return rule_run_memory(r);
    t->p = until_today(back_by(t->r, t->p, c->back), t->today);
    rule_measure_closure(used, t->s, (size_t)(m - t->s->measures), 0);
    for (size_t i = 0; i < t->s->n_measures; i++) {
        const RuleFigureRule *part = &t->s->measures[i];
        bool items = t->r->rows == REPORT_ITEMS;
        if (used[i] && part->m->how != MEASURE_VALUE &&
            !note_matching(r, part->sel, &t->rule->down, &row, items, counted_fits, t))
            return false;
    }
    return true;
}

static bool note_all(RuleRun *r, RuleReport *t, Str row, Str column)
{
    if (t->r->rows == REPORT_CROSS) {
        const size_t columns[] = { t->rule->down, t->rule->across };
        const Str values[] = { row, column };
        return note_matching(r, t->rule->sel, columns, values, 2, in_time, t);
    }
    if (t->r->rows == REPORT_THINGS) {
        if (row.n > 0 && !str_int(row, &t->top))
            return err_fail(r->e, ERR_NOT_FOUND, err_hole("what", "记录"));
        return note_matching(r, t->rule->sel, NULL, NULL, 0, row.n ? is_thing : in_time, t);
    }
    const ReportColumn *c = report_column(t->r, column);
    if (!c)
        return err_fail(r->e, ERR_NOT_FOUND, err_hole("what", "栏"));
    return !c->measure || note_column(r, t, c, row);
}

bool rule_report_records(RuleRecords *out, Arena *a, const RuleSet *rules, const Report *report,
                         const RuleUnit *unit, Str row, Str column, Period p, Day today, Err *e)
{
    RuleRun r = { 0 };
    RuleRows rows = { 0 };
    RuleReport t = { .a = a, .s = rules, .rule = find_rule(rules, report), .r = report, .p = p,
                     .today = today };
    if (!t.rule)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", report->title));
    if (!rule_run_open(&r, a, rules, unit, today, e))
        return false;
    rule_run_collect(&r, &rows);
    return note_all(&r, &t, row, column) && rule_records_of(out, &r, &rows);
}
