/* An example of a scheme: figures worked by hand, held against what the scheme gives. */
#include "score/score_in.h"

static bool differ(Arena *a, int64_t id, Str what, const json_t *want, Str got, Err *e)
{
    Str stored = json_is_string(want) ? jv_text(want) :
                 arena_text(a, "%lld", (long long)json_integer_value(want));
    return err_fail(e, ERR_SCORE_DIFFERS,
                    err_hole("path", arena_text(a, "%lld.%.*s", (long long)id, STR(what))),
                    err_hole("stored", stored), err_hole("found", got));
}

static bool value_holds(const ScoreRun *r, size_t i, Str name, const json_t *want, Err *e)
{
    const ScoreScored *d = &r->out->debriefers[i];
    ptrdiff_t def = score_def_named(r, name);
    Str got = STRC("");
    if (str_is(name, "grade"))
        got = r->s->bands[d->final].name;
    else if (def >= 0 && d->values[def].given)
        got = dec_print(r->a, d->values[def].value);
    else if (def < 0)
        return score_unknown("取值", name, STRC("例子"), e);
    return str_eq(got, jv_text(want)) || differ(r->a, d->id, name, want, got, e);
}

static bool person_holds(const ScoreRun *r, size_t i, const json_t *want, Err *e)
{
    const ScoreScored *d = &r->out->debriefers[i];
    const char *key;
    json_t *v;
    json_object_foreach ((json_t *)want, key, v) {
        if (!str_is(str_of(key), "rank")) {
            if (!value_holds(r, i, str_of(key), v, e))
                return false;
        } else if (!json_is_integer(v) || json_integer_value(v) != (json_int_t)d->rank) {
            return differ(r->a, d->id, STRC("rank"), v,
                          arena_text(r->a, "%zu", d->rank), e);
        }
    }
    return true;
}

/* "status" beside the debriefers: done unless it says otherwise. */
static bool wants_hold(const ScoreRun *r, const json_t *want, Err *e)
{
    Str status = jv_str(want, "status"), got = str_of(score_status_name(r->out->status));
    size_t seen = 0;
    if (!str_eq(status.n > 0 ? status : STRC("done"), got))
        return differ(r->a, 0, STRC("status"), jv_get(want, "status"), got, e);
    for (size_t i = 0; i < r->n_people && r->out->status != SCORE_REFUSED; i++) {
        char id[24];
        snprintf(id, sizeof id, "%lld", (long long)r->people[i]->id);
        const json_t *v = jv_get(want, id);
        seen += v != NULL;
        if (v && !person_holds(r, i, v, e))
            return false;
    }
    return seen + (status.n > 0) == json_object_size(want) ||
           score_unknown("述职人", STRC("want"), STRC("例子"), e);
}

static bool bundle_verifies(ScoreRun *r, Buf *bundle, Err *e)
{
    Jw w = jw_open(bundle);
    json_t *v;
    bool ok = score_bundle_write(&w, r->a, r->s, r->c, r->in, e);
    if (ok && !jw_close(&w))
        ok = score_no_memory(e);
    if (!ok || !jv_read(&v, buf_str(bundle), "example", e))
        return false;
    ok = score_bundle_verify(v, NULL, e);
    jv_close(v);
    return ok;
}

static bool holds(Buf *bundle, Arena *a, const Scheme *s, const json_t *choices,
                  const json_t *given, const json_t *want, Err *e)
{
    ScoreChoices c;
    ScoreInput in;
    ScoreRun r;
    ScoreResult result;
    return score_choices_read(&c, a, choices, e) && score_inputs_read(&in, a, s, given, e) &&
           score_start(&r, a, s, &c, &in, &result, e) && wants_hold(&r, want, e) &&
           bundle_verifies(&r, bundle, e);
}

bool score_example_holds(Buf *bundle, Arena *a, const Scheme *s, const SchemeExample *x, Err *e)
{
    json_t *choices = NULL, *given = NULL, *want = NULL;
    bool ok = jv_read(&choices, x->choices, "choices", e) &&
              jv_read(&given, x->given, "given", e) &&
              jv_read(&want, x->want, "want", e) &&
              holds(bundle, a, s, choices, given, want, e);
    jv_close(choices);
    jv_close(given);
    jv_close(want);
    return ok || err_note(e, "in example \"%.*s\" of scheme \"%.*s\"", STR(x->title),
                          STR(s->name));
}
