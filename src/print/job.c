/* The child's side: it reads its request from stdin to the end, bolts the doors, does one job, and
 * writes one byte ('+' or '-') and the result or the error to stdout. It has no other way out. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "print/child.h"
#include "print/page.h"
#include "text/text.h"

#if defined(__SANITIZE_ADDRESS__)
#define WATCHED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED true
#endif
#endif
#ifndef WATCHED
#define WATCHED false /* the address sanitizer reserves terabytes and reads files of its own */
#endif

/* --- the jobs ------------------------------------------------------------------------------- */

static bool incomplete(Err *e)
{
    return err_fail(e, ERR_PRINT_CHILD, err_hole("why", "请求不完整"));
}

static bool job_xlsx(Buf *out, Arena *a, PrintWire *w, Err *e)
{
    const Table *tables[PRINT_TABLES_MAX];
    const char *scratch = arena_z(a, print_get_str(w));
    Moment created = print_get_int(w);
    Str title = print_get_str(w);
    int64_t n = print_get_int(w);
    if (w->bad || !scratch || n < 1 || n > PRINT_TABLES_MAX)
        return incomplete(e);
    for (int64_t i = 0; i < n; i++) {
        tables[i] = print_get_table(w, a);
        if (!table_ok(tables[i], e))
            return false;
    }
    return !w->bad ? print_make_xlsx(out, tables, (size_t)n, title, created, scratch, e)
                   : incomplete(e);
}

/* Papers one after the other, each in memory of its own; the reply is as many files. */
static bool papers_make(Buf *out, PrintWire *w, Moment created, int64_t n, PrintFont *fonts,
                        Err *e)
{
    bool ok = true;
    for (int64_t i = 0; i < n && ok; i++) {
        Arena *one = arena_open(PRINT_CHILD_BYTES_MAX);
        Buf made = buf_open(PRINT_MADE_BYTES_MAX);
        Paper *p = one ? print_get_paper(w, one) : NULL;
        ok = paper_ok(p, e) && (!w->bad || incomplete(e)) &&
             (fonts ? print_draw_pdf(&made, p, created, fonts, e)
                    : print_make_docx(&made, p, created, e)) &&
             (!made.failed || err_fail(e, ERR_NO_MEMORY, err_hole("what", "文件")));
        if (ok)
            print_put_str(out, buf_str(&made));
        buf_close(&made);
        arena_close(one);
    }
    return ok;
}

static bool papers_job(Buf *out, Arena *a, PrintWire *w, bool pdf, Err *e)
{
    PrintFont fonts[PRINT_FACES] = { 0 };
    const char *folders = arena_z(a, print_get_str(w));
    Moment created = print_get_int(w);
    int64_t n = print_get_int(w);
    if (w->bad || !folders || n < 1 || n > PRINT_PAPERS_MAX)
        return incomplete(e);
    if (pdf && !print_fonts_open(fonts, folders, e))
        return false;
    bool ok = papers_make(out, w, created, n, pdf ? fonts : NULL, e);
    print_fonts_close(fonts);
    return ok;
}

static bool job_pdf(Buf *out, Arena *a, PrintWire *w, Err *e)
{
    return papers_job(out, a, w, true, e);
}

static bool job_docx(Buf *out, Arena *a, PrintWire *w, Err *e)
{
    return papers_job(out, a, w, false, e);
}

static bool job_grid(Buf *out, Arena *a, PrintWire *w, Err *e)
{
    static const char want[] = "xlsx或csv";
    Str file = print_get_str(w), bytes = print_get_str(w);
    PrintKind kind;
    GridBook *book = grid_open(a);
    if (w->bad || !book)
        return incomplete(e);
    if (!print_sniff(&kind, file, want, bytes, e))
        return false;
    if (kind != PRINT_IS_XLSX && kind != PRINT_IS_TEXT)
        return err_fail(e, ERR_PRINT_KIND, err_hole("file", file), err_hole("want", want));
    if (!(kind == PRINT_IS_XLSX ? print_parse_xlsx(book, bytes, e)
                                : print_parse_csv(book, bytes, e)))
        return false;
    print_put_book(out, book);
    return true;
}

/* Text of one kind, before what hides in it is taken off. */
static bool text_of(Buf *out, Arena *a, PrintKind kind, Str bytes, Err *e)
{
    Str text;
    if (kind == PRINT_IS_DOCX)
        return print_parse_docx(out, bytes, e);
    if (kind == PRINT_IS_PDF)
        return print_parse_pdf(out, bytes, e);
    if (!text_decode(&text, NULL, a, bytes, e))
        return false;
    if (kind == PRINT_IS_HTML)
        return print_parse_html(out, text, e);
    buf_put(out, text);
    return true;
}

static bool text_job(Buf *out, Arena *a, PrintWire *w, bool pdf, Err *e)
{
    Str file = print_get_str(w), bytes = print_get_str(w);
    PrintKind kind;
    if (w->bad)
        return incomplete(e);
    if (!print_sniff(&kind, file, PRINT_TEXT_WANT, bytes, e))
        return false;
    if (kind == PRINT_IS_XLSX || (kind == PRINT_IS_PDF) != pdf)
        return err_fail(e, ERR_PRINT_KIND, err_hole("file", file),
                        err_hole("want", PRINT_TEXT_WANT));
    Buf text = buf_open(PRINT_TEXT_BYTES_MAX);
    bool ok = text_of(&text, a, kind, bytes, e) &&
              (!text.failed || err_fail(e, ERR_TOO_BIG, err_hole("what", "文件的文字字节数"),
                                        err_hole("max", PRINT_TEXT_BYTES_MAX)));
    if (ok)
        print_plain(out, buf_str(&text));
    buf_close(&text);
    return ok;
}

static bool job_text(Buf *out, Arena *a, PrintWire *w, Err *e)
{
    return text_job(out, a, w, false, e);
}

static bool job_pdftext(Buf *out, Arena *a, PrintWire *w, Err *e)
{
    return text_job(out, a, w, true, e);
}

typedef struct Job {
    const char *name;
    bool (*run)(Buf *out, Arena *a, PrintWire *w, Err *e);
    bool files; /* may open files: fonts, scratch; the tool that reads PDFs is one */
} Job;

static const Job jobs[] = {
    { "xlsx",    job_xlsx,    true  },
    { "docx",    job_docx,    true  },
    { "pdf",     job_pdf,     true  },
    { "grid",    job_grid,    false },
    { "text",    job_text,    false },
    { "pdftext", job_pdftext, true  },
};

/* --- the doors ------------------------------------------------------------------------------ */

static void limit(int what, rlim_t most)
{
    struct rlimit r = { most, most };
    (void)setrlimit(what, &r); /* lowering one's own limit cannot fail in a way that matters */
}

/* Where the system does not allow a network of one's own, the limit on descriptors still leaves a
 * reader no room for a socket. */
static void bolt(const Job *job)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    close_range(3, ~0u, 0);
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 && unshare(CLONE_NEWNET) != 0)
        errno = 0;
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, PRINT_SECONDS_MAX);
    if (!WATCHED)
        limit(RLIMIT_AS, (rlim_t)2 << 30);
    if (!job->files && !WATCHED) {
        limit(RLIMIT_FSIZE, 0);
        limit(RLIMIT_NOFILE, 3);
    }
}

static bool request_read(Buf *in)
{
    char piece[64 << 10];
    ssize_t n;
    while ((n = read(0, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0)
            buf_put(in, (Str){ piece, (size_t)n });
    return n == 0 && !in->failed;
}

static bool reply_write(Str s)
{
    while (s.n > 0) {
        ssize_t n = write(1, s.p, s.n);
        if (n < 0 && errno != EINTR)
            return false;
        s = str_sub(s, n > 0 ? (size_t)n : 0, s.n);
    }
    return true;
}

static bool work(const Job *job)
{
    enum { ARENA_CAP = 1 << 30 };
    Buf in = buf_open(PRINT_CHILD_BYTES_MAX), out = buf_open(PRINT_CHILD_BYTES_MAX);
    Arena *a = arena_open(ARENA_CAP);
    Err e = { 0 };
    bool ok = a && request_read(&in);
    PrintWire w = { .s = buf_str(&in) };
    buf_putc(&out, '+');
    ok = ok ? job->run(&out, a, &w, &e) : incomplete(&e);
    if (ok && out.failed)
        ok = err_fail(&e, ERR_NO_MEMORY, err_hole("what", "文件"));
    if (!ok) {
        buf_reset(&out);
        buf_putc(&out, '-');
        print_put_err(&out, &e);
    }
    ok = reply_write(buf_str(&out));
    buf_close(&in);
    buf_close(&out);
    arena_close(a);
    return ok;
}

void print_child(int argc, char **argv)
{
    if (argc < 3 || strcmp(argv[1], PRINT_CHILD_WORD) != 0)
        return;
    alarm(PRINT_SECONDS_MAX);
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
        if (strcmp(argv[2], jobs[i].name) == 0) {
            bolt(&jobs[i]);
            _exit(work(&jobs[i]) ? EXIT_SUCCESS : EXIT_FAILURE); /* libraries need not tidy up */
        }
    _exit(EXIT_FAILURE);
}
