/* Canonical JSON read in place: keys are sorted, there are no blanks, so the fields that rules ask
 * for are found in one walk without building a tree. The bodies come from form_check; what is not
 * as it writes gives fields that are absent, never a read past the end. */
#include "rule/rule_in.h"

#include <string.h>

/* Just past the string that begins at `at`; the end of the text when it is broken. */
static size_t past_string(Str s, size_t at)
{
    for (size_t from = at + 1; from < s.n;) {
        const char *quote = memchr(s.p + from, '"', s.n - from);
        size_t end = quote ? (size_t)(quote - s.p) : s.n, back = end;
        while (back > at + 1 && s.p[back - 1] == '\\')
            back--;
        if (quote && (end - back) % 2 == 0)
            return end + 1;
        from = end + 1;
    }
    return s.n;
}

/* Just past the list or object that begins at `at`: brackets are counted, not nested into. */
static size_t past_nested(Str s, size_t at)
{
    for (int deep = 0; at < s.n;) {
        char c = s.p[at];
        if (c == '"') {
            at = past_string(s, at);
            continue;
        }
        at++;
        deep += (c == '{' || c == '[') - (c == '}' || c == ']');
        if (deep == 0)
            return at;
    }
    return at;
}

static size_t past_value(Str s, size_t at)
{
    if (at < s.n && s.p[at] == '"')
        return past_string(s, at);
    size_t plain = at < s.n && s.p[at] == '[' ? jv_plain_list_end(s, at) : 0;
    if (plain)
        return plain;
    if (at < s.n && (s.p[at] == '{' || s.p[at] == '['))
        return past_nested(s, at);
    while (at < s.n && s.p[at] != ',' && s.p[at] != ']' && s.p[at] != '}')
        at++;
    return at;
}

/* As str_cmp; most keys differ in their first byte. */
static int compare(Str a, Str b)
{
    if (a.n > 0 && b.n > 0 && a.p[0] != b.p[0])
        return (unsigned char)a.p[0] < (unsigned char)b.p[0] ? -1 : 1;
    return str_cmp(a, b);
}

void rule_body_columns(Str *raw, const RuleForm *f, Str body)
{
    size_t at = 1, k = 0;
    memset(raw, 0, sizeof *raw * f->n);
    while (k < f->n && at < body.n && body.p[at] == '"') {
        size_t end = past_string(body, at);
        if (end <= at + 1 || end >= body.n || body.p[end] != ':')
            return;
        Str key = { body.p + at + 1, end - at - 2 };
        size_t value = end + 1;
        int order = -1;
        while (k < f->n && (order = compare(f->columns[f->order[k]]->name, key)) < 0)
            k++;
        at = past_value(body, value);
        if (k < f->n && order == 0)
            raw[f->order[k++]] = (Str){ body.p + value, at - value };
        if (at < body.n && body.p[at] == ',')
            at++;
    }
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 0;
}

/* The text of a JSON string; copied only where something is escaped. jansson escapes nothing above
 * U+001F but the quote and the backslash. */
static Str string_text(Arena *a, Str raw)
{
    Str inner = { raw.p + 1, raw.n - 2 };
    char *out, *to;
    if (!memchr(inner.p, '\\', inner.n))
        return inner;
    out = to = arena_alloc(a, inner.n);
    for (size_t i = 0; out && i < inner.n; i++) {
        char c = inner.p[i];
        if (c == '\\' && ++i < inner.n) {
            const char *from = "nrtbf", *made = "\n\r\t\b\f", *hit = strchr(from, inner.p[i]);
            c = inner.p[i];
            if (c == 'u' && i + 4 < inner.n) {
                c = (char)(hex_digit(inner.p[i + 3]) << 4 | hex_digit(inner.p[i + 4]));
                i += 4;
            } else if (hit) {
                c = made[hit - from];
            }
        }
        *to++ = c;
    }
    return out ? (Str){ out, (size_t)(to - out) } : (Str){ 0 };
}

static int two(const char *p)
{
    return (p[0] - '0') * 10 + p[1] - '0';
}

/* 2026-02-08 as form_check let it through. */
static Day day_of(Str s)
{
    if (s.n != 10)
        return DAY_NONE;
    int year = two(s.p) * 100 + two(s.p + 2), month = two(s.p + 5), day = two(s.p + 8);
    return day_valid(year, month, day) ? day_make(year, month, day) : DAY_NONE;
}

/* The scalars of a list; a list of rows has none. */
static FeelValue list_value(Arena *a, const FormField *field, Str raw)
{
    Str item;
    size_t n = 0, at = 0;
    while (rule_body_item(raw, &at, &item))
        n++;
    FeelValue *items = ARENA_ARRAY(a, FeelValue, n);
    at = 0;
    for (size_t i = 0; items && i < n && rule_body_item(raw, &at, &item); i++)
        items[i] = item.p[0] == '[' ? feel_null() : rule_body_value(a, field, item);
    return items ? feel_list(items, n) : feel_null();
}

FeelValue rule_body_value(Arena *a, const FormField *field, Str raw)
{
    int64_t n;
    Dec d;
    if (raw.n == 0)
        return feel_null();
    if (raw.p[0] == '"' && raw.n >= 2) {
        Str s = string_text(a, raw);
        if (field->type == FIELD_DAY)
            return feel_day(day_of(s));
        if (field->type == FIELD_DECIMAL)
            return dec_parse(&d, s) ? feel_number(d) : feel_null();
        return feel_string(s);
    }
    if (raw.p[0] == '[' || raw.p[0] == '{')
        return feel_list(NULL, 0); /* there is one; plain tests ask no more of it */
    if (raw.p[0] == 't' || raw.p[0] == 'f')
        return feel_boolean(raw.p[0] == 't');
    if (raw.p[0] == '[')
        return field->type == FIELD_ROWS ? feel_null() : list_value(a, field, raw);
    return str_int(raw, &n) ? feel_int(n) : feel_null();
}

bool rule_body_item(Str raw, size_t *at, Str *item)
{
    bool list = raw.n > 0 && raw.p[0] == '[';
    if (*at >= raw.n || (list && raw.p[*at] == ']'))
        return false;
    if (!list) {
        *item = raw;
        *at = raw.n;
        return true;
    }
    size_t from = *at == 0 ? 1 : *at;
    if (from >= raw.n || raw.p[from] == ']')
        return false;
    size_t end = past_value(raw, from);
    *item = (Str){ raw.p + from, end - from };
    *at = end + (end < raw.n && raw.p[end] == ',');
    return item->n > 0;
}

bool rule_body_ref(Str raw, size_t *at, int64_t *id)
{
    Str item;
    while (rule_body_item(raw, at, &item))
        if (str_int(item, id))
            return true;
    return false;
}
