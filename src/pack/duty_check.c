/* Is a duty whole? What it must say, what cannot go together, and what its examples speak of. */
#include "pack/duty_in.h"

#include <stdio.h>

/* --- what a duty says ----------------------------------------------------------------------- */
typedef struct Rule {
    bool broken;
    const char *why, *want;
} Rule;

static bool hold_all(const Rule *rules, size_t n, PackPlace at, Err *e)
{
    for (size_t i = 0; i < n; i++)
        if (rules[i].broken)
            return pack_rule(at, rules[i].why, rules[i].want, e);
    return true;
}

/* What would contradict itself, in a draft too. */
static bool words_agree(const DutyBuild *b, Err *e)
{
    const Duty *d = &b->d;
    bool of = b->of.form.n > 0, holds = b->holds.x != NULL, thing = d->whom == DUTY_FOR_THING;
    bool calendar = b->has_every && d->every <= DUTY_YEAR;
    const Rule rules[] = {
        { b->forces > 1, "hard和soft只能写一个", "其中一个" },
        { of && holds, "of和holds都写了", "数记录用of，看状态用holds" },
        { holds && (d->has_least || d->has_most), "holds没有数目", "去掉at_least和at_most" },
        { !of && (b->by.name.n > 0 || b->sum.name.n > 0), "by和sum要与of同用", "加上of，或去掉它们" },
        { of && d->whom == DUTY_FOR_PERSON && b->by.name.n == 0,
          "人员的职责没有说哪个项目是人员", "加上 by 项目名称;" },
        { b->by.name.n > 0 && d->whom != DUTY_FOR_PERSON, "by只用于人员的职责", "for person;" },
        { thing && of, "事项的职责看事项本身，不数记录", "holds" },
        { thing && b->has_every, "事项的职责按事项自己的日期，没有周期", "去掉every，期限用due" },
        { b->due.x && !thing, "due只用于事项的职责", "去掉due，周期用every" },
        { d->grace > 0 && !calendar, "grace只用于按月、季、半年或年的职责", "去掉grace" },
        { d->cap && !(of && d->has_most && d->whom == DUTY_FOR_ORG && calendar),
          "cap只用于按月、季、半年或年给组织规定上限的职责", "加上of和at_most，或去掉cap" },
        { d->has_least && d->has_most && dec_cmp(d->at_least, d->at_most) > 0,
          "at_least大于at_most", "at_least不大于at_most" },
    };
    return hold_all(rules, sizeof rules / sizeof *rules, d->place, e);
}

static bool has_example(const DutyBuild *b, DutyState want)
{
    for (size_t i = 0; i < b->n_examples; i++)
        if (b->examples[i].x.want == want)
            return true;
    return false;
}

static size_t lacks(Str out[DUTY_LACKS_MAX], const DutyBuild *b)
{
    const Duty *d = &b->d;
    size_t n = 0;
    if (!b->holds.x && !(b->of.form.n > 0 && (d->has_least || d->has_most)))
        out[n++] = STRC("要求（of和at_least，或holds）");
    if (d->whom != DUTY_FOR_THING && !b->has_every)
        out[n++] = STRC("周期（every）");
    if (!has_example(b, DUTY_MET))
        out[n++] = STRC("已落实的例子（want met）");
    if (!has_example(b, DUTY_MISSED) && !has_example(b, DUTY_NOT_APPLICABLE))
        out[n++] = STRC("未落实的例子（want missed；没有可违反的写want not_applicable）");
    return n;
}

size_t duty_lacks(Str out[DUTY_LACKS_MAX], const Duty *d)
{
    return d->draft ? lacks(out, (const DutyBuild *)d) : 0; /* a duty is its build's first member */
}

static bool is_whole(const DutyBuild *b, Err *e)
{
    Str missing[DUTY_LACKS_MAX];
    char why[300];
    if (b->forces == 0)
        return pack_rule(b->d.place, "没有说是必须还是一般要求", "hard \"条款\" 或 soft \"条款\"", e);
    if (b->d.draft || lacks(missing, b) == 0)
        return true;
    snprintf(why, sizeof why, "职责缺少%.*s", STR(missing[0]));
    return pack_rule(b->d.place, why, "补齐，或标为 status draft;", e);
}

/* --- names ---------------------------------------------------------------------------------- */
static const FeelType *sight(Rulebook *rb, const Duty *d, unsigned more)
{
    FeelTypeMember thing = { S("thing"), d->thing ? d->thing->type : NULL };
    unsigned sees = PACK_SEES_ORG | PACK_SEES_LAST | PACK_SEES_TODAY | more;
    if (d->whom == DUTY_FOR_PERSON)
        sees |= PACK_SEES_PERSON;
    return pack_scope(rb, sees, &thing, d->whom == DUTY_FOR_THING ? 1 : 0);
}

static bool exempt_settle(Rulebook *rb, DutyBuild *b, Err *e)
{
    DutyExempt *x = ARENA_ARRAY(rb->a, DutyExempt, b->n_exempt);
    if (!x)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", b->d.title));
    for (size_t i = 0; i < b->n_exempt; i++) {
        x[i].reason = b->exempt[i].reason;
        if (!pack_expr_settle(rb, &x[i].when, &b->exempt[i].when, sight(rb, &b->d, 0),
                              FEEL_BOOLEAN, e))
            return false;
    }
    b->d.exempt = x;
    b->d.n_exempt = b->n_exempt;
    return true;
}

static bool part_settle(Rulebook *rb, DutyPart *out, const PackWord *w, Err *e)
{
    size_t dot = 0;
    while (dot < w->name.n && w->name.p[dot] != '.')
        dot++;
    Str list = str_sub(w->name, 0, dot), value = str_sub(w->name, dot + 1, w->name.n);
    if (!(out->list = map_get(&rb->lists, list)))
        return pack_unknown_in(w->place, "清单", list, &rb->lists, e);
    if (value.n == 0)
        return pack_rule(w->place, "只写了清单，没有写取值", "清单名称.取值", e);
    return (out->item = list_item(out->list, value)) ||
           pack_unknown_item(w->place, "清单取值", value, out->list, e);
}

static bool parts_settle(Rulebook *rb, DutyBuild *b, Err *e)
{
    DutyPart *parts = ARENA_ARRAY(rb->a, DutyPart, b->n_parts);
    if (!parts)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", b->d.title));
    for (size_t i = 0; i < b->n_parts; i++)
        if (!part_settle(rb, &parts[i], &b->parts[i], e))
            return false;
    b->d.parts = parts;
    b->d.n_parts = b->n_parts;
    return true;
}

static bool records_settle(Rulebook *rb, DutyBuild *b, Err *e)
{
    Duty *d = &b->d;
    if (!pack_of_settle(rb, &d->of, &b->of, e))
        return false;
    if (!d->of.form)
        return true;
    if (!pack_person_field(&d->by, d->of.form, &b->by, e) ||
        !pack_field_named(&d->sum, d->of.form, &b->sum, e))
        return false;
    if (d->sum && d->sum->type != FIELD_NUMBER && d->sum->type != FIELD_DECIMAL)
        return pack_rule(b->sum.place, "这个项目不是数", "number或decimal项目", e);
    return true;
}

/* --- examples ------------------------------------------------------------------------------- */
static bool is_calendar(const Duty *d, Period p)
{
    static const PeriodKind kinds[] = { [DUTY_MONTH] = PERIOD_MONTH,
                                        [DUTY_QUARTER] = PERIOD_QUARTER,
                                        [DUTY_HALF] = PERIOD_HALF, [DUTY_YEAR] = PERIOD_YEAR };
    Period want = period_of(kinds[d->every], p.from);
    return want.from == p.from && want.to == p.to;
}

static const FeelType *member_type(const FeelType *t, Str name)
{
    for (size_t i = 0; t->form == FEEL_TYPE_CONTEXT && i < t->n; i++)
        if (str_eq(t->members[i].name, name))
            return t->members[i].type ? t->members[i].type : feel_type_any();
    return NULL;
}

/* Every name said of an org, a person … is one that exists: an example about something else proves
 * nothing. What is not written out as a context cannot be known here. */
static bool names_known(const PackExpr *x, const FeelType *said, const FeelType *known, Err *e)
{
    Str names[FORM_FIELDS_MAX];
    size_t n = 0;
    for (; n < known->n && n < FORM_FIELDS_MAX; n++)
        names[n] = known->members[n].name;
    for (size_t i = 0; said->form == FEEL_TYPE_CONTEXT && i < said->n; i++)
        if (!member_type(known, said->members[i].name))
            return pack_unknown(pack_place(x->r, &x->raw), "例子里的名称", said->members[i].name,
                                names, n, e);
    return true;
}

static bool given_settle(Rulebook *rb, const Duty *d, ExampleBuild *b, Err *e)
{
    const FeelType *nothing = pack_scope(rb, 0, NULL, 0), *said, *part;
    const FeelType *facts = feel_type_of(FEEL_LIST), *any = feel_type_any();
    const FeelTypeMember may[] = {
        { S("org"), rb->org },   { S("last"), rb->last }, { S("m"), rb->m }, { S("facts"), facts },
        { S("waived"), any },    { S("person"), rb->person },
        { S("thing"), d->thing ? d->thing->type : any },
    };
    size_t n = sizeof may / sizeof *may;
    const FeelType known = { .form = FEEL_TYPE_CONTEXT, .kind = FEEL_CONTEXT, .members = may,
                             .n = n };
    if (!pack_expr_settle(rb, &b->x.given, &b->given, nothing, FEEL_CONTEXT, e) ||
        !feel_check(&said, rb->a, b->given.x, nothing, e) ||
        !names_known(&b->given, said, &known, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((part = member_type(said, may[i].name)) && may[i].type->form == FEEL_TYPE_CONTEXT &&
            !names_known(&b->given, part, may[i].type, e))
            return false;
    return true;
}

static bool examples_settle(Rulebook *rb, DutyBuild *b, Err *e)
{
    DutyExample *x = ARENA_ARRAY(rb->a, DutyExample, b->n_examples);
    if (!x)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", b->d.title));
    for (size_t i = 0; i < b->n_examples; i++) {
        ExampleBuild *ex = &b->examples[i];
        bool calendar = b->has_every && b->d.every <= DUTY_YEAR;
        if (calendar && !(ex->x.has_period && is_calendar(&b->d, ex->x.period)))
            return pack_rule(ex->x.place, "例子的时间不是职责的一个周期",
                             "与every相符的period，如month写2026-02", e);
        if (!given_settle(rb, &b->d, ex, e))
            return err_note(e, "while checking example %.*s", STR(ex->x.title));
        x[i] = ex->x;
    }
    b->d.examples = x;
    b->d.n_examples = b->n_examples;
    return true;
}

/* --- all of it ------------------------------------------------------------------------------ */
static bool would_settle(Rulebook *rb, Duty *d, Err *e)
{
    if (d->would.n == 0)
        d->would = arena_text(rb->a, "完成“%.*s”并如实记录", STR(d->title));
    return d->would.n > 0 || err_fail(e, ERR_NO_MEMORY, err_hole("what", d->title));
}

static bool settle(Rulebook *rb, DutyBuild *b, Err *e)
{
    Duty *d = &b->d;
    if (!words_agree(b, e) || !is_whole(b, e))
        return false;
    if (d->whom == DUTY_FOR_THING &&
        !pack_form_named(rb, &d->thing, b->thing.name, b->thing.place, e))
        return false;
    if (!b->has_every)
        d->every = d->whom == DUTY_FOR_THING ? DUTY_BY_THING : DUTY_STANDING;
    return would_settle(rb, d, e) && records_settle(rb, b, e) &&
           pack_expr_settle(rb, &d->who, &b->who, sight(rb, d, 0), FEEL_BOOLEAN, e) &&
           pack_expr_settle(rb, &d->holds, &b->holds, sight(rb, d, PACK_SEES_M), FEEL_BOOLEAN,
                            e) &&
           pack_expr_settle(rb, &d->due, &b->due, sight(rb, d, 0), FEEL_DATE, e) &&
           exempt_settle(rb, b, e) && parts_settle(rb, b, e) && examples_settle(rb, b, e);
}

bool pack_duty_settle(Rulebook *rb, Err *e)
{
    for (size_t i = 0; i < rb->duties.n; i++) {
        DutyBuild *b = rb->duties.entries[i].value;
        if (!settle(rb, b, e))
            return err_note(e, "while checking duty %.*s", STR(b->d.name));
    }
    return true;
}
