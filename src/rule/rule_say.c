/* Cells in sentences: the one place where reasons become words. */
#include "rule/duty.h"

#include <stdio.h>
#include <string.h>

typedef struct ReasonRow {
    const char *name, *zh, *en;
} ReasonRow;

static const ReasonRow rows[RULE_REASONS] = {
#define REASON(name, zh, en) { #name, zh, en },
#include "rule/reasons.def"
#undef REASON
};

const char *rule_reason_name(RuleReason r)
{
    return rows[r].name;
}

/* --- periods -------------------------------------------------------------------------------- */
static Str period_zh(Arena *a, const Duty *d, Period p)
{
    static const char *const quarters[] = { "一", "二", "三", "四" };
    DayParts at = day_parts(p.from);
    switch (d->every) {
    case DUTY_MONTH:
        return arena_text(a, "%d年%d月", at.year, at.month);
    case DUTY_QUARTER:
        return arena_text(a, "%d年第%s季度", at.year, quarters[(at.month - 1) / 3]);
    case DUTY_HALF:
        return arena_text(a, "%d年%s半年", at.year, at.month < 7 ? "上" : "下");
    case DUTY_YEAR:
        return arena_text(a, "%d年", at.year);
    case DUTY_STANDING:
        return STRC("目前");
    case DUTY_ROLLING:
        return arena_text(a, "近%d个月", (int)d->months);
    default:
        return day_print_zh(a, p.from);
    }
}

static Str period_en(Arena *a, const Duty *d, Period p)
{
    DayParts at = day_parts(p.from);
    switch (d->every) {
    case DUTY_MONTH:
        return arena_text(a, "%d-%02d", at.year, at.month);
    case DUTY_QUARTER:
        return arena_text(a, "%d-Q%d", at.year, (at.month + 2) / 3);
    case DUTY_HALF:
        return arena_text(a, "%d-H%d", at.year, at.month < 7 ? 1 : 2);
    case DUTY_YEAR:
        return arena_text(a, "%d", at.year);
    case DUTY_STANDING:
        return STRC("the present");
    case DUTY_ROLLING:
        return arena_text(a, "the last %d months", (int)d->months);
    default:
        return day_print(a, p.from);
    }
}

Str rule_period_title(Arena *a, const Duty *duty, Period p)
{
    return period_zh(a, duty, p);
}

/* --- sentences ------------------------------------------------------------------------------ */
static Str hole(Arena *a, const RuleCell *c, bool en, Str name)
{
    const Duty *d = c->duty;
    Dec lack;
    if (str_is(name, "period"))
        return en ? period_en(a, d, c->period) : period_zh(a, d, c->period);
    if (str_is(name, "value"))
        return dec_print_short(a, c->value);
    if (str_is(name, "want"))
        return dec_print_short(a, c->want);
    if (str_is(name, "lack"))
        return dec_sub(&lack, c->want, c->value) ? dec_print_short(a, lack) : (Str){ 0 };
    if (str_is(name, "due"))
        return en ? day_print(a, c->due) : day_print_zh(a, c->due);
    if (str_is(name, "left"))
        return arena_text(a, "%d", (int)c->days_left);
    if (str_is(name, "unit"))
        return d->sum ? (Str){ 0 } : STRC("次");
    return str_is(name, "title") ? d->title : str_is(name, "text") ? c->text : (Str){ 0 };
}

Str rule_say(Arena *a, const RuleCell *cell, Lang lang)
{
    bool en = lang == LANG_EN;
    Str rest = str_of(en ? rows[cell->reason].en : rows[cell->reason].zh), head, name;
    Buf b = buf_open(RULE_SAY_MAX);
    while (str_cut(rest, STRC("{"), &head, &rest)) {
        buf_put(&b, head);
        str_cut(rest, STRC("}"), &name, &rest);
        buf_put(&b, hole(a, cell, en, name));
    }
    buf_put(&b, head);
    if (cell->late > 0)
        buf_fmt(&b, en ? " (%u of them filed late)" : "（其中%u次为补录）", (unsigned)cell->late);
    Str out = arena_str(a, buf_str(&b));
    buf_close(&b);
    return out;
}
