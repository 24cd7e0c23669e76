/* shuping export score-bundle: every result as one JSON file an object, with the facts it cites and
 * their hashes in the log, so that somebody else recomputes it with a program of his own. */
#include "shuping/cli.h"

#include "fact/fact.h"
#include "score/score.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { CITED_MAX = 1 << 17, CITED_DEPTH_MAX = 8, FILE_BYTES_MAX = 8 << 20 };

typedef struct Export {
    Arena *a;
    const char *out;
    int64_t cycle, number;     /* 0: every cycle; its newest version */
    int64_t files;
    LeafRun *run;
    FactHead head;
} Export;

typedef struct Cited {
    int64_t *ids;
    size_t n;
} Cited;

/* The inputs alone cite facts; their depth is that of a bundle's own shape. */
static void cite(Cited *to, const json_t *v, int depth)
{
    const char *key;
    json_t *child;
    if (jv_int(v, "fact") && to->n < CITED_MAX)
        to->ids[to->n++] = jv_int(v, "fact");
    for (size_t i = 0; depth > 0 && json_is_array(v) && i < jv_len(v); i++)
        cite(to, jv_at(v, i), depth - 1);
    if (depth > 0 && json_is_object(v))
        json_object_foreach ((json_t *)v, key, child)
            if (json_is_object(child) || json_is_array(child))
                cite(to, child, depth - 1);
}

static int by_number(const void *x, const void *y)
{
    const int64_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

static bool fact_json_of(json_t **out, Export *x, Tx *tx, int64_t id, Err *e)
{
    Fact f;
    Hash h;
    if (!fact_get(&f, x->a, tx, id, e) || !leaf_hash(&h, x->run, &f, e))
        return false;
    *out = json_pack("{s:I,s:o,s:I,s:o}", "id", (json_int_t)f.id, "kind", jv_new(f.kind), "seq",
                     (json_int_t)f.seq, "hash", jv_new(hash_hex(x->a, h)));
    return *out || err_fail(e, ERR_NO_MEMORY, err_hole("what", "测算书"));
}

/* The result's own fact and every fact its inputs cite, once each, in order of id. */
static bool cited_json(json_t **out, Export *x, Tx *tx, const Fact *result, const json_t *bundle,
                       Err *e)
{
    Cited cited = { ARENA_ARRAY(x->a, int64_t, CITED_MAX + 1), 0 };
    json_t *list = json_array(), *one;
    bool ok = cited.ids && list;
    if (ok) {
        cite(&cited, jv_get(bundle, "inputs"), CITED_DEPTH_MAX);
        cited.ids[cited.n++] = result->id;
        qsort(cited.ids, cited.n, sizeof *cited.ids, by_number);
    } else {
        ok = err_fail(e, ERR_NO_MEMORY, err_hole("what", "测算书"));
    }
    for (size_t i = 0; ok && i < cited.n; i++) {
        if (i > 0 && cited.ids[i] == cited.ids[i - 1])
            continue;
        ok = fact_json_of(&one, x, tx, cited.ids[i], e);
        if (ok)
            json_array_append_new(list, one);
    }
    if (ok)
        *out = list;
    else
        json_decref(list);
    return ok;
}

static bool file_put(Export *x, const char *path, const json_t *v, Err *e)
{
    Buf b = buf_open(FILE_BYTES_MAX);
    bool ok = jv_canon(&b, v, e);
    FILE *f = ok ? fopen(path, "wx") : NULL;
    if (ok && !f)
        ok = err_fail(e, ERR_FILE_WRITE, err_hole("file", path));
    if (f) {
        bool put = fwrite(b.p, 1, b.n, f) == b.n && fputc('\n', f) != EOF;
        if (fclose(f) != 0 || !put)
            ok = err_fail(e, ERR_FILE_WRITE, err_hole("file", path));
    }
    buf_close(&b);
    x->files += ok;
    return ok;
}

static bool object_put(Export *x, Tx *tx, const Fact *result, const char *object,
                       const json_t *bundle, Err *e)
{
    json_t *facts = NULL;
    Str path = arena_text(x->a, "%s/score-%lld-v%lld-%s.json", x->out,
                          (long long)fact_int(result, "cycle"),
                          (long long)fact_int(result, "version"), object);
    const char *name = arena_z(x->a, path);
    if (!leaf_name_ok(str_of(object)) || strchr(object, '/'))
        return err_fail(e, ERR_SCORE_BUNDLE, err_hole("why", object));
    if (!cited_json(&facts, x, tx, result, bundle, e))
        return false;
    json_t *whole = json_copy((json_t *)bundle);
    json_t *log = json_pack("{s:I,s:o}", "size", (json_int_t)x->head.size, "root",
                            jv_new(hash_hex(x->a, x->head.root)));
    bool ok = whole && log && name && json_object_set(whole, "facts", facts) == 0 &&
              json_object_set(whole, "log", log) == 0;
    ok = ok ? file_put(x, name, whole, e) : err_fail(e, ERR_NO_MEMORY, err_hole("what", "测算书"));
    json_decref(facts);
    json_decref(log);
    json_decref(whole);
    return ok;
}

static bool result_put(Export *x, Tx *tx, const Fact *result, Err *e)
{
    const char *object;
    json_t *body, *bundle;
    if (!jv_read(&body, result->body, "result", e))
        return false;
    bool ok = true;
    json_object_foreach (json_object_get(body, "bundle"), object, bundle)
        ok = ok && object_put(x, tx, result, object, bundle, e);
    json_decref(body);
    return ok;
}

static bool newest(const FactList *l, size_t at)
{
    for (size_t i = 0; i < l->n; i++)
        if (fact_int(&l->items[i], "cycle") == fact_int(&l->items[at], "cycle") &&
            fact_int(&l->items[i], "version") > fact_int(&l->items[at], "version"))
            return false;
    return true;
}

static bool export_job(Tx *tx, void *arg, Err *e)
{
    Export *x = arg;
    FactFilter filter = { .kind = STRC("result") };
    FactList l;
    if (!fact_list(&l, x->a, tx, &filter, e) || !fact_log_head(&x->head, tx, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        const Fact *f = &l.items[i];
        bool wanted = (x->cycle == 0 || fact_int(f, "cycle") == x->cycle) &&
                      (x->number ? fact_int(f, "version") == x->number : newest(&l, i));
        if (wanted && !result_put(x, tx, f, e))
            return false;
    }
    return x->files > 0 || err_fail(e, ERR_RESULT_NONE);
}

static bool number_of(int64_t *out, const char *text)
{
    *out = 0;
    return !text || (str_int(str_of(text), out) && *out > 0);
}

int cli_export(Cli *cli, CliArgs *args)
{
    Err e = { 0 };
    const char *dir = cli_option(args, "dir"), *cycle = cli_option(args, "cycle");
    const char *number = cli_option(args, "number"), *what = NULL;
    Export x = { .a = cli->a, .out = cli_option(args, "out") };
    if (!dir || !x.out || !(what = cli_word(args)) || strcmp(what, "score-bundle") != 0 ||
        !number_of(&x.cycle, cycle) || !number_of(&x.number, number)) {
        fprintf(stderr, "用法：shuping export score-bundle --dir D --out 文件夹 [--cycle 周期编号] "
                        "[--number 版次]\n");
        return 2;
    }
    if (!cli_end(args))
        return 2;
    if (!cli_work(cli, dir, false, NULL))
        return 1;
    mkdir(x.out, 0700); /* there already, or the first file says why not */
    x.run = leaf_open();
    bool ok = x.run ? store_read(work_store(cli->work), export_job, &x, &e)
                    : err_fail(&e, ERR_NO_MEMORY, err_hole("what", "测算书"));
    leaf_close(x.run);
    if (!ok)
        return cli_fail(cli, &e);
    printf("已导出%lld份测算书到%s；用 shuping-verify score 文件 复算\n", (long long)x.files, x.out);
    return 0;
}
