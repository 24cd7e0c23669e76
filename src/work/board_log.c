/* The log in memory: opening, catching up, and the records of organisations. */
#include "work/board_in.h"

#include <stdlib.h>
#include <string.h>

/* --- plain arrays and tables ---------------------------------------------------------------- */

bool work_board_room(void **items, size_t n, size_t *cap, size_t size, Err *e)
{
    if (n < *cap)
        return true;
    size_t more = *cap ? *cap * 2 : 4;
    void *got = realloc(*items, more * size);
    if (!got)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "职责看板"));
    *items = got;
    *cap = more;
    return true;
}

static size_t place(const BoardTable *t, uint16_t form, int64_t subject)
{
    uint64_t h = ((uint64_t)subject + form) * 0x9E3779B97F4A7C15u;
    size_t i = (size_t)(h >> 20) & (t->size - 1);
    while (t->slots[i].subject && (t->slots[i].subject != subject || t->slots[i].form != form))
        i = (i + 1) & (t->size - 1);
    return i;
}

static bool widen(BoardTable *t, size_t size, Err *e)
{
    BoardTable wide = { .size = size };
    wide.slots = calloc(wide.size, sizeof *wide.slots);
    if (!wide.slots)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "职责看板"));
    for (size_t i = 0; i < t->size; i++)
        if (t->slots[i].subject)
            wide.slots[place(&wide, t->slots[i].form, t->slots[i].subject)] = t->slots[i];
    wide.n = t->n;
    free(t->slots);
    *t = wide;
    return true;
}

BoardSlot *work_board_slot(BoardTable *t, uint16_t form, int64_t subject, bool make, Err *e)
{
    if (make && t->n * 2 >= t->size && !widen(t, t->size ? t->size * 2 : 1024, e))
        return NULL;
    if (!t->size)
        return NULL;
    BoardSlot *s = &t->slots[place(t, form, subject)];
    if (s->subject)
        return s;
    if (!make)
        return NULL;
    *s = (BoardSlot){ .subject = subject, .form = form, .org = UINT32_MAX };
    t->n++;
    return s;
}

/* Ids grow, so what is filed for the first time comes in their order and needs no table. */
BoardSlot *work_board_thing(const Board *b, uint16_t form, int64_t subject)
{
    size_t low = 0, high = b->n_filed;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (b->filed[mid].subject < subject)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < b->n_filed && b->filed[low].subject == subject && b->filed[low].form == form)
        return &b->filed[low];
    return work_board_slot((BoardTable *)&b->late_things, form, subject, false, NULL);
}

BoardSlot *work_board_thing_new(Board *b, uint16_t form, int64_t subject, Err *e)
{
    if (b->n_filed && b->filed[b->n_filed - 1].subject >= subject)
        return work_board_slot(&b->late_things, form, subject, true, e);
    if (!BOARD_ROOM(b->filed, b->n_filed, b->cap_filed, e))
        return NULL;
    b->filed[b->n_filed] = (BoardSlot){ .subject = subject, .form = form, .org = UINT32_MAX };
    return &b->filed[b->n_filed++];
}

bool work_board_ids(Str value, bool (*each)(void *arg, int64_t id, Err *e), void *arg, Err *e)
{
    for (size_t i = 0; i < value.n; i++) {
        int64_t id = 0;
        for (; i < value.n && value.p[i] >= '0' && value.p[i] <= '9'; i++)
            id = id < JSON_INT_MAX / 10 ? id * 10 + (value.p[i] - '0') : 0;
        if (id && !each(arg, id, e))
            return false;
    }
    return true;
}

/* --- opening -------------------------------------------------------------------------------- */

Board *work_board_open(const Rulebook *rb, Err *e)
{
    Board *b = calloc(1, sizeof *b);
    if (b) {
        b->rb = rb;
        b->gate = sys_gate_open();
        b->rules_room = arena_open(256 << 20);
        b->text = arena_open(BOARD_TEXT_MAX);
        b->words = arena_open(BOARD_TEXT_MAX);
    }
    if (!b || !b->gate || !b->rules_room || !b->text || !b->words) {
        work_board_close(b);
        err_fail(e, ERR_NO_MEMORY, err_hole("what", "职责看板"));
        return NULL;
    }
    return b;
}

void work_board_forget(Board *b)
{
    for (size_t i = 0; i < b->n_orgs; i++) {
        BoardOrg *o = &b->orgs[i];
        free(o->rows);
        free(o->people);
        free(o->tenures);
        free(o->records);
        free(o->hands);
        free(o->named);
        free(o->waivers);
        free(o->settings);
    }
    free(b->orgs);
    free(b->order);
    free(b->filed);
    free(b->late_things.slots);
    free(b->org_table.slots);
    free(b->people_table.slots);
    work_board_years_forget(b);
    b->orgs = NULL;
    b->order = NULL;
    b->filed = NULL;
    b->n_orgs = b->cap_orgs = b->n_order = b->n_filed = b->cap_filed = 0;
    b->late_things = b->org_table = b->people_table = (BoardTable){ .n = 0 };
    b->last = 0;
    b->over = b->tree_changed = false;
    if (b->text)
        arena_reset(b->text);
    if (b->words)
        arena_reset(b->words);
}

void work_board_close(Board *b)
{
    if (!b)
        return;
    work_board_forget(b);
    arena_close(b->rules_room);
    arena_close(b->text);
    arena_close(b->words);
    sys_gate_close(b->gate);
    free(b);
}

/* --- records -------------------------------------------------------------------------------- */

typedef struct Naming {
    Board *b;
    uint32_t org, at;
    size_t next;                   /* place of who is likely to be named next */
} Naming;

enum { NEAR = 4 };

/* Mostly a record names people of its own organisation, in the order in which they were filed. */
static bool name_one(void *arg, int64_t person, Err *e)
{
    Naming *n = arg;
    const BoardOrg *o = &n->b->orgs[n->org];
    for (size_t i = n->next; i < n->next + NEAR && i < o->n_people; i++)
        if (o->people[i].id == person && o->people[i].to == DAY_NONE)
            return n->next = i + 1, true;
    return work_board_name(n->b, person, n->org, n->at, e);
}

static bool name_all(Board *b, const BoardForm *bf, Str body, uint32_t org, uint32_t at, Err *e)
{
    Naming n = { .b = b, .org = org, .at = at };
    Str v;
    for (size_t i = 0; i < bf->n_names; i++)
        if (leaf_get(&v, body, bf->names[i]) && !work_board_ids(v, name_one, &n, e))
            return false;
    return true;
}

static bool version_add(Board *b, RuleRecord *r, const Fact *f, Str body, Err *e)
{
    size_t n = r->n_versions;
    RuleVersion *all = ARENA_ARRAY(b->words, RuleVersion, n + 1);
    if (!all)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "职责看板"));
    if (n)
        memcpy(all, r->versions, n * sizeof *all);
    all[n] = (RuleVersion){ f->id, f->occurred_on, moment_day(f->received_at), body };
    r->versions = all;
    r->n_versions = n + 1;
    return true;
}

static bool other_state(Str was, Str is)
{
    Str a = STRC(""), b = STRC("");
    leaf_get(&a, was, "state");
    leaf_get(&b, is, "state");
    return !str_eq(a, b);
}

static bool record_new(Board *b, const BoardForm *bf, BoardSlot *s, uint32_t org, const Fact *f,
                       Err *e)
{
    BoardOrg *o = &b->orgs[org];
    if (!BOARD_ROOM(o->records, o->n_records, o->cap_records, e) ||
        !BOARD_ROOM(o->hands, o->n_records, o->cap_hands, e))
        return false;
    s->org = org;
    s->at = (uint32_t)o->n_records;
    o->hands[s->at] = (BoardHand){ f->received_at, f->received_at, f->who };
    o->records[s->at] = (RuleRecord){ .form = bf->form, .subject = f->subject, .org = o->id,
                                      .received = moment_day(f->received_at),
                                      .state_since = DAY_NONE };
    o->n_records++;
    return true;
}

/* The thing goes on in another organisation: what it was here stays as struck. */
static bool record_moves(Board *b, const BoardForm *bf, BoardSlot *s, uint32_t org, const Fact *f,
                         Err *e)
{
    BoardOrg *from = &b->orgs[s->org];
    RuleRecord was = from->records[s->at];
    BoardHand hand = from->hands[s->at];
    from->records[s->at].struck = true;
    from->records[s->at].n_versions = 0;
    from->stamp = b->stamp;
    if (!record_new(b, bf, s, org, f, e))
        return false;
    RuleRecord *r = &b->orgs[org].records[s->at];
    was.org = r->org;
    *r = was;
    b->orgs[org].hands[s->at] = hand;
    return true;
}

bool work_board_wants(const Board *b, const BoardForm *bf, const Fact *f)
{
    if (!bf || !bf->keep)
        return false;
    if (!b->tight)
        return true;
    DayParts p = day_parts(b->today);
    Day from = rule_needs(b->rules, bf->form, period_of(PERIOD_YEAR, b->today), b->today);
    Day years = day_make(p.year - 2, 1, 1);
    return f->occurred_on >= years || (from != DAY_NONE && f->occurred_on >= from);
}

/* Its place; UINT32_MAX when it is unknown. Facts of one organisation come in runs. */
static uint32_t org_at(Board *b, int64_t org)
{
    if (b->met < b->n_orgs && b->orgs[b->met].id == org)
        return b->met;
    BoardSlot *s = work_board_slot(&b->org_table, 0, org, false, NULL);
    if (s)
        b->met = s->org;
    return s ? s->org : UINT32_MAX;
}

static int64_t org_of(const Fact *f)
{
    return f->org ? f->org : fact_int(f, "org");
}

static bool record_fold(Board *b, const BoardForm *bf, const Fact *f, Err *e)
{
    bool struck = leaf_is_strike(f), is_new = f->id == f->subject && !struck;
    uint32_t org = org_at(b, org_of(f));
    BoardSlot *s = is_new ? NULL : work_board_thing(b, bf->number, f->subject);
    if (!s && (struck || org == UINT32_MAX))
        return true;
    if (!s && !(s = work_board_thing_new(b, bf->number, f->subject, e)))
        return false;
    bool first = s->org == UINT32_MAX;
    if (org == UINT32_MAX)
        org = s->org;
    if (first ? !record_new(b, bf, s, org, f, e)
              : s->org != org && !record_moves(b, bf, s, org, f, e))
        return false;
    BoardOrg *o = &b->orgs[s->org];
    RuleRecord *r = &o->records[s->at];
    Str body = struck ? STRC("null") : f->body;
    if (bf->versions && !version_add(b, r, f, body, e))
        return false;
    if (!struck && !first && bf->moves && other_state(r->body, body))
        r->state_since = moment_day(f->received_at);
    r->id = f->id;
    r->struck = struck;
    if (!struck) {
        r->body = body;
        r->on = f->occurred_on == DAY_NONE ? moment_day(f->received_at) : f->occurred_on;
    }
    o->hands[s->at].changed = f->received_at;
    o->stamp = b->stamp;
    return struck || name_all(b, bf, body, s->org, s->at, e);
}

bool work_board_fold(Board *b, const BoardForm *bf, const Fact *f, Err *e)
{
    b->stamp++;
    return bf ? record_fold(b, bf, f, e) : work_board_roster(b, f, e);
}

/* --- catching up ---------------------------------------------------------------------------- */

static bool read_on(Board *b, Call *c, Err *e)
{
    bool first = b->last == 0;
    if (!work_board_read(b, c, e))
        return false;
    if (b->over && !first) {
        work_board_forget(b);
        if (!work_board_read(b, c, e))
            return false;
    }
    b->over = false;
    return !b->tree_changed || work_board_tree(b, e);
}

/* Too much to hold: once more with only what this year and the two before it need. */
static bool catch_up(Board *b, Call *c, Err *e)
{
    b->today = c->today;
    if (!b->rules && (!rule_open(&b->rules, b->rules_room, b->rb, e) || !work_board_forms(b, e)))
        return false;
    if (read_on(b, c, e))
        return true;
    bool full = (arena_refused(b->text) || arena_refused(b->words)) && !b->tight;
    work_board_forget(b);
    if (!full)
        return false;
    b->tight = true;
    if (read_on(b, c, e))
        return true;
    work_board_forget(b);
    return false;
}

bool work_board_enter(Board **out, Call *c, Err *e)
{
    Board *b = call_board(c);
    int64_t newest;
    if (tx_may_write(c->tx))
        return err_fail(e, ERR_BOARD_WRITER);
    if (!fact_newest(&newest, c->tx, e))
        return false;
    sys_gate_read(b->gate);
    if (b->rules && b->last >= newest) {
        *out = b;
        return true;
    }
    sys_gate_leave(b->gate);
    sys_gate_change(b->gate);
    bool ok = (b->rules && b->last >= newest) || catch_up(b, c, e);
    sys_gate_leave(b->gate);
    if (!ok)
        return false;
    sys_gate_read(b->gate);
    *out = b;
    return true;
}

void work_board_leave(Board *b)
{
    sys_gate_leave(b->gate);
}
