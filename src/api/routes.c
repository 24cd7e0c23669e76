#include "api/api.h"
#include "work/rows.h"

#include <string.h>

static const ApiRoute routes[] = {
#define ROUTE(method, path, name) { HTTP_##method, path, &work_##name },
#include "api/routes.def"
#undef ROUTE
};

const ApiRoute *api_routes(size_t *n)
{
    *n = sizeof routes / sizeof *routes;
    return routes;
}

static const char *method_name(HttpMethod m)
{
    static const char *const names[] = { "get", "post", "put", "patch", "delete" };
    return names[m];
}

/* Shapes reachable from the routes, each once, in order of first use. */
typedef struct Shapes {
    const Shape *items[1024];
    size_t n;
} Shapes;

static void shapes_add(Shapes *all, const Shape *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < all->n; i++)
        if (all->items[i] == s)
            return;
    if (all->n == sizeof all->items / sizeof *all->items)
        return;
    all->items[all->n++] = s;
    for (size_t i = 0; i < s->n; i++)
        shapes_add(all, s->fields[i].sub);
}

static bool in_path(const char *path, const char *name)
{
    const char *at = strchr(path, '{');
    size_t n = strlen(name);
    for (; at; at = strchr(at + 1, '{'))
        if (strncmp(at + 1, name, n) == 0 && at[1 + n] == '}')
            return true;
    return false;
}

static void parameter(Jw *w, const ShapeField *f, bool path)
{
    jw_obj(w);
    jw_kstr(w, "name", str_of(f->name));
    jw_kstr(w, "in", path ? STRC("path") : STRC("query"));
    jw_kbool(w, "required", path || f->required);
    jw_key(w, "schema");
    jw_obj(w);
    jw_kstr(w, "type", f->type == SHAPE_ID || f->type == SHAPE_INT ? STRC("integer") :
                       f->type == SHAPE_BOOL ? STRC("boolean") : STRC("string"));
    jw_end(w);
    jw_end(w);
}

static void parameters(Jw *w, const ApiRoute *r)
{
    const Shape *in = r->use_case->in;
    jw_key(w, "parameters");
    jw_arr(w);
    for (size_t i = 0; in && i < in->n; i++) {
        bool path = in_path(r->path, in->fields[i].name);
        if (path || r->method == HTTP_GET || r->use_case->upload)
            parameter(w, &in->fields[i], path);
    }
    jw_end(w);
}

static void ref(Jw *w, const char *name)
{
    Buf b = buf_open(256);
    buf_fmt(&b, "#/components/schemas/%s", name);
    jw_obj(w);
    jw_kstr(w, "$ref", buf_str(&b));
    jw_end(w);
    buf_close(&b);
}

static void content(Jw *w, const char *type, const char *schema)
{
    jw_key(w, "content");
    jw_obj(w);
    jw_key(w, type);
    jw_obj(w);
    jw_key(w, "schema");
    if (schema) {
        ref(w, schema);
    } else {
        jw_obj(w);
        jw_kstr(w, "type", STRC("string"));
        jw_kstr(w, "format", STRC("binary"));
        jw_end(w);
    }
    jw_end(w);
    jw_end(w);
}

/* The body of a request is the input shape less the members that stand in the path. */
static void body_schema(Jw *w, const ApiRoute *r)
{
    const Shape *in = r->use_case->in;
    ShapeField rest[64];
    Shape s = { in->name, in->size, rest, 0 };
    for (size_t i = 0; i < in->n && s.n < 64; i++)
        if (!in_path(r->path, in->fields[i].name))
            rest[s.n++] = in->fields[i];
    jw_key(w, "content");
    jw_obj(w);
    jw_key(w, "application/json");
    jw_obj(w);
    jw_key(w, "schema");
    shape_schema(w, &s);
    jw_end(w);
    jw_end(w);
}

/* Must a request carry a body, or has every input a place in the path or a default? */
static bool body_needed(const ApiRoute *r)
{
    const Shape *in = r->use_case->in;
    bool needed = r->use_case->upload;
    for (size_t i = 0; in && i < in->n; i++)
        needed |= in->fields[i].required && !in_path(r->path, in->fields[i].name);
    return needed;
}

static void operation(Jw *w, const ApiRoute *r)
{
    const UseCase *u = r->use_case;
    jw_key(w, method_name(r->method));
    jw_obj(w);
    jw_kstr(w, "operationId", str_of(u->name));
    jw_kstr(w, "summary", str_of(u->title));
    parameters(w, r);
    if (u->upload || (u->in && r->method != HTTP_GET)) {
        jw_key(w, "requestBody");
        jw_obj(w);
        jw_kbool(w, "required", body_needed(r));
        if (u->upload)
            content(w, "application/octet-stream", NULL);
        else
            body_schema(w, r);
        jw_end(w);
    }
    jw_key(w, "responses");
    jw_obj(w);
    jw_key(w, "200");
    jw_obj(w);
    jw_kstr(w, "description", str_of(u->title));
    if (u->out)
        content(w, "application/json", u->out->name);
    else if (u->file)
        content(w, "application/octet-stream", NULL);
    else
        content(w, "application/json", "Done");
    jw_end(w);
    jw_key(w, "default");
    jw_obj(w);
    jw_kstr(w, "description", STRC("一句话说明哪里不对、怎么办"));
    content(w, "application/json", "Failure");
    jw_end(w);
    jw_end(w);
    jw_end(w);
}

static const ShapeField failure_error_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "message", SHAPE_TEXT, .required = true },
    { "trail", SHAPE_TEXT },
};
static const Shape failure_error = SHAPE_REPLY("FailureError", failure_error_fields);
static const ShapeField failure_fields[] = {
    { "error", SHAPE_OBJ, .required = true, .sub = &failure_error },
};
static const Shape failure = SHAPE_REPLY("Failure", failure_fields);
static const Shape done = { "Done", 0, NULL, 0 };

void api_openapi(Jw *w)
{
    size_t n;
    const ApiRoute *all = api_routes(&n);
    Shapes shapes = { .n = 0 };
    jw_obj(w);
    jw_kstr(w, "openapi", STRC("3.1.0"));
    jw_key(w, "info");
    jw_obj(w);
    jw_kstr(w, "title", STRC("shuping 述评"));
    jw_kstr(w, "version", STRC("1"));
    jw_end(w);
    jw_key(w, "paths");
    jw_obj(w);
    for (size_t i = 0; i < n; i++) {
        bool again = false; /* methods of one path stand together in the table */
        for (size_t k = 0; k < i && !again; k++)
            again = strcmp(all[k].path, all[i].path) == 0;
        if (again)
            continue;
        jw_key(w, all[i].path);
        jw_obj(w);
        for (size_t k = i; k < n; k++)
            if (strcmp(all[k].path, all[i].path) == 0) {
                operation(w, &all[k]);
                shapes_add(&shapes, all[k].use_case->out);
                for (size_t f = 0; all[k].use_case->in && f < all[k].use_case->in->n; f++)
                    shapes_add(&shapes, all[k].use_case->in->fields[f].sub);
            }
        jw_end(w);
    }
    jw_end(w);
    shapes_add(&shapes, &failure);
    shapes_add(&shapes, &done);
    jw_key(w, "components");
    jw_obj(w);
    jw_key(w, "schemas");
    jw_obj(w);
    for (size_t i = 0; i < shapes.n; i++) {
        jw_key(w, shapes.items[i]->name);
        shape_schema(w, shapes.items[i]);
    }
    jw_end(w);
    jw_end(w);
    jw_end(w);
}
