#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "work/overlap.h"
#include "work/report_read.h"

static const char classes_text[] =
    "[{\"name\":\"lead\",\"title\":\"履行第一责任人职责\"},"
    "{\"name\":\"task\",\"title\":\"解决突出问题\"}]";

typedef struct Reading {
    Arena *a;
    json_t *classes;
    ReportText got;
} Reading;

static void read_text(Reading *r, const char *text)
{
    Err e = { 0 };
    r->a = arena_open(64 << 20);
    assert_true(jv_read(&r->classes, str_of(classes_text), "test", &e));
    assert_true(work_report_read(&r->got, r->a, str_of(text), r->classes));
}

static void done(Reading *r)
{
    json_decref(r->got.sections);
    json_decref(r->classes);
    arena_close(r->a);
}

static Str part(const Reading *r, size_t i, const char *name)
{
    return jv_str(json_array_get(r->got.sections, i), name);
}

static void headings_lead_to_parts(void **state)
{
    static const struct { const char *heading, *part; } table[] = {
        { "（一）主要成绩", "achievements" },  { "二、存在的问题", "problems" },
        { "存在的问题及原因", "problems" },    { "问题和原因分析", "problems" },
        { "产生问题的原因", "causes" },        { "原因分析：", "causes" },
        { "针对上述问题的整改措施", "measures" }, { "下一步工作思路", "measures" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char text[400];
        Reading r;
        snprintf(text, sizeof text, "履行第一责任人职责\n%s\n正文。", table[i].heading);
        read_text(&r, text);
        if (!str_is(part(&r, 0, table[i].part), "正文。"))
            fail_msg("%s does not lead to %s", table[i].heading, table[i].part);
        done(&r);
    }
}

static void sentences_are_no_headings(void **state)
{
    Reading r;
    (void)state;
    read_text(&r, "履行第一责任人职责\n问题还有不少。我抓得不紧。\n成绩不多，措施不实\n"
                  "关于履行第一责任人职责：我讲了三次党课。");
    assert_true(str_is(part(&r, 0, "achievements"),
                       "问题还有不少。我抓得不紧。\n成绩不多，措施不实\n"
                       "关于履行第一责任人职责：我讲了三次党课。"));
    done(&r);
}

static void a_class_whose_title_names_a_part_begins_with_achievements(void **state)
{
    Reading r;
    (void)state;
    read_text(&r, "二、解决突出问题\n我办了三件事。\n问题：还差一件。");
    assert_true(str_is(part(&r, 0, "class"), "task"));
    assert_true(str_is(part(&r, 0, "achievements"), "我办了三件事。"));
    assert_true(str_is(part(&r, 0, "problems"), "还差一件。"));
    done(&r);
}

static void nothing_is_lost(void **state)
{
    Reading r;
    (void)state;
    read_text(&r, "标题\n\n　署名　\n正文没有标题。");
    assert_int_equal(json_array_size(r.got.sections), 0);
    assert_int_equal(r.got.unplaced, 3);
    assert_true(str_is(r.got.rest, "标题\n署名\n正文没有标题。"));
    done(&r);
}

static void passages_count_once(void **state)
{
    static const struct { const char *first, *second; size_t same, all; } table[] = {
        { "一二三四五六七八九十", "一二三四五六七八九十", 10, 10 },
        { "一二三四五六七八九十", "零一二三四五六七八零", 8, 10 },
        { "一二三四五六七", "前一二三四五六七后", 7, 7 },       /* short: one passage */
        { "一二三四五六七八", "一二三四五六七九", 0, 8 },       /* seven are no passage */
        { "一二，三四。五六、七八！", "一二三四五六七八", 8, 8 }, /* signs do not count */
        { "", "一二三", 0, 0 },
        { "一二三四五六七八一二三四五六七八", "一二三四五六七八", 16, 16 },
    };
    Arena *a = arena_open(1 << 20);
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        Overlap o;
        assert_true(work_overlap(&o, a, str_of(table[i].first), str_of(table[i].second)));
        assert_int_equal(o.same, table[i].same);
        assert_int_equal(o.all, table[i].all);
    }
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_lead_to_parts),
        cmocka_unit_test(sentences_are_no_headings),
        cmocka_unit_test(a_class_whose_title_names_a_part_begins_with_achievements),
        cmocka_unit_test(nothing_is_lost),
        cmocka_unit_test(passages_count_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
