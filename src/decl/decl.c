#include "decl/decl.h"

#include <stdio.h>
#include <string.h>

struct DeclReader {
    Arena *a;
    Str file, text;
    DeclScan scan;
    Buf *canon;
    size_t at;
    uint32_t line, column;             /* of text[at] */
    uint32_t opened[DECL_DEPTH_MAX];   /* lines of the blocks that are open */
    size_t depth;
};

bool decl_open(DeclReader **out, Arena *a, const DeclSource *src, Err *e)
{
    if (src->text.n > DECL_BYTES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", src->file),
                        err_hole("max", DECL_BYTES_MAX));
    if (!str_valid(src->text))
        return err_fail(e, ERR_BAD_TEXT, err_hole("what", src->file));
    DeclReader *r = ARENA_NEW(a, DeclReader);
    if (!r)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", src->file));
    Str mark = STRC("\xEF\xBB\xBF");
    *r = (DeclReader){ .a = a, .file = src->file, .text = src->text, .scan = src->scan,
                       .canon = src->canon, .line = 1, .column = 1,
                       .at = str_starts(src->text, mark) ? mark.n : 0 };
    *out = r;
    return true;
}

Str decl_file(const DeclReader *r)
{
    return r->file;
}

/* --- places --------------------------------------------------------------------------------- */
static bool at_end(const DeclReader *r)
{
    return r->at >= r->text.n;
}

static char here(const DeclReader *r)
{
    return at_end(r) ? 0 : r->text.p[r->at];
}

/* Steps over n bytes; columns count characters, so continuation bytes do not. */
static void step(DeclReader *r, size_t n)
{
    for (; n > 0 && !at_end(r); n--, r->at++) {
        if (here(r) == '\n')
            r->line++, r->column = 1;
        else if (r->at + 1 >= r->text.n || ((unsigned char)r->text.p[r->at + 1] & 0xC0) != 0x80)
            r->column++;
    }
}

static DeclWord place(const DeclReader *r, size_t n)
{
    return (DeclWord){ .text = str_sub(r->text, r->at, n), .line = r->line, .column = r->column };
}

/* The character that stands here. */
static DeclWord sign(const DeclReader *r)
{
    uint32_t cp;
    return place(r, str_next(r->text, r->at, &cp));
}

/* An ideographic space is a blank: whoever edits a pack has a Chinese keyboard on. */
static size_t blank_here(const DeclReader *r)
{
    char c = here(r);
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        return 1;
    return str_starts(str_sub(r->text, r->at, 3), STRC("\xE3\x80\x80")) ? 3 : 0;
}

static void skip_blanks(DeclReader *r)
{
    size_t k;
    for (;;) {
        if ((k = blank_here(r)) > 0) {
            step(r, k);
        } else if (here(r) == '#') {
            while (!at_end(r) && here(r) != '\n')
                step(r, 1);
        } else {
            return;
        }
    }
}

/* --- refusing ------------------------------------------------------------------------------- */
static Str found_text(const DeclWord *w, char *out, size_t size)
{
    size_t n = 0, k, points = 0;
    uint32_t cp;
    if (!w->quoted && w->text.n == 0)
        return STRC("文件结尾");
    while ((k = str_next(w->text, n, &cp)) > 0 && points++ < 30)
        n += k;
    int len = snprintf(out, size, w->quoted ? "文字\"%.*s%s\"" : "“%.*s%s”", (int)n, w->text.p,
                       n < w->text.n ? "…" : "");
    return (Str){ out, (size_t)len };
}

static bool refuse(const DeclReader *r, const DeclWord *at, const char *want, Str near, Err *e)
{
    char found[200], hint[DECL_NAME_MAX + 40] = "";
    if (near.n > 0)
        snprintf(hint, sizeof hint, "（是不是“%.*s”？）", STR(near));
    return err_fail(e, ERR_PACK_SYNTAX, err_hole("file", r->file),
                    err_hole("line", (int64_t)at->line), err_hole("column", (int64_t)at->column),
                    err_hole("found", found_text(at, found, sizeof found)), err_hole("want", want),
                    err_hole("hint", (const char *)hint));
}

bool decl_refuse(const DeclReader *r, const DeclWord *at, const char *want, Err *e)
{
    return refuse(r, at, want, STRC(""), e);
}

bool decl_refuse_word(const DeclReader *r, const DeclWord *at, const char *want, const Str *known,
                      size_t n, Err *e)
{
    return refuse(r, at, want, decl_closest(at->text, known, n), e);
}

bool decl_refuse_raw(const DeclReader *r, const DeclWord *raw, Err *e)
{
    int64_t line = 0, column = 0;
    char zh[ERR_HOLE_MAX], en[ERR_HOLE_MAX];
    bool placed = str_int(err_get(e, "line"), &line) && str_int(err_get(e, "column"), &column);
    if (!placed || line < 1 || column < 1)
        line = column = 1;
    err_print(e, LANG_HANS, zh, sizeof zh);
    err_print(e, LANG_EN, en, sizeof en);
    column = line == 1 ? raw->column + column - 1 : column;
    line = raw->line + line - 1;
    return err_fail(e, ERR_PACK_EXPRESSION, err_hole("file", r->file), err_hole("line", line),
                    err_hole("column", column), err_hole("why", (const char *)zh),
                    err_hole("why_en", (const char *)en));
}

/* How many letters to change, add or drop; words are short, so one row of the table is enough. */
static size_t distance(Str a, Str b)
{
    size_t row[DECL_NAME_MAX + 1];
    for (size_t j = 0; j <= b.n; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t change = corner + (a.p[i - 1] != b.p[j - 1]), above = row[j];
            size_t least = above < row[j - 1] ? above + 1 : row[j - 1] + 1;
            row[j] = change < least ? change : least;
            corner = above;
        }
    }
    return row[b.n];
}

Str decl_closest(Str word, const Str *known, size_t n)
{
    Str best = STRC("");
    size_t least = word.n / 3 + 1;
    if (word.n == 0 || word.n > DECL_NAME_MAX)
        return best;
    for (size_t i = 0; i < n; i++) {
        size_t d = known[i].n > DECL_NAME_MAX ? DECL_NAME_MAX : distance(word, known[i]);
        if (d < known[i].n && (d < least || (d == least && best.n == 0)))
            least = d, best = known[i];
    }
    return best;
}

/* --- reading -------------------------------------------------------------------------------- */
static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '.' || c == '-';
}

static bool no_memory(const DeclReader *r, Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", r->file));
}

/* Bytes up to the closing quote, the quotes not counted; *escapes: how many backslashes. */
static bool quoted_end(DeclReader *r, size_t *len, Err *e)
{
    DeclWord open = place(r, 1);
    size_t i = r->at + 1;
    for (;; i++) {
        unsigned char c = i < r->text.n ? (unsigned char)r->text.p[i] : 0;
        if (c == '"')
            break;
        if (i - r->at > DECL_TEXT_MAX)
            return decl_refuse(r, &open, "不超过4000字节、以\"结束的文字", e);
        if (c < 0x20 && c != '\t')
            return decl_refuse(r, &open, "同一行内以\"结束的文字（换行写作\\n）", e);
        if (c != '\\')
            continue;
        c = i + 1 < r->text.n ? (unsigned char)r->text.p[++i] : 0;
        if (c != '"' && c != '\\' && c != 'n') {
            step(r, i - 1 - r->at);
            DeclWord bad = place(r, 1);
            return decl_refuse(r, &bad, "\\\"、\\\\或\\n", e);
        }
    }
    *len = i - r->at - 1;
    return true;
}

static bool read_quoted(DeclReader *r, DeclWord *out, Err *e)
{
    size_t len = 0, n = 0;
    DeclWord w = place(r, 1);
    if (!quoted_end(r, &len, e))
        return false;
    char *p = arena_alloc(r->a, len + 1);
    if (!p)
        return no_memory(r, e);
    const char *from = r->text.p + r->at + 1;
    for (size_t i = 0; i < len; i++) {
        if (from[i] == '\\')
            p[n++] = from[++i] == 'n' ? '\n' : from[i];
        else
            p[n++] = from[i];
    }
    step(r, len + 2);
    *out = (DeclWord){ { p, n }, true, w.line, w.column };
    return true;
}

static bool read_word(DeclReader *r, DeclItem *item, Err *e)
{
    size_t n = 0;
    DeclWord w = sign(r);
    _Static_assert(DECL_WORDS_MAX == 72, "the sentence below says so");
    if (item->n == DECL_WORDS_MAX)
        return decl_refuse(r, &w, "“;”或“{”（一项最多72个词）", e);
    if (here(r) == '"')
        return read_quoted(r, &item->words[item->n], e) && ++item->n;
    while (r->at + n < r->text.n && is_word_char(r->text.p[r->at + n]))
        n++;
    if (n == 0)
        return decl_refuse(r, &w, "名称、数、日期、带引号的文字或半角的“;”“{”“}”", e);
    item->words[item->n++] = place(r, n);
    step(r, n);
    return true;
}

static bool is_raw(const DeclItem *item, const DeclRaw *raw, size_t n)
{
    const DeclWord *first = &item->words[0], *last = &item->words[item->n - 1];
    for (size_t i = 0; i < n; i++) {
        if (first->quoted || last->quoted || !str_eq(first->text, raw[i].first))
            continue;
        if (raw[i].after.n == 0 ? item->n == 1 : str_eq(last->text, raw[i].after))
            return true;
    }
    return false;
}

/* The scan sees the rest of the source from the first character that is no blank, so that its
 * places are those of the expression. */
static bool read_raw(DeclReader *r, DeclItem *item, Err *e)
{
    size_t len = 0, k;
    while ((k = blank_here(r)) > 0)
        step(r, k);
    DeclWord w = sign(r);
    Str rest = str_sub(r->text, r->at, r->text.n);
    if (!r->scan)
        return decl_refuse(r, &w, "没有公式的内容", e);
    if (!r->scan(rest, &len, e))
        return decl_refuse_raw(r, &w, e);
    w.text = str_trim(str_sub(rest, 0, len));
    if (w.text.n == 0)
        return decl_refuse(r, &(DeclWord){ .text = STRC(";"), .line = w.line, .column = w.column },
                           "公式", e);
    step(r, len);
    if (here(r) != ';') {
        w = sign(r);
        return decl_refuse(r, &w, "公式后的“;”", e);
    }
    item->raw = w;
    item->has_raw = true;
    return true;
}

/* --- the canonical text --------------------------------------------------------------------- */
static void print_quoted(Buf *b, Str s)
{
    buf_putc(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            buf_putc(b, '\\');
        if (s.p[i] == '\n')
            buf_put(b, STRC("\\n"));
        else
            buf_putc(b, s.p[i]);
    }
    buf_putc(b, '"');
}

static void print_indent(const DeclReader *r)
{
    for (size_t i = 0; i < r->depth * 4; i++)
        buf_putc(r->canon, ' ');
}

static void print_item(const DeclReader *r, const DeclItem *item)
{
    if (!r->canon)
        return;
    print_indent(r);
    for (size_t i = 0; i < item->n; i++) {
        if (i > 0)
            buf_putc(r->canon, ' ');
        if (item->words[i].quoted)
            print_quoted(r->canon, item->words[i].text);
        else
            buf_put(r->canon, item->words[i].text);
    }
    if (item->has_raw) {
        buf_putc(r->canon, ' ');
        buf_put(r->canon, item->raw.text);
        if (str_has(item->raw.text, STRC("//"))) /* a comment in it may not swallow the ";" */
            buf_putc(r->canon, '\n');
    }
    buf_put(r->canon, item->block ? STRC(" {\n") : STRC(";\n"));
}

/* --- items ---------------------------------------------------------------------------------- */
static bool block_end(DeclItem *out, DeclReader *r, Err *e)
{
    char want[80];
    *out = (DeclItem){ .stop = place(r, 1) };
    if (at_end(r)) {
        if (r->depth == 0)
            return true;
        snprintf(want, sizeof want, "与第%u行的“{”配对的“}”", r->opened[r->depth - 1]);
        return decl_refuse(r, &out->stop, want, e);
    }
    if (r->depth == 0)
        return decl_refuse(r, &out->stop, "新的一项（这个“}”多出来了）", e);
    step(r, 1);
    r->depth--;
    if (r->canon) {
        print_indent(r);
        buf_put(r->canon, STRC("}\n"));
    }
    return true;
}

static bool item_stop(DeclItem *item, DeclReader *r, Err *e)
{
    item->stop = place(r, 1);
    item->block = here(r) == '{';
    if (item->n == 0)
        return decl_refuse(r, &item->stop, "名称", e);
    if (item->block && r->depth == DECL_DEPTH_MAX)
        return decl_refuse(r, &item->stop, "“;”（最多嵌套8层）", e);
    step(r, 1);
    print_item(r, item);
    if (item->block)
        r->opened[r->depth++] = item->stop.line;
    return true;
}

bool decl_item(DeclItem *out, DeclReader *r, const DeclRaw *raw, size_t n_raw, Err *e)
{
    DeclItem item = { .n = 0 };
    skip_blanks(r);
    if (at_end(r) || here(r) == '}')
        return block_end(out, r, e);
    while (here(r) != ';' && here(r) != '{') {
        if (at_end(r) || here(r) == '}') {
            DeclWord w = sign(r);
            return decl_refuse(r, &w, "“;”或“{”", e);
        }
        if (!read_word(r, &item, e))
            return false;
        if (is_raw(&item, raw, n_raw)) {
            if (!read_raw(r, &item, e))
                return false;
            break;
        }
        skip_blanks(r);
    }
    if (!item_stop(&item, r, e))
        return false;
    *out = item;
    return true;
}

/* --- taking words --------------------------------------------------------------------------- */
const DeclWord *decl_word(const DeclItem *item, size_t i)
{
    return i < item->n ? &item->words[i] : item->has_raw ? &item->raw : &item->stop;
}

bool decl_name(Str *out, const DeclReader *r, const DeclItem *item, size_t i, const char *want,
               Err *e)
{
    const DeclWord *w = decl_word(item, i);
    char c = w->text.n ? w->text.p[0] : 0;
    if (i >= item->n || w->quoted || !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
        return decl_refuse(r, w, want, e);
    if (w->text.n > DECL_NAME_MAX)
        return decl_refuse(r, w, "不超过64字节的名称", e);
    *out = w->text;
    return true;
}

bool decl_text(Str *out, const DeclReader *r, const DeclItem *item, size_t i, const char *want,
               Err *e)
{
    const DeclWord *w = decl_word(item, i);
    if (i >= item->n || !w->quoted || str_trim(w->text).n == 0)
        return decl_refuse(r, w, want, e);
    *out = w->text;
    return true;
}

bool decl_int(int64_t *out, const DeclReader *r, const DeclItem *item, size_t i, int64_t min,
              int64_t max, const char *want, Err *e)
{
    const DeclWord *w = decl_word(item, i);
    int64_t v;
    if (i >= item->n || w->quoted || !str_int(w->text, &v) || v < min || v > max)
        return decl_refuse(r, w, want, e);
    *out = v;
    return true;
}

bool decl_dec(Dec *out, const DeclReader *r, const DeclItem *item, size_t i, const char *want,
              Err *e)
{
    const DeclWord *w = decl_word(item, i);
    if (i >= item->n || w->quoted || !dec_parse(out, w->text))
        return decl_refuse(r, w, want, e);
    return true;
}

bool decl_day(Day *out, const DeclReader *r, const DeclItem *item, size_t i, const char *want,
              Err *e)
{
    const DeclWord *w = decl_word(item, i);
    Err quiet;
    if (i >= item->n || w->quoted || !day_read(out, w->text, &quiet))
        return decl_refuse(r, w, want, e);
    return true;
}

bool decl_keyword(const DeclReader *r, const DeclItem *item, size_t i, const char *keyword, Err *e)
{
    const DeclWord *w = decl_word(item, i);
    char want[DECL_NAME_MAX + 8];
    if (i < item->n && !w->quoted && str_is(w->text, keyword))
        return true;
    snprintf(want, sizeof want, "“%s”", keyword);
    return decl_refuse(r, w, want, e);
}

bool decl_done(const DeclReader *r, const DeclItem *item, size_t n, bool block, Err *e)
{
    if (item->n != n || item->has_raw)
        return decl_refuse(r, decl_word(item, n), block ? "“{”" : "“;”", e);
    if (item->block != block)
        return decl_refuse(r, &item->stop, block ? "“{”" : "“;”", e);
    return true;
}

bool decl_raw(const DeclWord **out, const DeclReader *r, const DeclItem *item, size_t n, Err *e)
{
    if (item->n != n || !item->has_raw)
        return decl_refuse(r, decl_word(item, n), "公式", e);
    *out = &item->raw;
    return true;
}
