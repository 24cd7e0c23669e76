/* Taking an expression apart into plain tests, and running them. The answers are those of
 * feel_eval: feel_tests_test.c asks both. */
#include "feel/tests.h"
#include "feel/feel_in.h"

typedef struct Taking {
    Arena *a;
    FeelFind find;
    void *arg;
} Taking;

/* The path that a chain of members spells; empty when it is no such chain. */
static Str path_text(Arena *a, const FeelNode *n)
{
    if (n->kind == NODE_NAME)
        return n->name;
    if (n->kind != NODE_PATH)
        return (Str){ 0 };
    Str head = path_text(a, n->kids[0]);
    return head.n ? arena_text(a, "%.*s.%.*s", STR(head), STR(n->name)) : head;
}

static bool scalar(FeelValue v)
{
    return v.kind != FEEL_LIST && v.kind != FEEL_CONTEXT && v.kind != FEEL_RANGE &&
           v.kind != FEEL_FUNCTION;
}

/* date("2026-01-01"), unless a name of the scope hides the function. */
static bool day_call(Taking *t, const FeelNode *n, FeelValue *out)
{
    if (n->n != 2 || n->n_names || n->kids[0]->kind != NODE_NAME || !n->kids[0]->row ||
        !str_is(n->kids[0]->name, "date") || t->find(t->arg, n->kids[0]->name, true) >= 0)
        return false;
    const FeelNode *text = n->kids[1];
    return text->kind == NODE_LITERAL && text->value.kind == FEEL_STRING &&
           feel_date_read(out, text->value.string);
}

static bool constant(Taking *t, const FeelNode *n, FeelValue *out)
{
    switch (n->kind) {
    case NODE_LITERAL:
        *out = n->value;
        return scalar(*out);
    case NODE_NEGATE:
        if (!constant(t, n->kids[0], out) || out->kind != FEEL_NUMBER)
            return false;
        out->number = dec_neg(out->number);
        return true;
    case NODE_CALL:
        return day_call(t, n, out);
    default:
        return false;
    }
}

static bool slot_of(Taking *t, const FeelNode *n, bool null_only, FeelTerm *out)
{
    Str path = path_text(t->a, n);
    out->slot = path.n ? t->find(t->arg, path, null_only) : -1;
    return out->slot >= 0;
}

static bool term(Taking *t, const FeelNode *n, bool null_only, FeelTerm *out)
{
    if (slot_of(t, n, null_only, out))
        return true;
    out->slot = -1;
    return constant(t, n, &out->value);
}

static FeelTest *new_test(Taking *t, FeelTestKind kind, size_t n)
{
    FeelTest *x = ARENA_NEW(t->a, FeelTest);
    if (!x || !(x->kids = ARENA_ARRAY(t->a, const FeelTest *, n)))
        return NULL;
    x->kind = kind;
    x->left.slot = x->right.slot = -1;
    return x;
}

static FeelTest *compare(Taking *t, FeelTestKind kind, FeelTerm left, FeelValue right)
{
    FeelTest *x = new_test(t, kind, 0);
    if (x) {
        x->left = left;
        x->right.value = right;
    }
    return x;
}

static FeelTest *joined(Taking *t, FeelTestKind kind, FeelTest *l, FeelTest *r)
{
    FeelTest *x = l && r ? new_test(t, kind, 2) : NULL;
    if (x) {
        x->kids[x->n++] = l;
        x->kids[x->n++] = r;
    }
    return x;
}

/* low <= left <= high, the ends included or not. */
static FeelTest *within(Taking *t, FeelTerm left, FeelValue low, bool low_in, FeelValue high,
                        bool high_in)
{
    int order;
    if (!feel_compare(&order, low, high) || order > 0)
        return NULL;
    return joined(t, FEEL_TEST_AND,
                  compare(t, low_in ? FEEL_TEST_GE : FEEL_TEST_GT, left, low),
                  compare(t, high_in ? FEEL_TEST_LE : FEEL_TEST_LT, left, high));
}

static FeelTest *among(Taking *t, FeelTerm left, const FeelNode *list)
{
    FeelTest *x = new_test(t, FEEL_TEST_AMONG, 0);
    FeelValue *items = ARENA_ARRAY(t->a, FeelValue, list->n);
    if (!x || !items)
        return NULL;
    for (size_t i = 0; i < list->n; i++)
        if (!constant(t, list->kids[i], &items[i]))
            return NULL;
    x->left = left;
    x->items = items;
    x->n_items = list->n;
    return x;
}

/* One test after `in`. */
static FeelTest *one_of(Taking *t, FeelTerm left, const FeelNode *n)
{
    static const FeelTestKind kinds[] = { FEEL_TEST_EQ, FEEL_TEST_NE, FEEL_TEST_LT,
                                          FEEL_TEST_LE, FEEL_TEST_GT, FEEL_TEST_GE };
    FeelValue low, high;
    switch (n->kind) {
    case NODE_LIST:
        return among(t, left, n);
    case NODE_RANGE:
        return constant(t, n->kids[0], &low) && constant(t, n->kids[1], &high)
                   ? within(t, left, low, n->low_in, high, n->high_in)
                   : NULL;
    case NODE_COMPARED:
        if (!constant(t, n->kids[0], &low) || low.kind == FEEL_NULL || low.kind == FEEL_BOOLEAN)
            return NULL;
        return compare(t, kinds[n->op - T_EQ], left, low);
    default:
        return constant(t, n, &low) ? compare(t, FEEL_TEST_EQ, left, low) : NULL;
    }
}

static FeelTest *take(Taking *t, const FeelNode *n, int depth);

static FeelTest *take_in(Taking *t, const FeelNode *n)
{
    FeelTerm left;
    FeelTest *all = slot_of(t, n->kids[0], false, &left) ? new_test(t, FEEL_TEST_OR, n->n) : NULL;
    for (size_t i = 1; all && i < n->n; i++) {
        FeelTest *one = one_of(t, left, n->kids[i]);
        if (!one)
            return NULL;
        all->kids[all->n++] = one;
    }
    return all;
}

static FeelTest *take_between(Taking *t, const FeelNode *n)
{
    FeelTerm left;
    FeelValue low, high;
    return slot_of(t, n->kids[0], false, &left) && constant(t, n->kids[1], &low) &&
                   constant(t, n->kids[2], &high)
               ? within(t, left, low, true, high, true)
               : NULL;
}

static bool is_null(const FeelNode *n)
{
    return n->kind == NODE_LITERAL && n->value.kind == FEEL_NULL;
}

static FeelTest *take_binary(Taking *t, const FeelNode *n, int depth)
{
    if (n->op == T_AND || n->op == T_OR)
        return joined(t, n->op == T_AND ? FEEL_TEST_AND : FEEL_TEST_OR,
                      take(t, n->kids[0], depth + 1), take(t, n->kids[1], depth + 1));
    if (n->op < T_EQ || n->op > T_GE)
        return NULL;
    FeelTest *x = new_test(t, FEEL_TEST_EQ + (FeelTestKind)(n->op - T_EQ), 0);
    bool equal = n->op == T_EQ || n->op == T_NE;
    return x && term(t, n->kids[0], equal && is_null(n->kids[1]), &x->left) &&
                   term(t, n->kids[1], equal && is_null(n->kids[0]), &x->right)
               ? x
               : NULL;
}

static FeelTest *take_not(Taking *t, const FeelNode *n, int depth)
{
    if (n->n != 2 || n->n_names || n->kids[0]->kind != NODE_NAME || !n->kids[0]->row ||
        !str_is(n->kids[0]->name, "not") || t->find(t->arg, n->kids[0]->name, true) >= 0)
        return NULL;
    FeelTest *kid = take(t, n->kids[1], depth + 1), *x = new_test(t, FEEL_TEST_NOT, 1);
    if (!kid || !x)
        return NULL;
    x->kids[x->n++] = kid;
    return x;
}

static FeelTest *take(Taking *t, const FeelNode *n, int depth)
{
    if (depth > FEEL_TESTS_DEPTH_MAX)
        return NULL;
    switch (n->kind) {
    case NODE_BINARY:
        return take_binary(t, n, depth);
    case NODE_IN:
        return take_in(t, n);
    case NODE_BETWEEN:
        return take_between(t, n);
    case NODE_CALL:
        return take_not(t, n, depth);
    default: {
        FeelTest *x = new_test(t, FEEL_TEST_IS, 0);
        return x && term(t, n, false, &x->left) ? x : NULL;
    }
    }
}

bool feel_tests(FeelTest **out, Arena *a, const FeelExpr *x, FeelFind find, void *arg)
{
    Taking t = { a, find, arg };
    FeelTest *got = take(&t, x->root, 0);
    if (got)
        *out = got;
    return got != NULL;
}

/* --- running ---------------------------------------------------------------------------------- */
/* feel_equal, with what is asked most often answered at once. */
static int equal(const FeelValue *l, const FeelValue *r)
{
    if (l->kind == FEEL_STRING && r->kind == FEEL_STRING)
        return str_eq(l->string, r->string);
    if (l->kind == FEEL_NULL || r->kind == FEEL_NULL)
        return l->kind == r->kind;
    return feel_equal(*l, *r);
}

static int in_order(FeelTestKind kind, FeelValue l, FeelValue r)
{
    int order;
    if (kind == FEEL_TEST_EQ || kind == FEEL_TEST_NE) {
        int same = equal(&l, &r);
        return same < 0 ? -1 : same == (kind == FEEL_TEST_EQ);
    }
    if (!feel_compare(&order, l, r))
        return -1;
    switch (kind) {
    case FEEL_TEST_LT:
        return order < 0;
    case FEEL_TEST_LE:
        return order <= 0;
    case FEEL_TEST_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

static int held_by_kids(const FeelTest *t, FeelRead read, void *arg)
{
    int decides = t->kind == FEEL_TEST_OR, answer = !decides;
    for (size_t i = 0; i < t->n; i++) {
        int one = feel_tests_hold(t->kids[i], read, arg);
        if (one == decides || one == -2)
            return one;
        if (one < 0)
            answer = -1;
    }
    return answer;
}

int feel_tests_hold(const FeelTest *t, FeelRead read, void *arg)
{
    FeelValue l = t->left.value, r = t->right.value;
    if (t->kind == FEEL_TEST_AND || t->kind == FEEL_TEST_OR)
        return held_by_kids(t, read, arg);
    if (t->kind == FEEL_TEST_NOT) {
        int one = feel_tests_hold(t->kids[0], read, arg);
        return one < 0 ? one : !one;
    }
    if ((t->left.slot >= 0 && !read(arg, t->left.slot, &l)) ||
        (t->right.slot >= 0 && !read(arg, t->right.slot, &r)))
        return -2;
    if (t->kind == FEEL_TEST_IS)
        return l.kind == FEEL_BOOLEAN ? l.boolean : -1;
    if (t->kind != FEEL_TEST_AMONG)
        return in_order(t->kind, l, r);
    for (size_t i = 0; i < t->n_items; i++)
        if (equal(&l, &t->items[i]) == 1)
            return 1;
    return 0;
}
