/* Any text has an outline, and every item of it quotes the text. */
#include "text/text.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void quotes(Str text, Str sentence, size_t from, size_t to)
{
    if (from > to || to > text.n || !str_eq(str_sub(text, from, to - from), sentence))
        abort();
}

static void quote_items(Str text, const OutlineItems *all)
{
    for (size_t i = 0; i < all->n; i++) {
        quotes(text, all->items[i].sentence, all->items[i].from, all->items[i].to);
        if (all->items[i].end > text.n || all->items[i].text.n == 0)
            abort();
    }
}

static void check(Str text, const Outline *o)
{
    quote_items(text, &o->achievements);
    quote_items(text, &o->problems);
    quote_items(text, &o->impressions);
    quote_items(text, &o->demands);
    for (size_t i = 0; i < o->headings.n; i++)
        quotes(text, o->headings.items[i].sentence, o->headings.items[i].from,
               o->headings.items[i].to);
    for (size_t i = 0; i < o->figures.n; i++)
        quotes(text, o->figures.items[i].sentence, o->figures.items[i].from,
               o->figures.items[i].to);
    for (size_t i = 0; i < o->mismatches.n; i++)
        quotes(text, o->mismatches.items[i].sentence, o->mismatches.items[i].from,
               o->mismatches.items[i].to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Text *t;
    static Arena *a;
    Err e = { 0 };
    Outline o;
    Str text = { (const char *)data, size };
    if (!t && !text_open(&t, TEXT_TO_HANS, &e))
        abort();
    if (!a)
        a = arena_open(256u << 20);
    arena_reset(a);
    if (outline_read(&o, a, t, text, &e))
        check(text, &o);
    else if (e.code != ERR_BAD_TEXT)
        abort();
    AdviceIn in = { .parts = { text, text }, .year = 2026, .share_num = 1, .share_den = 3 };
    Advice ad;
    if (advice_report(&ad, a, t, &in, &e))
        for (size_t i = 0; i < ad.n; i++)
            quotes(text, ad.items[i].quote, ad.items[i].from, ad.items[i].to);
    return 0;
}
