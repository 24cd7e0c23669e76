/* pack_in: what the files of pack share and nobody else sees: the rulebook while it is built, and
 * blocks read by a table, one row and one member for each item. */
#ifndef PACK_PACK_IN_H
#define PACK_PACK_IN_H

#include "pack/duty.h"
#include "pack/flow.h"
#include "pack/points.h"
#include "pack/report.h"
#include "pack/scheme.h"

/* Who declared a thing that does not say it itself. */
typedef struct PackOwner {
    const Pack *pack;
    PackPlace place;
} PackOwner;

struct Rulebook {
    Arena *a;
    Map packs, lists, forms, flows, schemes; /* name -> Pack, List, Form, Flow, Scheme */
    Map measures, duties, points, reports;   /* name -> Measure, Duty, Points, Report */
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

/* --- the kinds: read takes the item `kind name {`; settle runs when every source is read ---- */
bool pack_list_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e);
bool pack_form_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e);
bool pack_form_settle(Rulebook *rb, Err *e);
bool pack_flow_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e);
bool pack_flow_settle(Rulebook *rb, Err *e);
bool pack_scheme_kind_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e);

#endif
