/* The bundle: a result with all it takes to work it out again. Writing is one function of scheme,
 * choices and input, so checking one is reading it, running it, writing it and comparing. */
#include "score/score_in.h"

static const char format[] = "shuping-score-1";

/* --- words ---------------------------------------------------------------------------------- */
const char *score_status_name(ScoreStatus s)
{
    static const char *const names[] = { [SCORE_DONE] = "done", [SCORE_UNDECIDED] = "undecided",
                                         [SCORE_REFUSED] = "refused" };
    return names[s];
}

const char *score_kind_name(ScoreKind k)
{
    static const char *const names[] = { [SCORE_ITEM] = "item", [SCORE_GROUP] = "group",
                                         [SCORE_BALLOT] = "ballot", [SCORE_PART] = "part",
                                         [SCORE_NODE] = "node" };
    return names[k];
}

const char *score_step_name(ScoreStepKind k)
{
    static const char *const names[] = { [SCORE_BAND] = "band", [SCORE_VETO] = "veto",
                                         [SCORE_GATE] = "gate", [SCORE_NON_TOP] = "non_top",
                                         [SCORE_TOP_SHARE] = "top_share",
                                         [SCORE_OVERRIDE] = "override",
                                         [SCORE_BAND_SHARE] = "share" };
    return names[k];
}

/* --- writing -------------------------------------------------------------------------------- */
static void put_short(Jw *w, const ScoreRun *r, const char *key, Dec d)
{
    jw_kstr(w, key, dec_print_short(r->a, d));
}

static void put_given(Jw *w, const ScoreRun *r, const char *key, ShapeDec d)
{
    jw_key(w, key);
    if (d.given)
        jw_str(w, dec_print_short(r->a, d.value));
    else
        jw_null(w);
}

static void put_scheme(Jw *w, const ScoreRun *r)
{
    jw_obj(w);
    jw_kstr(w, "name", r->s->name);
    jw_kstr(w, "hash", hash_hex(r->a, r->s->hash));
    jw_kstr(w, "text", r->s->text);
    jw_end(w);
}

static void put_debriefer_in(Jw *w, const ScoreRun *r, size_t i)
{
    const ScoreDebriefer *d = r->people[i];
    jw_obj(w);
    jw_kint(w, "id", d->id);
    jw_kstr(w, "class", str_trim(d->klass));
    jw_key(w, "parts");
    jw_arr(w);
    for (size_t k = 0; k < r->s->n_parts; k++) {
        const ScorePart *p = score_part_of(d, r->s->parts[k].name);
        if (!p)
            continue;
        jw_obj(w);
        jw_kstr(w, "name", p->name);
        put_given(w, r, "value", p->value);
        jw_kint(w, "fact", p->fact);
        jw_end(w);
    }
    jw_end(w);
    jw_key(w, "events");
    jw_arr(w);
    for (size_t k = 0; k < r->n_events[i]; k++) {
        jw_obj(w);
        jw_kstr(w, "name", r->events[i][k].name);
        put_given(w, r, "value", r->events[i][k].value);
        jw_kint(w, "fact", r->events[i][k].fact);
        jw_end(w);
    }
    jw_end(w);
    if (d->override.grade.n > 0) {
        jw_key(w, "override");
        jw_obj(w);
        jw_kstr(w, "grade", d->override.grade);
        jw_kstr(w, "reason", str_trim(d->override.reason));
        jw_kint(w, "fact", d->override.fact);
        jw_end(w);
    }
    jw_end(w);
}

static void put_invalid(Jw *w, const ScoreRun *r, const ScoreHeap *h)
{
    const SchemeInstrument *ins = &r->s->instruments[h->instrument];
    jw_key(w, "invalid");
    jw_arr(w);
    for (size_t k = 0; k < ins->n_reasons; k++)
        for (size_t i = 0; i < h->in->invalid.n; i++) {
            const ScoreInvalid *v = &SCORE_LIST(ScoreInvalid, h->in->invalid)[i];
            if (!str_eq(v->reason, ins->reasons[k].name))
                continue;
            jw_obj(w);
            jw_kstr(w, "reason", v->reason);
            jw_kint(w, "n", v->n);
            jw_end(w);
        }
    jw_end(w);
}

/* Pairs of a mark, or a place, and how many gave it. */
static void put_row(Jw *w, const ScoreRun *r, const ScoreRow *row)
{
    for (size_t k = 0; k < row->n; k++) {
        jw_arr(w);
        jw_str(w, dec_print_short(r->a, row->given[k].value));
        jw_int(w, row->given[k].n);
        jw_end(w);
    }
}

/* One row for each debriefer and item; n in order of the scheme's options. */
static void put_marks(Jw *w, const ScoreRun *r, const ScoreHeap *h)
{
    const SchemeInstrument *ins = &r->s->instruments[h->instrument];
    jw_key(w, "marks");
    jw_arr(w);
    for (size_t p = 0; p < r->n_people; p++)
        for (size_t i = 0; i < ins->n_items; i++) {
            jw_obj(w);
            jw_kint(w, "debriefer", r->people[p]->id);
            jw_kstr(w, "item", ins->items[i].name);
            jw_key(w, "n");
            jw_arr(w);
            for (size_t o = 0; o < ins->n_options; o++)
                jw_int(w, score_marks(r, h, p, i, o));
            if (h->rows)
                put_row(w, r, score_row(r, h, p, i));
            jw_end(w);
            jw_end(w);
        }
    jw_end(w);
}

static void put_box(Jw *w, const ScoreRun *r, const ScoreHeap *h)
{
    jw_obj(w);
    jw_kstr(w, "instrument", r->s->instruments[h->instrument].name);
    jw_key(w, "groups");
    jw_arr(w);
    for (size_t g = 0; g < r->s->n_groups; g++)
        if (h->has[g])
            jw_str(w, r->s->groups[g].name);
    jw_end(w);
    jw_kint(w, "issued", h->in->issued);
    jw_kint(w, "returned", h->in->returned);
    jw_kint(w, "valid", h->in->valid);
    jw_kint_some(w, "electronic", h->in->electronic);
    jw_kint(w, "fact", h->in->fact);
    put_invalid(w, r, h);
    put_marks(w, r, h);
    jw_end(w);
}

static void put_decisions(Jw *w, const char *key, const ScoreDecision **all, size_t n)
{
    jw_key(w, key);
    jw_arr(w);
    for (size_t i = 0; i < n; i++) {
        const int64_t *order = all[i]->order.items;
        jw_obj(w);
        jw_key(w, "order");
        jw_arr(w);
        for (size_t k = 0; k < all[i]->order.n; k++)
            jw_int(w, order[k]);
        jw_end(w);
        jw_kstr(w, "reason", str_trim(all[i]->reason));
        jw_kint(w, "fact", all[i]->fact);
        jw_end(w);
    }
    jw_end(w);
}

static void put_inputs(Jw *w, const ScoreRun *r)
{
    jw_obj(w);
    jw_kstr(w, "object", str_trim(r->in->object));
    jw_key(w, "debriefers");
    jw_arr(w);
    for (size_t i = 0; i < r->n_people; i++)
        put_debriefer_in(w, r, i);
    jw_end(w);
    jw_key(w, "boxes");
    jw_arr(w);
    for (size_t i = 0; i < r->n_heaps; i++)
        put_box(w, r, &r->heaps[i]);
    jw_end(w);
    put_decisions(w, "ties", r->ties, r->in->ties.n);
    put_decisions(w, "accepts", r->accepts, r->in->accepts.n);
    jw_kstr(w, "lot_seed", hash_hex_bytes(r->a, r->in->lot_seed));
    jw_end(w);
}

static void put_defs(Jw *w, const ScoreRun *r)
{
    jw_arr(w);
    for (size_t i = 0; i < r->out->n_defs; i++) {
        const ScoreDef *d = &r->out->defs[i];
        jw_obj(w);
        jw_kstr(w, "kind", str_of(score_kind_name(d->kind)));
        jw_kstr(w, "name", d->name);
        jw_kstr(w, "title", d->title);
        jw_kstr(w, "formula", d->formula);
        jw_end(w);
    }
    jw_end(w);
}

static void put_quorum(Jw *w, const ScoreRun *r)
{
    jw_arr(w);
    for (size_t i = 0; i < r->out->n_quorum; i++) {
        const ScoreQuorum *q = &r->out->quorum[i];
        jw_obj(w);
        jw_kstr(w, "groups", q->groups);
        jw_kint(w, "issued", q->issued);
        jw_kint(w, "returned", q->returned);
        jw_kint(w, "valid", q->valid);
        jw_kbool(w, "returned_ok", q->returned_ok);
        jw_kbool(w, "valid_ok", q->valid_ok);
        jw_end(w);
    }
    jw_end(w);
}

static void put_absent(Jw *w, const ScoreRun *r)
{
    jw_arr(w);
    for (size_t i = 0; i < r->out->n_absent; i++) {
        jw_obj(w);
        jw_kint(w, "debriefer", r->out->absent[i].debriefer);
        jw_kstr(w, "part", r->s->parts[r->out->absent[i].part].name);
        jw_end(w);
    }
    jw_end(w);
}

static void put_quota(Jw *w, const ScoreRun *r)
{
    const ScoreQuota *q = &r->out->quota;
    jw_obj(w);
    jw_kint(w, "n", (int64_t)q->n);
    jw_kint(w, "top", (int64_t)q->top);
    jw_kint(w, "non_top_need", (int64_t)q->non_top_need);
    jw_kint(w, "top_most", (int64_t)q->top_most);
    jw_kint(w, "fallen", (int64_t)q->fallen);
    jw_kint(w, "top_final", (int64_t)q->top_final);
    jw_kbool(w, "held_final", q->held_final);
    jw_end(w);
}

static void put_ties(Jw *w, const ScoreRun *r)
{
    jw_arr(w);
    for (size_t i = 0; i < r->out->n_ties; i++) {
        const ScoreTie *t = &r->out->ties[i];
        jw_obj(w);
        jw_kbool(w, "quota", t->quota);
        jw_kstr(w, "class", t->klass);
        jw_key(w, "ids");
        jw_arr(w);
        for (size_t k = 0; k < t->n_ids; k++)
            jw_int(w, t->ids[k]);
        jw_end(w);
        jw_end(w);
    }
    jw_end(w);
}

static void put_values(Jw *w, const ScoreRun *r, const ScoreScored *d)
{
    jw_obj(w);
    for (size_t k = 0; k < r->out->n_defs; k++) {
        jw_key_str(w, r->out->defs[k].name);
        if (!d->values[k].given) {
            jw_null(w);
            continue;
        }
        jw_obj(w);
        put_short(w, r, "exact", d->values[k].exact);
        jw_kstr(w, "value", dec_print(r->a, d->values[k].value));
        jw_end(w);
    }
    jw_end(w);
}

static void put_steps(Jw *w, const ScoreRun *r, const ScoreScored *d)
{
    jw_arr(w);
    for (size_t k = 0; k < d->n_steps; k++) {
        const ScoreStep *x = &d->steps[k];
        jw_obj(w);
        jw_kstr(w, "kind", str_of(score_step_name(x->kind)));
        jw_kstr(w, "name", x->name);
        jw_kstr(w, "title", x->title);
        jw_kstr(w, "grade", r->s->bands[x->grade].name);
        jw_kbool(w, "unjudged", x->unjudged);
        jw_kint(w, "fact", x->fact);
        jw_end(w);
    }
    jw_end(w);
}

static void put_scored(Jw *w, const ScoreRun *r, const ScoreScored *d)
{
    jw_obj(w);
    jw_kint(w, "id", d->id);
    jw_kstr(w, "class", d->klass);
    jw_key(w, "values");
    put_values(w, r, d);
    jw_key(w, "missing");
    jw_arr(w);
    for (size_t k = 0; k < d->n_missing; k++) {
        const SchemePart *part = &r->s->parts[d->missing[k]];
        jw_obj(w);
        jw_kstr(w, "part", part->name);
        jw_kstr(w, "rule", str_of(pack_scheme_missing_name(part->missing)));
        jw_end(w);
    }
    jw_end(w);
    jw_key(w, "steps");
    put_steps(w, r, d);
    jw_kstr(w, "computed", r->s->bands[d->computed].name);
    jw_kstr(w, "proposed", r->s->bands[d->proposed].name);
    jw_kstr(w, "final", r->s->bands[d->final].name);
    jw_kint(w, "rank", (int64_t)d->rank);
    jw_kint(w, "class_size", (int64_t)d->class_size);
    jw_kbool(w, "undecided", d->undecided);
    jw_end(w);
}

static void put_result(Jw *w, const ScoreRun *r)
{
    const ScoreResult *out = r->out;
    jw_obj(w);
    jw_kstr(w, "status", str_of(score_status_name(out->status)));
    jw_key(w, "quorum");
    put_quorum(w, r);
    jw_kint(w, "accepted", out->accepted ? out->accepted->fact : 0);
    jw_key(w, "absent");
    put_absent(w, r);
    jw_key(w, "quota");
    put_quota(w, r);
    jw_key(w, "ties");
    put_ties(w, r);
    jw_key(w, "debriefers");
    jw_arr(w);
    for (size_t i = 0; i < out->n_debriefers && out->status != SCORE_REFUSED; i++)
        put_scored(w, r, &out->debriefers[i]);
    jw_end(w);
    jw_end(w);
}

static void put_bundle(Jw *w, const ScoreRun *r)
{
    jw_obj(w);
    jw_kstr(w, "format", str_of(format));
    jw_key(w, "scheme");
    put_scheme(w, r);
    jw_key(w, "choices");
    score_choices_write(w, r->c);
    jw_key(w, "inputs");
    put_inputs(w, r);
    jw_key(w, "definitions");
    put_defs(w, r);
    jw_key(w, "result");
    put_result(w, r);
    jw_end(w);
}

/* The bundle of a run as a JSON value; the caller closes it. */
static bool bundle_make(json_t **out, const ScoreRun *r, Err *e)
{
    Buf b = buf_open(SCORE_BUNDLE_MAX);
    Jw w = jw_open(&b);
    put_bundle(&w, r);
    bool ok = true;
    if (b.failed)
        ok = err_fail(e, ERR_TOO_BIG, err_hole("what", "测算书"),
                      err_hole("max", SCORE_BUNDLE_MAX));
    else if (!jw_close(&w) || arena_refused(r->a))
        ok = score_no_memory(e);
    ok = ok && jv_read(out, buf_str(&b), "score bundle", e);
    buf_close(&b);
    return ok;
}

bool score_bundle_write(Jw *w, Arena *a, const Scheme *s, const ScoreChoices *c,
                        const ScoreInput *in, Err *e)
{
    ScoreRun r;
    ScoreResult result;
    json_t *v;
    if (!score_start(&r, a, s, c, in, &result, e) || !bundle_make(&v, &r, e))
        return err_note(e, "while writing the bundle of scheme \"%.*s\"", STR(s->name));
    jw_json(w, v);
    jv_close(v);
    return true;
}

/* --- reading -------------------------------------------------------------------------------- */
typedef struct SchemeIn {
    Str name, hash, text;
} SchemeIn;

typedef struct MarksIn {
    int64_t debriefer;
    Str item;
    const json_t *n;
} MarksIn;

typedef struct BoxIn {
    ScoreBox box;
    ShapeList marks;
} BoxIn;

typedef struct InputsIn {
    ScoreInput in;
    ShapeList boxes;
    Str seed;
} InputsIn;

typedef struct BundleIn {
    Str format;
    SchemeIn scheme;
    const json_t *choices, *definitions, *result;
    InputsIn inputs;
} BundleIn;

#define TEXT(T, key, m, max_) { key, SHAPE_TEXT, offsetof(T, m), .max = (max_) }
#define ID(T, key, m) { key, SHAPE_INT, offsetof(T, m), .max = JSON_INT_MAX }
#define COUNT(T, key, m)                                                                           \
    { key, SHAPE_INT, offsetof(T, m), .max = SCORE_PAPERS_MAX, .required = true }
#define LIST(T, key, m, shape, max_)                                                               \
    { key, SHAPE_LIST, offsetof(T, m), .sub = &(shape), .max = (max_) }

static const ShapeField part_fields[] = { TEXT(ScorePart, "name", name, DECL_NAME_MAX),
                                          { "value", SHAPE_DEC, offsetof(ScorePart, value) },
                                          ID(ScorePart, "fact", fact) };
static const Shape part_shape = SHAPE("part", ScorePart, part_fields);

static const ShapeField event_fields[] = { TEXT(ScoreEvent, "name", name, DECL_NAME_MAX),
                                           { "value", SHAPE_DEC, offsetof(ScoreEvent, value) },
                                           ID(ScoreEvent, "fact", fact) };
static const Shape event_shape = SHAPE("event", ScoreEvent, event_fields);

static const ShapeField override_fields[] = { TEXT(ScoreOverride, "grade", grade, DECL_NAME_MAX),
                                              TEXT(ScoreOverride, "reason", reason, 0),
                                              ID(ScoreOverride, "fact", fact) };
static const Shape override_shape = SHAPE("override", ScoreOverride, override_fields);

static const ShapeField debriefer_fields[] = {
    { "id", SHAPE_ID, offsetof(ScoreDebriefer, id), .required = true },
    TEXT(ScoreDebriefer, "class", klass, 0),
    LIST(ScoreDebriefer, "parts", parts, part_shape, SCHEME_PARTS_MAX),
    LIST(ScoreDebriefer, "events", events, event_shape, SCORE_EVENTS_MAX),
    { "override", SHAPE_OBJ, offsetof(ScoreDebriefer, override), .sub = &override_shape },
};
static const Shape debriefer_shape = SHAPE("debriefer", ScoreDebriefer, debriefer_fields);

static const ShapeField invalid_fields[] = { TEXT(ScoreInvalid, "reason", reason, DECL_NAME_MAX),
                                             COUNT(ScoreInvalid, "n", n) };
static const Shape invalid_shape = SHAPE("invalid", ScoreInvalid, invalid_fields);

static const ShapeField marks_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(MarksIn, debriefer), .required = true },
    TEXT(MarksIn, "item", item, DECL_NAME_MAX),
    { "n", SHAPE_JSON, offsetof(MarksIn, n), .required = true },
};
static const Shape marks_shape = SHAPE("marks", MarksIn, marks_fields);

static const ShapeField box_fields[] = {
    TEXT(BoxIn, "instrument", box.instrument, DECL_NAME_MAX),
    { "groups", SHAPE_WORDS, offsetof(BoxIn, box.groups), .required = true,
      .max = SCHEME_GROUPS_MAX },
    COUNT(BoxIn, "issued", box.issued),
    COUNT(BoxIn, "returned", box.returned),
    COUNT(BoxIn, "valid", box.valid),
    { "electronic", SHAPE_INT, offsetof(BoxIn, box.electronic), .max = SCORE_PAPERS_MAX },
    ID(BoxIn, "fact", box.fact),
    LIST(BoxIn, "invalid", box.invalid, invalid_shape, SCHEME_REASONS_MAX),
    LIST(BoxIn, "marks", marks, marks_shape, SCORE_CELLS_MAX),
};
static const Shape box_shape = SHAPE("box", BoxIn, box_fields);

static const ShapeField decision_fields[] = {
    { "order", SHAPE_IDS, offsetof(ScoreDecision, order), .required = true,
      .max = SCORE_DEBRIEFERS_MAX },
    TEXT(ScoreDecision, "reason", reason, 0),
    ID(ScoreDecision, "fact", fact),
};
static const Shape decision_shape = SHAPE("decision", ScoreDecision, decision_fields);

static const ShapeField inputs_fields[] = {
    TEXT(InputsIn, "object", in.object, 0),
    LIST(InputsIn, "debriefers", in.debriefers, debriefer_shape, SCORE_DEBRIEFERS_MAX),
    LIST(InputsIn, "boxes", boxes, box_shape, SCORE_BOXES_MAX),
    LIST(InputsIn, "ties", in.ties, decision_shape, SCORE_DECISIONS_MAX),
    LIST(InputsIn, "accepts", in.accepts, decision_shape, SCORE_DECISIONS_MAX),
    TEXT(InputsIn, "lot_seed", seed, 2 * SCORE_SEED_MAX),
};
static const Shape inputs_shape = SHAPE("inputs", InputsIn, inputs_fields);

static const ShapeField scheme_fields[] = {
    TEXT(SchemeIn, "name", name, DECL_NAME_MAX),
    TEXT(SchemeIn, "hash", hash, 64),
    { "text", SHAPE_TEXT, offsetof(SchemeIn, text), .max = SCHEME_BYTES_MAX, .required = true },
};
static const Shape scheme_shape = SHAPE("scheme", SchemeIn, scheme_fields);

static const ShapeField bundle_fields[] = {
    { "format", SHAPE_TEXT, offsetof(BundleIn, format), .required = true },
    { "scheme", SHAPE_OBJ, offsetof(BundleIn, scheme), .sub = &scheme_shape, .required = true },
    { "choices", SHAPE_JSON, offsetof(BundleIn, choices), .required = true },
    { "inputs", SHAPE_OBJ, offsetof(BundleIn, inputs), .sub = &inputs_shape, .required = true },
    { "definitions", SHAPE_JSON, offsetof(BundleIn, definitions), .required = true },
    { "result", SHAPE_JSON, offsetof(BundleIn, result), .required = true },
};
static const Shape bundle_shape = SHAPE("bundle", BundleIn, bundle_fields);

static bool row_pairs(ScoreCell *cells, size_t *n, const MarksIn *row, Err *e)
{
    for (size_t k = 0; k < jv_len(row->n); k++) {
        const json_t *pair = jv_at(row->n, k), *count = jv_at(pair, 1);
        if (!json_is_string(jv_at(pair, 0)) || !json_is_integer(count) || jv_len(pair) != 2)
            return err_fail(e, ERR_SCORE_BUNDLE, err_hole("why", "marks"));
        cells[(*n)++] = (ScoreCell){ row->debriefer, row->item, jv_text(jv_at(pair, 0)),
                                     json_integer_value(count) };
    }
    return true;
}

static bool row_cells(ScoreCell *cells, size_t *n, const SchemeInstrument *ins, const MarksIn *row,
                      Err *e)
{
    if (!json_is_array(row->n) ||
        (ins->form == SCHEME_GRADES && jv_len(row->n) != ins->n_options))
        return err_fail(e, ERR_SCORE_BUNDLE, err_hole("why", "marks"));
    if (ins->form != SCHEME_GRADES)
        return row_pairs(cells, n, row, e);
    for (size_t o = 0; o < ins->n_options; o++) {
        const json_t *v = jv_at(row->n, o);
        if (!json_is_integer(v))
            return err_fail(e, ERR_SCORE_BUNDLE, err_hole("why", "marks"));
        cells[(*n)++] = (ScoreCell){ row->debriefer, row->item, ins->options[o].name,
                                     json_integer_value(v) };
    }
    return true;
}

static bool box_back(ScoreBox *out, Arena *a, const Scheme *s, const BoxIn *in, Err *e)
{
    ptrdiff_t k = pack_scheme_instrument(s, in->box.instrument);
    if (k < 0)
        return err_fail(e, ERR_SCORE_BUNDLE, err_hole("why", "instrument"));
    const SchemeInstrument *ins = &s->instruments[k];
    size_t n = 0, many = 0;
    for (size_t i = 0; i < in->marks.n; i++)
        many += jv_len(SCORE_LIST(MarksIn, in->marks)[i].n);
    if (many > SCORE_CELLS_MAX)
        return err_fail(e, ERR_SCORE_BUNDLE, err_hole("why", "marks"));
    ScoreCell *cells = ARENA_ARRAY(a, ScoreCell, many);
    if (!cells)
        return score_no_memory(e);
    for (size_t i = 0; i < in->marks.n; i++)
        if (!row_cells(cells, &n, ins, &SCORE_LIST(MarksIn, in->marks)[i], e))
            return false;
    *out = in->box;
    out->cells = (ShapeList){ cells, n };
    return true;
}

static bool inputs_back(ScoreInput *out, Arena *a, const Scheme *s, const InputsIn *in, Err *e)
{
    ScoreBox *boxes = ARENA_ARRAY(a, ScoreBox, in->boxes.n);
    *out = in->in;
    if (!boxes)
        return score_no_memory(e);
    for (size_t i = 0; i < in->boxes.n; i++)
        if (!box_back(&boxes[i], a, s, &SCORE_LIST(BoxIn, in->boxes)[i], e))
            return false;
    out->boxes = (ShapeList){ boxes, in->boxes.n };
    return hash_unhex(a, in->seed, &out->lot_seed) ||
           err_fail(e, ERR_SCORE_BUNDLE, err_hole("why", "lot_seed"));
}

bool score_inputs_read(ScoreInput *out, Arena *a, const Scheme *s, const json_t *v, Err *e)
{
    InputsIn in;
    return shape_read(a, &in, &inputs_shape, v, e) && inputs_back(out, a, s, &in, e);
}

/* The bundle's own scheme, which must be what its hash says. */
static bool scheme_back(Scheme *out, Arena *a, const SchemeIn *in, Err *e)
{
    if (!pack_scheme_parse(out, a, STRC("score bundle"), in->text, e))
        return false;
    Str hex = hash_hex(a, out->hash);
    if (!str_eq(hex, in->hash))
        return err_fail(e, ERR_SCORE_SCHEME, err_hole("stored", in->hash), err_hole("found", hex));
    return true;
}

bool score_bundle_read(Scheme *scheme, ScoreChoices *choices, ScoreInput *in, Arena *a,
                       const json_t *bundle, Err *e)
{
    BundleIn b;
    Scheme s;
    ScoreChoices c;
    ScoreInput back;
    if (!shape_read(a, &b, &bundle_shape, bundle, e))
        return err_note(e, "while reading a score bundle");
    if (!str_is(b.format, format))
        return err_fail(e, ERR_SCORE_BUNDLE, err_hole("why", b.format));
    if (!scheme_back(&s, a, &b.scheme, e) || !score_choices_read(&c, a, b.choices, e) ||
        !inputs_back(&back, a, &s, &b.inputs, e))
        return err_note(e, "while reading a score bundle");
    *scheme = s;
    *choices = c;
    *in = back;
    return true;
}

/* --- comparing ------------------------------------------------------------------------------ */
static Str shown(Arena *a, const json_t *v)
{
    Buf b = buf_open(4096);
    Err quiet;
    Str s = STRC("…");
    if (!v)
        s = STRC("（无）");
    else if (jv_canon(&b, v, &quiet) && b.n <= 120)
        s = arena_str(a, buf_str(&b));
    buf_close(&b);
    return s;
}

static bool differ(Arena *a, Str path, const json_t *stored, const json_t *made, Err *e)
{
    return err_fail(e, ERR_SCORE_DIFFERS, err_hole("path", path),
                    err_hole("stored", shown(a, stored)), err_hole("found", shown(a, made)));
}

static bool same(Arena *a, Str path, const json_t *stored, const json_t *made, int depth, Err *e);

static bool same_lists(Arena *a, Str path, const json_t *stored, const json_t *made, int depth,
                       Err *e)
{
    size_t n = jv_len(made), m = jv_len(stored);
    for (size_t i = 0; i < n || i < m; i++)
        if (!same(a, arena_text(a, "%.*s[%zu]", STR(path), i), jv_at(stored, i), jv_at(made, i),
                  depth - 1, e))
            return false;
    return true;
}

static bool same_objects(Arena *a, Str path, const json_t *stored, const json_t *made, int depth,
                         Err *e)
{
    const char *dot = path.n > 0 ? "." : "", *key;
    json_t *v;
    json_object_foreach ((json_t *)made, key, v)
        if (!same(a, arena_text(a, "%.*s%s%s", STR(path), dot, key), jv_get(stored, key), v,
                  depth - 1, e))
            return false;
    json_object_foreach ((json_t *)stored, key, v)
        if (!jv_get(made, key))
            return differ(a, arena_text(a, "%.*s%s%s", STR(path), dot, key), v, NULL, e);
    return true;
}

static bool same(Arena *a, Str path, const json_t *stored, const json_t *made, int depth, Err *e)
{
    if (depth > 0 && json_is_object(made) && json_is_object(stored))
        return same_objects(a, path, stored, made, depth, e);
    if (depth > 0 && json_is_array(made) && json_is_array(stored))
        return same_lists(a, path, stored, made, depth, e);
    return (stored && made && json_equal(stored, made)) || differ(a, path, stored, made, e);
}

static bool verify_in(Arena *a, const json_t *bundle, const Scheme *scheme, Err *e)
{
    Scheme s;
    ScoreChoices c;
    ScoreInput in;
    ScoreRun r;
    ScoreResult result;
    json_t *made;
    if (!score_bundle_read(&s, &c, &in, a, bundle, e))
        return false;
    if (scheme && !hash_eq(scheme->hash, s.hash))
        return err_fail(e, ERR_SCORE_SCHEME, err_hole("stored", hash_hex(a, s.hash)),
                        err_hole("found", hash_hex(a, scheme->hash)));
    if (!score_start(&r, a, &s, &c, &in, &result, e) || !bundle_make(&made, &r, e))
        return false;
    bool ok = same(a, STRC(""), bundle, made, JSON_DEPTH_MAX, e);
    jv_close(made);
    return ok;
}

bool score_bundle_verify(const json_t *bundle, const Scheme *scheme, Err *e)
{
    Arena *a = arena_open(SCORE_MEMORY_MAX);
    if (!a)
        return score_no_memory(e);
    bool ok = verify_in(a, bundle, scheme, e);
    arena_close(a);
    return ok;
}
