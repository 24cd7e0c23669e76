/* Examples: a small world is made of what `given` says, judged like any unit, and compared. */
#include "rule/example.h"
#include "rule/rule_in.h"

typedef struct World {
    const RuleDuty *d;
    const DutyExample *x;
    Arena *a;
    Err *e;
    RuleUnit unit;
    RuleGiven given;
    RuleRecord *records;
    size_t n;
} World;

static const FeelValue *said(const FeelValue *of, const char *name)
{
    const FeelValue *v = of && of->kind == FEEL_CONTEXT ? feel_member(of, str_of(name)) : NULL;
    return v && v->kind != FEEL_NULL ? v : NULL;
}

static int64_t number_of(const FeelValue *v, int64_t otherwise)
{
    int64_t n;
    return v && v->kind == FEEL_NUMBER && dec_to_int(&n, v->number) ? n : otherwise;
}

static Day day_of(const FeelValue *v, Day otherwise)
{
    Day day;
    return v && feel_to_day(&day, *v) ? day : otherwise;
}

static bool refuse(World *w, const char *what, Str name)
{
    return err_fail(w->e, ERR_RULE_EXAMPLE, err_hole("example", w->x->title),
                    err_hole("what", what), err_hole("name", name));
}

/* What a fact says beside its fields. */
static bool is_about(Str name)
{
    return str_is(name, "form") || str_is(name, "on") || str_is(name, "received") ||
           str_is(name, "org") || str_is(name, "state_since");
}

static bool put_field(World *w, json_t *body, const FormField *field, FeelValue v)
{
    json_t *value = NULL;
    const char *key = arena_z(w->a, field->name);
    if (v.kind == FEEL_NULL)
        return true;
    if (!key || !feel_to_json(&value, v, w->e))
        return false;
    return json_object_set_new(body, key, value) == 0 ||
           err_fail(w->e, ERR_NO_MEMORY, err_hole("what", "例子"));
}

static bool fill_body(World *w, json_t *body, const Form *form, const FeelValue *fact)
{
    for (size_t i = 0; i < fact->context.n; i++) {
        const FeelEntry *entry = &fact->context.entries[i];
        const FormField *field = form_field(form, entry->name);
        if (!field && !is_about(entry->name))
            return refuse(w, "表单没有的项目", entry->name);
        if (field && !put_field(w, body, field, entry->value))
            return false;
    }
    return true;
}

static bool body_of(Str *out, World *w, const Form *form, const FeelValue *fact)
{
    json_t *body = json_object();
    Buf b = buf_open(FORM_BODY_MAX);
    bool ok = body ? fill_body(w, body, form, fact) && jv_canon(&b, body, w->e)
                   : err_fail(w->e, ERR_NO_MEMORY, err_hole("what", "例子"));
    if (ok)
        *out = arena_str(w->a, buf_str(&b));
    buf_close(&b);
    jv_close(body);
    return ok;
}

static bool add_record(World *w, const Form *form, const FeelValue *fact, Day on)
{
    RuleRecord *r = &w->records[w->n++];
    const FeelValue *org = said(fact, "org");
    *r = (RuleRecord){ .form = form, .id = (int64_t)w->n, .subject = (int64_t)w->n, .on = on };
    r->org = number_of(org, w->unit.org);
    r->received = day_of(said(fact, "received"), on);
    r->state_since = day_of(said(fact, "state_since"), DAY_NONE);
    return body_of(&r->body, w, form, fact);
}

static bool add_fact(World *w, const Rulebook *rb, const FeelValue *fact)
{
    const FeelValue *name = said(fact, "form");
    const Form *form = name && name->kind == FEEL_STRING ? pack_form(rb, name->string) : NULL;
    if (!form)
        return refuse(w, "不认识的表单", name && name->kind == FEEL_STRING ? name->string
                                                                          : STRC("form"));
    Day on = day_of(said(fact, "on"), DAY_NONE);
    if (on == DAY_NONE && form->dated)
        on = day_of(feel_member(fact, form->dated->name), DAY_NONE);
    return on == DAY_NONE ? refuse(w, "没有日期的事实", form->name)
                          : add_record(w, form, fact, on);
}

/* The thing comes first: its subject is 1. */
static bool add_thing(World *w, const FeelValue *thing)
{
    static const FeelValue empty = { .kind = FEEL_CONTEXT };
    const Form *form = w->d->d->thing;
    const FeelValue *what = thing ? thing : &empty;
    const FeelValue *on = form->dated ? feel_member(what, form->dated->name) : NULL;
    return add_record(w, form, what, day_of(on, w->x->on));
}

static bool add_facts(World *w, const Rulebook *rb, const FeelValue *given)
{
    const FeelValue *facts = said(given, "facts");
    size_t n = facts && facts->kind == FEEL_LIST ? facts->list.n : 0;
    if (!(w->records = ARENA_ARRAY(w->a, RuleRecord, n + 1)))
        return err_fail(w->e, ERR_NO_MEMORY, err_hole("what", "例子"));
    if (w->d->d->whom == DUTY_FOR_THING && !add_thing(w, said(given, "thing")))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (facts->list.items[i].kind != FEEL_CONTEXT)
            return refuse(w, "不是上下文的事实", STRC("facts"));
        if (!add_fact(w, rb, &facts->list.items[i]))
            return false;
    }
    w->unit.records = w->records;
    w->unit.n_records = w->n;
    return true;
}

/* A duty that is off is switched on: an example is about its words. */
static bool add_switches(World *w, const FeelValue *given)
{
    const FeelValue *waived = said(given, "waived");
    RuleSetting *on = ARENA_NEW(w->a, RuleSetting);
    RuleWaiver *waiver = ARENA_NEW(w->a, RuleWaiver);
    if (!on || !waiver)
        return err_fail(w->e, ERR_NO_MEMORY, err_hole("what", "例子"));
    *on = (RuleSetting){ .id = 1, .name = w->d->d->name, .from = DAY_NONE, .on = RULE_ON };
    *waiver = (RuleWaiver){ .id = 1, .duty = w->d->d->name, .from = DAY_NONE, .to = DAY_NONE };
    if (waived && waived->kind == FEEL_STRING)
        waiver->reason = waived->string;
    w->unit.settings = on;
    w->unit.n_settings = 1;
    w->unit.waivers = waiver;
    w->unit.n_waivers = waived && !(waived->kind == FEEL_BOOLEAN && !waived->boolean);
    return true;
}

static bool build(World *w, const Rulebook *rb)
{
    static const FeelValue nobody = { .kind = FEEL_CONTEXT };
    FeelRun run = feel_run(w->a, (Moment)w->x->on * 86400000);
    FeelScope nothing = { 0 };
    FeelValue *given = ARENA_NEW(w->a, FeelValue);
    if (!given)
        return err_fail(w->e, ERR_NO_MEMORY, err_hole("what", "例子"));
    if (!feel_eval(given, w->a, w->x->given, &nothing, &run, w->e))
        return false;
    if (run.n_diags > 0) {
        feel_diag_err(&run.diags[0], w->e);
        return err_note(w->e, "while reading example %.*s", STR(w->x->title));
    }
    w->given = (RuleGiven){ .org = said(given, "org"), .last = said(given, "last"),
                            .m = said(given, "m"), .person = said(given, "person") };
    if (w->d->d->whom == DUTY_FOR_PERSON && !w->given.person)
        w->given.person = &nobody;
    w->given.person_id = number_of(said(w->given.person, "id"), 1);
    w->unit.org = number_of(said(w->given.org, "id"), 1);
    return add_facts(w, rb, given) && add_switches(w, given);
}

static bool is_the_cell(const World *w, const RuleCell *c)
{
    if (c->thing)
        return c->thing == 1;
    return w->d->d->every > DUTY_YEAR || c->period.from == w->x->period.from;
}

static bool judge(RuleExample *out, World *w, const RuleSet *s)
{
    RuleRun r = { .given = &w->given };
    RuleCells cells;
    Period year = w->d->d->every <= DUTY_YEAR ? w->x->period : period_of(PERIOD_YEAR, w->x->on);
    if (!build(w, s->rb) || !rule_run_open(&r, w->a, s, &w->unit, w->x->on, w->e) ||
        !rule_cells_of(&cells, &r, w->d, year, true))
        return false;
    for (size_t i = 0; i < cells.n; i++) {
        if (!is_the_cell(w, &cells.items[i]))
            continue;
        out->got = cells.items[i].state;
        out->ok = out->got == out->want;
        out->why = rule_say(w->a, &cells.items[i], LANG_HANS);
        return true;
    }
    return refuse(w, "所说的时间里没有这一项", w->d->d->name);
}

/* An example that cannot be read is wrong too, and says why. */
static void run(RuleExample *out, Arena *a, const RuleSet *s, const RuleDuty *d,
                const DutyExample *x)
{
    Err e = { 0 };
    char text[ERR_TEXT_MAX];
    World w = { .d = d, .x = x, .a = a, .e = &e };
    *out = (RuleExample){ .duty = d->d, .title = x->title, .place = x->place, .want = x->want };
    if (judge(out, &w, s))
        return;
    out->got = DUTY_STATES;
    err_print(&e, LANG_HANS, text, sizeof text);
    out->why = arena_str(a, str_of(text));
}

bool rule_examples(RuleExamples *out, Arena *a, const RuleSet *rules, Err *e)
{
    RuleExamples all = { 0 };
    size_t cap = 0;
    for (size_t i = 0; i < rules->n_duties; i++) {
        const RuleDuty *d = &rules->duties[i];
        for (size_t k = 0; !d->d->draft && k < d->d->n_examples; k++) {
            if (!ARENA_PUSH(a, all.items, all.n, cap))
                return err_fail(e, ERR_NO_MEMORY, err_hole("what", "例子"));
            run(&all.items[all.n], a, rules, d, &d->d->examples[k]);
            all.wrong += !all.items[all.n++].ok;
        }
    }
    *out = all;
    return true;
}
