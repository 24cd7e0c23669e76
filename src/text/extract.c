/* The result: headings, achievements, problems, impressions, demands, each with its sentence. */
#include "text/inside.h"

static bool too_many(Reading *r)
{
    return err_fail(r->e, ERR_TOO_BIG, err_hole("what", "提纲的条目"),
                    err_hole("max", (int64_t)OUTLINE_ITEMS_MAX));
}

/* Without the stops and blanks at its end. */
static Str bare(Str s)
{
    static const char *const ends[] = { "。", "；", "：", "，", "、", "！", ";", ":", ",", NULL };
    for (bool cut = true; cut;) {
        cut = false;
        s = str_trim(s);
        for (const char *const *w = ends; *w; w++)
            if (str_ends(s, str_of(*w))) {
                s.n -= str_of(*w).n;
                cut = true;
            }
    }
    return s;
}

/* The sentence [from, to) without blanks around it. */
static void trim_span(const Reading *r, size_t *from, size_t *to)
{
    Str s = str_trim(outline_slice(r, *from, *to));
    if (s.n > 0) {
        *from = (size_t)(s.p - r->s.p);
        *to = *from + s.n;
    }
}

/* [from, to) is the sentence, its text begins at body; the block reaches to end. */
static bool add_item(Reading *r, OutlineItems *all, size_t from, size_t body, size_t to, size_t end)
{
    size_t begin = from;
    trim_span(r, &from, &to);
    trim_span(r, &begin, &end);
    Str text = bare(outline_slice(r, body, to));
    if (text.n == 0)
        return true;
    if (all->n >= OUTLINE_ITEMS_MAX)
        return too_many(r);
    if (!ARENA_PUSH(r->a, all->items, all->n, all->cap))
        return outline_refused(r);
    all->items[all->n++] = (OutlineItem){
        .text = text, .sentence = text_quote(r->f, from, to), .from = text_origin(r->f, from),
        .to = text_origin(r->f, to), .end = text_origin(r->f, end > to ? end : to) };
    return true;
}

static bool add_heading(Reading *r, const Mark *m)
{
    OutlineHeadings *all = &r->out->headings;
    size_t from = m->at, to = m->to, begin = from, end = m->end;
    trim_span(r, &from, &to);
    trim_span(r, &begin, &end);
    Str text = bare(outline_slice(r, m->body, to));
    if (text.n == 0)
        return true;
    if (all->n >= OUTLINE_ITEMS_MAX)
        return too_many(r);
    if (!ARENA_PUSH(r->a, all->items, all->n, all->cap))
        return outline_refused(r);
    all->items[all->n++] = (OutlineHeading){
        .level = r->lists[m->list].level, .number = outline_slice(r, m->at, m->number_to),
        .text = text, .sentence = text_quote(r->f, from, to), .from = text_origin(r->f, from),
        .to = text_origin(r->f, to), .end = text_origin(r->f, end > to ? end : to) };
    return true;
}

static OutlineItems *items_of(Reading *r, Class c)
{
    switch (c) {
    case CLASS_ACHIEVEMENT: return &r->out->achievements;
    case CLASS_PROBLEM: return &r->out->problems;
    case CLASS_IMPRESSION: return &r->out->impressions;
    case CLASS_DEMAND: return &r->out->demands;
    case CLASS_NONE: case CLASS_OTHER: break;
    }
    return NULL;
}

/* --- problems that no marker counts --------------------------------------------------------- */

/* How a single problem is told. */
static const char *const forms[] = {
    "个别", "有的", "一些", "少数", "部分", "不够", "不足", "不强", "不高", "不深", "不严", "不实",
    "不到位", "不充分", "不平衡", "不扎实", "不规范", "不经常", "不及时", "不主动", "不清晰",
    "缺乏", "薄弱", "欠缺", "滞后", "弱化", "形式化", "两张皮", "还存在", "仍存在", "仍然存在",
    "还需", "有待", "差距", "短板", "流于形式", "缺少", "偏低", "偏少", "偏弱", NULL
};
/* How problems are opened. */
static const char *const openers[] = {
    "问题也不容忽视", "问题不容忽视", "问题，主要", "问题,主要", "问题：", "问题:", "突出问题",
    "存在一些问题", "存在不少问题", "存在以下问题", "还存在", "仍存在", "仍然存在", "也存在",
    "存在一定差距", "存在差距", "存在不足", "存在一些不足", "不足之处", "清醒地认识到",
    "清醒认识到", "清醒地看到", "清醒看到", "也要看到", "也应看到", "必须看到", NULL
};
static const char *const closers[] = {
    "这些问题", "以上问题", "上述问题", "对此", "对这些", "对于这些", "同志们", "下面", "为此",
    "下一步", "今后", "针对", "希望", "各级", "要", "请", "产生", "究其", "分析原因", "剖析", "造成",
    NULL
};
/* The subjects that tell one problem from the next inside a sentence. */
static const char *const subjects[] = { "个别", "有的", "有些", "一些", "少数", "部分", "极少数",
                                        "极个别", "少部分", "我们的个别", "还有的", "还有", NULL };

size_t outline_clause_end(Str s, size_t at)
{
    size_t k;
    uint32_t cp;
    for (; (k = outline_next(s, at, &cp)) > 0; at += k)
        if (cp == 0xFF1B || cp == ';')
            return at + k;
    return at;
}

/* What is wanting, without those who want it. */
static const char *const wants[] = {
    "不够", "不足", "不强", "不高", "不深", "不严", "不实", "不到位", "不充分", "不平衡", "不扎实",
    "不规范", "不经常", "不及时", "不主动", "不清晰", "不愿", "不敢", "不会", "不理想", "不明显",
    "缺乏", "薄弱", "欠缺", "滞后", "弱化", "形式化", "两张皮", "差距", "短板", "流于形式", "缺少",
    "偏低", "偏少", "偏弱", "松散", "空泛", "走过场", "打折扣", "应付", "没有", "未能", "问题", NULL
};
/* What is fought is not told: "防止个别支部流于形式". */
static const char *const fought[] = { "防止", "避免", "杜绝", "纠正", "克服", "解决", "针对", "整治",
                                      "破解", "扭转", NULL };

/* Who speaks of these speaks of what is wanting; 有的 and 部分 may be neutral. */
static const char *const surely[] = { "个别", "少数", "极少数", "极个别", NULL };

bool outline_tells(Str part)
{
    static const char *const leads[] = { "但是", "但", "然而", "同时", "此外", "另外", "，", "、",
                                         NULL };
    part = str_trim(part);
    for (size_t n; (n = outline_one(part, 0, leads)) > 0;)
        part = str_sub(part, n, part.n);
    if (!outline_starts_any(part, subjects) || outline_any(part, fought))
        return false;
    return outline_starts_any(part, surely) || outline_any(part, wants);
}

/* "个别…；有的…；少数…。" holds one problem a part, any other sentence one. */
static bool is_series(Str sentence)
{
    size_t parts = 0, told = 0, wanting = 0;
    for (size_t at = 0; at < sentence.n; parts++) {
        size_t next = outline_clause_end(sentence, at);
        Str part = str_trim(str_sub(sentence, at, next - at));
        told += outline_starts_any(part, subjects);
        wanting += outline_any(part, forms);
        at = next;
    }
    return parts > 1 && ((told + 1 >= parts && told > 0) || wanting == parts);
}

static bool add_problems(Reading *r, size_t from, size_t to)
{
    if (!is_series(str_trim(outline_slice(r, from, to))))
        return add_item(r, &r->out->problems, from, from, to, to);
    Str s = str_sub(r->s, 0, to);
    while (from < to) {
        size_t next = outline_clause_end(s, from);
        if (!add_item(r, &r->out->problems, from, from, next, next))
            return false;
        from = next;
    }
    return true;
}

/* Sentences of [from, to) from the first that tells a problem to the first that does not. */
static bool add_told(Reading *r, size_t from, size_t to, int *told)
{
    Str s = str_sub(r->s, 0, to);
    while (from < to) {
        size_t next = outline_sentence_end(s, from);
        Str one = str_trim(outline_slice(r, from, next));
        if (one.n > 0 && (outline_starts_any(one, closers) || !outline_any(one, forms)))
            return true;
        if (one.n > 0 && !add_problems(r, from, next))
            return false;
        *told += one.n > 0;
        from = next;
    }
    return true;
}

/* Behind the colon of "…主要是：", or the end of the sentence. */
static size_t behind_colon(Str s, size_t from, size_t to)
{
    size_t k;
    uint32_t cp;
    for (size_t at = from; at < to && (k = outline_next(s, at, &cp)) > 0; at += k)
        if (cp == 0xFF1A || cp == ':')
            return at + k;
    return to;
}

/* A paragraph without markers: behind a sentence that opens problems, those that tell one. */
static bool problems_in(Reading *r, size_t from, size_t to)
{
    Str s = str_sub(r->s, 0, to);
    while (from < to) {
        size_t next = outline_sentence_end(s, from);
        Str one = outline_slice(r, from, next);
        if (outline_any(one, openers)) {
            int told = 0;
            size_t body = behind_colon(s, from, next);
            if (!add_told(r, body, to, &told))
                return false;
            bool itself = told == 0 && outline_any(one, forms) && outline_any(one, subjects);
            return itself ? add_problems(r, from, next) : true;
        }
        from = next;
    }
    return true;
}

/* --- items ---------------------------------------------------------------------------------- */

/* A classed section without points: a problem section gives its sentences, another one the first
 * sentence of each paragraph. */
static bool section_items(Reading *r, const Mark *m)
{
    OutlineItems *all = items_of(r, m->cls);
    size_t from = m->to;
    for (size_t i = m->line; i < r->n_lines && r->lines[i].from < m->end; i++) {
        const Line *l = &r->lines[i];
        if (from < l->from)
            from = l->from;
        int told = 0;
        if (l->kind != LINE_BODY || from >= l->to)
            continue;
        size_t first = outline_sentence_end(str_sub(r->s, 0, l->to), from);
        Str one = outline_slice(r, from, first);
        if (m->cls == CLASS_PROBLEM && first < l->to && outline_any(one, openers) &&
            !outline_starts_any(str_trim(one), subjects))
            from = first; /* "虽然有进步，但仍然存在差距。" opens and tells nothing yet */
        if (m->cls == CLASS_PROBLEM ? !add_told(r, from, l->to, &told)
                                    : !add_item(r, all, from, from, first, l->to))
            return false;
    }
    return true;
}

static bool is_listed(Class c)
{
    return c == CLASS_ACHIEVEMENT || c == CLASS_PROBLEM || c == CLASS_IMPRESSION;
}

/* Is m a point of something that is an item itself? Under "一、存在的问题" the points are the
 * items; under the first of "三点体会" they are its parts. */
static bool is_under_item(const Reading *r, const Mark *m)
{
    const List *l = &r->lists[m->list];
    if (l->parent == NOWHERE)
        return false;
    const Mark *over = &r->marks[l->parent];
    return over->cls == m->cls && !over->own;
}

static bool take_listed(Reading *r, const Mark *m)
{
    if (outline_is_top(m->kind)) {
        bool pointed = m->child != NOWHERE && r->lists[m->child].cls == m->cls;
        if (!add_heading(r, m))
            return false;
        if (!m->own)
            return add_item(r, items_of(r, m->cls), m->at, m->body, m->to, m->end);
        return pointed || section_items(r, m);
    }
    if (is_under_item(r, m))
        return true;
    return add_item(r, items_of(r, m->cls), m->at, m->body, m->to, m->end);
}

/* The points of a demand are demands themselves, the heading over them is not; points of points
 * belong to them. */
static bool is_leaf(const Reading *r, const Mark *m)
{
    int level = r->lists[m->list].level;
    return level == 2 || (level == 1 && m->child == NOWHERE);
}

static bool take_mark(Reading *r, const Mark *m)
{
    if (is_listed(m->cls))
        return take_listed(r, m);
    if (!add_heading(r, m))
        return false;
    return m->cls != CLASS_DEMAND || !is_leaf(r, m) ||
           add_item(r, &r->out->demands, m->at, m->body, m->to, m->end);
}

/* The lines before the first heading of level 1, or all of them when there is none; lines with
 * markers have said themselves what they hold. */
static bool take_plain(Reading *r, size_t line, size_t next_mark)
{
    const Line *l = &r->lines[line];
    bool marked = next_mark < r->n_marks && r->marks[next_mark].line == line;
    return l->kind != LINE_BODY || marked || problems_in(r, l->from, l->to);
}

bool outline_take(Reading *r)
{
    bool under_top = false;
    size_t m = 0;
    r->out->title = r->title;
    for (size_t i = 0; i < r->n_lines; i++) {
        under_top |= m < r->n_marks && r->marks[m].line == i &&
                     outline_is_top(r->marks[m].kind);
        if (!under_top && !take_plain(r, i, m))
            return false;
        for (; m < r->n_marks && r->marks[m].line == i; m++)
            if (!take_mark(r, &r->marks[m]))
                return false;
    }
    return true;
}
