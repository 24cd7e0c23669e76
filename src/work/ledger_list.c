/* A ledger as a list: newest day first, page by page. */
#include "work/ledger.h"
#include "work/areas.h"
#include "work/record.h"
#include "work/rows.h"

#include <string.h>

/* --- one record ----------------------------------------------------------------------------- */

static const ShapeField item_fields[] = { LEDGER_ITEM_FIELDS };
const Shape work_ledger_item = SHAPE_REPLY("LedgerItem", item_fields);

bool work_ledger_shown(Call *c, const Form *form, const json_t *body, Jw *out, Err *e)
{
    jw_key(out, "shown");
    jw_obj(out);
    for (size_t i = 0; i < form->n_fields; i++) {
        const FormField *f = &form->fields[i];
        const char *key = arena_z(c->a, f->name);
        const json_t *v = key ? jv_get(body, key) : NULL;
        Str text;
        if (!v || str_is(f->name, "files"))
            continue;
        if (!work_record_text(&text, c, f, v, e))
            return false;
        jw_key_str(out, f->name);
        jw_str(out, text);
    }
    jw_end(out);
    return true;
}

static bool put_state(Call *c, const Form *form, const json_t *body, Jw *out)
{
    const Flow *flow = pack_flow_of(call_rules(c), form);
    Str state = jv_str(body, "state");
    if (flow && state.n) {
        jw_kstr(out, "state", state);
        jw_kstr(out, "state_title", list_title(flow->states, state));
    }
    return true;
}

static bool put_body(Call *c, const Form *form, const Fact *f, Jw *out, Err *e)
{
    json_t *body;
    if (!jv_read(&body, f->body, "body", e))
        return false;
    Str by = jv_str(body, "late_by");
    jw_kstr_some(out, "late_reason", jv_str(body, "late_reason"));
    jw_kstr_some(out, "late_by", by.n ? call_title(c, "late_cause", by) : by);
    jw_kjson(out, "values", body);
    bool ok = put_state(c, form, body, out) && work_ledger_shown(c, form, body, out, e);
    jv_close(body);
    return ok;
}

bool work_ledger_key(FactKey *out, Call *c, const Fact *f, Err *e)
{
    FactList all;
    if (!fact_history(&all, c->a, c->tx, f->kind, f->subject, e))
        return false;
    const Fact *first = all.n ? &all.items[0] : f;
    *out = (FactKey){ .subject = f->subject, .fact = f->id, .first = first->id, .org = f->org,
                      .on = f->occurred_on, .received = first->received_at,
                      .changed = f->received_at };
    return true;
}

bool work_ledger_put(Call *c, const Form *form, const Fact *f, const FactKey *key, Jw *out,
                     Err *e)
{
    Str org, by;
    Fact first = *f;
    if ((key->first != f->id && !fact_get(&first, c->a, c->tx, key->first, e)) ||
        !work_filed_by(&by, c, &first, e) || !call_name(&org, c, "org", f->org, e))
        return false;
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", f->id);
    jw_kint(out, "org", f->org);
    jw_kstr(out, "org_name", org);
    jw_kday(out, "on", f->occurred_on);
    jw_kmoment(out, "received", key->received);
    jw_kint(out, "late", rule_late(form, f->occurred_on, moment_day(key->received)));
    jw_kstr(out, "filed_by", by);
    return put_body(c, form, f, out, e);
}

/* --- columns -------------------------------------------------------------------------------- */

static bool fits_list(const FormField *f)
{
    return !f->built_in && f->type != FIELD_LONG && f->type != FIELD_ROWS &&
           f->type != FIELD_OBJECT && f->type != FIELD_FILE && !str_is(f->name, "state");
}

size_t work_ledger_columns(const FormField *out[LEDGER_COLUMNS_MAX], Call *c, const Form *form)
{
    size_t n = 0;
    (void)c;
    for (int wanted = 1; wanted >= 0; wanted--) /* what must be filled in says most */
        for (size_t i = 0; i < form->n_fields && n < LEDGER_COLUMNS_MAX; i++)
            if (fits_list(&form->fields[i]) && form->fields[i].required == wanted &&
                &form->fields[i] != form->dated)
                out[n++] = &form->fields[i];
    return n;
}

/* --- the list ------------------------------------------------------------------------------- */

typedef struct ListIn {
    Str form, state, q, field, value;
    int64_t org, after, limit;
    Day from, to;
    bool below, late;
} ListIn;
static const ShapeField list_fields[] = {
    { "form", SHAPE_TEXT, offsetof(ListIn, form), .required = true, .max = 60, .title = "表单" },
    { "org", SHAPE_ID, offsetof(ListIn, org), .title = "组织" },
    { "below", SHAPE_BOOL, offsetof(ListIn, below), .title = "含下级" },
    { "from", SHAPE_DAY, offsetof(ListIn, from), .title = "自" },
    { "to", SHAPE_DAY, offsetof(ListIn, to), .title = "至" },
    { "state", SHAPE_TEXT, offsetof(ListIn, state), .max = 60, .title = "状态" },
    { "q", SHAPE_TEXT, offsetof(ListIn, q), .max = 100, .title = "查找" },
    { "late", SHAPE_BOOL, offsetof(ListIn, late), .title = "只看补录" },
    { "field", SHAPE_TEXT, offsetof(ListIn, field), .max = 60, .title = "项目" },
    { "value", SHAPE_TEXT, offsetof(ListIn, value), .max = 200, .title = "值" },
    { "after", SHAPE_ID, offsetof(ListIn, after), .title = "从哪条以后" },
    { "limit", SHAPE_INT, offsetof(ListIn, limit), .min = 1, .max = LEDGER_PAGE_MAX,
      .title = "条数" },
};
static const Shape list_in = SHAPE("RecordListIn", ListIn, list_fields);
static const ShapeField records_fields[] = {
    { "form", SHAPE_JSON, .required = true },
    { "columns", SHAPE_WORDS, .required = true },
    { "items", SHAPE_LIST, .required = true, .sub = &work_ledger_item },
    { "total", SHAPE_INT, .required = true },
    { "hidden", SHAPE_INT, .required = true },
    { "next", SHAPE_ID },
};
static const Shape records_out = SHAPE_REPLY("Records", records_fields);

/* Where the page begins: behind the record that the page before ended with. A record that is gone
 * meanwhile begins the list anew. */
static size_t page_from(const LedgerFound *found, int64_t after)
{
    for (size_t i = 0; after && i < found->n; i++)
        if (found->items[i].subject == after)
            return i + 1;
    return 0;
}

static bool put_records(Call *c, const Form *form, const LedgerFound *found, size_t from,
                        size_t limit, Jw *out, Err *e)
{
    size_t i = from;
    jw_key(out, "items");
    jw_arr(out);
    for (; i < found->n && i < from + limit; i++) {
        Fact f;
        if (!fact_current(&f, c->a, c->tx, form->name, found->items[i].subject, e))
            return false;
        jw_obj(out);
        if (!work_ledger_put(c, form, &f, &found->items[i], out, e))
            return false;
        jw_end(out);
    }
    jw_end(out);
    jw_kint(out, "total", (int64_t)found->n);
    jw_kint(out, "hidden", found->hidden);
    if (i < found->n)
        jw_kint(out, "next", found->items[i - 1].subject);
    return true;
}

static void put_columns(Call *c, const Form *form, Jw *out)
{
    const FormField *columns[LEDGER_COLUMNS_MAX];
    size_t n = work_ledger_columns(columns, c, form);
    jw_key(out, "form");
    form_describe(out, form);
    jw_key(out, "columns");
    jw_arr(out);
    for (size_t i = 0; i < n; i++)
        jw_str(out, columns[i]->name);
    jw_end(out);
}

static bool record_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const ListIn *in = in_;
    LedgerQuery q = { .org = in->org, .below = in->below, .from = in->from, .to = in->to,
                      .state = in->state, .q = in->q, .field = in->field, .value = in->value,
                      .late = in->late };
    LedgerFound found;
    if (!work_ledger_form(&q.form, c, in->form, e) || !work_ledger_find(&found, c, &q, e))
        return false;
    put_columns(c, q.form, out);
    return put_records(c, q.form, &found, page_from(&found, in->after),
                       in->limit ? (size_t)in->limit : LEDGER_PAGE, out, e);
}

const UseCase work_record_list = { "record_list", "查看台账", WORK_READ, LEDGER_ROLES, &list_in,
                                   &records_out, .token = WORK_TOKEN_READS, .run = record_list };
