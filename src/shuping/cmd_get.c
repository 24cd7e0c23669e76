/* shuping get PATH --dir D [--as LOGIN]: what a GET of the interface answers, as a table. */
#include "shuping/cli.h"

#include "sheet/sheet.h"

#include <stdio.h>
#include <string.h>

enum { CELL_POINTS_MAX = 60, LEVELS_MAX = 3 };

static bool is_rows(const json_t *v)
{
    return json_is_array(v) && json_array_size(v) && json_is_object(json_array_get(v, 0));
}

static Str cut(Str s)
{
    uint32_t cp;
    size_t at = 0, step;
    for (int i = 0; i < CELL_POINTS_MAX && (step = str_next(s, at, &cp)) > 0; i++)
        at += step;
    return str_sub(s, 0, at);
}

/* A value in one cell: what has parts of its own is counted, the rows follow below. */
static Str cell_text(Arena *a, const json_t *v)
{
    Buf b = buf_open(WORK_REPLY_MAX);
    Err e = { 0 };
    Str out = STRC("");
    if (json_is_string(v))
        out = cut(arena_str(a, jv_text(v)));
    else if (is_rows(v))
        out = arena_text(a, "%zu行", json_array_size(v));
    else if (v && !json_is_null(v) && jv_canon(&b, v, &e))
        out = cut(arena_str(a, buf_str(&b)));
    buf_close(&b);
    for (size_t i = 0; i < out.n; i++)
        if (out.p[i] == '\n') /* a cell is one line */
            out = arena_text(a, "%.*s %.*s", (int)i, out.p, (int)(out.n - i - 1), out.p + i + 1);
    return out;
}

/* The members of all rows, in the order in which they first stand. */
static bool names_of(Map *names, const json_t *rows)
{
    for (size_t i = 0; i < jv_len(rows); i++) {
        const char *key;
        json_t *value;
        json_object_foreach ((json_t *)jv_at(rows, i), key, value)
            if (!map_get(names, str_of(key)) && !map_put(names, str_of(key), value))
                return false;
    }
    return true;
}

static bool table_put(Arena *a, const char *title, const json_t *rows)
{
    Map names = map_open(a);
    Table *t = table_open(a, str_of(title), str_of(title));
    Err e = { 0 };
    if (!names_of(&names, rows))
        return false;
    for (size_t k = 0; k < names.n; k++)
        table_column(t, names.entries[k].key,
                     json_is_integer((json_t *)names.entries[k].value) ? TABLE_INT : TABLE_TEXT, 0);
    for (size_t i = 0; i < jv_len(rows); i++) {
        table_row(t);
        for (size_t k = 0; k < names.n; k++) {
            const char *key = arena_z(a, names.entries[k].key);
            table_text(t, cell_text(a, key ? jv_get(jv_at(rows, i), key) : NULL));
        }
    }
    if (!table_ok(t, &e))
        return false;
    printf("\n%.*s", STR(sheet_table_text(a, t)));
    return true;
}

/* Single values first, then every list of objects as a table; objects inside as well. */
static bool value_put(Arena *a, const char *name, const json_t *v, int level)
{
    const char *key;
    json_t *child;
    bool ok = true;
    json_object_foreach ((json_t *)v, key, child)
        if (!is_rows(child) && !(json_is_object(child) && level < LEVELS_MAX))
            printf("%s%s%s  %.*s\n", name, name[0] ? "." : "", key, STR(cell_text(a, child)));
    json_object_foreach ((json_t *)v, key, child) {
        const char *inner = arena_z(a, arena_text(a, "%s%s%s", name, name[0] ? "." : "", key));
        if (!inner)
            return false;
        if (is_rows(child))
            ok = ok && table_put(a, inner, child);
        else if (json_is_object(child) && level < LEVELS_MAX)
            ok = ok && value_put(a, inner, child, level + 1);
    }
    return ok;
}

int cli_get(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    const ApiRoute *route;
    json_t *in = NULL, *reply = NULL;
    WorkFile file = { .bytes = { NULL, 0 } };
    const char *dir = cli_option(args, "dir"), *as = cli_option(args, "as");
    const char *path = cli_word(args);
    if (!dir || !path) {
        fprintf(stderr, "用法：shuping get PATH --dir D [--as LOGIN]\n");
        return 2;
    }
    if (!cli_end(args))
        return 2;
    if (!api_ask(&route, &in, cli->a, str_of(path), &e))
        return cli_fail(cli, &e);
    Buf json = buf_open(WORK_REPLY_MAX);
    bool ok = !in || jv_canon(&json, in, &e);
    const char *text = ok && in ? arena_z(cli->a, buf_str(&json)) : NULL;
    buf_close(&json);
    jv_close(in);
    if (!ok || !cli_work(cli, dir, false, NULL))
        return ok ? 1 : cli_fail(cli, &e);
    if (as && !who_named(&cli->who, cli->work, str_of(as), &e))
        return cli_fail(cli, &e);
    if (!cli_do(cli, route->use_case, text, &reply, &file))
        return 1;
    if (file.bytes.p)
        fwrite(file.bytes.p, 1, file.bytes.n, stdout);
    else
        ok = value_put(cli->a, "", reply, 0);
    jv_close(reply);
    return ok ? 0 : 1;
}
