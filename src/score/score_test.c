#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "score/fixture_test.h"

/* --- worked by hand ------------------------------------------------------------------------- */
static void district_by_hand(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    ScoreResult r = tiny_run(b, &t, USUAL);
    assert_int_equal(r.status, SCORE_DONE);
    is_value(b, &r, 0, "review.leaders.score", "92.50");
    is_value(b, &r, 0, "review.leaders.overall", "90.00"); /* 100 * 36 / 40 */
    is_value(b, &r, 0, "review.leaders.duty", "95.00");    /* 100 * 38 / 40 */
    is_value(b, &r, 0, "review.peers.score", "88.75");
    is_value(b, &r, 0, "review.staff.score", "92.08");
    is_value(b, &r, 0, "review.score", "91.25");
    is_value(b, &r, 0, "ballot", "91.25");
    is_value(b, &r, 0, "base", "91.63"); /* 91.625, half up */
    is_value(b, &r, 1, "adjusted", "91.00");
    is_value(b, &r, 2, "adjusted", "61.00");
    is_value(b, &r, 3, "adjusted", "42.70");
    /* n = 4: 15 % of 4 = 0.6, up 1; two already stand below the top */
    assert_int_equal(r.quota.non_top_need, 1);
    assert_int_equal(r.quota.fallen, 0);
    static const size_t grades[] = { 0, 0, 2, 3 }, ranks[] = { 1, 2, 3, 4 };
    for (size_t i = 0; i < PEOPLE; i++) {
        assert_int_equal(r.debriefers[i].id, 101 + (int64_t)i);
        assert_int_equal(r.debriefers[i].final, grades[i]);
        assert_int_equal(r.debriefers[i].rank, ranks[i]);
        assert_int_equal(r.debriefers[i].class_size, 4);
    }
}

/* 91.625 hides a third: 0.3 * 92.08333... must count as 27.625, in every mode. */
static void rounding_at_an_edge(void **state)
{
    Bench *b = *state;
    Tiny t;
    static const struct { const char *choices, *base, *ballot; } cases[] = {
        { CHOICES("half_up", "2", "", "up", "{'rule':'share'}"), "91.63", "91.25" },
        { CHOICES("half_even", "2", "", "up", "{'rule':'share'}"), "91.62", "91.25" },
        { CHOICES("down", "2", "", "up", "{'rule':'share'}"), "91.62", "91.25" },
        { CHOICES("half_up", "1", "", "up", "{'rule':'share'}"), "91.6", "91.3" },
        { CHOICES("half_even", "1", "", "up", "{'rule':'share'}"), "91.6", "91.2" },
        { CHOICES("half_up", "0", "", "up", "{'rule':'share'}"), "92", "91" },
        { CHOICES("down", "3", "", "up", "{'rule':'share'}"), "91.625", "91.250" },
    };
    tiny_open(&t);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ScoreResult r = tiny_run(b, &t, cases[i].choices);
        is_value(b, &r, 0, "base", cases[i].base);
        is_value(b, &r, 0, "ballot", cases[i].ballot);
    }
}

/* With ballot rounded first to one place: 0.5*91.3+27+19 = 91.65 -> 91.7; else 91.625 -> 91.6 */
static void rounded_nodes_go_on_rounded(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    ScoreResult r = tiny_run(b, &t, CHOICES("half_up", "1", "'ballot'", "up", "{'rule':'share'}"));
    is_value(b, &r, 0, "base", "91.7");
    is_text(dec_print_short(b->a, value_of(&r, 0, "base")->exact), "91.65");
    r = tiny_run(b, &t, CHOICES("half_up", "1", "", "up", "{'rule':'share'}"));
    is_value(b, &r, 0, "base", "91.6");
}

/* --- the same by fractions of 128-bit integers ---------------------------------------------- */
__extension__ typedef __int128 Wide;
typedef struct Frac {
    Wide n, d;
} Frac;

static Frac frac(Wide n, Wide d)
{
    Wide a = n < 0 ? -n : n, b = d;
    while (b) {
        Wide rest = a % b;
        a = b;
        b = rest;
    }
    return a ? (Frac){ n / a, d / a } : (Frac){ 0, 1 };
}

static Frac plus(Frac x, Frac y)
{
    return frac(x.n * y.d + y.n * x.d, x.d * y.d);
}

static Frac times(Frac x, Frac y)
{
    return frac(x.n * y.n, x.d * y.d);
}

/* Half up, in units of 10^-places. */
static int64_t units(Frac x, int places)
{
    Wide scale = 1;
    while (places-- > 0)
        scale *= 10;
    return (int64_t)((2 * x.n * scale + x.d) / (2 * x.d));
}

static Frac ballot_frac(const Tiny *t, int p)
{
    static const int points[] = { 4, 2, 1 }, weights[] = { 4, 3, 3 };
    Frac sum = { 0, 1 };
    for (int g = 0; g < GROUPS; g++) {
        int64_t over = 0, n = 0;
        for (int i = 0; i < ITEMS; i++)
            for (int o = 0; o < OPTIONS; o++) {
                over += t->marks[g][p][i][o] * points[o];
                n += t->marks[g][p][i][o];
            }
        sum = plus(sum, times(frac(weights[g], 10), frac(100 * over, 4 * n)));
    }
    return sum;
}

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void random_marks(Tiny *t, uint32_t *seed)
{
    for (int g = 0; g < GROUPS; g++) {
        t->papers[g] = 20 + next(seed) % 200;
        for (int p = 0; p < PEOPLE; p++)
            for (int i = 0; i < ITEMS; i++) {
                int64_t left = t->papers[g];
                for (int o = 0; o < OPTIONS; o++) {
                    int64_t n = o == OPTIONS - 1 ? left : next(seed) % (left + 1);
                    t->marks[g][p][i][o] = n;
                    left -= n;
                }
            }
    }
    tiny_boxes(t);
}

static void agrees_with_fractions(void **state)
{
    Bench *b = *state;
    Scheme s = scheme_of(b, TINY);
    ScoreChoices c = choices_of(b, CHOICES("half_up", "4", "", "up", "{'rule':'share'}"));
    uint32_t seed = 2026;
    Tiny t;
    tiny_open(&t);
    for (int round = 0; round < 300; round++) {
        Arena *a = arena_open(64 << 20);
        ScoreResult r;
        if (round > 0)
            random_marks(&t, &seed);
        OK(b, score_run(&r, a, &s, &c, &t.in, &b->e));
        assert_int_equal(r.status, SCORE_DONE);
        for (int p = 0; p < PEOPLE; p++) {
            static const int routine[] = { 90, 80, 70, 60 }, superior[] = { 95, 85, 75, 61 };
            Frac ballot = ballot_frac(&t, p);
            Frac base = plus(times(ballot, frac(1, 2)),
                             plus(frac(3 * routine[p], 10), frac(2 * superior[p], 10)));
            Dec want = dec_scaled(units(ballot, 4), 4);
            assert_true(dec_eq(value_of(&r, (size_t)p, "ballot")->value, want));
            want = dec_scaled(units(base, 4), 4);
            assert_true(dec_eq(value_of(&r, (size_t)p, "base")->value, want));
        }
        arena_close(a);
    }
}

/* --- bands ---------------------------------------------------------------------------------- */
static void band_edges(void **state)
{
    Bench *b = *state;
    static const char *const work[] = { "90", "89.99", "75", "74.99", "60", "59.99", "100", "0",
                                        "89.995", "89.9949" };
    static const size_t up[] = { 0, 1, 1, 2, 2, 3, 0, 3, 0, 1 };
    Plain t;
    plain_open(&t, work, 10);
    ScoreResult r = plain_run(b, &t, PLAIN, USUAL);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(r.debriefers[i].computed, up[i]);
    is_value(b, &r, 8, "total", "90.00");
    r = plain_run(b, &t, PLAIN, CHOICES("down", "2", "", "up", "{'rule':'share'}"));
    assert_int_equal(r.debriefers[8].computed, 1);
    is_value(b, &r, 8, "total", "89.99");
    t.parts[0][0].value.value = dec_of("100.01");
    Scheme s = scheme_of(b, PLAIN);
    ScoreChoices c = choices_of(b, USUAL);
    REFUSED(b, ERR_SCORE_NO_BAND, score_run(&r, b->a, &s, &c, &t.in, &b->e));
    is_text(err_get(&b->e, "value"), "100.01");
}

/* --- a part that is missing ----------------------------------------------------------------- */
static void missing_refuse(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    t.parts[1][0].value.given = false;
    ScoreResult r = tiny_run(b, &t, USUAL);
    assert_int_equal(r.status, SCORE_REFUSED);
    assert_int_equal(r.n_absent, 1);
    assert_int_equal(r.absent[0].debriefer, 102);
    assert_int_equal(r.absent[0].part, 0);
}

/* Without the superior's 0.2: (45.625 + 27) * 1 / 0.8 = 72.625 / 0.8 = 90.78125 */
static void missing_renormalise(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    t.people[0].parts.n = 1;
    ScoreResult r = tiny_run(b, &t, USUAL);
    assert_int_equal(r.status, SCORE_DONE);
    is_text(dec_print_short(b->a, value_of(&r, 0, "base")->exact), "90.78125");
    is_value(b, &r, 0, "base", "90.78");
    assert_false(value_of(&r, 0, "superior")->given);
    assert_int_equal(r.debriefers[0].n_missing, 1);
    assert_int_equal(r.debriefers[0].missing[0], 1);
    assert_int_equal(r.debriefers[1].n_missing, 0);
}

static void missing_zero(void **state)
{
    Bench *b = *state;
    static const char *const work[] = { "80" };
    Plain t;
    plain_open(&t, work, 1);
    ScoreResult r = plain_run(b, &t, PLAIN, USUAL);
    is_value(b, &r, 0, "second", "0.00");
    is_value(b, &r, 0, "tie", "0.00");
    assert_int_equal(r.debriefers[0].n_missing, 1);
    assert_int_equal(r.debriefers[0].missing[0], 1);
}

/* --- quota ---------------------------------------------------------------------------------- */
static const char *const thirteen[] = { "99", "98", "97", "96", "95", "94", "93",
                                        "92.5", "92", "91.5", "91", "90.5", "90" };

/* 15 % of 13 = 1.95: up 2, nearest 2, down 1. All stand in the top: the last ones fall. */
static void quota_of_thirteen(void **state)
{
    Bench *b = *state;
    static const struct { const char *choices; size_t need; } cases[] = {
        { CHOICES("half_up", "2", "", "up", "{'rule':'share'}"), 2 },
        { CHOICES("half_up", "2", "", "nearest", "{'rule':'share'}"), 2 },
        { CHOICES("half_up", "2", "", "down", "{'rule':'share'}"), 1 },
    };
    Plain t;
    plain_open(&t, thirteen, 13);
    for (size_t k = 0; k < 3; k++) {
        ScoreResult r = plain_run(b, &t, PLAIN, cases[k].choices);
        assert_int_equal(r.status, SCORE_DONE);
        assert_int_equal(r.quota.top, 13);
        assert_int_equal(r.quota.non_top_need, cases[k].need);
        assert_int_equal(r.quota.fallen, cases[k].need);
        assert_true(r.quota.held_final);
        for (size_t i = 0; i < 13; i++) {
            const ScoreScored *d = &r.debriefers[i];
            assert_int_equal(d->computed, 0);
            assert_int_equal(d->final, i >= 13 - cases[k].need);
            assert_int_equal(d->steps[d->n_steps - 1].kind,
                             i >= 13 - cases[k].need ? SCORE_NON_TOP : SCORE_BAND);
        }
    }
}

/* At most 30 % of 13 = 3.9, down 3, in the top: harder than the floor of 1. */
static void cap_on_the_top(void **state)
{
    Bench *b = *state;
    Plain t;
    plain_open(&t, thirteen, 13);
    ScoreResult r = plain_run(b, &t, PLAIN_HEAD BANDS
                              " non_top at_least 0.15; top_share at_most 0.3; }",
                              CHOICES("half_up", "2", "", "down", "{'rule':'share'}"));
    assert_int_equal(r.quota.top_most, 3);
    assert_int_equal(r.quota.fallen, 10);
    assert_int_equal(r.debriefers[2].final, 0);
    assert_int_equal(r.debriefers[3].final, 1);
    assert_int_equal(r.debriefers[3].steps[1].kind, SCORE_TOP_SHARE);
}

static void plain_second(Plain *t, size_t p, const char *value)
{
    t->parts[p][1] = (ScorePart){ STRC("second"), { true, dec_of(value) }, 50 };
    t->people[p].parts.n = 2;
}

/* Four in the top, one must fall (15 % of 4 = 0.6, up 1); the last two of them tie at 91. */
static const char *const edge[] = { "95", "94", "91", "91.001" };

static void tie_shared(void **state)
{
    Bench *b = *state;
    Plain t;
    plain_open(&t, edge, 4);
    ScoreResult r = plain_run(b, &t, PLAIN, CHOICES("half_up", "2", "", "up", "{'rule':'share'}"));
    assert_int_equal(r.status, SCORE_DONE); /* 91.001 prints as 91.00: a tie, both fall */
    assert_int_equal(r.quota.fallen, 2);
    assert_int_equal(r.debriefers[2].final, 1);
    assert_int_equal(r.debriefers[3].final, 1);
    assert_int_equal(r.debriefers[2].rank, 3);
    assert_int_equal(r.debriefers[3].rank, 3);
    r = plain_run(b, &t, PLAIN, CHOICES("half_up", "3", "", "up", "{'rule':'share'}"));
    assert_int_equal(r.debriefers[3].final, 0); /* at three places there is no tie */
    assert_int_equal(r.debriefers[2].rank, 4);
}

static void tie_by_measure(void **state)
{
    Bench *b = *state;
    const char *choices = CHOICES("half_up", "2", "", "up", "{'rule':'measure','measure':'tie'}");
    Plain t;
    plain_open(&t, edge, 4);
    plain_second(&t, 2, "80");
    plain_second(&t, 3, "70");
    ScoreResult r = plain_run(b, &t, PLAIN, choices);
    assert_int_equal(r.quota.fallen, 1);
    assert_int_equal(r.debriefers[2].final, 0);
    assert_int_equal(r.debriefers[3].final, 1);
    assert_int_equal(r.debriefers[2].rank, 3);
    assert_int_equal(r.debriefers[3].rank, 4);
    plain_second(&t, 3, "80"); /* the measure ties as well: they share */
    r = plain_run(b, &t, PLAIN, choices);
    assert_int_equal(r.status, SCORE_DONE);
    assert_int_equal(r.quota.fallen, 2);
    assert_int_equal(r.debriefers[3].rank, 3);
}

static void tie_by_committee(void **state)
{
    Bench *b = *state;
    const char *choices = CHOICES("half_up", "2", "", "up", "{'rule':'committee'}");
    Plain t;
    plain_open(&t, edge, 4);
    ScoreResult r = plain_run(b, &t, PLAIN, choices);
    assert_int_equal(r.status, SCORE_UNDECIDED);
    assert_int_equal(r.n_ties, 2); /* the edge of the quota, and their rank */
    assert_true(r.ties[0].quota);
    assert_int_equal(r.ties[0].n_ids, 2);
    assert_int_equal(r.ties[0].ids[0], 3);
    assert_int_equal(r.ties[0].ids[1], 4);
    assert_false(r.ties[1].quota);
    assert_true(r.debriefers[2].undecided && r.debriefers[3].undecided);
    assert_false(r.debriefers[0].undecided);
    t.order[0] = 4;
    t.order[1] = 3;
    t.decisions[0] = (ScoreDecision){ { t.order, 2 }, STRC("平时工作更扎实"), 900 };
    t.in.ties = (ShapeList){ t.decisions, 1 };
    r = plain_run(b, &t, PLAIN, choices);
    assert_int_equal(r.status, SCORE_DONE);
    assert_int_equal(r.debriefers[3].final, 0);
    assert_int_equal(r.debriefers[2].final, 1);
    assert_int_equal(r.debriefers[3].rank, 3);
    assert_int_equal(r.debriefers[2].rank, 4);
    t.decisions[0].reason = STRC(" ");
    Scheme s = scheme_of(b, PLAIN);
    ScoreChoices c = choices_of(b, choices);
    REFUSED(b, ERR_SCORE_REASON, score_run(&r, b->a, &s, &c, &t.in, &b->e));
}

static void tie_by_lot(void **state)
{
    Bench *b = *state;
    const char *choices = CHOICES("half_up", "2", "", "up", "{'rule':'lot'}");
    Plain t;
    plain_open(&t, edge, 4);
    ScoreResult r = plain_run(b, &t, PLAIN, choices);
    assert_int_equal(r.status, SCORE_UNDECIDED); /* not drawn yet */
    t.in.lot_seed = STRC("2026年抽签");
    Hash three = hash_of(STRC("2026年抽签3")), four = hash_of(STRC("2026年抽签4"));
    bool three_first = memcmp(three.b, four.b, sizeof three.b) < 0;
    r = plain_run(b, &t, PLAIN, choices);
    assert_int_equal(r.status, SCORE_DONE);
    assert_int_equal(r.debriefers[2].final, three_first ? 0 : 1);
    assert_int_equal(r.debriefers[3].final, three_first ? 1 : 0);
    assert_int_equal(r.debriefers[2].rank, three_first ? 3 : 4);
}

/* Ties only matter within a class, except at the edge of the quota. */
static void c82_classes_rank_apart(void **state)
{
    Bench *b = *state;
    static const char *const work[] = { "80", "80", "70", "70" };
    Plain t;
    plain_open(&t, work, 4);
    t.people[0].klass = STRC("organ");
    t.people[2].klass = STRC(" organ "); /* blanks around it make no other class */
    t.people[1].klass = t.people[3].klass = STRC("village");
    ScoreResult r = plain_run(b, &t, PLAIN,
                              CHOICES("half_up", "2", "", "up", "{'rule':'committee'}"));
    assert_int_equal(r.status, SCORE_DONE);
    static const size_t ranks[] = { 1, 1, 2, 2 };
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(r.debriefers[i].rank, ranks[i]);
        assert_int_equal(r.debriefers[i].class_size, 2);
    }
}

/* --- veto, gate, override ------------------------------------------------------------------- */
static void veto_and_gates(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    t.events[0][0] = (ScoreEvent){ STRC("barred"), { .given = false }, 801 };
    t.people[0].events.n = 1;
    t.events[1][0] = (ScoreEvent){ STRC("vetoed"), { .given = false }, 802 };
    t.people[1].events.n = 1;
    ScoreResult r = tiny_run(b, &t, USUAL);
    assert_int_equal(r.debriefers[0].computed, 0);
    assert_int_equal(r.debriefers[0].final, 1);
    is_text(r.debriefers[0].steps[1].name, "top_bar");
    assert_int_equal(r.debriefers[0].steps[1].kind, SCORE_GATE);
    assert_int_equal(r.debriefers[1].final, 3);
    is_text(r.debriefers[1].steps[1].name, "serious");
}

/* routine 59.995 prints as 60.00, and what is printed decides: the gate (< 60) stays shut. */
static void gates_read_rounded_values(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    t.parts[1][0].value.value = dec_of("59.995");
    ScoreResult r = tiny_run(b, &t, USUAL);
    assert_int_equal(r.debriefers[1].n_steps, 1);
    t.parts[1][0].value.value = dec_of("59.994");
    r = tiny_run(b, &t, USUAL);
    assert_int_equal(r.debriefers[1].n_steps, 2);
    is_text(r.debriefers[1].steps[1].name, "routine_pass");
}

/* A gate on a part that is missing has no answer: it changes nothing and says so. */
static void gate_without_an_answer(void **state)
{
    Bench *b = *state;
    Scheme s = scheme_of(b, TINY_HEAD BANDS
                         " gate superior_pass \"上级及格\" { when superior < 60; bars good; } }");
    ScoreChoices c = choices_of(b, USUAL);
    Tiny t;
    tiny_open(&t);
    t.people[0].parts.n = 1;
    ScoreResult r = run_of(b, &s, &c, &t.in);
    assert_int_equal(r.debriefers[0].n_steps, 2);
    assert_true(r.debriefers[0].steps[1].unjudged);
    assert_int_equal(r.debriefers[0].final, r.debriefers[0].computed);
    assert_int_equal(r.debriefers[1].n_steps, 1);
}

static void bonus_is_capped(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    t.events[1][0] = (ScoreEvent){ STRC("bonus"), { true, dec_of("1.5") }, 803 };
    t.events[1][1] = (ScoreEvent){ STRC("bonus"), { true, dec_of("1.2") }, 804 };
    t.people[1].events.n = 2;
    ScoreResult r = tiny_run(b, &t, USUAL);
    is_value(b, &r, 1, "adjusted", "93.00"); /* 91 + min(2, 2.7) */
}

static void committee_overrides(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    t.people[2].override = (ScoreOverride){ STRC("fairly_good"), STRC("攻坚任务完成好"), 850 };
    ScoreResult r = tiny_run(b, &t, USUAL);
    const ScoreScored *d = &r.debriefers[2];
    assert_int_equal(d->computed, 2);
    assert_int_equal(d->proposed, 2);
    assert_int_equal(d->final, 1);
    assert_int_equal(d->steps[d->n_steps - 1].kind, SCORE_OVERRIDE);
    assert_int_equal(d->steps[d->n_steps - 1].fact, 850);
    is_text(d->steps[d->n_steps - 1].title, "攻坚任务完成好");
    for (size_t i = 2; i < PEOPLE; i++) /* everyone in the top: the floor no longer holds */
        t.people[i].override = (ScoreOverride){ STRC("good"), STRC("委员会决定"), 851 };
    r = tiny_run(b, &t, USUAL);
    assert_int_equal(r.quota.top_final, 4);
    assert_false(r.quota.held_final);
    t.people[2].override.reason = STRC("");
    Scheme s = scheme_of(b, TINY);
    ScoreChoices c = choices_of(b, USUAL);
    REFUSED(b, ERR_SCORE_REASON, score_run(&r, b->a, &s, &c, &t.in, &b->e));
}

/* --- quorum --------------------------------------------------------------------------------- */
static void quorum_fails(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    t.boxes[0].issued = 14; /* 11 / 14 = 0.785... < 0.8 */
    ScoreResult r = tiny_run(b, &t, USUAL);
    assert_int_equal(r.status, SCORE_REFUSED);
    assert_int_equal(r.n_quorum, 3);
    assert_false(r.quorum[0].returned_ok);
    assert_true(r.quorum[0].valid_ok); /* 10 / 11 = 0.909 */
    assert_true(r.quorum[1].returned_ok && r.quorum[2].returned_ok);
    is_text(r.quorum[0].groups, "领导");
}

#define QUORUM_OF(scope, failure)                                                                  \
    "{'rounding':{'mode':'half_up','places':2,'nodes':[],'quota':'up'},'ties':{'rule':'share'},"   \
    "'quorum':{'returned':'0.8','valid':'0.9','scope':'" scope "','on_failure':'" failure "'}}"

/* Over all: 63 of 66 returned = 0.954, 60 of 63 valid = 0.952. */
static void quorum_of_all_together(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    t.boxes[0].issued = 14;
    ScoreResult r = tiny_run(b, &t, QUORUM_OF("whole", "revote"));
    assert_int_equal(r.status, SCORE_DONE);
    assert_int_equal(r.n_quorum, 1);
    assert_int_equal(r.quorum[0].issued, 66);
    assert_int_equal(r.quorum[0].returned, 63);
    assert_int_equal(r.quorum[0].valid, 60);
}

static void committee_accepts_a_ballot(void **state)
{
    Bench *b = *state;
    ScoreDecision accept = { .reason = STRC("缺席者均请假"), .fact = 910 };
    Tiny t;
    tiny_open(&t);
    t.boxes[0].issued = 14;
    ScoreResult r = tiny_run(b, &t, QUORUM_OF("per_group", "committee"));
    assert_int_equal(r.status, SCORE_REFUSED);
    t.in.accepts = (ShapeList){ &accept, 1 };
    r = tiny_run(b, &t, QUORUM_OF("per_group", "committee"));
    assert_int_equal(r.status, SCORE_DONE);
    assert_int_equal(r.accepted->fact, 910);
    r = tiny_run(b, &t, QUORUM_OF("per_group", "revote")); /* a vote again it must be */
    assert_int_equal(r.status, SCORE_REFUSED);
    t.boxes[0].issued = t.boxes[0].returned = t.boxes[0].valid = 0;
    t.boxes[0].invalid.n = t.boxes[0].cells.n = 0;
    t.in.accepts.n = 0;
    r = tiny_run(b, &t, QUORUM_OF("per_group", "committee"));
    assert_false(r.quorum[0].returned_ok); /* nothing issued reaches no share */
}

/* --- merged groups -------------------------------------------------------------------------- */
/* Leaders and peers in one box of 30 papers and weight 0.7; debriefer 101:
 *   overall 23*4+7*2 = 106, duty 25*4+5*2 = 110: 100 * 216 / (60*4) = 90
 *   review = 0.7*90 + 0.3*92.08333... = 63 + 27.625 = 90.625 */
static void groups_counted_together(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    tiny_merge(&t);
    ScoreResult r = tiny_run(b, &t, CHOICES("half_up", "3", "", "up", "{'rule':'share'}"));
    is_value(b, &r, 0, "review.leaders.score", "90.000");
    is_value(b, &r, 0, "review.peers.score", "90.000");
    is_value(b, &r, 0, "review.score", "90.625");
    assert_int_equal(r.n_quorum, 2);
    is_text(r.quorum[0].groups, "领导、互评");
}

static void merging_by_the_floor(void **state)
{
    Bench *b = *state;
    Scheme s = scheme_of(b, TINY);
    static const struct { int64_t valid[3]; size_t of[3]; } cases[] = {
        { { 10, 20, 30 }, { 0, 1, 2 } },
        { { 5, 20, 30 }, { 0, 0, 2 } },   /* leaders join peers */
        { { 10, 5, 30 }, { 0, 1, 1 } },   /* peers join staff */
        { { 10, 20, 5 }, { 0, 1, 1 } },   /* staff join peers */
        { { 1, 2, 30 }, { 0, 0, 0 } },    /* together still few: on to staff */
        { { 0, 8, 8 }, { 0, 0, 2 } },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t of[3];
        OK(b, score_merge(of, &s, cases[i].valid, 8, &b->e));
        assert_memory_equal(of, cases[i].of, sizeof of);
    }
    size_t of[3];
    int64_t few[3] = { 2, 2, 3 };
    REFUSED(b, ERR_SCORE_MERGE, score_merge(of, &s, few, 8, &b->e));
}

/* --- properties ----------------------------------------------------------------------------- */
static void swap(void *x, void *y, size_t size)
{
    char tmp[256];
    assert_true(size <= sizeof tmp);
    memcpy(tmp, x, size);
    memcpy(x, y, size);
    memcpy(y, tmp, size);
}

static Str bundle_text(Bench *b, const Scheme *s, const ScoreChoices *c, const ScoreInput *in)
{
    Buf buf = buf_open(SCORE_BUNDLE_MAX);
    Jw w = jw_open(&buf);
    OK(b, score_bundle_write(&w, b->a, s, c, in, &b->e));
    assert_true(jw_close(&w));
    Str text = arena_str(b->a, buf_str(&buf));
    buf_close(&buf);
    return text;
}

static void order_means_nothing(void **state)
{
    Bench *b = *state;
    Scheme s = scheme_of(b, TINY);
    ScoreChoices c = choices_of(b, USUAL);
    uint32_t seed = 7;
    Tiny t;
    tiny_open(&t);
    for (int k = 0; k < 3; k++)
        t.events[0][k] = (ScoreEvent){ STRC("bonus"), { true, dec_scaled(3 + k, 1) }, 800 + k };
    t.people[0].events.n = 3;
    Str first = bundle_text(b, &s, &c, &t.in);
    for (int round = 0; round < 30; round++) {
        swap(&t.people[next(&seed) % PEOPLE], &t.people[next(&seed) % PEOPLE], sizeof *t.people);
        swap(&t.boxes[next(&seed) % GROUPS], &t.boxes[next(&seed) % GROUPS], sizeof *t.boxes);
        for (int g = 0; g < GROUPS; g++)
            swap(&t.cells[g][next(&seed) % 24], &t.cells[g][next(&seed) % 24], sizeof **t.cells);
        swap(&t.events[0][next(&seed) % 3], &t.events[0][next(&seed) % 3], sizeof **t.events);
        swap(&t.parts[2][0], &t.parts[2][1], sizeof **t.parts);
        Str again = bundle_text(b, &s, &c, &t.in);
        assert_true(str_eq(first, again));
    }
}

/* A vote that moves to a better option never lowers a score, and raises the group's. */
static void better_votes_never_lower(void **state)
{
    Bench *b = *state;
    Scheme s = scheme_of(b, TINY);
    ScoreChoices c = choices_of(b, CHOICES("half_up", "4", "", "up", "{'rule':'share'}"));
    uint32_t seed = 11;
    Tiny t;
    tiny_open(&t);
    for (int round = 0; round < 200; round++) {
        Arena *a = arena_open(64 << 20);
        ScoreResult before, after;
        random_marks(&t, &seed);
        OK(b, score_run(&before, a, &s, &c, &t.in, &b->e));
        assert_int_equal(before.status, SCORE_DONE);
        int g = next(&seed) % GROUPS, i = next(&seed) % ITEMS, o = 1 + next(&seed) % 2;
        int64_t *marks = t.marks[g][0][i];
        if (marks[o] > 0) {
            marks[o]--;
            marks[o - 1]++;
            tiny_boxes(&t);
            OK(b, score_run(&after, a, &s, &c, &t.in, &b->e));
            assert_int_equal(after.status, SCORE_DONE);
            assert_true(dec_cmp(value_of(&after, 0, "adjusted")->value,
                                value_of(&before, 0, "adjusted")->value) >= 0);
            assert_true(dec_cmp(value_of(&after, 0, "review.score")->exact,
                                value_of(&before, 0, "review.score")->exact) > 0);
        }
        arena_close(a);
    }
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(district_by_hand), T(rounding_at_an_edge), T(rounded_nodes_go_on_rounded),
        T(agrees_with_fractions), T(band_edges), T(missing_refuse), T(missing_renormalise),
        T(missing_zero), T(quota_of_thirteen), T(cap_on_the_top), T(tie_shared), T(tie_by_measure),
        T(tie_by_committee), T(tie_by_lot), T(c82_classes_rank_apart), T(veto_and_gates),
        T(gates_read_rounded_values), T(gate_without_an_answer), T(bonus_is_capped),
        T(committee_overrides), T(quorum_fails), T(quorum_of_all_together),
        T(committee_accepts_a_ballot), T(groups_counted_together), T(merging_by_the_floor),
        T(order_means_nothing), T(better_votes_never_lower),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
