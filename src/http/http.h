/* http: an HTTP/1.1 server behind one face. One early question (how large a body may this request
 * carry?) and one handler; everything a browser must be told on every reply is said here.
 *
 * It refuses to know routes, sessions, use cases and the form of an error: those are the caller's
 * three callbacks. The library underneath (libmicrohttpd) is seen by nobody else.
 *
 * Ownership: the server owns the request, its arena and its body from the first byte until the
 * reply has been sent; a reply's texts live in that arena or are static. Callbacks run on several
 * threads at once, one request at a time on each.
 *
 *     static void hello(void *ctx, const HttpRequest *r, HttpReply *out)
 *     {
 *         out->type = STRC("text/plain; charset=utf-8");
 *         out->body = arena_text(r->arena, "%.*s", STR(r->path));
 *     }
 *     HttpConfig c = { .host = S("127.0.0.1"), .port = 8080, .pick_port = true, .threads = 4,
 *                      .body_max = nobody, .handle = hello, .refuse = sorry };
 *     HttpServer *s;
 *     if (!http_open(&s, &c, &e)) ...
 *     http_close(s);                        // waits for the requests in flight
 *
 * Files are uploaded as the raw body of a request with the header "X-File-Name: <name,
 * percent-encoded UTF-8>" (http_file_name); multipart/form-data is not read. */
#ifndef HTTP_H
#define HTTP_H

#include "base/base.h"

enum {
    HTTP_THREADS_MAX = 64,
    HTTP_CONNECTIONS_PER_THREAD = 120,  /* 128 ready descriptors on one thread stall the library */
    HTTP_HEAD_MAX = 32 << 10,           /* bytes of request line and headers, per connection */
    HTTP_URI_MAX = 8 << 10,             /* bytes, as sent */
    HTTP_QUERY_MAX = 64,                /* values in the query */
    HTTP_HEADERS_MAX = 64,
    HTTP_BODY_MAX = 64 << 20,           /* no route may ask for more */
    HTTP_BODIES_MAX = 256 << 20,        /* bytes of all bodies in memory at one time */
    HTTP_DRAIN_MAX = 128 << 20,         /* of a refused body, dropped so that the answer arrives */
    HTTP_ARENA_MAX = 96 << 20,          /* cap of one request's arena */
    HTTP_FILE_NAME_MAX = 255,           /* bytes */
    HTTP_REPLY_HEADERS_MAX = 8,
    HTTP_REPLY_COOKIES_MAX = 2,
    HTTP_IDLE_SECONDS = 30,             /* a silent connection is closed after */
    HTTP_STOP_SECONDS = 10,             /* http_close waits at most, then cuts */
    HTTP_PORTS_TRIED = 100,             /* with pick_port */
    HTTP_CERT_DAYS = 825                /* validity of a self-signed certificate */
};

typedef struct HttpServer HttpServer;

typedef enum HttpMethod { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE } HttpMethod;

typedef struct HttpPair {
    Str name, value;
} HttpPair;

typedef struct HttpRequest {
    HttpMethod method;        /* HEAD arrives as HTTP_GET; its body is dropped on the way out */
    Str path;                 /* decoded UTF-8: '/' first, no controls, no empty segment but the
                                 last, none "." or ".." */
    const HttpPair *query;    /* decoded; no name twice */
    size_t n_query;
    const HttpPair *headers;  /* as sent */
    size_t n_headers;
    Str body;                 /* whole; empty in body_max */
    Str peer;                 /* numeric address of the client, no port */
    Lang lang;                /* best of Accept-Language; Chinese when absent */
    bool secure;              /* TLS here or in the proxy */
    Arena *arena;             /* reset when the reply has left */
} HttpRequest;

Str http_query(const HttpRequest *r, const char *name);  /* empty when absent */
Str http_header(const HttpRequest *r, const char *name); /* any case; empty when absent */
Str http_cookie(const HttpRequest *r, const char *name); /* empty when absent */
/* Path and query of a request line's target into r->path, r->query, r->n_query. */
bool http_read_target(HttpRequest *r, Str raw, Err *e) MUST_USE;
/* The name of an uploaded file; refuses path separators and control characters. */
bool http_file_name(Str *out, const HttpRequest *r, Err *e) MUST_USE;

/* How long a reply may be kept by the browser. */
typedef enum HttpCache {
    HTTP_NO_STORE,    /* replies of the API: not at all */
    HTTP_REVALIDATE,  /* asks each time, by etag */
    HTTP_FOREVER      /* embedded files whose name carries their hash */
} HttpCache;

typedef struct HttpCookie {
    Str name, value;
    int max_age;      /* seconds; 0: until the browser closes; < 0: forget it now */
} HttpCookie;

/* Zeroed but for status 200 and fd -1 when the handler gets it. */
typedef struct HttpReply {
    int status;       /* 200..599 */
    Str type;         /* Content-Type; empty: none */
    Str body;         /* in the request's arena, or static */
    int fd;           /* >= 0: the body is this open file, fd_size bytes; http closes it */
    uint64_t fd_size;
    HttpCache cache;
    Str etag;         /* without quotes; a GET that already has it is answered 304 */
    Str download;     /* file name to save under (any language); empty: show in place */
    HttpPair headers[HTTP_REPLY_HEADERS_MAX];
    size_t n_headers;
    HttpCookie cookies[HTTP_REPLY_COOKIES_MAX]; /* sent HttpOnly, SameSite=Strict, Path=/ */
    size_t n_cookies;
} HttpReply;

/* Both refuse (false) when full or when a line break or control character is in it. */
bool http_reply_header(HttpReply *out, Str name, Str value) MUST_USE;
bool http_reply_cookie(HttpReply *out, Str name, Str value, int max_age) MUST_USE;

typedef struct HttpConfig {
    Str host;                 /* numeric address; 0.0.0.0 or :: for all */
    int port;                 /* 0: any free one */
    bool pick_port;           /* taken: try the next ones */
    int threads;              /* 1..HTTP_THREADS_MAX */
    int connections;          /* 0: all, threads x HTTP_CONNECTIONS_PER_THREAD; never more */
    int idle_seconds;         /* 0: HTTP_IDLE_SECONDS */
    Str tls_key, tls_cert;    /* PEM; both empty: no TLS */
    bool proxy_in_front;      /* a TLS proxy on this host: cookies are Secure, the peer is the last
                                 address of X-Forwarded-For */
    void *ctx;
    /* Called when the head is read: how many bytes of body will be taken (0: none). */
    size_t (*body_max)(void *ctx, const HttpRequest *r);
    void (*handle)(void *ctx, const HttpRequest *r, HttpReply *out);
    /* Writes the answer to a request that http itself refuses. */
    void (*refuse)(void *ctx, const HttpRequest *r, const Err *why, HttpReply *out);
} HttpConfig;

bool http_open(HttpServer **out, const HttpConfig *c, Err *e) MUST_USE; /* copies the config */
int http_port(const HttpServer *s);
/* Takes no new connection, waits for the requests in flight, stops. Accepts NULL. */
void http_close(HttpServer *s);

bool http_is_loopback(Str host);  /* 127.0.0.0/8 or ::1 */

typedef struct HttpCert {
    Str key, cert;            /* PEM */
    Hash fingerprint;         /* SHA-256 of the certificate, as browsers show it */
} HttpCert;

/* A self-signed P-256 certificate for an address or a host name, valid from `now` (less one day
 * for clocks that are behind) for HTTP_CERT_DAYS. */
bool http_self_signed(Arena *a, HttpCert *out, Str host, Moment now, Err *e) MUST_USE;
bool http_fingerprint(Hash *out, Str cert_pem, Err *e) MUST_USE;

#endif
