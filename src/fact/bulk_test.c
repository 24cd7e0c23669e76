/* Large jobs: leaves hashed beside the job, rows of the views that wait. */
#include "fact/fact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct Room {
    Sys *sys;
    Store *store;
    Facts *facts;
    Arena *a;
    char dir[200];
} Room;

/* Every character a token. */
static void letters(void *arg, Buf *out, Str text, bool asked)
{
    uint32_t cp;
    (void)arg, (void)asked;
    for (size_t i = 0, n; (n = str_next(text, i, &cp)) > 0; i += n) {
        buf_put(out, str_sub(text, i, n));
        buf_putc(out, ' ');
    }
}

static int room_open(void **state)
{
    static const FactKind kinds[] = {
        { .name = S("note"), .index = { S("tag") }, .n_index = 1, .search = { S("text") },
          .n_search = 1 } };
    Room *r = calloc(1, sizeof *r);
    const char *tmp = getenv("TMPDIR");
    char path[256];
    Err e;
    snprintf(r->dir, sizeof r->dir, "%s/bulk.XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(r->dir))
        return -1;
    snprintf(path, sizeof path, "%s/db", r->dir);
    r->sys = sys_open_sim(1, 1767225600000);
    r->a = arena_open(256 << 20);
    r->store = store_open(r->sys, path, &e);
    FactSetup setup = { .kinds = kinds, .n_kinds = 1, .tokens = letters };
    r->facts = r->store ? fact_open(r->store, &setup, &e) : NULL;
    *state = r;
    return r->facts ? 0 : -1;
}

static int room_close(void **state)
{
    Room *r = *state;
    char command[300];
    fact_close(r->facts);
    store_close(r->store);
    snprintf(command, sizeof command, "rm -rf '%s'", r->dir);
    int code = system(command);
    sys_close(r->sys);
    arena_close(r->a);
    free(r);
    return code;
}

typedef struct Bulk {
    Arena *a;
    int n, fields;                /* facts; fields of each besides tag and text */
    Str text;
    bool ask, fail, rebuild;      /* in the middle */
    Str dump;
} Bulk;

/* Names in order, so the body is canonical: f000 … tag text. */
static bool body_make(Buf *b, const Bulk *in, int i)
{
    Jw w = jw_open(b);
    char name[24], tag[24];
    buf_reset(b);
    jw_obj(&w);
    for (int k = 0; k < in->fields; k++) {
        snprintf(name, sizeof name, "f%03d", k);
        jw_kint(&w, name, i);
    }
    snprintf(tag, sizeof tag, "tag%d", i % 10);
    jw_kstr(&w, "tag", str_of(tag));
    jw_kstr(&w, "text", in->text);
    jw_end(&w);
    return jw_close(&w);
}

static Str text_of(Room *r, size_t n)
{
    char *p = arena_alloc(r->a, n);
    for (size_t i = 0; i < n; i++)
        p[i] = (char)('a' + i % 26);
    return (Str){ p, n };
}

/* The log as a job sees it that has just written a part of it. */
static bool log_holds(Tx *tx, int64_t size, Err *e)
{
    FactHead head;
    TlogProof proof;
    return fact_log_head(&head, tx, e) && head.size == size
        && fact_prove(&proof, tx, size / 2, size, e) && fact_audit(tx, e);
}

static bool fill(Tx *tx, void *arg, Err *e)
{
    Bulk *in = arg;
    Buf b = buf_open(LEAF_BODY_MAX);
    bool ok = true;
    for (int i = 0; ok && i < in->n; i++) {
        FactIn fact = { .kind = i % 3 ? STRC("note") : STRC("other"), .org = i % 7, .who = 1 };
        ok = body_make(&b, in, i);
        fact.body = buf_str(&b);
        ok = ok && fact_append(tx, &fact, NULL, e);
        if (ok && in->ask && i == in->n * 3 / 5)
            ok = log_holds(tx, i + 1, e);
        if (ok && in->rebuild && i == in->n / 2)
            ok = fact_rebuild(tx, e);
    }
    buf_close(&b);
    return ok && (!in->fail || err_fail(e, ERR_NOT_FOUND, err_hole("what", "on purpose")));
}

/* Every exported line hashed by itself gives the root of the log. */
typedef struct Export { Arena *a; LeafRun *run; TlogEdge edge; } Export;

static bool hash_line(void *arg, Str line, Err *e)
{
    Export *x = arg;
    Leaf leaf;
    Hash h;
    bool ok = leaf_line_read(&leaf, x->a, line, e) && leaf_hash(&h, x->run, &leaf, e);
    if (ok)
        tlog_add(&x->edge, h);
    arena_reset(x->a);
    return ok;
}

static bool export_is_log(Tx *tx, void *arg, Err *e)
{
    Export x = { .a = arena_open(64 << 20), .run = leaf_open() };
    FactHead head;
    bool ok = fact_audit(tx, e) && fact_export(tx, (FactSink){ hash_line, &x }, e)
        && fact_log_head(&head, tx, e);
    if (ok)
        ok = head.size == *(int64_t *)arg && x.edge.size == head.size
            && hash_eq(tlog_edge_root(&x.edge), head.root);
    leaf_close(x.run);
    arena_close(x.a);
    return ok;
}

static bool add_line(void *arg, Str line, Err *e)
{
    (void)e;
    buf_put(arg, line);
    buf_putc(arg, '\n');
    return !((Buf *)arg)->failed;
}

static bool dump(Tx *tx, void *arg, Err *e)
{
    Bulk *in = arg;
    Buf b = buf_open(128 << 20);
    bool ok = fact_dump(tx, (FactSink){ add_line, &b }, e);
    in->dump = arena_str(in->a, buf_str(&b));
    buf_close(&b);
    return ok;
}

static bool rebuild(Tx *tx, void *arg, Err *e)
{
    (void)arg;
    return fact_rebuild(tx, e);
}

static void must(Room *r, StoreJob job, void *arg)
{
    Err e = { 0 };
    if (!store_write(r->store, job, arg, &e))
        fail_msg("%s %s", err_name(e.code), e.trail);
}

static void holds_after(Room *r, Bulk in)
{
    Bulk live = { .a = r->a }, again = { .a = r->a };
    int64_t size = in.n;
    must(r, fill, &in);
    must(r, export_is_log, &size);
    must(r, dump, &live);
    must(r, rebuild, NULL);
    must(r, dump, &again);
    assert_true(live.dump.n > 0 && str_eq(live.dump, again.dump));
}

static void many_facts_in_one_job(void **state)
{
    holds_after(*state, (Bulk){ .n = 3333, .fields = 7, .text = STRC("东街社区党支部") });
}

static void the_log_asked_in_the_middle(void **state)
{
    holds_after(*state, (Bulk){ .n = 2600, .fields = 1, .text = STRC("西山"), .ask = true });
}

static void as_many_fields_as_there_may_be(void **state)
{
    holds_after(*state, (Bulk){ .n = 1100, .fields = LEAF_FIELDS_MAX - 2 });
}

static void bodies_as_long_as_they_may_be(void **state)
{
    holds_after(*state, (Bulk){ .n = 5, .text = text_of(*state, LEAF_BODY_MAX - 30) });
}

static void rebuilt_while_rows_wait(void **state)
{
    holds_after(*state, (Bulk){ .n = 300, .fields = 2, .text = STRC("南湖"), .rebuild = true });
}

static void a_failing_job_leaves_nothing(void **state)
{
    Room *r = *state;
    Bulk in = { .n = 2500, .fields = 3, .fail = true };
    Err e;
    int64_t none = 0;
    assert_false(store_write(r->store, fill, &in, &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
    must(r, export_is_log, &none);
    holds_after(r, (Bulk){ .n = 40, .fields = 3 });
}

/* --- a job sees what it wrote ----------------------------------------------- */
typedef struct Seen {
    Arena *a;
    int64_t id;
    FactList listed, by_tag, found, history;
    int64_t count;
    Fact now;
    bool there, still;
} Seen;

static bool append(Tx *tx, int64_t *id, int64_t subject, Str body, Err *e)
{
    FactIn in = { .kind = STRC("note"), .subject = subject, .who = 1, .body = body };
    return fact_append(tx, &in, id, e);
}

static bool ask_at_once(Tx *tx, void *arg, Err *e)
{
    Seen *s = arg;
    Str one = STRC("{\"tag\":\"a\",\"text\":\"东街\"}");
    Str two = STRC("{\"tag\":\"b\",\"text\":\"西山\"}");
    FactFilter all = { .kind = STRC("note") };
    FactFilter tagged = { .kind = STRC("note"), .field = STRC("tag"), .value = STRC("b") };
    return append(tx, &s->id, 0, one, e) && fact_current(&s->now, s->a, tx, STRC("note"), s->id, e)
        && append(tx, NULL, 0, one, e) && fact_list(&s->listed, s->a, tx, &all, e)
        && append(tx, NULL, 0, one, e) && fact_count(&s->count, tx, &all, e)
        && append(tx, NULL, s->id, two, e) && fact_list(&s->by_tag, s->a, tx, &tagged, e)
        && fact_find(&s->found, s->a, tx, STRC("note"), STRC("西"), 9, e)
        && fact_exists(&s->there, tx, STRC("note"), s->id, e)
        && append(tx, NULL, s->id, STRC("null"), e)
        && fact_exists(&s->still, tx, STRC("note"), s->id, e)
        && fact_history(&s->history, s->a, tx, STRC("note"), s->id, e);
}

static void a_job_sees_what_it_wrote(void **state)
{
    Room *r = *state;
    Seen s = { .a = r->a };
    must(r, ask_at_once, &s);
    assert_int_equal(s.now.id, s.id);
    assert_int_equal(s.listed.n, 2);
    assert_int_equal(s.count, 3);
    assert_int_equal(s.by_tag.n, 1);
    assert_int_equal(s.by_tag.items[0].subject, s.id);
    assert_int_equal(s.found.n, 1);
    assert_true(s.there);
    assert_false(s.still);
    assert_int_equal(s.history.n, 3);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, room_open, room_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(many_facts_in_one_job), TEST(the_log_asked_in_the_middle),
        TEST(as_many_fields_as_there_may_be), TEST(bodies_as_long_as_they_may_be),
        TEST(rebuilt_while_rows_wait), TEST(a_failing_job_leaves_nothing),
        TEST(a_job_sees_what_it_wrote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
