/* The year: opening a cycle, its choices, its debriefers, its timeline. */
#include "score/score.h"
#include "work/areas.h"
#include "work/call.h"
#include "work/rows.h"

#define ORGANISERS (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))
bool work_cycle_at(Call *c, const Fact *cycle, const char *state, Err *e)
{
    Str now = fact_str(c->a, cycle, "state");
    return str_is(now, state) ||
           err_fail(e, ERR_CYCLE_STATE, err_hole("what", c->u->title),
                    err_hole("state", call_title(c, "cycle_state", now)),
                    err_hole("want", call_title(c, "cycle_state", str_of(state))));
}

/* --- what can be chosen ---------------------------------------------------------------------- */

static const ShapeField named_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
};
static const Shape named = SHAPE_REPLY("Named", named_fields);
static const ShapeField scheme_group_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "weight", SHAPE_DEC, .required = true },
    { "merge", SHAPE_TEXT },
};
static const Shape scheme_group = SHAPE_REPLY("SchemeGroup", scheme_group_fields);
static const ShapeField scheme_part_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "from", SHAPE_DEC, .required = true },
    { "to", SHAPE_DEC, .required = true },
    { "missing", SHAPE_WORD, .required = true, .words = "refuse|renormalise|zero" },
};
static const Shape scheme_part = SHAPE_REPLY("SchemePart", scheme_part_fields);
static const ShapeField scheme_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "cite", SHAPE_TEXT },
    { "groups", SHAPE_LIST, .required = true, .sub = &scheme_group },
    { "parts", SHAPE_LIST, .required = true, .sub = &scheme_part },
    { "events", SHAPE_LIST, .required = true, .sub = &named },
    { "items", SHAPE_LIST, .required = true, .sub = &named },
    { "options", SHAPE_LIST, .required = true, .sub = &named },
    { "reasons", SHAPE_LIST, .required = true, .sub = &named },
    { "nodes", SHAPE_LIST, .required = true, .sub = &named },
    { "grades", SHAPE_LIST, .required = true, .sub = &named },
};
static const Shape scheme_shape = SHAPE_REPLY("Scheme", scheme_fields);
static const ShapeField schemes_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &scheme_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape schemes_out = SHAPE_REPLY("Schemes", schemes_fields);

static void put_named(Jw *w, Str name, Str title)
{
    jw_obj(w);
    jw_kstr(w, "name", name);
    jw_kstr(w, "title", title.n ? title : name);
    jw_end(w);
}


static void put_groups_parts(Jw *w, const Scheme *s)
{
    jw_key(w, "groups");
    jw_arr(w);
    for (size_t i = 0; i < s->n_groups; i++) {
        jw_obj(w);
        jw_kstr(w, "name", s->groups[i].name);
        jw_kstr(w, "title", s->groups[i].title);
        jw_kdec(w, "weight", s->groups[i].weight);
        if (s->groups[i].merge >= 0)
            jw_kstr(w, "merge", s->groups[s->groups[i].merge].name);
        jw_end(w);
    }
    jw_end(w);
    jw_key(w, "parts");
    jw_arr(w);
    for (size_t i = 0; i < s->n_parts; i++) {
        jw_obj(w);
        jw_kstr(w, "name", s->parts[i].name);
        jw_kstr(w, "title", s->parts[i].title);
        jw_kdec(w, "from", s->parts[i].from);
        jw_kdec(w, "to", s->parts[i].to);
        jw_kstr(w, "missing", str_of(pack_scheme_missing_name(s->parts[i].missing)));
        jw_end(w);
    }
    jw_end(w);
}

static void put_scheme(Jw *w, const Scheme *s)
{
    const SchemeInstrument *ins = s->n_instruments ? &s->instruments[0] : NULL;
    jw_obj(w);
    jw_kstr(w, "name", s->name);
    jw_kstr(w, "title", s->title);
    jw_kstr(w, "cite", s->cite);
    put_groups_parts(w, s);
    jw_key(w, "events"), jw_arr(w);
    for (size_t i = 0; i < s->n_events; i++)
        put_named(w, s->events[i].name, s->events[i].title);
    jw_end(w), jw_key(w, "items"), jw_arr(w);
    for (size_t i = 0; ins && i < ins->n_items; i++)
        put_named(w, ins->items[i].name, ins->items[i].title);
    jw_end(w), jw_key(w, "options"), jw_arr(w);
    for (size_t i = 0; ins && i < ins->n_options; i++)
        put_named(w, ins->options[i].name, ins->options[i].title);
    jw_end(w), jw_key(w, "reasons"), jw_arr(w);
    for (size_t i = 0; ins && i < ins->n_reasons; i++)
        put_named(w, ins->reasons[i].name, ins->reasons[i].title);
    jw_end(w), jw_key(w, "nodes"), jw_arr(w);
    for (size_t i = 0; i < s->n_nodes; i++)
        put_named(w, s->nodes[i].name, s->nodes[i].title);
    jw_end(w), jw_key(w, "grades"), jw_arr(w);
    for (size_t i = 0; i < s->n_bands; i++)
        put_named(w, s->bands[i].name, s->bands[i].title);
    jw_end(w);
    jw_end(w);
}

static bool scheme_list(Call *c, const void *in, Jw *out, Err *e)
{
    size_t n = 0;
    const Scheme *s;
    (void)in;
    if (!call_may_all(c, e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (; (s = pack_scheme_at(call_rules(c), n)) != NULL; n++)
        put_scheme(out, s);
    jw_end(out);
    jw_kint(out, "total", (int64_t)n);
    return true;
}

const UseCase work_scheme_list = { "scheme_list", "查看评分方案", WORK_READ, WORK_LOGGED_IN, NULL,
                                   &schemes_out, .run = scheme_list };

typedef struct FormIn {
    Str form;
} FormIn;
static const ShapeField form_in_fields[] = {
    { "form", SHAPE_TEXT, offsetof(FormIn, form), .required = true, .max = 60, .title = "表单" },
};
static const Shape form_in = SHAPE("FormIn", FormIn, form_in_fields);
static const ShapeField form_out_fields[] = { { "form", SHAPE_JSON, .required = true } };
static const Shape form_out = SHAPE_REPLY("FormOut", form_out_fields);

static bool form_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const FormIn *in = in_;
    const Form *f = pack_form(call_rules(c), in->form);
    if (!call_may_all(c, e))
        return false;
    if (!f)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", in->form));
    jw_key(out, "form");
    form_describe(out, f);
    return true;
}

const UseCase work_form_show = { "form_show", "查看表单", WORK_READ, WORK_LOGGED_IN, &form_in,
                                 &form_out, .run = form_show };

/* --- opening and changing the year ------------------------------------------------------------ */

typedef struct BodyIn {
    int64_t cycle, version;
    const json_t *body;
    Str reason;
} BodyIn;
static const ShapeField open_fields[] = {
    { "body", SHAPE_JSON, offsetof(BodyIn, body), .required = true, .title = "年度周期" },
};
static const Shape open_in = SHAPE("CycleOpenIn", BodyIn, open_fields);
static const ShapeField made_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
};
const Shape work_made = SHAPE_REPLY("Made", made_fields);

void work_put_made(Jw *out, int64_t id, int64_t version)
{
    jw_kint(out, "id", id);
    jw_kint(out, "version", version);
}

/* One organiser has one cycle a year; a scheme by that name exists; the state is ours to set. */
static bool cycle_guard(Call *c, const json_t *body, int64_t self, Err *e)
{
    FactList l;
    int64_t year = jv_int(body, "year");
    if (!pack_scheme(call_rules(c), jv_str(body, "scheme")))
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "评分方案"));
    if (year < 2000 || year > 2100)
        return err_fail(e, ERR_FIELD_RANGE, err_hole("field", "年度"), err_hole("min", 2000),
                        err_hole("max", 2100));
    if (!call_list_id(&l, c, "cycle", "year", year, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (l.items[i].subject != self &&
            fact_int(&l.items[i], "organiser") == jv_int(body, "organiser"))
            return err_fail(e, ERR_CYCLE_TWICE, err_hole("year", year));
    return true;
}

static bool cycle_open(Call *c, const void *in_, Jw *out, Err *e)
{
    const BodyIn *in = in_;
    int64_t organiser = jv_int(in->body, "organiser"), id;
    Fact org;
    if (!call_may_org(c, organiser, e) || !call_thing(&org, c, "org", organiser, e) ||
        !cycle_guard(c, in->body, 0, e))
        return false;
    json_t *body = json_deep_copy(in->body);
    bool ok = body && json_object_set_new(body, "state", json_string("preparing")) == 0;
    json_object_del(body, "choices");
    Filing f = { .form = "cycle", .org = organiser, .body = body };
    ok = ok ? call_file(c, &f, &id, e) : err_fail(e, ERR_NO_MEMORY, err_hole("what", "年度周期"));
    json_decref(body);
    if (ok)
        work_put_made(out, id, id);
    return ok;
}

const UseCase work_cycle_open = { "cycle_open", "开启年度周期", WORK_WRITE, ORGANISERS, &open_in,
                                  &work_made, .run = cycle_open };

static const ShapeField edit_fields[] = {
    { "cycle", SHAPE_ID, offsetof(BodyIn, cycle), .required = true, .title = "年度周期" },
    { "version", SHAPE_ID, offsetof(BodyIn, version), .required = true, .title = "版本" },
    { "body", SHAPE_JSON, offsetof(BodyIn, body), .required = true, .title = "修改内容" },
    { "reason", SHAPE_TEXT, offsetof(BodyIn, reason), .required = true, .max = 500,
      .title = "理由" },
};
static const Shape edit_in = SHAPE("CycleEditIn", BodyIn, edit_fields);

/* Until voting opens everything but organiser, year and state may change, with a reason. */
static bool cycle_edit(Call *c, const void *in_, Jw *out, Err *e)
{
    const BodyIn *in = in_;
    static const char *const fixed[] = { "state", "year", "organiser", "choices", "previous" };
    Fact was;
    int64_t id;
    if (!call_may_cycle(c, in->cycle, e) || !call_thing(&was, c, "cycle", in->cycle, e) ||
        !work_cycle_at(c, &was, "preparing", e))
        return false;
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (jv_get(in->body, fixed[i]))
            return err_fail(e, ERR_FIELD_UNKNOWN, err_hole("field", fixed[i]));
    if (jv_get(in->body, "scheme") &&
        !pack_scheme(call_rules(c), jv_str(in->body, "scheme")))
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "评分方案"));
    json_t *patch = json_deep_copy(in->body);
    if (jv_get(in->body, "scheme")) /* choices name nodes of the scheme: they must be made again */
        json_object_set_new(patch, "choices", json_null());
    bool ok = json_object_set_new(patch, "reason", json_stringn(in->reason.p, in->reason.n)) == 0 &&
              call_revise(c, "cycle", &was, in->version, patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->cycle, id);
    return ok;
}

const UseCase work_cycle_edit = { "cycle_edit", "修改年度安排（开始测评前，须写理由）", WORK_WRITE,
                                  ORGANISERS, &edit_in, &work_made, .run = cycle_edit };

/* --- R, T, Q: what no scheme states ------------------------------------------------------------- */

typedef struct ChoicesIn {
    int64_t cycle, version, floor;
    const json_t *choices;
} ChoicesIn;
static const ShapeField choices_fields[] = {
    { "cycle", SHAPE_ID, offsetof(ChoicesIn, cycle), .required = true, .title = "年度周期" },
    { "version", SHAPE_ID, offsetof(ChoicesIn, version), .required = true, .title = "版本" },
    { "choices", SHAPE_JSON, offsetof(ChoicesIn, choices), .required = true,
      .title = "取整、并列与票数效力的选择" },
    { "floor", SHAPE_INT, offsetof(ChoicesIn, floor), .required = true, .min = 3, .max = 100,
      .title = "单独统计的最少有效票" },
};
static const Shape choices_in = SHAPE("ChoicesIn", ChoicesIn, choices_fields);

static bool choices_set(Call *c, const void *in_, Jw *out, Err *e)
{
    const ChoicesIn *in = in_;
    ScoreChoices read;
    Fact was;
    int64_t id;
    if (!call_may_cycle(c, in->cycle, e) || !call_thing(&was, c, "cycle", in->cycle, e) ||
        !work_cycle_at(c, &was, "preparing", e))
        return false;
    const Scheme *s = pack_scheme(call_rules(c), fact_str(c->a, &was, "scheme"));
    if (!s)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "评分方案"));
    if (!score_choices_read(&read, c->a, in->choices, e) || !score_choices_check(&read, s, e))
        return false;
    json_t *patch = json_pack("{s:O,s:I}", "choices", in->choices, "floor", (json_int_t)in->floor);
    bool ok = call_revise(c, "cycle", &was, in->version, patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->cycle, id);
    return ok;
}

const UseCase work_choices_set = { "choices_set", "选定取整、并列与票数效力", WORK_WRITE, ORGANISERS,
                                   &choices_in, &work_made, .run = choices_set };

/* --- debriefers ------------------------------------------------------------------------------- */

typedef struct DebrieferIn {
    int64_t cycle, debriefer, version;
    const json_t *body;
    Str reason;
} DebrieferIn;
static const ShapeField add_fields[] = {
    { "cycle", SHAPE_ID, offsetof(DebrieferIn, cycle), .required = true, .title = "年度周期" },
    { "body", SHAPE_JSON, offsetof(DebrieferIn, body), .required = true, .title = "述职人" },
};
static const Shape add_in = SHAPE("DebrieferAddIn", DebrieferIn, add_fields);

/* One person files one report a cycle, on however many lines he sits. */
static bool not_yet(Call *c, int64_t cycle, int64_t person, Err *e)
{
    FactList l;
    Str name;
    if (!call_list_id(&l, c, "debriefer", "person", person, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (fact_int(&l.items[i], "cycle") == cycle)
            return call_name(&name, c, "person", person, e) &&
                   err_fail(e, ERR_DEBRIEFER_TWICE, err_hole("name", name));
    return true;
}

static bool lines_exist(Call *c, const json_t *body, Err *e)
{
    const json_t *lines = jv_get(body, "lines");
    Fact f;
    for (size_t i = 0; i < jv_len(lines); i++)
        if (!call_thing(&f, c, "org", json_integer_value(jv_at(lines, i)), e))
            return false;
    int64_t receiver = jv_int(body, "receiver");
    return receiver == 0 || call_thing(&f, c, "person", receiver, e);
}

static bool debriefer_add(Call *c, const void *in_, Jw *out, Err *e)
{
    const DebrieferIn *in = in_;
    Fact cycle, f;
    int64_t id, org = jv_int(in->body, "org"), person = jv_int(in->body, "person");
    if (!call_may_cycle(c, in->cycle, e) || !call_thing(&cycle, c, "cycle", in->cycle, e) ||
        !work_cycle_at(c, &cycle, "preparing", e) || !call_thing(&f, c, "org", org, e) ||
        !call_thing(&f, c, "person", person, e) || !not_yet(c, in->cycle, person, e) ||
        !lines_exist(c, in->body, e))
        return false;
    json_t *body = json_deep_copy(in->body);
    bool ok = body && json_object_set_new(body, "cycle", json_integer(in->cycle)) == 0;
    json_object_del(body, "withdrawn");
    ok = ok ? call_file(c, &(Filing){ .form = "debriefer", .org = org, .body = body }, &id, e)
            : err_fail(e, ERR_NO_MEMORY, err_hole("what", "述职人"));
    json_decref(body);
    if (ok)
        work_put_made(out, id, id);
    return ok;
}

const UseCase work_debriefer_add = { "debriefer_add", "确定述职人", WORK_WRITE, ORGANISERS, &add_in,
                                     &work_made, .run = debriefer_add };

static const ShapeField change_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(DebrieferIn, debriefer), .required = true,
      .title = "述职人" },
    { "version", SHAPE_ID, offsetof(DebrieferIn, version), .required = true, .title = "版本" },
    { "body", SHAPE_JSON, offsetof(DebrieferIn, body), .title = "修改内容" },
    { "reason", SHAPE_TEXT, offsetof(DebrieferIn, reason), .required = true, .max = 500,
      .title = "理由" },
};
static const Shape change_in = SHAPE("DebrieferChangeIn", DebrieferIn, change_fields);

static bool debriefer_of(Fact *was, Fact *cycle, Call *c, int64_t debriefer, Err *e)
{
    return call_thing(was, c, "debriefer", debriefer, e) &&
           call_may_cycle(c, fact_int(was, "cycle"), e) &&
           call_thing(cycle, c, "cycle", fact_int(was, "cycle"), e);
}

static bool debriefer_change(Call *c, const void *in_, Jw *out, Err *e)
{
    const DebrieferIn *in = in_;
    static const char *const fixed[] = { "cycle", "person", "withdrawn" };
    Fact was, cycle;
    int64_t id;
    if (!debriefer_of(&was, &cycle, c, in->debriefer, e) || !work_cycle_at(c, &cycle, "preparing", e))
        return false;
    if (!in->body)
        return err_fail(e, ERR_FIELD_MISSING, err_hole("field", "修改内容"));
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (jv_get(in->body, fixed[i]))
            return err_fail(e, ERR_FIELD_UNKNOWN, err_hole("field", fixed[i]));
    json_t *patch = json_deep_copy(in->body);
    bool ok = json_object_set_new(patch, "reason", json_stringn(in->reason.p, in->reason.n)) == 0 &&
              lines_exist(c, patch, e) &&
              call_revise(c, "debriefer", &was, in->version, patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->debriefer, id);
    return ok;
}

const UseCase work_debriefer_change = { "debriefer_change", "变更述职人安排（开始测评前，须写理由）",
                                        WORK_WRITE, ORGANISERS, &change_in, &work_made,
                                        .run = debriefer_change };

/* Withdrawal is open at any time before the grades stand. */
static bool debriefer_withdraw(Call *c, const void *in_, Jw *out, Err *e)
{
    const DebrieferIn *in = in_;
    Fact was, cycle;
    int64_t id;
    if (!debriefer_of(&was, &cycle, c, in->debriefer, e))
        return false;
    Str state = fact_str(c->a, &cycle, "state");
    if (str_is(state, "approved") || str_is(state, "published") || str_is(state, "closed"))
        return work_cycle_at(c, &cycle, "assessed", e);
    json_t *patch = json_pack("{s:b,s:s%}", "withdrawn", 1, "reason", in->reason.p, in->reason.n);
    bool ok = call_revise(c, "debriefer", &was, in->version, patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->debriefer, id);
    return ok;
}

const UseCase work_debriefer_withdraw = { "debriefer_withdraw", "述职人退出（须写理由）", WORK_WRITE,
                                          ORGANISERS, &change_in, &work_made,
                                          .run = debriefer_withdraw };
