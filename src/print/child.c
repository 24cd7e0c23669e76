/* The parent's side: starts the child, sends the request, takes the reply, ends a late child. */
#include "print/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct Pipes {
    int in[2], out[2]; /* [0] reads, [1] writes; -1 closed */
} Pipes;

static void shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void pipes_close(Pipes *p)
{
    shut(&p->in[0]);
    shut(&p->in[1]);
    shut(&p->out[0]);
    shut(&p->out[1]);
}

static bool child_failed(const char *why, Err *e)
{
    return err_fail(e, ERR_PRINT_CHILD, err_hole("why", why));
}

static bool pipes_open(Pipes *p, Err *e)
{
    *p = (Pipes){ { -1, -1 }, { -1, -1 } };
    if (pipe2(p->in, O_CLOEXEC) != 0 || pipe2(p->out, O_CLOEXEC) != 0 ||
        fcntl(p->in[1], F_SETFL, O_NONBLOCK) != 0) {
        pipes_close(p);
        return child_failed("管道", e);
    }
    enum { WIDE = 1 << 20 }; /* fewer turns between the two; the usual width does as well */
    if (fcntl(p->in[1], F_SETPIPE_SZ, WIDE) < 0 || fcntl(p->out[0], F_SETPIPE_SZ, WIDE) < 0)
        errno = 0;
    return true;
}

static bool spawn(pid_t *pid, Pipes *p, const char *program, const char *job, Err *e)
{
    char *argv[] = { (char *)(uintptr_t)program, (char *)(uintptr_t)PRINT_CHILD_WORD,
                     (char *)(uintptr_t)job, NULL };
    char *envp[] = { NULL }; /* nothing of ours: no paths, no secrets */
    posix_spawn_file_actions_t acts;
    posix_spawnattr_t attr;
    sigset_t none, usual;
    posix_spawn_file_actions_init(&acts);
    posix_spawnattr_init(&attr);
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGINT);
    sigaddset(&usual, SIGTERM);
    posix_spawn_file_actions_adddup2(&acts, p->in[0], 0);
    posix_spawn_file_actions_adddup2(&acts, p->out[1], 1);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &usual);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int code = posix_spawn(pid, program, &acts, &attr, argv, envp);
    posix_spawn_file_actions_destroy(&acts);
    posix_spawnattr_destroy(&attr);
    shut(&p->in[0]);
    shut(&p->out[1]);
    return code == 0 || child_failed(strerror(code), e);
}

static int64_t ms_now(void)
{
    struct timespec t; /* the machine's own clock: a twin's would never reach the deadline */
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void write_some(Pipes *p, Str in, size_t *sent)
{
    ssize_t n = write(p->in[1], in.p + *sent, in.n - *sent);
    if (n > 0)
        *sent += (size_t)n;
    if ((n < 0 && errno != EAGAIN && errno != EINTR) || *sent == in.n)
        shut(&p->in[1]); /* a child that stopped reading still has something to say */
}

/* Sends all, receives all, until the child closes its side. false: time is up or too much came. */
static bool talk(Pipes *p, Str in, Buf *out, int64_t deadline)
{
    enum { PIECE = 256 << 10 };
    char *piece = malloc(PIECE);
    size_t sent = 0;
    bool ok = piece != NULL;
    if (in.n == 0)
        shut(&p->in[1]);
    while (ok && p->out[0] >= 0) {
        struct pollfd fds[] = { { .fd = p->out[0], .events = POLLIN },
                                { .fd = p->in[1], .events = POLLOUT } };
        int64_t left = deadline - ms_now();
        ok = left > 0 && !out->failed;
        if (!ok || poll(fds, 2, (int)left) <= 0)
            continue;
        if (fds[1].revents)
            write_some(p, in, &sent);
        if (fds[0].revents) {
            ssize_t n = read(p->out[0], piece, PIECE);
            if (n > 0)
                buf_put(out, (Str){ piece, (size_t)n });
            else if (n == 0 || errno != EINTR)
                shut(&p->out[0]);
        }
    }
    free(piece);
    return ok;
}

static bool late(int seconds, Err *e)
{
    return err_fail(e, ERR_PRINT_TIMEOUT, err_hole("max", seconds));
}

static bool reply_read(Str *out, Arena *a, Str reply, int status, Err *e)
{
    if (reply.n > 0 && reply.p[0] == '-') {
        PrintWire w = { .s = str_sub(reply, 1, reply.n) };
        print_get_err(&w, e);
        return false;
    }
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGALRM))
        return late(PRINT_SECONDS_MAX, e); /* its own limits ended it */
    if (reply.n == 0 || reply.p[0] != '+' || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return child_failed("异常退出", e);
    Str made = arena_str(a, str_sub(reply, 1, reply.n));
    if (made.n != reply.n - 1)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "文件"));
    *out = made;
    return true;
}

bool print_child_run(Str *out, Arena *a, const char *program, int seconds, const char *job, Str in,
                     Err *e)
{
    Pipes p;
    pid_t pid;
    sigset_t pipe_signal, before;
    if (!pipes_open(&p, e))
        return false;
    if (!spawn(&pid, &p, program, job, e)) {
        pipes_close(&p);
        return false;
    }
    Buf reply = buf_open(PRINT_CHILD_BYTES_MAX);
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    bool ok = talk(&p, in, &reply, ms_now() + (int64_t)seconds * 1000);
    struct timespec at_once = { 0, 0 };
    while (sigtimedwait(&pipe_signal, NULL, &at_once) == SIGPIPE)
        ; /* one that a write of ours raised must not reach the program */
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pipes_close(&p);
    int status = 0;
    if (!ok)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (!ok)
        ok = reply.failed ? child_failed("回复过大", e) : late(seconds, e);
    else
        ok = reply_read(out, a, buf_str(&reply), status, e);
    buf_close(&reply);
    return ok;
}
