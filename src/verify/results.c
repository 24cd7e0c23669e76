/* Every result of the log: computed again by a scheme that the log records, from inputs that the
 * log held at that moment, with none of them left out. */
#include "verify/verify.h"

#include "score/score.h"

#include <string.h>

/* One bundle under examination. */
typedef struct Trial {
    const Audit *au;
    int64_t at;               /* the fact that first held it: what counts is what was so then */
    Scheme scheme;
    ScoreChoices choices;
    ScoreInput in;
} Trial;

static bool differs(int64_t fact, const char *what, Err *e)
{
    return err_fail(e, ERR_VERIFY_INPUT, err_hole("fact", fact), err_hole("what", what));
}

static bool held(const Trial *t, const Kept *k)
{
    return k->leaf.id < t->at && !(k->newer && k->newer->leaf.id < t->at) &&
           !leaf_is_strike(&k->leaf);
}

static const Leaf *cited(const Trial *t, int64_t id, const char *kind)
{
    char key[24];
    Buf b = buf_open(sizeof key);
    buf_fmt(&b, "%lld", (long long)id);
    const Kept *k = map_get(&t->au->by_id, buf_str(&b));
    buf_close(&b);
    return k && str_is(k->leaf.kind, kind) && held(t, k) ? &k->leaf : NULL;
}

/* Facts without an object are about every one of them. */
static bool about(const json_t *body, const Trial *t)
{
    Str of = jv_str(body, "object");
    return of.n == 0 || str_eq(of, t->in.object);
}

typedef bool (*Judge)(const json_t *body, const void *what);

static bool judge(const Trial *t, int64_t fact, const char *kind, Judge same, const void *what,
                  Err *e)
{
    const Leaf *l = cited(t, fact, kind);
    json_t *body;
    if (!l)
        return differs(fact, kind, e);
    if (!jv_read(&body, l->body, kind, e))
        return false;
    bool ok = about(body, t) && !jv_bool(body, "withdrawn") && same(body, what);
    json_decref(body);
    return ok || differs(fact, kind, e);
}

/* --- each kind of input against the fact that it cites -------------------------------------- */

typedef struct Of {
    const Trial *trial;
    int64_t debriefer;
    const void *what;
} Of;

static bool same_dec(const json_t *body, const ShapeDec *want)
{
    Dec d;
    bool given = jv_dec(&d, body, "value");
    return given == want->given && (!given || dec_eq(d, want->value));
}

static bool same_part(const json_t *body, const void *of_)
{
    const Of *of = of_;
    const ScorePart *p = of->what;
    return jv_int(body, "debriefer") == of->debriefer && str_eq(jv_str(body, "part"), p->name) &&
           same_dec(body, &p->value);
}

static bool same_event(const json_t *body, const void *of_)
{
    const Of *of = of_;
    const ScoreEvent *p = of->what;
    return jv_int(body, "debriefer") == of->debriefer && str_eq(jv_str(body, "event"), p->name) &&
           same_dec(body, &p->value);
}

static bool same_override(const json_t *body, const void *of_)
{
    const Of *of = of_;
    const ScoreOverride *p = of->what;
    return jv_int(body, "debriefer") == of->debriefer && str_eq(jv_str(body, "grade"), p->grade);
}

static int64_t counted(const json_t *cells, const ScoreCell *want)
{
    int64_t n = 0;
    for (size_t i = 0; i < jv_len(cells); i++) {
        const json_t *c = jv_at(cells, i);
        if (jv_int(c, "debriefer") == want->debriefer && str_eq(jv_str(c, "item"), want->item) &&
            str_eq(jv_str(c, "option"), want->option))
            n += jv_int(c, "n");
    }
    return n;
}

static int64_t carried(const ScoreBox *b, const json_t *cell)
{
    const ScoreCell *cells = b->cells.items;
    int64_t n = 0;
    for (size_t i = 0; i < b->cells.n; i++)
        if (cells[i].debriefer == jv_int(cell, "debriefer") &&
            str_eq(cells[i].item, jv_str(cell, "item")) &&
            str_eq(cells[i].option, jv_str(cell, "option")))
            n += cells[i].n;
    return n;
}

static bool in_bundle(const ScoreInput *in, int64_t debriefer)
{
    const ScoreDebriefer *d = in->debriefers.items;
    for (size_t i = 0; i < in->debriefers.n; i++)
        if (d[i].id == debriefer)
            return true;
    return false;
}

static bool same_groups(const json_t *groups, const ScoreBox *b)
{
    const Str *names = b->groups.items;
    for (size_t i = 0; i < b->groups.n; i++) {
        bool found = false;
        for (size_t k = 0; k < jv_len(groups); k++)
            found |= str_eq(jv_text(jv_at(groups, k)), names[i]);
        if (!found)
            return false;
    }
    return jv_len(groups) == b->groups.n;
}

/* Every cell of the bundle as in the fact, and every cell of the fact in the bundle, but for those
 * of somebody who has withdrawn and is not in the bundle at all. */
static bool same_box(const json_t *body, const void *of_)
{
    const Of *of = of_;
    const ScoreBox *b = of->what;
    const ScoreCell *cells = b->cells.items;
    const json_t *there = jv_get(body, "cells");
    if (jv_int(body, "issued") != b->issued || jv_int(body, "returned") != b->returned ||
        jv_int(body, "valid") != b->valid || !same_groups(jv_get(body, "groups"), b))
        return false;
    for (size_t i = 0; i < b->cells.n; i++)
        if (counted(there, &cells[i]) != cells[i].n)
            return false;
    for (size_t i = 0; i < jv_len(there); i++) {
        const json_t *c = jv_at(there, i);
        ScoreCell same = { jv_int(c, "debriefer"), jv_str(c, "item"), jv_str(c, "option"), 0 };
        if (in_bundle(&of->trial->in, same.debriefer) && carried(b, c) != counted(there, &same))
            return false;
    }
    return true;
}

static bool same_order(const json_t *body, const void *of_)
{
    const Of *of = of_;
    const ScoreDecision *d = of->what;
    const json_t *order = jv_get(body, "order");
    const int64_t *ids = d->order.items;
    if (jv_len(order) != d->order.n)
        return false;
    for (size_t i = 0; i < d->order.n; i++)
        if (json_integer_value(jv_at(order, i)) != ids[i])
            return false;
    return true;
}

static bool is_accepted(const json_t *body, const void *of)
{
    (void)of;
    return !str_is(jv_str(body, "decision"), "revote");
}

/* --- all inputs of a bundle ----------------------------------------------------------------- */

static bool debriefer_inputs(const Trial *t, const ScoreDebriefer *d, Err *e)
{
    const ScorePart *p = d->parts.items;
    const ScoreEvent *v = d->events.items;
    for (size_t i = 0; i < d->parts.n; i++)
        if (!judge(t, p[i].fact, "score_input", same_part, &(Of){ t, d->id, &p[i] }, e))
            return false;
    for (size_t i = 0; i < d->events.n; i++)
        if (!judge(t, v[i].fact, "score_event", same_event, &(Of){ t, d->id, &v[i] }, e))
            return false;
    return d->override.grade.n == 0 || judge(t, d->override.fact, "grade_override", same_override,
                                             &(Of){ t, d->id, &d->override }, e);
}

/* The seed of a lot is a fact of its own, so that nobody draws until he likes the outcome. */
static bool lot_recorded(const Trial *t, Err *e)
{
    bool found = t->in.lot_seed.n == 0;
    for (size_t i = 0; i < t->au->n_kept && !found; i++) {
        const Kept *k = t->au->kept[i];
        json_t *body;
        if (!str_is(k->leaf.kind, "tie_lot") || !held(t, k))
            continue;
        if (!jv_read(&body, k->leaf.body, "tie_lot", e))
            return false;
        Arena *a = arena_open(4096);
        found = a && about(body, t) &&
                str_eq(jv_str(body, "seed"), hash_hex_bytes(a, t->in.lot_seed));
        arena_close(a);
        json_decref(body);
    }
    return found || differs(t->at, "tie_lot", e);
}

static bool inputs(const Trial *t, Err *e)
{
    const ScoreDebriefer *d = t->in.debriefers.items;
    const ScoreBox *b = t->in.boxes.items;
    const ScoreDecision *tie = t->in.ties.items, *accept = t->in.accepts.items;
    for (size_t i = 0; i < t->in.debriefers.n; i++)
        if (!debriefer_inputs(t, &d[i], e))
            return false;
    for (size_t i = 0; i < t->in.boxes.n; i++)
        if (!judge(t, b[i].fact, "paper_result", same_box, &(Of){ t, 0, &b[i] }, e))
            return false;
    for (size_t i = 0; i < t->in.ties.n; i++)
        if (!judge(t, tie[i].fact, "tie_decision", same_order, &(Of){ t, 0, &tie[i] }, e))
            return false;
    for (size_t i = 0; i < t->in.accepts.n; i++)
        if (!judge(t, accept[i].fact, "quorum_decision", is_accepted, NULL, e))
            return false;
    return lot_recorded(t, e);
}

/* --- nothing is left out -------------------------------------------------------------------- */

static bool has_event(const ScoreDebriefer *d, int64_t fact)
{
    const ScoreEvent *v = d->events.items;
    for (size_t i = 0; i < d->events.n; i++)
        if (v[i].fact == fact)
            return true;
    return false;
}

static bool has_part(const Trial *t, const ScoreDebriefer *d, Str part)
{
    const ScorePart *p = d->parts.items;
    bool asked = false;
    for (size_t i = 0; i < t->scheme.n_parts; i++)
        asked |= str_eq(t->scheme.parts[i].name, part);
    for (size_t i = 0; i < d->parts.n; i++)
        if (str_eq(p[i].name, part))
            return true;
    return !asked;
}

/* Does the bundle know of this input, which held and is about it? */
static bool known(const Trial *t, const Leaf *l, const json_t *body)
{
    const ScoreDebriefer *d = t->in.debriefers.items;
    size_t i = 0;
    while (i < t->in.debriefers.n && d[i].id != jv_int(body, "debriefer"))
        i++;
    if (i == t->in.debriefers.n)
        return true; /* of another cycle, or withdrawn */
    if (str_is(l->kind, "score_event"))
        return has_event(&d[i], l->id);
    if (str_is(l->kind, "score_input"))
        return has_part(t, &d[i], jv_str(body, "part"));
    return d[i].override.grade.n > 0;
}

static bool whole(const Trial *t, Err *e)
{
    static const char *const kinds[] = { "score_input", "score_event", "grade_override" };
    for (size_t i = 0; i < t->au->n_kept; i++) {
        const Kept *k = t->au->kept[i];
        const char *kind = NULL;
        json_t *body;
        for (size_t n = 0; n < sizeof kinds / sizeof *kinds; n++)
            kind = str_is(k->leaf.kind, kinds[n]) ? kinds[n] : kind;
        if (!kind || !held(t, k))
            continue;
        if (!jv_read(&body, k->leaf.body, kind, e))
            return false;
        bool ok = jv_bool(body, "withdrawn") || !about(body, t) || known(t, &k->leaf, body);
        json_decref(body);
        if (!ok)
            return err_fail(e, ERR_VERIFY_LEFT_OUT, err_hole("fact", k->leaf.id),
                            err_hole("what", kind));
    }
    return true;
}

/* --- the scheme stands in a pack of the log ------------------------------------------------- */

static bool scheme_recorded(const Trial *t, Str text)
{
    for (size_t i = 0; i < t->au->n_kept; i++) {
        const Leaf *l = &t->au->kept[i]->leaf;
        json_t *body;
        Err e;
        if (!str_is(l->kind, "pack") || l->id > t->at || !jv_read(&body, l->body, "pack", &e))
            continue;
        bool there = text.n && str_has(jv_str(body, "text"), str_trim(text));
        json_decref(body);
        if (there)
            return true;
    }
    return false;
}

static bool bundle(const Audit *au, int64_t at, const json_t *b, Err *e)
{
    Arena *a = arena_open(VERIFY_ARENA_MAX);
    Trial t = { .au = au, .at = at };
    if (!a)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "测算书"));
    bool ok = scheme_recorded(&t, jv_str(jv_get(b, "scheme"), "text")) ||
              err_fail(e, ERR_VERIFY_SCHEME);
    ok = ok && score_bundle_verify(b, NULL, e) &&
         score_bundle_read(&t.scheme, &t.choices, &t.in, a, b, e) && inputs(&t, e) &&
         whole(&t, e);
    arena_close(a);
    return ok;
}

/* A result holds one bundle, or one for each rated object; a bundle says its format. */
static bool bundles(const Audit *au, int64_t at, const json_t *v, int64_t *n, int depth, Err *e)
{
    const char *key;
    json_t *child;
    size_t i;
    if (depth > 4)
        return true;
    if (json_is_object(v) && str_starts(jv_str(v, "format"), STRC("shuping-score"))) {
        ++*n;
        return bundle(au, at, v, e);
    }
    json_object_foreach ((json_t *)v, key, child)
        if (!bundles(au, at, child, n, depth + 1, e))
            return false;
    json_array_foreach (v, i, child)
        if (!bundles(au, at, child, n, depth + 1, e))
            return false;
    return true;
}

bool verify_results(Audit *au, int64_t *objects, Err *e)
{
    *objects = 0;
    au->n_results = 0;
    for (size_t i = 0; i < au->n_kept; i++) {
        const Kept *k = au->kept[i];
        json_t *body;
        int64_t n = 0;
        if (!str_is(k->leaf.kind, "result") || leaf_is_strike(&k->leaf))
            continue;
        if (!jv_read(&body, k->leaf.body, "result", e))
            return false;
        bool ok = bundles(au, k->since, body, &n, 0, e);
        json_decref(body);
        if (ok && n == 0)
            ok = differs(k->leaf.id, "result", e);
        if (!ok)
            return err_note(e, "result of fact %lld", (long long)k->leaf.id);
        *objects += n;
        au->n_results++;
    }
    return true;
}
