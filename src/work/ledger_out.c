/* A ledger as a file: the template to fill in, and what is held, to be read elsewhere or corrected
 * and imported again. */
#include "work/areas.h"
#include "work/ledger_in.h"
#include "work/ledger_out.h"
#include "work/rows.h"

#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
enum { OFFER_MAX = 500 };          /* names in a drop-down */

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "导出台账"));
}

/* --- the template --------------------------------------------------------------------------- */

typedef struct TemplateIn {
    Str form;
    int64_t org;
} TemplateIn;
static const ShapeField template_fields[] = {
    { "form", SHAPE_TEXT, offsetof(TemplateIn, form), .required = true, .max = 60,
      .title = "表单" },
    { "org", SHAPE_ID, offsetof(TemplateIn, org), .title = "组织" },
};
static const Shape template_in = SHAPE("RecordTemplateIn", TemplateIn, template_fields);

typedef struct Sheet {
    const TemplateIn *in;
    const Form *form;
    Table *t;
} Sheet;

/* Names of things of a form, of one organisation (with those below it where it is organisations);
 * none when there are too many to choose from. */
static bool offer_names(Sheet *x, Call *c, const Form *form, Err *e)
{
    bool orgs = str_is(form->name, "org");
    FactFilter f = { .kind = form->name, .org = x->in->org, .below = orgs, .limit = OFFER_MAX + 1 };
    FactList l;
    Str names[OFFER_MAX];
    size_t n = 0;
    if (!x->in->org)
        return true;
    if (!fact_list(&l, c->a, c->tx, &f, e))
        return false;
    for (size_t i = 0; l.n <= OFFER_MAX && i < l.n; i++) {
        Str name = work_ledger_called(c, form, &l.items[i]);
        if (name.n)
            names[n++] = name;
    }
    if (n)
        table_choices(x->t, names, n);
    return true;
}

static bool offer(Sheet *x, Call *c, const FormField *f, Err *e)
{
    static const Str yes_no[] = { S("是"), S("否") };
    if (f->type == FIELD_FLAG)
        table_choices(x->t, yes_no, 2);
    if (f->type == FIELD_CHOICE) {
        Str *titles = ARENA_ARRAY(c->a, Str, f->list->n_items);
        for (size_t i = 0; titles && i < f->list->n_items; i++)
            titles[i] = f->list->items[i].title;
        if (titles)
            table_choices(x->t, titles, f->list->n_items);
        return titles || no_memory(e);
    }
    return f->type != FIELD_REF || offer_names(x, c, f->form, e);
}

static bool template_job(Call *c, void *arg, Err *e)
{
    Sheet *x = arg;
    FormColumns k;
    if (!call_may_all(c, e) || !work_ledger_form(&x->form, c, x->in->form, e) ||
        (x->in->org && !work_ledger_may_file(c, x->form, x->in->org, 0, e)) ||
        !work_ledger_sheet(&k, c, x->form, e))
        return false;
    x->t = table_open(c->a, x->form->title, STRC(""));
    table_column(x->t, STRC(LEDGER_ORG_COLUMN), TABLE_TEXT, 0);
    if (!offer_names(x, c, pack_form(call_rules(c), STRC("org")), e))
        return false;
    for (size_t i = 0; i < k.n; i++) {
        table_column(x->t, k.items[i].title, TABLE_TEXT, 0);
        if (!offer(x, c, k.items[i].field, e))
            return false;
    }
    table_row(x->t);
    table_text(x->t, x->in->org ? STRC("组织编号或名称；不填就是本组织") : STRC("组织编号或名称"));
    for (size_t i = 0; i < k.n; i++)
        table_text(x->t, k.items[i].hint);
    return true;
}

static bool answer_xlsx(Call *c, const Form *form, const Table *t, const char *what, Err *e)
{
    Str bytes, name = arena_text(c->a, "%.*s%s", STR(form->title), what);
    return print_xlsx(&bytes, c->a, call_print(c), &t, 1, name, c->now, e) &&
           call_answer_file(c, arena_text(c->a, "%.*s.xlsx", STR(name)), STRC(XLSX), bytes);
}

static bool record_template(Call *c, const void *in, Jw *out, Err *e)
{
    Sheet x = { .in = in };
    (void)out;
    return call_read(c, template_job, &x, e) && answer_xlsx(c, x.form, x.t, "-模板", e);
}

const UseCase work_record_template = { "record_template", "下载台账的导入模板", WORK_OUTSIDE,
                                       LEDGER_ROLES, &template_in, NULL, .file = true,
                                       .run = record_template };

/* --- a record as a row ---------------------------------------------------------------------- */

/* Its name where that leads back to it, else its number. */
static Str name_of(Call *c, const Form *form, int64_t id, int64_t org)
{
    Fact thing;
    Err none = { 0 };
    int64_t back = 0;
    Str name = STRC("");
    if (fact_current(&thing, c->a, c->tx, form->name, id, &none))
        name = work_ledger_called(c, form, &thing);
    if (name.n && work_ledger_resolve(&back, c, form, name, org, &none) && back == id)
        return name;
    return arena_text(c->a, "%lld", (long long)id);
}

static Str called(LedgerTable *x, Call *c, const FormField *f, int64_t id, int64_t org)
{
    Str key = arena_text(c->a, "%.*s %lld %lld", STR(f->form->name), (long long)id,
                         (long long)org);
    Str *known = map_get(&x->names, key);
    if (known)
        return *known;
    known = ARENA_NEW(c->a, Str);
    Str name = name_of(c, f->form, id, org);
    if (known) {
        *known = name;
        if (!map_put(&x->names, key, known))
            known = NULL; /* it is looked up again then */
    }
    return name;
}

static Str joined(LedgerTable *x, Call *c, const FormField *f, const json_t *v, int64_t org)
{
    Str all = STRC("");
    for (size_t i = 0; i < jv_len(v); i++) {
        const json_t *one = jv_at(v, i);
        Str s = f->type == FIELD_REFS ? called(x, c, f, json_integer_value(one), org)
                : f->list             ? list_title(f->list, jv_text(one))
                                      : jv_text(one);
        all = arena_text(c->a, "%.*s%s%.*s", STR(all), i ? "、" : "", STR(s));
    }
    return all;
}

static void put_cell(LedgerTable *x, Call *c, const FormField *f, const json_t *v, int64_t org)
{
    Table *t = x->t;
    Dec d;
    Day day;
    Err none = { 0 };
    switch (f->type) {
    case FIELD_NUMBER:
        table_int(t, json_integer_value(v));
        return;
    case FIELD_DECIMAL:
        if (dec_parse(&d, jv_text(v))) {
            table_number(t, d);
            return;
        }
        break;
    case FIELD_DAY:
        if (day_read(&day, jv_text(v), &none)) {
            table_day(t, day);
            return;
        }
        break;
    case FIELD_FLAG:
        table_text(t, json_is_true(v) ? STRC("是") : STRC("否"));
        return;
    case FIELD_CHOICE:
        table_text(t, list_title(f->list, jv_text(v)));
        return;
    case FIELD_REF:
        table_text(t, called(x, c, f, json_integer_value(v), org));
        return;
    case FIELD_REFS:
    case FIELD_WORDS:
        table_text(t, joined(x, c, f, v, org));
        return;
    default:
        break;
    }
    table_text(t, jv_text(v));
}

static TableKind kind_of(const FormField *f)
{
    return f->type == FIELD_NUMBER || f->type == FIELD_DECIMAL ? TABLE_NUMBER
           : f->type == FIELD_DAY                               ? TABLE_DAY
                                                                : TABLE_TEXT;
}

bool work_ledger_table(LedgerTable *out, Call *c, const Form *form, Err *e)
{
    *out = (LedgerTable){ .form = form, .names = map_open(c->a) };
    if (!work_ledger_sheet(&out->columns, c, form, e))
        return false;
    Table *t = out->t = table_open(c->a, form->title, STRC(""));
    table_column(t, STRC(LEDGER_ORG_COLUMN), TABLE_TEXT, 0);
    for (size_t i = 0; i < out->columns.n; i++)
        table_column(t, out->columns.items[i].field->title,
                     kind_of(out->columns.items[i].field), 0);
    if (work_ledger_start(c, form).n)
        table_column(t, STRC("进展"), TABLE_TEXT, 0);
    table_column(t, STRC("填报时间"), TABLE_TEXT, 0);
    table_column(t, STRC("迟报工作日"), TABLE_NUMBER, 0);
    table_column(t, STRC(LEDGER_ID_COLUMN), TABLE_TEXT, 0);
    return t || no_memory(e);
}

/* The org's name where that leads back to it, as with everything else that is pointed to. */
static Str org_called(LedgerTable *x, Call *c, int64_t org)
{
    FormField to = { .form = pack_form(call_rules(c), STRC("org")) };
    return org && to.form ? called(x, c, &to, org, 0) : STRC("");
}

bool work_ledger_row(LedgerTable *x, Call *c, const Fact *f, const FactKey *key, Err *e)
{
    const Flow *flow = pack_flow_of(call_rules(c), x->form);
    Table *t = x->t;
    json_t *body;
    if (!jv_read(&body, f->body, "body", e))
        return false;
    table_row(t);
    table_text(t, org_called(x, c, f->org));
    for (size_t i = 0; i < x->columns.n; i++) {
        const char *name = arena_z(c->a, x->columns.items[i].field->name);
        const json_t *v = name ? jv_get(body, name) : NULL;
        if (v)
            put_cell(x, c, x->columns.items[i].field, v, f->org);
        else
            table_blank(t);
    }
    if (flow)
        table_text(t, list_title(flow->states, jv_str(body, "state")));
    table_text(t, moment_print_zh(c->a, key->received));
    table_int(t, rule_late(x->form, f->occurred_on, moment_day(key->received)));
    table_text(t, arena_text(c->a, "%lld", (long long)f->subject));
    jv_close(body);
    return true;
}

void work_ledger_line(Buf *out, const Form *form, const Fact *f, const FactKey *key)
{
    Jw j = jw_open(out);
    jw_obj(&j);
    jw_kstr(&j, "form", form->name);
    jw_kint(&j, "id", f->subject);
    jw_kint(&j, "version", f->id);
    jw_kint(&j, "org", f->org);
    jw_kday(&j, "on", f->occurred_on);
    jw_kmoment(&j, "received", key->received);
    jw_key(&j, "values");
    jw_raw(&j, f->body);
    jw_end(&j);
    if (!jw_close(&j))
        out->failed = true;
    buf_putc(out, '\n');
}

/* --- export --------------------------------------------------------------------------------- */

typedef struct ExportIn {
    Str form, kind, state, q, field, value;
    int64_t org;
    Day from, to;
    bool below, late;
} ExportIn;
static const ShapeField export_fields[] = {
    { "form", SHAPE_TEXT, offsetof(ExportIn, form), .required = true, .max = 60,
      .title = "表单" },
    { "kind", SHAPE_WORD, offsetof(ExportIn, kind), .words = "xlsx|csv|jsonl",
      .title = "格式" },
    { "org", SHAPE_ID, offsetof(ExportIn, org), .title = "组织" },
    { "below", SHAPE_BOOL, offsetof(ExportIn, below), .title = "含下级" },
    { "from", SHAPE_DAY, offsetof(ExportIn, from), .title = "自" },
    { "to", SHAPE_DAY, offsetof(ExportIn, to), .title = "至" },
    { "state", SHAPE_TEXT, offsetof(ExportIn, state), .max = 60, .title = "状态" },
    { "q", SHAPE_TEXT, offsetof(ExportIn, q), .max = 100, .title = "查找" },
    { "late", SHAPE_BOOL, offsetof(ExportIn, late), .title = "只看补录" },
    { "field", SHAPE_TEXT, offsetof(ExportIn, field), .max = 60, .title = "项目" },
    { "value", SHAPE_TEXT, offsetof(ExportIn, value), .max = 200, .title = "值" },
};
static const Shape export_in = SHAPE("RecordExportIn", ExportIn, export_fields);

typedef struct Export {
    const ExportIn *in;
    LedgerTable sheet;
    Buf lines;
} Export;

static bool each_record(Export *x, Call *c, const FactKey *key, Err *e)
{
    Fact f;
    if (!fact_current(&f, c->a, c->tx, x->sheet.form->name, key->subject, e))
        return false;
    if (!str_is(x->in->kind, "jsonl"))
        return work_ledger_row(&x->sheet, c, &f, key, e);
    work_ledger_line(&x->lines, x->sheet.form, &f, key);
    return !x->lines.failed || no_memory(e);
}

static bool export_job(Call *c, void *arg, Err *e)
{
    Export *x = arg;
    const ExportIn *in = x->in;
    LedgerQuery q = { .org = in->org, .below = in->below, .from = in->from, .to = in->to,
                      .state = in->state, .q = in->q, .field = in->field, .value = in->value,
                      .late = in->late };
    LedgerFound found;
    if (!work_ledger_form(&q.form, c, in->form, e) || !work_ledger_find(&found, c, &q, e))
        return false;
    if (found.n > LEDGER_EXPORT_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "导出的记录数"),
                        err_hole("max", LEDGER_EXPORT_MAX));
    if (!work_ledger_table(&x->sheet, c, q.form, e))
        return false;
    for (size_t i = found.n; i-- > 0;) /* oldest first, as a ledger is read */
        if (!each_record(x, c, &found.items[i], e))
            return false;
    return true;
}

static bool answer(Export *x, Call *c, Err *e)
{
    Str bytes;
    if (str_is(x->in->kind, "jsonl"))
        return call_answer_file(c, arena_text(c->a, "%.*s.jsonl", STR(x->sheet.form->title)),
                                STRC("application/jsonl"),
                                arena_str(c->a, buf_str(&x->lines)));
    if (str_is(x->in->kind, "csv"))
        return print_csv(&bytes, c->a, x->sheet.t, e) &&
               call_answer_file(c, arena_text(c->a, "%.*s.csv", STR(x->sheet.form->title)),
                                STRC("text/csv; charset=utf-8"), bytes);
    return answer_xlsx(c, x->sheet.form, x->sheet.t, "", e);
}

static bool record_export(Call *c, const void *in, Jw *out, Err *e)
{
    Export x = { .in = in, .lines = buf_open(WORK_REPLY_MAX) };
    (void)out;
    bool ok = call_read(c, export_job, &x, e) && answer(&x, c, e);
    buf_close(&x.lines);
    return ok;
}

const UseCase work_record_export = { "record_export", "导出台账", WORK_OUTSIDE, LEDGER_ROLES,
                                     &export_in, NULL, .file = true, .audit = true,
                                     .token = WORK_TOKEN_READS, .run = record_export };
