/* shuping outline FILE [--json]: the outline of a speech, without a server. */
#include "shuping/cli.h"

#include "print/print.h"
#include "text/text.h"

#include <stdio.h>
#include <string.h>

static void put_items(const char *title, const OutlineItems *l)
{
    if (l->n)
        printf("\n%s（%zu）\n", title, l->n);
    for (size_t i = 0; i < l->n; i++)
        printf("  %zu. %.*s\n", i + 1, STR(l->items[i].text));
}

static void put_text(Arena *a, const Outline *o)
{
    printf("%.*s\n", STR(o->title));
    for (size_t i = 0; i < o->headings.n; i++) {
        const OutlineHeading *h = &o->headings.items[i];
        printf("%*s%.*s %.*s\n", 2 * h->level, "", STR(h->number), STR(h->text));
    }
    put_items("成绩", &o->achievements);
    put_items("问题", &o->problems);
    put_items("感受", &o->impressions);
    put_items("要求和建议", &o->demands);
    if (o->figures.n)
        printf("\n数字（%zu）\n", o->figures.n);
    for (size_t i = 0; i < o->figures.n; i++) {
        const OutlineFigure *f = &o->figures.items[i];
        printf("  %.*s %.*s%s%.*s\n", STR(dec_print_short(a, f->value)), STR(f->unit),
               f->qualifier.n ? "，" : "", STR(f->qualifier));
    }
    for (size_t i = 0; i < o->mismatches.n; i++)
        printf("\n注意：“%.*s”说有%d个，实有%d个\n", STR(o->mismatches.items[i].what),
               o->mismatches.items[i].announced, o->mismatches.items[i].found);
}

static bool read_and_put(Cli *cli, const char *path, bool json, Err *e)
{
    Str bytes, text;
    Print *print = NULL;
    Text *t = NULL;
    Outline o;
    const char *slash = strrchr(path, '/');
    PrintSetup setup = { 0 };
    bool ok = sys_file_read(&bytes, cli->a, cli->sys, path, PRINT_FILE_BYTES_MAX, e) &&
              print_open(&print, &setup, e) &&
              print_read_text(&text, cli->a, print, str_of(slash ? slash + 1 : path), bytes, e) &&
              text_open(&t, TEXT_TO_HANS, e) && outline_read(&o, cli->a, t, text, e);
    if (ok && json) {
        Buf b = buf_open(WORK_REPLY_MAX);
        Jw w = jw_open(&b);
        outline_json(&w, &o);
        ok = jw_close(&w) ||
             err_fail(e, ERR_TOO_BIG, err_hole("what", path), err_hole("max", WORK_REPLY_MAX));
        if (ok)
            printf("%.*s\n", STR(buf_str(&b)));
        buf_close(&b);
    } else if (ok) {
        put_text(cli->a, &o);
    }
    text_close(t);
    print_close(print);
    return ok;
}

int cli_outline(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    bool json = cli_flag(args, "json");
    const char *path = cli_word(args);
    if (!path) {
        fprintf(stderr, "缺少文件；用法：shuping outline FILE [--json]\n");
        return 2;
    }
    if (!cli_end(args))
        return 2;
    cli->sys = sys_open_real();
    if (!cli->sys)
        return 1;
    return read_and_put(cli, path, json, &e) ? 0 : cli_fail(cli, &e);
}
