/* Calls: functions of expressions, built-ins, functions that the caller carries out. */
#include "feel/feel_in.h"

static bool bad_call(FeelEval *v, const FeelNode *at, FeelValue *out, const char *why)
{
    Str name = STRC("function");
    if (at && at->kind == NODE_CALL) {
        const FeelNode *callee = at->kids[0];
        while (callee->kind == NODE_TYPED)
            callee = callee->kids[0];
        name = callee->text;
    }
    return feel_diag(v, at, out, ERR_FEEL_ARGUMENT, err_hole("name", name), err_hole("why", why));
}

static bool call_native(FeelEval *v, const FeelFunction *f, const FeelEntry *entries,
                        FeelValue *out)
{
    FeelValue *args = ARENA_ARRAY(v->a, FeelValue, f->n);
    if (!args)
        return feel_eval_memory(v);
    for (size_t i = 0; i < f->n; i++)
        args[i] = entries[i].value;
    if (v->run->depth >= FEEL_EVAL_DEPTH_MAX)
        return feel_eval_stop(v, NULL, ERR_FEEL_DEPTH);
    v->run->depth++;
    bool ok = f->call(f->ctx, out, v->a, args, v->run, v->e);
    v->run->depth--;
    return ok;
}

static bool call_lambda(FeelEval *v, const FeelNode *at, const FeelFunction *f,
                        const FeelValue *args, const Str *names, size_t n, FeelValue *out)
{
    FeelEntry *entries = ARENA_ARRAY(v->a, FeelEntry, f->n);
    FeelScope *frame = ARENA_NEW(v->a, FeelScope);
    if (!entries || !frame)
        return feel_eval_memory(v);
    if (n != f->n)
        return bad_call(v, at, out, "参数个数不对");
    for (size_t i = 0; i < f->n; i++) {
        size_t from = i;
        for (from = 0; names && from < n && !str_eq(names[from], f->params[i]);)
            from++;
        from = names ? from : i;
        if (from >= n)
            return bad_call(v, at, out, "没有这个名称的参数");
        entries[i] = (FeelEntry){ f->params[i], args[from] };
        if (f->types && !feel_coerce(&entries[i].value, v->a, args[from], f->types[i]))
            return bad_call(v, at, out, "参数类型不对");
    }
    if (f->call)
        return call_native(v, f, entries, out);
    *frame = (FeelScope){ f->scope, entries, f->n };
    return feel_eval_node(v, f->body, frame, out);
}

static bool call_value(FeelEval *v, const FeelNode *at, FeelValue f, const FeelValue *args,
                       const Str *names, size_t n, FeelValue *out)
{
    if (f.kind != FEEL_FUNCTION)
        return feel_diag(v, at, out, ERR_FEEL_OPERAND, err_hole("want", "function"),
                         err_hole("found", feel_kind_name(f.kind)));
    if (f.function->row)
        return feel_builtin_call(v, at, f.function->row, args, names, n, out);
    return call_lambda(v, at, f.function, args, names, n, out);
}

bool feel_eval_call(FeelEval *v, const FeelNode *at, FeelValue f, const FeelValue *args, size_t n,
                    FeelValue *out)
{
    return call_value(v, at, f, args, NULL, n, out);
}

bool feel_eval_invocation(FeelEval *v, const FeelNode *n, const FeelScope *s, FeelValue *out)
{
    size_t count = n->n - 1;
    FeelValue f = feel_null(), few[4], *args = few;
    const FeelNode *callee = n->kids[0];
    const FeelBuiltin *row = NULL;
    if (callee->kind == NODE_NAME && !feel_lookup(s, callee->name))
        row = callee->row;
    if (!row && !feel_eval_node(v, n->kids[0], s, &f))
        return false;
    /* Built-ins with a variable number of arguments make a list of them, which may outlive us. */
    if (count > 4 || (row && row->variadic) || !row)
        args = ARENA_ARRAY(v->a, FeelValue, count);
    else if (row)
        for (const FeelBuiltin *r = row; feel_builtin_next(&r);)
            if (r->variadic && !(args = ARENA_ARRAY(v->a, FeelValue, count)))
                break;
    if (!args)
        return feel_eval_memory(v);
    for (size_t i = 0; i < count; i++)
        if (!feel_eval_node(v, n->kids[i + 1], s, &args[i]))
            return false;
    const Str *names = n->n_names ? n->names : NULL;
    return row ? feel_builtin_call(v, n, row, args, names, count, out)
               : call_value(v, n, f, args, names, count, out);
}

/* --- the doors ------------------------------------------------------------------------------ */
bool feel_call_named(FeelValue *out, Arena *a, FeelValue function, const Str *names,
                     const FeelValue *args, size_t n, FeelRun *run, Err *e)
{
    FeelEval v = { a, run, e };
    FeelValue got;
    bool was_refused = arena_refused(a);
    if (!call_value(&v, NULL, function, args, names, n, &got) || feel_eval_spent(&v, was_refused))
        return false;
    *out = got;
    return true;
}

bool feel_call(FeelValue *out, Arena *a, FeelValue function, const FeelValue *args, size_t n,
               FeelRun *run, Err *e)
{
    return feel_call_named(out, a, function, NULL, args, n, run, e);
}
