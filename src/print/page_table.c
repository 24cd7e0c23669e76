/* Tables on pages: fitting columns, a head that repeats, rows that may run over the page's end. */
#include <math.h>

#include "print/page.h"

#define PAD 3.0

typedef struct Drawn {
    PrintPage *g;
    const Table *t;
    PrintStyle text, head;
    double widths[TABLE_COLUMNS_MAX];
    PangoLayout *cells[TABLE_COLUMNS_MAX];
} Drawn;

/* How much of a column is never given up, in half-widths: a date or a number that breaks is
 * misread, of text three characters must stand side by side. */
static int firm(const Table *t, size_t c, int units)
{
    enum { TEXT_LEAST = 6, FIGURE_MOST = 16 };
    int most = t->columns[c].kind == TABLE_TEXT ? TEXT_LEAST : FIGURE_MOST;
    return units < most ? units : most;
}

/* The largest size from 5号 down to 7 pt at which the columns stand in the block as they are; below
 * that long text gives way. */
static void fit(Drawn *d)
{
    const double SIZE = 10.5, LEAST = 7;
    int units[TABLE_COLUMNS_MAX];
    double held = 0, all = 0, room = d->g->width - 2 * PAD * (double)d->t->n_columns;
    table_widths(d->t, units);
    for (size_t c = 0; c < d->t->n_columns; c++) {
        all += units[c];
        held += firm(d->t, c, units[c]);
    }
    /* A digit may be wider than half a character: hence the tenth. */
    double size = room / all * 2 / 1.1;
    size = size > SIZE ? SIZE : size < LEAST ? LEAST : size;
    d->text = (PrintStyle){ .face = PRINT_SONG, .size = size, .pitch = size * 1.4 };
    d->head = (PrintStyle){ .face = PRINT_HEI, .size = size, .pitch = size * 1.4,
                            .align = PRINT_CENTRE };
    double unit = size / 2 * 1.1, spare = room - held * unit;
    if (spare < 0 || all == held) { /* too many columns, or nothing that could stretch */
        unit = room / held;
        spare = 0;
    }
    for (size_t c = 0; c < d->t->n_columns; c++) {
        int kept = firm(d->t, c, units[c]);
        d->widths[c] = 2 * PAD + kept * unit;
        if (spare > 0)
            d->widths[c] += spare * (units[c] - kept) / (all - held);
    }
}

static void frame(Drawn *d, double y, double height)
{
    double x = 0;
    PrintPage *g = d->g;
    cairo_set_line_width(g->cr, 0.5);
    for (size_t c = 0; c < d->t->n_columns; c++) {
        cairo_rectangle(g->cr, g->left + x, g->top + y, d->widths[c], height);
        x += d->widths[c];
    }
    cairo_stroke(g->cr);
}

static void lines_draw(Drawn *d, const PrintStyle *styles, int from, int n)
{
    double x = 0, height = n * d->text.pitch + 2 * PAD;
    for (size_t c = 0; c < d->t->n_columns; c++) {
        int have = pango_layout_get_line_count(d->cells[c]);
        double drop = PAD; /* a cell of fewer lines stands in the middle */
        if (from == 0 && have < n)
            drop += (n - have) * d->text.pitch / 2;
        print_page_lines(d->g, d->cells[c], &styles[c], x + PAD, d->g->y + drop, from,
                         from + n < have ? from + n : have);
        x += d->widths[c];
    }
    frame(d, d->g->y, height);
    d->g->y += height;
}

static int lines_count(const Drawn *d)
{
    int n = 1;
    for (size_t c = 0; c < d->t->n_columns; c++) {
        int k = pango_layout_get_line_count(d->cells[c]);
        n = k > n ? k : n;
    }
    return n;
}

static void cells_close(Drawn *d)
{
    for (size_t c = 0; c < d->t->n_columns; c++)
        g_object_unref(d->cells[c]);
}

static void head_draw(const Drawn *d)
{
    PrintStyle styles[TABLE_COLUMNS_MAX];
    Drawn h = *d; /* with cells of its own: a row may be waiting for this page's head */
    for (size_t c = 0; c < h.t->n_columns; c++) {
        styles[c] = h.head;
        h.cells[c] =
            print_page_layout(h.g, &h.head, h.t->columns[c].name, h.widths[c] - 2 * PAD);
    }
    lines_draw(&h, styles, 0, lines_count(&h));
    cells_close(&h);
}

static void row_draw(Drawn *d, size_t row, Arena *a)
{
    PrintStyle styles[TABLE_COLUMNS_MAX];
    PrintPage *g = d->g;
    for (size_t c = 0; c < d->t->n_columns; c++) {
        TableCell cell = table_at(d->t, row, c);
        styles[c] = d->text;
        styles[c].align = cell.kind == TABLE_TEXT ? PRINT_LEFT : PRINT_CENTRE;
        d->cells[c] =
            print_page_layout(g, &d->text, table_cell_text(a, cell), d->widths[c] - 2 * PAD);
    }
    int n = lines_count(d), from = 0;
    bool fresh = false;
    while (from < n) {
        int fits = (int)floor((g->height - g->y - 2 * PAD) / d->text.pitch);
        if (fits < n - from && !fresh) { /* rows stay whole where a page can hold them */
            print_page_break(g, g->turn);
            head_draw(d);
            fresh = true;
            continue;
        }
        int now = fits < 1 ? 1 : fits < n - from ? fits : n - from;
        lines_draw(d, styles, from, now);
        from += now;
        fresh = false;
    }
    cells_close(d);
}

bool print_page_table(PrintPage *g, const Table *t, Err *e)
{
    static const PrintStyle title = { .face = PRINT_HEI, .size = 14, .pitch = 24,
                                      .align = PRINT_CENTRE };
    static const PrintStyle note = { .face = PRINT_SONG, .size = 9, .pitch = 13.5 };
    Drawn d = { .g = g, .t = t };
    Arena *a = arena_open(1 << 20);
    if (!a)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "PDF"));
    fit(&d);
    print_page_room(g, 24 + 4 * (d.text.pitch + 2 * PAD)); /* title, head and a few rows */
    if (t->title.n)
        print_page_paragraph(g, t->title, &title);
    head_draw(&d);
    size_t rows = table_rows(t);
    for (size_t r = 0; r < rows; r++) {
        row_draw(&d, r, a);
        arena_reset(a);
    }
    g->y += PAD;
    for (size_t i = 0; i < t->n_notes; i++)
        print_page_paragraph(g, t->notes[i], &note);
    print_page_skip(g, note.pitch / 2);
    arena_close(a);
    return true;
}
