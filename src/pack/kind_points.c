/* The kind `points`: reading it, and seeing that nothing but having been there gives any. */
#include "pack/pack_in.h"

#include <stdio.h>

typedef struct AwardBuild {
    PointsAward a;
    PackOf of;
    PackWord to;
} AwardBuild;

typedef struct PointsBuild {
    Points p;
    PackExpr exempt;
    AwardBuild *awards;
    size_t n, cap;
} PointsBuild;

static bool points_number(Dec *out, const DeclItem *item, size_t i, bool more_than_none,
                          const DeclReader *r, Err *e)
{
    Dec none = dec_int(0);
    if (!decl_dec(out, r, item, i, "分数", e))
        return false;
    if (dec_cmp(*out, none) < 0 || dec_cmp(*out, dec_int(POINTS_MAX)) > 0 ||
        (more_than_none && dec_cmp(*out, none) == 0))
        return decl_refuse(r, decl_word(item, i),
                           more_than_none ? "大于0、不超过10000的分数" : "0到10000之间的分数", e);
    return true;
}

static bool award_cap_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    AwardBuild *b = into;
    b->a.has_cap = true;
    return points_number(&b->a.cap, item, 1, true, r, e) && decl_done(r, item, 2, false, e);
}

static bool award_of_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    return pack_of_read(rb, &((AwardBuild *)into)->of, item, 1, r, e);
}

static bool award_to_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    return pack_word_read(&((AwardBuild *)into)->to, item, 1, "到场人员的项目名称", r, e) &&
           decl_done(r, item, 2, false, e);
}

static bool award_head(AwardBuild *b, const DeclItem *item, DeclReader *r, Err *e)
{
    b->a.place = pack_place(r, &item->words[0]);
    return pack_ident(&b->a.name, r, item, 1, "积分项名称", e) &&
           decl_text(&b->a.title, r, item, 2, "带引号的积分项标题", e) &&
           points_number(&b->a.each, item, 3, true, r, e) && decl_done(r, item, 4, true, e);
}

static bool award_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    static const DeclRaw raw[] = { { S("of"), S("") } };
    static const PackRow rows[] = {
        { S("of"), PACK_OWN, 0, PACK_NEED, award_of_set, 0, 0 },
        { S("to"), PACK_OWN, 0, PACK_NEED, award_to_set, 0, 0 },
        { S("cap"), PACK_OWN, 0, 0, award_cap_set, 0, 0 },
    };
    static const PackTable table = PACK_TABLE_RAW("积分项", rows, raw);
    PointsBuild *p = into;
    AwardBuild b = { .a.cap = dec_int(0) };
    if (!award_head(&b, item, r, e))
        return false;
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->awards[i].a.name, b.a.name))
            return pack_twice(b.a.place, "积分项", b.a.name, p->awards[i].a.place, e);
    if (!pack_table_read(rb, &table, &b, item, r, e))
        return false;
    if (p->n == POINTS_AWARDS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "积分项"),
                        err_hole("max", POINTS_AWARDS_MAX));
    if (!ARENA_PUSH(rb->a, p->awards, p->n, p->cap))
        return pack_no_memory(r, e);
    p->awards[p->n++] = b;
    return true;
}

static bool number_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    PointsBuild *b = into;
    bool cap = str_is(item->words[0].text, "cap");
    b->p.has_cap |= cap;
    return points_number(cap ? &b->p.cap : &b->p.base, item, 1, cap, r, e) &&
           decl_done(r, item, 2, false, e);
}

static bool every_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    return pack_period_read(&((PointsBuild *)into)->p.every, item, 1, r, e) &&
           decl_done(r, item, 2, false, e);
}

bool pack_points_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e)
{
    static const DeclRaw raw[] = { { S("exempt"), S("") } };
    static const PackRow rows[] = {
        { S("title"), PACK_TEXT, offsetof(PointsBuild, p.title), PACK_NEED, NULL, 0, 0 },
        { S("cite"), PACK_TEXT, offsetof(PointsBuild, p.cite), PACK_NEED, NULL, 0, 0 },
        { S("every"), PACK_OWN, 0, 0, every_set, 0, 0 },
        { S("base"), PACK_OWN, 0, 0, number_set, 0, 0 },
        { S("cap"), PACK_OWN, 0, 0, number_set, 0, 0 },
        { S("exempt"), PACK_EXPR, offsetof(PointsBuild, exempt), 0, NULL, 0, 0 },
        { S("award"), PACK_OWN, 0, PACK_NEED | PACK_MANY, award_set, 0, 0 },
    };
    static const PackTable table = PACK_TABLE_RAW("积分办法", rows, raw);
    PointsBuild *b = ARENA_NEW(rb->a, PointsBuild); /* the map points at its first member */
    if (!b)
        return pack_no_memory(r, e);
    b->p.pack = rb->now;
    b->p.place = pack_place(r, &head->words[0]);
    b->p.every = PERIOD_YEAR;
    b->p.base = b->p.cap = dec_int(0);
    if (!pack_ident(&b->p.name, r, head, 1, "积分办法名称", e) || !decl_done(r, head, 2, true, e))
        return false;
    const Points *first = map_get(&rb->points, b->p.name);
    if (first)
        return pack_twice(b->p.place, "积分办法", b->p.name, first->place, e);
    if (!pack_table_read(rb, &table, b, head, r, e))
        return false;
    if (b->p.has_cap && dec_cmp(b->p.base, b->p.cap) > 0)
        return pack_rule(b->p.place, "base大于cap", "base不大于cap", e);
    return map_put(&rb->points, b->p.name, b) || pack_no_memory(r, e);
}

/* --- checking ------------------------------------------------------------------------------- */
/* No paper, note, photo or file: the condition may not look at one. */
static bool no_papers(Rulebook *rb, const AwardBuild *b, Err *e)
{
    FeelUse *uses;
    size_t n;
    if (!b->a.of.where)
        return true;
    if (!feel_names_used(&uses, &n, rb->a, b->a.of.where, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t len = 0;
        while (len < uses[i].path.n && uses[i].path.p[len] != '.')
            len++;
        const FormField *f = form_field(b->a.of.form, str_sub(uses[i].path, 0, len));
        if (f && (f->built_in || f->type == FIELD_LONG || f->type == FIELD_FILE))
            return pack_rule(b->of.place, "积分不能取决于材料、心得、照片或附件",
                             "只看到场与办成的事的条件", e);
    }
    return true;
}

static bool award_settle(Rulebook *rb, AwardBuild *b, Err *e)
{
    if (!pack_of_settle(rb, &b->a.of, &b->of, e) ||
        !pack_person_field(&b->a.to, b->a.of.form, &b->to, e))
        return false;
    if (!b->a.of.form->dated)
        return pack_rule(b->of.place, "积分只来自有日期的活动记录", "有ledger和dated的表单", e);
    return no_papers(rb, b, e);
}

static bool settle(Rulebook *rb, PointsBuild *b, Err *e)
{
    PointsAward *awards = ARENA_ARRAY(rb->a, PointsAward, b->n);
    if (!awards)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", b->p.title));
    for (size_t i = 0; i < b->n; i++) {
        if (!award_settle(rb, &b->awards[i], e))
            return err_note(e, "while checking award %.*s", STR(b->awards[i].a.name));
        awards[i] = b->awards[i].a;
    }
    b->p.awards = awards;
    b->p.n_awards = b->n;
    return pack_expr_settle(rb, &b->p.exempt, &b->exempt,
                            pack_scope(rb, PACK_SEES_ORG | PACK_SEES_PERSON | PACK_SEES_TODAY,
                                       NULL, 0), FEEL_BOOLEAN, e);
}

bool pack_points_settle(Rulebook *rb, Err *e)
{
    for (size_t i = 0; i < rb->points.n; i++) {
        PointsBuild *b = rb->points.entries[i].value;
        if (!settle(rb, b, e))
            return err_note(e, "while checking points %.*s", STR(b->p.name));
    }
    return true;
}
