/* One text against all stored ones: ask, fetch the likely sources, lay each beside it. */
#include "origin/inside.h"

#include <stdlib.h>
#include <string.h>

typedef struct Reporting {
    Arena *a;
    const Origin *o;
    Side side;
    uint8_t *counted;        /* of the source being laid */
    uint8_t *own, *other;    /* characters that stand in the author's own years, in other units' */
    OriginFound *out;
    Err *e;
} Reporting;

static void mark_all(uint8_t *into, const uint8_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        into[i] |= from[i];
}

static bool lay_source(Reporting *w, const OriginHit *hit, Str text)
{
    Side other;
    OriginSource s = { .doc = hit->doc, .own = hit->own };
    if (!origin_side(&other, w->a, w->o, text, w->e) ||
        !origin_lay_both(&s.beside, w->counted, w->a, w->o, &w->side, &other, w->e))
        return false;
    if (s.beside.permille < ORIGIN_SUSPECT)
        return true;
    mark_all(hit->own ? w->own : w->other, w->counted, w->side.n);
    OriginFound *all = w->out;
    if (!ARENA_PUSH(w->a, all->sources, all->n, all->cap))
        return origin_refused(w->e);
    all->sources[all->n++] = s;
    return true;
}

static int by_share(const void *x, const void *y)
{
    const OriginSource *a = x, *b = y;
    int p = a->beside.permille, q = b->beside.permille;
    return p != q ? (p < q) - (p > q) : (a->doc.id > b->doc.id) - (a->doc.id < b->doc.id);
}

static void sum_up(Reporting *w)
{
    int own = 0, other = 0, any = 0;
    for (size_t i = 0; i < w->side.n; i++) {
        own += w->own[i];
        other += w->other[i];
        any += w->own[i] | w->other[i];
    }
    w->out->points = (int)w->side.n;
    w->out->own = w->side.own;
    w->out->own_earlier = origin_permille(own, w->side.own);
    w->out->elsewhere = origin_permille(other, w->side.own);
    w->out->anywhere = origin_permille(any, w->side.own);
    if (w->out->n > 0)
        qsort(w->out->sources, w->out->n, sizeof *w->out->sources, by_share);
}

static bool open_report(Reporting *w, Str text)
{
    if (!origin_side(&w->side, w->a, w->o, text, w->e))
        return false;
    w->counted = ARENA_ARRAY(w->a, uint8_t, w->side.n + 1);
    w->own = ARENA_ARRAY(w->a, uint8_t, w->side.n + 1);
    w->other = ARENA_ARRAY(w->a, uint8_t, w->side.n + 1);
    return (w->counted && w->own && w->other) || origin_refused(w->e);
}

bool origin_report(OriginFound *out, Arena *a, const Origin *o, const OriginDoc *self, Str text,
                   OriginFetch *fetch, void *ctx, Err *e)
{
    OriginHits hits;
    OriginFound made = { 0 };
    Reporting w = { .a = a, .o = o, .out = &made, .e = e };
    if (!origin_ask(&hits, a, o, self, text, e) || !open_report(&w, text))
        return false;
    for (size_t i = 0; i < hits.n; i++) {
        Str other;
        if (!fetch(&other, a, ctx, &hits.items[i].doc, e))
            return err_note(e, "while fetching report %lld", (long long)hits.items[i].doc.id);
        if (!lay_source(&w, &hits.items[i], other))
            return false;
    }
    sum_up(&w);
    *out = made;
    return true;
}

static void put_passages(Jw *w, const OriginBeside *b)
{
    jw_key(w, "passages");
    jw_arr(w);
    for (size_t i = 0; i < b->n; i++) {
        const OriginPassage *p = &b->items[i];
        jw_obj(w);
        jw_kint(w, "from", (int64_t)p->from);
        jw_kint(w, "to", (int64_t)p->to);
        jw_kint(w, "other_from", (int64_t)p->other_from);
        jw_kint(w, "other_to", (int64_t)p->other_to);
        jw_kint(w, "points", p->points);
        jw_kint(w, "counted", p->counted);
        jw_end(w);
    }
    jw_end(w);
}

void origin_found_json(Jw *w, const OriginFound *f)
{
    jw_obj(w);
    jw_kint(w, "points", f->points);
    jw_kint(w, "own", f->own);
    jw_kint(w, "own_earlier", f->own_earlier);
    jw_kint(w, "elsewhere", f->elsewhere);
    jw_kint(w, "anywhere", f->anywhere);
    jw_key(w, "sources");
    jw_arr(w);
    for (size_t i = 0; i < f->n; i++) {
        const OriginSource *s = &f->sources[i];
        jw_obj(w);
        jw_kint(w, "id", s->doc.id);
        jw_kint(w, "year", s->doc.year);
        jw_kbool(w, "own", s->own);
        jw_kint(w, "permille", s->beside.permille);
        jw_kint(w, "shared", s->beside.shared);
        jw_kint(w, "other_permille", s->beside.other_permille);
        put_passages(w, &s->beside);
        jw_end(w);
    }
    jw_end(w);
    jw_end(w);
}
