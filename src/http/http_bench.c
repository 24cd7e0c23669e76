/* bench: CPU of one small JSON read, ours against a bare handler of the same library. Both serve
 * the same client, a process of its own, with as many threads; what counts is the ratio. */
#include "http/http.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONNECTIONS = 32, REQUESTS = 60000, ROUNDS = 3, THREADS = 2 };

static const char JSON[] = "{\"id\":1,\"name\":\"东街社区党支部\",\"kind\":\"branch\",\"members\":37}";

/* --- the client ----------------------------------------------------------------------------- */

static int dial(int port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) != 0)
        exit(1);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

/* Asks on all connections, then reads all answers; exits 0 when every one was a 200. */
static void run_client(int port)
{
    static const char text[] = "GET /api/org/1?as_of=2026-11-24 HTTP/1.1\r\nHost: a\r\n"
                               "Accept-Language: zh-CN,zh;q=0.9\r\nAccept: application/json\r\n"
                               "Cookie: sid=0123456789012345678901234567890123456789012\r\n\r\n";
    int fds[CONNECTIONS];
    char out[4096];
    for (int i = 0; i < CONNECTIONS; i++)
        fds[i] = dial(port);
    for (int done = 0; done < REQUESTS; done += CONNECTIONS) {
        for (int i = 0; i < CONNECTIONS; i++)
            if (send(fds[i], text, sizeof text - 1, 0) != sizeof text - 1)
                exit(1);
        for (int i = 0; i < CONNECTIONS; i++) {
            size_t n = 0;
            while (n < sizeof out - 1) {
                ssize_t k = recv(fds[i], out + n, sizeof out - 1 - n, 0);
                if (k <= 0)
                    exit(1);
                n += (size_t)k;
                out[n] = 0;
                if (strstr(out, "37}"))
                    break;
            }
            if (memcmp(out, "HTTP/1.1 200", 12) != 0)
                exit(1);
        }
    }
    exit(0);
}

static double cpu_seconds(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec)
           + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* Microseconds of this process's CPU for one request. */
static double measure(int port)
{
    double before = cpu_seconds();
    int status = 1;
    pid_t child = fork();
    if (child == 0)
        run_client(port);
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
        fprintf(stderr, "http_bench: the client failed\n");
        exit(1);
    }
    return (cpu_seconds() - before) / REQUESTS * 1e6;
}

/* --- the two servers ------------------------------------------------------------------------ */

static enum MHD_Result bare(void *cls, struct MHD_Connection *c, const char *url,
                            const char *method, const char *version, const char *data, size_t *n,
                            void **slot)
{
    (void)cls, (void)url, (void)method, (void)version, (void)data, (void)n;
    if (!*slot) {
        *slot = c;
        return MHD_YES;
    }
    struct MHD_Response *r = MHD_create_response_from_buffer(
        sizeof JSON - 1, (void *)(uintptr_t)JSON, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(r, "Content-Type", "application/json; charset=utf-8");
    enum MHD_Result done = MHD_queue_response(c, 200, r);
    MHD_destroy_response(r);
    return done;
}

static double measure_bare(void)
{
    struct MHD_Daemon *d = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, bare, NULL, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)THREADS, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)(THREADS * HTTP_CONNECTIONS_PER_THREAD), MHD_OPTION_END);
    if (!d)
        exit(1);
    double us = measure(MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
    MHD_stop_daemon(d);
    return us;
}

static size_t no_body(void *ctx, const HttpRequest *r)
{
    (void)ctx, (void)r;
    return 0;
}

static void handle(void *ctx, const HttpRequest *r, HttpReply *out)
{
    (void)ctx;
    out->type = STRC("application/json; charset=utf-8");
    if (http_cookie(r, "sid").n > 0 && http_query(r, "as_of").n > 0)
        out->body = str_of(JSON);
}

static void refuse(void *ctx, const HttpRequest *r, const Err *why, HttpReply *out)
{
    (void)ctx, (void)r, (void)out;
    fprintf(stderr, "http_bench: refused, %s\n", err_name(why->code));
}

static double measure_ours(void)
{
    HttpConfig c = { .host = S("127.0.0.1"), .threads = THREADS, .body_max = no_body,
                     .handle = handle, .refuse = refuse };
    HttpServer *s;
    Err e = { 0 };
    if (!http_open(&s, &c, &e))
        exit(1);
    double us = measure(http_port(s));
    http_close(s);
    return us;
}

int main(void)
{
    double bare_best = 1e9, ours_best = 1e9;
    for (int i = 0; i < ROUNDS; i++) {
        double b = measure_bare(), o = measure_ours();
        bare_best = b < bare_best ? b : bare_best;
        ours_best = o < ours_best ? o : ours_best;
    }
    printf("http: GET of JSON, CPU a request: bare libmicrohttpd %.1f us, ours %.1f us, "
           "ratio %.2f\n", bare_best, ours_best, ours_best / bare_best);
    return 0;
}
