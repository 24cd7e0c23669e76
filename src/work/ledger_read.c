/* From an uploaded file to rows of text: which row names the columns, and which column is what. */
#include "work/ledger_in.h"
#include "work/roster.h"

#include <stdio.h>

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "导入台账"));
}

static bool row_add(LedgerFile *f, Arena *a, LedgerRow row, Err *e)
{
    if (f->n == LEDGER_ROWS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "行数"),
                        err_hole("max", LEDGER_ROWS_MAX));
    if (!ARENA_PUSH(a, f->rows, f->n, f->cap))
        return no_memory(e);
    f->rows[f->n++] = row;
    return true;
}

/* --- columns -------------------------------------------------------------------------------- */

static bool in_sheet(const FormColumn *k, bool flows, bool timed)
{
    Str name = k->field->name;
    if (str_is(name, "files") || (flows && str_is(name, "state")))
        return false;
    return timed || (!str_is(name, "late_reason") && !str_is(name, "late_by"));
}

bool work_ledger_sheet(FormColumns *out, Call *c, const Form *form, Err *e)
{
    FormColumns all;
    bool flows = pack_flow_of(call_rules(c), form) != NULL;
    if (!form_template(&all, c->a, form, e))
        return false;
    FormColumn *items = ARENA_ARRAY(c->a, FormColumn, all.n);
    size_t n = 0;
    if (!items)
        return no_memory(e);
    for (size_t i = 0; i < all.n; i++)
        if (in_sheet(&all.items[i], flows, form->has_on_time))
            items[n++] = all.items[i];
    *out = (FormColumns){ items, n };
    return true;
}

/* What a sheet says beside a form's fields: made by the export, of no use to an import. */
static bool beside(Str s)
{
    static const char *const names[] = { "填报时间", "迟报工作日", "进展", "附件" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(s, names[i]))
            return true;
    return false;
}

static bool is_org(Str s)
{
    static const char *const names[] = { LEDGER_ORG_COLUMN, "组织", "组织编号", "组织名称",
                                         "党组织", "所在组织编号" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(s, names[i]))
            return true;
    return false;
}

/* A column's name without its decoration: 议题（必填）, *议题 */
static Str heading(Str s)
{
    Str head, tail;
    str_cut(str_trim(s), STRC("（必填）"), &head, &tail);
    str_cut(head, STRC("(必填)"), &head, &tail);
    while (head.n && head.p[0] == '*')
        head = str_sub(head, 1, head.n);
    return str_trim(head);
}

static int column_named(const LedgerFile *f, Str name)
{
    for (size_t i = 0; i < f->columns.n; i++)
        if (str_eq(f->columns.items[i].field->title, name) ||
            str_eq(f->columns.items[i].field->name, name))
            return (int)i;
    return -1;
}

typedef struct Head {
    size_t row;                    /* index into grid->rows */
    int org, id;                   /* the grid's column, 0: absent */
    int *at;                       /* for each of the form's columns: the grid's, 0: absent */
} Head;

static size_t known(const LedgerFile *f, const GridRow *row)
{
    size_t n = 0;
    for (size_t i = 0; i < row->n; i++)
        n += column_named(f, heading(row->cells[i].text)) >= 0;
    return n;
}

/* The row that names most of the columns. */
static bool head_find(Head *out, const LedgerFile *f, const Grid *g)
{
    size_t best = 0;
    for (size_t r = 0; r < g->n_rows && r < LEDGER_HEADER_ROWS; r++) {
        size_t n = known(f, &g->rows[r]);
        if (n > best) {
            best = n;
            out->row = r;
        }
    }
    return best > 0;
}

static void note(LedgerFile *f, Arena *a, Str text)
{
    if (ARENA_PUSH(a, f->notes, f->n_notes, f->cap_notes))
        f->notes[f->n_notes++] = text;
}

static bool columns_find(Head *h, LedgerFile *f, Arena *a, const Grid *g, Err *e)
{
    const GridRow *row = &g->rows[h->row];
    h->at = ARENA_ARRAY(a, int, f->columns.n);
    if (!h->at)
        return no_memory(e);
    for (size_t i = 0; i < row->n; i++) {
        Str name = heading(row->cells[i].text);
        int at = column_named(f, name);
        bool id = at < 0 && str_is(name, LEDGER_ID_COLUMN);
        int *slot = id ? &h->id : at < 0 ? &h->org : &h->at[at];
        if (name.n == 0 || (row->cells[i].flags & GRID_COVERED) || (at < 0 && beside(name)))
            continue;
        if (at < 0 && !id && !is_org(name)) {
            note(f, a, arena_text(a, "“%.*s”列不认识，没有读取", STR(name)));
            continue;
        }
        if (*slot)
            return err_fail(e, ERR_ROSTER_COLUMN_TWICE,
                            err_hole("sheet", g->name.n ? g->name : STRC("csv")),
                            err_hole("column", name));
        *slot = row->cells[i].column;
    }
    return true;
}

/* --- rows ----------------------------------------------------------------------------------- */

/* The second row of the template says what to write where. */
static bool is_hints(const LedgerFile *f, const Str *cells)
{
    for (size_t i = 0; i < f->columns.n; i++)
        if (cells[i].n && f->columns.items[i].hint.n &&
            str_eq(cells[i], f->columns.items[i].hint))
            return true;
    return false;
}

static bool cell_bad(LedgerRow *row, Call *c, const FormColumn *k, const GridCell *cell)
{
    Err why = { 0 };
    if (cell->flags & GRID_ERROR)
        (void)err_fail(&why, ERR_ROSTER_FORMULA, err_hole("text", cell->text));
    else if (cell->flags & GRID_COVERED)
        (void)err_fail(&why, ERR_ROSTER_MERGED, err_hole("column", k->field->title));
    else
        return false;
    row->state = LEDGER_REFUSED;
    row->column = k->field->title;
    row->message = work_say(c->w, c->a, &why, c->who->lang);
    return true;
}

static bool row_take(LedgerFile *f, Call *c, const GridRow *from, const Head *h, Err *e)
{
    LedgerRow row = { .number = from->number, .state = LEDGER_NEW };
    const GridCell *org = h->org ? grid_cell(from, h->org) : NULL;
    bool any = false;
    row.cells = ARENA_ARRAY(c->a, Str, f->columns.n);
    if (!row.cells)
        return no_memory(e);
    for (size_t i = 0; i < f->columns.n; i++) {
        const GridCell *cell = h->at[i] ? grid_cell(from, h->at[i]) : NULL;
        if (!cell)
            continue;
        row.cells[i] = arena_str(c->a, str_trim(cell->text));
        any |= row.cells[i].n > 0;
        if (row.state != LEDGER_REFUSED)
            (void)cell_bad(&row, c, &f->columns.items[i], cell);
    }
    if (org)
        row.org = arena_str(c->a, str_trim(org->text));
    const GridCell *id = h->id ? grid_cell(from, h->id) : NULL;
    if (id && !str_int(str_trim(id->text), &row.id))
        row.id = 0;
    if (!any || is_hints(f, row.cells))
        return true;
    return row_add(f, c->a, row, e);
}

static bool grid_take(LedgerFile *f, Call *c, const Grid *g, bool *knew, Err *e)
{
    Head h = { .row = 0 };
    if (g->hidden || !head_find(&h, f, g))
        return true;
    *knew = true;
    if (!columns_find(&h, f, c->a, g, e))
        return false;
    for (size_t r = h.row + 1; r < g->n_rows; r++)
        if (!row_take(f, c, &g->rows[r], &h, e))
            return false;
    return true;
}

static bool sheets_read(LedgerFile *f, Call *c, Str name, Str bytes, Err *e)
{
    GridBook *book;
    bool knew = false;
    if (!print_read_grid(&book, c->a, call_print(c), name, bytes, e) ||
        !work_roster_no_id_cards(book, c->a, e))
        return false;
    for (size_t i = 0; i < book->n_grids; i++)
        if (!grid_take(f, c, &book->grids[i], &knew, e))
            return false;
    return knew || err_fail(e, ERR_IMPORT_SHEET, err_hole("file", name),
                            err_hole("form", f->form->title));
}

/* --- JSON Lines ----------------------------------------------------------------------------- */

static bool line_take(LedgerFile *f, Arena *a, Str line, int number, Err *e)
{
    json_t *v = NULL;
    char what[40];
    if (line.n > LEDGER_LINE_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "一行的字节数"),
                        err_hole("max", LEDGER_LINE_MAX));
    snprintf(what, sizeof what, "第%d行", number);
    if (!jv_read(&v, line, what, e))
        return false;
    if (!ARENA_PUSH(a, f->lines, f->n_lines, f->cap_lines)) {
        jv_close(v);
        return no_memory(e);
    }
    f->lines[f->n_lines++] = v;
    if (!json_is_object(v) || !json_is_object(jv_get(v, "values")))
        return err_fail(e, ERR_IMPORT_LINE, err_hole("line", number));
    return row_add(f, a, (LedgerRow){ .number = number, .line = v, .org = jv_str(v, "org"),
                                    .id = jv_int(v, "id") }, e);
}

bool work_ledger_lines(LedgerFile *f, Arena *a, Str bytes, Err *e)
{
    Str line, rest = bytes;
    bool more = true;
    for (int number = 1; more; number++) {
        more = str_cut(rest, STRC("\n"), &line, &rest);
        line = str_trim(line);
        if (line.n && !line_take(f, a, line, number, e))
            return false;
    }
    return true;
}

bool work_ledger_parse(LedgerFile *out, Call *c, const Form *form, Str name, Str bytes, Err *e)
{
    *out = (LedgerFile){ .form = form, .orgs = map_open(c->a), .held = map_open(c->a),
                         .seen = map_open(c->a), .refs = map_open(c->a) };
    bool json = str_starts(str_trim(str_sub(bytes, 0, 100)), STRC("{"));
    if (!work_ledger_sheet(&out->columns, c, form, e) ||
        !(json ? work_ledger_lines(out, c->a, bytes, e) : sheets_read(out, c, name, bytes, e)))
        return false;
    return out->n || err_fail(e, ERR_ROSTER_EMPTY, err_hole("file", name));
}

void work_ledger_file_close(LedgerFile *f)
{
    for (size_t i = 0; i < f->n_lines; i++)
        jv_close(f->lines[i]);
    for (size_t i = 0; i < f->n; i++)
        json_decref(f->rows[i].body);
}
