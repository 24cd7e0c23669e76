#include "verify/verify.h"

#include "score/score.h"

#include <string.h>

static bool differs(int64_t fact, const char *what, Err *e)
{
    return err_fail(e, ERR_VERIFY_INPUT, err_hole("fact", fact), err_hole("what", what));
}

static const Leaf *cited(const Audit *au, int64_t id, const char *kind)
{
    char key[24];
    Buf b = buf_open(sizeof key);
    buf_fmt(&b, "%lld", (long long)id);
    const Leaf *l = map_get(&au->by_id, buf_str(&b));
    buf_close(&b);
    return l && str_is(l->kind, kind) ? l : NULL;
}

typedef bool (*Judge)(const json_t *body, const void *what);

static bool judge(const Audit *au, int64_t fact, const char *kind, Judge same, const void *what,
                  Err *e)
{
    const Leaf *l = cited(au, fact, kind);
    json_t *body;
    if (!l)
        return differs(fact, kind, e);
    if (!jv_read(&body, l->body, kind, e))
        return false;
    bool ok = same(body, what);
    json_decref(body);
    return ok || differs(fact, kind, e);
}

/* --- each kind of input against the fact that it cites ---------------------------------------- */

typedef struct Of {
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

/* Each cell of the bundle as in the fact, and no mark of the fact about these debriefers missing:
 * a debriefer who withdrew is in the fact and not in the bundle. */
static bool same_box(const json_t *body, const void *of_)
{
    const Of *of = of_;
    const ScoreBox *b = of->what;
    const json_t *groups = jv_get(body, "groups");
    const ScoreCell *cells = b->cells.items;
    const Str *names = b->groups.items;
    if (jv_int(body, "issued") != b->issued || jv_int(body, "returned") != b->returned ||
        jv_int(body, "valid") != b->valid || jv_len(groups) != b->groups.n)
        return false;
    for (size_t i = 0; i < b->groups.n; i++) {
        bool found = false;
        for (size_t k = 0; k < jv_len(groups); k++)
            found |= str_eq(jv_text(jv_at(groups, k)), names[i]);
        if (!found)
            return false;
    }
    for (size_t i = 0; i < b->cells.n; i++)
        if (counted(jv_get(body, "cells"), &cells[i]) != cells[i].n)
            return false;
    return true;
}

static bool same_tie(const json_t *body, const void *of_)
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

static bool debriefer_inputs(const Audit *au, const ScoreDebriefer *d, Err *e)
{
    const ScorePart *parts = d->parts.items;
    const ScoreEvent *events = d->events.items;
    for (size_t i = 0; i < d->parts.n; i++)
        if (!judge(au, parts[i].fact, "score_input", same_part, &(Of){ d->id, &parts[i] }, e))
            return false;
    for (size_t i = 0; i < d->events.n; i++)
        if (!judge(au, events[i].fact, "score_event", same_event, &(Of){ d->id, &events[i] }, e))
            return false;
    return d->override.grade.n == 0 ||
           judge(au, d->override.fact, "grade_override", same_override, &(Of){ d->id, &d->override },
                 e);
}

static bool inputs(const Audit *au, const ScoreInput *in, Err *e)
{
    const ScoreDebriefer *d = in->debriefers.items;
    const ScoreBox *b = in->boxes.items;
    const ScoreDecision *t = in->ties.items;
    for (size_t i = 0; i < in->debriefers.n; i++)
        if (!debriefer_inputs(au, &d[i], e))
            return false;
    for (size_t i = 0; i < in->boxes.n; i++)
        if (!judge(au, b[i].fact, "paper_result", same_box, &(Of){ 0, &b[i] }, e))
            return false;
    for (size_t i = 0; i < in->ties.n; i++)
        if (!judge(au, t[i].fact, "tie_decision", same_tie, &(Of){ 0, &t[i] }, e))
            return false;
    return true;
}

/* --- the scheme stands in a pack of the log ------------------------------------------------------- */

static bool scheme_recorded(const Audit *au, Str text)
{
    for (size_t i = 0; i < au->n_packs; i++) {
        json_t *body;
        Err e;
        if (!jv_read(&body, au->packs[i]->body, "pack", &e))
            continue;
        bool there = str_has(jv_str(body, "text"), str_trim(text));
        json_decref(body);
        if (there)
            return true;
    }
    return false;
}

static bool bundle(const Audit *au, const json_t *b, Err *e)
{
    Arena *a = arena_open(VERIFY_ARENA_MAX);
    Scheme scheme;
    ScoreChoices choices;
    ScoreInput in;
    if (!a)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "测算书"));
    bool ok = scheme_recorded(au, jv_str(jv_get(b, "scheme"), "text")) ||
              err_fail(e, ERR_VERIFY_SCHEME);
    ok = ok && score_bundle_verify(b, NULL, e) && score_bundle_read(&scheme, &choices, &in, a, b, e) &&
         inputs(au, &in, e);
    arena_close(a);
    return ok;
}

/* A result holds one bundle, or one for each rated object; a bundle says its format. */
static bool bundles(const Audit *au, const json_t *v, int64_t *n, int depth, Err *e)
{
    const char *key;
    json_t *child;
    size_t i;
    if (depth > 4)
        return true;
    if (json_is_object(v) && str_starts(jv_str(v, "format"), STRC("shuping-score"))) {
        ++*n;
        return bundle(au, v, e);
    }
    json_object_foreach ((json_t *)v, key, child)
        if (!bundles(au, child, n, depth + 1, e))
            return false;
    json_array_foreach (v, i, child)
        if (!bundles(au, child, n, depth + 1, e))
            return false;
    return true;
}

bool verify_results(Audit *au, int64_t *objects, Err *e)
{
    *objects = 0;
    for (size_t i = 0; i < au->n_results; i++) {
        json_t *body;
        int64_t n = 0;
        const Leaf *l = au->results[i];
        if (!jv_read(&body, l->body, "result", e))
            return false;
        bool ok = bundles(au, body, &n, 0, e);
        json_decref(body);
        if (ok && n == 0)
            ok = differs(l->id, "result", e);
        if (!ok)
            return err_note(e, "result of fact %lld", (long long)l->id);
        *objects += n;
    }
    return true;
}
