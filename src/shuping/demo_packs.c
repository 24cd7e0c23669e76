/* What the packs' own samples say of the invented district's year: every ledger of every pack, with
 * gaps, late entries and moves, filed on the day it would have been filed. */
#include "shuping/demo_run.h"

#include "fact/fact.h"
#include "pack/flow.h"

#include <stdio.h>
#include <string.h>

enum {
    EVENTS_MAX = 200000,
    DRAWS_FROM = 1000000,
    REFS_KEPT = 40,              /* newest records of a form that an org's later samples may name */
    SAMPLE_MEMORY = 4 << 20
};

typedef struct Event {
    const Form *form;
    const FormSample *sample;
    int org;                     /* index into the district */
    Day on, filed;
    int k;
    uint64_t seed;
    bool late;
} Event;

struct DemoPacks {
    Rulebook *rb;
    Event *events;
    size_t n, cap, next;
    int64_t **people;            /* ids by org, then their number */
    size_t *n_people;
    Map refs;                    /* "form.org" -> Refs */
};

typedef struct Refs {
    FeelValue ids[REFS_KEPT];
    size_t n;
} Refs;

/* --- what a sample sees --------------------------------------------------------------------- */

static FeelValue day_or_null(Day d)
{
    return d == 0 || d == DAY_NONE ? feel_null() : feel_day(d);
}

static FeelValue org_value(Demo *d, Arena *a, int at)
{
    const DemoOrg *o = &d->district.orgs[at];
    int level = 0, children = 0, branches = 0;
    for (int p = o->parent; p >= 0; p = d->district.orgs[p].parent)
        level++;
    for (size_t i = 0; i < d->district.n_orgs; i++)
        if (d->district.orgs[i].parent == at) {
            children++;
            branches += strcmp(d->district.orgs[i].kind, "branch") == 0;
        }
    FeelEntry e[] = {
        { STRC("id"), feel_int(o->id) },
        { STRC("name"), feel_string(o->name) },
        { STRC("code"), feel_string(o->code) },
        { STRC("kind"), feel_z(o->kind) },
        { STRC("sector"), feel_z(o->sector) },
        { STRC("level"), feel_int(level) },
        { STRC("parent"), o->parent < 0 ? feel_null() : feel_int(d->district.orgs[o->parent].id) },
        { STRC("founded"), day_or_null(o->founded) },
        { STRC("term_end"), day_or_null(o->term_end) },
        { STRC("members"), feel_int((int64_t)d->packs->n_people[at]) },
        { STRC("children"), feel_int(children) },
        { STRC("branches"), feel_int(branches) },
    };
    size_t n = sizeof e / sizeof *e;
    FeelEntry *kept = ARENA_ARRAY(a, FeelEntry, n);
    if (!kept)
        return feel_null();
    memcpy(kept, e, sizeof e);
    return feel_context(kept, n);
}

static FeelValue ids_value(Arena *a, const int64_t *ids, size_t n)
{
    FeelValue *v = ARENA_ARRAY(a, FeelValue, n + 1);
    for (size_t i = 0; v && i < n; i++)
        v[i] = feel_int(ids[i]);
    return v ? feel_list(v, n) : feel_null();
}

static Refs *refs_of(Demo *d, Str form, int org)
{
    Str key = arena_text(d->a, "%.*s.%d", STR(form), org);
    Refs *r = map_get(&d->packs->refs, key);
    if (!r && (r = ARENA_NEW(d->a, Refs)) && !map_put(&d->packs->refs, key, r))
        return NULL;
    return r;
}

static FeelValue refs_value(Demo *d, Arena *a, int org)
{
    size_t n = pack_form_count(d->packs->rb), many = 0;
    FeelEntry *e = ARENA_ARRAY(a, FeelEntry, n);
    for (size_t i = 0; e && i < n; i++) {
        const Form *f = pack_form_at(d->packs->rb, i);
        if (f->n_samples) {
            Refs *r = refs_of(d, f->name, org);
            e[many++] = (FeelEntry){ f->name, r ? feel_list(r->ids, r->n) : feel_null() };
        }
    }
    return e ? feel_context(e, many) : feel_null();
}

static FeelValue draws(Arena *a, uint64_t seed)
{
    DemoRandom r = { seed };
    int64_t of[FORM_SAMPLE_DRAWS];
    for (size_t i = 0; i < FORM_SAMPLE_DRAWS; i++)
        of[i] = demo_below(&r, DRAWS_FROM);
    return ids_value(a, of, FORM_SAMPLE_DRAWS);
}

static bool applies(bool *out, Demo *d, const FormSample *s, int org, Err *e)
{
    Arena *a = arena_open(SAMPLE_MEMORY);
    FeelRun run = feel_run(a, sys_now(d->cli->sys));
    FeelValue v = feel_boolean(true);
    FeelEntry names[] = { { STRC("org"), org_value(d, a, org) } };
    bool ok = !s->each || feel_eval(&v, a, s->each, &(FeelScope){ NULL, names, 1 }, &run, e);
    *out = ok && v.kind == FEEL_BOOLEAN && v.boolean;
    arena_close(a);
    return ok;
}

/* --- the year's events ---------------------------------------------------------------------- */

static int by_filed(const void *a, const void *b)
{
    const Event *x = a, *y = b;
    if (x->filed != y->filed)
        return x->filed < y->filed ? -1 : 1;
    if (x->form->place.line != y->form->place.line || x->form != y->form) {
        int c = str_cmp(x->form->pack->name, y->form->pack->name);
        if (c)
            return c;
        return x->form->place.line < y->form->place.line ? -1 : 1;
    }
    return x->org != y->org ? (x->org < y->org ? -1 : 1) : (x->k > y->k) - (x->k < y->k);
}

static bool event_add(Demo *d, const Form *f, const FormSample *s, int org, Period p, int k)
{
    DemoPacks *x = d->packs;
    Event ev = { .form = f, .sample = s, .org = org, .k = k, .seed = demo_random(&d->random) };
    int span = p.to - p.from + 1;
    ev.on = p.from + demo_below(&d->random, span);
    bool missed = demo_chance(&d->random, (int)s->miss);
    ev.late = f->has_on_time && demo_chance(&d->random, (int)s->late);
    ev.filed = ev.on + (ev.late ? (int)f->on_time + 4 + demo_below(&d->random, 30)
                                : demo_below(&d->random, 2));
    if (missed)
        return true;
    if (x->n == EVENTS_MAX || !ARENA_PUSH(d->a, x->events, x->n, x->cap))
        return false;
    x->events[x->n++] = ev;
    return true;
}

static bool periods_add(Demo *d, const Form *f, const FormSample *s, int org, Period all)
{
    static const PeriodKind kinds[] = { [FORM_MONTH] = PERIOD_MONTH,
                                        [FORM_QUARTER] = PERIOD_QUARTER,
                                        [FORM_HALF] = PERIOD_HALF, [FORM_YEAR] = PERIOD_YEAR };
    Period p = { all.from, all.from + 60 };
    bool once = s->every == FORM_ONCE, ok = true;
    for (Day day = all.from; ok && day <= all.to; day = p.to + 1) {
        if (!once)
            p = period_of(kinds[s->every], day);
        Period within = { p.from, p.to < all.to ? p.to : all.to };
        for (int k = 1; ok && k <= s->times; k++)
            ok = event_add(d, f, s, org, within, k);
        if (once)
            break;
    }
    return ok;
}

/* Comparing years takes two of them where tables compare: at the top and directly below it. */
static Period span(const Demo *d, size_t org, Period all, Day branches_from)
{
    return (Period){ d->district.orgs[org].parent <= 0 ? all.from : branches_from, all.to };
}

static bool plan(Demo *d, Period all, Day branches_from, Err *e)
{
    DemoPacks *x = d->packs;
    for (size_t i = 0; i < pack_form_count(x->rb); i++) {
        const Form *f = pack_form_at(x->rb, i);
        for (size_t s = 0; s < f->n_samples; s++)
            for (size_t o = 0; o < d->district.n_orgs; o++) {
                bool yes;
                if (!applies(&yes, d, &f->samples[s], (int)o, e))
                    return false;
                if (yes && !periods_add(d, f, &f->samples[s], (int)o,
                                        span(d, o, all, branches_from)))
                    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "示范数据"));
            }
    }
    qsort(x->events, x->n, sizeof *x->events, by_filed);
    return true;
}

static bool people_job(Tx *tx, void *arg, Err *e)
{
    Demo *d = arg;
    FactList l;
    Arena *a = arena_open(64 << 20);
    Map at = map_open(a);
    bool ok = fact_list(&l, a, tx, &(FactFilter){ .kind = STRC("person") }, e);
    for (size_t o = 0; ok && o < d->district.n_orgs; o++)
        ok = map_put(&at, arena_text(a, "%lld", (long long)d->district.orgs[o].id),
                     (void *)&d->district.orgs[o]) ||
             err_fail(e, ERR_NO_MEMORY, err_hole("what", "示范数据"));
    for (int pass = 0; ok && pass < 2; pass++)
        for (size_t i = 0; ok && i < l.n; i++) {
            Str key = arena_text(a, "%lld", (long long)fact_int(&l.items[i], "org"));
            const DemoOrg *org = map_get(&at, key);
            if (!org)
                continue;
            size_t o = (size_t)(org - d->district.orgs);
            if (pass && !d->packs->people[o]) {
                d->packs->people[o] = ARENA_ARRAY(d->a, int64_t, d->packs->n_people[o]);
                d->packs->n_people[o] = 0;
                ok = d->packs->people[o] ||
                     err_fail(e, ERR_NO_MEMORY, err_hole("what", "示范数据"));
            }
            if (ok && pass)
                d->packs->people[o][d->packs->n_people[o]] = l.items[i].subject;
            d->packs->n_people[o] += ok;
        }
    arena_close(a);
    return ok;
}

bool demo_packs(Demo *d, Period all, Day branches_from)
{
    Err e = { 0 };
    const PackSource *src;
    size_t n;
    DemoPacks *x = ARENA_NEW(d->a, DemoPacks);
    if (!x)
        return false;
    *x = (DemoPacks){ .refs = map_open(d->a),
                      .people = ARENA_ARRAY(d->a, int64_t *, d->district.n_orgs),
                      .n_people = ARENA_ARRAY(d->a, size_t, d->district.n_orgs) };
    d->packs = x;
    bool ok = x->people && x->n_people && pack_builtin(&src, &n, d->a, &e) &&
              pack_load(&x->rb, d->a, src, n, &e) &&
              store_read(work_store(d->cli->work), people_job, d, &e) &&
              plan(d, all, branches_from, &e);
    if (!ok)
        return cli_fail(d->cli, &e) == 0;
    demo_say(d, "各业务板块一年的记录：将按日期登记%zu条（含漏记和补录）", x->n);
    return true;
}

/* --- filing what is due --------------------------------------------------------------------- */

static json_t *body_of(Demo *d, const Event *ev, Err *e)
{
    Arena *a = arena_open(SAMPLE_MEMORY);
    FeelRun run = feel_run(a, sys_now(d->cli->sys));
    const DemoPacks *x = d->packs;
    FeelEntry names[] = {
        { STRC("org"), org_value(d, a, ev->org) },
        { STRC("day"), feel_day(ev->on) },
        { STRC("k"), feel_int(ev->k) },
        { STRC("r"), draws(a, ev->seed) },
        { STRC("people"), ids_value(a, x->people[ev->org], x->n_people[ev->org]) },
        { STRC("refs"), refs_value(d, a, ev->org) },
        { STRC("last"), feel_null() },
    };
    FeelScope scope = { NULL, names, sizeof names / sizeof *names };
    FeelValue v;
    json_t *out = NULL;
    bool ok = feel_eval(&v, a, ev->sample->body, &scope, &run, e);
    for (size_t i = 0; ok && i < run.n_diags; i++)
        if (run.diags[i].code != ERR_FEEL_VALUE) { /* nothing there to be named is no fault */
            feel_diag_err(&run.diags[i], e);
            ok = false;
        }
    ok = ok && feel_to_json(&out, v, e);
    arena_close(a);
    return ok ? out : NULL;
}

/* What a sample found nothing for, such as a record it would name, is left out. */
static void drop_empty(json_t *body)
{
    const char *key;
    void *next;
    json_t *v;
    json_object_foreach_safe(body, next, key, v)
        if (json_is_null(v) || (json_is_array(v) && json_array_size(v) == 0))
            json_object_del(body, key);
}

/* Moves in order while chance and guards allow. */
static bool moves(Demo *d, const Event *ev, int64_t id, int64_t version)
{
    static const ErrCode stopped_by[] = { ERR_RULE_GUARD, 0 };
    DemoRandom r = { ev->seed ^ 0x5bd1e995 };
    for (size_t i = 0; i < ev->sample->n_moves; i++) {
        const FormSampleMove *m = &ev->sample->moves[i];
        if (!demo_chance(&r, (int)m->percent))
            return true;
        json_t *got = demo_try(d, &d->actors[ACTOR_CONSOLE], "record_move",
                               json_pack("{s:s%,s:I,s:I,s:s%}", "form", ev->form->name.p,
                                         ev->form->name.n, "subject", (json_int_t)id, "version",
                                         (json_int_t)version, "move", m->event.p, m->event.n),
                               stopped_by);
        if (!got)
            return false;
        version = jv_int(got, "version");
        bool stopped = version == 0;
        json_decref(got);
        if (stopped)
            return true;
    }
    return true;
}

static bool file_one(Demo *d, const Event *ev)
{
    static const char *const reasons[] = { "经办人外出培训，回来补记", "系统升级期间未能登记",
                                           "工作交接中遗漏，核对后补记" };
    static const ErrCode left_out[] = { ERR_FIELD_MISSING, ERR_RECORD_TWICE, 0 };
    static const char *const causes[] = { "own", "system", "handover" };
    Err e = { 0 };
    json_t *body = body_of(d, ev, &e);
    int which = (int)(ev->seed % 3);
    if (!body) {
        fprintf(stderr, "示范数据：%.*s %.*s\n", STR(ev->form->name), STR(ev->sample->title));
        return cli_fail(d->cli, &e) == 0;
    }
    drop_empty(body);
    if (pack_flow_of(d->packs->rb, ev->form))
        json_object_del(body, "state"); /* the flow's start says it */
    json_t *in = json_pack("{s:s%,s:I,s:o}", "form", ev->form->name.p, ev->form->name.n, "org",
                           (json_int_t)d->district.orgs[ev->org].id, "values", body);
    if (ev->late) {
        json_object_set_new(in, "late_reason", json_string(reasons[which]));
        json_object_set_new(in, "late_by", json_string(causes[which]));
    }
    json_t *got = demo_try(d, &d->actors[ACTOR_CONSOLE], "record_file", in, left_out);
    if (!got) {
        fprintf(stderr, "示范数据：%.*s %.*s\n", STR(ev->form->name), STR(ev->sample->title));
        return false;
    }
    int64_t id = jv_int(got, "id"), version = jv_int(got, "version");
    json_decref(got);
    Refs *r = refs_of(d, ev->form->name, ev->org);
    if (id && r) {
        if (r->n == REFS_KEPT)
            memmove(r->ids, r->ids + 1, --r->n * sizeof *r->ids);
        r->ids[r->n++] = feel_int(id);
    }
    return id == 0 || moves(d, ev, id, version);
}

bool demo_packs_until(Demo *d, Day day)
{
    DemoPacks *x = d->packs;
    bool ok = true;
    while (ok && x && x->next < x->n && x->events[x->next].filed < day) {
        const Event *ev = &x->events[x->next++];
        DayParts p = day_parts(ev->filed);
        demo_clock(d, p.year, p.month, p.day, 9, 0);
        ok = file_one(d, ev);
    }
    return ok;
}
