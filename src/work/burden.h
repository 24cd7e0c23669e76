/* burden: what the packs together ask of one organisation in a year: records, the minutes and
 * fields they take, meetings and visits, by who asks.
 *
 * It is counted from the rules, not from use: a branch like the national average (22 members, three
 * of them its committee) is judged without any record, and what would then have to be recorded is
 * added up. What is filed only as it happens counts as often as the form's sample has it, and at
 * least once a year.
 *
 * Nouns of this face: work_ */
#ifndef WORK_BURDEN_H
#define WORK_BURDEN_H

#include "rule/duty.h"

enum {
    BURDEN_MINUTES_CAP = 12 * 60,  /* of keying a year that a branch may be asked */
    BURDEN_MEMBERS = 22,           /* of a branch, national average */
    BURDEN_SUM_EACH = 8            /* hours that one record of a sum of hours stands for */
};

typedef enum BurdenWhy { BURDEN_TIMES, BURDEN_DUTY, BURDEN_HAPPENS } BurdenWhy;

typedef struct BurdenForm {
    const Form *form;
    BurdenWhy why;
    const Duty *duty;              /* the one that asks most, for BURDEN_DUTY */
    int64_t times;                 /* a year */
    int64_t minutes, fields;       /* a year */
} BurdenForm;

typedef struct Burden {
    Str sector, title;             /* 农村 */
    BurdenForm *items;             /* most minutes first */
    size_t n;
    int64_t minutes, fields, records, meetings, visits;
} Burden;

/* What organisers have set about duties where the branch stands. */
typedef struct BurdenSet {
    const RuleSetting *items;
    size_t n;
} BurdenSet;

/* A branch of the sector, in the year of `today`. */
bool work_burden(Burden *out, Arena *a, const RuleSet *rules, Str sector, const BurdenSet *set,
                 Day today, Err *e) MUST_USE;
/* Of every sector of the packs. */
typedef struct Burdens {
    Burden *items;
    size_t n;
} Burdens;
bool work_burden_all(Burdens *out, Arena *a, const RuleSet *rules, const BurdenSet *set, Day today,
                     Err *e) MUST_USE;
/* The tables of `shuping burden`. */
void work_burden_print(Buf *out, Arena *a, const Burdens *all);
/* "village 431": one line a sector, as packs/burden.txt keeps them. */
void work_burden_lines(Buf *out, const Burdens *all);
/* "village meeting 34 5": how often a year each form is asked of a branch, and its minutes; for who
 * measures how long the forms really take. */
void work_burden_forms(Buf *out, const Burdens *all);
/* Holds what is kept to what the packs ask now: more than kept, or more than the cap, is refused;
 * what fell is said in *fallen, so that the number may be lowered. */
bool work_burden_check(Str *fallen, Arena *a, const Burdens *all, Str kept, Err *e) MUST_USE;

#endif
