/* Next year's cycle out of the last one: classes, objects, groups and scheme are taken over, the
 * debriefers proposed, open findings carried. What must be chosen anew each year is left open. */
#include "work/assess.h"
#include "work/finding.h"
#include "work/rows.h"

typedef struct NextIn {
    int64_t cycle;
} NextIn;
static const ShapeField in_fields[] = {
    { "cycle", SHAPE_ID, offsetof(NextIn, cycle), .required = true, .title = "年度周期" },
};
static const Shape next_in = SHAPE("CycleNextIn", NextIn, in_fields);
static const ShapeField out_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "debriefers", SHAPE_INT, .required = true },
    { "changed", SHAPE_WORDS, .required = true }, /* another secretary than last year */
    { "vacant", SHAPE_WORDS, .required = true },  /* organisations without a secretary */
    { "findings", SHAPE_INT, .required = true },
};
static const Shape next_out = SHAPE_REPLY("CycleNext", out_fields);

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "下一年度"));
}

/* 2026年度… becomes 2027年度…; a title without the year gets the new one in front. */
static Str next_title(Call *c, Str title, int64_t year)
{
    Str was = arena_text(c->a, "%lld", (long long)year), head, tail;
    if (!str_cut(title, was, &head, &tail))
        return arena_text(c->a, "%lld年度 %.*s", (long long)year + 1, STR(title));
    return arena_text(c->a, "%.*s%lld%.*s", STR(head), (long long)year + 1, STR(tail));
}

/* The steps fall on the same days a year later. */
static void move_dates(Call *c, json_t *dates)
{
    size_t i;
    json_t *row;
    json_array_foreach (dates, i, row) {
        Day due = jv_day(row, "due");
        if (due == DAY_NONE)
            continue;
        Str text = day_print(c->a, day_add_months(due, 12));
        json_object_set_new(row, "due", jv_new(text));
    }
}

/* How many papers go out is known only when the next vote is prepared. */
static void forget_issued(json_t *groups)
{
    size_t i;
    json_t *row;
    json_array_foreach (groups, i, row)
        json_object_del(row, "issued");
}

static bool file_cycle(int64_t *id, Call *c, const Fact *last, Err *e)
{
    static const char *const anew[] = { "choices", "floor", "reason", "scheme_hash" };
    int64_t year = fact_int(last, "year");
    json_t *body = call_body(c, last, e);
    if (!body)
        return false;
    for (size_t i = 0; i < sizeof anew / sizeof *anew; i++)
        json_object_del(body, anew[i]);
    Str title = next_title(c, fact_str(c->a, last, "title"), year);
    json_object_set_new(body, "year", json_integer(year + 1));
    json_object_set_new(body, "title", jv_new(title));
    json_object_set_new(body, "previous", json_integer(last->subject));
    json_object_set_new(body, "state", json_string("preparing"));
    move_dates(c, json_object_get(body, "dates"));
    forget_issued(json_object_get(body, "groups"));
    bool ok = call_file(c, &(Filing){ .form = "cycle", .org = last->org, .body = body }, id, e);
    json_decref(body);
    return ok;
}

static bool not_twice(Call *c, const Fact *last, Err *e)
{
    FactList l;
    int64_t year = fact_int(last, "year") + 1;
    if (!call_list_id(&l, c, "cycle", "year", year, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (fact_int(&l.items[i], "organiser") == fact_int(last, "organiser"))
            return err_fail(e, ERR_CYCLE_TWICE, err_hole("year", year));
    return true;
}

/* --- debriefers ----------------------------------------------------------------------------- */

typedef struct Heir {
    int64_t was, org, person, now; /* debriefer before, and his place this year */
} Heir;

typedef struct Heirs {
    Heir *items;
    size_t n;
    Str *changed, *vacant;
    size_t n_changed, n_vacant;
} Heirs;

static bool taken(const Heirs *h, int64_t person)
{
    for (size_t i = 0; i < h->n; i++)
        if (h->items[i].person == person)
            return true;
    return false;
}

static bool file_heir(int64_t *id, Call *c, const Fact *was, int64_t cycle, int64_t person, Err *e)
{
    static const char *const anew[] = { "order", "reason", "withdrawn" };
    json_t *body = call_body(c, was, e);
    if (!body)
        return false;
    for (size_t i = 0; i < sizeof anew / sizeof *anew; i++)
        json_object_del(body, anew[i]);
    json_object_set_new(body, "cycle", json_integer(cycle));
    json_object_set_new(body, "person", json_integer(person));
    Filing f = { .form = "debriefer", .org = fact_int(was, "org"), .body = body };
    bool ok = call_file(c, &f, id, e);
    json_decref(body);
    return ok;
}

/* Whoever is secretary today takes the place; an organisation that ended, or has none, is told. */
static bool propose(Heirs *h, Call *c, const AssessPerson *p, int64_t cycle, Err *e)
{
    int64_t org = fact_int(&p->fact, "org"), was = fact_int(&p->fact, "person"), person, id;
    Fact o;
    Str name;
    if (!call_thing(&o, c, "org", org, e) ||
        !call_holder(&person, c, org, "secretary", c->today, e))
        return false;
    Day ended = fact_day(&o, "ended");
    if (person == 0 || (ended != DAY_NONE && ended <= c->today)) {
        h->vacant[h->n_vacant++] = p->org_name;
        return true;
    }
    if (taken(h, person))
        return true; /* one person files one report, on however many lines he sits */
    if (!file_heir(&id, c, &p->fact, cycle, person, e) ||
        !call_name(&name, c, "person", person, e))
        return false;
    if (person != was)
        h->changed[h->n_changed++] =
            arena_text(c->a, "%.*s：%.*s → %.*s", STR(p->org_name), STR(p->name), STR(name));
    h->items[h->n++] = (Heir){ p->fact.subject, org, person, id };
    return true;
}

/* --- findings ------------------------------------------------------------------------------- */

static int64_t heir_of(const Heirs *h, const Fact *finding)
{
    for (size_t i = 0; i < h->n; i++)
        if (h->items[i].was == fact_int(finding, "debriefer") ||
            h->items[i].org == fact_int(finding, "org"))
            return h->items[i].now;
    return 0;
}

/* The work on it goes on where it stood: measures, owner and milestones come along. */
static bool carry(Call *c, const Fact *finding, const Heirs *h, int64_t cycle, Err *e)
{
    int64_t heir = heir_of(h, finding), id;
    json_t *body = work_finding_heir_body(c, finding, cycle, e);
    if (!body)
        return false;
    if (heir)
        json_object_set_new(body, "debriefer", json_integer(heir));
    bool ok = work_finding_file(&id, c, body, e);
    json_decref(body);
    return ok;
}

/* --- the year ------------------------------------------------------------------------------- */

static void put_words(Jw *out, const char *key, const Str *words, size_t n)
{
    jw_key(out, key);
    jw_arr(out);
    for (size_t i = 0; i < n; i++)
        jw_str(out, words[i]);
    jw_end(out);
}

static bool heirs_open(Heirs *h, Call *c, size_t n, Err *e)
{
    *h = (Heirs){ .items = ARENA_ARRAY(c->a, Heir, n), .changed = ARENA_ARRAY(c->a, Str, n),
                  .vacant = ARENA_ARRAY(c->a, Str, n) };
    return (h->items && h->changed && h->vacant) || no_memory(e);
}

static bool cycle_next(Call *c, const void *in_, Jw *out, Err *e)
{
    const NextIn *in = in_;
    Assess as;
    Heirs h;
    FactList open;
    int64_t id;
    if (!call_may_cycle(c, in->cycle, e) || !work_assess_open(&as, c, in->cycle, e) ||
        !work_cycle_at(c, &as.cycle, "closed", e) || !not_twice(c, &as.cycle, e) ||
        !work_findings_open(&open, c, in->cycle, e) || !heirs_open(&h, c, as.n_people, e) ||
        !file_cycle(&id, c, &as.cycle, e))
        return false;
    for (size_t i = 0; i < as.n_people; i++)
        if (!propose(&h, c, &as.people[i], id, e))
            return false;
    for (size_t i = 0; i < open.n; i++)
        if (!carry(c, &open.items[i], &h, id, e))
            return false;
    work_put_made(out, id, id);
    jw_kint(out, "debriefers", (int64_t)h.n);
    put_words(out, "changed", h.changed, h.n_changed);
    put_words(out, "vacant", h.vacant, h.n_vacant);
    jw_kint(out, "findings", (int64_t)open.n);
    return true;
}

const UseCase work_cycle_next = { "cycle_next", "开启下一年度（结转未销号的问题）", WORK_WRITE,
                                  ASSESS_CLERKS, &next_in, &next_out, .run = cycle_next };
