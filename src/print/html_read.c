/* Reading a web page: what a reader of the page would take for its text, a line per paragraph.
 * What stands around it (menus, lists of links, share buttons, the headline a second time) is left
 * out. No tree is built: tags come one by one, so that broken pages read as well as sound ones. */
#include "print/part.h"
#include "text/text.h"

#include <string.h>

enum {
    TAG_MAX = 12,           /* letters of the names that mean something here */
    ENTITY_MAX = 10,
    CELL_POINTS = 60,       /* a longer piece in a cell: the table is there for the layout */
    LINK_POINTS = 40,       /* a shorter line that is mostly links is a menu */
    HEAD_POINTS = 60        /* of a line that may be the headline again */
};

/* Characters of our own in a row, none of which a page can bring. */
enum { CELL = '\t', PIECE = 1, LINK = 2, UNLINK = 3 };

typedef struct Html {
    Arena *a;
    Buf *out;
    Buf row;                /* the line or table row under construction, with the marks above */
    Map seen;               /* short lines that stood before */
    bool lists;             /* leave out nav, footer and aside */
    char skip[TAG_MAX];     /* the element left out; "" none */
    int depth;              /* of that name inside itself */
    int cell;               /* inside a cell of a row */
    int numbers[8], lists_open;   /* <ol> counts, <ul> is -1 */
    bool blank, newline;    /* white space is waiting; it holds a line end */
    bool linked;
} Html;

/* --- characters ----------------------------------------------------------------------------- */

static const struct Entity {
    const char *name;
    uint32_t cp;
} entities[] = {
    { "nbsp", ' ' }, { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' },
    { "apos", '\'' }, { "ldquo", 0x201C }, { "rdquo", 0x201D }, { "lsquo", 0x2018 },
    { "rsquo", 0x2019 }, { "mdash", 0x2014 }, { "ndash", 0x2013 }, { "hellip", 0x2026 },
    { "middot", 0xB7 }, { "bull", 0x2022 }, { "times", 0xD7 }, { "ensp", ' ' }, { "emsp", ' ' },
    { "thinsp", ' ' }, { "deg", 0xB0 }, { "permil", 0x2030 }, { "laquo", 0xAB }, { "raquo", 0xBB },
    { "copy", 0xA9 }, { "yen", 0xA5 }, { "ge", 0x2265 }, { "le", 0x2264 }, { "divide", 0xF7 },
};

static bool is_wide(uint32_t cp)
{
    return cp >= 0x2E80 && cp <= 0x3FFFF;
}

static uint32_t last_point(const Buf *b)
{
    size_t at = b->n;
    uint32_t cp = 0;
    while (at > 0 && (b->p[at - 1] == LINK || b->p[at - 1] == UNLINK))
        at--;
    while (at > 0 && ((unsigned char)b->p[at - 1] & 0xC0) == 0x80)
        at--;
    if (at > 0)
        str_next(buf_str(b), at - 1, &cp);
    return cp;
}

/* White space between two characters of Chinese is only the width of the editor's window. */
static void settle_blank(Html *h, uint32_t next)
{
    if (h->blank && h->row.n > 0) {
        uint32_t last = last_point(&h->row);
        if (last > ' ' && !(h->newline && is_wide(last) && is_wide(next)))
            buf_putc(&h->row, ' ');
    }
    h->blank = h->newline = false;
}

static void put_point(Html *h, uint32_t cp)
{
    if (cp == ' ' || cp == '\t' || cp == '\n' || cp == 0xA0 || cp == 0x3000) {
        h->blank = true;
        h->newline |= cp == '\n';
        return;
    }
    if (cp < ' ' || cp == 0x7F)
        return;
    settle_blank(h, cp);
    buf_point(&h->row, cp);
}

static bool number_read(uint32_t *cp, Str name)
{
    uint32_t v = 0;
    bool hex = name.n > 1 && (name.p[1] == 'x' || name.p[1] == 'X');
    size_t i = hex ? 2 : 1;
    if (i == name.n)
        return false;
    for (; i < name.n; i++) {
        char c = name.p[i] | 0x20;
        uint32_t d = c >= '0' && c <= '9' ? (uint32_t)(c - '0')
                     : hex && c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10) : 99;
        if (d == 99 || v > 0x10FFFF)
            return false;
        v = v * (hex ? 16 : 10) + d;
    }
    *cp = v <= 0x10FFFF && !(v >= 0xD800 && v <= 0xDFFF) ? v : 0xFFFD;
    return true;
}

/* The bytes of an entity at s[at] == '&'; 0: it is only an ampersand. */
static size_t entity_read(uint32_t *cp, Str s, size_t at)
{
    size_t n = 1;
    while (n <= ENTITY_MAX && at + n < s.n && s.p[at + n] != ';')
        n++;
    if (n > ENTITY_MAX || at + n >= s.n)
        return 0;
    Str name = str_sub(s, at + 1, n - 1);
    if (name.n > 1 && name.p[0] == '#')
        return number_read(cp, name) ? n + 1 : 0;
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (str_is(name, entities[i].name)) {
            *cp = entities[i].cp;
            return n + 1;
        }
    return 0;
}

/* --- lines ---------------------------------------------------------------------------------- */

typedef struct Piece {
    Str text;               /* without marks, trimmed */
    size_t linked;          /* of its bytes */
} Piece;

static bool piece_of(Piece *p, Html *h, Str raw)
{
    char *made = arena_alloc(h->a, raw.n + 1);
    size_t n = 0, linked = 0;
    if (!made)
        return false;
    for (size_t i = 0; i < raw.n; i++) {
        if (raw.p[i] == LINK || raw.p[i] == UNLINK) {
            h->linked = raw.p[i] == LINK;
            continue;
        }
        made[n++] = raw.p[i] == PIECE ? ' ' : raw.p[i];
        linked += h->linked;
    }
    *p = (Piece){ str_trim((Str){ made, n }), linked };
    return true;
}

static bool ends_sentence(Str s)
{
    static const Str stops[] = { S("。"), S("！"), S("？"), S("；"), S("："), S("，") };
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
        if (str_ends(s, stops[i]))
            return true;
    return false;
}

/* Menus are links; a headline is said once. */
static bool is_around(Html *h, const Piece *p)
{
    size_t points = str_points(p->text);
    if (ends_sentence(p->text) || points > HEAD_POINTS)
        return false;
    if (points < LINK_POINTS && p->linked * 10 > p->text.n * 6)
        return true;
    if (outline_page_line(p->text))
        return true;
    enum { SAID_AGAIN = 5 };                 /* "是" and "1" in two cells are no headline */
    if (points <= SAID_AGAIN || str_has(p->text, STRC("\t")))
        return false;
    if (map_get(&h->seen, p->text))
        return true;
    return !map_put(&h->seen, p->text, h);
}

static bool put_piece(Html *h, Str raw)
{
    Piece p;
    if (!piece_of(&p, h, raw))
        return false;
    if (p.text.n == 0 || is_around(h, &p))
        return true;
    buf_put(h->out, p.text);
    buf_putc(h->out, '\n');
    return true;
}

/* A row with a long piece lays out the page: its pieces are lines of their own. */
static bool is_layout(Str row)
{
    size_t from = 0;
    for (size_t i = 0; i <= row.n; i++)
        if (i == row.n || row.p[i] == CELL || row.p[i] == PIECE) {
            if (str_points(str_sub(row, from, i - from)) > CELL_POINTS)
                return true;
            from = i + 1;
        }
    return false;
}

static bool flush(Html *h, bool whole)
{
    Str row = buf_str(&h->row);
    bool ok = true;
    if (whole && !is_layout(row)) {
        ok = put_piece(h, row);
    } else {
        for (size_t from = 0, i = 0; ok && i <= row.n; i++)
            if (i == row.n || row.p[i] == CELL || row.p[i] == PIECE) {
                ok = put_piece(h, str_sub(row, from, i - from));
                from = i + 1;
            }
    }
    buf_reset(&h->row);
    h->blank = h->newline = h->linked = false; /* <a name=x> is rarely closed */
    return ok;
}

/* --- tags ----------------------------------------------------------------------------------- */

static bool any_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

static const char *const unread[] = { "script", "style", "head", "noscript", "template", "svg",
                                      "math", "select", "button", "iframe", "object", "textarea",
                                      NULL };
static const char *const around[] = { "nav", "footer", "aside", NULL };
static const char *const raw[] = { "script", "style", "textarea", NULL };
static const char *const blocks[] = { "p", "div", "br", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
                                      "section", "article", "main", "header", "blockquote",
                                      "pre", "dl", "dt", "dd", "body", "figure", "figcaption",
                                      "address", "center", "form", "fieldset", NULL };

static void number(Html *h)
{
    enum { LEVELS = sizeof h->numbers / sizeof *h->numbers };
    if (h->lists_open > 0 && h->lists_open <= (int)LEVELS) {
        int *n = &h->numbers[h->lists_open - 1];
        if (*n >= 0)
            buf_fmt(&h->row, "%d.", ++*n);
    }
}

static void list(Html *h, bool opens, bool numbered)
{
    enum { LEVELS = sizeof h->numbers / sizeof *h->numbers };
    if (opens && h->lists_open++ < (int)LEVELS)
        h->numbers[h->lists_open - 1] = numbered ? 0 : -1;
    else if (!opens && h->lists_open > 0)
        h->lists_open--;
}

static bool line_break(Html *h)
{
    if (!h->cell)
        return flush(h, false);
    buf_putc(&h->row, PIECE);
    h->blank = h->newline = false;
    return true;
}

static bool table_tag(Html *h, const char *name, bool opens)
{
    bool ok = true;
    if (strcmp(name, "tr") == 0) {
        ok = flush(h, !opens);
        h->cell = 0;
    } else if (strcmp(name, "table") == 0) {
        ok = flush(h, false);
        h->cell = 0;
    } else if (opens) {
        if (h->cell++ > 0)
            buf_putc(&h->row, CELL);
        h->blank = false;
    }
    return ok;
}

static bool tag(Html *h, const char *name, bool opens)
{
    static const char *const tables[] = { "table", "tr", "td", "th", NULL };
    if (h->skip[0]) {
        if (strcmp(name, h->skip) == 0)
            h->depth += opens ? 1 : -1;
        if (h->depth == 0 || (strcmp(h->skip, "head") == 0 && strcmp(name, "body") == 0))
            h->skip[0] = '\0';
        return true;
    }
    if (opens && (any_of(name, unread) || (h->lists && any_of(name, around)))) {
        strcpy(h->skip, name);
        h->depth = 1;
        return line_break(h);
    }
    if (any_of(name, tables))
        return table_tag(h, name, opens);
    if (strcmp(name, "a") == 0)
        buf_putc(&h->row, opens ? LINK : UNLINK);
    bool ordered = strcmp(name, "ol") == 0;
    if (ordered || strcmp(name, "ul") == 0)
        list(h, opens, ordered);
    else if (strcmp(name, "li") != 0)
        return !any_of(name, blocks) || line_break(h);
    if (!line_break(h))
        return false;
    if (opens && strcmp(name, "li") == 0)
        number(h);
    return true;
}

/* Behind the '>' that ends the tag at `at`; quotes may hold another one. A quote that is never
 * closed holds nothing. */
static size_t tag_end(Str s, size_t at)
{
    char quote = 0;
    size_t first = s.n;
    for (; at < s.n; at++) {
        char c = s.p[at];
        if (c == '>' && !quote)
            return at + 1;
        if (c == '>' && first == s.n)
            first = at + 1;
        if (quote)
            quote = c == quote ? 0 : quote;
        else if ((c == '"' || c == '\'') && s.p[at - 1] == '=')
            quote = c;
    }
    return first;
}

static size_t find_from(Str s, size_t at, Str what)
{
    ptrdiff_t k = str_find(str_sub(s, at, s.n), what);
    return k < 0 ? s.n : at + (size_t)k;
}

/* Scripts hold what looks like tags: only their own end ends them. */
static size_t raw_end(Str s, size_t at, const char *name)
{
    size_t n = strlen(name);
    for (; at + n + 2 <= s.n; at++) {
        if (s.p[at] != '<' || s.p[at + 1] != '/')
            continue;
        size_t i = 0;
        while (i < n && (s.p[at + 2 + i] | 0x20) == name[i])
            i++;
        if (i == n)
            return at;
    }
    return s.n;
}

/* What begins with '<' at `at`; *next is behind it. */
static bool markup(Html *h, Str s, size_t at, size_t *next, Err *e)
{
    Str rest = str_sub(s, at, s.n);
    if (str_starts(rest, STRC("<!--"))) {
        size_t end = find_from(s, at + 4, STRC("-->"));
        *next = end < s.n ? end + 3 : s.n;
        return true;
    }
    *next = tag_end(s, at + 1);
    if (str_starts(rest, STRC("<!")) || str_starts(rest, STRC("<?")))
        return !str_has(str_sub(s, at, *next - at), STRC("[")) ||
               str_starts(rest, STRC("<![")) || /* conditions that Word writes */
               err_fail(e, ERR_PRINT_DTD, err_hole("where", "网页"));
    bool opens = at + 1 >= s.n || s.p[at + 1] != '/';
    char name[TAG_MAX] = "";
    size_t n = 0;
    for (size_t i = at + (opens ? 1 : 2); i < *next && n < TAG_MAX - 1; i++) {
        char c = s.p[i] | 0x20;
        if (!((c >= 'a' && c <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9' && n)))
            break;
        name[n++] = c >= 'a' ? c : s.p[i];
    }
    if (n == 0) { /* "a < b": only a sign */
        put_point(h, '<');
        *next = at + 1;
        return true;
    }
    bool closed = *next >= 2 && s.p[*next - 2] == '/'; /* <script/> and <nav/> hold nothing */
    if (opens && !closed && any_of(name, raw))
        *next = raw_end(s, *next, name);
    return (opens && closed && (any_of(name, unread) || any_of(name, around))) ||
           tag(h, name, opens) || err_fail(e, ERR_NO_MEMORY, err_hole("what", "网页"));
}

static bool walk(Html *h, Str s, Err *e)
{
    size_t at = 0, k;
    uint32_t cp;
    while ((k = str_next(s, at, &cp)) > 0) {
        if (h->row.failed || h->out->failed)
            return err_fail(e, ERR_TOO_BIG, err_hole("what", "文件的文字字节数"),
                            err_hole("max", PRINT_TEXT_BYTES_MAX));
        if (cp == '<') {
            if (!markup(h, s, at, &at, e))
                return false;
            continue;
        }
        size_t entity = cp == '&' ? entity_read(&cp, s, at) : 0;
        if (!h->skip[0])
            put_point(h, cp);
        at += entity ? entity : k;
    }
    return flush(h, false) || err_fail(e, ERR_NO_MEMORY, err_hole("what", "网页"));
}

bool print_parse_html(Buf *out, Str text, Err *e)
{
    Html h = { .a = arena_open(64 << 20), .out = out, .row = buf_open(PRINT_TEXT_BYTES_MAX),
               .lists = true };
    bool ok = h.a != NULL || err_fail(e, ERR_NO_MEMORY, err_hole("what", "网页"));
    if (ok) {
        h.seen = map_open(h.a);
        ok = walk(&h, text, e);
    }
    if (ok && h.skip[0] && any_of(h.skip, around)) { /* never closed: it took the text with it */
        Html again = { .a = h.a, .out = out, .row = h.row };
        arena_reset(h.a);
        buf_reset(out);
        again.seen = map_open(h.a);
        ok = walk(&again, text, e);
        h.row = again.row;
    }
    buf_close(&h.row);
    arena_close(h.a);
    return ok;
}
