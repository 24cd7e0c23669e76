/* shuping pack check [FILE...]: are packs sound, do their examples hold, what do drafts lack, and
 * which way do their flows go? Files stand in for the packs of the same name in the program;
 * without files the program's own packs are checked. */
#include "shuping/cli.h"

#include "decl/decl.h"
#include "rule/example.h"
#include "rule/rule.h"
#include "score/score.h"

#include <stdio.h>
#include <string.h>

enum { FILES_MAX = 100 };

typedef struct Check {
    Cli *cli;
    PackSource *sources;
    size_t n;
    Str names[FILES_MAX];   /* of the packs in the files given; none: all packs */
    size_t n_names;
    Rulebook *rb;
    RuleSet *rules;
} Check;

/* The name that a source declares; empty when it declares none. */
static Str name_of(Cli *cli, const PackSource *s)
{
    DeclReader *r;
    DeclItem item;
    DeclSource src = { s->file, s->text };
    Err quiet = { 0 };
    bool ok = decl_open(&r, cli->a, &src, &quiet) && decl_item(&item, r, NULL, 0, &quiet);
    return ok && item.n > 1 && str_is(item.words[0].text, "pack") ? item.words[1].text : (Str){ 0 };
}

static bool is_given(const Check *c, Str name)
{
    for (size_t i = 0; i < c->n_names; i++)
        if (str_eq(c->names[i], name))
            return true;
    return false;
}

static bool take_file(Check *c, const char *path, Err *e)
{
    PackSource s = { .file = str_of(path) };
    if (c->n_names >= FILES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "规则包文件"), err_hole("max", FILES_MAX));
    if (!sys_file_read(&s.text, c->cli->a, c->cli->sys, path, PACK_BYTES_MAX, e))
        return false;
    c->names[c->n_names++] = name_of(c->cli, &s);
    c->sources[c->n++] = s;
    return true;
}

static bool take_all(Check *c, CliArgs *args, Err *e)
{
    const PackSource *own;
    size_t n;
    const char *path;
    if (!pack_builtin(&own, &n, c->cli->a, e))
        return false;
    if (!(c->sources = ARENA_ARRAY(c->cli->a, PackSource, n + FILES_MAX)))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "规则包"));
    while ((path = cli_word(args)))
        if (!take_file(c, path, e))
            return false;
    for (size_t i = 0; i < n; i++)
        if (!is_given(c, name_of(c->cli, &own[i])))
            c->sources[c->n++] = own[i];
    return pack_load(&c->rb, c->cli->a, c->sources, c->n, e) &&
           rule_open(&c->rules, c->cli->a, c->rb, e);
}

static bool is_asked(const Check *c, const Pack *p)
{
    return c->n_names == 0 || is_given(c, p->name);
}

/* --- what is said ---------------------------------------------------------------------------- */
static size_t put_examples(Check *c, const RuleExamples *x)
{
    size_t wrong = 0, n = 0;
    for (size_t i = 0; i < x->n; i++) {
        const RuleExample *one = &x->items[i];
        if (!is_asked(c, one->duty->pack))
            continue;
        n++;
        if (one->ok)
            continue;
        wrong++;
        Str got = one->got < DUTY_STATES ? duty_state_name(one->got) : STRC("—");
        printf("%.*s 第%u行：例子“%.*s”（%.*s）应为%.*s，得到%.*s：%.*s\n", STR(one->place.file),
               one->place.line, STR(one->title), STR(one->duty->name),
               STR(duty_state_name(one->want)), STR(got), STR(one->why));
    }
    printf("例子 %zu 个，%zu 个不符\n", n, wrong);
    return wrong;
}

/* Of all schemes known: what the votes and values of an example give, against what it says. */
static size_t put_worked(const Check *c)
{
    size_t n = 0, wrong = 0;
    const Scheme *s;
    for (size_t k = 0; (s = pack_scheme_at(c->rb, k)) != NULL; k++)
        for (size_t i = 0; i < s->n_examples; i++, n++) {
            Buf bundle = buf_open(SCORE_BUNDLE_MAX);
            char text[2000];
            Err e = { 0 };
            if (!score_example_holds(&bundle, c->cli->a, s, &s->examples[i], &e)) {
                err_print(&e, LANG_HANS, text, sizeof text);
                printf("评分方案 %.*s 的例子“%.*s”：%s\n", STR(s->name), STR(s->examples[i].title),
                       text);
                wrong++;
            }
            buf_close(&bundle);
        }
    printf("评分方案的例子 %zu 个，%zu 个不符\n", n, wrong);
    return wrong;
}

static void put_drafts(const Check *c)
{
    for (size_t i = 0; i < pack_duty_count(c->rb); i++) {
        const Duty *d = pack_duty_at(c->rb, i);
        Str lacks[DUTY_LACKS_MAX];
        if (!d->draft || !is_asked(c, d->pack))
            continue;
        size_t n = duty_lacks(lacks, d);
        printf("草案 %.*s“%.*s”缺少：", STR(d->name), STR(d->title));
        for (size_t k = 0; k < n; k++)
            printf("%s%.*s", k ? "、" : "", STR(lacks[k]));
        printf("%s\n", n ? "" : "没有缺少的，可以去掉 status draft");
    }
}

static void put_flows(const Check *c)
{
    Buf b = buf_open(16 << 20);
    for (size_t i = 0; i < pack_flow_count(c->rb); i++)
        if (is_asked(c, pack_flow_at(c->rb, i)->pack))
            flow_print(&b, pack_flow_at(c->rb, i));
    printf("%.*s", STR(buf_str(&b)));
    buf_close(&b);
}

static size_t count_in(const Check *c, const Pack *p)
{
    size_t n = 0;
    for (size_t i = 0; i < pack_duty_count(c->rb); i++)
        n += pack_duty_at(c->rb, i)->pack == p;
    return n;
}

static bool check(Check *c, CliArgs *args, size_t *wrong, Err *e)
{
    RuleExamples x;
    if (!take_all(c, args, e) || !rule_examples(&x, c->cli->a, c->rules, e))
        return false;
    for (size_t i = 0; i < pack_count(c->rb); i++) {
        const Pack *p = pack_at(c->rb, i);
        if (is_asked(c, p))
            printf("规则包 %.*s“%.*s” %.*s：职责 %zu 项\n", STR(p->name), STR(p->title),
                   STR(p->version), count_in(c, p));
    }
    put_drafts(c);
    put_flows(c);
    *wrong = put_examples(c, &x) + put_worked(c);
    return true;
}

int cli_pack(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    Check c = { .cli = cli };
    size_t wrong = 0;
    const char *what = cli_word(args);
    if (!what || strcmp(what, "check") != 0) {
        fprintf(stderr, "用法：shuping pack check [FILE...]\n");
        return 2;
    }
    cli->sys = sys_open_real();
    if (!cli->sys)
        return 1;
    if (!check(&c, args, &wrong, &e))
        return cli_fail(cli, &e);
    return wrong ? 1 : 0;
}
