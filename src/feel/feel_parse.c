/* Tokens to tree. Operators are rows of a table with their binding power (DMN 1.5, clause
 * 10.3.1.2); every way an expression can begin is a row of another. */
#include "feel/feel_in.h"

#include <string.h>

typedef struct Parser {
    FeelLex lex;
    size_t at;           /* where the next token is looked for */
    size_t last;         /* end of the last token taken */
    FeelLexeme t;        /* looked at but not taken, when ready */
    bool ready;
    bool was_refused;    /* the arena had refused something before we began */
    bool in_endpoint;    /* `[` may close a range here: [1..10[ */
    size_t depth;
    const FeelNames *given;
    const Str *src;
    Err *e;
} Parser;

enum { P_OR = 1, P_AND, P_COMPARE, P_ADD, P_MULTIPLY, P_POWER, P_NEGATE, P_INSTANCE, P_POSTFIX };
enum { KIDS_MAX = 100000, TYPE_DEPTH_MAX = 32, SCOPE_DEPTH_MAX = 8 };

static FeelNode *parse_expr(Parser *p, int power);
static FeelNode *parse_test(Parser *p);

/* --- tokens --------------------------------------------------------------------------------- */
static FeelToken peek(Parser *p)
{
    if (!p->ready) {
        if (!feel_lex_next(&p->lex, p->at, &p->t, p->e))
            p->t = (FeelLexeme){ .kind = T_BAD, .at = p->at, .end = p->at };
        p->ready = true;
    }
    return p->t.kind;
}

static void take(Parser *p)
{
    peek(p);
    p->at = p->last = p->t.end;
    p->ready = false;
}

static void back_to(Parser *p, size_t at)
{
    p->at = at;
    p->ready = false;
}

/* Forgets the token looked at: what stands here is read otherwise, or with other names known. */
static void forget(Parser *p)
{
    p->ready = false;
}

static size_t here(Parser *p)
{
    peek(p);
    return p->t.at;
}

static void *no_memory(Parser *p)
{
    if (p->e->code == ERR_NONE)
        err_fail(p->e, ERR_NO_MEMORY, err_hole("what", "公式"));
    return NULL;
}

/* What is missing for want of memory looks like bad text; it must not be told so. */
static void *refuse(Parser *p, const char *want)
{
    if (p->e->code == ERR_NONE)
        peek(p);
    if (p->e->code == ERR_NONE && arena_refused(p->lex.a) && !p->was_refused)
        return no_memory(p);
    if (p->e->code == ERR_NONE)
        feel_lex_refuse(p->lex.src, p->t.at, p->t.end, want, p->e);
    return NULL;
}

static bool want(Parser *p, FeelToken kind)
{
    if (peek(p) != kind)
        return refuse(p, feel_token_text(kind)) != NULL;
    take(p);
    return true;
}

static bool accept(Parser *p, FeelToken kind)
{
    if (peek(p) != kind)
        return false;
    take(p);
    return true;
}

static void *too_deep(Parser *p, size_t at)
{
    uint32_t line, column;
    feel_lex_place(p->lex.src, at, &line, &column);
    if (p->e->code == ERR_NONE)
        err_fail(p->e, ERR_FEEL_DEPTH, err_hole("line", line), err_hole("column", column),
                 err_hole("max", FEEL_DEPTH_MAX));
    return NULL;
}

/* --- nodes ---------------------------------------------------------------------------------- */
/* Children and names are gathered in lists that grow, then hung into the node. */
typedef struct Kids {
    FeelNode **kids;
    size_t n, cap;
    Str *names;
    size_t n_names, names_cap;
    const FeelType **types;
    size_t n_types, types_cap;
} Kids;

static bool kids_add(Parser *p, Kids *k, FeelNode *kid)
{
    if (k->n >= KIDS_MAX || !ARENA_PUSH(p->lex.a, k->kids, k->n, k->cap))
        return no_memory(p) != NULL;
    k->kids[k->n++] = kid;
    return true;
}

static bool kids_name(Parser *p, Kids *k, Str name, const FeelType *type)
{
    if (!ARENA_PUSH(p->lex.a, k->names, k->n_names, k->names_cap) ||
        !ARENA_PUSH(p->lex.a, k->types, k->n_types, k->types_cap))
        return no_memory(p) != NULL;
    k->names[k->n_names++] = name;
    k->types[k->n_types++] = type;
    return true;
}

static FeelNode *node(Parser *p, FeelNodeKind kind, size_t from, size_t at, Kids k)
{
    FeelNode *n = ARENA_NEW(p->lex.a, FeelNode);
    if (!n)
        return no_memory(p);
    n->kind = kind;
    n->src = p->src;
    n->at = (uint32_t)at;
    n->text = str_sub(p->lex.src, from, p->last - from);
    n->kids = k.kids;
    n->n = k.n;
    n->names = k.names;
    n->n_names = k.n_names;
    n->types = k.types;
    n->has_lambda = kind == NODE_LAMBDA;
    for (size_t i = 0; i < k.n; i++) {
        if (!k.kids[i])
            continue;
        if (k.kids[i]->height > n->height)
            n->height = k.kids[i]->height;
        n->has_lambda |= k.kids[i]->has_lambda;
        n->asks_input |= k.kids[i]->asks_input;
    }
    return ++n->height > FEEL_DEPTH_MAX ? too_deep(p, at) : n;
}

static FeelNode *node_of(Parser *p, FeelNodeKind kind, size_t from, size_t at, FeelNode *a,
                         FeelNode *b)
{
    Kids k = { 0 };
    if (!kids_add(p, &k, a) || (b && !kids_add(p, &k, b)))
        return NULL;
    return node(p, kind, from, at, k);
}

static size_t start_of(const FeelNode *n)
{
    return (size_t)(n->text.p - n->src->p);
}

static FeelNode *literal(Parser *p, size_t from, FeelValue v)
{
    FeelNode *n = node(p, NODE_LITERAL, from, from, (Kids){ 0 });
    if (n)
        n->value = v;
    return n;
}

/* --- how an expression begins --------------------------------------------------------------- */
static FeelNode *parse_number(Parser *p)
{
    FeelValue v = { .kind = FEEL_NUMBER };
    size_t from = here(p);
    if (!dec_parse(&v.number, p->t.text))
        return refuse(p, "数");
    take(p);
    return literal(p, from, v);
}

static FeelNode *parse_string(Parser *p)
{
    size_t from = here(p);
    Str text = p->t.text;
    take(p);
    return literal(p, from, feel_string(text));
}

static FeelNode *parse_at(Parser *p)
{
    FeelValue v;
    size_t from = here(p);
    if (!feel_at_read(&v, p->lex.a, p->t.text))
        return refuse(p, "日期、时间或时长");
    take(p);
    return literal(p, from, v);
}

static FeelNode *parse_word(Parser *p)
{
    size_t from = here(p);
    FeelToken kind = p->t.kind;
    take(p);
    return literal(p, from, kind == T_NULL ? feel_null() : feel_boolean(kind == T_TRUE));
}

static FeelNode *parse_name(Parser *p)
{
    size_t from = here(p);
    Str name = p->t.text;
    take(p);
    FeelNode *n = node(p, NODE_NAME, from, from, (Kids){ 0 });
    if (n) {
        n->name = name;
        n->asks_input = str_is(name, "?");
        n->row = feel_builtin_find(name);
    }
    return n;
}

static FeelNode *parse_negate(Parser *p)
{
    size_t from = here(p);
    take(p);
    FeelNode *n = parse_expr(p, P_NEGATE);
    return n ? node_of(p, NODE_NEGATE, from, from, n, NULL) : NULL;
}

static FeelNode *parse_if(Parser *p)
{
    size_t from = here(p);
    Kids k = { 0 };
    FeelNode *a, *b, *c;
    take(p);
    if (!(a = parse_expr(p, P_OR)) || !want(p, T_THEN) || !(b = parse_expr(p, P_OR)) ||
        !want(p, T_ELSE) || !(c = parse_expr(p, P_OR)) || !kids_add(p, &k, a) ||
        !kids_add(p, &k, b) || !kids_add(p, &k, c))
        return NULL;
    return node(p, NODE_IF, from, from, k);
}

static bool declare(Parser *p, Str name)
{
    return feel_lex_learn(&p->lex, name) || no_memory(p);
}

/* A name where it is declared; the token there must not have been looked at. */
static bool parse_declared(Parser *p, Str *out, bool stop_at_in)
{
    size_t at = feel_lex_blank(p->lex.src, p->at), end = 0;
    Str name = { "", 0 };
    if (at != SIZE_MAX)
        name = feel_lex_raw_name(&p->lex, at, &end, stop_at_in);
    if (name.n == 0)
        return refuse(p, "名称") != NULL;
    back_to(p, end);
    p->last = end;
    *out = name;
    return true;
}

/* One iterator: its name and list or low..high. The name is visible from there on. */
static bool parse_iterator(Parser *p, Kids *k)
{
    Str name;
    FeelNode *low, *high = NULL;
    if (!parse_declared(p, &name, true) || !want(p, T_IN) || !(low = parse_expr(p, P_OR)) ||
        (accept(p, T_DOTS) && !(high = parse_expr(p, P_OR))))
        return false;
    return kids_add(p, k, low) && kids_add(p, k, high) && kids_name(p, k, name, NULL) &&
           declare(p, name);
}

static FeelNode *parse_loop(Parser *p)
{
    size_t from = here(p), known = p->lex.known.n;
    FeelToken word = p->t.kind;
    Kids k = { 0 };
    take(p);
    do {
        if (!parse_iterator(p, &k))
            return NULL;
    } while (accept(p, T_COMMA));
    if (!want(p, word == T_FOR ? T_RETURN : T_SATISFIES))
        return NULL;
    FeelNode *body = parse_expr(p, P_OR);
    forget(p);
    p->lex.known.n = known;
    if (!body || !kids_add(p, &k, body))
        return NULL;
    return node(p, word == T_FOR ? NODE_FOR : word == T_SOME ? NODE_SOME : NODE_EVERY, from, from,
                k);
}

/* --- types ---------------------------------------------------------------------------------- */
static const FeelType *parse_type(Parser *p, int depth);

static FeelType *type_new(Parser *p, FeelTypeForm form)
{
    FeelType *t = ARENA_NEW(p->lex.a, FeelType);
    if (!t)
        return no_memory(p);
    t->form = form;
    return t;
}

static const FeelType *parse_type_item(Parser *p, FeelTypeForm form, int depth)
{
    FeelType *t = type_new(p, form);
    if (!t || !want(p, T_LT) || !(t->item = parse_type(p, depth)) || !want(p, T_GT))
        return NULL;
    return t;
}

/* context<a: number, b: string> and function<number, string> -> boolean. */
static const FeelType *parse_type_members(Parser *p, FeelTypeForm form, int depth)
{
    FeelType *t = type_new(p, form);
    FeelTypeMember *members = NULL;
    size_t n = 0, cap = 0;
    if (!t || !want(p, T_LT))
        return NULL;
    while (peek(p) != T_GT) {
        FeelTypeMember m = { { "", 0 }, NULL };
        if (n && !want(p, T_COMMA))
            return NULL;
        forget(p);
        if (form == FEEL_TYPE_CONTEXT && (!parse_declared(p, &m.name, false) || !want(p, T_COLON)))
            return NULL;
        if (!(m.type = parse_type(p, depth)))
            return NULL;
        if (!ARENA_PUSH(p->lex.a, members, n, cap))
            return no_memory(p);
        members[n++] = m;
    }
    take(p);
    t->members = members;
    t->n = n;
    t->open = true;
    if (form == FEEL_TYPE_FUNCTION && (!want(p, T_ARROW) || !(t->item = parse_type(p, depth))))
        return NULL;
    return t;
}

static const FeelType *parse_type_named(Parser *p, size_t at)
{
    static const Str plain[] = {
        S("days and time duration"), S("years and months duration"), S("date and time"),
        S("day and time duration"), S("year and month duration"), S("dayTimeDuration"),
        S("yearMonthDuration"), S("dateTime"), S("number"), S("string"), S("boolean"), S("date"),
        S("time"), S("Any"), S("Null"), S("context"), S("list"),
    };
    static const FeelKind kinds[] = {
        FEEL_DURATION, FEEL_MONTHS, FEEL_DATE_TIME, FEEL_DURATION, FEEL_MONTHS, FEEL_DURATION,
        FEEL_MONTHS, FEEL_DATE_TIME, FEEL_NUMBER, FEEL_STRING, FEEL_BOOLEAN, FEEL_DATE, FEEL_TIME,
        FEEL_KINDS, FEEL_NULL, FEEL_CONTEXT, FEEL_LIST,
    };
    const FeelType *best = NULL;
    size_t reach = 0, n;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if ((n = feel_lex_reaches(p->lex.src, at, plain[i])) > reach) {
            reach = n;
            best = kinds[i] == FEEL_KINDS ? feel_type_any() : feel_type_of(kinds[i]);
        }
    for (size_t i = 0; p->given && i < p->given->n_types; i++)
        if ((n = feel_lex_reaches(p->lex.src, at, p->given->types[i].name)) >= reach && n) {
            reach = n;
            best = p->given->types[i].type;
        }
    if (!best)
        return refuse(p, "类型");
    p->last = at + reach;
    back_to(p, at + reach);
    return best;
}

static const FeelType *parse_type(Parser *p, int depth)
{
    forget(p);
    if (peek(p) == T_BAD && p->e->code != ERR_NONE)
        return NULL;
    size_t at = here(p);
    if (depth >= TYPE_DEPTH_MAX)
        return too_deep(p, at);
    Str word = p->t.text;
    FeelToken kind = p->t.kind;
    if (kind == T_FUNCTION || kind == T_NAME) {
        size_t end = feel_lex_blank(p->lex.src, p->t.end);
        if (end < p->lex.src.n && p->lex.src.p[end] == '<') {
            FeelTypeForm form = kind == T_FUNCTION ? FEEL_TYPE_FUNCTION
                              : str_is(word, "list") ? FEEL_TYPE_LIST
                              : str_is(word, "range") ? FEEL_TYPE_RANGE
                              : str_is(word, "context") ? FEEL_TYPE_CONTEXT : FEEL_TYPE_ANY;
            if (form == FEEL_TYPE_ANY)
                return refuse(p, "list、range、context 或 function");
            take(p);
            return form == FEEL_TYPE_LIST || form == FEEL_TYPE_RANGE
                       ? parse_type_item(p, form, depth + 1)
                       : parse_type_members(p, form, depth + 1);
        }
    }
    return parse_type_named(p, at);
}

bool feel_type_read(const FeelType **out, Arena *a, Str text, Err *e)
{
    Err inner = { 0 };
    Parser p = { .lex = { .a = a, .src = text }, .src = &text, .e = &inner };
    const FeelType *t = text.n <= FEEL_BYTES_MAX && str_valid(text) ? parse_type(&p, 0) : NULL;
    if (!t || peek(&p) != T_END)
        return err_fail(e, ERR_FEEL_TYPE, err_hole("name", text));
    *out = t;
    return true;
}

/* --- functions, contexts, lists ------------------------------------------------------------- */
static bool parse_params(Parser *p, Kids *k)
{
    forget(p);
    if (accept(p, T_RPAREN))
        return true;
    do {
        Str name;
        const FeelType *type = NULL;
        forget(p);
        if (!parse_declared(p, &name, false) ||
            (accept(p, T_COLON) && !(type = parse_type(p, 0))) || !kids_name(p, k, name, type) ||
            !declare(p, name))
            return false;
    } while (accept(p, T_COMMA));
    return want(p, T_RPAREN);
}

static void *refuse_external(Parser *p)
{
    uint32_t line, column;
    feel_lex_place(p->lex.src, here(p), &line, &column);
    if (p->e->code == ERR_NONE)
        err_fail(p->e, ERR_FEEL_EXTERNAL, err_hole("line", line), err_hole("column", column));
    return NULL;
}

static FeelNode *parse_function(Parser *p)
{
    size_t from = here(p), known = p->lex.known.n;
    Kids k = { 0 };
    take(p);
    if (!want(p, T_LPAREN) || !parse_params(p, &k))
        return NULL;
    if (peek(p) == T_EXTERNAL)
        return refuse_external(p);
    FeelNode *body = parse_expr(p, P_OR);
    forget(p);
    p->lex.known.n = known;
    return body && kids_add(p, &k, body) ? node(p, NODE_LAMBDA, from, from, k) : NULL;
}

/* Names of entries stay known after the context, so that paths and filters can be read. */
static FeelNode *parse_context(Parser *p)
{
    size_t from = here(p);
    Kids k = { 0 };
    take(p);
    if (peek(p) == T_RBRACE) {
        take(p);
        return node(p, NODE_CONTEXT, from, from, k);
    }
    do {
        Str key;
        FeelNode *kid;
        forget(p);
        size_t at = feel_lex_blank(p->lex.src, p->at);
        if (at != SIZE_MAX && at < p->lex.src.n && p->lex.src.p[at] == '"') {
            peek(p);
            key = p->t.text;
            take(p);
        } else if (!parse_declared(p, &key, false)) {
            return NULL;
        }
        if (!want(p, T_COLON) || !(kid = parse_expr(p, P_OR)) || !kids_add(p, &k, kid) ||
            !kids_name(p, &k, key, NULL) || !declare(p, key))
            return NULL;
        forget(p);
    } while (accept(p, T_COMMA));
    return want(p, T_RBRACE) ? node(p, NODE_CONTEXT, from, from, k) : NULL;
}

/* After `low`, at `..`: the rest of a range that began at `from`. */
static FeelNode *parse_range_rest(Parser *p, size_t from, bool low_in, FeelNode *low)
{
    bool was = p->in_endpoint;
    take(p);
    p->in_endpoint = true;
    FeelNode *high = parse_expr(p, P_ADD);
    p->in_endpoint = was;
    if (!high)
        return NULL;
    FeelToken close = peek(p);
    if (close != T_RPAREN && close != T_RBRACKET && close != T_LBRACKET)
        return refuse(p, "] 或 )");
    take(p);
    FeelNode *n = node_of(p, NODE_RANGE, from, from, low, high);
    if (n) {
        n->low_in = low_in;
        n->high_in = close == T_RBRACKET;
    }
    return n;
}

static FeelNode *parse_inner(Parser *p)
{
    bool was = p->in_endpoint;
    p->in_endpoint = false;
    FeelNode *n = parse_expr(p, P_OR);
    p->in_endpoint = was;
    return n;
}

static FeelNode *parse_bracket(Parser *p)
{
    size_t from = here(p);
    Kids k = { 0 };
    take(p);
    if (accept(p, T_RBRACKET))
        return node(p, NODE_LIST, from, from, k);
    do {
        FeelNode *kid = parse_inner(p);
        if (!kid)
            return NULL;
        if (k.n == 0 && peek(p) == T_DOTS)
            return parse_range_rest(p, from, true, kid);
        if (!kids_add(p, &k, kid))
            return NULL;
    } while (accept(p, T_COMMA));
    return want(p, T_RBRACKET) ? node(p, NODE_LIST, from, from, k) : NULL;
}

static FeelNode *parse_open_range(Parser *p)
{
    size_t from = here(p);
    take(p);
    FeelNode *low = parse_inner(p);
    if (!low)
        return NULL;
    return peek(p) == T_DOTS ? parse_range_rest(p, from, false, low) : refuse(p, "..");
}

static bool is_comparison(FeelToken t)
{
    return t == T_LT || t == T_LE || t == T_GT || t == T_GE || t == T_EQ || t == T_NE;
}

static FeelNode *parse_compared(Parser *p)
{
    size_t from = here(p);
    FeelToken op = p->t.kind;
    take(p);
    FeelNode *end = parse_expr(p, P_ADD);
    FeelNode *n = end ? node_of(p, NODE_COMPARED, from, from, end, NULL) : NULL;
    if (n)
        n->op = op;
    return n;
}

/* (expr), (a..b], (< 10); with `tests` also (1, < 3, [5..6]), whose tests go into *k. */
static FeelNode *parse_round(Parser *p, Kids *k)
{
    size_t from = here(p);
    bool was = p->in_endpoint;
    take(p);
    p->in_endpoint = false;
    FeelNode *n = is_comparison(peek(p)) ? parse_compared(p) : parse_expr(p, P_OR);
    p->in_endpoint = was;
    if (!n)
        return NULL;
    if (peek(p) == T_DOTS)
        return parse_range_rest(p, from, false, n);
    if (k) {
        if (!kids_add(p, k, n))
            return NULL;
        while (accept(p, T_COMMA)) {
            FeelNode *more = parse_test(p);
            if (!more || !kids_add(p, k, more))
                return NULL;
        }
    }
    if (!want(p, T_RPAREN))
        return NULL;
    n->text = str_sub(p->lex.src, from, p->last - from);
    return n;
}

static FeelNode *parse_paren(Parser *p)
{
    return parse_round(p, NULL);
}

static FeelNode *parse_infix(Parser *p, FeelNode *left, int power);

/* One positive unary test. */
static FeelNode *parse_test(Parser *p)
{
    return is_comparison(peek(p)) ? parse_compared(p) : parse_expr(p, P_OR);
}

typedef struct Begin {
    FeelToken token;
    FeelNode *(*parse)(Parser *p);
} Begin;

static const Begin begins[] = {
    { T_NUMBER, parse_number },     { T_STRING, parse_string },   { T_AT_STRING, parse_at },
    { T_NAME, parse_name },         { T_TRUE, parse_word },       { T_FALSE, parse_word },
    { T_NULL, parse_word },         { T_MINUS, parse_negate },    { T_IF, parse_if },
    { T_FOR, parse_loop },          { T_SOME, parse_loop },       { T_EVERY, parse_loop },
    { T_FUNCTION, parse_function }, { T_LPAREN, parse_paren },    { T_LBRACKET, parse_bracket },
    { T_RBRACKET, parse_open_range }, { T_LBRACE, parse_context },
};

static const Begin *begin_of(FeelToken t)
{
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (begins[i].token == t)
            return &begins[i];
    return NULL;
}

/* --- how it goes on ------------------------------------------------------------------------- */
static FeelNode *go_binary(Parser *p, FeelNode *left, int power)
{
    size_t at = here(p);
    FeelToken op = p->t.kind;
    take(p);
    FeelNode *right = parse_expr(p, power + 1);
    FeelNode *n = right ? node_of(p, NODE_BINARY, start_of(left), at, left, right) : NULL;
    if (n)
        n->op = op;
    return n;
}

static FeelNode *go_between(Parser *p, FeelNode *left, int power)
{
    size_t at = here(p);
    Kids k = { 0 };
    FeelNode *low, *high;
    take(p);
    if (!(low = parse_expr(p, power + 1)) || !want(p, T_AND) ||
        !(high = parse_expr(p, power + 1)) || !kids_add(p, &k, left) || !kids_add(p, &k, low) ||
        !kids_add(p, &k, high))
        return NULL;
    return node(p, NODE_BETWEEN, start_of(left), at, k);
}

static FeelNode *go_in(Parser *p, FeelNode *left, int power)
{
    size_t at = here(p);
    Kids k = { 0 }, tests = { 0 };
    FeelNode *test;
    take(p);
    if (!kids_add(p, &k, left))
        return NULL;
    if (is_comparison(peek(p))) {
        if (!(test = parse_compared(p)) || !kids_add(p, &k, test))
            return NULL;
    } else if (peek(p) == T_LPAREN) {
        if (!(test = parse_round(p, &tests)))
            return NULL;
        if (tests.n < 2 && !(test = parse_infix(p, test, power + 1)))
            return NULL;
        if (tests.n < 2)
            tests = (Kids){ 0 };
        for (size_t i = 0; i < tests.n; i++)
            if (!kids_add(p, &k, tests.kids[i]))
                return NULL;
        if (tests.n == 0 && !kids_add(p, &k, test))
            return NULL;
    } else if (!(test = parse_expr(p, power + 1)) || !kids_add(p, &k, test)) {
        return NULL;
    }
    return node(p, NODE_IN, start_of(left), at, k);
}

static FeelNode *go_instance(Parser *p, FeelNode *left, int power)
{
    (void)power;
    size_t at = here(p);
    take(p);
    if (!want(p, T_OF))
        return NULL;
    const FeelType *type = parse_type(p, 0);
    FeelNode *n = type ? node_of(p, NODE_INSTANCE, start_of(left), at, left, NULL) : NULL;
    if (n)
        n->type = type;
    return n;
}

static FeelNode *go_path(Parser *p, FeelNode *left, int power)
{
    (void)power;
    take(p);
    size_t at = here(p);
    FeelToken kind = p->t.kind;
    if (kind < T_NAME || kind > T_NULL)
        return refuse(p, "名称");
    Str name = p->t.text;
    take(p);
    FeelNode *n = node_of(p, NODE_PATH, start_of(left), at, left, NULL);
    if (n)
        n->name = name;
    return n;
}

static FeelNode *go_filter(Parser *p, FeelNode *left, int power)
{
    (void)power;
    size_t at = here(p);
    take(p);
    FeelNode *test = parse_inner(p);
    if (!test || !want(p, T_RBRACKET))
        return NULL;
    return node_of(p, NODE_FILTER, start_of(left), at, left, test);
}

/* `name :` before an argument; the token must not have been looked at. */
static bool parse_arg_name(Parser *p, Str *name)
{
    size_t at = feel_lex_blank(p->lex.src, p->last), end;
    if (at == SIZE_MAX || at >= p->lex.src.n)
        return false;
    *name = feel_lex_raw_name(&p->lex, at, &end, false);
    if (name->n == 0)
        return false;
    end = feel_lex_blank(p->lex.src, end);
    if (end == SIZE_MAX || end >= p->lex.src.n || p->lex.src.p[end] != ':')
        return false;
    p->last = end + 1;
    back_to(p, end + 1);
    return true;
}

static FeelNode *go_call(Parser *p, FeelNode *left, int power)
{
    (void)power;
    size_t at = here(p);
    bool named = false;
    Kids k = { 0 };
    take(p);
    if (!kids_add(p, &k, left))
        return NULL;
    if (peek(p) != T_RPAREN) {
        do {
            Str name = { "", 0 };
            forget(p);
            bool has = parse_arg_name(p, &name);
            if (k.n > 1 && has != named)
                return refuse(p, "全部按名称或全部按位置给出的参数");
            named = has;
            FeelNode *arg = parse_inner(p);
            if (!arg || !kids_add(p, &k, arg) || (named && !kids_name(p, &k, name, NULL)))
                return NULL;
        } while (accept(p, T_COMMA));
    }
    return want(p, T_RPAREN) ? node(p, NODE_CALL, start_of(left), at, k) : NULL;
}

typedef struct Infix {
    FeelToken token;
    int power;
    FeelNode *(*parse)(Parser *p, FeelNode *left, int power);
} Infix;

static const Infix infixes[] = {
    { T_OR, P_OR, go_binary },          { T_AND, P_AND, go_binary },
    { T_EQ, P_COMPARE, go_binary },     { T_NE, P_COMPARE, go_binary },
    { T_LT, P_COMPARE, go_binary },     { T_LE, P_COMPARE, go_binary },
    { T_GT, P_COMPARE, go_binary },     { T_GE, P_COMPARE, go_binary },
    { T_BETWEEN, P_COMPARE, go_between }, { T_IN, P_COMPARE, go_in },
    { T_PLUS, P_ADD, go_binary },       { T_MINUS, P_ADD, go_binary },
    { T_TIMES, P_MULTIPLY, go_binary }, { T_DIVIDE, P_MULTIPLY, go_binary },
    { T_POWER, P_POWER, go_binary },    { T_INSTANCE, P_INSTANCE, go_instance },
    { T_DOT, P_POSTFIX, go_path },      { T_LBRACKET, P_POSTFIX, go_filter },
    { T_LPAREN, P_POSTFIX, go_call },
};

static const Infix *infix_of(FeelToken t)
{
    for (size_t i = 0; i < sizeof infixes / sizeof *infixes; i++)
        if (infixes[i].token == t)
            return &infixes[i];
    return NULL;
}

/* Behind an endpoint `[` opens a filter only when an expression can begin after it. */
static bool closes_range(Parser *p)
{
    if (!p->in_endpoint || peek(p) != T_LBRACKET)
        return false;
    FeelLexeme next;
    Err scrap = { 0 };
    return !feel_lex_next(&p->lex, p->t.end, &next, &scrap) || next.kind == T_RBRACKET ||
           !begin_of(next.kind);
}

static FeelNode *parse_infix(Parser *p, FeelNode *left, int power)
{
    const Infix *row;
    while (left && (row = infix_of(peek(p))) && row->power >= power && !closes_range(p))
        left = row->parse(p, left, row->power);
    return left;
}

static FeelNode *parse_expr(Parser *p, int power)
{
    if (p->depth >= FEEL_DEPTH_MAX)
        return too_deep(p, here(p));
    p->depth++;
    const Begin *row = begin_of(peek(p));
    FeelNode *n = row ? row->parse(p) : refuse(p, "值或名称");
    n = n ? parse_infix(p, n, power) : NULL;
    p->depth--;
    return n;
}

/* --- the two doors -------------------------------------------------------------------------- */
static bool learn_type(FeelLex *l, const FeelType *t, int depth)
{
    if (!t || depth > SCOPE_DEPTH_MAX)
        return true;
    if (!learn_type(l, t->item, depth + 1))
        return false;
    for (size_t i = 0; i < t->n; i++)
        if ((t->form == FEEL_TYPE_CONTEXT && !feel_lex_learn(l, t->members[i].name)) ||
            !learn_type(l, t->members[i].type, depth + 1))
            return false;
    return true;
}

static bool learn(FeelLex *l, const FeelNames *known)
{
    static const Str properties[] = { S("time offset"), S("start included"), S("end included") };
    for (size_t i = 0; i < 3; i++)
        if (!feel_lex_learn(l, properties[i]))
            return false;
    for (size_t i = 0; known && i < known->n; i++)
        if (!feel_lex_learn(l, known->names[i]))
            return false;
    return learn_type(l, known ? known->scope : NULL, 0);
}

static FeelExpr *open_parser(Parser *p, Arena *a, Str text, const FeelNames *known, Err *e)
{
    FeelExpr *x = ARENA_NEW(a, FeelExpr);
    if (text.n > FEEL_BYTES_MAX) {
        err_fail(e, ERR_TOO_BIG, err_hole("what", "公式"), err_hole("max", FEEL_BYTES_MAX));
        return NULL;
    }
    if (!str_valid(text)) {
        err_fail(e, ERR_BAD_TEXT, err_hole("what", "公式"));
        return NULL;
    }
    *p = (Parser){ .lex = { .a = a }, .given = known, .e = e, .was_refused = arena_refused(a) };
    if (!x || !learn(&p->lex, known))
        return no_memory(p);
    x->source = p->lex.src = arena_str(a, text);
    if (text.n && !x->source.n)
        return no_memory(p);
    p->src = &x->source;
    return x;
}

bool feel_parse(FeelExpr **out, Arena *a, Str text, const FeelNames *known, Err *e)
{
    Parser p;
    err_clear(e);
    FeelExpr *x = open_parser(&p, a, text, known, e);
    if (!x || !(x->root = parse_expr(&p, P_OR)))
        return false;
    if (peek(&p) != T_END)
        return refuse(&p, "运算符或结尾") != NULL;
    *out = x;
    return true;
}

static FeelNode *parse_tests(Parser *p, size_t from)
{
    Kids k = { 0 };
    do {
        FeelNode *test = parse_test(p);
        if (!test || !kids_add(p, &k, test))
            return NULL;
    } while (accept(p, T_COMMA));
    return node(p, NODE_TESTS, from, from, k);
}

/* not(...) around all tests; NULL without an error when it is something else. */
static FeelNode *parse_not_tests(Parser *p)
{
    size_t from = here(p);
    if (p->t.kind != T_NAME || !str_is(p->t.text, "not"))
        return NULL;
    take(p);
    if (!accept(p, T_LPAREN))
        return NULL;
    Err scrap = { 0 }, *e = p->e;
    p->e = &scrap;
    FeelNode *n = parse_tests(p, from);
    if (n && (!accept(p, T_RPAREN) || peek(p) != T_END))
        n = NULL;
    p->e = e;
    if (n)
        n->low_in = true;
    return n;
}

bool feel_parse_unary(FeelExpr **out, Arena *a, Str text, const FeelNames *known, Err *e)
{
    Parser p;
    err_clear(e);
    FeelExpr *x = open_parser(&p, a, text, known, e);
    if (!x)
        return false;
    if (str_is(str_trim(text), "-")) {
        x->root = node(&p, NODE_TESTS, 0, 0, (Kids){ 0 });
    } else {
        size_t known_n = p.lex.known.n;
        x->root = parse_not_tests(&p);
        if (!x->root) {
            p.lex.known.n = known_n;
            p.last = 0;
            back_to(&p, 0);
            x->root = parse_tests(&p, 0);
        }
    }
    if (!x->root)
        return e->code == ERR_NONE ? no_memory(&p) != NULL : false;
    if (p.last && peek(&p) != T_END)
        return refuse(&p, ", 或结尾") != NULL;
    *out = x;
    return true;
}

Str feel_source(const FeelExpr *x)
{
    return x->source;
}
