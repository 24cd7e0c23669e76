/* What was judged, kept small: counts of how cells stand, by duty and period. A year is judged once
 * a day; after that only organisations about which something came. */
#include "work/board_in.h"

#include <stdlib.h>
#include <string.h>

enum { BESIDE_MIN = 64, TRIES = 8 };

void work_board_years_forget(Board *b)
{
    for (size_t y = 0; y < BOARD_YEARS_MAX; y++) {
        for (size_t i = 0; i < b->years[y].n_orgs; i++)
            free(b->years[y].orgs[i].cells);
        free(b->years[y].orgs);
        b->years[y] = (BoardYear){ .year = 0 };
    }
}

DutyState work_board_worst(const uint16_t n[DUTY_STATES])
{
    static const DutyState order[] = { DUTY_MISSED, DUTY_DUE, DUTY_MET, DUTY_WAIVED,
                                       DUTY_NOT_APPLICABLE, DUTY_LATER };
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (n[order[i]])
            return order[i];
    return DUTY_LATER;
}

/* --- from cells to counts ------------------------------------------------------------------- */

typedef struct Fold {
    const Rulebook *rb;
    Period year;
    BoardCell *items;
    size_t n, cap;
    size_t duty;                   /* place of the duty whose cells are coming */
    size_t first;                  /* its first item */
} Fold;

/* Cells of things, and those of persons that run with the day, are told by year. */
static Period told_by(const Fold *f, const RuleCell *c)
{
    bool runs = c->duty->every == DUTY_STANDING || c->duty->every == DUTY_ROLLING;
    if (c->thing || c->duty->every == DUTY_BY_THING || (c->person && runs))
        return f->year;
    return c->period;
}

static BoardCell *cell_for(Fold *f, const RuleCell *c, Err *e)
{
    Period p = told_by(f, c);
    while (pack_duty_at(f->rb, f->duty) != c->duty) {
        f->duty++;
        f->first = f->n;
    }
    for (size_t i = f->first; i < f->n; i++)
        if (f->items[i].from == p.from && f->items[i].to == p.to)
            return &f->items[i];
    if (!BOARD_ROOM(f->items, f->n, f->cap, e))
        return NULL;
    f->items[f->n] = (BoardCell){ .duty = (uint16_t)f->duty, .from = p.from, .to = p.to,
                                  .days_left = INT32_MAX };
    return &f->items[f->n++];
}

static uint16_t capped(size_t n)
{
    return n > UINT16_MAX ? UINT16_MAX : (uint16_t)n;
}

static bool fold(Fold *f, const RuleCells *cells, Err *e)
{
    for (size_t i = 0; i < cells->n; i++) {
        const RuleCell *c = &cells->items[i];
        BoardCell *to = cell_for(f, c, e);
        if (!to)
            return false;
        to->hard |= c->hard;
        to->late = capped(to->late + c->late);
        to->n[c->state] = capped((size_t)to->n[c->state] + 1);
        if (c->state == DUTY_DUE && c->days_left < to->days_left)
            to->days_left = (int32_t)c->days_left;
    }
    for (size_t i = 0; i < f->n; i++)
        f->items[i].state = (uint8_t)work_board_worst(f->items[i].n);
    return true;
}

/* --- judging -------------------------------------------------------------------------------- */

typedef struct Judging {
    Board *b;
    BoardYear *year;
    const uint32_t *stale;
    size_t n, from;                /* every second one, beginning with from */
    bool ok;
    Err e;
} Judging;

static bool judge_one(Judging *j, Arena *a, uint32_t org)
{
    Board *b = j->b;
    RuleUnit unit;
    RuleCells cells;
    Period year = { day_make(j->year->year, 1, 1), day_make(j->year->year, 12, 31) };
    Fold f = { .rb = b->rb, .year = year };
    struct BoardJudged *to = &j->year->orgs[org];
    arena_reset(a);
    if (!work_board_unit(&unit, a, b, &b->orgs[org], &j->e) ||
        !rule_judge(&cells, a, b->rules, &unit, year, j->year->today, &j->e) ||
        !fold(&f, &cells, &j->e)) {
        free(f.items);
        return false;
    }
    free(to->cells);
    BoardCell *fit = f.n ? realloc(f.items, f.n * sizeof *fit) : NULL;
    *to = (struct BoardJudged){ fit ? fit : f.items, f.n, b->orgs[org].stamp };
    return true;
}

static void *judge_some(void *arg)
{
    Judging *j = arg;
    Arena *a = arena_open(BOARD_SCRATCH_MAX);
    j->ok = a || err_fail(&j->e, ERR_NO_MEMORY, err_hole("what", "职责看板"));
    for (size_t i = j->from; j->ok && i < j->n; i += 2)
        j->ok = judge_one(j, a, j->stale[i]);
    arena_close(a);
    return NULL;
}

static bool judge_all(Board *b, BoardYear *year, Call *c, const uint32_t *stale, size_t n, Err *e)
{
    Judging one = { .b = b, .year = year, .stale = stale, .n = n };
    Judging two = one;
    two.from = 1;
    if (n >= BESIDE_MIN)
        tx_beside(c->tx, judge_some, &two);
    judge_some(&one);
    if (n >= BESIDE_MIN)
        tx_beside_wait(c->tx);
    else
        judge_some(&two);
    if (one.ok && two.ok)
        return true;
    *e = one.ok ? two.e : one.e;
    return err_note(e, "judging duties");
}

/* --- years ---------------------------------------------------------------------------------- */

static const BoardYear *year_find(const Board *b, int year, Day today)
{
    for (size_t i = 0; i < BOARD_YEARS_MAX; i++)
        if (b->years[i].year == year && b->years[i].today == today)
            return &b->years[i];
    return NULL;
}

/* The year's place, with room for every organisation; the one longest unused gives way. */
static BoardYear *year_make(Board *b, int year, Day today, Err *e)
{
    BoardYear *y = NULL;
    for (size_t i = 0; i < BOARD_YEARS_MAX; i++)
        if (b->years[i].year == year)
            y = &b->years[i];
    for (size_t i = 0; !y && i < BOARD_YEARS_MAX; i++)
        if (b->years[i].year == 0)
            y = &b->years[i];
    for (size_t i = 0, keep = y != NULL; !keep && i < BOARD_YEARS_MAX; i++)
        if (!y || b->years[i].used < y->used)
            y = &b->years[i];
    if (y->year != year || y->today != today) {
        for (size_t i = 0; i < y->n_orgs; i++)
            free(y->orgs[i].cells);
        free(y->orgs);
        *y = (BoardYear){ .year = year, .today = today };
    }
    if (y->n_orgs < b->n_orgs) {
        struct BoardJudged *more = realloc(y->orgs, b->n_orgs * sizeof *more);
        if (!more) {
            err_fail(e, ERR_NO_MEMORY, err_hole("what", "职责看板"));
            return NULL;
        }
        memset(more + y->n_orgs, 0, (b->n_orgs - y->n_orgs) * sizeof *more);
        y->orgs = more;
        y->n_orgs = b->n_orgs;
    }
    y->used = ++b->uses;
    return y;
}

static bool is_fresh(const Board *b, const BoardYear *y, uint32_t org)
{
    return y && org < y->n_orgs && y->orgs[org].stamp == b->orgs[org].stamp;
}

/* The places in preorder that are asked for; none when the organisation is unknown. */
static void range_of(size_t *from, size_t *to, const Board *b, int64_t org, bool below)
{
    const BoardOrg *o = org ? work_board_org(b, org) : NULL;
    *from = o ? o->rank : 0;
    *to = o ? (below ? o->last + 1 : o->rank + 1) : org ? 0 : b->n_order;
}

static bool ready(const Board *b, int64_t org, bool below, int year, Day today)
{
    const BoardYear *y = year_find(b, year, today);
    size_t from, to;
    range_of(&from, &to, b, org, below);
    for (size_t i = from; i < to; i++)
        if (!is_fresh(b, y, b->order[i]))
            return false;
    return true;
}

/* Alone at the gate: what stands in the board now is judged. */
static bool judge(Board *b, Call *c, int64_t org, bool below, int year, Err *e)
{
    BoardYear *y = year_make(b, year, c->today, e);
    size_t from, to, n = 0;
    range_of(&from, &to, b, org, below);
    uint32_t *stale = malloc((to - from + 1) * sizeof *stale);
    if (!y || !stale) {
        free(stale);
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "职责看板"));
    }
    for (size_t i = from; i < to; i++)
        if (!is_fresh(b, y, b->order[i]))
            stale[n++] = b->order[i];
    bool ok = judge_all(b, y, c, stale, n, e);
    free(stale);
    return ok;
}

bool work_board_enter_judged(Board **out, Call *c, int64_t org, bool below, int year, Err *e)
{
    for (int i = 0; i < TRIES; i++) {
        Board *b;
        if (!work_board_enter(&b, c, e))
            return false;
        if (ready(b, org, below, year, c->today)) {
            *out = b;
            return true;
        }
        work_board_leave(b);
        sys_gate_change(b->gate);
        bool ok = judge(b, c, org, below, year, e);
        sys_gate_leave(b->gate);
        if (!ok)
            return false;
    }
    return err_fail(e, ERR_BUSY, err_hole("what", "职责看板")); /* facts come faster than judging */
}

BoardCells work_board_cells(const Board *b, const BoardOrg *o, int year)
{
    for (size_t i = 0; i < BOARD_YEARS_MAX; i++) {
        const BoardYear *y = &b->years[i];
        size_t org = (size_t)(o - b->orgs);
        if (y->year == year && org < y->n_orgs)
            return (BoardCells){ y->orgs[org].cells, y->orgs[org].n };
    }
    return (BoardCells){ .n = 0 };
}
