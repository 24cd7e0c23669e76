/* Compiling a rulebook: every filter and condition taken apart once, every field that some rule
 * reads given a column, so that judging a unit asks no names. */
#include "rule/rule_in.h"

#include <stdlib.h>
#include <string.h>

const Str rule_org_names[ORG_NAMES] = {
    [ORG_ID] = S("id"), [ORG_NAME] = S("name"), [ORG_CODE] = S("code"), [ORG_KIND] = S("kind"),
    [ORG_SECTOR] = S("sector"), [ORG_LEVEL] = S("level"), [ORG_PARENT] = S("parent"),
    [ORG_FOUNDED] = S("founded"), [ORG_TERM_END] = S("term_end"),
    [ORG_CHILDREN] = S("children"), [ORG_BRANCHES] = S("branches"), [ORG_GROUPS] = S("groups"),
    [ORG_MEMBERS] = S("members"), [ORG_FULL_MEMBERS] = S("full_members"),
    [ORG_PROBATIONARY] = S("probationary"), [ORG_INFIRM] = S("infirm"),
    [ORG_COMMITTEE_HELD] = S("committee_held"), [ORG_LEADERS] = S("leaders"),
    [ORG_SECRETARY] = S("secretary"), [ORG_SECRETARY_SINCE] = S("secretary_since"),
    [ORG_SECRETARY_IS_LEADER] = S("secretary_is_leader"),
    [ORG_FIRST_SECRETARY] = S("first_secretary"), [ORG_HAS_COMMITTEE] = S("has_committee"),
    [ORG_COMMITTEE_YOUNG] = S("committee_young"), [ORG_COMMITTEE_OLD] = S("committee_old"),
    [ORG_EMPLOYEES] = S("employees"), [ORG_STAFF_FULL] = S("staff_full"),
    [ORG_STAFF_PART] = S("staff_part"),
};

const Str rule_person_names[PERSON_NAMES] = {
    [PERSON_ID] = S("id"), [PERSON_ORG] = S("org"), [PERSON_POST] = S("post"),
    [PERSON_LEADER] = S("leader"), [PERSON_MEMBER_STATE] = S("member_state"),
    [PERSON_JOINED] = S("joined"), [PERSON_AGE] = S("age"), [PERSON_INFIRM] = S("infirm"),
    [PERSON_AWAY] = S("away"),
};

static bool memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "规则"));
}

static int name_at(const Str *names, int n, Str name)
{
    for (int i = 0; i < n; i++)
        if (str_eq(names[i], name))
            return i;
    return -1;
}

/* --- forms and their columns ---------------------------------------------------------------- */
const RuleForm *rule_form(const RuleSet *s, const Form *form)
{
    const RuleForm *f = form ? map_get(&s->form_at, form->name) : NULL;
    return f && f->form == form ? f : NULL;
}

bool rule_column(size_t *out, RuleSet *s, const Form *form, const FormField *field, Err *e)
{
    RuleForm *f = map_get(&s->form_at, form->name);
    if (!f)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", form->title));
    for (size_t i = 0; i < f->n; i++)
        if (f->columns[i] == field) {
            *out = i;
            return true;
        }
    if (f->n >= RULE_COLUMNS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", form->title),
                        err_hole("max", RULE_COLUMNS_MAX));
    if (!ARENA_PUSH(s->a, f->columns, f->n, f->cap))
        return memory(e);
    f->columns[f->n] = field;
    *out = f->n++;
    return true;
}

static bool scalar(FieldType t)
{
    return t != FIELD_REFS && t != FIELD_WORDS && t != FIELD_ROWS && t != FIELD_OBJECT;
}

/* --- expressions ---------------------------------------------------------------------------- */
typedef struct Finding {
    RuleSet *s;
    const Form *thing, *record;
    RuleExpr *x;
    bool failed;
    Err *e;
} Finding;

static int column_slot(Finding *f, const Form *form, Str name, bool null_only)
{
    const FormField *field = form_field(form, name);
    size_t at;
    if (!field || !(null_only || scalar(field->type)))
        return -1;
    if (!rule_column(&at, f->s, form, field, f->e)) {
        f->failed = true;
        return -1;
    }
    return (int)at;
}

/* The index of last.FORM.FIELD; field NULL: the whole record. -1: no such form. */
static ptrdiff_t last_at(Finding *f, Str form_name, const FormField *field)
{
    RuleSet *s = f->s;
    RuleForm *form = map_get(&s->form_at, form_name);
    RuleLast made = { .field = field };
    if (!form)
        return -1;
    made.form = (size_t)(form - s->forms);
    for (size_t i = 0; i < s->n_lasts; i++)
        if (s->lasts[i].form == made.form && s->lasts[i].field == field)
            return (ptrdiff_t)i;
    form->looked_back = true;
    if ((field && !rule_column(&made.column, s, form->form, field, f->e)) ||
        (!ARENA_PUSH(s->a, s->lasts, s->n_lasts, s->cap_lasts) && !memory(f->e))) {
        f->failed = true;
        return -1;
    }
    s->lasts[s->n_lasts] = made;
    return (ptrdiff_t)s->n_lasts++;
}

static ptrdiff_t measure_at(const RuleSet *s, Str name)
{
    for (size_t i = 0; i < s->n_measures; i++)
        if (str_eq(s->measures[i].m->name, name))
            return (ptrdiff_t)i;
    return -1;
}

static int record_slot(Finding *f, Str path, bool null_only)
{
    static const Str names[] = { S("on"), S("received"), S("late"), S("state_since") };
    int i = name_at(names, 4, path); /* hides a field of that name */
    return i >= 0 ? SLOT_ON + i : column_slot(f, f->record, path, null_only);
}

static int last_slot(Finding *f, Str path, bool null_only)
{
    Str form, field;
    str_cut(path, STRC("."), &form, &field);
    const RuleForm *known = map_get(&f->s->form_at, form);
    const FormField *d = known && field.n ? form_field(known->form, field) : NULL;
    ptrdiff_t at = d && (null_only || scalar(d->type)) ? last_at(f, form, d) : -1;
    return at < 0 ? -1 : SLOT_LAST + (int)at;
}

static int find_slot(void *arg, Str path, bool null_only)
{
    Finding *f = arg;
    Str head, tail;
    int at;
    bool member = str_cut(path, STRC("."), &head, &tail);
    if (member && str_is(head, "org"))
        return (at = name_at(rule_org_names, ORG_NAMES, tail)) < 0 ? -1 : SLOT_ORG + at;
    if (!member && f->record)
        return record_slot(f, path, null_only);
    if (!member)
        return str_is(path, "today") ? SLOT_TODAY : -1;
    if (f->record)
        return -1;
    if (str_is(head, "person"))
        return (at = name_at(rule_person_names, PERSON_NAMES, tail)) < 0 ? -1 : SLOT_PERSON + at;
    if (str_is(head, "thing") && f->thing)
        return column_slot(f, f->thing, tail, null_only);
    if (str_is(head, "last"))
        return last_slot(f, tail, null_only);
    if (str_is(head, "m"))
        return (at = (int)measure_at(f->s, tail)) < 0 ? -1 : SLOT_MEASURE + at;
    return -1;
}

typedef struct Uses {
    uint32_t *lasts, *measures, *fields;
    size_t n_lasts, cap_lasts, n_measures, cap_measures, n_fields, cap_fields;
} Uses;

static bool use(Finding *f, uint32_t **items, size_t *n, size_t *cap, ptrdiff_t at)
{
    for (size_t i = 0; at >= 0 && i < *n; i++)
        if ((*items)[i] == (uint32_t)at)
            return true;
    if (at < 0)
        return !f->failed;
    if (!ARENA_PUSH(f->s->a, *items, *n, *cap))
        return memory(f->e);
    (*items)[(*n)++] = (uint32_t)at;
    return true;
}

static bool use_last(Finding *f, Uses *u, Str path)
{
    Str form, field, rest;
    str_cut(path, STRC("."), &form, &field);
    const RuleForm *known = map_get(&f->s->form_at, form);
    str_cut(field, STRC("."), &field, &rest);
    return use(f, &u->lasts, &u->n_lasts, &u->cap_lasts,
               known ? last_at(f, form, field.n ? form_field(known->form, field) : NULL) : -1);
}

static bool use_all_measures(Finding *f, Uses *u)
{
    for (size_t i = 0; i < f->s->n_measures; i++)
        if (!use(f, &u->measures, &u->n_measures, &u->cap_measures, (ptrdiff_t)i))
            return false;
    return true;
}

static bool use_field(Finding *f, Uses *u, const Form *form, Str name)
{
    size_t at;
    const FormField *field = form_field(form, name);
    return !field || (rule_column(&at, f->s, form, field, f->e) &&
                      use(f, &u->fields, &u->n_fields, &u->cap_fields, (ptrdiff_t)at));
}

static bool use_whole(Finding *f, Uses *u, const Form *form)
{
    for (size_t i = 0; i < form->n_fields; i++)
        if (!use_field(f, u, form, form->fields[i].name))
            return false;
    return true;
}

static uint64_t bit_of(const Str *names, int n, Str path)
{
    Str name, rest;
    str_cut(path, STRC("."), &name, &rest);
    int at = name_at(names, n, name);
    return name.n == 0 ? (UINT64_C(1) << n) - 1 : at < 0 ? 0 : UINT64_C(1) << at;
}

/* What a scope must hold so that this path can be followed in it. */
static bool use_path(Finding *f, Uses *u, Str path)
{
    RuleExpr *x = f->x;
    Str head, tail;
    str_cut(path, STRC("."), &head, &tail);
    if (str_is(head, "org")) {
        x->org |= bit_of(rule_org_names, ORG_NAMES, tail);
        return true;
    }
    if (f->record) {
        x->record = true;
        return use_field(f, u, f->record, head);
    }
    if (str_is(head, "person")) {
        x->person |= bit_of(rule_person_names, PERSON_NAMES, tail);
    } else if (str_is(head, "today")) {
        x->today = true;
    } else if (str_is(head, "since")) {
        x->since = true;
    } else if (str_is(head, "peers")) {
        x->peers = true;
    } else if (str_is(head, "thing") && f->thing) {
        x->thing = true;
        str_cut(tail, STRC("."), &head, &tail);
        return head.n ? use_field(f, u, f->thing, head) : use_whole(f, u, f->thing);
    } else if (str_is(head, "last")) {
        return use_last(f, u, tail);
    } else if (str_is(head, "m")) {
        str_cut(tail, STRC("."), &head, &tail);
        return head.n ? use(f, &u->measures, &u->n_measures, &u->cap_measures,
                            measure_at(f->s, head))
                      : use_all_measures(f, u);
    }
    return true;
}

/* A bare name that is a built-in's too (today, sum, count) is not among the names used: what stands
 * in the source is taken for used. */
static bool use_hidden(Finding *f, Uses *u, Str source)
{
    const Form *form = f->record;
    f->x->today = !form && (f->x->today || str_has(source, STRC("today")));
    for (size_t i = 0; form && i < form->n_fields; i++) {
        if (!str_has(source, form->fields[i].name))
            continue;
        f->x->record = true;
        if (!use_field(f, u, form, form->fields[i].name))
            return false;
    }
    return true;
}

bool rule_expr(RuleExpr *out, RuleSet *s, const FeelExpr *x, const Form *thing, const Form *record,
               Err *e)
{
    Finding f = { .s = s, .thing = thing, .record = record, .x = out, .e = e };
    Uses u = { 0 };
    FeelUse *uses;
    size_t n;
    *out = (RuleExpr){ .x = x };
    if (!x)
        return true;
    if (!feel_names_used(&uses, &n, s->a, x, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!use_path(&f, &u, uses[i].path))
            return false;
    if (!use_hidden(&f, &u, feel_source(x)))
        return false;
    out->fields = u.fields;
    out->n_fields = u.n_fields;
    out->lasts = u.lasts;
    out->n_lasts = u.n_lasts;
    out->measures = u.measures;
    out->n_measures = u.n_measures;
    if (!feel_tests(&out->test, s->a, x, find_slot, &f))
        out->test = NULL;
    return !f.failed && (!arena_refused(s->a) || memory(e));
}

/* --- selections ----------------------------------------------------------------------------- */
static bool selection(uint32_t *out, RuleSet *s, const Of *of, Err *e)
{
    *out = RULE_NO_SELECTION;
    if (!of->form)
        return true;
    Str where = of->where ? feel_source(of->where) : (Str){ 0 };
    for (size_t i = 0; i < s->n_sels; i++) {
        const RuleSelection *have = &s->sels[i];
        Str said = have->where.x ? feel_source(have->where.x) : (Str){ 0 };
        if (have->form == of->form && str_eq(said, where)) {
            *out = (uint32_t)i;
            return true;
        }
    }
    RuleSelection made = { .form = of->form };
    const RuleForm *f = rule_form(s, of->form);
    if (!f)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", of->form->title));
    made.at = (size_t)(f - s->forms);
    if (!rule_expr(&made.where, s, of->where, NULL, of->form, e))
        return false;
    if (!ARENA_PUSH(s->a, s->sels, s->n_sels, s->cap_sels))
        return memory(e);
    s->sels[s->n_sels] = made;
    *out = (uint32_t)s->n_sels++;
    return true;
}

static bool column_if(size_t *out, RuleSet *s, const Form *form, const FormField *field, Err *e)
{
    *out = 0;
    return !field || rule_column(out, s, form, field, e);
}

static RuleForm *form_of(RuleSet *s, uint32_t sel)
{
    return sel == RULE_NO_SELECTION ? NULL : &s->forms[s->sels[sel].at];
}

/* --- the kinds ------------------------------------------------------------------------------ */
static bool open_measures(RuleSet *s, Err *e)
{
    s->n_measures = pack_measure_count(s->rb);
    s->measures = ARENA_ARRAY(s->a, RuleFigureRule, s->n_measures);
    if (!s->measures)
        return memory(e);
    for (size_t i = 0; i < s->n_measures; i++)
        s->measures[i].m = pack_measure_at(s->rb, i);
    for (size_t i = 0; i < s->n_measures; i++) {
        RuleFigureRule *f = &s->measures[i];
        const Measure *m = f->m;
        if (!selection(&f->sel, s, &m->of, e) ||
            !column_if(&f->field, s, m->of.form, m->field, e) ||
            !column_if(&f->by, s, m->of.form, m->by, e) ||
            !rule_expr(&f->share, s, m->share, NULL, m->of.form, e) ||
            !rule_expr(&f->value, s, m->value, NULL, NULL, e))
            return err_note(e, "while compiling measure %.*s", STR(m->name));
    }
    return true;
}

static size_t months_of(const Duty *d)
{
    static const size_t months[] = { [DUTY_MONTH] = 1, [DUTY_QUARTER] = 3, [DUTY_HALF] = 6,
                                     [DUTY_YEAR] = 12 };
    return d->every == DUTY_ROLLING ? (size_t)d->months : d->every <= DUTY_YEAR ? months[d->every]
                                                                               : 0;
}

static void looks_at(RuleSet *s, const RuleDuty *d, uint32_t sel)
{
    RuleForm *f = form_of(s, sel);
    size_t back = months_of(d->d);
    if (!f)
        return;
    f->counted = true;
    f->looked_back = f->looked_back || d->d->every == DUTY_STANDING;
    f->back = back > f->back ? back : f->back;
}

static void looks_at_measures(RuleSet *s, const RuleDuty *d, const uint32_t *items, size_t n,
                              int depth)
{
    for (size_t i = 0; i < n && depth < RULE_MEASURE_DEPTH_MAX; i++) {
        const RuleFigureRule *m = &s->measures[items[i]];
        looks_at(s, d, m->sel);
        looks_at_measures(s, d, m->value.measures, m->value.n_measures, depth + 1);
    }
}

static bool open_duty(RuleSet *s, RuleDuty *r, Err *e)
{
    const Duty *d = r->d;
    const Form *thing = d->whom == DUTY_FOR_THING ? d->thing : NULL;
    r->by_field = d->by ? d->by
                : d->whom == DUTY_FOR_PERSON && d->of.form ? d->of.form->personal : NULL;
    r->exempt = ARENA_ARRAY(s->a, RuleExpr, d->n_exempt);
    if (!r->exempt)
        return memory(e);
    if (!selection(&r->sel, s, &d->of, e) || !column_if(&r->by, s, d->of.form, r->by_field, e) ||
        !column_if(&r->sum, s, d->of.form, d->sum, e) ||
        !rule_expr(&r->who, s, d->who, thing, NULL, e) ||
        !rule_expr(&r->holds, s, d->holds, thing, NULL, e) ||
        !rule_expr(&r->due, s, d->due, thing, NULL, e))
        return false;
    for (size_t i = 0; i < d->n_exempt; i++)
        if (!rule_expr(&r->exempt[i], s, d->exempt[i].when, thing, NULL, e))
            return false;
    looks_at(s, r, r->sel);
    looks_at_measures(s, r, r->holds.measures, r->holds.n_measures, 0);
    if (thing) {
        RuleForm *f = map_get(&s->form_at, thing->name);
        r->thing = f ? (size_t)(f - s->forms) : 0;
        if (f)
            f->counted = f->looked_back = true;
    }
    return true;
}

static bool open_duties(RuleSet *s, Err *e)
{
    s->n_duties = pack_duty_count(s->rb);
    s->duties = ARENA_ARRAY(s->a, RuleDuty, s->n_duties);
    if (!s->duties)
        return memory(e);
    for (size_t i = 0; i < s->n_duties; i++) {
        s->duties[i].d = pack_duty_at(s->rb, i);
        if (!map_put(&s->duty_at, s->duties[i].d->name, &s->duties[i]))
            return memory(e);
        if (!open_duty(s, &s->duties[i], e))
            return err_note(e, "while compiling duty %.*s", STR(s->duties[i].d->name));
    }
    return true;
}

static bool open_points(RuleSet *s, Err *e)
{
    s->n_points = pack_points_count(s->rb);
    s->points = ARENA_ARRAY(s->a, RulePoints, s->n_points);
    if (!s->points)
        return memory(e);
    for (size_t i = 0; i < s->n_points; i++) {
        RulePoints *r = &s->points[i];
        const Points *p = r->p = pack_points_at(s->rb, i);
        r->awards = ARENA_ARRAY(s->a, RuleAward, p->n_awards);
        if (!r->awards)
            return memory(e);
        if (!rule_expr(&r->exempt, s, p->exempt, NULL, NULL, e))
            return false;
        for (size_t k = 0; k < p->n_awards; k++) {
            const PointsAward *w = &p->awards[k];
            if (!selection(&r->awards[k].sel, s, &w->of, e) ||
                !column_if(&r->awards[k].to, s, w->of.form, w->to, e))
                return err_note(e, "while compiling points %.*s", STR(p->name));
        }
    }
    return true;
}

static bool open_reports(RuleSet *s, Err *e)
{
    s->n_reports = pack_report_count(s->rb);
    s->reports = ARENA_ARRAY(s->a, RuleTableRule, s->n_reports);
    if (!s->reports)
        return memory(e);
    for (size_t i = 0; i < s->n_reports; i++) {
        RuleTableRule *r = &s->reports[i];
        const Report *p = r->r = pack_report_at(s->rb, i);
        if (!selection(&r->sel, s, &p->of, e) || !rule_expr(&r->orgs, s, p->orgs, NULL, NULL, e) ||
            !column_if(&r->down, s, p->of.form, p->down, e) ||
            !column_if(&r->across, s, p->of.form, p->across, e) ||
            !(r->columns = ARENA_ARRAY(s->a, RuleExpr, p->n_columns)))
            return err_note(e, "while compiling report %.*s", STR(p->name));
        for (size_t k = 0; k < p->n_columns; k++)
            if (!rule_expr(&r->columns[k], s, p->columns[k].value,
                           p->rows == REPORT_THINGS ? p->of.form : NULL, NULL, e))
                return false;
    }
    return true;
}

/* org.employees and the staff are what the newest profile of the unit says of them. */
static bool open_profile(RuleSet *s, Err *e)
{
    RuleForm *f = map_get(&s->form_at, STRC("unit_profile"));
    s->profile = f ? (size_t)(f - s->forms) : s->n_forms;
    for (int i = 0; f && i < 3; i++) {
        const FormField *field = form_field(f->form, rule_org_names[ORG_EMPLOYEES + i]);
        s->profile_at[i] = SIZE_MAX;
        if (field && !rule_column(&s->profile_at[i], s, f->form, field, e))
            return false;
        f->looked_back = true;
    }
    return true;
}

static bool open_forms(RuleSet *s, Err *e)
{
    s->n_forms = pack_form_count(s->rb);
    s->forms = ARENA_ARRAY(s->a, RuleForm, s->n_forms);
    if (!s->forms)
        return memory(e);
    for (size_t i = 0; i < s->n_forms; i++) {
        s->forms[i].form = pack_form_at(s->rb, i);
        if (!map_put(&s->form_at, s->forms[i].form->name, &s->forms[i]))
            return memory(e);
    }
    return true;
}

/* A flow's records are looked at by their state; its guards ask for what an expression may. */
static bool open_flow(RuleSet *s, const Flow *flow, Err *e)
{
    size_t at;
    RuleForm *f = map_get(&s->form_at, flow->form->name);
    const FormField *state = form_field(flow->form, STRC("state"));
    if (!f || !state)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", flow->title));
    if (!rule_column(&at, s, flow->form, state, e))
        return false;
    for (size_t i = 0; i < flow->n_moves; i++) {
        RuleGuard *g = &s->guards[s->n_guards++];
        f->looked_back = f->looked_back || flow->moves[i].within > 0;
        g->move = &flow->moves[i];
        if (!rule_expr(&g->guard, s, g->move->guard, NULL, NULL, e))
            return false;
    }
    return true;
}

static bool open_flows(RuleSet *s, Err *e)
{
    size_t n = 0;
    for (size_t i = 0; i < pack_flow_count(s->rb); i++)
        n += pack_flow_at(s->rb, i)->n_moves;
    if (!(s->guards = ARENA_ARRAY(s->a, RuleGuard, n)))
        return memory(e);
    for (size_t i = 0; i < pack_flow_count(s->rb); i++)
        if (!open_flow(s, pack_flow_at(s->rb, i), e))
            return err_note(e, "while compiling flow %.*s", STR(pack_flow_at(s->rb, i)->name));
    return true;
}

static bool order_columns(RuleSet *s, Err *e)
{
    for (size_t i = 0; i < s->n_forms; i++) {
        RuleForm *f = &s->forms[i];
        f->order = ARENA_ARRAY(s->a, size_t, f->n);
        if (!f->order)
            return memory(e);
        for (size_t k = 0; k < f->n; k++) {
            size_t at = k;
            for (; at > 0 && str_cmp(f->columns[f->order[at - 1]]->name, f->columns[k]->name) > 0;
                 at--)
                f->order[at] = f->order[at - 1];
            f->order[at] = k;
        }
    }
    return true;
}

/* Records that persons keep to themselves are looked up by whom they name. */
static bool open_personal(RuleSet *s, Err *e)
{
    size_t at;
    for (size_t i = 0; i < s->n_forms; i++) {
        const Form *f = s->forms[i].form;
        if (f->personal && !rule_column(&at, s, f, f->personal, e))
            return false;
    }
    return true;
}

bool rule_open(RuleSet **out, Arena *a, const Rulebook *rb, Err *e)
{
    RuleSet *s = ARENA_NEW(a, RuleSet);
    if (!s)
        return memory(e);
    *s = (RuleSet){ .a = a, .rb = rb, .form_at = map_open(a),
                     .duty_at = map_open(a) };
    if (!open_forms(s, e) || !open_personal(s, e) || !open_profile(s, e) ||
        !open_measures(s, e) || !open_duties(s, e) || !open_points(s, e) || !open_reports(s, e) ||
        !open_flows(s, e) || !rule_open_filled(s, e) || !order_columns(s, e))
        return false;
    *out = s;
    return true;
}

const Rulebook *rule_book(const RuleSet *rules)
{
    return rules->rb;
}

const RuleFigureRule *rule_figure_rule(const RuleSet *s, const Measure *m)
{
    for (size_t i = 0; i < s->n_measures; i++)
        if (s->measures[i].m == m)
            return &s->measures[i];
    return NULL;
}

const RuleDuty *rule_duty_rule(const RuleSet *s, const Duty *d)
{
    const RuleDuty *found = map_get(&s->duty_at, d->name);
    return found && found->d == d ? found : NULL;
}

Day rule_needs(const RuleSet *rules, const Form *form, Period year, Day today)
{
    const RuleForm *f = rule_form(rules, form);
    if (!f || (!f->counted && !f->looked_back))
        return DAY_NONE;
    Day from = year.from < today ? year.from : today;
    return f->looked_back ? day_make(1, 1, 1) : day_add_months(from, -(int)f->back);
}
