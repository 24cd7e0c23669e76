/* Who may see a record, who may file one. */
#include "work/ledger.h"
#include "work/areas.h"
#include "work/token.h"

static bool forbidden(Call *c, Err *e)
{
    return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
}

bool work_ledger_form(const Form **out, Call *c, Str name, Err *e)
{
    const Form *f = pack_form(call_rules(c), name);
    bool named = true;
    if (!f || !f->ledger)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "台账"));
    if (!work_token_names(&named, c, f->name, e))
        return false;
    if (!named)
        return err_fail(e, ERR_TOKEN_FORM, err_hole("form", f->title));
    *out = f;
    return true;
}

const Form *work_ledger_at(Call *c, size_t i)
{
    const Form *f;
    for (size_t k = 0; (f = pack_form_at(call_rules(c), k)) != NULL; k++)
        if (f->ledger && i-- == 0)
            return f;
    return NULL;
}

/* --- reach ---------------------------------------------------------------------------------- */

bool work_ledger_reach(LedgerReach *out, Call *c, uint32_t roles, bool exactly, Err *e)
{
    FactNode node;
    *out = (LedgerReach){ .all = c->who->console };
    if (exactly && c->who->token) /* its grants were cut to the token: they prove no keeper */
        return true;
    for (size_t i = 0; i < c->who->n_grants && !out->all; i++) {
        const WhoGrant *g = &c->who->grants[i];
        if (!(ROLE_BIT(g->role) & roles) || g->cycle)
            continue;
        if (g->org == 0) {
            out->all = !exactly; /* whoever governs everything stands above every organisation */
        } else if (fact_node(&node, c->tx, g->org, e)) {
            out->ranges[out->n].rank = node.rank;
            out->ranges[out->n++].last = exactly ? node.rank : node.last;
        } else if (e->code != ERR_NOT_FOUND) {
            return false;
        }
    }
    return true;
}

bool work_ledger_reaches(const LedgerReach *reach, int64_t rank)
{
    bool in = reach->all;
    for (size_t i = 0; i < reach->n && !in; i++)
        in = rank >= reach->ranges[i].rank && rank <= reach->ranges[i].last;
    return in;
}

static bool rank_of(int64_t *out, Call *c, int64_t org, Err *e)
{
    FactNode node;
    if (!fact_node(&node, c->tx, org, e)) {
        *out = -1; /* an organisation that is gone: only who governs everything reaches it */
        return e->code == ERR_NOT_FOUND;
    }
    *out = node.rank;
    return true;
}

static bool reached(bool *out, Call *c, uint32_t roles, bool exactly, int64_t org, Err *e)
{
    LedgerReach reach;
    int64_t rank;
    if (!rank_of(&rank, c, org, e) || !work_ledger_reach(&reach, c, roles, exactly, e))
        return false;
    *out = work_ledger_reaches(&reach, rank);
    return true;
}

/* --- one record ----------------------------------------------------------------------------- */

/* Being a member of the branch is no reason to see or file what is about another member. */
uint32_t work_ledger_keepers(const Form *form)
{
    return form->personal ? form->who & ~ROLE_BIT(ROLE_MEMBER) : form->who;
}

/* A personal record belongs to the person and to who keeps it in his very organisation; whoever
 * stands above knows how many there are. */
static bool personal_sight(LedgerSight *out, Call *c, const Form *form, const Fact *f, Err *e)
{
    const char *field = arena_z(c->a, form->personal->name);
    bool keeps, above;
    if (!field)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", form->title));
    if (work_is_own(c, fact_int(f, field)))
        return *out = LEDGER_SEEN, true;
    if (!reached(&keeps, c, work_ledger_keepers(form), true, f->org, e) ||
        !reached(&above, c, LEDGER_ABOVE, false, f->org, e))
        return false;
    *out = keeps ? LEDGER_SEEN : above ? LEDGER_COUNTED : LEDGER_HIDDEN;
    return true;
}

bool work_ledger_sight(LedgerSight *out, Call *c, const Form *form, const Fact *f, Err *e)
{
    bool in;
    c->asked = true;
    if (form->personal)
        return personal_sight(out, c, form, f, e);
    if (!reached(&in, c, form->who | form->read | LEDGER_ABOVE, false, f->org, e))
        return false;
    *out = in ? LEDGER_SEEN : LEDGER_HIDDEN;
    return true;
}

bool work_ledger_read(Call *c, const Form *form, const Fact *f, Err *e)
{
    LedgerSight sight;
    return work_ledger_sight(&sight, c, form, f, e) && (sight == LEDGER_SEEN || forbidden(c, e));
}

int64_t work_ledger_person(Call *c, const Form *form, const json_t *values)
{
    const char *field = form->personal ? arena_z(c->a, form->personal->name) : NULL;
    return field ? jv_int(values, field) : 0;
}

bool work_ledger_may_file(Call *c, const Form *form, int64_t org, int64_t person, Err *e)
{
    Fact f;
    bool in;
    bool own = form->personal && person && work_is_own(c, person);
    uint32_t roles = own ? form->who : work_ledger_keepers(form);
    c->asked = true;
    if (!call_thing(&f, c, "org", org, e))
        return false;
    if (c->who->behalf && !call_may_self(c, c->who->behalf, e))
        return false;
    if (!reached(&in, c, roles, form->personal != NULL, org, e))
        return false;
    return in || forbidden(c, e);
}

bool work_ledger_hands(uint32_t *out, Call *c, const Form *form, int64_t org, Err *e)
{
    bool in;
    *out = c->who->console ? UINT32_MAX : 0;
    for (Role r = 0; r < ROLE_COUNT && !c->who->console; r++) {
        uint32_t bit = ROLE_BIT(r);
        if (!who_has(c->who, bit))
            continue;
        if (!reached(&in, c, bit, form->personal != NULL, org, e))
            return false;
        *out |= in ? bit : 0;
    }
    return true;
}
