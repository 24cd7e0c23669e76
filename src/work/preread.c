/* The papers read before the debrief meeting: one page a debriefer, made from what is held: duties
 * of his organisations, last year's problems, what the survey found beside what the report claims.
 * Nobody types any of it again. */
#include "work/areas.h"
#include "work/assess.h"
#include "work/board.h"
#include "work/board_say.h"

enum { FACTS_SHOWN = 8, DUTIES_SHOWN = 14 };

typedef struct PrereadIn {
    int64_t cycle;
    Str format;
} PrereadIn;
static const ShapeField in_fields[] = {
    { "cycle", SHAPE_ID, offsetof(PrereadIn, cycle), .required = true, .title = "年度周期" },
    { "format", SHAPE_WORD, offsetof(PrereadIn, format), .words = CALL_PAPER_FORMATS,
      .title = "格式" },
};
static const Shape preread_in = SHAPE("PrereadIn", PrereadIn, in_fields);

typedef struct Preread {
    const PrereadIn *in;
    Paper *paper;
    Board *board;
    int year;
    size_t n;
} Preread;

/* --- duties --------------------------------------------------------------------------------- */
typedef struct Row {
    Str title;
    int64_t own[DUTY_STATES], below[DUTY_STATES];
} Row;

static void cells_add(Preread *r, Call *c, Map *rows, const BoardOrg *o, bool own)
{
    BoardCells all = work_board_cells(r->board, o, r->year);
    for (size_t i = 0; i < all.n; i++) {
        const Duty *d = pack_duty_at(call_rules(c), all.items[i].duty);
        Row *row = map_get(rows, d->name);
        if (!row && (row = ARENA_NEW(c->a, Row))) {
            row->title = d->title;
            if (!map_put(rows, d->name, row))
                return;
        }
        for (int s = 0; row && s < DUTY_STATES; s++)
            *(own ? &row->own[s] : &row->below[s]) += all.items[i].n[s];
    }
}

static Str counts(Call *c, const int64_t n[DUTY_STATES])
{
    if (n[DUTY_MET] + n[DUTY_DUE] + n[DUTY_MISSED] + n[DUTY_WAIVED] == 0)
        return STRC("—");
    return arena_text(c->a, "完成%lld 未完成%lld 期内%lld", (long long)n[DUTY_MET],
                      (long long)n[DUTY_MISSED], (long long)n[DUTY_DUE]);
}

static void duties(Preread *r, Call *c, int64_t org)
{
    const BoardOrg *o = work_board_org(r->board, org);
    Map rows = map_open(c->a);
    Table *t = table_open(c->a, STRC("职责"), STRC(""));
    size_t shown = 0;
    static const char *const columns[] = { "职责", "本级", "下级组织" };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        table_column(t, str_of(columns[i]), TABLE_TEXT, 0);
    paper_heading(r->paper, 1, STRC("一、本年职责"));
    for (size_t i = o ? o->rank : 1; o && i <= o->last; i++)
        cells_add(r, c, &rows, work_board_at(r->board, i), i == o->rank);
    /* what was missed first: that is what is asked about */
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < rows.n && shown < DUTIES_SHOWN; i++) {
            const Row *row = rows.entries[i].value;
            bool missed = row->own[DUTY_MISSED] + row->below[DUTY_MISSED] > 0;
            bool asked = missed || row->own[DUTY_MET] + row->below[DUTY_MET] > 0;
            if (!asked || missed == (pass == 1))
                continue;
            table_row(t);
            table_text(t, row->title);
            table_text(t, counts(c, row->own));
            table_text(t, counts(c, row->below));
            shown++;
        }
    if (shown)
        paper_table(r->paper, t);
    else
        paper_text(r->paper, STRC("本年还没有到期的职责。"));
}

/* --- last year's problems, and the survey ---------------------------------------------------- */
static bool problems(Preread *r, Call *c, const Fact *debriefer, Err *e)
{
    FactList l;
    paper_heading(r->paper, 1, STRC("二、上年没有销号的问题"));
    if (!work_findings_carried(&l, c, debriefer, e))
        return false;
    for (size_t i = 0; i < l.n && i < FACTS_SHOWN; i++)
        paper_text(r->paper, arena_text(c->a, "%zu.%.*s（%.*s）", i + 1,
                                        STR(fact_str(c->a, &l.items[i], "text")),
                                        STR(call_title(c, "finding_state",
                                                       fact_str(c->a, &l.items[i], "state")))));
    if (l.n > FACTS_SHOWN)
        paper_text(r->paper, arena_text(c->a, "另有%zu项，见问题清单。", l.n - FACTS_SHOWN));
    if (l.n == 0)
        paper_text(r->paper, STRC("没有。"));
    return true;
}

static bool survey(Preread *r, Call *c, const Fact *debriefer, Err *e)
{
    FactList l;
    bool seen;
    paper_heading(r->paper, 1, STRC("三、会前调研核实的情况与报告中的说法"));
    if (!work_survey_visible(&seen, c, debriefer, e))
        return false;
    if (!seen) {
        paper_text(r->paper, STRC("会上揭晓。"));
        return true;
    }
    if (!call_list_id(&l, c, "survey_fact", "debriefer", debriefer->subject, e))
        return false;
    for (size_t i = 0; i < l.n && i < FACTS_SHOWN; i++) {
        Str claim = fact_str(c->a, &l.items[i], "claim");
        Str source = call_title(c, "survey_source", fact_str(c->a, &l.items[i], "source"));
        paper_text(r->paper, arena_text(c->a, "%zu.%.*s（%.*s）%s%.*s", i + 1,
                                        STR(fact_str(c->a, &l.items[i], "text")), STR(source),
                                        claim.n ? "报告中写：" : "", STR(claim)));
    }
    if (l.n == 0)
        paper_text(r->paper, STRC("没有登记。"));
    return true;
}

/* --- the page ------------------------------------------------------------------------------- */
static Str since(Call *c, const RuleUnit *unit, int64_t person)
{
    for (size_t i = 0; i < unit->n_tenures; i++) {
        const RuleTenure *t = &unit->tenures[i];
        bool now = t->from <= c->today && (t->to == DAY_NONE || t->to >= c->today);
        if (now && t->person == person && str_is(t->post, "secretary"))
            return arena_text(c->a, "%.*s任书记，至今%d个月", STR(day_print_zh(c->a, t->from)),
                              (int)((c->today - t->from) / 30));
    }
    return STRC("名册上没有现任书记的任职日期");
}

static bool page(Preread *r, Call *c, const Fact *debriefer, Err *e)
{
    Str name, org_name;
    RuleUnit unit = { 0 };
    int64_t org = fact_int(debriefer, "org");
    const BoardOrg *o = work_board_org(r->board, org);
    if (!work_debriefer_named(&name, &org_name, c, debriefer->subject, e) ||
        (o && !work_board_unit(&unit, c->a, r->board, o, e)))
        return false;
    if (r->n++)
        paper_break(r->paper, PAPER_PORTRAIT);
    paper_title(r->paper, STRC("会前材料"));
    paper_subtitle(r->paper, arena_text(c->a, "%.*s  %.*s", STR(org_name), STR(name)));
    paper_text(r->paper, since(c, &unit, fact_int(debriefer, "person")));
    duties(r, c, org);
    return problems(r, c, debriefer, e) && survey(r, c, debriefer, e);
}

static bool pages(Preread *r, Call *c, const Fact *cycle, Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "debriefer", "cycle", cycle->subject, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (!fact_bool(&l.items[i], "withdrawn") && !page(r, c, &l.items[i], e))
            return false;
    return r->n > 0 || err_fail(e, ERR_NOT_FOUND, err_hole("what", "述职人"));
}

static bool job(Call *c, void *arg, Err *e)
{
    Preread *r = arg;
    Fact cycle;
    if (!call_may_cycle(c, r->in->cycle, e) || !call_thing(&cycle, c, "cycle", r->in->cycle, e))
        return false;
    r->year = (int)fact_int(&cycle, "year");
    r->paper = paper_open(c->a, STRC("会前材料"), PAPER_PORTRAIT);
    if (!work_board_enter_judged(&r->board, c, fact_int(&cycle, "organiser"), true, r->year, e))
        return false;
    bool ok = pages(r, c, &cycle, e) && call_log_lines(r->paper, c, e);
    work_board_leave(r->board);
    return ok;
}

static bool preread_pdf(Call *c, const void *in, Jw *out, Err *e)
{
    Preread r = { .in = in };
    (void)out;
    return call_read(c, job, &r, e) &&
           call_answer_paper(c, STRC("会前材料"), r.paper, r.in->format, e);
}

const UseCase work_preread_pdf = {
    "preread_pdf", "打印会前材料（由台账和调研生成）", WORK_OUTSIDE,
    ASSESS_JUDGES | ROLE_BIT(ROLE_COMMENTATOR), &preread_in, NULL, .file = true, .run = preread_pdf
};
