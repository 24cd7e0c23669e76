/* Attacks on a running electronic vote: whoever reads the whole disk looks for the order in which
 * voters came; the server is killed while it takes ballots, closes and opens. */
#include "work/evote_kit_test.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STAFF = 10, BOX_TWO = 1, SUMS_MAX = 64 << 10 };

/* --- the order of arrival --------------------------------------------------------------------- */

/* SHA-256 of every file below a path whose name does not end so, one a line. */
static char *sums(const char *path, const char *but)
{
    char command[400];
    char *out = calloc(1, SUMS_MAX);
    snprintf(command, sizeof command,
             "cd '%s' && find . -type f | grep -vE '(%s)$' | LC_ALL=C sort | xargs sha256sum", path,
             but);
    FILE *p = popen(command, "r");
    assert_non_null(p);
    assert_non_null(out);
    assert_true(fread(out, 1, SUMS_MAX - 1, p) > 64);
    assert_int_equal(pclose(p), 0);
    return out;
}

/* SQLite draws numbers of its own for its two companions; they are gone when it is closed. */
#define COMPANIONS "-wal|-shm"

typedef struct Seen {
    char *half, *all, *closed;   /* files after the first half, after everybody, after the close */
} Seen;

/* The same ten voters with the same ballots; who comes first differs. One changes his mind. */
static Seen vote_in_order(const int *order)
{
    void *state = NULL;
    assert_int_equal(hall_open(&state), 0);
    HallRoom *r = state;
    Vault t;
    Seen s;
    set_up(&t, r);
    ceremony(&t);
    make_slips(&t);
    hall_done(r, &r->head, &work_evote_open, "{'evote':%lld}", (long long)t.evote);
    json_t *got = elections_of(&t, 2), *ready[STAFF];
    const json_t *els = jv_get(got, "elections");
    for (int v = 0; v < STAFF; v++) {
        ready[v] = json_array();
        for (size_t i = 0; i <= BOX_TWO; i++)
            json_array_append_new(ready[v], ballot(&t, 2, v, jv_at(els, i), 0, true, NULL));
    }
    json_t *other = json_array();
    json_array_append_new(other, ballot(&t, 2, 1, jv_at(els, 0), 1, true, NULL));
    json_decref(hall_do(r, &nobody, &work_booth_show, "{'evote':%lld}", (long long)t.evote));
    char *before = sums(r->dir, "/urn"), *after;
    for (int i = 0; i < STAFF; i++) {
        json_decref(cast_all(&t, ready[order[i]]));
        if (order[i] == 1)
            json_decref(cast_all(&t, other));
        if (i == STAFF / 2 - 1)
            s.half = sums(r->dir, COMPANIONS);
    }
    s.all = sums(r->dir, COMPANIONS);
    after = sums(r->dir, "/urn");
    assert_string_equal(before, after); /* voting touches the urn, no other file */
    free(before);
    free(after);
    watch(&t, &r->scrutineer, t.n_slips[2] - STAFF);
    watch(&t, &t.scrutineer2, t.n_slips[2] - STAFF);
    hall_done(r, &r->head, &work_evote_close, "{'evote':%lld}", (long long)t.evote);
    json_decref(got);
    work_close(r->w);
    s.closed = sums(r->dir, "none");
    WorkConfig c = { .dir = r->dir, .sys = r->sys, .fonts = ".tools/fonts" };
    assert_true(work_open(&r->w, &c, &r->e));
    assert_int_equal(hall_close(&state), 0);
    return s;
}

static void seen_close(Seen *s)
{
    free(s->half);
    free(s->all);
    free(s->closed);
}

/* Names the first file that differs. */
static void same_files(const char *a, const char *b)
{
    size_t i = 0, from = 0;
    while (a[i] && a[i] == b[i])
        from = a[i++] == '\n' ? i : from;
    if (a[i] || b[i])
        fail_msg("differs: %.*s", (int)strcspn(a + from, "\n"), a + from);
}

/* The first five are the same five, so that copies taken on the way compare as well. */
static void the_disk_does_not_know_who_came_first(void **state)
{
    static const int one[STAFF] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
    static const int two[STAFF] = { 4, 2, 1, 0, 3, 9, 7, 5, 8, 6 };
    static const int three[STAFF] = { 4, 2, 1, 0, 9, 3, 7, 5, 8, 6 };
    (void)state;
    Seen a = vote_in_order(one), b = vote_in_order(two), c = vote_in_order(three);
    same_files(a.half, b.half);
    same_files(a.all, b.all);
    same_files(a.closed, b.closed); /* every file: archives, log, accounts, audit */
    assert_string_not_equal(a.half, c.half); /* the test sees a difference where there is one */
    same_files(a.all, c.all);
    seen_close(&a);
    seen_close(&b);
    seen_close(&c);
}

/* --- killed at any moment -------------------------------------------------------------------- */

typedef struct Ready {            /* what a child sends, made before it is born */
    json_t *ins[200];
    const UseCase *cases[200];
    Who who[200];
    size_t n;
} Ready;

static void add(Ready *q, const Who *who, const UseCase *u, json_t *in)
{
    assert_true(q->n < sizeof q->ins / sizeof *q->ins);
    q->who[q->n] = *who;
    q->cases[q->n] = u;
    q->ins[q->n++] = in;
}

static void work_again(HallRoom *r)
{
    WorkConfig c = { .dir = r->dir, .sys = r->sys, .fonts = ".tools/fonts" };
    assert_true(work_open(&r->w, &c, &r->e));
}

/* The server of its own: does one after the other, and says a byte after each. Refusals are fine:
 * what was done before the last kill is refused now. */
static void serve(HallRoom *r, const Ready *q, int said)
{
    WorkConfig c = { .dir = r->dir, .sys = r->sys, .fonts = ".tools/fonts" };
    Err e = { 0 };
    Work *w;
    if (!work_open(&w, &c, &e))
        _exit(1);
    for (size_t i = 0; i < q->n; i++) {
        WorkReply reply = { .json = buf_open(WORK_REPLY_MAX) };
        WorkInput given = { .json = q->ins[i] };
        bool ok = work_do(&reply, w, &q->who[i], q->cases[i], &given, r->a, &e);
        buf_close(&reply.json);
        if (write(said, ok ? "y" : "n", 1) != 1)
            _exit(1);
    }
    _exit(0);
}

/* Until one of them reaches the end; each may run a little longer, and more than a few must have
 * been killed. After each, `look` is told how many calls it had answered. */
static void kill_until_done(HallRoom *r, const Ready *q, void (*look)(void *arg, size_t said),
                            void *arg)
{
    int killed = 0, status = -1;
    for (useconds_t wait = 3000; status != 0; wait += wait / 4 + 2000) {
        int pipes[2];
        char said[200];
        size_t n = 0;
        work_close(r->w);
        assert_int_equal(pipe(pipes), 0);
        pid_t child = fork();
        if (child == 0)
            serve(r, q, pipes[1]);
        close(pipes[1]);
        usleep(wait);
        kill(child, SIGKILL);
        for (ssize_t k; (k = read(pipes[0], said + n, sizeof said - n)) > 0; n += (size_t)k)
            ;
        close(pipes[0]);
        assert_int_equal(waitpid(child, &status, 0), child);
        killed += WIFSIGNALED(status);
        sys_pass(r->sys, 60000);
        work_again(r);
        if (look)
            look(arg, n);
    }
    assert_true(killed >= 3);
}

typedef struct Acked {
    Vault *t;
    json_t *ballots[STAFF];
    size_t most;
} Acked;

/* Whatever was acknowledged is there: the same ballot sent again is no news. */
static void all_there(void *arg, size_t said)
{
    Acked *k = arg;
    k->most = said > k->most ? said : k->most;
    for (size_t i = 0; i < k->most && i < STAFF; i++) {
        json_t *got = cast_all(k->t, json_deep_copy(k->ballots[i]));
        all_are(got, "same");
        json_decref(got);
    }
}

static const char *state_of(Vault *t)
{
    json_t *b = hall_do(t->r, &nobody, &work_booth_show, "{'evote':%lld}", (long long)t->evote);
    const char *z = arena_z(t->r->a, jv_str(b, "state"));
    json_decref(b);
    return z;
}

static void killed_while_voting(Vault *t, Acked *k)
{
    Ready q = { .n = 0 };
    json_t *got = elections_of(t, 2);
    const json_t *els = jv_get(got, "elections");
    for (int v = 0; v < STAFF; v++) {
        k->ballots[v] = json_array();
        for (size_t i = 0; i <= BOX_TWO; i++)
            json_array_append_new(k->ballots[v], ballot(t, 2, v, jv_at(els, i), 0, true, NULL));
        add(&q, &nobody, &work_booth_cast,
            json_pack("{s:I,s:O}", "evote", (json_int_t)t->evote, "ballots", k->ballots[v]));
    }
    kill_until_done(t->r, &q, all_there, k);
    assert_int_equal(k->most, STAFF);
    for (size_t i = 0; i < q.n; i++)
        json_decref(q.ins[i]);
    json_decref(got);
}

static void killed_while_closing(Vault *t)
{
    HallRoom *r = t->r;
    Ready q = { .n = 0 };
    watch(t, &r->scrutineer, t->n_slips[2] - STAFF);
    watch(t, &t->scrutineer2, t->n_slips[2] - STAFF);
    add(&q, &r->head, &work_evote_close, json_pack("{s:I}", "evote", (json_int_t)t->evote));
    kill_until_done(r, &q, NULL, NULL);
    assert_string_equal(state_of(t), "closed");
    json_decref(q.ins[0]);
}

static void killed_while_opening(Vault *t)
{
    HallRoom *r = t->r;
    Ready q = { .n = 0 };
    json_t *d = desk(t, t->pass[0]);
    const json_t *rows = jv_get(d, "archives");
    assert_int_equal(jv_len(rows), 2);
    for (int i = 0; i < NEEDED; i++)
        for (size_t k = 0; k < jv_len(rows); k++) {
            Str uuid = jv_str(jv_at(rows, k), "uuid");
            Arena *a = arena_open(256 << 20);
            Bel bel;
            Hash tally;
            BelCheck check = { .hints = STRC("") };
            BelGive give = { .check = &check, .secret = &t->secrets[i], .owner = i + 2 };
            Buf share = buf_open(ROOM);
            assert_true(bel_give(&share, &tally, &bel, a, archive(t, uuid, "bel"), &give, &t->coin,
                                 &r->e));
            assert_int_equal(bel.n_counted, STAFF); /* none lost, none twice */
            add(&q, &nobody, &work_booth_share, share_in(t, i, uuid, buf_str(&share)));
            buf_close(&share);
            arena_close(a);
        }
    kill_until_done(r, &q, NULL, NULL);
    assert_string_equal(state_of(t), "counted");
    for (size_t i = 0; i < q.n; i++)
        json_decref(q.ins[i]);
    json_decref(d);
}

static int64_t counted_of(Vault *t, Str uuid)
{
    Bel bel;
    BelCheck check = { .hints = STRC("") };
    Arena *a = arena_open(256 << 20);
    int64_t sum = 0;
    assert_true(bel_verify(&bel, a, archive(t, uuid, "bel"), &check, &t->r->e));
    assert_int_equal(bel.stage, BEL_DONE);
    for (size_t i = 0; i < election_cells(&bel.election) / bel.election.n_questions; i++)
        sum += bel.counts[i];
    arena_close(a);
    return sum;
}

static void killed_at_any_moment(void **state)
{
    HallRoom *r = *state;
    Vault t;
    Acked k = { .t = &t };
    set_up(&t, r);
    ceremony(&t);
    make_slips(&t);
    Ready q = { .n = 0 };
    add(&q, &r->head, &work_evote_open, json_pack("{s:I}", "evote", (json_int_t)t.evote));
    kill_until_done(r, &q, NULL, NULL);
    json_decref(q.ins[0]);
    assert_string_equal(state_of(&t), "open");
    killed_while_voting(&t, &k);
    killed_while_closing(&t);
    json_t *d = desk(&t, t.pass[0]);
    Str first = text_of(&t, jv_at(jv_get(d, "archives"), 0), "uuid");
    json_decref(d);
    killed_while_opening(&t);
    assert_int_equal(counted_of(&t, first), STAFF);
    for (int v = 0; v < STAFF; v++)
        json_decref(k.ballots[v]);
}

/* The urn's file is gone while people vote: nothing is counted, and the vote may be begun anew. */
static void a_lost_urn_ends_the_vote(void **state)
{
    HallRoom *r = *state;
    Vault t;
    set_up(&t, r);
    ceremony(&t);
    make_slips(&t);
    hall_done(r, &r->head, &work_evote_open, "{'evote':%lld}", (long long)t.evote);
    hall_refused(r, ERR_RULE_STATE, &r->head, &work_evote_cancel,
                 "{'evote':%lld,'reason':'想重来'}", (long long)t.evote);
    work_close(r->w);
    const char *urn = arena_z(r->a, arena_text(r->a, "%s/evotes/%lld/urn", r->dir,
                                               (long long)t.evote));
    assert_true(sys_file_remove(r->sys, urn, &r->e));
    work_again(r);
    hall_done(r, &r->head, &work_evote_cancel, "{'evote':%lld,'reason':'硬盘坏了'}",
              (long long)t.evote);
    hall_made(hall_do(r, &r->head, &work_evote_make, "{'cycle':%lld,'trustees':[%lld,%lld,%lld],"
                      "'threshold':2,'maker':%lld}", (long long)r->cycle,
                      (long long)t.trustee[0].account, (long long)t.trustee[1].account,
                      (long long)t.trustee[2].account, (long long)t.maker.account), "id");
}

int main(int argc, char **argv)
{
    print_child(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_disk_does_not_know_who_came_first),
        cmocka_unit_test_setup_teardown(killed_at_any_moment, hall_open, hall_close),
        cmocka_unit_test_setup_teardown(a_lost_urn_ends_the_vote, hall_open, hall_close),
    };
    return cmocka_run_group_tests_name("evote_attack", tests, NULL, NULL);
}
