/* tests: an expression seen as plain tests of names against constants, so that a caller can run it
 * over many records without building values for names it does not ask for. Part of the face of
 * feel.
 *
 * Only what gives the very answer that feel_eval gives is taken apart: and, or, not(), comparisons,
 * `in`, `between`, a name that is true. Everything else is refused as not plain and is evaluated.
 *
 *     FeelTest *t;
 *     if (feel_tests(&t, a, x, find, arg)) ...      // slots as find gave them
 *     int held = feel_tests_hold(t, read, arg);      // 1 true, 0 false, -1 null
 *
 * Nouns of this face: feel_ */
#ifndef FEEL_TESTS_H
#define FEEL_TESTS_H

#include "feel/feel.h"

enum { FEEL_TESTS_DEPTH_MAX = 64 };

typedef enum FeelTestKind {
    FEEL_TEST_AND, FEEL_TEST_OR, FEEL_TEST_NOT,      /* of kids */
    FEEL_TEST_EQ, FEEL_TEST_NE, FEEL_TEST_LT, FEEL_TEST_LE, FEEL_TEST_GT, FEEL_TEST_GE,
    FEEL_TEST_AMONG,                                 /* left equals one of items */
    FEEL_TEST_IS                                     /* left itself, which should be a boolean */
} FeelTestKind;

typedef struct FeelTerm {
    int slot;                 /* < 0: the constant `value` */
    FeelValue value;
} FeelTerm;

typedef struct FeelTest FeelTest;
struct FeelTest {
    FeelTestKind kind;
    FeelTerm left, right;
    const FeelValue *items;   /* of FEEL_TEST_AMONG */
    size_t n_items;
    const FeelTest **kids;
    size_t n;
};

/* The slot of a path such as org.kind, or -1: then the expression is not plain. A slot stands for a
 * list or a context only when `null_only` says that it is asked for null and nothing else. */
typedef int (*FeelFind)(void *arg, Str path, bool null_only);
/* False: not plain (or no memory). */
bool feel_tests(FeelTest **out, Arena *a, const FeelExpr *x, FeelFind find, void *arg);

typedef bool (*FeelRead)(void *arg, int slot, FeelValue *out);   /* false: cannot be read */
/* 1 true, 0 false, -1 neither, -2 a slot could not be read. */
int feel_tests_hold(const FeelTest *t, FeelRead read, void *arg);

#endif
