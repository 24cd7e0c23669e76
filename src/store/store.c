#include "store/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool store_exec(sqlite3 *db, const char *sql, Err *e)
{
    int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || store_failed(db, "script", code, e);
}

/* A connection trusts neither the schema of the file nor the SQL of anybody: no extensions, no
 * writes to shadow tables, no functions with side effects from inside views. In a simulated world
 * the power does not fail: nothing waits for the disk there. */
static bool conn_set_up(Conn *c, bool reader, bool real, Err *e)
{
    sqlite3_busy_timeout(c->db, STORE_BUSY_MS);
    sqlite3_extended_result_codes(c->db, 1);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    return store_exec(c->db, "pragma page_size = 8192; pragma journal_mode = wal;"
                             "pragma foreign_keys = off; pragma secure_delete = on;"
                             "pragma temp_store = memory; pragma wal_autocheckpoint = 0", e)
        && store_exec(c->db, real ? "pragma synchronous = full" : "pragma synchronous = off", e)
        && store_exec(c->db, reader ? "pragma cache_size = -512; pragma query_only = on"
                                    : "pragma cache_size = -16384", e);
}

static bool conn_prepare(Conn *c, bool reader, Err *e)
{
    struct { sqlite3_stmt **st; const char *sql; } of[] = {
        { &c->begin, reader ? "begin" : "begin immediate" }, { &c->commit, "commit" },
        { &c->rollback, "rollback" },
        { &c->mark, "savepoint job" }, { &c->release, "release job" },
        { &c->undo, "rollback to job" },
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        int code = sqlite3_prepare_v3(c->db, of[i].sql, -1, SQLITE_PREPARE_PERSISTENT, of[i].st,
                                      NULL);
        if (code != SQLITE_OK)
            return store_failed(c->db, of[i].sql, code, e);
    }
    return true;
}

Conn *store_conn_open(Store *store, bool reader, Err *e)
{
    Conn *c = calloc(1, sizeof *c);
    if (c) {
        c->prepared = calloc(store->n_names + 1, sizeof *c->prepared);
        c->scratch = arena_open(STORE_SCRATCH_MAX);
    }
    if (!c || !c->prepared || !c->scratch) {
        err_fail(e, ERR_NO_MEMORY, err_hole("what", "SQL"));
        store_conn_close(store, c);
        return NULL;
    }
    int code = sqlite3_open_v2(store->path, &c->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                               NULL);
    bool ok = code == SQLITE_OK || store_failed(c->db, "open", code, e);
    if (ok && conn_set_up(c, reader, !sys_is_sim(store->sys), e) && conn_prepare(c, reader, e))
        return c;
    store_conn_close(store, c);
    return NULL;
}

void store_conn_close(Store *store, Conn *c)
{
    if (!c)
        return;
    for (size_t i = 0; c->prepared && i < store->n_names; i++) {
        while (c->prepared[i]) {
            Rows *next = c->prepared[i]->next;
            sqlite3_finalize(c->prepared[i]->st);
            free(c->prepared[i]);
            c->prepared[i] = next;
        }
    }
    sqlite3_stmt *own[] = { c->begin, c->commit, c->rollback, c->mark, c->release, c->undo };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        sqlite3_finalize(own[i]);
    sqlite3_close(c->db);
    free(c->prepared);
    arena_close(c->scratch);
    free(c);
}

bool store_step(Conn *conn, sqlite3_stmt *st, const char *name, Err *e)
{
    int code = sqlite3_step(st);
    bool ok = code == SQLITE_DONE || code == SQLITE_ROW || store_failed(conn->db, name, code, e);
    sqlite3_reset(st);
    return ok;
}

/* In one transaction, so that two processes may open a new file at once. */
static bool schema_job(Tx *tx, void *arg, Err *e)
{
    (void)arg;
    int64_t there, version;
    if (!store_int(&there, tx, "schema_there", BIND_NONE, 0, e))
        return false;
    if (!there)
        return store_script(tx, "facts", e) && store_script(tx, "views", e)
            && store_run(tx, "schema_put", BIND(bind_int(STORE_SCHEMA)), e);
    if (!store_int(&version, tx, "schema_version", BIND_NONE, 0, e))
        return false;
    return version == STORE_SCHEMA
        || err_fail(e, ERR_STORE_VERSION, err_hole("found", version),
                    err_hole("want", STORE_SCHEMA));
}

static bool locks_open(Store *s)
{
    return pthread_mutex_init(&s->lock, NULL) == 0 && pthread_cond_init(&s->reader_free, NULL) == 0
        && pthread_cond_init(&s->job_come, NULL) == 0
        && pthread_cond_init(&s->room_free, NULL) == 0;
}

static bool open_file(Store *s, Err *e)
{
    if (!sys_exists(s->sys, s->path) && !sys_file_write(s->sys, s->path, (Str){ "", 0 }, e))
        return false; /* made here, empty, because SQLite would make it readable by others */
    s->write_conn = store_conn_open(s, false, e);
    return s->write_conn && store_writer_start(s, e) && store_write(s, schema_job, NULL, e);
}

Store *store_open(Sys *sys, const char *path, Err *e)
{
    Store *s = calloc(1, sizeof *s);
    Arena *room = arena_open(8 << 20);
    /* Nobody asks SQLite how much memory it uses, and counting takes a lock for every piece that
     * all readers share. Refused, and harmless, once a database is open in this program. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (!s || !room || !locks_open(s)) {
        free(s);
        arena_close(room);
        err_fail(e, ERR_NO_MEMORY, err_hole("what", path));
        return NULL;
    }
    s->sys = sys;
    s->names_room = room;
    s->names = map_open(room);
    s->path = arena_z(room, str_of(path));
    if (s->path && store_names_read(s, e) && open_file(s, e))
        return s;
    err_note(e, "while opening the database %s", path);
    store_close(s);
    return NULL;
}

void store_close(Store *s)
{
    if (!s)
        return;
    store_writer_stop(s);
    while (s->idle) {
        Conn *next = s->idle->next;
        store_conn_close(s, s->idle);
        s->idle = next;
    }
    store_conn_close(s, s->write_conn);
    pthread_cond_destroy(&s->reader_free);
    pthread_cond_destroy(&s->job_come);
    pthread_cond_destroy(&s->room_free);
    pthread_mutex_destroy(&s->lock);
    arena_close(s->names_room);
    free(s);
}

Sys *store_sys(const Store *store)
{
    return store->sys;
}

void store_hang(Store *store, void *owner)
{
    store->owner = owner;
}

/* An idle reader, or a new one while there are few; waits otherwise. */
static Conn *reader_take(Store *s, Err *e)
{
    pthread_mutex_lock(&s->lock);
    while (!s->idle && s->n_readers >= STORE_READERS_MAX)
        pthread_cond_wait(&s->reader_free, &s->lock);
    Conn *c = s->idle;
    if (c)
        s->idle = c->next;
    else
        s->n_readers++;
    pthread_mutex_unlock(&s->lock);
    if (c || (c = store_conn_open(s, true, e)))
        return c;
    pthread_mutex_lock(&s->lock);
    s->n_readers--;
    pthread_cond_signal(&s->reader_free);
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void reader_give(Store *s, Conn *c)
{
    pthread_mutex_lock(&s->lock);
    c->next = s->idle;
    s->idle = c;
    pthread_cond_signal(&s->reader_free);
    pthread_mutex_unlock(&s->lock);
}

bool store_read(Store *store, StoreJob fn, void *arg, Err *e)
{
    Conn *c = reader_take(store, e);
    if (!c)
        return false;
    Tx tx = { .store = store, .conn = c };
    bool ok = store_step(c, c->begin, "begin", e);
    if (ok) {
        ok = tx_run(&tx, fn, arg, e);
        sqlite3_step(c->commit); /* a reading transaction has nothing to lose */
        sqlite3_reset(c->commit);
    }
    reader_give(store, c);
    return ok;
}
