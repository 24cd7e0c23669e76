/* One measure over an organisation and everything below it, with the same of its children, and the
 * records it counts. */
#include "work/figure.h"

#include "work/rows.h"

typedef struct MeasureIn {
    int64_t org, after, limit;
    Str measure, period;
} MeasureIn;
static const ShapeField in_fields[] = {
    { "measure", SHAPE_TEXT, offsetof(MeasureIn, measure), .required = true, .max = 64,
      .title = "指标" },
    { "org", SHAPE_ID, offsetof(MeasureIn, org), .title = "组织" },
    { "period", SHAPE_TEXT, offsetof(MeasureIn, period), .max = 40, .title = "周期" },
    { "after", SHAPE_INT, offsetof(MeasureIn, after), .min = 0, .max = 10000000, .title = "起点" },
    { "limit", SHAPE_INT, offsetof(MeasureIn, limit), .min = 0, .max = FIGURE_RECORDS_MAX,
      .title = "条数" },
};
static const Shape measure_in = SHAPE("MeasureIn", MeasureIn, in_fields);
static const ShapeField child_fields[] = {
    { "org", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "value", SHAPE_TEXT, .required = true },
    { "exact", SHAPE_TEXT },
    { "records", SHAPE_INT, .required = true },
};
static const Shape child_shape = SHAPE_REPLY("MeasureChild", child_fields);
static const ShapeField out_fields[] = {
    { "measure", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "unit", SHAPE_TEXT },
    { "cite", SHAPE_TEXT },
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "period", SHAPE_TEXT, .required = true },
    { "value", SHAPE_TEXT, .required = true },
    { "exact", SHAPE_TEXT },
    { "records", SHAPE_INT, .required = true },
    { "children", SHAPE_LIST, .required = true, .sub = &child_shape },
};
static const Shape measure_out = SHAPE_REPLY("MeasureFigure", out_fields);

static bool measure_read(const Measure **out, Call *c, Str name, Err *e)
{
    *out = pack_measure(call_rules(c), name);
    return *out || err_fail(e, ERR_NOT_FOUND, err_hole("what", "指标"));
}

typedef struct Summing {
    RuleSum *sum;
    Day today;
} Summing;

static bool sum_one(void *arg, Arena *scratch, const RuleUnit *unit, Err *e)
{
    const Summing *s = arg;
    return rule_sum_add(s->sum, scratch, unit, s->today, e);
}

static bool figure_of(RuleFigure *out, Call *c, const Board *b, const BoardOrg *o,
                      const Measure *m, Period p, Err *e)
{
    Summing s = { rule_sum_open(c->a, work_board_rules(b), m, p), c->today };
    RuleUnit top;
    if (!s.sum)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", m->title));
    return work_figure_walk(b, o, sum_one, &s, e) && work_board_unit(&top, c->a, b, o, e) &&
           rule_sum_read(out, c->a, s.sum, &top, c->today, e);
}

static bool put_children(Call *c, const Board *b, const BoardOrg *top, const Measure *m, Period p,
                         Jw *out, Err *e)
{
    jw_key(out, "children");
    jw_arr(out);
    for (size_t i = top->rank + 1; i <= top->last;) {
        const BoardOrg *o = work_board_at(b, i);
        RuleFigure f;
        if (!figure_of(&f, c, b, o, m, p, e))
            return false;
        jw_obj(out);
        jw_kint(out, "org", o->id);
        jw_kstr(out, "name", work_org_title(o));
        work_figure_put(c, f.value, out);
        jw_kint(out, "records", (int64_t)f.records);
        jw_end(out);
        i = o->last + 1;
    }
    jw_end(out);
    return true;
}

static bool measure_write(Call *c, const Board *b, int64_t org, const Measure *m, Period p,
                          Jw *out, Err *e)
{
    const BoardOrg *top = work_board_org(b, org);
    RuleFigure f;
    if (!top)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    if (!figure_of(&f, c, b, top, m, p, e))
        return false;
    jw_kstr(out, "measure", m->name);
    jw_kstr(out, "title", m->title);
    jw_kstr_some(out, "unit", m->unit);
    jw_kstr_some(out, "cite", m->cite);
    jw_kint(out, "org", org);
    jw_kstr(out, "org_name", work_org_title(top));
    jw_kstr(out, "period", work_period_text(c->a, p));
    work_figure_put(c, f.value, out);
    jw_kint(out, "records", (int64_t)f.records);
    return put_children(c, b, top, m, p, out, e);
}

static bool measure_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const MeasureIn *in = in_;
    const Measure *m;
    Period p;
    Board *b;
    int64_t org;
    if (!work_board_scope(&org, c, in->org, e) || !measure_read(&m, c, in->measure, e) ||
        !work_period_read(&p, c, in->period, PERIOD_YEAR, e) || !work_board_enter(&b, c, e))
        return false;
    bool ok = measure_write(c, b, org, m, p, out, e);
    work_board_leave(b);
    return ok;
}

const UseCase work_measure_show = { "measure_show", "查看一个指标", WORK_READ, BOARD_READERS,
                                    &measure_in, &measure_out, .run = measure_show };

/* --- its records ---------------------------------------------------------------------------- */

typedef struct Drill {
    const RuleSet *rules;
    const Measure *measure;
    Period p;
    FigureRecords found;
} Drill;

static bool drill_one(void *arg, Arena *scratch, const RuleUnit *unit, Err *e)
{
    Drill *d = arg;
    RuleRecords r;
    return rule_measure_records(&r, scratch, d->rules, d->measure, unit, 0, d->p, e) &&
           work_figure_keep(&d->found, &r, e);
}

static bool measure_records(Call *c, const void *in_, Jw *out, Err *e)
{
    const MeasureIn *in = in_;
    Drill d = { .found.c = c };
    Board *b;
    int64_t org;
    if (!work_board_scope(&org, c, in->org, e) || !measure_read(&d.measure, c, in->measure, e) ||
        !work_period_read(&d.p, c, in->period, PERIOD_YEAR, e) || !work_board_enter(&b, c, e))
        return false;
    d.rules = work_board_rules(b);
    const BoardOrg *top = work_board_org(b, org);
    bool ok = top ? work_figure_walk(b, top, drill_one, &d, e) &&
                        work_figure_list(c, b, &d.found, in->after, in->limit, out, e)
                  : err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    work_board_leave(b);
    return ok;
}

const UseCase work_measure_records = { "measure_records", "查看一个指标背后的记录", WORK_READ,
                                       BOARD_READERS, &measure_in, &work_figure_records,
                                       .run = measure_records };
