/* server: the library's daemon, its threads and the life of one request (an Exchange):
 * target seen -> head read -> body taken or dropped -> handled -> reply sent -> given back. */
#include "http/parts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { IDLE_EXCHANGES_PER_THREAD = 2, PEER_TEXT_MAX = 46, ARENA_KEPT = 64 << 10 };

typedef struct Exchange {
    struct Exchange *next;              /* in the server's list of idle ones */
    HttpServer *server;
    Arena *arena;
    HttpRequest request;
    HttpPair headers[HTTP_HEADERS_MAX];
    char peer[PEER_TEXT_MAX];
    const char *target;                 /* as sent; NULL: no memory for it */
    Buf body;
    size_t body_max, taken;             /* taken: bytes charged to the server's budget */
    uint64_t dropped;
    bool begun, refused, answered;
    Err why;                            /* when refused */
} Exchange;

struct HttpServer {
    HttpConfig c;
    struct MHD_Daemon *daemon;
    int listener, port;
    char *key, *cert, *host;
    atomic_size_t bodies;               /* bytes of all bodies held now */
    pthread_mutex_t lock;               /* guards what follows */
    pthread_cond_t idle;                /* in_flight fell to 0 */
    Exchange *free;
    int n_free, in_flight;
};

/* --- exchanges ------------------------------------------------------------------------------ */

static void exchange_free(Exchange *x)
{
    if (!x)
        return;
    buf_close(&x->body);
    arena_close(x->arena);
    free(x);
}

static Exchange *exchange_take(HttpServer *s)
{
    pthread_mutex_lock(&s->lock);
    Exchange *x = s->free;
    if (x) {
        s->free = x->next;
        s->n_free--;
    }
    pthread_mutex_unlock(&s->lock);
    if (x)
        return x;
    x = calloc(1, sizeof *x);
    if (x && (x->arena = arena_open(HTTP_ARENA_MAX)))
        x->server = s;
    else
        exchange_free(x), x = NULL;
    return x;
}

/* In flight is a request that is being answered; one still arriving must not hold up a stop, since
 * the library may notice that its client has gone only at the idle limit. An exchange that grew
 * large is not kept: a year of small requests must not hold one large reply's memory. */
static void exchange_give(HttpServer *s, Exchange *x)
{
    bool large = arena_used(x->arena) > ARENA_KEPT, answered = x->answered;
    atomic_fetch_sub(&s->bodies, x->taken);
    buf_close(&x->body);
    arena_reset(x->arena);
    x->body = (Buf){ 0 };
    x->request = (HttpRequest){ 0 };
    x->taken = x->body_max = 0;
    x->dropped = 0;
    x->begun = x->refused = x->answered = false;
    x->target = NULL;
    err_clear(&x->why);
    pthread_mutex_lock(&s->lock);
    if (!large && s->n_free < s->c.threads * IDLE_EXCHANGES_PER_THREAD) {
        x->next = s->free;
        s->free = x;
        s->n_free++;
        x = NULL;
    }
    if (answered && --s->in_flight == 0)
        pthread_cond_broadcast(&s->idle);
    pthread_mutex_unlock(&s->lock);
    exchange_free(x);
}

/* --- the head ------------------------------------------------------------------------------- */

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                 size_t n_name, const char *value, size_t n_value)
{
    (void)kind;
    Exchange *x = cls;
    HttpRequest *r = &x->request;
    HttpPair pair = { { name, n_name }, { value ? value : "", value ? n_value : 0 } };
    if (x->refused)
        return MHD_NO;
    if (r->n_headers == HTTP_HEADERS_MAX)
        x->refused = !err_fail(&x->why, ERR_HTTP_HEADERS, err_hole("max", HTTP_HEADERS_MAX));
    else if (!str_valid(pair.name) || !str_valid(pair.value))
        x->refused = !err_fail(&x->why, ERR_BAD_TEXT, err_hole("what", "HTTP header"));
    else
        x->headers[r->n_headers++] = pair;
    return x->refused ? MHD_NO : MHD_YES;
}

static void read_peer(Exchange *x, struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *sa = info ? info->client_addr : NULL;
    const char *text = NULL;
    if (sa && sa->sa_family == AF_INET) {
        text = inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)sa)->sin_addr,
                         x->peer, sizeof x->peer);
    } else if (sa && sa->sa_family == AF_INET6) {
        const struct in6_addr *a = &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr;
        text = IN6_IS_ADDR_V4MAPPED(a)
                   ? inet_ntop(AF_INET, a->s6_addr + 12, x->peer, sizeof x->peer)
                   : inet_ntop(AF_INET6, a, x->peer, sizeof x->peer);
    }
    x->request.peer = str_of(text);
    if (x->server->c.proxy_in_front) {
        Str told = http_read_forwarded(http_header(&x->request, "X-Forwarded-For"));
        if (told.n > 0)
            x->request.peer = told;
    }
}

/* How the body is framed must have one reading only, or a proxy in front and we would disagree
 * about where the next request begins. */
static bool check_framing(const HttpRequest *r, bool *has_body, uint64_t *length, Err *e)
{
    int lengths = 0, codings = 0;
    int64_t n = 0;
    for (size_t i = 0; i < r->n_headers; i++) {
        if (http_is_name(STRC("Content-Length"), r->headers[i].name)) {
            lengths++;
            if (!str_int(r->headers[i].value, &n) || n < 0)
                return err_fail(e, ERR_HTTP_BAD_REQUEST, err_hole("why", "Content-Length"));
        }
        codings += http_is_name(STRC("Transfer-Encoding"), r->headers[i].name);
    }
    if (lengths + codings > 1)
        return err_fail(e, ERR_HTTP_BAD_REQUEST,
                        err_hole("why", "Content-Length, Transfer-Encoding"));
    *has_body = codings > 0 || n > 0;
    *length = (uint64_t)n;
    return true;
}

static bool read_head(Exchange *x, struct MHD_Connection *c, Str method, bool *has_body,
                      uint64_t *length, Err *e)
{
    HttpRequest *r = &x->request;
    const HttpConfig *config = &x->server->c;
    r->arena = x->arena;
    r->headers = x->headers;
    r->secure = config->tls_cert.n > 0 || config->proxy_in_front;
    MHD_get_connection_values_n(c, MHD_HEADER_KIND, on_header, x);
    r->lang = http_read_lang(http_header(r, "Accept-Language"));
    read_peer(x, c);
    if (!check_framing(r, has_body, length, e))
        return false;
    if (x->refused)
        return false; /* on_header has said why */
    if (!x->target)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取请求"));
    if (!http_read_method(&r->method, method, e)
        || !http_read_target(r, str_of(x->target), e))
        return false;
    x->body_max = config->body_max(config->ctx, r);
    if (x->body_max > HTTP_BODY_MAX)
        x->body_max = HTTP_BODY_MAX;
    if (*length > x->body_max)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "提交的内容"),
                        err_hole("max", x->body_max));
    x->body = buf_open(x->body_max);
    return true;
}

/* --- answers -------------------------------------------------------------------------------- */

static bool answer(Exchange *x, struct MHD_Connection *c)
{
    const HttpConfig *config = &x->server->c;
    HttpReply out = { .status = 200, .fd = -1 };
    pthread_mutex_lock(&x->server->lock);
    x->server->in_flight++;
    pthread_mutex_unlock(&x->server->lock);
    x->answered = true;
    x->request.body = x->refused ? STRC("") : buf_str(&x->body);
    if (x->refused) {
        out.status = err_http(x->why.code);
        config->refuse(config->ctx, &x->request, &x->why, &out);
    } else {
        config->handle(config->ctx, &x->request, &out);
    }
    return http_send(c, &x->request, &out);
}

/* A refused body is read to its end before the answer, because a browser that is cut off while
 * sending shows no answer at all; past HTTP_DRAIN_MAX, or when the client itself waits for leave
 * to send, the answer goes out at once and the connection is closed. */
static bool begin(Exchange *x, struct MHD_Connection *c, Str method)
{
    bool has_body = false;
    uint64_t length = 0;
    x->begun = true;
    if (read_head(x, c, method, &has_body, &length, &x->why))
        return true;
    x->refused = true;
    bool asks = http_header(&x->request, "Expect").n > 0;
    return has_body && (asks || length > HTTP_DRAIN_MAX) ? answer(x, c) : true;
}

static bool take(Exchange *x, Str part)
{
    HttpServer *s = x->server;
    if (!x->refused && part.n > x->body_max - x->body.n)
        x->refused = !err_fail(&x->why, ERR_TOO_BIG, err_hole("what", "提交的内容"),
                               err_hole("max", x->body_max));
    if (!x->refused) {
        x->taken += part.n;
        if (atomic_fetch_add(&s->bodies, part.n) + part.n > HTTP_BODIES_MAX)
            x->refused = !err_fail(&x->why, ERR_BUSY, err_hole("what", "上传"));
        else
            buf_put(&x->body, part);
        if (x->body.failed)
            x->refused = !err_fail(&x->why, ERR_NO_MEMORY, err_hole("what", "上传"));
    }
    if (!x->refused)
        return true;
    buf_close(&x->body);
    x->body = (Buf){ 0 };
    return (x->dropped += part.n) <= HTTP_DRAIN_MAX;
}

/* --- what the library calls ----------------------------------------------------------------- */

static void *on_target(void *cls, const char *uri, struct MHD_Connection *c)
{
    (void)c;
    Exchange *x = exchange_take(cls);
    if (x)
        x->target = arena_z(x->arena, str_of(uri));
    return x;
}

static enum MHD_Result on_access(void *cls, struct MHD_Connection *c, const char *url,
                                 const char *method, const char *version, const char *data,
                                 size_t *n, void **slot)
{
    (void)cls, (void)url, (void)version;
    Exchange *x = *slot;
    bool ok;
    if (!x)
        return MHD_NO;
    if (!x->begun) {
        ok = begin(x, c, str_of(method));
    } else if (*n > 0) {
        ok = take(x, (Str){ data, *n });
        *n = 0;
    } else {
        ok = answer(x, c);
    }
    return ok ? MHD_YES : MHD_NO;
}

static void on_done(void *cls, struct MHD_Connection *c, void **slot,
                    enum MHD_RequestTerminationCode how)
{
    (void)c, (void)how;
    if (*slot)
        exchange_give(cls, *slot);
    *slot = NULL;
}

/* The target is decoded by head.c, which knows what to refuse; the library's copy is not used. */
static size_t on_unescape(void *cls, struct MHD_Connection *c, char *text)
{
    (void)cls, (void)c;
    return strlen(text);
}

/* --- opening and closing -------------------------------------------------------------------- */

static bool read_host(struct sockaddr_storage *out, socklen_t *n, Str host, int port)
{
    char z[PEER_TEXT_MAX];
    struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)out;
    if (host.n == 0 || host.n >= sizeof z)
        return false;
    snprintf(z, sizeof z, "%.*s", STR(host));
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, z, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)port);
        *n = sizeof *v4;
        return true;
    }
    if (inet_pton(AF_INET6, z, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)port);
        *n = sizeof *v6;
        return true;
    }
    return false;
}

bool http_is_loopback(Str host)
{
    struct sockaddr_storage at;
    socklen_t n;
    if (!read_host(&at, &n, host, 0))
        return false;
    if (at.ss_family == AF_INET)
        return ntohl(((struct sockaddr_in *)(void *)&at)->sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&((struct sockaddr_in6 *)(void *)&at)->sin6_addr);
}

/* -1 with errno set. */
static int listen_at(const struct sockaddr_storage *at, socklen_t n)
{
    int on = 1, fd = socket(at->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (const struct sockaddr *)at, n) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static bool open_listener(HttpServer *s, Err *e)
{
    struct sockaddr_storage at;
    socklen_t n;
    int port = s->c.port, last = s->c.pick_port && port ? port + HTTP_PORTS_TRIED - 1 : port;
    if (port < 0 || port > 65535 || !read_host(&at, &n, s->c.host, port))
        return err_fail(e, ERR_HTTP_ADDRESS, err_hole("host", s->c.host));
    for (; (s->listener = listen_at(&at, n)) < 0 && errno == EADDRINUSE && port < last
           && port < 65535;
         read_host(&at, &n, s->c.host, port))
        port++;
    if (s->listener < 0)
        return err_fail(e, ERR_HTTP_PORT, err_hole("host", s->c.host), err_hole("port", port),
                        err_hole("why", strerror(errno)));
    n = sizeof at;
    if (getsockname(s->listener, (struct sockaddr *)&at, &n) != 0)
        return err_fail(e, ERR_HTTP_START, err_hole("why", strerror(errno)));
    s->port = ntohs(at.ss_family == AF_INET ? ((struct sockaddr_in *)(void *)&at)->sin_port
                                            : ((struct sockaddr_in6 *)(void *)&at)->sin6_port);
    return true;
}

static bool start(HttpServer *s, Err *e)
{
    bool tls = s->c.tls_cert.n > 0;
    int most = s->c.threads * HTTP_CONNECTIONS_PER_THREAD;
    unsigned connections = (unsigned)(s->c.connections > 0 && s->c.connections < most
                                          ? s->c.connections : most);
    unsigned idle = (unsigned)(s->c.idle_seconds > 0 ? s->c.idle_seconds : HTTP_IDLE_SECONDS);
    struct MHD_OptionItem options[16];
    size_t n = 0;
#define OPTION(...) (options[n++] = (struct MHD_OptionItem){ __VA_ARGS__ })
    OPTION(MHD_OPTION_LISTEN_SOCKET, s->listener, NULL);
    OPTION(MHD_OPTION_CONNECTION_LIMIT, connections, NULL);
    OPTION(MHD_OPTION_CONNECTION_MEMORY_LIMIT, HTTP_HEAD_MAX, NULL);
    OPTION(MHD_OPTION_CONNECTION_TIMEOUT, idle, NULL);
    OPTION(MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL);
    OPTION(MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_done, s);
    OPTION(MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, s);
    OPTION(MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)on_unescape, s);
    if (s->c.threads > 1)
        OPTION(MHD_OPTION_THREAD_POOL_SIZE, s->c.threads, NULL);
    if (tls) {
        OPTION(MHD_OPTION_HTTPS_MEM_KEY, 0, s->key);
        OPTION(MHD_OPTION_HTTPS_MEM_CERT, 0, s->cert);
        OPTION(MHD_OPTION_HTTPS_PRIORITIES, 0,
               (void *)(uintptr_t) "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2");
    }
    OPTION(MHD_OPTION_END, 0, NULL);
#undef OPTION
    s->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | (tls ? MHD_USE_TLS : 0), 0, NULL,
                                 NULL, on_access, s, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
    if (s->daemon)
        return true;
    return err_fail(e, tls ? ERR_HTTP_TLS : ERR_HTTP_START,
                    err_hole("why", errno ? strerror(errno) : "libmicrohttpd"));
}

static char *copy(Str s)
{
    char *z = malloc(s.n + 1);
    if (z) {
        memcpy(z, s.n ? s.p : "", s.n);
        z[s.n] = 0;
    }
    return z;
}

static void server_free(HttpServer *s)
{
    while (s->free) {
        Exchange *x = s->free;
        s->free = x->next;
        exchange_free(x);
    }
    if (s->listener >= 0)
        close(s->listener);
    pthread_cond_destroy(&s->idle);
    pthread_mutex_destroy(&s->lock);
    free(s->key);
    free(s->cert);
    free(s->host);
    free(s);
}

static HttpServer *server_make(const HttpConfig *c)
{
    pthread_condattr_t attr;
    HttpServer *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->c = *c;
    s->listener = -1;
    s->c.threads = c->threads < 1 ? 1 : c->threads > HTTP_THREADS_MAX ? HTTP_THREADS_MAX
                                                                      : c->threads;
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&s->idle, &attr);
    pthread_condattr_destroy(&attr);
    s->host = copy(c->host);
    s->key = copy(c->tls_key);
    s->cert = copy(c->tls_cert);
    if (!s->host || !s->key || !s->cert) {
        server_free(s);
        return NULL;
    }
    s->c.host = (Str){ s->host, c->host.n };
    s->c.tls_key = (Str){ s->key, c->tls_key.n };
    s->c.tls_cert = (Str){ s->cert, c->tls_cert.n };
    return s;
}

bool http_open(HttpServer **out, const HttpConfig *c, Err *e)
{
    if ((c->tls_key.n > 0) != (c->tls_cert.n > 0))
        return err_fail(e, ERR_HTTP_TLS, err_hole("why", "key, cert"));
    HttpServer *s = server_make(c);
    if (!s)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "启动网络服务"));
    if (!open_listener(s, e) || !start(s, e)) {
        server_free(s);
        return false;
    }
    *out = s;
    return true;
}

int http_port(const HttpServer *s)
{
    return s->port;
}

void http_close(HttpServer *s)
{
    struct timespec until;
    if (!s)
        return;
    MHD_quiesce_daemon(s->daemon);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += HTTP_STOP_SECONDS;
    pthread_mutex_lock(&s->lock);
    while (s->in_flight > 0 && pthread_cond_timedwait(&s->idle, &s->lock, &until) == 0)
        continue;
    pthread_mutex_unlock(&s->lock);
    MHD_stop_daemon(s->daemon);
    server_free(s);
}
