/* Import of 100,000 rows of 9 columns in one transaction, against `sqlite3 .import` of the same
 * file into a plain table: once as log, envelope and current state, once with three indexed fields
 * and search over two in pairs of characters. Prints ratios of one run; the least of three. */
#include "fact/fact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { ROWS = 100000, COLUMNS = 9, ROUNDS = 3 };

static const char *const columns[COLUMNS] = { "address", "branch", "born", "joined", "name", "note",
                                              "number", "post", "sector" };

/* Processor time of this process or of its ended children: other work on the machine does not
 * count, and neither side waits for the disk more than once. */
static double seconds(int whose)
{
    struct rusage u;
    getrusage(whose, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec)
        + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
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

static bool import(Tx *tx, void *arg, Err *e)
{
    Str text = *(Str *)arg, line;
    Buf b = buf_open(1 << 16);
    bool ok = true;
    while (ok && text.n > 0) {
        str_cut(text, STRC("\n"), &line, &text);
        ok = body_of(&b, line);
        FactIn in = { .kind = STRC("member"), .org = 4096, .who = 1, .body = buf_str(&b) };
        ok = ok && fact_append(tx, &in, NULL, e);
    }
    buf_close(&b);
    return ok;
}

static double ours(const char *dir, Str text, bool with_views)
{
    static const FactKind kind = { .name = S("member"),
        .index = { S("branch"), S("name"), S("number") }, .n_index = 3,
        .search = { S("name"), S("note") }, .n_search = 2 };
    char path[300];
    Err e = { 0 };
    snprintf(path, sizeof path, "%s/facts.db", dir);
    remove(path);
    Sys *sys = sys_open_real();
    double from = seconds(RUSAGE_SELF);
    Store *store = store_open(sys, path, &e);
    FactSetup setup = { .kinds = &kind, .n_kinds = with_views, .tokens = pairs };
    Facts *facts = store ? fact_open(store, &setup, &e) : NULL;
    bool ok = facts && store_write(store, import, &text, &e);
    double took = seconds(RUSAGE_SELF) - from;
    fact_close(facts);
    store_close(store);
    sys_close(sys);
    if (!ok)
        printf("failed: %s %s\n", err_name(e.code), e.trail);
    return ok ? took : 1e9;
}

static double peer(const char *dir)
{
    char command[900], path[300];
    snprintf(path, sizeof path, "%s/plain.db", dir);
    remove(path);
    snprintf(command, sizeof command,
             "sqlite3 '%s' 'pragma page_size=8192' 'pragma journal_mode=wal' "
             "'pragma synchronous=full' 'create table t (a,b,c,d,e,f,g,h,i)' '.mode csv' "
             "'.import %s/rows.csv t' > /dev/null", path, dir);
    double from = seconds(RUSAGE_CHILDREN);
    return system(command) == 0 ? seconds(RUSAGE_CHILDREN) - from : 1e9;
}

static double least(double a, double b)
{
    return a < b ? a : b;
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
    double plain = 1e9, log = 1e9, views = 1e9;
    if (!write_csv(path) || !sys_file_read(&text, a, sys, path, SYS_FILE_MAX, &e))
        return 1;
    for (int i = 0; i < ROUNDS; i++) {
        plain = least(plain, peer(dir));
        log = least(log, ours(dir, text, false));
        views = least(views, ours(dir, text, true));
    }
    printf("%d rows, processor time: sqlite3 .import %.2f s; log, envelope and current state "
           "%.2f x (aim 2); with index and search %.2f x (aim 5)\n", ROWS, plain, log / plain,
           views / plain);
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    sys_close(sys);
    arena_close(a);
    return system(command) == 0 && views < 1e9 ? 0 : 1;
}
