/* The roster going out: an empty template that says what belongs where, and what is stored in the
 * same columns, with the system's ids, so that it can be corrected and come back. */
#include "work/roster.h"
#include "work/rows.h"

#define KEEPERS (ROLE_BIT(ROLE_SEC_ADMIN) | ROLE_BIT(ROLE_ORGANISER_CLERK))
#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

static Table *sheet_open(Call *c, RosterSheet sheet, bool with_ids)
{
    const RosterColumn *columns = work_roster_columns(sheet);
    Table *t = table_open(c->a, str_of(work_roster_sheet(sheet)), STRC(""));
    for (int i = 0; i < work_roster_width(sheet); i++) {
        bool is_id = i == (sheet == ROSTER_ORGS ? (int)ORG_ID : (int)PER_ID);
        if (!is_id || with_ids)
            table_column(t, columns[i].required
                                ? arena_text(c->a, "%s（必填）", columns[i].title)
                                : str_of(columns[i].title), columns[i].kind, 0);
    }
    return t;
}

static bool answer_xlsx(Call *c, const Table *const *tables, size_t n, const char *name, Err *e)
{
    Str bytes;
    return print_xlsx(&bytes, c->a, call_print(c), tables, n, str_of(name), c->now, e) &&
           call_answer_file(c, arena_text(c->a, "%s.xlsx", name), STRC(XLSX), bytes);
}

/* --- the template --------------------------------------------------------------------------- */

static Str hint(Call *c, const RosterColumn *col, bool first)
{
    const List *l = col->list ? pack_list(call_rules(c), str_of(col->list)) : NULL;
    Str text = arena_text(c->a, "%s%s", first ? "说明（导入时自动略过这一行）：" : "", col->hint);
    for (size_t i = 0; l && i < l->n_items; i++)
        text = arena_text(c->a, "%.*s%s%.*s", STR(text), i ? "、" : "", STR(l->items[i].title));
    return text;
}

static bool org_template(Call *c, const void *in, Jw *out, Err *e)
{
    const Table *tables[2];
    (void)in;
    (void)out;
    if (!call_may_all(c, e))
        return false;
    for (int s = ROSTER_ORGS; s <= ROSTER_PEOPLE; s++) {
        const RosterColumn *columns = work_roster_columns((RosterSheet)s);
        Table *t = sheet_open(c, (RosterSheet)s, false);
        table_row(t);
        for (int i = 0; i < work_roster_width((RosterSheet)s) - 1; i++)
            table_text(t, hint(c, &columns[i], i == 0));
        tables[s] = t;
    }
    return answer_xlsx(c, tables, 2, "名册模板", e);
}

const UseCase work_org_template = { "org_template", "下载名册模板", WORK_OUTSIDE, KEEPERS, NULL,
                                    NULL, .file = true, .run = org_template };

/* --- the export ----------------------------------------------------------------------------- */

typedef struct ExportIn {
    Str format, sheet;
    int64_t org;
} ExportIn;
static const ShapeField export_in_fields[] = {
    { "format", SHAPE_WORD, offsetof(ExportIn, format), .words = "xlsx|csv", .title = "格式" },
    { "sheet", SHAPE_WORD, offsetof(ExportIn, sheet), .words = "org|person", .title = "工作表" },
    { "org", SHAPE_ID, offsetof(ExportIn, org), .title = "范围" },
};
static const Shape export_in = SHAPE("RosterExportIn", ExportIn, export_in_fields);

typedef struct Export {
    const ExportIn *in;
    Table *sheet[2];
    Map code;                        /* id of an organisation -> its code */
} Export;

static Str id_text(Call *c, int64_t id)
{
    return arena_text(c->a, "%lld", (long long)id);
}

static Str code_of(Export *x, Call *c, int64_t org)
{
    const Str *code = org ? map_get(&x->code, id_text(c, org)) : NULL;
    return code ? *code : STRC("");
}

static bool codes_load(Export *x, Call *c, Err *e)
{
    FactList l;
    if (!call_list(&l, c, "org", NULL, STRC(""), e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        Str *code = ARENA_NEW(c->a, Str);
        if (!code)
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", "名册"));
        *code = fact_str(c->a, &l.items[i], "code");
        if (!map_put(&x->code, id_text(c, l.items[i].subject), code))
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", "名册"));
    }
    return true;
}

static bool orgs_out(Export *x, Call *c, Err *e)
{
    FactNodes nodes;
    Table *t = x->sheet[ROSTER_ORGS];
    if (!fact_tree(&nodes, c->a, c->tx, x->in->org, -1, e))
        return false;
    for (size_t i = 0; i < nodes.n; i++) {
        Fact f;
        if (!call_can(c, KEEPERS, nodes.items[i].org))
            continue;
        if (!call_thing(&f, c, "org", nodes.items[i].org, e))
            return false;
        Str kind = fact_str(c->a, &f, "kind"), sector = fact_str(c->a, &f, "sector");
        table_row(t);
        table_text(t, fact_str(c->a, &f, "code"));
        table_text(t, fact_str(c->a, &f, "name"));
        table_text(t, call_title(c, "org_kind", kind));
        table_text(t, sector.n ? call_title(c, "sector", sector) : sector);
        table_text(t, code_of(x, c, fact_int(&f, "parent")));
        table_day(t, fact_day(&f, "founded"));
        table_day(t, fact_day(&f, "ended"));
        table_day(t, fact_day(&f, "term_end"));
        table_text(t, id_text(c, f.subject));
    }
    return true;
}

static Str yes_no(const Fact *f, const char *name)
{
    return fact_json(f, name).n == 0 ? STRC("") : fact_bool(f, name) ? STRC("是") : STRC("否");
}

/* One line of somebody; tenure NULL: only who he is. */
static void person_out(Export *x, Call *c, const Fact *f, const Fact *tenure)
{
    Table *t = x->sheet[ROSTER_PEOPLE];
    table_row(t);
    table_text(t, fact_str(c->a, f, "name"));
    table_text(t, fact_str(c->a, f, "staff_no"));
    table_text(t, code_of(x, c, tenure ? fact_int(tenure, "org") : fact_int(f, "org")));
    table_text(t, fact_str(c->a, f, "birth"));
    table_text(t, yes_no(f, "member"));
    Str state = fact_str(c->a, f, "member_state");
    table_text(t, state.n ? call_title(c, "member_state", state) : state);
    table_day(t, fact_day(f, "joined"));
    table_text(t, yes_no(f, "infirm"));
    table_text(t, yes_no(f, "away"));
    if (tenure) {
        table_text(t, call_title(c, "post", fact_str(c->a, tenure, "post")));
        table_day(t, fact_day(tenure, "from"));
        table_day(t, fact_day(tenure, "to"));
    } else {
        table_blank(t);
        table_blank(t);
        table_blank(t);
    }
    table_text(t, id_text(c, f->subject));
}

/* The first line of somebody stands for his own organisation, as an import takes it from there. */
static bool person_lines(Export *x, Call *c, const Fact *f, Err *e)
{
    FactList l;
    size_t first = SIZE_MAX;
    if (!call_list_id(&l, c, "tenure", "person", f->subject, e))
        return false;
    for (size_t i = l.n; i-- > 0;)
        if (fact_int(&l.items[i], "org") == fact_int(f, "org"))
            first = i;
    person_out(x, c, f, first == SIZE_MAX ? NULL : &l.items[first]);
    for (size_t i = 0; i < l.n; i++)
        if (i != first && call_can(c, KEEPERS, fact_int(&l.items[i], "org")))
            person_out(x, c, f, &l.items[i]);
    return true;
}

static bool people_out(Export *x, Call *c, Err *e)
{
    FactFilter f = { .kind = STRC("person"), .org = x->in->org, .below = true };
    FactList l;
    do {
        if (!fact_list(&l, c->a, c->tx, &f, e))
            return false;
        for (size_t i = 0; i < l.n; i++)
            if (call_can(c, KEEPERS, fact_int(&l.items[i], "org")) &&
                !person_lines(x, c, &l.items[i], e))
                return false;
        if (l.n)
            f.after = l.items[l.n - 1].subject;
    } while (l.n == FACT_LIST_MAX);
    return true;
}

static bool export_job(Call *c, void *arg, Err *e)
{
    Export *x = arg;
    return (x->in->org ? call_may_org(c, x->in->org, e) : call_may_all(c, e)) &&
           codes_load(x, c, e) && orgs_out(x, c, e) && people_out(x, c, e);
}

static bool roster_export(Call *c, const void *in_, Jw *out, Err *e)
{
    const ExportIn *in = in_;
    Export x = { .in = in, .code = map_open(c->a) };
    Str bytes;
    (void)out;
    x.sheet[ROSTER_ORGS] = sheet_open(c, ROSTER_ORGS, true);
    x.sheet[ROSTER_PEOPLE] = sheet_open(c, ROSTER_PEOPLE, true);
    if (!call_read(c, export_job, &x, e))
        return false;
    if (!str_is(in->format, "csv")) {
        const Table *tables[2] = { x.sheet[ROSTER_ORGS], x.sheet[ROSTER_PEOPLE] };
        return answer_xlsx(c, tables, 2, "名册", e);
    }
    RosterSheet s = str_is(in->sheet, "person") ? ROSTER_PEOPLE : ROSTER_ORGS;
    return print_csv(&bytes, c->a, x.sheet[s], e) &&
           call_answer_file(c, arena_text(c->a, "名册-%s.csv", work_roster_sheet(s)),
                            STRC("text/csv; charset=utf-8"), bytes);
}

const UseCase work_roster_export = { "roster_export", "导出名册（含系统编号）", WORK_OUTSIDE,
                                     KEEPERS, &export_in, NULL, .file = true,
                                     .run = roster_export };
