/* draft_read: one walk over the sentences behind the outline. */
#include "text/draft_in.h"

#include <string.h>

typedef struct Drafting {
    Reading *r;
    const Roster *roster;
    Drafts *out;
    Map programmes;              /* name -> index + 1, as a pointer into `items` may move */
    size_t from, to;             /* the sentence */
    size_t problem;              /* the next item of the outline's problems */
    Class section;               /* what the heading of level 1 above says */
    size_t top;                  /* next mark */
    bool bids;                   /* the latest mark demands, and its block goes on */
    size_t bids_to;
} Drafting;

static Str quote(const Drafting *w)
{
    return text_quote(w->r->f, w->from, w->to);
}

static size_t origin(const Drafting *w, size_t at)
{
    return text_origin(w->r->f, at);
}

/* --- named programmes ----------------------------------------------------------------------- */

static const char *const inside_name[] = {
    "工程", "行动", "计划", "活动", "专项", "攻坚", "工作法", "品牌", "项目", "模式", "讲堂", "课堂",
    "驿站", "提升年", "服务圈", "赋能", "培育", "服务队", "先锋岗", "示范岗", "联盟", NULL
};
static const char *const behind_name[] = {
    "工程", "行动", "计划", "活动", "专项", "攻坚", "工作法", "品牌", "项目", "模式", "主题", "专题",
    "党建品牌", "服务品牌", "特色品牌", "机制", "工作机制", "服务队", "志愿服务", "示范", NULL
};

/* The text between quotation marks at `at`, 0 bytes when there is none; `name` is inside. */
static size_t quoted_at(Str s, size_t at, Str *name)
{
    static const struct {
        const char *open, *close;
    } pairs[] = { { "“", "”" }, { "「", "」" }, { "‘", "’" } };
    enum { NAME_BYTES = 63 };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (!outline_word(s, at, pairs[i].open))
            continue;
        Str near = str_sub(s, at + 3, NAME_BYTES);
        ptrdiff_t end = str_find(near, str_of(pairs[i].close));
        if (end < 6)
            return 0;
        *name = str_sub(near, 0, (size_t)end);
        return (size_t)end + 6;
    }
    return 0;
}

static bool has_stop(Str s)
{
    static const char *const marks[] = { "。", "，", "；", "：", "！", "？", "\n", NULL };
    return outline_any(s, marks);
}

static bool add_programme(Drafting *w, Str name, size_t at, size_t end)
{
    DraftProgrammes *all = &w->out->programmes;
    DraftProgramme *known = map_get(&w->programmes, name);
    if (known) {
        known->times++;
        return true;
    }
    if (all->n >= OUTLINE_ITEMS_MAX)
        return true;
    DraftProgramme *p = ARENA_NEW(w->r->a, DraftProgramme);
    if (!p || !map_put(&w->programmes, name, p))
        return outline_refused(w->r);
    *p = (DraftProgramme){ name, quote(w), origin(w, w->from), origin(w, w->to), origin(w, at),
                           origin(w, end), 1 };
    all->n++;
    return true;
}

/* Bytes passed over. */
static bool programme_at(Drafting *w, size_t at, size_t *passed)
{
    Str s = str_sub(w->r->s, 0, w->to), name;
    size_t n = quoted_at(s, at, &name);
    if (n == 0 || has_stop(name))
        return true;
    bool telling = outline_any(name, inside_name) || outline_one(s, at + n, behind_name) > 0;
    if (telling && !add_programme(w, name, at, at + n))
        return false;
    *passed = telling ? n : *passed;
    return true;
}

/* The map holds them in order of their first place. */
static bool list_programmes(Drafting *w)
{
    DraftProgrammes *all = &w->out->programmes;
    all->items = ARENA_ARRAY(w->r->a, DraftProgramme, w->programmes.n + 1);
    if (!all->items)
        return outline_refused(w->r);
    all->n = all->cap = w->programmes.n;
    for (size_t i = 0; i < w->programmes.n; i++)
        all->items[i] = *(DraftProgramme *)w->programmes.entries[i].value;
    return true;
}

/* --- days ----------------------------------------------------------------------------------- */

static bool add_day(Drafting *w, DraftDay d, size_t at, size_t end)
{
    DraftDays *all = &w->out->days;
    if (all->n >= OUTLINE_ITEMS_MAX)
        return true;
    if (!ARENA_PUSH(w->r->a, all->items, all->n, all->cap))
        return outline_refused(w->r);
    d.text = str_sub(w->r->s, at, end - at);
    d.sentence = quote(w);
    d.from = origin(w, w->from);
    d.to = origin(w, w->to);
    d.at = origin(w, at);
    d.at_end = origin(w, end);
    all->items[all->n++] = d;
    return true;
}

static const char *const before_it[] = { "之前", "以前", "前", NULL };

/* Is "截至" or "截止" right before? */
static bool is_closing(Str s, size_t from, size_t at)
{
    Str near = str_sub(s, at > from + 9 ? at - 9 : from, at > from + 9 ? 9 : at - from);
    return str_ends(near, STRC("截止")) || str_ends(near, STRC("截止到")) ||
           str_ends(near, STRC("截止时间为"));
}

/* A year alone is told everywhere; it is a day of its own only as a deadline. */
static bool date_at(Drafting *w, Str s, size_t at, size_t n, const DayParts *day, size_t *passed)
{
    static const char *const ends[] = { "底", "末", NULL };
    size_t end = at + n, k = outline_one(s, end, ends);
    DraftDay d = { .day = *day, .end = k > 0 };
    end += k;
    k = outline_one(s, end, before_it);
    d.deadline = k > 0 || is_closing(s, w->from, at);
    end += k;
    *passed = end - at;
    return (day->month == 0 && !d.deadline) || add_day(w, d, at, end);
}

/* 3个工作日内, 一个月内 */
static bool within_at(Drafting *w, Str s, size_t at, size_t *passed)
{
    static const char *const units[] = { "个工作日", "工作日", "个月", "天", "日", "周", "小时", NULL };
    static const char *const ends[] = { "之内", "以内", "内", NULL };
    Numeral n;
    int64_t count;
    size_t k = numeral_read(&n, str_sub(s, 0, at + 60 < s.n ? at + 60 : s.n), at);
    size_t u = k > 0 ? outline_one(s, at + k, units) : 0;
    size_t end = u > 0 ? outline_one(s, at + k + u, ends) : 0;
    *passed = k > *passed ? k : *passed;
    if (end == 0 || !dec_to_int(&count, n.value) || count < 1 || count > 1000)
        return true;
    DraftDay d = { .deadline = true, .within = (int)count, .unit = str_sub(s, at + k, u) };
    *passed = k + u + end;
    return add_day(w, d, at, at + k + u + end);
}

/* 年 月 日 天 个 工 周 小, and what a date in digits goes on with */
static bool begins_time(uint32_t cp)
{
    switch (cp) {
    case 0x5E74: case 0x6708: case 0x65E5: case 0x5929: case 0x4E2A: case 0x5DE5: case 0x5468:
    case 0x5C0F: case '.': case '-': case '/': case ' ':
        return true;
    }
    return false;
}

static bool number_at(Drafting *w, size_t at, size_t *passed)
{
    Str s = str_sub(w->r->s, 0, w->to);
    DayParts day;
    uint32_t behind;
    size_t end = outline_digits(s, at, &behind);
    if (end > at && !begins_time(behind)) {
        *passed = end - at;
        return true;
    }
    size_t n = numeral_date(&day, str_sub(s, 0, at + 60 < s.n ? at + 60 : s.n), at);
    return n > 0 ? date_at(w, s, at, n, &day, passed) : within_at(w, s, at, passed);
}

/* 年底前 and the like stand without a number. */
static bool word_at(Drafting *w, size_t at, size_t *passed)
{
    static const char *const words[] = { "年底前", "年底之前", "年末前", "年内", "月底前", "月底之前",
                                         "本月底前", "本周内", "本月内", "本季度内", "季度末前", NULL };
    size_t n = outline_one(str_sub(w->r->s, 0, w->to), at, words);
    if (n == 0)
        return true;
    *passed = n;
    return add_day(w, (DraftDay){ .deadline = true }, at, at + n);
}

/* --- names ---------------------------------------------------------------------------------- */

static bool name_at(Drafting *w, size_t at, size_t *passed)
{
    RosterName who;
    DraftNames *all = &w->out->names;
    size_t n = roster_at(&who, w->roster, str_sub(w->r->s, 0, w->to), at);
    if (n == 0 || all->n >= OUTLINE_ITEMS_MAX)
        return true;
    if (!ARENA_PUSH(w->r->a, all->items, all->n, all->cap))
        return outline_refused(w->r);
    all->items[all->n++] = (DraftName){ who, quote(w), origin(w, w->from), origin(w, w->to),
                                        origin(w, at), origin(w, at + n) };
    *passed = n;
    return true;
}

/* --- problems ------------------------------------------------------------------------------- */

static bool add_problem(Drafting *w, DraftProblem p)
{
    DraftProblems *all = &w->out->problems;
    if (all->n >= OUTLINE_ITEMS_MAX)
        return true;
    if (!ARENA_PUSH(w->r->a, all->items, all->n, all->cap))
        return outline_refused(w->r);
    all->items[all->n++] = p;
    return true;
}

/* Those of the outline that begin before `at`, in their order. */
static bool listed_before(Drafting *w, size_t at)
{
    const OutlineItems *all = &w->out->outline.problems;
    for (; w->problem < all->n && all->items[w->problem].from < at; w->problem++) {
        const OutlineItem *i = &all->items[w->problem];
        if (!add_problem(w, (DraftProblem){ .text = i->text, .sentence = i->sentence,
                                            .from = i->from, .to = i->to, .end = i->end,
                                            .listed = true }))
            return false;
    }
    return true;
}

static bool is_listed(const Drafting *w, size_t at)
{
    const DraftProblems *all = &w->out->problems;
    return all->n > 0 && all->items[all->n - 1].listed && at < all->items[all->n - 1].end;
}

/* Told in passing: "…个别支部学习不够深入；…" outside of any list of problems. */
static bool problems_told(Drafting *w)
{
    Str s = str_sub(w->r->s, 0, w->to);
    if (!listed_before(w, origin(w, w->to)))
        return false;
    for (size_t at = w->from, next; at < w->to; at = next) {
        next = outline_clause_end(s, at);
        Str part = str_trim(str_sub(s, at, next - at));
        ptrdiff_t colon = str_find(part, STRC("主要是："));
        if (colon >= 0)
            part = str_sub(part, (size_t)colon + strlen("主要是："), part.n);
        if (part.n == 0 || !outline_tells(part))
            continue;
        size_t from = (size_t)(part.p - s.p), to = from + part.n;
        if (is_listed(w, origin(w, from)))
            continue;
        while (part.n >= 3 && (str_ends(part, STRC("。")) || str_ends(part, STRC("；"))))
            part.n -= 3;
        if (!add_problem(w, (DraftProblem){ .text = part, .sentence = text_quote(w->r->f, from, to),
                                            .from = origin(w, from), .to = origin(w, to),
                                            .end = origin(w, to) }))
            return false;
    }
    return true;
}

/* The first organisation that a problem's sentence names; else the first of its block. */
static void name_problems(Drafting *w)
{
    const DraftNames *names = &w->out->names;
    size_t n = 0;
    for (size_t i = 0; i < w->out->problems.n; i++) {
        DraftProblem *p = &w->out->problems.items[i];
        while (n < names->n && names->items[n].at < p->from)
            n++;
        for (size_t k = n; k < names->n && names->items[k].at < p->end && p->org == 0; k++) {
            const RosterName *who = &names->items[k].who;
            if (who->kind == ROSTER_ORG || who->at.n > 0) {
                p->org = who->id;
                p->org_name = who->kind == ROSTER_ORG ? who->name : who->at;
            }
        }
    }
}

/* --- the walk ------------------------------------------------------------------------------- */

static bool may_bid(Str s)
{
    static const char *const words[] = { "每", "至少", "少于", "低于", "以上", "最少", "不超过", NULL };
    return outline_any(s, words);
}

static bool read_sentence(Drafting *w)
{
    Str s = w->r->s;
    size_t k;
    uint32_t cp;
    for (size_t at = w->from; at < w->to; at += k) {
        bool ok = true;
        k = outline_next(s, at, &cp);
        if ((cp >= '0' && cp <= '9') || text_zh_digit(cp) >= 0 || cp == 0x5341)
            ok = number_at(w, at, &k);
        else if (cp == 0x201C || cp == 0x300C || cp == 0x2018)
            ok = programme_at(w, at, &k);
        else if (cp == 0x5E74 || cp == 0x6708 || cp == 0x672C || cp == 0x5B63) /* 年 月 本 季 */
            ok = word_at(w, at, &k);
        if (ok && w->roster && cp > 0x2000)
            ok = name_at(w, at, &k);
        if (!ok)
            return false;
    }
    bool told = w->section == CLASS_ACHIEVEMENT || w->section == CLASS_PROBLEM;
    if (!told && may_bid(str_sub(s, w->from, w->to - w->from)) &&
        !draft_duties_in(w->r, &w->out->duties, w->from, w->to, w->bids))
        return false;
    return problems_told(w);
}

static void enter_section(Drafting *w, size_t at)
{
    const Reading *r = w->r;
    for (; w->top < r->n_marks && r->marks[w->top].at <= at; w->top++) {
        const Mark *m = &r->marks[w->top];
        if (outline_is_top(m->kind))
            w->section = m->own ? m->cls : CLASS_NONE;
        w->bids_to = m->cls == CLASS_DEMAND ? m->end : 0;
    }
    w->bids = at < w->bids_to;
}

static bool read_lines(Drafting *w)
{
    const Reading *r = w->r;
    for (size_t i = 0; i < r->n_lines; i++) {
        const Line *l = &r->lines[i];
        if (l->kind != LINE_BODY && l->kind != LINE_HEADLINE)
            continue;
        Str s = str_sub(r->s, 0, l->to);
        for (size_t at = l->from, next; at < l->to; at = next) {
            next = outline_sentence_end(s, at);
            w->from = at;
            w->to = next;
            enter_section(w, at);
            if (!read_sentence(w))
                return false;
        }
    }
    return listed_before(w, SIZE_MAX);
}

bool draft_read(Drafts *out, Arena *a, const Text *t, const Roster *roster, Str text, Err *e)
{
    Drafts made = { .outline = { .title = { "", 0 } } };
    Reading r = { .a = a, .out = &made.outline, .e = e };
    if (!outline_steps(&r, t, text))
        return false;
    Drafting w = { .r = &r, .roster = roster, .out = &made, .programmes = map_open(a) };
    if (!read_lines(&w) || !list_programmes(&w))
        return false;
    name_problems(&w);
    *out = made;
    return true;
}
