#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fact/fixture_test.h"

/* --- views ----------------------------------------------------------------- */
static void lists_by_indexed_field(void **state)
{
    Room *r = *state;
    Err e;
    int64_t a = must_file(r, "note", 0, Z("{\"count\":-5,\"done\":false,\"tag\":[\"x\",\"y\"]}"));
    int64_t b = must_file(r, "note", 0, Z("{\"count\":5,\"tag\":\"y\"}"));
    FactFilter f = { .kind = Z("note"), .field = Z("tag"), .value = Z("y") };
    assert_int_equal(listed(r, f), 2);
    f.after = a;
    assert_int_equal(listed(r, f), 1);
    f.after = 0, f.value = Z("x");
    assert_int_equal(listed(r, f), 1);
    f.field = Z("count"), f.value = Z("-5");
    assert_int_equal(listed(r, f), 1);
    f.field = Z("done"), f.value = Z("false");
    assert_int_equal(listed(r, f), 1);
    must_file(r, "note", a, Z("{\"count\":6,\"tag\":\"z\"}"));
    assert_int_equal(listed(r, f), 0);
    f.field = Z("tag"), f.value = Z("y");
    assert_int_equal(listed(r, f), 1);
    must_file(r, "note", b, Z("null"));
    assert_int_equal(listed(r, f), 0);
    Ask q = { .a = r->a, .filter = { .kind = Z("note"), .field = Z("tag"), .value = Z("z") } };
    assert_true(store_read(r->store, first_job, &q, &e));
    assert_int_equal(q.fact.subject, a);
    q.filter.value = Z("nobody");
    assert_true(store_read(r->store, first_job, &q, &e));
    assert_int_equal(q.fact.id, 0);
    q.filter.field = Z("text"); /* not indexed: said, not silently empty */
    assert_false(store_read(r->store, list_job, &q, &e));
    assert_int_equal(e.code, ERR_FACT_INDEX);
}

static void long_values_are_cut_alike(void **state)
{
    Room *r = *state;
    Buf b = buf_open(4000);
    for (int i = 0; i < 100; i++)
        buf_put(&b, STRC("党"));
    Str body = arena_text(r->a, "{\"tag\":\"%.*s\"}", STR(buf_str(&b)));
    must_file(r, "note", 0, body);
    FactFilter f = { .kind = Z("note"), .field = Z("tag"), .value = buf_str(&b) };
    assert_int_equal(listed(r, f), 1);
    buf_close(&b);
}

static void search_follows_the_current_fact(void **state)
{
    Room *r = *state;
    int64_t a = must_file(r, "note", 0, Z("{\"text\":\"党建 \\\"引领\\\"\",\"tag\":[\"甲\"]}"));
    must_file(r, "org", 0, Z("{\"name\":\"党支部\"}"));
    assert_int_equal(found(r, "", "党"), 2);
    assert_int_equal(found(r, "note", "党"), 1);
    assert_int_equal(found(r, "note", "建党"), 1); /* all tokens, in any order */
    assert_int_equal(found(r, "note", "党支"), 0);
    assert_int_equal(found(r, "note", "甲"), 1);
    assert_int_equal(found(r, "note", "\""), 0); /* a quotation mark is no word */
    assert_int_equal(found(r, "note", " "), 0);
    assert_int_equal(found(r, "note", "OR * NEAR("), 0); /* nothing of a question is syntax */
    must_file(r, "note", a, Z("{\"text\":\"乙\"}"));
    assert_int_equal(found(r, "note", "党"), 0);
    assert_int_equal(found(r, "note", "乙"), 1);
    must_file(r, "note", a, Z("null"));
    assert_int_equal(found(r, "note", "乙"), 0);
}

typedef struct Hits {
    FactAsk ask;
    size_t n, most;
} Hits;

static bool hit(void *arg, const Fact *f, bool *enough, Err *e)
{
    Hits *h = arg;
    (void)f, (void)e;
    *enough = ++h->n == h->most;
    return true;
}

static bool search_job(Tx *tx, void *arg, Err *e)
{
    return fact_search(tx, &((Hits *)arg)->ask, hit, arg, e);
}

static size_t hits(Room *r, FactAsk ask, size_t most)
{
    Hits h = { ask, 0, most };
    Err e;
    assert_true(store_read(r->store, search_job, &h, &e));
    return h.n;
}

static void search_is_narrowed_by_kind_and_org(void **state)
{
    Room *r = *state;
    Err e;
    int64_t id = 0, orgs[FACT_ORGS_MAX + 1] = { 7, 9 };
    Str both[] = { Z("org"), Z("note") };
    FactIn in = { .kind = Z("note"), .org = 7, .body = Z("{\"text\":\"党建 e000 7\"}"), .who = 5 };
    assert_true(file(r, in, &id, &e));
    in.org = 8;
    assert_true(file(r, in, NULL, &e));
    must_file(r, "org", 0, Z("{\"name\":\"党建办\"}"));
    FactAsk all = { .text = Z("党建") };
    assert_int_equal(hits(r, all, 0), 3);
    assert_int_equal(hits(r, all, 2), 2); /* enough */
    assert_int_equal(hits(r, (FactAsk){ Z("党建"), both, 1, NULL, 0 }, 0), 1);
    assert_int_equal(hits(r, (FactAsk){ Z("党建"), both, 2, NULL, 0 }, 0), 3);
    assert_int_equal(hits(r, (FactAsk){ Z("党建"), both, 2, orgs, 2 }, 0), 1);
    assert_int_equal(hits(r, (FactAsk){ Z("党建"), NULL, 0, orgs + 1, 1 }, 0), 0);
    /* a fact that moves is found where it is now */
    in = (FactIn){ .kind = Z("note"), .org = 9, .subject = id, .body = in.body, .who = 5 };
    assert_true(file(r, in, NULL, &e));
    assert_int_equal(hits(r, (FactAsk){ Z("党建"), NULL, 0, orgs, 1 }, 0), 0);
    assert_int_equal(hits(r, (FactAsk){ Z("党建"), NULL, 0, orgs + 1, 1 }, 0), 1);
    /* at the limit and one past it */
    Hits h = { .ask = { Z("党建"), NULL, 0, orgs, FACT_ORGS_MAX } };
    assert_true(store_read(r->store, search_job, &h, &e));
    h.ask.n_orgs++;
    assert_false(store_read(r->store, search_job, &h, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
}

/* --- the tree -------------------------------------------------------------- */
static int64_t org(Room *r, int64_t subject, const char *name, int64_t parent)
{
    return must_file(r, "org", subject,
                     arena_text(r->a, "{\"name\":\"%s\",\"parent\":%lld}", name,
                                (long long)parent));
}

static void tree_is_numbered_in_preorder(void **state)
{
    Room *r = *state;
    Err e;
    int64_t top = org(r, 0, "top", 0), a = org(r, 0, "a", top), b = org(r, 0, "b", top);
    int64_t a1 = org(r, 0, "a1", a), b1 = org(r, 0, "b1", b), lost = org(r, 0, "lost", 12345);
    const int64_t want[] = { top, a, a1, b, b1, lost };
    const int depth[] = { 0, 1, 2, 1, 2, 0 };
    Ask q = { .a = r->a, .top = 0, .levels = -1 };
    assert_true(store_read(r->store, tree_job, &q, &e));
    assert_int_equal(q.nodes.n, 6);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(q.nodes.items[i].org, want[i]);
        assert_int_equal(q.nodes.items[i].depth, depth[i]);
        assert_int_equal(q.nodes.items[i].rank, i + 1);
    }
    assert_int_equal(q.nodes.items[0].last, 5);
    q.top = top, q.levels = 1;
    assert_true(store_read(r->store, tree_job, &q, &e));
    assert_int_equal(q.nodes.n, 3);
    q.subject = b1, q.top = b;
    assert_true(store_read(r->store, below_job, &q, &e));
    assert_true(q.yes);
    q.top = a;
    assert_true(store_read(r->store, below_job, &q, &e));
    assert_false(q.yes);
    q.subject = a;
    assert_true(store_read(r->store, below_job, &q, &e));
    assert_true(q.yes);
    q.subject = 999;
    assert_true(store_read(r->store, below_job, &q, &e));
    assert_false(q.yes);
    org(r, b1, "b1", a); /* it moves */
    q.subject = b1;
    assert_true(store_read(r->store, below_job, &q, &e));
    assert_true(q.yes);
    FactFilter f = { .kind = Z("org"), .org = a, .below = true };
    assert_int_equal(listed(r, f), 3);
    f.below = false;
    assert_int_equal(listed(r, f), 1);
    f.org = 999, f.below = true;
    assert_int_equal(listed(r, f), 0);
    f = (FactFilter){ .kind = Z("org"), .field = Z("name"), .value = Z("b1"), .org = a,
                      .below = true };
    assert_int_equal(listed(r, f), 1);
    f.below = false;
    assert_int_equal(listed(r, f), 0);
}

/* --- keys ------------------------------------------------------------------ */
typedef struct KeyAsk {
    Arena *a;
    FactFilter filter;
    Period on;
    FactKeys keys;
} KeyAsk;

static bool keys_job(Tx *tx, void *arg, Err *e)
{
    KeyAsk *q = arg;
    return fact_keys(&q->keys, q->a, tx, &q->filter, q->on, e);
}

static size_t keyed(Room *r, FactFilter f, Day from, Day to, FactKey *one)
{
    KeyAsk q = { .a = r->a, .filter = f, .on = { from, to } };
    Err e = { 0 };
    if (!store_read(r->store, keys_job, &q, &e))
        fail_msg("%s %s", err_name(e.code), e.trail);
    if (one && q.keys.n)
        *one = q.keys.items[0];
    return q.keys.n;
}

static void keys_say_what_there_is(void **state)
{
    Room *r = *state;
    int64_t top = org(r, 0, "top", 0), a = org(r, 0, "a", top), b = org(r, 0, "b", top), first = 0;
    Day day = day_make(2025, 12, 1);
    Err e;
    FactIn in = { .kind = Z("note"), .org = a, .occurred_on = day, .body = Z("{\"tag\":\"x\"}") };
    assert_true(file(r, in, &first, &e));
    in.org = b, in.occurred_on = day + 1, in.body = Z("{\"tag\":\"y\"}");
    assert_true(file(r, in, NULL, &e));
    must_file(r, "note", 0, Z("{\"tag\":\"x\"}")); /* of no organisation: in nobody's list */
    FactFilter f = { .kind = Z("note") };
    assert_int_equal(keyed(r, f, INT32_MIN, INT32_MAX, NULL), 2);
    assert_int_equal(keyed(r, f, day, day, NULL), 1);
    f.org = top, f.below = true;
    assert_int_equal(keyed(r, f, day, day + 1, NULL), 2);
    f.below = false;
    assert_int_equal(keyed(r, f, day, day + 1, NULL), 0);
    f.org = 999;
    assert_int_equal(keyed(r, f, day, day + 1, NULL), 0);
    f = (FactFilter){ .kind = Z("note"), .field = Z("tag"), .value = Z("x"), .org = a };
    FactKey k;
    assert_int_equal(keyed(r, f, day, day + 1, &k), 1);
    assert_int_equal(k.subject, first);
    assert_int_equal(k.fact, first);
    assert_int_equal(k.org, a);
    assert_int_equal(k.rank, 2);
    assert_int_equal(k.on, day);
    Moment received = k.received;
    in = (FactIn){ .kind = Z("note"), .org = a, .subject = first, .occurred_on = day,
                   .body = Z("{\"tag\":\"x\",\"text\":\"more\"}") };
    int64_t second = 0;
    assert_true(file(r, in, &second, &e));
    assert_int_equal(keyed(r, f, day, day, &k), 1);
    assert_int_equal(k.fact, second);
    assert_int_equal(k.first, first);
    assert_int_equal(k.received, received);
    in.body = Z("null");
    assert_true(file(r, in, NULL, &e));
    assert_int_equal(keyed(r, f, INT32_MIN, INT32_MAX, NULL), 0);
}

static void circles_do_not_loop(void **state)
{
    Room *r = *state;
    Err e;
    int64_t a = org(r, 0, "a", 0), b = org(r, 0, "b", a), c = org(r, 0, "c", b);
    org(r, a, "a", c);
    Ask q = { .a = r->a, .levels = -1 };
    assert_true(store_read(r->store, tree_job, &q, &e));
    assert_int_equal(q.nodes.n, 3);
    org(r, b, "b", b);
    assert_true(store_read(r->store, tree_job, &q, &e));
    assert_int_equal(q.nodes.n, 3);
    must_file(r, "org", c, Z("null"));
    assert_true(store_read(r->store, tree_job, &q, &e));
    assert_int_equal(q.nodes.n, 2);
}

static bool deep_job(Tx *tx, void *arg, Err *e)
{
    int64_t parent = 0;
    FactNode n;
    (void)arg;
    for (int i = 0; i < 3000; i++) { /* a chain: climbing it must not need the stack */
        FactIn in = { .kind = Z("org"), .body = arena_text(tx_arena(tx), "{\"parent\":%lld}",
                                                           (long long)parent) };
        if (!fact_append(tx, &in, &parent, e))
            return false;
    }
    return fact_node(&n, tx, parent, e) && (n.depth == 2999);
}

static void a_deep_chain(void **state)
{
    Room *r = *state;
    Err e;
    assert_true(store_write(r->store, deep_job, NULL, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lists_by_indexed_field), TEST(long_values_are_cut_alike),
        TEST(search_follows_the_current_fact), TEST(search_is_narrowed_by_kind_and_org),
        TEST(tree_is_numbered_in_preorder), TEST(keys_say_what_there_is), TEST(circles_do_not_loop),
        TEST(a_deep_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
