/* The burden page: what is asked of a branch in a year against the caps, by who asks, and what this
 * organisation has in fact filed. */
#include "work/areas.h"
#include "work/board_say.h"
#include "work/burden.h"
#include "work/rows.h"

#include <string.h>

enum { TOP_FORMS = 40, ASKERS_MAX = 200, VISITS_CAP = 1 };

typedef struct BurdenIn {
    int64_t org, year;
} BurdenIn;
static const ShapeField in_fields[] = {
    { "org", SHAPE_ID, offsetof(BurdenIn, org), .title = "组织" },
    { "year", SHAPE_INT, offsetof(BurdenIn, year), .min = 2000, .max = 2200, .title = "年度" },
};
static const Shape burden_in = SHAPE("BurdenIn", BurdenIn, in_fields);

static const ShapeField kind_fields[] = {
    { "sector", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "minutes", SHAPE_INT, .required = true },
    { "records", SHAPE_INT, .required = true },
    { "fields", SHAPE_INT, .required = true },
    { "meetings", SHAPE_INT, .required = true },
    { "visits", SHAPE_INT, .required = true },
    { "cap", SHAPE_INT, .required = true },
    { "own", SHAPE_BOOL, .required = true },     /* the sector of the organisation asked for */
};
static const Shape kind_shape = SHAPE_REPLY("BurdenKind", kind_fields);
static const ShapeField asker_fields[] = {
    { "asker", SHAPE_TEXT, .required = true },
    { "forms", SHAPE_INT, .required = true },
    { "minutes", SHAPE_INT, .required = true },
    { "records", SHAPE_INT, .required = true },
    { "fields", SHAPE_INT, .required = true },
    { "meetings", SHAPE_INT, .required = true },
    { "visits", SHAPE_INT, .required = true },
    { "filed", SHAPE_INT, .required = true },    /* records of the year, in fact */
    { "filed_minutes", SHAPE_INT, .required = true },
};
static const Shape asker_shape = SHAPE_REPLY("BurdenAsker", asker_fields);
static const ShapeField form_fields[] = {
    { "form", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "pack", SHAPE_TEXT, .required = true },
    { "asker", SHAPE_TEXT, .required = true },
    { "cite", SHAPE_TEXT },
    { "times", SHAPE_INT, .required = true },
    { "minutes", SHAPE_INT, .required = true },
    { "fields", SHAPE_INT, .required = true },
    { "why", SHAPE_WORD, .required = true, .words = "times|duty|happens" },
    { "duty", SHAPE_TEXT },
    { "again", SHAPE_WORDS, .required = true },  /* why it asks for what is held already */
    { "filed", SHAPE_INT, .required = true },
};
static const Shape form_shape = SHAPE_REPLY("BurdenForm", form_fields);
static const ShapeField cap_fields[] = {
    { "name", SHAPE_WORD, .required = true, .words = "minutes|visits|again" },
    { "title", SHAPE_TEXT, .required = true },
    { "value", SHAPE_INT, .required = true },
    { "cap", SHAPE_INT, .required = true },
    { "over", SHAPE_BOOL, .required = true },
    { "cite", SHAPE_TEXT, .required = true },
};
static const Shape cap_shape = SHAPE_REPLY("BurdenCap", cap_fields);
static const ShapeField out_fields[] = {
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "year", SHAPE_INT, .required = true },
    { "orgs", SHAPE_INT, .required = true },     /* it and those below it, over which is counted */
    { "filed", SHAPE_INT, .required = true },
    { "filed_minutes", SHAPE_INT, .required = true },
    { "kinds", SHAPE_LIST, .required = true, .sub = &kind_shape },
    { "askers", SHAPE_LIST, .required = true, .sub = &asker_shape },
    { "forms", SHAPE_LIST, .required = true, .sub = &form_shape },
    { "caps", SHAPE_LIST, .required = true, .sub = &cap_shape },
};
static const Shape burden_out = SHAPE_REPLY("BurdenPage", out_fields);

#define RELIEF "《整治形式主义为基层减负若干规定》（2024年）"

typedef struct Asker {
    Str name;
    int64_t forms, minutes, records, fields, meetings, visits, filed, filed_minutes;
} Asker;

typedef struct Page {
    Call *c;
    const Board *b;
    const BoardOrg *top;
    Period year;
    Burdens all;
    const Burden *own;
    Map filed;                     /* form -> number of records of the year */
    int64_t orgs, n_filed, filed_minutes, most_visits;
} Page;

/* --- what was filed ------------------------------------------------------------------------- */

static bool filed_add(Page *g, const Form *form, int64_t *of_org, Err *e)
{
    int64_t *n = map_get(&g->filed, form->name);
    if (!n) {
        n = ARENA_NEW(g->c->a, int64_t);
        if (!n || !map_put(&g->filed, form->name, n))
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", "负担"));
    }
    ++*n;
    g->n_filed++;
    g->filed_minutes += form->minutes;
    *of_org += form->visited;
    return true;
}

static bool filed_count(Page *g, Err *e)
{
    g->filed = map_open(g->c->a);
    for (size_t i = g->top->rank; i <= g->top->last; i++) {
        const BoardOrg *o = work_board_at(g->b, i);
        int64_t visits = 0;
        g->orgs += work_board_lives(o, g->year);
        for (size_t k = 0; k < o->n_records; k++) {
            const RuleRecord *r = &o->records[k];
            if (r->form->ledger && !r->struck && period_has(g->year, r->on) &&
                !filed_add(g, r->form, &visits, e))
                return false;
        }
        if (visits > g->most_visits)
            g->most_visits = visits;
    }
    return true;
}

static int64_t filed_of(const Page *g, const Form *form)
{
    const int64_t *n = map_get(&g->filed, form->name);
    return n ? *n : 0;
}

/* --- writing -------------------------------------------------------------------------------- */

static void put_kinds(const Page *g, Jw *out)
{
    jw_key(out, "kinds");
    jw_arr(out);
    for (size_t i = 0; i < g->all.n; i++) {
        const Burden *b = &g->all.items[i];
        jw_obj(out);
        jw_kstr(out, "sector", b->sector);
        jw_kstr(out, "title", b->title);
        jw_kint(out, "minutes", b->minutes);
        jw_kint(out, "records", b->records);
        jw_kint(out, "fields", b->fields);
        jw_kint(out, "meetings", b->meetings);
        jw_kint(out, "visits", b->visits);
        jw_kint(out, "cap", BURDEN_MINUTES_CAP);
        jw_kbool(out, "own", b == g->own);
        jw_end(out);
    }
    jw_end(out);
}

static Str asker_of(const Form *f)
{
    return f->asked_by.n ? f->asked_by : STRC("未写明");
}

static Asker *asker_get(Map *all, Call *c, const Form *f)
{
    Asker *a = map_get(all, asker_of(f));
    if (a || all->n == ASKERS_MAX)
        return a;
    a = ARENA_NEW(c->a, Asker);
    if (!a || !map_put(all, asker_of(f), a))
        return NULL;
    a->name = asker_of(f);
    return a;
}

static void put_askers(const Page *g, Jw *out)
{
    Map all = map_open(g->c->a);
    for (size_t i = 0; i < g->own->n; i++) {
        const BurdenForm *f = &g->own->items[i];
        Asker *a = asker_get(&all, g->c, f->form);
        if (!a)
            continue;
        a->forms++;
        a->minutes += f->minutes;
        a->records += f->times;
        a->fields += f->fields;
        a->meetings += f->form->gathers ? f->times : 0;
        a->visits += f->form->visited ? f->times : 0;
        a->filed += filed_of(g, f->form);
        a->filed_minutes += filed_of(g, f->form) * f->form->minutes;
    }
    jw_key(out, "askers");
    jw_arr(out);
    for (size_t i = 0; i < all.n; i++) {
        const Asker *a = all.entries[i].value;
        jw_obj(out);
        jw_kstr(out, "asker", a->name);
        jw_kint(out, "forms", a->forms);
        jw_kint(out, "minutes", a->minutes);
        jw_kint(out, "records", a->records);
        jw_kint(out, "fields", a->fields);
        jw_kint(out, "meetings", a->meetings);
        jw_kint(out, "visits", a->visits);
        jw_kint(out, "filed", a->filed);
        jw_kint(out, "filed_minutes", a->filed_minutes);
        jw_end(out);
    }
    jw_end(out);
}

static int64_t put_again(const Form *f, Jw *out)
{
    int64_t n = f->again.n > 0;
    jw_key(out, "again");
    jw_arr(out);
    if (f->again.n)
        jw_str(out, f->again);
    for (size_t i = 0; i < f->n_fields; i++)
        if (f->fields[i].again.n) {
            jw_str(out, f->fields[i].again);
            n++;
        }
    jw_end(out);
    return n;
}

static int64_t put_forms(const Page *g, Jw *out)
{
    static const char *const whys[] = { "times", "duty", "happens" };
    int64_t again = 0;
    jw_key(out, "forms");
    jw_arr(out);
    for (size_t i = 0; i < g->own->n && i < TOP_FORMS; i++) {
        const BurdenForm *f = &g->own->items[i];
        jw_obj(out);
        jw_kstr(out, "form", f->form->name);
        jw_kstr(out, "title", f->form->title);
        jw_kstr(out, "pack", f->form->pack->name);
        jw_kstr(out, "asker", asker_of(f->form));
        jw_kstr_some(out, "cite", f->form->cite);
        jw_kint(out, "times", f->times);
        jw_kint(out, "minutes", f->minutes);
        jw_kint(out, "fields", f->fields);
        jw_kstr(out, "why", str_of(whys[f->why]));
        if (f->duty && f->why == BURDEN_DUTY)
            jw_kstr(out, "duty", f->duty->title);
        again += put_again(f->form, out);
        jw_kint(out, "filed", filed_of(g, f->form));
        jw_end(out);
    }
    jw_end(out);
    return again;
}

static void put_cap(Jw *out, const char *name, const char *title, int64_t value, int64_t cap,
                    const char *cite)
{
    jw_obj(out);
    jw_kstr(out, "name", str_of(name));
    jw_kstr(out, "title", str_of(title));
    jw_kint(out, "value", value);
    jw_kint(out, "cap", cap);
    jw_kbool(out, "over", value > cap);
    jw_kstr(out, "cite", str_of(cite));
    jw_end(out);
}

static bool page_write(Page *g, Jw *out, Err *e)
{
    const RuleOrg *now = work_org_now(g->top);
    RuleUnit unit;
    if (!work_board_unit(&unit, g->c->a, g->b, g->top, e))
        return false;
    BurdenSet set = { unit.settings, unit.n_settings };
    if (!work_burden_all(&g->all, g->c->a, work_board_rules(g->b), &set, g->c->today, e) ||
        !filed_count(g, e))
        return false;
    for (size_t i = 0; i < g->all.n; i++)
        if (!g->own || str_eq(g->all.items[i].sector, now->sector))
            g->own = &g->all.items[i];
    if (!g->own)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "领域"));
    jw_kint(out, "org", g->top->id);
    jw_kstr(out, "org_name", now->name);
    jw_kint(out, "year", day_parts(g->year.from).year);
    jw_kint(out, "orgs", g->orgs);
    jw_kint(out, "filed", g->n_filed);
    jw_kint(out, "filed_minutes", g->filed_minutes);
    put_kinds(g, out);
    put_askers(g, out);
    int64_t again = put_forms(g, out);
    jw_key(out, "caps");
    jw_arr(out);
    put_cap(out, "minutes", "一个党支部一年的填报时间（分钟）", g->own->minutes,
            BURDEN_MINUTES_CAP, "本系统自定：十二小时以内");
    put_cap(out, "visits", "一年内对同一组织的检查、走访登记最多次数", g->most_visits, VISITS_CAP,
            RELIEF "：同一部门综合性督查检查每年不超过一次");
    put_cap(out, "again", "重复采集已有资料的项目", again, 0, RELIEF "：同样材料只报一次");
    jw_end(out);
    return true;
}

static bool burden_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const BurdenIn *in = in_;
    int year = work_board_year_of(c, in->year);
    Page g = { .c = c, .year = { day_make(year, 1, 1), day_make(year, 12, 31) } };
    Board *b;
    int64_t org;
    if (!work_board_scope(&org, c, in->org, e) || !work_board_enter(&b, c, e))
        return false;
    g.b = b;
    g.top = work_board_org(b, org);
    bool ok = g.top ? page_write(&g, out, e)
                    : err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    work_board_leave(b);
    return ok;
}

const UseCase work_burden_show = { "burden_show", "查看基层负担", WORK_READ, BOARD_READERS,
                                   &burden_in, &burden_out, .run = burden_show };
