/* The kind `template`: reading it, and checking each of its fields against what it will see. */
#include "pack/pack_in.h"

typedef struct ColumnBuild {
    Str title;
    PackExpr x;
} ColumnBuild;

typedef struct PartBuild {
    TemplatePart p;
    PackExpr x;
    ColumnBuild *columns;
    size_t n, cap;
} PartBuild;

typedef struct WithBuild {
    Str name;
    PackWord form, field;
    PackExpr id;
    PackPlace place;
} WithBuild;

typedef struct TemplateBuild {
    Template t;
    PackWord of;
    WithBuild with[TEMPLATE_WITH_MAX];
    size_t n_with;
    TemplateAsk asks[TEMPLATE_ASKS_MAX];
    size_t n_asks;
    PartBuild *parts;
    size_t n, cap;
} TemplateBuild;

static const Str parts[TEMPLATE_PARTS] = {
    [TEMPLATE_MARK] = S("mark"),       [TEMPLATE_ISSUER] = S("issuer"),
    [TEMPLATE_NUMBER] = S("number"),   [TEMPLATE_HEAD] = S("head"),
    [TEMPLATE_SUBHEAD] = S("subhead"), [TEMPLATE_TO] = S("to"),
    [TEMPLATE_TEXT] = S("text"),       [TEMPLATE_SECTION] = S("section"),
    [TEMPLATE_SUBSECTION] = S("subsection"), [TEMPLATE_POINT] = S("point"),
    [TEMPLATE_TABLE] = S("table"),     [TEMPLATE_ATTACH] = S("attach"),
    [TEMPLATE_SIGN] = S("sign"),       [TEMPLATE_SENDER] = S("sender"),
};

Str template_part_name(TemplatePartKind kind)
{
    return parts[kind];
}

static bool too_many(const char *what, int64_t max, Err *e)
{
    return err_fail(e, ERR_TOO_BIG, err_hole("what", what), err_hole("max", max));
}

/* --- reading -------------------------------------------------------------------------------- */
static bool of_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    return pack_word_read(&((TemplateBuild *)into)->of, item, 1, "表单名称", r, e) &&
           decl_done(r, item, 2, false, e);
}

static bool who_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    return pack_roles_read(&((TemplateBuild *)into)->t.who, item, r, e);
}

/* FORM or FORM.FIELD */
static void form_cut(WithBuild *b)
{
    Str all = b->form.name;
    size_t dot = 0;
    while (dot < all.n && all.p[dot] != '.')
        dot++;
    b->form.name = str_sub(all, 0, dot);
    b->field = (PackWord){ str_sub(all, dot < all.n ? dot + 1 : dot, all.n), b->form.place };
}

static bool with_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    TemplateBuild *b = into;
    WithBuild w = { .place = pack_place(r, &item->words[0]) };
    if (!pack_ident(&w.name, r, item, 1, "名称", e) ||
        !pack_word_read(&w.form, item, 2, "表单名称或表单名称.项目名称", r, e))
        return false;
    form_cut(&w);
    if (item->has_raw ? !(decl_keyword(r, item, 3, "of", e) &&
                          pack_expr_read(rb, &w.id, item, 4, NULL, r, e))
                      : !decl_done(r, item, 3, false, e))
        return false;
    if (b->n_with == TEMPLATE_WITH_MAX)
        return too_many("文书的with", TEMPLATE_WITH_MAX, e);
    for (size_t i = 0; i < b->n_with; i++)
        if (str_eq(b->with[i].name, w.name))
            return pack_twice(w.place, "文书的with", w.name, b->with[i].place, e);
    b->with[b->n_with++] = w;
    return true;
}

/* ask NAME text|long|day [required] "…"; */
static bool ask_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    static const Str types[] = { S("text"), S("long"), S("day") };
    static const FieldType kinds[] = { FIELD_TEXT, FIELD_LONG, FIELD_DAY };
    TemplateBuild *b = into;
    TemplateAsk k = { .type = FIELD_TYPES };
    const DeclWord *w = decl_word(item, 2);
    (void)rb;
    if (!pack_ident(&k.name, r, item, 1, "名称", e))
        return false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (item->n > 2 && !w->quoted && str_eq(w->text, types[i]))
            k.type = kinds[i];
    if (k.type == FIELD_TYPES)
        return decl_refuse_word(r, w, "text、long或day", types, 3, e);
    k.required = item->n > 3 && !item->words[3].quoted && str_is(item->words[3].text, "required");
    size_t at = k.required ? 4 : 3;
    if (!decl_text(&k.title, r, item, at, "带引号的标题", e) ||
        !decl_done(r, item, at + 1, false, e))
        return false;
    if (b->n_asks == TEMPLATE_ASKS_MAX)
        return too_many("文书的ask", TEMPLATE_ASKS_MAX, e);
    for (size_t i = 0; i < b->n_asks; i++)
        if (str_eq(b->asks[i].name, k.name))
            return pack_twice(pack_place(r, &item->words[0]), "文书的ask", k.name,
                              pack_place(r, &item->words[0]), e);
    b->asks[b->n_asks++] = k;
    return true;
}

static bool column_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    PartBuild *b = into;
    ColumnBuild c;
    if (!decl_text(&c.title, r, item, 1, "带引号的栏目标题", e) ||
        !decl_keyword(r, item, 2, "is", e) || !pack_expr_read(rb, &c.x, item, 3, NULL, r, e))
        return false;
    if (b->n == TEMPLATE_COLUMNS_MAX)
        return too_many("文书表格的栏", TEMPLATE_COLUMNS_MAX, e);
    if (!ARENA_PUSH(rb->a, b->columns, b->n, b->cap))
        return pack_no_memory(r, e);
    b->columns[b->n++] = c;
    return true;
}

static bool table_set(Rulebook *rb, PartBuild *p, const DeclItem *item, DeclReader *r, Err *e)
{
    static const DeclRaw raw[] = { { S("rows"), S("") }, { S("column"), S("is") } };
    static const PackRow rows[] = {
        { S("rows"), PACK_EXPR, offsetof(PartBuild, x), PACK_NEED, NULL, 0, 0 },
        { S("column"), PACK_OWN, 0, PACK_NEED | PACK_MANY, column_set, 0, 0 },
    };
    static const PackTable table = PACK_TABLE_RAW("文书的表格", rows, raw);
    return decl_done(r, item, 1, true, e) && pack_table_read(rb, &table, p, item, r, e);
}

/* What stands in a paper stands in it in this order. */
static bool part_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    TemplateBuild *b = into;
    PartBuild p = { .p.place = pack_place(r, &item->words[0]) };
    while (!str_eq(parts[p.p.kind], item->words[0].text))
        p.p.kind++;
    bool ok = p.p.kind == TEMPLATE_TABLE ? table_set(rb, &p, item, r, e)
                                         : pack_expr_read(rb, &p.x, item, 1, NULL, r, e);
    if (!ok)
        return false;
    if (b->n == TEMPLATE_PARTS_MAX)
        return too_many("文书的部分", TEMPLATE_PARTS_MAX, e);
    if (!ARENA_PUSH(rb->a, b->parts, b->n, b->cap))
        return pack_no_memory(r, e);
    b->parts[b->n++] = p;
    return true;
}

#define PART(name) { S(name), PACK_OWN, 0, PACK_MANY, part_set, 0, 0 }
#define PART_RAW(name) { S(name), S("") }

bool pack_template_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e)
{
    static const DeclRaw raw[] = {
        PART_RAW("mark"), PART_RAW("issuer"), PART_RAW("number"), PART_RAW("head"),
        PART_RAW("subhead"), PART_RAW("to"), PART_RAW("text"), PART_RAW("section"),
        PART_RAW("subsection"), PART_RAW("point"), PART_RAW("attach"), PART_RAW("sign"),
        PART_RAW("sender"), { S("with"), S("of") },
    };
    static const PackRow rows[] = {
        { S("title"), PACK_TEXT, offsetof(TemplateBuild, t.title), PACK_NEED, NULL, 0, 0 },
        { S("help"), PACK_TEXT, offsetof(TemplateBuild, t.help), 0, NULL, 0, 0 },
        { S("cite"), PACK_TEXT, offsetof(TemplateBuild, t.cite), PACK_NEED, NULL, 0, 0 },
        { S("of"), PACK_OWN, 0, PACK_NEED, of_set, 0, 0 },
        { S("who"), PACK_OWN, 0, 0, who_set, 0, 0 },
        { S("with"), PACK_OWN, 0, PACK_MANY, with_set, 0, 0 },
        { S("ask"), PACK_OWN, 0, PACK_MANY, ask_set, 0, 0 },
        { S("head"), PACK_OWN, 0, PACK_NEED | PACK_MANY, part_set, 0, 0 },
        PART("mark"), PART("issuer"), PART("number"), PART("subhead"), PART("to"), PART("text"),
        PART("section"), PART("subsection"), PART("point"), PART("table"), PART("attach"),
        PART("sign"), PART("sender"),
    };
    static const PackTable table = PACK_TABLE_RAW("文书模板", rows, raw);
    TemplateBuild *b = ARENA_NEW(rb->a, TemplateBuild); /* the map points at its first member */
    if (!b)
        return pack_no_memory(r, e);
    b->t.pack = rb->now;
    b->t.place = pack_place(r, &head->words[0]);
    if (!pack_ident(&b->t.name, r, head, 1, "文书模板名称", e) || !decl_done(r, head, 2, true, e))
        return false;
    const Template *first = map_get(&rb->templates, b->t.name);
    if (first)
        return pack_twice(b->t.place, "文书模板", b->t.name, first->place, e);
    return pack_table_read(rb, &table, b, head, r, e) &&
           (map_put(&rb->templates, b->t.name, b) || pack_no_memory(r, e));
}

/* --- checking: what a template sees --------------------------------------------------------- */
static const FeelType *context_of(Rulebook *rb, const FeelTypeMember *m, size_t n)
{
    FeelType *t = ARENA_NEW(rb->a, FeelType);
    if (t)
        *t = (FeelType){ .form = FEEL_TYPE_CONTEXT, .kind = FEEL_CONTEXT, .members = m, .n = n };
    return t;
}

/* The fields of a form as they are shown to people: each a text. */
static const FeelType *say_type(Rulebook *rb, const Form *form)
{
    FeelTypeMember *m = ARENA_ARRAY(rb->a, FeelTypeMember, form->n_fields);
    for (size_t i = 0; m && i < form->n_fields; i++)
        m[i] = (FeelTypeMember){ form->fields[i].name, feel_type_of(FEEL_STRING) };
    return m ? context_of(rb, m, form->n_fields) : NULL;
}

/* A record among others: its fields, its number, and say. */
static const FeelType *record_type(Rulebook *rb, const Form *form)
{
    FeelTypeMember *m = ARENA_ARRAY(rb->a, FeelTypeMember, form->type->n + 2);
    const FeelType *say = say_type(rb, form);
    size_t n = 0;
    if (!m || !say)
        return NULL;
    m[n++] = (FeelTypeMember){ S("id"), feel_type_of(FEEL_NUMBER) };
    m[n++] = (FeelTypeMember){ S("say"), say };
    for (size_t i = 0; i < form->type->n; i++)
        if (!str_is(form->type->members[i].name, "id") &&
            !str_is(form->type->members[i].name, "say"))
            m[n++] = form->type->members[i];
    return context_of(rb, m, n);
}

static const FeelType *list_of(Rulebook *rb, const FeelType *item)
{
    FeelType *t = item ? ARENA_NEW(rb->a, FeelType) : NULL;
    if (t)
        *t = (FeelType){ .form = FEEL_TYPE_LIST, .kind = FEEL_LIST, .item = item };
    return t;
}

/* zh(day): 2026年2月8日, of a date or of a text such as "2026-02-08". */
static const FeelType *zh_type(Rulebook *rb)
{
    FeelTypeMember *m = ARENA_NEW(rb->a, FeelTypeMember);
    FeelType *t = ARENA_NEW(rb->a, FeelType);
    if (!m || !t)
        return NULL;
    *m = (FeelTypeMember){ S("day"), feel_type_any() };
    *t = (FeelType){ .form = FEEL_TYPE_FUNCTION, .kind = FEEL_FUNCTION, .members = m, .n = 1,
                     .item = feel_type_of(FEEL_STRING) };
    return t;
}

static const FeelType *asks_type(Rulebook *rb, const TemplateBuild *b)
{
    FeelTypeMember *m = ARENA_ARRAY(rb->a, FeelTypeMember, b->n_asks);
    for (size_t i = 0; m && i < b->n_asks; i++)
        m[i] = (FeelTypeMember){ b->asks[i].name, feel_type_of(FEEL_STRING) };
    return m ? context_of(rb, m, b->n_asks) : NULL;
}

/* row: NULL outside of tables. */
static const FeelType *scope_of(Rulebook *rb, const TemplateBuild *b, const FeelType *row)
{
    FeelTypeMember *m = ARENA_ARRAY(rb->a, FeelTypeMember, TEMPLATE_WITH_MAX + 6);
    size_t n = 0;
    if (!m)
        return NULL;
    m[n++] = (FeelTypeMember){ S("thing"), b->t.form->type };
    m[n++] = (FeelTypeMember){ S("say"), say_type(rb, b->t.form) };
    m[n++] = (FeelTypeMember){ S("org_name"), feel_type_of(FEEL_STRING) };
    m[n++] = (FeelTypeMember){ S("ask"), asks_type(rb, b) };
    m[n++] = (FeelTypeMember){ S("zh"), zh_type(rb) };
    if (row)
        m[n++] = (FeelTypeMember){ S("row"), row };
    for (size_t i = 0; i < b->t.n_with; i++) {
        const TemplateWith *w = &b->t.with[i];
        const FeelType *record = record_type(rb, w->form);
        m[n++] = (FeelTypeMember){ w->name, w->field ? list_of(rb, record) : record };
    }
    for (size_t i = 0; i < n; i++)
        if (!m[i].type)
            return NULL;
    return pack_scope(rb, PACK_SEES_TODAY, m, n);
}

/* --- checking ------------------------------------------------------------------------------- */
/* A number; where the records are many, also a list of numbers. */
static bool ids_settle(Rulebook *rb, TemplateWith *x, const WithBuild *w, const FeelType *scope,
                       Err *e)
{
    const FeelType *got;
    x->id = w->id.x;
    if (!x->id)
        return true;
    if (!feel_check(&got, rb->a, x->id, scope, e))
        return e->code == ERR_NO_MEMORY ? false : decl_refuse_raw(w->id.r, &w->id.raw, e);
    bool list = x->field && got->form == FEEL_TYPE_LIST;
    if (list || got->form == FEEL_TYPE_ANY || feel_type_fits(got, feel_type_of(FEEL_NUMBER)))
        return true;
    return pack_rule(pack_place(w->id.r, &w->id.raw), "of后面不是记录的编号",
                     x->field ? "编号，或若干编号" : "一个编号", e);
}

static bool with_settle(Rulebook *rb, TemplateBuild *b, Err *e)
{
    static const Str taken[] = { S("thing"), S("say"), S("org_name"), S("ask"), S("zh"),
                                 S("row"), S("today") };
    TemplateWith *all = ARENA_ARRAY(rb->a, TemplateWith, b->n_with);
    FeelTypeMember thing[] = { { S("thing"), b->t.form->type } };
    const FeelType *scope = pack_scope(rb, PACK_SEES_TODAY, thing, 1);
    if (!all || !scope)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", b->t.title));
    for (size_t i = 0; i < b->n_with; i++) {
        const WithBuild *w = &b->with[i];
        TemplateWith *x = &all[i];
        x->name = w->name;
        for (size_t k = 0; k < sizeof taken / sizeof *taken; k++)
            if (str_eq(w->name, taken[k]))
                return pack_rule(w->place, "这个名称在文书模板里另有所指", "换一个名称", e);
        if (!pack_form_named(rb, &x->form, w->form.name, w->form.place, e) ||
            !pack_field_named(&x->field, x->form, &w->field, e) ||
            !ids_settle(rb, x, w, scope, e))
            return false;
        if (x->field && (x->field->type != FIELD_REF || !x->field->index))
            return pack_rule(w->place, "按这个项目找不到记录", "带index的ref项目", e);
        if (!x->field && !x->id)
            return pack_rule(w->place, "没有说是哪一条记录", "of 加编号的公式，或写成表单.项目", e);
        if (x->form->personal)
            return pack_rule(w->place, "个人的记录不能汇到文书里", "不带personal的表单", e);
    }
    b->t.with = all;
    b->t.n_with = b->n_with;
    return true;
}

static const FeelType *row_type(Rulebook *rb, const PartBuild *p, const FeelType *scope, Err *e)
{
    const FeelType *got;
    if (!feel_check(&got, rb->a, p->x.x, scope, e)) {
        if (e->code != ERR_NO_MEMORY)
            (void)decl_refuse_raw(p->x.r, &p->x.raw, e);
        return NULL;
    }
    bool list = got->form == FEEL_TYPE_LIST;
    return list && got->item ? got->item : feel_type_any();
}

static bool part_settle(Rulebook *rb, const TemplateBuild *b, TemplatePart *out,
                        const PartBuild *p, const FeelType *scope, Err *e)
{
    bool table = p->p.kind == TEMPLATE_TABLE;
    *out = p->p;
    if (!pack_expr_settle(rb, &out->x, &p->x, scope, FEEL_KINDS, e))
        return false;
    if (!table)
        return true;
    TemplateColumn *columns = ARENA_ARRAY(rb->a, TemplateColumn, p->n);
    const FeelType *row = row_type(rb, p, scope, e);
    if (!row)
        return false;
    const FeelType *inner = scope_of(rb, b, row);
    if (!columns || !inner)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", b->t.title));
    for (size_t i = 0; i < p->n; i++) {
        columns[i].title = p->columns[i].title;
        if (!pack_expr_settle(rb, &columns[i].x, &p->columns[i].x, inner, FEEL_KINDS, e))
            return false;
    }
    out->columns = columns;
    out->n_columns = p->n;
    return true;
}

static bool settle(Rulebook *rb, TemplateBuild *b, Err *e)
{
    TemplatePart *done = ARENA_ARRAY(rb->a, TemplatePart, b->n);
    TemplateAsk *asks = ARENA_ARRAY(rb->a, TemplateAsk, b->n_asks);
    if (!pack_form_named(rb, &b->t.form, b->of.name, b->of.place, e) || !with_settle(rb, b, e))
        return false;
    const FeelType *scope = scope_of(rb, b, NULL);
    if (!done || !asks || !scope)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", b->t.title));
    for (size_t i = 0; i < b->n; i++)
        if (!part_settle(rb, b, &done[i], &b->parts[i], scope, e))
            return false;
    for (size_t i = 0; i < b->n_asks; i++)
        asks[i] = b->asks[i];
    b->t.parts = done;
    b->t.n_parts = b->n;
    b->t.asks = asks;
    b->t.n_asks = b->n_asks;
    if (b->t.who == 0 && (!pack_role_bit(&b->t.who, STRC("organiser_clerk"))))
        return pack_rule(b->t.place, "没有经办人这个角色", "写明who", e);
    return true;
}

bool pack_template_settle(Rulebook *rb, Err *e)
{
    for (size_t i = 0; i < rb->templates.n; i++) {
        TemplateBuild *b = rb->templates.entries[i].value;
        if (!settle(rb, b, e))
            return err_note(e, "while checking template %.*s", STR(b->t.name));
    }
    return true;
}
