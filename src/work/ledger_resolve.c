/* Things by what people write into a cell: a code, a name, at last the number of the record. */
#include "work/ledger_in.h"

/* The field by which people call a thing of this form: its name, else its first short text. */
static const FormField *naming(const Form *form)
{
    const FormField *name = form_field(form, STRC("name"));
    if (name)
        return name;
    for (size_t i = 0; i < form->n_fields; i++)
        if (form->fields[i].type == FIELD_TEXT && !form->fields[i].built_in)
            return &form->fields[i];
    return NULL;
}

Str work_ledger_called(Call *c, const Form *form, const Fact *f)
{
    const FormField *field = naming(form);
    const char *key = field ? arena_z(c->a, field->name) : NULL;
    return key ? fact_str(c->a, f, key) : STRC("");
}

typedef struct Found {
    int64_t id;
    size_t n, near;                /* of this name; of them in the org */
    int64_t near_id;
} Found;

/* Where a thing belongs: a person to the org of his own, others to the one they were filed for. */
static void found_take(Found *x, const Form *form, const Fact *f, int64_t org)
{
    int64_t home = str_is(form->name, "person") ? fact_int(f, "org") : f->org;
    x->id = f->subject;
    x->n++;
    if (home == org) {
        x->near++;
        x->near_id = f->subject;
    }
}

static bool by_index(Found *x, Call *c, const Form *form, Str field, Str text, int64_t org, Err *e)
{
    FactFilter f = { .kind = form->name, .field = field, .value = text };
    FactList l;
    if (!fact_list(&l, c->a, c->tx, &f, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        found_take(x, form, &l.items[i], org);
    return true;
}

static bool by_reading(Found *x, Call *c, const Form *form, const FormField *field, Str text,
                       int64_t org, Err *e)
{
    const char *key = arena_z(c->a, field->name);
    FactFilter f = { .kind = form->name, .org = org };
    FactList l;
    if (!key || !fact_list(&l, c->a, c->tx, &f, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (str_eq(fact_str(c->a, &l.items[i], key), text))
            found_take(x, form, &l.items[i], org);
    return true;
}

/* Codes first, for they are unlike one another; then the name. */
static bool find(Found *x, Call *c, const Form *form, Str text, int64_t org, Err *e)
{
    static const Str codes[] = { S("code"), S("staff_no") };
    const FormField *name = naming(form);
    for (size_t i = 0; i < sizeof codes / sizeof *codes && x->n == 0; i++) {
        const FormField *f = form_field(form, codes[i]);
        if (f && f->index && !by_index(x, c, form, f->name, text, org, e))
            return false;
    }
    if (x->n || !name)
        return true;
    return name->index ? by_index(x, c, form, name->name, text, org, e)
                       : by_reading(x, c, form, name, text, org, e);
}

bool work_ledger_resolve(int64_t *out, Call *c, const Form *form, Str text, int64_t org, Err *e)
{
    Found x = { .n = 0 };
    bool there = false;
    int64_t id;
    if (!find(&x, c, form, text, org, e))
        return false;
    if (x.n == 0 && str_int(text, &id) && !fact_exists(&there, c->tx, form->name, id, e))
        return false;
    if (x.n == 1 || x.near == 1 || there) {
        *out = there ? id : x.near == 1 ? x.near_id : x.id;
        return true;
    }
    if (x.n == 0)
        return err_fail(e, ERR_IMPORT_NONE, err_hole("what", form->title), err_hole("text", text));
    return err_fail(e, ERR_IMPORT_MANY, err_hole("what", form->title), err_hole("text", text),
                    err_hole("n", x.n));
}
