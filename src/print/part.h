/* part: the insides of print, for its own files, tests and fuzzers. What print.h promises to do in
 * a child is done here in the calling process. */
#ifndef PRINT_PART_H
#define PRINT_PART_H

#include "print/print.h"

/* --- writers: bytes are added to `out` ------------------------------------------------------ */

bool print_make_xlsx(Buf *out, const Table *const *tables, size_t n, Str title, Moment created,
                     const char *scratch, Err *e) MUST_USE;
bool print_make_docx(Buf *out, const Paper *p, Moment created, Err *e) MUST_USE;
bool print_make_pdf(Buf *out, const Paper *p, Moment created, const char *fonts,
                    Err *e) MUST_USE;

/* --- readers -------------------------------------------------------------------------------- */

typedef enum PrintKind { PRINT_IS_XLSX, PRINT_IS_DOCX, PRINT_IS_PDF, PRINT_IS_HTML,
                         PRINT_IS_TEXT } PrintKind;
/* Tells by the bytes; refuses what is neither (old Office files, passwords, pictures). */
bool print_sniff(PrintKind *out, Str file, const char *want, Str bytes, Err *e) MUST_USE;
bool print_parse_xlsx(GridBook *b, Str bytes, Err *e) MUST_USE;
bool print_parse_csv(GridBook *b, Str bytes, Err *e) MUST_USE;
bool print_parse_docx(Buf *out, Str bytes, Err *e) MUST_USE;
bool print_parse_html(Buf *out, Str text, Err *e) MUST_USE;      /* text: decoded, UTF-8 */
bool print_parse_pdf(Buf *out, Str bytes, Err *e) MUST_USE;      /* starts a process of its own */
bool print_join_lines(Buf *out, Str lines, Err *e) MUST_USE;     /* of pdftotext -layout */
/* Adds the text without what only changes how others look: marks of direction, characters without
 * width, controls, the fifth accent and more on one letter. */
void print_plain(Buf *out, Str s);

/* --- archives ------------------------------------------------------------------------------- */

typedef struct PrintZip PrintZip;
/* Opens an xlsx or docx; refuses too many parts and macros. `bytes` must outlive it. */
bool print_zip_open(PrintZip **out, Str bytes, const char *want, Err *e) MUST_USE;
void print_zip_close(PrintZip *z);
bool print_zip_has(PrintZip *z, const char *part);
/* Feeds the part piece by piece to `take` until it returns false. */
typedef bool (*PrintTake)(void *ctx, Str piece, bool last, Err *e);
bool print_zip_read(PrintZip *z, const char *part, PrintTake take, void *ctx, Err *e) MUST_USE;

typedef struct PrintPack PrintPack; /* an archive being written, the parts in order of adding */
PrintPack *print_pack_open(void);
void print_pack_add(PrintPack *k, const char *part, Str bytes); /* copied */
bool print_pack_close(PrintPack *k, Buf *out, Err *e) MUST_USE; /* NULL out: thrown away */

/* --- XML ------------------------------------------------------------------------------------ */

/* Names arrive without their namespace prefix. A handler that fails has set its Err. */
typedef struct PrintXml {
    bool (*open)(void *ctx, const char *name, const char **attributes, Err *e);
    bool (*close)(void *ctx, const char *name, Err *e);
    bool (*text)(void *ctx, Str piece, Err *e); /* may be NULL */
} PrintXml;
/* Parses one part with limits; DTDs are refused. A missing part is an error. */
bool print_xml_read(PrintZip *z, const char *part, const PrintXml *how, void *ctx,
                    Err *e) MUST_USE;
const char *print_xml_attribute(const char **attributes, const char *name); /* NULL when absent */

/* The target of the first relationship in `part` whose type ends in `type` (NULL: any) or whose id
 * is `id` (NULL: any), relative to `base`; NULL when there is none. */
bool print_relation(Str *out, Arena *a, PrintZip *z, const char *part, const char *base,
                    const char *type, const char *id, Err *e) MUST_USE;

/* --- numbering of a docx -------------------------------------------------------------------- */

typedef struct PrintNumbering PrintNumbering;
bool print_numbering_open(PrintNumbering **out, Arena *a, PrintZip *z, Err *e) MUST_USE;
/* The number of the next paragraph: its own list and level, or those of its style ("" if none).
 * num -1 means the paragraph names no list. Adds "（一）" to out. */
void print_numbering_next(PrintNumbering *n, Buf *out, Str style, int num, int level);

/* --- fonts ---------------------------------------------------------------------------------- */

typedef enum PrintFace { PRINT_FANG, PRINT_KAI, PRINT_HEI, PRINT_SONG, PRINT_TITLE,
                         PRINT_FACES } PrintFace;

/* --- the wire between parent and child ------------------------------------------------------ */

typedef struct PrintWire {
    Str s;
    size_t at;
    bool bad; /* something did not fit: everything read since is empty */
} PrintWire;

void print_put_int(Buf *b, int64_t v);
void print_put_str(Buf *b, Str s);
int64_t print_get_int(PrintWire *w);
Str print_get_str(PrintWire *w);          /* points into w->s */

void print_put_err(Buf *b, const Err *e);
void print_get_err(PrintWire *w, Err *e); /* ERR_PRINT_CHILD when it makes no sense */
void print_put_table(Buf *b, const Table *t);
Table *print_get_table(PrintWire *w, Arena *a); /* NULL or a failed table when bad */
void print_put_paper(Buf *b, const Paper *p);
Paper *print_get_paper(PrintWire *w, Arena *a);
void print_put_book(Buf *b, const GridBook *g);
bool print_get_book(PrintWire *w, GridBook *g, Err *e) MUST_USE;

#endif
