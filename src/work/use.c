/* What was done with a grade: each use with its decision, who decided and when. */
#include "work/assess.h"
#include "work/rows.h"

enum { USE_MANY_MAX = 500 };

typedef struct UseIn {
    int64_t cycle;
    ShapeList debriefers;
    Str use, decision, decided_by;
    Day day;
} UseIn;
static const ShapeField file_fields[] = {
    { "debriefers", SHAPE_IDS, offsetof(UseIn, debriefers), .required = true,
      .max = USE_MANY_MAX, .title = "述职人" },
    { "use", SHAPE_TEXT, offsetof(UseIn, use), .required = true, .max = 40, .title = "运用方式" },
    { "decision", SHAPE_TEXT, offsetof(UseIn, decision), .required = true, .max = 1000,
      .title = "决定" },
    { "decided_by", SHAPE_TEXT, offsetof(UseIn, decided_by), .required = true, .max = 100,
      .title = "决定单位" },
    { "day", SHAPE_DAY, offsetof(UseIn, day), .required = true, .title = "决定日期" },
};
static const Shape file_in = SHAPE("ResultUseIn", UseIn, file_fields);
static const ShapeField filed_fields[] = { { "uses", SHAPE_IDS, .required = true } };
static const Shape filed_out = SHAPE_REPLY("ResultUsesFiled", filed_fields);

/* A use rests on a result that was made known and still stands. */
static bool standing(Fact *result, Call *c, int64_t cycle, Err *e)
{
    Fact f;
    if (!call_thing(&f, c, "cycle", cycle, e) || !work_result_find(result, c, cycle, 0, e))
        return false;
    return str_is(str_of(work_result_state(result)), "published") ||
           work_cycle_at(c, &f, "published", e) || err_note(e, "use of a result");
}

static bool file_one(int64_t *id, Call *c, const UseIn *in, int64_t debriefer, Err *e)
{
    Fact d, result;
    Str day = day_print(c->a, in->day);
    if (!call_thing(&d, c, "debriefer", debriefer, e) ||
        !call_may_cycle(c, fact_int(&d, "cycle"), e) ||
        !standing(&result, c, fact_int(&d, "cycle"), e))
        return false;
    if (fact_bool(&d, "withdrawn"))
        return err_fail(e, ERR_DEBRIEFER_GONE);
    json_t *body = json_pack("{s:I,s:I,s:s%,s:s%,s:s%,s:s%}", "debriefer", (json_int_t)debriefer,
                             "version", (json_int_t)fact_int(&result, "version"), "use", in->use.p,
                             in->use.n, "decision", in->decision.p, in->decision.n, "decided_by",
                             in->decided_by.p, in->decided_by.n, "day", day.p, day.n);
    Filing f = { .form = "result_use", .org = fact_int(&d, "org"), .occurred_on = in->day,
                 .body = body };
    bool ok = body ? call_file(c, &f, id, e)
                   : err_fail(e, ERR_NO_MEMORY, err_hole("what", "结果运用"));
    json_decref(body);
    return ok;
}

static bool result_use_file(Call *c, const void *in_, Jw *out, Err *e)
{
    const UseIn *in = in_;
    const int64_t *ids = in->debriefers.items;
    if (in->debriefers.n == 0)
        return err_fail(e, ERR_FIELD_MISSING, err_hole("field", "述职人"));
    jw_key(out, "uses");
    jw_arr(out);
    for (size_t i = 0; i < in->debriefers.n; i++) {
        int64_t id;
        if (!file_one(&id, c, in, ids[i], e))
            return false;
        jw_int(out, id);
    }
    jw_end(out);
    return true;
}

const UseCase work_result_use_file = { "result_use_file", "登记结果运用", WORK_WRITE, ASSESS_JUDGES,
                                       &file_in, &filed_out, .run = result_use_file };

/* --- the list ------------------------------------------------------------------------------- */

static const ShapeField list_in_fields[] = {
    { "cycle", SHAPE_ID, offsetof(UseIn, cycle), .required = true, .title = "年度周期" },
};
static const Shape list_in = SHAPE("ResultUseListIn", UseIn, list_in_fields);
static const ShapeField use_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "use", SHAPE_TEXT, .required = true },
    { "use_title", SHAPE_TEXT, .required = true },
    { "decision", SHAPE_TEXT, .required = true },
    { "decided_by", SHAPE_TEXT, .required = true },
    { "day", SHAPE_DAY },
    { "number", SHAPE_INT, .required = true },
    { "superseded", SHAPE_BOOL, .required = true },
    { "by", SHAPE_TEXT, .required = true },
};
static const Shape use_shape = SHAPE_REPLY("ResultUse", use_fields);
static const ShapeField row_fields[] = {
    { "debriefer", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "grades", SHAPE_TEXT, .required = true },
    { "uses", SHAPE_LIST, .required = true, .sub = &use_shape },
};
static const Shape row_shape = SHAPE_REPLY("ResultUseRow", row_fields);
static const ShapeField list_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &row_shape },
    { "total", SHAPE_INT, .required = true },
    { "number", SHAPE_INT, .required = true },
    { "published", SHAPE_BOOL, .required = true },
};
static const Shape list_out = SHAPE_REPLY("ResultUses", list_fields);

static bool put_use(Call *c, const Fact *f, int64_t number, Jw *out, Err *e)
{
    Str by, use = fact_str(c->a, f, "use");
    if (!work_filed_by(&by, c, f, e))
        return false;
    jw_obj(out);
    jw_kint(out, "id", f->subject);
    jw_kstr(out, "use", use);
    jw_kstr(out, "use_title", call_title(c, "use_kind", use));
    jw_kstr(out, "decision", fact_str(c->a, f, "decision"));
    jw_kstr(out, "decided_by", fact_str(c->a, f, "decided_by"));
    jw_kday(out, "day", fact_day(f, "day"));
    jw_kint(out, "number", fact_int(f, "version"));
    jw_kbool(out, "superseded", fact_int(f, "version") < number);
    jw_kstr(out, "by", by);
    jw_end(out);
    return true;
}

static Str grades_of(Call *c, const ResultBook *b, int64_t debriefer)
{
    Str all = STRC("");
    for (size_t i = 0; i < b->n_objects; i++) {
        const ResultObject *o = &b->objects[i];
        const ScoreScored *s = work_result_of(o, debriefer);
        if (!s)
            continue;
        Str grade = o->scheme.bands[s->final].title;
        all = b->n_objects == 1
                  ? arena_str(c->a, grade)
                  : arena_text(c->a, "%.*s%s%.*s%.*s", STR(all), all.n ? "，" : "", STR(o->title),
                               STR(grade));
    }
    return all;
}

static bool put_row(Call *c, const AssessPerson *p, const ResultBook *b, int64_t number, Jw *out,
                    Err *e)
{
    FactList l;
    if (!call_list_id(&l, c, "result_use", "debriefer", p->fact.subject, e))
        return false;
    jw_obj(out);
    jw_kint(out, "debriefer", p->fact.subject);
    jw_kstr(out, "name", p->name);
    jw_kstr(out, "org_name", p->org_name);
    jw_kstr(out, "grades", grades_of(c, b, p->fact.subject));
    jw_key(out, "uses");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++)
        if (!put_use(c, &l.items[i], number, out, e))
            return false;
    jw_end(out);
    jw_end(out);
    return true;
}

static bool result_use_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const UseIn *in = in_;
    Assess as;
    FactList l;
    ResultBook b = { .n_objects = 0 };
    if (!call_may_cycle(c, in->cycle, e) || !work_assess_open(&as, c, in->cycle, e) ||
        !call_list_id(&l, c, "result", "cycle", in->cycle, e))
        return false;
    const Fact *last = l.n ? &l.items[l.n - 1] : NULL;
    bool published = last && str_is(str_of(work_result_state(last)), "published");
    int64_t number = last ? fact_int(last, "version") : 0;
    bool ok = !published || work_result_open(&b, c, last, e);
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; ok && i < as.n_people; i++)
        ok = put_row(c, &as.people[i], &b, number, out, e);
    jw_end(out);
    jw_kint(out, "total", (int64_t)as.n_people);
    jw_kint(out, "number", number);
    jw_kbool(out, "published", published);
    work_result_close(&b);
    return ok;
}

const UseCase work_result_use_list = { "result_use_list", "查看结果运用", WORK_READ, ASSESS_JUDGES,
                                       &list_in, &list_out, .run = result_use_list };
