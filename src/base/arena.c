#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_FIRST = 8 << 10, BLOCK_MOST = 1 << 20 };

typedef struct Block {
    struct Block *next;
    size_t size, used;
    alignas(max_align_t) char data[];
} Block;

struct Arena {
    Block *top;
    size_t cap, held, used;
    bool refused;
};

Arena *arena_open(size_t cap)
{
    Arena *a = calloc(1, sizeof *a);
    if (a)
        a->cap = cap;
    return a;
}

static void blocks_free(Block *b)
{
    while (b) {
        Block *next = b->next;
        free(b);
        b = next;
    }
}

void arena_close(Arena *a)
{
    if (!a)
        return;
    blocks_free(a->top);
    free(a);
}

void arena_reset(Arena *a)
{
    if (a->top) {
        blocks_free(a->top->next);
        a->top->next = NULL;
        a->top->used = 0;
        a->held = a->top->size;
    }
    a->used = 0;
    a->refused = false;
}

bool arena_refused(const Arena *a)
{
    return a->refused;
}

size_t arena_used(const Arena *a)
{
    return a->used;
}

static Block *block_add(Arena *a, size_t n)
{
    size_t size = a->top ? a->top->size * 2 : BLOCK_FIRST;
    if (size > BLOCK_MOST)
        size = BLOCK_MOST;
    if (size < n)
        size = n;
    if (size > a->cap - a->held)
        size = a->cap - a->held;
    if (size < n)
        return NULL;
    Block *b = malloc(sizeof *b + size);
    if (!b)
        return NULL;
    b->next = a->top;
    b->size = size;
    b->used = 0;
    a->top = b;
    a->held += size;
    return b;
}

void *arena_alloc(Arena *a, size_t n)
{
    size_t align = alignof(max_align_t);
    size_t want = n ? (n + align - 1) & ~(align - 1) : align;
    Block *b = a->top;
    if (want < n || ((!b || b->size - b->used < want) && !(b = block_add(a, want)))) {
        a->refused = true;
        return NULL;
    }
    void *p = b->data + b->used;
    b->used += want;
    a->used += want;
    return memset(p, 0, want);
}

Str arena_str(Arena *a, Str s)
{
    const char *p = arena_z(a, s);
    return p ? (Str){ p, s.n } : (Str){ "", 0 };
}

const char *arena_z(Arena *a, Str s)
{
    char *p = arena_alloc(a, s.n + 1);
    if (p && s.n)
        memcpy(p, s.p, s.n);
    return p;
}

Str arena_text(Arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
    if (!p)
        return (Str){ "", 0 };
    va_start(ap, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return (Str){ p, (size_t)n };
}

void *arena_grow(Arena *a, void *items, size_t n, size_t *cap, size_t size)
{
    size_t more = *cap ? *cap * 2 : 8;
    if (more > SIZE_MAX / size) {
        a->refused = true;
        return NULL;
    }
    void *p = arena_alloc(a, more * size);
    if (!p)
        return NULL;
    if (n)
        memcpy(p, items, n * size);
    *cap = more;
    return p;
}

bool arena_take(void **slot, void *got)
{
    if (!got)
        return false;
    *slot = got;
    return true;
}
