/* Letters on paper: one, one's own, or all of a cycle in one file. What a letter says is the pack's
 * template over what the letter holds; that it was superseded, and the log's lines, stand on it
 * whatever the template says. */
#include "work/letter.h"
#include "work/rows.h"
#include "work/template.h"

typedef struct LetterIn {
    int64_t cycle, letter;
    Str format;
} LetterIn;
#define FORMAT                                                                                     \
    { "format", SHAPE_WORD, offsetof(LetterIn, format), .words = CALL_PAPER_FORMATS,               \
      .title = "格式" }
static const ShapeField one_fields[] = {
    { "letter", SHAPE_ID, offsetof(LetterIn, letter), .required = true, .title = "反馈函" },
    FORMAT,
};
static const Shape one_in = SHAPE("LetterIn", LetterIn, one_fields);
static const ShapeField all_fields[] = {
    { "cycle", SHAPE_ID, offsetof(LetterIn, cycle), .required = true, .title = "年度周期" },
    FORMAT,
};
static const Shape all_in = SHAPE("LettersIn", LetterIn, all_fields);

typedef struct Letters {
    const LetterIn *in;
    Paper *paper;
    Str name;
    size_t n;
} Letters;

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

bool work_letter_put(Paper *p, Str *name, Call *c, const Fact *f, int64_t cycle, Err *e)
{
    const Template *t;
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    bool ok = letter_mark(p, c, cycle, jv_int(body, "version"), e) &&
              work_template_named(&t, c, STRC("feedback_letter"), e) &&
              work_template_fill(p, c, t, f, NULL, e) && call_log_lines(p, c, e);
    *name = arena_text(c->a, "反馈函-%.*s", STR(jv_str(jv_get(body, "text"), "name")));
    json_decref(body);
    return ok;
}

static bool put_letter(Letters *l, Call *c, const Fact *f, int64_t cycle, Err *e)
{
    if (l->n++)
        paper_break(l->paper, PAPER_PORTRAIT);
    return work_letter_put(l->paper, &l->name, c, f, cycle, e);
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
bool work_letters_of(FactList *out, Call *c, int64_t cycle, Err *e)
{
    Assess as;
    FactList letters;
    if (!call_may_cycle(c, cycle, e) || !work_assess_open(&as, c, cycle, e))
        return false;
    *out = (FactList){ .items = ARENA_ARRAY(c->a, Fact, as.n_people) };
    if (!out->items)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "反馈函"));
    for (size_t i = 0; i < as.n_people; i++) {
        if (!call_list_id(&letters, c, "letter", "debriefer", as.people[i].fact.subject, e))
            return false;
        if (letters.n)
            out->items[out->n++] = letters.items[letters.n - 1];
    }
    return out->n > 0 || err_fail(e, ERR_LETTER_NONE);
}

static bool all_job(Call *c, void *arg, Err *e)
{
    Letters *l = arg;
    FactList letters;
    if (!work_letters_of(&letters, c, l->in->cycle, e) || !paper_begin(l, c, e))
        return false;
    for (size_t i = 0; i < letters.n; i++)
        if (!put_letter(l, c, &letters.items[i], l->in->cycle, e))
            return false;
    l->name = STRC("反馈函");
    return true;
}

static bool answer(Call *c, const LetterIn *in, CallJob job, Err *e)
{
    Letters l = { .in = in };
    return call_read(c, job, &l, e) && call_answer_paper(c, l.name, l.paper, in->format, e);
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
