/* Boxed expressions to FEEL boxes. Names come into scope as the standard says: those of the
 * requirements first, then entries of contexts, parameters and iterators around. */
#include "dmn/dmn_in.h"

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "DMN"));
}

static bool shape(DmnBuild *b, const DmnXml *x, const char *want, Err *e)
{
    return err_fail(e, ERR_DMN_SHAPE, err_hole("file", b->home->doc.file),
                    err_hole("line", x->line), err_hole("found", x->tag), err_hole("want", want));
}

bool dmn_scope_add(DmnBuild *b, Str name, const FeelType *type, Err *e)
{
    if (!ARENA_PUSH(b->a, b->names, b->n, b->cap))
        return no_memory(e);
    b->names[b->n++] = (FeelTypeMember){ name, type };
    return true;
}

/* A later name hides an earlier one, as an inner scope hides an outer. */
static FeelType scope_type(DmnBuild *b, bool *ok)
{
    FeelTypeMember *members = ARENA_ARRAY(b->a, FeelTypeMember, b->n);
    *ok = members != NULL;
    for (size_t i = 0; members && i < b->n; i++)
        members[i] = b->names[b->n - 1 - i];
    return (FeelType){ .form = FEEL_TYPE_CONTEXT, .members = members, .n = b->n, .open = true };
}

const FeelType *dmn_box_type(DmnBuild *b, const FeelExpr *x)
{
    bool ok;
    Err scrap = { 0 };
    const FeelType *type;
    FeelType scope = scope_type(b, &ok);
    return ok && feel_check(&type, b->a, x, &scope, &scrap) ? type : NULL;
}

/* --- leaves --------------------------------------------------------------------------------- */
bool dmn_box_fault(FeelExpr **out, DmnBuild *b, uint32_t line, const Err *why, Err *e)
{
    DmnModel *m = b->m;
    Err *kept = ARENA_NEW(b->a, Err);
    if (!kept)
        return no_memory(e);
    *kept = *why;
    if (m->n_faults < DMN_FAULTS_MAX) {
        if (!ARENA_PUSH(b->a, m->faults, m->n_faults, m->cap_faults))
            return no_memory(e);
        err_note(kept, "while reading \"%.*s\" at line %u of %.*s",
                 b->element ? (int)b->element->name.n : 0, b->element ? b->element->name.p : "",
                 line, STR(b->home->doc.file));
        m->faults[m->n_faults++] = kept;
    }
    FeelBox box = { .form = FEEL_BOX_FAULT, .line = line, .fault = kept };
    return feel_box(out, b->a, &box, e);
}

bool dmn_box_text(FeelExpr **out, DmnBuild *b, Str text, uint32_t line, bool unary, Err *e)
{
    bool ok;
    Err why = { 0 };
    FeelType scope = scope_type(b, &ok);
    FeelNames known = { .scope = &scope, .types = b->home->types, .n_types = b->home->n_types };
    text = str_trim(text);
    if (text.n == 0)
        text = unary ? STRC("-") : STRC("null");
    if (!ok)
        return no_memory(e);
    if ((unary ? feel_parse_unary : feel_parse)(out, b->a, text, &known, &why))
        return true;
    if (why.code == ERR_NO_MEMORY) {
        *e = why;
        return false;
    }
    return dmn_box_fault(out, b, line, &why, e);
}

/* FEEL is named by its namespace of any version, or "feel". */
static bool is_feel(Str language)
{
    static const char *const marks[] = { "FEEL", "feel" };
    for (size_t i = 0; i < 2; i++)
        if (str_has(language, str_of(marks[i])))
            return true;
    return language.n == 0;
}

static bool box_literal(FeelExpr **out, DmnBuild *b, const DmnXml *x, Err *e)
{
    Str language = dmn_xml_attr(x, "expressionLanguage");
    const DmnXml *text = dmn_xml_kid(x, "text");
    Err why = { 0 };
    if (language.n == 0)
        language = dmn_xml_attr(b->home->doc.root, "expressionLanguage");
    if (!is_feel(language)) {
        err_fail(&why, ERR_DMN_LANGUAGE, err_hole("line", x->line), err_hole("found", language));
        return dmn_box_fault(out, b, x->line, &why, e);
    }
    return dmn_box_text(out, b, text ? text->text : (Str){ "", 0 }, x->line, false, e);
}

/* --- lists and records ---------------------------------------------------------------------- */
typedef struct Kids {
    FeelExpr **kids;
    size_t n, cap;
    Str *names;
    const FeelType **types;
    size_t n_names, names_cap, types_cap;
} Kids;

static bool add_kid(DmnBuild *b, Kids *k, FeelExpr *kid, Err *e)
{
    if (!ARENA_PUSH(b->a, k->kids, k->n, k->cap))
        return no_memory(e);
    k->kids[k->n++] = kid;
    return true;
}

static bool add_name(DmnBuild *b, Kids *k, Str name, const FeelType *type, Err *e)
{
    if (!ARENA_PUSH(b->a, k->names, k->n_names, k->names_cap) ||
        !ARENA_PUSH(b->a, k->types, k->n_names, k->types_cap))
        return no_memory(e);
    k->names[k->n_names] = name;
    k->types[k->n_names++] = type;
    return true;
}

static bool close_box(FeelExpr **out, DmnBuild *b, FeelBoxForm form, const DmnXml *x,
                      const Kids *k, Err *e)
{
    FeelBox box = { .form = form, .label = x->tag, .line = x->line, .kids = k->kids, .n = k->n,
                    .names = k->names, .types = k->types, .n_names = k->n_names };
    return feel_box(out, b->a, &box, e);
}

static bool box_list(FeelExpr **out, DmnBuild *b, const DmnXml *x, Err *e)
{
    Kids k = { 0 };
    FeelExpr *kid;
    for (const DmnXml *c = x->first; c; c = c->next) {
        if (!dmn_box(&kid, b, c, e) || (kid && !add_kid(b, &k, kid, e)))
            return false;
    }
    return close_box(out, b, FEEL_BOX_LIST, x, &k, e);
}

/* A row of a relation: unlike a context, its cells do not see each other. */
typedef struct Record {
    Kids k;
} Record;

static bool eval_record(const void *ctx, FeelValue *out, Arena *a, const FeelScope *scope,
                        FeelRun *run, Err *e)
{
    const Kids *k = &((const Record *)ctx)->k;
    FeelEntry *entries = ARENA_ARRAY(a, FeelEntry, k->n);
    if (!entries)
        return no_memory(e);
    for (size_t i = 0; i < k->n; i++) {
        entries[i].name = k->names[i];
        if (!feel_eval(&entries[i].value, a, k->kids[i], scope, run, e))
            return false;
    }
    *out = feel_context(entries, k->n);
    return true;
}

static bool box_row(FeelExpr **out, DmnBuild *b, const DmnXml *row, const DmnXml *columns, Err *e)
{
    Record *r = ARENA_NEW(b->a, Record);
    FeelType *type = ARENA_NEW(b->a, FeelType);
    FeelExpr *cell;
    const FeelType *t;
    if (!r || !type)
        return no_memory(e);
    const DmnXml *column = dmn_xml_kid(columns, "column");
    for (const DmnXml *c = row->first; c; c = c->next) {
        if (!column)
            return shape(b, row, "column", e);
        Str name = dmn_xml_attr(column, "name");
        if (!dmn_type_ref(&t, b->a, b->home, dmn_xml_attr(column, "typeRef"), column->line, e) ||
            !dmn_box_typed(&cell, b, name, c, t, e) || !add_kid(b, &r->k, cell, e) ||
            !add_name(b, &r->k, name, t, e))
            return false;
        column = dmn_xml_next(column, "column");
    }
    FeelTypeMember *members = ARENA_ARRAY(b->a, FeelTypeMember, r->k.n);
    if (!members)
        return no_memory(e);
    for (size_t i = 0; i < r->k.n; i++)
        members[i] = (FeelTypeMember){ r->k.names[i], r->k.types[i] };
    *type = (FeelType){ .form = FEEL_TYPE_CONTEXT, .members = members, .n = r->k.n };
    FeelBox box = { .form = FEEL_BOX_OUTSIDE, .label = row->tag, .line = row->line,
                    .kids = r->k.kids, .n = r->k.n, .type = type, .outside = eval_record,
                    .ctx = r };
    return feel_box(out, b->a, &box, e);
}

static bool box_relation(FeelExpr **out, DmnBuild *b, const DmnXml *x, Err *e)
{
    Kids k = { 0 };
    FeelExpr *row;
    for (const DmnXml *r = dmn_xml_kid(x, "row"); r; r = dmn_xml_next(r, "row"))
        if (!box_row(&row, b, r, x, e) || !add_kid(b, &k, row, e))
            return false;
    return close_box(out, b, FEEL_BOX_LIST, x, &k, e);
}

/* --- contexts ------------------------------------------------------------------------------- */
static bool box_context(FeelExpr **out, DmnBuild *b, const DmnXml *x, Err *e)
{
    Kids k = { 0 };
    size_t known = b->n;
    bool ok = true, closed = false;
    for (const DmnXml *c = dmn_xml_kid(x, "contextEntry"); c && ok;
         c = dmn_xml_next(c, "contextEntry")) {
        const DmnXml *variable = dmn_xml_kid(c, "variable");
        const FeelType *type = NULL;
        FeelExpr *kid;
        Str name = variable ? dmn_xml_attr(variable, "name") : (Str){ "", 0 };
        ok = !closed || shape(b, c, "context", e);
        Str ref = variable ? dmn_xml_attr(variable, "typeRef") : (Str){ "", 0 };
        ok = ok && dmn_type_ref(&type, b->a, b->home, ref, c->line, e);
        ok = ok && dmn_box_kid(&kid, b, c, e);
        if (ok && !kid)
            ok = shape(b, c, "literalExpression", e);
        FeelBox typed = { .form = FEEL_BOX_TYPED, .label = name, .line = c->line, .kids = &kid,
                          .n = 1, .type = type };
        ok = ok && feel_box(&kid, b->a, &typed, e) && add_kid(b, &k, kid, e);
        closed = !variable;
        if (ok && variable)
            ok = add_name(b, &k, name, type, e) &&
                 dmn_scope_add(b, name, type ? type : dmn_box_type(b, kid), e);
    }
    b->n = known;
    return ok && close_box(out, b, FEEL_BOX_CONTEXT, x, &k, e);
}

/* --- functions ------------------------------------------------------------------------------ */
bool dmn_box_function(FeelExpr **out, DmnBuild *b, const DmnXml *x, const FeelType *result, Err *e)
{
    Kids k = { 0 };
    size_t known = b->n;
    FeelExpr *body = NULL;
    Str kind = dmn_xml_attr(x, "kind");
    Err why = { 0 };
    bool ok = true;
    for (const DmnXml *p = dmn_xml_kid(x, "formalParameter"); p && ok;
         p = dmn_xml_next(p, "formalParameter")) {
        const FeelType *type = NULL;
        Str name = dmn_xml_attr(p, "name");
        ok = dmn_type_ref(&type, b->a, b->home, dmn_xml_attr(p, "typeRef"), p->line, e) &&
             add_name(b, &k, name, type, e) && dmn_scope_add(b, name, type, e);
    }
    if (ok && kind.n && !str_is(kind, "FEEL")) {
        err_fail(&why, ERR_DMN_EXTERNAL, err_hole("line", x->line), err_hole("found", kind));
        ok = dmn_box_fault(&body, b, x->line, &why, e);
    } else {
        ok = ok && dmn_box_kid(&body, b, x, e);
    }
    if (ok && !body)
        ok = dmn_box_text(&body, b, (Str){ "", 0 }, x->line, false, e);
    FeelBox typed = { .form = FEEL_BOX_TYPED, .line = x->line, .kids = &body, .n = 1,
                      .type = result };
    ok = ok && feel_box(&body, b->a, &typed, e) && add_kid(b, &k, body, e);
    b->n = known;
    return ok && close_box(out, b, FEEL_BOX_FUNCTION, x, &k, e);
}

static bool box_definition(FeelExpr **out, DmnBuild *b, const DmnXml *x, Err *e)
{
    return dmn_box_function(out, b, x, NULL, e);
}

static bool box_invocation(FeelExpr **out, DmnBuild *b, const DmnXml *x, Err *e)
{
    Kids k = { 0 };
    FeelExpr *kid;
    if (!dmn_box_kid(&kid, b, x, e))
        return false;
    if (!kid)
        return shape(b, x, "literalExpression", e);
    if (!add_kid(b, &k, kid, e))
        return false;
    for (const DmnXml *c = dmn_xml_kid(x, "binding"); c; c = dmn_xml_next(c, "binding")) {
        const DmnXml *p = dmn_xml_kid(c, "parameter");
        const FeelType *type;
        if (!p)
            return shape(b, c, "parameter", e);
        Str name = dmn_xml_attr(p, "name");
        if (!dmn_type_ref(&type, b->a, b->home, dmn_xml_attr(p, "typeRef"), p->line, e) ||
            !dmn_box_kid(&kid, b, c, e) ||
            (!kid && !dmn_box_text(&kid, b, (Str){ "", 0 }, c->line, false, e)))
            return false;
        FeelBox typed = { .form = FEEL_BOX_TYPED, .label = name, .line = c->line, .kids = &kid,
                          .n = 1, .type = type };
        if (!feel_box(&kid, b->a, &typed, e) || !add_kid(b, &k, kid, e) ||
            !add_name(b, &k, name, NULL, e))
            return false;
    }
    return close_box(out, b, FEEL_BOX_CALL, x, &k, e);
}

/* --- conditional, filter, iterators --------------------------------------------------------- */
/* The expression inside the named part, which must be there. */
static bool part(FeelExpr **out, DmnBuild *b, const DmnXml *x, const char *tag, Err *e)
{
    const DmnXml *p = dmn_xml_kid(x, tag);
    if (!p)
        return shape(b, x, tag, e);
    return dmn_box_kid(out, b, p, e) &&
           (*out || dmn_box_text(out, b, (Str){ "", 0 }, p->line, false, e));
}

static bool box_if(FeelExpr **out, DmnBuild *b, const DmnXml *x, Err *e)
{
    FeelExpr *kids[3];
    Kids k = { .kids = kids, .n = 3 };
    return part(&kids[0], b, x, "if", e) && part(&kids[1], b, x, "then", e) &&
           part(&kids[2], b, x, "else", e) && close_box(out, b, FEEL_BOX_IF, x, &k, e);
}

static const FeelType *item_type(DmnBuild *b, const FeelExpr *in)
{
    const FeelType *t = dmn_box_type(b, in);
    return t && (t->form == FEEL_TYPE_LIST || t->form == FEEL_TYPE_RANGE) ? t->item : t;
}

static bool box_filter(FeelExpr **out, DmnBuild *b, const DmnXml *x, Err *e)
{
    FeelExpr *kids[2];
    Kids k = { .kids = kids, .n = 2 };
    size_t known = b->n;
    if (!part(&kids[0], b, x, "in", e))
        return false;
    const FeelType *item = item_type(b, kids[0]);
    bool ok = dmn_scope_add(b, STRC("item"), item, e);
    for (size_t i = 0; ok && item && item->form == FEEL_TYPE_CONTEXT && i < item->n; i++)
        ok = dmn_scope_add(b, item->members[i].name, item->members[i].type, e);
    ok = ok && part(&kids[1], b, x, "match", e);
    b->n = known;
    return ok && close_box(out, b, FEEL_BOX_FILTER, x, &k, e);
}

static bool box_loop(FeelExpr **out, DmnBuild *b, const DmnXml *x, Err *e)
{
    bool is_for = str_is(x->tag, "for");
    FeelBoxForm form = is_for ? FEEL_BOX_FOR
                     : str_is(x->tag, "some") ? FEEL_BOX_SOME : FEEL_BOX_EVERY;
    Str name = dmn_xml_attr(x, "iteratorVariable");
    FeelExpr *kids[2];
    const FeelType *types[1] = { NULL };
    Kids k = { .kids = kids, .n = 2, .names = &name, .types = types, .n_names = 1 };
    size_t known = b->n;
    if (name.n == 0)
        return shape(b, x, "iteratorVariable", e);
    if (!part(&kids[0], b, x, "in", e))
        return false;
    bool ok = (!is_for || dmn_scope_add(b, STRC("partial"), NULL, e)) &&
              dmn_scope_add(b, name, item_type(b, kids[0]), e) &&
              part(&kids[1], b, x, is_for ? "return" : "satisfies", e);
    b->n = known;
    return ok && close_box(out, b, form, x, &k, e);
}

/* --- any box -------------------------------------------------------------------------------- */
typedef struct Row {
    const char *tag;
    bool (*read)(FeelExpr **out, DmnBuild *b, const DmnXml *x, Err *e);
} Row;

static const Row rows[] = {
    { "literalExpression", box_literal }, { "decisionTable", dmn_table_read },
    { "context", box_context },           { "list", box_list },
    { "relation", box_relation },         { "invocation", box_invocation },
    { "functionDefinition", box_definition }, { "conditional", box_if },
    { "filter", box_filter },             { "for", box_loop },
    { "some", box_loop },                 { "every", box_loop },
};

bool dmn_box(FeelExpr **out, DmnBuild *b, const DmnXml *x, Err *e)
{
    const FeelType *type;
    *out = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!str_is(x->tag, rows[i].tag))
            continue;
        FeelExpr *inner;
        if (!dmn_type_ref(&type, b->a, b->home, dmn_xml_attr(x, "typeRef"), x->line, e) ||
            !rows[i].read(&inner, b, x, e))
            return false;
        FeelBox typed = { .form = FEEL_BOX_TYPED, .line = x->line, .kids = &inner, .n = 1,
                          .type = type };
        return feel_box(out, b->a, &typed, e);
    }
    return true;
}

bool dmn_box_typed(FeelExpr **out, DmnBuild *b, Str label, const DmnXml *x, const FeelType *type,
                   Err *e)
{
    FeelExpr *inner;
    if (!dmn_box(&inner, b, x, e))
        return false;
    if (!inner)
        return shape(b, x, "literalExpression", e);
    FeelBox typed = { .form = FEEL_BOX_TYPED, .label = label, .line = x->line, .kids = &inner,
                      .n = 1, .type = type };
    return feel_box(out, b->a, &typed, e);
}

bool dmn_box_kid(FeelExpr **out, DmnBuild *b, const DmnXml *x, Err *e)
{
    *out = NULL;
    for (const DmnXml *c = x->first; c && !*out; c = c->next)
        if (!dmn_box(out, b, c, e))
            return false;
    return true;
}
