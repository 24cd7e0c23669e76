/* notice: whom to remind, and what to tell the superior, today. Part of the face of rule.
 *
 * A notice has a key that stays the same however often it is asked for, so that each goes out once.
 * A reminder is friendly: it is sent while there is still time, and marks nobody. */
#ifndef RULE_NOTICE_H
#define RULE_NOTICE_H

#include "pack/flow.h"
#include "rule/duty.h"

typedef enum RuleNoticeKind { RULE_REMINDER, RULE_OVERDUE, RULE_ESCALATION } RuleNoticeKind;
const char *rule_notice_name(RuleNoticeKind k);    /* "reminder" */

typedef struct RuleNotice {
    RuleNoticeKind kind;
    Str key;                  /* duty:NAME:org:person:thing:2026-03-31, flow:... */
    const Duty *duty;         /* one of the two */
    const Flow *flow;
    const FlowMove *move;
    const RuleRecord *record; /* of a flow, and of a record's duty */
    int64_t person, thing;
    Period period;
    Day since;                /* from this day on it is to be sent */
    Day due;
    int64_t days_left;        /* negative: past */
    Str text;                 /* in Chinese */
} RuleNotice;

typedef struct RuleNotices {
    RuleNotice *items;        /* by due day, then key */
    size_t n;
} RuleNotices;

bool rule_notices(RuleNotices *out, Arena *a, const RuleSet *rules, const RuleUnit *unit,
                  Day today, Err *e) MUST_USE;

#endif
