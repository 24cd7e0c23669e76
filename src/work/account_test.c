/* Accounts, grants, slips; tasks, complaints, and what may be read of the log. */
#include "work/fixture_test.h"

static void opened_from_the_roster(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 1);
    FixRoster r = fix_roster(&f);
    json_t *got = fix_ok(&f, fix_console(), "account_open_all",
                         fix_text(&f, "{\"org\":%lld,\"post\":\"secretary\"}",
                                  (long long)r.committee));
    /* The one who left in April is not in office any more. */
    assert_int_equal(jv_int(got, "total"), 3);
    assert_int_equal(jv_int(got, "opened"), 3);
    assert_int_equal(jv_int(got, "granted"), 3);
    assert_true(str_is(jv_str(fix_item(got, "name", "曾小明"), "login"), "A1"));
    /* A second time nothing happens. */
    got = fix_ok(&f, fix_console(), "account_open_all",
                 fix_text(&f, "{\"org\":%lld,\"post\":\"any\"}", (long long)r.street));
    assert_int_equal(jv_int(got, "total"), 2);
    assert_int_equal(jv_int(got, "opened"), 0);
    assert_int_equal(jv_int(got, "granted"), 0);
    Who zhao = fix_login(&f, "A3");
    assert_int_equal(zhao.n_grants, 1);
    assert_int_equal(zhao.grants[0].role, ROLE_SECRETARY);
    assert_int_equal(zhao.grants[0].org, r.branch);
    fix_refused(&f, fix_console(), "account_open",
                fix_text(&f, "{\"person\":%lld}", (long long)r.zhao), ERR_ACCOUNT_TWICE);
    fix_refused(&f, fix_console(), "account_open_all", "{\"post\":\"emperor\"}", ERR_NOT_FOUND);
    fix_close(&f);
}

static void logins(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 2);
    static const char people[] = "组织编号,名称,类别\nQ,区委,党委\n";
    static const char more[] = "姓名,所在组织编号,出生年月\n张小燕,Q,1980-01\n张笑言,Q,1981-01\n";
    fix_upload(&f, fix_console(), "roster_import", "{}", (Str){ people, sizeof people - 1 }, "o");
    fix_upload(&f, fix_console(), "roster_import", "{}", (Str){ more, sizeof more - 1 }, "p");
    int64_t a = fix_person(&f, "张小燕"), b = fix_person(&f, "张笑言");
    json_t *got = fix_ok(&f, fix_console(), "account_open",
                         fix_text(&f, "{\"person\":%lld}", (long long)a));
    assert_true(str_is(jv_str(got, "login"), "zxy"));
    fix_refused(&f, fix_console(), "account_open",
                fix_text(&f, "{\"person\":%lld,\"login\":\"zxy\"}", (long long)b),
                ERR_ACCOUNT_LOGIN);
    fix_refused(&f, fix_console(), "account_open",
                fix_text(&f, "{\"person\":%lld,\"login\":\"z y\"}", (long long)b), ERR_FIELD_TYPE);
    got = fix_ok(&f, fix_console(), "account_open",
                 fix_text(&f, "{\"person\":%lld}", (long long)b));
    assert_true(str_is(jv_str(got, "login"), "zxy2"));
    fix_close(&f);
}

static int64_t account_id(Fix *f, const char *login)
{
    return jv_int(fix_item(fix_ok(f, fix_console(), "account_list", "{}"), "login", login), "id");
}

static int64_t account_version(Fix *f, const char *login)
{
    return jv_int(fix_item(fix_ok(f, fix_console(), "account_list", "{}"), "login", login),
                  "version");
}

static const char *grant_in(Fix *f, int64_t account, const char *role, int64_t org)
{
    return org ? fix_text(f, "{\"account\":%lld,\"role\":\"%s\",\"org\":%lld}", (long long)account,
                          role, (long long)org)
               : fix_text(f, "{\"account\":%lld,\"role\":\"%s\"}", (long long)account, role);
}

static void roles_apart(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 3);
    FixRoster r = fix_roster(&f);
    fix_account(&f, r.zeng, "zeng", "teller", r.committee);
    int64_t zeng = account_id(&f, "zeng");
    fix_refused(&f, fix_console(), "grant_add", grant_in(&f, zeng, "scrutineer", r.committee),
                ERR_GRANT_APART);
    fix_refused(&f, fix_console(), "grant_add", grant_in(&f, zeng, "sys_admin", 0),
                ERR_GRANT_APART);
    fix_refused(&f, fix_console(), "grant_add", grant_in(&f, zeng, "teller", r.committee),
                ERR_GRANT_TWICE);
    fix_refused(&f, fix_console(), "grant_add", grant_in(&f, zeng, "committee", 0),
                ERR_FIELD_MISSING);
    fix_refused(&f, fix_console(), "grant_add", grant_in(&f, zeng, "public", r.committee),
                ERR_NOT_FOUND);
    fix_refused(&f, fix_console(), "grant_add",
                fix_text(&f, "{\"account\":%lld,\"role\":\"surveyor\",\"org\":%lld,"
                         "\"from\":\"2026-12-02\",\"to\":\"2026-12-01\"}", (long long)zeng,
                         (long long)r.committee), ERR_DAYS_ORDER);
    fix_ok(&f, fix_console(), "grant_add", grant_in(&f, zeng, "secretary", r.health));
    assert_int_equal(fix_login(&f, "zeng").n_grants, 2);
    fix_account(&f, r.li, "li", "sys_admin", 0);
    fix_refused(&f, fix_console(), "grant_add",
                grant_in(&f, account_id(&f, "li"), "secretary", r.street), ERR_GRANT_APART);
    fix_close(&f);
}

static void a_grant_ends(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 4);
    FixRoster r = fix_roster(&f);
    fix_account(&f, r.zeng, "zeng", "teller", r.committee);
    const json_t *row = fix_item(fix_ok(&f, fix_console(), "account_list", "{}"), "login", "zeng");
    const json_t *grant = jv_at(jv_get(row, "grants"), 0);
    const char *in = fix_text(&f, "{\"grant\":%lld,\"version\":%lld}",
                              (long long)jv_int(grant, "id"), (long long)jv_int(grant, "version"));
    fix_ok(&f, fix_console(), "grant_end", in);
    assert_int_equal(fix_login(&f, "zeng").n_grants, 0);
    fix_refused(&f, fix_console(), "grant_end", in, ERR_NOT_FOUND);
    /* One that began earlier counted until yesterday and stays in the record. */
    fix_ok(&f, fix_console(), "grant_add",
           fix_text(&f, "{\"account\":%lld,\"role\":\"teller\",\"org\":%lld,"
                    "\"from\":\"2026-11-01\"}", (long long)account_id(&f, "zeng"),
                    (long long)r.committee));
    row = fix_item(fix_ok(&f, fix_console(), "account_list", "{}"), "login", "zeng");
    grant = jv_at(jv_get(row, "grants"), 0);
    fix_ok(&f, fix_console(), "grant_end",
           fix_text(&f, "{\"grant\":%lld,\"version\":%lld}", (long long)jv_int(grant, "id"),
                    (long long)jv_int(grant, "version")));
    assert_int_equal(fix_login(&f, "zeng").n_grants, 0);
    fix_close(&f);
}

/* Nobody reaches further than his own grant, nor helps himself. */
static void reach_of_a_security_administrator(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 5);
    fix_ok(&f, fix_console(), "first_admin", "{}");
    FixRoster r = fix_roster(&f);
    Who local = fix_account(&f, r.li, "li", "sec_admin", r.street);
    fix_account(&f, r.zeng, "zeng", "secretary", r.health);
    fix_account(&f, r.zhao, "zhao", "secretary", r.branch);
    int64_t zeng = account_id(&f, "zeng"), zhao = account_id(&f, "zhao");
    json_t *mine = fix_ok(&f, local, "account_list", "{}");
    assert_int_equal(jv_int(mine, "total"), 2); /* himself and the branch below */
    fix_refused(&f, local, "grant_add", grant_in(&f, zeng, "teller", r.street), ERR_FORBIDDEN);
    fix_refused(&f, local, "grant_add", grant_in(&f, zhao, "teller", r.committee), ERR_FORBIDDEN);
    fix_refused(&f, local, "grant_add", grant_in(&f, zhao, "audit_admin", 0), ERR_FORBIDDEN);
    fix_refused(&f, local, "grant_add", grant_in(&f, local.account, "teller", r.street),
                ERR_ACCOUNT_SELF);
    fix_refused(&f, local, "account_slip", fix_text(&f, "{\"account\":%lld}", (long long)zeng),
                ERR_FORBIDDEN);
    fix_refused(&f, local, "account_slips_pdf",
                fix_text(&f, "{\"accounts\":[%lld]}", (long long)zeng), ERR_FORBIDDEN);
    fix_ok(&f, local, "grant_add", grant_in(&f, zhao, "party_staff", r.branch));
    /* A grant further up takes the account out of his hands. */
    fix_ok(&f, fix_console(), "grant_add", grant_in(&f, zhao, "commentator", r.committee));
    fix_refused(&f, local, "account_slip", fix_text(&f, "{\"account\":%lld}", (long long)zhao),
                ERR_FORBIDDEN);
    fix_close(&f);
}

static void closing(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 6);
    json_t *first = fix_ok(&f, fix_console(), "first_admin", "{}");
    assert_true(str_is(jv_str(first, "login"), "admin"));
    FixRoster r = fix_roster(&f);
    Who admin = fix_login(&f, "admin");
    fix_account(&f, r.zeng, "zeng", "secretary", r.health);
    int64_t id = account_id(&f, "zeng"), version = account_version(&f, "zeng");
    const char *in = fix_text(&f, "{\"account\":%lld,\"version\":%lld}", (long long)id,
                              (long long)version);
    fix_refused(&f, admin, "account_close",
                fix_text(&f, "{\"account\":%lld,\"version\":%lld}", (long long)admin.account,
                         (long long)account_version(&f, "admin")), ERR_ACCOUNT_SELF);
    fix_refused(&f, fix_console(), "account_close",
                fix_text(&f, "{\"account\":%lld,\"version\":%lld}", (long long)admin.account,
                         (long long)account_version(&f, "admin")), ERR_ACCOUNT_LAST);
    fix_ok(&f, admin, "account_close", in);
    fix_refused(&f, admin, "account_close", in, ERR_CONFLICT); /* the second of two who press it */
    fix_refused(&f, admin, "account_slip", fix_text(&f, "{\"account\":%lld}", (long long)id),
                ERR_ACCOUNT_CLOSED);
    fix_refused(&f, admin, "grant_add", grant_in(&f, id, "teller", r.health), ERR_ACCOUNT_CLOSED);
    Who none;
    Err e = { 0 };
    assert_false(who_named(&none, f.work, STRC("zeng"), &e));
    json_t *l = fix_ok(&f, admin, "account_list", "{\"state\":\"closed\"}");
    assert_int_equal(jv_int(l, "total"), 1);
    fix_close(&f);
}

/* The code on the slip lets its owner in, once; a new slip voids the old one. */
static void slips(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 7);
    FixRoster r = fix_roster(&f);
    fix_account(&f, r.zeng, "zeng", "secretary", r.health);
    int64_t id = account_id(&f, "zeng");
    const char *in = fix_text(&f, "{\"account\":%lld}", (long long)id);
    json_t *old = fix_ok(&f, fix_console(), "account_slip", in);
    json_t *slip = fix_ok(&f, fix_console(), "account_slip", in);
    assert_true(str_is(jv_str(slip, "login"), "zeng"));
    const char *use = "{\"code\":\"%.*s\",\"password\":\"山高水长 2026\"}";
    Who nobody = { .account = 0 };
    fix_refused(&f, nobody, "activate", fix_text(&f, use, STR(jv_str(old, "code"))), ERR_AUTH_SLIP);
    fix_ok(&f, nobody, "activate", fix_text(&f, use, STR(jv_str(slip, "code"))));
    fix_refused(&f, nobody, "activate", fix_text(&f, use, STR(jv_str(slip, "code"))),
                ERR_AUTH_SLIP);
    json_t *l = fix_ok(&f, fix_console(), "account_list", "{\"q\":\"zxm\"}");
    assert_true(str_is(jv_str(fix_item(l, "login", "zeng"), "state"), "active"));
    fix_close(&f);
}

static void a_sheet_of_slips(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 8);
    FixRoster r = fix_roster(&f);
    fix_ok(&f, fix_console(), "account_open_all",
           fix_text(&f, "{\"org\":%lld,\"post\":\"any\"}", (long long)r.committee));
    fix_ok(&f, fix_console(), "account_slips_pdf", "{\"base\":\"http://10.1.2.3:8080\"}");
    assert_true(str_starts(f.file.bytes, STRC("%PDF-")));
    assert_true(str_is(f.file.type, "application/pdf"));
    json_t *l = fix_ok(&f, fix_console(), "account_list", "{}");
    for (size_t i = 0; i < jv_len(jv_get(l, "items")); i++)
        assert_true(jv_str(jv_at(jv_get(l, "items"), i), "slip_until").n > 0);
    fix_refused(&f, fix_console(), "account_slips_pdf", "{\"base\":\"javascript:alert(1)\"}",
                ERR_FIELD_TYPE);
    fix_close(&f);
}

static void no_slips_without_accounts(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 9);
    fix_refused(&f, fix_console(), "account_slips_pdf", "{}", ERR_SLIPS_NONE);
    fix_close(&f);
}

/* --- tasks and complaints ------------------------------------------------------------------- */

static void complaints(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 10);
    FixRoster r = fix_roster(&f);
    Who clerk = fix_account(&f, r.zeng, "zeng", "organiser_clerk", r.committee), nobody = { 0 };
    Who secretary = fix_account(&f, r.li, "li", "secretary", r.street);
    json_t *got = fix_ok(&f, nobody, "complaint_file", "{\"text\":\"同一张表填三遍\"}");
    json_t *tasks = fix_ok(&f, clerk, "tasks_mine", "{}");
    assert_true(str_is(jv_str(fix_item(tasks, "link", "/complaints"), "title"),
                       "答复1件意见与投诉"));
    fix_refused(&f, secretary, "complaint_list", "{}", ERR_FORBIDDEN);
    const json_t *row = jv_at(jv_get(fix_ok(&f, clerk, "complaint_list", "{}"), "items"), 0);
    assert_int_equal(jv_int(row, "id"), jv_int(got, "id"));
    const char *in = fix_text(&f, "{\"complaint\":%lld,\"version\":%lld,\"answer\":\"已改\"}",
                              (long long)jv_int(row, "id"), (long long)jv_int(row, "version"));
    fix_ok(&f, clerk, "complaint_answer", in);
    fix_refused(&f, clerk, "complaint_answer", in, ERR_CONFLICT);
    /* The case is a flow with days: three to accept it, fifteen to answer. */
    got = fix_ok(&f, nobody, "complaint_file", "{\"text\":\"又来检查\"}");
    long long id = jv_int(got, "id");
    const json_t *second = jv_at(jv_get(fix_ok(&f, clerk, "complaint_list", "{}"), "items"), 0);
    assert_true(str_is(jv_str(second, "due"), "2026-11-21"));
    const char *step = "{\"complaint\":%lld,\"version\":%lld,\"move\":\"%s\"}";
    fix_refused(&f, clerk, "complaint_move", fix_text(&f, step, id, id, "reopen"),
                ERR_RULE_STATE);
    got = fix_ok(&f, clerk, "complaint_move", fix_text(&f, step, id, id, "accept"));
    second = jv_at(jv_get(fix_ok(&f, clerk, "complaint_list", "{}"), "items"), 0);
    assert_true(str_is(jv_str(second, "state_title"), "办理中"));
    assert_true(str_is(jv_str(second, "due"), "2026-12-03"));
    assert_false(jv_bool(second, "overdue"));
    sys_pass(f.sys, INT64_C(16) * 86400000);
    second = jv_at(jv_get(fix_ok(&f, clerk, "complaint_list", "{}"), "items"), 0);
    assert_true(jv_bool(second, "overdue"));
    fix_ok(&f, clerk, "complaint_answer",
           fix_text(&f, "{\"complaint\":%lld,\"version\":%lld,\"answer\":\"已合并检查\"}", id,
                    (long long)jv_int(got, "version")));
    row = jv_at(jv_get(fix_ok(&f, clerk, "complaint_list", "{}"), "items"), 0);
    assert_true(str_is(jv_str(row, "state"), "answered"));
    assert_true(str_is(jv_str(row, "answer"), "已合并检查"));
    fix_close(&f);
}

static void first_steps(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 11);
    fix_ok(&f, fix_console(), "first_admin", "{}");
    Who admin = fix_login(&f, "admin");
    fix_item(fix_ok(&f, admin, "tasks_mine", "{}"), "link", "/orgs/import");
    fix_roster(&f);
    fix_item(fix_ok(&f, admin, "tasks_mine", "{}"), "link", "/accounts");
    fix_close(&f);
}

/* --- reading the log ------------------------------------------------------------------------ */

static void a_fact_in_words(void **state)
{
    Fix f;
    (void)state;
    fix_open(&f, 12);
    FixRoster r = fix_roster(&f);
    Who secretary = fix_account(&f, r.li, "li", "secretary", r.street);
    Who staff = fix_account(&f, r.zhao, "zhao", "party_staff", r.street);
    Who sys = fix_account(&f, r.zeng, "zeng", "sys_admin", 0);
    json_t *org = fix_ok(&f, secretary, "fact_show",
                         fix_text(&f, "{\"fact\":%lld}", (long long)r.branch));
    assert_true(str_is(jv_str(org, "title"), "党组织"));
    assert_true(str_is(jv_str(org, "by"), "本机控制台"));
    bool parent = false;
    for (size_t i = 0; i < jv_len(jv_get(org, "fields")); i++) {
        const json_t *field = jv_at(jv_get(org, "fields"), i);
        if (str_is(jv_str(field, "name"), "parent"))
            parent = str_is(jv_str(field, "text"), "东街街道党委");
    }
    assert_true(parent);
    /* A person's month of birth is for who keeps the roster there, and himself. */
    const char *zhao = fix_text(&f, "{\"fact\":%lld}", (long long)r.zhao);
    fix_refused(&f, secretary, "fact_show", zhao, ERR_FORBIDDEN);
    fix_ok(&f, staff, "fact_show", zhao);
    fix_refused(&f, staff, "fact_show", fix_text(&f, "{\"fact\":%lld}", (long long)r.zeng),
                ERR_FORBIDDEN);
    fix_refused(&f, sys, "fact_show", fix_text(&f, "{\"fact\":%lld}", (long long)r.branch),
                ERR_FORBIDDEN);
    json_t *head = fix_ok(&f, sys, "log_head", "{}");
    assert_true(jv_int(head, "size") > 10);
    assert_int_equal(jv_str(head, "root").n, 64);
    fix_close(&f);
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opened_from_the_roster), cmocka_unit_test(logins),
        cmocka_unit_test(roles_apart), cmocka_unit_test(a_grant_ends),
        cmocka_unit_test(reach_of_a_security_administrator), cmocka_unit_test(closing),
        cmocka_unit_test(slips), cmocka_unit_test(a_sheet_of_slips),
        cmocka_unit_test(no_slips_without_accounts), cmocka_unit_test(complaints),
        cmocka_unit_test(first_steps), cmocka_unit_test(a_fact_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
