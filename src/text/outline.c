/* outline_read: the seven steps one after the other, and the result as JSON. */
#include "text/inside.h"

bool outline_steps(Reading *r, const Text *t, Str text)
{
    Folded *f = ARENA_NEW(r->a, Folded);
    if (!f)
        return outline_refused(r);
    if (!text_fold(f, r->a, t, text, r->e))
        return false;
    r->f = f;
    r->s = f->text;
    if (!outline_lines(r) || !outline_marks(r) || !outline_announces(r) || !outline_lists(r) ||
        !outline_classes(r) || !outline_take(r) || !outline_mismatches(r) || !outline_count(r))
        return err_note(r->e, "while reading an outline of %zu bytes", text.n);
    return true;
}

bool outline_read(Outline *out, Arena *a, const Text *t, Str text, Err *e)
{
    Outline made = { .title = { "", 0 } };
    Reading r = { .a = a, .out = &made, .e = e };
    if (!outline_steps(&r, t, text))
        return false;
    *out = made;
    return true;
}

static void put_place(Jw *w, Str sentence, size_t from, size_t to)
{
    jw_kstr(w, "sentence", sentence);
    jw_kint(w, "from", (int64_t)from);
    jw_kint(w, "to", (int64_t)to);
}

static void put_items(Jw *w, const char *key, const OutlineItems *all)
{
    jw_key(w, key);
    jw_arr(w);
    for (size_t i = 0; i < all->n; i++) {
        const OutlineItem *it = &all->items[i];
        jw_obj(w);
        jw_kstr(w, "text", it->text);
        put_place(w, it->sentence, it->from, it->to);
        jw_kint(w, "end", (int64_t)it->end);
        jw_end(w);
    }
    jw_end(w);
}

static void put_headings(Jw *w, const OutlineHeadings *all)
{
    jw_key(w, "headings");
    jw_arr(w);
    for (size_t i = 0; i < all->n; i++) {
        const OutlineHeading *h = &all->items[i];
        jw_obj(w);
        jw_kint(w, "level", h->level);
        jw_kstr(w, "number", h->number);
        jw_kstr(w, "text", h->text);
        put_place(w, h->sentence, h->from, h->to);
        jw_kint(w, "end", (int64_t)h->end);
        jw_end(w);
    }
    jw_end(w);
}

static void put_figures(Jw *w, const OutlineFigures *all)
{
    jw_key(w, "figures");
    jw_arr(w);
    for (size_t i = 0; i < all->n; i++) {
        const OutlineFigure *f = &all->items[i];
        int64_t whole;
        jw_obj(w);
        if (dec_to_int(&whole, f->value))
            jw_kint(w, "value", whole);
        else
            jw_kdec(w, "value", f->value);
        jw_kstr(w, "unit", f->unit);
        jw_kstr(w, "qualifier", f->qualifier);
        jw_kstr(w, "text", f->text);
        put_place(w, f->sentence, f->from, f->to);
        jw_kint(w, "at", (int64_t)f->at);
        jw_kint(w, "at_end", (int64_t)f->at_end);
        jw_end(w);
    }
    jw_end(w);
}

static void put_mismatches(Jw *w, const OutlineMismatches *all)
{
    jw_key(w, "mismatches");
    jw_arr(w);
    for (size_t i = 0; i < all->n; i++) {
        const OutlineMismatch *m = &all->items[i];
        jw_obj(w);
        jw_kint(w, "announced", m->announced);
        jw_kint(w, "found", m->found);
        jw_kstr(w, "what", m->what);
        put_place(w, m->sentence, m->from, m->to);
        jw_end(w);
    }
    jw_end(w);
}

void outline_put(Jw *w, const Outline *o)
{
    jw_kstr(w, "title", o->title);
    put_headings(w, &o->headings);
    put_items(w, "achievements", &o->achievements);
    put_items(w, "problems", &o->problems);
    put_items(w, "impressions", &o->impressions);
    put_items(w, "demands", &o->demands);
    put_figures(w, &o->figures);
    put_mismatches(w, &o->mismatches);
}

void outline_json(Jw *w, const Outline *o)
{
    jw_obj(w);
    outline_put(w, o);
    jw_end(w);
}
