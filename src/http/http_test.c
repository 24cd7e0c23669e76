/* http: a real server on the loopback, a client of raw sockets. */
#include "http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { REPLY_MAX = 4 << 20, SMALL_BODY = 1000, CLIENT_SECONDS = 20 };

/* --- the server under test ------------------------------------------------------------------ */

typedef struct Fixture {
    HttpServer *server;
    int port;
    atomic_int handled, slow_entered;
} Fixture;

static size_t body_max(void *ctx, const HttpRequest *r)
{
    (void)ctx;
    assert_int_equal(r->body.n, 0);
    if (r->method == HTTP_GET)
        return 0;
    return str_is(r->path, "/upload") ? (size_t)HTTP_BODY_MAX + 1 : SMALL_BODY;
}

static void echo(const HttpRequest *r, HttpReply *out)
{
    static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };
    out->type = STRC("text/plain; charset=utf-8");
    out->body = arena_text(r->arena, "%s %.*s q=%.*s sid=%.*s lang=%d peer=%.*s secure=%d "
                           "body=%.*s", methods[r->method], STR(r->path), STR(http_query(r, "q")),
                           STR(http_cookie(r, "sid")), (int)r->lang, STR(r->peer), r->secure,
                           STR(r->body));
}

static void send_file(const HttpRequest *r, HttpReply *out)
{
    FILE *f = tmpfile();
    fputs("from a file", f);
    fflush(f);
    out->fd = dup(fileno(f));
    out->fd_size = 11;
    out->download = STRC("名册.csv");
    out->type = STRC("text/csv");
    fclose(f);
    (void)r;
}

static void handle(void *ctx, const HttpRequest *r, HttpReply *out)
{
    Fixture *f = ctx;
    atomic_fetch_add(&f->handled, 1);
    if (str_is(r->path, "/asset")) {
        out->type = STRC("text/css");
        out->body = STRC("body{}");
        out->etag = STRC("v1");
        out->cache = HTTP_REVALIDATE;
    } else if (str_is(r->path, "/login")) {
        assert_true(http_reply_cookie(out, STRC("sid"), STRC("token"), 0));
        assert_true(http_reply_header(out, STRC("Location"), STRC("/")));
        out->status = 303;
    } else if (str_is(r->path, "/file")) {
        send_file(r, out);
    } else if (str_is(r->path, "/upload")) {
        out->body = arena_text(r->arena, "%zu %.*s", r->body.n, 8, hash_hex(r->arena,
                               hash_of(r->body)).p);
    } else if (str_is(r->path, "/slow")) {
        atomic_fetch_add(&f->slow_entered, 1);
        nanosleep(&(struct timespec){ 0, 400000000 }, NULL);
        out->body = STRC("slow");
    } else {
        echo(r, out);
    }
}

static void refuse(void *ctx, const HttpRequest *r, const Err *why, HttpReply *out)
{
    (void)ctx;
    out->body = arena_text(r->arena, "refused %s", err_name(why->code));
}

static HttpConfig config_for(Fixture *f, int threads)
{
    return (HttpConfig){ .host = S("127.0.0.1"), .threads = threads, .ctx = f,
                         .body_max = body_max, .handle = handle, .refuse = refuse };
}

static Fixture *open_with(const HttpConfig *given, int threads)
{
    Fixture *f = calloc(1, sizeof *f);
    HttpConfig c = given ? *given : config_for(f, threads);
    Err e = { 0 };
    c.ctx = f;
    if (!http_open(&f->server, &c, &e)) {
        char text[400];
        err_print(&e, LANG_EN, text, sizeof text);
        fail_msg("%s", text);
    }
    f->port = http_port(f->server);
    return f;
}

static int set_up(void **state)
{
    *state = open_with(NULL, 4);
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    http_close(f->server);
    free(f);
    return 0;
}

/* --- the client ----------------------------------------------------------------------------- */

static int dial(int port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct timeval limit = { CLIENT_SECONDS, 0 };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool push(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t k = send(fd, p, n, MSG_NOSIGNAL);
        if (k <= 0)
            return false;
        p += k, n -= (size_t)k;
    }
    return true;
}

/* One reply: reads to the end of what Content-Length announces, or to the end of the stream. */
static size_t pull(int fd, char *out, size_t size, bool no_body)
{
    size_t n = 0, want = SIZE_MAX;
    out[0] = 0;
    while (n < size - 1 && n < want) {
        ssize_t k = recv(fd, out + n, size - 1 - n, 0);
        if (k <= 0)
            break;
        n += (size_t)k;
        out[n] = 0;
        const char *end = strstr(out, "\r\n\r\n"), *length = strstr(out, "Content-Length: ");
        if (end && no_body)
            want = (size_t)(end + 4 - out);
        else if (end && length && length < end)
            want = (size_t)(end + 4 - out) + strtoul(length + 16, NULL, 10);
    }
    return n;
}

/* Sends `n` bytes of text on a new connection and returns the reply (static: one thread asks). */
static char *ask_bytes(int port, const char *text, size_t n)
{
    char *out = malloc(REPLY_MAX);
    int fd = dial(port);
    assert_true(fd >= 0);
    push(fd, text, n);
    pull(fd, out, REPLY_MAX, n > 4 && memcmp(text, "HEAD", 4) == 0);
    close(fd);
    return out;
}

static char *ask(int port, const char *text)
{
    return ask_bytes(port, text, strlen(text));
}

static int status_of(const char *reply)
{
    return strncmp(reply, "HTTP/1.1 ", 9) == 0 ? atoi(reply + 9) : 0;
}

static const char *body_of(const char *reply)
{
    const char *end = strstr(reply, "\r\n\r\n");
    return end ? end + 4 : "";
}

static void want_status(char *reply, int status)
{
    if (status_of(reply) != status)
        fail_msg("wanted %d, got: %.300s", status, reply);
    free(reply);
}

static void want_refused(char *reply, int status, const char *body)
{
    if (status_of(reply) != status || strcmp(body_of(reply), body) != 0)
        fail_msg("wanted %d %s, got: %.300s", status, body, reply);
    free(reply);
}

#define HOST "Host: a\r\n"

/* --- tests ---------------------------------------------------------------------------------- */

static void request_reaches_the_handler(void **state)
{
    Fixture *f = *state;
    char *r = ask(f->port, "GET /%E8%BF%B0/a?q=%E5%85%9A+1 HTTP/1.1\r\n" HOST
                           "Cookie: a=1; sid=xyz\r\nAccept-Language: en\r\n\r\n");
    assert_string_equal(body_of(r), "GET /述/a q=党 1 sid=xyz lang=2 peer=127.0.0.1 secure=0 body=");
    free(r);
    r = ask(f->port, "POST /x HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello");
    assert_string_equal(body_of(r), "POST /x q= sid= lang=0 peer=127.0.0.1 secure=0 body=hello");
    free(r);
    r = ask(f->port, "PUT /x HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
                     "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    assert_string_equal(body_of(r), "PUT /x q= sid= lang=0 peer=127.0.0.1 secure=0 body=abcde");
    free(r);
}

static void every_reply_tells_the_browser(void **state)
{
    Fixture *f = *state;
    char *r = ask(f->port, "GET / HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(status_of(r), 200);
    assert_non_null(strstr(r, "\r\nContent-Security-Policy: default-src 'self'; "
                              "style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
                              "frame-ancestors 'none'; base-uri 'none'; form-action 'self'\r\n"));
    assert_non_null(strstr(r, "\r\nX-Content-Type-Options: nosniff\r\n"));
    assert_non_null(strstr(r, "\r\nReferrer-Policy: no-referrer\r\n"));
    assert_non_null(strstr(r, "\r\nCache-Control: no-store\r\n"));
    free(r);
}

static void cookie_status_and_header_go_out(void **state)
{
    Fixture *f = *state;
    char *r = ask(f->port, "POST /login HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n");
    assert_int_equal(status_of(r), 303);
    assert_non_null(strstr(r, "\r\nSet-Cookie: sid=token; Path=/; HttpOnly; SameSite=Strict\r\n"));
    assert_non_null(strstr(r, "\r\nLocation: /\r\n"));
    free(r);
}

static void embedded_file_is_not_sent_twice(void **state)
{
    Fixture *f = *state;
    char *r = ask(f->port, "GET /asset HTTP/1.1\r\n" HOST "\r\n");
    assert_non_null(strstr(r, "\r\nETag: \"v1\"\r\n"));
    assert_non_null(strstr(r, "\r\nCache-Control: no-cache\r\n"));
    assert_string_equal(body_of(r), "body{}");
    free(r);
    r = ask(f->port, "GET /asset HTTP/1.1\r\n" HOST "If-None-Match: \"v1\"\r\n"
                     "Connection: close\r\n\r\n");
    assert_int_equal(status_of(r), 304);
    assert_string_equal(body_of(r), "");
    free(r);
    want_status(ask(f->port, "GET /asset HTTP/1.1\r\n" HOST "If-None-Match: \"v0\"\r\n\r\n"), 200);
}

static void head_has_no_body(void **state)
{
    Fixture *f = *state;
    char *r = ask(f->port, "HEAD /asset HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(status_of(r), 200);
    assert_non_null(strstr(r, "\r\nContent-Length: 6\r\n"));
    assert_string_equal(body_of(r), "");
    free(r);
}

static void open_file_is_sent_as_download(void **state)
{
    Fixture *f = *state;
    char *r = ask(f->port, "GET /file HTTP/1.1\r\n" HOST "\r\n");
    assert_string_equal(body_of(r), "from a file");
    assert_non_null(strstr(r, "filename*=UTF-8''%E5%90%8D%E5%86%8C.csv\r\n"));
    free(r);
}

static char *post(Fixture *f, const char *path, size_t n, const char *extra)
{
    Buf b = buf_open((size_t)HTTP_DRAIN_MAX * 2);
    char chunk[1000];
    memset(chunk, 'x', sizeof chunk);
    buf_fmt(&b, "POST %s HTTP/1.1\r\n" HOST "%sContent-Length: %zu\r\n\r\n", path, extra, n);
    for (size_t left = n; left > 0; left -= left < 1000 ? left : 1000)
        buf_put(&b, (Str){ chunk, left < 1000 ? left : 1000 });
    assert_false(b.failed);
    char *r = ask_bytes(f->port, b.p, b.n);
    buf_close(&b);
    return r;
}

static void body_at_the_limit_and_past_it(void **state)
{
    Fixture *f = *state;
    want_status(post(f, "/x", SMALL_BODY, ""), 200);
    want_refused(post(f, "/x", SMALL_BODY + 1, ""), 413, "refused TOO_BIG");
    char *r = post(f, "/upload", HTTP_BODY_MAX, "");
    assert_int_equal(status_of(r), 200);
    assert_memory_equal(body_of(r), "67108864 ", 9);
    free(r);
    /* the whole of it is read, so that the client sees the answer */
    want_refused(post(f, "/upload", HTTP_BODY_MAX + 1, ""), 413, "refused TOO_BIG");
    assert_int_equal(atomic_load(&f->handled), 2);
}

static bool push_zeros(int fd, size_t n)
{
    static const char zeros[1 << 16];
    for (size_t part; n > 0; n -= part) {
        part = n < sizeof zeros ? n : sizeof zeros;
        if (!push(fd, zeros, part))
            return false;
    }
    return true;
}

/* Uploads that are still arriving hold what all of them may; one byte more is told to wait, and
 * when they are through there is room again. */
static void bodies_together_at_the_limit_and_past_it(void **state)
{
    enum { UPLOADS = HTTP_BODIES_MAX / HTTP_BODY_MAX };
    Fixture *f = *state;
    int fds[UPLOADS], tries = 0;
    char head[200], out[2000], *r;
    snprintf(head, sizeof head, "POST /upload HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n",
             HTTP_BODY_MAX);
    for (int i = 0; i < UPLOADS; i++) {
        assert_true((fds[i] = dial(f->port)) >= 0);
        assert_true(push(fds[i], head, strlen(head)));
        assert_true(push_zeros(fds[i], HTTP_BODY_MAX - 1));
    }
    /* what was sent takes a moment to arrive */
    while (status_of(r = post(f, "/x", UPLOADS + 1, "")) == 200 && tries++ < 2000) {
        free(r);
        nanosleep(&(struct timespec){ 0, 5000000 }, NULL);
    }
    want_refused(r, 503, "refused BUSY");
    want_status(post(f, "/x", UPLOADS, ""), 200);
    for (int i = 0; i < UPLOADS; i++) {
        assert_true(push_zeros(fds[i], 1));
        pull(fds[i], out, sizeof out, false);
        assert_int_equal(status_of(out), 200);
        close(fds[i]);
    }
    want_status(post(f, "/x", UPLOADS + 1, ""), 200);
}

static void chunked_body_past_the_limit(void **state)
{
    Fixture *f = *state;
    Buf b = buf_open(1 << 20);
    buf_put(&b, STRC("POST /x HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"));
    for (int i = 0; i < SMALL_BODY / 10; i++)
        buf_put(&b, STRC("a\r\n0123456789\r\n"));
    size_t at = b.n;
    buf_put(&b, STRC("0\r\n\r\n"));
    want_status(ask_bytes(f->port, b.p, b.n), 200);
    b.n = at;
    buf_put(&b, STRC("1\r\nx\r\n0\r\n\r\n"));
    want_refused(ask_bytes(f->port, b.p, b.n), 413, "refused TOO_BIG");
    buf_close(&b);
}

static void waiting_client_is_answered_before_it_sends(void **state)
{
    Fixture *f = *state;
    want_refused(ask(f->port, "POST /x HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n"
                              "Content-Length: 2000\r\n\r\n"), 413, "refused TOO_BIG");
    want_refused(ask(f->port, "POST /x HTTP/1.1\r\n" HOST "Content-Length: 999999999999\r\n\r\n"),
                 413, "refused TOO_BIG");
    int fd = dial(f->port);
    char out[2000];
    const char *head = "POST /x HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n"
                       "Content-Length: 2\r\n\r\n";
    assert_true(push(fd, head, strlen(head)));
    assert_true(pull(fd, out, sizeof out, true) > 0);
    assert_int_equal(status_of(out), 100);
    assert_true(push(fd, "ab", 2));
    pull(fd, out, sizeof out, false);
    assert_int_equal(status_of(out), 200);
    assert_non_null(strstr(out, "body=ab"));
    close(fd);
}

static void bad_requests(void **state)
{
    Fixture *f = *state;
    static const struct { const char *text; int status; const char *code; } rows[] = {
        { "GET /../etc/passwd HTTP/1.1\r\n" HOST "\r\n", 400, "refused HTTP_BAD_REQUEST" },
        { "GET /a%00b HTTP/1.1\r\n" HOST "\r\n", 400, "refused HTTP_BAD_REQUEST" },
        { "GET http://a/b HTTP/1.1\r\n" HOST "\r\n", 400, "refused HTTP_BAD_REQUEST" },
        { "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 405, "refused HTTP_METHOD" },
        { "BREW /tea HTTP/1.1\r\n" HOST "\r\n", 405, "refused HTTP_METHOD" },
        { "GET / HTTP/1.1\r\n" HOST "X-A: \xff\r\n\r\n", 422, "refused BAD_TEXT" },
        { "POST /x HTTP/1.1\r\n" HOST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
          "1\r\na\r\n0\r\n\r\n", 400, "refused HTTP_BAD_REQUEST" },
        { "POST /x HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 400,
          "refused HTTP_BAD_REQUEST" },
        { "GET / HTTP/1.1\r\n\r\n", 400, NULL }, /* no Host: the library's own answer */
        { "GET /x HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", 413, "refused TOO_BIG" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *r = ask(f->port, rows[i].text);
        if (status_of(r) != rows[i].status
            || (rows[i].code && strcmp(body_of(r), rows[i].code) != 0))
            fail_msg("row %zu: %.400s", i, r);
        free(r);
    }
    assert_int_equal(atomic_load(&f->handled), 0);
}

static void garbage_never_reaches_the_handler(void **state)
{
    Fixture *f = *state;
    static const struct { const char *p; size_t n; } rows[] = {
        { "\0\0\0\0", 4 },
        { "\r\n\r\n\r\n\r\n", 8 },
        { "GET\r\n\r\n", 7 },
        { "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15 },
        { "POST /x HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", 49 },
        { "POST /x HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999999\r\n\r\n", 70 },
        { "POST /x HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 62 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int fd = dial(f->port);
        char out[2000];
        struct timeval limit = { 0, 200000 };
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        push(fd, rows[i].p, rows[i].n);
        pull(fd, out, sizeof out, false);
        if (status_of(out) == 200)
            fail_msg("row %zu was answered: %s", i, out);
        close(fd);
    }
    assert_int_equal(atomic_load(&f->handled), 0);
    want_status(ask(f->port, "GET / HTTP/1.1\r\n" HOST "\r\n"), 200); /* and it still serves */
}

static char *with_headers(Fixture *f, int n)
{
    Buf b = buf_open(1 << 20);
    buf_put(&b, STRC("GET / HTTP/1.1\r\n" HOST));
    for (int i = 1; i < n; i++)
        buf_fmt(&b, "X-%d: 1\r\n", i);
    buf_put(&b, STRC("\r\n"));
    char *r = ask_bytes(f->port, b.p, b.n);
    buf_close(&b);
    return r;
}

static char *with_target(Fixture *f, int n)
{
    Buf b = buf_open(1 << 20);
    buf_put(&b, STRC("GET /"));
    for (int i = 1; i < n; i++)
        buf_putc(&b, 'a');
    buf_put(&b, STRC(" HTTP/1.1\r\n" HOST "\r\n"));
    char *r = ask_bytes(f->port, b.p, b.n);
    buf_close(&b);
    return r;
}

static void head_at_the_limits_and_past_them(void **state)
{
    Fixture *f = *state;
    want_status(with_headers(f, HTTP_HEADERS_MAX), 200);
    want_refused(with_headers(f, HTTP_HEADERS_MAX + 1), 431, "refused HTTP_HEADERS");
    want_status(with_target(f, HTTP_URI_MAX), 200);
    want_refused(with_target(f, HTTP_URI_MAX + 1), 414, "refused HTTP_URI_LONG");
    want_status(with_target(f, HTTP_HEAD_MAX), 414); /* the library's own answer */
    assert_int_equal(atomic_load(&f->handled), 2);
}

static void two_requests_on_one_connection(void **state)
{
    Fixture *f = *state;
    char out[4000];
    int fd = dial(f->port);
    for (int i = 0; i < 3; i++) {
        const char *text = i == 1 ? "POST /x HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\na"
                                  : "GET /y HTTP/1.1\r\n" HOST "\r\n";
        assert_true(push(fd, text, strlen(text)));
        pull(fd, out, sizeof out, false);
        assert_int_equal(status_of(out), 200);
        assert_non_null(strstr(out, i == 1 ? "body=a" : "GET /y"));
    }
    close(fd);
}

/* One thread is held in a slow request while every other connection sends, so that all of its
 * descriptors are ready in the same moment: with 128 of them the library would sleep until its
 * idle limit. */
static void load(Fixture *f, int n)
{
    int *fds = calloc((size_t)n, sizeof *fds);
    char out[4000];
    const char *slow = "GET /slow HTTP/1.1\r\n" HOST "\r\n";
    const char *text = "GET /load HTTP/1.1\r\n" HOST "\r\n";
    struct timespec t0, t1;
    for (int i = 0; i < n; i++)
        assert_true((fds[i] = dial(f->port)) >= 0);
    clock_gettime(CLOCK_MONOTONIC, &t0);
    for (int round = 0; round < 2; round++) {
        int entered = atomic_load(&f->slow_entered);
        for (int i = 0; i < n; i++) {
            assert_true(push(fds[i], i ? text : slow, strlen(i ? text : slow)));
            while (i == 0 && atomic_load(&f->slow_entered) == entered)
                nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
        }
        for (int i = 0; i < n; i++) {
            pull(fds[i], out, sizeof out, false);
            if (status_of(out) != 200)
                fail_msg("connection %d of %d, round %d: \"%.100s\"", i, n, round, out);
        }
    }
    for (int i = 0; i < n; i++)
        close(fds[i]);
    clock_gettime(CLOCK_MONOTONIC, &t1);
    free(fds);
    assert_in_range(t1.tv_sec - t0.tv_sec, 0, 8);
}

static void multiples_of_128_connections_do_not_stall(void **state)
{
    (void)state;
    static const int counts[] = { 120, 128, 129, 256, 384, 512 };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        Fixture *f = open_with(NULL, (counts[i] + HTTP_CONNECTIONS_PER_THREAD - 1)
                                         / HTTP_CONNECTIONS_PER_THREAD);
        load(f, counts[i]);
        assert_int_equal(atomic_load(&f->handled), counts[i] * 2);
        void *p = f;
        tear_down(&p);
    }
}

/* A connection past the limit waits for a place, and gets it. */
static void connections_past_the_limit_wait(void **state)
{
    (void)state;
    Fixture none = { 0 };
    HttpConfig c = config_for(&none, 1);
    c.connections = 4;
    Fixture *f = open_with(&c, 0);
    int fds[6];
    char out[4000];
    const char *text = "GET / HTTP/1.1\r\n" HOST "\r\n";
    for (int i = 0; i < 6; i++) {
        assert_true((fds[i] = dial(f->port)) >= 0);
        assert_true(push(fds[i], text, strlen(text)));
        if (i < 4) {
            pull(fds[i], out, sizeof out, false);
            assert_int_equal(status_of(out), 200);
        }
    }
    struct pollfd waiting = { fds[4], POLLIN, 0 };
    assert_int_equal(poll(&waiting, 1, 200), 0);
    close(fds[0]);
    close(fds[1]);
    for (int i = 4; i < 6; i++) {
        pull(fds[i], out, sizeof out, false);
        assert_int_equal(status_of(out), 200);
    }
    for (int i = 2; i < 6; i++)
        close(fds[i]);
    void *p = f;
    tear_down(&p);
}

static void silent_connection_is_closed(void **state)
{
    (void)state;
    Fixture none = { 0 };
    HttpConfig c = config_for(&none, 2);
    c.idle_seconds = 1;
    Fixture *f = open_with(&c, 0);
    int fd = dial(f->port);
    char byte;
    assert_true(push(fd, "GET / HT", 8));
    assert_true(recv(fd, &byte, 1, 0) <= 0); /* closed, or answered with 408 and closed */
    close(fd);
    void *p = f;
    tear_down(&p);
}

static void taken_port(void **state)
{
    Fixture *f = *state;
    HttpConfig c = config_for(f, 1);
    HttpServer *second = NULL;
    Err e = { 0 };
    c.port = f->port;
    assert_false(http_open(&second, &c, &e));
    assert_int_equal(e.code, ERR_HTTP_PORT);
    assert_null(second);
    c.pick_port = true;
    err_clear(&e);
    assert_true(http_open(&second, &c, &e));
    assert_in_range(http_port(second), f->port + 1, f->port + HTTP_PORTS_TRIED - 1);
    want_status(ask(http_port(second), "GET / HTTP/1.1\r\n" HOST "\r\n"), 200);
    http_close(second);
}

static void bad_address_or_certificate(void **state)
{
    Fixture *f = *state;
    HttpServer *s = NULL;
    Err e = { 0 };
    static const char *const hosts[] = { "", "localhost", "999.1.1.1", "127.0.0.1x" };
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        HttpConfig c = config_for(f, 1);
        c.host = str_of(hosts[i]);
        assert_false(http_open(&s, &c, &e));
        assert_int_equal(e.code, ERR_HTTP_ADDRESS);
    }
    HttpConfig c = config_for(f, 1);
    c.tls_key = c.tls_cert = STRC("no PEM");
    assert_false(http_open(&s, &c, &e));
    assert_int_equal(e.code, ERR_HTTP_TLS);
    c.tls_cert = STRC("");
    assert_false(http_open(&s, &c, &e));
    assert_int_equal(e.code, ERR_HTTP_TLS);
    c = config_for(f, 1);
    c.port = 65536;
    assert_false(http_open(&s, &c, &e));
    assert_int_equal(e.code, ERR_HTTP_ADDRESS);
}

static void *ask_slow(void *arg)
{
    Fixture *f = arg;
    return ask(f->port, "GET /slow HTTP/1.1\r\n" HOST "\r\n");
}

static void request_in_flight_is_answered_before_the_stop(void **state)
{
    (void)state;
    Fixture *f = open_with(NULL, 2);
    pthread_t client;
    void *reply;
    assert_int_equal(pthread_create(&client, NULL, ask_slow, f), 0);
    while (atomic_load(&f->slow_entered) == 0)
        nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
    int port = f->port;
    http_close(f->server);
    pthread_join(client, &reply);
    assert_string_equal(body_of(reply), "slow");
    free(reply);
    free(f);
    int fd = dial(port);
    assert_true(fd < 0);
}

static void half_requests_leave_nothing_behind(void **state)
{
    Fixture *f = *state;
    static const char *const halves[] = {
        "G", "GET /a", "GET /a HTTP/1.1\r\n", "GET /a HTTP/1.1\r\n" HOST,
        "POST /x HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\nabc",
    };
    for (int round = 0; round < 20; round++)
        for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
            int fd = dial(f->port);
            assert_true(push(fd, halves[i], strlen(halves[i])));
            close(fd);
        }
    want_status(ask(f->port, "GET / HTTP/1.1\r\n" HOST "\r\n"), 200);
    time_t t0 = time(NULL);
    http_close(f->server); /* would wait HTTP_STOP_SECONDS for a request it still counts */
    f->server = NULL;
    assert_in_range(time(NULL) - t0, 0, HTTP_STOP_SECONDS / 2);
}

/* --- TLS ------------------------------------------------------------------------------------ */

static const Moment CERT_MOMENT = 1795000000000; /* 2026-11-18 */

static Hash talk_tls(int port, char *out, size_t size)
{
    gnutls_session_t session;
    gnutls_certificate_credentials_t cred;
    unsigned n_certs = 0;
    Hash print;
    size_t n_print = sizeof print.b;
    const char *text = "GET /tls HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n";
    int fd = dial(port);
    gnutls_certificate_allocate_credentials(&cred);
    gnutls_init(&session, GNUTLS_CLIENT);
    gnutls_set_default_priority(session);
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, cred);
    gnutls_transport_set_int(session, fd);
    int done = gnutls_handshake(session);
    if (done < 0)
        fail_msg("handshake: %s", gnutls_strerror(done));
    assert_true(gnutls_protocol_get_version(session) >= GNUTLS_TLS1_2);
    const gnutls_datum_t *certs = gnutls_certificate_get_peers(session, &n_certs);
    assert_int_equal(n_certs, 1);
    assert_int_equal(gnutls_fingerprint(GNUTLS_DIG_SHA256, certs, print.b, &n_print), 0);
    assert_true(gnutls_record_send(session, text, strlen(text)) > 0);
    ssize_t k, n = 0;
    while ((k = gnutls_record_recv(session, out + n, size - 1 - (size_t)n)) > 0)
        n += k;
    out[n] = 0;
    gnutls_deinit(session);
    gnutls_certificate_free_credentials(cred);
    close(fd);
    return print;
}

static void tls_with_a_self_signed_certificate(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    HttpCert cert;
    Hash again;
    Err e = { 0 };
    char out[4000];
    Fixture none = { 0 };
    HttpConfig c = config_for(&none, 2);
    assert_true(http_self_signed(a, &cert, STRC("127.0.0.1"), CERT_MOMENT, &e));
    assert_true(http_fingerprint(&again, cert.cert, &e));
    assert_true(hash_eq(again, cert.fingerprint));
    c.tls_key = cert.key;
    c.tls_cert = cert.cert;
    Fixture *f = open_with(&c, 0);
    assert_true(hash_eq(talk_tls(f->port, out, sizeof out), cert.fingerprint));
    assert_string_equal(body_of(out), "GET /tls q= sid= lang=0 peer=127.0.0.1 secure=1 body=");
    char *plain = ask(f->port, "GET / HTTP/1.1\r\n" HOST "\r\n");
    assert_int_not_equal(status_of(plain), 200);
    free(plain);
    void *p = f;
    tear_down(&p);
    arena_close(a);
}

static void certificates_differ_and_bad_names_are_refused(void **state)
{
    (void)state;
    Arena *a = arena_open(1 << 20);
    HttpCert one, two;
    Hash none;
    Err e = { 0 };
    assert_true(http_self_signed(a, &one, STRC("::1"), CERT_MOMENT, &e));
    assert_true(http_self_signed(a, &two, STRC("meeting.test"), CERT_MOMENT, &e));
    assert_false(hash_eq(one.fingerprint, two.fingerprint));
    static const char *const bad[] = { "", "a,DNS:b", "a b", "述", "a\nb" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err_clear(&e);
        assert_false(http_self_signed(a, &one, str_of(bad[i]), CERT_MOMENT, &e));
        assert_int_equal(e.code, ERR_HTTP_ADDRESS);
    }
    assert_false(http_fingerprint(&none, STRC("-----BEGIN CERTIFICATE-----\nAAAA\n"), &e));
    assert_int_equal(e.code, ERR_HTTP_TLS);
    arena_close(a);
}

static void proxy_in_front(void **state)
{
    (void)state;
    Fixture none = { 0 };
    HttpConfig c = config_for(&none, 1);
    c.proxy_in_front = true;
    Fixture *f = open_with(&c, 0);
    char *r = ask(f->port, "POST /login HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n");
    assert_non_null(strstr(r, "SameSite=Strict; Secure\r\n"));
    free(r);
    r = ask(f->port, "GET / HTTP/1.1\r\n" HOST "X-Forwarded-For: 1.1.1.1, 10.2.3.4\r\n\r\n");
    assert_non_null(strstr(r, "peer=10.2.3.4 secure=1"));
    free(r);
    void *p = f;
    tear_down(&p);
}

#define WITH_SERVER(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(request_reaches_the_handler),
        WITH_SERVER(every_reply_tells_the_browser),
        WITH_SERVER(cookie_status_and_header_go_out),
        WITH_SERVER(embedded_file_is_not_sent_twice),
        WITH_SERVER(head_has_no_body),
        WITH_SERVER(open_file_is_sent_as_download),
        WITH_SERVER(body_at_the_limit_and_past_it),
        WITH_SERVER(bodies_together_at_the_limit_and_past_it),
        WITH_SERVER(chunked_body_past_the_limit),
        WITH_SERVER(waiting_client_is_answered_before_it_sends),
        WITH_SERVER(bad_requests),
        WITH_SERVER(garbage_never_reaches_the_handler),
        WITH_SERVER(head_at_the_limits_and_past_them),
        WITH_SERVER(two_requests_on_one_connection),
        WITH_SERVER(taken_port),
        WITH_SERVER(bad_address_or_certificate),
        WITH_SERVER(half_requests_leave_nothing_behind),
        cmocka_unit_test(multiples_of_128_connections_do_not_stall),
        cmocka_unit_test(connections_past_the_limit_wait),
        cmocka_unit_test(silent_connection_is_closed),
        cmocka_unit_test(request_in_flight_is_answered_before_the_stop),
        cmocka_unit_test(tls_with_a_self_signed_certificate),
        cmocka_unit_test(certificates_differ_and_bad_names_are_refused),
        cmocka_unit_test(proxy_in_front),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
