/* reply: an HttpReply as the library's, with what every browser is told on every reply. */
#include "http/parts.h"

#include <microhttpd.h>
#include <string.h>
#include <unistd.h>

static bool is_token(Str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] == 0x7F || memchr("()<>@,;:\\\"/[]?={}", s.p[i], 17))
            return false;
    return s.n > 0;
}

bool http_reply_header(HttpReply *out, Str name, Str value)
{
    if (out->n_headers == HTTP_REPLY_HEADERS_MAX || !is_token(name) || !http_is_clean(value))
        return false;
    out->headers[out->n_headers++] = (HttpPair){ name, value };
    return true;
}

bool http_reply_cookie(HttpReply *out, Str name, Str value, int max_age)
{
    if (out->n_cookies == HTTP_REPLY_COOKIES_MAX || !is_token(name) || !http_is_clean(value)
        || str_has(value, STRC(";")) || str_has(value, STRC(",")) || str_has(value, STRC(" ")))
        return false;
    out->cookies[out->n_cookies++] = (HttpCookie){ name, value, max_age };
    return true;
}

Str http_cookie_text(Arena *a, HttpCookie c, bool secure)
{
    const char *age = "";
    if (c.max_age != 0)
        age = arena_text(a, "; Max-Age=%d", c.max_age < 0 ? 0 : c.max_age).p;
    return arena_text(a, "%.*s=%.*s; Path=/; HttpOnly; SameSite=Strict%s%s", STR(c.name),
                      STR(c.value), secure ? "; Secure" : "", age);
}

/* Old browsers read filename=, which is kept to ASCII; all others read filename*= (RFC 5987). */
Str http_disposition(Arena *a, Str file_name)
{
    static const char hex[] = "0123456789ABCDEF";
    char *plain = arena_alloc(a, file_name.n + 1);
    char *coded = arena_alloc(a, file_name.n * 3 + 1);
    if (!plain || !coded)
        return STRC("attachment");
    size_t n = 0, m = 0;
    for (size_t i = 0; i < file_name.n; i++) {
        unsigned char c = (unsigned char)file_name.p[i];
        bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                    || c == '.' || c == '-' || c == '_';
        if (word)
            coded[m++] = (char)c;
        else
            coded[m++] = '%', coded[m++] = hex[c >> 4], coded[m++] = hex[c & 15];
        if (c < 0x80)
            plain[n++] = word || c == ' ' ? (char)c : '_';
        else if (c >= 0xC0) /* one mark for each character */
            plain[n++] = '_';
    }
    return arena_text(a, "attachment; filename=\"%.*s\"; filename*=UTF-8''%.*s", (int)n, plain,
                      (int)m, coded);
}

static bool put(struct MHD_Response *m, const char *name, Str value, Arena *a)
{
    const char *z = arena_z(a, value);
    return z && MHD_add_response_header(m, name, z) == MHD_YES;
}

static bool put_always(struct MHD_Response *m)
{
    static const char *const rows[][2] = {
        { "Content-Security-Policy",
          "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
          "frame-ancestors 'none'; base-uri 'none'; form-action 'self'" },
        { "X-Content-Type-Options", "nosniff" },
        { "Referrer-Policy", "no-referrer" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (MHD_add_response_header(m, rows[i][0], rows[i][1]) != MHD_YES)
            return false;
    return true;
}

static bool put_cache(struct MHD_Response *m, const HttpReply *out, Arena *a)
{
    static const char *const rules[] = {
        [HTTP_NO_STORE] = "no-store",
        [HTTP_REVALIDATE] = "no-cache",
        [HTTP_FOREVER] = "public, max-age=31536000, immutable",
    };
    return MHD_add_response_header(m, "Cache-Control", rules[out->cache]) == MHD_YES
           && (out->etag.n == 0 || put(m, "ETag", arena_text(a, "\"%.*s\"", STR(out->etag)), a));
}

static bool put_all(struct MHD_Response *m, const HttpRequest *r, const HttpReply *out)
{
    Arena *a = r->arena;
    if (!put_always(m) || !put_cache(m, out, a)
        || (out->type.n > 0 && !put(m, "Content-Type", out->type, a))
        || (out->download.n > 0
            && !put(m, "Content-Disposition", http_disposition(a, out->download), a)))
        return false;
    for (size_t i = 0; i < out->n_headers; i++) {
        const char *name = arena_z(a, out->headers[i].name);
        if (!name || !put(m, name, out->headers[i].value, a))
            return false;
    }
    for (size_t i = 0; i < out->n_cookies; i++)
        if (!put(m, "Set-Cookie", http_cookie_text(a, out->cookies[i], r->secure), a))
            return false;
    return true;
}

/* The library closes the file with its response. */
static struct MHD_Response *make(const HttpReply *out, bool unchanged)
{
    if (out->fd >= 0 && !unchanged) {
        struct MHD_Response *m = MHD_create_response_from_fd64(out->fd_size, out->fd);
        if (!m)
            close(out->fd);
        return m;
    }
    if (out->fd >= 0)
        close(out->fd);
    Str body = unchanged ? STRC("") : out->body;
    return MHD_create_response_from_buffer(body.n, (void *)(uintptr_t)body.p,
                                           MHD_RESPMEM_PERSISTENT);
}

bool http_send(struct MHD_Connection *c, const HttpRequest *r, const HttpReply *out)
{
    bool unchanged = out->etag.n > 0 && out->status == 200 && r->method == HTTP_GET
                     && http_etag_match(http_header(r, "If-None-Match"), out->etag);
    struct MHD_Response *m = make(out, unchanged);
    bool ok = m && put_all(m, r, out)
              && MHD_queue_response(c, unchanged ? 304 : (unsigned)out->status, m) == MHD_YES;
    if (m)
        MHD_destroy_response(m);
    return ok;
}
