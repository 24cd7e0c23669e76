/* assess_kit: a counted cycle of four debriefers, for the tests of assessment and closing. */
#ifndef WORK_ASSESS_KIT_TEST_H
#define WORK_ASSESS_KIT_TEST_H

#include "work/hall_test.h"

#define ID(v) ((long long)(v))

typedef struct StateJob {
    int64_t cycle;
    const char *state;
} StateJob;

/* The cycle as the ballot leaves it, without walking through the ballot. */
static inline bool kit_state_job(Tx *tx, void *arg, Err *e)
{
    StateJob *j = arg;
    Arena *a = tx_arena(tx);
    Fact f;
    json_t *body = NULL;
    if (!fact_current(&f, a, tx, STRC("cycle"), j->cycle, e) || !jv_read(&body, f.body, "cycle", e))
        return false;
    json_object_set_new(body, "state", json_string(j->state));
    FactIn in = { .kind = STRC("cycle"), .subject = j->cycle, .org = f.org, .json = body };
    bool ok = fact_append(tx, &in, NULL, e);
    json_decref(body);
    return ok;
}

static inline void kit_state(HallRoom *r, const char *state)
{
    StateJob job = { r->cycle, state };
    assert_true(store_write(work_store(r->w), kit_state_job, &job, &r->e));
}

/* All papers of every group give debriefer d the option options[d]. */
static inline void kit_boxes(HallRoom *r, const char *const options[HALL_PEOPLE])
{
    static const char *const items[] = { "overall",   "understanding", "duty",
                                         "key_tasks", "finding",       "next_steps" };
    static const char *const groups[] = { "leaders", "peers", "staff" };
    static const char *const objects[] = { "party_building", "clean_conduct" };
    static const int papers[] = { 10, 12, 20 };
    for (size_t o = 0; o < 2; o++)
        for (size_t g = 0; g < 3; g++) {
            Buf b = buf_open(1 << 20);
            for (int d = 0; d < HALL_PEOPLE; d++)
                for (size_t i = 0; i < 6; i++)
                    buf_fmt(&b, "%s{'debriefer':%lld,'item':'%s','option':'%s','n':%d}",
                            d || i ? "," : "", ID(r->debriefer[d]), items[i], options[d],
                            papers[g] - 1);
            hall_fact(r, "paper_result",
                      "{'cycle':%lld,'object':'%s','round':1,'groups':['%s'],'issued':%d,"
                      "'returned':%d,'valid':%d,'invalid':[{'reason':'unfilled','n':1}],"
                      "'cells':[%.*s]}",
                      ID(r->cycle), objects[o], groups[g], papers[g], papers[g], papers[g] - 1,
                      STR(buf_str(&b)));
            buf_close(&b);
        }
}

static inline void kit_choose(HallRoom *r, const char *ties)
{
    r->version = hall_made(
        hall_do(r, &r->head, &work_choices_set,
                "{'cycle':%lld,'version':%lld,'floor':8,'reason':'改选并列办法',"
                "'choices':{'rounding':{'mode':'half_up',"
                "'places':2,'nodes':['ballot'],'quota':'up'},'ties':{'rule':'%s'},"
                "'quorum':{'returned':'0.8','valid':'0.9','scope':'per_group',"
                "'on_failure':'revote'}}}", ID(r->cycle), ID(r->version), ties), "version");
}

static inline void kit_input(HallRoom *r, const Who *who, int d, const char *part,
                             const char *value)
{
    hall_done(r, who, &work_score_input_set, "{'debriefer':%lld,'part':'%s','value':'%s'}",
              ID(r->debriefer[d]), part, value);
}

static inline json_t *kit_compute(HallRoom *r)
{
    return hall_do(r, &r->clerk, &work_result_compute, "{'cycle':%lld}", ID(r->cycle));
}

static inline json_t *kit_show(HallRoom *r)
{
    return hall_do(r, &r->clerk, &work_result_show, "{'cycle':%lld}", ID(r->cycle));
}

/* The row of debriefer d in the first object. */
static inline const json_t *kit_row(HallRoom *r, const json_t *shown, int d)
{
    const json_t *rows = jv_get(jv_at(jv_get(shown, "objects"), 0), "rows");
    for (size_t i = 0; i < jv_len(rows); i++)
        if (jv_int(jv_at(rows, i), "debriefer") == r->debriefer[d])
            return jv_at(rows, i);
    fail_msg("debriefer %d is not in the result", d);
    return NULL;
}

static inline void kit_text(Str got, const char *want)
{
    if (!str_is(got, want))
        fail_msg("\"%.*s\" is not \"%s\"", STR(got), want);
}

static inline void kit_approve(HallRoom *r)
{
    hall_done(r, &r->committee, &work_result_approve,
              "{'cycle':%lld,'meeting':'工委会议','day':'2026-11-20'}", ID(r->cycle));
}

static inline void kit_publish(HallRoom *r)
{
    hall_done(r, &r->head, &work_result_publish, "{'cycle':%lld}", ID(r->cycle));
}

static inline void kit_opinions(HallRoom *r)
{
    for (int d = 0; d < HALL_PEOPLE; d++)
        hall_done(r, &r->clerk, &work_opinion_set,
                  "{'debriefer':%lld,'achievements':'支部全部按期换届','problems':'主题党日形式单一',"
                  "'direction':'抓实基层支部'}", ID(r->debriefer[d]));
}

static inline void kit_letters(HallRoom *r)
{
    hall_done(r, &r->clerk, &work_letters_issue, "{'cycle':%lld}", ID(r->cycle));
}

#endif
