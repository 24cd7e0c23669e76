#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cairo-pdf.h>

#include "print/page.h"

#define A4_SHORT (210 * PRINT_MM)
#define A4_LONG (297 * PRINT_MM)

static cairo_status_t take(void *closure, const unsigned char *data, unsigned n)
{
    PrintPage *g = closure;
    buf_put(g->out, (Str){ (const char *)data, n });
    return g->out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* A turned page keeps its block: the binding edge, 28 mm, is then above it. */
static void block_set(PrintPage *g, PaperTurn turn)
{
    bool wide = turn == PAPER_LANDSCAPE;
    g->turn = turn;
    g->left = (wide ? 37 : 28) * PRINT_MM;
    g->top = (wide ? 28 : 37) * PRINT_MM;
    g->width = wide ? PRINT_BLOCK_HEIGHT : PRINT_BLOCK_WIDTH;
    g->height = wide ? PRINT_BLOCK_WIDTH : PRINT_BLOCK_HEIGHT;
    g->y = 0;
    cairo_pdf_surface_set_size(g->surface, wide ? A4_LONG : A4_SHORT, wide ? A4_SHORT : A4_LONG);
}

void print_page_open(PrintPage *g, Buf *out, PrintFont fonts[PRINT_FACES], const Paper *p,
                     Moment created)
{
    *g = (PrintPage){ .out = out, .fonts = fonts, .number = 1, .numbered = p->numbered };
    Arena *a = arena_open(1 << 20);
    g->surface = cairo_pdf_surface_create_for_stream(take, g, A4_SHORT, A4_LONG);
    if (a) {
        Str day = moment_print(a, created);
        const char *stamp = arena_text(a, "%.*sZ", 19, day.n >= 19 ? day.p : "").p;
        cairo_pdf_surface_set_metadata(g->surface, CAIRO_PDF_METADATA_TITLE, arena_z(a, p->name));
        cairo_pdf_surface_set_metadata(g->surface, CAIRO_PDF_METADATA_CREATE_DATE, stamp);
        cairo_pdf_surface_set_metadata(g->surface, CAIRO_PDF_METADATA_MOD_DATE, stamp);
    }
    arena_close(a);
    g->cr = cairo_create(g->surface);
    block_set(g, p->turn);
}

/* 4号 between dashes under the block: odd pages at the right, even at the left, one character in. */
static void number_draw(PrintPage *g)
{
    static const PrintStyle style = { .face = PRINT_SONG, .size = PRINT_SIZE_NUMBER,
                                      .pitch = PRINT_SIZE_NUMBER };
    char text[32];
    snprintf(text, sizeof text, "— %d —", g->number);
    double w = print_page_text_width(g, &style, str_of(text));
    bool odd = g->number % 2 == 1;
    double x = odd ? g->width - w - PRINT_SIZE_NUMBER : PRINT_SIZE_NUMBER;
    PangoLayout *l = print_page_layout(g, &style, str_of(text), -1);
    print_page_lines(g, l, &style, x, g->height + 7 * PRINT_MM, 0, 1);
    g_object_unref(l);
}

static void page_finish(PrintPage *g)
{
    if (g->numbered)
        number_draw(g);
    cairo_show_page(g->cr);
    g->number++;
}

void print_page_break(PrintPage *g, PaperTurn turn)
{
    page_finish(g);
    block_set(g, turn);
}

bool print_page_close(PrintPage *g, Err *e)
{
    page_finish(g);
    cairo_destroy(g->cr);
    cairo_surface_finish(g->surface);
    cairo_status_t status = cairo_surface_status(g->surface);
    cairo_surface_destroy(g->surface);
    return status == CAIRO_STATUS_SUCCESS ||
           err_fail(e, ERR_PRINT_WRITE, err_hole("what", "PDF"),
                    err_hole("why", cairo_status_to_string(status)));
}

void print_page_room(PrintPage *g, double height)
{
    const double ROUNDING = 0.01;
    if (g->y > 0 && g->y + height > g->height + ROUNDING)
        print_page_break(g, g->turn);
}

void print_page_skip(PrintPage *g, double height)
{
    if (g->y > 0)
        g->y += height;
}

/* --- text ----------------------------------------------------------------------------------- */

static bool is_latin(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           c == '.' || c == '-' || c == '%';
}

/* Runs of digits and Latin letters take the family that the face has for them. */
static void latin_set(PangoLayout *l, const PrintFont *font, Str text)
{
    PangoAttrList *all = pango_attr_list_new();
    for (size_t at = 0; at < text.n;) {
        size_t end = at;
        while (end < text.n && is_latin(text.p[end]))
            end++;
        if (end > at) {
            PangoAttribute *one = pango_attr_family_new(font->latin);
            one->start_index = (guint)at;
            one->end_index = (guint)end;
            pango_attr_list_insert(all, one);
        }
        at = end > at ? end : at + 1;
    }
    pango_layout_set_attributes(l, all);
    pango_attr_list_unref(all);
}

PangoLayout *print_page_layout(PrintPage *g, const PrintStyle *s, Str text, double width)
{
    PrintFont *font = &g->fonts[s->face];
    PangoLayout *l = pango_layout_new(font->context);
    pango_font_description_set_size(font->description, (int)(s->size * PANGO_SCALE));
    pango_layout_set_font_description(l, font->description);
    pango_layout_set_text(l, text.n ? text.p : "", (int)text.n);
    if (font->latin[0])
        latin_set(l, font, text);
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_width(l, width < 0 ? -1 : (int)(width * PANGO_SCALE));
    pango_layout_set_indent(l, (int)(s->indent * PANGO_SCALE));
    pango_layout_set_auto_dir(l, FALSE);
    return l;
}

double print_page_text_width(PrintPage *g, const PrintStyle *s, Str text)
{
    PangoRectangle r;
    PangoLayout *l = print_page_layout(g, s, text, -1);
    pango_layout_get_extents(l, NULL, &r);
    g_object_unref(l);
    return (double)r.width / PANGO_SCALE;
}

static bool is_word(const char *text, int at)
{
    unsigned char c = (unsigned char)text[at];
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.';
}

/* …… and —— are one sign each. */
static bool is_pair(const char *text, int at, int next)
{
    return next - at == 3 && memcmp(text + at, text + next, 3) == 0 &&
           (memcmp(text + at, "…", 3) == 0 || memcmp(text + at, "—", 3) == 0);
}

/* Adds `more` (Pango units) after each glyph that space may follow: not inside a number, a Latin
 * word or a double sign, not after the last. Returns how many there are. */
static int gaps(PangoLayoutLine *line, const char *text, int more)
{
    int n = 0, end = line->start_index + line->length;
    for (GSList *run = line->runs; run; run = run->next) {
        PangoGlyphItem *item = run->data;
        PangoGlyphString *gs = item->glyphs;
        for (int i = 0; i < gs->num_glyphs; i++) {
            int at = item->item->offset + gs->log_clusters[i];
            int next = i + 1 < gs->num_glyphs ? item->item->offset + gs->log_clusters[i + 1]
                                              : item->item->offset + item->item->length;
            if (next == at || next >= end || (is_word(text, at) && is_word(text, next)) ||
                is_pair(text, at, next))
                continue;
            gs->glyphs[i].geometry.width += more;
            n++;
        }
    }
    return n;
}

/* Chinese official prose runs flush on both sides: what the breaking rules left over is spread. */
static void justify(PangoLayout *l, PangoLayoutLine *line, double width, double size)
{
    enum { MOST_CHARACTERS = 4 };
    const char *text = pango_layout_get_text(l);
    PangoRectangle r;
    pango_layout_line_get_extents(line, NULL, &r);
    double slack = width * PANGO_SCALE - r.width;
    char after = text[line->start_index + line->length];
    if (after == '\0' || after == '\n' || slack <= 0 ||
        slack > MOST_CHARACTERS * size * PANGO_SCALE)
        return;
    int n = gaps(line, text, 0);
    if (n > 0)
        gaps(line, text, (int)(slack / n));
}

void print_page_lines(PrintPage *g, PangoLayout *l, const PrintStyle *s, double x, double y,
                      int from, int to)
{
    const double ASCENT = 0.86; /* of the em, for Chinese fonts */
    double width = (double)pango_layout_get_width(l) / PANGO_SCALE;
    for (int i = from; i < to; i++) {
        PangoLayoutLine *line = pango_layout_get_line(l, i);
        if (!line)
            return;
        double indent = i == 0 || line->is_paragraph_start ? s->indent : 0;
        if (s->justify && width > 0)
            justify(l, line, width - indent, s->size);
        PangoRectangle r;
        pango_layout_line_get_extents(line, NULL, &r);
        double spare = width - indent - (double)r.width / PANGO_SCALE, shift = indent;
        if (width > 0 && s->align != PRINT_LEFT && spare > 0)
            shift += s->align == PRINT_CENTRE ? spare / 2 : spare;
        double top = y + (i - from) * s->pitch + (s->pitch - s->size) / 2;
        cairo_move_to(g->cr, g->left + x + shift, g->top + top + s->size * ASCENT);
        pango_cairo_show_layout_line(g->cr, line);
    }
}

int print_page_count_lines(PrintPage *g, Str text, const PrintStyle *s)
{
    PangoLayout *l = print_page_layout(g, s, text, g->width - s->left - s->right);
    int n = pango_layout_get_line_count(l);
    g_object_unref(l);
    return n;
}

void print_page_paragraph(PrintPage *g, Str text, const PrintStyle *s)
{
    print_page_paragraph_with(g, text, s, 0);
}

void print_page_paragraph_with(PrintPage *g, Str text, const PrintStyle *s, double tail)
{
    enum { TOGETHER = 2 };
    PangoLayout *l = print_page_layout(g, s, text, g->width - s->left - s->right);
    int n = pango_layout_get_line_count(l);
    int last = n > TOGETHER + 1 ? n - TOGETHER : 0; /* from here on it goes with what follows */
    for (int i = 0; i < n; i++) {
        print_page_room(g, tail > 0 && i == last ? (n - last) * s->pitch + tail : s->pitch);
        print_page_lines(g, l, s, s->left, g->y, i, i + 1);
        g->y += s->pitch;
    }
    g_object_unref(l);
}

void print_page_rule(PrintPage *g, double x1, double y1, double x2, double y2, double thick)
{
    cairo_set_line_width(g->cr, thick);
    cairo_move_to(g->cr, g->left + x1, g->top + y1);
    cairo_line_to(g->cr, g->left + x2, g->top + y2);
    cairo_stroke(g->cr);
}
