/* A few tens of thousands of names are looked through in milliseconds, wherever in the name the
 * question stands; an index of pairs would need another one for sounds. */
#include "work/names.h"

#include "work/initials.h"

#include <stdlib.h>
#include <string.h>

enum { FORMS = 2 };
static const struct {
    const char *form, *number;
    PinyinName kind;
} forms[FORMS] = {
    { "org", "code", PINYIN_ORG },
    { "person", "staff_no", PINYIN_PERSON },
};

typedef struct Named {
    int64_t id;
    Str name;                    /* as registered; of organisations only */
    Str folded, spelt, number;   /* folded: simplified, small letters */
    bool gone;                   /* struck */
} Named;

typedef struct Shelf {
    Named *items;
    size_t n, cap;
    Map at;                      /* id -> index + 1 */
} Shelf;

struct Names {
    SysGate *gate;
    Arena *room;                 /* NULL: not made yet */
    Shelf shelves[FORMS];
    int64_t last;                /* newest fact that is folded in */
    size_t stale;                /* names that were replaced and still take room */
    Arena *roster_room;
    Roster *roster;              /* NULL: not made since an organisation changed */
};

Names *work_names_open(void)
{
    Names *s = calloc(1, sizeof *s);
    if (s && !(s->gate = sys_gate_open())) {
        free(s);
        return NULL;
    }
    return s;
}

void work_names_close(Names *s)
{
    if (!s)
        return;
    sys_gate_close(s->gate);
    arena_close(s->room);
    arena_close(s->roster_room);
    free(s);
}

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "名称"));
}

/* --- one name ------------------------------------------------------------------------------- */

/* As names are compared: simplified, half width, small letters. */
static bool folded(Str *out, Arena *keep, Call *c, Arena *a, Str name, Err *e)
{
    Folded f;
    if (!text_fold(&f, a, call_text(c), name, e))
        return false;
    char *p = arena_alloc(keep, f.text.n + 1);
    if (!p)
        return no_memory(e);
    for (size_t i = 0; i < f.text.n; i++)
        p[i] = f.text.p[i] >= 'A' && f.text.p[i] <= 'Z' ? (char)(f.text.p[i] + 32) : f.text.p[i];
    *out = (Str){ p, f.text.n };
    return true;
}

static Named *slot(Names *s, Shelf *shelf, int64_t id)
{
    int64_t *key = ARENA_NEW(s->room, int64_t);
    if (!key)
        return NULL;
    *key = id;
    Str k = { (const char *)key, sizeof *key };
    uintptr_t at = (uintptr_t)map_get(&shelf->at, k);
    if (at) {
        s->stale++;
        return &shelf->items[at - 1];
    }
    if (!ARENA_PUSH(s->room, shelf->items, shelf->n, shelf->cap) ||
        !map_put(&shelf->at, k, (void *)(uintptr_t)(shelf->n + 1)))
        return NULL;
    shelf->items[shelf->n] = (Named){ .id = id };
    return &shelf->items[shelf->n++];
}

/* `a` is scratch. A name too long to be read aloud is found by its characters alone. */
static bool put(Names *s, Call *c, Arena *a, int form, const Fact *f, Err *e)
{
    const Pinyin *p;
    Named n = { .id = f->subject, .gone = leaf_is_strike(f) };
    Str name = n.gone ? STRC("") : fact_str(a, f, "name"), spelt = STRC("");
    if (!n.gone) {
        if (!call_pinyin(&p, c, e) || !folded(&n.folded, s->room, c, a, name, e) ||
            (name.n <= PINYIN_BYTES_MAX &&
             !pinyin_spell(&spelt, a, p, name, forms[form].kind, e)))
            return false;
        n.spelt = arena_str(s->room, spelt);
        n.name = form == 0 ? arena_str(s->room, name) : STRC("");
        n.number = arena_str(s->room, fact_str(a, f, forms[form].number));
    }
    Named *at = slot(s, &s->shelves[form], f->subject);
    if (!at || arena_refused(s->room))
        return no_memory(e);
    *at = n;
    if (form == 0)
        s->roster = NULL;
    return true;
}

/* --- all of them ---------------------------------------------------------------------------- */

static bool make(Names *s, Call *c, Err *e)
{
    Arena *page = arena_open(WORK_ARENA_MAX);
    arena_close(s->room);
    *s = (Names){ .gate = s->gate, .room = arena_open(NAMES_BYTES_MAX),
                  .roster_room = s->roster_room };
    bool ok = (page && s->room) || no_memory(e);
    for (int form = 0; ok && form < FORMS; form++) {
        FactFilter filter = { .kind = str_of(forms[form].form), .limit = NAMES_PAGE };
        FactList l = { .n = NAMES_PAGE };
        s->shelves[form].at = map_open(s->room);
        while (ok && l.n == NAMES_PAGE) {
            arena_reset(page);
            ok = fact_list(&l, page, c->tx, &filter, e);
            for (size_t i = 0; ok && i < l.n; i++)
                ok = put(s, c, page, form, &l.items[i], e);
            if (ok && l.n)
                filter.after = l.items[l.n - 1].subject;
        }
    }
    arena_close(page);
    return ok;
}

typedef struct News {
    Names *s;
    Call *c;
    Arena *a;
    bool over;           /* something was erased: all is read again */
} News;

static bool hear(void *arg, const Fact *f, Err *e)
{
    News *n = arg;
    n->over |= str_is(f->kind, "erasure");
    for (int form = 0; form < FORMS && !n->over; form++)
        if (str_is(f->kind, forms[form].form)) {
            arena_reset(n->a);
            return put(n->s, n->c, n->a, form, f, e);
        }
    return true;
}

static bool catch_up(Names *s, Call *c, int64_t newest, Err *e)
{
    News n = { .s = s, .c = c, .a = arena_open(WORK_ARENA_MAX), .over = s->room == NULL };
    bool ok = n.a != NULL || no_memory(e);
    if (ok && !n.over)
        ok = fact_since(c->tx, s->last, hear, &n, e);
    n.over |= s->stale > s->shelves[0].n + s->shelves[1].n;
    if (ok && n.over)
        ok = make(s, c, e);
    arena_close(n.a);
    s->last = newest;
    if (!ok) {
        arena_close(s->room);
        *s = (Names){ .gate = s->gate, .roster_room = s->roster_room };
    }
    return ok;
}

/* --- the roster ----------------------------------------------------------------------------- */

/* Posts that one person holds: 东街社区党支部书记. A committee's members are many, and 党支部委员 would
 * be read into 党支部委员会. */
static const char *const posts[] = { "secretary", "deputy_secretary", "first_secretary" };
enum { POSTS = sizeof posts / sizeof *posts };

static bool roster_make(Names *s, Call *c, Err *e)
{
    const Shelf *orgs = &s->shelves[0];
    Arena *a = arena_open(NAMES_BYTES_MAX); /* the list itself; the roster keeps the names */
    RosterName *names = a ? ARENA_ARRAY(a, RosterName, orgs->n * (1 + POSTS)) : NULL;
    size_t n = 0;
    arena_close(s->roster_room);
    s->roster_room = arena_open(NAMES_BYTES_MAX);
    for (size_t i = 0; names && s->roster_room && i < orgs->n; i++) {
        const Named *o = &orgs->items[i];
        Str name = arena_str(s->roster_room, o->name); /* a name that changes is written anew */
        if (o->gone || str_points(name) < 2 || name.n + 30 > ROSTER_NAME_BYTES_MAX)
            continue;
        if (n < ROSTER_NAMES_MAX)
            names[n++] = (RosterName){ name, o->id, ROSTER_ORG, STRC("") };
        for (size_t p = 0; p < POSTS && n < ROSTER_NAMES_MAX; p++) {
            Str title = call_title(c, "post", str_of(posts[p]));
            Str post = arena_text(s->roster_room, "%.*s%.*s", STR(name), STR(title));
            names[n++] = (RosterName){ post, o->id, ROSTER_POST, name };
        }
    }
    bool ok = (names && s->roster_room && !arena_refused(s->roster_room)) || no_memory(e);
    ok = ok && roster_open(&s->roster, s->roster_room, call_text(c), names, n, e);
    arena_close(a);
    return ok;
}

/* --- asking --------------------------------------------------------------------------------- */

static bool look(NameHits *out, Arena *a, const Shelf *shelf, Str q, Str number, Str letters)
{
    size_t cap = 0;
    for (size_t i = 0; i < shelf->n; i++) {
        const Named *n = &shelf->items[i];
        bool named = str_has(n->folded, q) || (letters.n && pinyin_match(n->spelt, letters));
        bool numbered = n->number.n && str_eq(n->number, number);
        if (n->gone || (!named && !numbered))
            continue;
        if (!ARENA_PUSH(a, out->items, out->n, cap))
            return false;
        out->items[out->n++] = (NameHit){ .id = n->id, .by_number = !named,
                                          .whole = str_eq(n->folded, q),
                                          .begins = str_starts(n->folded, q) };
    }
    return true;
}

static int by_id(const void *a, const void *b)
{
    const NameHit *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* Up to this transaction or later, the gate held; let go of on failure too by the caller. */
static bool enter(Names *s, Call *c, bool roster, Err *e)
{
    int64_t newest;
    if (tx_may_write(c->tx))
        return sys_gate_read(s->gate), err_fail(e, ERR_BOARD_WRITER);
    bool ok = fact_newest(&newest, c->tx, e);
    sys_gate_read(s->gate);
    if (!ok || (s->room && s->last >= newest && (!roster || s->roster)))
        return ok;
    sys_gate_leave(s->gate);
    sys_gate_change(s->gate);
    ok = (s->room && s->last >= newest) || catch_up(s, c, newest, e);
    return ok && (!roster || s->roster || roster_make(s, c, e));
}

bool work_names_find(NameHits *out, Call *c, const char *form, Str q, Err *e)
{
    Names *s = call_names(c);
    char low[PINYIN_ASKED_MAX];
    Str asked, letters = work_letters(low, q) ? (Str){ low, q.n } : STRC("");
    *out = (NameHits){ .n = 0 };
    if (!folded(&asked, c->a, c, c->a, str_trim(q), e))
        return false;
    bool ok = enter(s, c, false, e);
    for (int i = 0; ok && i < FORMS; i++)
        if (strcmp(forms[i].form, form) == 0)
            ok = look(out, c->a, &s->shelves[i], asked, q, letters) || no_memory(e);
    sys_gate_leave(s->gate);
    if (ok && out->n)
        qsort(out->items, out->n, sizeof *out->items, by_id);
    return ok;
}

bool work_names_roster(const Roster **out, Call *c, Err *e)
{
    Names *s = call_names(c);
    if (!enter(s, c, true, e)) {
        sys_gate_leave(s->gate);
        return false;
    }
    *out = s->roster;
    return true;
}

void work_names_leave(Call *c)
{
    sys_gate_leave(call_names(c)->gate);
}
