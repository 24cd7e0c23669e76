/* The language: what expressions give, where they are refused, what limits hold. */
#include "feel/feel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 2026-11-23T16:40:14.123Z */
static const Moment NOW = 1795452014123;

static FeelEntry scope_entries[8];

static FeelScope make_scope(Arena *a)
{
    FeelEntry *org = ARENA_ARRAY(a, FeelEntry, 2);
    org[0] = (FeelEntry){ S("kind"), feel_z("branch") };
    org[1] = (FeelEntry){ S("Full Name"), feel_z("第一支部") };
    FeelValue *scores = ARENA_ARRAY(a, FeelValue, 3);
    for (int i = 0; i < 3; i++)
        scores[i] = feel_int(80 + 5 * i);
    size_t n = 0;
    scope_entries[n++] = (FeelEntry){ S("score"), feel_int(90) };
    scope_entries[n++] = (FeelEntry){ S("Full Name"), feel_z("李") };
    scope_entries[n++] = (FeelEntry){ S("org"), feel_context(org, 2) };
    scope_entries[n++] = (FeelEntry){ S("scores"), feel_list(scores, 3) };
    scope_entries[n++] = (FeelEntry){ S("得分"), feel_int(88) };
    scope_entries[n++] = (FeelEntry){ S("profit-loss"), feel_int(-7) };
    scope_entries[n++] = (FeelEntry){ S("?"), feel_int(15) };
    return (FeelScope){ NULL, scope_entries, n };
}

static const Str names[] = { S("Full Name"), S("profit-loss") };
static const FeelNames known = { .names = names, .n = 2 };

typedef struct Row {
    const char *text, *want;
} Row;

static void run_rows(const Row *rows, size_t n, bool unary)
{
    for (size_t i = 0; i < n; i++) {
        Arena *a = arena_open(64 << 20);
        Err e = { 0 };
        FeelExpr *x;
        FeelValue v;
        FeelScope scope = make_scope(a);
        FeelRun run = feel_run(a, NOW);
        bool ok = (unary ? feel_parse_unary : feel_parse)(&x, a, str_of(rows[i].text), &known, &e);
        ok = ok && feel_eval(&v, a, x, &scope, &run, &e);
        char got[ERR_TEXT_MAX];
        if (ok)
            snprintf(got, sizeof got, "%.*s", STR(feel_print(a, v)));
        else
            err_print(&e, LANG_EN, got, sizeof got);
        if (strcmp(got, rows[i].want) != 0)
            fail_msg("%s\n  gave %s\n  not  %s", rows[i].text, got, rows[i].want);
        arena_close(a);
    }
}

#define RUN(rows) run_rows(rows, sizeof rows / sizeof *rows, false)

static void literals(void **state)
{
    (void)state;
    static const Row rows[] = {
        { "1", "1" }, { "-1", "-1" }, { ".5", "0.5" }, { "0.50", "0.5" }, { "1e3", "1000" },
        { "1.2E-3", "0.0012" }, { "true", "true" }, { "false", "false" }, { "null", "null" },
        { "\"a\"", "\"a\"" }, { "\"\"", "\"\"" }, { "\"a\\\"b\"", "\"a\\\"b\"" },
        { "\"a\\nb\"", "\"a\\nb\"" }, { "\"\\u8ff0\\u8bc4\"", "\"述评\"" },
        { "\"\\U01F40E\"", "\"🐎\"" }, { "\"\\ud83d\\udc0e\"", "\"🐎\"" },
        { "\"\\d\"", "\"\\\\d\"" },
        { "@\"2026-02-28\"", "@\"2026-02-28\"" }, { "@\"10:00:00\"", "@\"10:00:00\"" },
        { "@\"2026-02-28T10:00:00+08:00\"", "@\"2026-02-28T10:00:00+08:00\"" },
        { "@\"2026-02-28T10:00:00@Asia/Shanghai\"", "@\"2026-02-28T10:00:00@Asia/Shanghai\"" },
        { "@\"P1Y2M\"", "@\"P1Y2M\"" }, { "@\"P3DT4H\"", "@\"P3DT4H\"" },
        { "@\"-PT90M\"", "@\"-PT1H30M\"" }, { "@\"P14M\"", "@\"P1Y2M\"" },
        { "[1, \"a\", null]", "[1, \"a\", null]" }, { "[]", "[]" }, { "{}", "{}" },
        { "{a: 1, \"b c\": 2}", "{a: 1, b c: 2}" }, { "{a+b: 1}", "{\"a+b\": 1}" },
        { "[1..5]", "[1..5]" }, { "(1..5)", "(1..5)" }, { "]1..5[", "(1..5)" },
        { "[1..5[", "[1..5)" }, { "(< 10)", "(< 10)" }, { "(>= 10)", "(>= 10)" },
        { "1 // one\n", "1" }, { "/* two */ 2", "2" }, { "12345678901234567890123456789012345678",
          "12345678901234567890123456789012350000" },
    };
    RUN(rows);
}

static void names_in_scope(void **state)
{
    (void)state;
    static const Row rows[] = {
        { "score", "90" }, { "Full Name", "\"李\"" }, { "Full   Name", "\"李\"" },
        { "org.kind", "\"branch\"" }, { "org.Full Name", "\"第一支部\"" },
        { "org . Full\nName", "\"第一支部\"" },
        { "得分 + 1", "89" }, { "profit-loss", "-7" }, { "profit-loss-1", "-8" },
        { "if score>=85.5 then Full Name else null", "\"李\"" },
        { "{Age In Years: 3, b: Age In Years + 1}.b", "4" },
        { "{a b: 1}.a b", "1" }, { "[{a b: 1}, {a b: 2}][a b > 1].a b", "[2]" },
        { "for each one in [1, 2] return each one * 2", "[2, 4]" },
        { "(function(two words) two words + 1)(4)", "5" },
        { "{f: function(x) x * score}.f(2)", "180" },
        { "nowhere", "null" }, { "org.nowhere", "null" }, { "null.a", "null" },
    };
    RUN(rows);
}

static void arithmetic(void **state)
{
    (void)state;
    static const Row rows[] = {
        { "1 + 2 * 3", "7" }, { "(1 + 2) * 3", "9" }, { "2 ** 3 ** 2", "64" }, { "-5 ** 2", "25" },
        { "5 ** -2", "0.04" }, { "7 - 3 - 2", "2" }, { "8 / 4 / 2", "1" }, { "- -3", "3" },
        { "0.1 + 0.2", "0.3" }, { "1 / 3", "0.3333333333333333333333333333333333" },
        { "1 / 0", "null" }, { "10 ** 7000", "null" }, { "1 + null", "null" },
        { "1 + \"a\"", "null" },
        { "\"a\" + \"b\"", "\"ab\"" }, { "\"a\" - \"b\"", "null" }, { "-\"a\"", "null" },
        { "@\"P1D\" + @\"PT1H\"", "@\"P1DT1H\"" }, { "@\"P1Y\" - @\"P2M\"", "@\"P10M\"" },
        { "@\"P1D\" * 1.5", "@\"P1DT12H\"" }, { "3 * @\"P2M\"", "@\"P6M\"" },
        { "@\"P1D\" / @\"PT6H\"", "4" }, { "@\"P1Y\" / 5", "@\"P2M\"" },
        { "@\"P1D\" / 7", "@\"PT3H25M42.857142857S\"" },
        { "@\"P1D\" + @\"P1Y\"", "null" }, { "@\"P1D\" / 0", "null" },
        { "@\"2026-01-31\" + @\"P1M\"", "@\"2026-02-28\"" },
        { "@\"2024-02-29\" + @\"P1Y\"", "@\"2025-02-28\"" },
        { "@\"2026-01-01\" - @\"P1D\"", "@\"2025-12-31\"" },
        { "@\"2026-01-01\" - @\"2025-01-01\"", "@\"P365D\"" },
        { "@\"P1D\" + @\"2026-01-01\"", "@\"2026-01-02\"" },
        { "@\"23:30:00\" + @\"PT1H\"", "@\"00:30:00\"" },
        { "@\"2026-01-01T00:00:00\" - @\"PT0.5S\"", "@\"2025-12-31T23:59:59.5\"" },
        { "@\"2026-01-01T08:00:00+08:00\" - @\"2026-01-01T00:00:00Z\"", "@\"PT0S\"" },
        { "@\"2026-01-01T08:00:00@Asia/Shanghai\" - @\"2026-01-01T00:00:00Z\"", "@\"PT0S\"" },
        { "@\"2026-01-01T08:00:00Z\" - @\"2026-01-01T00:00:00\"", "null" },
        { "@\"2026-01-01\" + 1", "null" }, { "@\"999999999-12-31\" + @\"P1D\"", "null" },
        { "-@\"P1Y\"", "@\"-P1Y\"" },
    };
    RUN(rows);
}

static void comparison(void **state)
{
    (void)state;
    static const Row rows[] = {
        { "1 = 1.0", "true" }, { "1 != 2", "true" }, { "1 < 2", "true" }, { "2 <= 1", "false" },
        { "\"a\" < \"b\"", "true" }, { "\"10\" < \"9\"", "true" }, { "1 = \"1\"", "null" },
        { "null = null", "true" }, { "1 = null", "false" }, { "1 < null", "null" },
        { "true < false", "null" }, { "[1, 2] = [1, 2]", "true" }, { "[1] = [2]", "false" },
        { "{a: 1, b: 2} = {b: 2, a: 1}", "true" }, { "{a: 1} = {a: 2}", "false" },
        { "[1..2] = [1..2]", "true" }, { "[1..2] = (1..2]", "false" }, { "[1] < [2]", "null" },
        { "@\"P1D\" = @\"PT24H\"", "true" }, { "@\"P1Y\" > @\"P11M\"", "true" },
        { "@\"P1Y\" = @\"P365D\"", "null" },
        { "@\"2026-01-01\" < @\"2026-01-02\"", "true" },
        { "@\"10:00:00Z\" = @\"18:00:00+08:00\"", "true" },
        { "@\"2026-07-01T12:00:00@Europe/Paris\" = @\"2026-07-01T10:00:00Z\"", "true" },
        { "@\"2026-01-01T00:00:00\" < @\"2026-01-01T00:00:00Z\"", "null" },
        { "3 between 1 and 3", "true" }, { "4 between 1 and 3", "false" },
        { "null between 1 and 3", "null" }, { "1 between \"a\" and 3", "null" },
        { "2 between 1 and 3 and true", "true" },
        { "1 in 1", "true" }, { "1 in (1, 2)", "true" }, { "5 in (1, 2)", "false" },
        { "5 in [1..5)", "false" }, { "5 in [1..5]", "true" }, { "5 in (< 6)", "true" },
        { "5 in < 5", "false" }, { "5 in (< 3, > 4)", "true" }, { "5 in [[1..2], [4..6]]", "true" },
        { "\"x\" in [\"x\", \"y\"]", "true" }, { "5 in [1..null]", "null" },
        { "1 in \"a\"", "null" }, { "2 in (1 + 1)", "true" }, { "5 in !=5", "false" },
    };
    RUN(rows);
}

static void logic(void **state)
{
    (void)state;
    static const Row rows[] = {
        { "true and true", "true" }, { "true and false", "false" }, { "true and null", "null" },
        { "false and null", "false" }, { "null and false", "false" }, { "null and null", "null" },
        { "true or null", "true" }, { "null or true", "true" }, { "false or null", "null" },
        { "false or false", "false" }, { "true and 1", "null" }, { "false and 1", "false" },
        { "1 or true", "true" }, { "not(true)", "false" }, { "not(null)", "null" },
        { "not(1)", "null" }, { "true or false and false", "true" },
        { "if true then 1 else 2", "1" }, { "if null then 1 else 2", "2" },
        { "if 5 then 1 else 2", "2" },
        { "if 1 > 2 then \"a\" else if 2 > 1 then \"b\" else \"c\"", "\"b\"" },
    };
    RUN(rows);
}

static void loops(void **state)
{
    (void)state;
    static const Row rows[] = {
        { "for i in [1, 2, 3] return i * i", "[1, 4, 9]" },
        { "for i in 1..3 return i", "[1, 2, 3]" },
        { "for i in 3..1 return i", "[3, 2, 1]" }, { "for i in (1..4) return i", "[2, 3]" },
        { "for i in [1, 2], j in [i, 10] return i * j", "[1, 10, 4, 20]" },
        { "for i in [[1, 2], [3]], j in i return j", "[1, 2, 3]" },
        { "for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]" },
        { "for d in @\"2026-02-27\"..@\"2026-03-01\" return d.day", "[27, 28, 1]" },
        { "for i in [] return i", "[]" }, { "for i in 5 return i", "[5]" },
        { "for i in null return i", "null" }, { "for i in \"a\"..\"c\" return i", "null" },
        { "for f in (for i in 1..3 return function(x) x * i) return f(10)", "[10, 20, 30]" },
        { "some i in [1, 2] satisfies i > 1", "true" },
        { "some i in [1] satisfies i > 1", "false" },
        { "some i in [null, 2] satisfies i > 1", "true" },
        { "some i in [null, 1] satisfies i > 1", "null" },
        { "every i in [1, 2] satisfies i > 0", "true" },
        { "every i in [] satisfies false", "true" },
        { "every i in [0, null] satisfies i > 0", "false" },
        { "every i in [1, 2], j in [3] satisfies i < j", "true" },
    };
    RUN(rows);
}

static void filters_and_paths(void **state)
{
    (void)state;
    static const Row rows[] = {
        { "[1, 2, 3][1]", "1" }, { "[1, 2, 3][-1]", "3" }, { "[1, 2, 3][0]", "null" },
        { "[1, 2, 3][4]", "null" }, { "[1, 2, 3][item > 1]", "[2, 3]" },
        { "[{a: 1, b: 5}, {a: 2, b: 6}][a = 2]", "[{a: 2, b: 6}]" },
        { "[{a: 1}, {a: 2}].a", "[1, 2]" }, { "[{a: 1}, {b: 2}].a", "[1, null]" },
        { "[{a: 1}, {b: 2}][a > 0]", "[{a: 1}]" }, { "[{item: 5}][item > 1]", "[{item: 5}]" },
        { "5[1]", "5" }, { "5[item > 1]", "[5]" }, { "null[1]", "null" }, { "null[true]", "[]" },
        { "[][1 + 1]", "null" }, { "[][item > 1]", "[]" }, { "[][a.b]", "[]" },
        { "{i: 2, r: [][i]}.r", "null" }, { "null[count([1])]", "null" },
        { "[1, 2, 3][item > 1][1]", "2" }, { "[10, 20][1 + 1]", "20" }, { "{a: {b: 1}}.a.b", "1" },
        { "scores[item >= 85]", "[85, 90]" }, { "scores[count(scores)]", "90" },
        { "@\"2026-11-23\".weekday", "1" }, { "@\"2026-11-23\".year", "2026" },
        { "@\"10:20:30\".minute", "20" }, { "@\"10:20:30+08:00\".time offset", "@\"PT8H\"" },
        { "@\"2026-07-01T10:20:30@Europe/Paris\".time offset", "@\"PT2H\"" },
        { "@\"2026-07-01T10:20:30@Europe/Paris\".timezone", "\"Europe/Paris\"" },
        { "@\"P1Y2M\".months", "2" }, { "@\"-P1DT2H\".hours", "-2" }, { "@\"P1Y\".days", "null" },
        { "[1..5].start", "1" }, { "[1..5).end included", "false" },
    };
    RUN(rows);
}

static void functions(void **state)
{
    (void)state;
    static const Row rows[] = {
        { "(function(a, b) a - b)(5, 3)", "2" }, { "(function(a, b) a - b)(b: 5, a: 3)", "-2" },
        { "(function(a) a)(1, 2)", "null" }, { "(function(a) a)(b: 1)", "null" },
        { "(function(a: number) a)(\"x\")", "null" }, { "(function(a: number) a)([1])", "1" },
        { "(function(a: list<number>) a)(1)", "[1]" }, { "(function() 7)()", "7" },
        { "{f: function(n) if n = 0 then 1 else n * f(n - 1), r: f(10)}.r", "3628800" },
        { "{a: 3, f: function(x) x + a}.f(4)", "7" },
        { "{f: string length}.f(\"述评\")", "2" }, { "1(2)", "null" },
        { "(function(f, x) f(f(x)))(function(n) n * 3, 2)", "18" },
        { "5 instance of number", "true" }, { "null instance of Any", "false" },
        { "[1] instance of list<number>", "true" },
        { "[1, \"a\"] instance of list<number>", "false" },
        { "{a: 1} instance of context<a: number>", "true" },
        { "{a: 1} instance of context<a: string>", "false" },
        { "@\"P1D\" instance of days and time duration", "true" },
        { "@\"2026-01-01T00:00:00\" instance of date and time", "true" },
        { "[1..2] instance of range<number>", "true" },
        { "(function(a: number) a) instance of function<number> -> Any", "true" },
        { "(function(a: number) a) instance of function<> -> Any", "false" },
        { "abs instance of function<number> -> number", "true" },
    };
    RUN(rows);
}

static void contexts(void **state)
{
    (void)state;
    static const Row rows[] = {
        { "{a: 1, b: a + 1, c: {d: a + b}}.c.d", "3" }, { "{a: 1, a: 2}", "null" },
        { "{\"\": 1}", "{\"\": 1}" }, { "{a: b, b: 1}", "{a: null, b: 1}" },
        { "{score: 1, x: score}.x", "1" },
    };
    RUN(rows);
}

/* The value tested is 15. */
static void unary_tests(void **state)
{
    (void)state;
    static const Row rows[] = {
        { "-", "true" }, { "15", "true" }, { "14, 15", "true" }, { "14, 16", "false" },
        { "< 10", "false" }, { "> 10", "true" }, { "[10..20]", "true" }, { "(15..20]", "false" },
        { "not(15)", "false" }, { "not(1, 2)", "true" }, { "not(< 10)", "true" },
        { "? > 10", "true" }, { "? > 10 and ? < 12", "false" }, { "odd(?)", "true" },
        { "not(even(?)) and ? > 20", "false" }, { "10 + 5", "true" }, { "null", "false" },
        { "scores", "false" }, { "= 15", "true" }, { "!= 15", "false" }, { "\"a\"", "null" },
    };
    run_rows(rows, sizeof rows / sizeof *rows, true);
}

/* --- refusals ------------------------------------------------------------------------------- */
/* Does the English sentence stand in English only, with every hole filled? */
static bool english(const Err *e)
{
    char text[ERR_TEXT_MAX];
    size_t n = err_print(e, LANG_EN, text, sizeof text);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] >= 0x80 || text[i] == '?')
            return false;
    return true;
}

typedef struct Refusal {
    const char *text;
    ErrCode code;
    const char *line, *column;
} Refusal;

static void syntax(void **state)
{
    (void)state;
    static const Refusal rows[] = {
        { "", ERR_FEEL_SYNTAX, "1", "1" }, { "1 +", ERR_FEEL_SYNTAX, "1", "4" },
        { "1 2", ERR_FEEL_SYNTAX, "1", "3" }, { "(1", ERR_FEEL_SYNTAX, "1", "3" },
        { "[1, 2", ERR_FEEL_SYNTAX, "1", "6" }, { "[1,\n 2)", ERR_FEEL_SYNTAX, "2", "3" },
        { "\"述评", ERR_FEEL_SYNTAX, "1", "1" }, { "述评 + \"a", ERR_FEEL_SYNTAX, "1", "6" },
        { "/* open", ERR_FEEL_SYNTAX, "1", "1" }, { "if 1 then 2", ERR_FEEL_SYNTAX, "1", "12" },
        { "for i in [1]", ERR_FEEL_SYNTAX, "1", "13" },
        { "for 1 in [1] return 1", ERR_FEEL_SYNTAX, "1", "5" },
        { "{a 1}", ERR_FEEL_SYNTAX, "1", "5" }, { "{1: 2}", ERR_FEEL_SYNTAX, "1", "2" },
        { "a.1", ERR_FEEL_SYNTAX, "1", "2" }, { "1 between 2", ERR_FEEL_SYNTAX, "1", "12" },
        { "x instance of nothing", ERR_FEEL_SYNTAX, "1", "15" },
        { "@\"2026-02-30\"", ERR_FEEL_SYNTAX, "1", "1" },
        { "f(a: 1, 2)", ERR_FEEL_SYNTAX, "1", "9" },
        { "1 # 2", ERR_FEEL_SYNTAX, "1", "3" }, { "[1..2", ERR_FEEL_SYNTAX, "1", "6" },
        { "1e99999", ERR_FEEL_SYNTAX, "1", "1" },
        { "function(a) external {}", ERR_FEEL_EXTERNAL, "1", "13" },
        { "score >= 85 then 1", ERR_FEEL_SYNTAX, "1", "13" }, { "1;", ERR_FEEL_SYNTAX, "1", "2" },
        { "\xff", ERR_BAD_TEXT, "", "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *a = arena_open(1 << 20);
        Err e = { 0 };
        FeelExpr *x = NULL;
        if (feel_parse(&x, a, str_of(rows[i].text), &known, &e))
            fail_msg("%s was read", rows[i].text);
        if (e.code != rows[i].code || !str_is(err_get(&e, "line"), rows[i].line) ||
            !str_is(err_get(&e, "column"), rows[i].column))
            fail_msg("%s: %s at %.*s:%.*s", rows[i].text, err_name(e.code),
                     STR(err_get(&e, "line")), STR(err_get(&e, "column")));
        assert_null(x);
        if (e.code == ERR_FEEL_SYNTAX && rows[i].text[0] > 0 && !strstr(rows[i].text, "述"))
            assert_true(english(&e));
        arena_close(a);
    }
}

/* A clerk's Chinese keyboard is the commonest slip: the message says so. */
static void wide_signs(void **state)
{
    (void)state;
    static const char *const wide[] = { "（1 + 2）", "count([1，2])", "“优秀”", "score ＞ 1" };
    for (size_t i = 0; i < 5; i++) {
        Arena *a = arena_open(1 << 20);
        Err e = { 0 };
        FeelExpr *x;
        char text[ERR_TEXT_MAX];
        assert_false(feel_parse(&x, a, str_of(i < 4 ? wide[i] : "(1 + 2"), NULL, &e));
        err_print(&e, LANG_HANS, text, sizeof text);
        assert_int_equal(strstr(text, "半角") != NULL, i < 4);
        arena_close(a);
    }
}

static void diagnostics(void **state)
{
    (void)state;
    static const Refusal rows[] = {
        { "1 +\n \"a\"", ERR_FEEL_OPERANDS, "1", "3" }, { "nowhere", ERR_FEEL_NAME, "1", "1" },
        { "org.nmae", ERR_FEEL_NAME, "1", "5" }, { "10 / 0", ERR_FEEL_VALUE, "1", "4" },
        { "[1][7]", ERR_FEEL_VALUE, "1", "4" }, { "abs(\"a\")", ERR_FEEL_ARGUMENT, "1", "4" },
        { "if 5 then 1 else 2", ERR_FEEL_OPERAND, "1", "4" },
        { "1 < \"a\"", ERR_FEEL_OPERANDS, "1", "3" },
        { "date(\"2026-02-30\")", ERR_FEEL_ARGUMENT, "1", "5" },
        { "1(2)", ERR_FEEL_OPERAND, "1", "2" },
        { "[3..1]", ERR_FEEL_VALUE, "1", "1" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *a = arena_open(1 << 20);
        Err e = { 0 }, d = { 0 };
        FeelExpr *x;
        FeelValue v;
        FeelScope scope = make_scope(a);
        FeelRun run = feel_run(a, NOW);
        assert_true(feel_parse(&x, a, str_of(rows[i].text), &known, &e));
        assert_true(feel_eval(&v, a, x, &scope, &run, &e));
        assert_int_equal(run.n_diags, 1);
        feel_diag_err(&run.diags[0], &d);
        char text[ERR_TEXT_MAX];
        err_print(&d, LANG_HANS, text, sizeof text);
        if (d.code != rows[i].code || !str_is(err_get(&d, "line"), rows[i].line) ||
            !str_is(err_get(&d, "column"), rows[i].column) || strstr(text, "?"))
            fail_msg("%s: %s", rows[i].text, text);
        assert_true(english(&d));
        arena_close(a);
    }
}

/* --- limits --------------------------------------------------------------------------------- */
static char *repeat(const char *head, const char *part, size_t n, const char *middle,
                    const char *tail)
{
    size_t len = strlen(part) * n + strlen(tail) * n + strlen(head) + strlen(middle) + 1;
    char *p = malloc(len), *at = p;
    assert_non_null(p);
    at = stpcpy(at, head);
    for (size_t i = 0; i < n; i++)
        at = stpcpy(at, part);
    at = stpcpy(at, middle);
    for (size_t i = 0; i < n; i++)
        at = stpcpy(at, tail);
    return p;
}

static ErrCode parse_code(const char *text)
{
    Arena *a = arena_open(256 << 20);
    Err e = { 0 };
    FeelExpr *x;
    ErrCode code = feel_parse(&x, a, str_of(text), NULL, &e) ? ERR_NONE : e.code;
    arena_close(a);
    return code;
}

static void limit_of_bytes(void **state)
{
    (void)state;
    char *at = repeat("", " ", FEEL_BYTES_MAX - 1, "1", "");
    char *past = repeat("", " ", FEEL_BYTES_MAX, "1", "");
    assert_int_equal(parse_code(at), ERR_NONE);
    assert_int_equal(parse_code(past), ERR_TOO_BIG);
    free(at);
    free(past);
}

static void limit_of_depth(void **state)
{
    (void)state;
    static const struct {
        const char *part, *middle, *tail;
    } rows[] = { { "[", "1", "]" }, { "(", "1", ")" }, { "-", "1", "" }, { "1+", "1", "" },
                 { "{a:", "1", "}" }, { "if true then 1 else ", "1", "" },
                 { "function(a) ", "1", "" }, { "abs(", "1", ")" } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *deep = repeat("", rows[i].part, 10000, rows[i].middle, rows[i].tail);
        char *fine = repeat("", rows[i].part, FEEL_DEPTH_MAX - 2, rows[i].middle, rows[i].tail);
        char *past = repeat("", rows[i].part, FEEL_DEPTH_MAX + 1, rows[i].middle, rows[i].tail);
        assert_int_equal(parse_code(deep), ERR_FEEL_DEPTH);
        assert_int_equal(parse_code(fine), ERR_NONE);
        assert_int_equal(parse_code(past), ERR_FEEL_DEPTH);
        free(deep);
        free(fine);
        free(past);
    }
}

static ErrCode eval_code(const char *text, int64_t work)
{
    Arena *a = arena_open(512 << 20);
    Err e = { 0 };
    FeelExpr *x;
    FeelValue v;
    FeelRun run = feel_run(a, NOW);
    run.work = work;
    assert_true(feel_parse(&x, a, str_of(text), NULL, &e));
    ErrCode code = feel_eval(&v, a, x, NULL, &run, &e) ? ERR_NONE : e.code;
    arena_close(a);
    return code;
}

static void limit_of_work(void **state)
{
    (void)state;
    assert_int_equal(eval_code("1 + 2", 3), ERR_NONE);
    assert_int_equal(eval_code("1 + 2", 2), ERR_FEEL_WORK);
    assert_int_equal(eval_code("for i in 1..1000, j in 1..1000 return i", 100000), ERR_FEEL_WORK);
    assert_int_equal(eval_code("{f: function(n) f(n), r: f(1)}.r", FEEL_WORK_MAX), ERR_FEEL_DEPTH);
    assert_int_equal(eval_code("count(for i in 1..1000000 return 1)", FEEL_WORK_MAX), ERR_NONE);
    assert_int_equal(eval_code("count(for i in 1..1000001 return 1)", FEEL_WORK_MAX), ERR_TOO_BIG);
    /* Nested as deep as a loop can build: no comparison may run off the stack. */
    assert_int_equal(eval_code("{a: for i in 1..100000 return [partial[-1]], r: a = a}.r",
                               FEEL_WORK_MAX), ERR_NONE);
    /* 2 to the 200th leaves: shared lists take no memory, but must not be walked. */
    assert_int_equal(eval_code("{a: for i in 1..200 return [partial[-1], partial[-1]], r: a = a}",
                               FEEL_WORK_MAX), ERR_FEEL_WORK);
    assert_int_equal(eval_code("string(for i in 1..200 return [partial[-1], partial[-1]])",
                               FEEL_WORK_MAX), ERR_NONE);
    assert_int_equal(eval_code("flatten(for i in 1..200 return [partial[-1], partial[-1]])",
                               FEEL_WORK_MAX), ERR_TOO_BIG);
    assert_int_equal(eval_code("some i in 1..1000000000000 satisfies i = 0", FEEL_WORK_MAX),
                     ERR_FEEL_WORK);
    assert_int_equal(eval_code("some i in 1..2000000 satisfies i = 1999999", FEEL_WORK_MAX),
                     ERR_NONE);
    assert_int_equal(eval_code("string(for i in 1..100000 return [partial[-1]])", FEEL_WORK_MAX),
                     ERR_NONE);
    assert_int_equal(eval_code("flatten(for i in 1..100000 return [partial[-1]])", FEEL_WORK_MAX),
                     ERR_TOO_BIG);
}

static Str shown(Arena *a, const char *text, FeelRun *run)
{
    Err e = { 0 };
    FeelExpr *x;
    FeelValue v;
    *run = feel_run(a, NOW);
    assert_true(feel_parse(&x, a, str_of(text), NULL, &e));
    assert_true(feel_eval(&v, a, x, NULL, run, &e));
    return feel_print(a, v);
}

static void limits_of_values(void **state)
{
    (void)state;
    Arena *a = arena_open(256 << 20);
    FeelRun run;
    /* 2 to the 22nd is FEEL_STRING_MAX; doubled once more it is null. */
    assert_int_equal(FEEL_STRING_MAX, 1 << 22);
    assert_true(str_is(shown(a, "for n in [23, 24] return string length((for i in 1..n return "
                                "if i = 1 then \"x\" else partial[-1] + partial[-1])[n])", &run),
                       "[4194304, null]"));
    shown(a, "for i in 1..50 return 1 / 0", &run);
    assert_int_equal(run.n_diags, FEEL_DIAGS_MAX);
    shown(a, "for i in 1..51 return 1 / 0", &run);
    assert_int_equal(run.n_diags, FEEL_DIAGS_MAX);
    arena_close(a);
}

static void limit_of_json(void **state)
{
    (void)state;
    for (int past = 0; past < 2; past++) {
        Arena *a = arena_open(1 << 20);
        Err e = { 0 };
        FeelValue v;
        json_t *top = json_null();
        for (int i = 0; i < FEEL_JSON_DEPTH_MAX + past; i++) {
            json_t *outer = json_array();
            json_array_append_new(outer, top);
            top = outer;
        }
        assert_int_equal(feel_from_json(&v, a, top, NULL, &e), !past);
        assert_int_equal(e.code, past ? ERR_TOO_BIG : ERR_NONE);
        jv_close(top);
        arena_close(a);
    }
}

/* Every allocation refused in turn gives NO_MEMORY, never a crash or a wrong value. */
static void memory_refused(void **state)
{
    (void)state;
    const char *text = "sort(for i in [3, 1, 2], j in [1..2] return {f: function(x) x + i}.f(j)"
                       " + string length(upper case(\"abc\" + string(i))),"
                       " function(a, b) a < b)";
    bool passed = false;
    for (size_t cap = 256; cap < (1 << 20) && !passed; cap += 512) {
        Arena *a = arena_open(cap);
        Err e = { 0 };
        FeelExpr *x;
        FeelValue v;
        FeelRun run = feel_run(a, NOW);
        if (feel_parse(&x, a, str_of(text), NULL, &e) && feel_eval(&v, a, x, NULL, &run, &e)) {
            passed = true;
            assert_int_equal(v.kind, FEEL_LIST);
            assert_int_equal(v.list.n, 6);
        } else {
            assert_int_equal(e.code, ERR_NO_MEMORY);
        }
        arena_close(a);
    }
    assert_true(passed);
}

/* --- the rest of the face ------------------------------------------------------------------- */
static void scanning(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int end; /* -1: refused */
    } rows[] = {
        { "a = 1; b", 5 }, { "\";\" + f(1); x", 10 }, { "// ;\n1; 2", 6 }, { "/* ; */1;", 8 },
        { "{a: \"}\"}[1];", 11 }, { "(1;", 2 }, { "\"a\\\";\";", 6 }, { "no end", -1 },
        { "\"open;", -1 },
        { "/* open ;", -1 }, { "", -1 }, { "\"\\", -1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t len = 0;
        Err e = { 0 };
        bool ok = feel_scan(str_of(rows[i].text), &len, &e);
        assert_int_equal(ok ? (int)len : -1, rows[i].end);
        assert_int_equal(e.code, ok ? ERR_NONE : ERR_FEEL_SYNTAX);
    }
}

/* What is printed reads again as the same value. */
static void print_and_read(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "1.50", "\"a\\\"\\\\\\n述\"", "@\"2026-02-28T10:00:00.25@Asia/Shanghai\"", "@\"-P1Y2M\"",
        "@\"P1DT0.5S\"", "[1, [2, {a b: \"c\"}], null, true]", "{\"x+y\": [1..2), z: (> 3)}",
        "[@\"10:00:00Z\", @\"0001-01-01\"]",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *a = arena_open(1 << 20);
        Err e = { 0 };
        FeelExpr *x, *y;
        FeelValue v, w;
        FeelRun run = feel_run(a, NOW);
        assert_true(feel_parse(&x, a, str_of(rows[i]), NULL, &e));
        assert_true(feel_eval(&v, a, x, NULL, &run, &e));
        assert_true(feel_parse(&y, a, feel_print(a, v), NULL, &e));
        assert_true(feel_eval(&w, a, y, NULL, &run, &e));
        assert_int_equal(feel_equal(v, w), 1);
        assert_true(str_eq(feel_print(a, v), feel_print(a, w)));
        arena_close(a);
    }
}

static void explanation(void **state)
{
    (void)state;
    Arena *a = arena_open(8 << 20);
    Err e = { 0 };
    FeelExpr *x;
    FeelTrace *t;
    FeelScope scope = make_scope(a);
    FeelRun run = feel_run(a, NOW);
    assert_true(feel_parse(&x, a, STRC("round half up(score * 0.6, 1) + 得分"), &known, &e));
    assert_true(feel_explain(&t, a, x, &scope, &run, &e));
    assert_true(str_is(t->text, "round half up(score * 0.6, 1) + 得分"));
    assert_true(str_is(feel_print(a, t->value), "142"));
    const FeelTrace *call = t->first, *product = call->first;
    assert_true(str_is(call->text, "round half up(score * 0.6, 1)"));
    assert_true(str_is(product->text, "score * 0.6"));
    assert_true(str_is(feel_print(a, product->value), "54"));
    assert_true(str_is(product->first->text, "score"));
    assert_true(str_is(call->next->text, "得分"));
    assert_null(call->next->next);
    assert_true(feel_parse(&x, a, STRC("for i in 1..10000 return i + 1"), NULL, &e));
    assert_true(feel_explain(&t, a, x, NULL, &run, &e));
    size_t n = 0;
    for (const FeelTrace *p = t->first; p; p = p->next)
        n++;
    assert_true(n > 100 && n <= FEEL_EXPLAIN_MAX);
    assert_int_equal(t->value.list.n, 10000);
    arena_close(a);
}

static void json(void **state)
{
    (void)state;
    static const struct {
        const char *json, *type, *want; /* want NULL: refused */
    } rows[] = {
        { "5", NULL, "5" }, { "\"85.5\"", NULL, "\"85.5\"" }, { "\"85.5\"", "number", "85.5" },
        { "\"2026-02-28\"", "date", "@\"2026-02-28\"" }, { "\"2026-02-30\"", "date", NULL },
        { "\"P3D\"", "days and time duration", "@\"P3D\"" },
        { "\"P3D\"", "years and months duration", NULL },
        { "\"10:00:00\"", "time", "@\"10:00:00\"" }, { "[1, \"2\"]", "list<number>", "[1, 2]" },
        { "[1, \"x\"]", "list<number>", NULL }, { "null", "number", "null" },
        { "{\"a\": \"1.5\", \"b\": [true]}", "context<a: number>", "{a: 1.5, b: [true]}" },
        { "{\"b\": 1}", "context<a: number>", NULL }, { "5", "string", NULL },
        { "{\"a b\": null}", NULL, "{a b: null}" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *a = arena_open(1 << 20);
        Err e = { 0 };
        json_t *j;
        const FeelType *type = NULL;
        FeelValue v;
        assert_true(jv_read(&j, str_of(rows[i].json), "test", &e));
        assert_true(!rows[i].type || feel_type_read(&type, a, str_of(rows[i].type), &e));
        bool ok = feel_from_json(&v, a, j, type, &e);
        assert_int_equal(ok, rows[i].want != NULL);
        if (ok)
            assert_true(str_is(feel_print(a, v), rows[i].want));
        else
            assert_int_equal(e.code, ERR_FIELD_TYPE);
        jv_close(j);
        arena_close(a);
    }
}

static void json_out(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    FeelExpr *x;
    FeelValue v;
    json_t *j;
    FeelRun run = feel_run(a, NOW);
    Buf b = buf_open(1 << 16);
    assert_true(feel_parse(&x, a, STRC("{b: [1, 0.50, \"x\", null, true], a: @\"2026-02-28\","
                                       " c: [1..2], d: 10 ** 20}"), NULL, &e));
    assert_true(feel_eval(&v, a, x, NULL, &run, &e));
    assert_true(feel_to_json(&j, v, &e));
    assert_true(jv_canon(&b, j, &e));
    assert_true(str_is(buf_str(&b), "{\"a\":\"2026-02-28\",\"b\":[1,\"0.50\",\"x\",null,true],"
                                    "\"c\":\"[1..2]\",\"d\":\"100000000000000000000\"}"));
    jv_close(j);
    buf_close(&b);
    arena_close(a);
}

/* The example of the header. */
static void example(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    FeelNames given = { .names = (Str[]){ S("score"), S("Full Name") }, .n = 2 };
    FeelExpr *x;
    assert_true(feel_parse(&x, a, STRC("if score >= 85.5 then Full Name else null"), &given, &e));
    FeelEntry entries[] = { { S("score"), feel_int(90) }, { S("Full Name"), feel_z("李") } };
    FeelScope scope = { .entries = entries, .n = 2 };
    FeelRun run = feel_run(a, NOW);
    FeelValue v;
    assert_true(feel_eval(&v, a, x, &scope, &run, &e));
    assert_true(str_is(feel_print(a, v), "\"李\""));
    FeelValue f, got, args[2] = { feel_int(7), feel_int(4) };
    assert_true(feel_parse(&x, a, STRC("modulo"), NULL, &e));
    assert_true(feel_eval(&f, a, x, NULL, &run, &e));
    assert_true(feel_call(&got, a, f, args, 2, &run, &e));
    assert_true(str_is(feel_print(a, got), "3"));
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals), cmocka_unit_test(names_in_scope), cmocka_unit_test(arithmetic),
        cmocka_unit_test(comparison), cmocka_unit_test(logic), cmocka_unit_test(loops),
        cmocka_unit_test(filters_and_paths), cmocka_unit_test(functions),
        cmocka_unit_test(contexts), cmocka_unit_test(unary_tests), cmocka_unit_test(syntax),
        cmocka_unit_test(wide_signs),
        cmocka_unit_test(diagnostics), cmocka_unit_test(limit_of_bytes),
        cmocka_unit_test(limit_of_depth), cmocka_unit_test(limit_of_work),
        cmocka_unit_test(limits_of_values), cmocka_unit_test(limit_of_json),
        cmocka_unit_test(memory_refused), cmocka_unit_test(scanning),
        cmocka_unit_test(print_and_read), cmocka_unit_test(explanation), cmocka_unit_test(json),
        cmocka_unit_test(json_out), cmocka_unit_test(example),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
