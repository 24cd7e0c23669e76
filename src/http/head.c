/* head: reading what a client says before the body: target, cookies, language, file name. Pure. */
#include "http/parts.h"

#include <string.h>

enum { LANG_RANGES_MAX = 32 };

Str http_query(const HttpRequest *r, const char *name)
{
    for (size_t i = 0; i < r->n_query; i++)
        if (str_is(r->query[i].name, name))
            return r->query[i].value;
    return STRC("");
}

static char low(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool http_is_name(Str name, Str value)
{
    if (name.n != value.n)
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (low(name.p[i]) != low(value.p[i]))
            return false;
    return true;
}

bool http_is_clean(Str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
            return false;
    return true;
}

Str http_header(const HttpRequest *r, const char *name)
{
    for (size_t i = 0; i < r->n_headers; i++)
        if (http_is_name(str_of(name), r->headers[i].name))
            return r->headers[i].value;
    return STRC("");
}

Str http_cookie(const HttpRequest *r, const char *name)
{
    Str rest = http_header(r, "Cookie"), one, key, value;
    while (rest.n > 0) {
        str_cut(rest, STRC(";"), &one, &rest);
        if (str_cut(str_trim(one), STRC("="), &key, &value) && str_is(key, name))
            return value;
    }
    return STRC("");
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = low(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool http_unescape(Arena *a, Str *out, Str raw, bool plus, Err *e)
{
    char *p = arena_alloc(a, raw.n);
    size_t n = 0;
    if (!p)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取请求"));
    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i];
        if (c == '%') {
            int hi = i + 2 < raw.n ? hex_digit(raw.p[i + 1]) : -1;
            int lo = hi >= 0 ? hex_digit(raw.p[i + 2]) : -1;
            if (lo < 0)
                return err_fail(e, ERR_HTTP_BAD_REQUEST, err_hole("why", "%"));
            c = (char)(hi << 4 | lo);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        p[n++] = c;
    }
    if (!str_valid((Str){ p, n }))
        return err_fail(e, ERR_HTTP_BAD_REQUEST, err_hole("why", "UTF-8"));
    *out = (Str){ p, n };
    return true;
}

/* Segments are judged after decoding, and a decoded segment holds no separator, so that nothing
 * below can see another path than the one that was judged. */
static bool read_path(HttpRequest *r, Str raw, Err *e)
{
    char *p = arena_alloc(r->arena, raw.n + 1);
    size_t n = 0;
    Str rest = str_sub(raw, 1, raw.n), segment;
    bool more = true;
    if (!p)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取请求"));
    while (more) {
        Str text;
        more = str_cut(rest, STRC("/"), &segment, &rest);
        if (!http_unescape(r->arena, &text, segment, false, e))
            return false;
        if (str_is(text, ".") || str_is(text, "..") || (text.n == 0 && more))
            return err_fail(e, ERR_HTTP_BAD_REQUEST, err_hole("why", "/./ /../ //"));
        if (!http_is_clean(text) || str_has(text, STRC("/")) || str_has(text, STRC("\\")))
            return err_fail(e, ERR_HTTP_BAD_REQUEST, err_hole("why", "/ \\"));
        p[n++] = '/';
        if (text.n)
            memcpy(p + n, text.p, text.n);
        n += text.n;
    }
    r->path = (Str){ p, n };
    return true;
}

static bool read_query(HttpRequest *r, Str raw, Err *e)
{
    HttpPair *pairs = NULL;
    size_t n = 0, cap = 0;
    Str one, key, value;
    while (raw.n > 0) {
        HttpPair pair;
        str_cut(raw, STRC("&"), &one, &raw);
        if (one.n == 0)
            continue;
        str_cut(one, STRC("="), &key, &value);
        if (!http_unescape(r->arena, &pair.name, key, true, e)
            || !http_unescape(r->arena, &pair.value, value, true, e))
            return false;
        for (size_t i = 0; i < n; i++)
            if (str_eq(pairs[i].name, pair.name))
                return err_fail(e, ERR_HTTP_BAD_REQUEST, err_hole("why", pair.name));
        if (n == HTTP_QUERY_MAX)
            return err_fail(e, ERR_TOO_BIG, err_hole("what", "查询条件"),
                            err_hole("max", HTTP_QUERY_MAX));
        if (!ARENA_PUSH(r->arena, pairs, n, cap))
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取请求"));
        pairs[n++] = pair;
    }
    r->query = pairs;
    r->n_query = n;
    return true;
}

bool http_read_target(HttpRequest *r, Str raw, Err *e)
{
    Str path, query;
    if (raw.n > HTTP_URI_MAX)
        return err_fail(e, ERR_HTTP_URI_LONG, err_hole("max", HTTP_URI_MAX));
    if (raw.n == 0 || raw.p[0] != '/' || str_has(raw, STRC("#")))
        return err_fail(e, ERR_HTTP_BAD_REQUEST, err_hole("why", "/"));
    str_cut(raw, STRC("?"), &path, &query);
    return read_path(r, path, e) && read_query(r, query, e);
}

bool http_read_method(HttpMethod *out, Str method, Err *e)
{
    static const struct { const char *name; HttpMethod method; } methods[] = {
        { "GET", HTTP_GET },     { "HEAD", HTTP_GET },      { "POST", HTTP_POST },
        { "PUT", HTTP_PUT },     { "PATCH", HTTP_PATCH },   { "DELETE", HTTP_DELETE },
    };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (str_is(method, methods[i].name)) {
            *out = methods[i].method;
            return true;
        }
    return err_fail(e, ERR_HTTP_METHOD, err_hole("method", str_sub(method, 0, 20)));
}

/* One range of Accept-Language to a language of ours; -1 for one we do not speak. */
static int range_lang(Str tag)
{
    static const struct { const char *tag; Lang lang; } tags[] = {
        { "zh-hant", LANG_HANT }, { "zh-tw", LANG_HANT }, { "zh-hk", LANG_HANT },
        { "zh-mo", LANG_HANT },   { "zh", LANG_HANS },    { "en", LANG_EN },
    };
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        Str want = str_of(tags[i].tag);
        if (http_is_name(want, str_sub(tag, 0, want.n))
            && (tag.n == want.n || tag.p[want.n] == '-'))
            return (int)tags[i].lang;
    }
    return -1;
}

/* "q=0.8" in thousandths; 1000 when absent, 0 when it is no weight. */
static int range_weight(Str params)
{
    Str key, value;
    if (!str_cut(str_trim(params), STRC("="), &key, &value) || !str_is(str_trim(key), "q"))
        return 1000;
    value = str_trim(value);
    if (value.n == 0 || (value.p[0] != '0' && value.p[0] != '1'))
        return 0;
    int weight = (value.p[0] - '0') * 1000, unit = 100;
    for (size_t i = 2; i < value.n && unit > 0; i++, unit /= 10) {
        if (value.p[i] < '0' || value.p[i] > '9')
            return 0;
        weight += (value.p[i] - '0') * unit;
    }
    return weight > 1000 ? 1000 : weight;
}

Lang http_read_lang(Str accept_language)
{
    Str rest = accept_language, one, tag, params;
    int best = LANG_HANS, best_weight = 0;
    for (int i = 0; rest.n > 0 && i < LANG_RANGES_MAX; i++) {
        str_cut(rest, STRC(","), &one, &rest);
        str_cut(one, STRC(";"), &tag, &params);
        int lang = range_lang(str_trim(tag)), weight = range_weight(params);
        if (lang >= 0 && weight > best_weight) {
            best = lang;
            best_weight = weight;
        }
    }
    return (Lang)best;
}

Str http_read_forwarded(Str header)
{
    Str rest = header, one = STRC("");
    while (rest.n > 0)
        str_cut(rest, STRC(","), &one, &rest);
    one = str_trim(one);
    for (size_t i = 0; i < one.n; i++)
        if (hex_digit(one.p[i]) < 0 && one.p[i] != '.' && one.p[i] != ':')
            return STRC("");
    return one.n <= 45 ? one : STRC("");
}

bool http_etag_match(Str if_none_match, Str etag)
{
    Str rest = if_none_match, one;
    while (rest.n > 0) {
        str_cut(rest, STRC(","), &one, &rest);
        one = str_trim(one);
        if (str_is(one, "*"))
            return true;
        if (str_starts(one, STRC("W/")))
            one = str_sub(one, 2, one.n);
        if (one.n == etag.n + 2 && one.p[0] == '"' && one.p[one.n - 1] == '"'
            && str_eq(str_sub(one, 1, etag.n), etag))
            return true;
    }
    return false;
}

bool http_file_name(Str *out, const HttpRequest *r, Err *e)
{
    Str raw = http_header(r, "X-File-Name"), name;
    if (raw.n == 0)
        return err_fail(e, ERR_HTTP_FILE_NAME, err_hole("why", "X-File-Name"));
    if (!http_unescape(r->arena, &name, raw, false, e))
        return err_fail(e, ERR_HTTP_FILE_NAME, err_hole("why", "UTF-8"));
    if (name.n > HTTP_FILE_NAME_MAX)
        return err_fail(e, ERR_HTTP_FILE_NAME, err_hole("why", HTTP_FILE_NAME_MAX));
    if (!http_is_clean(name) || str_has(name, STRC("/")) || str_has(name, STRC("\\"))
        || str_trim(name).n == 0 || name.p[0] == '.')
        return err_fail(e, ERR_HTTP_FILE_NAME, err_hole("why", name));
    *out = name;
    return true;
}
