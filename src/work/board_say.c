#include "work/board_say.h"
#include "work/ledger.h"
#include "work/record.h"

#include <string.h>


/* The first root of the tree. */
static bool root_of(int64_t *out, Call *c, Err *e)
{
    FactNodes all;
    if (!fact_tree(&all, c->a, c->tx, 0, 0, e))
        return false;
    if (all.n == 0)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    *out = all.items[0].org;
    return true;
}

bool work_board_scope(int64_t *org, Call *c, int64_t asked, Err *e)
{
    Fact f;
    int64_t own = asked;
    for (size_t i = 0; !own && i < c->who->n_grants; i++)
        if (ROLE_BIT(c->who->grants[i].role) & c->u->roles)
            own = c->who->grants[i].org;
    if (!own && !root_of(&own, c, e))
        return false;
    if (!call_may_org(c, own, e) || !call_thing(&f, c, "org", own, e))
        return false;
    *org = own;
    return true;
}

int work_board_year_of(const Call *c, int64_t asked)
{
    return asked ? (int)asked : day_parts(c->today).year;
}

Str work_period_text(Arena *a, Period p)
{
    static const PeriodKind kinds[] = { PERIOD_YEAR, PERIOD_HALF, PERIOD_QUARTER, PERIOD_MONTH };
    DayParts d = day_parts(p.from);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        Period k = period_of(kinds[i], p.from);
        if (k.from != p.from || k.to != p.to)
            continue;
        switch (kinds[i]) {
        case PERIOD_YEAR:
            return arena_text(a, "%04d", d.year);
        case PERIOD_HALF:
            return arena_text(a, "%04d-H%d", d.year, 1 + (d.month - 1) / 6);
        case PERIOD_QUARTER:
            return arena_text(a, "%04d-Q%d", d.year, 1 + (d.month - 1) / 3);
        case PERIOD_MONTH:
            return arena_text(a, "%04d-%02d", d.year, d.month);
        }
    }
    return arena_text(a, "%.*s..%.*s", STR(day_print(a, p.from)), STR(day_print(a, p.to)));
}

bool work_period_read(Period *out, Call *c, Str asked, PeriodKind kind, Err *e)
{
    if (asked.n)
        return period_read(out, asked, e);
    *out = period_of(kind, c->today);
    return true;
}

bool work_duty_read(const Duty **out, Call *c, Str name, Err *e)
{
    *out = pack_duty(call_rules(c), name);
    return *out || err_fail(e, ERR_NOT_FOUND, err_hole("what", "职责"));
}

Str work_duty_for(const Duty *d)
{
    return d->whom == DUTY_FOR_ORG ? STRC("org")
           : d->whom == DUTY_FOR_PERSON ? STRC("person") : STRC("thing");
}

bool work_rule_record_seen(bool *out, Call *c, const RuleRecord *r, Err *e)
{
    Fact f = { .id = r->id, .kind = r->form->name, .org = r->org, .subject = r->subject,
               .occurred_on = r->on, .body = r->body };
    LedgerSight sight;
    if (!r->form->ledger)
        return work_record_visible(out, c, &f, e);
    if (!work_ledger_sight(&sight, c, r->form, &f, e))
        return false;
    *out = sight == LEDGER_SEEN;
    return true;
}

/* What a field says, as far as it can stand for the whole record; empty when it cannot. */
static Str says(Call *c, const FormField *f, const json_t *body)
{
    const char *key = arena_z(c->a, f->name);
    const json_t *v = key ? jv_get(body, key) : NULL;
    bool named = f->type == FIELD_REF && f->form &&
                 (form_field(f->form, STRC("name")) || form_field(f->form, STRC("title")));
    bool worded = f->type == FIELD_TEXT || f->type == FIELD_LONG || f->type == FIELD_CHOICE;
    Str text;
    Err none = { 0 };
    return v && !f->built_in && (named || worded) && work_record_text(&text, c, f, v, &none)
               ? text : STRC("");
}

static Str title_of(Call *c, const Form *form, const json_t *body)
{
    Str s = STRC("");
    for (size_t i = 0; i < form->n_key && s.n == 0; i++) {
        const FormField *f = form_field(form, form->key[i]);
        s = f ? says(c, f, body) : s;
    }
    for (size_t i = 0; i < form->n_fields && s.n == 0; i++)
        if (form->fields[i].type != FIELD_REF)
            s = says(c, &form->fields[i], body);
    return s.n ? s : form->title;
}

Str work_record_title(Call *c, const RuleRecord *r)
{
    json_t *body;
    bool seen;
    Err none = { 0 };
    if ((r->form->personal && (!work_rule_record_seen(&seen, c, r, &none) || !seen)) ||
        !jv_read(&body, r->body, "body", &none))
        return r->form->title;
    Str title = title_of(c, r->form, body);
    jv_close(body);
    return title;
}

const RuleOrg *work_org_now(const BoardOrg *o)
{
    return &o->rows[o->n_rows - 1];
}

Str work_org_title(const BoardOrg *o)
{
    return work_org_now(o)->name;
}

bool work_person_seen(Call *c, const Board *b, int64_t person, int64_t org)
{
    if (c->who->console || (person && (person == c->who->person || person == c->who->behalf)))
        return true;
    int64_t home = work_board_person_org(b, person);
    for (size_t i = 0; i < c->who->n_grants; i++) {
        const WhoGrant *g = &c->who->grants[i];
        /* Only who was appointed for this very organisation, not those above it. */
        if ((ROLE_BIT(g->role) & BOARD_OF_ORG) && g->org && (g->org == org || g->org == home))
            return true;
    }
    return false;
}
