/* What if: a draft of a scheme over figures that are there already, beside what they gave. Nothing
 * is stored. The figures are those of a year's newest result, or of a worked example. */
#include "work/assess.h"
#include "work/rows.h"
#include "work/scheme.h"

typedef struct TryIn {
    int64_t cycle, example;
    Str text, object, base;
} TryIn;
static const ShapeField try_in_fields[] = {
    { "text", SHAPE_TEXT, offsetof(TryIn, text), .required = true, .max = SCHEME_BYTES_MAX,
      .title = "方案" },
    { "cycle", SHAPE_ID, offsetof(TryIn, cycle), .title = "年度周期" },
    { "object", SHAPE_TEXT, offsetof(TryIn, object), .max = 60, .title = "评议对象" },
    { "base", SHAPE_TEXT, offsetof(TryIn, base), .max = 80, .title = "评分方案" },
    { "example", SHAPE_INT, offsetof(TryIn, example), .min = 0, .max = SCHEME_EXAMPLES_MAX,
      .title = "例子" },
};
static const Shape try_in = SHAPE("SchemeTryIn", TryIn, try_in_fields);

static const ShapeField named_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
};
static const Shape named_shape = SHAPE_REPLY("SchemeTried", named_fields);
static const ShapeField left_fields[] = {
    { "kind", SHAPE_WORD, .required = true,
      .words = "part|event|item|instrument|node|measure|override" },
    { "title", SHAPE_TEXT, .required = true },
};
static const Shape left_shape = SHAPE_REPLY("SchemeTryLeft", left_fields);
static const ShapeField side_fields[] = {
    { "status", SHAPE_WORD, .required = true, .words = "done|undecided|refused" },
    { "lacks", SHAPE_WORDS, .required = true },
};
static const Shape side_shape = SHAPE_REPLY("SchemeTrySide", side_fields);
static const ShapeField mark_fields[] = {
    { "total", SHAPE_DEC, .required = true },
    { "grade", SHAPE_TEXT, .required = true },
    { "grade_title", SHAPE_TEXT, .required = true },
    { "rank", SHAPE_INT, .required = true },
    { "class_size", SHAPE_INT, .required = true },
};
static const Shape mark_shape = SHAPE_REPLY("SchemeTryMark", mark_fields);
static const ShapeField value_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "before", SHAPE_DEC },
    { "after", SHAPE_DEC },
};
static const Shape value_shape = SHAPE_REPLY("SchemeTryValue", value_fields);
static const ShapeField row_fields[] = {
    { "debriefer", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "class_title", SHAPE_TEXT, .required = true },
    { "before", SHAPE_OBJ, .sub = &mark_shape },
    { "after", SHAPE_OBJ, .sub = &mark_shape },
    { "values", SHAPE_LIST, .required = true, .sub = &value_shape },
};
static const Shape row_shape = SHAPE_REPLY("SchemeTryRow", row_fields);
static const ShapeField try_fields[] = {
    { "title", SHAPE_TEXT, .required = true },
    { "object", SHAPE_TEXT, .required = true },
    { "objects", SHAPE_LIST, .required = true, .sub = &named_shape },
    { "base_title", SHAPE_TEXT, .required = true },
    { "before", SHAPE_OBJ, .required = true, .sub = &side_shape },
    { "after", SHAPE_OBJ, .required = true, .sub = &side_shape },
    { "left", SHAPE_LIST, .required = true, .sub = &left_shape },
    { "rows", SHAPE_LIST, .required = true, .sub = &row_shape },
};
static const Shape try_out = SHAPE_REPLY("SchemeTry", try_fields);

/* --- the figures ---------------------------------------------------------------------------- */

typedef struct Side {
    const Scheme *s;
    ScoreChoices choices;
    ScoreInput in;
    ScoreResult result;
} Side;

typedef struct Try {
    Side before, after;
    Scheme draft, base;
    Str title, object;
    ResultBook book;             /* of a year; closed when its objects were read */
    json_t *bundle;              /* of an example */
    AssessPerson *people;        /* of a year; in an example they have numbers only */
    size_t n_people;
} Try;

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "评分方案"));
}

static bool people_named(Try *t, Call *c, Err *e)
{
    const ScoreResult *r = &t->before.result;
    t->people = ARENA_ARRAY(c->a, AssessPerson, r->n_debriefers);
    if (!t->people)
        return no_memory(e);
    for (size_t i = 0; i < r->n_debriefers; i++, t->n_people++) {
        AssessPerson *p = &t->people[i];
        p->fact.subject = r->debriefers[i].id;
        if (!work_debriefer_named(&p->name, &p->org_name, c, p->fact.subject, e))
            return false;
    }
    return true;
}

static bool take_year(Try *t, Call *c, const TryIn *in, Err *e)
{
    Fact result, cycle;
    if (!call_may_cycle(c, in->cycle, e) || !call_thing(&cycle, c, "cycle", in->cycle, e) ||
        !work_result_find(&result, c, in->cycle, 0, e) ||
        !work_result_open(&t->book, c, &result, e))
        return false;
    const ResultObject *o = NULL;
    for (size_t i = 0; i < t->book.n_objects; i++)
        if (in->object.n == 0 ? i == 0 : str_eq(t->book.objects[i].object, in->object))
            o = &t->book.objects[i];
    if (!o)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "评议对象"));
    t->title = fact_str(c->a, &cycle, "title");
    t->object = o->object;
    t->before = (Side){ &o->scheme, o->choices, o->in, o->result };
    return people_named(t, c, e);
}

/* The example of the scheme that the draft was made from: its own figures worked out by it. */
static bool take_example(Try *t, Call *c, const TryIn *in, Err *e)
{
    const Scheme *base;
    Buf b = buf_open(SCORE_BUNDLE_MAX);
    if (!call_may_all(c, e) || !work_scheme_find(&base, c, in->base, e))
        return false;
    if ((size_t)in->example >= base->n_examples)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "例子"));
    const SchemeExample *x = &base->examples[in->example];
    bool ok = score_example_holds(&b, c->a, base, x, e) &&
              jv_read(&t->bundle, arena_str(c->a, buf_str(&b)), "例子", e);
    buf_close(&b);
    t->title = x->title;
    t->before.s = &t->base;
    return ok &&
           score_bundle_read(&t->base, &t->before.choices, &t->before.in, c->a, t->bundle, e) &&
           score_run(&t->before.result, c->a, t->before.s, &t->before.choices, &t->before.in, e);
}

/* --- what the draft does not know is left out, and said ------------------------------------- */

typedef struct Left {
    Jw *out;
    Arena *a;
    Str said[SCHEME_PARTS_MAX + SCHEME_EVENTS_MAX];
    size_t n;
} Left;

static void leave(Left *l, const char *kind, Str title)
{
    Str key = arena_text(l->a, "%s/%.*s", kind, STR(title));
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->said[i], key))
            return;
    if (l->n == sizeof l->said / sizeof *l->said)
        return;
    l->said[l->n++] = key;
    jw_obj(l->out);
    jw_kstr(l->out, "kind", str_of(kind));
    jw_kstr(l->out, "title", title);
    jw_end(l->out);
}

static void keep_choices(Try *t, Left *l)
{
    const Scheme *was = t->before.s, *s = t->after.s;
    ScoreChoices *to = &t->after.choices;
    size_t n = 0;
    *to = t->before.choices;
    Str *kept = ARENA_ARRAY(l->a, Str, to->n_rounded);
    for (size_t i = 0; kept && i < to->n_rounded; i++)
        if (pack_scheme_node(s, to->rounded[i]) >= 0)
            kept[n++] = to->rounded[i];
        else
            leave(l, "node", was->nodes[pack_scheme_node(was, to->rounded[i])].title);
    to->rounded = kept;
    to->n_rounded = n;
    if (to->ties == SCORE_MEASURE && pack_scheme_node(s, to->measure) < 0) {
        leave(l, "measure", was->nodes[pack_scheme_node(was, to->measure)].title);
        to->ties = SCORE_SHARE;
    }
}

static bool keep_parts(ScoreDebriefer *d, Try *t, Left *l, Err *e)
{
    const Scheme *was = t->before.s, *s = t->after.s;
    const ScorePart *parts = d->parts.items;
    const ScoreEvent *events = d->events.items;
    ScorePart *p = ARENA_ARRAY(l->a, ScorePart, d->parts.n);
    ScoreEvent *v = ARENA_ARRAY(l->a, ScoreEvent, d->events.n);
    size_t n_parts = 0, n_events = 0;
    if (!p || !v)
        return no_memory(e);
    for (size_t i = 0; i < d->parts.n; i++)
        if (pack_scheme_part(s, parts[i].name) >= 0)
            p[n_parts++] = parts[i];
        else
            leave(l, "part", was->parts[pack_scheme_part(was, parts[i].name)].title);
    for (size_t i = 0; i < d->events.n; i++)
        if (pack_scheme_event(s, events[i].name) >= 0)
            v[n_events++] = events[i];
        else
            leave(l, "event", was->events[pack_scheme_event(was, events[i].name)].title);
    d->parts = (ShapeList){ p, n_parts };
    d->events = (ShapeList){ v, n_events };
    if (d->override.grade.n && pack_scheme_band(s, d->override.grade) < 0) {
        leave(l, "override", was->bands[pack_scheme_band(was, d->override.grade)].title);
        d->override = (ScoreOverride){ .fact = 0 };
    }
    return true;
}

/* Instruments and items may go; a voter group that goes is for the run to refuse by name. */
static bool keep_cells(ScoreBox *box, Try *t, Left *l, Err *e)
{
    const Scheme *was = t->before.s, *s = t->after.s;
    ptrdiff_t i = box->instrument.n ? pack_scheme_instrument(s, box->instrument) : 0,
              w = box->instrument.n ? pack_scheme_instrument(was, box->instrument) : 0;
    const ScoreCell *cells = box->cells.items;
    ScoreCell *kept = ARENA_ARRAY(l->a, ScoreCell, box->cells.n);
    size_t n = 0;
    if (!kept)
        return no_memory(e);
    for (size_t k = 0; k < box->cells.n; k++)
        if (pack_scheme_item(&s->instruments[i], cells[k].item) >= 0)
            kept[n++] = cells[k];
        else
            leave(l, "item", was->instruments[w].items[
                pack_scheme_item(&was->instruments[w], cells[k].item)].title);
    box->cells = (ShapeList){ kept, n };
    return true;
}

static bool keep_boxes(Try *t, Left *l, Err *e)
{
    const Scheme *was = t->before.s, *s = t->after.s;
    ShapeList *boxes = &t->after.in.boxes;
    ScoreBox *kept = ARENA_ARRAY(l->a, ScoreBox, boxes->n);
    const ScoreBox *all = boxes->items;
    size_t n = 0;
    if (!kept)
        return no_memory(e);
    for (size_t i = 0; i < boxes->n; i++) {
        Str name = all[i].instrument;
        if (s->n_instruments == 0 || (name.n && pack_scheme_instrument(s, name) < 0)) {
            leave(l, "instrument", was->instruments[
                name.n ? pack_scheme_instrument(was, name) : 0].title);
            continue;
        }
        kept[n] = all[i];
        if (!keep_cells(&kept[n++], t, l, e))
            return false;
    }
    *boxes = (ShapeList){ kept, n };
    return true;
}

static bool keep_all(Try *t, Left *l, Err *e)
{
    ShapeList *people = &t->after.in.debriefers;
    t->after.in = t->before.in;
    ScoreDebriefer *d = ARENA_ARRAY(l->a, ScoreDebriefer, people->n);
    if (!d)
        return no_memory(e);
    for (size_t i = 0; i < people->n; i++) {
        d[i] = ((const ScoreDebriefer *)people->items)[i];
        if (!keep_parts(&d[i], t, l, e))
            return false;
    }
    people->items = d;
    keep_choices(t, l);
    return keep_boxes(t, l, e);
}

/* --- the reply ------------------------------------------------------------------------------ */

static Str name_of(const Try *t, Call *c, int64_t id, Str *org)
{
    *org = STRC("");
    for (size_t i = 0; i < t->n_people; i++)
        if (t->people[i].fact.subject == id)
            return *org = t->people[i].org_name, t->people[i].name;
    return arena_text(c->a, "%lld", (long long)id);
}

static void put_side(Jw *out, Call *c, const Try *t, const char *key, const Side *side)
{
    static const char *const words[] = { "done", "undecided", "refused" };
    const ScoreResult *r = &side->result;
    Str org;
    jw_key(out, key), jw_obj(out);
    jw_kstr(out, "status", str_of(words[r->status]));
    jw_key(out, "lacks"), jw_arr(out);
    for (size_t i = 0; i < r->n_absent; i++)
        jw_str(out, arena_text(c->a, "%.*s：%.*s",
                               STR(name_of(t, c, r->absent[i].debriefer, &org)),
                               STR(side->s->parts[r->absent[i].part].title)));
    for (size_t i = 0; i < r->n_quorum && r->status == SCORE_REFUSED; i++)
        if (!r->quorum[i].returned_ok || !r->quorum[i].valid_ok)
            jw_str(out, r->quorum[i].groups);
    jw_end(out);
    jw_end(out);
}

static const ScoreScored *scored(const Side *side, int64_t id)
{
    const ScoreResult *r = &side->result;
    for (size_t i = 0; i < r->n_debriefers && r->status != SCORE_REFUSED; i++)
        if (r->debriefers[i].id == id)
            return &r->debriefers[i];
    return NULL;
}

static ptrdiff_t def_of(const Side *side, Str name)
{
    for (size_t i = 0; i < side->result.n_defs; i++)
        if (str_eq(side->result.defs[i].name, name))
            return (ptrdiff_t)i;
    return -1;
}

/* What the scheme makes of it, before anybody's override. */
static void put_mark(Jw *out, const char *key, const Side *side, const ScoreScored *d)
{
    if (!d)
        return;
    ptrdiff_t total = def_of(side, side->s->nodes[side->s->total].name);
    jw_key(out, key), jw_obj(out);
    jw_kdec(out, "total", d->values[total].value);
    jw_kstr(out, "grade", side->s->bands[d->proposed].name);
    jw_kstr(out, "grade_title", side->s->bands[d->proposed].title);
    jw_kint(out, "rank", (int64_t)d->rank);
    jw_kint(out, "class_size", (int64_t)d->class_size);
    jw_end(out);
}

static void put_value(Jw *out, const Try *t, const ScoreDef *def, const ScoreScored *was,
                      const ScoreScored *now)
{
    ptrdiff_t b = def_of(&t->before, def->name), a = def_of(&t->after, def->name);
    jw_obj(out);
    jw_kstr(out, "name", def->name);
    jw_kstr(out, "title", def->title);
    if (was && b >= 0 && was->values[b].given)
        jw_kdec(out, "before", was->values[b].value);
    if (now && a >= 0 && now->values[a].given)
        jw_kdec(out, "after", now->values[a].value);
    jw_end(out);
}

static void put_values(Jw *out, const Try *t, const ScoreScored *was, const ScoreScored *now)
{
    jw_key(out, "values"), jw_arr(out);
    for (size_t i = 0; i < t->after.result.n_defs; i++)
        if (t->after.result.defs[i].kind != SCORE_ITEM)
            put_value(out, t, &t->after.result.defs[i], was, now);
    for (size_t i = 0; i < t->before.result.n_defs; i++)
        if (t->before.result.defs[i].kind != SCORE_ITEM &&
            def_of(&t->after, t->before.result.defs[i].name) < 0)
            put_value(out, t, &t->before.result.defs[i], was, now);
    jw_end(out);
}

static void put_rows(Jw *out, Call *c, const Try *t)
{
    const ScoreDebriefer *people = t->before.in.debriefers.items;
    jw_key(out, "rows"), jw_arr(out);
    for (size_t i = 0; i < t->before.in.debriefers.n; i++) {
        const ScoreScored *was = scored(&t->before, people[i].id),
                          *now = scored(&t->after, people[i].id);
        Str org, name = name_of(t, c, people[i].id, &org);
        jw_obj(out);
        jw_kint(out, "debriefer", people[i].id);
        jw_kstr(out, "name", name);
        jw_kstr(out, "org_name", org);
        jw_kstr(out, "class_title", work_result_class(c, people[i].klass));
        put_mark(out, "before", &t->before, was);
        put_mark(out, "after", &t->after, now);
        put_values(out, t, was, now);
        jw_end(out);
    }
    jw_end(out);
}

static void put_try(Jw *out, Call *c, const Try *t)
{
    jw_kstr(out, "title", t->title);
    jw_kstr(out, "object", t->object);
    jw_kstr(out, "base_title", t->before.s->title);
    jw_key(out, "objects"), jw_arr(out);
    for (size_t i = 0; i < t->book.n_objects; i++)
        work_put_named(out, t->book.objects[i].object, t->book.objects[i].title);
    jw_end(out);
    put_side(out, c, t, "before", &t->before);
    put_side(out, c, t, "after", &t->after);
    put_rows(out, c, t);
}

static bool try_run(Try *t, Call *c, const TryIn *in, Jw *out, Err *e)
{
    Left left = { .out = out, .a = c->a };
    if (!(in->cycle ? take_year(t, c, in, e) : take_example(t, c, in, e)) ||
        !work_scheme_parse(&t->draft, c, in->text, e))
        return false;
    t->after.s = &t->draft;
    jw_key(out, "left"), jw_arr(out);
    bool ok = keep_all(t, &left, e);
    jw_end(out);
    if (!ok || !score_choices_check(&t->after.choices, t->after.s, e))
        return false;
    if (!score_run(&t->after.result, c->a, t->after.s, &t->after.choices, &t->after.in, e))
        return work_assess_name_error(t->people, t->n_people, e);
    put_try(out, c, t);
    return true;
}

static bool scheme_try(Call *c, const void *in, Jw *out, Err *e)
{
    Try *t = ARENA_NEW(c->a, Try);
    if (!t)
        return no_memory(e);
    *t = (Try){ .object = STRC("") };
    bool ok = try_run(t, c, in, out, e);
    work_result_close(&t->book);
    json_decref(t->bundle);
    return ok;
}

const UseCase work_scheme_try = { "scheme_try", "用已有数据试算评分方案草稿", WORK_READ,
                                  ASSESS_JUDGES, &try_in, &try_out, .run = scheme_try };
