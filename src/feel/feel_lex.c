/* Characters to tokens. A name may hold blanks and signs ("Full Name", "profit-loss"), so what a
 * name is depends on the names in scope: the longest known one that starts here wins. */
#include "feel/feel_in.h"

#include <string.h>

typedef struct Word {
    Str text;
    FeelToken token;
} Word;

static const Word keywords[] = {
    { S("if"), T_IF },           { S("then"), T_THEN },       { S("else"), T_ELSE },
    { S("for"), T_FOR },         { S("in"), T_IN },           { S("return"), T_RETURN },
    { S("some"), T_SOME },       { S("every"), T_EVERY },     { S("satisfies"), T_SATISFIES },
    { S("between"), T_BETWEEN }, { S("and"), T_AND },         { S("or"), T_OR },
    { S("instance"), T_INSTANCE }, { S("of"), T_OF },         { S("function"), T_FUNCTION },
    { S("external"), T_EXTERNAL }, { S("true"), T_TRUE },     { S("false"), T_FALSE },
    { S("null"), T_NULL },
};

/* Longer signs stand before their beginnings. */
static const Word signs[] = {
    { S("**"), T_POWER },   { S("->"), T_ARROW },   { S("<="), T_LE },      { S(">="), T_GE },
    { S("!="), T_NE },      { S(".."), T_DOTS },    { S("+"), T_PLUS },     { S("-"), T_MINUS },
    { S("*"), T_TIMES },    { S("/"), T_DIVIDE },   { S("="), T_EQ },       { S("<"), T_LT },
    { S(">"), T_GT },       { S("."), T_DOT },      { S(","), T_COMMA },    { S(":"), T_COLON },
    { S("("), T_LPAREN },   { S(")"), T_RPAREN },   { S("["), T_LBRACKET }, { S("]"), T_RBRACKET },
    { S("{"), T_LBRACE },   { S("}"), T_RBRACE },   { S(";"), T_SEMICOLON },
};

enum { N_KEYWORDS = sizeof keywords / sizeof *keywords, N_SIGNS = sizeof signs / sizeof *signs };

const char *feel_token_text(FeelToken t)
{
    for (size_t i = 0; i < N_KEYWORDS; i++)
        if (keywords[i].token == t)
            return keywords[i].text.p;
    for (size_t i = 0; i < N_SIGNS; i++)
        if (signs[i].token == t)
            return signs[i].text.p;
    return "?";
}

typedef struct Span {
    uint32_t from, to;
} Span;

static bool in_spans(const Span *spans, size_t n, uint32_t cp)
{
    for (size_t i = 0; i < n; i++)
        if (cp >= spans[i].from && cp <= spans[i].to)
            return true;
    return false;
}

/* DMN 1.5, grammar rules 28 and 29. */
bool feel_lex_is_start(uint32_t cp)
{
    static const Span spans[] = {
        { '?', '?' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' }, { 0xC0, 0xD6 }, { 0xD8, 0xF6 },
        { 0xF8, 0x2FF }, { 0x370, 0x37D }, { 0x37F, 0x1FFF }, { 0x200C, 0x200D },
        { 0x2070, 0x218F }, { 0x2C00, 0x2FEF }, { 0x3001, 0xD7FF }, { 0xF900, 0xFDCF },
        { 0xFDF0, 0xFEFE }, { 0xFF00, 0xFFFC }, { 0x10000, 0xEFFFF },
    };
    return in_spans(spans, sizeof spans / sizeof *spans, cp) && !feel_lex_is_blank(cp);
}

bool feel_lex_is_part(uint32_t cp)
{
    return feel_lex_is_start(cp) || (cp >= '0' && cp <= '9') || cp == 0xB7 ||
           (cp >= 0x300 && cp <= 0x36F) || cp == 0x203F || cp == 0x2040;
}

/* Rules 61 and 62. */
bool feel_lex_is_blank(uint32_t cp)
{
    static const Span spans[] = {
        { 0x09, 0x0D }, { ' ', ' ' }, { 0x85, 0x85 }, { 0xA0, 0xA0 }, { 0x1680, 0x1680 },
        { 0x180E, 0x180E }, { 0x2000, 0x200B }, { 0x2028, 0x2029 }, { 0x202F, 0x202F },
        { 0x205F, 0x205F }, { 0x3000, 0x3000 }, { 0xFEFF, 0xFEFF },
    };
    return in_spans(spans, sizeof spans / sizeof *spans, cp);
}

static bool is_name_sign(uint32_t cp)
{
    return cp < 128 && cp && strchr("./-'+*", (int)cp) != NULL;
}

bool feel_lex_place(Str src, size_t at, uint32_t *line, uint32_t *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < at && i < src.n;) {
        uint32_t cp;
        i += str_next(src, i, &cp);
        if (cp == '\n') {
            ++*line;
            *column = 1;
        } else {
            ++*column;
        }
    }
    return true;
}

/* Signs typed with a Chinese keyboard: full width, or quotation marks and commas of its own. To
 * the grammar some of them are letters of names, so the mistake shows late and looks odd. */
static bool wide_sign(Str s)
{
    static const Span spans[] = { { 0x2018, 0x201D }, { 0x3001, 0x3002 }, { 0xFF01, 0xFF0F },
                                  { 0xFF1A, 0xFF20 }, { 0xFF3B, 0xFF40 }, { 0xFF5B, 0xFF5E } };
    for (size_t i = 0; i < s.n;) {
        uint32_t cp;
        i += str_next(s, i, &cp);
        if (in_spans(spans, sizeof spans / sizeof *spans, cp))
            return true;
    }
    return false;
}

bool feel_lex_refuse(Str src, size_t at, size_t end, const char *want, Err *e)
{
    uint32_t line, column;
    feel_lex_place(src, at, &line, &column);
    Str found = str_sub(src, at, end > at ? end - at : 0);
    if (found.n > 60) {
        size_t n = 0;
        uint32_t cp;
        while (n < 48)
            n += str_next(found, n, &cp);
        found.n = n;
    }
    bool end_of_text = at >= src.n;
    if (end_of_text)
        found = STRC("结尾");
    bool wide = !end_of_text && wide_sign(found);
    return err_fail(e, ERR_FEEL_SYNTAX, err_hole("line", line), err_hole("column", column),
                    err_hole("found", found),
                    err_hole("found_en", end_of_text ? feel_say_en(found) : found),
                    err_hole("want", want), err_hole("want_en", feel_say_en(str_of(want))),
                    err_hole("hint", wide ? "（标点须用半角）" : ""),
                    err_hole("hint_en", wide ? " (use half-width signs)" : ""));
}

size_t feel_lex_blank(Str src, size_t at)
{
    for (;;) {
        uint32_t cp;
        size_t n = str_next(src, at, &cp);
        if (n && feel_lex_is_blank(cp)) {
            at += n;
        } else if (str_starts(str_sub(src, at, 2), STRC("//"))) {
            while (at < src.n && src.p[at] != '\n' && src.p[at] != '\r')
                at++;
        } else if (str_starts(str_sub(src, at, 2), STRC("/*"))) {
            ptrdiff_t end = str_find(str_sub(src, at + 2, src.n), STRC("*/"));
            if (end < 0)
                return SIZE_MAX;
            at += (size_t)end + 4;
        } else {
            return at;
        }
    }
}

/* --- names ---------------------------------------------------------------------------------- */
bool feel_lex_learn(FeelLex *l, Str name)
{
    bool plain = true;
    for (size_t i = 0; i < name.n;) {
        uint32_t cp;
        i += str_next(name, i, &cp);
        plain &= feel_lex_is_part(cp);
    }
    uint32_t first;
    if (plain || !str_next(name, 0, &first) || !feel_lex_is_start(first))
        return true;
    if (!ARENA_PUSH(l->a, l->known.names, l->known.n, l->known.cap))
        return false;
    l->known.names[l->known.n++] = name;
    return true;
}

static size_t skip_blanks(Str src, size_t at)
{
    uint32_t cp;
    for (size_t n; (n = str_next(src, at, &cp)) && feel_lex_is_blank(cp);)
        at += n;
    return at;
}

/* One blank of the name stands for any run of blanks. */
size_t feel_lex_reaches(Str src, size_t at, Str name)
{
    size_t from = at, i = 0;
    uint32_t cp = 0, was = 0;
    while (i < name.n) {
        if (name.p[i] == ' ') {
            size_t to = skip_blanks(src, at);
            if (to == at)
                return 0;
            at = to;
            i++;
            continue;
        }
        size_t n = str_next(name, i, &was);
        if (str_next(src, at, &cp) != n || cp != was)
            return 0;
        at += n;
        i += n;
    }
    if (str_next(src, at, &cp) && feel_lex_is_part(was) && feel_lex_is_part(cp))
        return 0;
    return at - from;
}

static size_t word_end(Str src, size_t at)
{
    uint32_t cp;
    for (size_t n; (n = str_next(src, at, &cp)) && feel_lex_is_part(cp);)
        at += n;
    return at;
}

/* "date and time" is a built-in, but also two names of a scope joined by `and`: only before a
 * bracket it is the built-in. */
static bool builtin_stands(Str src, size_t end, Str name)
{
    if (!str_has(name, STRC(" and ")))
        return true;
    end = feel_lex_blank(src, end);
    return end < src.n && src.p[end] == '(';
}

static void lex_name(FeelLex *l, size_t at, FeelLexeme *out)
{
    *out = (FeelLexeme){ .kind = T_NAME, .at = at, .end = word_end(l->src, at) };
    if (l->src.p[at] == '?')
        out->end = at + 1;
    out->text = str_sub(l->src, at, out->end - at);
    size_t plain = out->end;
    for (size_t i = 0; i < l->known.n; i++) {
        size_t n = feel_lex_reaches(l->src, at, l->known.names[i]);
        if (n > out->end - at) {
            out->end = at + n;
            out->text = l->known.names[i];
        }
    }
    const FeelBuiltin *row;
    for (size_t i = 0; (row = feel_builtin_row(i)); i++) {
        Str name = str_of(row->name);
        size_t n = name.p[0] == l->src.p[at] ? feel_lex_reaches(l->src, at, name) : 0;
        if (n > out->end - at && builtin_stands(l->src, at + n, name)) {
            out->end = at + n;
            out->text = name;
        }
    }
    for (size_t i = 0; i < N_KEYWORDS && out->end == plain; i++)
        if (str_eq(out->text, keywords[i].text))
            out->kind = keywords[i].token;
}

Str feel_lex_raw_name(FeelLex *l, size_t at, size_t *end, bool stop_at_in)
{
    Str none = { "", 0 };
    uint32_t cp;
    size_t from = at, n = str_next(l->src, at, &cp), last = at;
    if (!n || !feel_lex_is_start(cp))
        return none;
    char *text = arena_alloc(l->a, l->src.n - at < 4096 ? l->src.n - at + 1 : 4096);
    size_t used = 0;
    while (text && (n = str_next(l->src, at, &cp)) && used + n + 1 < 4096) {
        if (feel_lex_is_blank(cp)) {
            at = skip_blanks(l->src, at);
            size_t w = word_end(l->src, at);
            if (stop_at_in && str_is(str_sub(l->src, at, w - at), "in"))
                break;
            continue;
        }
        bool comment = cp == '/' && at + 1 < l->src.n &&
                       (l->src.p[at + 1] == '/' || l->src.p[at + 1] == '*');
        if ((!feel_lex_is_part(cp) && !is_name_sign(cp)) || comment)
            break;
        if (at > last && last > from)
            text[used++] = ' ';
        memcpy(text + used, l->src.p + at, n);
        used += n;
        at += n;
        last = at;
    }
    *end = last;
    return text ? (Str){ text, used } : none;
}

/* --- strings and numbers -------------------------------------------------------------------- */
static bool hex_of(Str s, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
              : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (d < 0)
            return false;
        *out = *out * 16 + (uint32_t)d;
    }
    return true;
}

/* One escape at src[at] == '\\'; returns bytes read, 0 when it is none. */
static size_t escape_read(Str src, size_t at, uint32_t *cp)
{
    char c = at + 1 < src.n ? src.p[at + 1] : 0;
    const char *from = "nrt\"'\\", *to = "\n\r\t\"'\\", *hit = c ? strchr(from, c) : NULL;
    if (hit) {
        *cp = (uint32_t)(unsigned char)to[hit - from];
        return 2;
    }
    size_t digits = c == 'u' ? 4 : c == 'U' ? 6 : 0;
    Str hex = str_sub(src, at + 2, digits);
    if (!digits || hex.n != digits || !hex_of(hex, cp))
        return 0;
    uint32_t low;
    if (*cp >= 0xD800 && *cp < 0xDC00 && at + 12 <= src.n && src.p[at + 6] == '\\' &&
        src.p[at + 7] == 'u' && hex_of(str_sub(src, at + 8, 4), &low) && low >= 0xDC00 &&
        low < 0xE000) {
        *cp = 0x10000 + ((*cp - 0xD800) << 10) + (low - 0xDC00);
        return 12;
    }
    char scrap[4];
    return *cp && str_put(scrap, *cp) ? 2 + digits : 0;
}

static bool lex_string(FeelLex *l, size_t at, FeelLexeme *out, Err *e)
{
    size_t from = at, used = 0, end = at + 1;
    while (end < l->src.n && l->src.p[end] != '"')
        end += l->src.p[end] == '\\' ? 2 : 1;
    if (end >= l->src.n)
        return feel_lex_refuse(l->src, from, from + 1, "成对的引号", e);
    char *text = arena_alloc(l->a, end - at);
    if (!text)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "公式"));
    for (at++; at < end;) {
        uint32_t cp;
        size_t n = 0;
        if (l->src.p[at] == '\\' && (n = escape_read(l->src, at, &cp))) {
            used += str_put(text + used, cp);
            at += n;
        } else if (l->src.p[at] == '\\' && at + 1 < end) {
            text[used++] = l->src.p[at++]; /* an unknown escape stands for itself: "\s" */
            text[used++] = l->src.p[at++];
        } else {
            text[used++] = l->src.p[at++];
        }
    }
    *out = (FeelLexeme){ T_STRING, from, end + 1, { text, used } };
    return true;
}

static void lex_number(FeelLex *l, size_t at, FeelLexeme *out)
{
    const char *p = l->src.p;
    size_t from = at, n = l->src.n;
#define DIGITS() while (at < n && p[at] >= '0' && p[at] <= '9') at++
    DIGITS();
    if (at + 1 < n && p[at] == '.' && p[at + 1] >= '0' && p[at + 1] <= '9') {
        at++;
        DIGITS();
    }
    size_t exp = at + 1;
    if (at < n && (p[at] == 'e' || p[at] == 'E')) {
        if (exp < n && (p[exp] == '+' || p[exp] == '-'))
            exp++;
        if (exp < n && p[exp] >= '0' && p[exp] <= '9') {
            at = exp;
            DIGITS();
        }
    }
#undef DIGITS
    *out = (FeelLexeme){ T_NUMBER, from, at, str_sub(l->src, from, at - from) };
}

bool feel_lex_next(FeelLex *l, size_t at, FeelLexeme *out, Err *e)
{
    size_t from = at;
    at = feel_lex_blank(l->src, at);
    if (at == SIZE_MAX)
        return feel_lex_refuse(l->src, from, l->src.n, "注释的结尾 */", e);
    if (at >= l->src.n) {
        *out = (FeelLexeme){ .kind = T_END, .at = l->src.n, .end = l->src.n };
        return true;
    }
    uint32_t cp;
    char c = l->src.p[at], after = at + 1 < l->src.n ? l->src.p[at + 1] : 0;
    str_next(l->src, at, &cp);
    if (c == '"')
        return lex_string(l, at, out, e);
    if (c == '@' && after == '"') {
        if (!lex_string(l, at + 1, out, e))
            return false;
        out->kind = T_AT_STRING;
        out->at = at;
        return true;
    }
    if ((c >= '0' && c <= '9') || (c == '.' && after >= '0' && after <= '9')) {
        lex_number(l, at, out);
        return true;
    }
    if (feel_lex_is_start(cp)) {
        lex_name(l, at, out);
        return true;
    }
    for (size_t i = 0; i < N_SIGNS; i++)
        if (str_starts(str_sub(l->src, at, 2), signs[i].text)) {
            *out = (FeelLexeme){ .kind = signs[i].token, .at = at,
                                 .end = at + signs[i].text.n, .text = signs[i].text };
            return true;
        }
    size_t n = str_next(l->src, at, &cp);
    *out = (FeelLexeme){ .kind = T_BAD, .at = at, .end = at + n, .text = str_sub(l->src, at, n) };
    return true;
}

/* No expression holds a `;` outside strings and comments, not even in brackets, so brackets need no
 * counting: one that was left open is then found inside its own expression, not at the end of the
 * file. */
bool feel_scan(Str text, size_t *len, Err *e)
{
    for (size_t at = 0; at < text.n;) {
        size_t next = feel_lex_blank(text, at);
        if (next == SIZE_MAX)
            return feel_lex_refuse(text, at, at + 2, "注释的结尾 */", e);
        if (next >= text.n)
            break;
        at = next;
        if (text.p[at] == ';') {
            *len = at;
            return true;
        }
        if (text.p[at] == '"') {
            size_t end = at + 1;
            while (end < text.n && text.p[end] != '"')
                end += text.p[end] == '\\' ? 2 : 1;
            if (end >= text.n)
                return feel_lex_refuse(text, at, at + 1, "成对的引号", e);
            at = end;
        }
        at++;
    }
    return feel_lex_refuse(text, text.n, text.n, ";", e);
}
