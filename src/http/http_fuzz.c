/* fuzz: everything that is read from a request's head before any check by the caller. */
#include "http/parts.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Str text = { (const char *)data, n };
    HttpPair headers[] = { { S("Cookie"), text }, { S("X-File-Name"), text } };
    Arena *a = arena_open(1 << 20);
    HttpRequest r = { .arena = a, .headers = headers, .n_headers = 2 };
    Err e = { 0 };
    Str name;
    if (!a)
        return 0;
    if (http_read_target(&r, text, &e)) {
        /* what was accepted cannot climb, and is clean text */
        if (!str_valid(r.path) || r.path.p[0] != '/' || str_has(r.path, STRC("/../"))
            || str_has(r.path, STRC("//")) || str_has(r.path, STRC("\\"))
            || str_ends(r.path, STRC("/..")) || !http_is_clean(r.path))
            abort();
        for (size_t i = 0; i < r.n_query; i++)
            if (!str_valid(r.query[i].name) || !str_valid(r.query[i].value))
                abort();
    }
    if (http_file_name(&name, &r, &e) && (str_has(name, STRC("/")) || !str_valid(name)))
        abort();
    http_cookie(&r, "sid");
    http_read_lang(text);
    http_read_forwarded(text);
    http_etag_match(text, STRC("v1"));
    http_disposition(a, text);
    arena_close(a);
    return 0;
}
