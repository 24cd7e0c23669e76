/* The debrief report: written by the debriefer, advised while it is written, filed, returned with
 * remarks or accepted; every version is kept. */
#include "work/areas.h"
#include "work/call.h"
#include "work/rows.h"

#define JUDGES                                                                                     \
    (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD) | ROLE_BIT(ROLE_SUPERIOR))
#define READERS                                                                                    \
    (JUDGES | ROLE_BIT(ROLE_COMMITTEE) | ROLE_BIT(ROLE_COMMENTATOR) | ROLE_BIT(ROLE_SURVEYOR) |    \
     ROLE_BIT(ROLE_SECRETARY))
#define WRITERS                                                                                    \
    (ROLE_BIT(ROLE_SECRETARY) | ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_PARTY_STAFF))

typedef struct ReportIn {
    int64_t debriefer, version;
    const json_t *sections, *answers;
    bool zero, accept;
    Str source, remarks;
} ReportIn;

static const ShapeField show_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(ReportIn, debriefer), .required = true, .title = "述职人" },
};
static const Shape show_in = SHAPE("ReportShowIn", ReportIn, show_fields);

/* --- the report as it stands -------------------------------------------------------------------- */

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
};
static const Shape carried_shape = SHAPE_REPLY("CarriedFinding", carried_fields);
static const ShapeField report_fields[] = {
    { "debriefer", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
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
    { "body", SHAPE_JSON },
    { "remarks", SHAPE_TEXT },
    { "by", SHAPE_TEXT },
    { "at", SHAPE_MOMENT },
    { "may_write", SHAPE_BOOL, .required = true },
    { "may_judge", SHAPE_BOOL, .required = true },
};
static const Shape report_out = SHAPE_REPLY("Report", report_fields);

static bool current(Fact *out, Call *c, int64_t debriefer, Err *e)
{
    FactList l;
    *out = (Fact){ 0 };
    if (!call_list_id(&l, c, "debrief_report", "debriefer", debriefer, e))
        return false;
    if (l.n)
        *out = l.items[l.n - 1];
    return true;
}

/* Open findings of the cycle before, about this debriefer's organisation or himself. */
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
        Str state = fact_str(c->a, &l.items[i], "state");
        bool open = !str_is(state, "closed") && !str_is(state, "rechecked");
        if (open && l.items[i].org == fact_int(d, "org"))
            out->items[out->n++] = l.items[i];
    }
    return true;
}

static bool put_carried(Call *c, const Fact *d, Jw *out, Err *e)
{
    FactList l;
    if (!work_findings_carried(&l, c, d, e))
        return false;
    jw_key(out, "carried");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++) {
        Str state = fact_str(c->a, &l.items[i], "state");
        jw_obj(out);
        jw_kint(out, "finding", l.items[i].subject);
        jw_kstr(out, "text", fact_str(c->a, &l.items[i], "text"));
        jw_kstr(out, "state", state);
        jw_kstr(out, "state_title", call_title(c, "finding_state", state));
        jw_end(out);
    }
    jw_end(out);
    return true;
}

static bool put_frame(Call *c, const Fact *d, const Fact *cycle, Jw *out, Err *e)
{
    Str name, org;
    json_t *body = call_body(c, cycle, e);
    if (!body)
        return false;
    jw_kint(out, "debriefer", d->subject);
    bool ok = call_name(&name, c, "person", fact_int(d, "person"), e) &&
              call_name(&org, c, "org", fact_int(d, "org"), e);
    if (ok) {
        jw_kstr(out, "name", name);
        jw_kstr(out, "org_name", org);
        jw_kint(out, "year", fact_int(cycle, "year"));
        jw_kjson(out, "classes", jv_get(body, "classes"));
        if (fact_int(cycle, "report_min"))
            jw_kint(out, "report_min", fact_int(cycle, "report_min"));
        if (fact_int(cycle, "report_max"))
            jw_kint(out, "report_max", fact_int(cycle, "report_max"));
    }
    json_decref(body);
    return ok;
}

static bool put_report(Call *c, const Fact *r, Jw *out, Err *e)
{
    Str by, state = fact_str(c->a, r, "state");
    json_t *body = call_body(c, r, e);
    if (!body)
        return false;
    jw_kint(out, "id", r->subject);
    jw_kint(out, "version", r->id);
    jw_kstr(out, "state", state);
    jw_kstr(out, "state_title", call_title(c, "report_state", state));
    jw_kjson(out, "body", body);
    json_decref(body);
    jw_kstr(out, "remarks", fact_str(c->a, r, "remarks"));
    if (!work_filed_by(&by, c, r, e))
        return false;
    jw_kstr(out, "by", by);
    jw_kmoment(out, "at", r->received_at);
    return true;
}

static bool report_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const ReportIn *in = in_;
    Fact d, cycle, r;
    FactList versions = { 0 };
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) || !work_debriefer_read(c, &d, e) ||
        !call_thing(&cycle, c, "cycle", fact_int(&d, "cycle"), e) ||
        !put_frame(c, &d, &cycle, out, e) || !put_carried(c, &d, out, e) ||
        !current(&r, c, in->debriefer, e) ||
        (r.id && (!put_report(c, &r, out, e) ||
                  !fact_history(&versions, c->a, c->tx, STRC("debrief_report"), r.subject, e))))
        return false;
    int64_t person = fact_int(&d, "person");
    bool preparing = str_is(fact_str(c->a, &cycle, "state"), "preparing");
    jw_kint(out, "versions", (int64_t)versions.n);
    jw_kbool(out, "may_write", preparing && !fact_bool(&d, "withdrawn") && person &&
                                   (person == c->who->person || person == c->who->behalf) &&
                                   (r.id == 0 || !str_is(fact_str(c->a, &r, "state"), "accepted")));
    jw_kbool(out, "may_judge", call_can_cycle(c, JUDGES, cycle.subject));
    return true;
}

const UseCase work_report_show = { "report_show", "查看述职报告", WORK_READ, READERS, &show_in,
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
    const ReportIn *in = in_;
    Fact d, r;
    FactList l = { 0 };
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) || !work_debriefer_read(c, &d, e) ||
        !current(&r, c, in->debriefer, e) ||
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
                                       READERS, &show_in, &versions_out, .run = report_versions };

/* --- filing ------------------------------------------------------------------------------------------ */

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

/* A report says something in every class of the year, or is declared a zero report. */
static bool sections_complete(Call *c, const Fact *cycle, const ReportIn *in, Err *e)
{
    json_t *body = call_body(c, cycle, e);
    if (!body)
        return false;
    const json_t *classes = jv_get(body, "classes");
    bool ok = true;
    for (size_t i = 0; ok && !in->zero && i < jv_len(classes); i++) {
        Str name = jv_str(jv_at(classes, i), "name");
        bool found = false;
        for (size_t k = 0; k < jv_len(in->sections); k++) {
            const json_t *s = jv_at(in->sections, k);
            found |= str_eq(jv_str(s, "class"), name) && str_trim(jv_str(s, "achievements")).n &&
                     str_trim(jv_str(s, "problems")).n;
        }
        if (!found)
            ok = err_fail(e, ERR_REPORT_CLASS,
                          err_hole("class", jv_str(jv_at(classes, i), "title")));
    }
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
        json_object_set_new(body, "source", json_stringn(in->source.p, in->source.n));
    return body;
}

static bool drop_draft(Call *c, int64_t debriefer, Err *e)
{
    return store_run(c->tx, "draft_delete",
                     BIND(bind_int(c->who->account), bind_text(STRC("debrief_report")),
                          bind_int(debriefer)), e);
}

static bool report_file(Call *c, const void *in_, Jw *out, Err *e)
{
    const ReportIn *in = in_;
    Fact d, cycle, was;
    int64_t id;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) ||
        !call_may_self(c, fact_int(&d, "person"), e) ||
        !call_thing(&cycle, c, "cycle", fact_int(&d, "cycle"), e) ||
        !work_cycle_at(c, &cycle, "preparing", e) || !sections_complete(c, &cycle, in, e) ||
        !answers_complete(c, &d, in->answers, e) || !current(&was, c, in->debriefer, e))
        return false;
    if (fact_bool(&d, "withdrawn"))
        return err_fail(e, ERR_DEBRIEFER_GONE);
    if (was.id && str_is(fact_str(c->a, &was, "state"), "accepted"))
        return err_fail(e, ERR_REPORT_ACCEPTED);
    json_t *body = report_body(in);
    Filing f = { .form = "debrief_report", .subject = was.subject, .org = fact_int(&d, "org"),
                 .base = was.id ? in->version : 0, .body = body };
    bool ok = (!was.id || in->version || err_fail(e, ERR_FIELD_MISSING, err_hole("field", "版本"))) &&
              call_file(c, &f, &id, e) && drop_draft(c, in->debriefer, e);
    json_decref(body);
    if (ok)
        work_put_made(out, was.subject ? was.subject : id, id);
    return ok;
}

const UseCase work_report_file = { "report_file", "提交述职报告", WORK_WRITE, WRITERS, &file_in,
                                   &work_made, .run = report_file };

/* --- accepting or returning --------------------------------------------------------------------------- */

static const ShapeField judge_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(ReportIn, debriefer), .required = true, .title = "述职人" },
    { "version", SHAPE_ID, offsetof(ReportIn, version), .required = true, .title = "版本" },
    { "accept", SHAPE_BOOL, offsetof(ReportIn, accept), .required = true, .title = "审核结论" },
    { "remarks", SHAPE_TEXT, offsetof(ReportIn, remarks), .max = 2000, .title = "意见" },
};
static const Shape judge_in = SHAPE("ReportJudgeIn", ReportIn, judge_fields);

static bool report_judge(Call *c, const void *in_, Jw *out, Err *e)
{
    const ReportIn *in = in_;
    Fact d, was;
    int64_t id;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) ||
        !call_may_cycle(c, fact_int(&d, "cycle"), e) || !current(&was, c, in->debriefer, e))
        return false;
    if (was.id == 0)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "述职报告"));
    if (!in->accept && in->remarks.n == 0)
        return err_fail(e, ERR_FIELD_MISSING, err_hole("field", "退回意见"));
    json_t *patch = in->remarks.n
        ? json_pack("{s:s%}", "remarks", in->remarks.p, in->remarks.n)
        : json_pack("{s:n}", "remarks");
    bool ok = call_move(c, "debrief_report", &was, in->version, in->accept ? "accept" : "return",
                        patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, was.subject, id);
    return ok;
}

const UseCase work_report_judge = { "report_judge", "审核或退回述职报告", WORK_WRITE, JUDGES,
                                    &judge_in, &work_made, .run = report_judge };

/* --- advice while writing ----------------------------------------------------------------------------- */

static const ShapeField advice_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(ReportIn, debriefer), .required = true, .title = "述职人" },
    { "sections", SHAPE_JSON, offsetof(ReportIn, sections), .required = true,
      .title = "分类内容" },
};
static const Shape advice_in = SHAPE("AdviceIn", ReportIn, advice_fields);
static const ShapeField advice_out_fields[] = { { "advice", SHAPE_JSON, .required = true } };
static const Shape advice_out = SHAPE_REPLY("Advice", advice_out_fields);

static bool part_text(Buf *b, const json_t *sections, const char *part)
{
    for (size_t i = 0; i < jv_len(sections); i++) {
        Str s = jv_str(jv_at(sections, i), part);
        if (b->n && s.n)
            buf_putc(b, '\n');
        buf_put(b, s);
    }
    return !b->failed;
}

static bool report_advice(Call *c, const void *in_, Jw *out, Err *e)
{
    const ReportIn *in = in_;
    static const char *const parts[ADVICE_PARTS] = { "achievements", "problems", "causes",
                                                     "measures" };
    Fact d, cycle;
    Advice ad;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) || !work_debriefer_read(c, &d, e) ||
        !call_thing(&cycle, c, "cycle", fact_int(&d, "cycle"), e))
        return false;
    AdviceIn ask = { .year = (int)fact_int(&cycle, "year"), .share_num = 1, .share_den = 3,
                     .first_num = 1, .first_den = 5,
                     .points_min = (int)fact_int(&cycle, "report_min"),
                     .points_max = (int)fact_int(&cycle, "report_max") };
    for (size_t i = 0; i < ADVICE_PARTS; i++) {
        Buf b = buf_open(TEXT_BYTES_MAX);
        bool ok = part_text(&b, in->sections, parts[i]);
        ask.parts[i] = arena_str(c->a, buf_str(&b));
        buf_close(&b);
        if (!ok)
            return err_fail(e, ERR_TOO_BIG, err_hole("what", "述职报告"),
                            err_hole("max", TEXT_BYTES_MAX));
    }
    if (!advice_report(&ad, c->a, call_text(c), &ask, e))
        return false;
    jw_key(out, "advice");
    advice_json(out, &ad);
    return true;
}

const UseCase work_report_advice = { "report_advice", "撰写提示（仅供参考）", WORK_READ, READERS,
                                     &advice_in, &advice_out, .run = report_advice };

/* --- a report from a file -------------------------------------------------------------------------------- */

static const ShapeField parsed_fields[] = {
    { "sections", SHAPE_JSON, .required = true },
    { "text", SHAPE_TEXT, .required = true },
    { "unplaced", SHAPE_INT, .required = true },
};
static const Shape parsed_out = SHAPE_REPLY("ReportParsed", parsed_fields);

typedef struct Place {
    Str klass;           /* of the year, empty before the first */
    const char *part;    /* achievements, problems, causes, measures, NULL before the first */
} Place;

/* A short line that names a class or a part opens it; long lines are content. */
static bool heading(Place *at, Str line, const json_t *classes)
{
    static const struct { Str word; const char *part; } parts[] = {
        { S("原因"), "causes" },   { S("措施"), "measures" },    { S("打算"), "measures" },
        { S("下一步"), "measures" }, { S("问题"), "problems" },    { S("不足"), "problems" },
        { S("成绩"), "achievements" }, { S("成效"), "achievements" }, { S("做法"), "achievements" },
    };
    if (str_points(line) > 30)
        return false;
    for (size_t i = 0; i < jv_len(classes); i++)
        if (str_has(line, jv_str(jv_at(classes, i), "title"))) {
            *at = (Place){ jv_str(jv_at(classes, i), "name"), "achievements" };
            return true;
        }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (str_has(line, parts[i].word))
            return at->part = parts[i].part, true;
    return false;
}

static bool put_line(json_t *sections, const Place *at, Str line)
{
    json_t *row = NULL;
    for (size_t i = 0; i < json_array_size(sections) && !row; i++)
        if (str_eq(jv_str(json_array_get(sections, i), "class"), at->klass))
            row = json_array_get(sections, i);
    if (!row) {
        row = json_pack("{s:s%}", "class", at->klass.p, at->klass.n);
        if (!row || json_array_append_new(sections, row) != 0)
            return false;
    }
    Str was = jv_str(row, at->part);
    Buf b = buf_open(TEXT_BYTES_MAX);
    buf_put(&b, was);
    if (was.n)
        buf_putc(&b, '\n');
    buf_put(&b, line);
    bool ok = !b.failed && json_object_set_new(row, at->part, json_stringn(b.p, b.n)) == 0;
    buf_close(&b);
    return ok;
}

typedef struct Parse {
    int64_t debriefer;
    Str text;
    json_t *sections;
    int64_t unplaced;
} Parse;

static bool parse_job(Call *c, void *arg, Err *e)
{
    Parse *p = arg;
    Fact d, cycle;
    if (!call_thing(&d, c, "debriefer", p->debriefer, e) || !work_debriefer_read(c, &d, e) ||
        !call_thing(&cycle, c, "cycle", fact_int(&d, "cycle"), e))
        return false;
    json_t *body = call_body(c, &cycle, e);
    if (!body)
        return false;
    Place at = { { "", 0 }, NULL };
    Str rest = p->text, line;
    bool more = true, ok = true;
    while (more && ok) {
        more = str_cut(rest, STRC("\n"), &line, &rest);
        line = str_trim(line);
        if (line.n == 0 || heading(&at, line, jv_get(body, "classes")))
            continue;
        if (at.klass.n == 0 || !at.part)
            p->unplaced++;
        else
            ok = put_line(p->sections, &at, line) ||
                 err_fail(e, ERR_NO_MEMORY, err_hole("what", "述职报告"));
    }
    json_decref(body);
    return ok;
}

/* Reads a .docx or .txt into the classes of the year as far as its headings say; nothing is
 * stored: the author looks it over and files it. */
static bool report_parse(Call *c, const void *in_, Jw *out, Err *e)
{
    const ReportIn *in = in_;
    Parse p = { .debriefer = in->debriefer, .sections = json_array() };
    bool ok = print_read_text(&p.text, c->a, call_print(c), c->given->upload_name,
                              c->given->upload, e) &&
              call_read(c, parse_job, &p, e);
    if (ok) {
        jw_kjson(out, "sections", p.sections);
        jw_kstr(out, "text", p.text);
        jw_kint(out, "unplaced", p.unplaced);
    }
    json_decref(p.sections);
    return ok;
}

const UseCase work_report_parse = { "report_parse", "从文件读入述职报告（不保存）", WORK_OUTSIDE,
                                    READERS, &show_in, &parsed_out, .upload = true,
                                    .run = report_parse };
