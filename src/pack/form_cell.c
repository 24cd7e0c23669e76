/* Tables that people fill in: the columns of a form, and what they write into a cell. */
#include "pack/pack_in.h"

#include <stdio.h>
#include <string.h>

/* --- the columns ---------------------------------------------------------------------------- */
/* The built-in words are the hashes of attachments: nobody types those. */
static bool fits_cell(const FormField *f)
{
    return f->type != FIELD_ROWS && f->type != FIELD_OBJECT && f->type != FIELD_FILE &&
           !(f->built_in && f->type == FIELD_WORDS);
}

enum { HINT_CHOICES_MAX = 12 };

static Str choices_hint(Arena *a, const List *list, const char *head)
{
    Str all = str_of(head);
    for (size_t i = 0; i < list->n_items && i < HINT_CHOICES_MAX; i++)
        all = arena_text(a, "%.*s%s%.*s", STR(all), i ? "、" : "", STR(list->items[i].title));
    return list->n_items > HINT_CHOICES_MAX ? arena_text(a, "%.*s等", STR(all)) : all;
}

static Str hint_of(Arena *a, const FormField *f)
{
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_LONG:
        return arena_text(a, "最多%lld字", (long long)f->max);
    case FIELD_NUMBER:
        return STRC("整数");
    case FIELD_DECIMAL:
        return STRC("数，如85.5");
    case FIELD_DAY:
        return STRC("日期，如2026-02-28");
    case FIELD_MONTH:
        return STRC("年月，如2026-02");
    case FIELD_CHOICE:
        return choices_hint(a, f->list, "填其中一项：");
    case FIELD_FLAG:
        return STRC("是或否");
    case FIELD_REF:
        return arena_text(a, "%.*s的编号或名称", STR(f->form->title));
    case FIELD_REFS:
        return arena_text(a, "%.*s的编号或名称，用“、”分开", STR(f->form->title));
    case FIELD_WORDS:
        return f->list ? choices_hint(a, f->list, "可填几项，用“、”分开：")
                       : STRC("可填几项，用“、”分开");
    default:
        return STRC("");
    }
}

bool form_template(FormColumns *out, Arena *a, const Form *form, Err *e)
{
    FormColumn *items = ARENA_ARRAY(a, FormColumn, form->n_fields);
    size_t n = 0;
    if (!items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", form->title));
    for (size_t i = 0; i < form->n_fields; i++) {
        const FormField *f = &form->fields[i];
        if (!fits_cell(f))
            continue;
        Str hint = hint_of(a, f);
        if (f->help.n > 0)
            hint = arena_text(a, "%.*s；%.*s", STR(hint), STR(f->help));
        Str title = f->required ? arena_text(a, "%.*s（必填）", STR(f->title)) : f->title;
        items[n++] = (FormColumn){ f, title, hint };
    }
    if (arena_refused(a))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", form->title));
    *out = (FormColumns){ items, n };
    return true;
}

/* --- the cells ------------------------------------------------------------------------------ */
static bool wrong(const FormField *f, const char *want, Err *e)
{
    return err_fail(e, ERR_FIELD_TYPE, err_hole("field", f->title), err_hole("want", want));
}

static bool give(json_t **out, json_t *v, Err *e)
{
    return v ? (*out = v, true) : err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取单元格"));
}

/* ASCII for the full-width digits and signs of numbers; false when it is too long for a number. */
static bool narrow(char out[DEC_TEXT_MAX + 4], Str *s)
{
    size_t n = 0, k;
    uint32_t cp;
    for (size_t i = 0; (k = str_next(*s, i, &cp)) > 0; i += k) {
        if (cp >= 0xFF01 && cp <= 0xFF5E)
            cp -= 0xFEE0;
        if (n + 4 > DEC_TEXT_MAX)
            return false;
        n += str_put(out + n, cp);
    }
    *s = (Str){ out, n };
    return true;
}

static bool cell_number(json_t **out, const FormField *f, Str s, Err *e)
{
    char room[DEC_TEXT_MAX + 4];
    int64_t n;
    Dec d;
    if (!narrow(room, &s) || !dec_parse(&d, s) || !dec_to_int(&n, d))
        return wrong(f, "整数", e);
    return give(out, json_integer(n), e);
}

static bool cell_decimal(json_t **out, const FormField *f, Str s, Err *e)
{
    char room[DEC_TEXT_MAX + 4];
    Dec d;
    if (!narrow(room, &s) || !dec_parse(&d, s))
        return wrong(f, "数（如85.5）", e);
    return give(out, json_stringn(s.p, s.n), e);
}

static bool cell_day(json_t **out, const FormField *f, Str s, Err *e)
{
    Day day;
    char text[16];
    if (!day_read_loose(&day, s, e))
        return err_note(e, "field %.*s", STR(f->name));
    DayParts p = day_parts(day);
    int n = snprintf(text, sizeof text, "%04d-%02d-%02d", p.year, p.month, p.day);
    return give(out, json_stringn(text, f->type == FIELD_MONTH ? 7 : (size_t)n), e);
}

/* The value whose title or name is s. */
static bool value_of(Str *out, const FormField *f, Str s, Err *e)
{
    char all[ERR_HOLE_MAX] = "";
    size_t n = 0;
    for (size_t i = 0; i < f->list->n_items; i++)
        if (str_eq(f->list->items[i].title, s) || str_eq(f->list->items[i].value, s))
            return *out = f->list->items[i].value, true;
    for (size_t i = 0; i < f->list->n_items && n < sizeof all; i++)
        n += (size_t)snprintf(all + n, sizeof all - n, "%s%.*s", i ? "、" : "",
                              STR(f->list->items[i].title));
    return err_fail(e, ERR_FIELD_CHOICE, err_hole("field", f->title), err_hole("text", s),
                    err_hole("choices", (const char *)all));
}

static bool cell_choice(json_t **out, const FormField *f, Str s, Err *e)
{
    return value_of(&s, f, s, e) && give(out, json_stringn(s.p, s.n), e);
}

static bool cell_flag(json_t **out, const FormField *f, Str s, Err *e)
{
    static const Str yes[] = { S("是"), S("有"), S("√"), S("1"), S("true"), S("TRUE"), S("Y") };
    static const Str no[] = { S("否"), S("无"), S("×"), S("0"), S("false"), S("FALSE"), S("N") };
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (str_eq(s, yes[i]) || str_eq(s, no[i]))
            return give(out, json_boolean(str_eq(s, yes[i])), e);
    return wrong(f, "是或否", e);
}

/* Bytes of the separator that stands at i; 0 when none does. */
static size_t separator(Str s, size_t i)
{
    static const Str all[] = { S("、"), S("，"), S("；"), S(","), S(";"), S("\n") };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (str_starts(str_sub(s, i, all[k].n), all[k]))
            return all[k].n;
    return 0;
}

static bool cell_words(json_t **out, const FormField *f, Str s, Err *e)
{
    json_t *list = json_array();
    bool ok = list || err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取单元格"));
    for (size_t from = 0, i = 0; ok && i <= s.n; i++) {
        size_t k = i < s.n ? separator(s, i) : 1;
        if (k == 0)
            continue;
        Str word = str_trim(str_sub(s, from, i - from));
        from = i + k;
        i += k - 1;
        if (word.n == 0)
            continue;
        ok = !f->list || value_of(&word, f, word, e);
        if (ok && json_array_append_new(list, json_stringn(word.p, word.n)) != 0)
            ok = err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取单元格"));
    }
    if (ok && json_array_size(list) > 0)
        *out = list;
    else
        json_decref(list);
    return ok;
}

bool form_cell(json_t **out, const FormField *f, Str text, Err *e)
{
    json_t *got = NULL;
    bool ok = true;
    text = str_trim(text);
    if (!str_valid(text))
        return err_fail(e, ERR_BAD_TEXT, err_hole("what", f->title));
    if (text.n == 0)
        return *out = NULL, true;
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_LONG:
    case FIELD_REF:
        ok = give(&got, json_stringn(text.p, text.n), e);
        break;
    case FIELD_NUMBER:
        ok = cell_number(&got, f, text, e);
        break;
    case FIELD_DECIMAL:
        ok = cell_decimal(&got, f, text, e);
        break;
    case FIELD_DAY:
    case FIELD_MONTH:
        ok = cell_day(&got, f, text, e);
        break;
    case FIELD_CHOICE:
        ok = cell_choice(&got, f, text, e);
        break;
    case FIELD_FLAG:
        ok = cell_flag(&got, f, text, e);
        break;
    case FIELD_REFS:
    case FIELD_WORDS:
        ok = cell_words(&got, f, text, e);
        break;
    default:
        return wrong(f, "在页面上填写的内容（不能从表格导入）", e);
    }
    if (ok)
        *out = got;
    return ok;
}
