/* Item definitions to types. First every definition of a file gets its type, so that any may
 * refer to any; then they are filled; the tests of allowed values are read last, for they may name
 * members of types. */
#include "dmn/dmn_in.h"

typedef struct Pending {
    FeelType *type;
    const DmnXml *tests;
} Pending;

typedef struct Types {
    DmnHome *home;
    Arena *a;
    Err *e;
    FeelType **made;          /* of the home's own definitions */
    const DmnXml **defs;
    int *state;               /* 0 not begun, 1 being filled, 2 filled */
    Pending *pending;
    size_t n_pending, cap_pending;
} Types;

static bool fill_named(Types *t, size_t i);
static bool fill(Types *t, FeelType *out, const DmnXml *def, int depth);

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "DMN"));
}

/* --- references ----------------------------------------------------------------------------- */
static Str prefix_uri(const DmnHome *h, Str prefix)
{
    for (size_t i = 0; i < h->doc.n_prefixes; i++)
        if (str_eq(h->doc.prefixes[i].prefix, prefix))
            return h->doc.prefixes[i].uri;
    return (Str){ "", 0 };
}

static const FeelType *named(const DmnHome *h, Str name)
{
    for (size_t i = 0; i < h->n_types; i++)
        if (str_eq(h->types[i].name, name))
            return h->types[i].type;
    return NULL;
}

/* DMN 1.1 writes types as prefix:name, later versions as plain text with the alias of an import. */
static Str without_prefix(Arena *a, const DmnHome *h, Str ref)
{
    Str prefix, name;
    if (!str_cut(ref, STRC(":"), &prefix, &name) || named(h, ref))
        return ref;
    Str uri = prefix_uri(h, prefix);
    for (size_t i = 0; i < h->n_imports; i++)
        if (uri.n && str_eq(h->imports[i].uri, uri) && h->imports[i].name.n)
            return arena_text(a, "%.*s.%.*s", STR(h->imports[i].name), STR(name));
    return uri.n ? name : ref;
}

bool dmn_type_ref(const FeelType **out, Arena *a, const DmnHome *h, Str ref, uint32_t line, Err *e)
{
    Err scrap = { 0 };
    ref = str_trim(ref);
    *out = NULL;
    if (ref.n == 0 || str_is(ref, "<Undefined>") || str_is(ref, "Any"))
        return true;
    ref = without_prefix(a, h, ref);
    if ((*out = named(h, ref)) || str_is(ref, "Any") || str_is(ref, "function"))
        return true;
    if (feel_type_read(out, a, ref, &scrap))
        return true;
    *out = NULL;
    return err_fail(e, ERR_DMN_TYPE, err_hole("file", h->doc.file), err_hole("line", line),
                    err_hole("name", ref));
}

/* The same while types are being made: a copy needs its original filled, a pointer does not. */
static bool refer(Types *t, const FeelType **out, const DmnXml *at, Str ref, bool filled)
{
    if (!dmn_type_ref(out, t->a, t->home, ref, at->line, t->e))
        return false;
    for (size_t i = 0; filled && i < t->home->n_own; i++)
        if (t->made[i] == *out)
            return fill_named(t, i);
    if (!*out)
        *out = feel_type_any();
    return true;
}

/* --- filling -------------------------------------------------------------------------------- */
static bool constrain(Types *t, FeelType *type, const DmnXml *tests)
{
    if (!tests || dmn_xml_text(tests, "text").n == 0)
        return true;
    if (!ARENA_PUSH(t->a, t->pending, t->n_pending, t->cap_pending))
        return no_memory(t->e);
    t->pending[t->n_pending++] = (Pending){ type, tests };
    return true;
}

static bool fill_members(Types *t, FeelType *out, const DmnXml *def, int depth)
{
    FeelTypeMember *members = NULL;
    size_t n = 0, cap = 0;
    for (const DmnXml *x = dmn_xml_kid(def, "itemComponent"); x;
         x = dmn_xml_next(x, "itemComponent")) {
        FeelType *type = ARENA_NEW(t->a, FeelType);
        if (!type || !ARENA_PUSH(t->a, members, n, cap))
            return no_memory(t->e);
        if (!fill(t, type, x, depth + 1))
            return false;
        members[n++] = (FeelTypeMember){ dmn_xml_attr(x, "name"), type };
    }
    *out = (FeelType){ .form = FEEL_TYPE_CONTEXT, .members = members, .n = n };
    return true;
}

static bool fill_function(Types *t, FeelType *out, const DmnXml *item)
{
    FeelTypeMember *members = NULL;
    size_t n = 0, cap = 0;
    const FeelType *type;
    for (const DmnXml *x = dmn_xml_kid(item, "parameters"); x; x = dmn_xml_next(x, "parameters")) {
        if (!ARENA_PUSH(t->a, members, n, cap))
            return no_memory(t->e);
        if (!refer(t, &type, x, dmn_xml_attr(x, "typeRef"), false))
            return false;
        members[n++] = (FeelTypeMember){ dmn_xml_attr(x, "name"), type };
    }
    if (!refer(t, &type, item, dmn_xml_attr(item, "outputTypeRef"), false))
        return false;
    *out = (FeelType){ .form = FEEL_TYPE_FUNCTION, .members = members, .n = n, .item = type };
    return true;
}

/* What one value is, whether or not the definition is a collection of them. */
static bool fill_one(Types *t, FeelType *out, const DmnXml *def, int depth)
{
    const DmnXml *function = dmn_xml_kid(def, "functionItem");
    const FeelType *base;
    bool ok;
    if (dmn_xml_kid(def, "itemComponent")) {
        ok = fill_members(t, out, def, depth);
    } else if (function) {
        ok = fill_function(t, out, function);
    } else if ((ok = refer(t, &base, def, dmn_xml_text(def, "typeRef"), true))) {
        *out = *base;
        out->base = base; /* the tests of its values are read later, and both must pass */
        out->allowed = NULL;
    }
    out->name = dmn_xml_attr(def, "name");
    return ok && constrain(t, out, dmn_xml_kid(def, "allowedValues"));
}

static bool fill(Types *t, FeelType *out, const DmnXml *def, int depth)
{
    const FeelType *item;
    Str flag = dmn_xml_attr(def, "isCollection");
    const DmnXml *whole = dmn_xml_kid(def, "typeConstraint");
    if (depth > DMN_DEPTH_MAX)
        return err_fail(t->e, ERR_TOO_BIG, err_hole("what", "XML嵌套层数"),
                        err_hole("max", DMN_DEPTH_MAX));
    if (!str_is(flag, "true") && !str_is(flag, "1"))
        return fill_one(t, out, def, depth) && constrain(t, out, whole);
    bool plain = !dmn_xml_kid(def, "itemComponent") && !dmn_xml_kid(def, "functionItem") &&
                 !dmn_xml_kid(def, "allowedValues");
    if (plain) {
        if (!refer(t, &item, def, dmn_xml_text(def, "typeRef"), false))
            return false;
    } else {
        FeelType *own = ARENA_NEW(t->a, FeelType);
        if (!own)
            return no_memory(t->e);
        if (!fill_one(t, own, def, depth))
            return false;
        own->name = (Str){ "", 0 };
        item = own;
    }
    *out = (FeelType){ .form = FEEL_TYPE_LIST, .item = item, .name = dmn_xml_attr(def, "name") };
    return constrain(t, out, whole);
}

static bool fill_named(Types *t, size_t i)
{
    if (t->state[i] == 2)
        return true;
    if (t->state[i] == 1 || t->n_pending > DMN_NODES_MAX)
        return err_fail(t->e, ERR_DMN_CIRCLE, err_hole("file", t->home->doc.file),
                        err_hole("line", t->defs[i]->line),
                        err_hole("name", t->home->types[i].name));
    t->state[i] = 1;
    if (!fill(t, t->made[i], t->defs[i], 0))
        return false;
    t->state[i] = 2;
    return true;
}

static bool read_tests(Types *t, const Pending *p)
{
    FeelTypeMember input = { S("?"), p->type };
    FeelType scope = { .form = FEEL_TYPE_CONTEXT, .members = &input, .n = 1 };
    FeelNames known = { .scope = &scope, .types = t->home->types, .n_types = t->home->n_types };
    FeelExpr *x;
    if (!feel_parse_unary(&x, t->a, dmn_xml_text(p->tests, "text"), &known, t->e)) {
        err_note(t->e, "while reading the allowed values at line %u of %.*s", p->tests->line,
                 STR(t->home->doc.file));
        return false;
    }
    p->type->allowed = x;
    return true;
}

static bool read_all_tests(Types *t)
{
    for (size_t i = 0; i < t->n_pending; i++)
        if (!read_tests(t, &t->pending[i]))
            return false;
    return true;
}

/* --- the door ------------------------------------------------------------------------------- */
/* Types of imports are known as alias.name. */
static bool import_types(DmnHome *h, Arena *a, size_t *cap, Err *e)
{
    for (size_t i = 0; i < h->n_imports; i++) {
        const DmnImport *im = &h->imports[i];
        for (size_t k = 0; im->home && k < im->home->n_own; k++) {
            Str name = im->home->types[k].name;
            if (!ARENA_PUSH(a, h->types, h->n_types, *cap))
                return no_memory(e);
            h->types[h->n_types].name =
                im->name.n ? arena_text(a, "%.*s.%.*s", STR(im->name), STR(name)) : name;
            h->types[h->n_types++].type = im->home->types[k].type;
        }
    }
    return !arena_refused(a) || no_memory(e);
}

bool dmn_types_read(DmnModel *m, DmnHome *h, Arena *a, Err *e)
{
    Types t = { .home = h, .a = a, .e = e };
    size_t cap = 0, n = 0, i = 0;
    (void)m;
    for (const DmnXml *x = dmn_xml_kid(h->doc.root, "itemDefinition"); x;
         x = dmn_xml_next(x, "itemDefinition"))
        n++;
    t.made = ARENA_ARRAY(a, FeelType *, n);
    t.defs = ARENA_ARRAY(a, const DmnXml *, n);
    t.state = ARENA_ARRAY(a, int, n);
    if (!t.made || !t.defs || !t.state)
        return no_memory(e);
    for (const DmnXml *x = dmn_xml_kid(h->doc.root, "itemDefinition"); x;
         x = dmn_xml_next(x, "itemDefinition"), i++) {
        t.defs[i] = x;
        t.made[i] = ARENA_NEW(a, FeelType);
        if (!t.made[i] || !ARENA_PUSH(a, h->types, h->n_types, cap))
            return no_memory(e);
        h->types[h->n_types++] = (FeelTypeMember){ dmn_xml_attr(x, "name"), t.made[i] };
    }
    h->n_own = n;
    if (!import_types(h, a, &cap, e))
        return false;
    for (i = 0; i < n; i++)
        if (!fill_named(&t, i))
            return false;
    return read_all_tests(&t);
}
