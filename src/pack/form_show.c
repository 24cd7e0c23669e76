/* What others are told about a form: the screens, and the table that is imported. */
#include "pack/pack_in.h"

#include <stdio.h>
#include <string.h>

/* --- the screens ---------------------------------------------------------------------------- */
static void describe_list(Jw *w, const List *list)
{
    jw_key(w, "choices");
    jw_arr(w);
    for (size_t i = 0; i < list->n_items; i++) {
        jw_obj(w);
        jw_kstr(w, "value", list->items[i].value);
        jw_kstr(w, "title", list->items[i].title);
        jw_end(w);
    }
    jw_end(w);
}

static void describe_fields(Jw *w, const FormField *fields, size_t n)
{
    jw_key(w, "fields");
    jw_arr(w);
    for (size_t i = 0; i < n; i++) {
        const FormField *f = &fields[i];
        jw_obj(w);
        jw_kstr(w, "name", f->name);
        jw_kstr(w, "title", f->title);
        jw_kstr(w, "type", form_type_name(f->type));
        jw_kbool(w, "required", f->required);
        if (f->max > 0)
            jw_kint(w, "max", f->max);
        if (f->has_high)
            jw_kdec(w, "max", f->high);
        if (f->has_low)
            jw_kdec(w, "min", f->low);
        jw_kstr_some(w, "of", f->of);
        jw_kstr_some(w, "help", f->help);
        if (f->list)
            describe_list(w, f->list);
        if (f->n_fields > 0)
            describe_fields(w, f->fields, f->n_fields);
        if (f->given)
            jw_kbool(w, "given", true);
        if (f->built_in)
            jw_kbool(w, "built_in", true);
        jw_end(w);
    }
    jw_end(w);
}

static void describe_names(Jw *w, const char *key, const Str *names, size_t n)
{
    if (n == 0)
        return;
    jw_key(w, key);
    jw_arr(w);
    for (size_t i = 0; i < n; i++)
        jw_str(w, names[i]);
    jw_end(w);
}

void pack_describe_roles(Jw *w, const char *key, uint32_t roles)
{
    jw_key(w, key);
    jw_arr(w);
    for (size_t i = 0; i < PACK_ROLES; i++)
        if (roles >> i & 1)
            jw_str(w, pack_role_title(i));
    jw_end(w);
}

static void describe_ledger(Jw *w, const Form *form)
{
    jw_kbool(w, "ledger", true);
    jw_kstr(w, "pack", form->pack->name);
    pack_describe_roles(w, "who", form->who);
    if (form->personal)
        jw_kstr(w, "personal", form->personal->name);
    if (form->dated)
        jw_kstr(w, "dated", form->dated->name);
    if (form->has_on_time)
        jw_kint(w, "on_time", form->on_time);
    describe_names(w, "key", form->key, form->n_key);
    describe_names(w, "public", form->public, form->n_public);
}

void form_describe(Jw *w, const Form *form)
{
    jw_obj(w);
    jw_kstr(w, "name", form->name);
    jw_kstr(w, "title", form->title);
    jw_kstr_some(w, "help", form->help);
    jw_kint(w, "minutes", form->minutes);
    describe_fields(w, form->fields, form->n_fields);
    if (form->ledger)
        describe_ledger(w, form);
    jw_kstr_some(w, "asked_by", form->asked_by);
    jw_end(w);
}

