/* shuping feel EXPR, shuping dmn eval|check|tck: the expression language and decision models from
 * the console, without a server. */
#include "shuping/cli.h"

#include "dmn/dmn.h"

#include <stdio.h>
#include <string.h>

static bool open_sys(Cli *cli)
{
    cli->sys = sys_open_real();
    if (!cli->sys)
        fprintf(stderr, "无法取得系统时钟或随机数；请检查系统后重试\n");
    return cli->sys != NULL;
}

/* JSON text is read as FEEL, of which it is a part: so a fraction is an exact decimal. */
static bool read_context(Cli *cli, FeelValue *out, const char *text, Err *e)
{
    FeelExpr *x;
    FeelRun run = feel_run(cli->a, 0);
    if (!feel_parse(&x, cli->a, str_of(text), NULL, e) ||
        !feel_eval(out, cli->a, x, NULL, &run, e))
        return false;
    return out->kind == FEEL_CONTEXT || err_fail(e, ERR_FIELD_TYPE, err_hole("field", "JSON"),
                                                 err_hole("want", "{ ... }"));
}

static void put_diags(Cli *cli, const FeelRun *run)
{
    for (size_t i = 0; i < run->n_diags; i++) {
        const FeelDiag *d = &run->diags[i];
        Err e = { 0 };
        char text[2000];
        feel_diag_err(d, &e);
        err_print(&e, cli->lang, text, sizeof text);
        if (d->where.n)
            fprintf(stderr, "%.*s（文件第%u行）：%s\n", STR(d->where), d->file_line, text);
        else
            fprintf(stderr, "%s\n", text);
    }
}

static void put_trace(Cli *cli, const FeelTrace *t, int depth)
{
    Str value = feel_print(cli->a, t->value);
    printf("%*s%.*s = %.*s\n", 2 * depth, "", STR(t->text), STR(value));
    for (const FeelTrace *k = t->first; k; k = k->next)
        put_trace(cli, k, depth + 1);
}

/* --- feel ----------------------------------------------------------------------------------- */
/* What can be seen before evaluating names the closest name; it stands for the diagnostic of the
 * same place. */
static void put_hint(Cli *cli, const FeelExpr *x, FeelValue context, FeelRun *run)
{
    const FeelType *type;
    Err e = { 0 };
    char text[2000];
    if (feel_check(&type, cli->a, x, feel_type_seen(cli->a, context), &e) ||
        e.code != ERR_FEEL_NAME)
        return;
    int64_t line = 0, column = 0;
    bool placed = str_int(err_get(&e, "line"), &line) && str_int(err_get(&e, "column"), &column);
    for (size_t i = 0; placed && i < run->n_diags; i++)
        if (run->diags[i].code == e.code && run->diags[i].line == line &&
            run->diags[i].column == column) {
            err_print(&e, cli->lang, text, sizeof text);
            fprintf(stderr, "%s\n", text);
            memmove(&run->diags[i], &run->diags[i + 1],
                    sizeof *run->diags * (--run->n_diags - i));
            return;
        }
}

static bool eval_text(Cli *cli, const char *text, const char *json, Err *e)
{
    FeelValue context = feel_context(NULL, 0), v;
    FeelExpr *x;
    if (json && !read_context(cli, &context, json, e))
        return false;
    FeelNames known = { .scope = feel_type_seen(cli->a, context) };
    FeelScope scope = { NULL, context.context.entries, context.context.n };
    FeelRun run = feel_run(cli->a, sys_now(cli->sys));
    if (!feel_parse(&x, cli->a, str_of(text), &known, e) ||
        !feel_eval(&v, cli->a, x, &scope, &run, e))
        return false;
    printf("%.*s\n", STR(feel_print(cli->a, v)));
    fflush(stdout);
    put_hint(cli, x, context, &run);
    put_diags(cli, &run);
    return true;
}

int cli_feel(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    const char *json = cli_option(args, "context");
    const char *text = cli_word(args);
    if (!text) {
        fprintf(stderr, "缺少公式；用法：shuping feel EXPR [--context JSON]\n");
        return 2;
    }
    if (!cli_end(args))
        return 2;
    if (!open_sys(cli))
        return 1;
    return eval_text(cli, text, json, &e) ? 0 : cli_fail(cli, &e);
}

/* --- files ---------------------------------------------------------------------------------- */
typedef struct Files {
    DmnSource *sources;
    size_t n, cap;
} Files;

static bool add_file(Cli *cli, Files *f, Str path, Str name, Err *e)
{
    Str text;
    const char *z = arena_z(cli->a, path);
    if (f->n >= DMN_FILES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", name), err_hole("max", DMN_FILES_MAX));
    if (!z || !ARENA_PUSH(cli->a, f->sources, f->n, f->cap))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", name));
    if (!sys_file_read(&text, cli->a, cli->sys, z, DMN_BYTES_MAX, e))
        return false;
    f->sources[f->n++] = (DmnSource){ name, text };
    return true;
}

/* The model, and beside it every other model of its folder: one may import another. */
static bool read_files(Cli *cli, Files *f, Str dir, Str name, Err *e)
{
    SysNames names;
    const char *z = arena_z(cli->a, dir);
    if (!z || !add_file(cli, f, arena_text(cli->a, "%.*s/%.*s", STR(dir), STR(name)), name, e) ||
        !sys_dir_list(&names, cli->a, cli->sys, z, e))
        return false;
    for (size_t i = 0; i < names.n; i++)
        if (str_ends(names.names[i], STRC(".dmn")) && !str_eq(names.names[i], name) &&
            !add_file(cli, f, arena_text(cli->a, "%.*s/%.*s", STR(dir), STR(names.names[i])),
                      names.names[i], e))
            return false;
    return true;
}

static void split_path(Str path, Str *dir, Str *name)
{
    size_t at = path.n;
    while (at && path.p[at - 1] != '/')
        at--;
    *dir = at ? str_sub(path, 0, at - 1) : STRC(".");
    *name = str_sub(path, at, path.n);
    if (at == 1)
        *dir = STRC("/");
}

/* --- eval ----------------------------------------------------------------------------------- */
static void put_faults(Cli *cli, const DmnModel *m)
{
    char text[2000];
    for (size_t i = 0; dmn_fault(m, i); i++) {
        err_print(dmn_fault(m, i), cli->lang, text, sizeof text);
        fprintf(stderr, "%s (%s)\n", text, dmn_fault(m, i)->trail);
    }
}

static bool load(Cli *cli, const DmnModel **m, const char *path, Err *e)
{
    Files files = { 0 };
    Str dir, name;
    split_path(str_of(path), &dir, &name);
    if (!read_files(cli, &files, dir, name, e) ||
        !dmn_read(m, cli->a, files.sources, files.n, e))
        return false;
    put_faults(cli, *m);
    return true;
}

static bool eval_model(Cli *cli, const char *path, const char *json, const char *only,
                       bool explain, Err *e)
{
    const DmnModel *m;
    FeelValue inputs = feel_context(NULL, 0), v;
    DmnRun *r;
    DmnItem item;
    bool found = false;
    if ((json && !read_context(cli, &inputs, json, e)) || !load(cli, &m, path, e))
        return false;
    const FeelTrace *top = NULL;
    FeelRun run = feel_run(cli->a, sys_now(cli->sys));
    if (!dmn_run(&r, cli->a, m, inputs, &run, e))
        return false;
    if (explain && !(top = dmn_explain(r)))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "DMN"));
    for (size_t i = 0; dmn_item(&item, cli->a, m, i); i++) {
        if (only ? !str_is(item.name, only) : item.kind != DMN_DECISION || item.imported)
            continue;
        if (!dmn_eval(&v, r, item.name, e))
            return false;
        found = true;
        if (!explain)
            printf("%.*s = %.*s\n", STR(item.name), STR(feel_print(cli->a, v)));
    }
    for (const FeelTrace *t = top ? top->first : NULL; t; t = t->next)
        put_trace(cli, t, 0);
    fflush(stdout);
    put_diags(cli, &run);
    return found || err_fail(e, ERR_DMN_NONE, err_hole("name", only ? only : "decision"));
}

static int do_eval(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    const char *json = cli_option(args, "input"), *only = cli_option(args, "decision");
    bool explain = cli_flag(args, "explain");
    const char *path = cli_word(args);
    if (!path)
        return -1;
    if (!cli_end(args))
        return 2;
    return eval_model(cli, path, json, only, explain, &e) ? 0 : cli_fail(cli, &e);
}

/* --- check ---------------------------------------------------------------------------------- */
static void put_finding(Str name, const DmnFinding *f, Str values)
{
    if (f->gap)
        printf("%.*s：没有规则满足：%.*s\n", STR(name), STR(values));
    else
        printf("%.*s：规则%zu和规则%zu都满足：%.*s\n", STR(name), f->first, f->second, STR(values));
}

/* Gaps and overlaps of every table. */
static bool check_model(Cli *cli, const char *path, size_t *findings, Err *e)
{
    const DmnModel *m;
    DmnItem item;
    DmnFinding *f;
    size_t n;
    *findings = 0;
    if (!load(cli, &m, path, e))
        return false;
    for (size_t i = 0; dmn_item(&item, cli->a, m, i); i++) {
        if (!item.has_table || item.imported)
            continue;
        if (!dmn_check(&f, &n, cli->a, m, item.name, e)) {
            cli_fail(cli, e);
            err_clear(e);
            ++*findings;
            continue;
        }
        *findings += n;
        for (size_t k = 0; k < n; k++)
            put_finding(item.name, &f[k], dmn_finding_print(cli->a, m, item.name, &f[k]));
        if (n == 0)
            printf("%.*s：没有遗漏，没有重叠\n", STR(item.name));
    }
    return true;
}

static int do_check(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    size_t findings;
    const char *path = cli_word(args);
    if (!path)
        return -1;
    if (!cli_end(args))
        return 2;
    if (!check_model(cli, path, &findings, &e))
        return cli_fail(cli, &e);
    return findings ? 1 : 0;
}

/* --- tck ------------------------------------------------------------------------------------ */
enum { WALK_DEPTH_MAX = 8 };

typedef struct Tally {
    size_t passed, failed, foreign;
} Tally;

static void put_case(const char *dir, const DmnCase *c)
{
    printf("FAIL %s %.*s", dir, STR(c->id));
    if (c->result.n)
        printf(" %.*s: want %.*s, got %.*s", STR(c->result), STR(c->want), STR(c->got));
    if (c->why.n)
        printf(" (%.*s)", STR(c->why));
    printf("\n");
}

/* One file of cases with an arena of its own, for there are thousands. */
static bool run_cases(Cli *cli, Tally *t, const char *dir, Str file, Err *e)
{
    Cli own = *cli;
    Files files = { 0 };
    DmnCase *cases;
    size_t n = 0;
    Str text, model;
    own.a = arena_open(1u << 30);
    if (!own.a)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "DMN"));
    const char *path = arena_z(own.a, arena_text(own.a, "%s/%.*s", dir, STR(file)));
    bool ok = path && sys_file_read(&text, own.a, cli->sys, path, DMN_BYTES_MAX, e) &&
              dmn_cases_model(&model, own.a, file, text, e) &&
              read_files(&own, &files, str_of(dir), model, e) &&
              dmn_cases(&cases, &n, own.a, file, text, files.sources, files.n, e);
    for (size_t i = 0; ok && i < n; i++) {
        t->passed += cases[i].passed && !cases[i].foreign;
        t->failed += !cases[i].passed && !cases[i].foreign;
        t->foreign += cases[i].foreign;
        if (!cases[i].passed && !cases[i].foreign)
            put_case(dir, &cases[i]);
    }
    arena_close(own.a);
    return ok;
}

/* What can be listed is a folder. Only the first must be one. */
static bool walk(Cli *cli, Tally *t, const char *dir, int depth, Err *e)
{
    SysNames names;
    if (depth > WALK_DEPTH_MAX || !sys_dir_list(&names, cli->a, cli->sys, dir, e))
        return false;
    for (size_t i = 0; i < names.n; i++) {
        Err own = { 0 };
        const char *path =
            arena_z(cli->a, arena_text(cli->a, "%s/%.*s", dir, STR(names.names[i])));
        if (!path)
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", "DMN"));
        if (!str_ends(names.names[i], STRC(".xml"))) {
            walk(cli, t, path, depth + 1, &own);
        } else if (!run_cases(cli, t, dir, names.names[i], &own)) {
            printf("FAIL %s\n", path);
            fflush(stdout);
            cli_fail(cli, &own);
            t->failed++;
        }
    }
    return true;
}

static int do_tck(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    Tally t = { 0 };
    const char *dir = cli_word(args);
    if (!dir)
        return -1;
    if (!cli_end(args))
        return 2;
    if (!walk(cli, &t, dir, 0, &e))
        return cli_fail(cli, &e);
    if (t.foreign)
        printf("%zu out of scope: external functions (Java, PMML)\n", t.foreign);
    printf("%zu passed, %zu failed\n", t.passed, t.failed);
    return t.failed ? 1 : 0;
}

int cli_dmn(Cli *cli, CliArgs *args)
{
    static const struct {
        const char *name;
        int (*run)(Cli *cli, CliArgs *args);
    } verbs[] = { { "eval", do_eval }, { "check", do_check }, { "tck", do_tck } };
    const char *verb = cli_word(args);
    if (!open_sys(cli))
        return 1;
    for (size_t i = 0; verb && i < 3; i++)
        if (strcmp(verb, verbs[i].name) == 0) {
            int code = verbs[i].run(cli, args);
            if (code >= 0)
                return code;
        }
    fprintf(stderr, "用法：shuping dmn eval MODEL.dmn --input JSON [--decision NAME] [--explain]\n"
                    "      shuping dmn check MODEL.dmn\n      shuping dmn tck DIR\n");
    return 2;
}
