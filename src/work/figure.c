/* Reports: tables that packs declare, filled from the board; each figure says how many records are
 * behind it and where they are listed. */
#include "work/figure.h"

#include "work/record.h"
#include "work/rows.h"

#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

/* --- walking -------------------------------------------------------------------------------- */

bool work_figure_walk(const Board *b, const BoardOrg *top, FigureEach each, void *arg, Err *e)
{
    Arena *scratch = arena_open(BOARD_SCRATCH_MAX);
    bool ok = scratch || err_fail(e, ERR_NO_MEMORY, err_hole("what", "汇总"));
    for (size_t i = top->rank; ok && i <= top->last; i++) {
        RuleUnit unit;
        arena_reset(scratch);
        ok = work_board_unit(&unit, scratch, b, work_board_at(b, i), e) &&
             each(arg, scratch, &unit, e);
    }
    arena_close(scratch);
    return ok;
}

void work_figure_put(Call *c, FeelValue v, Jw *out)
{
    Str shown = rule_figure_print(c->a, v);
    Str exact = v.kind == FEEL_NUMBER ? dec_print_short(c->a, v.number) : shown;
    jw_kstr(out, "value", shown);
    if (!str_eq(exact, shown))
        jw_kstr(out, "exact", exact);
}

bool work_report_named(const Report **out, Call *c, Str name, Err *e)
{
    *out = pack_report(call_rules(c), name);
    return *out || err_fail(e, ERR_NOT_FOUND, err_hole("what", "报表"));
}

static bool add(void *report, Arena *scratch, const RuleUnit *unit, Err *e)
{
    return rule_report_add(report, scratch, unit, e);
}

/* A thing is called by what its record says; one that may only be counted shows nothing else. */
static bool name_thing(RuleTableRow *row, size_t n, Call *c, const Board *b, const Report *report,
                       Err *e)
{
    const RuleRecord *r = work_board_record(NULL, b, report->of.form, row->thing);
    bool seen = true;
    if (!r)
        return row->title = report->of.form->title, true;
    if (report->of.form->personal && !work_rule_record_seen(&seen, c, r, e))
        return false;
    for (size_t i = 0; !seen && i < n; i++)
        row->cells[i].value = feel_null();
    row->title = work_record_title(c, r);
    return true;
}

/* Names for what the engine knows by number only: things, and what a ref points to. */
static bool name_rows(RuleTable *t, Call *c, const Board *b, const Report *report, Err *e)
{
    const FormField *down = report->rows == REPORT_CROSS ? report->down : NULL;
    const FormField *across = down ? report->across : NULL;
    int64_t id;
    for (size_t i = 0; i < t->n_rows; i++) {
        if (t->rows[i].thing && !name_thing(&t->rows[i], t->n_columns, c, b, report, e))
            return false;
        if (down && down->form && str_int(t->rows[i].key, &id))
            t->rows[i].title = work_ref_name(c, down, id);
    }
    for (size_t i = 0; across && across->form && i < t->n_columns; i++)
        if (str_int(t->columns[i].name, &id))
            t->columns[i].title = work_ref_name(c, across, id);
    return true;
}

bool work_report_table(RuleTable *out, Call *c, const Board *b, const BoardOrg *top,
                       const Report *report, Period p, Err *e)
{
    RuleReport *r;
    return rule_report_open(&r, c->a, work_board_rules(b), report, p, c->today, e) &&
           work_figure_walk(b, top, add, r, e) && rule_report_read(out, r, e) &&
           name_rows(out, c, b, report, e);
}

/* --- the page ------------------------------------------------------------------------------- */

typedef struct ReportIn {
    int64_t org;
    Str report, period;
} ReportIn;
static const ShapeField report_in_fields[] = {
    { "report", SHAPE_TEXT, offsetof(ReportIn, report), .required = true, .max = 64,
      .title = "报表" },
    { "org", SHAPE_ID, offsetof(ReportIn, org), .title = "组织" },
    { "period", SHAPE_TEXT, offsetof(ReportIn, period), .max = 40, .title = "周期" },
};
static const Shape report_in = SHAPE("ReportFigureIn", ReportIn, report_in_fields);

static const ShapeField column_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "unit", SHAPE_TEXT },
};
static const Shape column_shape = SHAPE_REPLY("FigureColumn", column_fields);
static const ShapeField cell_fields[] = {
    { "value", SHAPE_TEXT, .required = true },
    { "exact", SHAPE_TEXT },
    { "records", SHAPE_INT, .required = true },
    { "drill", SHAPE_TEXT },
};
static const Shape cell_shape = SHAPE_REPLY("FigureCell", cell_fields);
static const ShapeField row_fields[] = {
    { "key", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "org", SHAPE_ID },
    { "thing", SHAPE_ID },
    { "cells", SHAPE_LIST, .required = true, .sub = &cell_shape },
};
static const Shape row_shape = SHAPE_REPLY("FigureRow", row_fields);
static const ShapeField chart_fields[] = {
    { "kind", SHAPE_WORD, .required = true, .words = "bar|line|pie" },
    { "columns", SHAPE_WORDS, .required = true },
};
static const Shape chart_shape = SHAPE_REPLY("FigureChart", chart_fields);
static const ShapeField report_fields[] = {
    { "report", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "help", SHAPE_TEXT },
    { "cite", SHAPE_TEXT },
    { "pack", SHAPE_TEXT, .required = true },
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "period", SHAPE_TEXT, .required = true },
    { "from", SHAPE_DAY, .required = true },
    { "to", SHAPE_DAY, .required = true },
    { "every", SHAPE_WORD, .required = true, .words = "month|quarter|half|year" },
    { "rows_of", SHAPE_TEXT, .required = true },
    { "columns", SHAPE_LIST, .required = true, .sub = &column_shape },
    { "rows", SHAPE_LIST, .required = true, .sub = &row_shape },
    { "totals", SHAPE_OBJ, .sub = &row_shape },
    { "chart", SHAPE_OBJ, .sub = &chart_shape },
};
static const Shape report_out = SHAPE_REPLY("ReportFigures", report_fields);

typedef struct Page {
    Call *c;
    const Report *report;
    const RuleTable *t;
    int64_t org;
    Period p;
} Page;

static void put_row_body(const Page *g, const RuleTableRow *row, Jw *out)
{
    Str period = work_period_text(g->c->a, g->p);
    jw_kstr(out, "key", row->key);
    jw_kstr(out, "title", row->title);
    jw_kint_some(out, "org", row->org);
    jw_kint_some(out, "thing", row->thing);
    jw_key(out, "cells");
    jw_arr(out);
    for (size_t k = 0; k < g->t->n_columns; k++) {
        const RuleTableCell *cell = &row->cells[k];
        jw_obj(out);
        work_figure_put(g->c, cell->value, out);
        jw_kint(out, "records", (int64_t)cell->records);
        if (cell->records)
            jw_kstr(out, "drill",
                    arena_text(g->c->a, "/api/reports/%.*s/records?org=%lld&period=%.*s"
                               "&column=%.*s&row=%.*s", STR(g->report->name), (long long)g->org,
                               STR(period), STR(g->t->columns[k].name), STR(row->key)));
        jw_end(out);
    }
    jw_end(out);
}

static void put_columns(const Page *g, Jw *out)
{
    jw_key(out, "columns");
    jw_arr(out);
    for (size_t k = 0; k < g->t->n_columns; k++) {
        jw_obj(out);
        jw_kstr(out, "name", g->t->columns[k].name);
        jw_kstr(out, "title", g->t->columns[k].title);
        jw_kstr_some(out, "unit", g->t->columns[k].unit);
        jw_end(out);
    }
    jw_end(out);
}

static void put_chart(const Report *r, Jw *out)
{
    static const char *const kinds[] = { [REPORT_BAR] = "bar", [REPORT_LINE] = "line",
                                         [REPORT_PIE] = "pie" };
    if (r->chart == REPORT_NO_CHART)
        return;
    jw_key(out, "chart");
    jw_obj(out);
    jw_kstr(out, "kind", str_of(kinds[r->chart]));
    jw_key(out, "columns");
    jw_arr(out);
    for (size_t i = 0; i < r->n_charted; i++)
        jw_str(out, r->charted[i]->name);
    jw_end(out);
    jw_end(out);
}

static void put_page(const Page *g, const BoardOrg *top, Jw *out)
{
    const Report *r = g->report;
    jw_kstr(out, "report", r->name);
    jw_kstr(out, "title", r->title);
    jw_kstr_some(out, "help", r->help);
    jw_kstr_some(out, "cite", r->cite);
    jw_kstr(out, "pack", r->pack->name);
    jw_kint(out, "org", g->org);
    jw_kstr(out, "org_name", work_org_title(top));
    jw_kstr(out, "period", work_period_text(g->c->a, g->p));
    jw_kday(out, "from", g->p.from);
    jw_kday(out, "to", g->p.to);
    jw_kstr(out, "every", pack_period_name(r->every));
    jw_kstr(out, "rows_of", report_rows_name(r->rows));
    put_columns(g, out);
    jw_key(out, "rows");
    jw_arr(out);
    for (size_t i = 0; i < g->t->n_rows; i++) {
        jw_obj(out);
        put_row_body(g, &g->t->rows[i], out);
        jw_end(out);
    }
    jw_end(out);
    if (g->t->total) {
        jw_key(out, "totals");
        jw_obj(out);
        put_row_body(g, g->t->total, out);
        jw_end(out);
    }
    put_chart(r, out);
}

static bool report_figures(Call *c, const void *in_, Jw *out, Err *e)
{
    const ReportIn *in = in_;
    RuleTable t;
    Board *b;
    Page g = { .c = c, .t = &t };
    if (!work_board_scope(&g.org, c, in->org, e) ||
        !work_report_named(&g.report, c, in->report, e) ||
        !work_period_read(&g.p, c, in->period, g.report->every, e) || !work_board_enter(&b, c, e))
        return false;
    const BoardOrg *top = work_board_org(b, g.org);
    bool ok = top ? work_report_table(&t, c, b, top, g.report, g.p, e)
                  : err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    if (ok)
        put_page(&g, top, out);
    work_board_leave(b);
    return ok;
}

const UseCase work_report_figures = { "report_figures", "查看一张报表", WORK_READ, BOARD_READERS,
                                      &report_in, &report_out, .run = report_figures };

/* --- as a spreadsheet ----------------------------------------------------------------------- */

typedef struct Sheet {
    const ReportIn *in;
    Table *table;
} Sheet;

static void put_cell(Table *t, Call *c, FeelValue v)
{
    if (v.kind == FEEL_NUMBER)
        table_number(t, dec_round(v.number, 4, DEC_HALF_UP));
    else if (v.kind == FEEL_NULL)
        table_blank(t);
    else
        table_text(t, rule_figure_print(c->a, v));
}

static void table_fill(Table *t, Call *c, const RuleTable *figures)
{
    table_column(t, STRC("项目"), TABLE_TEXT, 0);
    for (size_t k = 0; k < figures->n_columns; k++) {
        const RuleTableColumn *col = &figures->columns[k];
        table_column(t, col->unit.n ? arena_text(c->a, "%.*s（%.*s）", STR(col->title),
                                                 STR(col->unit)) : col->title, TABLE_NUMBER, 0);
    }
    for (size_t i = 0; i < figures->n_rows + (figures->total != NULL); i++) {
        const RuleTableRow *row = i < figures->n_rows ? &figures->rows[i] : figures->total;
        table_row(t);
        table_text(t, row->title);
        for (size_t k = 0; k < figures->n_columns; k++)
            put_cell(t, c, row->cells[k].value);
    }
}

static bool make_table(Call *c, void *arg, Err *e)
{
    Sheet *s = arg;
    const Report *r;
    RuleTable figures;
    Period p;
    Board *b;
    int64_t org;
    if (!work_board_scope(&org, c, s->in->org, e) || !work_report_named(&r, c, s->in->report, e) ||
        !work_period_read(&p, c, s->in->period, r->every, e) || !work_board_enter(&b, c, e))
        return false;
    const BoardOrg *top = work_board_org(b, org);
    bool ok = top ? work_report_table(&figures, c, b, top, r, p, e)
                  : err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    if (ok) {
        s->table = table_open(c->a, r->title,
                              arena_text(c->a, "%.*s %.*s %.*s", STR(work_org_title(top)),
                                         STR(r->title), STR(work_period_text(c->a, p))));
        table_fill(s->table, c, &figures);
        if (r->cite.n)
            table_note(s->table, arena_text(c->a, "依据：%.*s", STR(r->cite)));
    }
    work_board_leave(b);
    return ok;
}

static bool report_export(Call *c, const void *in, Jw *out, Err *e)
{
    Sheet s = { .in = in };
    Str bytes;
    (void)out;
    if (!call_read(c, make_table, &s, e))
        return false;
    const Table *tables[] = { s.table };
    Str name = s.table ? s.table->name : STRC("报表");
    return print_xlsx(&bytes, c->a, call_print(c), tables, 1, name, c->now, e) &&
           call_answer_file(c, arena_text(c->a, "%.*s.xlsx", STR(name)), STRC(XLSX), bytes);
}

const UseCase work_report_export = { "report_export", "导出一张报表", WORK_OUTSIDE, BOARD_READERS,
                                     &report_in, NULL, .file = true, .run = report_export };
