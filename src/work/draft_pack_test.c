/* Drafts taken from speeches are packs: every duty of the golden speeches, and the four with a
 * number that published speeches hold, are read by the pack reader and name what they lack. */
#include "pack/duty.h"
#include "pack/pack.h"
#include "text/draft.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static Str file(Arena *a, const char *name)
{
    FILE *in = fopen(name, "rb");
    char *p = arena_alloc(a, 1 << 17);
    if (!in)
        return (Str){ "", 0 };
    size_t n = fread(p, 1, 1 << 17, in);
    fclose(in);
    return (Str){ p, n };
}

/* The duties of a text as one pack of their own; how many. */
static size_t accepted(Arena *a, const Text *t, Str text)
{
    Drafts d;
    Err e = { 0 };
    Rulebook *rb;
    Buf b = buf_open(1 << 20);
    assert_true(draft_read(&d, a, t, NULL, text, &e));
    buf_put(&b, STRC("pack speech { title \"讲话\"; version \"1\"; from 2026-01-01; "
                     "cite \"讲话\"; }\n"));
    for (size_t i = 0; i < d.duties.n; i++)
        draft_duty_pack(&b, &d.duties.items[i], arena_text(a, "speech_%zu", i + 1),
                        d.outline.title);
    assert_false(b.failed);
    PackSource source = { STRC("speech.pack"), arena_str(a, buf_str(&b)), STRC("") };
    buf_close(&b);
    if (!pack_load(&rb, a, &source, 1, &e)) {
        char say[1000];
        err_print(&e, LANG_HANS, say, sizeof say);
        fail_msg("%s\n%.*s", say, STR(source.text));
    }
    assert_int_equal(pack_duty_count(rb), d.duties.n);
    for (size_t i = 0; i < d.duties.n; i++) {
        Str lacks[DUTY_LACKS_MAX];
        assert_true(pack_duty_at(rb, i)->draft);
        assert_true(duty_lacks(lacks, pack_duty_at(rb, i)) > 0);
    }
    return d.duties.n;
}

static void drafts_are_packs(void **state)
{
    (void)state;
    static const char *const four[] = {
        "党组（党委）成员至少要联系1个支部，并经常到所联系支部进行指导。",
        "坚决落实党委常委会或党组会每年至少专题研究1次党建工作，每半年至少开展1次专题督查，"
        "市、县重点工作督查党建方面的内容不少于20%的要求。",
    };
    Arena *a = arena_open(512u << 20);
    Text *t;
    Err e = { 0 };
    size_t n = 0;
    assert_true(text_open(&t, TEXT_TO_HANS, &e));
    assert_int_equal(accepted(a, t, str_of(four[0])), 1);
    assert_int_equal(accepted(a, t, str_of(four[1])), 3);
    for (int i = 1; i <= 10; i++) {
        char name[100];
        snprintf(name, sizeof name, "src/text/golden/speech%02d.txt", i);
        n += accepted(a, t, file(a, name));
        snprintf(name, sizeof name, "src/text/golden/report%02d.txt", i);
        n += accepted(a, t, file(a, name));
    }
    assert_true(n > 40);
    text_close(t);
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(drafts_are_packs) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
