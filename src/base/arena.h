/* arena: memory with one lifetime and a cap. Three lifetimes exist: program, request (reset after
 * the reply), scratch. Nothing in it is freed alone.
 *
 * Every call may be refused (cap reached, no memory): it then returns NULL and the arena remembers
 * it (arena_refused), so that a builder may check once at its end. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

typedef struct Arena Arena;

Arena *arena_open(size_t cap);               /* cap in bytes over all blocks; NULL: no memory */
void arena_close(Arena *a);                  /* accepts NULL */
void arena_reset(Arena *a);                  /* keeps one block for reuse */
bool arena_refused(const Arena *a);          /* was any call refused since open or reset? */
size_t arena_used(const Arena *a);           /* bytes handed out */

void *arena_alloc(Arena *a, size_t n);       /* zeroed, aligned for any type; n 0 gives non-NULL */
Str arena_str(Arena *a, Str s);              /* a copy; empty when refused */
Str arena_text(Arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *arena_z(Arena *a, Str s);        /* NUL-terminated copy; NULL when refused */

#define ARENA_NEW(a, T) ((T *)arena_alloc((a), sizeof(T)))
#define ARENA_ARRAY(a, T, n)                                                                       \
    ((T *)((size_t)(n) > SIZE_MAX / sizeof(T) ? NULL : arena_alloc((a), sizeof(T) * (size_t)(n))))

/* Grows an array that lives in an arena by doubling: makes room for one more element.
 * Returns the array (moved perhaps), or NULL when refused; *cap is updated. */
void *arena_grow(Arena *a, void *items, size_t n, size_t *cap, size_t size);
/* Room for one more in `items` (n used, cap allocated): false when refused. */
#define ARENA_PUSH(a, items, n, cap)                                                               \
    ((n) < (cap) || arena_take((void **)&(items),                                                  \
                               arena_grow((a), (items), (n), &(cap), sizeof *(items))))
bool arena_take(void **slot, void *got);     /* *slot = got unless got is NULL */

#endif
