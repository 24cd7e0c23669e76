/* What a report says beside what is on record: its figures beside the ledgers, last year's findings
 * beside its text. Shown to whoever reads the report, with the way to the records; never judged. */
#include "work/areas.h"
#include "work/figure.h"
#include "work/report.h"
#include "work/rows.h"

#include <string.h>

/* --- figures -------------------------------------------------------------------------------- */

/* Measures as reports may name them: what has a unit and a name of its own. */
static bool measures_named(ReportClaims *out, Call *c, Err *e)
{
    const Rulebook *rb = call_rules(c);
    size_t all = pack_measure_count(rb);
    out->records = ARENA_ARRAY(c->a, ClaimRecord, all + 1);
    out->measures = ARENA_ARRAY(c->a, const Measure *, all + 1);
    if (!out->records || !out->measures)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "指标"));
    for (size_t i = 0; i < all; i++) {
        const Measure *m = pack_measure_at(rb, i);
        size_t same = 0;
        for (size_t k = 0; k < all; k++)
            same += str_eq(pack_measure_at(rb, k)->title, m->title);
        if (!m->unit.n || same > 1)
            continue;
        out->measures[out->n] = m;
        out->records[out->n] = (ClaimRecord){ .id = (int64_t)out->n, .name = m->title,
                                              .unit = m->unit };
        out->n++;
    }
    return true;
}

typedef struct Summing {
    RuleSum *sum;
    Day today;
} Summing;

static bool sum_one(void *arg, Arena *scratch, const RuleUnit *unit, Err *e)
{
    const Summing *s = arg;
    return rule_sum_add(s->sum, scratch, unit, s->today, e);
}

/* Keeps the measures that some figure named and that count to a number. */
static bool count_named(ReportClaims *out, Call *c, const Board *b, const BoardOrg *o, Period p,
                        Err *e)
{
    size_t kept = 0;
    for (size_t i = 0; i < out->n; i++) {
        bool named = false;
        RuleUnit top;
        RuleFigure f;
        for (size_t k = 0; k < out->pairs.n; k++)
            named |= out->pairs.items[k].record == i;
        if (!named)
            continue;
        Summing s = { rule_sum_open(c->a, work_board_rules(b), out->measures[i], p), c->today };
        if (!s.sum)
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", out->measures[i]->title));
        if (!work_figure_walk(b, o, sum_one, &s, e) || !work_board_unit(&top, c->a, b, o, e) ||
            !rule_sum_read(&f, c->a, s.sum, &top, c->today, e))
            return false;
        if (f.value.kind != FEEL_NUMBER)
            continue;
        out->measures[kept] = out->measures[i];
        out->records[kept] = out->records[i];
        out->records[kept++].counted = f.value.number;
    }
    out->n = kept;
    return true;
}

static bool records_below(const Board *b, const BoardOrg *o)
{
    for (size_t i = o->rank; i <= o->last; i++)
        if (work_board_at(b, i)->n_records)
            return true;
    return false;
}

/* Paired twice: first by name alone, so that only what the report speaks of is counted. */
bool work_report_claimed(ReportClaims *out, Call *c, int64_t org, int year,
                         const OutlineFigures *figures, Err *e)
{
    ReportClaims r = { .n = 0 };
    Board *b;
    if (!measures_named(&r, c, e) ||
        !claim_pairs(&r.pairs, c->a, call_text(c), figures, r.records, r.n, e) ||
        !work_board_enter(&b, c, e))
        return false;
    const BoardOrg *o = work_board_org(b, org);
    bool ok = true;
    r.kept = o && records_below(b, o);
    if (r.kept)
        ok = count_named(&r, c, b, o, period_of(PERIOD_YEAR, day_make(year, 1, 1)), e);
    else
        r.n = 0;
    work_board_leave(b);
    r.pairs = (ClaimPairs){ .n = 0 };
    ok = ok && claim_pairs(&r.pairs, c->a, call_text(c), figures, r.records, r.n, e);
    *out = r;
    return ok;
}

/* --- the page ------------------------------------------------------------------------------- */

typedef struct BesideIn {
    int64_t debriefer;
} BesideIn;
static const ShapeField in_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(BesideIn, debriefer), .required = true, .title = "述职人" },
};
static const Shape beside_in = SHAPE("ReportBesideIn", BesideIn, in_fields);
static const ShapeField claim_fields[] = {
    { "text", SHAPE_TEXT, .required = true },
    { "sentence", SHAPE_TEXT, .required = true },
    { "class", SHAPE_TEXT },
    { "from", SHAPE_INT },
    { "to", SHAPE_INT },
    { "measure", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "unit", SHAPE_TEXT, .required = true },
    { "claimed", SHAPE_TEXT, .required = true },
    { "counted", SHAPE_TEXT, .required = true },
    { "state", SHAPE_TEXT, .required = true },
};
static const Shape claim_shape = SHAPE_REPLY("ReportClaim", claim_fields);
static const ShapeField finding_fields[] = {
    { "finding", SHAPE_ID, .required = true },
    { "text", SHAPE_TEXT, .required = true },
    { "state", SHAPE_TEXT, .required = true },
    { "again", SHAPE_BOOL, .required = true },
    { "sentence", SHAPE_TEXT, .required = true },
    { "say", SHAPE_TEXT, .required = true },
};
static const Shape finding_shape = SHAPE_REPLY("ReportFindingBeside", finding_fields);
static const ShapeField out_fields[] = {
    { "org", SHAPE_ID, .required = true },
    { "period", SHAPE_TEXT, .required = true },
    { "kept", SHAPE_BOOL, .required = true },
    { "claims", SHAPE_LIST, .required = true, .sub = &claim_shape },
    { "findings", SHAPE_LIST, .required = true, .sub = &finding_shape },
};
static const Shape beside_out = SHAPE_REPLY("ReportBeside", out_fields);

static void put_claims(Call *c, const ReportClaims *r, const OutlineFigures *figures,
                       const ReportPart *part, Jw *out)
{
    jw_key(out, "claims");
    jw_arr(out);
    for (size_t i = 0; i < r->pairs.n; i++) {
        const ClaimPair *p = &r->pairs.items[i];
        const OutlineFigure *f = &figures->items[p->figure];
        const ClaimRecord *k = &r->records[p->record];
        jw_obj(out);
        jw_kstr(out, "text", f->text);
        jw_kstr(out, "sentence", f->sentence);
        work_report_place(out, part, f->from, f->to);
        jw_kstr(out, "measure", r->measures[p->record]->name);
        jw_kstr(out, "title", k->name);
        jw_kstr(out, "unit", k->unit);
        jw_kstr(out, "claimed", dec_print_short(c->a, p->claimed));
        jw_kstr(out, "counted", dec_print_short(c->a, k->counted));
        jw_kstr(out, "state", str_of(claim_state_name(p->state)));
        jw_end(out);
    }
    jw_end(out);
}

static Str answer_to(const json_t *answers, int64_t finding)
{
    for (size_t i = 0; i < jv_len(answers); i++)
        if (jv_int(jv_at(answers, i), "finding") == finding)
            return jv_str(jv_at(answers, i), "text");
    return STRC("");
}

static bool put_findings(Call *c, const Fact *d, const json_t *body, const ReportPart *parts,
                         Jw *out, Err *e)
{
    FactList l;
    BesideResult *found;
    Str texts[ADVICE_PARTS];
    if (!work_findings_carried(&l, c, d, e))
        return false;
    size_t n = l.n < BESIDE_FINDINGS_MAX ? l.n : BESIDE_FINDINGS_MAX;
    BesideFinding *all = ARENA_ARRAY(c->a, BesideFinding, n + 1);
    if (!all)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "上年问题"));
    for (size_t i = 0; i < n; i++)
        all[i] = (BesideFinding){ l.items[i].subject, fact_str(c->a, &l.items[i], "text"),
                                  answer_to(jv_get(body, "answers"), l.items[i].subject) };
    for (size_t p = 0; p < ADVICE_PARTS; p++)
        texts[p] = parts[p].text;
    if (!beside_last_year(&found, c->a, call_text(c), all, n, texts, e))
        return false;
    jw_key(out, "findings");
    jw_arr(out);
    for (size_t i = 0; i < n; i++) {
        jw_obj(out);
        jw_kint(out, "finding", found[i].id);
        jw_kstr(out, "text", all[i].text);
        jw_kstr(out, "state", str_of(beside_state_name(found[i].state)));
        jw_kbool(out, "again", found[i].again);
        jw_kstr(out, "sentence", found[i].sentence);
        jw_kstr(out, "say", found[i].say);
        jw_end(out);
    }
    jw_end(out);
    return true;
}

static bool put_beside(Call *c, const Fact *d, int year, const json_t *body, Jw *out, Err *e)
{
    ReportPart parts[ADVICE_PARTS];
    ReportClaims r;
    Outline o;
    int64_t org = fact_int(d, "org");
    if (!work_report_parts(parts, c->a, jv_get(body, "sections"), e) ||
        !outline_read(&o, c->a, call_text(c), parts[ADVICE_ACHIEVEMENTS].text, e) ||
        !work_report_claimed(&r, c, org, year, &o.figures, e))
        return false;
    jw_kint(out, "org", org);
    jw_kstr(out, "period", work_period_text(c->a, period_of(PERIOD_YEAR, day_make(year, 1, 1))));
    jw_kbool(out, "kept", r.kept);
    put_claims(c, &r, &o.figures, &parts[ADVICE_ACHIEVEMENTS], out);
    return put_findings(c, d, body, parts, out, e);
}

static bool report_beside(Call *c, const void *in_, Jw *out, Err *e)
{
    const BesideIn *in = in_;
    Fact d, cycle, r;
    json_t *body = NULL;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) || !work_debriefer_read(c, &d, e) ||
        !call_thing(&cycle, c, "cycle", fact_int(&d, "cycle"), e) ||
        !work_report_current(&r, c, in->debriefer, e) ||
        (r.id && !(body = call_body(c, &r, e))))
        return false;
    bool ok = put_beside(c, &d, (int)fact_int(&cycle, "year"), body, out, e);
    json_decref(body);
    return ok;
}

const UseCase work_report_beside = { "report_beside", "述职报告与台账记录、上年问题对照", WORK_READ,
                                     REPORT_READERS, &beside_in, &beside_out,
                                     .run = report_beside };
