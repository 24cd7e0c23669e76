/* Filing the report, and accepting or returning it; every version is kept. */
#include "work/areas.h"
#include "work/call.h"
#include "work/report.h"
#include "work/rows.h"

typedef struct ReportIn {
    int64_t debriefer, version;
    const json_t *sections, *answers;
    bool zero, accept;
    Str source, remarks;
} ReportIn;

/* --- filing --------------------------------------------------------------------------------- */

static const ShapeField file_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(ReportIn, debriefer), .required = true, .title = "述职人" },
    { "version", SHAPE_ID, offsetof(ReportIn, version), .title = "版本" },
    { "sections", SHAPE_JSON, offsetof(ReportIn, sections), .title = "分类内容" },
    { "answers", SHAPE_JSON, offsetof(ReportIn, answers), .title = "上年问题的答复" },
    { "zero", SHAPE_BOOL, offsetof(ReportIn, zero), .title = "零报告" },
    { "source", SHAPE_TEXT, offsetof(ReportIn, source), .max = 200, .title = "来源文件" },
};
static const Shape file_in = SHAPE("ReportFileIn", ReportIn, file_fields);

/* Each open finding of last year gets exactly one answer, and nothing else is answered. */
static bool answers_complete(Call *c, const Fact *d, const json_t *answers, Err *e)
{
    FactList l;
    if (!work_findings_carried(&l, c, d, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        size_t n = 0;
        for (size_t k = 0; k < jv_len(answers); k++)
            n += jv_int(jv_at(answers, k), "finding") == l.items[i].subject;
        if (n != 1)
            return err_fail(e, ERR_REPORT_ANSWER,
                            err_hole("text", fact_str(c->a, &l.items[i], "text")));
    }
    return jv_len(answers) == l.n || err_fail(e, ERR_REPORT_ANSWERS, err_hole("n", (int64_t)l.n));
}

static size_t sections_of(const json_t *sections, Str class, bool *said)
{
    size_t n = 0;
    for (size_t k = 0; k < jv_len(sections); k++) {
        const json_t *s = jv_at(sections, k);
        if (!str_eq(jv_str(s, "class"), class))
            continue;
        *said = str_trim(jv_str(s, "achievements")).n && str_trim(jv_str(s, "problems")).n;
        n++;
    }
    return n;
}

/* Each class of the year once, with achievements and problems, and no other class. */
static bool each_class(const json_t *classes, const json_t *sections, Err *e)
{
    size_t n = 0;
    for (size_t i = 0; i < jv_len(classes); i++) {
        bool said = false;
        size_t times = sections_of(sections, jv_str(jv_at(classes, i), "name"), &said);
        Str title = jv_str(jv_at(classes, i), "title");
        if (times > 1)
            return err_fail(e, ERR_REPORT_SECTION, err_hole("class", title));
        if (!said)
            return err_fail(e, ERR_REPORT_CLASS, err_hole("class", title));
        n += times;
    }
    for (size_t k = 0; n != jv_len(sections) && k < jv_len(sections); k++) {
        bool said;
        Str name = jv_str(jv_at(sections, k), "class");
        size_t known = 0;
        for (size_t i = 0; i < jv_len(classes); i++)
            known += str_eq(jv_str(jv_at(classes, i), "name"), name);
        if (!known && sections_of(sections, name, &said))
            return err_fail(e, ERR_REPORT_SECTION, err_hole("class", name));
    }
    return true;
}

/* A report says something in every class of the year, or is declared a zero report. */
static bool sections_complete(Call *c, const Fact *cycle, const ReportIn *in, Err *e)
{
    if (in->zero)
        return jv_len(in->sections) == 0 || err_fail(e, ERR_REPORT_ZERO);
    json_t *body = call_body(c, cycle, e);
    bool ok = body && each_class(jv_get(body, "classes"), in->sections, e);
    json_decref(body);
    return ok;
}

static json_t *report_body(const ReportIn *in)
{
    json_t *body = json_pack("{s:I,s:b,s:s}", "debriefer", (json_int_t)in->debriefer, "zero",
                             (int)in->zero, "state", "filed");
    if (body && in->sections)
        json_object_set_new(body, "sections", json_deep_copy(in->sections));
    if (body && in->answers)
        json_object_set_new(body, "answers", json_deep_copy(in->answers));
    if (body && in->source.n)
        json_object_set_new(body, "source", jv_new(in->source));
    return body;
}

static bool drop_draft(Call *c, int64_t debriefer, Err *e)
{
    return store_run(c->tx, "draft_delete",
                     BIND(bind_int(c->who->account), bind_text(STRC("debrief_report")),
                          bind_int(debriefer)), e);
}

/* Whoever files over a version must have seen it: also the first one, when another hand was
 * quicker. */
static bool version_seen(Call *c, const Fact *was, int64_t version, Err *e)
{
    return !was->id || version == was->id ||
           err_fail(e, ERR_CONFLICT, err_hole("at", moment_print_zh(c->a, was->received_at)));
}

static bool file_guard(Fact *d, Fact *was, Call *c, const ReportIn *in, Err *e)
{
    Fact cycle;
    if (!call_thing(d, c, "debriefer", in->debriefer, e) ||
        !call_may_self(c, fact_int(d, "person"), e) ||
        !call_thing(&cycle, c, "cycle", fact_int(d, "cycle"), e) ||
        !work_cycle_at(c, &cycle, "preparing", e) ||
        !work_report_current(was, c, in->debriefer, e))
        return false;
    if (fact_bool(d, "withdrawn"))
        return err_fail(e, ERR_DEBRIEFER_GONE);
    if (was->id && str_is(fact_str(c->a, was, "state"), "accepted"))
        return err_fail(e, ERR_REPORT_ACCEPTED);
    return version_seen(c, was, in->version, e) && sections_complete(c, &cycle, in, e) &&
           answers_complete(c, d, in->answers, e);
}

static bool report_file(Call *c, const void *in_, Jw *out, Err *e)
{
    const ReportIn *in = in_;
    Fact d, was;
    int64_t id;
    if (!file_guard(&d, &was, c, in, e))
        return false;
    json_t *body = report_body(in);
    Filing f = { .form = "debrief_report", .subject = was.subject, .org = fact_int(&d, "org"),
                 .base = was.id, .body = body };
    bool ok = (body || err_fail(e, ERR_NO_MEMORY, err_hole("what", "述职报告"))) &&
              call_file(c, &f, &id, e) && drop_draft(c, in->debriefer, e);
    json_decref(body);
    if (ok)
        work_put_made(out, was.subject ? was.subject : id, id);
    return ok;
}

const UseCase work_report_file = { "report_file", "提交述职报告", WORK_WRITE, REPORT_WRITERS, &file_in,
                                   &work_made, .run = report_file };

/* --- accepting or returning ----------------------------------------------------------------- */

static const ShapeField judge_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(ReportIn, debriefer), .required = true, .title = "述职人" },
    { "version", SHAPE_ID, offsetof(ReportIn, version), .required = true, .title = "版本" },
    { "accept", SHAPE_BOOL, offsetof(ReportIn, accept), .required = true, .title = "审核结论" },
    { "remarks", SHAPE_TEXT, offsetof(ReportIn, remarks), .max = 2000, .title = "意见" },
};
static const Shape judge_in = SHAPE("ReportJudgeIn", ReportIn, judge_fields);

/* The organiser's people and the superior; and the leader to whom he debriefs. */
bool work_report_judge_is(Call *c, const Fact *d)
{
    uint32_t at_large = REPORT_JUDGES & ~ROLE_BIT(ROLE_COMMITTEE);
    return !work_is_own(c, fact_int(d, "person")) &&
           (call_can_cycle(c, at_large, fact_int(d, "cycle")) ||
            work_is_own(c, fact_int(d, "receiver")));
}

static bool may_judge(Call *c, const Fact *d, Err *e)
{
    c->asked = true;
    if (work_is_own(c, fact_int(d, "person")))
        return err_fail(e, ERR_REPORT_OWN);
    return work_report_judge_is(c, d) || err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
}

/* accept and return from filed; an accepted one is called back while the year is prepared. */
static bool move_of(const char **move, Call *c, const Fact *d, const Fact *was, bool accept, Err *e)
{
    Fact cycle;
    *move = accept ? "accept" : "return";
    if (accept || !str_is(fact_str(c->a, was, "state"), "accepted"))
        return true;
    *move = "recall";
    return call_thing(&cycle, c, "cycle", fact_int(d, "cycle"), e) &&
           work_cycle_at(c, &cycle, "preparing", e);
}

static bool report_judge(Call *c, const void *in_, Jw *out, Err *e)
{
    const ReportIn *in = in_;
    const char *move;
    Fact d, was;
    int64_t id;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) || !may_judge(c, &d, e) ||
        !work_report_current(&was, c, in->debriefer, e))
        return false;
    if (was.id == 0)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "述职报告"));
    if (!in->accept && in->remarks.n == 0)
        return err_fail(e, ERR_FIELD_MISSING, err_hole("field", "退回意见"));
    if (!move_of(&move, c, &d, &was, in->accept, e))
        return false;
    json_t *patch = in->remarks.n
        ? json_pack("{s:s%}", "remarks", in->remarks.p, in->remarks.n)
        : json_pack("{s:n}", "remarks");
    bool ok = call_move(c, "debrief_report", &was, in->version, move, patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, was.subject, id);
    return ok;
}

const UseCase work_report_judge = { "report_judge", "审核或退回述职报告", WORK_WRITE, REPORT_JUDGES,
                                    &judge_in, &work_made, .run = report_judge };
