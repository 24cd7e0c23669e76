/* Advice on a report while it is written: share of problems and causes, first person, what a
 * template left behind, years that are not this year's, length. Facts with their place, and what
 * to do; nothing here refuses a report. */
#include "text/advice_in.h"

#include <string.h>

const char *advice_kind_name(AdviceKind k)
{
    static const char *const names[] = { "share", "first_person", "placeholder", "year",
                                         "long", "short", "empty", "phrases", "sentence",
                                         "foreign", "source" };
    return names[k];
}

const char *advice_part_name(AdvicePart p)
{
    static const char *const names[] = { "achievements", "problems", "causes", "measures",
                                         "report" };
    return names[p];
}

const char *advice_part_title(AdvicePart p)
{
    static const char *const titles[] = { "成绩", "问题", "原因", "措施", "全文" };
    return titles[p];
}

static bool refused(Advising *w)
{
    return err_fail(w->e, ERR_NO_MEMORY, err_hole("what", "检查报告"));
}

bool advice_add(Advising *w, AdviceKind kind, size_t from, size_t to, Str say)
{
    Advice *all = w->out;
    if (all->n >= ADVICE_ITEMS_MAX)
        return true;
    if (say.n == 0 || !ARENA_PUSH(w->a, all->items, all->n, all->cap))
        return refused(w);
    bool whole = to == 0;
    all->items[all->n++] = (AdviceFinding){
        .kind = kind, .part = w->part, .say = say,
        .from = whole ? 0 : text_origin(&w->f, from), .to = whole ? 0 : text_origin(&w->f, to),
        .quote = whole ? (Str){ "", 0 } : text_quote(&w->f, from, to) };
    return true;
}

/* --- placeholders --- */

static size_t run_of(Str s, size_t at, uint32_t cp)
{
    size_t i = at, k;
    uint32_t c;
    while ((k = outline_next(s, i, &c)) > 0 && c == cp)
        i += k;
    return i - at;
}

static bool is_latin(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z');
}

/* X alone stands for a number only before a unit ("X次"), and not in a name ("7+X主题党日"). */
static bool is_lone_x(Str s, size_t at, uint32_t before)
{
    static const char *const units[] = { "次", "名", "个", "人", "年", "月", "日", "场", "项",
                                         "家", "户", "件", "条", "支", "期", "元", "万", "篇",
                                         "%", NULL };
    return before != '+' && !is_latin(before) && outline_starts_any(str_sub(s, at + 1, 3), units);
}

/* Bytes of a placeholder at `at`, 0 when none. `before` is the character before it. */
static size_t placeholder_at(Str s, size_t at, uint32_t cp, uint32_t before)
{
    static const char *const blanks[] = { "某某", "某区", "某县", "某市", "某镇", "某乡", "某村",
                                          "某街道", "某局", "某支部", "某单位", "（待补", "(待补",
                                          "（待填", "(待填", "（填写", "(填写", "此处填", NULL };
    size_t n;
    switch (cp) {
    case 'X': case 'x': {
        uint32_t after = 0;
        n = run_of(s, at, cp);
        outline_next(s, at + n, &after);
        if (is_latin(before) || is_latin(after))
            return 0; /* part of a word */
        return n > 1 || is_lone_x(s, at, before) ? n : 0;
    }
    case '*': case 0xD7: /* × */
        n = run_of(s, at, cp);
        return n > 2 || (cp == '*' && n == 2) ? n : 0; /* two signs: × takes two bytes */
    case '_':
        n = run_of(s, at, cp);
        return n > 2 ? n : 0;
    case 0x67D0: case 0xFF08: case '(': case 0x6B64: /* 某 （ 此 */
        for (const char *const *w = blanks; *w; w++)
            if (str_starts(str_sub(s, at, 18), str_of(*w)))
                return strlen(*w);
    }
    return 0;
}

static bool placeholders(Advising *w)
{
    Str s = w->f.text;
    size_t k;
    uint32_t cp, before = 0;
    for (size_t at = 0; (k = outline_next(s, at, &cp)) > 0; at += k, before = cp) {
        size_t n = placeholder_at(s, at, cp, before);
        if (n == 0)
            continue;
        Str say = arena_text(w->a, "“%s”里留有没有填写的“%.*s”；请填上实际内容",
                             advice_part_title(w->part), STR(str_sub(s, at, n)));
        if (!advice_add(w, ADVICE_PLACEHOLDER, at, at + n, say))
            return false;
        k = n;
    }
    return true;
}

/* --- years --- */

/* Words that say why an earlier year stands there. */
static const char *const looks_back[] = {
    "去年", "上年", "上一年", "上年度", "往年", "前年", "以来", "同比", "相比", "较上", "较2", "比上",
    "比2", "年起", "历年", "连续", "此前", "曾经", NULL
};

/* Is year y right in a sentence of this part? This year always; last year and earlier only where
 * the sentence looks back; next year where measures are planned. */
static bool is_right_year(const Advising *w, int y, Str sentence)
{
    if (y == w->in->year)
        return true;
    if (y == w->in->year + 1)
        return w->part == ADVICE_MEASURES;
    return y < w->in->year && outline_any(sentence, looks_back);
}

/* Titles of documents keep their years: 《…（2023—2027年）》, 〔2024〕3号. */
static size_t title_at(Str s, size_t at)
{
    static const struct {
        const char *open, *close;
    } pairs[] = { { "《", "》" }, { "〔", "〕" } };
    for (size_t i = 0; i < 2; i++) {
        if (!str_starts(str_sub(s, at, 3), str_of(pairs[i].open)))
            continue;
        ptrdiff_t end = str_find(str_sub(s, at, 300), str_of(pairs[i].close));
        return end < 0 ? 0 : (size_t)end + 3;
    }
    return 0;
}

static bool years_in(Advising *w, size_t from, size_t to)
{
    Str s = str_sub(w->f.text, 0, to), sentence = str_sub(s, from, to - from);
    size_t k;
    uint32_t cp;
    for (size_t at = from; (k = outline_next(s, at, &cp)) > 0; at += k) {
        size_t title = title_at(s, at);
        DayParts d = { 0 };
        bool digit = (cp >= '0' && cp <= '9') || text_zh_digit(cp) > 0;
        size_t n = digit ? numeral_date(&d, str_sub(s, 0, at + 60 < to ? at + 60 : to), at) : 0;
        if (title > 0) {
            k = title;
            continue;
        }
        if (n > 0 && d.year > 0 && !is_right_year(w, d.year, sentence)) {
            Str say = arena_text(w->a, "报告年度是%d年，这里写的是%d年；请核对是否沿用了旧稿",
                                 w->in->year, d.year);
            if (!advice_add(w, ADVICE_YEAR, at, at + n, say))
                return false;
        }
        if (n > 0)
            k = n;
        else if (digit) { /* the rest of a longer number is no year */
            Numeral whole;
            size_t len = numeral_read(&whole, str_sub(s, 0, at + 60 < to ? at + 60 : to), at);
            k = len > 0 ? len : k;
        }
    }
    return true;
}

/* --- first person --- */

/* "我们" and "我县" are the unit; "我" and "本人" are the secretary. */
static bool is_first_person(Str s)
{
    static const char *const units[] = { "们", "国", "省", "市", "州", "县", "区", "旗", "镇", "乡",
                                         "村", "街", "社", "局", "委", "部", "院", "校", "厂", "站",
                                         "所", "处", "办", "司", "行", "单", "党", "军", "支", "系",
                                         NULL };
    if (str_has(s, STRC("本人")))
        return true;
    ptrdiff_t k;
    for (size_t at = 0; (k = str_find(str_sub(s, at, s.n), STRC("我"))) >= 0;) {
        at += (size_t)k + 3;
        if (!outline_starts_any(str_sub(s, at, 3), units))
            return true;
    }
    return false;
}

int advice_points(Str s)
{
    int n = 0;
    size_t k;
    uint32_t cp;
    for (size_t at = 0; (k = outline_next(s, at, &cp)) > 0; at += k)
        n += cp > ' ' && cp != 0x3000 && cp != 0xA0;
    return n;
}

static bool read_sentences(Advising *w)
{
    Str s = w->f.text;
    for (size_t at = 0; at < s.n;) {
        size_t next = outline_sentence_end(s, at);
        if (next == at) { /* a line end of its own */
            at++;
            continue;
        }
        Str one = str_trim(str_sub(s, at, next - at));
        if (one.n > 0) {
            w->out->sentences++;
            w->out->first_person += is_first_person(one);
            if ((w->in->year > 0 && !years_in(w, at, next)) || !advice_sentence(w, at, next))
                return false;
        }
        at = next;
    }
    return true;
}

static bool read_part(Advising *w, AdvicePart part)
{
    Str s = w->in->parts[part];
    w->part = part;
    if (!text_fold(&w->f, w->a, w->t, s, w->e))
        return err_note(w->e, "while reading the part \"%s\"", advice_part_name(part));
    w->out->points[part] = advice_points(w->f.text);
    w->out->points_all += w->out->points[part];
    if (w->out->points[part] == 0)
        return advice_add(w, ADVICE_EMPTY, 0, 0,
                   arena_text(w->a, "“%s”还没有写；没有内容也请写明“无”及理由",
                              advice_part_title(part)));
    return placeholders(w) && read_sentences(w) && advice_phrases(w) && advice_places(w) &&
           advice_sources(w);
}

/* --- the whole --- */

static bool check_share(Advising *w)
{
    int64_t told = w->out->points[ADVICE_PROBLEMS] + w->out->points[ADVICE_CAUSES];
    int64_t all = w->out->points_all, num = w->in->share_num, den = w->in->share_den;
    if (den <= 0 || all == 0 || told * den >= num * all)
        return true;
    return advice_add(w, ADVICE_SHARE, 0, 0,
               arena_text(w->a, "问题和原因占全文的%lld%%，应不少于%lld/%lld；请补充问题和原因",
                          (long long)(told * 100 / all), (long long)num, (long long)den));
}

static bool check_first_person(Advising *w)
{
    int64_t num = w->in->first_num, den = w->in->first_den;
    if (den <= 0 || w->out->sentences == 0 ||
        w->out->first_person * den >= num * w->out->sentences)
        return true;
    return advice_add(w, ADVICE_FIRST_PERSON, 0, 0,
               arena_text(w->a, "全文%d句，写到“我”或“本人”的有%d句；请写书记本人做了什么",
                          w->out->sentences, w->out->first_person));
}

static bool check_length(Advising *w)
{
    int n = w->out->points_all, most = w->in->points_max, least = w->in->points_min;
    if (most > 0 && n > most)
        return advice_add(w, ADVICE_LONG, 0, 0,
                   arena_text(w->a, "全文%d字，超过上限%d字；请压缩", n, most));
    if (least > 0 && n < least)
        return advice_add(w, ADVICE_SHORT, 0, 0,
                   arena_text(w->a, "全文%d字，不到下限%d字；请补充", n, least));
    return true;
}

bool advice_report(Advice *out, Arena *a, const Text *t, const AdviceIn *in, Err *e)
{
    Advice made = { .n = 0 };
    Advising w = { .a = a, .t = t, .in = in, .out = &made, .e = e };
    for (int p = 0; p < ADVICE_PARTS; p++)
        if (!read_part(&w, (AdvicePart)p))
            return false;
    w.part = ADVICE_PARTS;
    if (!check_share(&w) || !check_first_person(&w) || !check_length(&w) ||
        !advice_phrase_share(&w))
        return false;
    *out = made;
    return true;
}

void advice_json(Jw *w, const Advice *ad)
{
    jw_obj(w);
    jw_kint(w, "points", ad->points_all);
    for (int p = 0; p < ADVICE_PARTS; p++)
        jw_kint(w, advice_part_name((AdvicePart)p), ad->points[p]);
    jw_kint(w, "sentences", ad->sentences);
    jw_kint(w, "first_person", ad->first_person);
    jw_kint(w, "longest", ad->longest);
    jw_kint(w, "phrase_points", ad->phrase_points);
    jw_key(w, "phrases");
    jw_arr(w);
    for (size_t i = 0; i < ad->n_phrases; i++) {
        jw_obj(w);
        jw_kstr(w, "part", str_of(advice_part_name(ad->phrases[i].part)));
        jw_kint(w, "from", (int64_t)ad->phrases[i].from);
        jw_kint(w, "to", (int64_t)ad->phrases[i].to);
        jw_kstr(w, "quote", ad->phrases[i].quote);
        jw_end(w);
    }
    jw_end(w);
    jw_key(w, "findings");
    jw_arr(w);
    for (size_t i = 0; i < ad->n; i++) {
        const AdviceFinding *f = &ad->items[i];
        jw_obj(w);
        jw_kstr(w, "kind", str_of(advice_kind_name(f->kind)));
        jw_kstr(w, "part", str_of(advice_part_name(f->part)));
        jw_kint(w, "from", (int64_t)f->from);
        jw_kint(w, "to", (int64_t)f->to);
        jw_kstr(w, "quote", f->quote);
        jw_kstr(w, "say", f->say);
        jw_end(w);
    }
    jw_end(w);
    jw_end(w);
}
