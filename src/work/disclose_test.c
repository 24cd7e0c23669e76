/* What leaves the house: by a decision, in its fields, its scope and its days, and nothing else. */
#include "work/ledger_kit_test.h"

typedef struct Shown {
    Fix f;
    Kit k;
    long long meeting, version, disclosure;
} Shown;

static const char *decide(Shown *s, const char *fields, const char *scope, const char *days)
{
    return fix_text(&s->f, "{\"form\":\"kit_meeting\",\"subject\":%lld,\"fields\":[%s],"
                    "\"scope\":\"%s\",%s,\"decision\":\"2026年11月17日支委会\"}",
                    s->meeting, fields, scope, days);
}

static void open_all(Shown *s)
{
    kit_open(&s->f, &s->k);
    json_t *got = kit_meeting(&s->f, &s->k, "2026-11-17", "congress", "修缮活动室");
    s->meeting = jv_int(got, "id");
    s->version = jv_int(got, "version");
}

static void make(Shown *s, const char *scope, const char *days)
{
    json_t *got = fix_ok(&s->f, s->k.secretary, "disclosure_make",
                         decide(s, "\"topic\",\"kind\"", scope, days));
    s->disclosure = jv_int(got, "id");
}

static const char *one(Shown *s)
{
    return fix_text(&s->f, "{\"disclosure\":%lld}", s->disclosure);
}

static Who nobody(void)
{
    return (Who){ .account = 0 };
}

static void only_chosen_fields_are_public(void **state)
{
    Shown s;
    (void)state;
    open_all(&s);
    assert_int_equal(jv_int(fix_ok(&s.f, nobody(), "open_list", "{}"), "total"), 0);
    make(&s, "all", "\"from\":\"2026-11-18\",\"to\":\"2026-12-02\"");
    json_t *l = fix_ok(&s.f, nobody(), "open_list", "{}");
    assert_int_equal(jv_int(l, "total"), 1);
    const json_t *item = jv_at(jv_get(l, "items"), 0);
    assert_true(str_is(jv_str(item, "title"), "修缮活动室"));
    assert_int_equal(jv_int(item, "days_left"), 14);
    json_t *page = fix_ok(&s.f, nobody(), "open_show", one(&s));
    assert_int_equal(jv_len(jv_get(page, "fields")), 2);
    assert_true(str_is(jv_str(jv_at(jv_get(page, "fields"), 0), "text"), "党员大会"));
    assert_true(str_is(jv_str(page, "decision"), "2026年11月17日支委会"));
    assert_null(jv_get(page, "corrected_on"));
    assert_int_equal(jv_int(fix_ok(&s.f, nobody(), "open_list", "{\"q\":\"修缮\"}"), "total"), 1);
    assert_int_equal(jv_int(fix_ok(&s.f, nobody(), "open_list", "{\"q\":\"党课\"}"), "total"), 0);
    l = fix_ok(&s.f, s.k.superior, "disclosure_list", "{}");
    assert_true(jv_bool(jv_at(jv_get(l, "items"), 0), "stands"));
    fix_close(&s.f);
}

static void what_may_not_leave(void **state)
{
    Shown s;
    (void)state;
    open_all(&s);
    const char *days = "\"from\":\"2026-11-18\"";
    fix_refused(&s.f, s.k.secretary, "disclosure_make", decide(&s, "\"notes\"", "all", days),
                ERR_DISCLOSE_FIELD);
    fix_refused(&s.f, s.k.secretary, "disclosure_make", decide(&s, "\"people\"", "all", days),
                ERR_DISCLOSE_FIELD);
    fix_refused(&s.f, s.k.secretary, "disclosure_make", decide(&s, "", "all", days),
                ERR_FIELD_MISSING);
    fix_refused(&s.f, s.k.secretary, "disclosure_make", decide(&s, "\"topic\"", "world", days),
                ERR_FIELD_CHOICE);
    fix_refused(&s.f, s.k.stranger, "disclosure_make", decide(&s, "\"topic\"", "all", days),
                ERR_FORBIDDEN);
    fix_refused(&s.f, s.k.secretary, "disclosure_make",
                decide(&s, "\"topic\"", "all", "\"from\":\"2026-11-01\",\"to\":\"2026-11-10\""),
                ERR_DISCLOSE_DAYS);
    json_t *got = fix_ok(&s.f, s.k.staff, "record_file",
                         fix_text(&s.f, "{\"form\":\"kit_talk\",\"org\":%lld,\"values\":{\"on\":"
                                  "\"2026-11-17\",\"person\":%lld,\"gist\":\"x\"}}",
                                  (long long)s.k.r.branch, (long long)s.k.r.li));
    fix_refused(&s.f, s.k.secretary, "disclosure_make",
                fix_text(&s.f, "{\"form\":\"kit_talk\",\"subject\":%lld,\"fields\":[\"gist\"],"
                         "\"scope\":\"members\",\"from\":\"2026-11-18\",\"decision\":\"x\"}",
                         (long long)jv_int(got, "id")), ERR_DISCLOSE_PERSONAL);
    assert_int_equal(jv_int(fix_ok(&s.f, nobody(), "open_list", "{}"), "total"), 0);
    fix_close(&s.f);
}

static void scope_and_days_hold(void **state)
{
    Shown s;
    (void)state;
    open_all(&s);
    make(&s, "members", "\"from\":\"2026-11-18\",\"to\":\"2026-11-20\"");
    fix_refused(&s.f, nobody(), "open_show", one(&s), ERR_NOT_OPEN);
    fix_refused(&s.f, s.k.stranger, "open_show", one(&s), ERR_NOT_OPEN);
    fix_ok(&s.f, s.k.member, "open_show", one(&s));
    fix_ok(&s.f, s.k.clerk, "open_show", one(&s));
    make(&s, "all", "\"from\":\"2026-11-19\",\"to\":\"2026-11-20\"");
    fix_refused(&s.f, nobody(), "open_show", one(&s), ERR_NOT_OPEN); /* not yet */
    sys_pass(s.f.sys, 86400000);
    fix_ok(&s.f, nobody(), "open_show", one(&s));
    sys_pass(s.f.sys, 2 * 86400000);
    fix_refused(&s.f, nobody(), "open_show", one(&s), ERR_NOT_OPEN); /* no longer */
    assert_int_equal(jv_int(fix_ok(&s.f, nobody(), "open_list", "{}"), "total"), 0);
    fix_close(&s.f);
}

static void corrections_show(void **state)
{
    Shown s;
    (void)state;
    open_all(&s);
    make(&s, "all", "\"from\":\"2026-11-18\"");
    fix_ok(&s.f, s.k.staff, "record_revise",
           fix_text(&s.f, "{\"form\":\"kit_meeting\",\"subject\":%lld,\"version\":%lld,"
                    "\"values\":{\"heads\":99}}", s.meeting, s.version));
    json_t *page = fix_ok(&s.f, nobody(), "open_show", one(&s));
    assert_null(jv_get(page, "corrected_on")); /* what is not shown is nobody's business */
    json_t *r = fix_ok(&s.f, s.k.staff, "record_show",
                       fix_text(&s.f, "{\"form\":\"kit_meeting\",\"subject\":%lld}", s.meeting));
    fix_ok(&s.f, s.k.staff, "record_revise",
           fix_text(&s.f, "{\"form\":\"kit_meeting\",\"subject\":%lld,\"version\":%lld,"
                    "\"values\":{\"topic\":\"修缮厨房\"}}", s.meeting,
                    (long long)jv_int(r, "version")));
    page = fix_ok(&s.f, nobody(), "open_show", one(&s));
    assert_true(str_is(jv_str(page, "corrected_on"), "2026-11-18"));
    assert_false(jv_bool(jv_at(jv_get(page, "fields"), 0), "corrected"));
    assert_true(jv_bool(jv_at(jv_get(page, "fields"), 1), "corrected"));
    assert_true(str_is(jv_str(page, "title"), "修缮厨房"));
    /* A record that is struck says no more than that it is withdrawn. */
    r = fix_ok(&s.f, s.k.staff, "record_show",
               fix_text(&s.f, "{\"form\":\"kit_meeting\",\"subject\":%lld}", s.meeting));
    fix_ok(&s.f, s.k.staff, "record_strike",
           fix_text(&s.f, "{\"form\":\"kit_meeting\",\"subject\":%lld,\"version\":%lld,"
                    "\"reason\":\"错\"}", s.meeting, (long long)jv_int(r, "version")));
    page = fix_ok(&s.f, nobody(), "open_show", one(&s));
    assert_true(jv_bool(page, "withdrawn"));
    assert_int_equal(jv_len(jv_get(page, "fields")), 0);
    assert_int_equal(jv_int(fix_ok(&s.f, nobody(), "open_list", "{}"), "total"), 0);
    fix_close(&s.f);
}

static void ended_early_with_a_reason(void **state)
{
    Shown s;
    (void)state;
    open_all(&s);
    make(&s, "all", "\"from\":\"2026-11-18\"");
    const char *end = fix_text(&s.f, "{\"disclosure\":%lld,\"reason\":\"内容有误\"}", s.disclosure);
    fix_refused(&s.f, s.k.stranger, "disclosure_end", end, ERR_FORBIDDEN);
    fix_ok(&s.f, s.k.secretary, "disclosure_end", end);
    fix_refused(&s.f, s.k.secretary, "disclosure_end", end, ERR_DISCLOSE_OVER);
    fix_refused(&s.f, nobody(), "open_show", one(&s), ERR_NOT_OPEN);
    json_t *l = fix_ok(&s.f, s.k.secretary, "disclosure_list", "{}");
    const json_t *item = jv_at(jv_get(l, "items"), 0);
    assert_true(str_is(jv_str(item, "reason"), "内容有误"));
    assert_false(jv_bool(item, "stands"));
    fix_close(&s.f);
}

static void feed_and_notice(void **state)
{
    Shown s;
    (void)state;
    open_all(&s);
    kit_meeting(&s.f, &s.k, "2026-11-16", "lecture", "<b>&");
    make(&s, "all", "\"from\":\"2026-11-18\",\"to\":\"2026-12-02\"");
    fix_ok(&s.f, nobody(), "open_feed", "{}");
    assert_true(str_starts(s.f.file.type, STRC("application/atom+xml")));
    assert_true(str_has(s.f.file.bytes, STRC("<title>会议记录：修缮活动室</title>")));
    assert_true(str_has(s.f.file.bytes, STRC("<name>东街社区党支部</name>")));
    assert_false(str_has(s.f.file.bytes, STRC("到会人数")));
    s.meeting = 0;
    fix_ok(&s.f, nobody(), "open_notice", one(&s));
    assert_true(str_starts(s.f.file.bytes, STRC("%PDF-")));
    assert_true(str_is(s.f.file.name, "会议记录公开.pdf"));
    fix_close(&s.f);
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_chosen_fields_are_public),
        cmocka_unit_test(what_may_not_leave),
        cmocka_unit_test(scope_and_days_hold),
        cmocka_unit_test(corrections_show),
        cmocka_unit_test(ended_early_with_a_reason),
        cmocka_unit_test(feed_and_notice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
