#include "api/api.h"

#include <stdlib.h>
#include <string.h>

extern const Embed api_embed[]; /* the built screens: web/dist/... */

#define COOKIE "shuping_session"
enum { SEGMENTS_MAX = 12, BODY_JSON_MAX = 8 << 20 };

struct Api {
    HttpServer *http;
    Work *work;
    bool demo;
    Map assets;      /* "/assets/x.js" -> Asset */
    WorkPages pages;
    Arena *a;
};

typedef struct Asset {
    Str bytes, etag;
    const char *type;
} Asset;

/* --- finding the route ---------------------------------------------------------------------- */

typedef struct Match {
    const ApiRoute *route;
    size_t n;
    Str name[SEGMENTS_MAX], value[SEGMENTS_MAX];
} Match;

static bool path_matches(Match *m, const char *pattern, Str path)
{
    Str p = str_of(pattern), part, want;
    m->n = 0;
    for (bool more_p = true, more = true;;) {
        more_p = str_cut(p, STRC("/"), &want, &p);
        more = str_cut(path, STRC("/"), &part, &path);
        if (want.n > 1 && want.p[0] == '{') {
            if (part.n == 0 || m->n == SEGMENTS_MAX)
                return false;
            m->name[m->n] = str_sub(want, 1, want.n - 2);
            m->value[m->n++] = part;
        } else if (!str_eq(want, part)) {
            return false;
        }
        if (more_p != more)
            return false;
        if (!more)
            return true;
    }
}

/* Is the path the same up to the first member? Turns nearly every route away at once. */
static bool may_match(const char *pattern, Str path)
{
    size_t i = 0;
    while (i < path.n && pattern[i] == path.p[i])
        i++;
    return pattern[i] == '{' || (pattern[i] == '\0' && i == path.n);
}

static bool route_find(Match *m, const HttpRequest *r, Err *e)
{
    size_t n;
    bool other = false;
    const ApiRoute *all = api_routes(&n);
    for (size_t i = 0; i < n; i++) {
        if (!may_match(all[i].path, r->path) || !path_matches(m, all[i].path, r->path))
            continue;
        if (all[i].method == r->method) {
            m->route = &all[i];
            return true;
        }
        other = true;
    }
    m->route = NULL;
    if (other)
        return err_fail(e, ERR_NO_METHOD, err_hole("path", r->path), err_hole("method", "此操作"));
    return err_fail(e, ERR_NO_ROUTE, err_hole("path", r->path));
}

/* --- input ---------------------------------------------------------------------------------- */

static const ShapeField *field_of(const Shape *s, Str name)
{
    for (size_t i = 0; s && i < s->n; i++)
        if (str_is(name, s->fields[i].name))
            return &s->fields[i];
    return NULL;
}

/* A text of the path or query as the JSON value its field wants. */
static bool put_text(json_t *o, const Shape *s, Str name, Str value, Arena *a, Err *e)
{
    const ShapeField *f = field_of(s, name);
    const char *key = arena_z(a, name);
    int64_t i;
    if (!f)
        return err_fail(e, ERR_FIELD_UNKNOWN, err_hole("field", name));
    if (value.n == 0)
        return true;
    json_t *v = NULL;
    if (f->type == SHAPE_ID || f->type == SHAPE_INT)
        v = str_int(value, &i) ? json_integer(i) : NULL;
    else if (f->type == SHAPE_BOOL)
        v = json_boolean(str_is(value, "true") || str_is(value, "1"));
    else
        v = json_stringn(value.p, value.n);
    if (!v || !key || json_object_set_new(o, key, v) != 0)
        return err_fail(e, ERR_FIELD_TYPE, err_hole("field", f->title ? f->title : f->name),
                        err_hole("want", "数字编号"));
    return true;
}

static bool input_read(json_t **out, const Match *m, const HttpRequest *r, Err *e)
{
    const UseCase *u = m->route->use_case;
    json_t *o = NULL;
    bool ok = true;
    if (r->method == HTTP_GET && m->n == 0 && r->n_query == 0)
        return *out = NULL, true; /* the use case takes it as an empty object */
    if (r->method != HTTP_GET && !u->upload && r->body.n)
        ok = jv_read(&o, r->body, "请求", e);
    else
        o = json_object();
    if (ok && !json_is_object(o))
        ok = err_fail(e, ERR_FIELD_TYPE, err_hole("field", "请求"), err_hole("want", "JSON对象"));
    for (size_t i = 0; ok && i < m->n; i++)
        ok = put_text(o, u->in, m->name[i], m->value[i], r->arena, e);
    for (size_t i = 0; ok && i < r->n_query; i++)
        ok = put_text(o, u->in, r->query[i].name, r->query[i].value, r->arena, e);
    if (!ok) {
        json_decref(o);
        return false;
    }
    *out = o;
    return true;
}

bool api_ask(const ApiRoute **route, json_t **in, Arena *a, Str target, Err *e)
{
    HttpRequest r = { .method = HTTP_GET, .arena = a };
    Match m;
    if (!http_read_target(&r, target, e) || !route_find(&m, &r, e) || !input_read(in, &m, &r, e))
        return false;
    *route = m.route;
    return true;
}

/* The booth knows nobody: no session is looked at, and a page opened from a disk may read it. */
static bool is_booth(Str path)
{
    return str_starts(path, STRC("/api/booth/"));
}

/* --- who ------------------------------------------------------------------------------------ */

static WorkVisit visit_of(const HttpRequest *r)
{
    WorkVisit v = { .lang = r->lang };
    int64_t behalf;
    if (str_int(http_header(r, "X-Behalf"), &behalf) && behalf > 0)
        v.behalf = behalf;
    return v;
}

/* A machine's token, "Authorization: Bearer sp_...". Beside it a cookie counts for nothing: what a
 * browser sends along by itself must not add to what the caller wrote down. */
static Str bearer_of(const HttpRequest *r)
{
    Str given = http_header(r, "Authorization"), head = STRC("Bearer ");
    return str_starts(given, head) ? str_trim(str_sub(given, head.n, SIZE_MAX)) : STRC("");
}

/* How the caller reached this server: for addresses on paper. Empty when he does not say it. */
static Str site_of(const HttpRequest *r)
{
    Str host = http_header(r, "Host");
    for (size_t i = 0; i < host.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-[]",
                    host.p[i]))
            return STRC("");
    return host.n ? arena_text(r->arena, "%s://%.*s", r->secure ? "https" : "http", STR(host))
                  : STRC("");
}

/* A write of a session must carry what only its own pages know. */
static bool csrf_ok(Api *api, const HttpRequest *r, Err *e)
{
    AuthSession s;
    Err quiet = { 0 };
    Str token = http_cookie(r, COOKIE);
    return r->method == HTTP_GET || token.n == 0 || bearer_of(r).n ||
           !auth_session_check(&s, work_auth(api->work), token, &quiet) ||
           auth_csrf_ok(&s, http_header(r, "X-Csrf")) || err_fail(e, ERR_CSRF);
}

/* --- replies -------------------------------------------------------------------------------- */

static void fail(Api *api, const HttpRequest *r, const Err *why, HttpReply *out)
{
    Buf b = buf_open(16 << 10);
    Jw w = jw_open(&b);
    jw_obj(&w);
    jw_key(&w, "error");
    jw_obj(&w);
    jw_kstr(&w, "name", str_of(err_name(why->code)));
    jw_kstr(&w, "message", work_say(api->work, r->arena, why, r->lang));
    jw_end(&w);
    jw_end(&w);
    out->status = jw_close(&w) ? err_http(why->code) : 500;
    out->type = STRC("application/json");
    out->body = arena_str(r->arena, buf_str(&b));
    buf_close(&b);
}

static bool answer(Api *api, const HttpRequest *r, const UseCase *u, WorkReply *got,
                   HttpReply *out, Err *e)
{
    (void)api;
    if (got->session_over && !http_reply_cookie(out, STRC(COOKIE), STRC(""), -1))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", u->title));
    if (got->session.n && !http_reply_cookie(out, STRC(COOKIE), got->session, 0))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", u->title));
    if (u->file && got->file.bytes.p) {
        out->type = got->file.type;
        out->download = got->file.name;
        out->body = got->file.bytes;
        return true;
    }
    out->type = STRC("application/json");
    out->body = arena_str(r->arena, buf_str(&got->json));
    return !arena_refused(r->arena) || err_fail(e, ERR_NO_MEMORY, err_hole("what", u->title));
}

static bool use(Api *api, const Match *m, const HttpRequest *r, HttpReply *out, Err *e)
{
    const UseCase *u = m->route->use_case;
    WorkReply got = { .json = buf_open(WORK_REPLY_MAX) };
    bool open = is_booth(r->path);
    WorkInput in = { .peer = r->peer, .site = site_of(r), .pages = api->pages };
    if (!open)
        in.bearer = bearer_of(r);
    if (!open && !in.bearer.n)
        in.session = http_cookie(r, COOKIE);
    WorkVisit v = visit_of(r);
    json_t *json = NULL;
    bool ok = (open || csrf_ok(api, r, e)) && input_read(&json, m, r, e);
    if (ok && u->upload) {
        in.upload = r->body;
        ok = http_file_name(&in.upload_name, r, e);
    }
    in.json = json;
    ok = ok && work_visit(&got, api->work, &v, u, &in, r->arena, e) &&
         answer(api, r, u, &got, out, e);
    json_decref(json);
    buf_close(&got.json);
    return ok;
}

/* --- screens -------------------------------------------------------------------------------- */

static const char *type_of(Str path)
{
    static const struct { Str end; const char *type; } types[] = {
        { S(".html"), "text/html; charset=utf-8" }, { S(".js"), "text/javascript; charset=utf-8" },
        { S(".css"), "text/css; charset=utf-8" },   { S(".svg"), "image/svg+xml" },
        { S(".json"), "application/json" },          { S(".png"), "image/png" },
        { S(".ico"), "image/x-icon" },               { S(".woff2"), "font/woff2" },
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_ends(path, types[i].end))
            return types[i].type;
    return "application/octet-stream";
}

/* What a slip and the rules of a vote say of a page. */
static Str page_hash(Api *api, const char *path)
{
    const Asset *as = map_get(&api->assets, str_of(path));
    return as ? hash_hex(api->a, hash_of(as->bytes)) : STRC("");
}

static bool assets_open(Api *api, Err *e)
{
    Str root = STRC("web/dist");
    api->assets = map_open(api->a);
    for (const Embed *f = api_embed; f->path; f++) {
        Str path = str_sub(str_of(f->path), root.n, SIZE_MAX);
        Asset *as = ARENA_NEW(api->a, Asset);
        if (!as)
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", "页面"));
        as->bytes = (Str){ f->p, (size_t)(f->end - f->p) };
        as->etag = str_sub(hash_hex(api->a, hash_of(as->bytes)), 0, 24);
        as->type = type_of(path);
        if (!map_put(&api->assets, path, as))
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", "页面"));
    }
    api->pages = (WorkPages){ page_hash(api, "/vote.html"), page_hash(api, "/tools/trustee.html"),
                              page_hash(api, "/tools/slips.html") };
    return true;
}

/* The booth's page stands under every /v/NUMBER, so that a slip needs nothing else. */
static Str file_of(Str path)
{
    return str_starts(path, STRC("/v/")) ? STRC("/vote.html") : path;
}

/* A file that was embedded, or the one page that draws every screen. The tools of trustees are
 * saved and opened from the disk: what is served cannot be changed under their hands. */
static bool screen(Api *api, const HttpRequest *r, HttpReply *out, Err *e)
{
    const Asset *as = map_get(&api->assets, file_of(r->path));
    bool hashed = as && str_starts(r->path, STRC("/assets/"));
    if (!as && r->method == HTTP_GET && !str_starts(r->path, STRC("/assets/")))
        as = map_get(&api->assets, STRC("/index.html"));
    if (!as || r->method != HTTP_GET)
        return err_fail(e, ERR_NO_ROUTE, err_hole("path", r->path));
    out->type = str_of(as->type);
    out->body = as->bytes;
    out->etag = as->etag;
    out->cache = hashed ? HTTP_FOREVER : HTTP_REVALIDATE;
    if (str_starts(r->path, STRC("/tools/")))
        out->download = str_sub(r->path, sizeof "/tools/" - 1, r->path.n);
    return true;
}

/* --- what http asks ------------------------------------------------------------------------- */

static bool is_api(Str path)
{
    return str_starts(path, STRC("/api/"));
}

static size_t body_max(void *ctx, const HttpRequest *r)
{
    Match m;
    Err e;
    (void)ctx;
    if (r->method == HTTP_GET || !is_api(r->path) || !route_find(&m, r, &e))
        return 0;
    return m.route->use_case->upload ? WORK_UPLOAD_MAX : BODY_JSON_MAX;
}

static void handle(void *ctx, const HttpRequest *r, HttpReply *out)
{
    Api *api = ctx;
    Err e = { 0 };
    Match m;
    bool ok = is_api(r->path) ? route_find(&m, r, &e) && use(api, &m, r, out, &e)
                              : screen(api, r, out, &e);
    if (!ok)
        fail(api, r, &e, out);
    if (is_booth(r->path))
        (void)!http_reply_header(out, STRC("Access-Control-Allow-Origin"), STRC("*"));
}

static void refuse(void *ctx, const HttpRequest *r, const Err *why, HttpReply *out)
{
    fail(ctx, r, why, out);
}

bool api_open(Api **out, const ApiConfig *c, Err *e)
{
    Api *api = calloc(1, sizeof *api);
    if (!api || !(api->a = arena_open(4 << 20))) {
        free(api);
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "服务"));
    }
    api->work = c->work;
    api->demo = c->demo;
    HttpConfig h = { .host = c->host, .port = c->port, .pick_port = c->pick_port,
                     .threads = c->threads, .tls_key = c->tls_key, .tls_cert = c->tls_cert,
                     .ctx = api, .body_max = body_max, .handle = handle, .refuse = refuse };
    if (!assets_open(api, e) || !http_open(&api->http, &h, e)) {
        api_close(api);
        return err_note(e, "starting the server");
    }
    *out = api;
    return true;
}

int api_port(const Api *api)
{
    return http_port(api->http);
}

void api_close(Api *api)
{
    if (!api)
        return;
    http_close(api->http);
    arena_close(api->a);
    free(api);
}
