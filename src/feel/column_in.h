/* column_in: what the files of the column path share: the steps of a plan and their kernels. */
#ifndef FEEL_COLUMN_IN_H
#define FEEL_COLUMN_IN_H

#include "feel/column.h"
#include "feel/feel_in.h"

enum { FEEL_BLOCK = 512 };   /* rows worked on at once */

typedef enum FeelStepKind {
    STEP_COLUMN,   /* k: which */
    STEP_CONST,    /* k; nulls when is_null */
    STEP_ADD, STEP_SUB, STEP_MUL, STEP_MIN, STEP_MAX,
    STEP_NEG, STEP_ABS,
    STEP_UP,       /* times k: a constant, or a power of ten */
    STEP_MORE,     /* a + b * k: the sums of weighted parts that schemes are made of */
    STEP_SUM,      /* a, if any, and k2 columns times their factors, terms from k on, at once */
    STEP_GONE,     /* its work is part of a sum */
    STEP_ROUND,    /* divided by k, a power of ten, rounded by how */
    STEP_DOWN,     /* divided by k exactly; what leaves a rest goes the row path */
    STEP_DIVIDE,   /* a * k / b, or a / (b * k2), rounded by how */
    STEP_COMPARE,  /* op */
    STEP_AND, STEP_OR, STEP_NOT,
    STEP_BOTH,     /* of two comparisons: null when either is */
    STEP_IF        /* a ? b : c */
} FeelStepKind;

typedef struct FeelStep {
    FeelStepKind kind;
    FeelToken op;
    DecRound how;
    int a, b, c;              /* steps before this one */
    int slot;                 /* where the answer lies; columns and constants have none: -1 */
    int scale;
    bool boolean, is_null;
    int64_t k, k2;
} FeelStep;

/* A column times a number, as part of a sum. */
typedef struct FeelTerm {
    int step;
    int32_t k;
} FeelTerm;

struct FeelColumnPlan {
    const FeelExpr *x;
    FeelKind kind;
    int scale;
    size_t n_cols;
    FeelStep *steps;
    size_t n_steps, cap_steps, n_slots;
    FeelTerm *terms;
    size_t n_terms;
    int last;                 /* the step that is the answer; -1: row by row */
    Str why;
};

/* The values of one step over one block; nulls NULL: none is. */
typedef struct FeelLane {
    const int64_t *v;
    const uint8_t *nulls;
} FeelLane;

/* Kernels: r never overlaps its inputs. Those that can overflow mark the row in bad and answer
 * whether any did. */
bool feel_lane_add(int64_t *r, const int64_t *a, const int64_t *b, size_t n, uint8_t *bad);
bool feel_lane_sub(int64_t *r, const int64_t *a, const int64_t *b, size_t n, uint8_t *bad);
bool feel_lane_mul(int64_t *r, const int64_t *a, const int64_t *b, size_t n, uint8_t *bad);
bool feel_lane_up(int64_t *r, const int64_t *a, int64_t k, size_t n, uint8_t *bad);
bool feel_lane_more(int64_t *r, const int64_t *a, const int64_t *b, int64_t k, size_t n,
                    uint8_t *bad);
/* The sum of all terms, and of a unless it is NULL. False, with nothing said about r: a number is
 * too large to do it at once. */
bool feel_lane_sum(int64_t *r, const int64_t *a, const FeelTerm *terms, size_t n_terms,
                   const FeelLane *lanes, size_t n);
bool feel_lane_down(int64_t *r, const int64_t *a, int64_t k, size_t n, uint8_t *bad);
bool feel_lane_round(int64_t *r, const int64_t *a, int64_t k, DecRound how, size_t n);
bool feel_lane_divide(int64_t *r, uint8_t *nulls, FeelLane a, FeelLane b, const FeelStep *s,
                      size_t n, uint8_t *bad);
bool feel_lane_negate(int64_t *r, const int64_t *a, bool only_negative, size_t n, uint8_t *bad);
void feel_lane_extreme(int64_t *r, const int64_t *a, const int64_t *b, bool most, size_t n);
void feel_lane_compare(int64_t *r, const int64_t *a, const int64_t *b, FeelToken op, size_t n);
void feel_lane_or_nulls(uint8_t *r, const uint8_t *a, const uint8_t *b, size_t n);
void feel_lane_choose(int64_t *r, uint8_t *nulls, FeelLane test, FeelLane yes, FeelLane no,
                      size_t n);

#endif
