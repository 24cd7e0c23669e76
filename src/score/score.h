/* score: from a scheme, the organiser's choices and what was counted to scores, grades and ranks,
 * with every step on the way, so that anyone can recompute them.
 *
 * It refuses to know where the figures came from (each carries the id of its fact), names of
 * people, the clock and chance: a lot is a seed passed in. One run judges one object of one cycle.
 *
 * Ownership: results live in the arena given and point into scheme, choices and input, which must
 * outlive them.
 *
 *     ScoreChoices choices;
 *     ScoreResult result;
 *     if (!score_choices_read(&choices, a, json, &e)) ...
 *     if (!score_run(&result, a, &scheme, &choices, &input, &e)) ... // does not hold together
 *     if (result.status == SCORE_DONE)
 *         scheme.bands[result.debriefers[0].final].title               // 好
 *
 * Nothing depends on the order of debriefers, boxes, cells or events in the input: results are in
 * order of debriefer id.
 *
 * Arithmetic: decimal128 throughout. A group's score is 100 * sum(n * points) / sum(n * highest),
 * over all items and all options that are not excluded, where highest is the points of the best
 * option there: 100 means that every voter gave the best mark. Before a value is rounded to the
 * sheet's places it is rounded half-even to SCORE_GUARD places, so that a third taken three times
 * is one. Every conclusion (bands, vetoes, gates, quota, ties, ranks) reads rounded values only.
 *
 * Nouns of this face: score_ */
#ifndef SCORE_SCORE_H
#define SCORE_SCORE_H

#include "base/base.h"
#include "pack/scheme.h"

enum {
    SCORE_PLACES_MAX = 4,
    SCORE_GUARD = 24,             /* decimal places that a rounding looks at */
    SCORE_DEBRIEFERS_MAX = 500,
    SCORE_BOXES_MAX = 50,
    SCORE_CELLS_MAX = 20000,      /* of one box */
    SCORE_EVENTS_MAX = 200,       /* of one debriefer */
    SCORE_DECISIONS_MAX = 200,
    SCORE_PAPERS_MAX = 10000000,  /* in one box */
    SCORE_SEED_MAX = 64,          /* bytes */
    SCORE_WHY_DEPTH_MAX = 24,     /* nodes below nodes; deeper ones say more: true, ask for them */
    SCORE_WHY_NODES_MAX = 5000,
    SCORE_BUNDLE_MAX = 1000 << 10, /* bytes: a bundle is a field of one fact */
    SCORE_MEMORY_MAX = 256 << 20  /* bytes that checking a bundle may take */
};

/* --- what the organiser chooses before voting opens ----------------------------------------- */
typedef enum ScoreTies { SCORE_SHARE, SCORE_MEASURE, SCORE_COMMITTEE, SCORE_LOT } ScoreTies;
typedef enum ScoreFailure { SCORE_REVOTE, SCORE_DECIDE } ScoreFailure;

typedef struct ScoreChoices {
    DecRound mode;                /* HALF_UP, HALF_EVEN or DOWN */
    int places;                   /* 0..SCORE_PLACES_MAX, of every printed value */
    Str *rounded;                 /* nodes whose rounded value goes on into the nodes after them */
    size_t n_rounded;
    DecRound quota;               /* share * n: UP, HALF_UP (to the nearest) or DOWN */
    ScoreTies ties;
    Str measure;                  /* of SCORE_MEASURE: the node compared next; what still ties,
                                     shares */
    Dec returned, valid;          /* least returned/issued and valid/returned, 0..1 */
    bool per_group;               /* quorum of each box, or of all together */
    ScoreFailure on_failure;      /* vote again, or the committee decides */
} ScoreChoices;

/* {"rounding":{"mode":"half_up|half_even|down","places":2,"nodes":["ballot"],
 *              "quota":"up|nearest|down"},
 *  "ties":{"rule":"share|measure|committee|lot","measure":"ballot"},
 *  "quorum":{"returned":"0.8","valid":"0.9","scope":"per_group|whole",
 *            "on_failure":"revote|committee"}}
 * All of it is mandatory (measure only with its rule), nothing has a default. Names are checked
 * against a scheme by score_choices_check. */
extern const Shape score_choices_shape; /* for the route table: what it describes is read so */
bool score_choices_read(ScoreChoices *out, Arena *a, const json_t *v, Err *e) MUST_USE;
bool score_choices_check(const ScoreChoices *c, const Scheme *s, Err *e) MUST_USE;
void score_choices_write(Jw *w, const ScoreChoices *c);

/* --- what was counted and recorded ---------------------------------------------------------- */
typedef struct ScorePart {
    Str name;
    ShapeDec value;               /* not given: missing, and the fact says so */
    int64_t fact;
} ScorePart;

typedef struct ScoreEvent {
    Str name;
    ShapeDec value;               /* only of an event with a range */
    int64_t fact;
} ScoreEvent;

typedef struct ScoreOverride {
    Str grade, reason;            /* grade empty: none */
    int64_t fact;
} ScoreOverride;

typedef struct ScoreDebriefer {
    int64_t id;
    Str klass;                    /* comparable class; may be empty */
    ShapeList parts;              /* of ScorePart; a part without an entry is missing */
    ShapeList events;             /* of ScoreEvent */
    ScoreOverride override;
} ScoreDebriefer;

typedef struct ScoreCell {
    int64_t debriefer;
    Str item, option;             /* of marks and rankings the option is the number: "87.5" */
    int64_t n;                    /* marks; a cell without an entry holds 0 */
} ScoreCell;

typedef struct ScoreInvalid {
    Str reason;
    int64_t n;
} ScoreInvalid;

/* The papers of one voter group, or of several counted together. Every group of the scheme stands
 * in exactly one box of each instrument. */
typedef struct ScoreBox {
    Str instrument;               /* may be empty when the scheme has one */
    ShapeList groups;             /* of Str */
    int64_t issued, returned, valid;
    int64_t electronic;           /* of the valid ones; a debriefer who votes electronically sends
                                     no ballot about himself, so a cell may lack up to so many */
    ShapeList invalid;            /* of ScoreInvalid: sums to returned - valid */
    ShapeList cells;              /* of ScoreCell */
    int64_t fact;
} ScoreBox;

typedef struct ScoreDecision {    /* the committee on a tie, or on a quorum that failed */
    ShapeList order;              /* of int64_t: debriefers, the better one first */
    Str reason;
    int64_t fact;
} ScoreDecision;

typedef struct ScoreInput {
    Str object;                   /* carried into the bundle */
    ShapeList debriefers;         /* of ScoreDebriefer */
    ShapeList boxes;              /* of ScoreBox */
    ShapeList ties;               /* of ScoreDecision; the latest fact that orders a tie counts */
    ShapeList accepts;            /* of ScoreDecision, order empty: the ballot stands although its
                                     quorum failed; read when the choice is SCORE_DECIDE */
    Str lot_seed;                 /* of SCORE_LOT: the smaller SHA-256(seed, id in decimal digits)
                                     comes first; empty: not drawn yet */
} ScoreInput;

/* --- what comes out ------------------------------------------------------------------------- */
typedef enum ScoreStatus {
    SCORE_DONE,
    SCORE_UNDECIDED,              /* complete but for what the committee or a lot must decide */
    SCORE_REFUSED                 /* a quorum failed or a part must not be missing: no scores */
} ScoreStatus;

typedef enum ScoreKind { SCORE_ITEM, SCORE_GROUP, SCORE_BALLOT, SCORE_PART, SCORE_NODE } ScoreKind;

/* A value that every debriefer has: name as in the scheme's expressions. */
typedef struct ScoreDef {
    ScoreKind kind;
    Str name, title, formula;     /* formula empty for a part */
    const SchemeTerm *inputs;     /* values and events it reads, with weights in sums */
    size_t n_inputs;
    bool sum;                     /* a weighted sum of its inputs */
    bool rounded;                 /* goes on rounded */
} ScoreDef;

typedef struct ScoreValue {       /* beside ScoreDef of the same index */
    bool given;                   /* false: a missing part that is renormalised away */
    Dec exact;                    /* to 34 digits */
    Dec value;                    /* rounded as printed, with its scale: 90.00 */
} ScoreValue;

typedef enum ScoreStepKind {
    SCORE_BAND, SCORE_VETO, SCORE_GATE, SCORE_NON_TOP, SCORE_TOP_SHARE, SCORE_OVERRIDE,
    SCORE_BAND_SHARE              /* the cap on a grade below the top */
} ScoreStepKind;

/* One step from the total to the final grade. */
typedef struct ScoreStep {
    ScoreStepKind kind;
    Str name, title;              /* of the rule; title of an override is its reason */
    size_t grade;                 /* index into scheme->bands after it */
    bool unjudged;                /* a rule whose condition has no value, for want of a part: it
                                     changed nothing and the committee must look at it */
    int64_t fact;                 /* of an override */
} ScoreStep;

typedef struct ScoreScored {
    int64_t id;
    Str klass;
    const ScoreDebriefer *input;
    ScoreValue *values;           /* result->n_defs of them */
    ptrdiff_t *missing;           /* indices into scheme->parts: what was done is the part's rule */
    size_t n_missing;
    ScoreStep *steps;             /* those that fired, the band first */
    size_t n_steps;
    size_t computed;              /* by its band alone */
    size_t proposed;              /* after vetoes, gates and quota */
    size_t final;                 /* after the committee */
    size_t rank, class_size;      /* 1 is best; tied ones share */
    bool undecided;               /* takes part in a tie that is not broken yet, or the scheme
                                     leaves the grade to the committee, which is silent */
} ScoreScored;

typedef struct ScoreQuorum {
    const ScoreBox *box;          /* NULL: all boxes of the instrument */
    Str groups;                   /* their titles, for messages */
    int64_t issued, returned, valid;
    bool returned_ok, valid_ok;
} ScoreQuorum;

typedef struct ScoreAbsent {      /* a part without which there is no result */
    int64_t debriefer;
    size_t part;
} ScoreAbsent;

typedef struct ScoreQuota {
    size_t n, top;                /* debriefers; of these in the top grade before it */
    size_t non_top_need;          /* at least that many below the top */
    size_t top_most;              /* at most that many in it; n when there is no cap */
    size_t fallen;                /* how many it took out of the top */
    size_t top_final;             /* in the top after the committee's overrides */
    bool held_final;              /* do the final grades keep both shares? */
} ScoreQuota;

typedef struct ScoreTie {
    bool quota;                   /* at the edge of the quota; else in the ranks of one class */
    Str klass;
    int64_t *ids;
    size_t n_ids;
} ScoreTie;

typedef struct ScoreResult {
    ScoreStatus status;
    ScoreDef *defs;               /* items, groups, ballots, parts, nodes */
    size_t n_defs;
    ScoreScored *debriefers;      /* by id; their values, steps and grades only unless refused */
    size_t n_debriefers;
    ScoreQuorum *quorum;
    size_t n_quorum;
    const ScoreDecision *accepted; /* the decision that lets a failed quorum stand, or NULL */
    ScoreAbsent *absent;
    size_t n_absent;
    ScoreQuota quota;
    ScoreTie *ties;               /* not broken yet */
    size_t n_ties;
} ScoreResult;

/* Errors: SCORE_* (the input does not hold together: which cell, part or group), FEEL_WORK. */
bool score_run(ScoreResult *out, Arena *a, const Scheme *s, const ScoreChoices *c,
               const ScoreInput *in, Err *e) MUST_USE;
/* Do issued, returned and valid reach what was chosen? For a look before the count is closed. */
void score_quorum_judge(ScoreQuorum *q, const ScoreChoices *c);
Dec score_round(Dec d, int places, DecRound how); /* through SCORE_GUARD places */

/* Which groups are counted together when papers are few? of[g] becomes the smallest group that
 * is counted together with g. A group with fewer valid papers than the floor joins its merge
 * target, and so on until every heap reaches the floor or has nowhere to go: refused then. */
bool score_merge(size_t *of, const Scheme *s, const int64_t *valid, int64_t floor,
                 Err *e) MUST_USE;

/* --- the bundle: all it takes to recompute a result ----------------------------------------- */
/* Runs, and writes one canonical JSON object: format, scheme (name, hash, canonical text), choices,
 * inputs with fact ids, definitions, every value and every step. The same input gives the same
 * bytes; a refused or undecided run gives a bundle too. */
bool score_bundle_write(Jw *w, Arena *a, const Scheme *s, const ScoreChoices *c,
                        const ScoreInput *in, Err *e) MUST_USE;
/* Recomputes it from its own inputs and names the first difference (SCORE_DIFFERS). scheme NULL:
 * the one it carries; else the bundle must carry that very scheme (SCORE_SCHEME). */
bool score_bundle_verify(const json_t *bundle, const Scheme *scheme, Err *e) MUST_USE;
/* Reads back what a bundle was made of, to run it again or with changes. The input's text points
 * into the bundle. */
bool score_bundle_read(Scheme *scheme, ScoreChoices *choices, ScoreInput *in, Arena *a,
                       const json_t *bundle, Err *e) MUST_USE;

/* Does the scheme give what its example says, every named value of every named debriefer, and does
 * the bundle of it, written into an empty buffer, verify?
 * {"101":{"total":"91.63","grade":"good","rank":1}}; SCORE_DIFFERS. */
bool score_example_holds(Buf *bundle, Arena *a, const Scheme *s, const SchemeExample *x,
                         Err *e) MUST_USE;

/* Where a value comes from, as a tree of
 *   {name, title, kind, value, exact, formula, rounding, weight?, missing?, fact?, inputs:[...]}
 * down to counts and recorded values with the fact each stands in. `node` is a value's name, or
 * "grade": the steps from the total to the final grade. Errors: NOT_FOUND, SCORE_BUNDLE. */
bool score_why(Jw *w, Arena *a, const json_t *bundle, int64_t debriefer, Str node,
               Err *e) MUST_USE;

#endif
