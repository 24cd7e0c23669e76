#include "shuping/cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void args_drop(CliArgs *args, int at, int n)
{
    memmove(args->argv + at, args->argv + at + n, sizeof(char *) * (size_t)(args->argc - at - n));
    args->argc -= n;
}

const char *cli_option(CliArgs *args, const char *name)
{
    for (int i = 0; i + 1 < args->argc; i++) {
        if (strncmp(args->argv[i], "--", 2) == 0 && strcmp(args->argv[i] + 2, name) == 0) {
            const char *value = args->argv[i + 1];
            args_drop(args, i, 2);
            return value;
        }
    }
    return NULL;
}

bool cli_flag(CliArgs *args, const char *name)
{
    for (int i = 0; i < args->argc; i++) {
        if (strncmp(args->argv[i], "--", 2) == 0 && strcmp(args->argv[i] + 2, name) == 0) {
            args_drop(args, i, 1);
            return true;
        }
    }
    return false;
}

const char *cli_word(CliArgs *args)
{
    for (int i = 0; i < args->argc; i++) {
        if (strncmp(args->argv[i], "--", 2) != 0) {
            const char *word = args->argv[i];
            args_drop(args, i, 1);
            return word;
        }
    }
    return NULL;
}

bool cli_end(CliArgs *args)
{
    if (args->argc == 0)
        return true;
    fprintf(stderr, "不认识的参数“%s”；用法见 shuping help\n", args->argv[0]);
    return false;
}

int cli_fail(Cli *cli, const Err *e)
{
    char text[2000];
    err_print(e, cli->lang, text, sizeof text);
    fprintf(stderr, "%s\n", text);
    if (e->trail[0])
        fprintf(stderr, "  (%s: %s)\n", err_name(e->code), e->trail);
    return 1;
}

/* Beside the program, where a distribution puts them, or where a checkout keeps them. */
const char *cli_fonts(Cli *cli)
{
    char exe[4096];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe);
    Str dir = { exe, n > 0 ? (size_t)n : 0 };
    while (dir.n && dir.p[dir.n - 1] != '/')
        dir.n--;
    return arena_z(cli->a, arena_text(cli->a, "%.*sfonts:%.*s../.tools/fonts", STR(dir), STR(dir)));
}

bool cli_work(Cli *cli, const char *dir, bool make, Sys *sim)
{
    Err e = { 0 };
    cli->sys = sim ? sim : sys_open_real();
    if (!cli->sys) {
        fprintf(stderr, "无法取得系统时钟或随机数；请检查系统后重试\n");
        return false;
    }
    WorkConfig c = { .dir = dir, .sys = cli->sys, .fonts = cli_fonts(cli), .make = make };
    if (work_open(&cli->work, &c, &e))
        return true;
    cli_fail(cli, &e);
    return false;
}

void cli_close(Cli *cli)
{
    work_close(cli->work);
    sys_close(cli->sys);
    arena_close(cli->a);
}

bool cli_do(Cli *cli, const UseCase *u, const char *json, json_t **reply, WorkFile *file)
{
    Err e = { 0 };
    WorkReply got = { .json = buf_open(WORK_REPLY_MAX) };
    WorkInput in = { .peer = STRC("console"), .upload = cli->upload,
                     .upload_name = cli->upload_name };
    json_t *input = NULL, *value = NULL;
    bool ok = (!json || jv_read(&input, str_of(json), "输入", &e));
    in.json = input;
    ok = ok && work_do(&got, cli->work, &cli->who, u, &in, cli->a, &e);
    if (ok && reply && got.json.n)
        ok = jv_read(&value, buf_str(&got.json), "答复", &e);
    if (!ok)
        cli_fail(cli, &e);
    else if (reply)
        *reply = value;
    if (ok && file)
        *file = got.file;
    json_decref(input);
    buf_close(&got.json);
    return ok;
}
