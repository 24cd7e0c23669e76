/* A run: which values the elements have, each decision evaluated once. A decision service runs in
 * a frame of its own, in which its inputs are given. */
#include "dmn/dmn_in.h"

typedef struct Frame {
    DmnRun *r;
    FeelValue *values;        /* by the element's index */
    bool *known;
    FeelScope **scopes;       /* of knowledge models, made when first needed */
    const DmnElement *service; /* NULL: the run itself */
} Frame;

struct DmnRun {
    const DmnModel *m;
    Arena *a;
    FeelRun *run;
    FeelValue inputs;
    Frame top;
};

typedef struct Service {
    DmnRun *r;
    const DmnElement *el;
} Service;

static bool value_of(Frame *f, const DmnElement *el, FeelValue *out, Err *e);

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "DMN"));
}

static bool open_frame(Frame *f, DmnRun *r, const DmnElement *service, Err *e)
{
    *f = (Frame){ .r = r, .service = service };
    f->values = ARENA_ARRAY(r->a, FeelValue, r->m->n);
    f->known = ARENA_ARRAY(r->a, bool, r->m->n);
    f->scopes = ARENA_ARRAY(r->a, FeelScope *, r->m->n);
    return (f->values && f->known && f->scopes) || no_memory(e);
}

/* --- scopes --------------------------------------------------------------------------------- */
/* Room for one entry of each element; those of imports share a context of their alias. */
typedef struct Names {
    FeelEntry *entries;
    size_t n;
} Names;

static bool put(Frame *f, Names *names, const DmnElement *from, const DmnElement *el, FeelValue v,
                Err *e)
{
    Str alias;
    if (!dmn_alias(from->home, el->home, &alias) || alias.n == 0) {
        names->entries[names->n++] = (FeelEntry){ el->name, v };
        return true;
    }
    FeelEntry *group = NULL;
    for (size_t i = 0; i < names->n; i++)
        if (str_eq(names->entries[i].name, alias))
            group = &names->entries[i];
    size_t n = group ? group->value.context.n : 0;
    FeelEntry *members = ARENA_ARRAY(f->r->a, FeelEntry, n + 1);
    if (!members)
        return no_memory(e);
    for (size_t i = 0; i < n; i++)
        members[i] = group->value.context.entries[i];
    members[n] = (FeelEntry){ el->name, v };
    if (!group)
        group = &names->entries[names->n++];
    *group = (FeelEntry){ alias, feel_context(members, n + 1) };
    return true;
}

/* What el sees: what it needs, what it knows, and itself when it is a function. */
static bool fill_scope(Frame *f, FeelScope *s, const DmnElement *el, Err *e)
{
    size_t room = el->n_needs + el->n_knows + 1;
    Names names = { ARENA_ARRAY(f->r->a, FeelEntry, room), 0 };
    FeelValue v;
    if (!names.entries)
        return no_memory(e);
    for (size_t i = 0; i < el->n_needs + el->n_knows; i++) {
        const DmnElement *to = i < el->n_needs ? el->needs[i] : el->knows[i - el->n_needs];
        if (!value_of(f, to, &v, e) || !put(f, &names, el, to, v, e))
            return false;
    }
    if (el->kind == DMN_KNOWLEDGE && !put(f, &names, el, el, f->values[el->index], e))
        return false;
    s->entries = names.entries;
    s->n = names.n;
    return true;
}

/* --- values --------------------------------------------------------------------------------- */
static bool note_input(Frame *f, const DmnElement *el, FeelValue v, Err *e)
{
    Hole holes[] = { err_hole("name", el->name), err_hole("value", feel_print(f->r->a, v)),
                     err_hole("type", feel_type_print(f->r->a, el->declared)) };
    return feel_note(f->r->run, ERR_DMN_INPUT, holes, 3, e);
}

/* Text is read as the type asks: the way of JSON, where dates and exact fractions are text. */
static bool read_as(Arena *a, FeelValue *out, FeelValue v, const FeelType *type)
{
    json_t *json;
    Err scrap = { 0 };
    if (!feel_to_json(&json, v, &scrap))
        return false;
    bool ok = feel_from_json(out, a, json, type, &scrap);
    jv_close(json);
    return ok;
}

static const FeelValue *given(const DmnRun *r, const DmnElement *el)
{
    Str alias;
    const FeelValue *v = feel_member(&r->inputs, el->name);
    if (v || !dmn_alias(r->m->homes[0], el->home, &alias) || alias.n == 0)
        return v;
    const FeelValue *group = feel_member(&r->inputs, alias);
    return group ? feel_member(group, el->name) : NULL;
}

static bool input_value(Frame *f, const DmnElement *el, FeelValue *out, Err *e)
{
    Arena *a = f->r->a;
    const FeelValue *v = f->service ? NULL : given(f->r, el);
    *out = feel_null();
    if (!v || feel_coerce(out, a, *v, el->declared) || read_as(a, out, *v, el->declared))
        return true;
    *out = feel_null();
    return note_input(f, el, *v, e);
}

static bool decision_value(Frame *f, const DmnElement *el, FeelValue *out, Err *e)
{
    FeelScope *s = ARENA_NEW(f->r->a, FeelScope);
    if (!s)
        return no_memory(e);
    return fill_scope(f, s, el, e) && feel_eval(out, f->r->a, el->logic, s, f->r->run, e);
}

static bool outputs_of(Frame *f, const DmnElement *el, FeelValue *out, Err *e)
{
    FeelEntry *entries = ARENA_ARRAY(f->r->a, FeelEntry, el->n_outputs);
    if (!entries)
        return no_memory(e);
    for (size_t i = 0; i < el->n_outputs; i++) {
        entries[i].name = el->outputs[i]->name;
        if (!value_of(f, el->outputs[i], &entries[i].value, e))
            return false;
    }
    *out = el->n_outputs == 1 ? entries[0].value : feel_context(entries, el->n_outputs);
    return true;
}

/* The result as the service's type says, else null with a diagnostic. */
static bool give(const DmnRun *r, const DmnElement *el, FeelValue *out, Err *e)
{
    FeelValue got = *out;
    if (feel_coerce(out, r->a, got, el->gives))
        return true;
    Hole holes[] = { err_hole("value", feel_print(r->a, got)),
                     err_hole("type", feel_type_print(r->a, el->gives)) };
    *out = feel_null();
    return feel_note(r->run, ERR_FEEL_TYPED, holes, 2, e);
}

static bool call_service(const void *ctx, FeelValue *out, Arena *a, const FeelValue *args,
                         FeelRun *run, Err *e)
{
    const Service *s = ctx;
    const DmnElement *el = s->el;
    Frame f;
    FeelWhere here = { run->where, el->name, el->xml->line };
    (void)a;
    run->work -= (int64_t)s->r->m->n; /* what a frame costs */
    if (!open_frame(&f, s->r, el, e))
        return false;
    for (size_t i = 0; i < el->n_ins; i++) {
        f.values[el->ins[i]->index] = args[i];
        f.known[el->ins[i]->index] = true;
    }
    run->where = &here;
    bool ok = outputs_of(&f, el, out, e) && give(s->r, el, out, e);
    run->where = here.above;
    return ok;
}

static bool service_value(Frame *f, const DmnElement *el, FeelValue *out, Err *e)
{
    Service *s = ARENA_NEW(f->r->a, Service);
    if (!s)
        return no_memory(e);
    *s = (Service){ f->r, el };
    FeelNative native = { .name = el->name, .params = el->param_names, .types = el->param_types,
                          .n = el->n_ins, .call = call_service, .ctx = s };
    *out = feel_function(f->r->a, &native);
    return out->kind == FEEL_FUNCTION || no_memory(e);
}

/* A function that captures its scope, which is filled afterwards: models may know each other. */
static bool knowledge_value(Frame *f, const DmnElement *el, FeelValue *out, Err *e)
{
    FeelScope *s = ARENA_NEW(f->r->a, FeelScope);
    if (!s)
        return no_memory(e);
    if (!feel_eval(out, f->r->a, el->logic, s, f->r->run, e))
        return false;
    f->values[el->index] = *out;
    f->known[el->index] = true;
    return fill_scope(f, s, el, e);
}

static bool value_of(Frame *f, const DmnElement *el, FeelValue *out, Err *e)
{
    typedef bool (*Find)(Frame *f, const DmnElement *el, FeelValue *out, Err *e);
    static const Find finds[] = { [DMN_INPUT] = input_value, [DMN_DECISION] = decision_value,
                                  [DMN_KNOWLEDGE] = knowledge_value,
                                  [DMN_SERVICE] = service_value };
    if (!f->known[el->index]) {
        FeelValue v = feel_null();
        if (!finds[el->kind](f, el, &v, e))
            return false;
        f->values[el->index] = v;
        f->known[el->index] = true;
    }
    *out = f->values[el->index];
    return true;
}

/* --- the doors ------------------------------------------------------------------------------ */
bool dmn_run(DmnRun **out, Arena *a, const DmnModel *m, FeelValue inputs, FeelRun *run, Err *e)
{
    DmnRun *r = ARENA_NEW(a, DmnRun);
    if (!r)
        return no_memory(e);
    *r = (DmnRun){ .m = m, .a = a, .run = run, .inputs = inputs };
    if (!open_frame(&r->top, r, NULL, e))
        return false;
    *out = r;
    return true;
}

/* A service or knowledge model by hand: the inputs of its parameters' names. */
static bool call_by_inputs(FeelValue *out, DmnRun *r, const DmnElement *el, FeelValue f, Err *e)
{
    const DmnXml *x = dmn_xml_kid(el->xml, "encapsulatedLogic");
    size_t n = el->n_ins, i = 0;
    for (const DmnXml *p = dmn_xml_kid(x, "formalParameter"); p;
         p = dmn_xml_next(p, "formalParameter"))
        n++;
    FeelValue *args = ARENA_ARRAY(r->a, FeelValue, n);
    Str *names = ARENA_ARRAY(r->a, Str, n);
    if (!args || !names)
        return no_memory(e);
    for (; i < el->n_ins; i++) {
        const FeelValue *v = given(r, el->ins[i]);
        names[i] = el->ins[i]->name;
        if (v && !feel_coerce(&args[i], r->a, *v, el->ins[i]->declared) &&
            !read_as(r->a, &args[i], *v, el->ins[i]->declared))
            args[i] = *v; /* the call says what is wrong with it */
    }
    for (const DmnXml *p = dmn_xml_kid(x, "formalParameter"); p;
         p = dmn_xml_next(p, "formalParameter"), i++) {
        names[i] = dmn_xml_attr(p, "name");
        const FeelValue *v = feel_member(&r->inputs, names[i]);
        args[i] = v ? *v : feel_null();
    }
    return feel_call_named(out, r->a, f, names, args, n, r->run, e);
}

bool dmn_eval(FeelValue *out, DmnRun *r, Str name, Err *e)
{
    const DmnElement *el = dmn_find(r->m, name);
    FeelValue v;
    if (!el)
        return err_fail(e, ERR_DMN_NONE, err_hole("name", name));
    if (!value_of(&r->top, el, &v, e))
        return false;
    if (el->kind != DMN_DECISION && !call_by_inputs(&v, r, el, v, e))
        return false;
    *out = v;
    return true;
}

const FeelTrace *dmn_explain(DmnRun *r)
{
    return feel_trace_open(r->run);
}
