/* What can be seen of an expression without evaluating it: its free names, unknown members, and
 * operands that can never go together. Where a type cannot be known it is Any, and Any is let
 * through: a refusal is always right, a pass is no promise. */
#include "feel/feel_in.h"

#include <stdlib.h>
#include <string.h>

typedef struct Frame {
    const struct Frame *parent;
    Str name;
    const FeelType *type;
    const FeelType *members;  /* or a context whose members are names here (filters) */
} Frame;

typedef struct Check {
    Arena *a;
    Err *e;
    const FeelType *scope;    /* NULL: names are collected, not checked */
    FeelUse *uses;
    size_t n, cap;
} Check;

static bool check(Check *c, const FeelNode *n, const Frame *f, const FeelType **out);

static const FeelType *any_if_null(const FeelType *t)
{
    return t ? t : feel_type_any();
}

static bool is_any(const FeelType *t)
{
    return !t || t->form == FEEL_TYPE_ANY || (t->form == FEEL_TYPE_PLAIN && t->kind == FEEL_NULL);
}

static const FeelTypeMember *member_of(const FeelType *t, Str name)
{
    for (size_t i = 0; t && t->form == FEEL_TYPE_CONTEXT && i < t->n; i++)
        if (str_eq(t->members[i].name, name))
            return &t->members[i];
    return NULL;
}

/* --- the closest name ----------------------------------------------------------------------- */
enum { POINTS_MAX = 40 };

static size_t points_of(Str s, uint32_t out[POINTS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < s.n && n < POINTS_MAX;)
        i += str_next(s, i, &out[n++]);
    return n;
}

/* Changes to make one of the other: a letter put in, taken out, replaced, or two swapped. */
static size_t distance(Str left, Str right)
{
    uint32_t a[POINTS_MAX], b[POINTS_MAX];
    size_t n = points_of(left, a), m = points_of(right, b), d[3][POINTS_MAX + 1];
    for (size_t j = 0; j <= m; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *row = d[i % 3], *up = d[(i + 2) % 3], *up2 = d[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t best = up[j - 1] + (a[i - 1] != b[j - 1]);
            best = up[j] + 1 < best ? up[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                up2[j - 2] + 1 < best)
                best = up2[j - 2] + 1;
            row[j] = best;
        }
    }
    return d[n % 3][m];
}

typedef struct Closest {
    Str want, best;
    size_t away;
} Closest;

static void closer(Closest *c, Str name)
{
    size_t away = distance(c->want, name), most = str_points(c->want) / 3 + 1;
    if (away <= most && away < c->away) {
        c->away = away;
        c->best = name;
    }
}

static bool unknown(Check *c, const FeelNode *n, Closest close)
{
    uint32_t line, column;
    feel_lex_place(*n->src, n->at, &line, &column);
    Str hint = close.best.n ? arena_text(c->a, "（是否为“%.*s”？）", STR(close.best)) : STRC("");
    Str en = close.best.n ? arena_text(c->a, " (is it \"%.*s\"?)", STR(close.best)) : hint;
    return err_fail(c->e, ERR_FEEL_NAME, err_hole("line", line), err_hole("column", column),
                    err_hole("name", n->name), err_hole("hint", hint), err_hole("hint_en", en));
}

static bool clash(Check *c, const FeelNode *n, const char *op, const FeelType *l,
                  const FeelType *r)
{
    uint32_t line, column;
    Str left = feel_type_print(c->a, l), right = feel_type_print(c->a, r);
    FeelHint hint = feel_say_hint(str_of(op), left, right);
    feel_lex_place(*n->src, n->at, &line, &column);
    return err_fail(c->e, ERR_FEEL_OPERANDS, err_hole("line", line), err_hole("column", column),
                    err_hole("op", op), err_hole("left", left), err_hole("right", right),
                    err_hole("hint", hint.zh), err_hole("hint_en", hint.en));
}

static bool misfit(Check *c, const FeelNode *n, const char *want, const FeelType *found)
{
    uint32_t line, column;
    feel_lex_place(*n->src, n->at, &line, &column);
    return err_fail(c->e, ERR_FEEL_OPERAND, err_hole("line", line), err_hole("column", column),
                    err_hole("want", want), err_hole("found", feel_type_print(c->a, found)));
}

/* --- names and paths ------------------------------------------------------------------------ */
static bool use(Check *c, const FeelNode *n, Str path)
{
    for (size_t i = 0; i < c->n; i++)
        if (str_eq(c->uses[i].path, path))
            return true;
    if (!ARENA_PUSH(c->a, c->uses, c->n, c->cap))
        return err_fail(c->e, ERR_NO_MEMORY, err_hole("what", "公式"));
    FeelUse *u = &c->uses[c->n++];
    u->path = path;
    return feel_lex_place(*n->src, n->at, &u->line, &u->column);
}

/* 1 found, 0 free, -1: inside a filter over items of unknown kind, so perhaps a member. */
static int bound(const Frame *f, Str name, const FeelType **out)
{
    int answer = 0;
    for (; f; f = f->parent) {
        if (f->members) {
            const FeelTypeMember *m = member_of(f->members, name);
            if (m || f->members->form == FEEL_TYPE_ANY || f->members->open)
                answer = m ? 1 : -1;
            if (m) {
                *out = any_if_null(m->type);
                return 1;
            }
        } else if (str_eq(f->name, name)) {
            *out = any_if_null(f->type);
            return 1;
        }
    }
    return answer;
}

static bool check_name(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    *out = feel_type_any();
    int found = bound(f, n->name, out);
    if (found == 1)
        return true;
    const FeelTypeMember *m = member_of(c->scope, n->name);
    if (m) {
        *out = any_if_null(m->type);
        return true;
    }
    if (!c->scope) /* a built-in's name alone is whatever the scope calls so */
        return found < 0 || use(c, n, n->name);
    if (n->row || c->scope->open || found < 0)
        return true;
    Closest close = { .want = n->name, .away = SIZE_MAX };
    for (; f; f = f->parent)
        for (size_t i = 0; f->members && i < f->members->n; i++)
            closer(&close, f->members->members[i].name);
    for (size_t i = 0; i < c->scope->n; i++)
        closer(&close, c->scope->members[i].name);
    const FeelBuiltin *row;
    for (size_t i = 0; (row = feel_builtin_row(i)); i++)
        closer(&close, str_of(row->name));
    return unknown(c, n, close);
}

/* a.b.c as one use when it begins with a free name. */
static bool collect_path(Check *c, const FeelNode *n, const Frame *f, bool *done)
{
    const FeelNode *root = n;
    const FeelType *scrap;
    while (root->kind == NODE_PATH)
        root = root->kids[0];
    *done = false;
    if (root->kind != NODE_NAME || bound(f, root->name, &scrap) != 0)
        return true;
    *done = true;
    Str path = root->name;
    const FeelNode *steps[FEEL_DEPTH_MAX];
    size_t count = 0;
    for (const FeelNode *p = n; p->kind == NODE_PATH; p = p->kids[0])
        steps[count++] = p;
    while (count-- > 0)
        path = arena_text(c->a, "%.*s.%.*s", STR(path), STR(steps[count]->name));
    return use(c, root, path);
}

static const FeelType *property_type(FeelKind k, Str name)
{
    static const struct {
        unsigned kinds;
        Str name;
        FeelKind gives;
    } rows[] = {
        { M_DATE | M_DT, S("year"), FEEL_NUMBER },      { M_DATE | M_DT, S("month"), FEEL_NUMBER },
        { M_DATE | M_DT, S("day"), FEEL_NUMBER },
        { M_DATE | M_DT, S("weekday"), FEEL_NUMBER },
        { M_TIME | M_DT, S("hour"), FEEL_NUMBER },      { M_TIME | M_DT, S("minute"), FEEL_NUMBER },
        { M_TIME | M_DT, S("second"), FEEL_NUMBER },
        { M_TIME | M_DT, S("time offset"), FEEL_DURATION },
        { M_TIME | M_DT, S("timezone"), FEEL_STRING },
        { M_YM, S("years"), FEEL_NUMBER },              { M_YM, S("months"), FEEL_NUMBER },
        { M_DUR, S("days"), FEEL_NUMBER },              { M_DUR, S("hours"), FEEL_NUMBER },
        { M_DUR, S("minutes"), FEEL_NUMBER },           { M_DUR, S("seconds"), FEEL_NUMBER },
        { M_RANGE, S("start"), FEEL_KINDS },            { M_RANGE, S("end"), FEEL_KINDS },
        { M_RANGE, S("start included"), FEEL_BOOLEAN },
        { M_RANGE, S("end included"), FEEL_BOOLEAN },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((rows[i].kinds & FEEL_BIT(k)) && str_eq(rows[i].name, name))
            return feel_type_of(rows[i].gives);
    return NULL;
}

static const FeelType *list_type(Check *c, const FeelType *item)
{
    FeelType *t = ARENA_NEW(c->a, FeelType);
    if (!t)
        return feel_type_of(FEEL_LIST);
    t->form = FEEL_TYPE_LIST;
    t->item = item;
    return t;
}

static bool check_path(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    const FeelType *from;
    bool done;
    *out = feel_type_any();
    if (!c->scope) {
        if (!collect_path(c, n, f, &done) || done)
            return done;
    }
    if (!check(c, n->kids[0], f, &from))
        return false;
    bool list = from->form == FEEL_TYPE_LIST;
    const FeelType *t = list ? any_if_null(from->item) : from;
    const FeelTypeMember *m = member_of(t, n->name);
    const FeelType *property =
        t->form == FEEL_TYPE_PLAIN ? property_type(t->kind, n->name)
        : t->form == FEEL_TYPE_RANGE ? property_type(FEEL_RANGE, n->name) : NULL;
    if (m || property) {
        const FeelType *got = m ? any_if_null(m->type) : property;
        if (t->form == FEEL_TYPE_RANGE && got == feel_type_of(FEEL_KINDS))
            got = any_if_null(t->item);
        *out = list ? list_type(c, got) : got;
        return true;
    }
    if (is_any(t) || t->form == FEEL_TYPE_LIST || t->open || !c->scope)
        return true;
    Closest close = { .want = n->name, .away = SIZE_MAX };
    for (size_t i = 0; t->form == FEEL_TYPE_CONTEXT && i < t->n; i++)
        closer(&close, t->members[i].name);
    return unknown(c, n, close);
}

/* --- operators ------------------------------------------------------------------------------ */
static bool plain(const FeelType *t, FeelKind *k)
{
    static const FeelKind of_form[] = { [FEEL_TYPE_LIST] = FEEL_LIST,
                                        [FEEL_TYPE_RANGE] = FEEL_RANGE,
                                        [FEEL_TYPE_CONTEXT] = FEEL_CONTEXT,
                                        [FEEL_TYPE_FUNCTION] = FEEL_FUNCTION };
    if (is_any(t))
        return false;
    *k = t->form == FEEL_TYPE_PLAIN ? t->kind : of_form[t->form];
    return true;
}

static const FeelType *result_of(FeelToken op, FeelKind l, FeelKind r)
{
    if (op == T_DIVIDE && l == r)
        return feel_type_of(FEEL_NUMBER);
    if (op == T_MINUS && l == r && (FEEL_BIT(l) & (M_DATE | M_DT | M_TIME)))
        return feel_type_of(FEEL_DURATION);
    if (op == T_MINUS && (FEEL_BIT(l) & (M_DATE | M_DT)) && (FEEL_BIT(r) & (M_DATE | M_DT)))
        return feel_type_of(FEEL_DURATION);
    if (FEEL_BIT(l) & (M_DATE | M_DT | M_TIME))
        return feel_type_of(l);
    if (FEEL_BIT(r) & (M_DATE | M_DT | M_TIME))
        return feel_type_of(r);
    return feel_type_of(l == FEEL_NUMBER ? r : l);
}

static bool check_binary(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    const FeelType *l, *r;
    FeelKind lk = FEEL_NULL, rk = FEEL_NULL;
    if (!check(c, n->kids[0], f, &l) || !check(c, n->kids[1], f, &r))
        return false;
    bool known = plain(l, &lk) && plain(r, &rk), logic = n->op == T_AND || n->op == T_OR;
    bool compares = n->op >= T_EQ && n->op <= T_GE;
    *out = logic || compares ? feel_type_of(FEEL_BOOLEAN) : feel_type_any();
    if (!c->scope)
        return true;
    if (logic) {
        if (plain(l, &lk) && lk != FEEL_BOOLEAN)
            return misfit(c, n->kids[0], "boolean", l);
        return !plain(r, &rk) || rk == FEEL_BOOLEAN || misfit(c, n->kids[1], "boolean", r);
    }
    if (!known)
        return true;
    bool fits = compares ? lk == rk && (n->op == T_EQ || n->op == T_NE ||
                                        (M_POINT & FEEL_BIT(lk)))
                         : feel_arith_fits(n->op, lk, rk);
    if (!fits)
        return clash(c, n, feel_token_text(n->op), l, r);
    if (!compares)
        *out = result_of(n->op, lk, rk);
    return true;
}

static const FeelType *range_type(Check *c, const FeelType *end)
{
    FeelType *t = ARENA_NEW(c->a, FeelType);
    if (!t)
        return feel_type_of(FEEL_RANGE);
    *t = (FeelType){ .form = FEEL_TYPE_RANGE, .item = end };
    return t;
}

/* Two points that must have an order between them. */
static bool check_order(Check *c, const FeelNode *n, const char *op, const FeelType *l,
                        const FeelType *r)
{
    FeelKind lk, rk;
    if (!c->scope || !plain(l, &lk) || !plain(r, &rk))
        return true;
    return (lk == rk && (M_POINT & FEEL_BIT(lk))) || clash(c, n, op, l, r);
}

static bool check_range(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    const FeelType *low, *high;
    if (!check(c, n->kids[0], f, &low) || !check(c, n->kids[1], f, &high) ||
        !check_order(c, n, "..", low, high))
        return false;
    *out = range_type(c, is_any(low) ? high : low);
    return true;
}

static bool check_compared(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    const FeelType *end;
    if (!check(c, n->kids[0], f, &end))
        return false;
    *out = range_type(c, end);
    return true;
}

static bool check_between(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    const FeelType *x, *low, *high;
    *out = feel_type_of(FEEL_BOOLEAN);
    return check(c, n->kids[0], f, &x) && check(c, n->kids[1], f, &low) &&
           check(c, n->kids[2], f, &high) && check_order(c, n, "between", x, low) &&
           check_order(c, n, "between", x, high);
}

/* Can a value of this type be in, or equal to, such a test? */
static bool check_member(Check *c, const FeelNode *at, const FeelType *x, const FeelType *test)
{
    FeelKind xk, tk;
    const FeelType *item = test;
    if (!c->scope || !plain(x, &xk))
        return true;
    if ((test->form == FEEL_TYPE_RANGE && xk != FEEL_RANGE) ||
        (test->form == FEEL_TYPE_LIST && xk != FEEL_LIST))
        item = any_if_null(test->item);
    if (item->form == FEEL_TYPE_RANGE && xk != FEEL_RANGE)
        item = any_if_null(item->item);
    return !plain(item, &tk) || tk == xk || clash(c, at, "in", x, test);
}

static bool check_in(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    const FeelType *x, *test;
    *out = feel_type_of(FEEL_BOOLEAN);
    if (!check(c, n->kids[0], f, &x))
        return false;
    for (size_t i = 1; i < n->n; i++)
        if (!check(c, n->kids[i], f, &test) || !check_member(c, n, x, test))
            return false;
    return true;
}

/* A test that is a condition, on `?` or not, is let through. */
static bool check_tests(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    const FeelType *x = feel_type_any(), *test;
    FeelKind k;
    *out = feel_type_of(FEEL_BOOLEAN);
    if (bound(f, STRC("?"), &x) != 1)
        x = feel_type_any();
    for (size_t i = 0; i < n->n; i++) {
        if (!check(c, n->kids[i], f, &test))
            return false;
        bool condition = n->kids[i]->asks_input || (plain(test, &k) && k == FEEL_BOOLEAN);
        if (!condition && !check_member(c, n->kids[i], x, test))
            return false;
    }
    return true;
}

static bool check_kids(Check *c, const FeelNode *n, const Frame *f)
{
    const FeelType *scrap;
    for (size_t i = 0; i < n->n; i++)
        if (n->kids[i] && !check(c, n->kids[i], f, &scrap))
            return false;
    return true;
}

static bool check_negate(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    FeelKind k;
    if (!check(c, n->kids[0], f, out))
        return false;
    return !c->scope || !plain(*out, &k) || (FEEL_BIT(k) & (M_NUM | M_DUR | M_YM)) ||
           misfit(c, n, "number", *out);
}

static const FeelType *join(const FeelType *a, const FeelType *b)
{
    return feel_type_fits(b, a) ? a : feel_type_fits(a, b) ? b : feel_type_any();
}

static bool check_if(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    const FeelType *test, *a, *b;
    FeelKind k;
    if (!check(c, n->kids[0], f, &test) || !check(c, n->kids[1], f, &a) ||
        !check(c, n->kids[2], f, &b))
        return false;
    if (c->scope && plain(test, &k) && k != FEEL_BOOLEAN)
        return misfit(c, n->kids[0], "boolean", test);
    *out = join(a, b);
    return true;
}

/* --- what binds names ----------------------------------------------------------------------- */
static const FeelType *items_of(const FeelType *t)
{
    if (t->form == FEEL_TYPE_LIST || t->form == FEEL_TYPE_RANGE)
        return any_if_null(t->item);
    return t;
}

static bool check_loop_from(Check *c, const FeelNode *n, size_t i, const Frame *f,
                            const FeelType **out)
{
    const FeelType *low, *high, *body;
    if (i == n->n_names) {
        Frame partial = { f, S("partial"), feel_type_of(FEEL_LIST), NULL };
        FeelKind k;
        if (!check(c, n->kids[n->n - 1], n->kind == NODE_FOR ? &partial : f, &body))
            return false;
        if (c->scope && n->kind != NODE_FOR && plain(body, &k) && k != FEEL_BOOLEAN)
            return misfit(c, n->kids[n->n - 1], "boolean", body);
        *out = n->kind == NODE_FOR ? list_type(c, body) : feel_type_of(FEEL_BOOLEAN);
        return true;
    }
    if (!check(c, n->kids[2 * i], f, &low) ||
        (n->kids[2 * i + 1] && !check(c, n->kids[2 * i + 1], f, &high)))
        return false;
    Frame own = { f, n->names[i], n->kids[2 * i + 1] ? low : items_of(low), NULL };
    return check_loop_from(c, n, i + 1, &own, out);
}

static bool check_loop(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    return check_loop_from(c, n, 0, f, out);
}

static bool check_filter(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    const FeelType *from, *test;
    FeelKind k;
    if (!check(c, n->kids[0], f, &from))
        return false;
    const FeelType *item = items_of(from);
    Frame own = { f, S("item"), item, NULL }, members = { &own, S(""), NULL, item };
    bool inside = item->form == FEEL_TYPE_ANY || item->form == FEEL_TYPE_CONTEXT;
    if (!check(c, n->kids[1], inside ? &members : &own, &test))
        return false;
    bool index = plain(test, &k) && k == FEEL_NUMBER;
    if (c->scope && plain(test, &k) && k != FEEL_NUMBER && k != FEEL_BOOLEAN)
        return misfit(c, n->kids[1], "boolean", test);
    *out = index ? item : plain(test, &k) && k == FEEL_BOOLEAN ? list_type(c, item)
                                                               : feel_type_any();
    return true;
}

static bool check_entries(Check *c, const FeelNode *n, const Frame *f, FeelTypeMember **members,
                          const Frame **inner)
{
    FeelTypeMember *m = *members = ARENA_ARRAY(c->a, FeelTypeMember, n->n_names);
    Frame *frames = ARENA_ARRAY(c->a, Frame, n->n_names);
    if (!m || !frames)
        return err_fail(c->e, ERR_NO_MEMORY, err_hole("what", "公式"));
    for (size_t i = 0; i < n->n_names; i++) {
        m[i].name = n->names[i];
        if (!check(c, n->kids[i], f, &m[i].type))
            return false;
        frames[i] = (Frame){ f, n->names[i], m[i].type, NULL };
        f = &frames[i];
    }
    *inner = f;
    return true;
}

static bool check_context(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    FeelType *t = ARENA_NEW(c->a, FeelType);
    FeelTypeMember *members;
    if (!t)
        return err_fail(c->e, ERR_NO_MEMORY, err_hole("what", "公式"));
    if (!check_entries(c, n, f, &members, &f))
        return false;
    *t = (FeelType){ .form = FEEL_TYPE_CONTEXT, .members = members, .n = n->n_names };
    *out = t;
    return true;
}

static bool check_result(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    FeelTypeMember *members;
    return check_entries(c, n, f, &members, &f) && check(c, n->kids[n->n - 1], f, out);
}

static bool check_lambda(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    Frame *frames = ARENA_ARRAY(c->a, Frame, n->n_names);
    if (!frames)
        return err_fail(c->e, ERR_NO_MEMORY, err_hole("what", "公式"));
    for (size_t i = 0; i < n->n_names; i++) {
        frames[i] = (Frame){ f, n->names[i], n->types[i], NULL };
        f = &frames[i];
    }
    FeelType *t = ARENA_NEW(c->a, FeelType);
    FeelTypeMember *members = ARENA_ARRAY(c->a, FeelTypeMember, n->n_names);
    if (!t || !members)
        return err_fail(c->e, ERR_NO_MEMORY, err_hole("what", "公式"));
    for (size_t i = 0; i < n->n_names; i++)
        members[i] = (FeelTypeMember){ n->names[i], any_if_null(n->types[i]) };
    *t = (FeelType){ .form = FEEL_TYPE_FUNCTION, .members = members, .n = n->n_names };
    *out = t;
    return check(c, n->kids[0], f, &t->item);
}

/* --- calls ---------------------------------------------------------------------------------- */
static bool refuse_call(Check *c, const FeelNode *n, Str name, Str why)
{
    uint32_t line, column;
    feel_lex_place(*n->src, n->at, &line, &column);
    return err_fail(c->e, ERR_FEEL_ARGUMENT, err_hole("line", line), err_hole("column", column),
                    err_hole("name", name), err_hole("why", why),
                    err_hole("why_en", feel_say_en(why)));
}

/* As the evaluator binds: as it is, the one item of a list, or a list of one. */
static bool may_be(const FeelType *t, unsigned kinds)
{
    FeelKind k, item;
    if (!plain(t, &k) || (kinds & FEEL_BIT(k)) || (kinds & M_LIST))
        return true;
    return k == FEEL_LIST && (!plain(any_if_null(t->item), &item) || (kinds & FEEL_BIT(item)));
}

enum { FITS, WRONG_COUNT, WRONG_NAME, WRONG_KIND };

/* How well the arguments go with one signature; *bad is the first that does not. */
static int try_row(const FeelNode *n, const FeelBuiltin *row, const FeelType *const *args,
                   size_t *bad)
{
    size_t least, count = n->n - 1, most = feel_builtin_arity(row, &least);
    if (count < least || count > most)
        return WRONG_COUNT;
    for (size_t i = 0; i < count; i++) {
        size_t to = n->n_names ? feel_builtin_param(row, n->names[i]) : i;
        *bad = i;
        if (to == SIZE_MAX)
            return WRONG_NAME;
        if (!may_be(args[i], feel_builtin_kinds(row, to)))
            return WRONG_KIND;
    }
    return FITS;
}

static const FeelType *result_type(const char *name)
{
    for (FeelKind k = FEEL_NULL; k < FEEL_KINDS; k++)
        if (str_is(str_of(feel_kind_name(k)), name))
            return feel_type_of(k);
    return feel_type_any();
}

/* A built-in none of whose signatures can take the arguments is refused; its result is known when
 * those that can agree on it. */
static bool check_builtin(Check *c, const FeelNode *n, const FeelBuiltin *row,
                          const FeelType *const *args, const FeelType **out)
{
    const FeelType *result = NULL;
    const FeelBuiltin *best = row;
    size_t at = 0, bad = 0;
    int worst = WRONG_COUNT;
    do {
        int how = try_row(n, row, args, &at);
        if (how == FITS)
            result = !result || result == result_type(row->result) ? result_type(row->result)
                                                                   : feel_type_any();
        if (how > worst) {
            worst = how;
            best = row;
            bad = at;
        }
    } while (feel_builtin_next(&row));
    if (result)
        *out = result;
    if (result || !c->scope)
        return true;
    if (worst != WRONG_KIND)
        return refuse_call(c, n, str_of(best->name), worst == WRONG_NAME
                           ? STRC("没有这个名称的参数") : STRC("参数个数不对"));
    size_t to = n->n_names ? feel_builtin_param(best, n->names[bad]) : bad;
    Str want = feel_builtin_kind_names(c->a, feel_builtin_kinds(best, to));
    return misfit(c, n->kids[bad + 1], arena_z(c->a, want), args[bad]);
}

/* A function whose parameters are known: their number, names, and what can never go there. */
static bool check_known(Check *c, const FeelNode *n, const FeelType *t,
                        const FeelType *const *args, const FeelType **out)
{
    FeelKind want, have, item;
    Str name = n->kids[0]->text;
    *out = any_if_null(t->item);
    if (n->n - 1 != t->n)
        return refuse_call(c, n, name, STRC("参数个数不对"));
    for (size_t i = 0; i < t->n; i++) {
        const FeelTypeMember *p = NULL;
        for (size_t k = 0; k < t->n; k++)
            if (n->n_names ? str_eq(t->members[k].name, n->names[i]) : k == i)
                p = &t->members[k];
        if (!p)
            return refuse_call(c, n, name, STRC("没有这个名称的参数"));
        if (!plain(any_if_null(p->type), &want) || !plain(args[i], &have) || want == have ||
            want == FEEL_LIST || (want == FEEL_DATE_TIME && have == FEEL_DATE))
            continue;
        if (have != FEEL_LIST || (plain(any_if_null(args[i]->item), &item) && item != want))
            return misfit(c, n->kids[i + 1], arena_z(c->a, feel_type_print(c->a, p->type)),
                          args[i]);
    }
    return true;
}

static bool check_call(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    const FeelType *scrap, *callee_type = feel_type_any();
    const FeelNode *callee = n->kids[0];
    const FeelBuiltin *row = NULL;
    const FeelType **args = ARENA_ARRAY(c->a, const FeelType *, n->n);
    if (!args)
        return err_fail(c->e, ERR_NO_MEMORY, err_hole("what", "公式"));
    bool called = callee->kind == NODE_NAME && callee->row && !c->scope; /* a built-in: no use */
    callee_type = feel_type_any();
    if (!called && !check(c, callee, f, &callee_type))
        return false;
    for (size_t i = 1; i < n->n; i++)
        if (!check(c, n->kids[i], f, &args[i - 1]))
            return false;
    *out = feel_type_any();
    if (callee->kind == NODE_NAME && bound(f, callee->name, &scrap) == 0 &&
        !member_of(c->scope, callee->name))
        row = callee->row;
    if (row)
        return check_builtin(c, n, row, args, out);
    if (!c->scope || is_any(callee_type))
        return true;
    if (callee_type->form != FEEL_TYPE_FUNCTION)
        return misfit(c, n, "function", callee_type);
    return check_known(c, n, callee_type, args, out);
}

static bool check_list(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    const FeelType *all = NULL, *one;
    for (size_t i = 0; i < n->n; i++) {
        if (!check(c, n->kids[i], f, &one))
            return false;
        all = all ? join(all, one) : one;
    }
    *out = list_type(c, any_if_null(all));
    return true;
}

static const FeelType *literal_type(FeelValue v)
{
    return v.kind == FEEL_NULL ? feel_type_any() : feel_type_of(v.kind);
}

static bool check(Check *c, const FeelNode *n, const Frame *f, const FeelType **out)
{
    *out = feel_type_any();
    switch (n->kind) {
    case NODE_LITERAL:
        *out = literal_type(n->value);
        return true;
    case NODE_NAME:
        return check_name(c, n, f, out);
    case NODE_PATH:
        return check_path(c, n, f, out);
    case NODE_NEGATE:
        return check_negate(c, n, f, out);
    case NODE_BINARY:
        return check_binary(c, n, f, out);
    case NODE_IF:
        return check_if(c, n, f, out);
    case NODE_FOR:
    case NODE_SOME:
    case NODE_EVERY:
        return check_loop(c, n, f, out);
    case NODE_FILTER:
        return check_filter(c, n, f, out);
    case NODE_CALL:
        return check_call(c, n, f, out);
    case NODE_LIST:
        return check_list(c, n, f, out);
    case NODE_CONTEXT:
        return check_context(c, n, f, out);
    case NODE_LAMBDA:
        return check_lambda(c, n, f, out);
    case NODE_RESULT:
        return check_result(c, n, f, out);
    case NODE_TYPED:
        if (!check(c, n->kids[0], f, out))
            return false;
        *out = n->type && n->type->form != FEEL_TYPE_ANY ? n->type : *out;
        return true;
    case NODE_FAULT:
    case NODE_OUTSIDE:
        if (n->type)
            *out = n->type;
        return check_kids(c, n, f);
    case NODE_RANGE:
        return check_range(c, n, f, out);
    case NODE_COMPARED:
        return check_compared(c, n, f, out);
    case NODE_BETWEEN:
        return check_between(c, n, f, out);
    case NODE_IN:
        return check_in(c, n, f, out);
    case NODE_TESTS:
        return check_tests(c, n, f, out);
    default:
        *out = feel_type_of(FEEL_BOOLEAN); /* instance of */
        return check_kids(c, n, f);
    }
}

/* --- the doors ------------------------------------------------------------------------------ */
bool feel_check(const FeelType **out, Arena *a, const FeelExpr *x, const FeelType *scope, Err *e)
{
    Check c = { .a = a, .e = e, .scope = scope };
    const FeelTypeMember *tested = member_of(scope, STRC("?"));
    Frame input = { NULL, S("?"), tested ? tested->type : feel_type_any(), NULL };
    return check(&c, x->root, &input, out);
}

bool feel_names_used(FeelUse **out, size_t *n, Arena *a, const FeelExpr *x, Err *e)
{
    Check c = { .a = a, .e = e };
    const FeelType *scrap;
    Frame input = { NULL, S("?"), NULL, NULL };
    if (!check(&c, x->root, &input, &scrap))
        return false;
    *out = c.uses;
    *n = c.n;
    return true;
}

const FeelType *feel_check_body(const FeelFunction *f)
{
    static const FeelType no_names = { .form = FEEL_TYPE_CONTEXT, .open = true };
    const FeelType *got = feel_type_any();
    Arena *a = arena_open(1 << 20);
    Err e = { 0 };
    Check c = { .a = a, .e = &e, .scope = &no_names };
    Frame *frames = a ? ARENA_ARRAY(a, Frame, f->n) : NULL, *top = NULL;
    for (size_t i = 0; frames && i < f->n; i++) {
        frames[i] = (Frame){ top, f->params[i], f->types ? f->types[i] : NULL, NULL };
        top = &frames[i];
    }
    if (frames && !check(&c, f->body, top, &got))
        got = feel_type_any();
    /* Only types that outlive the arena may leave. */
    if (got->form == FEEL_TYPE_PLAIN)
        got = feel_type_of(got->kind);
    else if (got->form != FEEL_TYPE_ANY)
        got = feel_type_of(got->form == FEEL_TYPE_LIST ? FEEL_LIST
                           : got->form == FEEL_TYPE_CONTEXT ? FEEL_CONTEXT : FEEL_KINDS);
    arena_close(a);
    return got;
}
