/* The published schemes under packs/schemes: each gives what its examples say. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "score/fixture_test.h"

static bool read_pack(Bench *b, Str *out, const char *name)
{
    char path[600];
    snprintf(path, sizeof path, "packs/schemes/%s/%s.pack", name, name);
    FILE *f = fopen(path, "rb");
    char *text = ARENA_ARRAY(b->a, char, SCHEME_BYTES_MAX);
    if (!f || !text)
        return false;
    *out = (Str){ text, fread(text, 1, SCHEME_BYTES_MAX, f) };
    fclose(f);
    return true;
}

/* With SCORE_BUNDLES naming a folder the bundles go there, for another program to check. */
static void keep(Str bundle, const Scheme *s, size_t i)
{
    const char *dir = getenv("SCORE_BUNDLES");
    char path[600];
    if (!dir)
        return;
    snprintf(path, sizeof path, "%s/%.*s-%zu.json", dir, STR(s->name), i);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bundle.p, 1, bundle.n, f), bundle.n);
    fclose(f);
}

static bool example_ok(Bench *b, const Scheme *s, size_t i)
{
    Buf bundle = buf_open(SCORE_BUNDLE_MAX);
    bool ok = score_example_holds(&bundle, b->a, s, &s->examples[i], &b->e);
    if (ok)
        keep(buf_str(&bundle), s, i);
    else
        bench_show(b);
    buf_close(&bundle);
    return ok;
}

static void each_gives_what_it_says(void **state)
{
    Bench *b = *state;
    DIR *d = opendir("packs/schemes");
    struct dirent *entry;
    size_t schemes = 0, examples = 0, wrong = 0;
    assert_non_null(d);
    while ((entry = readdir(d)) != NULL) {
        Str text;
        Scheme s;
        if (strncmp(entry->d_name, "sc", 2) != 0)
            continue;
        assert_true(read_pack(b, &text, entry->d_name));
        ptrdiff_t at = str_find(text, STRC("\nscheme "));
        assert_true(at > 0);
        Str block = str_sub(text, (size_t)at, text.n);
        schemes++;
        if (!pack_scheme_parse(&s, b->a, str_of(entry->d_name), block, &b->e)) {
            bench_show(b);
            wrong++;
            continue;
        }
        assert_true(str_is(s.name, entry->d_name));
        assert_true(s.n_examples > 0);
        examples += s.n_examples;
        for (size_t i = 0; i < s.n_examples; i++)
            wrong += !example_ok(b, &s, i);
    }
    closedir(d);
    print_message("%zu schemes, %zu examples\n", schemes, examples);
    assert_int_equal(schemes, 23);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_gives_what_it_says, bench_open, bench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
