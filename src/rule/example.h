/* example: the examples that stand beside the duties of packs are their tests. Part of the face of
 * rule. */
#ifndef RULE_EXAMPLE_H
#define RULE_EXAMPLE_H

#include "rule/duty.h"

typedef struct RuleExample {
    const Duty *duty;
    Str title;
    PackPlace place;
    DutyState want, got;
    bool ok;
    Str why;                  /* the sentence of what came out, or what is wrong with the example */
} RuleExample;

typedef struct RuleExamples {
    RuleExample *items;
    size_t n, wrong;
} RuleExamples;

/* Every example of every duty that is no draft. What a given does not say is null or empty. */
bool rule_examples(RuleExamples *out, Arena *a, const RuleSet *rules, Err *e) MUST_USE;

#endif
