/* feel: FEEL, the expression language of OMG DMN 1.5: reads, checks, evaluates one value, explains.
 *
 * It refuses to know clocks (now() is a moment passed in), files, facts and packs: an expression
 * sees only the names that its scope gives it.
 *
 * Ownership: expressions and values live in the arena given; an expression keeps pointing into no
 * caller's text (the source is copied), a value may point into its expression and its scope.
 *
 *     FeelNames known = { .names = (Str[]){ S("score"), S("Full Name") }, .n = 2 };
 *     FeelExpr *x;
 *     if (!feel_parse(&x, a, STRC("if score >= 85.5 then Full Name else null"), &known, &e)) ...
 *     FeelEntry entries[] = { { S("score"), feel_int(90) }, { S("Full Name"), feel_z("李") } };
 *     FeelScope scope = { .entries = entries, .n = 2 };
 *     FeelRun run = feel_run(a, moment);
 *     FeelValue v;
 *     if (!feel_eval(&v, a, x, &scope, &run, &e)) ...      // only: work, depth or memory used up
 *     Str shown = feel_print(a, v);                        // "李"
 *
 * As the standard asks, an expression that goes wrong (1 / 0, "a" + 1, an unknown name) is null
 * and leaves a diagnostic in run.diags that says where and why.
 *
 * Nouns of this face: feel_ */
#ifndef FEEL_H
#define FEEL_H

#include "base/base.h"

enum {
    FEEL_BYTES_MAX = 256 << 10,  /* bytes of one expression */
    FEEL_DEPTH_MAX = 300,        /* nesting; a chain of n operators nests n deep */
    FEEL_EVAL_DEPTH_MAX = 1000,  /* nesting while evaluating, calls of functions included */
    FEEL_WORK_MAX = 10000000,    /* default budget of one run: a step is a node or a list item */
    FEEL_LIST_MAX = 1000000,     /* items of one list made by an expression */
    FEEL_STRING_MAX = 4 << 20,   /* bytes of one string made by an expression */
    FEEL_DIAGS_MAX = 50,         /* diagnostics kept */
    FEEL_EXPLAIN_MAX = 500,      /* nodes of one explanation */
    FEEL_REGEX_MAX = 10000,      /* bytes of a regular expression */
    FEEL_JSON_DEPTH_MAX = 64
};

/* --- values --------------------------------------------------------------------------------- */
typedef enum FeelKind {
    FEEL_NULL,
    FEEL_NUMBER,
    FEEL_STRING,
    FEEL_BOOLEAN,
    FEEL_DATE,
    FEEL_TIME,
    FEEL_DATE_TIME,
    FEEL_MONTHS,    /* years and months duration */
    FEEL_DURATION,  /* days and time duration */
    FEEL_LIST,
    FEEL_CONTEXT,
    FEEL_RANGE,
    FEEL_FUNCTION,
    FEEL_KINDS
} FeelKind;

/* A time's zone. NULL stands for local time (no zone given). */
typedef struct FeelZone {
    Str id;         /* IANA name such as Asia/Shanghai; empty: a fixed offset */
    int32_t offset; /* seconds east of UTC when id is empty */
} FeelZone;

struct FeelValue;
struct FeelEntry;
typedef struct FeelRange FeelRange;
typedef struct FeelFunction FeelFunction;

typedef struct FeelValue {
    FeelKind kind;
    const FeelZone *zone;     /* of FEEL_TIME and FEEL_DATE_TIME */
    union {
        Dec number;
        Str string;
        bool boolean;
        struct {
            int64_t day;      /* days since 1970-01-01, proleptic Gregorian; 0 for FEEL_TIME */
            int64_t nanos;    /* since midnight, as the clock on the wall shows */
        };
        int64_t months;
        Dec seconds;          /* of FEEL_DURATION, at most nine digits after the point */
        struct {
            const struct FeelValue *items;
            size_t n;
        } list;
        struct {
            const struct FeelEntry *entries; /* in order; names are unique */
            size_t n;
        } context;
        const FeelRange *range;
        const FeelFunction *function;
    };
} FeelValue;

typedef struct FeelEntry {
    Str name;
    FeelValue value;
} FeelEntry;

typedef enum FeelRangeForm {
    FEEL_BETWEEN,   /* [low..high], (low..high] ... */
    FEEL_LT, FEEL_LE, FEEL_GT, FEEL_GE, FEEL_EQ, FEEL_NE /* (< 10): the endpoint is in high for LT
                       and LE, in low for GT and GE, in both for EQ and NE */
} FeelRangeForm;

struct FeelRange {
    FeelRangeForm form;
    bool low_in, high_in;   /* are the endpoints included? */
    FeelValue low, high;
};

FeelValue feel_null(void);
FeelValue feel_number(Dec d);
FeelValue feel_int(int64_t n);
FeelValue feel_string(Str s);
FeelValue feel_z(const char *z);
FeelValue feel_boolean(bool b);
FeelValue feel_day(Day d);                                   /* a FEEL date; null for DAY_NONE */
FeelValue feel_moment(Arena *a, Moment m);                   /* date and time at UTC */
FeelValue feel_list(const FeelValue *items, size_t n);       /* not copied */
FeelValue feel_context(const FeelEntry *entries, size_t n);  /* not copied */
const FeelValue *feel_member(const FeelValue *context, Str name); /* NULL when absent */
bool feel_to_day(Day *out, FeelValue v) MUST_USE;   /* of a date or date and time; years 1..9999 */

/* 1 equal, 0 not, -1 not comparable (different kinds, neither of them null). */
int feel_equal(FeelValue a, FeelValue b);
/* *out <0 0 >0; false when the two have no order between them. */
bool feel_compare(int *out, FeelValue a, FeelValue b) MUST_USE;
/* Canonical FEEL text: reading it again gives the same value (functions excepted). */
Str feel_print(Arena *a, FeelValue v);
/* As string() does: strings without quotes at the top, the rest as feel_print but for @"". */
Str feel_text(Arena *a, FeelValue v);
const char *feel_kind_name(FeelKind kind);          /* "number", "days and time duration" */
/* Which zone data ICU carries, such as 2024b: printed in every bundle. */
Str feel_zone_version(Arena *a);

/* --- types ---------------------------------------------------------------------------------- */
typedef struct FeelType FeelType;
typedef struct FeelTypeMember {
    Str name;
    const FeelType *type;
} FeelTypeMember;

typedef enum FeelTypeForm {
    FEEL_TYPE_ANY,
    FEEL_TYPE_PLAIN,    /* of one kind without parts: number, string, date ... or Null */
    FEEL_TYPE_LIST,     /* of item */
    FEEL_TYPE_RANGE,    /* of item */
    FEEL_TYPE_CONTEXT,  /* with members */
    FEEL_TYPE_FUNCTION  /* members are the parameters, item the result */
} FeelTypeForm;

struct FeelType {
    FeelTypeForm form;
    FeelKind kind;          /* of FEEL_TYPE_PLAIN */
    Str name;               /* of a named type, for messages; may be empty */
    const FeelType *item;   /* NULL means Any */
    const FeelTypeMember *members;
    size_t n;
    bool open;              /* a context that may have members not listed here */
    const FeelType *base;   /* a value must be one of this type too; NULL: nothing more */
    const struct FeelExpr *allowed; /* unary tests that every value must pass; NULL: all may */
};

const FeelType *feel_type_any(void);
const FeelType *feel_type_of(FeelKind kind);     /* plain kinds; list, context ...: of Any */
bool feel_type_is(const FeelType *type, FeelValue v);                /* `instance of`: the form */
bool feel_type_allows(const FeelType *type, FeelValue v);            /* and the allowed values */
const FeelType *feel_type_seen(Arena *a, FeelValue v);   /* the type that a value shows */
bool feel_type_fits(const FeelType *narrow, const FeelType *wide);   /* conforms to */
Str feel_type_print(Arena *a, const FeelType *type);                 /* list<number> */
/* v as the type asks: as it is, the one item of a list, a list of one, a date at midnight UTC.
 * False when it does not go, or when `a` is full. Null goes everywhere; type NULL is Any. */
bool feel_coerce(FeelValue *out, Arena *a, FeelValue v, const FeelType *type) MUST_USE;
/* number, list<string>, context<a: date>, date and time ... : the grammar's own type names. */
bool feel_type_read(const FeelType **out, Arena *a, Str text, Err *e) MUST_USE;

/* --- JSON ----------------------------------------------------------------------------------- */
/* Whole JSON numbers become numbers, "85.5" stays a string. With a type (NULL: none) strings are
 * read as the type says: numbers, dates, times, durations; what does not fit is refused. */
bool feel_from_json(FeelValue *out, Arena *a, const json_t *v, const FeelType *type,
                    Err *e) MUST_USE;
/* Whole numbers within +-(2^53-1) become JSON numbers, others decimal strings; dates and durations
 * their ISO text; ranges and functions their FEEL text. The caller closes *out (jv_close). */
bool feel_to_json(json_t **out, FeelValue v, Err *e) MUST_USE;
void feel_write(Jw *w, Arena *scratch, FeelValue v);  /* the same, straight to a writer */

/* --- reading -------------------------------------------------------------------------------- */
typedef struct FeelExpr FeelExpr;

/* The names an expression may use: only those with blanks or operator signs inside ("Full Name",
 * "profit-loss") must be known for it to be read; one-word names are read in any case. */
typedef struct FeelNames {
    const Str *names;
    size_t n;
    const FeelType *scope;          /* or/and: a context type; its members' names at every depth */
    const FeelTypeMember *types;    /* named types for `instance of` and parameters */
    size_t n_types;
} FeelNames;

/* known may be NULL. Errors: FEEL_SYNTAX, FEEL_DEPTH, TOO_BIG, BAD_TEXT. */
bool feel_parse(FeelExpr **out, Arena *a, Str text, const FeelNames *known, Err *e) MUST_USE;
/* Unary tests, as in a cell of a decision table: `-`, `< 10, [20..30]`, `not("a")`. Evaluates to a
 * boolean; the value tested is the name `?` of the scope. */
bool feel_parse_unary(FeelExpr **out, Arena *a, Str text, const FeelNames *known,
                      Err *e) MUST_USE;
/* Where does an expression inside a larger text end? At the first `;` outside strings and comments;
 * *len counts the bytes before it. FEEL_SYNTAX when there is none. */
bool feel_scan(Str text, size_t *len, Err *e) MUST_USE;
Str feel_source(const FeelExpr *x);

/* A free name or path of an expression: org.kind, score. */
typedef struct FeelUse {
    Str path;
    uint32_t line, column;
} FeelUse;
bool feel_names_used(FeelUse **out, size_t *n, Arena *a, const FeelExpr *x, Err *e) MUST_USE;

/* The constants of an expression: 5, -2, "a", date("2026-01-01"). */
bool feel_literals(FeelValue **out, size_t *n, Arena *a, const FeelExpr *x, Err *e) MUST_USE;

/* Static check against the scope's type (a context type). Refuses unknown names and members with
 * line, column and the closest name, and operands that can never go together. *out is the type of
 * the result (Any where it cannot be known). Errors: FEEL_NAME, FEEL_OPERANDS, FEEL_ARGUMENT ... */
bool feel_check(const FeelType **out, Arena *a, const FeelExpr *x, const FeelType *scope,
                Err *e) MUST_USE;

/* --- evaluating ----------------------------------------------------------------------------- */
typedef struct FeelScope {
    const struct FeelScope *parent;  /* looked into after this one; NULL at the end */
    const FeelEntry *entries;
    size_t n;
} FeelScope;

typedef struct FeelDiag {
    ErrCode code;              /* FEEL_OPERANDS, FEEL_NAME ... */
    uint32_t line, column;
    Hole holes[4];             /* without line, column and the English of `why` */
    size_t n_holes;
    Str where;                 /* labels of the boxes around it, " > " between; empty without */
    uint32_t file_line;        /* of the innermost box; 0 without */
    const Err *whole;          /* of a box that could not be read: the error; else NULL */
} FeelDiag;

typedef struct FeelTrace FeelTrace;
struct FeelTrace {
    Str text;                  /* the sub-expression's source */
    FeelValue value;
    FeelTrace *first, *next;   /* parts in order of evaluation; next beside this one */
};

/* The boxes being evaluated, innermost first. */
typedef struct FeelWhere {
    const struct FeelWhere *above;
    Str label;
    uint32_t line;
} FeelWhere;

typedef struct FeelRun {
    Moment now;                /* what now() and today() answer, shown at zone */
    const FeelZone *zone;      /* NULL: UTC */
    int64_t work;              /* steps left */
    Arena *a;                  /* diagnostics live here */
    FeelDiag *diags;
    size_t n_diags, cap_diags;
    size_t depth;              /* how deep evaluation stands; 0 outside */
    bool explain;              /* set by feel_explain */
    size_t n_traces;
    FeelTrace *trace;          /* the node being filled */
    const FeelWhere *where;    /* NULL outside of boxes */
} FeelRun;

FeelRun feel_run(Arena *a, Moment now);          /* at UTC, with FEEL_WORK_MAX steps */
/* False only when work, depth or memory are used up (FEEL_WORK, FEEL_DEPTH, NO_MEMORY). */
bool feel_eval(FeelValue *out, Arena *a, const FeelExpr *x, const FeelScope *scope, FeelRun *run,
               Err *e) MUST_USE;
/* The tree of sub-expressions with their values; at most FEEL_EXPLAIN_MAX nodes. */
bool feel_explain(FeelTrace **out, Arena *a, const FeelExpr *x, const FeelScope *scope,
                  FeelRun *run, Err *e) MUST_USE;
/* For a run of many evaluations: from here on all leave their traces below the node answered, in
 * order. NULL: no memory. feel_trace_step adds a step of the caller's own. */
FeelTrace *feel_trace_open(FeelRun *run);
void feel_trace_step(FeelRun *run, Str text, FeelValue value);
/* Calls a function value: one made by an expression, or a built-in. */
bool feel_call(FeelValue *out, Arena *a, FeelValue function, const FeelValue *args, size_t n,
               FeelRun *run, Err *e) MUST_USE;
/* The same by the names of parameters. */
bool feel_call_named(FeelValue *out, Arena *a, FeelValue function, const Str *names,
                     const FeelValue *args, size_t n, FeelRun *run, Err *e) MUST_USE;
void feel_diag_err(const FeelDiag *d, Err *e);   /* the diagnostic as an error, to be printed */
/* Leaves a diagnostic of the caller's own, placed in the boxes being evaluated; at most 4 holes. */
bool feel_note(FeelRun *run, ErrCode code, const Hole *holes, size_t n, Err *e) MUST_USE;

/* --- boxes ----------------------------------------------------------------------------------- */
/* Expressions made from parts instead of text: what a language around FEEL draws as boxes. A box
 * is an expression like any other and is evaluated by the same rules. */
typedef enum FeelBoxForm {
    FEEL_BOX_LIST,      /* kids */
    FEEL_BOX_CONTEXT,   /* kids with names; one kid more than names: that kid is the result */
    FEEL_BOX_CALL,      /* kids[0] called with the others, by names unless n_names is 0 */
    FEEL_BOX_FUNCTION,  /* names and types of parameters; kids[0] */
    FEEL_BOX_IF,        /* three kids */
    FEEL_BOX_FILTER,    /* kids[0] [ kids[1] ] */
    FEEL_BOX_FOR,       /* names[0] in kids[0] return kids[1] */
    FEEL_BOX_SOME,      /* names[0] in kids[0] satisfies kids[1] */
    FEEL_BOX_EVERY,
    FEEL_BOX_TYPED,     /* kids[0] coerced to type, else null with a diagnostic */
    FEEL_BOX_FAULT,     /* always null, with a diagnostic that says `fault` */
    FEEL_BOX_OUTSIDE    /* what `outside` answers; kids are the expressions it evaluates */
} FeelBoxForm;

/* False as feel_eval. What it evaluates itself goes through feel_eval with the scope and run. */
typedef bool (*FeelOutside)(const void *ctx, FeelValue *out, Arena *a, const FeelScope *scope,
                            FeelRun *run, Err *e);

typedef struct FeelBox {
    FeelBoxForm form;
    Str label;               /* shown in explanations, and in places unless empty */
    uint32_t line;           /* in the caller's file; 0 unless it has one */
    FeelExpr *const *kids;
    size_t n;
    const Str *names;
    const FeelType *const *types;  /* of parameters; NULL: Any */
    size_t n_names;
    const FeelType *type;    /* of FEEL_BOX_TYPED */
    const Err *fault;        /* not copied: outlives the expression */
    FeelOutside outside;
    const void *ctx;
} FeelBox;

bool feel_box(FeelExpr **out, Arena *a, const FeelBox *box, Err *e) MUST_USE;

/* A function that the caller carries out; arguments are coerced to the types of the parameters. */
typedef bool (*FeelNativeCall)(const void *ctx, FeelValue *out, Arena *a, const FeelValue *args,
                               FeelRun *run, Err *e);
typedef struct FeelNative {
    Str name;
    const Str *params;
    const FeelType *const *types;  /* NULL: Any, and NULL entries too */
    size_t n;
    FeelNativeCall call;
    const void *ctx;
} FeelNative;
FeelValue feel_function(Arena *a, const FeelNative *native);  /* null when `a` is full */

/* --- for people ------------------------------------------------------------------------------ */
/* The built-ins, for the manual and completion: i from 0 until false. */
typedef struct FeelBuiltinInfo {
    Str name;
    Str signature;             /* substring(string: string, start position: number, ...) */
} FeelBuiltinInfo;
bool feel_builtin_at(FeelBuiltinInfo *out, Arena *a, size_t i);

#endif
