/* Which duty reaches which level at all: an empty cell is a duty that nobody there has. */
#include "work/board_say.h"
#include "work/rows.h"

typedef struct CoverIn {
    int64_t org, year;
    Str pack;
} CoverIn;
static const ShapeField cover_in_fields[] = {
    { "org", SHAPE_ID, offsetof(CoverIn, org), .title = "组织" },
    { "year", SHAPE_INT, offsetof(CoverIn, year), .min = 2000, .max = 2200, .title = "年度" },
    { "pack", SHAPE_TEXT, offsetof(CoverIn, pack), .max = 64, .title = "规则包" },
};
static const Shape cover_in = SHAPE("CoverIn", CoverIn, cover_in_fields);
static const ShapeField level_fields[] = {
    { "level", SHAPE_INT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "orgs", SHAPE_INT, .required = true },
};
static const Shape level_shape = SHAPE_REPLY("CoverLevel", level_fields);
static const ShapeField cover_cell_fields[] = {
    { "level", SHAPE_INT, .required = true },
    { "orgs", SHAPE_INT, .required = true },     /* to which the duty applies */
    { "met", SHAPE_INT, .required = true },
    { "missed", SHAPE_INT, .required = true },
    { "uncovered", SHAPE_BOOL, .required = true },
};
static const Shape cover_cell_shape = SHAPE_REPLY("CoverCell", cover_cell_fields);
static const ShapeField cover_row_fields[] = {
    { "duty", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "uncovered", SHAPE_INT, .required = true },
    { "cells", SHAPE_LIST, .required = true, .sub = &cover_cell_shape },
};
static const Shape cover_row_shape = SHAPE_REPLY("CoverRow", cover_row_fields);
static const ShapeField cover_fields[] = {
    { "org", SHAPE_ID, .required = true },
    { "year", SHAPE_INT, .required = true },
    { "levels", SHAPE_LIST, .required = true, .sub = &level_shape },
    { "rows", SHAPE_LIST, .required = true, .sub = &cover_row_shape },
};
static const Shape cover_out = SHAPE_REPLY("Cover", cover_fields);

enum { LEVELS_MAX = 12 };

typedef struct Cover {
    size_t orgs[LEVELS_MAX], levels, n_duties;
    uint32_t (*n)[LEVELS_MAX][3];  /* by duty: applies, met, missed */
} Cover;

static void cover_add(Cover *v, const BoardOrg *top, const BoardOrg *o, BoardCells all)
{
    size_t level = (size_t)(o->level - top->level);
    if (level >= LEVELS_MAX)
        return;
    v->orgs[level]++;
    if (level >= v->levels)
        v->levels = level + 1;
    for (size_t i = 0; i < all.n; i++) {
        const BoardCell *k = &all.items[i];
        uint32_t *n = v->n[k->duty][level];
        bool applies = k->n[DUTY_MET] || k->n[DUTY_DUE] || k->n[DUTY_MISSED] || k->n[DUTY_WAIVED] ||
                       k->n[DUTY_LATER];
        bool again = i && all.items[i - 1].duty == k->duty;
        n[0] += applies && !again;
        n[1] += k->n[DUTY_MET];
        n[2] += k->n[DUTY_MISSED];
    }
}

static void put_cover_row(Call *c, const Cover *v, size_t i, Jw *out)
{
    const Duty *d = pack_duty_at(call_rules(c), i);
    int64_t uncovered = 0;
    jw_obj(out);
    jw_kstr(out, "duty", d->name);
    jw_kstr(out, "title", d->title);
    jw_key(out, "cells");
    jw_arr(out);
    for (size_t l = 0; l < v->levels; l++) {
        const uint32_t *n = v->n[i][l];
        uncovered += n[0] == 0;
        jw_obj(out);
        jw_kint(out, "level", (int64_t)l);
        jw_kint(out, "orgs", n[0]);
        jw_kint(out, "met", n[1]);
        jw_kint(out, "missed", n[2]);
        jw_kbool(out, "uncovered", n[0] == 0);
        jw_end(out);
    }
    jw_end(out);
    jw_kint(out, "uncovered", uncovered);
    jw_end(out);
}

static bool cover_write(Call *c, const Board *b, const BoardOrg *top, int year, Str pack, Jw *out,
                        Err *e)
{
    const Rulebook *rb = call_rules(c);
    Cover v = { .n_duties = pack_duty_count(rb) };
    v.n = arena_alloc(c->a, (v.n_duties + 1) * sizeof *v.n);
    if (!v.n)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "汇总"));
    for (size_t i = top->rank; i <= top->last; i++)
        cover_add(&v, top, work_board_at(b, i), work_board_cells(b, work_board_at(b, i), year));
    jw_kint(out, "org", top->id);
    jw_kint(out, "year", year);
    jw_key(out, "levels");
    jw_arr(out);
    for (size_t l = 0; l < v.levels; l++) {
        jw_obj(out);
        jw_kint(out, "level", (int64_t)l);
        jw_kstr(out, "title", l ? arena_text(c->a, "向下第%zu级", l) : STRC("本级"));
        jw_kint(out, "orgs", (int64_t)v.orgs[l]);
        jw_end(out);
    }
    jw_end(out);
    jw_key(out, "rows");
    jw_arr(out);
    for (size_t i = 0; i < v.n_duties; i++) {
        const Duty *d = pack_duty_at(rb, i);
        if (!d->draft && (!pack.n || str_eq(d->pack->name, pack)))
            put_cover_row(c, &v, i, out);
    }
    jw_end(out);
    return true;
}

static bool cover_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const CoverIn *in = in_;
    int year = work_board_year_of(c, in->year);
    Board *b;
    int64_t org;
    if (!work_board_scope(&org, c, in->org, e) ||
        !work_board_enter_judged(&b, c, org, true, year, e))
        return false;
    const BoardOrg *top = work_board_org(b, org);
    bool ok = top ? cover_write(c, b, top, year, in->pack, out, e)
                  : err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    work_board_leave(b);
    return ok;
}

const UseCase work_cover_show = { "cover_show", "查看各项职责覆盖到哪一级", WORK_READ,
                                  BOARD_READERS, &cover_in, &cover_out, .run = cover_show };
