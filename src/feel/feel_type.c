/* The lattice of types: Any above all, Null below all. */
#include "feel/feel_in.h"

static const FeelType any = { .form = FEEL_TYPE_ANY };

#define PLAIN(k) [k] = { .form = FEEL_TYPE_PLAIN, .kind = k }
static const FeelType kinds[FEEL_KINDS] = {
    PLAIN(FEEL_NULL), PLAIN(FEEL_NUMBER), PLAIN(FEEL_STRING), PLAIN(FEEL_BOOLEAN),
    PLAIN(FEEL_DATE), PLAIN(FEEL_TIME), PLAIN(FEEL_DATE_TIME), PLAIN(FEEL_MONTHS),
    PLAIN(FEEL_DURATION),
    [FEEL_LIST] = { .form = FEEL_TYPE_LIST, .item = &any },
    [FEEL_CONTEXT] = { .form = FEEL_TYPE_CONTEXT, .open = true },
    [FEEL_RANGE] = { .form = FEEL_TYPE_RANGE, .item = &any },
    [FEEL_FUNCTION] = { .form = FEEL_TYPE_ANY },
};
#undef PLAIN

enum { DEPTH = 64, LISTS = 8 };

const FeelType *feel_type_any(void)
{
    return &any;
}

const FeelType *feel_type_of(FeelKind kind)
{
    return kind < FEEL_KINDS ? &kinds[kind] : &any;
}

static bool is_any(const FeelType *t)
{
    return !t || t->form == FEEL_TYPE_ANY;
}

static bool fits(const FeelType *narrow, const FeelType *wide, int depth);

static bool members_fit(const FeelType *narrow, const FeelType *wide, int depth)
{
    for (size_t i = 0; i < wide->n; i++) {
        const FeelTypeMember *w = &wide->members[i], *found = NULL;
        for (size_t j = 0; j < narrow->n && !found; j++)
            if (str_eq(narrow->members[j].name, w->name))
                found = &narrow->members[j];
        if (!found || !fits(found->type, w->type, depth))
            return false;
    }
    return true;
}

/* Parameters go the other way round: who takes more can stand for who takes less. */
static bool function_fits(const FeelType *narrow, const FeelType *wide, int depth)
{
    if (narrow->n != wide->n || !fits(narrow->item, wide->item, depth))
        return false;
    for (size_t i = 0; i < wide->n; i++)
        if (!fits(wide->members[i].type, narrow->members[i].type, depth))
            return false;
    return true;
}

static bool fits(const FeelType *narrow, const FeelType *wide, int depth)
{
    if (is_any(wide) || narrow == wide)
        return true;
    if (is_any(narrow) || depth > DEPTH)
        return false;
    if (narrow->form == FEEL_TYPE_PLAIN && narrow->kind == FEEL_NULL)
        return true;
    if (narrow->form != wide->form)
        return false;
    switch (wide->form) {
    case FEEL_TYPE_PLAIN:
        return narrow->kind == wide->kind;
    case FEEL_TYPE_LIST:
    case FEEL_TYPE_RANGE:
        return fits(narrow->item, wide->item, depth + 1);
    case FEEL_TYPE_CONTEXT:
        return members_fit(narrow, wide, depth + 1);
    default:
        return function_fits(narrow, wide, depth + 1);
    }
}

bool feel_type_fits(const FeelType *narrow, const FeelType *wide)
{
    return fits(narrow, wide, 0);
}

/* --- values --------------------------------------------------------------------------------- */
static bool holds(const FeelType *t, FeelValue v, int depth);

/* Shared lists in lists can have more leaves than can be visited: types that deep are cut off. */
static bool list_holds(const FeelType *t, FeelValue v, int depth)
{
    if (depth > LISTS)
        return false;
    for (size_t i = 0; i < v.list.n && !is_any(t->item); i++)
        if (v.list.items[i].kind != FEEL_NULL && !holds(t->item, v.list.items[i], depth))
            return false;
    return true;
}

/* A member that is null is of any type; one that is missing is of none. */
static bool context_holds(const FeelType *t, FeelValue v, int depth)
{
    for (size_t i = 0; i < t->n; i++) {
        const FeelValue *m = feel_member(&v, t->members[i].name);
        if (!m || (m->kind != FEEL_NULL && !is_any(t->members[i].type) &&
                   !holds(t->members[i].type, *m, depth)))
            return false;
    }
    return true;
}

static bool range_holds(const FeelType *t, const FeelRange *r, int depth)
{
    if (is_any(t->item))
        return true;
    return (r->low.kind == FEEL_NULL || holds(t->item, r->low, depth)) &&
           (r->high.kind == FEEL_NULL || holds(t->item, r->high, depth));
}

static FeelKind kind_named(Str name)
{
    for (size_t k = 0; k < FEEL_KINDS; k++)
        if (str_is(name, feel_kind_name((FeelKind)k)))
            return (FeelKind)k;
    return FEEL_KINDS;
}

static bool function_holds(const FeelType *t, const FeelFunction *f, int depth)
{
    if (f->row) {
        size_t least, most = feel_builtin_arity(f->row, &least);
        const FeelType *result = feel_type_of(kind_named(str_of(f->row->result)));
        return t->n >= least && t->n <= most && (is_any(result) || fits(result, t->item, depth));
    }
    if (t->n != f->n)
        return false;
    for (size_t i = 0; i < t->n; i++)
        if (f->types && !fits(t->members[i].type, f->types[i], depth))
            return false;
    return is_any(t->item) || fits(feel_check_body(f), t->item, depth);
}

static bool holds(const FeelType *t, FeelValue v, int depth)
{
    if (v.kind == FEEL_NULL)
        return !is_any(t) && t->form == FEEL_TYPE_PLAIN && t->kind == FEEL_NULL;
    if (is_any(t))
        return true;
    if (depth > DEPTH)
        return false;
    switch (t->form) {
    case FEEL_TYPE_PLAIN:
        return v.kind == t->kind;
    case FEEL_TYPE_LIST:
        return v.kind == FEEL_LIST && list_holds(t, v, depth + 1);
    case FEEL_TYPE_RANGE:
        return v.kind == FEEL_RANGE && range_holds(t, v.range, depth + 1);
    case FEEL_TYPE_CONTEXT:
        return v.kind == FEEL_CONTEXT && context_holds(t, v, depth + 1);
    default:
        return v.kind == FEEL_FUNCTION && function_holds(t, v.function, depth + 1);
    }
}

bool feel_type_is(const FeelType *type, FeelValue v)
{
    return holds(type, v, 0);
}

/* --- printing ------------------------------------------------------------------------------- */
static void print(Buf *b, const FeelType *t, int depth)
{
    if (is_any(t) || depth > DEPTH) {
        buf_put(b, STRC("Any"));
        return;
    }
    if (t->name.n) {
        buf_put(b, t->name);
        return;
    }
    if (t->form == FEEL_TYPE_PLAIN) {
        buf_put(b, t->kind == FEEL_NULL ? STRC("Null") : str_of(feel_kind_name(t->kind)));
        return;
    }
    if (t->form == FEEL_TYPE_LIST || t->form == FEEL_TYPE_RANGE) {
        buf_put(b, t->form == FEEL_TYPE_LIST ? STRC("list<") : STRC("range<"));
        print(b, t->item, depth + 1);
        buf_putc(b, '>');
        return;
    }
    bool context = t->form == FEEL_TYPE_CONTEXT;
    if (context && t->n == 0) {
        buf_put(b, STRC("context"));
        return;
    }
    buf_put(b, context ? STRC("context<") : STRC("function<"));
    for (size_t i = 0; i < t->n; i++) {
        if (i)
            buf_put(b, STRC(", "));
        if (context)
            buf_fmt(b, "%.*s: ", STR(t->members[i].name));
        print(b, t->members[i].type, depth + 1);
    }
    buf_putc(b, '>');
    if (!context) {
        buf_put(b, STRC(" -> "));
        print(b, t->item, depth + 1);
    }
}

Str feel_type_print(Arena *a, const FeelType *type)
{
    Buf b = buf_open(FEEL_STRING_MAX);
    print(&b, type, 0);
    Str out = b.failed ? STRC("") : arena_str(a, buf_str(&b));
    buf_close(&b);
    return out;
}
