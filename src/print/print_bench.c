/* 300 letters of one page, each a PDF of its own with other words, in one child as the batch makes
 * them. The limit is 10 s of processor time, the children's counted, because whoever else uses the
 * machine is not measured; it runs on one core, so on a free one that is the time. The peer
 * is the same paper 20 times, each in a child of its own. */
#include "base/bench.h"
#include "print/part.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { LETTERS = 300, AT_ONCE = 40, PEERS = 20, LINES = 7 };

static double of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double seconds(void)
{
    struct rusage own, children;
    if (getrusage(RUSAGE_SELF, &own) != 0 || getrusage(RUSAGE_CHILDREN, &children) != 0)
        return 0;
    return of(own.ru_utime) + of(own.ru_stime) + of(children.ru_utime) + of(children.ru_stime);
}

/* Sentences as letters have them, others in each letter, with a name of its own. */
static Str words(Arena *a, int letter, int line)
{
    static const char *const said[] = {
        "述职直面问题，没有绕弯子，企业技术改造抓得实，带头联系基层党支部并解决具体困难。",
        "抓党建与抓业务结合不紧，“两张皮”问题仍然存在，个别支部主题党日形式单一。",
        "党务干部培训不够系统，对发展党员工作程序掌握不准，档案材料整理不及时。",
        "坚持每季度研究党建工作，对软弱涣散党组织逐个分析原因、制定整顿措施。",
        "压力传导逐级减弱，有的科室负责人一岗双责意识不强，谈心谈话流于表面。",
        "服务群众办法不多，窗口排队时间长、群众反映的停车难题拖了半年没有答复。",
        "推行积分管理和亮牌督办，把党员示范岗设在重点项目、信访积案和防汛一线。",
        "对照清单逐项整改，明确责任领导、完成时限和可以核验的目标，防止反弹回潮。",
    };
    enum { SAID = sizeof said / sizeof *said };
    return arena_text(a, "%d.%s（第%d号）", line + 1, said[(letter + line * 3) % SAID],
                      letter * 7 + line);
}

static Paper *letter(Arena *a, int n)
{
    Paper *p = paper_open(a, STRC("反馈函"), PAPER_PORTRAIT);
    paper_issuer(p, STRC("云岭区委"), STRC(""));
    paper_title(p, STRC("关于反馈述职评议考核\n综合评价意见的函"));
    Buf name = buf_open(100); /* letters differ in their rare characters */
    for (int i = 0; i < 3; i++)
        buf_point(&name, 0x4E00 + (uint32_t)((n * 131 + i * 977) % 5000));
    paper_addressee(p, arena_text(a, "区系统机关党委 %.*s同志", STR(buf_str(&name))));
    buf_close(&name);
    for (int i = 0; i < LINES; i++) {
        if (i % 3 == 0)
            paper_heading(p, 1, STRC("一、肯定的成绩"));
        paper_text(p, words(a, n, i));
    }
    paper_dateline(p, STRC("云岭区委"), 20000);
    return p;
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    Arena *a = arena_open(1 << 30);
    Print *pr = NULL;
    Err e = { 0 };
    const Paper *papers[AT_ONCE];
    Str made[AT_ONCE];
    size_t bytes = 0;
    PrintSetup setup = { .fonts = ".tools/fonts", .scratch = "/tmp" };
    bool ok = a && print_open(&pr, &setup, &e);
    double start = seconds();
    for (int n = 0; ok && n < LETTERS; n += AT_ONCE) {
        size_t many = LETTERS - n < AT_ONCE ? (size_t)(LETTERS - n) : AT_ONCE;
        for (size_t i = 0; i < many; i++)
            papers[i] = letter(a, n + (int)i);
        ok = print_pdfs(made, a, pr, papers, many, 0, &e);
        for (size_t i = 0; ok && i < many; i++)
            bytes += made[i].n;
    }
    double batch = seconds() - start;
    start = seconds();
    for (int n = 0; ok && n < PEERS; n++)
        ok = print_pdf(made, a, pr, letter(a, n), 0, &e);
    double one = (seconds() - start) / PEERS;
    if (ok) {
        printf("300 letters of one page: %.1f ms each, %.0f kB each; one at a time %.1f ms each, "
               "%.1f times as long\n", batch / LETTERS * 1e3, (double)bytes / LETTERS / 1e3,
               one * 1e3, one / (batch / LETTERS));
        bench_limit("300 PDFs of one page, processor", batch, true, 10, "s");
    } else {
        fprintf(stderr, "%s\n", err_name(e.code));
    }
    print_close(pr);
    arena_close(a);
    return ok ? 0 : 1;
}
