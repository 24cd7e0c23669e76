/* Reading docx (ECMA-376 part 1, WordprocessingML): the text of the body in reading order. What
 * was deleted, hidden in fields or stands twice for old programs is left out. */
#include "print/part.h"

#include <stdlib.h>
#include <string.h>

typedef struct Docx {
    PrintNumbering *numbering;
    Buf *out;
    Buf line;        /* the paragraph or table row under construction */
    Arena *a;
    Str style;       /* of the paragraph */
    int num, level;
    int skip;        /* depth inside something left out; 0: taken */
    int tables;      /* depth of tables */
    int cells;       /* of the row so far */
    int paragraphs;  /* of the cell so far */
    bool in_text, begun, in_numbering;
} Docx;

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static bool too_long(Err *e)
{
    return err_fail(e, ERR_TOO_BIG, err_hole("what", "文件的文字字节数"),
                    err_hole("max", PRINT_TEXT_BYTES_MAX));
}

/* Deleted text, field codes, the copy for programs of before 2010, notes in the margin. */
static bool is_skipped(const char *name)
{
    static const char *const names[] = { "del", "moveFrom", "instrText", "Fallback", "delText",
                                         "pPrChange", "rPrChange", "sectPr" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is(name, names[i]))
            return true;
    return false;
}

/* The number goes in front once the paragraph's properties are known. */
static void begin_text(Docx *d)
{
    if (d->begun)
        return;
    d->begun = true;
    print_numbering_next(d->numbering, &d->line, d->style, d->num, d->level);
}

static void paragraph_open(Docx *d)
{
    if (d->tables > 0 && d->paragraphs++ > 0)
        buf_putc(&d->line, ' ');
    d->style = (Str){ "", 0 };
    d->num = -1;
    d->level = 0;
    d->begun = false;
}

static bool line_end(Docx *d, Err *e)
{
    buf_put(d->out, buf_str(&d->line));
    buf_putc(d->out, '\n');
    bool ok = !d->line.failed && !d->out->failed;
    buf_reset(&d->line);
    return ok || too_long(e);
}

static void property(Docx *d, const char *name, const char **at)
{
    const char *v = print_xml_attribute(at, "val");
    int64_t n;
    if (!v)
        return;
    if (is(name, "pStyle")) {
        arena_reset(d->a);
        d->style = arena_str(d->a, str_of(v));
    } else if (d->in_numbering && str_int(str_of(v), &n) && n >= 0 && n < 100000) {
        if (is(name, "numId"))
            d->num = (int)n;
        else if (is(name, "ilvl"))
            d->level = (int)n;
    }
}

static bool docx_open(void *ctx, const char *name, const char **at, Err *e)
{
    Docx *d = ctx;
    (void)e;
    if (d->skip || is_skipped(name)) {
        d->skip++;
        return true;
    }
    if (is(name, "p"))
        paragraph_open(d);
    else if (is(name, "numPr"))
        d->in_numbering = true;
    else if (is(name, "tbl"))
        d->tables++;
    else if (is(name, "tr"))
        d->cells = 0;
    else if (is(name, "tc") && d->cells++ > 0)
        buf_putc(&d->line, '\t');
    else if (is(name, "t"))
        begin_text(d), d->in_text = true;
    else if (is(name, "tab") && d->begun)
        buf_putc(&d->line, '\t');
    else if ((is(name, "br") || is(name, "cr")) && d->begun)
        buf_putc(&d->line, d->tables ? ' ' : '\n');
    else if (is(name, "noBreakHyphen"))
        buf_putc(&d->line, '-');
    else
        property(d, name, at);
    if (is(name, "tc"))
        d->paragraphs = 0;
    return true;
}

static bool docx_close(void *ctx, const char *name, Err *e)
{
    Docx *d = ctx;
    if (d->skip) {
        d->skip--;
        return true;
    }
    if (is(name, "t"))
        d->in_text = false;
    else if (is(name, "numPr"))
        d->in_numbering = false;
    else if (is(name, "tbl"))
        d->tables--;
    else if ((is(name, "p") && d->tables == 0) || (is(name, "tr") && d->tables == 1))
        return line_end(d, e);
    return true;
}

static bool docx_text(void *ctx, Str piece, Err *e)
{
    Docx *d = ctx;
    if (d->in_text && !d->skip)
        buf_put(&d->line, piece);
    return !d->line.failed || too_long(e);
}

bool print_parse_docx(Buf *out, Str bytes, Err *e)
{
    static const PrintXml how = { docx_open, docx_close, docx_text };
    PrintZip *z = NULL;
    Str part = { "", 0 };
    Docx d = { .out = out, .line = buf_open(PRINT_TEXT_BYTES_MAX) };
    Arena *a = arena_open(64 << 20);
    d.a = arena_open(1 << 20);
    bool ok = a && d.a && print_zip_open(&z, bytes, "docx", e) &&
              print_relation(&part, a, z, "_rels/.rels", "", "/officeDocument", NULL, e);
    if (!a || !d.a)
        (void)err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取docx"));
    if (ok && (part.n == 0 || !str_starts(part, STRC("word/"))))
        ok = err_fail(e, ERR_PRINT_DAMAGED, err_hole("where", "_rels/.rels"),
                      err_hole("why", "不是文档"));
    ok = ok && print_numbering_open(&d.numbering, a, z, e) &&
         print_xml_read(z, part.p, &how, &d, e);
    print_zip_close(z);
    buf_close(&d.line);
    arena_close(d.a);
    arena_close(a);
    return ok;
}
