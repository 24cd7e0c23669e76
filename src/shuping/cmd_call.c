/* shuping call NAME [JSON] --dir D [--as LOGIN] [--upload FILE] [--out FILE]: any use case from the
 * console, with the same checks and the same facts as from the screens. */
#include "shuping/cli.h"

#include <stdio.h>
#include <string.h>

static bool upload_read(Cli *cli, const char *path, Err *e)
{
    const char *slash = strrchr(path, '/');
    cli->upload_name = str_of(slash ? slash + 1 : path);
    return sys_file_read(&cli->upload, cli->a, cli->sys, path, WORK_UPLOAD_MAX, e);
}

static int put_reply(Cli *cli, json_t *reply, const WorkFile *file, const char *out)
{
    Err e = { 0 };
    Buf b = buf_open(WORK_REPLY_MAX);
    int code = 0;
    if (file->bytes.p && out) {
        if (!sys_file_write(cli->sys, out, file->bytes, &e))
            code = cli_fail(cli, &e);
        else
            printf("已写入%s（%zu字节）\n", out, file->bytes.n);
    } else if (file->bytes.p) {
        fwrite(file->bytes.p, 1, file->bytes.n, stdout);
    } else if (jv_canon(&b, reply, &e)) {
        printf("%.*s\n", STR(buf_str(&b)));
    } else {
        code = cli_fail(cli, &e);
    }
    buf_close(&b);
    return code;
}

int cli_call(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    const char *dir = cli_option(args, "dir"), *as = cli_option(args, "as");
    const char *out = cli_option(args, "out"), *upload = cli_option(args, "upload");
    const char *name = cli_word(args), *json = cli_word(args);
    if (!dir || !name) {
        fprintf(stderr, "用法：shuping call NAME [JSON] --dir D [--as LOGIN] [--upload FILE] "
                        "[--out FILE]\n");
        return 2;
    }
    if (!cli_end(args))
        return 2;
    const UseCase *u = work_case(str_of(name));
    if (!u) {
        fprintf(stderr, "没有用例“%s”；全部用例见 shuping routes\n", name);
        return 2;
    }
    if (!cli_work(cli, dir, false, NULL))
        return 1;
    if (as && !who_named(&cli->who, cli->work, str_of(as), &e))
        return cli_fail(cli, &e);
    if (upload && !upload_read(cli, upload, &e))
        return cli_fail(cli, &e);
    json_t *reply = NULL;
    WorkFile file = { .bytes = { NULL, 0 } };
    if (!cli_do(cli, u, json, &reply, &file))
        return 1;
    int code = put_reply(cli, reply, &file, out);
    json_decref(reply);
    return code;
}
