/* Any JSON is taken for choices or for a bundle, or refused with a reason; what a bundle's inputs
 * give can be written, and what was written verifies. */
#include <stdlib.h>

#include "score/score.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void write_and_verify(Arena *a, const Scheme *s, const ScoreChoices *c,
                             const ScoreInput *in)
{
    Buf b = buf_open(SCORE_BUNDLE_MAX);
    Jw w = jw_open(&b);
    Err e = { .code = ERR_NONE };
    json_t *v;
    if (score_bundle_write(&w, a, s, c, in, &e)) {
        if (!jw_close(&w) || !jv_read(&v, buf_str(&b), "bundle", &e) ||
            !score_bundle_verify(v, s, &e))
            abort();
        jv_close(v);
    } else if (e.code == ERR_NONE) {
        abort();
    }
    buf_close(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Arena *a = arena_open(64 << 20);
    Err e = { .code = ERR_NONE };
    ScoreChoices c;
    ScoreInput in;
    Scheme s;
    json_t *v;
    if (a && jv_read(&v, (Str){ (const char *)data, n }, "fuzz", &e)) {
        if (!score_choices_read(&c, a, v, &e) && e.code == ERR_NONE)
            abort();
        e.code = ERR_NONE;
        if (!score_bundle_verify(v, NULL, &e) && e.code == ERR_NONE)
            abort();
        if (score_bundle_read(&s, &c, &in, a, v, &e))
            write_and_verify(a, &s, &c, &in);
        jv_close(v);
    }
    arena_close(a);
    return 0;
}
