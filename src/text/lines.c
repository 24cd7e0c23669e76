/* Lines of a speech: what is body, what is the title, and what the web page around it left. */
#include "text/inside.h"

#include <string.h>

enum { TITLE_POINTS = 60, HEADLINE_POINTS = 24, NOTE_POINTS = 100, SALUTE_POINTS = 40 };

Str outline_slice(const Reading *r, size_t from, size_t to)
{
    return str_sub(r->s, from, to > from ? to - from : 0);
}

bool outline_refused(Reading *r)
{
    return err_fail(r->e, ERR_NO_MEMORY, err_hole("what", "读取提纲"));
}

/* Asked of every sentence with dozens of words: their third byte, which is rare, is looked for
 * (first bytes are shared by a quarter of all characters), and lengths are never counted. */
static bool has_word(Str s, const char *word)
{
    size_t rare = (unsigned char)word[0] >= 0xE0 ? 2 : 0;
    const char *p = s.p + rare, *end = s.p + s.n;
    while (p < end && (p = memchr(p, word[rare], (size_t)(end - p)))) {
        if (outline_word(s, (size_t)(p - rare - s.p), word) > 0)
            return true;
        p++;
    }
    return false;
}

bool outline_any(Str s, const char *const *words)
{
    for (; s.n > 0 && *words; words++)
        if (has_word(s, *words))
            return true;
    return false;
}

bool outline_starts_any(Str s, const char *const *words)
{
    for (; *words; words++)
        if (outline_word(s, 0, *words) > 0)
            return true;
    return false;
}

static bool ends_any(Str s, const char *const *words)
{
    for (; *words; words++)
        if (str_ends(s, str_of(*words)))
            return true;
    return false;
}

static const char *const stops[] = { "。", "！", "？", "；", ";", "!", "?", "，", ",", NULL };
static const char *const full_stops[] = { "。", "！", "？", NULL };
static const char *const colons[] = { "：", ":", NULL };

/* What only the page around a text says. */
static const char *const page_words[] = {
    "http://", "https://", "www.", "当前位置", "版权", "转载请", "上一篇", "下一篇", "相关文章",
    "相关推荐", "阅读次数", "浏览次数", "点击次数", "责任编辑", "分享到", "返回顶部", "打印本页",
    "关闭窗口", "发布时间", "发布日期", "更新时间", "字体大小", "字号：", "加入收藏", "扫一扫",
    "点击下载", "会员登录", NULL
};
static const char *const page_heads[] = { "来源：", "来源:", "作者：", "作者:", "首页", "标签：",
                                          "标签:", "编辑：", "编辑:", NULL };

/* Characters of well-formed text: bytes that do not continue one, eight at a time. */
static size_t points_of(Str s)
{
    size_t more = 0, i = 0;
    for (; i + 8 <= s.n; i += 8) {
        uint64_t w;
        memcpy(&w, s.p + i, 8);
        w = w >> 7 & ~(w >> 6) & 0x0101010101010101u;
        more += w * 0x0101010101010101u >> 56;
    }
    for (; i < s.n; i++)
        more += ((unsigned char)s.p[i] & 0xC0) == 0x80;
    return s.n - more;
}

static bool is_short(Str s, size_t points)
{
    return s.n <= points || (s.n <= points * 4 && points_of(s) <= points);
}

bool outline_page_line(Str s)
{
    if (!is_short(s, NOTE_POINTS) || ends_any(s, full_stops))
        return false;
    return outline_any(s, page_words) || outline_starts_any(s, page_heads) ||
           str_ends(s, STRC(">")) || str_ends(s, STRC("»")) || str_has(s, STRC(" > ")) ||
           str_has(s, STRC(" » "));
}

static bool is_date_line(Str s)
{
    DayParts d;
    if (str_starts(s, STRC("（")) && str_ends(s, STRC("）")) && s.n >= 6)
        s = str_sub(s, 3, s.n - 6);
    else if (str_starts(s, STRC("(")) && str_ends(s, STRC(")")) && s.n >= 2)
        s = str_sub(s, 1, s.n - 2);
    return s.n > 0 && numeral_date(&d, s, 0) == s.n;
}

/* A short line that does not end like a sentence. */
static bool is_title_like(Str s)
{
    Mark m;
    return is_short(s, TITLE_POINTS) && !ends_any(s, stops) && !ends_any(s, colons) &&
           outline_mark_at(&m, s, 0, true) == 0;
}

static bool has_cjk(Str s)
{
    uint32_t cp;
    size_t k;
    for (size_t i = 0; (k = outline_next(s, i, &cp)) > 0; i += k)
        if (cp >= 0x3400 && cp <= 0x9FFF)
            return true;
    return false;
}

/* A line to those who are addressed: "同志们：", "各乡镇党委、街道党工委：". */
static bool is_salute(Str s)
{
    static const char *const whom[] = { "同志", "各位", "各乡", "各镇", "各县", "各市", "各区",
                                        "各单位", "各部门", "各支部", "各党", "党委", "党组",
                                        "党工委", "街道", "朋友", "先生", "领导", NULL };
    static const char *const tells[] = { "提出", "希望", "强调", "要求", "如下", "以下", "方面", "主要",
                                         "意见", "问题", NULL }; /* announces what follows */
    Mark m;
    return is_short(s, SALUTE_POINTS) && ends_any(s, colons) && !outline_any(s, full_stops) &&
           outline_any(s, whom) && !outline_any(s, tells) && outline_mark_at(&m, s, 0, true) == 0;
}

static bool split(Reading *r)
{
    for (size_t at = 0; at <= r->s.n;) {
        const char *p = r->s.p + at, *nl = at < r->s.n ? memchr(p, '\n', r->s.n - at) : NULL;
        size_t to = nl ? (size_t)(nl - r->s.p) : r->s.n;
        Str t = str_trim(str_sub(r->s, at, to - at));
        at = to + 1;
        if (t.n == 0)
            continue;
        if (!ARENA_PUSH(r->a, r->lines, r->n_lines, r->cap_lines))
            return outline_refused(r);
        size_t from = (size_t)(t.p - r->s.p);
        r->lines[r->n_lines++] =
            (Line){ from, from + t.n, outline_page_line(t) ? LINE_DROPPED : LINE_BODY };
    }
    return true;
}

static Str line_text(const Reading *r, size_t i)
{
    return outline_slice(r, r->lines[i].from, r->lines[i].to);
}

/* The same short line a second time is the page's, not the speaker's. */
static bool drop_repeats(Reading *r)
{
    Map seen = map_open(r->a);
    for (size_t i = 0; i < r->n_lines; i++) {
        Str t = line_text(r, i);
        if (r->lines[i].kind != LINE_BODY || !is_short(t, TITLE_POINTS) || ends_any(t, full_stops))
            continue;
        if (t.n >= 18 && map_get(&seen, t))
            r->lines[i].kind = LINE_DROPPED;
        else if (!map_put(&seen, t, &r->lines[i]))
            return outline_refused(r);
    }
    return true;
}

/* "关于……的" and "通知" on two lines are one title. */
static bool join_title(Reading *r, Str more)
{
    bool goes_on = str_ends(r->title, STRC("的")) || str_starts(more, STRC("的")) ||
                   str_starts(r->title, STRC("中共"));
    if (!goes_on || str_has(more, STRC("（")) || is_date_line(more))
        return true;
    char *p = arena_alloc(r->a, r->title.n + more.n);
    if (!p)
        return outline_refused(r);
    memcpy(p, r->title.p, r->title.n);
    memcpy(p + r->title.n, more.p, more.n);
    r->title = (Str){ p, r->title.n + more.n };
    return true;
}

/* Lines above the first paragraph: the title, then date, place and speaker. */
static bool read_head(Reading *r)
{
    for (size_t i = 0; i < r->n_lines; i++) {
        Line *l = &r->lines[i];
        Str t = line_text(r, i);
        if (l->kind == LINE_DROPPED)
            continue;
        if (is_salute(t)) {
            l->kind = LINE_ASIDE;
            return true;
        }
        bool heads = r->title.n > 0 && outline_heading_class(t) != CLASS_NONE;
        if (!is_title_like(t) || heads)
            return true;
        l->kind = LINE_ASIDE;
        if (r->title.n == 0 && has_cjk(t) && !is_date_line(t)) {
            l->kind = LINE_TITLE;
            r->title = t;
        } else if (r->title.n > 0 && !join_title(r, t)) {
            return false;
        }
    }
    return true;
}

/* Below the last paragraph: signature and date, or what the page adds. */
static size_t read_tail(Reading *r)
{
    size_t last = r->n_lines;
    while (last > 0) {
        Line *l = &r->lines[last - 1];
        if (l->kind != LINE_DROPPED) {
            Str t = line_text(r, last - 1);
            if (l->kind != LINE_BODY || !is_title_like(t))
                break;
            l->kind = LINE_ASIDE;
        }
        last--;
    }
    return last;
}

/* A line of its own before a paragraph. Beside 一、 headings only one that says what it holds
 * counts: a stray short line is more often a broken paragraph. */
static void find_headlines(Reading *r, size_t last)
{
    bool numbered = false, below = false;
    Mark m;
    for (size_t i = 0; i < last; i++)
        numbered |= r->lines[i].kind == LINE_BODY &&
                    outline_mark_at(&m, line_text(r, i), 0, true) > 0 && m.kind == MARK_DUN;
    for (size_t i = last; i-- > 0;) {
        Line *l = &r->lines[i];
        Str t = line_text(r, i);
        if (l->kind != LINE_BODY)
            continue;
        bool short_line = is_title_like(t) && has_cjk(t) && !outline_any(t, stops);
        if (!short_line || is_date_line(t)) {
            below = true;
            continue;
        }
        bool wanted = !numbered || outline_heading_class(t) != CLASS_NONE;
        l->kind = below && wanted && is_short(t, HEADLINE_POINTS) ? LINE_HEADLINE : LINE_BODY;
        below = false;
    }
}

/* One more line to people a little below: "同志们：" behind a first paragraph. */
static void find_salutes(Reading *r)
{
    enum { LINES = 12 };
    for (size_t i = 0; i < r->n_lines && i < LINES; i++)
        if (r->lines[i].kind == LINE_BODY && is_salute(line_text(r, i)))
            r->lines[i].kind = LINE_ASIDE;
}

/* What is attached: "附件：1. …" and the numbered lines below it. */
static void find_attachments(Reading *r)
{
    for (size_t i = 0; i < r->n_lines; i++) {
        Str t = line_text(r, i);
        if (r->lines[i].kind != LINE_BODY ||
            !(str_starts(t, STRC("附件：")) || str_starts(t, STRC("附件:"))))
            continue;
        Mark m;
        r->lines[i].kind = LINE_ASIDE;
        while (++i < r->n_lines && r->lines[i].kind == LINE_BODY &&
               is_short(line_text(r, i), TITLE_POINTS) &&
               outline_mark_at(&m, line_text(r, i), 0, true) > 0 && m.kind == MARK_NUM)
            r->lines[i].kind = LINE_ASIDE;
    }
}

bool outline_lines(Reading *r)
{
    if (!split(r) || !drop_repeats(r) || !read_head(r))
        return false;
    find_salutes(r);
    find_attachments(r);
    find_headlines(r, read_tail(r));
    return true;
}
