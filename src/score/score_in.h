/* score_in: what the files of score share and nobody else sees: a run while it goes on. */
#ifndef SCORE_SCORE_IN_H
#define SCORE_SCORE_IN_H

#include "score/score.h"

/* How many gave one mark, or one place. */
typedef struct ScoreGiven {
    Dec value;
    Dec points;
    int64_t n;
} ScoreGiven;

typedef struct ScoreRow {
    const ScoreGiven *given;      /* the highest value first */
    size_t n;
} ScoreRow;

/* A box with its counts laid out; a run sorts boxes by instrument and first group. */
typedef struct ScoreHeap {
    const ScoreBox *in;
    size_t instrument;
    bool has[SCHEME_GROUPS_MAX];
    size_t first;                 /* the first of its groups in the scheme */
    Dec weight;                   /* of all its groups together */
    Str title;                    /* of its groups, for people */
    int64_t *marks;               /* [debriefer][item][option]; of grades */
    ScoreRow *rows;               /* [debriefer][item]; of marks and rankings */
} ScoreHeap;

typedef struct ScoreRun {
    Arena *a;
    const Scheme *s;
    const ScoreChoices *c;
    const ScoreInput *in;
    const ScoreDebriefer **people; /* by id */
    const ScoreEvent **events;     /* of each of them, by fact */
    size_t *n_events;
    size_t n_people;
    ScoreHeap *heaps;
    size_t n_heaps;
    size_t *heap_of;               /* [instrument][group] */
    const ScoreDecision **ties, **accepts; /* by fact, the latest first */
    ScoreResult *out;
} ScoreRun;

/* Sorts and lays out the input, or refuses it. */
bool score_input_read(ScoreRun *r, Err *e) MUST_USE;
/* What every debriefer will have values of, and where in that list things stand. */
bool score_defs_make(ScoreRun *r, Err *e) MUST_USE;
size_t score_def_item(const ScoreRun *r, size_t instrument, size_t group, size_t item);
size_t score_def_group(const ScoreRun *r, size_t instrument, size_t group);
size_t score_def_ballot(const ScoreRun *r, size_t instrument);
size_t score_def_part(const ScoreRun *r, size_t part);
size_t score_def_node(const ScoreRun *r, size_t node);
ptrdiff_t score_def_named(const ScoreRun *r, Str name); /* -1: none */
int64_t score_marks(const ScoreRun *r, const ScoreHeap *h, size_t person, size_t item,
                    size_t option);
/* Marks and places given to one debriefer. */
const ScoreRow *score_row(const ScoreRun *r, const ScoreHeap *h, size_t person, size_t item);
/* The same without the highest and lowest that the scheme leaves out: n of the k-th. */
int64_t score_row_counted(const SchemeInstrument *ins, const ScoreRow *row, size_t k);
/* The point of a scale where every voter gave the best mark. */
Dec score_best(const ScoreRun *r, const ScoreHeap *h, size_t item);
bool score_rows_read(ScoreHeap *h, ScoreRun *r, Err *e) MUST_USE;
ptrdiff_t score_person(const ScoreRun *r, int64_t id); /* -1: none */
bool score_unknown(const char *what, Str name, Str where, Err *e);
bool score_twice(const char *what, Str name, Str where, Err *e);
/* The inputs of a bundle, or of an example, as JSON. */
bool score_inputs_read(ScoreInput *out, Arena *a, const Scheme *s, const json_t *v,
                       Err *e) MUST_USE;
const ScorePart *score_part_of(const ScoreDebriefer *d, Str name); /* NULL: no entry */
/* All values of all debriefers. */
bool score_values_make(ScoreRun *r, Err *e) MUST_USE;
/* Of one of them again: ballots and parts; and all nodes but those that compare him with others. */
bool score_inputs_of(ScoreRun *r, size_t i, Err *e) MUST_USE;
bool score_values_of(ScoreRun *r, size_t i, Err *e) MUST_USE;
/* The nodes of all again. */
bool score_nodes_make(ScoreRun *r, Err *e) MUST_USE;
/* His place in his class by a value, and the highest value there. */
size_t score_place(const ScoreRun *r, size_t i, size_t def);
Dec score_first(const ScoreRun *r, size_t i, size_t def);
/* Does the condition hold on the rounded values of the i-th debriefer? 1, 0, or -1: no answer. */
bool score_rule_holds(int *out, ScoreRun *r, size_t i, const SchemeRule *rule, Err *e) MUST_USE;
/* Grades, quota, ranks, overrides of all. */
bool score_grades_make(ScoreRun *r, Err *e) MUST_USE;
bool score_start(ScoreRun *r, Arena *a, const Scheme *s, const ScoreChoices *c,
                 const ScoreInput *in, ScoreResult *out, Err *e) MUST_USE;
bool score_no_memory(Err *e);                           /* false */

/* The words that JSON and enums share. */
const char *score_status_name(ScoreStatus s);
const char *score_kind_name(ScoreKind k);
const char *score_step_name(ScoreStepKind k);
const char *score_mode_name(DecRound m);

#define SCORE_LIST(T, list) ((const T *)(list).items)

#endif
