/* Folding: traditional to simplified through OpenCC, full width to half width, with a map back.
 *
 * OpenCC reads a few megabytes a second; most texts are simplified already. A table of one bit a
 * character, made from OpenCC itself when the handle is opened, says which paragraphs hold
 * anything that it would change; the others are copied. */
#include "text/text.h"

#include <opencc/opencc.h>
#include <stdlib.h>
#include <string.h>

enum { BMP = 0x10000, TRIED_FROM = 0x3400, TRIED_TO = 0xFB00 };

struct Text {
    opencc_t hans, hant;     /* NULL when not asked for */
    uint16_t single[BMP];    /* simplified form of one character; itself when unchanged */
    uint8_t changes[BMP / 8];
};

/* Characters that stay alone but change inside a word: 瞭解, 答覆, 藉口, 沈船, 衹得, 牴牾. */
static const uint16_t changed_in_words[] = { 0x77AD, 0x8986, 0x85C9, 0x6C88, 0x8879, 0x7274 };

/* What every table of OpenCC leaves as it is: 揹 舖 菓 砲 関 硏. */
static const struct Extra {
    uint16_t from, to;
} extras[] = {
    { 0x63F9, 0x80CC }, { 0x8216, 0x94FA }, { 0x83D3, 0x679C },
    { 0x7832, 0x70AE }, { 0x95A2, 0x5173 }, { 0x784F, 0x7814 },
};

static bool bit(const Text *t, uint32_t cp)
{
    return cp < BMP && (t->changes[cp >> 3] >> (cp & 7) & 1);
}

static void set_single(Text *t, uint32_t cp, uint32_t to)
{
    t->single[cp] = (uint16_t)to;
    if (cp != to)
        t->changes[cp >> 3] |= (uint8_t)(1u << (cp & 7));
}

static bool is_no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "文字转换"));
}

/* One call for all characters: lines of one character each, answered line by line. */
static bool learn_changes(Text *t, Err *e)
{
    Buf all = buf_open(1 << 20);
    for (uint32_t cp = TRIED_FROM; cp < TRIED_TO; cp++)
        if (cp < 0xA000 || cp >= 0xF900) {
            buf_point(&all, cp);
            buf_putc(&all, '\n');
        }
    char *done = all.failed ? NULL : opencc_convert_utf8(t->hans, all.p, all.n);
    Str from = buf_str(&all), to = str_of(done);
    size_t i = 0, j = 0;
    while (done && i < from.n && j < to.n) {
        uint32_t cp, as;
        i += str_next(from, i, &cp) + 1;
        j += str_next(to, j, &as);
        if (as < BMP)
            set_single(t, cp, as);
        const char *end = memchr(to.p + j, '\n', to.n - j);
        j = end ? (size_t)(end - to.p) + 1 : to.n;
    }
    opencc_convert_utf8_free(done);
    buf_close(&all);
    return done ? true : is_no_memory(e);
}

static bool open_hans(Text *t, Err *e)
{
    t->hans = opencc_open("hk2s.json");
    if (t->hans == (opencc_t)-1) {
        t->hans = NULL;
        return err_fail(e, ERR_TEXT_TABLE, err_hole("table", "hk2s.json"));
    }
    for (uint32_t cp = 0; cp < BMP; cp++)
        t->single[cp] = (uint16_t)cp;
    if (!learn_changes(t, e))
        return false;
    for (size_t i = 0; i < sizeof extras / sizeof *extras; i++)
        set_single(t, extras[i].from, extras[i].to);
    for (size_t i = 0; i < sizeof changed_in_words / sizeof *changed_in_words; i++)
        t->changes[changed_in_words[i] >> 3] |= (uint8_t)(1u << (changed_in_words[i] & 7));
    return true;
}

static bool open_hant(Text *t, Err *e)
{
    t->hant = opencc_open("s2hk.json");
    if (t->hant != (opencc_t)-1)
        return true;
    t->hant = NULL;
    return err_fail(e, ERR_TEXT_TABLE, err_hole("table", "s2hk.json"));
}

bool text_open(Text **out, unsigned directions, Err *e)
{
    Text *t = calloc(1, sizeof *t);
    if (!t)
        return is_no_memory(e);
    if (((directions & TEXT_TO_HANS) && !open_hans(t, e)) ||
        ((directions & TEXT_TO_HANT) && !open_hant(t, e))) {
        text_close(t);
        return false;
    }
    *out = t;
    return true;
}

void text_close(Text *t)
{
    if (!t)
        return;
    if (t->hans)
        opencc_close(t->hans);
    if (t->hant)
        opencc_close(t->hant);
    free(t);
}

static bool check_input(Str s, Err *e)
{
    if (s.n > TEXT_BYTES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "文字"), err_hole("max", "4 MB"));
    if (!str_valid(s))
        return err_fail(e, ERR_BAD_TEXT, err_hole("what", "文字"));
    return true;
}

/* The half-width form, or cp itself. */
static uint32_t narrow(uint32_t cp)
{
    if ((cp >= 0xFF10 && cp <= 0xFF19) || (cp >= 0xFF21 && cp <= 0xFF3A) ||
        (cp >= 0xFF41 && cp <= 0xFF5A))
        return cp - 0xFEE0;
    switch (cp) {
    case 0xFF03: /* ＃ */
    case 0xFF05: /* ％ */
    case 0xFF0A: /* ＊ */
    case 0xFF0B: /* ＋ */
    case 0xFF0D: /* － */
    case 0xFF0E: /* ． */
    case 0xFF3F: /* ＿ */
    case 0xFF5E: /* ～ */
        return cp - 0xFEE0;
    }
    return cp;
}

/* What a fold writes: bytes, and a span wherever the distance to the original changes. */
typedef struct Fold {
    Arena *a;
    const Text *t;
    char *p;
    size_t n;
    TextSpan *spans;
    size_t n_spans, cap_spans;
    bool refused;
} Fold;

static void put_point(Fold *f, uint32_t cp, size_t origin)
{
    TextSpan *last = &f->spans[f->n_spans - 1];
    if (f->n - last->folded != origin - last->origin) {
        if (!ARENA_PUSH(f->a, f->spans, f->n_spans, f->cap_spans)) {
            f->refused = true;
            return;
        }
        f->spans[f->n_spans++] = (TextSpan){ (uint32_t)f->n, (uint32_t)origin };
    }
    f->n += str_put(f->p + f->n, cp);
}

/* A paragraph where neither script nor width changes is copied. */
static bool is_plain(const Text *t, Str s)
{
    uint32_t cp;
    size_t k;
    for (size_t i = 0; (k = str_next(s, i, &cp)) > 0; i += k)
        if (bit(t, cp) || narrow(cp) != cp)
            return false;
    return true;
}

static bool needs_opencc(const Text *t, Str s)
{
    uint32_t cp;
    size_t k;
    for (size_t i = 0; (k = str_next(s, i, &cp)) > 0; i += k)
        if (bit(t, cp))
            return true;
    return false;
}

static uint32_t simple(const Text *t, uint32_t cp)
{
    return narrow(cp < BMP ? t->single[cp] : cp);
}

/* `hans` is OpenCC's answer for `s`. Its words keep their length in characters, so both are
 * walked together; should a table ever break that, the paragraph is folded by single characters,
 * because a map that is exact matters more than a word that is. */
static void put_paragraph(Fold *f, Str s, Str hans, size_t origin)
{
    bool paired = str_points(s) == str_points(hans);
    size_t j = 0, k;
    uint32_t cp, as;
    for (size_t i = 0; (k = str_next(s, i, &cp)) > 0; i += k) {
        as = cp;
        if (paired)
            j += str_next(hans, j, &as);
        put_point(f, simple(f->t, as), origin + i);
    }
}

static bool fold_paragraph(Fold *f, Str s, size_t origin, Err *e)
{
    if (is_plain(f->t, s)) {
        if (s.n > 0) {
            uint32_t cp;
            size_t k = str_next(s, 0, &cp);
            put_point(f, cp, origin);
            memcpy(f->p + f->n, s.p + k, s.n - k);
            f->n += s.n - k;
        }
    } else if (needs_opencc(f->t, s)) {
        char *hans = opencc_convert_utf8(f->t->hans, s.p, s.n);
        if (!hans)
            return is_no_memory(e);
        put_paragraph(f, s, str_of(hans), origin);
        opencc_convert_utf8_free(hans);
    } else {
        put_paragraph(f, s, s, origin);
    }
    return true;
}

/* A folded character is never longer than the original by more than one byte (a BMP character
 * of three for one of four does not grow), so 4/3 of the input and a little is always room. */
bool text_fold(Folded *out, Arena *a, const Text *t, Str original, Err *e)
{
    if (!check_input(original, e))
        return false;
    Fold f = { .a = a, .t = t, .p = arena_alloc(a, original.n + original.n / 2 + 8) };
    if (!f.p || !ARENA_PUSH(a, f.spans, f.n_spans, f.cap_spans))
        return is_no_memory(e);
    f.spans[f.n_spans++] = (TextSpan){ 0, 0 };
    for (size_t at = 0; at < original.n && !f.refused;) {
        const char *line = original.p + at, *end = memchr(line, '\n', original.n - at);
        size_t n = end ? (size_t)(end - line) + 1 : original.n - at;
        if (!fold_paragraph(&f, (Str){ line, n }, at, e))
            return false;
        at += n;
    }
    if (f.refused)
        return is_no_memory(e);
    *out = (Folded){ { f.p, f.n }, original, f.spans, f.n_spans };
    return true;
}

size_t text_origin(const Folded *f, size_t at)
{
    if (at >= f->text.n)
        return f->original.n;
    size_t low = 0, high = f->n_spans;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (f->spans[mid].folded <= at)
            low = mid;
        else
            high = mid;
    }
    return f->spans[low].origin + (at - f->spans[low].folded);
}

Str text_quote(const Folded *f, size_t from, size_t to)
{
    size_t at = text_origin(f, from), end = text_origin(f, to);
    return str_sub(f->original, at, end > at ? end - at : 0);
}

bool text_to_hans(Str *out, Arena *a, const Text *t, Str s, Err *e)
{
    Folded f;
    if (!text_fold(&f, a, t, s, e))
        return false;
    *out = f.text;
    return true;
}

bool text_to_hant(Str *out, Arena *a, const Text *t, Str s, Err *e)
{
    if (!check_input(s, e))
        return false;
    char *hant = s.n ? opencc_convert_utf8(t->hant, s.p, s.n) : NULL;
    if (s.n && !hant)
        return is_no_memory(e);
    Str made = arena_str(a, str_of(hant));
    opencc_convert_utf8_free(hant);
    if (s.n && made.n == 0)
        return is_no_memory(e);
    *out = made;
    return true;
}
