/* Drafts as JSON. */
#include "text/draft_in.h"

static void put_place(Jw *w, Str sentence, size_t from, size_t to)
{
    jw_kstr(w, "sentence", sentence);
    jw_kint(w, "from", (int64_t)from);
    jw_kint(w, "to", (int64_t)to);
}

static void put_at(Jw *w, size_t at, size_t end)
{
    jw_kint(w, "at", (int64_t)at);
    jw_kint(w, "at_end", (int64_t)end);
    jw_end(w);
}

static void put_number(Jw *w, const char *key, Dec d)
{
    int64_t whole;
    if (dec_to_int(&whole, d))
        jw_kint(w, key, whole);
    else
        jw_kdec(w, key, d);
}

static void put_duties(Jw *w, const DraftDuties *all)
{
    jw_key(w, "duties");
    jw_arr(w);
    for (size_t i = 0; i < all->n; i++) {
        const DraftDuty *d = &all->items[i];
        jw_obj(w);
        jw_kstr(w, "who", d->who);
        jw_kstr(w, "what", d->what);
        jw_kstr(w, "every", str_of(draft_every_name(d->every)));
        jw_kint(w, "times", d->times);
        jw_kbool(w, "share", d->share);
        put_number(w, d->most ? "at_most" : "at_least", d->number);
        jw_kstr(w, "unit", d->unit);
        jw_kbool(w, "soft", d->soft);
        jw_kstr(w, "clause", d->clause);
        put_place(w, d->sentence, d->from, d->to);
        put_at(w, d->at, d->at_end);
    }
    jw_end(w);
}

static void put_problems(Jw *w, const DraftProblems *all)
{
    jw_key(w, "problems_named");
    jw_arr(w);
    for (size_t i = 0; i < all->n; i++) {
        const DraftProblem *p = &all->items[i];
        jw_obj(w);
        jw_kstr(w, "text", p->text);
        jw_kbool(w, "listed", p->listed);
        jw_kint_some(w, "org", p->org);
        jw_kstr_some(w, "org_name", p->org_name);
        put_place(w, p->sentence, p->from, p->to);
        jw_kint(w, "end", (int64_t)p->end);
        jw_end(w);
    }
    jw_end(w);
}

static void put_programmes(Jw *w, const DraftProgrammes *all)
{
    jw_key(w, "programmes");
    jw_arr(w);
    for (size_t i = 0; i < all->n; i++) {
        const DraftProgramme *p = &all->items[i];
        jw_obj(w);
        jw_kstr(w, "name", p->name);
        jw_kint(w, "times", p->times);
        put_place(w, p->sentence, p->from, p->to);
        put_at(w, p->at, p->at_end);
    }
    jw_end(w);
}

static void put_days(Jw *w, const DraftDays *all)
{
    jw_key(w, "days");
    jw_arr(w);
    for (size_t i = 0; i < all->n; i++) {
        const DraftDay *d = &all->items[i];
        jw_obj(w);
        jw_kstr(w, "text", d->text);
        jw_kint_some(w, "year", d->day.year);
        jw_kint_some(w, "month", d->day.month);
        jw_kint_some(w, "day", d->day.day);
        jw_kbool(w, "end", d->end);
        jw_kbool(w, "deadline", d->deadline);
        jw_kint_some(w, "within", d->within);
        jw_kstr_some(w, "unit", d->unit);
        put_place(w, d->sentence, d->from, d->to);
        put_at(w, d->at, d->at_end);
    }
    jw_end(w);
}

static void put_names(Jw *w, const DraftNames *all)
{
    jw_key(w, "names");
    jw_arr(w);
    for (size_t i = 0; i < all->n; i++) {
        const DraftName *n = &all->items[i];
        jw_obj(w);
        jw_kint(w, "id", n->who.id);
        jw_kstr(w, "kind", n->who.kind == ROSTER_ORG ? STRC("org") : STRC("post"));
        jw_kstr(w, "name", n->who.name);
        put_place(w, n->sentence, n->from, n->to);
        put_at(w, n->at, n->at_end);
    }
    jw_end(w);
}

void draft_json(Jw *w, const Drafts *d)
{
    jw_obj(w);
    outline_put(w, &d->outline);
    put_duties(w, &d->duties);
    put_problems(w, &d->problems);
    put_programmes(w, &d->programmes);
    put_days(w, &d->days);
    put_names(w, &d->names);
    jw_end(w);
}
