/* duty_in: a duty between being read and being checked. */
#ifndef PACK_DUTY_IN_H
#define PACK_DUTY_IN_H

#include "pack/pack_in.h"

typedef struct ExemptBuild {
    Str reason;
    PackExpr when;
} ExemptBuild;

typedef struct ExampleBuild {
    DutyExample x;
    PackExpr given;
} ExampleBuild;

typedef struct DutyBuild {
    Duty d;
    PackWord thing, by, sum;
    PackOf of;
    PackExpr who, holds, due;
    bool has_every;
    size_t forces;         /* how often hard or soft is said */
    ExemptBuild *exempt;
    size_t n_exempt, cap_exempt;
    PackWord *parts;
    size_t n_parts, cap_parts;
    ExampleBuild *examples;
    size_t n_examples, cap_examples;
} DutyBuild;

#endif
