/* feel_in: what the files of feel share and nobody else sees: the tree, the run of an evaluation,
 * the table of built-ins. */
#ifndef FEEL_IN_H
#define FEEL_IN_H

#include "feel/feel.h"

/* --- tokens --------------------------------------------------------------------------------- */
typedef enum FeelToken {
    T_END, T_NUMBER, T_STRING, T_AT_STRING, T_NAME,
    /* keywords, in the order of the table in feel_lex.c */
    T_IF, T_THEN, T_ELSE, T_FOR, T_IN, T_RETURN, T_SOME, T_EVERY, T_SATISFIES, T_BETWEEN, T_AND,
    T_OR, T_INSTANCE, T_OF, T_FUNCTION, T_EXTERNAL, T_TRUE, T_FALSE, T_NULL,
    /* signs */
    T_PLUS, T_MINUS, T_TIMES, T_DIVIDE, T_POWER, T_EQ, T_NE, T_LT, T_LE, T_GT, T_GE, T_DOT,
    T_DOTS, T_COMMA, T_COLON, T_LPAREN, T_RPAREN, T_LBRACKET, T_RBRACKET, T_LBRACE, T_RBRACE,
    T_ARROW, T_SEMICOLON, T_BAD
} FeelToken;

typedef struct FeelLexeme {
    FeelToken kind;
    size_t at, end;      /* bytes of the source */
    Str text;            /* decoded string; normalised name; digits of a number */
} FeelLexeme;

typedef struct FeelNameSet {
    Str *names;
    size_t n, cap;
} FeelNameSet;

typedef struct FeelLex {
    Arena *a;
    Str src;
    FeelNameSet known;   /* names that are more than one word */
} FeelLex;

bool feel_lex_next(FeelLex *l, size_t at, FeelLexeme *out, Err *e);
/* Where blanks and comments from here end; SIZE_MAX: a comment is left open. */
size_t feel_lex_blank(Str src, size_t at);
/* A name as it is declared: up to a character that no name holds, blanks joined; empty if none. */
Str feel_lex_raw_name(FeelLex *l, size_t at, size_t *end, bool stop_at_in);
bool feel_lex_learn(FeelLex *l, Str name);             /* false: no memory */
/* How many bytes does this name, blanks joined, take from here? 0: it does not stand here. */
size_t feel_lex_reaches(Str src, size_t at, Str name);
bool feel_lex_place(Str src, size_t at, uint32_t *line, uint32_t *column); /* true always */
bool feel_lex_refuse(Str src, size_t at, size_t end, const char *want, Err *e); /* false */
const char *feel_token_text(FeelToken t);
bool feel_lex_is_start(uint32_t cp);
bool feel_lex_is_part(uint32_t cp);
bool feel_lex_is_blank(uint32_t cp);

Str feel_say_en(Str zh);             /* the English of a hole's Chinese; itself when it has none */

typedef struct FeelHint {
    Str zh, en;
} FeelHint;
FeelHint feel_say_hint(Str op, Str left, Str right);   /* kinds by name */

/* --- the tree ------------------------------------------------------------------------------- */
typedef enum FeelNodeKind {
    NODE_LITERAL,   /* value */
    NODE_NAME,      /* name */
    NODE_PATH,      /* kids[0] . name */
    NODE_NEGATE,    /* kids[0] */
    NODE_BINARY,    /* op, kids[0], kids[1] */
    NODE_BETWEEN,   /* kids[0] between kids[1] and kids[2] */
    NODE_IN,        /* kids[0] in kids[1] or kids[2] or ... */
    NODE_RANGE,     /* kids[0] .. kids[1], low_in, high_in */
    NODE_COMPARED,  /* op kids[0], as in (< 10) */
    NODE_IF,        /* three kids */
    NODE_FOR,       /* names; kids in pairs low, high (NULL: a list), then the result */
    NODE_SOME, NODE_EVERY, /* the same */
    NODE_INSTANCE,  /* kids[0], type */
    NODE_FILTER,    /* kids[0] [ kids[1] ] */
    NODE_CALL,      /* kids[0] ( kids[1] ... ), names of arguments or NULL */
    NODE_LIST, NODE_CONTEXT, /* kids; names of entries */
    NODE_LAMBDA,    /* names and types of parameters, kids[0] the body */
    NODE_TESTS,     /* unary tests: kids; low_in: negated; no kids: `-` */
    NODE_RESULT,    /* a context whose last kid is the result; names are one fewer */
    NODE_TYPED,     /* kids[0] as type */
    NODE_FAULT,     /* box->fault */
    NODE_OUTSIDE    /* box->outside */
} FeelNodeKind;

typedef struct FeelNode FeelNode;
struct FeelNode {
    FeelNodeKind kind;
    FeelToken op;
    uint32_t at, height;      /* at: bytes before the operator, member or start */
    const Str *src;
    bool low_in, high_in;
    bool has_lambda;          /* somewhere below: frames may be captured */
    bool asks_input;          /* mentions ? */
    Str text;                 /* its source */
    Str name;
    FeelNode **kids;
    size_t n;
    Str *names;
    size_t n_names;
    const FeelType **types;
    const FeelType *type;
    const struct FeelBuiltin *row; /* NODE_NAME: the built-in of that name, unless in scope */
    FeelValue value;
    const FeelBox *box;       /* made by feel_box */
};

struct FeelExpr {
    Str source;
    FeelNode *root;
};

/* --- evaluation ----------------------------------------------------------------------------- */
typedef struct FeelEval {
    Arena *a;
    FeelRun *run;
    Err *e;
} FeelEval;

bool feel_eval_node(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out);
bool feel_eval_call(FeelEval *v, const FeelNode *at, FeelValue f, const FeelValue *args, size_t n,
                    FeelValue *out);
bool feel_eval_work(FeelEval *v, const FeelNode *at, size_t steps);  /* false: used up */
bool feel_eval_memory(FeelEval *v);                                  /* false, says so */
/* *out = null, one diagnostic at the node; returns true so that evaluation goes on. */
bool feel_diag_n(FeelEval *v, const FeelNode *at, FeelValue *out, ErrCode code, const Hole *holes,
                 size_t n);
#define feel_diag(v, at, out, ...) FEEL_DIAG_(v, at, out, __VA_ARGS__, { .name = NULL })
#define FEEL_DIAG_(v, at, out, code, ...)                                                          \
    feel_diag_n(v, at, out, code, (const Hole[]){ __VA_ARGS__ },                                   \
                sizeof((const Hole[]){ __VA_ARGS__ }) / sizeof(Hole) - 1)
/* As feel_equal, taking the steps it needs from *work; -1 when they are used up. */
int feel_equal_within(FeelValue a, FeelValue b, int64_t *work);
/* Steps for looking at v once: strings and lists cost by their length. */
size_t feel_eval_cost(FeelValue v);
typedef bool (*FeelEvaluate)(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out);
bool feel_traced(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelEvaluate evaluate,
                 FeelValue *out);
const FeelValue *feel_lookup(const FeelScope *s, Str name);          /* NULL when absent */
bool feel_eval_stop(FeelEval *v, const FeelNode *n, ErrCode code);   /* false, says where */
bool feel_eval_spent(FeelEval *v, bool was_refused); /* true: work or memory ended, and says so */
bool feel_eval_invocation(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out);
bool feel_eval_result(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out);
bool feel_eval_typed(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out);
bool feel_eval_fault(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out);
bool feel_eval_outside(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out);
bool feel_eval_entries(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelScope **frame,
                       FeelValue *out, bool *twice);
/* Arithmetic of two values; false when they do not go together (why says more when not NULL). */
bool feel_arith(Arena *a, FeelToken op, FeelValue l, FeelValue r, FeelValue *out,
                const char **why);
bool feel_arith_fits(FeelToken op, FeelKind l, FeelKind r);
/* What the body of a function gives, as far as it can be seen without its scope. */
const FeelType *feel_check_body(const FeelFunction *f);
/* A property of a date, a duration, a range: false when it has none of that name. */
bool feel_property(FeelValue v, Str name, FeelValue *out);

struct FeelFunction {
    Str name;                      /* of a built-in or of the entry that holds it; may be empty */
    const struct FeelBuiltin *row; /* a built-in's first row, or NULL */
    const Str *params;
    const FeelType *const *types;  /* NULL entries: Any */
    size_t n;
    const FeelNode *body;
    const FeelScope *scope;        /* lives in the arena */
    FeelNativeCall call;           /* instead of a body */
    const void *ctx;
};

/* --- built-ins: one table, rows of the same name are its signatures ------------------------- */
enum { FEEL_ARGS_MAX = 10 };
#define FEEL_BIT(kind) (1u << (kind))
enum {
    M_ANY = (1 << FEEL_KINDS) - 1,
    M_NULL = 1 << FEEL_NULL,
    M_NUM = 1 << FEEL_NUMBER,
    M_STR = 1 << FEEL_STRING,
    M_BOOL = 1 << FEEL_BOOLEAN,
    M_DATE = 1 << FEEL_DATE,
    M_TIME = 1 << FEEL_TIME,
    M_DT = 1 << FEEL_DATE_TIME,
    M_YM = 1 << FEEL_MONTHS,
    M_DUR = 1 << FEEL_DURATION,
    M_LIST = 1 << FEEL_LIST,
    M_CTX = 1 << FEEL_CONTEXT,
    M_RANGE = 1 << FEEL_RANGE,
    M_FN = 1 << FEEL_FUNCTION,
    M_POINT = M_ANY & ~(M_NULL | M_RANGE | M_LIST | M_CTX | M_FN | M_BOOL)
};

typedef struct FeelParam {
    const char *name;
    unsigned kinds;      /* which kinds fit; a singleton list unwraps, a value wraps for M_LIST */
    bool optional;
} FeelParam;

typedef struct FeelCall {
    FeelEval *v;
    const FeelNode *at;
    const struct FeelBuiltin *row;
    FeelValue args[FEEL_ARGS_MAX];
    bool given[FEEL_ARGS_MAX];
    const FeelValue *rest;   /* of a variadic row: all arguments from the last parameter on */
    size_t n_rest;
} FeelCall;

typedef struct FeelBuiltin {
    const char *name;
    const char *result;
    bool (*run)(FeelCall *c, FeelValue *out);   /* false: fatal, as feel_eval_node */
    bool variadic;
    FeelParam params[FEEL_ARGS_MAX];
} FeelBuiltin;

const FeelBuiltin *feel_builtin_find(Str name);
bool feel_builtin_next(const FeelBuiltin **row);         /* the next signature of the same name */
const FeelBuiltin *feel_builtin_row(size_t i);           /* NULL after the last */
size_t feel_builtin_arity(const FeelBuiltin *row, size_t *least);
/* The kinds that its argument i may be: variadic rows repeat their last parameter. 0: no such. */
unsigned feel_builtin_kinds(const FeelBuiltin *row, size_t i);
size_t feel_builtin_param(const FeelBuiltin *row, Str name);   /* SIZE_MAX: no such */
Str feel_builtin_kind_names(Arena *a, unsigned kinds);         /* number | string */
bool feel_builtin_call(FeelEval *v, const FeelNode *at, const FeelBuiltin *row,
                       const FeelValue *args, const Str *names, size_t n, FeelValue *out);
bool feel_fail(FeelCall *c, FeelValue *out, const char *why);  /* null with FEEL_ARGUMENT */

/* Groups of rows, one file each. */
typedef struct FeelBuiltinGroup {
    const FeelBuiltin *rows;
    size_t n;
} FeelBuiltinGroup;
FeelBuiltinGroup feel_builtin_strings(void);
FeelBuiltinGroup feel_builtin_lists(void);
FeelBuiltinGroup feel_builtin_numbers(void);
FeelBuiltinGroup feel_builtin_times(void);
FeelBuiltinGroup feel_builtin_ranges(void);
FeelBuiltinGroup feel_builtin_contexts(void);

/* --- dates ---------------------------------------------------------------------------------- */
#define FEEL_YEAR_MAX 999999999
#define FEEL_DAY_NANOS 86400000000000

typedef struct FeelYmd {
    int64_t year;
    int month, day;
} FeelYmd;

int64_t feel_days(int64_t year, int month, int day);   /* since 1970-01-01 */
FeelYmd feel_ymd(int64_t days);
bool feel_ymd_valid(int64_t year, int64_t month, int64_t day);
int feel_month_days(int64_t year, int month);
FeelValue feel_date_value(int64_t days);
bool feel_date_read(FeelValue *out, Str s);
bool feel_time_read(FeelValue *out, Arena *a, Str s);
bool feel_date_time_read(FeelValue *out, Arena *a, Str s);  /* a date alone is midnight */
bool feel_duration_read(FeelValue *out, Str s);              /* either kind */
bool feel_at_read(FeelValue *out, Arena *a, Str s);          /* what stands in @"..." */
Str feel_time_text(Arena *a, FeelValue v);                   /* any of the six temporal kinds */
const FeelZone *feel_zone_offset(Arena *a, int32_t seconds);
bool feel_zone_known(Str id);
/* Seconds east of UTC at this wall time. */
int32_t feel_offset_at(const FeelZone *z, int64_t day, int64_t nanos);
/* Seconds and nanoseconds since 1970-01-01T00:00:00Z; local time counts as UTC. */
void feel_instant(FeelValue v, int64_t *seconds, int64_t *nanos);
bool feel_add_months(FeelValue v, int64_t months, FeelValue *out);    /* date or date and time */
bool feel_add_seconds(FeelValue v, Dec seconds, FeelValue *out);      /* date, time, date-time */
FeelValue feel_duration_value(Dec seconds);   /* rounded to nine digits after the point */
FeelValue feel_months_value(int64_t months);
FeelValue feel_make_time(int64_t nanos, const FeelZone *z);
FeelValue feel_make_date_time(int64_t day, int64_t nanos, const FeelZone *z);
bool feel_between_instants(FeelValue later, FeelValue earlier, FeelValue *out); /* a duration */

/* --- regular expressions -------------------------------------------------------------------- */
typedef enum FeelRegexEnd { REGEX_OK, REGEX_BAD, REGEX_LIMIT } FeelRegexEnd;
FeelRegexEnd feel_regex_match(Arena *a, Str text, Str pattern, Str flags, bool *found);
FeelRegexEnd feel_regex_replace(Arena *a, Str text, Str pattern, Str with, Str flags, Str *out);
FeelRegexEnd feel_regex_split(Arena *a, Str text, Str pattern, Str **out, size_t *n);

#endif
