#include "sheet/sheet.h"

Paper *paper_open(Arena *a, Str name, PaperTurn turn)
{
    Paper *p = ARENA_NEW(a, Paper);
    if (!p)
        return NULL;
    p->a = a;
    p->name = arena_str(a, name);
    p->turn = turn;
    p->numbered = true;
    return p;
}

void paper_numbered(Paper *p, bool on)
{
    if (p)
        p->numbered = on;
}

static void paper_fail(Paper *p, ErrCode code)
{
    if (p && !p->bad)
        p->bad = code;
}

static PaperBlock *block_add(Paper *p, PaperKind kind, Str text)
{
    if (!p)
        return NULL;
    if (p->n_blocks == PAPER_BLOCKS_MAX || text.n > PAPER_TEXT_BYTES_MAX) {
        paper_fail(p, ERR_PAPER_TOO_BIG);
        return NULL;
    }
    if (!ARENA_PUSH(p->a, p->blocks, p->n_blocks, p->cap_blocks)) {
        paper_fail(p, ERR_NO_MEMORY);
        return NULL;
    }
    PaperBlock *b = &p->blocks[p->n_blocks++];
    *b = (PaperBlock){ .kind = kind, .text = arena_str(p->a, text), .day = DAY_NONE };
    return b;
}

/* A copy of a list of texts; NULL (and the paper failed) when it is too long or refused. */
static Str *list_copy(Paper *p, const Str *list, size_t n)
{
    Str *copy = NULL;
    if (n > PAPER_LIST_MAX)
        paper_fail(p, ERR_PAPER_TOO_BIG);
    else if (!(copy = ARENA_ARRAY(p->a, Str, n)))
        paper_fail(p, ERR_NO_MEMORY);
    for (size_t i = 0; copy && i < n; i++) {
        if (list[i].n > PAPER_TEXT_BYTES_MAX)
            paper_fail(p, ERR_PAPER_TOO_BIG);
        else
            copy[i] = arena_str(p->a, list[i]);
    }
    return copy;
}

void paper_mark(Paper *p, Str text)
{
    block_add(p, PAPER_MARK, text);
}

void paper_issuer(Paper *p, Str organ, Str number)
{
    PaperBlock *b = block_add(p, PAPER_ISSUER, organ);
    if (b)
        b->more = arena_str(p->a, number);
}

void paper_title(Paper *p, Str text)
{
    block_add(p, PAPER_TITLE, text);
}

void paper_subtitle(Paper *p, Str text)
{
    block_add(p, PAPER_SUBTITLE, text);
}

void paper_addressee(Paper *p, Str to)
{
    block_add(p, PAPER_ADDRESSEE, to);
}

void paper_text(Paper *p, Str paragraph)
{
    Str head, rest = paragraph;
    bool more;
    do {
        more = str_cut(rest, STRC("\n"), &head, &rest);
        if (str_trim(head).n > 0 || (!more && head.p == paragraph.p))
            block_add(p, PAPER_PARAGRAPH, str_trim(head));
    } while (more);
}

void paper_plain(Paper *p, Str paragraph)
{
    block_add(p, PAPER_PLAIN, paragraph);
}

void paper_heading(Paper *p, int level, Str text)
{
    PaperBlock *b = block_add(p, PAPER_HEADING, text);
    if (b)
        b->level = level < 1 ? 1 : level > 4 ? 4 : level;
}

void paper_table(Paper *p, const Table *t)
{
    PaperBlock *b = block_add(p, PAPER_TABLE_BLOCK, (Str){ "", 0 });
    if (!t)
        paper_fail(p, ERR_NO_MEMORY);
    else if (b)
        b->table = t;
}

static void list_add(Paper *p, PaperKind kind, const Str *list, size_t n)
{
    PaperBlock *b = block_add(p, kind, (Str){ "", 0 });
    if (!b)
        return;
    b->list = list_copy(p, list, n);
    b->n_list = b->list ? n : 0;
}

void paper_attachment(Paper *p, const Str *names, size_t n)
{
    list_add(p, PAPER_ATTACHMENT, names, n);
}

void paper_signature(Paper *p, const Str *labels, size_t n)
{
    list_add(p, PAPER_SIGNATURE, labels, n);
}

void paper_dateline(Paper *p, Str organ, Day day)
{
    PaperBlock *b = block_add(p, PAPER_DATELINE, organ);
    if (b)
        b->day = day;
}

void paper_small(Paper *p, Str text)
{
    block_add(p, PAPER_SMALL, text);
}

void paper_break(Paper *p, PaperTurn turn)
{
    PaperBlock *b = block_add(p, PAPER_BREAK, (Str){ "", 0 });
    if (b)
        b->turn = turn;
}

void paper_ballot(Paper *p, const PaperBallot *in)
{
    PaperBlock *b = block_add(p, PAPER_BALLOT, (Str){ "", 0 });
    if (!b)
        return;
    PaperBallot *copy = ARENA_NEW(p->a, PaperBallot);
    if (!copy) {
        paper_fail(p, ERR_NO_MEMORY);
        return;
    }
    if (in->n_rows == 0 || in->n_groups == 0 || in->n_choices == 0 ||
        in->n_groups > PAPER_CHOICES_MAX || in->n_choices > PAPER_CHOICES_MAX ||
        in->n_groups * in->n_choices > PAPER_CHOICES_MAX) {
        paper_fail(p, ERR_PAPER_TOO_BIG);
        return;
    }
    *copy = (PaperBallot){ .corner = arena_str(p->a, in->corner), .n_rows = in->n_rows,
                           .n_groups = in->n_groups, .n_choices = in->n_choices };
    copy->rows = list_copy(p, in->rows, in->n_rows);
    copy->groups = list_copy(p, in->groups, in->n_groups);
    copy->choices = list_copy(p, in->choices, in->n_choices);
    b->ballot = copy;
}

void paper_qr(Paper *p, Str bytes, Str caption)
{
    PaperBlock *b = block_add(p, PAPER_QR, bytes);
    if (b)
        b->more = arena_str(p->a, caption);
    if (bytes.n == 0 || bytes.n > PAPER_QR_BYTES_MAX)
        paper_fail(p, ERR_PAPER_TOO_BIG);
}

void paper_cards(Paper *p, const PaperCard *cards, size_t n, int across, int down)
{
    PaperBlock *b = block_add(p, PAPER_CARDS, (Str){ "", 0 });
    if (!b)
        return;
    PaperCard *copy = n <= PAPER_LIST_MAX ? ARENA_ARRAY(p->a, PaperCard, n) : NULL;
    if (!copy || n == 0 || across < 1 || across > 6 || down < 1 || down > 12) {
        paper_fail(p, arena_refused(p->a) ? ERR_NO_MEMORY : ERR_PAPER_TOO_BIG);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        copy[i] = (PaperCard){ .title = arena_str(p->a, cards[i].title),
                               .lines = list_copy(p, cards[i].lines, cards[i].n_lines),
                               .n_lines = cards[i].n_lines,
                               .qr = arena_str(p->a, cards[i].qr) };
        if (cards[i].qr.n > PAPER_QR_BYTES_MAX)
            paper_fail(p, ERR_PAPER_TOO_BIG);
    }
    b->cards = copy;
    b->n_cards = n;
    b->level = across;
    b->down = down;
}

bool paper_ok(const Paper *p, Err *e)
{
    if (!p || p->bad == ERR_NO_MEMORY || arena_refused(p->a))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "文件"));
    if (p->bad)
        return err_fail(e, p->bad, err_hole("paper", p->name), err_hole("max", PAPER_BLOCKS_MAX));
    for (size_t i = 0; i < p->n_blocks; i++)
        if (p->blocks[i].kind == PAPER_TABLE_BLOCK && !table_ok(p->blocks[i].table, e))
            return false;
    return true;
}
