/* The debrief meeting: C08, C11, C12. */
#include "work/hall_test.h"

static int64_t meeting_made(HallRoom *r)
{
    return hall_made(hall_do(r, &r->clerk, &work_meeting_open,
                             "{'cycle':%lld,'body':{'day':'2026-12-20','place':'礼堂',"
                             "'ordering':'lot','limit':5,'present':42}}", (long long)r->cycle),
                     "id");
}

static json_t *shown(HallRoom *r)
{
    return hall_do(r, &r->clerk, &work_meeting_show, "{'cycle':%lld}", (long long)r->cycle);
}

/* What a person does with a terminal: printf '%s' SEED ID | sha256sum, for every speaker. */
static void by_hand(HallRoom *r, const char *seed, const int64_t *ids, size_t n, int64_t *order)
{
    char keys[8][65];
    for (size_t i = 0; i < n; i++) {
        char command[200];
        snprintf(command, sizeof command, "printf '%%s' '%s%lld' | sha256sum", seed,
                 (long long)ids[i]);
        FILE *p = popen(command, "r");
        assert_non_null(p);
        assert_int_equal(fread(keys[i], 1, 64, p), 64);
        keys[i][64] = 0;
        pclose(p);
    }
    for (size_t at = 0; at < n; at++) {
        size_t least = n;
        for (size_t i = 0; i < n; i++) {
            bool taken = false;
            for (size_t k = 0; k < at; k++)
                taken = taken || order[k] == ids[i];
            if (!taken && (least == n || strcmp(keys[i], keys[least]) < 0))
                least = i;
        }
        order[at] = ids[least];
    }
    (void)r;
}

static void c11_the_lot_is_repeated_by_hand(void **state)
{
    HallRoom *r = *state;
    int64_t meeting = meeting_made(r), want[3];
    int64_t version = hall_made(hall_do(r, &r->clerk, &work_order_lot,
                                        "{'meeting':%lld,'version':%lld}", (long long)meeting,
                                        (long long)meeting), "version");
    json_t *m = shown(r);
    const json_t *body = jv_get(m, "body"), *order = jv_get(body, "order");
    Str seed = jv_str(jv_get(body, "lot"), "seed");
    assert_int_equal(seed.n, 64);
    assert_int_equal(jv_len(order), 3); /* the written debriefer does not speak */
    by_hand(r, arena_z(r->a, seed), r->debriefer, 3, want);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(json_integer_value(jv_at(order, i)), want[i]);
        assert_int_equal(jv_int(jv_at(jv_get(m, "speakers"), i), "debriefer"), want[i]);
    }
    json_decref(m);
    hall_refused(r, ERR_LOT_DRAWN, &r->clerk, &work_order_lot, "{'meeting':%lld,'version':%lld}",
                 (long long)meeting, (long long)version);
    hall_refused(r, ERR_LOT_DRAWN, &r->clerk, &work_order_fix,
                 "{'meeting':%lld,'version':%lld,'order':[%lld,%lld,%lld]}", (long long)meeting,
                 (long long)version, (long long)r->debriefer[0], (long long)r->debriefer[1],
                 (long long)r->debriefer[2]);
    /* A new meeting would be a new draw. */
    hall_refused(r, ERR_MEETING_TWICE, &r->clerk, &work_meeting_open,
                 "{'cycle':%lld,'body':{'day':'2026-12-21','ordering':'lot'}}",
                 (long long)r->cycle);
    /* Nor can the order be slipped in with a change of place. */
    hall_refused(r, ERR_FIELD_UNKNOWN, &r->clerk, &work_meeting_change,
                 "{'meeting':%lld,'version':%lld,'body':{'order':[]}}", (long long)meeting,
                 (long long)version);
    hall_done(r, &r->clerk, &work_meeting_change,
              "{'meeting':%lld,'version':%lld,'body':{'present':40}}", (long long)meeting,
              (long long)version);
}

static void c11_a_fixed_order_names_everyone_once(void **state)
{
    HallRoom *r = *state;
    int64_t meeting = meeting_made(r);
    long long d[] = { r->debriefer[0], r->debriefer[1], r->debriefer[2], r->debriefer[3] };
    const char *fmt = "{'meeting':%lld,'version':%lld,'order':[%s]}";
    char lists[4][100];
    snprintf(lists[0], 100, "%lld,%lld", d[0], d[1]);                   /* one is missing */
    snprintf(lists[1], 100, "%lld,%lld,%lld", d[0], d[1], d[1]);        /* twice */
    snprintf(lists[2], 100, "%lld,%lld,%lld", d[0], d[1], d[3]);        /* does not speak */
    snprintf(lists[3], 100, "%lld,%lld,%lld,%lld", d[0], d[1], d[2], d[3]);
    for (int i = 0; i < 4; i++) {
        hall_refused(r, ERR_ORDER_INCOMPLETE, &r->clerk, &work_order_fix, fmt, (long long)meeting,
                     (long long)meeting, lists[i]);
        hall_says(r, "3名");
    }
    snprintf(lists[0], 100, "%lld,%lld,%lld", d[2], d[0], d[1]);
    hall_done(r, &r->clerk, &work_order_fix, fmt, (long long)meeting, (long long)meeting, lists[0]);
    json_t *m = shown(r);
    assert_int_equal(jv_int(jv_at(jv_get(m, "speakers"), 0), "debriefer"), d[2]);
    json_decref(m);
    /* A stale screen does not overwrite. */
    hall_refused(r, ERR_CONFLICT, &r->clerk, &work_order_fix, fmt, (long long)meeting,
                 (long long)meeting, lists[0]);
}

static void c11_steps_are_logged_with_overruns_and_can_be_mended(void **state)
{
    HallRoom *r = *state;
    int64_t meeting = meeting_made(r);
    int64_t step = hall_made(
        hall_do(r, &r->clerk, &work_step_log,
                "{'meeting':%lld,'body':{'item':'speech','debriefer':%lld,'seconds':372}}",
                (long long)meeting, (long long)r->debriefer[0]), "id");
    hall_done(r, &r->clerk, &work_step_log, "{'meeting':%lld,'body':{'item':'hand_out'}}",
              (long long)meeting);
    json_t *m = shown(r);
    const json_t *first = jv_at(jv_get(m, "steps"), 0);
    assert_int_equal(jv_int(first, "over"), 72); /* beyond five minutes */
    assert_true(str_is(jv_str(first, "name"), "甲一"));
    assert_true(str_is(jv_str(jv_at(jv_get(m, "steps"), 1), "item_title"), "发放测评票"));
    json_decref(m);
    hall_done(r, &r->clerk, &work_step_change,
              "{'meeting':%lld,'step':%lld,'version':%lld,'body':{'seconds':300}}",
              (long long)meeting, (long long)step, (long long)step);
    m = shown(r);
    assert_null(jv_get(jv_at(jv_get(m, "steps"), 0), "over")); /* exactly five minutes */
    assert_int_equal(jv_len(jv_get(m, "steps")), 2);
    json_decref(m);
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_step_log,
                 "{'meeting':%lld,'body':{'item':'count'}}", (long long)meeting);
}

static void withdrawn_speakers_keep_their_place(void **state)
{
    HallRoom *r = *state;
    int64_t meeting = meeting_made(r);
    hall_done(r, &r->clerk, &work_order_lot, "{'meeting':%lld,'version':%lld}", (long long)meeting,
              (long long)meeting);
    json_t *m = shown(r);
    int64_t first = jv_int(jv_at(jv_get(m, "speakers"), 0), "debriefer");
    json_decref(m);
    hall_done(r, &r->clerk, &work_debriefer_withdraw,
              "{'debriefer':%lld,'version':%lld,'reason':'住院'}", (long long)first,
              (long long)first);
    m = shown(r);
    assert_int_equal(jv_len(jv_get(m, "speakers")), 3);
    assert_int_equal(jv_int(jv_at(jv_get(m, "speakers"), 0), "debriefer"), first);
    assert_true(jv_bool(jv_at(jv_get(m, "speakers"), 0), "withdrawn"));
    json_decref(m);
}

typedef struct Findings {
    HallRoom *r;
    FactList list;
} Findings;

static bool findings_job(Tx *tx, void *arg, Err *e)
{
    Findings *f = arg;
    FactFilter by = { .kind = STRC("finding") };
    return fact_list(&f->list, f->r->a, tx, &by, e);
}

static FactList findings(HallRoom *r)
{
    Findings f = { .r = r };
    assert_true(store_read(work_store(r->w), findings_job, &f, &r->e));
    return f.list;
}

static const Fact *finding_at(HallRoom *r, FactList *l, size_t i)
{
    *l = findings(r);
    assert_true(i < l->n);
    return &l->items[i];
}

static void c12_problems_of_a_commentary_become_findings(void **state)
{
    HallRoom *r = *state;
    FactList l;
    int64_t survey = hall_made(
        hall_do(r, &r->clerk, &work_survey_file,
                "{'debriefer':%lld,'body':{'class':'duty','text':'三个支部未换届','source':'visit',"
                "'negative':true}}", (long long)r->debriefer[0]), "id");
    json_t *made = hall_do(
        r, &r->clerk, &work_commentary_file,
        "{'debriefer':%lld,'body':{'by':'分管领导','points':["
        "{'kind':'achievement','text':'抓得紧'},"
        "{'kind':'problem','text':'换届不及时','cites':[%lld],'owner':%lld,'due':'2027-03-31'},"
        "{'kind':'problem','text':'品牌有名无实'},"
        "{'kind':'direction','text':'抓早抓小'}]}}",
        (long long)r->debriefer[0], (long long)survey, (long long)r->person[0]);
    assert_int_equal(jv_len(jv_get(made, "findings")), 2);
    const Fact *f = finding_at(r, &l, 0);
    assert_int_equal(l.n, 2); /* praise and directions are no findings */
    assert_true(str_is(fact_str(r->a, f, "text"), "换届不及时"));
    assert_true(str_is(fact_str(r->a, f, "by"), "分管领导"));
    assert_int_equal(fact_int(f, "owner"), r->person[0]);
    assert_int_equal(fact_day(f, "due"), day_make(2027, 3, 31));
    assert_int_equal(fact_int(f, "from_fact"), jv_int(made, "id"));
    assert_int_equal(fact_int(f, "org"), r->branch[0]);
    f = finding_at(r, &l, 1);
    assert_int_equal(fact_int(f, "owner"), 0); /* nobody named, nobody invented */
    assert_int_equal(fact_day(f, "due"), DAY_NONE);
    json_decref(made);
}

static void c12_what_a_point_names_must_exist(void **state)
{
    HallRoom *r = *state;
    int64_t other = hall_made(
        hall_do(r, &r->clerk, &work_survey_file,
                "{'debriefer':%lld,'body':{'class':'duty','text':'某事','source':'talk'}}",
                (long long)r->debriefer[1]), "id");
    const char *fmt = "{'debriefer':%lld,'body':{'by':'某领导','points':[{'kind':'problem',"
                      "'text':'某问题',%s%lld%s}]}}";
    hall_refused(r, ERR_NOT_FOUND, &r->clerk, &work_commentary_file, fmt,
                 (long long)r->debriefer[0], "'owner':", 999999LL, ""); /* not on the roster */
    hall_refused(r, ERR_COMMENT_CITE, &r->clerk, &work_commentary_file, fmt,
                 (long long)r->debriefer[0], "'cites':[", (long long)other, "]");
    hall_says(r, "第1个要点");
    hall_refused(r, ERR_FIELD_MISSING, &r->clerk, &work_commentary_file,
                 "{'debriefer':%lld,'body':{'points':[{'kind':'problem','text':'某问题'}]}}",
                 (long long)r->debriefer[0]);
    assert_int_equal(findings(r).n, 0); /* all or nothing */
}

static void c08_a_superior_comments_and_is_marked_as_one(void **state)
{
    HallRoom *r = *state;
    Who superior = hall_account(r, "superior", "superior", r->helper[7], r->org);
    json_t *made = hall_do(r, &superior, &work_commentary_file,
                           "{'debriefer':%lld,'body':{'commentator':%lld,'superior':true,'points':"
                           "[{'kind':'problem','text':'压力传导不够'}]}}",
                           (long long)r->debriefer[1], (long long)r->helper[7]);
    assert_int_equal(jv_len(jv_get(made, "findings")), 1);
    json_decref(made);
    json_t *all = hall_do(r, &r->committee, &work_commentary_list, "{'debriefer':%lld}",
                          (long long)r->debriefer[1]);
    const json_t *c = jv_at(jv_get(all, "items"), 0);
    assert_true(jv_bool(c, "superior"));
    assert_true(str_is(jv_str(c, "by"), "职员7"));
    json_decref(all);
    /* A secretary reads what was said of him, not what was said of others. */
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_commentary_list, "{'debriefer':%lld}",
                 (long long)r->debriefer[1]);
    hall_done(r, &r->secretary, &work_commentary_list, "{'debriefer':%lld}",
              (long long)r->debriefer[0]);
}

#define ROOM(f) cmocka_unit_test_setup_teardown(f, hall_open, hall_close)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ROOM(c11_the_lot_is_repeated_by_hand),
        ROOM(c11_a_fixed_order_names_everyone_once),
        ROOM(c11_steps_are_logged_with_overruns_and_can_be_mended),
        ROOM(withdrawn_speakers_keep_their_place),
        ROOM(c12_problems_of_a_commentary_become_findings),
        ROOM(c12_what_a_point_names_must_exist),
        ROOM(c08_a_superior_comments_and_is_marked_as_one),
    };
    print_child(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
