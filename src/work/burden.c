#include "work/burden.h"

#include "rule/rule.h"

#include <stdlib.h>
#include <string.h>

/* --- a branch like the average -------------------------------------------------------------- */

typedef struct Branch {
    RuleOrg org;
    RulePerson people[BURDEN_MEMBERS];
    RuleTenure posts[4];
    RuleUnit unit;
    FeelValue context;             /* org, as asked_of and samples see it */
} Branch;

static void branch_make(Branch *b, Str sector, const BurdenSet *set, Day today)
{
    static const char *const posts[] = { "secretary", "committee_member", "committee_member" };
    Day long_ago = day_add_months(today, -120);
    *b = (Branch){ .org = { .from = DAY_NONE, .name = STRC("党支部"), .code = STRC("-"),
                            .kind = STRC("branch"), .sector = sector, .parent = 2, .level = 2,
                            .founded = long_ago, .ended = DAY_NONE,
                            .term_end = day_add_months(today, 24) } };
    for (int i = 0; i < BURDEN_MEMBERS; i++)
        b->people[i] = (RulePerson){ .id = 100 + i, .from = DAY_NONE, .to = DAY_NONE, .org = 1,
                                     .name = STRC("党员"), .member_state = STRC("full"),
                                     .joined = long_ago, .born = day_add_months(today, -12 * 45),
                                     .infirm = i >= BURDEN_MEMBERS - 2 };
    for (int i = 0; i < 3; i++)
        b->posts[i] = (RuleTenure){ 100 + i, str_of(posts[i]), long_ago, DAY_NONE };
    b->posts[3] = (RuleTenure){ 103, STRC("first_secretary"), long_ago, DAY_NONE };
    b->unit = (RuleUnit){ .org = 1, .orgs = &b->org, .n_orgs = 1, .people = b->people,
                          .n_people = BURDEN_MEMBERS, .tenures = b->posts,
                          .n_tenures = str_is(sector, "village") ? 4 : 3,
                          .settings = set->items, .n_settings = set->n };
}

/* Does the condition over `org` hold for the branch? None is always true. */
static bool holds(bool *out, Arena *a, Branch *b, const FeelExpr *when, Err *e)
{
    FeelEntry top = { STRC("org"), b->context };
    FeelScope scope = { .entries = &top, .n = 1 };
    FeelRun run = feel_run(a, 0);
    FeelValue v;
    *out = true;
    if (!when)
        return true;
    if (!feel_eval(&v, a, when, &scope, &run, e))
        return false;
    *out = v.kind == FEEL_BOOLEAN && v.boolean;
    return true;
}

/* --- what duties ask ------------------------------------------------------------------------ */

typedef struct Need {              /* records of a form that meet one filter */
    const Form *form;
    Str where;
    const Duty *duty;
    int64_t times;
} Need;

typedef struct Needs {
    Need *items;
    size_t n, cap;
} Needs;

static int64_t records_for(const Duty *d, Dec want)
{
    int64_t n;
    if (d->sum && !dec_div(&want, want, dec_int(BURDEN_SUM_EACH)))
        return 1;
    return dec_to_int(&n, dec_round(want, 0, DEC_CEILING)) ? n : 1;
}

/* One record may name many persons, or is about a single one: then each of them costs a record. */
static int64_t times_of(const RuleCells *cells, size_t i, size_t end)
{
    const Duty *d = cells->items[i].duty;
    bool each = d->by && d->by->type == FIELD_REF;
    int64_t sum = 0, most = 0, person = 0, of_person = 0;
    for (size_t k = i; k < end; k++) {
        const RuleCell *c = &cells->items[k];
        bool asks = c->counts && c->state != DUTY_NOT_APPLICABLE && c->state != DUTY_WAIVED;
        int64_t n = asks ? records_for(d, c->want) : 0;
        if (c->person != person)
            of_person = 0;
        person = c->person;
        of_person += n;
        sum += n;
        if (of_person > most)
            most = of_person;
    }
    return d->whom == DUTY_FOR_PERSON && !each ? most : sum;
}

static bool need_add(Needs *all, Arena *a, const Duty *d, int64_t times, Err *e)
{
    Str where = d->of.where ? feel_source(d->of.where) : STRC("");
    for (size_t i = 0; i < all->n; i++) {
        Need *n = &all->items[i];
        if (n->form != d->of.form || !str_eq(n->where, where))
            continue;
        if (times > n->times) { /* the same records serve both duties */
            n->times = times;
            n->duty = d;
        }
        return true;
    }
    if (!ARENA_PUSH(a, all->items, all->n, all->cap))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "负担"));
    all->items[all->n++] = (Need){ d->of.form, where, d, times };
    return true;
}

static bool needs_of(Needs *all, Arena *a, const RuleSet *rules, const Branch *b, Day today, Err *e)
{
    RuleCells cells;
    Period year = period_of(PERIOD_YEAR, today);
    if (!rule_judge(&cells, a, rules, &b->unit, year, year.to, e))
        return false;
    for (size_t i = 0, end; i < cells.n; i = end) {
        const Duty *d = cells.items[i].duty;
        for (end = i; end < cells.n && cells.items[end].duty == d;)
            end++;
        if (d->of.form && d->has_least && !need_add(all, a, d, times_of(&cells, i, end), e))
            return false;
    }
    return true;
}

/* --- what all of it comes to ---------------------------------------------------------------- */

static bool filed_by_branch(const Form *f)
{
    uint32_t secretary = 0, staff = 0;
    return !f->who || !pack_role_bit(&secretary, STRC("secretary")) ||
           !pack_role_bit(&staff, STRC("party_staff")) || (f->who & (secretary | staff));
}

/* How often it happens is not in the rules; the demonstration's year says what is usual. */
static bool usual(int64_t *times, Arena *a, Branch *b, const Form *form, Err *e)
{
    static const int64_t a_year[] = { [FORM_MONTH] = 12, [FORM_QUARTER] = 4, [FORM_HALF] = 2,
                                      [FORM_YEAR] = 1, [FORM_ONCE] = 0 };
    *times = 0;
    for (size_t i = 0; i < form->n_samples; i++) {
        const FormSample *s = &form->samples[i];
        bool is;
        if (!holds(&is, a, b, s->each, e))
            return false;
        if (is)
            *times += (a_year[s->every] * s->times * (100 - s->miss) + 99) / 100;
    }
    return true;
}

static void count(BurdenForm *out, const Form *form, const Needs *needs, int64_t happens)
{
    int64_t most = -1;
    *out = (BurdenForm){ .form = form, .why = BURDEN_TIMES };
    for (size_t i = 0; i < needs->n; i++) {
        const Need *n = &needs->items[i];
        if (n->form != form)
            continue;
        out->times += n->times;
        if (n->times > most) {
            most = n->times;
            out->duty = n->duty;
            out->why = BURDEN_DUTY;
        }
    }
    if (form->times > out->times) {
        out->times = form->times;
        out->why = BURDEN_TIMES;
    }
    if (out->times == 0) {
        out->times = happens > 0 ? happens : 1;
        out->why = BURDEN_HAPPENS;
    }
    for (size_t i = 0; i < form->n_fields; i++)
        out->fields += !form->fields[i].built_in;
    out->fields *= out->times;
    out->minutes = form->minutes * out->times;
}

static int by_minutes(const void *a_, const void *b_)
{
    const BurdenForm *a = a_, *b = b_;
    if (a->minutes != b->minutes)
        return a->minutes > b->minutes ? -1 : 1;
    return str_cmp(a->form->name, b->form->name);
}

bool work_burden(Burden *out, Arena *a, const RuleSet *rules, Str sector, const BurdenSet *set,
                 Day today, Err *e)
{
    const Rulebook *rb = rule_book(rules);
    const List *sectors = pack_list(rb, STRC("sector"));
    const Form *form;
    Needs needs = { .n = 0 };
    Branch *b = ARENA_NEW(a, Branch);
    Burden all = { .sector = sector, .title = sectors ? list_title(sectors, sector) : sector };
    all.items = ARENA_ARRAY(a, BurdenForm, pack_form_count(rb) + 1);
    if (!b || !all.items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "负担"));
    branch_make(b, sector, set, today);
    if (!rule_org_context(&b->context, a, rules, &b->unit, today, e) ||
        !needs_of(&needs, a, rules, b, today, e))
        return false;
    for (size_t i = 0; (form = pack_form_at(rb, i)) != NULL; i++) {
        bool is = false;
        if (!form->ledger || !filed_by_branch(form))
            continue;
        if (!holds(&is, a, b, form->asked_of, e))
            return false;
        if (!is)
            continue;
        BurdenForm *f = &all.items[all.n++];
        int64_t happens;
        if (!usual(&happens, a, b, form, e))
            return false;
        count(f, form, &needs, happens);
        all.minutes += f->minutes;
        all.fields += f->fields;
        all.records += f->times;
        all.meetings += form->gathers ? f->times : 0;
        all.visits += form->visited ? f->times : 0;
    }
    if (all.n)
        qsort(all.items, all.n, sizeof *all.items, by_minutes);
    *out = all;
    return true;
}

bool work_burden_all(Burdens *out, Arena *a, const RuleSet *rules, const BurdenSet *set, Day today,
                     Err *e)
{
    const List *sectors = pack_list(rule_book(rules), STRC("sector"));
    Burdens all = { .n = 0 };
    if (!sectors)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "领域"));
    all.items = ARENA_ARRAY(a, Burden, sectors->n_items + 1);
    if (!all.items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "负担"));
    for (size_t i = 0; i < sectors->n_items; i++)
        if (!work_burden(&all.items[all.n++], a, rules, sectors->items[i].value, set, today, e))
            return false;
    *out = all;
    return true;
}

/* --- printing and holding to the number kept ------------------------------------------------ */

void work_burden_lines(Buf *out, const Burdens *all)
{
    buf_put(out, STRC("# Minutes a year that the packs ask of a branch, by sector. `make check` "
                      "refuses a rise:\n# whoever asks for more says why in the commit that raises "
                      "the number (shuping burden --lines).\n"));
    for (size_t i = 0; i < all->n; i++)
        buf_fmt(out, "%.*s %lld\n", STR(all->items[i].sector), (long long)all->items[i].minutes);
}

static bool kept_of(int64_t *out, Str kept, Str sector)
{
    Str line, key, value;
    while (kept.n) {
        str_cut(kept, STRC("\n"), &line, &kept);
        if (str_cut(str_trim(line), STRC(" "), &key, &value) && str_eq(key, sector))
            return str_int(str_trim(value), out);
    }
    return false;
}

bool work_burden_check(Str *fallen, Arena *a, const Burdens *all, Str kept, Err *e)
{
    *fallen = STRC("");
    for (size_t i = 0; i < all->n; i++) {
        const Burden *b = &all->items[i];
        int64_t was = 0;
        if (b->minutes > BURDEN_MINUTES_CAP)
            return err_fail(e, ERR_BURDEN_CAP, err_hole("sector", b->title),
                            err_hole("n", b->minutes), err_hole("max", BURDEN_MINUTES_CAP));
        if (!kept_of(&was, kept, b->sector) || b->minutes > was)
            return err_fail(e, ERR_BURDEN_RISE, err_hole("sector", b->title),
                            err_hole("n", b->minutes), err_hole("was", was));
        if (b->minutes < was)
            *fallen = arena_text(a, "%.*s%s%.*s由%lld分钟降为%lld分钟", STR(*fallen),
                                 fallen->n ? "；" : "", STR(b->title), (long long)was,
                                 (long long)b->minutes);
    }
    return true;
}
