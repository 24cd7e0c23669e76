/* The duties of one organisation in a year: every cell with how it stands. */
#include "work/board_say.h"
#include "work/rows.h"

enum { YEAR_MIN = 2000, YEAR_MAX = 2200 };

/* --- the board of an organisation ----------------------------------------------------------- */

typedef struct BoardIn {
    int64_t org, year;
} BoardIn;
static const ShapeField board_in_fields[] = {
    { "org", SHAPE_ID, offsetof(BoardIn, org), .title = "组织" },
    { "year", SHAPE_INT, offsetof(BoardIn, year), .min = YEAR_MIN, .max = YEAR_MAX,
      .title = "年度" },
};
static const Shape board_in = SHAPE("BoardIn", BoardIn, board_in_fields);

static const ShapeField cell_fields[] = {
    { "period", SHAPE_TEXT, .required = true },
    { "period_title", SHAPE_TEXT, .required = true },
    { "from", SHAPE_DAY, .required = true },
    { "to", SHAPE_DAY, .required = true },
    { "state", SHAPE_TEXT, .required = true },
    { "state_title", SHAPE_TEXT, .required = true },
    { "sentence", SHAPE_TEXT, .required = true },
    { "value", SHAPE_DEC },
    { "want", SHAPE_DEC },
    { "due", SHAPE_DAY },
    { "days_left", SHAPE_INT },
    { "late", SHAPE_INT, .required = true },
    { "thing", SHAPE_ID },
    { "thing_title", SHAPE_TEXT },
};
const Shape work_cell_shape = SHAPE_REPLY("DutyCell", cell_fields);
static const ShapeField duty_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "pack", SHAPE_TEXT, .required = true },
    { "pack_title", SHAPE_TEXT, .required = true },
    { "kind", SHAPE_WORD, .required = true, .words = "hard|soft" },
    { "every", SHAPE_TEXT, .required = true },
    { "for", SHAPE_WORD, .required = true, .words = "org|person|thing" },
    { "form", SHAPE_TEXT },
    { "cite", SHAPE_TEXT, .required = true },
    { "cells", SHAPE_LIST, .required = true, .sub = &work_cell_shape },
};
static const Shape duty_shape = SHAPE_REPLY("BoardDuty", duty_fields);
static const ShapeField people_fields[] = {
    { "duty", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "people", SHAPE_INT, .required = true },
    { "met", SHAPE_INT, .required = true },
    { "due", SHAPE_INT, .required = true },
    { "missed", SHAPE_INT, .required = true },
    { "waived", SHAPE_INT, .required = true },
    { "not_applicable", SHAPE_INT, .required = true },
    { "later", SHAPE_INT, .required = true },
};
static const Shape people_shape = SHAPE_REPLY("BoardPeople", people_fields);
static const ShapeField holder_fields[] = {
    { "person", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "from", SHAPE_DAY, .required = true },
    { "to", SHAPE_DAY, .required = true },
};
const Shape work_holder_shape = SHAPE_REPLY("DutyHolder", holder_fields);
static const ShapeField counts_fields[] = {
    { "met", SHAPE_INT, .required = true },
    { "due", SHAPE_INT, .required = true },
    { "missed", SHAPE_INT, .required = true },
    { "waived", SHAPE_INT, .required = true },
    { "not_applicable", SHAPE_INT, .required = true },
    { "later", SHAPE_INT, .required = true },
};
static const Shape counts_shape = SHAPE_REPLY("DutyCounts", counts_fields);
static const ShapeField board_fields[] = {
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "year", SHAPE_INT, .required = true },
    { "today", SHAPE_DAY, .required = true },
    { "counts", SHAPE_OBJ, .required = true, .sub = &counts_shape },
    { "duties", SHAPE_LIST, .required = true, .sub = &duty_shape },
    { "people", SHAPE_LIST, .required = true, .sub = &people_shape },
    { "responsible", SHAPE_LIST, .required = true, .sub = &work_holder_shape },
};
static const Shape board_out = SHAPE_REPLY("Board", board_fields);

static void put_counts(Jw *out, const size_t n[DUTY_STATES])
{
    for (int s = 0; s < DUTY_STATES; s++) {
        jw_key_str(out, duty_state_name((DutyState)s));
        jw_int(out, (int64_t)n[s]);
    }
}

void work_put_cell(Call *c, const Board *b, const RuleCell *k, Jw *out)
{
    jw_obj(out);
    jw_kstr(out, "period", work_period_text(c->a, k->period));
    jw_kstr(out, "period_title", rule_period_title(c->a, k->duty, k->period));
    jw_kday(out, "from", k->period.from);
    jw_kday(out, "to", k->period.to);
    jw_kstr(out, "state", duty_state_name(k->state));
    jw_kstr(out, "state_title", duty_state_title(k->state));
    jw_kstr(out, "sentence", rule_say(c->a, k, c->who->lang));
    if (k->counts) {
        jw_kdec(out, "value", k->value);
        jw_kdec(out, "want", k->want);
    }
    if (k->state == DUTY_DUE && k->due != DAY_NONE) {
        jw_kday(out, "due", k->due);
        jw_kint(out, "days_left", k->days_left);
    }
    jw_kint(out, "late", (int64_t)k->late);
    if (k->thing) {
        const RuleRecord *r = work_board_record(NULL, b, k->duty->thing, k->thing);
        jw_kint(out, "thing", k->thing);
        jw_kstr(out, "thing_title", r ? work_record_title(c, r) : k->duty->thing->title);
    }
    jw_end(out);
}

static void put_duty_head(const Duty *d, bool hard, Jw *out)
{
    jw_kstr(out, "name", d->name);
    jw_kstr(out, "title", d->title);
    jw_kstr(out, "pack", d->pack->name);
    jw_kstr(out, "pack_title", d->pack->title);
    jw_kstr(out, "kind", hard ? STRC("hard") : STRC("soft"));
    jw_kstr(out, "every", duty_every_name(d->every));
    jw_kstr(out, "for", work_duty_for(d));
    if (d->of.form)
        jw_kstr(out, "form", d->of.form->name);
    else if (d->thing)
        jw_kstr(out, "form", d->thing->name);
    jw_kstr(out, "cite", d->cite);
}

/* The cells of one duty stand together; returns where the next duty begins. */
static size_t duty_end(const RuleCells *cells, size_t i)
{
    size_t k = i;
    while (k < cells->n && cells->items[k].duty == cells->items[i].duty)
        k++;
    return k;
}

static void put_duties(Call *c, const Board *b, const RuleCells *cells, Jw *out)
{
    jw_key(out, "duties");
    jw_arr(out);
    for (size_t i = 0, end; i < cells->n; i = end) {
        end = duty_end(cells, i);
        const Duty *d = cells->items[i].duty;
        if (d->whom == DUTY_FOR_PERSON)
            continue;
        jw_obj(out);
        put_duty_head(d, cells->items[i].hard, out);
        jw_key(out, "cells");
        jw_arr(out);
        for (size_t k = i; k < end; k++)
            work_put_cell(c, b, &cells->items[k], out);
        jw_end(out);
        jw_end(out);
    }
    jw_end(out);
}

/* Of persons only how many: who it is, is shown by `why` to those who keep the organisation. */
static void put_people(const RuleCells *cells, Jw *out)
{
    jw_key(out, "people");
    jw_arr(out);
    for (size_t i = 0, end; i < cells->n; i = end) {
        end = duty_end(cells, i);
        size_t n[DUTY_STATES] = { 0 }, people = 0;
        if (cells->items[i].duty->whom != DUTY_FOR_PERSON)
            continue;
        for (size_t k = i; k < end; k++) {
            n[cells->items[k].state]++;
            people += k == i || cells->items[k].person != cells->items[k - 1].person;
        }
        jw_obj(out);
        jw_kstr(out, "duty", cells->items[i].duty->name);
        jw_kstr(out, "title", cells->items[i].duty->title);
        jw_kint(out, "people", (int64_t)people);
        put_counts(out, n);
        jw_end(out);
    }
    jw_end(out);
}

void work_put_holders(const char *key, const RuleHolder *all, size_t n, Jw *out)
{
    jw_key(out, key);
    jw_arr(out);
    for (size_t i = 0; i < n; i++) {
        jw_obj(out);
        jw_kint(out, "person", all[i].person);
        jw_kstr(out, "name", all[i].name);
        jw_kday(out, "from", all[i].held.from);
        jw_kday(out, "to", all[i].held.to);
        jw_end(out);
    }
    jw_end(out);
}

static bool board_write(Call *c, const Board *b, int64_t org, int year, Jw *out, Err *e)
{
    const BoardOrg *o = work_board_org(b, org);
    Period p = { day_make(year, 1, 1), day_make(year, 12, 31) };
    size_t n[DUTY_STATES] = { 0 }, n_holders;
    RuleUnit unit;
    RuleCells cells;
    RuleHolder *holders;
    if (!o)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    if (!work_board_unit(&unit, c->a, b, o, e) ||
        !rule_judge(&cells, c->a, work_board_rules(b), &unit, p, c->today, e) ||
        !rule_responsible(&holders, &n_holders, c->a, &unit, p, e))
        return false;
    for (size_t i = 0; i < cells.n; i++)
        n[cells.items[i].state] += cells.items[i].person == 0;
    jw_kint(out, "org", org);
    jw_kstr(out, "org_name", work_org_title(o));
    jw_kint(out, "year", year);
    jw_kday(out, "today", c->today);
    jw_key(out, "counts");
    jw_obj(out);
    put_counts(out, n);
    jw_end(out);
    put_duties(c, b, &cells, out);
    put_people(&cells, out);
    work_put_holders("responsible", holders, n_holders, out);
    return true;
}

static bool board_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const BoardIn *in = in_;
    Board *b;
    int64_t org;
    if (!work_board_scope(&org, c, in->org, e) || !work_board_enter(&b, c, e))
        return false;
    bool ok = board_write(c, b, org, work_board_year_of(c, in->year), out, e);
    work_board_leave(b);
    return ok;
}

const UseCase work_board_show = { "board_show", "查看一个组织的职责完成情况", WORK_READ,
                                  BOARD_READERS, &board_in, &board_out, .run = board_show };
