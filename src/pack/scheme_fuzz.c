/* Whatever text a scheme is made of, it is read or refused with a reason, and what was read is read
 * again from its canonical text with the same hash. */
#include <stdlib.h>

#include "pack/scheme.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Arena *a = arena_open(64 << 20);
    Err e = { .code = ERR_NONE };
    Scheme s, again;
    if (!a)
        return 0;
    if (pack_scheme_parse(&s, a, STRC("fuzz.pack"), (Str){ (const char *)data, n }, &e)) {
        if (!pack_scheme_parse(&again, a, STRC("fuzz.pack"), s.text, &e) ||
            !hash_eq(s.hash, again.hash))
            abort();
    } else if (e.code == ERR_NONE) {
        abort();
    }
    arena_close(a);
    return 0;
}
