/* sys: the only door to the operating system, and its simulated twin.
 *
 * Nothing above asks the clock, the random pool or the disk itself, so a whole year can be run in
 * seconds from a seed: in the twin time moves only when told (sys_pass) or by 1 ms per question,
 * and randomness is a stream made from the seed. Files are real in both.
 * It refuses to know what the bytes mean.
 *
 * Ownership: the caller owns a Sys and closes it; what is read lives in the caller's arena.
 *
 *     Sys *sys = sys_open_sim(7, moment);
 *     Moment now = sys_now(sys);                       // moment, then moment + 1 ms, ...
 *     if (!sys_file_write(sys, "D/note", STRC("text"), &e)) ...
 *     if (!sys_file_read(&text, a, sys, "D/note", SYS_FILE_MAX, &e)) ...
 *
 * Thread-safe throughout. Paths are NUL-terminated and relative to the working directory.
 * Nouns of this face: sys_ */
#ifndef SYS_SYS_H
#define SYS_SYS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"

enum { SYS_FILE_MAX = 128 << 20, /* the most that sys_file_read may be asked for */
       SYS_DIR_MAX = 100000 };   /* entries of one folder */

typedef struct Sys Sys;

Sys *sys_open_real(void);                            /* NULL: no memory or no randomness */
Sys *sys_open_sim(uint64_t seed, Moment start);      /* NULL: no memory */
void sys_close(Sys *sys);                            /* accepts NULL */
bool sys_is_sim(const Sys *sys);

Moment sys_now(Sys *sys);
void sys_pass(Sys *sys, int64_t ms);                 /* twin only: lets ms >= 0 pass */
void sys_random(Sys *sys, void *out, size_t n);      /* for secrets (libsodium) */

/* A gate that many may pass to read, or one alone to change; who waits to change goes first. */
typedef struct SysGate SysGate;
SysGate *sys_gate_open(void);                        /* NULL: no memory */
void sys_gate_close(SysGate *gate);                  /* accepts NULL */
void sys_gate_read(SysGate *gate);
void sys_gate_change(SysGate *gate);
void sys_gate_leave(SysGate *gate);

/* Whole files. A write is atomic and durable: temporary name in the same folder, fsync, rename,
 * fsync of the folder; mode 0600. On failure the old file is untouched. */
bool sys_file_read(Str *out, Arena *a, Sys *sys, const char *path, size_t max, Err *e) MUST_USE;
bool sys_file_write(Sys *sys, const char *path, Str bytes, Err *e) MUST_USE;
/* What others (the database) wrote to a file, and its name in the folder. */
bool sys_file_sync(Sys *sys, const char *path, Err *e) MUST_USE;
/* A new file made from another chunk by chunk; `turn` appends what goes out and knows the last. */
enum { SYS_PIPE_CHUNK = 1 << 20 };
typedef struct SysPipe {
    const char *from, *to;
    bool (*turn)(void *arg, Buf *out, Str chunk, bool last, Err *e);
    void *arg;
} SysPipe;
bool sys_file_pipe(Sys *sys, const SysPipe *p, Err *e) MUST_USE; /* atomic like sys_file_write */
/* A lock that others, in this program or another, find taken (BUSY, naming `what`); it ends with
 * its holder, also with a killed one. The file stays. */
typedef struct SysLock { int fd; } SysLock;
bool sys_lock_open(SysLock *out, Sys *sys, const char *path, const char *what, Err *e) MUST_USE;
void sys_lock_close(SysLock *lock);
bool sys_file_remove(Sys *sys, const char *path, Err *e) MUST_USE; /* absent is fine */
bool sys_exists(Sys *sys, const char *path);
bool sys_file_size(int64_t *out, Sys *sys, const char *path, Err *e) MUST_USE;

/* A file of one size, written in place: all its room is taken when it is made, so that neither its
 * length nor where a block lies on the disk tells when what was written. Flushed, it is durable. */
typedef struct SysFixed { int fd; int64_t size; } SysFixed;
/* Zeros; refused when something is there. */
bool sys_fixed_make(Sys *sys, const char *path, int64_t size, Err *e) MUST_USE;
bool sys_fixed_open(SysFixed *out, Sys *sys, const char *path, Err *e) MUST_USE;
void sys_fixed_close(SysFixed *f);
bool sys_fixed_read(void *out, const SysFixed *f, int64_t at, size_t n, Err *e) MUST_USE;
bool sys_fixed_write(const SysFixed *f, int64_t at, Str bytes, Err *e) MUST_USE;
bool sys_fixed_flush(const SysFixed *f, Err *e) MUST_USE;

/* Folders, mode 0700; an existing one is fine, missing parents are made. */
bool sys_dir_make(Sys *sys, const char *path, Err *e) MUST_USE;
typedef struct SysNames { Str *names; size_t n; } SysNames;
/* Names sorted bytewise, without "." and ".."; each is NUL-terminated too. */
bool sys_dir_list(SysNames *out, Arena *a, Sys *sys, const char *path, Err *e) MUST_USE;

bool sys_space_free(int64_t *bytes, Sys *sys, const char *path, Err *e) MUST_USE;

#endif
