/* How firm the ranks of a result are, and what the boxes show about voters: for the organiser. */
#include "score/firm.h"
#include "work/assess.h"
#include "work/rows.h"

typedef struct FirmIn {
    int64_t cycle, number;
} FirmIn;
static const ShapeField in_fields[] = {
    { "cycle", SHAPE_ID, offsetof(FirmIn, cycle), .required = true, .title = "年度周期" },
    { "number", SHAPE_ID, offsetof(FirmIn, number), .title = "版次" },
};
static const Shape firm_in = SHAPE("ResultFirmIn", FirmIn, in_fields);

static const ShapeField row_fields[] = {
    { "debriefer", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "class_title", SHAPE_TEXT, .required = true },
    { "class_size", SHAPE_INT, .required = true },
    { "best", SHAPE_INT, .required = true },
    { "worst", SHAPE_INT, .required = true },
    { "weights_best", SHAPE_INT, .required = true },
    { "weights_worst", SHAPE_INT, .required = true },
    { "votes_best", SHAPE_INT, .required = true },
    { "votes_worst", SHAPE_INT, .required = true },
};
static const Shape row_shape = SHAPE_REPLY("FirmRow", row_fields);
static const ShapeField lean_fields[] = {
    { "debriefer", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "lenience", SHAPE_DEC, .required = true },
    { "spread", SHAPE_DEC },
    { "top", SHAPE_DEC, .required = true },
};
static const Shape lean_shape = SHAPE_REPLY("FirmLean", lean_fields);
static const ShapeField box_fields[] = {
    { "title", SHAPE_TEXT, .required = true },
    { "lenience", SHAPE_DEC, .required = true },
    { "spread", SHAPE_DEC },
    { "top", SHAPE_DEC, .required = true },
    { "range", SHAPE_DEC, .required = true },
    { "rows", SHAPE_LIST, .required = true, .sub = &lean_shape },
};
static const Shape box_shape = SHAPE_REPLY("FirmBox", box_fields);
static const ShapeField object_fields[] = {
    { "object", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "rows", SHAPE_LIST, .required = true, .sub = &row_shape },
    { "sentences", SHAPE_WORDS, .required = true },
    { "groups", SHAPE_WORDS, .required = true },
    { "notes", SHAPE_WORDS, .required = true },
    { "boxes", SHAPE_LIST, .required = true, .sub = &box_shape },
};
static const Shape object_shape = SHAPE_REPLY("FirmObject", object_fields);
static const ShapeField out_fields[] = {
    { "number", SHAPE_INT, .required = true },
    { "objects", SHAPE_LIST, .required = true, .sub = &object_shape },
};
static const Shape firm_out = SHAPE_REPLY("ResultFirm", out_fields);

typedef struct FirmBook {
    const ResultObject *o;
    ScoreFirmness firm;
    ScoreLeaning lean;
    Str *names;                /* beside firm.debriefers */
} FirmBook;

static bool book_make(FirmBook *out, Call *c, const ResultObject *o, Err *e)
{
    *out = (FirmBook){ .o = o };
    if (!score_firm(&out->firm, c->a, &o->scheme, &o->choices, &o->in, e) ||
        !score_lean(&out->lean, c->a, &o->scheme, &o->choices, &o->in, e))
        return false;
    out->names = ARENA_ARRAY(c->a, Str, out->firm.n);
    if (!out->names)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "名次稳不稳"));
    for (size_t i = 0; i < out->firm.n; i++)
        if (!work_debriefer_named(&out->names[i], NULL, c, out->firm.debriefers[i].id, e))
            return false;
    return true;
}

/* --- in plain words ------------------------------------------------------------------------- */

/* 第3名“甲”; a tie: 第3至4名“甲” */
static Str placed(Call *c, const FirmBook *b, size_t i)
{
    ScoreSpan s = b->firm.debriefers[i].now;
    if (s.best == s.worst)
        return arena_text(c->a, "第%zu名“%.*s”", s.best, STR(b->names[i]));
    return arena_text(c->a, "并列第%zu名“%.*s”", s.best, STR(b->names[i]));
}

static Str reason(Call *c, const ScorePair *p)
{
    Str weight = STRC("");
    if (p->tied)
        return STRC("总分相同");
    if (p->weight.n)
        weight = arena_text(c->a, "“%.*s”的权重增减一成就会换位或者并列", STR(p->weight));
    else if (p->weights)
        weight = STRC("权重增减一成，两人可能到的名次就有重合");
    if (p->votes == 0)
        return weight;
    return arena_text(c->a, "移动%s票就可能换位或者并列%s%.*s", p->votes == 1 ? "一" : "两",
                      weight.n ? "；" : "", STR(weight));
}

static void put_sentences(Call *c, const FirmBook *b, Jw *out)
{
    jw_key(out, "sentences");
    jw_arr(out);
    for (size_t k = 0; k < b->firm.n_pairs; k++) {
        const ScorePair *p = &b->firm.pairs[k];
        Str klass = b->firm.debriefers[p->a].klass;
        if (p->neighbours)
            jw_str(out, arena_text(c->a, "%.*s%s%.*s与%.*s分不出先后：%.*s。",
                                   STR(klass.n ? work_result_class(c, klass) : klass),
                                   klass.n ? "：" : "", STR(placed(c, b, p->a)),
                                   STR(placed(c, b, p->b)), STR(reason(c, p))));
    }
    jw_end(out);
}

static void put_chain(Call *c, const FirmBook *b, const ScoreChain *chain, Jw *out)
{
    Buf text = buf_open(WORK_REPLY_MAX);
    for (size_t k = 0; k < chain->n; k++)
        buf_fmt(&text, "%s%.*s", k ? "、" : "", STR(b->names[chain->members[k]]));
    jw_str(out, arena_str(c->a, buf_str(&text)));
    buf_close(&text);
}

static void put_groups(Call *c, const FirmBook *b, Jw *out)
{
    jw_key(out, "groups");
    jw_arr(out);
    for (size_t k = 0; k < b->firm.n_chains; k++)
        put_chain(c, b, &b->firm.chains[k], out);
    jw_end(out);
}

/* What was not tried is said, never left out. */
static void put_notes(Call *c, const FirmBook *b, Jw *out)
{
    const ScoreFirmness *f = &b->firm;
    jw_key(out, "notes");
    jw_arr(out);
    if (!f->weights_done)
        jw_str(out, STRC("权重太多、人数太多，没有试算权重增减"));
    else if (f->n_weights == 0)
        jw_str(out, STRC("这个方案没有可以增减的权重"));
    else
        jw_str(out, arena_text(c->a, "逐个把%zu个权重增减一成，其余按原来的比例折算，合计不变；"
                                     "写在公式里的系数不在其中", f->n_weights));
    if (!f->votes_done)
        jw_str(out, STRC("人数和选项太多，没有试算移动选票"));
    else if (b->lean.n_boxes == 0)
        jw_str(out, STRC("这个方案没有选票"));
    else
        jw_str(out, STRC("在相比两人的任何票箱、任何项目里，把最多两票改投别的选项，试遍所有改法"));
    jw_end(out);
}

/* --- figures -------------------------------------------------------------------------------- */

static void put_row(Call *c, const FirmBook *b, size_t i, Jw *out)
{
    const ScoreFirm *x = &b->firm.debriefers[i];
    const ScoreScored *s = work_result_of(b->o, x->id);
    jw_obj(out);
    jw_kint(out, "debriefer", x->id);
    jw_kstr(out, "name", b->names[i]);
    jw_kstr(out, "class_title", work_result_class(c, x->klass));
    jw_kint(out, "class_size", s ? (int64_t)s->class_size : 0);
    jw_kint(out, "best", (int64_t)x->now.best);
    jw_kint(out, "worst", (int64_t)x->now.worst);
    jw_kint(out, "weights_best", (int64_t)x->weights.best);
    jw_kint(out, "weights_worst", (int64_t)x->weights.worst);
    jw_kint(out, "votes_best", (int64_t)x->votes.best);
    jw_kint(out, "votes_worst", (int64_t)x->votes.worst);
    jw_end(out);
}

static void put_lean(const ScoreLean *l, Jw *out)
{
    jw_kdec(out, "lenience", l->lenience);
    if (l->given)
        jw_kdec(out, "spread", l->spread);
    jw_kdec(out, "top", l->top);
}

static void put_box(const FirmBook *b, const ScoreLeanBox *box, Jw *out)
{
    jw_obj(out);
    jw_kstr(out, "title", box->title);
    put_lean(&box->all, out);
    jw_kdec(out, "range", box->range);
    jw_key(out, "rows");
    jw_arr(out);
    for (size_t i = 0; i < b->lean.n_debriefers; i++) {
        jw_obj(out);
        jw_kint(out, "debriefer", b->lean.ids[i]);
        jw_kstr(out, "name", b->names[i]);
        put_lean(&box->each[i], out);
        jw_end(out);
    }
    jw_end(out);
    jw_end(out);
}

static bool put_object(Call *c, const ResultObject *o, Jw *out, Err *e)
{
    FirmBook b;
    if (!book_make(&b, c, o, e))
        return false;
    jw_obj(out);
    jw_kstr(out, "object", o->object);
    jw_kstr(out, "title", o->title);
    jw_key(out, "rows");
    jw_arr(out);
    for (size_t i = 0; i < b.firm.n; i++)
        put_row(c, &b, i, out);
    jw_end(out);
    put_sentences(c, &b, out);
    put_groups(c, &b, out);
    put_notes(c, &b, out);
    jw_key(out, "boxes");
    jw_arr(out);
    for (size_t k = 0; k < b.lean.n_boxes; k++)
        put_box(&b, &b.lean.boxes[k], out);
    jw_end(out);
    jw_end(out);
    return true;
}

static bool result_firm(Call *c, const void *in_, Jw *out, Err *e)
{
    const FirmIn *in = in_;
    Fact f;
    ResultBook b;
    if (!call_may_cycle(c, in->cycle, e) || !work_result_find(&f, c, in->cycle, in->number, e) ||
        !work_result_open(&b, c, &f, e))
        return false;
    bool ok = true;
    jw_kint(out, "number", fact_int(&f, "version"));
    jw_key(out, "objects");
    jw_arr(out);
    for (size_t i = 0; ok && i < b.n_objects; i++)
        ok = put_object(c, &b.objects[i], out, e);
    jw_end(out);
    work_result_close(&b);
    return ok;
}

const UseCase work_result_firm = { "result_firm", "查看名次稳不稳", WORK_READ, ASSESS_CLERKS,
                                   &firm_in, &firm_out, .run = result_firm };
