/* The safety copy: a consistent copy of the data, sealed under a passphrase, opened again and
 * audited before anyone is told that it exists. */
#include "work/backup_files.h"
#include "work/call.h"
#include "work/rows.h"

#include <string.h>

#define COPY_END ".copy"
enum { COPY_NAME_MAX = 80 };

/* --- auditing an installation --------------------------------------------------------------- */

typedef struct Check {
    int64_t size;      /* of the log when the copy was begun */
    Hash root;
} Check;

static bool head_job(Tx *tx, void *arg, Err *e)
{
    Check *k = arg;
    FactHead h;
    if (!fact_log_head(&h, tx, e))
        return false;
    *k = (Check){ h.size, h.root };
    return true;
}

static bool audit_job(Tx *tx, void *arg, Err *e)
{
    const Check *k = arg;
    Hash root;
    return fact_audit(tx, e) && fact_log_root(&root, tx, k->size, e) &&
           (hash_eq(root, k->root) || err_fail(e, ERR_COPY_DIFFERS));
}

/* The installation in dir opens, is whole, and its log extends what k says; then k says what it
 * holds now. */
static bool audit(Sys *sys, const char *dir, Check *k, Err *e)
{
    Work *w;
    if (!work_open(&w, &(WorkConfig){ .dir = dir, .sys = sys }, e))
        return false;
    bool ok = store_check(work_store(w), e) && store_read(work_store(w), audit_job, k, e) &&
              store_read(work_store(w), head_job, k, e);
    work_close(w);
    return ok;
}

/* --- making --------------------------------------------------------------------------------- */

typedef struct BackupIn {
    Str passphrase, name;
} BackupIn;
static const ShapeField make_fields[] = {
    { "passphrase", SHAPE_TEXT, offsetof(BackupIn, passphrase), .required = true, .max = 200,
      .title = "口令" },
};
static const Shape make_in = SHAPE("BackupIn", BackupIn, make_fields);
static const ShapeField made_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "bytes", SHAPE_INT, .required = true },
    { "log_size", SHAPE_INT, .required = true },
    { "log_root", SHAPE_TEXT, .required = true },
};
static const Shape made_out = SHAPE_REPLY("BackupMade", made_fields);

static const char *path(Call *c, const char *below)
{
    return arena_z(c->a, arena_text(c->a, "%s/%s", work_dir(c->w), below));
}

static void drop(Sys *sys, Arena *a, const char *file)
{
    Err quiet = { 0 };
    static const char *const ends[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *p = arena_z(a, arena_text(a, "%s%s", file, ends[i]));
        if (p && !sys_file_remove(sys, p, &quiet))
            err_clear(&quiet);
    }
}

static bool forget_job(Tx *tx, void *arg, Err *e)
{
    (void)arg;
    return store_run(tx, "tally_forget", BIND_NONE, e) &&
           store_run(tx, "session_forget", BIND_NONE, e);
}

/* What must not outlive its hour stays out of a copy that is kept: what tellers are entering, and
 * open sessions. What lies beside the database comes in, read after it: at worst newer. */
static bool settle(Sys *sys, const char *dir, const char *copy, Err *e)
{
    Store *store = store_open(sys, copy, e);
    bool ok = store && store_write(store, forget_job, NULL, e) &&
              work_copy_files_in(sys, dir, store, e) && store_compact(store, e);
    store_close(store);
    return ok;
}

/* What was sealed is opened again and audited before it counts. */
static bool seal_check(Call *c, Str passphrase, const char *copy, const char *out, Check *k,
                       Err *e)
{
    Sys *sys = work_sys(c->w);
    const char *check = path(c, "scratch/check"), *db = path(c, "scratch/check/shuping.db");
    if (!check || !db)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "安全副本"));
    drop(sys, c->a, db); /* of one that was killed */
    bool ok = store_copy(work_store(c->w), copy, e) &&
              settle(sys, work_dir(c->w), copy, e) &&
              auth_vault_seal(sys, copy, out, passphrase, e) && sys_dir_make(sys, check, e) &&
              auth_vault_open(sys, out, db, passphrase, e) && audit(sys, check, k, e);
    drop(sys, c->a, db);
    return ok;
}

static bool seal(Call *c, Str passphrase, const char *out, Check *k, int64_t *bytes, Err *e)
{
    Sys *sys = work_sys(c->w);
    const char *copy = path(c, "scratch/copy.db"), *lock = path(c, "scratch/copy.lock");
    SysLock held;
    if (!copy || !lock)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "安全副本"));
    if (!sys_lock_open(&held, sys, lock, "安全副本", e))
        return false;
    drop(sys, c->a, copy);
    bool ok = store_read(work_store(c->w), head_job, k, e) &&
              seal_check(c, passphrase, copy, out, k, e) && sys_file_size(bytes, sys, out, e);
    drop(sys, c->a, copy);
    if (!ok)
        drop(sys, c->a, out);
    sys_lock_close(&held);
    return ok;
}

/* 述评-20261123-174205-118.copy: the day and time in Beijing. */
static Str copy_name(Call *c)
{
    DayParts d = day_parts(c->today);
    int64_t ms = (c->now + 8 * 3600 * 1000) % (24 * 3600 * 1000);
    return arena_text(c->a, "述评-%04d%02d%02d-%02d%02d%02d-%03d" COPY_END, d.year, d.month, d.day,
                      (int)(ms / 3600000), (int)(ms / 60000 % 60), (int)(ms / 1000 % 60),
                      (int)(ms % 1000));
}

static bool backup_make(Call *c, const void *in_, Jw *out, Err *e)
{
    const BackupIn *in = in_;
    Check k;
    int64_t bytes;
    Str name = copy_name(c);
    const char *dir = path(c, "backups"), *file;
    if (!call_may_all(c, e))
        return false;
    file = arena_z(c->a, arena_text(c->a, "%s/backups/%.*s", work_dir(c->w), STR(name)));
    if (!dir || !file)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "安全副本"));
    if (!sys_dir_make(work_sys(c->w), dir, e) || !seal(c, in->passphrase, file, &k, &bytes, e))
        return err_note(e, "making the safety copy");
    jw_kstr(out, "name", name);
    jw_kint(out, "bytes", bytes);
    jw_kint(out, "log_size", k.size);
    jw_kstr(out, "log_root", hash_hex(c->a, k.root));
    return true;
}

const UseCase work_backup_make = { "backup_make", "做一份加密的安全副本", WORK_OUTSIDE,
                                   ROLE_BIT(ROLE_SYS_ADMIN), &make_in, &made_out,
                                   .audit = true, .run = backup_make };

/* --- listing and fetching ------------------------------------------------------------------- */

static const ShapeField row_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "bytes", SHAPE_INT, .required = true },
};
static const Shape row = SHAPE_REPLY("BackupRow", row_fields);
static const ShapeField rows_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &row },
    { "total", SHAPE_INT, .required = true },
    { "folder", SHAPE_TEXT, .required = true },
};
static const Shape rows = SHAPE_REPLY("Backups", rows_fields);

static bool backup_list(Call *c, const void *in, Jw *out, Err *e)
{
    Sys *sys = work_sys(c->w);
    SysNames names = { 0 };
    const char *dir = path(c, "backups");
    (void)in;
    if (!call_may_all(c, e) || !dir ||
        (sys_exists(sys, dir) && !sys_dir_list(&names, c->a, sys, dir, e)))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    int64_t total = 0;
    for (size_t i = names.n; i-- > 0;) {
        int64_t bytes;
        if (!str_ends(names.names[i], STRC(COPY_END)))
            continue; /* half of one that was killed */
        const char *file = arena_z(c->a, arena_text(c->a, "%s/%.*s", dir, STR(names.names[i])));
        if (!file || !sys_file_size(&bytes, sys, file, e))
            return false;
        jw_obj(out);
        jw_kstr(out, "name", names.names[i]);
        jw_kint(out, "bytes", bytes);
        jw_end(out);
        total++;
    }
    jw_end(out);
    jw_kint(out, "total", total);
    jw_kstr(out, "folder", str_of(dir));
    return true;
}

const UseCase work_backup_list = { "backup_list", "查看安全副本", WORK_OUTSIDE,
                                   ROLE_BIT(ROLE_SYS_ADMIN), NULL, &rows, .run = backup_list };

static const ShapeField fetch_fields[] = {
    { "name", SHAPE_TEXT, offsetof(BackupIn, name), .required = true, .max = COPY_NAME_MAX,
      .title = "副本" },
};
static const Shape fetch_in = SHAPE("BackupFetchIn", BackupIn, fetch_fields);

static bool backup_fetch(Call *c, const void *in_, Jw *out, Err *e)
{
    const BackupIn *in = in_;
    Str bytes;
    (void)out;
    if (!call_may_all(c, e))
        return false;
    if (str_has(in->name, STRC("/")) || !str_ends(in->name, STRC(COPY_END)))
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "安全副本"));
    const char *file = arena_z(c->a, arena_text(c->a, "%s/backups/%.*s", work_dir(c->w),
                                                STR(in->name)));
    if (!file || !sys_file_read(&bytes, c->a, work_sys(c->w), file, SYS_FILE_MAX, e))
        return false;
    return call_answer_file(c, in->name, STRC("application/octet-stream"), bytes);
}

const UseCase work_backup_fetch = { "backup_fetch", "下载安全副本", WORK_OUTSIDE,
                                    ROLE_BIT(ROLE_SYS_ADMIN), &fetch_in, NULL, .file = true,
                                    .audit = true, .run = backup_fetch };

/* --- restoring: from the console, into an empty folder -------------------------------------- */

static bool unpack(Sys *sys, const char *dir, const char *db, Err *e)
{
    Store *store = store_open(sys, db, e);
    bool ok = store && work_copy_files_out(sys, dir, store, e) && store_compact(store, e);
    store_close(store);
    return ok;
}

bool work_restore(Sys *sys, Arena *a, const char *from, const char *dir, Str passphrase,
                  int64_t *size, Err *e)
{
    Check k = { 0, tlog_empty() };
    const char *db = arena_z(a, arena_text(a, "%s/shuping.db", dir));
    if (!db)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "恢复"));
    if (sys_exists(sys, db))
        return err_fail(e, ERR_INSTALLED, err_hole("dir", dir));
    if (!sys_dir_make(sys, dir, e) || !auth_vault_open(sys, from, db, passphrase, e))
        return err_note(e, "restoring %s", from);
    if (!unpack(sys, dir, db, e) || !audit(sys, dir, &k, e)) {
        drop(sys, a, db);
        return err_note(e, "auditing what %s held", from);
    }
    *size = k.size;
    return true;
}
