/* Filling a template in: what it sees is gathered once, then its parts are worked out in order. */
#include "work/record.h"
#include "work/template.h"

#include <string.h>

#define BLANK "＿＿＿＿" /* to be filled in by hand */

typedef struct Fill {
    Call *c;
    const Template *t;
    Paper *paper;
    FeelScope scope;
    json_t *bodies;          /* values point into them: kept until the paper stands */
    Str issuer;              /* red head that waits for its number */
    bool waits;
} Fill;

static bool no_memory(const Fill *f, Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", f->t->title));
}

/* --- what a template sees ------------------------------------------------------------------- */

static bool shown(Str *out, Fill *f, const FormField *field, const json_t *v, Err *e)
{
    Day day = DAY_NONE;
    Err none;
    *out = STRC(BLANK);
    if (!v || json_is_null(v) || field->type == FIELD_OBJECT)
        return true;
    if (field->type == FIELD_DAY && day_read(&day, jv_text(v), &none)) {
        *out = day_print_zh(f->c->a, day);
        return true;
    }
    return work_record_text(out, f->c, field, v, e);
}

static bool say_value(FeelValue *out, Fill *f, const Form *form, const json_t *body, Err *e)
{
    FeelEntry *all = ARENA_ARRAY(f->c->a, FeelEntry, form->n_fields);
    if (!all)
        return no_memory(f, e);
    for (size_t i = 0; i < form->n_fields; i++) {
        const char *key = arena_z(f->c->a, form->fields[i].name);
        Str text;
        if (!key || !shown(&text, f, &form->fields[i], jv_get(body, key), e))
            return key ? false : no_memory(f, e);
        all[i] = (FeelEntry){ form->fields[i].name, feel_string(text) };
    }
    *out = feel_context(all, form->n_fields);
    return true;
}

static bool body_of(json_t **out, Fill *f, const Fact *fact, Err *e)
{
    if (!(*out = call_body(f->c, fact, e)))
        return false;
    return json_array_append_new(f->bodies, *out) == 0 || no_memory(f, e);
}

/* A record among others: its number, say, its fields. */
static bool record_value(FeelValue *out, Fill *f, const Form *form, const Fact *fact, Err *e)
{
    FeelValue fields, say;
    json_t *body;
    bool visible;
    if (!work_record_visible(&visible, f->c, fact, e))
        return false;
    if (!visible)
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", form->title));
    if (!body_of(&body, f, fact, e) || !form_value(&fields, f->c->a, form, body, e) ||
        !say_value(&say, f, form, body, e))
        return false;
    FeelEntry *all = ARENA_ARRAY(f->c->a, FeelEntry, fields.context.n + 2);
    size_t n = 0;
    if (!all)
        return no_memory(f, e);
    all[n++] = (FeelEntry){ STRC("id"), feel_int(fact->subject) };
    all[n++] = (FeelEntry){ STRC("say"), say };
    for (size_t i = 0; i < fields.context.n; i++)
        if (!str_is(fields.context.entries[i].name, "id") &&
            !str_is(fields.context.entries[i].name, "say"))
            all[n++] = fields.context.entries[i];
    *out = feel_context(all, n);
    return true;
}

static bool diagnosed(const FeelRun *run, PackPlace at, Str part, Err *e)
{
    char why[ERR_HOLE_MAX], why_en[ERR_HOLE_MAX];
    Err d;
    if (run->n_diags == 0)
        return false;
    feel_diag_err(&run->diags[0], &d);
    err_print(&d, LANG_HANS, why, sizeof why);
    err_print(&d, LANG_EN, why_en, sizeof why_en);
    (void)err_fail(e, ERR_TEMPLATE_FIELD, err_hole("file", at.file),
                   err_hole("line", (int64_t)at.line), err_hole("part", part),
                   err_hole("why", (const char *)why), err_hole("why_en", (const char *)why_en));
    return true;
}

static bool eval(FeelValue *out, Fill *f, const FeelExpr *x, const FeelScope *scope, PackPlace at,
                 Str part, Err *e)
{
    FeelRun run = feel_run(f->c->a, f->c->now);
    return feel_eval(out, f->c->a, x, scope, &run, e) && !diagnosed(&run, at, part, e);
}

typedef struct Found {
    FeelValue *items;
    size_t n, cap;
} Found;

/* The records whose field points to `id`. */
static bool with_add(Found *out, Fill *f, const TemplateWith *w, int64_t id, Err *e)
{
    FactList l;
    const char *form = arena_z(f->c->a, w->form->name), *field = arena_z(f->c->a, w->field->name);
    if (!form || !field)
        return no_memory(f, e);
    if (!call_list_id(&l, f->c, form, field, id, e))
        return false;
    if (out->n + l.n > TEMPLATE_RECORDS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", w->form->title),
                        err_hole("max", TEMPLATE_RECORDS_MAX));
    for (size_t i = 0; i < l.n; i++) {
        if (!ARENA_PUSH(f->c->a, out->items, out->n, out->cap))
            return no_memory(f, e);
        if (!record_value(&out->items[out->n], f, w->form, &l.items[i], e))
            return false;
        out->n++;
    }
    return true;
}

static bool with_list(FeelValue *out, Fill *f, const TemplateWith *w, const FeelValue *ids,
                      size_t n, Err *e)
{
    Found found = { .n = 0 };
    for (size_t i = 0; i < n; i++) {
        int64_t id;
        if (ids[i].kind == FEEL_NUMBER && dec_to_int(&id, ids[i].number) &&
            !with_add(&found, f, w, id, e))
            return false;
    }
    *out = feel_list(found.items, found.n);
    return true;
}

/* Which records a `with` is about: what its expression says, or the thing itself. */
static bool with_value(FeelValue *out, Fill *f, const TemplateWith *w, const Fact *thing, Err *e)
{
    FeelValue ids = feel_int(thing->subject);
    Fact fact;
    int64_t id;
    *out = feel_null();
    if (w->id && !eval(&ids, f, w->id, &f->scope, f->t->place, w->name, e))
        return false;
    bool many = ids.kind == FEEL_LIST;
    if (w->field)
        return with_list(out, f, w, many ? ids.list.items : &ids, many ? ids.list.n : 1, e);
    const char *form = arena_z(f->c->a, w->form->name);
    if (ids.kind != FEEL_NUMBER || !dec_to_int(&id, ids.number) || !form)
        return true;
    return call_thing(&fact, f->c, form, id, e) && record_value(out, f, w->form, &fact, e);
}

static bool asks_value(FeelValue *out, Fill *f, const json_t *asks, Err *e)
{
    const Template *t = f->t;
    FeelEntry *all = ARENA_ARRAY(f->c->a, FeelEntry, t->n_asks);
    if (!all)
        return no_memory(f, e);
    for (size_t i = 0; i < t->n_asks; i++) {
        const TemplateAsk *k = &t->asks[i];
        const char *key = arena_z(f->c->a, k->name);
        Str text = key ? str_trim(jv_str(asks, key)) : STRC("");
        Day day;
        if (!text.n && k->required)
            return err_fail(e, ERR_FIELD_MISSING, err_hole("field", k->title));
        if (text.n > PAPER_TEXT_BYTES_MAX)
            return err_fail(e, ERR_TOO_BIG, err_hole("what", k->title),
                            err_hole("max", PAPER_TEXT_BYTES_MAX));
        if (text.n && k->type == FIELD_DAY) {
            if (!day_read(&day, text, e))
                return err_note(e, "while reading the answer %.*s", STR(k->name));
            text = day_print_zh(f->c->a, day);
        }
        all[i] = (FeelEntry){ k->name, text.n ? feel_string(text) : feel_null() };
    }
    *out = feel_context(all, t->n_asks);
    return true;
}

/* zh(day): a date, or a text that holds one; any other value is null. */
static bool zh_call(const void *ctx, FeelValue *out, Arena *a, const FeelValue *args, FeelRun *run,
                    Err *e)
{
    Day day = DAY_NONE;
    Err none;
    (void)ctx;
    (void)run;
    (void)e;
    bool ok = args[0].kind == FEEL_STRING ? day_read(&day, args[0].string, &none)
                                          : feel_to_day(&day, args[0]);
    *out = ok && day != DAY_NONE ? feel_string(day_print_zh(a, day)) : feel_null();
    return true;
}

static bool gather(Fill *f, const Fact *thing, const json_t *asks, Err *e)
{
    static const Str params[] = { S("day") };
    enum { OWN = 6 };
    Call *c = f->c;
    const Template *t = f->t;
    FeelEntry *all = ARENA_ARRAY(c->a, FeelEntry, OWN + t->n_with);
    FeelNative zh = { .name = STRC("zh"), .params = params, .n = 1, .call = zh_call };
    json_t *body;
    Str org;
    if (!all)
        return no_memory(f, e);
    FeelEntry own[OWN] = { { STRC("thing"), feel_null() }, { STRC("say"), feel_null() },
                           { STRC("org_name"), feel_null() }, { STRC("ask"), feel_null() },
                           { STRC("zh"), feel_function(c->a, &zh) },
                           { STRC("today"), feel_day(c->today) } };
    memcpy(all, own, sizeof own);
    if (!body_of(&body, f, thing, e) || !form_value(&all[0].value, c->a, t->form, body, e) ||
        !say_value(&all[1].value, f, t->form, body, e) ||
        !call_name(&org, c, "org", thing->org, e) || !asks_value(&all[3].value, f, asks, e))
        return false;
    all[2].value = feel_string(org);
    f->scope = (FeelScope){ .entries = all, .n = OWN };
    for (size_t i = 0; i < t->n_with; i++) {
        all[OWN + i].name = t->with[i].name;
        if (!with_value(&all[OWN + i].value, f, &t->with[i], thing, e))
            return false;
    }
    f->scope.n = OWN + t->n_with;
    return true;
}

/* --- the paper ------------------------------------------------------------------------------ */

static Str text_of(Fill *f, FeelValue v)
{
    Day day;
    if (v.kind == FEEL_DATE && feel_to_day(&day, v))
        return day_print_zh(f->c->a, day);
    return v.kind == FEEL_NULL ? STRC("") : feel_text(f->c->a, v);
}

typedef struct Texts {
    Str *items;
    size_t n, cap;
} Texts;

/* The entries of a list, lists inside it entry by entry, or the one value; null gives none. */
static bool texts_of(Texts *out, Fill *f, FeelValue v, int depth, Err *e)
{
    enum { DEPTH_MAX = 4 };
    if (v.kind == FEEL_LIST && depth < DEPTH_MAX) {
        for (size_t i = 0; i < v.list.n; i++)
            if (!texts_of(out, f, v.list.items[i], depth + 1, e))
                return false;
        return true;
    }
    Str s = text_of(f, v);
    if (s.n == 0)
        return true;
    if (!ARENA_PUSH(f->c->a, out->items, out->n, out->cap))
        return no_memory(f, e);
    out->items[out->n++] = s;
    return true;
}

static Str joined(Fill *f, const Str *all, size_t n)
{
    Str out = n ? all[0] : STRC("");
    for (size_t i = 1; i < n; i++)
        out = arena_text(f->c->a, "%.*s、%.*s", STR(out), STR(all[i]));
    return out;
}

static void cell(Table *t, Fill *f, FeelValue v)
{
    if (v.kind == FEEL_NUMBER)
        table_number(t, v.number);
    else
        table_text(t, text_of(f, v));
}

static bool table_put(Fill *f, const TemplatePart *part, FeelValue rows, Err *e)
{
    Table *t = table_open(f->c->a, f->t->title, STRC(""));
    size_t n = rows.kind == FEEL_LIST ? rows.list.n : 0;
    for (size_t k = 0; k < part->n_columns; k++)
        table_column(t, part->columns[k].title, TABLE_TEXT, 0);
    for (size_t i = 0; i < n; i++) {
        FeelEntry row = { STRC("row"), rows.list.items[i] };
        FeelScope scope = { .parent = &f->scope, .entries = &row, .n = 1 };
        table_row(t);
        for (size_t k = 0; k < part->n_columns; k++) {
            FeelValue v;
            if (!eval(&v, f, part->columns[k].x, &scope, part->place, part->columns[k].title, e))
                return false;
            cell(t, f, v);
        }
    }
    if (n)
        paper_table(f->paper, t);
    else if (rows.kind == FEEL_LIST)
        paper_text(f->paper, STRC("无。"));
    return true;
}

static void head_put(Fill *f, const TemplatePart *part, const Str *all, size_t n)
{
    bool number = part->kind == TEMPLATE_NUMBER;
    if (f->waits)
        paper_issuer(f->paper, f->issuer, number ? joined(f, all, n) : STRC(""));
    f->waits = part->kind == TEMPLATE_ISSUER && n > 0;
    if (f->waits)
        f->issuer = all[0];
}

/* `sender [name, day]`: a paper of another day than today. */
static void sender_put(Fill *f, FeelValue v, const Str *all, size_t n)
{
    Day day = f->c->today;
    Err none;
    FeelValue last = v.kind == FEEL_LIST && v.list.n > 1 ? v.list.items[1] : feel_null();
    bool other = last.kind == FEEL_STRING ? day_read(&day, last.string, &none)
                                          : feel_to_day(&day, last);
    paper_dateline(f->paper, n ? all[0] : STRC(""), other ? day : f->c->today);
}

static bool part_put(Fill *f, const TemplatePart *part, Err *e)
{
    FeelValue v;
    Texts texts = { .n = 0 };
    if (!eval(&v, f, part->x, &f->scope, part->place, template_part_name(part->kind), e))
        return false;
    if (part->kind == TEMPLATE_TABLE)
        return table_put(f, part, v, e);
    if (!texts_of(&texts, f, v, 0, e))
        return false;
    const Str *all = texts.items;
    size_t n = texts.n;
    head_put(f, part, all, n);
    switch (part->kind) {
    case TEMPLATE_TO:
        if (n)
            paper_addressee(f->paper, joined(f, all, n));
        return true;
    case TEMPLATE_ATTACH:
        if (n)
            paper_attachment(f->paper, all, n);
        return true;
    case TEMPLATE_SIGN:
        if (n)
            paper_signature(f->paper, all, n);
        return true;
    case TEMPLATE_SENDER:
        sender_put(f, v, all, n);
        return true;
    default:
        break;
    }
    for (size_t i = 0; i < n; i++)
        switch (part->kind) {
        case TEMPLATE_MARK:
            paper_mark(f->paper, all[i]);
            break;
        case TEMPLATE_HEAD:
            paper_title(f->paper, all[i]);
            break;
        case TEMPLATE_SUBHEAD:
            paper_subtitle(f->paper, all[i]);
            break;
        case TEMPLATE_TEXT:
            paper_text(f->paper, all[i]);
            break;
        case TEMPLATE_SECTION:
        case TEMPLATE_SUBSECTION:
        case TEMPLATE_POINT:
            paper_heading(f->paper, 1 + (int)(part->kind - TEMPLATE_SECTION), all[i]);
            break;
        default:
            break; /* issuer and number: head_put */
        }
    return true;
}

bool work_template_fill(Paper *p, Call *c, const Template *t, const Fact *thing,
                        const json_t *asks, Err *e)
{
    Fill f = { .c = c, .t = t, .paper = p, .bodies = json_array() };
    bool ok = f.bodies ? gather(&f, thing, asks, e) : no_memory(&f, e);
    for (size_t i = 0; ok && i < t->n_parts; i++)
        if (!part_put(&f, &t->parts[i], e))
            ok = err_note(e, "while filling in template %.*s", STR(t->name));
    json_decref(f.bodies);
    return ok;
}
