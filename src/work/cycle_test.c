#include "work/year_test.h"

static void a_year_opens_once(void **state)
{
    Year *y = *state;
    year_refused(y, y->head, "cycle_open", ERR_CYCLE_TWICE,
                 "{'body':{'year':2026,'title':'再开','organiser':%lld,"
                 "'classes':[{'name':'a','title':'甲'}],'objects':['party_building'],"
                 "'scheme':'district','survey_mode':'open'}}", (long long)y->root);
    json_t *all = year_ok(y, y->clerk, "cycle_list", "{}");
    assert_int_equal(jv_int(all, "total"), 1);
    json_t *it = year_ok(y, y->clerk, "cycle_show", "{'cycle':%lld}", (long long)y->cycle);
    assert_true(str_is(jv_str(it, "state"), "preparing"));
    /* the groups are those of the scheme, whatever was sent */
    assert_int_equal(jv_len(jv_get(jv_get(it, "body"), "groups")), 3);
    assert_int_equal(jv_len(jv_get(it, "steps")), 9);
    year_refused(y, y->secretary, "cycle_open", ERR_FORBIDDEN, "{'body':{}}");
}

static void a_year_follows_the_one_before(void **state)
{
    Year *y = *state;
    int64_t next = year_open(y, 2028, "'party_building'", "open");
    json_t *it = year_ok(y, y->clerk, "cycle_show", "{'cycle':%lld}", (long long)next);
    assert_int_equal(jv_int(jv_get(it, "body"), "previous"), y->cycle);
}

static void a_body_that_does_not_hold_is_refused(void **state)
{
    Year *y = *state;
    static const struct { const char *part; ErrCode code; } bad[] = {
        { "'year':1999,'classes':[{'name':'a','title':'甲'}],'scheme':'district'",
          ERR_FIELD_RANGE },
        { "'year':2027,'classes':[{'name':'a','title':'甲'},{'name':'a','title':'乙'}],"
          "'scheme':'district'", ERR_FORM_TWICE },
        { "'year':2027,'classes':[{'name':'a','title':'甲'},{'name':'b','title':'甲'}],"
          "'scheme':'district'", ERR_FORM_TWICE },
        { "'year':2027,'classes':[],'scheme':'district'", ERR_FIELD_MISSING },
        { "'year':2027,'classes':[{'name':'a','title':'甲'}],'scheme':'none'", ERR_NOT_FOUND },
        { "'year':2027,'classes':[{'name':'a','title':'甲'}],'scheme':'district',"
          "'report_min':900,'report_max':800", ERR_CYCLE_LENGTH },
        { "'year':2027,'classes':[{'name':'a','title':'甲'}],'scheme':'district',"
          "'dates':[{'step':'report','due':'2027-11-01'},{'step':'report','due':'2027-11-02'}]",
          ERR_FORM_TWICE },
        { "'year':2027,'classes':[{'name':'a','title':'甲'}],'scheme':'district',"
          "'groups':[{'name':'nobody','issued':3}]", ERR_NOT_FOUND },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        year_refused(y, y->head, "cycle_open", bad[i].code,
                     "{'body':{'title':'年','organiser':%lld,'objects':['party_building'],"
                     "'survey_mode':'open',%s}}", (long long)y->root, bad[i].part);
}

static void choices_have_no_default(void **state)
{
    Year *y = *state;
    static const struct { const char *drop, *said; } members[] = {
        { "'mode':'half_up',", "取整方式" },   { "'places':2,", "小数位数" },
        { "'nodes':['ballot'],", "取整的节点" }, { ",'quota':'up'", "比例名额的取整" },
        { "'rule':'share'", "并列的处理" },    { "'returned':'0.8',", "收回率下限" },
        { "'valid':'0.9',", "有效率下限" },    { "'scope':'per_group',", "" },
        { ",'on_failure':'revote'", "" },
    };
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        char choices[600] = YEAR_CHOICES, *at = strstr(choices, members[i].drop);
        assert_non_null(at);
        memmove(at, at + strlen(members[i].drop), strlen(at + strlen(members[i].drop)) + 1);
        year_says(y, y->head, "choices_set", members[i].said,
                  "{'cycle':%lld,'version':%lld,'floor':8,'choices':%s}", (long long)y->cycle,
                  (long long)y->cycle, choices);
    }
    year_refused(y, y->head, "choices_set", ERR_FIELD_MISSING,
                 "{'cycle':%lld,'version':%lld,'choices':%s}", (long long)y->cycle,
                 (long long)y->cycle, YEAR_CHOICES);
    json_t *it = year_ok(y, y->head, "cycle_show", "{'cycle':%lld}", (long long)y->cycle);
    assert_null(jv_get(jv_get(it, "body"), "choices"));
    assert_null(jv_get(jv_get(it, "body"), "floor"));
}

static int64_t choose(Year *y, const char *more)
{
    return jv_int(year_ok(y, y->head, "choices_set",
                          "{'cycle':%lld,'version':%lld,'floor':8,'choices':%s,"
                          "'groups':[{'name':'leaders','issued':9},{'name':'peers','issued':12},"
                          "{'name':'staff','issued':30}]%s}", (long long)y->cycle,
                          (long long)year_version(y, "cycle_show", "cycle", y->cycle),
                          YEAR_CHOICES, more), "version");
}

static void choices_once_made_change_with_a_reason(void **state)
{
    Year *y = *state;
    choose(y, "");
    year_refused(y, y->head, "choices_set", ERR_FIELD_MISSING,
                 "{'cycle':%lld,'version':%lld,'floor':9,'choices':%s}", (long long)y->cycle,
                 (long long)year_version(y, "cycle_show", "cycle", y->cycle), YEAR_CHOICES);
    choose(y, ",'reason':'票数核定'");
    json_t *it = year_ok(y, y->head, "cycle_show", "{'cycle':%lld}", (long long)y->cycle);
    assert_int_equal(jv_len(jv_get(it, "before_voting")), 0);
    assert_int_equal(jv_int(jv_at(jv_get(jv_get(it, "body"), "groups"), 2), "issued"), 30);
}

static void edits_need_a_reason_and_stop_when_voting_opens(void **state)
{
    Year *y = *state;
    year_refused(y, y->clerk, "cycle_edit", ERR_FIELD_MISSING,
                 "{'cycle':%lld,'version':%lld,'body':{'title':'新名'}}", (long long)y->cycle,
                 (long long)y->cycle);
    year_refused(y, y->clerk, "cycle_edit", ERR_FIELD_UNKNOWN,
                 "{'cycle':%lld,'version':%lld,'body':{'state':'voting'},'reason':'急'}",
                 (long long)y->cycle, (long long)y->cycle);
    json_t *got = year_ok(y, y->clerk, "cycle_edit",
                          "{'cycle':%lld,'version':%lld,'body':{'title':'新名'},'reason':'改名'}",
                          (long long)y->cycle, (long long)y->cycle);
    int64_t version = jv_int(got, "version");
    /* the second of two editors is told, and nothing is lost */
    year_refused(y, y->head, "cycle_edit", ERR_CONFLICT,
                 "{'cycle':%lld,'version':%lld,'body':{'title':'另名'},'reason':'改名'}",
                 (long long)y->cycle, (long long)y->cycle);
    version = choose(y, "");
    year_ok(y, y->head, "voting_open", "{'cycle':%lld,'version':%lld}", (long long)y->cycle,
            (long long)version);
    version = year_version(y, "cycle_show", "cycle", y->cycle);
    year_refused(y, y->clerk, "cycle_edit", ERR_CYCLE_STATE,
                 "{'cycle':%lld,'version':%lld,'body':{'title':'晚'},'reason':'晚'}",
                 (long long)y->cycle, (long long)version);
    year_refused(y, y->head, "choices_set", ERR_CYCLE_STATE,
                 "{'cycle':%lld,'version':%lld,'floor':8,'choices':%s,'reason':'晚'}",
                 (long long)y->cycle, (long long)version, YEAR_CHOICES);
    year_refused(y, y->clerk, "debriefer_change", ERR_CYCLE_STATE,
                 "{'debriefer':%lld,'version':%lld,'body':{'form':'written'},'reason':'晚'}",
                 (long long)y->debriefer, (long long)y->debriefer);
    /* afterwards only withdrawal */
    year_ok(y, y->clerk, "debriefer_withdraw", "{'debriefer':%lld,'version':%lld,'reason':'调离'}",
            (long long)y->debriefer, (long long)y->debriefer);
}

static void who_withdrew_may_be_named_again(void **state)
{
    Year *y = *state;
    year_refused(y, y->clerk, "debriefer_add", ERR_DEBRIEFER_TWICE,
                 "{'cycle':%lld,'body':{'org':%lld,'person':%lld,'form':'live'}}",
                 (long long)y->cycle, (long long)y->unit[0], (long long)y->person[0]);
    year_ok(y, y->clerk, "debriefer_withdraw", "{'debriefer':%lld,'version':%lld,'reason':'病假'}",
            (long long)y->debriefer, (long long)y->debriefer);
    json_t *l = year_ok(y, y->clerk, "debriefer_list", "{'cycle':%lld}", (long long)y->cycle);
    assert_int_equal(jv_int(l, "live"), 0);
    assert_int_equal(jv_int(l, "total"), 1);
    assert_int_equal(year_debriefer(y, y->cycle, 0, ""), y->debriefer);
    l = year_ok(y, y->clerk, "debriefer_list", "{'cycle':%lld}", (long long)y->cycle);
    assert_int_equal(jv_int(l, "live"), 1);
}

static void c02_live_and_written(void **state)
{
    Year *y = *state;
    int64_t second = year_debriefer(y, y->cycle, 1, "");
    year_refused(y, y->clerk, "debriefer_change", ERR_FIELD_MISSING,
                 "{'debriefer':%lld,'version':%lld,'body':{'form':'written'}}", (long long)second,
                 (long long)second);
    year_ok(y, y->clerk, "debriefer_change",
            "{'debriefer':%lld,'version':%lld,'body':{'form':'written'},'reason':'上年已现场述职'}",
            (long long)second, (long long)second);
    json_t *l = year_ok(y, y->clerk, "debriefer_list", "{'cycle':%lld}", (long long)y->cycle);
    assert_int_equal(jv_int(l, "live"), 1);
    assert_int_equal(jv_int(l, "written"), 1);
    assert_true(str_is(jv_str(fix_item(l, "name", "乙二"), "reason"), "上年已现场述职"));
    /* a year later the past turn stands beside the name */
    int64_t next = year_open(y, 2027, "'party_building'", "open");
    year_debriefer(y, next, 1, "");
    l = year_ok(y, y->clerk, "debriefer_list", "{'cycle':%lld}", (long long)next);
    const json_t *past = jv_get(fix_item(l, "name", "乙二"), "past");
    assert_int_equal(jv_len(past), 1);
    assert_int_equal(jv_int(jv_at(past, 0), "year"), 2026);
    assert_true(str_is(jv_str(jv_at(past, 0), "form_title"), "书面述职"));
}

static void months_in_post_come_from_the_tenure(void **state)
{
    Year *y = *state;
    year_fact(y, y->unit[0], "tenure",
              "{'person':%lld,'org':%lld,'post':'secretary','from':'2026-07-20'}",
              (long long)y->person[0], (long long)y->unit[0]);
    json_t *l = year_ok(y, y->clerk, "debriefer_list", "{'cycle':%lld}", (long long)y->cycle);
    assert_int_equal(jv_int(fix_item(l, "name", "甲一"), "months"), 3); /* to 18 November */
}

static void c03_portfolio_leader_receives(void **state)
{
    Year *y = *state;
    int64_t d = year_debriefer(y, y->cycle, 1, "");
    year_ok(y, y->second, "report_file", "{'debriefer':%lld,'sections':%s}", (long long)d,
            YEAR_SECTIONS);
    /* a leader whose own grant lies elsewhere hears nothing until he is the receiver */
    year_refused(y, y->leader_who, "report_show", ERR_FORBIDDEN, "{'debriefer':%lld}",
                 (long long)d);
    year_ok(y, y->clerk, "debriefer_change",
            "{'debriefer':%lld,'version':%lld,'body':{'receiver':%lld},'reason':'分管'}",
            (long long)d, (long long)d, (long long)y->leader);
    json_t *r = year_ok(y, y->leader_who, "report_show", "{'debriefer':%lld}", (long long)d);
    assert_true(str_is(jv_str(r, "receiver_name"), "丁常委"));
    assert_true(jv_bool(r, "may_judge"));
    year_ok(y, y->leader_who, "report_judge",
            "{'debriefer':%lld,'version':%lld,'accept':false,'remarks':'问题写得不够'}",
            (long long)d, (long long)jv_int(r, "version"));
    /* another member of the committee reads, but does not judge what is not debriefed to him */
    r = year_ok(y, y->committee, "report_show", "{'debriefer':%lld}", (long long)d);
    assert_false(jv_bool(r, "may_judge"));
    year_refused(y, y->committee, "report_judge", ERR_FORBIDDEN,
                 "{'debriefer':%lld,'version':%lld,'accept':true}", (long long)d,
                 (long long)jv_int(r, "version"));
}

static void c04_three_objects(void **state)
{
    Year *y = *state;
    int64_t cycle = year_open(y, 2027, "'party_building','clean_conduct','ideology'", "open");
    json_t *it = year_ok(y, y->clerk, "cycle_show", "{'cycle':%lld}", (long long)cycle);
    assert_int_equal(jv_len(jv_get(jv_get(it, "body"), "objects")), 3);
    const json_t *steps = jv_get(it, "steps");
    for (size_t i = 0; i < jv_len(steps); i++)
        if (str_is(jv_str(jv_at(steps, i), "step"), "ballot"))
            assert_int_equal(jv_int(jv_at(steps, i), "of"), 3);
}

static void c05_two_lines_one_report(void **state)
{
    Year *y = *state;
    char lines[80];
    snprintf(lines, sizeof lines, ",'lines':[%lld,%lld]", (long long)y->root, (long long)y->bureau);
    int64_t d = year_debriefer(y, y->cycle, 1, lines);
    year_says(y, y->clerk, "debriefer_add", "增加条线",
              "{'cycle':%lld,'body':{'org':%lld,'person':%lld,'form':'live'}}",
              (long long)y->cycle, (long long)y->unit[1], (long long)y->person[1]);
    year_ok(y, y->second, "report_file", "{'debriefer':%lld,'sections':%s}", (long long)d,
            YEAR_SECTIONS);
    json_t *r = year_ok(y, y->line, "report_show", "{'debriefer':%lld}", (long long)d);
    assert_int_equal(jv_len(jv_get(r, "lines")), 2);
    assert_int_equal(jv_int(r, "versions"), 1);
    /* the other line has no say in reports that do not sit on it */
    year_refused(y, y->line, "report_show", ERR_FORBIDDEN, "{'debriefer':%lld}",
                 (long long)y->debriefer);
}

static void a_year_is_seen_by_those_who_take_part(void **state)
{
    Year *y = *state;
    assert_int_equal(jv_int(year_ok(y, y->secretary, "cycle_list", "{}"), "total"), 1);
    assert_int_equal(jv_int(year_ok(y, y->staff, "cycle_list", "{}"), "total"), 1);
    assert_int_equal(jv_int(year_ok(y, y->second, "cycle_list", "{}"), "total"), 0);
    year_refused(y, y->second, "cycle_show", ERR_FORBIDDEN, "{'cycle':%lld}", (long long)y->cycle);
    year_refused(y, y->second, "debriefer_list", ERR_FORBIDDEN, "{'cycle':%lld}",
                 (long long)y->cycle);
    /* a debriefer sees his own progress, not how far others have come */
    year_ok(y, y->second, "report_file", "{'debriefer':%lld,'zero':true}",
            (long long)year_debriefer(y, y->cycle, 1, ""));
    json_t *l = year_ok(y, y->secretary, "debriefer_list", "{'cycle':%lld}", (long long)y->cycle);
    assert_null(jv_get(fix_item(l, "name", "乙二"), "report_state"));
    l = year_ok(y, y->second, "debriefer_list", "{'cycle':%lld}", (long long)y->cycle);
    assert_non_null(jv_get(fix_item(l, "name", "乙二"), "report_state"));
}

static void the_timeline_names_what_is_missing(void **state)
{
    Year *y = *state;
    json_t *it = year_ok(y, y->clerk, "cycle_show", "{'cycle':%lld}", (long long)y->cycle);
    const json_t *survey = jv_at(jv_get(it, "steps"), 0), *report = jv_at(jv_get(it, "steps"), 2);
    assert_true(str_is(jv_str(survey, "state"), "now"));
    assert_true(str_is(jv_str(report, "state"), "overdue")); /* due 1 November, today the 18th */
    assert_true(str_has(jv_text(jv_at(jv_get(report, "missing"), 0)), STRC("还有1名没有提交")));
    assert_int_equal(jv_len(jv_get(it, "before_voting")), 3);
}

static void a_scheme_explains_itself(void **state)
{
    Year *y = *state;
    json_t *l = year_ok(y, y->clerk, "scheme_list", "{}");
    const json_t *nodes = jv_get(fix_item(l, "name", "district"), "nodes");
    assert_true(str_is(jv_str(jv_at(nodes, 0), "formula"), "民主测评各票类加权得分"));
    assert_true(str_is(jv_str(jv_at(nodes, 1), "formula"),
                       "民主测评分 × 0.5 + 平时考核 × 0.3 + 上级评价 × 0.2"));
    Str last = jv_str(jv_at(nodes, 2), "formula");
    assert_true(str_has(last, STRC("基础分")) && str_has(last, STRC("合计(通报扣分)")));
    assert_false(str_has(last, STRC("append")));
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        YEAR_TEST(a_year_opens_once),
        YEAR_TEST(a_year_follows_the_one_before),
        YEAR_TEST(a_body_that_does_not_hold_is_refused),
        YEAR_TEST(choices_have_no_default),
        YEAR_TEST(choices_once_made_change_with_a_reason),
        YEAR_TEST(edits_need_a_reason_and_stop_when_voting_opens),
        YEAR_TEST(who_withdrew_may_be_named_again),
        YEAR_TEST(c02_live_and_written),
        YEAR_TEST(months_in_post_come_from_the_tenure),
        YEAR_TEST(c03_portfolio_leader_receives),
        YEAR_TEST(c04_three_objects),
        YEAR_TEST(c05_two_lines_one_report),
        YEAR_TEST(a_year_is_seen_by_those_who_take_part),
        YEAR_TEST(the_timeline_names_what_is_missing),
        YEAR_TEST(a_scheme_explains_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
