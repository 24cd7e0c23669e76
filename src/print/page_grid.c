/* Ballot papers, slips to cut apart, square codes. */
#include <string.h>

#include <qrencode.h>

#include "print/page.h"

/* --- ballot papers -------------------------------------------------------------------------- */

typedef struct Ballot {
    PrintPage *g;
    const PaperBallot *v;
    double first, cell;         /* widths: of the names, of one choice */
    double group_h, choice_h, row_h;
    PrintStyle name, group, choice;
} Ballot;

static void boxed(PrintPage *g, Str text, const PrintStyle *s, double x, double y, double w,
                  double h)
{
    const double PAD = 2;
    PangoLayout *l = print_page_layout(g, s, text, w - 2 * PAD);
    int n = pango_layout_get_line_count(l), most = (int)(h / s->pitch);
    if (n > most)
        n = most < 1 ? 1 : most;
    print_page_lines(g, l, s, x + PAD, y + (h - n * s->pitch) / 2, 0, n);
    g_object_unref(l);
    cairo_set_line_width(g->cr, 0.5);
    cairo_rectangle(g->cr, g->left + x, g->top + y, w, h);
    cairo_stroke(g->cr);
}

static void ballot_head(Ballot *b)
{
    PrintPage *g = b->g;
    double wide = b->cell * (double)b->v->n_choices, y = g->y;
    boxed(g, b->v->corner, &b->group, 0, y, b->first, b->group_h + b->choice_h);
    for (size_t i = 0; i < b->v->n_groups; i++) {
        double x = b->first + wide * (double)i;
        boxed(g, b->v->groups[i], &b->group, x, y, wide, b->group_h);
        for (size_t c = 0; c < b->v->n_choices; c++)
            boxed(g, b->v->choices[c], &b->choice, x + b->cell * (double)c, y + b->group_h,
                  b->cell, b->choice_h);
    }
    g->y += b->group_h + b->choice_h;
}

/* Between the items a thicker line, so that a row of 24 boxes can be read. */
static void ballot_rules(Ballot *b, double from)
{
    double wide = b->cell * (double)b->v->n_choices;
    for (size_t i = 0; i <= b->v->n_groups; i++) {
        double x = b->first + wide * (double)i;
        print_page_rule(b->g, x, from, x, b->g->y, 1.2);
    }
}

static int most_lines(PrintPage *g, const PrintStyle *s, const Str *texts, size_t n, double width)
{
    int most = 1;
    for (size_t i = 0; i < n; i++) {
        PangoLayout *l = print_page_layout(g, s, texts[i], width - 4);
        int lines = pango_layout_get_line_count(l);
        most = lines > most ? lines : most;
        g_object_unref(l);
    }
    return most;
}

static void ballot_measure(Ballot *b)
{
    PrintPage *g = b->g;
    const PaperBallot *v = b->v;
    double columns = (double)(v->n_groups * v->n_choices);
    double widest = 0;
    b->name = (PrintStyle){ .face = PRINT_FANG, .size = 11, .pitch = 14, .align = PRINT_CENTRE };
    b->group = (PrintStyle){ .face = PRINT_HEI, .size = 10.5, .pitch = 14,
                             .align = PRINT_CENTRE };
    b->choice = (PrintStyle){ .face = PRINT_FANG, .size = 9, .pitch = 11, .align = PRINT_CENTRE };
    for (size_t i = 0; i < v->n_rows; i++) {
        double w = print_page_text_width(g, &b->name, v->rows[i]);
        widest = w > widest ? w : widest;
    }
    b->first = widest + 12;
    if (b->first < 60)
        b->first = 60;
    if (b->first > g->width * 0.3)
        b->first = g->width * 0.3;
    b->cell = (g->width - b->first) / columns;
    double wide = b->cell * (double)v->n_choices;
    b->group_h = 6 + b->group.pitch * most_lines(g, &b->group, v->groups, v->n_groups, wide);
    b->choice_h = 4 + b->choice.pitch * most_lines(g, &b->choice, v->choices, v->n_choices,
                                                   b->cell);
    int lines = most_lines(g, &b->name, v->rows, v->n_rows, b->first);
    b->row_h = 8 + b->name.pitch * lines;
    if (b->row_h < 8 * PRINT_MM)
        b->row_h = 8 * PRINT_MM; /* room for a pencil */
}

void print_page_ballot(PrintPage *g, const PaperBallot *v)
{
    Ballot b = { .g = g, .v = v };
    ballot_measure(&b);
    print_page_room(g, b.group_h + b.choice_h + 2 * b.row_h);
    double from = g->y;
    ballot_head(&b);
    for (size_t r = 0; r < v->n_rows; r++) {
        if (g->y + b.row_h > g->height) {
            ballot_rules(&b, from);
            print_page_break(g, g->turn);
            from = g->y;
            ballot_head(&b);
        }
        boxed(g, v->rows[r], &b.name, 0, g->y, b.first, b.row_h);
        for (size_t c = 0; c < v->n_groups * v->n_choices; c++)
            cairo_rectangle(g->cr, g->left + b.first + b.cell * (double)c, g->top + g->y, b.cell,
                            b.row_h);
        cairo_set_line_width(g->cr, 0.5);
        cairo_stroke(g->cr);
        g->y += b.row_h;
    }
    ballot_rules(&b, from);
    print_page_skip(g, 6);
}

/* --- square codes --------------------------------------------------------------------------- */

bool print_qr_modules(unsigned char **out, int *n, Arena *a, Str bytes, Err *e)
{
    QRcode *code = QRcode_encodeData((int)bytes.n, (const unsigned char *)bytes.p, 0, QR_ECLEVEL_M);
    if (!code)
        return err_fail(e, ERR_PRINT_WRITE, err_hole("what", "二维码"),
                        err_hole("why", "内容过长"));
    size_t all = (size_t)code->width * (size_t)code->width;
    unsigned char *modules = arena_alloc(a, all);
    for (size_t i = 0; modules && i < all; i++)
        modules[i] = code->data[i] & 1;
    *n = code->width;
    QRcode_free(code);
    if (!modules)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "二维码"));
    *out = modules;
    return true;
}

static bool qr_draw(PrintPage *g, Str bytes, double x, double y, double side, Err *e)
{
    Arena *a = arena_open(1 << 17);
    unsigned char *m;
    int n;
    if (!a)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "二维码"));
    bool ok = print_qr_modules(&m, &n, a, bytes, e);
    double unit = ok ? side / n : 0;
    for (int r = 0; ok && r < n; r++)
        for (int c = 0; c < n; c++)
            if (m[r * n + c])
                cairo_rectangle(g->cr, g->left + x + c * unit, g->top + y + r * unit, unit, unit);
    if (ok) {
        cairo_set_antialias(g->cr, CAIRO_ANTIALIAS_NONE);
        cairo_fill(g->cr);
        cairo_set_antialias(g->cr, CAIRO_ANTIALIAS_DEFAULT);
    }
    arena_close(a);
    return ok;
}

bool print_page_qr(PrintPage *g, Str bytes, Str caption, Err *e)
{
    const double SIDE = 30 * PRINT_MM, GAP = 12;
    PrintStyle s = { .face = PRINT_FANG, .size = 10.5, .pitch = 16 };
    print_page_skip(g, GAP / 2);
    print_page_room(g, SIDE + GAP);
    PangoLayout *l = print_page_layout(g, &s, caption, g->width - SIDE - GAP);
    print_page_lines(g, l, &s, SIDE + GAP, g->y, 0, (int)(SIDE / s.pitch));
    g_object_unref(l);
    bool ok = qr_draw(g, bytes, 0, g->y, SIDE, e);
    g->y += SIDE + GAP;
    return ok;
}

/* --- slips ---------------------------------------------------------------------------------- */

/* Lines get smaller until they stand in the height there is. */
static void card_text(PrintPage *g, const PaperCard *c, double x, double y, double w, double h)
{
    const double LEAST = 6;
    for (double size = 11; size >= LEAST; size -= 0.5) {
        PrintStyle s = { .face = PRINT_FANG, .size = size, .pitch = size * 1.4 };
        double need = 0;
        PangoLayout *l[64];
        size_t n = c->n_lines < 64 ? c->n_lines : 64;
        for (size_t i = 0; i < n; i++) {
            l[i] = print_page_layout(g, &s, c->lines[i], w);
            need += s.pitch * pango_layout_get_line_count(l[i]);
        }
        bool fits = need <= h || size - 0.5 < LEAST;
        for (size_t i = 0; i < n; i++) {
            int lines = pango_layout_get_line_count(l[i]);
            if (fits)
                print_page_lines(g, l[i], &s, x, y, 0, lines);
            y += fits ? s.pitch * lines : 0;
            g_object_unref(l[i]);
        }
        if (fits)
            return;
    }
}

static bool card_draw(PrintPage *g, const PaperCard *c, double x, double y, double w, double h,
                      Err *e)
{
    const double PAD = 8;
    const double dashes[] = { 4, 3 };
    PrintStyle title = { .face = PRINT_HEI, .size = 13, .pitch = 19 };
    double side = c->qr.n ? h - 2 * PAD - title.pitch : 0;
    if (side > w * 0.4)
        side = w * 0.4;
    cairo_save(g->cr);
    cairo_set_dash(g->cr, dashes, 2, 0);
    cairo_set_line_width(g->cr, 0.4);
    cairo_rectangle(g->cr, g->left + x, g->top + y, w, h);
    cairo_stroke(g->cr);
    cairo_restore(g->cr);
    PangoLayout *l = print_page_layout(g, &title, c->title, w - 2 * PAD);
    print_page_lines(g, l, &title, x + PAD, y + PAD, 0, 1);
    g_object_unref(l);
    double under = y + PAD + title.pitch;
    card_text(g, c, x + PAD, under, w - 2 * PAD - (side > 0 ? side + PAD : 0),
              h - 2 * PAD - title.pitch);
    return c->qr.n == 0 || qr_draw(g, c->qr, x + w - PAD - side, under, side, e);
}

bool print_page_cards(PrintPage *g, const PaperBlock *k, Err *e)
{
    const double EDGE = 10 * PRINT_MM;
    size_t page = (size_t)k->level * (size_t)k->down;
    if (g->y > 0)
        print_page_break(g, g->turn);
    /* Slips use the sheet nearly whole: they are cut apart, nothing is bound. */
    double old_left = g->left, old_top = g->top;
    double w = (g->width + 2 * (g->left - EDGE) - 2 * PRINT_MM) / k->level;
    double h = (g->height + (g->top - EDGE)) / k->down;
    bool ok = true;
    for (size_t i = 0; i < k->n_cards && ok; i++) {
        if (i > 0 && i % page == 0)
            print_page_break(g, g->turn);
        size_t at = i % page;
        g->left = g->top = EDGE;
        ok = card_draw(g, &k->cards[i], w * (double)(at % (size_t)k->level),
                       h * (double)(at / (size_t)k->level), w, h, e);
        g->left = old_left;
        g->top = old_top;
    }
    g->y = g->height;
    return ok;
}
