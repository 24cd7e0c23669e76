/* Why a duty stands as it does: the clause, the records counted, and what would have met it. */
#include "work/board_say.h"
#include "work/rows.h"

enum { COUNTED_MAX = 500 };

typedef struct WhyIn {
    int64_t org, person, thing;
    Str duty, period;
} WhyIn;
static const ShapeField why_in_fields[] = {
    { "duty", SHAPE_TEXT, offsetof(WhyIn, duty), .required = true, .max = 64, .title = "职责" },
    { "org", SHAPE_ID, offsetof(WhyIn, org), .required = true, .title = "组织" },
    { "period", SHAPE_TEXT, offsetof(WhyIn, period), .max = 40, .title = "周期" },
    { "person", SHAPE_ID, offsetof(WhyIn, person), .title = "人员" },
    { "thing", SHAPE_ID, offsetof(WhyIn, thing), .title = "事项" },
};
static const Shape why_in = SHAPE("WhyIn", WhyIn, why_in_fields);
static const ShapeField counted_fields[] = {
    { "form", SHAPE_TEXT, .required = true },
    { "form_title", SHAPE_TEXT, .required = true },
    { "subject", SHAPE_ID, .required = true },
    { "id", SHAPE_ID, .required = true },
    { "on", SHAPE_DAY, .required = true },
    { "received", SHAPE_DAY, .required = true },
    { "late", SHAPE_INT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
};
static const Shape counted_shape = SHAPE_REPLY("CountedRecord", counted_fields);
static const ShapeField part_fields[] = {
    { "text", SHAPE_TEXT, .required = true },
    { "value", SHAPE_TEXT, .required = true },
    { "level", SHAPE_INT, .required = true },
};
static const Shape part_shape = SHAPE_REPLY("WhyPart", part_fields);
static const ShapeField why_fields[] = {
    { "duty", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "person", SHAPE_ID },
    { "person_name", SHAPE_TEXT },
    { "kind", SHAPE_WORD, .required = true, .words = "hard|soft" },
    { "clause", SHAPE_TEXT, .required = true },
    { "cite", SHAPE_TEXT, .required = true },
    { "cell", SHAPE_OBJ, .required = true, .sub = &work_cell_shape },
    { "reason", SHAPE_TEXT, .required = true },
    { "sentence", SHAPE_TEXT, .required = true },
    { "would", SHAPE_TEXT, .required = true },
    { "exempt", SHAPE_TEXT },
    { "waiver", SHAPE_ID },
    { "counted", SHAPE_LIST, .required = true, .sub = &counted_shape },
    { "total", SHAPE_INT, .required = true },
    { "parts", SHAPE_LIST, .required = true, .sub = &part_shape },
    { "responsible", SHAPE_LIST, .required = true, .sub = &work_holder_shape },
};
static const Shape why_out = SHAPE_REPLY("DutyWhy", why_fields);

static void put_counted(Call *c, const RuleWhy *w, Jw *out)
{
    jw_key(out, "counted");
    jw_arr(out);
    for (size_t i = 0; i < w->n_counted && i < COUNTED_MAX; i++) {
        const RuleRecord *r = w->counted[i];
        jw_obj(out);
        jw_kstr(out, "form", r->form->name);
        jw_kstr(out, "form_title", r->form->title);
        jw_kint(out, "subject", r->subject);
        jw_kint(out, "id", r->id);
        jw_kday(out, "on", r->on);
        jw_kday(out, "received", r->received);
        jw_kint(out, "late", rule_late(r->form, r->on, r->received));
        jw_kstr(out, "title", work_record_title(c, r));
        jw_end(out);
    }
    jw_end(out);
    jw_kint(out, "total", (int64_t)w->n_counted);
}

/* The parts of a condition with their values, outermost first. */
static void put_parts(Call *c, const FeelTrace *t, int level, Jw *out)
{
    for (; t && level < FEEL_EXPLAIN_MAX; t = t->next) {
        jw_obj(out);
        jw_kstr(out, "text", t->text);
        jw_kstr(out, "value", feel_print(c->a, t->value));
        jw_kint(out, "level", level);
        jw_end(out);
        put_parts(c, t->first, level + 1, out);
    }
}

/* A matter is judged by its own day: whoever asks without a period means that one. */
static Day day_of_thing(const RuleUnit *unit, int64_t thing, Day otherwise)
{
    for (size_t i = 0; thing && i < unit->n_records; i++)
        if (unit->records[i].subject == thing)
            return unit->records[i].on;
    return otherwise;
}

static bool why_write(Call *c, const Board *b, const WhyIn *in, RuleAsk *ask, Jw *out, Err *e)
{
    const BoardOrg *o = work_board_org(b, in->org);
    RuleUnit unit;
    RuleWhy w;
    if (!o)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    if (in->person && !work_person_seen(c, b, in->person, in->org))
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
    if (!work_board_unit(&unit, c->a, b, o, e))
        return false;
    if (in->period.n == 0)
        ask->in = day_of_thing(&unit, in->thing, ask->in);
    if (!rule_why(&w, c->a, work_board_rules(b), &unit, ask, c->today, e))
        return false;
    jw_kstr(out, "duty", ask->duty->name);
    jw_kstr(out, "title", ask->duty->title);
    jw_kint(out, "org", in->org);
    jw_kstr(out, "org_name", work_org_title(o));
    jw_kint_some(out, "person", in->person);
    if (in->person)
        jw_kstr(out, "person_name", work_board_person(b, in->person));
    jw_kstr(out, "kind", w.cell.hard ? STRC("hard") : STRC("soft"));
    jw_kstr(out, "clause", w.clause);
    jw_kstr(out, "cite", w.cite);
    jw_key(out, "cell");
    work_put_cell(c, b, &w.cell, out);
    jw_kstr(out, "reason", str_of(rule_reason_name(w.cell.reason)));
    jw_kstr(out, "sentence", w.sentence);
    jw_kstr(out, "would", w.would);
    if (w.cell.state == DUTY_NOT_APPLICABLE)
        jw_kstr_some(out, "exempt", w.cell.text);
    jw_kint_some(out, "waiver", w.cell.waiver);
    put_counted(c, &w, out);
    jw_key(out, "parts");
    jw_arr(out);
    put_parts(c, w.trace, 0, out);
    jw_end(out);
    work_put_holders("responsible", w.responsible, w.n_responsible, out);
    return true;
}

static bool duty_why(Call *c, const void *in_, Jw *out, Err *e)
{
    const WhyIn *in = in_;
    RuleAsk ask = { .person = in->person, .thing = in->thing };
    Period p = { c->today, c->today };
    Board *b;
    int64_t org;
    if (!work_board_scope(&org, c, in->org, e) || !work_duty_read(&ask.duty, c, in->duty, e) ||
        (in->period.n && !period_read(&p, in->period, e)) || !work_board_enter(&b, c, e))
        return false;
    ask.in = p.to;
    bool ok = why_write(c, b, in, &ask, out, e);
    work_board_leave(b);
    return ok;
}

const UseCase work_duty_why = { "duty_why", "查看一项职责为何达标或未达标", WORK_READ,
                                BOARD_READERS, &why_in, &why_out, .run = duty_why };
