#include "sheet/sheet.h"

#include "base/buf.h"

enum { TEXT_BYTES_MAX = 256 << 20 };

static void put_pad(Buf *b, int n)
{
    for (int i = 0; i < n; i++)
        buf_putc(b, ' ');
}

static bool is_right(TableKind k)
{
    return k == TABLE_NUMBER || k == TABLE_INT;
}

/* One cell in its column; line breaks would tear the row apart and are shown as " / ". */
static void put_cell(Buf *b, Str s, int width, bool right, bool last)
{
    int pad = width - table_text_width(s);
    if (right)
        put_pad(b, pad);
    Str head, rest = s;
    while (str_cut(rest, STRC("\n"), &head, &rest)) {
        buf_put(b, head);
        buf_put(b, STRC(" / "));
    }
    buf_put(b, head);
    if (!right && !last)
        put_pad(b, pad);
    if (!last)
        buf_put(b, STRC("  "));
}

static void put_table(Arena *a, Buf *b, const Table *t)
{
    int *width = ARENA_ARRAY(a, int, t->n_columns);
    if (!width)
        return;
    table_widths(t, width);
    if (t->title.n)
        buf_fmt(b, "[%.*s]\n", STR(t->title));
    size_t rows = table_rows(t), n = t->n_columns;
    for (size_t c = 0; c < n; c++)
        put_cell(b, t->columns[c].name, width[c], is_right(t->columns[c].kind), c + 1 == n);
    buf_putc(b, '\n');
    for (size_t c = 0; c < n; c++) {
        for (int i = 0; i < width[c]; i++)
            buf_putc(b, '-');
        buf_put(b, c + 1 < n ? STRC("  ") : STRC("\n"));
    }
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < n; c++) {
            TableCell cell = table_at(t, r, c);
            put_cell(b, table_cell_text(a, cell), width[c], is_right(cell.kind), c + 1 == n);
        }
        buf_putc(b, '\n');
    }
    for (size_t i = 0; i < t->n_notes; i++)
        buf_fmt(b, "%.*s\n", STR(t->notes[i]));
}

static void put_joined(Buf *b, const Str *list, size_t n, Str sep)
{
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_put(b, sep);
        buf_put(b, list[i]);
    }
}

static void put_ballot(Buf *b, const PaperBallot *v)
{
    buf_fmt(b, "%.*s", STR(v->corner));
    for (size_t g = 0; g < v->n_groups; g++) {
        buf_fmt(b, " | %.*s: ", STR(v->groups[g]));
        put_joined(b, v->choices, v->n_choices, STRC("/"));
    }
    buf_putc(b, '\n');
    for (size_t r = 0; r < v->n_rows; r++) {
        buf_put(b, v->rows[r]);
        for (size_t g = 0; g < v->n_groups; g++) {
            buf_put(b, STRC(" | "));
            for (size_t c = 0; c < v->n_choices; c++)
                buf_put(b, c ? STRC(" □") : STRC("□"));
        }
        buf_putc(b, '\n');
    }
}

static void put_cards(Buf *b, const PaperBlock *k)
{
    for (size_t i = 0; i < k->n_cards; i++) {
        const PaperCard *c = &k->cards[i];
        buf_fmt(b, "┌ %.*s\n", STR(c->title));
        for (size_t j = 0; j < c->n_lines; j++)
            buf_fmt(b, "│ %.*s\n", STR(c->lines[j]));
        if (c->qr.n)
            buf_fmt(b, "│ [二维码] %.*s\n", STR(c->qr));
        buf_put(b, STRC("└\n"));
    }
}

static void put_list(Buf *b, const PaperBlock *k)
{
    for (size_t i = 0; i < k->n_list; i++) {
        if (k->kind == PAPER_SIGNATURE)
            buf_fmt(b, "%.*s：____________\n", STR(k->list[i]));
        else
            buf_fmt(b, "%s%.*s\n", i ? "　　　　　" : "　　附件：", STR(k->list[i]));
    }
}

static void put_dateline(Arena *a, Buf *b, const PaperBlock *k)
{
    if (k->text.n)
        buf_fmt(b, "%40s%.*s\n", "", STR(k->text));
    if (k->day != DAY_NONE)
        buf_fmt(b, "%40s%.*s\n", "", STR(day_print_zh(a, k->day)));
}

static void put_block(Arena *a, Buf *b, const PaperBlock *k)
{
    switch (k->kind) {
    case PAPER_MARK:
        buf_fmt(b, "〔%.*s〕\n", STR(k->text));
        break;
    case PAPER_ISSUER:
        buf_fmt(b, "%.*s\n%.*s\n========\n", STR(k->text), STR(k->more));
        break;
    case PAPER_TITLE:
        buf_fmt(b, "\n# %.*s\n\n", STR(k->text));
        break;
    case PAPER_SUBTITLE:
        buf_fmt(b, "## %.*s\n\n", STR(k->text));
        break;
    case PAPER_ADDRESSEE:
        buf_fmt(b, "%.*s：\n", STR(k->text));
        break;
    case PAPER_PARAGRAPH:
    case PAPER_HEADING:
        buf_fmt(b, "　　%.*s\n", STR(k->text));
        break;
    case PAPER_PLAIN:
    case PAPER_SMALL:
        buf_fmt(b, "%.*s\n", STR(k->text));
        break;
    case PAPER_TABLE_BLOCK:
        put_table(a, b, k->table);
        break;
    case PAPER_ATTACHMENT:
    case PAPER_SIGNATURE:
        put_list(b, k);
        break;
    case PAPER_DATELINE:
        put_dateline(a, b, k);
        break;
    case PAPER_BREAK:
        buf_put(b, k->turn == PAPER_LANDSCAPE ? STRC("-------- 横页\n") : STRC("-------- 竖页\n"));
        break;
    case PAPER_BALLOT:
        put_ballot(b, k->ballot);
        break;
    case PAPER_QR:
        buf_fmt(b, "[二维码 %.*s] %.*s\n", STR(k->text), STR(k->more));
        break;
    case PAPER_CARDS:
        put_cards(b, k);
        break;
    }
}

static Str taken(Arena *a, Buf *b)
{
    Str s = b->failed ? (Str){ "", 0 } : arena_str(a, buf_str(b));
    buf_close(b);
    return s;
}

Str sheet_text(Arena *a, const Paper *p)
{
    Buf b = buf_open(TEXT_BYTES_MAX);
    for (size_t i = 0; i < p->n_blocks; i++)
        put_block(a, &b, &p->blocks[i]);
    return taken(a, &b);
}

Str sheet_table_text(Arena *a, const Table *t)
{
    Buf b = buf_open(TEXT_BYTES_MAX);
    put_table(a, &b, t);
    return taken(a, &b);
}
