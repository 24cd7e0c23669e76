#include "sheet/sheet.h"

#include <string.h>

GridBook *grid_open(Arena *a)
{
    GridBook *b = ARENA_NEW(a, GridBook);
    if (b)
        b->a = a;
    return b;
}

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取表格"));
}

static bool too_big(const char *what, int64_t max, Err *e)
{
    return err_fail(e, ERR_TOO_BIG, err_hole("what", what), err_hole("max", max));
}

bool grid_sheet(GridBook *b, Str name, bool hidden, Err *e)
{
    if (b->n_grids == GRID_SHEETS_MAX)
        return too_big("工作表数", GRID_SHEETS_MAX, e);
    if (!ARENA_PUSH(b->a, b->grids, b->n_grids, b->cap_grids))
        return no_memory(e);
    b->grids[b->n_grids++] = (Grid){ .name = arena_str(b->a, name), .hidden = hidden };
    return true;
}

static GridRow *row_open(GridBook *b, Grid *g, int number)
{
    if (g->n_rows > 0 && g->rows[g->n_rows - 1].number == number)
        return &g->rows[g->n_rows - 1];
    if (!ARENA_PUSH(b->a, g->rows, g->n_rows, g->cap_rows))
        return NULL;
    g->rows[g->n_rows] = (GridRow){ .number = number };
    return &g->rows[g->n_rows++];
}

/* Room for one more cell in the last row. Its cells stand at the end of what was taken from the
 * spare ones, so it mostly grows in place; otherwise it moves to new spare ones. */
static bool cell_room(GridBook *b, GridRow *r)
{
    enum { CHUNK = 2048 };
    bool in_place = r->n > 0 && r->cells + r->n == b->spare_cells;
    if (in_place ? b->n_spare_cells == 0 : b->n_spare_cells <= r->n) {
        size_t n = r->n + CHUNK;
        GridCell *fresh = ARENA_ARRAY(b->a, GridCell, n);
        if (!fresh)
            return false;
        b->spare_cells = fresh;
        b->n_spare_cells = n;
        in_place = false;
    }
    if (!in_place) {
        if (r->n)
            memcpy(b->spare_cells, r->cells, r->n * sizeof *r->cells);
        r->cells = b->spare_cells;
        b->spare_cells += r->n;
        b->n_spare_cells -= r->n;
    }
    b->spare_cells++;
    b->n_spare_cells--;
    r->cap = r->n + 1;
    return true;
}

/* A copy of the text without the rounding up that an arena does for each piece. */
static bool text_keep(GridBook *b, Str s, Str *out)
{
    enum { CHUNK = 32 << 10 };
    if (!s.n) {
        *out = STRC("");
        return true;
    }
    if (s.n > b->n_spare_text) {
        size_t n = s.n > CHUNK / 4 ? s.n : CHUNK;
        char *fresh = arena_alloc(b->a, n);
        if (!fresh)
            return false;
        if (n == s.n) { /* a long one stands alone */
            memcpy(fresh, s.p, s.n);
            *out = (Str){ fresh, s.n };
            return true;
        }
        b->spare_text = fresh;
        b->n_spare_text = n;
    }
    memcpy(b->spare_text, s.p, s.n);
    *out = (Str){ b->spare_text, s.n };
    b->spare_text += s.n;
    b->n_spare_text -= s.n;
    return true;
}

bool grid_put(GridBook *b, int row, int column, Str text, unsigned flags, Err *e)
{
    Grid *g = &b->grids[b->n_grids - 1];
    const GridRow *last = g->n_rows ? &g->rows[g->n_rows - 1] : NULL;
    if (row < 1 || row > GRID_ROWS_MAX)
        return too_big("表格行数", GRID_ROWS_MAX, e);
    if (column < 1 || column > GRID_COLUMNS_MAX)
        return too_big("表格列数", GRID_COLUMNS_MAX, e);
    if (text.n > GRID_TEXT_BYTES_MAX)
        return too_big("单元格字节数", GRID_TEXT_BYTES_MAX, e);
    if (text.n == 0 && flags == 0)
        return true;
    if (last && (row < last->number ||
                 (row == last->number && last->n && column <= last->cells[last->n - 1].column)))
        return err_fail(e, ERR_GRID_ORDER, err_hole("row", row), err_hole("column", column));
    if (b->n_cells == GRID_CELLS_MAX)
        return too_big("单元格数", GRID_CELLS_MAX, e);
    GridRow *r = row_open(b, g, row);
    if (!r || !cell_room(b, r) || !text_keep(b, text, &text))
        return no_memory(e);
    r->cells[r->n++] = (GridCell){ .text = text, .column = column, .flags = flags };
    b->n_cells++;
    if (column > g->n_columns)
        g->n_columns = column;
    return true;
}

static size_t row_index(const Grid *g, int number)
{
    size_t lo = 0, hi = g->n_rows;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (g->rows[mid].number < number)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static size_t cell_index(const GridRow *r, int column)
{
    size_t lo = 0, hi = r->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (r->cells[mid].column < column)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* The cell of a merged range that is already there or is made now. */
static GridCell *cell_force(GridBook *b, Grid *g, int row, int column, Err *e)
{
    size_t at = row_index(g, row);
    if (at == g->n_rows || g->rows[at].number != row) {
        if (!ARENA_PUSH(b->a, g->rows, g->n_rows, g->cap_rows))
            return no_memory(e), NULL;
        for (size_t i = g->n_rows++; i > at; i--)
            g->rows[i] = g->rows[i - 1];
        g->rows[at] = (GridRow){ .number = row };
    }
    GridRow *r = &g->rows[at];
    size_t c = cell_index(r, column);
    if (c < r->n && r->cells[c].column == column)
        return &r->cells[c];
    if (b->n_cells == GRID_CELLS_MAX)
        return too_big("单元格数", GRID_CELLS_MAX, e), NULL;
    if (!ARENA_PUSH(b->a, r->cells, r->n, r->cap))
        return no_memory(e), NULL;
    for (size_t i = r->n++; i > c; i--)
        r->cells[i] = r->cells[i - 1];
    r->cells[c] = (GridCell){ .column = column };
    b->n_cells++;
    if (column > g->n_columns)
        g->n_columns = column;
    return &r->cells[c];
}

bool grid_merge(GridBook *b, int row, int column, int last_row, int last_column, Err *e)
{
    Grid *g = &b->grids[b->n_grids - 1];
    if (row < 1 || last_row > GRID_ROWS_MAX || row > last_row || column < 1 ||
        last_column > GRID_COLUMNS_MAX || column > last_column)
        return err_fail(e, ERR_GRID_ORDER, err_hole("row", row), err_hole("column", column));
    const GridCell *first = grid_cell(grid_row(g, row), column);
    if (!first || first->text.n == 0)
        return true; /* an empty range says nothing, however large */
    Str text = first->text;
    unsigned flags = first->flags & ~(unsigned)GRID_COVERED;
    /* Rows below the last one with content are decoration: a title merged down a whole column
     * must not cost a million cells. */
    int end = g->rows[g->n_rows - 1].number;
    for (int r = row; r <= last_row && r <= end; r++)
        for (int c = column; c <= last_column; c++) {
            GridCell *cell = cell_force(b, g, r, c, e);
            if (!cell)
                return false;
            bool covered = r != row || c != column;
            *cell = (GridCell){ .text = text, .column = c,
                                .flags = flags | GRID_MERGED | (covered ? GRID_COVERED : 0) };
        }
    return true;
}

const Grid *grid_find(const GridBook *b, Str sheet)
{
    for (size_t i = 0; i < b->n_grids; i++)
        if (str_eq(b->grids[i].name, sheet))
            return &b->grids[i];
    return NULL;
}

const GridRow *grid_row(const Grid *g, int number)
{
    size_t at = row_index(g, number);
    return at < g->n_rows && g->rows[at].number == number ? &g->rows[at] : NULL;
}

const GridCell *grid_cell(const GridRow *r, int column)
{
    if (!r)
        return NULL;
    size_t at = cell_index(r, column);
    return at < r->n && r->cells[at].column == column ? &r->cells[at] : NULL;
}

Str grid_at(const Grid *g, int row, int column)
{
    const GridCell *c = grid_cell(grid_row(g, row), column);
    return c ? str_trim(c->text) : (Str){ "", 0 };
}

Str grid_column_name(Arena *a, int column)
{
    char name[8];
    size_t at = sizeof name;
    for (; column > 0 && at > 0; column = (column - 1) / 26)
        name[--at] = (char)('A' + (column - 1) % 26);
    return arena_str(a, (Str){ name + at, sizeof name - at });
}
