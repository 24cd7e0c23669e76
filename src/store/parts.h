/* What the files of store share; nobody else includes it. */
#ifndef STORE_PARTS_H
#define STORE_PARTS_H

#include "base/embed.h"
#include "base/map.h"
#include "store/store.h"

#include <pthread.h>
#include <sqlite3.h>

extern const Embed store_embed[];

/* One named statement of sql/ *.sql. */
typedef struct Named {
    Str name, sql;
    size_t number;
} Named;

struct Rows { /* a prepared statement and, while it is open, its reading */
    sqlite3_stmt *st;
    const Named *named;
    Tx *tx;
    bool busy;
    int code;                     /* of the last step */
    struct Rows *next;            /* another copy of the same statement, for nested use */
};

typedef struct Conn {
    sqlite3 *db;
    Rows **prepared;              /* by Named.number */
    sqlite3_stmt *begin, *commit, *rollback, *mark, *release, *undo;
    Arena *scratch;
    struct Conn *next;
} Conn;

typedef struct Job {
    StoreJob fn;
    void *arg;
    Err *e;
    bool ok, done, alone;         /* alone: outside of any transaction */
    bool (*work)(Store *store, Err *e); /* of an `alone` job */
    pthread_cond_t wake;
    struct Job *next;
} Job;

struct Store {
    Sys *sys;
    const char *path;
    Arena *names_room;
    Map names;
    size_t n_names;
    void *owner;

    pthread_mutex_t lock;         /* guards all below */
    pthread_cond_t reader_free, job_come, room_free;
    Conn *idle;                   /* readers that nobody uses */
    int n_readers;                /* open ones, idle or not */
    Job *first, *last;            /* waiting for the writer */
    int n_waiting;
    bool closing;

    pthread_t writer;
    bool writer_runs;
    Conn *write_conn;             /* used by the writer thread only */
    int wal_pages;                /* pages in the WAL after the last commit; writer thread only */
};

struct Tx {
    Store *store;
    Conn *conn;
    bool write;
    void *local;
    bool (*flush)(Tx *tx, void *local, Err *e);
    void (*drop)(void *local);
    pthread_t beside;
    bool beside_runs;
};

enum { STORE_SCRATCH_MAX = 256 << 20 };

bool store_names_read(Store *store, Err *e) MUST_USE;
bool store_failed(sqlite3 *db, const char *name, int code, Err *e); /* fills e; false */
Conn *store_conn_open(Store *store, bool reader, Err *e);
void store_conn_close(Store *store, Conn *conn);
bool store_exec(sqlite3 *db, const char *sql, Err *e) MUST_USE;
bool store_step(Conn *conn, sqlite3_stmt *st, const char *name, Err *e) MUST_USE;
bool store_writer_start(Store *store, Err *e) MUST_USE;
void store_writer_stop(Store *store);
bool store_alone(Store *store, bool (*work)(Store *store, Err *e), Err *e) MUST_USE;
bool tx_run(Tx *tx, StoreJob fn, void *arg, Err *e) MUST_USE;

#endif
