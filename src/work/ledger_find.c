/* Finding records: keys first, bodies only where the question needs them. */
#include "work/ledger.h"
#include "work/areas.h"

#include <stdlib.h>

enum { BODY_ROOM = 4 << 20 };      /* for reading one body */

typedef struct Finding {
    Call *c;
    const LedgerQuery *q;
    LedgerReach whole, counted;    /* seen outright; known to be there */
    const char *personal;          /* name of the field, NULL */
    const char *field;             /* the one asked for, NULL */
    int64_t *named;                /* subjects that hold the words searched, ascending */
    size_t n_named;
    bool bodies;                   /* must bodies be read? */
} Finding;

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "台账"));
}

/* --- who ------------------------------------------------------------------------------------ */

static bool reach_find(Finding *x, Err *e)
{
    const Form *f = x->q->form;
    uint32_t all = f->who | f->read | LEDGER_ABOVE;
    if (!f->personal)
        return work_ledger_reach(&x->whole, x->c, all, false, e);
    x->personal = arena_z(x->c->a, f->personal->name);
    return x->personal ? work_ledger_reach(&x->whole, x->c, work_ledger_keepers(f), true, e) &&
                             work_ledger_reach(&x->counted, x->c, LEDGER_ABOVE, false, e)
                       : no_memory(e);
}

/* A question about one organisation that is out of reach is refused rather than answered with
 * nothing, which would read as "there are none". */
static bool may_ask(Finding *x, Err *e)
{
    FactNode node;
    x->c->asked = true;
    if (!x->q->org || x->personal || x->whole.all)
        return true;
    if (!fact_node(&node, x->c->tx, x->q->org, e))
        return e->code == ERR_NOT_FOUND
                   ? err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"))
                   : false;
    bool some = work_ledger_reaches(&x->whole, node.rank);
    for (size_t i = 0; i < x->whole.n && !some && x->q->below; i++)
        some = x->whole.ranges[i].rank > node.rank && x->whole.ranges[i].rank <= node.last;
    return some || err_fail(e, ERR_FORBIDDEN, err_hole("what", x->c->u->title));
}

/* --- words ---------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static bool words_find(Finding *x, Err *e)
{
    FactList l;
    if (x->q->q.n == 0)
        return true;
    if (!fact_find(&l, x->c->a, x->c->tx, x->q->form->name, x->q->q, 0, e))
        return false;
    x->named = ARENA_ARRAY(x->c->a, int64_t, l.n);
    if (!x->named)
        return no_memory(e);
    for (size_t i = 0; i < l.n; i++)
        x->named[x->n_named++] = l.items[i].subject;
    if (l.n)
        qsort(x->named, x->n_named, sizeof *x->named, by_number);
    return true;
}

/* --- one record ----------------------------------------------------------------------------- */

/* Has the field this value, or holds its list it? */
static bool holds(const json_t *body, const char *field, Str value)
{
    const json_t *v = jv_get(body, field);
    int64_t n;
    if (json_is_string(v))
        return str_eq(jv_text(v), value);
    if (json_is_integer(v))
        return str_int(value, &n) && n == json_integer_value(v);
    if (json_is_boolean(v))
        return str_is(value, json_is_true(v) ? "true" : "false");
    for (size_t i = 0; i < jv_len(v); i++) {
        const json_t *one = jv_at(v, i);
        if (json_is_string(one) ? str_eq(jv_text(one), value)
                                : json_is_integer(one) && str_int(value, &n) &&
                                      n == json_integer_value(one))
            return true;
    }
    return false;
}

static bool body_fits(const Finding *x, const json_t *body)
{
    const LedgerQuery *q = x->q;
    return (!q->state.n || holds(body, "state", q->state)) &&
           (!x->field || holds(body, x->field, q->value));
}

/* Of records that are only counted nothing is read: a filter would tell what they say. */
static bool take(LedgerSight *out, Finding *x, const FactKey *k, Arena *a, Err *e)
{
    bool seen = work_ledger_reaches(&x->whole, k->rank);
    Fact f;
    json_t *body;
    *out = LEDGER_HIDDEN;
    if (!x->bodies && !x->personal)
        return *out = seen ? LEDGER_SEEN : LEDGER_HIDDEN, true;
    if (!seen && !x->personal)
        return true;
    if (!fact_current(&f, a, x->c->tx, x->q->form->name, k->subject, e) ||
        !jv_read(&body, f.body, "body", e))
        return false;
    if (!seen)
        seen = work_is_own(x->c, jv_int(body, x->personal));
    if (seen && body_fits(x, body))
        *out = LEDGER_SEEN;
    else if (!seen && !x->bodies && !x->q->late && work_ledger_reaches(&x->counted, k->rank))
        *out = LEDGER_COUNTED;
    jv_close(body);
    return true;
}

static bool key_fits(const Finding *x, const FactKey *k)
{
    const Form *f = x->q->form;
    if (x->q->q.n && (!x->n_named || !bsearch(&k->subject, x->named, x->n_named,
                                              sizeof *x->named, by_number)))
        return false;
    return !x->q->late || rule_late(f, k->on, moment_day(k->received)) > 0;
}

/* --- all of them ---------------------------------------------------------------------------- */

static int newest_first(const void *a, const void *b)
{
    const FactKey *x = a, *y = b;
    if (x->on != y->on)
        return x->on > y->on ? -1 : 1;
    return x->subject > y->subject ? -1 : x->subject < y->subject;
}

/* The index answers one of the two questions; the other one reads bodies. */
static bool keys_find(FactKeys *out, Finding *x, Err *e)
{
    const LedgerQuery *q = x->q;
    FactFilter f = { .kind = q->form->name, .org = q->org, .below = q->below };
    Period on = { q->from == DAY_NONE ? INT32_MIN : q->from,
                  q->to == DAY_NONE ? INT32_MAX : q->to };
    if (q->field.n && !form_field(q->form, q->field))
        return err_fail(e, ERR_FIELD_UNKNOWN, err_hole("field", q->field));
    if (q->field.n && !(x->field = arena_z(x->c->a, q->field)))
        return no_memory(e);
    bool by_field = q->field.n > 0, by_state = false;
    for (size_t i = 0; i < q->form->n_index && by_field && !f.field.n; i++)
        if (str_eq(q->form->index[i], q->field))
            f.field = q->field, f.value = q->value, by_field = false;
    if (q->state.n && !f.field.n && form_field(q->form, STRC("state")))
        f.field = STRC("state"), f.value = q->state, by_state = true;
    x->bodies = by_field || (q->state.n && !by_state) || (x->personal && (q->q.n || f.field.n));
    return fact_keys(out, x->c->a, x->c->tx, &f, on, e);
}

bool work_ledger_find(LedgerFound *out, Call *c, const LedgerQuery *q, Err *e)
{
    Finding x = { .c = c, .q = q };
    FactKeys keys;
    if (!reach_find(&x, e) || !may_ask(&x, e) || !words_find(&x, e) || !keys_find(&keys, &x, e))
        return false;
    Arena *a = arena_open(BODY_ROOM);
    bool ok = a || no_memory(e);
    *out = (LedgerFound){ .items = keys.items };
    for (size_t i = 0; ok && i < keys.n; i++) {
        LedgerSight sight = LEDGER_HIDDEN;
        arena_reset(a);
        if (key_fits(&x, &keys.items[i]))
            ok = take(&sight, &x, &keys.items[i], a, e);
        if (sight == LEDGER_SEEN)
            out->items[out->n++] = keys.items[i];
        out->hidden += sight == LEDGER_COUNTED;
    }
    arena_close(a);
    if (ok && out->n)
        qsort(out->items, out->n, sizeof *out->items, newest_first);
    return ok;
}
