/* Static checks: unknown names with the closest one, operands that never fit, names used. */
#include "feel/feel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char SCOPE[] =
    "context<score: number, name: string, joined: date, ok: boolean, any: Any,"
    " org: context<name: string, kind: string, members: number>,"
    " meetings: list<context<kind: string, held on: date, present: number>>>";

typedef struct Row {
    const char *text;
    ErrCode code;              /* ERR_NONE: passes */
    const char *want;          /* the type, or "line:column hint" */
} Row;

static const Row rows[] = {
    { "score * 0.6 + org.members", ERR_NONE, "number" },
    { "if ok then score else null", ERR_NONE, "Any" },
    { "name + \"x\"", ERR_NONE, "string" }, { "score > 85", ERR_NONE, "boolean" },
    { "joined + @\"P1Y\"", ERR_NONE, "date" },
    { "joined - @\"2026-01-01\"", ERR_NONE, "days and time duration" },
    { "meetings[kind = \"class\"].present", ERR_NONE, "list<number>" },
    { "meetings[1].held on", ERR_NONE, "date" },
    { "count(meetings[held on > joined])", ERR_NONE, "number" },
    { "for m in meetings return m.present + score", ERR_NONE, "list<number>" },
    { "some m in meetings satisfies m.present > 3", ERR_NONE, "boolean" },
    { "any.whatever + 1", ERR_NONE, "Any" }, { "{a: score, b: a + 1}.b", ERR_NONE, "number" },
    { "(function(x) x + score)(1)", ERR_NONE, "Any" }, { "sum(meetings.present)", ERR_NONE, "Any" },
    { "joined.year", ERR_NONE, "number" }, { "[1, 2]", ERR_NONE, "list<number>" },
    { "score in [1..5]", ERR_NONE, "boolean" }, { "score = null", ERR_NONE, "boolean" },
    { "[5, 6][item > 5]", ERR_NONE, "list<number>" }, { "partial", ERR_FEEL_NAME, "1:1 " },
    { "for i in [1] return count(partial)", ERR_NONE, "list<number>" },
    { "org.nmae", ERR_FEEL_NAME, "1:5 （是否为“name”？）" },
    { "scroe + 1", ERR_FEEL_NAME, "1:1 （是否为“score”？）" },
    { "score +\n  org.membres", ERR_FEEL_NAME, "2:7 （是否为“members”？）" },
    { "meetings[knd = \"a\"]", ERR_FEEL_NAME, "1:10 （是否为“kind”？）" },
    { "meetings.presnt", ERR_FEEL_NAME, "1:10 （是否为“present”？）" },
    { "joined.yaer", ERR_FEEL_NAME, "1:8 " }, { "wholly unlike", ERR_FEEL_SYNTAX, "1:8 " },
    { "cuont(meetings)", ERR_FEEL_NAME, "1:1 （是否为“count”？）" },
    { "score + \"x\"", ERR_FEEL_OPERANDS,
      "1:7 （要拼接文字，请写 string(…)）" }, { "name < 5", ERR_FEEL_OPERANDS,
      "1:6 （要当作数，请去掉引号，或写 number(…)）" },
    { "score = \"85\"", ERR_FEEL_OPERANDS,
      "1:7 （要当作数，请去掉引号，或写 number(…)）" }, { "joined + 1", ERR_FEEL_OPERANDS,
      "1:8 （天数请写成 duration(\"P1D\")）" },
    { "ok + 1", ERR_FEEL_OPERANDS, "1:4 " }, { "score and ok", ERR_FEEL_OPERAND, "1:1 " },
    { "-name", ERR_FEEL_OPERAND, "1:1 " }, { "if score then 1 else 2", ERR_FEEL_OPERAND, "1:4 " },
    { "for m in meetings return m.present + \"x\"", ERR_FEEL_OPERANDS,
      "1:36 （要拼接文字，请写 string(…)）" },
    { "abs(1, 2)", ERR_FEEL_ARGUMENT, "1:4 " }, { "round up(1)", ERR_FEEL_ARGUMENT, "1:9 " },
    { "org < org", ERR_FEEL_OPERANDS, "1:5 " },
    /* arguments */
    { "abs(name)", ERR_FEEL_OPERAND, "1:5 " }, { "abs([score])", ERR_NONE, "number" },
    { "abs(any)", ERR_NONE, "Any" }, { "abs(null)", ERR_NONE, "Any" },
    { "abs(@\"-P1D\") + @\"P1D\"", ERR_NONE, "days and time duration" },
    { "substring(score, 1)", ERR_FEEL_OPERAND, "1:11 " },
    { "substring(string: name, start position: 2)", ERR_NONE, "string" },
    { "substring(text: name, start position: 2)", ERR_FEEL_ARGUMENT, "1:10 " },
    { "substring(name, start)", ERR_FEEL_NAME, "1:17 （是否为“starts”？）" },
    { "string length([1])", ERR_FEEL_OPERAND, "1:15 " },
    { "count(score)", ERR_NONE, "number" }, { "sum(1, 2, 3)", ERR_NONE, "Any" },
    { "decimal(score, \"2\")", ERR_FEEL_OPERAND, "1:16 " },
    { "date(joined)", ERR_NONE, "date" }, { "string join(score)", ERR_NONE, "string" },
    { "contains(name, 5)", ERR_FEEL_OPERAND, "1:16 " },
    { "(function(x: number) x + 1)(name)", ERR_FEEL_OPERAND, "1:29 " },
    { "(function(x: number) x + 1)(score)", ERR_NONE, "number" },
    { "(function(x: number) x + 1)(x: [score])", ERR_NONE, "number" },
    { "(function(x: number) x + 1)(y: score)", ERR_FEEL_ARGUMENT, "1:28 " },
    { "(function(x) x)(1, 2)", ERR_FEEL_ARGUMENT, "1:16 " },
    { "{f: function(x: date and time) x, v: f(joined)}.v", ERR_NONE, "date and time" },
    { "score(1)", ERR_FEEL_OPERAND, "1:6 " },
    /* ranges, tests, conditions */
    { "score between 1 and name", ERR_FEEL_OPERANDS,
      "1:7 （要当作数，请去掉引号，或写 number(…)）" },
    { "score in [\"a\"..\"b\"]", ERR_FEEL_OPERANDS, "1:7 " },
    { "[1..name]", ERR_FEEL_OPERANDS,
      "1:1 （要当作数，请去掉引号，或写 number(…)）" },
    { "name in (\"a\", \"b\")", ERR_NONE, "boolean" },
    { "name in [\"a\", \"b\"]", ERR_NONE, "boolean" },
    { "score in (1, \"b\")", ERR_FEEL_OPERANDS,
      "1:7 （要当作数，请去掉引号，或写 number(…)）" },
    { "score in (> 5, < 3)", ERR_NONE, "boolean" },
    { "name in (> 5)", ERR_FEEL_OPERANDS, "1:6 " },
    { "score in [[1..3], [5..7]]", ERR_NONE, "boolean" },
    { "[1..3].start + 1", ERR_NONE, "number" }, { "[1..3].end included", ERR_NONE, "boolean" },
    { "[joined..joined].start + 1", ERR_FEEL_OPERANDS, "1:24 （天数请写成 duration(\"P1D\")）" },
    { "meetings[\"class\"]", ERR_FEEL_OPERAND, "1:10 " },
    { "meetings[item.kind]", ERR_FEEL_OPERAND, "1:15 " },
    { "some m in meetings satisfies m.present", ERR_FEEL_OPERAND, "1:32 " },
    { "every m in meetings satisfies m.held on > joined", ERR_NONE, "boolean" },
};

static void table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *a = arena_open(1 << 20);
        Err e = { 0 };
        FeelExpr *x;
        const FeelType *scope, *type;
        assert_true(feel_type_read(&scope, a, str_of(SCOPE), &e));
        FeelType closed = *scope;
        closed.open = false;
        FeelTypeMember members[8];
        FeelType org = *scope->members[5].type, meeting = *scope->members[6].type->item;
        FeelType meetings = *scope->members[6].type;
        memcpy(members, scope->members, scope->n * sizeof *members);
        org.open = meeting.open = false;
        meetings.item = &meeting;
        members[5].type = &org;
        members[6].type = &meetings;
        closed.members = members;
        FeelNames known = { .scope = &closed };
        bool ok = feel_parse(&x, a, str_of(rows[i].text), &known, &e) &&
                  feel_check(&type, a, x, &closed, &e);
        Str got = ok ? feel_type_print(a, type)
                     : arena_text(a, "%.*s:%.*s %.*s", STR(err_get(&e, "line")),
                                  STR(err_get(&e, "column")), STR(err_get(&e, "hint")));
        if (e.code != rows[i].code || !str_is(got, rows[i].want))
            fail_msg("%s: %s %.*s", rows[i].text, err_name(e.code), STR(got));
        arena_close(a);
    }
}

static void open_scopes(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    FeelExpr *x;
    const FeelType *type;
    assert_true(feel_parse(&x, a, STRC("nowhere.at all + 1"), NULL, &e) == false);
    assert_true(feel_parse(&x, a, STRC("nowhere.at + 1"), NULL, &e));
    assert_true(feel_check(&type, a, x, feel_type_of(FEEL_CONTEXT), &e));
    assert_int_equal(type->form, FEEL_TYPE_ANY);
    arena_close(a);
}

static void uses(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        { "1 + 2", "" }, { "a + b.c.d", "a@1:1 b.c.d@1:5" }, { "a + a", "a@1:1" },
        { "for i in xs return i + y", "xs@1:10 y@1:24" },
        { "some i in xs satisfies i.k = z", "xs@1:11 z@1:30" },
        { "{a: 1, b: a + c}", "c@1:15" }, { "(function(x) x + y)(z)", "y@1:18 z@1:21" },
        { "xs[item.k = 1].v", "xs@1:1" }, { "count(xs)", "xs@1:7" },
        { "org.name\n = \"x\"", "org.name@1:1" }, { "f(x)", "f@1:1 x@1:3" },
        { "count + mean(count)", "count@1:1" },
        { "if max then 1 else sum.a", "max@1:4 sum.a@1:20" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena *a = arena_open(1 << 20);
        Err e = { 0 };
        FeelExpr *x;
        FeelUse *used;
        size_t n;
        assert_true(feel_parse(&x, a, str_of(cases[i].text), NULL, &e));
        assert_true(feel_names_used(&used, &n, a, x, &e));
        Str got = STRC("");
        for (size_t k = 0; k < n; k++)
            got = arena_text(a, "%.*s%s%.*s@%u:%u", STR(got), k ? " " : "", STR(used[k].path),
                             used[k].line, used[k].column);
        if (!str_is(got, cases[i].want))
            fail_msg("%s: %.*s", cases[i].text, STR(got));
        arena_close(a);
    }
}

static void types(void **state)
{
    (void)state;
    static const struct {
        const char *narrow, *wide;
        bool fits;
    } cases[] = {
        { "number", "Any", true }, { "Any", "number", false }, { "Null", "string", true },
        { "number", "string", false }, { "list<number>", "list<Any>", true },
        { "list<Any>", "list<number>", false },
        { "context<a: number, b: string>", "context<a: number>", true },
        { "context<a: number>", "context<a: number, b: string>", false },
        { "function<Any> -> number", "function<number> -> Any", true },
        { "function<number> -> number", "function<Any> -> number", false },
        { "range<date>", "range<date>", true },
        { "days and time duration", "years and months duration", false },
    };
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const FeelType *narrow, *wide, *again;
        assert_true(feel_type_read(&narrow, a, str_of(cases[i].narrow), &e));
        assert_true(feel_type_read(&wide, a, str_of(cases[i].wide), &e));
        assert_int_equal(feel_type_fits(narrow, wide), cases[i].fits);
        assert_true(str_is(feel_type_print(a, wide), cases[i].wide));
        assert_true(feel_type_read(&again, a, feel_type_print(a, narrow), &e));
    }
    const FeelType *t = NULL;
    assert_false(feel_type_read(&t, a, STRC("list<numbr>"), &e));
    assert_int_equal(e.code, ERR_FEEL_TYPE);
    assert_null(t);
    char deep[4096] = "";
    for (int i = 0; i < 500; i++)
        strcat(deep, "list<");
    assert_false(feel_type_read(&t, a, str_of(deep), &e));
    arena_close(a);
}

/* Types a caller names (item definitions) are known to `instance of` and to parameters. */
static void named_types(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    const FeelType *grades;
    assert_true(feel_type_read(&grades, a, STRC("list<number>"), &e));
    FeelTypeMember known[] = { { S("tGrades"), grades }, { S("grade list"), grades } };
    FeelNames names = { .types = known, .n_types = 2 };
    static const struct {
        const char *text;
        bool want;
    } cases[] = {
        { "[1, 2] instance of tGrades", true }, { "[\"a\"] instance of tGrades", false },
        { "[1] instance of grade list", true }, { "[[1]] instance of list<tGrades>", true },
        { "(function(g: tGrades) count(g))(5) = 1", true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FeelExpr *x;
        FeelValue v;
        FeelRun run = feel_run(a, 0);
        assert_true(feel_parse(&x, a, str_of(cases[i].text), &names, &e));
        assert_true(feel_eval(&v, a, x, NULL, &run, &e));
        assert_int_equal(v.kind, FEEL_BOOLEAN);
        assert_int_equal(v.boolean, cases[i].want);
    }
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(table), cmocka_unit_test(open_scopes),
                                        cmocka_unit_test(uses), cmocka_unit_test(types),
                                        cmocka_unit_test(named_types) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
