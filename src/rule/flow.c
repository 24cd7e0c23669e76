#include "rule/rule.h"

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

/* A guard that gives null (something it reads is missing) does not hold. */
static bool guard_holds(bool *out, const FlowMove *m, const Form *form, Arena *a,
                        const json_t *thing, Day today, Err *e)
{
    FeelEntry names[2] = { { S("thing"), feel_null() }, { S("today"), feel_day(today) } };
    FeelScope scope = { .entries = names, .n = 2 };
    FeelRun run = feel_run(a, 0);
    FeelValue v;
    *out = true;
    if (!m->guard)
        return true;
    if (!form_value(&names[0].value, a, form, thing, e) ||
        !feel_eval(&v, a, m->guard, &scope, &run, e))
        return err_note(e, "while judging the guard of move %.*s", STR(m->event));
    *out = v.kind == FEEL_BOOLEAN && v.boolean;
    return true;
}

bool rule_move(Str *to, const Flow *flow, Arena *a, Str state, Str event, const json_t *thing,
               uint32_t roles, Day today, Err *e)
{
    const FlowMove *m = move_of(flow, state, event);
    bool open;
    if (!m)
        return refuse_state(flow, state, event, e);
    if (!(m->who & roles))
        return refuse_role(m, e);
    if (!guard_holds(&open, m, flow->form, a, thing, today, e))
        return false;
    if (!open)
        return err_fail(e, ERR_RULE_GUARD, err_hole("move", m->title),
                        err_hole("needs", m->needs));
    *to = m->to;
    return true;
}

bool rule_moves_possible(RuleChoices *out, const Flow *flow, Arena *a, Str state,
                         const json_t *thing, uint32_t roles, Day today, Err *e)
{
    RuleChoice *items = ARENA_ARRAY(a, RuleChoice, flow->n_moves);
    size_t n = 0;
    if (!items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", flow->title));
    for (size_t i = 0; i < flow->n_moves; i++) {
        const FlowMove *m = &flow->moves[i];
        if (!str_eq(m->from, state))
            continue;
        items[n] = (RuleChoice){ .move = m, .may = (m->who & roles) != 0 };
        if (!guard_holds(&items[n++].open, m, flow->form, a, thing, today, e))
            return false;
    }
    *out = (RuleChoices){ items, n };
    return true;
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
