/* The three lists as files: what is wrong, who answers for it by when, how it is being cured. Each
 * is a table whose columns are rows here; between them they show every column of a finding. */
#include "work/finding.h"
#include "work/rows.h"

#include <stdlib.h>

typedef struct ListsIn {
    int64_t cycle, debriefer;
    Str list, format;
} ListsIn;
static const ShapeField lists_fields[] = {
    { "cycle", SHAPE_ID, offsetof(ListsIn, cycle), .required = true, .title = "年度周期" },
    { "debriefer", SHAPE_ID, offsetof(ListsIn, debriefer), .title = "述职人" },
    { "list", SHAPE_WORD, offsetof(ListsIn, list), .required = true, .title = "清单",
      .words = "finding_list|responsibility_list|rectification_list|all" },
    { "format", SHAPE_WORD, offsetof(ListsIn, format), .required = true, .title = "格式",
      .words = "xlsx|csv|" CALL_PAPER_FORMATS },
};
static const Shape lists_in = SHAPE("FindingListsIn", ListsIn, lists_fields);

/* --- columns -------------------------------------------------------------------------------- */

typedef enum Cell {
    CELL_NO, CELL_ORG, CELL_TEXT, CELL_CHOICE, CELL_PERSON, CELL_DAY, CELL_SOURCE, CELL_VERIFIED,
    CELL_MILESTONES, CELL_STATE, CELL_RECHECK
} Cell;

typedef struct Column {
    const char *title;
    Cell cell;
    const char *field, *list;    /* of the form; of a choice */
    int width;
} Column;

static const Column finding_columns[] = {
    { "序号", CELL_NO, "no", NULL, 6 },
    { "整改单位", CELL_ORG, NULL, NULL, 16 },
    { "来源", CELL_SOURCE, "source", "finding_source", 14 },
    { "问题", CELL_TEXT, "text", NULL, 40 },
    { "类别", CELL_CHOICE, "category", "finding_category", 14 },
    { "原因", CELL_TEXT, "root_cause", NULL, 30 },
    { "状态", CELL_STATE, "state", "finding_state", 12 },
};
static const Column responsibility_columns[] = {
    { "序号", CELL_NO, "no", NULL, 6 },
    { "整改单位", CELL_ORG, NULL, NULL, 14 },
    { "问题", CELL_TEXT, "text", NULL, 28 },
    { "整改目标（可核验）", CELL_TEXT, "target", NULL, 20 },
    { "整改措施", CELL_TEXT, "measure", NULL, 28 },
    { "责任领导", CELL_PERSON, "leader", NULL, 9 },
    { "责任人", CELL_PERSON, "owner", NULL, 9 },
    { "时限类别", CELL_CHOICE, "deadline_class", "deadline_class", 9 },
    { "完成时限", CELL_DAY, "due", NULL, 12 },
};
static const Column rectification_columns[] = {
    { "序号", CELL_NO, "no", NULL, 6 },
    { "整改单位", CELL_ORG, NULL, NULL, 12 },
    { "问题", CELL_TEXT, "text", NULL, 22 },
    { "责任人", CELL_PERSON, "owner", NULL, 8 },
    { "完成时限", CELL_DAY, "due", NULL, 11 },
    { "进展", CELL_MILESTONES, "progress", NULL, 20 },
    { "佐证", CELL_TEXT, "evidence", NULL, 16 },
    { "申请销号", CELL_DAY, "applied_on", NULL, 11 },
    { "验收人和意见", CELL_VERIFIED, "opinion", NULL, 14 },
    { "状态", CELL_STATE, "state", "finding_state", 10 },
    { "回头看", CELL_RECHECK, "recheck_result", NULL, 12 },
    { "建立的制度机制", CELL_TEXT, "mechanism", NULL, 14 },
};

static const struct List3 {
    const char *name, *title;
    const Column *columns;
    size_t n;
} kinds[] = {
    { "finding_list", "问题清单", finding_columns,
      sizeof finding_columns / sizeof *finding_columns },
    { "responsibility_list", "责任清单", responsibility_columns,
      sizeof responsibility_columns / sizeof *responsibility_columns },
    { "rectification_list", "整改清单", rectification_columns,
      sizeof rectification_columns / sizeof *rectification_columns },
};
enum { LISTS = sizeof kinds / sizeof *kinds };

/* --- cells ---------------------------------------------------------------------------------- */

static Str join(Arena *a, Str x, const char *between, Str y)
{
    return !y.n ? x : !x.n ? y : arena_text(a, "%.*s%s%.*s", STR(x), between, STR(y));
}

static Str milestones_text(Call *c, const Fact *f)
{
    Err e;
    Str out = STRC("");
    json_t *body = call_body(c, f, &e);
    const json_t *list = jv_get(body, "milestones");
    for (size_t i = 0; i < jv_len(list); i++) {
        const json_t *m = jv_at(list, i);
        Str line = arena_text(c->a, "%.*s %.*s（%s）", STR(day_print(c->a, jv_day(m, "due"))),
                              STR(jv_str(m, "text")), jv_bool(m, "done") ? "已完成" : "未完成");
        out = join(c->a, out, "\n", line);
    }
    json_decref(body);
    return out;
}

static Str state_text(Call *c, const Fact *f, int64_t heir)
{
    Str state = call_title(c, "finding_state", fact_str(c->a, f, "state"));
    if (heir)
        return join(c->a, state, "，", STRC("已结转"));
    if (!work_finding_overdue(c, f))
        return state;
    return arena_text(c->a, "%.*s，逾期%d天", STR(state), (int)(c->today - fact_day(f, "due")));
}

static Str day_text(Call *c, const Fact *f, const char *field)
{
    return day_print(c->a, fact_day(f, field));
}

static bool put_person(Table *t, Call *c, int64_t id, Err *e)
{
    Str name;
    if (!call_name(&name, c, "person", id, e))
        return false;
    table_text(t, name);
    return true;
}

static bool put_cell(Table *t, Call *c, const Fact *f, const Column *col, Err *e)
{
    Str text = col->field ? fact_str(c->a, f, col->field) : STRC(""), name;
    int64_t heir;
    switch (col->cell) {
    case CELL_NO:
        if (fact_int(f, "no"))
            table_int(t, fact_int(f, "no"));
        else
            table_blank(t);
        return true;
    case CELL_ORG:
        if (!call_name(&name, c, "org", f->org, e))
            return false;
        table_text(t, name);
        return true;
    case CELL_TEXT:
        table_text(t, text);
        return true;
    case CELL_CHOICE:
        table_text(t, text.n ? call_title(c, col->list, text) : text);
        return true;
    case CELL_PERSON:
        return put_person(t, c, fact_int(f, col->field), e);
    case CELL_DAY:
        table_day(t, fact_day(f, col->field));
        return true;
    case CELL_SOURCE:
        table_text(t, join(c->a, call_title(c, col->list, text), "：", fact_str(c->a, f, "by")));
        return true;
    case CELL_VERIFIED:
        if (!call_name(&name, c, "person", fact_int(f, "verifier"), e))
            return false;
        table_text(t, join(c->a, name, "：", text));
        return true;
    case CELL_MILESTONES:
        table_text(t, join(c->a, text, "\n", milestones_text(c, f)));
        return true;
    case CELL_STATE:
        if (!work_finding_heir(&heir, c, f->subject, e))
            return false;
        table_text(t, state_text(c, f, heir));
        return true;
    case CELL_RECHECK:
        table_text(t, join(c->a, day_text(c, f, "recheck_on"), " ", text));
        return true;
    }
    return true;
}

/* --- tables --------------------------------------------------------------------------------- */

typedef struct Made {
    const ListsIn *in;
    const Table *tables[LISTS];
    size_t n;
    Str name, whose;     /* of the files; cycle and debriefer */
    Paper *paper;
} Made;

typedef struct Ranked {
    Fact f;
    int64_t rank, no;
} Ranked;

/* By organisation as the tree has them, then by number; those without one last. */
static int by_rank(const void *a_, const void *b_)
{
    const Ranked *a = a_, *b = b_;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->no != b->no)
        return !a->no ? 1 : !b->no ? -1 : a->no < b->no ? -1 : 1;
    return a->f.subject < b->f.subject ? -1 : 1;
}

static bool chosen(Ranked **out, size_t *n, Call *c, const ListsIn *in, Err *e)
{
    FactList l;
    bool may;
    if (!call_list_id(&l, c, "finding", "cycle", in->cycle, e))
        return false;
    *n = 0;
    *out = ARENA_ARRAY(c->a, Ranked, l.n);
    if (!*out)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "清单"));
    for (size_t i = 0; i < l.n; i++) {
        FactNode node;
        if (in->debriefer && fact_int(&l.items[i], "debriefer") != in->debriefer)
            continue;
        if (!work_finding_read(&may, c, &l.items[i], e))
            return false;
        if (!may)
            continue;
        if (!fact_node(&node, c->tx, l.items[i].org, e))
            return false;
        (*out)[(*n)++] = (Ranked){ l.items[i], node.rank, fact_int(&l.items[i], "no") };
    }
    if (*n)
        qsort(*out, *n, sizeof **out, by_rank);
    return true;
}

static bool table_make(const Table **out, Call *c, const struct List3 *kind, Str whose,
                       const Ranked *rows, size_t n, Err *e)
{
    Str title = str_of(kind->title);
    Table *t = table_open(c->a, title, arena_text(c->a, "%.*s%.*s", STR(whose), STR(title)));
    for (size_t i = 0; i < kind->n; i++)
        table_column(t, str_of(kind->columns[i].title),
                     kind->columns[i].cell == CELL_NO    ? TABLE_INT
                     : kind->columns[i].cell == CELL_DAY ? TABLE_DAY
                                                         : TABLE_TEXT,
                     kind->columns[i].width);
    for (size_t i = 0; i < n; i++) {
        table_row(t);
        for (size_t k = 0; k < kind->n; k++)
            if (!put_cell(t, c, &rows[i].f, &kind->columns[k], e))
                return false;
    }
    *out = t;
    return table_ok(t, e);
}

/* "2026年度述职评议 " or with the debriefer's name. */
static bool whose_lists(Made *m, Call *c, Err *e)
{
    Fact cycle, d;
    Str name;
    if (!call_thing(&cycle, c, "cycle", m->in->cycle, e))
        return false;
    m->whose = fact_str(c->a, &cycle, "title");
    if (m->in->debriefer == 0)
        return true;
    if (!call_thing(&d, c, "debriefer", m->in->debriefer, e) ||
        !call_name(&name, c, "person", fact_int(&d, "person"), e))
        return false;
    m->whose = arena_text(c->a, "%.*s（%.*s）", STR(m->whose), STR(name));
    return true;
}

/* On paper the title stands above in its own size; in a workbook the table carries it. */
static const Table *untitled(Arena *a, const Table *t)
{
    Table *bare = ARENA_NEW(a, Table);
    if (bare) {
        *bare = *t;
        bare->title = STRC("");
    }
    return bare;
}

static bool paper_make(Made *m, Call *c, Err *e)
{
    Paper *p = paper_open(c->a, m->name, PAPER_LANDSCAPE);
    for (size_t i = 0; i < m->n; i++) {
        if (i)
            paper_break(p, PAPER_LANDSCAPE);
        paper_title(p, m->tables[i]->title);
        if (table_rows(m->tables[i]))
            paper_table(p, untitled(c->a, m->tables[i]));
        else
            paper_text(p, STRC("没有列入的问题。"));
    }
    paper_dateline(p, STRC(""), c->today);
    m->paper = p;
    return call_log_lines(p, c, e);
}

static bool lists_job(Call *c, void *arg, Err *e)
{
    Made *m = arg;
    Ranked *rows;
    size_t n;
    if (!call_may_all(c, e) || !whose_lists(m, c, e) || !chosen(&rows, &n, c, m->in, e))
        return false;
    for (size_t i = 0; i < LISTS; i++) {
        if (!str_is(m->in->list, "all") && !str_is(m->in->list, kinds[i].name))
            continue;
        if (!table_make(&m->tables[m->n], c, &kinds[i], m->whose, rows, n, e))
            return false;
        m->n++;
    }
    m->name = arena_text(c->a, "%.*s%s", STR(m->whose),
                         m->n > 1 ? "整改三张清单" : m->tables[0]->name.p);
    return paper_make(m, c, e);
}

static bool finding_lists(Call *c, const void *in_, Jw *out, Err *e)
{
    Made m = { .in = in_ };
    Str bytes, type;
    (void)out;
    if (!call_read(c, lists_job, &m, e))
        return false;
    bool ok;
    if (str_is(m.in->format, "csv")) {
        type = STRC("text/csv; charset=utf-8");
        ok = print_csv(&bytes, c->a, m.tables[0], e);
    } else if (str_is(m.in->format, "xlsx")) {
        type = STRC("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        ok = print_xlsx(&bytes, c->a, call_print(c), m.tables, m.n, m.name, c->now, e);
    } else {
        return call_answer_paper(c, m.name, m.paper, m.in->format, e);
    }
    return ok && call_answer_file(c, arena_text(c->a, "%.*s.%.*s", STR(m.name), STR(m.in->format)),
                                  type, bytes);
}

const UseCase work_finding_lists = { "finding_lists", "导出问题清单、责任清单、整改清单",
                                     WORK_OUTSIDE, FINDING_READERS, &lists_in, NULL, .file = true,
                                     .run = finding_lists };
