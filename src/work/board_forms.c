/* Which forms the board keeps records of, and which of their fields name persons: what some rule,
 * figure, report or deadline looks at. */
#include "work/board_in.h"

#include "pack/points.h"
#include "pack/report.h"

#include <string.h>

static BoardForm *form_of(Board *b, const Form *form)
{
    return form ? map_get(&b->forms, form->name) : NULL;
}

static void keep(Board *b, const Form *form)
{
    BoardForm *f = form_of(b, form);
    if (f)
        f->keep = true;
}

static bool names(Board *b, const Form *form, const FormField *field, Err *e)
{
    BoardForm *f = form_of(b, form);
    const char *name = f && field ? arena_z(b->rules_room, field->name) : NULL;
    if (!f || !field)
        return true;
    if (!name)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "职责看板"));
    for (size_t i = 0; i < f->n_names; i++)
        if (strcmp(f->names[i], name) == 0)
            return true;
    if (f->n_names == BOARD_NAMES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", form->title),
                        err_hole("max", BOARD_NAMES_MAX));
    f->names[f->n_names++] = name;
    return true;
}

static bool forms_of_duties(Board *b, Err *e)
{
    const Duty *d;
    const Measure *m;
    for (size_t i = 0; (d = pack_duty_at(b->rb, i)) != NULL; i++) {
        keep(b, d->of.form);
        keep(b, d->thing);
        if (d->whom == DUTY_FOR_PERSON && !names(b, d->of.form, d->by, e))
            return false;
    }
    for (size_t i = 0; (m = pack_measure_at(b->rb, i)) != NULL; i++) {
        keep(b, m->of.form);
        if (!names(b, m->of.form, m->by, e))
            return false;
    }
    return true;
}

static bool forms_of_points(Board *b, Err *e)
{
    const Points *p;
    const Report *r;
    const Flow *flow;
    for (size_t i = 0; (p = pack_points_at(b->rb, i)) != NULL; i++)
        for (size_t k = 0; k < p->n_awards; k++) {
            BoardForm *f = form_of(b, p->awards[k].of.form);
            keep(b, p->awards[k].of.form);
            if (f)
                f->versions = true;
            if (!names(b, p->awards[k].of.form, p->awards[k].to, e))
                return false;
        }
    for (size_t i = 0; (r = pack_report_at(b->rb, i)) != NULL; i++)
        keep(b, r->of.form);
    for (size_t i = 0; (flow = pack_flow_at(b->rb, i)) != NULL; i++) {
        BoardForm *f = form_of(b, flow->form);
        if (f)
            f->moves = true;
        for (size_t k = 0; k < flow->n_moves; k++)
            if (flow->moves[k].within)
                keep(b, flow->form);
    }
    return true;
}

bool work_board_forms(Board *b, Err *e)
{
    const Form *form;
    b->forms = map_open(b->rules_room);
    for (size_t i = 0; (form = pack_form_at(b->rb, i)) != NULL; i++) {
        BoardForm *f = ARENA_NEW(b->rules_room, BoardForm);
        if (i == BOARD_FORMS_MAX)
            return err_fail(e, ERR_TOO_BIG, err_hole("what", "表单"),
                            err_hole("max", BOARD_FORMS_MAX));
        if (!f || !map_put(&b->forms, form->name, f))
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", "职责看板"));
        /* What rules look at only by `last` is asked of the rules themselves. */
        *f = (BoardForm){ .form = form, .number = (uint16_t)(i + 1), .keep = form->ledger };
        b->by_number[i] = f;
    }
    if (!forms_of_duties(b, e) || !forms_of_points(b, e))
        return false;
    for (size_t i = 0; (form = pack_form_at(b->rb, i)) != NULL; i++)
        if (rule_needs(b->rules, form, period_of(PERIOD_YEAR, b->today), b->today) != DAY_NONE)
            keep(b, form);
    return true;
}
