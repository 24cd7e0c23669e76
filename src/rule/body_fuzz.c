/* Canonical JSON read in place against jansson: any object, any of its keys; and any bytes at all
 * must be read without leaving them. */
#include "rule/rule_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 6 };

static void against_jansson(const RuleForm *f, Arena *a, const json_t *body)
{
    Buf b = buf_open(1 << 20), one = buf_open(1 << 20);
    Str raw[FIELDS];
    Err e = { 0 };
    if (!jv_canon(&b, body, &e))
        goto end;
    rule_body_columns(raw, f, buf_str(&b));
    for (size_t i = 0; i < f->n; i++) {
        json_t *v = json_object_get(body, arena_z(a, f->columns[i]->name));
        FeelValue got = rule_body_value(a, f->columns[i], raw[i]);
        buf_reset(&one);
        if (v && !jv_canon(&one, v, &e))
            abort();
        if (!str_eq(raw[i], buf_str(&one)))
            abort();
        if (json_is_string(v) && f->columns[i]->type == FIELD_TEXT &&
            (got.kind != FEEL_STRING || !str_eq(got.string, jv_text(v))))
            abort();
        if (json_is_array(v)) {
            size_t at = 0, n = 0;
            for (Str item; rule_body_item(raw[i], &at, &item); n++)
                continue;
            if (n != json_array_size(v))
                abort();
        }
    }
end:
    buf_close(&b);
    buf_close(&one);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const FormField fields[FIELDS] = {
        { .name = S("a"), .type = FIELD_TEXT },  { .name = S("day"), .type = FIELD_DAY },
        { .name = S("heads"), .type = FIELD_REFS }, { .name = S("kind"), .type = FIELD_TEXT },
        { .name = S("n"), .type = FIELD_DECIMAL }, { .name = S("z"), .type = FIELD_TEXT },
    };
    const FormField *columns[FIELDS];
    size_t order[FIELDS];
    RuleForm f = { .columns = columns, .n = FIELDS, .order = order };
    Arena *a = arena_open(4 << 20);
    Str raw[FIELDS], text = { (const char *)data, size };
    json_t *body = NULL;
    Err e = { 0 };
    for (size_t i = 0; i < FIELDS; i++) {
        columns[i] = &fields[i];
        order[i] = i;
    }
    char *copy = malloc(size ? size : 1); /* so that a sanitizer sees its end */
    memcpy(copy, data, size);
    rule_body_columns(raw, &f, (Str){ copy, size });
    for (size_t i = 0; i < FIELDS; i++) {
        size_t at = 0;
        int64_t id;
        rule_body_value(a, &fields[i], raw[i]);
        while (rule_body_ref(raw[i], &at, &id))
            continue;
    }
    free(copy);
    if (jv_read(&body, text, "fuzz", &e) && json_is_object(body))
        against_jansson(&f, a, body);
    jv_close(body);
    arena_close(a);
    return 0;
}
