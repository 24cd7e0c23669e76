/* The end of a year and the beginning of the next. Closing names what is missing; findings may stay
 * open only when they are carried over, with a reason, and next year's lists begin with them. */
#include "work/areas.h"
#include "work/assess.h"
#include "work/rows.h"

enum { NAMES_SAID = 5, GAPS_MAX = 12 };

typedef struct CloseIn {
    int64_t cycle, version;
    Str reason;
} CloseIn;

bool work_findings_open(FactList *out, Call *c, int64_t cycle, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "finding", "cycle", cycle, e))
        return false;
    *out = (FactList){ .items = ARENA_ARRAY(c->a, Fact, l.n) };
    if (!out->items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "问题"));
    for (size_t i = 0; i < l.n; i++) {
        Str state = fact_str(c->a, &l.items[i], "state");
        if (!str_is(state, "closed") && !str_is(state, "rechecked"))
            out->items[out->n++] = l.items[i];
    }
    return true;
}

/* --- what is missing ------------------------------------------------------------------------ */

typedef struct Gap {
    const char *part, *title;  /* of the year: one of its four linked parts, or what follows them */
    Str names;                 /* whose; empty: of the year as a whole */
    int64_t n;
} Gap;

typedef struct Gaps {
    Gap items[GAPS_MAX];
    size_t n;
} Gaps;

static Gap *gap_at(Gaps *g, const char *part, const char *title)
{
    for (size_t i = 0; i < g->n; i++)
        if (str_is(str_of(g->items[i].title), title))
            return &g->items[i];
    g->items[g->n] = (Gap){ .part = part, .title = title };
    return &g->items[g->n++];
}

static void gap_of(Gaps *g, Call *c, const char *part, const char *title, Str name)
{
    Gap *gap = gap_at(g, part, title);
    gap->n++;
    if (gap->n <= NAMES_SAID)
        gap->names = arena_text(c->a, "%.*s%s%.*s", STR(gap->names), gap->n > 1 ? "、" : "",
                                STR(name));
    else if (gap->n == NAMES_SAID + 1)
        gap->names = arena_text(c->a, "%.*s等", STR(gap->names));
}

static bool accepted(bool *out, Call *c, int64_t debriefer, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "debrief_report", "debriefer", debriefer, e))
        return false;
    *out = l.n && str_is(fact_str(c->a, &l.items[l.n - 1], "state"), "accepted");
    return true;
}

/* A letter about an earlier version is none about this one; the same goes for a use. */
static bool about_version(bool *out, Call *c, const char *form, int64_t debriefer, int64_t number,
                          Err *e)
{
    FactList l;
    *out = false;
    if (!call_list_id(&l, c, form, "debriefer", debriefer, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        *out |= fact_int(&l.items[i], "version") == number;
    return true;
}

static bool gaps_person(Gaps *g, Call *c, const AssessPerson *p, int64_t number, Err *e)
{
    int64_t id = p->fact.subject;
    bool report, comment, opinion, letter, use;
    if (!accepted(&report, c, id, e) || !work_debriefer_has(&comment, c, "commentary", id, e) ||
        !work_debriefer_has(&opinion, c, "opinion", id, e) ||
        !about_version(&letter, c, "letter", id, number, e) ||
        !about_version(&use, c, "result_use", id, number, e))
        return false;
    if (!report)
        gap_of(g, c, "debrief", "集中述职：述职报告没有审核通过", p->name);
    if (!comment && str_is(fact_str(c->a, &p->fact, "form"), "live"))
        gap_of(g, c, "commentary", "当面点评：现场述职没有点评", p->name);
    if (!opinion)
        gap_of(g, c, "feedback", "反馈：没有综合评价意见", p->name);
    if (!letter)
        gap_of(g, c, "feedback", "反馈：没有出本版结果的反馈函", p->name);
    if (!use)
        gap_of(g, c, "result_use", "结果运用：没有登记", p->name);
    return true;
}

static bool gaps_ballot(Gaps *g, Call *c, const Assess *as, Err *e)
{
    FactList l;
    if (as->scheme->n_instruments == 0)
        return true;
    if (!call_list_id(&l, c, "paper_result", "cycle", as->cycle.subject, e))
        return false;
    for (size_t o = 0; o < as->n_objects; o++) {
        bool found = false;
        for (size_t i = 0; i < l.n; i++)
            found |= str_eq(fact_str(c->a, &l.items[i], "object"), as->objects[o]);
        if (!found)
            gap_of(g, c, "ballot", "民主测评：没有计票",
                   call_title(c, "rated_object", as->objects[o]));
    }
    return true;
}

static bool gaps_find(Gaps *g, Call *c, const Assess *as, Err *e)
{
    FactList results, meetings;
    *g = (Gaps){ .n = 0 };
    if (!call_list_id(&results, c, "result", "cycle", as->cycle.subject, e) ||
        !call_list_id(&meetings, c, "debrief_meeting", "cycle", as->cycle.subject, e))
        return false;
    const Fact *last = results.n ? &results.items[results.n - 1] : NULL;
    if (!last || !str_is(str_of(work_result_state(last)), "published"))
        gap_at(g, "assessment", "集中考核：综合评价结果没有反馈");
    if (meetings.n == 0)
        gap_at(g, "debrief", "集中述职：没有召开述职会");
    for (size_t i = 0; i < as->n_people; i++)
        if (!gaps_person(g, c, &as->people[i], last ? fact_int(last, "version") : 0, e))
            return false;
    return gaps_ballot(g, c, as, e);
}

/* --- looking -------------------------------------------------------------------------------- */

static const ShapeField check_fields[] = {
    { "cycle", SHAPE_ID, offsetof(CloseIn, cycle), .required = true, .title = "年度周期" },
};
static const Shape check_in = SHAPE("CycleCloseCheckIn", CloseIn, check_fields);
static const ShapeField gap_fields[] = {
    { "part", SHAPE_WORD, .required = true,
      .words = "assessment|debrief|commentary|ballot|feedback|result_use" },
    { "title", SHAPE_TEXT, .required = true },
    { "names", SHAPE_TEXT, .required = true },
    { "n", SHAPE_INT, .required = true },
};
static const Shape gap_shape = SHAPE_REPLY("CloseGap", gap_fields);
static const ShapeField open_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "text", SHAPE_TEXT, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
    { "due", SHAPE_DAY },
};
static const Shape open_shape = SHAPE_REPLY("CloseFinding", open_fields);
static const ShapeField checked_fields[] = {
    { "cycle", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "year", SHAPE_INT, .required = true },
    { "state", SHAPE_TEXT, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
    { "missing", SHAPE_LIST, .required = true, .sub = &gap_shape },
    { "findings", SHAPE_LIST, .required = true, .sub = &open_shape },
    { "next", SHAPE_ID },
};
static const Shape checked_out = SHAPE_REPLY("CycleCloseCheck", checked_fields);

static bool next_of(int64_t *next, Call *c, int64_t cycle, Err *e)
{
    FactList l;
    *next = 0;
    if (!call_list(&l, c, "cycle", NULL, STRC(""), e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (fact_int(&l.items[i], "previous") == cycle)
            *next = l.items[i].subject;
    return true;
}

static bool put_open(Call *c, int64_t cycle, Jw *out, Err *e)
{
    FactList l;
    if (!work_findings_open(&l, c, cycle, e))
        return false;
    jw_key(out, "findings");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++) {
        Str org;
        if (!call_name(&org, c, "org", fact_int(&l.items[i], "org"), e))
            return false;
        jw_obj(out);
        jw_kint(out, "id", l.items[i].subject);
        jw_kstr(out, "text", fact_str(c->a, &l.items[i], "text"));
        jw_kstr(out, "org_name", org);
        jw_kstr(out, "state_title",
                call_title(c, "finding_state", fact_str(c->a, &l.items[i], "state")));
        if (fact_day(&l.items[i], "due") != DAY_NONE)
            jw_kday(out, "due", fact_day(&l.items[i], "due"));
        jw_end(out);
    }
    jw_end(out);
    return true;
}

static bool cycle_close_check(Call *c, const void *in_, Jw *out, Err *e)
{
    const CloseIn *in = in_;
    Assess as;
    Gaps g;
    int64_t next;
    if (!call_may_cycle(c, in->cycle, e) || !work_assess_open(&as, c, in->cycle, e) ||
        !gaps_find(&g, c, &as, e) || !next_of(&next, c, in->cycle, e))
        return false;
    Str state = fact_str(c->a, &as.cycle, "state");
    jw_kint(out, "cycle", in->cycle);
    jw_kint(out, "version", as.cycle.id);
    jw_kstr(out, "title", fact_str(c->a, &as.cycle, "title"));
    jw_kint(out, "year", fact_int(&as.cycle, "year"));
    jw_kstr(out, "state", state);
    jw_kstr(out, "state_title", call_title(c, "cycle_state", state));
    jw_key(out, "missing");
    jw_arr(out);
    for (size_t i = 0; i < g.n; i++) {
        jw_obj(out);
        jw_kstr(out, "part", str_of(g.items[i].part));
        jw_kstr(out, "title", str_of(g.items[i].title));
        jw_kstr(out, "names", g.items[i].names);
        jw_kint(out, "n", g.items[i].n);
        jw_end(out);
    }
    jw_end(out);
    if (next)
        jw_kint(out, "next", next);
    return put_open(c, in->cycle, out, e);
}

const UseCase work_cycle_close_check = { "cycle_close_check", "结束年度前查看缺项", WORK_READ,
                                         ASSESS_JUDGES, &check_in, &checked_out,
                                         .run = cycle_close_check };

/* --- closing -------------------------------------------------------------------------------- */

static const ShapeField close_fields[] = {
    { "cycle", SHAPE_ID, offsetof(CloseIn, cycle), .required = true, .title = "年度周期" },
    { "version", SHAPE_ID, offsetof(CloseIn, version), .required = true, .title = "版本" },
    { "reason", SHAPE_TEXT, offsetof(CloseIn, reason), .max = 500, .title = "结转理由" },
};
static const Shape close_in = SHAPE("CycleCloseIn", CloseIn, close_fields);

static bool nothing_missing(Call *c, const Gaps *g, Err *e)
{
    Str all = STRC("");
    for (size_t i = 0; i < g->n; i++) {
        const Gap *gap = &g->items[i];
        all = arena_text(c->a, "%.*s%s%s", STR(all), i ? "；" : "", gap->title);
        if (gap->n)
            all = arena_text(c->a, "%.*s（%lld项：%.*s）", STR(all), (long long)gap->n,
                             STR(gap->names));
    }
    return g->n == 0 || err_fail(e, ERR_CLOSE_MISSING, err_hole("what", all));
}

static bool cycle_close(Call *c, const void *in_, Jw *out, Err *e)
{
    const CloseIn *in = in_;
    Assess as;
    Gaps g;
    FactList open;
    int64_t id;
    if (!call_may_cycle(c, in->cycle, e) || !work_assess_open(&as, c, in->cycle, e) ||
        !gaps_find(&g, c, &as, e) || !nothing_missing(c, &g, e) ||
        !work_findings_open(&open, c, in->cycle, e))
        return false;
    if (open.n && in->reason.n == 0)
        return err_fail(e, ERR_CLOSE_FINDINGS, err_hole("n", (int64_t)open.n));
    json_t *patch = json_object();
    if (patch && open.n)
        json_object_set_new(patch, "reason", jv_new(in->reason));
    bool ok = call_move(c, "cycle", &as.cycle, in->version, "close", patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->cycle, id);
    return ok;
}

const UseCase work_cycle_close = { "cycle_close", "结束年度（未销号的问题写明理由结转）", WORK_WRITE,
                                   ROLE_BIT(ROLE_ORGANISER_HEAD), &close_in, &work_made,
                                   .run = cycle_close };
