/* shuping day --dir D: the turn of the day, as the server does at its start and after midnight. */
#include "shuping/cli.h"

#include <stdio.h>

bool cli_day_turn(Cli *cli)
{
    json_t *reply = NULL;
    Arena *kept = cli->a, *a = arena_open(1u << 30);
    if (!a)
        return false;
    cli->a = a; /* what a turn needs is given back: a server turns for years */
    bool ok = cli_do(cli, &work_day_turn, NULL, &reply, NULL);
    cli->a = kept;
    arena_close(a);
    if (ok)
        printf("%.*s：查看%lld个组织，新发提醒%lld条\n", STR(jv_str(reply, "day")),
               (long long)jv_int(reply, "orgs"), (long long)jv_int(reply, "filed"));
    jv_close(reply);
    fflush(stdout);
    return ok;
}

int cli_day(Cli *cli, CliArgs *args)
{
    const char *dir = cli_option(args, "dir");
    if (!dir) {
        fprintf(stderr, "用法：shuping day --dir D\n");
        return 2;
    }
    if (!cli_end(args))
        return 2;
    return cli_work(cli, dir, false, NULL) && cli_day_turn(cli) ? 0 : 1;
}
