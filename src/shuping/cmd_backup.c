/* shuping backup, shuping restore: the passphrase is asked for, never an argument. */
#include "shuping/cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* From a file or, without echo, from the terminal. */
static bool passphrase_read(Cli *cli, const char *file, Str *out)
{
    Err e = { 0 };
    if (file) {
        if (!sys_file_read(out, cli->a, cli->sys, file, 4096, &e))
            return cli_fail(cli, &e) == 0;
        *out = str_trim(*out);
        return true;
    }
    char *typed = getpass("口令（至少12个字）：");
    if (!typed || !*typed) {
        fprintf(stderr, "没有输入口令；请在终端运行，或用 --passphrase-file FILE\n");
        return false;
    }
    *out = arena_str(cli->a, str_of(typed));
    return true;
}

int cli_backup(Cli *cli, CliArgs *args)
{
    const char *dir = cli_option(args, "dir"), *file = cli_option(args, "passphrase-file");
    Str pass;
    json_t *got;
    if (!dir) {
        fprintf(stderr, "用法：shuping backup --dir D [--passphrase-file FILE]\n");
        return 2;
    }
    if (!cli_end(args))
        return 2;
    if (!cli_work(cli, dir, false, NULL) || !passphrase_read(cli, file, &pass))
        return 1;
    Buf b = buf_open(8192);
    Jw w = jw_open(&b);
    jw_obj(&w);
    jw_kstr(&w, "passphrase", pass);
    jw_end(&w);
    const char *json = jw_close(&w) ? arena_z(cli->a, buf_str(&b)) : NULL;
    buf_close(&b);
    if (!json || !cli_do(cli, &work_backup_make, json, &got, NULL))
        return 1;
    printf("安全副本已做好并核验：%s/backups/%.*s\n日志%lld条，根 %.*s\n", dir,
           STR(jv_str(got, "name")), (long long)jv_int(got, "log_size"),
           STR(jv_str(got, "log_root")));
    jv_close(got);
    return 0;
}

int cli_restore(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    Str pass;
    int64_t size;
    const char *dir = cli_option(args, "dir"), *from = cli_option(args, "from");
    const char *file = cli_option(args, "passphrase-file");
    if (!dir || !from) {
        fprintf(stderr, "用法：shuping restore --from FILE --dir D [--passphrase-file FILE]\n");
        return 2;
    }
    if (!cli_end(args))
        return 2;
    cli->sys = sys_open_real();
    if (!cli->sys || !passphrase_read(cli, file, &pass))
        return 1;
    if (!work_restore(cli->sys, cli->a, from, dir, pass, &size, &e))
        return cli_fail(cli, &e);
    printf("已恢复到 %s 并核验：日志%lld条。下一步：shuping serve --dir %s\n", dir,
           (long long)size, dir);
    return 0;
}
