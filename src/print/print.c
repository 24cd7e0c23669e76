#include "print/part.h"

#include <stdlib.h>
#include <string.h>

#include "print/child.h"
#include "text/text.h"

struct Print {
    char *program, *fonts, *scratch;
    int seconds;
};

bool print_open(Print **out, const PrintSetup *setup, Err *e)
{
    Print *pr = calloc(1, sizeof *pr);
    if (pr) {
        pr->program = strdup(setup->program ? setup->program : "/proc/self/exe");
        pr->fonts = strdup(setup->fonts ? setup->fonts : "");
        pr->scratch = strdup(setup->scratch ? setup->scratch : "");
        pr->seconds = setup->seconds > 0 && setup->seconds < PRINT_SECONDS_MAX ? setup->seconds
                                                                              : PRINT_SECONDS_MAX;
    }
    if (!pr || !pr->program || !pr->fonts || !pr->scratch) {
        print_close(pr);
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "打印"));
    }
    *out = pr;
    return true;
}

void print_close(Print *pr)
{
    if (!pr)
        return;
    free(pr->program);
    free(pr->fonts);
    free(pr->scratch);
    free(pr);
}

/* --- what kind of file ---------------------------------------------------------------------- */

/* A page or a piece of one, as a browser saves or the clipboard hands it over. */
static bool is_html(Str file, Str head)
{
    static const Str tags[] = { S("<!doctype html"), S("<html"), S("<body"), S("<head"), S("<meta"),
                                S("<div"), S("<p>"), S("<p "), S("<table"), S("<span"),
                                S("<article"), S("<h1"), S("<!--startfragment") };
    static const Str ends[] = { S(".html"), S(".htm"), S(".HTML"), S(".HTM") };
    char low[1024];
    size_t n = 0;
    if (head.n == 0 || head.p[0] != '<')
        return false;
    for (; n < head.n && n < sizeof low; n++)
        low[n] = head.p[n] >= 'A' && head.p[n] <= 'Z' ? (char)(head.p[n] + 32) : head.p[n];
    bool named = false, tagged = false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        named |= str_ends(file, ends[i]);
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        tagged |= str_has((Str){ low, n }, tags[i]);
    return named || tagged;
}

bool print_sniff(PrintKind *out, Str file, const char *want, Str bytes, Err *e)
{
    static const Str others[] = {
        S("\x89PNG"), S("\xFF\xD8\xFF"), S("GIF8"), S("Rar!"), S("7z\xBC\xAF"), S("\x1F\x8B"),
        S("{\\rtf"), S("\x7F" "ELF"), S("<?xml"),
    };
    Str head = str_trim(str_sub(bytes, 0, 1024));
    if (bytes.n > PRINT_FILE_BYTES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "文件字节数"),
                        err_hole("max", PRINT_FILE_BYTES_MAX));
    if (str_starts(bytes, STRC("\xD0\xCF\x11\xE0"))) /* old Office, and whatever has a password */
        return err_fail(e, ERR_PRINT_OLD_OFFICE, err_hole("file", file), err_hole("want", want));
    bool page = is_html(file, head);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_starts(head, others[i]) && !page)
            return err_fail(e, ERR_PRINT_KIND, err_hole("file", file), err_hole("want", want));
    if (!str_starts(bytes, STRC("PK\x03\x04"))) {
        *out = page ? PRINT_IS_HTML
               : str_starts(head, STRC("%PDF-")) ? PRINT_IS_PDF : PRINT_IS_TEXT;
        return true;
    }
    PrintZip *z;
    if (!print_zip_open(&z, bytes, want, e))
        return false;
    bool book = print_zip_has(z, "xl/workbook.xml"), doc = print_zip_has(z, "word/document.xml");
    print_zip_close(z);
    if (!book && !doc)
        return err_fail(e, ERR_PRINT_KIND, err_hole("file", file), err_hole("want", want));
    *out = book ? PRINT_IS_XLSX : PRINT_IS_DOCX;
    return true;
}

/* --- out ------------------------------------------------------------------------------------ */

static bool finish(Str *out, Arena *a, const Print *pr, const char *job, Buf *in, Err *e)
{
    Str made = { "", 0 };
    bool ok = (!in->failed || err_fail(e, ERR_NO_MEMORY, err_hole("what", "文件"))) &&
              print_child_run(&made, a, pr->program, pr->seconds, job, buf_str(in), e);
    buf_close(in);
    if (ok)
        *out = made;
    return ok;
}

bool print_xlsx(Str *out, Arena *a, const Print *pr, const Table *const *tables, size_t n,
                Str title, Moment created, Err *e)
{
    if (n == 0 || n > PRINT_TABLES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "工作表数"),
                        err_hole("max", PRINT_TABLES_MAX));
    for (size_t i = 0; i < n; i++)
        if (!table_ok(tables[i], e))
            return false;
    Buf in = buf_open(PRINT_CHILD_BYTES_MAX);
    print_put_str(&in, str_of(pr->scratch));
    print_put_int(&in, created);
    print_put_str(&in, title);
    print_put_int(&in, (int64_t)n);
    for (size_t i = 0; i < n; i++)
        print_put_table(&in, tables[i]);
    return finish(out, a, pr, "xlsx", &in, e);
}

bool print_zip(Str *out, Arena *a, const PrintFile *files, size_t n, Err *e)
{
    Buf b = buf_open(PRINT_MADE_BYTES_MAX);
    PrintPack *k = print_pack_open();
    bool named = true;
    for (size_t i = 0; i < n; i++) {
        const char *path = arena_z(a, files[i].path);
        named &= path != NULL;
        if (path)
            print_pack_add(k, path, files[i].bytes);
    }
    bool ok = print_pack_close(k, &b, e) && (named || err_fail(e, ERR_NO_MEMORY,
                                                               err_hole("what", "文件打包")));
    if (ok)
        *out = arena_str(a, buf_str(&b));
    ok = ok && (!arena_refused(a) || err_fail(e, ERR_TOO_BIG, err_hole("what", "文件打包"),
                                              err_hole("max", PRINT_MADE_BYTES_MAX)));
    buf_close(&b);
    return ok;
}

static bool papers_out(Str *out, Arena *a, const Print *pr, const char *job,
                       const Paper *const *papers, size_t n, Moment created, Err *e)
{
    PrintWire reply = { 0 };
    if (n == 0 || n > PRINT_PAPERS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "一次制作的文书份数"),
                        err_hole("max", PRINT_PAPERS_MAX));
    for (size_t i = 0; i < n; i++)
        if (!paper_ok(papers[i], e))
            return false;
    Buf in = buf_open(PRINT_CHILD_BYTES_MAX);
    print_put_str(&in, str_of(pr->fonts));
    print_put_int(&in, created);
    print_put_int(&in, (int64_t)n);
    for (size_t i = 0; i < n; i++)
        print_put_paper(&in, papers[i]);
    if (!finish(&reply.s, a, pr, job, &in, e))
        return false;
    for (size_t i = 0; i < n; i++)
        out[i] = print_get_str(&reply);
    return !reply.bad || err_fail(e, ERR_PRINT_CHILD, err_hole("why", "回复无法识别"));
}

bool print_pdfs(Str *out, Arena *a, const Print *pr, const Paper *const *papers, size_t n,
                Moment created, Err *e)
{
    return papers_out(out, a, pr, "pdf", papers, n, created, e);
}

bool print_docxs(Str *out, Arena *a, const Print *pr, const Paper *const *papers, size_t n,
                 Moment created, Err *e)
{
    return papers_out(out, a, pr, "docx", papers, n, created, e);
}

bool print_pdf(Str *out, Arena *a, const Print *pr, const Paper *p, Moment created, Err *e)
{
    Str made;
    return print_pdfs(&made, a, pr, &p, 1, created, e) && (*out = made, true);
}

bool print_docx(Str *out, Arena *a, const Print *pr, const Paper *p, Moment created, Err *e)
{
    Str made;
    return print_docxs(&made, a, pr, &p, 1, created, e) && (*out = made, true);
}

/* --- in ------------------------------------------------------------------------------------- */

static bool read_in_child(Str *out, Arena *a, const Print *pr, const char *job, Str file,
                          Str bytes, Err *e)
{
    if (bytes.n > PRINT_FILE_BYTES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "文件字节数"),
                        err_hole("max", PRINT_FILE_BYTES_MAX));
    Buf in = buf_open(PRINT_CHILD_BYTES_MAX);
    print_put_str(&in, str_sub(file, 0, 200));
    print_put_str(&in, bytes);
    return finish(out, a, pr, job, &in, e);
}

bool print_read_grid(GridBook **out, Arena *a, const Print *pr, Str file, Str bytes, Err *e)
{
    Arena *reply = arena_open(PRINT_CHILD_BYTES_MAX);
    GridBook *book = grid_open(a);
    PrintWire w = { 0 };
    bool ok = reply && book;
    if (!ok)
        (void)err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取表格"));
    ok = ok && read_in_child(&w.s, reply, pr, "grid", file, bytes, e) &&
         print_get_book(&w, book, e);
    arena_close(reply);
    if (ok)
        *out = book;
    return ok;
}

bool print_read_text(Str *out, Arena *a, const Print *pr, Str file, Str bytes, Err *e)
{
    Str text;
    bool pdf = str_starts(str_trim(str_sub(bytes, 0, 1024)), STRC("%PDF-"));
    if (!read_in_child(&text, a, pr, pdf ? "pdftext" : "text", file, bytes, e))
        return false;
    if (!str_valid(text) || text.n > PRINT_TEXT_BYTES_MAX)
        return err_fail(e, ERR_PRINT_CHILD, err_hole("why", "回复无法识别"));
    *out = text;
    return true;
}
