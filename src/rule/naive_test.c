/* A second judge, written as plainly as the rule can be said, asked about every small case; the
 * order of rows; memory refused at every point. */
#include "rule/kit_test.h"

#define PACK                                                                                       \
    "duty plain { title \"甲\"; every quarter; of meeting[kind = \"congress\"]; at_least 1;\n"      \
    "  soft \"一般\"; cite \"例\"; EXAMPLES(2026-Q1) }\n"                                          \
    "duty graced { title \"乙\"; every quarter; of meeting[kind = \"congress\"]; at_least 2;\n" \
    "  grace 4; soft \"一般\"; cite \"例\"; EXAMPLES(2026-Q1) }\n" \
    "duty most { title \"丙\"; every month; of meeting; at_most 1; soft \"一般\"; cite \"例\";\n"   \
    "  EXAMPLES(2026-01) }\n"                                                                      \
    "duty ever { title \"丁\"; every standing; of meeting[late > 0]; at_least 1; soft \"一般\";\n"   \
    "  cite \"例\"; EXAMPLES() }\n"                                                                \
    "duty each { title \"戊\"; for person; who person.age >= 18; every half; of meeting;\n" \
    "  by heads; at_least 1; soft \"一般\"; cite \"例\"; EXAMPLES(2026-H1) }\n" \
    "duty sum { title \"己\"; every year; holds m.hours >= 10 and m.meetings > 2; soft \"一般\";\n"  \
    "  cite \"例\"; EXAMPLES(2026) }\n"                                                            \
    "duty thing { title \"庚\"; for task; holds thing.state = \"done\"; due thing.by;\n"            \
    "  soft \"一般\"; cite \"例\"; EXAMPLES() }\n"                                                 \
    "measure hours { title \"学时\"; of meeting; sum hours; }\n"                                   \
    "measure meetings { title \"次数\"; of meeting[place != null]; count; }\n"

/* --- the second judge ----------------------------------------------------------------------- */
enum { DAYS = 10 };
static const char *const days[DAYS] = {
    "2025-12-31", "2026-01-01", "2026-03-31", "2026-04-01", "2026-04-04",
    "2026-04-05", "2026-06-30", "2026-07-02", "2026-12-31", "2027-01-03",
};

static int own(unsigned held, Period p, Day today)
{
    int n = 0;
    for (int i = 0; i < DAYS; i++)
        n += (held >> i & 1) && period_has(p, kit_day(days[i])) && kit_day(days[i]) <= today;
    return n;
}

/* How many of the days of grace after p does p take? As many as it lacks. */
static int taken(unsigned held, Period p, Day today, int least, int grace)
{
    int lack = least - own(held, p, today);
    int there = own(held, (Period){ p.to + 1, p.to + grace }, today);
    return lack <= 0 ? 0 : lack < there ? lack : there;
}

static char naive(unsigned held, Period p, Day today, int least, int grace)
{
    Period before = period_of(PERIOD_QUARTER, p.from - 1);
    if (p.from > today)
        return '.';
    int have = own(held, p, today) - taken(held, before, today, least, grace) +
               taken(held, p, today, least, grace);
    return have >= least ? 'm' : today <= p.to + grace ? 'd' : 'x';
}

static void test_every_subset(void **state)
{
    (void)state;
    static const char *const todays[] = { "2026-01-01", "2026-03-31", "2026-04-04", "2026-04-05",
                                          "2026-06-30", "2026-07-03", "2027-01-04" };
    Kit *k = kit_open(PACK);
    for (unsigned held = 0; held < 1u << DAYS; held++) {
        k->u.n_records = 0;
        for (int i = DAYS; i-- > 0;) /* the newest first, for a change */
            if (held >> i & 1)
                kit_add(k, "meeting", days[i], "{\"kind\":\"congress\"}");
        for (size_t t = 0; t < sizeof todays / sizeof *todays; t++) {
            char want[2][5] = { "", "" };
            Period p = kit_period("2026-Q1");
            for (int q = 0; q < 4; q++, p = period_of(PERIOD_QUARTER, p.to + 1)) {
                want[0][q] = naive(held, p, kit_day(todays[t]), 1, 0);
                want[1][q] = naive(held, p, kit_day(todays[t]), 2, 4);
            }
            kit_states(k, "plain", "2026", todays[t], want[0]);
            kit_states(k, "graced", "2026", todays[t], want[1]);
        }
    }
    kit_close(k);
}

/* --- made-up units -------------------------------------------------------------------------- */
static uint32_t dice(uint64_t *seed, uint32_t n)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % n;
}

static void make_up(Kit *k, uint64_t *seed)
{
    static const char *const bodies[] = {
        "{\"heads\":[1,2],\"hours\":\"4.5\",\"kind\":\"congress\",\"place\":\"甲\"}",
        "{\"heads\":[2,3,2],\"hours\":\"6\",\"kind\":\"group\"}",
        "{\"kind\":\"congress\",\"open\":true,\"place\":\"\\\"乙\\\"\"}", "{}"
    };
    static const char *const tasks[] = { "{\"by\":\"2026-05-01\",\"state\":\"done\"}",
                                         "{\"by\":\"2026-06-01\",\"state\":\"open\"}", "{}" };
    k->u.n_people = k->u.n_records = k->u.n_tenures = 0;
    for (int i = 1; i <= 3; i++) {
        RulePerson *p = kit_person(k, i, "2020-01-01");
        p->born = day_make(2000 + (int)dice(seed, 12), 1 + (int)dice(seed, 12), 1);
        p->to = dice(seed, 2) ? kit_day("2026-05-05") : DAY_NONE;
        p->infirm = dice(seed, 3) == 0;
    }
    for (uint32_t i = 0, n = dice(seed, 12); i < n; i++) {
        bool task = dice(seed, 4) == 0;
        RuleRecord *r = kit_add(k, task ? "task" : "meeting", "2026-01-01",
                                task ? tasks[dice(seed, 3)] : bodies[dice(seed, 4)]);
        r->on = kit_day("2025-12-20") + (Day)dice(seed, 380);
        r->received = r->on + (Day)dice(seed, 9);
    }
}

static bool same(const RuleCell *a, const RuleCell *b)
{
    return a->duty == b->duty && a->person == b->person && a->thing == b->thing &&
           a->period.from == b->period.from && a->period.to == b->period.to &&
           a->state == b->state && a->reason == b->reason && dec_eq(a->value, b->value) &&
           a->due == b->due && a->counted == b->counted && a->late == b->late;
}

static void judge_all(RuleCells *out, Kit *k, Arena *a, Day today)
{
    Err e = { 0 };
    if (!rule_judge(out, a, k->rules, &k->u, kit_period("2026"), today, &e))
        kit_fail(&e);
}

static void test_order_is_irrelevant(void **state)
{
    (void)state;
    Kit *k = kit_open(PACK);
    uint64_t seed = 1;
    Arena *other = arena_open(64 << 20);
    size_t seen = 0;
    for (int round = 0; round < 500; round++) {
        RuleCells was, is;
        Day today = kit_day("2026-01-01") + (Day)dice(&seed, 380);
        make_up(k, &seed);
        arena_reset(k->scratch);
        judge_all(&was, k, k->scratch, today);
        for (size_t i = k->u.n_records; i > 1; i--) {
            size_t j = dice(&seed, (uint32_t)i);
            RuleRecord kept = k->records[i - 1];
            k->records[i - 1] = k->records[j];
            k->records[j] = kept;
        }
        RulePerson first = k->people[0];
        k->people[0] = k->people[2];
        k->people[2] = first;
        arena_reset(other);
        judge_all(&is, k, other, today);
        assert_int_equal(was.n, is.n);
        for (size_t i = 0; i < was.n; i++)
            assert_true(same(&was.items[i], &is.items[i]));
        seen += was.n;
    }
    assert_true(seen > 10000);
    arena_close(other);
    kit_close(k);
}

/* Whatever memory there is: the same cells, or a refusal that says why. */
static void test_memory_refused(void **state)
{
    (void)state;
    Kit *k = kit_open(PACK);
    uint64_t seed = 3;
    RuleCells whole;
    do
        make_up(k, &seed);
    while (k->u.n_records < 10);
    judge_all(&whole, k, k->scratch, kit_day("2026-08-01"));
    size_t refused = 0, cap = 1000;
    for (bool done = false; !done; cap += 256) {
        Arena *a = arena_open(cap);
        RuleSet *rules;
        RuleCells got;
        Err e = { 0 };
        done = rule_open(&rules, a, k->rb, &e) &&
               rule_judge(&got, a, rules, &k->u, kit_period("2026"), kit_day("2026-08-01"), &e);
        if (done) {
            assert_int_equal(got.n, whole.n);
            for (size_t i = 0; i < got.n; i++)
                assert_true(same(&got.items[i], &whole.items[i]));
        } else {
            assert_int_equal(e.code, ERR_NO_MEMORY);
            refused++;
        }
        arena_close(a);
    }
    assert_true(refused > 20);
    kit_close(k);
}

/* Filters on canonical JSON in place, and the same filters in FEEL over the parsed body. */
static void test_filters(void **state)
{
    (void)state;
    static const char *const filters[] = {
        "kind = \"congress\"", "kind != \"congress\"", "kind in (\"group\", \"lecture\")",
        "hours >= 4.5", "hours < 6", "not(hours > 4.5)", "present = 3", "present in [2..5]",
        "open", "open = false", "open != true", "place = null", "place != null", "heads = null",
        "place = \"\\\"乙\\\"\"", "held > date(\"2026-02-01\")", "on >= held", "late = 0",
        "received != on", "org.kind = \"branch\" and open", "kind = \"group\" or present > 3",
    };
    static const char *const bodies[] = {
        "{}", "{\"kind\":\"congress\",\"open\":true,\"present\":3}",
        "{\"heads\":[1,2],\"held\":\"2026-03-01\",\"hours\":\"4.5\",\"kind\":\"group\"}",
        "{\"held\":\"2026-01-31\",\"hours\":\"6\",\"open\":false,\"place\":\"\\\"乙\\\"\"}",
        "{\"hours\":\"10.25\",\"place\":\"x,\\\\\",\"present\":4}",
        "{\"held\":\"2026-03-02\",\"place\":\"[{\",\"present\":-1}",
    };
    for (size_t f = 0; f < sizeof filters / sizeof *filters; f++) {
        char pack[900];
        snprintf(pack, sizeof pack,
                 "measure plain { title \"甲\"; of meeting[%s]; count; }\n"
                 "measure whole { title \"乙\"; of meeting[if true then (%s) else null]; count; }\n",
                 filters[f], filters[f]);
        Kit *k = kit_open(pack);
        for (size_t b = 0; b < sizeof bodies / sizeof *bodies; b++)
            kit_add(k, "meeting", "2026-03-01", bodies[b])->received = kit_day("2026-03-08");
        for (size_t i = 0; i < k->u.n_records; i++) {
            RuleFigure plain, whole;
            RuleUnit one = k->u;
            Err e = { 0 };
            one.records = &k->records[i];
            one.n_records = 1;
            if (!rule_measure(&plain, k->a, k->rules, pack_measure(k->rb, STRC("plain")), &one, 0,
                              kit_period("2026"), kit_day("2026-12-31"), &e) ||
                !rule_measure(&whole, k->a, k->rules, pack_measure(k->rb, STRC("whole")), &one, 0,
                              kit_period("2026"), kit_day("2026-12-31"), &e))
                kit_fail(&e);
            if (plain.records != whole.records)
                fail_msg("%s on %s", filters[f], bodies[i]);
        }
        kit_close(k);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_subset),
        cmocka_unit_test(test_order_is_irrelevant),
        cmocka_unit_test(test_memory_refused),
        cmocka_unit_test(test_filters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
