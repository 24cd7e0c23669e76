/* shuping letters CYCLE --dir D --out FILE.zip [--as LOGIN] [--format pdf|docx]: all feedback
 * letters
 * of a cycle in one archive. What an interrupted run has drawn is not drawn again. */
#include "shuping/cli.h"

#include <stdio.h>
#include <string.h>

static bool draw_all(Cli *cli, const char *json)
{
    const UseCase *u = work_case(STRC("letters_draw"));
    int64_t done = 0, total = 1;
    while (done < total) {
        json_t *reply = NULL;
        WorkFile none = { .bytes = { NULL, 0 } };
        int64_t was = done;
        if (!u || !cli_do(cli, u, json, &reply, &none))
            return false;
        done = jv_int(reply, "done");
        total = jv_int(reply, "total");
        json_decref(reply);
        printf("%lld/%lld\n", (long long)done, (long long)total);
        fflush(stdout);
        if (done <= was)
            break; /* the archive draws what is still missing, or says what is wrong */
    }
    return true;
}

int cli_letters(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    const char *dir = cli_option(args, "dir"), *as = cli_option(args, "as");
    const char *out = cli_option(args, "out"), *format = cli_option(args, "format");
    const char *cycle = cli_word(args);
    int64_t id;
    if (!dir || !out || !cycle || !str_int(str_of(cycle), &id)) {
        fprintf(stderr, "用法：shuping letters CYCLE --dir D --out FILE.zip [--as LOGIN] "
                        "[--format pdf|docx]\n");
        return 2;
    }
    if (!cli_end(args))
        return 2;
    if (!format)
        format = "pdf";
    if (strcmp(format, "pdf") != 0 && strcmp(format, "docx") != 0) {
        fprintf(stderr, "格式应为pdf或docx\n");
        return 2;
    }
    if (!cli_work(cli, dir, false, NULL))
        return 1;
    if (as && !who_named(&cli->who, cli->work, str_of(as), &e))
        return cli_fail(cli, &e);
    const char *json = arena_z(cli->a, arena_text(cli->a, "{\"cycle\":%lld,\"format\":\"%s\"}",
                                                  (long long)id, format));
    const UseCase *u = work_case(STRC("letters_zip"));
    json_t *reply = NULL;
    WorkFile file = { .bytes = { NULL, 0 } };
    if (!json || !u || !draw_all(cli, json) || !cli_do(cli, u, json, &reply, &file))
        return 1;
    json_decref(reply);
    if (!sys_file_write(cli->sys, out, file.bytes, &e))
        return cli_fail(cli, &e);
    printf("已写入%s（%zu字节）\n", out, file.bytes.n);
    return 0;
}
