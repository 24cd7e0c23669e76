/* The assessment as a grid: every debriefer, what is recorded of each part, and what is missing. */
#include "work/areas.h"
#include "work/assess.h"
#include "work/rows.h"

typedef struct AssessIn {
    int64_t cycle;
} AssessIn;
static const ShapeField in_fields[] = {
    { "cycle", SHAPE_ID, offsetof(AssessIn, cycle), .required = true, .title = "年度周期" },
};
static const Shape assess_in = SHAPE("AssessmentIn", AssessIn, in_fields);

static const ShapeField named_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
};
static const Shape named = SHAPE_REPLY("AssessNamed", named_fields);
static const ShapeField part_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "from", SHAPE_DEC, .required = true },
    { "to", SHAPE_DEC, .required = true },
    { "missing", SHAPE_WORD, .required = true, .words = "refuse|renormalise|zero" },
    { "may_set", SHAPE_BOOL, .required = true },
};
static const Shape part_shape = SHAPE_REPLY("AssessPart", part_fields);
static const ShapeField kind_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "ranged", SHAPE_BOOL, .required = true },
    { "from", SHAPE_DEC },
    { "to", SHAPE_DEC },
};
static const Shape kind_shape = SHAPE_REPLY("AssessEventKind", kind_fields);
static const ShapeField input_fields[] = {
    { "part", SHAPE_TEXT, .required = true },
    { "object", SHAPE_TEXT, .required = true },
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "value", SHAPE_DEC },
    { "missing", SHAPE_BOOL, .required = true },
    { "note", SHAPE_TEXT },
    { "by", SHAPE_TEXT, .required = true },
    { "at", SHAPE_MOMENT, .required = true },
};
static const Shape input_shape = SHAPE_REPLY("AssessInput", input_fields);
static const ShapeField event_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "event", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "object", SHAPE_TEXT, .required = true },
    { "value", SHAPE_DEC },
    { "reason", SHAPE_TEXT, .required = true },
    { "withdrawn", SHAPE_BOOL, .required = true },
    { "by", SHAPE_TEXT, .required = true },
    { "at", SHAPE_MOMENT, .required = true },
};
static const Shape event_shape = SHAPE_REPLY("AssessEvent", event_fields);
static const ShapeField row_fields[] = {
    { "debriefer", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "inputs", SHAPE_LIST, .required = true, .sub = &input_shape },
    { "events", SHAPE_LIST, .required = true, .sub = &event_shape },
    { "missing", SHAPE_WORDS, .required = true },
};
static const Shape row_shape = SHAPE_REPLY("AssessRow", row_fields);
static const ShapeField out_fields[] = {
    { "cycle", SHAPE_ID, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "state", SHAPE_TEXT, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
    { "open", SHAPE_BOOL, .required = true },
    { "scheme", SHAPE_TEXT, .required = true },
    { "ties", SHAPE_TEXT },
    { "on_failure", SHAPE_TEXT },
    { "objects", SHAPE_LIST, .required = true, .sub = &named },
    { "grades", SHAPE_LIST, .required = true, .sub = &named },
    { "parts", SHAPE_LIST, .required = true, .sub = &part_shape },
    { "event_kinds", SHAPE_LIST, .required = true, .sub = &kind_shape },
    { "rows", SHAPE_LIST, .required = true, .sub = &row_shape },
    { "missing", SHAPE_WORDS, .required = true },
    { "runs", SHAPE_LIST, .required = true, .sub = &work_run_shape },
    { "problem", SHAPE_TEXT },
};
static const Shape assess_out = SHAPE_REPLY("Assessment", out_fields);

/* The superior fills in his own part; he is not shown the others. */
static bool sees_all(Call *c, int64_t cycle)
{
    return call_can_cycle(c, ASSESS_JUDGES, cycle);
}

static bool may_set(Call *c, Str part, int64_t cycle)
{
    uint32_t clerk = ROLE_BIT(ROLE_ORGANISER_CLERK);
    bool superior = str_is(part, "superior") && !c->who->behalf;
    return call_can_cycle(c, superior ? ROLE_BIT(ROLE_SUPERIOR) : clerk, cycle);
}

static void put_parts(Call *c, const Assess *as, bool all, Jw *out)
{
    jw_key(out, "parts");
    jw_arr(out);
    for (size_t k = 0; k < as->scheme->n_parts; k++) {
        const SchemePart *p = &as->scheme->parts[k];
        if (!all && !str_is(p->name, "superior"))
            continue;
        jw_obj(out);
        jw_kstr(out, "name", p->name);
        jw_kstr(out, "title", p->title);
        jw_kdec(out, "from", p->from);
        jw_kdec(out, "to", p->to);
        jw_kstr(out, "missing", str_of(pack_scheme_missing_name(p->missing)));
        jw_kbool(out, "may_set", may_set(c, p->name, as->cycle.subject));
        jw_end(out);
    }
    jw_end(out);
}

static void put_kinds(const Assess *as, bool all, Jw *out)
{
    jw_key(out, "event_kinds");
    jw_arr(out);
    for (size_t k = 0; all && k < as->scheme->n_events; k++) {
        const SchemeEvent *v = &as->scheme->events[k];
        jw_obj(out);
        jw_kstr(out, "name", v->name);
        jw_kstr(out, "title", v->title);
        jw_kbool(out, "ranged", v->ranged);
        if (v->ranged) {
            jw_kdec(out, "from", v->from);
            jw_kdec(out, "to", v->to);
        }
        jw_end(out);
    }
    jw_end(out);
}

static bool put_stamp(Call *c, const Fact *f, Jw *out, Err *e)
{
    Str by;
    if (!work_filed_by(&by, c, f, e))
        return false;
    jw_kstr(out, "by", by);
    jw_kmoment(out, "at", f->received_at);
    return true;
}

static bool put_input(Call *c, const Fact *f, Jw *out, Err *e)
{
    Dec d;
    Str note = fact_str(c->a, f, "note");
    jw_obj(out);
    jw_kstr(out, "part", fact_str(c->a, f, "part"));
    jw_kstr(out, "object", fact_str(c->a, f, "object"));
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", f->id);
    if (fact_dec(&d, f, "value"))
        jw_kstr(out, "value", dec_print_short(c->a, d));
    jw_kbool(out, "missing", fact_bool(f, "missing"));
    if (note.n)
        jw_kstr(out, "note", note);
    if (!put_stamp(c, f, out, e))
        return false;
    jw_end(out);
    return true;
}

static bool put_inputs(Call *c, const FactList *l, bool all, Jw *out, Err *e)
{
    jw_key(out, "inputs");
    jw_arr(out);
    for (size_t i = 0; i < l->n; i++)
        if ((all || str_is(fact_str(c->a, &l->items[i], "part"), "superior")) &&
            !put_input(c, &l->items[i], out, e))
            return false;
    jw_end(out);
    return true;
}

static bool put_event(Call *c, const Assess *as, const Fact *f, Jw *out, Err *e)
{
    Dec d;
    Str event = fact_str(c->a, f, "event");
    ptrdiff_t k = pack_scheme_event(as->scheme, event);
    jw_obj(out);
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", f->id);
    jw_kstr(out, "event", event);
    jw_kstr(out, "title", k < 0 ? event : as->scheme->events[k].title);
    jw_kstr(out, "object", fact_str(c->a, f, "object"));
    if (fact_dec(&d, f, "value"))
        jw_kstr(out, "value", dec_print_short(c->a, d));
    jw_kstr(out, "reason", fact_str(c->a, f, "reason"));
    jw_kbool(out, "withdrawn", fact_bool(f, "withdrawn"));
    if (!put_stamp(c, f, out, e))
        return false;
    jw_end(out);
    return true;
}

static bool put_events(Call *c, const Assess *as, int64_t debriefer, bool all, Jw *out, Err *e)
{
    FactList l = { 0 };
    if (all && !call_list_id(&l, c, "score_event", "debriefer", debriefer, e))
        return false;
    jw_key(out, "events");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++)
        if (!put_event(c, as, &l.items[i], out, e))
            return false;
    jw_end(out);
    return true;
}

/* Neither a value nor a declared absence, for some object. */
static void put_missing(Call *c, const Assess *as, const FactList *l, bool all, Jw *out)
{
    jw_key(out, "missing");
    jw_arr(out);
    for (size_t k = 0; k < as->scheme->n_parts; k++) {
        const SchemePart *p = &as->scheme->parts[k];
        bool lacks = false;
        for (size_t o = 0; o < as->n_objects; o++)
            lacks |= !work_assess_part(c, l, p->name, as->objects[o]);
        if (lacks && (all || str_is(p->name, "superior")))
            jw_str(out, p->name);
    }
    jw_end(out);
}

static bool put_row(Call *c, const Assess *as, const AssessPerson *p, bool all, Jw *out, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "score_input", "debriefer", p->fact.subject, e))
        return false;
    jw_obj(out);
    jw_kint(out, "debriefer", p->fact.subject);
    jw_kstr(out, "name", p->name);
    jw_kstr(out, "org_name", p->org_name);
    if (!put_inputs(c, &l, all, out, e) ||
        !put_events(c, as, p->fact.subject, all, out, e))
        return false;
    put_missing(c, as, &l, all, out);
    jw_end(out);
    return true;
}

/* A rated object without a count of some voter group. */
static bool put_boxes(Call *c, const Assess *as, Jw *out, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "paper_result", "cycle", as->cycle.subject, e))
        return false;
    jw_key(out, "missing");
    jw_arr(out);
    for (size_t o = 0; o < as->n_objects; o++)
        for (size_t g = 0; as->scheme->n_instruments && g < as->scheme->n_groups; g++) {
            Str quoted = arena_text(c->a, "\"%.*s\"", STR(as->scheme->groups[g].name));
            bool found = false;
            for (size_t i = 0; i < l.n && !found; i++)
                found = str_eq(fact_str(c->a, &l.items[i], "object"), as->objects[o]) &&
                        str_has(fact_json(&l.items[i], "groups"), quoted);
            if (!found)
                jw_str(out, arena_text(c->a, "“%.*s”票类“%.*s”还没有计票结果",
                                       STR(call_title(c, "rated_object", as->objects[o])),
                                       STR(as->scheme->groups[g].title)));
        }
    if (!as->chosen)
        jw_str(out, STRC("还没有选定取整、并列和票数效力"));
    jw_end(out);
    return true;
}

static void put_head(Call *c, const Assess *as, Jw *out)
{
    static const char *const ties[] = { "share", "measure", "committee", "lot" };
    Str state = fact_str(c->a, &as->cycle, "state");
    Err closed;
    jw_kint(out, "cycle", as->cycle.subject);
    jw_kstr(out, "title", fact_str(c->a, &as->cycle, "title"));
    jw_kstr(out, "state", state);
    jw_kstr(out, "state_title", call_title(c, "cycle_state", state));
    jw_kbool(out, "open", work_assess_is_open(c, &as->cycle, &closed));
    jw_kstr(out, "scheme", as->scheme->title);
    if (as->chosen) {
        jw_kstr(out, "ties", str_of(ties[as->choices.ties]));
        jw_kstr(out, "on_failure",
                str_of(as->choices.on_failure == SCORE_REVOTE ? "revote" : "committee"));
    }
    jw_key(out, "objects");
    jw_arr(out);
    for (size_t i = 0; i < as->n_objects; i++)
        work_put_named(out, as->objects[i], call_title(c, "rated_object", as->objects[i]));
    jw_end(out);
    jw_key(out, "grades");
    jw_arr(out);
    for (size_t i = 0; i < as->scheme->n_bands; i++)
        work_put_named(out, as->scheme->bands[i].name, as->scheme->bands[i].title);
    jw_end(out);
}

/* Tried without storing anything, so that whoever must decide sees what waits for him. */
static void put_trial(Call *c, const Assess *as, bool all, Jw *out)
{
    Str state = fact_str(c->a, &as->cycle, "state");
    bool stage = str_is(state, "counted") || str_is(state, "assessed");
    AssessRun *runs;
    Err why;
    jw_key(out, "runs");
    if (all && stage && work_assess_run(&runs, c, as, &why)) {
        work_put_runs(c, as, runs, out);
        return;
    }
    jw_arr(out);
    jw_end(out);
    if (all && stage)
        jw_kstr(out, "problem", work_say(c->w, c->a, &why, c->who->lang));
}

static bool assessment_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const AssessIn *in = in_;
    Assess as;
    if (!call_may_cycle(c, in->cycle, e) || !work_assess_open(&as, c, in->cycle, e))
        return false;
    bool all = sees_all(c, in->cycle);
    put_head(c, &as, out);
    put_parts(c, &as, all, out);
    put_kinds(&as, all, out);
    jw_key(out, "rows");
    jw_arr(out);
    for (size_t i = 0; i < as.n_people; i++)
        if (!put_row(c, &as, &as.people[i], all, out, e))
            return false;
    jw_end(out);
    if (!put_boxes(c, &as, out, e))
        return false;
    put_trial(c, &as, all, out);
    return true;
}

const UseCase work_assessment_show = { "assessment_show", "查看评分项和缺项", WORK_READ,
                                       ASSESS_JUDGES | ROLE_BIT(ROLE_SUPERIOR), &assess_in,
                                       &assess_out, .run = assessment_show };
