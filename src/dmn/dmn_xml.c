/* XML to a tree of the elements that count. Entities can only be declared in a DTD, so refusing
 * DTDs refuses every attack by entities; bytes, depth and number of elements have limits. */
#include "dmn/dmn_in.h"

#include <string.h>

#include <expat.h>

typedef struct Reading {
    XML_Parser parser;
    DmnDoc *doc;
    Arena *a;
    const char *const *wanted;
    DmnXml *open[DMN_DEPTH_MAX + 1];
    Buf text[DMN_DEPTH_MAX + 1];
    int depth;
    int skipped;              /* depth inside an element that does not count */
    size_t nodes;
    bool failed;              /* the Err is set */
    Err *e;
} Reading;

enum { FEED = 1 << 20 };

static void stop(Reading *r)
{
    r->failed = true;
    XML_StopParser(r->parser, XML_FALSE);
}

static void refuse(Reading *r, ErrCode code, const char *why)
{
    err_fail(r->e, code, err_hole("file", r->doc->file),
             err_hole("line", (int64_t)XML_GetCurrentLineNumber(r->parser)),
             err_hole("why", why));
    stop(r);
}

static void too_big(Reading *r, const char *what, int64_t max)
{
    err_fail(r->e, ERR_TOO_BIG, err_hole("what", what), err_hole("max", max));
    stop(r);
}

static void no_memory(Reading *r)
{
    err_fail(r->e, ERR_NO_MEMORY, err_hole("what", r->doc->file));
    stop(r);
}

/* "uri|local" to its parts. */
static Str local_of(const char *name, Str *uri)
{
    const char *bar = strrchr(name, '|');
    *uri = bar ? (Str){ name, (size_t)(bar - name) } : (Str){ "", 0 };
    return str_of(bar ? bar + 1 : name);
}

static bool counts(const Reading *r, Str uri)
{
    for (size_t i = 0; r->wanted[i]; i++)
        if (str_is(uri, r->wanted[i]))
            return true;
    return false;
}

static bool keep_attr(Reading *r, DmnXml *x, const char *name, const char *value)
{
    Str uri, local = local_of(name, &uri);
    if (str_ends(uri, STRC("XMLSchema-instance")))
        local = str_is(local, "type") ? STRC("xsi:type") : STRC("xsi:nil");
    else if (uri.n)
        return true;
    if (!ARENA_PUSH(r->a, x->attrs, x->n_attrs, x->cap_attrs))
        return false;
    x->attrs[x->n_attrs++] =
        (DmnAttr){ arena_str(r->a, local), arena_str(r->a, str_of(value)) };
    return !arena_refused(r->a);
}

static void XMLCALL on_open(void *user, const XML_Char *name, const XML_Char **attrs)
{
    Reading *r = user;
    Str uri, local = local_of(name, &uri);
    if (r->failed)
        return;
    if (r->depth + r->skipped >= DMN_DEPTH_MAX) {
        too_big(r, "XML嵌套层数", DMN_DEPTH_MAX);
        return;
    }
    if (r->skipped || (r->depth && !counts(r, uri))) {
        r->skipped++;
        return;
    }
    if (++r->nodes > DMN_NODES_MAX) {
        too_big(r, "XML元素", DMN_NODES_MAX);
        return;
    }
    DmnXml *x = ARENA_NEW(r->a, DmnXml), *up = r->depth ? r->open[r->depth - 1] : NULL;
    if (!x) {
        no_memory(r);
        return;
    }
    x->tag = arena_str(r->a, local);
    x->line = (uint32_t)XML_GetCurrentLineNumber(r->parser);
    for (; attrs[0]; attrs += 2)
        if (!keep_attr(r, x, attrs[0], attrs[1])) {
            no_memory(r);
            return;
        }
    if (up && up->last)
        up->last->next = x;
    else if (up)
        up->first = x;
    else
        r->doc->root = x;
    if (up)
        up->last = x;
    else
        r->doc->uri = arena_str(r->a, uri);
    r->open[r->depth] = x;
    buf_reset(&r->text[r->depth++]);
}

static void XMLCALL on_close(void *user, const XML_Char *name)
{
    Reading *r = user;
    (void)name;
    if (r->failed)
        return;
    if (r->skipped) {
        r->skipped--;
        return;
    }
    r->depth--;
    Str text = buf_str(&r->text[r->depth]);
    r->open[r->depth]->text = arena_str(r->a, text);
    if (r->text[r->depth].failed || arena_refused(r->a))
        no_memory(r);
    else if (!str_valid(text))
        refuse(r, ERR_DMN_XML, "含有不允许的字符");
}

static void XMLCALL on_text(void *user, const XML_Char *s, int n)
{
    Reading *r = user;
    if (!r->failed && !r->skipped && r->depth)
        buf_put(&r->text[r->depth - 1], (Str){ s, (size_t)n });
}

static void XMLCALL on_prefix(void *user, const XML_Char *prefix, const XML_Char *uri)
{
    Reading *r = user;
    DmnDoc *d = r->doc;
    if (r->failed || r->skipped || !uri)
        return;
    if (!ARENA_PUSH(r->a, d->prefixes, d->n_prefixes, d->cap_prefixes)) {
        no_memory(r);
        return;
    }
    d->prefixes[d->n_prefixes++] = (DmnPrefix){ arena_str(r->a, str_of(prefix ? prefix : "")),
                                                arena_str(r->a, str_of(uri)) };
}

static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *sysid,
                               const XML_Char *pubid, int has_internal)
{
    Reading *r = user;
    (void)name, (void)sysid, (void)pubid, (void)has_internal;
    if (!r->failed)
        refuse(r, ERR_DMN_DTD, "");
}

static bool feed(Reading *r, Str text)
{
    do {
        Str piece = str_sub(text, 0, FEED);
        text = str_sub(text, piece.n, text.n);
        if (XML_Parse(r->parser, piece.p, (int)piece.n, text.n == 0) != XML_STATUS_OK) {
            if (!r->failed)
                refuse(r, ERR_DMN_XML, XML_ErrorString(XML_GetErrorCode(r->parser)));
            return false;
        }
    } while (text.n && !r->failed);
    return !r->failed;
}

bool dmn_xml_read(DmnDoc *out, Arena *a, Str file, Str text, const char *const *wanted, Err *e)
{
    DmnDoc doc = { .file = file };
    if (text.n > DMN_BYTES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", file), err_hole("max", DMN_BYTES_MAX));
    Reading *r = ARENA_NEW(a, Reading);
    if (!r)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", file));
    *r = (Reading){ .doc = &doc, .a = a, .wanted = wanted, .e = e,
                    .parser = XML_ParserCreateNS(NULL, '|') };
    if (!r->parser)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", file));
    for (size_t i = 0; i <= DMN_DEPTH_MAX; i++)
        r->text[i] = buf_open(DMN_BYTES_MAX);
    XML_SetUserData(r->parser, r);
    XML_SetElementHandler(r->parser, on_open, on_close);
    XML_SetCharacterDataHandler(r->parser, on_text);
    XML_SetStartNamespaceDeclHandler(r->parser, on_prefix);
    XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
    bool ok = feed(r, text);
    XML_ParserFree(r->parser);
    for (size_t i = 0; i <= DMN_DEPTH_MAX; i++)
        buf_close(&r->text[i]);
    if (!ok)
        return false;
    for (size_t i = 0; wanted[i]; i++)
        if (str_is(doc.uri, wanted[i])) {
            *out = doc;
            return true;
        }
    return err_fail(e, ERR_DMN_SPACE, err_hole("file", file), err_hole("found", doc.uri));
}

Str dmn_xml_attr(const DmnXml *x, const char *name)
{
    for (size_t i = 0; i < x->n_attrs; i++)
        if (str_is(x->attrs[i].name, name))
            return x->attrs[i].value;
    return (Str){ "", 0 };
}

static const DmnXml *from(const DmnXml *x, const char *tag)
{
    while (x && !str_is(x->tag, tag))
        x = x->next;
    return x;
}

const DmnXml *dmn_xml_kid(const DmnXml *x, const char *tag)
{
    return x ? from(x->first, tag) : NULL;
}

const DmnXml *dmn_xml_next(const DmnXml *x, const char *tag)
{
    return from(x->next, tag);
}

Str dmn_xml_text(const DmnXml *x, const char *tag)
{
    const DmnXml *kid = dmn_xml_kid(x, tag);
    return kid ? str_trim(kid->text) : (Str){ "", 0 };
}
