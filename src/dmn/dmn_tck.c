/* Conformance cases: inputs and expected results as XML, one file against one model. A number is
 * expected exactly as the file writes it, unless it is a long fraction: see same_number. */
#include "dmn/dmn_in.h"

#include <string.h>

enum { VALUE_DEPTH_MAX = 40, LONG_PLACES = 8, DOUBLE_DIGITS = 13 };

static const char *const spaces[] = { "http://www.omg.org/spec/DMN/20160719/testcase", NULL };

typedef struct Tck {
    Arena *a;
    const DmnModel *m;
    Str file;
    Err *e;
    DmnCase *cases;
    size_t n, cap;
} Tck;

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "DMN"));
}

static bool wrong(Tck *t, const DmnXml *x, Str found)
{
    return err_fail(t->e, ERR_DMN_CASES, err_hole("file", t->file), err_hole("line", x->line),
                    err_hole("found", found));
}

/* --- values --------------------------------------------------------------------------------- */
static bool read_value(Tck *t, FeelValue *out, const DmnXml *x, int depth);

static bool is_nil(const DmnXml *x)
{
    return str_is(dmn_xml_attr(x, "xsi:nil"), "true");
}

static bool read_simple(Tck *t, FeelValue *out, const DmnXml *x)
{
    static const struct {
        const char *name, *type;
    } rows[] = {
        { "boolean", "boolean" }, { "decimal", "number" }, { "double", "number" },
        { "integer", "number" }, { "int", "number" }, { "date", "date" }, { "time", "time" },
        { "dateTime", "date and time" }, { "duration", "" }, { "string", "string" },
    };
    Str type = dmn_xml_attr(x, "xsi:type"), prefix, local;
    Str text = str_trim(x->text);
    if (!str_cut(type, STRC(":"), &prefix, &local))
        local = type;
    *out = feel_null();
    if (is_nil(x))
        return true;
    if (local.n == 0 || str_is(local, "string")) {
        *out = feel_string(x->text);
        return true;
    }
    if (str_is(local, "boolean")) {
        *out = feel_boolean(str_is(text, "true") || str_is(text, "1"));
        return true;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const FeelType *want;
        json_t *json = NULL;
        Err scrap = { 0 };
        if (!str_is(local, rows[i].name))
            continue;
        for (int k = 0; k < 2; k++) {
            const char *name = rows[i].type[0] ? rows[i].type
                             : k ? "years and months duration" : "days and time duration";
            if (!feel_type_read(&want, t->a, str_of(name), t->e) || !(json = jv_new(text)))
                return false;
            bool ok = feel_from_json(out, t->a, json, want, &scrap);
            jv_close(json);
            if (ok)
                return true;
        }
    }
    return wrong(t, x, type);
}

static bool read_components(Tck *t, FeelValue *out, const DmnXml *x, int depth)
{
    FeelEntry *entries = NULL;
    size_t n = 0, cap = 0;
    for (const DmnXml *k = dmn_xml_kid(x, "component"); k; k = dmn_xml_next(k, "component")) {
        if (!ARENA_PUSH(t->a, entries, n, cap))
            return no_memory(t->e);
        entries[n].name = dmn_xml_attr(k, "name");
        if (!read_value(t, &entries[n++].value, k, depth + 1))
            return false;
    }
    *out = feel_context(entries, n);
    return true;
}

static bool read_list(Tck *t, FeelValue *out, const DmnXml *x, int depth)
{
    FeelValue *items = NULL;
    size_t n = 0, cap = 0;
    *out = feel_null();
    if (is_nil(x))
        return true;
    for (const DmnXml *k = dmn_xml_kid(x, "item"); k; k = dmn_xml_next(k, "item")) {
        if (!ARENA_PUSH(t->a, items, n, cap))
            return no_memory(t->e);
        if (!read_value(t, &items[n++], k, depth + 1))
            return false;
    }
    *out = feel_list(items, n);
    return true;
}

/* x holds a value, components or a list; nothing is null. */
static bool read_value(Tck *t, FeelValue *out, const DmnXml *x, int depth)
{
    const DmnXml *value = dmn_xml_kid(x, "value"), *list = dmn_xml_kid(x, "list");
    *out = feel_null();
    if (depth > VALUE_DEPTH_MAX)
        return wrong(t, x, x->tag);
    if (value)
        return read_simple(t, out, value);
    if (list)
        return read_list(t, out, list, depth);
    return is_nil(x) || !dmn_xml_kid(x, "component") || read_components(t, out, x, depth);
}

/* --- comparing ------------------------------------------------------------------------------ */
/* A long fraction was computed with doubles, or cut, where the cases were written. It holds to one
 * of its last place, or to the precision that a double keeps over a few operations. */
static bool same_number(Arena *a, Dec want, Dec got)
{
    Str head, tail;
    Dec away, most;
    if (dec_eq(want, got))
        return true;
    if (!str_cut(dec_print(a, want), STRC("."), &head, &tail) || tail.n < LONG_PLACES ||
        !dec_sub(&away, want, got) ||
        !dec_mul(&most, dec_abs(want), dec_scaled(1, DOUBLE_DIGITS)))
        return false;
    away = dec_abs(away);
    return dec_cmp(away, most) <= 0 || dec_cmp(away, dec_scaled(1, (int)tail.n)) < 0;
}

static bool same(Arena *a, FeelValue want, FeelValue got)
{
    if (want.kind != got.kind)
        return false;
    if (want.kind == FEEL_NUMBER)
        return same_number(a, want.number, got.number);
    if (want.kind == FEEL_LIST) {
        for (size_t i = 0; i < want.list.n && want.list.n == got.list.n; i++)
            if (!same(a, want.list.items[i], got.list.items[i]))
                return false;
        return want.list.n == got.list.n;
    }
    if (want.kind != FEEL_CONTEXT)
        return feel_equal(want, got) == 1;
    for (size_t i = 0; i < want.context.n; i++) {
        const FeelValue *m = feel_member(&got, want.context.entries[i].name);
        if (!m || !same(a, want.context.entries[i].value, *m))
            return false;
    }
    return want.context.n == got.context.n;
}

/* --- one case ------------------------------------------------------------------------------- */
static bool read_inputs(Tck *t, FeelValue *out, const DmnXml *x)
{
    FeelEntry *entries = NULL;
    size_t n = 0, cap = 0;
    for (const DmnXml *k = dmn_xml_kid(x, "inputNode"); k; k = dmn_xml_next(k, "inputNode")) {
        if (!ARENA_PUSH(t->a, entries, n, cap))
            return no_memory(t->e);
        entries[n].name = dmn_xml_attr(k, "name");
        if (!read_value(t, &entries[n++].value, k, 0))
            return false;
    }
    *out = feel_context(entries, n);
    return true;
}

static Str diags_text(Arena *a, const FeelRun *run)
{
    Str all = { "", 0 };
    for (size_t i = 0; i < run->n_diags && i < 4; i++) {
        char text[1200];
        Err e = { 0 };
        const FeelDiag *d = &run->diags[i];
        feel_diag_err(d, &e);
        err_print(&e, LANG_HANS, text, sizeof text);
        all = arena_text(a, "%.*s%s%.*s: %s", STR(all), i ? "; " : "", STR(d->where), text);
    }
    return all;
}

static bool is_foreign(const FeelRun *run)
{
    for (size_t i = 0; i < run->n_diags; i++)
        if (run->diags[i].code == ERR_FEEL_EXTERNAL || run->diags[i].code == ERR_DMN_EXTERNAL)
            return true;
    return false;
}

/* A service of one output gives its value, of several a context of them. */
static bool eval_node(Tck *t, FeelValue *out, DmnRun *r, Str invocable, Str name, Err *e)
{
    const DmnElement *el = dmn_find(t->m, invocable.n ? invocable : name);
    if (!dmn_eval(out, r, invocable.n ? invocable : name, e))
        return false;
    if (invocable.n && el->kind == DMN_SERVICE && el->n_outputs > 1) {
        const FeelValue *member = feel_member(out, name);
        *out = member ? *member : feel_null();
    }
    return true;
}

static bool run_node(Tck *t, DmnCase *c, const DmnXml *node, FeelValue inputs, Str invocable)
{
    FeelRun run = feel_run(t->a, 1795452014123);
    const DmnXml *expected = dmn_xml_kid(node, "expected");
    FeelValue want = feel_null(), got = feel_null();
    DmnRun *r;
    Err e = { 0 };
    char text[1200];
    Str name = dmn_xml_attr(node, "name");
    if (expected && !read_value(t, &want, expected, 0))
        return false;
    bool ok = dmn_run(&r, t->a, t->m, inputs, &run, &e) &&
              eval_node(t, &got, r, invocable, name, &e);
    bool error = str_is(dmn_xml_attr(node, "errorResult"), "true");
    c->foreign |= is_foreign(&run);
    if (ok && same(t->a, want, got) && (!error || run.n_diags > 0))
        return true;
    if (!c->passed)
        return true;
    c->passed = false;
    c->result = name;
    c->want = error ? arena_text(t->a, "%.*s with a diagnostic", STR(feel_print(t->a, want)))
                    : feel_print(t->a, want);
    c->got = feel_print(t->a, got);
    err_print(&e, LANG_HANS, text, sizeof text);
    c->why = ok ? diags_text(t->a, &run) : arena_str(t->a, str_of(text));
    return true;
}

static bool run_case(Tck *t, const DmnXml *x)
{
    FeelValue inputs;
    if (!ARENA_PUSH(t->a, t->cases, t->n, t->cap))
        return no_memory(t->e);
    DmnCase *c = &t->cases[t->n++];
    *c = (DmnCase){ .id = dmn_xml_attr(x, "id"), .passed = true };
    if (!read_inputs(t, &inputs, x))
        return false;
    Str type = dmn_xml_attr(x, "type");
    Str invocable = dmn_xml_attr(x, "invocableName");
    if (type.n == 0 || str_is(type, "decision"))
        invocable = (Str){ "", 0 };
    for (const DmnXml *k = dmn_xml_kid(x, "resultNode"); k; k = dmn_xml_next(k, "resultNode"))
        if (!run_node(t, c, k, inputs, invocable))
            return false;
    return true;
}

/* --- the doors ------------------------------------------------------------------------------ */
bool dmn_cases_model(Str *out, Arena *a, Str file, Str text, Err *e)
{
    DmnDoc doc;
    if (!dmn_xml_read(&doc, a, file, text, spaces, e))
        return false;
    *out = dmn_xml_text(doc.root, "modelName");
    return true;
}

bool dmn_cases(DmnCase **out, size_t *n, Arena *a, Str file, Str text, const DmnSource *sources,
               size_t n_sources, Err *e)
{
    DmnDoc doc;
    Tck t = { .a = a, .file = file, .e = e };
    if (!dmn_xml_read(&doc, a, file, text, spaces, e) ||
        !dmn_read(&t.m, a, sources, n_sources, e))
        return false;
    for (const DmnXml *x = dmn_xml_kid(doc.root, "testCase"); x; x = dmn_xml_next(x, "testCase"))
        if (!run_case(&t, x))
            return false;
    *out = t.cases;
    *n = t.n;
    return true;
}
