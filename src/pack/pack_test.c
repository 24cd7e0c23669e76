#include "pack/form.h"
#include "pack/flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "pack x { title \"例\"; version \"1\"; from 2026-01-01; }\n"
#define STATES "list st { item a \"甲\"; item b \"乙\"; }\n"
#define THING                                                                                      \
    "form thing { title \"事\"; field state choice required { title \"状态\"; of st; }\n"          \
    "field note text { title \"备注\"; } field n number { title \"数\"; } }\n"
#define FLOW(body) HEAD STATES THING "flow thing { title \"办事\"; of thing; start a;\n" body "}"

static bool load(Rulebook **rb, Arena *a, const char *text, Err *e)
{
    PackSource s = { STRC("x.pack"), str_of(text) };
    return pack_load(rb, a, &s, 1, e);
}

/* --- refusals: what, and on which line ------------------------------------------------------ */
typedef struct Bad {
    const char *text;
    ErrCode code;
    const char *line, *hole, *value;
} Bad;

static const Bad bad[] = {
    { "list a { item b \"x\"; }", ERR_PACK_SYNTAX, "1", "want", "“pack”" },
    { "pack x { title \"例\"; version \"1\"; }", ERR_PACK_MISSING, "1", "field", "from" },
    { "pack X { title \"例\"; version \"1\"; from 2026-01-01; }", ERR_PACK_SYNTAX, "1", "found",
      "“X”" },
    { "pack x { title \"例\"; version \"1\"; from 2026-02-30; }", ERR_PACK_SYNTAX, "1", "found",
      "“2026-02-30”" },
    { "pack x { title \"例\"; title \"例\"; }", ERR_PACK_TWICE, "1", "name", "title" },
    { HEAD "list a { item b \"x\"; }\nlist a { item b \"x\"; }", ERR_PACK_TWICE, "3", "where",
      "x.pack:2" },
    { HEAD "list a {\n item b \"x\";\n item b \"y\"; }", ERR_PACK_TWICE, "4", "name", "b" },
    { HEAD "list a { }", ERR_PACK_MISSING, "2", "field", "item" },
    { HEAD "lisst a { }", ERR_PACK_SYNTAX, "2", "hint", "（是不是“list”？）" },
    { HEAD "form f { titel \"x\"; }", ERR_PACK_SYNTAX, "2", "hint", "（是不是“title”？）" },
    { HEAD "form f { title \"x\"; }", ERR_PACK_MISSING, "2", "field", "field" },
    { HEAD "form f { title \"x\";\n field a text { } }", ERR_PACK_MISSING, "3", "field", "title" },
    { HEAD "form f { title \"x\";\n field a texd { title \"甲\"; } }", ERR_PACK_SYNTAX, "3", "hint",
      "（是不是“text”？）" },
    { HEAD "form f { title \"x\";\n field a text needed { title \"甲\"; } }", ERR_PACK_SYNTAX, "3",
      "found", "“needed”" },
    { HEAD "form f { title \"x\";\n field a-b text { title \"甲\"; } }", ERR_PACK_SYNTAX, "3",
      "found", "“a-b”" },
    { HEAD "form f { title \"x\"; field a text { title \"甲\"; }\n field a day { title \"乙\"; } }",
      ERR_PACK_TWICE, "3", "name", "a" },
    { HEAD "form f { title \"x\";\n field a choice { title \"甲\"; } }", ERR_PACK_MISSING, "3",
      "field", "of" },
    { HEAD STATES "form f { title \"x\";\n field a choice { title \"甲\"; of sr; } }",
      ERR_PACK_UNKNOWN, "4", "hint", "（是不是“st”？）" },
    { HEAD "form f { title \"x\";\n field a ref { title \"甲\"; of g; } }", ERR_PACK_UNKNOWN, "3",
      "name", "g" },
    { HEAD "form f { title \"x\";\n field a text { title \"甲\"; of f; } }", ERR_PACK_RULE, "3",
      "want", "choice、words、ref或refs类型" },
    { HEAD "form f { title \"x\";\n field a day { title \"甲\"; max 3; } }", ERR_PACK_SYNTAX, "3",
      "found", "“max”" },
    { HEAD "form f { title \"x\";\n field a text { title \"甲\"; max 250001; } }", ERR_PACK_SYNTAX,
      "3", "found", "“250001”" },
    { HEAD "form f { title \"x\";\n field a number { title \"甲\"; max 0.5; } }", ERR_PACK_SYNTAX,
      "3", "found", "“0.5”" },
    { HEAD "form f { title \"x\";\n field a number { title \"甲\"; min 3; max 2; } }", ERR_PACK_RULE,
      "3", "why", "min大于max" },
    { HEAD "form f { title \"x\";\n field a rows { title \"甲\"; } }", ERR_PACK_RULE, "3", "why",
      "rows项目没有下级项目" },
    { HEAD "form f { title \"x\"; field a rows { title \"甲\";\n field b rows { title \"乙\";\n"
           " field c text { title \"丙\"; } } } }", ERR_PACK_RULE, "4", "want",
      "rows类型，或去掉下级项目" },
    { HEAD "form f { title \"x\"; field a rows { title \"甲\";\n field b text { title \"乙\"; index;"
           " } } }", ERR_PACK_SYNTAX, "3", "found", "“index”" },
    { HEAD "form f { title \"x\";\n field a object { title \"甲\"; index; } }", ERR_PACK_SYNTAX, "3",
      "found", "“index”" },
    { FLOW("move go from a to b { title \"办\"; }"), ERR_PACK_MISSING, "6", "field", "who" },
    { FLOW("move go from a to b { title \"办\"; who secretry; }"), ERR_PACK_SYNTAX, "6", "hint",
      "（是不是“secretary”？）" },
    { FLOW("move go from a to c { title \"办\"; who secretary; }"), ERR_PACK_UNKNOWN, "6", "name",
      "c" },
    { FLOW("move go from a to a { title \"办\"; who secretary; }"), ERR_PACK_RULE, "5", "why",
      "从起点走不到状态“b”" },
    { FLOW("move go from a to b { title \"办\"; who secretary; }\n"
           "move go from a to b { title \"办\"; who secretary; }"), ERR_PACK_TWICE, "7", "name",
      "go" },
    { FLOW("move go from a to b { title \"办\"; who secretary; guard thing.n > 0; }"),
      ERR_PACK_RULE, "6", "why", "有guard却没有说明" },
    { FLOW("move go from a to b { title \"办\"; who secretary; needs \"x\"; }"), ERR_PACK_RULE, "6",
      "why", "有needs却没有guard" },
    { FLOW("move go from a to b { title \"办\"; who secretary; needs \"x\";\n"
           " guard thing.n > ; }"), ERR_PACK_EXPRESSION, "7", "file", "x.pack" },
    { FLOW("move go from a to b { title \"办\"; who secretary; needs \"x\";\n"
           " guard thing.noot != null; }"), ERR_PACK_EXPRESSION, "7", "column", NULL },
    { FLOW("move go from a to b { title \"办\"; who secretary; needs \"x\";\n"
           " guard thing.n + 1; }"), ERR_PACK_RULE, "7", "want", "boolean" },
    { HEAD STATES THING "flow g { title \"x\"; of thang; start a;"
      " move go from a to b { title \"办\"; who secretary; } }", ERR_PACK_UNKNOWN, "5", "hint",
      "（是不是“thing”？）" },
    { HEAD STATES "form g { title \"x\"; field a text { title \"甲\"; } }\n"
      "flow g { title \"x\"; of g; start a; move go from a to b { title \"办\"; who secretary; } }",
      ERR_PACK_RULE, "4", "want",
      "有这个项目的表单" },
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Arena *a = arena_open(4 << 20);
        Rulebook *rb = NULL;
        Err e = { 0 };
        if (load(&rb, a, bad[i].text, &e))
            fail_msg("row %zu was accepted: %s", i, bad[i].text);
        if (e.code != bad[i].code || !str_is(err_get(&e, "line"), bad[i].line) ||
            (bad[i].value && !str_is(err_get(&e, bad[i].hole), bad[i].value))) {
            char text[600];
            err_print(&e, LANG_HANS, text, sizeof text);
            fail_msg("row %zu: %s %s (%s)", i, err_name(e.code), text, bad[i].text);
        }
        assert_null(rb);
        arena_close(a);
    }
}

/* --- what is part of the program ------------------------------------------------------------ */
static void test_builtin(void **state)
{
    (void)state;
    Arena *a = arena_open(32 << 20);
    Err e = { 0 };
    const PackSource *sources;
    size_t n;
    Rulebook *rb = NULL, *again = NULL;
    assert_true(pack_builtin(&sources, &n, a, &e));
    assert_true(n >= 3);
    if (!pack_load(&rb, a, sources, n, &e)) {
        char text[600];
        err_print(&e, LANG_HANS, text, sizeof text);
        fail_msg("%s; %s", text, e.trail);
    }
    const Form *finding = pack_form(rb, STRC("finding"));
    assert_non_null(finding);
    const Flow *flow = pack_flow_of(rb, finding);
    assert_non_null(flow);
    assert_true(str_is(list_title(flow->states, STRC("listed")), "已列入"));
    assert_true(str_is(list_title(flow->states, STRC("nothing")), "nothing"));
    assert_non_null(pack_scheme(rb, STRC("district")));
    assert_true(form_field(finding, STRC("owner"))->form == pack_form(rb, STRC("person")));
    assert_null(form_field(finding, STRC("ownr")));
    const Form *person = pack_form(rb, STRC("person"));
    assert_int_equal(person->n_index, 3);
    assert_true(str_is(person->index[2], "org"));

    /* canonical text reads back as itself, with the same hash */
    PackSource *canon = ARENA_ARRAY(a, PackSource, n);
    for (size_t i = 0; i < n; i++)
        canon[i] = (PackSource){ pack_at(rb, i)->file, pack_at(rb, i)->text };
    assert_true(pack_load(&again, a, canon, n, &e));
    assert_true(hash_eq(pack_hash(rb), pack_hash(again)));
    for (size_t i = 0; i < n; i++)
        assert_true(str_eq(pack_at(rb, i)->text, pack_at(again, i)->text));
    /* the order of sources is of no matter */
    PackSource first = canon[0];
    canon[0] = canon[n - 1];
    canon[n - 1] = first;
    assert_true(pack_load(&again, a, canon, n, &e));
    assert_true(hash_eq(pack_hash(rb), pack_hash(again)));
    arena_close(a);
}

static void test_describe(void **state)
{
    (void)state;
    Arena *a = arena_open(4 << 20);
    Err e = { 0 };
    Rulebook *rb;
    assert_true(load(&rb, a, HEAD STATES
                     "form f { title \"表\"; help \"说明\"; minutes 3;\n"
                     "field s choice required { title \"状\"; of st; index; }\n"
                     "field d decimal { title \"分\"; min 0; max 99.5; }\n"
                     "field r rows { title \"行\"; field t text { title \"字\"; max 5; } }\n"
                     "field p ref { title \"上级\"; of f; } }", &e));
    Buf b = buf_open(1 << 16);
    Jw w = jw_open(&b);
    form_describe(&w, pack_form(rb, STRC("f")));
    assert_true(jw_close(&w));
    assert_string_equal(
        arena_z(a, buf_str(&b)),
        "{\"name\":\"f\",\"title\":\"表\",\"help\":\"说明\",\"minutes\":3,\"fields\":["
        "{\"name\":\"s\",\"title\":\"状\",\"type\":\"choice\",\"required\":true,\"of\":\"st\","
        "\"choices\":[{\"value\":\"a\",\"title\":\"甲\"},{\"value\":\"b\",\"title\":\"乙\"}]},"
        "{\"name\":\"d\",\"title\":\"分\",\"type\":\"decimal\",\"required\":false,"
        "\"max\":\"99.5\",\"min\":\"0\"},"
        "{\"name\":\"r\",\"title\":\"行\",\"type\":\"rows\",\"required\":false,\"max\":1000,"
        "\"fields\":[{\"name\":\"t\",\"title\":\"字\",\"type\":\"text\",\"required\":false,"
        "\"max\":5}]},"
        "{\"name\":\"p\",\"title\":\"上级\",\"type\":\"ref\",\"required\":false,\"of\":\"f\"}]}");
    buf_reset(&b);
    w = jw_open(&b);
    pack_describe(&w, rb);
    assert_true(jw_close(&w));
    json_t *v;
    assert_true(jv_read(&v, buf_str(&b), "packs", &e));
    assert_true(str_is(jv_text(jv_at(jv_get(jv_at(v, 0), "forms"), 0)), "f"));
    assert_int_equal(jv_len(jv_get(jv_at(v, 0), "flows")), 0);
    jv_close(v);
    buf_close(&b);
    arena_close(a);
}

static void test_limits(void **state)
{
    (void)state;
    Arena *a = arena_open(64 << 20);
    Err e = { 0 };
    Rulebook *rb;
    for (size_t over = 0; over < 2; over++) { /* fields of a form */
        Buf b = buf_open(1 << 20);
        buf_put(&b, STRC(HEAD "form f { title \"表\";"));
        for (size_t i = 0; i < FORM_FIELDS_MAX + over; i++)
            buf_fmt(&b, "field f%zu text { title \"项\"; }", i);
        buf_putc(&b, '}');
        PackSource s = { STRC("x.pack"), buf_str(&b) };
        assert_int_equal(pack_load(&rb, a, &s, 1, &e), over == 0);
        buf_close(&b);
    }
    assert_int_equal(e.code, ERR_TOO_BIG);
    for (size_t over = 0; over < 2; over++) { /* index marks */
        Buf b = buf_open(1 << 20);
        buf_put(&b, STRC(HEAD "form f { title \"表\";"));
        for (size_t i = 0; i < FORM_INDEX_MAX + over; i++)
            buf_fmt(&b, "field f%zu text { title \"项\"; index; }", i);
        buf_putc(&b, '}');
        PackSource s = { STRC("x.pack"), buf_str(&b) };
        assert_int_equal(pack_load(&rb, a, &s, 1, &e), over == 0);
        buf_close(&b);
    }
    assert_int_equal(e.code, ERR_PACK_RULE);
    for (size_t over = 0; over < 2; over++) { /* items of a list */
        Buf b = buf_open(1 << 20);
        buf_put(&b, STRC(HEAD "list f {"));
        for (size_t i = 0; i < LIST_ITEMS_MAX + over; i++)
            buf_fmt(&b, "item i%zu \"项\";", i);
        buf_putc(&b, '}');
        PackSource s = { STRC("x.pack"), buf_str(&b) };
        assert_int_equal(pack_load(&rb, a, &s, 1, &e), over == 0);
        buf_close(&b);
    }
    assert_int_equal(e.code, ERR_TOO_BIG);
    PackSource *many = calloc(PACK_SOURCES_MAX + 1, sizeof *many);
    assert_false(pack_load(&rb, a, many, PACK_SOURCES_MAX + 1, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
    free(many);
    arena_close(a);
    for (size_t cap = 16; cap < 200000; cap += cap / 7 + 16) { /* every size of memory, no crash */
        a = arena_open(cap);
        err_clear(&e);
        if (!load(&rb, a, FLOW("move go from a to b { title \"办\"; who secretary; needs \"x\";"
                               " guard thing.n > 0; }"), &e))
            assert_int_equal(e.code, ERR_NO_MEMORY);
        arena_close(a);
    }
    assert_int_equal(e.code, ERR_NONE); /* the last was enough */
}

static void test_roles(void **state)
{
    (void)state;
    uint32_t bit, all = 0;
    for (size_t i = 0; i < PACK_ROLES; i++) {
        assert_true(pack_role_bit(&bit, pack_role_name(i)));
        assert_int_equal(bit, 1u << i);
        assert_true(pack_role_title(i).n > 0);
        all |= bit;
    }
    assert_int_equal(all, 0xFFFF);
    assert_int_equal(pack_role_name(PACK_ROLES).n, 0);
    assert_false(pack_role_bit(&bit, STRC("king")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused), cmocka_unit_test(test_builtin),
        cmocka_unit_test(test_describe), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_roles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
