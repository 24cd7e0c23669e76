/* shuping stories FILE…: which capability stands in which pack, where people find it and which
 * stories prove it, as a Markdown table made from the first lines of the packs' stories. */
#include "shuping/cli.h"

#include "base/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STORIES_BYTES_MAX = 4 << 20, STORIES_LISTED_MAX = 1000 };

typedef struct Told {
    Str capability, title, pack, screen, name;
} Told;

typedef struct Shelf {
    Told *items;
    size_t n, cap;
} Shelf;

static bool take(Shelf *s, Arena *a, Str line, const char *path, Err *e)
{
    json_t *v;
    if (!jv_read(&v, line, path, e))
        return false;
    bool ok = s->n < STORIES_LISTED_MAX && ARENA_PUSH(a, s->items, s->n, s->cap);
    if (ok)
        s->items[s->n++] = (Told){ arena_str(a, jv_str(v, "capability")),
                                   arena_str(a, jv_str(v, "title")),
                                   arena_str(a, jv_str(v, "pack")),
                                   arena_str(a, jv_str(v, "screen")),
                                   arena_str(a, jv_str(v, "story")) };
    jv_close(v);
    return ok || err_fail(e, ERR_TOO_BIG, err_hole("what", path),
                          err_hole("max", STORIES_LISTED_MAX));
}

static bool read_one(Shelf *s, Cli *cli, const char *path, Err *e)
{
    Str rest, line;
    bool more = true;
    if (!sys_file_read(&rest, cli->a, cli->sys, path, STORIES_BYTES_MAX, e))
        return false;
    while (more) {
        more = str_cut(rest, STRC("\n"), &line, &rest);
        if (str_starts(line, STRC("{\"story\":")) && !take(s, cli->a, line, path, e))
            return false;
    }
    return true;
}

static int by_capability(const void *a, const void *b)
{
    const Told *x = a, *y = b;
    int c = str_cmp(x->capability, y->capability);
    c = c ? c : str_cmp(x->pack, y->pack);
    return c ? c : str_cmp(x->name, y->name);
}

/* Is the screen named by one of the stories before? */
static bool named(const Told *from, const Told *to, Str screen)
{
    for (; from < to; from++) {
        Str rest = from->screen, one;
        bool more = true;
        while (more) {
            more = str_cut(rest, STRC("；"), &one, &rest);
            if (str_eq(one, screen))
                return true;
        }
    }
    return false;
}

/* Every screen where one of the stories can be seen, each once. */
static void put_screens(const Told *from, const Told *to)
{
    const char *between = "";
    for (const Told *at = from; at < to; at++) {
        Str rest = at->screen, one;
        bool more = true;
        while (more) {
            more = str_cut(rest, STRC("；"), &one, &rest);
            if (named(from, at, one))
                continue;
            printf("%s%.*s", between, STR(one));
            between = "；";
        }
    }
}

/* One row a capability; several packs and stories of it stand together. */
static void put(const Shelf *s)
{
    printf("| | | 规则包 | 在哪里看 | 检验 |\n|-|-|-|-|-|\n");
    for (size_t i = 0, k; i < s->n; i = k) {
        const Told *first = &s->items[i];
        printf("| %.*s | %.*s | ", STR(first->capability), STR(first->title));
        for (k = i; k < s->n && str_eq(s->items[k].capability, first->capability); k++)
            if (k == i || !str_eq(s->items[k].pack, s->items[k - 1].pack))
                printf("%s%.*s", k > i ? "、" : "", STR(s->items[k].pack));
        printf(" | ");
        put_screens(first, s->items + k);
        printf(" | ");
        for (size_t m = i; m < k; m++)
            printf("%s`%.*s`", m > i ? " " : "", STR(s->items[m].name));
        printf(" |\n");
    }
}

int cli_stories(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    Shelf s = { 0 };
    const char *path;
    if (!(cli->sys = sys_open_real()))
        return 1;
    while ((path = cli_word(args)) != NULL)
        if (!read_one(&s, cli, path, &e))
            return cli_fail(cli, &e);
    if (s.n == 0 || !cli_end(args)) {
        fprintf(stderr, "用法：shuping stories packs/*/stories.jsonl\n");
        return 2;
    }
    qsort(s.items, s.n, sizeof *s.items, by_capability);
    put(&s);
    return 0;
}
