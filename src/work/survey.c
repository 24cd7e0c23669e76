/* What a survey team found, fact by fact, beside what the report claims. */
#include "work/areas.h"
#include "work/call.h"
#include "work/rows.h"

#define TEAM                                                                                       \
    (ROLE_BIT(ROLE_SURVEYOR) | ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))
#define READERS (TEAM | ROLE_BIT(ROLE_COMMITTEE) | ROLE_BIT(ROLE_COMMENTATOR) |                    \
                 ROLE_BIT(ROLE_SUPERIOR) | ROLE_BIT(ROLE_SECRETARY) |               \
                 ROLE_BIT(ROLE_PARTY_STAFF))

/* --- who sees it ---------------------------------------------------------------------------- */

static bool step_done(bool *out, Call *c, int64_t cycle, const char *item, Err *e)
{
    FactList meetings, steps;
    *out = false;
    if (!call_list_id(&meetings, c, "debrief_meeting", "cycle", cycle, e))
        return false;
    for (size_t i = 0; i < meetings.n && !*out; i++) {
        if (!call_list_id(&steps, c, "agenda_step", "meeting", meetings.items[i].subject, e))
            return false;
        for (size_t k = 0; k < steps.n && !*out; k++)
            *out = str_is(fact_str(c->a, &steps.items[k], "item"), item);
    }
    return true;
}

/* Open: the debriefer reads along while writing. Sealed: only the team, until the agenda step
 * "open survey" at the meeting; whoever it is about waits, also when he is one of the team. */
bool work_survey_visible(bool *out, Call *c, const Fact *debriefer, Err *e)
{
    int64_t cycle = fact_int(debriefer, "cycle");
    bool own = work_is_own(c, fact_int(debriefer, "person"));
    Fact f;
    if (!call_thing(&f, c, "cycle", cycle, e))
        return false;
    if (!own && call_can_cycle(c, TEAM, cycle))
        return *out = true, true;
    bool others = call_can_cycle(c, READERS & ~ROLE_BIT(ROLE_SECRETARY), cycle) ||
                  work_is_own(c, fact_int(debriefer, "receiver"));
    if (!own && !others)
        return *out = false, true;
    if (str_is(fact_str(c->a, &f, "survey_mode"), "sealed"))
        return step_done(out, c, cycle, "open_survey", e);
    return *out = true, true;
}

/* Who leads one of the lines he sits on reads the one report as well. */
static bool leads_line(bool *out, Call *c, const Fact *d, uint32_t roles, Err *e)
{
    json_t *body = call_body(c, d, e);
    *out = false;
    if (!body)
        return false;
    const json_t *lines = jv_get(body, "lines");
    for (size_t i = 0; i < jv_len(lines) && !*out; i++)
        *out = call_can(c, roles, json_integer_value(jv_at(lines, i)));
    json_decref(body);
    return true;
}

bool work_debriefer_read(Call *c, const Fact *d, Err *e)
{
    int64_t person = fact_int(d, "person");
    bool line;
    if (work_is_own(c, person))
        return call_may_self(c, person, e);
    /* A role at a subtree says nothing about the reports of secretaries in it. */
    uint32_t roles = c->u->roles & ~(ROLE_BIT(ROLE_SECRETARY) | ROLE_BIT(ROLE_PARTY_STAFF) |
                                     ROLE_BIT(ROLE_MEMBER));
    c->asked = true;
    if (call_can_cycle(c, roles, fact_int(d, "cycle")) || work_is_own(c, fact_int(d, "receiver")))
        return true;
    return leads_line(&line, c, d, roles, e) &&
           (line || err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title)));
}

/* --- reading -------------------------------------------------------------------------------- */

typedef struct SurveyIn {
    int64_t debriefer, fact, version;
    const json_t *body;
} SurveyIn;
static const ShapeField list_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(SurveyIn, debriefer), .required = true, .title = "述职人" },
};
static const Shape list_in = SHAPE("SurveyListIn", SurveyIn, list_fields);

static const ShapeField row_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "class", SHAPE_TEXT, .required = true },
    { "text", SHAPE_TEXT, .required = true },
    { "source", SHAPE_TEXT, .required = true },
    { "source_title", SHAPE_TEXT, .required = true },
    { "claim", SHAPE_TEXT },
    { "negative", SHAPE_BOOL, .required = true },
    { "by", SHAPE_TEXT, .required = true },
    { "at", SHAPE_MOMENT, .required = true },
    { "late", SHAPE_BOOL, .required = true },
};
static const Shape row_shape = SHAPE_REPLY("SurveyFact", row_fields);
static const ShapeField rows_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &row_shape },
    { "total", SHAPE_INT, .required = true },
    { "visible", SHAPE_BOOL, .required = true },
    { "sealed", SHAPE_BOOL, .required = true },
    { "opened", SHAPE_BOOL, .required = true },
    { "may_edit", SHAPE_BOOL, .required = true },
};
static const Shape rows_out = SHAPE_REPLY("SurveyFacts", rows_fields);

bool work_filed_by(Str *out, Call *c, const Fact *f, Err *e)
{
    Fact account, person;
    *out = STRC("本机控制台");
    if (f->who == 0)
        return true;
    if (!call_thing(&account, c, "account", f->who, e))
        return false;
    *out = fact_str(c->a, &account, "login");
    if (fact_int(&account, "person") &&
        !call_name(out, c, "person", fact_int(&account, "person"), e))
        return false;
    if (f->behalf == 0)
        return true;
    if (!call_thing(&person, c, "person", f->behalf, e))
        return false;
    *out = arena_text(c->a, "%.*s（由%.*s代办）", STR(fact_str(c->a, &person, "name")), STR(*out));
    return true;
}

static bool put_row(Call *c, const Fact *f, int64_t report, Jw *out, Err *e)
{
    Str by, source = fact_str(c->a, f, "source"), claim = fact_str(c->a, f, "claim");
    if (!work_filed_by(&by, c, f, e))
        return false;
    jw_obj(out);
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", f->id);
    jw_kstr(out, "class", fact_str(c->a, f, "class"));
    jw_kstr(out, "text", fact_str(c->a, f, "text"));
    jw_kstr(out, "source", source);
    jw_kstr(out, "source_title", call_title(c, "survey_source", source));
    if (claim.n)
        jw_kstr(out, "claim", claim);
    jw_kbool(out, "negative", fact_bool(f, "negative"));
    jw_kstr(out, "by", by);
    jw_kmoment(out, "at", f->received_at);
    jw_kbool(out, "late", report && f->id > report);
    jw_end(out);
    return true;
}

/* The entry of the first version of his report: what was found before it is not tuned to it, and
 * the log proves which came first. 0 when there is none. */
static bool first_report(int64_t *id, Call *c, int64_t debriefer, Err *e)
{
    FactList l, versions;
    *id = 0;
    if (!call_list_id(&l, c, "debrief_report", "debriefer", debriefer, e))
        return false;
    if (l.n && !fact_history(&versions, c->a, c->tx, STRC("debrief_report"), l.items[0].subject, e))
        return false;
    if (l.n)
        *id = versions.items[0].id;
    return true;
}

static bool put_state(Call *c, const Fact *d, bool visible, Jw *out, Err *e)
{
    Fact cycle;
    bool opened;
    if (!call_thing(&cycle, c, "cycle", fact_int(d, "cycle"), e) ||
        !step_done(&opened, c, cycle.subject, "open_survey", e))
        return false;
    jw_kbool(out, "visible", visible);
    jw_kbool(out, "sealed", str_is(fact_str(c->a, &cycle, "survey_mode"), "sealed"));
    jw_kbool(out, "opened", opened);
    jw_kbool(out, "may_edit", call_can_cycle(c, TEAM, cycle.subject) &&
                                  !work_is_own(c, fact_int(d, "person")) &&
                                  !fact_bool(d, "withdrawn"));
    return true;
}

static bool survey_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const SurveyIn *in = in_;
    Fact d;
    FactList l = { 0 };
    int64_t report;
    bool visible;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) || !work_debriefer_read(c, &d, e) ||
        !work_survey_visible(&visible, c, &d, e) ||
        !first_report(&report, c, in->debriefer, e) ||
        (visible && !call_list_id(&l, c, "survey_fact", "debriefer", in->debriefer, e)))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++)
        if (!put_row(c, &l.items[i], report, out, e))
            return false;
    jw_end(out);
    jw_kint(out, "total", (int64_t)l.n);
    return put_state(c, &d, visible, out, e);
}

const UseCase work_survey_list = { "survey_list", "查看会前调研情况", WORK_READ, READERS, &list_in,
                                   &rows_out, .run = survey_list };

/* --- recording ------------------------------------------------------------------------------ */

static const ShapeField file_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(SurveyIn, debriefer), .required = true, .title = "述职人" },
    { "fact", SHAPE_ID, offsetof(SurveyIn, fact), .title = "要修改的记录" },
    { "version", SHAPE_ID, offsetof(SurveyIn, version), .title = "版本" },
    { "body", SHAPE_JSON, offsetof(SurveyIn, body), .required = true, .title = "调研情况" },
};
static const Shape file_in = SHAPE("SurveyFileIn", SurveyIn, file_fields);

bool work_class_known(Call *c, const Fact *cycle, Str name, ErrCode code, Err *e)
{
    json_t *body = call_body(c, cycle, e);
    bool known = false;
    if (!body)
        return false;
    const json_t *classes = jv_get(body, "classes");
    for (size_t i = 0; i < jv_len(classes); i++)
        known = known || str_eq(jv_str(jv_at(classes, i), "name"), name);
    json_decref(body);
    return known || err_fail(e, code, err_hole("class", name));
}

static bool survey_guard(Call *c, const Fact *d, const SurveyIn *in, Fact *was, Err *e)
{
    Fact cycle;
    *was = (Fact){ .subject = 0 };
    if (!call_may_cycle(c, fact_int(d, "cycle"), e) ||
        !call_thing(&cycle, c, "cycle", fact_int(d, "cycle"), e))
        return false;
    if (work_is_own(c, fact_int(d, "person")))
        return err_fail(e, ERR_SURVEY_OWN);
    if (fact_bool(d, "withdrawn"))
        return err_fail(e, ERR_DEBRIEFER_GONE);
    if (in->fact && !call_thing(was, c, "survey_fact", in->fact, e))
        return false;
    if (in->fact && fact_int(was, "debriefer") != in->debriefer)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "调研情况"));
    if (in->fact && in->version == 0)
        return err_fail(e, ERR_FIELD_MISSING, err_hole("field", "版本"));
    return work_class_known(c, &cycle, jv_str(in->body, "class"), ERR_SURVEY_CLASS, e);
}

static bool survey_file(Call *c, const void *in_, Jw *out, Err *e)
{
    const SurveyIn *in = in_;
    Fact d, was;
    int64_t id;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) || !survey_guard(c, &d, in, &was, e))
        return false;
    json_t *body = json_deep_copy(in->body);
    Filing f = { .form = "survey_fact", .subject = in->fact, .org = fact_int(&d, "org"),
                 .base = in->version, .body = body };
    bool ok = body && json_object_set_new(body, "debriefer", json_integer(in->debriefer)) == 0
                  ? call_file(c, &f, &id, e)
                  : err_fail(e, ERR_NO_MEMORY, err_hole("what", "调研情况"));
    json_decref(body);
    if (ok)
        work_put_made(out, in->fact ? in->fact : id, id);
    return ok;
}

const UseCase work_survey_file = { "survey_file", "登记调研核实的情况", WORK_WRITE, TEAM, &file_in,
                                   &work_made, .run = survey_file };
