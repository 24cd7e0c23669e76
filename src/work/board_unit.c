/* The tree of organisations in the board, and one organisation as the engine takes it. */
#include "work/board_in.h"

#include <stdlib.h>
#include <string.h>

/* --- the tree ------------------------------------------------------------------------------- */

typedef struct Link {
    int64_t parent, id;
    uint32_t org;
} Link;

static int by_parent(const void *a, const void *b)
{
    const Link *x = a, *y = b;
    if (x->parent != y->parent)
        return x->parent < y->parent ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

typedef struct Walk {
    Board *b;
    const Link *links;
    size_t n_links;
} Walk;

static size_t first_of(const Walk *w, int64_t parent)
{
    size_t low = 0, high = w->n_links;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (w->links[mid].parent < parent)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Preorder without recursion: a stack of places in `links`. A circle is never reached from a root;
 * what hangs in one is left out of the order. */
static void number(Walk *w, size_t *stack)
{
    Board *b = w->b;
    size_t depth = 0;
    stack[0] = first_of(w, 0);
    for (;;) {
        size_t at = stack[depth];
        int64_t parent = depth ? b->orgs[b->order[0]].id : 0;
        if (depth) {
            const Link *up = &w->links[stack[depth - 1] - 1];
            parent = up->id;
        }
        if (at == w->n_links || w->links[at].parent != parent) {
            if (depth == 0)
                return;
            depth--;
            b->orgs[w->links[stack[depth] - 1].org].last = b->n_order - 1;
            continue;
        }
        BoardOrg *o = &b->orgs[w->links[at].org];
        o->rank = o->last = b->n_order;
        o->level = (int64_t)depth;
        b->order[b->n_order++] = w->links[at].org;
        stack[depth]++;
        stack[++depth] = first_of(w, o->id);
    }
}

static bool is_branch(const RuleOrg *r)
{
    return str_is(r->kind, "branch") || str_is(r->kind, "joint_branch");
}

static bool stands(const BoardOrg *o, Day day)
{
    const RuleOrg *r = &o->rows[o->n_rows - 1];
    return (r->founded == DAY_NONE || r->founded <= day) &&
           (r->ended == DAY_NONE || r->ended >= day);
}

typedef struct Counts {
    int64_t children, branches, groups;
} Counts;

/* Counts are those of today's tree, in every row: what stood below on an earlier day is not told by
 * them. An organisation whose counts changed is judged anew. */
static void counts_put(Board *b, const Counts *counts)
{
    for (size_t i = 0; i < b->n_order; i++) {
        BoardOrg *o = &b->orgs[b->order[i]];
        const Counts *c = &counts[b->order[i]];
        const RuleOrg *r = &o->rows[o->n_rows - 1];
        if (r->children != c->children || r->branches != c->branches || r->groups != c->groups ||
            r->level != o->level)
            o->stamp = b->stamp;
        for (size_t k = 0; k < o->n_rows; k++) {
            o->rows[k].level = o->level;
            o->rows[k].children = c->children;
            o->rows[k].branches = c->branches;
            o->rows[k].groups = c->groups;
        }
    }
}

static void count(Board *b, Counts *counts)
{
    for (size_t i = b->n_order; i-- > 0;) { /* from below */
        const BoardOrg *o = &b->orgs[b->order[i]];
        BoardSlot *up = work_board_slot(&b->org_table, 0, o->parent, false, NULL);
        if (!o->parent || !up)
            continue;
        Counts *of = &counts[up->org];
        const RuleOrg *r = &o->rows[o->n_rows - 1];
        bool now = stands(o, b->today);
        of->children += now;
        of->groups += now && str_is(r->kind, "party_group");
        of->branches += counts[b->order[i]].branches + (now && is_branch(r));
    }
    counts_put(b, counts);
}

bool work_board_tree(Board *b, Err *e)
{
    Link *links = malloc((b->n_orgs + 1) * sizeof *links);
    size_t *stack = malloc((b->n_orgs + 2) * sizeof *stack);
    Counts *counts = calloc(b->n_orgs + 1, sizeof *counts);
    uint32_t *order = realloc(b->order, (b->n_orgs + 1) * sizeof *order);
    bool ok = links && stack && counts && order;
    if (order)
        b->order = order;
    if (ok) {
        Walk w = { b, links, 0 };
        for (size_t i = 0; i < b->n_orgs; i++)
            if (!b->orgs[i].gone && b->orgs[i].n_rows) {
                int64_t up = b->orgs[i].parent;
                BoardSlot *s = up ? work_board_slot(&b->org_table, 0, up, false, e) : NULL;
                bool root = !s || b->orgs[s->org].gone;
                links[w.n_links++] = (Link){ root ? 0 : up, b->orgs[i].id, (uint32_t)i };
            }
        if (w.n_links)
            qsort(links, w.n_links, sizeof *links, by_parent);
        b->n_order = 0;
        number(&w, stack);
        count(b, counts);
        b->tree_changed = false;
    }
    free(links);
    free(stack);
    free(counts);
    return ok || err_fail(e, ERR_NO_MEMORY, err_hole("what", "职责看板"));
}

/* --- finding -------------------------------------------------------------------------------- */

const RuleSet *work_board_rules(const Board *b)
{
    return b->rules;
}

const BoardOrg *work_board_org(const Board *b, int64_t org)
{
    BoardSlot *s = work_board_slot((BoardTable *)&b->org_table, 0, org, false, NULL);
    return s && !b->orgs[s->org].gone && b->orgs[s->org].n_rows ? &b->orgs[s->org] : NULL;
}

size_t work_board_size(const Board *b)
{
    return b->n_order;
}

const BoardOrg *work_board_at(const Board *b, size_t rank)
{
    return &b->orgs[b->order[rank]];
}

bool work_board_lives(const BoardOrg *o, Period p)
{
    const RuleOrg *r = &o->rows[o->n_rows - 1];
    return (r->founded == DAY_NONE || r->founded <= p.to) &&
           (r->ended == DAY_NONE || r->ended >= p.from);
}

static const RulePerson *person_of(const Board *b, int64_t person)
{
    BoardSlot *s = work_board_slot((BoardTable *)&b->people_table, 0, person, false, NULL);
    return s ? &b->orgs[s->org].people[s->at] : NULL;
}

Str work_board_person(const Board *b, int64_t person)
{
    const RulePerson *p = person_of(b, person);
    return p ? p->name : STRC("");
}

int64_t work_board_person_org(const Board *b, int64_t person)
{
    const RulePerson *p = person_of(b, person);
    return p ? p->org : 0;
}

const RuleRecord *work_board_record(const BoardOrg **org, const Board *b, const Form *form,
                                    int64_t subject)
{
    const BoardForm *bf = map_get(&b->forms, form->name);
    BoardSlot *s = bf ? work_board_thing(b, bf->number, subject) : NULL;
    if (!s)
        return NULL;
    if (org)
        *org = &b->orgs[s->org];
    return &b->orgs[s->org].records[s->at];
}

/* --- one organisation ----------------------------------------------------------------------- */

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "职责看板"));
}

/* Who holds a post here and belongs elsewhere is one of its people too. */
static bool people_of(RuleUnit *u, Arena *a, const Board *b, const BoardOrg *o, Err *e)
{
    RulePerson *all = ARENA_ARRAY(a, RulePerson, o->n_people + o->n_tenures);
    size_t n = o->n_people;
    if (!all)
        return no_memory(e);
    if (n)
        memcpy(all, o->people, n * sizeof *all);
    for (size_t i = 0; i < o->n_tenures; i++) {
        const RulePerson *p = person_of(b, o->tenures[i].person);
        bool known = p == NULL || p->org == o->id;
        for (size_t k = o->n_people; !known && k < n; k++)
            known = all[k].id == p->id;
        if (!known)
            all[n++] = *p;
    }
    u->people = all;
    u->n_people = n;
    return true;
}

static bool records_of(RuleUnit *u, Arena *a, const Board *b, const BoardOrg *o, Err *e)
{
    u->records = o->records;
    u->n_records = o->n_records;
    if (!o->n_named)
        return true;
    RuleRecord *all = ARENA_ARRAY(a, RuleRecord, o->n_records + o->n_named);
    if (!all)
        return no_memory(e);
    if (o->n_records)
        memcpy(all, o->records, o->n_records * sizeof *all);
    for (size_t i = 0; i < o->n_named; i++)
        all[o->n_records + i] = b->orgs[o->named[i].org].records[o->named[i].at];
    u->records = all;
    u->n_records = o->n_records + o->n_named;
    return true;
}

static bool settings_of(RuleUnit *u, Arena *a, const Board *b, const BoardOrg *o, Err *e)
{
    size_t n = 0, at = 0, steps = 0;
    const BoardOrg *up;
    for (up = o; up && steps++ <= b->n_orgs; up = up->parent ? work_board_org(b, up->parent) : NULL)
        n += up->n_settings;
    RuleSetting *all = ARENA_ARRAY(a, RuleSetting, n + 1);
    if (!all)
        return no_memory(e);
    for (up = o; up && at < n; up = up->parent ? work_board_org(b, up->parent) : NULL)
        for (size_t i = 0; i < up->n_settings && at < n; i++) {
            all[at] = up->settings[i];
            all[at++].level = up->level;
        }
    u->settings = all;
    u->n_settings = n;
    return true;
}

bool work_board_unit(RuleUnit *out, Arena *a, const Board *b, const BoardOrg *o, Err *e)
{
    RuleUnit u = { .org = o->id, .orgs = o->rows, .n_orgs = o->n_rows, .tenures = o->tenures,
                   .n_tenures = o->n_tenures, .waivers = o->waivers, .n_waivers = o->n_waivers };
    if (!people_of(&u, a, b, o, e) || !records_of(&u, a, b, o, e) || !settings_of(&u, a, b, o, e))
        return false;
    *out = u;
    return true;
}
