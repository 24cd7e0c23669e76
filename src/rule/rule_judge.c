/* Judging: one duty, one period, one org, person or thing gives one cell.
 *
 * The order in which reasons are asked for is fixed. What a rule does not reach (not in force, no
 * such org yet, not meant, exempt) is not applicable whatever was done. What was done counts next:
 * who met it has met it, even where he might have been let off. Only then come the excuses: founded
 * or ended within the period, joined the Party within it, old or ill, waived. What is left is due
 * while there is time and missed when there is none. */
#include "rule/rule_in.h"

#include <stdlib.h>
#include <string.h>

typedef struct Judging {
    RuleRun *r;
    const RuleDuty *d;
    ptrdiff_t person;             /* < 0: none */
    RuleRow *thing;
    Period p;
    Day day;                      /* as of which the org and the person are seen */
    Day due;                      /* DAY_NONE: it cannot be known */
    RuleCell *c;
} Judging;

typedef struct Setting {
    bool on, hard, has_least;
    Dec least;
} Setting;

/* --- what was switched ---------------------------------------------------------------------- */
static bool nearer(const RuleSetting *a, const RuleSetting *b)
{
    if (!b || a->level != b->level)
        return !b || a->level > b->level;
    return a->from != b->from ? a->from > b->from : a->id > b->id;
}

static Setting setting_of(const RuleRun *r, const RuleDuty *rule, Day day)
{
    const RuleUnit *u = r->u;
    const Duty *d = rule->d;
    const RuleSetting *on = NULL, *hard = NULL, *least = NULL;
    for (uint32_t i = r->set_first[rule - r->s->duties]; i > 0; i = r->set_next[i - 1]) {
        const RuleSetting *s = &u->settings[i - 1];
        if (s->from != DAY_NONE && s->from > day)
            continue;
        if (s->on != RULE_UNSAID && nearer(s, on))
            on = s;
        if (s->hard != RULE_AS_WRITTEN && nearer(s, hard))
            hard = s;
        if (s->has_least && nearer(s, least))
            least = s;
    }
    return (Setting){ .on = on ? on->on == RULE_ON : !d->off,
                      .hard = hard ? hard->hard == RULE_HARD : d->hard,
                      .has_least = least != NULL, .least = least ? least->least : dec_int(0) };
}

bool rule_points_on(const RuleSet *rules, const RuleUnit *unit, const Points *points, Day day)
{
    const RuleSetting *on = NULL;
    (void)rules;
    for (size_t i = 0; i < unit->n_settings; i++) {
        const RuleSetting *s = &unit->settings[i];
        if ((s->from == DAY_NONE || s->from <= day) && str_eq(s->name, points->name) &&
            s->on != RULE_UNSAID && nearer(s, on))
            on = s;
    }
    return on && on->on == RULE_ON;
}

/* --- the cell ------------------------------------------------------------------------------- */
static bool end(Judging *j, DutyState state, RuleReason reason)
{
    j->c->state = state;
    j->c->reason = reason;
    return true;
}

static void set_due(Judging *j, Day due)
{
    j->c->due = due;
    j->c->days_left = due == DAY_NONE ? 0 : due - j->r->today;
}

static RuleOn standing_on(const Judging *j)
{
    return (RuleOn){ .day = j->day, .period = j->p, .person = j->person, .row = j->thing };
}

/* --- what was counted ----------------------------------------------------------------------- */
static bool rows_of(const RuleRows **out, Judging *j)
{
    return j->d->by_field && j->person >= 0
               ? rule_run_named(out, j->r, j->d->sel, j->d->by, (size_t)j->person)
               : rule_run_rows(out, j->r, j->d->sel);
}

static bool counts_here(const Judging *j, const RuleRow *row)
{
    return row->own || (j->d->by_field && j->person >= 0);
}

/* What one record adds: one, or the number in the field. */
static Dec weight(const Judging *j, const RuleRow *row)
{
    if (!j->d->d->sum)
        return dec_int(1);
    FeelValue v = rule_body_value(j->r->a, j->d->d->sum, row->raw[j->d->sum]);
    return v.kind == FEEL_NUMBER ? v.number : dec_int(0);
}

static Dec plus(Dec a, Dec b)
{
    Dec sum;
    return dec_add(&sum, a, b) ? sum : a;
}

static bool count_in(Judging *j, RuleRow *row)
{
    j->c->value = plus(j->c->value, weight(j, row));
    j->c->counted++;
    j->c->late += rule_run_late(row) > 0;
    return rule_run_note(j->r, row);
}

/* The sum over the days from..to, none after today. */
static Dec sum_over(const Judging *j, const RuleRows *rows, Day from, Day to)
{
    Dec sum = dec_int(0);
    for (size_t i = rule_rows_from(rows, from); i < rows->n && rows->items[i]->r->on <= to; i++)
        if (rows->items[i]->r->on <= j->r->today && counts_here(j, rows->items[i]))
            sum = plus(sum, weight(j, rows->items[i]));
    return sum;
}

/* Up to which record of the days of grace after `p` does the period need them? Those before the
 * index returned count for it and not for the next. A record is lent by its own day alone: whether
 * the period before lent one too does not matter, so that no chain runs through the years. */
static size_t lent_until(const Judging *j, const RuleRows *rows, Period p)
{
    size_t i = rule_rows_from(rows, p.to + 1);
    if (j->d->d->grace == 0 || !j->d->d->has_least)
        return i;
    Dec have = sum_over(j, rows, p.from, p.to);
    for (; i < rows->n && rows->items[i]->r->on <= p.to + j->d->d->grace &&
           rows->items[i]->r->on <= j->r->today && dec_cmp(have, j->c->want) < 0; i++)
        if (counts_here(j, rows->items[i]))
            have = plus(have, weight(j, rows->items[i]));
    return i;
}

static PeriodKind calendar(DutyEvery every)
{
    static const PeriodKind kinds[] = { [DUTY_MONTH] = PERIOD_MONTH,
                                        [DUTY_QUARTER] = PERIOD_QUARTER,
                                        [DUTY_HALF] = PERIOD_HALF, [DUTY_YEAR] = PERIOD_YEAR };
    return kinds[every];
}

static bool count(Judging *j)
{
    const RuleRows *rows;
    const Duty *d = j->d->d;
    if (!rows_of(&rows, j))
        return false;
    size_t i = rule_rows_from(rows, j->p.from), stop = rule_rows_from(rows, j->p.to + 1);
    if (d->grace > 0 && d->every <= DUTY_YEAR) {
        size_t taken = lent_until(j, rows, period_of(calendar(d->every), j->p.from - 1));
        i = taken > i ? taken : i;
        stop = lent_until(j, rows, j->p);
    }
    for (; i < stop && rows->items[i]->r->on <= j->r->today; i++)
        if (counts_here(j, rows->items[i]) && !count_in(j, rows->items[i]))
            return false;
    return true;
}

/* The day until which a rolling duty stays met: when the record it still needs leaves. */
static bool met_until(Day *out, Judging *j)
{
    const RuleRows *rows;
    Dec have = dec_int(0);
    if (!rows_of(&rows, j))
        return false;
    for (size_t i = rule_rows_from(rows, j->p.to + 1); i > 0; i--) {
        RuleRow *row = rows->items[i - 1];
        if (!counts_here(j, row))
            continue;
        have = plus(have, weight(j, row));
        if (dec_cmp(have, j->c->want) >= 0) {
            *out = day_add_months(row->r->on, (int)j->d->d->months) - 1;
            return true;
        }
    }
    *out = j->day;
    return true;
}

/* --- excuses -------------------------------------------------------------------------------- */
static const RulePerson *person_row(Judging *j)
{
    if (j->person < 0 || j->r->given)
        return NULL;
    const RuleDay *d = rule_run_day(j->r, j->day);
    return d ? d->people[j->person].row : NULL;
}

static bool is_infirm(Judging *j)
{
    const RulePerson *row = person_row(j);
    const FeelValue *said = j->r->given && j->person >= 0
                                ? feel_member(j->r->given->person, STRC("infirm"))
                                : NULL;
    return row ? row->infirm : said && said->kind == FEEL_BOOLEAN && said->boolean;
}

static Day joined_on(Judging *j)
{
    const RulePerson *row = person_row(j);
    const FeelValue *said = j->r->given && j->person >= 0
                                ? feel_member(j->r->given->person, STRC("joined"))
                                : NULL;
    Day day = DAY_NONE;
    if (said && !feel_to_day(&day, *said))
        day = DAY_NONE;
    return row ? row->joined : day;
}

static void life_of(const Judging *j, Day *founded, Day *ended)
{
    const FeelValue *org = j->r->given ? j->r->given->org : NULL;
    const FeelValue *said = org ? feel_member(org, STRC("founded")) : NULL;
    *founded = *ended = DAY_NONE;
    if (!j->r->given) {
        const RuleOrg *o = rule_run_row(j->r, j->day);
        *founded = o->founded;
        *ended = o->ended;
    } else if (said && !feel_to_day(founded, *said)) {
        *founded = DAY_NONE;
    }
}

/* The day for which a waiver must hold. */
static Day judged_day(const Judging *j)
{
    return j->d->d->every <= DUTY_YEAR ? j->p.to : j->thing ? j->p.to : j->day;
}

static bool waived(Judging *j)
{
    const RuleUnit *u = j->r->u;
    Day day = judged_day(j);
    for (size_t i = 0; i < u->n_waivers; i++) {
        const RuleWaiver *w = &u->waivers[i];
        if ((w->person && w->person != j->c->person) || (w->thing && w->thing != j->c->thing) ||
            (w->from != DAY_NONE && w->from > day) || (w->to != DAY_NONE && w->to < day) ||
            !str_eq(w->duty, j->d->d->name))
            continue;
        if (!j->c->waiver || w->id < j->c->waiver) {
            j->c->waiver = w->id;
            j->c->text = w->reason;
        }
    }
    return j->c->waiver != 0;
}

/* Calendar and rolling periods can be begun before somebody could have acted. */
static bool excused(Judging *j, bool *yes)
{
    bool has_begin = j->d->d->every <= DUTY_YEAR || j->d->d->every == DUTY_ROLLING;
    Day founded, ended, joined = joined_on(j);
    life_of(j, &founded, &ended);
    *yes = true;
    if (has_begin && founded != DAY_NONE && founded > j->p.from)
        return end(j, DUTY_NOT_APPLICABLE, RULE_BECAUSE_FOUNDED);
    if (has_begin && ended != DAY_NONE && ended < j->p.to)
        return end(j, DUTY_NOT_APPLICABLE, RULE_BECAUSE_ENDED);
    if (has_begin && joined != DAY_NONE && joined > j->p.from)
        return end(j, DUTY_NOT_APPLICABLE, RULE_BECAUSE_JOINED);
    if (is_infirm(j))
        return end(j, DUTY_NOT_APPLICABLE, RULE_BECAUSE_INFIRM);
    if (waived(j))
        return end(j, DUTY_WAIVED, RULE_BECAUSE_WAIVED);
    *yes = false;
    return true;
}

/* --- the judgement -------------------------------------------------------------------------- */
static bool unmet(Judging *j, bool too_much, RuleReason due, RuleReason missed)
{
    bool yes = false;
    if (!too_much && !excused(j, &yes))
        return false;
    if (yes)
        return true;
    if (too_much && waived(j))
        return end(j, DUTY_WAIVED, RULE_BECAUSE_WAIVED);
    bool time_left = !too_much && j->c->due != DAY_NONE && j->c->days_left >= 0 &&
                     (j->d->d->every <= DUTY_YEAR || (j->thing && j->d->d->due));
    return end(j, time_left ? DUTY_DUE : DUTY_MISSED, time_left ? due : missed);
}

static bool judge_count(Judging *j, const Setting *s)
{
    const Duty *d = j->d->d;
    bool least = d->has_least;
    RuleCell *c = j->c;
    Dec most = !least && s->has_least ? s->least : d->at_most;
    c->want = least ? s->has_least ? s->least : d->at_least : most;
    c->counts = true;
    if (!count(j))
        return false;
    if (d->has_most && dec_cmp(c->value, most) > 0) {
        c->want = most;
        return unmet(j, true, RULE_BECAUSE_MOST_MISSED, RULE_BECAUSE_MOST_MISSED);
    }
    if (least && dec_cmp(c->value, c->want) < 0)
        return unmet(j, false, RULE_BECAUSE_COUNT_DUE, RULE_BECAUSE_COUNT_MISSED);
    if (least && d->every == DUTY_ROLLING) {
        Day until;
        if (!met_until(&until, j))
            return false;
        set_due(j, until);
    }
    return end(j, DUTY_MET, least ? RULE_BECAUSE_COUNT_MET : RULE_BECAUSE_MOST_MET);
}

static bool judge_holds(Judging *j)
{
    RuleOn on = standing_on(j);
    int holds;
    if (!rule_run_truth(&holds, j->r, &j->d->holds, &on))
        return false;
    if (holds == 1)
        return end(j, DUTY_MET, RULE_BECAUSE_HOLDS_MET);
    return unmet(j, false, RULE_BECAUSE_HOLDS_DUE,
                 holds < 0 || j->due == DAY_NONE ? RULE_BECAUSE_HOLDS_UNKNOWN
                                                 : RULE_BECAUSE_HOLDS_MISSED);
}

/* Does the rule reach this org, person or thing in this period at all? */
static bool out_of_reach(Judging *j, bool *out)
{
    const Duty *d = j->d->d;
    RuleOn on = standing_on(j);
    int holds;
    Day founded, ended;
    life_of(j, &founded, &ended);
    bool point = d->every == DUTY_STANDING || d->every == DUTY_ROLLING;
    *out = true;
    if (d->pack->from > (point ? j->day : j->p.from))
        return end(j, DUTY_NOT_APPLICABLE, RULE_BECAUSE_NOT_IN_FORCE);
    if (founded != DAY_NONE && founded > j->p.to)
        return end(j, DUTY_NOT_APPLICABLE, RULE_BECAUSE_FOUNDED);
    if (ended != DAY_NONE && ended < (point ? j->day : j->p.from))
        return end(j, DUTY_NOT_APPLICABLE, RULE_BECAUSE_ENDED);
    if (!rule_run_truth(&holds, j->r, &j->d->who, &on))
        return false;
    if (holds != 1)
        return end(j, DUTY_NOT_APPLICABLE, RULE_BECAUSE_WHO);
    for (size_t i = 0; i < d->n_exempt; i++) {
        if (!rule_run_truth(&holds, j->r, &j->d->exempt[i], &on))
            return false;
        if (holds == 1) {
            j->c->text = d->exempt[i].reason;
            return end(j, DUTY_NOT_APPLICABLE, RULE_BECAUSE_EXEMPT);
        }
    }
    *out = false;
    return true;
}

/* *has: there is a cell (the duty is switched on). */
static bool judge(Judging *j, bool *has)
{
    const Duty *d = j->d->d;
    bool done;
    Setting s = setting_of(j->r, j->d, j->day);
    *has = s.on;
    if (!s.on)
        return true;
    *j->c = (RuleCell){ .duty = d, .period = j->p, .hard = s.hard, .value = dec_int(0),
                        .want = dec_int(0),
                        .person = j->person < 0 ? 0 : j->r->ids[j->person],
                        .thing = j->thing ? j->thing->r->subject : 0 };
    set_due(j, j->due);
    if (!out_of_reach(j, &done))
        return false;
    if (done)
        return true;
    if (j->p.from > j->r->today || j->day > j->r->today)
        return end(j, DUTY_LATER, RULE_BECAUSE_LATER);
    return d->of.form ? judge_count(j, &s) : judge_holds(j);
}

/* --- all cells of a duty -------------------------------------------------------------------- */
typedef struct Span {             /* a calendar period, and the unit as of it */
    Period p;
    Day day;
    const RuleDay *here;          /* NULL: not yet asked */
} Span;

typedef struct Spans {
    Span *items;
    size_t n, cap;
} Spans;

typedef struct Cells {
    RuleRun *r;
    RuleCell *items;
    size_t n, cap;
    bool all;                     /* also those of persons and things that are not meant */
    Spans spans[DUTY_YEAR + 1];   /* of the year judged, by the kind of period */
} Cells;

static Day as_of(const RuleRun *r, Period p)
{
    return r->today < p.from ? p.from : r->today < p.to ? r->today : p.to;
}

static bool add(Cells *cells, const RuleDuty *d, Period p, Day day, Day due, ptrdiff_t person,
                RuleRow *thing)
{
    bool has = false;
    if (cells->n >= RULE_CELLS_MAX)
        return err_fail(cells->r->e, ERR_TOO_BIG, err_hole("what", d->d->title),
                        err_hole("max", RULE_CELLS_MAX));
    if (!ARENA_PUSH(cells->r->a, cells->items, cells->n, cells->cap))
        return rule_run_memory(cells->r);
    Judging j = { cells->r, d, person, thing, p, day, due, &cells->items[cells->n] };
    if (!judge(&j, &has))
        return err_note(cells->r->e, "while judging duty %.*s", STR(d->d->name));
    bool meant = j.c->reason != RULE_BECAUSE_WHO || (person < 0 && !thing) || cells->all;
    cells->n += has && meant;
    return true;
}

static bool open_spans(Spans *out, Cells *cells, DutyEvery every, Period year)
{
    Period p = period_of(calendar(every), year.from);
    for (; p.from <= year.to; p = period_of(calendar(every), p.to + 1)) {
        if (!ARENA_PUSH(cells->r->a, out->items, out->n, out->cap))
            return rule_run_memory(cells->r);
        out->items[out->n++] = (Span){ .p = p, .day = as_of(cells->r, p) };
    }
    return true;
}

static bool is_here(bool *out, Cells *cells, Span *s, ptrdiff_t person)
{
    *out = false;
    if (s->p.from > cells->r->today)
        return true;
    if (!s->here && !(s->here = rule_run_day(cells->r, s->day)))
        return false;
    *out = s->here->people[person].here;
    return true;
}

/* The cells of one person, or of the org, over the calendar periods of the year. */
static bool calendar_cells(Cells *cells, const RuleDuty *d, Period year, ptrdiff_t person)
{
    Spans *spans = &cells->spans[d->d->every];
    if (spans->n == 0 && !open_spans(spans, cells, d->d->every, year))
        return false;
    for (size_t i = 0; i < spans->n; i++) {
        Span *s = &spans->items[i];
        bool here = true;
        if (person >= 0 && !is_here(&here, cells, s, person))
            return false;
        if (here && !add(cells, d, s->p, s->day, s->p.to + (Day)d->d->grace, person, NULL))
            return false;
    }
    return true;
}

/* The one cell of a standing or rolling duty. */
static bool point_cell(Cells *cells, const RuleDuty *d, Period year, ptrdiff_t person)
{
    Day day = as_of(cells->r, year);
    Period p = { d->d->every == DUTY_ROLLING ? day_add_months(day, -(int)d->d->months) + 1
                                             : day_make(1, 1, 1), day };
    if (person >= 0) {
        const RuleDay *here = rule_run_day(cells->r, day);
        if (!here)
            return false;
        if (year.from > cells->r->today || !here->people[person].here)
            return true;
    }
    return add(cells, d, p, day, day, person, NULL);
}

static bool span_cells(Cells *cells, const RuleDuty *d, Period year, ptrdiff_t person)
{
    return d->d->every <= DUTY_YEAR ? calendar_cells(cells, d, year, person)
                                    : point_cell(cells, d, year, person);
}

/* When must it hold? Null: that cannot be known. */
static bool thing_due(Day *out, Cells *cells, const RuleDuty *d, RuleRow *row)
{
    FeelValue v;
    RuleOn on = { .day = cells->r->today, .period = { row->r->on, cells->r->today },
                  .person = -1, .row = row };
    *out = row->r->on;
    if (!d->due.x)
        return true;
    if (!rule_run_value(&v, cells->r, &d->due, &on, NULL))
        return false;
    if (!feel_to_day(out, v))
        *out = DAY_NONE;
    return true;
}

/* A thing stands in every year that the time from its day to its last day touches. Whether it is
 * meant is asked first: most things of a form are not, and a last day costs an evaluation. */
static bool thing_cell(Cells *cells, const RuleDuty *d, Period year, RuleRow *row)
{
    RuleOn on = { .day = cells->r->today, .period = { row->r->on, row->r->on }, .person = -1,
                  .row = row };
    int meant = 1;
    Day due;
    if (!cells->all && !rule_run_truth(&meant, cells->r, &d->who, &on))
        return false;
    if (meant != 1)
        return true;
    if (!thing_due(&due, cells, d, row))
        return false;
    Period p = { row->r->on, due != DAY_NONE && due > row->r->on ? due : row->r->on };
    return p.to < year.from || add(cells, d, p, cells->r->today, due, -1, row);
}

static bool thing_cells(Cells *cells, const RuleDuty *d, Period year)
{
    const RuleRows *rows;
    if (!rule_run_form(&rows, cells->r, d->thing))
        return false;
    for (size_t i = 0; i < rows->n && rows->items[i]->r->on <= year.to; i++)
        if (rows->items[i]->own && !thing_cell(cells, d, year, rows->items[i]))
            return false;
    return true;
}

static bool duty_cells(Cells *cells, const RuleDuty *d, Period year)
{
    if (d->d->draft)
        return true;
    if (d->d->whom == DUTY_FOR_THING)
        return thing_cells(cells, d, year);
    if (d->d->whom == DUTY_FOR_ORG)
        return span_cells(cells, d, year, -1);
    for (size_t i = 0; i < cells->r->n_ids; i++)
        if (!span_cells(cells, d, year, (ptrdiff_t)i))
            return false;
    return true;
}

bool rule_cell_on(RuleOn *out, RuleRun *r, const RuleDuty *d, const RuleCell *c)
{
    RuleOn on = { .period = c->period, .person = c->person ? rule_run_person(r, c->person) : -1 };
    on.day = d->d->whom == DUTY_FOR_THING ? r->today : as_of(r, c->period);
    const RuleRows *things = NULL;
    if (c->thing && !rule_run_form(&things, r, d->thing))
        return false;
    for (size_t i = 0; things && i < things->n; i++)
        if (things->items[i]->r->subject == c->thing)
            on.row = things->items[i];
    *out = on;
    return true;
}

bool rule_cell_count(RuleRun *r, const RuleDuty *d, const RuleCell *c)
{
    RuleOn on;
    RuleCell again = *c;
    again.value = dec_int(0);
    again.counted = again.late = 0;
    if (!rule_cell_on(&on, r, d, c))
        return false;
    Judging j = { r, d, on.person, on.row, c->period, on.day, c->due, &again };
    return count(&j);
}

bool rule_cells_of(RuleCells *out, RuleRun *r, const RuleDuty *d, Period year, bool all)
{
    Cells cells = { .r = r, .all = all };
    if (!duty_cells(&cells, d, year))
        return false;
    *out = (RuleCells){ cells.items, cells.n };
    return true;
}

bool rule_judge(RuleCells *out, Arena *a, const RuleSet *rules, const RuleUnit *unit, Period year,
                Day today, Err *e)
{
    RuleRun r = { 0 };
    Cells cells = { .r = &r };
    if (!rule_run_open(&r, a, rules, unit, today, e))
        return false;
    for (size_t i = 0; i < rules->n_duties; i++)
        if (!duty_cells(&cells, &rules->duties[i], year))
            return false;
    *out = (RuleCells){ cells.items, cells.n };
    return true;
}

static bool find_duty(const RuleDuty **out, const RuleSet *rules, const Duty *duty, Err *e)
{
    *out = rule_duty_rule(rules, duty);
    return *out || err_fail(e, ERR_NOT_FOUND, err_hole("what", duty->title));
}

bool rule_judge_duty(RuleCells *out, Arena *a, const RuleSet *rules, const RuleUnit *unit,
                     const Duty *duty, Period year, Day today, Err *e)
{
    RuleRun r = { 0 };
    const RuleDuty *d;
    return find_duty(&d, rules, duty, e) && rule_run_open(&r, a, rules, unit, today, e) &&
           rule_cells_of(out, &r, d, year, false);
}
