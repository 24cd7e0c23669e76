/* column: one formula over millions of rows. Part of the face of feel.
 *
 * Numbers are scaled int64 (12.50 at scale 2 is 1250), so sums and products are exact or seen to
 * overflow; a row whose numbers overflow is evaluated by feel_eval, and so is every row of a
 * formula that has no column form. The answers are the same to the digit either way: a test holds
 * random formulas against feel_eval.
 *
 *     FeelColumn cols[] = { { .name = S("得分"), .kind = FEEL_NUMBER, .scale = 1, .values = v } };
 *     FeelColumnPlan *p;
 *     if (!feel_column_plan(&p, a, x, cols, 1, FEEL_NUMBER, 2, &e)) ...
 *     FeelColumnOut out;
 *     if (!feel_column_run(&out, a, p, cols, rows, &e)) ...     // out.values[i] at scale 2
 *
 * What has a column form: columns and numbers, + - * and signs, comparisons, `between`, `in` with
 * constants, and, or, not(), if, null, abs, min and max of several, and the roundings. A division
 * has one only inside a rounding, decimal(a / b, 2), where 128 bits give its exact digits.
 *
 * Nouns of this face: feel_ */
#ifndef FEEL_COLUMN_H
#define FEEL_COLUMN_H

#include "feel/feel.h"

enum {
    FEEL_COLUMN_SCALE_MAX = 15,     /* digits after the point that a column can carry */
    FEEL_COLUMN_STEPS_MAX = 4096,   /* steps of one plan; a longer formula goes row by row */
    FEEL_COLUMN_ROW_WORK = 100000   /* steps of work for one row that goes the row path */
};

typedef struct FeelColumn {
    Str name;
    FeelKind kind;            /* FEEL_NUMBER or FEEL_BOOLEAN */
    int scale;                /* 0..FEEL_COLUMN_SCALE_MAX; 0 for booleans */
    const int64_t *values;    /* booleans: 0 or 1; not read by feel_column_plan */
    const uint8_t *nulls;     /* 1: null here; NULL: nowhere */
} FeelColumn;

typedef struct FeelColumnPlan FeelColumnPlan;

/* kind and scale are those of the answer. Never refuses a formula: one without a column form is
 * planned row by row, and feel_column_why says which part of it and why. */
bool feel_column_plan(FeelColumnPlan **out, Arena *a, const FeelExpr *x, const FeelColumn *cols,
                      size_t n, FeelKind kind, int scale, Err *e) MUST_USE;
/* Empty when the plan works on columns. */
Str feel_column_why(const FeelColumnPlan *p);

typedef enum FeelColumnState {
    FEEL_COLUMN_VALUE,        /* values[i] */
    FEEL_COLUMN_NULL,         /* null, or of another kind than asked for */
    FEEL_COLUMN_EXACT         /* a number that values[i] cannot hold at this scale: in `exact` */
} FeelColumnState;

typedef struct FeelColumnExact {
    size_t row;
    Dec value;
} FeelColumnExact;

typedef struct FeelColumnOut {
    int64_t *values;
    uint8_t *states;
    FeelColumnExact *exact;   /* in order of rows */
    size_t n_exact, cap_exact;
    size_t row_path;          /* rows that were evaluated one by one: for the report */
} FeelColumnOut;

/* cols: as planned, with values. False when memory is used up. A name with a point in it, "c.n",
 * is the member n of a context c. */
bool feel_column_run(FeelColumnOut *out, Arena *a, const FeelColumnPlan *p, const FeelColumn *cols,
                     size_t rows, Err *e) MUST_USE;

/* The same in parts, the rows from..to of each: parts that do not overlap may be worked on at once
 * by threads that have an arena and a copy of `out` each, whose exact and row_path are its own. */
bool feel_column_out(FeelColumnOut *out, Arena *a, size_t rows, Err *e) MUST_USE;
bool feel_column_run_rows(FeelColumnOut *out, Arena *a, const FeelColumnPlan *p,
                          const FeelColumn *cols, size_t from, size_t to, Err *e) MUST_USE;

/* Adds every row to its parent, all the way up, in one pass. Rows stand in preorder: a parent
 * before its children; the parent of a root is itself. False: no preorder, or a sum overflows. */
bool feel_column_roll_up(int64_t *values, const uint32_t *parents, size_t n, Err *e) MUST_USE;
/* Ranks within classes, the highest value first: 1, 1, 3. Rows that are not VALUE have rank 0.
 * states NULL: all are; classes NULL: one class. */
bool feel_column_rank(uint32_t *ranks, Arena *scratch, const int64_t *values,
                      const uint8_t *states, const uint32_t *classes, size_t n, Err *e) MUST_USE;

#endif
