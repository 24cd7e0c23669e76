/* Pinyin initials of names, for searching. The tables take a tenth of a second to open, so this
 * waits for the first search; an answer takes as long as writing a fact, so it is remembered. */
#include "work/call.h"
#include "work/initials.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { INITIALS_BYTES_MAX = 32 << 20 };

struct Initials {
    _Atomic(Pinyin *) pinyin;
    atomic_flag busy;              /* guards map and room for the few steps of a look-up */
    Arena *room;
    Map known[2];                  /* by PinyinName */
};

Initials *work_initials_open(Err *e)
{
    Initials *s = calloc(1, sizeof *s);
    Arena *room = arena_open(INITIALS_BYTES_MAX);
    if (!s || !room) {
        free(s);
        arena_close(room);
        err_fail(e, ERR_NO_MEMORY, err_hole("what", "拼音"));
        return NULL;
    }
    s->room = room;
    s->known[0] = map_open(room);
    s->known[1] = map_open(room);
    atomic_flag_clear(&s->busy);
    return s;
}

void work_initials_close(Initials *s)
{
    if (!s)
        return;
    pinyin_close(atomic_load(&s->pinyin));
    arena_close(s->room);
    free(s);
}

/* Two may open it at the same time; the slower one gives its own back. */
static bool tables(const Pinyin **out, Initials *s, Err *e)
{
    Pinyin *p = atomic_load(&s->pinyin), *none = NULL;
    if (!p && !pinyin_open(&p, e))
        return false;
    if (!atomic_compare_exchange_strong(&s->pinyin, &none, p) && none != p) {
        pinyin_close(p);
        p = none;
    }
    *out = p;
    return true;
}

static void enter(Initials *s)
{
    while (atomic_flag_test_and_set_explicit(&s->busy, memory_order_acquire))
        ;
}

static void leave(Initials *s)
{
    atomic_flag_clear_explicit(&s->busy, memory_order_release);
}

/* When the room is full the answer is right all the same, only not remembered. */
static void remember(Initials *s, Str name, PinyinName kind, Str value)
{
    enter(s);
    Str *kept = ARENA_NEW(s->room, Str);
    Str key = arena_str(s->room, name);
    if (kept)
        *kept = arena_str(s->room, value);
    bool whole = kept && key.n == name.n && kept->n == value.n;
    bool done = whole && map_put(&s->known[kind], key, kept);
    (void)done;
    leave(s);
}

bool work_initials_of(Str *out, Arena *a, Initials *s, Str name, PinyinName kind, Err *e)
{
    const Pinyin *p;
    enter(s);
    const Str *known = map_get(&s->known[kind], name);
    leave(s);
    if (known) {
        *out = *known;
        return true;
    }
    if (!tables(&p, s, e) || !pinyin_initials(out, a, p, name, kind, e))
        return false;
    remember(s, name, kind, *out);
    return true;
}

static char lower(char ch)
{
    return ch >= 'A' && ch <= 'Z' ? (char)(ch - 'A' + 'a') : ch;
}

bool call_like(bool *out, Call *c, Str name, Str q, PinyinName kind, Err *e)
{
    Str initials;
    *out = str_has(name, q);
    if (*out || q.n == 0 || q.n > PINYIN_BYTES_MAX)
        return true;
    char low[PINYIN_BYTES_MAX];
    for (size_t i = 0; i < q.n; i++) {
        low[i] = lower(q.p[i]);
        if (low[i] < '0' || (low[i] > '9' && low[i] < 'a') || low[i] > 'z')
            return true; /* no initials are meant */
    }
    if (name.n > PINYIN_BYTES_MAX)
        return true;
    if (!call_initials(&initials, c, name, kind, e))
        return false;
    *out = str_has(initials, (Str){ low, q.n });
    return true;
}
