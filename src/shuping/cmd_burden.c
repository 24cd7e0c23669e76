/* shuping burden [--check FILE] [--lines] [--forms]: what the packs ask of a branch in a year.
 * With --check the numbers kept in FILE must not be exceeded: whoever asks for more raises them in
 * the same change. */
#include "shuping/cli.h"

#include "pack/pack.h"
#include "work/burden.h"

#include <stdio.h>

static bool count(Burdens *out, Cli *cli, Err *e)
{
    const PackSource *sources;
    size_t n;
    Rulebook *rb;
    RuleSet *rules;
    Sys *sys = sys_open_real();
    if (!sys)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "负担"));
    Day today = moment_day(sys_now(sys));
    sys_close(sys);
    return pack_builtin(&sources, &n, cli->a, e) && pack_load(&rb, cli->a, sources, n, e) &&
           rule_open(&rules, cli->a, rb, e) &&
           work_burden_all(out, cli->a, rules, &(BurdenSet){ .n = 0 }, today, e);
}

static int check(Cli *cli, const Burdens *all, const char *path)
{
    Err e = { 0 };
    Str kept, fallen;
    cli->sys = sys_open_real();
    if (!cli->sys || !sys_file_read(&kept, cli->a, cli->sys, path, 1 << 16, &e) ||
        !work_burden_check(&fallen, cli->a, all, kept, &e))
        return cli_fail(cli, &e);
    if (fallen.n)
        printf("负担下降：%.*s；请用 shuping burden --lines 更新%s\n", STR(fallen), path);
    return 0;
}

int cli_burden(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    Burdens all;
    const char *file = cli_option(args, "check");
    bool lines = cli_flag(args, "lines"), forms = cli_flag(args, "forms");
    if (!cli_end(args))
        return 2;
    if (!count(&all, cli, &e))
        return cli_fail(cli, &e);
    if (file)
        return check(cli, &all, file);
    Buf b = buf_open(1 << 20);
    if (lines)
        work_burden_lines(&b, &all);
    else if (forms)
        work_burden_forms(&b, &all);
    else
        work_burden_print(&b, cli->a, &all);
    fwrite(b.p, 1, b.n, stdout);
    buf_close(&b);
    return 0;
}
