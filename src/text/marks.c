/* Markers: where 一、 （一） 1. （1） ① 第一点 一是 一要 其一 stand. A marker stands at the start of
 * a line or of a clause; whether it belongs to a list is for lists.c to say. */
#include "text/inside.h"

#include <string.h>

static bool is_at(Str s, size_t at, const char *word)
{
    return outline_word(s, at, word) > 0;
}

/* A small ordinal in Chinese (1..99) at `at`; bytes, 0 when there is none. */
static size_t zh_ordinal(int *ord, Str s, size_t at)
{
    Numeral n;
    int64_t v;
    Str near = str_sub(s, at, 12);
    uint32_t cp;
    if (outline_next(near, 0, &cp) != 3 || (text_zh_digit(cp) < 1 && cp != 0x5341) || cp == 0x4E24)
        return 0;
    size_t k = numeral_read(&n, near, 0);
    if (k == 0 || k > 9 || n.many || n.percent || !dec_to_int(&v, n.value) || v < 1 || v > 99 ||
        (n.digits && n.n_digits > 1))
        return 0;
    *ord = (int)v;
    return k;
}

static size_t arabic_ordinal(int *ord, Str s, size_t at)
{
    size_t k = 0;
    int v = 0;
    while (k < 3 && at + k < s.n && s.p[at + k] >= '0' && s.p[at + k] <= '9')
        v = v * 10 + (s.p[at + k++] - '0');
    if (k == 0 || k > 2 || v == 0)
        return 0;
    *ord = v;
    return k;
}

static size_t blanks(Str s, size_t at)
{
    size_t k = 0;
    for (;;) {
        if (is_at(s, at + k, " "))
            k += 1;
        else if (is_at(s, at + k, "　"))
            k += 3;
        else
            return k;
    }
}

static const char *const marks_after_word[] = { "，", ",", "：", ":", "、", "。", ".", "是", NULL };

static const struct Noun {
    const char *word;
    Class cls;
} nouns[] = {
    { "感受", CLASS_IMPRESSION }, { "体会", CLASS_IMPRESSION }, { "印象", CLASS_IMPRESSION },
    { "启示", CLASS_IMPRESSION }, { "感触", CLASS_IMPRESSION }, { "建议", CLASS_DEMAND },
    { "意见", CLASS_DEMAND },     { "要求", CLASS_DEMAND },     { "希望", CLASS_DEMAND },
    { "想法", CLASS_DEMAND },     { "问题", CLASS_PROBLEM },    { "不足", CLASS_PROBLEM },
    { "成绩", CLASS_ACHIEVEMENT }, { "亮点", CLASS_ACHIEVEMENT },
};

/* 第一点 第一点感受是 第二个问题： 第三， 第四、 第五是 */
static size_t mark_di(Mark *m, Str s, size_t at)
{
    static const char *const counters[] = { "个方面", "方面", "点", "个", NULL };
    if (!is_at(s, at, "第"))
        return 0;
    size_t i = at + 3, k = zh_ordinal(&m->ord, s, i);
    if (k == 0)
        k = arabic_ordinal(&m->ord, s, i);
    if (k == 0)
        return 0;
    i += k;
    size_t counter = outline_one(s, i, counters);
    bool loose = counter > 0 && !is_at(s, i, "个方面") && is_at(s, i, "个");
    i += counter;
    m->number_to = i;
    bool named = false;
    for (size_t w = 0; w < sizeof nouns / sizeof *nouns && !named; w++)
        if (is_at(s, i, nouns[w].word)) {
            m->noun = nouns[w].cls;
            i += strlen(nouns[w].word);
            named = true;
        }
    k = outline_one(s, i, marks_after_word);
    if ((loose && !named) || (counter == 0 && (named || k == 0)))
        return 0; /* 第一个支部, 第一时间 */
    m->kind = MARK_DI;
    m->body = i + k;
    return m->body - at;
}

/* 其一， */
static size_t mark_qi(Mark *m, Str s, size_t at)
{
    if (!is_at(s, at, "其"))
        return 0;
    size_t k = zh_ordinal(&m->ord, s, at + 3);
    size_t after = k > 0 ? outline_one(s, at + 3 + k, marks_after_word) : 0;
    if (after == 0)
        return 0;
    m->kind = MARK_QI;
    m->number_to = at + 3 + k;
    m->body = m->number_to + after;
    return m->body - at;
}

/* 首先 其次 再次 最后, at the start of a line only: in a sentence they are plain adverbs. */
static size_t mark_first(Mark *m, Str s, size_t at)
{
    static const struct {
        const char *word;
        int ord;
    } words[] = { { "首先", 1 }, { "其次", 2 }, { "再次", 3 }, { "最后", ORDINAL_LAST } };
    for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
        size_t k = is_at(s, at, words[w].word) ? 6 : 0;
        size_t after = k > 0 ? outline_one(s, at + k, marks_after_word) : 0;
        if (after == 0)
            continue;
        m->kind = MARK_FIRST;
        m->ord = words[w].ord;
        m->number_to = at + k;
        m->body = at + k + after;
        return k + after;
    }
    return 0;
}

/* 一、 一. at the start of a line; 一是 一要 anywhere a clause starts. */
static size_t mark_zh(Mark *m, Str s, size_t at, bool start)
{
    static const char *const duns[] = { "、", ".", NULL };
    size_t k = zh_ordinal(&m->ord, s, at);
    if (k == 0)
        return 0;
    size_t i = at + k, dun = start ? outline_one(s, i, duns) : 0;
    m->number_to = i;
    if (dun > 0) {
        m->kind = MARK_DUN;
        m->body = i + dun;
    } else if (is_at(s, i, "是")) {
        m->kind = MARK_SHI;
        m->number_to = m->body = i + 3;
    } else if (is_at(s, i, "要")) {
        m->kind = MARK_YAO;
        m->number_to = m->body = i + 3;
    } else {
        return 0;
    }
    return m->body - at;
}

/* （一） (一) （1） (1) */
static size_t mark_paren(Mark *m, Str s, size_t at)
{
    static const char *const opens[] = { "（", "(", NULL }, *const closes[] = { "）", ")", NULL };
    size_t i = at + outline_one(s, at, opens);
    if (i == at)
        return 0;
    size_t k = zh_ordinal(&m->ord, s, i);
    m->kind = k > 0 ? MARK_PAREN : MARK_NUM_PAREN;
    if (k == 0)
        k = arabic_ordinal(&m->ord, s, i);
    size_t close = k > 0 ? outline_one(s, i + k, closes) : 0;
    if (close == 0)
        return 0;
    m->number_to = m->body = i + k + close;
    return m->body - at;
}

/* 1. 1、 1） at the start of a line; inside one, only where a sentence starts. */
static size_t mark_num(Mark *m, Str s, size_t at)
{
    static const char *const dots[] = { ".", "、", NULL }, *const closes[] = { "）", ")", NULL };
    size_t k = arabic_ordinal(&m->ord, s, at), after;
    if (k == 0)
        return 0;
    if ((after = outline_one(s, at + k, dots)) > 0)
        m->kind = MARK_NUM;
    else if ((after = outline_one(s, at + k, closes)) > 0)
        m->kind = MARK_NUM_PAREN;
    else
        return 0;
    size_t body = at + k + after;
    if (body < s.n && s.p[body] >= '0' && s.p[body] <= '9')
        return 0; /* 1.8万, 1、2号楼 */
    m->number_to = at + k;
    m->body = body;
    return body - at;
}

static size_t mark_circle(Mark *m, Str s, size_t at)
{
    uint32_t cp;
    size_t k = outline_next(s, at, &cp);
    if (k == 0 || cp < 0x2460 || cp > 0x2473)
        return 0;
    m->kind = MARK_CIRCLE;
    m->ord = (int)(cp - 0x2460) + 1;
    m->number_to = m->body = at + k;
    return k;
}

size_t outline_mark_at(Mark *m, Str s, size_t at, bool start)
{
    *m = (Mark){ .at = at, .start = start, .child = NOWHERE, .next = NOWHERE, .list = NOWHERE };
    if (at >= s.n)
        return 0;
    unsigned char c = (unsigned char)s.p[at];
    size_t k = 0;
    if (c >= '0' && c <= '9')
        k = mark_num(m, s, at);
    else if (c == '(' || c == 0xEF)
        k = mark_paren(m, s, at);
    else if (c == 0xE2)
        k = mark_circle(m, s, at);
    else if (c >= 0xE4 && c <= 0xE9) {
        k = mark_zh(m, s, at, start);
        if (k == 0)
            k = mark_di(m, s, at);
        if (k == 0)
            k = mark_qi(m, s, at);
        if (k == 0 && start)
            k = mark_first(m, s, at);
    }
    if (k == 0)
        return 0;
    size_t skip = blanks(s, m->body);
    m->body += skip;
    return k + skip;
}

static bool add_mark(Reading *r, Mark m, size_t line)
{
    if (!ARENA_PUSH(r->a, r->marks, r->n_marks, r->cap_marks))
        return outline_refused(r);
    m.line = (uint32_t)line;
    r->marks[r->n_marks++] = m;
    return true;
}

typedef enum Stop { STOP_NONE, STOP_CLAUSE, STOP_SENTENCE } Stop;

/* What ends before the character behind `cp`? */
static Stop stop_of(uint32_t cp)
{
    switch (cp) {
    case 0x3002: case 0xFF1B: case ';': case 0xFF1A: case ':': /* 。 ； ： */
    case 0xFF01: case 0xFF1F: case '!': case '?':
        return STOP_SENTENCE;
    case 0xFF0C: case ',': case 0x3001: /* ， 、 */
        return STOP_CLAUSE;
    }
    return STOP_NONE;
}

/* After a mere comma only the markers that are words of their own: 一是 一要 其一 第一 ①. */
static bool may_stand(const Mark *m, Stop before)
{
    if (before == STOP_SENTENCE)
        return true;
    return m->kind != MARK_NUM && m->kind != MARK_NUM_PAREN && m->kind != MARK_PAREN;
}

static bool marks_inside(Reading *r, Str s, size_t at, size_t line)
{
    Mark m;
    Stop before = STOP_NONE;
    while (at < s.n) {
        uint32_t cp;
        size_t k = outline_next(s, at, &cp);
        if (before != STOP_NONE) {
            size_t gap = blanks(s, at);
            size_t n = outline_mark_at(&m, s, at + gap, false);
            if (n > 0 && may_stand(&m, before)) {
                if (!add_mark(r, m, line))
                    return false;
                at += gap + n;
                before = STOP_NONE;
                continue;
            }
        }
        before = stop_of(cp);
        at += k;
    }
    return true;
}

bool outline_marks(Reading *r)
{
    for (size_t i = 0; i < r->n_lines; i++) {
        const Line *l = &r->lines[i];
        Str s = str_sub(r->s, 0, l->to);
        Mark m;
        if (l->kind == LINE_HEADLINE) {
            m = (Mark){ .kind = MARK_LINE, .ord = 1, .start = true, .child = NOWHERE,
                        .next = NOWHERE, .list = NOWHERE, .at = l->from, .number_to = l->from,
                        .body = l->from };
            if (!add_mark(r, m, i))
                return false;
        } else if (l->kind == LINE_BODY) {
            size_t k = outline_mark_at(&m, s, l->from, true);
            if (k > 0 && !add_mark(r, m, i))
                return false;
            if (!marks_inside(r, s, l->from + k, i))
                return false;
        }
    }
    return true;
}
