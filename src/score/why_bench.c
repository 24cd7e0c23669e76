/* Why has one debriefer this number: from the bundle as it is stored to the whole tree, with the
 * scoring of everybody run again on the way. A district's 23 debriefers and a town's 55, by the
 * shipped scheme "district". Five milliseconds are less than anybody notices. */
#include "base/bench.h"
#include "score/score.h"

#include <stdio.h>
#include <stdlib.h>

enum { PEOPLE_MAX = 55, GROUPS = 3, ROUNDS = 40, CELLS_MAX = PEOPLE_MAX * 6 * 4 };

typedef struct Year {
    Arena *a;
    Scheme s;
    ScoreChoices c;
    ScoreInput in;
    ScoreDebriefer people[PEOPLE_MAX];
    ScorePart parts[PEOPLE_MAX][2];
    ScoreBox boxes[GROUPS];
    ScoreCell cells[GROUPS][CELLS_MAX];
} Year;

static void stop(const Err *e)
{
    char text[600] = "memory";
    if (e)
        err_print(e, LANG_EN, text, sizeof text);
    fprintf(stderr, "why_bench: %s\n", text);
    exit(1);
}

static void scheme_open(Year *y)
{
    static const char choices[] =
        "{\"rounding\":{\"mode\":\"half_up\",\"places\":2,\"nodes\":[\"ballot\"],\"quota\":\"up\"},"
        "\"ties\":{\"rule\":\"share\"},\"quorum\":{\"returned\":\"0.8\",\"valid\":\"0.9\","
        "\"scope\":\"per_group\",\"on_failure\":\"revote\"}}";
    char *text = ARENA_ARRAY(y->a, char, SCHEME_BYTES_MAX);
    FILE *f = fopen("packs/schemes/district/district.pack", "rb");
    Err e = { 0 };
    json_t *v;
    if (!f || !text)
        stop(NULL);
    Str all = { text, fread(text, 1, SCHEME_BYTES_MAX, f) };
    fclose(f);
    Str block = str_sub(all, (size_t)str_find(all, STRC("\nscheme ")), all.n);
    if (!pack_scheme_parse(&y->s, y->a, STRC("district.pack"), block, &e) ||
        !jv_read(&v, str_of(choices), "choices", &e) || !score_choices_read(&y->c, y->a, v, &e))
        stop(&e);
}

/* Votes move from the best option down as one goes along; every debriefer differs from the next. */
static void year_fill(Year *y, size_t people)
{
    const SchemeInstrument *ins = &y->s.instruments[0];
    for (size_t p = 0; p < people; p++) {
        for (size_t k = 0; k < 2; k++)
            y->parts[p][k] = (ScorePart){ y->s.parts[k].name,
                                          { true, dec_scaled((int64_t)(9800 - 31 * p - k), 2) },
                                          (int64_t)(1000 + 2 * p + k) };
        y->people[p] = (ScoreDebriefer){ .id = 100 + (int64_t)p, .klass = STRC("organ"),
                                         .parts = { y->parts[p], 2 } };
    }
    for (size_t g = 0; g < GROUPS; g++) {
        int64_t papers = 40 + 30 * (int64_t)g;
        size_t n = 0;
        for (size_t p = 0; p < people; p++)
            for (size_t i = 0; i < ins->n_items; i++) {
                int64_t lower = (int64_t)((p + i) % 20);
                y->cells[g][n++] = (ScoreCell){ 100 + (int64_t)p, ins->items[i].name,
                                                ins->options[0].name, papers - lower };
                y->cells[g][n++] = (ScoreCell){ 100 + (int64_t)p, ins->items[i].name,
                                                ins->options[1].name, lower };
            }
        y->boxes[g] = (ScoreBox){ .groups = { &y->s.groups[g].name, 1 }, .issued = papers,
                                  .returned = papers, .valid = papers,
                                  .cells = { y->cells[g], n }, .fact = 5 + (int64_t)g };
    }
    y->in = (ScoreInput){ .debriefers = { y->people, people }, .boxes = { y->boxes, GROUPS } };
}

static int by_time(const void *x, const void *y)
{
    const double *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

static void measure(size_t people)
{
    static const char *const nodes[] = { "adjusted", "grade" };
    Year *y = calloc(1, sizeof *y);
    Arena *a = arena_open(SCORE_MEMORY_MAX);
    Buf buf = buf_open(SCORE_BUNDLE_MAX);
    Jw w = jw_open(&buf);
    Err e = { 0 };
    json_t *bundle;
    double took[ROUNDS];
    if (!y || !a || !(y->a = arena_open(SCORE_MEMORY_MAX)))
        stop(NULL);
    scheme_open(y);
    year_fill(y, people);
    if (!score_bundle_write(&w, y->a, &y->s, &y->c, &y->in, &e) || !jw_close(&w))
        stop(&e);
    for (int k = 0; k < ROUNDS; k++) {
        Buf out = buf_open(JSON_BYTES_MAX);
        Jw to = jw_open(&out);
        double from = bench_clock(CLOCK_THREAD_CPUTIME_ID);
        if (!jv_read(&bundle, buf_str(&buf), "bundle", &e) ||
            !score_why(&to, a, bundle, 100 + k % (int64_t)people, str_of(nodes[k % 2]), &e))
            stop(&e);
        took[k] = 1000 * (bench_clock(CLOCK_THREAD_CPUTIME_ID) - from);
        jv_close(bundle);
        buf_close(&out);
        arena_reset(a);
    }
    qsort(took, ROUNDS, sizeof *took, by_time);
    printf("why of one of %zu debriefers: %.1f to %.1f ms of processor time\n", people, took[0],
           took[ROUNDS - 1]);
    char what[80];
    snprintf(what, sizeof what, "why of one of %zu debriefers, half of them within", people);
    bench_limit(what, took[ROUNDS / 2], true, 5, "ms");
    buf_close(&buf);
    arena_close(a);
    arena_close(y->a);
    free(y);
}

int main(void)
{
    measure(23);
    measure(PEOPLE_MAX);
    return 0;
}
