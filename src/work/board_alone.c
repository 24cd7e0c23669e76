/* A board of one organisation, read inside the caller's own transaction: for the few questions that
 * must be answered while something is filed, when the board that all share may not be asked. */
#include "work/board_in.h"

static bool fold_one(Board *b, const BoardForm *bf, const Fact *f, Err *e)
{
    Fact copy = *f;
    copy.body = arena_str(b->text, f->body);
    if (arena_refused(b->text))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "职责看板"));
    return work_board_fold(b, bf, &copy, e);
}

static bool fold_all(Board *b, Call *c, const char *kind, int64_t org, Err *e)
{
    FactFilter filter = { .kind = str_of(kind), .org = org };
    FactList l;
    if (!fact_list(&l, c->a, c->tx, &filter, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (!fold_one(b, NULL, &l.items[i], e))
            return false;
    return true;
}

/* What is set above holds here too. */
static bool fold_org(Board *b, Call *c, int64_t org, Err *e)
{
    enum { DEPTH_MAX = 64 };
    Fact f;
    for (int depth = 0; org && depth < DEPTH_MAX; depth++) {
        if (!call_thing(&f, c, "org", org, e) || !fold_one(b, NULL, &f, e) ||
            !fold_all(b, c, "duty_setting", org, e))
            return false;
        org = fact_int(&f, "parent");
    }
    return true;
}

static bool fold_people(Board *b, Call *c, int64_t org, Err *e)
{
    static const char *const kinds[] = { "person", "tenure" };
    for (size_t k = 0; k < 2; k++) {
        FactList l;
        if (!call_list_id(&l, c, kinds[k], "org", org, e))
            return false;
        for (size_t i = 0; i < l.n; i++)
            if (!fold_one(b, NULL, &l.items[i], e))
                return false;
    }
    return fold_all(b, c, "waiver", org, e);
}

static bool fold_records(Board *b, Call *c, int64_t org, const Form *form, Period p, Err *e)
{
    const BoardForm *bf = map_get(&b->forms, form->name);
    FactFilter filter = { .kind = form->name, .org = org };
    FactKeys keys;
    if (!fact_keys(&keys, c->a, c->tx, &filter, p, e))
        return false;
    for (size_t i = 0; bf && i < keys.n; i++) {
        Fact f;
        if (!fact_current(&f, c->a, c->tx, form->name, keys.items[i].subject, e) ||
            !fold_one(b, bf, &f, e))
            return false;
    }
    return true;
}

bool work_board_alone(Board **out, Call *c, int64_t org, const Form *form, Period p, Err *e)
{
    Board *b = work_board_open(call_rules(c), e);
    if (!b)
        return false;
    b->today = c->today;
    bool ok = rule_open(&b->rules, b->rules_room, b->rb, e) && work_board_forms(b, e) &&
              fold_org(b, c, org, e) && fold_people(b, c, org, e) &&
              (!form || fold_records(b, c, org, form, p, e)) && work_board_tree(b, e);
    if (!ok) {
        work_board_close(b);
        return false;
    }
    *out = b;
    return true;
}
