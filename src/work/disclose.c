/* What leaves the house: chosen fields of a record, by a decision on record, for chosen days. */
#include "work/disclose.h"
#include "work/areas.h"
#include "work/ledger.h"
#include "work/record.h"
#include "work/rows.h"

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "公开"));
}

bool work_disclosable(const Form *form)
{
    return form->ledger && form->n_public > 0 && !form->personal;
}

bool work_disclosable_field(const Form *form, Str name)
{
    const FormField *f = form_field(form, name);
    if (!f || f->built_in || !work_disclosable(form))
        return false;
    if ((f->type == FIELD_REF || f->type == FIELD_REFS) && str_is(f->form->name, "person"))
        return false;
    for (size_t i = 0; i < form->n_public; i++)
        if (str_eq(form->public[i], name))
            return true;
    return false;
}

/* --- the decision --------------------------------------------------------------------------- */

typedef struct MakeIn {
    Str form, scope, decision;
    int64_t subject;
    ShapeList fields;
    Day from, to;
} MakeIn;
static const ShapeField make_fields[] = {
    { "form", SHAPE_TEXT, offsetof(MakeIn, form), .required = true, .max = 60, .title = "表单" },
    { "subject", SHAPE_ID, offsetof(MakeIn, subject), .required = true, .title = "记录" },
    { "fields", SHAPE_WORDS, offsetof(MakeIn, fields), .required = true, .max = 100,
      .title = "公开的项目" },
    { "scope", SHAPE_TEXT, offsetof(MakeIn, scope), .required = true, .max = 20,
      .title = "公开范围" },
    { "from", SHAPE_DAY, offsetof(MakeIn, from), .required = true, .title = "自" },
    { "to", SHAPE_DAY, offsetof(MakeIn, to), .title = "至" },
    { "decision", SHAPE_TEXT, offsetof(MakeIn, decision), .required = true, .max = 500,
      .title = "公开的决定" },
};
static const Shape make_in = SHAPE("DisclosureMakeIn", MakeIn, make_fields);

static bool fields_allowed(const Form *form, const MakeIn *in, Err *e)
{
    const Str *names = in->fields.items;
    if (in->fields.n == 0)
        return err_fail(e, ERR_FIELD_MISSING, err_hole("field", "公开的项目"));
    for (size_t i = 0; i < in->fields.n; i++) {
        const FormField *f = form_field(form, names[i]);
        if (!work_disclosable_field(form, names[i]))
            return err_fail(e, ERR_DISCLOSE_FIELD, err_hole("field", f ? f->title : names[i]),
                            err_hole("form", form->title));
    }
    return true;
}

static bool days_sound(Call *c, const MakeIn *in, Err *e)
{
    return (in->to == DAY_NONE || (in->to >= in->from && in->to >= c->today)) ||
           err_fail(e, ERR_DISCLOSE_DAYS);
}

static json_t *body_of(Call *c, const MakeIn *in, int64_t org)
{
    const Str *names = in->fields.items;
    json_t *body = json_object(), *fields = json_array();
    bool ok = body && fields;
    for (size_t i = 0; ok && i < in->fields.n; i++)
        ok = json_array_append_new(fields, jv_new(names[i])) == 0;
    ok = ok && json_object_set_new(body, "form", jv_new(in->form)) == 0 &&
         json_object_set_new(body, "subject", json_integer(in->subject)) == 0 &&
         json_object_set_new(body, "org", json_integer(org)) == 0 &&
         json_object_set(body, "fields", fields) == 0 &&
         json_object_set_new(body, "scope", jv_new(in->scope)) == 0 &&
         json_object_set_new(body, "decision", jv_new(in->decision)) == 0 &&
         json_object_set_new(body, "from", jv_new(day_print(c->a, in->from))) == 0 &&
         (in->to == DAY_NONE ||
          json_object_set_new(body, "to", jv_new(day_print(c->a, in->to))) == 0);
    json_decref(fields);
    if (ok)
        return body;
    json_decref(body);
    return NULL;
}

static bool disclosure_make(Call *c, const void *in_, Jw *out, Err *e)
{
    const MakeIn *in = in_;
    const char *name = arena_z(c->a, in->form);
    const Form *form;
    Fact record;
    int64_t id;
    if (!work_ledger_form(&form, c, in->form, e))
        return false;
    if (form->personal)
        return c->asked = true, err_fail(e, ERR_DISCLOSE_PERSONAL, err_hole("form", form->title));
    if (!name || !call_thing(&record, c, name, in->subject, e) ||
        !call_may_roles(c, DISCLOSERS, record.org, e) || !work_ledger_read(c, form, &record, e) ||
        !fields_allowed(form, in, e) || !days_sound(c, in, e))
        return false;
    json_t *body = body_of(c, in, record.org);
    bool ok = (body || no_memory(e)) &&
              call_file(c, &(Filing){ .form = "disclosure", .org = record.org, .body = body }, &id,
                        e);
    json_decref(body);
    if (ok)
        work_put_made(out, id, id);
    return ok;
}

const UseCase work_disclosure_make = { "disclosure_make", "决定公开一条记录", WORK_WRITE,
                                       DISCLOSERS, &make_in, &work_made,
                                       .run = disclosure_make };

/* --- ended early ---------------------------------------------------------------------------- */

typedef struct EndIn {
    int64_t disclosure;
    Str reason;
} EndIn;
static const ShapeField end_fields[] = {
    { "disclosure", SHAPE_ID, offsetof(EndIn, disclosure), .required = true, .title = "公开" },
    { "reason", SHAPE_TEXT, offsetof(EndIn, reason), .required = true, .max = 500,
      .title = "结束理由" },
};
static const Shape end_in = SHAPE("DisclosureEndIn", EndIn, end_fields);

static bool disclosure_end(Call *c, const void *in_, Jw *out, Err *e)
{
    const EndIn *in = in_;
    Fact was;
    int64_t id;
    if (!call_thing(&was, c, "disclosure", in->disclosure, e) || !call_may_org(c, was.org, e))
        return false;
    if (fact_day(&was, "ended") != DAY_NONE)
        return err_fail(e, ERR_DISCLOSE_OVER);
    Str today = day_print(c->a, c->today);
    json_t *patch = json_pack("{s:s%,s:s%}", "ended", today.p, today.n, "reason", in->reason.p,
                              in->reason.n);
    bool ok = (patch || no_memory(e)) && call_revise(c, "disclosure", &was, 0, patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, was.subject, id);
    return ok;
}

const UseCase work_disclosure_end = { "disclosure_end", "提前结束公开", WORK_WRITE, DISCLOSERS,
                                      &end_in, &work_made, .run = disclosure_end };

/* --- what was decided ----------------------------------------------------------------------- */

typedef struct ListIn {
    Str form;
    int64_t org, subject;
} ListIn;
static const ShapeField list_fields[] = {
    { "org", SHAPE_ID, offsetof(ListIn, org), .title = "组织" },
    { "form", SHAPE_TEXT, offsetof(ListIn, form), .max = 60, .title = "表单" },
    { "subject", SHAPE_ID, offsetof(ListIn, subject), .title = "记录" },
};
static const Shape list_in = SHAPE("DisclosureListIn", ListIn, list_fields);
static const ShapeField item_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "form", SHAPE_TEXT, .required = true },
    { "form_title", SHAPE_TEXT, .required = true },
    { "subject", SHAPE_ID, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "fields", SHAPE_WORDS, .required = true },
    { "scope", SHAPE_TEXT, .required = true },
    { "scope_title", SHAPE_TEXT, .required = true },
    { "from", SHAPE_DAY, .required = true },
    { "to", SHAPE_DAY },
    { "ended", SHAPE_DAY },
    { "reason", SHAPE_TEXT },
    { "decision", SHAPE_TEXT, .required = true },
    { "by", SHAPE_TEXT, .required = true },
    { "stands", SHAPE_BOOL, .required = true },
};
static const Shape item_shape = SHAPE_REPLY("Disclosure", item_fields);
static const ShapeField all_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &item_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape all_out = SHAPE_REPLY("Disclosures", all_fields);

static bool put_titles(Call *c, const Disclosed *x, Jw *out, Err *e)
{
    json_t *body = call_body(c, &x->d, e);
    if (!body)
        return false;
    const json_t *fields = jv_get(body, "fields");
    jw_key(out, "fields");
    jw_arr(out);
    for (size_t i = 0; i < jv_len(fields); i++) {
        const FormField *f = form_field(x->form, jv_text(jv_at(fields, i)));
        jw_str(out, f ? f->title : jv_text(jv_at(fields, i)));
    }
    jw_end(out);
    json_decref(body);
    return true;
}

static bool put_item(Call *c, const Fact *f, Jw *out, Err *e)
{
    Disclosed x;
    FactList all;
    Str by, scope = fact_str(c->a, f, "scope");
    bool stands;
    if (!work_disclosed(&x, c, f, e) || !work_disclosure_stands(&stands, c, f, e) ||
        !fact_history(&all, c->a, c->tx, f->kind, f->subject, e) ||
        !work_filed_by(&by, c, &all.items[0], e))
        return false;
    jw_obj(out);
    jw_kint(out, "id", f->subject);
    jw_kint(out, "version", f->id);
    jw_kstr(out, "form", x.form->name);
    jw_kstr(out, "form_title", x.form->title);
    jw_kint(out, "subject", fact_int(f, "subject"));
    jw_kstr(out, "title", x.title);
    jw_kint(out, "org", f->org);
    jw_kstr(out, "org_name", x.org);
    jw_kstr(out, "scope", scope);
    jw_kstr(out, "scope_title", call_title(c, "disclosure_scope", scope));
    jw_kday(out, "from", fact_day(f, "from"));
    if (fact_day(f, "to") != DAY_NONE)
        jw_kday(out, "to", fact_day(f, "to"));
    if (fact_day(f, "ended") != DAY_NONE)
        jw_kday(out, "ended", fact_day(f, "ended"));
    jw_kstr_some(out, "reason", fact_str(c->a, f, "reason"));
    jw_kstr(out, "decision", fact_str(c->a, f, "decision"));
    jw_kstr(out, "by", by);
    jw_kbool(out, "stands", stands && !x.struck);
    bool ok = put_titles(c, &x, out, e);
    jw_end(out);
    return ok;
}

static bool disclosure_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const ListIn *in = in_;
    FactFilter by = { .kind = STRC("disclosure"), .org = in->org, .below = true };
    FactList l;
    int64_t n = 0;
    if (!call_may_all(c, e) || !fact_list(&l, c->a, c->tx, &by, e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = l.n; i-- > 0;) {
        const Fact *f = &l.items[i];
        if ((in->subject && fact_int(f, "subject") != in->subject) ||
            (in->form.n && !str_eq(fact_str(c->a, f, "form"), in->form)) ||
            !call_can(c, DISCLOSERS | LEDGER_ABOVE, f->org))
            continue;
        if (!put_item(c, f, out, e))
            return false;
        n++;
    }
    jw_end(out);
    jw_kint(out, "total", n);
    return true;
}

const UseCase work_disclosure_list = { "disclosure_list", "查看公开的决定", WORK_READ,
                                       DISCLOSERS | LEDGER_ABOVE, &list_in, &all_out,
                                       .run = disclosure_list };
