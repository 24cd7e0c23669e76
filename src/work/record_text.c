/* What a record says as a person reads it: titles of choices, names of what is pointed to. */
#include "work/record.h"

enum { RECORD_TEXT_MAX = 64 << 10 };

static bool put_value(Buf *b, Call *c, const FormField *f, const json_t *v, Err *e);

static void put_scalar(Buf *b, const json_t *v)
{
    if (json_is_string(v))
        buf_put(b, jv_text(v));
    else if (json_is_integer(v))
        buf_fmt(b, "%lld", (long long)json_integer_value(v));
    else if (json_is_boolean(v))
        buf_put(b, json_is_true(v) ? STRC("是") : STRC("否"));
}

Str work_ref_name(Call *c, const FormField *f, int64_t id)
{
    Fact thing, person;
    Err none = { 0 };
    Str name = STRC("");
    if (f->form && fact_current(&thing, c->a, c->tx, f->form->name, id, &none)) {
        name = fact_str(c->a, &thing, "name");
        if (!name.n)
            name = fact_str(c->a, &thing, "title");
        /* A debriefer or an account has no name of its own: it is its person's. */
        if (!name.n && fact_current(&person, c->a, c->tx, STRC("person"),
                                    fact_int(&thing, "person"), &none))
            name = fact_str(c->a, &person, "name");
    }
    return name.n ? name : arena_text(c->a, "%lld", (long long)id);
}

static bool put_rows(Buf *b, Call *c, const FormField *f, const json_t *list, Err *e)
{
    for (size_t i = 0; i < jv_len(list); i++) {
        bool first = true;
        if (i)
            buf_putc(b, '\n');
        for (size_t k = 0; k < f->n_fields; k++) {
            const char *key = arena_z(c->a, f->fields[k].name);
            const json_t *v = key ? jv_get(jv_at(list, i), key) : NULL;
            if (!v)
                continue;
            buf_fmt(b, "%s%.*s：", first ? "" : "；", STR(f->fields[k].title));
            first = false;
            if (!put_value(b, c, &f->fields[k], v, e))
                return false;
        }
    }
    return true;
}

static void put_list(Buf *b, Call *c, const FormField *f, const json_t *list)
{
    for (size_t i = 0; i < jv_len(list); i++) {
        const json_t *v = jv_at(list, i);
        if (i)
            buf_put(b, STRC("、"));
        if (f->type == FIELD_REFS)
            buf_put(b, work_ref_name(c, f, json_integer_value(v)));
        if (f->type == FIELD_WORDS)
            buf_put(b, f->list ? list_title(f->list, jv_text(v)) : jv_text(v));
    }
}

/* Rows hold no rows, so this goes two levels deep at most. */
static bool put_value(Buf *b, Call *c, const FormField *f, const json_t *v, Err *e)
{
    switch (f->type) {
    case FIELD_CHOICE:
        buf_put(b, f->list ? list_title(f->list, jv_text(v)) : jv_text(v));
        return true;
    case FIELD_REF:
        buf_put(b, work_ref_name(c, f, json_integer_value(v)));
        return true;
    case FIELD_REFS:
    case FIELD_WORDS:
        put_list(b, c, f, v);
        return true;
    case FIELD_ROWS:
        return put_rows(b, c, f, v, e);
    case FIELD_OBJECT:
        return jv_canon(b, v, e);
    default:
        put_scalar(b, v);
        return true;
    }
}

static Str cut(Str s, size_t max)
{
    size_t n = 0, step;
    uint32_t cp;
    while ((step = str_next(s, n, &cp)) > 0 && n + step <= max)
        n += step;
    return str_sub(s, 0, n);
}

bool work_record_text(Str *out, Call *c, const FormField *f, const json_t *v, Err *e)
{
    Buf b = buf_open(FORM_BODY_MAX * 2);
    bool ok = put_value(&b, c, f, v, e);
    if (ok && b.failed)
        ok = err_fail(e, ERR_NO_MEMORY, err_hole("what", f->title));
    if (ok)
        *out = arena_str(c->a, cut(buf_str(&b), RECORD_TEXT_MAX));
    buf_close(&b);
    return ok;
}

bool work_record_line(Str *out, Call *c, const Fact *f, Err *e)
{
    enum { LINE_MAX = 240 };
    const Form *form = pack_form(call_rules(c), f->kind);
    json_t *body = NULL;
    bool ok = true;
    *out = STRC("");
    if (!form || !jv_read(&body, f->body, "body", e))
        return form == NULL;
    for (size_t i = 0; ok && out->n == 0 && i < form->n_fields; i++) {
        const FormField *field = &form->fields[i];
        const char *key = arena_z(c->a, field->name);
        const json_t *v = key ? jv_get(body, key) : NULL;
        if (v && (field->type == FIELD_TEXT || field->type == FIELD_LONG))
            ok = work_record_text(out, c, field, v, e);
    }
    jv_close(body);
    *out = cut(*out, LINE_MAX);
    return ok;
}
