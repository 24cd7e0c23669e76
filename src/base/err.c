#include "base/err.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct Row {
    const char *name;
    int http;
    const char *zh, *en;
} Row;

static const Row rows[ERR_COUNT] = {
    [ERR_NONE] = { "NONE", 200, "没有错误；无需处理", "no error; nothing to do" },
#define ERROR(name, http, zh, en) [ERR_##name] = { #name, http, zh, en },
#include "base/errors.def"
#undef ERROR
};

Hole err_hole_z(const char *name, const char *text)
{
    return (Hole){ .name = name, .text = str_of(text) };
}

Hole err_hole_str(const char *name, Str text)
{
    return (Hole){ .name = name, .text = text };
}

Hole err_hole_int(const char *name, int64_t number)
{
    return (Hole){ .name = name, .number = number, .is_number = true };
}

/* Cuts s to at most max bytes without splitting a character. */
static Str cut_at(Str s, size_t max)
{
    if (s.n <= max)
        return s;
    size_t n = max;
    while (n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    return (Str){ s.p, n };
}

static void hole_put(Err *e, const char *name, Str value)
{
    size_t k = strlen(name) + 1;
    if (e->n_text + k + 1 >= sizeof e->holes)
        return;
    size_t room = sizeof e->holes - e->n_text - k - 1;
    value = cut_at(value, room < ERR_HOLE_MAX ? room : ERR_HOLE_MAX);
    memcpy(e->holes + e->n_text, name, k);
    if (value.n)
        memcpy(e->holes + e->n_text + k, value.p, value.n);
    for (size_t i = 0; i < value.n; i++) /* the table is parted by NUL, a value may not hold one */
        if (e->holes[e->n_text + k + i] == 0)
            e->holes[e->n_text + k + i] = ' ';
    e->holes[e->n_text + k + value.n] = 0;
    e->n_text += k + value.n + 1;
}

bool err_fail_n(Err *e, ErrCode code, const Hole *holes, size_t n)
{
    *e = (Err){ .code = code };
    for (size_t i = 0; i < n; i++) {
        char digits[24];
        snprintf(digits, sizeof digits, "%" PRId64, holes[i].number);
        hole_put(e, holes[i].name, holes[i].is_number ? str_of(digits) : holes[i].text);
    }
    return false;
}

bool err_note(Err *e, const char *fmt, ...)
{
    size_t at = strlen(e->trail);
    if (at && at + 2 < sizeof e->trail) {
        memcpy(e->trail + at, "; ", 3);
        at += 2;
    }
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(e->trail + at, sizeof e->trail - at, fmt, ap);
    va_end(ap);
    return false;
}

void err_clear(Err *e)
{
    *e = (Err){ 0 };
}

const char *err_name(ErrCode code)
{
    return rows[code].name;
}

int err_http(ErrCode code)
{
    return rows[code].http;
}

const char *err_template(ErrCode code, Lang lang)
{
    return lang == LANG_EN ? rows[code].en : rows[code].zh;
}

Str err_get(const Err *e, const char *hole)
{
    for (size_t at = 0; at < e->n_text;) {
        const char *name = e->holes + at, *value = name + strlen(name) + 1;
        if (strcmp(name, hole) == 0)
            return str_of(value);
        at += strlen(name) + strlen(value) + 2;
    }
    return (Str){ "", 0 };
}

static bool hole_given(const Err *e, const char *hole)
{
    for (size_t at = 0; at < e->n_text;) {
        const char *name = e->holes + at, *value = name + strlen(name) + 1;
        if (strcmp(name, hole) == 0)
            return true;
        at += strlen(name) + strlen(value) + 2;
    }
    return false;
}

size_t err_print(const Err *e, Lang lang, char *out, size_t size)
{
    const char *t = err_template(e->code, lang);
    size_t n = 0;
    while (*t && size > 0) {
        const char *end = *t == '{' ? strchr(t, '}') : NULL;
        Str piece = { t, 1 };
        char name[32];
        if (end && (size_t)(end - t) <= sizeof name) {
            memcpy(name, t + 1, (size_t)(end - t) - 1);
            name[end - t - 1] = 0;
            piece = hole_given(e, name) ? err_get(e, name) : (Str){ "?", 1 };
            t = end;
        }
        piece = cut_at(piece, size - 1 - n);
        memcpy(out + n, piece.p, piece.n);
        n += piece.n;
        t++;
    }
    if (size > 0)
        out[n] = 0;
    return n;
}
