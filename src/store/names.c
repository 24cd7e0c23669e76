/* The named statements: sql/ *.sql holds blocks "-- name: fact_insert" and one statement. */
#include "store/parts.h"

static bool add(Store *store, Str name, Str sql, Err *e)
{
    Named *s = ARENA_NEW(store->names_room, Named);
    if (!s)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "SQL"));
    *s = (Named){ name, sql, store->n_names++ };
    if (map_get(&store->names, name))
        return err_fail(e, ERR_STORE_SQL, err_hole("name", name), err_hole("why", "stands twice"));
    return map_put(&store->names, name, s)
        || err_fail(e, ERR_NO_MEMORY, err_hole("what", "SQL"));
}

static bool read_file(Store *store, Str text, Err *e)
{
    Str head = STRC("-- name: "), name, sql;
    ptrdiff_t at = str_find(text, head);
    while (at >= 0) {
        text = str_sub(text, (size_t)at + head.n, text.n);
        str_cut(text, STRC("\n"), &name, &text);
        at = str_find(text, head);
        sql = at < 0 ? text : str_sub(text, 0, (size_t)at);
        if (!add(store, str_trim(name), str_trim(sql), e))
            return false;
    }
    return true;
}

bool store_names_read(Store *store, Err *e)
{
    for (const Embed *f = store_embed; f->path; f++)
        if (!read_file(store, (Str){ f->p, (size_t)(f->end - f->p) }, e))
            return err_note(e, "while reading %s", f->path);
    return true;
}

static const Embed *file_find(const char *file)
{
    for (const Embed *f = store_embed; f->path; f++) {
        Str path = str_of(f->path), name = str_of(file);
        if (path.n == name.n + 8 && str_ends(path, STRC(".sql"))
            && str_eq(str_sub(path, 4, name.n), name))
            return f;
    }
    return NULL;
}

bool store_script(Tx *tx, const char *file, Err *e)
{
    const Embed *f = file_find(file);
    if (!f)
        return err_fail(e, ERR_STORE_SQL, err_hole("name", file), err_hole("why", "no such file"));
    return store_exec(tx->conn->db, f->p, e) || err_note(e, "while running %s", f->path);
}
