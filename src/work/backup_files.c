/* The files of electronic votes on their way into a safety copy and out of it. */
#include "base/hash.h"
#include "work/backup_files.h"

#define ROOT "evotes/"
enum { PATHS_MAX = 16 << 20, FILE_ROOM = SYS_FILE_MAX + (1 << 20) };

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "安全副本"));
}

static bool belongs(Str name)
{
    return str_ends(name, STRC(".json")) || str_ends(name, STRC(".bel")) ||
           str_ends(name, STRC(".hints"));
}

/* --- in ------------------------------------------------------------------------------------- */

typedef struct Packing {
    Sys *sys;
    const char *dir;
    Arena *a;                    /* paths */
    Arena *room;                 /* one file at a time */
} Packing;

static bool one_in(Packing *p, Tx *tx, Str path, Err *e)
{
    Str bytes;
    const char *file = arena_z(p->a, arena_text(p->a, "%s/%.*s", p->dir, STR(path)));
    Hash key = hash_of(path);
    arena_reset(p->room);
    if (!file)
        return no_memory(e);
    return sys_file_read(&bytes, p->room, p->sys, file, SYS_FILE_MAX, e) &&
           store_run(tx, "blob_add",
                     BIND(bind_blob(hash_bytes(&key)), bind_int((int64_t)bytes.n), bind_text(path),
                          bind_int(1), bind_blob(bytes)), e);
}

static bool folder_in(Packing *p, Tx *tx, Str folder, Err *e)
{
    SysNames names;
    const char *path = arena_z(p->a, arena_text(p->a, "%s/" ROOT "%.*s", p->dir, STR(folder)));
    if (!path)
        return no_memory(e);
    if (!sys_dir_list(&names, p->a, p->sys, path, e))
        return false;
    for (size_t i = 0; i < names.n; i++)
        if (belongs(names.names[i]) &&
            !one_in(p, tx, arena_text(p->a, ROOT "%.*s/%.*s", STR(folder), STR(names.names[i])),
                    e))
            return false;
    return true;
}

static bool in_job(Tx *tx, void *arg, Err *e)
{
    Packing *p = arg;
    SysNames folders;
    const char *root = arena_z(p->a, arena_text(p->a, "%s/evotes", p->dir));
    if (!root)
        return no_memory(e);
    if (!sys_exists(p->sys, root))
        return true;
    if (!sys_dir_list(&folders, p->a, p->sys, root, e))
        return false;
    for (size_t i = 0; i < folders.n; i++)
        if (!folder_in(p, tx, folders.names[i], e))
            return false;
    return true;
}

static bool with_room(Sys *sys, const char *dir, Store *copy, StoreJob job, Err *e)
{
    Packing p = { sys, dir, arena_open(PATHS_MAX), arena_open(FILE_ROOM) };
    bool ok = ((p.a && p.room) || no_memory(e)) && store_write(copy, job, &p, e);
    arena_close(p.a);
    arena_close(p.room);
    return ok;
}

bool work_copy_files_in(Sys *sys, const char *dir, Store *copy, Err *e)
{
    return with_room(sys, dir, copy, in_job, e);
}

/* --- out ------------------------------------------------------------------------------------ */

/* Only what was packed here: no name of the copy may lead out of the folder. */
static bool is_path(Str path)
{
    Str folder, name, root = STRC(ROOT);
    int64_t id;
    return str_starts(path, root) &&
           str_cut(str_sub(path, root.n, path.n), STRC("/"), &folder, &name) &&
           str_int(folder, &id) && belongs(name) && !str_has(name, STRC("/"));
}

static bool one_out(Packing *p, Tx *tx, Str path, Err *e)
{
    Rows *r;
    Str folder, name;
    Hash key = hash_of(path);
    str_cut(str_sub(path, sizeof ROOT - 1, path.n), STRC("/"), &folder, &name);
    const char *file = arena_z(p->a, arena_text(p->a, "%s/%.*s", p->dir, STR(path)));
    const char *in = arena_z(p->a, arena_text(p->a, "%s/" ROOT "%.*s", p->dir, STR(folder)));
    if (!file || !in)
        return no_memory(e);
    if (!sys_dir_make(p->sys, in, e) ||
        !store_rows(&r, tx, "blob_bytes", BIND(bind_blob(hash_bytes(&key))), e))
        return false;
    bool ok = !rows_next(r) || sys_file_write(p->sys, file, rows_blob(r, 1), e);
    if (!ok) {
        rows_drop(r);
        return false;
    }
    return rows_close(r, e) && store_run(tx, "blob_drop", BIND(bind_blob(hash_bytes(&key))), e);
}

/* Names first: a row is dropped only when nothing reads the table. */
static bool names_of(Str **out, size_t *n, Packing *p, Tx *tx, Err *e)
{
    Rows *r;
    int64_t all;
    if (!store_int(&all, tx, "blob_count", BIND_NONE, 0, e))
        return false;
    if (!(*out = ARENA_ARRAY(p->a, Str, all)))
        return no_memory(e);
    if (!store_rows(&r, tx, "blob_list", BIND_NONE, e))
        return false;
    for (*n = 0; *n < (size_t)all && rows_next(r);)
        if (is_path(rows_text(r, 1)))
            (*out)[(*n)++] = arena_str(p->a, rows_text(r, 1));
    return rows_close(r, e);
}

static bool out_job(Tx *tx, void *arg, Err *e)
{
    Packing *p = arg;
    Str *paths;
    size_t n = 0;
    if (!names_of(&paths, &n, p, tx, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!one_out(p, tx, paths[i], e))
            return false;
    return true;
}

bool work_copy_files_out(Sys *sys, const char *dir, Store *copy, Err *e)
{
    return with_room(sys, dir, copy, out_job, e);
}
