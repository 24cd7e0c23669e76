/* Reading xlsx (ECMA-376 part 1, SpreadsheetML): workbook, styles, shared strings, sheets. Only
 * what a table of words needs; the value of a formula is the one that was saved with the file. */
#include "print/part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STYLES_MAX = 70000, FORMATS_MAX = 5000, SCRATCH_CAP = 512 << 20 };

typedef struct Sheet {
    Str name, id;
    bool hidden;
} Sheet;

typedef struct Format {
    int64_t id;
    bool is_date;
} Format;

typedef struct Xlsx {
    PrintZip *z;
    GridBook *book;
    Arena *a;            /* what is needed only while reading */
    Arena *cell;         /* reset at every cell */
    bool date1904;
    Sheet sheets[GRID_SHEETS_MAX];
    size_t n_sheets;
    Format *formats;     /* custom number formats */
    size_t n_formats, cap_formats;
    bool *dates;         /* does cell style i show a date? */
    size_t n_dates, cap_dates;
    bool in_cell_styles;
    Str *strings;
    size_t n_strings, cap_strings;
    /* the text being collected */
    Buf text;
    bool take, in_phonetic;
    /* the sheet being read */
    int row, column;
    char type[16];
    bool is_date, has_formula, in_cell;
    size_t n_merges;
} Xlsx;

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取xlsx"));
}

static bool damaged(const char *where, const char *why, Err *e)
{
    return err_fail(e, ERR_PRINT_DAMAGED, err_hole("where", where), err_hole("why", why));
}

static bool truth(const char *v)
{
    return v && (is(v, "1") || is(v, "true"));
}

static bool close_nothing(void *ctx, const char *name, Err *e)
{
    (void)ctx, (void)name, (void)e;
    return true;
}

/* --- workbook ------------------------------------------------------------------------------- */

static bool workbook_open(void *ctx, const char *name, const char **at, Err *e)
{
    Xlsx *x = ctx;
    if (is(name, "workbookPr"))
        x->date1904 = truth(print_xml_attribute(at, "date1904"));
    if (!is(name, "sheet"))
        return true;
    const char *title = print_xml_attribute(at, "name"), *id = print_xml_attribute(at, "id");
    const char *state = print_xml_attribute(at, "state");
    if (!title || !id)
        return damaged("workbook.xml", "工作表没有名称", e);
    if (x->n_sheets == GRID_SHEETS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "工作表数"),
                        err_hole("max", GRID_SHEETS_MAX));
    x->sheets[x->n_sheets++] = (Sheet){ .name = arena_str(x->a, str_of(title)),
                                        .id = arena_str(x->a, str_of(id)),
                                        .hidden = state && !is(state, "visible") };
    return true;
}

/* --- styles --------------------------------------------------------------------------------- */

/* Does a number format show a date or time? Quoted text, escapes and [colours] do not count. */
static bool format_is_date(const char *f)
{
    for (; *f; f++) {
        if (*f == '"') {
            f = strchr(f + 1, '"');
            if (!f)
                return false;
        } else if (*f == '[') {
            if (f[1] == 'h' || f[1] == 'm' || f[1] == 's')
                return true; /* elapsed time */
            f = strchr(f, ']');
            if (!f)
                return false;
        } else if ((*f == '\\' || *f == '_' || *f == '*') && f[1]) {
            f++;
        } else if (*f == ';') {
            return false; /* the first section decides */
        } else if (strchr("yYmMdDhHsS", *f)) {
            return true;
        }
    }
    return false;
}

/* Formats that every program knows by number: ECMA-376 18.8.30, those of Chinese included. */
static bool builtin_is_date(int64_t id)
{
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
           (id >= 50 && id <= 58);
}

static bool style_is_date(const Xlsx *x, int64_t id)
{
    for (size_t i = 0; i < x->n_formats; i++)
        if (x->formats[i].id == id)
            return x->formats[i].is_date;
    return builtin_is_date(id);
}

static bool styles_open(void *ctx, const char *name, const char **at, Err *e)
{
    Xlsx *x = ctx;
    const char *id = print_xml_attribute(at, "numFmtId");
    const char *code = print_xml_attribute(at, "formatCode");
    int64_t n = 0;
    if (is(name, "cellXfs"))
        x->in_cell_styles = true;
    if (id && !str_int(str_of(id), &n))
        return damaged("styles.xml", "数字格式编号", e);
    if (is(name, "numFmt") && id && code) {
        if (x->n_formats == FORMATS_MAX)
            return err_fail(e, ERR_TOO_BIG, err_hole("what", "数字格式数"),
                            err_hole("max", FORMATS_MAX));
        if (!ARENA_PUSH(x->a, x->formats, x->n_formats, x->cap_formats))
            return no_memory(e);
        x->formats[x->n_formats++] = (Format){ .id = n, .is_date = format_is_date(code) };
    }
    if (is(name, "xf") && x->in_cell_styles) {
        if (x->n_dates == STYLES_MAX)
            return err_fail(e, ERR_TOO_BIG, err_hole("what", "单元格样式数"),
                            err_hole("max", STYLES_MAX));
        if (!ARENA_PUSH(x->a, x->dates, x->n_dates, x->cap_dates))
            return no_memory(e);
        x->dates[x->n_dates++] = id && style_is_date(x, n);
    }
    return true;
}

static bool styles_close(void *ctx, const char *name, Err *e)
{
    Xlsx *x = ctx;
    (void)e;
    if (is(name, "cellXfs"))
        x->in_cell_styles = false;
    return true;
}

/* --- text with escapes ---------------------------------------------------------------------- */

static int hex4(const char *p)
{
    int v = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        int d = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                       : -1;
        if (d < 0)
            return -1;
        v = v * 16 + d;
    }
    return v;
}

/* _x000A_ stands for a character that XML cannot hold (ECMA-376 part 1, 22.9.2.19). U+0000 and
 * halves of surrogates stay as written: they are no text. */
static Str unescape(Arena *a, Str s)
{
    if (!str_has(s, STRC("_x")))
        return arena_str(a, s);
    char *out = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; out && i < s.n;) {
        int v = s.n - i >= 7 && s.p[i] == '_' && s.p[i + 1] == 'x' && s.p[i + 6] == '_'
                    ? hex4(s.p + i + 2)
                    : -1;
        size_t k = v > 0 ? str_put(out + n, (uint32_t)v) : 0;
        if (k == 0)
            out[n] = s.p[i];
        n += k ? k : 1;
        i += k ? 7 : 1;
    }
    return out ? (Str){ out, n } : (Str){ "", 0 };
}

static bool text_take(void *ctx, Str piece, Err *e)
{
    Xlsx *x = ctx;
    if (!x->take || x->in_phonetic)
        return true;
    buf_put(&x->text, piece);
    return !x->text.failed || err_fail(e, ERR_TOO_BIG, err_hole("what", "单元格字节数"),
                                       err_hole("max", GRID_TEXT_BYTES_MAX));
}

/* --- shared strings ------------------------------------------------------------------------- */

static bool strings_open(void *ctx, const char *name, const char **at, Err *e)
{
    Xlsx *x = ctx;
    (void)at, (void)e;
    if (is(name, "si"))
        buf_reset(&x->text);
    else if (is(name, "t"))
        x->take = true;
    else if (is(name, "rPh"))
        x->in_phonetic = true;
    return true;
}

static bool strings_close(void *ctx, const char *name, Err *e)
{
    Xlsx *x = ctx;
    if (is(name, "t"))
        x->take = false;
    else if (is(name, "rPh"))
        x->in_phonetic = false;
    if (!is(name, "si"))
        return true;
    if (x->n_strings == PRINT_STRINGS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "共享字符串数"),
                        err_hole("max", PRINT_STRINGS_MAX));
    if (!ARENA_PUSH(x->a, x->strings, x->n_strings, x->cap_strings))
        return no_memory(e);
    x->strings[x->n_strings++] = unescape(x->a, buf_str(&x->text));
    return true;
}

/* --- values --------------------------------------------------------------------------------- */

/* Spreadsheets compute in binary and show 15 digits: 0.30000000000000004 was meant as 0.3. */
static Str number_text(Arena *a, Str raw)
{
    enum { SHOWN = 15 };
    Dec d;
    size_t digits = 0;
    bool plain = raw.n > 0;
    for (size_t i = 0; i < raw.n; i++) {
        digits += raw.p[i] >= '0' && raw.p[i] <= '9';
        plain = plain && strchr("-.0123456789", raw.p[i]);
    }
    if ((plain && digits <= SHOWN) || !dec_parse(&d, raw))
        return arena_str(a, raw);
    Str shown = dec_print(a, dec_abs(d));
    if (shown.n > 60)
        return arena_str(a, raw); /* 1E+300 stays as it is */
    ptrdiff_t point = str_find(shown, STRC("."));
    int whole = (int)(point < 0 ? (ptrdiff_t)shown.n : point);
    int places = SHOWN - whole;
    if (shown.p[0] == '0') {
        places = SHOWN;
        for (size_t i = 2; i < shown.n && shown.p[i] == '0'; i++)
            places++;
    }
    return dec_print_short(a, dec_round(d, places, DEC_HALF_EVEN));
}

/* A serial day number as a date; empty when it is none. 1900 is a leap year to spreadsheets, so
 * days before 1900-03-01 are off by one. */
static Str date_text(Arena *a, Str raw, bool date1904)
{
    enum { LAST = 2958465, DAY_1904 = 24107, DAY_1900 = 25569, MINUTES = 1440 };
    Dec d, part, scaled;
    int64_t day, minutes;
    if (!dec_parse(&d, raw) || dec_sign(d) < 0 ||
        !dec_to_int(&day, dec_round(d, 0, DEC_FLOOR)) || day > LAST ||
        !dec_sub(&part, d, dec_int(day)) || !dec_mul(&scaled, part, dec_int(MINUTES)) ||
        !dec_to_int(&minutes, dec_round(scaled, 0, DEC_HALF_UP)))
        return (Str){ "", 0 };
    int hour = (int)(minutes / 60) % 24, minute = (int)(minutes % 60);
    if (day == 0 && !date1904)
        return arena_text(a, "%02d:%02d", hour, minute);
    if (minutes == MINUTES)
        day++;
    int64_t unix_day = date1904 ? day - DAY_1904 : day - DAY_1900 + (day < 61 ? 1 : 0);
    Str date = day_print(a, (Day)unix_day);
    return hour || minute ? arena_text(a, "%.*s %02d:%02d", STR(date), hour, minute) : date;
}

static bool shared(Xlsx *x, Str index, Str *out, Err *e)
{
    int64_t i;
    if (!str_int(str_trim(index), &i) || i < 0 || (uint64_t)i >= x->n_strings)
        return damaged("sharedStrings.xml", "没有第几个字符串", e);
    *out = x->strings[i];
    return true;
}

/* --- sheets --------------------------------------------------------------------------------- */

/* "AB12" -> column 28, row 12; false when it is no reference. */
static bool place_read(Str s, int *column, int *row)
{
    size_t i = 0;
    int64_t r = 0, c = 0;
    for (; i < s.n && s.p[i] >= 'A' && s.p[i] <= 'Z'; i++)
        if ((c = c * 26 + (s.p[i] - 'A' + 1)) > 100000)
            return false;
    if (c == 0 || !str_int(str_sub(s, i, s.n), &r) || r < 1 || r > GRID_ROWS_MAX)
        return false;
    *column = (int)c;
    *row = (int)r;
    return true;
}

static bool cell_begin(Xlsx *x, const char **at, Err *e)
{
    const char *r = print_xml_attribute(at, "r"), *t = print_xml_attribute(at, "t");
    const char *s = print_xml_attribute(at, "s");
    int64_t style = 0;
    x->column++;
    if (r) {
        int row;
        if (!place_read(str_of(r), &x->column, &row) || row != x->row)
            return damaged("sheetData", "单元格位置", e);
    }
    if (s && (!str_int(str_of(s), &style) || style < 0))
        return damaged("sheetData", "单元格样式", e);
    snprintf(x->type, sizeof x->type, "%s", t ? t : "n");
    x->is_date = (uint64_t)style < x->n_dates && x->dates[style];
    x->has_formula = false;
    x->in_cell = true;
    buf_reset(&x->text);
    return true;
}

static bool merge_read(Xlsx *x, const char **at, Err *e)
{
    const char *ref = print_xml_attribute(at, "ref");
    Str from, to;
    int c1, r1, c2, r2;
    if (!ref || !str_cut(str_of(ref), STRC(":"), &from, &to) || !place_read(from, &c1, &r1) ||
        !place_read(to, &c2, &r2))
        return damaged("mergeCells", "合并区域", e);
    if (++x->n_merges > PRINT_MERGES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "合并区域数"),
                        err_hole("max", PRINT_MERGES_MAX));
    if (c2 > GRID_COLUMNS_MAX) /* a title merged over the whole width */
        c2 = GRID_COLUMNS_MAX;
    const Grid *g = &x->book->grids[x->book->n_grids - 1];
    if (c2 > g->n_columns && g->n_columns >= c1)
        c2 = g->n_columns;
    return grid_merge(x->book, r1, c1, r2, c2, e);
}

static bool sheet_open(void *ctx, const char *name, const char **at, Err *e)
{
    Xlsx *x = ctx;
    if (is(name, "row")) {
        const char *r = print_xml_attribute(at, "r");
        int64_t n = x->row + 1;
        if ((r && !str_int(str_of(r), &n)) || n <= x->row || n > GRID_ROWS_MAX)
            return damaged("sheetData", "行号", e);
        x->row = (int)n;
        x->column = 0;
    } else if (is(name, "c")) {
        return cell_begin(x, at, e);
    } else if (is(name, "f")) {
        x->has_formula = x->in_cell;
    } else if (is(name, "v") || is(name, "t")) {
        x->take = x->in_cell;
    } else if (is(name, "rPh")) {
        x->in_phonetic = true;
    } else if (is(name, "mergeCell")) {
        return merge_read(x, at, e);
    }
    return true;
}

/* What the cell shows, by its type (ECMA-376 18.18.11). */
static bool cell_value(Xlsx *x, Str raw, Str *text, unsigned *flags, Err *e)
{
    if (raw.n == 0) {
        *text = raw;
        return true;
    }
    if (is(x->type, "s"))
        return shared(x, raw, text, e);
    if (is(x->type, "b")) {
        *flags |= GRID_BOOL;
        *text = str_is(raw, "1") ? STRC("TRUE") : STRC("FALSE");
    } else if (is(x->type, "n")) {
        Str date = x->is_date ? date_text(x->cell, raw, x->date1904) : (Str){ "", 0 };
        *flags |= date.n ? GRID_DATE : GRID_NUMBER;
        *text = date.n ? date : number_text(x->cell, raw);
    } else {
        *flags |= is(x->type, "e") ? GRID_ERROR : is(x->type, "d") ? GRID_DATE : 0;
        *text = unescape(x->cell, raw);
    }
    return true;
}

static bool cell_end(Xlsx *x, Err *e)
{
    Str text;
    unsigned flags = x->has_formula ? GRID_FORMULA : 0;
    x->in_cell = false;
    arena_reset(x->cell);
    return cell_value(x, buf_str(&x->text), &text, &flags, e) &&
           (!arena_refused(x->cell) || no_memory(e)) &&
           grid_put(x->book, x->row, x->column, text, flags, e);
}

static bool sheet_close(void *ctx, const char *name, Err *e)
{
    Xlsx *x = ctx;
    if (is(name, "v") || is(name, "t"))
        x->take = false;
    else if (is(name, "rPh"))
        x->in_phonetic = false;
    return is(name, "c") ? cell_end(x, e) : true;
}

/* --- the whole ------------------------------------------------------------------------------ */

static bool sheets_read(Xlsx *x, const char *rels, const char *base, Err *e)
{
    static const PrintXml how = { sheet_open, sheet_close, text_take };
    for (size_t i = 0; i < x->n_sheets; i++) {
        Str part;
        const char *id = arena_z(x->a, x->sheets[i].id);
        if (!id)
            return no_memory(e);
        if (!print_relation(&part, x->a, x->z, rels, base, "/worksheet", id, e))
            return false;
        if (part.n == 0)
            continue; /* a chart or a dialogue, no table */
        x->row = x->column = 0;
        x->n_merges = 0;
        if (!grid_sheet(x->book, x->sheets[i].name, x->sheets[i].hidden, e))
            return false;
        if (!print_xml_read(x->z, part.p, &how, x, e))
            return err_note(e, "while reading sheet \"%.*s\"", STR(x->sheets[i].name));
    }
    if (x->book->n_grids == 0)
        return damaged("workbook.xml", "没有工作表", e);
    return true;
}

static bool parts_read(Xlsx *x, Err *e)
{
    static const PrintXml workbook = { workbook_open, close_nothing, NULL };
    static const PrintXml styles = { styles_open, styles_close, NULL };
    static const PrintXml strings = { strings_open, strings_close, text_take };
    Str main, part;
    if (!print_relation(&main, x->a, x->z, "_rels/.rels", "", "/officeDocument", NULL, e))
        return false;
    const char *slash = main.n ? strrchr(main.p, '/') : NULL;
    size_t folder = slash ? (size_t)(slash - main.p) + 1 : 0;
    Str base = arena_str(x->a, str_sub(main, 0, folder));
    Str rels = arena_text(x->a, "%s_rels/%s.rels", base.p, main.n ? main.p + folder : "");
    if (main.n == 0 || !print_zip_has(x->z, main.p))
        return damaged("_rels/.rels", "不是工作簿", e);
    if (!print_xml_read(x->z, main.p, &workbook, x, e))
        return false;
    if (!print_relation(&part, x->a, x->z, rels.p, base.p, "/styles", NULL, e) ||
        (part.n && !print_xml_read(x->z, part.p, &styles, x, e)))
        return false;
    if (!print_relation(&part, x->a, x->z, rels.p, base.p, "/sharedStrings", NULL, e) ||
        (part.n && !print_xml_read(x->z, part.p, &strings, x, e)))
        return false;
    return sheets_read(x, rels.p, base.p, e);
}

bool print_parse_xlsx(GridBook *b, Str bytes, Err *e)
{
    Xlsx *x = calloc(1, sizeof *x);
    bool ok = false;
    if (!x)
        return no_memory(e);
    x->book = b;
    x->a = arena_open(SCRATCH_CAP);
    x->cell = arena_open(4 * GRID_TEXT_BYTES_MAX);
    x->text = buf_open(GRID_TEXT_BYTES_MAX);
    if (!x->a || !x->cell)
        (void)no_memory(e);
    else
        ok = print_zip_open(&x->z, bytes, "xlsx", e) && parts_read(x, e) &&
             (!arena_refused(x->a) || no_memory(e));
    print_zip_close(x->z);
    buf_close(&x->text);
    arena_close(x->cell);
    arena_close(x->a);
    free(x);
    return ok;
}
