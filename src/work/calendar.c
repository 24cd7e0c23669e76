/* What an organisation has before it, day by day: periods of duties that end, steps of flows,
 * findings and tasks with their own day, the end of its term. */
#include "work/board_say.h"
#include "work/record.h"
#include "work/rows.h"

#include <stdlib.h>

enum { CALENDAR_DAYS = 62, CALENDAR_DAYS_MAX = 800, CALENDAR_MAX = 3000 };

typedef struct CalendarIn {
    int64_t org;
    Day from, to;
} CalendarIn;
static const ShapeField in_fields[] = {
    { "org", SHAPE_ID, offsetof(CalendarIn, org), .title = "组织" },
    { "from", SHAPE_DAY, offsetof(CalendarIn, from), .title = "自" },
    { "to", SHAPE_DAY, offsetof(CalendarIn, to), .title = "至" },
};
static const Shape calendar_in = SHAPE("CalendarIn", CalendarIn, in_fields);
static const ShapeField item_fields[] = {
    { "day", SHAPE_DAY, .required = true },
    { "what", SHAPE_WORD, .required = true, .words = "duty|flow|finding|task|term" },
    { "title", SHAPE_TEXT, .required = true },
    { "text", SHAPE_TEXT },
    { "duty", SHAPE_TEXT },
    { "form", SHAPE_TEXT },
    { "subject", SHAPE_ID },
    { "period", SHAPE_TEXT },
    { "state", SHAPE_TEXT, .required = true },
    { "people", SHAPE_INT },
};
static const Shape item_shape = SHAPE_REPLY("CalendarItem", item_fields);
static const ShapeField out_fields[] = {
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "from", SHAPE_DAY, .required = true },
    { "to", SHAPE_DAY, .required = true },
    { "items", SHAPE_LIST, .required = true, .sub = &item_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape calendar_out = SHAPE_REPLY("Calendar", out_fields);

typedef struct Item {
    Day day;
    const char *what;
    Str title, text, duty, form, period, state;
    int64_t subject, people;
} Item;

typedef struct Days {
    Call *c;
    const Board *b;
    Period p;
    Item *items;
    size_t n, cap;
} Days;

static bool put(Days *d, const Item *i, Err *e)
{
    if (i->day == DAY_NONE || !period_has(d->p, i->day) || d->n == CALENDAR_MAX)
        return true;
    if (!ARENA_PUSH(d->c->a, d->items, d->n, d->cap))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "日历"));
    d->items[d->n++] = *i;
    return true;
}

/* --- duties --------------------------------------------------------------------------------- */

static Day day_of(const RuleCell *k)
{
    if (k->duty->every == DUTY_STANDING)
        return DAY_NONE;
    return k->due != DAY_NONE ? k->due : k->period.to;
}

/* Of persons one line a day and state with how many; who they are is not told here. */
static bool put_person(Days *d, const RuleCell *k, Err *e)
{
    for (size_t i = d->n; i-- > 0 && str_eq(d->items[i].duty, k->duty->name);)
        if (d->items[i].day == day_of(k) && str_eq(d->items[i].state, duty_state_name(k->state)))
            return d->items[i].people++, true;
    return put(d, &(Item){ .day = day_of(k), .what = "duty", .title = k->duty->title,
                           .duty = k->duty->name, .state = duty_state_name(k->state),
                           .period = work_period_text(d->c->a, k->period), .people = 1 }, e);
}

static bool put_duty(Days *d, const RuleCell *k, Err *e)
{
    if (k->state == DUTY_NOT_APPLICABLE)
        return true;
    if (k->person)
        return put_person(d, k, e);
    Item i = { .day = day_of(k), .what = "duty", .title = k->duty->title, .duty = k->duty->name,
               .text = rule_say(d->c->a, k, d->c->who->lang), .state = duty_state_name(k->state),
               .period = work_period_text(d->c->a, k->period), .subject = k->thing };
    if (k->thing)
        i.form = k->duty->thing->name;
    return put(d, &i, e);
}

static bool duties(Days *d, const RuleUnit *unit, Err *e)
{
    int from = day_parts(d->p.from).year, to = day_parts(d->p.to).year;
    for (int y = from; y <= to; y++) {
        Period year = { day_make(y, 1, 1), day_make(y, 12, 31) };
        RuleCells cells;
        if (!rule_judge(&cells, d->c->a, work_board_rules(d->b), unit, year, d->c->today, e))
            return false;
        for (size_t i = 0; i < cells.n; i++)
            if (!put_duty(d, &cells.items[i], e))
                return false;
    }
    return true;
}

/* --- things with a day of their own --------------------------------------------------------- */

static bool steps(Days *d, const RuleUnit *unit, Err *e)
{
    for (size_t i = 0; i < unit->n_records; i++) {
        const RuleRecord *r = &unit->records[i];
        const Flow *flow = pack_flow_of(call_rules(d->c), r->form);
        Fact f = { .body = r->body };
        if (!flow || r->struck || r->org != unit->org)
            continue;
        Str state = fact_str(d->c->a, &f, "state");
        Day since = r->state_since == DAY_NONE ? r->on : r->state_since;
        Item x = { .day = rule_due(flow, state, since), .what = "flow", .title = flow->title,
                   .text = work_record_title(d->c, r), .form = r->form->name,
                   .subject = r->subject, .state = state };
        if (!put(d, &x, e))
            return false;
    }
    return true;
}

static bool with_due(Days *d, int64_t org, const char *form, Err *e)
{
    FactList l;
    if (!call_list_id(&l, d->c, form, "org", org, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        Item x = { .day = fact_day(&l.items[i], "due"), .what = form,
                   .title = pack_form(call_rules(d->c), str_of(form))->title,
                   .text = fact_str(d->c->a, &l.items[i], "text"), .form = str_of(form),
                   .subject = l.items[i].subject,
                   .state = fact_str(d->c->a, &l.items[i], "state") };
        bool may;
        if (!work_record_visible(&may, d->c, &l.items[i], e) || (may && !put(d, &x, e)))
            return false;
    }
    return true;
}

/* --- writing -------------------------------------------------------------------------------- */

static int by_day(const void *a_, const void *b_)
{
    const Item *a = a_, *b = b_;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    int order = str_cmp(a->title, b->title);
    return order ? order : (a->subject > b->subject) - (a->subject < b->subject);
}

static void put_item(const Item *i, Jw *out)
{
    jw_obj(out);
    jw_kday(out, "day", i->day);
    jw_kstr(out, "what", str_of(i->what));
    jw_kstr(out, "title", i->title);
    jw_kstr_some(out, "text", i->text);
    jw_kstr_some(out, "duty", i->duty);
    jw_kstr_some(out, "form", i->form);
    jw_kint_some(out, "subject", i->subject);
    jw_kstr_some(out, "period", i->period);
    jw_kstr(out, "state", i->state);
    jw_kint_some(out, "people", i->people);
    jw_end(out);
}

static bool calendar_write(Days *d, int64_t org, Jw *out, Err *e)
{
    const BoardOrg *o = work_board_org(d->b, org);
    RuleUnit unit;
    if (!o)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    Item term = { .day = work_org_now(o)->term_end, .what = "term", .title = STRC("本届任期届满"),
                  .state = STRC("") };
    if (!work_board_unit(&unit, d->c->a, d->b, o, e) || !duties(d, &unit, e) ||
        !steps(d, &unit, e) || !with_due(d, org, "finding", e) || !with_due(d, org, "task", e) ||
        !put(d, &term, e))
        return false;
    if (d->n)
        qsort(d->items, d->n, sizeof *d->items, by_day);
    jw_kint(out, "org", org);
    jw_kstr(out, "org_name", work_org_title(o));
    jw_kday(out, "from", d->p.from);
    jw_kday(out, "to", d->p.to);
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < d->n; i++)
        put_item(&d->items[i], out);
    jw_end(out);
    jw_kint(out, "total", (int64_t)d->n);
    return true;
}

static bool calendar_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const CalendarIn *in = in_;
    Days d = { .c = c };
    Board *b;
    int64_t org;
    d.p.from = in->from != DAY_NONE ? in->from : period_of(PERIOD_MONTH, c->today).from;
    d.p.to = in->to != DAY_NONE ? in->to : d.p.from + CALENDAR_DAYS;
    if (d.p.to < d.p.from || d.p.to - d.p.from > CALENDAR_DAYS_MAX)
        return err_fail(e, ERR_CALENDAR_DAYS, err_hole("max", CALENDAR_DAYS_MAX));
    if (!work_board_scope(&org, c, in->org, e) || !work_board_enter(&b, c, e))
        return false;
    d.b = b;
    bool ok = calendar_write(&d, org, out, e);
    work_board_leave(b);
    return ok;
}

const UseCase work_calendar_show = { "calendar_show", "查看一个组织的日历", WORK_READ,
                                     BOARD_READERS, &calendar_in, &calendar_out,
                                     .run = calendar_show };
