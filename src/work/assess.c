/* From the facts of a cycle to the input of its scheme. Every value keeps the id of its fact, so
 * that a result can be followed down to who filed what when. */
#include "work/assess.h"
#include "work/scheme.h"

#include <stdlib.h>

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "综合评价"));
}

/* --- the cycle ------------------------------------------------------------------------------ */

/* The choices point into the JSON they were read from, which is let go: their names are copied. */
static bool take_choices(Assess *out, Call *c, const json_t *v, Err *e)
{
    if (!v)
        return true;
    if (!score_choices_read(&out->choices, c->a, v, e) ||
        !score_choices_check(&out->choices, out->scheme, e))
        return false;
    Str *rounded = ARENA_ARRAY(c->a, Str, out->choices.n_rounded);
    if (!rounded)
        return no_memory(e);
    for (size_t i = 0; i < out->choices.n_rounded; i++)
        rounded[i] = arena_str(c->a, out->choices.rounded[i]);
    out->choices.rounded = rounded;
    out->choices.measure = arena_str(c->a, out->choices.measure);
    out->chosen = true;
    return true;
}

static bool take_objects(Assess *out, Call *c, const json_t *list, Err *e)
{
    out->n_objects = jv_len(list);
    out->objects = ARENA_ARRAY(c->a, Str, out->n_objects);
    if (!out->objects)
        return no_memory(e);
    for (size_t i = 0; i < out->n_objects; i++)
        out->objects[i] = arena_str(c->a, jv_text(jv_at(list, i)));
    return true;
}

static bool take_people(Assess *out, Call *c, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "debriefer", "cycle", out->cycle.subject, e))
        return false;
    out->people = ARENA_ARRAY(c->a, AssessPerson, l.n);
    if (!out->people)
        return no_memory(e);
    for (size_t i = 0; i < l.n; i++) {
        AssessPerson *p = &out->people[out->n_people];
        if (fact_bool(&l.items[i], "withdrawn"))
            continue;
        p->fact = l.items[i];
        if (!call_name(&p->name, c, "person", fact_int(&p->fact, "person"), e) ||
            !call_name(&p->org_name, c, "org", fact_int(&p->fact, "org"), e))
            return false;
        out->n_people++;
    }
    return true;
}

/* A scheme that changed after voting opened would judge by rules the voters did not know. */
static bool same_scheme(Call *c, const Assess *as, Err *e)
{
    Str frozen = fact_str(c->a, &as->cycle, "scheme_hash"), now = hash_hex(c->a, as->scheme->hash);
    return frozen.n == 0 || str_eq(frozen, now) ||
           err_fail(e, ERR_SCORE_SCHEME, err_hole("stored", frozen), err_hole("found", now));
}

bool work_assess_open(Assess *out, Call *c, int64_t cycle, Err *e)
{
    *out = (Assess){ .n_people = 0 };
    if (!call_thing(&out->cycle, c, "cycle", cycle, e))
        return false;
    if (!work_scheme_find(&out->scheme, c, fact_str(c->a, &out->cycle, "scheme"), e))
        return false;
    json_t *body = call_body(c, &out->cycle, e);
    bool ok = body && same_scheme(c, out, e) &&
              take_choices(out, c, jv_get(body, "choices"), e) &&
              take_objects(out, c, jv_get(body, "objects"), e) && take_people(out, c, e);
    json_decref(body);
    return ok;
}

static const AssessPerson *person_of(const AssessPerson *people, size_t n, int64_t debriefer)
{
    for (size_t i = 0; i < n; i++)
        if (people[i].fact.subject == debriefer)
            return &people[i];
    return NULL;
}

const AssessPerson *work_assess_person(const Assess *as, int64_t debriefer)
{
    return person_of(as->people, as->n_people, debriefer);
}

/* --- one debriefer -------------------------------------------------------------------------- */

bool work_assess_about(Call *c, const Fact *f, Str object)
{
    Str of = fact_str(c->a, f, "object");
    return of.n == 0 || str_eq(of, object);
}

const Fact *work_assess_part(Call *c, const FactList *inputs, Str part, Str object)
{
    const Fact *found = NULL;
    bool exact = false;
    for (size_t i = 0; i < inputs->n; i++) {
        const Fact *f = &inputs->items[i];
        bool own = fact_str(c->a, f, "object").n > 0;
        if (!str_eq(fact_str(c->a, f, "part"), part) || !work_assess_about(c, f, object) ||
            (exact && !own))
            continue;
        found = f;
        exact = own;
    }
    return found;
}

/* The comparable class, by the scheme's own expression over the organisation and the debriefer. */
static bool class_of(Str *out, Call *c, const Assess *as, const Fact *d, Err *e)
{
    FeelRun run = feel_run(c->a, c->now);
    FeelValue org = feel_null(), who = feel_null(), got = feel_null();
    json_t *org_body = NULL, *body = NULL;
    Fact o;
    *out = fact_str(c->a, d, "class");
    if (!as->scheme->class_of)
        return true;
    bool ok = call_thing(&o, c, "org", fact_int(d, "org"), e) && (org_body = call_body(c, &o, e)) &&
              (body = call_body(c, d, e)) && feel_from_json(&org, c->a, org_body, NULL, e) &&
              feel_from_json(&who, c->a, body, NULL, e);
    FeelEntry entries[] = { { STRC("org"), org }, { STRC("debriefer"), who } };
    FeelScope scope = { .entries = entries, .n = sizeof entries / sizeof *entries };
    ok = ok && feel_eval(&got, c->a, as->scheme->class_of, &scope, &run, e);
    if (ok && got.kind == FEEL_STRING)
        *out = arena_str(c->a, got.string);
    json_decref(org_body);
    json_decref(body);
    return ok;
}

static ShapeDec value_of(const Fact *f)
{
    ShapeDec d = { .given = false };
    d.given = fact_dec(&d.value, f, "value");
    return d;
}

static bool take_parts(ScoreDebriefer *out, Call *c, const Assess *as, Str object, Err *e)
{
    FactList l;
    size_t n = 0;
    if (!call_list_id(&l, c, "score_input", "debriefer", out->id, e))
        return false;
    ScorePart *parts = ARENA_ARRAY(c->a, ScorePart, as->scheme->n_parts);
    if (!parts)
        return no_memory(e);
    for (size_t k = 0; k < as->scheme->n_parts; k++) {
        const Fact *f = work_assess_part(c, &l, as->scheme->parts[k].name, object);
        if (f)
            parts[n++] = (ScorePart){ as->scheme->parts[k].name, value_of(f), f->id };
    }
    out->parts = (ShapeList){ parts, n };
    return true;
}

static bool take_events(ScoreDebriefer *out, Call *c, Str object, Err *e)
{
    FactList l;
    size_t n = 0;
    if (!call_list_id(&l, c, "score_event", "debriefer", out->id, e))
        return false;
    ScoreEvent *events = ARENA_ARRAY(c->a, ScoreEvent, l.n);
    if (!events)
        return no_memory(e);
    for (size_t k = 0; k < l.n; k++) {
        const Fact *f = &l.items[k];
        if (!fact_bool(f, "withdrawn") && work_assess_about(c, f, object))
            events[n++] = (ScoreEvent){ fact_str(c->a, f, "event"), value_of(f), f->id };
    }
    out->events = (ShapeList){ events, n };
    return true;
}

static bool take_override(ScoreDebriefer *out, Call *c, Str object, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "grade_override", "debriefer", out->id, e))
        return false;
    for (size_t k = 0; k < l.n; k++) {
        const Fact *f = &l.items[k];
        if (!fact_bool(f, "withdrawn") && work_assess_about(c, f, object))
            out->override = (ScoreOverride){ fact_str(c->a, f, "grade"),
                                             fact_str(c->a, f, "reason"), f->id };
    }
    return true;
}

/* --- boxes and decisions -------------------------------------------------------------------- */

/* Cells of a debriefer who withdrew after the count stay in the fact and out of the input. */
static bool take_cells(ScoreBox *out, Call *c, const Assess *as, const json_t *cells, Err *e)
{
    size_t n = 0;
    ScoreCell *to = ARENA_ARRAY(c->a, ScoreCell, jv_len(cells));
    if (!to)
        return no_memory(e);
    for (size_t i = 0; i < jv_len(cells); i++) {
        const json_t *v = jv_at(cells, i);
        if (work_assess_person(as, jv_int(v, "debriefer")))
            to[n++] = (ScoreCell){ jv_int(v, "debriefer"), arena_str(c->a, jv_str(v, "item")),
                                   arena_str(c->a, jv_str(v, "option")), jv_int(v, "n") };
    }
    out->cells = (ShapeList){ to, n };
    return true;
}

static bool take_box(ScoreBox *out, Call *c, const Assess *as, const Fact *f, Err *e)
{
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    const json_t *groups = jv_get(body, "groups"), *invalid = jv_get(body, "invalid");
    Str *names = ARENA_ARRAY(c->a, Str, jv_len(groups));
    ScoreInvalid *bad = ARENA_ARRAY(c->a, ScoreInvalid, jv_len(invalid));
    bool ok = names && bad ? take_cells(out, c, as, jv_get(body, "cells"), e) : no_memory(e);
    for (size_t i = 0; ok && i < jv_len(groups); i++)
        names[i] = arena_str(c->a, jv_text(jv_at(groups, i)));
    for (size_t i = 0; ok && i < jv_len(invalid); i++)
        bad[i] = (ScoreInvalid){ arena_str(c->a, jv_str(jv_at(invalid, i), "reason")),
                                 jv_int(jv_at(invalid, i), "n") };
    out->groups = (ShapeList){ names, jv_len(groups) };
    out->invalid = (ShapeList){ bad, jv_len(invalid) };
    out->issued = jv_int(body, "issued");
    out->returned = jv_int(body, "returned");
    out->valid = jv_int(body, "valid");
    out->electronic = jv_int(body, "electronic");
    out->fact = f->id;
    json_decref(body);
    return ok;
}

static bool take_boxes(ScoreInput *out, Call *c, const Assess *as, Err *e)
{
    FactList l;
    size_t n = 0;
    if (!call_list_id(&l, c, "paper_result", "cycle", as->cycle.subject, e))
        return false;
    ScoreBox *boxes = ARENA_ARRAY(c->a, ScoreBox, l.n);
    if (!boxes)
        return no_memory(e);
    for (size_t i = 0; i < l.n; i++)
        if (str_eq(fact_str(c->a, &l.items[i], "object"), out->object) &&
            !take_box(&boxes[n++], c, as, &l.items[i], e))
            return false;
    out->boxes = (ShapeList){ boxes, n };
    return true;
}

/* False for an order that names somebody who has withdrawn since: it must be decided anew. */
static bool take_order(ScoreDecision *out, Call *c, const Assess *as, const Fact *f, bool *usable,
                       Err *e)
{
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    const json_t *order = jv_get(body, "order");
    int64_t *ids = ARENA_ARRAY(c->a, int64_t, jv_len(order));
    *usable = true;
    for (size_t i = 0; ids && i < jv_len(order); i++) {
        ids[i] = json_integer_value(jv_at(order, i));
        *usable = *usable && work_assess_person(as, ids[i]);
    }
    *out = (ScoreDecision){ { ids, jv_len(order) }, fact_str(c->a, f, "reason"), f->id };
    json_decref(body);
    return ids ? true : no_memory(e);
}

static bool take_decisions(ShapeList *out, Call *c, const Assess *as, Str object, const char *form,
                           Err *e)
{
    FactList l;
    size_t n = 0;
    if (!call_list_id(&l, c, form, "cycle", as->cycle.subject, e))
        return false;
    ScoreDecision *all = ARENA_ARRAY(c->a, ScoreDecision, l.n);
    if (!all)
        return no_memory(e);
    for (size_t i = 0; i < l.n; i++) {
        bool usable, revote = str_is(fact_str(c->a, &l.items[i], "decision"), "revote");
        if (revote || !work_assess_about(c, &l.items[i], object))
            continue;
        if (!take_order(&all[n], c, as, &l.items[i], &usable, e))
            return false;
        n += usable;
    }
    *out = (ShapeList){ all, n };
    return true;
}

static bool take_lot(ScoreInput *out, Call *c, const Assess *as, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "tie_lot", "cycle", as->cycle.subject, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (str_eq(fact_str(c->a, &l.items[i], "object"), out->object) &&
            !hash_unhex(c->a, fact_str(c->a, &l.items[i], "seed"), &out->lot_seed))
            return no_memory(e);
    return true;
}

static bool gather(ScoreInput *out, Call *c, const Assess *as, Str object, Err *e)
{
    ScoreDebriefer *people = ARENA_ARRAY(c->a, ScoreDebriefer, as->n_people);
    *out = (ScoreInput){ .object = object, .debriefers = { people, as->n_people } };
    if (!people)
        return no_memory(e);
    for (size_t i = 0; i < as->n_people; i++) {
        people[i].id = as->people[i].fact.subject;
        if (!class_of(&people[i].klass, c, as, &as->people[i].fact, e) ||
            !take_parts(&people[i], c, as, object, e) || !take_events(&people[i], c, object, e) ||
            !take_override(&people[i], c, object, e))
            return false;
    }
    return take_boxes(out, c, as, e) &&
           take_decisions(&out->ties, c, as, object, "tie_decision", e) &&
           take_decisions(&out->accepts, c, as, object, "quorum_decision", e) &&
           take_lot(out, c, as, e);
}

/* --- running -------------------------------------------------------------------------------- */

/* Scoring knows ids only; the person reads a name. */
bool work_assess_name_error(const AssessPerson *people, size_t n_people, Err *e)
{
    enum { HOLES = 12 };
    Hole holes[HOLES];
    Err was = *e;
    size_t n = 0;
    int64_t id;
    for (size_t at = 0; at < was.n_text && n < HOLES;) {
        const char *name = was.holes + at, *text = name + str_of(name).n + 1;
        const AssessPerson *p = NULL;
        at += (size_t)(text - name) + str_of(text).n + 1;
        if (str_is(str_of(name), "debriefer") && str_int(str_of(text), &id))
            p = person_of(people, n_people, id);
        holes[n++] = err_hole_str(name, p ? p->name : str_of(text));
    }
    return err_fail_n(e, was.code, holes, n);
}

bool work_assess_run(AssessRun **out, Call *c, const Assess *as, Err *e)
{
    AssessRun *runs = ARENA_ARRAY(c->a, AssessRun, as->n_objects);
    if (!runs)
        return no_memory(e);
    if (!as->chosen)
        return err_fail(e, ERR_FIELD_MISSING, err_hole("field", "取整、并列与票数效力的选择"));
    for (size_t i = 0; i < as->n_objects; i++) {
        AssessRun *r = &runs[i];
        r->object = as->objects[i];
        if (!gather(&r->in, c, as, r->object, e))
            return false;
        if (!score_run(&r->result, c->a, as->scheme, &as->choices, &r->in, e))
            return work_assess_name_error(as->people, as->n_people, e);
    }
    *out = runs;
    return true;
}

bool work_assess_bundles(json_t **out, Str *canon, Call *c, const Assess *as,
                         const AssessRun *runs, Err *e)
{
    Buf b = buf_open(JSON_BYTES_MAX), text = buf_open(JSON_BYTES_MAX);
    Jw w = jw_open(&b);
    json_t *v = NULL;
    bool ok = true;
    jw_obj(&w);
    for (size_t i = 0; ok && i < as->n_objects; i++) {
        jw_key_str(&w, runs[i].object);
        ok = score_bundle_write(&w, c->a, as->scheme, &as->choices, &runs[i].in, e);
    }
    jw_end(&w);
    if (ok && !jw_close(&w))
        ok = err_fail(e, ERR_TOO_BIG, err_hole("what", "测算书"), err_hole("max", JSON_BYTES_MAX));
    ok = ok && jv_read(&v, buf_str(&b), "测算书", e) && (!canon || jv_canon(&text, v, e));
    if (ok && canon)
        *canon = arena_str(c->a, buf_str(&text));
    if (ok && out)
        *out = v;
    else
        json_decref(v);
    buf_close(&b);
    buf_close(&text);
    return ok;
}
