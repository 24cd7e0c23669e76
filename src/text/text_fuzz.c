/* Decoding and folding of any bytes: what comes out is valid, and its map leads back. */
#include "text/text.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Text *t;
    static Arena *a;
    Err e = { 0 };
    Str text;
    if (!t && !text_open(&t, TEXT_TO_HANS, &e))
        abort();
    if (!a)
        a = arena_open(256u << 20);
    arena_reset(a);
    if (!text_decode(&text, NULL, a, (Str){ (const char *)data, size }, &e))
        return 0;
    Folded f;
    if (!str_valid(text) || !text_fold(&f, a, t, text, &e) || !str_valid(f.text))
        abort();
    size_t k, last = 0;
    uint32_t cp;
    for (size_t at = 0; (k = str_next(f.text, at, &cp)) > 0; at += k) {
        Numeral n;
        DayParts d;
        size_t origin = text_origin(&f, at);
        if (origin < last || str_points(text_quote(&f, at, at + k)) != 1)
            abort();
        last = origin;
        if (at + numeral_read(&n, f.text, at) > f.text.n ||
            at + numeral_date(&d, f.text, at) > f.text.n)
            abort();
    }
    Buf b = buf_open(64u << 20);
    text_bigrams(&b, f.text, TEXT_INDEX);
    if (b.failed || !str_valid(buf_str(&b)))
        abort();
    buf_close(&b);
    return 0;
}
