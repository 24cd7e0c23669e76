/* From figures that two tellers agree on to facts: groups that are too small are counted together,
 * only the sums become facts, and what was typed leaves the file. */
#include "work/ballot.h"
#include "work/call.h"
#include "work/evote.h"
#include "work/rows.h"

#include <string.h>

#define ORGANISERS (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))

/* --- the plan ------------------------------------------------------------------------------- */

/* A group that voted by electronic box alone has no papers to enter. */
static bool no_papers(Count *out, Call *c, const Hall *h)
{
    *out = (Count){ .invalid = ARENA_ARRAY(c->a, int64_t, h->ins->n_reasons),
                    .cells = ARENA_ARRAY(c->a, int64_t, work_cells(h)) };
    return out->invalid && out->cells;
}

static bool boxes_read(TallyPlan *p, Call *c, const Hall *h, Str object, bool electronic, Err *e)
{
    p->agreed = true;
    for (size_t g = 0; g < h->scheme->n_groups; g++) {
        Box box;
        if (!work_box_read(&box, c, h, object, g, e))
            return false;
        p->counts[g] = box.counts[0];
        if (box.state == BOX_EMPTY && electronic && !no_papers(&p->counts[g], c, h))
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", "计票"));
        if (box.state == BOX_EQUAL || (box.state == BOX_EMPTY && electronic) || !p->agreed)
            continue;
        p->agreed = false;
        p->open = g;
        p->open_state = box.state;
    }
    return true;
}

static bool heaps_make(TallyPlan *p, Call *c, const Hall *h, Err *e)
{
    int64_t *valid = ARENA_ARRAY(c->a, int64_t, h->scheme->n_groups);
    if (!valid)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "票类"));
    for (size_t g = 0; g < h->scheme->n_groups; g++)
        valid[g] = p->counts[g].valid;
    if (score_merge(p->heap, h->scheme, valid, h->floor, e))
        return true;
    p->small = e->code == ERR_SCORE_MERGE;
    return p->small;
}

Str work_heap_title(Call *c, const Hall *h, const size_t *heap, size_t first)
{
    Str title = h->scheme->groups[first].title;
    for (size_t g = first + 1; g < h->scheme->n_groups; g++)
        if (heap[g] == first)
            title = arena_text(c->a, "%.*s、%.*s", STR(title), STR(h->scheme->groups[g].title));
    return title;
}

static void quorum_make(TallyPlan *p, Call *c, const Hall *h)
{
    p->quorum_ok = true;
    for (size_t first = 0; first < h->scheme->n_groups; first++) {
        if (p->heap[first] != first)
            continue;
        ScoreQuorum *q = &p->quorum[h->choices.per_group ? p->n_quorum : 0];
        p->n_quorum += h->choices.per_group || p->n_quorum == 0;
        q->groups = h->choices.per_group ? work_heap_title(c, h, p->heap, first)
                                         : STRC("全部票类");
        for (size_t g = first; g < h->scheme->n_groups; g++) {
            if (p->heap[g] != first)
                continue;
            q->issued += h->issued[g];
            q->returned += p->counts[g].returned;
            q->valid += p->counts[g].valid;
        }
    }
    for (size_t i = 0; i < p->n_quorum; i++) {
        score_quorum_judge(&p->quorum[i], &h->choices);
        p->quorum_ok = p->quorum_ok && p->quorum[i].returned_ok && p->quorum[i].valid_ok;
    }
}

static bool accept_find(TallyPlan *p, Call *c, const Hall *h, Str object, int64_t round, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "quorum_decision", "cycle", h->cycle.subject, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        p->accepted = p->accepted ||
                      (str_eq(fact_str(c->a, &l.items[i], "object"), object) &&
                       fact_int(&l.items[i], "round") == round &&
                       str_is(fact_str(c->a, &l.items[i], "decision"), "accept"));
    return true;
}

bool work_tally_plan(TallyPlan *out, Call *c, const Hall *h, Str object, int64_t round, Err *e)
{
    size_t n = h->scheme->n_groups;
    TallyPlan p = { .counts = ARENA_ARRAY(c->a, Count, n), .heap = ARENA_ARRAY(c->a, size_t, n),
                    .electronic = ARENA_ARRAY(c->a, int64_t, n),
                    .quorum = ARENA_ARRAY(c->a, ScoreQuorum, n) };
    if (!p.counts || !p.heap || !p.quorum || !p.electronic)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "计票"));
    bool electronic;
    if (!work_evote_covers(&electronic, &p.running, c, h, object, round, e) ||
        !boxes_read(&p, c, h, object, electronic, e) ||
        !accept_find(&p, c, h, object, round, e))
        return false;
    p.agreed = p.agreed && !p.running;
    /* Heaps of an electronic vote were fixed before it opened; papers join them, nothing is merged
     * later. */
    if (p.agreed && !(electronic ? work_evote_add(&p, c, h, object, e) : heaps_make(&p, c, h, e)))
        return false;
    if (p.agreed && !p.small)
        quorum_make(&p, c, h);
    *out = p;
    return true;
}

/* --- closing -------------------------------------------------------------------------------- */

typedef struct CloseIn {
    int64_t cycle;
    Str object, decision, reason;
} CloseIn;
static const ShapeField close_fields[] = {
    { "cycle", SHAPE_ID, offsetof(CloseIn, cycle), .required = true, .title = "年度周期" },
    { "object", SHAPE_TEXT, offsetof(CloseIn, object), .required = true, .max = 40,
      .title = "评议对象" },
};
static const Shape close_in = SHAPE("TallyCloseIn", CloseIn, close_fields);
static const ShapeField closed_fields[] = {
    { "results", SHAPE_IDS, .required = true },
    { "counted", SHAPE_BOOL, .required = true },
    { "purged", SHAPE_BOOL, .required = true },
};
static const Shape closed_out = SHAPE_REPLY("TallyClosed", closed_fields);

static const char *const state_words[] = { "还没有人提交", "只有一名计票人提交", "两名计票人的数字不一致",
                                           "已一致" };
static const char *const state_words_en[] = { "nobody has submitted", "one teller has submitted",
                                              "the tellers differ", "agreed" };

static bool quorum_refuse(const Hall *h, const TallyPlan *p, Str title, Err *e)
{
    const ScoreQuorum *q = p->quorum;
    while (q->returned_ok && q->valid_ok)
        q++;
    ErrCode code = h->choices.on_failure == SCORE_REVOTE ? ERR_BALLOT_REVOTE : ERR_BALLOT_DECIDE;
    return err_fail(e, code, err_hole("object", title), err_hole("groups", q->groups),
                    err_hole("issued", q->issued), err_hole("returned", q->returned),
                    err_hole("valid", q->valid));
}

static bool close_guard(const Hall *h, const TallyPlan *p, Str title, Err *e)
{
    if (p->running)
        return err_fail(e, ERR_EVOTE_RUNNING);
    if (!p->agreed)
        return err_fail(e, ERR_TALLY_UNEQUAL, err_hole("object", title),
                        err_hole("group", h->scheme->groups[p->open].title),
                        err_hole("state", state_words[p->open_state]),
                        err_hole("state_en", state_words_en[p->open_state]));
    if (p->small)
        return err_fail(e, ERR_BALLOT_SMALL, err_hole("object", title),
                        err_hole("floor", h->floor));
    if (!p->quorum_ok && !p->accepted)
        return quorum_refuse(h, p, title, e);
    return true;
}

/* Whoever read the papers off does not confirm that they were read well. */
static bool not_teller(Call *c, const Hall *h, Str object, Err *e)
{
    for (size_t g = 0; g < h->scheme->n_groups; g++) {
        Box box;
        if (!work_box_read(&box, c, h, object, g, e))
            return false;
        for (size_t i = 0; i < box.n_tellers; i++)
            if (box.tellers[i] == c->who->account)
                return err_fail(e, ERR_TALLY_OWN, err_hole("object", work_object_title(c, object)));
    }
    return true;
}

/* The sum of a heap's groups as the body of a paper_result; cells of 0 need no entry. */
static json_t *heap_body(const Hall *h, const TallyPlan *p, Str object, int64_t round, size_t first)
{
    json_t *groups = json_array(), *invalid = json_array(), *cells = json_array();
    json_int_t issued = 0, returned = 0, valid = 0;
    const SchemeInstrument *ins = h->ins;
    for (size_t g = 0; g < h->scheme->n_groups; g++) {
        if (p->heap[g] != first)
            continue;
        Str name = h->scheme->groups[g].name;
        json_array_append_new(groups, jv_new(name));
        issued += h->issued[g];
        returned += p->counts[g].returned;
        valid += p->counts[g].valid;
    }
    for (size_t k = 0; k < ins->n_reasons; k++) {
        json_int_t n = 0;
        for (size_t g = 0; g < h->scheme->n_groups; g++)
            n += p->heap[g] == first ? p->counts[g].invalid[k] : 0;
        if (n)
            json_array_append_new(invalid, json_pack("{s:s%,s:I}", "reason", ins->reasons[k].name.p,
                                                     ins->reasons[k].name.n, "n", n));
    }
    for (size_t at = 0; at < work_cells(h); at++) {
        size_t option = at % ins->n_options, item = at / ins->n_options % ins->n_items;
        json_int_t n = 0;
        for (size_t g = 0; g < h->scheme->n_groups; g++)
            n += p->heap[g] == first ? p->counts[g].cells[at] : 0;
        if (n)
            json_array_append_new(
                cells, json_pack("{s:I,s:s%,s:s%,s:I}", "debriefer",
                                 (json_int_t)h->rows[at / ins->n_options / ins->n_items].id, "item",
                                 ins->items[item].name.p, ins->items[item].name.n, "option",
                                 ins->options[option].name.p, ins->options[option].name.n, "n", n));
    }
    json_t *body = json_pack("{s:I,s:s%,s:I,s:o,s:I,s:I,s:I,s:o,s:o}", "cycle",
                             (json_int_t)h->cycle.subject, "object", object.p, object.n, "round",
                             (json_int_t)round, "groups", groups, "issued", issued, "returned",
                             returned, "valid", valid, "invalid", invalid, "cells", cells);
    if (body && p->electronic[first])
        json_object_set_new(body, "electronic", json_integer(p->electronic[first]));
    return body;
}

typedef struct Closing {
    const CloseIn *in;
    int64_t *results;
    size_t n_results;
    bool counted;
} Closing;

static bool heaps_file(Closing *k, Call *c, const Hall *h, const TallyPlan *p, int64_t round,
                       Err *e)
{
    for (size_t first = 0; first < h->scheme->n_groups; first++) {
        if (p->heap[first] != first)
            continue;
        json_t *body = heap_body(h, p, k->in->object, round, first);
        Filing f = { .form = "paper_result", .org = h->cycle.org, .body = body };
        bool ok = body ? call_file(c, &f, &k->results[k->n_results++], e)
                       : err_fail(e, ERR_NO_MEMORY, err_hole("what", "计票"));
        json_decref(body);
        if (!ok)
            return false;
    }
    return store_run(c->tx, "tally_drop", BIND(bind_int(h->cycle.subject),
                                               bind_text(k->in->object)), e);
}

/* After the last object the whole vote is counted. */
static bool year_counted(Closing *k, Call *c, const Hall *h, Err *e)
{
    for (size_t i = 0; i < h->n_objects; i++) {
        int64_t round;
        bool closed;
        if (!work_hall_round(&round, &closed, c, h, h->objects[i], e))
            return false;
        if (!closed)
            return true;
    }
    k->counted = true;
    return call_move(c, "cycle", &h->cycle, 0, "count", NULL, NULL, e);
}

/* An object that is closed already files nothing again; the caller then only purges. */
static bool close_job(Call *c, void *arg, Err *e)
{
    Closing *k = arg;
    Hall h;
    TallyPlan p;
    int64_t round;
    bool closed;
    Str title = work_object_title(c, k->in->object);
    if (!call_may_cycle(c, k->in->cycle, e) || !work_hall_read(&h, c, k->in->cycle, e) ||
        !work_hall_object(c, &h, k->in->object, e) ||
        !work_hall_round(&round, &closed, c, &h, k->in->object, e))
        return false;
    if (closed)
        return k->counted = !str_is(fact_str(c->a, &h.cycle, "state"), "voting"), true;
    k->results = ARENA_ARRAY(c->a, int64_t, h.scheme->n_groups);
    if (!k->results)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "计票"));
    return work_cycle_at(c, &h.cycle, "voting", e) && not_teller(c, &h, k->in->object, e) &&
           work_tally_plan(&p, c, &h, k->in->object, round, e) && close_guard(&h, &p, title, e) &&
           heaps_file(k, c, &h, &p, round, e) && year_counted(k, c, &h, e);
}

/* The result stands once it is committed. Should the purge fail (a full disk), the same request
 * again repeats the purge alone; `purged` tells. */
static bool tally_close(Call *c, const void *in_, Jw *out, Err *e)
{
    Closing k = { .in = in_ };
    Err ignored = { 0 };
    if (!call_write(c, close_job, &k, e))
        return false;
    jw_key(out, "results");
    jw_arr(out);
    for (size_t i = 0; i < k.n_results; i++)
        jw_int(out, k.results[i]);
    jw_end(out);
    jw_kbool(out, "counted", k.counted);
    jw_kbool(out, "purged", fact_purge(work_store(c->w), &ignored));
    return true;
}

const UseCase work_tally_close = { "tally_close", "确认计票（两人一致后，只留合计）", WORK_OUTSIDE,
                                   ORGANISERS | ROLE_BIT(ROLE_SCRUTINEER), &close_in, &closed_out,
                                   .run = tally_close };

/* --- when the papers do not suffice --------------------------------------------------------- */

static const ShapeField decide_fields[] = {
    { "cycle", SHAPE_ID, offsetof(CloseIn, cycle), .required = true, .title = "年度周期" },
    { "object", SHAPE_TEXT, offsetof(CloseIn, object), .required = true, .max = 40,
      .title = "评议对象" },
    { "decision", SHAPE_WORD, offsetof(CloseIn, decision), .required = true,
      .words = "revote|accept", .title = "处理" },
    { "reason", SHAPE_TEXT, offsetof(CloseIn, reason), .required = true, .max = 1000,
      .title = "理由" },
};
static const Shape decide_in = SHAPE("QuorumDecideIn", CloseIn, decide_fields);

/* A vote is repeated only when it does not stand, so that nobody votes until the result pleases. */
static bool decide_guard(Call *c, const Hall *h, const TallyPlan *p, const CloseIn *in, Err *e)
{
    bool accept = str_is(in->decision, "accept");
    bool fails = p->agreed && (p->small || (!p->quorum_ok && !p->accepted));
    if (!fails || (accept && (p->small || h->choices.on_failure == SCORE_REVOTE)))
        return err_fail(e, ERR_BALLOT_STANDS, err_hole("object", work_object_title(c, in->object)));
    if (accept && !call_can_cycle(c, ROLE_BIT(ROLE_COMMITTEE), in->cycle))
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", "认可票数"));
    return true;
}

static bool quorum_decide(Call *c, const void *in_, Jw *out, Err *e)
{
    const CloseIn *in = in_;
    Hall h;
    TallyPlan p;
    int64_t round, id;
    bool closed;
    if (!call_may_cycle(c, in->cycle, e) || !work_hall_read(&h, c, in->cycle, e) ||
        !work_hall_object(c, &h, in->object, e) ||
        !work_hall_round(&round, &closed, c, &h, in->object, e))
        return false;
    if (closed)
        return err_fail(e, ERR_BALLOT_CLOSED, err_hole("object", work_object_title(c, in->object)));
    if (!work_cycle_at(c, &h.cycle, "voting", e) ||
        !work_tally_plan(&p, c, &h, in->object, round, e) || !decide_guard(c, &h, &p, in, e))
        return false;
    json_t *body = json_pack("{s:I,s:s%,s:I,s:s%,s:s%}", "cycle", (json_int_t)in->cycle, "object",
                             in->object.p, in->object.n, "round", (json_int_t)round, "decision",
                             in->decision.p, in->decision.n, "reason", in->reason.p, in->reason.n);
    Filing f = { .form = "quorum_decision", .org = h.cycle.org, .body = body };
    bool ok = body ? call_file(c, &f, &id, e) : err_fail(e, ERR_NO_MEMORY, err_hole("what", "决定"));
    json_decref(body);
    if (ok && str_is(in->decision, "revote"))
        ok = store_run(c->tx, "tally_drop", BIND(bind_int(in->cycle), bind_text(in->object)), e);
    if (ok)
        work_put_made(out, id, id);
    return ok;
}

const UseCase work_quorum_decide = { "quorum_decide", "票数不足时重新投票或由委员会认可", WORK_WRITE,
                                     ROLE_BIT(ROLE_ORGANISER_HEAD) | ROLE_BIT(ROLE_COMMITTEE),
                                     &decide_in, &work_made, .run = quorum_decide };
