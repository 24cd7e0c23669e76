#include "rule/rule.h"
#include "rule/rule_in.h"

#include <stdio.h>
#include <string.h>

static const FlowMove *move_of(const Flow *flow, Str state, Str event)
{
    for (size_t i = 0; i < flow->n_moves; i++)
        if (str_eq(flow->moves[i].from, state) && str_eq(flow->moves[i].event, event))
            return &flow->moves[i];
    return NULL;
}

/* What a person calls an event: the title of any move of that name. */
static Str event_title(const Flow *flow, Str event)
{
    for (size_t i = 0; i < flow->n_moves; i++)
        if (str_eq(flow->moves[i].event, event))
            return flow->moves[i].title;
    return event;
}

static bool refuse_state(const Flow *flow, Str state, Str event, Err *e)
{
    char possible[ERR_HOLE_MAX] = "";
    size_t n = 0;
    for (size_t i = 0; i < flow->n_moves && n < sizeof possible; i++)
        if (str_eq(flow->moves[i].from, state))
            n += (size_t)snprintf(possible + n, sizeof possible - n, "%s“%.*s”", n ? "、" : "",
                                  STR(flow->moves[i].title));
    return err_fail(e, ERR_RULE_STATE, err_hole("thing", flow->form->title),
                    err_hole("state", list_title(flow->states, state)),
                    err_hole("move", event_title(flow, event)),
                    err_hole("possible", n ? (const char *)possible : "没有可办理的步骤"));
}

static bool refuse_role(const FlowMove *m, Err *e)
{
    char who[ERR_HOLE_MAX] = "";
    size_t n = 0;
    for (size_t i = 0; i < PACK_ROLES && n < sizeof who; i++)
        if (m->who >> i & 1)
            n += (size_t)snprintf(who + n, sizeof who - n, "%s%.*s", n ? "、" : "",
                                  STR(pack_role_title(i)));
    return err_fail(e, ERR_RULE_ROLE, err_hole("move", m->title),
                    err_hole("who", (const char *)who));
}

/* --- guards --------------------------------------------------------------------------------- */
static const RuleExpr *guard_of(const RuleSet *s, const FlowMove *m)
{
    for (size_t i = 0; s && i < s->n_guards; i++)
        if (s->guards[i].move == m)
            return &s->guards[i].guard;
    return NULL;
}

static bool peers_value(FeelValue *out, Arena *a, const Form *form, const RuleThing *thing, Err *e)
{
    FeelValue *items = ARENA_ARRAY(a, FeelValue, thing->n_peers);
    if (!items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", form->title));
    for (size_t i = 0; i < thing->n_peers; i++)
        if (!form_value(&items[i], a, form, thing->peers[i], e))
            return false;
    *out = feel_list(items, thing->n_peers);
    return true;
}

/* org, m and last as the unit has them; null where no unit is given. */
static bool unit_scope(FeelScope *out, Arena *a, const FlowMove *m, const RuleThing *thing, Err *e)
{
    const RuleExpr *x = thing->unit ? guard_of(thing->rules, m) : NULL;
    RuleRun r = { 0 };
    RuleOn on = { .day = thing->today, .period = period_of(PERIOD_YEAR, thing->today),
                  .person = -1, .since = thing->since };
    *out = (FeelScope){ 0 };
    return !x || (rule_run_open(&r, a, thing->rules, thing->unit, thing->today, e) &&
                  rule_run_scope(out, &r, x, &on));
}

/* A guard that gives null (something it reads is missing) does not hold. */
static bool guard_holds(bool *out, const FlowMove *m, const Form *form, Arena *a,
                        const RuleThing *thing, Err *e)
{
    FeelEntry names[] = { { S("thing"), feel_null() }, { S("today"), feel_day(thing->today) },
                          { S("since"), feel_day(thing->since) }, { S("peers"), feel_null() } };
    FeelEntry unknown[] = { { S("org"), feel_null() }, { S("m"), feel_null() },
                            { S("last"), feel_null() } };
    FeelScope none = { .entries = unknown, .n = 3 };
    FeelScope unit, scope = { .entries = names, .n = 4, .parent = &unit };
    FeelRun run = feel_run(a, (Moment)thing->today * 86400000);
    FeelValue v;
    *out = true;
    if (!m->guard)
        return true;
    if (!form_value(&names[0].value, a, form, thing->body, e) ||
        !peers_value(&names[3].value, a, form, thing, e) || !unit_scope(&unit, a, m, thing, e))
        return err_note(e, "while judging the guard of move %.*s", STR(m->event));
    unit.parent = &none;
    if (!feel_eval(&v, a, m->guard, &scope, &run, e))
        return err_note(e, "while judging the guard of move %.*s", STR(m->event));
    *out = v.kind == FEEL_BOOLEAN && v.boolean;
    return true;
}

/* --- moves ---------------------------------------------------------------------------------- */
bool rule_move_thing(Str *to, const Flow *flow, Arena *a, Str state, Str event,
                     const RuleThing *thing, Err *e)
{
    const FlowMove *m = move_of(flow, state, event);
    bool open;
    if (!m)
        return refuse_state(flow, state, event, e);
    if (!(m->who & thing->roles))
        return refuse_role(m, e);
    if (!guard_holds(&open, m, flow->form, a, thing, e))
        return false;
    if (!open)
        return err_fail(e, ERR_RULE_GUARD, err_hole("move", m->title),
                        err_hole("needs", m->needs));
    *to = m->to;
    return true;
}

bool rule_moves_thing(RuleChoices *out, const Flow *flow, Arena *a, Str state,
                      const RuleThing *thing, Err *e)
{
    RuleChoice *items = ARENA_ARRAY(a, RuleChoice, flow->n_moves);
    size_t n = 0;
    if (!items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", flow->title));
    for (size_t i = 0; i < flow->n_moves; i++) {
        const FlowMove *m = &flow->moves[i];
        if (!str_eq(m->from, state))
            continue;
        items[n] = (RuleChoice){ .move = m, .may = (m->who & thing->roles) != 0 };
        if (!guard_holds(&items[n++].open, m, flow->form, a, thing, e))
            return false;
    }
    *out = (RuleChoices){ items, n };
    return true;
}

bool rule_move(Str *to, const Flow *flow, Arena *a, Str state, Str event, const json_t *thing,
               uint32_t roles, Day today, Err *e)
{
    RuleThing alone = { .body = thing, .roles = roles, .today = today, .since = DAY_NONE };
    return rule_move_thing(to, flow, a, state, event, &alone, e);
}

bool rule_moves_possible(RuleChoices *out, const Flow *flow, Arena *a, Str state,
                         const json_t *thing, uint32_t roles, Day today, Err *e)
{
    RuleThing alone = { .body = thing, .roles = roles, .today = today, .since = DAY_NONE };
    return rule_moves_thing(out, flow, a, state, &alone, e);
}

Day rule_due(const Flow *flow, Str state, Day since)
{
    Day due = DAY_NONE;
    for (size_t i = 0; i < flow->n_moves; i++) {
        const FlowMove *m = &flow->moves[i];
        if (m->within == 0 || !str_eq(m->from, state) || since == DAY_NONE)
            continue;
        if (due == DAY_NONE || since + (Day)m->within < due)
            due = since + (Day)m->within;
    }
    return due;
}
