/* assess: what the files about assessment, results and letters share; nobody else includes it.
 *
 * A result is one fact with a bundle for each rated object: all it takes to work it out again. Its
 * chain of facts is its life: computed, computed again, approved, published, superseded. */
#ifndef WORK_ASSESS_H
#define WORK_ASSESS_H

#include "score/score.h"
#include "work/areas.h"

#define ASSESS_CLERKS (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))
#define ASSESS_JUDGES (ASSESS_CLERKS | ROLE_BIT(ROLE_COMMITTEE))

/* --- assess.c: the cycle, its people, what is known of them --------------------------------- */
typedef struct AssessPerson {
    Fact fact;                 /* the debriefer */
    Str name, org_name;
} AssessPerson;

typedef struct Assess {
    Fact cycle;
    const Scheme *scheme;
    ScoreChoices choices;
    bool chosen;               /* have the choices been made? */
    Str *objects;
    size_t n_objects;
    AssessPerson *people;      /* those who have not withdrawn, by id */
    size_t n_people;
} Assess;

bool work_assess_open(Assess *out, Call *c, int64_t cycle, Err *e) MUST_USE;
/* NULL when he is not among them. */
const AssessPerson *work_assess_person(const Assess *as, int64_t debriefer);
/* An error of scoring that names a debriefer by id names him; false. */
bool work_assess_name_error(const AssessPerson *people, size_t n, Err *e);
/* The newest fact on a part; of the object itself before one for all objects. NULL: none. */
const Fact *work_assess_part(Call *c, const FactList *inputs, Str part, Str object);
/* Does a fact about all objects (no field `object`) or about this one count here? */
bool work_assess_about(Call *c, const Fact *f, Str object);

typedef struct AssessRun {
    Str object;
    ScoreInput in;
    ScoreResult result;
} AssessRun;

/* Every object once. Messages that name a debriefer by id name him by name. */
bool work_assess_run(AssessRun **out, Call *c, const Assess *as, Err *e) MUST_USE;
/* {object: bundle} as JSON (json_decref it) and as canonical text, which may be NULL. */
bool work_assess_bundles(json_t **out, Str *canon, Call *c, const Assess *as,
                         const AssessRun *runs, Err *e) MUST_USE;

/* --- assess_decide.c ------------------------------------------------------------------------ */
/* Inputs are open until the grades are approved, and again once a result was superseded. */
bool work_assess_is_open(Call *c, const Fact *cycle, Err *e) MUST_USE;

/* --- result.c: the chain of results --------------------------------------------------------- */
/* All versions, oldest first; RESULT_NONE when there is none. */
bool work_result_all(FactList *out, Call *c, int64_t cycle, Err *e) MUST_USE;
/* number 0: the newest. */
bool work_result_find(Fact *out, Call *c, int64_t cycle, int64_t number, Err *e) MUST_USE;
const char *work_result_state(const Fact *f);  /* computed approved published superseded */
Str work_result_state_title(const Fact *f);
/* Works an existing, unapproved result out again after a decision; nothing when there is none. */
bool work_result_refresh(Call *c, int64_t cycle, Err *e) MUST_USE;
/* What a run says of each object: done, or what is missing and undecided, with names. */
extern const Shape work_run_shape;
void work_put_runs(Call *c, const Assess *as, const AssessRun *runs, Jw *out);
bool work_result_stale(bool *out, Call *c, const Fact *result, Err *e) MUST_USE;

/* What stands in a result, read back from its bundles and run again. */
typedef struct ResultObject {
    Str object, title;
    const json_t *bundle;
    Scheme scheme;
    ScoreChoices choices;
    ScoreInput in;
    ScoreResult result;
} ResultObject;

typedef struct ResultBook {
    Fact fact;
    json_t *body;              /* everything below points into it */
    ResultObject *objects;
    size_t n_objects;
} ResultBook;

bool work_result_open(ResultBook *out, Call *c, const Fact *result, Err *e) MUST_USE;
void work_result_close(ResultBook *b);
const ScoreScored *work_result_of(const ResultObject *o, int64_t debriefer); /* NULL: none */
/* Name of a debriefer, and of his organisation (NULL: not wanted). */
bool work_debriefer_named(Str *name, Str *org_name, Call *c, int64_t debriefer, Err *e) MUST_USE;

/* --- result_words.c: what the sheet says in plain words ------------------------------------- */
Str work_result_choices(Call *c, const ResultObject *o, size_t line);  /* empty after the last */
Str work_result_quota(Call *c, const ResultObject *o);
/* Is the k-th value a column? Items are left to the why; groups counted together stand once. */
bool work_result_shown(const ResultObject *o, size_t k);
Str work_result_class(Call *c, Str klass);
Str work_result_step(Call *c, const ResultObject *o, const ScoreStep *s);
Str work_percent(Arena *a, Dec share);                                 /* 0.15 -> 15% */

/* --- closing -------------------------------------------------------------------------------- */
/* Findings of a cycle that are neither closed out nor rechecked. */
bool work_findings_open(FactList *out, Call *c, int64_t cycle, Err *e) MUST_USE;

#endif
