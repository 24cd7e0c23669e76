/* A paper as PDF, laid out by GB/T 9704-2012. */
#include <math.h>

#include "print/page.h"

#define TWO_CHARACTERS (2 * PRINT_SIZE_BODY)

static const PrintStyle body = { .face = PRINT_FANG, .size = PRINT_SIZE_BODY, .pitch = PRINT_PITCH,
                                 .indent = TWO_CHARACTERS, .justify = true };
static const PrintStyle plain = { .face = PRINT_FANG, .size = PRINT_SIZE_BODY,
                                  .pitch = PRINT_PITCH, .justify = true };
static const PrintStyle small = { .face = PRINT_SONG, .size = 9, .pitch = 13.5 };

/* A title of several lines looks best when they are about equally long. */
static void title_draw(PrintPage *g, Str text, PrintFace face, double size, double pitch)
{
    PrintStyle s = { .face = face, .size = size, .pitch = pitch, .align = PRINT_CENTRE };
    Str line, rest = text;
    bool more;
    do {
        more = str_cut(rest, STRC("\n"), &line, &rest);
        double all = print_page_text_width(g, &s, line);
        double lines = ceil(all / g->width), width = lines > 0 ? all / lines + size : g->width;
        s.left = s.right = width < g->width && lines > 1 ? (g->width - width) / 2 : 0;
        print_page_paragraph(g, line, &s);
    } while (more);
}

/* What must stand on the page where the block before it ends: who issues the paper and when never
 * have a page to themselves. `k` is the block that follows. */
static double tail_height(const PaperBlock *k)
{
    if (!k || k->kind != PAPER_DATELINE)
        return 0;
    return ((k->text.n ? 1 : 0) + (k->day == DAY_NONE ? 0 : 1) + 1) * PRINT_PITCH;
}

/* A heading takes the beginning of what it heads with it, and all of that when it must go along
 * with what issues the paper. */
static void heading_draw(PrintPage *g, const PaperBlock *k, const PaperBlock *next,
                         const PaperBlock *after)
{
    enum { SHORT = 3 };
    PrintStyle s = body;
    double tail = next && next->kind == PAPER_PARAGRAPH ? tail_height(after) : 0;
    int lines = tail > 0 ? print_page_count_lines(g, next->text, &body) : 1;
    s.face = k->level == 1 ? PRINT_HEI : k->level == 2 ? PRINT_KAI : PRINT_FANG;
    print_page_room(g, lines <= SHORT ? (1 + lines) * PRINT_PITCH + tail : 2 * PRINT_PITCH);
    print_page_paragraph(g, k->text, &s);
}

/* The organ in red, the number, the red rule (red of the standard: Y80 M80). */
static void issuer_draw(PrintPage *g, const PaperBlock *k)
{
    PrintStyle organ = { .face = PRINT_TITLE, .size = 34, .pitch = 54, .align = PRINT_CENTRE };
    PrintStyle number = plain;
    double w = print_page_text_width(g, &organ, k->text);
    if (w > g->width)
        organ.size *= g->width / w * 0.99;
    number.align = PRINT_CENTRE;
    cairo_set_source_rgb(g->cr, 1, 0.2, 0.2);
    print_page_paragraph(g, k->text, &organ);
    cairo_set_source_rgb(g->cr, 0, 0, 0);
    g->y += PRINT_PITCH;
    if (k->more.n)
        print_page_paragraph(g, k->more, &number);
    cairo_set_source_rgb(g->cr, 1, 0.2, 0.2);
    print_page_rule(g, 0, g->y + 4 * PRINT_MM, g->width, g->y + 4 * PRINT_MM, 1.5);
    cairo_set_source_rgb(g->cr, 0, 0, 0);
    g->y += 2 * PRINT_PITCH;
}

static void attachment_draw(PrintPage *g, const PaperBlock *k)
{
    PrintStyle s = plain;
    double head = 5 * PRINT_SIZE_BODY; /* two blank, 附件： */
    print_page_skip(g, PRINT_PITCH);
    for (size_t i = 0; i < k->n_list; i++) {
        print_page_room(g, PRINT_PITCH);
        if (i == 0) {
            PangoLayout *l = print_page_layout(g, &plain, STRC("附件："), -1);
            print_page_lines(g, l, &plain, TWO_CHARACTERS, g->y, 0, 1);
            g_object_unref(l);
        }
        s.left = head;
        print_page_paragraph(g, k->list[i], &s);
    }
}

/* Two to a row, each with a line to write on. */
static void signature_draw(PrintPage *g, const PaperBlock *k)
{
    PrintStyle s = plain;
    double half = g->width / 2, pitch = PRINT_PITCH * 1.5, line = 40 * PRINT_MM;
    s.justify = false;
    s.size = PRINT_SIZE_NUMBER;
    s.pitch = pitch;
    print_page_skip(g, PRINT_PITCH / 2);
    for (size_t i = 0; i < k->n_list; i++) {
        double x = i % 2 ? half : 0, w;
        if (i % 2 == 0)
            print_page_room(g, pitch);
        PangoLayout *l = print_page_layout(g, &s, k->list[i], half - line);
        print_page_lines(g, l, &s, x, g->y, 0, 1);
        g_object_unref(l);
        w = fmin(print_page_text_width(g, &s, k->list[i]), half - line) + 4;
        print_page_rule(g, x + w, g->y + pitch * 0.72, x + half - 12, g->y + pitch * 0.72, 0.5);
        if (i % 2 == 1 || i + 1 == k->n_list)
            g->y += pitch;
    }
}

/* The day ends four characters from the right edge, the organ is centred over it. */
static bool dateline_draw(PrintPage *g, const PaperBlock *k, Err *e)
{
    Arena *a = arena_open(1 << 12);
    if (!a)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "PDF"));
    PrintStyle s = plain;
    s.justify = false;
    Str day = k->day == DAY_NONE ? (Str){ "", 0 } : day_print_zh(a, k->day);
    double four = 4 * PRINT_SIZE_BODY, day_w = print_page_text_width(g, &s, day);
    double organ_w = print_page_text_width(g, &s, k->text);
    double right = four + day_w / 2 - organ_w / 2; /* of the organ, from the block's right edge */
    if (right < 0) {
        four -= right; /* a long name pushes the day inwards */
        right = 0;
    }
    print_page_skip(g, PRINT_PITCH);
    print_page_room(g, (k->text.n ? 2 : 1) * PRINT_PITCH);
    s.align = PRINT_RIGHT;
    s.right = right;
    if (k->text.n)
        print_page_paragraph(g, k->text, &s);
    s.right = four;
    if (day.n)
        print_page_paragraph(g, day, &s);
    arena_close(a);
    return true;
}

static void mark_draw(PrintPage *g, Str text)
{
    PrintStyle s = plain;
    s.face = PRINT_HEI;
    print_page_paragraph(g, text, &s);
}

static void addressee_draw(PrintPage *g, Str to)
{
    Buf b = buf_open(PAPER_TEXT_BYTES_MAX + 8);
    buf_put(&b, to);
    buf_put(&b, STRC("："));
    print_page_paragraph(g, buf_str(&b), &plain);
    buf_close(&b);
}

/* Small print ends a paper at the foot of its page. */
static void small_draw(PrintPage *g, Str text, const PaperBlock *next)
{
    double height = print_page_count_lines(g, text, &small) * small.pitch;
    print_page_room(g, height);
    if (!next || next->kind == PAPER_BREAK)
        g->y = fmax(g->y, g->height - height);
    print_page_paragraph(g, text, &small);
}

/* next, after: the two blocks behind it, NULL at the end of the paper. */
static bool block_draw(PrintPage *g, const PaperBlock *k, const PaperBlock *next,
                       const PaperBlock *after, Err *e)
{
    switch (k->kind) {
    case PAPER_MARK:
        mark_draw(g, k->text);
        if (next && next->kind == PAPER_TITLE)
            print_page_skip(g, PRINT_PITCH);
        break;
    case PAPER_ISSUER:
        issuer_draw(g, k);
        break;
    case PAPER_TITLE:
        title_draw(g, k->text, PRINT_TITLE, PRINT_SIZE_TITLE, 33);
        g->y += PRINT_PITCH;
        break;
    case PAPER_SUBTITLE:
        title_draw(g, k->text, PRINT_KAI, PRINT_SIZE_BODY, PRINT_PITCH);
        g->y += PRINT_PITCH / 2;
        break;
    case PAPER_ADDRESSEE:
        addressee_draw(g, k->text);
        break;
    case PAPER_PARAGRAPH:
        print_page_paragraph_with(g, k->text, &body, tail_height(next));
        break;
    case PAPER_PLAIN:
        print_page_paragraph_with(g, k->text, &plain, tail_height(next));
        break;
    case PAPER_HEADING:
        heading_draw(g, k, next, after);
        break;
    case PAPER_TABLE_BLOCK:
        return print_page_table(g, k->table, e);
    case PAPER_ATTACHMENT:
        attachment_draw(g, k);
        break;
    case PAPER_SIGNATURE:
        signature_draw(g, k);
        break;
    case PAPER_DATELINE:
        return dateline_draw(g, k, e);
    case PAPER_SMALL:
        small_draw(g, k->text, next);
        break;
    case PAPER_BREAK:
        print_page_break(g, k->turn);
        break;
    case PAPER_BALLOT:
        print_page_ballot(g, k->ballot);
        break;
    case PAPER_QR:
        return print_page_qr(g, k->text, k->more, e);
    case PAPER_CARDS:
        return print_page_cards(g, k, e);
    }
    return true;
}

bool print_draw_pdf(Buf *out, const Paper *p, Moment created, PrintFont fonts[PRINT_FACES],
                    Err *e)
{
    PrintPage g;
    Err closing = { 0 };
    bool ok = true;
    print_page_open(&g, out, fonts, p, created);
    for (size_t i = 0; i < p->n_blocks && ok; i++) {
        const PaperBlock *k = &p->blocks[i];
        ok = block_draw(&g, k, i + 1 < p->n_blocks ? k + 1 : NULL,
                        i + 2 < p->n_blocks ? k + 2 : NULL, e);
    }
    bool closed = print_page_close(&g, &closing);
    if (ok && !closed)
        *e = closing;
    return ok && closed;
}

bool print_make_pdf(Buf *out, const Paper *p, Moment created, const char *folders, Err *e)
{
    PrintFont fonts[PRINT_FACES] = { 0 };
    if (!print_fonts_open(fonts, folders, e))
        return false;
    bool ok = print_draw_pdf(out, p, created, fonts, e);
    print_fonts_close(fonts);
    return ok;
}
