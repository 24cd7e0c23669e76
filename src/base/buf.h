/* buf: the one growable text. It owns malloc'd memory; buf_close frees it. A refused allocation
 * or a passed cap is remembered (`failed`): later calls do nothing, and the caller checks once.
 *
 *     Buf b = buf_open(1 << 20);
 *     buf_put(&b, STRC("述职"));
 *     buf_fmt(&b, " %d", 2026);
 *     if (b.failed) ...
 *     use(buf_str(&b));
 *     buf_close(&b);
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

typedef struct Buf {
    char *p;
    size_t n, size, cap; /* n used, size allocated, cap never passed */
    bool failed;
} Buf;

Buf buf_open(size_t cap);
void buf_close(Buf *b);                    /* also accepts a zeroed Buf */
void buf_reset(Buf *b);                    /* empties, keeps the memory */
void buf_put(Buf *b, Str s);
void buf_putc(Buf *b, char c);
void buf_point(Buf *b, uint32_t cp);       /* one code point as UTF-8 */
void buf_fmt(Buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
Str buf_str(const Buf *b);                 /* valid until the next change */

#endif
