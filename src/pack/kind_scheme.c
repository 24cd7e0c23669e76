#include "pack/scheme_in.h"

#include <stdio.h>
#include <string.h>

/* One statement of a block: its first word, how often it may stand, who reads it. */
typedef bool (*ReadStatement)(SchemeBuild *b, const DeclItem *it, Err *e);
typedef struct Statement {
    Str word;
    ReadStatement read;
    bool once, required;
} Statement;

static const DeclRaw raws[] = { { S("value"), S("") }, { S("when"), S("") },
                                { S("class"), S("") },
                                { S("choices"), S("") }, { S("given"), S("") },
                                { S("want"), S("") } };

/* --- refusing ------------------------------------------------------------------------------- */
static bool missing(const SchemeBuild *b, const DeclWord *at, const char *what, Str field, Err *e)
{
    return err_fail(e, ERR_PACK_MISSING, err_hole("file", decl_file(b->r)),
                    err_hole("line", (int64_t)at->line), err_hole("column", (int64_t)at->column),
                    err_hole("what", what), err_hole("field", field));
}

static bool too_many(const SchemeBuild *b, const DeclWord *at, const char *what, size_t max, Err *e)
{
    char why[120];
    snprintf(why, sizeof why, "%s超过%zu个", what, max);
    return scheme_rule(b, at, why, "较少的项数", e);
}

/* --- blocks --------------------------------------------------------------------------------- */
enum { STATEMENTS_MAX = 20 };

static const Statement *statement_of(const DeclItem *it, const Statement *table, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!it->words[0].quoted && str_eq(it->words[0].text, table[i].word))
            return &table[i];
    return NULL;
}

static bool read_block(SchemeBuild *b, const DeclWord *owner, const char *what,
                       const Statement *table, size_t n, Err *e)
{
    uint32_t seen[STATEMENTS_MAX] = { 0 }; /* the line of the first one */
    Str known[STATEMENTS_MAX];
    DeclItem it;
    for (size_t i = 0; i < n; i++)
        known[i] = table[i].word;
    for (;;) {
        if (!decl_item(&it, b->r, raws, sizeof raws / sizeof *raws, e))
            return false;
        if (it.n == 0)
            break;
        const Statement *st = statement_of(&it, table, n);
        if (!st)
            return decl_refuse_word(b->r, &it.words[0], what, known, n, e);
        uint32_t *first = &seen[st - table];
        if (st->once && *first)
            return scheme_twice(b, &it.words[0], "语句", *first, e);
        *first = it.words[0].line;
        if (!st->read(b, &it, e))
            return false;
    }
    for (size_t i = 0; i < n; i++)
        if (table[i].required && !seen[i])
            return missing(b, owner, what, table[i].word, e);
    return true;
}

/* --- words ---------------------------------------------------------------------------------- */
/* Names become names of expressions: letters, digits and "_" only. */
static bool name_at(Str *out, DeclWord *at, SchemeBuild *b, const DeclItem *it, size_t i,
                    const char *want, Err *e)
{
    if (!decl_name(out, b->r, it, i, want, e))
        return false;
    *at = *decl_word(it, i);
    for (size_t k = 0; k < out->n; k++)
        if (out->p[k] == '-' || out->p[k] == '.')
            return decl_refuse(b->r, at, "只含字母、数字和下划线的名称", e);
    return true;
}

static bool flat(SchemeBuild *b, const DeclItem *it, size_t n, Err *e)
{
    return decl_done(b->r, it, n, false, e);
}

static bool dec_at(Dec *out, SchemeBuild *b, const DeclItem *it, size_t i, Err *e)
{
    return decl_dec(out, b->r, it, i, "数", e);
}

/* from A to B, beginning at word i. */
static bool range_at(Dec *from, Dec *to, SchemeBuild *b, const DeclItem *it, size_t i, Err *e)
{
    if (!decl_keyword(b->r, it, i, "from", e) || !dec_at(from, b, it, i + 1, e) ||
        !decl_keyword(b->r, it, i + 2, "to", e) || !dec_at(to, b, it, i + 3, e))
        return false;
    if (dec_cmp(*from, *to) >= 0)
        return scheme_rule(b, decl_word(it, i + 3), "范围的上限不大于下限",
                                 "大于from的数", e);
    return true;
}

static bool share_at(Dec *out, SchemeBuild *b, const DeclItem *it, const char *keyword, Err *e)
{
    if (!decl_keyword(b->r, it, 1, keyword, e) || !dec_at(out, b, it, 2, e) || !flat(b, it, 3, e))
        return false;
    if (dec_sign(*out) < 0 || dec_cmp(*out, dec_int(1)) > 0)
        return scheme_rule(b, decl_word(it, 2), "比例不在0到1之间", "0到1之间的数", e);
    return true;
}

static bool fresh(SchemeBuild *b, const DeclWord *at, const char *what, const DeclWord *before,
                  size_t n, Err *e)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(before[i].text, at->text))
            return scheme_twice(b, at, what, before[i].line, e);
    return true;
}

/* --- instrument ----------------------------------------------------------------------------- */
static SchemeInstrument *instrument_now(SchemeBuild *b)
{
    return &b->s.instruments[b->s.n_instruments - 1];
}

static bool read_instrument_title(SchemeBuild *b, const DeclItem *it, Err *e)
{
    return decl_text(&instrument_now(b)->title, b->r, it, 1, "名称", e) && flat(b, it, 2, e);
}

static bool read_complete(SchemeBuild *b, const DeclItem *it, Err *e)
{
    const DeclWord *w = decl_word(it, 1);
    static const Str known[] = { S("all"), S("partial") };
    if (!flat(b, it, 2, e))
        return false;
    if (!str_is(w->text, "all") && !str_is(w->text, "partial"))
        return decl_refuse_word(b->r, w, "all或partial", known, 2, e);
    instrument_now(b)->complete_all = str_is(w->text, "all");
    return true;
}

static bool name_twice(SchemeBuild *b, const DeclWord *at, const char *what, const SchemeName *have,
                       size_t n, Err *e)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(have[i].name, at->text))
            return scheme_twice(b, at, what, b->instrument_at[b->s.n_instruments - 1].line, e);
    return true;
}

static bool read_item(SchemeBuild *b, const DeclItem *it, Err *e)
{
    SchemeInstrument *ins = instrument_now(b);
    SchemeName x;
    DeclWord at;
    if (!name_at(&x.name, &at, b, it, 1, "项目代号", e) ||
        !decl_text(&x.title, b->r, it, 2, "项目名称", e) || !flat(b, it, 3, e) ||
        !name_twice(b, &at, "测评项目", ins->items, ins->n_items, e))
        return false;
    if (str_is(x.name, "score"))
        return scheme_rule(b, &at, "score已用来指得分", "别的代号", e);
    if (ins->n_items == SCHEME_ITEMS_MAX)
        return too_many(b, &at, "测评项目", SCHEME_ITEMS_MAX, e);
    ins->items[ins->n_items++] = x;
    return true;
}

static bool read_reason(SchemeBuild *b, const DeclItem *it, Err *e)
{
    SchemeInstrument *ins = instrument_now(b);
    SchemeName x;
    DeclWord at;
    if (!name_at(&x.name, &at, b, it, 1, "原因代号", e) ||
        !decl_text(&x.title, b->r, it, 2, "原因名称", e) || !flat(b, it, 3, e) ||
        !name_twice(b, &at, "无效票原因", ins->reasons, ins->n_reasons, e))
        return false;
    if (ins->n_reasons == SCHEME_REASONS_MAX)
        return too_many(b, &at, "无效票原因", SCHEME_REASONS_MAX, e);
    ins->reasons[ins->n_reasons++] = x;
    return true;
}

static bool points_word(Dec *out, SchemeBuild *b, const DeclItem *it, size_t i, Err *e)
{
    if (!decl_dec(out, b->r, it, i, "分值", e))
        return false;
    if (dec_sign(*out) < 0)
        return scheme_rule(b, decl_word(it, i), "分值小于0", "不小于0的数", e);
    return true;
}

static bool read_option(SchemeBuild *b, const DeclItem *it, Err *e)
{
    SchemeInstrument *ins = instrument_now(b);
    SchemeOption x = { .points = dec_int(0) };
    DeclWord at;
    if (!name_at(&x.name, &at, b, it, 1, "选项代号", e) ||
        !decl_text(&x.title, b->r, it, 2, "选项名称", e) || !flat(b, it, 4, e))
        return false;
    x.excluded = str_is(decl_word(it, 3)->text, "excluded");
    if (!x.excluded && !points_word(&x.points, b, it, 3, e))
        return false;
    for (size_t i = 0; i < ins->n_options; i++)
        if (str_eq(ins->options[i].name, x.name))
            return scheme_twice(b, &at, "选项", b->instrument_at[b->s.n_instruments - 1].line, e);
    if (ins->n_options == SCHEME_OPTIONS_MAX)
        return too_many(b, &at, "选项", SCHEME_OPTIONS_MAX, e);
    ins->options[ins->n_options++] = x;
    return true;
}

/* points OPTION NUMBER [group NAME] [item NAME]; */
static bool read_points(SchemeBuild *b, const DeclItem *it, Err *e)
{
    size_t k = b->s.n_instruments - 1, i = 3;
    PointsAt p = { .points = dec_int(0) };
    Str unused;
    if (!name_at(&unused, &p.option, b, it, 1, "选项代号", e) ||
        !points_word(&p.points, b, it, 2, e))
        return false;
    if (i < it->n && str_is(it->words[i].text, "group")) {
        if (!name_at(&unused, &p.group, b, it, i + 1, "票类代号", e))
            return false;
        i += 2;
    }
    if (i < it->n && str_is(it->words[i].text, "item")) {
        if (!name_at(&unused, &p.item, b, it, i + 1, "项目代号", e))
            return false;
        i += 2;
    }
    if (i == 3)
        return decl_refuse(b->r, decl_word(it, 3), "group或item", e);
    if (!flat(b, it, i, e))
        return false;
    if (b->n_points[k] == SCHEME_POINTS_MAX)
        return too_many(b, &p.option, "points", SCHEME_POINTS_MAX, e);
    if (!ARENA_PUSH(b->a, b->points[k], b->n_points[k], b->cap_points[k]))
        return pack_no_memory(b->r, e);
    b->points[k][b->n_points[k]++] = p;
    return true;
}

/* Points by place from word i on, to the end or the first keyword; they do not rise. */
static bool places_at(Dec **out, size_t *n, SchemeBuild *b, const DeclItem *it, size_t *i, Err *e)
{
    Dec *all = ARENA_ARRAY(b->a, Dec, SCHEME_PLACES_MAX);
    if (!all)
        return pack_no_memory(b->r, e);
    *n = 0;
    do {
        if (*n == SCHEME_PLACES_MAX)
            return too_many(b, decl_word(it, *i), "名次分", SCHEME_PLACES_MAX, e);
        if (!points_word(&all[*n], b, it, *i, e))
            return false;
        if (*n > 0 && dec_cmp(all[*n], all[*n - 1]) > 0)
            return scheme_rule(b, decl_word(it, *i), "后一名的分值高于前一名", "不升的分值", e);
        ++*n, ++*i;
    } while (*i < it->n && !str_is(it->words[*i].text, "beyond"));
    if (dec_sign(all[0]) == 0)
        return scheme_rule(b, decl_word(it, *i - 1), "第一名的分值为0", "大于0的数", e);
    *out = all;
    return true;
}

/* marks from A to B; */
static bool read_marks(SchemeBuild *b, const DeclItem *it, Err *e)
{
    SchemeInstrument *ins = instrument_now(b);
    if (!range_at(&ins->from, &ins->to, b, it, 1, e) || !flat(b, it, 5, e))
        return false;
    if (dec_sign(ins->from) < 0)
        return scheme_rule(b, decl_word(it, 2), "打分的下限小于0", "不小于0的数", e);
    if (ins->form != SCHEME_GRADES)
        return scheme_rule(b, &it->words[0], "已写为排序票", "marks与ranking中的一种", e);
    ins->form = SCHEME_MARKS;
    return true;
}

/* ranking borda; or ranking points 4 3 2 1; */
static bool read_ranking(SchemeBuild *b, const DeclItem *it, Err *e)
{
    static const Str known[] = { S("borda"), S("points") };
    SchemeInstrument *ins = instrument_now(b);
    const DeclWord *w = decl_word(it, 1);
    size_t i = 2;
    if (ins->form != SCHEME_GRADES)
        return scheme_rule(b, &it->words[0], "已写为打分票", "marks与ranking中的一种", e);
    if (it->n < 2 || (!str_is(w->text, "borda") && !str_is(w->text, "points")))
        return decl_refuse_word(b->r, w, "borda或points", known, 2, e);
    if (str_is(w->text, "points") && !places_at(&ins->places, &ins->n_places, b, it, &i, e))
        return false;
    ins->form = SCHEME_RANKING;
    return flat(b, it, i, e);
}

/* drop highest N lowest M least K; */
static bool read_drop(SchemeBuild *b, const DeclItem *it, Err *e)
{
    SchemeInstrument *ins = instrument_now(b);
    if (!decl_keyword(b->r, it, 1, "highest", e) ||
        !decl_int(&ins->drop_high, b->r, it, 2, 0, SCHEME_DROPS_MAX, "个数", e) ||
        !decl_keyword(b->r, it, 3, "lowest", e) ||
        !decl_int(&ins->drop_low, b->r, it, 4, 0, SCHEME_DROPS_MAX, "个数", e) ||
        !decl_keyword(b->r, it, 5, "least", e) ||
        !decl_int(&ins->drop_least, b->r, it, 6, 1, 1000, "最少票数", e) || !flat(b, it, 7, e))
        return false;
    if (ins->drop_high + ins->drop_low == 0)
        return scheme_rule(b, decl_word(it, 4), "一个也没有去掉", "至少去掉一个", e);
    if (ins->drop_least <= ins->drop_high + ins->drop_low)
        return scheme_rule(b, decl_word(it, 6), "票数刚到下限时去掉后就没有票了",
                           "大于去掉个数之和的数", e);
    return true;
}

/* Options belong to grades and to nothing else. */
static bool form_ok(SchemeBuild *b, const DeclWord *at, Err *e)
{
    const SchemeInstrument *ins = instrument_now(b);
    if (ins->form == SCHEME_GRADES && ins->n_options == 0)
        return missing(b, at, "测评表的语句", STRC("option"), e);
    if (ins->form != SCHEME_GRADES && ins->n_options > 0)
        return scheme_rule(b, at, "打分票、排序票没有选项", "去掉option，或去掉marks、ranking", e);
    if (ins->form != SCHEME_MARKS && ins->drop_least > 0)
        return scheme_rule(b, at, "只有打分票能去掉最高、最低分", "去掉drop", e);
    if (ins->form == SCHEME_RANKING && !ins->complete_all)
        return scheme_rule(b, at, "排序票必须排满", "complete all", e);
    return true;
}

static bool read_instrument(SchemeBuild *b, const DeclItem *it, Err *e)
{
    static const Statement table[] = {
        { S("title"), read_instrument_title, true, true },
        { S("complete"), read_complete, true, true },
        { S("item"), read_item, false, true },
        { S("option"), read_option, false, false },
        { S("marks"), read_marks, true, false },
        { S("ranking"), read_ranking, true, false },
        { S("drop"), read_drop, true, false },
        { S("points"), read_points, false, false },
        { S("invalid"), read_reason, false, false },
    };
    SchemeInstrument x = { .items = ARENA_ARRAY(b->a, SchemeName, SCHEME_ITEMS_MAX),
                           .options = ARENA_ARRAY(b->a, SchemeOption, SCHEME_OPTIONS_MAX),
                           .reasons = ARENA_ARRAY(b->a, SchemeName, SCHEME_REASONS_MAX) };
    DeclWord at;
    if (!x.items || !x.options || !x.reasons)
        return pack_no_memory(b->r, e);
    if (!name_at(&x.name, &at, b, it, 1, "测评表代号", e) || !decl_done(b->r, it, 2, true, e) ||
        !fresh(b, &at, "测评表", b->instrument_at, b->s.n_instruments, e))
        return false;
    if (b->s.n_instruments == SCHEME_INSTRUMENTS_MAX)
        return too_many(b, &at, "测评表", SCHEME_INSTRUMENTS_MAX, e);
    if (!ARENA_PUSH(b->a, b->s.instruments, b->s.n_instruments, b->cap_instruments))
        return pack_no_memory(b->r, e);
    b->instrument_at[b->s.n_instruments] = at;
    b->s.instruments[b->s.n_instruments++] = x;
    return read_block(b, &at, "测评表的语句", table, sizeof table / sizeof *table,
                      e) &&
           form_ok(b, &b->instrument_at[b->s.n_instruments - 1], e);
}

/* --- group, part, event --------------------------------------------------------------------- */
static bool read_group(SchemeBuild *b, const DeclItem *it, Err *e)
{
    SchemeGroup x = { .merge = -1 };
    DeclWord at, merge = { .line = 0 };
    Str unused;
    bool merges = it->n > 5;
    if (!name_at(&x.name, &at, b, it, 1, "票类代号", e) ||
        !decl_text(&x.title, b->r, it, 2, "票类名称", e) ||
        !decl_keyword(b->r, it, 3, "weight", e) || !dec_at(&x.weight, b, it, 4, e) ||
        (merges && (!decl_keyword(b->r, it, 5, "merge", e) ||
                    !name_at(&unused, &merge, b, it, 6, "并入的票类", e))) ||
        !flat(b, it, merges ? 7 : 5, e) ||
        !fresh(b, &at, "票类", b->group_at, b->s.n_groups, e))
        return false;
    if (dec_sign(x.weight) <= 0)
        return scheme_rule(b, decl_word(it, 4), "权重不大于0", "大于0的数", e);
    if (str_is(x.name, "score"))
        return scheme_rule(b, &at, "score已用来指得分", "别的代号", e);
    if (b->s.n_groups == SCHEME_GROUPS_MAX)
        return too_many(b, &at, "票类", SCHEME_GROUPS_MAX, e);
    if (!ARENA_PUSH(b->a, b->s.groups, b->s.n_groups, b->cap_groups))
        return pack_no_memory(b->r, e);
    b->group_at[b->s.n_groups] = at;
    b->merge_at[b->s.n_groups] = merge;
    b->s.groups[b->s.n_groups++] = x;
    return true;
}

static const Str missing_names[] = { [SCHEME_REFUSE] = S("refuse"),
                                     [SCHEME_RENORMALISE] = S("renormalise"),
                                     [SCHEME_ZERO] = S("zero") };

const char *pack_scheme_missing_name(SchemeMissing m)
{
    return missing_names[m].p;
}

/* part NAME "title" from A to B missing RULE; */
static bool read_part(SchemeBuild *b, const DeclItem *it, Err *e)
{
    SchemePart x = { .missing = SCHEME_REFUSE };
    DeclWord at;
    if (!name_at(&x.name, &at, b, it, 1, "评分项代号", e) ||
        !decl_text(&x.title, b->r, it, 2, "评分项名称", e) ||
        !range_at(&x.from, &x.to, b, it, 3, e) || !decl_keyword(b->r, it, 7, "missing", e) ||
        !flat(b, it, 9, e) || !fresh(b, &at, "评分项", b->part_at, b->s.n_parts, e))
        return false;
    const DeclWord *rule = decl_word(it, 8);
    while (!str_eq(missing_names[x.missing], rule->text)) {
        if (x.missing == SCHEME_ZERO)
            return decl_refuse_word(b->r, rule, "refuse、renormalise或zero", missing_names, 3, e);
        x.missing++;
    }
    if (b->s.n_parts == SCHEME_PARTS_MAX)
        return too_many(b, &at, "评分项", SCHEME_PARTS_MAX, e);
    if (!ARENA_PUSH(b->a, b->s.parts, b->s.n_parts, b->cap_parts))
        return pack_no_memory(b->r, e);
    b->part_at[b->s.n_parts] = at;
    b->s.parts[b->s.n_parts++] = x;
    return true;
}

/* event NAME "title" [from A to B]; */
static bool read_event(SchemeBuild *b, const DeclItem *it, Err *e)
{
    SchemeEvent x = { .ranged = it->n > 3 };
    DeclWord at;
    if (!name_at(&x.name, &at, b, it, 1, "事项代号", e) ||
        !decl_text(&x.title, b->r, it, 2, "事项名称", e) ||
        (x.ranged && !range_at(&x.from, &x.to, b, it, 3, e)) ||
        !flat(b, it, x.ranged ? 7 : 3, e) ||
        !fresh(b, &at, "事项", b->event_at, b->s.n_events, e))
        return false;
    if (b->s.n_events == SCHEME_EVENTS_MAX)
        return too_many(b, &at, "事项", SCHEME_EVENTS_MAX, e);
    if (!ARENA_PUSH(b->a, b->s.events, b->s.n_events, b->cap_events))
        return pack_no_memory(b->r, e);
    b->event_at[b->s.n_events] = at;
    b->s.events[b->s.n_events++] = x;
    return true;
}

/* --- node ----------------------------------------------------------------------------------- */
static SchemeNode *node_now(SchemeBuild *b)
{
    return &b->s.nodes[b->s.n_nodes - 1];
}

static bool read_value(SchemeBuild *b, const DeclItem *it, Err *e)
{
    if (it->n != 1 || !it->has_raw)
        return decl_refuse(b->r, decl_word(it, 1), "公式", e);
    b->node_raw[b->s.n_nodes - 1] = it->raw;
    return true;
}

/* sum VALUE WEIGHT; */
static bool read_sum(SchemeBuild *b, const DeclItem *it, Err *e)
{
    SchemeNode *node = node_now(b);
    DeclWord *at = b->terms_at[b->s.n_nodes - 1];
    SchemeTerm x;
    if (!decl_name(&x.name, b->r, it, 1, "取值的名称", e) || !dec_at(&x.weight, b, it, 2, e) ||
        !flat(b, it, 3, e) || !fresh(b, decl_word(it, 1), "加项", at, node->n_terms, e))
        return false;
    if (dec_sign(x.weight) <= 0)
        return scheme_rule(b, decl_word(it, 2), "权重不大于0",
                                 "大于0的数（减去的项写成公式）", e);
    if (node->n_terms == SCHEME_TERMS_MAX)
        return too_many(b, decl_word(it, 1), "加项", SCHEME_TERMS_MAX, e);
    at[node->n_terms] = *decl_word(it, 1);
    node->terms[node->n_terms++] = x;
    return true;
}

/* places VALUE points 60 57 54 [beyond 48]; and first VALUE points 6; */
static bool read_among(SchemeBuild *b, const DeclItem *it, Err *e)
{
    SchemeNode *node = node_now(b);
    SchemeTerm x = { .weight = dec_int(0) };
    size_t i = 3;
    if (node->kind != SCHEME_SUM)
        return scheme_rule(b, &it->words[0], "places与first只能写一个", "其中一种", e);
    node->kind = str_is(it->words[0].text, "first") ? SCHEME_FIRST : SCHEME_PLACES;
    if (!decl_name(&x.name, b->r, it, 1, "取值的名称", e) ||
        !decl_keyword(b->r, it, 2, "points", e) ||
        !places_at(&node->points, &node->n_points, b, it, &i, e))
        return false;
    if (node->kind == SCHEME_FIRST && node->n_points > 1)
        return decl_refuse(b->r, decl_word(it, 4), "“;”", e);
    node->beyond = dec_int(0);
    if (node->kind == SCHEME_PLACES && i < it->n) {
        if (!points_word(&node->beyond, b, it, i + 1, e))
            return false;
        if (dec_cmp(node->beyond, node->points[node->n_points - 1]) > 0)
            return scheme_rule(b, decl_word(it, i + 1), "其余名次的分值高于前面的名次",
                               "不升的分值", e);
        i += 2;
    }
    b->terms_at[b->s.n_nodes - 1][0] = *decl_word(it, 1);
    node->terms[node->n_terms++] = x;
    return flat(b, it, i, e);
}

static bool node_form_ok(SchemeBuild *b, const DeclWord *at, Err *e)
{
    SchemeNode *node = node_now(b);
    bool has_value = b->node_raw[b->s.n_nodes - 1].line > 0, among = node->kind != SCHEME_SUM;
    bool has_sum = node->n_terms > (among ? 1 : 0);
    if (has_value + has_sum + among != 1)
        return scheme_rule(b, at, "节点须写一个value、若干个sum、一个places或一个first，"
                           "不能都写或都不写", "其中一种", e);
    if (has_value)
        node->kind = SCHEME_VALUE;
    return true;
}

static bool read_node(SchemeBuild *b, const DeclItem *it, Err *e)
{
    static const Statement table[] = { { S("value"), read_value, true, false },
                                       { S("sum"), read_sum, false, false },
                                       { S("places"), read_among, true, false },
                                       { S("first"), read_among, true, false } };
    SchemeNode x = { .terms = ARENA_ARRAY(b->a, SchemeTerm, SCHEME_TERMS_MAX) };
    DeclWord at, *terms = ARENA_ARRAY(b->a, DeclWord, SCHEME_TERMS_MAX);
    if (!x.terms || !terms)
        return pack_no_memory(b->r, e);
    if (!name_at(&x.name, &at, b, it, 1, "节点代号", e) ||
        !decl_text(&x.title, b->r, it, 2, "节点名称", e) || !decl_done(b->r, it, 3, true, e) ||
        !fresh(b, &at, "节点", b->node_at, b->s.n_nodes, e))
        return false;
    if (b->s.n_nodes == SCHEME_NODES_MAX)
        return too_many(b, &at, "节点", SCHEME_NODES_MAX, e);
    if (!ARENA_PUSH(b->a, b->s.nodes, b->s.n_nodes, b->cap_nodes))
        return pack_no_memory(b->r, e);
    b->node_at[b->s.n_nodes] = at;
    b->terms_at[b->s.n_nodes] = terms;
    b->s.nodes[b->s.n_nodes++] = x;
    return read_block(b, &at, "节点的语句", table, sizeof table / sizeof *table, e) &&
           node_form_ok(b, &at, e);
}

/* --- bands and rules ------------------------------------------------------------------------ */
static bool end_word(bool *closed, SchemeBuild *b, const DeclItem *it, size_t i, Err *e)
{
    static const Str known[] = { S("closed"), S("open") };
    const DeclWord *w = decl_word(it, i);
    if (i >= it->n || w->quoted || (!str_is(w->text, "closed") && !str_is(w->text, "open")))
        return decl_refuse_word(b->r, w, "closed（含端点）或open（不含）", known, 2, e);
    *closed = str_is(w->text, "closed");
    return true;
}

/* band NAME "title" from A closed|open to B closed|open; */
static bool read_band(SchemeBuild *b, const DeclItem *it, Err *e)
{
    SchemeBand x = { .from_in = false };
    DeclWord at;
    if (!name_at(&x.name, &at, b, it, 1, "等次代号", e) ||
        !decl_text(&x.title, b->r, it, 2, "等次名称", e) ||
        !decl_keyword(b->r, it, 3, "from", e) || !dec_at(&x.from, b, it, 4, e) ||
        !end_word(&x.from_in, b, it, 5, e) || !decl_keyword(b->r, it, 6, "to", e) ||
        !dec_at(&x.to, b, it, 7, e) || !end_word(&x.to_in, b, it, 8, e) || !flat(b, it, 9, e) ||
        !fresh(b, &at, "等次", b->band_at, b->s.n_bands, e))
        return false;
    if (dec_cmp(x.from, x.to) >= 0)
        return scheme_rule(b, decl_word(it, 7), "等次的上限不大于下限", "大于from的数", e);
    if (b->s.n_bands == SCHEME_BANDS_MAX)
        return too_many(b, &at, "等次", SCHEME_BANDS_MAX, e);
    if (!ARENA_PUSH(b->a, b->s.bands, b->s.n_bands, b->cap_bands))
        return pack_no_memory(b->r, e);
    b->band_at[b->s.n_bands] = at;
    b->s.bands[b->s.n_bands++] = x;
    return true;
}

static bool read_name_into(DeclWord *at, SchemeBuild *b, const DeclItem *it, const char *want,
                           Err *e)
{
    Str unused;
    return name_at(&unused, at, b, it, 1, want, e) && flat(b, it, 2, e);
}

static bool raw_into(DeclWord *at, SchemeBuild *b, const DeclItem *it, Err *e)
{
    if (it->n != 1 || !it->has_raw)
        return decl_refuse(b->r, decl_word(it, 1), "公式", e);
    *at = it->raw;
    return true;
}

static bool read_veto_when(SchemeBuild *b, const DeclItem *it, Err *e)
{
    return raw_into(&b->veto_raw[b->s.n_vetoes - 1], b, it, e);
}

static bool read_gives(SchemeBuild *b, const DeclItem *it, Err *e)
{
    return read_name_into(&b->veto_band[b->s.n_vetoes - 1], b, it, "等次代号", e);
}

static bool read_gate_when(SchemeBuild *b, const DeclItem *it, Err *e)
{
    return raw_into(&b->gate_raw[b->s.n_gates - 1], b, it, e);
}

static bool read_bars(SchemeBuild *b, const DeclItem *it, Err *e)
{
    return read_name_into(&b->gate_band[b->s.n_gates - 1], b, it, "等次代号", e);
}

static bool read_rule(SchemeBuild *b, const DeclItem *it, SchemeRule **rules, size_t *n,
                      size_t *cap, DeclWord *places, const char *what, Err *e)
{
    SchemeRule x = { .band = 0 };
    DeclWord at;
    if (!name_at(&x.name, &at, b, it, 1, "规则代号", e) ||
        !decl_text(&x.title, b->r, it, 2, "规则名称", e) || !decl_done(b->r, it, 3, true, e) ||
        !fresh(b, &at, what, places, *n, e))
        return false;
    if (*n == SCHEME_RULES_MAX)
        return too_many(b, &at, what, SCHEME_RULES_MAX, e);
    if (!ARENA_PUSH(b->a, *rules, *n, *cap))
        return pack_no_memory(b->r, e);
    places[*n] = at;
    (*rules)[(*n)++] = x;
    return true;
}

static bool read_veto(SchemeBuild *b, const DeclItem *it, Err *e)
{
    static const Statement table[] = { { S("when"), read_veto_when, true, true },
                                       { S("gives"), read_gives, true, true } };
    return read_rule(b, it, &b->s.vetoes, &b->s.n_vetoes, &b->cap_vetoes, b->veto_at, "否决", e) &&
           read_block(b, &b->veto_at[b->s.n_vetoes - 1], "when或gives", table, 2, e);
}

static bool read_gate(SchemeBuild *b, const DeclItem *it, Err *e)
{
    static const Statement table[] = { { S("when"), read_gate_when, true, true },
                                       { S("bars"), read_bars, true, true } };
    return read_rule(b, it, &b->s.gates, &b->s.n_gates, &b->cap_gates, b->gate_at, "门槛", e) &&
           read_block(b, &b->gate_at[b->s.n_gates - 1], "when或bars", table, 2, e);
}

/* --- the scheme ----------------------------------------------------------------------------- */
static bool read_title(SchemeBuild *b, const DeclItem *it, Err *e)
{
    return decl_text(&b->s.title, b->r, it, 1, "名称", e) && flat(b, it, 2, e);
}

static bool read_cite(SchemeBuild *b, const DeclItem *it, Err *e)
{
    return decl_text(&b->s.cite, b->r, it, 1, "依据", e) && flat(b, it, 2, e);
}

static bool read_total(SchemeBuild *b, const DeclItem *it, Err *e)
{
    return read_name_into(&b->total_at, b, it, "节点代号", e);
}

static bool read_top(SchemeBuild *b, const DeclItem *it, Err *e)
{
    return read_name_into(&b->top_at, b, it, "等次代号", e);
}

static bool read_non_top(SchemeBuild *b, const DeclItem *it, Err *e)
{
    b->s.has_non_top = true;
    b->share_at = it->words[0];
    return share_at(&b->s.non_top, b, it, "at_least", e);
}

static bool read_top_share(SchemeBuild *b, const DeclItem *it, Err *e)
{
    b->s.has_top_share = true;
    b->share_at = it->words[0];
    return share_at(&b->s.top_share, b, it, "at_most", e);
}

/* share BAND at_most X; */
static bool read_share(SchemeBuild *b, const DeclItem *it, Err *e)
{
    DeclWord at;
    Str unused;
    size_t n = b->n_most;
    if (!name_at(&unused, &at, b, it, 1, "等次代号", e) ||
        !fresh(b, &at, "等次的比例", b->most_at, n, e) ||
        !decl_keyword(b->r, it, 2, "at_most", e) || !dec_at(&b->most[n], b, it, 3, e) ||
        !flat(b, it, 4, e))
        return false;
    if (dec_sign(b->most[n]) < 0 || dec_cmp(b->most[n], dec_int(1)) > 0)
        return scheme_rule(b, decl_word(it, 3), "比例不在0到1之间", "0到1之间的数", e);
    if (n + 1 == SCHEME_BANDS_MAX)
        return too_many(b, &at, "share", SCHEME_BANDS_MAX - 1, e);
    b->most_at[b->n_most++] = at;
    return true;
}

/* object NAME "title"; */
static bool read_object(SchemeBuild *b, const DeclItem *it, Err *e)
{
    SchemeName x;
    DeclWord at;
    if (!name_at(&x.name, &at, b, it, 1, "述职内容代号", e) ||
        !decl_text(&x.title, b->r, it, 2, "述职内容名称", e) || !flat(b, it, 3, e))
        return false;
    for (size_t i = 0; i < b->s.n_objects; i++)
        if (str_eq(b->s.objects[i].name, x.name))
            return scheme_twice(b, &at, "述职内容", b->at.line, e);
    if (b->s.n_objects == SCHEME_OBJECTS_MAX)
        return too_many(b, &at, "述职内容", SCHEME_OBJECTS_MAX, e);
    if (!ARENA_PUSH(b->a, b->s.objects, b->s.n_objects, b->cap_objects))
        return pack_no_memory(b->r, e);
    b->s.objects[b->s.n_objects++] = x;
    return true;
}

/* decides committee; */
static bool read_decides(SchemeBuild *b, const DeclItem *it, Err *e)
{
    b->s.committee = true;
    return decl_keyword(b->r, it, 1, "committee", e) && flat(b, it, 2, e);
}

static bool example_text(Str *out, SchemeBuild *b, const DeclItem *it, Err *e)
{
    DeclWord at;
    if (!raw_into(&at, b, it, e))
        return false;
    *out = arena_str(b->a, at.text);
    return !arena_refused(b->a) || pack_no_memory(b->r, e);
}

static bool read_example_part(SchemeBuild *b, const DeclItem *it, Err *e)
{
    SchemeExample *x = &b->s.examples[b->s.n_examples - 1];
    Str word = it->words[0].text;
    return example_text(str_is(word, "choices") ? &x->choices :
                        str_is(word, "given") ? &x->given : &x->want, b, it, e);
}

/* example "title" { choices {JSON}; given {JSON}; want {JSON}; } */
static bool read_example(SchemeBuild *b, const DeclItem *it, Err *e)
{
    static const Statement table[] = { { S("choices"), read_example_part, true, true },
                                       { S("given"), read_example_part, true, true },
                                       { S("want"), read_example_part, true, true } };
    SchemeExample x = { .title = STRC("") };
    DeclWord at = it->words[0];
    if (!decl_text(&x.title, b->r, it, 1, "带引号的说明", e) ||
        !decl_done(b->r, it, 2, true, e))
        return false;
    if (b->s.n_examples == SCHEME_EXAMPLES_MAX)
        return too_many(b, &at, "例子", SCHEME_EXAMPLES_MAX, e);
    if (!ARENA_PUSH(b->a, b->s.examples, b->s.n_examples, b->cap_examples))
        return pack_no_memory(b->r, e);
    b->s.examples[b->s.n_examples++] = x;
    return read_block(b, &at, "例子的语句", table, sizeof table / sizeof *table, e);
}

static bool read_class(SchemeBuild *b, const DeclItem *it, Err *e)
{
    return raw_into(&b->class_raw, b, it, e);
}

bool pack_scheme_read(Scheme *out, Arena *a, DeclReader *r, const DeclItem *head, Err *e)
{
    static const Statement table[] = {
        { S("title"), read_title, true, true },
        { S("cite"), read_cite, true, true },
        { S("instrument"), read_instrument, false, false },
        { S("group"), read_group, false, false },
        { S("part"), read_part, false, false },
        { S("event"), read_event, false, false },
        { S("node"), read_node, false, true },
        { S("total"), read_total, true, true },
        { S("band"), read_band, false, true },
        { S("top"), read_top, true, true },
        { S("non_top"), read_non_top, true, false },
        { S("top_share"), read_top_share, true, false },
        { S("veto"), read_veto, false, false },
        { S("gate"), read_gate, false, false },
        { S("class"), read_class, true, false },
        { S("share"), read_share, false, false },
        { S("object"), read_object, false, false },
        { S("decides"), read_decides, true, false },
        { S("example"), read_example, false, false },
    };
    SchemeBuild *b = ARENA_NEW(a, SchemeBuild);
    if (!b)
        return pack_no_memory(r, e);
    b->a = a;
    b->r = r;
    if (!name_at(&b->s.name, &b->at, b, head, 1, "评分方案代号", e) ||
        !decl_done(r, head, 2, true, e) ||
        !read_block(b, &b->at, "评分方案的语句", table, sizeof table / sizeof *table, e) ||
        !pack_scheme_check(b, e) || !pack_scheme_formulas(b, e))
        return err_note(e, "while reading scheme \"%.*s\"", STR(b->s.name));
    *out = b->s;
    return true;
}

bool pack_scheme_seal(Scheme *s, Arena *a, Str canonical, Err *e)
{
    if (canonical.n > SCHEME_BYTES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", s->title),
                        err_hole("max", SCHEME_BYTES_MAX));
    Str text = arena_str(a, canonical);
    if (canonical.n > 0 && text.n == 0)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", s->title));
    s->text = text;
    s->hash = hash_of(text);
    return true;
}

static bool parse_one(Scheme *out, Arena *a, DeclReader *r, Err *e)
{
    DeclItem head, more;
    if (!decl_item(&head, r, NULL, 0, e))
        return false;
    if (head.n == 0 || !decl_keyword(r, &head, 0, "scheme", e))
        return head.n > 0 ? false : decl_refuse(r, &head.stop, "“scheme”", e);
    if (!pack_scheme_read(out, a, r, &head, e) || !decl_item(&more, r, NULL, 0, e))
        return false;
    return more.n == 0 || decl_refuse(r, &more.words[0], "文件结尾", e);
}

bool pack_scheme_parse(Scheme *out, Arena *a, Str file, Str text, Err *e)
{
    Buf canon = buf_open(SCHEME_BYTES_MAX + 1);
    DeclSource src = { arena_str(a, file), arena_str(a, text), feel_scan, &canon };
    DeclReader *r;
    Scheme s;
    bool ok = !arena_refused(a) || err_fail(e, ERR_NO_MEMORY, err_hole("what", file));
    ok = ok && decl_open(&r, a, &src, e) && parse_one(&s, a, r, e);
    if (ok && canon.failed)
        ok = err_fail(e, ERR_TOO_BIG, err_hole("what", file), err_hole("max", SCHEME_BYTES_MAX));
    ok = ok && pack_scheme_seal(&s, a, buf_str(&canon), e);
    buf_close(&canon);
    if (ok)
        *out = s;
    return ok;
}
