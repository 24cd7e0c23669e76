/* Advice on wording: set phrases, sentences nobody can read aloud, places that are not on the
 * roster, figures that no record bears out. */
#include "text/advice_in.h"

#include <string.h>

/* --- set phrases ---------------------------------------------------------------------------- */

/* Words that fit any report of any year. Those of doctrine are no fillers and do not stand here. */
static const char *const phrases[] = {
    "提高政治站位", "强化责任担当", "强化组织领导", "加强组织领导", "高度重视", "统筹推进", "扎实推进",
    "持续推进", "稳步推进", "深入推进", "全面推进", "狠抓落实", "狠抓工作落实", "真抓实干", "抓紧抓实",
    "抓实抓细", "抓细抓实", "落地见效", "落地落实", "落地生根", "走深走实", "入脑入心", "见行见效",
    "取得实效", "取得明显成效", "取得显著成效", "取得了显著成效", "取得了明显成效", "取得一定成效",
    "取得了一定成效", "成效显著", "扛起主体责任", "扛牢主体责任", "压紧压实责任", "压实责任",
    "层层压实责任", "层层传导压力", "传导压力", "常抓不懈", "久久为功", "持之以恒", "驰而不息",
    "善作善成", "抓铁有痕", "踏石留印", "形成合力", "凝聚合力", "凝心聚力", "同频共振", "同向发力",
    "齐抓共管", "上下联动", "补齐短板", "补短板强弱项", "强弱项", "提质增效", "提档升级", "再上新台阶",
    "迈上新台阶", "开创新局面", "谱写新篇章", "展现新作为", "注入新动能", "增添新活力", "贡献力量",
    "提供坚强组织保证", "提供坚强保障", "奠定坚实基础", "打下坚实基础", "夯实基层基础", "不断夯实",
    "不断提升", "不断加强", "不断增强", "不断完善", "持续深化", "持续用力", "精准发力", "多措并举",
    "多点发力", "下功夫", "出实招", "求实效", "见真章", "动真碰硬", "刀刃向内", "对标对表",
    "做深做细做实", "切实增强", "切实提高", "切实加强", "切实做到", "进一步增强", "进一步提高",
    "进一步加强", "进一步完善", "进一步强化", "坚定不移", "毫不动摇", "一以贯之", "充分发挥",
    "认真贯彻落实", "全面贯彻落实", "深入贯彻落实", "坚决贯彻落实", "以高度的责任感", "以饱满的热情",
    "以更高的标准", "以更实的作风", "抓好各项工作", "各项工作", "圆满完成", "有力有序", "有序有力",
    "严格按照要求", "严格按照", "高标准严要求", "高质量完成", "走在前列", "作表率", "走在前作表率", NULL
};

/* Bytes of the longest phrase at `at`. */
static size_t phrase_at(const Advising *w, Str s, size_t at)
{
    size_t best = 0, n;
    for (const char *const *p = phrases; *p; p++)
        if ((n = outline_word(s, at, *p)) > best)
            best = n;
    for (size_t i = 0; i < w->in->n_phrases; i++) {
        Str p = w->in->phrases[i];
        if (p.n > best && str_starts(str_sub(s, at, p.n), p))
            best = p.n;
    }
    return best;
}

static bool mark(Advising *w, size_t from, size_t to)
{
    Advice *all = w->out;
    all->phrase_points += advice_points(str_sub(w->f.text, from, to - from));
    if (all->n_phrases >= ADVICE_ITEMS_MAX)
        return true;
    if (!ARENA_PUSH(w->a, all->phrases, all->n_phrases, all->cap_phrases))
        return err_fail(w->e, ERR_NO_MEMORY, err_hole("what", "检查报告"));
    all->phrases[all->n_phrases++] = (AdvicePhrase){
        w->part, text_origin(&w->f, from), text_origin(&w->f, to), text_quote(&w->f, from, to) };
    return true;
}

bool advice_phrases(Advising *w)
{
    Str s = w->f.text;
    uint32_t cp;
    for (size_t at = 0, k; (k = outline_next(s, at, &cp)) > 0; at += k) {
        size_t n = cp >= 0x3400 ? phrase_at(w, s, at) : 0;
        if (n > 0 && !mark(w, at, at + n))
            return false;
        k = n > 0 ? n : k;
    }
    return true;
}

bool advice_phrase_share(Advising *w)
{
    int64_t num = w->in->phrase_num, den = w->in->phrase_den, all = w->out->points_all;
    int64_t said = w->out->phrase_points;
    if (den <= 0 || all == 0 || said * den <= num * all)
        return true;
    return advice_add(w, ADVICE_PHRASES, 0, 0,
                      arena_text(w->a, "套话占全文的%lld%%（%zu处），应不超过%lld/%lld；"
                                       "请换成具体的人、事和数字",
                                 (long long)(said * 100 / all), w->out->n_phrases, (long long)num,
                                 (long long)den));
}

/* --- sentences ------------------------------------------------------------------------------ */

bool advice_sentence(Advising *w, size_t from, size_t to)
{
    int n = advice_points(str_sub(w->f.text, from, to - from));
    if (n > w->out->longest)
        w->out->longest = n;
    if (w->in->sentence_max <= 0 || n <= w->in->sentence_max)
        return true;
    return advice_add(w, ADVICE_SENTENCE, from, to,
                      arena_text(w->a, "这句话有%d字，超过%d字，听的人记不住；请分成几句", n,
                                 w->in->sentence_max));
}

/* --- places --------------------------------------------------------------------------------- */

/* What may stand before the name of a place; anything else and the name has no beginning. */
static const char *const openers[] = {
    "在", "到", "赴", "从", "向", "对", "为", "与", "和", "及", "由", "是", "将", "把", "使", "让", "被",
    "离", "经", "帮助", "联系", "走访", "深入", "推动", "带领", "组织", "指导", "支持", "走进", "来自",
    "位于", "地处", "任", "担任", "挂职", "包联", "包保", "驻", "全", "了", "的", "如", "像", "以", NULL
};
/* Kinds of places, no names. */
static const char *const kinds[] = {
    "各", "全", "我", "本", "该", "每", "所", "这", "那", "两", "三", "几", "多", "个", "乡", "城", "新",
    "农", "县", "市", "省", "镇", "村", "区", "州", "联系", "中心", "示范", "先进", "重点", "试点", "行政",
    "自然", "基层", "薄弱", "后进", "集体", "包联", "帮扶", "相关", "有关", "其他", "其它", "兄弟", "周边",
    "附近", "工业", "开发", "高新", "经济", "园", "景", "山", "片", "校", "小", "地", "灾", "辖", "社",
    "老旧", "居民", "易地", "安置", "搬迁", "空心", "脱贫", "贫困", "软弱", "涣散", "整顿", "派驻", "驻",
    "一", "二", "四", "五", "六", "七", "八", "九", "十", "百", "千", "数", "文明", "美丽", "乡村", "和美",
    "特色", "产业", "功能", "保护", "自治", "直辖", "计划", "分", "战", "林", "牧", "服务", "商务", "街",
    "居", "物业", "网格", "所辖", "联合", "相邻", "先行", "核心", "模范", "百强", "不", "进", "出", "入",
    "抓", "强", "兴", "治", "建", "管", "入户", "走村", "到村", "国家", "革命", "老", "边", "贫", "富",
    "专业", "明星", "标杆", "样板", "共建", "民族", "上", "下", "东", "西", "南", "北", NULL
};

/* Bytes of a suffix at `at`. */
static size_t place_end(Str s, size_t at)
{
    static const char *const ends[] = { "街道", "社区", "自治州", "省", "市", "州", "县", "区", "镇",
                                        "乡", "村", NULL };
    return outline_one(s, at, ends);
}

static bool is_cjk(uint32_t cp)
{
    return cp >= 0x3400 && cp <= 0x9FFF;
}

/* Up to three characters before `at`; starts[i] is where i + 1 of them begin. */
static int before_of(Str s, size_t at, size_t starts[4])
{
    int n = 0;
    while (at > 0 && n < 4) {
        size_t i = at - 1;
        uint32_t cp;
        while (i > 0 && ((unsigned char)s.p[i] & 0xC0) == 0x80)
            i--;
        outline_next(s, i, &cp);
        if (!is_cjk(cp))
            break;
        starts[n++] = at = i;
    }
    return n;
}

static bool opens(Str s, size_t at)
{
    uint32_t cp = 0;
    size_t starts[4];
    if (before_of(s, at, starts) == 0)
        return true; /* the start, a stop, a digit or a letter */
    for (const char *const *w = openers; *w; w++)
        if (at >= strlen(*w) && outline_word(s, at - strlen(*w), *w))
            return true;
    outline_next(s, starts[0], &cp);
    return place_end(s, starts[0]) == 3; /* 云河县|青石镇 */
}

/* The name that ends with the suffix at [end, to): two or three characters before it that begin
 * where a name can begin and are not a kind of place. */
static bool name_before(Str s, size_t end, size_t *from)
{
    size_t starts[4];
    int n = before_of(s, end, starts);
    for (int k = 2; k <= 3 && k <= n; k++) {
        Str stem = str_sub(s, starts[k - 1], end - starts[k - 1]);
        if (!opens(s, starts[k - 1]) || outline_starts_any(stem, kinds) ||
            outline_starts_any(str_sub(s, starts[0], 3), kinds) ||
            outline_starts_any(str_sub(s, starts[1], 6), kinds))
            continue;
        *from = starts[k - 1];
        return true;
    }
    return false;
}

bool advice_places(Advising *w)
{
    Str s = w->f.text;
    uint32_t cp;
    if (!w->in->roster)
        return true;
    for (size_t at = 0, k; (k = outline_next(s, at, &cp)) > 0; at += k) {
        size_t from, n = is_cjk(cp) ? place_end(s, at) : 0;
        if (n == 0)
            continue;
        k = n;
        if (!name_before(s, at, &from) ||
            roster_knows(w->in->roster, str_sub(s, from, at + n - from)))
            continue;
        if (!advice_add(w, ADVICE_FOREIGN, from, at + n,
                        arena_text(w->a, "“%.*s”不在名册里；请核对是否沿用了别处的材料",
                                   STR(str_sub(s, from, at + n - from)))))
            return false;
    }
    return true;
}

/* --- figures -------------------------------------------------------------------------------- */

static bool names_source(Str sentence)
{
    static const char *const words[] = { "据统计", "台账", "统计显示", "系统显示", "系统数据", "见附件",
                                         "记录显示", "据记录", "经核实", "据测算", "报表", NULL };
    return outline_any(sentence, words);
}

static bool is_recorded(const AdviceIn *in, const OutlineFigure *f)
{
    for (size_t i = 0; i < in->n_known; i++)
        if (dec_eq(in->known[i].value, f->value) &&
            (in->known[i].unit.n == 0 || str_eq(in->known[i].unit, f->unit)))
            return true;
    return false;
}

/* Figures of the part being read that no record has and that no source stands beside. */
bool advice_sources(Advising *w)
{
    Outline o;
    if (!w->in->check_sources || w->part != ADVICE_ACHIEVEMENTS)
        return true;
    if (!outline_read(&o, w->a, w->t, w->in->parts[w->part], w->e))
        return false;
    for (size_t i = 0; i < o.figures.n; i++) {
        const OutlineFigure *f = &o.figures.items[i];
        if (is_recorded(w->in, f) || names_source(f->sentence))
            continue;
        if (w->out->n >= ADVICE_ITEMS_MAX)
            return true;
        if (!advice_add(w, ADVICE_SOURCE, 0, 0,
                        arena_text(w->a, "“%.*s”没有对应的记录，也没有写明出处；请补记录或写明来源",
                                   STR(f->text))))
            return false;
        AdviceFinding *last = &w->out->items[w->out->n - 1]; /* its place is the outline's */
        last->from = f->at;
        last->to = f->at_end;
        last->quote = str_sub(w->in->parts[w->part], f->at, f->at_end - f->at);
    }
    return true;
}
