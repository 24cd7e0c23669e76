/* Rectification: each finding to close-out and recheck; who never verifies; what stays overdue. */
#include "work/hall_test.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

/* Today in the room is 2026-11-30. */
static int64_t added(HallRoom *r, const char *more)
{
    return hall_made(hall_do(r, &r->clerk, &work_finding_add,
                             "{'body':{'debriefer':%lld,'source':'inspection','by':'督查组',"
                             "'text':'支部组织生活记录不全'%s}}",
                             (long long)r->debriefer[0], more), "id");
}

static json_t *shown(HallRoom *r, const Who *who, int64_t finding)
{
    return hall_do(r, who, &work_finding_show, "{'finding':%lld}", (long long)finding);
}

static int64_t version(HallRoom *r, int64_t finding)
{
    json_t *s = shown(r, &r->clerk, finding);
    int64_t v = jv_int(jv_get(s, "finding"), "version");
    json_decref(s);
    return v;
}

static bool stands(HallRoom *r, int64_t finding, const char *state)
{
    json_t *s = shown(r, &r->clerk, finding);
    bool is = str_is(jv_str(jv_get(s, "finding"), "state"), state);
    json_decref(s);
    return is;
}

#define VERIFIED "'opinion':'属实','category':'loose_rules'"
#define MOVE "{'finding':%lld,'version':%lld,'event':'%s','body':{%s}}"

static void moved(HallRoom *r, const Who *who, int64_t finding, const char *event, const char *body)
{
    hall_done(r, who, &work_finding_move, MOVE, (long long)finding, (long long)version(r, finding),
              event, body);
}

static void stuck(HallRoom *r, ErrCode code, const Who *who, int64_t finding, const char *event,
                  const char *body)
{
    hall_refused(r, code, who, &work_finding_move, MOVE, (long long)finding,
                 (long long)version(r, finding), event, body);
}

static const char *owned(HallRoom *r, int64_t person)
{
    return arena_z(r->a, arena_text(r->a,
                                    "'measure':'按月补齐并抽查','target':'逐个支部核验',"
                                    "'owner':%lld",
                                    (long long)person));
}

static void under_way(HallRoom *r, int64_t finding, int64_t owner)
{
    moved(r, &r->secretary, finding, "commit", owned(r, owner));
    moved(r, &r->secretary, finding, "begin", "");
}

static const json_t *move_of(const json_t *shown_, const char *event)
{
    const json_t *moves = jv_get(shown_, "moves");
    for (size_t i = 0; i < jv_len(moves); i++)
        if (str_is(jv_str(jv_at(moves, i), "event"), event))
            return jv_at(moves, i);
    fail_msg("no move %s", event);
    return NULL;
}

/* --- the way to close-out ------------------------------------------------------------------- */

static void c90_each_finding_goes_to_close_out_and_recheck(void **state)
{
    HallRoom *r = *state;
    int64_t f = added(r, "");
    stuck(r, ERR_RULE_GUARD, &r->secretary, f, "commit", "");
    hall_says(r, "整改措施");
    stuck(r, ERR_RULE_ROLE, &r->clerk, f, "commit", owned(r, r->person[0]));
    under_way(r, f, r->helper[7]);
    stuck(r, ERR_RULE_GUARD, &r->secretary, f, "apply", "'progress':'已补齐'");
    stuck(r, ERR_RULE_STATE, &r->clerk, f, "close", "");
    hall_says(r, "申请销号"); /* what can be done instead */
    moved(r, &r->secretary, f, "apply", "'progress':'已补齐','evidence':'十二个支部的记录本'");
    stuck(r, ERR_FINDING_APPLICANT, &r->secretary, f, "verify", "'opinion':'很好'");
    stuck(r, ERR_RULE_GUARD, &r->clerk, f, "return", "");
    moved(r, &r->clerk, f, "return", "'opinion':'还差两个支部'");
    moved(r, &r->secretary, f, "resume", "");
    moved(r, &r->secretary, f, "apply", "");
    /* The opinion on the first application is no ground for accepting the second. */
    stuck(r, ERR_RULE_GUARD, &r->clerk, f, "verify", "");
    stuck(r, ERR_RULE_GUARD, &r->clerk, f, "verify", "'opinion':'抽查属实'");
    hall_says(r, "问题类别");
    moved(r, &r->clerk, f, "verify", "'opinion':'抽查属实','category':'loose_rules'");
    moved(r, &r->clerk, f, "close", "'mechanism':'按月抽查制度','recheck_on':'2027-05-30'");
    stuck(r, ERR_RULE_GUARD, &r->clerk, f, "recheck", "");
    moved(r, &r->clerk, f, "recheck", "'recheck_result':'没有反弹'");
    assert_true(stands(r, f, "rechecked"));
    /* What comes back later is opened again, and the old result is no ground. */
    stuck(r, ERR_RULE_GUARD, &r->clerk, f, "reopen", "");
    moved(r, &r->clerk, f, "reopen", "'recheck_result':'又有三个支部缺记录'");
    moved(r, &r->secretary, f, "restart", "");
    assert_true(stands(r, f, "in_progress"));
}

static void the_course_says_who_when_and_on_whose_behalf(void **state)
{
    HallRoom *r = *state;
    int64_t f = added(r, "");
    Who behalf = r->clerk;
    moved(r, &r->secretary, f, "commit", owned(r, r->helper[7]));
    behalf.behalf = r->person[0];
    moved(r, &behalf, f, "begin", "'progress':'已开会'");
    json_t *s = shown(r, &r->clerk, f);
    const json_t *past = jv_get(s, "history"), *last = jv_at(past, 2);
    assert_int_equal(jv_len(past), 3);
    assert_true(str_is(jv_str(last, "by"), "甲一（由职员0代办）"));
    assert_true(jv_bool(last, "moved"));
    assert_true(str_is(jv_text(jv_at(jv_get(last, "changed"), 0)), "进展"));
    const json_t *steps = jv_get(s, "steps");
    assert_int_equal(jv_len(steps), 7);
    assert_true(str_is(jv_str(jv_at(steps, 1), "step"), "done"));
    assert_true(str_is(jv_str(jv_at(steps, 2), "step"), "now"));
    assert_true(str_is(jv_str(jv_at(steps, 2), "day"), "2026-11-30"));
    assert_true(str_is(jv_str(jv_at(steps, 3), "step"), "later"));
    json_decref(s);
    /* A person who has nothing to do with it is not served. */
    behalf.behalf = r->person[1];
    stuck(r, ERR_FORBIDDEN, &behalf, f, "apply", "'evidence':'记录'");
}

static void the_owner_never_verifies(void **state)
{
    HallRoom *r = *state;
    Who other = hall_account(r, "clerk2", "organiser_clerk", r->helper[7], r->org), behalf = other;
    int64_t f = added(r, "");
    under_way(r, f, r->helper[0]); /* the owner is the clerk's own person */
    moved(r, &r->secretary, f, "apply", "'evidence':'记录'");
    stuck(r, ERR_FINDING_OWNER, &r->clerk, f, "verify", VERIFIED);
    stuck(r, ERR_FINDING_OWNER, &r->clerk, f, "return", "'opinion':'再看'");
    behalf.behalf = r->helper[0];
    stuck(r, ERR_FINDING_OWNER, &behalf, f, "verify", VERIFIED);
    json_t *s = shown(r, &r->clerk, f);
    const json_t *m = move_of(s, "verify");
    assert_false(jv_bool(m, "may"));
    assert_true(str_has(jv_str(m, "needs"), STRC("责任人本人")));
    json_decref(s);
    moved(r, &other, f, "verify", VERIFIED);
    stuck(r, ERR_FINDING_OWNER, &r->clerk, f, "close", "");
    moved(r, &other, f, "close", "");
    stuck(r, ERR_FINDING_OWNER, &r->clerk, f, "recheck", "'recheck_result':'好'");
    s = shown(r, &other, f);
    assert_true(str_is(jv_str(s, "verifier_name"), "职员7"));
    json_decref(s);
}

static void who_applied_does_not_verify(void **state)
{
    HallRoom *r = *state;
    Who other = hall_account(r, "clerk2", "organiser_clerk", r->helper[7], r->org);
    Who behalf = r->clerk;
    int64_t f = added(r, "");
    under_way(r, f, r->person[0]);
    behalf.behalf = r->person[0]; /* the clerk applies in the secretary's name */
    moved(r, &behalf, f, "apply", "'evidence':'记录'");
    stuck(r, ERR_FINDING_APPLICANT, &r->clerk, f, "verify", VERIFIED);
    moved(r, &other, f, "verify", VERIFIED);
    stuck(r, ERR_FINDING_APPLICANT, &r->clerk, f, "close", "");
    moved(r, &other, f, "close", "");
    /* A second account of the same person is the same person. */
    Who again = hall_account(r, "clerk3", "organiser_clerk", r->helper[0], r->org);
    stuck(r, ERR_FINDING_APPLICANT, &again, f, "recheck", "'recheck_result':'好'");
}

static void c90_a_long_term_finding_is_not_closed_by_promise(void **state)
{
    HallRoom *r = *state;
    int64_t f = added(r, ",'deadline_class':'long_term'");
    under_way(r, f, r->person[0]);
    stuck(r, ERR_FINDING_MILESTONES, &r->secretary, f, "apply", "'evidence':'承诺书'");
    hall_says(r, "还没有填写阶段目标");
    const char *edit = "{'finding':%lld,'version':%lld,'body':{'milestones':["
                       "{'due':'2027-03-31','text':'轮训一遍','done':true},"
                       "{'due':'2027-09-30','text':'补齐专职','done':%s}]}}";
    hall_done(r, &r->secretary, &work_finding_edit, edit, (long long)f, (long long)version(r, f),
              "false");
    stuck(r, ERR_FINDING_MILESTONES, &r->secretary, f, "apply", "'evidence':'承诺书'");
    hall_says(r, "没有完成");
    /* Nor by calling it something shorter. */
    hall_refused(r, ERR_FINDING_LOCKED, &r->secretary, &work_finding_edit,
                 "{'finding':%lld,'version':%lld,'body':{'deadline_class':'this_year'}}",
                 (long long)f, (long long)version(r, f));
    hall_done(r, &r->secretary, &work_finding_edit, edit, (long long)f, (long long)version(r, f),
              "true");
    moved(r, &r->secretary, f, "apply", "'evidence':'轮训名册'");
    moved(r, &r->clerk, f, "verify", VERIFIED);
    moved(r, &r->clerk, f, "close", "");
    assert_true(stands(r, f, "closed"));
}

/* --- deadlines ------------------------------------------------------------------------------ */

#define EXTEND "{'finding':%lld,'version':%lld,'due':'%s','reason':'疫苗接种任务冲突'}"

static void a_deadline_moves_by_approval_only(void **state)
{
    HallRoom *r = *state;
    int64_t f = added(r, ",'due':'2026-12-10'");
    hall_refused(r, ERR_FINDING_DUE, &r->secretary, &work_finding_edit,
                 "{'finding':%lld,'version':%lld,'body':{'due':'2027-01-10'}}", (long long)f,
                 (long long)version(r, f));
    stuck(r, ERR_FINDING_DUE, &r->secretary, f, "commit", "'due':'2027-01-10'");
    hall_refused(r, ERR_FORBIDDEN, &r->clerk, &work_finding_extend, EXTEND, (long long)f,
                 (long long)version(r, f), "2027-01-10");
    hall_refused(r, ERR_FINDING_LATER, &r->head, &work_finding_extend, EXTEND, (long long)f,
                 (long long)version(r, f), "2026-12-10");
    sys_pass(r->sys, 15 * DAY_MS);
    json_t *l = hall_do(r, &r->clerk, &work_finding_list, "{'cycle':%lld,'overdue':true}",
                        (long long)r->cycle);
    assert_int_equal(jv_int(l, "total"), 1);
    assert_int_equal(jv_int(jv_at(jv_get(l, "items"), 0), "days_over"), 5);
    json_decref(l);
    hall_done(r, &r->head, &work_finding_extend, EXTEND, (long long)f, (long long)version(r, f),
              "2027-01-10");
    json_t *s = shown(r, &r->head, f);
    const json_t *row = jv_get(s, "finding");
    assert_int_equal(jv_int(row, "extensions"), 1);
    assert_false(jv_bool(row, "overdue"));
    const json_t *first = jv_at(jv_get(jv_get(s, "body"), "extensions"), 0);
    assert_true(str_is(jv_str(first, "was"), "2026-12-10"));
    assert_true(str_is(jv_str(first, "on"), "2026-12-15"));
    json_decref(s);
}

static void overdue_findings_wait_for_those_in_charge(void **state)
{
    HallRoom *r = *state;
    added(r, ",'due':'2026-12-01'");
    sys_pass(r->sys, 3 * DAY_MS);
    for (int i = 0; i < 2; i++) {
        json_t *t = hall_do(r, i ? &r->clerk : &r->secretary, &work_tasks_mine, "{}");
        const json_t *items = jv_get(t, "items"), *found = NULL;
        for (size_t k = 0; k < jv_len(items); k++)
            if (str_has(jv_str(jv_at(items, k), "title"), STRC("1个问题整改逾期")))
                found = jv_at(items, k);
        assert_non_null(found);
        assert_true(str_is(jv_str(found, "due"), "2026-12-01"));
        json_decref(t);
    }
}

/* --- filling in ----------------------------------------------------------------------------- */

static void a_second_editor_gets_a_conflict_and_loses_nothing(void **state)
{
    HallRoom *r = *state;
    int64_t f = added(r, ""), seen = version(r, f);
    const char *edit = "{'finding':%lld,'version':%lld,'body':{'%s':'%s'}}";
    hall_done(r, &r->secretary, &work_finding_edit, edit, (long long)f, (long long)seen,
              "root_cause", "人手不足");
    hall_refused(r, ERR_CONFLICT, &r->clerk, &work_finding_edit, edit, (long long)f,
                 (long long)seen, "root_cause", "不重视");
    json_t *s = shown(r, &r->clerk, f);
    assert_true(str_is(jv_str(jv_get(s, "body"), "root_cause"), "人手不足"));
    json_decref(s);
    hall_refused(r, ERR_CONFLICT, &r->secretary, &work_finding_move, MOVE, (long long)f,
                 (long long)seen, "commit", owned(r, r->person[0]));
}

static void columns_are_filled_by_whom_they_concern(void **state)
{
    HallRoom *r = *state;
    int64_t f = added(r, "");
    const char *edit = "{'finding':%lld,'version':%lld,'body':{%s}}";
    hall_refused(r, ERR_FIELD_UNKNOWN, &r->secretary, &work_finding_edit, edit, (long long)f,
                 (long long)version(r, f), "'text':'没有问题'");
    hall_refused(r, ERR_FIELD_UNKNOWN, &r->clerk, &work_finding_edit, edit, (long long)f,
                 (long long)version(r, f), "'state':'closed'");
    hall_refused(r, ERR_FIELD_UNKNOWN, &r->clerk, &work_finding_edit, edit, (long long)f,
                 (long long)version(r, f), "'opinion':'好'");
    hall_refused(r, ERR_NOT_FOUND, &r->clerk, &work_finding_edit, edit, (long long)f,
                 (long long)version(r, f), "'owner':987654");
    hall_done(r, &r->clerk, &work_finding_edit, edit, (long long)f, (long long)version(r, f),
              "'text':'组织生活记录有三个月缺失'");
    Who stranger = hall_account(r, "stranger", "secretary", r->person[1], r->branch[1]);
    hall_refused(r, ERR_FORBIDDEN, &stranger, &work_finding_edit, edit, (long long)f,
                 (long long)version(r, f), "'measure':'代为填写'");
    under_way(r, f, r->person[0]);
    moved(r, &r->secretary, f, "apply", "'evidence':'记录'");
    hall_refused(r, ERR_FINDING_LOCKED, &r->secretary, &work_finding_edit, edit, (long long)f,
                 (long long)version(r, f), "'evidence':'换一份'");
    stuck(r, ERR_FINDING_FIELD, &r->clerk, f, "verify", "'opinion':'好','evidence':'换一份'");
}

static void a_secretary_sees_his_own_the_organiser_all(void **state)
{
    HallRoom *r = *state;
    int64_t mine = added(r, "");
    int64_t theirs = hall_made(hall_do(r, &r->clerk, &work_finding_add,
                                       "{'body':{'debriefer':%lld,'source':'ballot',"
                                       "'text':'得分偏低'}}", (long long)r->debriefer[1]), "id");
    json_t *l = hall_do(r, &r->secretary, &work_finding_list, "{}");
    assert_int_equal(jv_int(l, "total"), 1);
    assert_int_equal(jv_int(jv_at(jv_get(l, "items"), 0), "id"), mine);
    json_decref(l);
    l = hall_do(r, &r->clerk, &work_finding_list, "{'cycle':%lld}", (long long)r->cycle);
    assert_int_equal(jv_int(l, "total"), 2);
    assert_int_equal(jv_int(jv_at(jv_get(l, "items"), 1), "no"), 2);
    assert_int_equal(jv_int(jv_at(jv_get(l, "counts"), 0), "n"), 2); /* listed */
    json_decref(l);
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_finding_show, "{'finding':%lld}",
                 (long long)theirs);
    /* A member sees what he owns, nothing else. */
    Who member = hall_account(r, "member", "member", r->helper[7], r->branch[0]);
    hall_refused(r, ERR_FORBIDDEN, &member, &work_finding_show, "{'finding':%lld}",
                 (long long)mine);
    moved(r, &r->secretary, mine, "commit", owned(r, r->helper[7]));
    l = hall_do(r, &member, &work_finding_list, "{}");
    assert_int_equal(jv_int(l, "total"), 1);
    json_decref(l);
    moved(r, &member, mine, "begin", "'progress':'已着手'");
    /* A secretary lists what his organisation found itself, no more. */
    const char *own = "{'body':{'org':%lld,'cycle':%lld,'source':'%s','text':'台账滞后'}}";
    hall_done(r, &r->secretary, &work_finding_add, own, (long long)r->branch[0],
              (long long)r->cycle, "self_finding");
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_finding_add, own, (long long)r->branch[0],
                 (long long)r->cycle, "inspection");
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_finding_add, own, (long long)r->branch[1],
                 (long long)r->cycle, "self_finding");
}

/* --- after the meeting ---------------------------------------------------------------------- */

static int64_t unmoved(HallRoom *r)
{
    json_t *l = hall_do(r, &r->clerk, &work_finding_list, "{'cycle':%lld,'unmoved':true}",
                        (long long)r->cycle);
    int64_t n = jv_int(l, "total");
    assert_int_equal(n, jv_int(l, "unmoved"));
    json_decref(l);
    return n;
}

static void c17_what_has_not_moved_since_the_meeting_shows_until_all_close(void **state)
{
    HallRoom *r = *state;
    int64_t early = added(r, ""), late;
    under_way(r, early, r->person[0]);
    hall_done(r, &r->clerk, &work_meeting_open,
              "{'cycle':%lld,'body':{'day':'2026-12-05','ordering':'lot'}}", (long long)r->cycle);
    assert_int_equal(unmoved(r), 0); /* the meeting lies ahead */
    sys_pass(r->sys, 5 * DAY_MS);
    late = added(r, "");
    sys_pass(r->sys, 5 * DAY_MS);
    assert_int_equal(unmoved(r), 2);
    /* Writing about progress is not progress. */
    hall_done(r, &r->secretary, &work_finding_edit,
              "{'finding':%lld,'version':%lld,'body':{'progress':'高度重视'}}", (long long)early,
              (long long)version(r, early));
    assert_int_equal(unmoved(r), 2);
    moved(r, &r->secretary, early, "apply", "'evidence':'记录'");
    assert_int_equal(unmoved(r), 1);
    under_way(r, late, r->person[0]);
    assert_int_equal(unmoved(r), 0);
    json_t *l = hall_do(r, &r->clerk, &work_finding_list, "{'cycle':%lld}", (long long)r->cycle);
    assert_int_equal(jv_int(l, "open"), 2);
    json_decref(l);
    moved(r, &r->secretary, late, "apply", "'evidence':'记录'");
    int64_t both[] = { early, late };
    for (int i = 0; i < 2; i++) {
        moved(r, &r->clerk, both[i], "verify", VERIFIED);
        moved(r, &r->clerk, both[i], "close", "");
    }
    l = hall_do(r, &r->clerk, &work_finding_list, "{'cycle':%lld,'open':true}",
                (long long)r->cycle);
    assert_int_equal(jv_int(l, "total"), 0);
    json_decref(l);
}

/* --- one list from all sources -------------------------------------------------------------- */

static json_t *offered(HallRoom *r, int64_t cycle)
{
    return hall_do(r, &r->clerk, &work_finding_sources, "{'cycle':%lld}", (long long)cycle);
}

static void survey(HallRoom *r, const char *text, const char *negative)
{
    hall_done(r, &r->clerk, &work_survey_file,
              "{'debriefer':%lld,'body':{'class':'duty','text':'%s','source':'visit',"
              "'negative':%s}}", (long long)r->debriefer[0], text, negative);
}

static void sources_are_merged_into_one_numbered_list(void **state)
{
    HallRoom *r = *state;
    survey(r, "两个支部没有按期换届", "true");
    survey(r, "阵地建设较好", "false");
    hall_done(r, &r->clerk, &work_commentary_file,
              "{'debriefer':%lld,'body':{'by':'某领导','points':[{'kind':'problem',"
              "'text':'压力传导不够'}]}}", (long long)r->debriefer[1]);
    Who himself = r->secretary;
    hall_done(r, &himself, &work_report_file,
              "{'debriefer':%lld,'sections':[{'class':'duty','achievements':'做了实事',"
              "'problems':'一是抓得不细。\\n二是督促不够。'}],'answers':[]}",
              (long long)r->debriefer[0]);
    json_t *o = offered(r, r->cycle);
    assert_int_equal(jv_int(o, "total"), 1); /* the report is not accepted yet */
    json_decref(o);
    json_t *report = hall_do(r, &r->clerk, &work_report_show, "{'debriefer':%lld}",
                             (long long)r->debriefer[0]);
    hall_done(r, &r->clerk, &work_report_judge, "{'debriefer':%lld,'version':%lld,'accept':true}",
              (long long)r->debriefer[0], (long long)jv_int(report, "version"));
    json_decref(report);
    o = offered(r, r->cycle);
    assert_int_equal(jv_int(o, "total"), 3);
    Str first = jv_str(jv_at(jv_get(o, "items"), 0), "key");
    Str second = jv_str(jv_at(jv_get(o, "items"), 1), "key");
    assert_true(str_is(jv_str(jv_at(jv_get(o, "items"), 0), "text"), "两个支部没有按期换届"));
    const char *merge = "{'cycle':%lld,'keys':['%.*s','%.*s']}";
    hall_refused(r, ERR_FINDING_KEY, &r->clerk, &work_finding_merge, merge, (long long)r->cycle,
                 STR(first), STR(first));
    json_t *m = hall_do(r, &r->clerk, &work_finding_merge, merge, (long long)r->cycle, STR(first),
                        STR(second));
    assert_int_equal(jv_len(jv_get(m, "findings")), 2);
    json_decref(m);
    json_decref(o);
    json_t *l = hall_do(r, &r->clerk, &work_finding_list, "{'cycle':%lld}", (long long)r->cycle);
    assert_int_equal(jv_int(l, "total"), 3);
    int64_t sum = 0;
    for (size_t i = 0; i < 3; i++)
        sum += jv_int(jv_at(jv_get(l, "items"), i), "no");
    assert_int_equal(sum, 1 + 2 + 3);
    json_decref(l);
    o = offered(r, r->cycle); /* what is listed is not offered again */
    assert_int_equal(jv_int(o, "total"), 1);
    assert_int_equal(jv_int(o, "unnumbered"), 0);
    json_decref(o);
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_finding_sources, "{'cycle':%lld}",
                 (long long)r->cycle);
}

static void sealed_survey_facts_are_not_listed_before_the_meeting_opens_them(void **state)
{
    HallRoom *r = *state;
    json_t *c = hall_do(r, &r->clerk, &work_cycle_show, "{'cycle':%lld}", (long long)r->cycle);
    hall_done(r, &r->head, &work_cycle_edit,
              "{'cycle':%lld,'version':%lld,'reason':'改为会上揭晓',"
              "'body':{'survey_mode':'sealed'}}", (long long)r->cycle,
              (long long)jv_int(c, "version"));
    json_decref(c);
    survey(r, "两个支部没有按期换届", "true");
    json_t *o = offered(r, r->cycle);
    assert_int_equal(jv_int(o, "total"), 0);
    assert_int_equal(jv_int(o, "sealed"), 1);
    json_decref(o);
    json_t *s = hall_do(r, &r->clerk, &work_survey_list, "{'debriefer':%lld}",
                        (long long)r->debriefer[0]);
    long long fact = jv_int(jv_at(jv_get(s, "items"), 0), "id");
    json_decref(s);
    const char *add = "{'body':{'debriefer':%lld,'source':'pre_survey','from_fact':%lld,"
                      "'text':'换届逾期'}}";
    hall_refused(r, ERR_FINDING_SEALED, &r->clerk, &work_finding_add, add,
                 (long long)r->debriefer[0], fact);
    int64_t meeting = hall_made(hall_do(r, &r->clerk, &work_meeting_open,
                                        "{'cycle':%lld,'body':{'day':'2026-12-05',"
                                        "'ordering':'lot'}}", (long long)r->cycle), "id");
    hall_done(r, &r->clerk, &work_step_log, "{'meeting':%lld,'body':{'item':'open_survey'}}",
              (long long)meeting);
    hall_refused(r, ERR_FINDING_SOURCE, &r->clerk, &work_finding_add, add,
                 (long long)r->debriefer[1], fact); /* of someone else */
    hall_done(r, &r->clerk, &work_finding_add, add, (long long)r->debriefer[0], fact);
}

/* --- last year ------------------------------------------------------------------------------ */

static int64_t next_year(HallRoom *r, int64_t *debriefer)
{
    int64_t cycle = hall_made(
        hall_do(r, &r->head, &work_cycle_open,
                "{'body':{'year':2027,'title':'2027年度述职评议','organiser':%lld,'previous':%lld,"
                "'classes':[{'name':'duty','title':'履职'}],'objects':['party_building'],"
                "'scheme':'district','survey_mode':'open'}}", (long long)r->org,
                (long long)r->cycle), "id");
    *debriefer = hall_made(hall_do(r, &r->clerk, &work_debriefer_add,
                                   "{'cycle':%lld,'body':{'org':%lld,'person':%lld,"
                                   "'form':'live'}}", (long long)cycle, (long long)r->branch[0],
                                   (long long)r->person[0]), "id");
    return cycle;
}

static void c90_old_findings_are_carried_with_their_milestones(void **state)
{
    HallRoom *r = *state;
    int64_t debriefer, f = added(r, ",'deadline_class':'long_term','due':'2026-12-20',"
                                    "'milestones':[{'due':'2027-03-31','text':'轮训一遍'}]");
    int64_t done = added(r, "");
    under_way(r, f, r->person[0]);
    under_way(r, done, r->person[0]);
    moved(r, &r->secretary, done, "apply", "'evidence':'记录'");
    moved(r, &r->clerk, done, "verify", VERIFIED);
    moved(r, &r->clerk, done, "close", "");
    int64_t cycle = next_year(r, &debriefer);
    json_t *o = offered(r, cycle);
    assert_int_equal(jv_int(o, "total"), 1);
    json_t *m = hall_do(r, &r->clerk, &work_finding_merge, "{'cycle':%lld,'keys':['carry:%lld']}",
                        (long long)cycle, (long long)f);
    int64_t heir = json_integer_value(jv_at(jv_get(m, "findings"), 0));
    json_decref(o);
    json_decref(m);
    json_t *s = shown(r, &r->clerk, heir);
    const json_t *body = jv_get(s, "body"), *row = jv_get(s, "finding");
    assert_true(str_is(jv_str(body, "source"), "carry_over"));
    assert_true(str_is(jv_str(body, "state"), "in_progress"));
    assert_true(str_is(jv_str(body, "measure"), "按月补齐并抽查"));
    assert_int_equal(jv_int(row, "debriefer"), debriefer);
    assert_int_equal(jv_int(row, "no"), 1);
    assert_int_equal(jv_int(s, "carried_year"), 2026);
    assert_true(str_is(jv_str(jv_at(jv_get(body, "milestones"), 0), "text"), "轮训一遍"));
    json_decref(s);
    /* The old one rests: work goes on in one place, once. */
    stuck(r, ERR_FINDING_CARRIED, &r->secretary, f, "apply", "'evidence':'记录'");
    hall_says(r, "2027");
    hall_refused(r, ERR_FINDING_CARRIED, &r->clerk, &work_finding_add,
                 "{'body':{'debriefer':%lld,'source':'carry_over','carried_from':%lld,"
                 "'text':'再来一次'}}", (long long)debriefer, (long long)f);
    json_t *l = hall_do(r, &r->clerk, &work_finding_list, "{'cycle':%lld}", (long long)r->cycle);
    assert_int_equal(jv_int(l, "open"), 0);
    json_decref(l);
    stuck(r, ERR_FINDING_MILESTONES, &r->secretary, heir, "apply", "'evidence':'记录'");
}

static void who_applied_last_year_does_not_close_this_year(void **state)
{
    HallRoom *r = *state;
    Who other = hall_account(r, "clerk2", "organiser_clerk", r->helper[7], r->org);
    Who behalf = r->clerk;
    int64_t debriefer, f = added(r, "");
    under_way(r, f, r->person[0]);
    behalf.behalf = r->person[0];
    moved(r, &behalf, f, "apply", "'evidence':'记录'");
    moved(r, &other, f, "verify", VERIFIED);
    json_t *made = hall_do(r, &r->clerk, &work_finding_add,
                           "{'body':{'debriefer':%lld,'source':'carry_over','carried_from':%lld,"
                           "'text':'-'}}", (long long)(next_year(r, &debriefer), debriefer),
                           (long long)f);
    int64_t heir = hall_made(made, "id");
    json_t *s = shown(r, &r->clerk, heir);
    assert_true(str_is(jv_str(jv_get(s, "body"), "opinion"), "属实"));
    json_decref(s);
    assert_true(stands(r, heir, "verified"));
    stuck(r, ERR_FINDING_APPLICANT, &r->clerk, heir, "close", "");
    moved(r, &other, heir, "close", "");
}

static void c06_last_years_findings_demand_one_answer_each(void **state)
{
    HallRoom *r = *state;
    int64_t debriefer, first = added(r, ""), second = added(r, ""), cured = added(r, "");
    under_way(r, cured, r->person[0]);
    moved(r, &r->secretary, cured, "apply", "'evidence':'记录'");
    moved(r, &r->clerk, cured, "verify", VERIFIED);
    moved(r, &r->clerk, cured, "close", "");
    next_year(r, &debriefer);
    json_t *s = hall_do(r, &r->secretary, &work_report_show, "{'debriefer':%lld}",
                        (long long)debriefer);
    assert_int_equal(jv_len(jv_get(s, "carried")), 2); /* what was closed asks nothing more */
    json_decref(s);
    const char *file = "{'debriefer':%lld,'sections':[{'class':'duty','achievements':'一',"
                       "'problems':'二'}],'answers':[%.*s]}";
    Str answer[3];
    int64_t ids[] = { first, second, cured };
    for (int i = 0; i < 3; i++)
        answer[i] = arena_text(r->a, "{'finding':%lld,'answer':'under_way','text':'已轮训一半'}",
                               (long long)ids[i]);
    Str both = arena_text(r->a, "%.*s,%.*s", STR(answer[0]), STR(answer[1]));
    const struct { Str answers; ErrCode code; } refused[] = {
        { STRC(""), ERR_REPORT_ANSWER },
        { answer[0], ERR_REPORT_ANSWER },
        { arena_text(r->a, "%.*s,%.*s", STR(both), STR(answer[0])), ERR_REPORT_ANSWER },
        { arena_text(r->a, "%.*s,%.*s", STR(both), STR(answer[2])), ERR_REPORT_ANSWERS },
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        hall_refused(r, refused[i].code, &r->secretary, &work_report_file, file,
                     (long long)debriefer, STR(refused[i].answers));
    hall_done(r, &r->secretary, &work_report_file, file, (long long)debriefer, STR(both));
}

/* --- the three lists ------------------------------------------------------------------------ */

static Str list_file(HallRoom *r, const Who *who, const char *list, const char *format)
{
    json_t *in = json_pack("{s:I,s:s,s:s}", "cycle", (json_int_t)r->cycle, "list", list, "format",
                           format);
    WorkFile file = { .bytes = { NULL, 0 } };
    if (!hall_run(r, who, &work_finding_lists, in, NULL, &file)) {
        hall_show(r);
        fail_msg("no list");
    }
    json_decref(in);
    return file.bytes;
}

static void three_lists_show_every_column_typed(void **state)
{
    HallRoom *r = *state;
    int64_t f = added(r, ",'due':'2026-12-10','root_cause':'人手不足','category':'loose_rules'");
    under_way(r, f, r->person[0]);
    sys_pass(r->sys, 12 * DAY_MS);
    Str bytes = list_file(r, &r->clerk, "all", "xlsx");
    Print *print;
    GridBook *book;
    PrintSetup setup = { .scratch = r->dir };
    assert_true(print_open(&print, &setup, &r->e));
    assert_true(print_read_grid(&book, r->a, print, STRC("lists.xlsx"), bytes, &r->e));
    print_close(print);
    assert_int_equal(book->n_grids, 3);
    const Grid *duty = grid_find(book, STRC("责任清单")), *cure = grid_find(book, STRC("整改清单"));
    assert_non_null(duty);
    assert_non_null(cure);
    assert_non_null(grid_find(book, STRC("问题清单")));
    bool dated = false, late = false;
    for (size_t i = 0; i < duty->n_rows; i++)
        for (size_t k = 0; k < duty->rows[i].n; k++)
            dated |= str_is(duty->rows[i].cells[k].text, "2026-12-10") &&
                     (duty->rows[i].cells[k].flags & GRID_DATE);
    for (size_t i = 0; i < cure->n_rows; i++)
        for (size_t k = 0; k < cure->rows[i].n; k++)
            late |= str_is(cure->rows[i].cells[k].text, "整改中，逾期2天");
    assert_true(dated);
    assert_true(late);
    Str csv = list_file(r, &r->clerk, "finding_list", "csv");
    assert_true(str_has(csv, STRC("督查：督查组")));
    assert_true(str_has(csv, STRC("制度落实不严")));
    /* Another secretary's file has none of it. */
    Who stranger = hall_account(r, "stranger", "secretary", r->person[1], r->branch[1]);
    csv = list_file(r, &stranger, "finding_list", "csv");
    assert_false(str_has(csv, STRC("记录不全")));
    assert_true(str_starts(list_file(r, &r->clerk, "all", "pdf"), STRC("%PDF-")));
}

#define ROOM(f) cmocka_unit_test_setup_teardown(f, hall_open, hall_close)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ROOM(c90_each_finding_goes_to_close_out_and_recheck),
        ROOM(the_course_says_who_when_and_on_whose_behalf),
        ROOM(the_owner_never_verifies),
        ROOM(who_applied_does_not_verify),
        ROOM(c90_a_long_term_finding_is_not_closed_by_promise),
        ROOM(a_deadline_moves_by_approval_only),
        ROOM(overdue_findings_wait_for_those_in_charge),
        ROOM(a_second_editor_gets_a_conflict_and_loses_nothing),
        ROOM(columns_are_filled_by_whom_they_concern),
        ROOM(a_secretary_sees_his_own_the_organiser_all),
        ROOM(c17_what_has_not_moved_since_the_meeting_shows_until_all_close),
        ROOM(sources_are_merged_into_one_numbered_list),
        ROOM(sealed_survey_facts_are_not_listed_before_the_meeting_opens_them),
        ROOM(c90_old_findings_are_carried_with_their_milestones),
        ROOM(who_applied_last_year_does_not_close_this_year),
        ROOM(c06_last_years_findings_demand_one_answer_each),
        ROOM(three_lists_show_every_column_typed),
    };
    print_child(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
