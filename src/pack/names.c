/* What expressions see: the names of an org, of a person, of the newest records and of the
 * measures, and which records `FORM[filter]` means. */
#include "pack/pack_in.h"

#include <stdio.h>

typedef struct NameRow {
    Str name;
    FeelKind kind;
} NameRow;

/* What is not known of an org or a person is null. */
static const NameRow org_names[] = {
    { S("id"), FEEL_NUMBER },
    { S("name"), FEEL_STRING },
    { S("code"), FEEL_STRING },
    { S("kind"), FEEL_STRING },
    { S("sector"), FEEL_STRING },
    { S("level"), FEEL_NUMBER },           /* 0: the root */
    { S("parent"), FEEL_NUMBER },
    { S("founded"), FEEL_DATE },
    { S("term_end"), FEEL_DATE },
    { S("members"), FEEL_NUMBER },         /* full and probationary */
    { S("full_members"), FEEL_NUMBER },
    { S("probationary"), FEEL_NUMBER },
    { S("infirm"), FEEL_NUMBER },
    { S("employees"), FEEL_NUMBER },       /* of the newest unit_profile */
    { S("committee_held"), FEEL_NUMBER },  /* persons: secretary, deputies, committee members */
    { S("has_committee"), FEEL_BOOLEAN },  /* committee_held is 3 or more */
    { S("committee_young"), FEEL_NUMBER }, /* of them under 40 */
    { S("committee_old"), FEEL_NUMBER },   /* of them 55 and more */
    { S("leaders"), FEEL_NUMBER },
    { S("secretary"), FEEL_BOOLEAN },      /* the post is held */
    { S("secretary_since"), FEEL_DATE },
    { S("secretary_is_leader"), FEEL_BOOLEAN },
    { S("first_secretary"), FEEL_BOOLEAN },
    { S("staff_full"), FEEL_NUMBER },
    { S("staff_part"), FEEL_NUMBER },
    { S("children"), FEEL_NUMBER },
    { S("branches"), FEEL_NUMBER },        /* at any depth below */
    { S("groups"), FEEL_NUMBER },          /* party groups directly below */
};

static const NameRow person_names[] = {
    { S("id"), FEEL_NUMBER },
    { S("org"), FEEL_NUMBER },
    { S("post"), FEEL_STRING },            /* the main post; "member" without one */
    { S("leader"), FEEL_BOOLEAN },
    { S("member_state"), FEEL_STRING },    /* full, probationary, suspended, none */
    { S("joined"), FEEL_DATE },
    { S("age"), FEEL_NUMBER },
    { S("infirm"), FEEL_BOOLEAN },
    { S("away"), FEEL_BOOLEAN },
};

static const FeelType *context_of(Arena *a, const FeelTypeMember *members, size_t n)
{
    FeelType *t = ARENA_NEW(a, FeelType);
    if (t)
        *t = (FeelType){ .form = FEEL_TYPE_CONTEXT, .kind = FEEL_CONTEXT, .members = members,
                         .n = n };
    return t;
}

static const FeelType *rows_type(Arena *a, const NameRow *rows, size_t n)
{
    FeelTypeMember *m = ARENA_ARRAY(a, FeelTypeMember, n);
    for (size_t i = 0; m && i < n; i++)
        m[i] = (FeelTypeMember){ rows[i].name, feel_type_of(rows[i].kind) };
    return m ? context_of(a, m, n) : NULL;
}

static const FeelType *forms_type(Rulebook *rb)
{
    FeelTypeMember *m = ARENA_ARRAY(rb->a, FeelTypeMember, rb->forms.n);
    for (size_t i = 0; m && i < rb->forms.n; i++)
        m[i] = (FeelTypeMember){ rb->forms.entries[i].key,
                                 ((const Form *)rb->forms.entries[i].value)->type };
    return m ? context_of(rb->a, m, rb->forms.n) : NULL;
}

static const FeelType *measures_type(Rulebook *rb)
{
    FeelTypeMember *m = ARENA_ARRAY(rb->a, FeelTypeMember, rb->measures.n);
    for (size_t i = 0; m && i < rb->measures.n; i++)
        m[i] = (FeelTypeMember){ rb->measures.entries[i].key, feel_type_of(FEEL_NUMBER) };
    return m ? context_of(rb->a, m, rb->measures.n) : NULL;
}

bool pack_names_settle(Rulebook *rb, Err *e)
{
    rb->org = rows_type(rb->a, org_names, sizeof org_names / sizeof *org_names);
    rb->person = rows_type(rb->a, person_names, sizeof person_names / sizeof *person_names);
    rb->last = forms_type(rb);
    rb->m = measures_type(rb);
    return (rb->org && rb->person && rb->last && rb->m) ||
           err_fail(e, ERR_NO_MEMORY, err_hole("what", "规则库"));
}

/* --- scopes --------------------------------------------------------------------------------- */
const FeelType *pack_scope(Rulebook *rb, unsigned sees, const FeelTypeMember *more, size_t n_more)
{
    FeelTypeMember *m = ARENA_ARRAY(rb->a, FeelTypeMember, n_more + 5);
    size_t n = 0;
    if (!m)
        return NULL;
    if (sees & PACK_SEES_ORG)
        m[n++] = (FeelTypeMember){ S("org"), rb->org };
    if (sees & PACK_SEES_PERSON)
        m[n++] = (FeelTypeMember){ S("person"), rb->person };
    if (sees & PACK_SEES_LAST)
        m[n++] = (FeelTypeMember){ S("last"), rb->last };
    if (sees & PACK_SEES_M)
        m[n++] = (FeelTypeMember){ S("m"), rb->m };
    if (sees & PACK_SEES_TODAY)
        m[n++] = (FeelTypeMember){ S("today"), feel_type_of(FEEL_DATE) };
    for (size_t i = 0; i < n_more; i++)
        m[n++] = more[i];
    return context_of(rb->a, m, n);
}

static bool is_filter_name(Str s)
{
    return str_is(s, "org") || str_is(s, "on") || str_is(s, "received") || str_is(s, "late") ||
           str_is(s, "state_since");
}

/* A record as its filter sees it. */
static const FeelType *record_scope(Rulebook *rb, const Form *form)
{
    FeelTypeMember *m = ARENA_ARRAY(rb->a, FeelTypeMember, form->n_fields + 4);
    size_t n = 0;
    if (!m)
        return NULL;
    for (size_t i = 0; i < form->type->n; i++)
        if (!is_filter_name(form->type->members[i].name))
            m[n++] = form->type->members[i];
    m[n++] = (FeelTypeMember){ S("on"), feel_type_of(FEEL_DATE) };
    m[n++] = (FeelTypeMember){ S("received"), feel_type_of(FEEL_DATE) };
    m[n++] = (FeelTypeMember){ S("late"), feel_type_of(FEEL_NUMBER) };
    m[n++] = (FeelTypeMember){ S("state_since"), feel_type_of(FEEL_DATE) };
    return pack_scope(rb, PACK_SEES_ORG, m, n);
}

bool pack_expr_settle(Rulebook *rb, const FeelExpr **out, const PackExpr *x, const FeelType *scope,
                      FeelKind want, Err *e)
{
    *out = x->x;
    if (!x->x)
        return true;
    if (!scope)
        return pack_no_memory(x->r, e);
    return pack_expr_check(rb, x, scope, want, e) && pack_literals_check(rb, x, scope, NULL, e);
}

bool pack_record_expr(Rulebook *rb, const FeelExpr **out, const PackExpr *x, const Form *form,
                      Err *e)
{
    if (!x->x)
        return *out = NULL, true;
    const FeelType *scope = record_scope(rb, form);
    return pack_expr_settle(rb, out, x, scope, FEEL_BOOLEAN, e) &&
           pack_literals_check(rb, x, scope, form, e);
}

/* --- FORM[filter] --------------------------------------------------------------------------- */
/* The place of text[at] when text[0] stands at w. */
static DeclWord word_at(const DeclWord *w, size_t at, size_t n)
{
    DeclWord out = { .text = str_sub(w->text, at, n), .line = w->line, .column = w->column };
    for (size_t i = 0; i < at; i++) {
        if (w->text.p[i] == '\n')
            out.line++, out.column = 1;
        else if (((unsigned char)w->text.p[i] & 0xC0) != 0x80)
            out.column++;
    }
    return out;
}

static bool filter_read(Rulebook *rb, PackOf *out, const DeclWord *raw, size_t open,
                        DeclReader *r, Err *e)
{
    DeclWord inner;
    FeelExpr *x;
    if (raw->text.p[raw->text.n - 1] != ']')
        return decl_refuse(r, raw, "表单名称[条件]，以“]”结束", e);
    inner = word_at(raw, open + 1, raw->text.n - open - 2);
    if (str_trim(inner.text).n == 0)
        return decl_refuse(r, raw, "方括号里的条件，或不写方括号", e);
    if (!feel_parse(&x, rb->a, inner.text, NULL, e))
        return e->code == ERR_NO_MEMORY ? false : decl_refuse_raw(r, &inner, e);
    out->where = (PackExpr){ x, inner, r };
    return true;
}

bool pack_of_read(Rulebook *rb, PackOf *out, const DeclItem *item, size_t n, DeclReader *r, Err *e)
{
    const DeclWord *raw;
    size_t len = 0, open;
    if (!decl_raw(&raw, r, item, n, e))
        return false;
    Str s = raw->text;
    while (len < s.n && ((s.p[len] >= 'a' && s.p[len] <= 'z') || s.p[len] == '_' ||
                         (s.p[len] >= '0' && s.p[len] <= '9')))
        len++;
    for (open = len; open < s.n && (s.p[open] == ' ' || s.p[open] == '\n' || s.p[open] == '\r' ||
                                    s.p[open] == '\t');)
        open++;
    if (len == 0 || len > DECL_NAME_MAX || (open < s.n && s.p[open] != '['))
        return decl_refuse(r, raw, "表单名称，可接[条件]", e);
    *out = (PackOf){ .form = str_sub(s, 0, len), .place = pack_place(r, raw) };
    return open == s.n || filter_read(rb, out, raw, open, r, e);
}

bool pack_form_named(Rulebook *rb, const Form **out, Str name, PackPlace at, Err *e)
{
    return (*out = map_get(&rb->forms, name)) || pack_unknown_in(at, "表单", name, &rb->forms, e);
}

bool pack_of_settle(Rulebook *rb, Of *out, const PackOf *of, Err *e)
{
    *out = (Of){ NULL, NULL };
    return of->form.n == 0 || (pack_form_named(rb, &out->form, of->form, of->place, e) &&
                               pack_record_expr(rb, &out->where, &of->where, out->form, e));
}

/* --- fields of a form ----------------------------------------------------------------------- */
bool pack_word_read(PackWord *out, const DeclItem *item, size_t i, const char *want,
                    const DeclReader *r, Err *e)
{
    out->place = pack_place(r, decl_word(item, i));
    return decl_name(&out->name, r, item, i, want, e);
}

bool pack_field_named(const FormField **out, const Form *form, const PackWord *w, Err *e)
{
    Str names[FORM_FIELDS_MAX + FORM_BUILT_IN];
    if (w->name.n == 0)
        return *out = NULL, true;
    if ((*out = form_field(form, w->name)))
        return true;
    for (size_t i = 0; i < form->n_fields; i++)
        names[i] = form->fields[i].name;
    return pack_unknown(w->place, "项目", w->name, names, form->n_fields, e);
}

bool pack_person_field(const FormField **out, const Form *form, const PackWord *w, Err *e)
{
    if (!pack_field_named(out, form, w, e))
        return false;
    const FormField *f = *out;
    if (f && !((f->type == FIELD_REF || f->type == FIELD_REFS) && str_is(f->of, "person")))
        return pack_rule(w->place, "这个项目不是人员", "of person的ref或refs项目", e);
    return true;
}

bool pack_roles_read(uint32_t *out, const DeclItem *item, const DeclReader *r, Err *e)
{
    Str known[PACK_ROLES], name;
    uint32_t bit;
    for (size_t i = 0; i < PACK_ROLES; i++)
        known[i] = pack_role_name(i);
    if (item->n < 2)
        return decl_refuse(r, decl_word(item, 1), "角色名称", e);
    for (size_t i = 1; i < item->n; i++) {
        if (!decl_name(&name, r, item, i, "角色名称", e))
            return false;
        if (!pack_role_bit(&bit, name))
            return decl_refuse_word(r, &item->words[i], "角色名称", known, PACK_ROLES, e);
        *out |= bit;
    }
    return decl_done(r, item, item->n, false, e);
}

/* --- periods -------------------------------------------------------------------------------- */
static const Str periods[] = { [PERIOD_YEAR] = S("year"), [PERIOD_HALF] = S("half"),
                               [PERIOD_QUARTER] = S("quarter"), [PERIOD_MONTH] = S("month") };

Str pack_period_name(PeriodKind kind)
{
    return periods[kind];
}

bool pack_period_read(PeriodKind *out, const DeclItem *item, size_t i, const DeclReader *r, Err *e)
{
    const DeclWord *w = decl_word(item, i);
    for (size_t k = 0; k < sizeof periods / sizeof *periods; k++)
        if (i < item->n && !w->quoted && str_eq(w->text, periods[k]))
            return *out = (PeriodKind)k, true;
    return decl_refuse_word(r, w, "month、quarter、half或year", periods,
                            sizeof periods / sizeof *periods, e);
}
