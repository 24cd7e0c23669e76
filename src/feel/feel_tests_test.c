/* Plain tests against feel_eval: thousands of made-up conditions over made-up values must have the
 * same answer, and what is not plain must be refused. */
#include "feel/tests.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NAMES = 6 };
static const Str names[NAMES] = { S("kind"), S("n"), S("day"), S("open"), S("org.kind"),
                                  S("org.level") };

static int find(void *arg, Str path, bool null_only)
{
    (void)arg;
    if (null_only && str_is(path, "heads"))
        return NAMES; /* a list */
    for (int i = 0; i < NAMES; i++)
        if (str_eq(names[i], path))
            return i;
    return -1;
}

static bool read_value(void *arg, int slot, FeelValue *out)
{
    *out = slot == NAMES ? feel_list(NULL, 0) : ((const FeelValue *)arg)[slot];
    return true;
}

/* --- made-up conditions ---------------------------------------------------------------------- */
static uint32_t dice(uint64_t *seed, uint32_t n)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % n;
}

static void put_constant(Buf *b, uint64_t *seed)
{
    static const char *const some[] = { "\"congress\"", "\"group\"", "\"branch\"", "1", "3", "-2",
                                        "2.50", "true", "false", "null", "date(\"2026-03-31\")",
                                        "@\"2026-01-01\"" };
    buf_fmt(b, "%s", some[dice(seed, sizeof some / sizeof *some)]);
}

static void put_term(Buf *b, uint64_t *seed)
{
    if (dice(seed, 3) == 0)
        put_constant(b, seed);
    else
        buf_put(b, names[dice(seed, NAMES)]);
}

static void put_name(Buf *b, uint64_t *seed)
{
    buf_put(b, names[dice(seed, NAMES)]);
}

static void put_condition(Buf *b, uint64_t *seed, int depth)
{
    static const char *const ops[] = { "=", "!=", "<", "<=", ">", ">=" };
    switch (dice(seed, depth > 3 ? 4 : 9)) {
    case 0:
    case 1:
        put_term(b, seed);
        buf_fmt(b, " %s ", ops[dice(seed, 6)]);
        put_term(b, seed);
        return;
    case 2:
        put_name(b, seed);
        buf_fmt(b, " in (");
        for (uint32_t i = 0, n = 1 + dice(seed, 3); i < n; i++) {
            buf_fmt(b, "%s%s", i ? ", " : "", dice(seed, 4) == 0 ? ops[2 + dice(seed, 4)] : "");
            put_constant(b, seed);
        }
        buf_fmt(b, ")");
        return;
    case 3:
        put_name(b, seed);
        buf_fmt(b, dice(seed, 2) ? " in [1..3)" : " in [\"congress\", 3, null]");
        return;
    case 4:
        put_name(b, seed);
        buf_fmt(b, " between 1 and 3");
        return;
    case 5:
        buf_fmt(b, "not(");
        put_condition(b, seed, depth + 1);
        buf_fmt(b, ")");
        return;
    case 6:
        if (dice(seed, 2))
            put_name(b, seed);
        else
            buf_fmt(b, dice(seed, 2) ? "heads != null" : "null = heads");
        return;
    default:
        buf_fmt(b, "(");
        put_condition(b, seed, depth + 1);
        buf_fmt(b, dice(seed, 2) ? ") and (" : ") or (");
        put_condition(b, seed, depth + 1);
        buf_fmt(b, ")");
    }
}

static FeelValue some_value(uint64_t *seed)
{
    switch (dice(seed, 8)) {
    case 0:
        return feel_z("congress");
    case 1:
        return feel_z("branch");
    case 2:
        return feel_int((int64_t)dice(seed, 5) - 1);
    case 3:
        return feel_number(dec_scaled(25, 1));
    case 4:
        return feel_day(day_make(2026, 3, 30 + (int)dice(seed, 2)));
    case 5:
        return feel_boolean(dice(seed, 2));
    default:
        return feel_null();
    }
}

/* --- the two ways ----------------------------------------------------------------------------- */
static int evaluated(Arena *a, const FeelExpr *x, const FeelValue *v)
{
    FeelEntry org[] = { { S("kind"), v[4] }, { S("level"), v[5] } };
    FeelEntry all[] = { { S("kind"), v[0] }, { S("n"), v[1] },   { S("day"), v[2] },
                        { S("open"), v[3] }, { S("org"), feel_context(org, 2) },
                        { S("heads"), feel_list(NULL, 0) } };
    FeelScope scope = { .entries = all, .n = 6 };
    FeelRun run = feel_run(a, 0);
    FeelValue got;
    Err e = { 0 };
    assert_true(feel_eval(&got, a, x, &scope, &run, &e));
    return got.kind == FEEL_BOOLEAN ? got.boolean : -1;
}

static void test_same_answers(void **state)
{
    (void)state;
    uint64_t seed = 20261123;
    size_t plain = 0, said[3] = { 0 };
    Arena *a = arena_open(16 << 20);
    Buf b = buf_open(1 << 16);
    for (int i = 0; i < 20000; i++) {
        FeelExpr *x;
        FeelTest *t;
        Err e = { 0 };
        arena_reset(a);
        buf_reset(&b);
        put_condition(&b, &seed, 0);
        if (!feel_parse(&x, a, buf_str(&b), NULL, &e))
            fail_msg("%.*s", STR(buf_str(&b)));
        if (!feel_tests(&t, a, x, find, NULL))
            continue;
        plain++;
        for (int k = 0; k < 4; k++) {
            FeelValue v[NAMES];
            for (int j = 0; j < NAMES; j++)
                v[j] = some_value(&seed);
            int quick = feel_tests_hold(t, read_value, v), slow = evaluated(a, x, v);
            if (quick != slow)
                fail_msg("%.*s: %d instead of %d", STR(buf_str(&b)), quick, slow);
            said[quick + 1]++;
        }
    }
    assert_true(plain > 10000);
    assert_true(said[0] > 1000 && said[1] > 1000 && said[2] > 1000);
    buf_close(&b);
    arena_close(a);
}

static bool is_plain(Arena *a, const char *text)
{
    FeelExpr *x;
    FeelTest *t;
    Err e = { 0 };
    assert_true(feel_parse(&x, a, str_of(text), NULL, &e));
    return feel_tests(&t, a, x, find, NULL);
}

static void test_what_is_plain(void **state)
{
    (void)state;
    Arena *a = arena_open(4 << 20);
    assert_true(is_plain(a, "kind = \"congress\" and n >= 3"));
    assert_true(is_plain(a, "day < date(\"2026-02-28\") or open"));
    assert_true(is_plain(a, "not(org.kind in (\"branch\", \"committee\"))"));
    assert_true(is_plain(a, "day <= day"));
    assert_true(is_plain(a, "heads != null and null = heads"));
    assert_false(is_plain(a, "heads = 3"));
    assert_false(is_plain(a, "heads in (null)"));
    assert_false(is_plain(a, "n + 1 > 3"));
    assert_false(is_plain(a, "unknown = 3"));
    assert_false(is_plain(a, "org.unknown = 3"));
    assert_false(is_plain(a, "if open then true else false"));
    assert_false(is_plain(a, "date(\"2026-02-30\") < day"));
    assert_false(is_plain(a, "contains(kind, \"x\")"));
    assert_false(is_plain(a, "n in [3..1]"));
    char deep[2000] = "open";
    for (int i = 0; i <= FEEL_TESTS_DEPTH_MAX; i++) {
        char outer[2100];
        snprintf(outer, sizeof outer, "not(%.1990s)", deep);
        strcpy(deep, outer);
        assert_int_equal(is_plain(a, deep), i < FEEL_TESTS_DEPTH_MAX);
    }
    Arena *small = arena_open(4096);
    FeelExpr *x;
    FeelTest *t;
    Err e = { 0 };
    assert_true(feel_parse(&x, small, STRC("open"), NULL, &e));
    while (arena_alloc(small, 16))
        continue;
    assert_false(feel_tests(&t, small, x, find, NULL));
    arena_close(small);
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_answers),
        cmocka_unit_test(test_what_is_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
