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

enum { DEPTH = 64, LISTS = 8, ALLOW_BYTES_MAX = 1 << 20, ALLOW_WORK_MAX = 100000 };

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
/* Instance of looks at the form alone. A value that is given a type must also pass the tests of
 * its allowed values, and a function whose result cannot be seen beforehand is trusted. */
typedef struct Mode {
    int depth;
    bool allowed;
} Mode;

static Mode deeper(Mode m)
{
    m.depth++;
    return m;
}

static bool holds(const FeelType *t, FeelValue v, Mode m);

/* Shared lists in lists can have more leaves than can be visited: types that deep are cut off. */
static bool list_holds(const FeelType *t, FeelValue v, Mode m)
{
    if (m.depth > LISTS)
        return false;
    bool free = is_any(t->item) && !(t->item && (t->item->allowed || t->item->base));
    for (size_t i = 0; i < v.list.n && !free; i++)
        if (v.list.items[i].kind != FEEL_NULL && !holds(t->item, v.list.items[i], m))
            return false;
    return true;
}

/* A member that is null is of any type; one that is missing is of none. */
static bool context_holds(const FeelType *t, FeelValue v, Mode m)
{
    for (size_t i = 0; i < t->n; i++) {
        const FeelValue *one = feel_member(&v, t->members[i].name);
        if (!one || (one->kind != FEEL_NULL && !holds(t->members[i].type, *one, m)))
            return false;
    }
    return true;
}

static bool range_holds(const FeelType *t, const FeelRange *r, Mode m)
{
    if (is_any(t->item))
        return true;
    return (r->low.kind == FEEL_NULL || holds(t->item, r->low, m)) &&
           (r->high.kind == FEEL_NULL || holds(t->item, r->high, m));
}

static FeelKind kind_named(Str name)
{
    for (size_t k = 0; k < FEEL_KINDS; k++)
        if (str_is(name, feel_kind_name((FeelKind)k)))
            return (FeelKind)k;
    return FEEL_KINDS;
}

static bool function_holds(const FeelType *t, const FeelFunction *f, Mode m)
{
    if (f->call)
        return t->n == f->n;
    if (f->row) {
        size_t least, most = feel_builtin_arity(f->row, &least);
        const FeelType *result = feel_type_of(kind_named(str_of(f->row->result)));
        return t->n >= least && t->n <= most && (is_any(result) || fits(result, t->item, m.depth));
    }
    if (t->n != f->n)
        return false;
    for (size_t i = 0; i < t->n; i++)
        if (f->types && !fits(t->members[i].type, f->types[i], m.depth))
            return false;
    const FeelType *body = is_any(t->item) ? t->item : feel_check_body(f);
    return is_any(t->item) || (m.allowed && is_any(body)) || fits(body, t->item, m.depth);
}

/* Tests of allowed values see the value alone, so they need no scope and little work. */
static bool allows(const FeelType *t, FeelValue v)
{
    Arena *a = arena_open(ALLOW_BYTES_MAX);
    if (!a)
        return false;
    FeelEntry input = { S("?"), v };
    FeelScope scope = { NULL, &input, 1 };
    FeelRun run = feel_run(a, 0);
    FeelValue got;
    Err e = { 0 };
    run.work = ALLOW_WORK_MAX;
    bool ok = feel_eval(&got, a, t->allowed, &scope, &run, &e) && got.kind == FEEL_BOOLEAN &&
              got.boolean;
    arena_close(a);
    return ok;
}

static bool form_holds(const FeelType *t, FeelValue v, Mode m);

static bool holds(const FeelType *t, FeelValue v, Mode m)
{
    if (v.kind == FEEL_NULL)
        return !is_any(t) && t->form == FEEL_TYPE_PLAIN && t->kind == FEEL_NULL;
    if (m.depth > DEPTH)
        return false;
    if (!t || (t->base && !holds(t->base, v, deeper(m))))
        return !t;
    return (is_any(t) || form_holds(t, v, m)) && (!m.allowed || !t->allowed || allows(t, v));
}

static bool form_holds(const FeelType *t, FeelValue v, Mode m)
{
    switch (t->form) {
    case FEEL_TYPE_PLAIN:
        return v.kind == t->kind;
    case FEEL_TYPE_LIST:
        return v.kind == FEEL_LIST && list_holds(t, v, deeper(m));
    case FEEL_TYPE_RANGE:
        return v.kind == FEEL_RANGE && range_holds(t, v.range, deeper(m));
    case FEEL_TYPE_CONTEXT:
        return v.kind == FEEL_CONTEXT && context_holds(t, v, deeper(m));
    default:
        return v.kind == FEEL_FUNCTION && function_holds(t, v.function, deeper(m));
    }
}

bool feel_type_is(const FeelType *type, FeelValue v)
{
    return holds(type, v, (Mode){ 0, false });
}

bool feel_type_allows(const FeelType *type, FeelValue v)
{
    return holds(type, v, (Mode){ 0, true });
}

bool feel_coerce(FeelValue *out, Arena *a, FeelValue v, const FeelType *type)
{
    FeelValue *one = ARENA_NEW(a, FeelValue);
    if (!one)
        return false;
    if (v.kind == FEEL_NULL || !type || feel_type_allows(type, v)) {
        *out = v;
        return true;
    }
    *one = v;
    if (v.kind == FEEL_LIST && v.list.n == 1)
        v = v.list.items[0];
    else if (type->form == FEEL_TYPE_LIST && v.kind != FEEL_LIST)
        v = feel_list(one, 1);
    else if (v.kind == FEEL_DATE)
        v = feel_make_date_time(v.day, 0, feel_zone_offset(a, 0));
    if (v.kind == FEEL_NULL || !feel_type_allows(type, v))
        return false;
    *out = v;
    return true;
}

/* Of a list the first item speaks for all, unless another is of a different kind. */
static const FeelType *seen(Arena *a, FeelValue v, int depth)
{
    FeelType *t = ARENA_NEW(a, FeelType);
    if (!t || depth > LISTS || v.kind == FEEL_NULL)
        return &any;
    if (v.kind == FEEL_LIST) {
        bool alike = v.list.n > 0;
        for (size_t i = 1; i < v.list.n; i++)
            alike &= v.list.items[i].kind == v.list.items[0].kind;
        alike &= v.list.n > 0 && (v.list.n == 1 || v.list.items[0].kind != FEEL_CONTEXT);
        *t = (FeelType){ .form = FEEL_TYPE_LIST,
                         .item = alike ? seen(a, v.list.items[0], depth + 1) : &any };
        return t;
    }
    if (v.kind != FEEL_CONTEXT)
        return feel_type_of(v.kind);
    FeelTypeMember *members = ARENA_ARRAY(a, FeelTypeMember, v.context.n);
    for (size_t i = 0; members && i < v.context.n; i++) {
        members[i].name = v.context.entries[i].name;
        members[i].type = seen(a, v.context.entries[i].value, depth + 1);
    }
    *t = (FeelType){ .form = FEEL_TYPE_CONTEXT, .members = members,
                     .n = members ? v.context.n : 0, .open = !members };
    return t;
}

const FeelType *feel_type_seen(Arena *a, FeelValue v)
{
    return seen(a, v, 0);
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
