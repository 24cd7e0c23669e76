#include "sheet/sheet.h"

static void table_fail(Table *t, ErrCode code)
{
    if (!t->bad)
        t->bad = code;
}

Table *table_open(Arena *a, Str name, Str title)
{
    Table *t = ARENA_NEW(a, Table);
    if (!t)
        return NULL;
    t->a = a;
    t->name = arena_str(a, name);
    t->title = arena_str(a, title);
    if (str_points(name) > TABLE_NAME_POINTS_MAX)
        table_fail(t, ERR_TABLE_TOO_BIG);
    return t;
}

void table_column(Table *t, Str name, TableKind kind, int width)
{
    if (!t)
        return;
    if (t->n_columns == TABLE_COLUMNS_MAX || t->n_cells > 0) {
        table_fail(t, ERR_TABLE_TOO_BIG);
        return;
    }
    if (!ARENA_PUSH(t->a, t->columns, t->n_columns, t->cap_columns)) {
        table_fail(t, ERR_NO_MEMORY);
        return;
    }
    t->columns[t->n_columns++] =
        (TableColumn){ .name = arena_str(t->a, name), .kind = kind, .width = width };
}

void table_choices(Table *t, const Str *choices, size_t n)
{
    if (!t || t->n_columns == 0)
        return;
    TableColumn *c = &t->columns[t->n_columns - 1];
    if (n > TABLE_CHOICES_MAX) {
        table_fail(t, ERR_TABLE_TOO_BIG);
        return;
    }
    c->choices = ARENA_ARRAY(t->a, Str, n);
    if (!c->choices) {
        table_fail(t, ERR_NO_MEMORY);
        return;
    }
    for (c->n_choices = 0; c->n_choices < n; c->n_choices++)
        c->choices[c->n_choices] = arena_str(t->a, choices[c->n_choices]);
}

void table_note(Table *t, Str text)
{
    if (!t)
        return;
    if (!ARENA_PUSH(t->a, t->notes, t->n_notes, t->cap_notes)) {
        table_fail(t, ERR_NO_MEMORY);
        return;
    }
    t->notes[t->n_notes++] = arena_str(t->a, text);
}

static void cell_push(Table *t, TableCell c)
{
    if (!ARENA_PUSH(t->a, t->cells, t->n_cells, t->cap_cells)) {
        table_fail(t, ERR_NO_MEMORY);
        return;
    }
    t->cells[t->n_cells++] = c;
}

/* What the row under construction lacks becomes empty. */
static void row_fill(Table *t)
{
    while (t->n_columns > 0 && t->n_cells % t->n_columns != 0 && !t->bad)
        cell_push(t, (TableCell){ .kind = TABLE_EMPTY });
}

void table_row(Table *t)
{
    if (!t)
        return;
    if (t->open)
        row_fill(t);
    if (t->open && t->n_cells == t->row_start)
        for (size_t i = 0; i < t->n_columns && !t->bad; i++)
            cell_push(t, (TableCell){ .kind = TABLE_EMPTY });
    if (t->n_columns == 0 || t->n_cells / t->n_columns >= TABLE_ROWS_MAX)
        table_fail(t, ERR_TABLE_TOO_BIG);
    t->open = true;
    t->row_start = t->n_cells;
}

/* A cell past the last column would silently become the next row's first. */
static void cell_add(Table *t, TableCell c)
{
    if (!t)
        return;
    if (!t->open || t->n_cells - t->row_start >= t->n_columns)
        table_fail(t, ERR_TABLE_TOO_BIG);
    else
        cell_push(t, c);
}

void table_text(Table *t, Str s)
{
    if (t && s.n > TABLE_TEXT_POINTS_MAX && str_points(s) > TABLE_TEXT_POINTS_MAX)
        table_fail(t, ERR_TABLE_TOO_BIG);
    else if (t)
        cell_add(t, s.n == 0 ? (TableCell){ .kind = TABLE_EMPTY }
                             : (TableCell){ .kind = TABLE_TEXT, .text = arena_str(t->a, s) });
}

void table_number(Table *t, Dec d)
{
    cell_add(t, (TableCell){ .kind = TABLE_NUMBER, .number = d });
}

void table_int(Table *t, int64_t v)
{
    cell_add(t, (TableCell){ .kind = TABLE_INT, .whole = v });
}

void table_day(Table *t, Day d)
{
    cell_add(t, d == DAY_NONE ? (TableCell){ .kind = TABLE_EMPTY }
                              : (TableCell){ .kind = TABLE_DAY, .day = d });
}

void table_blank(Table *t)
{
    cell_add(t, (TableCell){ .kind = TABLE_EMPTY });
}

bool table_ok(const Table *t, Err *e)
{
    if (!t || t->bad == ERR_NO_MEMORY || arena_refused(t->a))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "表格"));
    if (t->bad || t->n_columns == 0)
        return err_fail(e, ERR_TABLE_TOO_BIG, err_hole("table", t->name),
                        err_hole("rows", TABLE_ROWS_MAX), err_hole("columns", TABLE_COLUMNS_MAX),
                        err_hole("points", TABLE_TEXT_POINTS_MAX));
    return true;
}

size_t table_rows(const Table *t)
{
    if (t->n_columns == 0)
        return 0;
    size_t whole = (t->n_cells + t->n_columns - 1) / t->n_columns;
    return whole + (t->open && t->n_cells == t->row_start);
}

TableCell table_at(const Table *t, size_t row, size_t column)
{
    size_t at = row * t->n_columns + column;
    if (column >= t->n_columns || at >= t->n_cells)
        return (TableCell){ .kind = TABLE_EMPTY };
    return t->cells[at];
}

Str table_cell_text(Arena *a, TableCell c)
{
    switch (c.kind) {
    case TABLE_TEXT:
        return c.text;
    case TABLE_NUMBER:
        return dec_print(a, c.number);
    case TABLE_INT:
        return arena_text(a, "%lld", (long long)c.whole);
    case TABLE_DAY:
        return day_print(a, c.day);
    case TABLE_EMPTY:
        break;
    }
    return (Str){ "", 0 };
}

/* East Asian wide and full-width ranges that papers use; everything else counts one. */
static int point_width(uint32_t c)
{
    bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
                (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x20000 && c <= 0x3FFFD) ||
                (c >= 0x2018 && c <= 0x201D) || c == 0x2014 || c == 0x2026;
    return wide ? 2 : 1;
}

/* Of the widest line when the text has several. */
int table_text_width(Str s)
{
    int widest = 0, w = 0;
    uint32_t cp;
    size_t k;
    for (size_t i = 0; (k = str_next(s, i, &cp)) > 0; i += k) {
        w = cp == '\n' ? 0 : w + point_width(cp);
        if (w > widest)
            widest = w;
    }
    return widest;
}

void table_widths(const Table *t, int *out)
{
    enum { LEAST = 6, MOST = 60, DAY_WIDTH = 10, LOOKED_AT = 2000 };
    Arena *scratch = arena_open(1 << 16);
    size_t rows = table_rows(t);
    for (size_t c = 0; c < t->n_columns; c++) {
        int w = t->columns[c].width;
        if (w <= 0) {
            w = table_text_width(t->columns[c].name);
            for (size_t r = 0; r < rows && r < LOOKED_AT; r++) {
                TableCell cell = table_at(t, r, c);
                int cw = cell.kind == TABLE_DAY ? DAY_WIDTH : 0;
                if (cell.kind != TABLE_DAY && cell.kind != TABLE_EMPTY && scratch) {
                    cw = table_text_width(table_cell_text(scratch, cell));
                    arena_reset(scratch);
                }
                if (cw > w)
                    w = cw;
            }
        }
        out[c] = w < LEAST ? LEAST : w > MOST ? MOST : w;
    }
    arena_close(scratch);
}
