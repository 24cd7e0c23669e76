/* store: the only door to SQL. Statements have names (sql/ *.sql, embedded at build time); values
 * are bound, never formatted.
 *
 * A read runs on a snapshot, many at once. A write is queued to the one writer thread, which runs
 * all queued jobs in one transaction, each in a savepoint of its own (one job's failure undoes
 * that job alone), commits once and then answers: true means it is on the disk.
 * It refuses to know what the rows mean.
 *
 * Ownership: the caller owns the Store; a Tx lives as long as the job's call; Rows are closed by
 * the job that opened them; text of a row lives until the next rows_next.
 *
 *     static bool rename(Tx *tx, void *arg, Err *e)
 *     {
 *         return store_run(tx, "setting_put", BIND(bind_text(name), bind_text(value)), e);
 *     }
 *     if (!store_write(store, rename, &in, &e)) ...
 *
 *     Rows *r;
 *     if (!store_rows(&r, tx, "setting_get", BIND(bind_text(name)), e)) return false;
 *     while (rows_next(r)) use(rows_text(r, 0));
 *     return rows_close(r, e);                         // false: reading broke off
 *
 * Nouns of this face: store_ tx_ rows_ bind_ */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/err.h"
#include "sys/sys.h"

enum {
    STORE_SCHEMA = 1,             /* version of sql/facts.sql; a newer file is refused */
    STORE_READERS_MAX = 16,       /* reads at once; more wait */
    STORE_QUEUE_MAX = 4096,       /* jobs waiting for the writer; more wait */
    STORE_BATCH_MAX = 512,        /* jobs in one commit */
    STORE_BUSY_MS = 10000         /* how long another process may hold the write lock */
};

typedef struct Store Store;
typedef struct Tx Tx;
typedef struct Rows Rows;
typedef bool (*StoreJob)(Tx *tx, void *arg, Err *e);

/* Opens or makes the file (mode 0600) with its enduring schema. NULL on failure. */
Store *store_open(Sys *sys, const char *path, Err *e);
void store_close(Store *store);              /* waits for queued jobs; accepts NULL */
Sys *store_sys(const Store *store);

bool store_read(Store *store, StoreJob job, void *arg, Err *e) MUST_USE;
bool store_write(Store *store, StoreJob job, void *arg, Err *e) MUST_USE;

/* Binding: store_run(tx, "name", BIND(bind_int(x), bind_text(s)), e); BIND_NONE for none. */
typedef enum BindType { BIND_T_NULL, BIND_T_INT, BIND_T_TEXT, BIND_T_BLOB } BindType;
typedef struct Bind {
    BindType type;
    int64_t i;
    Str s;
} Bind;
static inline Bind bind_int(int64_t v) { return (Bind){ BIND_T_INT, v, { NULL, 0 } }; }
static inline Bind bind_text(Str s) { return (Bind){ BIND_T_TEXT, 0, s }; }
static inline Bind bind_blob(Str s) { return (Bind){ BIND_T_BLOB, 0, s }; }
static inline Bind bind_null(void) { return (Bind){ BIND_T_NULL, 0, { NULL, 0 } }; }
static inline Bind bind_id(int64_t v) { return v ? bind_int(v) : bind_null(); } /* 0: null */
#define BIND(...)                                                                                  \
    (const Bind[]){ __VA_ARGS__ }, sizeof((const Bind[]){ __VA_ARGS__ }) / sizeof(Bind)
#define BIND_NONE NULL, 0

/* Statements by name. An unknown name or a wrong number of values is a programmer's error and
 * fails with STORE_SQL. */
bool store_run(Tx *tx, const char *name, const Bind *binds, size_t n, Err *e) MUST_USE;
int64_t store_changed(const Tx *tx);         /* rows touched by the last store_run */
bool store_rows(Rows **out, Tx *tx, const char *name, const Bind *binds, size_t n,
                Err *e) MUST_USE;
/* First column of the first row; `none` when there is no row or it is null. */
bool store_int(int64_t *out, Tx *tx, const char *name, const Bind *binds, size_t n, int64_t none,
               Err *e) MUST_USE;
/* Runs a whole embedded file of statements without parameters: "views" is sql/views.sql. */
bool store_script(Tx *tx, const char *file, Err *e) MUST_USE;

bool rows_next(Rows *r);                     /* false: no more, or it broke off (see rows_close) */
bool rows_close(Rows *r, Err *e) MUST_USE;   /* false when reading had broken off */
void rows_drop(Rows *r);                     /* close when failing anyway; accepts NULL */
int64_t rows_int(Rows *r, int column);       /* 0 for null; columns from 0 */
Str rows_text(Rows *r, int column);          /* empty for null */
Str rows_blob(Rows *r, int column);
bool rows_null(Rows *r, int column);
BindType rows_type(Rows *r, int column);
int rows_columns(Rows *r);
Str rows_name(Rows *r, int column);

/* What a module above hangs on: one pointer for the store's life, one for a job's. `flush` runs
 * when the job has succeeded, before its savepoint is released (its failure fails the job);
 * `drop` always runs, after it. */
void store_hang(Store *store, void *owner);  /* before any read or write */
void *tx_owner(const Tx *tx);
void *tx_local(const Tx *tx);                /* NULL until set */
void tx_set_local(Tx *tx, void *local, bool (*flush)(Tx *tx, void *local, Err *e),
                  void (*drop)(void *local));
bool tx_may_write(const Tx *tx);
Sys *tx_sys(const Tx *tx);
Arena *tx_arena(Tx *tx);                     /* scratch of this job; gone when it returns */
/* Computes beside the job, on a thread of its own: one at a time, the one before is waited for.
 * Neither SQL nor Tx in there. What it works on must live until tx_beside_wait, which every job
 * passes before its `drop`. Without a thread to be had it runs at once. */
void tx_beside(Tx *tx, void *(*work)(void *arg), void *arg);
void tx_beside_wait(Tx *tx);

/* Care of the file; all of them run beside or between transactions. */
bool store_check(Store *store, Err *e) MUST_USE;                  /* whole-file integrity check */
bool store_copy(Store *store, const char *path, Err *e) MUST_USE; /* consistent copy, online */
bool store_compact(Store *store, Err *e) MUST_USE; /* VACUUM: no deleted byte stays in the file */

#endif
