#include "verify/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int say(const Err *e)
{
    char text[2000];
    err_print(e, LANG_HANS, text, sizeof text);
    fprintf(stderr, "核验没有通过：%s\n", text);
    if (e->trail[0])
        fprintf(stderr, "  (%s: %s)\n", err_name(e->code), e->trail);
    return 1;
}

static bool read_log(Audit *au, FILE *f, Err *e)
{
    LeafRun *run = leaf_open();
    char *line = NULL;
    size_t size = 0;
    ssize_t n;
    int64_t number = 0;
    bool ok = run || err_fail(e, ERR_NO_MEMORY, err_hole("what", "日志"));
    while (ok && (n = getline(&line, &size, f)) > 0) {
        if (line[n - 1] == '\n')
            n--;
        ok = n <= LEAF_LINE_MAX ? verify_line(au, run, (Str){ line, (size_t)n }, ++number, e)
                                : err_fail(e, ERR_TOO_BIG, err_hole("what", "日志的一行"),
                                           err_hole("max", LEAF_LINE_MAX));
    }
    if (ok && ferror(f))
        ok = err_fail(e, ERR_SYS_IO, err_hole("what", "read"), err_hole("path", "日志"),
                      err_hole("why", "I/O"));
    free(line);
    leaf_close(run);
    return ok;
}

static int audit(const char *path, Audit *au)
{
    Err e = { 0 };
    int64_t objects;
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "打不开%s；请检查文件名\n", path);
        return 2;
    }
    bool ok = read_log(au, f, &e);
    if (f != stdin)
        fclose(f);
    if (!ok || !verify_paper(au, &e) || !verify_results(au, &objects, &e))
        return say(&e);
    printf("日志完好：%lld条事实，根 %.*s\n", (long long)au->edge.size,
           STR(hash_hex(au->a, tlog_edge_root(&au->edge))));
    if (au->erased)
        printf("其中依法删除过内容的%lld条，其余字段仍可核验\n", (long long)au->erased);
    if (au->paper_size >= 0)
        printf("日志延续纸面所印的大小%lld和根\n", (long long)au->paper_size);
    printf("结果复算一致：%lld份（%zu个版次）\n", (long long)objects, au->n_results);
    return 0;
}

int main(int argc, char **argv)
{
    Audit au;
    Err e = { 0 };
    if (argc == 3 && strcmp(argv[1], "score") == 0)
        return verify_score(argv[2]);
    const char *path = NULL, *size = NULL, *root = NULL;
    bool known = true;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--size") == 0 && i + 1 < argc)
            size = argv[++i];
        else if (strcmp(argv[i], "--root") == 0 && i + 1 < argc)
            root = argv[++i];
        else if (!path && strncmp(argv[i], "--", 2) != 0)
            path = argv[i];
        else
            known = false;
    }
    if (known && path && !size && !root && verify_is_bel(path))
        return verify_bel(path);
    if (!verify_open(&au, &e))
        return say(&e);
    bool both = (size == NULL) == (root == NULL);
    if (!known || !path || !both ||
        (size && (!str_int(str_of(size), &au.paper_size) || au.paper_size < 1 ||
                  !verify_root_read(&au.paper_root, root)))) {
        fprintf(stderr, "用法：shuping-verify LOG.jsonl [--size 大小 --root 根]\n"
                        "      shuping-verify FILE.bel\n"
                        "      shuping-verify score BUNDLE.json\n");
        verify_close(&au);
        return 2;
    }
    int code = audit(path, &au);
    verify_close(&au);
    return code;
}
