/* shuping demo --dir D [--seed N] [--whole-year] [--quiet]: the invented district. Without
 * --whole-year last year is complete and this year stands in mid-cycle, ready to be served. */
#include "shuping/demo_run.h"

#include "fact/fact.h"

#include <stdio.h>
#include <string.h>

enum { SEED = 2026, YEAR = 2026, PASSWORD_BYTES = 9 };

static const Role actor_roles[ACTOR_COUNT] = {
    [ACTOR_SEC_ADMIN] = ROLE_SEC_ADMIN,     [ACTOR_SYS_ADMIN] = ROLE_SYS_ADMIN,
    [ACTOR_AUDIT_ADMIN] = ROLE_AUDIT_ADMIN, [ACTOR_CLERK] = ROLE_ORGANISER_CLERK,
    [ACTOR_HEAD] = ROLE_ORGANISER_HEAD,     [ACTOR_COMMITTEE] = ROLE_COMMITTEE,
    [ACTOR_SUPERIOR] = ROLE_SUPERIOR,       [ACTOR_SURVEYOR] = ROLE_SURVEYOR,
    [ACTOR_TELLER_1] = ROLE_TELLER,         [ACTOR_TELLER_2] = ROLE_TELLER,
    [ACTOR_SCRUTINEER] = ROLE_SCRUTINEER,   [ACTOR_COMMENTATOR] = ROLE_COMMENTATOR,
};

typedef struct LoginJob {
    int64_t account;
    Arena *a;
    Str login;
} LoginJob;

static bool login_job(Tx *tx, void *arg, Err *e)
{
    LoginJob *j = arg;
    Fact f;
    if (!fact_current(&f, j->a, tx, STRC("account"), j->account, e))
        return false;
    j->login = fact_str(j->a, &f, "login");
    return true;
}

/* A password from real randomness, whatever the seed: demonstrations share no password. */
static bool give_password(Demo *d, Sys *real, const Who *who, const char *title)
{
    Err e = { 0 };
    unsigned char raw[PASSWORD_BYTES];
    LoginJob j = { .account = who->account, .a = d->a };
    sys_random(real, raw, sizeof raw);
    Str password = hash_base64(d->a, (Str){ (char *)raw, sizeof raw });
    if (!store_read(work_store(d->cli->work), login_job, &j, &e) ||
        !auth_password_set(work_auth(d->cli->work), who->account, j.login, password, &e))
        return cli_fail(d->cli, &e) == 0;
    printf("  %-12.*s  %.*s  %s\n", STR(j.login), STR(password), title);
    return true;
}

static bool passwords(Demo *d)
{
    Err e = { 0 };
    Sys *real = sys_open_real();
    bool ok = real && (who_named(&d->actors[ACTOR_SEC_ADMIN], d->cli->work, STRC("admin"), &e) ||
                       cli_fail(d->cli, &e) == 0);
    printf("\n示范账号（密码随机生成，只显示这一次）：\n");
    for (int i = ACTOR_SEC_ADMIN; ok && i < ACTOR_COUNT; i++)
        ok = give_password(d, real, &d->actors[i], role_title(actor_roles[i]));
    for (int i = 0; ok && i < 3; i++) {
        int s = (i * 7 + YEAR) % DEMO_SYSTEMS;
        ok = give_password(d, real, &d->secretaries[s],
                           arena_z(d->a, arena_text(d->a, "区%s系统机关党委书记", demo_system(s))));
    }
    sys_close(real);
    return ok;
}

static bool samples(Demo *d)
{
    Err e = { 0 };
    Str speech = demo_speech(d->a, YEAR), docx;
    Print *print = NULL;
    const char *scratch = arena_z(d->a, arena_text(d->a, "%s/scratch", d->dir));
    PrintSetup setup = { .scratch = scratch, .fonts = cli_fonts(d->cli) };
    Paper *p = paper_open(d->a, STRC("述职报告"), PAPER_PORTRAIT);
    json_t *s = demo_section(d->a, &d->random, "first_responsibility", 3, YEAR);
    static const struct { const char *key; Str title; } parts[] = {
        { "achievements", S("主要成绩") }, { "problems", S("存在问题") },
        { "causes", S("原因分析") },       { "measures", S("改进措施") },
    };
    paper_heading(p, 1, STRC("履行第一责任人职责"));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        paper_heading(p, 2, parts[i].title);
        paper_text(p, arena_str(d->a, jv_str(s, parts[i].key)));
    }
    json_decref(s);
    bool ok = print_open(&print, &setup, &e) &&
              print_docx(&docx, d->a, print, p, sys_now(d->cli->sys), &e);
    print_close(print);
    return (ok || cli_fail(d->cli, &e) == 0) && demo_sample(d, "讲话.txt", speech) &&
           demo_sample(d, "述职报告.docx", docx);
}

static bool run(Demo *d, bool whole_year)
{
    Period ledgers = { day_make(whole_year ? YEAR : YEAR - 1, 1, 5),
                       whole_year ? day_make(YEAR, 12, 31) : day_make(YEAR, 11, 20) };
    if (!demo_found(d) || !samples(d) ||
        !demo_packs(d, ledgers, day_make(YEAR, 1, 5)))
        return false;
    if (whole_year)
        return demo_year(d, YEAR, 0, DEMO_CLOSED) && demo_next(d);
    if (!demo_year(d, YEAR - 1, 0, DEMO_CLOSED))
        return false;
    return demo_year(d, YEAR, d->cycle, DEMO_REPORTING) && passwords(d);
}

int cli_demo(Cli *cli, CliArgs *args)
{
    const char *dir = cli_option(args, "dir"), *seed = cli_option(args, "seed");
    bool whole_year = cli_flag(args, "whole-year");
    int64_t n = SEED;
    if (!dir || (seed && (!str_int(str_of(seed), &n) || n < 0))) {
        fprintf(stderr, "用法：shuping demo --dir D [--seed N] [--whole-year]\n");
        return 2;
    }
    if (!cli_end(args))
        return 2;
    int first = whole_year ? YEAR : YEAR - 1;
    Moment start = (Moment)day_make(first, 1, 4) * 86400000 + 3600000;
    Sys *sim = sys_open_sim((uint64_t)n, start);
    if (!sim || !cli_work(cli, dir, true, sim))
        return 1;
    Demo *d = ARENA_NEW(cli->a, Demo);
    if (!d)
        return 1;
    *d = (Demo){ .cli = cli, .a = cli->a, .dir = dir, .random = { (uint64_t)n }, .speak = true };
    if (!run(d, whole_year))
        return 1;
    printf("\n完成：%s\n", dir);
    return 0;
}
