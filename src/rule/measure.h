/* measure: figures over one organisation, a person, or everything below an organisation, each with
 * the records it was made of. Part of the face of rule.
 *
 * A figure over many organisations is gathered one by one, so that none but the present one need be
 * in memory:
 *
 *     RuleSum *sum = rule_sum_open(a, rules, measure, period);
 *     for (...) if (!rule_sum_add(sum, &unit, today, &e)) ...      // memory: a
 *     RuleFigure f;
 *     if (!rule_sum_read(&f, sum, &top, today, &e)) ...
 */
#ifndef RULE_MEASURE_H
#define RULE_MEASURE_H

#include "rule/duty.h"

typedef struct RuleFigure {
    FeelValue value;          /* exact; null: nothing is known */
    size_t records;           /* counted; 0 for measures made of other measures */
} RuleFigure;
/* For people: rounded half up to 2 digits, without useless zeros; "" for null. */
Str rule_figure_print(Arena *a, FeelValue v);

/* Of this org alone; person 0: the org. A measure `by` a field counts a record once for each person
 * named when person is 0. */
bool rule_measure(RuleFigure *out, Arena *a, const RuleSet *rules, const Measure *measure,
                  const RuleUnit *unit, int64_t person, Period p, Day today, Err *e) MUST_USE;

typedef struct RuleRecords {
    const RuleRecord **items;
    size_t n;
} RuleRecords;
/* The records that the figure counts, by day; of a measure made of others: theirs together. */
bool rule_measure_records(RuleRecords *out, Arena *a, const RuleSet *rules,
                          const Measure *measure, const RuleUnit *unit, int64_t person, Period p,
                          Err *e) MUST_USE;

/* --- over many organisations ---------------------------------------------------------------- */
typedef struct RuleSum RuleSum;
RuleSum *rule_sum_open(Arena *a, const RuleSet *rules, const Measure *measure, Period p);
/* A scratch arena may be reset between calls; what must last is copied. */
bool rule_sum_add(RuleSum *sum, Arena *scratch, const RuleUnit *unit, Day today,
                  Err *e) MUST_USE;
/* top: the organisation whose attributes the formula of the measure sees; NULL: none. */
bool rule_sum_read(RuleFigure *out, Arena *a, const RuleSum *sum, const RuleUnit *top, Day today,
                   Err *e) MUST_USE;

#endif
