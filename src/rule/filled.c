/* Fields that are filled in beforehand: nobody types what is known already. */
#include "rule/rule.h"
#include "rule/rule_in.h"

static bool memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "预填"));
}

bool rule_open_filled(RuleSet *s, Err *e)
{
    for (size_t i = 0; i < s->n_forms; i++) {
        const Form *f = s->forms[i].form;
        for (size_t k = 0; f->ledger && k < f->n_fields; k++) {
            if (!f->fields[k].given)
                continue;
            if (!ARENA_PUSH(s->a, s->filled, s->n_filled, s->cap_filled))
                return memory(e);
            RuleFilled *x = &s->filled[s->n_filled++];
            x->field = &f->fields[k];
            if (!rule_expr(&x->given, s, x->field->given, NULL, NULL, e))
                return err_note(e, "while compiling given of %.*s", STR(x->field->name));
        }
    }
    return true;
}

bool rule_org_context(FeelValue *out, Arena *a, const RuleSet *rules, const RuleUnit *unit, Day day,
                      Err *e)
{
    RuleRun r = { .e = e };
    RuleOn on = { .day = day, .period = period_of(PERIOD_YEAR, day), .person = -1,
                  .since = DAY_NONE };
    RuleExpr all = { .org = (UINT64_C(1) << ORG_NAMES) - 1 };
    FeelScope scope;
    if (!rule_run_open(&r, a, rules, unit, day, e) || !rule_run_scope(&scope, &r, &all, &on))
        return false;
    *out = scope.entries[0].value;
    return true;
}

static bool fill(json_t *into, RuleRun *r, const RuleFilled *x, const RuleOn *on, Err *e)
{
    const char *key = arena_z(r->a, x->field->name);
    FeelValue v;
    json_t *value;
    if (!key)
        return memory(e);
    if (!rule_run_value(&v, r, &x->given, on, NULL))
        return false;
    if (v.kind == FEEL_NULL)
        return true;
    return feel_to_json(&value, v, e) &&
           (json_object_set_new(into, key, value) == 0 || memory(e));
}

bool rule_given(json_t **out, Arena *a, const RuleSet *rules, const RuleUnit *unit,
                const Form *form, Day today, Err *e)
{
    RuleRun r = { .e = e };
    RuleOn on = { .day = today, .period = period_of(PERIOD_YEAR, today), .person = -1,
                  .since = DAY_NONE };
    json_t *o = json_object();
    bool ok = (o || memory(e)) && rule_run_open(&r, a, rules, unit, today, e);
    for (size_t i = 0; ok && i < rules->n_filled; i++)
        if (rules->filled[i].field >= form->fields &&
            rules->filled[i].field < form->fields + form->n_fields)
            ok = fill(o, &r, &rules->filled[i], &on, e);
    if (!ok) {
        json_decref(o);
        return false;
    }
    *out = o;
    return true;
}
