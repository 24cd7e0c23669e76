/* pack_in: what the files of pack share and nobody else sees: the rulebook while it is built, and
 * blocks read by a table, one row and one member for each item. */
#ifndef PACK_PACK_IN_H
#define PACK_PACK_IN_H

#include "pack/duty.h"
#include "pack/flow.h"
#include "pack/points.h"
#include "pack/report.h"
#include "pack/scheme.h"
#include "pack/template.h"

/* Who declared a thing that does not say it itself. */
typedef struct PackOwner {
    const Pack *pack;
    PackPlace place;
} PackOwner;

struct Rulebook {
    Arena *a;
    Map packs, lists, forms, flows, schemes; /* name -> Pack, List, Form, Flow, Scheme */
    Map measures, duties, points, reports;   /* name -> Measure, Duty, Points, Report */
    Map templates;                           /* name -> Template */
    Map scheme_owners;                       /* name -> PackOwner */
    const FeelType *org, *person, *last, *m; /* what expressions see under these names */
    Hash hash;
    /* while a source is read */
    const Pack *now;
    const Buf *canon;                        /* its canonical text so far ... */
    size_t canon_from;                       /* ... in which the present item begins here */
};

/* An expression as it was read; parsed at once, checked when all names are known. */
typedef struct PackExpr {
    const FeelExpr *x;     /* NULL: none was given */
    DeclWord raw;
    const DeclReader *r;
} PackExpr;

/* --- blocks by table ------------------------------------------------------------------------ */
typedef enum PackWant {
    PACK_TEXT,   /* Str: quoted */
    PACK_NAME,   /* Str: a name; PackPlace of it is the row's own business */
    PACK_INT,    /* int64_t within min..max of the row */
    PACK_DEC,    /* Dec */
    PACK_DAY,    /* Day */
    PACK_MARK,   /* bool: the word alone */
    PACK_EXPR,   /* PackExpr: parsed; name the word in the table's raw too */
    PACK_OWN     /* what `set` makes of the item, its block included */
} PackWant;

/* into: the struct the table fills. Reads the rest of the item: its words, and when it has a block,
 * the block. */
typedef bool (*PackSet)(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e);

enum { PACK_NEED = 1, PACK_MANY = 2 }; /* must stand there; may stand there more than once */

typedef struct PackRow {
    Str name;
    PackWant want;
    size_t at;             /* offset of the member */
    unsigned flags;
    PackSet set;
    int64_t min, max;
} PackRow;

typedef struct PackTable {
    const char *what;      /* "表单": what the block is, in messages */
    const PackRow *rows;
    size_t n;              /* at most 32 */
    const DeclRaw *raw;
    size_t n_raw;
} PackTable;

#define PACK_TABLE(what, rows) { what, rows, sizeof(rows) / sizeof *(rows), NULL, 0 }
#define PACK_TABLE_RAW(what, rows, raw)                                                            \
    {                                                                                              \
        what, rows, sizeof(rows) / sizeof *(rows), raw, sizeof(raw) / sizeof *(raw)                \
    }

/* Reads the block that `head` opened, up to its end, into `into`. */
bool pack_table_read(Rulebook *rb, const PackTable *t, void *into, const DeclItem *head,
                     DeclReader *r, Err *e) MUST_USE;
/* The expression at the end of an item of n words, parsed. known may be NULL. */
bool pack_expr_read(Rulebook *rb, PackExpr *out, const DeclItem *item, size_t n,
                    const FeelNames *known, DeclReader *r, Err *e) MUST_USE;
/* Checks it against the names of scope; the result must be able to be of kind `want` (FEEL_KINDS:
 * any). */
bool pack_expr_check(Rulebook *rb, const PackExpr *x, const FeelType *scope, FeelKind want,
                     Err *e) MUST_USE;

/* --- helpers -------------------------------------------------------------------------------- */
PackPlace pack_place(const DeclReader *r, const DeclWord *w);
/* A name that expressions can use: lower-case Latin letters, digits and "_". */
bool pack_ident(Str *out, const DeclReader *r, const DeclItem *item, size_t i, const char *want,
                Err *e) MUST_USE;
bool pack_no_memory(const DeclReader *r, Err *e);                                  /* false */
/* PACK_TWICE, PACK_UNKNOWN, PACK_RULE, PACK_MISSING at a place; all return false. */
bool pack_twice(PackPlace at, const char *what, Str name, PackPlace first, Err *e);
bool pack_unknown(PackPlace at, const char *what, Str name, const Str *known, size_t n, Err *e);
bool pack_unknown_in(PackPlace at, const char *what, Str name, const Map *known, Err *e);
bool pack_unknown_item(PackPlace at, const char *what, Str name, const List *known, Err *e);
bool pack_rule(PackPlace at, const char *why, const char *want, Err *e);

/* --- what expressions see (names.c) ---------------------------------------------------------- */
enum { FORM_BUILT_IN = 3 }; /* fields a ledger form gets besides its own */

enum {
    PACK_SEES_ORG = 1,
    PACK_SEES_PERSON = 2,
    PACK_SEES_LAST = 4,
    PACK_SEES_M = 8,
    PACK_SEES_TODAY = 16
};

/* A context type with those names and n_more more; NULL when memory is out. Once the names are
 * settled. */
const FeelType *pack_scope(Rulebook *rb, unsigned sees, const FeelTypeMember *more, size_t n_more);
/* *out = the expression, checked; NULL when none was given. A scope of NULL is memory run out. */
bool pack_expr_settle(Rulebook *rb, const FeelExpr **out, const PackExpr *x, const FeelType *scope,
                      FeelKind want, Err *e) MUST_USE;
/* The same for a condition on a record of the form. */
bool pack_record_expr(Rulebook *rb, const FeelExpr **out, const PackExpr *x, const Form *form,
                      Err *e) MUST_USE;
/* Values compared with choices are in their lists (literals.c). bare: the form whose fields stand
 * without a path; NULL: nothing does. */
bool pack_literals_check(Rulebook *rb, const PackExpr *x, const FeelType *scope, const Form *bare,
                         Err *e) MUST_USE;

/* Their titles, as a member of the open object. */
void pack_describe_roles(Jw *w, const char *key, uint32_t roles);

/* FORM[filter] as it was read; form empty: none was given. */
typedef struct PackOf {
    Str form;
    PackPlace place;
    PackExpr where;
} PackOf;

bool pack_of_read(Rulebook *rb, PackOf *out, const DeclItem *item, size_t n, DeclReader *r,
                  Err *e) MUST_USE;
bool pack_of_settle(Rulebook *rb, Of *out, const PackOf *of, Err *e) MUST_USE;

/* A name that is looked up later; name empty: none was given. */
typedef struct PackWord {
    Str name;
    PackPlace place;
} PackWord;

bool pack_word_read(PackWord *out, const DeclItem *item, size_t i, const char *want,
                    const DeclReader *r, Err *e) MUST_USE;
bool pack_form_named(Rulebook *rb, const Form **out, Str name, PackPlace at, Err *e) MUST_USE;
/* *out is NULL when no name was given. */
bool pack_field_named(const FormField **out, const Form *form, const PackWord *w, Err *e) MUST_USE;
bool pack_person_field(const FormField **out, const Form *form, const PackWord *w,
                       Err *e) MUST_USE;
/* The role names after the first word. */
bool pack_roles_read(uint32_t *out, const DeclItem *item, const DeclReader *r, Err *e) MUST_USE;
bool pack_period_read(PeriodKind *out, const DeclItem *item, size_t i, const DeclReader *r,
                      Err *e) MUST_USE;

/* --- the kinds: read takes the item `kind name {`; settle runs when every source is read ---- */
bool pack_list_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e);
bool pack_form_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e);
bool pack_form_settle(Rulebook *rb, Err *e);
bool pack_flow_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e);
bool pack_flow_settle(Rulebook *rb, Err *e);
bool pack_measure_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e);
bool pack_measure_settle(Rulebook *rb, Err *e);
bool pack_duty_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e);
bool pack_duty_settle(Rulebook *rb, Err *e);
bool pack_points_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e);
bool pack_points_settle(Rulebook *rb, Err *e);
bool pack_report_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e);
bool pack_report_settle(Rulebook *rb, Err *e);
bool pack_template_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e);
bool pack_template_settle(Rulebook *rb, Err *e);
bool pack_names_settle(Rulebook *rb, Err *e);   /* after the forms have their types */
bool pack_ledger_settle(Rulebook *rb, Err *e);  /* what forms say as ledgers, after the flows */
bool pack_scheme_kind_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e);

#endif
