/* shuping-verify FILE.bel: exit codes on files, with and without hints beside them. */
#include "verify/verify.h"

#include "ballot/kit_test.h"

#include <stdio.h>
#include <unistd.h>

typedef struct Files {
    char dir[200], bel[300], hints[320];
} Files;

static Files open_files(void)
{
    Files f;
    const char *tmp = getenv("TMPDIR");
    snprintf(f.dir, sizeof f.dir, "%s/belXXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(f.dir));
    snprintf(f.bel, sizeof f.bel, "%s/box.bel", f.dir);
    snprintf(f.hints, sizeof f.hints, "%s.hints", f.bel);
    return f;
}

static void close_files(const Files *f)
{
    remove(f->bel);
    remove(f->hints);
    assert_int_equal(rmdir(f->dir), 0);
}

static void put(const char *path, Str bytes)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    assert_int_equal(fclose(f), 0);
}

static void sound_false_and_not_for_us(void **state)
{
    (void)state;
    Files f = open_files();
    Kit *k = kit_open(70, 6, 2, 2, 3, true, 5);
    kit_vote(k, 6);
    Str hints, sealed = kit_seal(k, &hints);
    Str done = kit_open_box(k, sealed, (int[]){ 1, 3, 4 }, 3, true);
    put(f.bel, done);
    assert_int_equal(verify_bel(f.bel), 0);
    put(f.hints, hints);
    assert_int_equal(verify_bel(f.bel), 0);
    put(f.hints, STRC("nonsense"));
    assert_int_equal(verify_bel(f.bel), 0);
    put(f.bel, sealed); /* no result yet */
    assert_int_equal(verify_bel(f.bel), VERIFY_FAULT);
    ((char *)done.p)[done.n / 2] ^= 1;
    put(f.bel, done);
    assert_int_equal(verify_bel(f.bel), VERIFY_FAULT);
    put(f.bel, STRC(""));
    assert_int_equal(verify_bel(f.bel), VERIFY_FAULT);
    Buf b = buf_open(1 << 16);
    BelWriter w = bel_open(&b, 1);
    bel_setup(&w, STRC("{\"version\":1,\"group\":\"BELENIOS-2048\"}"), STRC("[]"), STRC("[]"));
    bel_end(&w);
    put(f.bel, buf_str(&b));
    assert_int_equal(verify_bel(f.bel), VERIFY_UNSUPPORTED);
    buf_close(&b);
    kit_close(k);
    close_files(&f);
    assert_int_equal(verify_bel(f.bel), VERIFY_FAULT); /* no such file */
    assert_true(verify_is_bel("x/y.bel") && !verify_is_bel("log.jsonl"));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(sound_false_and_not_for_us) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
