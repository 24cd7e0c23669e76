/* What can be read off a unit without any rule: the row of a day, who was responsible, whether a
 * record came in time. */
#include "rule/unit.h"

const RuleOrg *rule_org_on(const RuleUnit *unit, Day day)
{
    const RuleOrg *best = NULL, *first = &unit->orgs[0];
    for (size_t i = 0; i < unit->n_orgs; i++) {
        const RuleOrg *o = &unit->orgs[i];
        if (o->from < first->from)
            first = o;
        if (o->from <= day && (!best || o->from > best->from))
            best = o;
    }
    return best ? best : first;
}

static Str name_of(const RuleUnit *u, int64_t person, Day day)
{
    const RulePerson *best = NULL;
    for (size_t i = 0; i < u->n_people; i++) {
        const RulePerson *p = &u->people[i];
        if (p->id == person && (!best || (p->from <= day && p->from > best->from)))
            best = p;
    }
    return best ? best->name : (Str){ 0 };
}

bool rule_responsible(RuleHolder **out, size_t *n, Arena *a, const RuleUnit *unit, Period p,
                      Err *e)
{
    RuleHolder *items = ARENA_ARRAY(a, RuleHolder, unit->n_tenures);
    size_t kept = 0;
    if (!items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "责任人"));
    for (size_t i = 0; i < unit->n_tenures; i++) {
        const RuleTenure *t = &unit->tenures[i];
        Period held = { t->from > p.from ? t->from : p.from,
                        t->to != DAY_NONE && t->to < p.to ? t->to : p.to };
        if (!str_is(t->post, "secretary") || held.from > held.to)
            continue;
        size_t at = kept++;
        for (; at > 0 && (items[at - 1].held.from > held.from ||
                          (items[at - 1].held.from == held.from &&
                           items[at - 1].person > t->person)); at--)
            items[at] = items[at - 1];
        items[at] = (RuleHolder){ t->person, name_of(unit, t->person, held.from), held };
    }
    *out = items;
    *n = kept;
    return true;
}

/* --- working days --------------------------------------------------------------------------- */
/* Monday to Friday among the days up to and including `day`, from a Monday far back. */
static int64_t working_days(Day day)
{
    int64_t since = (int64_t)day + 719163 - 1; /* 0001-01-01, a Monday, is 0 */
    int64_t weeks = since / 7, rest = since % 7 + 1;
    return weeks * 5 + (rest > 5 ? 5 : rest);
}

Day rule_on_time(const Form *form, Day on)
{
    Day last = on;
    if (!form->has_on_time)
        return DAY_NONE;
    for (int64_t left = form->on_time; left > 0; left -= day_weekday(last) <= 5)
        last++;
    return last;
}

int64_t rule_late(const Form *form, Day on, Day received)
{
    if (!form->has_on_time || received <= on)
        return 0;
    int64_t late = working_days(received) - working_days(rule_on_time(form, on));
    /* received on the weekend after the last day: nobody asked for work then */
    return late > 0 ? late : 0;
}
