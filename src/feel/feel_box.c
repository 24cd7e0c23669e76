/* Boxes: nodes made from parts instead of text, what they add to evaluation, and functions that
 * the caller carries out. */
#include "feel/feel_in.h"

enum { SHOWN_MAX = 80 };

static const FeelNodeKind kinds[] = {
    [FEEL_BOX_LIST] = NODE_LIST,     [FEEL_BOX_CONTEXT] = NODE_CONTEXT,
    [FEEL_BOX_CALL] = NODE_CALL,     [FEEL_BOX_FUNCTION] = NODE_LAMBDA,
    [FEEL_BOX_IF] = NODE_IF,         [FEEL_BOX_FILTER] = NODE_FILTER,
    [FEEL_BOX_FOR] = NODE_FOR,       [FEEL_BOX_SOME] = NODE_SOME,
    [FEEL_BOX_EVERY] = NODE_EVERY,   [FEEL_BOX_TYPED] = NODE_TYPED,
    [FEEL_BOX_FAULT] = NODE_FAULT,   [FEEL_BOX_OUTSIDE] = NODE_OUTSIDE,
};

static bool is_loop(FeelBoxForm f)
{
    return f == FEEL_BOX_FOR || f == FEEL_BOX_SOME || f == FEEL_BOX_EVERY;
}

/* A loop's kids are low, high and body: a box iterates over one list, so high is empty. */
static bool hang_kids(Arena *a, FeelNode *n, const FeelBox *box, Err *e)
{
    bool loop = is_loop(box->form);
    n->n = box->n + loop;
    n->kids = ARENA_ARRAY(a, FeelNode *, n->n);
    n->names = ARENA_ARRAY(a, Str, box->n_names);
    n->types = ARENA_ARRAY(a, const FeelType *, box->n_names);
    if (!n->kids || !n->names || !n->types)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "公式"));
    n->n_names = box->n_names;
    for (size_t i = 0; i < box->n_names; i++) {
        n->names[i] = box->names[i];
        n->types[i] = box->types ? box->types[i] : NULL;
    }
    for (size_t i = 0; i < box->n; i++) {
        FeelNode *kid = box->kids[i]->root;
        n->kids[loop && i == 1 ? 2 : i] = kid;
        n->height = kid->height > n->height ? kid->height : n->height;
        n->has_lambda |= kid->has_lambda;
        n->asks_input |= kid->asks_input;
    }
    return true;
}

bool feel_box(FeelExpr **out, Arena *a, const FeelBox *box, Err *e)
{
    FeelExpr *x = ARENA_NEW(a, FeelExpr);
    FeelNode *n = ARENA_NEW(a, FeelNode);
    FeelBox *kept = ARENA_NEW(a, FeelBox);
    if (!x || !n || !kept)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "公式"));
    *kept = *box;
    x->source = kept->label = arena_str(a, box->label);
    x->root = n;
    n->kind = kinds[box->form];
    if (box->form == FEEL_BOX_CONTEXT && box->n > box->n_names)
        n->kind = NODE_RESULT;
    n->src = &x->source;
    n->text = x->source;
    n->box = kept;
    n->type = box->type;
    /* What an outside evaluates is not seen from here: it may make functions. */
    n->has_lambda = n->kind == NODE_LAMBDA || n->kind == NODE_OUTSIDE;
    if (!hang_kids(a, n, box, e))
        return false;
    if (++n->height > FEEL_DEPTH_MAX)
        return err_fail(e, ERR_FEEL_DEPTH, err_hole("line", box->line), err_hole("column", 1),
                        err_hole("max", FEEL_DEPTH_MAX));
    *out = x;
    return true;
}

/* --- evaluating ----------------------------------------------------------------------------- */
bool feel_eval_result(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    FeelScope *frame;
    bool twice;
    if (!feel_eval_entries(v, n, s, &frame, out, &twice))
        return false;
    return twice || feel_eval_node(v, n->kids[n->n - 1], frame, out);
}

static Str shown(Arena *a, FeelValue v)
{
    bool deep = v.kind == FEEL_LIST || v.kind == FEEL_CONTEXT;
    Str text = deep ? str_of(feel_kind_name(v.kind)) : feel_print(a, v);
    if (text.n <= SHOWN_MAX)
        return text;
    size_t n = SHOWN_MAX;
    while (n && ((unsigned char)text.p[n] & 0xC0) == 0x80)
        n--;
    return arena_text(a, "%.*s...", (int)n, text.p);
}

bool feel_eval_typed(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    FeelRun *run = v->run;
    FeelWhere here = { run->where, n->box->label, n->box->line };
    FeelValue got;
    if (here.line == 0 && here.above)
        here.line = here.above->line;
    run->where = &here;
    bool ok = feel_eval_node(v, n->kids[0], s, &got);
    if (ok && !feel_coerce(out, v->a, got, n->type))
        ok = arena_refused(v->a)
                 ? feel_eval_memory(v)
                 : feel_diag(v, n, out, ERR_FEEL_TYPED, err_hole("value", shown(v->a, got)),
                             err_hole("type", feel_type_print(v->a, n->type)));
    run->where = here.above;
    return ok;
}

bool feel_eval_fault(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    (void)s;
    FeelRun *run = v->run;
    size_t before = run->n_diags;
    if (!feel_diag_n(v, n, out, n->box->fault->code, NULL, 0))
        return false;
    if (run->n_diags > before)
        run->diags[before].whole = n->box->fault;
    return true;
}

bool feel_eval_outside(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    return n->box->outside(n->box->ctx, out, v->a, s, v->run, v->e);
}

/* --- functions of the caller ---------------------------------------------------------------- */
FeelValue feel_function(Arena *a, const FeelNative *native)
{
    FeelFunction *f = ARENA_NEW(a, FeelFunction);
    if (!f)
        return feel_null();
    *f = (FeelFunction){ .name = native->name, .params = native->params, .types = native->types,
                         .n = native->n, .call = native->call, .ctx = native->ctx };
    FeelValue v = { .kind = FEEL_FUNCTION };
    v.function = f;
    return v;
}

/* --- constants ------------------------------------------------------------------------------ */
typedef struct Literals {
    FeelEval v;
    FeelValue *items;
    size_t n, cap;
} Literals;

/* A built-in of constants is one too, but those that ask the clock. */
static bool is_constant(const FeelNode *n)
{
    if (n->kind == NODE_LITERAL)
        return true;
    if (n->kind != NODE_NEGATE && !(n->kind == NODE_CALL && n->kids[0]->row && n->n > 1))
        return false;
    for (size_t i = n->kind == NODE_CALL; i < n->n; i++)
        if (!is_constant(n->kids[i]))
            return false;
    return true;
}

static bool collect(Literals *l, const FeelNode *n)
{
    if (is_constant(n)) {
        if (!ARENA_PUSH(l->v.a, l->items, l->n, l->cap))
            return feel_eval_memory(&l->v);
        return feel_eval_node(&l->v, n, NULL, &l->items[l->n++]);
    }
    for (size_t i = 0; i < n->n; i++)
        if (n->kids[i] && !collect(l, n->kids[i]))
            return false;
    return true;
}

bool feel_literals(FeelValue **out, size_t *n, Arena *a, const FeelExpr *x, Err *e)
{
    FeelRun run = feel_run(a, 0);
    Literals l = { .v = { a, &run, e } };
    if (!collect(&l, x->root))
        return false;
    *out = l.items;
    *n = l.n;
    return true;
}
