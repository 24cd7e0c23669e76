/* scheme: a way of turning ballots, parts and events into a score and a grade, as a pack says it.
 *
 * It refuses to know who is judged and what was counted (that is `score`), and it holds no choice
 * that an organiser makes anew each cycle: rounding, ties and quorum are ScoreChoices.
 *
 * Ownership: everything a Scheme points at lives in the arena given to the reader.
 *
 *     Scheme s;
 *     if (!pack_scheme_parse(&s, a, STRC("district.pack"), block_text, &e)) ...
 *     s.bands[0].title                                    // the best grade comes first
 *     pack_scheme_points(ins, group, item, option)        // what one mark counts there
 *
 * The block itself is described in SCHEME.md beside this file. */
#ifndef PACK_SCHEME_H
#define PACK_SCHEME_H

#include "decl/decl.h"
#include "feel/feel.h"

enum {
    SCHEME_BYTES_MAX = 64 << 10, /* canonical text of one scheme */
    SCHEME_INSTRUMENTS_MAX = 4,
    SCHEME_ITEMS_MAX = 40,       /* of one instrument */
    SCHEME_OPTIONS_MAX = 12,     /* of one instrument */
    SCHEME_REASONS_MAX = 20,     /* for which a paper is invalid */
    SCHEME_POINTS_MAX = 500,     /* points statements of one instrument */
    SCHEME_GROUPS_MAX = 12,
    SCHEME_PARTS_MAX = 60,
    SCHEME_EVENTS_MAX = 30,
    SCHEME_NODES_MAX = 60,
    SCHEME_TERMS_MAX = 60,       /* of one sum */
    SCHEME_BANDS_MAX = 12,
    SCHEME_PLACES_MAX = 60,      /* points by place */
    SCHEME_OBJECTS_MAX = 8,
    SCHEME_DROPS_MAX = 20,       /* marks left out at one end */
    SCHEME_EXAMPLES_MAX = 12,
    SCHEME_RULES_MAX = 40,       /* vetoes, and gates */
    SCHEME_USES_MAX = 120        /* values that one expression reads */
};

typedef struct SchemeName {      /* an item or a reason */
    Str name, title;
} SchemeName;

typedef struct SchemeOption {
    Str name, title;
    bool excluded;               /* counted among the papers, not in the score: 不了解 */
    Dec points;                  /* unless a points statement says otherwise; 0 when excluded */
} SchemeOption;

typedef enum SchemeForm {
    SCHEME_GRADES,               /* every item is marked with one option */
    SCHEME_MARKS,                /* every item gets a number */
    SCHEME_RANKING               /* a paper puts all debriefers into an order, 1 the best */
} SchemeForm;

/* What a voter fills in. */
typedef struct SchemeInstrument {
    Str name, title;
    SchemeForm form;
    Dec from, to;                /* of marks: both included, from >= 0 */
    int64_t drop_high, drop_low; /* of marks: how many of the highest and lowest are left out */
    int64_t drop_least;          /* ... when at least so many were given */
    Dec *places;                 /* of a ranking: points of 1st, 2nd ..., not rising */
    size_t n_places;             /* 0: Borda, the n-th of n gets 1, the first n */
    bool complete_all;           /* every cell of a valid paper is marked */
    SchemeName *items;
    size_t n_items;
    SchemeOption *options;
    size_t n_options;
    SchemeName *reasons;
    size_t n_reasons;
    Dec *points;                 /* [group][item][option]: pack_scheme_points */
    Dec *highest;                /* [group][item]: the best option's points, above 0 */
} SchemeInstrument;

typedef struct SchemeGroup {
    Str name, title;
    Dec weight;                  /* all of them sum to 1 */
    ptrdiff_t merge;             /* group that papers join when they are too few; -1: none */
} SchemeGroup;

typedef enum SchemeMissing {
    SCHEME_REFUSE,               /* no result without it */
    SCHEME_RENORMALISE,          /* left out of sums, the other weights scaled up */
    SCHEME_ZERO                  /* counts 0, and the sheet says so */
} SchemeMissing;

typedef struct SchemePart {
    Str name, title;
    Dec from, to;                /* both included */
    SchemeMissing missing;
} SchemePart;

typedef struct SchemeEvent {
    Str name, title;
    bool ranged;                 /* each one carries a value from..to; else it only happened */
    Dec from, to;
} SchemeEvent;

/* Names of values, as expressions spell them: review.score, review.leaders.score,
 * review.leaders.overall, the name of a part, of an event (its list) or of a node. */
typedef struct SchemeTerm {
    Str name;                    /* of a value that is one number */
    Dec weight;
} SchemeTerm;

typedef enum SchemeNodeKind {
    SCHEME_SUM,                  /* of terms with weights */
    SCHEME_VALUE,                /* an expression */
    SCHEME_PLACES,               /* points by the place of terms[0] in the class */
    SCHEME_FIRST                 /* points * terms[0] / the highest of the class */
} SchemeNodeKind;

typedef struct SchemeNode {
    Str name, title;
    SchemeNodeKind kind;
    Dec *points;                 /* by place, not rising; of SCHEME_FIRST one: the first one's */
    size_t n_points;
    Dec beyond;                  /* of SCHEME_PLACES: from place n_points + 1 on */
    FeelExpr *value;             /* of SCHEME_VALUE only */
    Str source;                  /* the expression, or the sum written as one */
    SchemeTerm *terms;           /* of a sum; of an expression the values it reads, weights 0 */
    size_t n_terms;
} SchemeNode;

typedef struct SchemeBand {
    Str name, title;
    Dec from, to;
    bool from_in, to_in;         /* closed ends */
    bool has_most;
    Dec most;                    /* share of debriefers in it at most; who is last falls further */
} SchemeBand;

/* A veto gives a grade at most; a gate bars a grade and all above it. */
typedef struct SchemeRule {
    Str name, title;
    FeelExpr *when;
    Str source;
    SchemeTerm *terms;           /* the values it reads */
    size_t n_terms;
    size_t band;                 /* given, or barred */
} SchemeRule;

/* Figures worked by hand beside the scheme: JSON texts that `score` reads. */
typedef struct SchemeExample {
    Str title;
    Str choices, given, want;
} SchemeExample;

typedef struct Scheme {
    Str name, title, cite;
    SchemeName *objects;         /* judged apart, never added up; none: any object */
    size_t n_objects;
    SchemeInstrument *instruments;
    size_t n_instruments;
    SchemeGroup *groups;
    size_t n_groups;
    SchemePart *parts;
    size_t n_parts;
    SchemeEvent *events;
    size_t n_events;
    SchemeNode *nodes;           /* in order of evaluation */
    size_t n_nodes;
    size_t total;                /* the node that bands and ranks read */
    SchemeBand *bands;           /* from the highest down, without gap or overlap; at least 2 */
    size_t n_bands;              /* bands[0] is the top grade */
    bool has_non_top, has_top_share;
    Dec non_top;                 /* least share of debriefers below the top grade, 0..1 */
    Dec top_share;               /* most share of debriefers in the top grade, 0..1 */
    SchemeRule *vetoes;
    size_t n_vetoes;
    SchemeRule *gates;
    size_t n_gates;
    bool committee;              /* only its decision, with a reason, makes a grade final */
    SchemeExample *examples;
    size_t n_examples;
    FeelExpr *class_of;          /* text: comparable class, from `org` and `debriefer`; or NULL */
    Str text;                    /* canonical, of the whole block; empty until sealed */
    Hash hash;                   /* SHA-256 of text */
} Scheme;

/* --- reading -------------------------------------------------------------------------------- */
/* The block that `head` (scheme NAME "{") opened, up to its "}". The caller then seals it with the
 * canonical text of the whole item, as the reader's DeclSource.canon holds it.
 * Errors: PACK_*, TOO_BIG, NO_MEMORY. */
bool pack_scheme_read(Scheme *out, Arena *a, DeclReader *r, const DeclItem *head,
                      Err *e) MUST_USE;
bool pack_scheme_seal(Scheme *s, Arena *a, Str canonical, Err *e) MUST_USE;
/* One scheme block alone, sealed: what a score bundle carries. */
bool pack_scheme_parse(Scheme *out, Arena *a, Str file, Str text, Err *e) MUST_USE;

/* --- looking up: -1 when there is none ------------------------------------------------------ */
ptrdiff_t pack_scheme_instrument(const Scheme *s, Str name);
ptrdiff_t pack_scheme_item(const SchemeInstrument *ins, Str name);
ptrdiff_t pack_scheme_option(const SchemeInstrument *ins, Str name);
ptrdiff_t pack_scheme_group(const Scheme *s, Str name);
ptrdiff_t pack_scheme_part(const Scheme *s, Str name);
ptrdiff_t pack_scheme_event(const Scheme *s, Str name);
ptrdiff_t pack_scheme_node(const Scheme *s, Str name);
ptrdiff_t pack_scheme_band(const Scheme *s, Str name);
ptrdiff_t pack_scheme_object(const Scheme *s, Str name);
/* The band a rounded total falls into; -1 below and above them all. */
ptrdiff_t pack_scheme_grade(const Scheme *s, Dec total);
Dec pack_scheme_points(const SchemeInstrument *ins, size_t group, size_t item, size_t option);
Dec pack_scheme_highest(const SchemeInstrument *ins, size_t group, size_t item);
const char *pack_scheme_missing_name(SchemeMissing m); /* refuse, renormalise, zero */

#endif
