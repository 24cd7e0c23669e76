#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Depth before jansson sees the text: its own limit (2048) is deeper than ours. */
static bool depth_ok(Str s)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_DEPTH_MAX)
                return false;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return true;
}

static bool numbers_ok(const json_t *v)
{
    const char *key;
    json_t *child;
    size_t i;
    switch (json_typeof(v)) {
    case JSON_REAL:
        return false;
    case JSON_INTEGER:
        return json_integer_value(v) <= JSON_INT_MAX && json_integer_value(v) >= -JSON_INT_MAX;
    case JSON_OBJECT:
        json_object_foreach ((json_t *)v, key, child)
            if (!numbers_ok(child))
                return false;
        return true;
    case JSON_ARRAY:
        json_array_foreach (v, i, child)
            if (!numbers_ok(child))
                return false;
        return true;
    default:
        return true;
    }
}

bool jv_read(json_t **out, Str text, const char *what, Err *e)
{
    json_error_t je;
    if (text.n > JSON_BYTES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", what), err_hole("max", JSON_BYTES_MAX));
    if (!depth_ok(text))
        return err_fail(e, ERR_BAD_JSON, err_hole("what", what), err_hole("line", 1),
                        err_hole("column", 1), err_hole("why", "nested too deep"));
    json_t *v = json_loadb(text.p ? text.p : "", text.n,
                           JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &je);
    if (!v)
        return err_fail(e, ERR_BAD_JSON, err_hole("what", what), err_hole("line", je.line),
                        err_hole("column", je.column), err_hole("why", (const char *)je.text));
    if (!numbers_ok(v)) {
        json_decref(v);
        return err_fail(e, ERR_BAD_JSON, err_hole("what", what), err_hole("line", 1),
                        err_hole("column", 1),
                        err_hole("why", "a fraction must be a string like \"85.5\""));
    }
    *out = v;
    return true;
}

void jv_close(json_t *v)
{
    json_decref(v);
}

const json_t *jv_get(const json_t *o, const char *key)
{
    return json_object_get(o, key);
}

const json_t *jv_at(const json_t *list, size_t i)
{
    return json_array_get(list, i);
}

size_t jv_len(const json_t *list)
{
    return json_array_size(list);
}

Str jv_text(const json_t *v)
{
    if (!json_is_string(v))
        return (Str){ "", 0 };
    return (Str){ json_string_value(v), json_string_length(v) };
}

json_t *jv_new(Str s)
{
    return json_stringn(s.n ? s.p : "", s.n);
}

json_t *jv_new_ids(const int64_t *ids, size_t n)
{
    json_t *v = json_array();
    for (size_t i = 0; v && i < n; i++)
        json_array_append_new(v, json_integer(ids[i]));
    return v;
}

Str jv_str(const json_t *o, const char *key)
{
    return jv_text(json_object_get(o, key));
}

int64_t jv_int(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

bool jv_bool(const json_t *o, const char *key)
{
    return json_is_true(json_object_get(o, key));
}

Day jv_day(const json_t *o, const char *key)
{
    Err e;
    Day d;
    return day_read(&d, jv_str(o, key), &e) ? d : DAY_NONE;
}

bool jv_dec(Dec *out, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    if (json_is_integer(v))
        return *out = dec_int(json_integer_value(v)), true;
    return json_is_string(v) && dec_parse(out, jv_text(v));
}

static int sink(const char *p, size_t n, void *b)
{
    buf_put(b, (Str){ p, n });
    return ((Buf *)b)->failed ? -1 : 0;
}

size_t jv_plain_list_end(Str text, size_t at)
{
    const char *p = text.p + at + 1, *end = memchr(p, ']', text.n - at - 1);
    size_t n = end ? (size_t)(end - p) : 0;
    bool plain = end && !memchr(p, '"', n) && !memchr(p, '[', n) && !memchr(p, '{', n);
    return plain ? (size_t)(end - text.p) + 1 : 0;
}

bool jv_canon(Buf *out, const json_t *v, Err *e)
{
    if (json_dump_callback(v, sink, out, JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY) != 0)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "JSON"),
                        err_hole("max", (int64_t)out->cap));
    return true;
}

Jw jw_open(Buf *b)
{
    return (Jw){ .b = b };
}

bool jw_close(Jw *w)
{
    return !w->bad && w->depth == 0 && w->comma && !w->b->failed;
}

/* Before a value: a comma if one is due, and a value in an object needs its key. */
static void before(Jw *w)
{
    if (w->depth > 0 && w->is_obj[w->depth - 1] && !w->after_key)
        w->bad = true;
    if (w->depth == 0 && w->comma)
        w->bad = true;
    if (w->comma && !w->after_key)
        buf_putc(w->b, ',');
    w->after_key = false;
    w->comma = true;
}

static void open_(Jw *w, bool obj)
{
    before(w);
    if (w->depth == JW_DEPTH_MAX) {
        w->bad = true;
        return;
    }
    w->is_obj[w->depth++] = obj;
    w->comma = false;
    buf_putc(w->b, obj ? '{' : '[');
}

void jw_obj(Jw *w)
{
    open_(w, true);
}

void jw_arr(Jw *w)
{
    open_(w, false);
}

void jw_end(Jw *w)
{
    if (w->depth == 0 || w->after_key) {
        w->bad = true;
        return;
    }
    buf_putc(w->b, w->is_obj[--w->depth] ? '}' : ']');
    w->comma = true;
}

static void put_string(Buf *b, Str s)
{
    buf_putc(b, '"');
    size_t from = 0;
    for (size_t i = str_plain(s, 0); i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_put(b, str_sub(s, from, i - from));
        from = i + 1;
        if (c == '"' || c == '\\')
            buf_putc(b, '\\'), buf_putc(b, (char)c);
        else if (c == '\n')
            buf_put(b, STRC("\\n"));
        else
            buf_fmt(b, "\\u%04x", c);
    }
    buf_put(b, str_sub(s, from, s.n - from));
    buf_putc(b, '"');
}

void jw_key_str(Jw *w, Str key)
{
    if (w->depth == 0 || !w->is_obj[w->depth - 1] || w->after_key) {
        w->bad = true;
        return;
    }
    if (w->comma)
        buf_putc(w->b, ',');
    put_string(w->b, key);
    buf_putc(w->b, ':');
    w->after_key = true;
}

void jw_key(Jw *w, const char *key)
{
    jw_key_str(w, str_of(key));
}

void jw_str(Jw *w, Str s)
{
    before(w);
    if (str_plain(s, 0) < s.n && !str_valid(s))
        w->bad = true;
    else
        put_string(w->b, s);
}

void jw_int(Jw *w, int64_t v)
{
    char digits[STR_DIGITS];
    before(w);
    buf_put(w->b, str_digits(digits, v));
}

void jw_bool(Jw *w, bool v)
{
    before(w);
    buf_put(w->b, v ? STRC("true") : STRC("false"));
}

void jw_null(Jw *w)
{
    before(w);
    buf_put(w->b, STRC("null"));
}

void jw_json(Jw *w, const json_t *v)
{
    Err e;
    before(w);
    if (!v)
        buf_put(w->b, STRC("null"));
    else if (!jv_canon(w->b, v, &e))
        w->bad = true;
}

void jw_raw(Jw *w, Str json)
{
    before(w);
    buf_put(w->b, json);
}

void jw_kstr(Jw *w, const char *key, Str s)
{
    jw_key(w, key);
    jw_str(w, s);
}

void jw_kint(Jw *w, const char *key, int64_t v)
{
    jw_key(w, key);
    jw_int(w, v);
}

void jw_kbool(Jw *w, const char *key, bool v)
{
    jw_key(w, key);
    jw_bool(w, v);
}

void jw_kday(Jw *w, const char *key, Day d)
{
    jw_key(w, key);
    if (d == DAY_NONE) {
        jw_null(w);
        return;
    }
    DayParts p = day_parts(d);
    before(w);
    buf_fmt(w->b, "\"%04d-%02d-%02d\"", p.year, p.month, p.day);
}

void jw_kmoment(Jw *w, const char *key, Moment m)
{
    char room[256];
    Arena *a = arena_open(4096);
    jw_key(w, key);
    if (!a) {
        w->bad = true;
        return;
    }
    Str s = moment_print(a, m);
    memcpy(room, s.p, s.n);
    arena_close(a);
    jw_str(w, (Str){ room, s.n });
}

void jw_kdec(Jw *w, const char *key, Dec d)
{
    Arena *a = arena_open(4096);
    jw_key(w, key);
    if (a)
        jw_str(w, dec_print(a, d));
    else
        w->bad = true;
    arena_close(a);
}

void jw_kjson(Jw *w, const char *key, const json_t *v)
{
    jw_key(w, key);
    jw_json(w, v);
}

void jw_kstr_some(Jw *w, const char *key, Str s)
{
    if (s.n)
        jw_kstr(w, key, s);
}

void jw_kint_some(Jw *w, const char *key, int64_t v)
{
    if (v)
        jw_kint(w, key, v);
}
