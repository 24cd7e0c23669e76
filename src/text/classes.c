/* What a list holds: achievements, problems, impressions or demands. First that says so wins:
 * its own marker (第一点感受), the noun of its announcement (三点意见), the heading over it, the last
 * telling word of the sentence that leads to it, the kind of marker (一要 demands). */
#include "text/inside.h"

#include <string.h>

enum { NEAR_LINES = 3, LOOK_LISTS = 32, LEAD_BYTES = 600 };

/* Behind the closing quotation marks at i, which belong to the sentence. */
static size_t behind_closing(Str s, size_t i)
{
    size_t k;
    uint32_t cp;
    while ((k = outline_next(s, i, &cp)) > 0 &&
           (cp == 0x201D || cp == 0xFF09 || cp == 0x300D || cp == 0x3002))
        i += k;
    return i;
}

/* Every step looks for sentences, so common characters are passed over by their first byte. */
size_t outline_sentence_end(Str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t k, i = at, clause = 0;
    uint32_t cp;
    while (i < s.n) {
        if (p[i] >= 0xE4 && p[i] <= 0xE9 && i + 3 <= s.n && i + 3 - at <= OUTLINE_QUOTE_MAX) {
            i += 3;
            continue;
        }
        k = outline_next(s, i, &cp);
        if (cp == '\n')
            return i;
        if (i + k - at > OUTLINE_QUOTE_MAX)
            return clause > at ? clause : i;
        i += k;
        if (cp == 0xFF0C || cp == 0xFF1B || cp == ',' || cp == ';')
            clause = i;
        if (cp == 0x3002 || cp == 0xFF01 || cp == 0xFF1F)
            return behind_closing(s, i);
    }
    return i;
}

static const char *const problem_heads[] = {
    "存在的问题", "存在问题", "存在的主要问题", "存在的突出问题", "主要问题", "突出问题",
    "问题与不足", "问题和不足", "问题及", "不足之处", "差距和不足", "差距与不足", "短板和不足",
    "没干好", "没做好", "存在不足", "存在的不足", "存在差距", "存在的差距", "存在的短板", "主要不足", NULL
};
static const char *const achievement_heads[] = {
    "成绩", "取得的成效", "主要成效", "工作成效", "工作回顾", "主要做法", "工作开展情况",
    "工作亮点", "主要亮点", "主要工作情况", "履职情况", "履行职责情况", "值得肯定", "干了什么", NULL
};
static const char *const other_heads[] = { "原因", "基本情况", "背景", NULL };
static const char *const impression_heads[] = { "感受", "体会", "印象", "启示", NULL };
/* A heading that begins like this bids something, whatever it names. */
static const char *const bids[] = {
    "要", "坚持", "突出", "着力", "解决", "补齐", "聚焦", "破解", "切实", "进一步", "整改", "下一步",
    "针对", "以", "努力", "加强", "强化", "务必", "必须", "继续", "争取", "用", "下步", "今后", "明年",
    NULL
};

Class outline_heading_class(Str h)
{
    if (outline_starts_any(h, bids))
        return CLASS_NONE;
    if (outline_any(h, problem_heads) || str_eq(h, STRC("问题")) || str_eq(h, STRC("不足")))
        return CLASS_PROBLEM;
    if (outline_any(h, other_heads))
        return CLASS_OTHER;
    if (outline_any(h, achievement_heads) || str_eq(h, STRC("主要工作")))
        return CLASS_ACHIEVEMENT;
    if (outline_any(h, impression_heads))
        return CLASS_IMPRESSION;
    return CLASS_NONE;
}

static const struct {
    const char *word;
    Class cls;
} cues[] = {
    { "成绩", CLASS_ACHIEVEMENT },  { "成效", CLASS_ACHIEVEMENT },  { "亮点", CLASS_ACHIEVEMENT },
    { "提升", CLASS_ACHIEVEMENT },  { "增强", CLASS_ACHIEVEMENT },  { "进步", CLASS_ACHIEVEMENT },
    { "进展", CLASS_ACHIEVEMENT },  { "好转", CLASS_ACHIEVEMENT },  { "肯定", CLASS_ACHIEVEMENT },
    { "变化", CLASS_ACHIEVEMENT },  { "问题", CLASS_PROBLEM },      { "不足", CLASS_PROBLEM },
    { "差距", CLASS_PROBLEM },      { "短板", CLASS_PROBLEM },      { "薄弱", CLASS_PROBLEM },
    { "感受", CLASS_IMPRESSION },   { "体会", CLASS_IMPRESSION },   { "印象", CLASS_IMPRESSION },
    { "启示", CLASS_IMPRESSION },   { "建议", CLASS_DEMAND },       { "意见", CLASS_DEMAND },
    { "要求", CLASS_DEMAND },       { "希望", CLASS_DEMAND },       { "想法", CLASS_DEMAND },
    { "强调", CLASS_DEMAND },       { "打算", CLASS_DEMAND },       { "下一步", CLASS_DEMAND },
    { "下步", CLASS_DEMAND },       { "解决", CLASS_DEMAND },       { "整改", CLASS_DEMAND },
    { "做到", CLASS_DEMAND },       { "抓好", CLASS_DEMAND },       { "着力", CLASS_DEMAND },
};

/* The place of the last `word` in s, or -1. */
static ptrdiff_t last_of(Str s, Str word)
{
    ptrdiff_t at = -1, k;
    while ((k = str_find(str_sub(s, (size_t)(at + 1), s.n), word)) >= 0)
        at += 1 + k;
    return at;
}

/* "着力解决三个问题：" bids: a problem word behind a bidding one in the same clause is its object. */
static bool is_object(Str s, ptrdiff_t at)
{
    static const char *const verbs[] = { "解决", "整改", "破解", "针对", "聚焦", "围绕", "着力",
                                         "对照", NULL };
    static const char *const tells[] = { "讲", "谈", "说", NULL };
    size_t from = at > 36 ? (size_t)at - 36 : 0;
    Str before = str_sub(s, from, (size_t)at - from), head, tail;
    while (str_cut(before, STRC("，"), &head, &tail))
        before = tail;
    bool topic = str_ends(before, STRC("个")) && outline_any(before, tells); /* 主要讲两个问题 */
    return topic || outline_any(before, verbs);
}

static Class cue_class(Str lead)
{
    ptrdiff_t latest = -1;
    Class cls = CLASS_NONE;
    for (size_t i = 0; i < sizeof cues / sizeof *cues; i++) {
        ptrdiff_t at = last_of(lead, str_of(cues[i].word));
        if (at <= latest)
            continue;
        latest = at;
        cls = cues[i].cls == CLASS_PROBLEM && is_object(lead, at) ? CLASS_DEMAND : cues[i].cls;
    }
    return cls;
}

/* The last sentence of [from, to), with its stop. */
static Str last_sentence(const Reading *r, size_t from, size_t to)
{
    size_t start = from;
    for (size_t at = from; at < to;) {
        size_t next = outline_sentence_end(str_sub(r->s, 0, to), at);
        if (next <= at)
            break;
        start = at;
        at = next;
    }
    return outline_slice(r, start, to);
}

static bool has_mark_in_line(const Reading *r, uint32_t mark, uint32_t line)
{
    return mark > 0 && r->marks[mark - 1].line == line;
}

/* The sentence that leads to a list: before its first marker in the paragraph, or the end of the
 * paragraph above when that is no heading or item. */
static Str lead_of(const Reading *r, const List *l)
{
    const Mark *m = &r->marks[l->first];
    uint32_t line = m->line;
    size_t to = m->at;
    if (m->start) {
        if (line == 0 || r->lines[line - 1].kind != LINE_BODY ||
            has_mark_in_line(r, l->first, line - 1))
            return (Str){ "", 0 };
        line--;
        to = r->lines[line].to;
    }
    size_t from = r->lines[line].from;
    if (has_mark_in_line(r, l->first, line) && r->marks[l->first - 1].body > from)
        from = r->marks[l->first - 1].body;
    if (to > from + LEAD_BYTES) {
        from = to - LEAD_BYTES;
        while (from < to && ((unsigned char)r->s.p[from] & 0xC0) == 0x80)
            from++;
    }
    return last_sentence(r, from, to);
}

static bool ends_with_colon(Str s)
{
    s = str_trim(s);
    return str_ends(s, STRC("：")) || str_ends(s, STRC(":"));
}

/* A later paragraph that says "…还存在一些问题，主要表现在：" leaves the list it stands behind. */
static bool turns(const Reading *r, const List *l, Str lead, Class cls)
{
    return cls == CLASS_PROBLEM && ends_with_colon(lead) && l->inside &&
           r->marks[l->parent].line != r->marks[l->first].line &&
           !r->marks[l->parent].own;
}

static Class list_class(const Reading *r, const List *l)
{
    const Mark *first = &r->marks[l->first];
    Class over = l->parent == NOWHERE ? CLASS_NONE : r->marks[l->parent].cls;
    if (first->noun != CLASS_NONE)
        return first->noun;
    if (l->announce != NOWHERE && r->announces[l->announce].cls != CLASS_NONE)
        return r->announces[l->announce].cls;
    Str lead = lead_of(r, l);
    Class cls = cue_class(lead);
    if (over != CLASS_NONE && over != CLASS_DEMAND)
        return turns(r, l, lead, cls) ? cls : over;
    if (l->parent != NOWHERE && !ends_with_colon(lead))
        return over;
    if (outline_is_top(l->kind) && !ends_with_colon(lead))
        cls = CLASS_NONE; /* what a report says before its first heading names no heading */
    if (cls != CLASS_NONE)
        return cls;
    if (over != CLASS_NONE)
        return over;
    bool numbered = outline_is_top(l->kind) || l->kind == MARK_PAREN || l->kind == MARK_NUM;
    return numbered || l->kind == MARK_YAO ? CLASS_DEMAND : CLASS_NONE;
}

static void class_mark(const Reading *r, Mark *m, const List *l)
{
    Class own = CLASS_NONE;
    if (outline_is_top(m->kind))
        own = outline_heading_class(str_trim(outline_slice(r, m->body, m->to)));
    m->own = own != CLASS_NONE;
    m->cls = m->noun != CLASS_NONE ? m->noun : m->own ? own : l->cls;
}

/* The first list that begins behind `at`. */
static size_t first_list_behind(const Reading *r, size_t at)
{
    size_t low = 0, high = r->n_lists;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (r->marks[r->lists[mid].first].at < at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Could an announcement at `at` mean l at all? Not a list inside an item that begins later. */
static bool in_sight(const Reading *r, const Announce *an, const List *l)
{
    return (l->parent == NOWHERE || r->marks[l->parent].at < an->at) &&
           r->marks[l->first].ord == 1;
}

static bool is_near(const Reading *r, const Announce *an, const List *l)
{
    return r->marks[l->first].line - an->line <= NEAR_LINES;
}

static bool agree(Class a, Class b)
{
    return a == CLASS_NONE || b == CLASS_NONE || a == b;
}

/* The next list, when it is near and its marker does not say otherwise. */
static void bind_near(Reading *r, uint32_t i)
{
    const Announce *an = &r->announces[i];
    size_t first = first_list_behind(r, an->to);
    for (size_t j = first; j < r->n_lists && j < first + LOOK_LISTS; j++) {
        List *l = &r->lists[j];
        if (!in_sight(r, an, l))
            continue;
        if (is_near(r, an, l) && agree(an->cls, r->marks[l->first].noun))
            l->announce = i;
        return;
    }
}

bool outline_classes(Reading *r)
{
    for (uint32_t i = 0; i < r->n_announces; i++)
        bind_near(r, i);
    for (uint32_t i = 0; i < r->n_marks; i++) {
        Mark *m = &r->marks[i];
        List *l = &r->lists[m->list];
        if (l->first == i)
            l->cls = list_class(r, l);
        class_mark(r, m, l);
    }
    return true;
}

/* --- what was announced against what stands there --- */

/* The list that an announcement means: the near one, or for a named count ("三点建议") the first
 * later list of that class. */
static const List *list_meant(const Reading *r, uint32_t i)
{
    const Announce *an = &r->announces[i];
    size_t first = first_list_behind(r, an->to);
    bool nearest = true;
    for (size_t j = first; j < r->n_lists && j < first + LOOK_LISTS; j++) {
        const List *l = &r->lists[j];
        if (!in_sight(r, an, l))
            continue;
        if (nearest && is_near(r, an, l) && agree(an->cls, l->cls))
            return l;
        if (an->cls != CLASS_NONE && an->cls == l->cls && l->announce != NOWHERE)
            return l;
        nearest = false;
    }
    return NULL;
}

static bool add_mismatch(Reading *r, const Announce *an, int found)
{
    OutlineMismatches *all = &r->out->mismatches;
    for (size_t i = all->n; i-- > 0 && all->n - i < 4;)
        if (all->items[i].announced == an->count && all->items[i].found == found)
            return true; /* said twice */
    if (!ARENA_PUSH(r->a, all->items, all->n, all->cap))
        return outline_refused(r);
    size_t from = an->sentence, to = an->sentence_to;
    all->items[all->n++] = (OutlineMismatch){
        .announced = an->count, .found = found, .what = outline_slice(r, an->at, an->to),
        .sentence = text_quote(r->f, from, to), .from = text_origin(r->f, from),
        .to = text_origin(r->f, to) };
    return true;
}

bool outline_mismatches(Reading *r)
{
    for (uint32_t i = 0; i < r->n_announces; i++) {
        const Announce *an = &r->announces[i];
        const List *l = an->count > 0 ? list_meant(r, i) : NULL;
        if (l && l->n != an->count && !add_mismatch(r, an, l->n))
            return false;
    }
    return true;
}
