/* The kind `report`: reading it, and checking it against the measures and forms it shows. */
#include "pack/pack_in.h"

#include <stdio.h>

typedef struct ColumnBuild {
    ReportColumn c;
    PackWord measure;
    PackExpr value;
} ColumnBuild;

typedef struct ReportBuild {
    Report r;
    bool has_rows;
    PackExpr orgs;
    PackOf of;                 /* things, cross */
    PackWord list, form, down, across;
    ColumnBuild *columns;
    size_t n, cap;
    PackWord charted[DECL_WORDS_MAX];
    size_t n_charted;
} ReportBuild;

static const Str rows_names[] = {
    [REPORT_ORGS] = S("orgs"),   [REPORT_CHILDREN] = S("children"),
    [REPORT_THINGS] = S("things"), [REPORT_ITEMS] = S("items"), [REPORT_CROSS] = S("cross"),
};

static const Str charts[] = { [REPORT_NO_CHART] = S("none"), [REPORT_BAR] = S("bar"),
                              [REPORT_LINE] = S("line"), [REPORT_PIE] = S("pie") };

Str report_rows_name(ReportRows rows)
{
    return rows_names[rows];
}

const ReportColumn *report_column(const Report *r, Str name)
{
    for (size_t i = 0; i < r->n_columns; i++)
        if (str_eq(r->columns[i].name, name))
            return &r->columns[i];
    return NULL;
}

/* --- reading -------------------------------------------------------------------------------- */
/* FORM.FIELD */
static bool form_field_read(PackWord *form, PackWord *field, const DeclItem *item, size_t i,
                            const DeclReader *r, Err *e)
{
    PackWord w;
    size_t dot = 0;
    if (!pack_word_read(&w, item, i, "表单名称.项目名称", r, e))
        return false;
    while (dot < w.name.n && w.name.p[dot] != '.')
        dot++;
    *form = (PackWord){ str_sub(w.name, 0, dot), w.place };
    *field = (PackWord){ str_sub(w.name, dot + 1, w.name.n), w.place };
    return field->name.n > 0 || decl_refuse(r, decl_word(item, i), "表单名称.项目名称", e);
}

static bool rows_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    ReportBuild *b = into;
    const DeclWord *w = decl_word(item, 1);
    size_t kind = 0;
    b->has_rows = true;
    while (kind < REPORT_CROSS && (item->n < 2 || w->quoted || !str_eq(w->text, rows_names[kind])))
        kind++;
    b->r.rows = (ReportRows)kind;
    switch (b->r.rows) {
    case REPORT_ORGS:
        return pack_expr_read(rb, &b->orgs, item, 2, NULL, r, e);
    case REPORT_CHILDREN:
        return decl_done(r, item, 2, false, e);
    case REPORT_THINGS:
        return pack_of_read(rb, &b->of, item, 2, r, e);
    case REPORT_ITEMS:
        return pack_word_read(&b->list, item, 2, "清单名称", r, e) &&
               form_field_read(&b->form, &b->down, item, 3, r, e) &&
               decl_done(r, item, 4, false, e);
    case REPORT_CROSS:
        break;
    }
    return decl_refuse_word(r, w, "orgs 条件、children、things 表单[条件]或items 清单 表单.项目",
                            rows_names, REPORT_CROSS, e);
}

static bool cross_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    ReportBuild *b = into;
    PackWord other;
    b->r.rows = REPORT_CROSS;
    if (!form_field_read(&b->form, &b->down, item, 1, r, e) ||
        !form_field_read(&other, &b->across, item, 2, r, e) || !decl_done(r, item, 3, false, e))
        return false;
    return str_eq(b->form.name, other.name) ||
           pack_rule(other.place, "交叉表的两项不在同一个表单", "同一表单的两个项目", e);
}

static bool of_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    ReportBuild *b = into;
    if (b->of.form.n > 0)
        return pack_twice(pack_place(r, &item->words[0]), "报表", STRC("of"), b->of.place, e);
    return pack_of_read(rb, &b->of, item, 1, r, e);
}

static bool every_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    return pack_period_read(&((ReportBuild *)into)->r.every, item, 1, r, e) &&
           decl_done(r, item, 2, false, e);
}

static bool column_measure_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r,
                               Err *e)
{
    (void)rb;
    return pack_word_read(&((ColumnBuild *)into)->measure, item, 1, "指标名称", r, e) &&
           decl_done(r, item, 2, false, e);
}

static bool column_sound(const ColumnBuild *c, Err *e)
{
    if ((c->measure.name.n > 0) == (c->value.x != NULL))
        return pack_rule(c->c.place, "一栏要么是指标，要么是公式", "measure或value之一", e);
    if (c->value.x && c->c.back > 0)
        return pack_rule(c->c.place, "back只用于指标", "去掉back", e);
    return true;
}

static bool column_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    static const DeclRaw raw[] = { { S("value"), S("") } };
    static const PackRow rows[] = {
        { S("measure"), PACK_OWN, 0, 0, column_measure_set, 0, 0 },
        { S("back"), PACK_INT, offsetof(ColumnBuild, c.back), 0, NULL, 1, REPORT_BACK_MAX },
        { S("value"), PACK_EXPR, offsetof(ColumnBuild, value), 0, NULL, 0, 0 },
    };
    static const PackTable table = PACK_TABLE_RAW("报表的栏", rows, raw);
    ReportBuild *b = into;
    ColumnBuild c = { .c.place = pack_place(r, &item->words[0]) };
    if (!pack_ident(&c.c.name, r, item, 1, "栏的名称", e) ||
        !decl_text(&c.c.title, r, item, 2, "带引号的栏目标题", e) ||
        !decl_done(r, item, 3, true, e))
        return false;
    for (size_t i = 0; i < b->n; i++)
        if (str_eq(b->columns[i].c.name, c.c.name))
            return pack_twice(c.c.place, "报表的栏", c.c.name, b->columns[i].c.place, e);
    if (!pack_table_read(rb, &table, &c, item, r, e) || !column_sound(&c, e))
        return false;
    if (b->n == REPORT_COLUMNS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "报表的栏"),
                        err_hole("max", REPORT_COLUMNS_MAX));
    if (!ARENA_PUSH(rb->a, b->columns, b->n, b->cap))
        return pack_no_memory(r, e);
    b->columns[b->n++] = c;
    return true;
}

static bool chart_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    ReportBuild *b = into;
    const DeclWord *w = decl_word(item, 1);
    for (size_t i = REPORT_BAR; i <= REPORT_PIE; i++)
        if (item->n > 1 && !w->quoted && str_eq(w->text, charts[i]))
            b->r.chart = (ReportChart)i;
    if (b->r.chart == REPORT_NO_CHART)
        return decl_refuse_word(r, w, "bar、line或pie", charts + 1, 3, e);
    for (size_t i = 2; i < item->n || i == 2; i++)
        if (!pack_word_read(&b->charted[b->n_charted++], item, i, "栏的名称", r, e))
            return false;
    return decl_done(r, item, item->n, false, e);
}

static bool sound(const ReportBuild *b, Err *e)
{
    PackPlace at = b->r.place;
    bool cross = b->r.rows == REPORT_CROSS;
    if (b->has_rows == cross)
        return pack_rule(at, b->has_rows ? "rows和cross都写了" : "报表没有说有哪些行",
                         "rows或cross之一", e);
    if (cross && (b->n > 0 || b->r.chart != REPORT_NO_CHART))
        return pack_rule(at, "交叉表的栏就是清单的取值", "去掉column和chart", e);
    if (cross && b->of.form.n > 0 && !str_eq(b->of.form, b->form.name))
        return pack_rule(b->of.place, "of与cross不是同一个表单", "同一个表单", e);
    if (!cross && b->n == 0)
        return pack_rule(at, "报表没有栏", "至少一个column", e);
    return true;
}

/* `of` stands in cross tables only; the rows of the others say what they are of. */
static bool of_fits(const ReportBuild *b, Err *e)
{
    if (b->of.form.n > 0 && b->r.rows != REPORT_CROSS && b->r.rows != REPORT_THINGS)
        return pack_rule(b->of.place, "of只用于交叉表", "去掉of", e);
    return true;
}

bool pack_report_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e)
{
    static const DeclRaw raw[] = { { S("rows"), S("orgs") }, { S("rows"), S("things") },
                                   { S("of"), S("") } };
    static const PackRow rows[] = {
        { S("title"), PACK_TEXT, offsetof(ReportBuild, r.title), PACK_NEED, NULL, 0, 0 },
        { S("help"), PACK_TEXT, offsetof(ReportBuild, r.help), 0, NULL, 0, 0 },
        { S("cite"), PACK_TEXT, offsetof(ReportBuild, r.cite), 0, NULL, 0, 0 },
        { S("rows"), PACK_OWN, 0, 0, rows_set, 0, 0 },
        { S("cross"), PACK_OWN, 0, 0, cross_set, 0, 0 },
        { S("of"), PACK_OWN, 0, 0, of_set, 0, 0 },
        { S("every"), PACK_OWN, 0, 0, every_set, 0, 0 },
        { S("column"), PACK_OWN, 0, PACK_MANY, column_set, 0, 0 },
        { S("total"), PACK_MARK, offsetof(ReportBuild, r.total), 0, NULL, 0, 0 },
        { S("chart"), PACK_OWN, 0, 0, chart_set, 0, 0 },
    };
    static const PackTable table = PACK_TABLE_RAW("报表", rows, raw);
    ReportBuild *b = ARENA_NEW(rb->a, ReportBuild); /* the map points at its first member */
    if (!b)
        return pack_no_memory(r, e);
    b->r.pack = rb->now;
    b->r.place = pack_place(r, &head->words[0]);
    b->r.every = PERIOD_YEAR;
    if (!pack_ident(&b->r.name, r, head, 1, "报表名称", e) || !decl_done(r, head, 2, true, e))
        return false;
    const Report *first = map_get(&rb->reports, b->r.name);
    if (first)
        return pack_twice(b->r.place, "报表", b->r.name, first->place, e);
    return pack_table_read(rb, &table, b, head, r, e) && sound(b, e) && of_fits(b, e) &&
           (map_put(&rb->reports, b->r.name, b) || pack_no_memory(r, e));
}

/* --- checking ------------------------------------------------------------------------------- */
static bool listed_field(const FormField **out, const Form *form, const PackWord *w, Err *e)
{
    if (!pack_field_named(out, form, w, e))
        return false;
    return (*out)->type == FIELD_CHOICE || (*out)->type == FIELD_REF ||
           pack_rule(w->place, "这个项目不是choice或ref", "choice或ref项目", e);
}

static bool rows_settle(Rulebook *rb, ReportBuild *b, Err *e)
{
    Report *r = &b->r;
    if (!pack_expr_settle(rb, &r->orgs, &b->orgs, pack_scope(rb, PACK_SEES_ORG, NULL, 0),
                          FEEL_BOOLEAN, e) || !pack_of_settle(rb, &r->of, &b->of, e))
        return false;
    if (r->rows != REPORT_ITEMS && r->rows != REPORT_CROSS)
        return true;
    if ((!r->of.form && !pack_form_named(rb, &r->of.form, b->form.name, b->form.place, e)) ||
        !listed_field(&r->down, r->of.form, &b->down, e))
        return false;
    if (r->rows == REPORT_CROSS)
        return listed_field(&r->across, r->of.form, &b->across, e);
    if (!(r->items = map_get(&rb->lists, b->list.name)))
        return pack_unknown_in(b->list.place, "清单", b->list.name, &rb->lists, e);
    return r->down->list == r->items ||
           pack_rule(b->down.place, "这个项目不取自这个清单", "取自这个清单的项目", e);
}

/* What a column's formula sees of the columns before it, and of its row. */
static const FeelType *column_scope(Rulebook *rb, const ReportBuild *b, const ReportColumn *done,
                                    size_t n)
{
    FeelTypeMember *cells = ARENA_ARRAY(rb->a, FeelTypeMember, n), more[2];
    FeelType *c = ARENA_NEW(rb->a, FeelType);
    if (!cells || !c)
        return NULL;
    for (size_t i = 0; i < n; i++)
        cells[i] = (FeelTypeMember){ done[i].name, done[i].number ? feel_type_of(FEEL_NUMBER)
                                                                  : feel_type_any() };
    *c = (FeelType){ .form = FEEL_TYPE_CONTEXT, .kind = FEEL_CONTEXT, .members = cells, .n = n };
    more[0] = (FeelTypeMember){ S("c"), c };
    if (b->r.rows == REPORT_THINGS)
        more[1] = (FeelTypeMember){ S("thing"), b->r.of.form->type };
    else if (b->r.rows == REPORT_ITEMS)
        more[1] = (FeelTypeMember){ S("item"), feel_type_of(FEEL_STRING) };
    return pack_scope(rb, PACK_SEES_ORG | PACK_SEES_TODAY, more,
                      b->r.rows == REPORT_THINGS || b->r.rows == REPORT_ITEMS ? 2 : 1);
}

/* A row of one item counts the records of that item: the measure must be over the same form. */
static bool measure_fits(const ReportBuild *b, const ColumnBuild *c, const Measure *m, Err *e)
{
    if (b->r.rows == REPORT_THINGS)
        return pack_rule(c->measure.place, "一条记录没有指标", "value thing.项目", e);
    if (b->r.rows == REPORT_ITEMS && m->of.form != b->r.of.form)
        return pack_rule(c->measure.place, "这个指标数的不是本表的表单", "数同一表单的指标", e);
    return true;
}

static bool column_settle(Rulebook *rb, ReportBuild *b, ReportColumn *done, size_t i, Err *e)
{
    ColumnBuild *c = &b->columns[i];
    const FeelType *type;
    if (c->measure.name.n > 0) {
        if (!(c->c.measure = map_get(&rb->measures, c->measure.name)))
            return pack_unknown_in(c->measure.place, "指标", c->measure.name, &rb->measures, e);
        if (!measure_fits(b, c, c->c.measure, e))
            return false;
        c->c.number = true;
    } else {
        const FeelType *scope = column_scope(rb, b, done, i);
        if (!pack_expr_settle(rb, &c->c.value, &c->value, scope, FEEL_KINDS, e) ||
            !feel_check(&type, rb->a, c->value.x, scope, e))
            return false;
        c->c.number = type->form == FEEL_TYPE_PLAIN && type->kind == FEEL_NUMBER;
    }
    done[i] = c->c;
    return true;
}

static bool chart_settle(Rulebook *rb, ReportBuild *b, Err *e)
{
    const ReportColumn **charted = ARENA_ARRAY(rb->a, const ReportColumn *, b->n_charted);
    Str names[REPORT_COLUMNS_MAX];
    if (!charted)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", b->r.title));
    for (size_t i = 0; i < b->r.n_columns; i++)
        names[i] = b->r.columns[i].name;
    for (size_t i = 0; i < b->n_charted; i++) {
        const PackWord *w = &b->charted[i];
        if (!(charted[i] = report_column(&b->r, w->name)))
            return pack_unknown(w->place, "栏", w->name, names, b->r.n_columns, e);
        if (!charted[i]->number)
            return pack_rule(w->place, "这一栏不是数", "数字的栏", e);
    }
    b->r.charted = charted;
    b->r.n_charted = b->n_charted;
    return true;
}

static bool settle(Rulebook *rb, ReportBuild *b, Err *e)
{
    ReportColumn *done = ARENA_ARRAY(rb->a, ReportColumn, b->n);
    if (!done)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", b->r.title));
    if (!rows_settle(rb, b, e))
        return false;
    for (size_t i = 0; i < b->n; i++)
        if (!column_settle(rb, b, done, i, e))
            return err_note(e, "while checking column %.*s", STR(b->columns[i].c.name));
    b->r.columns = done;
    b->r.n_columns = b->n;
    return chart_settle(rb, b, e);
}

bool pack_report_settle(Rulebook *rb, Err *e)
{
    for (size_t i = 0; i < rb->reports.n; i++) {
        ReportBuild *b = rb->reports.entries[i].value;
        if (!settle(rb, b, e))
            return err_note(e, "while checking report %.*s", STR(b->r.name));
    }
    return true;
}
