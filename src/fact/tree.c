/* The tree of organisations as preorder numbers: "below" is one range of ranks. Parents may be
 * wrong in the facts (unknown, struck, a circle); such an org becomes a root, and nothing loops. */
#include "fact/parts.h"

#include <stdlib.h>
#include <string.h>

typedef struct Node {
    int64_t org, parent;          /* as the fact says */
    size_t up;                    /* index of the parent, NONE for a root */
    size_t child, sibling;        /* first child, next sibling: indices or NONE */
    FactNode out;
    bool placed;
} Node;

typedef struct Forest {
    Node *nodes;                  /* by org */
    size_t n, cap;
    int64_t rank;
} Forest;

#define NONE SIZE_MAX

static bool nodes_read(Forest *t, Arena *a, Tx *tx, FactJob *job, Err *e)
{
    Rows *r;
    bool ok = true;
    if (!fact_own_seen(tx, e)
        || !store_rows(&r, tx, "node_all", BIND(bind_int(job->facts->region)), e))
        return false;
    while (ok && rows_next(r)) {
        Fact f = { .body = rows_text(r, 1) };
        ok = ARENA_PUSH(a, t->nodes, t->n, t->cap) || fact_no_memory(e);
        if (ok)
            t->nodes[t->n++] = (Node){ .org = rows_int(r, 0), .parent = fact_int(&f, "parent"),
                                       .up = NONE, .child = NONE, .sibling = NONE };
    }
    if (!ok) {
        rows_drop(r);
        return false;
    }
    return rows_close(r, e);
}

static size_t node_find(const Forest *t, int64_t org)
{
    size_t lo = 0, hi = t->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (t->nodes[mid].org < org)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < t->n && t->nodes[lo].org == org ? lo : NONE;
}

/* From the last to the first, so that the children of one parent hang in order. */
static void nodes_hang(Forest *t)
{
    for (size_t i = t->n; i-- > 0;) {
        Node *n = &t->nodes[i];
        n->up = n->parent ? node_find(t, n->parent) : NONE;
        if (n->up == NONE)
            continue;
        n->sibling = t->nodes[n->up].child;
        t->nodes[n->up].child = i;
    }
}

static void place(Forest *t, size_t i, size_t up)
{
    Node *n = &t->nodes[i];
    n->placed = true;
    n->up = up;
    n->out = (FactNode){ .org = n->org, .parent = up == NONE ? 0 : t->nodes[up].org,
                         .rank = ++t->rank,
                         .depth = up == NONE ? 0 : t->nodes[up].out.depth + 1 };
}

/* The next of a list of siblings that is not placed yet. */
static size_t open_one(const Forest *t, size_t i)
{
    while (i != NONE && t->nodes[i].placed)
        i = t->nodes[i].sibling;
    return i;
}

/* Numbers one tree, climbing back by `up` instead of recursing. */
static void number_from(Forest *t, size_t root)
{
    size_t i = root;
    place(t, root, NONE);
    while (i != NONE) {
        size_t child = open_one(t, t->nodes[i].child);
        if (child != NONE) {
            place(t, child, i);
            i = child;
            continue;
        }
        t->nodes[i].out.last = t->rank;
        i = t->nodes[i].up;
        if (i != NONE) /* what was placed is never looked at again */
            t->nodes[i].child = open_one(t, t->nodes[i].child);
    }
}

static bool nodes_write(const Forest *t, Tx *tx, FactJob *job, Err *e)
{
    if (!store_run(tx, "node_drop", BIND(bind_int(job->facts->region)), e))
        return false;
    for (size_t i = 0; i < t->n; i++) {
        const FactNode *n = &t->nodes[i].out;
        if (!store_run(tx, "node_insert",
                       BIND(bind_int(job->facts->region), bind_int(n->org), bind_int(n->parent),
                            bind_int(n->rank), bind_int(n->last), bind_int(n->depth)), e))
            return false;
    }
    return true;
}

bool fact_tree_renumber(Tx *tx, FactJob *job, Err *e)
{
    Forest t = { .rank = 0 };
    Arena *a = arena_open(512 << 20);
    if (!a)
        return fact_no_memory(e);
    bool ok = nodes_read(&t, a, tx, job, e);
    if (ok) {
        nodes_hang(&t);
        for (size_t i = 0; i < t.n; i++)
            if (t.nodes[i].up == NONE && !t.nodes[i].placed)
                number_from(&t, i);
        for (size_t i = 0; i < t.n; i++) /* circles: the first of each becomes a root */
            if (!t.nodes[i].placed)
                number_from(&t, i);
        ok = nodes_write(&t, tx, job, e);
        job->orgs_changed = false;
    }
    arena_close(a);
    return ok;
}

/* --- asking ---------------------------------------------------------------- */
static FactNode node_of_row(Rows *r)
{
    return (FactNode){ rows_int(r, 0), rows_int(r, 1), rows_int(r, 2), rows_int(r, 3),
                       rows_int(r, 4) };
}

/* A job that has changed the tree and asks for it sees the new one. */
static bool renumber_own(Tx *tx, Err *e)
{
    FactJob *job = tx_local(tx);
    return !job || !job->orgs_changed || fact_tree_renumber(tx, job, e);
}

static bool node_get(FactNode *out, bool *found, Tx *tx, int64_t org, Err *e)
{
    Rows *r;
    Facts *facts = tx_owner(tx);
    if (!renumber_own(tx, e)
        || !store_rows(&r, tx, "node_get", BIND(bind_int(facts->region), bind_int(org)), e))
        return false;
    *found = rows_next(r);
    if (*found)
        *out = node_of_row(r);
    return rows_close(r, e);
}

bool fact_node(FactNode *out, Tx *tx, int64_t org, Err *e)
{
    bool found;
    FactNode n;
    if (!node_get(&n, &found, tx, org, e))
        return false;
    if (!found)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", org));
    *out = n;
    return true;
}

bool fact_below(bool *out, Tx *tx, int64_t org, int64_t top, Err *e)
{
    bool found_org, found_top;
    FactNode o, t;
    if (!node_get(&o, &found_org, tx, org, e))
        return false;
    t = o, found_top = found_org;
    if (top != org && !node_get(&t, &found_top, tx, top, e))
        return false;
    *out = found_org && found_top && o.rank >= t.rank && o.rank <= t.last;
    return true;
}

bool fact_tree(FactNodes *out, Arena *a, Tx *tx, int64_t top, int levels, Err *e)
{
    Rows *r;
    Facts *facts = tx_owner(tx);
    FactNode t = { .rank = 0, .last = INT64_MAX, .depth = 0 };
    FactNodes list = { .n = 0 };
    size_t cap = 0;
    bool ok = true;
    if (top ? !fact_node(&t, tx, top, e) : !renumber_own(tx, e))
        return false;
    int64_t deepest = levels < 0 ? INT64_MAX : t.depth + levels;
    if (!store_rows(&r, tx, "node_range", BIND(bind_int(facts->region), bind_int(t.rank),
                                               bind_int(t.last), bind_int(deepest)), e))
        return false;
    while (ok && rows_next(r)) {
        ok = ARENA_PUSH(a, list.items, list.n, cap) || fact_no_memory(e);
        if (ok)
            list.items[list.n++] = node_of_row(r);
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
