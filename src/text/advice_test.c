#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct Fix {
    Arena *a;
    Text *t;
} Fix;

static int set_up(void **state)
{
    Fix *f = calloc(1, sizeof *f);
    Err e = { 0 };
    f->a = arena_open(64u << 20);
    *state = f;
    return text_open(&f->t, TEXT_TO_HANS, &e) ? 0 : -1;
}

static int tear_down(void **state)
{
    Fix *f = *state;
    text_close(f->t);
    arena_close(f->a);
    free(f);
    return 0;
}

static Advice advise(Fix *f, AdviceIn in)
{
    Advice ad;
    Err e = { 0 };
    if (!advice_report(&ad, f->a, f->t, &in, &e))
        fail_msg("%s", err_name(e.code));
    return ad;
}

/* The findings of one kind; the first one is kept in *one. */
static size_t count(const Advice *ad, AdviceKind kind, AdviceFinding *one)
{
    size_t n = 0;
    for (size_t i = 0; i < ad->n; i++)
        if (ad->items[i].kind == kind && n++ == 0 && one)
            *one = ad->items[i];
    return n;
}

#define PARTS(a, b, c, d) .parts = { S(a), S(b), S(c), S(d) }

static void share_is_exact(void **state)
{
    Fix *f = *state;
    AdviceFinding one;
    AdviceIn in = { PARTS("一二三四五六七 八", "一二三", "四", "五六　七八九"), .share_num = 1,
                    .share_den = 3 };
    Advice ad = advise(f, in);
    assert_int_equal(ad.points_all, 17);
    assert_int_equal(ad.points[ADVICE_ACHIEVEMENTS], 8);
    assert_int_equal(count(&ad, ADVICE_SHARE, &one), 1); /* 4 of 17 */
    assert_int_equal(one.part, ADVICE_PARTS);
    assert_non_null(strstr(arena_z(f->a, one.say), "23%"));
    in.parts[ADVICE_CAUSES] = STRC("四五六七");           /* 7 of 20 */
    ad = advise(f, in);
    assert_int_equal(count(&ad, ADVICE_SHARE, NULL), 0);
    in.parts[ADVICE_ACHIEVEMENTS] = STRC("一二三四五六七八九"); /* 7 of 21: just a third */
    ad = advise(f, in);
    assert_int_equal(count(&ad, ADVICE_SHARE, NULL), 0);
    in.parts[ADVICE_ACHIEVEMENTS] = STRC("一二三四五六七八九十"); /* 7 of 22 */
    ad = advise(f, in);
    assert_int_equal(count(&ad, ADVICE_SHARE, NULL), 1);
}

static void placeholders_are_found(void **state)
{
    Fix *f = *state;
    static const struct {
        const char *text, *quote; /* empty: none */
    } cases[] = {
        { "召开党员大会X次。", "X" },       { "召开会议Ｘ次。", "Ｘ" },     { "走访XX户。", "XX" },
        { "XXX同志。", "XXX" },             { "为**村修路。", "**" },       { "＊＊镇。", "＊＊" },
        { "某某支部。", "某某" },           { "在某县推广。", "某县" },     { "共___人。", "___" },
        { "××社区。", "××" },              { "（待补充数据）", "（待补" }, { "开展7+X主题党日。", "" },
        { "EXCEL表。", "" },                { "X光机。", "" },              { "某种意义上。", "" },
        { "5×8小时。", "" },                { "一*二。", "" },              { "MAX值。", "" },
        { "XXL号。", "" },                  { "下划_线。", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AdviceIn in = { .parts = { str_of(cases[i].text) } };
        AdviceFinding one = { .from = 0 };
        Advice ad = advise(f, in);
        size_t want = cases[i].quote[0] ? 1 : 0;
        if (count(&ad, ADVICE_PLACEHOLDER, &one) != want)
            fail_msg("%s: %zu placeholders", cases[i].text, ad.n);
        if (!want)
            continue;
        assert_string_equal(arena_z(f->a, one.quote), cases[i].quote);
        assert_true(str_eq(str_sub(in.parts[0], one.from, one.to - one.from), one.quote));
        assert_int_equal(one.part, ADVICE_ACHIEVEMENTS);
    }
}

static void years_that_are_not_this_one(void **state)
{
    Fix *f = *state;
    static const struct {
        const char *text, *quote;
        AdvicePart part;
    } cases[] = {
        { "2026年，我抓学习。", "", ADVICE_ACHIEVEMENTS },
        { "2025年，我抓学习。", "2025年", ADVICE_ACHIEVEMENTS },
        { "２０２４年度，我抓学习。", "２０２４年", ADVICE_PROBLEMS },
        { "比2025年多3次，与去年相比好转。", "", ADVICE_ACHIEVEMENTS },
        { "去年（2025年）列出的问题已改。", "", ADVICE_PROBLEMS },
        { "2019年以来连续达标。", "", ADVICE_ACHIEVEMENTS },
        { "2027年，我将走访20户。", "", ADVICE_MEASURES },
        { "2027年，我走访了20户。", "2027年", ADVICE_ACHIEVEMENTS },
        { "落实《三年规划（2023—2025年）》。", "", ADVICE_ACHIEVEMENTS },
        { "按云组发〔2024〕3号办理。", "", ADVICE_ACHIEVEMENTS },
        { "二〇二四年，我抓学习。", "二〇二四年", ADVICE_ACHIEVEMENTS },
        { "2024年3月5日召开。2026年验收。", "2024年3月5日", ADVICE_ACHIEVEMENTS },
        { "3月5日召开会议，投入12025年糕。", "", ADVICE_ACHIEVEMENTS },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AdviceIn in = { .year = 2026 };
        AdviceFinding one;
        in.parts[cases[i].part] = str_of(cases[i].text);
        Advice ad = advise(f, in);
        size_t want = cases[i].quote[0] ? 1 : 0;
        if (count(&ad, ADVICE_YEAR, &one) != want)
            fail_msg("%s", cases[i].text);
        if (want) {
            assert_string_equal(arena_z(f->a, one.quote), cases[i].quote);
            assert_int_equal(one.part, cases[i].part);
        }
    }
}

static void first_person_is_the_secretary(void **state)
{
    Fix *f = *state;
    AdviceIn in = { PARTS("我带头学。我们一起学。我县很好。本人走访。", "我抓得不够！", "无。", "无"),
                    .first_num = 1, .first_den = 2 };
    Advice ad = advise(f, in);
    assert_int_equal(ad.sentences, 7);
    assert_int_equal(ad.first_person, 3);
    assert_int_equal(count(&ad, ADVICE_FIRST_PERSON, NULL), 1);
    in.first_den = 3;
    ad = advise(f, in);
    assert_int_equal(count(&ad, ADVICE_FIRST_PERSON, NULL), 0);
}

static void length_and_empty_parts(void **state)
{
    Fix *f = *state;
    AdviceIn in = { PARTS("一二三四五", "六七", "", " \n"), .points_min = 7, .points_max = 7 };
    Advice ad = advise(f, in);
    assert_int_equal(count(&ad, ADVICE_LONG, NULL) + count(&ad, ADVICE_SHORT, NULL), 0);
    assert_int_equal(count(&ad, ADVICE_EMPTY, NULL), 2);
    in.points_max = 6;
    ad = advise(f, in);
    assert_int_equal(count(&ad, ADVICE_LONG, NULL), 1);
    in.points_max = 0;
    in.points_min = 8;
    ad = advise(f, in);
    assert_int_equal(count(&ad, ADVICE_SHORT, NULL), 1);
}

static void findings_up_to_the_limit(void **state)
{
    Fix *f = *state;
    Buf b = buf_open(1 << 20);
    for (int i = 0; i < ADVICE_ITEMS_MAX + 5; i++)
        buf_put(&b, STRC("某某，"));
    AdviceIn in = { .parts = { buf_str(&b) } };
    Advice ad = advise(f, in);
    assert_int_equal(ad.n, ADVICE_ITEMS_MAX);
    Err e = { 0 };
    in.parts[1] = STRC("a\0b");
    assert_false(advice_report(&ad, f->a, f->t, &in, &e));
    assert_int_equal(e.code, ERR_BAD_TEXT);
    buf_close(&b);
}

static void as_json(void **state)
{
    Fix *f = *state;
    AdviceIn in = { PARTS("我走访X户。", "二", "三", "四"), .year = 2026 };
    Advice ad = advise(f, in);
    Buf b = buf_open(1 << 16);
    Jw w = jw_open(&b);
    Err e = { 0 };
    json_t *v;
    advice_json(&w, &ad);
    assert_true(jw_close(&w));
    assert_true(jv_read(&v, buf_str(&b), "advice", &e));
    const json_t *one = jv_at(jv_get(v, "findings"), 0);
    assert_int_equal(jv_len(jv_get(v, "findings")), 1);
    assert_int_equal(jv_int(v, "points"), 9);
    assert_true(str_is(jv_str(one, "kind"), "placeholder"));
    assert_true(str_is(jv_str(one, "part"), "achievements"));
    assert_true(str_is(jv_str(one, "quote"), "X"));
    assert_int_equal(jv_int(one, "from"), 9);
    assert_int_equal(jv_int(one, "to"), 10);
    jv_close(v);
    buf_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(share_is_exact),
        cmocka_unit_test(placeholders_are_found),
        cmocka_unit_test(years_that_are_not_this_one),
        cmocka_unit_test(first_person_is_the_secretary),
        cmocka_unit_test(length_and_empty_parts),
        cmocka_unit_test(findings_up_to_the_limit),
        cmocka_unit_test(as_json),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
