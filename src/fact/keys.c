/* Which things there are, without what they say: the lists that are sorted, counted and cut before
 * a single body is read. */
#include "fact/parts.h"

static bool all_keys(FactKeys *out, Arena *a, Rows *r, Err *e)
{
    FactKeys list = { .n = 0 };
    size_t cap = 0;
    while (rows_next(r)) {
        if (!ARENA_PUSH(a, list.items, list.n, cap)) {
            rows_drop(r);
            return fact_no_memory(e);
        }
        list.items[list.n++] = (FactKey){
            .subject = rows_int(r, 0), .fact = rows_int(r, 1), .first = rows_int(r, 2),
            .org = rows_int(r, 3), .rank = rows_int(r, 4), .on = (Day)rows_int(r, 5),
            .received = rows_int(r, 6), .changed = rows_int(r, 7) };
    }
    if (!rows_close(r, e))
        return false;
    *out = list;
    return true;
}

/* The ranks to look at; false with ERR_NONE when the org is not in the tree. */
static bool ranks(FactNode *out, Tx *tx, const FactFilter *f, Err *e)
{
    *out = (FactNode){ .rank = 0, .last = INT64_MAX };
    if (f->org == 0)
        return true;
    if (!fact_node(out, tx, f->org, e)) {
        if (e->code == ERR_NOT_FOUND)
            err_clear(e);
        return false;
    }
    if (!f->below)
        out->last = out->rank;
    return true;
}

bool fact_keys(FactKeys *out, Arena *a, Tx *tx, const FactFilter *f, Period on, Err *e)
{
    Facts *facts = tx_owner(tx);
    FactNode n;
    Rows *r;
    int64_t field = 0;
    if (f->field.n && !fact_field_number(&field, facts, f, e))
        return false;
    if (!fact_own_seen(tx, e))
        return false;
    if (!ranks(&n, tx, f, e))
        return e->code == ERR_NONE ? (*out = (FactKeys){ .n = 0 }, true) : false;
    Bind b[9] = { bind_int(facts->region), bind_text(f->kind), bind_int(n.rank), bind_int(n.last),
                  bind_int(on.from), bind_int(on.to), bind_int(field),
                  bind_text(fact_cut(f->value)) };
    return store_rows(&r, tx, field ? "keys_field" : "keys_all", b, field ? 8 : 6, e) &&
           all_keys(out, a, r, e);
}
