/* What a record says before it is filed: checked, made canonical, compared with what is held. */
#include "work/ledger.h"
#include "work/file.h"
#include "work/roster.h"
#include "work/rows.h"

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "台账"));
}

Str work_ledger_start(Call *c, const Form *form)
{
    const Flow *flow = pack_flow_of(call_rules(c), form);
    return flow ? flow->start : STRC("");
}

/* --- put together --------------------------------------------------------------------------- */

static bool put_new(json_t *o, const char *key, Str s, Err *e)
{
    return s.n == 0 || json_object_set_new(o, key, jv_new(s)) == 0 || no_memory(e);
}

/* A state is entered by a move, never written. */
static bool patch(json_t *body, const LedgerEntry *in, bool flows, Err *e)
{
    const char *key;
    json_t *v;
    json_object_foreach ((json_t *)(uintptr_t)in->values, key, v) {
        Str name = str_of(key);
        if (flows && str_is(name, "state")) {
            if (in->was && str_eq(jv_text(v), jv_str(body, "state")))
                continue;
            return err_fail(e, ERR_RECORD_STATE);
        }
        if (json_is_null(v) ? (json_object_del(body, key), false)
                            : json_object_set(body, key, v) != 0)
            return no_memory(e);
    }
    return true;
}

static bool put_together(json_t **out, Call *c, const LedgerEntry *in, Err *e)
{
    Str start = work_ledger_start(c, in->form);
    json_t *body = in->was ? call_body(c, in->was, e) : json_object();
    if (!body)
        return in->was ? false : no_memory(e);
    bool ok = patch(body, in, start.n > 0, e);
    if (ok && start.n && !in->was)
        ok = put_new(body, "state", start, e);
    ok = ok && put_new(body, "state", in->state, e);
    if (ok && !jv_get(body, "late_reason"))
        ok = put_new(body, "late_reason", in->late_reason, e);
    if (ok && !jv_get(body, "late_by"))
        ok = put_new(body, "late_by", in->late_by, e);
    if (!ok) {
        json_decref(body);
        return false;
    }
    *out = body;
    return true;
}

/* --- checks --------------------------------------------------------------------------------- */

static bool canonical(json_t **out, const Form *form, const json_t *body, Err *e)
{
    Buf b = buf_open(FORM_BODY_MAX + 1);
    bool ok = form_check(&b, form, body, e) &&
              (!b.failed || err_fail(e, ERR_TOO_BIG, err_hole("what", form->title),
                                     err_hole("max", FORM_BODY_MAX))) &&
              jv_read(out, buf_str(&b), "body", e);
    buf_close(&b);
    return ok;
}

/* Text anywhere in the body that looks like an identity-card number: not kept, whoever wants it. */
static bool no_id_cards(const json_t *v, Err *e)
{
    const char *key;
    json_t *child;
    size_t i;
    if (json_is_string(v))
        return !work_roster_id_card_in(jv_text(v)) || err_fail(e, ERR_RECORD_ID_CARD);
    json_array_foreach ((json_t *)(uintptr_t)v, i, child)
        if (!no_id_cards(child, e))
            return false;
    json_object_foreach ((json_t *)(uintptr_t)v, key, child)
        if (!no_id_cards(child, e))
            return false;
    return true;
}

static bool ref_there(Call *c, const FormField *f, const json_t *v, Err *e)
{
    bool there;
    if (!fact_exists(&there, c->tx, f->form->name, json_integer_value(v), e))
        return false;
    return there || err_fail(e, ERR_RECORD_REF, err_hole("field", f->title),
                             err_hole("what", f->form->title));
}

static bool refs_there(Call *c, const FormField *fields, size_t n, const json_t *body, Err *e)
{
    for (size_t i = 0; i < n; i++) {
        const FormField *f = &fields[i];
        const char *key = arena_z(c->a, f->name);
        const json_t *v = key ? jv_get(body, key) : NULL;
        if (v && f->type == FIELD_REF && !ref_there(c, f, v, e))
            return false;
        for (size_t k = 0; v && f->type == FIELD_REFS && k < jv_len(v); k++)
            if (!ref_there(c, f, jv_at(v, k), e))
                return false;
        for (size_t k = 0; v && f->type == FIELD_ROWS && k < jv_len(v); k++)
            if (!refs_there(c, f->fields, f->n_fields, jv_at(v, k), e))
                return false;
    }
    return true;
}

/* --- late ----------------------------------------------------------------------------------- */

static Day day_of(Call *c, const Form *form, const json_t *body, Day otherwise)
{
    const char *key = form->dated ? arena_z(c->a, form->dated->name) : NULL;
    Day day = key ? jv_day(body, key) : DAY_NONE;
    return day == DAY_NONE ? otherwise : day;
}

/* The day it happened: from the form's field, else the day it was first filed. */
static Day occurred_on(Call *c, const LedgerEntry *in, const json_t *body)
{
    return day_of(c, in->form, body, in->was ? in->was->occurred_on : c->today);
}

static bool first_received(Day *out, Call *c, const LedgerEntry *in, Err *e)
{
    FactKey key;
    *out = c->today;
    if (!in->was)
        return true;
    if (!work_ledger_key(&key, c, in->was, e))
        return false;
    *out = moment_day(key.received);
    return true;
}

/* Late entry has a door of its own: a reason, and whose delay it was. What is in time has neither,
 * for it would say something untrue. */
static bool judge_late(int64_t *late, Call *c, const LedgerEntry *in, json_t *body, Err *e)
{
    Day on = occurred_on(c, in, body), received;
    if (!first_received(&received, c, in, e))
        return false;
    *late = rule_late(in->form, on, received);
    if (*late == 0) {
        json_object_del(body, "late_reason");
        json_object_del(body, "late_by");
        return true;
    }
    if (jv_str(body, "late_reason").n && jv_str(body, "late_by").n)
        return true;
    return err_fail(e, ERR_RECORD_LATE, err_hole("days", *late),
                    err_hole("due", day_print_zh(c->a, rule_on_time(in->form, on))));
}

bool work_ledger_body(json_t **out, int64_t *late, Call *c, const LedgerEntry *in, Err *e)
{
    json_t *raw = NULL, *body = NULL;
    if (!put_together(&raw, c, in, e))
        return false;
    bool ok = canonical(&body, in->form, raw, e);
    json_decref(raw);
    ok = ok && no_id_cards(body, e) &&
         refs_there(c, in->form->fields, in->form->n_fields, body, e) &&
         work_files_there(c, body, e) && (in->unjudged || judge_late(late, c, in, body, e));
    if (!ok) {
        jv_close(body);
        return false;
    }
    *out = body;
    return true;
}

/* --- the same record ------------------------------------------------------------------------ */

static bool how_filed(const char *key)
{
    Str k = str_of(key);
    return str_is(k, "late_reason") || str_is(k, "late_by") || str_is(k, "files") ||
           str_is(k, "state");
}

static bool whole_body(Buf *b, const json_t *body, Err *e)
{
    json_t *copy = json_copy((json_t *)(uintptr_t)body), *v;
    const char *key;
    if (!copy)
        return no_memory(e);
    json_object_foreach ((json_t *)(uintptr_t)body, key, v)
        if (how_filed(key))
            json_object_del(copy, key);
    bool ok = jv_canon(b, copy, e);
    json_decref(copy);
    return ok;
}

bool work_ledger_same(Str *out, Call *c, const Form *form, int64_t org, const json_t *body,
                      Err *e)
{
    Buf b = buf_open(FORM_BODY_MAX * 2);
    bool ok = true, orgs = form->n_key == 0;
    for (size_t i = 0; i < form->n_key; i++)
        orgs |= str_is(form->key[i], "org");
    buf_fmt(&b, "%lld", orgs ? (long long)org : 0LL);
    if (form->n_key == 0)
        ok = whole_body(&b, body, e);
    for (size_t i = 0; ok && i < form->n_key; i++) {
        const char *key = arena_z(c->a, form->key[i]);
        const json_t *v = key ? jv_get(body, key) : NULL;
        buf_putc(&b, '\n');
        ok = !v || jv_canon(&b, v, e);
    }
    ok = ok && (!b.failed || no_memory(e));
    if (ok)
        *out = arena_str(c->a, buf_str(&b));
    buf_close(&b);
    return ok;
}

bool work_ledger_twin(Fact *out, Call *c, const Form *form, int64_t org, const json_t *body,
                      Err *e)
{
    Period on = { INT32_MIN, INT32_MAX };
    FactFilter filter = { .kind = form->name };
    FactKeys keys;
    Str want, got;
    *out = (Fact){ .id = 0 };
    if (form->n_key == 0)
        return true;
    for (size_t i = 0; i < form->n_key; i++) {
        const char *key = arena_z(c->a, form->key[i]);
        const FormField *field = form_field(form, form->key[i]);
        if (str_is(form->key[i], "org"))
            filter.org = org;
        if (field && field == form->dated)
            on.from = on.to = day_of(c, form, body, c->today);
        if (key && field && field->index && json_is_string(jv_get(body, key)))
            filter.field = field->name, filter.value = jv_str(body, key);
    }
    if (!work_ledger_same(&want, c, form, org, body, e) ||
        !fact_keys(&keys, c->a, c->tx, &filter, on, e))
        return false;
    for (size_t i = 0; i < keys.n && !out->id; i++) {
        Fact f;
        json_t *held;
        if (!fact_current(&f, c->a, c->tx, form->name, keys.items[i].subject, e) ||
            !jv_read(&held, f.body, "body", e))
            return false;
        bool ok = work_ledger_same(&got, c, form, f.org, held, e);
        jv_close(held);
        if (!ok)
            return false;
        if (str_eq(want, got))
            *out = f;
    }
    return true;
}

/* --- filed ---------------------------------------------------------------------------------- */

static bool alone(Call *c, const LedgerEntry *in, const json_t *body, Err *e)
{
    Fact twin;
    if (!work_ledger_twin(&twin, c, in->form, in->org, body, e))
        return false;
    if (!twin.id || (in->was && twin.subject == in->was->subject))
        return true;
    return err_fail(e, ERR_RECORD_TWICE, err_hole("form", in->form->title),
                    err_hole("on", day_print_zh(c->a, twin.occurred_on)),
                    err_hole("id", twin.subject));
}

bool work_ledger_store(LedgerDone *out, Call *c, const LedgerEntry *in, const json_t *body,
                       Err *e)
{
    const char *form = arena_z(c->a, in->form->name);
    int64_t subject = in->was ? in->was->subject : 0, version;
    Filing f = { .form = form, .subject = subject, .org = in->org, .base = in->base,
                 .occurred_on = occurred_on(c, in, body), .body = body };
    if (!form)
        return no_memory(e);
    if (!work_ledger_caps(c, in, f.occurred_on, body, e) || !call_file(c, &f, &version, e))
        return false;
    out->id = subject ? subject : version;
    out->version = version;
    return true;
}

bool work_ledger_file(LedgerDone *out, Call *c, const LedgerEntry *in, Err *e)
{
    json_t *body;
    LedgerDone done = { .id = 0 };
    if (!work_ledger_body(&body, &done.late, c, in, e))
        return false;
    bool ok = alone(c, in, body, e) && work_ledger_store(&done, c, in, body, e);
    json_decref(body);
    if (ok)
        *out = done;
    return ok;
}
