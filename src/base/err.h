/* err: one row per way to fail. The person reads the sentence (what, where, what to do), the log
 * reads the trail (err_note adds "while ..." on the way up).
 *
 *     if (text.n > PACK_BYTES_MAX)
 *         return err_fail(e, ERR_TOO_BIG, err_hole("what", "规则包"),
 *                         err_hole("max", PACK_BYTES_MAX));
 *
 * err_fail always returns false. A hole that the row's template names and the caller did not give
 * is printed as "?". e may not be NULL. An Err owns its text; it may be copied by value. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/str.h"

typedef enum ErrCode {
    ERR_NONE,
#define ERROR(name, http, zh, en) ERR_##name,
#include "base/errors.def"
#undef ERROR
    ERR_COUNT
} ErrCode;

enum { ERR_TEXT_MAX = 900, ERR_HOLE_MAX = 300 };

typedef struct Err {
    ErrCode code;
    size_t n_text;             /* bytes of `holes` used */
    char holes[ERR_TEXT_MAX];  /* "name\0value\0name\0value\0" */
    char trail[400];           /* "while ...; while ..." for the log, NUL-terminated */
} Err;

typedef struct Hole {
    const char *name;
    Str text;                  /* used unless is_number */
    int64_t number;
    bool is_number;
} Hole;

typedef enum Lang { LANG_HANS, LANG_HANT, LANG_EN } Lang; /* Hant is made from Hans by `text` */

Hole err_hole_z(const char *name, const char *text);
Hole err_hole_str(const char *name, Str text);
Hole err_hole_int(const char *name, int64_t number);
#define err_hole(name, v)                                                                          \
    _Generic((v), char *: err_hole_z, const char *: err_hole_z, Str: err_hole_str,                 \
             default: err_hole_int)(name, v)

bool err_fail_n(Err *e, ErrCode code, const Hole *holes, size_t n);
#define err_fail(e, ...) ERR_FAIL_(e, __VA_ARGS__, { .name = NULL })
#define ERR_FAIL_(e, code, ...)                                                                    \
    err_fail_n(e, code, (const Hole[]){ __VA_ARGS__ },                                             \
               sizeof((const Hole[]){ __VA_ARGS__ }) / sizeof(Hole) - 1)
bool err_note(Err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3))); /* false */
void err_clear(Err *e);

const char *err_name(ErrCode code);             /* "NOT_FOUND" */
int err_http(ErrCode code);                     /* HTTP status */
const char *err_template(ErrCode code, Lang lang);
Str err_get(const Err *e, const char *hole);    /* a hole's text, empty when not given */
/* The sentence for a person; writes at most size bytes with the NUL, returns its length. */
size_t err_print(const Err *e, Lang lang, char *out, size_t size);

#endif
