/* ledger: records of any form that a pack declares a ledger: who sees and files them, how they are
 * found, shown, filed, imported. For the files of this folder only.
 *
 * A record is a thing whose kind is the form's name; its organisation is the envelope's, the day it
 * happened is the form's `dated` field, its state moves by the form's flow. */
#ifndef WORK_LEDGER_H
#define WORK_LEDGER_H

#include "base/map.h"
#include "work/call.h"

enum {
    LEDGER_PAGE = 50,              /* records of a list when no number is asked for */
    LEDGER_PAGE_MAX = 500,
    LEDGER_COLUMNS_MAX = 7,        /* fields shown in a list */
    LEDGER_ROWS_MAX = 20000,       /* of one imported file */
    LEDGER_EXPORT_MAX = 100000     /* records in one exported file */
};

/* Everybody who works with content. */
#define LEDGER_ROLES                                                                               \
    (ROLE_ALL & ~(ROLE_BIT(ROLE_SYS_ADMIN) | ROLE_BIT(ROLE_SEC_ADMIN) |                            \
                  ROLE_BIT(ROLE_AUDIT_ADMIN) | ROLE_BIT(ROLE_PUBLIC)))
/* Above an organisation they read its records; of personal forms only how many there are. */
#define LEDGER_ABOVE                                                                               \
    (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD) | ROLE_BIT(ROLE_COMMITTEE) |   \
     ROLE_BIT(ROLE_SUPERIOR) | ROLE_BIT(ROLE_INSPECTOR))

/* A ledger form by its name; NOT_FOUND for another, TOKEN_FORM for one that the caller's token does
 * not name. */
bool work_ledger_form(const Form **out, Call *c, Str name, Err *e) MUST_USE;
/* The i-th ledger form; NULL when there are no more. */
const Form *work_ledger_at(Call *c, size_t i);

/* --- who may (ledger.c) --------------------------------------------------------------------- */
/* Where in the tree some roles of the caller hold; `exactly`: only at the orgs of the grants. */
typedef struct LedgerReach {
    bool all;
    size_t n;
    struct { int64_t rank, last; } ranges[WHO_GRANTS_MAX];
} LedgerReach;
bool work_ledger_reach(LedgerReach *out, Call *c, uint32_t roles, bool exactly, Err *e) MUST_USE;
bool work_ledger_reaches(const LedgerReach *reach, int64_t rank);

typedef enum LedgerSight {
    LEDGER_HIDDEN,
    LEDGER_COUNTED,                /* a superior may know that there is one */
    LEDGER_SEEN
} LedgerSight;
/* Sets `asked`. */
bool work_ledger_sight(LedgerSight *out, Call *c, const Form *form, const Fact *f,
                       Err *e) MUST_USE;
bool work_ledger_read(Call *c, const Form *form, const Fact *f, Err *e) MUST_USE; /* FORBIDDEN */
/* The roles that keep a form's records in their organisation: of a personal form never `member`. */
uint32_t work_ledger_keepers(const Form *form);
/* May the caller file records of this form for the org, in his own name or for whom he serves?
 * person: whom a personal record is about, 0 unknown; a member files only about himself. */
bool work_ledger_may_file(Call *c, const Form *form, int64_t org, int64_t person,
                          Err *e) MUST_USE;
/* Whom the values of a personal form are about; 0 when they do not say it. */
int64_t work_ledger_person(Call *c, const Form *form, const json_t *values);
/* The roles that count for a record of the org, as a flow asks for them. */
bool work_ledger_hands(uint32_t *out, Call *c, const Form *form, int64_t org, Err *e) MUST_USE;

/* --- finding (ledger_find.c) ---------------------------------------------------------------- */
typedef struct LedgerQuery {
    const Form *form;
    int64_t org;                   /* 0: everything in reach */
    bool below;                    /* and what is below it */
    Day from, to;                  /* DAY_NONE: open */
    Str state, q, field, value;
    bool late;                     /* only what was filed late */
} LedgerQuery;

typedef struct LedgerFound {
    FactKey *items;                /* newest day first */
    size_t n;
    int64_t hidden;                /* records that may only be counted */
} LedgerFound;
/* Every record the caller may see that answers the question. Sets `asked`. */
bool work_ledger_find(LedgerFound *out, Call *c, const LedgerQuery *q, Err *e) MUST_USE;

/* --- showing (ledger_list.c) ---------------------------------------------------------------- */
#define LEDGER_ITEM_FIELDS                                                                         \
    { "id", SHAPE_ID, .required = true }, { "version", SHAPE_ID, .required = true },               \
        { "org", SHAPE_ID, .required = true }, { "org_name", SHAPE_TEXT, .required = true },       \
        { "on", SHAPE_DAY, .required = true }, { "received", SHAPE_MOMENT, .required = true },     \
        { "late", SHAPE_INT, .required = true }, { "late_reason", SHAPE_TEXT },                    \
        { "late_by", SHAPE_TEXT }, { "state", SHAPE_TEXT }, { "state_title", SHAPE_TEXT },         \
        { "values", SHAPE_JSON, .required = true }, { "shown", SHAPE_JSON, .required = true },     \
        { "filed_by", SHAPE_TEXT, .required = true }
extern const Shape work_ledger_item;
/* Members of the open object: the record as lists show it. */
bool work_ledger_put(Call *c, const Form *form, const Fact *f, const FactKey *key, Jw *out,
                     Err *e) MUST_USE;
/* The key `shown`: titles and names instead of values, for every field that is filled in. */
bool work_ledger_shown(Call *c, const Form *form, const json_t *body, Jw *out, Err *e) MUST_USE;
/* The fields a list shows, in order. */
size_t work_ledger_columns(const FormField *out[LEDGER_COLUMNS_MAX], Call *c, const Form *form);
bool work_ledger_key(FactKey *out, Call *c, const Fact *f, Err *e) MUST_USE; /* of one record */

/* --- filing (ledger_body.c) ----------------------------------------------------------------- */
typedef struct LedgerEntry {
    const Form *form;
    int64_t org;
    const Fact *was;               /* NULL: a new record; else its newest fact */
    int64_t base;                  /* version the editor saw */
    const json_t *values;          /* of a record that exists: what changes, null removes */
    Str state;                     /* it enters; empty: it stays where it is */
    Str late_reason, late_by;      /* when it is late and `values` says nothing */
    bool unjudged;                 /* whether it is late is not looked at yet */
} LedgerEntry;
typedef struct LedgerDone {
    int64_t id, version;
    int64_t late;                  /* working days */
} LedgerDone;
/* Would the record go beyond a limit that relieves the grass roots (a duty with `cap`)? BURDEN_STOP
 * unless a superior has waived it. Inside the transaction that files it (ledger_cap.c). */
bool work_ledger_caps(Call *c, const LedgerEntry *in, Day on, const json_t *body, Err *e) MUST_USE;
/* Files a body that work_ledger_body gave. */
bool work_ledger_store(LedgerDone *out, Call *c, const LedgerEntry *in, const json_t *body,
                       Err *e) MUST_USE;
/* Checks and files it. Who may is the caller's business. */
bool work_ledger_file(LedgerDone *out, Call *c, const LedgerEntry *in, Err *e) MUST_USE;
/* The body as it would be filed, canonical; the caller owns it (json_decref). */
bool work_ledger_body(json_t **out, int64_t *late, Call *c, const LedgerEntry *in,
                      Err *e) MUST_USE;
/* What makes two records the same: the values of the form's key, else all that was filled in. */
bool work_ledger_same(Str *out, Call *c, const Form *form, int64_t org, const json_t *body,
                      Err *e) MUST_USE;
/* The record of the same key; out->id is 0 when there is none, or when the form has no key. */
bool work_ledger_twin(Fact *out, Call *c, const Form *form, int64_t org, const json_t *body,
                      Err *e) MUST_USE;
/* The state in which the form's flow begins; empty without a flow. */
Str work_ledger_start(Call *c, const Form *form);

#endif
