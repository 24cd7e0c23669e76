#include "decl/decl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Stands in for the expression language: brackets and strings hide a ";". */
static bool scan(Str text, size_t *len, Err *e)
{
    int depth = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '"')
            do
                i++;
            while (i < text.n && text.p[i] != '"');
        else if (c == '(')
            depth++;
        else if (c == ')')
            depth--;
        else if (c == ';' && depth == 0)
            return *len = i, true;
    }
    return err_fail(e, ERR_FEEL_SYNTAX, err_hole("line", 2), err_hole("column", 4),
                    err_hole("found", "x"), err_hole("want", "y"));
}

static const DeclRaw raw[] = { { S("guard"), S("") }, { S("veto"), S("when") } };

/* Reads all of it; *canon, when given, gets the canonical text. */
static bool read_all(Arena *a, Str text, Buf *canon, Err *e)
{
    DeclSource src = { STRC("x.pack"), text, scan, canon };
    DeclReader *r;
    DeclItem item = { .n = 1 };
    size_t depth = 0;
    bool ok = decl_open(&r, a, &src, e);
    do {
        ok = ok && decl_item(&item, r, raw, 2, e);
        depth += ok && item.block;
    } while (ok && (item.n > 0 || depth-- > 0));
    return ok;
}

static void test_items(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    DeclSource src = { STRC("x.pack"),
                       STRC("\xEF\xBB\xBF# 注释 {;}\n"
                            "list sector {\r\n"
                            "　item soe \"“国企”\\n与\\\"其他\\\\\"; # 尾注\n"
                            "}\n"
                            "move a from b-1 -0.5 2026-02-28{guard f(\";\"; 1) != \"}\" ; }"),
                       scan, NULL };
    DeclReader *r;
    DeclItem item;
    Str s;
    Dec d;
    Day day;
    assert_true(decl_open(&r, a, &src, &e));
    assert_true(decl_item(&item, r, raw, 2, &e));
    assert_int_equal(item.n, 2);
    assert_true(item.block);
    assert_int_equal(item.words[1].line, 2);
    assert_int_equal(item.words[1].column, 6);
    assert_true(decl_item(&item, r, raw, 2, &e));
    assert_int_equal(item.n, 3);
    assert_int_equal(item.words[0].column, 2);
    assert_true(decl_text(&s, r, &item, 2, "文字", &e));
    assert_true(str_is(s, "“国企”\n与\"其他\\"));
    assert_false(decl_name(&s, r, &item, 2, "名称", &e));
    assert_false(decl_text(&s, r, &item, 1, "文字", &e));
    assert_true(decl_done(r, &item, 3, false, &e));
    assert_false(decl_done(r, &item, 3, true, &e));
    assert_false(decl_done(r, &item, 2, false, &e));
    assert_true(decl_item(&item, r, raw, 2, &e));
    assert_int_equal(item.n, 0);
    assert_true(decl_item(&item, r, raw, 2, &e));
    assert_int_equal(item.n, 6);
    assert_true(decl_keyword(r, &item, 2, "from", &e));
    assert_false(decl_keyword(r, &item, 3, "from", &e));
    assert_true(decl_name(&s, r, &item, 3, "名称", &e));
    assert_true(decl_dec(&d, r, &item, 4, "数", &e));
    assert_true(dec_eq(d, dec_scaled(-5, 1)));
    assert_true(decl_day(&day, r, &item, 5, "日期", &e));
    assert_int_equal(day, day_make(2026, 2, 28));
    assert_true(decl_item(&item, r, raw, 2, &e));
    assert_true(item.has_raw);
    assert_true(str_is(item.raw.text, "f(\";\"; 1) != \"}\""));
    assert_int_equal(item.raw.column, 39);
    const DeclWord *w;
    assert_true(decl_raw(&w, r, &item, 1, &e));
    assert_false(decl_done(r, &item, 1, false, &e));
    assert_true(decl_item(&item, r, raw, 2, &e) && item.n == 0);
    assert_true(decl_item(&item, r, raw, 2, &e) && item.n == 0);
    arena_close(a);
}

typedef struct Bad {
    const char *text, *line, *column, *found;
} Bad;

static const Bad bad[] = {
    { "list a {\n  item b \"x\";\n", "3", "1", "文件结尾" },
    { "list a;\n}", "2", "1", "“}”" },
    { "list a", "1", "7", "文件结尾" },
    { "list { item a }", "1", "15", "“}”" },
    { "list a；", "1", "7", "“；”" },
    { "list “甲”;", "1", "6", "““”" },
    { "a \"x;\nb;", "1", "3", "“\"”" },
    { "a \"x", "1", "3", "“\"”" },
    { "a \"甲\\t\";", "1", "5", "“\\”" },
    { "\n;", "2", "1", "“;”" },
    { "{ }", "1", "1", "“{”" },
    { "a{a{a{a{a{a{a{a{a{}}}}}}}}}", "1", "18", "“{”" },
    { "guard ;", "1", "7", "“;”" },
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Arena *a = arena_open(1 << 20);
        Err e = { 0 };
        assert_false(read_all(a, str_of(bad[i].text), NULL, &e));
        assert_int_equal(e.code, ERR_PACK_SYNTAX);
        assert_string_equal(err_get(&e, "line").p, bad[i].line);
        assert_string_equal(err_get(&e, "column").p, bad[i].column);
        assert_string_equal(err_get(&e, "found").p, bad[i].found);
        arena_close(a);
    }
}

static void test_sentence(void **state)
{
    (void)state;
    static const Str known[] = { S("title"), S("choice"), S("ref"), S("refs") };
    Arena *a = arena_open(1 << 16);
    Err e = { 0 };
    DeclSource src = { STRC("x.pack"), STRC("\n  titel \"x\";"), NULL, NULL };
    DeclReader *r;
    DeclItem item;
    char text[400];
    assert_true(decl_open(&r, a, &src, &e));
    assert_true(decl_item(&item, r, NULL, 0, &e));
    assert_false(decl_refuse_word(r, &item.words[0], "表单的项目", known, 4, &e));
    err_print(&e, LANG_HANS, text, sizeof text);
    assert_string_equal(text, "x.pack 第2行第3列：“titel”不能出现在这里；应为表单的项目"
                              "（是不是“title”？）");
    assert_true(str_is(decl_closest(STRC("rfe"), known, 4), "ref"));
    assert_true(str_is(decl_closest(STRC("refs"), known, 4), "refs"));
    assert_int_equal(decl_closest(STRC("zzzz"), known, 4).n, 0);
    assert_int_equal(decl_closest(STRC(""), known, 4).n, 0);
    arena_close(a);
}

/* The place of an expression's error is counted from the expression, then told from the file. */
static void test_expression_place(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 16);
    Err e = { 0 };
    assert_false(read_all(a, STRC("a;\nguard f(\n   x"), NULL, &e));
    assert_int_equal(e.code, ERR_PACK_EXPRESSION);
    assert_string_equal(err_get(&e, "line").p, "3");
    assert_string_equal(err_get(&e, "column").p, "4");
    assert_true(str_has(err_get(&e, "why"), STRC("公式第2行第4列")));
    assert_true(str_has(err_get(&e, "why_en"), STRC("line 2")));

    err_fail(&e, ERR_FEEL_NAME, err_hole("line", 1), err_hole("column", 3));
    DeclSource src = { STRC("x.pack"), STRC("veto when  a b;"), scan, NULL };
    DeclReader *r;
    DeclItem item;
    Err quiet;
    assert_true(decl_open(&r, a, &src, &quiet));
    assert_true(decl_item(&item, r, raw, 2, &quiet));
    assert_false(decl_refuse_raw(r, &item.raw, &e));
    assert_string_equal(err_get(&e, "line").p, "1");
    assert_string_equal(err_get(&e, "column").p, "14");

    DeclSource none = { STRC("x.pack"), STRC("guard a;"), NULL, NULL };
    assert_true(decl_open(&r, a, &none, &e));
    assert_false(decl_item(&item, r, raw, 2, &e));
    assert_int_equal(e.code, ERR_PACK_SYNTAX);
    arena_close(a);
}

static void test_limits(void **state)
{
    (void)state;
    Arena *a = arena_open(8 << 20);
    Err e = { 0 };
    char *p = malloc(DECL_BYTES_MAX + 1);
    memset(p, ' ', DECL_BYTES_MAX + 1);
    assert_true(read_all(a, (Str){ p, DECL_BYTES_MAX }, NULL, &e));
    assert_false(read_all(a, (Str){ p, DECL_BYTES_MAX + 1 }, NULL, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);

    for (size_t over = 0; over < 2; over++) { /* DECL_TEXT_MAX bytes between the quotes */
        size_t n = (size_t)DECL_TEXT_MAX + over;
        memset(p, 'x', n + 6);
        memcpy(p, "a \"", 3);
        memcpy(p + 3 + n, "\";", 2);
        assert_int_equal(read_all(a, (Str){ p, n + 5 }, NULL, &e), over == 0);
    }
    for (size_t over = 0; over < 2; over++) { /* DECL_NAME_MAX bytes in a name */
        size_t n = (size_t)DECL_NAME_MAX + over;
        memset(p, 'x', n);
        p[n] = ';';
        DeclSource src = { STRC("x.pack"), { p, n + 1 }, NULL, NULL };
        DeclReader *r;
        DeclItem item;
        Str name;
        assert_true(decl_open(&r, a, &src, &e));
        assert_true(decl_item(&item, r, NULL, 0, &e));
        assert_int_equal(decl_name(&name, r, &item, 0, "名称", &e), over == 0);
    }
    assert_true(read_all(a, STRC("a{a{a{a{a{a{a{a{}}}}}}}}"), NULL, &e));
    for (size_t over = 0; over < 2; over++) { /* DECL_WORDS_MAX words in an item */
        size_t n = (size_t)DECL_WORDS_MAX + over;
        for (size_t k = 0; k < n; k++)
            memcpy(p + 2 * k, "a ", 2);
        p[2 * n] = ';';
        assert_int_equal(read_all(a, (Str){ p, 2 * n + 1 }, NULL, &e), over == 0);
    }
    assert_int_equal(e.code, ERR_PACK_SYNTAX);
    assert_false(read_all(a, (Str){ "a\0;", 3 }, NULL, &e));
    assert_int_equal(e.code, ERR_BAD_TEXT);
    assert_false(read_all(a, STRC("a \"\xFF\";"), NULL, &e));
    assert_int_equal(e.code, ERR_BAD_TEXT);
    free(p);
    arena_close(a);

    Arena *little = arena_open(64);
    assert_false(read_all(little, STRC("a;"), NULL, &e));
    assert_int_equal(e.code, ERR_NO_MEMORY);
    arena_close(little);
}

static void test_canonical(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    Buf one = buf_open(1 << 16), two = buf_open(1 << 16);
    Str text = STRC("# 说明\nlist  a{item b \"甲\\\"\\n乙\" ;item c;}move x {guard 1 // 注\n ; }");
    assert_true(read_all(a, text, &one, &e));
    assert_string_equal(arena_z(a, buf_str(&one)), "list a {\n"
                                                   "    item b \"甲\\\"\\n乙\";\n"
                                                   "    item c;\n"
                                                   "}\n"
                                                   "move x {\n"
                                                   "    guard 1 // 注\n;\n"
                                                   "}\n");
    assert_true(read_all(a, buf_str(&one), &two, &e));
    assert_true(str_eq(buf_str(&one), buf_str(&two)));
    buf_close(&one);
    buf_close(&two);
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_items),     cmocka_unit_test(test_refused),
        cmocka_unit_test(test_sentence),  cmocka_unit_test(test_expression_place),
        cmocka_unit_test(test_limits),    cmocka_unit_test(test_canonical),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
