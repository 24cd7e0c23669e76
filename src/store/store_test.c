#include "store/store.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct Room {
    Sys *sys;
    Store *store;
    Arena *a;
    char dir[200], path[256];
} Room;

static int room_open(void **state)
{
    Room *r = calloc(1, sizeof *r);
    const char *tmp = getenv("TMPDIR");
    Err e = { 0 };
    snprintf(r->dir, sizeof r->dir, "%s/store.XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(r->dir))
        return -1;
    snprintf(r->path, sizeof r->path, "%s/db", r->dir);
    r->sys = sys_open_sim(1, 1767225600000);
    r->a = arena_open(64 << 20);
    r->store = store_open(r->sys, r->path, &e);
    if (!r->store)
        print_error("%s %s\n", err_name(e.code), e.holes + 5);
    *state = r;
    return r->store ? 0 : -1;
}

static int room_close(void **state)
{
    Room *r = *state;
    char command[300];
    store_close(r->store);
    snprintf(command, sizeof command, "rm -rf '%s'", r->dir);
    int code = system(command);
    sys_close(r->sys);
    arena_close(r->a);
    free(r);
    return code;
}

typedef struct Pair { const char *name, *value; bool fail, found; char got[64]; } Pair;

static bool put(Tx *tx, void *arg, Err *e)
{
    Pair *p = arg;
    if (!store_run(tx, "setting_put", BIND(bind_text(str_of(p->name)),
                                           bind_text(str_of(p->value))), e))
        return false;
    return !p->fail || err_fail(e, ERR_NOT_FOUND, err_hole("what", p->name));
}

static bool get(Tx *tx, void *arg, Err *e)
{
    Pair *p = arg;
    Rows *r;
    if (!store_rows(&r, tx, "setting_get", BIND(bind_text(str_of(p->name))), e))
        return false;
    p->found = rows_next(r);
    if (p->found)
        snprintf(p->got, sizeof p->got, "%.*s", STR(rows_text(r, 0)));
    return rows_close(r, e);
}

static void written_is_read(void **state)
{
    Room *r = *state;
    Err e;
    struct stat st;
    Pair p = { .name = "a", .value = "述评" }, q = { .name = "none" };
    assert_true(store_write(r->store, put, &p, &e));
    assert_true(store_read(r->store, get, &p, &e));
    assert_string_equal(p.got, "述评");
    assert_true(store_read(r->store, get, &q, &e));
    assert_false(q.found);
    assert_int_equal(stat(r->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    store_close(r->store);
    r->store = store_open(r->sys, r->path, &e);
    assert_non_null(r->store);
    memset(p.got, 0, sizeof p.got);
    assert_true(store_read(r->store, get, &p, &e));
    assert_string_equal(p.got, "述评");
}

static void failed_job_leaves_nothing(void **state)
{
    Room *r = *state;
    Err e;
    Pair p = { .name = "b", .value = "x", .fail = true };
    assert_false(store_write(r->store, put, &p, &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
    assert_true(store_read(r->store, get, &p, &e));
    assert_false(p.found);
}

static bool misuse(Tx *tx, void *arg, Err *e)
{
    const char *what = arg;
    if (strcmp(what, "unknown") == 0)
        return store_run(tx, "no_such_name", BIND_NONE, e);
    if (strcmp(what, "count") == 0)
        return store_run(tx, "setting_get", BIND_NONE, e);
    if (strcmp(what, "script") == 0)
        return store_script(tx, "no_such_file", e);
    return store_run(tx, "setting_put", BIND(bind_text(STRC("k")), bind_null()), e);
}

static void misuse_is_refused(void **state)
{
    Room *r = *state;
    Err e;
    static const char *const all[] = { "unknown", "count", "script", "null" };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_false(store_write(r->store, misuse, (void *)all[i], &e));
        assert_int_equal(e.code, ERR_STORE_SQL);
    }
    Pair p = { .name = "c", .value = "x" }; /* a reader may not write */
    assert_false(store_read(r->store, put, &p, &e));
    assert_int_equal(e.code, ERR_STORE_SQL);
}

static bool nested(Tx *tx, void *arg, Err *e)
{
    (void)tx;
    Pair p = { .name = "n", .value = "x" };
    return store_write(arg, put, &p, e);
}

static void write_inside_a_write_is_refused(void **state)
{
    Room *r = *state;
    Err e;
    assert_false(store_write(r->store, nested, r->store, &e));
    assert_int_equal(e.code, ERR_STORE_NESTED);
}

typedef struct Hung { int flushed, dropped; bool fail; } Hung;

static bool hung_flush(Tx *tx, void *local, Err *e)
{
    Hung *h = local;
    h->flushed++;
    assert_true(tx_may_write(tx));
    return !h->fail || err_fail(e, ERR_NOT_FOUND, err_hole("what", "flush"));
}

static void hung_drop(void *local)
{
    ((Hung *)local)->dropped++;
}

static bool hang_and_put(Tx *tx, void *arg, Err *e)
{
    Pair p = { .name = "h", .value = "x" };
    assert_null(tx_local(tx));
    tx_set_local(tx, arg, hung_flush, hung_drop);
    assert_ptr_equal(tx_local(tx), arg);
    assert_non_null(arena_alloc(tx_arena(tx), 100));
    return put(tx, &p, e);
}

/* Work beside a job has ended before the job's `drop`, whether the job succeeds or fails. */
typedef struct Side { int done[3]; bool fail; int at_drop; } Side;

static void *side_work(void *arg)
{
    usleep(20000);
    ++*(int *)arg;
    return NULL;
}

static void side_drop(void *local)
{
    ((Side *)local)->at_drop = ((Side *)local)->done[2];
}

static bool side_job(Tx *tx, void *arg, Err *e)
{
    Side *s = arg;
    tx_set_local(tx, s, NULL, side_drop);
    tx_beside(tx, side_work, &s->done[0]);
    tx_beside(tx, side_work, &s->done[1]); /* waits for the one before */
    assert_int_equal(s->done[0], 1);
    tx_beside_wait(tx);
    assert_int_equal(s->done[1], 1);
    tx_beside_wait(tx);
    tx_beside(tx, side_work, &s->done[2]);
    return !s->fail || err_fail(e, ERR_NOT_FOUND, err_hole("what", "on purpose"));
}

static void work_beside_a_job_ends_with_it(void **state)
{
    Room *r = *state;
    Err e;
    for (int fail = 0; fail < 2; fail++) {
        Side s = { .fail = fail };
        assert_int_equal(store_write(r->store, side_job, &s, &e), !fail);
        assert_int_equal(s.at_drop, 1);
    }
}

static void flush_decides_and_drop_follows(void **state)
{
    Room *r = *state;
    Err e;
    Hung h = { .fail = true };
    Pair p = { .name = "h" };
    assert_false(store_write(r->store, hang_and_put, &h, &e));
    assert_int_equal(h.flushed, 1);
    assert_int_equal(h.dropped, 1);
    assert_true(store_read(r->store, get, &p, &e));
    assert_false(p.found);
    h.fail = false;
    assert_true(store_write(r->store, hang_and_put, &h, &e));
    assert_int_equal(h.dropped, 2);
    assert_true(store_read(r->store, get, &p, &e));
    assert_true(p.found);
}

static bool open_two(Tx *tx, void *arg, Err *e)
{
    Rows *one, *two;
    (void)arg;
    Pair a = { .name = "1", .value = "x" }, b = { .name = "2", .value = "y" };
    if (!put(tx, &a, e) || !put(tx, &b, e))
        return false;
    if (!store_rows(&one, tx, "setting_get", BIND(bind_text(STRC("1"))), e) || !rows_next(one))
        return false;
    if (!store_rows(&two, tx, "setting_get", BIND(bind_text(STRC("2"))), e) || !rows_next(two))
        return false;
    assert_true(str_is(rows_text(one, 0), "x"));
    assert_true(str_is(rows_text(two, 0), "y"));
    assert_int_equal(rows_columns(one), 1);
    assert_true(str_is(rows_name(one, 0), "value"));
    rows_drop(NULL);
    return rows_close(two, e); /* `one` is left open: the job's end closes it */
}

static void one_statement_read_twice_at_once(void **state)
{
    Room *r = *state;
    Err e;
    assert_true(store_write(r->store, open_two, NULL, &e));
    assert_true(store_write(r->store, open_two, NULL, &e));
}

/* --- many threads --------------------------------------------------------------------------- */
enum { THREADS = 8, EACH = 60 };

typedef struct Crowd { Room *r; int number; int good, bad; } Crowd;

static void *crowd_main(void *arg)
{
    Crowd *c = arg;
    for (int i = 0; i < EACH; i++) {
        char name[32];
        Err e;
        snprintf(name, sizeof name, "t%d.%d", c->number, i);
        Pair p = { .name = name, .value = "x", .fail = i % 5 == 4 };
        bool ok = store_write(c->r->store, put, &p, &e);
        p.found = false;
        if (!store_read(c->r->store, get, &p, &e) || ok == p.fail || p.found != ok)
            c->bad++; /* each job stands or falls alone, and what was answered is there */
        c->good += ok;
    }
    return NULL;
}

static void group_commit_keeps_jobs_apart(void **state)
{
    Room *r = *state;
    pthread_t threads[THREADS];
    Crowd crowd[THREADS];
    for (int i = 0; i < THREADS; i++) {
        crowd[i] = (Crowd){ .r = r, .number = i };
        assert_int_equal(pthread_create(&threads[i], NULL, crowd_main, &crowd[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(crowd[i].bad, 0);
        assert_int_equal(crowd[i].good, EACH * 4 / 5);
    }
}

static bool look_write_look(Tx *tx, void *arg, Err *e)
{
    Room *r = arg;
    Pair p = { .name = "s", .value = "new" };
    if (!get(tx, &p, e))
        return false;
    assert_string_equal(p.got, "old");
    if (!store_write(r->store, put, &p, e)) /* another transaction, committed meanwhile */
        return false;
    if (!get(tx, &p, e))
        return false;
    assert_string_equal(p.got, "old");
    return true;
}

static void reader_keeps_its_snapshot(void **state)
{
    Room *r = *state;
    Err e;
    Pair p = { .name = "s", .value = "old" };
    assert_true(store_write(r->store, put, &p, &e));
    assert_true(store_read(r->store, look_write_look, r, &e));
    assert_true(store_read(r->store, get, &p, &e));
    assert_string_equal(p.got, "new");
}

static void two_programs_share_the_file(void **state)
{
    Room *r = *state;
    Err e;
    Store *other = store_open(r->sys, r->path, &e);
    assert_non_null(other);
    Pair p = { .name = "o", .value = "theirs" };
    assert_true(store_write(other, put, &p, &e));
    assert_true(store_read(r->store, get, &p, &e));
    assert_string_equal(p.got, "theirs");
    p.value = "ours";
    assert_true(store_write(r->store, put, &p, &e));
    assert_true(store_read(other, get, &p, &e));
    assert_string_equal(p.got, "ours");
    store_close(other);
}

/* --- faults --------------------------------------------------------------------------------- */
/* Writes numbered pairs, both halves in one job, and tells the parent each that was answered. */
static void child_writes(Room *r, int pipe_end)
{
    Err e;
    Store *s = store_open(r->sys, r->path, &e);
    for (int i = 0; s; i++) {
        char name[16];
        snprintf(name, sizeof name, "k%d", i);
        Pair p = { .name = name, .value = "1" };
        if (!store_write(s, put, &p, &e) || write(pipe_end, &i, sizeof i) != sizeof i)
            break;
    }
    _exit(1);
}

static void nothing_answered_is_lost_by_a_kill(void **state)
{
    Room *r = *state;
    Err e;
    unsigned seed = 20261123;
    store_close(r->store);
    r->store = NULL;
    for (int round = 0; round < 8; round++) {
        int ends[2], last = -1, i;
        assert_int_equal(pipe(ends), 0);
        fflush(NULL);
        pid_t child = fork();
        if (child == 0)
            child_writes(r, ends[1]);
        close(ends[1]);
        usleep(20000 + rand_r(&seed) % 60000);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        while (read(ends[0], &i, sizeof i) == sizeof i)
            last = i;
        close(ends[0]);
        Store *s = store_open(r->sys, r->path, &e);
        assert_non_null(s);
        for (i = 0; i <= last; i++) {
            char name[16];
            snprintf(name, sizeof name, "k%d", i);
            Pair p = { .name = name };
            assert_true(store_read(s, get, &p, &e));
            assert_true(p.found);
        }
        assert_true(store_check(s, &e));
        store_close(s);
        if (round == 7)
            assert_true(last > 0);
    }
}

static bool put_much(Tx *tx, void *arg, Err *e)
{
    char *value = arena_alloc(tx_arena(tx), 40001);
    (void)arg;
    memset(value, 'v', 40000);
    for (int i = 0; i < 100; i++) {
        char name[16];
        snprintf(name, sizeof name, "much%d", i);
        Pair p = { .name = name, .value = value };
        if (!put(tx, &p, e))
            return false;
    }
    return true;
}

/* A full disk: the write fails clearly, what was stored stays, writing goes on later. */
static void full_disk_loses_nothing(void **state)
{
    Room *r = *state;
    Err e;
    Pair p = { .name = "before", .value = "x" };
    assert_true(store_write(r->store, put, &p, &e));
    store_close(r->store);
    r->store = NULL;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct rlimit most = { 1 << 20, 16 << 20 }, more = { 16 << 20, 16 << 20 };
        signal(SIGXFSZ, SIG_IGN);
        Store *s = store_open(r->sys, r->path, &e);
        setrlimit(RLIMIT_FSIZE, &most);
        if (!s || store_write(s, put_much, NULL, &e))
            _exit(1);
        if (e.code != ERR_STORE_FULL)
            _exit(2);
        Pair q = { .name = "much0" };
        if (!store_read(s, get, &q, &e) || q.found)
            _exit(3);
        setrlimit(RLIMIT_FSIZE, &more);
        Pair after = { .name = "after", .value = "y" };
        if (!store_write(s, put, &after, &e) || !store_check(s, &e))
            _exit(4);
        store_close(s);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_true(WIFEXITED(status));
    r->store = store_open(r->sys, r->path, &e);
    assert_non_null(r->store);
    assert_true(store_read(r->store, get, &p, &e));
    assert_true(p.found);
    Pair after = { .name = "after" };
    assert_true(store_read(r->store, get, &after, &e));
    assert_true(after.found);
}

static Str whole_file(Room *r, const char *path)
{
    Str text = { "", 0 };
    Err e;
    if (sys_exists(r->sys, path))
        assert_true(sys_file_read(&text, r->a, r->sys, path, 64 << 20, &e));
    return text;
}

static void compacting_removes_every_byte(void **state)
{
    Room *r = *state;
    Err e;
    Str word = STRC("findable-secret");
    Pair p = { .name = "x", .value = "findable-secret" };
    char wal[300];
    snprintf(wal, sizeof wal, "%s-wal", r->path);
    assert_true(store_write(r->store, put, &p, &e));
    assert_true(str_has(whole_file(r, wal), word));
    p.value = "gone";
    assert_true(store_write(r->store, put, &p, &e));
    assert_true(store_compact(r->store, &e));
    assert_false(str_has(whole_file(r, wal), word));
    assert_false(str_has(whole_file(r, r->path), word));
    assert_true(str_has(whole_file(r, r->path), STRC("gone")));
}

static void copy_is_whole_and_private(void **state)
{
    Room *r = *state;
    Err e;
    struct stat st;
    char path[300];
    Pair p = { .name = "c", .value = "copied" };
    snprintf(path, sizeof path, "%s/copy", r->dir);
    assert_true(store_write(r->store, put, &p, &e));
    assert_true(store_copy(r->store, path, &e));
    assert_false(store_copy(r->store, path, &e)); /* never over something */
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    Store *copy = store_open(r->sys, path, &e);
    assert_non_null(copy);
    assert_true(store_check(copy, &e));
    assert_true(store_read(copy, get, &p, &e));
    assert_string_equal(p.got, "copied");
    store_close(copy);
}

static void newer_and_foreign_files_are_refused(void **state)
{
    Room *r = *state;
    Err e;
    char path[300], command[700];
    snprintf(command, sizeof command, "sqlite3 '%s' 'update meta set value = 99'", r->path);
    assert_int_equal(system(command), 0);
    assert_null(store_open(r->sys, r->path, &e));
    assert_int_equal(e.code, ERR_STORE_VERSION);
    snprintf(path, sizeof path, "%s/text", r->dir);
    char *text = arena_alloc(r->a, 20001);
    memset(text, 'x', 20000);
    assert_true(sys_file_write(r->sys, path, (Str){ text, 20000 }, &e));
    assert_null(store_open(r->sys, path, &e));
    assert_int_equal(e.code, ERR_STORE_BROKEN);
    snprintf(path, sizeof path, "%s/none/db", r->dir);
    assert_null(store_open(r->sys, path, &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, room_open, room_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(written_is_read), TEST(failed_job_leaves_nothing), TEST(misuse_is_refused),
        TEST(write_inside_a_write_is_refused), TEST(flush_decides_and_drop_follows),
        TEST(work_beside_a_job_ends_with_it),
        TEST(one_statement_read_twice_at_once), TEST(group_commit_keeps_jobs_apart),
        TEST(reader_keeps_its_snapshot), TEST(two_programs_share_the_file),
        TEST(nothing_answered_is_lost_by_a_kill), TEST(full_disk_loses_nothing),
        TEST(compacting_removes_every_byte), TEST(copy_is_whole_and_private),
        TEST(newer_and_foreign_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
