/* dmn: decision models of OMG DMN 1.1 to 1.5: reads their XML, evaluates decisions, knowledge
 * models and decision services, checks decision tables for gaps and overlaps, runs conformance
 * cases.
 *
 * It refuses to know files and clocks: texts are given, and the moment comes in the FeelRun.
 *
 *     DmnSource src[] = { { STRC("rate.dmn"), text } };
 *     const DmnModel *m;
 *     if (!dmn_read(&m, a, src, 1, &e)) ...            // no XML, a broken reference, a circle
 *     DmnRun *r;
 *     FeelRun run = feel_run(a, moment);
 *     if (!dmn_run(&r, a, m, inputs, &run, &e)) ...
 *     if (!dmn_eval(&v, r, STRC("Rate"), &e)) ...      // no such decision; work or memory used up
 *
 * As in FEEL, what goes wrong inside a decision is null with a diagnostic in run.diags, whose
 * `where` names decision, rule and clause. An expression that cannot be read does not stop the
 * model from being read: it is null with that diagnostic, and dmn_fault lists it beforehand.
 *
 * Ownership: the model lives in its arena and keeps pointing into the texts given; it is not
 * changed by runs, so several may use it at once.
 *
 * Nouns of this face: dmn_ */
#ifndef DMN_H
#define DMN_H

#include "feel/feel.h"

enum {
    DMN_BYTES_MAX = 16 << 20,    /* bytes of one file */
    DMN_DEPTH_MAX = 100,         /* nesting of XML elements */
    DMN_NODES_MAX = 400000,      /* XML elements kept of one file */
    DMN_FILES_MAX = 200,         /* files offered for imports */
    DMN_ELEMENTS_MAX = 20000,    /* inputs, decisions, knowledge models and services */
    DMN_RULES_MAX = 10000,       /* rules of one table */
    DMN_CLAUSES_MAX = 200,       /* inputs or outputs of one table */
    DMN_FAULTS_MAX = 1000,       /* expressions that cannot be read, listed */
    DMN_CELLS_MAX = 2000000,     /* combinations that a check of a table visits */
    DMN_FINDINGS_MAX = 100       /* gaps and overlaps listed */
};

typedef struct DmnModel DmnModel;

typedef struct DmnSource {
    Str file;                    /* for messages */
    Str text;
} DmnSource;

/* sources[0] is the model; the others are there to be imported by their namespace. Errors:
 * DMN_XML, DMN_DTD, DMN_SPACE, DMN_SHAPE, DMN_REF, DMN_TYPE, DMN_CIRCLE, DMN_IMPORT, TOO_BIG. */
bool dmn_read(const DmnModel **out, Arena *a, const DmnSource *sources, size_t n, Err *e) MUST_USE;

typedef enum DmnKind { DMN_INPUT, DMN_DECISION, DMN_KNOWLEDGE, DMN_SERVICE } DmnKind;

typedef struct DmnItem {
    DmnKind kind;
    Str name;                    /* of an imported one with its alias: Model B.Rate */
    const FeelType *type;        /* NULL: Any */
    uint32_t line;
    bool imported, has_table;    /* its logic is one decision table */
} DmnItem;

bool dmn_item(DmnItem *out, Arena *a, const DmnModel *m, size_t i); /* false after the last */
const Err *dmn_fault(const DmnModel *m, size_t i);                  /* NULL after the last */

/* --- evaluating ----------------------------------------------------------------------------- */
typedef struct DmnRun DmnRun;

/* inputs: a context of input data by name, those of imported models by their own name or inside
 * a context of the alias. A value is coerced to the input's type; text is read as the type asks. */
bool dmn_run(DmnRun **out, Arena *a, const DmnModel *m, FeelValue inputs, FeelRun *run,
             Err *e) MUST_USE;
/* A decision: each is evaluated once in a run. A service or knowledge model: called with the
 * inputs of its parameters' names. DMN_NONE when there is nothing of that name. */
bool dmn_eval(FeelValue *out, DmnRun *r, Str name, Err *e) MUST_USE;

/* From here on the run leaves the steps of every evaluation below the node answered, in order;
 * NULL: no memory. */
const FeelTrace *dmn_explain(DmnRun *r);

/* --- checking a table ----------------------------------------------------------------------- */
typedef struct DmnFinding {
    bool gap;                    /* no rule matches; else two rules match that should not */
    size_t first, second;        /* rules of an overlap, from 1 */
    const FeelValue *inputs;     /* values that fall in, one for each input clause */
    size_t n_inputs;
} DmnFinding;

/* Every combination of inputs that the table's tests can tell apart is tried. Gaps count unless
 * outputs have defaults or the policy is COLLECT; overlaps count for UNIQUE, and for ANY when the
 * outputs differ. DMN_CHECK says why a table cannot be checked. */
bool dmn_check(DmnFinding **out, size_t *n, Arena *a, const DmnModel *m, Str decision,
               Err *e) MUST_USE;
/* input = 12, other = "x" */
Str dmn_finding_print(Arena *a, const DmnModel *m, Str decision, const DmnFinding *f);

/* --- conformance cases ---------------------------------------------------------------------- */
typedef struct DmnCase {
    Str id;
    Str result;                  /* the name of the result node that failed; empty: all passed */
    Str want, got;
    Str why;                     /* diagnostics */
    bool passed;
    bool foreign;                /* its model asks for Java or PMML: it does not count */
} DmnCase;

/* Runs the cases of one file of the Technology Compatibility Kit against the model that it names,
 * which `sources` must hold as sources[0]. dmn_cases_model tells that file's name. */
bool dmn_cases_model(Str *out, Arena *a, Str file, Str text, Err *e) MUST_USE;
bool dmn_cases(DmnCase **out, size_t *n, Arena *a, Str file, Str text, const DmnSource *sources,
               size_t n_sources, Err *e) MUST_USE;

#endif
