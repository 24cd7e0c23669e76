#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fact/fixture_test.h"

/* --- appending ------------------------------------------------------------- */
static void a_new_thing_is_its_first_fact(void **state)
{
    Room *r = *state;
    int64_t id = must_file(r, "note", 0, Z("{\"count\":3,\"day\":\"2026-03-01\",\"done\":true,"
                                           "\"score\":\"85.5\",\"tag\":\"a\\\"b\"}"));
    Fact f = current(r, "note", id);
    Dec d;
    assert_int_equal(f.subject, id);
    assert_int_equal(f.id, id);
    assert_int_equal(f.seq, 0);
    assert_int_equal(f.region, 1);
    assert_int_equal(f.who, 5);
    assert_int_equal(f.received_at >> 20, START >> 20);
    assert_int_equal(f.occurred_on, day_make(2026, 1, 1));
    assert_int_equal((id >> 12) + 1704067200000, f.received_at);
    assert_int_equal(fact_int(&f, "count"), 3);
    assert_true(fact_bool(&f, "done"));
    assert_int_equal(fact_day(&f, "day"), day_make(2026, 3, 1));
    assert_true(fact_dec(&d, &f, "score"));
    assert_true(dec_eq(d, dec_scaled(855, 1)));
    assert_true(str_is(fact_str(r->a, &f, "tag"), "a\"b"));
    assert_true(str_is(fact_json(&f, "tag"), "\"a\\\"b\""));
    assert_int_equal(fact_int(&f, "none"), 0);
    assert_int_equal(fact_day(&f, "tag"), DAY_NONE);
    assert_false(fact_dec(&d, &f, "none"));
}

static void bodies_are_made_canonical(void **state)
{
    Room *r = *state;
    Err e;
    int64_t id = must_file(r, "note", 0, Z(" {\"b\": 1, \"a\": [ 1,2 ]} "));
    assert_true(str_is(current(r, "note", id).body, "{\"a\":[1,2],\"b\":1}"));
    json_t *o = json_pack("{s:i,s:s}", "z", 1, "a", "x");
    assert_true(file(r, (FactIn){ .kind = Z("note"), .json = o }, &id, &e));
    json_decref(o);
    assert_true(str_is(current(r, "note", id).body, "{\"a\":\"x\",\"z\":1}"));
}

static void bad_input_is_refused(void **state)
{
    Room *r = *state;
    static const struct { FactIn in; ErrCode code; } cases[] = {
        { { .kind = S("note") }, ERR_LEAF_BODY },
        { { .kind = S("note"), .body = S("[1]") }, ERR_LEAF_BODY },
        { { .kind = S("note"), .body = S("{\"a b\":1}") }, ERR_LEAF_BODY },
        { { .kind = S("note"), .body = S("{\"a\":1.5}") }, ERR_BAD_JSON },
        { { .kind = S("note"), .body = S("{\"a\":\"\\u0000\"}") }, ERR_BAD_JSON },
        { { .kind = S("note"), .body = S("{") }, ERR_BAD_JSON },
        { { .kind = S("a note"), .body = S("{}") }, ERR_LEAF_BODY },
        { { .kind = S(""), .body = S("{}") }, ERR_LEAF_BODY },
        { { .kind = S("note"), .body = S("{}"), .who = -1 }, ERR_FIELD_RANGE },
        { { .kind = S("note"), .body = S("{}"), .org = JSON_INT_MAX + 1 }, ERR_FIELD_RANGE },
        { { .kind = S("note"), .body = S("{}"), .occurred_on = 90000000 }, ERR_FIELD_RANGE },
        { { .kind = S("note"), .body = S("null") }, ERR_FACT_STRUCK },
        { { .kind = S("note"), .body = S("null"), .subject = 77 }, ERR_FACT_STRUCK },
        { { .kind = S("note"), .body = S("{}"), .subject = 77, .base = 5 }, ERR_NOT_FOUND },
        { { .kind = S("note"), .body = S("{}"), .corrects = 5 }, ERR_FACT_CORRECTS },
    };
    Err e;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(file(r, cases[i].in, NULL, &e));
        if (e.code != cases[i].code)
            fail_msg("case %zu: %s", i, err_name(e.code));
    }
    assert_int_equal(head(r).size, 0);
    assert_true(hash_eq(head(r).root, tlog_empty()));
    assert_int_equal(head(r).at, 0);
}

static void body_limit(void **state)
{
    Room *r = *state;
    Err e;
    for (size_t n = LEAF_BODY_MAX; n <= LEAF_BODY_MAX + 1; n++) {
        char *p = arena_alloc(r->a, n + 1);
        memset(p, 'x', n);
        memcpy(p, "{\"a\":\"", 6);
        memcpy(p + n - 2, "\"}", 2);
        bool ok = file(r, (FactIn){ .kind = Z("note"), .body = { p, n } }, NULL, &e);
        assert_int_equal(ok, n == LEAF_BODY_MAX);
    }
    assert_int_equal(e.code, ERR_TOO_BIG);
}

static void correcting_and_striking(void **state)
{
    Room *r = *state;
    Err e;
    int64_t one = must_file(r, "note", 0, Z("{\"tag\":\"one\"}")), two = 0, three;
    int64_t other = must_file(r, "note", 0, Z("{\"tag\":\"other\"}"));
    FactIn in = { .kind = Z("note"), .subject = one, .body = Z("{\"tag\":\"two\"}"),
                  .corrects = one };
    assert_true(file(r, in, &two, &e));
    assert_true(str_is(fact_str(r->a, &(Fact){ .body = current(r, "note", one).body }, "tag"),
                       "two"));
    in.corrects = other;
    assert_false(file(r, in, NULL, &e));
    assert_int_equal(e.code, ERR_FACT_CORRECTS);
    in = (FactIn){ .kind = Z("note"), .subject = one, .body = Z("null"), .corrects = two };
    assert_true(file(r, in, &three, &e));
    Ask q = { .a = r->a, .kind = Z("note"), .subject = one };
    assert_false(store_read(r->store, current_job, &q, &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
    assert_true(store_read(r->store, exists_job, &q, &e));
    assert_false(q.yes);
    assert_false(file(r, in, NULL, &e)); /* nothing is left to strike */
    assert_int_equal(e.code, ERR_FACT_STRUCK);
    assert_true(store_read(r->store, history_job, &q, &e));
    assert_int_equal(q.list.n, 3);
    assert_int_equal(q.list.items[0].id, one);
    assert_int_equal(q.list.items[1].corrects, one);
    assert_true(leaf_is_strike(&q.list.items[2]));
    q = (Ask){ .a = r->a, .filter = { .kind = Z("note") } };
    assert_true(store_read(r->store, list_job, &q, &e));
    assert_int_equal(q.list.n, 1);
    assert_int_equal(q.list.items[0].subject, other);
    must_file(r, "note", one, Z("{\"tag\":\"back\"}")); /* a later fact revives the thing */
    q = (Ask){ .a = r->a, .kind = Z("note"), .subject = one };
    assert_true(store_read(r->store, exists_job, &q, &e));
    assert_true(q.yes);
}

static void two_editors_one_conflict(void **state)
{
    Room *r = *state;
    Err e;
    char said[1000];
    int64_t one = must_file(r, "note", 0, Z("{\"tag\":\"one\"}")), two = 0;
    FactIn in = { .kind = Z("note"), .subject = one, .base = one, .body = Z("{\"tag\":\"A\"}") };
    assert_true(file(r, in, &two, &e));
    in.body = Z("{\"tag\":\"B\"}");
    assert_false(file(r, in, NULL, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_int_equal(err_http(e.code), 409);
    err_print(&e, LANG_HANS, said, sizeof said);
    assert_non_null(strstr(said, "2026年1月1日"));
    assert_true(str_is(current(r, "note", one).body, "{\"tag\":\"A\"}"));
    in.base = two;
    assert_true(file(r, in, NULL, &e));
}

static bool many_job(Tx *tx, void *arg, Err *e)
{
    int *n = arg;
    for (int i = 0; i < *n; i++) {
        FactIn in = { .kind = Z("note"),
                      .body = arena_text(tx_arena(tx), "{\"count\":%d}", i) };
        if (!fact_append(tx, &in, NULL, e))
            return false;
    }
    FactHead h; /* a job sees its own leaves */
    return fact_log_head(&h, tx, e) && (h.size > 0 || *n == 0);
}

typedef struct Since {
    int64_t after, newest, ids[8];
    size_t n;
} Since;

static bool since_one(void *arg, const Fact *f, Err *e)
{
    Since *s = arg;
    static const Hash none;
    assert_memory_equal(&f->secret, &none, sizeof none);
    if (s->n == 2)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "third"));
    s->ids[s->n++] = f->id;
    return true;
}

static bool since_job(Tx *tx, void *arg, Err *e)
{
    Since *s = arg;
    return fact_newest(&s->newest, tx, e) && fact_since(tx, s->after, since_one, s, e);
}

static void what_came_since(void **state)
{
    Room *r = *state;
    Err e = { 0 };
    Since s = { .n = 0 };
    assert_true(store_read(r->store, since_job, &s, &e));
    assert_true(s.newest == 0 && s.n == 0);
    int64_t one = must_file(r, "note", 0, Z("{}")), two = must_file(r, "note", one, Z("{}"));
    s = (Since){ .after = one };
    assert_true(store_read(r->store, since_job, &s, &e));
    assert_true(s.newest == two && s.n == 1 && s.ids[0] == two);
    must_file(r, "note", 0, Z("{}"));
    s = (Since){ .n = 0 }; /* whoever is given the facts may end it */
    assert_false(store_read(r->store, since_job, &s, &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
}

static void ids_always_grow(void **state)
{
    Room *r = *state;
    Err e;
    int64_t before = must_file(r, "note", 0, Z("{}"));
    sys_close(r->sys); /* a clock that steps back by a day */
    fact_close(r->facts);
    store_close(r->store);
    r->sys = sys_open_sim(2, START - 86400000);
    r->store = store_open(r->sys, r->path, &e);
    r->facts = open_with(r, 2, &e);
    int64_t after = must_file(r, "note", 0, Z("{}"));
    assert_true(after == before + 1);
}

/* --- the log --------------------------------------------------------------- */
static TlogEdge edge_of_export(Room *r, Buf *lines)
{
    TlogEdge edge = { .size = 0 };
    LeafRun *run = leaf_open();
    Str rest = buf_str(lines), line;
    Err e;
    while (rest.n > 0) {
        Leaf leaf;
        Hash h;
        str_cut(rest, STRC("\n"), &line, &rest);
        assert_true(leaf_line_read(&leaf, r->a, line, &e));
        assert_int_equal(leaf.seq, edge.size);
        assert_true(leaf_hash(&h, run, &leaf, &e));
        tlog_add(&edge, h);
    }
    leaf_close(run);
    return edge;
}

/* Sizes around the edges of tiles, in jobs of different lengths: export, tiles and root agree. */
static void export_gives_the_root(void **state)
{
    Room *r = *state;
    static int sizes[] = { 1, 254, 1, 1, 255, 700, 3 };
    Buf lines = buf_open(64 << 20);
    Err e;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        assert_true(store_write(r->store, many_job, &sizes[i], &e));
        buf_reset(&lines);
        assert_true(store_read(r->store, export_job, &lines, &e));
        TlogEdge edge = edge_of_export(r, &lines);
        FactHead h = head(r);
        assert_int_equal(h.size, edge.size);
        assert_true(hash_eq(h.root, tlog_edge_root(&edge)));
    }
    Ask q = { .a = r->a };
    assert_true(store_read(r->store, audit_job, &q, &e));
    buf_close(&lines);
}

static bool all_fail_job(Tx *tx, void *arg, Err *e)
{
    int n = 300;
    (void)arg;
    return many_job(tx, &n, e) && err_fail(e, ERR_NOT_FOUND, err_hole("what", "on purpose"));
}

static void failed_job_adds_no_leaf(void **state)
{
    Room *r = *state;
    Err e;
    must_file(r, "note", 0, Z("{}"));
    FactHead before = head(r);
    assert_false(store_write(r->store, all_fail_job, NULL, &e));
    FactHead after = head(r);
    assert_int_equal(before.size, after.size);
    assert_true(hash_eq(before.root, after.root));
    must_file(r, "note", 0, Z("{}"));
    Ask q = { .a = r->a };
    assert_true(store_read(r->store, audit_job, &q, &e));
}

typedef struct Proofs { TlogProof leaf, growth; Hash old_root, leaf_hash; } Proofs;

static bool proofs_job(Tx *tx, void *arg, Err *e)
{
    Proofs *p = arg;
    TlogProof ignored;
    assert_false(fact_prove(&ignored, tx, 0, 601, e));
    return fact_prove(&p->leaf, tx, 299, 600, e) && fact_prove_growth(&p->growth, tx, 300, 600, e)
        && fact_log_root(&p->old_root, tx, 300, e);
}

static void proofs_hold(void **state)
{
    Room *r = *state;
    Proofs p;
    Err e;
    int n = 300;
    assert_true(store_write(r->store, many_job, &n, &e));
    FactHead old = head(r);
    assert_true(store_write(r->store, many_job, &n, &e));
    FactHead now = head(r);
    assert_true(store_read(r->store, proofs_job, &p, &e));
    assert_true(hash_eq(p.old_root, old.root));
    assert_true(tlog_check_growth(300, old.root, 600, now.root, &p.growth));
    Ask q = { .a = r->a, .subject = old.last_id };
    assert_true(store_read(r->store, get_job, &q, &e));
    LeafRun *run = leaf_open();
    assert_int_equal(q.fact.seq, 299);
    assert_true(leaf_hash(&p.leaf_hash, run, &q.fact, &e));
    assert_true(tlog_check_leaf(p.leaf_hash, 299, 600, &p.leaf, now.root));
    leaf_close(run);
}

static void value_edited_on_disk_is_found(void **state)
{
    static const char *const edits[] = {
        "update fact set body = replace(body, 7, 8) where seq = 7", "delete from fact where seq=7",
        "update fact set who = 9 where seq = 7", "update fact set received_at=0 where seq = 7",
        "update log_tile set hashes = zeroblob(length(hashes)) where level = 1",
        "update fact set secret = zeroblob(32) where seq = 7" };
    Room *r = *state;
    char command[1200];
    Err e;
    int n = 300;
    Ask q = { .a = r->a };
    assert_true(store_write(r->store, many_job, &n, &e));
    assert_true(store_read(r->store, audit_job, &q, &e));
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        snprintf(command, sizeof command,
                 "sqlite3 '%s' 'vacuum into \"%s.%zu\"' && sqlite3 '%s.%zu' '%s'", r->path,
                 r->path, i, r->path, i, edits[i]);
        assert_int_equal(system(command), 0);
        snprintf(command, sizeof command, "%s.%zu", r->path, i);
        Store *s = store_open(r->sys, command, &e);
        assert_non_null(s);
        assert_false(store_read(s, audit_job, &q, &e));
        assert_int_equal(e.code, ERR_LOG_BROKEN);
        if (i != 4)
            assert_true(str_is(err_get(&e, "seq"), "7"));
        store_close(s);
    }
}

/* --- rebuild --------------------------------------------------------------- */
static bool life_job(Tx *tx, void *arg, Err *e)
{
    unsigned *seed = arg;
    int64_t subjects[40] = { 0 };
    for (int i = 0; i < 300; i++) {
        int at = rand_r(seed) % 40;
        bool is_org = at < 20, strike = subjects[at] && rand_r(seed) % 6 == 0;
        FactIn in = { .kind = is_org ? Z("org") : Z("note"), .subject = subjects[at] };
        Str body = is_org ? arena_text(tx_arena(tx), "{\"name\":\"n%d\",\"parent\":%lld}", i % 7,
                                       (long long)subjects[rand_r(seed) % 20])
                          : arena_text(tx_arena(tx), "{\"count\":%d,\"tag\":[\"a%d\",\"b\"],"
                                       "\"text\":\"t%d\"}", i, i % 5, i % 3);
        int64_t id;
        Err ignored;
        in.body = strike ? Z("null") : body;
        if (!fact_append(tx, &in, &id, strike ? &ignored : e)) {
            if (!strike)
                return false;
            continue; /* it was struck already */
        }
        if (!subjects[at])
            subjects[at] = id;
    }
    return true;
}

static Str dumped(Room *r)
{
    Buf b = buf_open(64 << 20);
    Err e;
    assert_true(store_read(r->store, dump_job, &b, &e));
    Str s = arena_str(r->a, buf_str(&b));
    buf_close(&b);
    return s;
}

static void rebuild_gives_the_same_dump(void **state)
{
    Room *r = *state;
    Ask q = { .a = r->a };
    Err e;
    unsigned seed = 20261123;
    for (int i = 0; i < 4; i++) {
        assert_true(store_write(r->store, life_job, &seed, &e));
        Str before = dumped(r);
        assert_true(str_has(before, STRC("[\"org_node\",")));
        assert_true(str_has(before, STRC("[\"search\",")));
        assert_true(store_write(r->store, rebuild_job, &q, &e));
        assert_true(str_eq(before, dumped(r)));
    }
}

static void other_kinds_rebuild_by_themselves(void **state)
{
    Room *r = *state;
    Err e;
    must_file(r, "note", 0, Z("{\"tag\":\"x\"}"));
    Str before = dumped(r);
    fact_close(r->facts);
    r->facts = open_with(r, 1, &e); /* notes are no longer indexed */
    assert_non_null(r->facts);
    assert_false(str_has(dumped(r), STRC("[\"field_index\"")));
    fact_close(r->facts);
    r->facts = open_with(r, 2, &e);
    assert_true(str_eq(before, dumped(r)));
}

/* --- erasure --------------------------------------------------------------- */
typedef struct Erasing { FactErase in; int64_t id; } Erasing;

static bool erase_job(Tx *tx, void *arg, Err *e)
{
    Erasing *x = arg;
    return fact_erase(tx, &x->in, &x->id, e);
}

static bool on_disk(Room *r, const char *word)
{
    static const char *const ends[] = { "", "-wal" };
    for (int i = 0; i < 2; i++) {
        Str text, path = arena_text(r->a, "%s%s", r->path, ends[i]);
        Err e;
        if (!sys_exists(r->sys, path.p))
            continue;
        assert_true(sys_file_read(&text, r->a, r->sys, path.p, SYS_FILE_MAX, &e));
        if (str_has(text, Z(word)))
            return true;
    }
    return false;
}

static void erased_text_is_nowhere(void **state)
{
    Room *r = *state;
    Err e;
    int64_t id = must_file(r, "note", 0, Z("{\"count\":7,\"tag\":\"ERASEME\",\"text\":\"忘\"}"));
    for (int i = 0; i < 50; i++)
        must_file(r, "note", 0, Z("{\"tag\":\"kept\",\"text\":\"记\"}"));
    assert_true(on_disk(r, "ERASEME"));
    assert_true(on_disk(r, "忘"));
    Ask q = { .a = r->a, .subject = id };
    assert_true(store_read(r->store, get_job, &q, &e));
    Str secret = arena_str(r->a, (Str){ (const char *)q.fact.secret.b, 32 });
    FactHead before = head(r);
    const Str fields[] = { Z("tag"), Z("text") };
    Erasing x = { .in = { .fact = id, .fields = fields, .n_fields = 2, .ground = Z("离职"),
                          .who = 3 } };
    assert_true(store_write(r->store, erase_job, &x, &e));
    assert_true(fact_purge(r->store, &e));
    assert_false(on_disk(r, "ERASEME"));
    assert_false(on_disk(r, "忘"));
    assert_false(on_disk(r, arena_z(r->a, str_sub(secret, 0, 8))));
    assert_true(on_disk(r, "kept"));
    assert_int_equal(found(r, "note", "忘"), 0);
    assert_int_equal(listed(r, (FactFilter){ .kind = Z("note"), .field = Z("tag"),
                                             .value = Z("ERASEME") }), 0);
    assert_int_equal(listed(r, (FactFilter){ .kind = Z("note"), .field = Z("count"),
                                             .value = Z("7") }), 1);
    assert_true(store_read(r->store, get_job, &q, &e));
    assert_true(str_is(q.fact.body, "{\"count\":7}"));
    assert_true(q.fact.erased);
    Fact note = current(r, "erasure", x.id);
    assert_int_equal(fact_int(&note, "fact"), id);
    assert_true(str_is(fact_json(&note, "fields"), "[\"tag\",\"text\"]"));
    assert_int_equal(note.who, 3);
    assert_true(store_read(r->store, audit_job, &q, &e)); /* the leaf stays */
    FactHead after = head(r);
    assert_int_equal(after.size, before.size + 1);
    Buf lines = buf_open(64 << 20);
    assert_true(store_read(r->store, export_job, &lines, &e));
    TlogEdge edge = edge_of_export(r, &lines);
    assert_true(hash_eq(after.root, tlog_edge_root(&edge)));
    buf_close(&lines);
}

static void erasing_twice_and_all(void **state)
{
    Room *r = *state;
    Err e;
    int64_t id = must_file(r, "note", 0, Z("{\"a\":1,\"b\":2,\"c\":3}"));
    const Str a = Z("a"), none = Z("zz");
    Erasing x = { .in = { .fact = id, .fields = &none, .n_fields = 1, .ground = Z("依据") } };
    assert_false(store_write(r->store, erase_job, &x, &e));
    assert_int_equal(e.code, ERR_FACT_ERASED);
    x.in.fields = &a, x.in.ground = Z(" ");
    assert_false(store_write(r->store, erase_job, &x, &e));
    assert_int_equal(e.code, ERR_FACT_GROUND);
    x.in.ground = Z("依据");
    assert_true(store_write(r->store, erase_job, &x, &e));
    assert_true(str_is(current(r, "note", id).body, "{\"b\":2,\"c\":3}"));
    assert_false(store_write(r->store, erase_job, &x, &e)); /* gone already */
    x.in.n_fields = 0;
    assert_true(store_write(r->store, erase_job, &x, &e));
    assert_true(str_is(current(r, "note", id).body, "{}"));
    Ask q = { .a = r->a };
    assert_true(store_read(r->store, audit_job, &q, &e));
    Str before = dumped(r);
    assert_true(store_write(r->store, rebuild_job, &q, &e));
    assert_true(str_eq(before, dumped(r)));
    x.in.fact = 424242;
    assert_false(store_write(r->store, erase_job, &x, &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
}

/* --- faults ---------------------------------------------------------------- */
/* A kill in the middle of an import: all of it or nothing, and the log is whole. */
static void killed_import_is_all_or_nothing(void **state)
{
    Room *r = *state;
    unsigned seed = 7;
    Err e;
    int n = 20000;
    must_file(r, "note", 0, Z("{}"));
    fact_close(r->facts);
    store_close(r->store);
    for (int round = 0; round < 5; round++) {
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            r->store = store_open(r->sys, r->path, &e);
            r->facts = r->store ? open_with(r, 2, &e) : NULL;
            _exit(r->facts && store_write(r->store, many_job, &n, &e) ? 0 : 1);
        }
        usleep(10000 + rand_r(&seed) % 250000);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        r->store = store_open(r->sys, r->path, &e);
        r->facts = open_with(r, 2, &e);
        assert_non_null(r->facts);
        assert_int_equal((head(r).size - 1) % n, 0);
        Ask q = { .a = r->a };
        assert_true(store_read(r->store, audit_job, &q, &e));
        fact_close(r->facts);
        store_close(r->store);
    }
    r->facts = NULL;
    r->store = NULL;
}

static void one_seed_one_log(void **state)
{
    Room *r = *state;
    Hash roots[2];
    (void)r;
    for (int i = 0; i < 2; i++) {
        Room *own = NULL;
        Err e;
        unsigned seed = 5;
        assert_int_equal(room_open((void **)&own), 0);
        assert_true(store_write(own->store, life_job, &seed, &e));
        roots[i] = head(own).root;
        assert_int_equal(room_close((void **)&own), 0);
    }
    assert_true(hash_eq(roots[0], roots[1]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_thing_is_its_first_fact), TEST(bodies_are_made_canonical),
        TEST(bad_input_is_refused), TEST(body_limit), TEST(correcting_and_striking),
        TEST(two_editors_one_conflict), TEST(what_came_since), TEST(ids_always_grow),
        TEST(export_gives_the_root), TEST(failed_job_adds_no_leaf), TEST(proofs_hold),
        TEST(value_edited_on_disk_is_found), TEST(rebuild_gives_the_same_dump),
        TEST(other_kinds_rebuild_by_themselves), TEST(erased_text_is_nowhere),
        TEST(erasing_twice_and_all), TEST(killed_import_is_all_or_nothing), TEST(one_seed_one_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
