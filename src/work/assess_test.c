/* From counted ballots to a published result and its correction. */
#include "score/score.h"
#include "work/assess_kit_test.h"

static const char *const mixed[] = { "good", "good", "fairly_good", "fair" };
static const char *const all_good[] = { "good", "good", "good", "good" };

static Who superior(HallRoom *r)
{
    return hall_account(r, "superior", "superior", r->helper[7], r->org);
}

/* By hand, with 2 places and the ballot going on rounded:
 *   1, 2: ballot 100, routine 90, superior 95:            50 + 27 + 19     = 96
 *   3:    ballot 75, routine 85, superior 80:             37.5 + 25.5 + 16 = 79
 *   4:    ballot 50, routine 70, superior declared absent: (25 + 21) / 0.8 = 57.5 */
static void fill(HallRoom *r, const Who *up)
{
    static const char *const routine[] = { "90", "90", "85", "70" };
    static const char *const above[] = { "95", "95", "80" };
    for (int d = 0; d < HALL_PEOPLE; d++)
        kit_input(r, &r->clerk, d, "routine", routine[d]);
    for (int d = 0; d < 3; d++)
        kit_input(r, up, d, "superior", above[d]);
    hall_done(r, up, &work_score_input_set,
              "{'debriefer':%lld,'part':'superior','missing':true,'note':'到任不足三个月'}",
              ID(r->debriefer[3]));
}

static void counted(HallRoom *r, const char *ties, const char *const options[])
{
    kit_choose(r, ties);
    kit_boxes(r, options);
    kit_state(r, "counted");
}

static void an_input_has_its_hand_and_its_range(void **state)
{
    HallRoom *r = *state;
    Who up = superior(r);
    const char *set = "{'debriefer':%lld,'part':'%s','value':'%s'}";
    counted(r, "share", mixed);
    hall_refused(r, ERR_FORBIDDEN, &r->clerk, &work_score_input_set, set, ID(r->debriefer[0]),
                 "superior", "90");
    hall_refused(r, ERR_FORBIDDEN, &up, &work_score_input_set, set, ID(r->debriefer[0]), "routine",
                 "90");
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_score_input_set, set, ID(r->debriefer[0]),
                 "routine", "90");
    kit_input(r, &r->clerk, 0, "routine", "100");
    hall_refused(r, ERR_FIELD_RANGE, &r->clerk, &work_score_input_set, set, ID(r->debriefer[0]),
                 "routine", "100.01");
    hall_says(r, "平时考核");
    hall_refused(r, ERR_NOT_FOUND, &r->clerk, &work_score_input_set, set, ID(r->debriefer[0]),
                 "weather", "90");
    hall_refused(r, ERR_INPUT_VALUE, &r->clerk, &work_score_input_set,
                 "{'debriefer':%lld,'part':'routine','missing':true}", ID(r->debriefer[0]));
    hall_refused(r, ERR_INPUT_VALUE, &r->clerk, &work_score_input_set,
                 "{'debriefer':%lld,'part':'routine','value':'1','missing':true,'note':'无'}",
                 ID(r->debriefer[0]));
    hall_refused(r, ERR_CONFLICT, &r->clerk, &work_score_input_set,
                 "{'debriefer':%lld,'part':'routine','value':'1','version':1}",
                 ID(r->debriefer[0]));
    Who clerk = r->clerk; /* served by the clerk, on the superior's behalf */
    clerk.behalf = r->helper[7];
    kit_input(r, &clerk, 0, "superior", "91");
    json_t *seen = hall_do(r, &up, &work_assessment_show, "{'cycle':%lld}", ID(r->cycle));
    const json_t *inputs = jv_get(jv_at(jv_get(seen, "rows"), 0), "inputs");
    assert_int_equal(jv_len(inputs), 1); /* the superior sees his own part alone */
    kit_text(jv_str(jv_at(inputs, 0), "value"), "91");
    assert_int_equal(jv_len(jv_get(seen, "runs")), 0);
    assert_true(str_has(jv_str(jv_at(inputs, 0), "by"), STRC("代办")));
    json_decref(seen);
}

static void events_are_corrected_and_struck_with_a_reason(void **state)
{
    HallRoom *r = *state;
    const char *file = "{'debriefer':%lld,'event':'%s',%s'reason':'区级通报'}";
    counted(r, "share", mixed);
    hall_refused(r, ERR_EVENT_VALUE, &r->clerk, &work_score_event_file, file, ID(r->debriefer[0]),
                 "deduction", "");
    hall_refused(r, ERR_EVENT_VALUE, &r->clerk, &work_score_event_file, file, ID(r->debriefer[0]),
                 "vetoed", "'value':'1',");
    hall_refused(r, ERR_FIELD_RANGE, &r->clerk, &work_score_event_file, file, ID(r->debriefer[0]),
                 "deduction", "'value':'-6',");
    int64_t id = hall_made(hall_do(r, &r->clerk, &work_score_event_file, file, ID(r->debriefer[0]),
                                   "deduction", "'value':'-2',"), "id");
    hall_refused(r, ERR_NOT_FOUND, &r->clerk, &work_score_event_file,
                 "{'debriefer':%lld,'fact':%lld,'event':'deduction','value':'-1','reason':'错人'}",
                 ID(r->debriefer[1]), ID(id));
    hall_done(r, &r->clerk, &work_score_event_file,
              "{'debriefer':%lld,'fact':%lld,'event':'deduction','value':'-1','withdrawn':true,"
              "'reason':'通报已撤销'}", ID(r->debriefer[0]), ID(id));
    Who up = superior(r);
    fill(r, &up);
    json_decref(kit_compute(r));
    json_t *shown = kit_show(r);
    kit_text(jv_str(kit_row(r, shown, 0), "total"), "96.00"); /* a struck event counts nothing */
    json_decref(shown);
}

static void what_is_missing_is_named_and_nothing_is_stored(void **state)
{
    HallRoom *r = *state;
    counted(r, "share", mixed);
    kit_input(r, &r->clerk, 0, "routine", "90");
    json_t *got = kit_compute(r);
    kit_text(jv_str(got, "status"), "refused");
    const json_t *absent = jv_get(jv_at(jv_get(got, "objects"), 0), "absent");
    assert_int_equal(jv_len(absent), 3);
    kit_text(jv_str(jv_at(absent, 0), "name"), "乙二");
    kit_text(jv_str(jv_at(absent, 0), "part_title"), "平时考核");
    json_decref(got);
    hall_refused(r, ERR_RESULT_NONE, &r->clerk, &work_result_show, "{'cycle':%lld}", ID(r->cycle));
}

static void a_tie_waits_for_the_committee(void **state)
{
    HallRoom *r = *state;
    Who up = superior(r);
    const char *decide = "{'cycle':%lld,'object':'%s','order':[%lld,%lld],'reason':'看基层评价'}";
    counted(r, "committee", mixed);
    fill(r, &up);
    json_t *got = kit_compute(r);
    kit_text(jv_str(got, "status"), "undecided");
    const json_t *ties = jv_get(jv_at(jv_get(got, "objects"), 0), "ties");
    assert_int_equal(jv_len(ties), 1);
    kit_text(jv_str(jv_at(jv_get(jv_at(ties, 0), "people"), 1), "name"), "乙二");
    assert_null(jv_get(got, "id"));
    json_decref(got);
    got = hall_do(r, &r->committee, &work_assessment_show, "{'cycle':%lld}", ID(r->cycle));
    ties = jv_get(jv_at(jv_get(got, "runs"), 1), "ties");
    assert_int_equal(jv_len(ties), 1); /* whoever decides sees it without computing */
    json_decref(got);
    hall_refused(r, ERR_FORBIDDEN, &r->clerk, &work_tie_decide, decide, ID(r->cycle),
                 "party_building", ID(r->debriefer[1]), ID(r->debriefer[0]));
    hall_refused(r, ERR_SCORE_TWICE, &r->committee, &work_tie_decide, decide, ID(r->cycle),
                 "party_building", ID(r->debriefer[1]), ID(r->debriefer[1]));
    hall_refused(r, ERR_TIE_RULE, &r->clerk, &work_tie_draw,
                 "{'cycle':%lld,'object':'party_building'}", ID(r->cycle));
    hall_done(r, &r->committee, &work_tie_decide, decide, ID(r->cycle), "party_building",
              ID(r->debriefer[1]), ID(r->debriefer[0]));
    hall_done(r, &r->committee, &work_tie_decide, decide, ID(r->cycle), "clean_conduct",
              ID(r->debriefer[0]), ID(r->debriefer[1]));
    got = kit_compute(r);
    kit_text(jv_str(got, "status"), "done");
    assert_int_equal(jv_int(got, "number"), 1);
    json_decref(got);
    json_t *shown = kit_show(r);
    assert_int_equal(jv_int(kit_row(r, shown, 1), "class_rank"), 1);
    assert_int_equal(jv_int(kit_row(r, shown, 0), "class_rank"), 2);
    json_decref(shown);
}

static void a_lot_breaks_ties_once(void **state)
{
    HallRoom *r = *state;
    Who up = superior(r);
    const char *draw = "{'cycle':%lld,'object':'%s'}";
    counted(r, "lot", mixed);
    fill(r, &up);
    json_t *got = kit_compute(r);
    kit_text(jv_str(got, "status"), "undecided");
    json_decref(got);
    hall_done(r, &r->clerk, &work_tie_draw, draw, ID(r->cycle), "party_building");
    hall_done(r, &r->clerk, &work_tie_draw, draw, ID(r->cycle), "clean_conduct");
    hall_refused(r, ERR_TIE_DRAWN, &r->clerk, &work_tie_draw, draw, ID(r->cycle), "clean_conduct");
    got = kit_compute(r);
    kit_text(jv_str(got, "status"), "done");
    json_decref(got);
    json_t *shown = kit_show(r);
    assert_int_equal(jv_int(kit_row(r, shown, 0), "class_rank") +
                         jv_int(kit_row(r, shown, 1), "class_rank"), 3);
    json_decref(shown);
}

static void every_number_leads_to_its_facts(void **state)
{
    HallRoom *r = *state;
    Who up = superior(r);
    counted(r, "share", mixed);
    fill(r, &up);
    json_decref(kit_compute(r));
    json_t *shown = kit_show(r);
    const json_t *object = jv_at(jv_get(shown, "objects"), 0), *row = kit_row(r, shown, 3);
    kit_text(jv_str(row, "total"), "57.50");
    kit_text(jv_str(row, "grade_title"), "差");
    assert_int_equal(jv_len(jv_get(row, "missing")), 1);
    kit_text(jv_text(jv_at(jv_get(row, "missing"), 0)), "上级评价缺项，其余各项按权重折算");
    kit_text(jv_str(object, "quota"), "共4名，按分数进入“好”的2名；“好”以下至少1名；"
                                      "因比例下调0名；最终为“好”的2名，符合比例要求。");
    assert_int_equal(jv_len(jv_get(object, "choices")), 5);
    kit_text(jv_text(jv_at(jv_get(object, "choices"), 0)),
             "取整：各项四舍五入，保留2位小数；“民主测评分”取整后参与后面的计算。");
    const json_t *columns = jv_get(object, "columns");
    for (size_t i = 0; i < jv_len(columns); i++) { /* no number without its why */
        Str node = jv_str(jv_at(columns, i), "name");
        json_t *why = hall_do(r, &r->committee, &work_result_why,
                              "{'cycle':%lld,'debriefer':%lld,'object':'party_building',"
                              "'node':'%.*s'}", ID(r->cycle), ID(r->debriefer[0]), STR(node));
        assert_true(jv_len(jv_get(why, "facts")) > 0);
        kit_text(jv_str(jv_get(why, "why"), "name"), arena_z(r->a, node));
        json_decref(why);
    }
    json_decref(shown);
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_result_why,
                 "{'cycle':%lld,'debriefer':%lld,'object':'party_building','node':'grade'}",
                 ID(r->cycle), ID(r->debriefer[0]));
}

static void the_quota_takes_the_last_of_the_top(void **state)
{
    HallRoom *r = *state;
    static const char *const routine[] = { "90", "88", "86", "84" };
    Who up = superior(r);
    counted(r, "share", all_good);
    for (int d = 0; d < HALL_PEOPLE; d++) {
        kit_input(r, &r->clerk, d, "routine", routine[d]);
        kit_input(r, &up, d, "superior", "95");
    }
    json_decref(kit_compute(r));
    json_t *shown = kit_show(r);
    kit_text(jv_str(kit_row(r, shown, 2), "grade"), "good");
    kit_text(jv_str(kit_row(r, shown, 3), "computed"), "good");
    kit_text(jv_str(kit_row(r, shown, 3), "proposed"), "fairly_good");
    kit_text(jv_str(jv_at(jv_get(kit_row(r, shown, 3), "steps"), 1), "text"),
             "因比例下调为“较好”");
    json_decref(shown);
    const char *over = "{'debriefer':%lld,'object':'%s','grade':'good','reason':'抢险有功'%s}";
    hall_refused(r, ERR_FORBIDDEN, &r->head, &work_grade_override, over, ID(r->debriefer[3]),
                 "party_building", "");
    hall_done(r, &r->committee, &work_grade_override, over, ID(r->debriefer[3]), "party_building",
              "");
    shown = kit_show(r); /* a decision is worked in at once */
    assert_false(jv_bool(shown, "stale"));
    kit_text(jv_str(kit_row(r, shown, 3), "grade"), "good");
    assert_true(jv_bool(kit_row(r, shown, 3), "overridden"));
    assert_false(jv_bool(jv_at(jv_get(shown, "objects"), 0), "quota_held"));
    json_decref(shown);
    hall_refused(r, ERR_RESULT_QUOTA, &r->committee, &work_result_approve,
                 "{'cycle':%lld,'meeting':'工委会议','day':'2026-11-20'}", ID(r->cycle));
    hall_done(r, &r->committee, &work_grade_override, over, ID(r->debriefer[3]), "party_building",
              ",'withdrawn':true");
    kit_approve(r);
}

/* All votes good: 96, 95.70, 94.80, 94.20. A leader's vote from good to poor takes 100 * 3 /
 * (54 * 4) of the group, 0.4 of that of the ballot (99.44), half of it of the total: 0.28, two of
 * them 0.555. So two votes close the first gap of 0.30; 0.90 and 0.60 are wider. Other weights
 * leave the order: the four differ in the routine part alone. */
static void c13_how_firm_a_rank_is_is_said_to_the_organiser_alone(void **state)
{
    HallRoom *r = *state;
    static const char *const routine[] = { "90", "89", "86", "84" };
    const char *ask = "{'cycle':%lld}";
    Who up = superior(r);
    counted(r, "share", all_good);
    for (int d = 0; d < HALL_PEOPLE; d++) {
        kit_input(r, &r->clerk, d, "routine", routine[d]);
        kit_input(r, &up, d, "superior", "95");
    }
    hall_refused(r, ERR_RESULT_NONE, &r->clerk, &work_result_firm, ask, ID(r->cycle));
    json_decref(kit_compute(r));
    json_t *got = hall_do(r, &r->clerk, &work_result_firm, ask, ID(r->cycle));
    const json_t *o = jv_at(jv_get(got, "objects"), 0), *rows = jv_get(o, "rows");
    static const int worst[] = { 2, 2, 3, 4 };
    for (size_t i = 0; i < HALL_PEOPLE; i++) {
        const json_t *row = jv_at(rows, i);
        assert_int_equal(jv_int(row, "best"), (int)i + 1);
        assert_int_equal(jv_int(row, "weights_worst"), (int)i + 1);
        assert_int_equal(jv_int(row, "votes_worst"), worst[i]);
    }
    assert_int_equal(jv_len(jv_get(o, "sentences")), 1);
    kit_text(jv_text(jv_at(jv_get(o, "sentences"), 0)),
             "第1名“甲一”与第2名“乙二”分不出先后：移动两票就可能换位或者并列。");
    assert_int_equal(jv_len(jv_get(o, "groups")), 1);
    kit_text(jv_text(jv_at(jv_get(o, "groups"), 0)), "甲一、乙二");
    const json_t *boxes = jv_get(o, "boxes");
    assert_int_equal(jv_len(boxes), 3);
    kit_text(jv_str(jv_at(boxes, 0), "title"), "民主测评·区领导");
    kit_text(jv_str(jv_at(boxes, 0), "top"), "100.00");
    kit_text(jv_str(jv_at(boxes, 0), "lenience"), "0.00");
    json_decref(got);
    hall_refused(r, ERR_FORBIDDEN, &r->committee, &work_result_firm, ask, ID(r->cycle));
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_result_firm, ask, ID(r->cycle));
}

static void approval_wants_figures_of_today(void **state)
{
    HallRoom *r = *state;
    Who up = superior(r);
    const char *approve = "{'cycle':%lld,'meeting':'工委会议','day':'2026-11-20'}";
    counted(r, "share", mixed);
    fill(r, &up);
    hall_refused(r, ERR_CYCLE_STATE, &r->committee, &work_result_approve, approve, ID(r->cycle));
    json_decref(kit_compute(r));
    kit_input(r, &r->clerk, 2, "routine", "86");
    json_t *shown = kit_show(r);
    assert_true(jv_bool(shown, "stale"));
    json_decref(shown);
    hall_refused(r, ERR_RESULT_STALE, &r->committee, &work_result_approve, approve, ID(r->cycle));
    json_decref(kit_compute(r));
    hall_refused(r, ERR_FORBIDDEN, &r->head, &work_result_approve, approve, ID(r->cycle));
    kit_approve(r);
    hall_refused(r, ERR_RESULT_INPUTS, &r->clerk, &work_score_input_set,
                 "{'debriefer':%lld,'part':'routine','value':'1'}", ID(r->debriefer[0]));
    hall_refused(r, ERR_FORBIDDEN, &r->clerk, &work_result_publish, "{'cycle':%lld}", ID(r->cycle));
    kit_publish(r);
    hall_refused(r, ERR_CYCLE_STATE, &r->clerk, &work_result_compute, "{'cycle':%lld}",
                 ID(r->cycle));
}

static void a_debriefer_sees_his_own_grade_and_total_only(void **state)
{
    HallRoom *r = *state;
    Who up = superior(r);
    counted(r, "share", mixed);
    fill(r, &up);
    json_decref(kit_compute(r));
    kit_approve(r);
    json_t *mine = hall_do(r, &r->secretary, &work_result_mine, "{}");
    assert_int_equal(jv_int(mine, "total"), 0); /* not before it is published */
    json_decref(mine);
    kit_publish(r);
    mine = hall_do(r, &r->secretary, &work_result_mine, "{}");
    assert_int_equal(jv_int(mine, "total"), 2); /* his two objects */
    const json_t *first = jv_at(jv_get(mine, "items"), 0);
    kit_text(jv_str(first, "total"), "96.00");
    kit_text(jv_str(first, "grade_title"), "好");
    assert_null(jv_get(first, "class_rank"));
    json_decref(mine);
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_result_show, "{'cycle':%lld}",
                 ID(r->cycle));
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_class_rank,
                 "{'cycle':%lld,'format':'xlsx'}", ID(r->cycle));
    hall_refused(r, ERR_FORBIDDEN, &up, &work_result_show, "{'cycle':%lld}", ID(r->cycle));
}

/* Every stored version, checked from its own bundle. */
typedef struct Stored {
    int64_t cycle;
    size_t versions, bundles;
} Stored;

static bool stored_job(Tx *tx, void *arg, Err *e)
{
    Stored *s = arg;
    Arena *a = tx_arena(tx);
    FactList l;
    const char *key;
    json_t *body, *bundle;
    FactFilter f = { .kind = STRC("result"), .field = STRC("cycle"),
                     .value = arena_text(a, "%lld", ID(s->cycle)) };
    if (!fact_list(&l, a, tx, &f, e))
        return false;
    s->versions = l.n;
    for (size_t i = 0; i < l.n; i++) {
        if (!jv_read(&body, l.items[i].body, "result", e))
            return false;
        bool ok = true;
        json_object_foreach (json_object_get(body, "bundle"), key, bundle) {
            ok = ok && score_bundle_verify(bundle, NULL, e);
            s->bundles++;
        }
        json_decref(body);
        if (!ok)
            return false;
    }
    return true;
}

static void a_published_result_is_superseded_not_edited(void **state)
{
    HallRoom *r = *state;
    Who up = superior(r);
    counted(r, "share", mixed);
    fill(r, &up);
    json_decref(kit_compute(r));
    kit_approve(r);
    kit_publish(r);
    kit_opinions(r);
    kit_letters(r);
    hall_refused(r, ERR_FORBIDDEN, &r->clerk, &work_result_supersede,
                 "{'cycle':%lld,'reason':'录错','approver':'工委会议'}", ID(r->cycle));
    hall_done(r, &r->head, &work_result_supersede,
              "{'cycle':%lld,'reason':'平时考核录错','approver':'工委会议'}", ID(r->cycle));
    hall_refused(r, ERR_RESULT_STALE, &r->committee, &work_result_approve,
                 "{'cycle':%lld,'meeting':'工委会议','day':'2026-11-20'}", ID(r->cycle));
    json_t *mine = hall_do(r, &r->secretary, &work_letter_mine, "{}");
    assert_true(jv_bool(jv_at(jv_get(mine, "items"), 0), "superseded"));
    json_decref(mine);
    kit_input(r, &r->clerk, 0, "routine", "70");
    json_t *got = kit_compute(r);
    assert_int_equal(jv_int(got, "number"), 2);
    json_decref(got);
    kit_approve(r);
    kit_publish(r);
    kit_letters(r);
    json_t *shown = kit_show(r);
    kit_text(jv_str(shown, "reason"), "平时考核录错");
    kit_text(jv_str(shown, "approver"), "工委会议");
    kit_text(jv_str(kit_row(r, shown, 0), "total"), "90.00");
    assert_int_equal(jv_len(jv_get(shown, "versions")), 2);
    json_decref(shown);
    shown = hall_do(r, &r->clerk, &work_result_show, "{'cycle':%lld,'number':1}", ID(r->cycle));
    kit_text(jv_str(shown, "state"), "superseded");
    kit_text(jv_str(kit_row(r, shown, 0), "total"), "96.00"); /* as it was told */
    json_decref(shown);
    mine = hall_do(r, &r->secretary, &work_letter_mine, "{}");
    assert_int_equal(jv_int(mine, "total"), 2);
    assert_false(jv_bool(jv_at(jv_get(mine, "items"), 0), "superseded"));
    assert_true(jv_bool(jv_at(jv_get(mine, "items"), 1), "superseded"));
    json_decref(mine);
    Stored s = { .cycle = r->cycle };
    if (!store_read(work_store(r->w), stored_job, &s, &r->e)) {
        hall_show(r);
        fail_msg("a stored result does not hold");
    }
    assert_int_equal(s.versions, 2);
    assert_int_equal(s.bundles, 4);
}

static void file_begins(HallRoom *r, const Who *who, const UseCase *u, const char *json,
                        const char *bytes)
{
    WorkFile file = { .name = STRC("") };
    json_t *in;
    assert_true(jv_read(&in, str_of(json), "test", &r->e));
    if (!hall_run(r, who, u, in, NULL, &file)) {
        hall_show(r);
        fail_msg("%s made no file", u->name);
    }
    assert_true(str_starts(file.bytes, str_of(bytes)));
    assert_true(file.bytes.n > 2000);
    if (getenv("KEEP_PAPERS")) {
        char path[400];
        snprintf(path, sizeof path, "%s/%.*s", getenv("KEEP_PAPERS"), STR(file.name));
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        assert_int_equal(fwrite(file.bytes.p, 1, file.bytes.n, f), file.bytes.n);
        fclose(f);
    }
    json_decref(in);
}

/* What the organiser chose before voting opened stands on the sheet, word for word: rounding,
 * ties, quorum, beside the scheme, its shares and what is done when a part is missing. */
static void c13_the_sheet_prints_scheme_rounding_ties_and_quorum(void **state)
{
    HallRoom *r = *state;
    Who up = superior(r);
    static const char *const lines[] = {
        "区直系统机关党委书记综合评价",
        "取整：各项四舍五入，保留2位小数；“民主测评分”取整后参与后面的计算。",
        "比例：“好”以下不少于15%，人数向上取整。",
        "并列：总分相同的名次并列。",
        "票数效力：各票类收回率不低于80%、有效率不低于90%；达不到的重新投票。",
        "缺项：“平时考核”缺项不得出结果；“上级评价”缺项由其余各项按权重折算。",
    };
    counted(r, "share", mixed);
    fill(r, &up);
    json_decref(kit_compute(r));
    WorkFile file = { .name = STRC("") };
    json_t *in = json_pack("{s:I,s:s}", "cycle", (json_int_t)r->cycle, "format", "docx");
    if (!hall_run(r, &r->clerk, &work_result_sheet, in, NULL, &file))
        fail_msg("no sheet");
    json_decref(in);
    Print *pr = NULL;
    PrintSetup setup = { .scratch = r->dir };
    Str text;
    assert_true(print_open(&pr, &setup, &r->e));
    assert_true(print_read_text(&text, r->a, pr, STRC("x.docx"), file.bytes, &r->e));
    print_close(pr);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (!str_has(text, str_of(lines[i])))
            fail_msg("the sheet does not say: %s", lines[i]);
}

static void papers_come_out(void **state)
{
    HallRoom *r = *state;
    Who up = superior(r);
    counted(r, "share", mixed);
    fill(r, &up);
    json_decref(kit_compute(r));
    kit_approve(r);
    kit_publish(r);
    kit_opinions(r);
    hall_refused(r, ERR_LETTER_NONE, &r->clerk, &work_letters_pdf, "{'cycle':%lld}", ID(r->cycle));
    kit_letters(r);
    const char *pdf = arena_z(r->a, arena_text(r->a, "{\"cycle\":%lld,\"format\":\"pdf\"}",
                                               ID(r->cycle)));
    const char *xlsx = arena_z(r->a, arena_text(r->a, "{\"cycle\":%lld,\"format\":\"xlsx\"}",
                                                ID(r->cycle)));
    file_begins(r, &r->committee, &work_result_sheet, pdf, "%PDF");
    file_begins(r, &r->clerk, &work_result_sheet, xlsx, "PK");
    file_begins(r, &r->clerk, &work_class_rank, pdf, "%PDF");
    file_begins(r, &r->clerk, &work_class_rank, xlsx, "PK");
    file_begins(r, &r->clerk, &work_letters_pdf,
                arena_z(r->a, arena_text(r->a, "{\"cycle\":%lld}", ID(r->cycle))), "%PDF");
    const char *docx = arena_z(r->a, arena_text(r->a, "{\"cycle\":%lld,\"format\":\"docx\"}",
                                                ID(r->cycle)));
    file_begins(r, &r->clerk, &work_letters_pdf, docx, "PK");
    file_begins(r, &r->clerk, &work_result_sheet, docx, "PK");
    file_begins(r, &r->clerk, &work_class_rank, docx, "PK");
    json_t *list = hall_do(r, &r->clerk, &work_opinion_list, "{'cycle':%lld}", ID(r->cycle));
    int64_t own = jv_int(jv_at(jv_get(list, "items"), 0), "letter");
    int64_t other = jv_int(jv_at(jv_get(list, "items"), 1), "letter");
    json_decref(list);
    file_begins(r, &r->secretary, &work_letter_pdf,
                arena_z(r->a, arena_text(r->a, "{\"letter\":%lld}", ID(own))), "%PDF");
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_letter_pdf, "{'letter':%lld}", ID(other));
}

static size_t kept_files(const HallRoom *r, const char *what)
{
    char command[400], line[64] = "";
    snprintf(command, sizeof command, "find '%s/scratch' -name '%s' | wc -l", r->dir, what);
    FILE *p = popen(command, "r");
    assert_non_null(p);
    assert_non_null(fgets(line, sizeof line, p));
    pclose(p);
    return (size_t)atoi(line);
}

/* Every letter a file of its own; what was drawn before an interruption is not drawn again. */
static void letters_are_drawn_in_steps_into_one_archive(void **state)
{
    HallRoom *r = *state;
    Who up = superior(r);
    counted(r, "share", mixed);
    fill(r, &up);
    json_decref(kit_compute(r));
    kit_approve(r);
    kit_publish(r);
    kit_opinions(r);
    const char *cycle = "{'cycle':%lld}";
    hall_refused(r, ERR_LETTER_NONE, &r->clerk, &work_letters_draw, cycle, ID(r->cycle));
    kit_letters(r);
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_letters_draw, cycle, ID(r->cycle));
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_letters_zip, cycle, ID(r->cycle));
    json_t *got = hall_do(r, &r->clerk, &work_letters_draw, cycle, ID(r->cycle));
    assert_int_equal(jv_int(got, "done"), HALL_PEOPLE);
    assert_int_equal(jv_int(got, "total"), HALL_PEOPLE);
    json_decref(got);
    assert_int_equal(kept_files(r, "*.pdf"), HALL_PEOPLE);
    char command[400];
    snprintf(command, sizeof command, /* interrupted after the third; a mark tells it is kept */
             "cd '%s/scratch'/letters-*-pdf && ls | tail -1 | xargs rm && ls | head -1 | "
             "xargs -I{} sh -c 'echo drawn before >> {}'; touch stale.pdf",
             r->dir);
    assert_int_equal(system(command), 0);
    got = hall_do(r, &r->clerk, &work_letters_draw, cycle, ID(r->cycle));
    assert_int_equal(jv_int(got, "done"), HALL_PEOPLE);
    json_decref(got);
    assert_int_equal(kept_files(r, "*.pdf"), HALL_PEOPLE); /* the stale one is gone */
    assert_true(hall_on_disk(r, "drawn before"));          /* and the first was not drawn again */
    const char *json = arena_z(r->a, arena_text(r->a, "{\"cycle\":%lld}", ID(r->cycle)));
    WorkFile file = { .name = STRC("") };
    json_t *in;
    assert_true(jv_read(&in, str_of(json), "test", &r->e));
    assert_true(hall_run(r, &r->clerk, &work_letters_zip, in, NULL, &file));
    json_decref(in);
    assert_true(str_starts(file.bytes, STRC("PK")));
    assert_true(str_has(file.bytes, STRC("001-反馈函-")));
    assert_true(str_has(file.bytes, STRC("004-反馈函-")));
    assert_int_equal(kept_files(r, "*.pdf"), 0); /* taken */
}

#define ROOM(test) cmocka_unit_test_setup_teardown(test, hall_open, hall_close)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ROOM(an_input_has_its_hand_and_its_range),
        ROOM(events_are_corrected_and_struck_with_a_reason),
        ROOM(what_is_missing_is_named_and_nothing_is_stored),
        ROOM(a_tie_waits_for_the_committee),
        ROOM(a_lot_breaks_ties_once),
        ROOM(every_number_leads_to_its_facts),
        ROOM(the_quota_takes_the_last_of_the_top),
        ROOM(c13_how_firm_a_rank_is_is_said_to_the_organiser_alone),
        ROOM(approval_wants_figures_of_today),
        ROOM(a_debriefer_sees_his_own_grade_and_total_only),
        ROOM(a_published_result_is_superseded_not_edited),
        ROOM(c13_the_sheet_prints_scheme_rounding_ties_and_quorum),
        ROOM(papers_come_out),
        ROOM(letters_are_drawn_in_steps_into_one_archive),
    };
    print_child(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
