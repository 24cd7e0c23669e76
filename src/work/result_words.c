/* What a result sheet says in plain words: the choices the organiser made before the vote, the
 * quota as it worked out, and each step from a band to the final grade. */
#include "work/assess.h"

Str work_percent(Arena *a, Dec share)
{
    Dec d;
    if (!dec_mul(&d, share, dec_int(100)))
        return dec_print_short(a, share);
    return arena_text(a, "%.*s%%", STR(dec_print_short(a, d)));
}

Str work_result_class(Call *c, Str klass)
{
    return klass.n ? call_title(c, "sector", klass) : STRC("未分类");
}

static const char *mode_words(DecRound m)
{
    return m == DEC_HALF_UP ? "四舍五入" : m == DEC_HALF_EVEN ? "四舍六入五成双" : "舍去尾数";
}

static Str rounding(Call *c, const ResultObject *o)
{
    const ScoreChoices *ch = &o->choices;
    Str nodes = STRC("");
    for (size_t i = 0; i < ch->n_rounded; i++) {
        ptrdiff_t k = pack_scheme_node(&o->scheme, ch->rounded[i]);
        nodes = arena_text(c->a, "%.*s%s“%.*s”", STR(nodes), i ? "、" : "",
                           STR(k < 0 ? ch->rounded[i] : o->scheme.nodes[k].title));
    }
    return arena_text(c->a, "取整：各项%s，保留%d位小数；%.*s%s。", mode_words(ch->mode), ch->places,
                      STR(nodes), ch->n_rounded ? "取整后参与后面的计算"
                                                : "计算中途不取整，只在列出时取整");
}

static Str share_add(Call *c, Str all, Str grade, const char *how, Dec share)
{
    return arena_text(c->a, "%.*s%s“%.*s”%s%.*s", STR(all), all.n ? "，" : "", STR(grade), how,
                      STR(work_percent(c->a, share)));
}

static Str shares(Call *c, const ResultObject *o)
{
    const Scheme *s = &o->scheme;
    const char *how = o->choices.quota == DEC_UP     ? "向上取整"
                      : o->choices.quota == DEC_DOWN ? "向下取整"
                                                     : "四舍五入";
    Str top = s->bands[0].title, all = STRC("");
    if (s->has_non_top)
        all = share_add(c, all, top, "以下不少于", s->non_top);
    if (s->has_top_share)
        all = share_add(c, all, top, "不超过", s->top_share);
    for (size_t b = 0; b < s->n_bands; b++)
        if (s->bands[b].has_most)
            all = share_add(c, all, s->bands[b].title, "不超过", s->bands[b].most);
    return all.n ? arena_text(c->a, "比例：%.*s，人数%s。", STR(all), how) :
                   STRC("比例：本方案不设比例。");
}

static Str ties(Call *c, const ResultObject *o)
{
    ptrdiff_t k = pack_scheme_node(&o->scheme, o->choices.measure);
    switch (o->choices.ties) {
    case SCORE_SHARE:
        return STRC("并列：总分相同的名次并列。");
    case SCORE_MEASURE:
        return arena_text(c->a, "并列：总分相同的比较“%.*s”，仍相同的名次并列。",
                          STR(k < 0 ? o->choices.measure : o->scheme.nodes[k].title));
    case SCORE_COMMITTEE:
        return STRC("并列：总分相同的由审定机构说明理由裁定先后。");
    case SCORE_LOT:
        return STRC("并列：总分相同的抽签决定先后，SHA-256（种子、编号）小者在前。");
    }
    return STRC("");
}

static Str quorum(Call *c, const ResultObject *o)
{
    const ScoreChoices *ch = &o->choices;
    return arena_text(c->a, "票数效力：%s收回率不低于%.*s、有效率不低于%.*s；达不到的%s。",
                      ch->per_group ? "各票类" : "全部票合计", STR(work_percent(c->a, ch->returned)),
                      STR(work_percent(c->a, ch->valid)),
                      ch->on_failure == SCORE_REVOTE ? "重新投票" : "由审定机构决定是否采用");
}

static Str missing(Call *c, const ResultObject *o)
{
    Str all = STRC("缺项：");
    for (size_t i = 0; i < o->scheme.n_parts; i++) {
        const SchemePart *p = &o->scheme.parts[i];
        const char *how = p->missing == SCHEME_REFUSE ? "缺项不得出结果"
                          : p->missing == SCHEME_ZERO ? "缺项计零分"
                                                      : "缺项由其余各项按权重折算";
        all = arena_text(c->a, "%.*s%s“%.*s”%s", STR(all), i ? "；" : "", STR(p->title), how);
    }
    return arena_text(c->a, "%.*s。", STR(o->scheme.n_parts ? all : STRC("缺项：无录入的评分项")));
}

Str work_result_choices(Call *c, const ResultObject *o, size_t line)
{
    switch (line) {
    case 0:
        return rounding(c, o);
    case 1:
        return shares(c, o);
    case 2:
        return ties(c, o);
    case 3:
        return quorum(c, o);
    case 4:
        return missing(c, o);
    default:
        return STRC("");
    }
}

Str work_result_quota(Call *c, const ResultObject *o)
{
    const ScoreQuota *q = &o->result.quota;
    Str top = o->scheme.bands[0].title;
    Str line = arena_text(c->a, "共%zu名，按分数进入“%.*s”的%zu名", q->n, STR(top), q->top);
    if (o->scheme.has_non_top)
        line = arena_text(c->a, "%.*s；“%.*s”以下至少%zu名", STR(line), STR(top), q->non_top_need);
    if (o->scheme.has_top_share)
        line = arena_text(c->a, "%.*s；“%.*s”至多%zu名", STR(line), STR(top), q->top_most);
    if (o->scheme.has_non_top || o->scheme.has_top_share)
        line = arena_text(c->a, "%.*s；因比例下调%zu名", STR(line), q->fallen);
    return arena_text(c->a, "%.*s；最终为“%.*s”的%zu名，%s比例要求。", STR(line), STR(top),
                      q->top_final, q->held_final ? "符合" : "超出");
}

bool work_result_shown(const ResultObject *o, size_t k)
{
    const ScoreDef *d = &o->result.defs[k];
    for (size_t i = 0; d->kind == SCORE_GROUP && i < k; i++)
        if (o->result.defs[i].kind == SCORE_GROUP && str_eq(o->result.defs[i].title, d->title))
            return false;
    return d->kind != SCORE_ITEM;
}

Str work_result_step(Call *c, const ResultObject *o, const ScoreStep *s)
{
    Str grade = o->scheme.bands[s->grade].title;
    const char *title = s->kind == SCORE_NON_TOP     ? "因比例下调"
                        : s->kind == SCORE_TOP_SHARE ? "因名额上限下调"
                                                     : "";
    if (s->unjudged)
        return arena_text(c->a, "“%.*s”因缺项无法判断，请审定机构注意", STR(s->title));
    if (s->kind == SCORE_BAND)
        return arena_text(c->a, "按分数段为“%.*s”", STR(grade));
    if (s->kind == SCORE_OVERRIDE)
        return arena_text(c->a, "审定为“%.*s”：%.*s", STR(grade), STR(s->title));
    if (title[0])
        return arena_text(c->a, "%s为“%.*s”", title, STR(grade));
    return arena_text(c->a, "%.*s，为“%.*s”", STR(s->title), STR(grade));
}
