/* The debrief report as it stands: its frame, every version, and last year's findings beside what
 * it says about them. */
#include "work/areas.h"
#include "work/call.h"
#include "work/overlap.h"
#include "work/report.h"
#include "work/rows.h"

typedef struct ShowIn {
    int64_t debriefer;
} ShowIn;
static const ShapeField show_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(ShowIn, debriefer), .required = true, .title = "述职人" },
};
static const Shape show_in = SHAPE("ReportShowIn", ShowIn, show_fields);

/* --- the report as it stands ---------------------------------------------------------------- */

static const ShapeField class_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
};
static const Shape class_shape = SHAPE_REPLY("ContentClass", class_fields);
static const ShapeField carried_fields[] = {
    { "finding", SHAPE_ID, .required = true },
    { "text", SHAPE_TEXT, .required = true },
    { "state", SHAPE_TEXT, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
    { "answer", SHAPE_TEXT },
    { "answer_title", SHAPE_TEXT },
    { "answer_text", SHAPE_TEXT },
    { "echo", SHAPE_BOOL },
    { "restated", SHAPE_BOOL },
};
static const Shape carried_shape = SHAPE_REPLY("CarriedFinding", carried_fields);
static const ShapeField report_fields[] = {
    { "debriefer", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "receiver_name", SHAPE_TEXT },
    { "lines", SHAPE_WORDS, .required = true },
    { "cycle", SHAPE_ID, .required = true },
    { "due", SHAPE_DAY },
    { "withdrawn", SHAPE_BOOL, .required = true },
    { "year", SHAPE_INT, .required = true },
    { "classes", SHAPE_LIST, .required = true, .sub = &class_shape },
    { "carried", SHAPE_LIST, .required = true, .sub = &carried_shape },
    { "report_min", SHAPE_INT },
    { "report_max", SHAPE_INT },
    { "id", SHAPE_ID },
    { "version", SHAPE_ID },
    { "versions", SHAPE_INT, .required = true },
    { "state", SHAPE_TEXT },
    { "state_title", SHAPE_TEXT },
    { "zero", SHAPE_BOOL },
    { "body", SHAPE_JSON },
    { "remarks", SHAPE_TEXT },
    { "by", SHAPE_TEXT },
    { "at", SHAPE_MOMENT },
    { "may_write", SHAPE_BOOL, .required = true },
    { "may_judge", SHAPE_BOOL, .required = true },
    { "may_recall", SHAPE_BOOL, .required = true },
};
static const Shape report_out = SHAPE_REPLY("Report", report_fields);

bool work_report_current(Fact *out, Call *c, int64_t debriefer, Err *e)
{
    FactList l;
    *out = (Fact){ 0 };
    if (!call_list_id(&l, c, "debrief_report", "debriefer", debriefer, e))
        return false;
    if (l.n)
        *out = l.items[l.n - 1];
    return true;
}

static bool finding_open(Arena *a, const Fact *f)
{
    Str state = fact_str(a, f, "state");
    return !str_is(state, "closed") && !str_is(state, "rechecked");
}

/* The finding as this cycle goes on with it, once it was carried over; else as it stood. */
static bool gone_on(Fact *f, Call *c, int64_t cycle, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "finding", "carried_from", f->subject, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (fact_int(&l.items[i], "cycle") == cycle)
            *f = l.items[i];
    return true;
}

/* Open findings of the cycle before, about this debriefer's organisation. */
bool work_findings_carried(FactList *out, Call *c, const Fact *d, Err *e)
{
    Fact cycle;
    FactList l;
    int64_t before;
    *out = (FactList){ 0 };
    if (!call_thing(&cycle, c, "cycle", fact_int(d, "cycle"), e))
        return false;
    if ((before = fact_int(&cycle, "previous")) == 0)
        return true;
    if (!call_list_id(&l, c, "finding", "cycle", before, e))
        return false;
    out->items = ARENA_ARRAY(c->a, Fact, l.n);
    if (!out->items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "上年问题"));
    for (size_t i = 0; i < l.n; i++) {
        Fact f = l.items[i];
        if (!finding_open(c->a, &f) || fact_int(&f, "org") != fact_int(d, "org"))
            continue;
        if (!gone_on(&f, c, cycle.subject, e))
            return false;
        if (finding_open(c->a, &f))
            out->items[out->n++] = f;
    }
    return true;
}

static Str section_texts(Arena *a, const json_t *sections, const char *part)
{
    Buf b = buf_open(JSON_BYTES_MAX);
    for (size_t i = 0; i < jv_len(sections); i++) {
        buf_put(&b, jv_str(jv_at(sections, i), part));
        buf_putc(&b, '\n');
    }
    Str s = arena_str(a, buf_str(&b));
    buf_close(&b);
    return s;
}

enum { ANSWER_POINTS_MIN = 10 };

/* An answer that says next to nothing of its own, and a problem that stands in this year's report
 * again: shown to the reviewer, never judged. */
static bool put_answer(Call *c, Str finding, const json_t *answer, Str problems, Jw *out, Err *e)
{
    Str text = jv_str(answer, "text"), kind = jv_str(answer, "answer");
    Overlap echo, again;
    if (!work_overlap(&echo, c->a, text, finding) || !work_overlap(&again, c->a, finding, problems))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "上年问题"));
    jw_kstr(out, "answer", kind);
    jw_kstr(out, "answer_title", call_title(c, "finding_answer", kind));
    jw_kstr(out, "answer_text", text);
    jw_kbool(out, "echo", str_points(text) < ANSWER_POINTS_MIN || work_overlap_over(&echo, 7, 10));
    jw_kbool(out, "restated", work_overlap_over(&again, 1, 2));
    return true;
}

static bool put_carried(Call *c, const Fact *d, const json_t *report, Jw *out, Err *e)
{
    FactList l;
    const json_t *answers = jv_get(report, "answers");
    if (!work_findings_carried(&l, c, d, e))
        return false;
    Str problems = l.n ? section_texts(c->a, jv_get(report, "sections"), "problems") : STRC("");
    jw_key(out, "carried");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++) {
        Str state = fact_str(c->a, &l.items[i], "state");
        Str text = fact_str(c->a, &l.items[i], "text");
        jw_obj(out);
        jw_kint(out, "finding", l.items[i].subject);
        jw_kstr(out, "text", text);
        jw_kstr(out, "state", state);
        jw_kstr(out, "state_title", call_title(c, "finding_state", state));
        for (size_t k = 0; k < jv_len(answers); k++)
            if (jv_int(jv_at(answers, k), "finding") == l.items[i].subject &&
                !put_answer(c, text, jv_at(answers, k), problems, out, e))
                return false;
        jw_end(out);
    }
    jw_end(out);
    return true;
}

static bool put_lines(Call *c, const Fact *d, Jw *out, Err *e)
{
    json_t *body = call_body(c, d, e);
    if (!body)
        return false;
    const json_t *lines = jv_get(body, "lines");
    bool ok = true;
    jw_key(out, "lines");
    jw_arr(out);
    for (size_t i = 0; ok && i < jv_len(lines); i++) {
        Str name;
        if ((ok = call_name(&name, c, "org", json_integer_value(jv_at(lines, i)), e)))
            jw_str(out, name);
    }
    jw_end(out);
    json_decref(body);
    return ok;
}

static void put_year(const Fact *cycle, const json_t *body, Jw *out)
{
    Day due = work_step_due(body, "report");
    jw_kint(out, "cycle", cycle->subject);
    jw_kint(out, "year", fact_int(cycle, "year"));
    jw_kjson(out, "classes", jv_get(body, "classes"));
    if (due != DAY_NONE)
        jw_kday(out, "due", due);
    if (fact_int(cycle, "report_min"))
        jw_kint(out, "report_min", fact_int(cycle, "report_min"));
    if (fact_int(cycle, "report_max"))
        jw_kint(out, "report_max", fact_int(cycle, "report_max"));
}

static bool put_frame(Call *c, const Fact *d, const Fact *cycle, Jw *out, Err *e)
{
    Str name, org, receiver;
    json_t *body = call_body(c, cycle, e);
    if (!body)
        return false;
    bool ok = call_name(&name, c, "person", fact_int(d, "person"), e) &&
              call_name(&org, c, "org", fact_int(d, "org"), e) &&
              call_name(&receiver, c, "person", fact_int(d, "receiver"), e);
    if (ok) {
        jw_kint(out, "debriefer", d->subject);
        jw_kstr(out, "name", name);
        jw_kstr(out, "org_name", org);
        if (receiver.n)
            jw_kstr(out, "receiver_name", receiver);
        jw_kbool(out, "withdrawn", fact_bool(d, "withdrawn"));
        put_year(cycle, body, out);
    }
    json_decref(body);
    return ok && put_lines(c, d, out, e);
}

static bool put_report(Call *c, const Fact *r, const json_t *body, Jw *out, Err *e)
{
    Str by, state = fact_str(c->a, r, "state");
    jw_kint(out, "id", r->subject);
    jw_kint(out, "version", r->id);
    jw_kstr(out, "state", state);
    jw_kstr(out, "state_title", call_title(c, "report_state", state));
    jw_kbool(out, "zero", fact_bool(r, "zero"));
    jw_kjson(out, "body", body);
    jw_kstr(out, "remarks", fact_str(c->a, r, "remarks"));
    if (!work_filed_by(&by, c, r, e))
        return false;
    jw_kstr(out, "by", by);
    jw_kmoment(out, "at", r->received_at);
    return true;
}

/* What the caller may do next with this report. */
static void put_may(Call *c, const Fact *d, const Fact *cycle, const Fact *r, Jw *out)
{
    Str state = r->id ? fact_str(c->a, r, "state") : STRC("");
    bool preparing = str_is(fact_str(c->a, cycle, "state"), "preparing");
    bool stays = !fact_bool(d, "withdrawn");
    bool judge = stays && work_report_judge_is(c, d);
    jw_kbool(out, "may_write", preparing && stays && work_is_own(c, fact_int(d, "person")) &&
                                   !str_is(state, "accepted"));
    jw_kbool(out, "may_judge", judge && str_is(state, "filed"));
    jw_kbool(out, "may_recall", judge && preparing && str_is(state, "accepted"));
}

static bool report_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const ShowIn *in = in_;
    Fact d, cycle, r;
    FactList versions = { 0 };
    json_t *body = NULL;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) || !work_debriefer_read(c, &d, e) ||
        !call_thing(&cycle, c, "cycle", fact_int(&d, "cycle"), e) ||
        !work_report_current(&r, c, in->debriefer, e) ||
        (r.id && (!(body = call_body(c, &r, e)) ||
                  !fact_history(&versions, c->a, c->tx, STRC("debrief_report"), r.subject, e))))
        return json_decref(body), false;
    bool ok = put_frame(c, &d, &cycle, out, e) && put_carried(c, &d, body, out, e) &&
              (!r.id || put_report(c, &r, body, out, e));
    json_decref(body);
    if (!ok)
        return false;
    jw_kint(out, "versions", (int64_t)versions.n);
    put_may(c, &d, &cycle, &r, out);
    return true;
}

const UseCase work_report_show = { "report_show", "查看述职报告", WORK_READ, REPORT_READERS, &show_in,
                                   &report_out, .run = report_show };

static const ShapeField version_fields[] = {
    { "version", SHAPE_ID, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
    { "by", SHAPE_TEXT, .required = true },
    { "at", SHAPE_MOMENT, .required = true },
    { "remarks", SHAPE_TEXT, .required = true },
    { "body", SHAPE_JSON, .required = true },
};
static const Shape version_shape = SHAPE_REPLY("ReportVersion", version_fields);
static const ShapeField versions_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &version_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape versions_out = SHAPE_REPLY("ReportVersions", versions_fields);

static bool put_version(Call *c, const Fact *f, Jw *out, Err *e)
{
    Str by;
    json_t *body = call_body(c, f, e);
    if (!body || !work_filed_by(&by, c, f, e)) {
        json_decref(body);
        return false;
    }
    jw_obj(out);
    jw_kint(out, "version", f->id);
    jw_kstr(out, "state_title", call_title(c, "report_state", fact_str(c->a, f, "state")));
    jw_kstr(out, "by", by);
    jw_kmoment(out, "at", f->received_at);
    jw_kstr(out, "remarks", fact_str(c->a, f, "remarks"));
    jw_kjson(out, "body", body);
    jw_end(out);
    json_decref(body);
    return true;
}

static bool report_versions(Call *c, const void *in_, Jw *out, Err *e)
{
    const ShowIn *in = in_;
    Fact d, r;
    FactList l = { 0 };
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) || !work_debriefer_read(c, &d, e) ||
        !work_report_current(&r, c, in->debriefer, e) ||
        (r.id && !fact_history(&l, c->a, c->tx, STRC("debrief_report"), r.subject, e)))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = l.n; i-- > 0;)
        if (!put_version(c, &l.items[i], out, e))
            return false;
    jw_end(out);
    jw_kint(out, "total", (int64_t)l.n);
    return true;
}

const UseCase work_report_versions = { "report_versions", "查看述职报告的各个版本", WORK_READ,
                                       REPORT_READERS, &show_in, &versions_out,
                                       .run = report_versions };
