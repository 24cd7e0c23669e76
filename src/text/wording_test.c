#include "text/draft.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct Fix {
    Arena *a;
    Text *t;
    Roster *roster;
} Fix;

static const RosterName names[] = {
    { S("云河县"), 1, ROSTER_ORG }, { S("中共云河县青石镇委员会"), 2, ROSTER_ORG },
    { S("青石镇梨树湾村党支部"), 3, ROSTER_ORG },
};

static int set_up(void **state)
{
    Fix *f = calloc(1, sizeof *f);
    Err e = { 0 };
    f->a = arena_open(64u << 20);
    *state = f;
    return text_open(&f->t, TEXT_TO_HANS, &e) &&
                   roster_open(&f->roster, f->a, f->t, names, 3, &e) ? 0 : -1;
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
    for (size_t i = 0; i < ad.n; i++)
        if (ad.items[i].to > 0)
            assert_true(str_eq(ad.items[i].quote,
                               str_sub(in.parts[ad.items[i].part], ad.items[i].from,
                                       ad.items[i].to - ad.items[i].from)));
    return ad;
}

static size_t count(const Advice *ad, AdviceKind kind, AdviceFinding *one)
{
    size_t n = 0;
    for (size_t i = 0; i < ad->n; i++)
        if (ad->items[i].kind == kind && n++ == 0 && one)
            *one = ad->items[i];
    return n;
}

static void set_phrases_are_marked(void **state)
{
    Fix *f = *state;
    static const Str more[] = { S("咬定青山不放松") };
    AdviceIn in = { .parts = { S("我們高度重視，狠抓工作落实。"), S("咬定青山不放松。"), S("无"), S("修路3公里。") },
                    .phrase_num = 1, .phrase_den = 2, .phrases = more, .n_phrases = 1 };
    Advice ad = advise(f, in);
    assert_int_equal(ad.n_phrases, 3);
    assert_int_equal(ad.phrase_points, 17);
    assert_true(str_is(ad.phrases[0].quote, "高度重視"));
    assert_true(str_is(ad.phrases[1].quote, "狠抓工作落实")); /* the longest, not 狠抓落实 */
    assert_int_equal(ad.phrases[2].part, ADVICE_PROBLEMS);
    assert_int_equal(count(&ad, ADVICE_PHRASES, NULL), 1);
    in.phrase_num = 2;
    in.phrase_den = 3;
    ad = advise(f, in);
    assert_int_equal(count(&ad, ADVICE_PHRASES, NULL), 0);
}

static void sentences_too_long_to_follow(void **state)
{
    Fix *f = *state;
    AdviceFinding one;
    AdviceIn in = { .parts = { S("一二三四五。六七八九十一二。"), S("无"), S("无"), S("无") },
                    .sentence_max = 7 };
    Advice ad = advise(f, in);
    assert_int_equal(ad.longest, 8);
    assert_int_equal(count(&ad, ADVICE_SENTENCE, &one), 1);
    assert_true(str_is(one.quote, "六七八九十一二。"));
    in.sentence_max = 8;
    ad = advise(f, in);
    assert_int_equal(count(&ad, ADVICE_SENTENCE, NULL), 0);
}

static void places_that_are_not_on_the_roster(void **state)
{
    Fix *f = *state;
    static const struct {
        const char *text, *place; /* "": none */
    } cases[] = {
        { "我到龙潭镇学习。", "龙潭镇" },         { "白水县的经验很好。", "白水县" },
        { "帮助梨樹灣村修路。", "" },             { "走访云河县青石镇群众。", "" },
        { "云河县龙潭镇的做法。", "龙潭镇" },     { "全镇11个村都通了路。", "" },
        { "建设示范村和文明社区。", "" },         { "推动城乡融合，振兴乡村。", "" },
        { "我在联系村住了三天。", "" },           { "各乡镇、县区都来了。", "" },
        { "由桃花源社区承办。", "桃花源社区" },   { "进村入户宣讲。", "" },
        { "对薄弱村逐个过筛。", "" },             { "到村组宣讲9场。", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AdviceFinding one;
        AdviceIn in = { .parts = { str_of(cases[i].text), S("无"), S("无"), S("无") },
                        .roster = f->roster };
        Advice ad = advise(f, in);
        size_t n = count(&ad, ADVICE_FOREIGN, &one);
        if (n != (cases[i].place[0] != 0))
            fail_msg("%s gave %zu places: %.*s", cases[i].text, n, n ? (int)one.quote.n : 0,
                     n ? one.quote.p : "");
        if (n > 0)
            assert_true(str_is(one.quote, cases[i].place));
        in.roster = NULL;
        ad = advise(f, in);
        assert_int_equal(count(&ad, ADVICE_FOREIGN, NULL), 0);
    }
}

static void figures_without_a_source(void **state)
{
    Fix *f = *state;
    AdviceKnown known[] = { { dec_int(4), S("次") } };
    AdviceFinding one;
    AdviceIn in = { .parts = { S("召开党员大会4次，走访３２户。据台账统计，办事120件。"), S("有7人没有参加。"),
                               S("无"), S("无") },
                    .check_sources = true, .known = known, .n_known = 1 };
    Advice ad = advise(f, in);
    assert_int_equal(count(&ad, ADVICE_SOURCE, &one), 1);
    assert_true(str_is(one.quote, "３２户"));
    in.check_sources = false;
    ad = advise(f, in);
    assert_int_equal(count(&ad, ADVICE_SOURCE, NULL), 0);
}

static void a_report_is_split_by_its_headings(void **state)
{
    Fix *f = *state;
    Err e = { 0 };
    Str parts[ADVICE_PARTS];
    Str text = STRC("述职报告\n\n开头。\n一、主要工作\n修路。\n二、存在的问题\n个别党员学习不够。\n三、原因分析\n抓得不紧。\n"
                    "四、下一步打算\n每月学习。\n");
    assert_true(advice_split(parts, f->a, f->t, text, &e));
    assert_true(str_is(parts[ADVICE_ACHIEVEMENTS], "述职报告\n\n开头。\n一、主要工作\n修路。"));
    assert_true(str_is(parts[ADVICE_PROBLEMS], "二、存在的问题\n个别党员学习不够。"));
    assert_true(str_is(parts[ADVICE_CAUSES], "三、原因分析\n抓得不紧。"));
    assert_true(str_is(parts[ADVICE_MEASURES], "四、下一步打算\n每月学习。"));
    assert_true(advice_split(parts, f->a, f->t, STRC("一、存在的问题及原因\n个别党员学习不够。\n究其原因，我抓得不紧。\n"
                                                     "二、下一步打算\n每月学习。\n"), &e));
    assert_true(str_is(parts[ADVICE_PROBLEMS], "一、存在的问题及原因\n个别党员学习不够。"));
    assert_true(str_is(parts[ADVICE_CAUSES], "究其原因，我抓得不紧。"));
    assert_true(advice_split(parts, f->a, f->t, STRC("没有标题。"), &e));
    assert_true(str_is(parts[ADVICE_ACHIEVEMENTS], "没有标题。"));
    assert_int_equal(parts[ADVICE_PROBLEMS].n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_phrases_are_marked),
        cmocka_unit_test(sentences_too_long_to_follow),
        cmocka_unit_test(places_that_are_not_on_the_roster),
        cmocka_unit_test(figures_without_a_source),
        cmocka_unit_test(a_report_is_split_by_its_headings),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
