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

#include <pthread.h>

typedef struct Room {
    Sys *sys;
    Arena *a;
    char dir[256];
} Room;

static int room_open(void **state)
{
    Room *r = calloc(1, sizeof *r);
    const char *tmp = getenv("TMPDIR");
    snprintf(r->dir, sizeof r->dir, "%s/sys.XXXXXX", tmp ? tmp : "/tmp");
    r->sys = sys_open_real();
    r->a = arena_open(64 << 20);
    *state = r;
    return mkdtemp(r->dir) && r->sys && r->a ? 0 : -1;
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

static const char *in(Room *r, const char *name)
{
    return arena_text(r->a, "%s/%s", r->dir, name).p;
}

static void twin_is_fixed_by_its_seed(void **state)
{
    (void)state;
    Sys *one = sys_open_sim(7, 1000), *two = sys_open_sim(7, 1000), *three = sys_open_sim(8, 1000);
    unsigned char a[100], b[100], c[100];
    assert_true(sys_is_sim(one));
    assert_int_equal(sys_now(one), 1000);
    assert_int_equal(sys_now(one), 1001);
    sys_pass(one, 86400000);
    sys_pass(one, -5);
    assert_int_equal(sys_now(one), 86401002);
    sys_random(one, a, sizeof a);
    sys_random(two, b, sizeof b);
    sys_random(three, c, sizeof c);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
    sys_random(one, c, sizeof c);
    assert_memory_not_equal(a, c, sizeof a);
    sys_random(one, c, 0);
    sys_close(one);
    sys_close(two);
    sys_close(three);
    sys_close(NULL);
}

static void real_clock_and_randomness(void **state)
{
    Room *r = *state;
    unsigned char a[32], b[32];
    assert_false(sys_is_sim(r->sys));
    Moment now = sys_now(r->sys);
    assert_true(now > INT64_C(1700000000000));
    sys_pass(r->sys, INT64_C(1) << 50); /* the real clock cannot be moved */
    assert_true(sys_now(r->sys) - now < 60000);
    sys_random(r->sys, a, sizeof a);
    sys_random(r->sys, b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
}

static void file_is_written_whole_and_private(void **state)
{
    Room *r = *state;
    Err e;
    Str got;
    struct stat st;
    const char *path = in(r, "note");
    assert_true(sys_file_write(r->sys, path, STRC("first"), &e));
    assert_true(sys_file_write(r->sys, path, STRC("述职"), &e));
    assert_true(sys_file_read(&got, r->a, r->sys, path, 6, &e));
    assert_true(str_is(got, "述职"));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    int64_t size;
    assert_true(sys_file_size(&size, r->sys, path, &e));
    assert_int_equal(size, 6);
    SysNames names;
    assert_true(sys_dir_list(&names, r->a, r->sys, r->dir, &e));
    assert_int_equal(names.n, 1); /* no temporary file is left */
}

static void reading_keeps_the_limit(void **state)
{
    Room *r = *state;
    Err e;
    Str got = STRC("untouched");
    assert_true(sys_file_write(r->sys, in(r, "f"), STRC("12345"), &e));
    assert_false(sys_file_read(&got, r->a, r->sys, in(r, "f"), 4, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
    assert_true(str_is(got, "untouched"));
    assert_true(sys_file_read(&got, r->a, r->sys, in(r, "f"), 5, &e));
    assert_false(sys_file_read(&got, r->a, r->sys, in(r, "absent"), 5, &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
    assert_false(sys_file_read(&got, r->a, r->sys, r->dir, 5, &e));
    assert_int_equal(e.code, ERR_SYS_IO);
}

static void full_disk_keeps_the_old_file(void **state)
{
    Room *r = *state;
    Err e;
    Str got;
    assert_true(sys_file_write(r->sys, in(r, "f"), STRC("old"), &e));
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct rlimit most = { 1000, 1000 };
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &most);
        char *big = calloc(1, 5000);
        bool ok = sys_file_write(r->sys, in(r, "f"), (Str){ big, 5000 }, &e);
        _exit(!ok && e.code == ERR_SYS_FULL ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_true(sys_file_read(&got, r->a, r->sys, in(r, "f"), 100, &e));
    assert_true(str_is(got, "old"));
    SysNames names;
    assert_true(sys_dir_list(&names, r->a, r->sys, r->dir, &e));
    assert_int_equal(names.n, 1);
}

static void folders(void **state)
{
    Room *r = *state;
    Err e;
    struct stat st;
    SysNames names;
    assert_true(sys_dir_make(r->sys, in(r, "a/b/c"), &e));
    assert_true(sys_dir_make(r->sys, in(r, "a/b/c/"), &e));
    assert_int_equal(stat(in(r, "a/b"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_true(sys_file_write(r->sys, in(r, "a/z"), STRC(""), &e));
    assert_true(sys_file_write(r->sys, in(r, "a/Z"), STRC(""), &e));
    assert_true(sys_dir_list(&names, r->a, r->sys, in(r, "a"), &e));
    assert_int_equal(names.n, 3);
    assert_true(str_is(names.names[0], "Z"));
    assert_true(str_is(names.names[1], "b"));
    assert_true(str_is(names.names[2], "z"));
    assert_false(sys_dir_make(r->sys, in(r, "a/z/q"), &e));
    assert_int_equal(e.code, ERR_SYS_IO);
    assert_false(sys_dir_make(r->sys, "", &e));
    assert_false(sys_dir_list(&names, r->a, r->sys, in(r, "none"), &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
    assert_true(sys_exists(r->sys, in(r, "a/z")));
    assert_true(sys_file_remove(r->sys, in(r, "a/z"), &e));
    assert_true(sys_file_remove(r->sys, in(r, "a/z"), &e));
    assert_false(sys_exists(r->sys, in(r, "a/z")));
    int64_t space;
    assert_true(sys_space_free(&space, r->sys, r->dir, &e));
    assert_true(space > 0);
    assert_false(sys_space_free(&space, r->sys, in(r, "none"), &e));
}

typedef struct Pair {
    SysGate *gate;
    int64_t a, b; /* always equal outside of the gate */
    int torn;
} Pair;

static void *turns(void *arg)
{
    Pair *p = arg;
    for (int i = 0; i < 2000; i++) {
        sys_gate_change(p->gate);
        p->a++;
        p->b++;
        sys_gate_leave(p->gate);
        sys_gate_read(p->gate);
        bool same = p->a == p->b;
        sys_gate_leave(p->gate);
        if (!same)
            __atomic_add_fetch(&p->torn, 1, __ATOMIC_RELAXED);
    }
    return NULL;
}

static void gate_lets_one_change(void **state)
{
    Pair p = { .gate = sys_gate_open() };
    pthread_t threads[3];
    (void)state;
    assert_non_null(p.gate);
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, turns, &p), 0);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(p.a, 6000);
    assert_int_equal(p.b, 6000);
    assert_int_equal(p.torn, 0);
    sys_gate_close(p.gate);
    sys_gate_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twin_is_fixed_by_its_seed),
        cmocka_unit_test(gate_lets_one_change),
        cmocka_unit_test_setup_teardown(real_clock_and_randomness, room_open, room_close),
        cmocka_unit_test_setup_teardown(file_is_written_whole_and_private, room_open, room_close),
        cmocka_unit_test_setup_teardown(reading_keeps_the_limit, room_open, room_close),
        cmocka_unit_test_setup_teardown(full_disk_keeps_the_old_file, room_open, room_close),
        cmocka_unit_test_setup_teardown(folders, room_open, room_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
