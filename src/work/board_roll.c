/* The same, added up: by sector, level, kind of organisation, duty, part or pack. */
#include "work/board_say.h"
#include "work/rows.h"

#include <stdlib.h>
#include <string.h>

enum { ROLL_ROWS_MAX = 5000 };

typedef struct RollIn {
    int64_t org, year;
    Str by, duty, pack;
} RollIn;
static const ShapeField roll_in_fields[] = {
    { "org", SHAPE_ID, offsetof(RollIn, org), .title = "组织" },
    { "year", SHAPE_INT, offsetof(RollIn, year), .min = 2000, .max = 2200, .title = "年度" },
    { "by", SHAPE_WORD, offsetof(RollIn, by), .words = "sector|level|kind|duty|part|pack|child",
      .title = "汇总方式" },
    { "duty", SHAPE_TEXT, offsetof(RollIn, duty), .max = 64, .title = "职责" },
    { "pack", SHAPE_TEXT, offsetof(RollIn, pack), .max = 64, .title = "规则包" },
};
static const Shape roll_in = SHAPE("RollIn", RollIn, roll_in_fields);
static const ShapeField item_fields[] = {
    { "key", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "orgs", SHAPE_INT, .required = true },
    { "met", SHAPE_INT, .required = true },
    { "due", SHAPE_INT, .required = true },
    { "missed", SHAPE_INT, .required = true },
    { "waived", SHAPE_INT, .required = true },
    { "not_applicable", SHAPE_INT, .required = true },
    { "later", SHAPE_INT, .required = true },
    { "late", SHAPE_INT, .required = true },
    { "href", SHAPE_TEXT, .required = true },
};
static const Shape item_shape = SHAPE_REPLY("RollItem", item_fields);
static const ShapeField roll_fields[] = {
    { "org", SHAPE_ID, .required = true },
    { "year", SHAPE_INT, .required = true },
    { "by", SHAPE_TEXT, .required = true },
    { "items", SHAPE_LIST, .required = true, .sub = &item_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape roll_out = SHAPE_REPLY("HeatRoll", roll_fields);

typedef struct RollRow {
    Str key, title, query;
    uint64_t n[DUTY_STATES], late, orgs;
    const BoardOrg *last;          /* counted in orgs last */
} RollRow;

typedef struct Roll {
    Call *c;
    const Board *b;
    const RollIn *in;
    int year;
    const BoardOrg *top;
    Map rows;
    RollRow *none;
} Roll;

static RollRow *row_get(Roll *r, Str key, Str title, Str query)
{
    RollRow *row = map_get(&r->rows, key);
    if (row || r->rows.n == ROLL_ROWS_MAX)
        return row;
    row = ARENA_NEW(r->c->a, RollRow);
    if (!row || !map_put(&r->rows, key, row))
        return NULL;
    *row = (RollRow){ .key = key, .title = title, .query = query };
    return row;
}

static void row_add(RollRow *row, const BoardOrg *o, const BoardCell *k)
{
    if (!row)
        return;
    row->orgs += row->last != o;
    row->last = o;
    row->late += k->late;
    for (int s = 0; s < DUTY_STATES; s++)
        row->n[s] += k->n[s];
}

static Str query_of(Call *c, const char *name, Str value)
{
    return arena_text(c->a, "&%s=%.*s", name, STR(value));
}

/* Which of the children of top it lies below. */
static const BoardOrg *child_of(const Roll *r, const BoardOrg *o)
{
    while (o && o->level > r->top->level + 1)
        o = work_board_org(r->b, o->parent);
    return o;
}

/* The row of an organisation, where rows are told by organisations. */
static RollRow *row_of_org(Roll *r, const BoardOrg *o)
{
    const RuleOrg *now = work_org_now(o);
    Call *c = r->c;
    if (str_is(r->in->by, "sector"))
        return row_get(r, now->sector.n ? now->sector : STRC("-"),
                       now->sector.n ? call_title(c, "sector", now->sector) : STRC("未填领域"),
                       query_of(c, "sector", now->sector));
    if (str_is(r->in->by, "kind"))
        return row_get(r, now->kind, call_title(c, "org_kind", now->kind),
                       query_of(c, "kind", now->kind));
    if (str_is(r->in->by, "level")) {
        Str level = arena_text(c->a, "%lld", (long long)(o->level - r->top->level));
        return row_get(r, level, arena_text(c->a, "向下第%.*s级", STR(level)),
                       query_of(c, "level", level));
    }
    const BoardOrg *child = child_of(r, o);
    if (!child || o == r->top)
        return NULL;
    return row_get(r, arena_text(c->a, "%lld", (long long)child->id), work_org_title(child),
                   arena_text(c->a, "&child=%lld", (long long)child->id));
}

static void add_by_duty(Roll *r, const BoardOrg *o, const BoardCell *k)
{
    const Duty *d = pack_duty_at(call_rules(r->c), k->duty);
    if (str_is(r->in->by, "duty")) {
        row_add(row_get(r, d->name, d->title, query_of(r->c, "duty", d->name)), o, k);
    } else if (str_is(r->in->by, "pack")) {
        row_add(row_get(r, d->pack->name, d->pack->title, query_of(r->c, "pack", d->pack->name)),
                o, k);
    } else {
        for (size_t i = 0; i < d->n_parts; i++) {
            const DutyPart *p = &d->parts[i];
            Str key = arena_text(r->c->a, "%.*s.%.*s", STR(p->list->name), STR(p->item->value));
            row_add(row_get(r, key, p->item->title, query_of(r->c, "part", key)), o, k);
        }
    }
}

static bool by_org(Str by)
{
    return str_is(by, "sector") || str_is(by, "kind") || str_is(by, "level") ||
           str_is(by, "child");
}

static void org_add(Roll *r, const BoardOrg *o, const Duty *only)
{
    BoardCells all = work_board_cells(r->b, o, r->year);
    RollRow *row = by_org(r->in->by) ? row_of_org(r, o) : NULL;
    for (size_t i = 0; i < all.n; i++) {
        const Duty *d = pack_duty_at(call_rules(r->c), all.items[i].duty);
        if ((only && d != only) || (r->in->pack.n && !str_eq(d->pack->name, r->in->pack)))
            continue;
        if (row)
            row_add(row, o, &all.items[i]);
        else if (!by_org(r->in->by))
            add_by_duty(r, o, &all.items[i]);
    }
}

static void put_row(const Roll *r, const RollRow *row, Jw *out)
{
    jw_obj(out);
    jw_kstr(out, "key", row->key);
    jw_kstr(out, "title", row->title);
    jw_kint(out, "orgs", (int64_t)row->orgs);
    for (int s = 0; s < DUTY_STATES; s++) {
        jw_key_str(out, duty_state_name((DutyState)s));
        jw_int(out, (int64_t)row->n[s]);
    }
    jw_kint(out, "late", (int64_t)row->late);
    Str child;
    int64_t org = r->top->id;
    bool is_child = str_cut(row->query, STRC("child="), &child, &child) && str_int(child, &org);
    jw_kstr(out, "href", arena_text(r->c->a, "/api/heat?org=%lld&year=%d%.*s", (long long)org,
                                    r->year, STR(is_child ? STRC("") : row->query)));
    jw_end(out);
}

static bool roll_write(Roll *r, int64_t org, const Duty *only, Jw *out, Err *e)
{
    Period p = { day_make(r->year, 1, 1), day_make(r->year, 12, 31) };
    r->top = work_board_org(r->b, org);
    r->rows = map_open(r->c->a);
    if (!r->top)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    for (size_t i = r->top->rank; i <= r->top->last; i++)
        if (work_board_lives(work_board_at(r->b, i), p))
            org_add(r, work_board_at(r->b, i), only);
    if (arena_refused(r->c->a))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "汇总"));
    jw_kint(out, "org", org);
    jw_kint(out, "year", r->year);
    jw_kstr(out, "by", r->in->by);
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < r->rows.n; i++)
        put_row(r, r->rows.entries[i].value, out);
    jw_end(out);
    jw_kint(out, "total", (int64_t)r->rows.n);
    return true;
}

static bool heat_roll(Call *c, const void *in_, Jw *out, Err *e)
{
    RollIn in = *(const RollIn *)in_;
    const Duty *only = NULL;
    Board *b;
    int64_t org;
    Roll r = { .c = c, .in = &in, .year = work_board_year_of(c, in.year) };
    if (!in.by.n)
        in.by = STRC("duty");
    if (!work_board_scope(&org, c, in.org, e) ||
        (in.duty.n && !work_duty_read(&only, c, in.duty, e)) ||
        !work_board_enter_judged(&b, c, org, true, r.year, e))
        return false;
    r.b = b;
    bool ok = roll_write(&r, org, only, out, e);
    work_board_leave(b);
    return ok;
}

const UseCase work_heat_roll = { "heat_roll", "汇总下级组织的职责完成情况", WORK_READ,
                                 BOARD_READERS, &roll_in, &roll_out, .run = heat_roll };
