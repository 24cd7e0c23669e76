/* The board: what it says of duties, that it follows the log, and that the day is turned once. */
#include "work/fixture_test.h"

static const char pack_text[] =
    "pack kit { title \"测试规则\"; version \"1\"; from 2020-01-01; }\n"
    "list kit_kind { item congress \"党员大会\"; item lecture \"党课\"; }\n"
    "list kit_state { item open \"待办\"; item done \"办结\"; }\n"
    "form kit_meeting { title \"会议\"; minutes 6; ledger; dated on; on_time 3; asked_by \"组织部\";"
    "  gathers;"
    "  field on day required { title \"日期\"; }"
    "  field kind choice required { title \"类别\"; of kit_kind; index; }"
    "  field heads refs { title \"参加人员\"; of person; } }\n"
    "form kit_case { title \"事项\"; minutes 3; ledger; asked_by \"组织部\";"
    "  field what text required { title \"内容\"; max 60; }"
    "  field state choice { title \"进展\"; of kit_state; } }\n"
    "flow kit_case { title \"事项办理\"; of kit_case; start open;"
    "  move finish from open to done { title \"办结\"; who party_staff secretary;"
    "    within 10; remind 3; escalate 5; } }\n"
    "measure kit_meetings { title \"会议次数\"; unit \"次\"; of kit_meeting; count; }\n"
    "measure kit_lectures { title \"党课次数\"; unit \"次\"; of kit_meeting[kind = \"lecture\"];"
    "  count; }\n"
    "report kit_table { title \"会议统计\"; rows children; every year;"
    "  column meetings \"会议\" { measure kit_meetings; }"
    "  column lectures \"党课\" { measure kit_lectures; } total; chart bar meetings; }\n"
    "duty kit_congress { title \"测试大会\"; for org; who org.kind = \"branch\"; every quarter;"
    "  of kit_meeting[kind = \"congress\"]; at_least 1; soft \"每季度一次\"; cite \"测试\";"
    "  remind 10;"
    "  example \"一\" { given { org: {kind: \"branch\"}, facts: [{form: \"kit_meeting\","
    "    on: date(\"2026-02-01\"), kind: \"congress\"}] }; period 2026-Q1; on 2026-04-20;"
    "    want met; }"
    "  example \"二\" { given { org: {kind: \"branch\"}, facts: [] }; period 2026-Q1;"
    "    on 2026-04-20; want missed; } }\n"
    "duty kit_strict { title \"测试必须\"; for org; who org.kind = \"branch\"; every year;"
    "  of kit_meeting[kind = \"lecture\"]; at_least 1; hard \"每年一次\"; cite \"测试条例\";"
    "  example \"一\" { given { org: {kind: \"branch\"}, facts: [{form: \"kit_meeting\","
    "    on: date(\"2026-02-01\"), kind: \"lecture\"}] }; period 2026; on 2027-01-20; want met; }"
    "  example \"二\" { given { org: {kind: \"branch\"}, facts: [] }; period 2026; on 2027-01-20;"
    "    want missed; } }\n"
    "duty kit_attend { title \"测试参加\"; for person; who org.kind = \"branch\"; every quarter;"
    "  of kit_meeting; by heads; at_least 1; soft \"每季度参加一次\"; cite \"测试\";"
    "  example \"一\" { given { org: {kind: \"branch\"}, person: {id: 1}, facts: [{form:"
    "    \"kit_meeting\", on: date(\"2026-02-01\"), kind: \"congress\", heads: [1]}] };"
    "    period 2026-Q1; on 2026-04-20; want met; }"
    "  example \"二\" { given { org: {kind: \"branch\"}, person: {id: 1}, facts: [] };"
    "    period 2026-Q1; on 2026-04-20; want missed; } }\n"
    "points kit_points { title \"测试积分\"; every year; base 60; cap 100; cite \"测试\";"
    "  award lecture \"听党课\" 2 { of kit_meeting[kind = \"lecture\"]; to heads; cap 12; } }\n";

static const PackSource packs[] = { { .file = S("kit.pack"),
                                      .text = { pack_text, sizeof pack_text - 1 } } };

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

typedef struct Kit {
    Fix f;
    FixRoster r;
    int64_t qian;
    Who staff, secretary, clerk, stranger, superior;
} Kit;

static int kit_open(void **state)
{
    Kit *k = calloc(1, sizeof *k);
    assert_non_null(k);
    fix_open_packs(&k->f, 5, packs, 1);
    k->r = fix_roster(&k->f);
    k->qian = fix_person(&k->f, "钱满仓");
    k->staff = fix_account(&k->f, k->qian, "qian", "party_staff", k->r.branch);
    k->secretary = fix_account(&k->f, k->r.zhao, "zhao", "secretary", k->r.branch);
    k->clerk = fix_account(&k->f, fix_person(&k->f, "孙立"), "sun", "organiser_clerk",
                           k->r.committee);
    k->stranger = fix_account(&k->f, k->r.zeng, "zeng", "secretary", k->r.health);
    k->superior = fix_account(&k->f, k->r.li, "li", "superior", k->r.street);
    *state = k;
    return 0;
}

static int kit_close(void **state)
{
    Kit *k = *state;
    fix_close(&k->f);
    free(k);
    return 0;
}

static int64_t meet(Kit *k, const char *on, const char *kind, const char *more)
{
    json_t *got = fix_ok(&k->f, k->staff, "record_file",
                         fix_text(&k->f, "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":{"
                                  "\"on\":\"%s\",\"kind\":\"%s\"%s}}", (long long)k->r.branch, on,
                                  kind, more));
    return jv_int(got, "id");
}

static const json_t *duty_of(const json_t *board, const char *name)
{
    const json_t *all = jv_get(board, "duties");
    for (size_t i = 0; i < jv_len(all); i++)
        if (str_is(jv_str(jv_at(all, i), "name"), name))
            return jv_at(all, i);
    return NULL;
}

static Str state_in(Kit *k, const char *duty, const char *period)
{
    json_t *b = fix_ok(&k->f, k->staff, "board_show",
                       fix_text(&k->f, "{\"org\":%lld,\"year\":2026}", (long long)k->r.branch));
    const json_t *cells = jv_get(duty_of(b, duty), "cells");
    for (size_t i = 0; i < jv_len(cells); i++)
        if (str_is(jv_str(jv_at(cells, i), "period"), period))
            return jv_str(jv_at(cells, i), "state");
    return STRC("");
}

#define STATE(k, duty, period, want) assert_true(str_is(state_in((k), (duty), (period)), (want)))

static const json_t *heat_row(Kit *k, const char *duty)
{
    json_t *h = fix_ok(&k->f, k->clerk, "heat_show",
                       fix_text(&k->f, "{\"org\":%lld,\"year\":2026,\"duty\":\"%s\"}",
                                (long long)k->r.committee, duty));
    const json_t *all = jv_get(h, "orgs");
    for (size_t i = 0; i < jv_len(all); i++)
        if (jv_int(jv_at(all, i), "org") == k->r.branch)
            return jv_at(all, i);
    fail_msg("the branch is not in the heat map");
    return NULL;
}

/* --- the board follows the log -------------------------------------------------------------- */

static void every_fact_shows_at_once(void **state)
{
    Kit *k = *state;
    STATE(k, "kit_congress", "2026-Q3", "missed");
    STATE(k, "kit_congress", "2026-Q4", "due");
    assert_int_equal(jv_int(heat_row(k, "kit_congress"), "missed"), 3);
    int64_t id = meet(k, "2026-11-17", "congress", "");
    STATE(k, "kit_congress", "2026-Q4", "met");
    const json_t *row = heat_row(k, "kit_congress");
    assert_int_equal(jv_int(row, "met"), 1);
    assert_int_equal(jv_int(row, "due"), 0);
    fix_ok(&k->f, k->staff, "record_strike",
           fix_text(&k->f, "{\"form\":\"kit_meeting\",\"subject\":%lld,\"version\":%lld,"
                    "\"reason\":\"重复登记\"}", (long long)id, (long long)id));
    STATE(k, "kit_congress", "2026-Q4", "due");
    assert_int_equal(jv_int(heat_row(k, "kit_congress"), "met"), 0);
}

static void another_process_says_the_same(void **state)
{
    Kit *k = *state;
    Err e;
    meet(k, "2026-11-17", "lecture",
         fix_text(&k->f, ",\"heads\":[%lld,%lld]", (long long)k->r.zhao, (long long)k->r.zeng));
    const char *ask = fix_text(&k->f, "{\"org\":%lld,\"year\":2026}", (long long)k->r.committee);
    json_t *live[2], *fresh[2];
    live[0] = fix_ok(&k->f, k->clerk, "heat_show", ask);
    live[1] = fix_ok(&k->f, k->staff, "board_show", "{\"year\":2026}");
    work_close(k->f.work);
    fix_reopen(&k->f, false);
    fresh[0] = fix_ok(&k->f, k->clerk, "heat_show", ask);
    fresh[1] = fix_ok(&k->f, k->staff, "board_show", "{\"year\":2026}");
    for (int i = 0; i < 2; i++) {
        Buf a = buf_open(8 << 20), b = buf_open(8 << 20);
        assert_true(jv_canon(&a, live[i], &e) && jv_canon(&b, fresh[i], &e));
        assert_true(a.n > 500 && str_eq(buf_str(&a), buf_str(&b)));
        buf_close(&a);
        buf_close(&b);
    }
}

static int64_t attended(Kit *k)
{
    json_t *b = fix_ok(&k->f, k->staff, "board_show", "{\"year\":2026}");
    const json_t *people = jv_get(b, "people");
    for (size_t i = 0; i < jv_len(people); i++)
        if (str_is(jv_str(jv_at(people, i), "duty"), "kit_attend"))
            return jv_int(jv_at(people, i), "met");
    fail_msg("nobody has the duty");
    return 0;
}

/* He belongs to the branch and is named by the street above it. */
static void who_is_named_elsewhere_counts_where_he_belongs(void **state)
{
    Kit *k = *state;
    const char *ask = fix_text(&k->f, "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":{"
                               "\"on\":\"2026-11-17\",\"kind\":\"congress\",\"heads\":[%lld]}}",
                               (long long)k->r.street, (long long)k->r.zhao);
    assert_int_equal(attended(k), 0);
    fix_ok(&k->f, k->clerk, "record_file", ask);
    assert_int_equal(attended(k), 1);
}

static void why_names_what_was_counted(void **state)
{
    Kit *k = *state;
    int64_t id = meet(k, "2026-11-17", "congress", "");
    json_t *w = fix_ok(&k->f, k->clerk, "duty_why",
                       fix_text(&k->f, "{\"duty\":\"kit_congress\",\"org\":%lld,"
                                "\"period\":\"2026-Q4\"}", (long long)k->r.branch));
    assert_int_equal(jv_int(w, "total"), 1);
    assert_int_equal(jv_int(jv_at(jv_get(w, "counted"), 0), "subject"), id);
    assert_true(str_is(jv_str(w, "clause"), "每季度一次"));
    assert_true(str_is(jv_str(jv_at(jv_get(w, "responsible"), 0), "name"), "赵一鸣"));
    w = fix_ok(&k->f, k->clerk, "duty_why",
               fix_text(&k->f, "{\"duty\":\"kit_congress\",\"org\":%lld,\"period\":\"2026-Q2\"}",
                        (long long)k->r.branch));
    assert_true(str_is(jv_str(jv_get(w, "cell"), "state"), "missed"));
    assert_int_equal(jv_int(w, "total"), 0);
    assert_true(jv_str(w, "would").n > 0);
}

static void a_person_is_for_those_who_keep_his_branch(void **state)
{
    Kit *k = *state;
    const char *ask = fix_text(&k->f, "{\"duty\":\"kit_attend\",\"org\":%lld,\"person\":%lld,"
                               "\"period\":\"2026-Q3\"}", (long long)k->r.branch,
                               (long long)k->r.zhao);
    assert_true(str_is(jv_str(fix_ok(&k->f, k->staff, "duty_why", ask), "person_name"),
                       "赵一鸣"));
    fix_ok(&k->f, k->secretary, "duty_why", ask);
    fix_refused(&k->f, k->clerk, "duty_why", ask, ERR_FORBIDDEN);
    fix_refused(&k->f, k->superior, "duty_why", ask, ERR_FORBIDDEN);
    fix_refused(&k->f, k->stranger, "board_show",
                fix_text(&k->f, "{\"org\":%lld}", (long long)k->r.branch), ERR_FORBIDDEN);
}

/* --- waivers and settings ------------------------------------------------------------------- */

static void only_a_superior_lets_off(void **state)
{
    Kit *k = *state;
    const char *ask = fix_text(&k->f, "{\"duty\":\"kit_congress\",\"org\":%lld,\"from\":"
                               "\"2026-07-01\",\"to\":\"2026-09-30\",\"reason\":\"防汛救灾\"}",
                               (long long)k->r.branch);
    fix_refused(&k->f, k->staff, "waiver_file", ask, ERR_FORBIDDEN);
    json_t *w = fix_ok(&k->f, k->superior, "waiver_file", ask);
    STATE(k, "kit_congress", "2026-Q3", "waived");
    STATE(k, "kit_congress", "2026-Q2", "missed");
    fix_refused(&k->f, k->superior, "waiver_file",
                fix_text(&k->f, "{\"duty\":\"kit_congress\",\"org\":%lld,\"from\":\"2026-09-30\","
                         "\"to\":\"2026-07-01\",\"reason\":\"颠倒\"}", (long long)k->r.branch),
                ERR_WAIVER_DAYS);
    json_t *l = fix_ok(&k->f, k->staff, "waiver_list", "{}");
    assert_int_equal(jv_int(l, "total"), 1);
    fix_ok(&k->f, k->superior, "waiver_end",
           fix_text(&k->f, "{\"waiver\":%lld,\"version\":%lld}", (long long)jv_int(w, "id"),
                    (long long)jv_int(w, "version")));
}

static void what_must_be_is_not_switched_off(void **state)
{
    Kit *k = *state;
    fix_refused(&k->f, k->clerk, "duty_set",
                fix_text(&k->f, "{\"duty\":\"kit_strict\",\"org\":%lld,\"on\":false,"
                         "\"reason\":\"不想办\"}", (long long)k->r.committee), ERR_DUTY_LOCKED);
    fix_ok(&k->f, k->clerk, "duty_set",
           fix_text(&k->f, "{\"duty\":\"kit_congress\",\"org\":%lld,\"on\":false,"
                    "\"from\":\"2026-01-01\",\"reason\":\"本地不实行\"}",
                    (long long)k->r.committee));
    json_t *b = fix_ok(&k->f, k->staff, "board_show", "{\"year\":2026}");
    assert_null(duty_of(b, "kit_congress"));
    assert_non_null(duty_of(b, "kit_strict"));
    fix_ok(&k->f, k->superior, "duty_set", /* the nearest organisation's word holds */
           fix_text(&k->f, "{\"duty\":\"kit_congress\",\"org\":%lld,\"on\":true,\"at_least\":\"2\","
                    "\"from\":\"2026-01-01\",\"reason\":\"本街道实行\"}", (long long)k->r.street));
    meet(k, "2026-11-17", "congress", "");
    STATE(k, "kit_congress", "2026-Q4", "due");
    json_t *d = fix_ok(&k->f, k->staff, "duty_settings", "{\"duty\":\"kit_congress\"}");
    assert_int_equal(jv_int(d, "total"), 2);
}

/* --- the turn of the day -------------------------------------------------------------------- */

static int64_t turn(Kit *k)
{
    return jv_int(fix_ok(&k->f, fix_console(), "day_turn", "{}"), "filed");
}

static size_t told(Kit *k, const char *kind, const char *part)
{
    json_t *l = fix_ok(&k->f, k->clerk, "reminder_list",
                       fix_text(&k->f, "{\"org\":%lld,\"below\":true,\"all\":true}",
                                (long long)k->r.committee));
    const json_t *all = jv_get(l, "items");
    size_t n = 0;
    for (size_t i = 0; i < jv_len(all); i++)
        n += str_is(jv_str(jv_at(all, i), "kind"), kind) &&
             str_has(jv_str(jv_at(all, i), "text"), str_of(part));
    return n;
}

static void each_notice_goes_out_once(void **state)
{
    Kit *k = *state;
    fix_ok(&k->f, k->staff, "record_file",
           fix_text(&k->f, "{\"form\":\"kit_case\",\"org\":%lld,\"values\":{\"what\":\"修路\"}}",
                    (long long)k->r.branch));
    turn(k);
    assert_int_equal(turn(k), 0);
    assert_int_equal(told(k, "move_reminder", "事项办理"), 0);
    assert_int_equal(told(k, "duty_reminder", "测试大会"), 0);
    size_t reminded = 0, overdue = 0, escalated = 0, congress = 0, people = 0;
    for (int day = 0; day < 50; day++) { /* 18 November to 7 January */
        sys_pass(k->f.sys, DAY_MS);
        turn(k);
        assert_int_equal(turn(k), 0);
        if (day == 7)
            assert_int_equal(told(k, "move_reminder", "事项办理"), 1);
        if (day == 8)
            assert_int_equal(told(k, "overdue", "事项办理"), 0);
        if (day == 14)
            assert_int_equal(told(k, "escalation", "事项办理"), 1);
    }
    reminded = told(k, "move_reminder", "事项办理");
    overdue = told(k, "overdue", "事项办理");
    escalated = told(k, "escalation", "事项办理");
    congress = told(k, "duty_reminder", "“测试大会”2026年第四季度");
    people = told(k, "duty_reminder", "“测试参加”还有2名党员");
    assert_int_equal(reminded, 1);
    assert_int_equal(overdue, 1);
    assert_int_equal(escalated, 1);
    assert_int_equal(congress, 1);
    assert_int_equal(people, 1);
}

static void what_was_done_is_no_longer_asked(void **state)
{
    Kit *k = *state;
    sys_pass(k->f.sys, 38 * DAY_MS); /* 26 December */
    turn(k);
    json_t *l = fix_ok(&k->f, k->staff, "reminder_list", "{}");
    const json_t *one = NULL, *all = jv_get(l, "items");
    for (size_t i = 0; i < jv_len(all); i++)
        if (str_is(jv_str(jv_at(all, i), "duty"), "kit_congress"))
            one = jv_at(all, i);
    assert_non_null(one);
    meet(k, "2026-12-26", "congress", "");
    l = fix_ok(&k->f, k->staff, "reminder_list", "{}");
    all = jv_get(l, "items");
    for (size_t i = 0; i < jv_len(all); i++)
        assert_false(str_is(jv_str(jv_at(all, i), "duty"), "kit_congress"));
    fix_ok(&k->f, k->staff, "reminder_seen",
           fix_text(&k->f, "{\"notice\":%lld}", (long long)jv_int(one, "id")));
}

static void a_friendly_word_by_hand(void **state)
{
    Kit *k = *state;
    const char *ask = fix_text(&k->f, "{\"orgs\":[%lld],\"text\":\"请留意年底换届准备\"}",
                               (long long)k->r.branch);
    fix_refused(&k->f, k->staff, "reminder_send", ask, ERR_FORBIDDEN);
    assert_int_equal(jv_int(fix_ok(&k->f, k->clerk, "reminder_send", ask), "sent"), 1);
    assert_int_equal(jv_int(fix_ok(&k->f, k->clerk, "reminder_send", ask), "same"), 1);
    json_t *l = fix_ok(&k->f, k->staff, "reminder_list", "{}");
    assert_int_equal(jv_int(l, "total"), 1);
    json_t *tasks = fix_ok(&k->f, k->staff, "tasks_mine", "{}");
    fix_item(tasks, "why", "请留意年底换届准备");
}

/* --- figures -------------------------------------------------------------------------------- */

static void a_figure_opens_its_records(void **state)
{
    Kit *k = *state;
    meet(k, "2026-11-16", "congress", "");
    meet(k, "2026-11-17", "lecture", "");
    const char *of = fix_text(&k->f, "\"org\":%lld,\"period\":\"2026\"", (long long)k->r.committee);
    json_t *t = fix_ok(&k->f, k->clerk, "report_figures",
                       fix_text(&k->f, "{\"report\":\"kit_table\",%s}", of));
    const json_t *cell = jv_at(jv_get(jv_get(t, "totals"), "cells"), 0);
    assert_true(str_is(jv_str(cell, "value"), "2"));
    assert_int_equal(jv_int(cell, "records"), 2);
    json_t *r = fix_ok(&k->f, k->clerk, "report_records",
                       fix_text(&k->f, "{\"report\":\"kit_table\",%s,\"column\":\"lectures\","
                                "\"row\":\"%lld\"}", of, (long long)k->r.street));
    assert_int_equal(jv_int(r, "total"), 1);
    assert_true(str_is(jv_str(jv_at(jv_get(r, "items"), 0), "on"), "2026-11-17"));
    r = fix_ok(&k->f, k->clerk, "report_records",
               fix_text(&k->f, "{\"report\":\"kit_table\",%s,\"column\":\"lectures\","
                        "\"row\":\"%lld\"}", of, (long long)k->r.health));
    assert_int_equal(jv_int(r, "total"), 0);
    fix_ok(&k->f, k->clerk, "record_file", /* above every row: in no row, and not in their sum */
           fix_text(&k->f, "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":{\"on\":"
                    "\"2026-11-17\",\"kind\":\"lecture\"}}", (long long)k->r.committee));
    r = fix_ok(&k->f, k->clerk, "report_records",
               fix_text(&k->f, "{\"report\":\"kit_table\",%s,\"column\":\"meetings\"}", of));
    assert_int_equal(jv_int(r, "total"), 2);
    json_t *m = fix_ok(&k->f, k->clerk, "measure_show",
                       fix_text(&k->f, "{\"measure\":\"kit_meetings\",%s}", of));
    assert_true(str_is(jv_str(m, "value"), "3"));
    r = fix_ok(&k->f, k->clerk, "measure_records",
               fix_text(&k->f, "{\"measure\":\"kit_meetings\",%s}", of));
    assert_int_equal(jv_int(r, "total"), 3);
    fix_ok(&k->f, k->clerk, "report_export",
           fix_text(&k->f, "{\"report\":\"kit_table\",%s}", of));
    assert_true(str_starts(k->f.file.bytes, STRC("PK")));
}

static void the_roll_adds_up(void **state)
{
    Kit *k = *state;
    static const char *const ways[] = { "duty", "pack", "sector", "kind", "level" };
    int64_t missed[5] = { 0 };
    for (int w = 0; w < 5; w++) {
        json_t *r = fix_ok(&k->f, k->clerk, "heat_roll",
                           fix_text(&k->f, "{\"org\":%lld,\"year\":2026,\"by\":\"%s\"}",
                                    (long long)k->r.committee, ways[w]));
        const json_t *all = jv_get(r, "items");
        for (size_t i = 0; i < jv_len(all); i++)
            missed[w] += jv_int(jv_at(all, i), "missed");
        assert_true(w == 0 || missed[w] == missed[0]);
    }
    assert_true(missed[0] >= 3);
}

/* --- member points -------------------------------------------------------------------------- */

static void points_are_off_private_and_reversed(void **state)
{
    Kit *k = *state;
    const char *ask = "{\"points\":\"kit_points\"}";
    int64_t id = meet(k, "2026-11-18", "lecture", /* counted from the day of the switch on */
                      fix_text(&k->f, ",\"heads\":[%lld]", (long long)k->r.zhao));
    const char *of = fix_text(&k->f, "{\"org\":%lld,\"points\":\"kit_points\"}",
                              (long long)k->r.branch);
    const json_t *p = jv_at(jv_get(fix_ok(&k->f, k->staff, "points_show", of), "items"), 0);
    assert_false(jv_bool(p, "on"));
    assert_int_equal(jv_len(jv_get(p, "balances")), 0);
    fix_ok(&k->f, k->staff, "points_switch",
           fix_text(&k->f, "{\"points\":\"kit_points\",\"org\":%lld,\"on\":true,"
                    "\"reason\":\"支部大会决定试行\"}", (long long)k->r.branch));
    p = jv_at(jv_get(fix_ok(&k->f, k->staff, "points_show", of), "items"), 0);
    assert_true(jv_bool(p, "on"));
    assert_int_equal(jv_len(jv_get(p, "postings")), 1);
    assert_true(str_is(jv_str(p, "sum"), "0"));
    p = jv_at(jv_get(fix_ok(&k->f, k->secretary, "points_show", ask), "items"), 0);
    assert_true(str_is(jv_str(jv_at(jv_get(p, "balances"), 0), "total"), "62"));
    assert_int_equal(jv_len(jv_get(p, "balances")), 1); /* himself */
    p = jv_at(jv_get(fix_ok(&k->f, k->clerk, "points_show", of), "items"), 0);
    assert_int_equal(jv_len(jv_get(p, "balances")), 0); /* a superior sees none */
    assert_int_equal(jv_len(jv_get(p, "postings")), 0);
    fix_refused(&k->f, k->clerk, "points_show",
                fix_text(&k->f, "{\"person\":%lld}", (long long)k->r.zhao), ERR_FORBIDDEN);
    fix_ok(&k->f, k->staff, "record_strike",
           fix_text(&k->f, "{\"form\":\"kit_meeting\",\"subject\":%lld,\"version\":%lld,"
                    "\"reason\":\"记错\"}", (long long)id, (long long)id));
    p = jv_at(jv_get(fix_ok(&k->f, k->staff, "points_show", of), "items"), 0);
    assert_int_equal(jv_len(jv_get(p, "postings")), 2); /* and its reversal */
    assert_true(str_is(jv_str(p, "sum"), "0"));
}

/* --- how records came in -------------------------------------------------------------------- */

static void late_bulk_and_back_dated_are_lists(void **state)
{
    Kit *k = *state;
    for (int day = 1; day <= 12; day++)
        fix_ok(&k->f, k->staff, "record_file",
               fix_text(&k->f, "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":{\"on\":"
                        "\"2026-09-%02d\",\"kind\":\"lecture\"},\"late_reason\":\"系统停机\","
                        "\"late_by\":\"system\"}", (long long)k->r.branch, day));
    json_t *p = fix_ok(&k->f, k->clerk, "pattern_show",
                       fix_text(&k->f, "{\"org\":%lld,\"year\":2026,\"below\":true}",
                                (long long)k->r.committee));
    assert_int_equal(jv_int(p, "late"), 12);
    assert_int_equal(jv_int(p, "back"), 12);
    assert_int_equal(jv_len(jv_get(p, "bulks")), 1);
    assert_int_equal(jv_int(jv_at(jv_get(p, "bulks"), 0), "days"), 12);
    const json_t *causes = jv_get(p, "causes");
    for (size_t i = 0; i < jv_len(causes); i++)
        if (str_is(jv_str(jv_at(causes, i), "cause"), "system"))
            assert_int_equal(jv_int(jv_at(causes, i), "records"), 12);
}

static void the_calendar_shows_what_comes(void **state)
{
    Kit *k = *state;
    json_t *l = fix_ok(&k->f, k->staff, "calendar_show",
                       "{\"from\":\"2026-12-01\",\"to\":\"2026-12-31\"}");
    const json_t *i = fix_item(l, "duty", "kit_congress");
    assert_true(str_is(jv_str(i, "day"), "2026-12-31") && str_is(jv_str(i, "state"), "due"));
    fix_refused(&k->f, k->staff, "calendar_show",
                "{\"from\":\"2026-12-01\",\"to\":\"2036-12-31\"}", ERR_CALENDAR_DAYS);
    fix_ok(&k->f, k->staff, "burden_show", "{}");
    json_t *c = fix_ok(&k->f, k->clerk, "cover_show",
                       fix_text(&k->f, "{\"org\":%lld,\"year\":2026,\"pack\":\"kit\"}",
                                (long long)k->r.committee));
    assert_int_equal(jv_int(jv_at(jv_get(c, "rows"), 0), "uncovered"), 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, kit_open, kit_close)

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        TEST(every_fact_shows_at_once), TEST(another_process_says_the_same),
        TEST(who_is_named_elsewhere_counts_where_he_belongs), TEST(why_names_what_was_counted),
        TEST(a_person_is_for_those_who_keep_his_branch), TEST(only_a_superior_lets_off),
        TEST(what_must_be_is_not_switched_off), TEST(each_notice_goes_out_once),
        TEST(what_was_done_is_no_longer_asked), TEST(a_friendly_word_by_hand),
        TEST(a_figure_opens_its_records), TEST(the_roll_adds_up),
        TEST(points_are_off_private_and_reversed), TEST(late_bulk_and_back_dated_are_lists),
        TEST(the_calendar_shows_what_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
