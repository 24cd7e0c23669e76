/* rule: decides, from the rulebook and what is known of a thing, what may become of it.
 *
 * It refuses to know clocks, facts and accounts: the day, the body and the roles are passed in, and
 * the same input gives the same answer.
 *
 * Ownership: answers point into the flow; what is computed on the way lives in the arena given.
 *
 *     Str to;
 *     if (!rule_move(&to, flow, a, STRC("listed"), STRC("commit"), body, roles, today, &e))
 *         ...                                   // e: who may, or what is still needed
 *     // to is "committed"
 *
 * This header is about flows; beside it stand
 *   unit.h     what is known of one organisation
 *   duty.h     duties: met, due, missed, and why
 *   measure.h  figures and the records behind them
 *   points.h   double-entry points
 *   report.h   tables
 *   notice.h   reminders and escalations
 *   example.h  the examples of packs as tests
 *
 * Nouns of this face: rule_ */
#ifndef RULE_RULE_H
#define RULE_RULE_H

#include "pack/flow.h"
#include "rule/duty.h"

/* The state that `event` leads to from `state`. `thing` is the body as it would be filed (NULL: an
 * empty one), `roles` a set as pack_role_bit makes it. Errors: RULE_STATE (no such move from here),
 * RULE_ROLE, RULE_GUARD (what is needed), and those of evaluating a guard. */
bool rule_move(Str *to, const Flow *flow, Arena *a, Str state, Str event, const json_t *thing,
               uint32_t roles, Day today, Err *e) MUST_USE;

typedef struct RuleChoice {
    const FlowMove *move;
    bool may;              /* one of the roles may make it */
    bool open;             /* its guard holds */
} RuleChoice;

typedef struct RuleChoices {
    RuleChoice *items;
    size_t n;
} RuleChoices;

/* Every move that leaves `state`, in the order of the pack. */
bool rule_moves_possible(RuleChoices *out, const Flow *flow, Arena *a, Str state,
                         const json_t *thing, uint32_t roles, Day today, Err *e) MUST_USE;

/* The same for a thing whose guards ask for more than itself. */
typedef struct RuleThing {
    const json_t *body;        /* as it would be filed; NULL: an empty one */
    uint32_t roles;
    Day today;
    Day since;                 /* when it entered its present state; DAY_NONE: null */
    const RuleSet *rules;      /* for org, m (over the year of `today`) and last; or NULL */
    const RuleUnit *unit;
    const json_t *const *peers;/* bodies of the things of its form under the same parent, its own
                                  included */
    size_t n_peers;
} RuleThing;
bool rule_move_thing(Str *to, const Flow *flow, Arena *a, Str state, Str event,
                     const RuleThing *thing, Err *e) MUST_USE;
bool rule_moves_thing(RuleChoices *out, const Flow *flow, Arena *a, Str state,
                      const RuleThing *thing, Err *e) MUST_USE;

/* All that expressions see as `org`, as the unit was on the day; what is not known is null. For
 * conditions that no rule set has compiled (asked_of, each of a sample). */
bool rule_org_context(FeelValue *out, Arena *a, const RuleSet *rules, const RuleUnit *unit, Day day,
                      Err *e) MUST_USE;

/* What a ledger form asks for and is known already: an object of the values of its `given` fields,
 * for the unit's org as of today. What comes out null is left out. The caller owns it
 * (jv_close). */
bool rule_given(json_t **out, Arena *a, const RuleSet *rules, const RuleUnit *unit,
                const Form *form, Day today, Err *e) MUST_USE;

/* The day by which a thing that entered `state` on `since` should have left it: the earliest of its
 * moves' limits; DAY_NONE when no move has one. */
Day rule_due(const Flow *flow, Str state, Day since);

#endif
