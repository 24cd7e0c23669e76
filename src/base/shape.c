#include "base/shape.h"

#include <string.h>

size_t shape_size(ShapeType t)
{
    switch (t) {
    case SHAPE_ID:
    case SHAPE_INT:
    case SHAPE_MOMENT:
        return sizeof(int64_t);
    case SHAPE_TEXT:
    case SHAPE_WORD:
        return sizeof(Str);
    case SHAPE_DEC:
        return sizeof(ShapeDec);
    case SHAPE_DAY:
        return sizeof(Day);
    case SHAPE_BOOL:
        return sizeof(bool);
    case SHAPE_LIST:
    case SHAPE_WORDS:
    case SHAPE_IDS:
        return sizeof(ShapeList);
    case SHAPE_JSON:
        return sizeof(const json_t *);
    case SHAPE_OBJ:
        break;
    }
    return 0;
}

static const char *title_of(const ShapeField *f)
{
    return f->title ? f->title : f->name;
}

static bool wrong(const ShapeField *f, const char *want, Err *e)
{
    return err_fail(e, ERR_FIELD_TYPE, err_hole("field", title_of(f)), err_hole("want", want));
}

static bool word_in(const char *words, Str w)
{
    Str rest = str_of(words), head;
    bool more = true;
    while (more) {
        more = str_cut(rest, STRC("|"), &head, &rest);
        if (str_eq(head, w))
            return true;
    }
    return false;
}

static bool read_text(Str *out, const ShapeField *f, const json_t *v, Err *e)
{
    if (!json_is_string(v))
        return wrong(f, "文字", e);
    Str s = str_trim(jv_text(v));
    int64_t max = f->max > 0 ? f->max : SHAPE_TEXT_MAX;
    int64_t n = (int64_t)str_points(s);
    if (n > max)
        return err_fail(e, ERR_FIELD_LONG, err_hole("field", title_of(f)), err_hole("n", n),
                        err_hole("max", max));
    if (f->type == SHAPE_WORD && !word_in(f->words, s))
        return err_fail(e, ERR_FIELD_CHOICE, err_hole("field", title_of(f)), err_hole("text", s),
                        err_hole("choices", f->words));
    if (f->required && s.n == 0)
        return err_fail(e, ERR_FIELD_MISSING, err_hole("field", title_of(f)));
    *out = s;
    return true;
}

static bool read_int(int64_t *out, const ShapeField *f, const json_t *v, Err *e)
{
    if (!json_is_integer(v))
        return wrong(f, f->type == SHAPE_ID ? "编号" : "整数", e);
    int64_t n = json_integer_value(v);
    if (f->type == SHAPE_ID && (n < 1 || n > JSON_INT_MAX))
        return wrong(f, "编号", e);
    if (f->max > f->min && (n < f->min || n > f->max))
        return err_fail(e, ERR_FIELD_RANGE, err_hole("field", title_of(f)),
                        err_hole("min", f->min), err_hole("max", f->max));
    *out = n;
    return true;
}

static bool read_dec(ShapeDec *out, const ShapeField *f, const json_t *v, Err *e)
{
    Dec d;
    if (json_is_integer(v))
        d = dec_int(json_integer_value(v));
    else if (!json_is_string(v))
        return wrong(f, "数", e);
    else if (!dec_read(&d, str_trim(jv_text(v)), e))
        return false;
    if (f->max > f->min && (dec_cmp(d, dec_int(f->min)) < 0 || dec_cmp(d, dec_int(f->max)) > 0))
        return err_fail(e, ERR_FIELD_RANGE, err_hole("field", title_of(f)),
                        err_hole("min", f->min), err_hole("max", f->max));
    *out = (ShapeDec){ true, d };
    return true;
}

static bool read_field(Arena *a, char *at, const ShapeField *f, const json_t *v, Err *e);

static bool read_list(Arena *a, ShapeList *out, const ShapeField *f, const json_t *v, Err *e)
{
    if (!json_is_array(v))
        return wrong(f, "列表", e);
    size_t n = json_array_size(v), max = f->max > 0 ? (size_t)f->max : SHAPE_LIST_MAX;
    if (n > max)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", title_of(f)),
                        err_hole("max", (int64_t)max));
    ShapeField one = { .name = f->name, .title = f->title, .required = true };
    one.type = f->type == SHAPE_LIST ? SHAPE_OBJ : f->type == SHAPE_IDS ? SHAPE_ID : SHAPE_TEXT;
    one.sub = f->sub;
    size_t size = f->type == SHAPE_LIST ? f->sub->size : shape_size(one.type);
    char *items = arena_alloc(a, n * size);
    if (!items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", title_of(f)));
    for (size_t i = 0; i < n; i++)
        if (!read_field(a, items + i * size, &one, json_array_get(v, i), e))
            return err_note(e, "item %zu of %s", i + 1, f->name);
    *out = (ShapeList){ items, n };
    return true;
}

static bool read_field(Arena *a, char *at, const ShapeField *f, const json_t *v, Err *e)
{
    switch (f->type) {
    case SHAPE_ID:
    case SHAPE_INT:
        return read_int((int64_t *)(void *)at, f, v, e);
    case SHAPE_TEXT:
    case SHAPE_WORD:
        return read_text((Str *)(void *)at, f, v, e);
    case SHAPE_DEC:
        return read_dec((ShapeDec *)(void *)at, f, v, e);
    case SHAPE_DAY:
        if (!json_is_string(v))
            return wrong(f, "日期", e);
        return day_read((Day *)(void *)at, str_trim(jv_text(v)), e) ||
               err_note(e, "field %s", f->name);
    case SHAPE_BOOL:
        if (!json_is_boolean(v))
            return wrong(f, "是或否", e);
        *(bool *)at = json_is_true(v);
        return true;
    case SHAPE_LIST:
    case SHAPE_WORDS:
    case SHAPE_IDS:
        return read_list(a, (ShapeList *)(void *)at, f, v, e);
    case SHAPE_OBJ:
        return shape_read(a, at, f->sub, v, e);
    case SHAPE_JSON:
        *(const json_t **)(void *)at = v;
        return true;
    case SHAPE_MOMENT:
        break;
    }
    return wrong(f, "（不可填写）", e);
}

static const ShapeField *field_named(const Shape *s, const char *name)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->fields[i].name, name) == 0)
            return &s->fields[i];
    return NULL;
}

static bool no_unknown(const Shape *shape, const json_t *v, Err *e)
{
    const char *key;
    json_t *child;
    json_object_foreach ((json_t *)v, key, child)
        if (!field_named(shape, key))
            return err_fail(e, ERR_FIELD_UNKNOWN, err_hole("field", key));
    return true;
}

bool shape_read(Arena *a, void *out, const Shape *shape, const json_t *v, Err *e)
{
    if (!json_is_object(v))
        return err_fail(e, ERR_FIELD_TYPE, err_hole("field", shape->name),
                        err_hole("want", "JSON对象"));
    char *tmp = arena_alloc(a, shape->size);
    if (!tmp)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", shape->name));
    if (!no_unknown(shape, v, e))
        return false;
    for (size_t i = 0; i < shape->n; i++) {
        const ShapeField *f = &shape->fields[i];
        const json_t *x = json_object_get(v, f->name);
        if (!x || json_is_null(x)) {
            if (f->required)
                return err_fail(e, ERR_FIELD_MISSING, err_hole("field", title_of(f)));
            if (f->type == SHAPE_DAY)
                *(Day *)(void *)(tmp + f->offset) = DAY_NONE;
        } else if (!read_field(a, tmp + f->offset, f, x, e)) {
            return false;
        }
    }
    memcpy(out, tmp, shape->size);
    return true;
}

static bool check_value(const ShapeField *f, const json_t *v, Err *e)
{
    size_t i;
    json_t *item;
    bool ok = true;
    switch (f->type) {
    case SHAPE_ID:
    case SHAPE_INT:
        ok = json_is_integer(v);
        break;
    case SHAPE_TEXT:
    case SHAPE_DAY:
    case SHAPE_MOMENT:
        ok = json_is_string(v);
        break;
    case SHAPE_WORD:
        ok = json_is_string(v) && word_in(f->words, jv_text(v));
        break;
    case SHAPE_DEC:
        ok = json_is_string(v);
        break;
    case SHAPE_BOOL:
        ok = json_is_boolean(v);
        break;
    case SHAPE_OBJ:
        return shape_check(f->sub, v, e) || err_note(e, "in %s", f->name);
    case SHAPE_LIST:
    case SHAPE_WORDS:
    case SHAPE_IDS:
        if (!json_is_array(v))
            return wrong(f, "list", e);
        json_array_foreach (v, i, item) {
            ok = f->type == SHAPE_LIST ? shape_check(f->sub, item, e) :
                 f->type == SHAPE_IDS  ? json_is_integer(item) : json_is_string(item);
            if (!ok && f->type == SHAPE_LIST)
                return err_note(e, "in item %zu of %s", i + 1, f->name);
            if (!ok)
                break;
        }
        break;
    case SHAPE_JSON:
        break;
    }
    return ok || wrong(f, "of its declared type", e);
}

bool shape_check(const Shape *shape, const json_t *v, Err *e)
{
    if (!json_is_object(v))
        return err_fail(e, ERR_FIELD_TYPE, err_hole("field", shape->name),
                        err_hole("want", "an object"));
    if (!no_unknown(shape, v, e))
        return err_note(e, "in %s", shape->name);
    for (size_t i = 0; i < shape->n; i++) {
        const ShapeField *f = &shape->fields[i];
        const json_t *x = json_object_get(v, f->name);
        if (!x || json_is_null(x)) {
            if (f->required)
                return err_fail(e, ERR_FIELD_MISSING, err_hole("field", f->name)),
                       err_note(e, "in %s", shape->name);
        } else if (!check_value(f, x, e)) {
            return err_note(e, "in %s", shape->name);
        }
    }
    return true;
}

static void schema_ref(Jw *w, const Shape *s)
{
    Buf b = buf_open(256);
    buf_fmt(&b, "#/components/schemas/%s", s->name);
    jw_obj(w);
    jw_kstr(w, "$ref", buf_str(&b));
    jw_end(w);
    buf_close(&b);
}

static void schema_words(Jw *w, const char *words)
{
    Str rest = str_of(words), head;
    bool more = true;
    jw_key(w, "enum");
    jw_arr(w);
    while (more) {
        more = str_cut(rest, STRC("|"), &head, &rest);
        jw_str(w, head);
    }
    jw_end(w);
}

static void schema_type(Jw *w, const char *type, const char *format)
{
    jw_kstr(w, "type", str_of(type));
    if (format)
        jw_kstr(w, "format", str_of(format));
}

static void schema_of(Jw *w, const ShapeField *f)
{
    if (f->type == SHAPE_OBJ) {
        schema_ref(w, f->sub);
        return;
    }
    jw_obj(w);
    switch (f->type) {
    case SHAPE_ID:
        schema_type(w, "integer", NULL);
        jw_kint(w, "minimum", 0);
        jw_kint(w, "maximum", JSON_INT_MAX);
        break;
    case SHAPE_INT:
        schema_type(w, "integer", NULL);
        if (f->max > f->min) {
            jw_kint(w, "minimum", f->min);
            jw_kint(w, "maximum", f->max);
        }
        break;
    case SHAPE_TEXT:
        schema_type(w, "string", NULL);
        if (f->max > 0)
            jw_kint(w, "maxLength", f->max);
        break;
    case SHAPE_WORD:
        schema_type(w, "string", NULL);
        schema_words(w, f->words);
        break;
    case SHAPE_DEC:
        schema_type(w, "string", "decimal");
        break;
    case SHAPE_DAY:
        schema_type(w, "string", "date");
        break;
    case SHAPE_MOMENT:
        schema_type(w, "string", "date-time");
        break;
    case SHAPE_BOOL:
        schema_type(w, "boolean", NULL);
        break;
    case SHAPE_LIST:
    case SHAPE_WORDS:
    case SHAPE_IDS:
        schema_type(w, "array", NULL);
        jw_key(w, "items");
        if (f->type == SHAPE_LIST) {
            schema_ref(w, f->sub);
        } else {
            jw_obj(w);
            schema_type(w, f->type == SHAPE_IDS ? "integer" : "string", NULL);
            jw_end(w);
        }
        break;
    case SHAPE_JSON:
    case SHAPE_OBJ:
        break;
    }
    jw_end(w);
}

void shape_schema(Jw *w, const Shape *shape)
{
    jw_obj(w);
    jw_kstr(w, "type", STRC("object"));
    jw_kbool(w, "additionalProperties", false);
    jw_key(w, "required");
    jw_arr(w);
    for (size_t i = 0; i < shape->n; i++)
        if (shape->fields[i].required)
            jw_str(w, str_of(shape->fields[i].name));
    jw_end(w);
    jw_key(w, "properties");
    jw_obj(w);
    for (size_t i = 0; i < shape->n; i++) {
        jw_key(w, shape->fields[i].name);
        schema_of(w, &shape->fields[i]);
    }
    jw_end(w);
    jw_end(w);
}
