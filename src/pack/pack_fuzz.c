/* Any bytes: loaded or refused with a place. What was loaded loads again from
 * its canonical text with the same hash. */
#include "pack/form.h"

#include <stdlib.h>

static bool load(Rulebook **rb, Arena *a, Str text)
{
    Err e = { 0 };
    PackSource s = { STRC("fuzz.pack"), text };
    bool ok = pack_load(rb, a, &s, 1, &e);
    if (ok == (e.code != ERR_NONE))
        abort();
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    Arena *a = arena_open(32 << 20);
    Rulebook *rb, *again;
    if (a && load(&rb, a, (Str){ (const char *)p, n })) {
        if (!load(&again, a, pack_at(rb, 0)->text) || !hash_eq(pack_hash(rb), pack_hash(again)))
            abort();
        for (size_t i = 0; i < pack_form_count(rb); i++) {
            Buf b = buf_open(1 << 20);
            Jw w = jw_open(&b);
            form_describe(&w, pack_form_at(rb, i));
            if (!jw_close(&w) && !b.failed)
                abort();
            buf_close(&b);
        }
    }
    arena_close(a);
    return 0;
}
