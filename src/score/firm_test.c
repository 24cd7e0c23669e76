/* Firmness against a count that knows nothing of effects, reaches or places in sorted lists: every
 * single change of one and two votes is made in the input and all of it is run again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "score/firm.h"
#include "score/fixture_test.h"

enum { BOXES = 3, FOLK = 4, THINGS = 2, VALUES = 5 };

typedef struct Urn {
    const char *instrument, *group;
    SchemeForm form;
    int n_items, n_values, papers;
    const char *items[THINGS], *values[VALUES];
} Urn;

typedef struct Trial {
    const char *scheme, *choices;
    int n_boxes, n_people;
    Urn urns[BOXES];
    const char *classes[FOLK];
} Trial;

typedef struct Hall {
    const Trial *t;
    Scheme s;
    ScoreChoices c;
    int64_t n[BOXES][FOLK][THINGS][VALUES];
    ScorePart parts[FOLK];
} Hall;

#define ENDING                                                                                     \
    " band good \"好\" from 80 closed to 1000 closed; band poor \"差\" from 0 closed to 80 open;"  \
    " top good; }"
#define GRADES                                                                                     \
    " instrument review { title \"测评\"; complete all; item a \"甲\"; item b \"乙\";"             \
    "  option good \"好\" 4; option fair \"中\" 2; option poor \"差\" 1;"                          \
    "  option none \"不了解\" excluded; points good 5 item b; }"
#define URN(group, papers)                                                                         \
    { "review", group, SCHEME_GRADES, 2, 4, papers, { "a", "b" },                                  \
      { "good", "fair", "poor", "none" } }

static const Trial trials[] = {
    { "scheme grades { title \"票\"; cite \"例\";" GRADES
      " group x \"领导\" weight 0.7; group y \"群众\" weight 0.3;"
      " part work \"工作\" from 0 to 100 missing refuse;"
      " node total \"总分\" { sum review.score 0.6; sum work 0.4; } total total;" ENDING,
      USUAL, 2, 4, { URN("x", 5), URN("y", 7) }, { "a", "a", "b", "a" } },
    { "scheme items { title \"项\"; cite \"例\";" GRADES " group x \"全体\" weight 1;"
      " part work \"工作\" from 0 to 100 missing refuse;"
      " node first \"首项\" { value review.x.a; }"
      " node base \"基础\" { sum review.score 0.5; sum work 0.5; }"
      " node total \"总分\" { value base + (if first > 70 then 2 else 0) + 0.1 * first; }"
      " total total;" ENDING,
      CHOICES("half_up", "1", "'base'", "up", "{'rule':'lot'}"), 1, 4, { URN("x", 6) },
      { "", "", "", "" } },
    { "scheme jury { title \"分\"; cite \"例\";"
      " instrument jury { title \"打分\"; complete all; marks from 0 to 100;"
      "  drop highest 1 lowest 1 least 5; item a \"甲\"; }"
      " instrument order { title \"排序\"; complete all; ranking borda; item a \"甲\"; }"
      " group x \"全体\" weight 1; part work \"工作\" from 0 to 100 missing refuse;"
      " node total \"总分\" { sum jury.score 0.3; sum order.score 0.1; sum work 0.6; }"
      " total total;" ENDING,
      USUAL, 2, 4,
      { { "jury", "x", SCHEME_MARKS, 1, 5, 6, { "a" }, { "60", "72.5", "80", "88", "95" } },
        { "order", "x", SCHEME_RANKING, 1, 4, 5, { "a" }, { "1", "2", "3", "4" } } },
      { "", "", "", "" } },
    { "scheme bound { title \"名次\"; cite \"例\";" GRADES
      " instrument order { title \"排序\"; complete all; ranking points 4 3 2; item a \"甲\"; }"
      " group x \"全体\" weight 1; part work \"工作\" from 0 to 100 missing refuse;"
      " node votes \"得票\" { sum order.score 0.5; sum review.score 0.5; }"
      " node place \"折分\" { places votes points 10 8 6; }"
      " node total \"总分\" { value work + place; } total total;" ENDING,
      USUAL, 2, 3,
      { URN("x", 3),
        { "order", "x", SCHEME_RANKING, 1, 3, 3, { "a" }, { "1", "2", "3" } } },
      { "", "", "" } },
};

static uint32_t draw(uint32_t *seed, uint32_t n)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % n;
}

static void fill_ranking(Hall *h, int box, uint32_t *seed)
{
    int n = h->t->n_people, at[FOLK];
    for (int paper = 0; paper < h->t->urns[box].papers; paper++) {
        for (int p = 0; p < n; p++)
            at[p] = p;
        for (int p = n - 1; p > 0; p--) {
            int k = (int)draw(seed, (uint32_t)p + 1), was = at[p];
            at[p] = at[k];
            at[k] = was;
        }
        for (int p = 0; p < n; p++)
            h->n[box][p][0][at[p]]++;
    }
}

static void fill(Hall *h, Bench *b, uint32_t seed)
{
    const Trial *t = h->t;
    for (int x = 0; x < t->n_boxes; x++)
        for (int p = 0; p < t->n_people && t->urns[x].form != SCHEME_RANKING; p++)
            for (int i = 0; i < t->urns[x].n_items; i++)
                for (int k = 0; k < t->urns[x].papers; k++)
                    h->n[x][p][i][draw(&seed, (uint32_t)t->urns[x].n_values)]++;
    for (int x = 0; x < t->n_boxes; x++)
        if (t->urns[x].form == SCHEME_RANKING)
            fill_ranking(h, x, &seed);
    for (int p = 0; p < t->n_people; p++) {
        Str text = arena_text(b->a, "%u.5", 70 + draw(&seed, 12));
        h->parts[p] = (ScorePart){ STRC("work"), { .given = true }, 10 + p };
        assert_true(dec_parse(&h->parts[p].value.value, text));
    }
}

static ScoreInput input_of(Hall *h, Arena *a)
{
    const Trial *t = h->t;
    ScoreBox *boxes = ARENA_ARRAY(a, ScoreBox, BOXES);
    ScoreDebriefer *people = ARENA_ARRAY(a, ScoreDebriefer, FOLK);
    for (int p = 0; p < t->n_people; p++)
        people[p] = (ScoreDebriefer){ .id = 1 + p, .klass = str_of(t->classes[p]),
                                      .parts = { &h->parts[p], 1 } };
    for (int x = 0; x < t->n_boxes; x++) {
        const Urn *u = &t->urns[x];
        ScoreCell *cells = ARENA_ARRAY(a, ScoreCell, FOLK * THINGS * VALUES);
        Str *group = ARENA_NEW(a, Str);
        size_t n = 0;
        for (int p = 0; p < t->n_people; p++)
            for (int i = 0; i < u->n_items; i++)
                for (int v = 0; v < u->n_values; v++)
                    if (h->n[x][p][i][v] > 0)
                        cells[n++] = (ScoreCell){ 1 + p, str_of(u->items[i]), str_of(u->values[v]),
                                                  h->n[x][p][i][v] };
        *group = str_of(u->group);
        boxes[x] = (ScoreBox){ .instrument = str_of(u->instrument), .groups = { group, 1 },
                               .issued = u->papers, .returned = u->papers, .valid = u->papers,
                               .cells = { cells, n }, .fact = 90 + x };
    }
    return (ScoreInput){ .debriefers = { people, (size_t)t->n_people },
                         .boxes = { boxes, (size_t)t->n_boxes } };
}

/* --- the plain way -------------------------------------------------------------------------- */
typedef struct Plainly {
    ScoreSpan weights[FOLK], votes[FOLK], pair[FOLK][FOLK][3]; /* of the first, within k votes */
    size_t runs;
} Plainly;

static bool spans_by(ScoreSpan *spans, Hall *h, const Scheme *s)
{
    Arena *a = arena_open(4 << 20);
    ScoreInput in = input_of(h, a);
    ScoreResult r;
    Err e = { .code = ERR_NONE };
    bool ok = score_run(&r, a, s, &h->c, &in, &e);
    for (size_t i = 0; ok && i < r.n_debriefers; i++) {
        spans[i] = (ScoreSpan){ 1, 0 };
        for (size_t k = 0; k < r.n_debriefers; k++) {
            int c = dec_cmp(r.debriefers[k].values[r.n_defs - 1].value,
                            r.debriefers[i].values[r.n_defs - 1].value);
            bool mates = str_eq(r.debriefers[i].klass, r.debriefers[k].klass);
            spans[i].best += mates && c > 0;
            spans[i].worst += mates && c >= 0;
        }
    }
    arena_close(a);
    return ok;
}

static void widen(ScoreSpan *s, ScoreSpan by)
{
    s->best = by.best < s->best ? by.best : s->best;
    s->worst = by.worst > s->worst ? by.worst : s->worst;
}

static void one_more(Plainly *out, Hall *h, int i, int k, int done);

static void note(Plainly *out, Hall *h, int i, int k, int done)
{
    ScoreSpan spans[FOLK];
    out->runs++;
    if (!spans_by(spans, h, &h->s))
        return;
    for (int n = done; n <= 2; n++) {
        widen(&out->pair[i][k][n], spans[i]);
        widen(&out->pair[k][i][n], spans[k]);
    }
}

static bool ends_only(const Hall *h, int x, int item, int to)
{
    int low = VALUES, high = -1;
    if (h->t->urns[x].form != SCHEME_MARKS)
        return true;
    for (int p = 0; p < h->t->n_people; p++)
        for (int v = 0; v < h->t->urns[x].n_values; v++)
            if (h->n[x][p][item][v] > 0) {
                low = v < low ? v : low;
                high = v > high ? v : high;
            }
    return to == low || to == high;
}

static void move(Plainly *out, Hall *h, int i, int k, int done, int x, int p, int item, int from,
                 int to)
{
    int64_t *n = h->n[x][p][item];
    if (from == to || n[from] < 1)
        return;
    n[from]--;
    n[to]++;
    note(out, h, i, k, done + 1);
    one_more(out, h, i, k, done + 1);
    n[from]++;
    n[to]--;
}

static void exchange(Plainly *out, Hall *h, int i, int k, int x, int from, int to)
{
    int64_t *a = h->n[x][i][0], *b = h->n[x][k][0];
    if (from == to || a[from] < 1 || b[to] < 1)
        return;
    a[from]--, a[to]++, b[to]--, b[from]++;
    note(out, h, i, k, 2);
    a[from]++, a[to]--, b[to]++, b[from]--;
}

/* The ends of marks are those of the counts as they are: asked for before anything moves. */
static bool ends[BOXES][THINGS][VALUES]; /* written once a trial */

static void one_more(Plainly *out, Hall *h, int i, int k, int done)
{
    const int two[] = { i, k };
    for (int x = 0; x < h->t->n_boxes; x++) {
        const Urn *u = &h->t->urns[x];
        for (int from = 0; from < u->n_values; from++)
            for (int to = 0; to < u->n_values; to++) {
                if (u->form == SCHEME_RANKING && done == 0)
                    exchange(out, h, i, k, x, from, to);
                for (int p = 0; p < 2 && u->form != SCHEME_RANKING && done < 2; p++)
                    for (int item = 0; item < u->n_items; item++)
                        if (ends[x][item][to])
                            move(out, h, i, k, done, x, two[p], item, from, to);
            }
    }
}

static void weigh(Plainly *out, Hall *h, const Scheme *changed)
{
    ScoreSpan spans[FOLK];
    out->runs++;
    if (spans_by(spans, h, changed))
        for (int i = 0; i < h->t->n_people; i++)
            widen(&out->weights[i], spans[i]);
}

static Dec scaled(Dec w, Dec own, Dec moved, Dec sum)
{
    Dec rest, left, out = dec_int(0);
    assert_true(dec_sub(&rest, sum, own) && dec_sub(&left, sum, moved) && dec_mul(&out, w, left) &&
                dec_div(&out, out, rest));
    return out;
}

static Dec tenth(Dec w, int up, Dec sum)
{
    Dec out;
    assert_true(dec_mul(&out, w, dec_scaled(10 + up, 1)));
    return dec_cmp(out, sum) > 0 ? sum : out;
}

static void weigh_all(Plainly *out, Hall *h)
{
    const Scheme s = h->s;
    for (int up = -1; up <= 1; up += 2) {
        for (size_t g = 0; s.n_groups > 1 && g < s.n_groups; g++) {
            SchemeGroup groups[SCHEME_GROUPS_MAX];
            Scheme x = s;
            Dec now = tenth(s.groups[g].weight, up, dec_int(1));
            x.groups = groups;
            for (size_t k = 0; k < s.n_groups; k++) {
                groups[k] = s.groups[k];
                groups[k].weight = k == g ? now : scaled(s.groups[k].weight, s.groups[g].weight,
                                                         now, dec_int(1));
            }
            weigh(out, h, &x);
        }
        for (size_t node = 0; node < s.n_nodes; node++)
            for (size_t t = 0; s.nodes[node].kind == SCHEME_SUM && t < s.nodes[node].n_terms; t++) {
                SchemeNode nodes[SCHEME_NODES_MAX];
                SchemeTerm terms[SCHEME_TERMS_MAX];
                Scheme x = s;
                Dec now = tenth(s.nodes[node].terms[t].weight, up, dec_int(1));
                memcpy(nodes, s.nodes, s.n_nodes * sizeof *nodes);
                x.nodes = nodes;
                nodes[node].terms = terms;
                for (size_t k = 0; k < s.nodes[node].n_terms; k++) {
                    terms[k] = s.nodes[node].terms[k];
                    terms[k].weight = k == t ? now :
                                      scaled(terms[k].weight, s.nodes[node].terms[t].weight, now,
                                             dec_int(1));
                }
                weigh(out, h, &x);
            }
    }
}

static void plainly(Plainly *out, Hall *h)
{
    ScoreSpan now[FOLK];
    const Trial *t = h->t;
    *out = (Plainly){ .runs = 0 };
    assert_true(spans_by(now, h, &h->s));
    for (int x = 0; x < t->n_boxes; x++)
        for (int i = 0; i < t->urns[x].n_items; i++)
            for (int v = 0; v < t->urns[x].n_values; v++)
                ends[x][i][v] = ends_only(h, x, i, v);
    for (int i = 0; i < t->n_people; i++) {
        out->weights[i] = out->votes[i] = now[i];
        for (int k = 0; k < t->n_people; k++)
            for (int n = 0; n < 3; n++)
                out->pair[i][k][n] = now[i];
    }
    weigh_all(out, h);
    for (int i = 0; i < t->n_people; i++)
        for (int k = i + 1; k < t->n_people; k++) {
            if (strcmp(t->classes[i], t->classes[k]) != 0)
                continue;
            one_more(out, h, i, k, 0);
            widen(&out->votes[i], out->pair[i][k][2]);
            widen(&out->votes[k], out->pair[k][i][2]);
        }
}

static bool meet(ScoreSpan a, ScoreSpan b)
{
    return a.best <= b.worst && b.best <= a.worst;
}

static const ScorePair *pair_of(const ScoreFirmness *f, size_t i, size_t k)
{
    for (size_t p = 0; p < f->n_pairs; p++) {
        const ScorePair *x = &f->pairs[p];
        if ((x->a == i && x->b == k) || (x->a == k && x->b == i))
            return x;
    }
    return NULL;
}

static void is_span(const char *what, size_t i, ScoreSpan got, ScoreSpan want)
{
    if (got.best != want.best || got.worst != want.worst)
        fail_msg("%s of %zu: %zu..%zu is not %zu..%zu", what, i, got.best, got.worst, want.best,
                 want.worst);
}

/* How many of each kind of answer were seen: a test that never meets one proves nothing. */
typedef struct Seen {
    size_t tied, weights, one, two, none, apart;
} Seen;

static void compare_pair(Seen *seen, const ScoreFirmness *f, const Plainly *want, size_t i,
                         size_t k)
{
    const ScorePair *p = pair_of(f, i, k);
    bool tied = meet(want->pair[i][k][0], want->pair[k][i][0]);
    bool weights = meet(want->weights[i], want->weights[k]);
    int votes = tied ? 0 : meet(want->pair[i][k][1], want->pair[k][i][1]) ? 1 :
                meet(want->pair[i][k][2], want->pair[k][i][2]) ? 2 : 0;
    seen->tied += tied;
    seen->weights += weights && !tied;
    seen->one += votes == 1;
    seen->two += votes == 2;
    seen->none += !tied && !weights && votes == 0;
    seen->apart += !weights && votes > 0;
    if (!tied && !weights && votes == 0) {
        assert_null(p);
        return;
    }
    assert_non_null(p);
    assert_int_equal(p->tied, tied);
    assert_int_equal(p->weights, weights);
    assert_int_equal(p->votes, votes);
    assert_int_equal(f->debriefers[i].chain, f->debriefers[k].chain);
}

static void compare(Bench *b, Seen *seen, Hall *h, uint32_t seed, size_t *runs)
{
    ScoreFirmness f;
    Plainly want;
    memset(h->n, 0, sizeof h->n);
    fill(h, b, seed);
    ScoreInput in = input_of(h, b->a);
    OK(b, score_firm(&f, b->a, &h->s, &h->c, &in, &b->e));
    assert_true(f.weights_done && f.votes_done);
    plainly(&want, h);
    *runs += want.runs;
    for (size_t i = 0; i < f.n; i++) {
        is_span("weights", i, f.debriefers[i].weights, want.weights[i]);
        is_span("votes", i, f.debriefers[i].votes, want.votes[i]);
        for (size_t k = i + 1; k < f.n; k++)
            if (str_eq(f.debriefers[i].klass, f.debriefers[k].klass))
                compare_pair(seen, &f, &want, i, k);
    }
}

static void agrees_with_every_change_made(void **state)
{
    static const uint32_t rounds[] = { 6, 4, 6, 4 };
    Bench *b = *state;
    Seen seen = { .tied = 0 };
    size_t runs = 0;
    for (size_t t = 0; t < sizeof trials / sizeof *trials; t++)
        for (uint32_t seed = 1; seed <= rounds[t]; seed++) {
            Hall h = { .t = &trials[t] };
            h.s = scheme_of(b, trials[t].scheme);
            h.c = choices_of(b, trials[t].choices);
            compare(b, &seen, &h, seed * 7919 + (uint32_t)t, &runs);
        }
    print_message("%zu runs; pairs: %zu tied, %zu by weights, %zu by one vote, %zu by two, %zu "
                  "firm, %zu by votes alone\n", runs, seen.tied, seen.weights, seen.one, seen.two,
                  seen.none, seen.apart);
    assert_true(seen.weights > 0 && seen.one > 0 && seen.two > 0);
    assert_true(seen.none > 0 && seen.apart > 0);
}

/* --- worked by hand ------------------------------------------------------------------------- */
static ScoreFirmness firm_of(Bench *b, const Scheme *s, const ScoreInput *in)
{
    ScoreChoices c = choices_of(b, USUAL);
    ScoreFirmness f = { .n = 0 };
    OK(b, score_firm(&f, b->a, s, &c, in, &b->e));
    return f;
}

/* fixture_test.h: totals 91.63, 91.00, 61.00, 42.70. Debriefer 102 has nothing but the best marks,
 * so he cannot rise. A vote of the leaders (10 papers, 2 items, weight 0.4, ballot weight 0.5) from
 * good to poor takes 0.5 * 0.4 * 100 * 3 / 80 = 0.75 from 101: 90.88 < 91. One vote is enough.
 * 103 is 30 behind and 18 before: two votes move him by 1.5 at most. */
static void four_by_hand(void **state)
{
    Bench *b = *state;
    Scheme s = scheme_of(b, TINY);
    Tiny t;
    tiny_open(&t);
    ScoreFirmness f = firm_of(b, &s, &t.in);
    static const size_t best[] = { 1, 1, 3, 4 }, worst[] = { 2, 2, 3, 4 };
    assert_int_equal(f.n, PEOPLE);
    assert_int_equal(f.n_weights, 6); /* three groups, three terms of base */
    for (size_t i = 0; i < PEOPLE; i++) {
        assert_int_equal(f.debriefers[i].now.best, i + 1);
        assert_int_equal(f.debriefers[i].now.worst, i + 1);
        assert_int_equal(f.debriefers[i].votes.best, best[i]);
        assert_int_equal(f.debriefers[i].votes.worst, worst[i]);
    }
    assert_int_equal(f.n_pairs, 1);
    assert_int_equal(f.pairs[0].votes, 1);
    assert_true(f.pairs[0].neighbours && !f.pairs[0].tied);
    /* ballot 0.5 -> 0.55, routine 0.27, superior 0.18: 101 91.5875, 102 91.9: turned round */
    assert_true(f.pairs[0].weights);
    is_text(f.pairs[0].weight, "基础分·民主测评分");
    assert_int_equal(f.n_chains, 1);
    assert_int_equal(f.chains[0].n, 2);
    assert_int_equal(f.debriefers[2].chain, SIZE_MAX);
}

/* Parts alone: no vote changes anything; equal totals hang together, whatever breaks the tie. */
static void ties_are_not_firm(void **state)
{
    static const char *const work[] = { "90", "80", "80", "70" };
    Bench *b = *state;
    Scheme s = scheme_of(b, PLAIN);
    Plain t;
    plain_open(&t, work, 4);
    ScoreFirmness f = firm_of(b, &s, &t.in);
    assert_int_equal(f.n_weights, 0);
    assert_true(f.votes_done && f.weights_done);
    assert_int_equal(f.n_pairs, 1);
    assert_true(f.pairs[0].tied);
    assert_int_equal(f.pairs[0].votes, 0);
    assert_int_equal(f.debriefers[1].now.best, 2);
    assert_int_equal(f.debriefers[1].now.worst, 3);
    t.in.debriefers.n = 1;
    t.people[0].parts.n = 0; /* a part that must not be missing */
    f = firm_of(b, &s, &t.in);
    assert_int_equal(f.n, 0);
}

/* Sums of many terms: as many tries as allowed, and one weight more. */
static void tries_have_a_limit(void **state)
{
    Bench *b = *state;
    enum { TERMS = 50, SUMS = 4 };
    Buf text = buf_open(SCHEME_BYTES_MAX);
    buf_fmt(&text, "scheme wide { title \"宽\"; cite \"例\";");
    for (int k = 0; k < TERMS + 2; k++)
        buf_fmt(&text, " part p%d \"p\" from 0 to 100 missing zero;", k);
    for (int n = 0; n < SUMS; n++) {
        buf_fmt(&text, " node n%d \"n\" {", n);
        for (int k = 0; k < TERMS; k++)
            buf_fmt(&text, " sum p%d 0.02;", k);
        buf_fmt(&text, " }");
    }
    Str body = arena_str(b->a, buf_str(&text));
    buf_close(&text);
    static const char *const more[] = { "node total \"总\" { sum n0 1; }",
                                        "node total \"总\" { sum n0 0.5; sum p50 0.5; }" };
    ScoreDebriefer *many = ARENA_ARRAY(b->a, ScoreDebriefer, SCORE_DEBRIEFERS_MAX);
    size_t n = SCORE_TRIES_MAX / (2 * TERMS * SUMS);
    assert_true(n <= SCORE_DEBRIEFERS_MAX);
    for (size_t i = 0; i < n; i++)
        many[i] = (ScoreDebriefer){ .id = 1 + (int64_t)i };
    ScoreInput in = { .debriefers = { many, n } };
    for (int past = 0; past < 2; past++) {
        Str whole = arena_text(b->a, "%.*s %s total total; band good \"好\" from 50 closed to 100 "
                               "closed; band poor \"差\" from 0 closed to 50 open; top good; }",
                               STR(body), more[past]);
        Scheme s = scheme_of(b, arena_z(b->a, whole));
        ScoreFirmness f = firm_of(b, &s, &in);
        assert_int_equal(f.weights_done, past == 0);
        assert_int_equal(f.n, n);
        assert_int_equal(f.n_pairs, n * (n - 1) / 2); /* all of them have nothing */
    }
}

static void memory_refused(void **state)
{
    Bench *b = *state;
    Scheme s = scheme_of(b, TINY);
    ScoreChoices c = choices_of(b, USUAL);
    size_t failed = 0;
    Tiny t;
    tiny_open(&t);
    for (size_t cap = 0; cap < 8 << 10; cap += 64) {
        Arena *a = arena_open(cap);
        ScoreFirmness f;
        Err e = { .code = ERR_NONE };
        if (!score_firm(&f, a, &s, &c, &t.in, &e)) {
            assert_int_equal(e.code, ERR_NO_MEMORY);
            failed++;
        }
        arena_close(a);
    }
    assert_true(failed > 1);
}

/* --- what the boxes show -------------------------------------------------------------------- */
static void is_dec(Bench *b, Dec got, const char *want)
{
    is_text(dec_print(b->a, got), want);
}

/* Debriefer 101: leaders 92.5 (90 and 95), all boxes 91.25: 1.25 kinder, items 5 apart, of 20 votes
 * 17 at the top. 102 got 100 everywhere, 103 50, 104 25: the leaders differ from the rest on 101
 * alone, 1.25 / 4 = 0.3125; spread 5 / 4; top (85 + 100 + 0 + 0) / 4. */
static void leaning_by_hand(void **state)
{
    Bench *b = *state;
    Scheme s = scheme_of(b, TINY);
    ScoreChoices c = choices_of(b, USUAL);
    ScoreLeaning l;
    Tiny t;
    tiny_open(&t);
    OK(b, score_lean(&l, b->a, &s, &c, &t.in, &b->e));
    assert_int_equal(l.n_boxes, 3);
    assert_int_equal(l.n_debriefers, PEOPLE);
    assert_int_equal(l.ids[3], 104);
    is_text(l.boxes[0].title, "民主测评·领导");
    is_dec(b, l.boxes[0].each[0].lenience, "1.25");
    is_dec(b, l.boxes[0].each[0].spread, "5.00");
    is_dec(b, l.boxes[0].each[0].top, "85.00");
    is_dec(b, l.boxes[0].each[1].top, "100.00");
    is_dec(b, l.boxes[0].all.lenience, "0.31");
    is_dec(b, l.boxes[0].all.spread, "1.25");
    is_dec(b, l.boxes[0].all.top, "46.25");
    is_dec(b, l.boxes[0].range, "75.00");
    is_dec(b, l.boxes[1].each[0].lenience, "-2.50");
    assert_true(l.boxes[0].each[0].given && l.boxes[0].all.given);
}

/* Marks from 90 on stand at the top of a scale of 100; on ranking papers the first place does. */
static void leaning_of_marks_and_rankings(void **state)
{
    Bench *b = *state;
    Hall h = { .t = &trials[2] };
    h.s = scheme_of(b, trials[2].scheme);
    h.c = choices_of(b, trials[2].choices);
    fill(&h, b, 11);
    ScoreInput in = input_of(&h, b->a);
    ScoreLeaning l;
    OK(b, score_lean(&l, b->a, &h.s, &h.c, &in, &b->e));
    assert_int_equal(l.n_boxes, 2);
    for (int p = 0; p < FOLK; p++) {
        Dec jury, order;
        assert_true(dec_div(&jury, dec_int(100 * h.n[0][p][0][4]), dec_int(6)));
        assert_true(dec_div(&order, dec_int(100 * h.n[1][p][0][0]), dec_int(5)));
        assert_true(dec_eq(l.boxes[0].each[p].top, score_round(jury, 2, DEC_HALF_UP)));
        assert_true(dec_eq(l.boxes[1].each[p].top, score_round(order, 2, DEC_HALF_UP)));
        is_dec(b, l.boxes[0].each[p].spread, "0.00"); /* one item */
    }
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(agrees_with_every_change_made), T(four_by_hand), T(ties_are_not_firm),
        T(tries_have_a_limit), T(memory_refused), T(leaning_by_hand),
        T(leaning_of_marks_and_rankings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
