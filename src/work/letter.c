/* Letters on paper: one, one's own, or all of a cycle in one file. */
#include "work/assess.h"
#include "work/rows.h"

typedef struct LetterIn {
    int64_t cycle, letter;
} LetterIn;
static const ShapeField one_fields[] = {
    { "letter", SHAPE_ID, offsetof(LetterIn, letter), .required = true, .title = "反馈函" },
};
static const Shape one_in = SHAPE("LetterIn", LetterIn, one_fields);
static const ShapeField all_fields[] = {
    { "cycle", SHAPE_ID, offsetof(LetterIn, cycle), .required = true, .title = "年度周期" },
};
static const Shape all_in = SHAPE("LettersIn", LetterIn, all_fields);

typedef struct Letters {
    const LetterIn *in;
    Paper *paper;
    Str name;
    size_t n;
} Letters;

static Str day_zh(Call *c, const json_t *v, const char *key)
{
    Day d = jv_day(v, key);
    return d == DAY_NONE ? STRC("") : day_print_zh(c->a, d);
}

/* One object: 等次为“好”。 Several: 党建为“好”，党风廉政为“较好”。 The total goes with its object. */
static Str grades_text(Call *c, const json_t *grades)
{
    Str all = STRC("");
    size_t n = jv_len(grades);
    for (size_t i = 0; i < n; i++) {
        const json_t *g = jv_at(grades, i);
        all = arena_text(c->a, "%.*s%s%.*s为“%.*s”（%.*s分）", STR(all), i ? "，" : "",
                         STR(n > 1 ? jv_str(g, "title") : STRC("等次")), STR(jv_str(g, "grade")),
                         STR(jv_str(g, "total")));
    }
    return all;
}

static void findings_text(Paper *p, Call *c, const json_t *findings)
{
    if (jv_len(findings) == 0)
        return;
    paper_text(p, STRC("下列问题已列入问题清单："));
    for (size_t i = 0; i < jv_len(findings); i++)
        paper_text(p, arena_text(c->a, "%zu.%.*s", i + 1, STR(jv_text(jv_at(findings, i)))));
}

static void letter_body(Paper *p, Call *c, const json_t *v)
{
    Str meeting = jv_str(v, "meeting"), by = day_zh(c, v, "rectify_by");
    paper_title(p, arena_text(c->a, "关于反馈%.*s\n综合评价意见的函", STR(jv_str(v, "cycle"))));
    paper_addressee(p, arena_text(c->a, "%.*s %.*s同志", STR(jv_str(v, "org")),
                                  STR(jv_str(v, "name"))));
    paper_text(p, arena_text(c->a, "经%.*s（%.*s）审定，您%.*s综合评价%.*s。现将意见反馈如下。",
                             STR(meeting), STR(day_zh(c, v, "meeting_day")),
                             STR(jv_str(v, "cycle")), STR(grades_text(c, jv_get(v, "grades")))));
    paper_heading(p, 1, STRC("一、肯定的成绩"));
    paper_text(p, jv_str(v, "achievements"));
    paper_heading(p, 1, STRC("二、指出的问题"));
    paper_text(p, jv_str(v, "problems"));
    findings_text(p, c, jv_get(v, "findings"));
    paper_heading(p, 1, STRC("三、努力方向"));
    paper_text(p, jv_str(v, "direction"));
    if (by.n)
        paper_text(p, arena_text(c->a, "请于%.*s前对照上述问题提出整改清单。", STR(by)));
    paper_dateline(p, jv_str(v, "organiser"), jv_day(v, "day"));
}

/* A letter of a superseded version stays readable and carries its mark. */
static bool letter_mark(Paper *p, Call *c, int64_t cycle, int64_t number, Err *e)
{
    Fact mine, now;
    if (!work_result_find(&mine, c, cycle, number, e) || !work_result_find(&now, c, cycle, 0, e))
        return false;
    if (!fact_bool(&mine, "superseded"))
        return true;
    int64_t next = fact_int(&now, "version");
    paper_mark(p, next > number ? arena_text(c->a, "已作废，被第%lld版替代", (long long)next)
                                : STRC("已作废，结果更正中"));
    return true;
}

static bool put_letter(Letters *l, Call *c, const Fact *f, int64_t cycle, Err *e)
{
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    const json_t *text = jv_get(body, "text");
    if (l->n++)
        paper_break(l->paper, PAPER_PORTRAIT);
    bool ok = letter_mark(l->paper, c, cycle, jv_int(body, "version"), e);
    if (ok) {
        paper_issuer(l->paper, jv_str(text, "organiser"), STRC(""));
        letter_body(l->paper, c, text);
        ok = call_log_lines(l->paper, c, e);
    }
    l->name = arena_text(c->a, "反馈函-%.*s", STR(jv_str(text, "name")));
    json_decref(body);
    return ok;
}

static bool paper_begin(Letters *l, Call *c, Err *e)
{
    l->paper = paper_open(c->a, STRC("综合评价意见反馈函"), PAPER_PORTRAIT);
    return l->paper != NULL || err_fail(e, ERR_NO_MEMORY, err_hole("what", "反馈函"));
}

static bool one_job(Call *c, void *arg, Err *e)
{
    Letters *l = arg;
    Fact f, d;
    return call_thing(&f, c, "letter", l->in->letter, e) &&
           call_thing(&d, c, "debriefer", fact_int(&f, "debriefer"), e) &&
           work_debriefer_read(c, &d, e) && paper_begin(l, c, e) &&
           put_letter(l, c, &f, fact_int(&d, "cycle"), e);
}

/* Of each debriefer the newest letter. */
static bool all_job(Call *c, void *arg, Err *e)
{
    Letters *l = arg;
    Assess as;
    FactList letters;
    if (!call_may_cycle(c, l->in->cycle, e) || !work_assess_open(&as, c, l->in->cycle, e) ||
        !paper_begin(l, c, e))
        return false;
    for (size_t i = 0; i < as.n_people; i++) {
        if (!call_list_id(&letters, c, "letter", "debriefer", as.people[i].fact.subject, e))
            return false;
        if (letters.n && !put_letter(l, c, &letters.items[letters.n - 1], l->in->cycle, e))
            return false;
    }
    l->name = STRC("反馈函");
    return l->n > 0 || err_fail(e, ERR_LETTER_NONE);
}

static bool answer(Call *c, const LetterIn *in, CallJob job, Err *e)
{
    Letters l = { .in = in };
    Str bytes;
    return call_read(c, job, &l, e) &&
           print_pdf(&bytes, c->a, call_print(c), l.paper, c->now, e) &&
           call_answer_file(c, arena_text(c->a, "%.*s.pdf", STR(l.name)),
                            STRC("application/pdf"), bytes);
}

static bool letter_pdf(Call *c, const void *in, Jw *out, Err *e)
{
    (void)out;
    return answer(c, in, one_job, e);
}

const UseCase work_letter_pdf = { "letter_pdf", "打印反馈函", WORK_OUTSIDE,
                                  ASSESS_JUDGES | ROLE_BIT(ROLE_SECRETARY), &one_in, NULL,
                                  .file = true, .run = letter_pdf };

static bool letters_pdf(Call *c, const void *in, Jw *out, Err *e)
{
    (void)out;
    return answer(c, in, all_job, e);
}

const UseCase work_letters_pdf = { "letters_pdf", "打印全部反馈函", WORK_OUTSIDE, ASSESS_JUDGES,
                                   &all_in, NULL, .file = true, .run = letters_pdf };

/* --- one's own letters ---------------------------------------------------------------------- */

static const ShapeField mine_fields[] = {
    { "letter", SHAPE_ID, .required = true },
    { "cycle_title", SHAPE_TEXT, .required = true },
    { "number", SHAPE_INT, .required = true },
    { "superseded", SHAPE_BOOL, .required = true },
    { "day", SHAPE_DAY },
    { "text", SHAPE_JSON, .required = true },
};
static const Shape mine_shape = SHAPE_REPLY("MyLetter", mine_fields);
static const ShapeField mines_fields[] = {
    { "items", SHAPE_LIST, .required = true, .sub = &mine_shape },
    { "total", SHAPE_INT, .required = true },
};
static const Shape mine_out = SHAPE_REPLY("MyLetters", mines_fields);

static bool put_mine(Call *c, const Fact *f, int64_t cycle, Jw *out, Err *e)
{
    Fact result;
    int64_t number = fact_int(f, "version");
    if (!work_result_find(&result, c, cycle, number, e))
        return false;
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    const json_t *text = jv_get(body, "text");
    jw_obj(out);
    jw_kint(out, "letter", f->subject);
    jw_kstr(out, "cycle_title", jv_str(text, "cycle"));
    jw_kint(out, "number", number);
    jw_kbool(out, "superseded", fact_bool(&result, "superseded"));
    jw_kday(out, "day", jv_day(text, "day"));
    jw_kjson(out, "text", text);
    jw_end(out);
    json_decref(body);
    return true;
}

static bool letter_mine(Call *c, const void *in, Jw *out, Err *e)
{
    int64_t person = c->who->behalf ? c->who->behalf : c->who->person, n = 0;
    FactList l = { 0 }, letters;
    (void)in;
    if (!person)
        c->asked = true;
    else if (!call_may_self(c, person, e) ||
             !call_list_id(&l, c, "debriefer", "person", person, e))
        return false;
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = l.n; i-- > 0;) {
        if (!call_list_id(&letters, c, "letter", "debriefer", l.items[i].subject, e))
            return false;
        for (size_t k = letters.n; k-- > 0; n++)
            if (!put_mine(c, &letters.items[k], fact_int(&l.items[i], "cycle"), out, e))
                return false;
    }
    jw_end(out);
    jw_kint(out, "total", n);
    return true;
}

const UseCase work_letter_mine = { "letter_mine", "查看本人的反馈函", WORK_READ, WORK_LOGGED_IN, NULL,
                                   &mine_out, .run = letter_mine };
