/* Writing xlsx through libxlsxwriter. The library writes to a file by name: that file is memory
 * with a name under /proc, so the finished book never touches the disk; what passes through the
 * scratch folder has no name there. */
#include "print/part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xlsxwriter.h>

enum {
    PLACES_MAX = 8,
    DIGITS_EXACT = 15,
    CHOICE_ROWS = 2000 /* a drop-down reaches so many rows beyond those that are there */
};
#define CHOICES "可选项"

typedef struct Book {
    lxw_workbook *wb;
    lxw_worksheet *choices;             /* a hidden sheet, a column for each drop-down; or NULL */
    lxw_col_t n_choices;
    lxw_worksheet *sheets[PRINT_TABLES_MAX];
    lxw_format *title, *head, *text, *day, *note;
    lxw_format *number[PLACES_MAX + 1]; /* by digits after the point */
} Book;

static bool failed(const char *why, Err *e)
{
    return err_fail(e, ERR_PRINT_WRITE, err_hole("what", "xlsx"), err_hole("why", why));
}

static lxw_format *bordered(Book *b)
{
    lxw_format *f = workbook_add_format(b->wb);
    if (!f)
        return NULL;
    format_set_font_name(f, "宋体");
    format_set_font_size(f, 11);
    format_set_border(f, LXW_BORDER_THIN);
    format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
    return f;
}

static bool formats_make(Book *b, Err *e)
{
    bool ok = (b->title = workbook_add_format(b->wb)) && (b->note = workbook_add_format(b->wb)) &&
              (b->head = bordered(b)) && (b->text = bordered(b)) && (b->day = bordered(b));
    for (int p = 0; ok && p <= PLACES_MAX; p++)
        ok = (b->number[p] = bordered(b)) != NULL;
    if (!ok)
        return failed("内存不足", e);
    format_set_font_name(b->title, "方正小标宋简体");
    format_set_font_size(b->title, 16);
    format_set_align(b->title, LXW_ALIGN_CENTER);
    format_set_align(b->title, LXW_ALIGN_VERTICAL_CENTER);
    format_set_font_name(b->note, "宋体");
    format_set_font_size(b->note, 10);
    format_set_font_name(b->head, "黑体");
    format_set_align(b->head, LXW_ALIGN_CENTER);
    format_set_text_wrap(b->head);
    format_set_text_wrap(b->text);
    format_set_num_format(b->day, "yyyy-mm-dd");
    format_set_align(b->day, LXW_ALIGN_CENTER);
    for (int p = 0; p <= PLACES_MAX; p++) {
        char code[PLACES_MAX + 3] = "0.";
        for (int i = 0; i < p; i++)
            strcat(code, "0");
        format_set_num_format(b->number[p], p ? code : "0");
    }
    return true;
}

/* A number keeps its scale as a format. What binary cannot hold exactly in 15 digits is text. */
static lxw_error write_number(Book *b, lxw_worksheet *ws, lxw_row_t r, lxw_col_t c, Str s)
{
    char z[DEC_TEXT_MAX + 1];
    size_t digits = 0;
    for (size_t i = 0; i < s.n; i++)
        digits += s.p[i] >= '0' && s.p[i] <= '9';
    ptrdiff_t point = str_find(s, STRC("."));
    size_t places = point < 0 ? 0 : s.n - (size_t)point - 1;
    snprintf(z, sizeof z, "%.*s", STR(s));
    if (digits > DIGITS_EXACT || places > PLACES_MAX || s.n > DEC_TEXT_MAX)
        return worksheet_write_string(ws, r, c, z, b->text);
    return worksheet_write_number(ws, r, c, strtod(z, NULL), b->number[places]);
}

/* Text that looks like one of xlsx's own escapes (_x000A_) is escaped, which the library forgets;
 * other control characters it does by itself. */
static const char *escaped(Arena *a, Str s)
{
    if (!str_has(s, STRC("_x")))
        return arena_z(a, s);
    Buf b = buf_open(8 * s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '_' && i + 1 < s.n && s.p[i + 1] == 'x')
            buf_put(&b, STRC("_x005F"));
        buf_putc(&b, s.p[i]);
    }
    const char *z = b.failed ? NULL : arena_z(a, buf_str(&b));
    buf_close(&b);
    return z;
}

static lxw_error write_cell(Book *b, lxw_worksheet *ws, lxw_row_t r, lxw_col_t c, TableCell k,
                            Arena *a)
{
    enum { DAY_1900_01_01 = -25567, YEAR_MIN = 1900 };
    const char *z;
    switch (k.kind) {
    case TABLE_TEXT:
        z = escaped(a, k.text);
        return z ? worksheet_write_string(ws, r, c, z, b->text) : LXW_ERROR_MEMORY_MALLOC_FAILED;
    case TABLE_NUMBER:
    case TABLE_INT:
        return write_number(b, ws, r, c, table_cell_text(a, k));
    case TABLE_DAY:
        if (k.day >= DAY_1900_01_01) {
            DayParts p = day_parts(k.day);
            lxw_datetime d = { .year = p.year, .month = p.month, .day = p.day };
            return worksheet_write_datetime(ws, r, c, &d, b->day);
        }
        return worksheet_write_string(ws, r, c, arena_z(a, day_print(a, k.day)), b->text);
    case TABLE_EMPTY:
        break;
    }
    return worksheet_write_blank(ws, r, c, b->text);
}

/* A sheet's name without what xlsx forbids in it, and no name twice. */
static const char *sheet_name(Arena *a, lxw_workbook *wb, Str asked, size_t at)
{
    Buf b = buf_open(400);
    uint32_t cp;
    size_t k, points = 0;
    for (size_t i = 0; points < TABLE_NAME_POINTS_MAX - 4 && (k = str_next(asked, i, &cp)) > 0;
         i += k, points++)
        buf_point(&b, cp < 0x20 || (cp < 0x80 && strchr("[]:*?/\\'", (int)cp)) ? ' ' : cp);
    Str clean = str_trim(buf_str(&b));
    const char *name = clean.n ? arena_z(a, clean) : arena_text(a, "表%zu", at + 1).p;
    if (name && workbook_get_worksheet_by_name(wb, name))
        name = arena_text(a, "%s %zu", name, at + 1).p;
    buf_close(&b);
    return name;
}

static void page_setup(lxw_worksheet *ws, int width, lxw_row_t head, lxw_col_t columns,
                       lxw_row_t last)
{
    enum { PAPER_A4 = 9, PORTRAIT_WIDTH = 90 };
    worksheet_set_paper(ws, PAPER_A4);
    if (width > PORTRAIT_WIDTH)
        worksheet_set_landscape(ws);
    worksheet_set_margins(ws, 0.6, 0.6, 0.8, 0.8);
    worksheet_fit_to_pages(ws, 1, 0);
    worksheet_repeat_rows(ws, head, head);
    worksheet_set_footer(ws, "&C第 &P 页 共 &N 页");
    worksheet_freeze_panes(ws, head + 1, 0);
    worksheet_autofilter(ws, head, 0, last, columns - 1);
}

static lxw_error head_write(Book *b, lxw_worksheet *ws, const Table *t, lxw_row_t *r, Arena *a)
{
    lxw_col_t columns = (lxw_col_t)t->n_columns;
    lxw_error bad = LXW_NO_ERROR;
    if (t->title.n) {
        const char *title = escaped(a, t->title);
        if (!title)
            return LXW_ERROR_MEMORY_MALLOC_FAILED;
        worksheet_set_row(ws, 0, 30, NULL);
        bad = columns > 1 ? worksheet_merge_range(ws, 0, 0, 0, columns - 1, title, b->title)
                          : worksheet_write_string(ws, 0, 0, title, b->title);
        ++*r;
    }
    for (lxw_col_t c = 0; c < columns && !bad; c++) {
        const char *name = escaped(a, t->columns[c].name);
        bad = name ? worksheet_write_string(ws, *r, c, name, b->head)
                   : LXW_ERROR_MEMORY_MALLOC_FAILED;
    }
    return bad;
}

static bool table_write(Book *b, const Table *t, size_t at, Arena *a, Err *e)
{
    int widths[TABLE_COLUMNS_MAX], width = 0;
    const char *name = sheet_name(a, b->wb, t->name, at);
    lxw_worksheet *ws = name ? workbook_add_worksheet(b->wb, name) : NULL;
    if (!ws)
        return failed("工作表名称", e);
    b->sheets[at] = ws;
    table_widths(t, widths);
    for (size_t c = 0; c < t->n_columns; c++) {
        worksheet_set_column(ws, (lxw_col_t)c, (lxw_col_t)c, widths[c] + 2, NULL);
        width += widths[c] + 2;
    }
    lxw_row_t r = 0, rows = (lxw_row_t)table_rows(t);
    lxw_error bad = head_write(b, ws, t, &r, a);
    page_setup(ws, width, r, (lxw_col_t)t->n_columns, r + rows);
    Arena *cell = arena_open(4 * GRID_TEXT_BYTES_MAX);
    for (size_t i = 0; cell && i < rows && !bad; i++) {
        r++;
        for (size_t c = 0; c < t->n_columns && !bad; c++)
            bad = write_cell(b, ws, r, (lxw_col_t)c, table_at(t, i, c), cell);
        arena_reset(cell);
    }
    for (size_t i = 0; cell && i < t->n_notes && !bad; i++) {
        const char *note = escaped(cell, t->notes[i]);
        bad = note ? worksheet_write_string(ws, ++r, 0, note, b->note)
                   : LXW_ERROR_MEMORY_MALLOC_FAILED;
    }
    arena_close(cell);
    return (cell && !bad) || failed(bad ? lxw_strerror(bad) : "内存不足", e);
}

/* --- drop-downs ----------------------------------------------------------------------------- */

/* Choices in the rule itself may take 255 characters at most, so they stand in a sheet. */
static lxw_error drop_down(Book *b, lxw_worksheet *ws, const TableColumn *k, lxw_col_t c,
                           lxw_row_t first, lxw_row_t last, Arena *a)
{
    char from[LXW_MAX_CELL_NAME_LENGTH], to[LXW_MAX_CELL_NAME_LENGTH], where[100];
    lxw_error bad = LXW_NO_ERROR;
    for (size_t i = 0; i < k->n_choices && !bad; i++) {
        const char *z = escaped(a, k->choices[i]);
        bad = z ? worksheet_write_string(b->choices, (lxw_row_t)i, b->n_choices, z, NULL)
                : LXW_ERROR_MEMORY_MALLOC_FAILED;
    }
    if (bad)
        return bad;
    lxw_rowcol_to_cell_abs(from, 0, b->n_choices, 1, 1);
    lxw_rowcol_to_cell_abs(to, (lxw_row_t)k->n_choices - 1, b->n_choices, 1, 1);
    b->n_choices++;
    snprintf(where, sizeof where, "='" CHOICES "'!%s:%s", from, to);
    lxw_data_validation rule = { .validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
                                 .value_formula = where,
                                 .error_title = "请从列表中选择",
                                 .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING };
    return worksheet_data_validation_range(ws, first, c, last, c, &rule);
}

/* To the first table's choices its sheet is made; they follow the row of names and the hints. */
static bool drop_downs(Book *b, const Table *const *tables, size_t n, Arena *a, Err *e)
{
    lxw_error bad = LXW_NO_ERROR;
    for (size_t t = 0; t < n; t++)
        for (size_t c = 0; c < tables[t]->n_columns && !bad; c++) {
            const TableColumn *k = &tables[t]->columns[c];
            if (k->n_choices == 0)
                continue;
            if (!b->choices) {
                b->choices = workbook_add_worksheet(b->wb, CHOICES);
                if (!b->choices)
                    return failed("可选项", e);
                worksheet_hide(b->choices);
            }
            lxw_row_t head = tables[t]->title.n ? 1 : 0;
            lxw_row_t last = head + (lxw_row_t)table_rows(tables[t]) + CHOICE_ROWS;
            bad = drop_down(b, b->sheets[t], k, (lxw_col_t)c, head + 1, last, a);
        }
    return !bad || failed(lxw_strerror(bad), e);
}

static bool memory_read(int fd, Buf *out)
{
    char piece[64 << 10];
    ssize_t n;
    if (lseek(fd, 0, SEEK_SET) != 0)
        return false;
    while ((n = read(fd, piece, sizeof piece)) > 0)
        buf_put(out, (Str){ piece, (size_t)n });
    return n == 0 && !out->failed;
}

static bool book_write(Book *b, const Table *const *tables, size_t n, const char *title,
                       Moment created, Arena *a, Err *e)
{
    time_t second = (time_t)(created / 1000); /* to the library 0 means now, which no one asked */
    lxw_doc_properties about = { .title = (char *)(uintptr_t)title,
                                 .created = second ? second : 1 };
    bool ok = formats_make(b, e);
    if (ok && workbook_set_properties(b->wb, &about) != LXW_NO_ERROR)
        ok = failed("属性", e);
    for (size_t i = 0; ok && i < n; i++)
        ok = table_write(b, tables[i], i, a, e);
    ok = ok && drop_downs(b, tables, n, a, e);
    lxw_error bad = workbook_close(b->wb); /* also frees it */
    return ok && (bad == LXW_NO_ERROR || failed(lxw_strerror(bad), e));
}

bool print_make_xlsx(Buf *out, const Table *const *tables, size_t n, Str title, Moment created,
                     const char *scratch, Err *e)
{
    char path[64];
    if (access(scratch, W_OK) != 0) /* the library would fall back on a folder everybody sees */
        return failed("没有暂存文件夹", e);
    Arena *a = arena_open(64 << 20);
    const char *title_z = a ? arena_z(a, title) : NULL;
    int fd = title_z ? memfd_create("xlsx", MFD_CLOEXEC) : -1;
    if (fd < 0) {
        arena_close(a);
        return failed("内存不足", e);
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    lxw_workbook_options options = { .tmpdir = (char *)(uintptr_t)scratch };
    Book b = { .wb = workbook_new_opt(path, &options) };
    bool ok = b.wb ? book_write(&b, tables, n, title_z, created, a, e) : failed("内存不足", e);
    if (ok && !memory_read(fd, out))
        ok = failed("读回", e);
    close(fd);
    arena_close(a);
    return ok;
}
