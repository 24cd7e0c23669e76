/* The written opinion on each debriefer and the letter that brings it to him. A letter is a fact:
 * what it said when it was issued, for which version of the result; when that version is
 * superseded the letter says so at its head from then on. */
#include "work/assess.h"
#include "work/rows.h"

enum { NAMES_SAID = 5 };

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "反馈函"));
}

/* The newest thing of a form about a debriefer; id 0 when there is none. */
static bool newest(Fact *out, Call *c, const char *form, int64_t debriefer, Err *e)
{
    FactList l;
    *out = (Fact){ .id = 0 };
    if (!call_list_id(&l, c, form, "debriefer", debriefer, e))
        return false;
    if (l.n)
        *out = l.items[l.n - 1];
    return true;
}

/* --- opinions ------------------------------------------------------------------------------- */

typedef struct OpinionIn {
    int64_t cycle, debriefer, letter, version;
    Str achievements, problems, direction;
} OpinionIn;
static const ShapeField set_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(OpinionIn, debriefer), .required = true,
      .title = "述职人" },
    { "version", SHAPE_ID, offsetof(OpinionIn, version), .title = "版本" },
    { "achievements", SHAPE_TEXT, offsetof(OpinionIn, achievements), .required = true, .max = 2000,
      .title = "肯定的成绩" },
    { "problems", SHAPE_TEXT, offsetof(OpinionIn, problems), .required = true, .max = 2000,
      .title = "指出的问题" },
    { "direction", SHAPE_TEXT, offsetof(OpinionIn, direction), .required = true, .max = 2000,
      .title = "努力方向" },
};
static const Shape set_in = SHAPE("OpinionIn", OpinionIn, set_fields);

static bool opinion_set(Call *c, const void *in_, Jw *out, Err *e)
{
    const OpinionIn *in = in_;
    Fact d, was;
    int64_t id;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) ||
        !call_may_cycle(c, fact_int(&d, "cycle"), e) ||
        !newest(&was, c, "opinion", in->debriefer, e))
        return false;
    if (fact_bool(&d, "withdrawn"))
        return err_fail(e, ERR_DEBRIEFER_GONE);
    json_t *body = json_pack("{s:I,s:o,s:o,s:o}", "debriefer", (json_int_t)in->debriefer,
                             "achievements", jv_new(in->achievements), "problems",
                             jv_new(in->problems), "direction", jv_new(in->direction));
    Filing f = { .form = "opinion", .subject = was.subject, .org = fact_int(&d, "org"),
                 .base = in->version, .body = body };
    bool ok = body ? call_file(c, &f, &id, e) : no_memory(e);
    json_decref(body);
    if (ok)
        work_put_made(out, was.id ? was.subject : id, id);
    return ok;
}

const UseCase work_opinion_set = { "opinion_set", "写综合评价意见", WORK_WRITE, ASSESS_CLERKS, &set_in,
                                   &work_made, .run = opinion_set };

/* --- the list ------------------------------------------------------------------------------- */

static const ShapeField list_in_fields[] = {
    { "cycle", SHAPE_ID, offsetof(OpinionIn, cycle), .required = true, .title = "年度周期" },
};
static const Shape list_in = SHAPE("OpinionListIn", OpinionIn, list_in_fields);
static const ShapeField point_fields[] = {
    { "kind", SHAPE_TEXT, .required = true },
    { "kind_title", SHAPE_TEXT, .required = true },
    { "text", SHAPE_TEXT, .required = true },
    { "from", SHAPE_TEXT, .required = true },
};
static const Shape point_shape = SHAPE_REPLY("OpinionPoint", point_fields);
static const ShapeField grade_fields[] = {
    { "object", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "grade_title", SHAPE_TEXT, .required = true },
};
static const Shape grade_shape = SHAPE_REPLY("OpinionGrade", grade_fields);
static const ShapeField row_fields[] = {
    { "debriefer", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "grades", SHAPE_LIST, .required = true, .sub = &grade_shape },
    { "version", SHAPE_ID },
    { "achievements", SHAPE_TEXT },
    { "problems", SHAPE_TEXT },
    { "direction", SHAPE_TEXT },
    { "points", SHAPE_LIST, .required = true, .sub = &point_shape },
    { "letter", SHAPE_ID },
    { "letter_version", SHAPE_INT },
    { "letter_superseded", SHAPE_BOOL },
};
static const Shape row_shape = SHAPE_REPLY("Opinion", row_fields);
static const ShapeField list_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &row_shape },
    { "total", SHAPE_INT, .required = true },
    { "published", SHAPE_BOOL, .required = true },
};
static const Shape list_out = SHAPE_REPLY("Opinions", list_fields);

static void put_point(Call *c, Str kind, Str text, Str from, Jw *out)
{
    jw_obj(out);
    jw_kstr(out, "kind", kind);
    jw_kstr(out, "kind_title", call_title(c, "point_kind", kind));
    jw_kstr(out, "text", text);
    jw_kstr(out, "from", from);
    jw_end(out);
}

static bool put_commentary(Call *c, const Fact *f, Jw *out, Err *e)
{
    Str by = fact_str(c->a, f, "by");
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    int64_t person = jv_int(body, "commentator");
    bool ok = !person || call_name(&by, c, "person", person, e);
    const json_t *points = jv_get(body, "points");
    for (size_t i = 0; ok && i < jv_len(points); i++)
        put_point(c, jv_str(jv_at(points, i), "kind"), jv_str(jv_at(points, i), "text"),
                  arena_text(c->a, "点评：%.*s", STR(by)), out);
    json_decref(body);
    return ok;
}

/* What is held already, so that nobody writes it again: points of commentary and findings. */
static bool put_points(Call *c, int64_t debriefer, Jw *out, Err *e)
{
    FactList comments, findings;
    if (!call_list_id(&comments, c, "commentary", "debriefer", debriefer, e) ||
        !call_list_id(&findings, c, "finding", "debriefer", debriefer, e))
        return false;
    jw_key(out, "points");
    jw_arr(out);
    for (size_t i = 0; i < comments.n; i++)
        if (!put_commentary(c, &comments.items[i], out, e))
            return false;
    for (size_t i = 0; i < findings.n; i++) {
        Str source = fact_str(c->a, &findings.items[i], "source");
        if (str_is(source, "commentary"))
            continue; /* stands above, as a point */
        put_point(c, STRC("problem"), fact_str(c->a, &findings.items[i], "text"),
                  call_title(c, "finding_source", source), out);
    }
    jw_end(out);
    return true;
}

static bool put_letter(Call *c, int64_t cycle, int64_t debriefer, Jw *out, Err *e)
{
    Fact letter, result;
    if (!newest(&letter, c, "letter", debriefer, e))
        return false;
    if (letter.id == 0)
        return true;
    int64_t number = fact_int(&letter, "version");
    if (!work_result_find(&result, c, cycle, number, e))
        return false;
    jw_kint(out, "letter", letter.subject);
    jw_kint(out, "letter_version", number);
    jw_kbool(out, "letter_superseded", fact_bool(&result, "superseded"));
    return true;
}

static void put_grades(const ResultBook *b, int64_t debriefer, Jw *out)
{
    jw_key(out, "grades");
    jw_arr(out);
    for (size_t i = 0; b && i < b->n_objects; i++) {
        const ScoreScored *s = work_result_of(&b->objects[i], debriefer);
        if (!s)
            continue;
        jw_obj(out);
        jw_kstr(out, "object", b->objects[i].object);
        jw_kstr(out, "title", b->objects[i].title);
        jw_kstr(out, "grade_title", b->objects[i].scheme.bands[s->final].title);
        jw_end(out);
    }
    jw_end(out);
}

static bool put_row(Call *c, const AssessPerson *p, const ResultBook *b, Jw *out, Err *e)
{
    int64_t debriefer = p->fact.subject;
    Fact f;
    if (!newest(&f, c, "opinion", debriefer, e))
        return false;
    jw_obj(out);
    jw_kint(out, "debriefer", debriefer);
    jw_kstr(out, "name", p->name);
    jw_kstr(out, "org_name", p->org_name);
    put_grades(b, debriefer, out);
    if (f.id) {
        jw_kint(out, "version", f.id);
        jw_kstr(out, "achievements", fact_str(c->a, &f, "achievements"));
        jw_kstr(out, "problems", fact_str(c->a, &f, "problems"));
        jw_kstr(out, "direction", fact_str(c->a, &f, "direction"));
    }
    if (!put_points(c, debriefer, out, e) ||
        !put_letter(c, fact_int(&p->fact, "cycle"), debriefer, out, e))
        return false;
    jw_end(out);
    return true;
}

/* The result whose grades stand now; false in *there when none is out or under way. */
static bool standing(ResultBook *b, bool *there, Call *c, int64_t cycle, Err *e)
{
    FactList l;
    *there = false;
    if (!call_list_id(&l, c, "result", "cycle", cycle, e))
        return false;
    if (l.n == 0 || fact_bool(&l.items[l.n - 1], "superseded"))
        return true;
    *there = true;
    return work_result_open(b, c, &l.items[l.n - 1], e);
}

static bool opinion_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const OpinionIn *in = in_;
    Assess as;
    ResultBook b = { .n_objects = 0 };
    bool there;
    if (!call_may_cycle(c, in->cycle, e) || !work_assess_open(&as, c, in->cycle, e) ||
        !standing(&b, &there, c, in->cycle, e))
        return false;
    bool ok = true;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; ok && i < as.n_people; i++)
        ok = put_row(c, &as.people[i], there ? &b : NULL, out, e);
    jw_end(out);
    jw_kint(out, "total", (int64_t)as.n_people);
    jw_kbool(out, "published", there && fact_day(&b.fact, "published") != DAY_NONE);
    work_result_close(&b);
    return ok;
}

const UseCase work_opinion_list = { "opinion_list", "查看综合评价意见和反馈函", WORK_READ,
                                    ASSESS_JUDGES, &list_in, &list_out, .run = opinion_list };

/* --- issuing letters ------------------------------------------------------------------------ */

static const Shape issue_in = SHAPE("LettersIssueIn", OpinionIn, list_in_fields);
static const ShapeField issued_fields[] = {
    { "letters", SHAPE_IDS, .required = true },
    { "number", SHAPE_INT, .required = true },
};
static const Shape issued_out = SHAPE_REPLY("LettersIssued", issued_fields);

static bool opinions_all(Call *c, const Assess *as, Err *e)
{
    Str names = STRC("");
    int64_t n = 0;
    for (size_t i = 0; i < as->n_people; i++) {
        Fact f;
        if (!newest(&f, c, "opinion", as->people[i].fact.subject, e))
            return false;
        if (f.id == 0 && n++ < NAMES_SAID)
            names = arena_text(c->a, "%.*s%s%.*s", STR(names), n > 1 ? "、" : "",
                               STR(as->people[i].name));
    }
    return n == 0 || err_fail(e, ERR_OPINION_MISSING, err_hole("n", n),
                              err_hole("names", n > NAMES_SAID
                                                    ? arena_text(c->a, "%.*s等", STR(names))
                                                    : names));
}

static json_t *letter_grades(Call *c, const ResultBook *b, int64_t debriefer)
{
    json_t *all = json_array();
    for (size_t i = 0; all && i < b->n_objects; i++) {
        const ResultObject *o = &b->objects[i];
        const ScoreScored *s = work_result_of(o, debriefer);
        for (size_t k = 0; s && k < o->result.n_defs; k++)
            if (str_eq(o->result.defs[k].name, o->scheme.nodes[o->scheme.total].name))
                json_array_append_new(
                    all, json_pack("{s:o,s:o,s:o}", "title", jv_new(o->title), "grade",
                                   jv_new(o->scheme.bands[s->final].title), "total",
                                   jv_new(dec_print(c->a, s->values[k].value))));
    }
    return all;
}

static json_t *letter_findings(Call *c, int64_t debriefer, Err *e)
{
    FactList l;
    json_t *all = json_array();
    if (!all || !call_list_id(&l, c, "finding", "debriefer", debriefer, e)) {
        json_decref(all);
        return NULL;
    }
    for (size_t i = 0; i < l.n; i++)
        json_array_append_new(all, jv_new(fact_str(c->a, &l.items[i], "text")));
    return all;
}

static Str due_of(Call *c, const Fact *cycle, const char *step, Err *e)
{
    json_t *body = call_body(c, cycle, e);
    Day due = work_step_due(body, step);
    json_decref(body);
    return day_print(c->a, due);
}

/* All a letter says, so that it can be printed again as it was. */
static json_t *letter_text(Call *c, const Assess *as, const ResultBook *b, const AssessPerson *p,
                           Err *e)
{
    Fact o;
    Str organiser;
    if (!newest(&o, c, "opinion", p->fact.subject, e) ||
        !call_name(&organiser, c, "org", fact_int(&as->cycle, "organiser"), e))
        return NULL;
    json_t *findings = letter_findings(c, p->fact.subject, e);
    if (!findings)
        return NULL;
    const json_t *approved = jv_get(b->body, "approved");
    json_t *v = json_pack(
        "{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "name", jv_new(p->name), "org",
        jv_new(p->org_name), "organiser", jv_new(organiser), "cycle",
        jv_new(fact_str(c->a, &as->cycle, "title")), "meeting",
        jv_new(jv_str(approved, "meeting")), "meeting_day", jv_new(jv_str(approved, "day")),
        "day", jv_new(day_print(c->a, c->today)), "grades",
        letter_grades(c, b, p->fact.subject), "achievements",
        jv_new(fact_str(c->a, &o, "achievements")), "problems",
        jv_new(fact_str(c->a, &o, "problems")), "direction",
        jv_new(fact_str(c->a, &o, "direction")), "findings", findings);
    Str due = due_of(c, &as->cycle, "rectification", e);
    if (v && due.n)
        json_object_set_new(v, "rectify_by", jv_new(due));
    if (!v)
        (void)no_memory(e);
    return v;
}

/* A letter of the same version is filed again only when it says something else. */
static bool issue(int64_t *subject, Call *c, const Assess *as, const ResultBook *b,
                  const AssessPerson *p, Err *e)
{
    Fact was;
    int64_t id, number = fact_int(&b->fact, "version");
    if (!newest(&was, c, "letter", p->fact.subject, e))
        return false;
    bool again = was.id && fact_int(&was, "version") == number;
    json_t *text = letter_text(c, as, b, p, e);
    json_t *body = text ? json_pack("{s:I,s:I,s:o}", "debriefer", (json_int_t)p->fact.subject,
                                    "version", (json_int_t)number, "text", text)
                        : NULL;
    if (!body)
        return text ? no_memory(e) : false;
    Buf canon = buf_open(JSON_BYTES_MAX);
    bool ok = jv_canon(&canon, body, e);
    bool same = ok && again && str_eq(buf_str(&canon), was.body);
    Filing f = { .form = "letter", .subject = again ? was.subject : 0,
                 .org = fact_int(&p->fact, "org"), .body = body };
    id = was.id;
    ok = ok && (same || call_file(c, &f, &id, e));
    *subject = again ? was.subject : id;
    buf_close(&canon);
    json_decref(body);
    return ok;
}

static bool letters_issue(Call *c, const void *in_, Jw *out, Err *e)
{
    const OpinionIn *in = in_;
    Assess as;
    ResultBook b = { .n_objects = 0 };
    bool there;
    if (!call_may_cycle(c, in->cycle, e) || !work_assess_open(&as, c, in->cycle, e) ||
        !work_cycle_at(c, &as.cycle, "published", e) || !opinions_all(c, &as, e) ||
        !standing(&b, &there, c, in->cycle, e))
        return false;
    bool ok = there || err_fail(e, ERR_RESULT_NONE);
    jw_key(out, "letters");
    jw_arr(out);
    for (size_t i = 0; ok && i < as.n_people; i++) {
        int64_t id = 0;
        ok = issue(&id, c, &as, &b, &as.people[i], e);
        if (ok)
            jw_int(out, id);
    }
    jw_end(out);
    jw_kint(out, "number", there ? fact_int(&b.fact, "version") : 0);
    work_result_close(&b);
    return ok;
}

const UseCase work_letters_issue = { "letters_issue", "出反馈函", WORK_WRITE, ASSESS_CLERKS, &issue_in,
                                     &issued_out, .run = letters_issue };
