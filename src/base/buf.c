#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Buf buf_open(size_t cap)
{
    return (Buf){ .cap = cap };
}

void buf_close(Buf *b)
{
    free(b->p);
    *b = (Buf){ .cap = b->cap };
}

void buf_reset(Buf *b)
{
    b->n = 0;
    b->failed = false;
}

static bool buf_grow(Buf *b, size_t more)
{
    size_t size = b->size ? b->size * 2 : 256;
    while (size - b->n < more)
        size *= 2;
    char *p = realloc(b->p, size);
    if (!p) {
        b->failed = true;
        return false;
    }
    b->p = p;
    b->size = size;
    return true;
}

static inline bool buf_room(Buf *b, size_t more)
{
    if (b->failed || more > b->cap - b->n) {
        b->failed = true;
        return false;
    }
    return b->size - b->n >= more || buf_grow(b, more);
}

void buf_put(Buf *b, Str s)
{
    if (s.n == 0 || !buf_room(b, s.n))
        return;
    memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
}

void buf_putc(Buf *b, char c)
{
    if (buf_room(b, 1))
        b->p[b->n++] = c;
}

void buf_point(Buf *b, uint32_t cp)
{
    char out[4];
    buf_put(b, (Str){ out, str_put(out, cp) });
}

void buf_fmt(Buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0) {
        b->failed = true;
        return;
    }
    if (!buf_room(b, (size_t)n + 1)) /* vsnprintf writes its NUL past the text */
        return;
    va_start(ap, fmt);
    vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->n += (size_t)n;
}

Str buf_str(const Buf *b)
{
    return (Str){ b->p ? b->p : "", b->n };
}
