/* shuping check-report FILE [--year N] [--json]: what the screens say while a report is written,
 * for a file, without a server: advice by part, problems, figures, deadlines. */
#include "shuping/cli.h"

#include "print/print.h"
#include "text/draft.h"

#include <stdio.h>

enum { SENTENCE_POINTS = 120 };

/* The year that a report speaks of most is the one it reports on, unless the caller says. */
static int year_of(const Drafts *d, Str text)
{
    int best = 0, most = 0;
    for (int year = 2000; year < 2100; year++) {
        char digits[8];
        int n = 0;
        ptrdiff_t k;
        snprintf(digits, sizeof digits, "%d年", year);
        Str rest = text;
        for (; (k = str_find(rest, str_of(digits))) >= 0; n++)
            rest = str_sub(rest, (size_t)k + 4, rest.n);
        n += str_has(d->outline.title, str_sub(str_of(digits), 0, 4)) ? 1000 : 0;
        if (n > most) {
            most = n;
            best = year;
        }
    }
    return best;
}

static void put_findings(const Advice *ad)
{
    for (size_t i = 0; i < ad->n; i++) {
        const AdviceFinding *f = &ad->items[i];
        printf("- %.*s%s", STR(f->say), f->quote.n ? "：" : "\n");
        if (f->quote.n)
            printf("“%.*s”%s\n", STR(str_sub(f->quote, 0, 120)), f->quote.n > 120 ? "……" : "");
    }
}

static void put_all(Arena *a, const Advice *ad, const Drafts *d, int year)
{
    printf("全文%d字：成绩%d，问题%d，原因%d，措施%d；%d句，写到“我”的%d句，最长一句%d字；套话%d字（%zu处）。",
           ad->points_all, ad->points[0], ad->points[1], ad->points[2], ad->points[3],
           ad->sentences, ad->first_person, ad->longest, ad->phrase_points, ad->n_phrases);
    printf(year ? "按%d年度检查。\n" : "没有看出年度，未检查年份。\n", year);
    put_findings(ad);
    for (size_t i = 0; i < d->problems.n; i++)
        printf("%s  %zu. %.*s\n", i ? "" : "问题\n", i + 1, STR(d->problems.items[i].text));
    for (size_t i = 0; i < d->outline.figures.n; i++) {
        const OutlineFigure *f = &d->outline.figures.items[i];
        printf("%s%.*s%.*s", i ? "，" : "数字\n  ", STR(dec_print_short(a, f->value)),
               STR(f->unit));
    }
    if (d->outline.figures.n)
        printf("\n");
    for (size_t i = 0; i < d->days.n; i++)
        if (d->days.items[i].deadline)
            printf("时限  %.*s：%.*s\n", STR(d->days.items[i].text),
                   STR(d->days.items[i].sentence));
}

static bool put_json(const Advice *ad, const Drafts *d, int year, Err *e)
{
    Buf b = buf_open(WORK_REPLY_MAX);
    Jw w = jw_open(&b);
    jw_obj(&w);
    jw_kint_some(&w, "year", year);
    jw_key(&w, "advice");
    advice_json(&w, ad);
    jw_key(&w, "drafts");
    draft_json(&w, d);
    jw_end(&w);
    bool ok = jw_close(&w) || err_fail(e, ERR_TOO_BIG, err_hole("what", "检查结果"),
                                       err_hole("max", WORK_REPLY_MAX));
    if (ok)
        printf("%.*s\n", STR(buf_str(&b)));
    buf_close(&b);
    return ok;
}

static bool check(Cli *cli, const char *path, int64_t year, bool json, Err *e)
{
    Str text;
    Print *print = NULL;
    Text *t = NULL;
    Drafts d;
    Advice ad;
    PrintSetup setup = { 0 };
    AdviceIn in = { .share_num = 1, .share_den = 3, .first_num = 1, .first_den = 5,
                    .phrase_num = 1, .phrase_den = 10, .sentence_max = SENTENCE_POINTS };
    bool ok = print_open(&print, &setup, e) && cli_read_text(&text, cli, print, path, e) &&
              text_open(&t, TEXT_TO_HANS, e) && draft_read(&d, cli->a, t, NULL, text, e) &&
              advice_split(in.parts, cli->a, t, text, e);
    if (ok) {
        in.year = year > 0 ? (int)year : year_of(&d, text);
        ok = advice_report(&ad, cli->a, t, &in, e);
    }
    if (ok && json)
        ok = put_json(&ad, &d, in.year, e);
    else if (ok)
        put_all(cli->a, &ad, &d, in.year);
    text_close(t);
    print_close(print);
    return ok;
}

int cli_check_report(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    int64_t year = 0;
    bool json = cli_flag(args, "json");
    const char *of = cli_option(args, "year"), *path = cli_word(args);
    if (!path || (of && (!str_int(str_of(of), &year) || year < 1990 || year > 2099))) {
        fprintf(stderr, "%s；用法：shuping check-report FILE [--year N] [--json]\n",
                path ? "年度应为1990到2099" : "缺少文件");
        return 2;
    }
    if (!cli_end(args))
        return 2;
    cli->sys = sys_open_real();
    if (!cli->sys)
        return 1;
    return check(cli, path, year, json, &e) ? 0 : cli_fail(cli, &e);
}
