/* firm_in: what the files of firmness share: one input that is worked out again and again. */
#ifndef SCORE_FIRM_IN_H
#define SCORE_FIRM_IN_H

#include "score/firm.h"
#include "score/score_in.h"

typedef struct Firm {
    ScoreRun r;               /* its arena is `spare` */
    ScoreResult result;       /* the run as it is; its values are worked out again in place */
    Arena *a;                 /* of what comes out */
    Arena *work;              /* the input laid out, tables; until the end */
    Arena *spare;             /* reset before every try */
    size_t n;
    size_t *klass;            /* number of each one's class */
    int64_t *keys;            /* rounded totals as they are, in units of the last place */
    size_t *order;            /* by class, then total, the best first, then id */
    uint16_t *flips;          /* [i * n + k]: 1 + the first weight that alone turns them round */
    uint8_t *votes;           /* [i * n + k]: how few votes make their spans meet */
    Str *weights;             /* titles of those that were moved */
    ScoreFirmness *out;
} Firm;

bool score_firm_votes(Firm *f, Err *e) MUST_USE;
/* The rounded total that the run holds now. */
bool score_firm_key(int64_t *out, const Firm *f, size_t i, Err *e) MUST_USE;
/* Could nothing be worked out because a change left no votes or no value? Not an error here. */
bool score_firm_void(const Err *e);
void score_firm_widen(ScoreSpan *s, ScoreSpan by);
bool score_firm_meet(ScoreSpan a, ScoreSpan b);

#endif
