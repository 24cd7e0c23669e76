/* What people complain about: a case goes through a flow of the pack, with days to accept and to
 * answer it. Filing one needs no account (session.c). */
#include "work/areas.h"
#include "work/call.h"
#include "work/rows.h"

#define CLERKS (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))

/* When did it enter its state? */
static bool since(Day *out, const FactList *all, Call *c)
{
    Str state = STRC("");
    *out = DAY_NONE;
    for (size_t i = 0; i < all->n; i++) {
        Str now = fact_str(c->a, &all->items[i], "state");
        if (!str_eq(now, state))
            *out = moment_day(all->items[i].received_at);
        state = now;
    }
    return *out != DAY_NONE;
}

bool work_complaint_due(Day *out, Call *c, const Fact *f, Err *e)
{
    const Flow *flow = pack_flow(call_rules(c), STRC("complaint"));
    FactList all;
    Day entered;
    *out = DAY_NONE;
    if (!fact_history(&all, c->a, c->tx, f->kind, f->subject, e))
        return false;
    if (flow && since(&entered, &all, c))
        *out = rule_due(flow, fact_str(c->a, f, "state"), entered);
    return true;
}

/* --- the cases ------------------------------------------------------------------------------ */

static const ShapeField complaint_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "text", SHAPE_TEXT, .required = true },
    { "contact", SHAPE_TEXT },
    { "page", SHAPE_TEXT },
    { "state", SHAPE_TEXT, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
    { "answer", SHAPE_TEXT },
    { "received_at", SHAPE_MOMENT, .required = true },
    { "due", SHAPE_DAY },
    { "overdue", SHAPE_BOOL, .required = true },
};
static const Shape complaint_shape = SHAPE_REPLY("Complaint", complaint_fields);
static const ShapeField complaints_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &complaint_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape complaints_out = SHAPE_REPLY("Complaints", complaints_fields);

static bool put_complaint(Call *c, const Fact *f, Jw *out, Err *e)
{
    FactList all;
    Day due;
    Str state = fact_str(c->a, f, "state");
    if (!fact_history(&all, c->a, c->tx, f->kind, f->subject, e) ||
        !work_complaint_due(&due, c, f, e))
        return false;
    jw_obj(out);
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", f->id);
    jw_kstr(out, "text", fact_str(c->a, f, "text"));
    jw_kstr_some(out, "contact", fact_str(c->a, f, "contact"));
    jw_kstr_some(out, "page", fact_str(c->a, f, "page"));
    jw_kstr(out, "state", state);
    jw_kstr(out, "state_title", call_title(c, "complaint_state", state));
    jw_kstr_some(out, "answer", fact_str(c->a, f, "answer"));
    jw_kmoment(out, "received_at", all.n ? all.items[0].received_at : f->received_at);
    if (due != DAY_NONE)
        jw_kday(out, "due", due);
    jw_kbool(out, "overdue", due != DAY_NONE && due < c->today);
    jw_end(out);
    return true;
}

static bool complaint_list(Call *c, const void *in, Jw *out, Err *e)
{
    FactList l;
    (void)in;
    if (!call_may_all(c, e) || !call_list(&l, c, "complaint", NULL, STRC(""), e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = l.n; i-- > 0;)
        if (!put_complaint(c, &l.items[i], out, e))
            return false;
    jw_end(out);
    jw_kint(out, "total", (int64_t)l.n);
    return true;
}

const UseCase work_complaint_list = { "complaint_list", "查看意见与投诉", WORK_READ, CLERKS, NULL,
                                      &complaints_out, .run = complaint_list };

/* --- a step --------------------------------------------------------------------------------- */

typedef struct StepIn {
    int64_t complaint, version;
    Str answer, move;
} StepIn;
static const ShapeField answer_fields[] = {
    { "complaint", SHAPE_ID, offsetof(StepIn, complaint), .required = true, .title = "意见" },
    { "version", SHAPE_ID, offsetof(StepIn, version), .required = true, .title = "版本" },
    { "answer", SHAPE_TEXT, offsetof(StepIn, answer), .required = true, .max = 2000,
      .title = "答复" },
};
static const Shape answer_in = SHAPE("ComplaintAnswerIn", StepIn, answer_fields);
static const ShapeField move_fields[] = {
    { "complaint", SHAPE_ID, offsetof(StepIn, complaint), .required = true, .title = "意见" },
    { "version", SHAPE_ID, offsetof(StepIn, version), .required = true, .title = "版本" },
    { "move", SHAPE_WORD, offsetof(StepIn, move), .required = true, .words = "accept|reopen",
      .title = "步骤" },
};
static const Shape move_in = SHAPE("ComplaintMoveIn", StepIn, move_fields);

/* Two clerks with the same case open: the second one is told, whatever step he meant. */
static bool newest(Call *c, const Fact *was, int64_t version, Err *e)
{
    return was->id == version ||
           err_fail(e, ERR_CONFLICT, err_hole("at", moment_print_zh(c->a, was->received_at)));
}

static bool step(Call *c, const StepIn *in, const char *move, Jw *out, Err *e)
{
    Fact was;
    int64_t id;
    if (!call_may_all(c, e) || !call_thing(&was, c, "complaint", in->complaint, e) ||
        !newest(c, &was, in->version, e))
        return false;
    json_t *patch = json_object();
    bool ok = (patch && (in->answer.n == 0 ||
                         json_object_set_new(patch, "answer", jv_new(in->answer)) == 0)) ||
              err_fail(e, ERR_NO_MEMORY, err_hole("what", c->u->title));
    ok = ok && call_move(c, "complaint", &was, in->version, move, patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->complaint, id);
    return ok;
}

static bool complaint_answer(Call *c, const void *in, Jw *out, Err *e)
{
    return step(c, in, "answer", out, e);
}

const UseCase work_complaint_answer = { "complaint_answer", "答复意见与投诉", WORK_WRITE, CLERKS,
                                        &answer_in, &work_made, .run = complaint_answer };

static bool complaint_move(Call *c, const void *in_, Jw *out, Err *e)
{
    const StepIn *in = in_;
    const char *move = arena_z(c->a, in->move);
    return move ? step(c, in, move, out, e)
                : err_fail(e, ERR_NO_MEMORY, err_hole("what", c->u->title));
}

const UseCase work_complaint_move = { "complaint_move", "受理或重新办理意见与投诉", WORK_WRITE,
                                      CLERKS, &move_in, &work_made, .run = complaint_move };
