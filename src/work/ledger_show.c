/* One record: what it says, what became of it, what is attached, where it may go. */
#include "work/areas.h"
#include "work/disclose.h"
#include "work/file.h"
#include "work/ledger.h"
#include "work/ledger_known.h"
#include "work/ledger_move.h"
#include "work/record.h"
#include "work/rows.h"

/* --- history -------------------------------------------------------------------------------- */

static const ShapeField past_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "on", SHAPE_DAY, .required = true },
    { "received", SHAPE_MOMENT, .required = true },
    { "who", SHAPE_TEXT, .required = true },
    { "changed", SHAPE_WORDS, .required = true },
    { "struck", SHAPE_BOOL, .required = true },
    { "reason", SHAPE_TEXT },
};
static const Shape past_shape = SHAPE_REPLY("RecordPast", past_fields);

static void put_title(Jw *out, const Form *form, const char *key)
{
    const FormField *f = form_field(form, str_of(key));
    jw_str(out, f ? f->title : str_of(key));
}

/* Titles of the fields that differ: in what is now, then those that are gone. */
static bool put_changed(Jw *out, const Form *form, const Fact *was, const Fact *now, Err *e)
{
    json_t *old = NULL, *body = NULL, *v;
    const char *key;
    bool ok = jv_read(&body, now->body, "body", e) &&
              (!was || leaf_is_strike(was) || jv_read(&old, was->body, "body", e));
    jw_key(out, "changed");
    jw_arr(out);
    if (ok && was) {
        json_object_foreach (body, key, v)
            if (!json_equal(v, jv_get(old, key)))
                put_title(out, form, key);
        json_object_foreach (old, key, v)
            if (!jv_get(body, key))
                put_title(out, form, key);
    }
    jw_end(out);
    jv_close(old);
    jv_close(body);
    return ok;
}

static bool put_reason(Call *c, const Fact *f, Jw *out, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "record_strike", "subject", f->subject, e))
        return false;
    if (l.n)
        jw_kstr(out, "reason", fact_str(c->a, &l.items[l.n - 1], "reason"));
    return true;
}

static bool put_past(Call *c, const Form *form, const Fact *was, const Fact *now, Jw *out, Err *e)
{
    Str who;
    bool struck = leaf_is_strike(now);
    if (!work_filed_by(&who, c, now, e))
        return false;
    jw_obj(out);
    jw_kint(out, "id", now->id);
    jw_kday(out, "on", now->occurred_on);
    jw_kmoment(out, "received", now->received_at);
    jw_kstr(out, "who", who);
    jw_kbool(out, "struck", struck);
    if (struck) {
        jw_key(out, "changed");
        jw_arr(out);
        jw_end(out);
    }
    bool ok = struck ? put_reason(c, now, out, e) : put_changed(out, form, was, now, e);
    jw_end(out);
    return ok;
}

static bool put_history(Call *c, const Form *form, const FactList *all, Jw *out, Err *e)
{
    jw_key(out, "history");
    jw_arr(out);
    for (size_t i = 0; i < all->n; i++)
        if (!put_past(c, form, i ? &all->items[i - 1] : NULL, &all->items[i], out, e))
            return false;
    jw_end(out);
    return true;
}

/* --- the record ----------------------------------------------------------------------------- */

typedef struct ShowIn {
    Str form;
    int64_t subject;
} ShowIn;
static const ShapeField show_fields[] = {
    { "form", SHAPE_TEXT, offsetof(ShowIn, form), .required = true, .max = 60, .title = "表单" },
    { "subject", SHAPE_ID, offsetof(ShowIn, subject), .required = true, .title = "记录" },
};
static const Shape show_in = SHAPE("RecordShowIn", ShowIn, show_fields);
static const ShapeField may_fields[] = {
    { "revise", SHAPE_BOOL, .required = true },
    { "strike", SHAPE_BOOL, .required = true },
    { "disclose", SHAPE_BOOL, .required = true },
};
static const Shape may_shape = SHAPE_REPLY("RecordMay", may_fields);
static const ShapeField way_fields[] = {
    { "event", SHAPE_TEXT, .required = true }, { "title", SHAPE_TEXT, .required = true },
    { "to", SHAPE_TEXT, .required = true },    { "may", SHAPE_BOOL, .required = true },
    { "open", SHAPE_BOOL, .required = true },  { "needs", SHAPE_TEXT },
    { "due", SHAPE_DAY },                  { "fields", SHAPE_WORDS, .required = true },
};
static const Shape way_shape = SHAPE_REPLY("RecordWay", way_fields);
static const ShapeField record_fields[] = {
    LEDGER_ITEM_FIELDS,
    { "form", SHAPE_JSON, .required = true },
    { "struck", SHAPE_BOOL, .required = true },
    { "history", SHAPE_LIST, .required = true, .sub = &past_shape },
    { "files", SHAPE_LIST, .required = true, .sub = &work_file_shape },
    { "moves", SHAPE_LIST, .required = true, .sub = &way_shape },
    { "flow", SHAPE_JSON },
    { "counts_for", SHAPE_LIST, .sub = &work_ledger_counts },
    { "may", SHAPE_OBJ, .required = true, .sub = &may_shape },
};
static const Shape record_out = SHAPE_REPLY("Record", record_fields);

static bool put_may(Call *c, const Form *form, const Fact *f, bool struck, Jw *out, Err *e)
{
    uint32_t hands;
    if (!work_ledger_hands(&hands, c, form, f->org, e))
        return false;
    bool keeps = !struck && (hands & form->who);
    jw_key(out, "may");
    jw_obj(out);
    jw_kbool(out, "revise", keeps);
    jw_kbool(out, "strike", keeps);
    jw_kbool(out, "disclose", !struck && work_disclosable(form) && (hands & DISCLOSERS));
    jw_end(out);
    return true;
}

static bool put_ways(Call *c, const Form *form, const Fact *f, bool struck, Jw *out, Err *e)
{
    const Flow *flow = pack_flow_of(call_rules(c), form);
    if (flow) {
        jw_key(out, "flow");
        jw_obj(out);
        flow_describe(out, flow);
        jw_end(out);
    }
    if (!struck)
        return work_ledger_moves(c, form, f, out, e);
    jw_key(out, "moves");
    jw_arr(out);
    jw_end(out);
    return true;
}

/* For people: what the record counts for. Machines read many and do not ask. */
static bool put_counts(Call *c, const Fact *said, bool struck, Jw *out, Err *e)
{
    return struck || c->who->token || work_ledger_count(c, said->org, said->subject, out, e);
}

static bool record_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const ShowIn *in = in_;
    const Form *form;
    FactList all;
    if (!work_ledger_form(&form, c, in->form, e) ||
        !fact_history(&all, c->a, c->tx, form->name, in->subject, e))
        return false;
    if (!all.n)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", form->title));
    /* Of a struck record the last thing it said tells whose it was. */
    const Fact *said = &all.items[all.n - 1];
    bool struck = leaf_is_strike(said);
    if (struck && all.n > 1)
        said = &all.items[all.n - 2];
    if (!work_ledger_read(c, form, said, e))
        return false;
    FactKey key = { .first = all.items[0].id, .received = all.items[0].received_at };
    jw_key(out, "form");
    form_describe(out, form);
    jw_kbool(out, "struck", struck);
    return work_ledger_put(c, form, said, &key, out, e) && put_history(c, form, &all, out, e) &&
           work_files_put(c, form, said, out, e) && put_ways(c, form, said, struck, out, e) &&
           put_may(c, form, said, struck, out, e) && put_counts(c, said, struck, out, e);
}

const UseCase work_record_show = { "record_show", "查看一条台账记录", WORK_READ, LEDGER_ROLES,
                                   &show_in, &record_out, .token = WORK_TOKEN_READS,
                                   .run = record_show };

/* --- a page to fill in ---------------------------------------------------------------------- */

typedef struct NewIn {
    Str form;
    int64_t org;
} NewIn;
static const ShapeField new_fields[] = {
    { "form", SHAPE_TEXT, offsetof(NewIn, form), .required = true, .max = 60, .title = "表单" },
    { "org", SHAPE_ID, offsetof(NewIn, org), .required = true, .title = "组织" },
};
static const Shape new_in = SHAPE("RecordNewIn", NewIn, new_fields);
static const ShapeField page_fields[] = {
    { "form", SHAPE_JSON, .required = true },
    { "values", SHAPE_JSON, .required = true },
    { "shown", SHAPE_JSON, .required = true },
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "may", SHAPE_BOOL, .required = true },
};
static const Shape page_out = SHAPE_REPLY("RecordNew", page_fields);

static bool record_new(Call *c, const void *in_, Jw *out, Err *e)
{
    const NewIn *in = in_;
    const Form *form;
    Str name;
    uint32_t hands;
    if (!call_may_all(c, e) || !work_ledger_form(&form, c, in->form, e) ||
        !call_name(&name, c, "org", in->org, e) ||
        !work_ledger_hands(&hands, c, form, in->org, e))
        return false;
    jw_key(out, "form");
    form_describe(out, form);
    bool may = (hands & form->who) != 0;
    jw_kint(out, "org", in->org);
    jw_kstr(out, "org_name", name);
    jw_kbool(out, "may", may);
    return work_ledger_given(c, form, may ? in->org : 0, out, e);
}

const UseCase work_record_new = { "record_new", "打开一张空白台账", WORK_READ, LEDGER_ROLES,
                                  &new_in, &page_out, .run = record_new };
