#include "shuping/cli.h"

#include "print/print.h"

#include <stdio.h>
#include <string.h>

typedef struct Command {
    const char *name, *args, *help;
    int (*run)(Cli *cli, CliArgs *args);
} Command;

static const Command commands[] = {
    { "init", "--dir D", "建立一个空的安装，并给出首位管理员的一次性链接", cli_init },
    { "serve", "--dir D [--listen ADDR] [--port N]", "启动服务", cli_serve },
    { "demo", "--dir D [--seed N] [--whole-year]",
      "生成示范区；--whole-year 走完一整年并逐步打印", cli_demo },
    { "outline", "FILE [--json]", "读出讲话的提纲、成绩、问题、要求和数字", cli_outline },
    { "similar", "DIR [--json]", "比对一个文件夹里的报告：哪些文字与本单位往年、与其他单位相同", cli_similar },
    { "check-report", "FILE [--year N] [--json]", "检查一份述职报告：问题占比、第一人称、套话、旧年份、时限等",
      cli_check_report },
    { "feel", "EXPR [--context JSON]", "计算一个FEEL公式", cli_feel },
    { "dmn", "eval MODEL.dmn --input JSON [--decision NAME] [--explain] | check MODEL.dmn |"
      " tck DIR",
      "计算决策模型；检查决策表的遗漏与重叠；运行一致性测试", cli_dmn },
    { "pack", "check [FILE...]", "检查规则包：写法、例子、草案缺少什么，并印出流程", cli_pack },
    { "ballot", "demo|open --voters N --questions N --trustees K/N --out DIR | "
                "check --in DIR BALLOT...",
      "演示：做一个完整的电子票箱，或只开箱待投；核验别的程序做的选票", cli_ballot },
    { "trustee", "钥匙文件... --in DIR [--open]",
      "保管人离线核验全部存档、给出份额；--open 由到场的钥匙文件就地开箱（服务器丢失时）", cli_trustee },
    { "call", "NAME [JSON] --dir D [--as LOGIN] [--out FILE]", "执行一个用例", cli_call },
    { "letters", "CYCLE --dir D --out FILE.zip [--as LOGIN] [--format pdf|docx]",
      "一个年度的全部反馈函，每人一件，打成一个zip；中断后再运行接着做", cli_letters },
    { "import", "表单 文件或文件夹… --dir D [--org 编号] [--as LOGIN] [--preview]",
      "导入台账（xlsx、csv、JSON Lines），重复导入不会重复记账", cli_import },
    { "get", "PATH --dir D [--as LOGIN]", "打印一个GET接口的答复，列表排成表格", cli_get },
    { "day", "--dir D", "到期提醒和逾期提请（服务运行时每天自动办理一次）", cli_day },
    { "stories", "packs/*/stories.jsonl", "哪项能力在哪个规则包、在哪里看、由哪些故事检验", cli_stories },
    { "burden", "[--check FILE] [--lines] [--forms]",
      "各领域党支部一年的填报负担；--check 与登记的数字比较，--forms 逐张表单列出次数和分钟", cli_burden },
    { "rebuild", "--dir D [--check]", "由事实重建全部视图；--check 同时比较前后是否一致", cli_rebuild },
    { "export", "score-bundle --dir D --out DIR [--cycle N] [--number N]",
      "导出测算书：每个评议对象一个JSON文件，含方案、输入、事实编号和散列、每个中间值，供任何人复算",
      cli_export },
    { "export-log", "--dir D --out FILE", "导出整本日志，供 shuping-verify 核验", cli_export_log },
    { "backup", "--dir D [--passphrase-file F]", "做一份加密并核验过的安全副本", cli_backup },
    { "restore", "--from FILE --dir D [--passphrase-file F]", "由安全副本恢复", cli_restore },
    { "openapi", "", "打印接口描述（OpenAPI 3.1）", cli_openapi },
    { "routes", "", "打印全部接口", cli_routes },
    { "matrix", "", "打印用例与角色对照表", cli_matrix },
    { "version", "", "打印版本", cli_version },
};

static int usage(FILE *to, int code)
{
    fprintf(to, "用法：shuping 命令 [参数]\n\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(to, "  %-11s %s\n              %s\n", commands[i].name, commands[i].args,
                commands[i].help);
    return code;
}

int main(int argc, char **argv)
{
    print_child(argc, argv); /* does not return when this process is a reader or writer */
    if (argc < 2)
        return usage(stderr, 2);
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
        return usage(stdout, 0);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(argv[1], commands[i].name) != 0)
            continue;
        Cli cli = { .exe = argv[0], .a = arena_open(1u << 30), .who = { .console = true } };
        CliArgs args = { argc - 2, argv + 2 };
        int code = cli.a ? commands[i].run(&cli, &args) : 1;
        cli_close(&cli);
        return code;
    }
    fprintf(stderr, "没有命令“%s”；可用命令见 shuping help\n", argv[1]);
    return 2;
}
