/* The fold: what one fact changes in the views. Live writing and a rebuild both come through
 * fact_view_add, in the order of the log, so they cannot differ. */
#include "fact/parts.h"

#include <string.h>

bool fact_thing_get(FactThing *out, bool *found, Tx *tx, Str kind, int64_t subject, Err *e)
{
    Rows *r;
    Facts *facts = tx_owner(tx);
    if (!fact_own_seen(tx, e)
        || !store_rows(&r, tx, "thing_get",
                       BIND(bind_int(facts->region), bind_text(kind), bind_int(subject)), e))
        return false;
    *found = rows_next(r);
    if (*found)
        *out = (FactThing){ rows_int(r, 0), rows_int(r, 1), rows_int(r, 2), rows_int(r, 3),
                            rows_int(r, 4) };
    return rows_close(r, e);
}

/* --- values for the index -------------------------------------------------- */
typedef bool (*Each)(void *arg, Str value, Err *e);

static bool is_plain(Str json) /* a string without escapes */
{
    return json.n >= 2 && json.p[0] == '"' && !memchr(json.p, '\\', json.n);
}

/* Text of one scalar; the others (null, lists, objects) have none. */
static bool each_scalar(const json_t *v, Each each, void *arg, Err *e)
{
    char digits[24];
    size_t at = sizeof digits;
    if (json_is_string(v))
        return each(arg, jv_text(v), e);
    if (json_is_boolean(v))
        return each(arg, json_is_true(v) ? STRC("true") : STRC("false"), e);
    if (!json_is_integer(v))
        return true;
    json_int_t n = json_integer_value(v);
    uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;
    do
        digits[--at] = (char)('0' + left % 10);
    while (left /= 10);
    if (n < 0)
        digits[--at] = '-';
    return each(arg, (Str){ digits + at, sizeof digits - at }, e);
}

/* Every scalar in a value; the depth of a body is limited by LEAF_DEPTH_MAX. */
static bool each_deep(const json_t *v, bool strings_only, Each each, void *arg, Err *e)
{
    const char *key;
    json_t *child;
    size_t i;
    json_array_foreach ((json_t *)v, i, child)
        if (!each_deep(child, strings_only, each, arg, e))
            return false;
    if (!strings_only || json_is_string(v))
        return each_scalar(v, each, arg, e);
    json_object_foreach ((json_t *)v, key, child)
        if (!each_deep(child, strings_only, each, arg, e))
            return false;
    return true;
}

static bool each_value(Str json, bool strings_only, Each each, void *arg, Err *e)
{
    json_t *v;
    if (is_plain(json))
        return each(arg, str_sub(json, 1, json.n - 2), e);
    if (!strings_only && json.n && json.p[0] != '"' && json.p[0] != '[' && json.p[0] != '{')
        return str_is(json, "null") || each(arg, json, e);
    if (!jv_read(&v, json, "field", e))
        return false;
    bool ok = each_deep(v, strings_only, each, arg, e);
    jv_close(v);
    return ok;
}

/* --- index and search ------------------------------------------------------ */
typedef struct Change { /* one field of one fact enters or leaves the index */
    Tx *tx;
    FactJob *job;
    bool enters;
    int64_t field, subject;
} Change;

static bool index_change(void *arg, Str value, Err *e)
{
    const Change *x = arg;
    FactIndexRow row = { .field = x->field, .subject = x->subject, .value = fact_cut(value) };
    if (x->enters)
        return fact_index_put(x->tx, x->job, &row, e);
    return store_run(x->tx, "field_drop",
                     BIND(bind_int(x->job->facts->region), bind_int(row.field),
                          bind_text(row.value), bind_int(row.subject)), e);
}

typedef struct Gather { Facts *facts; Buf *out; } Gather;

static bool gather(void *arg, Str value, Err *e)
{
    const Gather *g = arg;
    g->facts->tokens(g->facts->tokens_arg, g->out, value, false);
    buf_putc(g->out, ' ');
    return !g->out->failed
        || err_fail(e, ERR_TOO_BIG, err_hole("what", "search"), err_hole("max", FACT_TOKENS_MAX));
}

static const Str *field_find(const LeafField *fields, size_t n, Str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(fields[i].name, name))
            return &fields[i].value;
    return NULL;
}

static bool index_all(Tx *tx, FactJob *job, const FactKindOf *of, const Fact *f, bool enters,
                      const LeafField *fields, size_t n, Err *e)
{
    if (!enters && !fact_waiting_write(tx, job, e)) /* what waits may be what leaves */
        return false;
    for (size_t i = 0; i < of->k.n_index; i++) {
        Change change = { tx, job, enters, of->field[i], f->subject };
        const Str *value = field_find(fields, n, of->k.index[i]);
        if (value && !each_value(*value, false, index_change, &change, e))
            return false;
    }
    return true;
}

void fact_token_kind(Buf *out, Str kind)
{
    buf_fmt(out, "\uE000%llx", (unsigned long long)str_hash(kind));
}

void fact_token_org(Buf *out, int64_t org)
{
    buf_fmt(out, "\uE001%lld", (long long)org);
}

/* The statement puts in or takes out; taking out needs the very tokens that were put in, which the
 * same setup makes again (another setup rebuilds the views). */
static bool search_all(Tx *tx, FactJob *job, const FactKind *kind, const char *statement,
                       const Fact *f, int64_t first, const LeafField *fields, size_t n, Err *e)
{
    Gather g = { job->facts, &job->tokens };
    if (!job->facts->tokens || kind->n_search == 0)
        return true;
    buf_reset(&job->tokens);
    for (size_t i = 0; i < kind->n_search; i++) {
        const Str *value = field_find(fields, n, kind->search[i]);
        if (value && !each_value(*value, true, gather, &g, e))
            return false;
    }
    if (str_trim(buf_str(g.out)).n == 0)
        return true;
    fact_token_kind(g.out, kind->name);
    buf_putc(g.out, ' ');
    fact_token_org(g.out, f->org);
    return store_run(tx, statement, BIND(bind_int(first), bind_text(buf_str(g.out))), e);
}

bool fact_view_enter(Tx *tx, FactJob *job, const Fact *f, int64_t first, const LeafField *fields,
                     size_t n, Err *e)
{
    const FactKindOf *of = fact_kind(job->facts, f->kind);
    return index_all(tx, job, of, f, true, fields, n, e)
        && search_all(tx, job, &of->k, "search_insert_fts", f, first, fields, n, e);
}

bool fact_view_leave(Tx *tx, FactJob *job, const Fact *f, int64_t first, Err *e)
{
    LeafField fields[LEAF_FIELDS_MAX];
    size_t n;
    const FactKindOf *of = fact_kind(job->facts, f->kind);
    if (of->k.n_index == 0 && of->k.n_search == 0)
        return true;
    return leaf_split(fields, &n, f->body, e)
        && index_all(tx, job, of, f, false, fields, n, e)
        && search_all(tx, job, &of->k, "search_drop_fts", f, first, fields, n, e);
}

/* --- things ---------------------------------------------------------------- */
/* Takes what the fact before said out of the views. Its parent is kept for org_moved. */
static bool leave_old(Tx *tx, FactJob *job, const Fact *f, const FactThing *t, int64_t *parent,
                      Err *e)
{
    Rows *r;
    Fact old;
    *parent = -1; /* was struck */
    if (!t->live)
        return true;
    if (!store_rows(&r, tx, "fact_by_id", BIND(bind_int(f->region), bind_int(t->fact)), e))
        return false;
    bool ok = rows_next(r);
    if (ok) {
        fact_of_row(&old, r);
        *parent = fact_int(&old, "parent");
        ok = fact_view_leave(tx, job, &old, t->first, e);
    }
    if (!ok) {
        rows_drop(r);
        return false;
    }
    return rows_close(r, e);
}

static bool thing_insert(Tx *tx, FactJob *job, const Fact *f, Err *e)
{
    FactNewThing row = { .kind = f->kind, .subject = f->subject, .fact = f->id, .org = f->org };
    return fact_thing_put(tx, job, &row, e);
}

static bool thing_update(Tx *tx, const Fact *f, const FactThing *t, Err *e)
{
    return store_run(tx, "past_insert", BIND(bind_int(f->region), bind_text(f->kind),
                                             bind_int(f->subject), bind_int(t->fact)), e)
        && store_run(tx, "thing_update",
                     BIND(bind_int(f->id), bind_int(!leaf_is_strike(f)), bind_int(f->org),
                          bind_int(f->region), bind_text(f->kind), bind_int(f->subject)), e);
}

static void org_moved(FactJob *job, const Fact *f, bool was, int64_t parent)
{
    if (str_is(f->kind, "org")
        && (!was || leaf_is_strike(f) || parent != fact_int(f, "parent")))
        job->orgs_changed = true;
}

bool fact_view_add(Tx *tx, FactJob *job, const Fact *f, const LeafField *fields, size_t n,
                   bool is_new, Err *e)
{
    FactThing t = { .first = f->id };
    bool found = false;
    int64_t parent = -1;
    if (!is_new && !fact_thing_get(&t, &found, tx, f->kind, f->subject, e))
        return false;
    if (!found && leaf_is_strike(f)) /* nothing to strike: fact_append refuses it */
        return true;
    if (!found)
        t.first = f->id;
    if (found && !leave_old(tx, job, f, &t, &parent, e))
        return false;
    org_moved(job, f, found, parent);
    if (!(found ? thing_update(tx, f, &t, e) : thing_insert(tx, job, f, e)))
        return false;
    return leaf_is_strike(f) || fact_view_enter(tx, job, f, t.first, fields, n, e);
}
