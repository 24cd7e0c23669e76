#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "score/fixture_test.h"

/* --- what does not hold together ------------------------------------------------------------ */
static void refuses(Bench *b, Tiny *t, ErrCode code, const char *hole, const char *want)
{
    Scheme s = scheme_of(b, TINY);
    ScoreChoices c = choices_of(b, USUAL);
    ScoreResult r;
    REFUSED(b, code, score_run(&r, b->a, &s, &c, &t->in, &b->e));
    if (hole)
        is_text(err_get(&b->e, hole), want);
    tiny_open(t);
}

static void inconsistent_counts(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    t.cells[1][0].n++; /* peers, 101, overall: 21 marks on 20 papers */
    refuses(b, &t, ERR_SCORE_CELL_MANY, "item", "总体");
    t.cells[1][0].n--, t.cells[1][0].n--;
    refuses(b, &t, ERR_SCORE_CELL_FEW, "debriefer", "101");
    t.cells[2][5].n = -1;
    refuses(b, &t, ERR_FIELD_RANGE, NULL, NULL);
    t.boxes[0].returned = 12;
    refuses(b, &t, ERR_SCORE_RETURNED, "returned", "12");
    t.invalid[0][0].n = 2;
    refuses(b, &t, ERR_SCORE_VALID, "invalid", "2");
    t.invalid[0][0].reason = STRC("torn");
    refuses(b, &t, ERR_SCORE_UNKNOWN, "name", "torn");
    t.groups[0][0] = STRC("chiefs");
    refuses(b, &t, ERR_SCORE_UNKNOWN, "name", "chiefs");
    t.groups[0][0] = STRC("peers");
    refuses(b, &t, ERR_SCORE_TWICE, "name", "互评");
    t.in.boxes.n = 2;
    refuses(b, &t, ERR_SCORE_NO_BOX, "group", "代表");
    t.cells[0][3].item = STRC("charm");
    refuses(b, &t, ERR_SCORE_UNKNOWN, "name", "charm");
    t.cells[0][3].option = STRC("great");
    refuses(b, &t, ERR_SCORE_UNKNOWN, "name", "great");
    t.cells[0][3].debriefer = 999;
    refuses(b, &t, ERR_SCORE_UNKNOWN, "name", "999");
    t.cells[0][1] = t.cells[0][0];
    refuses(b, &t, ERR_SCORE_TWICE, NULL, NULL);
    t.boxes[0].instrument = STRC("other");
    refuses(b, &t, ERR_SCORE_UNKNOWN, "name", "other");
    tiny_merge(&t); /* leaders go with peers, not with staff alone */
    t.groups[2][1] = STRC("leaders");
    t.boxes[2].groups.n = 2;
    t.boxes[1].groups.n = 1;
    refuses(b, &t, ERR_SCORE_APART, "group", "代表");
}

static void inconsistent_records(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    t.parts[0][0].value.value = dec_of("100.5");
    refuses(b, &t, ERR_SCORE_RANGE, "value", "100.5");
    t.parts[0][1].name = STRC("routine");
    refuses(b, &t, ERR_SCORE_TWICE, "name", "routine");
    t.parts[0][1].name = STRC("daily");
    refuses(b, &t, ERR_SCORE_UNKNOWN, "name", "daily");
    t.events[0][0] = (ScoreEvent){ STRC("bonus"), { .given = false }, 1 };
    t.people[0].events.n = 1;
    refuses(b, &t, ERR_SCORE_VALUELESS, "debriefer", "101");
    t.events[0][0] = (ScoreEvent){ STRC("bonus"), { true, dec_of("2.5") }, 1 };
    t.people[0].events.n = 1;
    refuses(b, &t, ERR_SCORE_RANGE, "max", "2");
    t.people[1].id = 101;
    refuses(b, &t, ERR_SCORE_TWICE, "name", "101");
    t.people[1].override = (ScoreOverride){ STRC("best"), STRC("x"), 1 };
    refuses(b, &t, ERR_SCORE_UNKNOWN, "name", "best");
    t.in.debriefers.n = 0;
    refuses(b, &t, ERR_SCORE_NONE, NULL, NULL);
}

/* Partial papers: fewer marks than papers will do, none at all will not. 不了解 counts for nothing. */
static void partial_papers(void **state)
{
    Bench *b = *state;
    Scheme s = scheme_of(b,
        "scheme p { title \"t\"; cite \"c\"; instrument review { title \"r\"; complete partial;"
        " item one \"一\"; item two \"二\"; option good \"好\" 10; option fair \"一般\" 5;"
        " option unknown \"不了解\" excluded; points good 20 item two; points fair 8 item two; }"
        " group all \"全体\" weight 1; node total \"总\" { value review.score; } total total;"
        " band good \"好\" from 50 closed to 100 closed; band poor \"差\" from 0 closed to 50 open;"
        " top good; }");
    ScoreChoices c = choices_of(b, USUAL);
    /* one: 3*10 + 1*5 = 35 of 40; two: 2*20 + 1*8 = 48 of 60: 100 * 83 / 100 = 83 */
    ScoreCell cells[] = { { 7, STRC("one"), STRC("good"), 3 }, { 7, STRC("one"), STRC("fair"), 1 },
                          { 7, STRC("one"), STRC("unknown"), 6 },
                          { 7, STRC("two"), STRC("good"), 2 },
                          { 7, STRC("two"), STRC("fair"), 1 } };
    Str group = STRC("all");
    ScoreBox box = { .groups = { &group, 1 }, .issued = 10, .returned = 10, .valid = 10,
                     .cells = { cells, 5 } };
    ScoreDebriefer d = { .id = 7 };
    ScoreInput in = { .debriefers = { &d, 1 }, .boxes = { &box, 1 } };
    ScoreResult r = run_of(b, &s, &c, &in);
    is_value(b, &r, 0, "review.all.one", "87.50");
    is_value(b, &r, 0, "review.all.two", "80.00");
    is_value(b, &r, 0, "total", "83.00");
    cells[2].n = 7;
    REFUSED(b, ERR_SCORE_CELL_MANY, score_run(&r, b->a, &s, &c, &in, &b->e));
    cells[2].n = 10;
    box.cells = (ShapeList){ cells + 2, 1 };
    REFUSED(b, ERR_SCORE_NO_VOTES, score_run(&r, b->a, &s, &c, &in, &b->e));
}

/* --- choices -------------------------------------------------------------------------------- */
static bool read_choices(Bench *b, const char *json)
{
    ScoreChoices c;
    json_t *v;
    char text[1000];
    snprintf(text, sizeof text, "%s", json);
    for (char *p = text; *p; p++)
        *p = *p == '\'' ? '"' : *p;
    OK(b, jv_read(&v, str_of(text), "choices", &b->e));
    bool ok = score_choices_read(&c, b->a, v, &b->e);
    jv_close(v);
    return ok;
}

static void choices_have_no_defaults(void **state)
{
    Bench *b = *state;
    static const struct { const char *json; ErrCode code; } cases[] = {
        { "{}", ERR_FIELD_MISSING },
        { "{'rounding':{'mode':'half_up','places':2,'nodes':[],'quota':'up'},"
          "'ties':{'rule':'share'}}",
          ERR_FIELD_MISSING },
        { CHOICES("nearest", "2", "", "up", "{'rule':'share'}"), ERR_FIELD_CHOICE },
        { CHOICES("half_up", "5", "", "up", "{'rule':'share'}"), ERR_FIELD_RANGE },
        { CHOICES("half_up", "-1", "", "up", "{'rule':'share'}"), ERR_FIELD_RANGE },
        { CHOICES("half_up", "2", "", "half", "{'rule':'share'}"), ERR_FIELD_CHOICE },
        { CHOICES("half_up", "2", "", "up", "{'rule':'measure'}"), ERR_FIELD_MISSING },
        { CHOICES("half_up", "2", "", "up", "{'rule':'share','measure':'tie'}"),
          ERR_FIELD_UNKNOWN },
        { CHOICES("half_up", "2", "", "up", "{}"), ERR_FIELD_MISSING },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        REFUSED(b, cases[i].code, read_choices(b, cases[i].json));
    assert_true(read_choices(b, CHOICES("half_up", "0", "", "up", "{'rule':'lot'}")));
    assert_true(read_choices(b, CHOICES("half_up", "4", "", "up", "{'rule':'lot'}")));
}

static void choices_name_real_nodes(void **state)
{
    Bench *b = *state;
    Scheme s = scheme_of(b, TINY);
    ScoreChoices c = choices_of(b, CHOICES("half_up", "2", "'bse'", "up", "{'rule':'share'}"));
    REFUSED(b, ERR_SCORE_CHOICE, score_choices_check(&c, &s, &b->e));
    c = choices_of(b, CHOICES("half_up", "2", "'base','base'", "up", "{'rule':'share'}"));
    REFUSED(b, ERR_SCORE_TWICE, score_choices_check(&c, &s, &b->e));
    c = choices_of(b, CHOICES("half_up", "2", "", "up", "{'rule':'measure','measure':'routine'}"));
    REFUSED(b, ERR_SCORE_CHOICE, score_choices_check(&c, &s, &b->e));
    c = choices_of(b, CHOICES("half_up", "2", "'base'", "up",
                              "{'rule':'measure','measure':'base'}"));
    OK(b, score_choices_check(&c, &s, &b->e));
}

/* --- limits --------------------------------------------------------------------------------- */
static void limits(void **state)
{
    Bench *b = *state;
    Scheme s = scheme_of(b, PLAIN);
    ScoreChoices c = choices_of(b, USUAL);
    ScoreDebriefer *many = ARENA_ARRAY(b->a, ScoreDebriefer, SCORE_DEBRIEFERS_MAX + 1);
    ScorePart part = { STRC("work"), { true, dec_of("80") }, 1 };
    ScoreResult r;
    for (int i = 0; i <= SCORE_DEBRIEFERS_MAX; i++)
        many[i] = (ScoreDebriefer){ .id = i + 1, .parts = { &part, 1 } };
    ScoreInput in = { .debriefers = { many, SCORE_DEBRIEFERS_MAX } };
    OK(b, score_run(&r, b->a, &s, &c, &in, &b->e));
    assert_int_equal(r.n_debriefers, SCORE_DEBRIEFERS_MAX);
    in.debriefers.n++;
    REFUSED(b, ERR_TOO_BIG, score_run(&r, b->a, &s, &c, &in, &b->e));
    in.debriefers.n = 1;
    char seed[SCORE_SEED_MAX + 1] = "x";
    in.lot_seed = (Str){ seed, SCORE_SEED_MAX };
    OK(b, score_run(&r, b->a, &s, &c, &in, &b->e));
    in.lot_seed.n++;
    REFUSED(b, ERR_TOO_BIG, score_run(&r, b->a, &s, &c, &in, &b->e));
    in.lot_seed.n = 0;
    Tiny t;
    tiny_open(&t);
    ScoreEvent *events = ARENA_ARRAY(b->a, ScoreEvent, SCORE_EVENTS_MAX + 1);
    for (int i = 0; i <= SCORE_EVENTS_MAX; i++)
        events[i] = (ScoreEvent){ STRC("barred"), { .given = false }, i + 1 };
    t.people[0].events = (ShapeList){ events, SCORE_EVENTS_MAX };
    tiny_run(b, &t, USUAL);
    t.people[0].events.n++;
    refuses(b, &t, ERR_TOO_BIG, NULL, NULL);
    t.boxes[0].issued = SCORE_PAPERS_MAX + 1;
    refuses(b, &t, ERR_FIELD_RANGE, NULL, NULL);
}

/* Forty items, five hundred debriefers: every cell of one box has one mark. */
static void limit_of_cells(void **state)
{
    Bench *b = *state;
    enum { PER = SCORE_CELLS_MAX / SCORE_DEBRIEFERS_MAX };
    assert_int_equal(PER, SCHEME_ITEMS_MAX);
    Buf text = buf_open(SCHEME_BYTES_MAX);
    buf_put(&text, STRC("scheme wide { title \"宽\"; cite \"例\"; instrument jury { title \"打分\";"
                        " complete all; marks from 0 to 100;"));
    for (int i = 0; i < PER; i++)
        buf_fmt(&text, " item i%d \"项\";", i);
    buf_put(&text, STRC("} group all \"全体\" weight 1; node total \"总分\" { value jury.score; }"
                        " total total;" BANDS "}"));
    Scheme s = scheme_of(b, arena_z(b->a, buf_str(&text)));
    buf_close(&text);
    ScoreChoices c = choices_of(b, USUAL);
    ScoreDebriefer *people = ARENA_ARRAY(b->a, ScoreDebriefer, SCORE_DEBRIEFERS_MAX);
    ScoreCell *cells = ARENA_ARRAY(b->a, ScoreCell, SCORE_CELLS_MAX + 1);
    Str group = STRC("all");
    for (int k = 0; k < SCORE_CELLS_MAX; k++)
        cells[k] = (ScoreCell){ 1 + k / PER, s.instruments[0].items[k % PER].name, STRC("80"), 1 };
    cells[SCORE_CELLS_MAX] = cells[0];
    for (int i = 0; i < SCORE_DEBRIEFERS_MAX; i++)
        people[i] = (ScoreDebriefer){ .id = 1 + i };
    ScoreBox box = { .groups = { &group, 1 }, .issued = 1, .returned = 1, .valid = 1,
                     .cells = { cells, SCORE_CELLS_MAX } };
    ScoreInput in = { .debriefers = { people, SCORE_DEBRIEFERS_MAX }, .boxes = { &box, 1 } };
    ScoreResult r;
    OK(b, score_run(&r, b->a, &s, &c, &in, &b->e));
    assert_int_equal(r.status, SCORE_DONE);
    box.cells.n++;
    REFUSED(b, ERR_TOO_BIG, score_run(&r, b->a, &s, &c, &in, &b->e));
}

/* As many decisions as allowed, and one more; a count of papers at its end; the places. */
static void limits_of_decisions_papers_and_places(void **state)
{
    Bench *b = *state;
    Scheme s = scheme_of(b, TINY);
    ScoreChoices c = choices_of(b, USUAL);
    ScoreDecision *many = ARENA_ARRAY(b->a, ScoreDecision, SCORE_DECISIONS_MAX + 1);
    ScoreResult r;
    Tiny t;
    tiny_open(&t);
    for (int i = 0; i <= SCORE_DECISIONS_MAX; i++)
        many[i] = (ScoreDecision){ .reason = STRC("会议决定"), .fact = 1000 + i };
    t.in.ties = (ShapeList){ many, SCORE_DECISIONS_MAX };
    t.in.accepts = (ShapeList){ many, SCORE_DECISIONS_MAX };
    OK(b, score_run(&r, b->a, &s, &c, &t.in, &b->e));
    t.in.ties.n++;
    REFUSED(b, ERR_TOO_BIG, score_run(&r, b->a, &s, &c, &t.in, &b->e));
    t.in.ties.n--;
    t.in.accepts.n++;
    REFUSED(b, ERR_TOO_BIG, score_run(&r, b->a, &s, &c, &t.in, &b->e));
    t.in.accepts.n--;
    t.boxes[0].issued = SCORE_PAPERS_MAX; /* that few of them returned is another matter */
    OK(b, score_run(&r, b->a, &s, &c, &t.in, &b->e));
    assert_int_equal(r.status, SCORE_REFUSED);
    t.boxes[0].issued++;
    REFUSED(b, ERR_FIELD_RANGE, score_run(&r, b->a, &s, &c, &t.in, &b->e));
    static const char *const places[] = { CHOICES("half_up", "4", "", "up", "{'rule':'share'}"),
                                          CHOICES("half_up", "5", "", "up", "{'rule':'share'}") };
    for (int over = 0; over < 2; over++) {
        json_t *v;
        char text[1000];
        snprintf(text, sizeof text, "%s", places[over]);
        for (char *p = text; *p; p++)
            *p = *p == '\'' ? '"' : *p;
        OK(b, jv_read(&v, str_of(text), "choices", &b->e));
        assert_int_equal(score_choices_read(&c, b->a, v, &b->e), over == 0);
        jv_close(v);
    }
    _Static_assert(SCORE_PLACES_MAX == 4, "the choices above stand at the limit");
}

/* A box too many is told first; below the limit a group counted twice is the fault. */
static void limit_of_boxes(void **state)
{
    Bench *b = *state;
    Tiny t;
    ScoreBox *boxes = ARENA_ARRAY(b->a, ScoreBox, SCORE_BOXES_MAX + 1);
    tiny_open(&t);
    for (int i = 0; i <= SCORE_BOXES_MAX; i++)
        boxes[i] = t.boxes[0];
    t.in.boxes = (ShapeList){ boxes, SCORE_BOXES_MAX };
    refuses(b, &t, ERR_SCORE_TWICE, NULL, NULL); /* and the input is as it was */
    t.in.boxes = (ShapeList){ boxes, SCORE_BOXES_MAX + 1 };
    refuses(b, &t, ERR_TOO_BIG, NULL, NULL);
}

/* A memory that runs out at any point is told, and nothing else. */
static void memory_refused(void **state)
{
    Bench *b = *state;
    Scheme s = scheme_of(b, TINY);
    ScoreChoices c = choices_of(b, USUAL);
    size_t failed = 0;
    Tiny t;
    tiny_open(&t);
    for (size_t cap = 0; cap < 400 << 10; cap += 4096) {
        Arena *a = arena_open(cap);
        ScoreResult r;
        Err e = { .code = ERR_NONE };
        if (!score_run(&r, a, &s, &c, &t.in, &e)) {
            assert_int_equal(e.code, ERR_NO_MEMORY);
            failed++;
        }
        arena_close(a);
    }
    assert_true(failed > 3);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(inconsistent_counts), T(inconsistent_records), T(partial_papers),
        T(choices_have_no_defaults), T(choices_name_real_nodes), T(limits), T(limit_of_cells),
        T(limits_of_decisions_papers_and_places), T(limit_of_boxes), T(memory_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
