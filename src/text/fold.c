/* Folding: traditional to simplified through OpenCC, full width to half width, with a map back.
 *
 * OpenCC reads three megabytes a second. All but two dozen characters have one simplified form
 * whatever stands beside them; those forms are asked from OpenCC once, when they are first needed,
 * and looked up from then on. Only a run of CJK characters that holds one of the others (藉口, 徵求,
 * 乾隆, 於菟) goes through OpenCC itself. The test compares both ways. */
#include "text/text.h"

#include <opencc/opencc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { BMP = 0x10000, CJK_FROM = 0x3400, CJK_TO = 0xA000, ODD_FROM = 0xF900, ODD_TO = 0xFB00 };

typedef struct Hans {
    opencc_t convert;
    uint16_t single[BMP];    /* simplified form of one character; itself when unchanged */
    uint8_t by_word[BMP / 8]; /* one bit a character: its form depends on the word */
} Hans;

/* Opening takes 20 ms and 5 MB a direction, so each waits until it is needed. */
struct Text {
    struct Late {
        _Atomic(Hans *) hans;
        _Atomic(opencc_t) hant;
    } *late;
};

/* 徵 鍊 藉 鍾 薹 乾 畫 瞭 於 覆 麼 噁 濛 吒 昇 沈 鉅 俱 彷 牴 么 麽 衹: every character that OpenCC's
 * phrase tables (TSPhrases, HKVariantsRevPhrases of 1.1.6) change otherwise than its character
 * tables do. */
static const uint16_t by_word[] = {
    0x5FB5, 0x934A, 0x85C9, 0x937E, 0x85B9, 0x4E7E, 0x756B, 0x77AD, 0x65BC, 0x8986, 0x9EBC, 0x5641,
    0x6FDB, 0x5412, 0x6607, 0x6C88, 0x9245, 0x4FF1, 0x5F77, 0x7274, 0x4E48, 0x9EBD, 0x8879,
};

/* What every table of OpenCC leaves as it is: 揹 舖 菓 砲 関 硏. */
static const struct Extra {
    uint16_t from, to;
} extras[] = {
    { 0x63F9, 0x80CC }, { 0x8216, 0x94FA }, { 0x83D3, 0x679C },
    { 0x7832, 0x70AE }, { 0x95A2, 0x5173 }, { 0x784F, 0x7814 },
};

static bool is_by_word(const Hans *t, uint32_t cp)
{
    return cp < BMP && (t->by_word[cp >> 3] >> (cp & 7) & 1);
}

static bool is_cjk(uint32_t cp)
{
    return (cp >= CJK_FROM && cp < CJK_TO) || (cp >= ODD_FROM && cp < ODD_TO);
}

static bool is_no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "文字转换"));
}

/* One call for all characters: lines of one character each, answered line by line. */
static bool learn_singles(Hans *t, Err *e)
{
    Buf all = buf_open(1 << 20);
    for (uint32_t cp = CJK_FROM; cp < ODD_TO; cp++)
        if (is_cjk(cp)) {
            buf_point(&all, cp);
            buf_putc(&all, '\n');
        }
    char *done = all.failed ? NULL : opencc_convert_utf8(t->convert, all.p, all.n);
    Str from = buf_str(&all), to = str_of(done);
    size_t i = 0, j = 0;
    while (done && i < from.n && j < to.n) {
        uint32_t cp, as;
        i += str_next(from, i, &cp) + 1;
        j += str_next(to, j, &as);
        if (as < BMP)
            t->single[cp] = (uint16_t)as;
        const char *end = memchr(to.p + j, '\n', to.n - j);
        j = end ? (size_t)(end - to.p) + 1 : to.n;
    }
    opencc_convert_utf8_free(done);
    buf_close(&all);
    return done ? true : is_no_memory(e);
}

static void close_hans(Hans *t)
{
    if (t && t->convert)
        opencc_close(t->convert);
    free(t);
}

static bool open_opencc(opencc_t *out, const char *table, Err *e)
{
    opencc_t got = opencc_open(table);
    if (got == (opencc_t)-1)
        return err_fail(e, ERR_TEXT_TABLE, err_hole("table", table));
    *out = got;
    return true;
}

static bool open_hans(Hans **out, Err *e)
{
    Hans *t = calloc(1, sizeof *t);
    if (!t)
        return is_no_memory(e);
    for (uint32_t cp = 0; cp < BMP; cp++)
        t->single[cp] = (uint16_t)cp;
    if (!open_opencc(&t->convert, "hk2s.json", e) || !learn_singles(t, e)) {
        close_hans(t);
        return false;
    }
    for (size_t i = 0; i < sizeof extras / sizeof *extras; i++)
        t->single[extras[i].from] = extras[i].to;
    for (size_t i = 0; i < sizeof by_word / sizeof *by_word; i++)
        t->by_word[by_word[i] >> 3] |= (uint8_t)(1u << (by_word[i] & 7));
    *out = t;
    return true;
}

/* Two may open it at the same time; the slower one gives its own back. */
static bool need_hans(const Hans **out, const Text *t, Err *e)
{
    Hans *h = atomic_load(&t->late->hans), *none = NULL;
    if (!h && !open_hans(&h, e))
        return false;
    if (!atomic_compare_exchange_strong(&t->late->hans, &none, h) && none != h) {
        close_hans(h);
        h = none;
    }
    *out = h;
    return true;
}

static bool need_hant(opencc_t *out, const Text *t, Err *e)
{
    opencc_t h = atomic_load(&t->late->hant), none = NULL;
    if (!h && !open_opencc(&h, "s2hk.json", e))
        return false;
    if (!atomic_compare_exchange_strong(&t->late->hant, &none, h) && none != h) {
        opencc_close(h);
        h = none;
    }
    *out = h;
    return true;
}

bool text_open(Text **out, unsigned directions, Err *e)
{
    Text *t = calloc(1, sizeof *t);
    const Hans *hans;
    opencc_t hant;
    if (!t || !(t->late = calloc(1, sizeof *t->late))) {
        free(t);
        return is_no_memory(e);
    }
    if (((directions & TEXT_TO_HANS) && !need_hans(&hans, t, e)) ||
        ((directions & TEXT_TO_HANT) && !need_hant(&hant, t, e))) {
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
    opencc_t hant = atomic_load(&t->late->hant);
    close_hans(atomic_load(&t->late->hans));
    if (hant)
        opencc_close(hant);
    free(t->late);
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
    const Hans *t;
    char *p;
    size_t n;
    TextSpan *spans;
    size_t n_spans, cap_spans;
    bool refused;
} Fold;

static inline void put_point(Fold *f, uint32_t cp, size_t origin)
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

static uint32_t simple(const Hans *t, uint32_t cp)
{
    return narrow(cp < BMP ? t->single[cp] : cp);
}

/* A run of CJK characters whose words matter. OpenCC's words keep their length in characters, so
 * both texts are walked together; should a table ever break that, the run is folded by single
 * characters, because a map that is exact matters more than a word that is. */
static bool put_words(Fold *f, Str run, size_t origin, Err *e)
{
    char *made = opencc_convert_utf8(f->t->convert, run.p, run.n);
    if (!made)
        return is_no_memory(e);
    Str hans = str_of(made);
    bool paired = str_points(run) == str_points(hans);
    size_t j = 0, k;
    uint32_t cp, as;
    for (size_t i = 0; (k = str_next(run, i, &cp)) > 0; i += k) {
        as = simple(f->t, cp);
        if (paired) {
            uint32_t word;
            j += str_next(hans, j, &word);
            as = is_by_word(f->t, cp) ? word : as;
        }
        put_point(f, as, origin + i);
    }
    opencc_convert_utf8_free(made);
    return true;
}

/* The two that simplified texts are full of keep their form beside these: 覆盖, 什么 怎么 这么. */
static bool is_settled(uint32_t before, uint32_t cp, Str s, size_t behind)
{
    uint32_t next = 0;
    if (cp == 0x4E48)
        return before == 0x4EC0 || before == 0x600E || before == 0x8FD9 || before == 0x90A3;
    if (cp != 0x8986)
        return false;
    str_next(s, behind, &next);
    return next == 0x76D6;
}

/* The end of the run that starts at `at`: all its CJK characters, or one other character. */
static size_t run_end(const Hans *t, Str s, size_t at, bool *words)
{
    uint32_t cp;
    size_t k = str_next(s, at, &cp);
    *words = false;
    if (!is_cjk(cp))
        return at + k;
    uint32_t before = 0;
    do {
        *words |= is_by_word(t, cp) && !is_settled(before, cp, s, at + k);
        at += k;
        before = cp;
        k = str_next(s, at, &cp);
    } while (k > 0 && is_cjk(cp));
    return at;
}

static bool fold_all(Fold *f, Str s, Err *e)
{
    for (size_t at = 0, next; at < s.n && !f->refused; at = next) {
        bool words;
        next = run_end(f->t, s, at, &words);
        if (words && !put_words(f, str_sub(s, at, next - at), at, e))
            return false;
        size_t k;
        uint32_t cp;
        for (size_t i = at; !words && i < next; i += k) {
            k = str_next(s, i, &cp);
            put_point(f, simple(f->t, cp), i);
        }
    }
    return true;
}

/* A folded character is never longer than the original by more than one byte (a BMP character
 * of three for one of four does not grow), so 4/3 of the input and a little is always room. */
bool text_fold(Folded *out, Arena *a, const Text *t, Str original, Err *e)
{
    const Hans *hans;
    if (!check_input(original, e) || !need_hans(&hans, t, e))
        return false;
    Fold f = { .a = a, .t = hans, .p = arena_alloc(a, original.n + original.n / 2 + 8) };
    if (!f.p || !ARENA_PUSH(a, f.spans, f.n_spans, f.cap_spans))
        return is_no_memory(e);
    f.spans[f.n_spans++] = (TextSpan){ 0, 0 };
    if (!fold_all(&f, original, e))
        return false;
    if (f.refused)
        return is_no_memory(e);
    *out = (Folded){ { f.p, f.n }, original, f.spans, f.n_spans };
    return true;
}

bool text_singles(uint16_t out[TEXT_SINGLES], const Text *t, Err *e)
{
    const Hans *hans;
    if (!need_hans(&hans, t, e))
        return false;
    for (uint32_t cp = 0; cp < TEXT_SINGLES; cp++)
        out[cp] = (uint16_t)simple(hans, cp);
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
    opencc_t to_hant;
    if (!check_input(s, e) || !need_hant(&to_hant, t, e))
        return false;
    char *hant = s.n ? opencc_convert_utf8(to_hant, s.p, s.n) : NULL;
    if (s.n && !hant)
        return is_no_memory(e);
    Str made = arena_str(a, str_of(hant));
    opencc_convert_utf8_free(hant);
    if (s.n && made.n == 0)
        return is_no_memory(e);
    *out = made;
    return true;
}
