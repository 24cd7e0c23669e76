/* The built-ins: every row of the table is called here at least once. */
#include "feel/feel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const Moment NOW = 1795452014123; /* 2026-11-23T16:40:14.123Z */

typedef struct Row {
    const char *text, *want;
} Row;

static const Row rows[] = {
    /* conversion */
    { "date(\"2026-02-28\")", "@\"2026-02-28\"" }, { "date(\"2026-02-29\")", "null" },
    { "date(2026, 2, 28)", "@\"2026-02-28\"" }, { "date(2026, 13, 1)", "null" },
    { "date(year: 2026, month: 2, day: 1)", "@\"2026-02-01\"" },
    { "date(date and time(\"2026-02-28T10:00:00Z\"))", "@\"2026-02-28\"" },
    { "date(null)", "null" }, { "date()", "null" }, { "date(\"-0044-03-15\").year", "-44" },
    { "time(\"10:20:30+08:00\")", "@\"10:20:30+08:00\"" }, { "time(\"25:00:00\")", "null" },
    { "time(10, 20, 30)", "@\"10:20:30\"" },
    { "time(\"10:20:30.123456789999999999999999999999999\")", "@\"10:20:30.123456789\"" },
    { "time(10, 20, 30.5, @\"PT8H\")", "@\"10:20:30.5+08:00\"" },
    { "time(10, 60, 0)", "null" }, { "time(@\"2026-02-28\")", "@\"00:00:00Z\"" },
    { "time(@\"2026-02-28T10:20:30@Asia/Shanghai\")", "@\"10:20:30@Asia/Shanghai\"" },
    { "date and time(\"2026-02-28\")", "@\"2026-02-28T00:00:00\"" },
    { "date and time(\"2026-02-28T24:00:00\")", "@\"2026-03-01T00:00:00\"" },
    { "date and time(@\"2026-02-28\", @\"10:00:00Z\")", "@\"2026-02-28T10:00:00Z\"" },
    { "date and time(2026, 2, 28, 10, 0, 0)", "@\"2026-02-28T10:00:00\"" },
    { "date and time(2026, 2, 28, 10, 0, 0, @\"PT8H\")", "@\"2026-02-28T10:00:00+08:00\"" },
    { "date and time(2026, 2, 28, 10, 0, 0, \"Asia/Shanghai\")",
      "@\"2026-02-28T10:00:00@Asia/Shanghai\"" },
    { "date and time(2026, 2, 28, 10, 0, 0, \"Asia/Nowhere\")", "null" },
    { "date and time(\"2026-02-28T10:00:00@No/Where\")", "null" },
    { "duration(\"P1Y2M\")", "@\"P1Y2M\"" }, { "duration(\"P1DT2H3M4.5S\")", "@\"P1DT2H3M4.5S\"" },
    { "duration(\"P\")", "null" }, { "duration(\"P1DT\")", "null" },
    { "duration(\"P1M2D\")", "null" },
    { "years and months duration(@\"2024-05-31\", @\"2026-02-28\")", "@\"P1Y8M\"" },
    { "years and months duration(@\"2026-02-28\", @\"2024-05-31\")", "@\"-P1Y8M\"" },
    { "number(\"1 234,56\", \" \", \",\")", "1234.56" },
    { "number(\"1,234.56\", \",\", \".\")", "1234.56" },
    { "number(\"1,5\", \",\", \",\")", "null" }, { "number(\"x\")", "null" },
    { "number(\"1.5\")", "1.5" },
    { "number(from: \"1.5\")", "1.5" }, { "number(7)", "7" },
    { "string(1.50)", "\"1.5\"" }, { "string(null)", "null" },
    { "string([1, \"a\"])", "\"[1, \\\"a\\\"]\"" },
    { "string(@\"2026-02-28\")", "\"2026-02-28\"" }, { "string(true)", "\"true\"" },
    { "range(\"[1..3]\")", "[1..3]" }, { "range(\"[3..1]\")", "null" }, { "range(\"x\")", "null" },
    { "range(\"(@\\\"2026-01-01\\\"..@\\\"2026-02-01\\\"]\")",
      "(@\"2026-01-01\"..@\"2026-02-01\"]" },
    { "range(\"[1+1..3]\")", "null" },
    /* strings */
    { "substring(\"述职评议\", 3)", "\"评议\"" }, { "substring(\"述职评议\", -2, 1)", "\"评\"" },
    { "substring(\"abc\", 0)", "null" }, { "substring(\"abc\", 4)", "null" },
    { "substring(\"abc\", 2, 9)", "\"bc\"" }, { "substring(\"🐎foo\", 2)", "\"foo\"" },
    { "substring(string: \"abc\", start position: 2)", "\"bc\"" },
    { "string length(\"述评🐎\")", "3" }, { "string length(1)", "null" },
    { "upper case(\"aß\")", "\"ASS\"" }, { "lower case(\"AÉ\")", "\"aé\"" },
    { "substring before(\"foobar\", \"bar\")", "\"foo\"" },
    { "substring before(\"a\", \"x\")", "\"\"" },
    { "substring after(\"foobar\", \"ob\")", "\"ar\"" },
    { "substring after(\"a\", \"\")", "\"a\"" },
    { "contains(\"党员大会\", \"大会\")", "true" }, { "contains(\"a\", null)", "null" },
    { "starts with(\"abc\", \"ab\")", "true" }, { "ends with(\"abc\", \"bc\")", "true" },
    { "matches(\"foobar\", \"^fo*b\")", "true" }, { "matches(\"a\\nb\", \"a.b\")", "false" },
    { "matches(\"a\\nb\", \"a.b\", \"s\")", "true" },
    { "matches(\"ABC\", \"abc\", \"i\")", "true" },
    { "matches(\"a.c\", \"a.c\", \"q\")", "true" }, { "matches(\"abc\", \"a.c\", \"q\")", "false" },
    { "matches(\"a\", \"[\")", "null" }, { "matches(\"a\", \"a\", \"y\")", "null" },
    { "matches(\"b\", \"[a-z-[aeiou]]\")", "true" },
    { "matches(\"e\", \"[a-z-[aeiou]]\")", "false" },
    { "matches(\"述\", \"\\\\p{IsCJKUnifiedIdeographs}\")", "true" },
    { "matches(\"a\", \"\\\\p{IsCJKUnifiedIdeographs}\")", "false" },
    { "matches(\"a\\n\", \"a$\")", "false" }, { "matches(\"a\\nb\", \"a$\", \"m\")", "true" },
    { "matches(\"ab\", \"a(?=b)\")", "null" }, { "matches(\"_x1\", \"^\\\\i\\\\c*$\")", "true" },
    { "matches(\"&\", \"[a&&b]\")", "true" },
    { "matches(\"helloworld\", \" hello world \", \"x\")", "true" },
    { "replace(\"banana\", \"a\", \"o\")", "\"bonono\"" },
    { "replace(\"abcd\", \"(ab)|(a)\", \"[$1|$2]\")", "\"[ab|]cd\"" },
    { "replace(\"abc\", \"b\", \"\\\\$\")", "\"a$c\"" },
    { "replace(\"abc\", \"b\", \"$\")", "null" },
    { "replace(\"abc\", \"x*\", \"-\")", "null" }, { "replace(\"述评\", \"评\", \"职$0\")", "\"述职评\"" },
    { "split(\"a;b;;\", \";\")", "[\"a\", \"b\", \"\", \"\"]" },
    { "split(\"a b\", \"\\\\s\")", "[\"a\", \"b\"]" },
    { "split(\"a\", \"\")", "null" },
    { "string join([\"a\", null, \"b\"], \"、\")", "\"a、b\"" }, { "string join([])", "\"\"" },
    { "string join([1])", "null" },
    /* lists */
    { "list contains([1, null], null)", "true" }, { "list contains([1, 2], 3)", "false" },
    { "count([1, 2])", "2" }, { "count([])", "0" }, { "count(null)", "null" }, { "count(5)", "1" },
    { "min([3, 1, 2])", "1" }, { "min(3, 1, 2)", "1" }, { "max([\"a\", \"c\"])", "\"c\"" },
    { "max(1, \"a\")", "null" }, { "min([])", "null" },
    { "max([@\"P1D\", @\"PT25H\"])", "@\"P1DT1H\"" },
    { "sum([1, 2.5])", "3.5" }, { "sum(1, 2)", "3" }, { "sum([])", "null" },
    { "sum([1, \"a\"])", "null" },
    { "sum([@\"P1D\", @\"PT2H\"])", "@\"P1DT2H\"" },
    { "mean([1, 2])", "1.5" }, { "mean(1, 2, 6)", "3" }, { "mean([])", "null" },
    { "all([true, true])", "true" }, { "all([true, null])", "null" },
    { "all([false, null])", "false" },
    { "all([])", "true" }, { "any([false, true])", "true" }, { "any([])", "false" },
    { "any([false, null])", "null" }, { "all(true, false)", "false" }, { "any(1)", "null" },
    { "sublist([1, 2, 3], 2)", "[2, 3]" }, { "sublist([1, 2, 3], -2, 1)", "[2]" },
    { "sublist([1], 2)", "null" }, { "sublist([1, 2], 1, 3)", "null" },
    { "append([1], 2, 3)", "[1, 2, 3]" }, { "append(1, 2)", "[1, 2]" },
    { "concatenate([1], [2, 3])", "[1, 2, 3]" }, { "concatenate([1], 2)", "[1, 2]" },
    { "insert before([1, 3], 2, 2)", "[1, 2, 3]" }, { "insert before([1], 3, 2)", "null" },
    { "insert before([1], 2, 2)", "[1, 2]" }, { "remove([1, 2, 3], 2)", "[1, 3]" },
    { "remove([1], -1)", "[]" }, { "remove([1], 2)", "null" },
    { "list replace([1, 2], 2, 5)", "[1, 5]" },
    { "list replace([1, 2, 3], function(item, newItem) item > 1, 0)", "[1, 0, 0]" },
    { "list replace([1], function(item, newItem) 1, 0)", "null" },
    { "reverse([1, 2])", "[2, 1]" }, { "index of([1, 2, 1], 1)", "[1, 3]" },
    { "union([1, 2], [2, 3])", "[1, 2, 3]" }, { "union([1], null)", "null" },
    { "distinct values([1, 1.0, \"1\"])", "[1, \"1\"]" },
    { "flatten([1, [2, [3]], []])", "[1, 2, 3]" }, { "product([2, 3.5])", "7" },
    { "product(2, 3)", "6" },
    { "product([])", "null" }, { "median([8, 2, 5, 3])", "4" }, { "median(3, 1, 2)", "2" },
    { "median([])", "null" }, { "stddev([2, 4, 7, 5])", "2.081665999466132735282297706979931" },
    { "stddev([1])", "null" }, { "mode([6, 3, 9, 6, 6])", "[6]" },
    { "mode([2, 1, 2, 1])", "[1, 2]" },
    { "mode([])", "[]" }, { "sort([3, 1, 2])", "[1, 2, 3]" },
    { "sort([3, 1, 2], function(x, y) x > y)", "[3, 2, 1]" },
    { "sort([{k: 2, v: 1}, {k: 1, v: 2}, {k: 2, v: 3}], function(a, b) a.k < b.k).v", "[2, 1, 3]" },
    { "sort([1, \"a\"])", "null" }, { "sort([\"乙\", \"甲\"])", "[\"乙\", \"甲\"]" },
    /* numbers */
    { "decimal(2.5, 0)", "2" }, { "decimal(1 / 3, 2)", "0.33" }, { "decimal(0.125, 2)", "0.12" },
    { "decimal(1, 9999)", "null" }, { "floor(-1.5)", "-2" }, { "floor(1.56, 1)", "1.5" },
    { "floor(1.5, null)", "null" }, { "ceiling(1.1)", "2" }, { "ceiling(-1.56, 1)", "-1.5" },
    { "round up(5.1, 0)", "6" }, { "round up(-5.1, 0)", "-6" }, { "round down(-5.9, 0)", "-5" },
    { "round half up(2.5, 0)", "3" }, { "round half up(-2.5, 0)", "-3" },
    { "round half down(2.5, 0)", "2" }, { "round half up(1.005, 2)", "1.01" },
    { "abs(-3)", "3" }, { "abs(@\"-P1D\")", "@\"P1D\"" }, { "abs(@\"-P1Y\")", "@\"P1Y\"" },
    { "modulo(12, 5)", "2" }, { "modulo(-12, 5)", "3" }, { "modulo(12, -5)", "-3" },
    { "modulo(1, 0)", "null" },
    { "modulo(10.1, 4.5)", "1.1" }, { "sqrt(16)", "4" }, { "sqrt(-1)", "null" }, { "log(1)", "0" },
    { "log(0)", "null" }, { "exp(0)", "1" }, { "decimal(exp(1), 10)", "2.7182818285" },
    { "odd(5)", "true" },
    { "odd(2.5)", "false" }, { "even(-4)", "true" }, { "even(0)", "true" },
    { "not(negand: true)", "false" },
    /* time */
    { "day of year(@\"2024-12-31\")", "366" }, { "day of week(@\"2026-11-23\")", "\"Monday\"" },
    { "month of year(@\"2026-11-23\")", "\"November\"" }, { "week of year(@\"2026-01-01\")", "1" },
    { "week of year(@\"2027-01-01\")", "53" }, { "week of year(@\"2026-12-31T00:00:00\")", "53" },
    { "now()", "@\"2026-11-23T16:40:14.123Z\"" }, { "today()", "@\"2026-11-23\"" },
    { "is(@\"10:00:00Z\", @\"18:00:00+08:00\")", "false" },
    { "is(@\"10:00:00Z\", @\"10:00:00+00:00\")", "true" },
    { "is(1, 1.0)", "true" }, { "is(1, \"1\")", "false" },
    /* ranges */
    { "before(1, 10)", "true" }, { "before(1, [1..10])", "false" },
    { "before(1, (1..10])", "true" },
    { "before([1..10], 10)", "false" }, { "before([1..10), 10)", "true" },
    { "before([1..10), [10..20])", "true" }, { "before([1..10], [10..20])", "false" },
    { "after(10, 5)", "true" }, { "after(10, [1..10))", "true" }, { "after([11..20], 10)", "true" },
    { "after([10..20], [1..10))", "true" }, { "after((10..20], [1..10])", "true" },
    { "meets([1..5], [5..10])", "true" }, { "meets([1..5), [5..10])", "false" },
    { "met by([5..10], [1..5])", "true" }, { "overlaps([1..5], [3..8])", "true" },
    { "overlaps([1..5), [5..8])", "false" }, { "overlaps before([1..5], [3..8])", "true" },
    { "overlaps before([3..8], [1..5])", "false" }, { "overlaps after([3..8], [1..5])", "true" },
    { "finishes(10, [1..10])", "true" }, { "finishes([5..10], [1..10])", "true" },
    { "finishes([5..10), [1..10])", "false" }, { "finished by([1..10], 10)", "true" },
    { "finished by([1..10], [5..10])", "true" }, { "includes([1..10], 5)", "true" },
    { "includes([1..10], [4..10])", "true" }, { "includes((1..10], 1)", "false" },
    { "during(5, [1..10])", "true" }, { "during([4..6], [1..10))", "true" },
    { "starts(1, [1..10])", "true" }, { "starts((1..5], (1..10])", "true" },
    { "started by([1..10], 1)", "true" }, { "started by([1..10], [1..5])", "true" },
    { "coincides(5, 5)", "true" }, { "coincides([1..5], [1..5))", "false" },
    { "coincides([1..5], [1..5])", "true" }, { "before(1, \"a\")", "null" },
    /* contexts */
    { "get value({a: 1}, \"a\")", "1" }, { "get value({a: {b: 2}}, [\"a\", \"b\"])", "2" },
    { "get value({a: 1}, \"b\")", "null" }, { "get entries({a: 1})", "[{key: \"a\", value: 1}]" },
    { "context([{key: \"a\", value: 1}])", "{a: 1}" }, { "context([{key: \"a\"}])", "null" },
    { "context([{key: \"a\", value: 1}, {key: \"a\", value: 2}])", "null" },
    { "context put({a: 1}, \"b\", 2)", "{a: 1, b: 2}" },
    { "context put({a: 1}, \"a\", 2)", "{a: 2}" },
    { "context put({a: {b: 1}}, [\"a\", \"c\"], 2)", "{a: {b: 1, c: 2}}" },
    { "context put({a: 1}, [\"x\", \"y\"], 2)", "null" }, { "context put({}, [], 2)", "null" },
    { "context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}" }, { "context merge([1])", "null" },
    /* arguments */
    { "abs(n: -1)", "1" }, { "abs(m: -1)", "null" }, { "abs(1, 2)", "null" }, { "abs([-1])", "1" },
    { "abs([1, 2])", "null" }, { "modulo(divisor: 5, dividend: 12)", "2" },
};

static FeelValue value_of(Arena *a, const char *text)
{
    Err e = { 0 };
    FeelExpr *x;
    FeelValue v = feel_null();
    FeelRun run = feel_run(a, NOW);
    if (!feel_parse(&x, a, str_of(text), NULL, &e) || !feel_eval(&v, a, x, NULL, &run, &e)) {
        char why[ERR_TEXT_MAX];
        err_print(&e, LANG_EN, why, sizeof why);
        fail_msg("%s: %s", text, why);
    }
    for (size_t i = 0; i < run.n_diags; i++) {
        Err d = { 0 };
        feel_diag_err(&run.diags[i], &d);
        Str why = err_get(&d, "why_en"), zh = err_get(&d, "why");
        if (zh.n && (why.n == 0 || str_eq(why, zh)))
            fail_msg("%s: \"%.*s\" has no English", text, STR(zh));
    }
    return v;
}

static void table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *a = arena_open(8 << 20);
        Str got = feel_print(a, value_of(a, rows[i].text));
        if (!str_is(got, rows[i].want))
            fail_msg("%s gave %.*s, not %s", rows[i].text, STR(got), rows[i].want);
        arena_close(a);
    }
}

/* A built-in that no row above calls is not tested. */
static void table_is_whole(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    FeelBuiltinInfo info;
    size_t n = 0;
    for (; feel_builtin_at(&info, a, n); n++) {
        bool called = false;
        for (size_t i = 0; i < sizeof rows / sizeof *rows && !called; i++) {
            Str text = str_of(rows[i].text), call = arena_text(a, "%.*s(", STR(info.name));
            called = str_has(text, call);
        }
        if (!called)
            fail_msg("no test calls %.*s", STR(info.name));
        assert_true(str_starts(info.signature, info.name));
    }
    assert_true(n > 100);
    arena_close(a);
}

static void now_in_a_zone(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    FeelExpr *x;
    FeelValue v;
    FeelZone shanghai = { S("Asia/Shanghai"), 0 };
    FeelRun run = feel_run(a, NOW);
    run.zone = &shanghai;
    assert_true(feel_parse(&x, a, STRC("[now(), today()]"), NULL, &e));
    assert_true(feel_eval(&v, a, x, NULL, &run, &e));
    assert_true(str_is(feel_print(a, v),
                       "[@\"2026-11-24T00:40:14.123@Asia/Shanghai\", @\"2026-11-24\"]"));
    assert_true(feel_zone_version(a).n >= 5);
    arena_close(a);
}

/* A pattern that would run for ever is stopped, and says so. */
static void regex_limits(void **state)
{
    (void)state;
    Arena *a = arena_open(64 << 20);
    assert_int_equal(value_of(a, "matches(string join(for i in 1..40 return \"a\"), "
                                 "\"^(a+)+(a+)+(a+)+b$\")").kind, FEEL_NULL);
    FeelValue v = value_of(a, "matches(\"x\", string join(for i in 1..10000 return \"x\"))");
    assert_true(v.kind == FEEL_BOOLEAN && !v.boolean);
    v = value_of(a, "matches(\"x\", string join(for i in 1..10001 return \"x\"))");
    assert_int_equal(v.kind, FEEL_NULL);
    arena_close(a);
}

/* Every day of 800 years there and back, and the weekday turns by one. */
static void calendar(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    assert_int_equal(value_of(a, "every d in [-146097, -1, 0, 58, 59, 146096, 365000] satisfies "
                                 "(@\"2000-01-01\" + d * @\"P1D\") - @\"2000-01-01\""
                                 " = d * @\"P1D\"")
                         .boolean, true);
    arena_reset(a);
    assert_int_equal(value_of(a, "every y in 1600..2400 satisfies "
                                 "(@\"0001-12-31\" + (y - 1) * @\"P1Y\") + @\"P1D\""
                                 " = date(y + 1, 1, 1)")
                         .boolean, true);
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table), cmocka_unit_test(table_is_whole), cmocka_unit_test(now_in_a_zone),
        cmocka_unit_test(regex_limits), cmocka_unit_test(calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
