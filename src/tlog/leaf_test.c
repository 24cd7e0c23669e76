#include "tlog/leaf.h"
#include "tlog/tlog.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct Room {
    Arena *a;
    LeafRun *run;
    Leaf leaf;
} Room;

static int room_open(void **state)
{
    Room *r = calloc(1, sizeof *r);
    r->a = arena_open(64 << 20);
    r->run = leaf_open();
    r->leaf = (Leaf){ .seq = 3, .region = 1, .id = 4096, .kind = STRC("org"), .org = 7,
        .subject = 4096, .occurred_on = day_make(2026, 1, 9), .received_at = 1767916800123,
        .who = 5, .body = STRC("{\"name\":\"东街\",\"parent\":12}") };
    memset(r->leaf.secret.b, 0x11, 32);
    *state = r;
    return r->a && r->run ? 0 : -1;
}

static int room_close(void **state)
{
    Room *r = *state;
    arena_close(r->a);
    leaf_close(r->run);
    free(r);
    return 0;
}

/* The specification in README.md, spelt out once more with plain concatenation. */
static void leaf_is_what_the_readme_says(void **state)
{
    Room *r = *state;
    Hash got, salts, name, parent, third;
    Err e;
    Str secret = { (const char *)r->leaf.secret.b, 32 };
    r->leaf.body = STRC("{\"name\":\"东街\",\"parent\":12,\"z\":true}");
    salts = hash_of2(secret, (Str){ "\0", 1 });
    name = hash_of2((Str){ (const char *)salts.b, 16 }, STRC("\"东街\""));
    parent = hash_of2((Str){ (const char *)salts.b + 16, 16 }, STRC("12"));
    salts = hash_of2(secret, (Str){ "\1", 1 });
    third = hash_of2((Str){ (const char *)salts.b, 16 }, STRC("true"));
    Buf data = buf_open(10000);
    buf_putc(&data, 0);
    buf_put(&data, STRC("fact/1\nregion 1\nid 4096\nkind org\norg 7\nsubject 4096\n"
        "occurred_on 2026-01-09\nreceived_at 1767916800123\nwho 5\nbehalf 0\ncorrects 0\n"
        "body object\nname\n"));
    buf_put(&data, (Str){ (const char *)name.b, 32 });
    buf_put(&data, STRC("parent\n"));
    buf_put(&data, (Str){ (const char *)parent.b, 32 });
    buf_put(&data, STRC("z\n"));
    buf_put(&data, (Str){ (const char *)third.b, 32 });
    assert_true(leaf_hash(&got, r->run, &r->leaf, &e));
    assert_true(hash_eq(got, hash_of(buf_str(&data))));
    buf_close(&data);
    LeafField fields[LEAF_FIELDS_MAX];
    size_t n;
    assert_true(leaf_split(fields, &n, r->leaf.body, &e));
    assert_int_equal(n, 3);
    assert_true(str_is(fields[1].value, "12"));
    assert_true(hash_eq(leaf_hash_split(r->run, &r->leaf, fields, n), got));
}

static void strike_and_missing_day(void **state)
{
    Room *r = *state;
    Hash got;
    Err e;
    r->leaf.body = STRC("null");
    r->leaf.occurred_on = DAY_NONE;
    assert_true(leaf_is_strike(&r->leaf));
    assert_true(leaf_hash(&got, r->run, &r->leaf, &e));
    Str data = arena_text(r->a, "%cfact/1\nregion 1\nid 4096\nkind org\norg 7\nsubject 4096\n"
        "occurred_on -\nreceived_at 1767916800123\nwho 5\nbehalf 0\ncorrects 0\nbody null\n", 0);
    assert_true(hash_eq(got, hash_of(data)));
}

/* Whatever changes in a fact changes its leaf. */
static void every_part_counts(void **state)
{
    Room *r = *state;
    Leaf l[13];
    Hash h[13];
    Err e;
    for (int i = 0; i < 13; i++)
        l[i] = r->leaf;
    l[1].region++, l[2].id++, l[3].kind = STRC("orh"), l[4].org++, l[5].subject++;
    l[6].occurred_on++, l[7].received_at++, l[8].who++, l[9].behalf++, l[10].corrects++;
    l[11].body = STRC("{\"name\":\"东街\",\"parent\":13}"), l[12].secret.b[0] ^= 1;
    for (int i = 0; i < 13; i++) {
        assert_true(leaf_hash(&h[i], r->run, &l[i], &e));
        for (int k = 0; k < i; k++)
            assert_false(hash_eq(h[i], h[k]));
    }
}

static void erased_field_keeps_the_leaf(void **state)
{
    Room *r = *state;
    Hash whole, got;
    Err e;
    assert_true(leaf_hash(&whole, r->run, &r->leaf, &e));
    LeafSalt salt = leaf_salt(r->run, r->leaf.secret, 0);
    LeafMark marks[2] = {
        { .name = STRC("name"), .hash = leaf_field_hash(r->run, salt, STRC("\"东街\"")) },
        { .name = STRC("parent"), .kept = true, .salt = leaf_salt(r->run, r->leaf.secret, 1) },
    };
    Leaf left = r->leaf;
    left.erased = true;
    left.marks = marks;
    left.n_marks = 2;
    memset(&left.secret, 0, sizeof left.secret);
    left.body = STRC("{\"parent\":12}");
    assert_true(leaf_hash(&got, r->run, &left, &e));
    assert_true(hash_eq(got, whole));
    Buf b = buf_open(LEAF_LINE_MAX);
    Leaf back;
    leaf_line_print(&b, &left);
    assert_false(str_has(buf_str(&b), STRC("东街")));
    assert_true(leaf_line_read(&back, r->a, buf_str(&b), &e));
    assert_true(leaf_hash(&got, r->run, &back, &e));
    assert_true(hash_eq(got, whole));
    buf_close(&b);
    left.body = STRC("{\"parent\":13}"); /* a kept field that was changed */
    assert_true(leaf_hash(&got, r->run, &left, &e));
    assert_false(hash_eq(got, whole));
    left.body = STRC("{\"parent\":12,\"extra\":1}");
    assert_false(leaf_hash(&got, r->run, &left, &e));
    left.body = STRC("{\"extra\":1,\"parent\":12}");
    assert_false(leaf_hash(&got, r->run, &left, &e));
    assert_int_equal(e.code, ERR_LEAF_LINE);
    left.body = STRC("{}");
    assert_false(leaf_hash(&got, r->run, &left, &e));
}

static void line_there_and_back(void **state)
{
    Room *r = *state;
    Buf b = buf_open(LEAF_LINE_MAX);
    Leaf back;
    Hash one, two;
    Err e;
    leaf_line_print(&b, &r->leaf);
    assert_false(b.failed);
    assert_true(leaf_line_read(&back, r->a, buf_str(&b), &e));
    assert_int_equal(back.seq, 3);
    assert_true(leaf_hash(&one, r->run, &r->leaf, &e));
    assert_true(leaf_hash(&two, r->run, &back, &e));
    assert_true(hash_eq(one, two));
    buf_close(&b);
}

static void line_refusals(void **state)
{
    Room *r = *state;
    static const char good[] = "{\"seq\":0,\"region\":1,\"id\":1,\"kind\":\"k\",\"org\":0,"
        "\"subject\":1,\"occurred_on\":null,\"received_at\":0,\"who\":0,\"behalf\":0,"
        "\"corrects\":0,\"body\":{\"a\":1},\"secret\":"
        "\"0000000000000000000000000000000000000000000000000000000000000000\"}";
    static const char *const swaps[][2] = {
        { "\"seq\":0", "\"seq\":-1" }, { "\"seq\":0", "\"seq\":\"0\"" },
        { "\"id\":1", "\"id\":0" }, { "\"kind\":\"k\"", "\"kind\":\"a b\"" },
        { "\"kind\":\"k\"", "\"kind\":\"\"" }, { "null", "\"2026-02-30\"" }, { "null", "5" },
        { "\"who\":0", "\"whom\":0" }, { "\"who\":0", "\"who\":0,\"x\":0" },
        { "{\"a\":1}", "[1]" }, { "{\"a\":1}", "5" }, { "{\"a\":1}", "{\"a b\":1}" },
        { "{\"a\":1}", "{\"a\":1.5}" }, { "{\"a\":1}", "{\"a\":1,\"a\":1}" },
        { "\"secret\":\"0", "\"secret\":\"g" }, { "\"secret\"", "\"erased\"" },
        { "}", "} x" },
    };
    Leaf out = { .seq = 99 };
    Err e;
    assert_true(leaf_line_read(&out, r->a, str_of(good), &e));
    out.seq = 99;
    for (size_t i = 0; i < sizeof swaps / sizeof *swaps; i++) {
        const char *at = strstr(good, swaps[i][0]);
        assert_non_null(at);
        Str line = arena_text(r->a, "%.*s%s%s", (int)(at - good), good, swaps[i][1],
                              at + strlen(swaps[i][0]));
        assert_false(leaf_line_read(&out, r->a, line, &e));
        assert_int_equal(out.seq, 99);
    }
}

static void canonical_table(void **state)
{
    (void)state;
    static const struct { const char *text; bool ok; } cases[] = {
        { "null", true }, { "{}", true }, { "{\"a\":1}", true }, { "{\"a\":[]}", true },
        { "{\"a\":{},\"b\":[1,\"x\",null,true,false,{\"c\":-7}]}", true },
        { "{\"姓名\":\"张\\n\\u001F\\t\\\"\\\\\"}", true },
        { "{\"a\":9007199254740991,\"b\":-9007199254740991}", true },
        { "{\"a\":9007199254740992}", false }, { "{\"a\":01}", false }, { "{\"a\":-0}", false },
        { "{\"a\":-}", false }, { "{\"a\":1.0}", false }, { "{\"a\":1e3}", false },
        { "{\"b\":1,\"a\":1}", false }, { "{\"a\":1,\"a\":1}", false },
        { "{\"a\":{\"d\":1,\"c\":1}}", false }, { "{ \"a\":1}", false }, { "{\"a\":1} ", false },
        { "{\"a\":1,}", false }, { "{\"a\"}", false }, { "{\"a\":}", false }, { "{", false },
        { "[]", false }, { "\"x\"", false }, { "1", false }, { "", false }, { "nul", false },
        { "{\"\":1}", false }, { "{\"a b\":1}", false }, { "{\"a\\n\":1}", false },
        { "{\"a\":{\"\":1}}", true }, { "{\"a\":\"\\u001f\"}", false },
        { "{\"a\":\"\\u0000\"}", false }, { "{\"a\":\"\\u000A\"}", false },
        { "{\"a\":\"\\u0041\"}", false }, { "{\"a\":\"\\/\"}", false },
        { "{\"a\":\"x\ny\"}", false }, { "{\"a\":\"\xff\"}", false }, { "{\"a\":\"\\u00", false },
        { "{\"a\":[1,]}", false }, { "{\"a\":[1 ,2]}", false }, { "{\"a\":tru}", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Str s = str_of(cases[i].text);
        if (leaf_is_canonical(s) != cases[i].ok)
            fail_msg("%s", cases[i].text);
    }
    assert_false(leaf_is_canonical((Str){ "{\"a\":\"x\0y\"}", 11 }));
}

static void getting_fields(void **state)
{
    (void)state;
    Str v = STRC("untouched"), body = STRC("{\"a\":[1,2],\"b\":\"x\"}");
    assert_true(leaf_get(&v, body, "a"));
    assert_true(str_is(v, "[1,2]"));
    assert_true(leaf_get(&v, body, "b"));
    assert_true(str_is(v, "\"x\""));
    assert_false(leaf_get(&v, body, "c"));
    assert_false(leaf_get(&v, STRC("null"), "a"));
    assert_false(leaf_get(&v, STRC("{b"), "a"));
    /* Every field of an awkward body, as leaf_split gives it. */
    static const char awkward[] = "{\"a\":\"\\\\\",\"b\":\"x\\\"},\\\"c\\\":1\","
                                  "\"c\":[{\"a\":\"]}\"},[]],"
                                  "\"d\":-7,\"e\":{},\"f\":null,\"g\":\"\"}";
    static LeafField fields[LEAF_FIELDS_MAX];
    char name[2] = "a";
    size_t n;
    Err e;
    assert_true(leaf_split(fields, &n, str_of(awkward), &e));
    assert_int_equal(n, 7);
    for (size_t i = 0; i < n; i++, name[0]++) {
        assert_true(leaf_get(&v, str_of(awkward), name));
        assert_true(str_eq(v, fields[i].value));
    }
    assert_false(leaf_get(&v, str_of(awkward), "aa"));
    assert_false(leaf_get(&v, str_of(awkward), "h"));
    assert_false(leaf_get(&v, str_of(awkward), ""));
    /* What is cut off anywhere is never read past its end. */
    for (size_t k = 0; k < sizeof awkward; k++)
        for (name[0] = 'a'; name[0] <= 'h'; name[0]++)
            if (leaf_get(&v, (Str){ awkward, k }, name))
                assert_true(v.p >= awkward && v.p + v.n <= awkward + k);
}

/* n fields, each of them short. */
static Str wide(Arena *a, int n)
{
    Buf b = buf_open(LEAF_BODY_MAX);
    for (int i = 0; i < n; i++)
        buf_fmt(&b, "%c\"f%03d\":%d", i ? ',' : '{', i, i);
    buf_putc(&b, '}');
    Str s = arena_str(a, buf_str(&b));
    buf_close(&b);
    return s;
}

static Str deep(Arena *a, int n)
{
    Buf b = buf_open(LEAF_BODY_MAX);
    buf_put(&b, STRC("{\"a\":"));
    for (int i = 1; i < n; i++)
        buf_putc(&b, '[');
    for (int i = 1; i < n; i++)
        buf_putc(&b, ']');
    buf_putc(&b, '}');
    Str s = arena_str(a, buf_str(&b));
    buf_close(&b);
    return s;
}

/* A body of exactly n bytes. */
static Str long_body(Arena *a, size_t n)
{
    char *p = arena_alloc(a, n + 1);
    memset(p, 'x', n);
    memcpy(p, "{\"a\":\"", 6);
    memcpy(p + n - 2, "\"}", 2);
    return (Str){ p, n };
}

static void limits(void **state)
{
    Room *r = *state;
    LeafField fields[LEAF_FIELDS_MAX];
    size_t n;
    Err e;
    assert_true(leaf_split(fields, &n, wide(r->a, LEAF_FIELDS_MAX), &e));
    assert_int_equal(n, LEAF_FIELDS_MAX);
    assert_false(leaf_split(fields, &n, wide(r->a, LEAF_FIELDS_MAX + 1), &e));
    assert_int_equal(e.code, ERR_LEAF_BODY);
    assert_true(leaf_is_canonical(deep(r->a, LEAF_DEPTH_MAX)));
    assert_false(leaf_is_canonical(deep(r->a, LEAF_DEPTH_MAX + 1)));
    assert_true(leaf_is_canonical(long_body(r->a, LEAF_BODY_MAX)));
    assert_false(leaf_is_canonical(long_body(r->a, LEAF_BODY_MAX + 1)));
    char name[LEAF_NAME_MAX + 1];
    memset(name, 'n', sizeof name);
    assert_true(leaf_name_ok((Str){ name, LEAF_NAME_MAX }));
    assert_false(leaf_name_ok((Str){ name, LEAF_NAME_MAX + 1 }));
    r->leaf.body = wide(r->a, LEAF_FIELDS_MAX);
    Hash h;
    assert_true(leaf_hash(&h, r->run, &r->leaf, &e));
    Leaf back;
    char *line = arena_alloc(r->a, LEAF_LINE_MAX + 2);
    memset(line, ' ', LEAF_LINE_MAX + 1);
    Buf b = buf_open(LEAF_LINE_MAX);
    leaf_line_print(&b, &r->leaf);
    memcpy(line, b.p, b.n);
    buf_close(&b);
    assert_true(leaf_line_read(&back, r->a, (Str){ line, LEAF_LINE_MAX }, &e));
    assert_false(leaf_line_read(&back, r->a, (Str){ line, LEAF_LINE_MAX + 1 }, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
}

static json_t *any_value(unsigned *seed, int depth)
{
    static const char *const texts[] = { "", "党建", "a\"b\\c", "\b\f\n\r\t", "\x1f\x7f/", "85.5" };
    json_t *v;
    char key[8];
    switch (rand_r(seed) % (depth < 4 ? 7 : 5)) {
    case 0: return json_null();
    case 1: return json_boolean(rand_r(seed) % 2);
    case 2: return json_integer(rand_r(seed) - (json_int_t)1000000000);
    case 3: case 4: return json_string(texts[rand_r(seed) % 6]);
    case 5:
        v = json_array();
        for (int i = rand_r(seed) % 4; i > 0; i--)
            json_array_append_new(v, any_value(seed, depth + 1));
        return v;
    default:
        v = json_object();
        for (int i = rand_r(seed) % 5; i > 0; i--) {
            snprintf(key, sizeof key, "k%d", rand_r(seed) % 30);
            json_object_set_new(v, key, any_value(seed, depth + 1));
        }
        return v;
    }
}

/* What jv_canon writes is what leaf_split takes: the two must never drift apart. */
static void canonical_means_jv_canon(void **state)
{
    (void)state;
    unsigned seed = 20261123;
    Buf b = buf_open(LEAF_BODY_MAX);
    for (int i = 0; i < 3000; i++) {
        Err e;
        json_t *o = json_object();
        json_object_set_new(o, "x", any_value(&seed, 1));
        json_object_set_new(o, "a", any_value(&seed, 1));
        buf_reset(&b);
        assert_true(jv_canon(&b, o, &e));
        if (!leaf_is_canonical(buf_str(&b)))
            fail_msg("%.*s", STR(buf_str(&b)));
        json_decref(o);
    }
    buf_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(leaf_is_what_the_readme_says, room_open, room_close),
        cmocka_unit_test_setup_teardown(strike_and_missing_day, room_open, room_close),
        cmocka_unit_test_setup_teardown(every_part_counts, room_open, room_close),
        cmocka_unit_test_setup_teardown(erased_field_keeps_the_leaf, room_open, room_close),
        cmocka_unit_test_setup_teardown(line_there_and_back, room_open, room_close),
        cmocka_unit_test_setup_teardown(line_refusals, room_open, room_close),
        cmocka_unit_test(canonical_table),
        cmocka_unit_test(getting_fields),
        cmocka_unit_test_setup_teardown(limits, room_open, room_close),
        cmocka_unit_test(canonical_means_jv_canon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
