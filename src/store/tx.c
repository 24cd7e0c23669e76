/* One job on one connection: its statements, its rows, what a module above hangs on it. */
#include "store/parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Was there no room? A quota and a limit on file size come as plain I/O errors; the file that
 * failed, the database or its WAL, remembers why (the connection's own errno is overwritten). */
static bool no_room_in(sqlite3_file *f)
{
    int os = 0;
    if (f && f->pMethods)
        f->pMethods->xFileControl(f, SQLITE_FCNTL_LAST_ERRNO, &os);
    return os == ENOSPC || os == EFBIG || os == EDQUOT;
}

static bool no_room(sqlite3 *db)
{
    sqlite3_file *file = NULL, *wal = NULL;
    if (!db)
        return false;
    sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
    return no_room_in(file) || no_room_in(wal);
}

bool store_failed(sqlite3 *db, const char *name, int code, Err *e)
{
    const char *why = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    switch (code & 0xFF) {
    case SQLITE_FULL:
        return err_fail(e, ERR_STORE_FULL);
    case SQLITE_IOERR:
        if (no_room(db))
            return err_fail(e, ERR_STORE_FULL);
        return err_fail(e, ERR_STORE_IO, err_hole("why", why));
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return err_fail(e, ERR_STORE_IO, err_hole("why", why));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_fail(e, ERR_STORE_BUSY);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return err_fail(e, ERR_STORE_BROKEN, err_hole("why", why));
    case SQLITE_NOMEM:
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "SQL"));
    default:
        return err_fail(e, ERR_STORE_SQL, err_hole("name", name), err_hole("why", why));
    }
}

static bool wrong(Err *e, Str name, const char *why)
{
    return err_fail(e, ERR_STORE_SQL, err_hole("name", name), err_hole("why", why));
}

/* Parameters are $1, $2, ... in the order of their first use: SQLite numbers them by that order,
 * PostgreSQL by their digits, and both must mean the same value. */
static bool parameters_ok(sqlite3_stmt *st)
{
    for (int i = 1; i <= sqlite3_bind_parameter_count(st); i++) {
        const char *name = sqlite3_bind_parameter_name(st, i);
        if (!name || name[0] != '$' || atoi(name + 1) != i)
            return false;
    }
    return true;
}

static bool is_blank(const char *tail, Str sql)
{
    return str_trim((Str){ tail, (size_t)(sql.p + sql.n - tail) }).n == 0;
}

static Rows *prepare(Conn *conn, const Named *named, Err *e)
{
    Rows *r = calloc(1, sizeof *r);
    const char *tail = NULL;
    bool good = false;
    if (!r) {
        err_fail(e, ERR_NO_MEMORY, err_hole("what", "SQL"));
        return NULL;
    }
    r->named = named;
    int code = sqlite3_prepare_v3(conn->db, named->sql.p, (int)named->sql.n,
                                  SQLITE_PREPARE_PERSISTENT, &r->st, &tail);
    if (code != SQLITE_OK)
        store_failed(conn->db, "prepare", code, e);
    else if (!r->st || !is_blank(tail, named->sql))
        wrong(e, named->name, "it is not one statement");
    else if (!parameters_ok(r->st))
        wrong(e, named->name, "its parameters are not $1, $2, ... in order");
    else
        good = true;
    if (!good) {
        err_note(e, "while preparing %.*s", STR(named->name));
        sqlite3_finalize(r->st);
        free(r);
        return NULL;
    }
    r->next = conn->prepared[named->number];
    conn->prepared[named->number] = r;
    return r;
}

/* A copy of the statement that nobody is reading from. */
static Rows *statement(Tx *tx, const char *name, Err *e)
{
    const Named *named = map_get(&tx->store->names, str_of(name));
    if (!named) {
        wrong(e, str_of(name), "no such statement");
        return NULL;
    }
    Rows *r = tx->conn->prepared[named->number];
    while (r && r->busy)
        r = r->next;
    return r ? r : prepare(tx->conn, named, e);
}

static bool failed_in(Rows *r, int code, Err *e)
{
    char name[64];
    Str s = r->named->name;
    size_t n = s.n < sizeof name - 1 ? s.n : sizeof name - 1;
    memcpy(name, s.p, n);
    name[n] = 0;
    return store_failed(sqlite3_db_handle(r->st), name, code, e);
}

static const char *some(Str s)
{
    return s.p ? s.p : "";
}

static int bind_one(sqlite3_stmt *st, int at, const Bind *b, sqlite3_destructor_type life)
{
    switch (b->type) {
    case BIND_T_INT:
        return sqlite3_bind_int64(st, at, b->i);
    case BIND_T_TEXT:
        return sqlite3_bind_text64(st, at, some(b->s), b->s.n, life, SQLITE_UTF8);
    case BIND_T_BLOB:
        return sqlite3_bind_blob64(st, at, some(b->s), b->s.n, life);
    default:
        return sqlite3_bind_null(st, at);
    }
}

static bool bind_all(Rows *r, const Bind *binds, size_t n, sqlite3_destructor_type life, Err *e)
{
    if ((size_t)sqlite3_bind_parameter_count(r->st) != n)
        return wrong(e, r->named->name, "wrong number of values");
    for (size_t i = 0; i < n; i++) {
        int code = bind_one(r->st, (int)i + 1, &binds[i], life);
        if (code != SQLITE_OK)
            return failed_in(r, code, e);
    }
    return true;
}

bool store_run(Tx *tx, const char *name, const Bind *binds, size_t n, Err *e)
{
    Rows *r = statement(tx, name, e);
    if (!r || !bind_all(r, binds, n, SQLITE_STATIC, e))
        return false;
    int code = sqlite3_step(r->st);
    bool ok = code == SQLITE_DONE || code == SQLITE_ROW || failed_in(r, code, e);
    sqlite3_reset(r->st);
    return ok;
}

int64_t store_changed(const Tx *tx)
{
    return sqlite3_changes64(tx->conn->db);
}

bool store_rows(Rows **out, Tx *tx, const char *name, const Bind *binds, size_t n, Err *e)
{
    Rows *r = statement(tx, name, e);
    if (!r || !bind_all(r, binds, n, SQLITE_TRANSIENT, e))
        return false;
    r->tx = tx;
    r->busy = true;
    r->code = SQLITE_ROW;
    *out = r;
    return true;
}

bool store_int(int64_t *out, Tx *tx, const char *name, const Bind *binds, size_t n, int64_t none,
               Err *e)
{
    Rows *r = statement(tx, name, e);
    if (!r || !bind_all(r, binds, n, SQLITE_STATIC, e))
        return false;
    int code = sqlite3_step(r->st);
    bool ok = code == SQLITE_DONE || code == SQLITE_ROW || failed_in(r, code, e);
    if (ok)
        *out = code == SQLITE_ROW && !rows_null(r, 0) ? rows_int(r, 0) : none;
    sqlite3_reset(r->st);
    return ok;
}

bool rows_next(Rows *r)
{
    if (r->code == SQLITE_ROW)
        r->code = sqlite3_step(r->st);
    return r->code == SQLITE_ROW;
}

void rows_drop(Rows *r)
{
    if (!r || !r->busy)
        return;
    sqlite3_reset(r->st);
    sqlite3_clear_bindings(r->st); /* frees the copies that store_rows made */
    r->busy = false;
}

bool rows_close(Rows *r, Err *e)
{
    bool ok = r->code == SQLITE_ROW || r->code == SQLITE_DONE || failed_in(r, r->code, e);
    rows_drop(r);
    return ok;
}

int64_t rows_int(Rows *r, int column)
{
    return sqlite3_column_int64(r->st, column);
}

Str rows_text(Rows *r, int column)
{
    const char *p = (const char *)sqlite3_column_text(r->st, column);
    return p ? (Str){ p, (size_t)sqlite3_column_bytes(r->st, column) } : (Str){ "", 0 };
}

Str rows_blob(Rows *r, int column)
{
    const char *p = sqlite3_column_blob(r->st, column);
    return p ? (Str){ p, (size_t)sqlite3_column_bytes(r->st, column) } : (Str){ "", 0 };
}

bool rows_null(Rows *r, int column)
{
    return sqlite3_column_type(r->st, column) == SQLITE_NULL;
}

BindType rows_type(Rows *r, int column)
{
    int type = sqlite3_column_type(r->st, column);
    return type == SQLITE_INTEGER ? BIND_T_INT : type == SQLITE_TEXT ? BIND_T_TEXT
         : type == SQLITE_BLOB ? BIND_T_BLOB : BIND_T_NULL;
}

int rows_columns(Rows *r)
{
    return sqlite3_column_count(r->st);
}

Str rows_name(Rows *r, int column)
{
    return str_of(sqlite3_column_name(r->st, column));
}

void *tx_owner(const Tx *tx)
{
    return tx->store->owner;
}

void *tx_local(const Tx *tx)
{
    return tx->local;
}

void tx_set_local(Tx *tx, void *local, bool (*flush)(Tx *tx, void *local, Err *e),
                  void (*drop)(void *local))
{
    tx->local = local;
    tx->flush = flush;
    tx->drop = drop;
}

bool tx_may_write(const Tx *tx)
{
    return tx->write;
}

Sys *tx_sys(const Tx *tx)
{
    return tx->store->sys;
}

Arena *tx_arena(Tx *tx)
{
    return tx->conn->scratch;
}

void tx_beside_wait(Tx *tx)
{
    if (tx->beside_runs)
        pthread_join(tx->beside, NULL);
    tx->beside_runs = false;
}

void tx_beside(Tx *tx, void *(*work)(void *arg), void *arg)
{
    tx_beside_wait(tx);
    tx->beside_runs = pthread_create(&tx->beside, NULL, work, arg) == 0;
    if (!tx->beside_runs)
        work(arg);
}

/* Whatever a failing job left open is closed for it. */
static void close_rows(Tx *tx)
{
    for (size_t i = 0; i < tx->store->n_names; i++)
        for (Rows *r = tx->conn->prepared[i]; r; r = r->next)
            rows_drop(r);
}

bool tx_run(Tx *tx, StoreJob fn, void *arg, Err *e)
{
    bool ok = fn(tx, arg, e);
    if (ok && tx->flush)
        ok = tx->flush(tx, tx->local, e);
    tx_beside_wait(tx);
    if (tx->drop)
        tx->drop(tx->local);
    close_rows(tx);
    arena_reset(tx->conn->scratch);
    return ok;
}
