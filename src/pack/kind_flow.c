/* The kind `flow`: reading it, and checking it against the form it moves. */
#include "pack/pack_in.h"

#include <stdio.h>
#include <string.h>

typedef struct MoveBuild {
    FlowMove m;
    PackExpr guard;
    PackWord to[FLOW_SETS_MAX], from[FLOW_SETS_MAX];
} MoveBuild;

typedef struct FlowBuild {
    Flow flow;
    Str of;
    MoveBuild *moves;
    size_t n, cap;
} FlowBuild;

static const DeclRaw guard_raw[] = { { S("guard"), S("") } };

static bool who_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    return pack_roles_read(&((MoveBuild *)into)->m.who, item, r, e);
}

static bool escalate_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    MoveBuild *b = into;
    b->m.escalates = true;
    return decl_int(&b->m.escalate, r, item, 1, 0, FLOW_WITHIN_MAX, "0到3660之间的天数", e) &&
           decl_done(r, item, 2, false, e);
}

static bool sets_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    MoveBuild *b = into;
    if (b->m.n_sets == FLOW_SETS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "步骤的sets"),
                        err_hole("max", FLOW_SETS_MAX));
    size_t i = b->m.n_sets++;
    return pack_word_read(&b->to[i], item, 1, "组织的项目", r, e) &&
           pack_word_read(&b->from[i], item, 2, "本表单的项目", r, e) &&
           decl_done(r, item, 3, false, e);
}

static const PackRow move_rows[] = {
    { S("title"), PACK_TEXT, offsetof(MoveBuild, m.title), PACK_NEED, NULL, 0, 0 },
    { S("who"), PACK_OWN, 0, PACK_NEED, who_set, 0, 0 },
    { S("guard"), PACK_EXPR, offsetof(MoveBuild, guard), 0, NULL, 0, 0 },
    { S("needs"), PACK_TEXT, offsetof(MoveBuild, m.needs), 0, NULL, 0, 0 },
    { S("within"), PACK_INT, offsetof(MoveBuild, m.within), 0, NULL, 1, FLOW_WITHIN_MAX },
    { S("remind"), PACK_INT, offsetof(MoveBuild, m.remind), 0, NULL, 1, FLOW_WITHIN_MAX },
    { S("escalate"), PACK_OWN, 0, 0, escalate_set, 0, 0 },
    { S("sets"), PACK_OWN, 0, PACK_MANY, sets_set, 0, 0 },
};

static const PackTable move_table = PACK_TABLE_RAW("步骤", move_rows, guard_raw);

static bool move_unique(const FlowBuild *b, const FlowMove *m, Err *e)
{
    for (size_t i = 0; i < b->n; i++)
        if (str_eq(b->moves[i].m.event, m->event) && str_eq(b->moves[i].m.from, m->from))
            return pack_twice(m->place, "同一状态下的步骤", m->event, b->moves[i].m.place, e);
    return true;
}

/* What an organisation is, it does not decide alone. */
static bool from_above(uint32_t who)
{
    static const Str above[] = { S("organiser_clerk"), S("organiser_head"), S("superior"),
                                 S("committee") };
    uint32_t may = 0;
    for (size_t i = 0; i < sizeof above / sizeof *above; i++) {
        uint32_t bit = 0;
        if (pack_role_bit(&bit, above[i]))
            may |= bit;
    }
    return (who & ~may) == 0;
}

/* A guard is for the program, the sentence in `needs` for the person it stops. */
static bool move_sound(const MoveBuild *b, Err *e)
{
    if (b->guard.x && b->m.needs.n == 0)
        return pack_rule(b->m.place, "有guard却没有说明", "加上 needs \"请先……\"", e);
    if (!b->guard.x && b->m.needs.n > 0)
        return pack_rule(b->m.place, "有needs却没有guard", "加上guard或去掉needs", e);
    if (b->m.within == 0 && (b->m.remind > 0 || b->m.escalates))
        return pack_rule(b->m.place, "有remind或escalate却没有期限", "加上 within 天数;", e);
    if (b->m.n_sets > 0 && !from_above(b->m.who))
        return pack_rule(b->m.place, "改组织档案的步骤只能由上级办理",
                         "who organiser_clerk organiser_head superior committee", e);
    if (b->m.remind > 0 && b->m.remind >= b->m.within)
        return pack_rule(b->m.place, "remind不小于within，一进入就提醒", "小于within的remind", e);
    return true;
}

static bool move_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    FlowBuild *b = into;
    MoveBuild m = { .m.place = pack_place(r, &item->words[0]) };
    if (!pack_ident(&m.m.event, r, item, 1, "步骤名称", e) ||
        !decl_keyword(r, item, 2, "from", e) || !decl_name(&m.m.from, r, item, 3, "状态", e) ||
        !decl_keyword(r, item, 4, "to", e) || !decl_name(&m.m.to, r, item, 5, "状态", e) ||
        !decl_done(r, item, 6, true, e) || !move_unique(b, &m.m, e) ||
        !pack_table_read(rb, &move_table, &m, item, r, e) || !move_sound(&m, e))
        return false;
    if (b->n == FLOW_MOVES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "流程的步骤数"),
                        err_hole("max", FLOW_MOVES_MAX));
    if (!ARENA_PUSH(rb->a, b->moves, b->n, b->cap))
        return pack_no_memory(r, e);
    b->moves[b->n++] = m;
    return true;
}

bool pack_flow_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e)
{
    static const PackRow rows[] = {
        { S("title"), PACK_TEXT, offsetof(FlowBuild, flow.title), PACK_NEED, NULL, 0, 0 },
        { S("cite"), PACK_TEXT, offsetof(FlowBuild, flow.cite), 0, NULL, 0, 0 },
        { S("of"), PACK_NAME, offsetof(FlowBuild, of), PACK_NEED, NULL, 0, 0 },
        { S("start"), PACK_NAME, offsetof(FlowBuild, flow.start), PACK_NEED, NULL, 0, 0 },
        { S("move"), PACK_OWN, 0, PACK_NEED | PACK_MANY, move_set, 0, 0 },
    };
    static const PackTable table = PACK_TABLE("流程", rows);
    FlowBuild *b = ARENA_NEW(rb->a, FlowBuild); /* the map points at its first member */
    if (!b)
        return pack_no_memory(r, e);
    b->flow.pack = rb->now;
    b->flow.place = pack_place(r, &head->words[0]);
    if (!pack_ident(&b->flow.name, r, head, 1, "流程名称", e) || !decl_done(r, head, 2, true, e))
        return false;
    const Flow *first = map_get(&rb->flows, b->flow.name);
    if (first)
        return pack_twice(b->flow.place, "流程", b->flow.name, first->place, e);
    if (!pack_table_read(rb, &table, b, head, r, e))
        return false;
    return map_put(&rb->flows, b->flow.name, b) || pack_no_memory(r, e);
}

/* --- checking ------------------------------------------------------------------------------- */
static bool form_settle(Rulebook *rb, FlowBuild *b, Err *e)
{
    Flow *flow = &b->flow;
    const FormField *state;
    if (!(flow->form = map_get(&rb->forms, b->of)))
        return pack_unknown_in(flow->place, "表单", b->of, &rb->forms, e);
    state = form_field(flow->form, STRC("state"));
    if (!state || state->type != FIELD_CHOICE)
        return pack_rule(flow->place, "流程所属的表单没有choice类型的项目state", "有这个项目的表单",
                         e);
    flow->states = state->list;
    const Flow *other = pack_flow_of(rb, flow->form);
    if (other && other != flow)
        return pack_rule(flow->place, "这个表单已有另一个流程", "每个表单一个流程", e);
    return true;
}

static bool states_exist(const FlowBuild *b, Err *e)
{
    const Flow *flow = &b->flow;
    if (!list_item(flow->states, flow->start))
        return pack_unknown_item(flow->place, "状态", flow->start, flow->states, e);
    for (size_t i = 0; i < b->n; i++) {
        const FlowMove *m = &b->moves[i].m;
        if (!list_item(flow->states, m->from))
            return pack_unknown_item(m->place, "状态", m->from, flow->states, e);
        if (!list_item(flow->states, m->to))
            return pack_unknown_item(m->place, "状态", m->to, flow->states, e);
    }
    return true;
}

/* A state that no move leads to is a slip of the pen. */
static bool states_reached(Rulebook *rb, const FlowBuild *b, Err *e)
{
    const List *states = b->flow.states;
    bool *reached = ARENA_ARRAY(rb->a, bool, states->n_items), more = true;
    if (!reached)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", b->flow.title));
    reached[list_item(states, b->flow.start) - states->items] = true;
    while (more) {
        more = false;
        for (size_t i = 0; i < b->n; i++) {
            bool *to = &reached[list_item(states, b->moves[i].m.to) - states->items];
            if (reached[list_item(states, b->moves[i].m.from) - states->items] && !*to)
                *to = more = true;
        }
    }
    for (size_t i = 0; i < states->n_items; i++) {
        char why[200];
        snprintf(why, sizeof why, "从起点走不到状态“%.*s”", STR(states->items[i].value));
        if (!reached[i])
            return pack_rule(b->flow.place, why, "每个状态都走得到的流程", e);
    }
    return true;
}

/* The things of the same form filed for the orgs beside this one, this one among them. */
static const FeelType *guard_scope(Rulebook *rb, const Form *form)
{
    FeelType *peers = ARENA_NEW(rb->a, FeelType);
    if (!peers)
        return NULL;
    *peers = (FeelType){ .form = FEEL_TYPE_LIST, .kind = FEEL_LIST, .item = form->type };
    FeelTypeMember names[] = { { S("thing"), form->type },
                               { S("since"), feel_type_of(FEEL_DATE) },
                               { S("peers"), peers } };
    return pack_scope(rb, PACK_SEES_ORG | PACK_SEES_M | PACK_SEES_LAST | PACK_SEES_TODAY, names,
                      sizeof names / sizeof *names);
}

static bool sets_settle(Rulebook *rb, FlowMove *m, const MoveBuild *b, const Form *form, Err *e)
{
    const Form *org = m->n_sets ? map_get(&rb->forms, STRC("org")) : NULL;
    for (size_t i = 0; i < m->n_sets; i++) {
        FlowSet *s = &m->sets[i];
        s->to = org ? form_field(org, b->to[i].name) : NULL;
        s->from = form_field(form, b->from[i].name);
        if (!s->to || str_is(s->to->name, "code"))
            return pack_rule(b->to[i].place, "组织档案里没有这个项目，或它不能改", "如term_end", e);
        if (!s->from || s->from->type != s->to->type || s->from->form != s->to->form ||
            s->from->list != s->to->list)
            return pack_rule(b->from[i].place, "这个项目没有，或与组织的项目类型不同",
                             "本表单里类型相同的项目", e);
    }
    return true;
}

static bool guards_check(Rulebook *rb, FlowMove *moves, const FlowBuild *b, Err *e)
{
    const FeelType *scope = guard_scope(rb, b->flow.form);
    for (size_t i = 0; i < b->n; i++)
        if (!pack_expr_settle(rb, &moves[i].guard, &b->moves[i].guard, scope, FEEL_BOOLEAN, e) ||
            !sets_settle(rb, &moves[i], &b->moves[i], b->flow.form, e))
            return err_note(e, "while checking move %.*s", STR(b->moves[i].m.event));
    return true;
}

static bool settle(Rulebook *rb, FlowBuild *b, Err *e)
{
    FlowMove *moves = ARENA_ARRAY(rb->a, FlowMove, b->n);
    if (!moves)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", b->flow.title));
    for (size_t i = 0; i < b->n; i++)
        moves[i] = b->moves[i].m;
    b->flow.moves = moves;
    b->flow.n_moves = b->n;
    return form_settle(rb, b, e) && states_exist(b, e) && states_reached(rb, b, e) &&
           guards_check(rb, moves, b, e);
}

bool pack_flow_settle(Rulebook *rb, Err *e)
{
    for (size_t i = 0; i < rb->flows.n; i++) {
        FlowBuild *b = rb->flows.entries[i].value;
        if (!settle(rb, b, e))
            return err_note(e, "while checking flow %.*s", STR(b->flow.name));
    }
    return true;
}

/* --- printing ------------------------------------------------------------------------------- */
static void print_who(Buf *out, uint32_t who)
{
    bool first = true;
    for (size_t i = 0; i < PACK_ROLES; i++) {
        if (!(who >> i & 1))
            continue;
        buf_put(out, first ? STRC("") : STRC(" "));
        buf_put(out, pack_role_name(i));
        first = false;
    }
}

void flow_print(Buf *out, const Flow *flow)
{
    buf_fmt(out, "flow %.*s  %.*s  (form %.*s, starts in %.*s)\n", STR(flow->name),
            STR(flow->title), STR(flow->form->name), STR(flow->start));
    for (size_t i = 0; i < flow->n_moves; i++) {
        const FlowMove *m = &flow->moves[i];
        buf_fmt(out, "  %.*s %.*s -> %.*s %.*s  %.*s  %.*s  ", STR(m->from),
                STR(list_title(flow->states, m->from)), STR(m->to),
                STR(list_title(flow->states, m->to)), STR(m->event), STR(m->title));
        print_who(out, m->who);
        if (m->within > 0)
            buf_fmt(out, "  within %lld", (long long)m->within);
        if (m->remind > 0)
            buf_fmt(out, "  remind %lld", (long long)m->remind);
        if (m->escalates)
            buf_fmt(out, "  escalate %lld", (long long)m->escalate);
        if (m->guard)
            buf_fmt(out, "  when %.*s", STR(feel_source(m->guard)));
        for (size_t k = 0; k < m->n_sets; k++)
            buf_fmt(out, "  sets org.%.*s = %.*s", STR(m->sets[k].to->name),
                    STR(m->sets[k].from->name));
        buf_putc(out, '\n');
    }
}
