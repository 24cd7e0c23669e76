/* The words that differ between two texts of which most is the same: the runs in common that stand
 * in the same order, and between them what was put in, left out or changed. */
#include "origin/inside.h"

#include <stdlib.h>
#include <string.h>

enum {
    GAP_CELLS = 1 << 18,     /* a gap of more is shown as one change */
    RUNS_MAX = 4000          /* more make no "mostly the same" text; the rest is one gap */
};

const char *origin_change_name(OriginChangeKind k)
{
    static const char *const names[] = { "year", "number", "place", "words" };
    return names[k];
}

/* A stretch of both texts, in characters; `same` or changed. */
typedef struct Part {
    size_t a, a_to, b, b_to;
    bool same;
} Part;
typedef struct Parts { Part *items; size_t n, cap; } Parts;

typedef struct Changing {
    Arena *m;
    const Side *a, *b;
    Parts parts;
    Err *e;
} Changing;

/* Appends; neighbours of one sort become one part. */
static bool add_part(Changing *w, Part p)
{
    Parts *all = &w->parts;
    if (p.a == p.a_to && p.b == p.b_to)
        return true;
    Part *last = all->n ? &all->items[all->n - 1] : NULL;
    if (last && last->same == p.same) {
        last->a_to = p.a_to;
        last->b_to = p.b_to;
        return true;
    }
    if (!ARENA_PUSH(w->m, all->items, all->n, all->cap))
        return origin_refused(w->e);
    all->items[all->n++] = p;
    return true;
}

/* --- runs in order -------------------------------------------------------------------------- */

/* The heaviest chain of runs that rises in both texts; runs rise in the first one already. */
static bool in_order(Runs *out, Arena *m, const Runs *runs, Err *e)
{
    size_t n = runs->n < RUNS_MAX ? runs->n : RUNS_MAX, best = 0;
    uint32_t *sum = ARENA_ARRAY(m, uint32_t, n + 1), *from = ARENA_ARRAY(m, uint32_t, n + 1);
    Run *items = ARENA_ARRAY(m, Run, n + 1);
    if (!sum || !from || !items)
        return origin_refused(e);
    for (size_t i = 0; i < n; i++) {
        const Run *r = &runs->items[i];
        from[i] = UINT32_MAX;
        for (size_t k = 0; k < i; k++)
            if (runs->items[k].b + runs->items[k].n <= r->b && sum[k] > sum[i]) {
                sum[i] = sum[k];
                from[i] = (uint32_t)k;
            }
        sum[i] += r->n;
        best = sum[i] > sum[best] ? i : best;
    }
    size_t count = 0;
    for (uint32_t i = n ? (uint32_t)best : UINT32_MAX; i != UINT32_MAX; i = from[i])
        items[n - ++count] = runs->items[i];
    *out = (Runs){ items + n - count, count, count };
    return true;
}

/* --- between runs --------------------------------------------------------------------------- */

/* The longest common subsequence of two short stretches, as parts. len[i * w + k] is its length
 * from (i, k) on. */
static bool add_woven(Changing *w, Part gap)
{
    size_t n = gap.a_to - gap.a, m = gap.b_to - gap.b, row = m + 1;
    const uint16_t *x = w->a->c + gap.a, *y = w->b->c + gap.b;
    uint16_t *len = ARENA_ARRAY(w->m, uint16_t, (n + 1) * row);
    if (!len)
        return origin_refused(w->e);
    for (size_t i = n; i-- > 0;)
        for (size_t k = m; k-- > 0;) {
            uint16_t down = len[(i + 1) * row + k], right = len[i * row + k + 1];
            len[i * row + k] = x[i] == y[k] ? (uint16_t)(len[(i + 1) * row + k + 1] + 1)
                               : down > right ? down : right;
        }
    for (size_t i = 0, k = 0; i < n || k < m;) {
        size_t i2 = i, k2 = k;
        bool same = i < n && k < m && x[i] == y[k];
        if (same)
            i2++, k2++;
        else if (k == m || (i < n && len[(i + 1) * row + k] >= len[i * row + k + 1]))
            i2++;
        else
            k2++;
        if (!add_part(w, (Part){ gap.a + i, gap.a + i2, gap.b + k, gap.b + k2, same }))
            return false;
        i = i2;
        k = k2;
    }
    return true;
}

static bool add_gap(Changing *w, Part gap)
{
    size_t n = gap.a_to - gap.a, m = gap.b_to - gap.b;
    if (n == 0 || m == 0 || n >= UINT16_MAX || m >= UINT16_MAX || (n + 1) * (m + 1) > GAP_CELLS)
        return add_part(w, gap);
    return add_woven(w, gap);
}

static bool split_texts(Changing *w, const Runs *runs)
{
    size_t a = 0, b = 0;
    for (size_t i = 0; i < runs->n; i++) {
        const Run *r = &runs->items[i];
        if (!add_gap(w, (Part){ a, r->a, b, r->b, false }) ||
            !add_part(w, (Part){ r->a, r->a + r->n, r->b, r->b + r->n, true }))
            return false;
        a = r->a + r->n;
        b = r->b + r->n;
    }
    return add_gap(w, (Part){ a, w->a->n, b, w->b->n, false });
}

/* --- whole words ---------------------------------------------------------------------------- */

static bool is_digit(uint16_t c)
{
    static const uint16_t zh[] = { 0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03,
                                   0x516B, 0x4E5D, 0x5341, 0x767E, 0x5343, 0x4E07, 0x4EBF, 0x96F6 };
    for (size_t i = 0; i < sizeof zh / sizeof *zh; i++)
        if (c == zh[i])
            return true;
    return c >= '0' && c <= '9';
}

/* 省 市 州 县 区 旗 镇 乡 村 街 道 社 局 */
static bool ends_place(uint16_t c)
{
    static const uint16_t ends[] = { 0x7701, 0x5E02, 0x5DDE, 0x53BF, 0x533A, 0x65D7, 0x9547,
                                     0x4E61, 0x6751, 0x8857, 0x9053, 0x793E, 0x5C40 };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (c == ends[i])
            return true;
    return false;
}

/* The part that is the same behind `i`, shortened by k characters at its start. */
static void take_from_next(Parts *all, size_t i, size_t k)
{
    all->items[i].a_to += k;
    all->items[i].b_to += k;
    all->items[i + 1].a += k;
    all->items[i + 1].b += k;
}

static void take_from_last(Parts *all, size_t i, size_t k)
{
    all->items[i].a -= k;
    all->items[i].b -= k;
    all->items[i - 1].a_to -= k;
    all->items[i - 1].b_to -= k;
}

/* A changed digit is a changed number, a changed name reaches to its 镇. */
static void widen(const Changing *w, Parts *all, size_t i)
{
    Part *p = &all->items[i];
    const uint16_t *c = w->a->c, *d = w->b->c;
    bool number = (p->a < p->a_to && is_digit(c[p->a])) || (p->b < p->b_to && is_digit(d[p->b]));
    bool more = i + 1 < all->n, before = i > 0;
    if (number) {
        while (before && all->items[i - 1].a < p->a && is_digit(c[p->a - 1]))
            take_from_last(all, i, 1);
        while (more && all->items[i + 1].a < all->items[i + 1].a_to && is_digit(c[p->a_to]))
            take_from_next(all, i, 1);
        return;
    }
    if (more && p->a < p->a_to && p->b < p->b_to && all->items[i + 1].a < all->items[i + 1].a_to &&
        ends_place(c[p->a_to]))
        take_from_next(all, i, 1);
}

/* A single character that happens to stand in two different phrases; not 年 behind a changed
 * number or what stands behind a changed name. */
static bool is_chance(const Changing *w, const Parts *all, size_t i)
{
    const Part *p = &all->items[i];
    if (!p->same || p->a_to - p->a != 1 || i == 0 || i + 1 == all->n || p->a == 0 ||
        p->a_to == w->a->n)
        return false;
    uint16_t before = w->a->c[p->a - 1], behind = w->a->c[p->a_to];
    return !is_digit(before) && !is_digit(behind) && !ends_place(before);
}

/* Parts emptied by their neighbours go; changes that now touch become one. */
static bool whole_words(Changing *w)
{
    Parts all = w->parts;
    for (size_t i = 0; i < all.n; i++)
        if (!all.items[i].same)
            widen(w, &all, i);
    for (size_t i = 0; i < all.n; i++)
        if (is_chance(w, &all, i))
            all.items[i].same = false;
    w->parts = (Parts){ 0 };
    for (size_t i = 0; i < all.n; i++)
        if (!add_part(w, all.items[i]))
            return false;
    return true;
}

/* --- the result ----------------------------------------------------------------------------- */

static bool all_digits(const uint16_t *c, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (!is_digit(c[i]))
            return false;
    return to > from;
}

/* Four digits that begin with 19 or 20, or that 年 follows. */
static bool is_year(const Side *s, size_t from, size_t to)
{
    size_t n = to - from;
    bool before_year = to < s->n && s->c[to] == 0x5E74; /* 年 */
    bool century = n == 4 && ((s->c[from] == '1' && s->c[from + 1] == '9') ||
                              (s->c[from] == '2' && s->c[from + 1] == '0'));
    return all_digits(s->c, from, to) && (century || (n == 4 && before_year) ||
                                          (n == 2 && before_year));
}

/* 今 去 前 上 本 before 年 */
static bool is_year_word(const Side *s, size_t from, size_t to)
{
    static const uint16_t words[] = { 0x4ECA, 0x53BB, 0x524D, 0x4E0A, 0x672C };
    if (to != from + 1 || to >= s->n || s->c[to] != 0x5E74)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (s->c[from] == words[i])
            return true;
    return false;
}

static OriginChangeKind kind_of(const Changing *w, const Part *p)
{
    const Side *a = w->a, *b = w->b;
    if (p->a == p->a_to || p->b == p->b_to)
        return ORIGIN_WORDS;
    if ((is_year(a, p->a, p->a_to) || is_year_word(a, p->a, p->a_to)) &&
        (is_year(b, p->b, p->b_to) || is_year_word(b, p->b, p->b_to)))
        return ORIGIN_YEAR;
    if (all_digits(a->c, p->a, p->a_to) && all_digits(b->c, p->b, p->b_to))
        return ORIGIN_NUMBER;
    enum { NAME = 12 };
    bool names = p->a_to - p->a <= NAME && p->b_to - p->b <= NAME;
    return names && ends_place(a->c[p->a_to - 1]) && ends_place(b->c[p->b_to - 1]) ? ORIGIN_PLACE
                                                                                   : ORIGIN_WORDS;
}

/* Bytes of characters [from, to); an empty stretch stands behind the character before it. */
static void bytes_of(const Side *s, size_t from, size_t to, size_t *at, size_t *end)
{
    *at = from < to ? s->at[from] : origin_behind(s, from);
    *end = from < to ? origin_behind(s, to) : *at;
}

static bool take_changes(OriginChanges *out, Changing *w)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->parts.n; i++) {
        const Part *p = &w->parts.items[i];
        if (p->same) {
            kept += p->a_to - p->a;
            continue;
        }
        if (!ARENA_PUSH(w->m, out->items, out->n, out->cap))
            return origin_refused(w->e);
        OriginChange *c = &out->items[out->n++];
        c->kind = kind_of(w, p);
        bytes_of(w->a, p->a, p->a_to, &c->from, &c->to);
        bytes_of(w->b, p->b, p->b_to, &c->other_from, &c->other_to);
        c->now = str_sub(w->a->text, c->from, c->to - c->from);
        c->before = str_sub(w->b->text, c->other_from, c->other_to - c->other_from);
        out->of_kind[c->kind]++;
    }
    out->kept = origin_permille((int)kept, (int)w->a->n);
    out->only_renamed = out->n > 0 && out->of_kind[ORIGIN_WORDS] == 0;
    return true;
}

bool origin_changes(OriginChanges *out, Arena *a, const Origin *o, Str text, Str other, Err *e)
{
    Side one, two;
    Runs runs = { 0 }, order = { 0 };
    OriginChanges made = { 0 };
    if (!origin_side(&one, a, o, text, e) || !origin_side(&two, a, o, other, e))
        return false;
    uint8_t *counted = ARENA_ARRAY(a, uint8_t, one.n + 1);
    if (!counted)
        return origin_refused(e);
    Changing w = { .m = a, .a = &one, .b = &two, .e = e };
    if (!origin_lay(&runs, counted, a, o, &one, &two, e) || !in_order(&order, a, &runs, e) ||
        !split_texts(&w, &order) || !whole_words(&w) || !take_changes(&made, &w))
        return false;
    *out = made;
    return true;
}

void origin_changes_json(Jw *w, const OriginChanges *all)
{
    jw_obj(w);
    jw_kint(w, "kept", all->kept);
    jw_kbool(w, "only_renamed", all->only_renamed);
    jw_key(w, "items");
    jw_arr(w);
    for (size_t i = 0; i < all->n; i++) {
        const OriginChange *c = &all->items[i];
        jw_obj(w);
        jw_kstr(w, "kind", str_of(origin_change_name(c->kind)));
        jw_kint(w, "from", (int64_t)c->from);
        jw_kint(w, "to", (int64_t)c->to);
        jw_kint(w, "other_from", (int64_t)c->other_from);
        jw_kint(w, "other_to", (int64_t)c->other_to);
        jw_kstr(w, "now", c->now);
        jw_kstr(w, "before", c->before);
        jw_end(w);
    }
    jw_end(w);
    jw_end(w);
}
