/* A safety copy is made, restored, and refused when it is not whole. */
#include "work/fixture_test.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define WORDS "一句自己记得住的长话，不告诉别人"

typedef struct Taken {
    Fix f;
    const char *file;      /* the copy */
    int64_t size;
    char root[65];
} Taken;

static json_t *make(Fix *f)
{
    return fix_ok(f, fix_console(), "backup_make", "{\"passphrase\":\"" WORDS "\"}");
}

static void take(Taken *t, uint64_t seed)
{
    fix_open(&t->f, seed);
    fix_roster(&t->f);
    json_t *got = make(&t->f);
    t->file = fix_text(&t->f, "%s/backups/%.*s", t->f.dir, STR(jv_str(got, "name")));
    t->size = jv_int(got, "log_size");
    snprintf(t->root, sizeof t->root, "%.*s", STR(jv_str(got, "log_root")));
    assert_true(sys_exists(t->f.sys, t->file));
}

static size_t files_in(Fix *f, const char *folder)
{
    SysNames names;
    Err e = { 0 };
    assert_true(sys_dir_list(&names, f->a, f->sys, fix_text(f, "%s/%s", f->dir, folder), &e));
    return names.n;
}

/* --- what a log holds ----------------------------------------------------------------------- */

typedef struct Seen {
    HashRun *dump;
    int64_t size;
    Hash root, at;         /* at: the root when the copy was taken */
    int64_t at_size;
} Seen;

static bool line(void *arg, Str text, Err *e)
{
    (void)e;
    hash_add(arg, text);
    hash_add(arg, STRC("\n"));
    return true;
}

static bool look(Tx *tx, void *arg, Err *e)
{
    Seen *s = arg;
    FactHead h;
    if (!fact_log_head(&h, tx, e) || !fact_dump(tx, (FactSink){ line, s->dump }, e))
        return false;
    s->size = h.size;
    s->root = h.root;
    return s->at_size == 0 || fact_log_root(&s->at, tx, s->at_size, e);
}

static Hash seen(Work *w, Seen *s)
{
    Err e = { 0 };
    s->dump = hash_open();
    if (!store_read(work_store(w), look, s, &e))
        fix_fail("look", &e);
    Hash all = hash_end(s->dump);
    hash_close(s->dump);
    return all;
}

static bool restore(Fix *f, const char *from, const char *folder, Str words, int64_t *size, Err *e)
{
    return work_restore(f->sys, f->a, from, fix_text(f, "%s/%s", f->dir, folder), words, size, e);
}

static void restored_is_what_was_copied(void **state)
{
    Taken t;
    Seen was = { 0 }, is = { 0 };
    int64_t size = 0;
    Err e = { 0 };
    Work *w;
    (void)state;
    take(&t, 1);
    Hash dump = seen(t.f.work, &was);
    assert_int_equal(was.size, t.size);
    if (!restore(&t.f, t.file, "again", STRC(WORDS), &size, &e))
        fix_fail("restore", &e);
    assert_int_equal(size, t.size);
    WorkConfig c = { .dir = fix_text(&t.f, "%s/again", t.f.dir), .sys = t.f.sys };
    assert_true(work_open(&w, &c, &e));
    assert_true(hash_eq(seen(w, &is), dump)); /* every row of the log and of the views */
    work_close(w);
    /* The original goes on; its log extends the copy's. */
    fix_ok(&t.f, fix_console(), "complaint_file", "{\"text\":\"同一张表要填三遍\"}");
    was = (Seen){ .at_size = t.size };
    seen(t.f.work, &was);
    assert_true(was.size > t.size);
    assert_true(str_is(hash_hex(t.f.a, was.at), t.root));
    fix_close(&t.f);
}

static void nothing_stays_behind_it(void **state)
{
    Taken t;
    Str bytes;
    Err e = { 0 };
    (void)state;
    take(&t, 2);
    make(&t.f);
    json_t *l = fix_ok(&t.f, fix_console(), "backup_list", "{}");
    assert_int_equal(jv_int(l, "total"), 2); /* newest first */
    assert_true(str_cmp(jv_str(jv_at(jv_get(l, "items"), 0), "name"),
                        jv_str(jv_at(jv_get(l, "items"), 1), "name")) > 0);
    assert_int_equal(files_in(&t.f, "scratch"), 2); /* the lock and an empty folder */
    assert_int_equal(files_in(&t.f, "scratch/check"), 1); /* its own scratch folder, no data */
    assert_int_equal(files_in(&t.f, "scratch/check/scratch"), 0);
    /* Sealed: no name of the roster can be read in it. */
    assert_true(sys_file_read(&bytes, t.f.a, t.f.sys, t.file, 64 << 20, &e));
    assert_false(str_has(bytes, STRC("曾小明")));
    assert_false(str_has(bytes, STRC("SQLite format")));
    fix_ok(&t.f, fix_console(), "backup_fetch",
           fix_text(&t.f, "{\"name\":\"%.*s\"}",
                    STR(jv_str(jv_at(jv_get(l, "items"), 1), "name"))));
    assert_true(str_eq(t.f.file.bytes, bytes));
    fix_close(&t.f);
}

static void refused_restore(Taken *t, const char *folder, Str words, ErrCode want)
{
    int64_t size;
    Err e = { 0 };
    assert_false(restore(&t->f, t->file, folder, words, &size, &e));
    if (e.code != want)
        fix_fail("restore", &e);
    assert_false(sys_exists(t->f.sys, fix_text(&t->f, "%s/%s/shuping.db", t->f.dir, folder)));
}

static void a_damaged_copy_is_refused(void **state)
{
    Taken t;
    Str bytes;
    Err e = { 0 };
    (void)state;
    take(&t, 3);
    assert_true(sys_file_read(&bytes, t.f.a, t.f.sys, t.file, 64 << 20, &e));
    char *p = (char *)(uintptr_t)bytes.p;
    refused_restore(&t, "a", STRC("别人的一句话，长度也够了"), ERR_VAULT_OPEN);
    p[bytes.n / 2] ^= 4;
    assert_true(sys_file_write(t.f.sys, t.file, bytes, &e));
    refused_restore(&t, "a", STRC(WORDS), ERR_VAULT_OPEN);
    p[bytes.n / 2] ^= 4;
    assert_true(sys_file_write(t.f.sys, t.file, str_sub(bytes, 0, bytes.n - 20), &e));
    refused_restore(&t, "a", STRC(WORDS), ERR_VAULT_OPEN);
    assert_true(sys_file_write(t.f.sys, t.file, STRC("PK\3\4 something else"), &e));
    refused_restore(&t, "a", STRC(WORDS), ERR_VAULT_FORMAT);
    /* Whole again, it opens where the refused ones left nothing. */
    int64_t size;
    assert_true(sys_file_write(t.f.sys, t.file, bytes, &e));
    assert_true(restore(&t.f, t.file, "a", STRC(WORDS), &size, &e));
    /* But never over an installation. */
    assert_false(restore(&t.f, t.file, "a", STRC(WORDS), &size, &e));
    assert_int_equal(e.code, ERR_INSTALLED);
    fix_close(&t.f);
}

/* Sealed properly by somebody who changed a fact first: the audit finds it. */
static void a_copy_of_a_changed_log_is_refused(void **state)
{
    Taken t;
    Err e = { 0 };
    (void)state;
    take(&t, 4);
    const char *db = fix_text(&t.f, "%s/changed.db", t.f.dir);
    assert_true(store_copy(work_store(t.f.work), db, &e));
    char command[500];
    snprintf(command, sizeof command,
             "sqlite3 '%s' \"update fact set body = replace(body, '曾小明', '曾大明')\"", db);
    assert_int_equal(system(command), 0);
    assert_true(auth_vault_seal(t.f.sys, db, t.file, STRC(WORDS), &e));
    refused_restore(&t, "b", STRC(WORDS), ERR_LOG_BROKEN);
    fix_close(&t.f);
}

static void a_short_passphrase_is_refused(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 5);
    fix_refused(&f, fix_console(), "backup_make", "{\"passphrase\":\"短口令\"}", ERR_VAULT_SHORT);
    assert_int_equal(files_in(&f, "backups"), 0);
    assert_int_equal(jv_int(fix_ok(&f, fix_console(), "backup_list", "{}"), "total"), 0);
    static const char *const names[] = { "../shuping.db", "none.copy", "../../x.copy", "" };
    for (size_t i = 0; i < 3; i++)
        fix_refused(&f, fix_console(), "backup_fetch", fix_text(&f, "{\"name\":\"%s\"}", names[i]),
                    ERR_NOT_FOUND);
    fix_close(&f);
}

static void one_at_a_time(void **state)
{
    Fix f;
    SysLock other;
    Err e = { 0 };
    (void)state;
    fix_open(&f, 6);
    const char *lock = fix_text(&f, "%s/scratch/copy.lock", f.dir);
    assert_true(sys_lock_open(&other, f.sys, lock, "x", &e));
    fix_refused(&f, fix_console(), "backup_make", "{\"passphrase\":\"" WORDS "\"}", ERR_BUSY);
    sys_lock_close(&other);
    make(&f);
    fix_close(&f);
}

static void a_full_disk_is_said_and_data_is_intact(void **state)
{
    Fix f;
    Err e = { 0 };
    (void)state;
    int64_t size;
    fix_open(&f, 7);
    fix_roster(&f);
    const char *copy = fix_text(&f, "%s/copy.db", f.dir);
    assert_true(store_copy(work_store(f.work), copy, &e));
    assert_true(sys_file_size(&size, f.sys, copy, &e));
    work_close(f.work);
    f.work = NULL;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        /* Room for the bare copy, not for the sealed one, which is a little longer. */
        struct rlimit most = { (rlim_t)size + 10, (rlim_t)size + 10 };
        Who who = fix_console();
        json_t *in = json_pack("{s:s}", "passphrase", WORDS);
        WorkReply r = { .json = buf_open(WORK_REPLY_MAX) };
        WorkInput given = { .json = in };
        WorkConfig c = { .dir = f.dir, .sys = f.sys };
        signal(SIGXFSZ, SIG_IGN);
        if (!work_open(&f.work, &c, &e))
            _exit(3);
        setrlimit(RLIMIT_FSIZE, &most);
        if (work_do(&r, f.work, &who, work_case(STRC("backup_make")), &given, f.a, &e))
            _exit(1);
        _exit(e.code == ERR_SYS_FULL || e.code == ERR_STORE_FULL ? 0 : 2);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    fix_reopen(&f, false);
    assert_int_equal(files_in(&f, "backups"), 0);
    if (!store_check(work_store(f.work), &e))
        fix_fail("check", &e);
    assert_true(fix_person(&f, "曾小明") > 0);
    make(&f); /* and with room again it works */
    fix_close(&f);
}

static void only_the_operator_makes_copies(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 8);
    FixRoster r = fix_roster(&f);
    Who clerk = fix_account(&f, r.zeng, "zeng", "organiser_clerk", r.committee);
    Who audit = fix_account(&f, r.li, "li", "audit_admin", 0);
    Who ops = fix_account(&f, r.zhao, "zhao", "sys_admin", 0);
    static const char in[] = "{\"passphrase\":\"" WORDS "\"}";
    fix_refused(&f, clerk, "backup_make", in, ERR_FORBIDDEN);
    fix_refused(&f, audit, "backup_make", in, ERR_FORBIDDEN);
    fix_refused(&f, (Who){ 0 }, "backup_list", "{}", ERR_LOGIN_NEEDED);
    fix_ok(&f, ops, "backup_make", in);
    /* Taking it away is recorded. */
    const json_t *l = fix_ok(&f, ops, "backup_list", "{}");
    fix_ok(&f, ops, "backup_fetch",
           fix_text(&f, "{\"name\":\"%.*s\"}",
                    STR(jv_str(jv_at(jv_get(l, "items"), 0), "name"))));
    l = fix_ok(&f, audit, "audit_list", "{}");
    assert_true(str_is(jv_str(jv_at(jv_get(l, "items"), 0), "what"), "backup_fetch"));
    assert_true(str_is(jv_str(jv_at(jv_get(l, "items"), 0), "who"), "赵一鸣"));
    fix_close(&f);
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restored_is_what_was_copied),
        cmocka_unit_test(nothing_stays_behind_it),
        cmocka_unit_test(a_damaged_copy_is_refused),
        cmocka_unit_test(a_copy_of_a_changed_log_is_refused),
        cmocka_unit_test(a_short_passphrase_is_refused),
        cmocka_unit_test(one_at_a_time),
        cmocka_unit_test(a_full_disk_is_said_and_data_is_intact),
        cmocka_unit_test(only_the_operator_makes_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
