/* What only the whole rulebook shows of a ledger: its fields, its flow, its demonstration, and
 * whether it asks for what is held already. */
#include "pack/form_in.h"

#include <stdio.h>

static bool no_memory(const Form *f, Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", f->title));
}

/* --- fields named --------------------------------------------------------------------------- */
static bool person_settle(FormBuild *b, Err *e)
{
    if (!pack_person_field(&b->form.personal, &b->form, &b->personal, e))
        return false;
    return !b->form.personal || b->form.personal->type == FIELD_REF ||
           pack_rule(b->personal.place, "personal只能指一个人", "ref项目", e);
}

static bool dated_settle(FormBuild *b, Err *e)
{
    if (!pack_field_named(&b->form.dated, &b->form, &b->dated, e))
        return false;
    return !b->form.dated || b->form.dated->type == FIELD_DAY ||
           pack_rule(b->dated.place, "dated不是日期", "day项目", e);
}

static bool key_fits(const FormField *f)
{
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_NUMBER:
    case FIELD_DAY:
    case FIELD_MONTH:
    case FIELD_CHOICE:
    case FIELD_FLAG:
    case FIELD_REF:
        return !f->built_in;
    default:
        return false;
    }
}

static bool key_settle(FormBuild *b, Err *e)
{
    Form *f = &b->form;
    for (size_t i = 0; i < b->key.n; i++) {
        const PackWord *w = &b->key.items[i];
        const FormField *field = NULL;
        if (!str_is(w->name, "org") && !pack_field_named(&field, f, w, e))
            return false;
        if (field && !key_fits(field))
            return pack_rule(w->place, "这种项目不能用来认出同一条记录",
                             "text、number、day、month、choice、flag或ref项目", e);
        f->key[f->n_key++] = w->name;
    }
    return true;
}

/* What is private to a person is never disclosed, and attachments have a door of their own. */
static bool public_settle(Rulebook *rb, FormBuild *b, Err *e)
{
    Form *f = &b->form;
    Str *names = ARENA_ARRAY(rb->a, Str, b->public.n);
    const FormField *field;
    if (!names)
        return no_memory(f, e);
    for (size_t i = 0; i < b->public.n; i++) {
        const PackWord *w = &b->public.items[i];
        if (!pack_field_named(&field, f, w, e))
            return false;
        if (f->personal || field->built_in || str_is(field->of, "person"))
            return pack_rule(w->place, "个人的记录、人员、附件和迟报说明不公开", "去掉这个项目", e);
        names[i] = w->name;
    }
    f->public = names;
    f->n_public = b->public.n;
    return true;
}

/* --- filled in beforehand ------------------------------------------------------------------- */
static const FeelType *member_type(const FeelType *t, Str name)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->members[i].name, name))
            return t->members[i].type;
    return NULL;
}

static bool given_settle(Rulebook *rb, FormBuild *b, Err *e)
{
    const FeelType *scope = pack_scope(rb, PACK_SEES_ORG | PACK_SEES_LAST | PACK_SEES_TODAY, NULL,
                                       0), *got;
    for (size_t i = 0; i < b->n_given; i++) {
        FormField *f = &b->fields.items[b->given[i].field];
        const FeelType *want = member_type(b->form.type, f->name);
        if (!pack_expr_settle(rb, &f->given, &b->given[i].x, scope, FEEL_KINDS, e) ||
            !feel_check(&got, rb->a, f->given, scope, e))
            return false;
        if (got->form != FEEL_TYPE_ANY && !feel_type_fits(got, want))
            return pack_rule(f->place, "given的结果不是这个项目的类型",
                             "与项目类型相同的值（日期、数、文字……）", e);
    }
    return true;
}

/* --- demonstration data --------------------------------------------------------------------- */
static const FeelType *sample_scope(Rulebook *rb)
{
    static const FeelType open = { .form = FEEL_TYPE_CONTEXT, .kind = FEEL_CONTEXT, .open = true };
    FeelType *numbers = ARENA_NEW(rb->a, FeelType);
    if (!numbers)
        return NULL;
    *numbers = (FeelType){ .form = FEEL_TYPE_LIST, .kind = FEEL_LIST,
                           .item = feel_type_of(FEEL_NUMBER) };
    FeelTypeMember more[] = { { S("day"), feel_type_of(FEEL_DATE) },
                              { S("k"), feel_type_of(FEEL_NUMBER) },
                              { S("r"), numbers },
                              { S("people"), numbers },
                              { S("refs"), &open } };
    return pack_scope(rb, PACK_SEES_ORG | PACK_SEES_LAST, more, sizeof more / sizeof *more);
}

/* A body written out as a context names fields of the form, and every one that must be filled in;
 * the state begins where the flow begins. */
static bool body_fits(const Form *form, const SampleBuild *s, const FeelType *got, Err *e)
{
    char why[200];
    if (got->form != FEEL_TYPE_CONTEXT || got->open)
        return true;
    for (size_t i = 0; i < got->n; i++) {
        PackWord w = { got->members[i].name, pack_place(s->body.r, &s->body.raw) };
        const FormField *f;
        if (!pack_field_named(&f, form, &w, e))
            return false;
    }
    for (size_t i = 0; i < form->n_fields; i++) {
        const FormField *f = &form->fields[i];
        bool said = str_is(f->name, "state");
        for (size_t k = 0; k < got->n && !said; k++)
            said = str_eq(got->members[k].name, f->name);
        snprintf(why, sizeof why, "示范数据没有必填项目%.*s", STR(f->name));
        if (f->required && !said)
            return pack_rule(s->s.place, why, "填上它的body", e);
    }
    return true;
}

static bool moves_settle(Rulebook *rb, const Form *form, SampleBuild *s, Err *e)
{
    const Flow *flow = pack_flow_of(rb, form);
    FormSampleMove *moves = ARENA_ARRAY(rb->a, FormSampleMove, s->n);
    if (!moves)
        return no_memory(form, e);
    if (!flow && s->n > 0)
        return pack_rule(s->moves[0].place, "这个表单没有流程", "去掉move", e);
    for (size_t i = 0; i < s->n; i++) {
        Str names[FLOW_MOVES_MAX];
        bool known = false;
        moves[i] = s->moves[i].m;
        for (size_t k = 0; k < flow->n_moves; k++)
            known |= str_eq(names[k] = flow->moves[k].event, moves[i].event);
        if (!known)
            return pack_unknown(s->moves[i].place, "步骤", moves[i].event, names, flow->n_moves, e);
    }
    s->s.moves = moves;
    s->s.n_moves = s->n;
    return true;
}

static bool sample_settle(Rulebook *rb, const Form *form, SampleBuild *s, Err *e)
{
    const FeelType *scope = sample_scope(rb), *got;
    return pack_expr_settle(rb, &s->s.each, &s->each, pack_scope(rb, PACK_SEES_ORG, NULL, 0),
                            FEEL_BOOLEAN, e) &&
           pack_expr_settle(rb, &s->s.body, &s->body, scope, FEEL_CONTEXT, e) &&
           feel_check(&got, rb->a, s->s.body, scope, e) && body_fits(form, s, got, e) &&
           pack_literals_check(rb, &s->body, scope, form, e) && moves_settle(rb, form, s, e);
}

static bool samples_settle(Rulebook *rb, FormBuild *b, Err *e)
{
    FormSample *samples = ARENA_ARRAY(rb->a, FormSample, b->n_samples);
    if (!samples)
        return no_memory(&b->form, e);
    for (size_t i = 0; i < b->n_samples; i++) {
        if (!sample_settle(rb, &b->form, &b->samples[i], e))
            return err_note(e, "while checking sample %.*s", STR(b->samples[i].s.title));
        samples[i] = b->samples[i].s;
    }
    b->form.samples = samples;
    b->form.n_samples = b->n_samples;
    return true;
}

/* --- asked once ----------------------------------------------------------------------------- */
static bool is_datum(const FormField *f)
{
    return !f->built_in && (f->type == FIELD_TEXT || f->type == FIELD_LONG ||
           f->type == FIELD_NUMBER || f->type == FIELD_DECIMAL || f->type == FIELD_MONTH);
}

static bool in_key(const Form *form, Str name)
{
    for (size_t i = 0; i < form->n_key; i++)
        if (str_eq(form->key[i], name))
            return true;
    return false;
}

static bool held(const FormField *f, const FormField *there, const Form *in, Err *e)
{
    char why[ERR_HOLE_MAX];
    snprintf(why, sizeof why, "“%.*s”已记在“%.*s”里（%.*s.%.*s）", STR(f->title), STR(in->title),
             STR(in->name), STR(there->name));
    return pack_rule(f->place, why, "引用那一项，或写 again \"为什么再问一次\";", e);
}

/* A thing that the form points at says it already. */
static bool held_by_ref(const Form *form, const FormField *f, Err *e)
{
    for (size_t i = 0; i < form->n_fields; i++) {
        const Form *in = form->fields[i].form;
        if (!in || in == form || form->fields[i].type != FIELD_REF)
            continue;
        for (size_t k = 0; k < in->n_fields; k++) {
            const FormField *there = &in->fields[k];
            if (is_datum(there) && (str_eq(there->name, f->name) || str_eq(there->title, f->title)))
                return held(f, there, in, e);
        }
    }
    return true;
}

/* Is the field one of those that say what the form is about? Its key says it; without a key, all it
 * points at. */
static bool of_subject(const Form *form, const FormField *f)
{
    return f->type == FIELD_REF && !str_is(f->name, "org") &&
           (form->n_key == 0 || in_key(form, f->name));
}

/* Are both about the same things, besides their org? */
static bool same_subject(const Form *x, const Form *y)
{
    const Form *both[] = { x, y };
    for (size_t side = 0; side < 2; side++)
        for (size_t i = 0; i < both[side]->n_fields; i++) {
            const FormField *f = &both[side]->fields[i];
            bool found = !of_subject(both[side], f);
            for (size_t k = 0; k < both[!side]->n_fields && !found; k++)
                found = of_subject(both[!side], &both[!side]->fields[k]) &&
                        both[!side]->fields[k].form == f->form;
            if (!found)
                return false;
        }
    return true;
}

/* Standing data: one record for each subject, which says nothing of a day. What is told apart by a
 * name of its own (venues, projects) are many things. */
static bool is_standing(const Form *form)
{
    bool one = form->ledger && !form->dated;
    for (size_t i = 0; i < form->n_key; i++) {
        const FormField *f = form_field(form, form->key[i]);
        one = one && (!f || f->type == FIELD_REF);
    }
    return one;
}

/* Another ledger keeps it as standing data of the same subject. Two records of what happened on
 * different days may well ask the same. */
static bool held_by_ledger(const Rulebook *rb, const Form *form, const FormField *f, Err *e)
{
    for (size_t i = 0; i < rb->forms.n; i++) {
        const Form *in = rb->forms.entries[i].value;
        if (in == form || !is_standing(in) || !same_subject(in, form))
            continue;
        for (size_t k = 0; k < in->n_fields; k++) {
            const FormField *there = &in->fields[k];
            if (is_datum(there) && there->type == f->type && str_eq(there->title, f->title) &&
                there->again.n == 0 && in->again.n == 0 && !in_key(in, there->name))
                return held(f, there, in, e);
        }
    }
    return true;
}

static bool asked_once(const Rulebook *rb, const Form *form, Err *e)
{
    if (!form->ledger || form->again.n > 0)
        return true;
    for (size_t i = 0; i < form->n_fields; i++) {
        const FormField *f = &form->fields[i];
        if (is_datum(f) && f->again.n == 0 && !in_key(form, f->name) &&
            !(held_by_ref(form, f, e) && held_by_ledger(rb, form, f, e)))
            return false;
    }
    return true;
}

/* --- all of it ------------------------------------------------------------------------------ */
static bool settle(Rulebook *rb, FormBuild *b, Err *e)
{
    return person_settle(b, e) && dated_settle(b, e) && key_settle(b, e) &&
           public_settle(rb, b, e) && given_settle(rb, b, e) && samples_settle(rb, b, e) &&
           pack_expr_settle(rb, &b->form.asked_of, &b->asked_of,
                            pack_scope(rb, PACK_SEES_ORG, NULL, 0), FEEL_BOOLEAN, e);
}

bool pack_ledger_settle(Rulebook *rb, Err *e)
{
    for (size_t i = 0; i < rb->forms.n; i++) {
        FormBuild *b = rb->forms.entries[i].value;
        if (!settle(rb, b, e))
            return err_note(e, "while checking form %.*s", STR(b->form.name));
    }
    for (size_t i = 0; i < rb->forms.n; i++)
        if (!asked_once(rb, rb->forms.entries[i].value, e))
            return false;
    return true;
}
