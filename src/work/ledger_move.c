/* A record goes on: the moves of its form's flow, who may make them and what they still need. */
#include "work/areas.h"
#include "work/ledger.h"
#include "work/ledger_move.h"
#include "work/rows.h"

static bool history_since(Day *out, Call *c, const Fact *f, Err *e)
{
    FactList all;
    if (!fact_history(&all, c->a, c->tx, f->kind, f->subject, e))
        return false;
    Str state = STRC("");
    *out = moment_day(f->received_at);
    for (size_t i = 0; i < all.n; i++) {
        Str now = fact_str(c->a, &all.items[i], "state");
        if (!str_eq(now, state))
            *out = moment_day(all.items[i].received_at);
        state = now;
    }
    return true;
}

static bool choices(RuleChoices *out, Call *c, const Flow *flow, const Fact *f, uint32_t hands,
                    Err *e)
{
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    bool ok = rule_moves_possible(out, flow, c->a, jv_str(body, "state"), body, hands, c->today, e);
    json_decref(body);
    return ok;
}

bool work_ledger_moves(Call *c, const Form *form, const Fact *f, Jw *out, Err *e)
{
    const Flow *flow = pack_flow_of(call_rules(c), form);
    RuleChoices can = { .n = 0 };
    uint32_t hands;
    Day since = DAY_NONE;
    if (flow && (!work_ledger_hands(&hands, c, form, f->org, e) || !history_since(&since, c, f, e) ||
                 !choices(&can, c, flow, f, hands, e)))
        return false;
    jw_key(out, "moves");
    jw_arr(out);
    for (size_t i = 0; i < can.n; i++) {
        const FlowMove *m = can.items[i].move;
        jw_obj(out);
        jw_kstr(out, "event", m->event);
        jw_kstr(out, "title", m->title);
        jw_kstr(out, "to", m->to);
        jw_kbool(out, "may", can.items[i].may);
        jw_kbool(out, "open", can.items[i].open);
        jw_kstr_some(out, "needs", m->needs);
        if (m->within)
            jw_kday(out, "due", since + (Day)m->within);
        jw_end(out);
    }
    jw_end(out);
    return true;
}

/* --- a move --------------------------------------------------------------------------------- */

typedef struct MoveIn {
    Str form, move;
    int64_t subject, version;
    const json_t *values;
} MoveIn;
static const ShapeField move_fields[] = {
    { "form", SHAPE_TEXT, offsetof(MoveIn, form), .required = true, .max = 60, .title = "表单" },
    { "subject", SHAPE_ID, offsetof(MoveIn, subject), .required = true, .title = "记录" },
    { "version", SHAPE_ID, offsetof(MoveIn, version), .required = true, .title = "版本" },
    { "move", SHAPE_TEXT, offsetof(MoveIn, move), .required = true, .max = 60, .title = "步骤" },
    { "values", SHAPE_JSON, offsetof(MoveIn, values), .title = "内容" },
};
static const Shape move_in = SHAPE("RecordMoveIn", MoveIn, move_fields);
static const ShapeField moved_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "state", SHAPE_TEXT, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
};
static const Shape moved_out = SHAPE_REPLY("RecordMoved", moved_fields);

/* The state the move leads to, judged on the record as it would be filed. */
static bool leads_to(Str *out, Call *c, const Flow *flow, const LedgerEntry *entry, Str move,
                     Err *e)
{
    json_t *body;
    uint32_t hands;
    int64_t late;
    if (!work_ledger_hands(&hands, c, entry->form, entry->org, e) ||
        !work_ledger_body(&body, &late, c, entry, e))
        return false;
    bool ok = rule_move(out, flow, c->a, jv_str(body, "state"), move, body, hands, c->today, e);
    jv_close(body);
    return ok;
}

static bool record_move(Call *c, const void *in_, Jw *out, Err *e)
{
    const MoveIn *in = in_;
    const char *name = arena_z(c->a, in->form);
    Fact was;
    LedgerEntry entry = { .was = &was, .base = in->version, .values = in->values };
    LedgerDone done;
    if (!work_ledger_form(&entry.form, c, in->form, e) || !name ||
        !call_thing(&was, c, name, in->subject, e) || !work_ledger_read(c, entry.form, &was, e) ||
        (c->who->behalf && !call_may_self(c, c->who->behalf, e)))
        return false;
    const Flow *flow = pack_flow_of(call_rules(c), entry.form);
    if (!flow)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "流程"));
    entry.org = was.org;
    if (!leads_to(&entry.state, c, flow, &entry, in->move, e) ||
        !work_ledger_file(&done, c, &entry, e))
        return false;
    jw_kint(out, "id", done.id);
    jw_kint(out, "version", done.version);
    jw_kstr(out, "state", entry.state);
    jw_kstr(out, "state_title", list_title(flow->states, entry.state));
    return true;
}

const UseCase work_record_move = { "record_move", "办理台账记录的步骤", WORK_WRITE, LEDGER_ROLES,
                                   &move_in, &moved_out, .run = record_move };
