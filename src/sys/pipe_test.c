/* A file made from another: every size around a chunk, and nothing made when something fails. */
#include "sys/sys.h"

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
    Arena *a;
    char dir[256], from[300], to[300];
} Room;

static int room_open(void **state)
{
    Room *r = calloc(1, sizeof *r);
    const char *tmp = getenv("TMPDIR");
    snprintf(r->dir, sizeof r->dir, "%s/pipe.XXXXXX", tmp ? tmp : "/tmp");
    r->sys = sys_open_real();
    r->a = arena_open(64 << 20);
    *state = r;
    if (!mkdtemp(r->dir) || !r->sys || !r->a)
        return -1;
    snprintf(r->from, sizeof r->from, "%s/from", r->dir);
    snprintf(r->to, sizeof r->to, "%s/to", r->dir);
    return 0;
}

static int room_close(void **state)
{
    Room *r = *state;
    char command[400];
    snprintf(command, sizeof command, "rm -rf '%s'", r->dir);
    int code = system(command);
    sys_close(r->sys);
    arena_close(r->a);
    free(r);
    return code;
}

/* n bytes that differ from place to place. */
static Str bytes(Arena *a, size_t n)
{
    char *p = arena_alloc(a, n);
    assert_non_null(p);
    for (size_t i = 0; i < n; i++)
        p[i] = (char)(i * 31 + i / 256);
    return (Str){ p, n };
}

static size_t entries(Room *r)
{
    SysNames names;
    Err e;
    assert_true(sys_dir_list(&names, r->a, r->sys, r->dir, &e));
    return names.n;
}

typedef struct Turner {
    size_t chunks, total, fail_at; /* fail_at 0: never */
    bool last_seen;
} Turner;

static bool turn(void *arg, Buf *out, Str chunk, bool last, Err *e)
{
    Turner *t = arg;
    assert_false(t->last_seen); /* the last one is the last */
    assert_true(chunk.n == SYS_PIPE_CHUNK || last);
    t->chunks++;
    t->total += chunk.n;
    t->last_seen = last;
    if (t->chunks == t->fail_at)
        return err_fail(e, ERR_VAULT_OPEN);
    for (size_t i = 0; i < chunk.n; i++)
        buf_putc(out, (char)~chunk.p[i]);
    return true;
}

static void every_size_around_a_chunk_comes_through(void **state)
{
    Room *r = *state;
    static const size_t sizes[] = { 0, 1, SYS_PIPE_CHUNK - 1, SYS_PIPE_CHUNK, SYS_PIPE_CHUNK + 1,
                                    2 * SYS_PIPE_CHUNK, 2 * SYS_PIPE_CHUNK + 1 };
    static const size_t chunks[] = { 1, 1, 1, 1, 2, 2, 3 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        Err e = { 0 };
        Str text, was = bytes(r->a, sizes[i]);
        Turner t = { 0 };
        struct stat st;
        assert_true(sys_file_write(r->sys, r->from, was, &e));
        assert_true(sys_file_pipe(r->sys, &(SysPipe){ r->from, r->to, turn, &t }, &e));
        assert_true(t.last_seen);
        assert_int_equal(t.chunks, chunks[i]);
        assert_int_equal(t.total, sizes[i]);
        assert_true(sys_file_read(&text, r->a, r->sys, r->to, 8 << 20, &e));
        assert_int_equal(text.n, was.n);
        for (size_t k = 0; k < was.n; k++)
            if (text.p[k] != (char)~was.p[k])
                fail_msg("size %zu: byte %zu differs", sizes[i], k);
        assert_int_equal(stat(r->to, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        assert_int_equal(entries(r), 2); /* no temporary file stays */
        arena_reset(r->a);
    }
}

static void a_refused_chunk_leaves_the_old_file(void **state)
{
    Room *r = *state;
    for (size_t at = 1; at <= 3; at++) {
        Err e = { 0 };
        Str text;
        Turner t = { .fail_at = at };
        assert_true(sys_file_write(r->sys, r->from, bytes(r->a, 2 * SYS_PIPE_CHUNK + 5), &e));
        assert_true(sys_file_write(r->sys, r->to, STRC("old"), &e));
        assert_false(sys_file_pipe(r->sys, &(SysPipe){ r->from, r->to, turn, &t }, &e));
        assert_int_equal(e.code, ERR_VAULT_OPEN);
        assert_true(sys_file_read(&text, r->a, r->sys, r->to, 100, &e));
        assert_true(str_is(text, "old"));
        assert_int_equal(entries(r), 2);
        arena_reset(r->a);
    }
}

static bool too_much(void *arg, Buf *out, Str chunk, bool last, Err *e)
{
    (void)arg, (void)last, (void)e;
    for (int i = 0; i < 3; i++)
        buf_put(out, chunk);
    return true; /* does not look whether it went in */
}

/* What does not fit the buffer is never left out silently. */
static void a_chunk_that_grows_too_much_is_refused(void **state)
{
    Room *r = *state;
    Err e = { 0 };
    assert_true(sys_file_write(r->sys, r->from, bytes(r->a, SYS_PIPE_CHUNK), &e));
    assert_false(sys_file_pipe(r->sys, &(SysPipe){ r->from, r->to, too_much, NULL }, &e));
    assert_int_equal(e.code, ERR_NO_MEMORY);
    assert_false(sys_exists(r->sys, r->to));
}

static void what_is_not_there_is_named(void **state)
{
    Room *r = *state;
    Err e = { 0 };
    char nowhere[340];
    Turner t = { 0 };
    snprintf(nowhere, sizeof nowhere, "%s/none/to", r->dir);
    assert_false(sys_file_pipe(r->sys, &(SysPipe){ r->from, r->to, turn, &t }, &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
    assert_true(sys_file_write(r->sys, r->from, STRC("x"), &e));
    assert_false(sys_file_pipe(r->sys, &(SysPipe){ r->from, nowhere, turn, &t }, &e));
    assert_int_not_equal(e.code, ERR_NONE);
    assert_int_equal(t.chunks, 0);
}

static void a_full_disk_is_said_and_nothing_is_made(void **state)
{
    Room *r = *state;
    Err e = { 0 };
    assert_true(sys_file_write(r->sys, r->from, bytes(r->a, 3 * SYS_PIPE_CHUNK), &e));
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct rlimit most = { 2 << 20, 2 << 20 };
        Turner t = { 0 };
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &most);
        if (sys_file_pipe(r->sys, &(SysPipe){ r->from, r->to, turn, &t }, &e))
            _exit(1);
        _exit(e.code == ERR_SYS_FULL ? 0 : 2);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(entries(r), 1);
}

static void a_lock_is_taken_once_and_ends_with_its_holder(void **state)
{
    Room *r = *state;
    Err e = { 0 };
    SysLock one, two;
    assert_true(sys_lock_open(&one, r->sys, r->from, "安全副本", &e));
    assert_false(sys_lock_open(&two, r->sys, r->from, "安全副本", &e));
    assert_int_equal(e.code, ERR_BUSY);
    sys_lock_close(&one);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        _exit(sys_lock_open(&two, r->sys, r->from, "x", &e) ? raise(SIGKILL) : 1);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_true(sys_lock_open(&one, r->sys, r->from, "安全副本", &e));
    sys_lock_close(&one);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, room_open, room_close)
    const struct CMUnitTest tests[] = {
        T(every_size_around_a_chunk_comes_through),
        T(a_refused_chunk_leaves_the_old_file),
        T(a_chunk_that_grows_too_much_is_refused),
        T(what_is_not_there_is_named),
        T(a_full_disk_is_said_and_nothing_is_made),
        T(a_lock_is_taken_once_and_ends_with_its_holder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
