/* Obligations with a number: "党委每年至少专题研究1次党建工作", "成员至少要联系1个支部",
 * "内容不少于20%". A clause with a number is one when it bounds the number (至少 不少于 不超过) or bids
 * it for a period (要 … 每季度 … 1次), and tells nothing past. */
#include "text/draft_in.h"

#include <string.h>

static const struct {
    const char *word;
    DraftEvery every;
    int times;
    bool bare;                   /* a period only beside a bound: 全年召开4次 is an account */
} periods[] = {
    { "每半年", DRAFT_HALF, 1, false },    { "每年度", DRAFT_YEAR, 1, false },
    { "每年", DRAFT_YEAR, 1, false },      { "每个季度", DRAFT_QUARTER, 1, false },
    { "每季度", DRAFT_QUARTER, 1, false }, { "每季", DRAFT_QUARTER, 1, false },
    { "每两个月", DRAFT_MONTH, 2, false }, { "每2个月", DRAFT_MONTH, 2, false },
    { "每双月", DRAFT_MONTH, 2, false },   { "每两月", DRAFT_MONTH, 2, false },
    { "每个月", DRAFT_MONTH, 1, false },   { "每月", DRAFT_MONTH, 1, false },
    { "每星期", DRAFT_WEEK, 1, false },    { "每周", DRAFT_WEEK, 1, false },
    { "每两年", DRAFT_YEAR, 2, false },    { "全年", DRAFT_YEAR, 1, true },
    { "一年内", DRAFT_YEAR, 1, true },     { "年度内", DRAFT_YEAR, 1, true },
    { "一年", DRAFT_YEAR, 1, true },       { "每学期", DRAFT_HALF, 1, false },
    { "今年内", DRAFT_YEAR, 1, true },     { "本年内", DRAFT_YEAR, 1, true },
    { "年内", DRAFT_YEAR, 1, true },       { "半年内", DRAFT_HALF, 1, true },
};
static const char *const least_words[] = { "不少于", "不低于", "至少", "最少", "不得少于", "不得低于",
                                           "不应少于", "不能少于", "以上", NULL };
static const char *const most_words[] = { "不超过", "不多于", "不高于", "最多", "至多", "不得超过",
                                          "不得多于", "以内", NULL };
static const char *const moods[] = { "必须", "应当", "务必", "要", "应", "须", "需", "原则上", "一般",
                                     "确保", "落实", "执行", "做到", "保证", "规定", NULL };
static const char *const strict_moods[] = { "必须", "应当", "务必", "要", "应", "须", "需", NULL };
static const char *const soft_words[] = { "原则上", "一般", "可以", "提倡", "鼓励", NULL };
static const char *const past[] = { "已", "累计", "先后", "共召开", "共开展", "开展了", "召开了",
                                    "完成了", "实现了", "达到了", "超过了", "组织了", "只有", "仅",
                                    "没有", "未能", "去年", "以来", NULL };
/* What stands before the subject of a clause. */
static const char *const leads[] = {
    "坚决落实", "严格落实", "认真落实", "全面落实", "切实落实", "不折不扣落实", "落实好", "落实",
    "严格执行", "认真执行", "执行", "确保", "坚持", "建议", "做到", "实行", "推行", "同时", "此外", "另外",
    "特别是", "尤其是", "进一步", "保证", "规定", "明确", "要求", "并且", "并", "还要", "也要", "要",
    "以及", "今后", "其中", "原则上", "，", "、", "：", NULL
};
/* Where the subject ends. */
static const char *const stops[] = { "每", "至少", "最少", "不少于", "不低于", "不得", "不应", "必须",
                                     "应当", "务必", "要", "应", "须", "需", "原则上", "一般", "全年",
                                     "年内", "也", "都", "均", "还", "至多", "最多", "不超过", NULL };
static const char *const bearers[] = {
    "党委", "党组", "党组会", "常委会", "党委会", "委员会", "支部", "总支", "党小组", "书记", "委员",
    "成员", "干部", "党员", "部门", "单位", "机关", "班子", "领导", "负责人", "组织", "工委", "街道",
    "乡镇", "镇", "乡", "村", "社区", "企业", "学校", "医院", "专班", "组长", "同志", "代表", "指导员",
    "联络员", "党校", "组织部", "办公室", "主任", "局长", "校长", "院长", "党总支", "(党委)", "(党组)",
    "（党委）", "（党组）", "责任人", "人员", "大队", "中队", "公司", NULL
};

/* A clause and what was found in it; places are bytes of the folded text. */
typedef struct Clause {
    size_t from, to, before;     /* before: where the clause before it begins */
    size_t period, period_to;    /* 0, 0: none */
    size_t number, number_to;    /* with its unit */
    size_t bound, bound_to;
    size_t who, who_to;
    DraftDuty duty;
    bool bare;
} Clause;

static void find_period(Clause *c, Str s)
{
    for (size_t at = c->from, k; at < c->to; at += k) {
        uint32_t cp;
        k = outline_next(s, at, &cp);
        if (cp != 0x6BCF && cp != 0x5168 && cp != 0x4E00 && cp != 0x5E74 && cp != 0x534A &&
            cp != 0x4ECA && cp != 0x672C)
            continue; /* 每 全 一 年 半 今 本 */
        for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
            size_t n = outline_word(str_sub(s, 0, c->to), at, periods[i].word);
            if (n == 0)
                continue;
            c->period = at;
            c->period_to = at + n;
            c->duty.every = periods[i].every;
            c->duty.times = periods[i].times;
            c->bare = periods[i].bare;
            return;
        }
    }
}

static bool is_of(Str word, const char *const *words)
{
    for (; *words; words++)
        if (str_is(word, *words))
            return true;
    return false;
}

/* The bound before a number, anywhere before it in the clause: 不少于1次, 不得少于应到人数的80%. */
static void find_bound(Clause *c, Str s)
{
    Str before = str_sub(s, c->from, c->number - c->from);
    const char *const *lists[] = { least_words, most_words };
    for (int most = 0; most < 2; most++)
        for (const char *const *w = lists[most]; *w; w++) {
            Str word = str_of(*w);
            ptrdiff_t at = str_find(before, word);
            if (at < 0)
                continue;
            c->bound = c->from + (size_t)at;
            c->bound_to = c->bound + word.n;
            c->duty.most = most;
        }
}

/* 1次以上, 20%以上 */
static void find_bound_behind(Clause *c, Str s)
{
    static const char *const behind[] = { "以上", "以内", NULL };
    size_t n = outline_one(str_sub(s, 0, c->to), c->number_to, behind);
    uint32_t next = 0;
    outline_next(str_sub(s, 0, c->to), c->number_to + n, &next);
    if (n == 0 || c->bound_to > 0 || (next >= 0x3400 && next != 0x7684)) /* 50人以上企业; 的 */
        return;
    c->bound = c->number_to;
    c->bound_to = c->number_to + n;
    c->duty.most = is_of(str_sub(s, c->number_to, n), most_words);
}

static bool is_time_unit(Str u)
{
    return str_is(u, "年") || str_is(u, "岁") || str_is(u, "分") || str_is(u, "面") ||
           str_is(u, "部") || str_is(u, "门") || str_is(u, "位") || str_is(u, "头");
}

static bool is_turn(Str u)
{
    static const char *const turns[] = { "次", "场", "期", "轮", "遍", "场次", NULL };
    return is_of(u, turns);
}

/* The first number with a unit behind `at`, or the first of turns: 由一家企业承办一次. */
static bool find_number(Clause *c, Str s, size_t at)
{
    Str in = str_sub(s, 0, c->to);
    for (size_t k; at < c->to; at += k) {
        uint32_t cp;
        Numeral n = { .percent = false };
        k = outline_next(s, at, &cp);
        if (at >= c->period && at < c->period_to) {
            k = c->period_to - at;
            continue;
        }
        if (!(cp >= '0' && cp <= '9') && text_zh_digit(cp) < 0 && cp != 0x5341 && cp != 0x767E)
            continue;
        size_t len = numeral_read(&n, in, at);
        size_t u = n.percent || len == 0 ? 0 : outline_unit(in, at + len);
        Str unit = n.percent ? STRC("%") : str_sub(s, at + len, u);
        bool told = len > 0 && (n.percent || (u > 0 && !is_time_unit(unit)));
        if (told && dec_sign(n.value) > 0 && (c->number_to == 0 || is_turn(unit))) {
            c->number = at;
            c->number_to = at + len + u;
            c->duty.number = n.value;
            c->duty.unit = unit;
        }
        if (c->number_to > 0 && (is_turn(c->duty.unit) || c->period_to == 0))
            return true;
        k = len > k ? len : k;
    }
    return c->number_to > 0;
}

/* `bids`: the sentence stands among demands, so a bound alone is one. */
static bool is_duty(const Clause *c, Str s, Str sentence, bool bids)
{
    Str clause = str_sub(s, c->from, c->to - c->from);
    bool bound = c->bound_to > 0;
    if (outline_any(clause, past))
        return false;
    if (str_is(c->duty.unit, "%"))
        return bound && (bids || outline_any(sentence, moods));
    if (c->period_to > 0)
        return bound || (!c->bare && (bids || outline_any(sentence, moods)));
    return bound && (bids || (!c->duty.most && outline_any(clause, strict_moods)));
}

/* --- who and what ----------------------------------------------------------------------------*/

static size_t behind_leads(Str s, size_t at, size_t to)
{
    Mark m;
    size_t n = outline_mark_at(&m, str_sub(s, 0, to), at, true);
    at += n;
    while (at < to && (n = outline_one(str_sub(s, 0, to), at, leads)) > 0)
        at += n;
    return at;
}

static void find_who(Clause *c, Str s)
{
    enum { POINTS_MAX = 24 };
    static const char *const whole[] = { "每名", "每个", "每位", "每一名", NULL };
    size_t at = behind_leads(s, c->from, c->to), end = at, k;
    uint32_t cp;
    if ((k = outline_one(s, at, whole)) > 0) /* 每名班子成员: no period */
        end += k;
    while (end < c->to && end != c->number && outline_one(str_sub(s, 0, c->to), end, stops) == 0)
        end += (k = outline_next(s, end, &cp)) > 0 ? k : 1;
    Str who = str_trim(str_sub(s, at, end - at));
    bool named = false;
    for (const char *const *w = bearers; *w; w++)
        named |= str_ends(who, str_of(*w));
    if (!named || str_points(who) > POINTS_MAX || str_points(who) < 2)
        return;
    c->who = at;
    c->who_to = end;
    c->duty.who = who;
}

static Str without_tail(Str s)
{
    static const char *const tails[] = { "的要求", "的规定", "的制度", "的标准", "左右", "，", "；", ",", ";",
                                         "。", "：", "、", ".", NULL };
    for (bool cut = true; cut;) {
        cut = false;
        s = str_trim(s);
        for (const char *const *w = tails; *w; w++)
            if (str_ends(s, str_of(*w))) {
                s.n -= strlen(*w);
                cut = true;
            }
    }
    return s;
}

/* The clause without subject, bidding words, period, bound and number. */
static Str find_what(const Clause *c, Str s, Arena *a)
{
    char *p = arena_alloc(a, c->to - c->from + 1);
    size_t n = 0, k;
    size_t at = c->who_to > 0 ? c->who_to : behind_leads(s, c->from, c->to);
    static const char *const softly[] = { "原则上", "一般", NULL };
    static const char *const strictly[] = { "必须", "应当", "务必", "要", "应", "须", "需", "都", "均",
                                            NULL };
    if (!p)
        return (Str){ "", 0 };
    bool begun = false;
    while (at < c->to) {
        uint32_t cp;
        if (at == c->period && c->period_to > 0)
            at = c->period_to;
        else if (at == c->bound && c->bound_to > 0)
            at = c->bound_to;
        else if (at == c->number)
            at = c->number_to;
        else if ((k = outline_one(str_sub(s, 0, c->to), at, softly)) > 0)
            at += k;
        else if (!begun && (k = outline_one(str_sub(s, 0, c->to), at, strictly)) > 0)
            at += k;
        else {
            k = outline_next(s, at, &cp);
            memcpy(p + n, s.p + at, k);
            n += k;
            at += k;
            begun = true;
        }
    }
    Str what = without_tail((Str){ p, n });
    if (str_points(what) >= 2)
        return what;
    size_t before = behind_leads(s, c->before, c->from);
    return without_tail(str_sub(s, before, c->from - before)); /* 召开党员大会，每季度不少于1次 */
}

static bool add(Reading *r, DraftDuties *all, const Clause *c, size_t from, size_t to)
{
    if (all->n >= OUTLINE_ITEMS_MAX)
        return true;
    if (!ARENA_PUSH(r->a, all->items, all->n, all->cap))
        return outline_refused(r);
    DraftDuty *d = &all->items[all->n++];
    *d = c->duty;
    d->what = find_what(c, r->s, r->a);
    d->clause = without_tail(str_sub(r->s, c->from, c->to - c->from));
    d->soft = outline_any(d->clause, soft_words);
    d->share = str_is(d->unit, "%");
    d->sentence = text_quote(r->f, from, to);
    d->from = text_origin(r->f, from);
    d->to = text_origin(r->f, to);
    d->at = text_origin(r->f, c->number);
    d->at_end = text_origin(r->f, c->number_to);
    return true;
}

static size_t comma_end(Str s, size_t at, size_t to)
{
    size_t k;
    uint32_t cp, last = 0;
    for (; at < to && (k = outline_next(s, at, &cp)) > 0; at += k, last = cp)
        if (cp == 0xFF0C || cp == 0xFF1B || cp == 0xFF1A || cp == ',' || cp == ';' || cp == ':' ||
            (cp == '.' && last > 0x3400)) /* a full stop of who types with half width */
            return at + k;
    return to;
}

bool draft_duties_in(Reading *r, DraftDuties *all, size_t from, size_t to, bool bids)
{
    Str sentence = str_sub(r->s, from, to - from);
    for (size_t at = from, before = from, next; at < to; before = at, at = next) {
        next = comma_end(r->s, at, to);
        Clause c = { .from = at, .to = next, .before = before, .duty = { .times = 1 } };
        find_period(&c, r->s);
        if (!find_number(&c, r->s, at))
            continue;
        find_bound(&c, r->s);
        find_bound_behind(&c, r->s);
        if (!is_duty(&c, r->s, sentence, bids))
            continue;
        find_who(&c, r->s);
        if (!add(r, all, &c, from, to))
            return false;
    }
    return true;
}

/* --- as a pack -------------------------------------------------------------------------------*/

const char *draft_every_name(DraftEvery every)
{
    static const char *const names[] = { "standing", "week", "month", "quarter", "half", "year" };
    return names[every];
}

/* Text between quotation marks of a pack: none inside, no line ends. */
static void put_quoted(Buf *out, Str s)
{
    size_t k;
    uint32_t cp;
    buf_putc(out, '"');
    for (size_t i = 0; (k = outline_next(s, i, &cp)) > 0; i += k)
        if (cp == '"' || cp == '\\')
            buf_put(out, STRC("＂"));
        else
            buf_point(out, cp < ' ' ? ' ' : cp);
    buf_putc(out, '"');
}

static void put_comment(Buf *out, const char *label, Str s)
{
    size_t k;
    uint32_t cp;
    buf_fmt(out, "    # %s：", label);
    for (size_t i = 0; (k = outline_next(s, i, &cp)) > 0; i += k)
        buf_point(out, cp < ' ' ? ' ' : cp);
    buf_putc(out, '\n');
}

static void put_limit(Buf *out, const DraftDuty *d)
{
    char digits[STR_DIGITS];
    int64_t whole;
    if (d->share) { /* a share is no count of records: it goes into `holds`, over a measure */
        put_comment(out, "份额，请写成measure的share，再在holds里比较", d->clause);
        return;
    }
    if (!dec_to_int(&whole, d->number))
        return;
    Str n = str_digits(digits, whole);
    buf_fmt(out, "    %s %.*s;\n", d->most ? "at_most" : "at_least", STR(n));
    if (!str_is(d->unit, "次"))
        put_comment(out, "单位", d->unit);
}

void draft_duty_pack(Buf *out, const DraftDuty *d, Str name, Str cite)
{
    buf_fmt(out, "duty %.*s {\n    title ", STR(name));
    put_quoted(out, d->what.n > 0 ? d->what : d->clause);
    buf_put(out, STRC(";\n    status draft;\n"));
    if (d->who.n > 0)
        put_comment(out, "对象（who）", d->who);
    if (d->every == DRAFT_WEEK || d->times > 1)
        put_comment(out, "周期（every）没有对应的写法，请选定", d->clause);
    else
        buf_fmt(out, "    every %s;\n", draft_every_name(d->every));
    put_limit(out, d);
    buf_fmt(out, "    %s ", d->soft ? "soft" : "hard");
    put_quoted(out, d->clause);
    buf_put(out, STRC(";\n    cite "));
    put_quoted(out, cite.n > 0 ? cite : STRC("讲话"));
    buf_put(out, STRC(";\n}\n"));
}
