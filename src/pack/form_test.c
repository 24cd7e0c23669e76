#include "pack/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char pack_text[] =
    "pack x { title \"例\"; version \"1\"; from 2026-01-01; }\n"
    "list st { item a \"甲\"; item b \"乙\"; }\n"
    "form f { title \"表\";\n"
    "field name text required { title \"名称\"; max 5; }\n"
    "field note long { title \"备注\"; max 20; }\n"
    "field n number { title \"数\"; min 0; max 10; }\n"
    "field d decimal { title \"分\"; max 99.5; }\n"
    "field day day { title \"日期\"; }\n"
    "field m month { title \"年月\"; }\n"
    "field s choice { title \"状态\"; of st; }\n"
    "field yes flag { title \"是否\"; }\n"
    "field p ref { title \"上级\"; of f; }\n"
    "field ps refs { title \"名单\"; of f; max 3; }\n"
    "field w words { title \"词\"; of st; }\n"
    "field free words { title \"标签\"; max 2; }\n"
    "field rows rows { title \"各行\"; max 3;\n"
    "  field t text required { title \"字\"; max 3; } field on day { title \"日\"; } }\n"
    "field o object { title \"对象\"; }\n"
    "field file file { title \"附件\"; } }\n";

#define SHA "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static const Form *form_open(Arena *a)
{
    PackSource s = { STRC("x.pack"), str_of(pack_text) };
    Rulebook *rb;
    Err e = { 0 };
    if (!pack_load(&rb, a, &s, 1, &e)) {
        char text[600];
        err_print(&e, LANG_HANS, text, sizeof text);
        fail_msg("%s", text);
    }
    return pack_form(rb, STRC("f"));
}

typedef struct Case {
    const char *body;
    const char *canon;         /* NULL: refused ... */
    ErrCode code;              /* ... so */
    const char *hole, *value;
} Case;

static const Case cases[] = {
    { "{\"name\":\" 甲乙　\"}", "{\"name\":\"甲乙\"}", 0, 0, 0 },
    { "{\"name\":\"甲\",\"note\":\"\",\"n\":null,\"ps\":[],\"rows\":[{\"t\":\" \"},{}],\"w\":[\"\"],"
      "\"d\":\" \"}", "{\"name\":\"甲\"}", 0, 0, 0 },
    { "{\"yes\":false,\"name\":\"a\\tb\",\"note\":\"一\\r\\n二\\r三\\n四\"}",
      "{\"name\":\"a b\",\"note\":\"一\\n二\\n三\\n四\",\"yes\":false}", 0, 0, 0 },
    { "{\"name\":\"甲\",\"n\":10,\"d\":\"085.500\",\"day\":\"2026-02-28\",\"m\":\"2026-02\"}",
      "{\"d\":\"85.5\",\"day\":\"2026-02-28\",\"m\":\"2026-02\",\"n\":10,\"name\":\"甲\"}",
      0, 0, 0 },
    { "{\"name\":\"甲\",\"d\":-3,\"s\":\"a\",\"p\":7,\"ps\":[3,1,2],\"w\":[\"b\",\"a\"],"
      "\"free\":[\" 新 \"],\"o\":{\"x\":[1,\"0.5\"]},\"file\":\"" SHA "\"}",
      "{\"d\":\"-3\",\"file\":\"" SHA "\",\"free\":[\"新\"],\"name\":\"甲\","
      "\"o\":{\"x\":[1,\"0.5\"]},"
      "\"p\":7,\"ps\":[3,1,2],\"s\":\"a\",\"w\":[\"b\",\"a\"]}", 0, 0, 0 },
    { "{\"name\":\"甲\",\"rows\":[{\"t\":\"一\",\"on\":\"\"},{},{\"t\":\"三\"}]}",
      "{\"name\":\"甲\",\"rows\":[{\"t\":\"一\"},{\"t\":\"三\"}]}", 0, 0, 0 },
    { "{\"name\":\"一二三四五\"}", "{\"name\":\"一二三四五\"}", 0, 0, 0 },
    { "{\"name\":\"一二三四五六\"}", NULL, ERR_FIELD_LONG, "n", "6" },
    { "{}", NULL, ERR_FIELD_MISSING, "field", "名称" },
    { "{\"name\":\"　\"}", NULL, ERR_FIELD_MISSING, "field", "名称" },
    { "[]", NULL, ERR_FIELD_TYPE, "field", "表" },
    { "{\"name\":\"甲\",\"nam\":1}", NULL, ERR_FIELD_UNKNOWN, "field", "nam" },
    { "{\"name\":7}", NULL, ERR_FIELD_TYPE, "want", "文字" },
    { "{\"name\":\"一\\n二\"}", NULL, ERR_FIELD_TYPE, "want", "一行文字（不含换行）" },
    { "{\"name\":\"甲\",\"note\":\"\\u0007x\"}", NULL, ERR_FIELD_TYPE, "field", "备注" },
    { "{\"name\":\"甲\",\"n\":\"3\"}", NULL, ERR_FIELD_TYPE, "want", "整数" },
    { "{\"name\":\"甲\",\"n\":11}", NULL, ERR_FIELD_RANGE, "max", "10" },
    { "{\"name\":\"甲\",\"n\":-1}", NULL, ERR_FIELD_RANGE, "min", "0" },
    { "{\"name\":\"甲\",\"d\":\"99.51\"}", NULL, ERR_FIELD_RANGE, "max", "99.5" },
    { "{\"name\":\"甲\",\"d\":\"九十\"}", NULL, ERR_BAD_NUMBER, "text", "九十" },
    { "{\"name\":\"甲\",\"d\":true}", NULL, ERR_FIELD_TYPE, "field", "分" },
    { "{\"name\":\"甲\",\"day\":\"2026-02-30\"}", NULL, ERR_BAD_DATE, "text", "2026-02-30" },
    { "{\"name\":\"甲\",\"day\":20260228}", NULL, ERR_FIELD_TYPE, "field", "日期" },
    { "{\"name\":\"甲\",\"m\":\"2026-13\"}", NULL, ERR_FIELD_TYPE, "field", "年月" },
    { "{\"name\":\"甲\",\"m\":\"2026-02-01\"}", NULL, ERR_FIELD_TYPE, "field", "年月" },
    { "{\"name\":\"甲\",\"s\":\"c\"}", NULL, ERR_FIELD_CHOICE, "choices", "a b" },
    { "{\"name\":\"甲\",\"yes\":1}", NULL, ERR_FIELD_TYPE, "want", "是或否" },
    { "{\"name\":\"甲\",\"p\":0}", NULL, ERR_FIELD_TYPE, "field", "上级" },
    { "{\"name\":\"甲\",\"p\":\"7\"}", NULL, ERR_FIELD_TYPE, "field", "上级" },
    { "{\"name\":\"甲\",\"ps\":[1,2,1]}", NULL, ERR_FORM_TWICE, "text", "1" },
    { "{\"name\":\"甲\",\"ps\":[1,2,3,4]}", NULL, ERR_TOO_BIG, "max", "3" },
    { "{\"name\":\"甲\",\"ps\":7}", NULL, ERR_FIELD_TYPE, "want", "列表" },
    { "{\"name\":\"甲\",\"w\":[\"a\",\"a\"]}", NULL, ERR_FORM_TWICE, "text", "a" },
    { "{\"name\":\"甲\",\"w\":[\"c\"]}", NULL, ERR_FIELD_CHOICE, "text", "c" },
    { "{\"name\":\"甲\",\"w\":[1]}", NULL, ERR_FIELD_TYPE, "field", "词" },
    { "{\"name\":\"甲\",\"rows\":[{\"t\":\"一\"},{\"on\":\"2026-01-01\"}]}", NULL, ERR_FIELD_MISSING,
      "field", "各行 第2行 字" },
    { "{\"name\":\"甲\",\"rows\":[{},{\"t\":\"一二三四\"}]}", NULL, ERR_FIELD_LONG, "field",
      "各行 第2行 字" },
    { "{\"name\":\"甲\",\"rows\":[{\"t\":\"一\",\"u\":2}]}", NULL, ERR_FIELD_UNKNOWN, "field",
      "各行 第1行 u" },
    { "{\"name\":\"甲\",\"rows\":[[1]]}", NULL, ERR_FIELD_TYPE, "want", "若干行" },
    { "{\"name\":\"甲\",\"o\":[1]}", NULL, ERR_FIELD_TYPE, "want", "JSON对象" },
    { "{\"name\":\"甲\",\"file\":\"a.docx\"}", NULL, ERR_FIELD_TYPE, "want", "已上传的文件" },
};

static void test_check(void **state)
{
    (void)state;
    Arena *a = arena_open(4 << 20);
    const Form *f = form_open(a);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const Case *c = &cases[i];
        Err e = { 0 };
        json_t *v;
        Buf b = buf_open(1 << 20);
        buf_put(&b, STRC(">"));
        assert_true(jv_read(&v, str_of(c->body), "x", &e));
        bool ok = form_check(&b, f, v, &e);
        if (c->canon && !ok)
            fail_msg("%s: %s %s", c->body, err_name(e.code), err_get(&e, "field").p);
        if (c->canon)
            assert_string_equal(arena_z(a, buf_str(&b)), arena_text(a, ">%s", c->canon).p);
        if (!c->canon && (ok || e.code != c->code || !str_is(err_get(&e, c->hole), c->value)))
            fail_msg("%s: %s %s=%s", c->body, err_name(e.code), c->hole,
                     err_get(&e, c->hole).p);
        if (!c->canon)
            assert_true(str_is(buf_str(&b), ">")); /* untouched */
        json_decref(v);
        buf_close(&b);
    }
    arena_close(a);
}

/* What was accepted is accepted again, and comes out the same. */
static void test_twice(void **state)
{
    (void)state;
    Arena *a = arena_open(4 << 20);
    const Form *f = form_open(a);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Err e = { 0 };
        json_t *v;
        Buf b = buf_open(1 << 20);
        if (!cases[i].canon)
            continue;
        assert_true(jv_read(&v, str_of(cases[i].canon), "x", &e));
        assert_true(form_check(&b, f, v, &e));
        assert_string_equal(arena_z(a, buf_str(&b)), cases[i].canon);
        json_decref(v);
        buf_close(&b);
    }
    arena_close(a);
}

static void test_depth(void **state)
{
    (void)state;
    Arena *a = arena_open(4 << 20);
    const Form *f = form_open(a);
    for (int over = 0; over < 2; over++) {
        Err e = { 0 };
        Buf b = buf_open(1 << 20), canon = buf_open(1 << 20);
        json_t *v;
        buf_put(&b, STRC("{\"name\":\"甲\",\"o\":"));
        for (int i = 0; i < FORM_DEPTH_MAX + over; i++)
            buf_put(&b, i ? STRC("[") : STRC("{\"x\":"));
        for (int i = 0; i < FORM_DEPTH_MAX + over; i++)
            buf_put(&b, i < FORM_DEPTH_MAX + over - 1 ? STRC("]") : STRC("}"));
        buf_putc(&b, '}');
        assert_true(jv_read(&v, buf_str(&b), "x", &e));
        assert_int_equal(form_check(&canon, f, v, &e), over == 0);
        assert_int_equal(e.code, over ? ERR_FORM_DEEP : ERR_NONE);
        json_decref(v);
        buf_close(&b);
        buf_close(&canon);
    }
    json_t *real = json_pack("{s:s, s:{s:f}}", "name", "x", "o", "y", 0.5);
    Buf b = buf_open(1 << 10);
    Err e = { 0 };
    assert_false(form_check(&b, f, real, &e));
    assert_int_equal(e.code, ERR_FORM_DEEP);
    json_decref(real);
    buf_close(&b);
    arena_close(a);
}

static void test_value(void **state)
{
    (void)state;
    Arena *a = arena_open(4 << 20);
    const Form *f = form_open(a);
    Err e = { 0 };
    json_t *v;
    FeelValue thing;
    assert_true(jv_read(&v, STRC("{\"d\":\"85.5\",\"day\":\"2026-02-28\",\"name\":\"甲\","
                                 "\"rows\":[{\"t\":\"一\",\"on\":\"2026-01-01\"},{\"t\":\"二\"}]}"),
                        "x", &e));
    assert_true(form_value(&thing, a, f, v, &e));
    assert_int_equal(thing.context.n, f->n_fields);
    assert_int_equal(feel_member(&thing, STRC("note"))->kind, FEEL_NULL);
    assert_int_equal(feel_member(&thing, STRC("d"))->kind, FEEL_NUMBER);
    assert_int_equal(feel_member(&thing, STRC("day"))->kind, FEEL_DATE);
    const FeelValue *rows = feel_member(&thing, STRC("rows"));
    assert_int_equal(rows->kind, FEEL_LIST);
    assert_int_equal(feel_member(&rows->list.items[0], STRC("on"))->kind, FEEL_DATE);
    assert_int_equal(feel_member(&rows->list.items[1], STRC("on"))->kind, FEEL_NULL);
    json_decref(v);
    assert_true(form_value(&thing, a, f, NULL, &e));
    assert_int_equal(feel_member(&thing, STRC("name"))->kind, FEEL_NULL);
    arena_close(a);
}

/* --- tables --------------------------------------------------------------------------------- */
static void test_template(void **state)
{
    (void)state;
    Arena *a = arena_open(4 << 20);
    const Form *f = form_open(a);
    Err e = { 0 };
    FormColumns cols;
    assert_true(form_template(&cols, a, f, &e));
    assert_int_equal(cols.n, 12); /* all but rows, object, file */
    assert_true(str_is(cols.items[0].title, "名称（必填）"));
    assert_true(str_is(cols.items[0].hint, "最多5字"));
    assert_true(str_is(cols.items[6].hint, "填其中一项：甲、乙"));
    assert_true(str_is(cols.items[8].hint, "表的编号或名称"));
    arena_close(a);
}

typedef struct Cell {
    const char *field, *text, *json; /* json NULL: refused; "": empty */
} Cell;

static const Cell cells[] = {
    { "name", " 甲 ", "\"甲\"" },
    { "name", "　", "" },
    { "n", "１２", "12" },
    { "n", "12.0", "12" },
    { "n", "12.5", NULL },
    { "n", "十二", NULL },
    { "d", "８５．５", "\"85.5\"" },
    { "d", "85分", NULL },
    { "day", "2026.2.8", "\"2026-02-08\"" },
    { "day", "2026年2月8日", "\"2026-02-08\"" },
    { "day", "2026.2.30", NULL },
    { "m", "2026年2月", "\"2026-02\"" },
    { "s", "乙", "\"b\"" },
    { "s", "b", "\"b\"" },
    { "s", "丙", NULL },
    { "yes", "是", "true" },
    { "yes", "否", "false" },
    { "yes", "也许", NULL },
    { "p", "001", "\"001\"" },
    { "ps", "张三、李四", "[\"张三\",\"李四\"]" },
    { "w", "甲，乙；", "[\"a\",\"b\"]" },
    { "w", "甲，丙", NULL },
    { "w", "、", "" },
    { "rows", "x", NULL },
};

static void test_cells(void **state)
{
    (void)state;
    Arena *a = arena_open(4 << 20);
    const Form *f = form_open(a);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        Err e = { 0 };
        json_t *v = NULL;
        Buf b = buf_open(1 << 16);
        bool ok = form_cell(&v, form_field(f, str_of(cells[i].field)), str_of(cells[i].text), &e);
        if (ok != (cells[i].json != NULL))
            fail_msg("cell %zu (%s): %s", i, cells[i].text, err_name(e.code));
        if (ok && v)
            assert_true(jv_canon(&b, v, &e));
        if (ok)
            assert_string_equal(b.n ? arena_z(a, buf_str(&b)) : "", cells[i].json);
        json_decref(v);
        buf_close(&b);
    }
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check), cmocka_unit_test(test_twice), cmocka_unit_test(test_depth),
        cmocka_unit_test(test_value), cmocka_unit_test(test_template), cmocka_unit_test(test_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
