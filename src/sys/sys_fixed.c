/* A file of one size, written in place. */
#include "sys/part.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const name = "一个定长文件"; /* its path may say what is voted on */

bool sys_fixed_make(Sys *sys, const char *path, int64_t size, Err *e)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), code;
    (void)sys;
    if (fd < 0)
        return sys_failed(e, "make", path, errno);
    if ((code = posix_fallocate(fd, 0, size)) == 0 && fsync(fd) != 0)
        code = errno;
    close(fd);
    if (code == 0)
        return sys_file_sync(sys, path, e);
    unlink(path);
    return sys_failed(e, "make", path, code);
}

bool sys_fixed_open(SysFixed *out, Sys *sys, const char *path, Err *e)
{
    struct stat st;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    (void)sys;
    if (fd < 0)
        return sys_failed(e, "read", path, errno);
    if (fstat(fd, &st) != 0) {
        int code = errno;
        close(fd);
        return sys_failed(e, "read", path, code);
    }
    *out = (SysFixed){ fd, st.st_size };
    return true;
}

void sys_fixed_close(SysFixed *f)
{
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
}

bool sys_fixed_read(void *out, const SysFixed *f, int64_t at, size_t n, Err *e)
{
    for (size_t got = 0; got < n;) {
        ssize_t k = pread(f->fd, (char *)out + got, n - got, at + (int64_t)got);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return sys_failed(e, "read", name, k < 0 ? errno : EIO);
        got += (size_t)k;
    }
    return true;
}

bool sys_fixed_write(const SysFixed *f, int64_t at, Str bytes, Err *e)
{
    if (at < 0 || at + (int64_t)bytes.n > f->size)
        return sys_failed(e, "write", name, EINVAL);
    while (bytes.n > 0) {
        ssize_t k = pwrite(f->fd, bytes.p, bytes.n, at);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return sys_failed(e, "write", name, errno);
        bytes = str_sub(bytes, (size_t)k, bytes.n);
        at += k;
    }
    return true;
}

bool sys_fixed_flush(const SysFixed *f, Err *e)
{
    return fdatasync(f->fd) == 0 || sys_failed(e, "write", name, errno);
}
