/* Is a body a filled-in form? What is accepted comes out in one canonical spelling. */
#include "pack/pack_in.h"

#include <stdio.h>
#include <string.h>

/* Where a field stands: at the top, or in a row of `rows`. */
typedef struct Where {
    const FormField *rows; /* NULL: at the top */
    size_t row;            /* from 1 */
} Where;

typedef struct Check {
    Where at;
    Buf *text;             /* scratch */
    Err *e;
} Check;

typedef struct Title {
    char z[ERR_HOLE_MAX];
} Title;

static Title title_in(Where at, Str title)
{
    Title t;
    if (at.rows)
        snprintf(t.z, sizeof t.z, "%.*s 第%zu行 %.*s", STR(at.rows->title), at.row, STR(title));
    else
        snprintf(t.z, sizeof t.z, "%.*s", STR(title));
    return t;
}

#define FIELD(c, f) err_hole("field", (const char *)title_in((c)->at, (f)->title).z)

static bool wrong(const Check *c, const FormField *f, const char *want)
{
    return err_fail(c->e, ERR_FIELD_TYPE, FIELD(c, f), err_hole("want", want));
}

static bool no_memory(const Check *c)
{
    return err_fail(c->e, ERR_NO_MEMORY, err_hole("what", "核对表单"));
}

/* Takes over v: *out = v unless it could not be made. */
static bool give(const Check *c, json_t **out, json_t *v)
{
    return v ? (*out = v, true) : no_memory(c);
}

/* --- texts ---------------------------------------------------------------------------------- */
/* One line end, no control characters; false when there is one that cannot be mended. */
static bool clean(Buf *out, Str s, bool lines)
{
    buf_reset(out);
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if (ch == '\r' && lines) {
            if (i + 1 == s.n || s.p[i + 1] != '\n')
                buf_putc(out, '\n');
        } else if (ch == '\t') {
            buf_putc(out, ' ');
        } else if ((unsigned char)ch < 0x20 && !(ch == '\n' && lines)) {
            return false;
        } else if (ch == 0x7F) {
            return false;
        } else {
            buf_putc(out, ch);
        }
    }
    return true;
}

/* *out is NULL for an empty text. */
static bool check_text(const Check *c, json_t **out, const FormField *f, Str s, int64_t max)
{
    bool lines = f->type == FIELD_LONG;
    if (!str_valid(s))
        return err_fail(c->e, ERR_BAD_TEXT,
                        err_hole("what", (const char *)title_in(c->at, f->title).z));
    if (!clean(c->text, str_trim(s), lines))
        return wrong(c, f, lines ? "不含控制字符的文字" : "一行文字（不含换行）");
    if (c->text->failed)
        return no_memory(c);
    s = buf_str(c->text);
    size_t n = str_points(s);
    if ((int64_t)n > max)
        return err_fail(c->e, ERR_FIELD_LONG, FIELD(c, f), err_hole("n", (int64_t)n),
                        err_hole("max", max));
    *out = NULL;
    return s.n == 0 || give(c, out, json_stringn(s.p, s.n));
}

static bool in_list(const Check *c, const FormField *f, Str value)
{
    char all[ERR_HOLE_MAX] = "";
    size_t n = 0;
    if (list_item(f->list, value))
        return true;
    for (size_t i = 0; i < f->list->n_items && n < sizeof all; i++)
        n += (size_t)snprintf(all + n, sizeof all - n, "%s%.*s", i ? " " : "",
                              STR(f->list->items[i].value));
    return err_fail(c->e, ERR_FIELD_CHOICE, FIELD(c, f), err_hole("text", value),
                    err_hole("choices", (const char *)all));
}

static bool is_month(Str s)
{
    Day first;
    char day[12];
    Err quiet;
    if (s.n != 7)
        return false;
    int n = snprintf(day, sizeof day, "%.*s-01", STR(s));
    return day_read(&first, (Str){ day, (size_t)n }, &quiet);
}

static bool is_file(Str s)
{
    Hash h;
    return hash_read(&h, s);
}

static bool check_word(const Check *c, json_t **out, const FormField *f, Str s)
{
    Day day;
    s = str_trim(s);
    *out = NULL;
    if (s.n == 0)
        return true;
    if (f->type == FIELD_CHOICE && !in_list(c, f, s))
        return false;
    if (f->type == FIELD_DAY && !day_read(&day, s, c->e))
        return err_note(c->e, "field %.*s", STR(f->name));
    if (f->type == FIELD_MONTH && !is_month(s))
        return wrong(c, f, "年月（如2026-02）");
    if (f->type == FIELD_FILE && !is_file(s))
        return wrong(c, f, "已上传的文件");
    return give(c, out, json_stringn(s.p, s.n));
}

/* --- numbers -------------------------------------------------------------------------------- */
static bool in_range(const Check *c, const FormField *f, Dec d)
{
    Arena *a;
    if ((!f->has_low || dec_cmp(d, f->low) >= 0) && (!f->has_high || dec_cmp(d, f->high) <= 0))
        return true;
    if (!(a = arena_open(1 << 14)))
        return no_memory(c);
    Str low = f->has_low ? dec_print_short(a, f->low) : STRC("任意小");
    Str high = f->has_high ? dec_print_short(a, f->high) : STRC("任意大");
    err_fail(c->e, ERR_FIELD_RANGE, FIELD(c, f), err_hole("min", low), err_hole("max", high));
    arena_close(a);
    return false;
}

static bool check_number(const Check *c, json_t **out, const FormField *f, const json_t *v)
{
    if (!json_is_integer(v))
        return wrong(c, f, "整数");
    int64_t n = json_integer_value(v);
    if (n > JSON_INT_MAX || n < -JSON_INT_MAX)
        return wrong(c, f, "16位以内的整数");
    return in_range(c, f, dec_int(n)) && give(c, out, json_integer(n));
}

static bool check_decimal(const Check *c, json_t **out, const FormField *f, const json_t *v)
{
    Dec d;
    Str s = str_trim(jv_text(v));
    *out = NULL;
    if (json_is_integer(v))
        d = dec_int(json_integer_value(v));
    else if (!json_is_string(v))
        return wrong(c, f, "数（如85.5，用文字表示）");
    else if (s.n == 0)
        return true;
    else if (!dec_read(&d, s, c->e))
        return err_note(c->e, "field %.*s", STR(f->name));
    if (!in_range(c, f, d))
        return false;
    Arena *a = arena_open(1 << 14);
    if (!a)
        return no_memory(c);
    s = dec_print_short(a, d);
    bool ok = give(c, out, json_stringn(s.p, s.n));
    arena_close(a);
    return ok;
}

static bool check_ref(const Check *c, json_t **out, const FormField *f, const json_t *v)
{
    if (!json_is_integer(v) || json_integer_value(v) < 1 || json_integer_value(v) > JSON_INT_MAX)
        return wrong(c, f, "一条已有记录的编号");
    return give(c, out, json_integer(json_integer_value(v)));
}

/* Nesting has a limit and numbers are whole, as everywhere in a fact. */
static bool object_sound(const json_t *v, size_t depth)
{
    const char *key;
    json_t *child;
    size_t i;
    if (depth == 0 || json_is_real(v))
        return false;
    if (json_is_integer(v))
        return json_integer_value(v) <= JSON_INT_MAX && json_integer_value(v) >= -JSON_INT_MAX;
    if (json_is_string(v))
        return str_valid(jv_text(v));
    json_object_foreach ((json_t *)v, key, child)
        if (!object_sound(child, depth - 1))
            return false;
    json_array_foreach (v, i, child)
        if (!object_sound(child, depth - 1))
            return false;
    return true;
}

static bool check_object(const Check *c, json_t **out, const FormField *f, const json_t *v)
{
    if (!json_is_object(v))
        return wrong(c, f, "JSON对象");
    if (!object_sound(v, FORM_DEPTH_MAX))
        return err_fail(c->e, ERR_FORM_DEEP, FIELD(c, f), err_hole("max", FORM_DEPTH_MAX));
    return give(c, out, json_incref((json_t *)v));
}

/* --- lists ---------------------------------------------------------------------------------- */
static bool check_fields(const Check *c, json_t *out, const FormField *fields, size_t n,
                         const json_t *body);

static bool same_entry(const json_t *list, const json_t *v)
{
    size_t i;
    json_t *other;
    json_array_foreach (list, i, other)
        if (json_equal(other, v))
            return true;
    return false;
}

static bool twice(const Check *c, const FormField *f, const json_t *v)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)json_integer_value(v));
    return err_fail(c->e, ERR_FORM_TWICE, FIELD(c, f),
                    err_hole("text", json_is_string(v) ? json_string_value(v)
                                                       : (const char *)number));
}

/* *out is NULL for an entry that says nothing. */
static bool check_entry(const Check *c, json_t **out, const FormField *f, const json_t *v,
                        size_t row)
{
    Check inner = { { f, row }, c->text, c->e };
    *out = NULL;
    if (f->type == FIELD_REFS)
        return check_ref(c, out, f, v);
    if (f->type == FIELD_WORDS) {
        if (!json_is_string(v))
            return wrong(c, f, "若干个词");
        return check_text(c, out, f, jv_text(v), FORM_WORD_MAX) &&
               (!*out || !f->list || in_list(c, f, jv_text(*out))) &&
               (!*out || !f->built_in || is_file(jv_text(*out)) || wrong(c, f, "已上传的文件"));
    }
    if (!json_is_object(v))
        return wrong(c, f, "若干行");
    if (!(*out = json_object()))
        return no_memory(c);
    return check_fields(&inner, *out, f->fields, f->n_fields, v);
}

/* A row in which nothing is written is left out, as the empty last line of a table on screen. */
static bool is_blank(const json_t *v)
{
    const char *key;
    json_t *child;
    if (!json_is_object(v))
        return !v || json_is_null(v) || (json_is_string(v) && str_trim(jv_text(v)).n == 0) ||
               (json_is_array(v) && json_array_size(v) == 0);
    json_object_foreach ((json_t *)v, key, child)
        if (json_is_object(child) || !is_blank(child))
            return false;
    return true;
}

static bool check_list(const Check *c, json_t *list, const FormField *f, const json_t *v)
{
    size_t i;
    json_t *entry, *got = NULL;
    json_array_foreach (v, i, entry) {
        if (is_blank(entry))
            continue;
        bool ok = check_entry(c, &got, f, entry, i + 1);
        if (ok && got && f->type != FIELD_ROWS && same_entry(list, got))
            ok = twice(c, f, got);
        if (!ok)
            json_decref(got);
        else if (got && json_array_append_new(list, got) != 0)
            ok = no_memory(c);
        if (!ok)
            return false;
    }
    return true;
}

static bool check_array(const Check *c, json_t **out, const FormField *f, const json_t *v)
{
    *out = NULL;
    if (!json_is_array(v))
        return wrong(c, f, "列表");
    if ((int64_t)json_array_size(v) > f->max)
        return err_fail(c->e, ERR_TOO_BIG,
                        err_hole("what", (const char *)title_in(c->at, f->title).z),
                        err_hole("max", f->max));
    json_t *list = json_array();
    if (!list)
        return no_memory(c);
    bool ok = check_list(c, list, f, v);
    if (ok && json_array_size(list) > 0)
        *out = list;
    else
        json_decref(list);
    return ok;
}

/* --- fields --------------------------------------------------------------------------------- */
/* *out, owned by the caller, is NULL when nothing is said. */
static bool check_value(const Check *c, json_t **out, const FormField *f, const json_t *v)
{
    *out = NULL;
    if (!v || json_is_null(v) || (json_is_string(v) && str_trim(jv_text(v)).n == 0))
        return true;
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_LONG:
        return json_is_string(v) ? check_text(c, out, f, jv_text(v), f->max)
                                 : wrong(c, f, "文字");
    case FIELD_DAY:
        return json_is_string(v) ? check_word(c, out, f, jv_text(v))
                                 : wrong(c, f, "日期（如2026-02-28）");
    case FIELD_MONTH:
    case FIELD_CHOICE:
    case FIELD_FILE:
        return json_is_string(v) ? check_word(c, out, f, jv_text(v)) : wrong(c, f, "文字");
    case FIELD_NUMBER:
        return check_number(c, out, f, v);
    case FIELD_DECIMAL:
        return check_decimal(c, out, f, v);
    case FIELD_FLAG:
        return json_is_boolean(v) ? give(c, out, json_boolean(json_is_true(v)))
                                  : wrong(c, f, "是或否");
    case FIELD_REF:
        return check_ref(c, out, f, v);
    case FIELD_REFS:
    case FIELD_WORDS:
    case FIELD_ROWS:
        return check_array(c, out, f, v);
    case FIELD_OBJECT:
        return check_object(c, out, f, v);
    case FIELD_TYPES:
        break;
    }
    return wrong(c, f, "可填写的项目");
}

static const FormField *named(const FormField *fields, size_t n, Str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(fields[i].name, name))
            return &fields[i];
    return NULL;
}

const FormField *form_field(const Form *form, Str name)
{
    return named(form->fields, form->n_fields, name);
}

static bool no_unknown(const Check *c, const FormField *fields, size_t n, const json_t *body)
{
    const char *key;
    json_t *child;
    json_object_foreach ((json_t *)body, key, child)
        if (!named(fields, n, str_of(key)))
            return err_fail(c->e, ERR_FIELD_UNKNOWN,
                            err_hole("field",
                                     (const char *)title_in(c->at, str_of(key)).z));
    return true;
}

static bool check_fields(const Check *c, json_t *out, const FormField *fields, size_t n,
                         const json_t *body)
{
    char key[DECL_NAME_MAX + 1];
    if (!no_unknown(c, fields, n, body))
        return false;
    for (size_t i = 0; i < n; i++) {
        const FormField *f = &fields[i];
        json_t *v;
        snprintf(key, sizeof key, "%.*s", STR(f->name));
        if (!check_value(c, &v, f, json_object_get(body, key)))
            return json_decref(v), false;
        if (!v && f->required)
            return err_fail(c->e, ERR_FIELD_MISSING, FIELD(c, f));
        if (v && json_object_set_new(out, key, v) != 0)
            return no_memory(c);
    }
    return true;
}

bool form_check(Buf *canon, const Form *form, const json_t *body, Err *e)
{
    Buf text = buf_open(4 * (size_t)FORM_POINTS_MAX + JSON_BYTES_MAX);
    Check c = { { NULL, 0 }, &text, e };
    size_t before = canon->n;
    if (!json_is_object(body))
        return err_fail(e, ERR_FIELD_TYPE, err_hole("field", form->title),
                        err_hole("want", "JSON对象"));
    json_t *out = json_object();
    bool ok = out ? check_fields(&c, out, form->fields, form->n_fields, body) : no_memory(&c);
    ok = ok && jv_canon(canon, out, e);
    if (ok && canon->n - before > FORM_BODY_MAX)
        ok = err_fail(e, ERR_TOO_BIG, err_hole("what", form->title),
                      err_hole("max", FORM_BODY_MAX));
    if (!ok)
        canon->n = before;
    json_decref(out);
    buf_close(&text);
    return ok || err_note(e, "while checking form %.*s", STR(form->name));
}

/* --- as expressions see it ------------------------------------------------------------------ */
static bool fields_value(FeelValue *out, Arena *a, const FormField *fields, size_t n,
                         const FeelType *type, const json_t *body, Err *e);

/* A row is a context of all its fields too: what it lacks is null. */
static bool rows_value(FeelValue *out, Arena *a, const FormField *f, const FeelType *type,
                       const json_t *rows, Err *e)
{
    size_t n = json_array_size(rows);
    FeelValue *items = ARENA_ARRAY(a, FeelValue, n);
    if (!items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", f->title));
    for (size_t i = 0; i < n; i++)
        if (!fields_value(&items[i], a, f->fields, f->n_fields, type->item,
                          json_array_get(rows, i), e))
            return false;
    *out = feel_list(items, n);
    return true;
}

static bool fields_value(FeelValue *out, Arena *a, const FormField *fields, size_t n,
                         const FeelType *type, const json_t *body, Err *e)
{
    FeelEntry *entries = ARENA_ARRAY(a, FeelEntry, n);
    if (!entries)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "表单"));
    for (size_t i = 0; i < n; i++) {
        const FormField *f = &fields[i];
        const FeelType *t = type->members[i].type;
        const char *key = arena_z(a, f->name);
        const json_t *v = key ? json_object_get(body, key) : NULL;
        entries[i] = (FeelEntry){ f->name, feel_null() };
        if (!v || json_is_null(v))
            continue;
        if (f->type == FIELD_ROWS && json_is_array(v)
                ? !rows_value(&entries[i].value, a, f, t, v, e)
                : !feel_from_json(&entries[i].value, a, v, t, e))
            return err_note(e, "while reading field %.*s", STR(f->name));
    }
    *out = feel_context(entries, n);
    return true;
}

bool form_value(FeelValue *out, Arena *a, const Form *form, const json_t *body, Err *e)
{
    return fields_value(out, a, form->fields, form->n_fields, form->type, body, e);
}

bool form_rows_value(FeelValue *out, Arena *a, const Form *form, const FormField *rows,
                     const json_t *v, Err *e)
{
    for (size_t i = 0; i < form->n_fields; i++)
        if (&form->fields[i] == rows && rows->type == FIELD_ROWS && json_is_array(v))
            return rows_value(out, a, rows, form->type->members[i].type, v, e);
    return err_fail(e, ERR_FIELD_TYPE, err_hole("field", rows->title), err_hole("want", "若干行"));
}
