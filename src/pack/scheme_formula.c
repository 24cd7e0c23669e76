/* The expressions of a scheme: which names each of them sees, and which values it reads. */
#include "pack/scheme_in.h"

#include <stdio.h>
#include <string.h>

/* --- the scope ------------------------------------------------------------------------------ */
/* Types of all names, in the order in which they become visible: instruments, parts, events, then
 * the nodes one by one. */
typedef struct Names {
    FeelTypeMember members[SCHEME_INSTRUMENTS_MAX + SCHEME_PARTS_MAX + SCHEME_EVENTS_MAX +
                           SCHEME_NODES_MAX];
    size_t n;
    size_t nodes_from;
} Names;

static const FeelType *context_of(Arena *a, const FeelTypeMember *members, size_t n)
{
    FeelType *t = ARENA_NEW(a, FeelType);
    if (t)
        *t = (FeelType){ .form = FEEL_TYPE_CONTEXT, .kind = FEEL_CONTEXT, .members = members,
                         .n = n };
    return t;
}

static const FeelType *number(void)
{
    return feel_type_of(FEEL_NUMBER);
}

static const FeelType *list_of_numbers(Arena *a)
{
    FeelType *t = ARENA_NEW(a, FeelType);
    if (t)
        *t = (FeelType){ .form = FEEL_TYPE_LIST, .kind = FEEL_LIST, .item = number() };
    return t;
}

/* { score: number, leaders: { score: number, overall: number, ... }, ... } */
static const FeelType *instrument_type(Arena *a, const Scheme *s, const SchemeInstrument *ins)
{
    FeelTypeMember *items = ARENA_ARRAY(a, FeelTypeMember, ins->n_items + 1);
    FeelTypeMember *groups = ARENA_ARRAY(a, FeelTypeMember, s->n_groups + 1);
    if (!items || !groups)
        return NULL;
    items[0] = groups[0] = (FeelTypeMember){ STRC("score"), number() };
    for (size_t i = 0; i < ins->n_items; i++)
        items[i + 1] = (FeelTypeMember){ ins->items[i].name, number() };
    const FeelType *group = context_of(a, items, ins->n_items + 1);
    for (size_t g = 0; g < s->n_groups; g++)
        groups[g + 1] = (FeelTypeMember){ s->groups[g].name, group };
    return group ? context_of(a, groups, s->n_groups + 1) : NULL;
}

static bool names_of(Names *out, SchemeBuild *b)
{
    const Scheme *s = &b->s;
    const FeelType *list = list_of_numbers(b->a);
    out->n = 0;
    for (size_t i = 0; i < s->n_instruments; i++)
        out->members[out->n++] = (FeelTypeMember){ s->instruments[i].name,
                                                   instrument_type(b->a, s, &s->instruments[i]) };
    for (size_t i = 0; i < s->n_parts; i++)
        out->members[out->n++] = (FeelTypeMember){ s->parts[i].name, number() };
    for (size_t i = 0; i < s->n_events; i++)
        out->members[out->n++] = (FeelTypeMember){ s->events[i].name, list };
    out->nodes_from = out->n;
    for (size_t i = 0; i < s->n_nodes; i++)
        out->members[out->n++] = (FeelTypeMember){ s->nodes[i].name, number() };
    return !arena_refused(b->a);
}

/* --- which values are read ------------------------------------------------------------------ */
/* The value that a path of an expression means; empty when it is none of ours. */
static Str value_named(SchemeBuild *b, Str path)
{
    Str head, rest, group, item;
    bool deep = str_cut(path, STRC("."), &head, &rest);
    ptrdiff_t k = pack_scheme_instrument(&b->s, head);
    if (k < 0)
        return head;
    if (!deep || str_is(rest, "score"))
        return arena_text(b->a, "%.*s.score", STR(head));
    if (!str_cut(rest, STRC("."), &group, &item))
        return arena_text(b->a, "%.*s.%.*s.score", STR(head), STR(group));
    return arena_str(b->a, path);
}

static bool visible(const Names *names, Str head, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(names->members[i].name, head))
            return true;
    return false;
}

static bool uses_of(SchemeTerm **out, size_t *n, SchemeBuild *b, const FeelExpr *x,
                    const DeclWord *raw, const Names *names, size_t n_visible, Err *e)
{
    FeelUse *uses;
    size_t n_uses, many = 0;
    if (!feel_names_used(&uses, &n_uses, b->a, x, e))
        return false;
    SchemeTerm *terms = ARENA_ARRAY(b->a, SchemeTerm, n_uses);
    if (!terms)
        return pack_no_memory(b->r, e);
    for (size_t i = 0; i < n_uses; i++) {
        Str head, rest, name;
        size_t k = 0;
        str_cut(uses[i].path, STRC("."), &head, &rest);
        if (!visible(names, head, n_visible))
            continue;
        name = value_named(b, uses[i].path);
        while (k < many && !str_eq(terms[k].name, name))
            k++;
        if (k == many)
            terms[many++] = (SchemeTerm){ name, dec_int(0) };
    }
    if (many > SCHEME_USES_MAX)
        return scheme_rule(b, raw, "公式读取的值太多", "几个较短的公式", e);
    *out = terms;
    *n = many;
    return true;
}

/* --- one expression ------------------------------------------------------------------------- */
/* A scheme reads no clock: the same figures give the same grade on every day. */
static bool reads_no_clock(const SchemeBuild *b, const DeclWord *raw, Err *e)
{
    static const Str clocks[] = { S("now"), S("today") };
    bool quoted = false;
    for (size_t i = 0; i < raw->text.n; i++) {
        char before = i > 0 ? raw->text.p[i - 1] : ' ';
        if (raw->text.p[i] == '"' && before != '\\')
            quoted = !quoted;
        for (size_t k = 0; k < 2 && !quoted; k++) {
            Str rest = str_sub(raw->text, i, raw->text.n);
            bool word = before == ' ' || (before < '0' && before != '.' && before >= 0);
            if (word && str_starts(rest, clocks[k]) &&
                str_starts(str_trim(str_sub(rest, clocks[k].n, rest.n)), STRC("(")))
                return scheme_rule(b, raw, "评分公式不能读取当前日期", "不含now和today的公式", e);
        }
    }
    return true;
}

static bool expression(FeelExpr **out, SchemeBuild *b, const DeclWord *raw, const FeelType *scope,
                       FeelKind want, Err *e)
{
    const FeelType *got;
    char why[200];
    if (!reads_no_clock(b, raw, e))
        return false;
    if (!feel_parse(out, b->a, raw->text, NULL, e) || !feel_check(&got, b->a, *out, scope, e))
        return e->code == ERR_NO_MEMORY ? false : decl_refuse_raw(b->r, raw, e);
    if (got->form == FEEL_TYPE_ANY || feel_type_fits(got, feel_type_of(want)))
        return true;
    snprintf(why, sizeof why, "这个公式的结果是%.*s", STR(feel_type_print(b->a, got)));
    return scheme_rule(b, raw, why, feel_kind_name(want), e);
}

static const FeelType *scope_at(SchemeBuild *b, const Names *names, size_t n)
{
    return context_of(b->a, names->members, n);
}

/* --- nodes ---------------------------------------------------------------------------------- */
/* Is it one number that may stand in a sum: a part, an earlier node, a score of an instrument? */
static bool summable(SchemeBuild *b, Str name, size_t n_nodes)
{
    Str head, rest, group, item;
    const Scheme *s = &b->s;
    ptrdiff_t node = pack_scheme_node(s, name);
    if (pack_scheme_part(s, name) >= 0 || (node >= 0 && (size_t)node < n_nodes))
        return true;
    if (!str_cut(name, STRC("."), &head, &rest))
        return false;
    ptrdiff_t k = pack_scheme_instrument(s, head);
    if (k < 0 || str_is(rest, "score"))
        return k >= 0;
    return str_cut(rest, STRC("."), &group, &item) && pack_scheme_group(s, group) >= 0 &&
           (str_is(item, "score") || pack_scheme_item(&s->instruments[k], item) >= 0);
}

static bool sum_ok(SchemeBuild *b, size_t i, const Names *names, Err *e)
{
    SchemeNode *node = &b->s.nodes[i];
    Str known[SCHEME_PARTS_MAX + SCHEME_NODES_MAX + SCHEME_EVENTS_MAX + SCHEME_INSTRUMENTS_MAX];
    Buf text = buf_open(SCHEME_BYTES_MAX);
    for (size_t k = 0; k < node->n_terms; k++) {
        SchemeTerm *t = &node->terms[k];
        if (!summable(b, t->name, i)) {
            for (size_t m = 0; m < names->nodes_from + i; m++)
                known[m] = names->members[m].name;
            buf_close(&text);
            return scheme_unknown(b, &b->terms_at[i][k], "评分项或前面的节点", known,
                                  names->nodes_from + i, e);
        }
        buf_fmt(&text, "%s%.*s * %.*s", k ? " + " : "", STR(t->name),
                STR(dec_print_short(b->a, t->weight)));
    }
    node->source = arena_str(b->a, buf_str(&text));
    bool ok = !text.failed && node->source.n > 0;
    buf_close(&text);
    return ok || pack_no_memory(b->r, e);
}

/* Only a sum knows what to do without a part: the weights that are left are scaled up. */
static bool no_renormalised(const SchemeBuild *b, size_t i, Err *e)
{
    const SchemeNode *node = &b->s.nodes[i];
    char why[200];
    for (size_t k = 0; k < node->n_terms; k++) {
        ptrdiff_t part = pack_scheme_part(&b->s, node->terms[k].name);
        if (part < 0 || b->s.parts[part].missing != SCHEME_RENORMALISE)
            continue;
        snprintf(why, sizeof why, "“%.*s”缺项时按权重折算，而公式没有权重",
                 STR(node->terms[k].name));
        return scheme_rule(b, &b->node_raw[i], why, "用sum写的节点", e);
    }
    return true;
}

/* The value that a node compares among debriefers, and the node as text for people. */
static bool among_ok(SchemeBuild *b, size_t i, const Names *names, Err *e)
{
    SchemeNode *node = &b->s.nodes[i];
    Str known[SCHEME_PARTS_MAX + SCHEME_NODES_MAX + SCHEME_EVENTS_MAX + SCHEME_INSTRUMENTS_MAX];
    const DeclWord *at = &b->terms_at[i][0];
    Str name = node->terms[0].name, text = STRC("");
    ptrdiff_t part = pack_scheme_part(&b->s, name);
    if (!summable(b, name, i)) {
        for (size_t m = 0; m < names->nodes_from + i; m++)
            known[m] = names->members[m].name;
        return scheme_unknown(b, at, "评分项或前面的节点", known, names->nodes_from + i, e);
    }
    if (part >= 0 && b->s.parts[part].missing == SCHEME_RENORMALISE)
        return scheme_rule(b, at, "缺项时按权重折算，而名次没有权重", "refuse或zero的评分项", e);
    for (size_t k = 0; k < node->n_points; k++)
        text = arena_text(b->a, "%.*s%s%.*s", STR(text), k ? ", " : "",
                          STR(dec_print_short(b->a, node->points[k])));
    node->source = node->kind == SCHEME_FIRST ?
        arena_text(b->a, "%.*s * %.*s / max(%.*s)", STR(text), STR(name), STR(name)) :
        arena_text(b->a, "[%.*s, %.*s ...][place(%.*s)]", STR(text),
                   STR(dec_print_short(b->a, node->beyond)), STR(name));
    return !arena_refused(b->a) || pack_no_memory(b->r, e);
}

static bool node_ok(SchemeBuild *b, size_t i, const Names *names, Err *e)
{
    SchemeNode *node = &b->s.nodes[i];
    const DeclWord *raw = &b->node_raw[i];
    size_t n_visible = names->nodes_from + i;
    if (node->kind == SCHEME_SUM)
        return sum_ok(b, i, names, e);
    if (node->kind != SCHEME_VALUE)
        return among_ok(b, i, names, e);
    const FeelType *scope = scope_at(b, names, n_visible);
    if (!scope)
        return pack_no_memory(b->r, e);
    node->source = arena_str(b->a, raw->text);
    return expression(&node->value, b, raw, scope, FEEL_NUMBER, e) &&
           uses_of(&node->terms, &node->n_terms, b, node->value, raw, names, n_visible, e) &&
           no_renormalised(b, i, e);
}

/* --- vetoes, gates, class ------------------------------------------------------------------- */
static bool rule_ok(SchemeBuild *b, SchemeRule *rule, const DeclWord *raw, const Names *names,
                    Err *e)
{
    const FeelType *scope = scope_at(b, names, names->n);
    if (!scope)
        return pack_no_memory(b->r, e);
    rule->source = arena_str(b->a, raw->text);
    return expression(&rule->when, b, raw, scope, FEEL_BOOLEAN, e) &&
           uses_of(&rule->terms, &rule->n_terms, b, rule->when, raw, names, names->n, e);
}

static bool class_ok(SchemeBuild *b, Err *e)
{
    const FeelTypeMember members[] = { { STRC("org"), feel_type_any() },
                                       { STRC("debriefer"), feel_type_any() } };
    if (b->class_raw.line == 0)
        return true;
    const FeelType *scope = context_of(b->a, members, 2);
    if (!scope)
        return pack_no_memory(b->r, e);
    return expression(&b->s.class_of, b, &b->class_raw, scope, FEEL_STRING, e);
}

bool pack_scheme_formulas(SchemeBuild *b, Err *e)
{
    Names *names = ARENA_NEW(b->a, Names);
    if (!names || !names_of(names, b))
        return pack_no_memory(b->r, e);
    for (size_t i = 0; i < b->s.n_nodes; i++)
        if (!node_ok(b, i, names, e))
            return false;
    for (size_t i = 0; i < b->s.n_vetoes; i++)
        if (!rule_ok(b, &b->s.vetoes[i], &b->veto_raw[i], names, e))
            return false;
    for (size_t i = 0; i < b->s.n_gates; i++)
        if (!rule_ok(b, &b->s.gates[i], &b->gate_raw[i], names, e))
            return false;
    return class_ok(b, e);
}
