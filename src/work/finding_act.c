/* What becomes of a finding: added, filled in, moved towards close-out, extended by approval. */
#include "work/finding.h"
#include "work/rows.h"

typedef struct ActIn {
    int64_t finding, version;
    Day due;
    Str event, reason;
    const json_t *body;
} ActIn;

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "问题"));
}

static Str field_title(Call *c, Str name)
{
    const Form *form = pack_form(call_rules(c), STRC("finding"));
    const FormField *f = form ? form_field(form, name) : NULL;
    return f ? f->title : name;
}

/* Is the member named in the list that ends with NULL? */
static bool listed(const char *const *names, const char *key)
{
    while (*names && !str_is(str_of(*names), key))
        names++;
    return *names != NULL;
}

/* --- adding --------------------------------------------------------------------------------- */

static const ShapeField add_fields[] = {
    { "body", SHAPE_JSON, offsetof(ActIn, body), .required = true, .title = "问题" },
};
static const Shape add_in = SHAPE("FindingAddIn", ActIn, add_fields);
static const ShapeField added_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "no", SHAPE_INT },
};
static const Shape added = SHAPE_REPLY("FindingAdded", added_fields);

/* Of a finding about a debriefer, cycle and organisation are his. */
static bool place(Call *c, json_t *body, Err *e)
{
    Fact d;
    if (!jv_int(body, "debriefer"))
        return jv_int(body, "org") || err_fail(e, ERR_FIELD_MISSING, err_hole("field", "整改单位"));
    if (!call_thing(&d, c, "debriefer", jv_int(body, "debriefer"), e))
        return false;
    bool ok = json_object_set_new(body, "cycle", json_integer(fact_int(&d, "cycle"))) == 0 &&
              (jv_int(body, "org") ||
               json_object_set_new(body, "org", json_integer(fact_int(&d, "org"))) == 0);
    return ok || no_memory(e);
}

/* Organiser's people list any source; a secretary lists what his organisation found itself. */
static bool may_add(Call *c, const json_t *body, Err *e)
{
    int64_t org = jv_int(body, "org");
    c->asked = true;
    if (work_finding_covers(c, FINDING_JUDGES, jv_int(body, "cycle"), org) ||
        (str_is(jv_str(body, "source"), "self_finding") && call_can(c, FINDING_DOERS, org)))
        return true;
    return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
}

/* A survey fact is of this debriefer, and may be known. */
static bool from_survey(Call *c, const json_t *body, Err *e)
{
    Fact s, cycle;
    bool listable;
    if (!jv_int(body, "from_fact"))
        return true;
    if (!call_thing(&s, c, "survey_fact", jv_int(body, "from_fact"), e))
        return false;
    if (fact_int(&s, "debriefer") != jv_int(body, "debriefer"))
        return err_fail(e, ERR_FINDING_SOURCE, err_hole("what", "调研情况"));
    return call_thing(&cycle, c, "cycle", jv_int(body, "cycle"), e) &&
           work_survey_listable(&listable, c, &cycle, e) &&
           (listable || err_fail(e, ERR_FINDING_SEALED));
}

/* Last year's finding is still open, of the same organisation, and goes on only once. */
static bool from_last_year(json_t **out, Call *c, const json_t *body, Err *e)
{
    Fact old;
    int64_t from = jv_int(body, "carried_from"), cycle = jv_int(body, "cycle");
    if (!from || !cycle)
        return err_fail(e, ERR_FIELD_MISSING, err_hole("field", from ? "年度周期" : "结转自"));
    if (!call_thing(&old, c, "finding", from, e) || !work_finding_mine(c, &old, e))
        return false;
    if (old.org != jv_int(body, "org") || fact_int(&old, "cycle") == cycle ||
        !work_finding_open(c, &old))
        return err_fail(e, ERR_FINDING_SOURCE, err_hole("what", "上年问题"));
    *out = work_finding_heir_body(c, &old, cycle, e);
    if (*out && jv_int(body, "debriefer"))
        json_object_set_new(*out, "debriefer", json_integer(jv_int(body, "debriefer")));
    return *out != NULL;
}

static bool add_body(json_t **out, Call *c, const json_t *given, Err *e)
{
    static const char *const may[] = { "cycle", "debriefer", "org", "source", "by", "from_fact",
                                       "text", "category", "root_cause", "target", "measure",
                                       "leader", "owner", "deadline_class", "due", "milestones",
                                       "carried_from", NULL };
    const char *key;
    json_t *value, *body = json_deep_copy(given);
    json_object_foreach (body, key, value)
        if (!listed(may, key)) {
            bool ok = err_fail(e, ERR_FIELD_UNKNOWN, err_hole("field", key));
            json_decref(body);
            return ok;
        }
    Str source = jv_str(given, "source");
    bool ok = body && json_object_set_new(body, "state", json_string("listed")) == 0;
    ok = ok ? place(c, body, e) && may_add(c, body, e) : no_memory(e);
    if (ok && str_is(source, "carry_over")) {
        json_t *heir;
        ok = from_last_year(&heir, c, body, e);
        json_decref(body);
        body = ok ? heir : NULL;
    } else if (ok && str_is(source, "pre_survey")) {
        ok = from_survey(c, body, e);
    }
    if (!ok)
        json_decref(body);
    *out = body;
    return ok;
}

static bool finding_add(Call *c, const void *in_, Jw *out, Err *e)
{
    const ActIn *in = in_;
    json_t *body = NULL;
    int64_t id;
    if (!add_body(&body, c, in->body, e))
        return false;
    bool ok = work_finding_file(&id, c, body, e);
    if (ok) {
        work_put_made(out, id, id);
        if (jv_int(body, "no"))
            jw_kint(out, "no", jv_int(body, "no"));
    }
    json_decref(body);
    return ok;
}

const UseCase work_finding_add = { "finding_add", "列入问题", WORK_WRITE,
                                   FINDING_JUDGES | FINDING_DOERS, &add_in, &added,
                                   .run = finding_add };

/* --- filling in ----------------------------------------------------------------------------- */

/* Every finding of a year gets its number at the latest when it is first touched. */
static bool numbered(Call *c, const Fact *was, json_t *patch, Err *e)
{
    int64_t no;
    if (fact_int(was, "no") || !fact_int(was, "cycle"))
        return true;
    return work_finding_no(&no, c, fact_int(was, "cycle"), e) &&
           (json_object_set_new(patch, "no", json_integer(no)) == 0 || no_memory(e));
}

/* The day is set once; later it moves by approval only. */
static bool due_kept(const Fact *was, const json_t *patch, Arena *a, Err *e)
{
    Day due = fact_day(was, "due");
    if (due == DAY_NONE || !jv_get(patch, "due") || jv_day(patch, "due") == due)
        return true;
    return err_fail(e, ERR_FINDING_DUE, err_hole("due", day_print_zh(a, due)));
}

static bool locked(Call *c, const Fact *was)
{
    Str state = fact_str(c->a, was, "state");
    return str_is(state, "close_out_applied") || str_is(state, "verified") ||
           !work_finding_open(c, was);
}

static bool edit_allowed(Call *c, const Fact *was, const json_t *patch, uint32_t hands, Err *e)
{
    static const char *const columns[] = { "category", "root_cause", "target", "measure", "leader",
                                           "owner", "deadline_class", "due", "progress",
                                           "milestones", "evidence", "mechanism", NULL };
    static const char *const clerks[] = { "text", "by", NULL };
    bool clerk = (hands & FINDING_CLERKS) != 0;
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)patch, key, value) {
        Str name = str_of(key), title = field_title(c, name);
        if (!listed(columns, key) && !(clerk && listed(clerks, key)))
            return err_fail(e, ERR_FIELD_UNKNOWN, err_hole("field", title));
        bool class_set = str_is(name, "deadline_class") && !clerk &&
                         fact_str(c->a, was, "deadline_class").n &&
                         !str_eq(jv_str(patch, key), fact_str(c->a, was, "deadline_class"));
        if (class_set || (locked(c, was) && !str_is(name, "mechanism")))
            return err_fail(e, ERR_FINDING_LOCKED,
                            err_hole("state", call_title(c, "finding_state",
                                                         fact_str(c->a, was, "state"))),
                            err_hole("field", title));
    }
    return due_kept(was, patch, c->a, e);
}

static const ShapeField edit_fields[] = {
    { "finding", SHAPE_ID, offsetof(ActIn, finding), .required = true, .title = "问题" },
    { "version", SHAPE_ID, offsetof(ActIn, version), .required = true, .title = "版本" },
    { "body", SHAPE_JSON, offsetof(ActIn, body), .required = true, .title = "修改内容" },
};
static const Shape edit_in = SHAPE("FindingEditIn", ActIn, edit_fields);

/* The finding, and with which roles the caller stands before it. */
static bool taken(Fact *was, uint32_t *hands, Call *c, int64_t finding, uint32_t roles, Err *e)
{
    c->asked = true;
    if (!call_thing(was, c, "finding", finding, e) || !work_finding_hands(hands, c, was, e))
        return false;
    if (!(*hands & roles))
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
    return work_finding_mine(c, was, e);
}

static bool finding_edit(Call *c, const void *in_, Jw *out, Err *e)
{
    const ActIn *in = in_;
    Fact was;
    uint32_t hands;
    int64_t id;
    if (!taken(&was, &hands, c, in->finding, FINDING_DOERS | FINDING_CLERKS, e) ||
        !edit_allowed(c, &was, in->body, hands, e) || !work_finding_refs(c, in->body, e))
        return false;
    json_t *patch = json_deep_copy(in->body);
    bool ok = patch ? numbered(c, &was, patch, e) &&
                          call_revise(c, "finding", &was, in->version, patch, &id, e)
                    : no_memory(e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->finding, id);
    return ok;
}

#define WRITERS (FINDING_DOERS | FINDING_CLERKS | ROLE_BIT(ROLE_MEMBER))
const UseCase work_finding_edit = { "finding_edit", "填写整改内容", WORK_WRITE, WRITERS, &edit_in,
                                    &work_made, .run = finding_edit };

/* --- moving --------------------------------------------------------------------------------- */

static const ShapeField go_fields[] = {
    { "finding", SHAPE_ID, offsetof(ActIn, finding), .required = true, .title = "问题" },
    { "version", SHAPE_ID, offsetof(ActIn, version), .required = true, .title = "版本" },
    { "event", SHAPE_TEXT, offsetof(ActIn, event), .required = true, .max = 40, .title = "办理" },
    { "body", SHAPE_JSON, offsetof(ActIn, body), .title = "随同填写" },
};
static const Shape go_in = SHAPE("FindingMoveIn", ActIn, go_fields);

static const FlowMove *move_named(Call *c, const Fact *was, Str event)
{
    const Flow *flow = pack_flow(call_rules(c), STRC("finding"));
    Str state = fact_str(c->a, was, "state");
    for (size_t i = 0; flow && i < flow->n_moves; i++)
        if (str_eq(flow->moves[i].event, event) && str_eq(flow->moves[i].from, state))
            return &flow->moves[i];
    return NULL;
}

static bool fields_fit(Call *c, const json_t *patch, const FlowMove *m, Err *e)
{
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)patch, key, value)
        if (!listed(work_finding_fields(m->event), key))
            return err_fail(e, ERR_FINDING_FIELD, err_hole("move", m->title),
                            err_hole("field", field_title(c, str_of(key))));
    return true;
}

/* What the move says by itself: days, who verified; an opinion speaks of one application only, a
 * recheck of one close-out. */
static bool by_itself(Call *c, json_t *patch, const FlowMove *m, Err *e)
{
    int64_t judge = c->who->behalf ? c->who->behalf : c->who->person;
    Str today = day_print(c->a, c->today);
    int bad = 0;
    if (str_is(m->to, "close_out_applied")) {
        bad |= json_object_set_new(patch, "applied_on", jv_new(today));
        bad |= json_object_set_new(patch, "opinion", json_null());
        bad |= json_object_set_new(patch, "verifier", json_null());
    }
    if (str_is(m->to, "verified") || str_is(m->to, "returned"))
        bad |= json_object_set_new(patch, "verifier", judge ? json_integer(judge) : json_null());
    if (str_is(m->to, "closed"))
        bad |= json_object_set_new(patch, "recheck_result", json_null());
    if (str_is(m->to, "rechecked") || str_is(m->to, "reopened"))
        bad |= json_object_set_new(patch, "recheck_on", jv_new(today));
    return !bad || no_memory(e);
}

/* What the thing would say after the patch, before its state changes. */
static json_t *as_filed(Call *c, const Fact *was, const json_t *patch, Err *e)
{
    json_t *body = call_body(c, was, e);
    if (body && json_object_update(body, (json_t *)patch) != 0) {
        json_decref(body);
        body = NULL;
        no_memory(e);
    }
    return body;
}

static bool moved(int64_t *id, Call *c, const Fact *was, const ActIn *in, const FlowMove *m,
                  uint32_t hands, Err *e)
{
    FindingPast past;
    json_t *patch = in->body ? json_deep_copy(in->body) : json_object(), *body = NULL;
    /* A new opinion, recheck or evidence comes with the move: the guard reads it, an old one is
     * no ground. */
    bool fresh = str_is(m->to, "rechecked") || str_is(m->to, "reopened");
    bool ok = patch ? by_itself(c, patch, m, e) && numbered(c, was, patch, e) : no_memory(e);
    if (ok && fresh && !jv_get(patch, "recheck_result"))
        ok = json_object_set_new(patch, "recheck_result", json_null()) == 0 || no_memory(e);
    ok = ok && (body = as_filed(c, was, patch, e)) && work_finding_past(&past, c, was, e) &&
         work_finding_guard(c, was, &past, body, m, e) &&
         call_move_as(c, hands, "finding", was, in->version, arena_z(c->a, in->event), patch, id,
                      e);
    json_decref(body);
    json_decref(patch);
    return ok;
}

static bool finding_move(Call *c, const void *in_, Jw *out, Err *e)
{
    const ActIn *in = in_;
    Fact was;
    uint32_t hands;
    int64_t id;
    if (!taken(&was, &hands, c, in->finding, WRITERS, e))
        return false;
    const FlowMove *m = move_named(c, &was, in->event);
    if (!m) /* says what can be done from here */
        return call_move_as(c, hands, "finding", &was, in->version, arena_z(c->a, in->event), NULL,
                            &id, e);
    if (!fields_fit(c, in->body, m, e) || !due_kept(&was, in->body, c->a, e) ||
        !work_finding_refs(c, in->body, e) || !moved(&id, c, &was, in, m, hands, e))
        return false;
    work_put_made(out, in->finding, id);
    return true;
}

const UseCase work_finding_move = { "finding_move", "办理整改的一步（认领、申请销号、验收、回头看等）",
                                    WORK_WRITE, WRITERS, &go_in, &work_made, .run = finding_move };

/* --- extending ------------------------------------------------------------------------------ */

static const ShapeField extend_fields[] = {
    { "finding", SHAPE_ID, offsetof(ActIn, finding), .required = true, .title = "问题" },
    { "version", SHAPE_ID, offsetof(ActIn, version), .required = true, .title = "版本" },
    { "due", SHAPE_DAY, offsetof(ActIn, due), .required = true, .title = "延至" },
    { "reason", SHAPE_TEXT, offsetof(ActIn, reason), .required = true, .max = 500,
      .title = "理由" },
};
static const Shape extend_in = SHAPE("FindingExtendIn", ActIn, extend_fields);

static json_t *extension(Call *c, const Fact *was, const ActIn *in, Err *e)
{
    Str before = day_print(c->a, fact_day(was, "due")), due = day_print(c->a, in->due);
    Str today = day_print(c->a, c->today);
    json_t *body = call_body(c, was, e);
    if (!body)
        return NULL;
    const json_t *had = jv_get(body, "extensions");
    json_t *list = had ? json_deep_copy(had) : json_array();
    json_t *row = json_pack("{s:s%,s:s%,s:s%,s:s%}", "was", before.p, before.n, "due", due.p, due.n,
                            "reason", in->reason.p, in->reason.n, "on", today.p, today.n);
    json_t *patch = NULL;
    if (list && row && json_array_append(list, row) == 0)
        patch = json_pack("{s:s%,s:O}", "due", due.p, due.n, "extensions", list);
    json_decref(row);
    json_decref(list);
    json_decref(body);
    if (!patch)
        no_memory(e);
    return patch;
}

static bool finding_extend(Call *c, const void *in_, Jw *out, Err *e)
{
    const ActIn *in = in_;
    Fact was;
    uint32_t hands;
    int64_t id;
    if (!taken(&was, &hands, c, in->finding, ROLE_BIT(ROLE_ORGANISER_HEAD), e))
        return false;
    Day due = fact_day(&was, "due");
    if (due == DAY_NONE)
        return err_fail(e, ERR_FINDING_NO_DUE);
    if (!work_finding_open(c, &was))
        return err_fail(e, ERR_FINDING_LOCKED,
                        err_hole("state", call_title(c, "finding_state",
                                                     fact_str(c->a, &was, "state"))),
                        err_hole("field", "完成时限"));
    if (in->due <= due)
        return err_fail(e, ERR_FINDING_LATER, err_hole("due", day_print_zh(c->a, due)));
    json_t *patch = extension(c, &was, in, e);
    bool ok = patch && numbered(c, &was, patch, e) &&
              call_revise(c, "finding", &was, in->version, patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->finding, id);
    return ok;
}

const UseCase work_finding_extend = { "finding_extend", "批准延长整改时限（须写理由）", WORK_WRITE,
                                      ROLE_BIT(ROLE_ORGANISER_HEAD), &extend_in, &work_made,
                                      .run = finding_extend };
