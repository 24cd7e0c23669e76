/* Papers that a pack describes: which there are for a record, and one of them as a file. */
#include "work/template.h"
#include "work/areas.h"
#include "work/ledger.h"
#include "work/record.h"
#include "work/rows.h"

typedef struct TemplateIn {
    Str template, form, format;
    int64_t thing;
    const json_t *asks;
} TemplateIn;

bool work_template_named(const Template **out, Call *c, Str name, Err *e)
{
    return (*out = pack_template(call_rules(c), name)) ||
           err_fail(e, ERR_NOT_FOUND, err_hole("what", name));
}

/* The cycle that a thing belongs to: its own field, or that of its debriefer; 0: none. */
static bool cycle_of(int64_t *out, Call *c, const Fact *f, Err *e)
{
    Fact debriefer;
    int64_t id = fact_int(f, "debriefer");
    *out = str_is(f->kind, "cycle") ? f->subject : fact_int(f, "cycle");
    if (*out || !id)
        return true;
    if (!call_thing(&debriefer, c, "debriefer", id, e))
        return false;
    *out = fact_int(&debriefer, "cycle");
    return true;
}

/* One of the template's roles over the record, and the record may be read. */
static bool may_make(bool *out, Call *c, const Template *t, const Fact *f, Err *e)
{
    int64_t cycle;
    c->asked = true;
    if (!cycle_of(&cycle, c, f, e) || !work_record_visible(out, c, f, e))
        return false;
    *out = *out && (c->who->console || (cycle ? call_can_cycle(c, t->who, cycle)
                                              : call_can(c, t->who, f->org)));
    return true;
}

/* --- which there are ------------------------------------------------------------------------ */

static const ShapeField list_in_fields[] = {
    { "form", SHAPE_TEXT, offsetof(TemplateIn, form), .required = true, .max = 60,
      .title = "表单" },
    { "thing", SHAPE_ID, offsetof(TemplateIn, thing), .required = true, .title = "记录" },
};
static const Shape list_in = SHAPE("TemplateListIn", TemplateIn, list_in_fields);
static const ShapeField ask_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "type", SHAPE_TEXT, .required = true },
    { "required", SHAPE_BOOL, .required = true },
};
static const Shape ask_shape = SHAPE_REPLY("TemplateAsk", ask_fields);
static const ShapeField item_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "pack", SHAPE_TEXT, .required = true },
    { "help", SHAPE_TEXT },
    { "cite", SHAPE_TEXT, .required = true },
    { "form", SHAPE_TEXT, .required = true },
    { "who", SHAPE_WORDS, .required = true },
    { "asks", SHAPE_LIST, .required = true, .sub = &ask_shape },
};
static const Shape item_shape = SHAPE_REPLY("Template", item_fields);
static const ShapeField list_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &item_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape list_out = SHAPE_REPLY("Templates", list_fields);

static bool template_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const TemplateIn *in = in_;
    const Template *t;
    int64_t n = 0;
    Fact f;
    const char *form = arena_z(c->a, in->form);
    if (!call_may_all(c, e) || !form || !call_thing(&f, c, form, in->thing, e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; (t = pack_template_at(call_rules(c), i)); i++) {
        bool may = false;
        if (!str_eq(t->form->name, in->form))
            continue;
        if (!may_make(&may, c, t, &f, e))
            return false;
        if (!may)
            continue;
        jw_obj(out);
        template_describe(out, t);
        jw_end(out);
        n++;
    }
    jw_end(out);
    jw_kint(out, "total", n);
    return true;
}

const UseCase work_template_list = { "template_list", "查看能为一条记录出的文书", WORK_READ,
                                     LEDGER_ROLES, &list_in, &list_out, .run = template_list };

/* --- one of them ---------------------------------------------------------------------------- */

static const ShapeField paper_fields[] = {
    { "template", SHAPE_TEXT, offsetof(TemplateIn, template), .required = true, .max = 60,
      .title = "文书" },
    { "thing", SHAPE_ID, offsetof(TemplateIn, thing), .required = true, .title = "记录" },
    { "format", SHAPE_WORD, offsetof(TemplateIn, format), .words = CALL_PAPER_FORMATS,
      .title = "格式" },
    { "asks", SHAPE_JSON, offsetof(TemplateIn, asks), .title = "出文时填写的内容" },
};
static const Shape paper_in = SHAPE("TemplatePaperIn", TemplateIn, paper_fields);

typedef struct Making {
    const TemplateIn *in;
    Paper *paper;
    Str name;
} Making;

static bool paper_job(Call *c, void *arg, Err *e)
{
    Making *m = arg;
    const Template *t;
    Fact f;
    bool may;
    if (!call_may_all(c, e) || !work_template_named(&t, c, m->in->template, e))
        return false;
    const char *form = arena_z(c->a, t->form->name);
    if (!form || !call_thing(&f, c, form, m->in->thing, e) || !may_make(&may, c, t, &f, e))
        return false;
    if (!may)
        return err_fail(e, ERR_FORBIDDEN, err_hole("what", t->title));
    m->name = t->title;
    m->paper = paper_open(c->a, t->title, PAPER_PORTRAIT);
    return work_template_fill(m->paper, c, t, &f, m->in->asks, e) &&
           call_log_lines(m->paper, c, e);
}

static bool template_paper(Call *c, const void *in_, Jw *out, Err *e)
{
    Making m = { .in = in_ };
    (void)out;
    return call_read(c, paper_job, &m, e) &&
           call_answer_paper(c, m.name, m.paper, m.in->format, e);
}

const UseCase work_template_paper = { "template_paper", "按模板出一份文书", WORK_OUTSIDE,
                                      LEDGER_ROLES, &paper_in, NULL, .file = true,
                                      .run = template_paper };
