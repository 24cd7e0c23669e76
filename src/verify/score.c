/* shuping-verify score BUNDLE.json: the result, worked out again from the inputs beside it. A
 * bundle exported from a log also names the facts its inputs cite, with their hashes there. */
#include "verify/verify.h"

#include "score/score.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 8 << 20, CITED_DEPTH_MAX = 8 };

static bool read_file(json_t **out, const char *path, Err *e)
{
    char *text = malloc(FILE_BYTES_MAX + 1);
    FILE *f = fopen(path, "rb");
    size_t n = text && f ? fread(text, 1, FILE_BYTES_MAX + 1, f) : 0;
    bool ok = text || err_fail(e, ERR_NO_MEMORY, err_hole("what", path));
    if (ok && !f)
        ok = err_fail(e, ERR_NOT_FOUND, err_hole("what", path));
    if (ok && n > FILE_BYTES_MAX)
        ok = err_fail(e, ERR_TOO_BIG, err_hole("what", path), err_hole("max", FILE_BYTES_MAX));
    ok = ok && jv_read(out, (Str){ text, n }, path, e);
    if (f)
        fclose(f);
    free(text);
    return ok;
}

static bool names_fact(const json_t *facts, int64_t id)
{
    for (size_t i = 0; i < jv_len(facts); i++)
        if (jv_int(jv_at(facts, i), "id") == id)
            return jv_str(jv_at(facts, i), "hash").n == 2 * sizeof(Hash);
    return false;
}

/* Every fact that the inputs cite stands among the facts, with a hash. */
static bool all_named(const json_t *facts, const json_t *v, int depth, Err *e)
{
    const char *key;
    json_t *child;
    bool ok = true;
    int64_t id = jv_int(v, "fact");
    if (id && !names_fact(facts, id))
        return err_fail(e, ERR_VERIFY_INPUT, err_hole("fact", id), err_hole("what", "facts"));
    for (size_t i = 0; ok && depth > 0 && json_is_array(v) && i < jv_len(v); i++)
        ok = all_named(facts, jv_at(v, i), depth - 1, e);
    if (ok && depth > 0 && json_is_object(v))
        json_object_foreach ((json_t *)v, key, child)
            ok = ok && all_named(facts, child, depth - 1, e);
    return ok;
}

bool verify_bundle(const json_t *whole, Err *e)
{
    const json_t *facts = jv_get(whole, "facts");
    if (facts && !all_named(facts, jv_get(whole, "inputs"), CITED_DEPTH_MAX, e))
        return false;
    json_t *bundle = json_copy((json_t *)whole);
    if (!bundle)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "测算书"));
    json_object_del(bundle, "facts");
    json_object_del(bundle, "log");
    bool ok = score_bundle_verify(bundle, NULL, e);
    json_decref(bundle);
    return ok;
}

int verify_score(const char *path)
{
    Err e = { 0 };
    json_t *bundle = NULL;
    char text[2000];
    bool ok = read_file(&bundle, path, &e) && verify_bundle(bundle, &e);
    if (ok) {
        const json_t *result = jv_get(bundle, "result"), *scheme = jv_get(bundle, "scheme");
        printf("复算一致：方案%.*s，%zu人，各项取值、等次和名次逐位相同\n",
               STR(jv_str(scheme, "name")), jv_len(jv_get(result, "debriefers")));
    } else {
        err_print(&e, LANG_HANS, text, sizeof text);
        fprintf(stderr, "核验没有通过：%s\n", text);
    }
    jv_close(bundle);
    return ok ? 0 : 1;
}
