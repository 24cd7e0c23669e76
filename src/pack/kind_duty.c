/* The kind `duty`: reading it. What the whole rulebook shows of it is in duty_check.c. */
#include "pack/duty_in.h"

#include <stdio.h>

static const Str states[] = {
    [DUTY_MET] = S("met"),         [DUTY_DUE] = S("due"),
    [DUTY_MISSED] = S("missed"),   [DUTY_WAIVED] = S("waived"),
    [DUTY_NOT_APPLICABLE] = S("not_applicable"), [DUTY_LATER] = S("later"),
};

static const Str state_titles[] = {
    [DUTY_MET] = S("已落实"),      [DUTY_DUE] = S("待落实"),
    [DUTY_MISSED] = S("未落实"),   [DUTY_WAIVED] = S("已豁免"),
    [DUTY_NOT_APPLICABLE] = S("不适用"), [DUTY_LATER] = S("未到期"),
};

static const Str everies[] = {
    [DUTY_MONTH] = S("month"),     [DUTY_QUARTER] = S("quarter"),
    [DUTY_HALF] = S("half"),       [DUTY_YEAR] = S("year"),
    [DUTY_STANDING] = S("standing"), [DUTY_ROLLING] = S("rolling"),
    [DUTY_BY_THING] = S("by_thing"), /* not written: what a duty of things is without `every` */
};

Str duty_state_name(DutyState s)
{
    return states[s];
}

Str duty_state_title(DutyState s)
{
    return state_titles[s];
}

Str duty_every_name(DutyEvery e)
{
    return everies[e];
}

/* --- single items --------------------------------------------------------------------------- */
static bool for_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    DutyBuild *b = into;
    if (!pack_word_read(&b->thing, item, 1, "org、person或表单名称", r, e) ||
        !decl_done(r, item, 2, false, e))
        return false;
    b->d.whom = str_is(b->thing.name, "org") ? DUTY_FOR_ORG
                : str_is(b->thing.name, "person") ? DUTY_FOR_PERSON : DUTY_FOR_THING;
    return true;
}

static bool every_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    DutyBuild *b = into;
    const DeclWord *w = decl_word(item, 1);
    b->has_every = true;
    for (size_t i = DUTY_MONTH; i <= DUTY_ROLLING; i++) {
        if (item->n < 2 || w->quoted || !str_eq(w->text, everies[i]))
            continue;
        b->d.every = (DutyEvery)i;
        if (i != DUTY_ROLLING)
            return decl_done(r, item, 2, false, e);
        return decl_int(&b->d.months, r, item, 2, 1, DUTY_MONTHS_MAX, "1到600之间的月数", e) &&
               decl_done(r, item, 3, false, e);
    }
    return decl_refuse_word(r, w, "month、quarter、half、year、standing或rolling 月数", everies,
                            DUTY_ROLLING + 1, e);
}

static bool of_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    return pack_of_read(rb, &((DutyBuild *)into)->of, item, 1, r, e);
}

static bool field_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    DutyBuild *b = into;
    PackWord *to = str_is(item->words[0].text, "by") ? &b->by : &b->sum;
    return pack_word_read(to, item, 1, "项目名称", r, e) && decl_done(r, item, 2, false, e);
}

static bool limit_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    DutyBuild *b = into;
    bool least = str_is(item->words[0].text, "at_least");
    *(least ? &b->d.has_least : &b->d.has_most) = true;
    Dec *to = least ? &b->d.at_least : &b->d.at_most;
    if (!decl_dec(to, r, item, 1, "数", e) || !decl_done(r, item, 2, false, e))
        return false;
    return dec_cmp(*to, dec_int(0)) >= 0 || decl_refuse(r, &item->words[1], "不小于0的数", e);
}

static bool force_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    DutyBuild *b = into;
    b->forces++;
    b->d.hard = str_is(item->words[0].text, "hard");
    return decl_text(&b->d.text, r, item, 1, "带引号的文字（条款怎么说）", e) &&
           decl_done(r, item, 2, false, e);
}

static bool status_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    ((DutyBuild *)into)->d.draft = true;
    return decl_keyword(r, item, 1, "draft", e) && decl_done(r, item, 2, false, e);
}

static bool exempt_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    DutyBuild *b = into;
    ExemptBuild x = { .reason = STRC("") };
    if (!decl_text(&x.reason, r, item, 1, "带引号的理由", e) ||
        !decl_keyword(r, item, 2, "when", e) ||
        !pack_expr_read(rb, &x.when, item, 3, NULL, r, e))
        return false;
    if (b->n_exempt == DUTY_EXEMPT_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "职责的不适用情形"),
                        err_hole("max", DUTY_EXEMPT_MAX));
    if (!ARENA_PUSH(rb->a, b->exempt, b->n_exempt, b->cap_exempt))
        return pack_no_memory(r, e);
    b->exempt[b->n_exempt++] = x;
    return true;
}

static bool part_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    DutyBuild *b = into;
    PackWord w;
    if (!pack_word_read(&w, item, 1, "清单名称.取值", r, e) || !decl_done(r, item, 2, false, e))
        return false;
    if (b->n_parts == DUTY_PARTS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "职责所属的清单取值"),
                        err_hole("max", DUTY_PARTS_MAX));
    if (!ARENA_PUSH(rb->a, b->parts, b->n_parts, b->cap_parts))
        return pack_no_memory(r, e);
    b->parts[b->n_parts++] = w;
    return true;
}

/* --- examples ------------------------------------------------------------------------------- */
static bool period_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    ExampleBuild *b = into;
    const DeclWord *w = decl_word(item, 1);
    Err quiet;
    b->x.has_period = true;
    if (item->n < 2 || w->quoted || !period_read(&b->x.period, w->text, &quiet))
        return decl_refuse(r, w, "一段时间（2026、2026-H1、2026-Q3或2026-02）", e);
    return decl_done(r, item, 2, false, e);
}

static bool want_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    ExampleBuild *b = into;
    const DeclWord *w = decl_word(item, 1);
    for (size_t i = 0; i < DUTY_STATES; i++)
        if (item->n > 1 && !w->quoted && str_eq(w->text, states[i]))
            return b->x.want = (DutyState)i, decl_done(r, item, 2, false, e);
    return decl_refuse_word(r, w, "met、due、missed、waived、not_applicable或later", states,
                            DUTY_STATES, e);
}

static bool example_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    static const DeclRaw raw[] = { { S("given"), S("") } };
    static const PackRow rows[] = {
        { S("given"), PACK_EXPR, offsetof(ExampleBuild, given), PACK_NEED, NULL, 0, 0 },
        { S("period"), PACK_OWN, 0, 0, period_set, 0, 0 },
        { S("on"), PACK_DAY, offsetof(ExampleBuild, x.on), PACK_NEED, NULL, 0, 0 },
        { S("want"), PACK_OWN, 0, PACK_NEED, want_set, 0, 0 },
    };
    static const PackTable table = PACK_TABLE_RAW("职责的例子", rows, raw);
    DutyBuild *b = into;
    ExampleBuild x = { .x.place = pack_place(r, &item->words[0]) };
    if (!decl_text(&x.x.title, r, item, 1, "带引号的说明", e) ||
        !decl_done(r, item, 2, true, e) || !pack_table_read(rb, &table, &x, item, r, e))
        return false;
    if (b->n_examples == DUTY_EXAMPLES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "职责的例子"),
                        err_hole("max", DUTY_EXAMPLES_MAX));
    if (!ARENA_PUSH(rb->a, b->examples, b->n_examples, b->cap_examples))
        return pack_no_memory(r, e);
    b->examples[b->n_examples++] = x;
    return true;
}

/* --- the block ------------------------------------------------------------------------------ */
bool pack_duty_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e)
{
    static const DeclRaw raw[] = { { S("who"), S("") },   { S("of"), S("") },
                                   { S("holds"), S("") }, { S("due"), S("") },
                                   { S("exempt"), S("when") } };
    static const PackRow rows[] = {
        { S("title"), PACK_TEXT, offsetof(DutyBuild, d.title), PACK_NEED, NULL, 0, 0 },
        { S("cite"), PACK_TEXT, offsetof(DutyBuild, d.cite), PACK_NEED, NULL, 0, 0 },
        { S("for"), PACK_OWN, 0, 0, for_set, 0, 0 },
        { S("who"), PACK_EXPR, offsetof(DutyBuild, who), 0, NULL, 0, 0 },
        { S("every"), PACK_OWN, 0, 0, every_set, 0, 0 },
        { S("of"), PACK_OWN, 0, 0, of_set, 0, 0 },
        { S("by"), PACK_OWN, 0, 0, field_set, 0, 0 },
        { S("sum"), PACK_OWN, 0, 0, field_set, 0, 0 },
        { S("at_least"), PACK_OWN, 0, 0, limit_set, 0, 0 },
        { S("at_most"), PACK_OWN, 0, 0, limit_set, 0, 0 },
        { S("holds"), PACK_EXPR, offsetof(DutyBuild, holds), 0, NULL, 0, 0 },
        { S("due"), PACK_EXPR, offsetof(DutyBuild, due), 0, NULL, 0, 0 },
        { S("hard"), PACK_OWN, 0, 0, force_set, 0, 0 },
        { S("soft"), PACK_OWN, 0, 0, force_set, 0, 0 },
        { S("cap"), PACK_MARK, offsetof(DutyBuild, d.cap), 0, NULL, 0, 0 },
        { S("off"), PACK_MARK, offsetof(DutyBuild, d.off), 0, NULL, 0, 0 },
        { S("status"), PACK_OWN, 0, 0, status_set, 0, 0 },
        { S("exempt"), PACK_OWN, 0, PACK_MANY, exempt_set, 0, 0 },
        { S("grace"), PACK_INT, offsetof(DutyBuild, d.grace), 0, NULL, 0, DUTY_DAYS_MAX },
        { S("remind"), PACK_INT, offsetof(DutyBuild, d.remind), 0, NULL, 0, DUTY_DAYS_MAX },
        { S("in_part"), PACK_OWN, 0, PACK_MANY, part_set, 0, 0 },
        { S("would"), PACK_TEXT, offsetof(DutyBuild, d.would), 0, NULL, 0, 0 },
        { S("example"), PACK_OWN, 0, PACK_MANY, example_set, 0, 0 },
    };
    static const PackTable table = PACK_TABLE_RAW("职责", rows, raw);
    DutyBuild *b = ARENA_NEW(rb->a, DutyBuild); /* the map points at its first member */
    if (!b)
        return pack_no_memory(r, e);
    b->d.pack = rb->now;
    b->d.place = pack_place(r, &head->words[0]);
    b->d.remind = DUTY_REMIND;
    b->d.at_least = b->d.at_most = dec_int(0);
    if (!pack_ident(&b->d.name, r, head, 1, "职责名称", e) || !decl_done(r, head, 2, true, e))
        return false;
    const Duty *first = map_get(&rb->duties, b->d.name);
    if (first)
        return pack_twice(b->d.place, "职责", b->d.name, first->place, e);
    return pack_table_read(rb, &table, b, head, r, e) &&
           (map_put(&rb->duties, b->d.name, b) || pack_no_memory(r, e));
}
