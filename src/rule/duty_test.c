/* Duties: every state, every kind of period, the first and the last day of each, people and things,
 * what was waived and switched. naive_test.c asks a second judge. */
#include "rule/kit_test.h"

#define QUARTERLY                                                                                  \
    "duty congress { title \"党员大会\"; who org.kind = \"branch\"; every quarter;\n"               \
    "  of meeting[kind = \"congress\"]; at_least 1; soft \"一般每季度召开1次\"; cite \"例\";\n"       \
    "  would \"召开一次党员大会\"; EXAMPLES(2026-Q1) }\n"
#define OF(name, every, more)                                                                      \
    "duty " name " { title \"" name "\"; every " every "; of meeting; " more \
    " hard \"必须\"; cite \"例\"; "

static void congress(Kit *k, const char *on)
{
    kit_add(k, "meeting", on, "{\"kind\":\"congress\"}");
}

static void test_quarters(void **state)
{
    (void)state;
    Kit *k = kit_open(QUARTERLY);
    kit_states(k, "congress", "2026", "2026-05-01", "xd..");
    congress(k, "2026-01-01");
    congress(k, "2026-06-30");
    kit_add(k, "meeting", "2026-04-02", "{\"kind\":\"group\"}");
    kit_states(k, "congress", "2026", "2026-05-01", "md..");
    kit_states(k, "congress", "2026", "2026-06-30", "mm..");
    kit_states(k, "congress", "2026", "2026-07-01", "mmd.");
    kit_states(k, "congress", "2026", "2026-12-31", "mmxd");
    kit_states(k, "congress", "2026", "2027-01-01", "mmxx");
    kit_states(k, "congress", "2026-Q2", "2026-12-31", "m");
    k->org.kind = STRC("committee");
    kit_states(k, "congress", "2026", "2026-12-31", "----");
    kit_close(k);
}

static void test_periods(void **state)
{
    (void)state;
    Kit *k = kit_open(OF("a", "month", "at_least 1;") "EXAMPLES(2026-01) }"
                      OF("b", "half", "at_least 2;") "EXAMPLES(2026-H1) }"
                      OF("c", "year", "at_least 3;") "EXAMPLES(2026) }"
                      OF("d", "standing", "at_least 2;") "EXAMPLES() }"
                      OF("f", "year", "at_most 2;") "EXAMPLES(2026) }");
    kit_add(k, "meeting", "2024-02-29", "{}");
    kit_states(k, "a", "2024", "2024-03-31", "xmd.........");
    kit_states(k, "a", "2024-02", "2024-02-29", "m");
    kit_states(k, "a", "2024-02", "2024-02-28", "d"); /* what is still to come does not count */
    kit_states(k, "b", "2024", "2024-06-30", "d.");
    kit_states(k, "b", "2024", "2024-07-01", "xd");
    kit_states(k, "d", "2024", "2024-07-01", "x");
    kit_add(k, "meeting", "2024-06-30", "{}");
    kit_states(k, "b", "2024", "2024-07-01", "md");
    kit_states(k, "c", "2024", "2024-12-31", "d");
    kit_states(k, "c", "2024", "2025-01-01", "x");
    kit_states(k, "f", "2024", "2024-07-01", "m");
    kit_add(k, "meeting", "2024-12-31", "{}");
    kit_states(k, "c", "2024", "2024-12-31", "m");
    kit_states(k, "d", "2024", "2024-12-31", "m");
    kit_states(k, "d", "2023", "2024-12-31", "x"); /* as it was at the end of that year */
    kit_states(k, "d", "2025", "2024-12-31", ".");
    kit_states(k, "f", "2024", "2024-12-30", "m");
    kit_states(k, "f", "2024", "2024-12-31", "x"); /* too many is missed at once */
    kit_close(k);
}

static void test_rolling(void **state)
{
    (void)state;
    Kit *k = kit_open(OF("a", "rolling 6", "at_least 1;") "EXAMPLES() }");
    kit_add(k, "meeting", "2026-01-15", "{}");
    kit_states(k, "a", "2026", "2026-01-14", "x");
    kit_states(k, "a", "2026", "2026-01-15", "m");
    kit_states(k, "a", "2026", "2026-07-14", "m");
    RuleCells c = kit_cells(k, "a", "2026", "2026-03-01");
    assert_int_equal(c.items[0].due, kit_day("2026-07-14")); /* stays met until then */
    kit_states(k, "a", "2026", "2026-07-15", "x");
    k->org.founded = kit_day("2026-03-01");
    kit_states(k, "a", "2026", "2026-07-15", "-");
    kit_states(k, "a", "2026", "2026-09-01", "x");
    kit_states(k, "a", "2027", "2026-09-01", ".");
    kit_close(k);
}

static void test_grace(void **state)
{
    (void)state;
    Kit *k = kit_open(OF("a", "quarter", "at_least 1; grace 5;") "EXAMPLES(2026-Q1) }");
    kit_add(k, "meeting", "2026-04-05", "{}");
    kit_states(k, "a", "2026", "2026-04-04", "dd..");
    kit_states(k, "a", "2026", "2026-04-05", "md.."); /* counts for the first, not for both */
    kit_states(k, "a", "2026", "2026-12-31", "mxxd");
    kit_add(k, "meeting", "2026-07-06", "{}"); /* one day too late for the second */
    kit_states(k, "a", "2026", "2026-12-31", "mxmd");
    kit_add(k, "meeting", "2026-03-31", "{}"); /* now the first needs no grace */
    kit_states(k, "a", "2026", "2026-12-31", "mmmd");
    kit_add(k, "meeting", "2027-01-05", "{}");
    kit_states(k, "a", "2026", "2027-01-05", "mmmm");
    kit_states(k, "a", "2027", "2027-01-05", "d..."); /* lent to the year before */
    kit_close(k);
}

static void test_sum(void **state)
{
    (void)state;
    Kit *k = kit_open(OF("a", "year", "sum hours; at_least 32;") "EXAMPLES(2026) }");
    kit_add(k, "meeting", "2026-02-01", "{\"hours\":\"16.5\"}");
    kit_add(k, "meeting", "2026-03-01", "{}");
    kit_add(k, "meeting", "2026-04-01", "{\"hours\":\"15.4\"}");
    kit_states(k, "a", "2026", "2026-12-31", "d");
    RuleCells c = kit_cells(k, "a", "2026", "2026-12-31");
    assert_string_equal(arena_z(k->scratch, rule_say(k->scratch, &c.items[0], LANG_HANS)),
                        "2026年已有31.9，还差0.1；请在2026年12月31日前完成，还有0天");
    kit_add(k, "meeting", "2026-05-01", "{\"hours\":\"0.1\"}");
    kit_states(k, "a", "2026", "2026-12-31", "m");
    kit_close(k);
}

static void test_holds(void **state)
{
    (void)state;
    Kit *k = kit_open(
        "duty a { title \"三名党员\"; every standing; holds org.full_members >= 3; hard \"必须\";\n"
        "  cite \"例\"; exempt \"联合支部\" when org.kind = \"joint_branch\"; EXAMPLES() }\n"
        "duty b { title \"地点\"; every year; holds last.meeting.place != null; soft \"一般\";\n"
        "  cite \"例\"; EXAMPLES(2026) }\n"
        "duty c { title \"人数\"; every standing; holds last.meeting.present * 2 > 7; soft \"一般\";\n"
        "  cite \"例\"; EXAMPLES() }\n");
    kit_person(k, 1, "2020-01-01");
    kit_person(k, 2, "2020-01-01");
    kit_person(k, 3, "2026-06-01");
    kit_states(k, "a", "2026", "2026-05-31", "x");
    kit_states(k, "a", "2026", "2026-06-01", "m");
    k->org.kind = STRC("joint_branch");
    kit_states(k, "a", "2026", "2026-05-31", "-");
    kit_states(k, "b", "2026", "2026-05-31", "d");
    RuleCells c = kit_cells(k, "c", "2026", "2026-12-31");
    assert_int_equal(c.items[0].state, DUTY_MISSED);
    assert_int_equal(c.items[0].reason, RULE_BECAUSE_HOLDS_UNKNOWN);
    kit_add(k, "meeting", "2026-04-01", "{\"place\":\"三楼\",\"present\":3}");
    kit_states(k, "b", "2026", "2026-05-31", "m");
    c = kit_cells(k, "c", "2026", "2026-12-31");
    assert_int_equal(c.items[0].reason, RULE_BECAUSE_HOLDS_MISSED);
    kit_add(k, "meeting", "2026-05-01", "{\"present\":4}");
    kit_states(k, "c", "2026", "2026-12-31", "m");
    kit_states(k, "b", "2026", "2026-04-30", "m"); /* the newest then had a place */
    kit_states(k, "b", "2026", "2027-04-30", "x");
    kit_close(k);
}

#define DUES                                                                                       \
    "duty dues { title \"党费\"; for person; who person.member_state = \"full\"; every month;\n"    \
    "  of dues; by person; at_least 1; hard \"按月交纳\"; cite \"例\"; EXAMPLES(2026-01) }\n"        \
    "duty debrief { title \"述职\"; for person; who person.post = \"secretary\"; every year;\n"      \
    "  of meeting[kind = \"lecture\"]; by heads; at_least 1; hard \"必须\"; cite \"例\";\n"           \
    "  EXAMPLES(2026) }\n"

static void test_people(void **state)
{
    (void)state;
    Kit *k = kit_open(DUES);
    RulePerson *one = kit_person(k, 7, "2020-01-01");
    kit_add(k, "dues", "2026-01-31", "{\"paid\":\"2026-01-31\",\"person\":7}");
    kit_add(k, "dues", "2026-02-01", "{\"paid\":\"2026-02-01\",\"person\":8}");
    kit_add(k, "dues", "2026-03-01", "{\"paid\":\"2026-03-01\",\"person\":7}")->org = 99;
    kit_states(k, "dues", "2026", "2026-04-01", "mxmd"); /* filed elsewhere counts for him */
    one->infirm = true;
    kit_states(k, "dues", "2026", "2026-04-01", "m-m-");
    one->infirm = false;
    one->joined = kit_day("2026-02-02");
    kit_states(k, "dues", "2026", "2026-04-01", "m-md");
    one->joined = kit_day("2026-02-01");
    kit_states(k, "dues", "2026", "2026-04-01", "mxmd");
    one->to = kit_day("2026-03-30"); /* gone on the last day of March */
    kit_states(k, "dues", "2026", "2026-04-01", "mx");
    one->to = DAY_NONE;
    one->member_state = STRC("none");
    kit_states(k, "dues", "2026", "2026-04-01", "");
    one->member_state = STRC("full");
    one->org = 2;
    kit_states(k, "dues", "2026", "2026-04-01", "");
    kit_close(k);
}

static void test_tenure(void **state)
{
    (void)state;
    Kit *k = kit_open(DUES QUARTERLY);
    RuleHolder *held;
    size_t n;
    Err e = { 0 };
    kit_person(k, 7, "2020-01-01")->name = STRC("老书记");
    kit_person(k, 8, "2026-06-10")->name = STRC("新书记");
    kit_tenure(k, 7, "secretary", "2020-01-01")->to = kit_day("2026-06-09");
    kit_tenure(k, 8, "secretary", "2026-06-10");
    RuleCells c = kit_cells(k, "debrief", "2026", "2026-06-09");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.items[0].person, 7);
    c = kit_cells(k, "debrief", "2026", "2026-12-31");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.items[0].person, 8); /* his from the first day, whoever was before him */
    kit_add(k, "meeting", "2026-11-01", "{\"heads\":[8],\"kind\":\"lecture\"}");
    kit_states(k, "debrief", "2026", "2026-12-31", "m");
    assert_true(rule_responsible(&held, &n, k->a, &k->u, kit_period("2026-Q2"), &e));
    assert_int_equal(n, 2);
    assert_true(str_is(held[0].name, "老书记") && held[0].held.to == kit_day("2026-06-09"));
    assert_true(str_is(held[1].name, "新书记") && held[1].held.from == kit_day("2026-06-10"));
    assert_int_equal(held[1].held.to, kit_day("2026-06-30"));
    kit_close(k);
}

static void test_things(void **state)
{
    (void)state;
    Kit *k = kit_open(
        "duty done { title \"按期办结\"; for task; who thing.state != \"shut\";\n"
        "  holds thing.state = \"done\"; due thing.by; hard \"必须\"; cite \"例\"; EXAMPLES() }\n"
        "duty named { title \"写明期限\"; for task; holds thing.by != null; soft \"一般\";\n"
        "  cite \"例\"; EXAMPLES() }\n");
    kit_add(k, "task", "2025-11-01", "{\"by\":\"2026-03-31\",\"state\":\"open\"}");
    kit_states(k, "done", "2026", "2026-03-31", "d");
    kit_states(k, "done", "2026", "2026-04-01", "x");
    kit_states(k, "done", "2025", "2026-03-31", "d"); /* both years touch it */
    kit_states(k, "done", "2027", "2027-03-31", "");
    k->records[0].body = STRC("{\"by\":\"2026-03-31\",\"state\":\"done\"}");
    kit_states(k, "done", "2026", "2026-04-01", "m");
    k->records[0].body = STRC("{\"by\":\"2026-03-31\",\"state\":\"shut\"}");
    kit_states(k, "done", "2026", "2026-04-01", "");
    kit_add(k, "task", "2026-05-01", "{\"state\":\"open\"}");
    RuleCells c = kit_cells(k, "done", "2026", "2026-05-01");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.items[0].reason, RULE_BECAUSE_HOLDS_UNKNOWN); /* without a day: at once */
    assert_int_equal(c.items[0].due, DAY_NONE);
    kit_states(k, "named", "2026", "2026-05-01", "x");
    kit_add(k, "task", "2026-05-02", "{\"by\":\"2026-05-03\"}")->struck = true;
    kit_states(k, "named", "2026", "2026-05-05", "x");
    kit_close(k);
}

static void test_waivers(void **state)
{
    (void)state;
    Kit *k = kit_open(QUARTERLY DUES);
    RuleWaiver *w = &k->waivers[k->u.n_waivers++];
    *w = (RuleWaiver){ .id = 5, .duty = STRC("congress"), .from = kit_day("2026-06-01"),
                       .to = kit_day("2026-07-31"), .reason = STRC("防汛") };
    kit_states(k, "congress", "2026", "2026-08-01", "xwd."); /* on the last day of June */
    RuleCells c = kit_cells(k, "congress", "2026", "2026-08-01");
    assert_int_equal(c.items[1].waiver, 5);
    assert_string_equal(arena_z(k->scratch, rule_say(k->scratch, &c.items[1], LANG_HANS)),
                        "已同意免除：防汛");
    w->from = w->to = kit_day("2026-06-30");
    kit_states(k, "congress", "2026", "2026-08-01", "xwd.");
    w->from = w->to = kit_day("2026-06-29");
    kit_states(k, "congress", "2026", "2026-08-01", "xxd.");
    w->from = w->to = kit_day("2026-07-01");
    kit_states(k, "congress", "2026", "2026-08-01", "xxd.");
    w->from = w->to = kit_day("2026-06-30");
    congress(k, "2026-05-04");
    kit_states(k, "congress", "2026", "2026-08-01", "xmd."); /* done is done */
    w->to = w->from = DAY_NONE;
    kit_states(k, "congress", "2026", "2026-08-01", "wmw.");
    kit_person(k, 7, "2020-01-01");
    kit_person(k, 8, "2020-01-01");
    *w = (RuleWaiver){ .id = 6, .duty = STRC("dues"), .from = DAY_NONE, .to = DAY_NONE,
                       .person = 8, .reason = STRC("困难") };
    kit_states(k, "dues", "2026", "2026-02-01", "xdww");
    kit_close(k);
}

static RuleSetting *set(Kit *k, const char *duty, const char *from, int64_t level)
{
    RuleSetting *s = &k->settings[k->u.n_settings++];
    *s = (RuleSetting){ .id = (int64_t)k->u.n_settings, .name = str_of(duty),
                        .from = kit_day(from), .level = level };
    return s;
}

static void test_settings(void **state)
{
    (void)state;
    Kit *k = kit_open(QUARTERLY OF("local", "month", "at_least 1; off;") "EXAMPLES(2026-01) }");
    kit_states(k, "local", "2026", "2026-03-31", "");
    set(k, "local", "2026-02-10", 1)->on = RULE_ON;
    kit_states(k, "local", "2026", "2026-03-31", "xd........."); /* from February on */
    set(k, "local", "2026-01-01", 2)->on = RULE_OFF;              /* the nearer org says no */
    kit_states(k, "local", "2026", "2026-03-31", "");
    set(k, "local", "2026-03-01", 2)->on = RULE_ON;
    kit_states(k, "local", "2026", "2026-03-31", "d.........");
    RuleSetting *s = set(k, "congress", "2026-04-01", 1);
    s->has_least = true;
    s->least = dec_int(2);
    s->hard = RULE_HARD;
    congress(k, "2026-02-01");
    congress(k, "2026-05-01");
    kit_states(k, "congress", "2026", "2026-09-30", "mxd.");
    RuleCells c = kit_cells(k, "congress", "2026", "2026-09-30");
    assert_false(c.items[0].hard);
    assert_true(c.items[1].hard && dec_eq(c.items[1].want, dec_int(2)));
    congress(k, "2026-05-02");
    kit_states(k, "congress", "2026", "2026-09-30", "mmd.");
    set(k, "congress", "2026-01-01", 0)->on = RULE_OFF;
    kit_states(k, "congress", "2026", "2026-09-30", "");
    kit_close(k);
}

static void test_life(void **state)
{
    (void)state;
    Kit *k = kit_open(QUARTERLY);
    k->org.founded = kit_day("2026-04-01");
    kit_states(k, "congress", "2026", "2026-12-31", "-xxd"); /* on the first day: all of it */
    k->org.ended = kit_day("2026-09-30");
    kit_states(k, "congress", "2026", "2026-12-31", "-xx-");
    k->org.ended = DAY_NONE;
    k->org.founded = kit_day("2026-05-05");
    kit_states(k, "congress", "2026", "2026-12-31", "--xd");
    congress(k, "2026-06-01");
    kit_states(k, "congress", "2026", "2026-12-31", "-mxd");
    k->org.ended = kit_day("2026-08-01");
    kit_states(k, "congress", "2026", "2026-12-31", "-m--");
    RuleCells c = kit_cells(k, "congress", "2026", "2026-12-31");
    assert_int_equal(c.items[0].reason, RULE_BECAUSE_FOUNDED);
    assert_int_equal(c.items[2].reason, RULE_BECAUSE_ENDED);
    assert_int_equal(c.items[3].reason, RULE_BECAUSE_ENDED);
    k->org.founded = k->org.ended = DAY_NONE;
    kit_states(k, "congress", "2019", "2026-12-31", "----"); /* before the pack was in force */
    kit_states(k, "congress", "2020", "2026-12-31", "xxxx");
    RuleOrg rows[2] = { k->org, k->org };
    rows[1].from = kit_day("2026-07-01");
    rows[1].kind = STRC("general_branch");
    k->u.orgs = rows;
    k->u.n_orgs = 2;
    kit_states(k, "congress", "2026", "2026-12-31", "xm--"); /* what it was then counts */
    kit_close(k);
}

static void test_why(void **state)
{
    (void)state;
    Kit *k = kit_open(QUARTERLY DUES);
    RuleWhy w;
    RuleCells c;
    Err e = { 0 };
    kit_person(k, 7, "2020-01-01");
    kit_tenure(k, 7, "secretary", "2020-01-01");
    kit_add(k, "meeting", "2026-05-20", "{\"kind\":\"congress\"}")->received =
        kit_day("2026-05-29");
    congress(k, "2026-05-02");
    kit_add(k, "meeting", "2026-05-03", "{\"kind\":\"group\"}");
    RuleAsk ask = { .duty = kit_duty(k, "congress"), .in = kit_day("2026-06-01") };
    assert_true(rule_why(&w, k->a, k->rules, &k->u, &ask, kit_day("2026-06-01"), &e));
    assert_int_equal(w.n_counted, 2);
    assert_true(w.counted[0]->on < w.counted[1]->on);
    assert_int_equal(w.cell.late, 1);
    assert_string_equal(arena_z(k->a, w.sentence),
                        "2026年第二季度已有2次，达到至少1次的要求（其中1次为补录）");
    assert_string_equal(arena_z(k->a, rule_say(k->a, &w.cell, LANG_EN)),
                        "2 in 2026-Q2, at least 1 are asked (1 of them filed late)");
    assert_true(str_is(w.would, "召开一次党员大会") && str_is(w.clause, "一般每季度召开1次"));
    assert_int_equal(w.n_responsible, 1);
    ask.in = kit_day("2026-03-31");
    assert_true(rule_why(&w, k->a, k->rules, &k->u, &ask, kit_day("2026-06-01"), &e));
    assert_string_equal(arena_z(k->a, w.sentence), "2026年第一季度只有0次，少于要求的1次");
    assert_int_equal(w.n_counted, 0);
    assert_true(rule_counts_for(&c, k->a, k->rules, &k->u, 2, kit_day("2026-06-01"), &e));
    assert_int_equal(c.n, 1);
    assert_true(str_is(c.items[0].duty->name, "congress"));
    assert_int_equal(c.items[0].period.from, kit_day("2026-04-01"));
    assert_true(rule_counts_for(&c, k->a, k->rules, &k->u, 3, kit_day("2026-06-01"), &e));
    assert_int_equal(c.n, 0);
    ask.person = 99;
    assert_false(rule_why(&w, k->a, k->rules, &k->u, &ask, kit_day("2026-06-01"), &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
    kit_close(k);
}

/* One record, several duties, several periods: each asks for its own list of what it counted. */
static void test_counts_for_many(void **state)
{
    (void)state;
    Kit *k = kit_open(QUARTERLY OF("month", "month", "at_least 1;") "EXAMPLES(2026-01) }"
                      OF("year", "year", "at_most 9;") "EXAMPLES(2026) }"
                      OF("local", "year", "at_least 1; off;") "EXAMPLES(2026) }"
                      "measure n { title \"数\"; of meeting; count; }\n"
                      "duty enough { title \"够\"; every half; holds m.n > 0; cite \"例\";\n"
                      "  soft \"一般\"; EXAMPLES(2026-H1) }\n");
    RuleCells c;
    Err e = { 0 };
    for (int i = 0; i < 30; i++)
        kit_add(k, "meeting", i % 2 ? "2026-05-02" : "2026-02-02", "{\"kind\":\"congress\"}");
    assert_true(rule_counts_for(&c, k->a, k->rules, &k->u, 2, kit_day("2026-06-01"), &e));
    assert_int_equal(c.n, 4);
    static const char *const duties[] = { "congress", "month", "year", "enough" };
    for (size_t i = 0; i < 4; i++)
        assert_true(str_is(c.items[i].duty->name, duties[i]));
    assert_int_equal(c.items[1].period.from, kit_day("2026-05-01"));
    kit_close(k);
}

static void test_late(void **state)
{
    (void)state;
    static const struct {
        const char *on, *received;
        int64_t late;
    } cases[] = {
        { "2026-03-02", "2026-03-05", 0 }, /* Monday, three working days */
        { "2026-03-02", "2026-03-06", 1 },
        { "2026-03-02", "2026-03-08", 1 }, /* a weekend adds nothing */
        { "2026-03-02", "2026-03-09", 2 },
        { "2026-03-06", "2026-03-11", 0 }, /* Friday: until Wednesday */
        { "2026-03-06", "2026-03-12", 1 },
        { "2026-03-07", "2026-03-11", 0 }, /* Saturday: the same */
        { "2026-03-07", "2026-03-12", 1 },
        { "2026-03-07", "2026-03-01", 0 }, /* filed before it happens */
        { "2024-02-28", "2024-03-04", 0 }, /* over a leap day */
        { "2024-02-28", "2024-03-05", 1 },
    };
    Kit *k = kit_open("");
    const Form *f = pack_form(k->rb, STRC("meeting"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (rule_late(f, kit_day(cases[i].on), kit_day(cases[i].received)) != cases[i].late)
            fail_msg("%s %s", cases[i].on, cases[i].received);
    assert_int_equal(rule_on_time(f, kit_day("2026-03-06")), kit_day("2026-03-11"));
    assert_int_equal(rule_on_time(pack_form(k->rb, STRC("dues")), 0), DAY_NONE);
    assert_int_equal(rule_late(pack_form(k->rb, STRC("dues")), 0, 500), 0);
    kit_close(k);
}

/* Every reason makes a sentence in both languages, with every hole filled. */
static void test_reasons(void **state)
{
    (void)state;
    Kit *k = kit_open(QUARTERLY);
    for (int r = 0; r < RULE_REASONS; r++) {
        RuleCell c = { .duty = kit_duty(k, "congress"), .reason = (RuleReason)r, .late = 2,
                       .value = dec_int(1), .want = dec_int(3), .due = kit_day("2026-03-31"),
                       .days_left = 7, .period = kit_period("2026-Q1"), .text = STRC("某理由") };
        Str zh = rule_say(k->a, &c, LANG_HANS), en = rule_say(k->a, &c, LANG_EN);
        assert_true(zh.n > 10 && !str_has(zh, STRC("{")) && str_ends(zh, STRC("（其中2次为补录）")));
        assert_true(en.n > 10 && !str_has(en, STRC("{")) && str_valid(en));
        assert_true(rule_reason_name((RuleReason)r)[0] >= 'A');
    }
    kit_close(k);
}

static void test_needs(void **state)
{
    (void)state;
    Kit *k = kit_open(QUARTERLY);
    Period year = kit_period("2026");
    Day today = kit_day("2026-05-01");
    assert_int_equal(rule_needs(k->rules, pack_form(k->rb, STRC("meeting")), year, today),
                     kit_day("2025-10-01"));
    assert_int_equal(rule_needs(k->rules, pack_form(k->rb, STRC("dues")), year, today), DAY_NONE);
    kit_close(k);
    k = kit_open(OF("a", "standing", "at_least 1;") "EXAMPLES() }");
    assert_int_equal(rule_needs(k->rules, pack_form(k->rb, STRC("meeting")), year, today),
                     day_make(1, 1, 1));
    kit_close(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quarters), cmocka_unit_test(test_periods),
        cmocka_unit_test(test_rolling),  cmocka_unit_test(test_grace),
        cmocka_unit_test(test_sum),      cmocka_unit_test(test_holds),
        cmocka_unit_test(test_people),   cmocka_unit_test(test_tenure),
        cmocka_unit_test(test_things),   cmocka_unit_test(test_waivers),
        cmocka_unit_test(test_settings), cmocka_unit_test(test_life),
        cmocka_unit_test(test_why),      cmocka_unit_test(test_late),
        cmocka_unit_test(test_needs),    cmocka_unit_test(test_counts_for_many),
        cmocka_unit_test(test_reasons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
