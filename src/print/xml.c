#include "print/part.h"

#include <stdio.h>
#include <string.h>

#include <expat.h>

typedef struct Run {
    XML_Parser parser;
    const PrintXml *how;
    void *ctx;
    const char *part;
    Err *e;
    int depth;
    bool failed; /* a handler or a limit has set the Err */
} Run;

static void stop(Run *r)
{
    r->failed = true;
    XML_StopParser(r->parser, XML_FALSE);
}

static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static void XMLCALL on_open(void *user, const XML_Char *name, const XML_Char **attributes)
{
    Run *r = user;
    if (r->failed)
        return;
    if (++r->depth > PRINT_XML_DEPTH_MAX) {
        (void)err_fail(r->e, ERR_TOO_BIG, err_hole("what", "XML嵌套层数"),
                       err_hole("max", PRINT_XML_DEPTH_MAX));
        stop(r);
    } else if (!r->how->open(r->ctx, local(name), attributes, r->e)) {
        stop(r);
    }
}

static void XMLCALL on_close(void *user, const XML_Char *name)
{
    Run *r = user;
    if (r->failed)
        return;
    r->depth--;
    if (!r->how->close(r->ctx, local(name), r->e))
        stop(r);
}

static void XMLCALL on_text(void *user, const XML_Char *s, int n)
{
    Run *r = user;
    if (!r->failed && !r->how->text(r->ctx, (Str){ s, (size_t)n }, r->e))
        stop(r);
}

/* Entities can only be declared in a DTD, so refusing DTDs refuses every entity attack. */
static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *sysid,
                               const XML_Char *pubid, int has_internal)
{
    Run *r = user;
    (void)name, (void)sysid, (void)pubid, (void)has_internal;
    if (r->failed)
        return;
    (void)err_fail(r->e, ERR_PRINT_DTD, err_hole("where", r->part));
    stop(r);
}

static bool feed(void *ctx, Str piece, bool last, Err *e)
{
    Run *r = ctx;
    if (XML_Parse(r->parser, piece.p, (int)piece.n, last) == XML_STATUS_OK)
        return true;
    if (r->failed)
        return false;
    char why[96];
    snprintf(why, sizeof why, "XML第%lu行：%s", (unsigned long)XML_GetCurrentLineNumber(r->parser),
             XML_ErrorString(XML_GetErrorCode(r->parser)));
    return err_fail(e, ERR_PRINT_DAMAGED, err_hole("where", r->part),
                    err_hole("why", (const char *)why));
}

bool print_xml_read(PrintZip *z, const char *part, const PrintXml *how, void *ctx, Err *e)
{
    Run r = { .parser = XML_ParserCreate(NULL), .how = how, .ctx = ctx, .part = part, .e = e };
    if (!r.parser)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取文件"));
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_open, on_close);
    if (how->text)
        XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    bool ok = print_zip_read(z, part, feed, &r, e);
    XML_ParserFree(r.parser);
    return ok;
}

const char *print_xml_attribute(const char **attributes, const char *name)
{
    for (; attributes[0]; attributes += 2)
        if (strcmp(local(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

void print_xml_escape(Buf *out, Str s)
{
    uint32_t cp;
    size_t k;
    for (size_t i = 0; (k = str_next(s, i, &cp)) > 0; i += k) {
        if (cp == '&')
            buf_put(out, STRC("&amp;"));
        else if (cp == '<')
            buf_put(out, STRC("&lt;"));
        else if (cp == '>')
            buf_put(out, STRC("&gt;"));
        else if (cp == '"')
            buf_put(out, STRC("&quot;"));
        else if (cp >= 0x20 ? cp != 0xFFFE && cp != 0xFFFF : cp == '\t' || cp == '\n')
            buf_point(out, cp);
    }
}

/* --- relationships -------------------------------------------------------------------------- */

typedef struct Search {
    Arena *a;
    const char *base, *type, *id;
    Str found;
} Search;

static bool relation_open(void *ctx, const char *name, const char **attributes, Err *e)
{
    Search *s = ctx;
    (void)e;
    const char *type = print_xml_attribute(attributes, "Type");
    const char *id = print_xml_attribute(attributes, "Id");
    const char *target = print_xml_attribute(attributes, "Target");
    const char *mode = print_xml_attribute(attributes, "TargetMode");
    if (s->found.n || strcmp(name, "Relationship") != 0 || !target ||
        (mode && strcmp(mode, "External") == 0))
        return true;
    if ((s->type && (!type || !str_ends(str_of(type), str_of(s->type)))) ||
        (s->id && (!id || strcmp(id, s->id) != 0)))
        return true;
    s->found = target[0] == '/' ? arena_str(s->a, str_of(target + 1))
                                : arena_text(s->a, "%s%s", s->base, target);
    return true;
}

static bool relation_close(void *ctx, const char *name, Err *e)
{
    (void)ctx, (void)name, (void)e;
    return true;
}

bool print_relation(Str *out, Arena *a, PrintZip *z, const char *part, const char *base,
                    const char *type, const char *id, Err *e)
{
    static const PrintXml how = { .open = relation_open, .close = relation_close };
    Search s = { .a = a, .base = base, .type = type, .id = id };
    if (!print_xml_read(z, part, &how, &s, e))
        return false;
    *out = s.found;
    return true;
}
