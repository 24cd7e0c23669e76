/* Reading facts back. */
#include "fact/parts.h"

#include <string.h>

/* The columns of every statement that selects facts. */
void fact_of_row(Fact *out, Rows *r)
{
    Str secret = rows_blob(r, 12);
    *out = (Fact){ .region = rows_int(r, 0), .id = rows_int(r, 1), .seq = rows_int(r, 2),
        .kind = rows_text(r, 3), .org = rows_int(r, 4), .subject = rows_int(r, 5),
        .occurred_on = rows_null(r, 6) ? DAY_NONE : (Day)rows_int(r, 6),
        .received_at = rows_int(r, 7), .who = rows_int(r, 8), .behalf = rows_int(r, 9),
        .corrects = rows_int(r, 10), .body = rows_text(r, 11), .erased = rows_null(r, 12) };
    if (secret.n == sizeof out->secret.b)
        memcpy(out->secret.b, secret.p, secret.n);
}

bool fact_copy(Fact *out, Arena *a, const Fact *f, Err *e)
{
    Fact copy = *f;
    copy.kind = arena_str(a, f->kind);
    copy.body = arena_str(a, f->body);
    if (arena_refused(a))
        return fact_no_memory(e);
    *out = copy;
    return true;
}

/* What an erasure left of the fields, for a fact whose secret is gone. */
bool fact_marks(Fact *f, Arena *a, Tx *tx, Err *e)
{
    Rows *r;
    LeafMark *marks = NULL;
    size_t n = 0, cap = 0;
    bool ok = true;
    if (!f->erased)
        return true;
    if (!store_rows(&r, tx, "erased_of", BIND(bind_int(f->region), bind_int(f->id)), e))
        return false;
    while (ok && rows_next(r)) {
        Str h = rows_blob(r, 2);
        ok = ARENA_PUSH(a, marks, n, cap) || fact_no_memory(e);
        if (!ok)
            break;
        marks[n] = (LeafMark){ .name = arena_str(a, rows_text(r, 0)),
                               .kept = rows_int(r, 1) != 0 };
        if (marks[n].kept && h.n == sizeof marks[n].salt.b)
            memcpy(marks[n].salt.b, h.p, h.n);
        else if (!marks[n].kept && h.n == sizeof marks[n].hash.b)
            memcpy(marks[n].hash.b, h.p, h.n);
        n++;
    }
    if (!ok) {
        rows_drop(r);
        return false;
    }
    f->marks = marks;
    f->n_marks = n;
    return rows_close(r, e);
}

/* One row into the caller's arena, without the secret; *found says whether there was one. */
static bool one_row(Fact *out, bool *found, Arena *a, Rows *r, Err *e)
{
    Fact f;
    *found = rows_next(r);
    if (*found) {
        fact_of_row(&f, r);
        if (!fact_copy(out, a, &f, e)) {
            rows_drop(r);
            return false;
        }
    }
    return rows_close(r, e);
}

static bool not_found(Err *e, int64_t id)
{
    return err_fail(e, ERR_NOT_FOUND, err_hole("what", id));
}

bool fact_get(Fact *out, Arena *a, Tx *tx, int64_t id, Err *e)
{
    Rows *r;
    bool found;
    Fact f;
    Facts *facts = tx_owner(tx);
    if (!store_rows(&r, tx, "fact_by_id", BIND(bind_int(facts->region), bind_int(id)), e)
        || !one_row(&f, &found, a, r, e))
        return false;
    if (!found)
        return not_found(e, id);
    if (!fact_marks(&f, a, tx, e))
        return false;
    *out = f;
    return true;
}

static Fact without_secret(Fact f)
{
    memset(&f.secret, 0, sizeof f.secret);
    return f;
}

bool fact_current(Fact *out, Arena *a, Tx *tx, Str kind, int64_t subject, Err *e)
{
    Rows *r;
    bool found;
    Fact f;
    Facts *facts = tx_owner(tx);
    if (!fact_own_seen(tx, e)
        || !store_rows(&r, tx, "fact_of_thing",
                       BIND(bind_int(facts->region), bind_text(kind), bind_int(subject)), e)
        || !one_row(&f, &found, a, r, e))
        return false;
    if (!found)
        return not_found(e, subject);
    *out = without_secret(f);
    return true;
}

bool fact_exists(bool *out, Tx *tx, Str kind, int64_t subject, Err *e)
{
    FactThing t;
    bool found;
    if (!fact_thing_get(&t, &found, tx, kind, subject, e))
        return false;
    *out = found && t.live;
    return true;
}

static bool all_rows(FactList *out, Arena *a, Rows *r, Err *e)
{
    FactList list = { .n = 0 };
    size_t cap = 0;
    bool ok = true;
    while (ok && rows_next(r)) {
        Fact f;
        fact_of_row(&f, r);
        ok = ARENA_PUSH(a, list.items, list.n, cap) || fact_no_memory(e);
        ok = ok && fact_copy(&list.items[list.n], a, &f, e);
        if (ok)
            list.items[list.n] = without_secret(list.items[list.n]), list.n++;
    }
    if (!ok) {
        rows_drop(r);
        return false;
    }
    if (!rows_close(r, e))
        return false;
    *out = list;
    return true;
}

bool fact_history(FactList *out, Arena *a, Tx *tx, Str kind, int64_t subject, Err *e)
{
    Rows *r;
    Facts *facts = tx_owner(tx);
    return fact_own_seen(tx, e)
        && store_rows(&r, tx, "fact_history",
                      BIND(bind_int(facts->region), bind_text(kind), bind_int(subject)), e)
        && all_rows(out, a, r, e);
}

bool fact_since(Tx *tx, int64_t after, FactEach each, void *arg, Err *e)
{
    Rows *r;
    bool ok = true;
    if (!store_rows(&r, tx, "fact_since", BIND(bind_int(after)), e))
        return false;
    while (ok && rows_next(r)) {
        Fact f = { .id = rows_int(r, 0), .kind = rows_text(r, 1), .org = rows_int(r, 2),
            .subject = rows_int(r, 3), .received_at = rows_int(r, 5), .who = rows_int(r, 6),
            .corrects = rows_int(r, 7), .body = rows_text(r, 8),
            .occurred_on = rows_null(r, 4) ? DAY_NONE : (Day)rows_int(r, 4) };
        ok = each(arg, &f, e);
    }
    if (!ok) {
        rows_drop(r);
        return false;
    }
    return rows_close(r, e);
}

bool fact_newest(int64_t *out, Tx *tx, Err *e)
{
    return store_int(out, tx, "fact_newest", BIND_NONE, 0, e);
}

/* --- lists ----------------------------------------------------------------- */
typedef struct Query {
    const char *name;
    Bind binds[8];
    size_t n;
    bool nothing;                 /* the org is not in the tree: the answer is empty */
} Query;

bool fact_field_number(int64_t *out, const Facts *facts, const FactFilter *f, Err *e)
{
    const FactKindOf *of = fact_kind(facts, f->kind);
    for (size_t i = 0; i < of->k.n_index; i++)
        if (str_eq(of->k.index[i], f->field))
            return *out = of->field[i], true;
    return err_fail(e, ERR_FACT_INDEX, err_hole("kind", f->kind), err_hole("field", f->field));
}

static void query_range(Query *q, const FactNode *n)
{
    q->binds[q->n++] = bind_int(n->rank);
    q->binds[q->n++] = bind_int(n->last);
}

/* Which statement answers the filter, and with what values. */
static bool query_make(Query *q, Tx *tx, const FactFilter *f, bool count, Err *e)
{
    static const char *const names[2][2][3] = {
        { { "list_all", "list_all_org", "list_all_below" },
          { "list_field", "list_field_org", "list_field_below" } },
        { { "count_all", "count_all_org", "count_all_below" },
          { "count_field", "count_field_org", "count_field_below" } } };
    Facts *facts = tx_owner(tx);
    FactNode node;
    int64_t number = 0;
    bool by_field = f->field.n > 0;
    if (by_field && !fact_field_number(&number, facts, f, e))
        return false;
    if (!fact_own_seen(tx, e))
        return false;
    *q = (Query){ .name = names[count][by_field][f->org == 0 ? 0 : f->below ? 2 : 1], .n = 3,
        .binds = { bind_int(facts->region), bind_text(f->kind), bind_int(f->after) } };
    if (by_field) {
        q->binds[q->n++] = bind_int(number);
        q->binds[q->n++] = bind_text(fact_cut(f->value));
    }
    if (f->org && !f->below)
        q->binds[q->n++] = bind_int(f->org);
    if (f->org && f->below) {
        if (!fact_node(&node, tx, f->org, e)) {
            q->nothing = e->code == ERR_NOT_FOUND;
            return q->nothing;
        }
        query_range(q, &node);
    }
    return true;
}

bool fact_list(FactList *out, Arena *a, Tx *tx, const FactFilter *f, Err *e)
{
    Query q;
    Rows *r;
    size_t limit = f->limit && f->limit < FACT_LIST_MAX ? f->limit : FACT_LIST_MAX;
    if (!query_make(&q, tx, f, false, e))
        return false;
    if (q.nothing)
        return *out = (FactList){ .n = 0 }, true;
    q.binds[q.n++] = bind_int((int64_t)limit);
    return store_rows(&r, tx, q.name, q.binds, q.n, e) && all_rows(out, a, r, e);
}

bool fact_count(int64_t *out, Tx *tx, const FactFilter *f, Err *e)
{
    Query q;
    if (!query_make(&q, tx, f, true, e))
        return false;
    if (q.nothing)
        return *out = 0, true;
    return store_int(out, tx, q.name, q.binds, q.n, 0, e);
}

bool fact_first(Fact *out, Arena *a, Tx *tx, const FactFilter *f, Err *e)
{
    FactFilter one = *f;
    FactList list;
    one.limit = 1;
    if (!fact_list(&list, a, tx, &one, e))
        return false;
    *out = list.n ? list.items[0] : (Fact){ .id = 0 };
    return true;
}

/* Tokens as a query of FTS5: each quoted, all must stand; a single character is a prefix. */
static void ask(Buf *out, Str tokens)
{
    Str token;
    while (tokens.n > 0) {
        str_cut(tokens, STRC(" "), &token, &tokens);
        if (token.n == 0)
            continue;
        buf_put(out, STRC("\""));
        for (size_t i = 0; i < token.n; i++)
            buf_put(out, token.p[i] == '"' ? STRC("\"\"") : str_sub(token, i, 1));
        buf_put(out, str_points(token) == 1 ? STRC("\" * ") : STRC("\" "));
    }
}

/* ("k1" OR "k2") AND, when there is anything to choose from. */
static void ask_any(Buf *out, size_t n, void (*put)(Buf *out, const FactAsk *ask, size_t i),
                    const FactAsk *ask)
{
    for (size_t i = 0; i < n; i++) {
        buf_put(out, i == 0 ? STRC("(\"") : STRC(" OR \""));
        put(out, ask, i);
        buf_putc(out, '"');
    }
    if (n)
        buf_put(out, STRC(") AND "));
}

static void put_kind(Buf *out, const FactAsk *ask, size_t i)
{
    fact_token_kind(out, ask->kinds[i]);
}

static void put_org(Buf *out, const FactAsk *ask, size_t i)
{
    fact_token_org(out, ask->orgs[i]);
}

/* As a query of FTS5; false when the text has nothing that could be looked for. */
static bool question(Buf *out, const Facts *facts, const FactAsk *ask_for)
{
    Buf tokens = buf_open(FACT_TOKENS_MAX);
    if (facts->tokens)
        facts->tokens(facts->tokens_arg, &tokens, ask_for->text, true);
    bool any = tokens.n > 0;
    ask_any(out, ask_for->n_kinds, put_kind, ask_for);
    ask_any(out, ask_for->n_orgs, put_org, ask_for);
    buf_putc(out, '(');
    ask(out, buf_str(&tokens));
    buf_putc(out, ')');
    out->failed |= tokens.failed;
    buf_close(&tokens);
    return any;
}

static bool each_hit(Rows *r, FactHit hit, void *arg, Err *e)
{
    bool enough = false;
    Fact f;
    while (!enough && rows_next(r)) {
        fact_of_row(&f, r);
        if (!hit(arg, &f, &enough, e)) {
            rows_drop(r);
            return false;
        }
    }
    if (!enough)
        return rows_close(r, e);
    rows_drop(r);
    return true;
}

bool fact_search(Tx *tx, const FactAsk *ask_for, FactHit hit, void *arg, Err *e)
{
    Rows *r;
    Facts *facts = tx_owner(tx);
    Buf query = buf_open(FACT_TOKENS_MAX);
    if (ask_for->n_orgs > FACT_ORGS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "search"),
                        err_hole("max", FACT_ORGS_MAX));
    bool any = question(&query, facts, ask_for), failed = query.failed;
    bool ok = !failed || err_fail(e, ERR_TOO_BIG, err_hole("what", "search"),
                                  err_hole("max", FACT_TOKENS_MAX));
    if (ok && any)
        ok = fact_own_seen(tx, e) &&
             store_rows(&r, tx, "search_find_fts",
                        BIND(bind_int(facts->region), bind_text(buf_str(&query))), e) &&
             each_hit(r, hit, arg, e);
    buf_close(&query);
    return ok;
}

typedef struct Found {
    FactList *out;
    Arena *a;
    size_t cap, limit;
} Found;

static bool found(void *arg, const Fact *f, bool *enough, Err *e)
{
    Found *x = arg;
    if (!ARENA_PUSH(x->a, x->out->items, x->out->n, x->cap))
        return fact_no_memory(e);
    if (!fact_copy(&x->out->items[x->out->n], x->a, f, e))
        return false;
    *enough = ++x->out->n == x->limit;
    return true;
}

bool fact_find(FactList *out, Arena *a, Tx *tx, Str kind, Str text, size_t limit, Err *e)
{
    FactAsk ask_for = { .text = text, .kinds = &kind, .n_kinds = kind.n > 0 };
    Found x = { .out = out, .a = a, .limit = limit ? limit : FACT_LIST_MAX };
    *out = (FactList){ .n = 0 };
    return fact_search(tx, &ask_for, found, &x, e);
}
