/* bench: CPU of checking a session, against the least it could cost: one prepared read by key in
 * SQLite itself, on the same kind of file, in a transaction of its own. */
#include "auth/auth.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { CHECKS = 50000, ROUNDS = 3, SESSIONS = 1000 };

static double cpu_us(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6
           + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void stop(const char *what)
{
    fprintf(stderr, "auth_bench: %s failed\n", what);
    exit(1);
}

static double measure_ours(Auth *auth, const Str *tokens)
{
    AuthSession s;
    Err e = { 0 };
    double before = cpu_us();
    for (int i = 0; i < CHECKS; i++)
        if (!auth_session_check(&s, auth, tokens[i * 7 % SESSIONS], &e))
            stop("check");
    return (cpu_us() - before) / CHECKS;
}

static double measure_bare(const char *path, const Str *tokens)
{
    sqlite3 *db;
    sqlite3_stmt *q;
    if (sqlite3_open(path, &db) != SQLITE_OK
        || sqlite3_prepare_v2(db, "select account, created_at, seen_at, expires_at from session "
                                  "where token_hash = ?", -1, &q, NULL) != SQLITE_OK)
        stop("open");
    double before = cpu_us();
    for (int i = 0; i < CHECKS; i++) {
        Hash h = hash_of(tokens[i * 7 % SESSIONS]);
        sqlite3_bind_blob(q, 1, h.b, sizeof h.b, SQLITE_STATIC);
        if (sqlite3_step(q) != SQLITE_ROW)
            stop("read");
        sqlite3_reset(q);
    }
    double us = (cpu_us() - before) / CHECKS;
    sqlite3_finalize(q);
    sqlite3_close(db);
    return us;
}

static void remove_all(const char *dir, const char *path)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    char name[120];
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    rmdir(dir);
}

int main(void)
{
    char dir[] = "/tmp/auth-bench-XXXXXX", path[80];
    Str tokens[SESSIONS];
    Err e = { 0 };
    Arena *a = arena_open(1 << 20);
    double ours = 1e9, bare = 1e9;
    Auth *auth;
    if (!a || !mkdtemp(dir))
        stop("set-up");
    snprintf(path, sizeof path, "%s/store.db", dir);
    Sys *sys = sys_open_sim(1, 1795000000000);
    Store *store = store_open(sys, path, &e);
    if (!store || !auth_open(&auth, store, &e))
        stop("set-up");
    for (int i = 0; i < SESSIONS; i++) {
        AuthLogin in;
        if (!auth_session_begin(&in, a, auth, i + 1, STRC("127.0.0.1"), &e))
            stop("session");
        tokens[i] = in.token;
    }
    for (int i = 0; i < ROUNDS; i++) {
        double o = measure_ours(auth, tokens), b = measure_bare(path, tokens);
        ours = o < ours ? o : ours;
        bare = b < bare ? b : bare;
    }
    printf("auth: session check, CPU each: one SQLite read by key %.1f us, ours %.1f us, "
           "ratio %.2f\n", bare, ours, ours / bare);
    auth_close(auth);
    store_close(store);
    sys_close(sys);
    remove_all(dir, path);
    arena_close(a);
    return 0;
}
