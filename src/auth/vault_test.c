/* A file under a passphrase: what goes in comes out, and nothing that was touched does. */
#include "auth/auth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { HEAD = 15 + 16 + 24, /* magic, salt, header: the layout at the head of vault.c */
       EXTRA = 17,
       SEALED = SYS_PIPE_CHUNK + EXTRA };
static const char PASS[] = "基层党建一年一述";
#define WORDS STRC("一句自己记得住的长话，不告诉别人")

typedef struct Room {
    Sys *sys;
    Arena *a;
    char dir[256], plain[300], sealed[300], out[300];
} Room;

static int room_open(void **state)
{
    Room *r = calloc(1, sizeof *r);
    const char *tmp = getenv("TMPDIR");
    snprintf(r->dir, sizeof r->dir, "%s/vault.XXXXXX", tmp ? tmp : "/tmp");
    r->sys = sys_open_real();
    r->a = arena_open(64 << 20);
    *state = r;
    if (!mkdtemp(r->dir) || !r->sys || !r->a)
        return -1;
    snprintf(r->plain, sizeof r->plain, "%s/plain", r->dir);
    snprintf(r->sealed, sizeof r->sealed, "%s/sealed", r->dir);
    snprintf(r->out, sizeof r->out, "%s/out", r->dir);
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

/* A file of n bytes, all of them `c` but for a count in every 251st, sealed. */
static Str seal(Room *r, size_t n)
{
    Err e = { 0 };
    Str sealed;
    char *p = arena_alloc(r->a, n);
    assert_non_null(p);
    memset(p, 'c', n);
    for (size_t i = 0; i < n; i += 251)
        p[i] = (char)(i / 251);
    assert_true(sys_file_write(r->sys, r->plain, (Str){ p, n }, &e));
    assert_true(auth_vault_seal(r->sys, r->plain, r->sealed, WORDS, &e));
    assert_true(sys_file_read(&sealed, r->a, r->sys, r->sealed, 16 << 20, &e));
    return sealed;
}

/* Opens these bytes and expects this refusal, with nothing made. */
static void refused(Room *r, Str bytes, Str passphrase, ErrCode want, const char *what)
{
    Err e = { 0 };
    assert_true(sys_file_write(r->sys, r->sealed, bytes, &e));
    if (auth_vault_open(r->sys, r->sealed, r->out, passphrase, &e))
        fail_msg("opened although %s", what);
    if (e.code != want)
        fail_msg("%s: %s, wanted %s", what, err_name(e.code), err_name(want));
    SysNames names;
    assert_true(sys_dir_list(&names, r->a, r->sys, r->dir, &e));
    assert_int_equal(names.n, 2); /* neither the target nor a temporary file */
}

static void what_goes_in_comes_out_at_every_border(void **state)
{
    Room *r = *state;
    static const size_t sizes[] = { 0, 1, SYS_PIPE_CHUNK - 1, SYS_PIPE_CHUNK, SYS_PIPE_CHUNK + 1,
                                    2 * SYS_PIPE_CHUNK };
    static const size_t chunks[] = { 1, 1, 1, 1, 2, 2 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        Err e = { 0 };
        Str plain, back, sealed = seal(r, sizes[i]);
        struct stat st;
        assert_int_equal(sealed.n, HEAD + sizes[i] + chunks[i] * EXTRA);
        assert_true(auth_vault_open(r->sys, r->sealed, r->out, WORDS, &e));
        assert_true(sys_file_read(&plain, r->a, r->sys, r->plain, 8 << 20, &e));
        assert_true(sys_file_read(&back, r->a, r->sys, r->out, 8 << 20, &e));
        assert_true(str_eq(plain, back));
        assert_int_equal(stat(r->sealed, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        arena_reset(r->a);
    }
}

static void nothing_of_the_text_stands_in_the_sealed_file(void **state)
{
    Room *r = *state;
    Err e = { 0 };
    Str one, two;
    assert_true(sys_file_write(r->sys, r->plain, str_of(PASS), &e));
    assert_true(auth_vault_seal(r->sys, r->plain, r->sealed, WORDS, &e));
    assert_true(sys_file_read(&one, r->a, r->sys, r->sealed, 1 << 20, &e));
    assert_false(str_has(one, STRC("党建")));
    assert_false(str_has(one, WORDS));
    assert_true(auth_vault_seal(r->sys, r->plain, r->sealed, WORDS, &e));
    assert_true(sys_file_read(&two, r->a, r->sys, r->sealed, 1 << 20, &e));
    assert_false(str_eq(one, two)); /* a fresh salt and header each time */
}

static void a_changed_byte_anywhere_is_found(void **state)
{
    Room *r = *state;
    static const struct { size_t at; ErrCode want; const char *what; } rows[] = {
        { 0, ERR_VAULT_FORMAT, "the first byte of the mark changed" },
        { 14, ERR_VAULT_FORMAT, "the last byte of the mark changed" },
        { 15, ERR_VAULT_OPEN, "the salt changed" },
        { 30, ERR_VAULT_OPEN, "the end of the salt changed" },
        { 31, ERR_VAULT_OPEN, "the header changed" },
        { HEAD - 1, ERR_VAULT_OPEN, "the end of the header changed" },
        { HEAD, ERR_VAULT_OPEN, "the tag of the first chunk changed" },
        { HEAD + 100, ERR_VAULT_OPEN, "the text of the first chunk changed" },
        { HEAD + SEALED - 1, ERR_VAULT_OPEN, "the seal of the first chunk changed" },
        { HEAD + SEALED, ERR_VAULT_OPEN, "the tag of the last chunk changed" },
        { HEAD + SEALED + EXTRA + 9, ERR_VAULT_OPEN, "the last byte changed" },
    };
    Str sealed = seal(r, SYS_PIPE_CHUNK + 10);
    char *p = (char *)(uintptr_t)sealed.p;
    assert_int_equal(sealed.n, HEAD + SEALED + EXTRA + 10);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        p[rows[i].at] ^= 1;
        refused(r, sealed, WORDS, rows[i].want, rows[i].what);
        p[rows[i].at] ^= 1;
    }
}

static void a_cut_moved_or_lengthened_file_is_found(void **state)
{
    Room *r = *state;
    Str sealed = seal(r, 2 * SYS_PIPE_CHUNK + 10);
    refused(r, str_sub(sealed, 0, 0), WORDS, ERR_VAULT_FORMAT, "it is empty");
    refused(r, str_sub(sealed, 0, HEAD - 1), WORDS, ERR_VAULT_FORMAT, "it ends in the header");
    refused(r, str_sub(sealed, 0, HEAD), WORDS, ERR_VAULT_OPEN, "it ends after the header");
    refused(r, str_sub(sealed, 0, HEAD + SEALED), WORDS, ERR_VAULT_OPEN,
            "it ends after the first chunk");
    refused(r, str_sub(sealed, 0, HEAD + 2 * SEALED), WORDS, ERR_VAULT_OPEN,
            "it ends after the second chunk");
    refused(r, str_sub(sealed, 0, sealed.n - 1), WORDS, ERR_VAULT_OPEN, "a byte is missing");
    char *p = arena_alloc(r->a, sealed.n + 1);
    assert_non_null(p);
    memcpy(p, sealed.p, sealed.n);
    refused(r, (Str){ p, sealed.n + 1 }, WORDS, ERR_VAULT_OPEN, "a byte stands behind it");
    memcpy(p + HEAD, sealed.p + HEAD + SEALED, SEALED);
    memcpy(p + HEAD + SEALED, sealed.p + HEAD, SEALED);
    refused(r, (Str){ p, sealed.n }, WORDS, ERR_VAULT_OPEN, "two chunks changed places");
}

static void another_passphrase_does_not_open(void **state)
{
    Room *r = *state;
    Str sealed = seal(r, 5);
    refused(r, sealed, STRC("一句自己记得住的长话，不告诉别"), ERR_VAULT_OPEN, "a word is missing");
    refused(r, sealed, STRC(""), ERR_VAULT_OPEN, "the passphrase is empty");
}

/* Twelve characters are enough, eleven are not: characters, not bytes. */
static void a_passphrase_has_a_least_length(void **state)
{
    Room *r = *state;
    Err e = { 0 };
    assert_true(sys_file_write(r->sys, r->plain, STRC("x"), &e));
    assert_false(auth_vault_seal(r->sys, r->plain, r->sealed, STRC("一二三四五六七八九十一"), &e));
    assert_int_equal(e.code, ERR_VAULT_SHORT);
    assert_false(sys_exists(r->sys, r->sealed));
    assert_true(auth_vault_seal(r->sys, r->plain, r->sealed, STRC("一二三四五六七八九十一二"), &e));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, room_open, room_close)
    const struct CMUnitTest tests[] = {
        T(what_goes_in_comes_out_at_every_border),
        T(nothing_of_the_text_stands_in_the_sealed_file),
        T(a_changed_byte_anywhere_is_found),
        T(a_cut_moved_or_lengthened_file_is_found),
        T(another_passphrase_does_not_open),
        T(a_passphrase_has_a_least_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
