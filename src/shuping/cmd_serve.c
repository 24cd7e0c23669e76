/* shuping serve --dir D [--listen ADDR] [--port N]: until it is told to stop. It turns the day at
 * its start and after midnight. */
#include "shuping/cli.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* A hall of two thousand phones keeps a connection each (20 × 120), and ballots are verified as one
 * batch for as many threads as wait. */
enum { PORT = 8080, LOOK_SECONDS = 60, THREADS = 20, FILES = 8192 };

/* A connection is an open file; many systems allow 1,024 unless asked. */
static void files_allow(void)
{
    struct rlimit l;
    if (getrlimit(RLIMIT_NOFILE, &l) != 0 || l.rlim_cur >= FILES)
        return;
    l.rlim_cur = l.rlim_max < FILES ? l.rlim_max : FILES;
    (void)setrlimit(RLIMIT_NOFILE, &l);
}

/* Key and certificate beside the data, made once. */
static bool tls_files(Cli *cli, const char *dir, Str host, HttpCert *out, Err *e)
{
    const char *key = arena_z(cli->a, arena_text(cli->a, "%s/tls/key.pem", dir));
    const char *cert = arena_z(cli->a, arena_text(cli->a, "%s/tls/cert.pem", dir));
    const char *tls = arena_z(cli->a, arena_text(cli->a, "%s/tls", dir));
    if (!key || !cert || !tls)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "证书"));
    if (sys_exists(cli->sys, key) && sys_exists(cli->sys, cert))
        return sys_file_read(&out->key, cli->a, cli->sys, key, 1 << 20, e) &&
               sys_file_read(&out->cert, cli->a, cli->sys, cert, 1 << 20, e) &&
               http_fingerprint(&out->fingerprint, out->cert, e);
    return http_self_signed(cli->a, out, host, sys_now(cli->sys), e) &&
           sys_dir_make(cli->sys, tls, e) && sys_file_write(cli->sys, key, out->key, e) &&
           sys_file_write(cli->sys, cert, out->cert, e);
}

/* Beyond loopback there is no serving without TLS, and none at all of a demonstration. */
static bool secure(Cli *cli, const char *dir, ApiConfig *c, bool no_tls, Err *e)
{
    HttpCert cert;
    c->demo = work_is_demo(cli->work);
    if (http_is_loopback(c->host))
        return true; /* nobody else can listen in, and browsers treat it as secure */
    if (c->demo)
        return err_fail(e, ERR_DEMO_LOOPBACK);
    if (no_tls)
        return err_fail(e, ERR_TLS_NEEDED, err_hole("host", c->host));
    if (!tls_files(cli, dir, c->host, &cert, e))
        return false;
    c->tls_key = cert.key;
    c->tls_cert = cert.cert;
    printf("证书指纹（SHA-256）：%.*s\n", STR(hash_hex(cli->a, cert.fingerprint)));
    return true;
}

/* Until it is told to stop; whenever a day has begun in Beijing meanwhile, that day is turned. What
 * fails today is tried again with the next look. */
static void wait_for_stop(Cli *cli, const sigset_t *set)
{
    const struct timespec look = { .tv_sec = LOOK_SECONDS };
    Day turned = DAY_NONE;
    do {
        Day today = moment_day(sys_now(cli->sys));
        if (today != turned && cli_day_turn(cli))
            turned = today;
    } while (sigtimedwait(set, NULL, &look) < 0);
}

int cli_serve(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    Api *api;
    sigset_t set;
    int64_t port = PORT;
    const char *dir = cli_option(args, "dir"), *listen = cli_option(args, "listen");
    const char *p = cli_option(args, "port");
    bool no_tls = cli_flag(args, "no-tls");
    if (!dir || (p && (!str_int(str_of(p), &port) || port < 0 || port > 65535))) {
        fprintf(stderr, "用法：shuping serve --dir D [--listen ADDR] [--port N]\n");
        return 2;
    }
    if (!cli_end(args))
        return 2;
    /* Blocked before any thread starts, so that only sigwait below takes them. */
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (!cli_work(cli, dir, false, NULL))
        return 1;
    ApiConfig c = { .work = cli->work, .host = str_of(listen ? listen : "127.0.0.1"),
                    .port = (int)port, .pick_port = !p, .threads = THREADS };
    files_allow();
    if (!secure(cli, dir, &c, no_tls, &e) || !api_open(&api, &c, &e))
        return cli_fail(cli, &e);
    printf("服务已启动：%s://%.*s:%d/\n", c.tls_key.n ? "https" : "http", STR(c.host),
           api_port(api));
    fflush(stdout);
    wait_for_stop(cli, &set);
    printf("正在停止……\n");
    api_close(api);
    return 0;
}
