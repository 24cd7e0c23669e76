/* The end of a year: what is missing is named, uses are recorded, the next year begins. */
#include "work/assess_kit_test.h"

static const char *const mixed[] = { "good", "good", "fairly_good", "fair" };

static void published(HallRoom *r)
{
    Who up = hall_account(r, "superior", "superior", r->helper[7], r->org);
    kit_choose(r, "share");
    kit_boxes(r, mixed);
    kit_state(r, "counted");
    for (int d = 0; d < HALL_PEOPLE; d++) {
        kit_input(r, &r->clerk, d, "routine", "80");
        kit_input(r, &up, d, "superior", "80");
    }
    json_decref(kit_compute(r));
    kit_approve(r);
    kit_publish(r);
}

static void debriefed(HallRoom *r)
{
    hall_fact(r, "debrief_meeting", "{'cycle':%lld,'day':'2026-11-19','ordering':'fixed'}",
              ID(r->cycle));
    for (int d = 0; d < HALL_PEOPLE; d++) {
        hall_fact(r, "debrief_report", "{'debriefer':%lld,'state':'accepted'}",
                  ID(r->debriefer[d]));
        if (d < 3) /* the fourth debriefed in writing: nobody commented to his face */
            hall_fact(r, "commentary",
                      "{'debriefer':%lld,'by':'某领导','points':[{'kind':'achievement',"
                      "'text':'品牌过硬'},{'kind':'direction','text':'补齐短板'}]}",
                      ID(r->debriefer[d]));
    }
}

static void fed_back(HallRoom *r)
{
    kit_opinions(r);
    kit_letters(r);
}

static json_t *gaps(HallRoom *r)
{
    return hall_do(r, &r->clerk, &work_cycle_close_check, "{'cycle':%lld}", ID(r->cycle));
}

static bool lacks(const json_t *check, const char *part)
{
    const json_t *missing = jv_get(check, "missing");
    for (size_t i = 0; i < jv_len(missing); i++)
        if (str_is(jv_str(jv_at(missing, i), "part"), part))
            return true;
    return false;
}

static int64_t version(HallRoom *r)
{
    return hall_made(gaps(r), "version");
}

static void refuse_close(HallRoom *r, ErrCode code)
{
    hall_refused(r, code, &r->head, &work_cycle_close, "{'cycle':%lld,'version':%lld}",
                 ID(r->cycle), ID(version(r)));
}

static void use_all(HallRoom *r)
{
    hall_done(r, &r->clerk, &work_result_use_file,
              "{'debriefers':[%lld,%lld,%lld,%lld],'use':'leading_body','decision':'纳入年度考核',"
              "'decided_by':'区委组织部','day':'2026-11-30'}", ID(r->debriefer[0]),
              ID(r->debriefer[1]), ID(r->debriefer[2]), ID(r->debriefer[3]));
}

/* C01: four linked parts in one cycle, and closing names the one that is missing. */
static void c01_closing_names_a_missing_part(void **state)
{
    HallRoom *r = *state;
    json_t *check = gaps(r);
    static const char *const parts[] = { "assessment", "debrief", "commentary", "ballot" };
    for (size_t i = 0; i < 4; i++)
        assert_true(lacks(check, parts[i]));
    json_decref(check);
    published(r);
    refuse_close(r, ERR_CLOSE_MISSING);
    hall_says(r, "集中述职：没有召开述职会");
    hall_says(r, "当面点评：现场述职没有点评（3项：甲一、乙二、丙三）");
    debriefed(r);
    fed_back(r);
    check = gaps(r);
    assert_int_equal(jv_len(jv_get(check, "missing")), 1);
    assert_true(lacks(check, "result_use"));
    json_decref(check);
    use_all(r);
    hall_refused(r, ERR_FORBIDDEN, &r->clerk, &work_cycle_close, "{'cycle':%lld,'version':%lld}",
                 ID(r->cycle), ID(version(r)));
    hall_refused(r, ERR_CONFLICT, &r->head, &work_cycle_close, "{'cycle':%lld,'version':%lld}",
                 ID(r->cycle), ID(r->cycle));
    hall_done(r, &r->head, &work_cycle_close, "{'cycle':%lld,'version':%lld}", ID(r->cycle),
              ID(version(r)));
    check = gaps(r);
    kit_text(jv_str(check, "state"), "closed");
    json_decref(check);
}

/* C01: achievements, findings and direction on the letter of each debriefer. */
static void c01_letters_say_achievements_findings_and_direction(void **state)
{
    HallRoom *r = *state;
    published(r);
    debriefed(r);
    hall_refused(r, ERR_OPINION_MISSING, &r->clerk, &work_letters_issue, "{'cycle':%lld}",
                 ID(r->cycle));
    hall_says(r, "4名");
    hall_says(r, "甲一、乙二、丙三、丁四");
    hall_fact(r, "finding", "{'cycle':%lld,'debriefer':%lld,'org':%lld,'source':'pre_survey',"
                            "'text':'台账与实际不符','state':'listed'}",
              ID(r->cycle), ID(r->debriefer[0]), ID(r->branch[0]));
    kit_opinions(r);
    json_t *list = hall_do(r, &r->clerk, &work_opinion_list, "{'cycle':%lld}", ID(r->cycle));
    const json_t *points = jv_get(jv_at(jv_get(list, "items"), 0), "points");
    assert_int_equal(jv_len(points), 3); /* two of the commentary, one finding: at hand */
    json_decref(list);
    kit_letters(r);
    json_t *mine = hall_do(r, &r->secretary, &work_letter_mine, "{}");
    assert_int_equal(jv_int(mine, "total"), 1);
    const json_t *text = jv_get(jv_at(jv_get(mine, "items"), 0), "text");
    kit_text(jv_str(text, "achievements"), "支部全部按期换届");
    kit_text(jv_str(text, "problems"), "主题党日形式单一");
    kit_text(jv_str(text, "direction"), "抓实基层支部");
    kit_text(jv_text(jv_at(jv_get(text, "findings"), 0)), "台账与实际不符");
    kit_text(jv_str(jv_at(jv_get(text, "grades"), 0), "grade"), "好");
    kit_text(jv_str(text, "meeting"), "工委会议");
    json_decref(mine);
}

/* C18: each use of a grade, with its decision and day, on the version it rests on. */
static void c18_each_use_of_a_grade_is_recorded(void **state)
{
    HallRoom *r = *state;
    const char *one = "{'debriefers':[%lld],'use':'%s','decision':'约谈提醒','decided_by':'工委',"
                      "'day':'2026-12-01'}";
    hall_refused(r, ERR_RESULT_NONE, &r->clerk, &work_result_use_file, one, ID(r->debriefer[3]),
                 "admonition_talk");
    published(r);
    hall_refused(r, ERR_FIELD_CHOICE, &r->clerk, &work_result_use_file, one, ID(r->debriefer[3]),
                 "prize");
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_result_use_file, one, ID(r->debriefer[3]),
                 "admonition_talk");
    hall_done(r, &r->clerk, &work_result_use_file, one, ID(r->debriefer[3]), "admonition_talk");
    use_all(r);
    json_t *list = hall_do(r, &r->committee, &work_result_use_list, "{'cycle':%lld}", ID(r->cycle));
    const json_t *row = jv_at(jv_get(list, "items"), 3), *uses = jv_get(row, "uses");
    assert_int_equal(jv_len(uses), 2);
    kit_text(jv_str(jv_at(uses, 0), "use_title"), "约谈");
    kit_text(jv_str(jv_at(uses, 0), "decision"), "约谈提醒");
    kit_text(jv_str(jv_at(uses, 0), "day"), "2026-12-01");
    assert_int_equal(jv_int(jv_at(uses, 0), "number"), 1);
    json_decref(list);
    hall_done(r, &r->head, &work_result_supersede,
              "{'cycle':%lld,'reason':'录错','approver':'工委会议'}", ID(r->cycle));
    hall_refused(r, ERR_CYCLE_STATE, &r->clerk, &work_result_use_file, one, ID(r->debriefer[3]),
                 "award");
}

static void c90_open_findings_are_carried_with_a_reason(void **state)
{
    HallRoom *r = *state;
    published(r);
    debriefed(r);
    fed_back(r);
    use_all(r);
    int64_t open = hall_fact(r, "finding",
                             "{'cycle':%lld,'debriefer':%lld,'org':%lld,'source':'commentary',"
                             "'text':'主题党日形式单一','state':'in_progress','measure':'每月一题',"
                             "'milestones':[{'due':'2027-03-01','text':'出台清单'}]}",
                             ID(r->cycle), ID(r->debriefer[0]), ID(r->branch[0]));
    hall_fact(r, "finding", "{'cycle':%lld,'debriefer':%lld,'org':%lld,'source':'commentary',"
                            "'text':'已改的问题','state':'closed'}",
              ID(r->cycle), ID(r->debriefer[1]), ID(r->branch[1]));
    refuse_close(r, ERR_CLOSE_FINDINGS);
    hall_refused(r, ERR_CYCLE_STATE, &r->clerk, &work_cycle_next, "{'cycle':%lld}", ID(r->cycle));
    hall_done(r, &r->head, &work_cycle_close, "{'cycle':%lld,'version':%lld,'reason':'需跨年推进'}",
              ID(r->cycle), ID(version(r)));
    for (int d = 0; d < 3; d++) /* the fourth has no secretary; the second has a new one */
        hall_fact(r, "tenure", "{'person':%lld,'org':%lld,'post':'secretary','from':'2020-01-01'}",
                  ID(d == 1 ? r->helper[6] : r->person[d]), ID(r->branch[d]));
    json_t *next = hall_do(r, &r->clerk, &work_cycle_next, "{'cycle':%lld}", ID(r->cycle));
    assert_int_equal(jv_int(next, "debriefers"), 3);
    assert_int_equal(jv_int(next, "findings"), 1);
    kit_text(jv_text(jv_at(jv_get(next, "vacant"), 0)), "第4系统机关党委");
    kit_text(jv_text(jv_at(jv_get(next, "changed"), 0)), "第2系统机关党委：乙二 → 职员6");
    int64_t id = hall_made(next, "id");
    json_t *shown = hall_do(r, &r->clerk, &work_cycle_show, "{'cycle':%lld}", ID(id));
    const json_t *body = jv_get(shown, "body");
    kit_text(jv_str(shown, "title"), "2027年度述职评议");
    kit_text(jv_str(shown, "state"), "preparing");
    assert_int_equal(jv_int(body, "previous"), r->cycle);
    kit_text(jv_str(body, "scheme"), "district");
    assert_int_equal(jv_len(jv_get(body, "groups")), 3);
    assert_null(jv_get(jv_at(jv_get(body, "groups"), 0), "issued"));
    assert_null(jv_get(body, "choices")); /* chosen anew every year */
    json_decref(shown);
    shown = hall_do(r, &r->clerk, &work_cycle_close_check, "{'cycle':%lld}", ID(id));
    const json_t *findings = jv_get(shown, "findings");
    assert_int_equal(jv_len(findings), 1);
    kit_text(jv_str(jv_at(findings, 0), "text"), "主题党日形式单一");
    assert_true(jv_int(jv_at(findings, 0), "id") != open);
    kit_text(jv_str(jv_at(findings, 0), "state_title"), "整改中");
    json_decref(shown);
    hall_refused(r, ERR_CYCLE_TWICE, &r->clerk, &work_cycle_next, "{'cycle':%lld}", ID(r->cycle));
}

#define ROOM(test) cmocka_unit_test_setup_teardown(test, hall_open, hall_close)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ROOM(c01_closing_names_a_missing_part),
        ROOM(c01_letters_say_achievements_findings_and_direction),
        ROOM(c18_each_use_of_a_grade_is_recorded),
        ROOM(c90_open_findings_are_carried_with_a_reason),
    };
    print_child(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
