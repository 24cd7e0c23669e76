/* shuping init --dir D: an empty installation and the first administrator's one-time link. */
#include "shuping/cli.h"

#include <stdio.h>

int cli_init(Cli *cli, CliArgs *args)
{
    const char *dir = cli_option(args, "dir");
    if (!dir) {
        fprintf(stderr, "用法：shuping init --dir D\n");
        return 2;
    }
    if (!cli_end(args))
        return 2;
    json_t *got;
    if (!cli_work(cli, dir, true, NULL) || !cli_do(cli, &work_first_admin, NULL, &got, NULL))
        return 1;
    printf("已在 %s 建立空的安装。\n\n"
           "首位安全管理员的登录名：%.*s\n"
           "一次性链接（24小时内有效，只能用一次）：\n"
           "  http://127.0.0.1:8080/activate#%.*s\n\n"
           "下一步：shuping serve --dir %s，然后在本机浏览器打开上面的链接设置密码。\n",
           dir, STR(jv_str(got, "login")), STR(jv_str(got, "code")), dir);
    jv_close(got);
    return 0;
}
