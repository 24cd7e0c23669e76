/* Figures: a number, its unit, its qualifier and its sentence. Dates, ordinals, counts that only
 * announce a list, and numbers inside short names ("三会一课", "15分钟服务圈") are no figures. */
#include "text/inside.h"

#include <string.h>

/* Longer ones first where one begins with another. */
static const char *const units[] = {
    "个百分点", "个学时", "个小时", "学时", "课时", "个工作日", "平方公里", "平方米", "立方米", "公顷", "公里", "千米", "人次",
    "场次", "户次", "车次", "班次", "批次", "件次", "个月", "小时", "分钟", "人民币", "元", "名",
    "人", "家", "支", "户", "件", "起", "项", "条", "次", "场", "期", "篇", "份", "处", "座", "亩",
    "吨", "台", "辆", "所", "间", "套", "批", "堂", "节", "种", "类", "位", "对", "组", "队", "遍",
    "字", "页", "册", "本", "宗", "笔", "张", "棵", "株", "头", "只", "幅", "块", "米", "岁", "天",
    "周", "倍", "幢", "栋", "盏", "艘", "架", "部", "门", "枚", "面", "片", "轮", "款", "例", "分",
    "年", "个", "%", NULL
};
/* Counts in Chinese below ten are mostly idiom; with these units they are meant. */
static const char *const counted[] = {
    "人次", "场次", "个百分点", "个月", "小时", "分钟", "公里", "平方米", "名", "人", "家", "户",
    "件", "支", "场", "次", "期", "篇", "元", "亩", "所", "台", "辆", "座", "处", "岁", "倍", NULL
};
static const char *const before_words[] = {
    "不少于", "不低于", "不超过", "不多于", "不高于", "不足", "不满", "至少", "超过", "多达", "高达", "将近",
    "接近", "大约", "最多", "最少", "近", "约", "超", "逾", "满", NULL
};
static const char *const after_words[] = { "以上", "左右", "以下", "以内", "余", "多", NULL };

size_t outline_unit(Str s, size_t at)
{
    return outline_one(s, at, units);
}

static bool is_counted(Str unit)
{
    for (const char *const *w = counted; *w; w++)
        if (str_is(unit, *w))
            return true;
    return false;
}

/* The last character before `at`, 0 at the start. */
static uint32_t point_before(Str s, size_t from, size_t at)
{
    uint32_t cp = 0;
    size_t i = at;
    while (i > from) {
        i--;
        if (((unsigned char)s.p[i] & 0xC0) != 0x80) {
            outline_next(s, i, &cp);
            break;
        }
    }
    return cp;
}

/* 第3名, 届, 年 and so on before a number make it an ordinal or part of a date or code. */
static bool is_barred(uint32_t before)
{
    static const uint32_t bars[] = { 0x7B2C, 0x5C4A, 0x53F7, 0x65F6, '.', '-', '/', '+', '_',
                                     0x3014, 0x5341, 0x767E, 0x5343, 0x4E07, 0x4EBF };
    for (size_t i = 0; i < sizeof bars / sizeof *bars; i++)
        if (bars[i] == before)
            return true;
    return (before >= 'A' && before <= 'Z') || (before >= 'a' && before <= 'z');
}

/* A short name in quotation marks or brackets of a title: passed over whole. */
static size_t short_name(Str s, size_t at)
{
    static const struct {
        const char *open, *close;
    } pairs[] = { { "“", "”" }, { "《", "》" }, { "「", "」" }, { "‘", "’" } };
    enum { NAME_BYTES = 66, TITLE_BYTES = 180 };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        size_t n = strlen(pairs[i].open);
        if (s.n - at < n || memcmp(s.p + at, pairs[i].open, n) != 0)
            continue;
        Str near = str_sub(s, at + n, i == 1 ? TITLE_BYTES : NAME_BYTES);
        ptrdiff_t end = str_find(near, str_of(pairs[i].close));
        return end < 0 ? 0 : n + (size_t)end + strlen(pairs[i].close);
    }
    return 0;
}

/* What stands before the number and qualifies it: right before it, or "至少" in its clause. */
Str outline_qualifier(Str s, size_t from, size_t at)
{
    enum { NEAR = 9, CLAUSE = 36 };
    Str near = str_sub(s, at > from + NEAR ? at - NEAR : from, at > from + NEAR ? NEAR : at - from);
    for (const char *const *w = before_words; *w; w++)
        if (str_ends(near, str_of(*w)))
            return str_sub(near, near.n - strlen(*w), near.n);
    size_t start = at > from + CLAUSE ? at - CLAUSE : from;
    Str clause = str_sub(s, start, at - start), head, tail;
    while (str_cut(clause, STRC("，"), &head, &tail) || str_cut(clause, STRC("；"), &head, &tail))
        clause = tail;
    ptrdiff_t least = str_find(clause, STRC("至少"));
    return least >= 0 ? str_sub(clause, (size_t)least, 6) : (Str){ "", 0 };
}

static Str joined(Reading *r, Str a, Str b)
{
    if (a.n == 0 || b.n == 0)
        return a.n ? a : b;
    return arena_text(r->a, "%.*s%.*s", STR(a), STR(b));
}

typedef struct Found {
    Numeral n;
    size_t at, end;
    Str unit, after;
} Found;

/* Number, 余 or 多, unit, 以上 or 左右; false when no figure stands at `at`. */
static bool figure_at(Found *f, Str s, size_t at)
{
    size_t k = numeral_read(&f->n, str_sub(s, 0, at + 60 < s.n ? at + 60 : s.n), at);
    if (k == 0)
        return false;
    f->at = at;
    size_t i = at + k;
    f->after = (Str){ "", 0 };
    f->end = i; /* also where the caller goes on when this is no figure */
    size_t more = outline_one(s, i, after_words);
    if (f->n.percent) {
        f->unit = STRC("%");
    } else {
        size_t u = outline_one(s, i + more, units);
        if (u == 0)
            return false;
        if (more > 0)
            f->after = str_sub(s, i, more);
        f->unit = str_sub(s, i + more, u);
        i += more + u;
        more = outline_one(s, i, after_words);
    }
    if (more > 0 && f->after.n == 0) {
        f->after = str_sub(s, i, more);
        i += more;
    }
    if (f->n.many && f->after.n == 0)
        f->after = str_has(str_sub(s, at, k), STRC("余")) ? STRC("余") : STRC("多");
    f->end = i;
    return true;
}

/* The rules of README.md on what only looks like a figure. */
static bool is_meant(const Found *f, Str s, uint32_t before, bool bounded)
{
    static const char *const of_a_year[] = { "度", "代", "级", "来", "初", "底", "末", NULL };
    Str rest = str_sub(s, f->end, 12);
    if (is_barred(before))
        return false;
    if ((str_is(f->unit, "个") && str_starts(rest, STRC("方面"))) ||
        (str_is(f->unit, "件") && str_starts(rest, STRC("事"))))
        return false;
    if (str_is(f->unit, "年") && (f->n.n_digits > 3 || outline_starts_any(rest, of_a_year)))
        return false;
    if (!f->n.chinese || f->n.percent)
        return true;
    if (f->n.digits && f->n.n_digits > 1)
        return false; /* 二〇二六 */
    if (dec_cmp(f->n.value, dec_int(10)) >= 0)
        return !str_is(f->unit, "年") && !str_is(f->unit, "分");
    return dec_cmp(f->n.value, dec_int(bounded ? 1 : 2)) >= 0 && is_counted(f->unit);
}

static bool add_figure(Reading *r, const Found *f, Str before, size_t from, size_t to)
{
    OutlineFigures *all = &r->out->figures;
    if (all->n >= OUTLINE_ITEMS_MAX)
        return err_fail(r->e, ERR_TOO_BIG, err_hole("what", "提纲的数据"),
                        err_hole("max", (int64_t)OUTLINE_ITEMS_MAX));
    if (!ARENA_PUSH(r->a, all->items, all->n, all->cap))
        return outline_refused(r);
    all->items[all->n++] = (OutlineFigure){
        .value = f->n.value, .unit = f->unit, .qualifier = joined(r, before, f->after),
        .text = outline_slice(r, f->at, f->end), .sentence = text_quote(r->f, from, to),
        .from = text_origin(r->f, from), .to = text_origin(r->f, to),
        .at = text_origin(r->f, f->at), .at_end = text_origin(r->f, f->end) };
    return true;
}

static bool starts_numeral(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || text_zh_digit(cp) >= 0 || cp == 0x5341 || cp == 0x767E ||
           cp == 0x5EFF || cp == 0x5345;
}

/* Markers (一、 1. 一是) and announced counts (三件事) are no figures. Both stand in order, so two
 * indexes walk along. */
typedef struct Walk {
    size_t mark, announce;
} Walk;

static bool is_marker(const Reading *r, Walk *w, size_t at)
{
    while (w->mark < r->n_marks && r->marks[w->mark].at < at)
        w->mark++;
    return w->mark < r->n_marks && r->marks[w->mark].at == at;
}

static bool is_announced(const Reading *r, Walk *w, size_t at)
{
    while (w->announce < r->n_announces && r->announces[w->announce].at < at)
        w->announce++;
    return w->announce < r->n_announces && r->announces[w->announce].at == at;
}

static bool try_figure(Reading *r, const Found *f, Walk *w, size_t from, size_t to)
{
    Str before = outline_qualifier(r->s, from, f->at);
    if (is_announced(r, w, f->at) ||
        !is_meant(f, str_sub(r->s, 0, to), point_before(r->s, from, f->at), before.n > 0))
        return true;
    return add_figure(r, f, before, from, to);
}

static bool figures_in(Reading *r, size_t from, size_t to, Walk *w)
{
    Str s = str_sub(r->s, 0, to);
    size_t k;
    uint32_t cp;
    DayParts day;
    for (size_t at = from; (k = outline_next(s, at, &cp)) > 0; at += k) {
        if (is_marker(r, w, at)) {
            k = r->marks[w->mark].body - at;
            k = k > 0 ? k : outline_next(s, at, &cp);
            continue;
        }
        size_t name = cp >= 0x2018 && cp <= 0x300C ? short_name(s, at) : 0;
        if (name > 0) {
            k = name;
        } else if (starts_numeral(cp)) {
            Found f;
            size_t date = numeral_date(&day, str_sub(s, 0, at + 60 < s.n ? at + 60 : s.n), at);
            if (date == 0 && figure_at(&f, s, at) && !try_figure(r, &f, w, from, to))
                return false;
            k = date > 0 ? date : f.end > at ? f.end - at : k;
        }
    }
    return true;
}

bool outline_count(Reading *r)
{
    Walk w = { 0, 0 };
    for (size_t i = 0; i < r->n_lines; i++) {
        const Line *l = &r->lines[i];
        if (l->kind != LINE_BODY && l->kind != LINE_HEADLINE)
            continue;
        Str s = str_sub(r->s, 0, l->to);
        for (size_t at = l->from; at < l->to;) {
            size_t next = outline_sentence_end(s, at);
            if (!figures_in(r, at, next, &w))
                return false;
            at = next;
        }
    }
    return true;
}
