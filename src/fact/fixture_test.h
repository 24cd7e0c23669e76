/* fixture: a log on a simulated system and questions to it, which the tests of fact share; a test
 * includes cmocka first. */
#ifndef FACT_FIXTURE_TEST_H
#define FACT_FIXTURE_TEST_H

#include "fact/fact.h"

typedef struct Room {
    Sys *sys;
    Store *store;
    Facts *facts;
    Arena *a;
    char dir[200], path[256];
} Room;

static const Moment START = 1767225600000; /* 2026-01-01T00:00:00Z */

/* Every character a token: enough to find and to lose. */
static inline void letters(void *arg, Buf *out, Str text, bool asked)
{
    uint32_t cp;
    (void)arg, (void)asked;
    for (size_t i = 0, n; (n = str_next(text, i, &cp)) > 0; i += n) {
        if (cp <= 0x20)
            continue;
        buf_put(out, str_sub(text, i, n));
        buf_putc(out, ' ');
    }
}

static const FactKind kinds[] = {
    { .name = S("org"), .index = { S("name"), S("parent") }, .n_index = 2,
      .search = { S("name") }, .n_search = 1 },
    { .name = S("note"), .index = { S("tag"), S("count"), S("done") }, .n_index = 3,
      .search = { S("text"), S("tag") }, .n_search = 2 },
};

static inline Facts *open_with(Room *r, size_t n_kinds, Err *e)
{
    FactSetup setup = { .kinds = kinds, .n_kinds = n_kinds, .tokens = letters };
    return fact_open(r->store, &setup, e);
}

static inline int room_open(void **state)
{
    Room *r = calloc(1, sizeof *r);
    const char *tmp = getenv("TMPDIR");
    Err e = { 0 };
    snprintf(r->dir, sizeof r->dir, "%s/fact.XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(r->dir))
        return -1;
    snprintf(r->path, sizeof r->path, "%s/db", r->dir);
    r->sys = sys_open_sim(1, START);
    r->a = arena_open(256 << 20);
    r->store = store_open(r->sys, r->path, &e);
    r->facts = r->store ? open_with(r, 2, &e) : NULL;
    if (!r->facts)
        print_error("%s: %s\n", err_name(e.code), e.trail);
    *state = r;
    return r->facts ? 0 : -1;
}

static inline int room_close(void **state)
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

/* --- one step, one job ----------------------------------------------------- */
typedef struct Step { FactIn in; int64_t id; } Step;

static inline bool append_job(Tx *tx, void *arg, Err *e)
{
    Step *s = arg;
    return fact_append(tx, &s->in, &s->id, e);
}

static inline bool file(Room *r, FactIn in, int64_t *id, Err *e)
{
    Step s = { .in = in };
    bool ok = store_write(r->store, append_job, &s, e);
    if (ok && id)
        *id = s.id;
    return ok;
}

static inline int64_t must_file(Room *r, const char *kind, int64_t subject, Str body)
{
    int64_t id = 0;
    Err e;
    FactIn in = { .kind = str_of(kind), .subject = subject, .body = body, .who = 5 };
    if (!file(r, in, &id, &e))
        fail_msg("%s %s", err_name(e.code), e.trail);
    return id;
}

#define Z(z) str_of(z)

typedef struct Ask {
    Arena *a;
    FactFilter filter;
    Str kind, text;
    int64_t subject, top;
    int levels;
    Fact fact;
    FactList list;
    FactHead head;
    FactNodes nodes;
    int64_t count;
    bool yes;
} Ask;

#define JOB(name, call)                                                                            \
    static inline bool name##_job(Tx *tx, void *arg, Err *e)                                       \
    {                                                                                              \
        Ask *q = arg;                                                                              \
        return call;                                                                               \
    }
JOB(get, fact_get(&q->fact, q->a, tx, q->subject, e))
JOB(current, fact_current(&q->fact, q->a, tx, q->kind, q->subject, e))
JOB(exists, fact_exists(&q->yes, tx, q->kind, q->subject, e))
JOB(history, fact_history(&q->list, q->a, tx, q->kind, q->subject, e))
JOB(list, fact_list(&q->list, q->a, tx, &q->filter, e) && fact_count(&q->count, tx, &q->filter, e))
JOB(first, fact_first(&q->fact, q->a, tx, &q->filter, e))
JOB(find, fact_find(&q->list, q->a, tx, q->kind, q->text, 50, e))
JOB(head, fact_log_head(&q->head, tx, e))
JOB(tree, fact_tree(&q->nodes, q->a, tx, q->top, q->levels, e))
JOB(below, fact_below(&q->yes, tx, q->subject, q->top, e))
JOB(audit, q && fact_audit(tx, e))
JOB(rebuild, q && fact_rebuild(tx, e))

static inline bool gather_line(void *arg, Str line, Err *e)
{
    Buf *b = arg;
    (void)e;
    buf_put(b, line);
    buf_putc(b, '\n');
    return !b->failed;
}

static inline bool dump_job(Tx *tx, void *arg, Err *e)
{
    return fact_dump(tx, (FactSink){ gather_line, arg }, e);
}

static inline bool export_job(Tx *tx, void *arg, Err *e)
{
    return fact_export(tx, (FactSink){ gather_line, arg }, e);
}

static inline FactHead head(Room *r)
{
    Ask q = { .a = r->a };
    Err e;
    assert_true(store_read(r->store, head_job, &q, &e));
    return q.head;
}

static inline Fact current(Room *r, const char *kind, int64_t subject)
{
    Ask q = { .a = r->a, .kind = Z(kind), .subject = subject };
    Err e;
    assert_true(store_read(r->store, current_job, &q, &e));
    return q.fact;
}

static inline size_t listed(Room *r, FactFilter f)
{
    Ask q = { .a = r->a, .filter = f };
    Err e;
    assert_true(store_read(r->store, list_job, &q, &e));
    assert_int_equal(q.count, q.list.n);
    for (size_t i = 1; i < q.list.n; i++)
        assert_true(q.list.items[i - 1].subject < q.list.items[i].subject);
    return q.list.n;
}

static inline size_t found(Room *r, const char *kind, const char *text)
{
    Ask q = { .a = r->a, .kind = Z(kind), .text = Z(text) };
    Err e;
    assert_true(store_read(r->store, find_job, &q, &e));
    return q.list.n;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, room_open, room_close)

#endif
