/* How everything below an organisation stands: a row an organisation, a column a period of one duty
 * or one duty of the year. What is shown was judged before and kept, so a page costs little. */
#include "work/board_say.h"
#include "work/rows.h"

#include <string.h>

enum { HEAT_PAGE = 300, HEAT_PAGE_MAX = 1000, HEAT_COLUMNS_MAX = 600 };

typedef struct HeatIn {
    int64_t org, year, after, limit, level;
    Str duty, part, pack, kind, sector, state;
} HeatIn;
static const ShapeField heat_in_fields[] = {
    { "org", SHAPE_ID, offsetof(HeatIn, org), .title = "组织" },
    { "year", SHAPE_INT, offsetof(HeatIn, year), .min = 2000, .max = 2200, .title = "年度" },
    { "duty", SHAPE_TEXT, offsetof(HeatIn, duty), .max = 64, .title = "职责" },
    { "part", SHAPE_TEXT, offsetof(HeatIn, part), .max = 130, .title = "所属项目" },
    { "pack", SHAPE_TEXT, offsetof(HeatIn, pack), .max = 64, .title = "规则包" },
    { "kind", SHAPE_TEXT, offsetof(HeatIn, kind), .max = 64, .title = "组织类别" },
    { "sector", SHAPE_TEXT, offsetof(HeatIn, sector), .max = 64, .title = "领域" },
    { "state", SHAPE_TEXT, offsetof(HeatIn, state), .max = 64, .title = "状态" },
    { "level", SHAPE_INT, offsetof(HeatIn, level), .min = 0, .max = 40, .title = "向下第几级" },
    { "after", SHAPE_INT, offsetof(HeatIn, after), .min = 0, .max = 10000000, .title = "起点" },
    { "limit", SHAPE_INT, offsetof(HeatIn, limit), .min = 0, .max = HEAT_PAGE_MAX,
      .title = "条数" },
};
static const Shape heat_in = SHAPE("HeatIn", HeatIn, heat_in_fields);

static const ShapeField column_fields[] = {
    { "duty", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "pack", SHAPE_TEXT, .required = true },
    { "period", SHAPE_TEXT },
    { "period_title", SHAPE_TEXT },
};
static const Shape column_shape = SHAPE_REPLY("HeatColumn", column_fields);
static const ShapeField cell_fields[] = {
    { "state", SHAPE_TEXT, .required = true },  /* "" where the duty has no cell */
    { "met", SHAPE_INT },
    { "due", SHAPE_INT },
    { "missed", SHAPE_INT },
    { "late", SHAPE_INT },
    { "days_left", SHAPE_INT },
};
static const Shape cell_shape = SHAPE_REPLY("HeatCell", cell_fields);
static const ShapeField row_fields[] = {
    { "org", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "kind", SHAPE_TEXT, .required = true },
    { "kind_title", SHAPE_TEXT, .required = true },
    { "sector", SHAPE_TEXT },
    { "sector_title", SHAPE_TEXT },
    { "level", SHAPE_INT, .required = true },
    { "parent", SHAPE_ID },
    { "missed", SHAPE_INT, .required = true },
    { "due", SHAPE_INT, .required = true },
    { "met", SHAPE_INT, .required = true },
    { "cells", SHAPE_LIST, .required = true, .sub = &cell_shape },
};
static const Shape row_shape = SHAPE_REPLY("HeatRow", row_fields);
static const ShapeField heat_fields[] = {
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "year", SHAPE_INT, .required = true },
    { "today", SHAPE_DAY, .required = true },
    { "by", SHAPE_WORD, .required = true, .words = "period|duty" },
    { "columns", SHAPE_LIST, .required = true, .sub = &column_shape },
    { "orgs", SHAPE_LIST, .required = true, .sub = &row_shape },
    { "total", SHAPE_INT, .required = true },
    { "next", SHAPE_INT },
};
static const Shape heat_out = SHAPE_REPLY("Heat", heat_fields);

/* --- what is asked for ---------------------------------------------------------------------- */

typedef struct HeatColumn {
    uint16_t duty;
    Day from, to;                  /* by period only */
} HeatColumn;

typedef struct Heat {
    Call *c;
    const Board *b;
    const HeatIn *in;
    int year;
    const Duty *duty;              /* of one duty by period; NULL: by duty */
    const BoardOrg *top;
    bool *wanted;                  /* by place of the duty */
    size_t n_duties;
    HeatColumn *columns;
    size_t n_columns, cap_columns;
    int state;                     /* only rows that have one; -1 any */
} Heat;

/* "standard_dimension.org_life" or the list alone. */
static bool is_part(const Duty *d, Str part)
{
    Str list, item;
    bool whole = !str_cut(part, STRC("."), &list, &item);
    for (size_t i = 0; i < d->n_parts; i++)
        if (str_eq(d->parts[i].list->name, list) &&
            (whole || str_eq(d->parts[i].item->value, item)))
            return true;
    return false;
}

static bool choose(Heat *h, Err *e)
{
    const Rulebook *rb = call_rules(h->c);
    h->n_duties = pack_duty_count(rb);
    h->wanted = ARENA_ARRAY(h->c->a, bool, h->n_duties + 1);
    if (!h->wanted)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "热力图"));
    for (size_t i = 0; i < h->n_duties; i++) {
        const Duty *d = pack_duty_at(rb, i);
        h->wanted[i] = (!h->duty || h->duty == d) && (!h->in->part.n || is_part(d, h->in->part)) &&
                       (!h->in->pack.n || str_eq(d->pack->name, h->in->pack));
    }
    h->state = -1;
    for (int s = 0; s < DUTY_STATES; s++)
        if (str_eq(h->in->state, duty_state_name((DutyState)s)))
            h->state = s;
    return true;
}

static bool org_wanted(const Heat *h, const BoardOrg *o)
{
    const RuleOrg *now = work_org_now(o);
    Period p = { day_make(h->year, 1, 1), day_make(h->year, 12, 31) };
    int64_t down = o->level - h->top->level;
    return o != h->top && work_board_lives(o, p) && (!h->in->level || down == h->in->level) &&
           (!h->in->kind.n || str_eq(now->kind, h->in->kind)) &&
           (!h->in->sector.n || str_eq(now->sector, h->in->sector));
}

static bool has_state(const Heat *h, const BoardOrg *o)
{
    BoardCells all = work_board_cells(h->b, o, h->year);
    if (h->state < 0)
        return true;
    for (size_t i = 0; i < all.n; i++)
        if (h->wanted[all.items[i].duty] && all.items[i].n[h->state])
            return true;
    return false;
}

static int before(const HeatColumn *x, const HeatColumn *y)
{
    if (x->duty != y->duty)
        return x->duty < y->duty ? -1 : 1;
    return x->from != y->from ? (x->from < y->from ? -1 : 1) : (x->to > y->to) - (x->to < y->to);
}

/* Columns stay in order; what is there already is found by halves. */
static bool column_add(Heat *h, const BoardCell *k, Err *e)
{
    HeatColumn x = { k->duty, h->duty ? k->from : 0, h->duty ? k->to : 0 };
    size_t low = 0, high = h->n_columns;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int order = before(&h->columns[mid], &x);
        if (order == 0)
            return true;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (h->n_columns == HEAT_COLUMNS_MAX)
        return true;
    if (!ARENA_PUSH(h->c->a, h->columns, h->n_columns, h->cap_columns))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "热力图"));
    memmove(h->columns + low + 1, h->columns + low, (h->n_columns - low) * sizeof x);
    h->columns[low] = x;
    h->n_columns++;
    return true;
}

/* --- writing -------------------------------------------------------------------------------- */

static void put_columns(const Heat *h, Jw *out)
{
    jw_key(out, "columns");
    jw_arr(out);
    for (size_t i = 0; i < h->n_columns; i++) {
        const HeatColumn *k = &h->columns[i];
        const Duty *d = pack_duty_at(call_rules(h->c), k->duty);
        jw_obj(out);
        jw_kstr(out, "duty", d->name);
        jw_kstr(out, "title", d->title);
        jw_kstr(out, "pack", d->pack->name);
        if (h->duty) {
            Period p = { k->from, k->to };
            jw_kstr(out, "period", work_period_text(h->c->a, p));
            jw_kstr(out, "period_title", rule_period_title(h->c->a, d, p));
        }
        jw_end(out);
    }
    jw_end(out);
}

typedef struct Shown {
    uint32_t n[DUTY_STATES], late;
    int32_t days_left;
} Shown;

static void put_cell(const Shown *s, Jw *out)
{
    uint16_t n[DUTY_STATES];
    bool any = false;
    for (int i = 0; i < DUTY_STATES; i++) {
        n[i] = s->n[i] > 0;
        any |= n[i];
    }
    jw_obj(out);
    jw_kstr(out, "state", any ? duty_state_name(work_board_worst(n)) : STRC(""));
    jw_kint_some(out, "met", s->n[DUTY_MET]);
    jw_kint_some(out, "due", s->n[DUTY_DUE]);
    jw_kint_some(out, "missed", s->n[DUTY_MISSED]);
    jw_kint_some(out, "late", s->late);
    if (s->n[DUTY_DUE])
        jw_kint(out, "days_left", s->days_left);
    jw_end(out);
}

static void put_row_head(const Heat *h, const BoardOrg *o, const uint64_t n[DUTY_STATES], Jw *out)
{
    const RuleOrg *now = work_org_now(o);
    jw_kint(out, "org", o->id);
    jw_kstr(out, "name", now->name);
    jw_kstr(out, "kind", now->kind);
    jw_kstr(out, "kind_title", call_title(h->c, "org_kind", now->kind));
    if (now->sector.n) {
        jw_kstr(out, "sector", now->sector);
        jw_kstr(out, "sector_title", call_title(h->c, "sector", now->sector));
    }
    jw_kint(out, "level", o->level);
    jw_kint_some(out, "parent", o->parent);
    jw_kint(out, "missed", (int64_t)n[DUTY_MISSED]);
    jw_kint(out, "due", (int64_t)n[DUTY_DUE]);
    jw_kint(out, "met", (int64_t)n[DUTY_MET]);
}

/* Cells and columns are both in order of duty and period: one walk over both. */
static void put_row(const Heat *h, const BoardOrg *o, Jw *out)
{
    BoardCells all = work_board_cells(h->b, o, h->year);
    uint64_t n[DUTY_STATES] = { 0 };
    for (size_t i = 0; i < all.n; i++)
        for (int s = 0; s < DUTY_STATES; s++)
            n[s] += h->wanted[all.items[i].duty] ? all.items[i].n[s] : 0;
    jw_obj(out);
    put_row_head(h, o, n, out);
    jw_key(out, "cells");
    jw_arr(out);
    for (size_t k = 0, i = 0; k < h->n_columns; k++) {
        const HeatColumn *col = &h->columns[k];
        Shown s = { .days_left = INT32_MAX };
        while (i < all.n && all.items[i].duty < col->duty)
            i++;
        for (size_t x = i; x < all.n && all.items[x].duty == col->duty; x++) {
            const BoardCell *cell = &all.items[x];
            if (h->duty && (cell->from != col->from || cell->to != col->to))
                continue;
            for (int st = 0; st < DUTY_STATES; st++)
                s.n[st] += cell->n[st];
            s.late += cell->late;
            if (cell->days_left < s.days_left)
                s.days_left = cell->days_left;
        }
        put_cell(&s, out);
    }
    jw_end(out);
    jw_end(out);
}

typedef struct HeatRows {
    const BoardOrg **items;
    size_t n, total;
    int64_t next;                  /* 0: no more */
} HeatRows;

static bool rows_find(HeatRows *r, Heat *h, Err *e)
{
    size_t limit = h->in->limit ? (size_t)h->in->limit : HEAT_PAGE;
    r->items = ARENA_ARRAY(h->c->a, const BoardOrg *, limit);
    if (!r->items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "热力图"));
    for (size_t i = h->top->rank; i <= h->top->last; i++) {
        const BoardOrg *o = work_board_at(h->b, i);
        if (!org_wanted(h, o) || !has_state(h, o))
            continue;
        r->total++;
        if (r->total <= (size_t)h->in->after)
            continue;
        if (r->n == limit) {
            r->next = h->in->after + (int64_t)limit;
            continue;
        }
        r->items[r->n++] = o;
        BoardCells all = work_board_cells(h->b, o, h->year);
        for (size_t k = 0; k < all.n; k++)
            if (h->wanted[all.items[k].duty] && !column_add(h, &all.items[k], e))
                return false;
    }
    return true;
}

static bool heat_write(Heat *h, int64_t org, Jw *out, Err *e)
{
    HeatRows r = { .n = 0 };
    h->top = work_board_org(h->b, org);
    if (!h->top)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    if (!choose(h, e) || !rows_find(&r, h, e))
        return false;
    jw_kint(out, "org", org);
    jw_kstr(out, "org_name", work_org_title(h->top));
    jw_kint(out, "year", h->year);
    jw_kday(out, "today", h->c->today);
    jw_kstr(out, "by", h->duty ? STRC("period") : STRC("duty"));
    put_columns(h, out);
    jw_key(out, "orgs");
    jw_arr(out);
    for (size_t i = 0; i < r.n; i++)
        put_row(h, r.items[i], out);
    jw_end(out);
    jw_kint(out, "total", (int64_t)r.total);
    jw_kint_some(out, "next", r.next);
    return true;
}

static bool heat_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const HeatIn *in = in_;
    Board *b;
    int64_t org;
    Heat h = { .c = c, .in = in, .year = work_board_year_of(c, in->year) };
    if (!work_board_scope(&org, c, in->org, e) ||
        (in->duty.n && !work_duty_read(&h.duty, c, in->duty, e)) ||
        !work_board_enter_judged(&b, c, org, true, h.year, e))
        return false;
    h.b = b;
    bool ok = heat_write(&h, org, out, e);
    work_board_leave(b);
    return ok;
}

const UseCase work_heat_show = { "heat_show", "查看下级组织职责完成情况的热力图", WORK_READ,
                                 BOARD_READERS, &heat_in, &heat_out, .run = heat_show };
