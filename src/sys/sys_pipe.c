/* A file made from another by chunks, so that a copy may be larger than memory; and the lock that
 * lets one at a time do such a thing. */
#include "sys/part.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static bool put(FILE *to, const char *path, Str bytes, Err *e)
{
    return fwrite(bytes.p ? bytes.p : "", 1, bytes.n, to) == bytes.n ||
           sys_failed(e, "write", path, errno);
}

static bool pump(FILE *from, FILE *to, const SysPipe *p, Err *e)
{
    char *in = malloc(SYS_PIPE_CHUNK);
    Buf out = buf_open(2 * SYS_PIPE_CHUNK);
    bool ok = in || err_fail(e, ERR_NO_MEMORY, err_hole("what", p->from)), last = false;
    while (ok && !last) {
        size_t n = fread(in, 1, SYS_PIPE_CHUNK, from);
        if (ferror(from)) {
            ok = sys_failed(e, "read", p->from, errno);
            break;
        }
        int c = fgetc(from); /* is there more? the transformer must know its last chunk */
        last = c == EOF;
        if (!last)
            ungetc(c, from);
        buf_reset(&out);
        ok = p->turn(p->arg, &out, (Str){ in, n }, last, e) &&
             (!out.failed || err_fail(e, ERR_NO_MEMORY, err_hole("what", p->to))) &&
             put(to, p->to, buf_str(&out), e);
    }
    free(in);
    buf_close(&out);
    return ok;
}

static FILE *temp_open(char *name, const char *path, Err *e)
{
    if (snprintf(name, PATH_MAX, "%s.XXXXXX", path) >= PATH_MAX)
        return sys_failed(e, "write", path, ENAMETOOLONG), NULL;
    int fd = mkstemp(name);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "wb");
    if (!f)
        sys_failed(e, "write", path, errno);
    return f;
}

bool sys_file_pipe(Sys *sys, const SysPipe *p, Err *e)
{
    char name[PATH_MAX];
    FILE *from = fopen(p->from, "rb");
    if (!from)
        return sys_failed(e, "read", p->from, errno);
    FILE *to = temp_open(name, p->to, e);
    bool ok = to && pump(from, to, p, e);
    if (to && ok && (fflush(to) != 0 || fsync(fileno(to)) != 0))
        ok = sys_failed(e, "write", p->to, errno);
    if (to && fclose(to) != 0 && ok)
        ok = sys_failed(e, "write", p->to, errno);
    if (ok && rename(name, p->to) != 0)
        ok = sys_failed(e, "write", p->to, errno);
    if (to && !ok)
        unlink(name);
    fclose(from);
    return ok && sys_file_sync(sys, p->to, e);
}

bool sys_lock_open(SysLock *out, Sys *sys, const char *path, const char *what, Err *e)
{
    (void)sys;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return sys_failed(e, "write", path, errno);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int code = errno;
        close(fd);
        return code == EWOULDBLOCK ? err_fail(e, ERR_BUSY, err_hole("what", what))
                                   : sys_failed(e, "write", path, code);
    }
    out->fd = fd;
    return true;
}

void sys_lock_close(SysLock *lock)
{
    close(lock->fd);
}
