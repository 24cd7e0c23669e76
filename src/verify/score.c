/* shuping-verify score BUNDLE.json: the result, worked out again from the inputs beside it. */
#include "verify/verify.h"

#include "score/score.h"

#include <stdio.h>
#include <stdlib.h>

static bool read_bundle(json_t **out, const char *path, Err *e)
{
    char *text = malloc(SCORE_BUNDLE_MAX + 1);
    FILE *f = fopen(path, "rb");
    size_t n = text && f ? fread(text, 1, SCORE_BUNDLE_MAX + 1, f) : 0;
    bool ok = text || err_fail(e, ERR_NO_MEMORY, err_hole("what", path));
    if (ok && !f)
        ok = err_fail(e, ERR_NOT_FOUND, err_hole("what", path));
    if (ok && n > SCORE_BUNDLE_MAX)
        ok = err_fail(e, ERR_TOO_BIG, err_hole("what", path), err_hole("max", SCORE_BUNDLE_MAX));
    ok = ok && jv_read(out, (Str){ text, n }, path, e);
    if (f)
        fclose(f);
    free(text);
    return ok;
}

int verify_score(const char *path)
{
    Err e = { 0 };
    json_t *bundle = NULL;
    char text[2000];
    bool ok = read_bundle(&bundle, path, &e) && score_bundle_verify(bundle, NULL, &e);
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
