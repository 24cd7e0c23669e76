/* Import of 100,000 rows of 9 columns in one transaction, against `sqlite3 .import` of the same
 * file into a plain table. Both sides begin with no file and end with a closed one, so each pays
 * for its commit and for moving the WAL. Three sums are compared: log and envelope (facts, leaves,
 * tiles), the current state of things besides, three indexed fields and search over two in pairs
 * of characters besides. Rows of the views wait until somebody asks for a view, so the first sum
 * is the whole import less the time of one question that has them written. Ratios of one run,
 * processor time and time on the wall, the least of the rounds and their median. Leaves are hashed
 * on a second core: time on the wall means something only while one is free. */
#include "base/bench.h"
#include "fact/fact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { ROWS = 100000, COLUMNS = 9, ROUNDS = 5 };

static const char *const columns[COLUMNS] = { "address", "branch", "born", "joined", "name", "note",
                                              "number", "post", "sector" };

typedef struct Cost { double cpu, wall; } Cost;

static double of_timeval(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

/* Of this process or of its ended children. */
static Cost now(int whose)
{
    struct rusage u;
    struct timespec t;
    getrusage(whose, &u);
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (Cost){ of_timeval(u.ru_utime) + of_timeval(u.ru_stime),
                   (double)t.tv_sec + (double)t.tv_nsec * 1e-9 };
}

static Cost less(Cost a, Cost b)
{
    return (Cost){ a.cpu - b.cpu, a.wall - b.wall };
}

static void pairs(void *arg, Buf *out, Str text, bool asked)
{
    uint32_t cp;
    (void)arg, (void)asked;
    for (size_t i = 0, n, m; (n = str_next(text, i, &cp)) > 0; i += n) {
        m = str_next(text, i + n, &cp);
        buf_put(out, str_sub(text, i, n + m));
        buf_putc(out, ' ');
    }
}

static bool write_csv(const char *path)
{
    static const char *const words[] = { "东街", "西山", "南湖", "北关", "新村", "桥头", "河口",
                                         "学府", "园区", "港湾" };
    unsigned seed = 1;
    FILE *f = fopen(path, "w");
    for (int i = 0; f && i < ROWS; i++) {
#define W words[rand_r(&seed) % 10]
        fprintf(f, "%s%s路%d号,%d,19%02d-%02d,20%02d-0%d-1%d,%s%s%s,%s%s党员活动记录,S%06d,%s岗位,%s\n",
                W, W, i % 200, i % 300, 50 + i % 50, 1 + i % 12, i % 26, 1 + i % 9, i % 10, W, W,
                W, W, W, i, W, W);
    }
    return f && fclose(f) == 0;
}

/* Columns come in the order of their names, so the body is canonical as it is written. */
static bool body_of(Buf *b, Str line)
{
    Str cell;
    Jw w = jw_open(b);
    buf_reset(b);
    jw_obj(&w);
    static const int order[COLUMNS] = { 0, 2, 1, 3, 4, 5, 6, 7, 8 };
    Str cells[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
        str_cut(line, STRC(","), &cell, &line);
        cells[i] = cell;
    }
    for (int i = 0; i < COLUMNS; i++)
        jw_kstr(&w, columns[order[i]], cells[order[i]]);
    jw_end(&w);
    return jw_close(&w);
}

typedef struct Import {
    Str text;
    Cost views;                   /* of writing the rows of the views that waited */
} Import;

static bool import(Tx *tx, void *arg, Err *e)
{
    Import *in = arg;
    Str text = in->text, line;
    Buf b = buf_open(1 << 16);
    bool ok = true, there;
    while (ok && text.n > 0) {
        str_cut(text, STRC("\n"), &line, &text);
        ok = body_of(&b, line);
        FactIn fact = { .kind = STRC("member"), .org = 4096, .who = 1, .body = buf_str(&b) };
        ok = ok && fact_append(tx, &fact, NULL, e);
    }
    buf_close(&b);
    Cost from = now(RUSAGE_SELF);
    ok = ok && fact_exists(&there, tx, STRC("member"), 1, e);
    in->views = less(now(RUSAGE_SELF), from);
    return ok;
}

static bool ours(Cost *whole, Cost *log, const char *dir, Str text, bool with_views)
{
    static const FactKind kind = { .name = S("member"),
        .index = { S("branch"), S("name"), S("number") }, .n_index = 3,
        .search = { S("name"), S("note") }, .n_search = 2 };
    char path[300];
    Err e = { 0 };
    Import in = { .text = text };
    snprintf(path, sizeof path, "%s/facts.db", dir);
    remove(path);
    Sys *sys = sys_open_real();
    Cost from = now(RUSAGE_SELF);
    Store *store = store_open(sys, path, &e);
    FactSetup setup = { .kinds = &kind, .n_kinds = with_views, .tokens = pairs };
    Facts *facts = store ? fact_open(store, &setup, &e) : NULL;
    bool ok = facts && store_write(store, import, &in, &e);
    fact_close(facts);
    store_close(store);
    *whole = less(now(RUSAGE_SELF), from);
    *log = less(*whole, in.views);
    sys_close(sys);
    if (!ok)
        printf("failed: %s %s\n", err_name(e.code), e.trail);
    return ok;
}

static bool peer(Cost *out, const char *dir)
{
    char command[900], path[300];
    snprintf(path, sizeof path, "%s/plain.db", dir);
    remove(path);
    snprintf(command, sizeof command,
             "sqlite3 '%s' 'pragma page_size=8192' 'pragma journal_mode=wal' "
             "'pragma synchronous=full' 'create table t (a,b,c,d,e,f,g,h,i)' '.mode csv' "
             "'.import %s/rows.csv t' > /dev/null", path, dir);
    Cost from = now(RUSAGE_CHILDREN);
    bool ok = system(command) == 0;
    *out = less(now(RUSAGE_CHILDREN), from);
    return ok;
}

static int by_size(const void *x, const void *y)
{
    const double *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

/* Least and median of the rounds. */
typedef struct Rounds { double v[ROUNDS]; } Rounds;

static void print_ratio(Rounds ours, Rounds plain)
{
    qsort(ours.v, ROUNDS, sizeof *ours.v, by_size);
    qsort(plain.v, ROUNDS, sizeof *plain.v, by_size);
    printf("%8.2f x %8.2f x", ours.v[0] / plain.v[0], ours.v[ROUNDS / 2] / plain.v[ROUNDS / 2]);
}

enum { PLAIN, LOG, STATE, ALL, SUMS };

static void print_all(Rounds cpu[SUMS], Rounds wall[SUMS])
{
    static const char *const names[SUMS] = { "sqlite3 .import", "log and envelope",
                                             "and current state", "and index and search" };
    static const double aims[SUMS] = { 0, 2, 0, 5 };
    printf("%d rows of %d columns, %d rounds, against sqlite3 .import\n"
           "%-22s%20s%20s\n%-22s%10s%10s%10s%10s\n", ROWS, COLUMNS, ROUNDS, "",
           "processor time", "time on the wall", "", "least", "median", "least", "median");
    for (int i = LOG; i < SUMS; i++) {
        printf("%-22s", names[i]);
        print_ratio(cpu[i], cpu[PLAIN]);
        print_ratio(wall[i], wall[PLAIN]);
        printf("\n");
    }
    for (int i = LOG; i < SUMS; i++) {
        char what[100];
        if (aims[i] == 0)
            continue;
        snprintf(what, sizeof what, "import against sqlite3 .import, %s, waiting time", names[i]);
        bench_limit(what, wall[i].v[ROUNDS / 2] / wall[PLAIN].v[ROUNDS / 2], true, aims[i], "x");
        snprintf(what, sizeof what, "import against sqlite3 .import, %s, processor", names[i]);
        bench_limit(what, cpu[i].v[ROUNDS / 2] / cpu[PLAIN].v[ROUNDS / 2], true, aims[i], "x");
    }
    qsort(cpu[PLAIN].v, ROUNDS, sizeof(double), by_size);
    qsort(wall[PLAIN].v, ROUNDS, sizeof(double), by_size);
    printf("%-22s%8.2f s %8.2f s %8.2f s %8.2f s\n", names[PLAIN], cpu[PLAIN].v[0],
           cpu[PLAIN].v[ROUNDS / 2], wall[PLAIN].v[0], wall[PLAIN].v[ROUNDS / 2]);
}

static bool run(const char *dir, Str text)
{
    Rounds cpu[SUMS], wall[SUMS];
    for (int i = 0; i < ROUNDS; i++) {
        Cost c[SUMS], ignored;
        if (!peer(&c[PLAIN], dir) || !ours(&c[STATE], &c[LOG], dir, text, false)
            || !ours(&c[ALL], &ignored, dir, text, true))
            return false;
        for (int k = 0; k < SUMS; k++) {
            cpu[k].v[i] = c[k].cpu;
            wall[k].v[i] = c[k].wall;
        }
    }
    print_all(cpu, wall);
    return true;
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    char dir[200], path[300], command[300];
    Err e;
    Str text;
    snprintf(dir, sizeof dir, "%s/fact_bench.XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(dir))
        return 1;
    snprintf(path, sizeof path, "%s/rows.csv", dir);
    Arena *a = arena_open(64 << 20);
    Sys *sys = sys_open_real();
    bool ok = write_csv(path) && sys_file_read(&text, a, sys, path, SYS_FILE_MAX, &e)
        && run(dir, text);
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    sys_close(sys);
    arena_close(a);
    return system(command) == 0 && ok ? 0 : 1;
}
