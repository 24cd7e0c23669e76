/* A limit that relieves the grass roots: what would go beyond it is stopped while it is filed, and
 * goes on when a superior has let the organisation off with a reason (waiver.c).
 *
 * It is judged within the transaction that files it, so two at once do not both pass. */
#include "work/board.h"
#include "work/ledger.h"

static bool has_cap(Call *c, const Form *form)
{
    const Duty *d;
    for (size_t i = 0; (d = pack_duty_at(call_rules(c), i)) != NULL; i++)
        if (d->cap && d->of.form == form)
            return true;
    return false;
}

/* The cell of the period that holds the day; NULL when there is none. The whole period is looked
 * at, also what lies ahead: a plan is filed before its day. */
static bool cell_on(const RuleCell **out, Arena *a, const RuleSet *rules, const RuleUnit *unit,
                    const Duty *d, Day on, Err *e)
{
    RuleCells cells;
    Period year = period_of(PERIOD_YEAR, on);
    if (!rule_judge_duty(&cells, a, rules, unit, d, year, year.to, e))
        return false;
    *out = NULL;
    for (size_t i = 0; i < cells.n; i++)
        if (period_has(cells.items[i].period, on))
            *out = &cells.items[i];
    return true;
}

/* The unit with the record as it would be filed. */
static bool with_record(RuleUnit *out, Arena *a, const RuleUnit *unit, const LedgerEntry *in,
                        Day on, Day today, Str body, Err *e)
{
    RuleRecord *all = ARENA_ARRAY(a, RuleRecord, unit->n_records + 1);
    size_t n = 0;
    int64_t subject = in->was ? in->was->subject : INT64_MAX;
    if (!all)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", in->form->title));
    for (size_t i = 0; i < unit->n_records; i++)
        if (unit->records[i].subject != subject)
            all[n++] = unit->records[i];
    all[n++] = (RuleRecord){ .form = in->form, .id = subject, .subject = subject, .org = in->org,
                             .on = on, .received = today, .state_since = DAY_NONE, .body = body };
    *out = *unit;
    out->records = all;
    out->n_records = n;
    return true;
}

/* More than is allowed, and more than without this record: what was let through once may be put
 * right afterwards. */
static bool judge(Call *c, const RuleSet *rules, const RuleUnit *was, const RuleUnit *now,
                  const Duty *d, Day on, Err *e)
{
    const RuleCell *then, *cell;
    if (!cell_on(&then, c->a, rules, was, d, on, e) || !cell_on(&cell, c->a, rules, now, d, on, e))
        return false;
    if (!then || !cell || cell->state != DUTY_MISSED || dec_cmp(cell->value, cell->want) <= 0 ||
        dec_cmp(cell->value, then->value) <= 0)
        return true;
    return err_fail(e, ERR_BURDEN_STOP, err_hole("duty", d->title),
                    err_hole("period", rule_period_title(c->a, d, cell->period)),
                    err_hole("max", dec_print_short(c->a, cell->want)),
                    err_hole("cite", d->cite));
}

static bool judge_all(Call *c, const Board *b, const LedgerEntry *in, Day on, Str body, Err *e)
{
    const BoardOrg *o = work_board_org(b, in->org);
    RuleUnit was, now;
    const Duty *d;
    if (!o)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    if (!work_board_unit(&was, c->a, b, o, e) ||
        !with_record(&now, c->a, &was, in, on, c->today, body, e))
        return false;
    for (size_t i = 0; (d = pack_duty_at(call_rules(c), i)) != NULL; i++)
        if (d->cap && d->of.form == in->form &&
            !judge(c, work_board_rules(b), &was, &now, d, on, e))
            return false;
    return true;
}

bool work_ledger_caps(Call *c, const LedgerEntry *in, Day on, const json_t *body, Err *e)
{
    Board *b;
    Str text;
    if (!has_cap(c, in->form))
        return true;
    Buf canon = buf_open(FORM_BODY_MAX * 2);
    bool ok = jv_canon(&canon, body, e);
    text = ok ? arena_str(c->a, buf_str(&canon)) : STRC("");
    buf_close(&canon);
    if (!ok || !work_board_alone(&b, c, in->org, in->form, period_of(PERIOD_YEAR, on), e))
        return false;
    ok = judge_all(c, b, in, on, text, e);
    work_board_close(b);
    return ok;
}
