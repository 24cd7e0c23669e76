/* page: drawing on pages, for the files that make PDFs. Lengths are points (1/72 inch), y grows
 * downwards from the top of the text block. */
#ifndef PRINT_PAGE_H
#define PRINT_PAGE_H

#include <cairo.h>
#include <pango/pangocairo.h>

#include "print/part.h"

#define PRINT_MM (72.0 / 25.4)

/* GB/T 9704-2012: 22 lines of 28 characters of 3号 in 156 mm x 225 mm. A nominal 3号 of 16 pt
 * would leave room for 27 characters only. */
#define PRINT_BLOCK_WIDTH (156 * PRINT_MM)
#define PRINT_BLOCK_HEIGHT (225 * PRINT_MM)
#define PRINT_SIZE_BODY 15.79           /* 3号 */
#define PRINT_SIZE_TITLE 22.0           /* 2号 */
#define PRINT_SIZE_NUMBER 14.0          /* 4号 */
#define PRINT_PITCH (PRINT_BLOCK_HEIGHT / 22)

typedef struct PrintFont {
    PangoFontMap *map;
    PangoContext *context;
    PangoFontDescription *description;
    char latin[64];   /* family of its digits and Latin letters; empty: its own */
} PrintFont;

typedef struct PrintPage {
    Buf *out;
    cairo_surface_t *surface;
    cairo_t *cr;
    PrintFont *fonts; /* of the caller: many papers share them */
    PaperTurn turn;
    double left, top, width, height; /* of the text block */
    double y;                        /* how much of it is used */
    int number;
    bool numbered;
} PrintPage;

/* The paper as PDF; print_make_pdf opens the fonts for it first. */
bool print_draw_pdf(Buf *out, const Paper *p, Moment created, PrintFont fonts[PRINT_FACES],
                    Err *e) MUST_USE;

/* Fonts by file out of `folders` and the places of Noto CJK. */
bool print_fonts_open(PrintFont fonts[PRINT_FACES], const char *folders, Err *e) MUST_USE;
void print_fonts_close(PrintFont fonts[PRINT_FACES]);

void print_page_open(PrintPage *g, Buf *out, PrintFont fonts[PRINT_FACES], const Paper *p,
                     Moment created);
bool print_page_close(PrintPage *g, Err *e) MUST_USE;
void print_page_break(PrintPage *g, PaperTurn turn);
void print_page_room(PrintPage *g, double height);  /* a new page unless so much is left */
void print_page_skip(PrintPage *g, double height);  /* blank space, not at the top of a page */

typedef enum PrintAlign { PRINT_LEFT, PRINT_CENTRE, PRINT_RIGHT } PrintAlign;
typedef struct PrintStyle {
    PrintFace face;
    double size, pitch;
    double indent;       /* of the first line */
    double left, right;  /* margins inside the block */
    PrintAlign align;
    bool justify;
} PrintStyle;

PangoLayout *print_page_layout(PrintPage *g, const PrintStyle *s, Str text, double width);
/* Draws lines [from, to) of a layout with its first line's top at (x, y) of the block. */
void print_page_lines(PrintPage *g, PangoLayout *l, const PrintStyle *s, double x, double y,
                      int from, int to);
void print_page_paragraph(PrintPage *g, Str text, const PrintStyle *s);
/* The same where `tail` must follow on the page of its end: at least two of its lines go
 * with it. */
void print_page_paragraph_with(PrintPage *g, Str text, const PrintStyle *s, double tail);
int print_page_count_lines(PrintPage *g, Str text, const PrintStyle *s);
double print_page_text_width(PrintPage *g, const PrintStyle *s, Str text);
void print_page_rule(PrintPage *g, double x1, double y1, double x2, double y2, double thick);

bool print_page_table(PrintPage *g, const Table *t, Err *e) MUST_USE;
void print_page_ballot(PrintPage *g, const PaperBallot *v);
bool print_page_cards(PrintPage *g, const PaperBlock *k, Err *e) MUST_USE;
bool print_page_qr(PrintPage *g, Str bytes, Str caption, Err *e) MUST_USE;

/* A square code as rows of modules, one byte each, 1 is black; n modules a side. */
bool print_qr_modules(unsigned char **out, int *n, Arena *a, Str bytes, Err *e) MUST_USE;

#endif
