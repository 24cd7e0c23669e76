/* Points: what each fact of a record posts, and what the next one undoes. */
#include "rule/rule_in.h"

#include <stdlib.h>

typedef struct Posting {
    RuleRun *r;
    const RulePoints *p;
    Period period;
    bool *account;                /* by person: has one */
    RulePosting *items;
    size_t n, cap;
    int64_t only;
} Posting;

/* One award given to one person by a fact that still stands. */
typedef struct Live {
    size_t award;
    ptrdiff_t person;
    int64_t fact;
    Day on;
    bool still;                   /* the next fact says it too */
} Live;

typedef struct Lives {
    Live *items;
    size_t n, cap;
} Lives;

static bool post(Posting *w, const RuleRecord *of, const Live *l, int64_t fact, bool back)
{
    const PointsAward *award = &w->p->p->awards[l->award];
    int64_t person = w->r->ids[l->person];
    if (w->only && person != w->only)
        return true;
    if (!ARENA_PUSH(w->r->a, w->items, w->n, w->cap))
        return rule_run_memory(w->r);
    w->items[w->n++] = (RulePosting){
        .points = w->p->p, .award = award, .person = person, .fact = fact, .subject = of->subject,
        .amount = back ? dec_neg(award->each) : award->each, .reverses = back ? l->fact : 0,
        .on = l->on,
    };
    return true;
}

static bool keep(Posting *w, Lives *l, const RuleRecord *of, size_t award, ptrdiff_t person,
                 int64_t fact, Day on)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->items[i].award == award && l->items[i].person == person && l->items[i].on == on)
            return l->items[i].still = true;
    if (!ARENA_PUSH(w->r->a, l->items, l->n, l->cap))
        return rule_run_memory(w->r);
    l->items[l->n] = (Live){ award, person, fact, on, true };
    return post(w, of, &l->items[l->n++], fact, false);
}

/* What this fact of the record gives to whom. */
static bool give(Posting *w, Lives *l, RuleRow *row, const RuleRecord *of, size_t award)
{
    const RuleAward *rule = &w->p->awards[award];
    const RuleSelection *sel = &w->r->s->sels[rule->sel];
    RuleOn on = { .day = row->r->on, .person = -1, .row = row };
    int64_t id;
    size_t at = 0;
    int holds;
    if (sel->form != row->r->form)
        return true;
    if (!rule_run_truth(&holds, w->r, &sel->where, &on))
        return false;
    while (holds == 1 && rule_body_ref(row->raw[rule->to], &at, &id)) {
        ptrdiff_t who = rule_run_person(w->r, id);
        if (who >= 0 && w->account[who] &&
            !keep(w, l, of, award, who, row->r->id, row->r->on))
            return false;
    }
    return true;
}

static bool take_back(Posting *w, Lives *l, const RuleRecord *of, int64_t fact)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->n; i++) {
        if (!l->items[i].still && !post(w, of, &l->items[i], fact, true))
            return false;
        if (l->items[i].still)
            l->items[kept++] = l->items[i];
    }
    l->n = kept;
    return true;
}

static bool one_version(Posting *w, Lives *l, const RuleRecord *of, const RuleVersion *v)
{
    const RuleForm *f = rule_form(w->r->s, of->form);
    RuleRecord as = *of;
    RuleRow row = { .r = &as, .form = f, .late = -1, .own = of->org == w->r->u->org };
    as.id = v->id;
    as.on = v->on;
    as.body = v->body;
    if (!(row.raw = ARENA_ARRAY(w->r->a, Str, f->n)))
        return rule_run_memory(w->r);
    rule_body_columns(row.raw, f, v->body);
    for (size_t i = 0; i < l->n; i++)
        l->items[i].still = false;
    bool counts = !str_is(v->body, "null") && period_has(w->period, v->on) &&
                  v->on <= w->r->today &&
                  rule_points_on(w->r->s, w->r->u, w->p->p, v->on);
    for (size_t i = 0; counts && i < w->p->p->n_awards; i++)
        if (!give(w, l, &row, of, i))
            return false;
    return take_back(w, l, of, v->id);
}

static bool one_record(Posting *w, const RuleRecord *of)
{
    Lives lives = { 0 };
    RuleVersion now = { of->id, of->on, of->received, of->struck ? STRC("null") : of->body };
    if (!rule_form(w->r->s, of->form))
        return true;
    for (size_t i = 0; i < of->n_versions; i++)
        if (!one_version(w, &lives, of, &of->versions[i]))
            return false;
    return of->n_versions > 0 || one_version(w, &lives, of, &now);
}

/* Members of the unit, but for those who are exempt. */
static bool open_accounts(Posting *w)
{
    const RuleDay *here = rule_run_day(w->r, w->r->today);
    if (!here || !(w->account = ARENA_ARRAY(w->r->a, bool, w->r->n_ids)))
        return rule_run_memory(w->r);
    for (size_t i = 0; i < w->r->n_ids; i++) {
        const RulePerson *row = here->people[i].row;
        RuleOn on = { .day = w->r->today, .period = w->period, .person = (ptrdiff_t)i };
        int exempt = 0;
        if (w->p->exempt.x && !rule_run_truth(&exempt, w->r, &w->p->exempt, &on))
            return false;
        w->account[i] = row && row->org == w->r->u->org && exempt != 1;
    }
    return true;
}

static int by_person(const void *x, const void *y)
{
    const RulePosting *a = x, *b = y;
    if (a->person != b->person)
        return (a->person > b->person) - (a->person < b->person);
    if (a->on != b->on)
        return (a->on > b->on) - (a->on < b->on);
    if (a->fact != b->fact)
        return (a->fact > b->fact) - (a->fact < b->fact);
    return (a->award > b->award) - (a->award < b->award);
}

static Dec plus(Dec a, Dec b)
{
    Dec sum;
    return dec_add(&sum, a, b) ? sum : a;
}

static Dec capped(Dec d, bool has_cap, Dec cap)
{
    return has_cap && dec_cmp(d, cap) > 0 ? cap : d;
}

static RuleBalance balance_of(const Posting *w, int64_t person)
{
    const Points *p = w->p->p;
    RuleBalance b = { .person = person, .base = p->base, .earned = dec_int(0) };
    Dec posted = p->base;
    for (size_t k = 0; k < p->n_awards; k++) {
        Dec sum = dec_int(0);
        for (size_t i = 0; i < w->n; i++)
            if (w->items[i].person == person && w->items[i].award == &p->awards[k])
                sum = plus(sum, w->items[i].amount);
        posted = plus(posted, sum);
        b.earned = plus(b.earned, capped(sum, p->awards[k].has_cap, p->awards[k].cap));
    }
    b.total = capped(plus(b.base, b.earned), p->has_cap, p->cap);
    b.over = plus(posted, dec_neg(b.total));
    return b;
}

static bool balance_all(RuleBalances *out, const Posting *w)
{
    RuleBalance *items = ARENA_ARRAY(w->r->a, RuleBalance, w->r->n_ids);
    size_t n = 0;
    if (!items)
        return rule_run_memory(w->r);
    for (size_t i = 0; i < w->r->n_ids; i++)
        if (w->account[i] && (!w->only || w->r->ids[i] == w->only))
            items[n++] = balance_of(w, w->r->ids[i]);
    *out = (RuleBalances){ items, n };
    return true;
}

bool rule_points(RulePostings *out, RuleBalances *balances, Arena *a, const RuleSet *rules,
                 const RuleUnit *unit, const Points *points, int64_t person, Day today, Err *e)
{
    RuleRun r = { 0 };
    Posting w = { .r = &r, .only = person, .period = period_of(points->every, today) };
    RuleBalances made = { 0 };
    for (size_t i = 0; i < rules->n_points; i++)
        if (rules->points[i].p == points)
            w.p = &rules->points[i];
    if (!w.p)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", points->title));
    if (!rule_run_open(&r, a, rules, unit, today, e) || !open_accounts(&w))
        return false;
    for (size_t i = 0; i < unit->n_records; i++)
        if (!one_record(&w, &unit->records[i]))
            return false;
    if (w.n > 0)
        qsort(w.items, w.n, sizeof *w.items, by_person);
    if (rule_points_on(rules, unit, points, today) && !balance_all(&made, &w))
        return false;
    *out = (RulePostings){ w.items, w.n };
    *balances = made;
    return true;
}
