/* parts: what the files of this module share: reading a request's head (head.c, pure) and turning
 * an HttpReply into the library's (reply.c). */
#ifndef HTTP_PARTS_H
#define HTTP_PARTS_H

#include "http/http.h"

struct MHD_Connection;

/* %XX to bytes; '+' to a blank when `plus`. Refuses U+0000, bad UTF-8 and half escapes. */
bool http_unescape(Arena *a, Str *out, Str raw, bool plus, Err *e) MUST_USE;
bool http_read_method(HttpMethod *out, Str method, Err *e) MUST_USE;
/* Of the language ranges with the greatest weight the first that we speak. */
Lang http_read_lang(Str accept_language);
/* The last address of X-Forwarded-For; empty unless it reads as a numeric address. */
Str http_read_forwarded(Str header);
/* Does If-None-Match hold this etag (or *)? */
bool http_etag_match(Str if_none_match, Str etag);
bool http_is_name(Str name, Str value);          /* equal but for ASCII case */
bool http_is_clean(Str s);                       /* no control characters */
/* Content-Disposition for a download, RFC 6266 with the RFC 5987 form of the name. */
Str http_disposition(Arena *a, Str file_name);
/* Set-Cookie's value. */
Str http_cookie_text(Arena *a, HttpCookie c, bool secure);

/* Hands the reply to the library. False when it could not (the connection is then closed). */
bool http_send(struct MHD_Connection *c, const HttpRequest *r, const HttpReply *out);

#endif
