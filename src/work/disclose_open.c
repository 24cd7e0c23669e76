/* The public pages: what stands there today, and what of it was corrected since it was decided. */
#include "work/disclose.h"
#include "work/ledger.h"
#include "work/record.h"
#include "work/rows.h"

/* --- does it stand? ------------------------------------------------------------------------- */

static bool in_days(Call *c, const Fact *d)
{
    Day ended = fact_day(d, "ended");
    return call_holds(d, c->today) && (ended == DAY_NONE || ended > c->today);
}

/* "all" and "residents" need no log-in: whoever lives there has no account. "members" is for who
 * has one in this line: in the organisation, above it, or below it. */
static bool in_scope(bool *out, Call *c, const Fact *d, Err *e)
{
    *out = c->who->console || !str_is(fact_str(c->a, d, "scope"), "members");
    for (size_t i = 0; i < c->who->n_grants && !*out; i++) {
        const WhoGrant *g = &c->who->grants[i];
        *out = g->org == 0;
        if (!*out && (!fact_below(out, c->tx, d->org, g->org, e) ||
                      (!*out && !fact_below(out, c->tx, g->org, d->org, e))))
            return false;
    }
    return true;
}

bool work_disclosure_stands(bool *out, Call *c, const Fact *d, Err *e)
{
    *out = false;
    return !in_days(c, d) || in_scope(out, c, d, e);
}

/* --- what it says --------------------------------------------------------------------------- */

/* The record when the decision was filed, and as it is now. */
static bool versions(Disclosed *x, Call *c, Err *e)
{
    FactList all;
    int64_t decided = x->d.subject; /* the first fact of the disclosure */
    if (!fact_history(&all, c->a, c->tx, x->form->name, fact_int(&x->d, "subject"), e))
        return false;
    if (!all.n)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", x->form->title));
    x->struck = leaf_is_strike(&all.items[all.n - 1]);
    for (size_t i = 0; i < all.n; i++) {
        if (leaf_is_strike(&all.items[i]))
            continue;
        x->record = all.items[i];
        if (all.items[i].id < decided)
            x->said = all.items[i];
    }
    return x->said.id || err_fail(e, ERR_NOT_FOUND, err_hole("what", x->form->title));
}

static bool title_add(void *arg, const FormField *f, Str text, bool corrected, Err *e)
{
    Str *title = arg;
    (void)corrected;
    (void)e;
    if (!title->n && (f->type == FIELD_TEXT || f->type == FIELD_LONG))
        *title = text;
    return true;
}

bool work_disclosed(Disclosed *out, Call *c, const Fact *d, Err *e)
{
    *out = (Disclosed){ .d = *d };
    out->form = pack_form(call_rules(c), fact_str(c->a, d, "form"));
    if (!out->form || !out->form->ledger)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "公开的表单"));
    out->title = STRC("");
    if (!call_name(&out->org, c, "org", d->org, e) || !versions(out, c, e) ||
        (!out->struck && !work_disclosed_fields(c, out, title_add, &out->title, e)))
        return false;
    if (!out->title.n)
        out->title = out->form->title;
    return true;
}

static bool named(const json_t *fields, Str name)
{
    for (size_t i = 0; i < jv_len(fields); i++)
        if (str_eq(jv_text(jv_at(fields, i)), name))
            return true;
    return false;
}

/* Once more by the pack of today: what may no longer leave stays in, whatever was decided. */
static bool each_field(Call *c, const Disclosed *x, const json_t *d, const json_t *now,
                       const json_t *then, DisclosedField each, void *arg, Err *e)
{
    for (size_t i = 0; i < x->form->n_fields; i++) {
        const FormField *f = &x->form->fields[i];
        const char *key = arena_z(c->a, f->name);
        Str text = STRC("");
        if (!key || !named(jv_get(d, "fields"), f->name) ||
            !work_disclosable_field(x->form, f->name))
            continue;
        const json_t *v = jv_get(now, key), *was = jv_get(then, key);
        if (!v && !was)
            continue;
        if (v && !work_record_text(&text, c, f, v, e))
            return false;
        if (!each(arg, f, text, !v || !was || !json_equal(v, was), e))
            return false;
    }
    return true;
}

bool work_disclosed_fields(Call *c, const Disclosed *x, DisclosedField each, void *arg, Err *e)
{
    json_t *d = call_body(c, &x->d, e), *now = NULL, *then = NULL;
    bool ok = d && (now = call_body(c, &x->record, e)) && (then = call_body(c, &x->said, e)) &&
              each_field(c, x, d, now, then, each, arg, e);
    json_decref(d);
    json_decref(now);
    json_decref(then);
    return ok;
}

/* --- the list ------------------------------------------------------------------------------- */

static bool has_words(const Disclosed *x, Str q)
{
    return q.n == 0 || str_has(x->title, q) || str_has(x->org, q) || str_has(x->form->title, q);
}

/* One whose form or record is gone is left out: it must not take the others' page down. */
static bool wanted(bool *out, Call *c, const Fact *d, Str q, Err *e)
{
    Disclosed x;
    if (!work_disclosure_stands(out, c, d, e))
        return false;
    if (!*out)
        return true;
    if (!work_disclosed(&x, c, d, e)) {
        *out = false;
        return e->code == ERR_NOT_FOUND;
    }
    *out = !x.struck && has_words(&x, q);
    return true;
}

bool work_disclosures_open(FactList *out, Call *c, Str q, Err *e)
{
    FactList l;
    if (!call_list(&l, c, "disclosure", NULL, STRC(""), e))
        return false;
    *out = (FactList){ ARENA_ARRAY(c->a, Fact, l.n), 0 };
    if (!out->items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "公开"));
    for (size_t i = l.n; i-- > 0;) {
        bool yes;
        if (!wanted(&yes, c, &l.items[i], q, e))
            return false;
        if (yes)
            out->items[out->n++] = l.items[i];
    }
    return true;
}

typedef struct OpenIn {
    Str q;
    int64_t after, disclosure;
} OpenIn;
static const ShapeField list_fields[] = {
    { "q", SHAPE_TEXT, offsetof(OpenIn, q), .max = 100, .title = "查找" },
    { "after", SHAPE_ID, offsetof(OpenIn, after), .title = "从哪条以后" },
};
static const Shape list_in = SHAPE("OpenListIn", OpenIn, list_fields);
static const ShapeField item_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "form_title", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "scope_title", SHAPE_TEXT, .required = true },
    { "from", SHAPE_DAY, .required = true },
    { "to", SHAPE_DAY },
    { "days_left", SHAPE_INT },
};
static const Shape item_shape = SHAPE_REPLY("OpenItem", item_fields);
static const ShapeField list_out_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &item_shape },
    { "total", SHAPE_INT, .required = true },
    { "next", SHAPE_ID },
};
static const Shape list_out = SHAPE_REPLY("OpenList", list_out_fields);

static void put_head(Call *c, const Disclosed *x, Jw *out)
{
    Day to = fact_day(&x->d, "to");
    jw_kint(out, "id", x->d.subject);
    jw_kstr(out, "form_title", x->form->title);
    jw_kstr(out, "title", x->title);
    jw_kstr(out, "org_name", x->org);
    jw_kstr(out, "scope_title",
            call_title(c, "disclosure_scope", fact_str(c->a, &x->d, "scope")));
    jw_kday(out, "from", fact_day(&x->d, "from"));
    if (to != DAY_NONE) {
        jw_kday(out, "to", to);
        jw_kint(out, "days_left", to - c->today);
    }
}

static bool open_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const OpenIn *in = in_;
    FactList l;
    size_t from = 0, i;
    if (!call_may_all(c, e) || !work_disclosures_open(&l, c, in->q, e))
        return false;
    while (in->after && from < l.n && l.items[from].subject >= in->after)
        from++;
    jw_key(out, "items");
    jw_arr(out);
    for (i = from; i < l.n && i < from + OPEN_PAGE; i++) {
        Disclosed x;
        if (!work_disclosed(&x, c, &l.items[i], e))
            return false;
        jw_obj(out);
        put_head(c, &x, out);
        jw_end(out);
    }
    jw_end(out);
    jw_kint(out, "total", (int64_t)l.n);
    if (i < l.n)
        jw_kint(out, "next", l.items[i - 1].subject);
    return true;
}

const UseCase work_open_list = { "open_list", "公开的事项（不必登录）", WORK_READ, WORK_ANYBODY,
                                 &list_in, &list_out, .run = open_list };

/* --- one of them ---------------------------------------------------------------------------- */

static const ShapeField show_fields[] = {
    { "disclosure", SHAPE_ID, offsetof(OpenIn, disclosure), .required = true, .title = "公开" },
};
static const Shape show_in = SHAPE("OpenShowIn", OpenIn, show_fields);
static const ShapeField field_fields[] = {
    { "title", SHAPE_TEXT, .required = true },
    { "text", SHAPE_TEXT, .required = true },
    { "corrected", SHAPE_BOOL, .required = true },
};
static const Shape field_shape = SHAPE_REPLY("OpenField", field_fields);
static const ShapeField show_out_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "form_title", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "scope_title", SHAPE_TEXT, .required = true },
    { "from", SHAPE_DAY, .required = true },
    { "to", SHAPE_DAY },
    { "days_left", SHAPE_INT },
    { "decision", SHAPE_TEXT, .required = true },
    { "withdrawn", SHAPE_BOOL, .required = true },
    { "corrected_on", SHAPE_DAY },
    { "fields", SHAPE_LIST, .required = true, .sub = &field_shape },
};
static const Shape show_out = SHAPE_REPLY("OpenShow", show_out_fields);

typedef struct Fields {
    Jw *out;
    bool corrected;
} Fields;

static bool put_field(void *arg, const FormField *f, Str text, bool corrected, Err *e)
{
    Fields *x = arg;
    (void)e;
    x->corrected |= corrected;
    jw_obj(x->out);
    jw_kstr(x->out, "title", f->title);
    jw_kstr(x->out, "text", text);
    jw_kbool(x->out, "corrected", corrected);
    jw_end(x->out);
    return true;
}

/* One that does not stand is not there, whoever asks: before its first day, after its last. */
bool work_disclosure_find(Disclosed *out, Call *c, int64_t id, Err *e)
{
    Fact d;
    bool stands;
    if (!call_may_all(c, e) || !call_thing(&d, c, "disclosure", id, e) ||
        !work_disclosure_stands(&stands, c, &d, e))
        return false;
    if (!stands)
        return err_fail(e, ERR_NOT_OPEN);
    return work_disclosed(out, c, &d, e);
}

static bool open_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const OpenIn *in = in_;
    Disclosed x;
    Fields fields = { .out = out };
    if (!work_disclosure_find(&x, c, in->disclosure, e))
        return false;
    put_head(c, &x, out);
    jw_kstr(out, "decision", fact_str(c->a, &x.d, "decision"));
    jw_kbool(out, "withdrawn", x.struck);
    jw_key(out, "fields");
    jw_arr(out);
    if (!x.struck && !work_disclosed_fields(c, &x, put_field, &fields, e))
        return false;
    jw_end(out);
    if (fields.corrected)
        jw_kday(out, "corrected_on", moment_day(x.record.received_at));
    return true;
}

const UseCase work_open_show = { "open_show", "查看一项公开（不必登录）", WORK_READ, WORK_ANYBODY,
                                 &show_in, &show_out, .run = open_show };
