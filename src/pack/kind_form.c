/* The kind `form`: reading it, and looking up what its fields point at. */
#include "pack/form_in.h"

#include <stdio.h>
#include <string.h>

/* What `max` means to a type, and how much it may allow. */
typedef enum MaxOf { MAX_NONE, MAX_POINTS, MAX_ENTRIES, MAX_VALUE } MaxOf;
/* What `of` must name. */
typedef enum OfWhat { OF_NOTHING, OF_LIST, OF_LIST_MAYBE, OF_FORM } OfWhat;

typedef struct TypeRow {
    Str name;
    MaxOf max;
    int64_t usual; /* max when the field states none */
    OfWhat of;
    bool index, search;
} TypeRow;

static const TypeRow types[FIELD_TYPES] = {
    [FIELD_TEXT] = { S("text"), MAX_POINTS, FORM_TEXT_MAX, OF_NOTHING, true, true },
    [FIELD_LONG] = { S("long"), MAX_POINTS, FORM_LONG_MAX, OF_NOTHING, false, true },
    [FIELD_NUMBER] = { S("number"), MAX_VALUE, 0, OF_NOTHING, true, false },
    [FIELD_DECIMAL] = { S("decimal"), MAX_VALUE, 0, OF_NOTHING, false, false },
    [FIELD_DAY] = { S("day"), MAX_NONE, 0, OF_NOTHING, true, false },
    [FIELD_MONTH] = { S("month"), MAX_NONE, 0, OF_NOTHING, true, false },
    [FIELD_CHOICE] = { S("choice"), MAX_NONE, 0, OF_LIST, true, false },
    [FIELD_FLAG] = { S("flag"), MAX_NONE, 0, OF_NOTHING, true, false },
    [FIELD_REF] = { S("ref"), MAX_NONE, 0, OF_FORM, true, false },
    [FIELD_REFS] = { S("refs"), MAX_ENTRIES, FORM_ROWS_MAX, OF_FORM, false, false },
    [FIELD_WORDS] = { S("words"), MAX_ENTRIES, FORM_ROWS_MAX, OF_LIST_MAYBE, false, false },
    [FIELD_ROWS] = { S("rows"), MAX_ENTRIES, FORM_ROWS_MAX, OF_NOTHING, false, false },
    [FIELD_OBJECT] = { S("object"), MAX_NONE, 0, OF_NOTHING, false, false },
    [FIELD_FILE] = { S("file"), MAX_NONE, 0, OF_NOTHING, false, false },
};

Str form_type_name(FieldType t)
{
    return types[t].name;
}

/* --- reading -------------------------------------------------------------------------------- */
typedef struct FieldBuild {
    FormField f;
    FieldList rows;
    bool outer_inner; /* the field itself stands inside rows */
    PackExpr given;
} FieldBuild;

static bool field_add(Rulebook *rb, FieldList *to, PackExpr *given, const DeclItem *item,
                      DeclReader *r, Err *e);

static bool inner_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    FieldBuild *b = into;
    if (b->f.type != FIELD_ROWS || b->outer_inner)
        return pack_rule(pack_place(r, &item->words[0]), "只有表单顶层的rows项目能有下级项目",
                         "rows类型，或去掉下级项目", e);
    return field_add(rb, &b->rows, NULL, item, r, e);
}

static bool limit_set(Dec *value, bool *has, FieldBuild *b, const DeclItem *item,
                      const DeclReader *r, Err *e)
{
    if (b->f.type == FIELD_NUMBER && item->n > 1) {
        int64_t whole;
        if (!decl_int(&whole, r, item, 1, -JSON_INT_MAX, JSON_INT_MAX, "整数", e))
            return false;
    }
    *has = true;
    return decl_dec(value, r, item, 1, "数", e) && decl_done(r, item, 2, false, e);
}

static bool max_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    FieldBuild *b = into;
    switch (types[b->f.type].max) {
    case MAX_POINTS:
        return decl_int(&b->f.max, r, item, 1, 1, FORM_POINTS_MAX, "1到250000之间的字数", e) &&
               decl_done(r, item, 2, false, e);
    case MAX_ENTRIES:
        return decl_int(&b->f.max, r, item, 1, 1, FORM_LIST_MAX, "1到20000之间的个数", e) &&
               decl_done(r, item, 2, false, e);
    case MAX_VALUE:
        return limit_set(&b->f.high, &b->f.has_high, b, item, r, e);
    case MAX_NONE:
        break;
    }
    return decl_refuse(r, &item->words[0], "这种类型可用的项目（它没有max）", e);
}

static bool min_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    FieldBuild *b = into;
    if (types[b->f.type].max != MAX_VALUE)
        return decl_refuse(r, &item->words[0], "这种类型可用的项目（它没有min）", e);
    return limit_set(&b->f.low, &b->f.has_low, b, item, r, e);
}

static bool mark_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    FieldBuild *b = into;
    const TypeRow *t = &types[b->f.type];
    bool search = str_is(item->words[0].text, "search");
    if (b->outer_inner || !(search ? t->search : t->index))
        return decl_refuse(r, &item->words[0],
                           search ? "顶层text或long项目才有的标记" : "顶层单值项目才有的标记", e);
    *(search ? &b->f.search : &b->f.index) = true;
    return decl_done(r, item, 1, false, e);
}

static bool given_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    FieldBuild *b = into;
    FieldType t = b->f.type;
    if (b->outer_inner || t == FIELD_ROWS || t == FIELD_OBJECT || t == FIELD_FILE)
        return decl_refuse(r, &item->words[0], "表单顶层的项目才有的given（rows object file除外）", e);
    return pack_expr_read(rb, &b->given, item, 1, NULL, r, e);
}

static const DeclRaw field_raw[] = { { S("given"), S("") } };

static const PackRow field_rows[] = {
    { S("title"), PACK_TEXT, offsetof(FieldBuild, f.title), PACK_NEED, NULL, 0, 0 },
    { S("help"), PACK_TEXT, offsetof(FieldBuild, f.help), 0, NULL, 0, 0 },
    { S("of"), PACK_NAME, offsetof(FieldBuild, f.of), 0, NULL, 0, 0 },
    { S("max"), PACK_OWN, 0, 0, max_set, 0, 0 },
    { S("min"), PACK_OWN, 0, 0, min_set, 0, 0 },
    { S("index"), PACK_OWN, 0, 0, mark_set, 0, 0 },
    { S("search"), PACK_OWN, 0, 0, mark_set, 0, 0 },
    { S("given"), PACK_OWN, 0, 0, given_set, 0, 0 },
    { S("again"), PACK_TEXT, offsetof(FieldBuild, f.again), 0, NULL, 0, 0 },
    { S("field"), PACK_OWN, 0, PACK_MANY, inner_set, 0, 0 },
};

static const PackTable field_table = PACK_TABLE_RAW("表单项目", field_rows, field_raw);

static bool type_read(FieldType *out, const DeclItem *item, const DeclReader *r, Err *e)
{
    Str known[FIELD_TYPES];
    const DeclWord *w = decl_word(item, 2);
    for (int i = 0; i < FIELD_TYPES; i++) {
        known[i] = types[i].name;
        if (item->n > 2 && !w->quoted && str_eq(w->text, known[i]))
            return *out = (FieldType)i, true;
    }
    return decl_refuse_word(r, w, "项目类型（text long number decimal day month choice flag ref "
                                  "refs words rows object file）", known, FIELD_TYPES, e);
}

static bool head_read(FormField *f, const DeclItem *item, const DeclReader *r, Err *e)
{
    f->place = pack_place(r, &item->words[0]);
    if (!pack_ident(&f->name, r, item, 1, "项目名称", e) || !type_read(&f->type, item, r, e))
        return false;
    f->required = item->n > 3;
    f->max = types[f->type].usual;
    return (!f->required || decl_keyword(r, item, 3, "required", e)) &&
           decl_done(r, item, f->required ? 4 : 3, true, e);
}

/* What only the whole field shows. */
static bool field_sound(const FormField *f, Err *e)
{
    OfWhat of = types[f->type].of;
    if (f->has_low && f->has_high && dec_cmp(f->low, f->high) > 0)
        return pack_rule(f->place, "min大于max", "min不大于max", e);
    if (f->of.n == 0 && (of == OF_LIST || of == OF_FORM))
        return err_fail(e, ERR_PACK_MISSING, err_hole("file", f->place.file),
                        err_hole("line", (int64_t)f->place.line),
                        err_hole("column", (int64_t)f->place.column),
                        err_hole("what", "表单项目"), err_hole("field", "of"));
    if (f->of.n > 0 && of == OF_NOTHING)
        return pack_rule(f->place, "这种类型的项目不取自清单或表单", "choice、words、ref或refs类型",
                         e);
    if (f->type == FIELD_ROWS && f->n_fields == 0)
        return pack_rule(f->place, "rows项目没有下级项目", "至少一个field", e);
    return true;
}

/* given, where there may be one: what the field says is filled in beforehand. */
static bool field_add(Rulebook *rb, FieldList *to, PackExpr *given, const DeclItem *item,
                      DeclReader *r, Err *e)
{
    FieldBuild b = { .rows.inner = true, .outer_inner = to->inner };
    if (!head_read(&b.f, item, r, e))
        return false;
    for (size_t i = 0; i < to->n; i++)
        if (str_eq(to->items[i].name, b.f.name))
            return pack_twice(b.f.place, "项目", b.f.name, to->items[i].place, e);
    if (!pack_table_read(rb, &field_table, &b, item, r, e))
        return false;
    b.f.fields = b.rows.items;
    b.f.n_fields = b.rows.n;
    if (!field_sound(&b.f, e))
        return false;
    if (to->n == FORM_FIELDS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "表单的项目数"),
                        err_hole("max", FORM_FIELDS_MAX));
    if (!ARENA_PUSH(rb->a, to->items, to->n, to->cap))
        return pack_no_memory(r, e);
    to->items[to->n++] = b.f;
    if (given)
        *given = b.given;
    return true;
}

static bool field_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    FormBuild *b = into;
    GivenBuild g = { .field = b->fields.n };
    if (!field_add(rb, &b->fields, &g.x, item, r, e))
        return false;
    if (!g.x.x)
        return true;
    if (!ARENA_PUSH(rb->a, b->given, b->n_given, b->cap_given))
        return pack_no_memory(r, e);
    b->given[b->n_given++] = g;
    return true;
}

static bool marks_collect(Form *f, Err *e)
{
    for (size_t i = 0; i < f->n_fields; i++) {
        const FormField *d = &f->fields[i];
        if ((d->index && f->n_index == FORM_INDEX_MAX) ||
            (d->search && f->n_search == FORM_INDEX_MAX))
            return pack_rule(d->place, "一个表单最多8个index和8个search项目", "不超过8个", e);
        if (d->index)
            f->index[f->n_index++] = d->name;
        if (d->search)
            f->search[f->n_search++] = d->name;
    }
    return true;
}

bool pack_form_read(Rulebook *rb, const DeclItem *head, DeclReader *r, Err *e)
{
    static const DeclRaw raw[] = { { S("asked_of"), S("") } };
    static const PackRow rows[] = {
        { S("title"), PACK_TEXT, offsetof(FormBuild, form.title), PACK_NEED, NULL, 0, 0 },
        { S("help"), PACK_TEXT, offsetof(FormBuild, form.help), 0, NULL, 0, 0 },
        { S("cite"), PACK_TEXT, offsetof(FormBuild, form.cite), 0, NULL, 0, 0 },
        { S("minutes"), PACK_INT, offsetof(FormBuild, form.minutes), 0, NULL, 0, 10000 },
        { S("asked_by"), PACK_TEXT, offsetof(FormBuild, form.asked_by), 0, NULL, 0, 0 },
        { S("times"), PACK_INT, offsetof(FormBuild, form.times), 0, NULL, 0, FORM_TIMES_MAX },
        { S("asked_of"), PACK_EXPR, offsetof(FormBuild, asked_of), 0, NULL, 0, 0 },
        { S("again"), PACK_TEXT, offsetof(FormBuild, form.again), 0, NULL, 0, 0 },
        { S("gathers"), PACK_MARK, offsetof(FormBuild, form.gathers), 0, NULL, 0, 0 },
        { S("visited"), PACK_MARK, offsetof(FormBuild, form.visited), 0, NULL, 0, 0 },
        { S("ledger"), PACK_MARK, offsetof(FormBuild, form.ledger), 0, NULL, 0, 0 },
        { S("who"), PACK_OWN, 0, 0, pack_ledger_set, 0, 0 },
        { S("read"), PACK_OWN, 0, 0, pack_ledger_set, 0, 0 },
        { S("personal"), PACK_OWN, 0, 0, pack_ledger_set, 0, 0 },
        { S("dated"), PACK_OWN, 0, 0, pack_ledger_set, 0, 0 },
        { S("on_time"), PACK_OWN, 0, 0, pack_ledger_set, 0, 0 },
        { S("key"), PACK_OWN, 0, 0, pack_ledger_set, 0, 0 },
        { S("public"), PACK_OWN, 0, PACK_MANY, pack_ledger_set, 0, 0 },
        { S("sample"), PACK_OWN, 0, PACK_MANY, pack_ledger_set, 0, 0 },
        { S("field"), PACK_OWN, 0, PACK_NEED | PACK_MANY, field_set, 0, 0 },
    };
    static const PackTable table = PACK_TABLE_RAW("表单", rows, raw);
    FormBuild *b = ARENA_NEW(rb->a, FormBuild); /* the map points at its first member */
    if (!b)
        return pack_no_memory(r, e);
    Form *form = &b->form;
    form->pack = rb->now;
    form->place = pack_place(r, &head->words[0]);
    if (!pack_ident(&form->name, r, head, 1, "表单名称", e) || !decl_done(r, head, 2, true, e))
        return false;
    const Form *first = map_get(&rb->forms, form->name);
    if (first)
        return pack_twice(form->place, "表单", form->name, first->place, e);
    if (!pack_table_read(rb, &table, b, head, r, e) || !pack_ledger_close(rb, b, r, e))
        return false;
    form->fields = b->fields.items;
    form->n_fields = b->fields.n;
    return marks_collect(form, e) &&
           (map_put(&rb->forms, form->name, b) || pack_no_memory(r, e));
}

/* --- looking up ----------------------------------------------------------------------------- */
static bool settle_fields(Rulebook *rb, FormField *fields, size_t n, Err *e)
{
    for (size_t i = 0; i < n; i++) {
        FormField *f = &fields[i];
        OfWhat of = types[f->type].of;
        if (f->of.n > 0 && of == OF_FORM && !(f->form = map_get(&rb->forms, f->of)))
            return pack_unknown_in(f->place, "表单", f->of, &rb->forms, e);
        if (f->of.n > 0 && of != OF_FORM && !(f->list = map_get(&rb->lists, f->of)))
            return pack_unknown_in(f->place, "清单", f->of, &rb->lists, e);
        if (!settle_fields(rb, (FormField *)f->fields, f->n_fields, e))
            return false;
    }
    return true;
}

/* --- as expressions see it ------------------------------------------------------------------ */
static const FeelType *fields_type(Arena *a, const FormField *fields, size_t n);

static const FeelType *list_type(Arena *a, const FeelType *of)
{
    FeelType *t = ARENA_NEW(a, FeelType);
    if (t && of)
        *t = (FeelType){ .form = FEEL_TYPE_LIST, .kind = FEEL_LIST, .item = of };
    return of ? t : NULL;
}

static const FeelType *field_type(Arena *a, const FormField *f)
{
    FeelType *open;
    switch (f->type) {
    case FIELD_NUMBER:
    case FIELD_DECIMAL:
    case FIELD_REF:
        return feel_type_of(FEEL_NUMBER);
    case FIELD_DAY:
        return feel_type_of(FEEL_DATE);
    case FIELD_FLAG:
        return feel_type_of(FEEL_BOOLEAN);
    case FIELD_REFS:
        return list_type(a, feel_type_of(FEEL_NUMBER));
    case FIELD_WORDS:
        return list_type(a, feel_type_of(FEEL_STRING));
    case FIELD_ROWS:
        return list_type(a, fields_type(a, f->fields, f->n_fields));
    case FIELD_OBJECT:
        open = ARENA_NEW(a, FeelType);
        if (open)
            *open = (FeelType){ .form = FEEL_TYPE_CONTEXT, .kind = FEEL_CONTEXT, .open = true };
        return open;
    default:
        return feel_type_of(FEEL_STRING);
    }
}

static const FeelType *fields_type(Arena *a, const FormField *fields, size_t n)
{
    FeelType *t = ARENA_NEW(a, FeelType);
    FeelTypeMember *m = ARENA_ARRAY(a, FeelTypeMember, n);
    if (!t || !m)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (m[i].name = fields[i].name, !(m[i].type = field_type(a, &fields[i])))
            return NULL;
    *t = (FeelType){ .form = FEEL_TYPE_CONTEXT, .kind = FEEL_CONTEXT, .members = m, .n = n };
    return t;
}

bool pack_form_settle(Rulebook *rb, Err *e)
{
    for (size_t i = 0; i < rb->forms.n; i++) {
        Form *f = rb->forms.entries[i].value;
        if (!settle_fields(rb, (FormField *)f->fields, f->n_fields, e))
            return err_note(e, "while checking form %.*s", STR(f->name));
        f->type = fields_type(rb->a, f->fields, f->n_fields);
        if (!f->type)
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", f->title));
    }
    return true;
}
