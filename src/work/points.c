/* Member points: off until an organisation switches them on, and then private: a member sees his
 * own, who keeps the branch sees its members in order of their names. Nobody is ranked, and a
 * superior learns only whether they are in use. */
#include "work/areas.h"
#include "work/board_say.h"
#include "work/rows.h"

#include "rule/points.h"

#include <stdlib.h>

enum { POSTINGS_MAX = 1000 };

typedef struct PointsIn {
    int64_t org, person;
    Str points;
} PointsIn;
static const ShapeField in_fields[] = {
    { "org", SHAPE_ID, offsetof(PointsIn, org), .title = "组织" },
    { "person", SHAPE_ID, offsetof(PointsIn, person), .title = "人员" },
    { "points", SHAPE_TEXT, offsetof(PointsIn, points), .max = 64, .title = "积分办法" },
};
static const Shape points_in = SHAPE("PointsIn", PointsIn, in_fields);

static const ShapeField award_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "each", SHAPE_DEC, .required = true },
    { "cap", SHAPE_DEC },
};
static const Shape award_shape = SHAPE_REPLY("PointsAward", award_fields);
static const ShapeField balance_fields[] = {
    { "person", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "base", SHAPE_DEC, .required = true },
    { "earned", SHAPE_DEC, .required = true },
    { "over", SHAPE_DEC, .required = true },
    { "total", SHAPE_DEC, .required = true },
};
static const Shape balance_shape = SHAPE_REPLY("PointsBalance", balance_fields);
static const ShapeField posting_fields[] = {
    { "person", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "award", SHAPE_TEXT, .required = true },
    { "award_title", SHAPE_TEXT, .required = true },
    { "amount", SHAPE_DEC, .required = true },
    { "against", SHAPE_DEC, .required = true }, /* the other side: both add up to zero */
    { "on", SHAPE_DAY, .required = true },
    { "fact", SHAPE_ID, .required = true },
    { "form", SHAPE_TEXT, .required = true },
    { "subject", SHAPE_ID, .required = true },
    { "reverses", SHAPE_ID },
};
static const Shape posting_shape = SHAPE_REPLY("PointsPosting", posting_fields);
static const ShapeField item_fields[] = {
    { "points", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "cite", SHAPE_TEXT },
    { "every", SHAPE_WORD, .required = true, .words = "month|quarter|half|year" },
    { "base", SHAPE_DEC, .required = true },
    { "cap", SHAPE_DEC },
    { "on", SHAPE_BOOL, .required = true },
    { "may_switch", SHAPE_BOOL, .required = true },
    { "awards", SHAPE_LIST, .required = true, .sub = &award_shape },
    { "balances", SHAPE_LIST, .required = true, .sub = &balance_shape },
    { "postings", SHAPE_LIST, .required = true, .sub = &posting_shape },
    { "sum", SHAPE_DEC, .required = true },      /* of both sides of every posting */
};
static const Shape item_shape = SHAPE_REPLY("PointsOf", item_fields);
static const ShapeField out_fields[] = {
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "items", SHAPE_LIST, .required = true, .sub = &item_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape points_out = SHAPE_REPLY("PointsPage", out_fields);

#define SWITCHES                                                                                   \
    (BOARD_OF_ORG | ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))

typedef struct Show {
    Call *c;
    const Board *b;
    const RuleUnit *unit;
    int64_t person;                /* 0: everybody of the organisation */
    bool may_see;
} Show;

static void put_awards(const Points *p, Jw *out)
{
    jw_key(out, "awards");
    jw_arr(out);
    for (size_t i = 0; i < p->n_awards; i++) {
        jw_obj(out);
        jw_kstr(out, "name", p->awards[i].name);
        jw_kstr(out, "title", p->awards[i].title);
        jw_kdec(out, "each", p->awards[i].each);
        if (p->awards[i].has_cap)
            jw_kdec(out, "cap", p->awards[i].cap);
        jw_end(out);
    }
    jw_end(out);
}

typedef struct Named {
    const RuleBalance *b;
    Str name;
} Named;

static int by_name(const void *a_, const void *b_)
{
    const Named *a = a_, *b = b_;
    int order = str_cmp(a->name, b->name);
    return order ? order : (a->b->person > b->b->person) - (a->b->person < b->b->person);
}

static bool put_balances(const Show *s, const RuleBalances *all, Jw *out, Err *e)
{
    Named *rows = ARENA_ARRAY(s->c->a, Named, all->n + 1);
    if (!rows)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "积分"));
    for (size_t i = 0; i < all->n; i++)
        rows[i] = (Named){ &all->items[i], work_board_person(s->b, all->items[i].person) };
    if (all->n)
        qsort(rows, all->n, sizeof *rows, by_name);
    jw_key(out, "balances");
    jw_arr(out);
    for (size_t i = 0; i < all->n; i++) {
        jw_obj(out);
        jw_kint(out, "person", rows[i].b->person);
        jw_kstr(out, "name", rows[i].name);
        jw_kdec(out, "base", rows[i].b->base);
        jw_kdec(out, "earned", rows[i].b->earned);
        jw_kdec(out, "over", rows[i].b->over);
        jw_kdec(out, "total", rows[i].b->total);
        jw_end(out);
    }
    jw_end(out);
    return true;
}

static bool put_postings(const Show *s, const RulePostings *all, Jw *out, Err *e)
{
    Dec sum = dec_int(0);
    jw_key(out, "postings");
    jw_arr(out);
    for (size_t i = 0; i < all->n; i++) {
        const RulePosting *p = &all->items[i];
        Dec against = dec_neg(p->amount);
        if (!dec_add(&sum, sum, p->amount) || !dec_add(&sum, sum, against))
            return err_fail(e, ERR_TOO_BIG, err_hole("what", "积分"), err_hole("max", 1));
        if (i >= POSTINGS_MAX)
            continue;
        jw_obj(out);
        jw_kint(out, "person", p->person);
        jw_kstr(out, "name", work_board_person(s->b, p->person));
        jw_kstr(out, "award", p->award->name);
        jw_kstr(out, "award_title", p->award->title);
        jw_kdec(out, "amount", p->amount);
        jw_kdec(out, "against", against);
        jw_kday(out, "on", p->on);
        jw_kint(out, "fact", p->fact);
        jw_kstr(out, "form", p->award->of.form->name);
        jw_kint(out, "subject", p->subject);
        jw_kint_some(out, "reverses", p->reverses);
        jw_end(out);
    }
    jw_end(out);
    jw_kdec(out, "sum", sum);
    return true;
}

static bool put_points(const Show *s, const Points *p, Jw *out, Err *e)
{
    Call *c = s->c;
    const RuleSet *rules = work_board_rules(s->b);
    bool on = rule_points_on(rules, s->unit, p, c->today), ok;
    RulePostings postings = { .n = 0 };
    RuleBalances balances = { .n = 0 };
    if (on && s->may_see &&
        !rule_points(&postings, &balances, c->a, rules, s->unit, p, s->person, c->today, e))
        return false;
    jw_obj(out);
    jw_kstr(out, "points", p->name);
    jw_kstr(out, "title", p->title);
    jw_kstr_some(out, "cite", p->cite);
    jw_kstr(out, "every", pack_period_name(p->every));
    jw_kdec(out, "base", p->base);
    if (p->has_cap)
        jw_kdec(out, "cap", p->cap);
    jw_kbool(out, "on", on);
    jw_kbool(out, "may_switch", call_can(c, SWITCHES, s->unit->org));
    put_awards(p, out);
    ok = put_balances(s, &balances, out, e) && put_postings(s, &postings, out, e);
    jw_end(out);
    return ok;
}

static bool points_write(Call *c, const Board *b, const PointsIn *in, int64_t org, Jw *out, Err *e)
{
    const BoardOrg *o = work_board_org(b, org);
    const Points *p;
    RuleUnit unit;
    Show s = { .c = c, .b = b, .unit = &unit, .person = in->person };
    int64_t n = 0;
    if (!o)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    s.may_see = work_person_seen(c, b, in->person, org);
    if (in->person && !s.may_see)
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", c->u->title));
    if (!work_board_unit(&unit, c->a, b, o, e))
        return false;
    jw_kint(out, "org", org);
    jw_kstr(out, "org_name", work_org_title(o));
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; (p = pack_points_at(call_rules(c), i)) != NULL; i++)
        if (!in->points.n || str_eq(in->points, p->name)) {
            if (!put_points(&s, p, out, e))
                return false;
            n++;
        }
    jw_end(out);
    jw_kint(out, "total", n);
    return true;
}

/* A member asks for himself without a grant over his branch. */
static bool points_scope(int64_t *org, PointsIn *in, Call *c, Err *e)
{
    Fact f;
    bool own = c->who->person && (in->person == c->who->person || (!in->person && !in->org));
    if (!own && !in->person)
        return work_board_scope(org, c, in->org, e);
    if (own)
        in->person = c->who->person;
    if (!call_thing(&f, c, "person", in->person, e))
        return false;
    *org = fact_int(&f, "org");
    return own ? call_may_self(c, in->person, e) : call_may_org(c, *org, e);
}

static bool points_show(Call *c, const void *in_, Jw *out, Err *e)
{
    PointsIn in = *(const PointsIn *)in_;
    Board *b;
    int64_t org;
    if (!points_scope(&org, &in, c, e) || !work_board_enter(&b, c, e))
        return false;
    bool ok = points_write(c, b, &in, org, out, e);
    work_board_leave(b);
    return ok;
}

const UseCase work_points_show = { "points_show", "查看积分（本人和本支部）", WORK_READ,
                                   BOARD_READERS, &points_in, &points_out, .run = points_show };

/* --- the switch ----------------------------------------------------------------------------- */

typedef struct SwitchIn {
    int64_t org;
    Str points, reason;
    bool on;
} SwitchIn;
static const ShapeField switch_in_fields[] = {
    { "points", SHAPE_TEXT, offsetof(SwitchIn, points), .required = true, .max = 64,
      .title = "积分办法" },
    { "org", SHAPE_ID, offsetof(SwitchIn, org), .required = true, .title = "组织" },
    { "on", SHAPE_BOOL, offsetof(SwitchIn, on), .required = true, .title = "启用" },
    { "reason", SHAPE_TEXT, offsetof(SwitchIn, reason), .required = true, .max = 500,
      .title = "理由" },
};
static const Shape switch_in = SHAPE("PointsSwitchIn", SwitchIn, switch_in_fields);

static bool points_switch(Call *c, const void *in_, Jw *out, Err *e)
{
    const SwitchIn *in = in_;
    const Points *p = pack_points(call_rules(c), in->points);
    Fact org;
    int64_t id;
    if (!call_may_org(c, in->org, e) || !call_thing(&org, c, "org", in->org, e))
        return false;
    if (!p)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "积分办法"));
    json_t *body = json_pack("{s:o,s:I,s:b,s:o,s:o}", "points", jv_new(p->name), "org", in->org,
                             "on", in->on, "from", jv_new(day_print(c->a, c->today)), "reason",
                             jv_new(in->reason));
    Filing f = { .form = "points_setting", .org = in->org, .body = body };
    bool ok = body ? call_file(c, &f, &id, e)
                   : err_fail(e, ERR_NO_MEMORY, err_hole("what", p->title));
    json_decref(body);
    if (ok)
        work_put_made(out, id, id);
    return ok;
}

const UseCase work_points_switch = { "points_switch", "启用或停用积分", WORK_WRITE, SWITCHES,
                                     &switch_in, &work_made, .run = points_switch };
