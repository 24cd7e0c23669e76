/* csv both ways (RFC 4180 and what spreadsheets make of it). */
#include "print/part.h"

#include "text/text.h"

/* --- writing -------------------------------------------------------------------------------- */

/* Would a spreadsheet take this text for a formula? The full-width signs count too: Chinese input
 * methods produce them and some programs fold them. */
static bool looks_formula(Str s)
{
    static const Str heads[] = { S("="), S("+"), S("-"), S("@"), S("\t"), S("\r"),
                                 S("＝"), S("＋"), S("－"), S("＠") };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (str_starts(s, heads[i]))
            return true;
    return false;
}

/* A ' of the text itself gets another one when what follows would be mistaken for a guard. */
static bool needs_guard(Str s)
{
    while (s.n && s.p[0] == '\'')
        s = str_sub(s, 1, s.n);
    return looks_formula(s);
}

static void put_field(Buf *b, Str s, bool is_text)
{
    bool quoted = false;
    for (size_t i = 0; i < s.n && !quoted; i++)
        quoted = s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == '\r';
    quoted = quoted || (s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' '));
    if (quoted)
        buf_putc(b, '"');
    if (is_text && needs_guard(s))
        buf_putc(b, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_putc(b, '"');
        buf_putc(b, s.p[i]);
    }
    if (quoted)
        buf_putc(b, '"');
}

bool print_csv(Str *out, Arena *a, const Table *t, Err *e)
{
    if (!table_ok(t, e))
        return false;
    Buf b = buf_open(PRINT_MADE_BYTES_MAX);
    Arena *cell = arena_open(1 << 20);
    size_t rows = table_rows(t);
    buf_put(&b, STRC("\xEF\xBB\xBF"));
    for (size_t c = 0; c < t->n_columns; c++) {
        put_field(&b, t->columns[c].name, true);
        buf_put(&b, c + 1 < t->n_columns ? STRC(",") : STRC("\r\n"));
    }
    for (size_t r = 0; cell && r < rows; r++) {
        for (size_t c = 0; c < t->n_columns; c++) {
            TableCell k = table_at(t, r, c);
            put_field(&b, table_cell_text(cell, k), k.kind == TABLE_TEXT);
            buf_put(&b, c + 1 < t->n_columns ? STRC(",") : STRC("\r\n"));
        }
        arena_reset(cell);
    }
    bool ok = cell && !b.failed;
    Str made = ok ? arena_str(a, buf_str(&b)) : (Str){ "", 0 };
    arena_close(cell);
    buf_close(&b);
    if (!ok || arena_refused(a))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "csv"));
    *out = made;
    return true;
}

/* --- reading -------------------------------------------------------------------------------- */

/* The separator is the candidate that the first line holds most often outside quotes. */
static char separator(Str s)
{
    size_t comma = 0, tab = 0, semicolon = 0;
    bool quoted = false;
    for (size_t i = 0; i < s.n && (quoted || (s.p[i] != '\n' && s.p[i] != '\r')); i++) {
        if (s.p[i] == '"')
            quoted = !quoted;
        comma += !quoted && s.p[i] == ',';
        tab += !quoted && s.p[i] == '\t';
        semicolon += !quoted && s.p[i] == ';';
    }
    return tab > comma && tab >= semicolon ? '\t' : semicolon > comma ? ';' : ',';
}

typedef struct Csv {
    GridBook *book;
    Str s;
    size_t at;
    char sep;
    int row, column;
    Buf field;
} Csv;

/* Takes the guard off that put_field put on. */
static Str unguarded(Str s)
{
    return s.n && s.p[0] == '\'' && needs_guard(str_sub(s, 1, s.n)) ? str_sub(s, 1, s.n) : s;
}

static bool too_long(Err *e)
{
    return err_fail(e, ERR_TOO_BIG, err_hole("what", "单元格字节数"),
                    err_hole("max", GRID_TEXT_BYTES_MAX));
}

/* A quoted field: "" is one quote; line breaks belong to it. */
static bool quoted_read(Csv *c, Err *e)
{
    c->at++;
    for (;;) {
        Str rest = str_sub(c->s, c->at, c->s.n);
        ptrdiff_t quote = str_find(rest, STRC("\""));
        if (quote < 0)
            return err_fail(e, ERR_CSV_QUOTE, err_hole("row", c->row),
                            err_hole("column", c->column));
        buf_put(&c->field, str_sub(rest, 0, (size_t)quote));
        if (c->field.failed)
            return too_long(e);
        c->at += (size_t)quote + 1;
        if (c->at >= c->s.n || c->s.p[c->at] != '"')
            return true;
        buf_putc(&c->field, '"');
        c->at++;
    }
}

static bool field_read(Csv *c, Err *e)
{
    buf_reset(&c->field);
    if (c->at < c->s.n && c->s.p[c->at] == '"' && !quoted_read(c, e))
        return false;
    size_t from = c->at; /* what follows a closing quote is kept too, as spreadsheets do */
    while (c->at < c->s.n && c->s.p[c->at] != c->sep && c->s.p[c->at] != '\n' &&
           c->s.p[c->at] != '\r')
        c->at++;
    buf_put(&c->field, str_sub(c->s, from, c->at - from));
    if (c->field.failed)
        return too_long(e);
    return grid_put(c->book, c->row, c->column, unguarded(buf_str(&c->field)), 0, e);
}

static bool rows_read(Csv *c, Err *e)
{
    while (c->at < c->s.n) {
        c->row++;
        c->column = 0;
        for (;;) {
            c->column++;
            if (!field_read(c, e))
                return false;
            if (c->at >= c->s.n || c->s.p[c->at] != c->sep)
                break;
            c->at++;
        }
        if (c->at < c->s.n && c->s.p[c->at] == '\r')
            c->at++;
        if (c->at < c->s.n && c->s.p[c->at] == '\n')
            c->at++;
    }
    return true;
}

/* Spreadsheets in China save csv as GBK, and text_decode takes 4 MiB at once: longer files go to it
 * in pieces of whole lines, which must agree on their encoding (plain ASCII agrees with any). */
static bool decode(Str *out, TextCoding *coding, Arena *a, Str bytes, Err *e)
{
    Buf all = buf_open(2 * (size_t)PRINT_FILE_BYTES_MAX);
    Arena *scratch = arena_open(4 * (size_t)TEXT_BYTES_MAX);
    bool ok = scratch != NULL;
    while (ok && bytes.n > 0) {
        size_t n = bytes.n;
        if (n > TEXT_BYTES_MAX)
            for (n = TEXT_BYTES_MAX; n > 0 && bytes.p[n - 1] != '\n';)
                n--;
        TextCoding c;
        Str piece;
        ok = text_decode(&piece, &c, scratch, str_sub(bytes, 0, n ? n : bytes.n), e);
        if (ok && c != TEXT_UTF8 && *coding != TEXT_UTF8 && c != *coding)
            ok = err_fail(e, ERR_BAD_TEXT, err_hole("what", "csv"));
        if (ok) {
            *coding = c == TEXT_UTF8 ? *coding : c;
            buf_put(&all, piece);
            bytes = str_sub(bytes, n, bytes.n);
        }
        arena_reset(scratch);
    }
    Str made = ok ? arena_str(a, buf_str(&all)) : (Str){ "", 0 };
    if (!scratch || all.failed || arena_refused(a))
        ok = err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取csv"));
    if (ok)
        *out = made;
    arena_close(scratch);
    buf_close(&all);
    return ok;
}

bool print_parse_csv(GridBook *b, Str bytes, Err *e)
{
    Arena *a = arena_open(2 * (size_t)PRINT_FILE_BYTES_MAX);
    if (!a)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取csv"));
    Csv c = { .book = b, .field = buf_open(GRID_TEXT_BYTES_MAX) };
    Str bom = STRC("\xEF\xBB\xBF");
    TextCoding coding = TEXT_UTF8;
    bool ok = true;
    if (str_valid(bytes)) /* the common case is not copied */
        c.s = str_starts(bytes, bom) ? str_sub(bytes, bom.n, bytes.n) : bytes;
    else
        ok = decode(&c.s, &coding, a, bytes, e);
    b->encoding = str_of(text_coding_name(coding));
    Str first, rest;
    str_cut(c.s, STRC("\n"), &first, &rest);
    if (str_starts(first, STRC("sep=")) && str_trim(first).n == 5) {
        c.sep = first.p[4]; /* a line that spreadsheets write to say the separator */
        c.s = rest;
    } else {
        c.sep = separator(c.s);
    }
    ok = ok && grid_sheet(b, (Str){ "", 0 }, false, e) && rows_read(&c, e);
    buf_close(&c.field);
    arena_close(a);
    return ok;
}
