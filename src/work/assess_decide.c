/* What the assessment is made of: recorded values, events, and the committee's decisions. */
#include "work/assess.h"
#include "work/rows.h"

enum { SEED_BYTES = 32, ORDER_MAX = 500 };

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "综合评价"));
}

bool work_assess_is_open(Call *c, const Fact *cycle, Err *e)
{
    Str state = fact_str(c->a, cycle, "state");
    bool shut = str_is(state, "approved") || str_is(state, "published") || str_is(state, "closed");
    return !shut || err_fail(e, ERR_RESULT_INPUTS);
}

static json_t *dec_json(Call *c, Dec d)
{
    return jv_new(dec_print_short(c->a, d));
}

/* The debriefer, still in, of a cycle whose inputs are open. */
static bool open_debriefer(Fact *d, Assess *as, Call *c, int64_t debriefer, Err *e)
{
    if (!call_thing(d, c, "debriefer", debriefer, e) ||
        !work_assess_open(as, c, fact_int(d, "cycle"), e) || !work_assess_is_open(c, &as->cycle, e))
        return false;
    return !fact_bool(d, "withdrawn") || err_fail(e, ERR_DEBRIEFER_GONE);
}

static bool known_object(const Assess *as, Str object, Err *e)
{
    for (size_t i = 0; i < as->n_objects; i++)
        if (str_eq(as->objects[i], object))
            return true;
    return object.n == 0 || err_fail(e, ERR_NOT_FOUND, err_hole("what", "评议对象"));
}

static bool in_range(Call *c, Str title, Dec v, Dec from, Dec to, Err *e)
{
    return (dec_cmp(v, from) >= 0 && dec_cmp(v, to) <= 0) ||
           err_fail(e, ERR_FIELD_RANGE, err_hole("field", title),
                    err_hole("min", dec_print_short(c->a, from)),
                    err_hole("max", dec_print_short(c->a, to)));
}

/* --- parts ---------------------------------------------------------------------------------- */

typedef struct InputIn {
    int64_t debriefer, version;
    Str part, object, note;
    ShapeDec value;
    bool missing;
} InputIn;
static const ShapeField input_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(InputIn, debriefer), .required = true, .title = "述职人" },
    { "part", SHAPE_TEXT, offsetof(InputIn, part), .required = true, .max = 40,
      .title = "评分项" },
    { "object", SHAPE_TEXT, offsetof(InputIn, object), .max = 40, .title = "评议对象" },
    { "value", SHAPE_DEC, offsetof(InputIn, value), .title = "分值" },
    { "missing", SHAPE_BOOL, offsetof(InputIn, missing), .title = "缺项" },
    { "note", SHAPE_TEXT, offsetof(InputIn, note), .max = 1000, .title = "依据" },
    { "version", SHAPE_ID, offsetof(InputIn, version), .title = "版本" },
};
static const Shape input_in = SHAPE("ScoreInputIn", InputIn, input_fields);

/* The superior's evaluation is the superior's own, or a clerk's hand on his behalf. */
static bool may_part(Call *c, Str part, int64_t cycle, Err *e)
{
    bool superior = str_is(part, "superior");
    uint32_t roles = superior && !c->who->behalf ? ROLE_BIT(ROLE_SUPERIOR)
                                                 : ROLE_BIT(ROLE_ORGANISER_CLERK);
    c->asked = true;
    return call_can_cycle(c, roles, cycle) ||
           err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
}

static bool part_sound(Call *c, const Assess *as, const InputIn *in, Err *e)
{
    ptrdiff_t k = pack_scheme_part(as->scheme, in->part);
    if (k < 0)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "评分项"));
    const SchemePart *part = &as->scheme->parts[k];
    if (in->value.given == in->missing || (in->missing && in->note.n == 0))
        return err_fail(e, ERR_INPUT_VALUE, err_hole("part", part->title));
    return in->missing || in_range(c, part->title, in->value.value, part->from, part->to, e);
}

/* The thing that already holds this part of this object; 0 when there is none. */
static bool held(int64_t *subject, Call *c, const InputIn *in, Err *e)
{
    FactList l;
    *subject = 0;
    if (!call_list_id(&l, c, "score_input", "debriefer", in->debriefer, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (str_eq(fact_str(c->a, &l.items[i], "part"), in->part) &&
            str_eq(fact_str(c->a, &l.items[i], "object"), in->object))
            *subject = l.items[i].subject;
    return true;
}

static json_t *input_body(Call *c, const InputIn *in)
{
    json_t *b = json_pack("{s:I,s:o}", "debriefer", (json_int_t)in->debriefer, "part",
                          jv_new(in->part));
    if (!b)
        return NULL;
    if (in->object.n)
        json_object_set_new(b, "object", jv_new(in->object));
    if (in->value.given)
        json_object_set_new(b, "value", dec_json(c, in->value.value));
    if (in->missing)
        json_object_set_new(b, "missing", json_true());
    if (in->note.n)
        json_object_set_new(b, "note", jv_new(in->note));
    return b;
}

static bool score_input_set(Call *c, const void *in_, Jw *out, Err *e)
{
    const InputIn *in = in_;
    Assess as;
    Fact d;
    int64_t subject, id;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) ||
        !may_part(c, in->part, fact_int(&d, "cycle"), e) ||
        !open_debriefer(&d, &as, c, in->debriefer, e) || !known_object(&as, in->object, e) ||
        !part_sound(c, &as, in, e) || !held(&subject, c, in, e))
        return false;
    json_t *body = input_body(c, in);
    Filing f = { .form = "score_input", .subject = subject, .org = fact_int(&d, "org"),
                 .base = in->version, .body = body };
    bool ok = body ? call_file(c, &f, &id, e) : no_memory(e);
    json_decref(body);
    if (ok)
        work_put_made(out, subject ? subject : id, id);
    return ok;
}

const UseCase work_score_input_set = { "score_input_set", "录入评分项（或声明缺项）", WORK_WRITE,
                                       ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_SUPERIOR),
                                       &input_in, &work_made, .run = score_input_set };

/* --- events --------------------------------------------------------------------------------- */

typedef struct EventIn {
    int64_t debriefer, fact, version;
    Str event, object, reason;
    ShapeDec value;
    bool withdrawn;
} EventIn;
static const ShapeField event_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(EventIn, debriefer), .required = true, .title = "述职人" },
    { "fact", SHAPE_ID, offsetof(EventIn, fact), .title = "要更正的事项" },
    { "version", SHAPE_ID, offsetof(EventIn, version), .title = "版本" },
    { "event", SHAPE_TEXT, offsetof(EventIn, event), .required = true, .max = 40,
      .title = "事项" },
    { "object", SHAPE_TEXT, offsetof(EventIn, object), .max = 40, .title = "评议对象" },
    { "value", SHAPE_DEC, offsetof(EventIn, value), .title = "分值" },
    { "reason", SHAPE_TEXT, offsetof(EventIn, reason), .required = true, .max = 1000,
      .title = "事由与依据" },
    { "withdrawn", SHAPE_BOOL, offsetof(EventIn, withdrawn), .title = "撤销" },
};
static const Shape event_in = SHAPE("ScoreEventIn", EventIn, event_fields);

static bool event_sound(Call *c, const Assess *as, const EventIn *in, Err *e)
{
    ptrdiff_t k = pack_scheme_event(as->scheme, in->event);
    if (k < 0)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "事项"));
    const SchemeEvent *event = &as->scheme->events[k];
    if (event->ranged != in->value.given)
        return err_fail(e, ERR_EVENT_VALUE, err_hole("event", event->title),
                        err_hole("want", event->ranged ? "须写分值" : "不计分值，不要填分值"));
    return !event->ranged || in_range(c, event->title, in->value.value, event->from, event->to, e);
}

/* A correction stays about the same debriefer and strikes the fact before it. */
static bool event_before(Fact *was, Call *c, const EventIn *in, Err *e)
{
    *was = (Fact){ .id = 0 };
    if (in->fact == 0)
        return true;
    if (!call_thing(was, c, "score_event", in->fact, e))
        return false;
    return fact_int(was, "debriefer") == in->debriefer ||
           err_fail(e, ERR_NOT_FOUND, err_hole("what", "要更正的事项"));
}

static json_t *event_body(Call *c, const EventIn *in)
{
    json_t *b = json_pack("{s:I,s:o,s:o}", "debriefer", (json_int_t)in->debriefer, "event",
                          jv_new(in->event), "reason", jv_new(in->reason));
    if (!b)
        return NULL;
    if (in->object.n)
        json_object_set_new(b, "object", jv_new(in->object));
    if (in->value.given)
        json_object_set_new(b, "value", dec_json(c, in->value.value));
    if (in->withdrawn)
        json_object_set_new(b, "withdrawn", json_true());
    return b;
}

static bool score_event_file(Call *c, const void *in_, Jw *out, Err *e)
{
    const EventIn *in = in_;
    Assess as;
    Fact d, was;
    int64_t id;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) ||
        !call_may_cycle(c, fact_int(&d, "cycle"), e) ||
        !open_debriefer(&d, &as, c, in->debriefer, e) || !known_object(&as, in->object, e) ||
        !event_sound(c, &as, in, e) || !event_before(&was, c, in, e))
        return false;
    json_t *body = event_body(c, in);
    Filing f = { .form = "score_event", .subject = in->fact, .org = fact_int(&d, "org"),
                 .base = in->version, .corrects = was.id, .body = body };
    bool ok = body ? call_file(c, &f, &id, e) : no_memory(e);
    json_decref(body);
    if (ok)
        work_put_made(out, in->fact ? in->fact : id, id);
    return ok;
}

const UseCase work_score_event_file = { "score_event_file", "登记或更正加减分与否决事项", WORK_WRITE,
                                        ASSESS_CLERKS, &event_in, &work_made,
                                        .run = score_event_file };

/* --- the committee -------------------------------------------------------------------------- */

typedef struct DecideIn {
    int64_t cycle, debriefer;
    Str object, grade, reason;
    ShapeList order;
    bool withdrawn;
} DecideIn;

static bool decision_open(Assess *as, Call *c, int64_t cycle, Str object, Err *e)
{
    return call_may_cycle(c, cycle, e) && work_assess_open(as, c, cycle, e) &&
           work_assess_is_open(c, &as->cycle, e) && known_object(as, object, e);
}

static bool not_chosen(Call *c, const char *want, Err *e)
{
    return err_fail(e, ERR_TIE_RULE, err_hole("want", want), err_hole("what", c->u->title));
}

static bool file_decision(Call *c, const Assess *as, const char *form, json_t *body, Jw *out,
                          Err *e)
{
    int64_t id;
    Filing f = { .form = form, .org = as->cycle.org, .body = body };
    bool ok = body ? call_file(c, &f, &id, e) : no_memory(e);
    json_decref(body);
    if (!ok || !work_result_refresh(c, as->cycle.subject, e))
        return false;
    work_put_made(out, id, id);
    return true;
}

static const ShapeField tie_fields[] = {
    { "cycle", SHAPE_ID, offsetof(DecideIn, cycle), .required = true, .title = "年度周期" },
    { "object", SHAPE_TEXT, offsetof(DecideIn, object), .required = true, .max = 40,
      .title = "评议对象" },
    { "order", SHAPE_IDS, offsetof(DecideIn, order), .required = true, .max = ORDER_MAX,
      .title = "裁定后的先后" },
    { "reason", SHAPE_TEXT, offsetof(DecideIn, reason), .required = true, .max = 1000,
      .title = "理由" },
};
static const Shape tie_in = SHAPE("TieDecideIn", DecideIn, tie_fields);

static bool order_sound(const Assess *as, const ShapeList *order, Err *e)
{
    const int64_t *ids = order->items;
    for (size_t i = 0; i < order->n; i++) {
        if (!work_assess_person(as, ids[i]))
            return err_fail(e, ERR_NOT_FOUND, err_hole("what", "述职人"));
        for (size_t k = 0; k < i; k++)
            if (ids[k] == ids[i])
                return err_fail(e, ERR_SCORE_TWICE, err_hole("what", "述职人"),
                                err_hole("name", work_assess_person(as, ids[i])->name),
                                err_hole("where", "裁定后的先后"));
    }
    return order->n >= 2 || err_fail(e, ERR_FIELD_MISSING, err_hole("field", "裁定后的先后"));
}

static bool tie_decide(Call *c, const void *in_, Jw *out, Err *e)
{
    const DecideIn *in = in_;
    Assess as;
    if (!decision_open(&as, c, in->cycle, in->object, e) || !order_sound(&as, &in->order, e))
        return false;
    if (!as.chosen || as.choices.ties != SCORE_COMMITTEE)
        return not_chosen(c, "由审定机构说明理由裁定并列", e);
    json_t *body = json_pack("{s:I,s:o,s:o,s:o}", "cycle", (json_int_t)in->cycle, "object",
                             jv_new(in->object), "order",
                             jv_new_ids(in->order.items, in->order.n), "reason",
                             jv_new(in->reason));
    return file_decision(c, &as, "tie_decision", body, out, e);
}

const UseCase work_tie_decide = { "tie_decide", "裁定并列（须写理由）", WORK_WRITE,
                                  ROLE_BIT(ROLE_COMMITTEE), &tie_in, &work_made,
                                  .run = tie_decide };

static const ShapeField object_fields[] = {
    { "cycle", SHAPE_ID, offsetof(DecideIn, cycle), .required = true, .title = "年度周期" },
    { "object", SHAPE_TEXT, offsetof(DecideIn, object), .required = true, .max = 40,
      .title = "评议对象" },
};
static const Shape draw_in = SHAPE("TieDrawIn", DecideIn, object_fields);

/* One seed for each object: the smaller SHA-256(seed, id) comes first, so anyone can repeat it. */
static bool tie_draw(Call *c, const void *in_, Jw *out, Err *e)
{
    const DecideIn *in = in_;
    char seed[SEED_BYTES];
    Assess as;
    FactList l;
    if (!decision_open(&as, c, in->cycle, in->object, e) ||
        !call_list_id(&l, c, "tie_lot", "cycle", in->cycle, e))
        return false;
    if (!as.chosen || as.choices.ties != SCORE_LOT)
        return not_chosen(c, "并列时抽签", e);
    for (size_t i = 0; i < l.n; i++)
        if (str_eq(fact_str(c->a, &l.items[i], "object"), in->object))
            return err_fail(e, ERR_TIE_DRAWN);
    sys_random(work_sys(c->w), seed, sizeof seed);
    Str hex = hash_hex_bytes(c->a, (Str){ seed, sizeof seed });
    json_t *body = json_pack("{s:I,s:o,s:o}", "cycle", (json_int_t)in->cycle, "object",
                             jv_new(in->object), "seed", jv_new(hex));
    return file_decision(c, &as, "tie_lot", body, out, e);
}

const UseCase work_tie_draw = { "tie_draw", "抽签决定并列的先后", WORK_WRITE, ASSESS_CLERKS, &draw_in,
                                &work_made, .run = tie_draw };

static const ShapeField override_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(DecideIn, debriefer), .required = true,
      .title = "述职人" },
    { "object", SHAPE_TEXT, offsetof(DecideIn, object), .required = true, .max = 40,
      .title = "评议对象" },
    { "grade", SHAPE_TEXT, offsetof(DecideIn, grade), .required = true, .max = 40,
      .title = "审定等次" },
    { "reason", SHAPE_TEXT, offsetof(DecideIn, reason), .required = true, .max = 1000,
      .title = "理由" },
    { "withdrawn", SHAPE_BOOL, offsetof(DecideIn, withdrawn), .title = "撤销" },
};
static const Shape override_in = SHAPE("GradeOverrideIn", DecideIn, override_fields);

/* One override a debriefer and object: a later one takes the place of the one before. */
static bool override_before(int64_t *subject, Call *c, const DecideIn *in, Err *e)
{
    FactList l;
    *subject = 0;
    if (!call_list_id(&l, c, "grade_override", "debriefer", in->debriefer, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (str_eq(fact_str(c->a, &l.items[i], "object"), in->object))
            *subject = l.items[i].subject;
    return true;
}

static bool grade_override(Call *c, const void *in_, Jw *out, Err *e)
{
    const DecideIn *in = in_;
    Assess as;
    Fact d;
    int64_t subject, id;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) ||
        !call_may_cycle(c, fact_int(&d, "cycle"), e) ||
        !open_debriefer(&d, &as, c, in->debriefer, e) ||
        !work_cycle_at(c, &as.cycle, "assessed", e) || !known_object(&as, in->object, e) ||
        !override_before(&subject, c, in, e))
        return false;
    if (pack_scheme_band(as.scheme, in->grade) < 0)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "等次"));
    json_t *body = json_pack("{s:I,s:o,s:o,s:o,s:b}", "debriefer", (json_int_t)in->debriefer,
                             "object", jv_new(in->object), "grade", jv_new(in->grade),
                             "reason", jv_new(in->reason), "withdrawn", (int)in->withdrawn);
    Filing f = { .form = "grade_override", .subject = subject, .org = fact_int(&d, "org"),
                 .body = body };
    bool ok = body ? call_file(c, &f, &id, e) : no_memory(e);
    json_decref(body);
    if (!ok || !work_result_refresh(c, as.cycle.subject, e))
        return false;
    work_put_made(out, subject ? subject : id, id);
    return true;
}

const UseCase work_grade_override = { "grade_override", "审定等次与测算不一致（须写理由）", WORK_WRITE,
                                      ROLE_BIT(ROLE_COMMITTEE), &override_in, &work_made,
                                      .run = grade_override };
