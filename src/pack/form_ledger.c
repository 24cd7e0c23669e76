/* What a form says as a ledger: who files it, when it is late, what makes two records one, what may
 * be disclosed, what is filled in beforehand and how it is demonstrated. */
#include "pack/form_in.h"

#include <stdio.h>

enum { ON_TIME_MAX = 366 };

/* --- single items --------------------------------------------------------------------------- */
static bool roles_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    FormBuild *b = into;
    bool who = str_is(item->words[0].text, "who");
    return pack_roles_read(who ? &b->form.who : &b->form.read, item, r, e);
}

static bool name_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    FormBuild *b = into;
    PackWord *to = str_is(item->words[0].text, "dated") ? &b->dated : &b->personal;
    return pack_word_read(to, item, 1, "项目名称", r, e) && decl_done(r, item, 2, false, e);
}

static bool on_time_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    FormBuild *b = into;
    b->form.has_on_time = true;
    b->on_time = (PackWord){ item->words[0].text, pack_place(r, &item->words[0]) };
    return decl_int(&b->form.on_time, r, item, 1, 0, ON_TIME_MAX, "0到366之间的工作日数", e) &&
           decl_done(r, item, 2, false, e);
}

/* key and public: names of fields after the first word. */
static bool names_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    FormBuild *b = into;
    bool key = str_is(item->words[0].text, "key");
    WordList *to = key ? &b->key : &b->public;
    for (size_t i = 1; i < item->n || i == 1; i++) {
        PackWord w;
        if (!pack_word_read(&w, item, i, "项目名称", r, e))
            return false;
        for (size_t k = 0; k < to->n; k++)
            if (str_eq(to->items[k].name, w.name))
                return pack_twice(w.place, "项目", w.name, to->items[k].place, e);
        if (key && to->n == FORM_KEY_MAX)
            return err_fail(e, ERR_TOO_BIG, err_hole("what", "key的项目数"),
                            err_hole("max", FORM_KEY_MAX));
        if (!ARENA_PUSH(rb->a, to->items, to->n, to->cap))
            return pack_no_memory(r, e);
        to->items[to->n++] = w;
    }
    return decl_done(r, item, item->n, false, e);
}

/* --- demonstration data --------------------------------------------------------------------- */
static bool move_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    SampleBuild *b = into;
    bool all = item->n < 3;
    MoveBuild m = { .m.percent = 100, .place = pack_place(r, &item->words[0]) };
    if (!decl_name(&m.m.event, r, item, 1, "步骤名称", e) ||
        (!all && !decl_int(&m.m.percent, r, item, 2, 1, 100, "1到100之间的百分数", e)) ||
        !decl_done(r, item, all ? 2 : 3, false, e))
        return false;
    if (b->n == FORM_SAMPLE_MOVES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "示范数据的步骤"),
                        err_hole("max", FORM_SAMPLE_MOVES_MAX));
    if (!ARENA_PUSH(rb->a, b->moves, b->n, b->cap))
        return pack_no_memory(r, e);
    b->moves[b->n++] = m;
    return true;
}

static bool every_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    (void)rb;
    static const Str names[] = { [FORM_MONTH] = S("month"), [FORM_QUARTER] = S("quarter"),
                                 [FORM_HALF] = S("half"), [FORM_YEAR] = S("year"),
                                 [FORM_ONCE] = S("once") };
    SampleBuild *b = into;
    const DeclWord *w = decl_word(item, 1);
    for (size_t i = 0; i <= FORM_ONCE; i++)
        if (item->n > 1 && !w->quoted && str_eq(w->text, names[i]))
            return b->s.every = (FormEvery)i, decl_done(r, item, 2, false, e);
    return decl_refuse_word(r, w, "month、quarter、half、year或once", names, FORM_ONCE + 1, e);
}

static bool sample_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    static const DeclRaw raw[] = { { S("each"), S("") }, { S("body"), S("") } };
    static const PackRow rows[] = {
        { S("each"), PACK_EXPR, offsetof(SampleBuild, each), 0, NULL, 0, 0 },
        { S("every"), PACK_OWN, 0, PACK_NEED, every_set, 0, 0 },
        { S("times"), PACK_INT, offsetof(SampleBuild, s.times), 0, NULL, 1,
          FORM_SAMPLE_TIMES_MAX },
        { S("miss"), PACK_INT, offsetof(SampleBuild, s.miss), 0, NULL, 0, 100 },
        { S("late"), PACK_INT, offsetof(SampleBuild, s.late), 0, NULL, 0, 100 },
        { S("body"), PACK_EXPR, offsetof(SampleBuild, body), PACK_NEED, NULL, 0, 0 },
        { S("move"), PACK_OWN, 0, PACK_MANY, move_set, 0, 0 },
    };
    static const PackTable table = PACK_TABLE_RAW("示范数据", rows, raw);
    FormBuild *form = into;
    SampleBuild b = { .s.times = 1, .s.place = pack_place(r, &item->words[0]) };
    if (!decl_text(&b.s.title, r, item, 1, "带引号的标题", e) ||
        !decl_done(r, item, 2, true, e) || !pack_table_read(rb, &table, &b, item, r, e))
        return false;
    if (form->n_samples == FORM_SAMPLES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "表单的示范数据"),
                        err_hole("max", FORM_SAMPLES_MAX));
    if (!ARENA_PUSH(rb->a, form->samples, form->n_samples, form->cap_samples))
        return pack_no_memory(r, e);
    form->samples[form->n_samples++] = b;
    return true;
}

bool pack_ledger_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e)
{
    static const struct {
        Str name;
        PackSet set;
    } sets[] = {
        { S("who"), roles_set },     { S("read"), roles_set },      { S("personal"), name_set },
        { S("dated"), name_set },    { S("on_time"), on_time_set }, { S("key"), names_set },
        { S("public"), names_set },  { S("sample"), sample_set },
    };
    FormBuild *b = into;
    size_t i = 0;
    while (!str_eq(sets[i].name, item->words[0].text))
        i++;
    if (b->first.name.n == 0)
        b->first = (PackWord){ sets[i].name, pack_place(r, &item->words[0]) };
    return sets[i].set(rb, into, item, r, e);
}

/* --- when the block is read ----------------------------------------------------------------- */
static const FormField built_in[FORM_BUILT_IN] = {
    { .name = S("late_reason"), .title = S("迟报原因"), .type = FIELD_LONG, .max = 500,
      .built_in = true },
    { .name = S("late_by"), .title = S("迟报责任方"), .type = FIELD_CHOICE, .of = S("late_cause"),
      .built_in = true },
    { .name = S("files"), .title = S("附件"), .type = FIELD_WORDS, .max = FORM_FILES_MAX,
      .built_in = true },
};

/* Names that a record has besides its fields. */
static bool name_free(const FormBuild *b, const FormField *f, Err *e)
{
    static const Str taken[] = { S("received"), S("late"), S("state_since") };
    bool bad = str_is(f->name, "on") && !str_eq(b->dated.name, f->name);
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        bad |= str_eq(taken[i], f->name);
    for (size_t i = 0; i < FORM_BUILT_IN; i++)
        bad |= str_eq(built_in[i].name, f->name);
    return !bad || pack_rule(f->place, "台账的每条记录自带这个名称（on只能是dated的日期）",
                             "另一个名称", e);
}

static bool no_ledger(const FormBuild *b, Err *e)
{
    char why[DECL_NAME_MAX + 40];
    if (b->first.name.n > 0) {
        snprintf(why, sizeof why, "%.*s只用于台账", STR(b->first.name));
        return pack_rule(b->first.place, why, "在表单里加上ledger;", e);
    }
    if (b->n_given > 0)
        return pack_rule(b->fields.items[b->given[0].field].place, "given只用于台账",
                         "在表单里加上ledger;", e);
    return true;
}

static void usual_roles(Form *f)
{
    static const Str usual[] = { S("party_staff"), S("secretary"), S("organiser_clerk") };
    uint32_t bit;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (pack_role_bit(&bit, usual[i]))
            f->who |= bit;
}

static bool add_built_in(Rulebook *rb, FormBuild *b, const DeclReader *r, Err *e)
{
    for (size_t i = 0; i < FORM_BUILT_IN; i++) {
        if (!ARENA_PUSH(rb->a, b->fields.items, b->fields.n, b->fields.cap))
            return pack_no_memory(r, e);
        b->fields.items[b->fields.n] = built_in[i];
        b->fields.items[b->fields.n++].place = b->form.place;
    }
    return true;
}

bool pack_ledger_close(Rulebook *rb, FormBuild *b, const DeclReader *r, Err *e)
{
    Form *f = &b->form;
    if (f->times > 0 && f->minutes == 0)
        return pack_rule(f->place, "写了times却没有写minutes", "minutes 分钟数;", e);
    if (b->asked_of.x && f->times == 0)
        return pack_rule(f->place, "写了asked_of却没有写times", "times 每年次数;", e);
    if (!f->ledger)
        return no_ledger(b, e);
    if (f->minutes == 0)
        return pack_rule(f->place, "台账没有说填一次要几分钟", "minutes 分钟数;", e);
    if (f->has_on_time && b->dated.name.n == 0)
        return pack_rule(b->on_time.place, "有on_time却没有dated", "dated 日期项目;", e);
    for (size_t i = 0; i < b->fields.n; i++)
        if (!name_free(b, &b->fields.items[i], e))
            return false;
    if (f->who == 0)
        usual_roles(f);
    return add_built_in(rb, b, r, e);
}
