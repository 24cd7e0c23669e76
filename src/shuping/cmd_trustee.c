/* shuping trustee KEYFILE... --in DIR [--open]: a trustee verifies every archive and gives shares,
 * without a net. */
#include "shuping/cli.h"

#include "ballot/trustee.h"
#include "work/keeper.h"

#include <stdio.h>

static void say(const char *line)
{
    printf("%s\n", line);
    fflush(stdout);
}

int cli_trustee(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    const char *keys[TRUSTEE_SET_MAX], *word;
    KeeperJob job = { .keys = keys, .open = cli_flag(args, "open"), .say = say };
    job.dir = cli_option(args, "in");
    while (job.n_keys < TRUSTEE_SET_MAX && (word = cli_word(args)))
        keys[job.n_keys++] = word;
    if (!job.dir || job.n_keys == 0 || !cli_end(args)) {
        fprintf(stderr, "用法：shuping trustee 钥匙文件... --in DIR [--open]\n");
        return 2;
    }
    cli->sys = sys_open_real();
    if (!cli->sys)
        return 1;
    return work_keeper(cli->sys, &job, &e) ? 0 : cli_fail(cli, &e);
}
