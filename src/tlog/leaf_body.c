/* Is a text the canonical JSON of jv_canon, and where are its fields? One pass, no copies: this
 * runs for every fact that is written or checked. */
#include "tlog/leaf.h"
#include "base/json.h"

#include <string.h>

typedef struct Scan {
    Str s;
    size_t at;
    const char *why;
    int depth;
    LeafField *fields;            /* of the outermost object */
    size_t n;
} Scan;

static bool bad(Scan *k, const char *why)
{
    k->why = why;
    return false;
}

static int peek(const Scan *k)
{
    return k->at < k->s.n ? (unsigned char)k->s.p[k->at] : -1;
}

static bool take(Scan *k, char c)
{
    if (peek(k) != c)
        return false;
    k->at++;
    return true;
}

static bool take_word(Scan *k, Str word)
{
    if (!str_starts(str_sub(k->s, k->at, word.n), word))
        return false;
    k->at += word.n;
    return true;
}

/* jansson writes the five short escapes, and \u00XX in capitals for other control characters. */
static bool escape(Scan *k)
{
    int c = peek(k);
    k->at++;
    if (c == '"' || c == '\\' || c == 'b' || c == 'f' || c == 'n' || c == 'r' || c == 't')
        return true;
    if (c != 'u' || k->s.n - k->at < 4 || memcmp(k->s.p + k->at, "00", 2) != 0)
        return bad(k, "escape");
    char hi = k->s.p[k->at + 2], lo = k->s.p[k->at + 3];
    bool lo_ok = (lo >= '0' && lo <= '9') || (lo >= 'A' && lo <= 'F');
    if ((hi != '0' && hi != '1') || !lo_ok || (hi == '0' && strchr("089ACD", lo)))
        return bad(k, "escape"); /* NUL, and \b \t \n \f \r which have short forms */
    k->at += 4;
    return true;
}

/* After the opening quote. Names hold no escapes, so that their order is that of their bytes. */
static bool string(Scan *k, bool is_name)
{
    for (;;) {
        k->at += str_plain(k->s, k->at);
        int c = peek(k);
        if (c < 0x20)
            return bad(k, c < 0 ? "unfinished text" : "control character");
        if (c == '"')
            return k->at++, true;
        if (c == '\\') {
            if (is_name)
                return bad(k, "escape in a name");
            k->at++;
            if (!escape(k))
                return false;
        } else {
            uint32_t cp;
            size_t n = str_next(k->s, k->at, &cp);
            if (n < 2)
                return bad(k, "not UTF-8");
            k->at += n;
        }
    }
}

static bool number(Scan *k)
{
    size_t from = k->at;
    int64_t v;
    take(k, '-');
    while (peek(k) >= '0' && peek(k) <= '9')
        k->at++;
    Str s = str_sub(k->s, from, k->at - from);
    Str digits = s.n && s.p[0] == '-' ? str_sub(s, 1, s.n) : s;
    if (!str_int(s, &v) || v > JSON_INT_MAX || v < -JSON_INT_MAX)
        return bad(k, "whole number up to 2^53-1");
    if (digits.p[0] == '0' && s.n > 1)
        return bad(k, "number form");
    return true;
}

static bool value(Scan *k);

static bool list(Scan *k)
{
    if (take(k, ']'))
        return true;
    do {
        if (!value(k))
            return false;
    } while (take(k, ','));
    return take(k, ']') || bad(k, "expected , or ]");
}

static bool name_ok(Str name)
{
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] <= 0x20 || name.p[i] == 0x7F)
            return false;
    return name.n > 0 && name.n <= LEAF_NAME_MAX;
}

static bool add_field(Scan *k, Str name, Str text)
{
    if (k->n == LEAF_FIELDS_MAX)
        return bad(k, "too many fields");
    if (!name_ok(name))
        return bad(k, "field name");
    if (k->fields)
        k->fields[k->n] = (LeafField){ name, text };
    k->n++;
    return true;
}

static bool member(Scan *k, Str *last, bool first)
{
    size_t from = k->at + 1;
    if (!take(k, '"') || !string(k, true))
        return k->why ? false : bad(k, "expected a name");
    Str name = str_sub(k->s, from, k->at - 1 - from);
    if (!first && str_cmp(*last, name) >= 0)
        return bad(k, "names out of order");
    *last = name;
    if (!take(k, ':'))
        return bad(k, "expected :");
    from = k->at;
    if (!value(k))
        return false;
    return k->depth > 1 || add_field(k, name, str_sub(k->s, from, k->at - from));
}

static bool object(Scan *k)
{
    Str last = { "", 0 };
    if (take(k, '}'))
        return true;
    for (bool first = true; first || take(k, ','); first = false)
        if (!member(k, &last, first))
            return false;
    return take(k, '}') || bad(k, "expected , or }");
}

/* Recursion is limited by LEAF_DEPTH_MAX. */
static bool value(Scan *k)
{
    int c = peek(k);
    if (c == '"')
        return k->at++, string(k, false);
    if (c == '-' || (c >= '0' && c <= '9'))
        return number(k);
    if (c != '{' && c != '[')
        return take_word(k, (Str)S("true")) || take_word(k, (Str)S("false"))
            || take_word(k, (Str)S("null")) || bad(k, "expected a value");
    if (k->depth == LEAF_DEPTH_MAX)
        return bad(k, "nested too deep");
    k->depth++;
    k->at++;
    bool ok = c == '{' ? object(k) : list(k);
    k->depth--;
    return ok;
}

static bool scan(Scan *k)
{
    if (k->s.n > LEAF_BODY_MAX)
        return bad(k, "too long");
    if (str_is(k->s, "null"))
        return true;
    if (peek(k) != '{')
        return bad(k, "expected an object or null");
    return value(k) && (k->at == k->s.n || bad(k, "more after the end"));
}

bool leaf_split(LeafField *out, size_t *n, Str body, Err *e)
{
    Scan k = { .s = body, .fields = out };
    if (!scan(&k))
        return err_fail(e, ERR_LEAF_BODY, err_hole("at", (int64_t)k.at + 1),
                        err_hole("why", k.why));
    *n = k.n;
    return true;
}

bool leaf_is_canonical(Str body)
{
    Scan k = { .s = body };
    return scan(&k);
}

bool leaf_name_ok(Str name)
{
    return name_ok(name) && str_valid(name) && !str_has(name, STRC("\""))
        && !str_has(name, STRC("\\"));
}

/* The byte after the string whose inside begins at `at`; the end of s when it is not closed. */
static size_t string_end(Str s, size_t at)
{
    while (at < s.n) {
        const char *quote = memchr(s.p + at, '"', s.n - at);
        if (!quote)
            return s.n;
        size_t end = (size_t)(quote - s.p), signs = 0;
        while (end > at + signs && s.p[end - 1 - signs] == '\\')
            signs++;
        at = end + 1;
        if (signs % 2 == 0)
            return at;
    }
    return s.n;
}

/* The byte after the value that begins at `at`, by its quotes and brackets alone. */
static size_t value_end(Str s, size_t at)
{
    int depth = 0;
    size_t plain = at < s.n && s.p[at] == '[' ? jv_plain_list_end(s, at) : 0;
    if (plain)
        return plain;
    while (at < s.n) {
        char c = s.p[at];
        if (c == '"') {
            at = string_end(s, at + 1);
            if (depth == 0)
                return at;
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            return at;
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        at++;
        if (depth == 0 && (c == '}' || c == ']'))
            return at;
    }
    return s.n;
}

/* Bodies are checked when they enter the log; here fields are only passed over, and no further than
 * where the name would stand. */
bool leaf_get(Str *value_out, Str body, const char *name)
{
    size_t at = 1;
    Str want = str_of(name);
    if (body.n < 2 || body.p[0] != '{')
        return false;
    while (at < body.n && body.p[at] == '"') {
        const char *quote = memchr(body.p + at + 1, '"', body.n - at - 1);
        size_t from = quote ? (size_t)(quote - body.p) + 2 : body.n;
        if (from >= body.n || quote[1] != ':')
            return false;
        size_t to = value_end(body, from);
        int order = str_cmp(str_sub(body, at + 1, from - at - 3), want);
        if (order == 0)
            return *value_out = str_sub(body, from, to - from), true;
        if (order > 0 || to >= body.n || body.p[to] != ',')
            return false;
        at = to + 1;
    }
    return false;
}
