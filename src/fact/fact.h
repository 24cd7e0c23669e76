/* fact: the append-only log of what happened, and the views over it.
 *
 * A fact is never changed: a later fact of the same kind and subject supersedes it, a correction
 * names the fact it corrects, a body "null" strikes the thing. Every fact is a leaf of the Merkle
 * log (tlog/leaf.h). What can be asked quickly (current state, indexed fields, the tree of
 * organisations, search) are views made by one fold over the facts in order; they can be dropped
 * and rebuilt. It refuses to know forms, permissions and flows.
 *
 * Ownership: what is read lives in the caller's arena; a Tx comes from store.
 *
 *     FactIn in = { .kind = STRC("org"), .body = STRC("{\"name\":\"东街社区党支部\"}"), .who = me };
 *     int64_t id;
 *     if (!fact_append(tx, &in, &id, e)) return false;         // a new thing: its subject is id
 *     Fact f;
 *     if (!fact_current(&f, a, tx, STRC("org"), id, e)) return false;
 *     Str name = fact_str(a, &f, "name");
 *
 * Nouns of this face: fact_ */
#ifndef FACT_FACT_H
#define FACT_FACT_H

#include "base/dec.h"
#include "base/json.h"
#include "store/store.h"
#include "tlog/leaf.h"
#include "tlog/tlog.h"

typedef Leaf Fact; /* secret and marks are filled by fact_get and fact_export only */

enum {
    FACT_INDEX_MAX = 10,          /* indexed fields of a kind */
    FACT_VALUE_MAX = 200,         /* bytes of an indexed value; longer ones are cut for the index */
    FACT_LIST_MAX = 100000        /* facts in one list */
};

/* --- setting up ------------------------------------------------------------ */
typedef struct FactKind {
    Str name;
    Str index[FACT_INDEX_MAX];    /* body fields that fact_list can filter by */
    size_t n_index;
    Str search[FACT_INDEX_MAX];   /* body fields whose text fact_find finds */
    size_t n_search;
} FactKind;
/* Appends the search tokens of a text to out, separated by blanks (text's bigrams); `asked`: the
 * text is a question, not something to be found. */
typedef void (*FactTokens)(void *arg, Buf *out, Str text, bool asked);

typedef struct FactSetup {
    int64_t region;               /* the top-level subtree that this log is about; 0 means 1 */
    const FactKind *kinds;        /* kinds not named here have no index and no search */
    size_t n_kinds;
    FactTokens tokens;            /* NULL: no search */
    void *tokens_arg;
} FactSetup;

typedef struct Facts Facts;
/* Hangs on the store; kinds are copied. Rebuilds the views when they were made by another version
 * of the kinds or of sql/views.sql. NULL on failure. */
Facts *fact_open(Store *store, const FactSetup *setup, Err *e);
void fact_close(Facts *facts);    /* after the last job, before store_close; accepts NULL */

/* --- writing (in a job of store_write) ------------------------------------- */
typedef struct FactIn {
    Str kind;
    int64_t org;                  /* the organisation it concerns, 0 none; a fact of kind "org"
                                     concerns itself */
    int64_t subject;              /* 0: a new thing, whose subject is this fact's id */
    Day occurred_on;              /* 0 and DAY_NONE: the day it is received (Beijing) */
    int64_t who, behalf;          /* accounts; behalf 0 none */
    int64_t corrects;             /* must be a fact of the same kind and subject */
    int64_t base;                 /* the fact the editor saw; not the current one any more:
                                     CONFLICT. 0: not checked */
    Str body;                     /* a JSON object or "null"; made canonical here */
    const json_t *json;           /* used when body is empty; both empty is refused */
} FactIn;

bool fact_append(Tx *tx, const FactIn *in, int64_t *id, Err *e) MUST_USE; /* id may be NULL */

typedef struct FactErase {
    int64_t fact;
    const Str *fields;            /* n_fields 0: all */
    size_t n_fields;
    Str ground;                   /* the legal ground; must not repeat what is erased */
    int64_t who;
} FactErase;
/* Value and secret go, kept fields keep their salts, the views forget it, a fact of kind "erasure"
 * is logged. The bytes leave the file with fact_purge. */
bool fact_erase(Tx *tx, const FactErase *in, int64_t *id, Err *e) MUST_USE;
bool fact_purge(Store *store, Err *e) MUST_USE;  /* outside of any job */

/* --- reading --------------------------------------------------------------- */
bool fact_get(Fact *out, Arena *a, Tx *tx, int64_t id, Err *e) MUST_USE;  /* NOT_FOUND */
/* The newest fact of a thing; NOT_FOUND when there is none or it is struck. */
bool fact_current(Fact *out, Arena *a, Tx *tx, Str kind, int64_t subject, Err *e) MUST_USE;
bool fact_exists(bool *out, Tx *tx, Str kind, int64_t subject, Err *e) MUST_USE;

typedef struct FactList { Fact *items; size_t n; } FactList;
/* Every fact about a thing, oldest first, strikes included. */
bool fact_history(FactList *out, Arena *a, Tx *tx, Str kind, int64_t subject, Err *e) MUST_USE;

/* Every fact after that id, in the order of the log, without region, seq, behalf and what only an
 * auditor needs; its texts live until `each` returns, whose false ends it with its error. What an
 * erasure took is gone from facts before it too: its own fact is of kind "erasure". */
typedef bool (*FactEach)(void *arg, const Fact *f, Err *e);
bool fact_since(Tx *tx, int64_t after, FactEach each, void *arg, Err *e) MUST_USE;
/* The id of the newest fact; 0 when there is none. */
bool fact_newest(int64_t *out, Tx *tx, Err *e) MUST_USE;

typedef struct FactFilter {
    Str kind;
    Str field, value;             /* field empty: not filtered; else an indexed field */
    int64_t org;                  /* 0: any */
    bool below;                   /* org and everything below it in the tree */
    int64_t after;                /* subjects greater than this (the next page) */
    size_t limit;                 /* 0: FACT_LIST_MAX */
} FactFilter;
/* Current facts of things that are not struck, by subject. */
bool fact_list(FactList *out, Arena *a, Tx *tx, const FactFilter *f, Err *e) MUST_USE;
bool fact_count(int64_t *out, Tx *tx, const FactFilter *f, Err *e) MUST_USE;
/* The first match of fact_list; out->id is 0 when there is none. */
bool fact_first(Fact *out, Arena *a, Tx *tx, const FactFilter *f, Err *e) MUST_USE;
/* The same things without their bodies, in no order: to be sorted, counted and cut before a body is
 * read. Only things whose newest fact happened in `on` and whose org stands in the tree; after and
 * limit of the filter are not looked at. */
typedef struct FactKey {
    int64_t subject, fact, first; /* the thing, its newest and its first fact */
    int64_t org, rank;            /* rank: of the org in the tree (FactNode) */
    Day on;
    Moment received, changed;     /* received_at of first and newest */
} FactKey;
typedef struct FactKeys { FactKey *items; size_t n; } FactKeys;
bool fact_keys(FactKeys *out, Arena *a, Tx *tx, const FactFilter *f, Period on, Err *e) MUST_USE;
/* Things whose searched fields hold all tokens of `text`, the one begun last first, one by one
 * until `hit` says that it is enough; the fact's texts live until it returns. That the words stand
 * together is not known here: who needs it looks at the body. */
typedef struct FactAsk {
    Str text;
    const Str *kinds;             /* n_kinds 0: any */
    size_t n_kinds;
    const int64_t *orgs;          /* n_orgs 0: any; at most FACT_ORGS_MAX */
    size_t n_orgs;
} FactAsk;
enum { FACT_ORGS_MAX = 500 };
typedef bool (*FactHit)(void *arg, const Fact *f, bool *enough, Err *e);
bool fact_search(Tx *tx, const FactAsk *ask, FactHit hit, void *arg, Err *e) MUST_USE;
/* The same as a list; kind empty: any; limit 0: FACT_LIST_MAX. */
bool fact_find(FactList *out, Arena *a, Tx *tx, Str kind, Str text, size_t limit,
               Err *e) MUST_USE;

/* Fields of a body; absent or of another type gives the empty value, as the getters of json. */
Str fact_str(Arena *a, const Fact *f, const char *name);   /* of a string */
int64_t fact_int(const Fact *f, const char *name);
bool fact_bool(const Fact *f, const char *name);
Day fact_day(const Fact *f, const char *name);
bool fact_dec(Dec *out, const Fact *f, const char *name);
Str fact_json(const Fact *f, const char *name);            /* canonical JSON; empty when absent */

/* The tree of organisations: things of kind "org" whose field "parent" names another. */
typedef struct FactNode {
    int64_t org, parent;          /* parent 0: a root */
    int64_t rank, last;           /* preorder number; the greatest number below it */
    int64_t depth;                /* 0: a root */
} FactNode;
bool fact_node(FactNode *out, Tx *tx, int64_t org, Err *e) MUST_USE;      /* NOT_FOUND */
bool fact_below(bool *out, Tx *tx, int64_t org, int64_t top, Err *e) MUST_USE; /* org = top too */
typedef struct FactNodes { FactNode *items; size_t n; } FactNodes;
/* top and everything below it in preorder; top 0: the whole forest. levels: depth below top
 * wanted, < 0 all (0 gives top alone, 1 its children too). */
bool fact_tree(FactNodes *out, Arena *a, Tx *tx, int64_t top, int levels, Err *e) MUST_USE;

/* --- the log --------------------------------------------------------------- */
typedef struct FactHead {
    int64_t size;
    Hash root;
    int64_t last_id;              /* 0: empty */
    Moment at;                    /* received_at of the last fact; 0: empty */
} FactHead;
bool fact_log_head(FactHead *out, Tx *tx, Err *e) MUST_USE;
bool fact_log_root(Hash *out, Tx *tx, int64_t size, Err *e) MUST_USE;  /* of an earlier size */
bool fact_prove(TlogProof *out, Tx *tx, int64_t seq, int64_t size, Err *e) MUST_USE;
bool fact_prove_growth(TlogProof *out, Tx *tx, int64_t old, int64_t size, Err *e) MUST_USE;

/* Lines without their break go to the sink in order; its false stops with its error. */
typedef struct FactSink {
    bool (*line)(void *arg, Str line, Err *e);
    void *arg;
} FactSink;
bool fact_export(Tx *tx, FactSink sink, Err *e) MUST_USE;   /* every fact (leaf_line_print) */
bool fact_dump(Tx *tx, FactSink sink, Err *e) MUST_USE;     /* log and views, rows by primary key */
bool fact_rebuild(Tx *tx, Err *e) MUST_USE;                 /* drops and folds the views again */
/* Recomputes every leaf and the root against the stored tiles; LOG_BROKEN names the first fact
 * that was changed. */
bool fact_audit(Tx *tx, Err *e) MUST_USE;

#endif
