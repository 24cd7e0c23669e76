/* Explaining: each node evaluated leaves its text and value below the one it is part of. */
#include "feel/feel_in.h"

/* A trace with the end of its list of parts, so that adding one takes no search. */
typedef struct Traced {
    FeelTrace t;
    FeelTrace *last;
    bool boxed;
} Traced;

static void hang(FeelRun *run, Traced *t)
{
    Traced *above = (Traced *)run->trace;
    run->n_traces++;
    if (above && above->last)
        above->last->next = &t->t;
    else if (above)
        above->t.first = &t->t;
    if (above)
        above->last = &t->t;
}

bool feel_traced(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelEvaluate evaluate,
                 FeelValue *out)
{
    FeelRun *run = v->run;
    Traced *above = (Traced *)run->trace;
    /* A box without a label, or around text that says the same, adds nothing. */
    bool silent = n->kind == NODE_LITERAL || n->text.n == 0 ||
                  (n->box == NULL && above && above->boxed && str_eq(above->t.text, n->text));
    if (silent || run->n_traces >= FEEL_EXPLAIN_MAX)
        return evaluate(v, n, s, out);
    Traced *t = ARENA_NEW(run->a, Traced);
    if (!t)
        return feel_eval_memory(v);
    t->t.text = n->text;
    t->boxed = n->box != NULL;
    hang(run, t);
    run->trace = &t->t;
    bool ok = evaluate(v, n, s, out);
    if (ok)
        t->t.value = *out;
    if (above)
        run->trace = &above->t;
    return ok;
}

bool feel_explain(FeelTrace **out, Arena *a, const FeelExpr *x, const FeelScope *scope,
                  FeelRun *run, Err *e)
{
    FeelValue value;
    FeelRun own = *run;
    own.explain = true;
    own.trace = NULL;
    own.n_traces = 0;
    Traced *root = ARENA_NEW(run->a, Traced);
    if (!root)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "公式"));
    root->t.text = x->source;
    own.trace = &root->t;
    bool ok = feel_eval(&value, a, x, scope, &own, e);
    own.explain = run->explain;
    own.trace = run->trace;
    own.n_traces = run->n_traces;
    *run = own;
    if (!ok)
        return false;
    root->t.value = value;
    /* The whole is its own only part, unless it is a literal: give the part. */
    *out = root->t.first ? root->t.first : &root->t;
    return true;
}

FeelTrace *feel_trace_open(FeelRun *run)
{
    Traced *root = ARENA_NEW(run->a, Traced);
    if (!root)
        return NULL;
    run->explain = true;
    run->trace = &root->t;
    run->n_traces = 0;
    return &root->t;
}

void feel_trace_step(FeelRun *run, Str text, FeelValue value)
{
    if (!run->explain || run->n_traces >= FEEL_EXPLAIN_MAX)
        return;
    Traced *t = ARENA_NEW(run->a, Traced);
    if (!t)
        return;
    t->t.text = text;
    t->t.value = value;
    hang(run, t);
}
