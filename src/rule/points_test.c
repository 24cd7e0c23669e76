/* Points balance to zero, reversals included; notices keep their keys; guards see their org. */
#include "rule/kit_test.h"

#include "rule/notice.h"
#include "rule/points.h"
#include "rule/rule.h"

#define POINTS                                                                                     \
    "points member { title \"积分\"; every year; base 60; cap 70; cite \"例\";\n"                   \
    "  exempt person.infirm;\n"                                                                    \
    "  award lecture \"党课\" 2 { of meeting[kind = \"lecture\"]; to heads; cap 5; }\n"             \
    "  award group \"小组会\" 3 { of meeting[kind = \"group\"]; to heads; } }\n"

typedef struct Books {
    RulePostings p;
    RuleBalances b;
} Books;

static Books books(Kit *k, int64_t person, const char *today)
{
    Books out;
    Err e = { 0 };
    if (!rule_points(&out.p, &out.b, k->a, k->rules, &k->u,
                     pack_points(k->rb, STRC("member")), person, kit_day(today), &e))
        kit_fail(&e);
    return out;
}

static Kit *open_points(void)
{
    Kit *k = kit_open(POINTS);
    kit_person(k, 1, "2020-01-01");
    kit_person(k, 2, "2020-01-01");
    kit_person(k, 3, "2020-01-01")->infirm = true;
    kit_person(k, 4, "2020-01-01")->org = 9; /* belongs elsewhere */
    k->settings[k->u.n_settings++] = (RuleSetting){ .id = 1, .name = STRC("member"),
                                                    .from = kit_day("2026-02-01"),
                                                    .on = RULE_ON };
    return k;
}

static void test_off_by_default(void **state)
{
    (void)state;
    Kit *k = open_points();
    kit_add(k, "meeting", "2026-03-01", "{\"heads\":[1,2],\"kind\":\"lecture\"}");
    kit_add(k, "meeting", "2026-01-31", "{\"heads\":[1,2],\"kind\":\"lecture\"}");
    Books b = books(k, 0, "2026-12-31");
    assert_int_equal(b.p.n, 2); /* not before it was switched on */
    k->u.n_settings = 0;
    b = books(k, 0, "2026-12-31");
    assert_int_equal(b.p.n, 0);
    assert_int_equal(b.b.n, 0);
    kit_close(k);
}

static void test_balances(void **state)
{
    (void)state;
    Kit *k = open_points();
    for (int i = 0; i < 4; i++)
        kit_add(k, "meeting", "2026-03-01", "{\"heads\":[1,3,4,77],\"kind\":\"lecture\"}");
    kit_add(k, "meeting", "2026-04-01", "{\"heads\":[1,2],\"kind\":\"group\"}");
    kit_add(k, "meeting", "2027-04-01", "{\"heads\":[1,2],\"kind\":\"group\"}");
    kit_add(k, "meeting", "2026-04-01", "{\"heads\":[1,2],\"kind\":\"congress\"}");
    Books b = books(k, 0, "2026-12-31");
    assert_int_equal(b.p.n, 6);
    assert_int_equal(b.b.n, 2); /* the exempt and the stranger have no account */
    assert_int_equal(b.b.items[0].person, 1);
    assert_true(dec_eq(b.b.items[0].earned, dec_int(8))); /* 4 x 2 capped at 5, and 3 */
    assert_true(dec_eq(b.b.items[0].over, dec_int(3)));
    assert_true(dec_eq(b.b.items[0].total, dec_int(68)));
    assert_true(dec_eq(b.b.items[1].total, dec_int(63)));
    for (int i = 0; i < 3; i++)
        kit_add(k, "meeting", "2026-05-01", "{\"heads\":[1],\"kind\":\"group\"}");
    b = books(k, 1, "2026-12-31");
    assert_int_equal(b.b.n, 1);
    assert_true(dec_eq(b.b.items[0].total, dec_int(70))); /* the cap of all */
    kit_close(k);
}

/* A record is corrected, changed in kind, and struck: each time what was posted is undone. */
static void test_reversals(void **state)
{
    (void)state;
    Kit *k = open_points();
    RuleRecord *r = kit_add(k, "meeting", "2026-03-01", "{\"heads\":[2],\"kind\":\"lecture\"}");
    static const char *const said[] = { "{\"heads\":[1,2],\"kind\":\"lecture\"}",
                                        "{\"heads\":[2],\"kind\":\"lecture\"}",
                                        "{\"heads\":[2],\"kind\":\"group\"}", "null" };
    static const size_t postings[] = { 2, 3, 5, 6 };
    static const int left[][2] = { { 62, 62 }, { 60, 62 }, { 60, 63 }, { 60, 60 } };
    for (int i = 0; i < 4; i++) {
        k->versions[i] = (RuleVersion){ 100 + i, r->on, r->on, str_of(said[i]) };
        r->versions = k->versions;
        r->n_versions = (size_t)i + 1;
        r->struck = i == 3;
        Books b = books(k, 0, "2026-12-31");
        Dec sum = dec_int(0);
        assert_int_equal(b.p.n, postings[i]);
        for (size_t p = 0; p < b.p.n; p++) {
            assert_true(dec_add(&sum, sum, b.p.items[p].amount));
            if (b.p.items[p].reverses)
                assert_true(dec_sign(b.p.items[p].amount) < 0 &&
                            b.p.items[p].fact > b.p.items[p].reverses);
        }
        for (int p = 0; p < 2; p++) {
            assert_true(dec_eq(b.b.items[p].total, dec_int(left[i][p])));
            assert_true(dec_sub(&sum, sum, b.b.items[p].earned));
        }
        assert_int_equal(dec_sign(sum), 0);
    }
    kit_close(k);
}

/* --- notices -------------------------------------------------------------------------------- */
#define NOTICES                                                                                    \
    "duty meet { title \"党员大会\"; every quarter; of meeting; at_least 1; remind 10; grace 5;\n"  \
    "  soft \"一般\"; cite \"例\"; EXAMPLES(2026-Q1) }\n"                                          \
    "duty roll { title \"常来\"; every rolling 6; of dues; at_least 1; soft \"一般\"; cite \"例\";\n" \
    "  EXAMPLES() }\n"                                                                             \
    "flow task { title \"任务办理\"; of task; start open;\n"                                        \
    "  move finish from open to done { title \"办结\"; who secretary; within 10; remind 3;\n"       \
    "    escalate 5; }\n"                                                                          \
    "  move shut from done to shut { title \"归档\"; who secretary; } }\n"

static RuleNotices notices(Kit *k, const char *today)
{
    RuleNotices n;
    Err e = { 0 };
    if (!rule_notices(&n, k->a, k->rules, &k->u, kit_day(today), &e))
        kit_fail(&e);
    return n;
}

static void test_duty_notices(void **state)
{
    (void)state;
    Kit *k = kit_open(NOTICES);
    assert_int_equal(notices(k, "2026-03-25").n, 0); /* due on 5 April with the days of grace */
    RuleNotices n = notices(k, "2026-03-26");
    assert_int_equal(n.n, 1);
    assert_string_equal(arena_z(k->a, n.items[0].key), "duty:meet:1:0:0:2026-04-05");
    assert_string_equal(arena_z(k->a, n.items[0].text),
                        "温馨提示：“党员大会”2026年第一季度已有0次，还差1次；请在2026年4月5日前完成，还有10天");
    Str key = n.items[0].key;
    assert_true(str_eq(notices(k, "2026-04-05").items[0].key, key)); /* the same one */
    assert_int_equal(notices(k, "2026-04-06").n, 0);                 /* too late to remind */
    assert_int_equal(notices(k, "2027-01-03").n, 1);                 /* the year before's last */
    kit_add(k, "dues", "2026-01-01", "{}");
    kit_add(k, "meeting", "2026-06-01", "{}");
    n = notices(k, "2026-06-22"); /* met until 30 June */
    assert_int_equal(n.n, 1);
    assert_string_equal(arena_z(k->a, n.items[0].text),
                        "温馨提示：“常来”现有记录到2026年6月30日为止，请在此前再次落实");
    kit_close(k);
}

static void test_flow_notices(void **state)
{
    (void)state;
    static const struct {
        const char *today, *kinds;
    } cases[] = {
        { "2026-03-07", "" },           /* entered on 1 March, due on the 11th */
        { "2026-03-08", "reminder " },
        { "2026-03-11", "reminder " },
        { "2026-03-12", "overdue " },
        { "2026-03-15", "overdue " },
        { "2026-03-16", "escalation overdue " },
        { "2026-05-01", "escalation overdue " },
    };
    Kit *k = kit_open(NOTICES);
    kit_add(k, "task", "2026-02-20", "{\"state\":\"open\"}")->state_since = kit_day("2026-03-01");
    kit_add(k, "task", "2026-02-20", "{\"state\":\"done\"}");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char kinds[100] = "";
        RuleNotices n = notices(k, cases[i].today);
        for (size_t j = 0; j < n.n; j++)
            if (n.items[j].flow) {
                strcat(kinds, rule_notice_name(n.items[j].kind));
                strcat(kinds, " ");
                assert_int_equal(n.items[j].due, kit_day("2026-03-11"));
                assert_int_equal(n.items[j].thing, 1);
            }
        assert_string_equal(kinds, cases[i].kinds);
    }
    k->records[0].state_since = DAY_NONE; /* since it was filed, then */
    k->u.n_records = 1;
    RuleNotices n = notices(k, "2026-02-27");
    assert_int_equal(n.n, 1);
    assert_string_equal(arena_z(k->a, n.items[0].key), "flow:reminder:task:finish:1:2026-02-20");
    kit_close(k);
}

/* --- guards --------------------------------------------------------------------------------- */
static void test_guards(void **state)
{
    (void)state;
    Kit *k = kit_open(
        "measure held { title \"次数\"; of meeting; count; }\n"
        "flow task { title \"任务办理\"; of task; start open;\n"
        "  move finish from open to done { title \"办结\"; who secretary;\n"
        "    guard org.kind = \"branch\" and m.held > 0 and last.meeting.place != null and\n"
        "          today >= since + duration(\"P3D\") and count(peers[state = \"done\"]) < 2;\n"
        "    needs \"条件\"; }\n"
        "  move shut from done to shut { title \"归档\"; who secretary; } }\n");
    const Flow *flow = pack_flow(k->rb, STRC("task"));
    json_t *done = json_pack("{s:s}", "state", "done"), *open = json_pack("{s:s}", "state", "open");
    const json_t *peers[] = { done, open, done };
    RuleThing t = { .body = open, .roles = UINT32_MAX, .today = kit_day("2026-03-04"),
                    .since = kit_day("2026-03-01"), .rules = k->rules, .unit = &k->u,
                    .peers = peers, .n_peers = 2 };
    Str to;
    Err e = { 0 };
#define OPEN() rule_move_thing(&to, flow, k->a, STRC("open"), STRC("finish"), &t, &e)
    assert_false(OPEN());
    assert_int_equal(e.code, ERR_RULE_GUARD);
    kit_add(k, "meeting", "2026-03-04", "{\"place\":\"三楼\"}");
    assert_true(OPEN());
    t.n_peers = 3;
    assert_false(OPEN());
    t.n_peers = 2;
    t.since++;
    assert_false(OPEN());
    t.since--;
    k->org.kind = STRC("committee");
    assert_false(OPEN());
    k->org.kind = STRC("branch");
    RuleChoices c;
    assert_true(rule_moves_thing(&c, flow, k->a, STRC("open"), &t, &e));
    assert_true(c.n == 1 && c.items[0].open);
    t.unit = NULL; /* nothing is known of the org: the guard does not hold */
    assert_false(OPEN());
#undef OPEN
    jv_close(done);
    jv_close(open);
    kit_close(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_off_by_default), cmocka_unit_test(test_balances),
        cmocka_unit_test(test_reversals),      cmocka_unit_test(test_duty_notices),
        cmocka_unit_test(test_flow_notices),   cmocka_unit_test(test_guards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
