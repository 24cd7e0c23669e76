/* Two texts, split at a line of "=", against each other and against an index of both: shares lie
 * between nothing and all, passages are the same words in both, changes quote both. */
#include "origin/origin.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void want(bool holds)
{
    if (!holds)
        abort();
}

static bool is_inside(size_t from, size_t to, Str s)
{
    return from <= to && to <= s.n && str_valid(str_sub(s, from, to - from));
}

static void check_beside(const OriginBeside *b, Str x, Str y)
{
    want(b->shared >= 0 && b->shared <= b->own && b->other_shared <= b->other_own);
    want(b->permille >= 0 && b->permille <= 1000 && b->other_permille <= 1000);
    for (size_t i = 0; i < b->n; i++) {
        const OriginPassage *p = &b->items[i];
        want(p->from < p->to && is_inside(p->from, p->to, x));
        want(p->other_from < p->other_to && is_inside(p->other_from, p->other_to, y));
        want(i == 0 || p->from >= b->items[i - 1].to);
        want(p->points >= ORIGIN_STRICT_GRAM && p->counted >= 0 && p->counted <= p->points);
    }
}

static void check_changes(const OriginChanges *c, Str x, Str y)
{
    for (size_t i = 0; i < c->n; i++) {
        const OriginChange *k = &c->items[i];
        want(is_inside(k->from, k->to, x) && is_inside(k->other_from, k->other_to, y));
        want(i == 0 || (k->from >= c->items[i - 1].to &&
                        k->other_from >= c->items[i - 1].other_to));
    }
    want(c->kept >= 0 && c->kept <= 1000);
}

typedef struct Both {
    Str texts[2];
} Both;

static bool fetch(Str *out, Arena *a, void *ctx, const OriginDoc *d, Err *e)
{
    (void)a;
    (void)e;
    *out = ((Both *)ctx)->texts[d->id];
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Text *t;
    static Arena *a;
    Err e = { 0 };
    Origin *o;
    Both both;
    if (!t && !text_open(&t, TEXT_TO_HANS, &e))
        abort();
    if (!a)
        a = arena_open(512u << 20);
    arena_reset(a);
    if (size < 1 || !origin_open(&o, t, data[0] & 1 ? ORIGIN_STRICT : ORIGIN_NORMAL, &e))
        return 0;
    Str all = { (const char *)data + 1, size - 1 };
    if (!str_cut(all, STRC("="), &both.texts[0], &both.texts[1]))
        both.texts[1] = all;
    Str x = both.texts[0], y = both.texts[1];
    if (data[0] & 2 && !origin_exempt(o, str_sub(x, 0, 60), &e))
        goto done;
    for (int i = 0; i < 2; i++)
        if (!origin_add(o, &(OriginDoc){ i, i, 2026 }, both.texts[i], &e))
            goto done;
    OriginBeside b;
    OriginChanges c;
    OriginFound found;
    OriginPairs pairs;
    OriginDoc self = { 0, 0, 2026 };
    want(origin_settle(o, &e) && origin_beside(&b, a, o, x, y, &e));
    check_beside(&b, x, y);
    want(origin_changes(&c, a, o, x, y, &e));
    check_changes(&c, x, y);
    want(origin_report(&found, a, o, &self, x, fetch, &both, &e) && found.n <= 1);
    want(found.own_earlier == 0 && found.elsewhere <= 1000 &&
         found.anywhere == found.elsewhere);
    want(origin_pairs(&pairs, a, o, 1, &e) && pairs.n <= 1);
done:
    origin_close(o);
    return 0;
}
