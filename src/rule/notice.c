/* Whom to remind: duties that are still due, steps of flows that have a last day. */
#include "rule/notice.h"
#include "rule/rule_in.h"

#include <stdlib.h>

typedef struct Telling {
    RuleRun *r;
    RuleNotice *items;
    size_t n, cap;
} Telling;

const char *rule_notice_name(RuleNoticeKind k)
{
    static const char *const names[] = { "reminder", "overdue", "escalation" };
    return names[k];
}

static bool tell(Telling *t, RuleNotice one)
{
    one.days_left = one.due - t->r->today;
    if (!ARENA_PUSH(t->r->a, t->items, t->n, t->cap))
        return rule_run_memory(t->r);
    t->items[t->n++] = one;
    return true;
}

/* --- duties --------------------------------------------------------------------------------- */
static Str cell_key(const Telling *t, const RuleCell *c)
{
    Arena *a = t->r->a;
    Str due = day_print(a, c->due);
    return arena_text(a, "duty:%.*s:%lld:%lld:%lld:%.*s", STR(c->duty->name),
                      (long long)t->r->u->org, (long long)c->person, (long long)c->thing,
                      STR(due));
}

/* What is due is told some days before; what rolls on, before it runs out. */
static bool cell_notice(Telling *t, const RuleCell *c)
{
    const Duty *d = c->duty;
    bool ending = c->state == DUTY_MET && d->every == DUTY_ROLLING && d->has_least;
    if ((c->state != DUTY_DUE && !ending) || c->due == DAY_NONE ||
        c->due - d->remind > t->r->today)
        return true;
    Str said = ending ? arena_text(t->r->a, "现有记录到%.*s为止，请在此前再次落实",
                                   STR(day_print_zh(t->r->a, c->due)))
                      : rule_say(t->r->a, c, LANG_HANS);
    return tell(t, (RuleNotice){ .kind = RULE_REMINDER, .key = cell_key(t, c), .duty = d,
                                 .person = c->person, .thing = c->thing, .period = c->period,
                                 .since = c->due - (Day)d->remind, .due = c->due,
                                 .text = arena_text(t->r->a, "温馨提示：“%.*s”%.*s",
                                                    STR(d->title), STR(said)) });
}

/* The year before too: its last periods may be in their days of grace. */
static bool duty_notices(Telling *t, const RuleDuty *d)
{
    Period year = period_of(PERIOD_YEAR, t->r->today);
    bool grace = d->d->grace > 0 && d->d->every <= DUTY_YEAR;
    for (int back = grace; back >= 0; back--) {
        RuleCells cells;
        Period p = back ? period_of(PERIOD_YEAR, year.from - 1) : year;
        if (!rule_cells_of(&cells, t->r, d, p, false))
            return false;
        for (size_t i = 0; i < cells.n; i++)
            if (!cell_notice(t, &cells.items[i]))
                return false;
    }
    return true;
}

/* --- flows ---------------------------------------------------------------------------------- */
static Str flow_text(const Telling *t, const Flow *flow, const FlowMove *m, Day due,
                     RuleNoticeKind kind)
{
    Arena *a = t->r->a;
    Str day = day_print_zh(a, due);
    long long left = due - t->r->today;
    if (kind == RULE_REMINDER)
        return arena_text(a, "温馨提示：“%.*s”请在%.*s前办理“%.*s”，还有%lld天",
                          STR(flow->title), STR(day), STR(m->title), left);
    return arena_text(a, "“%.*s”应在%.*s前办理“%.*s”，已超过%lld天%s", STR(flow->title), STR(day),
                      STR(m->title), -left,
                      kind == RULE_ESCALATION ? "，请上级组织过问" : "，请尽快办理");
}

static bool flow_notice(Telling *t, const Flow *flow, const FlowMove *m, const RuleRow *row,
                        RuleNoticeKind kind, Day since, Day due)
{
    Arena *a = t->r->a;
    Str entered = day_print(a, row->r->state_since == DAY_NONE ? row->r->on
                                                               : row->r->state_since);
    return tell(t, (RuleNotice){
        .kind = kind, .flow = flow, .move = m, .record = row->r, .thing = row->r->subject,
        .key = arena_text(a, "flow:%s:%.*s:%.*s:%lld:%.*s", rule_notice_name(kind),
                          STR(flow->name), STR(m->event), (long long)row->r->subject,
                          STR(entered)),
        .period = { row->r->on, due }, .since = since, .due = due,
        .text = flow_text(t, flow, m, due, kind) });
}

static bool move_notices(Telling *t, const Flow *flow, const FlowMove *m, const RuleRow *row)
{
    Day since = row->r->state_since == DAY_NONE ? row->r->on : row->r->state_since;
    Day due = since + (Day)m->within, today = t->r->today;
    if (m->remind > 0 && due - m->remind <= today && today <= due)
        return flow_notice(t, flow, m, row, RULE_REMINDER, due - (Day)m->remind, due);
    if (today <= due)
        return true;
    if (!flow_notice(t, flow, m, row, RULE_OVERDUE, due + 1, due))
        return false;
    Day up = due + (Day)m->escalate > due + 1 ? due + (Day)m->escalate : due + 1;
    return !m->escalates || today < up ||
           flow_notice(t, flow, m, row, RULE_ESCALATION, up, due);
}

static Str state_of(const Telling *t, const RuleForm *f, const Flow *flow, const RuleRow *row)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_is(f->columns[i]->name, "state")) {
            FeelValue v = rule_body_value(t->r->a, f->columns[i], row->raw[i]);
            return v.kind == FEEL_STRING ? v.string : flow->start;
        }
    return flow->start;
}

static bool flow_notices(Telling *t, const Flow *flow)
{
    const RuleForm *f = rule_form(t->r->s, flow->form);
    const RuleRows *rows;
    bool timed = false;
    for (size_t k = 0; k < flow->n_moves; k++)
        timed = timed || flow->moves[k].within > 0;
    if (!timed)
        return true;
    if (!rule_run_form(&rows, t->r, (size_t)(f - t->r->s->forms)))
        return false;
    for (size_t i = 0; i < rows->n; i++) {
        Str state = state_of(t, f, flow, rows->items[i]);
        for (size_t k = 0; rows->items[i]->own && k < flow->n_moves; k++)
            if (flow->moves[k].within > 0 && str_eq(flow->moves[k].from, state) &&
                !move_notices(t, flow, &flow->moves[k], rows->items[i]))
                return false;
    }
    return true;
}

/* --- all ------------------------------------------------------------------------------------ */
static int by_due(const void *x, const void *y)
{
    const RuleNotice *a = x, *b = y;
    return a->due != b->due ? (a->due > b->due) - (a->due < b->due) : str_cmp(a->key, b->key);
}

bool rule_notices(RuleNotices *out, Arena *a, const RuleSet *rules, const RuleUnit *unit,
                  Day today, Err *e)
{
    RuleRun r = { 0 };
    Telling t = { .r = &r };
    size_t kept = 0;
    if (!rule_run_open(&r, a, rules, unit, today, e))
        return false;
    for (size_t i = 0; i < rules->n_duties; i++)
        if (!duty_notices(&t, &rules->duties[i]))
            return false;
    for (size_t i = 0; i < pack_flow_count(rules->rb); i++)
        if (!flow_notices(&t, pack_flow_at(rules->rb, i)))
            return false;
    if (t.n > 0)
        qsort(t.items, t.n, sizeof *t.items, by_due);
    for (size_t i = 0; i < t.n; i++)
        if (kept == 0 || !str_eq(t.items[kept - 1].key, t.items[i].key))
            t.items[kept++] = t.items[i];
    *out = (RuleNotices){ t.items, kept };
    return true;
}
