/* fixture: small schemes and inputs that the tests of score share; a test includes cmocka first. */
#ifndef SCORE_FIXTURE_TEST_H
#define SCORE_FIXTURE_TEST_H

#include "score/score.h"

typedef struct Bench {
    Arena *a;
    Err e;
} Bench;

static inline int bench_open(void **state)
{
    Bench *b = calloc(1, sizeof *b);
    if (!b || !(b->a = arena_open(256 << 20)))
        return -1;
    *state = b;
    return 0;
}

static inline int bench_close(void **state)
{
    Bench *b = *state;
    arena_close(b->a);
    free(b);
    return 0;
}

static inline void bench_show(const Bench *b)
{
    char text[1200];
    err_print(&b->e, LANG_HANS, text, sizeof text);
    print_message("%s: %s [%s]\n", err_name(b->e.code), text, b->e.trail);
}

#define OK(b, call)                                                                                \
    do {                                                                                           \
        if (!(call)) {                                                                             \
            bench_show(b);                                                                         \
            fail_msg("%s", #call);                                                                 \
        }                                                                                          \
    } while (0)

#define REFUSED(b, wanted, call)                                                                   \
    do {                                                                                           \
        if (call)                                                                                  \
            fail_msg("accepted: %s", #call);                                                       \
        if ((b)->e.code != (wanted)) {                                                             \
            bench_show(b);                                                                         \
            fail_msg("another error than %s", #wanted);                                            \
        }                                                                                          \
    } while (0)

static inline Dec dec_of(const char *z)
{
    Dec d = { { 0 } };
    assert_true(dec_parse(&d, str_of(z)));
    return d;
}

static inline void is_text(Str got, const char *want)
{
    if (!str_is(got, want))
        fail_msg("\"%.*s\" is not \"%s\"", STR(got), want);
}

static inline Scheme scheme_of(Bench *b, const char *text)
{
    Scheme s = { .n_nodes = 0 };
    OK(b, pack_scheme_parse(&s, b->a, STRC("test.pack"), str_of(text), &b->e));
    return s;
}

static inline ScoreChoices choices_of(Bench *b, const char *json)
{
    ScoreChoices c = { .places = 0 };
    json_t *v;
    char text[1000];
    snprintf(text, sizeof text, "%s", json);
    for (char *p = text; *p; p++) /* written with ' for the reader's sake */
        *p = *p == '\'' ? '"' : *p;
    OK(b, jv_read(&v, str_of(text), "choices", &b->e));
    OK(b, score_choices_read(&c, b->a, v, &b->e));
    jv_close(v);
    return c;
}

/* --- a tiny district: 4 debriefers, 3 groups, 2 items, 3 options ---------------------------- */
#define TINY_HEAD                                                                                  \
    "scheme tiny { title \"小区\"; cite \"例\";"                                                   \
    " instrument review { title \"民主测评\"; complete all;"                                       \
    "  item overall \"总体\"; item duty \"履职\";"                                                 \
    "  option good \"好\" 4; option fair \"一般\" 2; option poor \"差\" 1;"                        \
    "  invalid unfilled \"漏填\"; invalid double \"多选\"; }"                                      \
    " group leaders \"领导\" weight 0.4 merge peers;"                                              \
    " group peers \"互评\" weight 0.3 merge staff;"                                                \
    " group staff \"代表\" weight 0.3 merge peers;"                                                \
    " part routine \"平时\" from 0 to 100 missing refuse;"                                         \
    " part superior \"上级\" from 0 to 100 missing renormalise;"                                   \
    " event bonus \"加分\" from 0 to 2; event vetoed \"否决事项\"; event barred \"否优事项\";"      \
    " node ballot \"民主测评分\" { value review.score; }"                                          \
    " node base \"基础分\" { sum ballot 0.5; sum routine 0.3; sum superior 0.2; }"                 \
    " node adjusted \"总分\" { value min(100, base + min(2, sum(append(bonus, 0)))); }"            \
    " total adjusted;"
#define BANDS                                                                                      \
    " band good \"好\" from 90 closed to 100 closed;"                                              \
    " band fairly_good \"较好\" from 75 closed to 90 open;"                                        \
    " band fair \"一般\" from 60 closed to 75 open; band poor \"差\" from 0 closed to 60 open;"    \
    " top good;"
#define TINY_RULES                                                                                 \
    " veto serious \"一票否决\" { when count(vetoed) > 0; gives poor; }"                           \
    " gate top_bar \"一票否优\" { when count(barred) > 0; bars good; }"                            \
    " gate routine_pass \"平时及格\" { when routine < 60; bars good; }"
#define TINY TINY_HEAD BANDS " non_top at_least 0.15;" TINY_RULES "}"

#define QUORUM                                                                                     \
    ",'quorum':{'returned':'0.8','valid':'0.9','scope':'per_group','on_failure':'revote'}}"
#define CHOICES(mode, places, nodes, quota, ties)                                                  \
    "{'rounding':{'mode':'" mode "','places':" places ",'nodes':[" nodes "],'quota':'" quota       \
    "'},'ties':" ties QUORUM
#define USUAL CHOICES("half_up", "2", "", "up", "{'rule':'share'}")

enum { PEOPLE = 4, GROUPS = 3, ITEMS = 2, OPTIONS = 3 };

typedef struct Tiny {
    int64_t marks[GROUPS][PEOPLE][ITEMS][OPTIONS];
    int64_t papers[GROUPS];
    ScoreCell cells[GROUPS][PEOPLE * ITEMS * OPTIONS];
    ScoreBox boxes[GROUPS];
    Str groups[GROUPS][GROUPS];
    ScoreInvalid invalid[GROUPS][2];
    ScorePart parts[PEOPLE][2];
    ScoreEvent events[PEOPLE][4];
    ScoreDebriefer people[PEOPLE];
    ScoreInput in;
} Tiny;

static const char *const tiny_groups[] = { "leaders", "peers", "staff" };
static const char *const tiny_items[] = { "overall", "duty" };
static const char *const tiny_options[] = { "good", "fair", "poor" };

/* Papers: leaders 10, peers 20, staff 30. Marks are good, fair, poor for overall, then duty.
 *
 * Debriefer 101, by hand:
 *   leaders  overall 8*4+2*2    = 36, duty 9*4+1*2     = 38: 100 *  74 /  (20*4) = 92.5
 *   peers    overall 15*4+5*2   = 70, duty 16*4+4*2    = 72: 100 * 142 /  (40*4) = 88.75
 *   staff    overall 24*4+6*2   =108, duty 27*4+2*2+1  =113: 100 * 221 /  (60*4) = 92.08333...
 *   review   0.4*92.5 + 0.3*88.75 + 0.3*92.08333... = 37 + 26.625 + 27.625       = 91.25
 *   base     0.5*91.25 + 0.3*90 + 0.2*95 = 45.625 + 27 + 19                      = 91.625
 * Debriefer 102: all good everywhere: 100; base 50 + 0.3*80 + 0.2*85 = 50+24+17    = 91
 * Debriefer 103: all fair: 50; base 25 + 0.3*70 + 0.2*75 = 25+21+15                = 61
 * Debriefer 104: all poor: 25; base 12.5 + 0.3*60 + 0.2*61 = 12.5+18+12.2          = 42.7 */
static inline void tiny_marks(Tiny *t)
{
    static const int64_t first[GROUPS][ITEMS][OPTIONS] = { { { 8, 2, 0 }, { 9, 1, 0 } },
                                                           { { 15, 5, 0 }, { 16, 4, 0 } },
                                                           { { 24, 6, 0 }, { 27, 2, 1 } } };
    for (int g = 0; g < GROUPS; g++) {
        t->papers[g] = 10 * (g + 1);
        memcpy(t->marks[g][0], first[g], sizeof first[g]);
        for (int p = 1; p < PEOPLE; p++)
            for (int i = 0; i < ITEMS; i++)
                t->marks[g][p][i][p - 1] = t->papers[g];
    }
}

static inline void tiny_boxes(Tiny *t)
{
    for (int g = 0; g < GROUPS; g++) {
        size_t n = 0;
        for (int p = 0; p < PEOPLE; p++)
            for (int i = 0; i < ITEMS; i++)
                for (int o = 0; o < OPTIONS; o++)
                    t->cells[g][n++] = (ScoreCell){ 101 + p, str_of(tiny_items[i]),
                                                    str_of(tiny_options[o]),
                                                    t->marks[g][p][i][o] };
        t->groups[g][0] = str_of(tiny_groups[g]);
        t->invalid[g][0] = (ScoreInvalid){ STRC("unfilled"), 1 };
        t->boxes[g] = (ScoreBox){ .groups = { t->groups[g], 1 }, .issued = t->papers[g] + 1,
                                  .returned = t->papers[g] + 1, .valid = t->papers[g],
                                  .invalid = { t->invalid[g], 1 }, .cells = { t->cells[g], n },
                                  .fact = 500 + g };
    }
}

static inline void tiny_open(Tiny *t)
{
    static const char *const routine[] = { "90", "80", "70", "60" };
    static const char *const superior[] = { "95", "85", "75", "61" };
    memset(t, 0, sizeof *t);
    tiny_marks(t);
    tiny_boxes(t);
    for (int p = 0; p < PEOPLE; p++) {
        t->parts[p][0] = (ScorePart){ STRC("routine"), { true, dec_of(routine[p]) }, 600 + p };
        t->parts[p][1] = (ScorePart){ STRC("superior"), { true, dec_of(superior[p]) }, 700 + p };
        t->people[p] = (ScoreDebriefer){ .id = 101 + p, .klass = STRC("organ"),
                                         .parts = { t->parts[p], 2 },
                                         .events = { t->events[p], 0 } };
    }
    t->in = (ScoreInput){ .object = STRC("party_building"), .debriefers = { t->people, PEOPLE },
                          .boxes = { t->boxes, GROUPS } };
}

/* --- totals straight from a part: for ties and quotas --------------------------------------- */
#define PLAIN_HEAD                                                                                 \
    "scheme plain { title \"直接\"; cite \"例\";"                                                  \
    " part work \"工作\" from 0 to 200 missing refuse;"                                            \
    " part second \"比较\" from 0 to 100 missing zero;"                                            \
    " node total \"总分\" { sum work 1; } node tie \"比较分\" { sum second 1; }"                   \
    " total total;"
#define PLAIN PLAIN_HEAD BANDS " non_top at_least 0.15; }"

enum { MANY = 20 };

typedef struct Plain {
    ScorePart parts[MANY][2];
    ScoreDebriefer people[MANY];
    ScoreDecision decisions[2];
    int64_t order[MANY];
    ScoreInput in;
} Plain;

static inline void plain_open(Plain *t, const char *const *work, size_t n)
{
    memset(t, 0, sizeof *t);
    for (size_t p = 0; p < n; p++) {
        t->parts[p][0] = (ScorePart){ STRC("work"), { true, dec_of(work[p]) }, 10 + (int64_t)p };
        t->people[p] = (ScoreDebriefer){ .id = 1 + (int64_t)p, .parts = { t->parts[p], 1 } };
    }
    t->in = (ScoreInput){ .debriefers = { t->people, n } };
}

static inline const ScoreValue *value_of(const ScoreResult *r, size_t i, const char *name)
{
    for (size_t k = 0; k < r->n_defs; k++)
        if (str_is(r->defs[k].name, name))
            return &r->debriefers[i].values[k];
    fail_msg("no value %s", name);
    return NULL;
}

static inline void is_value(Bench *b, const ScoreResult *r, size_t i, const char *name,
                            const char *want)
{
    is_text(dec_print(b->a, value_of(r, i, name)->value), want);
}

static inline ScoreResult run_of(Bench *b, const Scheme *s, const ScoreChoices *c,
                                 const ScoreInput *in)
{
    ScoreResult r = { .status = SCORE_REFUSED };
    OK(b, score_run(&r, b->a, s, c, in, &b->e));
    return r;
}

static inline ScoreResult tiny_run(Bench *b, Tiny *t, const char *choices)
{
    Scheme *s = ARENA_NEW(b->a, Scheme);
    ScoreChoices *c = ARENA_NEW(b->a, ScoreChoices);
    *s = scheme_of(b, TINY);
    *c = choices_of(b, choices);
    return run_of(b, s, c, &t->in);
}

static inline ScoreResult plain_run(Bench *b, Plain *t, const char *scheme, const char *choices)
{
    Scheme *s = ARENA_NEW(b->a, Scheme);
    ScoreChoices *c = ARENA_NEW(b->a, ScoreChoices);
    *s = scheme_of(b, scheme);
    *c = choices_of(b, choices);
    return run_of(b, s, c, &t->in);
}

static inline void tiny_merge(Tiny *t)
{
    for (int p = 0; p < PEOPLE; p++)
        for (int i = 0; i < ITEMS; i++)
            for (int o = 0; o < OPTIONS; o++)
                t->marks[1][p][i][o] += t->marks[0][p][i][o];
    t->papers[1] += t->papers[0];
    tiny_boxes(t);
    t->groups[1][1] = STRC("leaders");
    t->boxes[1].groups.n = 2;
    t->in.boxes = (ShapeList){ t->boxes + 1, 2 };
}

#endif
