/* The wire between parent and child. What comes back may come from a child that somebody's file
 * has taken over: every length is checked, and grids are rebuilt through the functions that know
 * the limits. */
#include "print/part.h"

#include <string.h>

static void put_raw(Buf *b, const void *p, size_t n)
{
    buf_put(b, (Str){ p, n });
}

static bool get_raw(PrintWire *w, void *out, size_t n)
{
    if (w->bad || w->s.n - w->at < n) {
        w->bad = true;
        return false;
    }
    memcpy(out, w->s.p + w->at, n);
    w->at += n;
    return true;
}

/* Seven bits a byte, the lowest first, signs folded in: most numbers here are small. */
void print_put_int(Buf *b, int64_t v)
{
    char out[10];
    size_t n = 0;
    uint64_t u = (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0);
    for (; u >= 0x80; u >>= 7)
        out[n++] = (char)(u | 0x80);
    out[n++] = (char)u;
    put_raw(b, out, n);
}

void print_put_str(Buf *b, Str s)
{
    print_put_int(b, (int64_t)s.n);
    buf_put(b, s);
}

int64_t print_get_int(PrintWire *w)
{
    uint64_t u = 0;
    for (unsigned shift = 0; shift < 64 && w->at < w->s.n && !w->bad; shift += 7) {
        unsigned char c = (unsigned char)w->s.p[w->at++];
        u |= (uint64_t)(c & 0x7F) << shift;
        if (c < 0x80)
            return (int64_t)(u >> 1) ^ -(int64_t)(u & 1);
    }
    w->bad = true;
    return 0;
}

Str print_get_str(PrintWire *w)
{
    int64_t n = print_get_int(w);
    if (w->bad || n < 0 || (uint64_t)n > w->s.n - w->at) {
        w->bad = true;
        return (Str){ "", 0 };
    }
    Str s = str_sub(w->s, w->at, (size_t)n);
    w->at += (size_t)n;
    return s;
}

/* A count of things that take at least one byte each: never more than there are bytes. */
static size_t get_count(PrintWire *w)
{
    int64_t n = print_get_int(w);
    if (w->bad || n < 0 || (uint64_t)n > w->s.n - w->at) {
        w->bad = true;
        return 0;
    }
    return (size_t)n;
}

void print_put_err(Buf *b, const Err *e)
{
    print_put_int(b, e->code);
    print_put_str(b, (Str){ e->holes, e->n_text });
    print_put_str(b, str_of(e->trail));
}

void print_get_err(PrintWire *w, Err *e)
{
    int64_t code = print_get_int(w);
    Str holes = print_get_str(w), trail = print_get_str(w);
    if (w->bad || code <= ERR_NONE || code >= ERR_COUNT || holes.n > ERR_TEXT_MAX ||
        (holes.n > 0 && holes.p[holes.n - 1] != 0) || trail.n >= sizeof e->trail) {
        (void)err_fail(e, ERR_PRINT_CHILD, err_hole("why", "回复无法识别"));
        return;
    }
    *e = (Err){ .code = (ErrCode)code, .n_text = holes.n };
    if (holes.n)
        memcpy(e->holes, holes.p, holes.n);
    if (trail.n)
        memcpy(e->trail, trail.p, trail.n);
}

/* --- lists ---------------------------------------------------------------------------------- */

static void put_list(Buf *b, const Str *list, size_t n)
{
    print_put_int(b, (int64_t)n);
    for (size_t i = 0; i < n; i++)
        print_put_str(b, list[i]);
}

static Str *get_list(PrintWire *w, Arena *a, size_t *n)
{
    *n = get_count(w);
    Str *list = ARENA_ARRAY(a, Str, *n);
    if (!list)
        w->bad = true;
    for (size_t i = 0; list && i < *n; i++)
        list[i] = print_get_str(w);
    if (w->bad)
        *n = 0;
    return list;
}

/* --- tables --------------------------------------------------------------------------------- */

static void put_cell(Buf *b, TableCell c)
{
    buf_putc(b, (char)c.kind);
    switch (c.kind) {
    case TABLE_TEXT:
        print_put_str(b, c.text);
        break;
    case TABLE_NUMBER:
        put_raw(b, &c.number, sizeof c.number);
        break;
    case TABLE_INT:
        print_put_int(b, c.whole);
        break;
    case TABLE_DAY:
        print_put_int(b, c.day);
        break;
    case TABLE_EMPTY:
        break;
    }
}

void print_put_table(Buf *b, const Table *t)
{
    size_t rows = table_rows(t);
    print_put_str(b, t->name);
    print_put_str(b, t->title);
    print_put_int(b, (int64_t)t->n_columns);
    for (size_t i = 0; i < t->n_columns; i++) {
        print_put_str(b, t->columns[i].name);
        print_put_int(b, t->columns[i].kind);
        print_put_int(b, t->columns[i].width);
        put_list(b, t->columns[i].choices, t->columns[i].n_choices);
    }
    print_put_int(b, (int64_t)rows);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < t->n_columns; c++)
            put_cell(b, table_at(t, r, c));
    print_put_int(b, (int64_t)t->n_notes);
    for (size_t i = 0; i < t->n_notes; i++)
        print_put_str(b, t->notes[i]);
}

static void get_cell(PrintWire *w, Table *t)
{
    char kind = TABLE_EMPTY;
    Dec d = dec_int(0);
    get_raw(w, &kind, 1);
    switch (kind) {
    case TABLE_TEXT:
        table_text(t, print_get_str(w));
        break;
    case TABLE_NUMBER:
        get_raw(w, &d, sizeof d);
        table_number(t, d);
        break;
    case TABLE_INT:
        table_int(t, print_get_int(w));
        break;
    case TABLE_DAY:
        table_day(t, (Day)print_get_int(w));
        break;
    default:
        table_blank(t);
    }
}

Table *print_get_table(PrintWire *w, Arena *a)
{
    Str name = print_get_str(w), title = print_get_str(w);
    Table *t = table_open(a, name, title);
    size_t columns = get_count(w);
    for (size_t i = 0; t && i < columns && !w->bad; i++) {
        Str column = print_get_str(w);
        TableKind kind = (TableKind)print_get_int(w);
        table_column(t, column, kind, (int)print_get_int(w));
        size_t n;
        Str *choices = get_list(w, a, &n);
        table_choices(t, choices, n);
    }
    size_t rows = get_count(w);
    for (size_t r = 0; t && r < rows && !w->bad; r++) {
        table_row(t);
        for (size_t c = 0; c < columns && !w->bad; c++)
            get_cell(w, t);
    }
    size_t notes = get_count(w);
    for (size_t i = 0; t && i < notes && !w->bad; i++)
        table_note(t, print_get_str(w));
    return t;
}

/* --- papers --------------------------------------------------------------------------------- */

static void put_block(Buf *b, const PaperBlock *k)
{
    print_put_int(b, k->kind);
    print_put_str(b, k->text);
    print_put_str(b, k->more);
    print_put_int(b, k->level);
    print_put_int(b, k->down);
    print_put_int(b, k->day);
    print_put_int(b, k->turn);
    put_list(b, k->list, k->n_list);
    if (k->kind == PAPER_TABLE_BLOCK)
        print_put_table(b, k->table);
    if (k->kind == PAPER_BALLOT) {
        print_put_str(b, k->ballot->corner);
        put_list(b, k->ballot->rows, k->ballot->n_rows);
        put_list(b, k->ballot->groups, k->ballot->n_groups);
        put_list(b, k->ballot->choices, k->ballot->n_choices);
    }
    if (k->kind == PAPER_CARDS) {
        print_put_int(b, (int64_t)k->n_cards);
        for (size_t i = 0; i < k->n_cards; i++) {
            print_put_str(b, k->cards[i].title);
            put_list(b, k->cards[i].lines, k->cards[i].n_lines);
            print_put_str(b, k->cards[i].qr);
        }
    }
}

void print_put_paper(Buf *b, const Paper *p)
{
    print_put_str(b, p->name);
    print_put_int(b, p->turn);
    print_put_int(b, p->numbered);
    print_put_int(b, (int64_t)p->n_blocks);
    for (size_t i = 0; i < p->n_blocks; i++)
        put_block(b, &p->blocks[i]);
}

static void get_ballot(PrintWire *w, Paper *p)
{
    PaperBallot v = { .corner = print_get_str(w) };
    v.rows = get_list(w, p->a, &v.n_rows);
    v.groups = get_list(w, p->a, &v.n_groups);
    v.choices = get_list(w, p->a, &v.n_choices);
    if (!w->bad)
        paper_ballot(p, &v);
}

static void get_cards(PrintWire *w, Paper *p, int across, int down)
{
    size_t n = get_count(w);
    PaperCard *cards = ARENA_ARRAY(p->a, PaperCard, n);
    if (!cards)
        w->bad = true;
    for (size_t i = 0; i < n && !w->bad; i++) {
        cards[i].title = print_get_str(w);
        cards[i].lines = get_list(w, p->a, &cards[i].n_lines);
        cards[i].qr = print_get_str(w);
    }
    if (!w->bad)
        paper_cards(p, cards, n, across, down);
}

static void get_block(PrintWire *w, Paper *p)
{
    PaperKind kind = (PaperKind)print_get_int(w);
    Str text = print_get_str(w), more = print_get_str(w);
    int level = (int)print_get_int(w), down = (int)print_get_int(w);
    Day day = (Day)print_get_int(w);
    PaperTurn turn = (PaperTurn)print_get_int(w);
    size_t n;
    Str *list = get_list(w, p->a, &n);
    if (w->bad)
        return;
    switch (kind) {
    case PAPER_MARK: paper_mark(p, text); break;
    case PAPER_ISSUER: paper_issuer(p, text, more); break;
    case PAPER_TITLE: paper_title(p, text); break;
    case PAPER_SUBTITLE: paper_subtitle(p, text); break;
    case PAPER_ADDRESSEE: paper_addressee(p, text); break;
    case PAPER_PARAGRAPH: paper_text(p, text); break;
    case PAPER_PLAIN: paper_plain(p, text); break;
    case PAPER_HEADING: paper_heading(p, level, text); break;
    case PAPER_TABLE_BLOCK: paper_table(p, print_get_table(w, p->a)); break;
    case PAPER_ATTACHMENT: paper_attachment(p, list, n); break;
    case PAPER_SIGNATURE: paper_signature(p, list, n); break;
    case PAPER_DATELINE: paper_dateline(p, text, day); break;
    case PAPER_SMALL: paper_small(p, text); break;
    case PAPER_BREAK: paper_break(p, turn); break;
    case PAPER_BALLOT: get_ballot(w, p); break;
    case PAPER_QR: paper_qr(p, text, more); break;
    case PAPER_CARDS: get_cards(w, p, level, down); break;
    }
}

Paper *print_get_paper(PrintWire *w, Arena *a)
{
    Str name = print_get_str(w);
    PaperTurn turn = (PaperTurn)print_get_int(w);
    Paper *p = paper_open(a, name, turn);
    paper_numbered(p, print_get_int(w) != 0);
    size_t n = get_count(w);
    for (size_t i = 0; p && i < n && !w->bad; i++)
        get_block(w, p);
    return p;
}

/* --- grids ---------------------------------------------------------------------------------- */

void print_put_book(Buf *b, const GridBook *g)
{
    print_put_str(b, g->encoding);
    print_put_int(b, (int64_t)g->n_grids);
    for (size_t s = 0; s < g->n_grids; s++) {
        const Grid *grid = &g->grids[s];
        print_put_str(b, grid->name);
        print_put_int(b, grid->hidden);
        print_put_int(b, (int64_t)grid->n_rows);
        for (size_t r = 0; r < grid->n_rows; r++) {
            const GridRow *row = &grid->rows[r];
            print_put_int(b, row->number);
            print_put_int(b, (int64_t)row->n);
            for (size_t c = 0; c < row->n; c++) {
                print_put_int(b, row->cells[c].column);
                print_put_int(b, row->cells[c].flags);
                print_put_str(b, row->cells[c].text);
            }
        }
    }
}

static bool get_row(PrintWire *w, GridBook *g, Err *e)
{
    int64_t number = print_get_int(w);
    size_t cells = get_count(w);
    if (number < 1 || number > GRID_ROWS_MAX)
        w->bad = true;
    for (size_t c = 0; c < cells && !w->bad; c++) {
        int64_t column = print_get_int(w), flags = print_get_int(w);
        Str text = print_get_str(w);
        if (column < 1 || column > GRID_COLUMNS_MAX || !str_valid(text))
            w->bad = true;
        else if (!grid_put(g, (int)number, (int)column, text, (unsigned)flags, e))
            return false;
    }
    return true;
}

bool print_get_book(PrintWire *w, GridBook *g, Err *e)
{
    g->encoding = arena_str(g->a, print_get_str(w));
    size_t grids = get_count(w);
    for (size_t s = 0; s < grids && !w->bad; s++) {
        Str name = print_get_str(w);
        bool hidden = print_get_int(w) != 0;
        size_t rows = get_count(w);
        if (!grid_sheet(g, name, hidden, e))
            return false;
        for (size_t r = 0; r < rows && !w->bad; r++)
            if (!get_row(w, g, e))
                return false;
    }
    return !w->bad || err_fail(e, ERR_PRINT_CHILD, err_hole("why", "回复不完整"));
}
