/* How names sound, for searching and for log-in names. */
#include "work/initials.h"
#include "work/call.h"

#include <stdatomic.h>
#include <stdlib.h>

struct Initials {
    _Atomic(Pinyin *) pinyin;
};

Initials *work_initials_open(Err *e)
{
    Initials *s = calloc(1, sizeof *s);
    if (!s)
        err_fail(e, ERR_NO_MEMORY, err_hole("what", "拼音"));
    return s;
}

void work_initials_close(Initials *s)
{
    if (!s)
        return;
    pinyin_close(atomic_load(&s->pinyin));
    free(s);
}

/* Two may open it at the same time; the slower one gives its own back. */
bool work_initials_tables(const Pinyin **out, Initials *s, Err *e)
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

bool work_letters(char low[PINYIN_ASKED_MAX], Str q)
{
    if (q.n == 0 || q.n > PINYIN_ASKED_MAX)
        return false;
    for (size_t i = 0; i < q.n; i++) {
        low[i] = q.p[i] >= 'A' && q.p[i] <= 'Z' ? (char)(q.p[i] - 'A' + 'a') : q.p[i];
        if (low[i] < '0' || (low[i] > '9' && low[i] < 'a') || low[i] > 'z')
            return false;
    }
    return true;
}

bool call_like(bool *out, Call *c, Str name, Str q, PinyinName kind, Err *e)
{
    char low[PINYIN_ASKED_MAX];
    const Pinyin *p;
    Str spelt;
    *out = str_has(name, q);
    if (*out || name.n > PINYIN_BYTES_MAX || !work_letters(low, q))
        return true;
    if (!call_pinyin(&p, c, e) || !pinyin_spell(&spelt, c->a, p, name, kind, e))
        return false;
    *out = pinyin_match(spelt, (Str){ low, q.n });
    return true;
}
