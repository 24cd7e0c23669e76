/* Care of the file: check, copy, compact. */
#include "store/parts.h"

/* Runs one statement on a connection of its own; `each` sees the first column of every row. */
static bool beside(Store *store, const char *sql, const char *value,
                   bool (*each)(const char *text, Err *e), Err *e)
{
    sqlite3_stmt *st = NULL;
    Conn *c = store_conn_open(store, false, e);
    if (!c)
        return false;
    int code = sqlite3_prepare_v2(c->db, sql, -1, &st, NULL);
    if (code == SQLITE_OK && value)
        code = sqlite3_bind_text(st, 1, value, -1, SQLITE_STATIC);
    bool ok = code == SQLITE_OK || store_failed(c->db, sql, code, e);
    while (ok && (code = sqlite3_step(st)) == SQLITE_ROW)
        ok = each((const char *)sqlite3_column_text(st, 0), e);
    if (ok && code != SQLITE_DONE)
        ok = store_failed(c->db, sql, code, e);
    sqlite3_finalize(st);
    store_conn_close(store, c);
    return ok;
}

static bool is_ok(const char *text, Err *e)
{
    return str_is(str_of(text), "ok")
        || err_fail(e, ERR_STORE_BROKEN, err_hole("why", text ? text : "?"));
}

bool store_check(Store *store, Err *e)
{
    return beside(store, "pragma integrity_check(20)", NULL, is_ok, e);
}

/* SQLite writes the copy without waiting for the disk, so it is synced before it counts. */
bool store_copy(Store *store, const char *path, Err *e)
{
    Err ignored;
    if (sys_exists(store->sys, path))
        return err_fail(e, ERR_SYS_IO, err_hole("what", "write"), err_hole("path", path),
                        err_hole("why", "it exists"));
    if (!sys_file_write(store->sys, path, (Str){ "", 0 }, e))
        return false; /* made here so that it is private from its first byte */
    if (beside(store, "vacuum into ?1", path, is_ok, e) && sys_file_sync(store->sys, path, e))
        return true;
    if (!sys_file_remove(store->sys, path, &ignored))
        err_note(e, "a useless %s was left", path);
    return false;
}

static bool compact(Store *store, Err *e)
{
    int in_wal = 0, moved = 0;
    sqlite3 *db = store->write_conn->db;
    if (!store_exec(db, "vacuum", e))
        return false;
    int code = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, &in_wal, &moved);
    if (code != SQLITE_OK)
        return store_failed(db, "checkpoint", code, e);
    store->wal_pages = 0;
    return true;
}

bool store_compact(Store *store, Err *e)
{
    return store_alone(store, compact, e) || err_note(e, "while compacting");
}
