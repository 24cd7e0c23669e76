/* points: double-entry points for what was attended. Part of the face of rule.
 *
 * Every posting has two sides: the award gives what the person gets, so all sides add up to zero.
 * A correction or a strike posts the reversal of what it undoes and then what holds now; nothing is
 * ever taken back silently. Caps bind when a balance is read, not when a posting is made: the order
 * of facts cannot matter then. Nothing is posted where points are not switched on, and nobody who
 * is exempt has an account. */
#ifndef RULE_POINTS_H
#define RULE_POINTS_H

#include "pack/points.h"
#include "rule/duty.h"

typedef struct RulePosting {
    const Points *points;
    const PointsAward *award;
    int64_t person;
    Dec amount;               /* what the person gets; the award's account gets its negative */
    int64_t fact, subject;    /* which fact of which record */
    int64_t reverses;         /* the fact whose posting this undoes; 0: none */
    Day on;
} RulePosting;

typedef struct RulePostings {
    RulePosting *items;       /* by person, day, fact */
    size_t n;
} RulePostings;

typedef struct RuleBalance {
    int64_t person;
    Dec base;
    Dec earned;               /* sum of the awards, each up to its cap */
    Dec over;                 /* posted beyond caps, and not counted */
    Dec total;                /* base + earned, up to the cap of the points */
} RuleBalance;

typedef struct RuleBalances {
    RuleBalance *items;       /* by person */
    size_t n;
} RuleBalances;

bool rule_points_on(const RuleSet *rules, const RuleUnit *unit, const Points *points, Day day);
/* person 0: everybody. The period is the one of `every` that holds `today`. */
bool rule_points(RulePostings *out, RuleBalances *balances, Arena *a, const RuleSet *rules,
                 const RuleUnit *unit, const Points *points, int64_t person, Day today,
                 Err *e) MUST_USE;

#endif
