/* The year as it stands: lists of cycles and debriefers, the timeline and what is missing. */
#include "work/call.h"
#include "work/rows.h"

#define CYCLE_READERS                                                                              \
    (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD) | ROLE_BIT(ROLE_COMMITTEE) |   \
     ROLE_BIT(ROLE_SUPERIOR) | ROLE_BIT(ROLE_SECRETARY) | ROLE_BIT(ROLE_PARTY_STAFF) |             \
     ROLE_BIT(ROLE_SURVEYOR) | ROLE_BIT(ROLE_TELLER) | ROLE_BIT(ROLE_SCRUTINEER) |                 \
     ROLE_BIT(ROLE_COMMENTATOR) | ROLE_BIT(ROLE_INSPECTOR))

/* --- list of cycles --------------------------------------------------------------------------- */

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
    (void)in;
    if (!call_may_all(c, e) || !call_list(&l, c, "cycle", NULL, STRC(""), e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = l.n; i-- > 0;) { /* the newest first */
        jw_obj(out);
        if (!put_row(c, &l.items[i], out, e))
            return false;
        jw_end(out);
    }
    jw_end(out);
    jw_kint(out, "total", (int64_t)l.n);
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
};
static const Shape cycle_out = SHAPE_REPLY("Cycle", cycle_fields);

/* What is counted over the debriefers who have not withdrawn. */
typedef struct Standing {
    int64_t n, live;
    int64_t surveyed, reported, accepted, routine, findings, findings_open, uses, opinions;
    int64_t objects, counted;
    bool meeting, result, approved, published;
} Standing;

static bool has_any(bool *out, Call *c, const char *form, int64_t debriefer, Err *e)
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
    if (!has_any(&survey, c, "survey_fact", f->subject, e) ||
        !has_any(&use, c, "result_use", f->subject, e) ||
        !has_any(&opinion, c, "opinion", f->subject, e) || !stand_report(c, f->subject, s, e) ||
        !stand_routine(c, f->subject, s, e))
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

typedef struct Step {
    const char *step;
    int64_t done, of;
    const char *missing; /* said when done < of */
} Step;

static void put_step(Call *c, const Fact *cycle, const Step *st, bool *now_given, Jw *out)
{
    json_t *body = NULL;
    Err e;
    Day due = DAY_NONE;
    bool done = st->of > 0 && st->done >= st->of;
    if ((body = call_body(c, cycle, &e))) {
        const json_t *dates = jv_get(body, "dates");
        for (size_t i = 0; i < jv_len(dates); i++)
            if (str_is(jv_str(jv_at(dates, i), "step"), st->step))
                due = jv_day(jv_at(dates, i), "due");
    }
    json_decref(body);
    bool overdue = !done && due != DAY_NONE && due < c->today;
    const char *state = done ? "done" : overdue ? "overdue" : *now_given ? "later" : "now";
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
    if (!done)
        jw_str(out, arena_text(c->a, st->missing, (long long)(st->of - st->done)));
    jw_end(out);
    jw_end(out);
}

static void put_steps(Call *c, const Fact *cycle, const Standing *s, Jw *out)
{
    bool now_given = false;
    const Step steps[] = {
        { "pre_survey", s->surveyed, s->n, "还有%lld名述职人没有调研情况" },
        { "routine_assessment", s->routine, s->n, "还有%lld名述职人没有平时考核分" },
        { "report", s->accepted, s->n, "还有%lld份述职报告没有审核通过" },
        { "debrief_meeting", s->meeting, 1, "还没有召开述职会（%lld次）" },
        { "ballot", s->counted, s->objects, "还有%lld个评议对象没有计票" },
        { "composite_evaluation", s->approved, 1, "等次还没有审定（%lld项）" },
        { "feedback", s->published, 1, "结果还没有反馈（%lld项）" },
        { "rectification", s->findings - s->findings_open, s->findings ? s->findings : 1,
          "还有%lld个问题没有销号" },
        { "result_use", s->uses, s->n, "还有%lld名述职人没有登记结果运用" },
    };
    jw_key(out, "steps");
    jw_arr(out);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        put_step(c, cycle, &steps[i], &now_given, out);
    jw_end(out);
}

/* What still stands between this cycle and the opening of its vote. */
static void put_before_voting(const Fact *cycle, const Standing *s, const json_t *body, Jw *out)
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
    (void)cycle;
}

static bool cycle_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const CycleIn *in = in_;
    Fact f;
    Standing s;
    if (!call_may_all(c, e) || !call_thing(&f, c, "cycle", in->cycle, e) || !stand(c, &f, &s, e) ||
        !put_row(c, &f, out, e))
        return false;
    json_t *body = call_body(c, &f, e);
    if (!body)
        return false;
    jw_kjson(out, "body", body);
    put_steps(c, &f, &s, out);
    put_before_voting(&f, &s, body, out);
    json_decref(body);
    return true;
}

const UseCase work_cycle_show = { "cycle_show", "查看年度进程和缺项", WORK_READ, CYCLE_READERS,
                                  &cycle_in, &cycle_out, .run = cycle_show };

/* --- debriefers --------------------------------------------------------------------------------- */

static const ShapeField debriefer_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "person", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "form", SHAPE_TEXT, .required = true },
    { "form_title", SHAPE_TEXT, .required = true },
    { "class", SHAPE_TEXT },
    { "receiver", SHAPE_ID },
    { "receiver_name", SHAPE_TEXT },
    { "lines", SHAPE_WORDS, .required = true },
    { "order", SHAPE_INT },
    { "withdrawn", SHAPE_BOOL, .required = true },
    { "reason", SHAPE_TEXT },
    { "months", SHAPE_INT },
    { "past", SHAPE_WORDS, .required = true },
    { "survey_facts", SHAPE_INT, .required = true },
    { "report_state", SHAPE_TEXT },
    { "report_title", SHAPE_TEXT },
};
static const Shape debriefer_shape = SHAPE_REPLY("Debriefer", debriefer_fields);
static const ShapeField debriefers_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &debriefer_shape },
    { "total", SHAPE_INT, .required = true },
    { "live", SHAPE_INT, .required = true },
    { "written", SHAPE_INT, .required = true },
};
static const Shape debriefers_out = SHAPE_REPLY("Debriefers", debriefers_fields);

/* Months in office on a day, from the tenure that holds it: for guidance of new ones, no score. */
static bool months_in_post(int64_t *months, Call *c, int64_t person, int64_t org, Err *e)
{
    FactList l;
    *months = -1;
    if (!call_list_id(&l, c, "tenure", "person", person, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        Day from = fact_day(&l.items[i], "from"), to = fact_day(&l.items[i], "to");
        if (fact_int(&l.items[i], "org") != org || from > c->today ||
            (to != DAY_NONE && to < c->today) ||
            !str_is(fact_str(c->a, &l.items[i], "post"), "secretary"))
            continue;
        DayParts a = day_parts(from), b = day_parts(c->today);
        *months = (b.year - a.year) * 12 + b.month - a.month;
    }
    return true;
}

/* How this person debriefed in earlier years: 2025 现场述职. */
static bool put_past(Call *c, int64_t person, int64_t cycle, Jw *out, Err *e)
{
    FactList l;
    Fact other;
    jw_key(out, "past");
    jw_arr(out);
    if (!call_list_id(&l, c, "debriefer", "person", person, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        const Fact *f = &l.items[i];
        if (fact_int(f, "cycle") == cycle || fact_bool(f, "withdrawn"))
            continue;
        if (!call_thing(&other, c, "cycle", fact_int(f, "cycle"), e))
            return false;
        jw_str(out, arena_text(c->a, "%lld %.*s", (long long)fact_int(&other, "year"),
                               STR(call_title(c, "debrief_form", fact_str(c->a, f, "form")))));
    }
    jw_end(out);
    return true;
}

static bool put_lines(Call *c, const Fact *f, Jw *out, Err *e)
{
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    const json_t *lines = jv_get(body, "lines");
    bool ok = true;
    jw_key(out, "lines");
    jw_arr(out);
    for (size_t i = 0; ok && i < jv_len(lines); i++) {
        Str name;
        ok = call_name(&name, c, "org", json_integer_value(jv_at(lines, i)), e);
        if (ok)
            jw_str(out, name);
    }
    jw_end(out);
    json_decref(body);
    return ok;
}

static bool put_counts(Call *c, const Fact *f, Jw *out, Err *e)
{
    FactList facts, reports;
    if (!call_list_id(&facts, c, "survey_fact", "debriefer", f->subject, e) ||
        !call_list_id(&reports, c, "debrief_report", "debriefer", f->subject, e))
        return false;
    jw_kint(out, "survey_facts", (int64_t)facts.n);
    if (reports.n) {
        Str state = fact_str(c->a, &reports.items[reports.n - 1], "state");
        jw_kstr(out, "report_state", state);
        jw_kstr(out, "report_title", call_title(c, "report_state", state));
    }
    return true;
}

static bool put_debriefer(Call *c, const Fact *f, Jw *out, Err *e)
{
    int64_t org = fact_int(f, "org"), person = fact_int(f, "person"), months;
    int64_t receiver = fact_int(f, "receiver");
    Str org_name, name, receiver_name, form = fact_str(c->a, f, "form");
    if (!call_name(&org_name, c, "org", org, e) || !call_name(&name, c, "person", person, e) ||
        !call_name(&receiver_name, c, "person", receiver, e) ||
        !months_in_post(&months, c, person, org, e))
        return false;
    jw_obj(out);
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", f->id);
    jw_kint(out, "org", org);
    jw_kstr(out, "org_name", org_name);
    jw_kint(out, "person", person);
    jw_kstr(out, "name", name);
    jw_kstr(out, "form", form);
    jw_kstr(out, "form_title", call_title(c, "debrief_form", form));
    jw_kstr(out, "class", fact_str(c->a, f, "class"));
    if (receiver) {
        jw_kint(out, "receiver", receiver);
        jw_kstr(out, "receiver_name", receiver_name);
    }
    if (fact_int(f, "order"))
        jw_kint(out, "order", fact_int(f, "order"));
    jw_kbool(out, "withdrawn", fact_bool(f, "withdrawn"));
    jw_kstr(out, "reason", fact_str(c->a, f, "reason"));
    if (months >= 0)
        jw_kint(out, "months", months);
    if (!put_lines(c, f, out, e) || !put_past(c, person, fact_int(f, "cycle"), out, e) ||
        !put_counts(c, f, out, e))
        return false;
    jw_end(out);
    return true;
}

static bool debriefer_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const CycleIn *in = in_;
    FactList l;
    int64_t live = 0, written = 0;
    if (!call_may_all(c, e) || !call_list_id(&l, c, "debriefer", "cycle", in->cycle, e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++) {
        bool is_live = str_is(fact_str(c->a, &l.items[i], "form"), "live");
        if (!put_debriefer(c, &l.items[i], out, e))
            return false;
        live += is_live && !fact_bool(&l.items[i], "withdrawn");
        written += !is_live && !fact_bool(&l.items[i], "withdrawn");
    }
    jw_end(out);
    jw_kint(out, "total", (int64_t)l.n);
    jw_kint(out, "live", live);
    jw_kint(out, "written", written);
    return true;
}

const UseCase work_debriefer_list = { "debriefer_list", "查看述职人名单", WORK_READ, CYCLE_READERS,
                                      &cycle_in, &debriefers_out, .run = debriefer_list };
