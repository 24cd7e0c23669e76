/* The chain of results: computed, approved, published, superseded. A published one is never
 * edited; a numbered version with a reason and whoever agreed to it takes its place. */
#include "work/assess.h"
#include "work/rows.h"

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "综合评价结果"));
}

/* --- finding -------------------------------------------------------------------------------- */

bool work_result_all(FactList *out, Call *c, int64_t cycle, Err *e)
{
    return call_list_id(out, c, "result", "cycle", cycle, e) &&
           (out->n > 0 || err_fail(e, ERR_RESULT_NONE));
}

bool work_result_find(Fact *out, Call *c, int64_t cycle, int64_t number, Err *e)
{
    FactList l;
    if (!work_result_all(&l, c, cycle, e))
        return false;
    for (size_t i = l.n; i-- > 0;)
        if (number == 0 || fact_int(&l.items[i], "version") == number)
            return *out = l.items[i], true;
    return err_fail(e, ERR_RESULT_NONE);
}

const char *work_result_state(const Fact *f)
{
    if (fact_bool(f, "superseded"))
        return "superseded";
    if (fact_day(f, "published") != DAY_NONE)
        return "published";
    return fact_json(f, "approved").n ? "approved" : "computed";
}

Str work_result_state_title(const Fact *f)
{
    static const char *const titles[][2] = { { "superseded", "已被更正" },
                                             { "published", "已反馈" },
                                             { "approved", "等次已审定" },
                                             { "computed", "已测算，待审定" } };
    size_t i = 0;
    while (!str_is(str_of(work_result_state(f)), titles[i][0]))
        i++;
    return str_of(titles[i][1]);
}

/* --- reading one back ----------------------------------------------------------------------- */

static bool open_object(ResultObject *out, Call *c, Str object, const json_t *bundle, Err *e)
{
    out->object = arena_str(c->a, object);
    out->title = call_title(c, "rated_object", out->object);
    out->bundle = bundle;
    return score_bundle_read(&out->scheme, &out->choices, &out->in, c->a, bundle, e) &&
           score_run(&out->result, c->a, &out->scheme, &out->choices, &out->in, e);
}

/* A body has its keys in canonical order; people know the objects in the order of the cycle. */
bool work_result_open(ResultBook *out, Call *c, const Fact *result, Err *e)
{
    Fact cycle;
    json_t *order;
    *out = (ResultBook){ .fact = *result };
    if (!call_thing(&cycle, c, "cycle", fact_int(result, "cycle"), e) ||
        !jv_read(&order, fact_json(&cycle, "objects"), "objects", e))
        return false;
    out->body = call_body(c, result, e);
    out->objects = ARENA_ARRAY(c->a, ResultObject, jv_len(order));
    bool ok = out->body && (out->objects ? true : no_memory(e));
    for (size_t i = 0; ok && i < jv_len(order); i++) {
        Str name = jv_text(jv_at(order, i));
        const json_t *bundle =
            json_object_getn(json_object_get(out->body, "bundle"), name.p, name.n);
        if (bundle)
            ok = open_object(&out->objects[out->n_objects++], c, name, bundle, e);
    }
    json_decref(order);
    if (!ok)
        work_result_close(out);
    return ok;
}

void work_result_close(ResultBook *b)
{
    json_decref(b->body);
    b->body = NULL;
}

const ScoreScored *work_result_of(const ResultObject *o, int64_t debriefer)
{
    for (size_t i = 0; i < o->result.n_debriefers; i++)
        if (o->result.debriefers[i].id == debriefer)
            return &o->result.debriefers[i];
    return NULL;
}

bool work_debriefer_named(Str *name, Str *org_name, Call *c, int64_t debriefer, Err *e)
{
    Fact d;
    return call_thing(&d, c, "debriefer", debriefer, e) &&
           call_name(name, c, "person", fact_int(&d, "person"), e) &&
           (!org_name || call_name(org_name, c, "org", fact_int(&d, "org"), e));
}

/* --- computing ------------------------------------------------------------------------------ */

/* The result under way: not yet published and not superseded. id 0 when there is none; *last is
 * the newest of all. */
static bool under_way(Fact *out, Fact *last, Call *c, int64_t cycle, int64_t *n, Err *e)
{
    FactList l;
    *out = *last = (Fact){ .id = 0 };
    if (!call_list_id(&l, c, "result", "cycle", cycle, e))
        return false;
    *n = (int64_t)l.n;
    if (l.n)
        *last = l.items[l.n - 1];
    if (l.n && str_is(str_of(work_result_state(last)), "computed"))
        *out = *last;
    return true;
}

static bool refile(Call *c, const Fact *was, json_t *bundles, Str canon, int64_t *id, Err *e)
{
    *id = was->id;
    if (str_eq(canon, fact_json(was, "bundle")))
        return true; /* the same figures: nothing new to say */
    json_t *patch = json_pack("{s:O}", "bundle", bundles);
    bool ok = patch ? call_revise(c, "result", was, 0, patch, id, e) : no_memory(e);
    json_decref(patch);
    return ok;
}

static bool file_first(Call *c, const Assess *as, const Fact *last, int64_t n, json_t *bundles,
                       int64_t *id, Err *e)
{
    json_t *body = json_pack("{s:I,s:I,s:o,s:O}", "cycle", (json_int_t)as->cycle.subject, "version",
                             (json_int_t)n + 1, "scheme", jv_new(as->scheme->name), "bundle",
                             bundles);
    if (body && last->id) { /* why there is another version, and who agreed to it */
        json_object_set_new(body, "reason", jv_new(fact_str(c->a, last, "reason")));
        json_object_set_new(body, "approver", jv_new(fact_str(c->a, last, "approver")));
    }
    Filing f = { .form = "result", .org = as->cycle.org, .body = body };
    bool ok = body ? call_file(c, &f, id, e) : no_memory(e);
    json_decref(body);
    return ok;
}

static bool store(Call *c, const Assess *as, const AssessRun *runs, int64_t *subject, int64_t *id,
                  int64_t *number, Err *e)
{
    Fact was, last;
    json_t *bundles;
    Str canon;
    if (!under_way(&was, &last, c, as->cycle.subject, number, e) ||
        !work_assess_bundles(&bundles, &canon, c, as, runs, e))
        return false;
    bool ok = was.id ? refile(c, &was, bundles, canon, id, e)
                     : file_first(c, as, &last, (*number)++, bundles, id, e);
    *subject = was.id ? was.subject : *id;
    json_decref(bundles);
    return ok;
}

bool work_result_refresh(Call *c, int64_t cycle, Err *e)
{
    Assess as;
    AssessRun *runs;
    Fact was, last;
    int64_t n, subject, id;
    if (!under_way(&was, &last, c, cycle, &n, e))
        return false;
    if (was.id == 0)
        return true;
    if (!work_assess_open(&as, c, cycle, e) || !work_assess_run(&runs, c, &as, e))
        return false;
    for (size_t i = 0; i < as.n_objects; i++)
        if (runs[i].result.status != SCORE_DONE)
            return true; /* it shows as out of date; computing it says what is open */
    return store(c, &as, runs, &subject, &id, &n, e);
}

bool work_result_stale(bool *out, Call *c, const Fact *result, Err *e)
{
    Assess as;
    AssessRun *runs;
    Str canon;
    Err why;
    *out = false;
    if (!str_is(str_of(work_result_state(result)), "computed"))
        return true;
    if (!work_assess_open(&as, c, fact_int(result, "cycle"), &why) ||
        !work_assess_run(&runs, c, &as, &why))
        return *out = true, true; /* the inputs no longer hold together */
    if (!work_assess_bundles(NULL, &canon, c, &as, runs, e))
        return false;
    *out = !str_eq(canon, fact_json(result, "bundle"));
    return true;
}

typedef struct ResultIn {
    int64_t cycle;
    Str meeting, reason, approver;
    Day day;
} ResultIn;
static const ShapeField compute_fields[] = {
    { "cycle", SHAPE_ID, offsetof(ResultIn, cycle), .required = true, .title = "年度周期" },
};
static const Shape compute_in = SHAPE("ResultComputeIn", ResultIn, compute_fields);

static const ShapeField person_fields[] = {
    { "debriefer", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
};
static const Shape person_shape = SHAPE_REPLY("ResultPerson", person_fields);
static const ShapeField absent_fields[] = {
    { "debriefer", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "part", SHAPE_TEXT, .required = true },
    { "part_title", SHAPE_TEXT, .required = true },
};
static const Shape absent_shape = SHAPE_REPLY("ResultAbsent", absent_fields);
static const ShapeField tie_fields[] = {
    { "quota", SHAPE_BOOL, .required = true },
    { "class", SHAPE_TEXT, .required = true },
    { "class_title", SHAPE_TEXT, .required = true },
    { "people", SHAPE_LIST, .required = true, .sub = &person_shape },
};
static const Shape tie_shape = SHAPE_REPLY("ResultTie", tie_fields);
static const ShapeField short_fields[] = {
    { "groups", SHAPE_TEXT, .required = true },
    { "issued", SHAPE_INT, .required = true },
    { "returned", SHAPE_INT, .required = true },
    { "valid", SHAPE_INT, .required = true },
    { "returned_ok", SHAPE_BOOL, .required = true },
    { "valid_ok", SHAPE_BOOL, .required = true },
};
static const Shape short_shape = SHAPE_REPLY("ResultShort", short_fields);
static const ShapeField run_fields[] = {
    { "object", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "status", SHAPE_WORD, .required = true, .words = "done|undecided|refused" },
    { "absent", SHAPE_LIST, .required = true, .sub = &absent_shape },
    { "ties", SHAPE_LIST, .required = true, .sub = &tie_shape },
    { "quorum", SHAPE_LIST, .required = true, .sub = &short_shape },
};
const Shape work_run_shape = SHAPE_REPLY("ResultRun", run_fields);
static const ShapeField computed_fields[] = {
    { "status", SHAPE_WORD, .required = true, .words = "done|undecided|refused" },
    { "id", SHAPE_ID },
    { "version", SHAPE_ID },
    { "number", SHAPE_INT },
    { "objects", SHAPE_LIST, .required = true, .sub = &work_run_shape },
};
static const Shape computed_out = SHAPE_REPLY("ResultComputed", computed_fields);

static Str name_of(const Assess *as, int64_t debriefer)
{
    const AssessPerson *p = work_assess_person(as, debriefer);
    return p ? p->name : STRC("");
}

static void put_absent(const Assess *as, const ScoreResult *r, Jw *out)
{
    jw_key(out, "absent");
    jw_arr(out);
    for (size_t i = 0; i < r->n_absent; i++) {
        jw_obj(out);
        jw_kint(out, "debriefer", r->absent[i].debriefer);
        jw_kstr(out, "name", name_of(as, r->absent[i].debriefer));
        jw_kstr(out, "part", as->scheme->parts[r->absent[i].part].name);
        jw_kstr(out, "part_title", as->scheme->parts[r->absent[i].part].title);
        jw_end(out);
    }
    jw_end(out);
}

static void put_ties(Call *c, const Assess *as, const ScoreResult *r, Jw *out)
{
    jw_key(out, "ties");
    jw_arr(out);
    for (size_t i = 0; i < r->n_ties; i++) {
        jw_obj(out);
        jw_kbool(out, "quota", r->ties[i].quota);
        jw_kstr(out, "class", r->ties[i].klass);
        jw_kstr(out, "class_title", work_result_class(c, r->ties[i].klass));
        jw_key(out, "people");
        jw_arr(out);
        for (size_t k = 0; k < r->ties[i].n_ids; k++) {
            jw_obj(out);
            jw_kint(out, "debriefer", r->ties[i].ids[k]);
            jw_kstr(out, "name", name_of(as, r->ties[i].ids[k]));
            jw_end(out);
        }
        jw_end(out);
        jw_end(out);
    }
    jw_end(out);
}

/* Only what failed: a quorum that holds needs no word here. */
static void put_short(const ScoreResult *r, Jw *out)
{
    jw_key(out, "quorum");
    jw_arr(out);
    for (size_t i = 0; i < r->n_quorum; i++) {
        const ScoreQuorum *q = &r->quorum[i];
        if ((q->returned_ok && q->valid_ok) || r->accepted)
            continue;
        jw_obj(out);
        jw_kstr(out, "groups", q->groups);
        jw_kint(out, "issued", q->issued);
        jw_kint(out, "returned", q->returned);
        jw_kint(out, "valid", q->valid);
        jw_kbool(out, "returned_ok", q->returned_ok);
        jw_kbool(out, "valid_ok", q->valid_ok);
        jw_end(out);
    }
    jw_end(out);
}

static const char *status_word(ScoreStatus s)
{
    return s == SCORE_DONE ? "done" : s == SCORE_UNDECIDED ? "undecided" : "refused";
}

void work_put_runs(Call *c, const Assess *as, const AssessRun *runs, Jw *out)
{
    jw_arr(out);
    for (size_t i = 0; i < as->n_objects; i++) {
        jw_obj(out);
        jw_kstr(out, "object", runs[i].object);
        jw_kstr(out, "title", call_title(c, "rated_object", runs[i].object));
        jw_kstr(out, "status", str_of(status_word(runs[i].result.status)));
        put_absent(as, &runs[i].result, out);
        put_ties(c, as, &runs[i].result, out);
        put_short(&runs[i].result, out);
        jw_end(out);
    }
    jw_end(out);
}

static bool may_compute(Call *c, const Fact *cycle, Err *e)
{
    return str_is(fact_str(c->a, cycle, "state"), "assessed") ||
           work_cycle_at(c, cycle, "counted", e);
}

static bool result_compute(Call *c, const void *in_, Jw *out, Err *e)
{
    const ResultIn *in = in_;
    Assess as;
    AssessRun *runs;
    ScoreStatus worst = SCORE_DONE;
    int64_t id, subject, number;
    if (!call_may_cycle(c, in->cycle, e) || !work_assess_open(&as, c, in->cycle, e) ||
        !may_compute(c, &as.cycle, e) || !work_assess_run(&runs, c, &as, e))
        return false;
    for (size_t i = 0; i < as.n_objects; i++)
        worst = runs[i].result.status > worst ? runs[i].result.status : worst;
    jw_kstr(out, "status", str_of(status_word(worst)));
    if (worst == SCORE_DONE) {
        bool first = str_is(fact_str(c->a, &as.cycle, "state"), "counted");
        if (!store(c, &as, runs, &subject, &id, &number, e) ||
            (first && !call_move(c, "cycle", &as.cycle, 0, "assess", NULL, NULL, e)))
            return false;
        work_put_made(out, subject, id);
        jw_kint(out, "number", number);
    }
    jw_key(out, "objects");
    work_put_runs(c, &as, runs, out);
    return true;
}

const UseCase work_result_compute = { "result_compute", "测算综合评价结果", WORK_WRITE,
                                      ROLE_BIT(ROLE_ORGANISER_CLERK), &compute_in, &computed_out,
                                      .run = result_compute };

/* --- approving ------------------------------------------------------------------------------ */

static const ShapeField approve_fields[] = {
    { "cycle", SHAPE_ID, offsetof(ResultIn, cycle), .required = true, .title = "年度周期" },
    { "meeting", SHAPE_TEXT, offsetof(ResultIn, meeting), .required = true, .max = 200,
      .title = "审定会议" },
    { "day", SHAPE_DAY, offsetof(ResultIn, day), .required = true, .title = "会议日期" },
    { "reason", SHAPE_TEXT, offsetof(ResultIn, reason), .max = 500, .title = "理由" },
};
static const Shape approve_in = SHAPE("ResultApproveIn", ResultIn, approve_fields);

/* The shares hold "in principle": grades that pass them need a reason of their own. */
static bool quota_held(Call *c, const Fact *result, Str reason, Err *e)
{
    ResultBook b;
    if (!work_result_open(&b, c, result, e))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < b.n_objects; i++) {
        const ScoreQuota *q = &b.objects[i].result.quota;
        if (!q->held_final && reason.n == 0)
            ok = err_fail(e, ERR_RESULT_QUOTA,
                          err_hole("grade", arena_str(c->a, b.objects[i].scheme.bands[0].title)),
                          err_hole("top", (int64_t)q->top_final));
    }
    work_result_close(&b);
    return ok;
}

static json_t *approval(Call *c, const ResultIn *in)
{
    json_t *v = json_pack("{s:o,s:o}", "meeting", jv_new(in->meeting), "day",
                          jv_new(day_print(c->a, in->day)));
    if (v && in->reason.n)
        json_object_set_new(v, "reason", jv_new(in->reason));
    return v ? json_pack("{s:o}", "approved", v) : NULL;
}

static bool result_approve(Call *c, const void *in_, Jw *out, Err *e)
{
    const ResultIn *in = in_;
    Fact cycle, was;
    int64_t id;
    bool stale;
    if (!call_may_cycle(c, in->cycle, e) || !call_thing(&cycle, c, "cycle", in->cycle, e) ||
        !work_cycle_at(c, &cycle, "assessed", e) ||
        !work_result_find(&was, c, in->cycle, 0, e))
        return false;
    if (!str_is(str_of(work_result_state(&was)), "computed"))
        return err_fail(e, ERR_RESULT_STALE); /* superseded, and not worked out again yet */
    if (!work_result_stale(&stale, c, &was, e))
        return false;
    if (stale)
        return err_fail(e, ERR_RESULT_STALE);
    if (!quota_held(c, &was, in->reason, e))
        return false;
    json_t *patch = approval(c, in);
    bool ok = (patch ? call_revise(c, "result", &was, 0, patch, &id, e) : no_memory(e)) &&
              call_move(c, "cycle", &cycle, 0, "approve", NULL, NULL, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, was.subject, id);
    return ok;
}

const UseCase work_result_approve = { "result_approve", "审定等次（会议、日期）", WORK_WRITE,
                                      ROLE_BIT(ROLE_COMMITTEE), &approve_in, &work_made,
                                      .run = result_approve };

/* --- publishing and superseding ------------------------------------------------------------- */

static const Shape publish_in = SHAPE("ResultPublishIn", ResultIn, compute_fields);

static bool result_publish(Call *c, const void *in_, Jw *out, Err *e)
{
    const ResultIn *in = in_;
    Fact cycle, was;
    int64_t id;
    if (!call_may_cycle(c, in->cycle, e) || !call_thing(&cycle, c, "cycle", in->cycle, e) ||
        !work_cycle_at(c, &cycle, "approved", e) || !work_result_find(&was, c, in->cycle, 0, e))
        return false;
    json_t *patch = json_pack("{s:o}", "published", jv_new(day_print(c->a, c->today)));
    bool ok = (patch ? call_revise(c, "result", &was, 0, patch, &id, e) : no_memory(e)) &&
              call_move(c, "cycle", &cycle, 0, "publish", NULL, NULL, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, was.subject, id);
    return ok;
}

const UseCase work_result_publish = { "result_publish", "反馈结果", WORK_WRITE,
                                      ROLE_BIT(ROLE_ORGANISER_HEAD), &publish_in, &work_made,
                                      .run = result_publish };

static const ShapeField supersede_fields[] = {
    { "cycle", SHAPE_ID, offsetof(ResultIn, cycle), .required = true, .title = "年度周期" },
    { "reason", SHAPE_TEXT, offsetof(ResultIn, reason), .required = true, .max = 1000,
      .title = "更正理由" },
    { "approver", SHAPE_TEXT, offsetof(ResultIn, approver), .required = true, .max = 100,
      .title = "批准更正的会议或领导" },
};
static const Shape supersede_in = SHAPE("ResultSupersedeIn", ResultIn, supersede_fields);

/* From here on the result and its letters are shown as superseded; inputs are open again, and the
 * next computation makes the next version. */
static bool result_supersede(Call *c, const void *in_, Jw *out, Err *e)
{
    const ResultIn *in = in_;
    Fact cycle, was;
    int64_t id;
    if (!call_may_cycle(c, in->cycle, e) || !call_thing(&cycle, c, "cycle", in->cycle, e) ||
        !work_result_find(&was, c, in->cycle, 0, e))
        return false;
    json_t *patch = json_pack("{s:b,s:o,s:o}", "superseded", 1, "reason", jv_new(in->reason),
                              "approver", jv_new(in->approver));
    bool ok = call_move(c, "cycle", &cycle, 0, "supersede", NULL, NULL, e) &&
              (patch ? call_revise(c, "result", &was, 0, patch, &id, e) : no_memory(e));
    json_decref(patch);
    if (ok)
        work_put_made(out, was.subject, id);
    return ok;
}

const UseCase work_result_supersede = { "result_supersede", "更正结果（写明理由和批准人）", WORK_WRITE,
                                        ROLE_BIT(ROLE_ORGANISER_HEAD), &supersede_in, &work_made,
                                        .run = result_supersede };
