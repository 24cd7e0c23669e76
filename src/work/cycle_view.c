/* The year as it stands: the list of cycles, the timeline and what is missing. */
#include "work/areas.h"
#include "work/call.h"
#include "work/rows.h"

#define ORGANISERS (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))
#define CYCLE_READERS                                                                              \
    (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD) | ROLE_BIT(ROLE_COMMITTEE) |   \
     ROLE_BIT(ROLE_SUPERIOR) | ROLE_BIT(ROLE_SECRETARY) | ROLE_BIT(ROLE_PARTY_STAFF) |             \
     ROLE_BIT(ROLE_SURVEYOR) | ROLE_BIT(ROLE_TELLER) | ROLE_BIT(ROLE_SCRUTINEER) |                 \
     ROLE_BIT(ROLE_COMMENTATOR) | ROLE_BIT(ROLE_INSPECTOR))

/* --- who sees a cycle ----------------------------------------------------------------------- */

bool work_is_own(const Call *c, int64_t person)
{
    return person && (person == c->who->person || person == c->who->behalf);
}

/* Someone of the units that take part: a debriefer, who hears him, or staff of his organisation. */
static bool takes_part(bool *out, Call *c, const Fact *cycle, Err *e)
{
    FactList l;
    *out = false;
    if (!call_list_id(&l, c, "debriefer", "cycle", cycle->subject, e))
        return false;
    for (size_t i = 0; i < l.n && !*out; i++)
        *out = work_is_own(c, fact_int(&l.items[i], "person")) ||
               work_is_own(c, fact_int(&l.items[i], "receiver")) ||
               call_can(c, c->u->roles, fact_int(&l.items[i], "org"));
    return true;
}

bool work_cycle_seen(bool *out, Call *c, const Fact *cycle, Err *e)
{
    if (call_can_in(c, c->u->roles, cycle))
        return *out = true, true;
    return takes_part(out, c, cycle, e);
}

bool work_cycle_read(Call *c, const Fact *cycle, Err *e)
{
    bool seen;
    c->asked = true;
    return work_cycle_seen(&seen, c, cycle, e) &&
           (seen || err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title)));
}

/* --- list of cycles ------------------------------------------------------------------------- */

static const ShapeField cycle_row_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "year", SHAPE_INT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "organiser", SHAPE_ID, .required = true },
    { "organiser_name", SHAPE_TEXT, .required = true },
    { "state", SHAPE_TEXT, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
};
static const Shape cycle_row = SHAPE_REPLY("CycleRow", cycle_row_fields);
static const ShapeField cycles_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &cycle_row },
    { "total", SHAPE_INT, .required = true },
};
static const Shape cycles_out = SHAPE_REPLY("Cycles", cycles_fields);

static bool put_row(Call *c, const Fact *f, Jw *out, Err *e)
{
    Str name, state = fact_str(c->a, f, "state");
    if (!call_name(&name, c, "org", fact_int(f, "organiser"), e))
        return false;
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", f->id);
    jw_kint(out, "year", fact_int(f, "year"));
    jw_kstr(out, "title", fact_str(c->a, f, "title"));
    jw_kint(out, "organiser", fact_int(f, "organiser"));
    jw_kstr(out, "organiser_name", name);
    jw_kstr(out, "state", state);
    jw_kstr(out, "state_title", call_title(c, "cycle_state", state));
    return true;
}

static bool cycle_list(Call *c, const void *in, Jw *out, Err *e)
{
    FactList l;
    int64_t n = 0;
    bool seen;
    (void)in;
    if (!call_may_all(c, e) || !call_list(&l, c, "cycle", NULL, STRC(""), e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = l.n; i-- > 0;) { /* the newest first */
        if (!work_cycle_seen(&seen, c, &l.items[i], e))
            return false;
        if (!seen)
            continue;
        jw_obj(out);
        if (!put_row(c, &l.items[i], out, e))
            return false;
        jw_end(out);
        n++;
    }
    jw_end(out);
    jw_kint(out, "total", n);
    return true;
}

const UseCase work_cycle_list = { "cycle_list", "查看各年度", WORK_READ, CYCLE_READERS, NULL,
                                  &cycles_out, .run = cycle_list };

/* --- where a cycle stands ------------------------------------------------------------------- */

typedef struct CycleIn {
    int64_t cycle;
} CycleIn;
static const ShapeField cycle_in_fields[] = {
    { "cycle", SHAPE_ID, offsetof(CycleIn, cycle), .required = true, .title = "年度周期" },
};
static const Shape cycle_in = SHAPE("CycleIn", CycleIn, cycle_in_fields);

static const ShapeField step_fields[] = {
    { "step", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "due", SHAPE_DAY },
    { "state", SHAPE_WORD, .required = true, .words = "done|now|overdue|later" },
    { "done", SHAPE_INT, .required = true },
    { "of", SHAPE_INT, .required = true },
    { "missing", SHAPE_WORDS, .required = true },
};
static const Shape step_shape = SHAPE_REPLY("CycleStep", step_fields);
static const ShapeField cycle_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "year", SHAPE_INT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "organiser", SHAPE_ID, .required = true },
    { "organiser_name", SHAPE_TEXT, .required = true },
    { "state", SHAPE_TEXT, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
    { "body", SHAPE_JSON, .required = true },
    { "steps", SHAPE_LIST, .required = true, .sub = &step_shape },
    { "before_voting", SHAPE_WORDS, .required = true },
    { "may_edit", SHAPE_BOOL, .required = true },
};
static const Shape cycle_out = SHAPE_REPLY("Cycle", cycle_fields);

/* What is counted over the debriefers who have not withdrawn. */
typedef struct Standing {
    int64_t n, live;
    int64_t surveyed, reported, accepted, routine, findings, findings_open, uses, opinions;
    int64_t objects, counted;
    bool meeting, result, approved, published;
} Standing;

bool work_debriefer_has(bool *out, Call *c, const char *form, int64_t debriefer, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, form, "debriefer", debriefer, e))
        return false;
    *out = l.n > 0;
    return true;
}

static bool stand_report(Call *c, int64_t debriefer, Standing *s, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "debrief_report", "debriefer", debriefer, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        Str state = fact_str(c->a, &l.items[i], "state");
        s->reported += !str_is(state, "returned");
        s->accepted += str_is(state, "accepted");
    }
    return true;
}

static bool stand_routine(Call *c, int64_t debriefer, Standing *s, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "score_input", "debriefer", debriefer, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (str_is(fact_str(c->a, &l.items[i], "part"), "routine"))
            return s->routine++, true;
    return true;
}

static bool stand_one(Call *c, const Fact *f, Standing *s, Err *e)
{
    bool survey, use, opinion;
    if (fact_bool(f, "withdrawn"))
        return true;
    s->n++;
    s->live += str_is(fact_str(c->a, f, "form"), "live");
    if (!work_debriefer_has(&survey, c, "survey_fact", f->subject, e) ||
        !work_debriefer_has(&use, c, "result_use", f->subject, e) ||
        !work_debriefer_has(&opinion, c, "opinion", f->subject, e) ||
        !stand_report(c, f->subject, s, e) || !stand_routine(c, f->subject, s, e))
        return false;
    s->surveyed += survey;
    s->uses += use;
    s->opinions += opinion;
    return true;
}

static bool stand_findings(Call *c, int64_t cycle, Standing *s, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "finding", "cycle", cycle, e))
        return false;
    s->findings = (int64_t)l.n;
    for (size_t i = 0; i < l.n; i++) {
        Str state = fact_str(c->a, &l.items[i], "state");
        s->findings_open += !str_is(state, "closed") && !str_is(state, "rechecked");
    }
    return true;
}

static bool stand(Call *c, const Fact *cycle, Standing *s, Err *e)
{
    FactList l, meetings, papers;
    json_t *body;
    *s = (Standing){ 0 };
    if (!call_list_id(&l, c, "debriefer", "cycle", cycle->subject, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (!stand_one(c, &l.items[i], s, e))
            return false;
    if (!stand_findings(c, cycle->subject, s, e) ||
        !call_list_id(&meetings, c, "debrief_meeting", "cycle", cycle->subject, e) ||
        !call_list_id(&papers, c, "paper_result", "cycle", cycle->subject, e) ||
        !(body = call_body(c, cycle, e)))
        return false;
    s->meeting = meetings.n > 0;
    s->objects = (int64_t)jv_len(jv_get(body, "objects"));
    json_decref(body);
    Str state = fact_str(c->a, cycle, "state");
    const List *states = pack_list(call_rules(c), STRC("cycle_state"));
    size_t at = 0;
    while (states && at < states->n_items && !str_eq(states->items[at].value, state))
        at++;
    s->counted = at >= 2 ? s->objects : 0;
    s->result = at >= 3;
    s->approved = at >= 4;
    s->published = at >= 5;
    return true;
}

enum { STEP_MISSING_MAX = 2 };

typedef struct Step {
    const char *step;
    int64_t done, of;
    Str missing[STEP_MISSING_MAX]; /* empty ones say nothing */
} Step;

Day work_step_due(const json_t *cycle, const char *step)
{
    const json_t *dates = jv_get(cycle, "dates");
    for (size_t i = 0; i < jv_len(dates); i++)
        if (str_is(jv_str(jv_at(dates, i), "step"), step))
            return jv_day(jv_at(dates, i), "due");
    return DAY_NONE;
}

static void put_step(Call *c, Day due, const Step *st, bool *now_given, Jw *out)
{
    bool done = st->of > 0 && st->done >= st->of;
    bool overdue = !done && due != DAY_NONE && due < c->today;
    bool begun = st->done > 0 || !*now_given; /* steps overlap: what has begun is not "later" */
    const char *state = done ? "done" : overdue ? "overdue" : begun ? "now" : "later";
    if (!done)
        *now_given = true;
    jw_obj(out);
    jw_kstr(out, "step", str_of(st->step));
    jw_kstr(out, "title", call_title(c, "cycle_step", str_of(st->step)));
    if (due != DAY_NONE)
        jw_kday(out, "due", due);
    jw_kstr(out, "state", str_of(state));
    jw_kint(out, "done", st->done);
    jw_kint(out, "of", st->of);
    jw_key(out, "missing");
    jw_arr(out);
    for (size_t i = 0; !done && i < STEP_MISSING_MAX; i++)
        if (st->missing[i].n)
            jw_str(out, st->missing[i]);
    jw_end(out);
    jw_end(out);
}

/* Said only when something lacks: the sentence with its number. */
static Str lacking(Call *c, const char *sentence, int64_t n)
{
    Str head, tail;
    if (n <= 0 || !str_cut(str_of(sentence), STRC("{n}"), &head, &tail))
        return STRC("");
    return arena_text(c->a, "%.*s%lld%.*s", STR(head), (long long)n, STR(tail));
}

static void put_steps(Call *c, const json_t *body, const Standing *s, Jw *out)
{
    static const Str nobody = S("还没有确定述职人");
    bool now_given = false;
    Step steps[] = {
        { "pre_survey", s->surveyed, s->n,
          { lacking(c, "还有{n}名述职人没有调研情况", s->n - s->surveyed) } },
        { "routine_assessment", s->routine, s->n,
          { lacking(c, "还有{n}名述职人没有平时考核分", s->n - s->routine) } },
        { "report", s->accepted, s->n,
          { lacking(c, "还有{n}名没有提交述职报告（零报告也算提交）", s->n - s->reported),
            lacking(c, "还有{n}份已提交的述职报告没有审核通过", s->reported - s->accepted) } },
        { "debrief_meeting", s->meeting, 1, { STRC("还没有安排述职会") } },
        { "ballot", s->counted, s->objects,
          { lacking(c, "还有{n}个评议对象没有计票", s->objects - s->counted) } },
        { "composite_evaluation", s->approved, 1,
          { s->result ? STRC("等次还没有审定") : STRC("还没有完成综合评价") } },
        { "feedback", s->published, 1, { STRC("结果还没有反馈") } },
        { "rectification", s->findings - s->findings_open, s->findings ? s->findings : 1,
          { s->findings ? lacking(c, "还有{n}个问题没有销号", s->findings_open)
                        : STRC("问题清单还是空的") } },
        { "result_use", s->uses, s->n,
          { lacking(c, "还有{n}名述职人没有登记结果运用", s->n - s->uses) } },
    };
    jw_key(out, "steps");
    jw_arr(out);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i].of == 0)
            steps[i].missing[0] = nobody;
        put_step(c, work_step_due(body, steps[i].step), &steps[i], &now_given, out);
    }
    jw_end(out);
}

/* What still stands between this cycle and the opening of its vote. */
static void put_before_voting(const Standing *s, const json_t *body, Jw *out)
{
    jw_key(out, "before_voting");
    jw_arr(out);
    if (s->n == 0)
        jw_str(out, STRC("还没有述职人"));
    if (!jv_get(body, "choices"))
        jw_str(out, STRC("还没有选定取整、并列和票数效力"));
    if (jv_int(body, "floor") == 0)
        jw_str(out, STRC("还没有确定单独统计的最少有效票"));
    const json_t *groups = jv_get(body, "groups");
    if (jv_len(groups) == 0)
        jw_str(out, STRC("还没有确定票类和发出票数"));
    for (size_t i = 0; i < jv_len(groups); i++)
        if (jv_int(jv_at(groups, i), "issued") <= 0) {
            jw_str(out, STRC("有票类没有填写发出票数"));
            break;
        }
    jw_end(out);
}

static bool cycle_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const CycleIn *in = in_;
    Fact f;
    Standing s;
    if (!call_thing(&f, c, "cycle", in->cycle, e) || !work_cycle_read(c, &f, e) ||
        !stand(c, &f, &s, e) || !put_row(c, &f, out, e))
        return false;
    json_t *body = call_body(c, &f, e);
    if (!body)
        return false;
    jw_kjson(out, "body", body);
    put_steps(c, body, &s, out);
    put_before_voting(&s, body, out);
    jw_kbool(out, "may_edit", call_can_cycle(c, ORGANISERS, f.subject) &&
                                  str_is(fact_str(c->a, &f, "state"), "preparing"));
    json_decref(body);
    return true;
}

const UseCase work_cycle_show = { "cycle_show", "查看年度进程和缺项", WORK_READ, CYCLE_READERS,
                                  &cycle_in, &cycle_out, .run = cycle_show };
