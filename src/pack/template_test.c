#include "pack/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD                                                                                       \
    "pack x { title \"例\"; version \"1\"; from 2026-01-01; }\n"                                    \
    "list late_cause { item own \"本单位\"; } list kind { item big \"大会\"; }\n"                     \
    "form person { title \"人员\"; field name text { title \"姓名\"; } } form org { title \"组织\"; " \
    "field name text { title \"名称\"; } }\n"                                                       \
    "form meet { title \"会议\"; field kind choice { title \"类型\"; of kind; } field on day { "      \
    "title \"日期\"; } field chair ref { title \"主持\"; of person; } field text object { title "     \
    "\"内容\"; } }\n"                                                                               \
    "form step { title \"议程\"; field meet ref { title \"会议\"; of meet; index; } field note text " \
    "{ title \"备注\"; } field by ref { title \"人\"; of person; } }\n"                              \
    "form own { title \"私\"; minutes 1; ledger; personal who_for; field who_for ref { " \
    "title \"人\"; of person; index; } }\n"
#define BARE(body) HEAD "template t { " body " }"
#define BODY(body) BARE("title \"函\"; cite \"条\"; of meet; head \"题\"; " body)

static bool load(Rulebook **rb, Arena *a, const char *text, Err *e)
{
    PackSource s = { STRC("x.pack"), str_of(text) };
    return pack_load(rb, a, &s, 1, e);
}

static void test_reads(void **state)
{
    (void)state;
    Arena *a = arena_open(32 << 20);
    Err e = { 0 };
    Rulebook *rb;
    const char *text = BODY(
        "who secretary; help \"说明\"; with steps step.meet; with boss person of thing.chair;"
        " with all step.meet of [1, 2];"
        " ask place text required \"地点\"; ask until day \"截止\";"
        " to [say.chair, \"乙\"]; text if thing.kind = \"big\" then \"开\" + say.kind else null;"
        " text \"于\" + zh(thing.on) + ask.place + boss.say.name + thing.text.name;"
        " table { rows steps; column \"备注\" is row.say.note; column \"日\" is zh(thing.on); }"
        " sender org_name;");
    if (!load(&rb, a, text, &e)) {
        char said[2000];
        err_print(&e, LANG_HANS, said, sizeof said);
        fail_msg("%s", said);
    }
    const Template *t = pack_template(rb, STRC("t"));
    assert_non_null(t);
    assert_ptr_equal(t, pack_template_at(rb, 0));
    assert_int_equal(pack_template_count(rb), 1);
    assert_string_equal(arena_z(a, t->form->name), "meet");
    assert_int_equal(t->n_with, 3);
    assert_non_null(t->with[0].field);
    assert_null(t->with[0].id);
    assert_null(t->with[1].field);
    assert_non_null(t->with[1].id);
    assert_int_equal(t->n_asks, 2);
    assert_true(t->asks[0].required);
    assert_false(t->asks[1].required);
    assert_int_equal(t->asks[1].type, FIELD_DAY);
    static const TemplatePartKind order[] = { TEMPLATE_HEAD, TEMPLATE_TO, TEMPLATE_TEXT,
                                              TEMPLATE_TEXT, TEMPLATE_TABLE, TEMPLATE_SENDER };
    assert_int_equal(t->n_parts, sizeof order / sizeof *order);
    for (size_t i = 0; i < t->n_parts; i++)
        assert_int_equal(t->parts[i].kind, order[i]);
    assert_int_equal(t->parts[4].n_columns, 2);
    assert_string_equal(arena_z(a, template_part_name(TEMPLATE_SUBHEAD)), "subhead");
    arena_close(a);
}

typedef struct Bad {
    const char *text;
    ErrCode code;
    const char *hole, *value;
} Bad;

static const Bad bad[] = {
    { BARE("title \"函\"; cite \"条\"; of meet;"), ERR_PACK_MISSING, "field", "head" },
    { BARE("title \"函\"; cite \"条\"; head \"题\";"), ERR_PACK_MISSING, "field", "of" },
    { BARE("title \"函\"; of meet; head \"题\";"), ERR_PACK_MISSING, "field", "cite" },
    { BARE("title \"函\"; cite \"条\"; of meat; head \"题\";"), ERR_PACK_UNKNOWN, "hint",
      "（是不是“meet”？）" },
    { BODY("txt \"甲\";"), ERR_PACK_SYNTAX, "hint", "（是不是“text”？）" },
    { BODY("text \"甲\" +;"), ERR_PACK_EXPRESSION, "line", "7" },
    { BODY("\n\ntext thing.plce;"), ERR_PACK_EXPRESSION, "line", "9" },
    { BODY("text say.plce;"), ERR_PACK_EXPRESSION, "file", "x.pack" },
    { BODY("text ask.place;"), ERR_PACK_EXPRESSION, "file", "x.pack" },
    { BODY("text row.note;"), ERR_PACK_EXPRESSION, "file", "x.pack" },
    { BODY("text if thing.kind = \"bug\" then \"开\" else null;"), ERR_PACK_UNKNOWN, "name",
      "bug" },
    { BODY("with say step.meet;"), ERR_PACK_RULE, "want", "换一个名称" },
    { BODY("with s step.note;"), ERR_PACK_RULE, "want", "带index的ref项目" },
    { BODY("with s step.by;"), ERR_PACK_RULE, "want", "带index的ref项目" },
    { BODY("with s step;"), ERR_PACK_RULE, "why", "没有说是哪一条记录" },
    { BODY("with s step.met;"), ERR_PACK_UNKNOWN, "hint", "（是不是“meet”？）" },
    { BODY("with s step of say.chair;"), ERR_PACK_EXPRESSION, "file", "x.pack" },
    { BODY("with s step of \"1\";"), ERR_PACK_RULE, "want", "一个编号" },
    { BODY("with s step.meet of \"1\";"), ERR_PACK_RULE, "want", "编号，或若干编号" },
    { BODY("with p person of [1, 2];"), ERR_PACK_RULE, "want", "一个编号" },
    { BODY("with p own.who_for of thing.chair;"), ERR_PACK_RULE, "why",
      "个人的记录不能汇到文书里" },
    { BODY("with s step.meet; with s step.meet;"), ERR_PACK_TWICE, "name", "s" },
    { BODY("ask place number \"地点\";"), ERR_PACK_SYNTAX, "want", "text、long或day" },
    { BODY("ask place text;"), ERR_PACK_SYNTAX, "want", "带引号的标题" },
    { BODY("ask p text \"甲\"; ask p day \"乙\";"), ERR_PACK_TWICE, "name", "p" },
    { BODY("table { column \"甲\" is 1; }"), ERR_PACK_MISSING, "field", "rows" },
    { BODY("table { rows [1]; }"), ERR_PACK_MISSING, "field", "column" },
    { BODY("with s step.meet; table { rows s; column \"甲\" is row.nte; }"), ERR_PACK_EXPRESSION,
      "file", "x.pack" },
    { BODY("who everybody;"), ERR_PACK_SYNTAX, "found", "“everybody”" },
    { BODY("") " template t { title \"再\"; cite \"条\"; of meet; head \"题\"; }", ERR_PACK_TWICE,
      "name", "t" },
};

static void test_refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Arena *a = arena_open(32 << 20);
        Err e = { 0 };
        Rulebook *rb;
        char said[2000];
        if (load(&rb, a, bad[i].text, &e))
            fail_msg("case %zu was taken", i);
        err_print(&e, LANG_HANS, said, sizeof said);
        if (e.code != bad[i].code)
            fail_msg("case %zu: %s: %s", i, err_name(e.code), said);
        if (!str_is(err_get(&e, bad[i].hole), bad[i].value))
            fail_msg("case %zu: %s is not %s in: %s", i, bad[i].hole, bad[i].value, said);
        arena_close(a);
    }
}

/* At each limit, and one past it. */
static void many(char *z, size_t max, const char *before, const char *each, int n)
{
    size_t at = (size_t)snprintf(z, max, "%s", before);
    for (int i = 0; i < n; i++)
        at += (size_t)snprintf(z + at, max - at, each, i);
    snprintf(z + at, max - at, " }");
}

static void limit_is(const char *before, const char *each, int most, const char *what)
{
    static const char start[] = HEAD "template t { title \"函\"; cite \"条\"; of meet; head \"题\"; ";
    char all[200], *text = malloc(1 << 20);
    char *from = malloc(sizeof start + 100);
    assert_non_null(text);
    assert_non_null(from);
    for (int over = 0; over < 2; over++) {
        Arena *a = arena_open(64 << 20);
        Err e = { 0 };
        Rulebook *rb;
        snprintf(from, sizeof start + 100, "%s%s", start, before);
        many(text, 1 << 20, from, each, most + over);
        if (before[0])
            strcat(text, " }");
        bool ok = load(&rb, a, text, &e);
        err_print(&e, LANG_HANS, all, sizeof all);
        if (ok != (over == 0) || (over && e.code != ERR_TOO_BIG))
            fail_msg("%s, %d: %s", what, most + over, all);
        arena_close(a);
    }
    free(from);
    free(text);
}

static void test_limits(void **state)
{
    (void)state;
    limit_is("", "text \"%d\";", TEMPLATE_PARTS_MAX - 1, "parts"); /* beside the head */
    limit_is("", "ask a%d text \"甲\";", TEMPLATE_ASKS_MAX, "asks");
    limit_is("", "with w%d step.meet;", TEMPLATE_WITH_MAX, "with");
    limit_is("table { rows [1]; ", "column \"甲\" is %d;", TEMPLATE_COLUMNS_MAX, "columns");
}

static void test_describe(void **state)
{
    (void)state;
    Arena *a = arena_open(32 << 20);
    Err e = { 0 };
    Rulebook *rb;
    Buf b = buf_open(1 << 16);
    assert_true(load(&rb, a, BODY("who secretary; ask p text required \"地点\";"), &e));
    Jw w = jw_open(&b);
    jw_obj(&w);
    template_describe(&w, pack_template(rb, STRC("t")));
    jw_end(&w);
    assert_true(jw_close(&w));
    assert_string_equal(arena_z(a, buf_str(&b)),
                        "{\"name\":\"t\",\"title\":\"函\",\"pack\":\"x\",\"cite\":\"条\","
                        "\"form\":\"meet\",\"who\":[\"书记\"],\"asks\":[{\"name\":\"p\",\"title\":"
                        "\"地点\",\"type\":\"text\",\"required\":true}]}");
    buf_close(&b);
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_describe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
