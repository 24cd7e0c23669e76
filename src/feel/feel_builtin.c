/* The table of built-ins and how arguments find their parameters. A built-in is one row; rows of
 * one name that follow each other are its signatures, tried in order. */
#include "feel/feel_in.h"

static size_t group_count(void)
{
    return 6;
}

static FeelBuiltinGroup group_at(size_t i)
{
    switch (i) {
    case 0:
        return feel_builtin_times();
    case 1:
        return feel_builtin_strings();
    case 2:
        return feel_builtin_lists();
    case 3:
        return feel_builtin_numbers();
    case 4:
        return feel_builtin_ranges();
    default:
        return feel_builtin_contexts();
    }
}

const FeelBuiltin *feel_builtin_row(size_t i)
{
    for (size_t g = 0; g < group_count(); g++) {
        FeelBuiltinGroup group = group_at(g);
        if (i < group.n)
            return &group.rows[i];
        i -= group.n;
    }
    return NULL;
}

const FeelBuiltin *feel_builtin_find(Str name)
{
    for (size_t g = 0; g < group_count(); g++) {
        FeelBuiltinGroup group = group_at(g);
        for (size_t i = 0; i < group.n; i++)
            if (str_is(name, group.rows[i].name))
                return &group.rows[i];
    }
    return NULL;
}

bool feel_builtin_next(const FeelBuiltin **row)
{
    const FeelBuiltin *next = *row + 1; /* every group ends with a row without a name */
    if (!next->name || !str_is(str_of((*row)->name), next->name))
        return false;
    *row = next;
    return true;
}

static size_t param_count(const FeelBuiltin *row)
{
    size_t n = 0;
    while (n < FEEL_ARGS_MAX && row->params[n].name)
        n++;
    return n;
}

size_t feel_builtin_arity(const FeelBuiltin *row, size_t *least)
{
    size_t n = param_count(row);
    *least = n;
    while (*least && row->params[*least - 1].optional)
        --*least;
    return row->variadic ? SIZE_MAX : n;
}

/* --- arguments ------------------------------------------------------------------------------ */
/* Fits as it is, unwrapped from a list of one, or wrapped into one. */
static bool coerce(FeelEval *v, FeelValue *arg, unsigned kinds, bool *memory)
{
    if (kinds & FEEL_BIT(arg->kind))
        return true;
    if (arg->kind == FEEL_LIST && arg->list.n == 1 &&
        (kinds & FEEL_BIT(arg->list.items[0].kind))) {
        *arg = arg->list.items[0];
        return true;
    }
    if (!(kinds & M_LIST) || arg->kind == FEEL_NULL)
        return false;
    FeelValue *one = ARENA_NEW(v->a, FeelValue);
    *memory = one != NULL;
    if (!one)
        return false;
    *one = *arg;
    *arg = feel_list(one, 1);
    return true;
}

static size_t param_named(const FeelBuiltin *row, Str name)
{
    size_t n = param_count(row);
    for (size_t i = 0; i < n; i++)
        if (str_is(name, row->params[i].name))
            return i;
    return n;
}

/* Puts arguments where their parameters are; returns why not, or NULL. */
static const char *place(FeelCall *c, const FeelValue *args, const Str *names, size_t n)
{
    size_t count = param_count(c->row), last = count ? count - 1 : 0;
    if (!names && n > count && !c->row->variadic)
        return "参数太多";
    if (c->row->variadic && !names) {
        c->rest = args + (n < last ? n : last);
        c->n_rest = n < last ? 0 : n - last;
    }
    for (size_t i = 0; i < n && (names || i < count); i++) {
        size_t to = names ? param_named(c->row, names[i]) : i;
        if (to >= count || c->given[to])
            return "没有这个名称的参数";
        c->args[to] = args[i];
        c->given[to] = true;
        if (c->row->variadic && names && to == last) {
            c->rest = &args[i];
            c->n_rest = 1;
        }
    }
    return NULL;
}

static const char *bind(FeelCall *c, const FeelValue *args, const Str *names, size_t n,
                        bool *memory)
{
    const char *why = place(c, args, names, n);
    size_t count = param_count(c->row);
    for (size_t i = 0; !why && i < count; i++) {
        const FeelParam *p = &c->row->params[i];
        if (c->given[i] && p->optional && c->args[i].kind == FEEL_NULL && !(p->kinds & M_NULL))
            c->given[i] = false;
        if (!c->given[i] && !p->optional)
            return "缺少参数";
        if (c->given[i] && !coerce(c->v, &c->args[i], p->kinds, memory))
            return "参数类型不对";
    }
    return why;
}

bool feel_fail(FeelCall *c, FeelValue *out, const char *why)
{
    if (arena_refused(c->v->a))
        return feel_eval_memory(c->v);
    return feel_diag(c->v, c->at, out, ERR_FEEL_ARGUMENT, err_hole("name", c->row->name),
                     err_hole("why", why));
}

bool feel_builtin_call(FeelEval *v, const FeelNode *at, const FeelBuiltin *row,
                       const FeelValue *args, const Str *names, size_t n, FeelValue *out)
{
    FeelCall c;
    const char *why;
    size_t cost = 0;
    for (size_t i = 0; i < n; i++)
        cost += feel_eval_cost(args[i]);
    if (!feel_eval_work(v, at, cost))
        return false;
    do {
        bool memory = true;
        c = (FeelCall){ .v = v, .at = at, .row = row };
        why = bind(&c, args, names, n, &memory);
        if (!memory)
            return feel_eval_memory(v);
        if (!why)
            return row->run(&c, out);
    } while (feel_builtin_next(&row));
    return feel_fail(&c, out, why);
}

/* --- the list for people -------------------------------------------------------------------- */
static void print_kinds(Buf *b, unsigned kinds)
{
    bool first = true;
    if ((kinds | M_NULL) == M_ANY) {
        buf_put(b, STRC("Any"));
        return;
    }
    for (unsigned k = FEEL_NULL + 1; k < FEEL_KINDS; k++)
        if (kinds & FEEL_BIT(k)) {
            buf_fmt(b, first ? "%s" : " | %s", feel_kind_name((FeelKind)k));
            first = false;
        }
}

unsigned feel_builtin_kinds(const FeelBuiltin *row, size_t i)
{
    size_t n = param_count(row);
    if (i < n)
        return row->params[i].kinds;
    return row->variadic && n ? row->params[n - 1].kinds : 0;
}

size_t feel_builtin_param(const FeelBuiltin *row, Str name)
{
    size_t i = param_named(row, name);
    return i < param_count(row) ? i : SIZE_MAX;
}

Str feel_builtin_kind_names(Arena *a, unsigned kinds)
{
    Buf b = buf_open(4096);
    print_kinds(&b, kinds);
    Str names = arena_str(a, buf_str(&b));
    buf_close(&b);
    return names;
}

bool feel_builtin_at(FeelBuiltinInfo *out, Arena *a, size_t i)
{
    const FeelBuiltin *row = feel_builtin_row(i);
    if (!row)
        return false;
    Buf b = buf_open(4096);
    buf_fmt(&b, "%s(", row->name);
    for (size_t k = 0; k < param_count(row); k++) {
        buf_fmt(&b, "%s%s%s: ", k ? ", " : "", row->params[k].name,
                row->params[k].optional ? "?" : "");
        print_kinds(&b, row->params[k].kinds);
    }
    buf_fmt(&b, "%s): %s", row->variadic ? ", ..." : "", row->result);
    out->name = str_of(row->name);
    out->signature = arena_str(a, buf_str(&b));
    buf_close(&b);
    return true;
}
