/* json: reading through jansson with limits (duplicates, U+0000, reals and bad UTF-8 refused),
 * writing through an append-only writer that cannot be injected into.
 *
 * Fractions travel as strings ("85.5"), so that no double ever touches a score: a JSON real is
 * refused. Whole numbers must lie within +-(2^53-1).
 *
 *     Jw w = jw_open(&buf);
 *     jw_obj(&w); jw_key(&w, "name"); jw_str(&w, name); jw_end(&w);
 *     if (!jw_close(&w)) ...                      // unbalanced or buffer refused
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"
#include "base/date.h"
#include "base/dec.h"

#include <jansson.h>

enum { JSON_DEPTH_MAX = 64, JSON_BYTES_MAX = 16 << 20 };
#define JSON_INT_MAX 9007199254740991

/* Reading. The caller owns the value: jv_close (accepts NULL). Errors name the source by `what`. */
bool jv_read(json_t **out, Str text, const char *what, Err *e) MUST_USE;
void jv_close(json_t *v);
/* Getters never fail: absent or of another type gives the empty value. */
Str jv_str(const json_t *o, const char *key);
int64_t jv_int(const json_t *o, const char *key);          /* 0 */
bool jv_bool(const json_t *o, const char *key);
Day jv_day(const json_t *o, const char *key);              /* DAY_NONE */
bool jv_dec(Dec *out, const json_t *o, const char *key);   /* string or whole number */
const json_t *jv_get(const json_t *o, const char *key);    /* NULL */
const json_t *jv_at(const json_t *list, size_t i);
size_t jv_len(const json_t *list);
Str jv_text(const json_t *string);                         /* of a string value */
/* New values, NULL when memory is out; jansson's setters then fail. */
json_t *jv_new(Str s);
json_t *jv_new_ids(const int64_t *ids, size_t n);
/* Canonical text: keys sorted bytewise, no blanks, UTF-8 as is. The form that facts hash. */
bool jv_canon(Buf *out, const json_t *v, Err *e) MUST_USE;
/* Just past the list that begins at `at` of a canonical text, when nothing in it is quoted or
 * nested, as in a list of ids; else 0. */
size_t jv_plain_list_end(Str text, size_t at);

/* Writing. */
enum { JW_DEPTH_MAX = 64 };
typedef struct Jw {
    Buf *b;
    int depth;
    bool bad, comma, after_key;
    bool is_obj[JW_DEPTH_MAX];
} Jw;

Jw jw_open(Buf *b);
bool jw_close(Jw *w) MUST_USE;                   /* balanced, one value, nothing refused */
void jw_obj(Jw *w);
void jw_arr(Jw *w);
void jw_end(Jw *w);
void jw_key(Jw *w, const char *key);             /* literal keys of ours */
void jw_key_str(Jw *w, Str key);
void jw_str(Jw *w, Str s);
void jw_int(Jw *w, int64_t v);
void jw_bool(Jw *w, bool v);
void jw_null(Jw *w);
void jw_json(Jw *w, const json_t *v);            /* NULL writes null */
void jw_raw(Jw *w, Str json);                    /* JSON text made by jv_canon or a Jw of ours */
/* key and value in one */
void jw_kstr(Jw *w, const char *key, Str s);
void jw_kint(Jw *w, const char *key, int64_t v);
void jw_kbool(Jw *w, const char *key, bool v);
void jw_kday(Jw *w, const char *key, Day d);     /* null for DAY_NONE */
void jw_kmoment(Jw *w, const char *key, Moment m);
void jw_kdec(Jw *w, const char *key, Dec d);
void jw_kjson(Jw *w, const char *key, const json_t *v);
/* the same, and nothing at all for "" and for 0 */
void jw_kstr_some(Jw *w, const char *key, Str s);
void jw_kint_some(Jw *w, const char *key, int64_t v);

#endif
