#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "score/fixture_test.h"

static json_t *bundle_of(Bench *b, const Scheme *s, const ScoreChoices *c, const ScoreInput *in)
{
    json_t *v = NULL;
    Buf buf = buf_open(SCORE_BUNDLE_MAX);
    Jw w = jw_open(&buf);
    OK(b, score_bundle_write(&w, b->a, s, c, in, &b->e));
    assert_true(jw_close(&w));
    OK(b, jv_read(&v, buf_str(&buf), "bundle", &b->e));
    buf_close(&buf);
    return v;
}

static json_t *tiny_bundle(Bench *b, Tiny *t, const char *choices)
{
    Scheme *s = ARENA_NEW(b->a, Scheme);
    ScoreChoices c = choices_of(b, choices);
    *s = scheme_of(b, TINY);
    return bundle_of(b, s, &c, &t->in);
}

/* Walks "result.debriefers[0].final" and gives the last object and its key. */
static json_t *at_path(json_t *v, const char *path, char *key, size_t size)
{
    Str rest = str_of(path), head;
    while (str_cut(rest, STRC("."), &head, &rest)) {
        char name[80];
        Str field, index;
        int64_t i;
        bool listed = str_cut(head, STRC("["), &field, &index);
        snprintf(name, sizeof name, "%.*s", STR(field));
        v = json_object_get(v, name);
        if (listed) {
            assert_true(str_int(str_sub(index, 0, index.n - 1), &i));
            v = json_array_get(v, (size_t)i);
        }
        assert_non_null(v);
    }
    snprintf(key, size, "%.*s", STR(head));
    return v;
}

static void what_is_written_verifies(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    Scheme s = scheme_of(b, TINY), other = scheme_of(b, PLAIN);
    json_t *v = tiny_bundle(b, &t, USUAL);
    OK(b, score_bundle_verify(v, NULL, &b->e));
    OK(b, score_bundle_verify(v, &s, &b->e));
    REFUSED(b, ERR_SCORE_SCHEME, score_bundle_verify(v, &other, &b->e));
    is_text(jv_str(jv_get(v, "scheme"), "hash"), hash_hex(b->a, s.hash).p);
    jv_close(v);
}

/* Everything at once: merged groups, events, a part that is missing, an override, a lot. */
static void everything_verifies(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    t.events[0][0] = (ScoreEvent){ STRC("bonus"), { true, dec_of("1.50") }, 801 };
    t.events[0][1] = (ScoreEvent){ STRC("barred"), { .given = false }, 802 };
    t.people[0].events.n = 2;
    t.parts[1][1].value.given = false;
    t.people[3].override = (ScoreOverride){ STRC("fair"), STRC(" 有整改 "), 850 };
    t.in.lot_seed = STRC("\x01\xff seed");
    json_t *v = tiny_bundle(b, &t,
                            CHOICES("half_even", "3", "'base'", "nearest", "{'rule':'lot'}"));
    OK(b, score_bundle_verify(v, NULL, &b->e));
    jv_close(v);
    t.boxes[0].issued = 100; /* a refused result is a result too */
    v = tiny_bundle(b, &t, USUAL);
    assert_int_equal(jv_len(jv_get(jv_get(v, "result"), "debriefers")), 0);
    is_text(jv_str(jv_get(v, "result"), "status"), "refused");
    OK(b, score_bundle_verify(v, NULL, &b->e));
    jv_close(v);
}

static void committee_and_ties_verify(void **state)
{
    Bench *b = *state;
    static const char *const work[] = { "95", "94", "91", "91" };
    Scheme s = scheme_of(b, PLAIN);
    ScoreChoices c = choices_of(b, CHOICES("half_up", "2", "", "up", "{'rule':'committee'}"));
    Plain t;
    plain_open(&t, work, 4);
    json_t *v = bundle_of(b, &s, &c, &t.in);
    is_text(jv_str(jv_get(v, "result"), "status"), "undecided");
    OK(b, score_bundle_verify(v, NULL, &b->e));
    jv_close(v);
    t.order[0] = 4, t.order[1] = 3;
    t.decisions[0] = (ScoreDecision){ { t.order, 2 }, STRC("理由"), 900 };
    t.in.ties = (ShapeList){ t.decisions, 1 };
    v = bundle_of(b, &s, &c, &t.in);
    is_text(jv_str(jv_get(v, "result"), "status"), "done");
    OK(b, score_bundle_verify(v, NULL, &b->e));
    jv_close(v);
}

/* Whatever is changed is found, and named where it first shows. */
static void changes_are_named(void **state)
{
    Bench *b = *state;
    static const struct { const char *path, *value; ErrCode code; const char *told; } cases[] = {
        { "result.debriefers[0].values.ballot.value", "\"99.99\"", ERR_SCORE_DIFFERS,
          "result.debriefers[0].values.ballot.value" },
        { "result.debriefers[2].final", "\"good\"", ERR_SCORE_DIFFERS,
          "result.debriefers[2].final" },
        { "result.debriefers[1].rank", "1", ERR_SCORE_DIFFERS, "result.debriefers[1].rank" },
        { "result.status", "\"refused\"", ERR_SCORE_DIFFERS, "result.status" },
        { "result.extra", "1", ERR_SCORE_DIFFERS, "result.extra" },
        { "definitions[0].formula", "\"x\"", ERR_SCORE_DIFFERS, "definitions[0].formula" },
        { "choices.rounding.places", "3", ERR_SCORE_DIFFERS, NULL },
        { "choices.rounding.mode", "\"down\"", ERR_SCORE_DIFFERS, NULL },
        { "inputs.debriefers[0].parts[0].value", "\"91\"", ERR_SCORE_DIFFERS, NULL },
        { "inputs.boxes[0].valid", "11", ERR_SCORE_VALID, NULL },
        { "inputs.debriefers[0].id", "55", ERR_SCORE_UNKNOWN, NULL },
        { "inputs.debriefers[0].wage", "1", ERR_FIELD_UNKNOWN, NULL },
        { "inputs.boxes[0].marks[0].n", "[10]", ERR_SCORE_BUNDLE, NULL },
        { "inputs.boxes[0].marks[0].n", "[7,3,0]", ERR_SCORE_DIFFERS, NULL },
        { "inputs.boxes[0].marks[0].n", "[\"8\",2,0]", ERR_SCORE_BUNDLE, NULL },
        { "inputs.lot_seed", "\"0g\"", ERR_SCORE_BUNDLE, NULL },
        { "scheme.hash", "\"00\"", ERR_SCORE_SCHEME, NULL },
        { "scheme.text", "\"scheme x {}\"", ERR_PACK_MISSING, NULL },
        { "scheme.name", "\"other\"", ERR_SCORE_DIFFERS, "scheme.name" },
        { "format", "\"score-0\"", ERR_SCORE_BUNDLE, NULL },
        { "result", "null", ERR_FIELD_MISSING, NULL },
    };
    Tiny t;
    tiny_open(&t);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char key[80];
        json_t *v = tiny_bundle(b, &t, USUAL), *to;
        json_t *owner = at_path(v, cases[i].path, key, sizeof key);
        OK(b, jv_read(&to, str_of(cases[i].value), "value", &b->e));
        json_object_set_new(owner, key, to);
        print_message("%s\n", cases[i].path);
        REFUSED(b, cases[i].code, score_bundle_verify(v, NULL, &b->e));
        if (cases[i].told)
            is_text(err_get(&b->e, "path"), cases[i].told);
        jv_close(v);
    }
}

/* Another way of writing the same counts is not the same bundle: the form is canonical. */
static void round_trip(void **state)
{
    Bench *b = *state;
    Scheme s;
    ScoreChoices c;
    ScoreInput in;
    Tiny t;
    tiny_open(&t);
    json_t *v = tiny_bundle(b, &t, USUAL);
    OK(b, score_bundle_read(&s, &c, &in, b->a, v, &b->e));
    assert_int_equal(in.debriefers.n, PEOPLE);
    assert_int_equal(in.boxes.n, GROUPS);
    is_text(in.object, "party_building");
    json_t *again = bundle_of(b, &s, &c, &in);
    assert_true(json_equal(v, again));
    jv_close(again);
    jv_close(v);
}

/* 55 debriefers, 6 items, 3 groups: what one town night makes must fit into one fact. */
static void a_large_meeting_fits(void **state)
{
    Bench *b = *state;
    Buf text = buf_open(SCHEME_BYTES_MAX);
    buf_put(&text, STRC("scheme big { title \"大\"; cite \"例\"; instrument review { title \"测评\";"
                        " complete all; option good \"好\" 4; option fairly_good \"较好\" 3;"
                        " option fair \"一般\" 2; option poor \"差\" 1;"));
    for (int i = 0; i < 6; i++)
        buf_fmt(&text, " item quite_long_name_%d \"对党建工作的认识%d\";", i, i);
    buf_put(&text, STRC("} group a \"甲\" weight 0.4; group b \"乙\" weight 0.3;"
                        " group c \"丙\" weight 0.3; part work \"工作\" from 0 to 100 missing refuse;"
                        " node total \"总分\" { sum review.score 0.5; sum work 0.5; } total total;"
                        BANDS "}"));
    Scheme s = scheme_of(b, arena_z(b->a, buf_str(&text)));
    buf_close(&text);
    enum { N = 55 };
    static const char *const groups[] = { "a", "b", "c" };
    ScoreDebriefer *people = ARENA_ARRAY(b->a, ScoreDebriefer, N);
    ScoreBox boxes[3];
    ScorePart part = { STRC("work"), { true, dec_of("87.25") }, JSON_INT_MAX - 1 };
    Str names[3];
    for (int64_t p = 0; p < N; p++)
        people[p] = (ScoreDebriefer){ .id = JSON_INT_MAX - p, .klass = STRC("机关党委"),
                                      .parts = { &part, 1 } };
    for (int g = 0; g < 3; g++) {
        ScoreCell *cells = ARENA_ARRAY(b->a, ScoreCell, N * 24);
        size_t n = 0;
        for (int p = 0; p < N; p++)
            for (size_t i = 0; i < 6; i++)
                for (size_t o = 0; o < 4; o++)
                    cells[n++] = (ScoreCell){ people[p].id, s.instruments[0].items[i].name,
                                              s.instruments[0].options[o].name,
                                              o == 0 ? 100 + p : o == 1 ? 60 - p : 0 };
        names[g] = str_of(groups[g]);
        boxes[g] = (ScoreBox){ .groups = { &names[g], 1 }, .issued = 160, .returned = 160,
                               .valid = 160, .cells = { cells, n }, .fact = JSON_INT_MAX };
    }
    ScoreInput in = { .debriefers = { people, N }, .boxes = { boxes, 3 } };
    ScoreChoices c = choices_of(b, USUAL);
    json_t *v = bundle_of(b, &s, &c, &in);
    Buf canon = buf_open(SCORE_BUNDLE_MAX);
    OK(b, jv_canon(&canon, v, &b->e));
    assert_in_range(canon.n, 100 << 10, SCORE_BUNDLE_MAX / 2);
    OK(b, score_bundle_verify(v, &s, &b->e));
    buf_close(&canon);
    jv_close(v);
}

/* --- why ------------------------------------------------------------------------------------ */
static json_t *why_of(Bench *b, const json_t *bundle, int64_t id, const char *node)
{
    json_t *v = NULL;
    Buf buf = buf_open(4 << 20);
    Jw w = jw_open(&buf);
    OK(b, score_why(&w, b->a, bundle, id, str_of(node), &b->e));
    assert_true(jw_close(&w));
    OK(b, jv_read(&v, buf_str(&buf), "why", &b->e));
    buf_close(&buf);
    return v;
}

static const json_t *input_of(const json_t *node, const char *name)
{
    const json_t *inputs = jv_get(node, "inputs");
    for (size_t i = 0; i < jv_len(inputs); i++)
        if (str_is(jv_str(jv_at(inputs, i), "name"), name))
            return jv_at(inputs, i);
    fail_msg("no input %s", name);
    return NULL;
}

static void why_leads_to_the_facts(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    t.people[0].parts.n = 1; /* no superior's part */
    json_t *bundle = tiny_bundle(b, &t, USUAL);
    json_t *why = why_of(b, bundle, 101, "base");
    is_text(jv_str(why, "title"), "基础分");
    is_text(jv_str(why, "value"), "90.78");
    is_text(jv_str(why, "exact"), "90.78125");
    is_text(jv_str(why, "formula"), "(ballot * 0.5 + routine * 0.3) * 1 / 0.8");
    is_text(jv_str(why, "rounding"), "half_up 2");
    const json_t *routine = input_of(why, "routine"), *superior = input_of(why, "superior");
    is_text(jv_str(routine, "weight"), "0.3");
    assert_int_equal(jv_int(routine, "fact"), 600);
    is_text(jv_str(superior, "missing"), "renormalise");
    assert_true(json_is_null(jv_get(superior, "value")));
    const json_t *review = input_of(input_of(why, "ballot"), "review.score");
    is_text(jv_str(review, "formula"), "review.leaders.score * 0.4 + review.peers.score * 0.3 + "
                                       "review.staff.score * 0.3");
    const json_t *item = input_of(input_of(review, "review.leaders.score"),
                                  "review.leaders.overall");
    is_text(jv_str(item, "formula"), "100 * (good * 4 + fair * 2 + poor * 1) / "
                                     "((good + fair + poor) * 4)");
    const json_t *good = input_of(item, "good");
    is_text(jv_str(good, "value"), "8");
    is_text(jv_str(good, "weight"), "4");
    assert_int_equal(jv_int(good, "fact"), 500);
    jv_close(why);
    REFUSED(b, ERR_NOT_FOUND, score_why(&(Jw){ .b = NULL }, b->a, bundle, 101, STRC("bse"), &b->e));
    REFUSED(b, ERR_NOT_FOUND, score_why(&(Jw){ .b = NULL }, b->a, bundle, 9, STRC("base"), &b->e));
    jv_close(bundle);
}

static void why_of_a_grade(void **state)
{
    Bench *b = *state;
    Tiny t;
    tiny_open(&t);
    t.events[0][0] = (ScoreEvent){ STRC("barred"), { .given = false }, 801 };
    t.people[0].events.n = 1;
    t.people[0].override = (ScoreOverride){ STRC("good"), STRC("委员会决定"), 850 };
    json_t *bundle = tiny_bundle(b, &t, USUAL);
    json_t *why = why_of(b, bundle, 101, "grade");
    is_text(jv_str(why, "value"), "好");
    const json_t *steps = jv_get(why, "inputs");
    assert_int_equal(jv_len(steps), 3);
    is_text(jv_str(jv_at(steps, 0), "formula"), "90 <= adjusted <= 100");
    is_text(jv_str(input_of(jv_at(steps, 0), "adjusted"), "value"), "91.63");
    is_text(jv_str(jv_at(steps, 1), "title"), "一票否优");
    is_text(jv_str(jv_at(steps, 1), "value"), "较好");
    const json_t *events = input_of(jv_at(steps, 1), "barred");
    assert_int_equal(jv_int(jv_at(jv_get(events, "inputs"), 0), "fact"), 801);
    is_text(jv_str(jv_at(steps, 2), "kind"), "override");
    assert_int_equal(jv_int(jv_at(steps, 2), "fact"), 850);
    jv_close(why);
    jv_close(bundle);
}

/* Sixty nodes one on the other: the tree is cut, never too deep to be read. */
static void why_of_a_long_chain(void **state)
{
    Bench *b = *state;
    Buf text = buf_open(SCHEME_BYTES_MAX);
    buf_put(&text, STRC("scheme chain { title \"链\"; cite \"例\";"
                        " part work \"工作\" from 0 to 100 missing refuse;"
                        " node n0 \"零\" { sum work 1; }"));
    for (int i = 1; i < SCHEME_NODES_MAX; i++)
        buf_fmt(&text, " node n%d \"节\" { value (n%d + n%d) / 2; }", i, i - 1, i > 1 ? i - 2 : 0);
    buf_fmt(&text, " total n%d;" BANDS "}", SCHEME_NODES_MAX - 1);
    Scheme s = scheme_of(b, arena_z(b->a, buf_str(&text)));
    buf_close(&text);
    static const char *const work[] = { "95" };
    ScoreChoices c = choices_of(b, USUAL);
    Plain t;
    plain_open(&t, work, 1);
    json_t *bundle = bundle_of(b, &s, &c, &t.in);
    char name[16];
    snprintf(name, sizeof name, "n%d", SCHEME_NODES_MAX - 1);
    json_t *why = why_of(b, bundle, 1, name);
    const json_t *deep = why;
    size_t depth = 0;
    while (jv_len(jv_get(deep, "inputs")) > 0) {
        deep = jv_at(jv_get(deep, "inputs"), 0);
        depth++;
    }
    assert_int_equal(depth, SCORE_WHY_DEPTH_MAX);
    assert_true(jv_bool(deep, "more"));
    jv_close(why);
    why = why_of(b, bundle, 1, "grade");
    is_text(jv_str(why, "value"), "好");
    jv_close(why);
    jv_close(bundle);
}

/* Padded by a reason until it is as long as a bundle may be, then by one byte more. */
static void limit_of_a_bundle(void **state)
{
    Bench *b = *state;
    Scheme s = scheme_of(b, TINY);
    ScoreChoices c = choices_of(b, USUAL);
    char *fill = ARENA_ARRAY(b->a, char, SCORE_BUNDLE_MAX);
    size_t n = 1;
    Tiny t;
    tiny_open(&t);
    memset(fill, 'x', SCORE_BUNDLE_MAX);
    for (int round = 0; round < 3; round++) { /* one byte, then up to the limit, then past it */
        Buf buf = buf_open(2 * SCORE_BUNDLE_MAX);
        Jw w = jw_open(&buf);
        ScoreDecision d = { .reason = { fill, n }, .fact = 9 };
        t.in.accepts = (ShapeList){ &d, 1 };
        bool ok = score_bundle_write(&w, b->a, &s, &c, &t.in, &b->e);
        assert_int_equal(ok, round < 2);
        n = round == 0 ? SCORE_BUNDLE_MAX - buf.n + 1 : n + 1;
        if (round == 1)
            assert_int_equal(buf.n, SCORE_BUNDLE_MAX);
        buf_close(&buf);
    }
    assert_int_equal(b->e.code, ERR_TOO_BIG);
}

static size_t nodes_in(const json_t *why, size_t *more)
{
    const json_t *inputs = jv_get(why, "inputs");
    size_t n = 1;
    *more += jv_bool(why, "more");
    for (size_t i = 0; i < jv_len(inputs); i++)
        n += nodes_in(jv_at(inputs, i), more);
    return n;
}

/* Forty parts in eighteen sums, in a sum of sums: the whole tree within 5,000 nodes, then cut. */
static void why_of_a_wide_tree(void **state)
{
    Bench *b = *state;
    static const char *const work[] = { "95" };
    ScoreChoices c = choices_of(b, USUAL);
    for (int levels = 2; levels <= 3; levels++) {
        Buf text = buf_open(SCHEME_BYTES_MAX);
        buf_put(&text, STRC("scheme wide { title \"宽\"; cite \"例\";"
                            " part work \"工作\" from 0 to 100 missing refuse;"));
        for (int i = 0; i < 39; i++)
            buf_fmt(&text, " part p%d \"项\" from 0 to 100 missing zero;", i);
        for (int level = 0; level < levels; level++)
            for (int n = 0; n < 18; n++) {
                buf_fmt(&text, " node n%d_%d \"节\" {", level, n);
                for (int i = 0; level == 0 && i < 39; i++)
                    buf_fmt(&text, " sum p%d 0.01;", i);
                for (int i = 0; level > 0 && i < 18; i++)
                    buf_fmt(&text, " sum n%d_%d 0.01;", level - 1, i);
                buf_put(&text, STRC(" }"));
            }
        buf_fmt(&text, " node total \"总\" { sum work 1; sum n%d_0 1; } total total;" BANDS "}",
                levels - 1);
        Scheme s = scheme_of(b, arena_z(b->a, buf_str(&text)));
        buf_close(&text);
        Plain t;
        plain_open(&t, work, 1);
        json_t *bundle = bundle_of(b, &s, &c, &t.in), *why = why_of(b, bundle, 1, "total");
        size_t more = 0, n = nodes_in(why, &more);
        if (levels == 2) { /* 1 + 2 + 18 + 18 * 39 */
            assert_int_equal(n, 1 + 2 + 18 + 18 * 39);
            assert_int_equal(more, 0);
        } else { /* 13,000 nodes: what was begun when the limit was met is finished */
            assert_in_range(n, SCORE_WHY_NODES_MAX, SCORE_WHY_NODES_MAX + 3 * 40);
            assert_true(more > 0);
        }
        jv_close(why);
        jv_close(bundle);
    }
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(what_is_written_verifies), T(everything_verifies), T(committee_and_ties_verify),
        T(changes_are_named), T(round_trip), T(a_large_meeting_fits), T(why_leads_to_the_facts),
        T(why_of_a_grade), T(why_of_a_long_chain), T(limit_of_a_bundle), T(why_of_a_wide_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
