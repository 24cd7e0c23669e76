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

static bool widen(BoardTable *t, Err *e)
{
    BoardTable wide = { .size = t->size ? t->size * 2 : 1024 };
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
    if (make && t->n * 2 >= t->size && !widen(t, e))
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

bool work_board_ids(Str value, bool (*each)(void *arg, int64_t id, Err *e), void *arg, Err *e)
{
    for (size_t i = 0; i < value.n;) {
        size_t from = i;
        int64_t id;
        while (i < value.n && value.p[i] >= '0' && value.p[i] <= '9')
            i++;
        if (i > from && str_int(str_sub(value, from, i - from), &id) && !each(arg, id, e))
            return false;
        i += i == from;
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
    }
    if (!b || !b->gate || !b->rules_room || !b->text) {
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
    free(b->things.slots);
    free(b->org_table.slots);
    free(b->people_table.slots);
    work_board_years_forget(b);
    b->orgs = NULL;
    b->order = NULL;
    b->n_orgs = b->cap_orgs = b->n_order = 0;
    b->things = b->org_table = b->people_table = (BoardTable){ .n = 0 };
    b->last = 0;
    b->over = b->tree_changed = false;
    if (b->text)
        arena_reset(b->text);
}

void work_board_close(Board *b)
{
    if (!b)
        return;
    work_board_forget(b);
    arena_close(b->rules_room);
    arena_close(b->text);
    sys_gate_close(b->gate);
    free(b);
}

/* --- records -------------------------------------------------------------------------------- */

typedef struct Naming {
    Board *b;
    uint32_t org, at;
} Naming;

static bool name_one(void *arg, int64_t person, Err *e)
{
    const Naming *n = arg;
    return work_board_name(n->b, person, n->org, n->at, e);
}

static bool name_all(Board *b, const BoardForm *bf, Str body, uint32_t org, uint32_t at, Err *e)
{
    Naming n = { b, org, at };
    Str v;
    for (size_t i = 0; i < bf->n_names; i++)
        if (leaf_get(&v, body, bf->names[i]) && !work_board_ids(v, name_one, &n, e))
            return false;
    return true;
}

static bool version_add(Board *b, RuleRecord *r, const Fact *f, Str body, Err *e)
{
    size_t n = r->n_versions;
    RuleVersion *all = ARENA_ARRAY(b->text, RuleVersion, n + 1);
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
    o->records[s->at] = (RuleRecord){ .form = bf->form, .subject = f->subject, .org = f->org,
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
    was.org = f->org;
    *r = was;
    b->orgs[org].hands[s->at] = hand;
    return true;
}

static bool wanted(const Board *b, const BoardForm *bf, const Fact *f)
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

static int64_t org_of(const Fact *f)
{
    return f->org ? f->org : fact_int(f, "org");
}

static bool record_fold(Board *b, const BoardForm *bf, const Fact *f, Err *e)
{
    bool struck = leaf_is_strike(f);
    BoardSlot *s = work_board_slot(&b->things, bf->number, f->subject, false, e);
    BoardSlot *so = work_board_slot(&b->org_table, 0, org_of(f), false, e);
    if (!s && (struck || !so))
        return true;
    if (!s && !(s = work_board_slot(&b->things, bf->number, f->subject, true, e)))
        return false;
    bool first = s->org == UINT32_MAX;
    uint32_t org = so ? so->org : s->org;
    if (first ? !record_new(b, bf, s, org, f, e)
              : s->org != org && !record_moves(b, bf, s, org, f, e))
        return false;
    BoardOrg *o = &b->orgs[s->org];
    RuleRecord *r = &o->records[s->at];
    Str body = struck ? STRC("null") : arena_str(b->text, f->body);
    if (arena_refused(b->text) || (bf->versions && !version_add(b, r, f, body, e)))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "职责看板"));
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

bool work_board_fold(Board *b, const Fact *f, Err *e)
{
    bool known;
    b->last = f->id;
    b->stamp++;
    if (str_is(f->kind, "erasure")) {
        b->over = true;
        return true;
    }
    if (!work_board_roster(&known, b, f, e))
        return false;
    const BoardForm *bf = known ? NULL : map_get(&b->forms, f->kind);
    return !wanted(b, bf, f) || record_fold(b, bf, f, e);
}

/* --- catching up ---------------------------------------------------------------------------- */

static bool each(void *arg, const Fact *f, Err *e)
{
    return work_board_fold(arg, f, e);
}

static bool read_on(Board *b, Call *c, Err *e)
{
    bool first = b->last == 0, ok = fact_since(c->tx, b->last, each, b, e);
    if (ok && b->over && !first) {
        work_board_forget(b);
        ok = fact_since(c->tx, 0, each, b, e);
    }
    b->over = false;
    return ok && (!b->tree_changed || work_board_tree(b, e));
}

/* Too much to hold: once more with only what this year and the two before it need. */
static bool catch_up(Board *b, Call *c, Err *e)
{
    b->today = c->today;
    if (!b->rules && (!rule_open(&b->rules, b->rules_room, b->rb, e) || !work_board_forms(b, e)))
        return false;
    if (read_on(b, c, e))
        return true;
    bool full = arena_refused(b->text) && !b->tight;
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
