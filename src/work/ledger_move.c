/* A record goes on: the moves of its form's flow, who may make them and what they still need.
 *
 * A guard may ask for more than the record: what is known of its organisation, and the records like
 * it of the organisations beside. That is read from the board, which does not stand within a
 * writer's job; so a move is judged first, and filed on the very version it was judged on. */
#include "work/ledger_move.h"
#include "work/areas.h"
#include "work/board.h"
#include "work/rows.h"

enum { PEERS_MAX = 5000 };

/* --- what guards ask for -------------------------------------------------------------------- */

/* Do the guards that leave the state name one of these? By text: at worst too much is read. */
static bool guards_name(const Flow *flow, Str state, const char *const *words)
{
    for (size_t i = 0; i < flow->n_moves; i++) {
        const FlowMove *m = &flow->moves[i];
        if (!m->guard || !str_eq(m->from, state))
            continue;
        for (size_t k = 0; words[k]; k++)
            if (str_has(feel_source(m->guard), str_of(words[k])))
                return true;
    }
    return false;
}

static bool state_since(Day *out, Call *c, const Fact *f, Err *e)
{
    FactList all;
    Str state = STRC("");
    if (!fact_history(&all, c->a, c->tx, f->kind, f->subject, e))
        return false;
    *out = moment_day(f->received_at);
    for (size_t i = 0; i < all.n; i++) {
        Str now = leaf_is_strike(&all.items[i]) ? STRC("") : fact_str(c->a, &all.items[i], "state");
        if (!str_eq(now, state))
            *out = moment_day(all.items[i].received_at);
        state = now;
    }
    return true;
}

typedef struct Peers {
    json_t **items;
    size_t n, cap;
} Peers;

static void peers_close(Peers *p)
{
    for (size_t i = 0; i < p->n; i++)
        jv_close(p->items[i]);
}

/* Bodies of the form's records of all organisations under the same parent. */
static bool peers_read(Peers *p, Call *c, const Fact *f, Err *e)
{
    FactNode own, node;
    FactFilter filter = { .kind = f->kind, .limit = PEERS_MAX };
    FactList l;
    if (!fact_node(&own, c->tx, f->org, e))
        return false;
    filter.org = own.parent ? own.parent : f->org;
    filter.below = own.parent != 0;
    if (!fact_list(&l, c->a, c->tx, &filter, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        json_t *body;
        if (!fact_node(&node, c->tx, l.items[i].org, e))
            return false;
        if (node.parent != own.parent)
            continue;
        if (!jv_read(&body, l.items[i].body, "body", e))
            return false;
        if (!ARENA_PUSH(c->a, p->items, p->n, p->cap)) {
            jv_close(body);
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", "流程"));
        }
        p->items[p->n++] = body;
    }
    return true;
}

typedef struct Step {
    Call *c;
    const Flow *flow;
    const Fact *f;
    RuleThing thing;
    Str state;
} Step;
typedef bool (*StepJob)(Step *s, void *arg, Err *e);

/* Runs the job with all that the guards ask for, while the board stands still. */
static bool with_unit(Step *s, StepJob job, void *arg, Err *e)
{
    static const char *const words[] = { "org", "m.", "last", NULL };
    Board *b;
    RuleUnit unit;
    if (!guards_name(s->flow, s->state, words))
        return job(s, arg, e);
    if (!work_board_enter(&b, s->c, e))
        return false;
    const BoardOrg *o = work_board_org(b, s->f->org);
    bool ok = o ? work_board_unit(&unit, s->c->a, b, o, e)
                : err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    s->thing.unit = &unit;
    s->thing.rules = work_board_rules(b);
    ok = ok && job(s, arg, e);
    work_board_leave(b);
    return ok;
}

static bool judge(Step *s, uint32_t hands, const json_t *body, StepJob job, void *arg, Err *e)
{
    static const char *const words[] = { "peers", NULL };
    Peers peers = { .n = 0 };
    Day since;
    if (!state_since(&since, s->c, s->f, e))
        return false;
    bool ok = !guards_name(s->flow, s->state, words) || peers_read(&peers, s->c, s->f, e);
    s->thing = (RuleThing){ .body = body, .roles = hands, .today = s->c->today, .since = since,
                            .peers = (const json_t *const *)peers.items, .n_peers = peers.n };
    ok = ok && with_unit(s, job, arg, e);
    peers_close(&peers);
    return ok;
}

/* --- on the page ---------------------------------------------------------------------------- */

/* The fields of the record that the guard reads: what may have to be filled in first. */
static bool put_fields(Step *s, const FlowMove *m, Jw *out, Err *e)
{
    const Form *form = s->flow->form;
    FeelUse *used = NULL;
    size_t n = 0;
    Str head, name;
    if (m->guard && !feel_names_used(&used, &n, s->c->a, m->guard, e))
        return false;
    jw_key(out, "fields");
    jw_arr(out);
    for (size_t i = 0; i < form->n_fields; i++) {
        const FormField *f = &form->fields[i];
        bool reads = false;
        for (size_t k = 0; k < n && !reads && !f->built_in && !str_is(f->name, "state"); k++)
            reads = str_cut(used[k].path, STRC("."), &head, &name) && str_is(head, "thing") &&
                    (str_eq(name, f->name) ||
                     (str_cut(name, STRC("."), &head, &name) && str_eq(head, f->name)));
        if (reads)
            jw_str(out, f->name);
    }
    jw_end(out);
    return true;
}

static bool put_moves(Step *s, void *arg, Err *e)
{
    Jw *out = arg;
    RuleChoices can;
    if (!rule_moves_thing(&can, s->flow, s->c->a, s->state, &s->thing, e))
        return false;
    for (size_t i = 0; i < can.n; i++) {
        const FlowMove *m = can.items[i].move;
        jw_obj(out);
        jw_kstr(out, "event", m->event);
        jw_kstr(out, "title", m->title);
        jw_kstr(out, "to", m->to);
        jw_kbool(out, "may", can.items[i].may);
        jw_kbool(out, "open", can.items[i].open);
        jw_kstr_some(out, "needs", m->needs);
        if (!put_fields(s, m, out, e))
            return false;
        if (m->within)
            jw_kday(out, "due", s->thing.since + (Day)m->within);
        jw_end(out);
    }
    return true;
}

bool work_ledger_moves(Call *c, const Form *form, const Fact *f, Jw *out, Err *e)
{
    const Flow *flow = pack_flow_of(call_rules(c), form);
    uint32_t hands;
    bool ok = true;
    jw_key(out, "moves");
    jw_arr(out);
    if (flow) {
        json_t *body = call_body(c, f, e);
        Step s = { .c = c, .flow = flow, .f = f, .state = jv_str(body, "state") };
        ok = body && work_ledger_hands(&hands, c, form, f->org, e) &&
             judge(&s, hands, body, put_moves, out, e);
        json_decref(body);
    }
    jw_end(out);
    return ok;
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

typedef struct Move {
    const MoveIn *in;
    const Flow *flow;
    Fact was;
    LedgerEntry entry;
    LedgerDone done;
} Move;

static bool move_read(Move *x, Call *c, Err *e)
{
    const char *name = arena_z(c->a, x->in->form);
    x->entry = (LedgerEntry){ .was = &x->was, .base = x->in->version, .values = x->in->values,
                              .state = x->entry.state };
    if (!work_ledger_form(&x->entry.form, c, x->in->form, e) || !name ||
        !call_thing(&x->was, c, name, x->in->subject, e) ||
        !work_ledger_read(c, x->entry.form, &x->was, e) ||
        (c->who->behalf && !call_may_self(c, c->who->behalf, e)))
        return false;
    x->entry.org = x->was.org;
    x->flow = pack_flow_of(call_rules(c), x->entry.form);
    return x->flow || err_fail(e, ERR_NOT_FOUND, err_hole("what", "流程"));
}

static bool lead(Step *s, void *arg, Err *e)
{
    Move *x = arg;
    return rule_move_thing(&x->entry.state, s->flow, s->c->a, s->state, x->in->move, &s->thing, e);
}

/* Where it leads, judged on the record as it would be filed. */
static bool judge_job(Call *c, void *arg, Err *e)
{
    Move *x = arg;
    json_t *body = NULL;
    uint32_t hands;
    int64_t late;
    if (!move_read(x, c, e) || !work_ledger_hands(&hands, c, x->entry.form, x->entry.org, e) ||
        !work_ledger_body(&body, &late, c, &x->entry, e))
        return false;
    Step s = { .c = c, .flow = x->flow, .f = &x->was, .state = jv_str(body, "state") };
    bool ok = judge(&s, hands, body, lead, x, e);
    jv_close(body);
    return ok;
}

/* Whoever moves an organisation stands above where it goes too, and it never comes to hang below
 * itself. */
static bool may_go_to(Call *c, const FlowMove *m, int64_t org, int64_t to, Err *e)
{
    enum { DEPTH_MAX = 64 };
    Fact f;
    if (!c->who->console && !call_can(c, m->who, to))
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", m->title));
    for (int depth = 0; to && depth < DEPTH_MAX; depth++) {
        if (to == org)
            return err_fail(e, ERR_ORG_CIRCLE);
        if (!call_thing(&f, c, "org", to, e))
            return false;
        to = fact_int(&f, "parent");
    }
    return true;
}

static bool org_patch(json_t *patch, Call *c, const FlowMove *m, int64_t org, const json_t *body,
                      Err *e)
{
    for (size_t i = 0; i < m->n_sets; i++) {
        const char *from = arena_z(c->a, m->sets[i].from->name);
        const char *to = arena_z(c->a, m->sets[i].to->name);
        const json_t *v = from && to ? jv_get(body, from) : NULL;
        if (!v)
            continue;
        if (str_is(m->sets[i].to->name, "parent") &&
            !may_go_to(c, m, org, json_integer_value(v), e))
            return false;
        if (json_object_set(patch, to, (json_t *)(uintptr_t)v) != 0)
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", m->title));
    }
    return true;
}

/* What was decided about the organisation becomes true of it with the very move: its former name,
 * superior and term stay in its history. */
static bool org_changes(const Move *x, Call *c, Err *e)
{
    Str state = fact_str(c->a, &x->was, "state");
    const FlowMove *m = NULL;
    for (size_t i = 0; i < x->flow->n_moves; i++)
        if (str_eq(x->flow->moves[i].event, x->in->move) &&
            str_eq(x->flow->moves[i].from, state) && x->flow->moves[i].n_sets)
            m = &x->flow->moves[i];
    Fact now, org;
    if (!m)
        return true;
    const char *form = arena_z(c->a, x->entry.form->name);
    if (!form || !call_thing(&now, c, form, x->was.subject, e) ||
        !call_thing(&org, c, "org", x->was.org, e))
        return false;
    json_t *body = call_body(c, &now, e), *patch = json_object();
    bool ok = body && patch && org_patch(patch, c, m, x->was.org, body, e) &&
              (json_object_size(patch) == 0 || call_revise(c, "org", &org, 0, patch, NULL, e));
    json_decref(body);
    json_decref(patch);
    return ok;
}

static bool file_job(Call *c, void *arg, Err *e)
{
    Move *x = arg;
    return move_read(x, c, e) && work_ledger_file(&x->done, c, &x->entry, e) &&
           org_changes(x, c, e);
}

static bool record_move(Call *c, const void *in, Jw *out, Err *e)
{
    Move x = { .in = in };
    if (!call_read(c, judge_job, &x, e) || !call_write(c, file_job, &x, e))
        return false;
    jw_kint(out, "id", x.done.id);
    jw_kint(out, "version", x.done.version);
    jw_kstr(out, "state", x.entry.state);
    jw_kstr(out, "state_title", list_title(x.flow->states, x.entry.state));
    return true;
}

const UseCase work_record_move = { "record_move", "办理台账记录的步骤", WORK_OUTSIDE, LEDGER_ROLES,
                                   &move_in, &moved_out, .run = record_move };
