#include "rule/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static Rulebook *builtin(Arena *a)
{
    const PackSource *sources;
    size_t n;
    Rulebook *rb = NULL;
    Err e = { 0 };
    if (!pack_builtin(&sources, &n, a, &e) || !pack_load(&rb, a, sources, n, &e)) {
        char text[600];
        err_print(&e, LANG_HANS, text, sizeof text);
        fail_msg("%s", text);
    }
    return rb;
}

static json_t *json_of(const char *text)
{
    json_t *v;
    Err e = { 0 };
    assert_true(jv_read(&v, str_of(text), "test", &e));
    return v;
}

/* A body in which every field says something of its type, so that each guard may hold. */
static json_t *filled(const Form *f)
{
    json_t *o = json_object();
    for (size_t i = 0; i < f->n_fields; i++) {
        char key[DECL_NAME_MAX + 1];
        const FormField *d = &f->fields[i];
        snprintf(key, sizeof key, "%.*s", STR(d->name));
        json_t *v = NULL;
        if (d->type == FIELD_TEXT || d->type == FIELD_LONG)
            v = json_string("某事");
        else if (d->type == FIELD_REF || d->type == FIELD_NUMBER)
            v = json_integer(1);
        else if (d->type == FIELD_DAY)
            v = json_string("2026-01-01");
        else if (d->type == FIELD_FLAG)
            v = json_true();
        else if (d->type == FIELD_CHOICE)
            v = jv_new(d->list->items[0].value);
        if (v)
            json_object_set_new(o, key, v);
    }
    return o;
}

/* Every state with every event of every flow, with nothing and with everything filled in, for
 * everybody, for nobody and for each role: the answer is the table's, nothing else. */
static void exhaust(const Flow *flow, const json_t *thing, uint32_t roles, size_t *made)
{
    for (size_t s = 0; s < flow->states->n_items; s++)
        for (size_t m = 0; m < flow->n_moves; m++) {
            Arena *a = arena_open(1 << 20);
            Err e = { 0 };
            Str state = flow->states->items[s].value, to = STRC("untouched");
            const FlowMove *row = NULL;
            for (size_t k = 0; k < flow->n_moves && !row; k++)
                if (str_eq(flow->moves[k].from, state) &&
                    str_eq(flow->moves[k].event, flow->moves[m].event))
                    row = &flow->moves[k];
            bool ok = rule_move(&to, flow, a, state, flow->moves[m].event, thing, roles,
                                day_make(2026, 11, 1), &e);
            if (!row)
                assert_int_equal(e.code, ERR_RULE_STATE);
            else if (!(row->who & roles))
                assert_int_equal(e.code, ERR_RULE_ROLE);
            else if (!ok) { /* only a guard may say no to him who may */
                assert_non_null(row->guard);
                assert_int_equal(e.code, ERR_RULE_GUARD);
            }
            assert_true(!ok || (row && (row->who & roles)));
            assert_true(str_eq(to, ok ? row->to : STRC("untouched")));
            *made += ok;
            arena_close(a);
        }
}

static size_t unguarded(const Flow *flow)
{
    size_t n = 0;
    for (size_t i = 0; i < flow->n_moves; i++)
        n += !flow->moves[i].guard;
    return n;
}

static void test_all_moves(void **state)
{
    (void)state;
    Arena *a = arena_open(32 << 20);
    Rulebook *rb = builtin(a);
    assert_true(pack_flow_count(rb) >= 4);
    for (size_t i = 0; i < pack_flow_count(rb); i++) {
        const Flow *flow = pack_flow_at(rb, i);
        json_t *none = json_object(), *all = filled(flow->form);
        size_t made = 0, again = 0;
        exhaust(flow, all, UINT32_MAX, &made);
        assert_true(made >= unguarded(flow)); /* each of them can be made by somebody */
        made = 0;
        exhaust(flow, none, UINT32_MAX, &made);
        made = 0;
        exhaust(flow, all, 0, &made);
        assert_int_equal(made, 0);
        for (size_t r = 0; r < PACK_ROLES; r++)
            exhaust(flow, all, UINT32_C(1) << r, &again);
        assert_true(again > 0 || unguarded(flow) == 0); /* a guard may ask for more */
        json_decref(none);
        json_decref(all);
    }
    arena_close(a);
}

static void says(const Err *e, const char *want)
{
    char text[600];
    err_print(e, LANG_HANS, text, sizeof text);
    assert_string_equal(text, want);
}

/* A flow of this test's own: packs may change theirs. */
#define CURE                                                                                       \
    "pack y { title \"例\"; version \"1\"; from 2026-01-01; }\n"                                   \
    "list cs { item listed \"已列入\"; item committed \"已认领\"; item verified \"验收通过\";\n"     \
    "  item closed \"已销号\"; item rechecked \"已回头看\"; }\n"                                   \
    "form person { title \"人员\"; field name text { title \"姓名\"; } }\n"                        \
    "form finding { title \"问题\"; field state choice { title \"状态\"; of cs; }\n"               \
    "  field measure long { title \"措施\"; } field owner ref { title \"责任人\"; of person; }\n"  \
    "  field recheck_result long { title \"结果\"; } }\n"                                         \
    "flow finding { title \"整改\"; of finding; start listed;\n"                                  \
    "  move commit from listed to committed { title \"认领\"; who secretary;\n"                   \
    "    guard thing.measure != null and thing.owner != null;\n"                                  \
    "    needs \"请先填写整改措施和责任人\"; }\n"                                                \
    "  move verify from committed to verified { title \"验收通过\"; who organiser_clerk; }\n"     \
    "  move close from verified to closed { title \"销号\"; who organiser_clerk; }\n"             \
    "  move recheck from closed to rechecked { title \"回头看通过\"; who organiser_clerk;\n"      \
    "    guard thing.recheck_result != null; needs \"请先填写回头看结果\"; }\n"                   \
    "  move reopen from closed to listed { title \"反弹\"; who organiser_clerk;\n"                \
    "    guard thing.recheck_result != null; needs \"请先填写回头看结果\"; } }\n"

static const Flow *cure(Arena *a)
{
    PackSource s = { STRC("y.pack"), STRC(CURE) };
    Rulebook *rb = NULL;
    Err e = { 0 };
    char text[600];
    if (!pack_load(&rb, a, &s, 1, &e)) {
        err_print(&e, LANG_HANS, text, sizeof text);
        fail_msg("%s", text);
    }
    return pack_flow(rb, STRC("finding"));
}

static void test_sentences(void **state)
{
    (void)state;
    Arena *a = arena_open(32 << 20);
    const Flow *flow = cure(a);
    uint32_t secretary, clerk;
    Err e = { 0 };
    Str to;
    json_t *half = json_of("{\"measure\":\"每月一查\"}");
    json_t *whole = json_of("{\"measure\":\"每月一查\",\"owner\":7}");
    Day today = day_make(2026, 12, 1);
    assert_true(pack_role_bit(&secretary, STRC("secretary")));
    assert_true(pack_role_bit(&clerk, STRC("organiser_clerk")));
    assert_false(rule_move(&to, flow, a, STRC("listed"), STRC("commit"), half, secretary, today,
                           &e));
    says(&e, "还不能办理“认领”；请先填写整改措施和责任人");
    assert_false(rule_move(&to, flow, a, STRC("listed"), STRC("commit"), NULL, secretary, today,
                           &e));
    assert_int_equal(e.code, ERR_RULE_GUARD);
    assert_false(rule_move(&to, flow, a, STRC("listed"), STRC("commit"), whole, clerk, today, &e));
    says(&e, "“认领”须由书记办理；请换用相应账号或联系他们");
    assert_false(rule_move(&to, flow, a, STRC("verified"), STRC("commit"), whole, secretary, today,
                           &e));
    says(&e, "问题现处于“验收通过”，不能办理“认领”；现在可以办理：“销号”");
    assert_false(rule_move(&to, flow, a, STRC("rechecked"), STRC("flee"), whole, secretary, today,
                           &e));
    says(&e, "问题现处于“已回头看”，不能办理“flee”；现在可以办理：没有可办理的步骤");
    assert_true(rule_move(&to, flow, a, STRC("listed"), STRC("commit"), whole, secretary, today,
                          &e));
    assert_true(str_is(to, "committed"));
    json_decref(half);
    json_decref(whole);
    arena_close(a);
}

static void test_possible(void **state)
{
    (void)state;
    Arena *a = arena_open(32 << 20);
    const Flow *flow = cure(a);
    uint32_t clerk;
    Err e = { 0 };
    RuleChoices c;
    json_t *v = json_of("{\"recheck_result\":\"未反弹\"}");
    assert_true(pack_role_bit(&clerk, STRC("organiser_clerk")));
    assert_true(rule_moves_possible(&c, flow, a, STRC("closed"), v, clerk, 0, &e));
    assert_int_equal(c.n, 2);
    assert_true(c.items[0].may && c.items[0].open && c.items[1].may && c.items[1].open);
    assert_true(str_is(c.items[0].move->event, "recheck"));
    assert_true(rule_moves_possible(&c, flow, a, STRC("listed"), v, clerk, 0, &e));
    assert_int_equal(c.n, 1);
    assert_false(c.items[0].may || c.items[0].open);
    assert_true(rule_moves_possible(&c, flow, a, STRC("rechecked"), v, clerk, 0, &e));
    assert_int_equal(c.n, 0);
    json_decref(v);
    arena_close(a);
}

#define SMALL                                                                                      \
    "pack x { title \"例\"; version \"1\"; from 2026-01-01; }\n"                                   \
    "list st { item a \"甲\"; item b \"乙\"; }\n"                                                  \
    "form f { title \"事\"; field state choice { title \"状态\"; of st; }\n"                       \
    "  field due day { title \"期限\"; } field d decimal { title \"分\"; } }\n"                    \
    "flow f { title \"办\"; of f; start a;\n"                                                      \
    "  move go from a to b { title \"办\"; who secretary party_staff; within 15;\n"                \
    "    guard thing.due >= today and thing.d > 59.9; needs \"请先核对期限和分值\"; }\n"           \
    "  move skip from a to b { title \"免\"; who secretary; within 3; }\n"                         \
    "  move back from b to a { title \"退\"; who secretary; } }\n"

typedef struct GuardCase {
    const char *body;
    bool open;
} GuardCase;

static void test_guard_values(void **state)
{
    (void)state;
    static const GuardCase cases[] = {
        { "{\"due\":\"2026-03-01\",\"d\":\"60\"}", true },
        { "{\"due\":\"2026-02-28\",\"d\":\"60\"}", false },
        { "{\"due\":\"2026-03-01\",\"d\":\"59.9\"}", false },
        { "{\"d\":\"60\"}", false }, /* null is not yes */
        { "{}", false },
    };
    Arena *a = arena_open(8 << 20);
    PackSource s = { STRC("x.pack"), STRC(SMALL) };
    Rulebook *rb;
    Err e = { 0 };
    Str to;
    assert_true(pack_load(&rb, a, &s, 1, &e));
    const Flow *flow = pack_flow(rb, STRC("f"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *v = json_of(cases[i].body);
        bool ok = rule_move(&to, flow, a, STRC("a"), STRC("go"), v, UINT32_MAX,
                            day_make(2026, 3, 1), &e);
        if (ok != cases[i].open || (!ok && e.code != ERR_RULE_GUARD))
            fail_msg("%s: %s", cases[i].body, err_name(e.code));
        json_decref(v);
    }
    assert_int_equal(rule_due(flow, STRC("a"), 100), 103);
    assert_int_equal(rule_due(flow, STRC("b"), 100), DAY_NONE);
    assert_int_equal(rule_due(flow, STRC("a"), DAY_NONE), DAY_NONE);
    Arena *little = arena_open(64);
    assert_false(rule_move(&to, flow, little, STRC("a"), STRC("go"), NULL, UINT32_MAX, 0, &e));
    assert_int_equal(e.code, ERR_NO_MEMORY);
    arena_close(little);
    arena_close(a);
}

/* The table that an auditor reads: `make golden` after a wanted change of a flow. */
static void test_golden(void **state)
{
    (void)state;
    static const char path[] = "packs/flows.golden";
    Arena *a = arena_open(32 << 20);
    Rulebook *rb = builtin(a);
    Buf b = buf_open(1 << 20);
    for (size_t i = 0; i < pack_flow_count(rb); i++)
        flow_print(&b, pack_flow_at(rb, i));
    assert_false(b.failed);
    if (getenv("GOLDEN")) {
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        assert_int_equal(fwrite(b.p, 1, b.n, f), b.n);
        assert_int_equal(fclose(f), 0);
    }
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *want = arena_alloc(a, 1 << 20);
    size_t n = fread(want, 1, (1 << 20) - 1, f);
    fclose(f);
    assert_string_equal(arena_z(a, buf_str(&b)), want);
    assert_int_equal(b.n, n);
    buf_close(&b);
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_moves), cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_possible),  cmocka_unit_test(test_guard_values),
        cmocka_unit_test(test_golden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
