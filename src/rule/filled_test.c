/* What a form asks for and is known already. */
#include "rule/kit_test.h"
#include "rule/rule.h"

static void what_is_known_is_filled_in(void **state)
{
    Kit *k = kit_open("form note { title \"记要\"; ledger; minutes 1; dated day;\n"
                      "  field day day { title \"日期\"; given today; }\n"
                      "  field heads refs { title \"到会\"; of person; given last.meeting.heads; }\n"
                      "  field place text { title \"地点\"; given last.meeting.place; }\n"
                      "  field hours decimal { title \"学时\"; given last.meeting.hours; }\n"
                      "  field paid day { title \"上次交纳\"; given last.dues.paid; }\n"
                      "  field members number { title \"党员数\"; given org.members; }\n"
                      "  field text text { title \"内容\"; } }\n");
    json_t *got;
    Err e = { 0 };
    (void)state;
    kit_person(k, 7, "2020-01-01");
    kit_add(k, "meeting", "2026-03-01", "{\"heads\":[7],\"held\":\"2026-03-01\",\"place\":\"旧址\"}");
    kit_add(k, "meeting", "2026-04-01",
            "{\"heads\":[7,8],\"held\":\"2026-04-01\",\"hours\":\"1.5\",\"place\":\"三楼\"}");
    if (!rule_given(&got, k->scratch, k->rules, &k->u, pack_form(k->rb, STRC("note")),
                    kit_day("2026-05-02"), &e))
        kit_fail(&e);
    Buf b = buf_open(1 << 10);
    assert_true(jv_canon(&b, got, &e));
    buf_putc(&b, 0);
    assert_string_equal(b.p, "{\"day\":\"2026-05-02\",\"heads\":[7,8],\"hours\":\"1.5\","
                             "\"members\":1,\"place\":\"三楼\"}");
    buf_close(&b);
    jv_close(got);
    kit_close(k);
}

/* Every name that expressions may use of an organisation is there, null where nothing is known. */
static void all_that_is_seen_as_org(void **state)
{
    Kit *k = kit_open("");
    FeelValue v;
    FeelExpr *x;
    Err e = { 0 };
    FeelRun run = feel_run(k->scratch, 0);
    (void)state;
    kit_person(k, 7, "2020-01-01");
    kit_person(k, 8, "2020-01-01")->member_state = STRC("probationary");
    kit_tenure(k, 7, "secretary", "2026-03-01");
    if (!rule_org_context(&v, k->scratch, k->rules, &k->u, kit_day("2026-05-02"), &e))
        kit_fail(&e);
    assert_int_equal(v.kind, FEEL_CONTEXT);
    FeelEntry top = { STRC("org"), v };
    FeelScope scope = { .entries = &top, .n = 1 };
    assert_true(feel_parse(&x, k->scratch,
                           STRC("org.members = 2 and org.full_members = 1 and org.secretary and "
                                "org.secretary_since = date(\"2026-03-01\") and "
                                "org.employees = null and not(org.first_secretary)"), NULL, &e));
    assert_true(feel_eval(&v, k->scratch, x, &scope, &run, &e));
    assert_true(v.kind == FEEL_BOOLEAN && v.boolean);
    if (!rule_org_context(&v, k->scratch, k->rules, &k->u, kit_day("2026-02-02"), &e))
        kit_fail(&e);
    top.value = v;
    assert_true(feel_eval(&v, k->scratch, x, &scope, &run, &e));
    assert_true(v.kind == FEEL_BOOLEAN && !v.boolean); /* nobody held the post then */
    kit_close(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_known_is_filled_in),
                                        cmocka_unit_test(all_that_is_seen_as_org) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
