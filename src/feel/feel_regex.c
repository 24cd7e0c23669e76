/* Regular expressions. The standard asks for XPath's (XML Schema's with anchors, groups and lazy
 * quantifiers); ICU runs them after a rewrite of what it spells differently:
 *   [a-z-[aeiou]]      ->  [a-z--[aeiou]]
 *   \p{IsBasicLatin}   ->  \p{InBasicLatin}
 *   \i \c \I \C        ->  sets of name characters
 *   $ without flag m   ->  \z, as ICU's $ also stands before a last line end
 *   flag x             ->  blanks taken out here, as ICU's x knows comments too
 * Look-around and inline flags of ICU are refused. */
#include "feel/feel_in.h"

#include <string.h>
#include <unicode/uregex.h>
#include <unicode/ustring.h>

enum { TICKS_MAX = 50, STACK_MAX = 2 << 20 };

typedef struct Chars {
    UChar *p;
    int32_t n;
} Chars;

typedef struct Regex {
    URegularExpression *re;
    Chars text;
} Regex;

static bool chars_of(Arena *a, Str s, Chars *out)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar *p = ARENA_ARRAY(a, UChar, s.n + 1);
    int32_t n = 0;
    if (!p)
        return false;
    u_strFromUTF8(p, (int32_t)s.n + 1, &n, s.p ? s.p : "", (int32_t)s.n, &code);
    *out = (Chars){ p, n };
    return U_SUCCESS(code);
}

static bool str_of_chars(Arena *a, const UChar *p, int32_t n, Str *out)
{
    UErrorCode code = U_ZERO_ERROR;
    size_t room = (size_t)n * 3 + 1;
    char *to = arena_alloc(a, room);
    int32_t used = 0;
    if (!to)
        return false;
    u_strToUTF8(to, (int32_t)room, &used, p, n, &code);
    *out = (Str){ to, (size_t)used };
    return U_SUCCESS(code);
}

/* --- the rewrite ---------------------------------------------------------------------------- */
typedef struct Flags {
    bool dot_all, lines, fold, blanks, literal;
} Flags;

static bool flags_of(Str s, Flags *out)
{
    *out = (Flags){ 0 };
    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case 's':
            out->dot_all = true;
            break;
        case 'm':
            out->lines = true;
            break;
        case 'i':
            out->fold = true;
            break;
        case 'x':
            out->blanks = true;
            break;
        case 'q':
            out->literal = true;
            break;
        default:
            return false;
        }
    }
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* With flag x blanks outside classes do not count, not even inside \p{ ... }. */
static Str without_blanks(Arena *a, Str s)
{
    char *to = arena_alloc(a, s.n);
    size_t n = 0, depth = 0;
    for (size_t i = 0; to && i < s.n; i++) {
        char c = s.p[i];
        if (c == '\\' && i + 1 < s.n && !is_blank(s.p[i + 1])) {
            to[n++] = c;
            to[n++] = s.p[++i];
            continue;
        }
        if (depth == 0 && is_blank(c))
            continue;
        depth += c == '[';
        depth -= c == ']' && depth > 0;
        to[n++] = c;
    }
    return to ? (Str){ to, n } : (Str){ "", 0 };
}

/* What stands at s[i], a backslash; returns the bytes read, 0 when it is refused. */
static size_t rewrite_escape(Buf *b, Str s, size_t i, bool in_class)
{
    static const char from[] = "icIC";
    static const char to[][40] = { "[_:\\p{L}]", "[-._:\\p{L}\\p{N}\\p{M}]", "[^_:\\p{L}]",
                                   "[^-._:\\p{L}\\p{N}\\p{M}]" };
    if (i + 1 >= s.n)
        return 0;
    char c = s.p[i + 1];
    const char *hit = strchr(from, c);
    if (hit && c) {
        buf_put(b, str_of(to[hit - from]));
        return 2;
    }
    Str rest = str_sub(s, i + 2, s.n);
    if ((c == 'p' || c == 'P') && str_starts(rest, STRC("{Is"))) {
        buf_fmt(b, "\\%c{In", c);
        return 5;
    }
    /* Only the escapes that XPath knows; a class holds no back-reference. */
    bool digit = c >= '1' && c <= '9';
    if (!c || (digit && in_class) || (!digit && !strchr("nrt\\|.?*+(){}-[]^$pPsSdDwW", c)))
        return 0;
    buf_putc(b, '\\');
    buf_putc(b, c);
    return 2;
}

static bool rewrite(Buf *b, Str s, bool lines)
{
    size_t depth = 0;
    for (size_t i = 0; i < s.n;) {
        char c = s.p[i], next = i + 1 < s.n ? s.p[i + 1] : 0;
        if (c == '\\') {
            size_t n = rewrite_escape(b, s, i, depth > 0);
            if (!n)
                return false;
            i += n;
            continue;
        }
        if (depth == 0 && c == '(' && next == '?' && (i + 2 >= s.n || s.p[i + 2] != ':'))
            return false;
        if (depth && c == '[') {
            bool minus = i > 0 && s.p[i - 1] == '-';
            if (!minus)
                return false;
            buf_put(b, STRC("-[")); /* the first minus is already there */
        } else if (depth && c == '&') {
            buf_put(b, STRC("\\&"));
        } else if (depth == 0 && c == '$' && !lines) {
            buf_put(b, STRC("\\z"));
        } else {
            buf_putc(b, c);
        }
        depth += c == '[';
        depth -= c == ']' && depth > 0;
        i++;
    }
    return true;
}

static FeelRegexEnd regex_open(Arena *a, Regex *out, Str text, Str pattern, Flags f)
{
    UErrorCode code = U_ZERO_ERROR;
    UParseError where;
    Chars chars;
    if (pattern.n > FEEL_REGEX_MAX || text.n > FEEL_STRING_MAX)
        return REGEX_LIMIT;
    Buf b = buf_open(FEEL_REGEX_MAX * 40);
    if (f.blanks && !f.literal)
        pattern = without_blanks(a, pattern);
    bool ok = f.literal || rewrite(&b, pattern, f.lines);
    Str final = f.literal ? pattern : buf_str(&b);
    ok = ok && !b.failed && chars_of(a, final, &chars) && chars_of(a, text, &out->text);
    buf_close(&b);
    if (!ok || chars.n == 0)
        return !ok && arena_refused(a) ? REGEX_LIMIT : ok ? REGEX_OK : REGEX_BAD;
    uint32_t bits = (f.dot_all ? UREGEX_DOTALL : 0) | (f.lines ? UREGEX_MULTILINE : 0) |
                    (f.fold ? UREGEX_CASE_INSENSITIVE : 0) | (f.literal ? UREGEX_LITERAL : 0);
    out->re = uregex_open(chars.p, chars.n, bits, &where, &code);
    if (U_FAILURE(code))
        return REGEX_BAD;
    uregex_setTimeLimit(out->re, TICKS_MAX, &code);
    uregex_setStackLimit(out->re, STACK_MAX, &code);
    uregex_setText(out->re, out->text.p, out->text.n, &code);
    return U_SUCCESS(code) ? REGEX_OK : REGEX_LIMIT;
}

static void regex_close(Regex *r)
{
    if (r->re)
        uregex_close(r->re);
}

FeelRegexEnd feel_regex_match(Arena *a, Str text, Str pattern, Str flags, bool *found)
{
    Regex r = { 0 };
    Flags f;
    UErrorCode code = U_ZERO_ERROR;
    if (!flags_of(flags, &f))
        return REGEX_BAD;
    FeelRegexEnd end = regex_open(a, &r, text, pattern, f);
    if (end == REGEX_OK) {
        *found = !r.re || uregex_find(r.re, 0, &code);
        end = U_SUCCESS(code) ? REGEX_OK : REGEX_LIMIT;
    }
    regex_close(&r);
    return end;
}

/* --- replace -------------------------------------------------------------------------------- */
typedef struct Out {
    Arena *a;
    UChar *p;
    size_t n, cap;
} Out;

static bool out_put(Out *o, const UChar *p, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        if (o->n >= FEEL_STRING_MAX || !ARENA_PUSH(o->a, o->p, o->n, o->cap))
            return false;
        o->p[o->n++] = p[i];
    }
    return true;
}

static bool out_group(Out *o, const Regex *r, int32_t group)
{
    UErrorCode code = U_ZERO_ERROR;
    int32_t from = uregex_start(r->re, group, &code), to = uregex_end(r->re, group, &code);
    return U_FAILURE(code) || from < 0 || out_put(o, r->text.p + from, to - from);
}

/* $N: as many digits as still name a group; a group that is not there is empty. */
static bool out_replacement(Out *o, const Regex *r, Chars with, bool literal, int32_t groups)
{
    for (int32_t i = 0; i < with.n; i++) {
        UChar c = with.p[i];
        if (literal || (c != '$' && c != '\\')) {
            if (!out_put(o, &c, 1))
                return false;
            continue;
        }
        if (c == '\\') {
            if (!out_put(o, &with.p[++i], 1))
                return false;
            continue;
        }
        int32_t group = with.p[++i] - '0';
        while (i + 1 < with.n && with.p[i + 1] >= '0' && with.p[i + 1] <= '9' &&
               group * 10 + with.p[i + 1] - '0' <= groups)
            group = group * 10 + with.p[++i] - '0';
        if (group <= groups && !out_group(o, r, group))
            return false;
    }
    return true;
}

static bool replacement_ok(Str with)
{
    for (size_t i = 0; i < with.n; i++) {
        char c = with.p[i], next = i + 1 < with.n ? with.p[i + 1] : 0;
        if (c == '\\' && next != '\\' && next != '$')
            return false;
        if (c == '$' && (next < '0' || next > '9'))
            return false;
        i += c == '\\';
    }
    return true;
}

static FeelRegexEnd replace_all(Out *o, Regex *r, Chars with, bool literal)
{
    UErrorCode code = U_ZERO_ERROR;
    int32_t last = 0, groups = uregex_groupCount(r->re, &code);
    while (uregex_findNext(r->re, &code) && U_SUCCESS(code)) {
        int32_t from = uregex_start(r->re, 0, &code), to = uregex_end(r->re, 0, &code);
        if (from == to)
            return REGEX_BAD; /* the standard refuses patterns that match nothing */
        if (!out_put(o, r->text.p + last, from - last) ||
            !out_replacement(o, r, with, literal, groups))
            return REGEX_LIMIT;
        last = to;
    }
    return U_SUCCESS(code) && out_put(o, r->text.p + last, r->text.n - last) ? REGEX_OK
                                                                             : REGEX_LIMIT;
}

FeelRegexEnd feel_regex_replace(Arena *a, Str text, Str pattern, Str with, Str flags, Str *out)
{
    Regex r = { 0 };
    Flags f;
    Chars chars;
    Out o = { .a = a };
    if (!flags_of(flags, &f) || pattern.n == 0 || (!f.literal && !replacement_ok(with)))
        return REGEX_BAD;
    FeelRegexEnd end = regex_open(a, &r, text, pattern, f);
    if (end == REGEX_OK && !r.re)
        end = REGEX_BAD;
    if (end == REGEX_OK && !chars_of(a, with, &chars))
        end = REGEX_LIMIT;
    if (end == REGEX_OK)
        end = replace_all(&o, &r, chars, f.literal);
    if (end == REGEX_OK && !str_of_chars(a, o.p, (int32_t)o.n, out))
        end = REGEX_LIMIT;
    regex_close(&r);
    return end;
}

/* --- split ---------------------------------------------------------------------------------- */
static FeelRegexEnd split_all(Arena *a, Regex *r, Str **out, size_t *n)
{
    UErrorCode code = U_ZERO_ERROR;
    Str *parts = NULL;
    size_t used = 0, cap = 0;
    int32_t last = 0;
    for (bool more = true; more;) {
        more = uregex_findNext(r->re, &code) && U_SUCCESS(code);
        int32_t from = more ? uregex_start(r->re, 0, &code) : r->text.n;
        int32_t to = more ? uregex_end(r->re, 0, &code) : from;
        if (more && from == to)
            return REGEX_BAD;
        if (!ARENA_PUSH(a, parts, used, cap) ||
            !str_of_chars(a, r->text.p + last, from - last, &parts[used++]))
            return REGEX_LIMIT;
        last = to;
    }
    *out = parts;
    *n = used;
    return U_SUCCESS(code) ? REGEX_OK : REGEX_LIMIT;
}

FeelRegexEnd feel_regex_split(Arena *a, Str text, Str pattern, Str **out, size_t *n)
{
    Regex r = { 0 };
    FeelRegexEnd end = pattern.n ? regex_open(a, &r, text, pattern, (Flags){ 0 }) : REGEX_BAD;
    if (end == REGEX_OK && !r.re)
        end = REGEX_BAD;
    if (end == REGEX_OK)
        end = split_all(a, &r, out, n);
    regex_close(&r);
    return end;
}
