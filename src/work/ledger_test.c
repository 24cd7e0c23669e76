/* Records of any form that a pack declares: filed, seen, found, put right, moved. */
#include "work/ledger_kit_test.h"

static const char *ask(Fix *f, const char *form, int64_t org, const char *more)
{
    return fix_text(f, "{\"form\":\"%s\",\"org\":%lld%s}", form, (long long)org, more);
}

static int64_t total(Fix *f, Who who, const char *form, int64_t org, const char *more)
{
    return jv_int(fix_ok(f, who, "record_list", ask(f, form, org, more)), "total");
}

static void a_record_is_filed_and_shown(void **state)
{
    Fix f;
    Kit k;
    (void)state;
    kit_open(&f, &k);
    json_t *got = kit_meeting(&f, &k, "2026-11-17", "congress", "学习讨论");
    assert_int_equal(jv_int(got, "late"), 0);
    const json_t *counts = jv_at(jv_get(got, "counts_for"), 0);
    assert_true(str_is(jv_str(counts, "duty"), "kit_congress"));
    assert_true(str_is(jv_str(counts, "state"), "met"));
    assert_true(str_is(jv_str(counts, "period"), "2026年第四季度"));
    json_t *l = fix_ok(&f, k.secretary, "record_list", ask(&f, "kit_meeting", k.r.branch, ""));
    assert_int_equal(jv_int(l, "total"), 1);
    const json_t *item = jv_at(jv_get(l, "items"), 0);
    assert_true(str_is(jv_str(item, "org_name"), "东街社区党支部"));
    assert_true(str_is(jv_str(item, "on"), "2026-11-17"));
    assert_true(str_is(jv_str(jv_get(item, "shown"), "kind"), "党员大会"));
    assert_int_equal(jv_int(jv_get(item, "values"), "heads"), 12);
    assert_true(str_is(jv_str(item, "filed_by"), "钱满仓"));
    json_t *one = fix_ok(&f, k.secretary, "record_show",
                         fix_text(&f, "{\"form\":\"kit_meeting\",\"subject\":%lld}",
                                  (long long)jv_int(got, "id")));
    assert_int_equal(jv_len(jv_get(one, "history")), 1);
    assert_true(jv_bool(jv_get(one, "may"), "revise"));
    fix_close(&f);
}

static void what_is_known_is_not_asked(void **state)
{
    Fix f;
    Kit k;
    (void)state;
    kit_open(&f, &k);
    const char *in = ask(&f, "kit_meeting", k.r.branch, "");
    json_t *page = fix_ok(&f, k.staff, "record_new", in);
    assert_true(jv_bool(page, "may"));
    assert_int_equal(jv_int(jv_get(page, "values"), "heads"), 2); /* members of the branch */
    assert_null(jv_get(jv_get(page, "values"), "place"));
    fix_ok(&f, k.staff, "record_file",
           fix_text(&f, "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":{\"on\":\"2026-11-17\","
                    "\"kind\":\"day\",\"topic\":\"x\",\"place\":\"三楼会议室\"}}",
                    (long long)k.r.branch));
    page = fix_ok(&f, k.staff, "record_new", in);
    assert_true(str_is(jv_str(jv_get(page, "values"), "place"), "三楼会议室"));
    /* Who may not file is told nothing beforehand. */
    page = fix_ok(&f, k.stranger, "record_new", in);
    assert_false(jv_bool(page, "may"));
    assert_int_equal(json_object_size(jv_get(page, "values")), 0);
    fix_close(&f);
}

static void only_ledger_forms(void **state)
{
    Fix f;
    Kit k;
    (void)state;
    kit_open(&f, &k);
    fix_refused(&f, k.clerk, "record_list", "{\"form\":\"grant\"}", ERR_NOT_FOUND);
    fix_refused(&f, k.clerk, "record_file",
                fix_text(&f, "{\"form\":\"person\",\"org\":%lld,\"values\":{\"name\":\"某\"}}",
                         (long long)k.r.branch), ERR_NOT_FOUND);
    fix_close(&f);
}

static void who_files_and_who_reads(void **state)
{
    Fix f;
    Kit k;
    const char *meeting;
    (void)state;
    kit_open(&f, &k);
    kit_meeting(&f, &k, "2026-11-17", "congress", "学习");
    meeting = fix_text(&f, "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":{\"on\":"
                       "\"2026-11-16\",\"kind\":\"day\",\"topic\":\"清扫\"}}",
                       (long long)k.r.branch);
    fix_refused(&f, k.stranger, "record_file", meeting, ERR_FORBIDDEN);
    fix_refused(&f, k.superior, "record_file", meeting, ERR_FORBIDDEN);
    fix_refused(&f, k.member, "record_file", meeting, ERR_FORBIDDEN);
    fix_refused(&f, k.stranger, "record_list", ask(&f, "kit_meeting", k.r.branch, ""),
                ERR_FORBIDDEN);
    assert_int_equal(jv_int(fix_ok(&f, k.stranger, "record_list", "{\"form\":\"kit_meeting\"}"),
                            "total"), 0);
    assert_int_equal(total(&f, k.superior, "kit_meeting", k.r.branch, ""), 1);
    assert_int_equal(total(&f, k.member, "kit_meeting", k.r.branch, ""), 1);
    assert_int_equal(total(&f, k.clerk, "kit_meeting", k.r.committee, ",\"below\":true"), 1);
    assert_int_equal(total(&f, k.clerk, "kit_meeting", k.r.committee, ""), 0);
    /* A clerk above the branch files for it. */
    fix_ok(&f, k.clerk, "record_file", meeting);
    assert_int_equal(total(&f, k.staff, "kit_meeting", k.r.branch, ""), 2);
    fix_close(&f);
}

static void late_entry_has_its_own_door(void **state)
{
    Fix f;
    Kit k;
    (void)state;
    kit_open(&f, &k);
    /* Today is Wednesday 2026-11-18; Friday the 13th and three working days is today. */
    kit_meeting(&f, &k, "2026-11-13", "congress", "按时");
    const char *late = "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":{\"on\":\"2026-11-12\","
                       "\"kind\":\"congress\",\"topic\":\"补录\"}%s}";
    Err e = { 0 };
    assert_false(fix_call(&f, k.staff, "record_file",
                          fix_text(&f, late, (long long)k.r.branch, ""), STRC(""), "", NULL, &e));
    assert_int_equal(e.code, ERR_RECORD_LATE);
    assert_true(str_is(err_get(&e, "due"), "2026年11月17日"));
    assert_true(str_is(err_get(&e, "days"), "1"));
    json_t *got = fix_ok(&f, k.staff, "record_file",
                         fix_text(&f, late, (long long)k.r.branch,
                                  ",\"late_reason\":\"系统停机\",\"late_by\":\"system\""));
    assert_int_equal(jv_int(got, "late"), 1);
    json_t *l = fix_ok(&f, k.superior, "record_list",
                       ask(&f, "kit_meeting", k.r.branch, ",\"late\":true"));
    assert_int_equal(jv_int(l, "total"), 1);
    const json_t *item = jv_at(jv_get(l, "items"), 0);
    assert_true(str_is(jv_str(item, "late_reason"), "系统停机"));
    assert_true(str_is(jv_str(item, "late_by"), "系统或网络"));
    /* A reason given for what is in time says something untrue: it is not kept. */
    got = fix_ok(&f, k.staff, "record_file",
                 fix_text(&f, "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":{\"on\":"
                          "\"2026-11-18\",\"kind\":\"day\",\"topic\":\"x\"},\"late_reason\":\"y\"}",
                          (long long)k.r.branch));
    l = fix_ok(&f, k.staff, "record_show",
               fix_text(&f, "{\"form\":\"kit_meeting\",\"subject\":%lld}",
                        (long long)jv_int(got, "id")));
    assert_null(jv_get(l, "late_reason"));
    fix_close(&f);
}

static void the_same_is_not_filed_twice(void **state)
{
    Fix f;
    Kit k;
    (void)state;
    kit_open(&f, &k);
    kit_meeting(&f, &k, "2026-11-17", "congress", "一");
    fix_refused(&f, k.staff, "record_file",
                fix_text(&f, "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":{\"on\":"
                         "\"2026-11-17\",\"kind\":\"congress\",\"topic\":\"二\"}}",
                         (long long)k.r.branch), ERR_RECORD_TWICE);
    kit_meeting(&f, &k, "2026-11-17", "lecture", "二"); /* another kind is another meeting */
    kit_meeting(&f, &k, "2026-11-16", "congress", "三");
    fix_close(&f);
}

static void bad_bodies_are_refused(void **state)
{
    Fix f;
    Kit k;
    static const struct { const char *values; ErrCode want; } bad[] = {
        { "{\"on\":\"2026-11-17\",\"topic\":\"x\"}", ERR_FIELD_MISSING },
        { "{\"on\":\"2026-11-17\",\"kind\":\"tea\",\"topic\":\"x\"}", ERR_FIELD_CHOICE },
        { "{\"on\":\"2026-11-17\",\"kind\":\"day\",\"topic\":\"x\",\"heads\":1000}",
          ERR_FIELD_RANGE },
        { "{\"on\":\"2026-11-17\",\"kind\":\"day\",\"topic\":\"x\",\"people\":[12345]}",
          ERR_RECORD_REF },
        { "{\"on\":\"2026-11-17\",\"kind\":\"day\",\"topic\":\"身份证11010119900307123X的人\"}",
          ERR_RECORD_ID_CARD },
        { "{\"on\":\"2026-11-17\",\"kind\":\"day\",\"topic\":\"x\",\"files\":[\"00\"]}",
          ERR_FIELD_TYPE },
        { "{\"on\":\"2026-11-17\",\"kind\":\"day\",\"topic\":\"x\",\"files\":[\"0000000000"
          "000000000000000000000000000000000000000000000000000000\"]}", ERR_FILE_UNKNOWN },
        { "{\"on\":\"2026-11-17\",\"kind\":\"day\",\"topic\":\"x\",\"what\":1}",
          ERR_FIELD_UNKNOWN },
    };
    (void)state;
    kit_open(&f, &k);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        fix_refused(&f, k.staff, "record_file",
                    fix_text(&f, "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":%s}",
                             (long long)k.r.branch, bad[i].values), bad[i].want);
    assert_int_equal(total(&f, k.staff, "kit_meeting", k.r.branch, ""), 0);
    fix_close(&f);
}

static void corrections_keep_what_was_said(void **state)
{
    Fix f;
    Kit k;
    (void)state;
    kit_open(&f, &k);
    json_t *got = kit_meeting(&f, &k, "2026-11-17", "congress", "旧题");
    long long id = jv_int(got, "id"), version = jv_int(got, "version");
    const char *patch = "{\"form\":\"kit_meeting\",\"subject\":%lld,\"version\":%lld,\"values\":"
                        "{\"topic\":\"新题\",\"heads\":null}}";
    fix_ok(&f, k.staff, "record_revise", fix_text(&f, patch, id, version));
    fix_refused(&f, k.staff, "record_revise", fix_text(&f, patch, id, version), ERR_CONFLICT);
    fix_refused(&f, k.superior, "record_revise", fix_text(&f, patch, id, version), ERR_FORBIDDEN);
    json_t *one = fix_ok(&f, k.staff, "record_show",
                         fix_text(&f, "{\"form\":\"kit_meeting\",\"subject\":%lld}", id));
    assert_true(str_is(jv_str(one, "on"), "2026-11-17"));
    assert_null(jv_get(jv_get(one, "values"), "heads"));
    const json_t *changed = jv_get(jv_at(jv_get(one, "history"), 1), "changed");
    assert_int_equal(jv_len(changed), 2);
    assert_true(str_is(jv_text(jv_at(changed, 0)), "议题"));
    /* Struck: gone from lists, still there for who asks for it by its number, with the reason. */
    fix_ok(&f, k.staff, "record_strike",
           fix_text(&f, "{\"form\":\"kit_meeting\",\"subject\":%lld,\"version\":%lld,"
                    "\"reason\":\"开错了单位\"}", id, (long long)jv_int(one, "version")));
    assert_int_equal(total(&f, k.staff, "kit_meeting", k.r.branch, ""), 0);
    one = fix_ok(&f, k.superior, "record_show",
                 fix_text(&f, "{\"form\":\"kit_meeting\",\"subject\":%lld}", id));
    assert_true(jv_bool(one, "struck"));
    assert_false(jv_bool(jv_get(one, "may"), "revise"));
    assert_true(str_is(jv_str(jv_at(jv_get(one, "history"), 2), "reason"), "开错了单位"));
    fix_close(&f);
}

static void personal_records_are_private(void **state)
{
    Fix f;
    Kit k;
    (void)state;
    kit_open(&f, &k);
    json_t *got = fix_ok(&f, k.staff, "record_file",
                         fix_text(&f, "{\"form\":\"kit_talk\",\"org\":%lld,\"values\":{\"on\":"
                                  "\"2026-11-17\",\"person\":%lld,\"gist\":\"岗位变动\"}}",
                                  (long long)k.r.branch, (long long)k.r.li));
    const char *show = fix_text(&f, "{\"form\":\"kit_talk\",\"subject\":%lld}",
                                (long long)jv_int(got, "id"));
    const char *all = "{\"form\":\"kit_talk\"}";
    assert_int_equal(jv_int(fix_ok(&f, k.staff, "record_list", all), "total"), 1);
    /* Who stands above knows that there is one, and no filter tells him more. */
    json_t *l = fix_ok(&f, k.clerk, "record_list", all);
    assert_int_equal(jv_int(l, "total"), 0);
    assert_int_equal(jv_int(l, "hidden"), 1);
    l = fix_ok(&f, k.clerk, "record_list",
               fix_text(&f, "{\"form\":\"kit_talk\",\"field\":\"person\",\"value\":\"%lld\"}",
                        (long long)k.r.li));
    assert_int_equal(jv_int(l, "hidden"), 0);
    fix_refused(&f, k.clerk, "record_show", show, ERR_FORBIDDEN);
    fix_refused(&f, k.clerk, "fact_show",
                fix_text(&f, "{\"fact\":%lld}", (long long)jv_int(got, "version")),
                ERR_FORBIDDEN);
    /* The person sees his own, though he has no office there. */
    assert_int_equal(jv_int(fix_ok(&f, k.superior, "record_list", all), "total"), 1);
    fix_ok(&f, k.superior, "record_show", show);
    l = fix_ok(&f, k.stranger, "record_list", all);
    assert_int_equal(jv_int(l, "total") + jv_int(l, "hidden"), 0);
    fix_close(&f);
}

static void a_flow_is_walked(void **state)
{
    Fix f;
    Kit k;
    (void)state;
    kit_open(&f, &k);
    const char *make = "{\"form\":\"kit_plan\",\"org\":%lld,\"values\":{\"subject\":\"修路\"%s}}";
    fix_refused(&f, k.staff, "record_file",
                fix_text(&f, make, (long long)k.r.branch, ",\"state\":\"decided\""),
                ERR_RECORD_STATE);
    json_t *got = fix_ok(&f, k.staff, "record_file",
                         fix_text(&f, make, (long long)k.r.branch, ""));
    long long id = jv_int(got, "id"), version = jv_int(got, "version");
    json_t *one = fix_ok(&f, k.staff, "record_show",
                         fix_text(&f, "{\"form\":\"kit_plan\",\"subject\":%lld}", id));
    const json_t *way = jv_at(jv_get(one, "moves"), 0);
    assert_true(str_is(jv_str(one, "state_title"), "拟稿"));
    assert_true(str_is(jv_str(way, "event"), "post"));
    assert_true(jv_bool(way, "may"));
    assert_false(jv_bool(way, "open"));
    assert_true(str_is(jv_str(way, "due"), "2026-12-03"));
    const char *move = "{\"form\":\"kit_plan\",\"subject\":%lld,\"version\":%lld,"
                       "\"move\":\"%s\"%s}";
    fix_refused(&f, k.staff, "record_move", fix_text(&f, move, id, version, "post", ""),
                ERR_RULE_GUARD);
    fix_refused(&f, k.superior, "record_move", fix_text(&f, move, id, version, "post", ""),
                ERR_RULE_ROLE);
    fix_refused(&f, k.stranger, "record_move", fix_text(&f, move, id, version, "post", ""),
                ERR_FORBIDDEN);
    got = fix_ok(&f, k.staff, "record_move",
                 fix_text(&f, move, id, version, "post",
                          ",\"values\":{\"posted\":\"2026-11-18\"}"));
    assert_true(str_is(jv_str(got, "state"), "posted"));
    version = jv_int(got, "version");
    fix_refused(&f, k.staff, "record_move", fix_text(&f, move, id, version, "decide", ""),
                ERR_RULE_ROLE);
    fix_refused(&f, k.secretary, "record_revise",
                fix_text(&f, "{\"form\":\"kit_plan\",\"subject\":%lld,\"version\":%lld,"
                         "\"values\":{\"state\":\"draft\"}}", id, version), ERR_RECORD_STATE);
    /* The guard looks at the plans of the organisations beside it, too. */
    json_t *other[2];
    for (int i = 0; i < 2; i++)
        other[i] = fix_ok(&f, k.staff, "record_file",
                          fix_text(&f, "{\"form\":\"kit_plan\",\"org\":%lld,\"values\":"
                                   "{\"subject\":\"别的%d\"}}", (long long)k.r.branch, i));
    fix_refused(&f, k.secretary, "record_move", fix_text(&f, move, id, version, "decide", ""),
                ERR_RULE_GUARD);
    fix_ok(&f, k.staff, "record_strike",
           fix_text(&f, "{\"form\":\"kit_plan\",\"subject\":%lld,\"version\":%lld,"
                    "\"reason\":\"x\"}", (long long)jv_int(other[0], "id"),
                    (long long)jv_int(other[0], "version")));
    fix_ok(&f, k.secretary, "record_move", fix_text(&f, move, id, version, "decide", ""));
    json_t *flow = fix_ok(&f, k.superior, "flow_show", "{\"flow\":\"kit_plan\"}");
    assert_int_equal(jv_int(jv_get(flow, "counts"), "decided"), 1);
    assert_int_equal(jv_int(jv_get(flow, "counts"), "draft"), 1);
    assert_int_equal(total(&f, k.superior, "kit_plan", k.r.branch, ",\"state\":\"decided\""), 1);
    fix_close(&f);
}

static void lists_are_searched_and_paged(void **state)
{
    Fix f;
    Kit k;
    static const char *const days[] = { "2026-11-16", "2026-11-18", "2026-11-17", "2026-11-13" };
    (void)state;
    kit_open(&f, &k);
    for (int i = 0; i < 4; i++) {
        kit_meeting(&f, &k, days[i], "congress", "讨论发展党员");
        kit_meeting(&f, &k, days[i], "lecture", "廉洁党课");
    }
    /* Newest day first, whatever the order of filing; pages join without a gap. */
    int64_t after = 0, seen = 0;
    Str last = STRC("9999");
    do {
        json_t *l = fix_ok(&f, k.staff, "record_list",
                           fix_text(&f, "{\"form\":\"kit_meeting\",\"limit\":3%s}",
                                    after ? fix_text(&f, ",\"after\":%lld", (long long)after)
                                          : ""));
        for (size_t i = 0; i < jv_len(jv_get(l, "items")); i++, seen++) {
            Str on = jv_str(jv_at(jv_get(l, "items"), i), "on");
            assert_true(str_cmp(on, last) <= 0);
            last = on;
        }
        assert_int_equal(jv_int(l, "total"), 8);
        after = jv_int(l, "next");
    } while (after);
    assert_int_equal(seen, 8);
    assert_int_equal(total(&f, k.staff, "kit_meeting", k.r.branch, ",\"q\":\"廉洁\""), 4);
    assert_int_equal(total(&f, k.staff, "kit_meeting", k.r.branch, ",\"q\":\"没有这句\""), 0);
    assert_int_equal(total(&f, k.staff, "kit_meeting", k.r.branch,
                           ",\"from\":\"2026-11-17\",\"to\":\"2026-11-17\""), 2);
    assert_int_equal(total(&f, k.staff, "kit_meeting", k.r.branch,
                           ",\"field\":\"kind\",\"value\":\"lecture\",\"q\":\"党课\""), 4);
    assert_int_equal(total(&f, k.staff, "kit_meeting", k.r.branch,
                           ",\"field\":\"heads\",\"value\":\"12\""), 8);
    assert_int_equal(total(&f, k.staff, "kit_meeting", k.r.branch,
                           ",\"field\":\"heads\",\"value\":\"13\""), 0);
    fix_refused(&f, k.staff, "record_list", "{\"form\":\"kit_meeting\",\"field\":\"what\"}",
                ERR_FIELD_UNKNOWN);
    fix_close(&f);
}

static void a_clerk_files_for_somebody(void **state)
{
    Fix f;
    Kit k;
    (void)state;
    kit_open(&f, &k);
    Who clerk = k.clerk;
    clerk.behalf = k.r.zhao;
    json_t *got = fix_ok(&f, clerk, "record_file",
                         fix_text(&f, "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":{\"on\":"
                                  "\"2026-11-17\",\"kind\":\"day\",\"topic\":\"x\"}}",
                                  (long long)k.r.branch));
    json_t *one = fix_ok(&f, k.staff, "record_show",
                         fix_text(&f, "{\"form\":\"kit_meeting\",\"subject\":%lld}",
                                  (long long)jv_int(got, "id")));
    assert_true(str_is(jv_str(one, "filed_by"), "赵一鸣（由孙立代办）"));
    Who staff = k.staff; /* nobody of another house can be served */
    staff.behalf = k.r.zeng;
    fix_refused(&f, staff, "record_file",
                fix_text(&f, "{\"form\":\"kit_meeting\",\"org\":%lld,\"values\":{\"on\":"
                         "\"2026-11-16\",\"kind\":\"day\",\"topic\":\"x\"}}",
                         (long long)k.r.branch), ERR_FORBIDDEN);
    fix_close(&f);
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_filed_and_shown),
        cmocka_unit_test(what_is_known_is_not_asked),
        cmocka_unit_test(only_ledger_forms),
        cmocka_unit_test(who_files_and_who_reads),
        cmocka_unit_test(late_entry_has_its_own_door),
        cmocka_unit_test(the_same_is_not_filed_twice),
        cmocka_unit_test(bad_bodies_are_refused),
        cmocka_unit_test(corrections_keep_what_was_said),
        cmocka_unit_test(personal_records_are_private),
        cmocka_unit_test(a_flow_is_walked),
        cmocka_unit_test(lists_are_searched_and_paged),
        cmocka_unit_test(a_clerk_files_for_somebody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
