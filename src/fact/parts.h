/* What the files of fact share; nobody else includes it. */
#ifndef FACT_PARTS_H
#define FACT_PARTS_H

#include "base/map.h"
#include "fact/fact.h"

enum {
    FACT_VIEWS = 2,               /* raise when the fold or sql/views.sql changes */
    FACT_WAITING_MAX = 1 << 20,   /* rows of the index that may wait */
    FACT_THINGS_MAX = 1 << 17,    /* new things that may wait */
    FACT_BATCH = 1024,            /* leaves hashed in one go beside the job */
    FACT_BATCH_BYTES = 1 << 20,   /* of bodies and fields after which a batch is full */
    FACT_POOL = 4096,             /* random bytes drawn at once, a multiple of 32 */
    FACT_TOKENS_MAX = 4 << 20     /* bytes of search tokens of one thing */
};
#define FACT_EPOCH INT64_C(1704067200000) /* 2024-01-01T00:00:00Z: ids count from here */

struct Facts {
    Store *store;
    int64_t region;
    Arena *room;
    Map kinds;                    /* name -> FactKindOf */
    FactTokens tokens;
    void *tokens_arg;
    Hash setup;                   /* of what the views depend on */
};

/* One level of tiles: the tile at the right edge. */
typedef struct FactTile {
    Hash h[TLOG_TILE];
    int n;                        /* hashes in it; < 0: not read yet */
    bool changed;
} FactTile;

typedef struct FactIndexRow {
    int64_t field, subject;
    Str value;
    uint64_t first;               /* the value's first eight bytes as a number: waiting.c sets it */
} FactIndexRow;

typedef struct FactNewThing {     /* a row of thing whose first fact is its newest */
    Str kind;
    int64_t subject, fact, org;
} FactNewThing;

/* A fact whose leaf is not hashed yet: a copy, because the caller's body does not wait. */
typedef struct FactLeaf {
    Fact f;
    const LeafField *fields;
    size_t n_fields;
    Hash hash;
} FactLeaf;

typedef struct FactBatch {
    LeafRun *run;                 /* made when the batch first goes to the other thread */
    Arena *room;
    FactLeaf *leaves;
    size_t n, cap, bytes;
} FactBatch;

/* What one writing job keeps until its end. */
typedef struct FactJob {
    Facts *facts;
    bool have_last;
    int64_t size, last_id;        /* of the log */
    int64_t tiled;                /* leaves that are in the tiles, of `size` */
    LeafRun *run;
    FactBatch batches[2];         /* one fills while the other is hashed */
    int filling;
    Err failed;                   /* a tile could not be written: the whole job fails */
    FactTile tiles[TLOG_LEVELS];
    unsigned char pool[FACT_POOL];
    size_t pool_left;
    Buf body, tokens;
    bool orgs_changed;
    Arena *waiting_room;          /* rows of the views that are not written yet */
    FactIndexRow *waiting;
    size_t n_waiting, cap_waiting;
    FactNewThing *things;
    size_t n_things, cap_things;
} FactJob;

FactJob *fact_job(Tx *tx, Err *e);                          /* made on first use; NULL: failed */
typedef struct FactKindOf {
    FactKind k;
    int64_t field[FACT_INDEX_MAX];  /* numbers of the indexed fields in field_index */
} FactKindOf;
const FactKindOf *fact_kind(const Facts *facts, Str kind);  /* never NULL */

/* log.c */
bool fact_log_open(Tx *tx, FactJob *job, Err *e) MUST_USE;
bool fact_log_add(Tx *tx, FactJob *job, Hash leaf, Err *e) MUST_USE;
bool fact_log_flush(Tx *tx, FactJob *job, Err *e) MUST_USE;
bool fact_log_leaf(Hash *out, Tx *tx, int64_t seq, Err *e) MUST_USE;
TlogTiles fact_log_tiles(Tx *tx);

/* leaves.c: leaves wait and are hashed a batch at a time beside the job, which goes on writing
 * rows; the few of a small job are hashed when it ends. */
bool fact_leaf_put(Tx *tx, FactJob *job, const Fact *f, const LeafField *fields, size_t n,
                   Err *e) MUST_USE;
bool fact_leaves_add(Tx *tx, FactJob *job, Err *e) MUST_USE;  /* all that wait, to the tiles */
void fact_leaves_drop(FactJob *job);

/* waiting.c: rows of field_index and new rows of thing wait until they are asked for or the job
 * ends, and are then written in the order of their key, many a statement: an import touches each
 * page of the views once. */
bool fact_index_put(Tx *tx, FactJob *job, const FactIndexRow *row, Err *e) MUST_USE;
bool fact_thing_put(Tx *tx, FactJob *job, const FactNewThing *row, Err *e) MUST_USE;
bool fact_waiting_write(Tx *tx, FactJob *job, Err *e) MUST_USE;
bool fact_own_seen(Tx *tx, Err *e) MUST_USE;  /* before reading a view: a job sees what it wrote */

/* view.c: the fold. A search row also says which kind and organisation it is of, in characters
 * that no text brings in: the tokens keep only Chinese characters, letters and digits. */
void fact_token_kind(Buf *out, Str kind);
void fact_token_org(Buf *out, int64_t org);
typedef struct FactThing { int64_t fact, live, org, first, n; } FactThing;
bool fact_thing_get(FactThing *out, bool *found, Tx *tx, Str kind, int64_t subject,
                    Err *e) MUST_USE;
bool fact_view_add(Tx *tx, FactJob *job, const Fact *f, const LeafField *fields, size_t n,
                   bool is_new, Err *e) MUST_USE;
bool fact_view_enter(Tx *tx, FactJob *job, const Fact *f, int64_t first, const LeafField *fields,
                     size_t n, Err *e) MUST_USE;
bool fact_view_leave(Tx *tx, FactJob *job, const Fact *f, int64_t first, Err *e) MUST_USE;

/* tree.c */
bool fact_tree_renumber(Tx *tx, FactJob *job, Err *e) MUST_USE;

/* read.c */
void fact_of_row(Fact *out, Rows *r);         /* text points into the row */
bool fact_copy(Fact *out, Arena *a, const Fact *f, Err *e) MUST_USE;
bool fact_marks(Fact *f, Arena *a, Tx *tx, Err *e) MUST_USE;
bool fact_no_memory(Err *e);

/* field.c */
/* The number under which the index holds the filter's field; FACT_INDEX when it is not indexed. */
bool fact_field_number(int64_t *out, const Facts *facts, const FactFilter *f, Err *e) MUST_USE;
Str fact_cut(Str value);                      /* to FACT_VALUE_MAX, between characters */

#endif
