/* bench: CPU of a JSON read with log-in and permission through everything that stands between a
 * socket and a fact, against a bare handler of the same library that answers the same bytes. */
#include "api/api.h"
#include "base/bench.h"
#include "fact/fact.h"
#include "print/print.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONNECTIONS = 32, REQUESTS = 20000, ROUNDS = 5, THREADS = 2 };
#define LIMIT 3.0
#define PASSWORD "江山如画 青山不老"

typedef struct Room {
    char dir[200], head[600]; /* head: of the request */
    Sys *sys;
    Work *work;
    Arena *a;
    Str reply;                /* the body that ours answers, for the bare handler */
    Str token;
    Who clerk;
    int64_t org;
} Room;

static void stop(const char *what, const Err *e)
{
    char text[900] = "";
    if (e)
        err_print(e, LANG_EN, text, sizeof text);
    fprintf(stderr, "api_bench: %s: %s\n", what, text);
    exit(1);
}

/* --- the client: a process of its own ------------------------------------------------------- */

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

static void one_reply(int fd, Str end)
{
    static char out[64 << 10];
    size_t n = 0;
    do {
        ssize_t k = recv(fd, out + n, sizeof out - 1 - n, 0);
        if (k <= 0)
            exit(1);
        n += (size_t)k;
    } while (n < end.n || memcmp(out + n - end.n, end.p, end.n) != 0);
    if (memcmp(out, "HTTP/1.1 200", 12) != 0)
        exit(1);
}

static void run_client(const Room *r, int port, int requests)
{
    int fds[CONNECTIONS];
    Str end = str_sub(r->reply, r->reply.n > 16 ? r->reply.n - 16 : 0, SIZE_MAX);
    size_t n = strlen(r->head);
    for (int i = 0; i < CONNECTIONS; i++)
        fds[i] = dial(port);
    for (int done = 0; done < requests; done += CONNECTIONS) {
        for (int i = 0; i < CONNECTIONS; i++)
            if (send(fds[i], r->head, n, 0) != (ssize_t)n)
                exit(1);
        for (int i = 0; i < CONNECTIONS; i++)
            one_reply(fds[i], end);
    }
    exit(0);
}

static double cpu_seconds(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double asked(const Room *r, int port, int requests)
{
    double before = cpu_seconds();
    int status = 1;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        run_client(r, port, requests);
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        stop("the client failed", NULL);
    return (cpu_seconds() - before) / requests * 1e6;
}

/* Microseconds of this process's CPU for one request, once warm. */
static double measure(const Room *r, int port)
{
    asked(r, port, REQUESTS / 10);
    return asked(r, port, REQUESTS);
}

/* --- the two servers ------------------------------------------------------------------------ */

static enum MHD_Result bare(void *cls, struct MHD_Connection *c, const char *url,
                            const char *method, const char *version, const char *data, size_t *n,
                            void **slot)
{
    const Room *r = cls;
    (void)url, (void)method, (void)version, (void)data, (void)n;
    if (!*slot) {
        *slot = c;
        return MHD_YES;
    }
    struct MHD_Response *reply = MHD_create_response_from_buffer(
        r->reply.n, (void *)(uintptr_t)r->reply.p, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(reply, "Content-Type", "application/json");
    enum MHD_Result done = MHD_queue_response(c, 200, reply);
    MHD_destroy_response(reply);
    return done;
}

static double measure_bare(Room *r)
{
    struct MHD_Daemon *d = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, bare, r, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)THREADS, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)(THREADS * HTTP_CONNECTIONS_PER_THREAD), MHD_OPTION_END);
    if (!d)
        stop("the bare server", NULL);
    double us = measure(r, MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
    MHD_stop_daemon(d);
    return us;
}

static double measure_ours(Room *r)
{
    Api *api;
    Err e = { 0 };
    ApiConfig c = { .work = r->work, .host = S("127.0.0.1"), .pick_port = true,
                    .threads = THREADS };
    if (!api_open(&api, &c, &e))
        stop("ours", &e);
    double us = measure(r, api_port(api));
    api_close(api);
    return us;
}

/* --- an installation in which a clerk looks at an organisation ------------------------------ */

static json_t *done(Room *r, Who who, const char *name, const char *json, Str upload,
                    WorkReply *got)
{
    Err e = { 0 };
    json_t *in = NULL, *out = NULL;
    WorkReply reply = { .json = buf_open(WORK_REPLY_MAX) };
    WorkInput given = { .upload = upload, .upload_name = STRC("a.csv") };
    if (!jv_read(&in, str_of(json), "bench", &e))
        stop(name, &e);
    given.json = in;
    if (!work_do(&reply, r->work, &who, work_case(str_of(name)), &given, r->a, &e))
        stop(name, &e);
    if (reply.json.n && !jv_read(&out, buf_str(&reply.json), "bench", &e))
        stop(name, &e);
    r->reply = arena_str(r->a, buf_str(&reply.json));
    buf_close(&reply.json);
    json_decref(in);
    if (got)
        *got = reply;
    return out;
}

static const char *text(Room *r, const char *fmt, long long a, long long b)
{
    char out[300];
    snprintf(out, sizeof out, fmt, a, b);
    return arena_z(r->a, str_of(out));
}

typedef struct NewCycle {
    int64_t org, id;
} NewCycle;

static bool cycle_job(Tx *tx, void *arg, Err *e)
{
    NewCycle *n = arg;
    FactIn in = { .kind = STRC("cycle"), .org = n->org };
    in.body = arena_text(tx_arena(tx),
                         "{\"name\":\"2026年度\",\"organiser\":%lld,\"state\":\"preparing\","
                         "\"year\":2026}", (long long)n->org);
    return fact_append(tx, &in, &n->id, e);
}

/* What the benched request asks for. */
static void ask_for(Room *r, Who who, const char *use_case, const char *in, const char *path)
{
    json_decref(done(r, who, use_case, in, STRC(""), NULL));
    snprintf(r->head, sizeof r->head,
             "GET %s HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\n"
             "Accept-Language: zh-CN,zh;q=0.9\r\nCookie: shuping_session=%.*s\r\n\r\n", path,
             STR(r->token));
}

static void room_open(Room *r)
{
    static const char orgs[] = "组织编号,名称,类别,上级组织编号\nQ,某区直属机关工委,工委,\n"
                               "Q1,卫健系统机关党委,系统机关党委,Q\n";
    static const char people[] = "姓名,工号,所在组织编号,职务,任职日期\n"
                                 "李思源,A2,Q,党务工作者,2022-01-05\n"
                                 "曾小明,A1,Q1,书记,2023-03-01\n";
    Err e = { 0 };
    Who console = { .console = true };
    const char *tmp = getenv("TMPDIR");
    snprintf(r->dir, sizeof r->dir, "%s/api-bench.XXXXXX", tmp ? tmp : "/tmp");
    r->a = arena_open(256 << 20);
    r->sys = sys_open_real();
    if (!mkdtemp(r->dir) || !r->a || !r->sys ||
        !work_open(&r->work, &(WorkConfig){ .dir = r->dir, .sys = r->sys, .make = true }, &e))
        stop("set-up", &e);
    json_decref(done(r, console, "roster_import", "{}", str_of(orgs), NULL));
    json_decref(done(r, console, "roster_import", "{}", str_of(people), NULL));
    json_t *l = done(r, console, "org_list", "{\"q\":\"某区\"}", STRC(""), NULL);
    int64_t org = jv_int(jv_at(jv_get(l, "items"), 0), "id");
    json_decref(l);
    l = done(r, console, "person_list", "{\"q\":\"李思源\"}", STRC(""), NULL);
    int64_t person = jv_int(jv_at(jv_get(l, "items"), 0), "id");
    json_decref(l);
    l = done(r, console, "account_open",
             text(r, "{\"person\":%lld,\"login\":\"clerk\"}", person, 0), STRC(""), NULL);
    int64_t account = jv_int(l, "id");
    json_decref(l);
    json_decref(done(r, console, "grant_add",
                     text(r, "{\"account\":%lld,\"role\":\"party_staff\",\"org\":%lld}", account,
                          org), STRC(""), NULL));
    NewCycle cycle = { .org = org };
    AuthLogin in;
    if (!store_write(work_store(r->work), cycle_job, &cycle, &e) ||
        !auth_session_begin(&in, r->a, work_auth(r->work), account, STRC("127.0.0.1"), &e) ||
        !who_read(&r->clerk, r->work, account, &e))
        stop("log-in", &e);
    r->token = in.token;
    r->org = org;
}

static void room_close(Room *r)
{
    char command[300];
    work_close(r->work);
    sys_close(r->sys);
    arena_close(r->a);
    snprintf(command, sizeof command, "rm -rf '%s'", r->dir);
    if (system(command) != 0)
        stop("cleaning up", NULL);
}

static void compare(Room *r, const char *what, double limit)
{
    double bare_best = 1e9, ours_best = 1e9;
    for (int i = 0; i < ROUNDS; i++) {
        double b = measure_bare(r), o = measure_ours(r);
        bare_best = b < bare_best ? b : bare_best;
        ours_best = o < ours_best ? o : ours_best;
    }
    printf("%s, %zu bytes, CPU a request: %.1f us / bare libmicrohttpd %.1f us = %.2f\n", what,
           r->reply.n, ours_best, bare_best, ours_best / bare_best);
    if (limit > 0)
        bench_limit("JSON read with log-in against a bare handler, processor",
                    ours_best / bare_best, true, limit, "x");
}

int main(int argc, char **argv)
{
    Room r = { .work = NULL };
    print_child(argc, argv);
    room_open(&r);
    ask_for(&r, r.clerk, "cycle_list", "{}", "/api/cycles");
    compare(&r, "JSON read with log-in and permission", LIMIT);
    ask_for(&r, r.clerk, "org_show", text(&r, "{\"org\":%lld}", r.org, 0),
            text(&r, "/api/orgs/%lld", r.org, 0));
    compare(&r, "the same for an organisation, its posts and its place in the tree", 0);
    room_close(&r);
    return 0;
}
