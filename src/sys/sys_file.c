/* Files of sys: whole, atomic, private to the account that runs the program. */
#include "sys/part.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

bool sys_failed(Err *e, const char *what, const char *path, int code)
{
    char why[128];
    if (code == ENOENT)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", path));
    if (code == ENOSPC || code == EDQUOT || code == EFBIG)
        return err_fail(e, ERR_SYS_FULL, err_hole("path", path));
    return err_fail(e, ERR_SYS_IO, err_hole("what", what), err_hole("path", path),
                    err_hole("why", (const char *)strerror_r(code, why, sizeof why)));
}

static bool read_all(int fd, char *p, size_t n, size_t *got)
{
    *got = 0;
    while (*got < n) {
        ssize_t k = read(fd, p + *got, n - *got);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return false;
        if (k == 0)
            break;
        *got += (size_t)k;
    }
    return true;
}

static bool read_fd(Str *out, Arena *a, int fd, const char *path, size_t max, Err *e)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return sys_failed(e, "read", path, errno);
    if (!S_ISREG(st.st_mode))
        return sys_failed(e, "read", path, S_ISDIR(st.st_mode) ? EISDIR : EINVAL);
    if ((uint64_t)st.st_size > max)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", path), err_hole("max", (int64_t)max));
    size_t n = (size_t)st.st_size, got;
    char *p = arena_alloc(a, n + 1);
    if (!p)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", path));
    if (!read_all(fd, p, n, &got))
        return sys_failed(e, "read", path, errno);
    *out = (Str){ p, got };
    return true;
}

bool sys_file_read(Str *out, Arena *a, Sys *sys, const char *path, size_t max, Err *e)
{
    (void)sys;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return sys_failed(e, "read", path, errno);
    bool ok = read_fd(out, a, fd, path, max < SYS_FILE_MAX ? max : SYS_FILE_MAX, e);
    close(fd);
    return ok;
}

static bool write_all(int fd, Str bytes)
{
    while (bytes.n > 0) {
        ssize_t k = write(fd, bytes.p, bytes.n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return false;
        bytes = str_sub(bytes, (size_t)k, bytes.n);
    }
    return fsync(fd) == 0;
}

/* The folder that holds path, with room for PATH_MAX bytes. */
static void folder_of(char *out, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 0;
    if (!slash)
        memcpy(out, ".", 2);
    else if (n == 0)
        memcpy(out, "/", 2);
    else
        memcpy(out, path, n), out[n] = 0;
}

static bool folder_sync(const char *path)
{
    char folder[PATH_MAX];
    folder_of(folder, path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fsync(fd) == 0;
    int code = errno;
    close(fd);
    errno = code;
    return ok;
}

/* The name is drawn by mkstemp, not by sys: it is gone before anyone can see it. */
static bool write_beside(char *temp, Str bytes)
{
    int fd = mkostemp(temp, O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = write_all(fd, bytes);
    int code = errno;
    close(fd);
    if (!ok)
        unlink(temp);
    errno = code;
    return ok;
}

bool sys_file_write(Sys *sys, const char *path, Str bytes, Err *e)
{
    (void)sys;
    char temp[PATH_MAX];
    if (snprintf(temp, sizeof temp, "%s.XXXXXX", path) >= (int)sizeof temp)
        return sys_failed(e, "write", path, ENAMETOOLONG);
    if (!write_beside(temp, bytes))
        return sys_failed(e, "write", path, errno);
    if (rename(temp, path) != 0) {
        int code = errno;
        unlink(temp);
        return sys_failed(e, "write", path, code);
    }
    return folder_sync(path) || sys_failed(e, "write", path, errno);
}

bool sys_file_sync(Sys *sys, const char *path, Err *e)
{
    (void)sys;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return sys_failed(e, "write", path, errno);
    bool ok = fsync(fd) == 0;
    int code = errno;
    close(fd);
    return (ok && folder_sync(path)) || sys_failed(e, "write", path, ok ? errno : code);
}

bool sys_file_remove(Sys *sys, const char *path, Err *e)
{
    (void)sys;
    if (unlink(path) != 0 && errno != ENOENT)
        return sys_failed(e, "remove", path, errno);
    return true;
}

bool sys_exists(Sys *sys, const char *path)
{
    (void)sys;
    return access(path, F_OK) == 0;
}

bool sys_file_size(int64_t *out, Sys *sys, const char *path, Err *e)
{
    (void)sys;
    struct stat st;
    if (stat(path, &st) != 0)
        return sys_failed(e, "read", path, errno);
    *out = st.st_size;
    return true;
}

static bool dir_make_one(const char *path)
{
    struct stat st;
    if (mkdir(path, 0700) == 0)
        return true;
    int code = errno;
    if (code == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return true;
    errno = code;
    return false;
}

bool sys_dir_make(Sys *sys, const char *path, Err *e)
{
    (void)sys;
    char part[PATH_MAX];
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof part)
        return sys_failed(e, "make", path, n ? ENAMETOOLONG : EINVAL);
    memcpy(part, path, n + 1);
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != 0)
            continue;
        part[i] = 0;
        if (!dir_make_one(part))
            return sys_failed(e, "make", path, errno);
        part[i] = path[i];
    }
    return true;
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

static bool read_names(SysNames *out, Arena *a, DIR *dir, const char *path, Err *e)
{
    SysNames list = { 0 };
    size_t cap = 0;
    struct dirent *d;
    while (errno = 0, (d = readdir(dir))) {
        if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
            continue;
        if (list.n == SYS_DIR_MAX)
            return err_fail(e, ERR_TOO_BIG, err_hole("what", path),
                            err_hole("max", SYS_DIR_MAX));
        if (!ARENA_PUSH(a, list.names, list.n, cap))
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", path));
        list.names[list.n++] = arena_str(a, str_of(d->d_name));
    }
    if (errno != 0)
        return sys_failed(e, "list", path, errno);
    if (arena_refused(a))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", path));
    if (list.n)
        qsort(list.names, list.n, sizeof *list.names, by_name);
    *out = list;
    return true;
}

bool sys_dir_list(SysNames *out, Arena *a, Sys *sys, const char *path, Err *e)
{
    (void)sys;
    DIR *dir = opendir(path);
    if (!dir)
        return sys_failed(e, "list", path, errno);
    bool ok = read_names(out, a, dir, path, e);
    closedir(dir);
    return ok;
}

bool sys_space_free(int64_t *bytes, Sys *sys, const char *path, Err *e)
{
    (void)sys;
    struct statvfs v;
    if (statvfs(path, &v) != 0)
        return sys_failed(e, "measure", path, errno);
    *bytes = (int64_t)v.f_bavail * (int64_t)v.f_frsize;
    return true;
}
