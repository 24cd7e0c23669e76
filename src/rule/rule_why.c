/* One cell explained: the clause, what was counted, what meets it, who was responsible. */
#include "rule/rule_in.h"

static bool is_asked(const RuleCell *c, const RuleAsk *ask)
{
    return c->person == ask->person && c->thing == ask->thing && ask->in <= c->period.to &&
           (ask->in >= c->period.from || c->thing);
}

/* The cells of the year around the day; a standing or rolling cell is that of the day's year. */
static bool find_cell(RuleCell *out, RuleRun *r, const RuleDuty *d, const RuleAsk *ask)
{
    RuleCells cells;
    Period year = period_of(PERIOD_YEAR, ask->in);
    bool point = d->d->every == DUTY_STANDING || d->d->every == DUTY_ROLLING;
    if (!rule_cells_of(&cells, r, d, year, true))
        return false;
    for (size_t i = 0; i < cells.n; i++) {
        const RuleCell *c = &cells.items[i];
        if (point ? c->person == ask->person && c->thing == ask->thing : is_asked(c, ask)) {
            *out = *c;
            return true;
        }
    }
    return err_fail(r->e, ERR_NOT_FOUND, err_hole("what", d->d->title));
}

/* Judged once more, now noting each record that counts. */
static bool collect(RuleRows *rows, RuleRun *r, const RuleDuty *d, const RuleCell *c)
{
    const RuleExpr *x = &d->holds;
    RuleOn on;
    if (!rule_cell_on(&on, r, d, c))
        return false;
    rule_run_collect(r, rows);
    if (on.row && !rule_run_note(r, on.row))
        return false;
    if (d->d->of.form && !rule_cell_count(r, d, c))
        return false;
    for (size_t i = 0; i < x->n_measures; i++) {
        bool *used = ARENA_ARRAY(r->a, bool, r->s->n_measures);
        if (!used)
            return rule_run_memory(r);
        rule_measure_closure(used, r->s, x->measures[i], 0);
        for (size_t k = 0; k < r->s->n_measures; k++) {
            RuleTally t = { 0 };
            const RuleFigureRule *m = &r->s->measures[k];
            Period until = { c->period.from, c->period.to < r->today ? c->period.to : r->today };
            if (used[k] && m->m->how != MEASURE_VALUE &&
                !rule_tally_add(&t, r->a, r, m, on.person, until))
                return false;
        }
    }
    rule_run_collect(r, NULL);
    return true;
}

static bool explain(FeelTrace **out, RuleRun *r, const RuleDuty *d, const RuleCell *c)
{
    FeelScope scope;
    FeelRun run = feel_run(r->a, (Moment)r->today * 86400000);
    RuleOn on;
    *out = NULL;
    if (!d->holds.x || c->state == DUTY_LATER)
        return true;
    return rule_cell_on(&on, r, d, c) && rule_run_scope(&scope, r, &d->holds, &on) &&
           feel_explain(out, r->a, d->holds.x, &scope, &run, r->e);
}

bool rule_why(RuleWhy *out, Arena *a, const RuleSet *rules, const RuleUnit *unit,
              const RuleAsk *ask, Day today, Err *e)
{
    RuleRun r = { 0 };
    RuleWhy w = { 0 };
    RuleRows rows = { 0 };
    RuleRecords counted;
    const RuleDuty *d = rule_duty_rule(rules, ask->duty);
    if (!d)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", ask->duty->title));
    if (!rule_run_open(&r, a, rules, unit, today, e) || !find_cell(&w.cell, &r, d, ask))
        return false;
    if (w.cell.state != DUTY_LATER && !collect(&rows, &r, d, &w.cell))
        return false;
    if (!rule_records_of(&counted, &r, &rows) || !explain(&w.trace, &r, d, &w.cell) ||
        !rule_responsible(&w.responsible, &w.n_responsible, a, unit, w.cell.period, e))
        return false;
    w.counted = counted.items;
    w.n_counted = counted.n;
    w.sentence = rule_say(a, &w.cell, LANG_HANS);
    w.clause = d->d->text;
    w.cite = d->d->cite;
    w.would = d->d->would;
    *out = w;
    return true;
}

/* Can a record of this form count for the duty at all? */
static bool may_count(const RuleDuty *d, const Form *form)
{
    return !d->d->draft &&
           (d->d->of.form == form || d->d->thing == form || d->holds.n_measures > 0);
}

static bool counts_in(bool *out, RuleRun *r, const RuleDuty *d, const RuleCell *c,
                      const RuleRecord *record)
{
    RuleRows rows = { 0 };
    *out = false;
    if (c->state == DUTY_LATER || c->reason == RULE_BECAUSE_WHO)
        return true;
    if (!collect(&rows, r, d, c))
        return false;
    for (size_t i = 0; i < rows.n; i++)
        *out = *out || rows.items[i]->r == record;
    return true;
}

static bool counts_for_duty(RuleCells *all, size_t *cap, RuleRun *r, const RuleDuty *d,
                            const RuleRecord *record)
{
    RuleCells cells;
    bool here;
    if (!rule_cells_of(&cells, r, d, period_of(PERIOD_YEAR, record->on), false))
        return false;
    for (size_t i = 0; i < cells.n; i++) {
        if (!counts_in(&here, r, d, &cells.items[i], record))
            return false;
        if (!here)
            continue;
        if (!ARENA_PUSH(r->a, all->items, all->n, *cap))
            return rule_run_memory(r);
        all->items[all->n++] = cells.items[i];
    }
    return true;
}

bool rule_counts_for(RuleCells *out, Arena *a, const RuleSet *rules, const RuleUnit *unit,
                     int64_t subject, Day today, Err *e)
{
    RuleRun r = { 0 };
    RuleCells all = { 0 };
    size_t cap = 0;
    const RuleRecord *record = NULL;
    for (size_t i = 0; i < unit->n_records; i++)
        if (unit->records[i].subject == subject)
            record = &unit->records[i];
    if (!record)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "记录"));
    if (!rule_run_open(&r, a, rules, unit, today, e))
        return false;
    for (size_t i = 0; i < rules->n_duties; i++)
        if (may_count(&rules->duties[i], record->form) &&
            !counts_for_duty(&all, &cap, &r, &rules->duties[i], record))
            return false;
    *out = all;
    return true;
}
