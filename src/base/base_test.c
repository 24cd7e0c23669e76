#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void str_is_text_with_length(void **state)
{
    (void)state;
    Str head, tail;
    assert_true(str_eq(str_trim(STRC("\xEF\xBB\xBF　 述职 \t　")), STRC("述职")));
    assert_int_equal(str_trim(STRC("　　")).n, 0);
    assert_true(str_cut(STRC("a=b=c"), STRC("="), &head, &tail));
    assert_true(str_is(head, "a") && str_is(tail, "b=c"));
    assert_false(str_cut(STRC("abc"), STRC("="), &head, &tail));
    assert_true(str_is(head, "abc") && tail.n == 0);
    assert_int_equal(str_find(STRC("党建党建"), STRC("建党")), 3);
    assert_int_equal(str_find(STRC("党建"), STRC("建党")), -1);
    assert_int_equal(str_points(STRC("党a建")), 3);
    assert_true(str_cmp(STRC("ab"), STRC("abc")) < 0 && str_cmp(STRC("b"), STRC("abc")) > 0);
    assert_true(str_is(str_sub(STRC("abc"), 1, 99), "bc") && str_sub(STRC("abc"), 5, 1).n == 0);
}

static void str_plain_stops_where_care_begins(void **state)
{
    static const struct { Str s; size_t n; } rows[] = {
        { S("abc 述职\x7F~"), 12 }, { S(""), 0 }, { S("a\"b"), 1 }, { S("a\\b"), 1 },
        { S("ab\n"), 2 }, { S("a\0b"), 1 }, { S("é"), 0 }, { S("\xE1\x80\x80"), 3 },
        { S("\xE0\xBF\xBF"), 0 }, { S("\xEC\xBF\xBF"), 3 }, { S("\xED\xA0\x80"), 0 },
        { S("述\xE8\xBF"), 3 }, { S("述\xE8\x41\x80"), 3 }, { S("述\xE8\xBF\x41"), 3 },
        { S("\x80"), 0 } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(str_plain(rows[i].s, 0), rows[i].n);
        assert_true(str_valid(str_sub(rows[i].s, 0, rows[i].n)));
    }
    assert_int_equal(str_plain(STRC("\"ab"), 1), 2);
    assert_int_equal(str_plain(STRC("ab"), 2), 0);
}

static void str_valid_refuses_what_is_no_text(void **state)
{
    (void)state;
    static const struct { Str s; bool ok; } rows[] = {
        { S("述职"), true },
        { S(""), true },
        { S("a\0b"), false },             /* U+0000 */
        { S("\xC0\x80"), false },         /* overlong */
        { S("\xE8\xBF"), false },         /* cut short */
        { S("\xED\xA0\x80"), false },     /* a surrogate */
        { S("\xF4\x90\x80\x80"), false }, /* past U+10FFFF */
        { S("\xFF"), false },
        { S("\xEF\xBF\xBD"), true },      /* U+FFFD itself */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_valid(rows[i].s) != rows[i].ok)
            fail_msg("row %zu", i);
    for (uint32_t cp = 1; cp <= 0x10FFFF; cp += cp < 0x3000 ? 1 : 97) {
        char out[4];
        uint32_t back;
        size_t n = str_put(out, cp);
        assert_int_equal(n == 0, cp >= 0xD800 && cp <= 0xDFFF);
        if (n) {
            assert_int_equal(str_next((Str){ out, n }, 0, &back), n);
            assert_int_equal(back, cp);
        }
    }
}

static void str_int_reads_the_whole_range(void **state)
{
    (void)state;
    int64_t v;
    assert_true(str_int(STRC("-9223372036854775808"), &v) && v == INT64_MIN);
    assert_true(str_int(STRC("9223372036854775807"), &v) && v == INT64_MAX);
    assert_false(str_int(STRC("9223372036854775808"), &v));
    assert_false(str_int(STRC("-9223372036854775809"), &v));
    assert_false(str_int(STRC(""), &v) || str_int(STRC("-"), &v) || str_int(STRC("1 "), &v));
}

static void arena_keeps_its_cap(void **state)
{
    (void)state;
    Arena *a = arena_open(10000);
    assert_non_null(a);
    char *p = arena_alloc(a, 100);
    assert_non_null(p);
    for (int i = 0; i < 100; i++)
        assert_int_equal(p[i], 0);
    assert_null(arena_alloc(a, 10001));
    assert_true(arena_refused(a));
    arena_reset(a);
    assert_false(arena_refused(a));
    size_t got = 0;
    while (arena_alloc(a, 64))
        got += 64;
    assert_true(got > 4000 && got <= 10000);
    arena_reset(a);
    int *items = NULL;
    size_t n = 0, cap = 0;
    for (int i = 0; i < 500; i++) {
        assert_true(ARENA_PUSH(a, items, n, cap));
        items[n++] = i;
    }
    for (int i = 0; i < 500; i++)
        assert_int_equal(items[i], i);
    arena_close(a);
    arena_close(NULL);
}

static void buf_refuses_past_its_cap_and_remembers(void **state)
{
    (void)state;
    Buf b = buf_open(5);
    buf_put(&b, STRC("12345"));
    assert_false(b.failed);
    buf_putc(&b, '6');
    assert_true(b.failed);
    assert_true(str_is(buf_str(&b), "12345"));
    buf_reset(&b);
    buf_fmt(&b, "%d", 42);
    assert_true(!b.failed && str_is(buf_str(&b), "42"));
    buf_close(&b);
}

static void map_finds_what_was_put_in_order(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Map m = map_open(a);
    static const int one = 1;
    assert_null(map_get(&m, STRC("x")));
    for (int i = 0; i < 1000; i++)
        assert_true(map_put(&m, arena_text(a, "k%d", i), (void *)(intptr_t)(i + 1)));
    assert_true(map_put(&m, STRC("k7"), (void *)&one));
    assert_int_equal(m.n, 1000);
    assert_ptr_equal(map_get(&m, STRC("k7")), &one);
    assert_int_equal((intptr_t)map_get(&m, STRC("k999")), 1000);
    assert_true(str_is(m.entries[7].key, "k7"));
    arena_close(a);
}

static void err_says_what_where_and_what_to_do(void **state)
{
    (void)state;
    Err e = { 0 };
    char out[600];
    assert_false(err_fail(&e, ERR_TOO_BIG, err_hole("what", "名册"), err_hole("max", 5)));
    assert_false(err_note(&e, "reading %s", "a"));
    assert_false(err_note(&e, "importing"));
    err_print(&e, LANG_HANS, out, sizeof out);
    assert_string_equal(out, "名册超过上限5；请拆分或压缩后重试");
    err_print(&e, LANG_EN, out, sizeof out);
    assert_string_equal(out, "名册 is over the limit of 5; split it and try again");
    assert_string_equal(e.trail, "reading a; importing");
    assert_int_equal(err_http(e.code), 413);
    assert_string_equal(err_name(e.code), "TOO_BIG");
    err_fail(&e, ERR_LOGIN_NEEDED);
    assert_true(err_print(&e, LANG_HANS, out, 10) == 9); /* cut between characters */
    assert_string_equal(out, "还没有");
    err_fail(&e, ERR_NOT_FOUND);
    err_print(&e, LANG_EN, out, sizeof out);
    assert_string_equal(out, "? not found; check its code or name");
    for (int c = ERR_NONE; c < ERR_COUNT; c++) { /* holes stand alike in both languages */
        const char *zh = err_template(c, LANG_HANS), *en = err_template(c, LANG_EN);
        for (const char *at = strchr(zh, '{'); at; at = strchr(at + 1, '{')) {
            char hole[40];
            snprintf(hole, sizeof hole, "%.*s", (int)(strchr(at, '}') - at + 1), at);
            char own[48]; /* {why} may be {why_en} there: a reason that is worded by language */
            snprintf(own, sizeof own, "%.*s_en}", (int)strlen(hole) - 1, hole);
            if (!strstr(en, hole) && !strstr(en, own))
                fail_msg("%s: %s is missing in English", err_name(c), hole);
        }
    }
}

static Str dec_shown(Arena *a, const char *text, int places, DecRound how)
{
    Dec d;
    assert_true(dec_parse(&d, str_of(text)));
    return dec_print(a, dec_round(d, places, how));
}

static void dec_rounds_as_told(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    static const struct { const char *in; int places; DecRound how; const char *out; } rows[] = {
        { "2.5", 0, DEC_HALF_EVEN, "2" },     { "3.5", 0, DEC_HALF_EVEN, "4" },
        { "2.5", 0, DEC_HALF_UP, "3" },       { "-2.5", 0, DEC_HALF_UP, "-3" },
        { "2.5", 0, DEC_HALF_DOWN, "2" },     { "-2.5", 0, DEC_HALF_DOWN, "-2" },
        { "2.51", 0, DEC_HALF_DOWN, "3" },    { "3.5", 0, DEC_HALF_DOWN, "3" },
        { "1.5", 0, DEC_HALF_DOWN, "1" },     { "2.9", 0, DEC_DOWN, "2" },
        { "-2.9", 0, DEC_DOWN, "-2" },        { "2.1", 0, DEC_UP, "3" },
        { "-2.1", 0, DEC_UP, "-3" },          { "-2.1", 0, DEC_FLOOR, "-3" },
        { "-2.9", 0, DEC_CEILING, "-2" },     { "89.995", 2, DEC_HALF_UP, "90.00" },
        { "89.995", 2, DEC_HALF_EVEN, "90.00" }, { "89.985", 2, DEC_HALF_EVEN, "89.98" },
        { "2.5", 2, DEC_HALF_EVEN, "2.50" },  { "-0.001", 2, DEC_HALF_EVEN, "0.00" },
        { "1250", -2, DEC_HALF_EVEN, "1200" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Str s = dec_shown(a, rows[i].in, rows[i].places, rows[i].how);
        if (!str_is(s, rows[i].out))
            fail_msg("%s -> %.*s, not %s", rows[i].in, STR(s), rows[i].out);
    }
    arena_close(a);
}

static void dec_is_exact_and_never_infinite(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Dec x = dec_int(0), y = x, z = x;
    int64_t v;
    assert_true(dec_parse(&x, STRC("0.1")) && dec_parse(&y, STRC("0.2")));
    assert_true(dec_add(&z, x, y) && str_is(dec_print(a, z), "0.3"));
    assert_false(dec_div(&z, x, dec_int(0)));
    assert_true(dec_parse(&x, STRC("9e6000")));
    assert_false(dec_mul(&z, x, x));
    assert_false(dec_parse(&x, STRC("NaN")) || dec_parse(&x, STRC("1e99999")));
    assert_false(dec_parse(&x, STRC("")) || dec_parse(&x, STRC(".")) || dec_parse(&x, STRC("1 ")));
    assert_false(dec_parse(&x, STRC("0x1")) || dec_parse(&x, STRC("1e")));
    assert_true(dec_parse(&x, STRC("1.00")) && dec_parse(&y, STRC("1")) && dec_eq(x, y));
    assert_true(dec_hash(x) == dec_hash(y));
    assert_true(str_is(dec_print(a, x), "1.00") && str_is(dec_print_short(a, x), "1"));
    assert_true(dec_to_int(&v, x) && v == 1 && dec_is_whole(x));
    assert_true(dec_parse(&x, STRC("1e3")) && str_is(dec_print(a, x), "1000"));
    assert_true(dec_parse(&x, STRC("0.00")) && str_is(dec_print_short(a, x), "0"));
    assert_true(dec_pow(&z, dec_int(2), dec_int(100)));
    assert_true(str_is(dec_print(a, z), "1267650600228229401496703205376"));
    assert_true(dec_pow(&z, dec_int(2), dec_int(-2)) && str_is(dec_print_short(a, z), "0.25"));
    assert_true(str_is(dec_print(a, dec_scaled(-1234, 2)), "-12.34"));
    assert_true(dec_parse(&x, STRC("1.5")) && !dec_to_int(&v, x));
    assert_true(dec_sqrt(&z, dec_int(4)) && dec_eq(z, dec_int(2)));
    assert_false(dec_sqrt(&z, dec_int(-4)) || dec_log(&z, dec_int(0)));
    arena_close(a);
}

static void day_refuses_what_no_calendar_has(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e;
    Day d;
    static const struct { const char *in, *out; } rows[] = {
        { "2026-02-28", "2026-02-28" }, { "2026-2-8", "2026-02-08" },
        { "2026.2.8", "2026-02-08" },   { "2026/12/31", "2026-12-31" },
        { "20260208", "2026-02-08" },   { "2026年2月8日", "2026-02-08" },
        { "２０２６年２月８日", "2026-02-08" }, { "2026.2", "2026-02-01" },
        { "2026年2月", "2026-02-01" },  { "2024-02-29", "2024-02-29" },
        { "2026-02-30", NULL },         { "2026.2.30", NULL },
        { "2026-13-01", NULL },         { "2026", NULL },
        { "26-1-1", NULL },             { "2026-01-01x", NULL },
        { "", NULL },                   { "2026年2月8号", "2026-02-08" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool ok = day_read_loose(&d, str_of(rows[i].in), &e);
        if (ok != (rows[i].out != NULL) || (ok && !str_is(day_print(a, d), rows[i].out)))
            fail_msg("row %zu: %s", i, rows[i].in);
    }
    assert_false(day_read(&d, STRC("2026-2-8"), &e));
    assert_int_equal(e.code, ERR_BAD_DATE);
    for (Day k = day_make(1, 1, 1); k <= day_make(9999, 12, 31); k += 13) {
        DayParts p = day_parts(k);
        assert_true(day_valid(p.year, p.month, p.day));
        assert_int_equal(day_make(p.year, p.month, p.day), k);
    }
    assert_int_equal(day_weekday(day_make(2026, 11, 23)), 1);
    assert_int_equal(day_add_months(day_make(2024, 1, 31), 1), day_make(2024, 2, 29));
    assert_int_equal(day_add_months(day_make(2024, 3, 31), -13), day_make(2023, 2, 28));
    arena_close(a);
}

static void periods_and_moments(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e;
    Period p;
    assert_true(period_read(&p, STRC("2026-Q3"), &e));
    assert_true(p.from == day_make(2026, 7, 1) && p.to == day_make(2026, 9, 30));
    assert_true(period_read(&p, STRC("2026-H2"), &e) && p.from == day_make(2026, 7, 1));
    assert_true(period_read(&p, STRC("2024-02"), &e) && p.to == day_make(2024, 2, 29));
    assert_true(period_read(&p, STRC("2026-01-05..2026-01-07"), &e) && p.to - p.from == 2);
    assert_false(period_read(&p, STRC("2026-Q5"), &e) || period_read(&p, STRC("2026-1"), &e));
    assert_false(period_read(&p, STRC("2026-01-07..2026-01-05"), &e));
    assert_true(str_is(moment_print(a, 0), "1970-01-01T00:00:00.000Z"));
    assert_true(str_is(moment_print(a, -1), "1969-12-31T23:59:59.999Z"));
    assert_true(str_is(moment_print_zh(a, 16LL * 3600000), "1970年1月2日 00:00"));
    assert_int_equal(moment_day(16LL * 3600000 - 1), 0);
    assert_int_equal(moment_day(16LL * 3600000), 1);
    arena_close(a);
}

static void hash_matches_published_vectors(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Hash h;
    Str s;
    assert_true(str_is(hash_hex(a, hash_of(STRC("abc"))),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    assert_true(hash_eq(hash_of2(STRC("a"), STRC("bc")), hash_of(STRC("abc"))));
    assert_true(str_is(hash_hex(a, hash_mac(STRC("Jefe"), STRC("what do ya want for nothing?"))),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")); /* RFC 4231, 2 */
    HashRun *r = hash_open();
    for (int i = 0; i < 2; i++) {
        hash_add(r, STRC("ab"));
        hash_add(r, STRC("c"));
        assert_true(hash_eq(hash_end(r), hash_of(STRC("abc"))));
    }
    hash_close(r);
    assert_true(hash_read(&h, hash_hex(a, hash_of(STRC("x")))) && hash_eq(h, hash_of(STRC("x"))));
    assert_false(hash_read(&h, STRC("00")));
    assert_true(hash_unhex(a, STRC("00fF"), &s) && s.n == 2 && (unsigned char)s.p[1] == 255);
    assert_false(hash_unhex(a, STRC("0g"), &s) || hash_unhex(a, STRC("0"), &s));
    assert_true(str_is(hash_base64(a, STRC("foob")), "Zm9vYg=="));
    assert_true(hash_unbase64(a, STRC("Zm9vYg=="), &s) && str_is(s, "foob"));
    assert_false(hash_unbase64(a, STRC("Zm9vYh=="), &s)); /* one text, one meaning */
    assert_false(hash_unbase64(a, STRC("Zm9"), &s));
    arena_close(a);
}

static void json_reads_within_limits(void **state)
{
    (void)state;
    Err e;
    json_t *v;
    static const char *const bad[] = {
        "{\"a\":1,\"a\":2}", "{\"a\":1.5}", "{\"a\":9007199254740992}", "[1,]", "\"\\u0000\"",
        "\"\\ud800\"", "{\"a\":1e400}", "", "{} {}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (jv_read(&v, str_of(bad[i]), "x", &e))
            fail_msg("accepted %s", bad[i]);
    char deep[200];
    for (int n = JSON_DEPTH_MAX; n <= JSON_DEPTH_MAX + 1; n++) { /* at the limit and one past it */
        memset(deep, '[', (size_t)n);
        memset(deep + n, ']', (size_t)n);
        bool ok = jv_read(&v, (Str){ deep, 2 * (size_t)n }, "x", &e);
        assert_int_equal(ok, n == JSON_DEPTH_MAX);
        if (ok)
            jv_close(v);
    }
    Str text = STRC("{\"b\":\"1.50\",\"a\":[true,\"述\"],\"d\":\"2026-01-02\"}");
    assert_true(jv_read(&v, text, "x", &e));
    Dec d;
    assert_true(jv_dec(&d, v, "b") && !jv_dec(&d, v, "a"));
    assert_true(jv_day(v, "d") == day_make(2026, 1, 2));
    assert_true(jv_day(v, "x") == DAY_NONE && jv_int(v, "b") == 0 && jv_len(jv_get(v, "a")) == 2);
    Buf b = buf_open(1000);
    assert_true(jv_canon(&b, v, &e));
    assert_true(str_is(buf_str(&b), "{\"a\":[true,\"述\"],\"b\":\"1.50\",\"d\":\"2026-01-02\"}"));
    buf_close(&b);
    jv_close(v);
}

static void json_values_are_made_from_text_and_ids(void **state)
{
    (void)state;
    json_t *empty = jv_new((Str){ NULL, 0 }), *text = jv_new(STRC("述评"));
    assert_true(json_is_string(empty) && json_string_length(empty) == 0);
    assert_true(str_is(jv_text(text), "述评"));
    assert_null(jv_new(STRC("\xFF"))); /* no UTF-8 */
    json_t *ids = jv_new_ids((int64_t[]){ 3, -1 }, 2), *none = jv_new_ids(NULL, 0);
    assert_true(jv_len(ids) == 2 && json_integer_value(jv_at(ids, 1)) == -1);
    assert_true(json_is_array(none) && jv_len(none) == 0);
    jv_close(empty), jv_close(text), jv_close(ids), jv_close(none);
}

static void json_writer_cannot_be_misused(void **state)
{
    (void)state;
    Buf b = buf_open(1000);
    Jw w = jw_open(&b);
    jw_obj(&w);
    jw_kstr(&w, "a\"", STRC("x\"\\\n\x01述"));
    jw_key(&w, "l");
    jw_arr(&w);
    jw_int(&w, -1);
    jw_null(&w);
    jw_bool(&w, true);
    jw_end(&w);
    jw_kday(&w, "d", DAY_NONE);
    jw_kdec(&w, "n", dec_scaled(150, 2));
    jw_kmoment(&w, "m", 0);
    jw_end(&w);
    assert_true(jw_close(&w));
    assert_true(str_is(buf_str(&b), "{\"a\\\"\":\"x\\\"\\\\\\n\\u0001述\",\"l\":[-1,null,true],"
                                    "\"d\":null,\"n\":\"1.50\","
                                    "\"m\":\"1970-01-01T00:00:00.000Z\"}"));
    buf_reset(&b);
    w = jw_open(&b), jw_obj(&w);
    jw_kstr_some(&w, "a", (Str){ NULL, 0 }), jw_kint_some(&w, "b", 0);
    jw_kstr_some(&w, "c", STRC("述")), jw_kint_some(&w, "d", 7), jw_end(&w);
    assert_true(jw_close(&w) && str_is(buf_str(&b), "{\"c\":\"述\",\"d\":7}"));
    buf_reset(&b);
    w = jw_open(&b), jw_obj(&w), jw_int(&w, 1), jw_end(&w);
    assert_false(jw_close(&w)); /* a value in an object without its key */
    w = jw_open(&b), jw_arr(&w);
    assert_false(jw_close(&w)); /* not closed */
    w = jw_open(&b), jw_int(&w, 1), jw_int(&w, 2);
    assert_false(jw_close(&w)); /* two values */
    w = jw_open(&b), jw_str(&w, STRC("\xFF"));
    assert_false(jw_close(&w)); /* no text */
    buf_close(&b);
}

typedef struct Point { int64_t id; Str note; } Point;
typedef struct Agree {
    int64_t report, n;
    Str remarks, state;
    ShapeDec score;
    Day day;
    bool accept;
    ShapeList points, names;
    const json_t *body;
} Agree;
static const ShapeField point_fields[] = {
    { "id", SHAPE_ID, offsetof(Point, id), .required = true },
    { "note", SHAPE_TEXT, offsetof(Point, note), .max = 3 },
};
static const Shape point = SHAPE("Point", Point, point_fields);
static const ShapeField agree_fields[] = {
    { "report", SHAPE_ID, offsetof(Agree, report), .required = true, .title = "报告" },
    { "n", SHAPE_INT, offsetof(Agree, n), .min = 1, .max = 5 },
    { "remarks", SHAPE_TEXT, offsetof(Agree, remarks), .max = 4, .title = "意见" },
    { "state", SHAPE_WORD, offsetof(Agree, state), .words = "good|poor" },
    { "score", SHAPE_DEC, offsetof(Agree, score), .max = 100 },
    { "day", SHAPE_DAY, offsetof(Agree, day) },
    { "accept", SHAPE_BOOL, offsetof(Agree, accept) },
    { "points", SHAPE_LIST, offsetof(Agree, points), .max = 2, .sub = &point },
    { "names", SHAPE_WORDS, offsetof(Agree, names) },
    { "body", SHAPE_JSON, offsetof(Agree, body) },
};
static const Shape agree = SHAPE("Agree", Agree, agree_fields);

static void shape_reads_json_into_a_struct(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e;
    json_t *v;
    Agree g;
    assert_true(jv_read(&v, STRC("{\"report\":7,\"n\":5,\"remarks\":\" 同意。 \",\"state\":\"good\","
        "\"score\":\"99.5\",\"day\":\"2026-01-02\",\"accept\":true,\"names\":[\"甲\",\"乙\"],"
        "\"points\":[{\"id\":1},{\"id\":2,\"note\":\"好\"}],\"body\":{\"x\":1}}"), "x", &e));
    assert_true(shape_read(a, &g, &agree, v, &e));
    assert_int_equal(g.report, 7);
    assert_true(str_is(g.remarks, "同意。") && g.accept && g.score.given && g.points.n == 2);
    assert_true(str_is(((Point *)g.points.items)[1].note, "好"));
    assert_true(str_is(((Str *)g.names.items)[1], "乙") && jv_int(g.body, "x") == 1);
    assert_true(shape_check(&agree, v, &e));
    jv_close(v);
    static const struct { const char *in; ErrCode code; } rows[] = {
        { "{}", ERR_FIELD_MISSING },
        { "{\"report\":0}", ERR_FIELD_TYPE },
        { "{\"report\":7,\"n\":6}", ERR_FIELD_RANGE },
        { "{\"report\":7,\"remarks\":\"一二三四五\"}", ERR_FIELD_LONG },
        { "{\"report\":7,\"state\":\"fair\"}", ERR_FIELD_CHOICE },
        { "{\"report\":7,\"score\":\"101\"}", ERR_FIELD_RANGE },
        { "{\"report\":7,\"score\":\"x\"}", ERR_BAD_NUMBER },
        { "{\"report\":7,\"day\":\"2026-02-30\"}", ERR_BAD_DATE },
        { "{\"report\":7,\"points\":[{\"id\":1},{\"id\":2},{\"id\":3}]}", ERR_TOO_BIG },
        { "{\"report\":7,\"points\":[{}]}", ERR_FIELD_MISSING },
        { "{\"report\":7,\"remark\":\"\"}", ERR_FIELD_UNKNOWN },
        { "[]", ERR_FIELD_TYPE },
    };
    Agree before = g;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(jv_read(&v, str_of(rows[i].in), "x", &e));
        if (shape_read(a, &g, &agree, v, &e) || e.code != rows[i].code)
            fail_msg("%s gave %s", rows[i].in, err_name(e.code));
        jv_close(v);
    }
    assert_memory_equal(&g, &before, sizeof g); /* untouched on failure */
    arena_close(a);
}

static void digits_are_what_printf_prints(void **state)
{
    static const int64_t numbers[] = { 0, 1, 9, 10, -1, -10, 4096, INT64_MAX, INT64_MIN };
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char want[40], out[STR_DIGITS];
        snprintf(want, sizeof want, "%lld", (long long)numbers[i]);
        assert_true(str_is(str_digits(out, numbers[i]), want));
    }
}

static void plain_lists_are_passed_over(void **state)
{
    (void)state;
    Str text = STRC("{\"a\":[1,22],\"b\":[],\"c\":[\"]\"],\"d\":[[1]],\"e\":[{}],\"f\":[1");
    assert_int_equal(jv_plain_list_end(text, 5), 11);
    assert_int_equal(jv_plain_list_end(text, 16), 18);
    assert_int_equal(jv_plain_list_end(text, 23), 0); /* a text, a list, an object: look closer */
    assert_int_equal(jv_plain_list_end(text, 33), 0);
    assert_int_equal(jv_plain_list_end(text, 43), 0);
    assert_int_equal(jv_plain_list_end(text, text.n - 2), 0); /* has no end */
    assert_int_equal(jv_plain_list_end(text, text.n - 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_are_what_printf_prints),
        cmocka_unit_test(str_is_text_with_length),
        cmocka_unit_test(str_plain_stops_where_care_begins),
        cmocka_unit_test(str_valid_refuses_what_is_no_text),
        cmocka_unit_test(str_int_reads_the_whole_range),
        cmocka_unit_test(arena_keeps_its_cap),
        cmocka_unit_test(buf_refuses_past_its_cap_and_remembers),
        cmocka_unit_test(map_finds_what_was_put_in_order),
        cmocka_unit_test(err_says_what_where_and_what_to_do),
        cmocka_unit_test(dec_rounds_as_told),
        cmocka_unit_test(dec_is_exact_and_never_infinite),
        cmocka_unit_test(day_refuses_what_no_calendar_has),
        cmocka_unit_test(periods_and_moments),
        cmocka_unit_test(hash_matches_published_vectors),
        cmocka_unit_test(json_reads_within_limits),
        cmocka_unit_test(json_values_are_made_from_text_and_ids),
        cmocka_unit_test(json_writer_cannot_be_misused),
        cmocka_unit_test(shape_reads_json_into_a_struct),
        cmocka_unit_test(plain_lists_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
