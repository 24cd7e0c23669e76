/* The record of log-ins and refusals. */
#include "work/fixture_test.h"

enum { DAY_MS = 24 * 3600 * 1000 };

/* An installation with its first administrator and an audit administrator who has a password. */
static Who opened(Fix *f, uint64_t seed, FixRoster *r)
{
    fix_open(f, seed);
    json_t *first = fix_ok(f, fix_console(), "first_admin", "{}");
    *r = fix_roster(f);
    fix_ok(f, (Who){ 0 }, "activate",
           fix_text(f, "{\"code\":\"%.*s\",\"password\":\"江山如画 青山不老\"}",
                    STR(jv_str(first, "code"))));
    return fix_account(f, r->li, "auditor", "audit_admin", 0);
}

static json_t *listed(Fix *f, Who who, const char *in)
{
    return fix_ok(f, who, "audit_list", in);
}

static const json_t *newest(Fix *f, Who who)
{
    return jv_at(jv_get(listed(f, who, "{}"), "items"), 0);
}

static void log_ins_are_recorded(void **state)
{
    Fix f;
    FixRoster r;
    (void)state;
    Who auditor = opened(&f, 1, &r);
    const json_t *row = newest(&f, auditor);
    assert_true(str_is(jv_str(row, "what"), "activate"));
    assert_true(jv_bool(row, "ok"));
    assert_true(str_is(jv_str(row, "who"), "admin"));
    fix_ok(&f, (Who){ 0 }, "login", "{\"login\":\"admin\",\"password\":\"江山如画 青山不老\"}");
    row = newest(&f, auditor);
    assert_true(str_is(jv_str(row, "what"), "login"));
    assert_true(str_is(jv_str(row, "who"), "admin"));
    assert_true(str_is(jv_str(row, "peer"), "127.0.0.1"));
    assert_true(jv_int(row, "account") > 0);
    fix_ok(&f, fix_login(&f, "admin"), "logout", "{}");
    row = newest(&f, auditor);
    assert_true(str_is(jv_str(row, "what"), "logout"));
    assert_true(str_is(jv_str(row, "title"), "退出登录"));
    fix_close(&f);
}

static void failures_name_the_account_or_nobody(void **state)
{
    Fix f;
    FixRoster r;
    (void)state;
    Who auditor = opened(&f, 2, &r);
    fix_refused(&f, (Who){ 0 }, "login", "{\"login\":\"admin\",\"password\":\"猜的密码\"}",
                ERR_AUTH_LOGIN);
    const json_t *row = newest(&f, auditor);
    assert_false(jv_bool(row, "ok"));
    assert_true(str_is(jv_str(row, "who"), "admin"));
    assert_true(str_is(jv_str(row, "outcome"), "AUTH_LOGIN"));
    /* A password typed where the login belongs is nowhere. */
    fix_refused(&f, (Who){ 0 }, "login",
                "{\"login\":\"MySecret-8841\",\"password\":\"AnotherSecret-77\"}", ERR_AUTH_LOGIN);
    row = newest(&f, auditor);
    assert_int_equal(jv_int(row, "account"), 0);
    assert_true(str_starts(jv_str(row, "who"), STRC("未知账号（")));
    json_t *all = listed(&f, auditor, "{}");
    Buf b = buf_open(1 << 20);
    Err e = { 0 };
    assert_true(jv_canon(&b, all, &e));
    assert_false(str_has(buf_str(&b), STRC("Secret")));
    buf_close(&b);
    static const char *const ends[] = { "", "-wal" };
    for (size_t i = 0; i < 2; i++) {
        Str bytes = { "", 0 };
        const char *path = fix_text(&f, "%s/shuping.db%s", f.dir, ends[i]);
        if (sys_exists(f.sys, path))
            assert_true(sys_file_read(&bytes, f.a, f.sys, path, 64 << 20, &e));
        assert_false(str_has(bytes, STRC("MySecret")));
        assert_false(str_has(bytes, STRC("AnotherSecret")));
        assert_false(str_has(bytes, STRC("猜的密码")));
    }
    fix_close(&f);
}

/* The same of one minute is one row; what differs is not. */
static void equal_events_of_a_minute_are_counted(void **state)
{
    Fix f;
    FixRoster r;
    (void)state;
    Who auditor = opened(&f, 3, &r);
    sys_pass(f.sys, 60000 - sys_now(f.sys) % 60000);
    for (int i = 0; i < 3; i++)
        fix_refused(&f, (Who){ 0 }, "login", "{\"login\":\"nobody\",\"password\":\"x\"}",
                    ERR_AUTH_LOGIN);
    const json_t *row = newest(&f, auditor);
    assert_int_equal(jv_int(row, "times"), 3);
    assert_true(str_cmp(jv_str(row, "first_at"), jv_str(row, "last_at")) < 0);
    int64_t total = jv_int(listed(&f, auditor, "{}"), "total");
    fix_refused(&f, (Who){ 0 }, "login", "{\"login\":\"nobody2\",\"password\":\"x\"}",
                ERR_AUTH_LOGIN);
    assert_int_equal(jv_int(listed(&f, auditor, "{}"), "total"), total + 1);
    sys_pass(f.sys, 60000);
    fix_refused(&f, (Who){ 0 }, "login", "{\"login\":\"nobody2\",\"password\":\"x\"}",
                ERR_AUTH_LOGIN);
    assert_int_equal(jv_int(listed(&f, auditor, "{}"), "total"), total + 2);
    /* While a login is locked, other names cannot make rows either. */
    for (int i = 0; i < 60; i++) {
        Err e = { 0 };
        assert_false(fix_call(&f, (Who){ 0 }, "login",
                              fix_text(&f, "{\"login\":\"n%d\",\"password\":\"x\"}", i), STRC(""),
                              "", NULL, &e));
    }
    row = newest(&f, auditor);
    assert_true(str_is(jv_str(row, "outcome"), "AUTH_LOCKED"));
    assert_true(str_is(jv_str(row, "who"), "未知账号"));
    assert_true(jv_int(row, "times") > 5);
    fix_close(&f);
}

static void refusals_of_somebody_known_are_recorded(void **state)
{
    Fix f;
    FixRoster r;
    (void)state;
    Who auditor = opened(&f, 4, &r);
    Who zeng = fix_account(&f, r.zeng, "zeng", "secretary", r.health);
    int64_t total = jv_int(listed(&f, auditor, "{}"), "total");
    fix_refused(&f, (Who){ 0 }, "cycle_list", "{}", ERR_LOGIN_NEEDED); /* nobody: not a row */
    assert_int_equal(jv_int(listed(&f, auditor, "{}"), "total"), total);
    fix_refused(&f, zeng, "audit_list", "{}", ERR_FORBIDDEN);
    const json_t *row = newest(&f, auditor);
    assert_true(str_is(jv_str(row, "what"), "audit_list"));
    assert_true(str_is(jv_str(row, "outcome"), "FORBIDDEN"));
    assert_true(str_is(jv_str(row, "who"), "曾小明"));
    json_t *only = listed(&f, auditor, fix_text(&f, "{\"account\":%lld,\"refused\":true}",
                                                (long long)zeng.account));
    assert_int_equal(jv_int(only, "total"), 1);
    fix_close(&f);
}

static void only_an_auditor_of_everything_reads_it(void **state)
{
    Fix f;
    FixRoster r;
    (void)state;
    opened(&f, 5, &r);
    fix_refused(&f, fix_account(&f, r.zeng, "zeng", "sys_admin", 0), "audit_list", "{}",
                ERR_FORBIDDEN);
    fix_refused(&f, fix_account(&f, r.zhao, "zhao", "audit_admin", r.street), "audit_list", "{}",
                ERR_FORBIDDEN);
    fix_refused(&f, fix_login(&f, "admin"), "audit_list", "{}", ERR_FORBIDDEN);
    fix_close(&f);
}

static void nothing_goes_before_184_days(void **state)
{
    Fix f;
    FixRoster r;
    (void)state;
    Who auditor = opened(&f, 6, &r);
    int64_t total = jv_int(listed(&f, auditor, "{}"), "total");
    assert_true(total >= 1);
    fix_refused(&f, auditor, "audit_trim", "{\"days\":183}", ERR_FIELD_RANGE);
    sys_pass(f.sys, (int64_t)184 * DAY_MS);
    assert_int_equal(jv_int(fix_ok(&f, auditor, "audit_trim", "{\"days\":184}"), "removed"), 0);
    sys_pass(f.sys, DAY_MS);
    assert_int_equal(jv_int(fix_ok(&f, auditor, "audit_trim", "{\"days\":184}"), "removed"),
                     total + 1); /* and the refused one */
    /* Trimming is itself recorded. */
    assert_true(str_is(jv_str(newest(&f, auditor), "what"), "audit_trim"));
    fix_close(&f);
}

static void pages_and_days(void **state)
{
    Fix f;
    FixRoster r;
    (void)state;
    Who auditor = opened(&f, 7, &r);
    for (int i = 0; i < 5; i++) {
        sys_pass(f.sys, 60000);
        fix_refused(&f, (Who){ 0 }, "login", "{\"login\":\"nobody\",\"password\":\"x\"}",
                    ERR_AUTH_LOGIN);
    }
    json_t *one = listed(&f, auditor, "{\"limit\":2,\"offset\":2}");
    assert_int_equal(jv_len(jv_get(one, "items")), 2);
    assert_true(jv_int(one, "total") >= 5);
    assert_int_equal(jv_int(listed(&f, auditor, "{\"to\":\"2026-11-01\"}"), "total"), 0);
    assert_int_equal(jv_int(listed(&f, auditor, "{\"from\":\"2027-01-01\"}"), "total"), 0);
    assert_true(jv_int(listed(&f, auditor, "{\"from\":\"2026-11-18\",\"to\":\"2026-11-19\"}"),
                       "total") >= 5);
    fix_refused(&f, auditor, "audit_list", "{\"limit\":1001}", ERR_FIELD_RANGE);
    fix_close(&f);
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(log_ins_are_recorded),
        cmocka_unit_test(failures_name_the_account_or_nobody),
        cmocka_unit_test(equal_events_of_a_minute_are_counted),
        cmocka_unit_test(refusals_of_somebody_known_are_recorded),
        cmocka_unit_test(only_an_auditor_of_everything_reads_it),
        cmocka_unit_test(nothing_goes_before_184_days),
        cmocka_unit_test(pages_and_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
