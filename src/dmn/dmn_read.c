/* Files to a model: definitions, imports, references, and every element compiled after those it
 * needs. A circle of requirements is refused; knowledge models may call each other and themselves,
 * for calls have a limit of their own. */
#include "dmn/dmn_in.h"

enum { CHAIN_MAX = 300 };

static const char *const spaces[] = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",       /* 1.1 */
    "http://www.omg.org/spec/DMN/20180521/MODEL/",        /* 1.2 */
    "https://www.omg.org/spec/DMN/20191111/MODEL/",       /* 1.3 */
    "https://www.omg.org/spec/DMN/20211108/MODEL/",       /* 1.4 */
    "https://www.omg.org/spec/DMN/20230324/MODEL/",       /* 1.5 */
    NULL
};

typedef struct Load {
    DmnModel *m;
    Arena *a;
    const DmnSource *sources;
    DmnDoc *docs;             /* of the sources, read when first looked at */
    int *seen;                /* 0 not looked at, 1 read, 2 unreadable */
    size_t n;
    Err *e;
} Load;

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "DMN"));
}

/* --- files and imports ---------------------------------------------------------------------- */
static bool load_home(Load *l, DmnHome **out, const DmnDoc *doc, int depth);

static Str prefix_of(const DmnDoc *doc, Str uri)
{
    for (size_t i = 0; i < doc->n_prefixes; i++)
        if (str_eq(doc->prefixes[i].uri, uri))
            return doc->prefixes[i].prefix;
    return (Str){ "", 0 };
}

static const DmnDoc *doc_of(Load *l, Str uri)
{
    for (size_t i = 0; i < l->n; i++) {
        Err scrap = { 0 };
        if (l->seen[i] == 0)
            l->seen[i] = dmn_xml_read(&l->docs[i], l->a, l->sources[i].file, l->sources[i].text,
                                      spaces, &scrap) ? 1 : 2;
        if (l->seen[i] == 1 && str_eq(dmn_xml_attr(l->docs[i].root, "namespace"), uri))
            return &l->docs[i];
    }
    return NULL;
}

static DmnHome *home_of(const DmnModel *m, Str uri)
{
    for (size_t i = 0; i < m->n_homes; i++)
        if (str_eq(m->homes[i]->uri, uri))
            return m->homes[i];
    return NULL;
}

/* Only models are followed; PMML and schemas are named by other import types. */
static bool is_model(Str import_type)
{
    for (size_t i = 0; spaces[i]; i++)
        if (str_is(import_type, spaces[i]))
            return true;
    return false;
}

static bool load_import(Load *l, DmnHome *h, const DmnXml *x, int depth)
{
    size_t cap = h->n_imports;
    DmnImport im = { .name = dmn_xml_attr(x, "name"), .uri = dmn_xml_attr(x, "namespace") };
    DmnHome *home = home_of(l->m, im.uri);
    if (!is_model(dmn_xml_attr(x, "importType")))
        return true;
    if (im.name.n == 0)
        im.name = prefix_of(&h->doc, im.uri);
    if (!home) {
        const DmnDoc *doc = doc_of(l, im.uri);
        if (!doc)
            return err_fail(l->e, arena_refused(l->a) ? ERR_NO_MEMORY : ERR_DMN_IMPORT,
                            err_hole("file", h->doc.file), err_hole("line", x->line),
                            err_hole("uri", im.uri), err_hole("what", "DMN"));
        if (!load_home(l, &home, doc, depth + 1))
            return false;
    }
    if (home->state != 2)
        return err_fail(l->e, ERR_DMN_CIRCLE, err_hole("file", h->doc.file),
                        err_hole("line", x->line), err_hole("name", im.uri));
    im.home = home;
    if (!ARENA_PUSH(l->a, h->imports, h->n_imports, cap))
        return no_memory(l->e);
    h->imports[h->n_imports++] = im;
    return true;
}

static bool load_home(Load *l, DmnHome **out, const DmnDoc *doc, int depth)
{
    DmnModel *m = l->m;
    DmnHome *h = ARENA_NEW(l->a, DmnHome);
    if (!h || !ARENA_PUSH(l->a, m->homes, m->n_homes, m->cap_homes))
        return no_memory(l->e);
    if (depth > DMN_DEPTH_MAX)
        return err_fail(l->e, ERR_TOO_BIG, err_hole("what", "import"),
                        err_hole("max", DMN_DEPTH_MAX));
    m->homes[m->n_homes++] = h;
    h->doc = *doc;
    h->uri = dmn_xml_attr(doc->root, "namespace");
    h->state = 1;
    for (const DmnXml *x = dmn_xml_kid(doc->root, "import"); x; x = dmn_xml_next(x, "import"))
        if (!load_import(l, h, x, depth))
            return false;
    if (!dmn_types_read(m, h, l->a, l->e))
        return false;
    h->state = 2;
    *out = h;
    return true;
}

bool dmn_alias(const DmnHome *from, const DmnHome *to, Str *alias)
{
    *alias = (Str){ "", 0 };
    for (size_t i = 0; i < from->n_imports; i++)
        if (from->imports[i].home == to) {
            *alias = from->imports[i].name;
            return true;
        }
    return from == to;
}

/* --- elements ------------------------------------------------------------------------------- */
/* Blanks in names count as one: a name may be broken over lines. */
static Str name_of(Arena *a, Str s)
{
    char *p = arena_alloc(a, s.n);
    size_t n = 0;
    s = str_trim(s);
    for (size_t i = 0; p && i < s.n; i++) {
        bool blank = s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\n' || s.p[i] == '\r';
        if (!blank)
            p[n++] = s.p[i];
        else if (n && p[n - 1] != ' ')
            p[n++] = ' ';
    }
    return (Str){ p ? p : "", n };
}

static bool add_element(Load *l, const DmnHome *h, DmnKind kind, const DmnXml *x)
{
    DmnModel *m = l->m;
    const DmnXml *variable = dmn_xml_kid(x, "variable");
    DmnElement *el = ARENA_NEW(l->a, DmnElement);
    if (!el || !ARENA_PUSH(l->a, m->elements, m->n, m->cap))
        return no_memory(l->e);
    if (m->n >= DMN_ELEMENTS_MAX)
        return err_fail(l->e, ERR_TOO_BIG, err_hole("what", "DMN"),
                        err_hole("max", DMN_ELEMENTS_MAX));
    el->kind = kind;
    el->xml = x;
    el->home = h;
    el->index = m->n;
    el->name = name_of(l->a, dmn_xml_attr(x, "name"));
    el->id = arena_text(l->a, "%.*s#%.*s", STR(h->uri), STR(dmn_xml_attr(x, "id")));
    if (variable && !dmn_type_ref(&el->declared, l->a, h, dmn_xml_attr(variable, "typeRef"),
                                  variable->line, l->e))
        return false;
    el->type = el->declared;
    m->elements[m->n++] = el;
    return (arena_refused(l->a) ? no_memory(l->e) : true) &&
           (map_put(&m->by_id, el->id, el) || no_memory(l->e));
}

static bool add_elements(Load *l, const DmnHome *h)
{
    static const struct {
        const char *tag;
        DmnKind kind;
    } rows[] = {
        { "inputData", DMN_INPUT }, { "decision", DMN_DECISION },
        { "businessKnowledgeModel", DMN_KNOWLEDGE }, { "decisionService", DMN_SERVICE },
    };
    for (const DmnXml *x = h->doc.root->first; x; x = x->next)
        for (size_t i = 0; i < 4; i++)
            if (str_is(x->tag, rows[i].tag) && !add_element(l, h, rows[i].kind, x))
                return false;
    return true;
}

/* --- references ----------------------------------------------------------------------------- */
static bool resolve(Load *l, const DmnElement *at, const DmnXml *x, DmnElement **out)
{
    Str href = str_trim(dmn_xml_attr(x, "href")), alias, space, id;
    if (!str_cut(href, STRC("#"), &space, &id))
        id = href, space = (Str){ "", 0 };
    Str key = arena_text(l->a, "%.*s#%.*s", STR(space.n ? space : at->home->uri), STR(id));
    *out = map_get(&l->m->by_id, key);
    if (*out && dmn_alias(at->home, (*out)->home, &alias))
        return true;
    return err_fail(l->e, ERR_DMN_REF, err_hole("file", at->home->doc.file),
                    err_hole("line", x->line), err_hole("href", href));
}

typedef struct Refs {
    DmnElement **items;
    size_t n, cap;
} Refs;

static bool add_ref(Load *l, Refs *r, const DmnElement *at, const DmnXml *x, unsigned kinds)
{
    DmnElement *to;
    if (!resolve(l, at, x, &to))
        return false;
    if (!((kinds >> to->kind) & 1))
        return err_fail(l->e, ERR_DMN_REF, err_hole("file", at->home->doc.file),
                        err_hole("line", x->line), err_hole("href", dmn_xml_attr(x, "href")));
    if (!ARENA_PUSH(l->a, r->items, r->n, r->cap))
        return no_memory(l->e);
    r->items[r->n++] = to;
    return true;
}

/* The kids `tag` of x, each holding one reference in a kid `inner`, or being one (inner NULL). */
static bool add_refs(Load *l, Refs *r, const DmnElement *at, const char *tag, const char *inner,
                     unsigned kinds)
{
    for (const DmnXml *x = dmn_xml_kid(at->xml, tag); x; x = dmn_xml_next(x, tag)) {
        const DmnXml *ref = inner ? dmn_xml_kid(x, inner) : x;
        if (ref && !add_ref(l, r, at, ref, kinds))
            return false;
    }
    return true;
}

static bool link_element(Load *l, DmnElement *el)
{
    enum { IN = 1 << DMN_INPUT, DEC = 1 << DMN_DECISION,
           KNOW = 1 << DMN_KNOWLEDGE | 1 << DMN_SERVICE };
    Refs needs = { 0 }, knows = { 0 }, outputs = { 0 }, ins = { 0 }, inside = { 0 };
    bool ok = add_refs(l, &needs, el, "informationRequirement", "requiredInput", IN) &&
              add_refs(l, &needs, el, "informationRequirement", "requiredDecision", DEC) &&
              add_refs(l, &knows, el, "knowledgeRequirement", "requiredKnowledge", KNOW) &&
              add_refs(l, &outputs, el, "outputDecision", NULL, DEC) &&
              add_refs(l, &ins, el, "inputData", NULL, IN) &&
              add_refs(l, &ins, el, "inputDecision", NULL, DEC) &&
              add_refs(l, &inside, el, "encapsulatedDecision", NULL, DEC);
    el->needs = needs.items, el->n_needs = needs.n;
    el->knows = knows.items, el->n_knows = knows.n;
    el->outputs = outputs.items, el->n_outputs = outputs.n;
    el->ins = ins.items, el->n_ins = ins.n;
    el->inside = inside.items, el->n_inside = inside.n;
    return ok;
}

/* --- compiling ------------------------------------------------------------------------------ */
static bool compile(Load *l, DmnElement *el, int depth);

/* An element in scope: by its name, or as a member of the alias of its import. */
static bool bring(DmnBuild *b, const DmnElement *el, Err *e)
{
    Str alias;
    if (!dmn_alias(b->home, el->home, &alias) || alias.n == 0)
        return dmn_scope_add(b, el->name, el->type, e);
    FeelTypeMember *old = NULL;
    for (size_t i = 0; i < b->n; i++)
        if (str_eq(b->names[i].name, alias))
            old = &b->names[i];
    size_t n = old ? old->type->n : 0;
    FeelTypeMember *members = ARENA_ARRAY(b->a, FeelTypeMember, n + 1);
    FeelType *t = ARENA_NEW(b->a, FeelType);
    if (!members || !t)
        return no_memory(e);
    for (size_t i = 0; i < n; i++)
        members[i] = old->type->members[i];
    members[n] = (FeelTypeMember){ el->name, el->type };
    *t = (FeelType){ .form = FEEL_TYPE_CONTEXT, .members = members, .n = n + 1 };
    if (!old)
        return dmn_scope_add(b, alias, t, e);
    old->type = t;
    return true;
}

static bool compile_needs(Load *l, DmnElement *el, DmnBuild *b, int depth)
{
    for (size_t i = 0; i < el->n_needs; i++)
        if (!compile(l, el->needs[i], depth + 1) || !bring(b, el->needs[i], l->e))
            return false;
    for (size_t i = 0; i < el->n_knows; i++)
        if ((el->knows[i]->state == 0 && !compile(l, el->knows[i], depth + 1)) ||
            !bring(b, el->knows[i], l->e))
            return false;
    return true;
}

static bool compile_decision(Load *l, DmnElement *el, DmnBuild *b)
{
    FeelExpr *inner;
    if (!dmn_box_kid(&inner, b, el->xml, l->e))
        return false;
    if (!inner && !dmn_box_text(&inner, b, (Str){ "", 0 }, el->xml->line, false, l->e))
        return false;
    FeelBox box = { .form = FEEL_BOX_TYPED, .label = el->name, .line = el->xml->line,
                    .kids = &inner, .n = 1, .type = el->declared };
    if (!feel_box(&el->logic, l->a, &box, l->e))
        return false;
    if (!el->type)
        el->type = dmn_box_type(b, inner);
    return true;
}

/* The variable of a knowledge model carries the function's type or, from older tools, that of its
 * result. */
static bool compile_knowledge(Load *l, DmnElement *el, DmnBuild *b)
{
    const DmnXml *x = dmn_xml_kid(el->xml, "encapsulatedLogic");
    const FeelType *result = el->declared;
    if (result && result->form == FEEL_TYPE_FUNCTION)
        result = result->item;
    el->type = NULL;
    if (!x)
        return dmn_box_text(&el->logic, b, (Str){ "", 0 }, el->xml->line, false, l->e);
    if (!dmn_scope_add(b, el->name, NULL, l->e))
        return false;
    FeelExpr *inner;
    if (!dmn_box_function(&inner, b, x, result, l->e))
        return false;
    el->logic = inner;
    return true;
}

static bool compile_service(Load *l, DmnElement *el, int depth)
{
    el->param_names = ARENA_ARRAY(l->a, Str, el->n_ins);
    el->param_types = ARENA_ARRAY(l->a, const FeelType *, el->n_ins);
    if (!el->param_names || !el->param_types)
        return no_memory(l->e);
    for (size_t i = 0; i < el->n_ins; i++) {
        el->param_names[i] = el->ins[i]->name;
        el->param_types[i] = el->ins[i]->declared;
    }
    el->gives = el->declared && el->declared->form == FEEL_TYPE_FUNCTION ? el->declared->item
                                                                         : el->declared;
    el->type = NULL;
    for (size_t i = 0; i < el->n_outputs; i++)
        if (el->outputs[i]->state == 0 && !compile(l, el->outputs[i], depth + 1))
            return false;
    return true;
}

static bool compile(Load *l, DmnElement *el, int depth)
{
    DmnBuild b = { .m = l->m, .a = l->a, .home = el->home, .element = el };
    if (el->state == 2)
        return true;
    if (el->state == 1 || depth > CHAIN_MAX)
        return err_fail(l->e, el->state == 1 ? ERR_DMN_CIRCLE : ERR_DMN_CHAIN,
                        err_hole("file", el->home->doc.file), err_hole("line", el->xml->line),
                        err_hole("name", el->name), err_hole("max", CHAIN_MAX));
    el->state = 1;
    bool ok = compile_needs(l, el, &b, depth);
    switch (el->kind) {
    case DMN_DECISION:
        ok = ok && compile_decision(l, el, &b);
        break;
    case DMN_KNOWLEDGE:
        ok = ok && compile_knowledge(l, el, &b);
        break;
    case DMN_SERVICE:
        ok = ok && compile_service(l, el, depth);
        break;
    case DMN_INPUT:
        break;
    }
    el->state = 2;
    return ok;
}

/* --- the door ------------------------------------------------------------------------------- */
static bool build(Load *l)
{
    DmnModel *m = l->m;
    DmnHome *h;
    if (!dmn_xml_read(&l->docs[0], l->a, l->sources[0].file, l->sources[0].text, spaces, l->e))
        return false;
    l->seen[0] = 1;
    if (!load_home(l, &h, &l->docs[0], 0))
        return false;
    for (size_t i = 0; i < m->n_homes; i++)
        if (!add_elements(l, m->homes[i]))
            return false;
    for (size_t i = 0; i < m->n; i++)
        if (!link_element(l, m->elements[i]))
            return false;
    for (size_t i = 0; i < m->n; i++)
        if (!compile(l, m->elements[i], 0))
            return false;
    return true;
}

bool dmn_read(const DmnModel **out, Arena *a, const DmnSource *sources, size_t n, Err *e)
{
    DmnModel *m = ARENA_NEW(a, DmnModel);
    Load l = { .m = m, .a = a, .sources = sources, .n = n, .e = e };
    if (n == 0 || n > DMN_FILES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "DMN"), err_hole("max", DMN_FILES_MAX));
    l.docs = ARENA_ARRAY(a, DmnDoc, n);
    l.seen = ARENA_ARRAY(a, int, n);
    if (!m || !l.docs || !l.seen)
        return no_memory(e);
    m->by_id = map_open(a);
    if (!build(&l))
        return false;
    *out = m;
    return true;
}

/* --- looking in ----------------------------------------------------------------------------- */
static Str full_name(Arena *a, const DmnModel *m, const DmnElement *el)
{
    Str alias;
    if (!dmn_alias(m->homes[0], el->home, &alias) || alias.n == 0)
        return el->name;
    return arena_text(a, "%.*s.%.*s", STR(alias), STR(el->name));
}

bool dmn_item(DmnItem *out, Arena *a, const DmnModel *m, size_t i)
{
    if (i >= m->n)
        return false;
    const DmnElement *el = m->elements[i];
    *out = (DmnItem){ .kind = el->kind, .name = full_name(a, m, el), .type = el->type,
                      .line = el->xml->line, .imported = el->home != m->homes[0],
                      .has_table = el->table != NULL };
    return true;
}

const Err *dmn_fault(const DmnModel *m, size_t i)
{
    return i < m->n_faults ? m->faults[i] : NULL;
}

const DmnElement *dmn_find(const DmnModel *m, Str name)
{
    for (size_t i = 0; i < m->n; i++) {
        const DmnElement *el = m->elements[i];
        Str alias;
        if (el->kind == DMN_INPUT || !dmn_alias(m->homes[0], el->home, &alias))
            continue;
        if (alias.n == 0 ? str_eq(el->name, name)
                         : name.n == alias.n + 1 + el->name.n && str_starts(name, alias) &&
                               name.p[alias.n] == '.' && str_ends(name, el->name))
            return el;
    }
    return NULL;
}
