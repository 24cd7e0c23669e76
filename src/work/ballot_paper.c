/* The paper that a voter gets: the same for everyone of a group, without any number on it. */
#include "work/ballot.h"
#include "work/call.h"
#include "work/rows.h"

enum {
    TICKS_PORTRAIT = 12, /* tick columns that an upright page has room for */
    TICKS_PAGE = 24      /* and a turned one; more items go into a second grid */
};

typedef struct PaperIn {
    int64_t cycle;
    Str object, group;
} PaperIn;
static const ShapeField paper_fields[] = {
    { "cycle", SHAPE_ID, offsetof(PaperIn, cycle), .required = true, .title = "年度周期" },
    { "object", SHAPE_TEXT, offsetof(PaperIn, object), .required = true, .max = 40,
      .title = "评议对象" },
    { "group", SHAPE_TEXT, offsetof(PaperIn, group), .required = true, .max = 64,
      .title = "票类" },
};
static const Shape paper_in = SHAPE("BallotPaperIn", PaperIn, paper_fields);

typedef struct Making {
    const PaperIn *in;
    Hall h;
    size_t group;
    int64_t round;
    bool sample;        /* voting is not open: for a look, not for use */
} Making;

static bool making_read(Call *c, void *arg, Err *e)
{
    Making *m = arg;
    bool closed;
    if (!call_may_cycle(c, m->in->cycle, e) || !work_hall_read(&m->h, c, m->in->cycle, e) ||
        !work_hall_object(c, &m->h, m->in->object, e) ||
        !work_hall_group(&m->group, &m->h, m->in->group, e) ||
        !work_hall_round(&m->round, &closed, c, &m->h, m->in->object, e))
        return false;
    if (!m->h.ins)
        return err_fail(e, ERR_BALLOT_FORM, err_hole("scheme", m->h.scheme->title),
                        err_hole("n", 0));
    if (m->h.n_rows == 0)
        return err_fail(e, ERR_BALLOT_NEEDS, err_hole("needs", "还没有述职人"));
    m->sample = !str_is(fact_str(c->a, &m->h.cycle, "state"), "voting") || closed;
    return true;
}

static Str joined(Call *c, const SchemeName *names, size_t n)
{
    Str all = STRC("");
    for (size_t i = 0; i < n; i++)
        all = arena_text(c->a, "%.*s%s%.*s", STR(all), i ? "、" : "", STR(names[i].title));
    return all;
}

static Str options_said(Call *c, const SchemeInstrument *ins)
{
    Str all = STRC("");
    for (size_t i = 0; i < ins->n_options; i++)
        all = arena_text(c->a, "%.*s%s“%.*s”", STR(all), i ? "、" : "",
                         STR(ins->options[i].title));
    return all;
}

static void put_instruction(Paper *p, Call *c, const Hall *h)
{
    const SchemeInstrument *ins = h->ins;
    paper_plain(p, arena_text(c->a, "填写方法：对每名述职人的每个项目，在%.*s中选一格画“√”，%s。本票不记名、不编号，"
                                    "请勿写姓名或作其他记号。",
                              STR(options_said(c, ins)),
                              ins->complete_all ? "每个项目都要填，且只填一格"
                                                : "每个项目只填一格"));
    if (ins->n_reasons)
        paper_plain(p, arena_text(c->a, "有下列情形之一的，整张票无效：%.*s。",
                                  STR(joined(c, ins->reasons, ins->n_reasons))));
}

static bool put_grids(Paper *p, Call *c, const Hall *h, Err *e)
{
    const SchemeInstrument *ins = h->ins;
    size_t at_once = TICKS_PAGE / ins->n_options ? TICKS_PAGE / ins->n_options : 1;
    Str *rows = ARENA_ARRAY(c->a, Str, h->n_rows), *groups = ARENA_ARRAY(c->a, Str, ins->n_items);
    Str *choices = ARENA_ARRAY(c->a, Str, ins->n_options);
    if (!rows || !groups || !choices)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "测评票"));
    for (size_t i = 0; i < h->n_rows; i++)
        rows[i] = arena_text(c->a, "%.*s\n%.*s", STR(h->rows[i].name), STR(h->rows[i].org));
    for (size_t i = 0; i < ins->n_items; i++)
        groups[i] = ins->items[i].title;
    for (size_t i = 0; i < ins->n_options; i++)
        choices[i] = ins->options[i].title;
    for (size_t from = 0; from < ins->n_items; from += at_once) {
        size_t n = ins->n_items - from < at_once ? ins->n_items - from : at_once;
        PaperBallot b = { STRC("述职人"), rows, h->n_rows, groups + from, n, choices,
                          ins->n_options };
        paper_ballot(p, &b);
    }
    return true;
}

/* Everything printed is the same on every paper of the group: no number, no time, no name. */
static bool paper_make(Paper **out, Call *c, const Making *m, Err *e)
{
    const Hall *h = &m->h;
    Str object = work_object_title(c, m->in->object);
    Str year = fact_str(c->a, &h->cycle, "title");
    size_t ticks = h->ins->n_items * h->ins->n_options;
    Paper *p = paper_open(c->a, STRC("民主测评票"),
                          ticks > TICKS_PORTRAIT ? PAPER_LANDSCAPE : PAPER_PORTRAIT);
    if (m->sample)
        paper_mark(p, STRC("样张（不得使用）"));
    paper_title(p, arena_text(c->a, "%.*s\n%.*s票", STR(year), STR(h->ins->title)));
    paper_subtitle(p, arena_text(c->a, "%.*s　%.*s票%s", STR(object),
                                 STR(h->scheme->groups[m->group].title),
                                 m->round == 1 ? ""
                                               : arena_z(c->a, arena_text(c->a, "　第%lld次投票",
                                                                          (long long)m->round))));
    put_instruction(p, c, h);
    *out = p;
    return put_grids(p, c, h, e);
}

static bool ballot_papers(Call *c, const void *in_, Jw *out, Err *e)
{
    Making m = { .in = in_ };
    Paper *p;
    Str bytes;
    (void)out;
    if (!call_read(c, making_read, &m, e) || !paper_make(&p, c, &m, e) ||
        !print_pdf(&bytes, c->a, call_print(c), p, c->now, e))
        return false;
    return call_answer_file(c,
                            arena_text(c->a, "测评票-%.*s-%.*s%s.pdf",
                                       STR(work_object_title(c, m.in->object)),
                                       STR(m.h.scheme->groups[m.group].title),
                                       m.sample ? "-样张" : ""),
                            STRC("application/pdf"), bytes);
}

const UseCase work_ballot_papers = { "ballot_papers", "印制测评票（PDF）", WORK_OUTSIDE,
                                     ROLE_BIT(ROLE_ORGANISER_CLERK) |
                                         ROLE_BIT(ROLE_ORGANISER_HEAD) |
                                         ROLE_BIT(ROLE_SCRUTINEER),
                                     &paper_in, NULL, .file = true, .run = ballot_papers };
