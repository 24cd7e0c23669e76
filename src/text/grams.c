/* Search tokens: pairs of CJK characters. Dictionaries split 述职 and 党建 wrongly; pairs never do. */
#include "text/text.h"

static bool is_cjk(uint32_t cp)
{
    return (cp >= 0x3400 && cp <= 0x9FFF) || (cp >= 0xF900 && cp <= 0xFAFF) || cp == 0x3007 ||
           (cp >= 0x20000 && cp <= 0x3FFFF);
}

static bool is_word(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') ||
           (cp >= 0xC0 && cp <= 0x24F && cp != 0xD7 && cp != 0xF7);
}

static void put_token(Buf *out, bool *first, Str token)
{
    if (!*first)
        buf_putc(out, ' ');
    *first = false;
    buf_put(out, token);
}

static void put_word(Buf *out, bool *first, Str word)
{
    put_token(out, first, (Str){ "", 0 });
    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];
        buf_putc(out, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
    }
}

void text_bigrams(Buf *out, Str folded, TextGrams mode)
{
    bool first = true;
    size_t at = 0, k;
    uint32_t cp, next;
    while ((k = str_next(folded, at, &cp)) > 0) {
        if (is_cjk(cp)) {
            size_t run = at;
            size_t n;
            while ((n = str_next(folded, at + k, &next)) > 0 && is_cjk(next)) {
                put_token(out, &first, str_sub(folded, at, k + n));
                at += k;
                k = n;
            }
            if (mode == TEXT_INDEX || at == run)
                put_token(out, &first, str_sub(folded, at, k));
            at += k;
        } else if (is_word(cp)) {
            size_t from = at;
            do
                at += k;
            while ((k = str_next(folded, at, &cp)) > 0 && is_word(cp));
            put_word(out, &first, str_sub(folded, from, at - from));
        } else {
            at += k;
        }
    }
}
