/* Names of a roster, found in running text: a table by the first two characters, in which the
 * longest name comes first. */
#include "text/draft.h"
#include "text/inside.h"

#include <stdlib.h>
#include <string.h>

typedef struct Entry {
    Str name;                /* folded */
    RosterName who;
} Entry;

struct Roster {
    Entry *entries;          /* by head, then longer ones first */
    size_t n, cap;
    uint32_t *slots;         /* first entry of a head + 1 */
    size_t mask;
};

static size_t head_bytes(Str s, size_t at)
{
    uint32_t cp;
    size_t k = str_next(s, at, &cp), k2 = k ? str_next(s, at + k, &cp) : 0;
    return k2 ? k + k2 : 0;
}

static Str head_of(const Entry *e)
{
    return str_sub(e->name, 0, head_bytes(e->name, 0));
}

static int by_head(const void *x, const void *y)
{
    const Entry *a = x, *b = y;
    int c = str_cmp(head_of(a), head_of(b));
    if (c == 0)
        c = (a->name.n < b->name.n) - (a->name.n > b->name.n);
    return c ? c : str_cmp(a->name, b->name);
}

static bool refused(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "名册"));
}

static bool put(Roster *r, Arena *a, Str name, const RosterName *who, Err *e)
{
    if (str_points(name) < 2)
        return true;
    if (!ARENA_PUSH(a, r->entries, r->n, r->cap))
        return refused(e);
    r->entries[r->n++] = (Entry){ name, *who };
    return true;
}

/* The short forms of 中共青石镇委员会: 青石镇委员会, 青石镇党委. */
static bool put_forms(Roster *r, Arena *a, Str name, const RosterName *who, Err *e)
{
    static const struct {
        const char *end, *as;
    } forms[] = { { "总支部委员会", "党总支" }, { "支部委员会", "党支部" },
                  { "工作委员会", "党工委" },   { "委员会", "党委" } };
    if (!put(r, a, name, who, e))
        return false;
    if (!str_starts(name, STRC("中共")) || who->kind != ROSTER_ORG)
        return true;
    Str bare = str_sub(name, 6, name.n);
    if (!put(r, a, bare, who, e))
        return false;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        Str end = str_of(forms[i].end);
        if (!str_ends(bare, end))
            continue;
        Str stem = str_sub(bare, 0, bare.n - end.n);
        if (str_ends(stem, STRC("党")))
            stem.n -= 3;
        Str form = arena_text(a, "%.*s%s", STR(stem), forms[i].as);
        return form.n > 0 ? put(r, a, form, who, e) : refused(e);
    }
    return true;
}

/* The same words for two ids name neither. */
static void drop_doubles(Roster *r)
{
    size_t n = 0;
    for (size_t i = 0, end; i < r->n; i = end) {
        bool one = true;
        for (end = i + 1; end < r->n && str_eq(r->entries[end].name, r->entries[i].name); end++)
            one &= r->entries[end].who.id == r->entries[i].who.id;
        if (one)
            r->entries[n++] = r->entries[i];
    }
    r->n = n;
}

static bool build_slots(Roster *r, Arena *a, Err *e)
{
    size_t size = 64;
    while (size < 2 * r->n)
        size *= 2;
    r->mask = size - 1;
    r->slots = ARENA_ARRAY(a, uint32_t, size);
    if (!r->slots)
        return refused(e);
    for (size_t i = 0; i < r->n; i++) {
        Str head = head_of(&r->entries[i]);
        if (i > 0 && str_eq(head, head_of(&r->entries[i - 1])))
            continue;
        size_t slot = (size_t)str_hash(head) & r->mask;
        while (r->slots[slot])
            slot = (slot + 1) & r->mask;
        r->slots[slot] = (uint32_t)i + 1;
    }
    return true;
}

bool roster_open(Roster **out, Arena *a, const Text *t, const RosterName *names, size_t n, Err *e)
{
    Roster *r = ARENA_NEW(a, Roster);
    if (!r)
        return refused(e);
    if (n > ROSTER_NAMES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "名册的名称"),
                        err_hole("max", (int64_t)ROSTER_NAMES_MAX));
    for (size_t i = 0; i < n; i++) {
        Str name;
        if (names[i].name.n > ROSTER_NAME_BYTES_MAX)
            return err_fail(e, ERR_TOO_BIG, err_hole("what", "名称的字节数"),
                            err_hole("max", (int64_t)ROSTER_NAME_BYTES_MAX));
        if (!text_to_hans(&name, a, t, str_trim(names[i].name), e) ||
            !put_forms(r, a, name, &names[i], e))
            return false;
    }
    if (r->n > 0)
        qsort(r->entries, r->n, sizeof *r->entries, by_head);
    drop_doubles(r);
    if (!build_slots(r, a, e))
        return false;
    *out = r;
    return true;
}

size_t roster_at(RosterName *out, const Roster *r, Str s, size_t at)
{
    size_t k = r && r->n > 0 ? head_bytes(s, at) : 0;
    if (k == 0)
        return 0;
    Str head = str_sub(s, at, k), rest = str_sub(s, at, s.n - at);
    for (size_t slot = (size_t)str_hash(head) & r->mask; r->slots[slot];
         slot = (slot + 1) & r->mask) {
        size_t i = r->slots[slot] - 1;
        if (!str_eq(head_of(&r->entries[i]), head))
            continue;
        for (; i < r->n && str_starts(r->entries[i].name, head); i++)
            if (str_starts(rest, r->entries[i].name)) {
                *out = r->entries[i].who;
                return r->entries[i].name.n;
            }
        return 0;
    }
    return 0;
}

bool roster_has(const Roster *r, Str name)
{
    RosterName who;
    return name.n > 0 && roster_at(&who, r, name, 0) == name.n;
}

bool roster_knows(const Roster *r, Str part)
{
    for (size_t i = 0; r && part.n > 0 && i < r->n; i++)
        if (r->entries[i].who.kind == ROSTER_ORG && str_has(r->entries[i].name, part))
            return true;
    return false;
}
