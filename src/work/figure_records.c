/* Down from a figure to its records, and single measures. */
#include "work/figure.h"

#include "work/ledger.h"
#include "work/record.h"
#include "work/rows.h"

#include <stdlib.h>

/* --- the list of records -------------------------------------------------------------------- */

static const ShapeField item_fields[] = {
    { "form", SHAPE_TEXT, .required = true },
    { "form_title", SHAPE_TEXT, .required = true },
    { "subject", SHAPE_ID, .required = true },
    { "id", SHAPE_ID, .required = true },
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "on", SHAPE_DAY, .required = true },
    { "received", SHAPE_DAY, .required = true },
    { "late", SHAPE_INT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
};
static const Shape item_shape = SHAPE_REPLY("FigureRecord", item_fields);
static const ShapeField list_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &item_shape },
    { "total", SHAPE_INT, .required = true },
    { "hidden", SHAPE_INT, .required = true },   /* of this page: may only be counted */
    { "next", SHAPE_INT },
};
const Shape work_figure_records = SHAPE_REPLY("FigureRecords", list_fields);

bool work_figure_keep(FigureRecords *to, const RuleRecords *found, Err *e)
{
    for (size_t i = 0; i < found->n; i++) {
        if (!ARENA_PUSH(to->c->a, to->items, to->n, to->cap))
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", "记录"));
        RuleRecord *copy = ARENA_NEW(to->c->a, RuleRecord);
        if (!copy)
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", "记录"));
        *copy = *found->items[i]; /* the unit goes, what it points to stays in the board */
        to->items[to->n++] = copy;
    }
    return true;
}

static int newer(const void *a_, const void *b_)
{
    const RuleRecord *a = *(const RuleRecord *const *)a_, *b = *(const RuleRecord *const *)b_;
    if (a->on != b->on)
        return a->on > b->on ? -1 : 1;
    return (a->subject < b->subject) - (a->subject > b->subject);
}

static void put_item(Call *c, const Board *b, const RuleRecord *r, Jw *out)
{
    const BoardOrg *o = work_board_org(b, r->org);
    jw_obj(out);
    jw_kstr(out, "form", r->form->name);
    jw_kstr(out, "form_title", r->form->title);
    jw_kint(out, "subject", r->subject);
    jw_kint(out, "id", r->id);
    jw_kint(out, "org", r->org);
    jw_kstr(out, "org_name", o ? work_org_title(o) : STRC(""));
    jw_kday(out, "on", r->on);
    jw_kday(out, "received", r->received);
    jw_kint(out, "late", rule_late(r->form, r->on, r->received));
    jw_kstr(out, "title", work_record_title(c, r));
    jw_end(out);
}

bool work_figure_list(Call *c, const Board *b, const FigureRecords *all, int64_t after,
                      int64_t limit, Jw *out, Err *e)
{
    size_t from = (size_t)after, n = limit ? (size_t)limit : FIGURE_RECORDS;
    int64_t hidden = 0;
    if (all->n)
        qsort(all->items, all->n, sizeof *all->items, newer);
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = from; i < all->n && i < from + n; i++) {
        bool may;
        if (!work_rule_record_seen(&may, c, all->items[i], e))
            return false;
        if (may)
            put_item(c, b, all->items[i], out);
        hidden += !may;
    }
    jw_end(out);
    jw_kint(out, "total", (int64_t)all->n);
    jw_kint(out, "hidden", hidden);
    if (from + n < all->n)
        jw_kint(out, "next", (int64_t)(from + n));
    return true;
}

/* --- of a report ---------------------------------------------------------------------------- */

typedef struct DrillIn {
    int64_t org, after, limit;
    Str report, period, column, row;
} DrillIn;
static const ShapeField drill_in_fields[] = {
    { "report", SHAPE_TEXT, offsetof(DrillIn, report), .required = true, .max = 64,
      .title = "报表" },
    { "org", SHAPE_ID, offsetof(DrillIn, org), .title = "组织" },
    { "period", SHAPE_TEXT, offsetof(DrillIn, period), .max = 40, .title = "周期" },
    { "column", SHAPE_TEXT, offsetof(DrillIn, column), .required = true, .max = 64,
      .title = "列" },
    { "row", SHAPE_TEXT, offsetof(DrillIn, row), .max = 64, .title = "行" },
    { "after", SHAPE_INT, offsetof(DrillIn, after), .min = 0, .max = 10000000, .title = "起点" },
    { "limit", SHAPE_INT, offsetof(DrillIn, limit), .min = 0, .max = FIGURE_RECORDS_MAX,
      .title = "条数" },
};
static const Shape drill_in = SHAPE("ReportRecordsIn", DrillIn, drill_in_fields);

typedef struct Drill {
    const RuleSet *rules;
    const Report *report;
    const DrillIn *in;
    Period p;
    FigureRecords found;
} Drill;

static bool drill_one(void *arg, Arena *scratch, const RuleUnit *unit, Err *e)
{
    Drill *d = arg;
    RuleRecords r;
    return rule_report_records(&r, scratch, d->rules, d->report, unit, d->in->row, d->in->column,
                               d->p, d->found.c->today, e) &&
           work_figure_keep(&d->found, &r, e);
}

static bool by_org(const Report *r)
{
    return r->rows == REPORT_ORGS || r->rows == REPORT_CHILDREN;
}

/* The sum of rows of organisations is about what lies below the rows shown, each record once. */
static bool below_rows(Drill *d, Call *c, const Board *b, const BoardOrg *top, Err *e)
{
    RuleTable t;
    size_t next = top->rank;
    if (!work_report_table(&t, c, b, top, d->report, d->p, e))
        return false;
    for (size_t i = 0; i < t.n_rows; i++) {
        const BoardOrg *o = work_board_org(b, t.rows[i].org);
        if (!o || o->rank < next) /* below a row that was walked */
            continue;
        if (!work_figure_walk(b, o, drill_one, d, e))
            return false;
        next = o->last + 1;
    }
    return true;
}

static bool find(Drill *d, Call *c, const Board *b, const BoardOrg *top, Err *e)
{
    int64_t row;
    if (!by_org(d->report))
        return work_figure_walk(b, top, drill_one, d, e);
    if (!d->in->row.n)
        return below_rows(d, c, b, top, e);
    const BoardOrg *o = str_int(d->in->row, &row) ? work_board_org(b, row) : NULL;
    if (!o || o->rank < top->rank || o->rank > top->last)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    return work_figure_walk(b, o, drill_one, d, e);
}

static bool report_records(Call *c, const void *in_, Jw *out, Err *e)
{
    const DrillIn *in = in_;
    Drill d = { .in = in, .found.c = c };
    Board *b;
    int64_t org;
    if (!work_board_scope(&org, c, in->org, e) || !work_report_named(&d.report, c, in->report, e) ||
        !work_period_read(&d.p, c, in->period, d.report->every, e) || !work_board_enter(&b, c, e))
        return false;
    d.rules = work_board_rules(b);
    const BoardOrg *top = work_board_org(b, org);
    bool ok = top ? find(&d, c, b, top, e) &&
                        work_figure_list(c, b, &d.found, in->after, in->limit, out, e)
                  : err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    work_board_leave(b);
    return ok;
}

const UseCase work_report_records = { "report_records", "查看报表一个数字背后的记录", WORK_READ,
                                      BOARD_READERS, &drill_in, &work_figure_records,
                                      .run = report_records };
