/* What can only be judged once a whole scheme is read: names that refer to each other, weights,
 * points, bands. */
#include "pack/scheme_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- names in one namespace ---------------------------------------------------------------------
 * Instruments, parts, events and nodes are all names of the same expressions. */
static bool namespace_ok(const SchemeBuild *b, Err *e)
{
    const struct { const DeclWord *at; size_t n; } lists[] = {
        { b->instrument_at, b->s.n_instruments },
        { b->part_at, b->s.n_parts },
        { b->event_at, b->s.n_events },
        { b->node_at, b->s.n_nodes },
    };
    for (size_t i = 1; i < sizeof lists / sizeof *lists; i++)
        for (size_t k = 0; k < lists[i].n; k++)
            for (size_t j = 0; j < i; j++)
                for (size_t m = 0; m < lists[j].n; m++)
                    if (str_eq(lists[i].at[k].text, lists[j].at[m].text))
                        return scheme_twice(b, &lists[i].at[k], "名称", lists[j].at[m].line, e);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (size_t k = 0; k < lists[i].n; k++)
            if (str_is(lists[i].at[k].text, "grade"))
                return scheme_rule(b, &lists[i].at[k], "grade已用来指等次", "别的代号", e);
    return true;
}

/* --- groups --------------------------------------------------------------------------------- */
static bool groups_ok(SchemeBuild *b, Err *e)
{
    Scheme *s = &b->s;
    Str known[SCHEME_GROUPS_MAX];
    Dec sum = dec_int(0);
    char why[120];
    if ((s->n_instruments > 0) != (s->n_groups > 0))
        return scheme_rule(b, &b->at, "测评表和票类只写了一样", "两样都写或都不写", e);
    for (size_t i = 0; i < s->n_groups; i++) {
        known[i] = s->groups[i].name;
        if (!dec_add(&sum, sum, s->groups[i].weight))
            return scheme_rule(b, &b->group_at[i], "权重过大", "0到1之间的数", e);
    }
    for (size_t i = 0; i < s->n_groups; i++) {
        const DeclWord *at = &b->merge_at[i];
        if (at->text.n == 0)
            continue;
        s->groups[i].merge = pack_scheme_group(s, at->text);
        if (s->groups[i].merge < 0)
            return scheme_unknown(b, at, "票类", known, s->n_groups, e);
        if (s->groups[i].merge == (ptrdiff_t)i)
            return scheme_rule(b, at, "票类并入了自己", "另一个票类", e);
    }
    if (s->n_groups == 0 || dec_eq(sum, dec_int(1)))
        return true;
    snprintf(why, sizeof why, "票类权重之和为%.*s", STR(dec_print_short(b->a, sum)));
    return scheme_rule(b, &b->group_at[s->n_groups - 1], why, "合计等于1的权重", e);
}

/* --- points --------------------------------------------------------------------------------- */
static Dec *cell_of(SchemeInstrument *ins, size_t group, size_t item, size_t option)
{
    return &ins->points[(group * ins->n_items + item) * ins->n_options + option];
}

/* How special a points statement is: the most special one that fits a cell holds there. */
static int rank_of(const PointsAt *p)
{
    return (p->item.text.n > 0) * 2 + (p->group.text.n > 0);
}

typedef struct Spot {
    ptrdiff_t group, item, option; /* group, item -1: every one */
} Spot;

static bool spot_of(Spot *out, const SchemeBuild *b, const SchemeInstrument *ins,
                    const PointsAt *p, Err *e)
{
    Str known[SCHEME_ITEMS_MAX];
    size_t n = 0;
    *out = (Spot){ -1, -1, pack_scheme_option(ins, p->option.text) };
    if (out->option < 0) {
        for (; n < ins->n_options; n++)
            known[n] = ins->options[n].name;
        return scheme_unknown(b, &p->option, "选项", known, n, e);
    }
    if (ins->options[out->option].excluded)
        return scheme_rule(b, &p->option, "不计分的选项不能有分值", "计分的选项", e);
    if (p->item.text.n > 0 && (out->item = pack_scheme_item(ins, p->item.text)) < 0) {
        for (; n < ins->n_items; n++)
            known[n] = ins->items[n].name;
        return scheme_unknown(b, &p->item, "测评项目", known, n, e);
    }
    if (p->group.text.n > 0 && (out->group = pack_scheme_group(&b->s, p->group.text)) < 0) {
        for (; n < b->s.n_groups; n++)
            known[n] = b->s.groups[n].name;
        return scheme_unknown(b, &p->group, "票类", known, n, e);
    }
    return true;
}

static void apply(SchemeInstrument *ins, size_t n_groups, Spot at, Dec points)
{
    for (size_t g = 0; g < n_groups; g++)
        for (size_t i = 0; i < ins->n_items; i++)
            if ((at.group < 0 || (size_t)at.group == g) && (at.item < 0 || (size_t)at.item == i))
                *cell_of(ins, g, i, (size_t)at.option) = points;
}

static bool points_apply(SchemeBuild *b, size_t k, Err *e)
{
    SchemeInstrument *ins = &b->s.instruments[k];
    const PointsAt *all = b->points[k];
    for (size_t i = 0; i < b->n_points[k]; i++)
        for (size_t j = 0; j < i; j++)
            if (str_eq(all[i].option.text, all[j].option.text) &&
                str_eq(all[i].item.text, all[j].item.text) &&
                str_eq(all[i].group.text, all[j].group.text))
                return scheme_twice(b, &all[i].option, "分值", all[j].option.line, e);
    for (int rank = 1; rank <= 3; rank++)
        for (size_t i = 0; i < b->n_points[k]; i++) {
            Spot at;
            if (rank_of(&all[i]) != rank)
                continue;
            if (!spot_of(&at, b, ins, &all[i], e))
                return false;
            apply(ins, b->s.n_groups, at, all[i].points);
        }
    return true;
}

static bool instrument_ok(SchemeBuild *b, size_t k, Err *e)
{
    SchemeInstrument *ins = &b->s.instruments[k];
    size_t cells = b->s.n_groups * ins->n_items;
    if (ins->form != SCHEME_GRADES && b->n_points[k] > 0)
        return scheme_rule(b, &b->points[k][0].option, "打分票、排序票没有选项", "去掉points", e);
    ins->points = ARENA_ARRAY(b->a, Dec, cells * ins->n_options);
    ins->highest = ARENA_ARRAY(b->a, Dec, cells);
    if (!ins->points || !ins->highest)
        return pack_no_memory(b->r, e);
    for (size_t i = 0; i < cells * ins->n_options; i++)
        ins->points[i] = ins->options[i % ins->n_options].points;
    if (!points_apply(b, k, e))
        return false;
    for (size_t i = 0; ins->form == SCHEME_GRADES && i < cells; i++) {
        Dec best = dec_int(0);
        for (size_t o = 0; o < ins->n_options; o++)
            if (dec_cmp(ins->points[i * ins->n_options + o], best) > 0)
                best = ins->points[i * ins->n_options + o];
        if (dec_sign(best) == 0)
            return scheme_rule(b, &b->instrument_at[k], "没有分值大于0的选项",
                               "至少一个分值大于0的选项", e);
        ins->highest[i] = best;
    }
    return true;
}

/* --- bands ---------------------------------------------------------------------------------- */
typedef struct Placed {
    SchemeBand band;
    DeclWord at;
} Placed;

static int higher_first(const void *x, const void *y)
{
    const Placed *a = x, *b = y;
    int by_from = dec_cmp(b->band.from, a->band.from);
    return by_from ? by_from : dec_cmp(b->band.to, a->band.to);
}

static Dec middle(Dec a, Dec b)
{
    Dec sum;
    if (!dec_add(&sum, a, b) || !dec_div(&sum, sum, dec_int(2)))
        return a;
    return sum;
}

static bool band_clash(const SchemeBuild *b, const Placed *lower, const Placed *upper, Dec value,
                       bool gap, Err *e)
{
    char why[200];
    Str v = dec_print_short(b->a, value);
    if (gap)
        snprintf(why, sizeof why, "%.*s分不在任何等次里（“%.*s”与“%.*s”之间有空隙）", STR(v),
                 STR(lower->band.name), STR(upper->band.name));
    else
        snprintf(why, sizeof why, "%.*s分同时在“%.*s”和“%.*s”里", STR(v), STR(lower->band.name),
                 STR(upper->band.name));
    return scheme_rule(b, &lower->at, why, "相接而不重叠的等次，相接处恰有一端closed", e);
}

static bool neighbours_ok(const SchemeBuild *b, const Placed *lower, const Placed *upper, Err *e)
{
    int meet = dec_cmp(lower->band.to, upper->band.from);
    Dec least_to = dec_cmp(lower->band.to, upper->band.to) < 0 ? lower->band.to : upper->band.to;
    if (meet > 0)
        return band_clash(b, lower, upper, middle(upper->band.from, least_to), false, e);
    if (meet < 0)
        return band_clash(b, lower, upper, middle(lower->band.to, upper->band.from), true, e);
    if (lower->band.to_in == upper->band.from_in)
        return band_clash(b, lower, upper, upper->band.from, !lower->band.to_in, e);
    return true;
}

static bool bands_ok(SchemeBuild *b, Err *e)
{
    Scheme *s = &b->s;
    Placed all[SCHEME_BANDS_MAX];
    if (s->n_bands < 2)
        return scheme_rule(b, &b->band_at[0], "等次只有一个", "至少两个等次", e);
    for (size_t i = 0; i < s->n_bands; i++)
        all[i] = (Placed){ s->bands[i], b->band_at[i] };
    qsort(all, s->n_bands, sizeof *all, higher_first);
    for (size_t i = 0; i + 1 < s->n_bands; i++)
        if (!neighbours_ok(b, &all[i + 1], &all[i], e))
            return false;
    for (size_t i = 0; i < s->n_bands; i++) {
        s->bands[i] = all[i].band;
        b->band_at[i] = all[i].at;
    }
    return true;
}

/* --- what refers to bands and nodes --------------------------------------------------------- */
static bool find_band(size_t *out, const SchemeBuild *b, const DeclWord *at, Err *e)
{
    Str known[SCHEME_BANDS_MAX];
    ptrdiff_t i = pack_scheme_band(&b->s, at->text);
    for (size_t k = 0; k < b->s.n_bands; k++)
        known[k] = b->s.bands[k].name;
    if (i < 0)
        return scheme_unknown(b, at, "等次", known, b->s.n_bands, e);
    *out = (size_t)i;
    return true;
}

/* Caps stand on bands above the lowest: who is out falls into the next one. */
static bool shares_ok(SchemeBuild *b, Err *e)
{
    Scheme *s = &b->s;
    size_t at = 0;
    for (size_t i = 0; i < b->n_most; i++) {
        if (!find_band(&at, b, &b->most_at[i], e))
            return false;
        if (at + 1 == s->n_bands)
            return scheme_rule(b, &b->most_at[i], "最低的等次之下没有等次可评", "较高的等次", e);
        if (at == 0 && s->has_top_share)
            return scheme_rule(b, &b->most_at[i], "最高等次的比例已由top_share写明",
                               "其中一种写法", e);
        s->bands[at].has_most = true;
        s->bands[at].most = b->most[i];
    }
    return true;
}

static bool references_ok(SchemeBuild *b, Err *e)
{
    Scheme *s = &b->s;
    Str known[SCHEME_NODES_MAX];
    size_t top = 0;
    ptrdiff_t total = pack_scheme_node(s, b->total_at.text);
    for (size_t k = 0; k < s->n_nodes; k++)
        known[k] = s->nodes[k].name;
    if (total < 0)
        return scheme_unknown(b, &b->total_at, "节点", known, s->n_nodes, e);
    s->total = (size_t)total;
    if (!find_band(&top, b, &b->top_at, e))
        return false;
    if (top != 0)
        return scheme_rule(b, &b->top_at, "它不是分数最高的等次", "分数最高的等次", e);
    if (!shares_ok(b, e))
        return false;
    for (size_t i = 0; i < s->n_vetoes; i++)
        if (!find_band(&s->vetoes[i].band, b, &b->veto_band[i], e))
            return false;
    for (size_t i = 0; i < s->n_gates; i++) {
        if (!find_band(&s->gates[i].band, b, &b->gate_band[i], e))
            return false;
        if (s->gates[i].band + 1 == s->n_bands)
            return scheme_rule(b, &b->gate_band[i], "最低的等次之下没有等次可评",
                               "较高的等次", e);
    }
    return true;
}

bool pack_scheme_check(SchemeBuild *b, Err *e)
{
    if (!namespace_ok(b, e) || !groups_ok(b, e))
        return false;
    for (size_t k = 0; k < b->s.n_instruments; k++)
        if (!instrument_ok(b, k, e))
            return false;
    return bands_ok(b, e) && references_ok(b, e);
}
