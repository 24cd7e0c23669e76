/* A result as the organiser and the committee read it, and the little of it that is the
 * debriefer's own: his grade and total, never a rank or a group's marks. */
#include "work/assess.h"
#include "work/rows.h"

enum { WHY_FACTS_MAX = 2000 };

typedef struct ShowIn {
    int64_t cycle, number, debriefer;
    Str object, node;
} ShowIn;
static const ShapeField show_in_fields[] = {
    { "cycle", SHAPE_ID, offsetof(ShowIn, cycle), .required = true, .title = "年度周期" },
    { "number", SHAPE_ID, offsetof(ShowIn, number), .title = "版次" },
};
static const Shape show_in = SHAPE("ResultShowIn", ShowIn, show_in_fields);

static const ShapeField column_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "kind", SHAPE_WORD, .required = true, .words = "group|ballot|part|node" },
};
static const Shape column_shape = SHAPE_REPLY("ResultColumn", column_fields);
static const ShapeField value_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "value", SHAPE_DEC },
};
static const Shape value_shape = SHAPE_REPLY("ResultValue", value_fields);
static const ShapeField step_fields[] = {
    { "kind", SHAPE_TEXT, .required = true },
    { "text", SHAPE_TEXT, .required = true },
    { "fact", SHAPE_ID },
};
static const Shape step_shape = SHAPE_REPLY("ResultStep", step_fields);
static const ShapeField row_fields[] = {
    { "debriefer", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "class", SHAPE_TEXT, .required = true },
    { "class_title", SHAPE_TEXT, .required = true },
    { "class_rank", SHAPE_INT, .required = true },
    { "class_size", SHAPE_INT, .required = true },
    { "total", SHAPE_DEC, .required = true },
    { "values", SHAPE_LIST, .required = true, .sub = &value_shape },
    { "missing", SHAPE_WORDS, .required = true },
    { "computed", SHAPE_TEXT, .required = true },
    { "proposed", SHAPE_TEXT, .required = true },
    { "grade", SHAPE_TEXT, .required = true },
    { "computed_title", SHAPE_TEXT, .required = true },
    { "proposed_title", SHAPE_TEXT, .required = true },
    { "grade_title", SHAPE_TEXT, .required = true },
    { "overridden", SHAPE_BOOL, .required = true },
    { "steps", SHAPE_LIST, .required = true, .sub = &step_shape },
};
static const Shape row_shape = SHAPE_REPLY("ResultRow", row_fields);
static const ShapeField grade_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "count", SHAPE_INT, .required = true },
};
static const Shape grade_shape = SHAPE_REPLY("ResultGrade", grade_fields);
static const ShapeField object_fields[] = {
    { "object", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "scheme", SHAPE_TEXT, .required = true },
    { "cite", SHAPE_TEXT },
    { "total_name", SHAPE_TEXT, .required = true },
    { "columns", SHAPE_LIST, .required = true, .sub = &column_shape },
    { "rows", SHAPE_LIST, .required = true, .sub = &row_shape },
    { "grades", SHAPE_LIST, .required = true, .sub = &grade_shape },
    { "quota", SHAPE_TEXT, .required = true },
    { "quota_held", SHAPE_BOOL, .required = true },
    { "choices", SHAPE_WORDS, .required = true },
};
static const Shape object_shape = SHAPE_REPLY("ResultObject", object_fields);
static const ShapeField version_fields[] = {
    { "number", SHAPE_INT, .required = true },
    { "state", SHAPE_TEXT, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
    { "reason", SHAPE_TEXT },
    { "approver", SHAPE_TEXT },
    { "at", SHAPE_MOMENT, .required = true },
};
static const Shape version_shape = SHAPE_REPLY("ResultVersion", version_fields);
static const ShapeField show_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "number", SHAPE_INT, .required = true },
    { "state", SHAPE_WORD, .required = true, .words = "computed|approved|published|superseded" },
    { "state_title", SHAPE_TEXT, .required = true },
    { "stale", SHAPE_BOOL, .required = true },
    { "reason", SHAPE_TEXT },
    { "approver", SHAPE_TEXT },
    { "meeting", SHAPE_TEXT },
    { "meeting_day", SHAPE_DAY },
    { "published", SHAPE_DAY },
    { "objects", SHAPE_LIST, .required = true, .sub = &object_shape },
    { "versions", SHAPE_LIST, .required = true, .sub = &version_shape },
};
static const Shape show_out = SHAPE_REPLY("Result", show_fields);

static const char *kind_word(ScoreKind k)
{
    return k == SCORE_GROUP ? "group" : k == SCORE_BALLOT ? "ballot" : k == SCORE_PART ? "part"
                                                                                        : "node";
}

static void put_columns(const ResultObject *o, Jw *out)
{
    jw_key(out, "columns");
    jw_arr(out);
    for (size_t k = 0; k < o->result.n_defs; k++) {
        const ScoreDef *d = &o->result.defs[k];
        if (!work_result_shown(o, k))
            continue;
        jw_obj(out);
        jw_kstr(out, "name", d->name);
        jw_kstr(out, "title", d->title.n ? d->title : d->name);
        jw_kstr(out, "kind", str_of(kind_word(d->kind)));
        jw_end(out);
    }
    jw_end(out);
}

static void put_values(const ResultObject *o, const ScoreScored *s, Jw *out)
{
    jw_key(out, "values");
    jw_arr(out);
    for (size_t k = 0; k < o->result.n_defs; k++) {
        if (!work_result_shown(o, k))
            continue;
        jw_obj(out);
        jw_kstr(out, "name", o->result.defs[k].name);
        if (s->values[k].given)
            jw_kdec(out, "value", s->values[k].value);
        jw_end(out);
    }
    jw_end(out);
}

static void put_missing(Call *c, const ResultObject *o, const ScoreScored *s, Jw *out)
{
    jw_key(out, "missing");
    jw_arr(out);
    for (size_t k = 0; k < s->n_missing; k++) {
        const SchemePart *p = &o->scheme.parts[s->missing[k]];
        jw_str(out, arena_text(c->a, "%.*s缺项，%s", STR(p->title),
                               p->missing == SCHEME_ZERO ? "计零分" : "其余各项按权重折算"));
    }
    jw_end(out);
}

static const char *step_word(ScoreStepKind k)
{
    static const char *const words[] = { [SCORE_BAND] = "band", [SCORE_VETO] = "veto",
                                         [SCORE_GATE] = "gate", [SCORE_NON_TOP] = "non_top",
                                         [SCORE_TOP_SHARE] = "top_share",
                                         [SCORE_OVERRIDE] = "override" };
    return words[k];
}

static void put_steps(Call *c, const ResultObject *o, const ScoreScored *s, Jw *out)
{
    jw_key(out, "steps");
    jw_arr(out);
    for (size_t k = 0; k < s->n_steps; k++) {
        jw_obj(out);
        jw_kstr(out, "kind", str_of(step_word(s->steps[k].kind)));
        jw_kstr(out, "text", work_result_step(c, o, &s->steps[k]));
        if (s->steps[k].fact)
            jw_kint(out, "fact", s->steps[k].fact);
        jw_end(out);
    }
    jw_end(out);
}

static void put_grade(const ResultObject *o, size_t band, const char *key, const char *title,
                      Jw *out)
{
    jw_kstr(out, key, o->scheme.bands[band].name);
    jw_kstr(out, title, o->scheme.bands[band].title);
}

static ptrdiff_t total_def(const ResultObject *o)
{
    Str total = o->scheme.nodes[o->scheme.total].name;
    for (size_t k = 0; k < o->result.n_defs; k++)
        if (str_eq(o->result.defs[k].name, total))
            return (ptrdiff_t)k;
    return -1;
}

static bool put_row(Call *c, const ResultObject *o, const ScoreScored *s, Jw *out, Err *e)
{
    Str name, org;
    ptrdiff_t total = total_def(o);
    if (total < 0 || !work_debriefer_named(&name, &org, c, s->id, e))
        return false;
    jw_obj(out);
    jw_kint(out, "debriefer", s->id);
    jw_kstr(out, "name", name);
    jw_kstr(out, "org_name", org);
    jw_kstr(out, "class", s->klass);
    jw_kstr(out, "class_title", work_result_class(c, s->klass));
    jw_kint(out, "class_rank", (int64_t)s->rank);
    jw_kint(out, "class_size", (int64_t)s->class_size);
    jw_kdec(out, "total", s->values[total].value);
    put_values(o, s, out);
    put_missing(c, o, s, out);
    put_grade(o, s->computed, "computed", "computed_title", out);
    put_grade(o, s->proposed, "proposed", "proposed_title", out);
    put_grade(o, s->final, "grade", "grade_title", out);
    jw_kbool(out, "overridden", s->input->override.grade.n > 0);
    put_steps(c, o, s, out);
    jw_end(out);
    return true;
}

static void put_grades(const ResultObject *o, Jw *out)
{
    jw_key(out, "grades");
    jw_arr(out);
    for (size_t b = 0; b < o->scheme.n_bands; b++) {
        int64_t n = 0;
        for (size_t i = 0; i < o->result.n_debriefers; i++)
            n += o->result.debriefers[i].final == b;
        jw_obj(out);
        jw_kstr(out, "name", o->scheme.bands[b].name);
        jw_kstr(out, "title", o->scheme.bands[b].title);
        jw_kint(out, "count", n);
        jw_end(out);
    }
    jw_end(out);
}

static bool put_object(Call *c, const ResultObject *o, Jw *out, Err *e)
{
    jw_obj(out);
    jw_kstr(out, "object", o->object);
    jw_kstr(out, "title", o->title);
    jw_kstr(out, "scheme", o->scheme.title);
    jw_kstr(out, "cite", o->scheme.cite);
    jw_kstr(out, "total_name", o->scheme.nodes[o->scheme.total].name);
    put_columns(o, out);
    jw_key(out, "rows");
    jw_arr(out);
    for (size_t i = 0; i < o->result.n_debriefers; i++)
        if (!put_row(c, o, &o->result.debriefers[i], out, e))
            return false;
    jw_end(out);
    put_grades(o, out);
    jw_kstr(out, "quota", work_result_quota(c, o));
    jw_kbool(out, "quota_held", o->result.quota.held_final);
    jw_key(out, "choices");
    jw_arr(out);
    Str line;
    for (size_t k = 0; (line = work_result_choices(c, o, k)).n; k++)
        jw_str(out, line);
    jw_end(out);
    jw_end(out);
    return true;
}

static void put_version(Call *c, const Fact *f, Jw *out)
{
    Str reason = fact_str(c->a, f, "reason"), approver = fact_str(c->a, f, "approver");
    jw_obj(out);
    jw_kint(out, "number", fact_int(f, "version"));
    jw_kstr(out, "state", str_of(work_result_state(f)));
    jw_kstr(out, "state_title", work_result_state_title(f));
    if (reason.n)
        jw_kstr(out, "reason", reason);
    if (approver.n)
        jw_kstr(out, "approver", approver);
    jw_kmoment(out, "at", f->received_at);
    jw_end(out);
}

static void put_head(Call *c, const ResultBook *b, bool stale, Jw *out)
{
    const Fact *f = &b->fact;
    const json_t *approved = jv_get(b->body, "approved");
    Str reason = fact_str(c->a, f, "reason"), approver = fact_str(c->a, f, "approver");
    work_put_made(out, f->subject, f->id);
    jw_kint(out, "number", fact_int(f, "version"));
    jw_kstr(out, "state", str_of(work_result_state(f)));
    jw_kstr(out, "state_title", work_result_state_title(f));
    jw_kbool(out, "stale", stale);
    if (reason.n)
        jw_kstr(out, "reason", reason);
    if (approver.n)
        jw_kstr(out, "approver", approver);
    if (approved) {
        jw_kstr(out, "meeting", jv_str(approved, "meeting"));
        jw_kday(out, "meeting_day", jv_day(approved, "day"));
    }
    if (fact_day(f, "published") != DAY_NONE)
        jw_kday(out, "published", fact_day(f, "published"));
}

static bool result_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const ShowIn *in = in_;
    Fact f;
    FactList all;
    ResultBook b;
    bool stale;
    if (!call_may_cycle(c, in->cycle, e) || !work_result_find(&f, c, in->cycle, in->number, e) ||
        !work_result_all(&all, c, in->cycle, e) || !work_result_stale(&stale, c, &f, e) ||
        !work_result_open(&b, c, &f, e))
        return false;
    bool ok = true;
    put_head(c, &b, stale, out);
    jw_key(out, "objects");
    jw_arr(out);
    for (size_t i = 0; ok && i < b.n_objects; i++)
        ok = put_object(c, &b.objects[i], out, e);
    jw_end(out);
    jw_key(out, "versions");
    jw_arr(out);
    for (size_t i = all.n; i-- > 0;)
        put_version(c, &all.items[i], out);
    jw_end(out);
    work_result_close(&b);
    return ok;
}

const UseCase work_result_show = { "result_show", "查看综合评价结果", WORK_READ, ASSESS_JUDGES,
                                   &show_in, &show_out, .run = result_show };

/* --- why ------------------------------------------------------------------------------------ */

static const ShapeField why_in_fields[] = {
    { "cycle", SHAPE_ID, offsetof(ShowIn, cycle), .required = true, .title = "年度周期" },
    { "number", SHAPE_ID, offsetof(ShowIn, number), .title = "版次" },
    { "debriefer", SHAPE_ID, offsetof(ShowIn, debriefer), .required = true, .title = "述职人" },
    { "object", SHAPE_TEXT, offsetof(ShowIn, object), .required = true, .max = 40,
      .title = "评议对象" },
    { "node", SHAPE_TEXT, offsetof(ShowIn, node), .required = true, .max = 120, .title = "项目" },
};
static const Shape why_in = SHAPE("ResultWhyIn", ShowIn, why_in_fields);
static const ShapeField why_fact_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "what", SHAPE_TEXT, .required = true },
    { "who", SHAPE_TEXT, .required = true },
    { "when", SHAPE_MOMENT, .required = true },
};
static const Shape why_fact = SHAPE_REPLY("WhyFact", why_fact_fields);
static const ShapeField why_fields[] = {
    { "why", SHAPE_JSON, .required = true },
    { "facts", SHAPE_LIST, .required = true, .sub = &why_fact },
};
static const Shape why_out = SHAPE_REPLY("ResultWhy", why_fields);

typedef struct Cited {
    int64_t *ids;
    size_t n;
} Cited;

/* Depth is bounded by SCORE_WHY_DEPTH_MAX, which the tree itself keeps. */
static void cite(Cited *to, const json_t *node, int depth)
{
    const json_t *inputs = jv_get(node, "inputs");
    int64_t id = jv_int(node, "fact");
    bool known = id == 0 || to->n == WHY_FACTS_MAX;
    for (size_t i = 0; i < to->n && !known; i++)
        known = to->ids[i] == id;
    if (!known)
        to->ids[to->n++] = id;
    for (size_t i = 0; depth > 0 && i < jv_len(inputs); i++)
        cite(to, jv_at(inputs, i), depth - 1);
}

static bool put_cited(Call *c, const json_t *why, Jw *out, Err *e)
{
    Cited cited = { .ids = ARENA_ARRAY(c->a, int64_t, WHY_FACTS_MAX) };
    if (!cited.ids)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "来源"));
    cite(&cited, why, 2 * SCORE_WHY_DEPTH_MAX);
    jw_key(out, "facts");
    jw_arr(out);
    for (size_t i = 0; i < cited.n; i++) {
        Fact f;
        Str by;
        if (!fact_get(&f, c->a, c->tx, cited.ids[i], e) || !work_filed_by(&by, c, &f, e))
            return false;
        const Form *form = pack_form(call_rules(c), f.kind);
        jw_obj(out);
        jw_kint(out, "id", f.id);
        jw_kstr(out, "what", form ? form->title : f.kind);
        jw_kstr(out, "who", by);
        jw_kmoment(out, "when", f.received_at);
        jw_end(out);
    }
    jw_end(out);
    return true;
}

static bool put_why(Call *c, const json_t *bundle, const ShowIn *in, Jw *out, Err *e)
{
    Buf b = buf_open(WORK_REPLY_MAX);
    Jw w = jw_open(&b);
    json_t *why = NULL;
    bool ok = score_why(&w, c->a, bundle, in->debriefer, in->node, e);
    if (ok && !jw_close(&w))
        ok = err_fail(e, ERR_TOO_BIG, err_hole("what", "来源"), err_hole("max", WORK_REPLY_MAX));
    ok = ok && jv_read(&why, buf_str(&b), "来源", e);
    if (ok)
        jw_kjson(out, "why", why);
    ok = ok && put_cited(c, why, out, e);
    json_decref(why);
    buf_close(&b);
    return ok;
}

static bool result_why(Call *c, const void *in_, Jw *out, Err *e)
{
    const ShowIn *in = in_;
    Fact f;
    if (!call_may_cycle(c, in->cycle, e) || !work_result_find(&f, c, in->cycle, in->number, e))
        return false;
    json_t *body = call_body(c, &f, e);
    if (!body)
        return false;
    const json_t *bundle =
        json_object_getn(json_object_get(body, "bundle"), in->object.p, in->object.n);
    bool ok = bundle ? put_why(c, bundle, in, out, e)
                     : err_fail(e, ERR_NOT_FOUND, err_hole("what", "评议对象"));
    json_decref(body);
    return ok;
}

const UseCase work_result_why = { "result_why", "查看一个数的来源", WORK_READ, ASSESS_JUDGES, &why_in,
                                  &why_out, .run = result_why };

/* --- one's own ------------------------------------------------------------------------------ */

static const ShapeField mine_fields[] = {
    { "debriefer", SHAPE_ID, .required = true },
    { "year", SHAPE_INT, .required = true },
    { "cycle_title", SHAPE_TEXT, .required = true },
    { "number", SHAPE_INT, .required = true },
    { "superseded", SHAPE_BOOL, .required = true },
    { "published", SHAPE_DAY },
    { "object", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "total", SHAPE_DEC, .required = true },
    { "grade", SHAPE_TEXT, .required = true },
    { "grade_title", SHAPE_TEXT, .required = true },
};
static const Shape mine_shape = SHAPE_REPLY("MyResult", mine_fields);
static const ShapeField mines_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &mine_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape mine_out = SHAPE_REPLY("MyResults", mines_fields);

static bool put_mine(Call *c, const Fact *cycle, const Fact *result, int64_t debriefer, int64_t *n,
                     Jw *out, Err *e)
{
    ResultBook b;
    if (!work_result_open(&b, c, result, e))
        return false;
    for (size_t i = 0; i < b.n_objects; i++) {
        const ResultObject *o = &b.objects[i];
        const ScoreScored *s = work_result_of(o, debriefer);
        ptrdiff_t total = total_def(o);
        if (!s || total < 0)
            continue;
        ++*n;
        jw_obj(out);
        jw_kint(out, "debriefer", debriefer);
        jw_kint(out, "year", fact_int(cycle, "year"));
        jw_kstr(out, "cycle_title", fact_str(c->a, cycle, "title"));
        jw_kint(out, "number", fact_int(result, "version"));
        jw_kbool(out, "superseded", fact_bool(result, "superseded"));
        jw_kday(out, "published", fact_day(result, "published"));
        jw_kstr(out, "object", o->object);
        jw_kstr(out, "title", o->title);
        jw_kdec(out, "total", s->values[total].value);
        put_grade(o, s->final, "grade", "grade_title", out);
        jw_end(out);
    }
    work_result_close(&b);
    return true;
}

/* Only what was published, superseded versions marked as such. */
static bool mine_of(Call *c, const Fact *debriefer, int64_t *n, Jw *out, Err *e)
{
    Fact cycle;
    FactList l;
    if (!call_thing(&cycle, c, "cycle", fact_int(debriefer, "cycle"), e) ||
        !call_list_id(&l, c, "result", "cycle", cycle.subject, e))
        return false;
    for (size_t i = l.n; i-- > 0;)
        if (fact_day(&l.items[i], "published") != DAY_NONE &&
            !put_mine(c, &cycle, &l.items[i], debriefer->subject, n, out, e))
            return false;
    return true;
}

static bool result_mine(Call *c, const void *in, Jw *out, Err *e)
{
    int64_t person = c->who->behalf ? c->who->behalf : c->who->person, n = 0;
    FactList l = { 0 };
    (void)in;
    if (!person)
        c->asked = true; /* an account of nobody has no results */
    else if (!call_may_self(c, person, e) ||
             !call_list_id(&l, c, "debriefer", "person", person, e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = l.n; i-- > 0;)
        if (!mine_of(c, &l.items[i], &n, out, e))
            return false;
    jw_end(out);
    jw_kint(out, "total", n);
    return true;
}

const UseCase work_result_mine = { "result_mine", "查看本人的等次和总分", WORK_READ, WORK_LOGGED_IN,
                                   NULL, &mine_out, .run = result_mine };
