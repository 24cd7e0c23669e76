/* The open box: what is acknowledged stays, what is guessed stays out, no order is kept. */
#include "ballot/kit_test.h"
#include "urn/urn.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { VOTERS = 24, ROOMS = 2 };

typedef struct Hall {
    Kit *k[ROOMS];
    UrnElection elections[ROOMS];
    UrnSetup setup;
    char dir[100], path[120];
    Sys *sys;
    Urn *u;
    Err e;
} Hall;

static void hall_open(Hall *h, int wait_ms)
{
    *h = (Hall){ .sys = sys_open_real() };
    strcpy(h->dir, "/tmp/urnXXXXXX");
    assert_non_null(mkdtemp(h->dir));
    snprintf(h->path, sizeof h->path, "%s/urn", h->dir);
    for (int i = 0; i < ROOMS; i++) {
        h->k[i] = kit_open((unsigned char)(7 + i), VOTERS, 1 + i, 1, 1, i == 1, 0);
        if (i > 0) { /* one set of keys for all */
            h->k[i]->trustees = h->k[0]->trustees;
            memcpy(h->k[i]->secrets, h->k[0]->secrets, sizeof h->k[0]->secrets);
            kit_election(h->k[i]);
        }
        h->elections[i] = (UrnElection){ h->k[i]->election, h->k[i]->creds };
        kit_vote(h->k[i], VOTERS);
    }
    h->setup = (UrnSetup){ .path = h->path, .elections = h->elections, .n = ROOMS,
                           .wait_ms = wait_ms };
}

static void start(Hall *h)
{
    KIT_OK(h->e, urn_make(h->sys, &h->setup, &h->e));
    KIT_OK(h->e, urn_open(&h->u, h->sys, &h->setup, &h->e));
}

static void again(Hall *h)
{
    urn_close(h->u);
    KIT_OK(h->e, urn_open(&h->u, h->sys, &h->setup, &h->e));
}

static void hall_close(Hall *h)
{
    char cmd[200];
    urn_close(h->u);
    for (int i = 0; i < ROOMS; i++)
        kit_close(h->k[i]);
    sys_close(h->sys);
    snprintf(cmd, sizeof cmd, "rm -r %s", h->dir);
    assert_int_equal(system(cmd), 0);
}

static UrnItem item(const Hall *h, int room, int voter)
{
    Kit *k = h->k[room];
    return (UrnItem){ .uuid = k->el.uuid, .ballot = k->ballots[voter], .hints = k->hints[voter] };
}

static UrnState cast(Hall *h, UrnItem it, const Hash *door)
{
    h->e = (Err){ 0 };
    KIT_OK(h->e, urn_cast(h->u, &it, 1, door, &h->e));
    h->e = it.why;
    return it.state;
}

static int64_t ballots(Hall *h, int room)
{
    UrnCount n[ROOMS];
    urn_counts(h->u, n);
    return n[room].ballots;
}

static Str bytes_of(Hall *h, Arena *a)
{
    Str s;
    KIT_OK(h->e, sys_file_read(&s, a, h->sys, h->path, SYS_FILE_MAX, &h->e));
    return s;
}

static void casting(void **state)
{
    Hall h;
    (void)state;
    hall_open(&h, 0);
    start(&h);
    assert_int_equal(cast(&h, item(&h, 0, 3), NULL), URN_NEW);
    assert_int_equal(cast(&h, item(&h, 0, 3), NULL), URN_SAME);
    UrnItem bare = item(&h, 1, 3);
    bare.hints = (Str){ "", 0 };
    assert_int_equal(cast(&h, bare, NULL), URN_NEW);
    int other[] = { 2 };
    UrnItem second = item(&h, 0, 3), first = second;
    second.ballot = kit_ballot(h.k[0], 3, other, &second.hints);
    assert_int_equal(cast(&h, second, NULL), URN_REPLACED);
    again(&h);
    assert_int_equal(cast(&h, second, NULL), URN_SAME);
    assert_int_equal(ballots(&h, 0), 1);
    assert_int_equal(ballots(&h, 1), 1);
    UrnBox box;
    Arena *a = arena_open(64 << 20);
    urn_shut(h.u);
    assert_int_equal(cast(&h, item(&h, 0, 4), NULL), URN_REFUSED);
    assert_int_equal(h.e.code, ERR_URN_SHUT);
    assert_int_equal(cast(&h, second, NULL), URN_SAME); /* his receipt still holds */
    KIT_OK(h.e, urn_take(&box, a, h.u, 0, &h.e));
    assert_int_equal(box.n, 1);
    assert_true(str_eq(box.ballots[0], second.ballot));
    assert_non_null(box.hints);
    assert_int_equal(box.n_replaced, 1);
    char tracker[VOTE_TRACKER];
    vote_tracker(tracker, first.ballot);
    assert_true(hash_eq(box.replaced[0], urn_print(tracker)));
    KIT_OK(h.e, urn_take(&box, a, h.u, 1, &h.e));
    assert_null(box.hints); /* one came without */
    Str file = bytes_of(&h, a); /* the first ballot is overwritten */
    assert_null(memmem(file.p, file.n, first.ballot.p, first.ballot.n));
    assert_non_null(memmem(file.p, file.n, second.ballot.p, second.ballot.n));
    arena_close(a);
    hall_close(&h);
}

static void refused(Hall *h, UrnItem it, ErrCode code)
{
    assert_int_equal(cast(h, it, NULL), URN_REFUSED);
    if (h->e.code != code)
        fail_msg("%s %.*s", err_name(h->e.code), STR(err_get(&h->e, "where")));
}

static void bad_ballots(void **state)
{
    Hall h;
    (void)state;
    hall_open(&h, 0);
    start(&h);
    Arena *a = arena_open(64 << 20);
    UrnItem it = item(&h, 0, 1);
    it.uuid = STRC("nosuchelection");
    refused(&h, it, ERR_NOT_FOUND);
    it.uuid = h.k[1]->el.uuid;      /* a credential used on the wrong box */
    refused(&h, it, ERR_BEL_CREDENTIAL);
    it = item(&h, 0, 1);
    it.ballot = arena_text(a, "%.*s ", STR(it.ballot));
    refused(&h, it, ERR_BEL_FORM);
    it = item(&h, 0, 1);
    char *copy = arena_alloc(a, it.ballot.n);
    memcpy(copy, it.ballot.p, it.ballot.n);
    size_t digit = it.ballot.n;
    while (copy[--digit] < '0' || copy[digit] > '9')
        ;
    copy[digit] = copy[digit] == '1' ? '2' : '1';
    it.ballot.p = copy;
    refused(&h, it, ERR_BEL_PROOF);
    it.hints.n = 0;
    refused(&h, it, ERR_BEL_PROOF);
    it = item(&h, 0, 1);
    it.ballot = str_sub(it.ballot, 0, 40);
    refused(&h, it, ERR_BEL_CREDENTIAL);
    /* a bad one among good ones does not keep them out */
    UrnItem many[3] = { item(&h, 0, 2), item(&h, 0, 1), item(&h, 0, 5) };
    many[1].ballot = (Str){ copy, many[1].ballot.n };
    KIT_OK(h.e, urn_cast(h.u, many, 3, NULL, &h.e));
    assert_int_equal(many[0].state, URN_NEW);
    assert_int_equal(many[1].state, URN_REFUSED);
    assert_int_equal(many[2].state, URN_NEW);
    /* wrong hints cost time, nothing else */
    it = item(&h, 0, 6);
    it.hints = item(&h, 0, 7).hints;
    assert_int_equal(cast(&h, it, NULL), URN_NEW);
    assert_int_equal(ballots(&h, 0), 3);
    arena_close(a);
    hall_close(&h);
}

/* Ten thousand guesses: nothing is written, and what is there stays. */
static void guesses(void **state)
{
    Hall h;
    (void)state;
    hall_open(&h, 0);
    start(&h);
    Arena *a = arena_open(256 << 20);
    assert_int_equal(cast(&h, item(&h, 0, 0), NULL), URN_NEW);
    Hash before = hash_of(bytes_of(&h, a));
    Str text = item(&h, 0, 0).ballot, credential = vote_credential(&h.k[0]->el, text);
    char *copy = arena_alloc(a, text.n);
    memcpy(copy, text.p, text.n);
    for (int i = 0; i < 10000; i++) {
        char hex[POINT_HEX];
        point_hex(hex, point_base(coin_scalar(&h.k[0]->coin)));
        memcpy(copy + (credential.p - text.p), hex, sizeof hex);
        UrnItem it = { .uuid = h.k[0]->el.uuid, .ballot = { copy, text.n } };
        refused(&h, it, ERR_BEL_CREDENTIAL);
    }
    assert_true(hash_eq(before, hash_of(bytes_of(&h, a))));
    arena_close(a);
    hall_close(&h);
}

/* The same ballots in two orders: not one byte of the two files differs. */
static void no_order(void **state)
{
    Hall h;
    Hash seen[2];
    (void)state;
    hall_open(&h, 0);
    Arena *a = arena_open(256 << 20);
    int again_choice[] = { 3 };
    UrnItem redo = item(&h, 0, 9);
    redo.ballot = kit_ballot(h.k[0], 9, again_choice, &redo.hints);
    for (int run = 0; run < 2; run++) {
        start(&h);
        for (int i = 0; i < VOTERS; i++) {
            int voter = run ? VOTERS - 1 - i : (i * 7) % VOTERS;
            assert_int_equal(cast(&h, item(&h, 0, voter), NULL), URN_NEW);
            if (voter == 9)
                assert_int_equal(cast(&h, redo, NULL), URN_REPLACED);
            assert_int_equal(cast(&h, item(&h, 1, voter), NULL), URN_NEW);
        }
        seen[run] = hash_of(bytes_of(&h, a));
        urn_close(h.u);
        h.u = NULL;
        KIT_OK(h.e, urn_drop(h.sys, h.path, &h.e));
    }
    assert_true(hash_eq(seen[0], seen[1]));
    arena_close(a);
    hall_close(&h);
}

static void slips(void **state)
{
    Hall h;
    (void)state;
    hall_open(&h, 0);
    start(&h);
    UrnItem a = item(&h, 0, 1), b = item(&h, 1, 1);
    UrnCredential torn[2] = { { a.uuid, vote_credential(&h.k[0]->el, a.ballot) },
                              { b.uuid, vote_credential(&h.k[1]->el, b.ballot) } };
    KIT_OK(h.e, urn_void(h.u, torn, 2, &h.e));
    KIT_OK(h.e, urn_void(h.u, torn, 2, &h.e));
    refused(&h, a, ERR_URN_VOID);
    again(&h);
    refused(&h, b, ERR_URN_VOID);
    a = item(&h, 0, 2), b = item(&h, 1, 2);
    torn[0].hex = vote_credential(&h.k[0]->el, a.ballot);
    torn[1].hex = vote_credential(&h.k[1]->el, b.ballot);
    assert_int_equal(cast(&h, b, NULL), URN_NEW);
    assert_false(urn_void(h.u, torn, 2, &h.e)); /* one half of it has voted: nothing is void */
    assert_int_equal(h.e.code, ERR_URN_VOTED);
    assert_int_equal(cast(&h, a, NULL), URN_NEW);
    UrnCount n[ROOMS];
    urn_counts(h.u, n);
    assert_int_equal(n[0].voided, 1);
    /* a test ballot: opened or cast, never both */
    char tracker[VOTE_TRACKER];
    UrnItem t = item(&h, 0, 3);
    vote_tracker(tracker, t.ballot);
    KIT_OK(h.e, urn_opened(h.u, t.uuid, tracker, &h.e));
    refused(&h, t, ERR_URN_OPENED);
    again(&h);
    refused(&h, t, ERR_URN_OPENED);
    vote_tracker(tracker, a.ballot);
    assert_false(urn_opened(h.u, a.uuid, tracker, &h.e));
    assert_int_equal(h.e.code, ERR_URN_CAST);
    hall_close(&h);
}

static void doors(void **state)
{
    Hall h;
    (void)state;
    hall_open(&h, 0);
    Hash door[3] = { hash_of(STRC("one")), hash_of(STRC("two")), hash_of(STRC("three")) };
    h.setup.doors = door;
    h.setup.n_doors = 2;
    start(&h);
    refused(&h, item(&h, 0, 0), ERR_URN_DOOR);
    assert_int_equal(cast(&h, item(&h, 0, 0), &door[2]), URN_REFUSED);
    assert_int_equal(h.e.code, ERR_URN_DOOR);
    assert_int_equal(cast(&h, item(&h, 0, 0), &door[0]), URN_NEW);
    assert_int_equal(cast(&h, item(&h, 1, 0), &door[0]), URN_NEW);
    again(&h);
    assert_int_equal(cast(&h, item(&h, 0, 1), &door[0]), URN_REFUSED); /* a copied slip */
    assert_int_equal(h.e.code, ERR_URN_DOOR_USED);
    assert_int_equal(cast(&h, item(&h, 0, 1), &door[1]), URN_NEW);
    int other[] = { 1 };
    UrnItem redo = item(&h, 0, 1);
    redo.ballot = kit_ballot(h.k[0], 1, other, &redo.hints);
    assert_int_equal(cast(&h, redo, &door[0]), URN_REFUSED);
    assert_int_equal(cast(&h, redo, &door[1]), URN_REPLACED);
    hall_close(&h);
}

/* --- many at once, and a process that is killed --------------------------------------------- */

typedef struct Phone {
    Hall *h;
    int voter;
    UrnState state[3];
} Phone;

static void *phone(void *arg)
{
    Phone *p = arg;
    UrnItem both[2] = { item(p->h, 0, p->voter % VOTERS), item(p->h, 1, p->voter % VOTERS) };
    Err e = { 0 };
    if (!urn_cast(p->h->u, both, 2, NULL, &e))
        both[0].state = both[1].state = URN_REFUSED;
    p->state[0] = both[0].state;
    p->state[1] = both[1].state;
    return NULL;
}

static void two_thousand_phones(void **state)
{
    enum { PHONES = 2000 };
    Hall h;
    static Phone phones[PHONES];
    static pthread_t threads[PHONES];
    pthread_attr_t small;
    int fresh = 0;
    (void)state;
    hall_open(&h, 5);
    start(&h);
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 256 << 10);
    for (int i = 0; i < PHONES; i++) {
        phones[i] = (Phone){ .h = &h, .voter = i };
        assert_int_equal(pthread_create(&threads[i], &small, phone, &phones[i]), 0);
    }
    for (int i = 0; i < PHONES; i++) {
        pthread_join(threads[i], NULL);
        assert_true(phones[i].state[0] == URN_NEW || phones[i].state[0] == URN_SAME);
        assert_true(phones[i].state[1] == URN_NEW || phones[i].state[1] == URN_SAME);
        fresh += phones[i].state[0] == URN_NEW;
    }
    assert_int_equal(fresh, VOTERS);
    assert_int_equal(ballots(&h, 0), VOTERS);
    pthread_attr_destroy(&small);
    hall_close(&h);
}

/* The child votes and says so byte by byte, and is killed. Whatever it said is there. */
static void killed(void **state)
{
    Hall h;
    (void)state;
    hall_open(&h, 0);
    int choices[] = { 0 };
    UrnItem redo[VOTERS];
    for (int i = 0; i < VOTERS; i++) {
        redo[i] = item(&h, 0, i);
        choices[0] = i % 4;
        redo[i].ballot = kit_ballot(h.k[0], i, choices, &redo[i].hints);
    }
    KIT_OK(h.e, urn_make(h.sys, &h.setup, &h.e));
    for (int round = 0; round < 12; round++) {
        int pipes[2], said = 0;
        char byte;
        assert_int_equal(pipe(pipes), 0);
        pid_t child = fork();
        if (child == 0) {
            Urn *u;
            Err e = { 0 };
            if (!urn_open(&u, h.sys, &h.setup, &e))
                _exit(1);
            for (int i = 0; i < VOTERS; i++) {
                UrnItem it = round % 2 ? redo[i] : item(&h, 0, i);
                if (!urn_cast(u, &it, 1, NULL, &e) || it.state == URN_REFUSED ||
                    write(pipes[1], "x", 1) != 1)
                    _exit(1);
            }
            _exit(0);
        }
        close(pipes[1]);
        for (int stop = 1 + round * 2; said < stop && read(pipes[0], &byte, 1) == 1; said++)
            ;
        usleep((useconds_t)(round * 130));
        kill(child, SIGKILL);
        while (read(pipes[0], &byte, 1) == 1)
            said++;
        close(pipes[0]);
        assert_int_equal(waitpid(child, NULL, 0), child);
        KIT_OK(h.e, urn_open(&h.u, h.sys, &h.setup, &h.e));
        assert_in_range(ballots(&h, 0), said, VOTERS);
        UrnBox box;
        Arena *a = arena_open(64 << 20);
        KIT_OK(h.e, urn_take(&box, a, h.u, 0, &h.e));
        for (int i = 0; i < said; i++) {
            Str want = round % 2 ? redo[i].ballot : item(&h, 0, i).ballot;
            bool there = false;
            for (size_t b = 0; b < box.n; b++)
                there |= str_eq(box.ballots[b], want);
            assert_true(there);
        }
        arena_close(a);
        urn_close(h.u);
        h.u = NULL;
    }
    hall_close(&h);
}

static void torn(void **state)
{
    Hall h;
    SysFixed f;
    (void)state;
    hall_open(&h, 0);
    start(&h);
    assert_int_equal(cast(&h, item(&h, 0, 0), NULL), URN_NEW);
    urn_close(h.u);
    /* somebody tampers: a byte of the one ballot there is */
    Arena *a = arena_open(64 << 20);
    Str file = bytes_of(&h, a), text = item(&h, 0, 0).ballot;
    const char *at = memmem(file.p, file.n, text.p, text.n);
    assert_non_null(at);
    KIT_OK(h.e, sys_fixed_open(&f, h.sys, h.path, &h.e));
    KIT_OK(h.e, sys_fixed_write(&f, at - file.p + 5, STRC("#"), &h.e));
    assert_false(sys_fixed_write(&f, f.size - 1, STRC("##"), &h.e));
    sys_fixed_close(&f);
    KIT_OK(h.e, urn_open(&h.u, h.sys, &h.setup, &h.e));
    assert_int_equal(ballots(&h, 0), 0); /* not taken for a ballot */
    urn_close(h.u);
    /* a file of another vote */
    UrnElection swapped[ROOMS] = { h.elections[1], h.elections[0] };
    UrnSetup other = h.setup;
    other.elections = swapped;
    assert_false(urn_open(&h.u, h.sys, &other, &h.e));
    assert_int_equal(h.e.code, ERR_URN_FILE);
    assert_false(urn_make(h.sys, &h.setup, &h.e)); /* there already */
    h.u = NULL;
    arena_close(a);
    hall_close(&h);
}

/* From the first slip to the count. */
static void sealed(void **state)
{
    Hall h;
    (void)state;
    hall_open(&h, 0);
    start(&h);
    for (int i = 0; i < VOTERS; i++)
        assert_int_equal(cast(&h, item(&h, 1, i), NULL), URN_NEW);
    urn_shut(h.u);
    UrnBox box;
    Arena *a = arena_open(64 << 20);
    KIT_OK(h.e, urn_take(&box, a, h.u, 1, &h.e));
    assert_int_equal(box.n, VOTERS);
    BelBox seal = { .election = h.k[1]->election, .trustees = h.k[1]->trustees,
                    .creds = h.k[1]->creds, .ballots = box.ballots, .hints = box.hints,
                    .n = box.n, .timestamp = 1767225600 };
    Buf out = buf_open(KIT_ROOM), hints = buf_open(KIT_ROOM);
    KIT_OK(h.e, bel_seal(&out, &hints, &seal, &h.e));
    Str mine = kit_seal(h.k[1], NULL);
    assert_true(str_eq(mine, buf_str(&out))); /* as if it had never been in a box */
    buf_close(&out);
    buf_close(&hints);
    arena_close(a);
    hall_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(casting),  cmocka_unit_test(bad_ballots), cmocka_unit_test(guesses),
        cmocka_unit_test(no_order), cmocka_unit_test(slips),       cmocka_unit_test(doors),
        cmocka_unit_test(two_thousand_phones), cmocka_unit_test(killed), cmocka_unit_test(torn),
        cmocka_unit_test(sealed),
    };
    return cmocka_run_group_tests_name("urn", tests, NULL, NULL);
}
