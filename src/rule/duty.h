/* duty: which duties an organisation has met, by when it must meet the others, and why. Part of the
 * face of rule.
 *
 * Ownership: rules live in the arena they were opened into and never change; threads may share
 * them. Answers live in the arena given and point into unit and rules.
 *
 *     RuleSet *rules;
 *     if (!rule_open(&rules, a, rulebook, &e)) ...
 *     RuleCells cells;
 *     if (!rule_judge(&cells, scratch, rules, &unit, period_of(PERIOD_YEAR, today), today, &e)) ...
 *     Str said = rule_say(scratch, &cells.items[0], LANG_HANS);
 *     // 2026年第一季度已有1次，达到至少1次的要求
 */
#ifndef RULE_DUTY_H
#define RULE_DUTY_H

#include "pack/duty.h"
#include "pack/measure.h"
#include "rule/unit.h"

enum {
    RULE_CELLS_MAX = 1000000,     /* of one unit and year */
    RULE_RECORDS_MAX = 1000000,   /* of one unit */
    RULE_SAY_MAX = 1000           /* bytes of one sentence */
};

/* The rules of a rulebook, compiled: which record and whom each concerns. */
typedef struct RuleSet RuleSet;
bool rule_open(RuleSet **out, Arena *a, const Rulebook *rb, Err *e) MUST_USE;
const Rulebook *rule_book(const RuleSet *rules);
/* From which day on are records of a form needed to judge `year`? DAY_NONE: not at all; a day
 * before every other (day_make(1, 1, 1)): all of them. */
Day rule_needs(const RuleSet *rules, const Form *form, Period year, Day today);

/* Why a cell is as it is: one row of reasons.def each. */
typedef enum RuleReason {
#define REASON(name, zh, en) RULE_BECAUSE_##name,
#include "rule/reasons.def"
#undef REASON
    RULE_REASONS
} RuleReason;
const char *rule_reason_name(RuleReason r);        /* "COUNT_MET" */

/* One duty, one period, one org, person or thing. */
typedef struct RuleCell {
    Dec value, want;
    const Duty *duty;
    int64_t person, thing;    /* whom it concerns; both 0: the org */
    int64_t waiver;           /* id of the waiver that holds */
    Str text;                 /* the pack's words for an exemption, the waiver's reason */
    Period period;
    DutyState state;
    RuleReason reason;
    Day due;                  /* the last day on which it can be met, or stays met (rolling);
                                 DAY_NONE: none is known */
    int32_t days_left;        /* from today to due; negative: past */
    uint32_t counted;         /* records counted */
    uint32_t late;            /* of them filed late */
    bool hard;                /* as written, or as set by an organiser */
    bool counts;              /* value and want say something */
} RuleCell;

typedef struct RuleCells {
    RuleCell *items;
    size_t n;
} RuleCells;

/* Every cell of `year` as it stands on `today`: duties in order of the rulebook, then by person and
 * thing, then by period. Drafts and what is switched off have no cell, nor have persons and things
 * that `who` leaves out, nor periods of persons that have not begun. */
bool rule_judge(RuleCells *out, Arena *a, const RuleSet *rules, const RuleUnit *unit, Period year,
                Day today, Err *e) MUST_USE;
/* The same of one duty. */
bool rule_judge_duty(RuleCells *out, Arena *a, const RuleSet *rules, const RuleUnit *unit,
                     const Duty *duty, Period year, Day today, Err *e) MUST_USE;
/* The cells that a record of the unit counts for. */
bool rule_counts_for(RuleCells *out, Arena *a, const RuleSet *rules, const RuleUnit *unit,
                     int64_t subject, Day today, Err *e) MUST_USE;

/* The cell in one sentence: what was asked, what was found, what is to be done. In English, else in
 * simplified Chinese (`text` makes the traditional of it). */
Str rule_say(Arena *a, const RuleCell *cell, Lang lang);
Str rule_period_title(Arena *a, const Duty *duty, Period p);   /* 2026年第一季度 */

typedef struct RuleAsk {      /* which cell */
    const Duty *duty;
    int64_t person, thing;
    Day in;                   /* a day of its period */
} RuleAsk;

typedef struct RuleWhy {
    RuleCell cell;
    Str sentence;             /* rule_say */
    Str clause, cite;         /* the sentence of the clause in short, and where it stands */
    const RuleRecord **counted; /* by day */
    size_t n_counted;
    Str would;                /* what meets it, in plain words */
    RuleHolder *responsible;
    size_t n_responsible;
    FeelTrace *trace;         /* of `holds`: its parts with their values; else NULL */
} RuleWhy;

/* NOT_FOUND when the duty has no such cell for that day. */
bool rule_why(RuleWhy *out, Arena *a, const RuleSet *rules, const RuleUnit *unit,
              const RuleAsk *ask, Day today, Err *e) MUST_USE;

#endif
