/* print: papers and tables out as xlsx, csv, docx and PDF; uploaded xlsx, csv, docx, pdf, html and
 * txt in.
 *
 * Everything but csv and txt is done in a short-lived child of this program with limits on memory,
 * time and files and without sockets: parsers of other people's files are where programs get
 * broken into, and drawing a PDF costs 80 MB that a server should not keep. It refuses to know
 * what the words mean, what day it is (creation dates come from the caller; the same input gives
 * the same bytes) and where files are stored: bytes in, bytes out.
 *
 * Ownership: results live in the arena that was given. A Print is opened once and only read by
 * every call, so threads share it; each call has a child of its own.
 *
 *     print_child(argc, argv);                                 // first thing in main
 *     PrintSetup setup = { .fonts = ".tools/fonts", .scratch = "D/scratch" };
 *     if (!print_open(&pr, &setup, &e)) ...
 *     if (!print_pdf(&bytes, a, pr, paper, created, &e)) ...
 *     if (!print_read_grid(&book, a, pr, STRC("roster.xlsx"), bytes, &e)) ...
 *     print_close(pr);
 *
 * Nouns of this face: print_ */
#ifndef PRINT_H
#define PRINT_H

#include "base/base.h"
#include "sheet/sheet.h"

enum {
    PRINT_FILE_BYTES_MAX = 32 << 20,      /* of an uploaded file */
    PRINT_PARTS_MAX = 2000,               /* files inside an xlsx or docx */
    PRINT_EXPANDED_BYTES_MAX = 400 << 20, /* of one such file, expanded */
    PRINT_RATIO_MAX = 250,                /* expanded : compressed, past the first MiB */
    PRINT_XML_DEPTH_MAX = 64,
    PRINT_TEXT_BYTES_MAX = 4 << 20,       /* of the text of a docx, pdf, html or txt */
    PRINT_STRINGS_MAX = 2000000,          /* shared strings of an xlsx */
    PRINT_MERGES_MAX = 100000,            /* merged ranges of one sheet */
    PRINT_MADE_BYTES_MAX = 256 << 20,     /* of a document we make */
    PRINT_TABLES_MAX = 60,                /* sheets of a workbook we make */
    PRINT_PAPERS_MAX = 500,               /* papers made by one child */
    PRINT_SECONDS_MAX = 60                /* of a child */
};

/* --- the handle and the child --------------------------------------------------------------- */

typedef struct Print Print;
typedef struct PrintSetup {
    const char *program; /* NULL: this very program (/proc/self/exe) */
    const char *fonts;   /* folders of font files, ':' between them; may be NULL or absent */
    const char *scratch; /* an existing folder, mode 0700: xlsx passes through files there */
    int seconds;         /* a child may take; 0: PRINT_SECONDS_MAX */
} PrintSetup;

bool print_open(Print **out, const PrintSetup *setup, Err *e) MUST_USE;
void print_close(Print *pr);                             /* accepts NULL */
/* Is this process the child (argv[1] is "print-child")? Then its job is done and it ends here.
 * The program's main calls it first of all, before it opens anything. */
void print_child(int argc, char **argv);

/* --- out ------------------------------------------------------------------------------------ */

/* One sheet per table: header frozen, filter set, dates are dates, numbers numbers (a number of
 * more than 15 digits is written as text: a spreadsheet would round it). Columns with choices have
 * drop-downs, fed from a hidden sheet. */
bool print_xlsx(Str *out, Arena *a, const Print *pr, const Table *const *tables, size_t n,
                Str title, Moment created, Err *e) MUST_USE;
/* UTF-8 with byte order mark, CRLF; text that a spreadsheet would take for a formula gets a ' in
 * front (print_read_grid takes it off again). */
bool print_csv(Str *out, Arena *a, const Table *t, Err *e) MUST_USE;
bool print_pdf(Str *out, Arena *a, const Print *pr, const Paper *p, Moment created,
               Err *e) MUST_USE;
bool print_docx(Str *out, Arena *a, const Print *pr, const Paper *p, Moment created,
                Err *e) MUST_USE;
/* n papers, 1 to PRINT_PAPERS_MAX, in one child that opens the fonts once: out[i] has the very
 * bytes that print_pdf or print_docx makes of papers[i]. `out` counts on success only. */
bool print_pdfs(Str *out, Arena *a, const Print *pr, const Paper *const *papers, size_t n,
                Moment created, Err *e) MUST_USE;
bool print_docxs(Str *out, Arena *a, const Print *pr, const Paper *const *papers, size_t n,
                 Moment created, Err *e) MUST_USE;

/* An archive of files, made right here: nothing of it is parsed. Paths may have folders. */
typedef struct PrintFile {
    Str path, bytes;
} PrintFile;
bool print_zip(Str *out, Arena *a, const PrintFile *files, size_t n, Err *e) MUST_USE;

/* Text as content or attribute of XML; characters that XML cannot hold are dropped. */
void print_xml_escape(Buf *out, Str s);

/* --- in ------------------------------------------------------------------------------------- */

/* xlsx or csv, told by the bytes. `file` is what the person called it, for messages. A csv may be
 * UTF-8, UTF-16, GB18030 or Big5, with comma, semicolon or tab. */
bool print_read_grid(GridBook **out, Arena *a, const Print *pr, Str file, Str bytes,
                     Err *e) MUST_USE;
#define PRINT_TEXT_WANT "docx、pdf、html或txt"
/* docx, pdf with a text layer, html or txt, told by the bytes: a line per paragraph; automatic
 * numbers of a docx are written out; the cells of a table row stand in one line with tabs between;
 * menus and the second headline of a web page are left out. What makes text look other than it is
 * (marks of direction, characters without width, towers of accents) is taken off. */
bool print_read_text(Str *out, Arena *a, const Print *pr, Str file, Str bytes, Err *e) MUST_USE;

#endif
