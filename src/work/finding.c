/* A finding: who may touch it, how it stands, what protects people on its way to close-out. */
#include "work/finding.h"

#include <string.h>

/* --- who may -------------------------------------------------------------------------------- */

bool work_finding_covers(Call *c, uint32_t roles, int64_t cycle, int64_t org)
{
    return cycle ? call_can_cycle(c, roles, cycle) : call_can(c, roles, org);
}

/* Is this one of the people who cure it: owner, debriefer, secretary of the organisation? */
static bool cures(bool *out, Call *c, const Fact *f, int64_t person, Err *e)
{
    int64_t secretary, debriefer = fact_int(f, "debriefer");
    Fact d;
    *out = person && person == fact_int(f, "owner");
    if (*out || !person)
        return true;
    if (!call_holder(&secretary, c, f->org, "secretary", c->today, e))
        return false;
    *out = person == secretary;
    if (*out || !debriefer)
        return true;
    if (!call_thing(&d, c, "debriefer", debriefer, e))
        return false;
    *out = person == fact_int(&d, "person");
    return true;
}

bool work_finding_hands(uint32_t *out, Call *c, const Fact *f, Err *e)
{
    const Who *who = c->who;
    bool cure;
    *out = who->console && !who->behalf ? UINT32_MAX : 0;
    if (!cures(&cure, c, f, who->behalf ? who->behalf : who->person, e))
        return false;
    if (who->behalf) {
        if (cure && !call_may_self(c, who->behalf, e))
            return false;
        *out = cure ? ROLE_BIT(ROLE_SECRETARY) : 0;
        return true;
    }
    for (Role r = 0; r < ROLE_COUNT; r++) {
        uint32_t bit = ROLE_BIT(r);
        bool may = bit & FINDING_DOERS ? call_can(c, bit, f->org)
                                       : work_finding_covers(c, bit, fact_int(f, "cycle"), f->org);
        if ((bit & FINDING_READERS) && may)
            *out |= bit;
    }
    if (fact_int(f, "owner") && fact_int(f, "owner") == who->person)
        *out |= ROLE_BIT(ROLE_SECRETARY);
    return true;
}

bool work_finding_read(bool *out, Call *c, const Fact *f, Err *e)
{
    int64_t debriefer = fact_int(f, "debriefer");
    Fact d;
    c->asked = true;
    *out = work_is_own(c, fact_int(f, "owner")) || call_can(c, FINDING_DOERS, f->org) ||
           work_finding_covers(c, FINDING_JUDGES, fact_int(f, "cycle"), f->org);
    if (*out || !debriefer)
        return true;
    if (!call_thing(&d, c, "debriefer", debriefer, e))
        return false;
    *out = work_is_own(c, fact_int(&d, "person"));
    return true;
}

/* --- how it stands -------------------------------------------------------------------------- */

bool work_finding_open(Call *c, const Fact *f)
{
    Str state = fact_str(c->a, f, "state");
    return !str_is(state, "closed") && !str_is(state, "rechecked");
}

bool work_finding_overdue(Call *c, const Fact *f)
{
    Day due = fact_day(f, "due");
    return due != DAY_NONE && due < c->today && work_finding_open(c, f);
}

bool work_finding_heir(int64_t *out, Call *c, int64_t finding, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "finding", "carried_from", finding, e))
        return false;
    *out = l.n ? l.items[0].subject : 0;
    return true;
}

bool work_finding_mine(Call *c, const Fact *f, Err *e)
{
    int64_t heir;
    Fact later, cycle;
    if (!work_finding_heir(&heir, c, f->subject, e))
        return false;
    if (heir == 0)
        return true;
    if (!call_thing(&later, c, "finding", heir, e) ||
        !call_thing(&cycle, c, "cycle", fact_int(&later, "cycle"), e))
        return false;
    return err_fail(e, ERR_FINDING_CARRIED, err_hole("year", fact_int(&cycle, "year")));
}

static size_t milestones_done(Call *c, const Fact *f, size_t *all)
{
    Err e;
    json_t *body = call_body(c, f, &e);
    const json_t *list = jv_get(body, "milestones");
    size_t done = 0;
    for (size_t i = 0; i < jv_len(list); i++)
        done += jv_bool(jv_at(list, i), "done");
    if (all)
        *all = jv_len(list);
    json_decref(body);
    return done;
}

/* Who applied last year, when it came over with its application. */
static bool applied_before(const Fact **out, Call *c, const Fact *first, Err *e)
{
    enum { YEARS_MAX = 50 };
    int64_t from = fact_int(first, "carried_from");
    for (size_t year = 0; from && !*out && year < YEARS_MAX; year++) {
        FactList l;
        if (!fact_history(&l, c->a, c->tx, first->kind, from, e))
            return false;
        for (size_t i = 1; i < l.n; i++)
            if (str_is(fact_str(c->a, &l.items[i], "state"), "close_out_applied") &&
                !str_is(fact_str(c->a, &l.items[i - 1], "state"), "close_out_applied"))
                *out = &l.items[i];
        from = l.n ? fact_int(&l.items[0], "carried_from") : 0;
    }
    return true;
}

/* A move is a change of state or a milestone reached; writing about progress is none. */
bool work_finding_past(FindingPast *out, Call *c, const Fact *f, Err *e)
{
    *out = (FindingPast){ .moved_on = DAY_NONE };
    if (!fact_history(&out->facts, c->a, c->tx, f->kind, f->subject, e))
        return false;
    for (size_t i = 1; i < out->facts.n; i++) {
        const Fact *was = &out->facts.items[i - 1], *now = &out->facts.items[i];
        Str state = fact_str(c->a, now, "state");
        bool changed = !str_eq(state, fact_str(c->a, was, "state"));
        if (changed || milestones_done(c, now, NULL) > milestones_done(c, was, NULL))
            out->moved_on = now->occurred_on;
        if (changed && str_is(state, "close_out_applied"))
            out->applied = now;
    }
    return out->applied || !out->facts.n || applied_before(&out->applied, c, out->facts.items, e);
}

bool work_meeting_held(Day *out, Call *c, int64_t cycle, Err *e)
{
    FactList l;
    *out = DAY_NONE;
    if (cycle == 0)
        return true;
    if (!call_list_id(&l, c, "debrief_meeting", "cycle", cycle, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (fact_day(&l.items[i], "day") <= c->today)
            *out = fact_day(&l.items[i], "day");
    return true;
}

bool work_finding_unmoved(Call *c, const Fact *f, const FindingPast *past, Day meeting)
{
    return meeting != DAY_NONE && work_finding_open(c, f) &&
           (past->moved_on == DAY_NONE || past->moved_on < meeting);
}

/* --- what protects people ------------------------------------------------------------------- */

/* Moves by which somebody judges what the owner did. */
static bool judges(const FlowMove *m)
{
    static const char *const by[] = { "verified", "closed", "rechecked", "returned", "reopened" };
    for (size_t i = 0; i < sizeof by / sizeof *by; i++)
        if (str_is(m->to, by[i]))
            return true;
    return false;
}

static bool applicant_is_me(Call *c, const Fact *applied, bool *out, Err *e)
{
    Fact account;
    *out = applied->who == c->who->account;
    if (*out || !c->who->person)
        return true;
    if (applied->behalf == c->who->person)
        return *out = true, true;
    if (!applied->who)
        return true;
    if (!call_thing(&account, c, "account", applied->who, e))
        return false;
    *out = fact_int(&account, "person") == c->who->person;
    return true;
}

/* A long-term finding is not cured by a promise: it has milestones and each of them is done. */
static bool milestones_kept(const json_t *body, const FlowMove *m, Err *e)
{
    const json_t *list = jv_get(body, "milestones");
    size_t done = 0;
    if (!str_is(jv_str(body, "deadline_class"), "long_term") ||
        (!str_is(m->to, "close_out_applied") && !str_is(m->to, "verified") &&
         !str_is(m->to, "closed")))
        return true;
    for (size_t i = 0; i < jv_len(list); i++)
        done += jv_bool(jv_at(list, i), "done");
    if (jv_len(list) && done == jv_len(list))
        return true;
    return err_fail(e, ERR_FINDING_MILESTONES, err_hole("move", m->title),
                    err_hole("needs", jv_len(list) ? "还有阶段目标没有完成" : "还没有填写阶段目标"));
}

bool work_finding_guard(Call *c, const Fact *was, const FindingPast *past, const json_t *body,
                        const FlowMove *m, Err *e)
{
    bool mine = false;
    if (!judges(m))
        return milestones_kept(body, m, e);
    if (work_is_own(c, fact_int(was, "owner")) || work_is_own(c, jv_int(body, "owner")))
        return err_fail(e, ERR_FINDING_OWNER, err_hole("move", m->title));
    if (past->applied && !applicant_is_me(c, past->applied, &mine, e))
        return false;
    if (mine)
        return err_fail(e, ERR_FINDING_APPLICANT, err_hole("move", m->title));
    return milestones_kept(body, m, e);
}

const char *const *work_finding_fields(Str event)
{
    enum { FIELDS = 9 };
    static const struct { const char *event; const char *fields[FIELDS]; } asks[] = {
        { "commit", { "measure", "target", "root_cause", "leader", "owner", "deadline_class",
                      "due" } },
        { "begin", { "progress" } },
        { "apply", { "progress", "evidence" } },
        { "return", { "opinion" } },
        { "resume", { "progress" } },
        { "verify", { "opinion", "target", "category" } }, /* no closing of what nobody named */
        { "close", { "mechanism", "recheck_on" } },
        { "recheck", { "recheck_result" } },
        { "reopen", { "recheck_result" } },
        { "restart", { "progress" } },
        { "", { NULL } },
    };
    size_t i = 0;
    while (asks[i].event[0] && !str_is(event, asks[i].event))
        i++;
    return asks[i].fields;
}

/* --- becoming true -------------------------------------------------------------------------- */

bool work_finding_refs(Call *c, const json_t *body, Err *e)
{
    static const struct { const char *field, *form; } refs[] = {
        { "org", "org" }, { "cycle", "cycle" }, { "debriefer", "debriefer" },
        { "owner", "person" }, { "leader", "person" },
    };
    Fact f;
    for (size_t i = 0; i < sizeof refs / sizeof *refs; i++)
        if (jv_int(body, refs[i].field) &&
            !call_thing(&f, c, refs[i].form, jv_int(body, refs[i].field), e))
            return err_note(e, "field %s of a finding", refs[i].field);
    return true;
}

bool work_finding_no(int64_t *out, Call *c, int64_t cycle, Err *e)
{
    FactList l;
    *out = 1;
    if (!call_list_id(&l, c, "finding", "cycle", cycle, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (fact_int(&l.items[i], "no") >= *out)
            *out = fact_int(&l.items[i], "no") + 1;
    return true;
}

bool work_finding_file(int64_t *id, Call *c, json_t *body, Err *e)
{
    int64_t cycle = jv_int(body, "cycle"), no = 0;
    if (!work_finding_refs(c, body, e) || (cycle && !work_finding_no(&no, c, cycle, e)))
        return false;
    if (json_object_set_new(body, "no", no ? json_integer(no) : json_null()) != 0)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "问题"));
    Filing f = { .form = "finding", .org = jv_int(body, "org"), .body = body };
    return call_file(c, &f, id, e);
}

/* It goes on where it stood; what was only applied for or returned is under way again, what was
 * verified still waits to be closed. */
json_t *work_finding_heir_body(Call *c, const Fact *old, int64_t cycle, Err *e)
{
    static const char *const gone[] = { "applied_on", "verifier", "opinion", "recheck_on",
                                        "recheck_result" };
    Str state = fact_str(c->a, old, "state");
    bool verified = str_is(state, "verified");
    bool stays = verified || str_is(state, "listed") || str_is(state, "committed");
    json_t *body = call_body(c, old, e);
    if (!body)
        return NULL;
    json_object_del(body, "debriefer");
    for (size_t i = 0; i < sizeof gone / sizeof *gone && !verified; i++)
        json_object_del(body, gone[i]);
    bool ok = json_object_set_new(body, "cycle", json_integer(cycle)) == 0 &&
              json_object_set_new(body, "source", json_string("carry_over")) == 0 &&
              json_object_set_new(body, "carried_from", json_integer(old->subject)) == 0 &&
              json_object_set_new(body, "from_fact", json_integer(old->id)) == 0 &&
              (stays || json_object_set_new(body, "state", json_string("in_progress")) == 0);
    if (ok)
        return body;
    json_decref(body);
    err_fail(e, ERR_NO_MEMORY, err_hole("what", "结转"));
    return NULL;
}

bool work_survey_listable(bool *out, Call *c, const Fact *cycle, Err *e)
{
    FactList meetings, steps;
    *out = !str_is(fact_str(c->a, cycle, "survey_mode"), "sealed");
    if (!*out && !call_list_id(&meetings, c, "debrief_meeting", "cycle", cycle->subject, e))
        return false;
    for (size_t i = 0; !*out && i < meetings.n; i++) {
        if (!call_list_id(&steps, c, "agenda_step", "meeting", meetings.items[i].subject, e))
            return false;
        for (size_t k = 0; k < steps.n; k++)
            *out |= str_is(fact_str(c->a, &steps.items[k], "item"), "open_survey");
    }
    return true;
}

/* --- what waits for whom -------------------------------------------------------------------- */

bool work_findings_waiting(FindingsWaiting *out, Call *c, Err *e)
{
    FactList l;
    *out = (FindingsWaiting){ .oldest = DAY_NONE };
    if (!who_has(c->who, FINDING_CLERKS | FINDING_DOERS))
        return true;
    if (!call_list(&l, c, "finding", NULL, STRC(""), e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        const Fact *f = &l.items[i];
        int64_t heir;
        if (!work_finding_open(c, f))
            continue;
        bool clerk = work_finding_covers(c, FINDING_CLERKS, fact_int(f, "cycle"), f->org);
        if (!clerk && !call_can(c, FINDING_DOERS, f->org))
            continue;
        if (!work_finding_heir(&heir, c, f->subject, e))
            return false;
        if (heir)
            continue;
        out->applied += clerk && str_is(fact_str(c->a, f, "state"), "close_out_applied");
        if (!work_finding_overdue(c, f))
            continue;
        out->overdue++;
        if (out->oldest == DAY_NONE || fact_day(f, "due") < out->oldest)
            out->oldest = fact_day(f, "due");
    }
    return true;
}
