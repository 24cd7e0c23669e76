/* What others are told about a form: the screens, and the table that is imported. */
#include "pack/pack_in.h"

#include <stdio.h>
#include <string.h>

/* --- the screens ---------------------------------------------------------------------------- */
static void key_text(Jw *w, const char *key, Str s)
{
    if (s.n > 0)
        jw_kstr(w, key, s);
}

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
        key_text(w, "of", f->of);
        key_text(w, "help", f->help);
        if (f->list)
            describe_list(w, f->list);
        if (f->n_fields > 0)
            describe_fields(w, f->fields, f->n_fields);
        jw_end(w);
    }
    jw_end(w);
}

void form_describe(Jw *w, const Form *form)
{
    jw_obj(w);
    jw_kstr(w, "name", form->name);
    jw_kstr(w, "title", form->title);
    key_text(w, "help", form->help);
    jw_kint(w, "minutes", form->minutes);
    describe_fields(w, form->fields, form->n_fields);
    jw_end(w);
}

/* Writes the name when the thing was declared in this pack. */
static void name_of(Jw *w, const Pack *p, const Pack *owner, Str name)
{
    if (p == owner)
        jw_str(w, name);
}

static void describe_pack(Jw *w, const Rulebook *rb, const Pack *p)
{
    jw_key(w, "lists");
    jw_arr(w);
    for (size_t i = 0; i < rb->lists.n; i++)
        name_of(w, p, pack_list_at(rb, i)->pack, rb->lists.entries[i].key);
    jw_end(w);
    jw_key(w, "forms");
    jw_arr(w);
    for (size_t i = 0; i < rb->forms.n; i++)
        name_of(w, p, pack_form_at(rb, i)->pack, rb->forms.entries[i].key);
    jw_end(w);
    jw_key(w, "flows");
    jw_arr(w);
    for (size_t i = 0; i < rb->flows.n; i++)
        name_of(w, p, pack_flow_at(rb, i)->pack, rb->flows.entries[i].key);
    jw_end(w);
    jw_key(w, "schemes");
    jw_arr(w);
    for (size_t i = 0; i < rb->scheme_owners.n; i++)
        name_of(w, p, ((PackOwner *)rb->scheme_owners.entries[i].value)->pack,
                rb->scheme_owners.entries[i].key);
    jw_end(w);
}

void pack_describe(Jw *w, const Rulebook *rb)
{
    jw_arr(w);
    for (size_t i = 0; i < rb->packs.n; i++) {
        const Pack *p = rb->packs.entries[i].value;
        jw_obj(w);
        jw_kstr(w, "name", p->name);
        jw_kstr(w, "title", p->title);
        jw_kstr(w, "version", p->version);
        jw_kday(w, "from", p->from);
        key_text(w, "cite", p->cite);
        jw_kstr(w, "hash", p->hash_hex);
        describe_pack(w, rb, p);
        jw_end(w);
    }
    jw_end(w);
}
