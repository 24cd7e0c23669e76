/* Findings as they are read: the list with its counts, and one finding with its course. */
#include "work/finding.h"
#include "work/rows.h"

#include <string.h>

/* --- one row -------------------------------------------------------------------------------- */

static const ShapeField row_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "no", SHAPE_INT },
    { "cycle", SHAPE_ID },
    { "debriefer", SHAPE_ID },
    { "debriefer_name", SHAPE_TEXT },
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "source", SHAPE_TEXT, .required = true },
    { "source_title", SHAPE_TEXT, .required = true },
    { "by", SHAPE_TEXT },
    { "text", SHAPE_TEXT, .required = true },
    { "category_title", SHAPE_TEXT },
    { "owner", SHAPE_ID },
    { "owner_name", SHAPE_TEXT },
    { "deadline_class", SHAPE_TEXT },
    { "deadline_title", SHAPE_TEXT },
    { "due", SHAPE_DAY },
    { "state", SHAPE_TEXT, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
    { "open", SHAPE_BOOL, .required = true },
    { "overdue", SHAPE_BOOL, .required = true },
    { "days_over", SHAPE_INT },
    { "extensions", SHAPE_INT, .required = true },
    { "moved_on", SHAPE_DAY },
    { "unmoved", SHAPE_BOOL, .required = true },
    { "carried_to", SHAPE_ID },
};
static const Shape row_shape = SHAPE_REPLY("FindingRow", row_fields);

typedef struct Row {
    Fact f;
    FindingPast past;
    bool open, overdue, unmoved;
    int64_t heir;
} Row;

static bool row_read(Row *r, Call *c, const Fact *f, Day meeting, Err *e)
{
    *r = (Row){ .f = *f };
    if (!work_finding_past(&r->past, c, f, e) || !work_finding_heir(&r->heir, c, f->subject, e))
        return false;
    r->open = !r->heir && work_finding_open(c, f);
    r->overdue = r->open && work_finding_overdue(c, f);
    r->unmoved = r->open && work_finding_unmoved(c, f, &r->past, meeting);
    return true;
}

static bool put_people(Call *c, const Fact *f, Jw *out, Err *e)
{
    Str org, owner, name = STRC("");
    Fact d;
    if (!call_name(&org, c, "org", f->org, e) ||
        !call_name(&owner, c, "person", fact_int(f, "owner"), e))
        return false;
    if (fact_int(f, "debriefer") &&
        (!call_thing(&d, c, "debriefer", fact_int(f, "debriefer"), e) ||
         !call_name(&name, c, "person", fact_int(&d, "person"), e)))
        return false;
    jw_kint_some(out, "debriefer", fact_int(f, "debriefer"));
    jw_kstr_some(out, "debriefer_name", name);
    jw_kint(out, "org", f->org);
    jw_kstr(out, "org_name", org);
    jw_kint_some(out, "owner", fact_int(f, "owner"));
    jw_kstr_some(out, "owner_name", owner);
    return true;
}

static void put_titled(Call *c, Jw *out, const char *key, const char *list, Str value)
{
    jw_kstr_some(out, key, value.n ? call_title(c, list, value) : value);
}

static bool put_row(Call *c, const Row *r, Jw *out, Err *e)
{
    const Fact *f = &r->f;
    Str source = fact_str(c->a, f, "source"), state = fact_str(c->a, f, "state");
    Str class = fact_str(c->a, f, "deadline_class");
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    int64_t extended = (int64_t)jv_len(jv_get(body, "extensions"));
    json_decref(body);
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", f->id);
    jw_kint_some(out, "no", fact_int(f, "no"));
    jw_kint_some(out, "cycle", fact_int(f, "cycle"));
    jw_kstr(out, "source", source);
    jw_kstr(out, "source_title", call_title(c, "finding_source", source));
    jw_kstr_some(out, "by", fact_str(c->a, f, "by"));
    jw_kstr(out, "text", fact_str(c->a, f, "text"));
    put_titled(c, out, "category_title", "finding_category", fact_str(c->a, f, "category"));
    jw_kstr_some(out, "deadline_class", class);
    put_titled(c, out, "deadline_title", "deadline_class", class);
    if (fact_day(f, "due") != DAY_NONE)
        jw_kday(out, "due", fact_day(f, "due"));
    jw_kstr(out, "state", state);
    jw_kstr(out, "state_title", call_title(c, "finding_state", state));
    jw_kbool(out, "open", r->open);
    jw_kbool(out, "overdue", r->overdue);
    if (r->overdue)
        jw_kint(out, "days_over", c->today - fact_day(f, "due"));
    jw_kint(out, "extensions", extended);
    if (r->past.moved_on != DAY_NONE)
        jw_kday(out, "moved_on", r->past.moved_on);
    jw_kbool(out, "unmoved", r->unmoved);
    jw_kint_some(out, "carried_to", r->heir);
    return put_people(c, f, out, e);
}

/* --- the list ------------------------------------------------------------------------------- */

typedef struct ListIn {
    int64_t cycle, org, debriefer;
    Str state;
    bool open, overdue, unmoved;
} ListIn;
static const ShapeField list_fields[] = {
    { "cycle", SHAPE_ID, offsetof(ListIn, cycle), .title = "年度周期" },
    { "org", SHAPE_ID, offsetof(ListIn, org), .title = "整改单位（含下级）" },
    { "debriefer", SHAPE_ID, offsetof(ListIn, debriefer), .title = "述职人" },
    { "state", SHAPE_TEXT, offsetof(ListIn, state), .max = 40, .title = "状态" },
    { "open", SHAPE_BOOL, offsetof(ListIn, open), .title = "仅未销号" },
    { "overdue", SHAPE_BOOL, offsetof(ListIn, overdue), .title = "仅逾期" },
    { "unmoved", SHAPE_BOOL, offsetof(ListIn, unmoved), .title = "仅述职会以来没有进展" },
};
static const Shape list_in = SHAPE("FindingListIn", ListIn, list_fields);

static const ShapeField count_fields[] = {
    { "state", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "n", SHAPE_INT, .required = true },
};
static const Shape count_shape = SHAPE_REPLY("FindingCount", count_fields);
static const ShapeField page_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &row_shape },
    { "total", SHAPE_INT, .required = true },
    { "counts", SHAPE_LIST, .required = true, .sub = &count_shape },
    { "all", SHAPE_INT, .required = true },
    { "open", SHAPE_INT, .required = true },
    { "overdue", SHAPE_INT, .required = true },
    { "unmoved", SHAPE_INT, .required = true },
    { "meeting_day", SHAPE_DAY },
    { "may_add", SHAPE_BOOL, .required = true },
    { "may_merge", SHAPE_BOOL, .required = true },
};
static const Shape page_out = SHAPE_REPLY("Findings", page_fields);

enum { COUNTS_MAX = 40 };
typedef struct Counts {
    int64_t by_state[COUNTS_MAX];
    int64_t all, open, overdue, unmoved, shown;
} Counts;

/* Findings that the filter of place names and the caller may read. */
static bool asked_for(FactList *out, Call *c, const ListIn *in, Err *e)
{
    FactFilter by = { .kind = STRC("finding"), .org = in->org, .below = true };
    if (in->debriefer || in->cycle) {
        by.field = in->debriefer ? STRC("debriefer") : STRC("cycle");
        by.value = arena_text(c->a, "%lld",
                              (long long)(in->debriefer ? in->debriefer : in->cycle));
    }
    FactList all;
    if (!fact_list(&all, c->a, c->tx, &by, e))
        return false;
    *out = (FactList){ all.items, 0 };
    for (size_t i = 0; i < all.n; i++) {
        bool may = false;
        if (in->cycle && fact_int(&all.items[i], "cycle") != in->cycle)
            continue;
        if (!work_finding_read(&may, c, &all.items[i], e))
            return false;
        if (may)
            out->items[out->n++] = all.items[i];
    }
    return true;
}

static void count(Counts *n, const List *states, const Row *r, Str state)
{
    n->all++;
    n->open += r->open;
    n->overdue += r->overdue;
    n->unmoved += r->unmoved;
    for (size_t i = 0; states && i < states->n_items && i < COUNTS_MAX; i++)
        n->by_state[i] += str_eq(states->items[i].value, state);
}

static bool wanted(const ListIn *in, const Row *r, Str state)
{
    return (!in->state.n || str_eq(in->state, state)) && (!in->open || r->open) &&
           (!in->overdue || r->overdue) && (!in->unmoved || r->unmoved);
}

static void put_counts(const Counts *n, const List *states, Jw *out)
{
    jw_key(out, "counts");
    jw_arr(out);
    for (size_t i = 0; states && i < states->n_items && i < COUNTS_MAX; i++) {
        jw_obj(out);
        jw_kstr(out, "state", states->items[i].value);
        jw_kstr(out, "title", states->items[i].title);
        jw_kint(out, "n", n->by_state[i]);
        jw_end(out);
    }
    jw_end(out);
    jw_kint(out, "total", n->shown);
    jw_kint(out, "all", n->all);
    jw_kint(out, "open", n->open);
    jw_kint(out, "overdue", n->overdue);
    jw_kint(out, "unmoved", n->unmoved);
}

/* The day of the meeting of the cycle that was asked for last: lists are of one cycle mostly. */
typedef struct Meetings {
    int64_t cycle;
    Day day;
} Meetings;

static bool meeting_of(Meetings *m, Call *c, int64_t cycle, Err *e)
{
    if (m->cycle == cycle)
        return true;
    m->cycle = cycle;
    return work_meeting_held(&m->day, c, cycle, e);
}

static bool put_items(Counts *n, Call *c, const ListIn *in, const FactList *l, Jw *out, Err *e)
{
    const List *states = pack_list(call_rules(c), STRC("finding_state"));
    Meetings m = { .day = DAY_NONE };
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < l->n; i++) {
        Row r;
        if (!meeting_of(&m, c, fact_int(&l->items[i], "cycle"), e) ||
            !row_read(&r, c, &l->items[i], m.day, e))
            return false;
        Str state = fact_str(c->a, &r.f, "state");
        count(n, states, &r, state);
        if (!wanted(in, &r, state))
            continue;
        n->shown++;
        jw_obj(out);
        if (!put_row(c, &r, out, e))
            return false;
        jw_end(out);
    }
    jw_end(out);
    put_counts(n, states, out);
    return true;
}

static bool finding_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const ListIn *in = in_;
    Counts n = { .all = 0 };
    FactList l;
    Day meeting;
    if (!call_may_all(c, e) || !asked_for(&l, c, in, e) || !put_items(&n, c, in, &l, out, e) ||
        !work_meeting_held(&meeting, c, in->cycle, e))
        return false;
    if (meeting != DAY_NONE)
        jw_kday(out, "meeting_day", meeting);
    bool merge = in->cycle && call_can_cycle(c, FINDING_CLERKS, in->cycle);
    jw_kbool(out, "may_add", merge || who_has(c->who, FINDING_DOERS) ||
                                 (in->cycle && call_can_cycle(c, FINDING_JUDGES, in->cycle)));
    jw_kbool(out, "may_merge", merge);
    return true;
}

const UseCase work_finding_list = { "finding_list", "查看问题与整改", WORK_READ, FINDING_READERS,
                                    &list_in, &page_out, .run = finding_list };

/* --- one finding ---------------------------------------------------------------------------- */

static const ShapeField move_fields[] = {
    { "event", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "to_title", SHAPE_TEXT, .required = true },
    { "may", SHAPE_BOOL, .required = true },
    { "needs", SHAPE_TEXT },
    { "fields", SHAPE_WORDS, .required = true },
};
static const Shape move_shape = SHAPE_REPLY("FindingMove", move_fields);
static const ShapeField step_fields[] = {
    { "state", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "day", SHAPE_DAY },
    { "step", SHAPE_WORD, .required = true, .words = "done|now|later" },
};
static const Shape step_shape = SHAPE_REPLY("FindingStep", step_fields);
static const ShapeField past_fields[] = {
    { "version", SHAPE_ID, .required = true },
    { "at", SHAPE_MOMENT, .required = true },
    { "by", SHAPE_TEXT, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
    { "moved", SHAPE_BOOL, .required = true },
    { "changed", SHAPE_WORDS, .required = true },
};
static const Shape past_shape = SHAPE_REPLY("FindingPast", past_fields);
static const ShapeField one_fields[] = {
    { "finding", SHAPE_OBJ, .required = true, .sub = &row_shape },
    { "body", SHAPE_JSON, .required = true },
    { "cycle_title", SHAPE_TEXT },
    { "leader_name", SHAPE_TEXT },
    { "verifier_name", SHAPE_TEXT },
    { "carried_from", SHAPE_ID },
    { "carried_year", SHAPE_INT },
    { "steps", SHAPE_LIST, .required = true, .sub = &step_shape },
    { "moves", SHAPE_LIST, .required = true, .sub = &move_shape },
    { "history", SHAPE_LIST, .required = true, .sub = &past_shape },
    { "may_edit", SHAPE_BOOL, .required = true },
    { "may_extend", SHAPE_BOOL, .required = true },
};
static const Shape one_out = SHAPE_REPLY("Finding", one_fields);

typedef struct OneIn {
    int64_t finding;
} OneIn;
static const ShapeField one_in_fields[] = {
    { "finding", SHAPE_ID, offsetof(OneIn, finding), .required = true, .title = "问题" },
};
static const Shape one_in = SHAPE("FindingShowIn", OneIn, one_in_fields);

/* When a state was entered last; DAY_NONE when never. */
static Day entered(Call *c, const FindingPast *past, Str state)
{
    Day day = DAY_NONE;
    Str before = STRC("");
    for (size_t i = 0; i < past->facts.n; i++) {
        Str now = fact_str(c->a, &past->facts.items[i], "state");
        if (str_eq(now, state) && !str_eq(now, before))
            day = past->facts.items[i].occurred_on;
        before = now;
    }
    return day;
}

/* The straight way to close-out; a returned or reopened finding stands before "in progress". */
static void put_steps(Call *c, const Row *r, Jw *out)
{
    static const char *const way[] = { "listed", "committed", "in_progress", "close_out_applied",
                                       "verified", "closed", "rechecked" };
    enum { WAY = sizeof way / sizeof *way };
    Str state = fact_str(c->a, &r->f, "state");
    bool back = str_is(state, "returned") || str_is(state, "reopened");
    size_t at = 0;
    while (at + 1 < WAY && !str_is(back ? STRC("in_progress") : state, way[at]))
        at++;
    jw_key(out, "steps");
    jw_arr(out);
    for (size_t i = 0; i < WAY; i++) {
        bool here = i == at;
        Str name = here && back ? state : str_of(way[i]);
        Day day = i <= at ? entered(c, &r->past, name) : DAY_NONE;
        bool done = i < at || (here && i + 1 == WAY);
        jw_obj(out);
        jw_kstr(out, "state", name);
        jw_kstr(out, "title", call_title(c, "finding_state", name));
        if (day != DAY_NONE)
            jw_kday(out, "day", day);
        jw_kstr(out, "step", done ? STRC("done") : here ? STRC("now") : STRC("later"));
        jw_end(out);
    }
    jw_end(out);
}

static Str says(Call *c, const Err *e)
{
    return work_say(c->w, c->a, e, c->who->lang);
}

static void put_move(Call *c, const Flow *flow, const FlowMove *m, bool may, Str needs, Jw *out)
{
    jw_obj(out);
    jw_kstr(out, "event", m->event);
    jw_kstr(out, "title", m->title);
    jw_kstr(out, "to_title", list_title(flow->states, m->to));
    jw_kbool(out, "may", may);
    jw_kstr_some(out, "needs", needs);
    jw_key(out, "fields");
    jw_arr(out);
    for (const char *const *f = work_finding_fields(m->event); *f; f++)
        jw_str(out, str_of(*f));
    jw_end(out);
    jw_end(out);
    (void)c;
}

/* Every move from here: whether the caller may make it, and what it still needs, in words. */
static bool put_moves(Call *c, const Row *r, const json_t *body, uint32_t hands, Jw *out, Err *e)
{
    const Flow *flow = pack_flow(call_rules(c), STRC("finding"));
    RuleChoices all = { 0 };
    if (flow && !r->heir &&
        !rule_moves_possible(&all, flow, c->a, fact_str(c->a, &r->f, "state"), body, hands,
                             c->today, e))
        return false;
    jw_key(out, "moves");
    jw_arr(out);
    for (size_t i = 0; i < all.n; i++) {
        const RuleChoice *choice = &all.items[i];
        Err why = { 0 };
        bool guarded = work_finding_guard(c, &r->f, &r->past, body, choice->move, &why);
        bool person = !guarded && (why.code == ERR_FINDING_OWNER ||
                                   why.code == ERR_FINDING_APPLICANT);
        Str needs = !guarded && (person || choice->open) ? says(c, &why)
                    : choice->open                       ? STRC("")
                                                         : choice->move->needs;
        put_move(c, flow, choice->move, choice->may && !person, needs, out);
    }
    jw_end(out);
    return true;
}

/* Titles of the fields in which a version differs from the one before. */
static void put_changed(Call *c, const json_t *was, const json_t *now, Jw *out)
{
    const Form *form = pack_form(call_rules(c), STRC("finding"));
    jw_key(out, "changed");
    jw_arr(out);
    for (size_t i = 0; form && was && i < form->n_fields; i++) {
        const char *key = arena_z(c->a, form->fields[i].name);
        const json_t *a = key ? jv_get(was, key) : NULL, *b = key ? jv_get(now, key) : NULL;
        if ((a || b) && !json_equal(a, b) && !str_is(form->fields[i].name, "state"))
            jw_str(out, form->fields[i].title);
    }
    jw_end(out);
}

static bool put_history(Call *c, const FindingPast *past, Jw *out, Err *e)
{
    json_t *was = NULL;
    bool ok = true;
    jw_key(out, "history");
    jw_arr(out);
    for (size_t i = 0; ok && i < past->facts.n; i++) {
        const Fact *f = &past->facts.items[i];
        Str by, state = fact_str(c->a, f, "state");
        json_t *now = call_body(c, f, e);
        ok = now && work_filed_by(&by, c, f, e);
        if (ok) {
            jw_obj(out);
            jw_kint(out, "version", f->id);
            jw_kmoment(out, "at", f->received_at);
            jw_kstr(out, "by", by);
            jw_kstr(out, "state_title", call_title(c, "finding_state", state));
            jw_kbool(out, "moved", was && !str_eq(jv_str(was, "state"), state));
            put_changed(c, was, now, out);
            jw_end(out);
        }
        json_decref(was);
        was = now;
    }
    json_decref(was);
    jw_end(out);
    return ok;
}

static bool put_frame(Call *c, const Row *r, Jw *out, Err *e)
{
    Fact cycle, old;
    Str leader, verifier;
    int64_t id = fact_int(&r->f, "cycle"), from = fact_int(&r->f, "carried_from");
    if (!call_name(&leader, c, "person", fact_int(&r->f, "leader"), e) ||
        !call_name(&verifier, c, "person", fact_int(&r->f, "verifier"), e) ||
        (id && !call_thing(&cycle, c, "cycle", id, e)))
        return false;
    if (id)
        jw_kstr(out, "cycle_title", fact_str(c->a, &cycle, "title"));
    jw_kstr_some(out, "leader_name", leader);
    jw_kstr_some(out, "verifier_name", verifier);
    if (from == 0)
        return true;
    jw_kint(out, "carried_from", from);
    if (!call_thing(&old, c, "finding", from, e) ||
        (fact_int(&old, "cycle") && !call_thing(&cycle, c, "cycle", fact_int(&old, "cycle"), e)))
        return false;
    if (fact_int(&old, "cycle"))
        jw_kint(out, "carried_year", fact_int(&cycle, "year"));
    return true;
}

static bool finding_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const OneIn *in = in_;
    Fact f;
    Day meeting;
    Row r;
    bool may;
    uint32_t hands;
    if (!call_thing(&f, c, "finding", in->finding, e) || !work_finding_read(&may, c, &f, e))
        return false;
    if (!may)
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
    if (!work_meeting_held(&meeting, c, fact_int(&f, "cycle"), e) ||
        !row_read(&r, c, &f, meeting, e) || !work_finding_hands(&hands, c, &f, e))
        return false;
    json_t *body = call_body(c, &f, e);
    if (!body)
        return false;
    jw_key(out, "finding");
    jw_obj(out);
    bool ok = put_row(c, &r, out, e);
    jw_end(out);
    jw_kjson(out, "body", body);
    put_steps(c, &r, out);
    ok = ok && put_frame(c, &r, out, e) && put_moves(c, &r, body, hands, out, e) &&
         put_history(c, &r.past, out, e);
    json_decref(body);
    uint32_t editors = FINDING_DOERS | FINDING_CLERKS;
    jw_kbool(out, "may_edit", r.heir == 0 && (hands & editors) != 0);
    jw_kbool(out, "may_extend", r.open && fact_day(&f, "due") != DAY_NONE &&
                                    (hands & ROLE_BIT(ROLE_ORGANISER_HEAD)) != 0);
    return ok;
}

const UseCase work_finding_show = { "finding_show", "查看一个问题的整改过程", WORK_READ,
                                    FINDING_READERS, &one_in, &one_out, .run = finding_show };
