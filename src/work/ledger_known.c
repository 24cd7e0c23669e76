/* What is known already and need not be typed; and what a record just filed counts for. Both come
 * from the board, which is entered only when something asks for it. */
#include "work/ledger_known.h"
#include "work/board.h"

static bool asks(const Form *form)
{
    for (size_t i = 0; i < form->n_fields; i++)
        if (form->fields[i].given)
            return true;
    return false;
}

typedef bool (*KnownJob)(Call *c, const RuleSet *rules, const RuleUnit *unit, void *arg, Err *e);

static bool with_unit(Call *c, int64_t org, KnownJob job, void *arg, Err *e)
{
    Board *b;
    RuleUnit unit;
    if (!work_board_enter(&b, c, e))
        return false;
    const BoardOrg *o = work_board_org(b, org);
    bool ok = (o ? work_board_unit(&unit, c->a, b, o, e)
                 : err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"))) &&
              job(c, work_board_rules(b), &unit, arg, e);
    work_board_leave(b);
    return ok;
}

typedef struct Given {
    const Form *form;
    json_t *values;
} Given;

static bool given_job(Call *c, const RuleSet *rules, const RuleUnit *unit, void *arg, Err *e)
{
    Given *g = arg;
    return rule_given(&g->values, c->a, rules, unit, g->form, c->today, e);
}

bool work_ledger_given(Call *c, const Form *form, int64_t org, Jw *out, Err *e)
{
    Given g = { .form = form };
    if (org && asks(form) && !with_unit(c, org, given_job, &g, e))
        return false;
    json_t *values = g.values ? g.values : json_object();
    bool ok = values || err_fail(e, ERR_NO_MEMORY, err_hole("what", form->title));
    if (ok)
        jw_kjson(out, "values", values);
    ok = ok && work_ledger_shown(c, form, values, out, e);
    jv_close(values);
    return ok;
}

/* --- what it counts for --------------------------------------------------------------------- */

static const ShapeField counts_fields[] = {
    { "duty", SHAPE_TEXT, .required = true },   { "title", SHAPE_TEXT, .required = true },
    { "period", SHAPE_TEXT, .required = true }, { "from", SHAPE_DAY, .required = true },
    { "to", SHAPE_DAY, .required = true },      { "state", SHAPE_TEXT, .required = true },
    { "sentence", SHAPE_TEXT, .required = true },
};
const Shape work_ledger_counts = SHAPE_REPLY("RecordCounts", counts_fields);

typedef struct Counting {
    int64_t subject;
    Jw *out;
} Counting;

static bool counts_job(Call *c, const RuleSet *rules, const RuleUnit *unit, void *arg, Err *e)
{
    const Counting *x = arg;
    RuleCells cells;
    if (!rule_counts_for(&cells, c->a, rules, unit, x->subject, c->today, e))
        return false;
    for (size_t i = 0; i < cells.n; i++) {
        const RuleCell *k = &cells.items[i];
        jw_obj(x->out);
        jw_kstr(x->out, "duty", k->duty->name);
        jw_kstr(x->out, "title", k->duty->title);
        jw_kstr(x->out, "period", rule_period_title(c->a, k->duty, k->period));
        jw_kday(x->out, "from", k->period.from);
        jw_kday(x->out, "to", k->period.to);
        jw_kstr(x->out, "state", duty_state_name(k->state));
        jw_kstr(x->out, "sentence", rule_say(c->a, k, c->who->lang));
        jw_end(x->out);
    }
    return true;
}

bool work_ledger_count(Call *c, int64_t org, int64_t subject, Jw *out, Err *e)
{
    Counting x = { subject, out };
    jw_key(out, "counts_for");
    jw_arr(out);
    bool ok = with_unit(c, org, counts_job, &x, e);
    jw_end(out);
    return ok;
}
