/* The paper ballot: C13 for paper boxes. */
#include "work/hall_test.h"

static const char *const items[] = { "overall",   "understanding", "duty",
                                     "key_tasks", "finding",       "next_steps" };
static const char *const objects[] = { "party_building", "clean_conduct" };
static const char *const groups[] = { "leaders", "peers", "staff" };

/* Everybody gives every debriefer the same: `good` papers say good, the others fair. */
static const char *body(HallRoom *r, int returned, int valid, int good, int64_t odd)
{
    Buf b = buf_open(1 << 20);
    buf_fmt(&b, "{'returned':%d,'valid':%d,'invalid':[{'reason':'unfilled','n':%d}],'cells':[",
            returned, valid, returned - valid);
    for (int d = 0; d < HALL_PEOPLE; d++)
        for (size_t i = 0; i < 6; i++) {
            /* One vote of the last debriefer's last item is read otherwise. */
            int shift = d == HALL_PEOPLE - 1 && i == 5 ? (int)odd : 0;
            buf_fmt(&b, "%s{'debriefer':%lld,'item':'%s','option':'good','n':%d},"
                        "{'debriefer':%lld,'item':'%s','option':'fair','n':%d}",
                    d || i ? "," : "", (long long)r->debriefer[d], items[i], good - shift,
                    (long long)r->debriefer[d], items[i], valid - good + shift);
        }
    buf_fmt(&b, "]}");
    const char *z = arena_z(r->a, buf_str(&b));
    buf_close(&b);
    return z;
}

#define SAVE "{'cycle':%lld,'object':'%s','group':'%s','round':%d,'submit':%s,'body':%s}"
#define BOX "{'cycle':%lld,'object':'%s','group':'%s'}"
#define OBJECT "{'cycle':%lld,'object':'%s'}"

static void opened(HallRoom *r)
{
    json_t *c = hall_do(r, &r->head, &work_cycle_show, "{'cycle':%lld}", (long long)r->cycle);
    r->version = jv_int(c, "version");
    json_decref(c);
    hall_done(r, &r->head, &work_voting_open, "{'cycle':%lld,'version':%lld}", (long long)r->cycle,
              (long long)r->version);
}

static void submit(HallRoom *r, const Who *who, const char *object, const char *group,
                   const char *text)
{
    hall_done(r, who, &work_tally_save, SAVE, (long long)r->cycle, object, group, 1, "true", text);
}

static void both(HallRoom *r, const char *object, const char *group, const char *text)
{
    submit(r, &r->teller1, object, group, text);
    submit(r, &r->teller2, object, group, text);
}

static json_t *ballot(HallRoom *r, const Who *who)
{
    return hall_do(r, who, &work_ballot_show, "{'cycle':%lld}", (long long)r->cycle);
}

static Str cycle_state(HallRoom *r)
{
    json_t *b = ballot(r, &r->clerk);
    Str s = arena_str(r->a, jv_str(b, "state"));
    json_decref(b);
    return s;
}

/* --- opening -------------------------------------------------------------------------------- */

static void voting_opens_only_when_everything_is_settled(void **state)
{
    HallRoom *r = *state;
    const char *open = "{'cycle':%lld,'version':%lld}";
    const char *edit = "{'cycle':%lld,'version':%lld,'reason':'核对','body':{'groups':%s}}";
    hall_refused(r, ERR_FORBIDDEN, &r->clerk, &work_voting_open, open, (long long)r->cycle,
                 (long long)r->version);
    r->version = hall_made(hall_do(r, &r->clerk, &work_cycle_edit, edit, (long long)r->cycle,
                                   (long long)r->version,
                                   "[{'name':'leaders','title':'区领导','issued':10},"
                                   "{'name':'peers','title':'互评','issued':12}]"), "version");
    hall_refused(r, ERR_BALLOT_NEEDS, &r->head, &work_voting_open, open, (long long)r->cycle,
                 (long long)r->version);
    hall_says(r, "机关党员代表"); /* a group of the scheme without papers */
    json_t *b = ballot(r, &r->clerk);
    assert_true(str_has(jv_str(b, "needs"), STRC("机关党员代表")));
    json_decref(b);
    hall_refused(r, ERR_NOT_FOUND, &r->clerk, &work_cycle_edit, edit, (long long)r->cycle,
                 (long long)r->version, /* a group that the scheme does not know */
                 "[{'name':'guests','title':'来宾','issued':3}]");
    r->version = hall_made(hall_do(r, &r->clerk, &work_cycle_edit, edit, (long long)r->cycle,
                                   (long long)r->version,
                                   "[{'name':'leaders','title':'区领导','issued':10},"
                                   "{'name':'peers','title':'互评','issued':12},"
                                   "{'name':'staff','title':'代表','issued':20}]"), "version");
    hall_refused(r, ERR_CONFLICT, &r->head, &work_voting_open, open, (long long)r->cycle,
                 (long long)r->cycle); /* a stale screen */
    hall_done(r, &r->head, &work_voting_open, open, (long long)r->cycle, (long long)r->version);
}

static void nothing_moves_once_voting_is_open(void **state)
{
    HallRoom *r = *state;
    int64_t meeting = hall_made(hall_do(r, &r->clerk, &work_meeting_open,
                                        "{'cycle':%lld,'body':{'day':'2026-12-20',"
                                        "'ordering':'lot'}}", (long long)r->cycle), "id");
    opened(r);
    hall_refused(r, ERR_CYCLE_STATE, &r->clerk, &work_cycle_edit,
                 "{'cycle':%lld,'version':1,'reason':'改','body':{'floor':3}}", (long long)r->cycle);
    hall_refused(r, ERR_CYCLE_STATE, &r->head, &work_choices_set,
                 "{'cycle':%lld,'version':1,'floor':3,'choices':%s}", (long long)r->cycle,
                 HALL_CHOICES("committee"));
    hall_refused(r, ERR_CYCLE_STATE, &r->clerk, &work_debriefer_add,
                 "{'cycle':%lld,'body':{'org':%lld,'person':%lld,'form':'live'}}",
                 (long long)r->cycle, (long long)r->org, (long long)r->helper[7]);
    hall_refused(r, ERR_CYCLE_STATE, &r->clerk, &work_order_lot, "{'meeting':%lld,'version':%lld}",
                 (long long)meeting, (long long)meeting);
    hall_done(r, &r->clerk, &work_debriefer_withdraw,
              "{'debriefer':%lld,'version':%lld,'reason':'调离'}", (long long)r->debriefer[1],
              (long long)r->debriefer[1]);
    json_t *b = ballot(r, &r->clerk);
    assert_int_equal(jv_len(jv_get(b, "debriefers")), HALL_PEOPLE - 1);
    json_decref(b);
    /* A count that still names him is read without him. */
    both(r, "party_building", "leaders", body(r, 10, 10, 7, 0));
    json_t *d = hall_do(r, &r->scrutineer, &work_tally_compare, BOX, (long long)r->cycle,
                        "party_building", "leaders");
    assert_true(str_is(jv_str(d, "state"), "equal"));
    json_decref(d);
}

/* --- the paper ------------------------------------------------------------------------------ */

static Str paper_of(HallRoom *r, const char *group)
{
    WorkFile file = { .bytes = { NULL, 0 } };
    json_t *in = json_pack("{s:I,s:s,s:s}", "cycle", (json_int_t)r->cycle, "object",
                           "party_building", "group", group);
    if (!hall_run(r, &r->clerk, &work_ballot_papers, in, NULL, &file)) {
        hall_show(r);
        fail_msg("no paper");
    }
    json_decref(in);
    assert_true(str_starts(file.bytes, STRC("%PDF-")));
    return file.name;
}

static void c13_paper_is_a_sample_until_voting_opens(void **state)
{
    HallRoom *r = *state;
    assert_true(str_is(paper_of(r, "leaders"), "测评票-党建-区领导-样张.pdf"));
    opened(r);
    assert_true(str_is(paper_of(r, "leaders"), "测评票-党建-区领导.pdf"));
    json_t *in = json_pack("{s:I,s:s,s:s}", "cycle", (json_int_t)r->cycle, "object",
                           "party_building", "group", "leaders");
    assert_false(hall_run(r, &r->teller1, &work_ballot_papers, in, NULL, NULL));
    assert_int_equal(r->e.code, ERR_FORBIDDEN);
    json_decref(in);
}

/* --- two tellers ---------------------------------------------------------------------------- */

/* Whatever a caller asks, no answer holds what another teller typed before both submitted. */
static void never_shows(HallRoom *r, const Who *who, const char *figure)
{
    size_t cases = 0, answers = 0;
    for (const UseCase *const *u = work_cases(); *u; u++) {
        if ((*u)->mode != WORK_READ || (*u)->file)
            continue;
        cases++;
        for (int k = 0; k < 2; k++) {
            json_t *in = json_object(), *out = NULL;
            for (size_t i = 0; (*u)->in && i < (*u)->in->n; i++) {
                const char *name = (*u)->in->fields[i].name;
                if (strcmp(name, "cycle") == 0)
                    json_object_set_new(in, name, json_integer(r->cycle));
                else if (strcmp(name, "debriefer") == 0 || strcmp(name, "subject") == 0)
                    json_object_set_new(in, name, json_integer(r->debriefer[0]));
                else if (strcmp(name, "object") == 0)
                    json_object_set_new(in, name, json_string("party_building"));
                else if (strcmp(name, "group") == 0)
                    json_object_set_new(in, name, json_string(groups[k]));
                else if (strcmp(name, "kind") == 0)
                    json_object_set_new(in, name, json_string("tally"));
            }
            if (hall_run(r, who, *u, in, &out, NULL)) {
                char *text = json_dumps(out, 0);
                if (strstr(text, figure))
                    fail_msg("%s shows %s", (*u)->name, figure);
                answers++;
                free(text);
            }
            json_decref(in);
            json_decref(out);
        }
    }
    assert_true(cases > 20 && answers > 2); /* the search did ask */
}

static void c13_paper_tellers_see_nothing_of_each_other_before_both_submitted(void **state)
{
    HallRoom *r = *state;
    opened(r);
    const char *odd = "{'returned':777123,'valid':0,'invalid':[],'cells':[]}";
    hall_done(r, &r->teller1, &work_tally_save, SAVE, (long long)r->cycle, "party_building",
              "leaders", 1, "false", odd);
    const Who *all[] = { &r->console,  &r->clerk,      &r->head,     &r->teller2,
                         &r->teller3, &r->scrutineer, &r->committee, &r->secretary };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        never_shows(r, all[i], "777123");
    json_t *mine = hall_do(r, &r->teller1, &work_tally_show, BOX, (long long)r->cycle,
                           "party_building", "leaders");
    assert_int_equal(jv_int(jv_get(mine, "body"), "returned"), 777123); /* his own he sees */
    json_decref(mine);
    submit(r, &r->teller1, "party_building", "leaders", body(r, 10, 9, 6, 0));
    hall_refused(r, ERR_TALLY_HIDDEN, &r->teller2, &work_tally_compare, BOX, (long long)r->cycle,
                 "party_building", "leaders");
    hall_refused(r, ERR_TALLY_HIDDEN, &r->scrutineer, &work_tally_compare, BOX,
                 (long long)r->cycle, "party_building", "leaders");
    json_t *his = hall_do(r, &r->teller2, &work_tally_show, BOX, (long long)r->cycle,
                          "party_building", "leaders");
    assert_true(str_is(jv_str(his, "state"), "none"));
    assert_null(jv_get(his, "body"));
    json_decref(his);
    hall_refused(r, ERR_FORBIDDEN, &r->clerk, &work_tally_compare, BOX, (long long)r->cycle,
                 "party_building", "leaders");
}

static void c13_paper_differences_stand_cell_by_cell_until_they_agree(void **state)
{
    HallRoom *r = *state;
    opened(r);
    submit(r, &r->teller1, "party_building", "leaders", body(r, 10, 9, 6, 0));
    submit(r, &r->teller2, "party_building", "leaders", body(r, 10, 9, 6, 1));
    json_t *d = hall_do(r, &r->teller2, &work_tally_compare, BOX, (long long)r->cycle,
                        "party_building", "leaders");
    const json_t *first = jv_at(jv_get(d, "differences"), 0);
    assert_true(str_is(jv_str(d, "state"), "differs"));
    assert_int_equal(jv_len(jv_get(d, "differences")), 2); /* good and fair of one row */
    assert_true(str_is(jv_str(first, "title"), "丁四 · 下一步思路 · 好"));
    assert_int_equal(jv_int(first, "a"), 6);
    assert_int_equal(jv_int(first, "b"), 5);
    assert_int_equal(jv_int(d, "me"), 1);
    json_decref(d);
    hall_refused(r, ERR_TALLY_NOT_YOURS, &r->teller3, &work_tally_compare, BOX,
                 (long long)r->cycle, "party_building", "leaders");
    hall_refused(r, ERR_TALLY_UNEQUAL, &r->scrutineer, &work_tally_close, OBJECT,
                 (long long)r->cycle, "party_building");
    hall_says(r, "不一致");
    /* Submitted is submitted: it is withdrawn before it is changed, and then hidden again. */
    hall_refused(r, ERR_TALLY_SUBMITTED, &r->teller2, &work_tally_save, SAVE, (long long)r->cycle,
                 "party_building", "leaders", 1, "true", body(r, 10, 9, 6, 0));
    hall_refused(r, ERR_TALLY_TELLERS, &r->teller3, &work_tally_save, SAVE, (long long)r->cycle,
                 "party_building", "leaders", 1, "true", body(r, 10, 9, 6, 0));
    hall_done(r, &r->teller2, &work_tally_reopen, BOX, (long long)r->cycle, "party_building",
              "leaders");
    hall_refused(r, ERR_TALLY_HIDDEN, &r->teller1, &work_tally_compare, BOX, (long long)r->cycle,
                 "party_building", "leaders");
    submit(r, &r->teller2, "party_building", "leaders", body(r, 10, 9, 6, 0));
    d = hall_do(r, &r->scrutineer, &work_tally_compare, BOX, (long long)r->cycle, "party_building",
                "leaders");
    assert_true(str_is(jv_str(d, "state"), "equal"));
    assert_int_equal(jv_len(jv_get(d, "differences")), 0);
    assert_int_equal(jv_int(d, "me"), -1);
    json_decref(d);
}

static void one_person_is_one_pair_of_eyes(void **state)
{
    HallRoom *r = *state;
    opened(r);
    submit(r, &r->teller1, "party_building", "leaders", body(r, 10, 9, 6, 0));
    Who again = hall_account(r, "teller1b", "teller", r->helper[2], r->org);
    hall_refused(r, ERR_TALLY_SAME, &again, &work_tally_save, SAVE, (long long)r->cycle,
                 "party_building", "leaders", 1, "true", body(r, 10, 9, 6, 0));
    hall_refused(r, ERR_FORBIDDEN, &r->console, &work_tally_save, SAVE, (long long)r->cycle,
                 "party_building", "leaders", 1, "true", body(r, 10, 9, 6, 0));
    hall_refused(r, ERR_FORBIDDEN, &r->clerk, &work_tally_save, SAVE, (long long)r->cycle,
                 "party_building", "leaders", 1, "true", body(r, 10, 9, 6, 0));
}

static void a_box_that_does_not_add_up_is_refused_by_its_cell(void **state)
{
    HallRoom *r = *state;
    opened(r);
    const char *more = body(r, 11, 9, 6, 0), *row = body(r, 10, 9, 6, 0);
    Str text = str_of(row);
    hall_refused(r, ERR_SCORE_RETURNED, &r->teller1, &work_tally_save, SAVE, (long long)r->cycle,
                 "party_building", "leaders", 1, "true", more);
    hall_says(r, "收回11张，多于发出的10张");
    hall_refused(r, ERR_SCORE_VALID, &r->teller1, &work_tally_save, SAVE, (long long)r->cycle,
                 "party_building", "leaders", 1, "true",
                 "{'returned':10,'valid':9,'invalid':[],'cells':[]}");
    hall_says(r, "有效9张加无效0张，不等于收回的10张");
    hall_refused(r, ERR_SCORE_CELL_FEW, &r->teller1, &work_tally_save, SAVE, (long long)r->cycle,
                 "party_building", "leaders", 1, "true",
                 "{'returned':9,'valid':9,'invalid':[],'cells':[]}");
    hall_says(r, "述职人甲一、项目“总体评价”共0票");
    char *many = strdup(arena_z(r->a, text)), *at = strstr(many, "'fair','n':3");
    at[11] = '4'; /* one vote too many in the very first row */
    hall_refused(r, ERR_SCORE_CELL_MANY, &r->teller1, &work_tally_save, SAVE, (long long)r->cycle,
                 "party_building", "leaders", 1, "true", many);
    hall_says(r, "述职人甲一、项目“总体评价”共10票，多于有效票9张");
    free(many);
    /* What does not add up may still be saved: he is not done typing. */
    hall_done(r, &r->teller1, &work_tally_save, SAVE, (long long)r->cycle, "party_building",
              "leaders", 1, "false", more);
    hall_refused(r, ERR_SCORE_UNKNOWN, &r->teller1, &work_tally_save, SAVE, (long long)r->cycle,
                 "party_building", "leaders", 1, "false",
                 "{'returned':0,'valid':0,'invalid':[{'reason':'torn','n':1}],'cells':[]}");
    hall_refused(r, ERR_FIELD_RANGE, &r->teller1, &work_tally_save, SAVE, (long long)r->cycle,
                 "party_building", "leaders", 1, "false",
                 "{'returned':-1,'valid':0,'invalid':[],'cells':[]}");
    hall_refused(r, ERR_BALLOT_ROUND, &r->teller1, &work_tally_save, SAVE, (long long)r->cycle,
                 "party_building", "leaders", 2, "false", more);
}

/* --- closing -------------------------------------------------------------------------------- */

typedef struct Papers {
    HallRoom *r;
    FactList list;
} Papers;

static bool papers_job(Tx *tx, void *arg, Err *e)
{
    Papers *p = arg;
    FactFilter by = { .kind = STRC("paper_result") };
    return fact_list(&p->list, p->r->a, tx, &by, e);
}

static FactList papers(HallRoom *r)
{
    Papers p = { .r = r };
    assert_true(store_read(work_store(r->w), papers_job, &p, &r->e));
    return p.list;
}

static void c13_paper_agreed_boxes_become_facts_and_the_year_moves_on(void **state)
{
    HallRoom *r = *state;
    opened(r);
    for (int o = 0; o < 2; o++) {
        both(r, objects[o], "leaders", body(r, 10, 9, 6, 0));
        both(r, objects[o], "peers", body(r, 12, 12, 8, 0));
        hall_refused(r, ERR_TALLY_UNEQUAL, &r->scrutineer, &work_tally_close, OBJECT,
                     (long long)r->cycle, objects[o]);
        hall_says(r, "机关党员代表");
        both(r, objects[o], "staff", body(r, 20, 20, 15, 0));
        hall_refused(r, ERR_FORBIDDEN, &r->teller1, &work_tally_close, OBJECT, (long long)r->cycle,
                     objects[o]);
        json_t *done = hall_do(r, o ? &r->clerk : &r->scrutineer, &work_tally_close, OBJECT,
                               (long long)r->cycle, objects[o]);
        assert_int_equal(jv_len(jv_get(done, "results")), 3);
        assert_int_equal(jv_bool(done, "counted"), o == 1);
        assert_true(jv_bool(done, "purged"));
        json_decref(done);
        hall_refused(r, ERR_BALLOT_CLOSED, &r->teller1, &work_tally_save, SAVE,
                     (long long)r->cycle, objects[o], "leaders", 1, "false",
                     body(r, 10, 9, 6, 0));
    }
    assert_true(str_is(cycle_state(r), "counted"));
    FactList l = papers(r);
    assert_int_equal(l.n, 6);
    assert_int_equal(fact_int(&l.items[0], "issued"), 10);
    assert_int_equal(fact_int(&l.items[0], "valid"), 9);
    assert_int_equal(fact_int(&l.items[0], "round"), 1);
    assert_true(str_is(fact_json(&l.items[0], "invalid"), "[{\"n\":1,\"reason\":\"unfilled\"}]"));
    /* Closing again files nothing and only sees to the file. */
    json_t *again = hall_do(r, &r->scrutineer, &work_tally_close, OBJECT, (long long)r->cycle,
                            objects[0]);
    assert_int_equal(jv_len(jv_get(again, "results")), 0);
    assert_true(jv_bool(again, "purged"));
    json_decref(again);
    assert_int_equal(papers(r).n, 6);
}

/* Seven leaders lie below the floor of eight: they are counted with their peers. Their own figures,
 * marked by an unlikely number, are nowhere in the folder afterwards. */
static void c13_paper_figures_below_the_floor_exist_nowhere(void **state)
{
    HallRoom *r = *state;
    opened(r);
    const char *few = "{'returned':8,'valid':7,'invalid':[{'reason':'double','n':1}],'cells':[%s]}";
    Buf b = buf_open(1 << 20);
    const char *mark = NULL;
    for (int d = 0; d < HALL_PEOPLE; d++)
        for (size_t i = 0; i < 6; i++) {
            char cell[200];
            int poor = d == 2 && i == 3 ? 5 : 0; /* what must not be known */
            snprintf(cell, sizeof cell,
                     "%s{'debriefer':%lld,'item':'%s','option':'good','n':%d},"
                     "{'debriefer':%lld,'item':'%s','option':'poor','n':%d}",
                     d || i ? "," : "", (long long)r->debriefer[d], items[i], 7 - poor,
                     (long long)r->debriefer[d], items[i], poor);
            buf_put(&b, str_of(cell));
        }
    char *cells = strdup(arena_z(r->a, buf_str(&b)));
    buf_close(&b);
    mark = arena_z(r->a, arena_text(r->a, "{\"debriefer\":%lld,\"item\":\"key_tasks\","
                                          "\"option\":\"poor\",\"n\":5}",
                                    (long long)r->debriefer[2]));
    char *text = malloc(strlen(few) + strlen(cells));
    sprintf(text, few, cells);
    both(r, "party_building", "leaders", text);
    both(r, "party_building", "peers", body(r, 12, 12, 8, 0));
    both(r, "party_building", "staff", body(r, 20, 20, 15, 0));
    assert_true(hall_on_disk(r, mark)); /* the search finds what is there */
    json_t *shown = ballot(r, &r->clerk);
    const json_t *o = jv_at(jv_get(shown, "objects"), 0);
    assert_true(jv_bool(o, "quorum_ok"));
    assert_int_equal(jv_len(jv_get(o, "quorum")), 2); /* never the seven alone */
    assert_true(str_is(jv_str(jv_at(jv_get(o, "quorum"), 0), "groups"), "区领导、述职人互评"));
    assert_int_equal(jv_int(jv_at(jv_get(o, "quorum"), 0), "valid"), 19);
    json_decref(shown);
    json_t *seen = ballot(r, &r->teller3); /* figures before closing are for those who watch */
    assert_int_equal(jv_len(jv_get(jv_at(jv_get(seen, "objects"), 0), "quorum")), 0);
    json_decref(seen);
    hall_done(r, &r->scrutineer, &work_tally_close, OBJECT, (long long)r->cycle, "party_building");
    assert_false(hall_on_disk(r, mark));
    assert_false(hall_on_disk(r, "\"returned\":8,\"valid\":7"));
    FactList l = papers(r);
    assert_int_equal(l.n, 2);
    assert_true(str_is(fact_json(&l.items[0], "groups"), "[\"leaders\",\"peers\"]"));
    assert_int_equal(fact_int(&l.items[0], "issued"), 22);
    assert_int_equal(fact_int(&l.items[0], "returned"), 20);
    assert_int_equal(fact_int(&l.items[0], "valid"), 19);
    char sum[200];
    snprintf(sum, sizeof sum,
             "{\"debriefer\":%lld,\"item\":\"key_tasks\",\"n\":10,\"option\":\"good\"}",
             (long long)r->debriefer[2]); /* 2 of the leaders and 8 of the peers */
    assert_true(str_has(fact_json(&l.items[0], "cells"), str_of(sum)));
    free(cells);
    free(text);
}

static void all_hands(HallRoom *r, int returned)
{
    both(r, "party_building", "leaders", body(r, returned, returned, returned, 0));
    both(r, "party_building", "peers", body(r, returned, returned, returned, 0));
    both(r, "party_building", "staff", body(r, returned, returned, returned, 0));
}

static void a_hall_below_the_floor_votes_again(void **state)
{
    HallRoom *r = *state;
    opened(r);
    all_hands(r, 2); /* six papers in all */
    hall_refused(r, ERR_BALLOT_SMALL, &r->scrutineer, &work_tally_close, OBJECT,
                 (long long)r->cycle, "party_building");
    hall_says(r, "少于8张");
    hall_says(r, "重新投票");
    assert_int_equal(papers(r).n, 0);
    hall_refused(r, ERR_BALLOT_STANDS, &r->committee, &work_quorum_decide,
                 "{'cycle':%lld,'object':'party_building','decision':'accept','reason':'将就'}",
                 (long long)r->cycle); /* below the floor nobody can wave it through */
    hall_done(r, &r->head, &work_quorum_decide,
              "{'cycle':%lld,'object':'party_building','decision':'revote','reason':'到会不足'}",
              (long long)r->cycle);
    json_t *b = ballot(r, &r->clerk);
    const json_t *o = jv_at(jv_get(b, "objects"), 0);
    assert_int_equal(jv_int(o, "round"), 2);
    assert_true(str_is(jv_str(jv_at(jv_get(o, "boxes"), 0), "state"), "empty"));
    json_decref(b);
    hall_refused(r, ERR_BALLOT_ROUND, &r->teller1, &work_tally_save, SAVE, (long long)r->cycle,
                 "party_building", "leaders", 1, "true", body(r, 10, 10, 6, 0));
    hall_done(r, &r->teller1, &work_tally_save, SAVE, (long long)r->cycle, "party_building",
              "leaders", 2, "true", body(r, 10, 10, 6, 0));
}

static void a_failed_quorum_is_voted_again_and_a_good_one_is_not(void **state)
{
    HallRoom *r = *state;
    const char *revote = "{'cycle':%lld,'object':'party_building','decision':'revote',"
                         "'reason':'%s'}";
    opened(r);
    hall_refused(r, ERR_BALLOT_STANDS, &r->head, &work_quorum_decide, revote, (long long)r->cycle,
                 "还没数完");
    all_hands(r, 10); /* 10 of 20 staff papers came back: 0.5 < 0.8 */
    hall_refused(r, ERR_BALLOT_REVOTE, &r->scrutineer, &work_tally_close, OBJECT,
                 (long long)r->cycle, "party_building");
    hall_says(r, "机关党员代表");
    hall_says(r, "发出20、收回10、有效10");
    json_t *b = ballot(r, &r->scrutineer); /* shown before anybody closes */
    const json_t *o = jv_at(jv_get(b, "objects"), 0);
    assert_false(jv_bool(o, "quorum_ok"));
    assert_false(jv_bool(jv_at(jv_get(o, "quorum"), 2), "returned_ok"));
    json_decref(b);
    hall_refused(r, ERR_BALLOT_STANDS, &r->committee, &work_quorum_decide,
                 "{'cycle':%lld,'object':'party_building','decision':'accept','reason':'算了'}",
                 (long long)r->cycle); /* the cycle chose to vote again */
    hall_done(r, &r->head, &work_quorum_decide, revote, (long long)r->cycle, "收回不足八成");
    for (int g = 0; g < 3; g++) {
        int papers = g == 0 ? 10 : g == 1 ? 12 : 20;
        const char *text = body(r, papers, papers, 9, 0);
        hall_done(r, &r->teller1, &work_tally_save, SAVE, (long long)r->cycle, "party_building",
                  groups[g], 2, "true", text);
        hall_done(r, &r->teller3, &work_tally_save, SAVE, (long long)r->cycle, "party_building",
                  groups[g], 2, "true", text);
    }
    hall_refused(r, ERR_BALLOT_STANDS, &r->head, &work_quorum_decide, revote, (long long)r->cycle,
                 "结果不理想"); /* nobody votes until the result pleases */
    hall_done(r, &r->scrutineer, &work_tally_close, OBJECT, (long long)r->cycle, "party_building");
    assert_int_equal(fact_int(&papers(r).items[0], "round"), 2);
}

static void the_committee_accepts_when_the_cycle_chose_so(void **state)
{
    HallRoom *r = *state;
    json_t *c = hall_do(r, &r->head, &work_cycle_show, "{'cycle':%lld}", (long long)r->cycle);
    hall_done(r, &r->head, &work_choices_set, "{'cycle':%lld,'version':%lld,'floor':8,'choices':%s,"
              "'reason':'改由委员会决定'}", (long long)r->cycle, (long long)jv_int(c, "version"),
              HALL_CHOICES("committee"));
    json_decref(c);
    opened(r);
    all_hands(r, 10);
    const char *accept = "{'cycle':%lld,'object':'party_building','decision':'accept',"
                         "'reason':'疫情期间到会不足，经集体研究认可'}";
    hall_refused(r, ERR_BALLOT_DECIDE, &r->scrutineer, &work_tally_close, OBJECT,
                 (long long)r->cycle, "party_building");
    hall_refused(r, ERR_FORBIDDEN, &r->head, &work_quorum_decide, accept, (long long)r->cycle);
    hall_done(r, &r->committee, &work_quorum_decide, accept, (long long)r->cycle);
    hall_done(r, &r->scrutineer, &work_tally_close, OBJECT, (long long)r->cycle, "party_building");
    assert_int_equal(papers(r).n, 3);
}

static void a_debriefer_sees_his_totals_over_all_groups_only(void **state)
{
    HallRoom *r = *state;
    opened(r);
    both(r, "party_building", "leaders", body(r, 10, 9, 6, 0));
    both(r, "party_building", "peers", body(r, 12, 12, 8, 0));
    both(r, "party_building", "staff", body(r, 20, 20, 15, 0));
    json_t *own = hall_do(r, &r->secretary, &work_debriefer_ballot, "{'debriefer':%lld}",
                          (long long)r->debriefer[0]);
    assert_int_equal(jv_int(own, "total"), 0); /* not before it is closed */
    json_decref(own);
    hall_done(r, &r->scrutineer, &work_tally_close, OBJECT, (long long)r->cycle, "party_building");
    own = hall_do(r, &r->secretary, &work_debriefer_ballot, "{'debriefer':%lld}",
                  (long long)r->debriefer[0]);
    const json_t *o = jv_at(jv_get(own, "items"), 0);
    const json_t *options = jv_get(jv_at(jv_get(o, "items"), 0), "options");
    assert_int_equal(jv_int(own, "total"), 1);
    assert_int_equal(jv_int(o, "valid"), 41);
    assert_int_equal(jv_int(jv_at(options, 0), "n"), 29); /* 6 + 8 + 15 */
    assert_int_equal(jv_int(jv_at(options, 2), "n"), 12);
    json_decref(own);
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_debriefer_ballot, "{'debriefer':%lld}",
                 (long long)r->debriefer[1]);
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_ballot_result, OBJECT, (long long)r->cycle,
                 "party_building");
    /* Nor by the way of the record itself. */
    const char *fact = "{'fact':%lld}";
    long long id = papers(r).items[0].id;
    hall_refused(r, ERR_FORBIDDEN, &r->secretary, &work_fact_show, fact, id);
    hall_refused(r, ERR_FORBIDDEN, &r->teller3, &work_fact_show, fact, id);
    hall_done(r, &r->committee, &work_fact_show, fact, id);
    json_t *all = hall_do(r, &r->committee, &work_ballot_result, OBJECT, (long long)r->cycle,
                          "party_building");
    assert_int_equal(jv_int(all, "total"), 3);
    assert_int_equal(jv_int(jv_at(jv_get(all, "items"), 2), "valid"), 20);
    json_decref(all);
}

#define ROOM(f) cmocka_unit_test_setup_teardown(f, hall_open, hall_close)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ROOM(voting_opens_only_when_everything_is_settled),
        ROOM(nothing_moves_once_voting_is_open),
        ROOM(c13_paper_is_a_sample_until_voting_opens),
        ROOM(c13_paper_tellers_see_nothing_of_each_other_before_both_submitted),
        ROOM(c13_paper_differences_stand_cell_by_cell_until_they_agree),
        ROOM(one_person_is_one_pair_of_eyes),
        ROOM(a_box_that_does_not_add_up_is_refused_by_its_cell),
        ROOM(c13_paper_agreed_boxes_become_facts_and_the_year_moves_on),
        ROOM(c13_paper_figures_below_the_floor_exist_nowhere),
        ROOM(a_hall_below_the_floor_votes_again),
        ROOM(a_failed_quorum_is_voted_again_and_a_good_one_is_not),
        ROOM(the_committee_accepts_when_the_cycle_chose_so),
        ROOM(a_debriefer_sees_his_totals_over_all_groups_only),
    };
    print_child(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
