/* Markers into lists. A stack holds the lists that are open; a marker continues one of them, opens
 * a new one, or stands alone and is dropped ("一是" that no "二是" follows). */
#include "text/inside.h"

enum { PASSES_MAX = 4 };

/* A new list closes the open one of its kind, so each kind is open at most once. */
typedef struct Stack {
    uint32_t open[MARK_KINDS];
    int n;
} Stack;

bool outline_is_top(MarkKind k)
{
    return k == MARK_LINE || k == MARK_DUN;
}

static int rank_of(MarkKind k)
{
    switch (k) {
    case MARK_LINE: case MARK_DUN: return 0;
    case MARK_PAREN: case MARK_DI: return 1;
    case MARK_NUM: return 2;
    case MARK_NUM_PAREN: return 3;
    case MARK_CIRCLE: return 4;
    case MARK_FIRST: case MARK_SHI: case MARK_YAO: case MARK_QI: break;
    }
    return 5;
}

static List *list_at(Reading *r, const Stack *st, int depth)
{
    return &r->lists[st->open[depth]];
}

/* Does m go on where `l` stopped? At the start of a line a gap is a slip of the writer; inside a
 * paragraph only the very next ordinal counts. */
static bool goes_on(const List *l, const Mark *m)
{
    if (m->kind == MARK_LINE)
        return true;
    if (m->ord == ORDINAL_LAST)
        return l->last < ORDINAL_LAST;
    if (m->start && (l->start || outline_is_top(m->kind)))
        return m->ord > l->last || (m->ord == l->last && m->ord > 1);
    return m->ord == l->last + 1;
}

static bool is_clause(MarkKind k)
{
    return k == MARK_SHI || k == MARK_YAO;
}

/* The depth of the list that m continues, or -1. "一是……二要……" is one list, but only when no
 * list of m's own kind waits for it. */
static int find_open(Reading *r, const Stack *st, const Mark *m)
{
    for (int d = st->n - 1; d >= 0; d--)
        if (list_at(r, st, d)->kind == m->kind && goes_on(list_at(r, st, d), m))
            return d;
    if (is_clause(m->kind) && m->ord > 1 && st->n > 0) {
        const List *top = list_at(r, st, st->n - 1);
        if (is_clause(top->kind) && m->ord == top->last + 1)
            return st->n - 1;
    }
    return -1;
}

static void take_mark(Reading *r, List *l, uint32_t list, uint32_t mark)
{
    Mark *m = &r->marks[mark];
    m->list = list;
    l->n++;
    l->last = m->kind == MARK_LINE ? l->n : m->ord;
    l->last_line = m->line;
    l->start = m->start;
}

/* What a new list of m's kind closes. */
static void close_for(Reading *r, Stack *st, const Mark *m)
{
    if (m->kind == MARK_DUN) {
        st->n = 0;
        return;
    }
    if (m->kind == MARK_LINE) {
        while (st->n > 0 && list_at(r, st, st->n - 1)->kind != MARK_DUN)
            st->n--;
        return;
    }
    for (int d = 0; d < st->n; d++)
        if (list_at(r, st, d)->kind == m->kind)
            st->n = d;
    while (m->start && st->n > 0) {
        const List *top = list_at(r, st, st->n - 1);
        bool lower = rank_of(top->kind) > rank_of(m->kind);
        if (!lower && (top->start || outline_is_top(top->kind)))
            return;
        st->n--;
    }
}

static bool may_open(const Mark *m)
{
    return m->ord == 1 || (m->start && rank_of(m->kind) <= 2 && m->kind != MARK_DI);
}

static bool open_list(Reading *r, Stack *st, uint32_t mark, const uint32_t *latest)
{
    const Mark *m = &r->marks[mark];
    close_for(r, st, m);
    if (!ARENA_PUSH(r->a, r->lists, r->n_lists, r->cap_lists))
        return outline_refused(r);
    List l = { .kind = m->kind, .first = mark, .parent = NOWHERE, .announce = NOWHERE,
               .inside = !m->start };
    l.level = outline_is_top(m->kind) ? 1 : 2;
    if (l.level == 2 && st->n > 0) {
        l.level = list_at(r, st, st->n - 1)->level + 1;
        l.parent = latest[st->n - 1];
    }
    st->open[st->n++] = (uint32_t)r->n_lists;
    r->lists[r->n_lists++] = l;
    return true;
}

/* A paragraph of its own that announces a list ("这里我也提三点建议。") ends the lists before it,
 * except the headings it stands under. */
static void close_announced(Reading *r, Stack *st, size_t *next, size_t before)
{
    for (; *next < r->n_announces && r->announces[*next].at < before; (*next)++) {
        const Announce *an = &r->announces[*next];
        while (st->n > 0) {
            const List *top = list_at(r, st, st->n - 1);
            if (outline_is_top(top->kind) || top->last_line >= an->line)
                break;
            st->n--;
        }
    }
}

static bool pass(Reading *r)
{
    Stack st = { .n = 0 };
    uint32_t latest[MARK_KINDS] = { 0 }; /* the latest mark of each open list */
    size_t next = 0;
    r->n_lists = 0;
    for (uint32_t i = 0; i < r->n_marks; i++) {
        Mark *m = &r->marks[i];
        close_announced(r, &st, &next, m->at);
        int d = find_open(r, &st, m);
        m->dead = d < 0 && !may_open(m);
        if (m->dead)
            continue;
        if (d >= 0)
            st.n = d + 1;
        else if (!open_list(r, &st, i, latest))
            return false;
        latest[st.n - 1] = i;
        take_mark(r, list_at(r, &st, st.n - 1), st.open[st.n - 1], i);
    }
    return true;
}

/* A list of one is no list, unless it is a numbered heading at the start of a line. */
static bool drop_single(Reading *r)
{
    bool any = false;
    for (size_t i = 0; i < r->n_lists; i++) {
        const List *l = &r->lists[i];
        if (l->n == 1 && (l->inside || rank_of(l->kind) > 2 || l->kind == MARK_DI)) {
            r->marks[l->first].dead = true;
            any = true;
        }
    }
    return any;
}

static void drop_dead(Reading *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_marks; i++)
        if (!r->marks[i].dead)
            r->marks[n++] = r->marks[i];
    r->n_marks = n;
}

/* Sentences, next marks, children. */
static void link_marks(Reading *r)
{
    for (uint32_t i = 0; i < r->n_marks; i++) {
        Mark *m = &r->marks[i];
        size_t line_to = r->lines[m->line].to;
        size_t to = outline_sentence_end(str_sub(r->s, 0, line_to), m->body);
        if (i + 1 < r->n_marks && r->marks[i + 1].at < to)
            to = r->marks[i + 1].at;
        m->to = to;
        m->next = NOWHERE;
    }
    for (uint32_t i = (uint32_t)r->n_lists; i-- > 0;)
        if (r->lists[i].parent != NOWHERE)
            r->marks[r->lists[i].parent].child = i;
}

static void link_next(Reading *r, uint32_t *latest)
{
    for (uint32_t i = 0; i < r->n_lists; i++)
        latest[i] = NOWHERE;
    for (uint32_t i = 0; i < r->n_marks; i++) {
        uint32_t l = r->marks[i].list;
        if (latest[l] != NOWHERE)
            r->marks[latest[l]].next = i;
        latest[l] = i;
    }
}

static size_t body_end(const Reading *r)
{
    for (size_t i = r->n_lines; i-- > 0;)
        if (r->lines[i].kind == LINE_BODY)
            return r->lines[i].to;
    return 0;
}

/* Where blocks end: at the next of the list; the last one of a list in a paragraph at its end, of
 * headings at the end of what is over them. */
static void find_ends(Reading *r)
{
    size_t top_end = body_end(r);
    for (uint32_t i = (uint32_t)r->n_marks; i-- > 0;)
        if (outline_is_top(r->marks[i].kind)) {
            r->marks[i].end = top_end;
            top_end = r->marks[i].at;
        }
    for (uint32_t i = 0; i < r->n_marks; i++) {
        Mark *m = &r->marks[i];
        const List *l = &r->lists[m->list];
        if (outline_is_top(m->kind))
            continue;
        if (m->next != NOWHERE)
            m->end = r->marks[m->next].at;
        else if (!l->inside && l->parent != NOWHERE)
            m->end = r->marks[l->parent].end;
        else
            m->end = r->lines[m->line].to;
    }
}

/* Dropping a list of one may leave another alone, so it is done again; marks that no list took
 * change nothing, so the last pass finds none. */
bool outline_lists(Reading *r)
{
    bool dropped = true;
    for (int p = 0; p < PASSES_MAX && dropped; p++) {
        if (!pass(r))
            return false;
        dropped = drop_single(r);
        drop_dead(r);
    }
    if (!pass(r))
        return false;
    uint32_t *latest = ARENA_ARRAY(r->a, uint32_t, r->n_lists + 1);
    if (!latest)
        return outline_refused(r);
    link_marks(r);
    link_next(r, latest);
    find_ends(r);
    return true;
}
