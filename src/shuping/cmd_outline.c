/* shuping outline FILE [--json]: the outline of a speech and the drafts taken from it, without a
 * server. */
#include "shuping/cli.h"

#include "print/print.h"
#include "text/draft.h"

#include <stdio.h>

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

static void put_drafts(const Drafts *d)
{
    Buf b = buf_open(WORK_REPLY_MAX);
    for (size_t i = 0; i < d->programmes.n; i++)
        printf("%s  “%.*s”\n", i ? "" : "\n专项\n", STR(d->programmes.items[i].name));
    for (size_t i = 0; i < d->days.n; i++)
        if (d->days.items[i].deadline)
            buf_fmt(&b, "  %.*s：%.*s\n", STR(d->days.items[i].text),
                    STR(d->days.items[i].sentence));
    if (b.n)
        printf("\n时限\n%.*s", STR(buf_str(&b)));
    buf_reset(&b);
    for (size_t i = 0; i < d->duties.n; i++) {
        char name[40];
        snprintf(name, sizeof name, "speech_%zu", i + 1);
        draft_duty_pack(&b, &d->duties.items[i], str_of(name), d->outline.title);
    }
    if (b.n)
        printf("\n职责草案（规则包写法，须补齐后启用）\n%.*s", STR(buf_str(&b)));
    buf_close(&b);
}

static bool read_and_put(Cli *cli, const char *path, bool json, Err *e)
{
    Str text;
    Print *print = NULL;
    Text *t = NULL;
    Drafts d;
    PrintSetup setup = { 0 };
    bool ok = print_open(&print, &setup, e) && cli_read_text(&text, cli, print, path, e) &&
              text_open(&t, TEXT_TO_HANS, e) && draft_read(&d, cli->a, t, NULL, text, e);
    if (ok && json) {
        Buf b = buf_open(WORK_REPLY_MAX);
        Jw w = jw_open(&b);
        draft_json(&w, &d);
        ok = jw_close(&w) ||
             err_fail(e, ERR_TOO_BIG, err_hole("what", path), err_hole("max", WORK_REPLY_MAX));
        if (ok)
            printf("%.*s\n", STR(buf_str(&b)));
        buf_close(&b);
    } else if (ok) {
        put_text(cli->a, &d.outline);
        put_drafts(&d);
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
