/* Commands that only print what the program knows of itself. */
#include "shuping/cli.h"

#include <stdio.h>

#ifndef VERSION
#error "the Makefile passes VERSION and COMMIT"
#endif

static int put(Cli *cli, Buf *b)
{
    bool ok = !b->failed && fwrite(b->p, 1, b->n, stdout) == b->n && fflush(stdout) == 0;
    buf_close(b);
    (void)cli;
    return ok ? 0 : 1;
}

int cli_openapi(Cli *cli, CliArgs *args)
{
    Buf b = buf_open(WORK_REPLY_MAX);
    Jw w = jw_open(&b);
    if (!cli_end(args))
        return 2;
    api_openapi(&w);
    if (!jw_close(&w)) {
        fprintf(stderr, "接口描述没有写成；请检查路由表\n");
        return 1;
    }
    buf_putc(&b, '\n');
    return put(cli, &b);
}

int cli_routes(Cli *cli, CliArgs *args)
{
    static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };
    size_t n;
    const ApiRoute *all = api_routes(&n);
    (void)cli;
    if (!cli_end(args))
        return 2;
    for (size_t i = 0; i < n; i++)
        printf("%-6s %-52s %-24s %s\n", methods[all[i].method], all[i].path,
               all[i].use_case->name, all[i].use_case->title);
    return 0;
}

int cli_matrix(Cli *cli, CliArgs *args)
{
    Buf b = buf_open(1 << 20);
    if (!cli_end(args))
        return 2;
    work_matrix(&b);
    return put(cli, &b);
}

int cli_version(Cli *cli, CliArgs *args)
{
    (void)cli;
    if (!cli_end(args))
        return 2;
    printf("shuping %s (%s)\n", VERSION, COMMIT);
    return 0;
}
