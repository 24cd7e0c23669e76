/* Advice while the report is written, and a report read from a file: nothing here is stored. */
#include "work/areas.h"
#include "work/call.h"
#include "work/names.h"
#include "work/overlap.h"
#include "work/report.h"
#include "work/report_read.h"
#include "work/rows.h"

#include <string.h>

enum {
    COPY_NUM = 3, COPY_DEN = 10, /* of last year's words: worth a word */
    SENTENCE_MAX = 100           /* characters a listener can follow */
};

typedef struct WriteIn {
    int64_t debriefer;
    const json_t *sections;
} WriteIn;

/* --- advice --------------------------------------------------------------------------------- */

static const ShapeField advice_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(WriteIn, debriefer), .required = true, .title = "述职人" },
    { "sections", SHAPE_JSON, offsetof(WriteIn, sections), .required = true,
      .title = "分类内容" },
};
static const Shape advice_in = SHAPE("AdviceIn", WriteIn, advice_fields);
static const ShapeField note_fields[] = {
    { "kind", SHAPE_TEXT, .required = true },
    { "part", SHAPE_TEXT, .required = true },
    { "class", SHAPE_TEXT },
    { "from", SHAPE_INT },
    { "to", SHAPE_INT },
    { "quote", SHAPE_TEXT, .required = true },
    { "say", SHAPE_TEXT, .required = true },
};
static const Shape note_shape = SHAPE_REPLY("AdviceNote", note_fields);
static const ShapeField phrase_fields[] = {
    { "part", SHAPE_TEXT, .required = true },
    { "class", SHAPE_TEXT },
    { "from", SHAPE_INT },
    { "to", SHAPE_INT },
    { "quote", SHAPE_TEXT, .required = true },
};
static const Shape phrase_shape = SHAPE_REPLY("AdvicePhrase", phrase_fields);
static const ShapeField advice_out_fields[] = {
    { "points", SHAPE_INT, .required = true },
    { "achievements", SHAPE_INT, .required = true },
    { "problems", SHAPE_INT, .required = true },
    { "causes", SHAPE_INT, .required = true },
    { "measures", SHAPE_INT, .required = true },
    { "sentences", SHAPE_INT, .required = true },
    { "first_person", SHAPE_INT, .required = true },
    { "phrase_points", SHAPE_INT, .required = true },
    { "longest", SHAPE_INT, .required = true },
    { "notes", SHAPE_LIST, .required = true, .sub = &note_shape },
    { "phrases", SHAPE_LIST, .required = true, .sub = &phrase_shape },
};
static const Shape advice_out = SHAPE_REPLY("Advice", advice_out_fields);

static void put_note(Jw *out, const AdviceFinding *f, const ReportPart *parts)
{
    jw_obj(out);
    jw_kstr(out, "kind", str_of(advice_kind_name(f->kind)));
    jw_kstr(out, "part", str_of(advice_part_name(f->part)));
    jw_kstr(out, "quote", f->quote);
    jw_kstr(out, "say", f->say);
    if (f->part < ADVICE_PARTS && f->to)
        work_report_place(out, &parts[f->part], f->from, f->to);
    jw_end(out);
}

/* The report that the same person filed in the year before; empty when there is none. */
static bool last_year(Str *out, Call *c, const Fact *d, const Fact *cycle, Err *e)
{
    static const char *const parts[] = { "achievements", "problems", "causes", "measures" };
    FactList l;
    Fact r;
    *out = STRC("");
    int64_t before = fact_int(cycle, "previous");
    if (!before || !call_list_id(&l, c, "debriefer", "person", fact_int(d, "person"), e))
        return before == 0;
    for (size_t i = 0; i < l.n; i++) {
        if (fact_int(&l.items[i], "cycle") != before)
            continue;
        if (!work_report_current(&r, c, l.items[i].subject, e))
            return false;
        json_t *body = r.id ? call_body(c, &r, e) : NULL;
        if (r.id && !body)
            return false;
        Buf b = buf_open(TEXT_BYTES_MAX);
        for (size_t p = 0; p < sizeof parts / sizeof *parts; p++)
            for (size_t k = 0; k < jv_len(jv_get(body, "sections")); k++)
                buf_put(&b, jv_str(jv_at(jv_get(body, "sections"), k), parts[p]));
        *out = arena_str(c->a, buf_str(&b));
        buf_close(&b);
        json_decref(body);
    }
    return true;
}

/* Said in its place by the reader of the report: how much of it stood in last year's. */
static bool put_copy(Call *c, const ReportPart *parts, Str before, Jw *out, Err *e)
{
    Buf b = buf_open(TEXT_BYTES_MAX);
    Overlap o;
    for (size_t p = 0; p < ADVICE_PARTS; p++)
        buf_put(&b, parts[p].text);
    Str now = arena_str(c->a, buf_str(&b));
    buf_close(&b);
    if (!work_overlap(&o, c->a, now, before))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "述职报告"));
    if (!work_overlap_over(&o, COPY_NUM, COPY_DEN))
        return true;
    jw_obj(out);
    jw_kstr(out, "kind", STRC("copy"));
    jw_kstr(out, "part", STRC("report"));
    jw_kstr(out, "quote", STRC(""));
    jw_kstr(out, "say", arena_text(c->a, "约百分之%zu的文字与本人上年的述职报告相同；请写今年的事",
                                   o.same * 100 / o.all));
    jw_end(out);
    return true;
}

static void put_phrases(Jw *out, const Advice *ad, const ReportPart *parts)
{
    jw_key(out, "phrases");
    jw_arr(out);
    for (size_t i = 0; i < ad->n_phrases; i++) {
        const AdvicePhrase *p = &ad->phrases[i];
        jw_obj(out);
        jw_kstr(out, "part", str_of(advice_part_name(p->part)));
        work_report_place(out, &parts[p->part], p->from, p->to);
        jw_kstr(out, "quote", p->quote);
        jw_end(out);
    }
    jw_end(out);
}

static bool put_advice(Call *c, const Advice *ad, const ReportPart *parts, Str before, Jw *out,
                       Err *e)
{
    jw_kint(out, "points", ad->points_all);
    for (size_t p = 0; p < ADVICE_PARTS; p++)
        jw_kint(out, advice_part_name((AdvicePart)p), ad->points[p]);
    jw_kint(out, "sentences", ad->sentences);
    jw_kint(out, "first_person", ad->first_person);
    jw_kint(out, "phrase_points", ad->phrase_points);
    jw_kint(out, "longest", ad->longest);
    put_phrases(out, ad, parts);
    jw_key(out, "notes");
    jw_arr(out);
    for (size_t i = 0; i < ad->n; i++)
        put_note(out, &ad->items[i], parts);
    bool ok = before.n == 0 || put_copy(c, parts, before, out, e);
    jw_end(out);
    return ok;
}

/* Names of places are compared with the roster, figures with what the ledgers hold: a place where
 * nobody keeps records yet is not told that each of its figures lacks one. */
static bool known(AdviceIn *ask, Call *c, const Fact *d, Err *e)
{
    ReportClaims claims;
    Outline o;
    if (!outline_read(&o, c->a, call_text(c), ask->parts[ADVICE_ACHIEVEMENTS], e) ||
        !work_report_claimed(&claims, c, fact_int(d, "org"), ask->year, &o.figures, e))
        return false;
    AdviceKnown *all = ARENA_ARRAY(c->a, AdviceKnown, claims.n + 1);
    if (!all)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "述职报告"));
    for (size_t i = 0; i < claims.n; i++)
        all[i] = (AdviceKnown){ claims.records[i].counted, claims.records[i].unit };
    ask->check_sources = claims.kept;
    ask->known = all;
    ask->n_known = claims.n;
    return true;
}

/* What this place writes in every report: a list of the pack, beside the phrases known
 * everywhere. */
static bool set_phrases(AdviceIn *ask, Call *c, Err *e)
{
    const List *l = pack_list(call_rules(c), STRC("set_phrase"));
    Str *all = ARENA_ARRAY(c->a, Str, (l ? l->n_items : 0) + 1);
    if (!all)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "述职报告"));
    for (size_t i = 0; l && i < l->n_items; i++)
        all[i] = l->items[i].title;
    ask->phrases = all;
    ask->n_phrases = l ? l->n_items : 0;
    return true;
}

static bool advise(Advice *out, Call *c, AdviceIn *ask, Err *e)
{
    if (!work_names_roster(&ask->roster, c, e))
        return false;
    bool ok = advice_report(out, c->a, call_text(c), ask, e);
    work_names_leave(c);
    return ok;
}

static bool report_advice(Call *c, const void *in_, Jw *out, Err *e)
{
    const WriteIn *in = in_;
    ReportPart parts[ADVICE_PARTS];
    Fact d, cycle;
    Advice ad;
    Str before;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) || !work_debriefer_read(c, &d, e) ||
        !call_thing(&cycle, c, "cycle", fact_int(&d, "cycle"), e) ||
        !last_year(&before, c, &d, &cycle, e))
        return false;
    AdviceIn ask = { .year = (int)fact_int(&cycle, "year"), .share_num = 1, .share_den = 3,
                     .first_num = 1, .first_den = 5, .phrase_num = 1, .phrase_den = 5,
                     .sentence_max = SENTENCE_MAX,
                     .points_min = (int)fact_int(&cycle, "report_min"),
                     .points_max = (int)fact_int(&cycle, "report_max") };
    if (!work_report_parts(parts, c->a, in->sections, e))
        return false;
    for (size_t p = 0; p < ADVICE_PARTS; p++)
        ask.parts[p] = parts[p].text;
    return known(&ask, c, &d, e) && set_phrases(&ask, c, e) && advise(&ad, c, &ask, e) &&
           put_advice(c, &ad, parts, before, out, e);
}

const UseCase work_report_advice = { "report_advice", "撰写提示（仅供参考）", WORK_READ,
                                     REPORT_READERS, &advice_in, &advice_out,
                                     .run = report_advice };

/* --- a report from a file ------------------------------------------------------------------- */

static const ShapeField parse_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(WriteIn, debriefer), .required = true, .title = "述职人" },
};
static const Shape parse_in = SHAPE("ReportParseIn", WriteIn, parse_fields);
static const ShapeField section_fields[] = {
    { "class", SHAPE_TEXT, .required = true },
    { "achievements", SHAPE_TEXT },
    { "problems", SHAPE_TEXT },
    { "causes", SHAPE_TEXT },
    { "measures", SHAPE_TEXT },
};
static const Shape section_shape = SHAPE_REPLY("ReportSection", section_fields);
static const ShapeField parsed_fields[] = {
    { "sections", SHAPE_LIST, .required = true, .sub = &section_shape },
    { "rest", SHAPE_TEXT, .required = true },
    { "unplaced", SHAPE_INT, .required = true },
    { "source", SHAPE_TEXT, .required = true },
};
static const Shape parsed_out = SHAPE_REPLY("ReportParsed", parsed_fields);

typedef struct Parse {
    int64_t debriefer;
    json_t *cycle;       /* its body; the caller's */
} Parse;

/* The file is opened only for someone who may read what it is for. */
static bool parse_job(Call *c, void *arg, Err *e)
{
    Parse *p = arg;
    Fact d, cycle;
    return call_thing(&d, c, "debriefer", p->debriefer, e) && work_debriefer_read(c, &d, e) &&
           call_thing(&cycle, c, "cycle", fact_int(&d, "cycle"), e) &&
           (p->cycle = call_body(c, &cycle, e)) != NULL;
}

/* Reads a file into the classes of the year as far as its headings say; the author looks
 * it over and files it. */
static bool report_parse(Call *c, const void *in_, Jw *out, Err *e)
{
    const WriteIn *in = in_;
    Parse p = { .debriefer = in->debriefer };
    ReportText r;
    Str text;
    bool ok = call_read(c, parse_job, &p, e) &&
              print_read_text(&text, c->a, call_print(c), c->given->upload_name,
                              c->given->upload, e);
    if (ok && !work_report_read(&r, c->a, text, jv_get(p.cycle, "classes")))
        ok = err_fail(e, ERR_NO_MEMORY, err_hole("what", "述职报告"));
    if (ok) {
        jw_kjson(out, "sections", r.sections);
        jw_kstr(out, "rest", r.rest);
        jw_kint(out, "unplaced", r.unplaced);
        jw_kstr(out, "source", c->given->upload_name);
        json_decref(r.sections);
    }
    json_decref(p.cycle);
    return ok;
}

const UseCase work_report_parse = { "report_parse", "从文件读入述职报告（不保存）", WORK_OUTSIDE,
                                    REPORT_WRITERS, &parse_in, &parsed_out, .upload = true,
                                    .run = report_parse };
