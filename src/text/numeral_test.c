#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void reads_numerals(void **state)
{
    (void)state;
    static const struct {
        const char *text, *value;
        size_t used; /* 0: all of it */
        bool percent, many;
    } cases[] = {
        { "12", "12", 0, false, false },
        { "1,208个", "1208", 5, false, false },
        { "1,20", "1", 1, false, false },
        { "1.8万人", "18000", 6, false, false },
        { "2.55", "2.55", 0, false, false },
        { "3亿", "300000000", 0, false, false },
        { "5千名", "5000", 4, false, false },
        { "1000多万", "10000000", 0, false, true },
        { "20%", "20", 0, true, false },
        { "87.5%的", "87.5", 5, true, false },
        { "一百二十三名", "123", 15, false, false },
        { "一万二千三百四十五", "12345", 0, false, false },
        { "两千五百万", "25000000", 0, false, false },
        { "一百零五", "105", 0, false, false },
        { "一千零一十", "1010", 0, false, false },
        { "两万五", "25000", 0, false, false },
        { "一百五", "150", 0, false, false },
        { "十", "10", 0, false, false },
        { "十二", "12", 0, false, false },
        { "二十", "20", 0, false, false },
        { "廿三", "23", 0, false, false },
        { "卅", "30", 0, false, false },
        { "三十多万", "300000", 0, false, true },
        { "一亿零五十万", "100500000", 0, false, false },
        { "三万两千亿", "3200000000000", 0, false, false },
        { "五万三，", "53000", 9, false, false },
        { "二〇二六", "2026", 0, false, false },
        { "百分之二十", "20", 0, true, false },
        { "百分之九点", "9", 12, true, false },
        { "两", "2", 0, false, false },
        { "壹佰叁拾", "130", 0, false, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Numeral n = { 0 };
        Dec want;
        Str s = str_of(cases[i].text);
        size_t used = numeral_read(&n, s, 0);
        assert_int_equal(used, cases[i].used ? cases[i].used : s.n);
        assert_true(dec_parse(&want, str_of(cases[i].value)));
        assert_int_equal(dec_cmp(n.value, want), 0);
        assert_int_equal(n.percent, cases[i].percent);
        assert_int_equal(n.many, cases[i].many);
    }
}

static void reads_none(void **state)
{
    (void)state;
    static const char *const cases[] = { "", "百名", "千方百计", "万", "点", "abc", "零", ".5", "％",
                                         "百分之", "几" };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Numeral n;
        assert_int_equal(numeral_read(&n, str_of(cases[i]), 0), 0);
    }
}

static void reads_whole_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } good[] = { { "12", 12 },   { "十二", 12 },   { "第十二", 12 }, { "（三）", 3 }, { "(四)", 4 },
                 { "③", 3 },     { "⑳", 20 },      { " 七 ", 7 },    { "（11）", 11 } };
    static const char *const bad[] = { "", "第", "十二个", "20%", "1.5", "（）", "三十多万", "①②" };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t v = -1;
        assert_true(numeral_whole(&v, str_of(good[i].text)));
        assert_int_equal(v, good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t v = -1;
        assert_false(numeral_whole(&v, str_of(bad[i])));
        assert_int_equal(v, -1);
    }
}

static void reads_dates(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t used; /* 0: all of it */
        DayParts d;
    } good[] = {
        { "2026年2月8日", 0, { 2026, 2, 8 } },   { "2026年2月", 0, { 2026, 2, 0 } },
        { "2026年", 0, { 2026, 0, 0 } },         { "2026年度", 7, { 2026, 0, 0 } },
        { "2月10日", 0, { 0, 2, 10 } },          { "2月", 0, { 0, 2, 0 } },
        { "12月底", 5, { 0, 12, 0 } },           { "二〇二六年二月", 0, { 2026, 2, 0 } },
        { "十二月三十一日", 0, { 0, 12, 31 } },  { "2026.2.10", 0, { 2026, 2, 10 } },
        { "2026-02-10", 0, { 2026, 2, 10 } },    { "2026/12/1，", 9, { 2026, 12, 1 } },
        { "5月1号", 0, { 0, 5, 1 } },
    };
    static const char *const bad[] = { "", "2026", "26年", "3年", "13月", "2026.2.30", "2026.2",
                                       "1.8年", "10日", "三个月", "2026-2/10", "5万年" };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        DayParts d = { 0 };
        size_t used = numeral_date(&d, str_of(good[i].text), 0);
        assert_int_equal(used, good[i].used ? good[i].used : strlen(good[i].text));
        assert_int_equal(d.year, good[i].d.year);
        assert_int_equal(d.month, good[i].d.month);
        assert_int_equal(d.day, good[i].d.day);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        DayParts d;
        assert_int_equal(numeral_date(&d, str_of(bad[i]), 0), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_numerals), cmocka_unit_test(reads_none),
        cmocka_unit_test(reads_whole_texts), cmocka_unit_test(reads_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
