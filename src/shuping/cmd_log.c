/* The log from the command line: rebuild, export-log. */
#include "shuping/cli.h"

#include "fact/fact.h"

#include <stdio.h>

static bool dump_line(void *arg, Str line, Err *e)
{
    (void)e;
    hash_add(arg, line);
    hash_add(arg, STRC("\n"));
    return true;
}

static bool dump_hash(Hash *out, Tx *tx, Err *e)
{
    HashRun *r = hash_open();
    bool ok = r ? fact_dump(tx, (FactSink){ dump_line, r }, e)
                : err_fail(e, ERR_NO_MEMORY, err_hole("what", "视图"));
    if (ok)
        *out = hash_end(r);
    hash_close(r);
    return ok;
}

typedef struct Rebuilt {
    Hash before, after;
} Rebuilt;

static bool rebuild_job(Tx *tx, void *arg, Err *e)
{
    Rebuilt *r = arg;
    return dump_hash(&r->before, tx, e) && fact_rebuild(tx, e) && dump_hash(&r->after, tx, e);
}

int cli_rebuild(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    Rebuilt r;
    const char *dir = cli_option(args, "dir");
    bool check = cli_flag(args, "check");
    if (!dir) {
        fprintf(stderr, "用法：shuping rebuild --dir D [--check]\n");
        return 2;
    }
    if (!cli_end(args))
        return 2;
    if (!cli_work(cli, dir, false, NULL))
        return 1;
    if (!store_write(work_store(cli->work), rebuild_job, &r, &e))
        return cli_fail(cli, &e);
    bool same = hash_eq(r.before, r.after);
    printf("视图已重建；%s（%.*s）\n", same ? "与重建前一致" : "与重建前不同",
           STR(hash_hex(cli->a, r.after)));
    return check && !same ? 1 : 0;
}

typedef struct ToFile {
    FILE *f;
    const char *path;
    int64_t n;
} ToFile;

static bool file_line(void *arg, Str line, Err *e)
{
    ToFile *t = arg;
    t->n++;
    if (fwrite(line.p, 1, line.n, t->f) == line.n && fputc('\n', t->f) != EOF)
        return true;
    return err_fail(e, ERR_FILE_WRITE, err_hole("file", t->path));
}

static bool export_job(Tx *tx, void *arg, Err *e)
{
    return fact_export(tx, (FactSink){ file_line, arg }, e);
}

int cli_export_log(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    const char *dir = cli_option(args, "dir"), *path = cli_option(args, "out");
    if (!dir || !path) {
        fprintf(stderr, "用法：shuping export-log --dir D --out FILE\n");
        return 2;
    }
    if (!cli_end(args))
        return 2;
    if (!cli_work(cli, dir, false, NULL))
        return 1;
    ToFile t = { fopen(path, "wx"), path, 0 };
    if (!t.f)
        return err_fail(&e, ERR_FILE_WRITE, err_hole("file", path)), cli_fail(cli, &e);
    bool ok = store_read(work_store(cli->work), export_job, &t, &e);
    if (fclose(t.f) != 0 && ok)
        ok = err_fail(&e, ERR_FILE_WRITE, err_hole("file", path));
    if (!ok)
        return cli_fail(cli, &e);
    printf("已导出%lld条事实到%s\n", (long long)t.n, path);
    return 0;
}
