/* The figures of one box: read, held against themselves, compared. */
#include "work/ballot.h"

#include <string.h>

static const ShapeField invalid_fields[] = {
    { "reason", SHAPE_TEXT, offsetof(ScoreInvalid, reason), .required = true, .max = 64,
      .title = "无效原因" },
    { "n", SHAPE_INT, offsetof(ScoreInvalid, n), .required = true, .min = 0,
      .max = SCORE_PAPERS_MAX, .title = "无效张数" },
};
static const Shape invalid_shape = SHAPE("TallyInvalid", ScoreInvalid, invalid_fields);
static const ShapeField cell_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(ScoreCell, debriefer), .required = true,
      .title = "述职人" },
    { "item", SHAPE_TEXT, offsetof(ScoreCell, item), .required = true, .max = 64,
      .title = "测评项目" },
    { "option", SHAPE_TEXT, offsetof(ScoreCell, option), .required = true, .max = 64,
      .title = "选项" },
    { "n", SHAPE_INT, offsetof(ScoreCell, n), .required = true, .min = 0,
      .max = SCORE_PAPERS_MAX, .title = "票数" },
};
static const Shape cell_shape = SHAPE("TallyCell", ScoreCell, cell_fields);
static const ShapeField body_fields[] = {
    { "returned", SHAPE_INT, offsetof(TallyBody, returned), .required = true, .min = 0,
      .max = SCORE_PAPERS_MAX, .title = "收回张数" },
    { "valid", SHAPE_INT, offsetof(TallyBody, valid), .required = true, .min = 0,
      .max = SCORE_PAPERS_MAX, .title = "有效张数" },
    { "invalid", SHAPE_LIST, offsetof(TallyBody, invalid), .required = true,
      .max = SCHEME_REASONS_MAX, .sub = &invalid_shape, .title = "无效票" },
    { "cells", SHAPE_LIST, offsetof(TallyBody, cells), .required = true, .max = SCORE_CELLS_MAX,
      .sub = &cell_shape, .title = "各格票数" },
};
const Shape work_tally_body = SHAPE("TallyBody", TallyBody, body_fields);

size_t work_cells(const Hall *h)
{
    return h->n_rows * h->ins->n_items * h->ins->n_options;
}

size_t work_cell(const Hall *h, size_t row, size_t item, size_t option)
{
    return (row * h->ins->n_items + item) * h->ins->n_options + option;
}

/* --- reading -------------------------------------------------------------------------------- */

static ptrdiff_t row_of(const Hall *h, int64_t debriefer)
{
    for (size_t i = 0; i < h->n_rows; i++)
        if (h->rows[i].id == debriefer)
            return (ptrdiff_t)i;
    return -1;
}

static ptrdiff_t reason_of(const SchemeInstrument *ins, Str name)
{
    for (size_t i = 0; i < ins->n_reasons; i++)
        if (str_eq(ins->reasons[i].name, name))
            return (ptrdiff_t)i;
    return -1;
}

static bool unknown(const char *what, Str name, Err *e)
{
    return err_fail(e, ERR_SCORE_UNKNOWN, err_hole("what", what), err_hole("name", name),
                    err_hole("where", "录入的票数"));
}

/* He may have withdrawn since the paper was printed; anybody else is a mistake. */
static bool withdrawn(Call *c, const Hall *h, int64_t debriefer, Err *e)
{
    Fact d;
    return call_thing(&d, c, "debriefer", debriefer, e) &&
           (fact_int(&d, "cycle") == h->cycle.subject ||
            err_fail(e, ERR_NOT_FOUND, err_hole("what", "述职人")));
}

static bool cell_take(int64_t *cells, Call *c, const Hall *h, const ScoreCell *cell, Err *e)
{
    ptrdiff_t item = pack_scheme_item(h->ins, cell->item);
    ptrdiff_t option = pack_scheme_option(h->ins, cell->option);
    ptrdiff_t row = row_of(h, cell->debriefer);
    if (item < 0)
        return unknown("项目", cell->item, e);
    if (option < 0)
        return unknown("选项", cell->option, e);
    if (row < 0)
        return withdrawn(c, h, cell->debriefer, e);
    int64_t *at = &cells[work_cell(h, (size_t)row, (size_t)item, (size_t)option)];
    if (*at >= 0)
        return err_fail(e, ERR_SCORE_TWICE, err_hole("what", "格"), err_hole("name", cell->item),
                        err_hole("where", h->rows[row].name));
    *at = cell->n;
    return true;
}

static bool invalid_take(int64_t *invalid, const Hall *h, const ScoreInvalid *v, Err *e)
{
    ptrdiff_t k = reason_of(h->ins, v->reason);
    if (k < 0)
        return unknown("无效原因", v->reason, e);
    if (invalid[k] >= 0)
        return err_fail(e, ERR_SCORE_TWICE, err_hole("what", "无效原因"),
                        err_hole("name", v->reason), err_hole("where", "录入的票数"));
    invalid[k] = v->n;
    return true;
}

/* What was not typed is 0; -1 marks it until everything is read, so that doubles are found. */
static void settle(int64_t *n, size_t len)
{
    for (size_t i = 0; i < len; i++)
        n[i] = n[i] < 0 ? 0 : n[i];
}

bool work_count_read(Count *out, Call *c, const Hall *h, const TallyBody *b, Err *e)
{
    const ScoreInvalid *invalid = b->invalid.items;
    const ScoreCell *cells = b->cells.items;
    Count n = { b->returned, b->valid, ARENA_ARRAY(c->a, int64_t, h->ins->n_reasons),
                ARENA_ARRAY(c->a, int64_t, work_cells(h)) };
    if (!n.invalid || !n.cells)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "票数"));
    memset(n.invalid, -1, h->ins->n_reasons * sizeof *n.invalid);
    memset(n.cells, -1, work_cells(h) * sizeof *n.cells);
    for (size_t i = 0; i < b->invalid.n; i++)
        if (!invalid_take(n.invalid, h, &invalid[i], e))
            return false;
    for (size_t i = 0; i < b->cells.n; i++)
        if (!cell_take(n.cells, c, h, &cells[i], e))
            return false;
    settle(n.invalid, h->ins->n_reasons);
    settle(n.cells, work_cells(h));
    *out = n;
    return true;
}

bool work_count_parse(Count *out, Call *c, const Hall *h, Str body, Err *e)
{
    TallyBody b;
    json_t *v;
    if (!jv_read(&v, body, "票数", e))
        return false;
    bool ok = shape_read(c->a, &b, &work_tally_body, v, e) && work_count_read(out, c, h, &b, e);
    jv_close(v);
    return ok;
}

/* --- does it hold together? ----------------------------------------------------------------- */

static bool row_check(const Hall *h, Str group, const Count *n, size_t row, size_t item, Err *e)
{
    int64_t sum = 0;
    for (size_t o = 0; o < h->ins->n_options; o++)
        sum += n->cells[work_cell(h, row, item, o)];
    if (sum == n->valid || (sum < n->valid && !h->ins->complete_all))
        return true;
    return err_fail(e, sum > n->valid ? ERR_SCORE_CELL_MANY : ERR_SCORE_CELL_FEW,
                    err_hole("group", group), err_hole("debriefer", h->rows[row].name),
                    err_hole("item", h->ins->items[item].title), err_hole("n", sum),
                    err_hole("valid", n->valid));
}

bool work_count_check(const Hall *h, size_t group, const Count *n, Err *e)
{
    Str title = h->scheme->groups[group].title;
    int64_t invalid = 0;
    for (size_t k = 0; k < h->ins->n_reasons; k++)
        invalid += n->invalid[k];
    if (n->returned > h->issued[group])
        return err_fail(e, ERR_SCORE_RETURNED, err_hole("group", title),
                        err_hole("returned", n->returned), err_hole("issued", h->issued[group]));
    if (n->valid + invalid != n->returned)
        return err_fail(e, ERR_SCORE_VALID, err_hole("group", title), err_hole("valid", n->valid),
                        err_hole("invalid", invalid), err_hole("returned", n->returned));
    for (size_t r = 0; r < h->n_rows; r++)
        for (size_t i = 0; i < h->ins->n_items; i++)
            if (!row_check(h, title, n, r, i, e))
                return false;
    return true;
}

bool work_count_same(const Hall *h, const Count *a, const Count *b)
{
    return a->returned == b->returned && a->valid == b->valid &&
           memcmp(a->invalid, b->invalid, h->ins->n_reasons * sizeof *a->invalid) == 0 &&
           memcmp(a->cells, b->cells, work_cells(h) * sizeof *a->cells) == 0;
}
