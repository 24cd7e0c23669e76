/* dmn_in: what the files of dmn share and nobody else sees: XML as a tree, the model, a run. */
#ifndef DMN_IN_H
#define DMN_IN_H

#include "dmn/dmn.h"

/* --- XML ------------------------------------------------------------------------------------ */
typedef struct DmnAttr {
    Str name, value;      /* without a namespace, but for xsi:type and xsi:nil */
} DmnAttr;

/* Only elements of the wanted namespaces are kept: extensions and drawings are passed over. */
typedef struct DmnXml DmnXml;
struct DmnXml {
    Str tag;              /* local name */
    Str text;             /* of the element itself, as it stands */
    uint32_t line;
    DmnAttr *attrs;
    size_t n_attrs, cap_attrs;
    DmnXml *first, *last, *next;
};

typedef struct DmnPrefix {
    Str prefix, uri;
} DmnPrefix;

typedef struct DmnDoc {
    Str file;
    DmnXml *root;
    Str uri;              /* namespace of the root */
    DmnPrefix *prefixes;
    size_t n_prefixes, cap_prefixes;
} DmnDoc;

/* wanted: NULL-terminated; an element counts when its namespace is one of them. */
bool dmn_xml_read(DmnDoc *out, Arena *a, Str file, Str text, const char *const *wanted,
                  Err *e) MUST_USE;
Str dmn_xml_attr(const DmnXml *x, const char *name);                   /* "" when absent */
const DmnXml *dmn_xml_kid(const DmnXml *x, const char *tag);           /* the first, or NULL */
const DmnXml *dmn_xml_next(const DmnXml *x, const char *tag);          /* the next one like it */
Str dmn_xml_text(const DmnXml *x, const char *tag);                    /* trimmed text of a kid */

/* --- the model ------------------------------------------------------------------------------ */
typedef struct DmnHome DmnHome;
typedef struct DmnElement DmnElement;
typedef struct DmnTable DmnTable;

typedef struct DmnImport {
    Str name, uri;
    const DmnHome *home;
} DmnImport;

/* One file: the model itself or one that it imports. */
struct DmnHome {
    DmnDoc doc;
    Str uri;                   /* its own namespace */
    DmnImport *imports;
    size_t n_imports;
    FeelTypeMember *types;     /* its item definitions; behind them those of imports: alias.name */
    size_t n_types, n_own;
    int state;                 /* 0 not begun, 1 its imports are being read, 2 read */
};

struct DmnElement {
    DmnKind kind;
    Str id, name;
    const DmnXml *xml;
    const DmnHome *home;
    const FeelType *type;      /* of its value: of the variable, or what can be seen; may be NULL */
    const FeelType *declared;  /* of the variable; NULL when it has none */
    FeelExpr *logic;           /* of a decision; of a knowledge model: a function */
    DmnElement **needs;        /* inputs and decisions */
    size_t n_needs;
    DmnElement **knows;        /* knowledge models and services */
    size_t n_knows;
    DmnElement **outputs, **ins; /* of a service: its inputs are input data, then decisions */
    size_t n_outputs, n_ins;
    DmnElement **inside;       /* of a service: encapsulated decisions */
    size_t n_inside;
    const FeelType *gives;     /* of a service: of its result, or NULL */
    Str *param_names;
    const FeelType **param_types;
    DmnTable *table;           /* when the logic is one table */
    int state;                 /* 0 not compiled, 1 being compiled, 2 compiled */
    size_t index;
};

struct DmnModel {
    DmnHome **homes;           /* the model itself first */
    size_t n_homes, cap_homes;
    DmnElement **elements;     /* of all homes, those of the model itself first */
    size_t n, cap;
    Map by_id;                 /* "namespace#id" -> DmnElement */
    Err **faults;
    size_t n_faults, cap_faults;
};

/* How `to` is called inside `from`: alias "" for its own elements. False: not imported. */
bool dmn_alias(const DmnHome *from, const DmnHome *to, Str *alias);

/* --- types ---------------------------------------------------------------------------------- */
bool dmn_types_read(DmnModel *m, DmnHome *h, Arena *a, Err *e);
/* The type a reference names; NULL for none or Any. An unknown name is DMN_TYPE. */
bool dmn_type_ref(const FeelType **out, Arena *a, const DmnHome *h, Str ref, uint32_t line, Err *e);

/* --- compiling boxes ------------------------------------------------------------------------ */
typedef struct DmnBuild {
    DmnModel *m;
    Arena *a;
    const DmnHome *home;
    DmnElement *element;
    FeelTypeMember *names;     /* in scope here */
    size_t n, cap;
    int depth;
} DmnBuild;

/* The expression that stands in x (the first kid that is one); *out NULL when there is none.
 * A FEEL text that cannot be read is a box that is null and says why. */
bool dmn_box_kid(FeelExpr **out, DmnBuild *b, const DmnXml *x, Err *e);
bool dmn_box(FeelExpr **out, DmnBuild *b, const DmnXml *x, Err *e);
bool dmn_box_function(FeelExpr **out, DmnBuild *b, const DmnXml *x, const FeelType *result,
                      Err *e);
bool dmn_box_text(FeelExpr **out, DmnBuild *b, Str text, uint32_t line, bool unary, Err *e);
bool dmn_box_fault(FeelExpr **out, DmnBuild *b, uint32_t line, const Err *why, Err *e);
bool dmn_box_typed(FeelExpr **out, DmnBuild *b, Str label, const DmnXml *x, const FeelType *type,
                   Err *e);
const FeelType *dmn_box_type(DmnBuild *b, const FeelExpr *x);
bool dmn_scope_add(DmnBuild *b, Str name, const FeelType *type, Err *e);
bool dmn_table_read(FeelExpr **out, DmnBuild *b, const DmnXml *x, Err *e);

/* --- tables --------------------------------------------------------------------------------- */
typedef enum DmnHit {
    HIT_UNIQUE, HIT_FIRST, HIT_PRIORITY, HIT_ANY, HIT_COLLECT, HIT_RULE_ORDER, HIT_OUTPUT_ORDER
} DmnHit;
typedef enum DmnFold { FOLD_NONE, FOLD_SUM, FOLD_COUNT, FOLD_MIN, FOLD_MAX } DmnFold;

typedef struct DmnClause {
    Str label;                 /* of an input: its expression; of an output: its name */
    FeelExpr *expr;            /* of an input */
    FeelExpr *fallback;        /* of an output: default entry, or NULL */
    const FeelType *type;
    FeelExpr *allowed;         /* unary tests, or NULL */
    FeelExpr *order;           /* the list of output values, first the most important, or NULL */
    uint32_t line;
} DmnClause;

struct DmnTable {
    DmnHit hit;
    DmnFold fold;
    DmnClause *ins, *outs;
    size_t n_ins, n_outs, n_rules;
    FeelExpr **tests;          /* n_rules x n_ins */
    FeelExpr **gives;          /* n_rules x n_outs */
    Str *texts;                /* their sources */
    FeelExpr *folded;          /* of the list `rows` */
    Str *labels;               /* of the rules: R1, R2 ... with their annotations */
    uint32_t *lines;           /* of the rules */
    uint32_t line;
    Str name;                  /* of the element that holds it, for messages */
};

bool dmn_table_eval(const void *table, FeelValue *out, Arena *a, const FeelScope *scope,
                    FeelRun *run, Err *e);
/* 1 passes, 0 fails, -1 an error was set. */
int dmn_table_test(const FeelExpr *test, FeelValue input, Arena *a, const FeelScope *scope,
                   FeelRun *run, Err *e);

/* --- evaluating ----------------------------------------------------------------------------- */
const DmnElement *dmn_find(const DmnModel *m, Str name);    /* by its name in the model itself */

#endif
