/* Announced counts: "强调三点意见", "主要体现在四个方面：", "三点感受、三点建议", "谈几点体会".
 *
 * An announcement is a small count, a counter and a noun, behind a word that announces (强调, 谈,
 * 提, 体现在, 有 …) and before a stop. "聚焦思想、作风两个方面" sums up what was said and announces
 * nothing; "提出的4个方面16项任务" goes on and announces nothing here. */
#include "text/inside.h"

#include <string.h>

enum { WHAT_POINTS = 14, COUNT_MAX = 30 };

static const char *const leads[] = {
    "强调", "讲", "谈", "提", "说", "提出", "体现在", "表现在", "反映在", "集中在", "以下", "如下",
    "下列", "有", "做好", "抓好", "做到", "抓住", "从", "分", "分享", "汇报", "存在", "了", "在",
    "出", "为", "这", "是", "就", NULL
};

static const struct {
    const char *word;
    bool alone; /* needs no noun */
} counters[] = { { "个方面", true }, { "方面", true }, { "点", true }, { "条", false },
                 { "项", false },    { "件", false },   { "个", false } };

static const struct {
    const char *word;
    Class cls;
} nouns[] = {
    { "意见", CLASS_DEMAND },     { "要求", CLASS_DEMAND },     { "建议", CLASS_DEMAND },
    { "希望", CLASS_DEMAND },     { "想法", CLASS_DEMAND },     { "措施", CLASS_DEMAND },
    { "打算", CLASS_DEMAND },     { "感受", CLASS_IMPRESSION }, { "体会", CLASS_IMPRESSION },
    { "启示", CLASS_IMPRESSION }, { "印象", CLASS_IMPRESSION }, { "问题", CLASS_PROBLEM },
    { "不足", CLASS_PROBLEM },    { "差距", CLASS_PROBLEM },    { "短板", CLASS_PROBLEM },
    { "成绩", CLASS_ACHIEVEMENT }, { "成效", CLASS_ACHIEVEMENT }, { "亮点", CLASS_ACHIEVEMENT },
    { "特点", CLASS_NONE },       { "看法", CLASS_NONE },       { "工作", CLASS_NONE },
    { "任务", CLASS_NONE },       { "重点", CLASS_NONE },       { "方面", CLASS_NONE },
    { "内容", CLASS_NONE },       { "情况", CLASS_NONE },       { "关系", CLASS_NONE },
};

static bool is_stop(uint32_t cp)
{
    static const uint32_t stops[] = { 0x3002, 0xFF0C, 0xFF1A, 0xFF1B, 0x3001, 0xFF01, 0xFF1F, ',',
                                      ':',    ';',    '\n',   '!',    '?',    '.',    0x4F9B };
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) /* the last one is 供: 供参考 */
        if (stops[i] == cp)
            return true;
    return false;
}

static bool is_led(const Reading *r, size_t line_from, size_t at)
{
    size_t from = at > line_from + 24 ? at - 24 : line_from;
    Str before = outline_slice(r, from, at);
    for (const char *const *w = leads; *w; w++)
        if (str_ends(before, str_of(*w)))
            return true;
    /* 三点感受、三点建议: the first announcement leads the second. */
    const Announce *last = r->n_announces ? &r->announces[r->n_announces - 1] : NULL;
    return last && (last->to == at || (last->to < at && at - last->to <= 3));
}

/* The words behind the counter, up to a stop; 0 when they run on or hold anything but CJK. */
static size_t words_behind(Str s, size_t at)
{
    size_t i = at, k;
    uint32_t cp;
    for (int n = 0; n <= WHAT_POINTS; n++) {
        k = outline_next(s, i, &cp);
        if (k == 0 || is_stop(cp) || (n > 0 && cp == 0x548C)) /* 和 */
            return i;
        if (cp < 0x3400 || cp > 0x9FFF)
            return 0;
        i += k;
    }
    return 0;
}

static bool noun_in(Class *cls, Str words)
{
    bool found = false;
    ptrdiff_t latest = -1;
    for (size_t i = 0; i < sizeof nouns / sizeof *nouns; i++) {
        ptrdiff_t at = str_find(words, str_of(nouns[i].word));
        if (at > latest) {
            latest = at;
            *cls = nouns[i].cls;
            found = true;
        }
    }
    return found;
}

/* Behind a count that ends at `at`: counter and noun. Returns their end, 0 when none. */
static size_t what_behind(Class *cls, Str s, size_t at)
{
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        Str word = str_of(counters[i].word);
        if (!str_starts(str_sub(s, at, 12), word))
            continue;
        size_t to = words_behind(s, at + word.n);
        *cls = CLASS_NONE;
        if (to == 0)
            return 0;
        bool noun = noun_in(cls, str_sub(s, at + word.n, to - at - word.n));
        bool bare = counters[i].alone && to == at + word.n;
        return noun || bare ? to : 0;
    }
    return 0;
}

/* "主要讲两个问题" names topics, not what is wanting. */
static bool is_topic(const Reading *r, size_t line_from, size_t at)
{
    static const char *const verbs[] = { "讲", "谈", "说", "讲好", "谈谈", "讲讲", "强调", NULL };
    Str before = outline_slice(r, at > line_from + 12 ? at - 12 : line_from, at);
    for (const char *const *w = verbs; *w; w++)
        if (str_ends(before, str_of(*w)))
            return true;
    return false;
}

static bool try_announce(Reading *r, Announce an, size_t counter)
{
    const Line *l = &r->lines[an.line];
    Str s = str_sub(r->s, 0, l->to);
    an.to = what_behind(&an.cls, s, counter);
    if (an.to == 0 || !is_led(r, l->from, an.at))
        return true;
    if (an.cls == CLASS_PROBLEM && is_topic(r, l->from, an.at))
        an.cls = CLASS_NONE;
    if (!ARENA_PUSH(r->a, r->announces, r->n_announces, r->cap_announces))
        return outline_refused(r);
    r->announces[r->n_announces++] = an;
    return true;
}

/* 个 方 点 条 项 件, and what a number may go on with */
static bool begins_counter(uint32_t cp)
{
    switch (cp) {
    case 0x4E2A: case 0x65B9: case 0x70B9: case 0x6761: case 0x9879: case 0x4EF6:
    case '.': case ',': case 0x4E07: case 0x4EBF: case 0x4F59: case 0x591A:
        return true;
    }
    return false;
}

/* A count at `at`: 三, 3, 几 (0). Bytes, 0 when none. */
static size_t count_at(int *count, Str s, size_t at, uint32_t cp)
{
    if (cp == 0x51E0) {
        *count = 0;
        return 3;
    }
    bool digit = (cp >= '0' && cp <= '9') || text_zh_digit(cp) > 0 || cp == 0x5341;
    Numeral n;
    int64_t v;
    uint32_t behind = 0;
    size_t end = digit ? outline_digits(s, at, &behind) : at;
    if (end > at && !begins_counter(behind))
        return end - at; /* no announcement, whatever its value */
    size_t k = digit ? numeral_read(&n, str_sub(s, at, 60), 0) : 0;
    if (k == 0)
        return 0;
    *count = dec_to_int(&v, n.value) && v >= 1 && v <= COUNT_MAX ? (int)v : -1;
    return k;
}

static bool announces_in(Reading *r, uint32_t line)
{
    const Line *l = &r->lines[line];
    Str s = str_sub(r->s, 0, l->to);
    Announce an = { .line = line, .sentence = l->from };
    size_t k;
    uint32_t cp;
    an.sentence_to = outline_sentence_end(s, l->from);
    for (an.at = l->from; (k = outline_next(s, an.at, &cp)) > 0; an.at += k) {
        while (an.at >= an.sentence_to) {
            an.sentence = an.sentence_to;
            an.sentence_to = outline_sentence_end(s, an.sentence);
        }
        an.count = -1;
        size_t n = count_at(&an.count, s, an.at, cp);
        if (n > 0 && an.count >= 0 && !try_announce(r, an, an.at + n))
            return false;
        if (n > 0)
            k = n;
    }
    return true;
}

bool outline_announces(Reading *r)
{
    for (uint32_t i = 0; i < r->n_lines; i++)
        if (r->lines[i].kind == LINE_BODY && !announces_in(r, i))
            return false;
    return true;
}
