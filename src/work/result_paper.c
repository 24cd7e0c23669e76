/* The result sheet and the ranking inside classes, as PDF and as workbook. */
#include "work/assess.h"
#include "work/rows.h"

enum { SHEETS_MAX = 40 };

typedef struct PaperIn {
    int64_t cycle, number;
    Str format;
} PaperIn;
static const ShapeField paper_fields[] = {
    { "cycle", SHAPE_ID, offsetof(PaperIn, cycle), .required = true, .title = "年度周期" },
    { "number", SHAPE_ID, offsetof(PaperIn, number), .title = "版次" },
    { "format", SHAPE_WORD, offsetof(PaperIn, format), .words = "xlsx|" CALL_PAPER_FORMATS,
      .required = true, .title = "格式" },
};
static const Shape sheet_in = SHAPE("ResultSheetIn", PaperIn, paper_fields);
static const Shape rank_in = SHAPE("ClassRankIn", PaperIn, paper_fields);

typedef struct Sheets {
    const PaperIn *in;
    Paper *paper;
    const Table *tables[SHEETS_MAX];
    size_t n;
    Str title;
} Sheets;

static Str value_text(Call *c, const ScoreValue *v)
{
    return v->given ? dec_print(c->a, v->value) : STRC("缺项");
}

static ptrdiff_t total_at(const ResultObject *o)
{
    for (size_t k = 0; k < o->result.n_defs; k++)
        if (str_eq(o->result.defs[k].name, o->scheme.nodes[o->scheme.total].name))
            return (ptrdiff_t)k;
    return 0;
}

/* --- tables --------------------------------------------------------------------------------- */

/* 民主测评·区领导 is too long for a column: the group alone says it. */
static Str short_title(const ScoreDef *d)
{
    Str head, tail;
    return d->kind == SCORE_GROUP && str_cut(d->title, STRC("·"), &head, &tail) ? tail : d->title;
}

static void value_columns(Table *t, const ResultObject *o)
{
    for (size_t k = 0; k < o->result.n_defs; k++)
        if (work_result_shown(o, k))
            table_column(t, short_title(&o->result.defs[k]), TABLE_NUMBER, 0);
}

static void value_cells(Table *t, Call *c, const ResultObject *o, const ScoreScored *s)
{
    for (size_t k = 0; k < o->result.n_defs; k++) {
        if (!work_result_shown(o, k))
            continue;
        if (s->values[k].given)
            table_number(t, s->values[k].value);
        else
            table_text(t, value_text(c, &s->values[k]));
    }
}

static void notes_of(Table *t, Call *c, const ResultObject *o)
{
    Str line;
    table_note(t, arena_text(c->a, "方案：%.*s（%.*s）。", STR(o->scheme.title), STR(o->scheme.cite)));
    for (size_t k = 0; (line = work_result_choices(c, o, k)).n; k++)
        table_note(t, line);
    table_note(t, work_result_quota(c, o));
    for (size_t i = 0; i < o->result.n_debriefers; i++) {
        const ScoreScored *s = &o->result.debriefers[i];
        Str name;
        Err why;
        if (s->n_steps < 2 || !work_debriefer_named(&name, NULL, c, s->id, &why))
            continue;
        for (size_t k = 1; k < s->n_steps; k++)
            table_note(t, arena_text(c->a, "%.*s：%.*s。", STR(name),
                                     STR(work_result_step(c, o, &s->steps[k]))));
    }
}

static bool result_table(Table **out, Call *c, const ResultObject *o, Err *e)
{
    Table *t = table_open(c->a, o->title, o->title);
    table_column(t, STRC("姓名"), TABLE_TEXT, 8);
    table_column(t, STRC("单位"), TABLE_TEXT, 20);
    value_columns(t, o);
    table_column(t, STRC("测算等次"), TABLE_TEXT, 8);
    table_column(t, STRC("建议等次"), TABLE_TEXT, 8);
    table_column(t, STRC("审定等次"), TABLE_TEXT, 8);
    for (size_t i = 0; i < o->result.n_debriefers; i++) {
        const ScoreScored *s = &o->result.debriefers[i];
        Str name, org;
        if (!work_debriefer_named(&name, &org, c, s->id, e))
            return false;
        table_row(t);
        table_text(t, name);
        table_text(t, org);
        value_cells(t, c, o, s);
        table_text(t, o->scheme.bands[s->computed].title);
        table_text(t, o->scheme.bands[s->proposed].title);
        table_text(t, o->scheme.bands[s->final].title);
    }
    *out = t;
    return t != NULL || err_fail(e, ERR_NO_MEMORY, err_hole("what", "结果单"));
}

static Table *box_table(Call *c, const ResultObject *o)
{
    Table *t = table_open(c->a, arena_text(c->a, "%.*s票数", STR(o->title)), STRC("票数"));
    table_column(t, STRC("票类"), TABLE_TEXT, 0);
    static const char *const counts[] = { "发出", "收回", "有效", "无效" };
    for (size_t k = 0; k < 4; k++)
        table_column(t, str_of(counts[k]), TABLE_INT, 0);
    table_column(t, STRC("票数效力"), TABLE_TEXT, 0);
    for (size_t i = 0; i < o->result.n_quorum; i++) {
        const ScoreQuorum *q = &o->result.quorum[i];
        table_row(t);
        table_text(t, q->groups);
        table_int(t, q->issued);
        table_int(t, q->returned);
        table_int(t, q->valid);
        table_int(t, q->returned - q->valid);
        table_text(t, q->returned_ok && q->valid_ok ? STRC("有效")
                      : o->result.accepted          ? STRC("不足，经裁定采用")
                                                    : STRC("不足"));
    }
    return t;
}

/* Inside a class by rank: for the organiser and the committee only. */
static bool rank_table(Table **out, Call *c, const ResultObject *o, Err *e)
{
    ptrdiff_t total = total_at(o);
    Table *t = table_open(c->a, o->title, o->title);
    table_column(t, STRC("分类"), TABLE_TEXT, 0);
    table_column(t, STRC("名次"), TABLE_INT, 6);
    table_column(t, STRC("姓名"), TABLE_TEXT, 10);
    table_column(t, STRC("单位"), TABLE_TEXT, 30);
    table_column(t, STRC("总分"), TABLE_NUMBER, 10);
    table_column(t, STRC("等次"), TABLE_TEXT, 10);
    for (size_t i = 0; i < o->result.n_debriefers; i++) {
        const ScoreScored *first = &o->result.debriefers[i];
        bool seen = false;
        for (size_t k = 0; k < i; k++)
            seen |= str_eq(o->result.debriefers[k].klass, first->klass);
        for (size_t rank = 1; !seen && rank <= first->class_size; rank++)
            for (size_t k = i; k < o->result.n_debriefers; k++) {
                const ScoreScored *s = &o->result.debriefers[k];
                Str name, org;
                if (!str_eq(s->klass, first->klass) || s->rank != rank)
                    continue;
                if (!work_debriefer_named(&name, &org, c, s->id, e))
                    return false;
                table_row(t);
                table_text(t, work_result_class(c, s->klass));
                table_int(t, (int64_t)s->rank);
                table_text(t, name);
                table_text(t, org);
                table_number(t, s->values[total].value);
                table_text(t, o->scheme.bands[s->final].title);
            }
    }
    table_note(t, work_result_choices(c, o, 2));
    table_note(t, STRC("分类排名仅供组织单位和审定机构使用，不公开、不下发。"));
    *out = t;
    return t != NULL || err_fail(e, ERR_NO_MEMORY, err_hole("what", "分类排名"));
}

/* --- papers --------------------------------------------------------------------------------- */

/* A sheet that is no longer or not yet the truth says so at its head. */
static bool mark(Paper *p, Call *c, const Fact *result, Err *e)
{
    const char *state = work_result_state(result);
    Fact newest;
    if (str_is(str_of(state), "computed"))
        paper_mark(p, STRC("测算稿，未经审定"));
    if (!str_is(str_of(state), "superseded"))
        return true;
    if (!work_result_find(&newest, c, fact_int(result, "cycle"), 0, e))
        return false;
    int64_t next = fact_int(&newest, "version");
    paper_mark(p, next > fact_int(result, "version")
                      ? arena_text(c->a, "已被第%lld版替代", (long long)next)
                      : STRC("已作废，更正中"));
    return true;
}

static void approval_text(Paper *p, Call *c, const ResultBook *b)
{
    const json_t *a = jv_get(b->body, "approved");
    Str reason = fact_str(c->a, &b->fact, "reason"), by = fact_str(c->a, &b->fact, "approver");
    int64_t number = fact_int(&b->fact, "version");
    if (a)
        paper_text(p, arena_text(c->a, "等次经%.*s（%.*s）审定。", STR(jv_str(a, "meeting")),
                                 STR(day_print_zh(c->a, jv_day(a, "day")))));
    if (a && jv_str(a, "reason").n)
        paper_text(p, arena_text(c->a, "比例说明：%.*s。", STR(jv_str(a, "reason"))));
    if (number > 1 && reason.n)
        paper_text(p, arena_text(c->a, "本版为第%lld版，更正理由：%.*s（%.*s批准）。",
                                 (long long)number, STR(reason), STR(by)));
}

static bool sheet_fill(Sheets *s, Call *c, const ResultBook *b, Err *e)
{
    static const char *const signs[] = { "主持人", "监票人", "计票人", "计票人" };
    Str labels[4];
    if (!mark(s->paper, c, &b->fact, e))
        return false;
    paper_title(s->paper, s->title);
    approval_text(s->paper, c, b);
    for (size_t i = 0; i < b->n_objects && s->n + 2 < SHEETS_MAX; i++) {
        const ResultObject *o = &b->objects[i];
        Table *t, *boxes = box_table(c, o);
        if (!result_table(&t, c, o, e))
            return false;
        notes_of(t, c, o);
        s->tables[s->n++] = t;
        s->tables[s->n++] = boxes;
        paper_table(s->paper, t);
        paper_table(s->paper, boxes);
    }
    for (size_t i = 0; i < 4; i++)
        labels[i] = str_of(signs[i]);
    paper_signature(s->paper, labels, 4);
    return call_log_lines(s->paper, c, e);
}

static bool rank_fill(Sheets *s, Call *c, const ResultBook *b, Err *e)
{
    if (!mark(s->paper, c, &b->fact, e))
        return false;
    paper_title(s->paper, s->title);
    for (size_t i = 0; i < b->n_objects && s->n < SHEETS_MAX; i++) {
        Table *t;
        if (!rank_table(&t, c, &b->objects[i], e))
            return false;
        s->tables[s->n++] = t;
        paper_table(s->paper, t);
    }
    return call_log_lines(s->paper, c, e);
}

static bool build(Call *c, Sheets *s, const char *title, PaperTurn turn,
                  bool (*fill)(Sheets *, Call *, const ResultBook *, Err *), Err *e)
{
    Fact f, cycle;
    ResultBook b;
    if (!call_may_cycle(c, s->in->cycle, e) || !call_thing(&cycle, c, "cycle", s->in->cycle, e) ||
        !work_result_find(&f, c, s->in->cycle, s->in->number, e) || !work_result_open(&b, c, &f, e))
        return false;
    s->title = arena_text(c->a, "%.*s\n%s（第%lld版）", STR(fact_str(c->a, &cycle, "title")), title,
                          (long long)fact_int(&f, "version"));
    s->paper = paper_open(c->a, str_of(title), turn);
    bool ok = s->paper ? fill(s, c, &b, e)
                       : err_fail(e, ERR_NO_MEMORY, err_hole("what", title));
    work_result_close(&b);
    return ok;
}

static bool sheet_job(Call *c, void *arg, Err *e)
{
    return build(c, arg, "综合评价结果单", PAPER_LANDSCAPE, sheet_fill, e);
}

static bool rank_job(Call *c, void *arg, Err *e)
{
    return build(c, arg, "分类排名", PAPER_PORTRAIT, rank_fill, e);
}

static bool answer(Call *c, const PaperIn *in, CallJob job, const char *name, Err *e)
{
    Sheets s = { .in = in };
    Str bytes;
    if (!call_read(c, job, &s, e))
        return false;
    if (str_is(in->format, "xlsx"))
        return print_xlsx(&bytes, c->a, call_print(c), s.tables, s.n, s.title, c->now, e) &&
               call_answer_file(
                   c, arena_text(c->a, "%s.xlsx", name),
                   STRC("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
                   bytes);
    return call_answer_paper(c, str_of(name), s.paper, in->format, e);
}

static bool result_sheet(Call *c, const void *in, Jw *out, Err *e)
{
    (void)out;
    return answer(c, in, sheet_job, "综合评价结果单", e);
}

const UseCase work_result_sheet = { "result_sheet", "打印综合评价结果单", WORK_OUTSIDE, ASSESS_JUDGES,
                                    &sheet_in, NULL, .file = true, .run = result_sheet };

static bool class_rank(Call *c, const void *in, Jw *out, Err *e)
{
    (void)out;
    return answer(c, in, rank_job, "分类排名", e);
}

const UseCase work_class_rank = { "class_rank", "打印分类排名（不公开）", WORK_OUTSIDE, ASSESS_JUDGES,
                                  &rank_in, NULL, .file = true, .run = class_rank };
