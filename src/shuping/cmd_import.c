/* shuping import FORM FILE|FOLDER... --dir D [--org CODE] [--as LOGIN] [--preview]
 * [--late-reason TEXT --late-by CAUSE]: ledgers kept elsewhere, a file or a whole folder of them.
 * Each file is one transaction; the same file twice changes nothing; refused rows are printed. */
#include "shuping/cli.h"

#include <stdio.h>
#include <string.h>

enum { FILES_MAX = 10000 };

typedef struct Import {
    Cli *cli;
    const char *form, *late_reason, *late_by;
    int64_t org;
    bool preview;
    const char *files[FILES_MAX];
    size_t n;
    int64_t filed, same, refused, failed;
} Import;

/* --- which files ---------------------------------------------------------------------------- */

static bool file_add(Import *x, const char *path, Err *e)
{
    if (x->n == FILES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "文件数"), err_hole("max", FILES_MAX));
    x->files[x->n++] = path;
    return true;
}

static bool importable(const char *name)
{
    static const char *const ends[] = { ".xlsx", ".csv", ".jsonl" };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (str_ends(str_of(name), str_of(ends[i])) && name[0] != '.' && name[0] != '~')
            return true;
    return false;
}

/* A folder's own files, in order of their names; not those of folders in it. */
static bool path_add(Import *x, const char *path, Err *e)
{
    SysNames names;
    Err none = { 0 };
    if (!sys_dir_list(&names, x->cli->a, x->cli->sys, path, &none))
        return file_add(x, path, e);
    for (size_t i = 0; i < names.n; i++) {
        const char *name = names.names[i].p;
        const char *file = arena_z(x->cli->a, arena_text(x->cli->a, "%s/%s", path, name));
        if (importable(name) && (!file || !file_add(x, file, e)))
            return file ? false : err_fail(e, ERR_NO_MEMORY, err_hole("what", "导入"));
    }
    return true;
}

/* --- one file ------------------------------------------------------------------------------- */

static const char *input(Import *x)
{
    Buf b = buf_open(1 << 16);
    Jw w = jw_open(&b);
    jw_obj(&w);
    jw_kstr(&w, "form", str_of(x->form));
    if (x->org)
        jw_kint(&w, "org", x->org);
    jw_kstr_some(&w, "late_reason", str_of(x->late_reason));
    jw_kstr_some(&w, "late_by", str_of(x->late_by));
    jw_end(&w);
    const char *z = jw_close(&w) ? arena_z(x->cli->a, buf_str(&b)) : NULL;
    buf_close(&b);
    return z;
}

static void print_bad(const char *path, const json_t *reply)
{
    const json_t *bad = jv_get(reply, "bad"), *notes = jv_get(reply, "notes");
    for (size_t i = 0; i < jv_len(bad); i++) {
        const json_t *row = jv_at(bad, i);
        Str column = jv_str(row, "column");
        printf("%s 第%lld行%s%.*s：%.*s\n", path, (long long)jv_int(row, "row"),
               column.n ? " " : "", STR(column), STR(jv_str(row, "message")));
    }
    for (size_t i = 0; i < jv_len(notes); i++)
        printf("%s：%.*s\n", path, STR(jv_text(jv_at(notes, i))));
}

static void one_file(Import *x, const char *path)
{
    const char *slash = strrchr(path, '/'), *in = input(x);
    json_t *reply = NULL;
    WorkFile file = { .bytes = { NULL, 0 } };
    Err e = { 0 };
    x->cli->upload_name = str_of(slash ? slash + 1 : path);
    if (!in || !sys_file_read(&x->cli->upload, x->cli->a, x->cli->sys, path, WORK_UPLOAD_MAX,
                              &e)) {
        (void)cli_fail(x->cli, &e);
        x->failed++;
        return;
    }
    const UseCase *u = x->preview ? &work_record_preview : &work_record_import;
    if (!cli_do(x->cli, u, in, &reply, &file)) {
        fprintf(stderr, "%s 没有导入\n", path);
        x->failed++;
        return;
    }
    int64_t filed = x->preview ? jv_int(reply, "new") + jv_int(reply, "changed")
                               : jv_int(reply, "filed");
    print_bad(path, reply);
    printf("%s：%s%lld条，相同%lld条，退回%lld条\n", path, x->preview ? "可导入" : "已导入",
           (long long)filed, (long long)jv_int(reply, "same"),
           (long long)jv_int(reply, "refused"));
    x->filed += filed;
    x->same += jv_int(reply, "same");
    x->refused += jv_int(reply, "refused");
    json_decref(reply);
}

/* --- the command ---------------------------------------------------------------------------- */

static bool org_find(Import *x, const char *code)
{
    json_t *reply = NULL;
    WorkFile file = { .bytes = { NULL, 0 } };
    Buf b = buf_open(1 << 12);
    Jw w = jw_open(&b);
    jw_obj(&w);
    jw_kstr(&w, "q", str_of(code));
    jw_end(&w);
    const char *in = jw_close(&w) ? arena_z(x->cli->a, buf_str(&b)) : NULL;
    bool ok = in && cli_do(x->cli, &work_org_list, in, &reply, &file);
    const json_t *items = jv_get(reply, "items");
    for (size_t i = 0; ok && i < jv_len(items); i++)
        if (str_is(jv_str(jv_at(items, i), "code"), code) ||
            str_is(jv_str(jv_at(items, i), "name"), code))
            x->org = jv_int(jv_at(items, i), "id");
    if (ok && !x->org)
        fprintf(stderr, "没有编号或名称为“%s”的组织\n", code);
    json_decref(reply);
    buf_close(&b);
    return x->org != 0;
}

static int usage(void)
{
    fprintf(stderr, "用法：shuping import 表单 文件或文件夹… --dir D [--org 编号] [--as LOGIN] "
                    "[--preview] [--late-reason 原因 --late-by 责任方]\n");
    return 2;
}

int cli_import(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    Import x = { .cli = cli, .late_reason = cli_option(args, "late-reason"),
                 .late_by = cli_option(args, "late-by"), .preview = cli_flag(args, "preview") };
    const char *dir = cli_option(args, "dir"), *as = cli_option(args, "as");
    const char *org = cli_option(args, "org"), *path;
    x.form = cli_word(args);
    if (!dir || !x.form)
        return usage();
    if (!cli_work(cli, dir, false, NULL))
        return 1;
    if (as && !who_named(&cli->who, cli->work, str_of(as), &e))
        return cli_fail(cli, &e);
    while ((path = cli_word(args)) != NULL)
        if (!path_add(&x, path, &e))
            return cli_fail(cli, &e);
    if (!cli_end(args))
        return 2;
    if (x.n == 0)
        return usage();
    if (org && !org_find(&x, org))
        return 1;
    for (size_t i = 0; i < x.n; i++)
        one_file(&x, x.files[i]);
    printf("共%zu个文件：%s%lld条，相同%lld条，退回%lld条，未读%lld个\n", x.n,
           x.preview ? "可导入" : "已导入", (long long)x.filed, (long long)x.same,
           (long long)x.refused, (long long)x.failed);
    return x.refused || x.failed ? 1 : 0;
}
