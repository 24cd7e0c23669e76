/* shuping similar DIR [--json]: which reports of a folder share their words, without a server.
 *
 * Every file of the folder is a report; those in its folders 模板, 上级, template and superior are
 * what counts as nothing. The first year in a file's name is its year, the rest of the name says
 * whose it is: 清溪镇-2025.docx and 清溪镇-2026.docx are one unit's two years. */
#include "shuping/cli.h"

#include "origin/origin.h"
#include "print/print.h"
#include "text/text.h"

#include <stdio.h>
#include <string.h>

enum { MOSTLY_KEPT = 700, CHANGES_SHOWN = 12 };

typedef struct File {
    Str name, text;
    OriginDoc doc;
    Str owner;
} File;

typedef struct Folder {
    Cli *cli;
    Print *print;
    Text *text;
    Origin *origin;
    Arena *scratch;          /* of one report */
    File *files;
    size_t n, cap;
    int exempt, unread;
} Folder;

bool cli_read_text(Str *out, Cli *cli, const Print *print, const char *path, Err *e)
{
    Str bytes;
    const char *slash = strrchr(path, '/');
    return sys_file_read(&bytes, cli->a, cli->sys, path, PRINT_FILE_BYTES_MAX, e) &&
           print_read_text(out, cli->a, print, str_of(slash ? slash + 1 : path), bytes, e);
}

/* --- reading the folder ----------------------------------------------------------------------*/

static bool is_readable(Str name)
{
    return str_ends(name, STRC(".docx")) || str_ends(name, STRC(".txt")) ||
           str_ends(name, STRC(".html")) || str_ends(name, STRC(".htm")) ||
           str_ends(name, STRC(".pdf"));
}

/* Whose and which year's: "2025年度-清溪镇.docx" is 清溪镇's of 2025. */
static void read_name(Folder *w, File *f)
{
    Str stem = f->name;
    Buf b = buf_open(1 << 12);
    while (stem.n > 0 && stem.p[stem.n - 1] != '.')
        stem.n--;
    for (size_t i = 0, k; i < stem.n; i += k) {
        uint32_t cp;
        int64_t year;
        k = str_next(stem, i, &cp);
        if (f->doc.year == 0 && str_int(str_sub(stem, i, 4), &year) && year >= 1990 &&
            year < 2100) {
            f->doc.year = (int)year;
            k = 4;
        } else if (cp > 0x80 ? cp != 0x5E74 && cp != 0x5EA6 : cp != '-' && cp != '_' &&
                   cp != '.' && cp != ' ') { /* 年 and 度 go with the year */
            buf_put(&b, str_sub(stem, i, k));
        }
    }
    f->owner = arena_str(w->cli->a, buf_str(&b));
    buf_close(&b);
}

static void give_owner(Folder *w, File *f)
{
    f->doc.owner = (int64_t)w->n;
    for (size_t i = 0; i < w->n; i++)
        if (str_eq(w->files[i].owner, f->owner))
            f->doc.owner = w->files[i].doc.owner;
}

/* A file that cannot be read is named and left out: one bad file of 200 must not stop the rest. */
static bool take_file(Folder *w, const char *path, Str name, bool exempt, Err *e)
{
    File f = { .name = arena_str(w->cli->a, name) };
    if (!cli_read_text(&f.text, w->cli, w->print, path, e)) {
        char why[1000];
        err_print(e, w->cli->lang, why, sizeof why);
        fprintf(stderr, "没有读取%.*s：%s\n", STR(name), why);
        err_clear(e);
        w->unread++;
        return true;
    }
    if (exempt) {
        w->exempt++;
        return origin_exempt(w->origin, f.text, e);
    }
    read_name(w, &f);
    give_owner(w, &f);
    f.doc.id = (int64_t)w->n;
    if (!ARENA_PUSH(w->cli->a, w->files, w->n, w->cap))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取报告"));
    w->files[w->n++] = f;
    return true;
}

static bool take_folder(Folder *w, const char *dir, bool exempt, Err *e)
{
    SysNames names;
    if (!sys_dir_list(&names, w->cli->a, w->cli->sys, dir, e))
        return false;
    for (size_t i = 0; i < names.n; i++) {
        if (!is_readable(names.names[i]))
            continue;
        const char *path = arena_z(w->cli->a, arena_text(w->cli->a, "%s/%.*s", dir,
                                                         STR(names.names[i])));
        if (!path || !take_file(w, path, names.names[i], exempt, e))
            return false;
    }
    return true;
}

static bool take_all(Folder *w, const char *dir, Err *e)
{
    static const char *const apart[] = { "模板", "上级", "template", "superior" };
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++) {
        const char *path = arena_z(w->cli->a, arena_text(w->cli->a, "%s/%s", dir, apart[i]));
        if (path && sys_exists(w->cli->sys, path) && !take_folder(w, path, true, e))
            return false;
    }
    if (!take_folder(w, dir, false, e))
        return false;
    for (size_t i = 0; i < w->n; i++)
        if (!origin_add(w->origin, &w->files[i].doc, w->files[i].text, e))
            return err_note(e, "while adding %.*s", STR(w->files[i].name));
    return origin_settle(w->origin, e);
}

static bool fetch(Str *out, Arena *a, void *ctx, const OriginDoc *d, Err *e)
{
    (void)a;
    (void)e;
    *out = ((Folder *)ctx)->files[d->id].text;
    return true;
}

/* --- saying it ------------------------------------------------------------------------------ */

static void put_changes(const OriginChanges *c)
{
    printf("      %s", c->only_renamed ? "只改了年份、地名和数字：" : "改动：");
    for (size_t i = 0; i < c->n && i < CHANGES_SHOWN; i++)
        printf("%s“%.*s”→“%.*s”", i ? "，" : "", STR(c->items[i].before), STR(c->items[i].now));
    printf(c->n > CHANGES_SHOWN ? "等%zu处\n" : "（共%zu处）\n", c->n);
}

static bool put_source(Folder *w, const File *f, const OriginSource *s, Err *e)
{
    const File *from = &w->files[s->doc.id];
    OriginChanges c;
    printf("    %s %.*s：%d.%d%%（对方的%d.%d%%），%zu段\n", s->own ? "本单位其他年度" : "其他单位",
           STR(from->name), s->beside.permille / 10, s->beside.permille % 10,
           s->beside.other_permille / 10, s->beside.other_permille % 10, s->beside.n);
    if (s->beside.permille < MOSTLY_KEPT || from->doc.year > f->doc.year)
        return true;
    if (!origin_changes(&c, w->scratch, w->origin, f->text, from->text, e))
        return false;
    if (c.kept >= MOSTLY_KEPT && c.n > 0)
        put_changes(&c);
    return true;
}

static bool put_report(Folder *w, const File *f, const OriginFound *found, Err *e)
{
    printf("%.*s：自有文字%d字，%d.%d%%与本单位其他年度相同，%d.%d%%与其他单位相同\n", STR(f->name),
           found->own, found->own_earlier / 10, found->own_earlier % 10, found->elsewhere / 10,
           found->elsewhere % 10);
    for (size_t i = 0; i < found->n; i++)
        if (!put_source(w, f, &found->sources[i], e))
            return false;
    return true;
}

static bool put_text(Folder *w, Err *e)
{
    printf("比对%zu份报告，%d份模板和上级文件不计入，%d份没有读取。以下是事实，供作者说明，不是结论。\n",
           w->n, w->exempt, w->unread);
    for (size_t i = 0; i < w->n; i++) {
        const File *f = &w->files[i];
        OriginFound found;
        arena_reset(w->scratch);
        if (!origin_report(&found, w->scratch, w->origin, &f->doc, f->text, fetch, w, e) ||
            !put_report(w, f, &found, e))
            return err_note(e, "while comparing %.*s", STR(f->name));
    }
    return true;
}

static bool put_json_report(Folder *w, Jw *j, const File *f, Err *e)
{
    OriginFound found;
    OriginChanges c;
    arena_reset(w->scratch);
    if (!origin_report(&found, w->scratch, w->origin, &f->doc, f->text, fetch, w, e))
        return err_note(e, "while comparing %.*s", STR(f->name));
    jw_obj(j);
    jw_kint(j, "id", f->doc.id);
    jw_kstr(j, "file", f->name);
    jw_kint_some(j, "year", f->doc.year);
    jw_key(j, "found");
    origin_found_json(j, &found);
    for (size_t i = 0; i < found.n; i++) {
        const File *from = &w->files[found.sources[i].doc.id];
        if (found.sources[i].beside.permille < MOSTLY_KEPT || from->doc.year > f->doc.year)
            continue;
        if (!origin_changes(&c, w->scratch, w->origin, f->text, from->text, e))
            return false;
        jw_kint(j, "changed_from", from->doc.id);
        jw_key(j, "changes");
        origin_changes_json(j, &c);
        break; /* from the likest earlier one */
    }
    jw_end(j);
    return true;
}

static bool put_json(Folder *w, Err *e)
{
    Buf b = buf_open((size_t)256 << 20);
    Jw j = jw_open(&b);
    bool ok = true;
    jw_obj(&j);
    jw_kint(&j, "exempt", w->exempt);
    jw_kint(&j, "unread", w->unread);
    jw_key(&j, "reports");
    jw_arr(&j);
    for (size_t i = 0; ok && i < w->n; i++)
        ok = put_json_report(w, &j, &w->files[i], e);
    jw_end(&j);
    jw_end(&j);
    if (ok && !jw_close(&j))
        ok = err_fail(e, ERR_TOO_BIG, err_hole("what", "比对结果"), err_hole("max", "256 MB"));
    if (ok)
        printf("%.*s\n", STR(buf_str(&b)));
    buf_close(&b);
    return ok;
}

int cli_similar(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    PrintSetup setup = { 0 };
    Folder w = { .cli = cli };
    bool json = cli_flag(args, "json");
    const char *dir = cli_word(args);
    if (!dir) {
        fprintf(stderr, "缺少文件夹；用法：shuping similar DIR [--json]\n");
        return 2;
    }
    if (!cli_end(args))
        return 2;
    cli->sys = sys_open_real();
    w.scratch = arena_open((size_t)1 << 30);
    if (!cli->sys || !w.scratch)
        return 1;
    bool ok = print_open(&w.print, &setup, &e) && text_open(&w.text, TEXT_TO_HANS, &e) &&
              origin_open(&w.origin, w.text, ORIGIN_NORMAL, &e) && take_all(&w, dir, &e) &&
              (json ? put_json(&w, &e) : put_text(&w, &e));
    origin_close(w.origin);
    text_close(w.text);
    print_close(w.print);
    arena_close(w.scratch);
    return ok ? 0 : cli_fail(cli, &e);
}
