/* Decision tables: reading, and hit policies as one table of functions. */
#include "dmn/dmn_in.h"

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "DMN"));
}

/* --- reading -------------------------------------------------------------------------------- */
static bool shape(DmnBuild *b, const DmnXml *x, const char *want, Err *e)
{
    return err_fail(e, ERR_DMN_SHAPE, err_hole("file", b->home->doc.file),
                    err_hole("line", x->line), err_hole("found", x->tag), err_hole("want", want));
}

static bool word(DmnBuild *b, const DmnXml *x, const char *attr, const char *const *words,
                 size_t n, int *out, Err *e)
{
    Str v = str_trim(dmn_xml_attr(x, attr));
    for (size_t i = 0; i < n; i++)
        if (str_is(v, words[i]) || (v.n == 0 && i == 0)) {
            *out = (int)i;
            return true;
        }
    return shape(b, x, attr, e);
}

static bool count(DmnBuild *b, const DmnXml *x, const char *tag, size_t max, size_t *n, Err *e)
{
    *n = 0;
    for (const DmnXml *k = dmn_xml_kid(x, tag); k; k = dmn_xml_next(k, tag))
        if (++*n > max)
            return err_fail(e, ERR_TOO_BIG, err_hole("what", tag), err_hole("max", max));
    (void)b;
    return true;
}

/* The values a clause allows, as tests and, for the order of outputs, as a list. */
static bool read_allowed(DmnBuild *b, DmnClause *c, const DmnXml *values, bool ordered, Err *e)
{
    Str text = values ? dmn_xml_text(values, "text") : (Str){ "", 0 };
    if (text.n == 0 || str_is(text, "-"))
        return true;
    if (!dmn_box_text(&c->allowed, b, text, values->line, true, e))
        return false;
    Str list = arena_text(b->a, "[%.*s]", STR(text));
    FeelExpr *x;
    Err scrap = { 0 };
    if (list.n == 0)
        return no_memory(e);
    if (ordered && feel_parse(&x, b->a, list, NULL, &scrap))
        c->order = x;
    return true;
}

static bool read_input(DmnBuild *b, DmnClause *c, const DmnXml *x, Err *e)
{
    const DmnXml *expr = dmn_xml_kid(x, "inputExpression");
    FeelExpr *inner;
    if (!expr)
        return shape(b, x, "inputExpression", e);
    c->line = expr->line;
    c->label = dmn_xml_text(expr, "text");
    if (!dmn_type_ref(&c->type, b->a, b->home, dmn_xml_attr(expr, "typeRef"), expr->line, e) ||
        !dmn_box_text(&inner, b, c->label, expr->line, false, e))
        return false;
    FeelBox typed = { .form = FEEL_BOX_TYPED, .label = c->label, .line = c->line, .kids = &inner,
                      .n = 1, .type = c->type };
    if (!feel_box(&c->expr, b->a, &typed, e))
        return false;
    if (!c->type)
        c->type = dmn_box_type(b, inner);
    size_t known = b->n;
    bool ok = dmn_scope_add(b, STRC("?"), c->type, e) &&
              read_allowed(b, c, dmn_xml_kid(x, "inputValues"), false, e);
    b->n = known;
    return ok;
}

static bool read_output(DmnBuild *b, DmnClause *c, const DmnXml *x, Err *e)
{
    const DmnXml *fallback = dmn_xml_kid(x, "defaultOutputEntry");
    c->line = x->line;
    c->label = dmn_xml_attr(x, "name");
    return dmn_type_ref(&c->type, b->a, b->home, dmn_xml_attr(x, "typeRef"), x->line, e) &&
           (!fallback || dmn_box_text(&c->fallback, b, dmn_xml_text(fallback, "text"),
                                      fallback->line, false, e)) &&
           read_allowed(b, c, dmn_xml_kid(x, "outputValues"), true, e);
}

static bool read_tests(DmnBuild *b, DmnTable *t, size_t rule, const DmnXml *x, Err *e)
{
    const DmnXml *k = dmn_xml_kid(x, "inputEntry");
    for (size_t i = 0; i < t->n_ins; i++, k = dmn_xml_next(k, "inputEntry")) {
        size_t known = b->n;
        if (!k)
            return shape(b, x, "inputEntry", e);
        bool ok = dmn_scope_add(b, STRC("?"), t->ins[i].type, e) &&
                  dmn_box_text(&t->tests[rule * t->n_ins + i], b, dmn_xml_text(k, "text"),
                               k->line, true, e);
        b->n = known;
        if (!ok)
            return false;
    }
    return !k || shape(b, k, "input", e);
}

static bool read_gives(DmnBuild *b, DmnTable *t, size_t rule, const DmnXml *x, Err *e)
{
    const DmnXml *k = dmn_xml_kid(x, "outputEntry");
    for (size_t i = 0; i < t->n_outs; i++, k = dmn_xml_next(k, "outputEntry")) {
        FeelExpr *inner;
        if (!k)
            return shape(b, x, "outputEntry", e);
        t->texts[rule * t->n_outs + i] = dmn_xml_text(k, "text");
        if (!dmn_box_text(&inner, b, dmn_xml_text(k, "text"), k->line, false, e))
            return false;
        FeelBox typed = { .form = FEEL_BOX_TYPED, .label = t->outs[i].label, .line = k->line,
                          .kids = &inner, .n = 1, .type = t->outs[i].type };
        if (!feel_box(&t->gives[rule * t->n_outs + i], b->a, &typed, e))
            return false;
    }
    return !k || shape(b, k, "output", e);
}

static bool read_rules(DmnBuild *b, DmnTable *t, const DmnXml *x, Err *e)
{
    size_t r = 0;
    t->tests = ARENA_ARRAY(b->a, FeelExpr *, t->n_rules * t->n_ins);
    t->gives = ARENA_ARRAY(b->a, FeelExpr *, t->n_rules * t->n_outs);
    t->labels = ARENA_ARRAY(b->a, Str, t->n_rules);
    t->texts = ARENA_ARRAY(b->a, Str, t->n_rules * t->n_outs);
    t->lines = ARENA_ARRAY(b->a, uint32_t, t->n_rules);
    if (!t->lines || !t->texts || !t->tests || !t->gives || !t->labels)
        return no_memory(e);
    for (const DmnXml *k = dmn_xml_kid(x, "rule"); k; k = dmn_xml_next(k, "rule"), r++) {
        const DmnXml *note = dmn_xml_kid(k, "annotationEntry");
        Str text = note ? dmn_xml_text(note, "text") : (Str){ "", 0 };
        t->lines[r] = k->line;
        t->labels[r] = arena_text(b->a, text.n ? "R%zu %.*s" : "R%zu", r + 1, STR(text));
        if (!read_tests(b, t, r, k, e) || !read_gives(b, t, r, k, e))
            return false;
    }
    return !arena_refused(b->a) || no_memory(e);
}

static bool read_clauses(DmnBuild *b, DmnTable *t, const DmnXml *x, Err *e)
{
    DmnClause *c = t->ins = ARENA_ARRAY(b->a, DmnClause, t->n_ins);
    DmnClause *o = t->outs = ARENA_ARRAY(b->a, DmnClause, t->n_outs);
    if (!c || !o)
        return no_memory(e);
    for (const DmnXml *k = dmn_xml_kid(x, "input"); k; k = dmn_xml_next(k, "input"))
        if (!read_input(b, c++, k, e))
            return false;
    for (const DmnXml *k = dmn_xml_kid(x, "output"); k; k = dmn_xml_next(k, "output"))
        if (!read_output(b, o++, k, e))
            return false;
    return true;
}

/* With several outputs a row is a context; the policy may make a list of rows. */
static const FeelType *result_type(DmnBuild *b, const DmnTable *t)
{
    FeelType *row = ARENA_NEW(b->a, FeelType), *list = ARENA_NEW(b->a, FeelType);
    FeelTypeMember *members = ARENA_ARRAY(b->a, FeelTypeMember, t->n_outs);
    const FeelType *one = t->outs[0].type;
    if (!row || !list || !members || t->fold)
        return NULL;
    if (t->n_outs > 1) {
        for (size_t i = 0; i < t->n_outs; i++)
            members[i] = (FeelTypeMember){ t->outs[i].label, t->outs[i].type };
        *row = (FeelType){ .form = FEEL_TYPE_CONTEXT, .members = members, .n = t->n_outs };
        one = row;
    }
    if (t->hit != HIT_COLLECT && t->hit != HIT_RULE_ORDER && t->hit != HIT_OUTPUT_ORDER)
        return one;
    *list = (FeelType){ .form = FEEL_TYPE_LIST, .item = one };
    return list;
}

static bool read_fold(DmnBuild *b, DmnTable *t, Err *e)
{
    static const char *const texts[] = { "rows", "sum(rows)", "count(rows)", "min(rows)",
                                         "max(rows)" };
    return feel_parse(&t->folded, b->a, str_of(texts[t->fold]), NULL, e);
}

bool dmn_table_read(FeelExpr **out, DmnBuild *b, const DmnXml *x, Err *e)
{
    static const char *const hits[] = { "UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT",
                                        "RULE ORDER", "OUTPUT ORDER" };
    static const char *const folds[] = { "", "SUM", "COUNT", "MIN", "MAX" };
    DmnTable *t = ARENA_NEW(b->a, DmnTable);
    int hit = 0, fold = 0;
    if (!t)
        return no_memory(e);
    t->line = x->line;
    if (!word(b, x, "hitPolicy", hits, 7, &hit, e) ||
        !word(b, x, "aggregation", folds, 5, &fold, e) ||
        !count(b, x, "input", DMN_CLAUSES_MAX, &t->n_ins, e) ||
        !count(b, x, "output", DMN_CLAUSES_MAX, &t->n_outs, e) ||
        !count(b, x, "rule", DMN_RULES_MAX, &t->n_rules, e))
        return false;
    if (t->n_outs == 0)
        return shape(b, x, "output", e);
    t->hit = (DmnHit)hit;
    t->fold = t->hit == HIT_COLLECT ? (DmnFold)fold : FOLD_NONE;
    if (!read_clauses(b, t, x, e) || !read_rules(b, t, x, e) || !read_fold(b, t, e))
        return false;
    FeelBox box = { .form = FEEL_BOX_OUTSIDE, .label = x->tag, .line = x->line,
                    .outside = dmn_table_eval, .ctx = t, .type = result_type(b, t) };
    if (b->element && !b->element->table)
        b->element->table = t;
    t->name = b->element ? b->element->name : (Str){ "", 0 };
    return feel_box(out, b->a, &box, e);
}

/* --- evaluating ----------------------------------------------------------------------------- */
typedef struct Play {
    const DmnTable *t;
    Arena *a;
    const FeelScope *scope;
    FeelRun *run;
    Err *e;
    FeelValue *inputs;
    size_t *hits;             /* rules that match, in order */
    size_t n;
    FeelValue *rows;          /* their outputs, when evaluated */
} Play;

static bool note(Play *p, ErrCode code, const Hole *holes, size_t n)
{
    return feel_note(p->run, code, holes, n, p->e);
}

static bool note_pair(Play *p, ErrCode code, size_t first, size_t second)
{
    Hole holes[] = { err_hole("first", first + 1), err_hole("second", second + 1) };
    return note(p, code, holes, 2);
}

int dmn_table_test(const FeelExpr *test, FeelValue input, Arena *a, const FeelScope *scope,
                   FeelRun *run, Err *e)
{
    /* Tests may make functions that keep the frame, so it lies in the arena. */
    FeelEntry *entry = ARENA_NEW(a, FeelEntry);
    FeelScope *frame = ARENA_NEW(a, FeelScope);
    FeelValue got;
    if (!entry || !frame)
        return no_memory(e) ? 0 : -1;
    *entry = (FeelEntry){ S("?"), input };
    *frame = (FeelScope){ scope, entry, 1 };
    bool explains = run->explain; /* which rules match is told; how the others fail is not */
    run->explain = false;
    bool ok = feel_eval(&got, a, test, frame, run, e);
    run->explain = explains;
    if (!ok)
        return -1;
    return got.kind == FEEL_BOOLEAN && got.boolean;
}

/* False: fatal. *ok false: the value is none the clause allows, and that was noted. */
static bool allowed(Play *p, const DmnClause *c, FeelValue v, bool *ok)
{
    *ok = true;
    if (!c->allowed || v.kind == FEEL_NULL)
        return true;
    int one = dmn_table_test(c->allowed, v, p->a, p->scope, p->run, p->e);
    if (one != 0)
        return one > 0;
    *ok = false;
    Hole holes[] = { err_hole("clause", c->label.n ? c->label : p->t->name),
                     err_hole("value", feel_print(p->a, v)) };
    return note(p, ERR_DMN_CLAUSE, holes, 2);
}

static bool read_inputs(Play *p, bool *ok)
{
    *ok = true;
    p->inputs = ARENA_ARRAY(p->a, FeelValue, p->t->n_ins);
    if (!p->inputs)
        return no_memory(p->e);
    for (size_t i = 0; i < p->t->n_ins && *ok; i++)
        if (!feel_eval(&p->inputs[i], p->a, p->t->ins[i].expr, p->scope, p->run, p->e) ||
            !allowed(p, &p->t->ins[i], p->inputs[i], ok))
            return false;
    return true;
}

static bool find_hits(Play *p)
{
    const DmnTable *t = p->t;
    p->hits = ARENA_ARRAY(p->a, size_t, t->n_rules);
    if (!p->hits)
        return no_memory(p->e);
    for (size_t r = 0; r < t->n_rules; r++) {
        FeelWhere here = { p->run->where, t->labels[r], t->lines[r] };
        int passes = 1;
        p->run->where = &here;
        for (size_t i = 0; i < t->n_ins && passes == 1; i++)
            passes = dmn_table_test(t->tests[r * t->n_ins + i], p->inputs[i], p->a, p->scope,
                                    p->run, p->e);
        p->run->where = here.above;
        if (passes < 0)
            return false;
        if (passes)
            p->hits[p->n++] = r;
        if (passes && t->hit == HIT_FIRST)
            break;
    }
    return true;
}

/* One value for each output clause to the value of a row. */
static bool make_row(Play *p, const FeelValue *cells, FeelValue *out)
{
    const DmnTable *t = p->t;
    if (t->n_outs == 1) {
        *out = cells[0];
        return true;
    }
    FeelEntry *entries = ARENA_ARRAY(p->a, FeelEntry, t->n_outs);
    if (!entries)
        return no_memory(p->e);
    for (size_t i = 0; i < t->n_outs; i++)
        entries[i] = (FeelEntry){ t->outs[i].label, cells[i] };
    *out = feel_context(entries, t->n_outs);
    return true;
}

/* The cells of all rules that match: rows[k * n_outs + i]. */
static bool eval_rows(Play *p)
{
    const DmnTable *t = p->t;
    p->rows = ARENA_ARRAY(p->a, FeelValue, p->n * t->n_outs);
    if (!p->rows)
        return no_memory(p->e);
    for (size_t k = 0; k < p->n; k++) {
        FeelWhere here = { p->run->where, t->labels[p->hits[k]],
                           t->lines[p->hits[k]] };
        bool ok = true, fine = true;
        feel_trace_step(p->run, here.label, feel_boolean(true));
        p->run->where = &here;
        for (size_t i = 0; i < t->n_outs && ok; i++) {
            FeelValue *cell = &p->rows[k * t->n_outs + i];
            ok = feel_eval(cell, p->a, t->gives[p->hits[k] * t->n_outs + i], p->scope, p->run,
                           p->e) &&
                 allowed(p, &t->outs[i], *cell, &fine);
            if (ok && !fine)
                *cell = feel_null();
        }
        p->run->where = here.above;
        if (!ok)
            return false;
    }
    return true;
}

static const FeelValue *cells_of(const Play *p, size_t k)
{
    return &p->rows[k * p->t->n_outs];
}

static bool hit_one(Play *p, FeelValue *out)
{
    return make_row(p, cells_of(p, 0), out);
}

static bool hit_unique(Play *p, FeelValue *out)
{
    *out = feel_null();
    if (p->n > 1)
        return note_pair(p, ERR_DMN_UNIQUE, p->hits[0], p->hits[1]);
    return hit_one(p, out);
}

static bool hit_any(Play *p, FeelValue *out)
{
    *out = feel_null();
    for (size_t k = 1; k < p->n; k++)
        for (size_t i = 0; i < p->t->n_outs; i++)
            if (feel_equal(cells_of(p, 0)[i], cells_of(p, k)[i]) != 1)
                return note_pair(p, ERR_DMN_ANY, p->hits[0], p->hits[k]);
    return hit_one(p, out);
}

/* --- order by output values ----------------------------------------------------------------- */
/* Where a cell stands in the list of its clause; behind all others when it is not there. */
static bool rank_cells(Play *p, size_t **ranks)
{
    const DmnTable *t = p->t;
    size_t *r = *ranks = ARENA_ARRAY(p->a, size_t, p->n * t->n_outs);
    if (!r)
        return no_memory(p->e);
    for (size_t i = 0; i < t->n_outs; i++) {
        FeelValue list = feel_list(NULL, 0);
        if (t->outs[i].order &&
            !feel_eval(&list, p->a, t->outs[i].order, NULL, p->run, p->e))
            return false;
        size_t n = list.kind == FEEL_LIST ? list.list.n : 0;
        for (size_t k = 0; k < p->n; k++) {
            size_t at = 0;
            while (at < n && feel_equal(list.list.items[at], cells_of(p, k)[i]) != 1)
                at++;
            r[k * t->n_outs + i] = at;
        }
    }
    return true;
}

static int compare_ranks(const size_t *a, const size_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

/* Stable: rules of one rank keep their order. */
static bool sort_hits(Play *p, size_t **order)
{
    size_t *ranks, n = p->t->n_outs, *o = *order = ARENA_ARRAY(p->a, size_t, p->n);
    if (!o)
        return no_memory(p->e);
    if (!rank_cells(p, &ranks))
        return false;
    for (size_t k = 0; k < p->n; k++) {
        size_t at = k;
        for (; at > 0 && compare_ranks(&ranks[k * n], &ranks[o[at - 1] * n], n) < 0; at--)
            o[at] = o[at - 1];
        o[at] = k;
    }
    return true;
}

static bool hit_priority(Play *p, FeelValue *out)
{
    size_t *order;
    return sort_hits(p, &order) && make_row(p, cells_of(p, order[0]), out);
}

static bool list_rows(Play *p, const size_t *order, FeelValue *out)
{
    FeelValue *items = ARENA_ARRAY(p->a, FeelValue, p->n);
    if (!items)
        return no_memory(p->e);
    for (size_t k = 0; k < p->n; k++)
        if (!make_row(p, cells_of(p, order ? order[k] : k), &items[k]))
            return false;
    *out = feel_list(items, p->n);
    return true;
}

static bool hit_output_order(Play *p, FeelValue *out)
{
    size_t *order;
    return sort_hits(p, &order) && list_rows(p, order, out);
}

static bool hit_rule_order(Play *p, FeelValue *out)
{
    return list_rows(p, NULL, out);
}

/* --- collecting ----------------------------------------------------------------------------- */
static bool bad_fold(Play *p, FeelValue *out, Str found)
{
    *out = feel_null();
    Hole holes[] = { err_hole("found", found) };
    return note(p, ERR_DMN_FOLD, holes, 1);
}

static bool hit_collect(Play *p, FeelValue *out)
{
    const DmnTable *t = p->t;
    if (!list_rows(p, NULL, out))
        return false;
    if (t->fold == FOLD_NONE)
        return true;
    if (t->n_outs > 1 && t->fold != FOLD_COUNT)
        return bad_fold(p, out, t->outs[1].label);
    FeelEntry entry = { S("rows"), *out };
    FeelScope scope = { NULL, &entry, 1 };
    return feel_eval(out, p->a, t->folded, &scope, p->run, p->e);
}

/* --- no rule -------------------------------------------------------------------------------- */
static bool no_hit(Play *p, FeelValue *out)
{
    const DmnTable *t = p->t;
    FeelValue *cells = ARENA_ARRAY(p->a, FeelValue, t->n_outs);
    bool any = false;
    if (!cells)
        return no_memory(p->e);
    for (size_t i = 0; i < t->n_outs; i++) {
        any |= t->outs[i].fallback != NULL;
        if (t->outs[i].fallback &&
            !feel_eval(&cells[i], p->a, t->outs[i].fallback, p->scope, p->run, p->e))
            return false;
    }
    if (any)
        return make_row(p, cells, out);
    *out = t->fold == FOLD_COUNT ? feel_int(0) : feel_null();
    return t->fold == FOLD_COUNT || note(p, ERR_DMN_NO_RULE, NULL, 0);
}

bool dmn_table_eval(const void *table, FeelValue *out, Arena *a, const FeelScope *scope,
                    FeelRun *run, Err *e)
{
    static bool (*const policies[])(Play *p, FeelValue *out) = {
        [HIT_UNIQUE] = hit_unique,     [HIT_FIRST] = hit_one,
        [HIT_PRIORITY] = hit_priority, [HIT_ANY] = hit_any,
        [HIT_COLLECT] = hit_collect,   [HIT_RULE_ORDER] = hit_rule_order,
        [HIT_OUTPUT_ORDER] = hit_output_order,
    };
    Play p = { .t = table, .a = a, .scope = scope, .run = run, .e = e };
    bool ok;
    *out = feel_null();
    if (!read_inputs(&p, &ok))
        return false;
    if (!ok)
        return true;
    if (!find_hits(&p))
        return false;
    if (p.n == 0)
        return no_hit(&p, out);
    return eval_rows(&p) && policies[p.t->hit](&p, out);
}
