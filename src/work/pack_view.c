/* What packs bring: ledgers, duties, reports and flows, for the menu and the pages of a pack. */
#include "work/ledger.h"
#include "work/rows.h"

#include "pack/duty.h"
#include "pack/points.h"
#include "pack/report.h"

static const ShapeField form_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "minutes", SHAPE_INT, .required = true },
    { "personal", SHAPE_BOOL, .required = true },
};
static const Shape form_shape = SHAPE_REPLY("PackForm", form_fields);
static const ShapeField named_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
};
static const Shape named_shape = SHAPE_REPLY("PackPart", named_fields);
#define PACK_FIELDS                                                                                \
    { "name", SHAPE_TEXT, .required = true }, { "title", SHAPE_TEXT, .required = true },           \
        { "menu", SHAPE_TEXT }, { "under", SHAPE_TEXT },                                           \
        { "order", SHAPE_INT, .required = true }, { "shows", SHAPE_TEXT },                         \
        { "version", SHAPE_TEXT, .required = true },                                               \
        { "from", SHAPE_DAY, .required = true }, { "cite", SHAPE_TEXT },                           \
        { "hash", SHAPE_TEXT, .required = true },                                                  \
        { "forms", SHAPE_LIST, .required = true, .sub = &form_shape },                             \
        { "duties", SHAPE_LIST, .required = true, .sub = &named_shape },                           \
        { "reports", SHAPE_LIST, .required = true, .sub = &named_shape },                          \
        { "points", SHAPE_LIST, .required = true, .sub = &named_shape },                           \
        { "flows", SHAPE_LIST, .required = true, .sub = &named_shape }
static const ShapeField pack_fields[] = { PACK_FIELDS };
static const Shape pack_shape = SHAPE_REPLY("PackItem", pack_fields);
static const ShapeField packs_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &pack_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape packs_out = SHAPE_REPLY("Packs", packs_fields);

/* --- what one pack declares ----------------------------------------------------------------- */

static void put_forms(const Rulebook *rb, const Pack *p, Jw *out)
{
    const Form *f;
    jw_key(out, "forms");
    jw_arr(out);
    for (size_t i = 0; (f = pack_form_at(rb, i)) != NULL; i++) {
        if (f->pack != p || !f->ledger)
            continue;
        jw_obj(out);
        jw_kstr(out, "name", f->name);
        jw_kstr(out, "title", f->title);
        jw_kint(out, "minutes", f->minutes);
        jw_kbool(out, "personal", f->personal != NULL);
        jw_end(out);
    }
    jw_end(out);
}

/* Names and titles of what a pack declares of one kind. */
#define PUT_PARTS(key, Kind, at)                                                                   \
    do {                                                                                           \
        const Kind *x_;                                                                            \
        jw_key(out, key);                                                                          \
        jw_arr(out);                                                                               \
        for (size_t i_ = 0; (x_ = at(rb, i_)) != NULL; i_++)                                       \
            if (x_->pack == p)                                                                     \
                put_part(x_->name, x_->title, out);                                                \
        jw_end(out);                                                                               \
    } while (0)

static void put_part(Str name, Str title, Jw *out)
{
    jw_obj(out);
    jw_kstr(out, "name", name);
    jw_kstr(out, "title", title.n ? title : name);
    jw_end(out);
}

static void put_pack(const Rulebook *rb, const Pack *p, Jw *out)
{
    jw_kstr(out, "name", p->name);
    jw_kstr(out, "title", p->title);
    jw_kstr_some(out, "menu", p->menu);
    jw_kstr_some(out, "under", p->under);
    jw_kint(out, "order", p->order);
    jw_kstr_some(out, "shows", p->shows);
    jw_kstr(out, "version", p->version);
    jw_kday(out, "from", p->from);
    jw_kstr_some(out, "cite", p->cite);
    jw_kstr(out, "hash", p->hash_hex);
    put_forms(rb, p, out);
    PUT_PARTS("duties", Duty, pack_duty_at);
    PUT_PARTS("reports", Report, pack_report_at);
    PUT_PARTS("points", Points, pack_points_at);
    PUT_PARTS("flows", Flow, pack_flow_at);
}

static bool pack_list_all(Call *c, const void *in, Jw *out, Err *e)
{
    const Rulebook *rb = call_rules(c);
    const Pack *p;
    size_t n = 0;
    (void)in;
    if (!call_may_all(c, e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (; (p = pack_at(rb, n)) != NULL; n++) {
        jw_obj(out);
        put_pack(rb, p, out);
        jw_end(out);
    }
    jw_end(out);
    jw_kint(out, "total", (int64_t)n);
    return true;
}

const UseCase work_pack_list = { "pack_list", "查看规则包", WORK_READ, LEDGER_ROLES, NULL,
                                 &packs_out, .token = WORK_TOKEN_READS, .run = pack_list_all };

/* --- one pack ------------------------------------------------------------------------------- */

typedef struct PackIn {
    Str pack;
} PackIn;
static const ShapeField show_fields[] = {
    { "pack", SHAPE_TEXT, offsetof(PackIn, pack), .required = true, .max = 60,
      .title = "规则包" },
};
static const Shape show_in = SHAPE("PackShowIn", PackIn, show_fields);
static const ShapeField list_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "items", SHAPE_LIST, .required = true, .sub = &named_shape },
};
static const Shape list_shape = SHAPE_REPLY("PackList", list_fields);
static const ShapeField one_fields[] = {
    PACK_FIELDS,
    { "readme", SHAPE_TEXT, .required = true },
    { "lists", SHAPE_LIST, .required = true, .sub = &list_shape },
};
static const Shape one_out = SHAPE_REPLY("Pack", one_fields);

static void put_list(const List *l, Jw *out)
{
    jw_obj(out);
    jw_kstr(out, "name", l->name);
    jw_kstr(out, "title", l->title.n ? l->title : l->name);
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < l->n_items; i++)
        put_part(l->items[i].value, l->items[i].title, out);
    jw_end(out);
    jw_end(out);
}

static bool pack_show_one(Call *c, const void *in_, Jw *out, Err *e)
{
    const PackIn *in = in_;
    const Rulebook *rb = call_rules(c);
    const Pack *p = pack_find(rb, in->pack);
    const List *l;
    if (!call_may_all(c, e))
        return false;
    if (!p)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "规则包"));
    put_pack(rb, p, out);
    jw_kstr(out, "readme", p->readme);
    jw_key(out, "lists");
    jw_arr(out);
    for (size_t i = 0; (l = pack_list_at(rb, i)) != NULL; i++)
        if (l->pack == p)
            put_list(l, out);
    jw_end(out);
    return true;
}

const UseCase work_pack_show = { "pack_show", "查看一个规则包", WORK_READ, LEDGER_ROLES, &show_in,
                                 &one_out, .run = pack_show_one };

/* --- a flow --------------------------------------------------------------------------------- */

typedef struct FlowIn {
    Str flow;
    int64_t org;
} FlowIn;
static const ShapeField flow_fields[] = {
    { "flow", SHAPE_TEXT, offsetof(FlowIn, flow), .required = true, .max = 60, .title = "流程" },
    { "org", SHAPE_ID, offsetof(FlowIn, org), .title = "组织" },
};
static const Shape flow_in = SHAPE("FlowShowIn", FlowIn, flow_fields);
static const ShapeField state_fields[] = {
    { "value", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
};
static const Shape state_shape = SHAPE_REPLY("FlowState", state_fields);
static const ShapeField move_fields[] = {
    { "event", SHAPE_TEXT, .required = true }, { "title", SHAPE_TEXT, .required = true },
    { "from", SHAPE_TEXT, .required = true },  { "to", SHAPE_TEXT, .required = true },
    { "who", SHAPE_WORDS, .required = true },  { "needs", SHAPE_TEXT },
    { "within", SHAPE_INT },                   { "remind", SHAPE_INT },
    { "escalate", SHAPE_INT },
};
static const Shape move_shape = SHAPE_REPLY("FlowMove", move_fields);
static const ShapeField flow_out_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "pack", SHAPE_TEXT },
    { "cite", SHAPE_TEXT },
    { "form", SHAPE_TEXT, .required = true },
    { "start", SHAPE_TEXT, .required = true },
    { "states", SHAPE_LIST, .required = true, .sub = &state_shape },
    { "moves", SHAPE_LIST, .required = true, .sub = &move_shape },
    { "counts", SHAPE_JSON, .required = true },
};
static const Shape flow_out = SHAPE_REPLY("Flow", flow_out_fields);

/* How many records of the caller's stand in each state. */
static bool put_counts(Call *c, const Flow *flow, int64_t org, Jw *out, Err *e)
{
    LedgerFound found;
    jw_key(out, "counts");
    jw_obj(out);
    for (size_t i = 0; flow->form->ledger && i < flow->states->n_items; i++) {
        LedgerQuery q = { .form = flow->form, .org = org, .below = true, .from = DAY_NONE,
                          .to = DAY_NONE, .state = flow->states->items[i].value };
        if (!work_ledger_find(&found, c, &q, e))
            return false;
        jw_key_str(out, q.state);
        jw_int(out, (int64_t)found.n);
    }
    jw_end(out);
    return true;
}

static bool flow_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const FlowIn *in = in_;
    const Flow *flow = pack_flow(call_rules(c), in->flow);
    if (!call_may_all(c, e))
        return false;
    if (!flow)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "流程"));
    flow_describe(out, flow);
    return put_counts(c, flow, in->org, out, e);
}

const UseCase work_flow_show = { "flow_show", "查看一个流程", WORK_READ, LEDGER_ROLES, &flow_in,
                                 &flow_out, .run = flow_show };
