/* The auditor on small logs made by hand: what is sound passes, and every way of changing it that
 * a paper or a recomputation can show is found and named. */
#include "verify/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "score/fixture_test.h"

enum { LINES_MAX = 64 };

/* A log as it is exported, line by line; the tests change lines. */
typedef struct Log {
    Bench bench;
    Tiny tiny;
    Leaf leaves[LINES_MAX];
    Str lines[LINES_MAX];
    size_t n;
    Hash roots[LINES_MAX + 1];   /* of the first k lines as they were made */
} Log;

static Arena *arena(Log *l)
{
    return l->bench.a;
}

static void seal(Log *l, size_t i)
{
    Buf b = buf_open(LEAF_LINE_MAX);
    leaf_line_print(&b, &l->leaves[i]);
    assert_false(b.failed);
    l->lines[i] = arena_str(arena(l), buf_str(&b));
    buf_close(&b);
}

static void add(Log *l, int64_t id, const char *kind, int64_t subject, const json_t *body)
{
    Buf b = buf_open(LEAF_BODY_MAX);
    Leaf *f = &l->leaves[l->n];
    OK(&l->bench, jv_canon(&b, body, &l->bench.e));
    *f = (Leaf){ .seq = (int64_t)l->n, .region = 1, .id = id, .kind = str_of(kind),
                 .subject = subject ? subject : id, .occurred_on = day_make(2026, 11, 23),
                 .received_at = 1795000000000 + id, .who = 7 };
    f->body = arena_str(arena(l), buf_str(&b));
    f->secret = hash_of(arena_text(arena(l), "secret of %lld", (long long)id));
    buf_close(&b);
    seal(l, l->n++);
}

static void add_text(Log *l, int64_t id, const char *kind, int64_t subject, const char *json)
{
    json_t *v;
    OK(&l->bench, jv_read(&v, str_of(json), "test", &l->bench.e));
    add(l, id, kind, subject, v);
    jv_close(v);
}

static const char *put(Log *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static const char *put(Log *l, const char *fmt, ...)
{
    char text[2000];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    for (char *p = text; *p; p++)
        *p = *p == '\'' ? '"' : *p;
    return arena_z(arena(l), str_of(text));
}

static json_t *box_body(const ScoreBox *b)
{
    const Str *groups = b->groups.items;
    const ScoreCell *cells = b->cells.items;
    json_t *names = json_array(), *marks = json_array();
    for (size_t i = 0; i < b->groups.n; i++)
        json_array_append_new(names, json_stringn(groups[i].p, groups[i].n));
    for (size_t i = 0; i < b->cells.n; i++)
        json_array_append_new(marks, json_pack("{s:I,s:s%,s:s%,s:I}", "debriefer",
                                               (json_int_t)cells[i].debriefer, "item",
                                               cells[i].item.p, cells[i].item.n, "option",
                                               cells[i].option.p, cells[i].option.n, "n",
                                               (json_int_t)cells[i].n));
    return json_pack("{s:s,s:o,s:I,s:I,s:I,s:o}", "object", "party_building", "groups", names,
                     "issued", (json_int_t)b->issued, "returned", (json_int_t)b->returned, "valid",
                     (json_int_t)b->valid, "cells", marks);
}

static void add_inputs(Log *l)
{
    for (int g = 0; g < GROUPS; g++) {
        json_t *v = box_body(&l->tiny.boxes[g]);
        add(l, l->tiny.boxes[g].fact, "paper_result", 0, v);
        jv_close(v);
    }
    for (int k = 0; k < 2; k++)
        for (int p = 0; p < PEOPLE; p++) {
            const ScorePart *part = &l->tiny.parts[p][k];
            add_text(l, part->fact, "score_input", 0,
                     put(l, "{'debriefer':%d,'part':'%.*s','value':'%.*s'}", 101 + p,
                         STR(part->name), STR(dec_print(arena(l), part->value.value))));
        }
}

static void add_result(Log *l, int64_t id, int64_t subject, const char *more)
{
    Scheme s = scheme_of(&l->bench, TINY);
    ScoreChoices c = choices_of(&l->bench, USUAL);
    Buf b = buf_open(SCORE_BUNDLE_MAX);
    Jw w = jw_open(&b);
    json_t *bundle, *body;
    OK(&l->bench, score_bundle_write(&w, arena(l), &s, &c, &l->tiny.in, &l->bench.e));
    assert_true(jw_close(&w));
    OK(&l->bench, jv_read(&bundle, buf_str(&b), "bundle", &l->bench.e));
    body = json_pack("{s:i,s:{s:o}}", "version", 1, "bundle", "party_building", bundle);
    if (more)
        json_object_set_new(body, more, json_true());
    add(l, id, "result", subject, body);
    jv_close(body);
    buf_close(&b);
}

/* Pack, an unrelated fact, three boxes, eight parts; then a result, and the same approved. */
static void log_open(Log *l)
{
    memset(l, 0, sizeof *l);
    l->bench.a = arena_open(256 << 20);
    assert_non_null(l->bench.a);
    tiny_open(&l->tiny);
    Scheme s = scheme_of(&l->bench, TINY);
    Str text = arena_text(arena(l), "pack tiny {\n}\n\n%.*s\n", STR(s.text));
    json_t *pack = json_pack("{s:s,s:s%}", "name", "tiny", "text", text.p, text.n);
    add(l, 400, "pack", 0, pack);
    jv_close(pack);
    add_text(l, 401, "complaint", 0, "{\"contact\":\"门卫\",\"text\":\"同一张表要填三遍\"}");
    add_inputs(l);
}

static void judged(Log *l)
{
    add_result(l, 900, 0, NULL);
    add_result(l, 910, 900, "approved");
}

/* Reads all lines; ERR_NONE when the audit passes. */
static ErrCode audited(Log *l, int64_t size, const char *root, int64_t *objects)
{
    Audit au;
    Err *e = &l->bench.e;
    LeafRun *run = leaf_open();
    int64_t none;
    bool ok = verify_open(&au, e);
    *e = (Err){ 0 };
    au.paper_size = size;
    if (root)
        assert_true(verify_root_read(&au.paper_root, root));
    for (size_t i = 0; ok && i < l->n; i++) {
        ok = verify_line(&au, run, l->lines[i], (int64_t)i + 1, e);
        l->roots[i + 1] = tlog_edge_root(&au.edge);
    }
    ok = ok && verify_paper(&au, e) && verify_results(&au, objects ? objects : &none, e);
    leaf_close(run);
    verify_close(&au);
    return ok ? ERR_NONE : e->code;
}

static void is(Log *l, ErrCode got, ErrCode want)
{
    if (got == want)
        return;
    bench_show(&l->bench);
    fail_msg("%s, wanted %s", err_name(got), err_name(want));
}

static const char *root_of(Log *l, size_t n)
{
    return arena_z(arena(l), hash_hex(arena(l), l->roots[n]));
}

/* Replaces the first `was` of a line. */
static void change(Log *l, size_t i, const char *was, const char *now)
{
    ptrdiff_t at = str_find(l->lines[i], str_of(was));
    if (at < 0)
        fail_msg("line %zu has no %s", i, was);
    l->lines[i] = arena_text(arena(l), "%.*s%s%.*s", (int)at, l->lines[i].p, now,
                             STR(str_sub(l->lines[i], (size_t)at + strlen(was), SIZE_MAX)));
}

static void drop(Log *l, size_t i)
{
    memmove(l->lines + i, l->lines + i + 1, (l->n - i - 1) * sizeof *l->lines);
    l->n--;
}

#define LOG(l)                                                                                     \
    Log *l = calloc(1, sizeof *l);                                                                 \
    (void)state;                                                                                   \
    assert_non_null(l);                                                                            \
    log_open(l)
#define END(l) (arena_close(l->bench.a), free(l))

/* --- sound ---------------------------------------------------------------------------------- */

static void a_sound_log_is_accepted(void **state)
{
    int64_t objects = 0;
    LOG(l);
    judged(l);
    is(l, audited(l, -1, NULL, &objects), ERR_NONE);
    assert_int_equal(objects, 2); /* computed, then approved with the same bundle */
    const char *root = root_of(l, 5);
    is(l, audited(l, 5, root, NULL), ERR_NONE);   /* a paper printed when it was shorter */
    is(l, audited(l, (int64_t)l->n, root_of(l, l->n), NULL), ERR_NONE);
    END(l);
}

static void an_empty_log_is_sound_but_extends_nothing(void **state)
{
    LOG(l);
    l->n = 0;
    is(l, audited(l, -1, NULL, NULL), ERR_NONE);
    is(l, audited(l, 1, "00000000000000000000000000000000"
                        "00000000000000000000000000000000", NULL), ERR_VERIFY_SHORT);
    END(l);
}

static void a_root_is_read_as_it_is_typed(void **state)
{
    static const char plain[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    static const struct { const char *typed; bool fine; } rows[] = {
        { plain, true },
        { "00112233 44556677 8899aabb ccddeeff 00112233 44556677 8899aabb ccddeeff", true },
        { " 0011-2233-4455-6677-8899-aabb-ccdd-eeff-0011-2233-4455-6677-8899-aabb-ccdd-eeff ",
          true },
        { "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF", true },
        { "00112233445566778899aabbccddeeff00112233445566778899aabbccddeef", false },
        { "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff0", false },
        { "0011223344556677889gaabbccddeeff00112233445566778899aabbccddeeff", false },
        { "", false },
    };
    Hash want, got;
    (void)state;
    assert_true(hash_read(&want, STRC("00112233445566778899aabbccddeeff"
                                      "00112233445566778899aabbccddeeff")));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (verify_root_read(&got, rows[i].typed) != rows[i].fine)
            fail_msg("row %zu: %s", i, rows[i].typed);
        if (rows[i].fine)
            assert_true(hash_eq(got, want));
    }
}

/* --- changed since a paper was printed ------------------------------------------------------ */

static void what_changed_behind_a_paper_is_found(void **state)
{
    static const struct { size_t line; const char *was, *now; } rows[] = {
        { 1, "三遍", "两遍" },                       /* a value */
        { 1, "\"contact\"", "\"contacu\"" },         /* the name of a field */
        { 1, "2026-11-23", "2026-11-22" },           /* the day it happened */
        { 1, "\"who\":7", "\"who\":8" },             /* who filed it */
        { 1, "\"behalf\":0", "\"behalf\":3" },
        { 1, "\"corrects\":0", "\"corrects\":400" },
        { 1, "\"org\":0", "\"org\":1" },
        { 1, "\"kind\":\"complaint\"", "\"kind\":\"praise\"" },
        { 1, "\"received_at\":1795000000401", "\"received_at\":1795000000402" },
    };
    LOG(l);
    judged(l);
    is(l, audited(l, -1, NULL, NULL), ERR_NONE);
    size_t paper = l->n;
    const char *root = root_of(l, paper);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Str kept = l->lines[rows[i].line];
        change(l, rows[i].line, rows[i].was, rows[i].now);
        is(l, audited(l, (int64_t)paper, root, NULL), ERR_VERIFY_ROOT);
        l->lines[rows[i].line] = kept;
    }
    is(l, audited(l, (int64_t)paper, root, NULL), ERR_NONE);
    /* The secret is part of it: another one hides another value. */
    char other[65];
    Str secret = hash_hex(arena(l), l->leaves[1].secret);
    snprintf(other, sizeof other, "%.*s", STR(secret));
    other[10] = other[10] == '0' ? '1' : '0';
    change(l, 1, arena_z(arena(l), secret), other);
    is(l, audited(l, (int64_t)paper, root, NULL), ERR_VERIFY_ROOT);
    END(l);
}

static void lines_removed_or_moved_are_found(void **state)
{
    LOG(l);
    judged(l);
    is(l, audited(l, -1, NULL, NULL), ERR_NONE);
    size_t paper = l->n;
    const char *root = root_of(l, paper);
    Log *was = malloc(sizeof *was);
    assert_non_null(was);
    *was = *l;
    drop(l, 1);
    is(l, audited(l, -1, NULL, NULL), ERR_VERIFY_ORDER);
    assert_true(str_is(err_get(&l->bench.e, "line"), "2"));
    *l = *was;
    drop(l, 0);
    is(l, audited(l, -1, NULL, NULL), ERR_VERIFY_ORDER);
    *l = *was;
    drop(l, paper - 1); /* the end alone is found by the paper only */
    is(l, audited(l, (int64_t)paper, root, NULL), ERR_VERIFY_SHORT);
    *l = *was;
    l->lines[1] = was->lines[2];
    l->lines[2] = was->lines[1];
    is(l, audited(l, -1, NULL, NULL), ERR_VERIFY_ORDER);
    *l = *was;
    l->lines[2] = was->lines[1]; /* twice */
    is(l, audited(l, -1, NULL, NULL), ERR_VERIFY_ORDER);
    /* Numbered anew after a removal, the log looks whole; the paper knows better. */
    *l = *was;
    drop(l, 1);
    for (size_t i = 1; i < l->n; i++)
        change(l, i, arena_text(arena(l), "\"seq\":%zu,", i + 1).p,
               arena_text(arena(l), "\"seq\":%zu,", i).p);
    is(l, audited(l, -1, NULL, NULL), ERR_NONE);
    is(l, audited(l, (int64_t)l->n, root, NULL), ERR_VERIFY_ROOT);
    is(l, audited(l, (int64_t)paper, root, NULL), ERR_VERIFY_SHORT);
    free(was);
    END(l);
}

static void what_is_no_line_is_refused(void **state)
{
    static const char *const lines[] = { "", "{}", "null", "{\"seq\":1}", "not json",
                                         "{\"seq\":1.5}" };
    LOG(l);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        l->lines[1] = str_of(lines[i]);
        assert_int_not_equal(audited(l, -1, NULL, NULL), ERR_NONE);
    }
    END(l);
}

/* --- erased --------------------------------------------------------------------------------- */

/* Erases the field `contact` of line 1 and keeps `text`, as an erasure does. */
static void erase(Log *l, LeafMark marks[2])
{
    Leaf *f = &l->leaves[1];
    LeafRun *run = leaf_open();
    LeafSalt first = leaf_salt(run, f->secret, 0), second = leaf_salt(run, f->secret, 1);
    marks[0] = (LeafMark){ .name = STRC("contact"),
                           .hash = leaf_field_hash(run, first, STRC("\"门卫\"")) };
    marks[1] = (LeafMark){ .name = STRC("text"), .kept = true, .salt = second };
    leaf_close(run);
    f->body = STRC("{\"text\":\"同一张表要填三遍\"}");
    f->erased = true;
    f->marks = marks;
    f->n_marks = 2;
    seal(l, 1);
}

static void an_erased_field_leaves_the_log_whole(void **state)
{
    LeafMark marks[2];
    LOG(l);
    judged(l);
    is(l, audited(l, -1, NULL, NULL), ERR_NONE);
    const char *root = root_of(l, l->n);
    erase(l, marks);
    is(l, audited(l, (int64_t)l->n, root, NULL), ERR_NONE);
    /* What is kept cannot be changed under the cover of the erasure, ... */
    Str sound = l->lines[1];
    change(l, 1, "三遍", "两遍");
    is(l, audited(l, (int64_t)l->n, root, NULL), ERR_VERIFY_ROOT);
    /* ... nor what is gone be claimed to be kept, ... */
    l->lines[1] = sound;
    Str hash = hash_hex(arena(l), marks[0].hash);
    change(l, 1, arena_text(arena(l), "{\"hash\":\"%.*s\"}", STR(hash)).p,
           arena_text(arena(l), "{\"salt\":\"%.32s\"}", hash.p).p);
    assert_int_not_equal(audited(l, (int64_t)l->n, root, NULL), ERR_NONE);
    l->lines[1] = sound;
    change(l, 1, arena_text(arena(l), "{\"hash\":\"%.*s\"}", STR(hash)).p,
           arena_text(arena(l), "{\"salt\":\"%.32s\"}", hash.p).p);
    change(l, 1, "\"body\":{", "\"body\":{\"contact\":\"别人\",");
    is(l, audited(l, (int64_t)l->n, root, NULL), ERR_VERIFY_ROOT);
    /* ... nor another value be said to have been erased. */
    l->lines[1] = sound;
    change(l, 1, arena_z(arena(l), hash), arena_z(arena(l), hash_hex(arena(l), l->roots[1])));
    is(l, audited(l, (int64_t)l->n, root, NULL), ERR_VERIFY_ROOT);
    END(l);
}

/* --- results -------------------------------------------------------------------------------- */

static void a_result_must_say_what_its_facts_say(void **state)
{
    static const struct { size_t line; const char *was, *now; ErrCode want; } rows[] = {
        { 5, "\"value\":\"90\"", "\"value\":\"91\"", ERR_VERIFY_INPUT },
        { 5, "\"part\":\"routine\"", "\"part\":\"superior\"", ERR_VERIFY_INPUT },
        { 5, "\"debriefer\":101", "\"debriefer\":102", ERR_VERIFY_INPUT },
        { 5, "\"kind\":\"score_input\"", "\"kind\":\"other\"", ERR_VERIFY_INPUT },
        { 5, "{\"debriefer\"", "{\"aside\":1,\"debriefer\"", ERR_NONE },
        { 2, "\"n\":8", "\"n\":7", ERR_VERIFY_INPUT },
        { 2, "\"valid\":10", "\"valid\":9", ERR_VERIFY_INPUT },
        { 2, "\"issued\":11", "\"issued\":12", ERR_VERIFY_INPUT },
        { 2, "\"leaders\"", "\"peers\"", ERR_VERIFY_INPUT },
        { 2, "\"party_building\"", "\"ideology\"", ERR_VERIFY_INPUT },
        { 0, "weight 0.4", "weight 0.5", ERR_VERIFY_SCHEME },
        { 13, "\"91.63\"", "\"99.63\"", ERR_NONE /* any: see below */ },
    };
    LOG(l);
    judged(l);
    is(l, audited(l, -1, NULL, NULL), ERR_NONE);
    for (size_t i = 0; i + 1 < sizeof rows / sizeof *rows; i++) {
        Str kept = l->lines[rows[i].line];
        change(l, rows[i].line, rows[i].was, rows[i].now);
        is(l, audited(l, -1, NULL, NULL), rows[i].want);
        l->lines[rows[i].line] = kept;
    }
    /* A digit of the result itself: computed again, it differs. */
    change(l, rows[11].line, rows[11].was, rows[11].now);
    assert_int_not_equal(audited(l, -1, NULL, NULL), ERR_NONE);
    END(l);
}

static void a_result_without_a_bundle_is_no_result(void **state)
{
    LOG(l);
    add_text(l, 900, "result", 0, "{\"version\":1}");
    is(l, audited(l, -1, NULL, NULL), ERR_VERIFY_INPUT);
    END(l);
}

static void what_counted_then_is_what_counts(void **state)
{
    LOG(l);
    judged(l);
    /* Corrected after the result: it stood on what held when it was computed. */
    add_text(l, 950, "score_input", 600,
             "{\"debriefer\":101,\"part\":\"routine\",\"value\":\"95\"}");
    add_result(l, 960, 900, "published");
    is(l, audited(l, -1, NULL, NULL), ERR_NONE);
    /* Another result on the old value, computed after the correction. */
    add_result(l, 970, 0, NULL);
    is(l, audited(l, -1, NULL, NULL), ERR_VERIFY_INPUT);
    assert_true(str_is(err_get(&l->bench.e, "fact"), "600"));
    END(l);
}

static void an_input_may_not_come_later_than_its_result(void **state)
{
    LOG(l);
    l->tiny.parts[0][0].fact = 980;
    add_result(l, 900, 0, NULL);
    add_text(l, 980, "score_input", 0,
             "{\"debriefer\":101,\"part\":\"routine\",\"value\":\"90\"}");
    is(l, audited(l, -1, NULL, NULL), ERR_VERIFY_INPUT);
    END(l);
}

static void nothing_may_be_left_out(void **state)
{
    static const struct { const char *kind, *body; ErrCode want; } rows[] = {
        { "score_event", "{'debriefer':101,'event':'vetoed','reason':'x'}", ERR_VERIFY_LEFT_OUT },
        { "score_event", "{'debriefer':101,'event':'vetoed','object':'party_building'}",
          ERR_VERIFY_LEFT_OUT },
        { "score_event", "{'debriefer':101,'event':'vetoed','object':'ideology'}", ERR_NONE },
        { "score_event", "{'debriefer':101,'event':'vetoed','withdrawn':true}", ERR_NONE },
        { "score_event", "{'debriefer':999,'event':'vetoed'}", ERR_NONE },
        { "grade_override", "{'debriefer':102,'grade':'poor','reason':'x'}", ERR_VERIFY_LEFT_OUT },
        { "grade_override", "{'debriefer':102,'grade':'poor','withdrawn':true}", ERR_NONE },
        { "score_input", "{'debriefer':101,'part':'unknown','value':'1'}", ERR_NONE },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        LOG(l);
        add_text(l, 800, rows[i].kind, 0, put(l, "%s", rows[i].body));
        add_result(l, 900, 0, NULL);
        is(l, audited(l, -1, NULL, NULL), rows[i].want);
        END(l);
    }
    /* A part that was filed but not counted: the rule for missing parts must not hide it. */
    LOG(l);
    l->tiny.people[3].parts.n = 1;
    add_result(l, 900, 0, NULL);
    is(l, audited(l, -1, NULL, NULL), ERR_VERIFY_LEFT_OUT);
    assert_true(str_is(err_get(&l->bench.e, "fact"), "703"));
    END(l);
}

static void events_and_overrides_are_checked_too(void **state)
{
    static const char event[] = "{'debriefer':101,'event':'bonus','value':'1.5'}";
    static const char grade[] = "{'debriefer':102,'grade':'fair','reason':'有理由'}";
    LOG(l);
    Dec d = dec_of("1.5");
    l->tiny.events[0][0] = (ScoreEvent){ STRC("bonus"), { true, d }, 800 };
    l->tiny.people[0].events.n = 1;
    l->tiny.people[1].override = (ScoreOverride){ STRC("fair"), STRC("有理由"), 801 };
    add_text(l, 800, "score_event", 0, put(l, "%s", event));
    add_text(l, 801, "grade_override", 0, put(l, "%s", grade));
    add_result(l, 900, 0, NULL);
    is(l, audited(l, -1, NULL, NULL), ERR_NONE);
    Str kept = l->lines[13];
    change(l, 13, "\"1.5\"", "\"0.5\"");
    is(l, audited(l, -1, NULL, NULL), ERR_VERIFY_INPUT);
    l->lines[13] = kept;
    change(l, 14, "\"fair\"", "\"good\"");
    is(l, audited(l, -1, NULL, NULL), ERR_VERIFY_INPUT);
    END(l);
}

/* As `shuping export score-bundle` writes it: the bundle, the facts it cites, the log. */
static void an_exported_bundle_names_what_it_cites(void **state)
{
    Err e = { .code = ERR_NONE };
    json_t *body, *facts = json_array();
    LOG(l);
    judged(l);
    OK(&l->bench, jv_read(&body, l->leaves[l->n - 1].body, "result", &l->bench.e));
    json_t *bundle = json_object_get(json_object_get(body, "bundle"), "party_building");
    OK(&l->bench, verify_bundle(bundle, &l->bench.e));
    for (size_t i = 0; i < l->n; i++)
        json_array_append_new(facts, json_pack("{s:I,s:o}", "id", (json_int_t)l->leaves[i].id,
                                               "hash", jv_new(hash_hex(arena(l),
                                                                       hash_of(STRC("x"))))));
    json_object_set_new(bundle, "facts", facts);
    json_object_set_new(bundle, "log", json_object());
    OK(&l->bench, verify_bundle(bundle, &l->bench.e));
    json_object_set_new(json_array_get(facts, 3), "hash", json_string("0"));
    assert_false(verify_bundle(bundle, &e));
    is(l, e.code, ERR_VERIFY_INPUT);
    json_object_del(bundle, "facts");
    json_object_set_new(bundle, "more", json_true());
    assert_false(verify_bundle(bundle, &e));
    json_object_del(bundle, "more");
    json_object_set_new(json_object_get(bundle, "result"), "status", json_string("undecided"));
    assert_false(verify_bundle(bundle, &e));
    is(l, e.code, ERR_SCORE_DIFFERS);
    jv_close(body);
    END(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_log_is_accepted),
        cmocka_unit_test(an_empty_log_is_sound_but_extends_nothing),
        cmocka_unit_test(a_root_is_read_as_it_is_typed),
        cmocka_unit_test(what_changed_behind_a_paper_is_found),
        cmocka_unit_test(lines_removed_or_moved_are_found),
        cmocka_unit_test(what_is_no_line_is_refused),
        cmocka_unit_test(an_erased_field_leaves_the_log_whole),
        cmocka_unit_test(a_result_must_say_what_its_facts_say),
        cmocka_unit_test(a_result_without_a_bundle_is_no_result),
        cmocka_unit_test(what_counted_then_is_what_counts),
        cmocka_unit_test(an_input_may_not_come_later_than_its_result),
        cmocka_unit_test(nothing_may_be_left_out),
        cmocka_unit_test(events_and_overrides_are_checked_too),
        cmocka_unit_test(an_exported_bundle_names_what_it_cites),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
