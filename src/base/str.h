/* str: text that carries its length. UTF-8, never NUL-terminated by promise, never owning.
 * U+0000 is refused where text enters the program (str_check). */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE __attribute__((warn_unused_result))

typedef struct Str {
    const char *p; /* may be NULL only when n is 0 */
    size_t n;      /* bytes */
} Str;

/* A literal as Str, usable in constant initialisers: S("every"). */
#define S(lit)                                                                                     \
    {                                                                                              \
        "" lit, sizeof("" lit) - 1                                                                 \
    }
/* The same as an expression. */
#define STRC(lit) ((Str){ "" lit, sizeof("" lit) - 1 })
/* For "%.*s". */
#define STR(s) (int)(s).n, (s).p

Str str_of(const char *z);                 /* NULL gives the empty text */
bool str_eq(Str a, Str b);
bool str_is(Str a, const char *z);         /* equal to a C string */
int str_cmp(Str a, Str b);                 /* bytewise, shorter first: <0 0 >0 */
bool str_starts(Str s, Str head);
bool str_ends(Str s, Str tail);
Str str_sub(Str s, size_t from, size_t n); /* clipped to s */
Str str_trim(Str s);                       /* ASCII blanks, U+3000, BOM, NBSP at both ends */
ptrdiff_t str_find(Str s, Str what);       /* byte offset of the first, or -1 */
bool str_has(Str s, Str what);
/* Cuts s at the first sep: head before it; returns false (head = all) when there is none. */
bool str_cut(Str s, Str sep, Str *head, Str *tail);
uint64_t str_hash(Str s);                  /* FNV-1a: for tables, not for secrets */

/* Code points. str_next returns the bytes consumed (0 at the end) and U+FFFD for bad UTF-8. */
size_t str_next(Str s, size_t at, uint32_t *cp);
size_t str_put(char out[4], uint32_t cp);  /* bytes written, 0 when cp is no scalar value */
size_t str_points(Str s);                  /* number of code points */
bool str_valid(Str s);                     /* well-formed UTF-8 without U+0000 */
/* Bytes from `at` on that JSON carries as they are and that are surely UTF-8: ASCII but controls,
 * quote and backslash, and U+1000..U+CFFF. What follows may be valid too: it is a fast path. */
size_t str_plain(Str s, size_t at);
bool str_int(Str s, int64_t *out);         /* ASCII decimal, optional '-', all of s, in range */
/* The other way: the decimal digits, written to the end of out. Ids are printed all the time. */
enum { STR_DIGITS = 20 };
Str str_digits(char out[STR_DIGITS], int64_t v);

#endif
