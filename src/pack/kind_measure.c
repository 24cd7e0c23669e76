/* The kind `measure`: reading it, and seeing that none counts itself. */
#include "pack/pack_in.h"

#include <stdio.h>

typedef struct MeasureBuild {
    Measure m;
    PackOf of;
    PackWord field, by;
    PackExpr share, value;
    size_t hows;           /* how many ways of counting it names */
    int colour;            /* while looking for circles: 0 not seen, 1 being seen, 2 seen */
    size_t height;
} MeasureBuild;

typedef struct HowRow {
    Str name;
    bool field;
} HowRow;

static const HowRow hows[] = {
    [MEASURE_COUNT] = { S("count"), false },       [MEASURE_SUM] = { S("sum"), true },
    [MEASURE_AVERAGE] = { S("average"), true },    [MEASURE_GREATEST] = { S("greatest"), true },
    [MEASURE_DISTINCT] = { S("distinct"), true },  [MEASURE_SHARE] = { S("share"), false },
    [MEASURE_VALUE] = { S("value"), false },
};

Str measure_how_name(MeasureHow how)
{
    return hows[how].name;
}

static bool of_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    return pack_of_read(rb, &((MeasureBuild *)into)->of, item, 1, r, e);
}

static bool how_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    MeasureBuild *b = into;
    Str word = item->words[0].text;
    for (size_t i = 0; i < sizeof hows / sizeof *hows; i++)
        if (str_eq(hows[i].name, word))
            b->m.how = (MeasureHow)i;
    b->hows++;
    if (b->m.how == MEASURE_SHARE)
        return pack_expr_read(rb, &b->share, item, 1, NULL, r, e);
    if (b->m.how == MEASURE_VALUE)
        return pack_expr_read(rb, &b->value, item, 1, NULL, r, e);
    if (!hows[b->m.how].field)
        return decl_done(r, item, 1, false, e);
    return pack_word_read(&b->field, item, 1, "项目名称", r, e) &&
           decl_done(r, item, 2, false, e);
}

static bool by_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    return pack_word_read(&((MeasureBuild *)into)->by, item, 1, "项目名称", r, e) &&
           decl_done(r, item, 2, false, e);
}

static bool sound(const MeasureBuild *b, Err *e)
{
    PackPlace at = b->m.place;
    if (b->hows != 1)
        return pack_rule(at, b->hows ? "一个指标有几种算法" : "指标没有说怎么算",
                         "count、sum、average、greatest、distinct、share或value之一", e);
    if (b->m.how == MEASURE_VALUE && b->of.form.n > 0)
        return pack_rule(at, "value由其他指标算出，不数记录", "去掉of，或改用count等", e);
    if (b->m.how == MEASURE_VALUE && b->by.name.n > 0)
        return pack_rule(at, "value由其他指标算出，不按人员计", "去掉by", e);
    if (b->m.how != MEASURE_VALUE && b->of.form.n == 0)
        return pack_rule(at, "指标没有说数哪种记录", "加上 of 表单名称;", e);
    return true;
}

bool pack_measure_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e)
{
    static const DeclRaw raw[] = { { S("of"), S("") }, { S("share"), S("") },
                                   { S("value"), S("") } };
    static const PackRow rows[] = {
        { S("title"), PACK_TEXT, offsetof(MeasureBuild, m.title), PACK_NEED, NULL, 0, 0 },
        { S("unit"), PACK_TEXT, offsetof(MeasureBuild, m.unit), 0, NULL, 0, 0 },
        { S("help"), PACK_TEXT, offsetof(MeasureBuild, m.help), 0, NULL, 0, 0 },
        { S("cite"), PACK_TEXT, offsetof(MeasureBuild, m.cite), 0, NULL, 0, 0 },
        { S("of"), PACK_OWN, 0, 0, of_set, 0, 0 },
        { S("count"), PACK_OWN, 0, 0, how_set, 0, 0 },
        { S("sum"), PACK_OWN, 0, 0, how_set, 0, 0 },
        { S("average"), PACK_OWN, 0, 0, how_set, 0, 0 },
        { S("greatest"), PACK_OWN, 0, 0, how_set, 0, 0 },
        { S("distinct"), PACK_OWN, 0, 0, how_set, 0, 0 },
        { S("share"), PACK_OWN, 0, 0, how_set, 0, 0 },
        { S("value"), PACK_OWN, 0, 0, how_set, 0, 0 },
        { S("by"), PACK_OWN, 0, 0, by_set, 0, 0 },
    };
    static const PackTable table = PACK_TABLE_RAW("指标", rows, raw);
    MeasureBuild *b = ARENA_NEW(rb->a, MeasureBuild); /* the map points at its first member */
    if (!b)
        return pack_no_memory(r, e);
    b->m.pack = rb->now;
    b->m.place = pack_place(r, &head->words[0]);
    if (!pack_ident(&b->m.name, r, head, 1, "指标名称", e) || !decl_done(r, head, 2, true, e))
        return false;
    const Measure *first = map_get(&rb->measures, b->m.name);
    if (first)
        return pack_twice(b->m.place, "指标", b->m.name, first->place, e);
    return pack_table_read(rb, &table, b, head, r, e) && sound(b, e) &&
           (map_put(&rb->measures, b->m.name, b) || pack_no_memory(r, e));
}

/* --- checking ------------------------------------------------------------------------------- */
static bool field_fits(const MeasureBuild *b, Err *e)
{
    const FormField *f = b->m.field;
    if (!f)
        return true;
    bool number = f->type == FIELD_NUMBER || f->type == FIELD_DECIMAL;
    if (b->m.how != MEASURE_DISTINCT && !number)
        return pack_rule(b->field.place, "这个项目不是数", "number或decimal项目", e);
    if (f->type == FIELD_ROWS || f->type == FIELD_OBJECT || f->type == FIELD_LONG)
        return pack_rule(b->field.place, "这种项目的值不能比较", "单值项目、refs或words", e);
    return true;
}

static bool settle(Rulebook *rb, MeasureBuild *b, Err *e)
{
    Measure *m = &b->m;
    if (m->how == MEASURE_VALUE)
        return pack_expr_settle(rb, &m->value, &b->value,
                                pack_scope(rb, PACK_SEES_ORG | PACK_SEES_M | PACK_SEES_LAST |
                                                   PACK_SEES_TODAY, NULL, 0), FEEL_NUMBER, e);
    return pack_of_settle(rb, &m->of, &b->of, e) &&
           pack_field_named(&m->field, m->of.form, &b->field, e) && field_fits(b, e) &&
           pack_record_expr(rb, &m->share, &b->share, m->of.form, e) &&
           pack_person_field(&m->by, m->of.form, &b->by, e);
}

/* Values may use values, but none its own. `height` counts the measures one stands on. */
static bool no_circle(Rulebook *rb, MeasureBuild *b, size_t depth, Err *e)
{
    FeelUse *uses;
    size_t n;
    if (b->colour == 2 || b->m.how != MEASURE_VALUE)
        return true;
    if (b->colour == 1 || depth > MEASURE_DEPTH_MAX)
        return pack_rule(b->m.place, "指标绕了一圈又用到自己（或层数超过20）", "不互相引用的指标",
                         e);
    b->colour = 1;
    if (!feel_names_used(&uses, &n, rb->a, b->m.value, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        MeasureBuild *on = str_starts(uses[i].path, STRC("m."))
            ? map_get(&rb->measures, str_sub(uses[i].path, 2, uses[i].path.n)) : NULL;
        if (str_is(uses[i].path, "m"))
            return pack_rule(b->m.place, "m后面没有指标名称", "m.指标名称", e);
        if (on && !no_circle(rb, on, depth + 1, e))
            return false;
        if (on && on->height >= b->height)
            b->height = on->height + 1;
    }
    b->colour = 2;
    return b->height <= MEASURE_DEPTH_MAX ||
           pack_rule(b->m.place, "指标层层引用超过20层", "少几层的指标", e);
}

bool pack_measure_settle(Rulebook *rb, Err *e)
{
    for (size_t i = 0; i < rb->measures.n; i++) {
        MeasureBuild *b = rb->measures.entries[i].value;
        if (!settle(rb, b, e))
            return err_note(e, "while checking measure %.*s", STR(b->m.name));
    }
    for (size_t i = 0; i < rb->measures.n; i++)
        if (!no_circle(rb, rb->measures.entries[i].value, 0, e))
            return false;
    return true;
}
