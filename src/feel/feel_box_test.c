/* Boxes, functions the caller carries out, coercion, allowed values, constants, traces of a run. */
#include "feel/feel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static FeelExpr *parse(Arena *a, const char *text)
{
    FeelExpr *x;
    Err e = { 0 };
    assert_true(feel_parse(&x, a, str_of(text), NULL, &e));
    return x;
}

static FeelExpr *boxed(Arena *a, FeelBox box)
{
    FeelExpr *x;
    Err e = { 0 };
    assert_true(feel_box(&x, a, &box, &e));
    return x;
}

static const char *value_of(Arena *a, const FeelExpr *x, FeelRun *run)
{
    FeelValue v;
    Err e = { 0 };
    assert_true(feel_eval(&v, a, x, NULL, run, &e));
    return arena_z(a, feel_print(a, v));
}

static void forms(void **state)
{
    static const Str names[] = { S("a"), S("b") }, one[] = { S("i") };
    (void)state;
    Arena *a = arena_open(1 << 20);
    FeelExpr *two[] = { parse(a, "[1, 2, 3]"), parse(a, "i * 2") };
    FeelExpr *test[] = { parse(a, "[1, 2, 3]"), parse(a, "i > 2") };
    FeelExpr *filter[] = { parse(a, "[1, 2, 3]"), parse(a, "item > 1") };
    FeelExpr *entries[] = { parse(a, "1"), parse(a, "a + 1"), parse(a, "[a, b]") };
    FeelExpr *branch[] = { parse(a, "1 > 2"), parse(a, "1"), parse(a, "2") };
    FeelExpr *body[] = { parse(a, "i + 1") };
    FeelExpr *call[] = { boxed(a, (FeelBox){ .form = FEEL_BOX_FUNCTION, .kids = body, .n = 1,
                                             .names = one, .n_names = 1 }),
                         parse(a, "41") };
    const FeelBox boxes[] = {
        { .form = FEEL_BOX_LIST, .kids = branch, .n = 3 },
        { .form = FEEL_BOX_CONTEXT, .kids = entries, .n = 2, .names = names, .n_names = 2 },
        { .form = FEEL_BOX_CONTEXT, .kids = entries, .n = 3, .names = names, .n_names = 2 },
        { .form = FEEL_BOX_CALL, .kids = call, .n = 2 },
        { .form = FEEL_BOX_CALL, .kids = call, .n = 2, .names = one, .n_names = 1 },
        { .form = FEEL_BOX_IF, .kids = branch, .n = 3 },
        { .form = FEEL_BOX_FILTER, .kids = filter, .n = 2 },
        { .form = FEEL_BOX_FOR, .kids = two, .n = 2, .names = one, .n_names = 1 },
        { .form = FEEL_BOX_SOME, .kids = test, .n = 2, .names = one, .n_names = 1 },
        { .form = FEEL_BOX_EVERY, .kids = test, .n = 2, .names = one, .n_names = 1 },
    };
    static const char *const want[] = { "[false, 1, 2]", "{a: 1, b: 2}", "[1, 2]", "42", "42", "2",
                                        "[2, 3]", "[2, 4, 6]", "true", "false" };
    for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) {
        FeelRun run = feel_run(a, 0);
        assert_string_equal(value_of(a, boxed(a, boxes[i]), &run), want[i]);
        assert_int_equal(run.n_diags, 0);
    }
    arena_close(a);
}

/* A diagnostic names the boxes around it and the line of the innermost in the caller's file. */
static void places(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    FeelRun run = feel_run(a, 0);
    FeelExpr *x = parse(a, "1 / 0");
    x = boxed(a, (FeelBox){ .form = FEEL_BOX_TYPED, .label = STRC("cell"), .line = 7, .kids = &x,
                            .n = 1 });
    x = boxed(a, (FeelBox){ .form = FEEL_BOX_TYPED, .kids = &x, .n = 1, .line = 5 });
    x = boxed(a, (FeelBox){ .form = FEEL_BOX_TYPED, .label = STRC("table"), .line = 3, .kids = &x,
                            .n = 1 });
    assert_string_equal(value_of(a, x, &run), "null");
    assert_int_equal(run.n_diags, 1);
    assert_true(str_is(run.diags[0].where, "table > cell"));
    assert_int_equal(run.diags[0].file_line, 7);
    assert_null(run.where);
    arena_close(a);
}

static void faults(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err why = { 0 }, got = { 0 };
    FeelExpr *x;
    FeelRun run = feel_run(a, 0);
    assert_false(feel_parse(&x, a, STRC("1 +"), NULL, &why));
    x = boxed(a, (FeelBox){ .form = FEEL_BOX_FAULT, .fault = &why });
    assert_string_equal(value_of(a, x, &run), "null");
    assert_int_equal(run.n_diags, 1);
    feel_diag_err(&run.diags[0], &got);
    assert_int_equal(got.code, ERR_FEEL_SYNTAX);
    assert_true(str_is(err_get(&got, "column"), "4"));
    arena_close(a);
}

/* As deep as text may nest, boxes may. */
static void limit_of_depth(void **state)
{
    (void)state;
    Arena *a = arena_open(4 << 20);
    Err e = { 0 };
    FeelExpr *x = parse(a, "1");
    FeelBox box = { .form = FEEL_BOX_LIST, .kids = &x, .n = 1 };
    for (int i = 1; i < FEEL_DEPTH_MAX; i++)
        assert_true(feel_box(&x, a, &box, &e));
    assert_false(feel_box(&x, a, &box, &e));
    assert_int_equal(e.code, ERR_FEEL_DEPTH);
    arena_close(a);
}

static bool add(const void *ctx, FeelValue *out, Arena *a, const FeelValue *args, FeelRun *run,
                Err *e)
{
    Dec sum;
    (void)ctx, (void)a;
    if (args[0].kind == FEEL_NUMBER && args[1].kind == FEEL_NUMBER &&
        dec_add(&sum, args[0].number, args[1].number)) {
        *out = feel_number(sum);
        return true;
    }
    *out = feel_null();
    return feel_note(run, ERR_DMN_NO_RULE, NULL, 0, e);
}

static void natives(void **state)
{
    static const struct {
        const char *text, *want;
        size_t diags;
    } rows[] = {
        { "add(1, 2)", "3", 0 }, { "add(y: 1, x: 5)", "6", 0 }, { "add([1], 2)", "3", 0 },
        { "add(1, null)", "null", 1 }, { "add(1, \"2\")", "null", 1 }, { "add(1)", "null", 1 },
        { "add(1, z: 2)", NULL, 0 }, { "add(z: 1, x: 2)", "null", 1 },
        { "for i in [1, 2] return add(i, i)", "[2, 4]", 0 },
        { "add instance of function<number, number> -> number", "true", 0 },
    };
    static const Str params[] = { S("x"), S("y") };
    (void)state;
    Arena *a = arena_open(1 << 20);
    const FeelType *types[] = { feel_type_of(FEEL_NUMBER), feel_type_of(FEEL_NUMBER) };
    FeelNative native = { .name = STRC("add"), .params = params, .types = types, .n = 2,
                          .call = add };
    FeelEntry entry = { S("add"), feel_function(a, &native) };
    FeelScope scope = { NULL, &entry, 1 };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        FeelRun run = feel_run(a, 0);
        FeelExpr *x;
        FeelValue v;
        Err e = { 0 };
        bool read = feel_parse(&x, a, str_of(rows[i].text), NULL, &e);
        assert_int_equal(read, rows[i].want != NULL);
        if (!read)
            continue;
        assert_true(feel_eval(&v, a, x, &scope, &run, &e));
        assert_string_equal(arena_z(a, feel_print(a, v)), rows[i].want);
        assert_int_equal(run.n_diags, rows[i].diags);
    }
    arena_close(a);
}

static void coercion(void **state)
{
    static const struct {
        const char *value, *type, *want;   /* want NULL: it does not go */
    } rows[] = {
        { "1", "number", "1" }, { "[1]", "number", "1" }, { "[[1]]", "number", NULL },
        { "[1, 2]", "number", NULL }, { "1", "list<number>", "[1]" },
        { "\"a\"", "list<number>", NULL }, { "null", "number", "null" },
        { "[null]", "number", NULL }, { "\"1\"", "number", NULL },
        { "@\"2026-03-01\"", "date and time", "@\"2026-03-01T00:00:00Z\"" },
        { "@\"2026-03-01T10:00:00\"", "date", NULL },
        { "{a: 1, b: 2}", "context<a: number>", "{a: 1, b: 2}" },
        { "{b: 2}", "context<a: number>", NULL },
    };
    (void)state;
    Arena *a = arena_open(1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const FeelType *type;
        FeelValue v, out;
        FeelRun run = feel_run(a, 0);
        Err e = { 0 };
        assert_true(feel_type_read(&type, a, str_of(rows[i].type), &e));
        assert_true(feel_eval(&v, a, parse(a, rows[i].value), NULL, &run, &e));
        bool goes = feel_coerce(&out, a, v, type);
        assert_int_equal(goes, rows[i].want != NULL);
        if (goes)
            assert_string_equal(arena_z(a, feel_print(a, out)), rows[i].want);
    }
    arena_close(a);
}

static void allowed_values(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    FeelExpr *low, *high;
    assert_true(feel_parse_unary(&low, a, STRC("[0..100]"), NULL, &e));
    assert_true(feel_parse_unary(&high, a, STRC(">= 90"), NULL, &e));
    FeelType score = { .form = FEEL_TYPE_PLAIN, .kind = FEEL_NUMBER, .allowed = low };
    FeelType top = { .form = FEEL_TYPE_PLAIN, .kind = FEEL_NUMBER, .base = &score,
                     .allowed = high };
    FeelType tops = { .form = FEEL_TYPE_LIST, .item = &top };
    assert_true(feel_type_allows(&top, feel_int(95)));
    assert_false(feel_type_allows(&top, feel_int(89)));
    assert_false(feel_type_allows(&top, feel_int(101)));
    assert_true(feel_type_is(&top, feel_int(101)));
    FeelValue items[] = { feel_int(95), feel_null(), feel_int(89) };
    assert_true(feel_type_allows(&tops, feel_list(items, 2)));
    assert_false(feel_type_allows(&tops, feel_list(items, 3)));
    arena_close(a);
}

static void constants(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    FeelExpr *x;
    FeelValue *v;
    size_t n;
    assert_true(feel_parse_unary(&x, a, STRC("-5, [1..x), date(\"2026-01-01\"), not(\"a\")"), NULL,
                                 &e));
    assert_true(feel_literals(&v, &n, a, x, &e));
    assert_string_equal(arena_z(a, feel_print(a, feel_list(v, n))),
                        "[-5, 1, @\"2026-01-01\", null]");
    arena_close(a);
}

static void traces(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    FeelRun run = feel_run(a, 0);
    FeelTrace *top = feel_trace_open(&run);
    assert_non_null(top);
    assert_string_equal(value_of(a, parse(a, "1 + 2"), &run), "3");
    feel_trace_step(&run, STRC("rule"), feel_boolean(true));
    assert_true(str_is(top->first->text, "1 + 2"));
    assert_true(str_is(top->first->next->text, "rule"));
    for (int i = 0; i < 2 * FEEL_EXPLAIN_MAX; i++)
        feel_trace_step(&run, STRC("more"), feel_null());
    size_t n = 0;
    for (const FeelTrace *t = top->first; t; t = t->next)
        n++;
    assert_int_equal(n, FEEL_EXPLAIN_MAX);
    arena_close(a);
}

/* What is null silently is told: the conformance cases ask for a diagnostic. */
static void told(void **state)
{
    static const char *const texts[] = { "not(0)", "all(null)", "any([true, 1][2])", "null.b",
                                         "all([true, \"x\"])" };
    (void)state;
    Arena *a = arena_open(1 << 20);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        FeelRun run = feel_run(a, 0);
        assert_string_equal(value_of(a, parse(a, texts[i]), &run), "null");
        assert_int_equal(run.n_diags, 1);
    }
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms),     cmocka_unit_test(places),
        cmocka_unit_test(faults),    cmocka_unit_test(limit_of_depth),
        cmocka_unit_test(natives),   cmocka_unit_test(coercion),
        cmocka_unit_test(allowed_values), cmocka_unit_test(constants),
        cmocka_unit_test(traces),    cmocka_unit_test(told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
